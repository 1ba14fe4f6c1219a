"""What a probe of a live address found, for a person, and as the block of a config. Pure.

It works on the object that `monitor.scouting` writes, so that what is shown is what `--json` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.hosts import endpoint_of
from db.words import clean_line
from feeds.wording import counted
from monitor.config_edit import table
from monitor.config_values import EVERY
from spiders.judge import NO_DNS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.config_edit import Value

Found = dict[str, Any]

_SHOWN = 10


def settings_of(found: Found, offer: Found, **chosen: str | None) -> dict[str, Value]:
    """Return the keys of a source's table for an offer; what is `chosen` goes before what is found.

    A kind written for one site brings its zone; for any other, one is only written if chosen. The
    interval is always written: it is what a person wants to change first.
    """
    languages = {
        sample["article"]["language"]
        for sample in found["samples"]
        if sample["article"] and sample["article"]["language"]
    }
    values: dict[str, Value] = {"kind": offer["kind"], "urls": list(offer["urls"])}
    guessed = {
        "every": EVERY,
        "timezone": offer["timezone"],
        "language": languages.pop() if len(languages) == 1 else offer["language"],
    }
    values.update(
        {key: value for key, guess in guessed.items() if (value := chosen.get(key) or guess)}
    )
    if offer["api"]:
        values["api"] = dict(offer["api"])
    return values


def block(name: str, values: dict[str, Value]) -> str:
    """Return the lines to put into a config."""
    return table("source", name, values)


def lines(found: Found, name: str) -> Iterator[str]:
    """Yield what was found, line by line, as a person wants to know it."""
    yield f"{found['url']}" + (f" → {found['final']}" if found["final"] != found["url"] else "")
    yield from _robots(found)
    if found["problem"]:
        yield f"  cannot be read: {found['problem']}"
        if found["problem"].startswith(NO_DNS):
            yield "  check how the host is written, and this machine's network and its DNS"
        if found["problem"].endswith("not a public address"):
            yield f'  if it is yours: allow = ["{endpoint_of(found["final"])}"] in [fetch]'
        return
    if found["is_article"]:
        yield "  this is an article; a source watches the list it stands in"
    if not found["offers"]:
        yield from _nothing(found, name)
        return
    yield "  what could be watched, the best first:"
    for offer in found["offers"]:
        dated = f"{offer['dated']:.0%} dated in the list"
        urls = " ".join(offer["urls"])
        yield f"    {offer['kind']:<8} {counted(offer['items'], 'item'):>9}, {dated}  {urls}"
        yield f"             {offer['why']}"
    best = found["offers"][0]
    yield ""
    yield f"The first items of {best['urls'][0]}, as they would be taken:"
    for sample in found["samples"]:
        yield from _sample(sample)
    if found["coverage"]:
        yield "  coverage: " + ", ".join(
            f"{field} {share:.0%}" for field, share in found["coverage"].items()
        )
    if said := zone_warning(found):
        yield f"  {said}"
    yield ""
    yield "For the config (`dateline sources add URL` writes it):"
    yield ""
    yield from block(name, settings_of(found, best)).rstrip().split("\n")


def zone_warning(found: Found) -> str:
    """Say that a time was read that states no zone; empty if none was."""
    if any(_assumed(sample) for sample in found["samples"]):
        return 'some times state no zone and are taken as UTC: say timezone = "…" in the source'
    return ""


def _robots(found: Found) -> Iterator[str]:
    robots = found["robots"]
    if robots["problem"] and robots["problem"] != found["problem"]:
        yield f"  {robots['problem']}"
    elif robots["delay"]:
        yield f"  robots.txt asks for {robots['delay']:g} s between two requests"


def _nothing(found: Found, name: str) -> Iterator[str]:
    yield "  no feed, list or sitemap was found here"
    yield from _tried(found)
    if found["is_json"]:
        yield '  if it is a JSON list, write kind = "api" and its urls in the config, and where its'
        yield f'  items stand, like items = "data.news" and link = "url", in [source.{name}.api]'
    elif not found["is_article"]:
        yield '  if it is a list, write kind = "listing" and its urls in the config, and what'
        yield f'  its cards are, like card = "div.news", in [source.{name}.selectors]'


def _tried(found: Found) -> Iterator[str]:
    for one in found["tried"][:_SHOWN]:
        yield f"    {one['url']}: {one['why']}"


def _sample(sample: Found) -> Iterator[str]:
    article = sample["article"]
    if article is None:
        yield f"  {sample['url']}: {sample['problem']}"
        return
    dateline = article["dateline"]
    known = f"{dateline['when']} ({dateline['precision']}, {dateline['basis']})"
    yield f"  {clean_line(article['title'])[:100]}"
    yield f"    {article['url']}"
    yield f"    published {known if dateline['when'] else 'unknown'}" + (
        f", read from “{clean_line(dateline['raw'])[:60]}”" if dateline["raw"] else ""
    )
    if not article["text"]:
        yield "    a file, kept as an attachment; what it says is not read"
    else:
        yield f"    {len(article['text']):,} characters of text from the {article['text_basis']}"
    if sample["problem"]:
        yield f"    its page gave nothing: {sample['problem']}"


def _assumed(sample: Found) -> bool:
    article = sample["article"]
    if article is None:
        return False
    dateline = article["dateline"]
    return dateline["zone"] == "UTC" and not dateline["zone_stated"]
