"""The schedule of tries, as a function."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.patience import SCHEDULE, next_attempt

NOW = datetime(2025, 12, 20, 9, 0, tzinfo=UTC)


@given(
    tries=st.integers(1, 12),
    after=st.none() | st.floats(0, 10**9),
    spread=st.floats(0, 1, exclude_max=True),
)
def test_the_next_try_is_never_early_and_never_far(
    tries: int, after: float | None, spread: float
) -> None:
    """At least the schedule, at least the receiver's wish, at most 24 hours and jitter."""
    again = next_attempt(tries, NOW, retry_after=after, spread=spread)
    if tries >= len(SCHEDULE):
        assert again is None
        return
    assert again is not None
    assert again - NOW >= SCHEDULE[tries]
    assert again - NOW >= timedelta(seconds=min(after or 0, 86400))
    assert again - NOW <= timedelta(hours=24) * 1.1
