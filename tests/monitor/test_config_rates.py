"""When a channel is told: what the config takes, and what is wrong with what it does not take."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

import pytest

from db.telling import Flood
from monitor.config import AppriseChannel
from monitor.rates import Terms

if TYPE_CHECKING:
    from conftest import Paper

SOURCE = '[source.tass]\nkind = "tass"\nurls = ["https://tass.com/world"]\n'
HOOK = '[channel.hook]\nkind = "webhook"\nurl = "https://hook.example/"\n'
WATCH = '[watch.w]\nquery = "talks"\nchannels = ["hook"]\n'


def test_all_that_a_channel_may_say(paper: Paper) -> None:
    """Times in order, hours over midnight, a limit; a watch has times of its own."""
    config = paper.read(
        SOURCE
        + HOOK
        + 'timezone = "Europe/Moscow"\ndigest = ["18:00", "08:00"]\nquiet = "22:00..07:00"\n'
        + 'flood = "20 in 1h"\n'
        + WATCH
        + "digest = [07:30:00]\n"
    )
    (channel,), (watch,) = config.channels, config.watches
    assert channel.terms == Terms(
        zone="Europe/Moscow",
        digest=(time(8), time(18)),
        quiet=(time(22), time(7)),
        flood=Flood(most=20, within=timedelta(hours=1)),
    )
    assert watch.digest == (time(7, 30),)


def test_without_any_all_is_told_at_once(paper: Paper) -> None:
    """The defaults are no limits; a watch may rest."""
    config = paper.read(SOURCE + HOOK + WATCH + 'cooldown = "2h"\n')
    assert config.channels[0].terms == Terms()
    assert config.watches[0].cooldown == timedelta(hours=2)


@pytest.mark.parametrize(
    ("channel", "watch", "said"),
    [
        ('digest = ["08:00"]', "", "need a timezone"),
        ('timezone = "Moscow"', "", 'did you mean "Europe/Moscow"?'),
        ('timezone = "Europe/Moscow"\ndigest = ["8:00"]', "", '"8:00" is no time of day'),
        ('timezone = "Europe/Moscow"\ndigest = ["24:00"]', "", '"24:00" is no time of day'),
        ('timezone = "Europe/Moscow"\ndigest = [8]', "", '"8" is no time of day'),
        ('timezone = "Europe/Moscow"\ndigest = ["08:00", "08:00"]', "", "stands twice"),
        ('timezone = "Europe/Moscow"\nquiet = "22:00"', "", "is no range of hours"),
        ('timezone = "Europe/Moscow"\nquiet = 22', "", "is no range of hours"),
        ('timezone = "Europe/Moscow"\nquiet = "22:00..22:00"', "", "is the whole day"),
        (
            'timezone = "Europe/Moscow"\nquiet = "22:00..07:00"\ndigest = ["06:00"]',
            "",
            "06:00 lies in the quiet hours",
        ),
        ('flood = "many"', "", '"many" is no limit; write for example "20 in 1h"'),
        ("flood = 3", "", "is no limit"),
        ('flood = "0 in 1h"', "", "is no limit"),
        ('flood = "5 in 2d"', "", "between a second and a day"),
        ('flood = "5 in a while"', "", "is no length of time"),
        ("", 'digest = ["08:00"]', "give [channel.hook] a timezone"),
        (
            'timezone = "Europe/Moscow"\nquiet = "22:00..07:00"',
            'digest = ["23:00"]',
            "23:00 lies in the quiet hours of channel hook",
        ),
        (
            'timezone = "Europe/Moscow"',
            'digest = ["08:00"]\ncooldown = "1h"',
            "exclude each other",
        ),
        ("", 'cooldown = "8d"', 'must be at most "7d"'),
        ("", 'cooldown = "0s"', "must be longer than nothing"),
    ],
)
def test_a_mistake_says_what_to_do(paper: Paper, channel: str, watch: str, said: str) -> None:
    """One mistake, at its line, in plain words."""
    (mistake,) = paper.mistakes(f"{SOURCE}{HOOK}{channel}\n{WATCH}{watch}\n")
    assert said in mistake
    assert mistake.startswith("dateline.toml:")


def test_a_channel_that_does_not_exist_is_one_mistake(paper: Paper) -> None:
    """Its times are not asked for as well."""
    text = SOURCE + WATCH + 'digest = ["08:00"]\n'
    (mistake,) = paper.mistakes(text)
    assert 'there is no channel "hook"' in mistake


@pytest.mark.parametrize("kind", ["exec", "script", "command"])
def test_no_channel_runs_a_program(paper: Paper, kind: str) -> None:
    """The refusal says why, and what to use."""
    (mistake,) = paper.mistakes(f'{SOURCE}[channel.run]\nkind = "{kind}"\ncommand = "rm"\n')
    assert "words of strangers would become arguments of a program" in mistake
    assert 'kind = "webhook"' in mistake


def test_an_address_of_apprise_is_a_secret(paper: Paper) -> None:
    """It holds tokens, so it stands elsewhere and is shown nowhere."""
    text = SOURCE + '[channel.phone]\nkind = "apprise"\nurl = "env:PHONE"\n'
    (channel,) = paper.read(text, PHONE="tgram://123:token/42").channels
    assert isinstance(channel, AppriseChannel)
    assert "token" not in repr(channel)
    (mistake,) = paper.mistakes(text.replace("env:PHONE", "tgram://123:token/42"))
    assert "a secret is not written in the config" in mistake
    assert "token" not in mistake
    (mistake,) = paper.mistakes(text, PHONE="no address")
    assert "is no address of Apprise" in mistake
