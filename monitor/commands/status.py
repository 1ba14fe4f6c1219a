"""`dateline status`: how each source is, for a tired person or for a machine."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from db.store import Store
from monitor import advice, show
from monitor.config_file import load

if TYPE_CHECKING:
    from db.model import Counts, Source, SourceStatus
    from monitor.cli import Invocation
    from monitor.config import Config

_COLUMNS = ("source", "how it is", "since", "last visit", "next visit", "items", "newest item")


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, one per source.")
@click.pass_obj
def command(invocation: Invocation, *, as_json: bool) -> int:
    """Say how each source is, and what to do about the ill ones; exit 1 if there is one.

    The ill ones come first. `dateline sources show NAME` tells more of one.
    """
    config = load(invocation.config)
    known, counts = _read(config)
    pairs = [(source, known.get(source.name)) for source in config.sources]
    ill = [status for _, status in pairs if status and _is_ill(status)]
    if as_json:
        for source, status in pairs:
            show.line(_object(source, status))
    else:
        now = datetime.now(UTC)
        click.echo(_summary(len(pairs), len(ill), sum(1 for _, s in pairs if not _visited(s))))
        pairs.sort(key=lambda pair: pair[1] not in ill)
        show.results().print(show.table(_COLUMNS, (_row(*pair, now) for pair in pairs)))
        for status in ill:
            if status.report:
                click.echo(show.printable(advice.complaint(status.report)))
        _tell_alerts(counts)
    return 1 if ill else 0


def _read(config: Config) -> tuple[dict[str, SourceStatus], Counts | None]:
    if not config.database.exists():
        return {}, None
    with Store.open_readonly(config.database) as store:
        return {status.name: status for status in store.statuses()}, store.counts()


def _visited(status: SourceStatus | None) -> bool:
    return status is not None and status.report is not None


def _is_ill(status: SourceStatus) -> bool:
    return status.report is not None and not status.report.state.is_fine


def _summary(sources: int, ill: int, unseen: int) -> str:
    words = [f"{sources - ill - unseen} of {sources} sources are fine"]
    if ill:
        words.append(f"{ill} {'is' if ill == 1 else 'are'} not")
    if unseen:
        words.append(f"{unseen} not visited yet")
    return ", ".join(words) + "."


def _row(source: Source, status: SourceStatus | None, now: datetime) -> tuple[object, ...]:
    if status is None or status.report is None:
        return source.name, "not visited yet", "-", "-", "at the next round", 0, "-"
    due = status.next_at
    return (
        source.name,
        advice.words(status.report.state),
        show.away(status.since, now),
        show.away(status.report.finished, now),
        show.away(due, now) if due > now else "at the next round",
        status.items,
        show.away(status.newest, now),
    )


def _object(source: Source, status: SourceStatus | None) -> dict[str, Any]:
    report = status.report if status else None
    return {
        "source": source.name,
        "kind": source.kind,
        "state": report.state.value if report else None,
        "words": advice.words(report.state) if report else "not visited yet",
        "reason": report.reason if report else "",
        "advice": advice.advice(report.state) if report else "",
        "since": show.moment(status.since if status else None),
        "strikes": status.strikes if status else 0,
        "last_visit": show.moment(report.finished if report else None),
        "next_visit": show.moment(status.next_at if status else None),
        "next_why": status.next_why if status else "",
        "items": status.items if status else 0,
        "newest": show.moment(status.newest if status else None),
        "failed_pages": report.failed if report else 0,
        "gap": report is not None and report.gap is not None,
    }


def _tell_alerts(counts: Counts | None) -> None:
    if counts and counts.dead:
        click.echo(
            f"{counts.dead} alerts were given up; dateline alerts list --state dead says why"
        )
    if counts and counts.due:
        click.echo(f"{counts.due} alerts are waiting to be delivered")
