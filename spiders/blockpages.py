"""Is this the page that was asked for, or one that stands guard before it? Pure.

A gate says little and links nowhere: it is recognised by its marks together with how few words a
reader would see. An article about captchas has the words and is none; so is a page that loads a
guard's script beside its news, as half the web does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_LONGEST = 200_000  # bytes; guards bring large scripts, but nobody's news is read for marks
_FEW_WORDS = 120  # that a reader sees; a gate has a heading and two sentences
_FEW_LINKS = 12  # a list leads somewhere; a gate to its small print at most
_PARAGRAPHS = 3  # an article has them, a gate hardly
_CONSENT_WORDS = 450  # lawyers write more
_HEAD = 4096
_LONGEST_HEAD = 20_000
_OPENING = 400  # characters; a page that asks for consent begins with it

# Scripts, frames and forms of guards, by the name a person would know.
_MARKS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("servicepipe", r"servicepipe"),
        ("cloudflare", r"cf-chl|cf_chl_|/cdn-cgi/challenge-platform/h/|challenges\.cloudflare"),
        ("ddos-guard", r"ddos-guard|__ddg\d"),
        ("qrator", r"__qrator|qauth\.js"),
        ("incapsula", r"_incapsula_resource|incapsula incident"),
        ("datadome", r"captcha-delivery\.com"),
        ("perimeterx", r"px-captcha|_pxappid"),
        ("aws waf", r"awswafcookiedomainlist|token\.awswaf"),
        ("sucuri", r"sucuri_cloudproxy"),
        ("variti", r"variti\.(?:net|io)|/ipblock/"),
        ("yandex captcha", r"showcaptcha|smartcaptcha"),
        ("captcha", r"g-recaptcha|h-captcha|hcaptcha\.com|recaptcha/api|\bcaptcha\b"),
    )
)
# What gates say, in the head or as the few words they have.
_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        (
            "captcha",
            (
                r"(?:you are|you.re) (?:not )?a (?:human|robot)|(?:are you|verify).{0,20}\bhuman\b|"
                r"\bunusual traffic\b|вы не робот|я не робот|что (?:вы|запросы).{0,30}робот"
            ),
        ),
        (
            "a browser check",
            (
                r"checking (?:if )?(?:the site|your (?:browser|connection))|just a moment\b"
                r"|enable javascript and cookies|проверк\w+ (?:вашего )?браузера"
                r"|включите javascript|ddos[- ](?:protection|защит)"
            ),
        ),
        (
            "leave to enter",
            (
                r"\baccess (?:to this (?:page|site) )?(?:is |has been )?denied\b"
                r"|\byou have been blocked\b|\brequest (?:was |is )?blocked\b|attention required"
                r"|доступ (?:к \w+ )?(?:ограничен|запрещ|заблокирован)"
            ),
        ),
    )
)
CONSENT = "consent"
"""What a gate asks for that stands before every visit, however rare they are."""
_CONSENT = re.compile(
    r"before you continue to|we (?:value|care about) your privacy|your privacy (?:choices|matters)"
    r"|(?:accept|agree to|manage) (?:all )?cookies|consent to the (?:use|storage)"
    r"|принять (?:все )?(?:cookies|файлы cookie)|соглас\w+ на (?:обработку|использование)",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"^\W*(?:(?:error|ошибка)\W{0,3})?(?:40\d|410|50\d)\b"
    r"(?:\W*$|\W+(?:not found|forbidden|gone|unauthori|bad |internal|gateway|error|страниц))"
    r"|\b(?:page|страниц\w+) (?:was |is )?(?:not found|не найден\w*)"
    r"|\bservice (?:is )?(?:temporarily )?unavailable\b|\b(?:bad gateway|internal server error)\b"
    r"|(?:технические работы|сервис временно недоступен|under maintenance)",
    re.IGNORECASE,
)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<!--|-->|<(/?)([a-zA-Z][a-zA-Z0-9]*)?[^<>]*>")
_UNSEEN = frozenset(("script", "style", "template", "svg", "title"))
_ARTICLE = re.compile(rb"<article\b|newsarticle|og:type[^>]{1,40}article")
_DATA = re.compile(rb"<(?:rss|feed|urlset|sitemapindex|rdf:rdf)\b")
_FORM = re.compile(r"<form\b|consent|cookie", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Gate:
    """What stands in the way: a guard to pass (`blocked`), or an error sent as if all was well."""

    kind: Literal["blocked", "error"]
    what: str


def gate(status: int, body: bytes) -> Gate | None:
    """Return what an answer is instead of the page that was asked for, None if it is that page.

    Feeds and data are never gates, except a guard's own few bytes of data.

    >>> gate(200, b"<html><title>Just a moment...</title><body></body></html>")
    Gate(kind='blocked', what='a browser check')
    >>> gate(200, b"<rss><channel><title>Just a moment</title></channel></rss>")
    """
    start = body[:512].lstrip()
    if not start or len(body) > _LONGEST:
        return None
    if start[:1] in (b"{", b"["):
        guard = len(body) < _HEAD and b"captcha-delivery.com" in body
        return Gate("blocked", "datadome") if guard else None
    lower = body.lower()
    fine = status < 400  # noqa: PLR2004 - HTTP's own border between an answer and a refusal
    news = lower.count(b"<a ") > _FEW_LINKS or (fine and _ARTICLE.search(lower))
    if news or _DATA.search(lower[:512]):
        return None
    return _page(_decoded(body), fine=fine)


def _page(text: str, *, fine: bool) -> Gate | None:
    title = " ".join(found[1].split()) if (found := _TITLE.search(text[:_LONGEST_HEAD])) else ""
    markup, seen = _halves(text)
    words = seen.count(" ")
    if fine and words < _CONSENT_WORDS and _asks_consent(title, seen, markup):
        return Gate("blocked", CONSENT)
    if words > _FEW_WORDS or (fine and markup.count("<p") >= _PARAGRAPHS):
        return None
    for patterns, where in ((_MARKS, markup), (_WORDS, f"{title} {seen}")):
        for name, pattern in patterns:
            if pattern.search(where):
                return Gate("blocked", name)
    if fine and (_ERROR.search(title) or _ERROR.search(seen)):
        return Gate("error", (title or seen)[:80])
    return None


def _halves(text: str) -> tuple[str, str]:
    """Part a page into what the browser reads, in lower case, and what a person does."""
    markup: list[str] = []
    seen: list[str] = []
    inside = ""
    last = 0
    for tag in _TAG.finditer(text):
        if inside != "title":
            (markup if inside else seen).append(text[last : tag.start()])
        markup.append(tag[0])
        last = tag.end()
        inside = _within(inside, tag)
    if not inside:
        seen.append(text[last:])
    return " ".join(markup).lower(), " ".join(" ".join(seen).split())


def _within(inside: str, tag: re.Match[str]) -> str:
    """Return the name of the unseen element, or comment, that holds what comes after a tag."""
    name = (tag[2] or "").lower()
    if inside:
        ends = tag[0] == "-->" if inside == "<!--" else bool(tag[1]) and name == inside
        return "" if ends else inside
    if tag[0] == "<!--":
        return "<!--"
    opens = name in _UNSEEN and not tag[1] and not tag[0].endswith("/>")
    return name if opens else ""


def _asks_consent(title: str, seen: str, markup: str) -> bool:
    return bool(_CONSENT.search(f"{title} {seen[:_OPENING]}") and _FORM.search(markup))


def _decoded(body: bytes) -> str:
    """Return the text well enough to look for words in it."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("cp1251", "replace")
