"""`dateline run`: one round and all that follows from it, in the foreground."""

from __future__ import annotations

import contextlib
import logging
import signal
import sys
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from db.store import Store
from feeds.wording import counted
from monitor import show
from monitor.advice import clock
from monitor.config_file import load
from monitor.config_values import nearest
from monitor.jobs import Jobs
from monitor.once import Outcome, once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from db.visiting import Report
    from monitor import order
    from monitor.cli import Invocation

LOG = logging.getLogger("dateline.run")
Turns: TypeAlias = "dict[str, tuple[int, int]]"
"""Of a source how many items went in a round, and how many came back."""
_NONE = (0, 0)
_BY_SIGNAL = 128  # a shell's custom: 130 after Ctrl-C, 143 after SIGTERM


@click.command("run")
@click.option("--source", "names", multiple=True, metavar="NAME", help="Only this source.")
@click.option("--now", "force", is_flag=True, help="Also what is not due yet.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object about the round.")
@click.pass_obj
def command(invocation: Invocation, names: tuple[str, ...], *, force: bool, as_json: bool) -> int:
    """Do one round: visit the due sources, queue and deliver alerts, publish the feeds.

    Fit for cron: silent if nothing happened, exit 1 if some work failed (stderr says which), and
    harmless while another round is running. Ctrl-C ends it early without loss (exit 130).
    """
    config = load(invocation.config)
    known = [source.name for source in config.sources]
    for name in names:
        if name not in known:
            raise click.BadParameter(f'there is no source "{name}"; {nearest(name, known)}')
    # A folder that cannot be written is told here, once, and not by every job.
    with Store.open(config.database) as store:
        before = store.last_change()
    stop = threading.Event()
    jobs = Jobs.of(config, lambda: datetime.now(UTC), stop)
    with _ended_by_signals(stop) as signals, _bar() as progress:
        outcome = once(jobs, names=names or None, force=force, progress=progress)
    if outcome.is_busy:
        LOG.info("event=left_out reason=%r", "another round is running")
    with Store.open_readonly(config.database) as store:
        turns = store.turns(before)
    if as_json:
        show.line(_object(outcome, turns))
    elif (
        not _print(outcome, turns)
        and not signals
        and sys.stderr.isatty()
        and (why := _silence(outcome))
    ):
        click.echo(why, err=True)
    for complaint in outcome.complaints:
        click.echo(complaint, err=True)
    if signals:
        click.echo("Stopped; the rest is visited next round.", err=True)
        return _BY_SIGNAL + signals[0]
    return 1 if outcome.complaints else 0


def _print(outcome: Outcome, turns: Turns) -> bool:
    """Say what is new, and return whether anything is."""
    lines = list(_news(outcome, turns))
    for line in lines:
        click.echo(line)
    return bool(lines)


def _news(outcome: Outcome, turns: Turns) -> Iterator[str]:
    for report in outcome.visit.reports if outcome.visit else ():
        gone, back = turns.get(report.source, _NONE)
        counts = ((report.new, "new"), (report.edited, "edited"), (gone, "gone"), (back, "back"))
        news = ", ".join(f"{count} {word}" for count, word in counts if count)
        if news:
            yield f"{report.source}: {news}"
    made = outcome.matched.alerts if outcome.matched else 0
    sent = outcome.delivered.sent if outcome.delivered else 0
    if made or sent:
        yield _told(made, sent)


def _told(alerts: int, messages: int) -> str:
    """Say what was made and what was sent: one message may tell several alerts, or a notice.

    >>> _told(2, 1), _told(3, 0), _told(0, 2)
    ('2 new alerts; 1 message sent', '3 new alerts; no message sent yet', '2 messages sent')
    """
    sent = f"{counted(messages, 'message') if messages else 'no message'} sent"
    if not alerts:
        return sent
    return f"{counted(alerts, 'new alert')}; {sent}{'' if messages else ' yet'}"


def _silence(outcome: Outcome) -> str:
    """Say to somebody at a terminal why there is nothing to say; empty if complaints say it."""
    if outcome.is_busy:
        return "Another round is running; this one was left out."
    visit = outcome.visit
    if visit and visit.reports:
        fine = [report.source for report in visit.reports if report.state.is_fine]
        return f"Nothing new: {', '.join(fine)}." if fine else ""
    if visit and visit.next_at:
        name, when = min(visit.next_at.items(), key=lambda pair: pair[1])
        return f"Nothing due; next: {name} {clock(when)} (--now takes it at once)"
    return "Nothing was done."


def _object(outcome: Outcome, turns: Turns) -> dict[str, Any]:
    delivered = outcome.delivered
    return {
        "busy": outcome.is_busy,
        "sources": [
            _report(each, turns.get(each.source, _NONE))
            for each in (outcome.visit.reports if outcome.visit else ())
        ],
        "alerts": {"made": outcome.matched.alerts if outcome.matched else 0},
        "messages": {
            "sent": delivered.sent if delivered else 0,
            "retried": delivered.retried if delivered else 0,
            "dead": delivered.dead if delivered else 0,
        },
        "feeds_written": len(outcome.published.written) if outcome.published else 0,
        "complaints": list(outcome.complaints),
    }


def _report(report: Report, turns: tuple[int, int]) -> dict[str, Any]:
    return {
        "source": report.source,
        "state": report.state.value,
        "reason": report.reason,
        "started": show.moment(report.started),
        "finished": show.moment(report.finished),
        "requests": report.requests,
        "bytes": report.bytes,
        "unchanged": report.unchanged,
        "listed": report.listed,
        "read": report.read,
        "new": report.new,
        "edited": report.edited,
        "gone": turns[0],
        "back": turns[1],
        "failed": report.failed,
    }


@contextlib.contextmanager
def _ended_by_signals(stop: threading.Event) -> Iterator[list[int]]:
    """Turn Ctrl-C and SIGTERM into an early, orderly end; what came is in the list."""
    came: list[int] = []

    def note(number: int, _frame: object) -> None:
        came.append(number)
        stop.set()

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _bar() -> Iterator[Callable[[order.Progress], None]]:
    """Show how far each source has got, on a terminal only."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        tasks: dict[str, Any] = {}

        def tell(event: order.Progress) -> None:
            if event.source not in tasks:
                tasks[event.source] = bar.add_task(show.printable(event.source))
            total = max(event.listed, event.read, 1)
            done = total if event.report and event.report.state.is_fine else event.read
            bar.update(tasks[event.source], completed=done, total=total)

        yield tell
