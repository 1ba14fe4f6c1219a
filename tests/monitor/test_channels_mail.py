"""Mail against a real SMTP server on loopback, scripted verb by verb."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.smtp import SMTP
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from db.errors import DeliveryError
from monitor.channels.mail import Mail
from monitor.config import MailChannel
from monitor.message import Message
from monitor.newsroom.inbox import Mailbox, Twist
from monitor.secrets import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2025, 12, 20, 9, 0, tzinfo=UTC)
KEY = "alert_00ff"
THREE = ("a@desk.example", "b@desk.example", "c@desk.example")
MESSAGE = Message(subject="[csto] Министры", text="Текст\n", html="<p>Текст</p>", data={})


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """Open a mailbox without TLS or login."""
    with Mailbox() as opened:
        yield opened


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for 127.0.0.1 that nobody else has signed; key and chain in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "mail.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def server_tls(certificate: Path) -> ssl.SSLContext:
    """Return the server's side of a TLS connection."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def channel(
    port: int,
    *,
    timeout: float = 60.0,
    deadline: float = 90.0,
    tls: ssl.SSLContext | None = None,
    **changes: Any,
) -> Mail:
    """Return a mail channel to a port of loopback."""
    fields: dict[str, Any] = {
        "name": "desk",
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "sender": "Dateline <dateline@news.example>",
        "to": ("a@desk.example",),
    }
    settings = MailChannel(**(fields | changes))
    return Mail(settings, clock=lambda: NOW, tls=tls, timeout=timeout, deadline=deadline)


def send(mail: Mail, message: Message = MESSAGE, earlier: tuple[str, ...] = ()) -> str:
    """Send one message and return the answer."""
    return asyncio.run(mail.send(message, KEY, earlier=earlier))


def refused(mail: Mail, earlier: tuple[str, ...] = ()) -> DeliveryError:
    """Send one message that is not taken and return the error."""
    with pytest.raises(DeliveryError) as caught:
        send(mail, earlier=earlier)
    return caught.value


def test_a_mail_arrives_with_its_headers(mailbox: Mailbox) -> None:
    """Both bodies, a Message-ID from the key, and the headers that keep robots quiet."""
    answer = send(channel(mailbox.port))
    assert answer == "taken by a@desk.example; 250 2.0.0 taken"
    (letter,) = mailbox.letters
    mail = letter.message
    assert mail["From"] == "Dateline <dateline@news.example>"
    assert mail["To"] == "a@desk.example"
    assert mail["Subject"] == "[csto] Министры"
    assert mail["Message-ID"] == "<alert_00ff@news.example>"
    assert mail["Date"].datetime == NOW
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Id"] == "<desk.dateline.news.example>"
    # Beyond 78 characters and without a space inside, it is folded behind its name (RFC 5322, 2.2.3).
    wish = b"<mailto:dateline@news.example?subject=unsubscribe%20from%20desk>"
    assert b"\r\nList-Unsubscribe:\r\n %s\r\n" % wish in letter.raw
    parts = {part.get_content_type(): part.get_content().strip() for part in mail.iter_parts()}
    assert parts == {"text/plain": "Текст", "text/html": "<p>Текст</p>"}
    assert all(byte < 128 for byte in letter.raw)


def test_the_same_key_gives_the_same_message_id(mailbox: Mailbox) -> None:
    """A repeat can be recognised by its Message-ID."""
    send(channel(mailbox.port))
    send(channel(mailbox.port))
    first, second = mailbox.letters
    assert first.message_id == second.message_id == "<alert_00ff@news.example>"


def test_one_message_goes_to_all_recipients(mailbox: Mailbox) -> None:
    """Three recipients are one message with three envelope recipients."""
    send(channel(mailbox.port, to=THREE))
    (letter,) = mailbox.letters
    assert letter.recipients == THREE


def test_one_bad_recipient_costs_the_others_nothing(mailbox: Mailbox) -> None:
    """R-06: 550 for one of three: the good ones get it once, and the answer names the bad one."""
    mailbox.script("RCPT", None, "550 5.1.1 no such user", None)
    error = refused(channel(mailbox.port, to=THREE))
    assert (error.permanent, error.partly) == (True, True)
    assert error.answer == (
        "taken by a@desk.example, c@desk.example; refused by b@desk.example; "
        "550 5.1.1 no such user; 250 2.0.0 taken"
    )
    (letter,) = mailbox.letters
    assert letter.recipients == ("a@desk.example", "c@desk.example")


def test_only_who_has_put_it_off_is_tried_again(mailbox: Mailbox) -> None:
    """After 250, 550 and 450 the next try, in whatever process, goes to the third alone."""
    mailbox.script("RCPT", None, "550 no", "450 greylisted")
    error = refused(channel(mailbox.port, to=THREE))
    assert not error.permanent
    assert error.answer.startswith(
        "taken by a@desk.example; refused by b@desk.example; put off by c@desk.example; 550 no"
    )
    unrelated = "not sent: TimeoutError: timed out"
    assert not error.partly
    error = refused(channel(mailbox.port, to=THREE), earlier=(error.answer, unrelated))
    assert error.partly
    assert error.answer.startswith(
        "taken by a@desk.example, c@desk.example; refused by b@desk.example; 250"
    )
    assert [letter.recipients for letter in mailbox.letters] == [
        ("a@desk.example",),
        ("c@desk.example",),
    ]


def test_a_server_s_words_cannot_pose_as_a_record(mailbox: Mailbox) -> None:
    """An answer that talks like our own record is still only the server's words."""
    mailbox.script("MAIL", "451 taken by a@desk.example; later")
    error = refused(channel(mailbox.port))
    send(channel(mailbox.port), earlier=(error.answer,))
    assert len(mailbox.letters) == 1


def test_nobody_left_to_ask_is_an_end(mailbox: Mailbox) -> None:
    """If everybody has answered for good, nothing is sent and the record decides."""
    assert send(channel(mailbox.port), earlier=("taken by a@desk.example; 250 ok",)) == (
        "taken by a@desk.example"
    )
    error = refused(channel(mailbox.port), earlier=("refused by a@desk.example; 550 no",))
    assert (error.permanent, error.partly) == (True, False)
    assert mailbox.letters == ()


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "END"])
@pytest.mark.parametrize(
    ("reply", "permanent"),
    [
        ("421 4.3.2 going down", False),
        ("450 4.2.1 busy", False),
        ("451 4.3.0 trouble", False),
        ("452 4.2.2 full", False),
        ("550 5.7.1 no", True),
        ("552 5.3.4 too big", True),
    ],
)
def test_4xx_is_later_and_5xx_is_never(
    mailbox: Mailbox, verb: str, reply: str, *, permanent: bool
) -> None:
    """R-06: what the server says of the message or its recipient decides."""
    mailbox.script(verb, reply)
    error = refused(channel(mailbox.port))
    assert error.permanent is permanent
    assert reply in error.answer
    assert mailbox.letters == ()


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "STARTTLS", "AUTH"])
def test_a_refusal_before_the_message_is_never_for_good(certificate: Path, verb: str) -> None:
    """554 or 535 before MAIL speaks of us, not of the message: it is tried again."""
    with Mailbox(login=("desk", "right"), tls=server_tls(certificate)) as careful:
        careful.script(verb, "535 5.7.8 no", "535 5.7.8 no", "535 5.7.8 no", "535 5.7.8 no")
        trust = ssl.create_default_context(cafile=str(certificate))
        login = {"username": "desk", "password": Secret("right")}
        error = refused(channel(careful.port, security="starttls", tls=trust, **login))
        assert not error.permanent
        assert "535" in error.answer or "STARTTLS extension not supported" in error.answer
        assert careful.letters == ()


def test_starttls_and_login_are_used(certificate: Path) -> None:
    """With STARTTLS and a login the letter arrives over TLS, in that name."""
    with Mailbox(login=("desk", "right"), tls=server_tls(certificate)) as careful:
        trust = ssl.create_default_context(cafile=str(certificate))
        login = {"username": "desk", "password": Secret("right")}
        send(channel(careful.port, security="starttls", tls=trust, **login))
        (letter,) = careful.letters
        assert letter.secured
        assert letter.login == "desk"


def test_a_wrong_password_is_tried_again_and_not_told(certificate: Path) -> None:
    """535 is for the owner to mend; the password stands nowhere in the answer."""
    with Mailbox(login=("desk", "right"), tls=server_tls(certificate)) as careful:
        trust = ssl.create_default_context(cafile=str(certificate))
        login = {"username": "desk", "password": Secret("hunter2")}
        error = refused(channel(careful.port, security="starttls", tls=trust, **login))
        assert not error.permanent
        assert "535" in error.answer
        assert "hunter2" not in error.answer


def test_required_tls_is_never_given_up(mailbox: Mailbox) -> None:
    """A server without STARTTLS gets nothing, not even the sender's name."""
    mailbox.script("MAIL", "250 should not be asked")
    error = refused(channel(mailbox.port, security="starttls"))
    assert not error.permanent
    assert "STARTTLS" in error.answer
    assert mailbox.next_line("MAIL") == "250 should not be asked"


def test_a_certificate_nobody_vouches_for_is_refused(certificate: Path) -> None:
    """The server must prove its name."""
    with Mailbox(tls=server_tls(certificate)) as unknown:
        error = refused(channel(unknown.port, security="starttls"))
        assert "its certificate is not trusted" in error.answer
        assert unknown.letters == ()


def test_implicit_tls_is_spoken_from_the_first_byte(certificate: Path) -> None:
    """With security "tls" the connection is TLS at once."""
    taken: list[bytes] = []

    class Taker:
        async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
            taken.append(envelope.original_content)
            return "250 taken"

    async def talk() -> str:
        server = await asyncio.get_running_loop().create_server(
            lambda: SMTP(Taker()), "127.0.0.1", 0, ssl=server_tls(certificate)
        )
        port = server.sockets[0].getsockname()[1]
        trust = ssl.create_default_context(cafile=str(certificate))
        async with server:
            return await channel(port, security="tls", tls=trust).send(MESSAGE, KEY)

    assert asyncio.run(talk()).startswith("taken by")
    assert len(taken) == 1


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("twist", [Twist.DROP, Twist.HANG])
def test_silence_and_dropped_lines_are_tried_again(
    mailbox: Mailbox, verb: str, twist: Twist
) -> None:
    """R-06: a connection that is dropped or says nothing more costs one time-out."""
    mailbox.script(verb, twist)
    error = refused(channel(mailbox.port, timeout=60.0 if twist is Twist.DROP else 0.2))
    assert not error.permanent
    assert mailbox.letters == ()


@pytest.mark.parametrize("twist", [Twist.DROP, Twist.HANG])
def test_no_answer_to_the_final_dot_means_one_repeat_at_most(
    mailbox: Mailbox, twist: Twist
) -> None:
    """R-06: nobody knows whether it was taken, so it is sent again with the same Message-ID."""
    mailbox.script("END", twist)
    error = refused(channel(mailbox.port, timeout=60.0 if twist is Twist.DROP else 2.0))
    assert not error.permanent
    send(channel(mailbox.port), earlier=(error.answer,))
    assert len({letter.message_id for letter in mailbox.letters}) == 1
    assert len(mailbox.letters) == 2


@pytest.mark.parametrize("ending", [Twist.DROP, Twist.HANG, "500 what?"])
def test_a_quit_that_fails_undoes_nothing(mailbox: Mailbox, ending: Twist | str) -> None:
    """Once the final dot is answered the mail is delivered, whatever QUIT comes to."""
    mailbox.script("QUIT", ending)
    assert send(channel(mailbox.port, timeout=2.0)).startswith("taken by")
    assert len(mailbox.letters) == 1


@pytest.mark.parametrize("verb", ["CONNECT", "RCPT", "END"])
def test_a_dialogue_ends_at_its_deadline(mailbox: Mailbox, verb: str) -> None:
    """A server that keeps us waiting within each step is left at the deadline."""
    mailbox.script(verb, Twist.HANG)
    error = refused(channel(mailbox.port, timeout=60.0, deadline=0.2))
    assert not error.permanent


def test_nobody_listening_is_tried_again() -> None:
    """A port without a server is an answer like any other."""
    with Mailbox() as gone:
        port = gone.port
    assert not refused(channel(port)).permanent
