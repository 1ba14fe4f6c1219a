"""The supplied documents are read as their table says: 13 items, from text and from HTML alike."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import pytest

from db.model import Basis, Precision, TextBasis, TitleBasis
from monitor.newsroom.room import Newsroom
from spiders.blocks import Page
from spiders.registry import default_source, site

DOCUMENTS = Path(__file__).parent.parent / "documents"
SEEN = datetime(2025, 12, 20, 9, tzinfo=UTC)
FOOTERS = (
    "Go back", "Back to the", "Follow us on", "Recent news from Belarus", "VK X OK",
    "Read also:", "Write a comment:",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of the table: the article's fields, and the days of the strip above it."""

    kind: str
    title: str
    title_basis: TitleBasis = TitleBasis.PAGE
    moment: str | None = None
    precision: Precision = Precision.NONE
    basis: Basis = Basis.UNKNOWN
    place: str | None = None
    section: str | None = None
    in_address: str | None = None
    authors: tuple[str, ...] = ()
    strip: tuple[str, ...] = ()
    opens: str
    closes: str


ROWS = {
    "000_98ddc73f00651e07.txt": Row(
        kind="tass",
        title="The Collective Security Treaty Organization (CSTO) has reinforced its aviation group and"
        " increased personnel, CSTO Secretary General Imangali Tasmagambetov told TASS an interview,"
        " commenting on the results of his three-year presidency",
        title_basis=TitleBasis.DERIVED,
        moment="2025-12-19T00:00+03:00",
        precision=Precision.DAY,
        basis=Basis.LEAD,
        place="MOSCOW",
        in_address="Politics",
        opens="MOSCOW, December 19. /TASS/. The Collective Security",
        closes='will continue to adhere to this approach," he concluded.',
    ),
    "001_2543e49a042f5581.txt": Row(
        kind="secretariat",
        title="Interview of the CSTO Secretary General Imangali Tasmagambetov to the TASS agency",
        strip=("2025-07-07", "2025-06-30", "2025-06-30", "2025-06-26"),
        opens="Imangali Tasmagambetov — on the results of the Council",
        closes="should Russia request assistance, the allies will not be left behind.",
    ),
    "002_95abca8929fcbd29.txt": Row(
        kind="belta",
        title="CSTO reviews key military, security developments in 2023-2025",
        moment="2025-12-15T13:11+00:00",
        precision=Precision.MINUTE,
        basis=Basis.PRINTED,
        place="MOSCOW",
        section="Society",
        opens="MOSCOW, 15 December (BelTA) - The Collective Security",
        closes="Shared Responsibility for a Secure Future” was prepared.",
    ),
    "003_cbd84e375f11c15b.txt": Row(
        kind="secretariat",
        title="The CSTO Secretary General held press conference at the “Rossiya Segodnya” news agency",
        moment="2024-12-04T00:00+03:00",
        precision=Precision.DAY,
        basis=Basis.PRINTED,
        strip=("2024-12-23", "2024-12-11", "2024-12-11", "2024-12-11"),
        opens="The CSTO Secretary General Imangali Tasmagambetov held a press conference",
        closes="to be held on May 9, 2025,” Imangali Tasmagambetov added.",
    ),
    "004_44fc1823594cd990.txt": Row(
        kind="openkg",
        title="CSTO has proven its ability to adapt to changes in the global situation",
        section="Politics",
        authors=("Арестова Татьяна",),
        opens='On the portal "Allies. CSTO," an article by Kirill Babaev',
        closes="adaptation to changes in the global political situation.",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def newsroom():
    with Newsroom(SEEN) as room:
        yield room


def from_text(name, _room):
    page = Page(None, (DOCUMENTS / name).read_text(encoding="utf-8"), "text")
    return site(ROWS[name].kind).read(page, default_source(ROWS[name].kind), None, SEEN)


def from_html(name, room):
    """Read the page that the press room serves for the document."""
    row = ROWS[name]
    rules, source = site(row.kind), default_source(row.kind)
    told = next(
        item for item in room.published(row.kind) if item.document and item.document in name
    )
    with urlopen(told.url) as answer:
        page = Page(answer.url, answer.read().decode())
    return rules.read(page, source, None, SEEN)


@pytest.fixture(params=[from_text, from_html], ids=["text", "html"])
def read(request, newsroom):
    return lambda name: request.param(name, newsroom)


@pytest.mark.parametrize("name", ROWS)
def test_the_article_of_a_document_has_every_field_of_the_table(read, name):
    """Title, its basis, date, precision, basis, place, section and authors are as documented."""
    row, article = ROWS[name], read(name).article
    assert (article.title, article.title_basis) == (row.title, row.title_basis)
    dateline = article.dateline
    moment = row.moment and datetime.fromisoformat(row.moment)
    assert (dateline.when, dateline.precision, dateline.basis) == (moment, row.precision, row.basis)
    assert (dateline.place, article.authors) == (row.place, row.authors)
    # An address names the section where the text alone does not.
    assert article.section == (
        row.section if article.url is None else row.section or row.in_address
    )
    assert (article.language, article.text_basis) == ("en", TextBasis.PAGE)


@pytest.mark.parametrize("name", ROWS)
def test_the_text_of_a_document_begins_and_ends_where_the_article_does(read, name):
    """Strip, header, sharing lines and footers are no text; every paragraph between them is."""
    row, text = ROWS[name], read(name).article.text
    assert text.startswith(row.opens)
    assert text.endswith(row.closes)
    assert not [footer for footer in FOOTERS if footer in text]
    assert "\u00a0" not in text
    assert "tajik-afghan border" in text.lower() or row.kind == "openkg"


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.strip])
def test_the_strip_of_a_page_is_dated_items_of_their_own(read, name):
    """Each item of the strip has its own day in Moscow, from the listing, and its preview."""
    cards = read(name).cards
    days = tuple(str(c.dateline.when.astimezone(ZoneInfo("Europe/Moscow")).date()) for c in cards)
    assert days == ROWS[name].strip
    assert {(c.dateline.basis, c.dateline.precision) for c in cards} == {
        (Basis.LISTING, Precision.DAY)
    }
    assert all(len(card.summary) > 100 and not card.title for card in cards)


def test_headings_and_list_items_stay_in_the_text(read):
    """TASS's headings are lines of the text, open.kg's four list items stay a list."""
    tass = read("000_98ddc73f00651e07.txt").article.text.split("\n\n")
    assert {"Successful Operations", "Other Achievements", "Future Tasks"} <= set(tass)
    openkg = read("004_44fc1823594cd990.txt").article.text.split("\n\n")
    assert len([line for line in openkg if line.startswith("- ")]) == 4


def test_text_and_html_give_the_same_words(newsroom):
    """The same rules read both, so no word of an article differs."""
    for name in ROWS:
        assert from_text(name, newsroom).article.text == from_html(name, newsroom).article.text


@pytest.mark.parametrize(
    ("seen", "day"),
    [
        ("2025-12-20", "2025-12-19"),
        ("2026-12-01", "2025-12-19"),
        ("2026-12-19T06:00", "2026-12-19"),
    ],
)
def test_the_year_of_the_agency_text_depends_on_when_it_was_seen(seen, day):
    """Document 000 prints no year: it is the latest such day not after the first sight."""
    name = "000_98ddc73f00651e07.txt"
    page = Page(None, (DOCUMENTS / name).read_text(encoding="utf-8"), "text")
    moment = datetime.fromisoformat(seen).replace(tzinfo=UTC)
    article = site("tass").read(page, default_source("tass"), None, moment).article
    assert str(article.dateline.when.astimezone(ZoneInfo("Europe/Moscow")).date()) == day
    assert article.dateline.raw == "December 19"


@pytest.mark.parametrize(
    ("name", "moment"),
    [(name, None) for name in ROWS if not name.startswith("002")]
    + [("002_95abca8929fcbd29.txt", datetime(2025, 12, 15, 16, 11, tzinfo=UTC))],
)
def test_rules_for_any_page_give_no_text_the_date_of_something_else(
    name: str, moment: datetime | None
) -> None:
    """Neither the day in a page's header nor those of a strip date what a folder without rules reads."""
    page = Page(None, (DOCUMENTS / name).read_text(encoding="utf-8"), "text")
    article = site("listing").read(page, default_source("listing"), None, SEEN).article
    assert article.dateline.when == moment
