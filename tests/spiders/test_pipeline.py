"""Record: one item, one transaction, and what happens when the store refuses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from db.errors import StoreBusy
from db.model import Article, TextBasis, TitleBasis
from db.visiting import State
from spiders.desk import Forgetful
from spiders.lists import Lists, digest
from spiders.pipeline import Found
from spiders.site import Card

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.model import Change
    from db.store import Store
    from db.visiting import Source, Validator
    from tests.spiders.conftest import Script, Visitor


class Refusing:
    """A store that is busy for some articles, and a store otherwise."""

    def __init__(self, store: Store, refused: str) -> None:
        self._store = store
        self._refused = refused

    def __getattr__(self, name: str) -> Any:
        """Do all else as the store does."""
        return getattr(self._store, name)

    def record(self, article: Article, now: datetime, **more: Any) -> Change | None:
        """Refuse one article."""
        if article.url and article.url.endswith(self._refused):
            raise StoreBusy("another process holds the lock")
        return self._store.record(article, now, **more)


def test_an_item_that_cannot_be_stored_is_told_and_comes_again(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """The others are stored, the report says so, and the list is read in full next time."""
    script.show("/list", "one", "two")
    script.article("one")
    script.article("two")
    visitor.memory = lambda store: Refusing(store, "two")
    report = visitor.visit(source, script.allow)
    assert (report.state, report.new) == (State.ERRORING, 1)
    assert report.reason == "StoreBusy while reading or storing"
    visitor.memory = lambda store: store
    report = visitor.visit(source, script.allow)
    assert (report.state, report.new) == (State.OK, 1)
    assert "if-none-match" not in script.asked("/list")[-1].headers


def test_a_page_and_its_validator_are_stored_together(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """An article that was refused leaves no validator behind that would hide it."""
    script.show("/list", "one")
    script.article("one")
    visitor.memory = lambda store: Refusing(store, "one")
    visitor.visit(source, script.allow)
    with visitor.store() as store:
        assert store.validator(f"{script.base}/a/one") is None
        assert store.validator(f"{script.base}/list") is None
    visitor.memory = lambda store: store
    visitor.visit(source, script.allow)
    with visitor.store() as store:
        assert store.validator(f"{script.base}/a/one") is not None
        assert store.validator(f"{script.base}/list") is not None


def test_a_memory_that_keeps_nothing_lets_all_through(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """Without a database every visit is a first one, robots.txt included."""
    script.show("/list", "one")
    script.article("one")
    visitor.memory = lambda _store: Forgetful()
    for _ in range(2):
        report = visitor.visit(source, script.allow)
        assert (report.state, report.read, report.new) == (State.OK, 1, 0)
    assert len(script.asked("/robots.txt")) == 2


class Kept(Forgetful):
    """A memory that tells which lists were confirmed."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.forgotten: list[str] = []

    def keep_validators(
        self, validators: Sequence[Validator], *, source: str | None = None
    ) -> None:
        """Note the addresses."""
        del source
        self.kept += [validator.url for validator in validators]

    def forget_validator(self, url: str) -> None:
        """Note the address."""
        self.forgotten.append(url)


def test_an_item_on_two_lists_holds_both_back() -> None:
    """A list is settled by its last item, whatever the order, and forgotten at the end if not."""
    memory = Kept()
    lists = Lists(memory, "plain", lambda: datetime(2026, 1, 5, tzinfo=UTC))
    first, second, third = (lists.begin(url, None) for url in ("first", "second", "third"))
    first.waiting |= {"x"}
    second.waiting |= {"x", "y"}
    third.waiting |= {"z"}
    lists.stored("x")
    assert not memory.forgotten
    lists.handed_out(first)
    assert memory.forgotten == ["first"]
    lists.handed_out(second)
    lists.handed_out(third)
    lists.stored("y")
    assert memory.forgotten == ["first", "second"]
    lists.end()
    assert memory.forgotten == ["first", "second", "third"]
    assert not memory.kept


def test_a_digest_changes_with_the_words_of_a_card() -> None:
    """Title, summary and section count; a printed date, which may be relative, does not."""
    card = Card(url="u", title="One", summary="Lead")
    assert digest(card) == digest(Card(url="other", title="One", summary="Lead"))
    changed = (
        Card(url="u", title="Two", summary="Lead"),
        Card(url="u", title="One", summary="Lead, longer"),
        Card(url="u", title="One", summary="Lead", section="World"),
    )
    assert len({digest(card), *(digest(other) for other in changed)}) == 4


def test_a_found_article_is_a_value() -> None:
    """It passes Scrapy's pipelines frozen, and says nothing it was not told."""
    article = Article(
        url="u",
        source="s",
        title="t",
        title_basis=TitleBasis.PAGE,
        text="x",
        text_basis=TextBasis.PAGE,
    )
    found = Found(article=article, key="u")
    assert (found.card, found.validator, found.asked, found.missed) == (None, None, None, False)
