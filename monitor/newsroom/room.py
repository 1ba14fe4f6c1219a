"""The press room: four sites on loopback ports, what they publish, how they misbehave.

Demo and tests share it. It knows everything it published (`published`) and everything it was
asked (`requests`), so lost, duplicate and invented items are computed and not judged.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from monitor.newsroom import belta, openkg, own, secretariat, supplied, tass, tass_ru
from monitor.newsroom.press import Edit, Press
from monitor.newsroom.server import HOST, Premises
from monitor.newsroom.wire import Answer, Request, conditional, etag_of, not_found

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from monitor.newsroom.faults import Fault
    from monitor.newsroom.press import Desk
    from monitor.newsroom.story import Published, Story

    Answering = Callable[[Request, Desk], Answer | None]

SITES: Mapping[str, tuple[Answering, str]] = {
    "secretariat": (secretariat.answer, "en"),
    "belta": (belta.answer, "en"),
    "tass": (tass.answer, "en"),
    "openkg": (openkg.answer, "en"),
    "secretariat_ru": (secretariat.answer, "ru"),
    "belta_ru": (belta.answer, "ru"),
    "tass_ru": (tass_ru.answer, "ru"),
}
ENGLISH = tuple(site for site, (_, language) in SITES.items() if language == "en")
ROBOTS = "/robots.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as the press room saw it, and what it sent back.

    `at` is monotonic seconds. `status` 0 means that no HTTP answer was given. `body` counts the
    bytes of the answer's body, `sent` all bytes.
    """

    at: float
    site: str
    method: str
    target: str
    path: str
    status: int
    if_none_match: str | None
    if_modified_since: str | None
    user_agent: str | None
    body: int
    sent: int

    @property
    def is_conditional(self) -> bool:
        """True if the visitor said what it has already."""
        return self.if_none_match is not None or self.if_modified_since is not None


@dataclass(slots=True)
class _Spell:
    """A fault that lies on some paths of a site, for so many requests or until lifted."""

    site: str
    path: str
    fault: Fault
    left: int | None

    def covers(self, site: str, path: str) -> bool:
        if site != self.site or self.left == 0:
            return False
        if path == ROBOTS and self.path != ROBOTS:
            return False
        return fnmatchcase(path, self.path)


class Newsroom(Premises):
    """Four sites with one press. Use it as a context manager, or `start` and `stop` it.

    `now` (aware) is the moment the stories are dated from; it does not move. `wave` 1 is out
    from the beginning. `sites` names those of `SITES` that are opened; `stories` replaces all that
    there is to publish.
    """

    def __init__(
        self,
        now: datetime,
        *,
        wave: int = 1,
        sites: tuple[str, ...] = ENGLISH,
        stories: tuple[Story, ...] | None = None,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        if stories is None:
            stories, edits = (*supplied.stories(), *own.stories(now)), own.edits()
        else:
            edits = ()
        self._press = Press(now=now, stories=stories, edits=edits, wave=wave)
        self._sites = sites
        self._ticks = ticks
        super().__init__("newsroom")
        self._addresses: dict[str, str] = {}
        self._spells: list[_Spell] = []
        self._log: list[Asked] = []
        self._news = threading.Condition()
        self._changed: dict[tuple[str, str], tuple[str, datetime]] = {}

    def start(self) -> dict[str, str]:
        """Open the sites; return `{"belta": "http://127.0.0.1:PORT", …}`."""
        self._loopback.start()
        for site in self._sites:
            port = self._loopback.listen_http(site, self._responder(site))
            self._addresses[site] = f"http://{HOST}:{port}"
        return self.addresses

    @property
    def addresses(self) -> dict[str, str]:
        """The origin of each site, without a final slash."""
        return dict(self._addresses)

    def publish(self, wave: int) -> tuple[Published, ...]:
        """Bring everything up to this wave out; return what is new by it."""
        before = {row.key for row in self.published()}
        self._press = self._press.publish(wave)
        return tuple(row for row in self.published() if row.key not in before)

    def add(self, story: Story) -> Published:
        """Publish one more story at once."""
        self._press = self._press.add(replace(story, wave=self._press.wave))
        return self.published()[-1]

    def edit(
        self, key: str, *, title: str | None = None, paragraph: int | None = None, text: str = ""
    ) -> Published:
        """Change a story's title, or one paragraph (counted from 0), or both."""
        edit = Edit(key=key, wave=self._press.wave, title=title, paragraph=paragraph, text=text)
        self._press = self._press.edit(edit)
        return next(row for row in self.published() if row.key == key)

    def published(self, site: str | None = None) -> tuple[Published, ...]:
        """Return the ledger: every item that is out, of one site or of all."""
        rows = self._press.ledger(self._addresses)
        return tuple(row for row in rows if site in {None, row.site})

    def requests(self, site: str | None = None) -> tuple[Asked, ...]:
        """Return what was asked, oldest first, of one site or of all."""
        return tuple(asked for asked in self._log if site in {None, asked.site})

    def forget_requests(self) -> None:
        """Begin a new log."""
        self._log = []

    def wait_for(self, wanted: Callable[[tuple[Asked, ...]], bool], timeout: float = 10.0) -> bool:
        """Wait until the log satisfies this; False if it did not in `timeout` seconds."""
        with self._news:
            return self._news.wait_for(lambda: wanted(tuple(self._log)), timeout)

    def misbehave(
        self, site: str, fault: Fault, *, path: str = "*", times: int | None = None
    ) -> None:
        """Lay a fault on a site's paths (a shell pattern), for so many requests or until `behave`.

        The youngest fault that covers a path counts. Only the very path `/robots.txt` covers
        robots.txt: a site may fail and still say what it allows.
        """
        if site not in self._sites:
            raise KeyError(site)
        self._spells.append(_Spell(site, path, fault, times))

    def behave(self, site: str | None = None) -> None:
        """Lift the faults of one site or of all, and let go whoever hangs there."""
        self._spells = [spell for spell in self._spells if site not in {None, spell.site}]
        self.release(site)

    def release(self, site: str | None = None) -> None:
        """Let go whoever hangs at one site or at any; the faults stay."""
        self._loopback.release(site)

    def _responder(self, site: str) -> Callable[[Request], Answer]:
        def respond(request: Request) -> Answer:
            answer = self._spoiled(site, request, self._answer(site, request))
            self._note(site, request, answer)
            return answer

        return respond

    def _answer(self, site: str, request: Request) -> Answer:
        press = self._press
        rules, language = SITES[site]
        desk = press.desk(site, self._addresses[site], language)
        answer = rules(request, desk) or not_found()
        return conditional(request, answer, self._changed_at(site, request, answer, press))

    def _changed_at(self, site: str, request: Request, answer: Answer, press: Press) -> datetime:
        """Return since when this address has had this body."""
        etag = etag_of(answer.body)
        known, since = self._changed.get((site, request.target), ("", press.changed_at))
        if known != etag:
            since = press.changed_at
            self._changed[site, request.target] = (etag, since)
        return since

    def _spoiled(self, site: str, request: Request, answer: Answer) -> Answer:
        for spell in reversed(self._spells):
            if spell.covers(site, request.path):
                if spell.left is not None:
                    spell.left -= 1
                return spell.fault.spoil(answer)
        return answer

    def _note(self, site: str, request: Request, answer: Answer) -> None:
        sent = len(answer.encoded(request.method))
        asked = Asked(
            at=self._ticks(),
            site=site,
            method=request.method,
            target=request.target,
            path=request.path,
            status=answer.status,
            if_none_match=request.headers.get("if-none-match"),
            if_modified_since=request.headers.get("if-modified-since"),
            user_agent=request.headers.get("user-agent"),
            body=0 if request.method == "HEAD" else len(answer.body),
            sent=sent,
        )
        with self._news:
            self._log.append(asked)
            self._news.notify_all()
