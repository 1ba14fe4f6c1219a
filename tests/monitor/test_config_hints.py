"""What a config's reader makes of a newcomer's slips, and how much of it reading needs."""

from __future__ import annotations

from contextlib import suppress
from itertools import product
from typing import TYPE_CHECKING

import pytest

from db.errors import ConfigError
from monitor.config_file import check, load
from monitor.config_homes import HOMES
from monitor.config_values import contact, is_loopback, nearest, zone

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Desk

SOURCE = '[source.tass]\nkind = "tass"\nurls = ["https://tass.com/world"]\n'
SENDING = """
[watch.all]
query = "CSTO"
channels = ["desk", "hook"]
[channel.desk]
kind = "mail"
host = "127.0.0.1"
from = "a@example.org"
to = ["b@example.org"]
username = "u"
password = "env:NOT_SET"
[channel.hook]
kind = "webhook"
url = "https://example.org/in"
secret = "file:none.secret"
"""


KINDS = {"source.NAME": ("listing", "documents"), "channel.NAME": ("mail", "webhook", "apprise")}


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("MSK", 'in English, like "Europe/Moscow"'),
        ("EST5", 'in English, like "Europe/Moscow"'),
        ("Minsk", 'did you mean "Europe/Minsk"?'),
        ("Europe/Moskau", 'write continent and town in English, like "Europe/Moscow"'),
        ("Moskow", 'did you mean "Europe/Moscow"?'),
        ("Europe/Bishkek", 'did you mean "Asia/Bishkek"?'),
        ("Europe/Moskow", 'did you mean "Europe/Moscow"?'),
        ("Bishkek", 'did you mean "Asia/Bishkek"?'),
    ],
)
def test_a_zone_is_guessed_among_cities_only(text: str, hint: str) -> None:
    """An abbreviation is never answered with another one, which may be half a world away."""
    with pytest.raises(ValueError, match=r"no time zone") as caught:
        zone(text)
    assert str(caught.value).endswith(hint)


@pytest.mark.parametrize("text", ["", "desk@example.org", "https://example.org/us", "Us <a@b.org>"])
def test_a_contact_is_an_address_or_nothing(text: str) -> None:
    """A site's keeper can write to it, or look at it."""
    assert contact(text) == text


@pytest.mark.parametrize("key", HOMES)
def test_whatever_stands_behind_a_key_is_taken_or_told(key: str, tmp_path: Path) -> None:
    """Every key, under each of its headings, with a value of every kind that TOML has."""
    values = ('"x"', "3", "3.5", "true", "2025-12-20", "12:30:00", "[]", "[3]", "[[]]", "{a = 1}")
    for heading, value in product(HOMES[key], values):
        for kind in KINDS.get(heading, ("",)):
            given = f'kind = "{kind}"\n' if kind and key != "kind" else ""
            text = f"[{heading.replace('NAME', 'n')}]\n{given}{key} = {value}\n"
            with suppress(ConfigError):
                check(text, tmp_path / "dateline.toml", environ={})


def test_a_contact_that_reaches_nobody_is_refused() -> None:
    """A name alone helps no site's keeper."""
    with pytest.raises(ValueError, match='"me" reaches nobody; write a mail or web address'):
        contact("me")


def test_secrets_are_needed_only_to_send(tmp_path: Path) -> None:
    """A reader checks where a secret is said to be, and does not look there."""
    path = tmp_path / "dateline.toml"
    path.write_text(SOURCE + SENDING)
    with pytest.raises(ConfigError) as caught:
        load(path, environ={})
    assert len(caught.value.mistakes) == 2
    assert len(load(path, environ={}, secrets=False).channels) == 2
    path.write_text(SOURCE + SENDING.replace("env:NOT_SET", "hunter2"))
    with pytest.raises(ConfigError, match="not written in the config"):
        load(path, environ={}, secrets=False)


def test_each_source_s_feed_has_a_home(tmp_path: Path) -> None:
    """The front page of the site that the source is a section of."""
    (tmp_path / "dateline.toml").write_text(SOURCE)
    config = load(tmp_path / "dateline.toml", environ={})
    assert config.feed_homes() == {"source-tass": "https://tass.com/"}


def test_reading_commands_ask_for_no_secret(desk: Desk) -> None:
    """Whoever looks at items at a desk need not have the daemon's passwords."""
    desk.write(SENDING)
    for arguments in (("items",), ("status",), ("alerts", "list")):
        assert desk.dateline(*arguments).returncode == 0
    for arguments in (("check",), ("run",), ("serve",), ("channels", "test", "desk")):
        ran = desk.dateline(*arguments)
        assert (ran.returncode, b"NOT_SET is not set" in ran.stderr) == (2, True)


def test_where_nothing_is_known_nothing_is_guessed() -> None:
    """The first source or channel has no likely neighbour."""
    assert nearest("tass", ()) == "there is none yet"


def test_this_machine_has_a_name_and_addresses() -> None:
    """What is said of loopback holds for each of its spellings, and for no other host."""
    assert all(map(is_loopback, ("localhost", "LOCALHOST", "127.0.0.9", "::1")))
    assert not any(map(is_loopback, ("localhost.example", "10.0.0.1")))
