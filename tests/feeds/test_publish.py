"""Feed files: whole or old, touched only when they differ, each feed by itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import feedparser
import pytest
from lxml import etree

from db.errors import DatelineError
from db.model import Article, ChangeKind, FeedSpec, TextBasis, TitleBasis
from db.store import Store
from feeds.edits import board
from feeds.publish import file_name, publish
from feeds.render import Board, Note

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2025, 12, 20, 9, 0, tzinfo=UTC)
ALL = FeedSpec(name="all", title="Everything")
BELTA = FeedSpec(name="source-belta", title="BelTA", source="belta")
TALKS = FeedSpec(name="watch-talks", title="Talks", query="talks")

# A child whose disk is full after 3,000 bytes: the system refuses to write more into any file.
FULL_DISK = """
import resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from db.model import FeedSpec
from db.store import Store
from feeds.publish import publish

store = Store.open_readonly(Path(sys.argv[1]))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
sys.dont_write_bytecode = True  # cut at 3,000 bytes it would spoil every process that comes later
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
specs = (FeedSpec(name="all", title="Everything"), FeedSpec(name="none", title="None", source="x"))
done = publish(store, specs, Path(sys.argv[2]), now=datetime(2025, 12, 20, 9, 0, tzinfo=UTC))
print([name for name, _ in done.failed], sorted(path.name for path in done.written))
"""


def article(number: int, **changes: Any) -> Article:
    """Return an article that differs from the others by its number."""
    fields: dict[str, Any] = {
        "url": f"https://news.example.org/{number}",
        "source": "secretariat",
        "title": f"Item {number}",
        "title_basis": TitleBasis.PAGE,
        "text": f"Words of item {number}. " * 20,
        "text_basis": TextBasis.PAGE,
    }
    return Article(**(fields | changes))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open a store with three items of two sources."""
    with Store.open(tmp_path / "dateline.db") as opened:
        opened.record(article(1), NOW)
        opened.record(article(2, title="Talks in Minsk", source="belta"), NOW)
        opened.record(article(3, source="belta"), NOW + timedelta(minutes=1))
        yield opened


def titles(path: Path) -> list[str]:
    """Return the titles in a JSON feed."""
    return [item["title"] for item in json.loads(path.read_text())["items"]]


def test_each_feed_holds_what_its_spec_names(store: Store, tmp_path: Path) -> None:
    """All items, one source, one query: each as RSS, Atom and JSON, newest first."""
    folder = tmp_path / "feeds"
    done = publish(store, (ALL, BELTA, TALKS), folder, now=NOW)
    assert len(done.written) == 3 * 3 + 1
    assert done.failed == ()
    assert titles(folder / "all.json") == ["Item 3", "Talks in Minsk", "Item 1"]
    assert titles(folder / "source-belta.json") == ["Item 3", "Talks in Minsk"]
    assert titles(folder / "watch-talks.json") == ["Talks in Minsk"]
    for ending in (".xml", ".atom"):
        parsed = feedparser.parse((folder / f"all{ending}").read_bytes())
        assert not parsed.bozo
        assert [each.title for each in parsed.entries] == titles(folder / "all.json")


def test_unchanged_content_leaves_the_files_untouched(store: Store, tmp_path: Path) -> None:
    """A second publishing keeps every file, down to its inode and time."""
    publish(store, (ALL, BELTA), tmp_path, now=NOW)
    before = {path: path.stat() for path in tmp_path.glob("*.*") if path.suffix != ".db"}
    done = publish(store, (ALL, BELTA), tmp_path, now=NOW + timedelta(days=1))
    assert done.written == ()
    assert len(done.kept) == 2 * 3 + 1
    for path in done.kept:
        assert (path.stat().st_ino, path.stat().st_mtime_ns) == (
            before[path].st_ino,
            before[path].st_mtime_ns,
        )


def test_a_new_item_rewrites_only_the_feeds_it_belongs_to(store: Store, tmp_path: Path) -> None:
    """An item of another source leaves a source's feed alone."""
    publish(store, (ALL, BELTA), tmp_path, now=NOW)
    store.record(article(4), NOW + timedelta(hours=1))
    done = publish(store, (ALL, BELTA), tmp_path, now=NOW + timedelta(hours=1))
    assert {path.name for path in done.written} == {"all.xml", "all.atom", "all.json"}


def test_a_feed_that_fails_stops_no_other(store: Store, tmp_path: Path) -> None:
    """A query that cannot be read, or a name taken by a folder, fails one feed and is told."""
    (tmp_path / "source-belta.xml").mkdir()
    broken = FeedSpec(name="broken", title="Broken", query="(minsk")
    done = publish(store, (broken, BELTA, ALL), tmp_path, now=NOW)
    assert [name for name, _ in done.failed] == ["broken", "source-belta"]
    assert "QueryError" in done.failed[0][1]
    assert titles(tmp_path / "all.json")[0] == "Item 3"
    assert not list(tmp_path.glob(".*"))


def test_a_board_that_fails_stops_no_feed(store: Store, tmp_path: Path) -> None:
    """Its notes are made where a feed may fail by itself."""

    def broken() -> tuple[Note, ...]:
        raise ValueError("no words")

    bad = Board(name="edits", title="Edits", description="Edits", notes=broken)
    done = publish(store, (ALL,), tmp_path, now=NOW, boards=(bad,))
    assert done.failed == (("edits", "ValueError: no words"),)
    assert titles(tmp_path / "all.json")[0] == "Item 3"


def test_a_full_disk_leaves_the_old_file_whole(store: Store, tmp_path: Path) -> None:
    """R-30: a feed that cannot be written keeps its old bytes; smaller ones still go out."""
    folder = tmp_path / "feeds"
    publish(store, (ALL,), folder, now=NOW)
    before = (folder / "all.xml").read_bytes()
    for number in range(10, 20):
        store.record(article(number), NOW)
    child = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path / "dateline.db"), str(folder)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert child.stdout.strip() == "['all'] ['feeds.opml', 'none.atom', 'none.json', 'none.xml']"
    assert (folder / "all.xml").read_bytes() == before
    assert not list(folder.glob(".*"))


def test_leftovers_of_a_crash_are_swept_but_not_another_writer_s(
    store: Store, tmp_path: Path
) -> None:
    """A temporary file goes when it is old; a young one may be another process at work."""
    folder = tmp_path / "feeds"
    folder.mkdir()
    old, young = folder / ".all.xml.0badcafe.tmp", folder / ".all.xml.600df00d.tmp"
    for path, age in ((old, timedelta(hours=1)), (young, timedelta(seconds=5))):
        path.write_text("<rss>")
        moment = (NOW - age).timestamp()
        os.utime(path, (moment, moment))
    publish(store, (ALL,), folder, now=NOW)
    assert not old.exists()
    assert young.exists()


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd", "a b", "ОДКБ", "x" * 500, ".hidden", "", "A", "\udcff", "nul\0"]
)
def test_no_name_leads_out_of_the_folder(store: Store, tmp_path: Path, name: str) -> None:
    """Any name becomes plain ASCII in the folder, always the same, and no two are alike."""
    assert file_name(name) == file_name(name)
    assert file_name(name).isascii()
    assert file_name(name) not in {file_name(f"{name}2"), file_name("x"), file_name("a")}
    folder = tmp_path / "feeds"
    done = publish(store, (FeedSpec(name=name, title="T"),), folder, now=NOW)
    assert done.failed == ()
    assert all(path.parent == folder for path in done.written)


def test_ids_depend_on_neither_folder_nor_host(store: Store, tmp_path: Path) -> None:
    """Moved to another folder and another host, a feed and its entries keep their ids."""
    found = []
    for folder, base in (("one", None), ("two", "https://news.example.org/feeds")):
        publish(store, (ALL,), tmp_path / folder, now=NOW, base_url=base)
        parsed = feedparser.parse((tmp_path / folder / "all.atom").read_bytes())
        found.append((parsed.feed.id, [each.id for each in parsed.entries]))
    assert found[0] == found[1]
    moved = json.loads((tmp_path / "two" / "all.json").read_text())
    assert moved["feed_url"] == "https://news.example.org/feeds/all.json"
    assert moved["home_page_url"] == "https://news.example.org/feeds/"


def test_feeds_of_two_stores_are_two_feeds(store: Store, tmp_path: Path) -> None:
    """The same feed name in another store has another id."""
    publish(store, (ALL,), tmp_path / "one", now=NOW)
    with Store.open(tmp_path / "other.db") as other:
        publish(other, (ALL,), tmp_path / "two", now=NOW)
    one, two = (feedparser.parse((tmp_path / n / "all.atom").read_bytes()) for n in ("one", "two"))
    assert one.feed.id != two.feed.id


def test_readers_never_see_a_part_of_a_file(store: Store, tmp_path: Path) -> None:
    """R-33: while a feed is rewritten again and again, every read gives a whole document."""
    publish(store, (ALL,), tmp_path, now=NOW)
    stop = threading.Event()
    reads: list[int] = []
    broken: list[Exception] = []

    def read() -> None:
        while not stop.is_set():
            try:
                etree.fromstring((tmp_path / "all.xml").read_bytes())
                json.loads((tmp_path / "all.json").read_bytes())
            except (etree.XMLSyntaxError, ValueError, OSError) as error:
                broken.append(error)
                return
            reads.append(1)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(60):
        store.record(article(1, text=f"Edition {number}. " * 50), NOW + timedelta(minutes=number))
        publish(store, (ALL,), tmp_path, now=NOW)
    stop.set()
    reader.join()
    assert broken == []
    assert len(reads) > 5


def test_a_folder_that_cannot_be_is_told_in_words(store: Store, tmp_path: Path) -> None:
    """A file where the folder belongs: what, where and what to do, as an error of ours."""
    (tmp_path / "feeds").write_text("in the way")
    with pytest.raises(DatelineError, match=r"feeds cannot be written: File exists; make room"):
        publish(store, (ALL,), tmp_path / "feeds", now=NOW)


def test_what_the_system_refuses_one_feed_is_told_without_a_traceback(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The reason names the folder, not the file, so that many feeds can share one complaint."""
    (tmp_path / "all.xml").mkdir()
    done = publish(store, (ALL, BELTA), tmp_path, now=NOW)
    expected = f"{tmp_path} cannot be written: Is a directory; "
    assert [(name, reason.startswith(expected)) for name, reason in done.failed] == [("all", True)]
    assert not any(record.exc_info for record in caplog.records)
    assert titles(tmp_path / "source-belta.json")


def test_a_source_s_feed_links_to_its_site(store: Store, tmp_path: Path) -> None:
    """RSS demands a web page of the channel: the site's, where the feed is one source's."""
    publish(store, (BELTA,), tmp_path, now=NOW, homes={"source-belta": "https://eng.belta.by/"})
    head = (tmp_path / "source-belta.xml").read_text().split("<item>")[0]
    assert "<link>https://eng.belta.by/</link>" in head


def test_all_feeds_stand_in_one_list(store: Store, tmp_path: Path) -> None:
    """A reader subscribes to them at once: items, watches and our own, each with its address."""
    edits = Board(name="edits", title="Edits", description="Edits", notes=tuple)
    homes = {"source-belta": "https://eng.belta.by/"}
    strange = FeedSpec(name="watch-a", title="<A> & \x07 B", query="talks")
    publish(
        store,
        (ALL, BELTA, strange),
        tmp_path,
        now=NOW,
        boards=(edits,),
        homes=homes,
        served_at="http://127.0.0.1:8642/feeds",
    )
    root = etree.fromstring((tmp_path / "feeds.opml").read_bytes())
    assert (root.tag, root.get("version"), root.findtext("head/title")) == (
        "opml",
        "2.0",
        "Everything",
    )
    found = {
        folder.get("text"): [(feed.get("text"), feed.get("xmlUrl")) for feed in folder]
        for folder in root.iterfind("body/outline")
    }
    base = "http://127.0.0.1:8642/feeds"
    assert found == {
        "Items": [("Everything", f"{base}/all.xml"), ("BelTA", f"{base}/source-belta.xml")],
        "Watches": [("<A> & B", f"{base}/watch-a.xml")],
        "Dateline": [("Edits", f"{base}/edits.xml")],
    }
    assert root.xpath("//@htmlUrl") == ["https://eng.belta.by/"]
    publish(store, (ALL,), tmp_path, now=NOW, base_url="https://desk.example/feeds")
    root = etree.fromstring((tmp_path / "feeds.opml").read_bytes())
    assert root.xpath("//@xmlUrl") == ["https://desk.example/feeds/all.xml"]


def test_each_edit_is_an_entry_of_its_own(store: Store, tmp_path: Path) -> None:
    """With the words it changed and an id for good; an article that was edited twice has two."""
    more = "Item 1 & more"
    first_edit = {"text": "Words of item 1. " * 20 + "<b>New</b>.", "title": more}
    others = ({"text": "Other words.", "title": more}, {"text": "Other words.", "title": "Item"})
    for number, words in enumerate((first_edit, *others), 1):
        store.record(article(1, **words), NOW + timedelta(hours=number))
    edits = [(edit, store.entry_of(edit.id)) for edit in store.changes(9, ChangeKind.EDITED)]
    made = board(lambda: edits)
    publish(store, (), tmp_path, now=NOW, boards=(made,))
    items = json.loads((tmp_path / "edits.json").read_text())["items"]
    titles = ["Edited: Item", "Edited: Item 1 & more", "Edited: Item 1 & more"]
    assert [item["title"] for item in items] == titles
    assert len({item["id"] for item in items}) == 3
    assert {item["url"] for item in items} == {"https://news.example.org/1"}
    first = items[-1]["content_html"]
    assert "<p>Title: Item 1 <ins>&amp; more</ins></p>" in first
    assert "<ins>&lt;b&gt;New&lt;/b&gt;.</ins>" in first
    assert "Changed: title, text" in first
    assert items[-1]["date_published"] == "2025-12-20T10:00:00+00:00"
    parsed = feedparser.parse((tmp_path / "edits.xml").read_bytes())
    assert [each.id for each in parsed.entries] == [item["id"] for item in items]
    assert not publish(store, (), tmp_path, now=NOW, boards=(board(lambda: edits),)).written


def test_feeds_of_what_was_removed_go(store: Store, tmp_path: Path) -> None:
    """All three forms, whatever the name; what is not ours beyond doubt stays as it is."""
    folder = tmp_path / "feeds"
    odd = FeedSpec(name="watch-ОДКБ", title="CSTO", query="ОДКБ")
    publish(store, (ALL, BELTA, TALKS, odd), folder, now=NOW)
    stranger = folder / "watch-mine.atom"
    stranger.write_text("<feed><id>urn:mine</id></feed>")
    (folder / "watch-notes.json").write_text("{}")
    (folder / "own.atom").write_bytes((folder / "watch-talks.atom").read_bytes())
    # Another store's feeds in the same folder are not ours.
    with Store.open(tmp_path / "other.db") as other:
        publish(other, (FeedSpec(name="watch-theirs", title="T", query="x"),), folder, now=NOW)
    done = publish(store, (ALL, BELTA), folder, now=NOW)
    names = {file_name(spec.name) for spec in (TALKS, odd)}
    gone = {f"{name}{ending}" for name in names for ending in (".xml", ".atom", ".json")}
    assert {path.name for path in done.removed} == gone
    left = {path.name for path in folder.iterdir()}
    assert not left & gone
    assert {stranger.name, "watch-notes.json", "own.atom", "watch-theirs.atom"} <= left
    assert {"source-belta.xml", "all.atom", "feeds.opml"} <= left
    assert publish(store, (ALL, BELTA), folder, now=NOW).removed == ()


def test_a_removal_cut_short_goes_on(store: Store, tmp_path: Path) -> None:
    """As long as the Atom form is there the others are known for ours; what cannot go stays."""
    folder = tmp_path / "feeds"
    publish(store, (ALL, TALKS), folder, now=NOW)
    (folder / "watch-talks.json").unlink()
    (folder / "watch-talks.xml").unlink()
    (folder / "watch-talks.xml").mkdir()
    assert publish(store, (ALL,), folder, now=NOW).failed == ()
    assert (folder / "watch-talks.atom").exists()
    (folder / "watch-talks.xml").rmdir()
    publish(store, (ALL,), folder, now=NOW)
    assert not list(folder.glob("watch-*"))
