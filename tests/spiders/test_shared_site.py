"""Several sources that show the items of one site: each has its own past, an item is one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from db.model import ChangeKind
from db.visiting import State

if TYPE_CHECKING:
    from db.visiting import Source
    from tests.spiders.conftest import Script, Visitor

HOUR = timedelta(hours=1)


@pytest.fixture
def other(source: Source) -> Source:
    """Return a second source of the same site, with a list of its own."""
    return replace(source, name="other", urls=(source.urls[0].replace("/list", "/other"),))


def publish(script: Script, *items: str) -> None:
    """Have both lists show these items, ten on a page."""
    for path in ("/list", "/other"):
        script.show(path, *items[:10], more=(f"{path}2",))
        script.show(f"{path}2", *items[10:])
    for item in items:
        script.article(item)


def told(visitor: Visitor) -> list[tuple[str, tuple[str, ...], bool]]:
    """Return what waits for the watches, and take it: titles, to whose watches, if told before."""
    with visitor.store() as store:
        waiting = store.unmatched(1000)
        for stored in waiting:
            store.queue(stored.id, (), visitor.now)
    assert {stored.value.kind for stored in waiting} <= {ChangeKind.NEW}
    return sorted((s.value.article.title, s.value.sources, s.value.again) for s in waiting)


def names(prefix: str, count: int) -> list[str]:
    """Return names of items in order."""
    return [f"{prefix}{number:02}" for number in range(count)]


def test_the_baseline_of_a_second_source_is_as_deep_as_that_of_the_first(
    script: Script, visitor: Visitor, source: Source, other: Source
) -> None:
    """It reads older pages although all is stored already, so that what slides up later is old."""
    publish(script, *names("old", 16))
    visitor.visit(source, script.allow)
    visitor.now += HOUR
    assert visitor.visit(other, script.allow).state is State.OK
    assert script.asked("/other2")
    visitor.now += HOUR
    script.show("/other", *reversed(names("old", 16)))
    visitor.visit(other, script.allow)
    assert told(visitor) == []


def test_a_source_follows_its_list_past_what_another_source_has_brought(
    script: Script, visitor: Visitor, source: Source, other: Source
) -> None:
    """Who watches this source only is told of all it shows; all others are told once."""
    old, news = names("old", 10), names("new", 14)
    publish(script, *old)
    visitor.visit_all((source, other), script.allow)
    publish(script, *news, *old)
    for one in (source, other):
        visitor.now += HOUR
        visitor.visit(one, script.allow)
    titles = [f"Title {name}" for name in news]
    assert told(visitor) == sorted(
        [(t, ("plain",), False) for t in titles] + [(t, ("other",), True) for t in titles]
    )


def test_a_list_that_is_all_new_at_two_sources_at_once_has_not_moved(
    script: Script, visitor: Visitor, source: Source, other: Source
) -> None:
    """What one of them has stored a moment before the other is no known item at a new address."""
    publish(script, *names("old", 10))
    visitor.visit_all((source, other), script.allow)
    visitor.now += HOUR
    publish(script, *names("new", 16))
    reports = visitor.visit_all((source, other), script.allow)
    assert [report.state for report in reports] == [State.OK, State.OK]
    with visitor.store() as store:
        assert store.counts().articles == 26
