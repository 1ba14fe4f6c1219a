"""Broken sources and kill -9, seen from outside: the real command, and ledgers that are computed.

The press room knows what it published, the mailbox and the receiver what came: what is lost,
invented or told twice under another id follows from the three.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

import feedparser
import pytest
from lxml import etree

from db.model import ChangeKind
from db.store import Store
from monitor.config_file import load
from monitor.jobs import Jobs
from monitor.newsroom.faults import Garbage, Hang, Status
from monitor.newsroom.hook import Hook
from monitor.newsroom.inbox import Mailbox, Twist
from monitor.turn import LEASE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Desk

    from monitor.newsroom.story import Published

    Run = subprocess.Popen[str]

BY_SITEMAP = {"000"}  # no list leads there
CHANNELS = """
[watch.every]
query = "the OR of OR in OR a"
channels = ["desk", "hook"]

[channel.hook]
kind = "webhook"
url = "{url}"

[channel.desk]
kind = "mail"
host = "127.0.0.1"
port = {port}
security = "none"
from = "dateline@news.example"
to = ["desk@news.example"]
"""
ILL = {
    "openkg": (
        "undecodable",
        "sends text that cannot be decoded",
        "the text is not utf-8",
        "if it stays, report the page",
    ),
    "secretariat": (
        "unreachable",
        "cannot be reached",
        "complete answer in time",
        "if it stays, check the address",
    ),
    "tass": (
        "erroring",
        "answers with errors",
        "HTTP 500 Internal Server Error",
        "if it stays, look at the address in a browser",
    ),
}
"""What must be said of each broken source: state, what is wrong, why, what to do."""


@dataclass(frozen=True, slots=True)
class Office:
    """A desk whose watch meets every story, and the two places where its alerts arrive."""

    desk: Desk
    mailbox: Mailbox
    hook: Hook

    def due(self, site: str | None = None) -> set[str]:
        """Return the addresses that are published where a list shows them."""
        return urls(row for row in self.desk.room.published(site) if row.key not in BY_SITEMAP)

    def stored(self) -> Counter[str]:
        """Return how often each address is stored as new."""
        with Store.open(self.desk.folder / "var" / "dateline.db") as store:
            store.verify()
            changes = [stored.value for stored in store.changes(1000)]
        return Counter(each.article.url for each in changes if each.kind is ChangeKind.NEW)

    def told(self) -> dict[str, list[tuple[str, str]]]:
        """Return what arrived by channel, as pairs of address and alert key."""
        return {
            "desk": [
                (
                    re.findall(r"^Link: (\S+)", str(letter), re.MULTILINE)[0],
                    letter.message_id.strip("<>").partition("@")[0],
                )
                for letter in self.mailbox.letters
            ],
            "hook": [(one.data["data"]["article"]["url"], one.id) for one in self.hook.received],
        }

    def assert_told(self, expected: set[str], *, repeats: int = 0) -> None:
        """Check that each was told by each channel, under one key, and how many came again."""
        keys: list[str] = []
        pairs = self.told()
        for channel in pairs.values():
            assert {url for url, _ in channel} == expected
            assert len(set(channel)) == len(expected), "a repeat under another id"
            keys += {key for _, key in channel}
        assert len(set(keys)) == len(keys)
        assert {one.data["data"]["article"]["url"] for one in self.hook.taken} == expected
        assert sum(len(channel) for channel in pairs.values()) - len(keys) <= repeats

    def configure(self, *, timeout: str = "60s") -> None:
        """Write the config."""
        channels = CHANNELS.format(url=self.hook.url, port=self.mailbox.port)
        self.desk.write(channels, timeout=timeout)
        config = self.desk.folder / "dateline.toml"
        allowed = f'allow = ["{self.hook.url.split("/")[2]}", '
        config.write_text(config.read_text().replace("allow = [", allowed))

    def deliver_after_lease(self) -> None:
        """Deliver at a time when a dead process's leases are over."""
        config = load(self.desk.folder / "dateline.toml")
        Jobs.of(config, lambda: datetime.now(UTC) + LEASE, threading.Event()).deliver()

    def run_and_kill(self, moment: Callable[[Office, Run], bool]) -> None:
        """Begin a round and kill -9 it when the moment has come."""
        process = subprocess.Popen(
            self.desk.command("--verbose", "run", "--now"),
            cwd=self.desk.folder,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            env=self.desk.environ(),
        )
        with process:
            came = moment(self, process)
            process.kill()
        assert came
        assert process.returncode == -signal.SIGKILL


def urls(rows: Iterator[Published] | tuple[Published, ...]) -> set[str]:
    """Return the addresses of some rows of the ledger."""
    return {row.url for row in rows}


@pytest.fixture
def office(desk: Desk) -> Iterator[Office]:
    """Give a desk with a watch for everything, a mailbox and a receiver; nothing visited yet."""
    with Mailbox() as mailbox, Hook() as hook:
        office = Office(desk, mailbox, hook)
        office.configure()
        yield office


def test_one_good_source_among_three_broken_ones(office: Office) -> None:
    """One answers 500, one hangs, one sends garbage: the fourth has everything, all is told."""
    desk = office.desk
    assert desk.dateline("run").returncode == 0
    new = desk.room.publish(2)
    good = urls(row for row in new if row.site == "belta")
    desk.room.misbehave("tass", Status(500))
    desk.room.misbehave("secretariat", Hang())
    desk.room.misbehave("openkg", Garbage())
    office.configure(timeout="5s")

    ran = desk.dateline("run", "--now")
    assert ran.returncode == 1
    assert ran.stdout.decode().splitlines() == [
        "belta: 2 new, 1 edited",
        "4 new alerts; 4 messages sent",
    ]
    assert_named(ran.stderr.decode().splitlines())
    assert office.due("belta") <= set(office.stored())
    office.assert_told(good)
    assert_feeds_hold(office, "source-belta", office.due("belta"))
    assert_feeds_hold(office, "watch-every", set(office.stored()))

    status = desk.dateline("status")
    assert status.returncode == 1
    assert_named(status.stdout.decode().splitlines()[-3:])
    rows = {row["source"]: row for row in desk.objects("status")}
    assert rows.pop("belta")["state"] == "ok"
    for name, row in rows.items():
        state, what, why, do = ILL[name]
        assert (row["state"], row["words"]) == (state, what)
        assert why in row["reason"]
        assert do in row["advice"]
        assert row["strikes"] == 1

    desk.room.behave()
    office.configure()
    ran = desk.dateline("run", "--now")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert office.stored() == Counter(office.due())
    office.assert_told(urls(new))
    assert_feeds_hold(office, "all", office.due())
    assert desk.dateline("status").returncode == 0
    assert {row["state"] for row in desk.objects("status")} <= {"ok", "unchanged"}


def test_sources_broken_from_the_first_round_on_have_their_baseline_later(office: Office) -> None:
    """A round in which a source could not be read is not its first: nothing old is told later."""
    desk = office.desk
    desk.room.misbehave("tass", Status(500))
    desk.room.misbehave("openkg", Garbage(http=False))
    assert desk.dateline("run").returncode == 1
    desk.room.behave()
    assert desk.dateline("run", "--now").returncode == 0
    assert office.stored() == Counter(office.due())
    office.assert_told(set())
    new = desk.room.publish(2)
    assert desk.dateline("run", "--now").returncode == 0
    office.assert_told(urls(new))


def assert_named(lines: list[str]) -> None:
    """Check that each broken source has a line with what, why and what to do."""
    for line, (name, (_, what, why, do)) in zip(lines, ILL.items(), strict=True):
        assert line.startswith(f"{name}: {what}")
        assert why in line
        assert line.endswith(do)


def assert_feeds_hold(office: Office, name: str, expected: set[str]) -> None:
    """Check that the three files of a feed are valid and hold exactly these addresses."""
    folder = office.desk.folder / "var" / "feeds"
    items = json.loads((folder / f"{name}.json").read_bytes())["items"]
    assert {item["url"] for item in items} == expected
    for ending in ("xml", "atom"):
        content = (folder / f"{name}.{ending}").read_bytes()
        etree.fromstring(content)
        parsed = feedparser.parse(content)
        assert not parsed.bozo
        assert {entry.link for entry in parsed.entries} == expected


def as_the_first_request_comes(office: Office, _run: Run) -> bool:
    """Kill before anything is answered."""
    return office.desk.room.wait_for(bool, 60)


def when_three_sources_are_stored(_office: Office, run: Run) -> bool:
    """Kill while the fourth source waits for a page that does not come."""
    assert run.stderr
    ended = (line for line in run.stderr if "event=visit source=" in line)
    return len(list(islice(ended, 3))) == 3


def while_the_receiver_thinks(office: Office, _run: Run) -> bool:
    """Kill with a webhook sent and its answer not read."""
    return office.hook.wait_for(3, 60)


def when_a_letter_is_taken(office: Office, _run: Run) -> bool:
    """Kill with a letter taken and nobody told."""
    return office.mailbox.wait_for(2, 60)


@pytest.mark.parametrize(
    "moment",
    [
        as_the_first_request_comes,
        when_three_sources_are_stored,
        while_the_receiver_thinks,
        when_a_letter_is_taken,
    ],
)
def test_killed_at_any_moment_of_a_round_nothing_is_lost(
    office: Office, moment: Callable[[Office, Run], bool]
) -> None:
    """R-03: after SIGKILL every item is stored once, every alert arrives, repeats are known."""
    desk = office.desk
    assert desk.dateline("run").returncode == 0
    new = desk.room.publish(2)
    desk.room.forget_requests()
    if moment is when_three_sources_are_stored:
        page = next(row.url for row in new if row.site == "tass")
        desk.room.misbehave("tass", Hang(), path=page.removeprefix(desk.room.addresses["tass"]))
    if moment is while_the_receiver_thinks:
        office.hook.script(None, None, Hang())
    if moment is when_a_letter_is_taken:
        office.mailbox.script("END", None, Twist.HANG)

    office.run_and_kill(moment)
    desk.room.behave()
    again = desk.dateline("run", "--now")
    assert (again.returncode, again.stderr) == (0, b"")
    assert office.stored() == Counter(office.due())
    office.deliver_after_lease()
    office.assert_told(urls(new), repeats=2)  # one in flight for each channel
    quiet = desk.dateline("run", "--now")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, b"", b"")
    assert_feeds_hold(office, "all", office.due())


def test_killed_in_the_first_round_the_next_is_still_the_baseline(office: Office) -> None:
    """What a killed first round did not get to is stored by the next one, and told nobody."""
    desk = office.desk
    page = next(row for row in desk.room.published("tass") if row.key not in BY_SITEMAP)
    path = page.url.removeprefix(desk.room.addresses["tass"])
    desk.room.misbehave("tass", Hang(), path=path)
    office.run_and_kill(when_three_sources_are_stored)
    desk.room.behave()
    assert desk.dateline("run", "--now").returncode == 0
    assert office.stored() == Counter(office.due())
    office.assert_told(set())
