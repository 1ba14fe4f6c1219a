"""Every item of the press room, read from its page, is what the press room's ledger says."""

from datetime import UTC, datetime
from urllib.request import urlopen

import pytest

from monitor.newsroom.room import SITES, Newsroom
from spiders.blocks import Page
from spiders.registry import default_source, site

SEEN = datetime(2026, 1, 20, 9, tzinfo=UTC)
# tass.ru answers foreign visitors with a block page; only its feed can be read.
READABLE = tuple(name for name in SITES if name != "tass_ru")


@pytest.mark.parametrize("name", READABLE)
def test_every_page_gives_the_words_that_were_published(name):
    """Title and text are the published ones, nothing of the page around them."""
    kind = name.split("_", maxsplit=1)[0]
    with Newsroom(SEEN, wave=2, sites=(name,)) as newsroom:
        ledger = newsroom.published()
        assert ledger
        for item in ledger:
            with urlopen(item.url) as answer:
                page = Page(answer.url, answer.read().decode())
            article = site(kind).read(page, default_source(kind), None, SEEN).article
            assert article.text.split() == item.text.split()
            assert item.title in ("", article.title)
            assert article.dateline.place == item.place
            assert article.dateline.when in (item.when, None)
