"""How many documents a second meet 10 to 100,000 watches, beside FTS5 in memory and tantivy.

Two desks. *Everyday*: names and terms out of a large vocabulary; a watch is met by some 0.15 % of
documents, three times a day where 2,000 come. *Hard*: a small vocabulary, and watches for words so
common that each is met twice as often: more than anybody reads.

*Documents/s* is to say which watches a document meets, as FTS5 and tantivy do; *with passages*
is to cut the words it meets them on as well, as for alerts. Times are of the CPU.

Documents are synthetic news of about 4 KB: words of a Zipf vocabulary, English and Russian, each
with its endings, so that tokens must really be stemmed. Tokenising counts. Every document measured
is met for the first time, by a desk that has read as many as come in two days; how many of its
words are new to the desk stands beside the figure, for each costs as much as ten known ones. (In
real news it would be fewer: some 10 a document by Heaps' law with the constants of Manning,
Raghavan and Schütze, Introduction to Information Retrieval, 5.1.1.) FTS5 gets each document in an
index of its own and is asked every query, which is how a search index would do it. Tantivy gets
all documents at once, which is its fairest form, for what a query costs it hardly grows with them:
one index in memory of surfaces and stems, made by us as for FTS5, which is counted; then it is
asked every query, built before, and answers with the documents that meet it. Alerts would wait for
such a batch to fill.
"""

from __future__ import annotations

import random
import resource
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING, NamedTuple

from bench.extent import usually
from bench.match_peers import fts5, tantivy_speed
from db.model import Article, Change, ChangeKind, TextBasis, TitleBasis
from db.telling import Watch
from monitor.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SEED = 20251220
_VOCABULARIES = {"everyday": 30_000, "hard": 12_000}
_FUNCTION_WORDS = 150
_CHARACTERS = 4_000
_READ_BEFORE = usually(4_000, small=20)
_DOCUMENTS = usually(1_000, small=10)
_WATCHES = usually((10, 1_000, 10_000, 100_000), small=(10, 100))
_CHANGED = usually(100_000, small=100)
_STEPS = usually(300, small=5)
_NOW = datetime(2025, 12, 20, 9, tzinfo=UTC)
_LETTERS = {"en": ("bcdfghklmnprstvz", "aeiou"), "ru": ("бвгдзклмнпрст", "аеиоу")}
_ENDINGS = {
    "en": ("", "", "", "s", "s", "ed", "ing"),
    "ru": ("", "", "а", "а", "у", "ом", "ы"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table: desk, watches, documents a second, and what a document brings.

    `documents_with_passages_per_second` counts both matching and cutting the passages.
    """

    desk: str
    watches: int
    documents_per_second: float
    documents_with_passages_per_second: float
    new_words_per_document: float
    matches_per_document: float
    fts5_documents_per_second: float
    tantivy_documents_per_second: float
    megabytes: float


class News:
    """Makes documents and queries from one Zipf vocabulary; the same for the same seed."""

    def __init__(self, vocabulary: int, seed: int = _SEED) -> None:
        self._random = random.Random(seed)
        self._size = vocabulary
        self._words = {
            language: self._vocabulary(consonants, vowels)
            for language, (consonants, vowels) in _LETTERS.items()
        }
        self._function_words = {
            word for words in self._words.values() for word in words[:_FUNCTION_WORDS]
        }
        self._weights = list(accumulate((rank + 2.7) ** -1.12 for rank in range(vocabulary)))

    def _vocabulary(self, consonants: str, vowels: str) -> list[str]:
        """Make words, the frequent ones short as in any language."""
        words: dict[str, None] = {}
        while len(words) < self._size:
            syllables = max(1, len(words).bit_length() // 4) + self._random.randrange(2)
            parts = (
                self._random.choice(consonants) + self._random.choice(vowels)
                for _ in range(syllables)
            )
            words["".join(parts) + self._random.choice(consonants)] = None
        return list(words)

    def _text(self, language: str, characters: int) -> str:
        bare = self._random.choices(
            self._words[language], cum_weights=self._weights, k=characters // 4
        )
        endings = _ENDINGS[language]
        text, length = [], 0
        for number, word in enumerate(bare):
            formed = word if word in self._function_words else word + self._random.choice(endings)
            length += len(formed) + 1
            if length > characters:
                break
            text.append(formed.capitalize() + "." if number % 17 == 0 else formed)
        return " ".join(text)

    def change(self) -> Change:
        """Make a new article of about 4 KB of characters."""
        language = self._random.choice(tuple(_LETTERS))
        article = Article(
            url=None,
            source=self._random.choice(("secretariat", "belta", "tass", "openkg")),
            title=self._text(language, 80),
            title_basis=TitleBasis.PAGE,
            summary=self._text(language, 200),
            text=self._text(language, _CHARACTERS - 280),
            text_basis=TextBasis.PAGE,
        )
        return Change(
            kind=ChangeKind.NEW, article=article, fingerprint="", known=None, fields=(),
            seen_at=_NOW,
        )  # fmt: skip

    def _term(self, language: str) -> str:
        """Pick a word somebody would watch for: none of the thousand most frequent."""
        rank = int(1_000 * (self._size / 1_000) ** self._random.random())
        return self._words[language][rank]

    def query(self) -> str:
        """Make a query of one to four terms: words, phrases, prefixes, OR and NOT."""
        language = self._random.choice(tuple(_LETTERS))
        terms: list[str] = []
        for _ in range(self._random.randint(1, 4)):
            term = self._term(language)
            kind = self._random.random()
            if kind < 0.2:
                term = f'"{term} {self._term(language)}"'
            elif kind < 0.25:
                term += "*"
            elif kind < 0.3:
                term = f"title:{term}"
            elif kind < 0.4 and terms:
                term = f"NOT {term}"
            elif kind < 0.5 and terms:
                term = f"OR {term}"
            terms.append(term)
        return " ".join(terms)


class _Speed(NamedTuple):
    """Documents a second, medians of five parts, and matches per document."""

    documents: float
    with_passages: float
    matches: float


def _measured(rules: Rules, changes: Sequence[Change]) -> _Speed:
    """Match documents one by one, and cut the passages of each before the next comes."""
    part, speeds, whole, matches = len(changes) // 5, [], [], 0
    for first in range(0, len(changes), part):
        matching = 0.0
        begun = process_time()
        for change in changes[first : first + part]:
            started = process_time()
            met = rules.match(change)
            matching += process_time() - started
            matches += len(met)
            for match in met:
                match.passages  # noqa: B018 - cut when first asked for
        whole.append(part / (process_time() - begun))
        speeds.append(part / matching)
    return _Speed(median(speeds), median(whole), matches / len(changes))


def _new_words(before: Sequence[Change], changes: Sequence[Change]) -> float:
    """Return how many words a document has that none before it had."""
    known = {word for change in before for word in change.article.text.split()}
    size = len(known)
    known.update(word for change in changes for word in change.article.text.split())
    return (len(known) - size) / len(changes)


def rows(
    desk: str,
    sizes: Sequence[int] = _WATCHES,
    documents: int = _DOCUMENTS,
    read_before: int = _READ_BEFORE,
) -> Iterator[Row]:
    """Measure each number of watches over the same documents, none of which was met before."""
    news = News(_VOCABULARIES[desk])
    before = [news.change() for _ in range(read_before)]
    changes = [news.change() for _ in range(documents)]
    for size in sizes:
        queries = [news.query() for _ in range(size)]
        held = _resident()
        rules = Rules.compile(
            Watch(name=f"w{number}", query=query, channels=("mail",))
            for number, query in enumerate(queries)
        )
        for change in before:
            rules.match(change)
        held = _resident() - held
        speed = _measured(rules, changes)
        yield Row(
            desk=desk,
            watches=size,
            documents_per_second=speed.documents,
            documents_with_passages_per_second=speed.with_passages,
            new_words_per_document=_new_words(before, changes),
            matches_per_document=speed.matches,
            fts5_documents_per_second=fts5(queries, changes[: max(3, 2_000 // size)]),
            tantivy_documents_per_second=tantivy_speed(queries, changes),
            megabytes=held,
        )


def _resident() -> float:
    """Return the megabytes that the process holds (Linux)."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def changes_of_watches(size: int = _CHANGED, steps: int = _STEPS) -> dict[str, tuple[float, float]]:
    """Return the milliseconds, median and worst, that one watch takes to come and to go.

    Between two steps a document is matched, so that what the rules remember of texts is in use.
    """
    news = News(_VOCABULARIES["everyday"])
    watches = [
        Watch(name=f"w{number}", query=news.query(), channels=("mail",)) for number in range(size)
    ]
    rules = Rules.compile(watches)
    for _ in range(steps):
        rules.match(news.change())
    taken: dict[str, list[float]] = {"add": [], "remove": []}
    for step in range(steps):
        watch = Watch(
            name=f"new{step}", query=f"{news.query()} OR new{step} OR ~Tokayev", channels=("mail",)
        )
        started = perf_counter()
        rules.add(watch)
        taken["add"].append(1_000 * (perf_counter() - started))
        rules.match(news.change())
        started = perf_counter()
        rules.remove(f"w{step}")
        taken["remove"].append(1_000 * (perf_counter() - started))
    return {name: (median(times), max(times)) for name, times in taken.items()}


def main() -> None:
    """Print the tables."""
    print(
        "desk       watches   documents/s   with passages   FTS5 in memory   tantivy   MB"
        "   new words/document   matches/document"
    )
    for row in (row for desk in _VOCABULARIES for row in rows(desk)):
        print(
            f"{row.desk:<8}   {row.watches:>7,}   {row.documents_per_second:>11,.0f}   "
            f"{row.documents_with_passages_per_second:>13,.0f}   "
            f"{row.fts5_documents_per_second:>14,.1f}   "
            f"{row.tantivy_documents_per_second:>7,.0f}   {row.megabytes:>2.0f}   "
            f"{row.new_words_per_document:>18.1f}   "
            f"{row.matches_per_document:>16.2f}"
        )
    print(f"\none watch among {_CHANGED:,}   ms, median   ms, worst")
    for name, (usual, worst) in changes_of_watches().items():
        print(f"{name:<23}   {usual:>10.2f}   {worst:>9.2f}")


if __name__ == "__main__":
    main()
