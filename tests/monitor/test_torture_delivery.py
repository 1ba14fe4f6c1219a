"""R-05, R-07, R-08: receivers that misbehave, a letter that cannot be written, many couriers."""

from __future__ import annotations

import resource
import threading
from collections import Counter
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest

from db.store import Store
from db.telling import AlertState
from monitor.channels.webhook import Webhook
from monitor.config import WebhookChannel
from monitor.deliver import Receiver
from monitor.letter import render
from monitor.newsroom.faults import Fault, Redirect, Reset, Status
from monitor.newsroom.hook import Hook
from monitor.newsroom.server import Loopback
from monitor.patience import SCHEDULE
from monitor.secrets import Secret
from tests.hostile import Stranger, endless_body, flooding, hanging, resetting
from tests.monitor.courier import NOW, Desk, Spy
from tests.sinks import Sink

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from db.telling import Letter
    from monitor.message import Message
    from tests.rows import Row

pytestmark = pytest.mark.timeout(1800)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
DAY = timedelta(hours=24)
FAULTS: dict[str, tuple[list[Fault], timedelta]] = {
    "500 three times": ([Status(500)] * 3, sum(SCHEDULE[:4], timedelta())),
    "400, 404, 408": ([Status(400), Status(404), Status(408)], sum(SCHEDULE[:4], timedelta())),
    "301 elsewhere": ([Redirect("https://example.org/", 301)], SCHEDULE[1]),
    "429, seconds": ([Status(429, "3600")], timedelta(hours=1)),
    "503, a date": ([Status(503, "Sat, 20 Dec 2025 11:00:00 GMT")], timedelta(hours=2)),
    "503, junk": ([Status(503, "soon; or later?")], SCHEDULE[1]),
    "503, 10^9": ([Status(503, "1000000000")], DAY),
    "a cut line": ([Reset()], SCHEDULE[1]),
}


@pytest.fixture
def post(tmp_path: Path) -> Desk:
    """Return a desk without alerts."""
    return Desk(tmp_path / "dateline.db")


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    """Open a place for strangers."""
    opened = Loopback("receivers")
    opened.start()
    yield opened
    opened.stop()


def webhook(post: Desk, url: str, *, timeout: float = 20.0) -> Webhook:
    """Return a webhook channel to a receiver on loopback."""
    settings = WebhookChannel(name="hook", url=url, secret=Secret(SECRET))
    allow = frozenset({url.split("/")[2]})
    return Webhook(settings, clock=post.clock, allow=allow, timeout=timeout)


@pytest.mark.torture("R-05", short=2, long=25)
@pytest.mark.parametrize("name", FAULTS)
def test_a_receiver_that_refuses_gets_all_in_the_end(row: Row, post: Desk, name: str) -> None:
    """Same id, new timestamp, signed byte for byte; each when the schedule or the server says."""
    faults, wait = FAULTS[name]
    with Hook(SECRET, clock=post.unix) as hook:
        for _ in range(row.size):
            post.queue(1, "hook")
            asked = post.now
            hook.script(*faults)
            post.until_settled({"hook": webhook(post, hook.url)})
            assert post.now - asked == wait
            post.now = NOW
        ids = [record.sent_as for record in post.records()]
        tries = [one for one in hook.received if one.id == ids[-1]]
        row.count("alerts", row.size)
        row.count("lost", len(set(ids) - {one.id for one in hook.taken}))
        row.count("sent twice", len(hook.taken) - row.size)
        row.count("bad signatures", sum(not one.is_verified for one in hook.received))
    assert [one.id for one in hook.taken] == ids
    assert all(one.is_verified for one in hook.received)
    assert len(tries) == len(faults) + 1
    assert len({one.body for one in tries}) == 1
    assert len({one.timestamp for one in tries}) == len(tries)


@pytest.mark.torture("R-05", short=1, long=20)
@pytest.mark.parametrize("way", [endless_body, flooding, hanging, resetting])
def test_a_receiver_that_never_ends_is_left_in_time(
    row: Row, post: Desk, loopback: Loopback, way: Any
) -> None:
    """Endless, silent and cut answers cost one time-out and no memory, and are tried again."""
    stranger = Stranger(way).open(loopback)
    post.queue(1, "hook")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = monotonic()
    hook = webhook(post, f"http://{stranger.place}/hook", timeout=float(row.size))
    done = post.deliver({"hook": hook})
    row.most("slowest s", monotonic() - begun)
    row.most("grown MB", (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
    (record,) = post.records()
    assert (done.retried, record.state) == (1, AlertState.DUE)
    assert monotonic() - begun < row.size + 10


@pytest.mark.torture("R-05", short=1, long=5)
def test_tls_that_fails_and_redirects_inside_send_nothing(row: Row, post: Desk) -> None:
    """A server that speaks no TLS learns nothing; a 302 to loopback is not followed."""
    with Hook(SECRET, clock=post.unix) as hook, Sink() as sink:
        post.queue(row.size, "hook")
        secure = hook.url.replace("http:", "https:")
        post.deliver({"hook": webhook(post, secure, timeout=2.0)})
        assert hook.received == ()
        hook.script(*[Redirect(f"http://127.0.0.1:{sink.port}/")] * row.size)
        post.now += SCHEDULE[1]
        post.until_settled({"hook": webhook(post, hook.url)})
        came = sink.came()
        row.count("connections inside", came)
        row.count("lost", row.size - len(hook.taken))
    assert came == 0
    assert len(hook.taken) == row.size


@pytest.mark.torture("R-05", short=3, long=100)
def test_a_receiver_down_for_76_hours_is_given_up_told_and_resent(row: Row, post: Desk) -> None:
    """Ten tries, then a dead letter and one notice elsewhere; sent again, it has its old id."""
    post.queue(row.size, "hook")
    desk = Spy()
    told = {"hook": Receiver(others=("desk",))}
    with Hook(SECRET, clock=post.unix) as hook:
        hook.script(*[Status(500)] * (10 * row.size))
        post.until_settled({"hook": webhook(post, hook.url), "desk": desk}, receivers=told)
        post.deliver({"desk": desk})
        records = post.records()
        row.span("virtual h", (post.now - NOW).total_seconds() / 3600)
        row.count("given up", sum(record.state is AlertState.DEAD for record in records))
        row.count("notices", len(desk.sent))
        assert {len(record.attempts) for record in records} == {10}
        assert {record.state for record in records} == {AlertState.DEAD}
        assert 1 <= len(desk.sent) <= 2
        with Store.open(post.path) as store:
            assert store.resend_dead(post.now, "hook") == row.size
        post.until_settled({"hook": webhook(post, hook.url)})
        assert Counter(one.id for one in hook.taken) == Counter(r.sent_as for r in records)
        row.count("lost after resend", row.size - len(hook.taken))


@pytest.mark.torture("R-05", short=3, long=200)
def test_a_receiver_that_says_goodbye_is_asked_once(row: Row, post: Desk) -> None:
    """410: nothing more goes there, its owner hears once elsewhere, nothing is lost."""
    post.queue(row.size, "hook")
    desk = Spy()
    told = {"hook": Receiver(target="here", others=("desk",))}
    with Hook(SECRET, clock=post.unix) as hook:
        hook.script(Status(410))
        for _ in range(30):
            post.deliver({"hook": webhook(post, hook.url), "desk": desk}, receivers=told)
            post.now += timedelta(hours=5)
        row.count("asked", len(hook.received))
        row.count("told elsewhere", len(desk.sent))
        assert (len(hook.received), len(desk.sent), post.notices()) == (1, 1, ["closed"])
        with Store.open(post.path) as store:
            store.open_channel("hook")
            store.resend_dead(post.now)
        post.until_settled({"hook": webhook(post, hook.url), "desk": desk}, receivers=told)
        row.count("lost", row.size - len(hook.taken))
        assert len({one.id for one in hook.taken}) == len(hook.taken) == row.size


@pytest.mark.torture("R-07", short=100, long=1000)
def test_a_letter_that_cannot_be_written_delays_no_other(row: Row, post: Desk) -> None:
    """At the head of the queue it is dead after five tries; the first good one waits no second."""
    post.queue(row.size + 1, "desk")
    poison = post.records()[0].alert.key

    def fragile(letter: Letter) -> Message:
        if letter.key == poison:
            raise KeyError("a bug in rendering")
        return render(letter)

    spy = Spy()
    begun = monotonic()
    post.deliver({"desk": spy}, render=fragile)
    delay = spy.at[0] - begun
    post.until_settled({"desk": spy}, render=fragile)
    bad = post.records()[0]
    row.count("good", len(spy.sent))
    row.count("lost", row.size - len(set(spy.sent)))
    row.most("delay of the first s", delay)
    assert (bad.state, len(bad.attempts)) == (AlertState.DEAD, 5)
    assert len(spy.sent) == len(set(spy.sent)) == row.size


@pytest.mark.torture("R-07", short=50, long=1000)
def test_a_dead_channel_delays_no_other(row: Row, post: Desk, loopback: Loopback) -> None:
    """While one receiver says nothing until its time-out, another one has everything."""
    silent = Stranger(hanging).open(loopback)
    post.queue(row.size, "hook", "desk")
    spy = Spy()
    begun = monotonic()
    hook = webhook(post, f"http://{silent.place}/hook", timeout=1.0)
    post.deliver({"hook": hook, "desk": spy})
    row.count("delivered beside it", len(spy.sent))
    row.most("first after s", spy.at[0] - begun)
    row.most("dead channel held the pass s", monotonic() - begun)
    assert len(spy.sent) == row.size
    assert len(silent.talks) == 3
    assert spy.at[0] < silent.ended()[0].until  # type: ignore[operator]


@pytest.mark.torture("R-08", short=200, long=10_000)
def test_eight_couriers_send_each_alert_once(row: Row, post: Desk) -> None:
    """Eight at once on one database, each with a name of its own."""
    post.queue(row.size, "desk")
    spies = [Spy() for _ in range(8)]

    def work(number: int) -> None:
        post.deliver({"desk": spies[number]}, owner=f"courier-{number}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    begun = monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = Counter(key for spy in spies for key in spy.sent)
    row.count("alerts", row.size)
    row.count("lost", row.size - len(sent))
    row.count("sent twice", sum(sent.values()) - len(sent))
    row.span("share of a courier", *(len(spy.sent) / row.size for spy in spies))
    row.most("seconds", monotonic() - begun)
    assert sent == Counter(record.alert.key for record in post.records())
