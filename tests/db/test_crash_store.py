"""Killed at every sentence: nothing is lost, nothing happens twice, the file is whole.

A process does one thing to the store and is killed, as hard as one can, just before its n-th SQL
sentence, for every n until it survives; then once more after everything. After each death the
file is opened and verified, and the thing is done again as the program would.
"""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.compile import Match
from db.model import Article, Basis, ChangeKind, Dateline, Precision, TextBasis, TitleBasis
from db.store import Store
from db.telling import Alert, Attempt, AttemptOutcome
from db.traits import traits
from db.visiting import KeptPage, Report, Source, State

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
NOW = datetime(2025, 12, 20, 9, tzinfo=UTC)
LEASE = timedelta(minutes=1)
ARTICLE = Article(
    url="https://e.org/1",
    source="s",
    title="Council",
    title_basis=TitleBasis.PAGE,
    text="words " * 100,
    text_basis=TextBasis.PAGE,
)
REPORT = Report(source="s", started=NOW, finished=NOW, state=State.OK, list_read=True)
PAGE = KeptPage(
    source="s",
    url="https://e.org/1",
    asked="https://e.org/1",
    status=200,
    headers=(),
    body=b"<p>words</p>",
    fetched_at=NOW,
    again_at=NOW,
)
SENT = Attempt(at=NOW, outcome=AttemptOutcome.SENT, answer="ok")
"""What a change to the store is made of; the child imports this module by its path."""


def alert(store: Store) -> Alert:
    """Return an alert of the first change."""
    return Alert(
        key="key",
        watch="w",
        channel="mail",
        query="council",
        kind=ChangeKind.NEW,
        entry=store.entry_of(1),
        fields=(),
        passages=(),
        created_at=NOW,
    )


def prepare(store: Store) -> None:
    """Register the source, out of its baseline."""
    store.register([Source(name="s", kind="k", urls=("https://e.org/",))], NOW)
    store.finish(REPORT, next_at=NOW)


def record(store: Store) -> None:
    """Record the article."""
    store.record(ARTICLE, NOW, card="c")


def edit(store: Store) -> None:
    """Record the article with other words."""
    store.record(Article(**{**fields(ARTICLE), "text": "edited " * 100}), NOW)


def queue(store: Store) -> None:
    """Queue an alert for every change that waits."""
    for change in store.unmatched(10):
        store.queue(change.id, [alert(store)], NOW)


def pack(store: Store) -> None:
    """Make a letter of what is due, unless there is one."""
    store.pack("mail", NOW)


def claim(store: Store) -> None:
    """Claim what is due; the lease of whoever died has lapsed by then."""
    later = NOW if store.due_channels(NOW) else NOW + LEASE
    assert len(store.claim_letters(later, owner="o", lease=LEASE)) == 1


def settle(store: Store) -> None:
    """Settle the alert unless that was done."""
    assert store.settle(1, SENT, owner="o") or store.counts().sent == 1


def finish(store: Store) -> None:
    """End another visit to the source, unless its report is there."""
    if len(store.reports("s", 9)) < 2:
        store.finish(REPORT, next_at=NOW + LEASE)


def absent(store: Store) -> None:
    """See the page missing twice, an hour apart."""
    store.absent("https://e.org/1", NOW + LEASE)
    store.absent("https://e.org/1", NOW + LEASE + timedelta(hours=1))


def back(store: Store) -> None:
    """See the page again."""
    store.unchanged("https://e.org/1", NOW + timedelta(hours=2))


def keep(store: Store) -> None:
    """Keep the page, then find it unchanged."""
    store.keep_page(PAGE)
    store.keep_page(PAGE)


def correct(store: Store) -> None:
    """Correct the article and find another one."""
    better = Article(**{**fields(ARTICLE), "title": "Better"})
    other = Article(**{**fields(ARTICLE), "url": "https://e.org/2", "text": "short"})
    store.correct([(better, "https://e.org/1"), (other, "https://e.org/2")], NOW)


def forget(store: Store) -> None:
    """Forget all pages."""
    store.forget_pages(before=NOW, max_bytes=0)


def place(store: Store) -> None:
    """Put all that waits into stories."""
    while batch := store.unplaced(2):
        read = {stored.id: traits(stored.value.article) for stored in batch.articles}
        store.place(batch, read, NOW)


def fields(article: Article) -> dict[str, object]:
    """Return the fields of an article by name."""
    return {name: getattr(article, name) for name in article.__slots__}


STEPS: dict[str, Callable[[Store], None]] = {
    "prepare": prepare,
    "record": record,
    "queue": queue,
    "pack": pack,
    "claim": claim,
    "settle": settle,
    "finish": finish,
    "edit": edit,
    "absent": absent,
    "back": back,
    "keep": keep,
    "correct": correct,
    "forget": forget,
    "place": place,
}

# A small process of its own forks the ones that die: starting Python for each would take minutes.
_KILLER = """
import importlib.util, os, signal, sys
from pathlib import Path

spec = importlib.util.spec_from_file_location("steps", sys.argv[1])
steps = importlib.util.module_from_spec(spec)
spec.loader.exec_module(steps)
path, step = Path(sys.argv[2]), steps.STEPS[sys.argv[3]]

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def do(wanted):
    ran = None
    def count(sentence):
        nonlocal ran
        if ran is not None and not sentence.startswith("--"):
            if ran == wanted or sentence == wanted:
                die()
            ran += 1
    store = steps.Store.open(path, trace=count)
    ran = 0
    step(store)
    if wanted == "after":
        die()
    store.close()

def dies(wanted):
    child = os.fork()
    if child == 0:
        try:
            do(wanted)
        except BaseException:
            os._exit(1)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, -signal.SIGKILL), code
    with steps.Store.open(path) as store:
        store.verify()
    return code != 0

if sys.argv[4] == "everywhere":
    number = 0
    while dies(number):
        number += 1
    assert dies("after")
    print(number)
else:
    assert dies(sys.argv[4])
    print(1)
"""


def kill(path: Path, step: str, where: str) -> int:
    """Do a step in processes that die before that sentence; return how many did."""
    command = [sys.executable, "-c", _KILLER, __file__, str(path), step, where]
    done = subprocess.run(command, cwd=ROOT, check=True, timeout=60, stdout=subprocess.PIPE)
    return int(done.stdout)


def test_only_what_was_committed_is_there(tmp_path: Path) -> None:
    """Killed before the commit an article was never stored, killed after it is there whole."""
    path = tmp_path / "dateline.db"
    with Store.open(path) as store:
        prepare(store)
    kill(path, "record", "COMMIT")
    with Store.open(path) as store:
        assert (store.counts().articles, store.unmatched(1)) == (0, ())
        assert store.visits("s", ["https://e.org/1"], NOW) == {}
    kill(path, "record", "after")
    with Store.open_readonly(path) as store:
        assert len(store.search(Match('"council"'))) == 1
        assert len(store.unmatched(9)) == 1
        assert store.visits("s", ["https://e.org/1"], NOW)["https://e.org/1"].card == "c"


@pytest.mark.parametrize("step", ["record", "queue", "pack", "claim", "settle", "finish", "edit"])
def test_killed_at_every_sentence(tmp_path: Path, step: str) -> None:
    """Wherever a step was cut off, doing it again comes to what doing it once does."""
    path = tmp_path / "dateline.db"
    names = list(STEPS)[: list(STEPS).index("edit") + 1]
    with Store.open(path) as store:
        for name in names[: names.index(step)]:
            STEPS[name](store)
    assert kill(path, step, "everywhere") > 3
    with Store.open(path) as store:
        store.verify()
        for name in names[names.index(step) + 1 :]:
            STEPS[name](store)
        counts = store.counts()
        assert (counts.articles, counts.changes, counts.sent, counts.due) == (1, 2, 1, 0)
        (told,) = store.alerts()
        assert (told.value.alert.key, told.value.attempts) == ("key", (SENT,))
        assert len(store.reports("s", 9)) == 2
        assert len(store.versions(1)) == 2
        store.verify()


@pytest.mark.parametrize("step", ["absent", "back", "keep", "correct", "forget"])
def test_killed_at_every_sentence_of_what_comes_later(tmp_path: Path, step: str) -> None:
    """The same holds for items that go and come back, for kept pages and corrections."""
    path = tmp_path / "dateline.db"
    names = ("prepare", "record", "absent", "back", "keep", "correct", "forget")
    with Store.open(path) as store:
        for name in names[: names.index(step)]:
            STEPS[name](store)
    assert kill(path, step, "everywhere") > 3
    with Store.open(path) as store:
        for name in names[names.index(step) + 1 :]:
            STEPS[name](store)
        kinds = sorted(stored.value.kind.value for stored in store.changes(9))
        assert kinds == ["back", "corrected", "gone", "new", "new"]
        assert [stored.value.kind.value for stored in store.unmatched(9)] == ["new", "gone", "back"]
        assert len(store.versions(1)) == 2
        assert store.shelf().pages == 0
        store.verify()


def test_killed_while_stories_are_made(tmp_path: Path) -> None:
    """Every article is placed once, whole, and with its words counted once."""
    path = tmp_path / "dateline.db"
    words = (
        "Fire destroyed 340 containers at the Dordoi market in Bishkek overnight, rescuers said."
    )
    when = Dateline(when=NOW, precision=Precision.MINUTE, basis=Basis.META)
    with Store.open(path) as store:
        for number in range(5):
            changed = {"url": f"https://e.org/{number}", "text": words, "source": f"s{number}"}
            store.record(Article(**{**fields(ARTICLE), **changed, "dateline": when}), NOW)
    assert kill(path, "place", "everywhere") > 30
    with Store.open(path) as store:
        (story,) = store.stories(least=1)
        assert story.size == 5
        store.verify()
    with closing(sqlite3.connect(path)) as connection:
        (counted,) = connection.execute(
            "SELECT value FROM counter WHERE name = 'counted'"
        ).fetchone()
        (most,) = connection.execute("SELECT max(articles) FROM word_count").fetchone()
        keys = connection.execute(
            "SELECT count(*), count(DISTINCT article_id) FROM story_key GROUP BY key"
        ).fetchall()
    assert (counted, most) == (5, 5)
    assert set(keys) == {(5, 5)}


def test_killed_while_making_the_file(tmp_path: Path) -> None:
    """A process killed while it makes a database leaves one that opens, or none."""
    path = tmp_path / "dateline.db"
    code = (
        "import os, signal, sys; from pathlib import Path; from db import schema, connection\n"
        "step = schema.migrations._migrations[0]\n"
        "def dies(db): step_before(db); os.kill(os.getpid(), signal.SIGKILL)\n"
        "step_before, step.fn = step.fn, dies\n"
        "connection.open_writing(Path(sys.argv[1]), 1, None)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert not path.exists()
    with Store.open(path) as store:
        prepare(store)
        store.verify()
