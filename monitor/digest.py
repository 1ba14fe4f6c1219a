"""Pure: a letter of several changes -> what a person reads, what a machine reads.

Nothing is left out: each item stands there once, the newest first, with every watch that met it
and the words it was met on. `data` is the body of a webhook and a contract with its receivers.
Version 1::

    {"type": "digest", "version": 1, "timestamp": when the latest of its alerts was made,
     "data": {
       "key": the digest's permanent key, the same in each repeat,
       "count": how many items it tells of,
       "flood": true if they were more than the channel wants one by one,
       "watches": [{"name", "query", "count"}],
       "items": [{"keys": [of its alerts], "kind", "fields", "edit", "absence", "story",
                  "article", "dateline", "watches": [{"name", "query", "passages", "grounds"}]}]}}

An item's parts are those of `monitor.message`, but `article.text` is only its beginning. Keys may
be added within a version, never taken away.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC
from html import escape
from typing import TYPE_CHECKING, Any, Final

from db.model import ChangeKind
from db.telling import Passage
from db.words import clean_line
from feeds.body import display_title, sanitise, web_address
from feeds.wording import counted, dateline_words, shorten
from monitor import message
from monitor.matched import Line, lines
from monitor.message import SUBJECT_LIMIT, Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from db.telling import Alert, Letter

VERSION: Final = 1
_TEXT_LIMIT: Final = 300
_WATCH_LIMIT: Final = 60
_LINES_SHOWN: Final = 2
_SHOWN_IN_SUBJECT: Final = 4


@dataclass(frozen=True, slots=True)
class _Item:
    """One change with all alerts of it; `datas` is what `monitor.message` says of each."""

    alerts: tuple[Alert, ...]
    datas: tuple[dict[str, Any], ...]

    @property
    def first(self) -> Alert:
        return self.alerts[0]

    @property
    def reasons(self) -> list[tuple[str, tuple[Line, ...]]]:
        """Return each watch with the first lines of what it met."""
        return [
            (clean_line(alert.watch), _lines(data["passages"])[:_LINES_SHOWN])
            for alert, data in zip(self.alerts, self.datas, strict=True)
        ]


def render(letter: Letter) -> Message:
    """Put a digest into words. The same letter gives the same message, however often it is sent."""
    items = _items(letter.alerts)
    counts = Counter(alert.watch for alert in letter.alerts)
    headline = _headline(letter, items, counts)
    return Message(
        subject=shorten(f"[Dateline] {headline}", SUBJECT_LIMIT),
        text=_text(letter, items, counts),
        html=_html(letter, items, counts),
        data=_data(letter, items, counts),
    )


def _items(alerts: Iterable[Alert]) -> tuple[_Item, ...]:
    """Return the alerts by change, what was published last first.

    What bears no date, or one to come, counts when it was first seen; of equals the last made.
    """
    changes: dict[object, list[Alert]] = {}
    for alert in alerts:
        changes.setdefault(alert.occasion, []).append(alert)
    found = [
        _Item(tuple(same), tuple(message.data(alert)["data"] for alert in same))
        for same in changes.values()
    ]
    return tuple(sorted(found, key=_moment))[::-1]


def _moment(item: _Item) -> datetime:
    entry = item.first.entry
    return min(entry.article.dateline.when or entry.first_seen, entry.first_seen)


def _headline(letter: Letter, items: Sequence[_Item], counts: Counter[str]) -> str:
    shown = [
        f"{shorten(clean_line(watch), _WATCH_LIMIT)}{f' {count}' * (len(counts) > 1)}"
        for watch, count in counts.most_common(_SHOWN_IN_SUBJECT)
    ]
    more = ", …" if len(counts) > _SHOWN_IN_SUBJECT else ""
    watches = f"watch{'es' * (len(counts) > 1)} {', '.join(shown)}{more}"
    return f"{counted(len(items), 'item')}{' at once' * letter.is_flood} for {watches}"


def _opening(letter: Letter, items: Sequence[_Item], counts: Counter[str]) -> list[str]:
    """Return the lines above the items."""
    flood = " They were too many to be told one by one." if letter.is_flood else ""
    queries = {alert.watch: alert.query for alert in letter.alerts}
    return [
        f"{counted(len(items), 'item')}{', the newest first' * (len(items) > 1)}.{flood}",
        *(
            f"{clean_line(watch)}: {count} ({clean_line(queries[watch])})"
            for watch, count in counts.most_common()
        ),
    ]


def _facts(item: _Item) -> str:
    """Return the line under a title: what happened to it, where, and when."""
    entry = item.first.entry
    kind = "" if item.first.kind is ChangeKind.NEW else f"{item.first.kind.value}, "
    published = dateline_words(entry.article.dateline, first_seen=entry.first_seen)
    story = item.first.story
    told = f"; one of {story.size} items of story {story.id}" if story and story.size > 1 else ""
    return f"{kind}{clean_line(entry.article.source)}, {published}{told}"


def _text(letter: Letter, items: Sequence[_Item], counts: Counter[str]) -> str:
    blocks = ["\n".join(_opening(letter, items, counts))]
    for number, item in enumerate(items, 1):
        article = item.first.entry.article
        lines = [f"{number}. {display_title(article.title)}", _facts(item)]
        lines += [url for url in [web_address(article.url)] if url]
        for watch, found in item.reasons:
            words = " … ".join(line.as_text for line in found)
            lines.append(f"{watch}: {words}" if words else watch)
        blocks.append("\n   ".join(lines))
    return "\n\n".join((*blocks, f"-- \n{_footer(letter)}")) + "\n"


def _html(letter: Letter, items: Sequence[_Item], counts: Counter[str]) -> str:
    parts = [f"<p>{'<br>'.join(map(escape, _opening(letter, items, counts)))}</p>"]
    for number, item in enumerate(items, 1):
        article = item.first.entry.article
        title = f"<strong>{number}. {escape(display_title(article.title))}</strong>"
        url = web_address(article.url)
        lines = [
            f'<a href="{escape(url)}">{title}</a>' if url else title,
            escape(_facts(item)),
        ]
        for watch, found in item.reasons:
            words = " … ".join(line.as_html for line in found)
            lines.append(f"{escape(watch)}: {words}" if words else escape(watch))
        parts.append(f"<p>{'<br>'.join(lines)}</p>")
    parts.append(f"<p><small>{escape(_footer(letter))}</small></p>")
    return sanitise("\n".join(parts))


def _footer(letter: Letter) -> str:
    return f"Digest {clean_line(letter.key)}, sent by Dateline."


def _data(letter: Letter, items: Sequence[_Item], counts: Counter[str]) -> dict[str, Any]:
    latest = max(alert.created_at for alert in letter.alerts).astimezone(UTC)
    queries = {alert.watch: alert.query for alert in letter.alerts}
    return {
        "type": "digest",
        "version": VERSION,
        "timestamp": latest.isoformat().replace("+00:00", "Z"),
        "data": {
            "key": letter.key,
            "count": len(items),
            "flood": letter.is_flood,
            "watches": [
                {
                    "name": clean_line(watch),
                    "query": clean_line(queries[watch]),
                    "count": count,
                }
                for watch, count in counts.most_common()
            ],
            "items": [_item(item) for item in items],
        },
    }


def _item(item: _Item) -> dict[str, Any]:
    first = item.datas[0]
    whole = first["article"]["text"]
    text = shorten(whole, _TEXT_LIMIT)
    cut = first["article"]["text_cut"] or text != whole
    shared = ("kind", "fields", "edit", "absence", "story", "dateline")
    return {
        "keys": [alert.key for alert in item.alerts],
        **{name: first[name] for name in shared},
        "article": {**first["article"], "text": text, "text_cut": cut},
        "watches": [
            {**data["watch"], "passages": data["passages"], "grounds": data["grounds"]}
            for data in item.datas
        ],
    }


def _lines(passages: Iterable[dict[str, Any]]) -> tuple[Line, ...]:
    return lines((Passage(**passage), "") for passage in passages)
