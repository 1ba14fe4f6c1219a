"""What a probe found, as a person reads it and as the block of a config."""

from __future__ import annotations

from typing import Any

import pytest

from monitor import offers

URL = "https://paper.example/world/"


def card_offer(kind: str, url: str = URL) -> dict[str, Any]:
    """Return an offer as the child of a probe writes it."""
    zone, language = ("Europe/Minsk", "en") if kind == "belta" else (None, None)
    return {
        "kind": kind,
        "urls": [url],
        "api": {},
        "timezone": zone,
        "language": language,
        "why": "because",
        "items": 4,
        "dated": 0.5,
        "cards": [],
    }


def sample(
    problem: str = "", language: str | None = "ru", **dateline: str | bool | None
) -> dict[str, Any]:
    """Return a sample as the child of a probe writes it."""
    known = {"when": None, "precision": "none", "basis": "unknown", "zone": None}
    known |= {"zone_stated": False, "raw": None}
    return {
        "url": URL + "a",
        "problem": problem,
        "candidates": [],
        "article": {
            "title": "A title",
            "url": URL + "a",
            "text": "x" * 1234,
            "text_basis": "page",
            "language": language,
            "dateline": known | dateline,
        },
    }


def found(**changed: Any) -> dict[str, Any]:
    """Return what the child of a probe writes, with some of it changed."""
    return {
        "url": URL,
        "final": URL,
        "problem": "",
        "is_article": False,
        "is_json": False,
        "robots": {"delay": 0.0, "problem": ""},
        "offers": [card_offer("listing")],
        "samples": [sample()],
        "coverage": {"title": 1.0, "date": 0.0},
        "tried": [],
    } | changed


def told(**changed: Any) -> str:
    """Return what is printed."""
    return "\n".join(offers.lines(found(**changed), "paper"))


@pytest.mark.parametrize(
    ("robots", "line"),
    [
        ({"delay": 2.5, "problem": ""}, "  robots.txt asks for 2.5 s between two requests"),
        ({"delay": 0.0, "problem": "robots.txt: no DNS"}, "  robots.txt: no DNS"),
    ],
)
def test_what_robots_txt_says_is_told(robots: dict[str, Any], line: str) -> None:
    """The pace it asks for, or why nothing may be asked for; what is allowed needs no word."""
    assert line in told(robots=robots).split("\n")


def test_where_an_address_leads_is_told() -> None:
    """A redirect, and a page that is an article."""
    text = told(final=URL + "x", is_article=True)
    assert f"{URL} → {URL}x" in text
    assert "this is an article" in text


def test_what_cannot_be_read_ends_the_report() -> None:
    """With its reason, and no block."""
    assert told(problem="gone", offers=[]).endswith("cannot be read: gone")


def test_a_host_that_nobody_knows_is_said_once_and_with_what_to_do() -> None:
    """Neither robots.txt nor the page could be had, for the same reason."""
    said = "no DNS answer for paper.example"
    text = told(problem=said, robots={"delay": 0.0, "problem": said}, offers=[])
    assert text.split("\n")[1:] == [
        f"  cannot be read: {said}",
        "  check how the host is written, and this machine's network and its DNS",
    ]


def test_a_json_answer_is_told_as_a_list_of_its_kind() -> None:
    """Not as a page with cards; what was found of its keys is in the block."""
    text = told(offers=[], is_json=True)
    assert text.endswith('like items = "data.news" and link = "url", in [source.paper.api]')
    assert "listing" not in text
    offer = card_offer("api") | {"api": {"items": "data", "link": "url"}}
    block = '[source.paper.api]\nitems = "data"\nlink = "url"'
    assert told(offers=[offer], is_json=True).endswith(block)


def test_nothing_found_tells_what_was_tried() -> None:
    """The first ten addresses."""
    tried = [{"url": f"{URL}{n}", "why": "gone"} for n in range(12)]
    text = told(offers=[], samples=[], tried=tried)
    assert "no feed, list or sitemap was found here" in text
    assert text.count(": gone") == 10
    assert text.endswith('like card = "div.news", in [source.paper.selectors]')
    text = told(offers=[], samples=[], tried=tried, is_article=True)
    assert "selectors" not in text


def test_samples_are_told_with_what_is_known_of_them() -> None:
    """An unknown date, an assumed zone, a page that failed, an item without words."""
    assumed = sample(when="2026-01-02T03:04:00Z", precision="minute", basis="printed", zone="UTC",
                     raw="2 January")  # fmt: skip
    bare = {"url": URL + "b", "problem": "gone", "candidates": [], "article": None}
    text = told(samples=[sample(problem="HTTP 500"), assumed, bare])
    assert "published unknown\n" in text
    assert "published 2026-01-02T03:04:00Z (minute, printed), read from “2 January”" in text
    assert "its page gave nothing: HTTP 500" in text
    assert f"{URL}b: gone" in text
    assert "say timezone" in text
    assert "1,234 characters of text from the page" in text
    file = sample()
    file["article"]["text"] = ""
    assert "a file, kept as an attachment; what it says is not read" in told(samples=[file])
    assert "coverage: title 100%, date 0%" in text
    assert "say timezone" not in told()
    stated = sample(when="2026-01-02T03:04:00Z", zone="UTC", zone_stated=True)
    assert "say timezone" not in told(samples=[bare, stated])
    assert "robots" not in told()
    assert "coverage" not in told(coverage={}, samples=[])


def test_the_block_has_what_was_chosen_before_what_was_found() -> None:
    """Kinds written for one site bring their zone; languages that differ are left out."""
    seen = found(samples=[sample(), sample(language="en"), {**sample(), "article": None}])
    assert offers.settings_of(seen, card_offer("listing")) == {
        "kind": "listing",
        "urls": [URL],
        "every": "15m",
    }
    assert offers.settings_of(found(), card_offer("belta"), every="1h", language="be") == {
        "kind": "belta",
        "urls": [URL],
        "every": "1h",
        "timezone": "Europe/Minsk",
        "language": "be",
    }
    assert offers.block("paper", {"kind": "feed", "urls": [URL]}) == (
        f'[source.paper]\nkind = "feed"\nurls = ["{URL}"]\n'
    )
