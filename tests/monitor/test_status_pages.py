"""What `dateline status` says of pages that could not be had: those asked for again, those lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from db.revisits import TRIES
from db.store import Store
from db.visiting import Report, Source, State

if TYPE_CHECKING:
    from conftest import Desk

TASS = Source(name="tass", kind="tass", urls=("https://tass.com/world",))
BELTA = Source(name="belta", kind="belta", urls=("https://eng.belta.by/politics",))
CONFIG = "".join(
    f'[source.{source.name}]\nkind = "{source.kind}"\nurls = ["{source.urls[0]}"]\n'
    for source in (BELTA, TASS)
)
AGAIN = "could not be had; asked for again as long as a list shows them"
WAS, WERE = (
    f"could not be had before {left} gone from the lists" for left in ("it was", "they were")
)


@dataclass(frozen=True)
class Past:
    """What the store of a desk went through; `belta` was always fine."""

    store: Store
    now: datetime

    def visit(self, *, after: timedelta = timedelta()) -> None:
        """Let a visit of either source end well, with its lists read."""
        then = self.now + after
        for source in (TASS, BELTA):
            ended = Report(
                source=source.name, started=then, finished=then, state=State.OK, list_read=True
            )
            self.store.finish(ended, next_at=then + timedelta(minutes=15))

    def miss(self, pages: int, *, prefix: str = "") -> None:
        """Let pages of TASS not be had, so often that they are tried daily."""
        for number in range(pages):
            for _ in range(TRIES):
                url = f"https://tass.com/world/{prefix}{number}"
                self.store.missed(url, self.now, source="tass")


@pytest.mark.parametrize(
    ("pending", "lost", "lines"),
    [
        (0, 0, []),
        (1, 0, [f"tass: 1 page {AGAIN}"]),
        (2, 0, [f"tass: 2 pages {AGAIN}"]),
        (0, 1, [f"tass: 1 page {WAS}"]),
        (3, 2, [f"tass: 3 pages {AGAIN}", f"tass: 2 pages {WERE}"]),
    ],
)
def test_status_tells_pages_that_could_not_be_had(
    bare: Desk, pending: int, lost: int, lines: list[str]
) -> None:
    """Waiting and lost pages are a line each for their source, numbers for a machine, no failure."""
    (bare.folder / "dateline.toml").write_text(CONFIG)
    with Store.open(bare.folder / "var" / "dateline.db") as store:
        store.register((BELTA, TASS), datetime(2025, 12, 20, 9, tzinfo=UTC))
        past = Past(store, datetime(2025, 12, 20, 9, tzinfo=UTC))
        past.miss(lost, prefix="lost-")
        past.visit(after=timedelta(days=4))
        later = Past(store, past.now + timedelta(days=4))
        later.miss(pending)
        later.visit()
    ran = bare.dateline("status")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.decode().splitlines()[4:] == lines
    told = {row["source"]: row for row in bare.objects("status")}
    assert (told["tass"]["pending_pages"], told["tass"]["lost_pages"]) == (pending, lost)
    assert (told["belta"]["pending_pages"], told["belta"]["lost_pages"]) == (0, 0)
    assert told["tass"]["state"] == "ok"
