"""Rounds on a machine that is offline: told as what it is, and no fault of any source."""

from __future__ import annotations

import errno
import os
import socket
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from db.store import Store
from db.visiting import Source, State
from monitor.config import Config, NoticeSettings
from monitor.health import tell_all
from monitor.network import Network
from monitor.round import run_round

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from monitor.round import RoundResult

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


@dataclass
class Told(Network):
    """A network that is as it was told, and remembers which names were looked up."""

    routed: bool = True
    found: bool = False
    asked: list[str] = field(default_factory=list)

    def has_route(self) -> bool:
        """Say so."""
        return self.routed

    def finds_any(self, hosts: Collection[str]) -> bool:
        """Say so."""
        self.asked.extend(hosts)
        return self.found


@dataclass
class Routes(Network):
    """A machine whose kernel answers each question for a route with an error, 0 for a way."""

    answers: dict[str, int]

    def connect(self, family: socket.AddressFamily, address: str) -> None:
        """Answer as told for the family."""
        del address
        if error := self.answers[family.name]:
            raise OSError(error, os.strerror(error))


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Return a config of three sources whose names nobody has, one with an address, a folder."""
    urls = {name: f"http://{name}.invalid/list" for name in ("one", "two", "three")}
    sources = [Source(name=name, kind="listing", urls=(url,)) for name, url in urls.items()]
    number = Source(name="number", kind="listing", urls=("http://127.0.0.1:9/list",))
    folder = Source(name="folder", kind="documents", urls=((tmp_path / "in").as_uri(),))
    return Config(var=tmp_path, sources=(*sources, number, folder))


@pytest.fixture
def store(config: Config) -> Iterator[Store]:
    """Open the store of that config."""
    with Store.open(config.database) as opened:
        yield opened


def _round(
    config: Config, store: Store, network: Network, *names: str, hours: int = 0
) -> RoundResult:
    now = NOW + timedelta(hours=hours)
    return run_round(config, store, clock=lambda: now, names=names, force=True, network=network)


def test_a_machine_that_is_offline_blames_no_source(config: Config, store: Store) -> None:
    """Where no name is found all visits are told as one, and nothing counts against a source."""
    config = replace(config, sources=config.sources[:2])
    for hours in range(4):
        done = _round(config, store, Told(), "one", "two", hours=hours)
        assert {report.state for report in done.reports} == {State.OFFLINE}
    said = "this machine seems to be offline: none of 2 hosts could be found"
    assert {report.reason for report in done.reports} == {said}
    assert not done.is_fine
    assert [status.strikes for status in store.statuses()] == [0, 0]
    assert tell_all(store, NoticeSettings(), NOW + timedelta(hours=3)) == 0


def test_one_source_alone_is_excused_if_other_names_are_not_found_either(
    config: Config, store: Store
) -> None:
    """They are looked up, not visited; addresses and folders have no name to be found."""
    network = Told()
    (report,) = _round(config, store, network, "one").reports
    assert network.asked == ["three.invalid", "two.invalid"]
    assert report.state is State.OFFLINE
    assert report.reason == "this machine seems to be offline: none of 3 hosts could be found"


def test_a_name_that_is_not_found_while_another_is_is_its_own_fault(
    config: Config, store: Store
) -> None:
    """So it is for several in one round, and for the only one of a config."""
    reports = _round(config, store, Told(found=True), "one", "two").reports
    assert {report.state for report in reports} == {State.UNREACHABLE}
    alone = replace(config, sources=config.sources[:1])
    (report,) = _round(alone, store, Told(), "one", hours=1).reports
    assert (report.state, report.reason) == (State.UNREACHABLE, "no DNS answer for one.invalid")


def test_a_machine_without_a_way_out_is_offline_whatever_was_asked_for(
    config: Config, store: Store
) -> None:
    """The only source of a config is excused, too; a refused connection is still its own fault."""
    alone = replace(config, sources=config.sources[:1])
    (report,) = _round(alone, store, Told(routed=False), "one").reports
    assert report.state is State.OFFLINE
    assert report.reason == "this machine is offline: it is connected to no network"
    lan = Told(routed=False, found=True)
    (gone,) = _round(config, store, lan, "one", hours=1).reports
    assert gone.state is State.UNREACHABLE  # its neighbours are found in a network of their own
    (number,) = _round(config, store, Told(routed=False), "number").reports
    assert number.state is not State.OFFLINE


@pytest.mark.parametrize(
    ("four", "six", "routed"),
    [
        (0, errno.EADDRNOTAVAIL, True),
        (errno.ENETUNREACH, 0, True),
        (errno.ENETUNREACH, errno.EAFNOSUPPORT, False),
        (errno.EPERM, errno.ENETUNREACH, True),
    ],
)
def test_a_route_by_either_protocol_is_a_way_out(four: int, six: int, *, routed: bool) -> None:
    """Only errors that say "no way" count; a firewall's word is no sign of being offline."""
    assert Routes({"AF_INET": four, "AF_INET6": six}).has_route() is routed


def test_names_are_looked_up_on_this_machine() -> None:
    """One that is found is enough; what cannot be a name is not found."""
    assert Network().finds_any(("localhost", "a" * 70))
    assert not Network().finds_any(("a" * 70, "b" * 70))
    assert not Network().finds_any(())


def test_a_route_is_asked_for_without_a_word_to_anybody() -> None:
    """Our own machine is always to be reached; what is no address is an error."""
    Network().connect(socket.AF_INET, "127.0.0.1")
    with pytest.raises(OSError, match=r"not supported|unreachable|Invalid|family"):
        Network().connect(socket.AF_INET, "::1")
