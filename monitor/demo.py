"""`dateline demo`: the main job from nothing, on a press room of our own.

Nothing here stands in for the program: a real config file, the rounds of `dateline run`, real
HTTP, SMTP and webhooks on loopback. The demo only publishes, looks at what came of it, and
counts; a number that is not what it must be makes the exit code 1.
"""

from __future__ import annotations

import shlex
import textwrap
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from db.model import ChangeKind, FeedSpec
from db.store import Store
from monitor import show
from monitor.config_file import load
from monitor.jobs import Jobs
from monitor.newsroom.hook import Hook
from monitor.newsroom.inbox import Mailbox
from monitor.newsroom.room import Newsroom
from monitor.once import Outcome, once

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from db.model import Entry
    from monitor.config import Config
    from monitor.order import Progress

SECRET = "whsec_ZGF0ZWxpbmUgZGVtbyBzZWNyZXQgMjQgYnl0ZXM="  # noqa: S105 - signs on loopback only

_LONG_AGO = datetime.min.replace(tzinfo=UTC)

_CONFIG = """\
# Written by `dateline demo`: a press room on this machine plays the four sites.
[dateline]
title = "Dateline demo"
contact = "desk@demo.invalid"

[fetch]
delay = "0s"                    # a guest of ourselves need not wait between requests
allow = [{allow}]               # loopback is refused unless named here

{sources}
[channel.desk]
kind = "mail"
host = "127.0.0.1"
port = {mail_port}
security = "none"
from = "dateline@demo.invalid"
to = ["desk@demo.invalid"]

[channel.hook]
kind = "webhook"
url = "{hook}"
secret = "file:hook.secret"

[watch.border]
query = '"Tajik-Afghan border"'
channels = ["desk", "hook"]

[watch.peacekeeping]
query = "peacekeeping OR peacekeeper"
channels = ["desk", "hook"]
"""

_SOURCE = """\
[source.{name}]
kind = "{name}"
urls = [{urls}]
every = "1m"
pages = 5

"""

_LISTS = {
    "secretariat": ("/news/",),
    "belta": ("/all_news/",),
    "tass": ("/rss/v2.xml", "/politics", "/sitemap/sitemap_news0.xml"),
    "openkg": ("/en/news/",),
}


@dataclass(slots=True)
class _Stage:
    """The demo's surroundings, and what it found to be wrong."""

    console: Console
    config: Config
    newsroom: Newsroom
    mailbox: Mailbox
    hook: Hook
    wrong: list[str] = field(default_factory=list)

    def say(self, text: str = "") -> None:
        """Print a line as it is."""
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def expect(self, what: str, found: object, wanted: object) -> None:
        """Print a fact, and keep it if it is not what it must be."""
        mark = "ok" if found == wanted else f"WRONG, {wanted} expected"
        self.say(f"  {what}: {found} ({mark})")
        if found != wanted:
            self.wrong.append(what)


def run(folder: Path, console: Console, *, program: str = "dateline") -> int:
    """Play three rounds in `folder`, print what happened, return the exit code.

    The folder keeps config, store, feeds and mails when the servers are gone. `program` is what
    to type to go on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    with Newsroom(now) as newsroom, Mailbox() as mailbox, Hook(SECRET) as hook:
        config = load(_write_config(folder, newsroom, mailbox, hook))
        stage = _Stage(console, config, newsroom, mailbox, hook)
        stage.say("A press room on this machine plays the four sites; its stories are in place.")
        _baseline(stage)
        _news(stage)
        _silence(stage)
    _epilogue(stage, folder, program)
    return 1 if stage.wrong else 0


def _write_config(folder: Path, newsroom: Newsroom, mailbox: Mailbox, hook: Hook) -> Path:
    secret = folder / "hook.secret"
    secret.touch(mode=0o600)
    secret.write_text(SECRET + "\n", encoding="utf-8")
    addresses = newsroom.addresses
    sources = "".join(
        _SOURCE.format(name=name, urls=", ".join(f'"{addresses[name]}{path}"' for path in paths))
        for name, paths in _LISTS.items()
    )
    hosts = [address.removeprefix("http://") for address in (*addresses.values(), hook.url)]
    allow = ", ".join(f'"{host.split("/")[0]}"' for host in hosts)
    path = folder / "dateline.toml"
    path.write_text(
        _CONFIG.format(allow=allow, sources=sources, mail_port=mailbox.port, hook=hook.url),
        encoding="utf-8",
    )
    return path


def _round(stage: _Stage) -> Outcome:
    """Do what `dateline run --now` does."""
    stage.newsroom.forget_requests()
    jobs = Jobs.of(stage.config, lambda: datetime.now(UTC), threading.Event())
    outcome = once(jobs, names=None, force=True, progress=_unseen)
    for complaint in outcome.complaints:
        stage.say(f"  {complaint}")
        stage.wrong.append("round")
    return outcome


def _unseen(_event: Progress) -> None:
    """Leave the screen to the tables."""


def _new(outcome: Outcome) -> int:
    return sum(report.new for report in (outcome.visit.reports if outcome.visit else ()))


def _alerts(outcome: Outcome) -> int:
    return outcome.matched.alerts if outcome.matched else 0


def _show(stage: _Stage, entries: Sequence[Entry]) -> None:
    """Show items, the latest on top; those of an unknown date last."""
    articles = [entry.article for entry in entries]
    articles.sort(key=lambda article: article.dateline.when or _LONG_AGO, reverse=True)
    rows = [show.article_row(article) for article in articles]
    show.table(stage.console, show.ARTICLE_COLUMNS, rows)


def _baseline(stage: _Stage) -> None:
    stage.say("\nRound 1: what is there already is recorded, and nobody is told.\n")
    outcome = _round(stage)
    with Store.open_readonly(stage.config.database) as store:
        entries = store.newest(FeedSpec(name="all", title="", limit=1000), None)
    _show(stage, entries)
    stage.say()
    stage.expect("items", _new(outcome), len(stage.newsroom.published()))
    stage.expect("alerts", _alerts(outcome), 0)


def _news(stage: _Stage) -> None:
    fresh = stage.newsroom.publish(2)
    stage.say("\nRound 2: the press room has published more, and edited one article.\n")
    outcome = _round(stage)
    with Store.open_readonly(stage.config.database) as store:
        entries = store.newest(FeedSpec(name="all", title="", limit=len(fresh)), None)
        edited = store.changes(100, ChangeKind.EDITED)
    _show(stage, entries)
    stage.say()
    stage.expect("new items", _new(outcome), len(fresh))
    found = {entry.article.url for entry in entries} & {item.url for item in fresh}
    stage.expect("of them published just now", len(found), len(fresh))
    for change in edited:
        fields = " and ".join(change.value.fields)
        stage.say(f"  edited: {change.value.article.title} ({fields}; the old version is kept)")
    stage.expect("edits", len(edited), sum(item.edits > 0 for item in stage.newsroom.published()))
    _told(stage, outcome)


def _told(stage: _Stage, outcome: Outcome) -> None:
    """Show what the mailbox and the webhook receiver got."""
    letters, hooks = stage.mailbox.letters, stage.hook.taken
    for letter in letters:
        stage.say(f"  mail:    {letter.message['Subject']}")
    for taken in hooks:
        data = taken.data["data"]
        stage.say(f"  webhook: [{data['watch']['name']}] {data['article']['title']}")
    stage.expect("alerts", _alerts(outcome), len(letters) + len(hooks))
    stage.expect("mails, one for each match", len(letters), _alerts(outcome) // 2)
    stage.expect("webhooks with a good signature", len(hooks), len(letters))
    if letters:
        stage.say("\nOne of the mails:\n")
        stage.say(_quoted(str(letters[0]), stage.console.width))


def _quoted(text: str, width: int) -> str:
    """Return a mail with a mark before each line, also those the screen would wrap.

    >>> print(_quoted("Dear readers", 12))
      | Dear
      | readers
    """
    lines = (textwrap.wrap(line, width - 4) or [""] for line in text.splitlines())
    return "\n".join(f"  | {part}".rstrip() for parts in lines for part in parts)


def _silence(stage: _Stage) -> None:
    stage.say("\nRound 3: nothing new.\n")
    files = _times(stage)
    outcome = _round(stage)
    asked = stage.newsroom.requests()
    stage.expect("new items", _new(outcome), 0)
    stage.expect(
        "requests, all conditional",
        sum(request.is_conditional for request in asked),
        len(asked),
    )
    stage.expect("answered 304", sum(request.status == 304 for request in asked), len(asked))  # noqa: PLR2004
    stage.expect("alerts", _alerts(outcome), 0)
    stage.expect("feed files rewritten", sum(_times(stage)[p] != t for p, t in files.items()), 0)


def _times(stage: _Stage) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in stage.config.feed_folder.iterdir()}


def _epilogue(stage: _Stage, folder: Path, program: str) -> None:
    mails = folder / "mails"
    mails.mkdir(exist_ok=True)
    for number, letter in enumerate(stage.mailbox.letters, 1):
        (mails / f"{number:02}.eml").write_bytes(letter.message.as_bytes())
    feeds = sorted(path.name for path in stage.config.feed_folder.iterdir())
    stage.say(f"\nFeeds: {stage.config.feed_folder} ({len(feeds)} files, such as {feeds[0]})")
    stage.say(f"Mails: {mails}")
    stage.say(f"Store: {stage.config.database}")
    stage.say(f"Config: {folder / 'dateline.toml'} (its press room is gone now)")
    stage.say(f"To remove all this: rm -r {shlex.quote(str(folder))}")
    if stage.wrong:
        stage.say(f"\nNot as it must be: {', '.join(stage.wrong)}.")
    else:
        stage.say(
            "\nAll as it must be. Next, in a folder of your own:\n"
            "  mkdir -p ~/dateline && cd ~/dateline\n"
            f"  {program} init\n"
            f"  {program} run"
        )
