"""Where the text of a page nobody wrote rules for stands, and what around it is none. Pure.

Prose outweighs everything else on an article's page: the text is the smallest element that holds
most of it. Menus, captions, share lines, comments and other stories are no prose.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from spiders import dates

if TYPE_CHECKING:
    from spiders.blocks import Block, Scope

_COMMENTS = re.compile(
    r"(?:\d+\s+)?(?:(?:Reader |Readers’ )?(?:Comments?|Responses|Replies)|Discussion"
    r"|Leave a (?:comment|reply)"
    r"|Комментари(?:и|ев|й|я)|(?:Добавить|Оставить|Написать) комментарий|Обсуждение"
    r"|Каментары(?:і|й)?|Пікірлер|Комментарийлер)\s*:?\s*(?:\(?\d+\)?)?",
    re.IGNORECASE,
)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|zip|rtf|odt|mp[34])(?:$|[?#])", re.IGNORECASE)
_HEADLINE = 20
_OUTSIDE = ("nav", "aside", "footer", "form", "figcaption", "button", "dialog", "menu", "address")
# Words in class names and ids that mark other things than the article, as sites use them.
_ELSEWHERE = re.compile(
    r"(?:^|[-_ .#])(?:(?:image|img|photo|picture)[-_]{0,2}(?:title|desc\w*|text|author|source)"
    r"|caption|credit|comments?|disqus|related|recommend\w*|read-?(?:also|more)"
    r"|see-?also|breadcrumbs?|menu|navbar|sidebar|footer|subscri\w+|newsletter|promo|banner"
    r"|advert\w*|ads?|cookie\w*|consent|popup|modal|widget|teasers?|most-?read|popular|trending"
    r"|pagination|pager|(?<!label-)hidden|sr-only)(?:$|[-_ ])",
    re.IGNORECASE,
)
# Words that mark what belongs to the article and is not its text.
_NOTES = re.compile(
    r"(?:^|[-_ .#])(?:shar(?:e|ing)|social|tags?|author[-_]?(?:bio|box|info|card)|print|toolbar"
    r"|byline|meta|date|time)"
    r"(?:$|[-_ ])",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:- )?(?:Read (?:also|more|next)|See also|Related (?:stories|news|articles|topics|content)"
    r"|More (?:on this|stories|news|from .{1,40})|You may also like|Recommended(?: for you)?"
    r"|Most read|Latest news|Share (?:this|on).{0,40}|Follow us.{0,40}|Subscribe.{0,60}|Tags|Topics"
    r"|Comments?|Читайте также|По теме|Материалы по теме|Ещё по теме|Другие новости"
    r"|Последние новости|Поделиться.{0,40}|Подписывайтесь.{0,60}|Подпишитесь.{0,60}|Теги|Метки"
    r"|About the authors?|Об авторе|Комментарии|Чытайце таксама|Тагы окуңуз|Тағы оқыңыз)"
    r"\s*[:.…]?\s*(?:\(?\d+\)?)?",
    re.IGNORECASE,
)
_PHOTO = re.compile(
    r"(?:©|\(c\)|Photo(?:s|graph)?\s*(?:by|:)|Фото\s*:|Image:|Credit:).{0,200}", re.IGNORECASE
)
# A short line above the text that says who wrote it, or when.
_BYLINE = re.compile(
    r"^(?:by|from|posted|published|updated|автор|опубликовано|обновлено|дата)\b|\d:\d\d"
    r"|\b(?:19|20)\d\d\b"
    r"|\b(?:ago|назад|таму|мурун|бұрын)\b",
    re.IGNORECASE,
)
_WHOLE = frozenset(("html", "body", "main", "article"))
_NOISE = re.compile(
    r"Advertise?ment|Sponsored|Реклама|На правах рекламы|Рэклама|Жарнама", re.IGNORECASE
)
# Elements that are no container: what belongs together stands beside them.
_LINES = frozenset(
    ("p", "span", "b", "strong", "em", "i", "li", "font", "a", "h1", "h2", "h3", "h4", "h5")
)
_PROSE = 60
_TOP = 3
_MOST = 0.65
_LINKED = 0.5


def body(
    blocks: tuple[Block, ...], outside: tuple[bool, ...], title: str = ""
) -> tuple[Block, ...]:
    """Return the blocks of the article's text in order; () where no prose stands out.

    `outside` is what `elsewhere` says of the blocks. The title is not among them, nor
    what stands above it. A list inside the text stays, one of links behind it does not.
    """
    notes = _Marks(_NOTES)
    kept = [b for b, out in zip(blocks, outside, strict=True) if not out and not notes.on(b.scope)]
    kept = _before_comments(kept)
    holder = _holder(kept)
    if holder is None:
        return ()
    inner = _below([block for block in kept if _holds(holder, block)], title)
    return _trimmed([block for block in inner if not block.inside("h1")])


def elsewhere(
    blocks: tuple[Block, ...], around: frozenset[Scope] = frozenset()
) -> tuple[bool, ...]:
    """Tell of each block whether it belongs to the page around the article, or another story.

    Elements known to be `around` the article mark nothing, whatever their names.
    """
    marks = _Marks(_ELSEWHERE, _OUTSIDE, around)
    return tuple(marks.on(b.scope) or _PHOTO.fullmatch(b.text) is not None for b in blocks)


class _Marks:
    """Which elements are marked, by a tag or a word in a class or id, or stand in a marked one."""

    def __init__(
        self,
        words: re.Pattern[str],
        tags: tuple[str, ...] = (),
        unmarked: frozenset[Scope] = frozenset(),
    ) -> None:
        self._words = words
        self._tags = frozenset(tags)
        self._known: dict[Scope, bool] = dict.fromkeys(unmarked, False)

    def on(self, scope: Scope | None) -> bool:
        """Tell of one element; what was told of the elements around it is remembered."""
        if scope is None:
            return False
        known = self._known.get(scope)
        if known is None:
            known = self._is_named(scope) or self.on(scope.parent)
            self._known[scope] = known
        return known

    def _is_named(self, scope: Scope) -> bool:
        if scope.tag in self._tags:
            return True
        # A theme may call the whole page what it likes.
        if scope.tag in _WHOLE or not scope.names:
            return False
        return any(_is_word(self._words, name) for name in scope.names)


@lru_cache(maxsize=8192)
def _is_word(words: re.Pattern[str], name: str) -> bool:
    # A site uses the same few hundred names on every page.
    return words.search(name) is not None


def is_linked(block: Block) -> bool:
    """Tell whether most of a block's words lead elsewhere: a teaser or a menu entry."""
    linked = sum(len(link.text) for link in block.links)
    return linked > _LINKED * len(block.text)


def is_prose(block: Block) -> bool:
    """Tell whether a block is told in sentences: long, no headline and no link."""
    return len(block.text) >= _PROSE and not is_linked(block) and not block.inside("h1", "h2", "h3")


def _before_comments(blocks: list[Block]) -> list[Block]:
    """Cut at the heading of the readers' words: behind a text they may outweigh it."""
    has_text = False
    for place, block in enumerate(blocks):
        if has_text and _COMMENTS.fullmatch(block.text):
            return blocks[:place]
        has_text = has_text or is_prose(block)
    return blocks


def _below(blocks: list[Block], title: str) -> list[Block]:
    """Leave out the title and what stands above it, where no prose does."""
    wanted = _letters(title)
    titled = [bool(wanted) and _letters(block.text) == wanted for block in blocks]
    prose = (p for p, block in enumerate(blocks) if is_prose(block) and not titled[p])
    above = titled[: next(prose, len(blocks))]
    return blocks[len(above) - above[::-1].index(True) :] if any(above) else blocks


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _holder(blocks: list[Block]) -> Scope | None:
    """Return the smallest element that holds most of the prose."""
    weights: defaultdict[Scope, int] = defaultdict(int)
    told = _told(blocks)
    total = sum(len(block.text) for block in told)
    for block in told:
        scope = block.scope
        while scope is not None:
            weights[scope] += len(block.text)
            scope = scope.parent
    enough = [scope for scope, weight in weights.items() if weight >= _MOST * total]
    best = max(enough, key=lambda scope: scope.depth, default=None)
    return _container(best)


def _told(blocks: list[Block]) -> list[Block]:
    """Return the prose that is no teaser's: one paragraph beside the headline it belongs to."""
    prose: defaultdict[Scope | None, list[Block]] = defaultdict(list)
    linked = set()
    for block in blocks:
        if is_prose(block):
            prose[_container(block.scope)].append(block)
        elif len(block.text) >= _HEADLINE and is_linked(block):
            linked.add(_container(block.scope))
    told = [found for place, found in prose.items() if len(found) > 1 or place not in linked]
    return [block for found in told or prose.values() for block in found]


def _container(scope: Scope | None) -> Scope | None:
    # The paragraph itself is none: others may follow it.
    while scope is not None and scope.tag in _LINES:
        scope = scope.parent
    return scope


def _holds(holder: Scope, block: Block) -> bool:
    scope = block.scope
    while scope is not None and scope.depth >= holder.depth:
        if scope is holder:
            return True
        scope = scope.parent
    return False


def _trimmed(blocks: list[Block]) -> tuple[Block, ...]:
    """Cut at the first label of something else behind the text, and links left at the end."""
    end = len(blocks)
    read = 0
    for place, block in enumerate(blocks):
        if _LABEL.fullmatch(block.text) and read:
            # Inserted in the middle it takes the link behind it; otherwise it ends the text.
            rest = sum(is_prose(other) for other in blocks[place + 1 :])
            if rest <= 1:
                end = place
                break
        read += is_prose(block)
    kept = _without_inserted(blocks[:end])
    while kept and not is_prose(kept[0]) and (kept[0].times or _BYLINE.search(kept[0].text)):
        kept.pop(0)
    kept = [b for p, b in enumerate(kept) if p >= _TOP or not _is_stamp(b)]
    while kept and (is_linked(kept[-1]) or kept[-1].inside("h2", "h3", "h4")):
        kept.pop()
    return tuple(kept)


def _without_inserted(blocks: list[Block]) -> list[Block]:
    """Leave out links to other stories in the middle of a text, with their labels."""
    kept: list[Block] = []
    is_after_label = False
    for block in blocks:
        if _LABEL.fullmatch(block.text):
            is_after_label = True
        elif _NOISE.fullmatch(block.text):
            continue
        elif not ((is_after_label and is_linked(block)) or _is_inserted(block)):
            is_after_label = False
            kept.append(block)
    return kept


def _is_stamp(block: Block) -> bool:
    """Tell a line that is a date and little more."""
    if is_prose(block) or not _BYLINE.search(block.text):
        return False
    found = dates.printed(block.text, "UTC")
    return found is not None and len(block.text) - len(found.raw or "") <= _HEADLINE


def _is_inserted(block: Block) -> bool:
    """Tell a headline of another story: a line of its own that leads to a page, not to a file."""
    if len(block.text) < _HEADLINE or not is_linked(block) or block.inside("li", "table"):
        return False
    return not any(_FILE.search(link.href) for link in block.links)
