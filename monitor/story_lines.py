"""Articles as others write them, one JSON object a line, and what is wrong with a line. Pure."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

from db.model import Article, Basis, Dateline, Precision, TextBasis, TitleBasis
from db.words import clean, clean_line

if TYPE_CHECKING:
    from collections.abc import Iterable

_TEXTS = ("id", "title", "text", "source", "published", "language", "url")


class Line(NamedTuple):
    """An article of a file: its id as it was given there."""

    id: str | int
    article: Article


class Lines(NamedTuple):
    """What a file holds, and what is wrong with it, each mistake with its line."""

    articles: tuple[Line, ...]
    mistakes: tuple[str, ...]


def read(lines: Iterable[bytes]) -> Lines:
    """Read articles; one bad line costs itself only. Empty lines are skipped."""
    found: dict[str | int, tuple[int, Article]] = {}
    mistakes = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            name, article = _article(line.removeprefix(b"\xef\xbb\xbf"))
        except ValueError as error:
            mistakes.append(f"line {number}: {error}")
            continue
        if name in found:
            mistakes.append(f'line {number}: the id "{name}" stands in line {found[name][0]} too')
        else:
            found[name] = (number, article)
    articles = tuple(Line(name, article) for name, (_, article) in found.items())
    return Lines(articles, tuple(mistakes))


def _article(line: bytes) -> Line:
    given = _object(line)
    name = given.get("id")
    if isinstance(name, bool) or not isinstance(name, str | int) or name == "":
        raise ValueError('"id" must be a text or a whole number')
    title, text, source, language, url = (
        _text(given, field) for field in ("title", "text", "source", "language", "url")
    )
    title, text = clean_line(title), clean(text)
    if not title and not text:
        raise ValueError('"title" and "text" are both missing')
    return Line(
        name,
        Article(
            url=clean_line(url) or _address(name),
            source=clean_line(source),
            title=title,
            title_basis=TitleBasis.PAGE,
            text=text,
            text_basis=TextBasis.PAGE,
            language=clean_line(language).lower() or None,
            dateline=_dateline(_text(given, "published")),
        ),
    )


def _address(name: str | int) -> str | None:
    """Return an id that is an address: whoever knows articles by that gives no other."""
    return name if isinstance(name, str) and name.startswith(("https://", "http://")) else None


def _object(line: bytes) -> dict[str, Any]:
    try:
        given = json.loads(line.decode())
    except UnicodeDecodeError:
        raise ValueError("this is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"this is no JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise ValueError("this is nested too deeply") from None
    if not isinstance(given, dict):
        said = f"one JSON object a line is read, with {', '.join(_TEXTS)}"
        raise ValueError(said)  # noqa: TRY004 - read() catches one kind
    return given


def _text(given: dict[str, Any], field: str) -> str:
    value = given.get(field)
    if not isinstance(value, str | None):
        raise ValueError(f'"{field}" must be a text')  # noqa: TRY004 - read() catches one kind
    return value or ""


def _dateline(published: str) -> Dateline:
    """Return a date as ISO 8601 writes it; without a zone it is taken for UTC."""
    if not published.strip():
        return Dateline()
    when, precision = _moment(published.strip())
    return Dateline(when=when, precision=precision, basis=Basis.API, raw=published)


def _moment(text: str) -> tuple[datetime, Precision]:
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC), Precision.DAY
    except ValueError:
        pass
    try:
        when = datetime.fromisoformat(text)
        return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC), Precision.SECOND
    except (ValueError, OverflowError):
        raise ValueError(
            f'"published" must be null or a date like 2025-12-15T13:11:00Z, not "{text}"'
        ) from None
