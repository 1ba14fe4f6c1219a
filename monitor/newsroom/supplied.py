"""The five supplied documents as stories: which line of which file is what.

The description is by line number, on purpose: it shares no rule with the spiders that will read
the pages made from it, so they are not tested with themselves. The addresses, and the titles of
the strip's articles, are ours; everything else is the documents' own characters.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib import resources

from db.model import Basis, Precision
from monitor.newsroom.story import BISHKEK, MINSK, MOSCOW, Block, Kind, Shape, Story, StripCard

TASS = "000_98ddc73f00651e07.txt"
INTERVIEW = "001_2543e49a042f5581.txt"
BELTA = "002_95abca8929fcbd29.txt"
PRESS_CONFERENCE = "003_cbd84e375f11c15b.txt"
OPENKG = "004_44fc1823594cd990.txt"
NAMES = (TASS, INTERVIEW, BELTA, PRESS_CONFERENCE, OPENKG)

SECTION = "/news/news_odkb/"
ARCHIVE_NOTE = "The secretariat keeps the photographs of the event in its archive."

# The strip of each secretariat document: line of the day, line of the preview, our title, slug.
INTERVIEW_STRIP = (
    (
        1,
        3,
        "CSTO Secretariat delegation visits the Patriot park",
        "delegatsiya-sekretariata-odkb-posetila-park-patriot",
    ),
    (
        6,
        8,
        "Kyrgyz President receives the foreign ministers of the CSTO member states",
        "prezident-kyrgyzstana-prinyal-ministrov-inostrannykh-del-gosudarstv-chlenov-odkb",
    ),
    (
        10,
        12,
        "Foreign ministers of the CSTO member states meet in Cholpon-Ata",
        "zasedanie-soveta-ministrov-inostrannykh-del-odkb-v-cholpon-ate",
    ),
    (
        15,
        17,
        "CSTO Secretariat speaks at the OSCE conference on security",
        "predstavitel-sekretariata-odkb-vystupil-na-konferentsii-obse",
    ),
)
PRESS_CONFERENCE_STRIP = (
    (
        1,
        3,
        "Duty shifts of the CSTO Crisis Response Center train together",
        "sovmestnaya-trenirovka-dezhurnykh-smen-tsentra-krizisnogo-reagirovaniya",
    ),
    (
        6,
        8,
        "Joint Staff consults on the training of command bodies",
        "v-obedinennom-shtabe-odkb-proshli-konsultatsii-po-podgotovke-organov-upravleniya",
    ),
    (
        11,
        13,
        "CSTO Deputy Secretary General meets the UN Monitoring Group",
        "zamestitel-generalnogo-sekretarya-odkb-vstretilsya-s-gruppoy-po-monitoringu-oon",
    ),
    (
        16,
        18,
        "Working Group on Afghanistan holds its 40th meeting",
        "sorokovoe-zasedanie-rabochey-gruppy-po-afganistanu-pri-smid-odkb",
    ),
)


@dataclass(frozen=True, slots=True)
class Document:
    """The lines of one supplied file, counted from 1 as an editor counts them."""

    name: str
    lines: tuple[str, ...]

    def line(self, number: int) -> str:
        """Return one line."""
        return self.lines[number - 1]

    def body(
        self, first: int, last: int, *, headings: tuple[int, ...] = (), items: tuple[int, ...] = ()
    ) -> tuple[Block, ...]:
        """Return the lines from `first` to `last` as blocks; empty lines part them."""
        blocks = []
        for number in range(first, last + 1):
            text = self.line(number)
            if not text:
                continue
            kind: Kind = "paragraph"
            if number in headings:
                kind = "heading"
            elif number in items:
                kind, text = "item", text.removeprefix("- ")
            blocks.append(Block(kind, text))
        return tuple(blocks)


def document(name: str) -> Document:
    """Read a supplied document from the installed package."""
    file = resources.files("monitor.newsroom").joinpath("documents", name)
    return Document(name, tuple(file.read_text(encoding="utf-8").splitlines()))


def stories() -> tuple[Story, ...]:
    """Return the 13 items of the supplied documents."""
    return (
        _tass(document(TASS)),
        *_interview(document(INTERVIEW)),
        _belta(document(BELTA)),
        *_press_conference(document(PRESS_CONFERENCE)),
        _openkg(document(OPENKG)),
    )


def _tass(source: Document) -> Story:
    """Make 000: only the sitemap leads there, without a time, so the lead's date stands alone."""
    return Story(
        key="000",
        site="tass",
        path="/politics/2060612",
        title="",
        body=source.body(1, 21, headings=(7, 11, 19)),
        at=datetime(2025, 12, 19, tzinfo=MOSCOW),
        precision=Precision.DAY,
        evidence=(Basis.LEAD,),
        section="politics",
        place="MOSCOW",
        document=source.name,
        shape=Shape(structured=False, listed=False),
    )


def _interview(source: Document) -> tuple[Story, ...]:
    """Make 001 and its strip: neither the page nor the card of the list prints its date."""
    strip = _strip(source, INTERVIEW_STRIP)
    main = Story(
        key="001",
        site="secretariat",
        path=f"{SECTION}intervyu-generalnogo-sekretarya-odkb-imangali-tasmagambetova-agentstvu-tass/",
        title=source.line(20),
        body=source.body(22, 66),
        at=datetime(2024, 6, 25, tzinfo=MOSCOW),
        precision=Precision.NONE,
        evidence=(),
        preview=source.line(22),
        document=source.name,
        shape=Shape(card_dated=False),
        shelf=1,
        strip=tuple(card for card, _ in strip),
    )
    return (main, *(story for _, story in strip))


def _press_conference(source: Document) -> tuple[Story, ...]:
    """Make 003 and its strip: the page prints the date beside the repeated title."""
    strip = _strip(source, PRESS_CONFERENCE_STRIP)
    main = Story(
        key="003",
        site="secretariat",
        path=f"{SECTION}generalnyy-sekretar-odkb-provel-press-konferentsiyu-v-mia-rossiya-segodnya/",
        title=source.line(21),
        body=source.body(25, 97, headings=(27, 51, 59, 65, 73, 81, 91)),
        at=_day(source.line(23).removeprefix(source.line(21)).strip()),
        precision=Precision.DAY,
        evidence=(Basis.PRINTED,),
        preview=source.line(25),
        document=source.name,
        shape=Shape(page_date="beside", picture=True),
        shelf=1,
        strip=tuple(card for card, _ in strip),
    )
    return (main, *(story for _, story in strip))


def _strip(
    source: Document, rows: tuple[tuple[int, int, str, str], ...]
) -> tuple[tuple[StripCard, Story], ...]:
    """Make the strip's cards and the articles they lead to, whose pages print no date."""
    made = []
    for position, (day, preview, title, slug) in enumerate(rows, start=1):
        card = StripCard(source.line(day), source.line(preview), f"{SECTION}{slug}/")
        story = Story(
            key=f"{source.name[:3]}-strip-{position}",
            site="secretariat",
            path=card.path,
            title=title,
            body=(Block("paragraph", card.preview), Block("paragraph", ARCHIVE_NOTE)),
            at=_day(card.day),
            precision=Precision.DAY,
            evidence=(Basis.LISTING,),
            preview=card.preview,
            document=source.name,
            shelf=2,
        )
        made.append((card, story))
    return tuple(made)


def _belta(source: Document) -> Story:
    """Make 002: its header shows the day it was saved, two days after the article's own."""
    return Story(
        key="002",
        site="belta",
        path="/society/view/csto-reviews-key-military-security-developments-in-2023-2025-174718-2025/",
        title=source.line(9),
        body=source.body(11, 25),
        at=datetime(2025, 12, 15, 16, 11, tzinfo=MINSK),
        precision=Precision.MINUTE,
        evidence=(Basis.PRINTED,),
        preview="",
        section=source.line(6).lower(),
        place="MOSCOW",
        document=source.name,
        header=tuple(source.line(number) for number in range(1, 6)),
    )


def _openkg(source: Document) -> Story:
    """Make 004: neither the page nor its card prints a date."""
    author, _, section = source.line(3).rpartition(" ")
    return Story(
        key="004",
        site="openkg",
        path=(
            "/en/politics/exclusive/98417-odkb-dokazala-svoyu-sposobnost-"
            "adaptirovatsya-k-izmeneniyam-mirovoy-obstanovki.html"
        ),
        title=source.line(1),
        body=source.body(7, 45, items=(13, 15, 17, 19)),
        at=datetime(2025, 12, 20, tzinfo=BISHKEK),
        precision=Precision.NONE,
        evidence=(),
        preview=source.line(7)[:180],
        section=section,
        author=author,
        document=source.name,
        shape=Shape(card_dated=False, picture=True),
        shelf=1,
    )


def _day(printed: str) -> datetime:
    day, month, year = (int(part) for part in printed.split("."))
    return datetime(year, month, day, tzinfo=MOSCOW)
