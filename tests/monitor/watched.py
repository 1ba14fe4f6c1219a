"""Watches and the changes they meet, for the tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from db.model import Article, Change, ChangeKind, Dateline, TextBasis, TitleBasis
from db.telling import Passage, Watch

if TYPE_CHECKING:
    from monitor.rules import Rules

NOW = datetime(2025, 12, 20, 9, tzinfo=UTC)


def change(
    text: str = "",
    *,
    title: str = "",
    source: str = "tass",
    kind: ChangeKind = ChangeKind.NEW,
    place: str | None = None,
) -> Change:
    """Make a change of an article with these words."""
    article = Article(
        url=None,
        source=source,
        title=title,
        title_basis=TitleBasis.PAGE,
        summary="",
        text=text,
        text_basis=TextBasis.PAGE,
        dateline=Dateline(place=place),
    )
    return Change(kind=kind, article=article, fingerprint="f", known=None, fields=(), seen_at=NOW)


def watch(query: str, name: str = "w", **more: tuple[str, ...] | tuple[ChangeKind, ...]) -> Watch:
    """Make a watch for a query."""
    return Watch(name=name, query=query, channels=("mail",), **more)


def names(rules: Rules, met: Change, already: frozenset[str] = frozenset()) -> list[str]:
    """Return the names of the watches that a change meets."""
    return [match.watch.name for match in rules.match(met, already=already)]


def told(rules: Rules, met: Change) -> list[tuple[Watch, tuple[Passage, ...]]]:
    """Return the watches that a change meets, and on which words."""
    return [(match.watch, match.passages) for match in rules.match(met)]
