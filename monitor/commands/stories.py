"""`dateline stories`: which items tell the same story, why, and who was first."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from db.store import Store
from db.stories import WINDOW
from feeds.wording import counted
from monitor import show
from monitor.commands import stories_file
from monitor.commands.configs import for_reading
from monitor.commands.queries import first_of
from monitor.config_values import interval
from monitor.story_words import firsts, member_lines, story_object

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.telling import Story
    from monitor.cli import Invocation

_COLUMNS = (
    show.Column("id"),
    show.Column("items"),
    show.Column("published", rank=2),
    show.Column("seen (UTC)", rank=1),
    show.Column("sources", rank=3),
    show.Column("title", elastic=True),
)
_SOURCES_SHOWN = 3
_ALONE = 1
_BARE = re.compile(r"\d{1,3}(?:\.\d*)?|\.\d+", re.ASCII)
_MOST = 366  # days


class Days(click.ParamType[float]):
    """A length of time as the config writes it, or a bare number of days; in days."""

    name = "length"

    def convert(
        self, value: str | float, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the days."""
        text = str(value)
        if _BARE.fullmatch(text) and float(text) <= _MOST:
            return float(text)
        try:
            return interval(f"{text}d" if text.isdigit() else text) / timedelta(days=1)
        except ValueError as error:
            self.fail(str(error), param, ctx)


_BARE_GROUP = "dateline.stories.bare"


class _ListContext(click.Context):
    """What `list` is called in its messages: as it was asked for, with its name or without."""

    @property
    def command_path(self) -> str:
        """Return the words of the command line."""
        parent = self.parent
        bare = parent is not None and parent.meta.get(_BARE_GROUP)
        return parent.command_path if parent and bare else super().command_path


class _List(click.Command):
    context_class = _ListContext


class _Stories(click.Group):
    """A group that lists, where no command of its own is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take `stories --from FILE` for `stories list --from FILE`."""
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            ctx.meta[_BARE_GROUP] = True
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group("stories", cls=_Stories)
def command() -> None:
    """Show which items tell the same story, why, and who was first.

    Without a command it lists: dateline stories --from FILE is dateline stories list --from FILE.
    """


@command.command("list", cls=_List)
@click.option(
    "--from",
    "name",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Judge the articles of FILE (- is stdin) and store nothing. One JSON object a line: "
    "id, title, text, source, published; language and url if known.",
)
@click.option(
    "--window",
    type=Days(),
    metavar="LENGTH",
    help="With --from: how far apart two articles of one story may be, like 5d or 12h, or bare "
    f"days; {WINDOW:g}d if not said.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help="How many stories of the store at most.",
)
@click.option("--all", "alone", is_flag=True, help="Stories of a single item, too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, one per story.")
@click.pass_obj
def list_stories(  # noqa: PLR0913 - one argument for each option
    invocation: Invocation,
    name: str | None,
    window: float | None,
    limit: int,
    *,
    alone: bool,
    as_json: bool,
) -> int:
    """List stories of several items, those that grew last on top."""
    if name is not None:
        return stories_file.judge(name, WINDOW if window is None else window, as_json=as_json)
    if window is not None:
        raise click.UsageError("--window is for --from: stored items are joined by the usual one")
    config = for_reading(invocation)
    found: Sequence[Story] = ()
    stored = 0
    if config.database.exists():
        with Store.open_readonly(config.database) as store:
            found = store.stories(least=_ALONE if alone else _ALONE + 1, limit=limit + 1)
            stored = store.counts().articles
    found = first_of(found, limit)
    if not found:
        click.echo(_nothing(stored, alone=alone), err=True)
    elif as_json:
        for story in found:
            show.line(_object(story))
    else:
        show.table(show.results(), _COLUMNS, map(_row, found))
    return 0


def _nothing(stored: int, *, alone: bool) -> str:
    """Say why no story is listed."""
    if stored and not alone:
        return (
            f"No two stored items tell the same story ({stored:,} stored); "
            "dateline stories --all lists each item's own."
        )
    return (
        "No stories yet. A round joins what it finds: dateline run; "
        "dateline stories --from FILE judges a file."
    )


@command.command("show")
@click.argument("number", metavar="ID", type=int)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with all members.")
@click.pass_obj
def show_story(invocation: Invocation, number: int, *, as_json: bool) -> int:
    """Show the story to which the item ID belongs: a story is called like its first item."""
    config = for_reading(invocation)
    story: Story | None = None
    if config.database.exists():
        with Store.open_readonly(config.database) as store:
            story = store.story_of(number)
    if story is None:
        raise click.ClickException(
            f"no story holds an item {number}; dateline items list shows the ids, and a new item "
            "is put into a story at the end of a round"
        )
    if as_json:
        show.line(_object(story))
        return 0
    items = counted(story.size, "item")
    for said in (f"Story {story.id}: {items}", *firsts(story)):
        click.echo(show.printable(said))
    for member in story.members:
        click.echo()
        first, *rest = member_lines(story, member)
        click.echo(show.printable(f"{member.id}  {first}"))
        for line in rest:
            click.echo(f"    {show.printable(line)}")
    return 0


def _row(story: Story) -> tuple[object, ...]:
    first = story.members[0]
    sources = list(dict.fromkeys(member.source for member in story.members))
    more = len(sources) - _SOURCES_SHOWN
    named = ", ".join(sources[:_SOURCES_SHOWN]) + (f" and {more} more" if more > 0 else "")
    seen = min(member.first_seen for member in story.members)
    date = show.dateline_cell(first.dateline)
    return (story.id, story.size, date, show.minute(seen), named, first.title)


def _object(story: Story) -> dict[str, Any]:
    told = story_object(story)
    return {"story": told.pop("id"), "ids": [member.id for member in story.members], **told}
