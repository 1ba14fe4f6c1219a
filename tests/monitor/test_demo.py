"""The demo is the main job, end to end, through the real program."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from io import StringIO
from typing import TYPE_CHECKING

import feedparser
from lxml import etree
from rich.console import Console

from monitor import demo

if TYPE_CHECKING:
    from pathlib import Path


def test_the_demo_plays_three_rounds_and_leaves_feeds_and_mails(tmp_path: Path) -> None:
    """Baseline, news and silence are as they must be; every feed parses strictly and by readers."""
    screen = StringIO()
    console = Console(file=screen, width=100)
    assert demo.run(tmp_path / "demo", console, program="/clone/.venv/bin/dateline") == 0
    printed = screen.getvalue()
    assert "WRONG" not in printed
    assert "items: 27 (ok)" in printed
    assert "alerts: 0 (ok)" in printed
    assert "new items: 8 (ok)" in printed
    assert "edits: 1 (ok)" in printed
    assert "feed files rewritten: 0 (ok)" in printed
    assert "of them published just now: 8 (ok)" in printed
    shown = printed[printed.index("Round 1") : printed.index("items: 27")]
    days = re.findall(r"^(202[45]-\d\d-\d\d|unknown) ", shown, re.MULTILINE)
    assert days == [*sorted(days[:-2], reverse=True), "unknown", "unknown"]
    assert (len(days), days[0]) == (13, "2025-12-19")
    _, _, steps = printed.partition("Next, in a folder of your own:\n")
    assert [line.strip() for line in steps.splitlines()] == [
        "mkdir -p ~/dateline && cd ~/dateline",
        "/clone/.venv/bin/dateline init",
        "/clone/.venv/bin/dateline run",
    ]
    assert f"rm -r {tmp_path / 'demo'}" in printed
    quote = printed.split("One of the mails:")[1].split("Round 3")[0].strip("\n").splitlines()
    assert all(line.startswith("  |") and len(line) <= 100 for line in quote)
    assert "2025-12-15 16:11+03:00" in printed  # the press room's Minsk clock

    feeds = tmp_path / "demo" / "var" / "feeds"
    strict = etree.XMLParser(resolve_entities=False)
    for path in [*feeds.glob("*.rss"), *feeds.glob("*.atom")]:
        etree.parse(path, strict)
        parsed = feedparser.parse(path.read_bytes())
        ids = [entry.id for entry in parsed.entries]
        assert not parsed.bozo
        assert len(set(ids)) == len(ids)
    everything = feedparser.parse((feeds / "all.atom").read_bytes()).entries
    assert len(everything) == 35

    mails = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted((tmp_path / "demo" / "mails").iterdir())
    ]
    assert len(mails) == len({mail["Message-ID"] for mail in mails}) == 5
