"""Mail headers under hostile words: exactly our recipients and headers, whatever the title."""

from __future__ import annotations

import asyncio
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channels.mail import Mail
from monitor.message import Message
from monitor.newsroom.inbox import Mailbox
from tests.monitor.courier import NOW, mail_to

if TYPE_CHECKING:
    from email.message import EmailMessage

KEY = "alert_00ff"


def channel(port: int, *to: str) -> Mail:
    """Return a mail channel to a port of loopback."""
    return Mail(mail_to(port, *to), clock=lambda: NOW)


@pytest.mark.parametrize(
    "subject",
    [
        "[csto] x\r\nBcc: spy@evil.example",
        "x\nTo: spy@evil.example\n\nbody",
        "x\u2028Bcc: spy@evil.example",
        "x\u0085Bcc: spy@evil.example",
        "a" * 3000,
        "Ω" * 3000,
        "      ",
        "",
        "=?utf-8?q?x=0D=0ABcc:_spy@evil.example?=",
    ],
)
def test_no_title_adds_a_header_or_a_recipient(subject: str) -> None:
    """R-16: exactly our recipients and headers, and no line longer than SMTP allows."""
    hostile = Message(subject=subject, text=f"{subject}\r\n.\r\nQUIT\r\n", html=subject, data={})
    with Mailbox() as mailbox:
        asyncio.run(channel(mailbox.port).send(hostile, KEY))
        (letter,) = mailbox.letters
    assert letter.recipients == ("a@desk.example",)
    assert sorted(letter.message.keys()) == sorted(
        (
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "List-Id",
            "List-Unsubscribe",
            "MIME-Version",
            "Content-Type",
        )
    )
    assert max(map(len, letter.raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("length", range(50, 100))
@pytest.mark.parametrize("word", ["word", "Ω", "x" * 60, "граница", "Tâm"])
def test_a_subject_begins_on_the_line_of_its_name(length: int, word: str) -> None:
    """However long, so that a filter finds `Subject: [`; what it says is the same."""
    subject = f"[guards] {f'{word} ' * 30}"[:length].strip()
    mail = channel(25).compose(Message(subject=subject, text="t", html="h", data={}), KEY)
    lines = mail.as_bytes().partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert [line[:10] for line in lines if line.startswith(b"Subject")] == [b"Subject: ["]
    assert max(map(len, lines)) <= 78
    raw = message_from_bytes(mail.as_bytes(), policy=policy.compat32)["Subject"]
    assert str(make_header(decode_header(raw.replace("\r\n", "")))) == subject


@pytest.mark.parametrize("subject", ["Граница закрыта", "«CSTO» meets", "Ω" * 200, "é"])
def test_a_subject_stands_one_space_behind_its_name(subject: str) -> None:
    """Also where its first word is not ASCII; it was written with two."""
    mail = channel(25).compose(Message(subject=subject, text="t", html="h", data={}), KEY)
    lines = mail.as_bytes().partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert [line[:11] for line in lines if line.startswith(b"Subject")] == [b"Subject: =?"]
    assert max(map(len, lines)) <= 78
    raw = message_from_bytes(mail.as_bytes(), policy=policy.compat32)["Subject"]
    assert str(make_header(decode_header(raw.replace("\r\n", "")))) == subject


def test_a_reply_names_the_first_message_of_its_thread() -> None:
    """What follows an alert of the same story stands below it in a mail program (RFC 5322)."""
    first = channel(25).compose(Message(subject="s", text="t", html="h", data={}), "alert_1")
    reply = Message(subject="s", text="t", html="h", data={}, thread="alert_1")
    mail = channel(25).compose(reply, "alert_2")
    assert mail["In-Reply-To"] == mail["References"] == first["Message-ID"]
    assert mail["Message-ID"] != first["Message-ID"]
    assert first["In-Reply-To"] is None


@pytest.mark.torture("R-16", short=100, long=10_000)
@given(subject=st.text(st.characters()), text=st.text(st.characters(exclude_categories=["Cs"])))
def test_any_subject_makes_a_mail_of_our_headers(subject: str, text: str) -> None:
    """R-14, R-16: whatever the subject, the mail has our headers and no others."""
    mail = channel(25).compose(Message(subject=subject, text=text, html=text, data={}), KEY)
    parsed: EmailMessage = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert parsed["To"] == "a@desk.example"
    assert parsed["Bcc"] is None
    assert len(parsed.keys()) == 10
    assert all(byte < 128 for byte in mail.as_bytes())


@pytest.mark.parametrize("address", ["", "nobody", "a@", "@b", "a b@c.example", "ю@c.example"])
def test_an_address_that_is_none_is_refused_at_once(address: str) -> None:
    """A channel cannot be made with an address that no server would take."""
    with pytest.raises(ValueError, match="not a mail address"):
        channel(25, address)


def test_a_domain_of_other_letters_is_written_as_dns_has_it() -> None:
    """An international domain travels in its ASCII form."""
    plain = Message(subject="s", text="t", html="h", data={})
    mail = channel(25, "desk@новости.example").compose(plain, KEY)
    assert mail["To"] == "desk@xn--b1amnebsh.example"
