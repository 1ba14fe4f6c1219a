"""The child of a probe: looks at one address in a Scrapy process and tells what it found.

`python -m monitor.scouting` reads one `ProbeOrder` from stdin and answers with one JSON line, the
object that `dateline probe URL --json` prints. A process of its own for the reason that
`monitor.crawl` is one; the parent never reads a stranger's bytes.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler

from monitor import show
from monitor.confined import OUT_OF_MEMORY, confine
from monitor.crawl import settings
from monitor.order import read_probe_order
from monitor.saved import LIST
from spiders.crawlers import new_desk
from spiders.desk import Forgetful
from spiders.registry import site
from spiders.scout import Scout

if TYPE_CHECKING:
    from pathlib import Path

    from db.visiting import RobotsRules
    from monitor.order import ProbeOrder
    from spiders.survey import Offer, Sample, Survey

log = logging.getLogger("dateline.probe")


class _Notes(Forgetful):
    """A memory for one probe: what it read of robots.txt, to be shown."""

    def __init__(self) -> None:
        self._rules: dict[str, RobotsRules] = {}

    def robots(self, origin: str) -> RobotsRules | None:
        """Return what was read of a host."""
        return self._rules.get(origin)

    def keep_robots(self, rules: RobotsRules) -> None:
        """Keep it until the probe ends."""
        self._rules[rules.origin] = rules


def main() -> int:
    """Do what the order on stdin says; return an exit code."""
    order = read_probe_order(sys.stdin.buffer.readline())
    confine(order.manners.memory_mb, order.manners.log_level)
    try:
        look(order)
    except MemoryError:
        log.error("event=out_of_memory cap_mb=%d", order.manners.memory_mb)  # noqa: TRY400 - no room left
        return OUT_OF_MEMORY
    return 0


def look(order: ProbeOrder) -> None:
    """Survey the address and write the result; nothing is written if time runs out before."""
    process = AsyncCrawlerProcess(settings(order.manners))
    crawler = Crawler(Scout, process.settings)
    process.crawl(
        crawler,
        url=order.url,
        desk=new_desk(_Notes(), order.manners.delay, lambda: datetime.now(UTC)),
        samples=order.samples,
        found=partial(_answer, order.save),
        saw=partial(_save, order.save) if order.save else lambda _url, _body: None,
    )
    left = max(0.0, order.manners.ends_at - time.time())
    asyncio.get_event_loop().call_later(left, lambda: asyncio.ensure_future(crawler.stop_async()))
    process.start(install_signal_handlers=False)


def _answer(folder: Path | None, found: Survey) -> None:
    if folder and not found.is_article and found.offers:
        _mark(
            folder / LIST, {url: one.source.kind for one in found.offers for url in one.source.urls}
        )
    sys.stdout.write(json.dumps(_object(found)) + "\n")
    sys.stdout.flush()


def _save(folder: Path, url: str, body: bytes) -> None:
    """Keep a page under a name of its own, and its address in the list of them."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{hashlib.blake2b(url.encode(), digest_size=8).hexdigest()}.page"
    (folder / name).write_bytes(body)
    with (folder / LIST).open("a", encoding="utf-8") as listed:
        listed.write(f"{url}\t{name}\n")


def _mark(path: Path, kinds: dict[str, str]) -> None:
    """Note of the pages in a list of them which are lists themselves, and of what kind.

    Where no page was saved there is nothing to note.
    """
    if not path.exists():
        return
    told = []
    for line in path.read_text(encoding="utf-8").splitlines():
        kind = kinds.get(line.split("\t")[0])
        told.append(line if kind is None or line.endswith(f"\t{kind}") else f"{line}\t{kind}")
    path.write_text("".join(f"{line}\n" for line in told), encoding="utf-8")


def _object(found: Survey) -> dict[str, Any]:
    return {
        "url": found.url,
        "final": found.final,
        "problem": found.problem,
        "is_article": found.is_article,
        "is_json": found.is_json,
        "robots": {"delay": found.robots.delay, "problem": found.robots.problem},
        "offers": [_offer_object(offer) for offer in found.offers],
        "samples": [_sample_object(sample) for sample in found.samples],
        "coverage": found.coverage,
        "tried": [{"url": url, "why": why} for url, why in found.tried],
    }


def _offer_object(offer: Offer) -> dict[str, Any]:
    source = offer.source
    rules = site(source.kind)
    # What is as it is without a word is not written.
    found = asdict(source.api) if source.api else {}
    keys = {key: value for key, value in found.items() if value and key != "method"}
    return {
        "kind": source.kind,
        "urls": list(source.urls),
        "api": keys,
        "timezone": rules.zone if rules.sections else None,
        "language": rules.language or None,
        "why": offer.why,
        "items": len(offer.cards),
        "dated": round(offer.dated, 3),
        "cards": [show.card_object(card) for card in offer.cards],
    }


def _sample_object(sample: Sample) -> dict[str, Any]:
    return {
        "url": sample.url,
        "problem": sample.problem,
        "article": show.article_object(sample.article) if sample.article else None,
        "candidates": [
            {**show.dateline_object(one.dateline), "rejected": one.rejected}
            for one in sample.candidates
        ],
    }


if __name__ == "__main__":
    sys.exit(main())
