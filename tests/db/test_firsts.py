"""Who was first of a story, and which of many members are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from db.firsts import Telling, assemble, firsts, shortened
from db.model import Basis, Dateline, Precision
from db.telling import Member

NOON = datetime(2025, 12, 15, 12, tzinfo=UTC)


def test_who_was_first_is_told_with_its_uncertainty() -> None:
    """A day covers its hours; a visit covers the interval since the one before."""

    def telling(
        member: str, seen: int, every: int | None, published: int | None, *, day: bool = False
    ) -> Telling[str]:
        return Telling(
            member=member,
            published=None if published is None else NOON + timedelta(minutes=published),
            whole_day=day,
            seen=NOON + timedelta(minutes=seen),
            every=None if every is None else timedelta(minutes=every),
        )

    found = firsts([telling("a", 10, 5, 0), telling("b", 12, 15, 5), telling("c", 60, 15, None)])
    assert found.published == ("a",)
    assert found.seen == ("a", "b")
    assert found.uncertainty == timedelta(minutes=15)
    day = firsts([telling("a", 10, 5, 0), telling("b", 40, 5, -600, day=True)])
    assert day.published == ("a", "b")
    assert day.seen == ("a",)
    assert firsts([telling("a", 10, 5, 5), telling("b", 10, 5, 5)]).published == ("a", "b")
    first_visit = firsts([telling("a", 10, 5, 0), telling("b", 600, None, 5)])
    assert (first_visit.seen, first_visit.uncertainty) == (("a", "b"), None)
    imported = firsts([telling("a", 10, None, 0), telling("b", 600, 5, 5)])
    assert (imported.seen, imported.uncertainty) == (("a",), None)
    nobody = firsts([])
    assert (nobody.published, nobody.seen, nobody.uncertainty) == ((), (), timedelta())


def test_a_long_story_is_shortened_to_what_matters() -> None:
    """The item, what it is closest to and who was first stay; a short story stays whole."""
    seen = datetime(2025, 12, 20, 9, tzinfo=UTC)
    members = [
        Member(
            id=number,
            feed_id=f"tag:{number}",
            url=None,
            source=f"s{number}",
            title="",
            dateline=Dateline(
                when=seen - timedelta(hours=number), precision=Precision.MINUTE, basis=Basis.META
            ),
            first_seen=seen + timedelta(hours=number),
            every=timedelta(minutes=1),
            edits=0,
            joined_at=seen,
            nearest=4 if number == 6 else None,
        )
        for number in range(1, 10)
    ]
    whole = assemble(1, members, 9)
    assert shortened(whole, 6, 9) == whole
    short = shortened(whole, 6, 4)
    assert [member.id for member in short.members] == [9, 6, 4, 1]
    assert (short.size, short.published_first, short.seen_first) == (9, (9,), (1,))
    assert [member.id for member in shortened(whole, 77, 3).members] == [9, 8, 1]
    assert shortened(whole, 6, 2).published_first == (9,)
    many = replace(whole, seen_first=tuple(range(1, 10)))
    assert shortened(many, 6, 2).seen_first == many.seen_first
