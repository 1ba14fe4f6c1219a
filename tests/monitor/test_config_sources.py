"""What a config says of lists of any site, of revisits and of kept pages."""

from __future__ import annotations

import sys
from datetime import timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from monitor.cli import run

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Paper

SOURCE = '[source.tass]\nkind = "tass"\nurls = ["https://tass.com/world"]\n'


def test_a_list_may_be_described(paper: Paper) -> None:
    """Selectors and paths arrive as written; what is left empty is found by itself."""
    config = paper.read(
        """
[source.paper]
kind = "listing"
urls = ["https://example.org/news"]
[source.paper.selectors]
card = "div.item"
title = ".//h3"
date = ""
[source.agency]
kind = "api"
urls = ["https://example.org/api"]
[source.agency.api]
items = "data.news"
link = "url"
method = "POST"
"""
    )
    described, agency = config.sources
    assert described.selectors is not None
    assert (described.selectors.card, described.selectors.title) == ("div.item", ".//h3")
    assert agency.api is not None
    assert (agency.api.items, agency.api.method) == ("data.news", "POST")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('kind = "listing"\n[source.x.selectors]\ncard = "div[["', "neither CSS nor XPath"),
        ('kind = "listing"\n[source.x.selectors]\ncard = "//div["', "neither CSS nor XPath"),
        ('kind = "feed"\n[source.x.selectors]\ncard = "div"', 'set kind = "listing"'),
        ('kind = "feed"\n[source.x.api]\nlink = "url"', 'set kind = "api"'),
        ('kind = "api"', "says where its items are"),
    ],
)
def test_a_description_that_cannot_be_used_is_a_mistake(paper: Paper, text: str, said: str) -> None:
    """A selector that cannot be read, or stands where it is not used, is told."""
    source = f'[source.x]\nurls = ["https://example.org/"]\n{text}\n'
    assert any(said in mistake for mistake in paper.mistakes(source))


def test_revisits_and_kept_pages(paper: Paper) -> None:
    """When pages are asked for again, and which are kept for how long; defaults that do no harm."""
    plain = paper.read(SOURCE)
    assert plain.sources[0].recheck[0] == timedelta(hours=1)
    assert not plain.sources[0].keep_pages
    assert plain.pages.max_bytes == 500 * 1024 * 1024
    told = f'{SOURCE}recheck = ["30m", "2d"]\nkeep_pages = true\n[pages]\nkeep = "7d"\nmax_mb = 1\n'
    config = paper.read(told)
    assert config.sources[0].recheck == (timedelta(minutes=30), timedelta(days=2))
    assert config.sources[0].keep_pages
    assert (config.pages.keep, config.pages.max_bytes) == (timedelta(days=7), 1024 * 1024)
    assert paper.read(f"{SOURCE}recheck = []\n").sources[0].recheck == ()
    (mistake,) = paper.mistakes(f'{SOURCE}recheck = ["1d", "1h"]\n')
    assert "rising order" in mistake


def test_a_watch_may_wait_for_absences(paper: Paper) -> None:
    """Items that go and come back are kinds of change like the others."""
    config = paper.read(SOURCE + '[watch.w]\nquery = "a"\non = ["gone", "back"]\n')
    assert config.watches[0].on == ("gone", "back")


def test_pages_are_drawn_only_with_the_extra(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    """Off unless asked for; without the extra the mistake says what to install."""
    assert not paper.read(SOURCE).sources[0].browser
    assert paper.read(SOURCE + "browser = true").sources[0].browser
    monkeypatch.setitem(sys.modules, "scrapy_playwright", None)
    (mistake,) = paper.mistakes(SOURCE + "browser = true")
    assert f"not installed: {sys.executable} -m pip install scrapy-playwright" in mistake
    assert "apt-get install chromium" in mistake
    monkeypatch.setattr(sys, "prefix", "/home/me/.local/share/pipx/venvs/dateline")
    (mistake,) = paper.mistakes(SOURCE + "browser = true")
    assert "not installed: pipx inject dateline scrapy-playwright, and apt-get" in mistake


@pytest.mark.skipif(find_spec("scrapy_playwright") is None, reason="needs the extra [browser]")
def test_check_says_where_a_browser_is_to_be_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The config is right, the machine is not: a word beside the result, with the command."""
    path = tmp_path / "dateline.toml"
    path.write_text(SOURCE + "browser = true\n", encoding="utf-8")
    own, system = tmp_path / "own", tmp_path / "bin"
    system.mkdir()
    monkeypatch.setenv("PATH", str(system))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(own))
    said = f"browser = true, but no browser was found: apt-get install chromium (or {sys.executable} -m playwright install chromium)."
    assert run(["--config", str(path), "check"]) == 0
    assert said in capsys.readouterr().err
    (own / "chromium-1200").mkdir(parents=True)
    assert run(["--config", str(path), "check"]) == 0
    assert "browser" not in capsys.readouterr().err
    (own / "chromium-1200").rmdir()
    (system / "chromium").touch(mode=0o755)
    assert run(["--config", str(path), "check"]) == 0
    assert "browser" not in capsys.readouterr().err
