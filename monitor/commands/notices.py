"""`dateline notices`: what was told of the sources' health, and what became of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from db.store import Store
from monitor import notice, show
from monitor.commands.configs import for_reading
from monitor.commands.queries import first_of
from monitor.config_values import nearest

if TYPE_CHECKING:
    from db.model import Stored
    from db.telling import AlertState, Notice
    from monitor.cli import Invocation

    Told = tuple[Stored[Notice], tuple[tuple[str, AlertState], ...]]

_COLUMNS = (
    show.Column("id"),
    show.Column("made (UTC)", rank=2),
    show.Column("kind", rank=3),
    show.Column("notice", elastic=True),
    show.Column("sent", rank=1),
)


_ALL = 1_000_000


@click.group("notices")
def command() -> None:
    """List notices of the sources' health and what became of them; send one again."""


@command.command("list")
@click.option("--source", metavar="NAME", help="Only notices about this source.")
@click.option(
    "--limit", type=click.IntRange(1), default=20, show_default=True, help="How many at most."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_notices(invocation: Invocation, source: str | None, limit: int, *, as_json: bool) -> int:
    """List notices, the latest on top, with the channels they go through."""
    config = for_reading(invocation)
    known = [one.name for one in config.sources]
    if source is not None and source not in known:
        raise click.BadParameter(f'there is no source "{source}"; {nearest(source, known)}')
    found: list[Told] = []
    if config.database.exists():
        with Store.open_readonly(config.database) as store:
            notices = first_of(store.notices(source=source, limit=limit + 1), limit)
            found = [(stored, store.letters(stored.id)) for stored in notices]
    if as_json:
        for stored, letters in found:
            show.line({"id": stored.id, **as_object(stored.value, letters)})
        return 0
    if not found:
        click.echo("No notices: no source has been worth a word yet.", err=True)
        return 0
    show.table(show.results(), _COLUMNS, (_row(*told) for told in found))
    if not config.notices.channels and not all(letters for _, letters in found):
        click.echo(
            "Those with - went nowhere but into notices.xml: set channels in [notices].", err=True
        )
    return 0


@command.command("resend")
@click.argument("notice_id", metavar="ID", type=int)
@click.pass_obj
def resend(invocation: Invocation, notice_id: int) -> int:
    """Send a notice now through its channels, once more or before its time, with the same id.

    It goes out with the next round, or at once if the daemon runs.
    """
    config = for_reading(invocation)
    with Store.open(config.database) as store:
        letters = store.letters(notice_id)
        if not letters:
            raise click.ClickException(_without_letters(store, notice_id))
        store.resend_notice(notice_id, datetime.now(UTC))
    click.echo(f"Notice {notice_id} goes out with the next dateline run, or now if serve runs.")
    return 0


def _without_letters(store: Store, notice_id: int) -> str:
    """Say why a notice cannot be sent again that went through no channel."""
    if all(stored.id != notice_id for stored in store.notices(limit=_ALL)):
        return f"there is no notice {notice_id}; dateline notices list shows their ids"
    return (
        f"notice {notice_id} went through no channel when it was made, so there is nothing to send "
        "again; channels in [notices] says where those to come go"
    )


def as_object(told: Notice, letters: tuple[tuple[str, AlertState], ...]) -> dict[str, Any]:
    """Return a notice as a JSON object, with how far it has got in each channel."""
    return {
        "key": told.key,
        "source": told.source,
        "kind": told.kind.value,
        "state": told.state.value if told.state else None,
        "reason": told.reason,
        "since": show.moment(told.since),
        "created_at": show.moment(told.created_at),
        "letters": {channel: state.value for channel, state in letters},
    }


def _row(stored: Stored[Notice], letters: tuple[tuple[str, AlertState], ...]) -> tuple[object, ...]:
    return (
        stored.id,
        show.minute(stored.value.created_at),
        stored.value.kind.value,
        notice.headline(stored.value),
        ", ".join(f"{channel}: {state.value}" for channel, state in letters) or "-",
    )
