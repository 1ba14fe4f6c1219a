"""`dateline channels`: tell whether a channel works, by using it."""

from __future__ import annotations

import asyncio
import re
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from db.errors import DeliveryError
from db.store import Store
from monitor import show
from monitor.channels.registry import build
from monitor.config import MailChannel
from monitor.config_file import load
from monitor.config_values import nearest
from monitor.message import trial
from monitor.rates import quiet_hours

if TYPE_CHECKING:
    from monitor.cli import Invocation
    from monitor.config import Channel, Config


# What a mail was answered -> the keys to look at, the first that fits.
_SIGNS = tuple(
    (re.compile(sign, re.IGNORECASE), keys)
    for sign, keys in (
        (r"\b(?:530|534|535|538)\b|\bauth", "username and password"),
        (r"no DNS answer|connection refused|no answer in time", "host and port"),
        (r"starttls|\bTLS\b|certificate|wrong version", "security, host and port"),
        (r"\b(?:refused|put off) by ", "to and from"),
    )
)


@click.group("channels")
def command() -> None:
    """Send a test message through a channel."""


@command.command("test")
@click.argument("name", metavar="NAME")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def test(invocation: Invocation, name: str, *, as_json: bool) -> int:
    """Send one test message through the channel NAME and print the answer.

    Exit 1 if it was not taken: then it says where, why, and what to do. A channel that was closed
    because its receiver answered 410 is open again once a test is taken.
    """
    config = load(invocation.config)
    channel = _channel(name, config)
    try:
        answer, taken = asyncio.run(_send(channel, config)), True
    except DeliveryError as error:
        answer, taken = error.answer, False
    opened = taken and _open(name, config)
    if as_json:
        show.line({"channel": name, "taken": taken, "answer": answer, "opened": opened})
        return 0 if taken else 1
    said = f"{name}: {show.printable(answer)}"
    if not taken:
        raise click.ClickException(f"{said.rstrip('. ')}; check {keys_to_check(channel, answer)}")
    click.echo(said)
    if channel.terms.quiet:
        click.echo(
            f"Alerts and notices for {name} wait for the end of its quiet hours, "
            f"{quiet_hours(channel.terms)}; this test did not."
        )
    if opened:
        click.echo(f"{name} was closed and is open again: what waited for it goes out next.")
    return 0


def _open(name: str, config: Config) -> bool:
    """Open a channel that was closed; False if it was not."""
    if not config.database.exists():
        return False
    with Store.open(config.database) as store:
        return store.open_channel(name)


def _channel(name: str, config: Config) -> Channel:
    for channel in config.channels:
        if channel.name == name:
            return channel
    if not config.channels:
        raise click.BadParameter(
            f'there is no channel "{name}"; add [channel.{name}], or uncomment the example'
        )
    known = [channel.name for channel in config.channels]
    raise click.BadParameter(f'there is no channel "{name}"; {nearest(name, known)}')


async def _send(channel: Channel, config: Config) -> str:
    def clock() -> datetime:
        return datetime.now(UTC)

    (built,) = build(
        (channel,), clock=clock, allow=config.fetch.allow, user_agent=config.user_agent
    ).values()
    return await built.send(trial(channel.name, clock()), f"test_{secrets.token_hex(16)}")


def keys_to_check(channel: Channel, answer: str) -> str:
    """Return which keys of a channel may be wrong, judged by what it was answered."""
    found = (keys for sign, keys in _SIGNS if sign.search(answer))
    keys = next(found, "host, port and security") if isinstance(channel, MailChannel) else "url"
    return f"{keys} in [channel.{channel.name}]"
