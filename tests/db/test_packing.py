"""What goes together: by change, by time, by flood; all of it once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from db.packing import MOST_TOGETHER, Bundle, Loose, bundles

LOOSE = st.builds(dict, change=st.integers(0, 9), is_due=st.booleans(), gathered=st.booleans())


def alerts(*facts: dict[str, object]) -> list[Loose]:
    """Return alerts with ids that count."""
    return [Loose(id=n, key=f"k{n}", **fact) for n, fact in enumerate(facts)]  # type: ignore[arg-type]


def due(count: int, *, gathered: bool = False) -> list[Loose]:
    """Return due alerts of so many changes."""
    return alerts(*({"change": n, "is_due": True, "gathered": gathered} for n in range(count)))


@given(st.lists(LOOSE, max_size=30), st.none() | st.integers(0, 5), st.booleans())
def test_what_is_due_is_told_once_or_waits_for_the_flood(
    facts: list[dict[str, object]],
    room: int | None,
    flooded: bool,  # noqa: FBT001 - drawn
) -> None:
    """Each alert is in one letter at most; a due one in none only while a flood is on."""
    loose = alerts(*facts)
    made = bundles(loose, room=room, flooded=flooded)
    told = [alert for bundle in made for alert in bundle.alerts]
    assert len({alert.id for alert in told}) == len(told)
    changes = {alert.change for alert in told}
    assert {a.id for a in loose if a.change in changes} == {a.id for a in told}
    left = [alert for alert in loose if alert.is_due and alert not in told]
    assert not left or (flooded and room is not None)
    assert len({bundle.key for bundle in made}) == len(made)


def test_an_alert_rides_along_with_one_of_the_same_change() -> None:
    """What waits for a digest is told with what is told at once; what else waits, waits."""
    now = {"change": 1, "is_due": True, "gathered": False}
    later = {"change": 1, "is_due": False, "gathered": True}
    loose = alerts(later, now, later | {"change": 2})
    (bundle,) = bundles(loose)
    assert [alert.id for alert in bundle.alerts] == [0, 1]
    assert bundle.key == "k0"


def test_the_key_of_several_changes_is_that_of_the_same_alerts() -> None:
    """In whatever order; one more alert makes another key."""
    (one,) = bundles(due(3, gathered=True))
    assert one.key == Bundle(tuple(reversed(one.alerts))).key
    (other,) = bundles(due(4, gathered=True))
    assert one.key.startswith("digest_")
    assert one.key != other.key


def test_a_flood_is_one_digest_and_the_next_waits() -> None:
    """Up to the room each by itself; beyond it all together, with what was gathered anyway."""
    assert [bundle.is_flood for bundle in bundles(due(3), room=3)] == [False] * 3
    (flood,) = bundles(due(4), room=3)
    assert (flood.is_flood, len(flood.alerts)) == (True, 4)
    assert bundles(due(4), room=3, flooded=True) == ()
    (digest,) = bundles(due(4, gathered=True), room=0, flooded=True)
    assert not digest.is_flood


def test_a_letter_has_its_bounds() -> None:
    """More changes than a receiver takes at once are several letters, and none is left out."""
    made = bundles(due(MOST_TOGETHER + 5, gathered=True))
    assert [len(bundle.alerts) for bundle in made] == [MOST_TOGETHER, 5]
