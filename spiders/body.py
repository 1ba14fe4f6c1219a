"""Where the text of a page nobody wrote rules for stands. Pure.

Prose outweighs everything else on an article's page: the text is the smallest element that holds
most of it. Menus, captions, share lines, comments and other stories are no prose.
"""

from __future__ import annotations

import re
from itertools import compress, takewhile
from typing import TYPE_CHECKING

from spiders import dates
from spiders.extract import parts_of
from spiders.labels import BYLINE, COMMENTS, LABEL, NOISE
from spiders.marks import without_notes
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
    read = 0
    places: set[Scope | None] = set()
    for place, block in enumerate(blocks):
        if LABEL.fullmatch(block.text) and read:
            # Inserted in the middle it takes the link behind it; otherwise it ends the text.
            rest = [other for other in blocks[place + 1 :] if is_prose(other)]
            goes_on = (
                is_linked(blocks[place + 1]) and container(rest[0].scope) in places
                if rest
                else False
            )
            if not goes_on and (len(rest) <= 1 or _is_apart(rest, places, blocks[:place])):
                end = place
                break
        if is_prose(block):
            read += 1
            places.add(container(block.scope))
    kept = _without_inserted(blocks[:end])
    while kept and not is_prose(kept[0]) and (kept[0].times or BYLINE.search(kept[0].text)):
        kept.pop(0)
    kept = [b for p, b in enumerate(kept) if p >= _TOP or not _is_stamp(b)]
    while kept and (
        is_linked(kept[-1]) or kept[-1].inside("h2", "h3", "h4") or _is_led(kept, places)
    ):
        kept.pop()
    return tuple(kept)


def _is_led(blocks: list[Block], places: set[Scope | None]) -> bool:
    """Tell a short last line that belongs to the link before it: its day, its place."""
    if len(blocks) == 1 or is_prose(blocks[-1]) or container(blocks[-1].scope) in places:
        return False
    return is_linked(blocks[-2])


def _is_apart(rest: list[Block], places: set[Scope | None], told: list[Block]) -> bool:
    """Tell whether what follows a text are cards: each alone, and less than half as much."""
    looks = {(one.tag, one.names) for one in places if one}
    cards = {one for b in rest if (one := container(b.scope))}
    if len(cards) < len(rest) or any((one.tag, one.names) in looks for one in cards):
        return False
    read = sum(len(block.text) for block in told if is_prose(block))
    return 2 * sum(len(block.text) for block in rest) < read


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
