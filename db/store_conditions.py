"""A query's conditions become SQL for the rows of `article`, their values beside it."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, assert_never

from db import rows
from db.compile import All, Any, Check, Condition, Match, Named, Not, Shown
from db.evaluate import is_shown_by
from db.facts import UNKNOWN, WIDEST
from db.tree import Days, Fact

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from db.store_index import Waiting

_Sql = tuple[str, tuple[str, ...]]

_MATCHING = (
    "(id IN (SELECT rowid FROM article_fts WHERE article_fts MATCH ?)"
    " OR id IN (SELECT value FROM json_each(?)))"
)
_SHOWN = (
    "id IN (SELECT article_id FROM article_source WHERE source IN (SELECT value FROM json_each(?)))"
)
# What a function reads, by the field's name.
_PRINTED = {"author": "lines_of_list(authors)"}

_FACTS = {
    "lang": "(language IS NOT NULL AND (lower(language) || '-') GLOB (? || '-*'))",
    "precision": "date_precision = ?",
    "on": "id IN (SELECT article_id FROM change WHERE kind = ?)",
}
_NOT_KNOWN = {"lang": "language IS NULL", "published": "dated IS NULL"}

# Far from midnight in every zone a comparison is enough; else the day is worked out in the
# article's own zone.
_SINCE = "(dated >= ? OR (dated >= ? AND own_day_text(dated, date_zone) >= ?))"
_BEFORE = "(dated < ? OR (dated < ? AND own_day_text(dated, date_zone) < ?))"


def where(condition: Condition | None, waiting: Waiting) -> _Sql:  # noqa: C901, PLR0911 - one for each kind of condition
    """Return SQL that is true or false of an article, never NULL, and the values it asks for."""
    match condition:
        case None:
            return "true", ()
        case Match(fts):
            return _MATCHING, (fts, waiting.matching(fts))
        case Named():
            return _named(condition, waiting)
        case Check():
            return _check(condition)
        case Shown(by):
            names = [name for name in waiting.sources if is_shown_by(by, name)]
            return _SHOWN, (rows.array(names),)
        case Fact():
            return _fact(condition)
        case Days():
            return _days(condition)
        case Not(part):
            sql, values = where(part, waiting)
            return f"NOT {sql}", values
        case All(parts):
            return _joined(" AND ", (where(part, waiting) for part in parts))
        case Any(parts):
            return _joined(" OR ", (where(part, waiting) for part in parts))
        case _:
            assert_never(condition)


def _joined(word: str, parts: Iterable[_Sql]) -> _Sql:
    sentences, values = zip(*parts, strict=True)
    return f"({word.join(sentences)})", tuple(value for some in values for value in some)


def _named(condition: Named, waiting: Waiting) -> _Sql:
    fts = _spellings(condition, waiting)
    return (_MATCHING, (fts, waiting.matching(fts))) if fts else ("false", ())


def _spellings(named: Named, waiting: Waiting) -> str | None:
    """Return a MATCH string for the words that are such a name, None if none was ever met."""
    tokens = waiting.named(named.keys)
    if not tokens:
        return None
    either = " OR ".join(f'"{token}"' for token in tokens)
    return f"{{{' '.join(named.columns)}}} : ({either})"


def _check(check: Check) -> _Sql:
    printed = (_PRINTED.get(field, field) for field in check.fields)
    return _joined(
        " OR ", ((f"{check.function}(?, {text})", (check.argument,)) for text in printed)
    )


def _fact(fact: Fact) -> _Sql:
    if fact.value == UNKNOWN:
        return f"({_NOT_KNOWN[fact.field]})", ()
    return f"({_FACTS[fact.field]})", (fact.value,)


def _days(days: Days) -> _Sql:
    seen = days.field == "seen"
    ends: list[_Sql] = [] if seen else [("dated IS NOT NULL", ())]
    if days.since:
        surely, hardly = _midnight(days.since) + WIDEST, _midnight(days.since) - WIDEST
        ends.append(
            ("first_seen >= ?", (rows.moment(_midnight(days.since)),))
            if seen
            else (_SINCE, (rows.moment(surely), rows.moment(hardly), days.since.isoformat()))
        )
    if days.before:
        surely, hardly = _midnight(days.before) - WIDEST, _midnight(days.before) + WIDEST
        ends.append(
            ("first_seen < ?", (rows.moment(_midnight(days.before)),))
            if seen
            else (_BEFORE, (rows.moment(surely), rows.moment(hardly), days.before.isoformat()))
        )
    return _joined(" AND ", ends)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
