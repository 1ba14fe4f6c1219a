"""A story told by mail, over SMTP on loopback: one thread, each mail with all that explains it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from db.store import Store
from monitor import letter
from monitor.channels.mail import Mail
from monitor.deliver import Courier
from monitor.newsroom.inbox import Mailbox
from tests.monitor.courier import mail_to
from tests.monitor.test_stories_told import EACH, EDITS, NOW, passed, wire

if TYPE_CHECKING:
    from pathlib import Path


def test_a_member_and_an_edit_are_replies_to_the_first_mail(tmp_path: Path) -> None:
    """What follows of a story refers to its first Message-ID, and says who was first."""
    watch = replace(EACH, on=EDITS)
    with Mailbox() as mailbox, Store.open(tmp_path / "dateline.db") as store:
        settings = mail_to(mailbox.port)
        edited = wire(1, title="Fire destroys half of Dordoi market in Bishkek")
        for hour, article in enumerate((wire(1), wire(2), edited)):
            now = NOW + timedelta(hours=hour)
            store.record(article, now)
            passed(store, watch, now=now)
            courier = Courier(
                store=store,
                channels={"desk": Mail(settings, clock=lambda now=now: now)},
                clock=lambda now=now: now,
                owner="test",
                spread=lambda: 0.0,
                render=letter.render,
            )
            assert asyncio.run(courier.deliver_due()).sent == 1
        first, member, edit = (letter.message for letter in mailbox.letters)
    assert first["In-Reply-To"] is None
    for reply in (member, edit):
        assert reply["In-Reply-To"] == reply["References"] == first["Message-ID"]
    assert len({mail["Message-ID"] for mail in (first, member, edit)}) == 3
    told = member.get_body(("plain",)).get_content()
    assert "Same story: 2 items" in told
    assert "Published first: site1" in told
    assert "the same text as site1's" in told
    html = edit.get_body(("html",)).get_content()
    assert "<ins>half of </ins>" in html or "<ins>half of</ins>" in html
    assert "Same story: 2 items" in html
