"""The mailbox, spoken to by the standard library's SMTP client."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage

import pytest

from monitor.newsroom.inbox import Letter, Mailbox, Twist


def letter(subject: str = "Hello") -> EmailMessage:
    """Make a message."""
    message = EmailMessage()
    message["From"] = "dateline@example.org"
    message["To"] = "desk@example.org"
    message["Subject"] = subject
    message["Message-ID"] = "<key-1@example.org>"
    message.set_content("Новости дня\n")
    return message


def send(mailbox: Mailbox, message: EmailMessage, *recipients: str) -> object:
    """Deliver a message as a mail program would; return who was refused."""
    with smtplib.SMTP(mailbox.host, mailbox.port, timeout=10) as client:
        return client.sendmail(
            "dateline@example.org",
            recipients or ("desk@example.org",),
            message.as_bytes(),
        )


def only(mailbox: Mailbox) -> Letter:
    """Return the only letter."""
    (one,) = mailbox.letters
    return one


def test_letter_keeps_envelope_and_message(mailbox: Mailbox) -> None:
    """What was sent is there, apart from the envelope that carried it."""
    send(mailbox, letter("Новость"), "a@example.org", "b@example.org")
    assert mailbox.wait_for(1)
    taken = only(mailbox)
    assert taken.sender == "dateline@example.org"
    assert taken.recipients == ("a@example.org", "b@example.org")
    assert taken.message["Subject"] == "Новость"
    assert taken.message_id == "<key-1@example.org>"
    assert (taken.login, taken.secured) == (None, False)


def test_letter_prints_as_a_reader_would_see_it(mailbox: Mailbox) -> None:
    """Printed, a letter shows its headers and its plain text."""
    send(mailbox, letter())
    shown = str(only(mailbox))
    assert "Subject: Hello\nMessage-ID: <key-1@example.org>\n\nНовости дня" in shown


def test_letter_without_text_or_id_prints_too() -> None:
    """A message with neither body nor id is no reason to fail."""
    empty = Letter(
        sender="",
        recipients=(),
        raw=b"From: a\r\nContent-Type: image/png\r\n\r\n",
        login=None,
        secured=False,
    )
    assert empty.message_id == ""
    assert str(empty).startswith("From: a")


@pytest.mark.parametrize(
    ("verb", "line", "code"),
    [
        ("MAIL", "451 4.3.0 later", 451),
        ("DATA", "552 5.3.4 too big", 552),
        ("END", "450 4.2.0 later", 450),
        ("CONNECT", "421 4.3.2 closing", 421),
    ],
)
def test_scripted_reply_refuses_once(mailbox: Mailbox, verb: str, line: str, code: int) -> None:
    """A verb answers as scripted, then as usual; what was refused is not kept."""
    mailbox.script(verb, line)
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        send(mailbox, letter())
    assert refused.value.smtp_code == code
    assert mailbox.letters == ()
    send(mailbox, letter())
    assert len(mailbox.letters) == 1


def test_one_recipient_of_three_refused(mailbox: Mailbox) -> None:
    """The script goes on from one use of a verb to the next."""
    mailbox.script("RCPT", None, "550 5.1.1 unknown")
    refused = send(mailbox, letter(), "a@example.org", "b@example.org", "c@example.org")
    assert refused == {"b@example.org": (550, b"5.1.1 unknown")}
    assert only(mailbox).recipients == ("a@example.org", "c@example.org")


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA"])
def test_dropped_connection_takes_nothing(mailbox: Mailbox, verb: str) -> None:
    """A connection dropped before the final dot leaves no letter."""
    mailbox.script(verb, Twist.DROP)
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        send(mailbox, letter())
    assert mailbox.letters == ()


def test_dropped_after_the_final_dot_is_taken_untold(mailbox: Mailbox) -> None:
    """The sender cannot know that this letter was taken: its repeat is a duplicate."""
    mailbox.script("END", Twist.DROP)
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        send(mailbox, letter())
    send(mailbox, letter())
    assert [one.message_id for one in mailbox.letters] == ["<key-1@example.org>"] * 2


@pytest.mark.parametrize("verb", ["CONNECT", "STARTTLS", "AUTH", "QUIT", "END"])
def test_silence_ends_with_the_mailbox(verb: str) -> None:
    """A verb may be left without an answer; stopping the mailbox ends that conversation."""
    said = {
        "CONNECT": "",
        "STARTTLS": "EHLO me\r\nSTARTTLS\r\n",
        "AUTH": "EHLO me\r\nAUTH PLAIN AGEAYg==\r\n",
        "QUIT": "QUIT\r\n",
        "END": "HELO me\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<d@e.f>\r\nDATA\r\nx\r\n.\r\n",
    }
    before = threading.active_count()
    mailbox = Mailbox(login=("desk", "pass"))
    mailbox.start()
    mailbox.script(verb, Twist.HANG)
    with (
        socket.create_connection((mailbox.host, mailbox.port), timeout=10) as visitor,
        ThreadPoolExecutor(1) as beside,
    ):
        visitor.sendall(said[verb].encode())
        rest = beside.submit(everything, visitor)
        assert mailbox.wait_for_verb(verb)
        mailbox.stop()
        assert b"250 2.0.0 taken" not in rest.result(10)
    assert mailbox.heard[0] == "CONNECT"
    assert threading.active_count() == before


def everything(visitor: socket.socket) -> bytes:
    """Read until the other side ends the connection, politely or not."""
    read = b""
    with contextlib.suppress(ConnectionResetError):
        while part := visitor.recv(4096):
            read += part
    return read


def test_visitor_at_the_door_is_not_forgotten() -> None:
    """Whoever connects in the moment of stopping is told at once that it is over."""
    for _ in range(30):
        mailbox = Mailbox()
        mailbox.start()
        with socket.create_connection((mailbox.host, mailbox.port), timeout=10) as visitor:
            mailbox.stop()
            everything(visitor)


def test_login_is_checked_and_noted() -> None:
    """The one login it knows opens it, another does not."""
    with Mailbox(login=("desk", "pass")) as mailbox:
        with smtplib.SMTP(mailbox.host, mailbox.port, timeout=10) as client:
            with pytest.raises(smtplib.SMTPAuthenticationError):
                client.login("desk", "wrong")
            client.login("desk", "pass")
            client.send_message(letter())
        assert only(mailbox).login == "desk"


def test_no_login_is_offered_where_none_is_known(mailbox: Mailbox) -> None:
    """Without a login the mailbox does not speak of AUTH."""
    with smtplib.SMTP(mailbox.host, mailbox.port, timeout=10) as client:
        client.ehlo()
        assert not client.has_extn("auth")


def test_unknown_verb_is_a_mistake(mailbox: Mailbox) -> None:
    """A script is for a verb that exists."""
    with pytest.raises(KeyError):
        mailbox.script("HELLO", "250 hi")


def test_waiting_ends_without_letters(mailbox: Mailbox) -> None:
    """Waiting for what does not come ends at its time."""
    assert not mailbox.wait_for(1, timeout=0.01)
