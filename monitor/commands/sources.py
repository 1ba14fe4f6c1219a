"""`dateline sources`: what is watched, and all there is to know of one source."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from db.model import NOTHING
from db.moves import trusts_guids
from db.store import Store
from monitor import advice, coverage, notice, show
from monitor.commands import sources_add
from monitor.commands.configs import for_reading
from monitor.commands.notices import as_object
from monitor.config_values import nearest
from spiders import documents

if TYPE_CHECKING:
    from db.model import Stored
    from db.telling import AlertState, Notice
    from db.visiting import Report, Source, SourceStatus
    from monitor.cli import Invocation
    from monitor.config import Config

_LISTED = (
    show.Column("source"),
    show.Column("kind", rank=1),
    show.Column("interval"),
    show.Column("pages", rank=2),
    show.Column("addresses"),
)
REPORTED = (
    show.Column("visit (UTC)"),
    show.Column("state"),
    show.Column("requests", rank=3),
    show.Column("listed", rank=2),
    show.Column("read", rank=4),
    show.Column("new"),
    show.Column("edited", rank=1),
    show.Column("failed"),
    show.Column("reason", elastic=True),
)
GAPS = (
    show.Column("visit (UTC)"),
    show.Column("after (UTC)"),
    show.Column("before (UTC)"),
    show.Column("pages", rank=1),
)
_NOTICES = (
    show.Column("made (UTC)"),
    show.Column("kind", rank=1),
    show.Column("notice", elastic=True),
    show.Column("sent"),
)
FIELDS = (
    show.Column("span"),
    show.Column("readings"),
    *(show.Column(name, rank=rank) for rank, name in enumerate(coverage.FIELDS)),
)
_MONTH = 3000  # reports that are looked through for gaps and coverage: a month of visits
_SHOWN = 10


@click.group("sources")
def command() -> None:
    """List what is watched; add to it; tell all there is to know of one source."""


command.add_command(sources_add.command)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, one per source.")
@click.pass_obj
def list_sources(invocation: Invocation, *, as_json: bool) -> int:
    """List the sources of the config: how they are read, how often, and where."""
    config = for_reading(invocation)
    if as_json:
        for source in config.sources:
            show.line(_settings(source))
        return 0
    rows = (
        (source.name, source.kind, _interval(source), source.pages, " ".join(source.urls))
        for source in config.sources
    )
    show.table(show.results(), _LISTED, rows)
    return 0


@command.command("show")
@click.argument("name", metavar="NAME")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def show_source(invocation: Invocation, name: str, *, as_json: bool) -> int:
    """Tell all there is to know of the source NAME.

    How it is and since when, why its next visit is when it is, what its last visits came to, how
    complete its items are, gaps, notices, and whether its guids (the names that a feed gives its
    items) can be believed. Of each visit: the requests it made, the items its lists showed
    (listed), the pages it read (read), the items that were new to Dateline and those whose words
    had changed (new, edited), and the pages that could not be had (failed). docs/sources.md
    explains every line.
    """
    config = for_reading(invocation)
    source = _named(config, name)
    facts = _Facts(config, source, datetime.now(UTC))
    if as_json:
        show.line(facts.as_object())
    else:
        facts.print()
    return 0


def _named(config: Config, name: str) -> Source:
    for source in config.sources:
        if source.name == name:
            return source
    known = nearest(name, [source.name for source in config.sources])
    raise click.BadParameter(f'there is no source "{name}"; {known}')


class _Facts:
    """All that the store knows of one source."""

    def __init__(self, config: Config, source: Source, now: datetime) -> None:
        self.source = source
        self.now = now
        self.status: SourceStatus | None = None
        self.held = NOTHING
        self.reports: tuple[Report, ...] = ()
        self.notices: list[tuple[Stored[Notice], tuple[tuple[str, AlertState], ...]]] = []
        if config.database.exists():
            with Store.open_readonly(config.database) as store:
                statuses = {status.name: status for status in store.statuses()}
                self.status = statuses.get(source.name)
                self.held = store.held([source.name])[source.name]
                self.reports = store.reports(source.name, _MONTH)
                self.notices = [
                    (stored, store.letters(stored.id))
                    for stored in store.notices(source=source.name, limit=_SHOWN)
                ]
        self.gaps = [report for report in self.reports if report.gap][:_SHOWN]
        self.coverage = coverage.over_time(self.reports, now)

    @property
    def guids(self) -> str:
        """Say whether the source's guids are believed, and why not."""
        clashes = self.status.guid_clashes if self.status else 0
        if trusts_guids(clashes):
            seen = f" ({clashes} stood on two different items)" if clashes else ""
            return f"believed{seen}"
        return f"not believed: {clashes} stood on two different items; addresses and words count"

    def print(self) -> None:
        """Write everything for a person."""
        status, report = self.status, self.reports[0] if self.reports else None
        facts = [
            ("source", f"{self.source.name} ({self.source.kind})"),
            *(("address", url) for url in self.source.urls),
            ("interval", _interval(self.source)),
            ("how it is", advice.how(report)),
        ]
        if status and report:
            facts += [
                ("since", f"{show.minute(status.since)} UTC"),
                ("why", report.reason or "-"),
                ("what to do", advice.advice(report, status.next_at) or "nothing"),
                (
                    "next visit",
                    f"{show.minute(status.next_at)} UTC ({show.away(status.next_at, self.now)})",
                ),
                ("why then", status.next_why or "-"),
            ]
        facts.append(("items", str(self.held.items)))
        if status and report:
            if self.source.kind == documents.SITE.kind:
                facts.append(("files", _files(report)))
            else:
                facts += [("pages", _pages(status)), ("guids", self.guids)]
        for name, value in facts:
            click.echo(f"{name:<12}  {show.printable(value)}")
        self._print_coverage()
        self._print_events()
        if self.reports:
            click.echo("\nLast visits")
            rows = (_report_row(each) for each in self.reports[:_SHOWN])
            show.table(show.results(), REPORTED, rows)

    def _print_coverage(self) -> None:
        if not any(span.readings for span in self.coverage):
            return
        click.echo("\nFields found when its items were read")
        rows = [
            (span.span, span.readings, *("-" if s is None else f"{s:.0%}" for s in span.shares))
            for span in self.coverage
        ]
        show.table(show.results(), FIELDS, rows)

    def _print_events(self) -> None:
        if self.gaps:
            click.echo("\nGaps: what a list may have shown and nobody saw")
            rows = [
                (show.minute(r.started), show.minute(g.after), show.minute(g.before), g.pages)
                for r in self.gaps
                if (g := r.gap)
            ]
            show.table(show.results(), GAPS, rows)
        if self.notices:
            click.echo("\nNotices")
            told = [
                (
                    show.minute(stored.value.created_at),
                    stored.value.kind.value,
                    notice.headline(stored.value),
                    ", ".join(f"{channel}: {state.value}" for channel, state in letters) or "-",
                )
                for stored, letters in self.notices
            ]
            show.table(show.results(), _NOTICES, told)

    def as_object(self) -> dict[str, Any]:
        """Return everything for a machine."""
        status, report = self.status, self.reports[0] if self.reports else None
        return {
            **_settings(self.source),
            "state": report.state.value if report else None,
            "words": advice.how(report),
            "reason": report.reason if report else "",
            "advice": advice.advice(report, status.next_at) if report and status else "",
            "since": show.moment(status.since if status else None),
            "next_visit": show.moment(status.next_at if status else None),
            "next_why": status.next_why if status else "",
            "items": self.held.items,
            "failed_pages": report.failed if report else 0,
            "pending_pages": status.pending if status else 0,
            "lost_pages": status.lost if status else 0,
            "guids": self.guids,
            "guid_clashes": status.guid_clashes if status else 0,
            "coverage": [
                {
                    "span": c.span,
                    "readings": c.readings,
                    **dict(zip(coverage.FIELDS, c.shares, strict=True)),
                }
                for c in self.coverage
            ],
            "gaps": [_gap_object(each) for each in self.gaps],
            "notices": [as_object(stored.value, letters) for stored, letters in self.notices],
            "reports": [_report_object(each) for each in self.reports[:_SHOWN]],
        }


def _pages(status: SourceStatus) -> str:
    """Say how many article pages the items of the lists still lack."""
    told = f"{status.pending} could not be had so far, tried again" if status.pending else ""
    gone = f"{status.lost} could not be had before the lists dropped them" if status.lost else ""
    return "; ".join(filter(None, (told, gone))) or "all could be had"


def _files(report: Report) -> str:
    """Say how many files of a folder the last visit could not read."""
    return f"{report.failed} could not be read" if report.failed else "all could be read"


def _interval(source: Source) -> str:
    every = _length(source.every.total_seconds())
    if not source.adaptive:
        return f"every {every}"
    return f"{every} to {_length(max(source.every, source.slowest).total_seconds())}"


def _length(seconds: float) -> str:
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:.0f}{unit}"
    return f"{seconds:g}s"


def _settings(source: Source) -> dict[str, Any]:
    back = source.first_round
    return {
        "source": source.name,
        "kind": source.kind,
        "urls": list(source.urls),
        "every": _length(source.every.total_seconds()),
        "slowest": _length(max(source.every, source.slowest).total_seconds()),
        "adaptive": source.adaptive,
        "pages": source.pages,
        "first_round": f"last {_length(back.total_seconds())}" if back else "quiet",
        "timezone": source.timezone,
        "language": source.language,
        "tags": list(source.tags),
    }


def _report_row(report: Report) -> tuple[object, ...]:
    return (
        show.minute(report.started),
        report.state.value,
        report.requests,
        report.listed,
        report.read,
        report.new,
        report.edited,
        report.failed,
        report.reason or "-",
    )


def _gap_object(report: Report) -> dict[str, Any]:
    gap = report.gap
    return {
        "visit": show.moment(report.started),
        "after": show.moment(gap.after if gap else None),
        "before": show.moment(gap.before if gap else None),
        "pages": gap.pages if gap else 0,
    }


def _report_object(report: Report) -> dict[str, Any]:
    return {
        "started": show.moment(report.started),
        "finished": show.moment(report.finished),
        "state": report.state.value,
        "reason": report.reason,
        "requests": report.requests,
        "bytes": report.bytes,
        "unchanged": report.unchanged,
        "listed": report.listed,
        "read": report.read,
        "items": report.items,
        "new": report.new,
        "edited": report.edited,
        "failed": report.failed,
        "coverage": dict(report.coverage),
        "lists": [{"url": seen.url, "cards": seen.cards, "new": seen.new} for seen in report.lists],
    }
