"""What the reading of a saved page came to, line by line for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.model import UNKNOWN_DATELINE
from feeds.wording import YEAR_INFERRED, year_inferred
from monitor.show import dateline_cell
from spiders.weighed import why_not

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.model import Article, Candidate, Dateline
    from monitor.saved import Read
    from spiders.site import Card

_SHOWN = 300
_CARD_SHOWN = 160
_NO_ADDRESS = "to take them, say with --url where the page was saved"


def lines(read: Read, kind: str, name: str) -> Iterator[str]:
    """Yield the lines about one page, read by the rules of `kind`; what is missing is a dash."""
    yield f"{name} (rules: {kind}, {read.seconds * 1000:.1f} ms)"
    article = read.article
    if article is not None:
        for label, value in _fields(article):
            yield _line(label, value or "-")
    elif read.is_list:
        count = len(read.cards)
        yield f"  a list of {count} items" if count > 1 else "  a list of one item"
        if read.lacks_address:
            yield f"  {_NO_ADDRESS}"
    else:
        yield f"  {read.problem}"
    for one in read.candidates:
        yield _line("weighed", f"{dated(one.dateline)}: {_verdict(one, article)}")
    for card in read.cards:
        yield _line("item" if read.is_list else "beside", _card(card))


def _line(label: str, value: str) -> str:
    return f"  {label:<12} {value}"


def _fields(article: Article) -> Iterator[tuple[str, str]]:
    derived = f" ({article.title_basis.value})" if article.title_basis.value != "page" else ""
    yield "title", article.title + derived
    yield "published", dated(article.dateline)
    yield "place", article.dateline.place or ""
    yield "url", article.url or ""
    yield "section", article.section or ""
    yield "authors", ", ".join(article.authors)
    yield "language", article.language or ""
    yield "tags", ", ".join(article.tags)
    yield "files", ", ".join(article.attachments)
    yield "summary", _cut(article.summary, _SHOWN)
    yield "text", f"{_cut(article.text, _SHOWN)} ({len(article.text)} characters)"


def _cut(text: str, length: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[:length].rstrip()} …"


def dated(dateline: Dateline) -> str:
    """Say a date with its basis, what was assumed of it, and what it was read from."""
    if dateline.when is None:
        return "unknown"
    basis = dateline.basis.value.replace("_", " ")
    zone = "" if dateline.zone_stated or not dateline.zone else f", {dateline.zone} assumed"
    raw = f", “{dateline.raw}”" if dateline.raw else ""
    year = f", {YEAR_INFERRED}" if year_inferred(dateline) else ""
    return f"{dateline_cell(dateline)} ({basis}{zone}{raw}{year})"


def _verdict(one: Candidate, article: Article | None) -> str:
    why = why_not(one, article.dateline if article else UNKNOWN_DATELINE)
    return f"not taken: {why}" if why else "taken"


def _card(card: Card) -> str:
    return _cut(
        f"{dateline_cell(card.dateline)} {card.title or card.summary or card.url}", _CARD_SHOWN
    )
