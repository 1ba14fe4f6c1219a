"""What is published at the moment: waves, edits, and the ledger that says what is true. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from db.model import Precision
from monitor.newsroom.story import Block, Published, Story

if TYPE_CHECKING:
    from collections.abc import Mapping

# Publishing is dated a little before the press room's own moment, so that no Last-Modified ever
# lies in a visitor's future (RFC 9110 §8.8.2.1), and each change is dated after the one before.
HEAD_START = timedelta(hours=2)
BETWEEN_CHANGES = timedelta(minutes=1)
MARKER_LENGTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """New words for a story that is out already, made with a wave.

    `paragraph` counts the blocks of the text from 0; `text` replaces that block's words.
    """

    key: str
    wave: int
    title: str | None = None
    paragraph: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What one site shows at one moment: its origin, its stories (newest first), the time."""

    base: str
    stories: tuple[Story, ...]
    now: datetime
    language: str = "en"

    def at(self, path: str) -> Story | None:
        """Return the story at this path, whose final slash is optional."""
        wanted = path.rstrip("/")
        found = (story for story in self.stories if story.path.rstrip("/") == wanted)
        return next(found, None)

    def listed(self) -> tuple[Story, ...]:
        """Return the stories that lists show, in the lists' order."""
        return tuple(story for story in self.stories if story.shape.listed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """All stories there are, up to which wave they are out, and the edits made to them."""

    now: datetime
    stories: tuple[Story, ...]
    edits: tuple[Edit, ...] = ()
    wave: int = 1
    changes: int = 0

    @property
    def changed_at(self) -> datetime:
        """When anything was published or edited last."""
        return self.now - HEAD_START + self.changes * BETWEEN_CHANGES

    def publish(self, wave: int) -> Press:
        """Return the press with everything up to this wave out."""
        if wave < self.wave:
            raise ValueError(f"wave {self.wave} is out; {wave} would take stories back")
        moved = self._out(wave) != self._out(self.wave)
        return replace(self, wave=wave, changes=self.changes + moved)

    def add(self, story: Story) -> Press:
        """Return the press with one more story."""
        return replace(self, stories=(*self.stories, story), changes=self.changes + 1)

    def edit(self, edit: Edit) -> Press:
        """Return the press with one more edit, which must touch a known story."""
        if edit.key not in {story.key for story in self.stories}:
            raise KeyError(edit.key)
        return replace(self, edits=(*self.edits, edit), changes=self.changes + 1)

    def desk(self, site: str, base: str, language: str) -> Desk:
        """Return what one site shows."""
        shown = [
            self._edited(story)
            for story in self.stories
            if story.site == site and story.wave <= self.wave
        ]
        shown.sort(key=lambda story: (story.shelf, -story.at.timestamp()))
        return Desk(base=base, stories=tuple(shown), now=self.now, language=language)

    def ledger(self, bases: Mapping[str, str]) -> tuple[Published, ...]:
        """Return every item that is out on these sites, in the order of the stories."""
        edits = Counter(edit.key for edit in self.edits if edit.wave <= self.wave)
        return tuple(
            _row(self._edited(story), bases[story.site], edits[story.key])
            for story in self.stories
            if story.wave <= self.wave and story.site in bases
        )

    def _out(self, wave: int) -> tuple[str, ...]:
        out = [story.key for story in self.stories if story.wave <= wave]
        return (*out, *(edit.key for edit in self.edits if edit.wave <= wave))

    def _edited(self, story: Story) -> Story:
        for edit in self.edits:
            if edit.key == story.key and edit.wave <= self.wave:
                story = _apply(edit, story)
        return story


def _apply(edit: Edit, story: Story) -> Story:
    body = story.body
    if edit.paragraph is not None:
        changed = Block(body[edit.paragraph].kind, edit.text)
        body = (*body[: edit.paragraph], changed, *body[edit.paragraph + 1 :])
    title = story.title if edit.title is None else edit.title
    return replace(story, title=title, body=body)


def _row(story: Story, base: str, edits: int) -> Published:
    return Published(
        key=story.key,
        site=story.site,
        url=base + story.path,
        title=story.title,
        when=moment(story),
        precision=story.precision,
        evidence=story.evidence,
        place=story.place,
        text="\n\n".join(
            f"- {block.text}" if block.kind == "item" else block.text for block in story.body
        ),
        marker=story.body[0].text[-MARKER_LENGTH:],
        wave=story.wave,
        document=story.document,
        edits=edits,
    )


def moment(story: Story) -> datetime | None:
    """Return when a story was published, as exactly as its site tells; None if it does not."""
    return floored(story.at, story.precision)


def floored(at: datetime, precision: Precision) -> datetime | None:
    """Return what a precision tells of a moment, in UTC; a day begins at midnight in its zone."""
    match precision:
        case Precision.NONE:
            return None
        case Precision.DAY:
            told = at.replace(hour=0, minute=0, second=0, microsecond=0)
        case Precision.MINUTE:
            told = at.replace(second=0, microsecond=0)
        case _:
            told = at.replace(microsecond=0)
    return told.astimezone(UTC)
