"""The scripted publisher: what he does between two visits, and that every list shows his ledger."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from db.model import Precision
from monitor.newsroom import scripted
from monitor.newsroom.scripted_pages import answer, canonical, shown, within
from monitor.newsroom.wire import Request

if TYPE_CHECKING:
    from monitor.newsroom.scripted import Scripted

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
BASE = "http://e.test"
PAGED = ("/feed.rss", "/feed.atom", "/feed.json", "/news/", "/s/scripted", "/sitemap-0.xml")


@pytest.fixture
def dice() -> random.Random:
    """Return dice that fall the same way each time."""
    return random.Random(3)  # noqa: S311 - a script, not a secret


@pytest.fixture
def site(dice: random.Random) -> Scripted:
    """Return a publisher of 45 items."""
    return scripted.opened(NOW, dice, 45)


def asked(site: Scripted, target: str, body: bytes = b"", status: int = 200) -> str:
    """Return what the site answers."""
    found = answer(Request(method="GET", target=target, headers={}, body=body), site, BASE)
    assert found is not None
    assert found.status == status
    return found.body.decode()


def test_a_seed_is_a_script() -> None:
    """The same dice make the same ledger, whatever happens in between."""
    ledgers = []
    for _ in range(2):
        dice = random.Random(5)  # noqa: S311 - the same
        site, now = scripted.opened(NOW, dice, 30), NOW
        while len(site.ledger) < 300:
            now += timedelta(hours=1)
            site = scripted.between_visits(site, dice, now, 300 - len(site.ledger))
        ledgers.append(site)
    assert ledgers[0] == ledgers[1]
    numbers = [one.number for one in site.ledger]
    assert numbers == list(range(300))
    moments = [one.at for one in site.ledger]
    assert moments == sorted(moments)
    assert moments[-1] <= now
    assert {one.number for one in site.ledger if not one.deleted} == set(site.order)


def test_every_list_shows_the_same_items(site: Scripted) -> None:
    """The first pages hold the newest items, the next ones the rest."""
    for path in PAGED:
        text = asked(site, path)
        assert (site.ledger[44].title in text) or "&" in site.ledger[44].title
        assert ("item-44" in text) != (path == "/s/scripted")
    rows = json.loads(asked(site, "/api/list", b'{"after": 0}'))
    assert [row["href"] for row in rows["rows"]] == [one.path for one in site.page(0)]
    assert rows["meta"]["next"] == 1
    assert json.loads(asked(site, "/api/list", b'{"after": 2}'))["meta"]["next"] is None
    asked(site, "/api/list", b"no", status=400)
    assert "before=" not in asked(site, "/s/scripted?before=20")
    assert "/sitemap-0.xml" in asked(site, "/sitemap.xml")
    assert "Sitemap:" in asked(site, "/robots.txt")
    assert answer(Request(method="GET", target="/nothing", headers={}), site, BASE) is None


@pytest.mark.parametrize("shape", [0, 1])
def test_a_section_has_two_shapes_and_ends(site: Scripted, shape: int) -> None:
    """Its last page leads to no other."""
    site = replace(site, shape=shape)
    assert "Older" in asked(site, "/news/")
    assert "Older" not in asked(site, "/news/?page=2")


def test_pins_stand_above(site: Scripted, dice: random.Random) -> None:
    """On the first page or on each, two at most; they leave their places."""
    for _ in range(3):
        site = scripted.pin(site, dice)
    first, second = (replace(site, everywhere=each).page(1) for each in (False, True))
    assert len(site.page(0)) == site.length + 2
    assert (len(first), len(second)) == (site.length, site.length + 2)
    assert scripted.unpin(site, dice).pins == ()


def test_an_edit_keeps_what_stood(site: Scripted, dice: random.Random) -> None:
    """The date stays, the versions are two, the page says when it was changed."""
    edited = scripted.edit(site, dice)
    (one,) = [one for one in edited.ledger if one.edited]
    assert one.versions[:1] == site.ledger[one.number].versions
    assert one.at == site.ledger[one.number].at
    assert "Updated: " in asked(edited, one.path)
    assert "edited " in asked(edited, f"/s/scripted?before={one.number + 2}")


def test_what_is_deleted_is_gone_for_good(site: Scripted, dice: random.Random) -> None:
    """No list shows it, its page answers 410."""
    gone = scripted.delete(scripted.pin(site, dice), dice)
    (one,) = [one for one in gone.ledger if one.deleted]
    assert one.number not in gone.order
    asked(gone, one.path, status=410)
    assert one.path not in asked(gone, "/sitemap-0.xml")


def test_nobody_has_anything_to_edit_at_first(dice: random.Random) -> None:
    """Steps that touch old items leave an empty publisher as he is."""
    empty = scripted.opened(NOW, dice, 0)
    for step in (scripted.pin, scripted.edit, scripted.delete, scripted.decorate):
        assert step(empty, dice) == empty


def test_what_is_shown_is_what_a_visitor_may_know(site: Scripted) -> None:
    """An address with a day in it tells that day; a channel tells the second or nothing."""
    for one in site.ledger:
        told = shown(one, "listing")
        assert (Precision.DAY in told) or not one.path.startswith("/20")
        assert shown(one, "telegram") <= {Precision.SECOND}
        assert Precision.NONE not in told
    assert canonical(site.ledger[4], "telegram", BASE) == f"{BASE}/scripted/5"
    assert canonical(site.ledger[4], "api", BASE) == f"{BASE}{site.ledger[4].path}"
    assert within(site, "listing", 9) == within(site, "sitemap", 1) == frozenset(range(45))
    assert within(site, "telegram", 1) == frozenset(range(25, 45))
