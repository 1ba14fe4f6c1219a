"""Where the text of a page nobody wrote rules for stands. Pure.

Prose outweighs everything else on an article's page: the text is the smallest element that holds
most of it. Menus, captions, share lines, comments and other stories are no prose.
"""

from __future__ import annotations

import re
from itertools import accumulate, compress, dropwhile, takewhile
from typing import TYPE_CHECKING

from spiders import dates
from spiders.extract import parts_of
from spiders.labels import BYLINE, COMMENTS, LABEL, NOISE
from spiders.marks import is_figure, uncounted, without_notes
from spiders.prose import (
    alone,
    around,
    container,
    held_by,
    holds,
    is_linked,
    is_prose,
    letters,
    titled,
    weights,
)

if TYPE_CHECKING:
    from spiders.blocks import Block, Link, Scope

_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|zip|rtf|odt|mp[34])(?:$|[?#])", re.IGNORECASE)
_PAGE = frozenset(("html", "body", "main"))
_HEADLINE = 20
_TOP = 3
_MOST = 0.65
# What an element around the title must hold of all prose, or in characters, to be the article's.
_SHARE, _FULL = 0.35, 500
# A heading of a part is shorter, in characters.
_LEAD = 80
# A teaser has less, in characters.
_FEW = 140


def body(
    blocks: tuple[Block, ...], outside: tuple[bool, ...], title: str = ""
) -> tuple[Block, ...]:
    """Return the blocks of the article's text in order; () where no prose stands out.

    `outside` is what `marks.elsewhere` says of the blocks. The title is not among them, nor
    what stands above it. A list inside the text stays, one of links behind it does not.
    """
    kept = [b for b, out in zip(blocks, outside, strict=True) if not out]
    kept = without_notes(kept, title)
    head = _head(kept, title)
    kept = _of_its_own(kept, head, letters(title))
    kept = _without_teasers(_before_comments(kept), head)
    holder = _holder(kept)
    if holder is None:
        return ()
    told = _with_lead(kept, holder, head)
    return _trimmed(_once([b for b in _below(told, title) if not b.inside("h1")]))


def _head(blocks: list[Block], title: str) -> Block | None:
    """Return the line that is the article's title, a heading first; None without one."""
    found = titled(blocks, title)
    headings = [b for b in found or blocks if b.inside("h1")]
    if found:
        return (headings or found)[0]
    return headings[0] if len(headings) == 1 else None


def _of_its_own(blocks: list[Block], head: Block | None, wanted: str) -> list[Block]:
    """Leave out other articles: what stands beside the element of the title, and above it."""
    if head is None:
        return blocks
    weight = weights(b for b in blocks if is_prose(b))
    total = max((weight[s] for s in around(head.scope) if s in weight), default=0)
    own = set(around(head.scope))
    others: set[Scope] = set()
    for block in blocks:
        # The sign of the site is a heading, too, and no article's.
        apart = (s for s in around(block.scope) if s not in own) if block.inside("h1") else ()
        if any(weight.get(s, 0) >= _FEW for s in apart):
            others.update(around(block.scope))
    clear = [s for s in around(head.scope) if s not in others]
    units = [s for s in clear if s.tag in ("article", "main")] + clear[-1:]
    for unit in units:
        if weight.get(unit, 0) >= min(_FULL, _SHARE * total) > 0:
            blocks = list(compress(blocks, held_by(unit, blocks)))
            break
    place = blocks.index(head)
    above, below = (
        sum(len(b.text) for b in part if is_prose(b)) for part in (blocks[:place], blocks[place:])
    )
    enough = min(above, _FEW) if letters(head.text) == wanted else above
    return blocks[place:] if below >= enough else blocks


def _before_comments(blocks: list[Block]) -> list[Block]:
    """Cut at the heading of the readers' words: behind a text they may outweigh it."""
    has_text = False
    for place, block in enumerate(blocks):
        if has_text and COMMENTS.fullmatch(block.text):
            return blocks[:place]
        has_text = has_text or is_prose(block)
    return blocks


def _below(blocks: list[Block], title: str) -> list[Block]:
    """Leave out the title and what stands above it, where no prose does."""
    found = set(map(id, titled(blocks, title)))
    prose = (p for p, b in enumerate(blocks) if is_prose(b) and id(b) not in found)
    above = range(next(prose, len(blocks)))
    return blocks[max((p + 1 for p in above if id(blocks[p]) in found), default=0) :]


def _without_teasers(blocks: list[Block], head: Block | None) -> list[Block]:
    """Leave out prose that is a teaser's: one paragraph alone with the headline it belongs to."""
    told = [b for b in blocks if is_prose(b)]
    alone_in = alone(told)
    leading: set[Scope] = set()
    own = set(around(head.scope)) if head else set()
    teasers: set[int] = set()
    is_first = head is not None
    for block in blocks:
        # Behind the title stands who wrote it, with a link, and then the lead.
        if _leads(block) and not (is_first and not block.inside("h2", "h3", "h4", "h5")):
            leading.update(takewhile(lambda scope: scope not in leading, around(block.scope)))
        elif is_prose(block):
            holders = takewhile(alone_in.__contains__, around(block.scope))
            if any(scope in leading for scope in holders if scope not in own):
                teasers.add(id(block))
            is_first = is_first and block is head
    if len(teasers) == len(told):
        return blocks
    return [block for block in blocks if id(block) not in teasers]


def _leads(block: Block) -> bool:
    """Tell a headline of another story of the site."""
    if len(block.text) < _HEADLINE or not is_linked(block):
        return False
    return any(_is_same_site(link) for link in block.links)


def _is_same_site(link: Link) -> bool:
    here, there = parts_of(link.base or "").hostname, parts_of(link.url).hostname
    return not here or not there or here.split(".")[-2:] == there.split(".")[-2:]


def _holder(blocks: list[Block]) -> Scope | None:
    """Return the smallest element that holds most of the prose."""
    told = [block for block in blocks if is_prose(block)]
    weight = weights(told)
    total = sum(len(block.text) for block in told)
    enough = [scope for scope, one in weight.items() if one >= _MOST * total]
    return container(max(enough, key=lambda scope: scope.depth, default=None))


def _with_lead(blocks: list[Block], holder: Scope, head: Block | None) -> list[Block]:
    """Return the blocks of an element, and the prose between it and the title above it."""
    inside = held_by(holder, blocks)
    told = list(compress(blocks, inside))
    above = blocks[: inside.index(True)]
    if head is not None and head in above:
        return [b for b in above[above.index(head) + 1 :] if _is_lead(b)] + told
    # Without a title only what stands right beside the element can be its beginning, or what is in
    # the same article.
    beside = {s for s in around(holder.parent) if s.tag not in _PAGE}
    articles = [s for s in around(holder) if s.tag == "article"][-1:]
    own = (b for b in above if _is_lead(b))
    return [
        b for b in own if container(b.scope) in beside or any(holds(a, b) for a in articles)
    ] + told


def _is_lead(block: Block) -> bool:
    """Tell prose, which a newspaper may set as a second heading, from key points and links."""
    if block.inside("li") or is_linked(block):
        return False
    return is_prose(block) or (block.inside("h2", "h3") and len(block.text) >= _LEAD)


def _once(blocks: list[Block]) -> list[Block]:
    """Leave out prose that came before: a lead that opens the text again, a copy for printing."""
    firsts = {b.text: b for b in reversed(blocks)}
    return [b for b in blocks if firsts[b.text] is b or b.inside("li") or not is_prose(b)]


def _trimmed(blocks: list[Block]) -> tuple[Block, ...]:
    """Cut at the first label of something else behind the text, and links left at the end."""
    end = len(blocks)
    course = _Course(blocks)
    for place, block in enumerate(blocks):
        # Inserted in the middle it takes the link behind it; otherwise it ends the text.
        if course.read and LABEL.fullmatch(block.text) and course.ends_at(place):
            end = place
            break
        course.go_on(block)
    opened = _opened(_without_inserted(uncounted(blocks[:end])))
    kept = [b for p, b in enumerate(opened) if p >= _TOP or not _is_stamp(b)]
    while kept and (
        is_linked(kept[-1])
        or kept[-1].inside("h2", "h3", "h4")
        or is_figure(kept[-1])
        or _is_led(kept, course.places)
    ):
        kept.pop()
    return tuple(kept)


def _is_led(blocks: list[Block], places: set[Scope | None]) -> bool:
    """Tell a short last line that belongs to the link before it: its day, its place."""
    if len(blocks) == 1 or is_prose(blocks[-1]) or container(blocks[-1].scope) in places:
        return False
    return is_linked(blocks[-2])


class _Course:
    """How far a text is read: what prose came, where it stood, and what is to come.

    The lines are counted once, however many labels stand between them.
    """

    def __init__(self, blocks: list[Block]) -> None:
        self._blocks = blocks
        self._prose = [block for block in blocks if is_prose(block)]
        self._holders = [container(block.scope) for block in self._prose]
        self._lengths = [0, *accumulate(len(block.text) for block in self._prose)]
        # Where the prose stands last that has each look.
        self._last = {_look(one): place for place, one in enumerate(self._holders)}
        # From here on each paragraph is alone in its element.
        self._alone = len(self._prose)
        known: set[Scope | None] = {None}
        for holder in reversed(self._holders):
            if holder in known:
                break
            known.add(holder)
            self._alone -= 1
        self.read = 0
        self.places: set[Scope | None] = set()
        # Where the last paragraph stands that looks like one that was read.
        self._alike = -1

    def go_on(self, block: Block) -> None:
        """Read the next line."""
        if is_prose(block):
            holder = self._holders[self.read]
            self.places.add(holder)
            self._alike = max(self._alike, self._last[_look(holder)])
            self.read += 1

    def ends_at(self, place: int) -> bool:
        """Tell whether the text ends at a label, which is the next line."""
        behind = self.read + is_prose(self._blocks[place])
        rest = len(self._prose) - behind
        if not rest:
            return True
        if is_linked(self._blocks[place + 1]) and self._holders[behind] in self.places:
            return False
        return rest == 1 or self._is_apart(behind)

    def _is_apart(self, behind: int) -> bool:
        """Tell whether what follows are cards: each alone, and less than half as much."""
        if behind < self._alone or self._alike >= behind:
            return False
        return 2 * (self._lengths[-1] - self._lengths[behind]) < self._lengths[self.read]


def _look(holder: Scope | None) -> tuple[str, frozenset[str]] | None:
    return (holder.tag, holder.names) if holder else None


def _opened(blocks: list[Block]) -> list[Block]:
    """Leave out the lines above a text that are none of it; bare numbers only above prose."""
    told = list(dropwhile(lambda b: _is_opening(b) or is_figure(b), blocks))
    return told if told and is_prose(told[0]) else list(dropwhile(_is_opening, blocks))


def _is_opening(block: Block) -> bool:
    """Tell a line that says who wrote what follows, or when."""
    return not is_prose(block) and bool(block.times or BYLINE.search(block.text))


def _without_inserted(blocks: list[Block]) -> list[Block]:
    """Leave out links to other stories in the middle of a text, with their labels."""
    kept: list[Block] = []
    is_after_label = False
    listed = _listed(blocks)
    for block in blocks:
        if block.scope in listed:
            continue
        if LABEL.fullmatch(block.text):
            is_after_label = True
        elif NOISE.fullmatch(block.text):
            continue
        elif not ((is_after_label and is_linked(block)) or _is_inserted(block)):
            is_after_label = False
            kept.append(block)
    return kept


def _listed(blocks: list[Block]) -> set[Scope | None]:
    """Return the items of lists that hold headlines of other stories and nothing else."""
    items: dict[Scope, list[Block]] = {}
    for block in blocks:
        listed = around(block.scope) if block.inside("li") else ()
        of = next((s for s in listed if s.tag in ("ul", "ol")), None)
        if of is not None:
            items.setdefault(of, []).append(block)
    several = (told for told in items.values() if len(told) > 1)
    lists = (told for told in several if all(_leads(b) and not _is_file(b) for b in told))
    return {block.scope for told in lists for block in told}


def _is_file(block: Block) -> bool:
    return any(_FILE.search(link.href) for link in block.links)


def _is_stamp(block: Block) -> bool:
    """Tell a line that is a date and little more."""
    if is_prose(block) or not BYLINE.search(block.text):
        return False
    found = dates.printed(block.text, "UTC")
    return found is not None and len(block.text) - len(found.raw or "") <= _HEADLINE


def _is_inserted(block: Block) -> bool:
    """Tell a headline of another story: a line of its own that leads to a page, not to a file."""
    if len(block.text) < _HEADLINE or not is_linked(block) or block.inside("li", "table"):
        return False
    if block.text.startswith(("http:", "https:")):  # an address is no headline
        return False
    return not _is_file(block)
