"""`dateline channels test`: one real message, the server's answer, or what to do."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

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
    assert f"not sent: connection refused by 127.0.0.1:{port}; check host, port" in said
    assert said.endswith("in [channel.desk]\n")
    (told,) = desk.objects("channels", "test", "desk")
    assert (told["channel"], told["taken"], told["opened"]) == ("desk", False, False)
    assert "connection refused" in told["answer"]


def test_an_unknown_channel_is_answered_with_the_known_ones(desk: Desk) -> None:
    """Without any channel, the example of the starter is named."""
    ran = desk.dateline("channels", "test", "desk")
    assert (ran.returncode, b"uncomment the example" in ran.stderr) == (2, True)
    desk.write(MAIL.format(port=25))
    ran = desk.dateline("channels", "test", "dsk")
    assert (ran.returncode, b'did you mean "desk"?' in ran.stderr) == (2, True)
