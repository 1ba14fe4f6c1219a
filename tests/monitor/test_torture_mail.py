"""R-06: SMTP servers that refuse, stall and hang up at every word, and who has what in the end."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from db.telling import AlertState
from monitor.channels.mail import Mail
from monitor.config import MailChannel
from monitor.deliver import Receiver
from monitor.newsroom.inbox import Mailbox, Twist
from monitor.patience import SCHEDULE
from monitor.secrets import Secret
from tests.monitor.courier import NOW, Desk

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from monitor.newsroom.inbox import Letter
    from tests.rows import Row

pytestmark = pytest.mark.timeout(1800)
THREE = ("a@desk.example", "b@desk.example", "c@desk.example")
LATER = ("421 4.3.2 going down", "450 4.2.1 busy", "451 4.3.0 trouble", "452 4.2.2 full")
NEVER = ("550 5.7.1 no", "552 5.3.4 too big")


@pytest.fixture
def post(tmp_path: Path) -> Desk:
    """Return a desk without alerts."""
    return Desk(tmp_path / "dateline.db")


def mail(post: Desk, box: Mailbox, **changes: object) -> Mail:
    """Return a mail channel to a mailbox on loopback."""
    fields = {"host": "127.0.0.1", "port": box.port, "security": "none", "to": THREE}
    settings = MailChannel(name="desk", sender="dateline@news.example", **(fields | changes))  # type: ignore[arg-type]
    return Mail(settings, clock=post.clock, timeout=1.0)


def copies(letters: Sequence[Letter]) -> Counter[tuple[str, str]]:
    """Count what each recipient got, by Message-ID."""
    return Counter((to, letter.message_id) for letter in letters for to in letter.recipients)


def tell(row: Row, post: Desk, box: Mailbox, wanted: Sequence[str]) -> Counter[tuple[str, str]]:
    """Leave in the row what was lost and what came twice."""
    got = copies(box.letters)
    ids = [f"<{record.sent_as}@news.example>" for record in post.records()]
    row.count("mails due", len(ids) * len(wanted))
    row.count("lost", sum((to, mid) not in got for to in wanted for mid in ids))
    row.count("came twice", sum(got.values()) - len(got))
    return got


@pytest.mark.torture("R-06", short=1, long=10)
@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "END"])
@pytest.mark.parametrize("reply", LATER)
def test_4xx_is_tried_again_and_arrives_once(row: Row, post: Desk, verb: str, reply: str) -> None:
    """Whatever it was said to, each of three has each mail once, at the second try."""
    post.queue(row.size, "desk")
    with Mailbox() as box:
        box.script(verb, reply)
        post.until_settled({"desk": mail(post, box)})
        got = tell(row, post, box, THREE)
    assert len(got) == 3 * row.size
    assert set(got.values()) == {1}
    assert post.now == NOW + SCHEDULE[1]


@pytest.mark.torture("R-06", short=2, long=10)
@pytest.mark.parametrize("verb", ["MAIL", "DATA", "END"])
@pytest.mark.parametrize("reply", NEVER)
def test_5xx_is_dead_at_once(row: Row, post: Desk, verb: str, reply: str) -> None:
    """The refused mail is given up with the server's words; the next one goes its way."""
    post.queue(row.size, "desk")
    with Mailbox() as box:
        box.script(verb, reply)
        done = post.deliver({"desk": mail(post, box)})
        letters = box.letters
    first = post.records()[0]
    row.count("dead at once", done.dead)
    row.count("mails", done.sent)
    assert (done.dead, done.sent, done.retried) == (1, row.size - 1, 0)
    assert (first.state, reply in first.attempts[-1].answer) == (AlertState.DEAD, True)
    assert set(copies(letters).values()) == {1}


@pytest.mark.torture("R-06", short=2, long=50)
def test_550_for_one_of_three_costs_the_others_nothing(row: Row, post: Desk) -> None:
    """The good ones once, the bad one never, and the ledger names it."""
    post.queue(row.size, "desk")
    with Mailbox() as box:
        box.script("RCPT", *[None, "550 5.1.1 no such user", "450 greylisted"] * row.size)
        elsewhere = {"desk": Receiver(others=("owner",))}
        post.until_settled({"desk": mail(post, box)}, receivers=elsewhere)
        got = tell(row, post, box, (THREE[0], THREE[2]))
    assert {to for to, _ in got} == {THREE[0], THREE[2]}
    assert set(got.values()) == {1}
    assert len(got) == 2 * row.size
    for record in post.records():
        assert "refused by b@desk.example" in record.attempts[-1].answer
        assert record.state is AlertState.SENT
    assert post.notices() == ["refused"]


@pytest.mark.torture("R-06", short=1, long=20)
@pytest.mark.parametrize("twist", [Twist.DROP, Twist.HANG])
@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "END"])
def test_a_server_that_hangs_up_or_stalls_loses_nothing(
    row: Row, post: Desk, verb: str, twist: Twist
) -> None:
    """At each word; only after the final dot may a mail come twice, with the same Message-ID."""
    post.queue(row.size, "desk")
    with Mailbox() as box:
        box.script(verb, twist)
        post.until_settled({"desk": mail(post, box)})
        got = tell(row, post, box, THREE)
    assert len(got) == 3 * row.size
    again = sum(got.values()) - len(got)
    assert again == (3 if verb == "END" else 0)


@pytest.mark.torture("R-06", short=2, long=20)
def test_required_tls_is_never_given_up(row: Row, post: Desk) -> None:
    """76 hours without STARTTLS: not a word of the message, nor the login, goes out in clear."""
    post.queue(row.size, "desk")
    login = {"username": "desk", "password": Secret("right")}
    with Mailbox() as box:
        post.until_settled({"desk": mail(post, box, security="starttls", **login)})
        said = set(box.heard)
        row.count("tries", sum(len(record.attempts) for record in post.records()))
        row.count("words in clear", len(said & {"AUTH", "MAIL", "RCPT", "DATA"}))
    assert said == {"CONNECT", "EHLO", "QUIT"}
    assert {record.state for record in post.records()} == {AlertState.DEAD}
    assert post.now - NOW == sum(SCHEDULE, timedelta())


@pytest.mark.torture("R-06", short=2, long=20)
def test_a_refused_login_waits_for_its_owner(row: Row, post: Desk) -> None:
    """535 is no judgement on the mail: once the password is right, each has it once."""
    post.queue(row.size, "desk")
    with Mailbox(login=("desk", "right")) as box:
        wrong = {"username": "desk", "password": Secret("wrong")}
        post.deliver({"desk": mail(post, box, **wrong)})
        assert box.letters == ()
        post.now += SCHEDULE[1]
        right = {"username": "desk", "password": Secret("right")}
        post.until_settled({"desk": mail(post, box, **right)})
        got = tell(row, post, box, THREE)
    assert "535" in post.records()[0].attempts[0].answer
    assert len(got) == 3 * row.size
    assert set(got.values()) == {1}
