"""`dateline channels test`: one real message, the server's answer, or what to do."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from monitor.commands.channels import keys_to_check
from monitor.config import MailChannel, WebhookChannel
from monitor.newsroom.hook import Hook
from monitor.newsroom.inbox import Mailbox

if TYPE_CHECKING:
    from conftest import Desk

MAIL = """
[channel.desk]
kind = "mail"
host = "127.0.0.1"
port = {port}
security = "none"
from = "dateline@news.example"
to = ["desk@news.example"]
"""
HOOK = '[channel.hook]\nkind = "webhook"\nurl = "{url}"\n'
SECRET = "whsec_ZGF0ZWxpbmUgdGVzdCBzZWNyZXQgMjQgYnl0ZXM="


def test_a_mail_arrives_and_the_answer_is_printed(desk: Desk) -> None:
    """One message, clearly a test, and what the server said of it."""
    with Mailbox() as mailbox:
        desk.write(MAIL.format(port=mailbox.port))
        ran = desk.dateline("channels", "test", "desk")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.decode().startswith("desk: taken by desk@news.example; 250 ")
    (letter,) = mailbox.letters
    assert letter.message["Subject"] == "[dateline] test of the channel desk"


def test_a_webhook_gets_a_message_of_its_own_type(desk: Desk) -> None:
    """A receiver of alerts does not take it for one; it is signed like them."""
    with Hook(SECRET) as hook:
        (desk.folder / "hook.secret").touch(mode=0o600)
        (desk.folder / "hook.secret").write_text(SECRET)
        desk.write(HOOK.format(url=hook.url) + 'secret = "file:hook.secret"\n')
        config = desk.folder / "dateline.toml"
        place = hook.url.split("/")[2]
        config.write_text(config.read_text().replace("allow = [", f'allow = ["{place}", '))
        ran = desk.dateline("channels", "test", "hook")
    assert (ran.returncode, ran.stderr) == (0, b"")
    (taken,) = hook.taken
    assert (taken.data["type"], taken.data["data"]) == ("channel.test", {"channel": "hook"})


def test_a_channel_that_does_not_work_says_where_why_and_what_to_do(desk: Desk) -> None:
    """Host and port, a plain reason, the keys to look at; exit 1."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    desk.write(MAIL.format(port=port))
    ran = desk.dateline("channels", "test", "desk")
    said = ran.stderr.decode()
    assert (ran.returncode, ran.stdout) == (1, b"")
    assert f"not sent: connection refused by 127.0.0.1:{port}; check host and port in " in said
    assert said.endswith("in [channel.desk]\n")
    (told,) = desk.objects("channels", "test", "desk")
    assert (told["channel"], told["taken"], told["opened"]) == ("desk", False, False)
    assert "connection refused" in told["answer"]


@pytest.mark.parametrize(
    ("answer", "keys"),
    [
        ("not sent: mx.example:587: 535 5.7.8 wrong password.", "username and password"),
        ("not sent: mx.example:587: 530 Must issue STARTTLS", "username and password"),
        ("refused by a@x.example; 550 5.1.1 no such user", "to and from"),
        ("put off by a@x.example; 450 greylisted", "to and from"),
        ("not sent: connection refused by mx.example:587", "host and port"),
        ("not sent: no DNS answer for mx.example", "host and port"),
        ("not sent: mx.example:587: its certificate is not trusted", "security, host and port"),
        ("not sent: STARTTLS extension not supported by server.", "security, host and port"),
        ("not sent: mx.example:25: 554 go away", "host, port and security"),
    ],
)
def test_a_hint_names_the_keys_that_may_be_wrong(answer: str, keys: str) -> None:
    """By what a mail was answered; of a webhook only the address is in question."""
    mail = MailChannel(
        name="desk", host="h", port=1, security="none", sender="a@x.example", to=("b@x.example",)
    )
    assert keys_to_check(mail, answer) == f"{keys} in [channel.desk]"
    hook = WebhookChannel(name="hook", url="https://h.example/")
    assert keys_to_check(hook, answer) == "url in [channel.hook]"


def test_a_recipient_who_refuses_the_test_is_named_and_quiet_hours_are_told(desk: Desk) -> None:
    """Exit 1 although the other took it; the test itself does not wait for the end of a night."""
    with Mailbox() as mailbox:
        text = MAIL.format(port=mailbox.port) + 'timezone = "UTC"\nquiet = "22:00..07:00"\n'
        desk.write(text.replace('"desk@news.example"', '"a@news.example", "b@news.example"'))
        mailbox.script("RCPT", None, "550 5.1.1 no such user.")
        ran = desk.dateline("channels", "test", "desk")
        assert ran.returncode == 1
        said = ran.stderr.decode()
        assert "taken by a@news.example; refused by b@news.example; 550" in said
        assert said.endswith("; check to and from in [channel.desk]\n")
        assert ".;" not in said
        told = desk.dateline("channels", "test", "desk").stdout.decode().splitlines()
    assert told[1] == (
        "Alerts and notices for desk wait for the end of its quiet hours, 22:00..07:00 UTC; "
        "this test did not."
    )


def test_an_unknown_channel_is_answered_with_the_known_ones(desk: Desk) -> None:
    """Without any channel, the example of the starter is named."""
    ran = desk.dateline("channels", "test", "desk")
    assert (ran.returncode, b"uncomment the example" in ran.stderr) == (2, True)
    desk.write(MAIL.format(port=25))
    ran = desk.dateline("channels", "test", "dsk")
    assert (ran.returncode, b'did you mean "desk"?' in ran.stderr) == (2, True)
