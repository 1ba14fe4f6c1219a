"""Reading pages nobody wrote rules for: pages a second, and what each step of it takes.

Two pages of usual size: one that carries structured data (aim: 5 ms), one with nothing but what a
reader sees, for which the last resorts are asked (aim: 60 ms at worst).
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from statistics import median
from time import process_time
from typing import TYPE_CHECKING

from bench.extent import usually
from spiders import candidates, generic
from spiders.blocks import Page
from spiders.body import body
from spiders.marks import elsewhere

if TYPE_CHECKING:
    from collections.abc import Callable

PASSES = usually(15, small=1)
SEEN = datetime(2026, 11, 21, 9, tzinfo=UTC)
URL = "https://example.org/news/council-approves"
STRUCTURED = (
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Council approves",'
    '"datePublished":"2026-11-19T08:30:00+00:00"}</script>'
)


def html(head: str, text: str) -> str:
    """Return a page as news sites serve them: menus, teasers and scripts around the text."""
    menu = "".join(
        f"<li class='menu-item'><a href='/s/{n}'>Section {n}</a></li>" for n in range(60)
    )
    teasers = "".join(
        f"<div class='teaser'><a href='/t/{n}'><h3>Another story {n} with a title</h3></a>"
        f"<span>{n % 28 + 1} October 2026</span></div>"
        for n in range(30)
    )
    return (
        f"<html lang='en'><head><title>Council approves</title>{head}</head><body><nav><ul>{menu}"
        f"</ul></nav><main><article><h1>Council approves</h1>{text}</article></main>"
        f"<div class='sidebar'>{teasers}</div><script>{'var a = 1;' * 3000}</script></body></html>"
    )


def pages() -> dict[str, str]:
    """Return the pages that are read, by name."""
    text = "".join(
        f"<p>Paragraph {n} tells <b>something</b> about <a href='/x{n}'>what</a> happened, in a"
        " sentence of usual length, and goes on for some more words.</p>"
        for n in range(25)
    )
    return {
        "structured data": html(STRUCTURED, text),
        "printed date only": html("", f"<div>19 November 2026, 08:30</div>{text}"),
        "no date, no text": html("", "<p>Too short.</p>"),
    }


def rows() -> list[tuple[str, float, list[float]]]:
    """Return for each page the milliseconds of CPU it takes, and the share of each step."""
    return [
        (name, _took(partial(_whole, given)), _shares(given)) for name, given in pages().items()
    ]


def _whole(given: str) -> None:
    generic.read(Page(URL, given), "UTC", None, SEEN)


def _took(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(PASSES):
        begun = process_time()
        work()
        taken.append(1000 * (process_time() - begun))
    return median(taken)


def _shares(given: str) -> list[float]:
    page = Page(URL, given)
    blocks, outside = page.blocks, elsewhere(page.blocks)
    return [
        _took(lambda: Page(URL, given).tree),
        _took(lambda: Page(URL, given).blocks) - _took(lambda: Page(URL, given).tree),
        _took(lambda: list(candidates.of_page(page, "UTC", SEEN, "Council approves", outside))),
        _took(lambda: body(blocks, elsewhere(blocks))),
    ]


def main() -> None:
    """Print the table."""
    sizes = ", ".join(f"{name} {len(given) // 1000} KB" for name, given in pages().items())
    print(f"CPU milliseconds a page, median of {PASSES}; {sizes}")
    print(f"{'':<22}{'pages/s':>9}{'whole':>9}{'parse':>9}{'blocks':>9}{'dates':>9}{'text':>9}")
    for name, whole, shares in rows():
        told = "".join(f"{share:>9.2f}" for share in shares)
        print(f"{name:<22}{1000 / whole:>9.0f}{whole:>9.2f}{told}")


if __name__ == "__main__":
    main()
