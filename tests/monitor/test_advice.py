"""A state in words, and what to do: for every state, and nothing to do where nothing is wrong."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from db.visiting import Report, State
from monitor.advice import advice, complaint, complaints, words

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def report(state: State, reason: str = "") -> Report:
    """Return the report of a visit that ended like this."""
    return Report(source="tass", started=NOW, finished=NOW, state=state, reason=reason)


@pytest.mark.parametrize("state", State)
def test_every_state_has_words_and_only_the_ill_have_advice(state: State) -> None:
    """Whoever reads a complaint is told what happens next."""
    assert words(state)
    assert bool(advice(report(state), NOW)) is not state.is_fine


def test_a_complaint_without_a_reason_is_whole() -> None:
    """Some states say all there is to say."""
    said = complaint(report(State.EMPTY), None)
    assert said.startswith("tass: its list is empty; look at the address in a browser")


def test_what_asks_for_consent_is_not_to_be_visited_less_often() -> None:
    """It asks at every visit, of a list or of the articles' pages; other guards count visits."""
    for where in ("", "3 of 4 article pages could not be had: "):
        asks = f"{where}HTTP 200, a page that asks for consent"
        said = advice(report(State.BLOCKED, asks), None)
        assert "less often" not in said
        assert "watch its feed or sitemap" in said
    assert "less often" in advice(report(State.BLOCKED, "HTTP 403 Forbidden"), None)


def test_a_machine_offline_is_told_once_among_the_others() -> None:
    """Each source that is ill has its line; those nobody could visit share one."""
    said = tuple(
        complaints(
            (report(state, "offline: none of 2 hosts"), None)
            for state in (State.OFFLINE, State.BLOCKED, State.OFFLINE)
        )
    )
    assert said[0] == "offline: none of 2 hosts; check this machine's network and its DNS"
    assert [line.partition(":")[0] for line in said] == ["offline", "tass"]
