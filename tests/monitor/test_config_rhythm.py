"""The config's words for how often, how far back, and who is told of a source's health."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from db.errors import ConfigError
from monitor.config_file import load

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.config import Config

HOOK = '[channel.hook]\nkind = "webhook"\nurl = "https://example.org/x"\n'


def read(folder: Path, keys: str = "", rest: str = "") -> Config:
    """Read a config of one source with these keys."""
    path = folder / "dateline.toml"
    path.write_text(
        f'[source.s]\nkind = "feed"\nurls = ["https://example.org/feed"]\n{keys}\n{rest}'
    )
    return load(path, environ={})


def test_a_rhythm_can_be_said_in_three_ways(tmp_path: Path) -> None:
    """Nothing, `every` alone, or both bounds; an interval longer than six hours is its own bound."""
    (source,) = read(tmp_path).sources
    assert (source.every, source.slowest) == (timedelta(minutes=15), timedelta(hours=6))
    assert (source.adaptive, source.pages, source.first_round) == (True, 3, None)
    (source,) = read(tmp_path, 'every = "1d"').sources
    assert (source.every, source.slowest) == (timedelta(days=1), timedelta(days=1))
    (source,) = read(tmp_path, 'between = "5m..1h"\nadaptive = false').sources
    assert (source.every, source.slowest) == (timedelta(minutes=5), timedelta(hours=1))
    assert not source.adaptive


def test_a_first_round_may_look_back(tmp_path: Path) -> None:
    """Or be quiet, which is what it is if nothing is said."""
    assert read(tmp_path, 'first_round = "last 24h"').sources[0].first_round == timedelta(days=1)
    assert read(tmp_path, 'first_round = "quiet"').sources[0].first_round is None


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ('between = "15m"', "is no range"),
        ('between = "6h..15m"', 'write "15m..6h"'),
        ('between = "0s..15m"', "longer than nothing"),
        ('between = "10s..15m"', "once a minute at most"),
        ('between = "15m..soon"', "no length of time"),
        ('every = "5m"\nbetween = "5m..1h"', "write one of the two"),
        ('first_round = "24h"', '"last 24h"'),
        ('first_round = "last week"', "no length of time"),
        ("first_round = 24", "first_round"),
    ],
)
def test_a_slip_is_answered_with_what_to_write(tmp_path: Path, keys: str, words: str) -> None:
    """Each mistake names its key and the remedy."""
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, keys)
    assert any(words in mistake for mistake in caught.value.mistakes)


def test_notices_have_channels_of_their_own(tmp_path: Path) -> None:
    """None by default; those named must exist."""
    assert read(tmp_path).notices.channels == ()
    told = read(tmp_path, "", f'[notices]\nchannels = ["hook"]\nremind = "1d"\n{HOOK}').notices
    assert (told.channels, told.remind) == (("hook",), timedelta(days=1))
    with pytest.raises(ConfigError, match=r"\[notices\] channels"):
        read(tmp_path, "", '[notices]\nchannels = ["nobody"]\n')
