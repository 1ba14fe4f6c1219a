"""What the tests of the store share: a store in an empty folder, a moment, one article."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest

from db.model import Article, Basis, ChangeKind, Dateline, Entry, Precision, TextBasis, TitleBasis
from db.store import Store
from db.telling import Alert
from db.visiting import Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def now() -> datetime:
    """Return the morning of 20 December 2025."""
    return datetime(2025, 12, 20, 9, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the database shall lie."""
    return tmp_path / "var" / "dateline.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """Open a new store whose permanent ids count from 1."""
    numbers = count(1)
    with Store.open(path, patience=0, token=lambda: str(next(numbers))) as opened:
        yield opened


@pytest.fixture
def article(now: datetime) -> Article:
    """Return an article read from its own page."""
    return Article(
        url="https://odkb.example/news/council/",
        source="secretariat",
        guid="n-1",
        title="Council meets in Minsk",
        title_basis=TitleBasis.PAGE,
        text="The Council met in Minsk on Friday. " * 8,
        text_basis=TextBasis.PAGE,
        section="News",
        authors=("A. Writer", "B. Other"),
        language="en",
        tags=("council",),
        attachments=("https://odkb.example/a.pdf",),
        dateline=Dateline(
            when=now - timedelta(hours=2),
            precision=Precision.MINUTE,
            basis=Basis.META,
            zone="Europe/Moscow",
            zone_stated=True,
            place="Minsk",
            raw="20.12.2025 10:00",
        ),
    )


@pytest.fixture
def card(article: Article, now: datetime) -> Article:
    """Return the same item as a list shows it."""
    return Article(
        url=article.url,
        source=article.source,
        title="Council meets",
        title_basis=TitleBasis.LISTING,
        text="The Council met in Minsk …",
        text_basis=TextBasis.LISTING,
        dateline=Dateline(
            when=now.replace(hour=0), precision=Precision.DAY, basis=Basis.LISTING, zone="UTC"
        ),
    )


@pytest.fixture
def source() -> Source:
    """Return the source that the article belongs to."""
    return Source(name="secretariat", kind="secretariat", urls=("https://odkb.example/news/",))


@pytest.fixture
def alert(article: Article, now: datetime) -> Alert:
    """Return an alert of the article for one watch and one channel."""
    return Alert(
        key="key-1",
        watch="minsk",
        channel="mail",
        query="Minsk",
        kind=ChangeKind.NEW,
        entry=Entry(
            article=article,
            feed_id="tag:dateline.invalid,2026-01-01:1",
            first_seen=now,
            changed_at=now,
            edits=0,
        ),
        fields=(),
        passages=(),
        created_at=now,
    )


@pytest.fixture
def queued(store: Store, article: Article, alert: Alert, now: datetime) -> Store:
    """Return the store with one alert in the queue."""
    store.record(article, now)
    store.queue(1, [alert], now)
    return store
