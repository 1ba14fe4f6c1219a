"""Pages that stand guard are told from pages that only speak of guards."""

from __future__ import annotations

import time

import pytest

from monitor.newsroom.faults import servicepipe
from spiders.blockpages import Gate, gate


def page(title: str, body: str, head: str = "") -> bytes:
    """Return a small HTML page."""
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    ).encode()


NEWS = "".join(f"<p>The ministers met again on day {n} and spoke of the border.</p>" for n in "123")
LINKS = "".join(
    f'<li><a href="/news/{n}">Ministers met in Minsk, day {n}</a></li>' for n in range(20)
)

GATES = {
    "servicepipe": (403, servicepipe().body.encode()),
    "servicepipe as 200": (200, servicepipe().body.encode()),
    "cloudflare": (
        403,
        page(
            "Just a moment...",
            '<div id="cf-wrapper"></div><noscript>Enable JavaScript and cookies to continue</noscript>',
            '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script>',
        ),
    ),
    "ddos-guard": (
        403,
        page("DDoS-Guard", "<h1>Checking your browser before accessing example.org</h1>"),
    ),
    "recaptcha": (
        200,
        page(
            "Security check",
            '<form method="post"><div class="g-recaptcha" data-sitekey="x"></div></form>',
        ),
    ),
    "yandex": (200, page("Ой!", "<p>Подтвердите, что запросы отправляли вы, а не робот</p>")),
    "cyrillic in 1251": (
        200,
        "<html><title>Проверка</title><body>Вы не робот?</body></html>".encode("cp1251"),
    ),
    "datadome as data": (403, b'{"url":"https://geo.captcha-delivery.com/captcha/?x=1"}'),
    "incapsula": (
        200,
        page("", '<iframe src="/_Incapsula_Resource?x=1">Request unsuccessful.</iframe>'),
    ),
    "words in a comment do not count": (
        200,
        page(
            "", "<!-- <b>Ministers met in Minsk</b> " + "and spoke " * 200 + "-->Are you a human?"
        ),
    ),
    "denied": (403, page("Access Denied", "<h1>Access Denied</h1><p>Reference #18.2f</p>")),
    "consent": (
        200,
        page(
            "Before you continue to News",
            '<form action="https://consent.example.org/save"><p>We use cookies and data to</p>'
            "<p>deliver our services</p><p>measure audiences</p><button>Accept all</button></form>",
        ),
    ),
}
NO_GATES = {
    "an article about captchas": (
        200,
        page("How captchas work", f"<h1>Verify you are human</h1>{NEWS}<p>The captcha asks.</p>"),
    ),
    "an article beside a captcha": (
        200,
        page("Ministers met", f'{NEWS}<form><div class="g-recaptcha"></div></form>'),
    ),
    "a short article that says captcha": (
        200,
        page("A captcha for ministers", "<h1>A captcha for ministers</h1><p>They solved it.</p>"),
    ),
    "an article marked as one": (
        200,
        page("Just a moment", "<article>One sentence.</article><div class='h-captcha'></div>"),
    ),
    "a list behind a guard": (
        200,
        page("News", f"<ul>{LINKS}</ul>", '<script src="https://servicepipe.ru/x.js"></script>'),
    ),
    "a list with a banner": (
        200,
        page("News", f"<div>We value your privacy: accept all cookies</div><form></form>{LINKS}"),
    ),
    "a feed about robots": (200, b"<?xml version='1.0'?><rss><title>Are you human?</title></rss>"),
    "data about captchas": (200, b'{"title": "captcha"}'),
    "a plain refusal": (403, b"Forbidden"),
    "an empty list": (200, page("News", "<h1>News</h1><ul></ul>")),
    "a number of days": (200, page("500 days of talks", "<h1>500 days of talks</h1>")),
    "nothing": (200, b""),
    "a huge page": (200, page("Just a moment...", "x" * 300_000)),
}


@pytest.mark.parametrize("name", GATES)
def test_a_gate_is_recognised_whatever_its_status(name: str) -> None:
    """Captcha, consent and browser checks are known by marks or words, and by saying little else."""
    status, body = GATES[name]
    found = gate(status, body)
    assert found is not None
    assert found.kind == "blocked"


@pytest.mark.parametrize("name", NO_GATES)
def test_a_page_that_only_speaks_of_gates_is_none(name: str) -> None:
    """Articles, lists, feeds and data are what they are, whatever words and scripts they hold."""
    status, body = NO_GATES[name]
    assert gate(status, body) is None


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("404 Not Found", "<center>nginx</center>"),
        ("News", "<h1>Страница не найдена</h1>"),
        ("503", ""),
        ("Oops", "<h1>Service temporarily unavailable</h1>"),
    ],
)
def test_an_error_sent_as_success_is_an_error(title: str, body: str) -> None:
    """A status of 200 does not make an error page a list; its own words are the reason."""
    found = gate(200, page(title, body))
    assert found is not None
    assert found.kind == "error"
    assert gate(404, page(title, body)) is None  # the status says it already


def test_what_is_told_names_the_guard() -> None:
    """The name is one that a person can look up."""
    assert gate(*GATES["servicepipe"]) == Gate("blocked", "servicepipe")
    assert gate(*GATES["consent"]) == Gate("blocked", "consent")


def test_looking_costs_little() -> None:
    """Every answer is looked at, so a page of 200 kB of awkward markup takes milliseconds."""
    body = page("News", "<div " + "a='b' " * 20_000 + ">" + "<script>" * 8_000)
    begun = time.perf_counter()
    gate(200, body)
    assert time.perf_counter() - begun < 1
