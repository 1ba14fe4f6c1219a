"""Article pages that cannot be had: a remark, and a state where most of them fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from db.visiting import State
from monitor.newsroom.wire import Answer, text_answer

if TYPE_CHECKING:
    from db.visiting import Source
    from tests.spiders.conftest import Script, Visitor


def test_pages_that_fail_again_say_nothing_new_of_their_source(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """Most pages of a round fail: the source is ill. That they fail once more is a remark."""
    script.show("/list", "one", "two", "three")
    script.article("one")
    for item in ("two", "three"):
        script.reply(f"/a/{item}", text_answer("<p>no title</p>"))
    first = visitor.visit(source, script.allow)
    assert (first.state, first.read, first.failed) == (State.ERRORING, 1, 2)
    visitor.now += timedelta(days=1)
    again = visitor.visit(source, script.allow)
    assert (again.state, again.failed) == (State.OK, 2)
    assert again.reason.startswith("2 of 3 article pages could not be had: no text found")


HOURS = timedelta(hours=7)
BEAT = timedelta(minutes=30)


def states(
    visitor: Visitor, script: Script, source: Source, visits: int, every: timedelta = HOURS
) -> list[State]:
    """Return how each of some visits ended."""
    found = []
    for _ in range(visits):
        found.append(visitor.visit(source, script.allow).state)
        visitor.now += every
    return found


def rhythm(visitor: Visitor, script: Script, source: Source, visits: int) -> list[State]:
    """Return the same of visits as often as a list is read; pages are tried less often."""
    return states(visitor, script, source, visits, BEAT)


@pytest.mark.parametrize("forbidden", [True, False])
def test_a_source_whose_pages_all_fail_stays_what_it_is(
    script: Script, visitor: Visitor, source: Source, *, forbidden: bool
) -> None:
    """Pages that fail again are no recovery: none has been read."""
    items = [f"i{number}" for number in range(8)]
    script.show("/list", *items)
    if forbidden:
        script.reply("/robots.txt", text_answer("User-agent: *\nDisallow: /a/"))
    else:
        for item in items:
            script.reply(f"/a/{item}", text_answer("<p>no title</p>"))
    expected = State.FORBIDDEN_BY_ROBOTS if forbidden else State.ERRORING
    assert states(visitor, script, source, 4) == [expected] * 4


def test_one_page_a_visit_that_fails_each_time_makes_a_source_ill(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """One alone is a remark, and a page that is read ends the count."""
    items = ["good"]
    script.article("good")
    script.show("/list", *items)
    found = states(visitor, script, source, 1)
    for number in range(3):
        items.insert(0, f"bad{number}")
        script.reply(f"/a/bad{number}", text_answer("<p>no title</p>"))
        script.show("/list", *items)
        found += states(visitor, script, source, 1)
    items.insert(0, "better")
    script.article("better")
    script.show("/list", *items)
    found += states(visitor, script, source, 2)
    fine, ill = [State.OK] * 2, [State.ERRORING] * 2
    assert found == [*fine, *ill, State.OK, State.UNCHANGED]


def test_what_failed_for_another_source_is_new_to_this_one(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """Its first visit is not fine because another one has failed before it."""
    items = [f"i{number}" for number in range(8)]
    other = replace(source, name="other", urls=(source.urls[0].replace("/list", "/other"),))
    for path in ("/list", "/other"):
        script.show(path, *items)
    for item in items:
        script.reply(f"/a/{item}", text_answer("<p>no title</p>"))
    for one in (source, other):
        assert states(visitor, script, one, 1) == [State.ERRORING]


@pytest.mark.parametrize("count", [1, 8])
@pytest.mark.parametrize("cause", ["gone", "empty", "forbidden"])
def test_pages_that_rest_between_two_trials_are_no_recovery(
    script: Script, visitor: Visitor, source: Source, cause: str, count: int
) -> None:
    """Pages are tried less often than lists are read: a visit that asks for none heals nothing.

    A page that is had does.
    """
    items = [f"i{number}" for number in range(count)]
    script.show("/list", *items)
    if cause == "forbidden":
        script.reply("/robots.txt", text_answer("User-agent: *\nDisallow: /a/"))
    elif cause == "empty":
        for item in items:
            script.reply(f"/a/{item}", text_answer("<p>no title</p>"))
    ill = State.FORBIDDEN_BY_ROBOTS if cause == "forbidden" else State.ERRORING
    assert set(rhythm(visitor, script, source, 30)) == {ill}
    last = visitor.visit(source, script.allow)
    assert (last.failed, last.reason.startswith("no article page could be had since 20")) == (
        0,
        True,
    )
    script.reply("/robots.txt", text_answer(""))
    script.article("fresh")
    script.show("/list", "fresh", *items)
    visitor.now += timedelta(days=2)
    assert rhythm(visitor, script, source, 1) == [State.OK]


def test_a_dead_link_is_a_remark_where_a_page_was_had(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """At the first visit to the source that is not known yet, and it is told; later it is not."""
    script.show("/list", "one")
    assert rhythm(visitor, script, source, 2) == [State.ERRORING] * 2
    visitor.now += timedelta(days=1)
    script.article("one")
    script.article("three")
    script.show("/list", "three", "one")
    assert rhythm(visitor, script, source, 1) == [State.OK]
    script.show("/list", "two", "three", "one")
    assert set(rhythm(visitor, script, source, 20)) == {State.OK, State.UNCHANGED}


def test_a_list_that_is_well_again_leaves_no_fault_to_a_dead_link(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """One page failed while a list did: the state was the list's, and goes with it."""
    both = replace(source, urls=(*source.urls, source.urls[0].replace("/list", "/other")))
    script.show("/list", "good")
    script.show("/other", "good")
    script.article("good")
    assert visitor.visit(both, script.allow).state is State.OK
    visitor.now += BEAT
    script.show("/list", "dead", "good")
    script.reply("/other", Answer(status=500))
    assert visitor.visit(both, script.allow).state is State.ERRORING
    script.show("/other", "good")
    visitor.now += timedelta(hours=2)
    assert set(rhythm(visitor, script, both, 8)) <= {State.OK, State.UNCHANGED}
