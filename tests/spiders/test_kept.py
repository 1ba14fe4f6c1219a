"""Pages that are visited again: edits, absences, and what is kept of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from db.model import Article, Basis, ChangeKind, Dateline, Precision, TextBasis
from db.visiting import KeptPage, Source, State
from monitor.newsroom.wire import Answer, text_answer
from spiders.judge import Problem
from spiders.kept import card_of, card_text, read_kept
from spiders.site import Card

if TYPE_CHECKING:
    from spiders.site import Site
    from tests.spiders.conftest import Script, Visitor

HOUR = timedelta(hours=1)
GATE = (
    "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>"
    "<h1>Checking your browser</h1><p>One moment.</p>"
    '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate"></script></body></html>'
)


def kinds(visitor: Visitor) -> list[ChangeKind]:
    """Return the kinds of all changes, oldest first."""
    with visitor.store() as store:
        return [stored.value.kind for stored in reversed(store.changes(99))]


def visits(visitor: Visitor, script: Script, source: Source, *hours: float) -> list[State]:
    """Visit the source so many hours after the first visit, each time."""
    start = datetime(2026, 1, 5, 9, tzinfo=UTC)
    states = []
    for hour in hours:
        visitor.now = start + hour * HOUR
        states.append(visitor.visit(source, script.allow).state)
    return states


def test_an_edit_is_found_by_visiting_again(
    visitor: Visitor, script: Script, source: Source
) -> None:
    """A page that no list shows any more is asked for again, and both versions are kept."""
    script.show("/list", "one")
    script.article("one")
    visits(visitor, script, source, 0)
    script.show("/list", "two")
    script.article("two")
    script.changed = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    script.article("one", "Other words of the article.")
    visits(visitor, script, source, 1.5)
    assert kinds(visitor) == [ChangeKind.NEW, ChangeKind.EDITED, ChangeKind.NEW] or kinds(
        visitor
    ) == [ChangeKind.NEW, ChangeKind.NEW, ChangeKind.EDITED]
    with visitor.store() as store:
        assert [one.text for one in store.versions(1)] == [
            "Words of the article. one",
            "Other words of the article. one",
        ]


def test_gone_and_back(visitor: Visitor, script: Script, source: Source) -> None:
    """Twice 404, an hour apart, is gone; the source is fine all the same; 200 again is back."""
    script.show("/list", "one")
    script.article("one")
    visits(visitor, script, source, 0)
    script.reply("/a/one", text_answer("gone", status=404))
    states = visits(visitor, script, source, 1, 1.5)
    assert kinds(visitor) == [ChangeKind.NEW]
    states += visits(visitor, script, source, 2)
    assert kinds(visitor) == [ChangeKind.NEW, ChangeKind.GONE]
    script.article("one")
    states += visits(visitor, script, source, 3, 5)
    assert kinds(visitor) == [ChangeKind.NEW, ChangeKind.GONE, ChangeKind.BACK]
    assert all(state.is_fine for state in states)


@pytest.mark.parametrize(
    "reply",
    [
        text_answer(GATE, status=404),
        text_answer(GATE),
        text_answer("no", status=403),
        text_answer("broken", status=500),
        Answer(status=302, headers=(("Location", "/"),)),
        Answer(status=302, headers=(("Location", "/list"),)),
    ],
    ids=["captcha 404", "captcha", "403", "500", "front page", "list"],
)
def test_what_is_not_gone(visitor: Visitor, script: Script, source: Source, reply: Answer) -> None:
    """A block page, a broken server and a redirect to the front page say nothing of an item."""
    script.show("/list", "one")
    script.article("one")
    visits(visitor, script, source, 0)
    script.reply("/a/one", reply)
    script.reply("/", text_answer("<html><h1>Front page</h1><p>All the news</p></html>"))
    visits(visitor, script, source, 1, 4, 24, 72, 168, 400)
    assert kinds(visitor) == [ChangeKind.NEW]
    assert len(script.asked("/a/one")) >= 6


def test_never_visited_again(visitor: Visitor, script: Script, source: Source) -> None:
    """Where the config says never, a page is read once."""
    script.show("/list", "one")
    script.article("one")
    visits(visitor, script, replace(source, recheck=()), 0, 1, 24, 200)
    assert len(script.asked("/a/one")) == 1


def test_pages_are_kept_where_the_source_says_so(
    visitor: Visitor, script: Script, source: Source, rules: Site
) -> None:
    """The bytes are kept, also of a page that could not be read; what is no page is not."""
    script.show("/list", "one", "two", "three")
    script.article("one")
    script.reply("/a/two", text_answer("<html><p>no title</p></html>"))
    visits(visitor, script, source, 0)
    with visitor.store() as store:
        assert store.shelf().pages == 0
    visits(visitor, script, replace(source, keep_pages=True), 24)
    with visitor.store() as store:
        pages = {page.value.asked[-3:]: page.value for page in store.kept_pages()}
    assert set(pages) == {"two"}  # "one" answered 304, "three" 404
    script.article("one", "Other words.")
    script.changed = visitor.now
    visits(visitor, script, replace(source, keep_pages=True), 72)
    with visitor.store() as store:
        (page,) = (one.value for one in store.kept_pages() if one.value.asked.endswith("one"))
    assert b"Other words." in page.body
    assert page.status == 200
    names = {name.lower() for name, _ in page.headers}
    assert "content-type" in names
    assert not names & {"set-cookie", "content-encoding"}
    article = read_kept(rules, page, source)
    assert isinstance(article, Article)
    assert (article.url, article.text) == (page.asked, "Other words. one")


def kept_page(body: bytes, **other: object) -> KeptPage:
    """Return a kept page."""
    now = datetime(2026, 1, 5, tzinfo=UTC)
    given: dict[str, object] = {
        "source": "plain",
        "url": "https://e.org/a/one",
        "asked": "https://e.org/a/one",
        "status": 200,
        "headers": (("Content-Type", "text/html; charset=windows-1251"),),
        "body": body,
        "fetched_at": now,
        "again_at": now,
    }
    return KeptPage(**{**given, **other})  # type: ignore[arg-type]


PLAIN = Source(name="plain", kind="plain", urls=("https://e.org/list",))


def test_a_kept_page_is_read_as_a_fresh_one(rules: Site) -> None:
    """Charset, redirects and faults are treated as when the page came."""
    page = kept_page("<html><h1>Совет</h1><p>Слова</p></html>".encode("cp1251"))
    article = read_kept(rules, page, PLAIN)
    assert isinstance(article, Article)
    assert (article.title, article.url) == ("Совет", "https://e.org/a/one")
    for broken, reason in (
        (kept_page(b"<p>nothing"), "no text found"),
        (kept_page(b"BUG"), "not read"),
        (kept_page(b"<h1>T</h1><p>w</p>", url="https://e.org/"), "leads to /"),
    ):
        problem = read_kept(rules, broken, PLAIN)
        assert isinstance(problem, Problem)
        assert reason in problem.reason


def test_a_card_survives_being_written_down() -> None:
    """All of a card comes back; what a later version wrote beside it is left out."""
    card = Card(
        url="https://e.org/1",
        title="T",
        authors=("A",),
        tags=("t",),
        dateline=Dateline(
            when=datetime(2026, 1, 5, tzinfo=UTC), precision=Precision.DAY, basis=Basis.LISTING
        ),
        basis=TextBasis.FEED,
    )
    assert card_of(card_text(card)) == card
    assert card_of(card_text(card).replace("{", '{"later": 1, ', 1)) == card
    undated = Card(url="https://e.org/1")
    assert card_of(card_text(undated)) == undated
