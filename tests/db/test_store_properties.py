"""Whatever sources show, in whatever order, the store keeps its books straight."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from db.model import Article, Basis, Dateline, Precision
from db.model import TextBasis as Text
from db.model import TitleBasis as Title
from db.store import Store
from db.visiting import Report, Source, State

NOW = datetime(2025, 12, 20, 9, tzinfo=UTC)

DATELINES = st.sampled_from(
    [
        Dateline(),
        Dateline(when=NOW, precision=Precision.MINUTE, basis=Basis.META, zone="UTC"),
        Dateline(
            when=NOW - timedelta(days=1),
            precision=Precision.DAY,
            basis=Basis.LISTING,
            place="Minsk",
        ),
    ]
)
ARTICLES = st.builds(
    Article,
    url=st.sampled_from([None, "https://e.org/1", "https://e.org/2", "https://e.org/2-"]),
    source=st.sampled_from(["early", "late"]),
    guid=st.sampled_from([None, "g1", "g2"]),
    title=st.sampled_from(["One", "Two", ""]),
    title_basis=st.sampled_from(Title),
    text=st.sampled_from(["short", "other", "long enough to prove " * 12, ""]),
    text_basis=st.sampled_from(Text),
    dateline=DATELINES,
)
READINGS = st.lists(st.tuples(ARTICLES, st.booleans(), st.booleans()), max_size=12)


@settings(max_examples=60, deadline=None)
@given(readings=READINGS)
def test_the_books_are_straight(readings: list[tuple[Article, bool, bool]]) -> None:
    """One article per identity, versions without a gap, every change matched or waiting once."""
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "d.db") as store:
        store.register([Source(name="early", kind="k", urls=("https://e.org/",))], NOW)
        for hour, (article, quiet, match) in enumerate(readings):
            before = store.counts().unmatched
            store.record(article, NOW + timedelta(hours=hour), quiet=quiet)
            waiting = store.counts().unmatched
            assert waiting - before <= (0 if quiet else 2)  # what changed, and who has it now
            assert store.record(article, NOW + timedelta(hours=hour), quiet=quiet) is None
            assert store.counts().unmatched == waiting
            if match:
                for stored in store.unmatched(99):
                    store.queue(stored.id, [], NOW)
        assert len(store.changes(99)) == store.counts().changes
        check(store, readings)


def check(store: Store, readings: list[tuple[Article, bool, bool]]) -> None:
    """Assert what holds after any story."""
    found = store.search(None, limit=99)
    urls = [stored.value.article.url for stored in found if stored.value.article.url]
    assert len(urls) == len(set(urls)) <= len({article.url for article, _, _ in readings})
    assert len({stored.value.feed_id for stored in found}) == len(found)
    shown = [article.url for article, _, _ in readings if article.url]
    assert set(store.visits("late", shown, NOW)) == set(shown)
    for stored in found:
        versions = store.versions(stored.id)
        assert [version.number for version in versions] == list(range(1, len(versions) + 1))
        assert stored.value.edits == len(versions) - 1
        moments = [version.seen_at for version in versions]
        assert moments == sorted(moments)
    report = Report(source="early", started=NOW, finished=NOW, state=State.OK)
    store.finish(report, next_at=NOW)
    store.verify()
