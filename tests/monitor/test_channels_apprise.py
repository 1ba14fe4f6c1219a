"""Apprise through a real child, to a real server on loopback: answers, limits, the guard."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.errors import DeliveryError
from monitor.channels.apprise import Apprise, guard
from monitor.channels.registry import build
from monitor.config import AppriseChannel
from monitor.message import Message
from monitor.newsroom.faults import Hang, Redirect, Status
from monitor.newsroom.hook import Hook
from monitor.secrets import Secret
from spiders.extras import missing
from tests.sinks import Sink

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUSE = Path(__file__).parents[2]
MESSAGE = Message(subject="[csto] Министры", text="Текст\n", html="<p>Текст</p>", data={})


@pytest.fixture
def hook() -> Iterator[Hook]:
    """Open a receiver that takes everything."""
    with Hook() as opened:
        yield opened


def channel(url: str, *, allow: tuple[str, ...] = (), timeout: float = 60.0) -> Apprise:
    """Return a channel of Apprise."""
    settings = AppriseChannel(name="phone", url=Secret(url))
    return Apprise(settings, allow=frozenset(allow), timeout=timeout)


def place(hook: Hook) -> str:
    """Return host and port of a receiver."""
    return hook.url.split("/")[2]


def refused(phone: Apprise) -> DeliveryError:
    """Send one message that is not taken and return the error."""
    with pytest.raises(DeliveryError) as caught:
        asyncio.run(phone.send(MESSAGE, "key"))
    assert not caught.value.permanent
    return caught.value


def test_a_message_arrives(hook: Hook) -> None:
    """Title and text, through a service that the config's allow-list opens."""
    phone = channel(f"json://{place(hook)}/s3cretpath", allow=(place(hook),))
    assert asyncio.run(phone.send(MESSAGE, "key")) == "taken by json"
    (received,) = hook.received
    body = json.loads(received.body)
    assert (body["title"], body["message"].strip()) == ("[csto] Министры", "Текст")


def test_a_text_longer_than_the_service_takes_arrives_in_parts(hook: Hook) -> None:
    """Handed on whole it would be refused, again and again; nothing of it is cut off either."""
    words = [f"word{number}" for number in range(1200)]
    long = replace(MESSAGE, text=" ".join(words))
    hook.script(*[Status(200)] * 9)
    phone = channel(f"mmost://{place(hook)}/3ccdd113474722377935511fc85d3dd4", allow=(place(hook),))
    asyncio.run(phone.send(long, "key"))
    parts = [json.loads(received.body)["text"] for received in hook.received]
    assert len(parts) > 1
    assert all(len(part) <= 4000 for part in parts)
    assert re.findall(r"word\d+", " ".join(parts)) == words


def test_an_address_may_say_what_becomes_of_a_long_text(hook: Hook) -> None:
    """Apprise's own `overflow` in the address counts before ours."""
    hook.script(Status(200))
    url = f"mmost://{place(hook)}/3ccdd113474722377935511fc85d3dd4?overflow=truncate"
    phone = channel(url, allow=(place(hook),))
    asyncio.run(phone.send(replace(MESSAGE, text="word " * 1200), "key"))
    (only,) = hook.received
    assert len(json.loads(only.body)["text"]) <= 4000


def test_an_error_says_why_and_holds_no_secret(hook: Hook) -> None:
    """A bool becomes an answer: what Apprise logged, without any part of the address."""
    hook.script(Status(500))
    error = refused(channel(f"json://user:hunter22@{place(hook)}/s3cret", allow=(place(hook),)))
    assert error.answer.startswith("json: ")
    assert "500" in error.answer
    for secret in ("hunter22", "s3cret"):
        assert secret not in error.answer


def test_an_address_apprise_does_not_know_is_told() -> None:
    """A mistyped service costs no traceback."""
    error = refused(channel("nosuch://token1234/"))
    assert error.answer.startswith("nosuch: ")
    assert "token1234" not in error.answer


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0x7f.1", "2130706433"])
def test_no_private_address_is_spoken_to(host: str) -> None:
    """R-22: whatever the spelling, the private sink sees no connection."""
    with Sink() as sink:
        refused(channel(f"json://{host}:{sink.port}/"))
        assert sink.came() == 0


def test_a_redirect_leads_to_no_private_address(hook: Hook) -> None:
    """The guard looks at each connection, so also at those that a server sends us to."""
    with Sink() as sink:
        hook.script(*[Redirect(f"http://127.0.0.1:{sink.port}/", 307)] * 3)
        refused(channel(f"json://{place(hook)}/", allow=(place(hook),)))
        assert sink.came() == 0


def test_a_service_that_hangs_is_cut(hook: Hook) -> None:
    """The child is killed at the deadline; the address is not shown."""
    hook.script(*[Hang()] * 3)
    phone = channel(f"json://{place(hook)}/s3cret", allow=(place(hook),), timeout=2.0)
    assert refused(phone).answer == "json came to no end within 2 s"


def test_proxies_from_the_environment_are_not_used(
    hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy variable of the machine does not lead alerts elsewhere."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    phone = channel(f"json://{place(hook)}/", allow=(place(hook),))
    assert asyncio.run(phone.send(MESSAGE, "key")) == "taken by json"


def test_no_service_speaks_to_a_program_of_this_machine() -> None:
    """Apprise knows some that do: here they cannot."""
    error = refused(channel("syslog://"))
    assert error.answer.startswith("syslog: programs of this machine are not spoken to")


@pytest.mark.parametrize(
    ("event", "args"),
    [
        ("subprocess.Popen", ("sh", ["sh"], None, None)),
        ("os.system", (b"sh",)),
        ("socket.connect", (None, "/run/docker.sock")),
        ("socket.connect", (None, ("10.0.0.1", 80))),
        ("socket.connect", (None, ("fe80::1%eth0", 80, 0, 2))),
        ("socket.sendto", (None, ("169.254.169.254", 53))),
    ],
)
def test_the_guard_refuses(event: str, args: tuple[object, ...]) -> None:
    """Programs, sockets of this machine, and every address that is not public."""
    noted: list[str] = []
    with pytest.raises(PermissionError):
        guard(frozenset(), noted.append)(event, args)
    assert len(noted) == 1


def test_the_guard_lets_public_and_allowed_addresses_pass() -> None:
    """An entry of the allow-list opens exactly that one; other events are none of its business."""
    hook = guard(frozenset({"10.0.0.1:80"}), str)
    hook("socket.connect", (None, ("93.184.215.14", 443)))
    hook("socket.connect", (None, ("10.0.0.1", 80)))
    hook("open", ("/etc/passwd", "r", 0))
    with pytest.raises(PermissionError):
        hook("socket.connect", (None, ("10.0.0.1", 81)))


def test_the_registry_makes_it() -> None:
    """It is a kind of channel like the others."""
    settings = AppriseChannel(name="phone", url=Secret("ntfy://topic"))
    (built,) = build((settings,), clock=lambda: None).values()  # type: ignore[arg-type, return-value]
    assert (built.name, type(built)) == ("phone", Apprise)


# An interpreter in which the extra is not installed.
BARE = """
import runpy, sys
from importlib.machinery import PathFinder

class Without(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name.partition(".")[0] != "apprise":
            return super().find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = Without
sys.argv = sys.argv[1:]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""


def without_the_extra(folder: Path, module: str, *arguments: str, given: str = "") -> str:
    """Run a module where apprise is not installed; return all it said."""
    done = subprocess.run(
        [sys.executable, "-c", BARE, module, *arguments],
        cwd=folder,
        input=given,
        capture_output=True,
        check=False,
        timeout=60,
        text=True,
        env={**os.environ, "PYTHONPATH": str(HOUSE), "PHONE": "ntfy://topic"},
    )
    return done.stdout + done.stderr


MISSING = f"the extra [apprise] is not installed: {sys.executable} -m pip install apprise"


def test_without_the_extra_the_config_says_what_to_install(tmp_path: Path) -> None:
    """Before anything starts; nothing else needs it, nor do commands that only read."""
    config = '[source.tass]\nkind = "tass"\nurls = ["https://tass.com/world"]\n'
    (tmp_path / "dateline.toml").write_text(config)
    assert "apprise" not in without_the_extra(tmp_path, "monitor.cli", "check")
    config += '[channel.phone]\nkind = "apprise"\nurl = "env:PHONE"\n'
    (tmp_path / "dateline.toml").write_text(config)
    said = without_the_extra(tmp_path, "monitor.cli", "check")
    assert MISSING in said
    assert "No items yet" in without_the_extra(tmp_path, "monitor.cli", "items")


def test_the_documents_know_the_command_that_brings_the_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is said where pipx made the environment stands in the documents and in the starter."""
    monkeypatch.setattr(sys, "prefix", "/home/me/.local/share/pipx/venvs/dateline")
    said = missing("apprise", "apprise").partition(": ")[2]
    assert said == "pipx inject dateline apprise"
    for name in ("docs/configuration.md", "monitor/starter.toml"):
        assert said in (HOUSE / name).read_text(encoding="utf-8")


def test_the_extra_may_vanish_while_the_daemon_runs(tmp_path: Path) -> None:
    """Then the child says so, and the message is tried again."""
    order = json.dumps({"url": "ntfy://topic", "title": "t", "body": "b", "allow": []})
    said = without_the_extra(tmp_path, "monitor.channels.apprise", given=order)
    assert said == MISSING
