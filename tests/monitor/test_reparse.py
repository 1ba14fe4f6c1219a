"""Kept pages: read again by today's rules, and given away as a web archive."""

from __future__ import annotations

import gzip
import io
import json
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from db.model import Article, Basis, Dateline, Precision, TextBasis, TitleBasis
from db.store import Store
from db.visiting import KeptPage, Source
from monitor import warc
from monitor.cli import run
from monitor.config import Config, PageSettings
from monitor.jobs import Jobs
from monitor.reparse import reread, summary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2025, 12, 20, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
SITE = "https://news.example.org"
SOURCE = Source(name="news", kind="listing", urls=(f"{SITE}/news/",), keep_pages=True)
PROSE = "The Council met in Minsk on Friday and spoke about the border for two hours. " * 6
CONFIG = f'[source.news]\nkind = "listing"\nurls = ["{SITE}/news/"]\nkeep_pages = true\n'


def html(title: str) -> bytes:
    """Return a page of a well-formed site."""
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": "2025-12-19T14:30:00+03:00",
        "author": {"@type": "Person", "name": "A. Writer"},
    }
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{title}</title>"
        f'<script type="application/ld+json">{json.dumps(data)}</script></head>'
        f"<body><article><h1>{title}</h1><p>{PROSE}</p><p>{PROSE}</p></article></body></html>"
    ).encode()


def page(number: int, body: bytes, **other: Any) -> KeptPage:
    """Return a kept page."""
    url = f"{SITE}/news/2025/12/19/item-number-{number}"
    given: dict[str, Any] = {
        "source": "news",
        "url": url,
        "asked": url,
        "status": 200,
        "headers": (("Content-Type", "text/html; charset=utf-8"),),
        "body": body,
        "fetched_at": NOW,
        "again_at": NOW,
    }
    return KeptPage(**(given | other))


def as_read_by_older_rules(number: int) -> Article:
    """Return what worse rules made of such a page."""
    return Article(
        url=f"{SITE}/news/2025/12/19/item-number-{number}",
        source="news",
        title="Council - News Example",
        title_basis=TitleBasis.PAGE,
        text=PROSE,
        text_basis=TextBasis.PAGE,
        dateline=Dateline(
            when=NOW.replace(hour=0), precision=Precision.DAY, basis=Basis.PRINTED, zone="UTC"
        ),
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with a config and a store of three pages: read badly, not at all, unread."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATELINE_CONFIG", raising=False)
    (tmp_path / "dateline.toml").write_text(CONFIG)
    with Store.open(tmp_path / "var" / "dateline.db") as store:
        store.keep_page(page(1, html("Council meets")))
        store.record(as_read_by_older_rules(1), NOW)
        store.keep_page(page(2, html("Nobody read me")))
        store.keep_page(page(3, b"<html><body></body></html>"))
    return tmp_path


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    """Open the store."""
    with Store.open(folder / "var" / "dateline.db") as opened:
        yield opened


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run the command and return what it printed."""
    assert run(arguments) == 0
    return capsys.readouterr().out


def test_what_would_change_is_shown_field_by_field(store: Store) -> None:
    """Each page is held against what stands; nothing is stored by that."""
    found = {one.page.asked[-1]: one for one in reread(store, SOURCE)}
    assert {"title", "dateline", "authors"} <= set(found["1"].fields)
    assert found["1"].after is not None
    assert found["1"].after.dateline.when == datetime(2025, 12, 19, 11, 30, tzinfo=UTC)
    assert (found["2"].standing, found["2"].changes) == (None, True)
    assert found["3"].problem
    counts = summary(found.values())
    assert (counts.pages, counts.new, counts.changed, counts.unread, counts.same) == (3, 1, 1, 1, 0)
    assert dict(counts.fields)["title"] == 1
    assert store.counts().articles == 1


def test_only_the_last_bytes_of_an_address_count(store: Store) -> None:
    """An older page was read in its time; a page older than asked for is left alone."""
    later = NOW + HOUR
    store.keep_page(page(1, html("Council met"), fetched_at=later, again_at=later))
    titles = [one.reading.title for one in reread(store, SOURCE) if one.reading]
    assert sorted(titles) == ["Council met", "Nobody read me"]
    (one,) = reread(store, SOURCE, since=later)
    assert one.reading is not None
    assert one.reading.title == "Council met"


def test_the_command_shows_first_and_does_when_told(
    folder: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --apply nothing is stored; with it the old words are kept and nobody is told."""
    waiting = len(store.unmatched(9))
    shown = told(capsys, "reparse", "news")
    assert "title: Council [-- News Example-] {+meets+}" in shown
    assert "new: Nobody read me" in shown
    assert "not read:" in shown
    assert "3 pages: 0 as they stand, 1 differ" in shown
    assert store.counts().articles == 1
    told(capsys, "reparse", "news", "--apply")
    assert store.counts().articles == 2
    assert [one.kind.value for one in store.versions(1)] == ["new", "corrected"]
    assert len(store.unmatched(9)) == waiting
    *_, last = told(capsys, "reparse", "news", "--json").splitlines()
    counts = json.loads(last)["summary"]
    assert (counts["same"], counts["changed"], counts["new"]) == (2, 0, 0)
    assert folder.exists()


def test_the_watches_look_where_it_is_wanted(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """--alert leaves what was corrected and what is new to the watches."""
    told(capsys, "reparse", "news", "--apply", "--alert")
    kinds = [stored.value.kind.value for stored in store.unmatched(9)]
    assert kinds == ["new", "corrected", "new"]


def test_machines_get_every_field(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One object a page with before and after, then the counts."""
    *pages, last = map(json.loads, told(capsys, "reparse", "news", "--json").splitlines())
    assert json.loads(json.dumps(last))["summary"]["pages"] == 3
    first = pages[0]
    assert first["fields"]["title"] == {
        "before": "Council - News Example",
        "after": "Council meets",
    }
    assert first["fields"]["dateline"]["before"]["precision"] == "day"
    assert first["fields"]["authors"] == {"before": [], "after": ["A. Writer"]}
    assert (pages[1]["new"], pages[2]["new"]) == (True, False)
    assert folder.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("reparse", "nowhere"), 'there is no source "nowhere"'),
        (("reparse", "news", "--alert"), "give both"),
        (("items", "show", "99"), "there is no item 99"),
        (("items", "versions", "99"), "there is no item 99"),
        (("export", "--warc", "no/such/folder/x.warc.gz"), "No such file"),
    ],
)
def test_a_slip_is_answered(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    """A wrong name or number is said plainly."""
    assert run(arguments) > 0
    assert said in capsys.readouterr().err
    assert folder.exists()


def test_without_a_store_there_is_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before the first round the commands say what to do."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dateline.toml").write_text(CONFIG)
    for arguments in (("reparse", "news"), ("export", "--warc", "x"), ("items", "show", "1")):
        assert run(arguments) == 1
    assert "dateline run" in capsys.readouterr().err


def test_without_kept_pages_the_key_is_named(
    folder: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody who asks to reparse a source that keeps nothing learns how it would."""
    store.forget_pages(before=NOW + HOUR, max_bytes=1)
    assert run(("reparse", "news")) == 0
    assert "keep_pages = true" in capsys.readouterr().err
    assert folder.exists()


def test_an_item_is_shown_with_its_history(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """One item: its facts, its text, its last edit; its versions, each with what it changed."""
    told(capsys, "reparse", "news", "--apply")
    url = page(1, b"").asked
    store.absent(url, NOW + HOUR)
    store.absent(url, NOW + 2 * HOUR)
    shown = told(capsys, "items", "show", "1")
    assert "title:      Council meets" in shown
    assert "Last seen 20 December 2025, 09:00 UTC; first missing 20 December 2025" in shown
    assert "version 2, corrected" in shown
    assert "published: [-2025-12-20-] {+2025-12-19 14:30:00+03:00+}" in shown
    versions = told(capsys, "items", "versions", "1")
    assert versions.startswith("version 1, new 2025-12-20 09:00 UTC\n  title: Council - News")
    assert "title: Council [-- News Example-] {+meets+}" in versions
    assert "text: … " in versions or "text: " in versions
    shown = json.loads(told(capsys, "items", "show", "1", "--json"))
    assert shown["absence"]["first_missing"] == "2025-12-20T10:00:00Z"
    assert [one["kind"] for one in shown["versions"]] == ["new", "corrected"]
    lines = told(capsys, "items", "versions", "1", "--json").splitlines()
    assert {piece["mark"] for piece in json.loads(lines[1])["diff"]} >= {"same"}
    for words in ((), ("list",), ("council",), ("--limit", "1"), ("list", "show")):
        run(("items", *words))
    capsys.readouterr()
    assert json.loads(told(capsys, "items", "list", "council", "--json").splitlines()[0])


def test_a_round_forgets_pages_that_are_too_old(folder: Path, store: Store) -> None:
    """Pages go when they are older than the config says, with the next round that visits."""
    old = Config(
        var=folder / "var",
        sources=(Source(name="news", kind="listing", urls=("http://127.0.0.1:9/",)),),
        pages=PageSettings(keep=HOUR),
    )
    assert store.shelf().pages == 3
    jobs = Jobs.of(old, lambda: datetime.now(UTC), threading.Event())
    assert jobs.visit().reports
    assert store.shelf().pages == 0


def test_many_differences_are_counted(
    store: Store, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    """A person is shown some of them and told how many more there are."""
    for number in range(10, 40):
        store.keep_page(page(number, html(f"Headline number {number}")))
    assert "… and 13 more; --json shows all" in told(capsys, "reparse", "news")
    assert folder.exists()


# -- the web archive


def records(data: bytes) -> list[tuple[dict[str, str], int | None, list[tuple[str, str]], bytes]]:
    """Read a web archive with somebody else's library, digests checked."""
    found = []
    for record in ArchiveIterator(io.BytesIO(data), check_digests="raise"):
        headers = dict(record.rec_headers.headers)
        http = record.http_headers
        status = int(http.get_statuscode()) if http else None
        found.append(
            (headers, status, http.headers if http else [], record.content_stream().read())
        )
    return found


def test_an_archive_is_read_by_others(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Another library reads every page back with its address, moment, headers and bytes."""
    assert "3 pages in x.warc.gz\n" in told(capsys, "export", "--warc", "x.warc.gz")
    data = (folder / "x.warc.gz").read_bytes()
    info, first, *rest = records(data)
    assert info[0]["WARC-Type"] == "warcinfo"
    assert b"software: Dateline/" in info[3]
    assert len(rest) == 2
    headers, status, http, body = first
    assert headers["WARC-Target-URI"] == page(1, b"").url
    assert headers["WARC-Date"] == "2025-12-20T09:00:00.000000Z"
    assert (status, body) == (200, html("Council meets"))
    assert ("Content-Length", str(len(body))) in http
    assert sorted(path.name for path in folder.iterdir()) == ["dateline.toml", "var", "x.warc.gz"]
    again = told(capsys, "export", "--warc", "x.warc.gz", "--source", "nobody")
    assert "0 pages in x.warc.gz, in place of what was there\n" in again
    assert len(records((folder / "x.warc.gz").read_bytes())) == 1


def test_each_record_is_a_gzip_member_of_its_own() -> None:
    """A reader can jump to any record; the same page gives the same bytes."""
    pages = [page(1, b"one"), page(2, b"two")]
    pieces = list(warc.archive(pages, software="Dateline/1", now=NOW))
    assert [gzip.decompress(piece)[:8] for piece in pieces] == [b"WARC/1.1"] * 3
    assert warc.response(pages[0]) == pieces[1]
    ids = {headers["WARC-Record-ID"] for headers, *_ in records(b"".join(pieces))}
    assert len(ids) == 3


@given(
    body=st.binary(max_size=200),
    status=st.integers(200, 299),
    headers=st.lists(st.tuples(st.text(max_size=9), st.text(max_size=20)), max_size=4),
)
def test_a_stranger_cannot_break_the_archive(
    body: bytes, status: int, headers: list[tuple[str, str]]
) -> None:
    """Whatever stands in headers and body, there is one record, and it holds the body."""
    strange = page(
        1,
        body,
        status=status,
        headers=(
            *headers,
            ("X", "a\r\n\r\nWARC/1.1\r\nContent-Length: 0"),
            ("content-length", "7"),
        ),
    )
    (record,) = records(warc.response(strange))
    assert record[3] == body
    assert record[1] == status
