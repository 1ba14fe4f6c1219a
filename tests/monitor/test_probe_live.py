"""`dateline probe URL` and `dateline sources add URL`, on a site of this machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from monitor.cli import run
from monitor.newsroom.server import Loopback
from monitor.newsroom.wire import JSON, PLAIN, Answer, Request, text_answer
from tests.spiders.test_survey import FEED_LINK, NAMES, SITE, article, rss, section

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONFIG = """\
# My desk.
[source.other]
kind = "feed"
urls = ["https://other.example/rss"]  # by hand

# ── What matters ──
[watch.w]
query = "x"
channels = []

[fetch]
delay = "50ms"
allow = ["127.0.0.1:{port}"]
"""


ROWS = json.dumps({"data": {"rows": [
    {"link": f"/world/{name}", "title": f"Headline of {name}", "date": 1772600400000}
    for name in NAMES
]}})  # fmt: skip


@pytest.fixture
def port() -> Iterator[int]:
    """Serve a section, its feed and its articles; return the port."""
    base = ""

    def respond(request: Request) -> Answer:
        path = request.path
        if path == "/robots.txt":
            return text_answer("User-agent: *\nCrawl-delay: 0.1\nDisallow: /secret\n", PLAIN)
        if path == "/world/":
            return text_answer(section(*NAMES, head=FEED_LINK))
        if path == "/stories.json":
            return text_answer(ROWS, JSON)
        if path.endswith(".rss"):
            feed = rss("bare").replace(" +0100<", "<") if "zoneless" in path else rss(*NAMES)
            return text_answer(feed.replace(SITE, base), "application/rss+xml")
        if path.removeprefix("/world/") in NAMES:
            return text_answer(article(path.removeprefix("/world/")))
        return text_answer("\x1b]0;owned\x07 gone", PLAIN, 404)

    loopback = Loopback("paper")
    loopback.start()
    number = loopback.listen_http("paper", respond)
    base = f"http://127.0.0.1:{number}"
    yield number
    loopback.stop()


@pytest.fixture
def config(port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a config that may speak to the site, and stand beside it."""
    path = tmp_path / "dateline.toml"
    path.write_text(CONFIG.format(port=port), encoding="utf-8")
    path.chmod(0o640)
    monkeypatch.chdir(tmp_path)
    return path


@pytest.mark.usefixtures("config")
def test_a_probe_says_what_could_be_watched(
    port: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The feed of the section comes first, its items are shown, and the block to paste."""
    url = f"http://127.0.0.1:{port}/world/"
    assert run(["probe", url, "--save", "pages"]) == 0
    out, err = capsys.readouterr()
    assert "robots.txt asks for 0.1 s between two requests" in out
    assert f"feed       4 items, 100% dated in the list  http://127.0.0.1:{port}/world.rss" in out
    assert "Long enough headline of alpha" in out
    assert "published 2026-03-04T09:00:00Z (second, structured)" in out
    assert f'kind = "feed"\nurls = ["http://127.0.0.1:{port}/world.rss"]\n' in out
    assert "coverage: title 100%, date 100%" in out
    listed = tmp_path / "pages" / "list.tsv"
    assert err == "pages kept: dateline probe --from pages/list.tsv\n"
    kinds = [
        line.split("\t")[2] for line in listed.read_text().splitlines() if line.count("\t") > 1
    ]
    assert sorted(kinds) == ["feed", "listing"]
    assert run(["probe", "--from", str(listed), "--json"]) == 0
    read = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["title"] for one in read if one["url"] and one["url"].endswith("/alpha")] == [
        "Long enough headline of alpha"
    ]


@pytest.mark.usefixtures("config")
def test_a_probe_for_machines_is_one_object(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    """It holds the offers in order, their cards, the samples and every candidate for a date."""
    assert run(["probe", f"http://127.0.0.1:{port}/world/", "--samples", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [offer["kind"] for offer in found["offers"]] == ["feed", "listing"]
    (sample,) = found["samples"]
    assert sample["article"]["dateline"]["basis"] == "structured"
    assert sample["candidates"][0]["when"] == "2026-03-04T09:00:00Z"


@pytest.mark.usefixtures("config")
def test_what_cannot_be_watched_is_said(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    """robots.txt, a missing page, an address of this machine nobody has allowed."""
    base = f"http://127.0.0.1:{port}"
    assert run(["probe", f"{base}/secret"]) == 1
    assert "cannot be read: robots.txt forbids /secret" in capsys.readouterr().out
    assert run(["sources", "add", f"{base}/nothing"]) == 1
    assert "404" in capsys.readouterr().err
    assert run(["probe", "http://127.0.0.1:1/"]) == 1
    out = capsys.readouterr().out
    assert "not a public address" in out
    assert 'if it is yours: allow = ["127.0.0.1:1"] in [fetch]' in out
    for target in ("https://me:secret@127.0.0.1/", "ftp://127.0.0.1/"):
        assert run(["probe", target]) == 2
        assert run(["sources", "add", target]) == 2
        err = capsys.readouterr().err
        assert "holds a login" in err or "no web address" in err
        assert "secret" not in err
    assert run(["sources", "add", "paper"]) == 2
    assert "write one as example.org/news" in capsys.readouterr().err


@pytest.mark.usefixtures("config")
@pytest.mark.parametrize("text", ["127.0.0.1:8000", "localhost:8000/news", "[::1]", "10.0.0.7/a?b"])
@pytest.mark.parametrize("command", [["probe"], ["sources", "add"]])
def test_a_number_without_a_scheme_is_told_what_to_write(
    command: list[str], text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is no file that is missing; and whether it speaks TLS cannot be guessed."""
    assert run([*command, text]) == 2
    said = capsys.readouterr().err
    assert f'"{text}" does not say how to speak to it; write http://{text}' in said


def test_a_source_is_written_and_nothing_else_is_touched(
    port: int, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It comes behind the other sources; comments, order and permissions stay."""
    before = config.read_text(encoding="utf-8")
    url = f"http://127.0.0.1:{port}/world/"
    assert run(["sources", "add", url, "--name", "paper", "--every", "30m"]) == 0
    block = (
        f'\n[source.paper]\nkind = "feed"\nurls = ["http://127.0.0.1:{port}/world.rss"]\n'
        'every = "30m"\nlanguage = "en"\n'
    )
    head, mark, tail = before.partition("# by hand\n")
    assert config.read_text(encoding="utf-8") == head + mark + block + tail
    assert config.stat().st_mode & 0o777 == 0o640
    assert capsys.readouterr().out == block[1:]
    assert run(["check"]) == 0


def test_the_first_source_of_a_config_can_be_found_by_address(
    port: int, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both commands work where nothing is watched yet, by the manners of the config."""
    config.write_text(f'[fetch]\ndelay = "50ms"\nallow = ["127.0.0.1:{port}"]\n', "utf-8")
    url = f"http://127.0.0.1:{port}/world/"
    assert run(["probe", url]) == 0
    assert run(["check"]) == 2
    assert "or say: dateline sources add URL" in capsys.readouterr().err
    assert run(["sources", "add", url, "--name", "paper"]) == 0
    assert run(["check"]) == 0


def test_what_is_watched_already_is_not_added_again(
    port: int, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By its own address or by that of what it offers, but under a name that was asked for."""
    base = f"http://127.0.0.1:{port}"
    assert run(["sources", "add", f"{base}/world/"]) == 0
    before = config.read_bytes()
    capsys.readouterr()
    for path in ("/world/", "/world.rss"):
        assert run(["sources", "add", f"{base}{path}"]) == 1
        out, err = capsys.readouterr()
        told = f"{base}/world.rss is watched already, by the source 127-0-0-1-{port}"
        assert (out, told in err) == ("", True)
    assert config.read_bytes() == before
    assert run(["sources", "add", f"{base}/world/", "--name", "again"]) == 0
    assert b"[source.again]" in config.read_bytes()


@pytest.mark.parametrize("asked", [[], ["--as", "api"]])
def test_a_json_list_is_watched_by_the_keys_that_were_found(
    port: int, config: Path, capsys: pytest.CaptureFixture[str], asked: list[str]
) -> None:
    """The block that `probe` shows is the one that `sources add` writes, and a round reads it."""
    url = f"http://127.0.0.1:{port}/stories.json"
    assert run(["probe", url]) == 0
    shown = capsys.readouterr().out
    keys = 'items = "data.rows"\nlink = "link"\ntitle = "title"\ndate = "date"\n'
    assert f"api        {len(NAMES)} items, 100% dated in the list  {url}" in shown
    assert run(["sources", "add", url, "--name", "rows", *asked]) == 0
    written = capsys.readouterr().out
    assert written.endswith(f"\n[source.rows.api]\n{keys}")
    assert written.partition("[source.rows.api]")[2] in shown
    assert written in config.read_text("utf-8")
    assert run(["check"]) == 0
    assert run(["run", "--source", "rows"]) == 0
    capsys.readouterr()
    assert run(["items", "--source", "rows", "--json"]) == 0
    items = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sorted(item["url"].rpartition("/")[2] for item in items) == sorted(NAMES)


@pytest.mark.usefixtures("config")
def test_times_without_a_zone_are_said_where_a_source_is_added(
    port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """As `probe` says it; not where a zone was given, nor where the times state theirs."""
    said = "some times state no zone and are taken as UTC"
    add = ["sources", "add", f"http://127.0.0.1:{port}/zoneless.rss", "--dry-run"]
    assert run(["probe", add[2]]) == 0
    assert said in capsys.readouterr().out
    assert run(add) == 0
    assert said in capsys.readouterr().err
    assert run([*add, "--timezone", "Europe/Minsk"]) == 0
    assert said not in capsys.readouterr().err
    assert run(["sources", "add", f"http://127.0.0.1:{port}/world/", "--dry-run"]) == 0
    assert said not in capsys.readouterr().err


def test_a_wrong_setting_changes_nothing(
    port: int, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither do a name that is taken, a kind that is not offered, or a trial."""
    before = config.read_bytes()
    url = f"http://127.0.0.1:{port}/world/"
    assert run(["sources", "add", url, "--timezone", "Mars/Phobos"]) == 2
    told = capsys.readouterr().err
    assert "stays as it is" in told
    assert "Mars/Phobos" in told
    assert run(["sources", "add", url, "--name", "other"]) == 2
    assert "there is a source called other already" in capsys.readouterr().err
    assert run(["sources", "add", url, "--as", "telegram"]) == 1
    capsys.readouterr()
    assert run(["sources", "add", url, "--as", "listing", "--dry-run", "--json"]) == 0
    added = json.loads(capsys.readouterr().out)
    assert (added["kind"], added["written"]) == ("listing", False)
    assert config.read_bytes() == before
