"""The spiders as an ordinary Scrapy project, from its root."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from db.store import Store
from monitor.child import child_environment
from spiders.registry import KINDS

if TYPE_CHECKING:
    from monitor.newsroom.room import Newsroom

ROOT = Path(__file__).resolve().parents[2]


def _scrapy(*arguments: str, folder: Path = ROOT) -> str:
    answer = subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=folder,
        env=child_environment(os.environ),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def test_scrapy_lists_every_kind() -> None:
    """`scrapy list` works from the project's root."""
    assert _scrapy("list").split() == sorted(KINDS)


def test_scrapy_crawls_a_site_by_name(newsroom: Newsroom, tmp_path: Path) -> None:
    """`scrapy crawl` exports what it finds, and records it where a database is named."""
    base = newsroom.addresses["belta"]
    allow = ("-s", f"DATELINE_ALLOW={base.removeprefix('http://')}", "-s", "DATELINE_DELAY=0")
    items = tmp_path / "items.jsonl"
    _scrapy("crawl", "belta", "-a", f"url={base}/all_news/", *allow, "-O", str(items))
    assert len(items.read_text(encoding="utf-8").splitlines()) == 5
    database = tmp_path / "own.db"
    article = next(str(row.url) for row in newsroom.published("belta"))
    _scrapy("crawl", "belta", "-a", f"url={article}", *allow, "-s", f"DATELINE_DATABASE={database}")
    with Store.open(database) as store:
        (change,) = store.changes(10)
        assert change.value.article.url == article
        assert store.statuses()[0].report is not None
