"""Which elements of a page say, by tag or class name, that they are not the article's text. Pure.

A name is a hint and no proof: themes call the wrapping of a whole page after its sidebar, and name
an article by its tags. So what holds the title or most of the prose is the article's, unless its
name says that others speak there.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from spiders.counters import is_counter, is_number
from spiders.labels import COMMENTS, is_note
from spiders.prose import all_around, around, is_linked, is_prose, titled, weights

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from spiders.blocks import Block, Scope

_OUTSIDE = frozenset((
    "nav", "aside", "footer", "form", "figcaption", "button", "dialog", "menu", "address",
))  # fmt: skip


def _words(
    words: str, before: str = "(?:^|[-_ .#])", after: str = "(?:$|[-_ ])"
) -> re.Pattern[str]:
    return re.compile(rf"{before}(?:{words}){after}", re.IGNORECASE)


# Others speak there, or the site itself; or a picture is told.
_NAMES: dict[str, re.Pattern[str]] = {}
_NAMES["others"] = _words(
    r"comments?|disqus|breadcrumbs?|cookie\w*|consent|newsletter|footer|credits?"
    r"|(?:image|img|photo|picture)[-_]{0,2}(?:title|desc\w*|author|source|credit)"
    r"|author[-_]?(?:bio|box|info|card)|sr-only|screen-reader\w*"
)
# Other stories.
_NAMES["stories"] = _words(
    r"related|recommend\w*|read-?(?:also|more|next)|see-?also|most-?(?:read|popular|viewed)|popular|trending"
)
# A teaser is another story's if it leads there; the lead of an article bears that name, too.
_NAMES["teasers"] = _words(r"teasers?")
# The page around the article. A wrapping may be called after what stands in it, too: such a name
# has the word behind others.
_FRAME = (
    r"menu|navbar|sidebar(?![-_]*(?:grid|layout|page))|subscri\w+|promo|banner|advert\w*|ads?|popup"
    r"|modal|widget|pagination|pager|tooltip|lightbox"
)
_NAMES["framed"] = _words(_FRAME)
_NAMES["frames"] = _words(_FRAME, before="^[.#]", after=r"(?:[-_]?\d+)?$")
_NAMES["unseen"] = _words(
    r"(?:is-|visually-?|u-)?hidden|(?:image|img|photo|picture)(?:[-_]?text)?|gallery|slideshow"
    r"|toc(?:[-_](?:list|container))?",
    before="^[.#]",
    after="$",
)
# What belongs to the article and is not its text.
_NAMES["notes"] = _words(r"shar(?:e|ing)|social|tags?|print|toolbar|byline|meta|date|time")
# Where a bare number counts who saw, liked or shared.
_COUNTS = re.compile(
    r"(?:^|[-_ .#])(?:(?:views?|visits?|hits|likes?|shares?|comments?|reads?)[-_]*"
    r"(?:count(?:er)?s?|num(?:ber)?|total|value)|views|hits|likes|shares|visits|counter"
    r"|(?:count|num)[-_]+views)(?:[-_]\d+)?$",
    re.IGNORECASE,
)
_NEAR = 3
# A theme may call the whole page what it likes, and an article by its tags and sections.
_WHOLE = frozenset(("html", "body", "main", "article"))
_ENTRY = frozenset((".hentry", ".h-entry", ".post", ".type-post", ".status-publish"))
# `relatedPosts` says what `related-posts` does.
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
# A name that says how an element looks, or what else it has, does not say what it is.
_STATE = re.compile(r":|^[.#](?:has|with)[-_]", re.IGNORECASE)
# The rest of a text that scripts show to readers who paid.
_PAID = _words(r"paywall(?:ed)?")
# What templates put around a whole page by mistake, or because their forms must be there.
_MISUSED = frozenset(("aside", "form"))
_NOTHING: frozenset[str] = frozenset()
_OTHERS = frozenset(("others",))
# What stands in these is told by a text itself.
_OWN = ("li", "table", "blockquote", "pre", "h2", "h3", "h4")
_QUOTES = frozenset(("blockquote", "table", "pre"))
_MOST, _ALL = 0.5, 0.9
# Less around an element's prose is no article's, in characters.
_FULL = 500


def elsewhere(
    blocks: tuple[Block, ...], title: str = "", within: frozenset[Scope] = frozenset()
) -> tuple[bool, ...]:
    """Tell of each block whether it belongs to the page around the article, or another story.

    The element that holds the heading `title` is the article's whatever it is called, and so are
    the elements that are known to be around the article (`within`).
    """
    own = _Own(blocks, title)
    others = _Marks(own.is_others, unmarked=within) if within else own.others
    framed = _Marks(own.is_framed, quotes=True, unmarked=within)
    return tuple(
        others.on(b.scope) or framed.on(b.scope) or is_note(b.text) or _is_count(b) for b in blocks
    )


def _is_count(block: Block) -> bool:
    """Tell a counter, in words or a bare number, by the name of an element close around it.

    What may be the heading of the readers' comments is left to whoever looks for that.
    """
    if block.scope is None or not (is_number(block.text) or is_counter(block.text)):
        return False
    near = islice(around(block.scope), _NEAR)
    named = any(_COUNTS.search(_HUMP.sub("-", name)) for scope in near for name in scope.names)
    return named and COMMENTS.fullmatch(block.text) is None


def uncounted(blocks: list[Block]) -> list[Block]:
    """Leave out the counters of a text, but not what a text counts itself.

    Between two paragraphs an item of a list, a cell or a heading is what the text tells; a
    paragraph of nothing else is still a counter: podcasts count their downloads so.
    """
    prose = [place for place, block in enumerate(blocks) if is_prose(block)]
    midst = range(prose[0], prose[-1]) if prose else ()
    return [
        b
        for place, b in enumerate(blocks)
        if (place in midst and b.inside(*_OWN)) or not is_counter(b.text)
    ]


def is_figure(block: Block) -> bool:
    """Tell a bare number in no element of a text: what a picture of an eye says it counts."""
    return is_number(block.text) and not block.inside("p", *_OWN)


def without_notes(blocks: list[Block], title: str = "") -> list[Block]:
    """Leave out the notes on an article: who wrote it, its tags, share lines."""
    noted = _Marks(_Own(blocks, title).is_noted, quotes=True)
    return [b for b in blocks if not noted.on(b.scope)]


class _Own:
    """What of a page is the article's whatever it is called."""

    def __init__(self, blocks: Sequence[Block], title: str) -> None:
        self._blocks = blocks
        heads = [b for b in titled(blocks, title) if b.inside("h1")]
        self._titled = all_around(heads)
        prose = [b for b in blocks if is_prose(b)]
        self._wraps = self._wrapping(prose)
        self.others = _Marks(self.is_others)
        told = [b for b in prose if not self.others.on(b.scope)]
        self._weights = weights(told)
        self._total = sum(len(b.text) for b in told)
        veiled = {s for s in self._weights if ".hidden" in s.names and not self._holds_most(s)}
        if veiled:
            told = [b for b in told if veiled.isdisjoint(around(b.scope))]
            self._weights = dict.fromkeys(veiled, 0) | weights(told)
            self._total = sum(len(b.text) for b in told)

    def _wrapping(self, prose: list[Block]) -> set[Scope]:
        """Return what is around the title, or nearly all prose, though its tag says otherwise."""
        misused = [s for s in all_around(prose) if s.tag in _MISUSED]
        if not misused:
            return set()
        named = _Marks(_is_named)
        told = [b for b in prose if not named.on(b.scope)]
        weight = weights(told)
        enough = max(_FULL, _ALL * sum(len(b.text) for b in told))
        return {s for s in misused if s in self._titled or weight.get(s, 0) >= enough}

    def is_others(self, scope: Scope) -> bool:
        """Tell whether an element's tag or name says that others speak there, or the site."""
        if scope in self._titled:
            return scope.tag in _OUTSIDE and scope.tag not in _MISUSED
        return (scope.tag in _OUTSIDE and scope not in self._wraps) or _is_named(scope)

    @cached_property
    def _leading(self) -> set[Scope]:
        return all_around(b for b in self._blocks if is_linked(b))

    def is_framed(self, scope: Scope) -> bool:
        """Tell whether an element's name says that the page or other stories stand there."""
        kinds = _kinds_of(scope)
        if self._weights.get(scope, 0) > _ALL * self._total or not kinds:
            return scope.tag == "figure"
        if ".hidden" in scope.names or scope in self._titled:
            return ".hidden" in scope.names and not self._is_paid(scope)
        if scope.tag == "figure" or "frames" in kinds or "unseen" in kinds:
            return True
        is_named = "stories" in kinds or "framed" in kinds
        leads = "teasers" in kinds and scope in self._leading
        return (is_named or leads) and not self._holds_most(scope)

    def _is_paid(self, scope: Scope) -> bool:
        """Tell the rest of the text from a copy of it, which is less than what is shown."""
        return any(map(_PAID.search, scope.names)) and self._holds_most(scope)

    def is_noted(self, scope: Scope) -> bool:
        """Tell whether an element's name says that notes on the article stand there."""
        if "notes" not in _kinds_of(scope) or scope in self._titled:
            return False
        return not self._holds_most(scope)

    def _holds_most(self, scope: Scope) -> bool:
        return self._weights.get(scope, 0) > _MOST * self._total


def _is_named(scope: Scope) -> bool:
    return "others" in _kinds_of(scope)


class _Marks:
    """Which elements are marked, or stand in a marked one; `quotes`: what they quote is not."""

    def __init__(
        self,
        is_marked: Callable[[Scope], bool],
        *,
        quotes: bool = False,
        unmarked: frozenset[Scope] = frozenset(),
    ) -> None:
        self._is_marked = is_marked
        self._quotes = quotes
        self._known: dict[Scope, bool] = dict.fromkeys(unmarked, False)

    def on(self, scope: Scope | None) -> bool:
        """Tell of one element; what was told of the elements around it is remembered."""
        if scope is None:
            return False
        known = self._known.get(scope)
        if known is None:
            is_quoted = self._quotes and scope.tag in _QUOTES
            known = not is_quoted and (self._is_marked(scope) or self.on(scope.parent))
            self._known[scope] = known
        return known


def _kinds_of(scope: Scope) -> frozenset[str]:
    return _NOTHING if not scope.names or scope.tag in _WHOLE else _kinds_of_all(scope.names)


# A site uses the same few hundred names on every page, alone and together. Sets are large, and a
# stranger's, too, stay here as long as the process.
@lru_cache(maxsize=2048)
def _kinds_of_all(names: frozenset[str]) -> frozenset[str]:
    return _NOTHING.union(*map(_kinds, names)) if names.isdisjoint(_ENTRY) else _NOTHING


@lru_cache(maxsize=8192)
def _kinds(name: str) -> frozenset[str]:
    if _STATE.search(name):
        return _NOTHING
    parted = _HUMP.sub("-", name)
    found = frozenset(kind for kind, words in _NAMES.items() if words.search(parted))
    return found | _OTHERS if "caption" in name.lower() else found
