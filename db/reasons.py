"""Why articles were joined, in words a reader knows: from the verdict and the article. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.stories import Kind
from db.story_keys import name_key
from db.thesaurus import stem
from db.words import Reading

if TYPE_CHECKING:
    from db.model import Article
    from db.stories import Verdict

_ASKED = 2000  # characters of an article in which the words are looked for


def why(verdict: Verdict, article: Article) -> str:
    """Say in one line what a verdict on an article rests on, in this article's own spelling."""
    said = [verdict.conflict] if verdict.conflict else []
    if verdict.slug:
        said.append(f"the same transliterated title in the address: {verdict.slug}")
    if verdict.kind is Kind.SAME_TEXT:
        said.append(f"{verdict.resemblance:.0%} of the shorter text stand in the other")
    names, words = _spelled(verdict, article)
    if names:
        said.append(f"names: {', '.join(names)}")
    if verdict.numbers:
        said.append(f"numbers: {', '.join(verdict.numbers)}")
    if verdict.days:
        said.append("days: " + ", ".join(f"{month:02}-{day:02}" for month, day in verdict.days))
    if words:
        said.append(f"words: {', '.join(words)}")
    return "; ".join(said)


def _spelled(verdict: Verdict, article: Article) -> tuple[list[str], list[str]]:
    """Return the names and words of a verdict as the article spells them, each once."""
    names: dict[str, str] = {}
    words: dict[str, str] = {}
    for piece in f"{article.title} {article.text[:_ASKED]}".split():
        reading = Reading(piece)
        for surface, normal in zip(reading.surfaces(), reading.stems(), strict=True):
            key, word = name_key(surface), stem(normal)
            if piece.lower() != piece and key in verdict.names:
                names.setdefault(key, surface.capitalize())
            elif word in verdict.words:
                words.setdefault(word, surface)
    return (
        [names[name] for name in verdict.names if name in names],
        [words[word] for word in verdict.words if word in words],
    )
