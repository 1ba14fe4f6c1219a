"""What servers told us."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from db.visiting import RobotsRules, Validator

if TYPE_CHECKING:
    from db.store import Store

URL = "https://odkb.example/news/"


def test_validators_are_kept_until_forgotten(store: Store, now: datetime) -> None:
    """The newest validator of an address stands until it is forgotten."""
    assert store.validator(URL) is None
    first = Validator(url=URL, etag='"1"', last_modified=None, stored_at=now)
    second = replace(first, etag=None, last_modified="Sat, 20 Dec 2025 09:00:00 GMT")
    other = replace(first, url="https://e.org/")
    store.keep_validators([first, second, other])
    assert store.validator(URL) == second
    store.forget_validator(URL)
    assert (store.validator(URL), store.validator("https://e.org/")) == (None, other)


def test_robots_rules_are_kept_until_read_anew(store: Store, now: datetime) -> None:
    """The rules of an origin stand until they were read again."""
    assert store.robots("https://e.org:443") is None
    rules = RobotsRules(
        origin="https://e.org:443", access="rules", body="User-agent: *", fetched_at=now
    )
    store.keep_robots(rules)
    assert store.robots("https://e.org:443") == rules
    later = replace(rules, access="deny_all", body="", fetched_at=now + timedelta(days=1))
    store.keep_robots(later)
    assert store.robots("https://e.org:443") == later


def test_a_host_is_left_alone_until_the_latest_time_it_named(store: Store, now: datetime) -> None:
    """An earlier wish takes nothing back; what is over is not told, and not kept for ever."""
    hour = timedelta(hours=1)
    assert store.host_holds(now) == {}
    store.hold_host("e.org", now + 2 * hour, now)
    store.hold_host("e.org", now + hour, now)
    store.hold_host("127.0.0.1:8080", now + hour, now)
    assert store.host_holds(now) == {"e.org": now + 2 * hour, "127.0.0.1:8080": now + hour}
    assert store.host_holds(now + hour) == {"e.org": now + 2 * hour}
    store.hold_host("f.org", now + 4 * hour, now + 3 * hour)
    assert store.host_holds(now) == {"f.org": now + 4 * hour}
