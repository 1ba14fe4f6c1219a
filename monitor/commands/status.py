"""`dateline status`: how each source is, for a tired person or for a machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from db.model import NOTHING
from db.store import Store
from db.visiting import FILES_LOST
from feeds.wording import counted
from monitor import advice, show
from monitor.commands.closed import closed_channels
from monitor.commands.configs import for_reading, is_there

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from db.model import Counts, Holding
    from db.visiting import Source, SourceStatus
    from monitor.cli import Invocation
    from monitor.config import Config

_COLUMNS = (
    show.Column("source"),
    show.Column("state"),
    show.Column("since (UTC)", rank=3),
    show.Column("last try (UTC)", rank=2),
    show.Column("next visit (UTC)"),
    show.Column("items", rank=1),
    show.Column("newest (UTC)", rank=4),
)


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, one per source.")
@click.pass_obj
def command(invocation: Invocation, *, as_json: bool) -> int:
    """Say how each source is, and what to do about those that fail; exit 1 if one does.

    Those that fail come first. Times are in UTC. `dateline sources show NAME` tells more of one.
    """
    config = for_reading(invocation)
    known, held, counts = _read(config)
    if not config.sources:
        kept = f"{counted(counts.articles, 'item')} in {config.var}" if counts else "No items yet"
        click.echo(f"{kept}, and {_without(invocation)}", err=True)
        return 0
    pairs = [(source, known.get(source.name)) for source in config.sources]
    ill = [status for _, status in pairs if status and _is_ill(status)]
    if as_json:
        for source, status in pairs:
            show.line(_object(source, status, held[source.name]))
    else:
        click.echo(_summary(len(pairs), len(ill), sum(1 for _, s in pairs if not _visited(s))))
        pairs.sort(key=lambda pair: pair[1] not in ill)
        show.table(show.results(), _COLUMNS, _rows(pairs, held))
        reports = ((status.report, status.next_at) for status in ill if status.report)
        for line in advice.complaints(reports):
            click.echo(line)
        for source, status in pairs:
            _tell_pages(source, status)
        _tell_alerts(counts)
        for line in closed_channels(config):
            click.echo(line)
    return 1 if ill else 0


def _read(
    config: Config,
) -> tuple[dict[str, SourceStatus], dict[str, Holding], Counts | None]:
    names = [source.name for source in config.sources]
    if not config.database.exists():
        return {}, dict.fromkeys(names, NOTHING), None
    with Store.open_readonly(config.database) as store:
        known = {status.name: status for status in store.statuses()}
        return known, store.held(names), store.counts()


def _without(invocation: Invocation) -> str:
    """Say why there is nothing to visit."""
    if is_there(invocation):
        return "the config names no source; dateline sources add URL writes one into it"
    return "no config says what to visit; dateline init writes one"


def _visited(status: SourceStatus | None) -> bool:
    return status is not None and status.report is not None


def _is_ill(status: SourceStatus) -> bool:
    return status.report is not None and not status.report.state.is_fine


def _summary(sources: int, ill: int, unseen: int) -> str:
    fine = sources - ill - unseen
    are = "is" if 1 in (sources, fine) else "are"
    words = [f"{fine} of {counted(sources, 'source')} {are} fine"]
    if ill:
        words.append(f"{ill} {'is' if ill == 1 else 'are'} not")
    if unseen:
        words.append(f"{unseen} not visited yet")
    return ", ".join(words) + "."


def _rows(
    pairs: Iterable[tuple[Source, SourceStatus | None]], held: Mapping[str, Holding]
) -> Iterator[tuple[object, ...]]:
    for source, status in pairs:
        items, newest = held[source.name]
        yield *_visits(source, status), items, show.minute(newest)


def _visits(source: Source, status: SourceStatus | None) -> tuple[object, ...]:
    if status is None or status.report is None:
        return source.name, advice.UNSEEN, "-", "-", "at the next round"
    return (
        source.name,
        advice.how(status.report),
        show.minute(status.since),
        show.minute(status.report.finished),
        show.minute(status.next_at),
    )


def _object(source: Source, status: SourceStatus | None, held: Holding) -> dict[str, Any]:
    report = status.report if status else None
    return {
        "source": source.name,
        "kind": source.kind,
        "state": report.state.value if report else None,
        "words": advice.how(report),
        "reason": report.reason if report else "",
        "advice": advice.advice(report, status.next_at) if report and status else "",
        "since": show.moment(status.since if status else None),
        "strikes": status.strikes if status else 0,
        "last_visit": show.moment(report.finished if report else None),
        "next_visit": show.moment(status.next_at if status else None),
        "next_why": status.next_why if status else "",
        "items": held.items,
        "newest": show.moment(held.newest),
        "failed_pages": report.failed if report else 0,
        "pending_pages": status.pending if status else 0,
        "lost_pages": status.lost if status else 0,
        "gap": report is not None and report.gap is not None,
    }


def _tell_pages(source: Source, status: SourceStatus | None) -> None:
    report = status.report if status else None
    if report and report.state.is_fine and FILES_LOST in report.reason:
        click.echo(show.printable(f"{source.name}: {report.reason}"))
    if status and status.pending:
        click.echo(
            f"{source.name}: {counted(status.pending, 'page')} could not be had; asked for again "
            "as long as a list shows them"
        )
    if status and status.lost:
        left = "it was" if status.lost == 1 else "they were"
        click.echo(
            f"{source.name}: {counted(status.lost, 'page')} could not be had before {left} gone "
            "from the lists"
        )


def _tell_alerts(counts: Counts | None) -> None:
    if counts and counts.dead:
        were = "was" if counts.dead == 1 else "were"
        click.echo(
            f"{counted(counts.dead, 'alert')} {were} given up; dateline alerts dead says why"
        )
    if counts and counts.due:
        are = "is" if counts.due == 1 else "are"
        click.echo(
            f"{counted(counts.due, 'alert')} {are} waiting to be delivered; dateline alerts list "
            "says why"
        )
