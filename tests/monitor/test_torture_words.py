"""R-14 from the article to the wire, and R-18: any text in any field, any accident to a config."""

from __future__ import annotations

import asyncio
import json
import random
import re
import string
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import ConfigError
from db.model import (
    UNKNOWN_DATELINE,
    Article,
    Basis,
    ChangeKind,
    Dateline,
    Entry,
    Precision,
    TextBasis,
    TitleBasis,
)
from db.telling import Alert, Letter, Passage
from monitor.channels.mail import Mail
from monitor.channels.webhook import Webhook
from monitor.config import WebhookChannel
from monitor.config_file import load
from monitor.letter import render as render_letter
from monitor.message import render
from monitor.newsroom.hook import Hook
from monitor.newsroom.inbox import Mailbox
from monitor.secrets import Secret
from tests.monitor.courier import mail_to

NOW = datetime(2025, 12, 20, 9, 5, tzinfo=UTC)
KEY = "alert_00ff"
SECRET = "whsec_ZGF0ZWxpbmUtdGVzdC1zZWNyZXQtMzItYnl0ZXMh"
HEADERS = 10
NASTY = (
    "]]>", "&#0;", "&#xFFFF;", "\x00", "\x85", "\ufffe", "\ud800", "\udfff", "\u202e", "\u2028",
    "\r\nBcc: spy@evil.example", "\n.\r\n", "=?utf-8?q?=0D=0ABcc:_x?=", "<script>alert(1)</script>",
    "javascript:alert(1)", "//evil.example", "https://[::1", 'https://x.example/"onclick="x',
    "https://good.example/?a=1&b=2", "", "   ", "Ω" * 3000, "x" * 1200, "e\u0301" * 500, "👨\u200d👩",
)  # fmt: skip
TEXT = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(), max_size=40),
    st.lists(st.sampled_from(NASTY), max_size=4).map("".join),
)
MAYBE = st.none() | TEXT
SOME = st.lists(TEXT, max_size=3).map(tuple)
DATELINES = st.just(UNKNOWN_DATELINE) | st.builds(
    Dateline,
    when=st.just(NOW),
    precision=st.sampled_from((Precision.SECOND, Precision.MINUTE, Precision.DAY)),
    basis=st.sampled_from(Basis),
    zone=MAYBE,
    zone_stated=st.booleans(),
    place=MAYBE,
    raw=MAYBE,
)
ARTICLES = st.builds(
    Article,
    url=MAYBE,
    source=TEXT,
    title=TEXT,
    title_basis=st.sampled_from(TitleBasis),
    text=TEXT,
    text_basis=st.sampled_from(TextBasis),
    dateline=DATELINES,
    guid=MAYBE,
    summary=TEXT,
    section=MAYBE,
    authors=SOME,
    language=MAYBE,
    tags=SOME,
    attachments=SOME,
)
PASSAGES = st.builds(
    Passage, field=TEXT, excerpt=TEXT, start=st.integers(0, 50), end=st.integers(0, 50)
)
ALERTS = st.builds(
    Alert,
    key=st.just(KEY),
    watch=TEXT,
    channel=st.just("desk"),
    query=TEXT,
    kind=st.sampled_from(ChangeKind),
    entry=st.builds(
        Entry,
        article=ARTICLES,
        feed_id=st.just("tag:dateline.example,2025:1"),
        first_seen=st.just(NOW),
        changed_at=st.just(NOW),
        edits=st.integers(0, 3),
    ),
    fields=SOME,
    passages=st.lists(PASSAGES, max_size=3).map(tuple),
    created_at=st.just(NOW),
)


def mail(port: int) -> Mail:
    """Return a mail channel to a port of loopback."""
    return Mail(mail_to(port), clock=lambda: NOW)


@pytest.mark.torture("R-14", short=60, long=15_000)
@given(alert=ALERTS)
def test_any_alert_makes_a_mail_and_a_webhook(alert: Alert) -> None:
    """Whatever is in an article, a watch or a passage: ten headers of ours, and true JSON."""
    message = render(alert)
    raw = mail(25).compose(message, KEY).as_bytes(policy=policy.SMTP)
    parsed = message_from_bytes(raw, policy=policy.default)
    assert (parsed["To"], parsed["Bcc"], len(parsed.keys())) == ("a@desk.example", None, HEADERS)
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    body = json.dumps(message.data, ensure_ascii=False).encode()
    assert json.loads(body) == message.data


@pytest.mark.torture("R-14", short=30, long=5_000)
@given(alerts=st.lists(ALERTS, min_size=2, max_size=4), one=st.booleans(), flood=st.booleans())
def test_any_alerts_make_a_digest(alerts: list[Alert], one: bool, flood: bool) -> None:  # noqa: FBT001 - drawn
    """Of one change or of several: the same headers, tags of ours only, and true JSON."""
    told = [
        replace(alert, entry=replace(alert.entry, feed_id=f"tag:{0 if one else number}"))
        for number, alert in enumerate(alerts)
    ]
    letter = Letter(key="digest_00ff", channel="desk", alerts=tuple(told), is_flood=flood)
    message = render_letter(letter)
    raw = mail(25).compose(message, letter.key).as_bytes(policy=policy.SMTP)
    parsed = message_from_bytes(raw, policy=policy.default)
    assert (parsed["To"], parsed["Bcc"], len(parsed.keys())) == ("a@desk.example", None, HEADERS)
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert set(re.findall(r"<(\w+)", message.html)) <= {"p", "br", "a", "strong", "mark", "small"}
    assert json.loads(json.dumps(message.data, ensure_ascii=False).encode()) == message.data


@pytest.mark.torture("R-14", short=10, long=2_000)
@given(alerts=st.lists(ALERTS, min_size=1, max_size=3))
def test_any_alerts_arrive(alerts: list[Alert]) -> None:
    """They are taken by a real SMTP server, and by a receiver that checks the signature."""

    async def send(desk: Mail, web: Webhook) -> None:
        for alert in alerts:
            await desk.send(render(alert), KEY)
            await web.send(render(alert), KEY)

    with Mailbox() as mailbox, Hook(SECRET, clock=NOW.timestamp) as hook:
        settings = WebhookChannel(name="hook", url=hook.url, secret=Secret(SECRET))
        allow = frozenset({hook.url.split("/")[2]})
        asyncio.run(send(mail(mailbox.port), Webhook(settings, clock=lambda: NOW, allow=allow)))
        assert [letter.recipients for letter in mailbox.letters] == [("a@desk.example",)] * len(
            alerts
        )
        assert len(hook.taken) == len(alerts)


VALID = (
    files("monitor").joinpath("starter.toml").read_text(encoding="utf-8")
    + """
[watch.torture]
query = 'title:"border post" AND (CSTO OR ОДКБ) NOT spor*'
sources = ["tass"]
channels = ["torture", "torture-mail"]

[channel.torture]
kind = "webhook"
url = "https://hook.example/in"
secret = "env:HOOK"

[channel.torture-mail]
kind = "mail"
host = "mail.example"
security = "tls"
from = "a@news.example"
to = ["b@desk.example"]
username = "u"
password = "env:MAIL"
"""
)
BITS = (
    "", "=", "[", "]", "[[", "{", '"', "'", "#", "\n", "\x00", "\ufeff", "é", "\ud83d", "true", "-1",
    "1e400", "nan", "0", "99999999999999999999", "1979-05-27", '"5"', '"1h"', '"env:NONE"', "[]",
    '"file:/etc/shadow"', '"Mars/Phobos"', '"(("', '"tas"', "{a = 1}", '["a", 1]', '"http://[::1"',
    '"\\u0000"', '"/x/../../y"', "source", "tass", "[source.tass]", "[watch]", "a.b.c = 1\n", '"' * 3,
)  # fmt: skip


def accident(text: str, dice: random.Random) -> bytes:
    """Return the config after one to five accidents."""
    lines = text.split("\n")
    for _ in range(dice.choice((1, 1, 2, 5))):
        at = dice.randrange(len(lines))
        name, equals, value = lines[at].partition("=")
        match dice.randrange(8):
            case 0:
                lines[at] = f"{name}{equals} {dice.choice(BITS)}"
            case 1:
                lines[at] = f"{dice.choice(BITS)}{equals}{value}"
            case 2:
                del lines[at : at + dice.choice((0, 1, 5))]
                lines = lines or [""]
            case 3:
                lines.insert(at, lines[dice.randrange(len(lines))])
            case 4:
                lines[at] = lines[at].removeprefix("# ").removeprefix("#")
            case 5:
                where = dice.randrange(len(lines[at]) + 1)
                lines[at] = lines[at][:where] + dice.choice(BITS) + lines[at][where + 1 :]
            case 6:
                letter = dice.choice(string.ascii_letters)
                lines[at] = lines[at].replace(dice.choice("aeiou"), letter, 1)
            case _:
                lines[at], lines[-1] = lines[-1], lines[at]
    data = bytearray("\n".join(lines).encode("utf-8", "surrogatepass"))
    if data and dice.random() < 0.1:
        data[dice.randrange(len(data))] = dice.randrange(256)
    return bytes(data)


@pytest.mark.torture("R-18", short=60, long=20_000)
@given(number=st.integers(0, 2**64))
def test_no_accident_to_a_config_is_more_than_mistakes(number: int) -> None:
    """A damaged config is a config still, or a list of finished lines that name the file."""
    data = accident(VALID, random.Random(number))  # noqa: S311 - accidents, not secrets
    with TemporaryDirectory() as folder:
        path = Path(folder) / "dateline.toml"
        path.write_bytes(data)
        for line in _mistakes(path):
            assert line.startswith(str(path)), line
            assert len(line.splitlines()) == 1, line
            assert "ZGF0ZWxpbmUtdGVzdC1" not in line


def _mistakes(path: Path) -> tuple[str, ...]:
    try:
        load(path, environ={"HOOK": SECRET, "MAIL": "secret"})
    except ConfigError as error:
        return error.mistakes or ("an error without a mistake",)
    return ()


def test_the_config_before_any_accident_is_fine(tmp_path: Path) -> None:
    """What the accidents happen to has no mistake of its own."""
    path = tmp_path / "dateline.toml"
    path.write_text(VALID)
    config = load(path, environ={"HOOK": SECRET, "MAIL": "secret"})
    assert replace(config, watches=()).sources
