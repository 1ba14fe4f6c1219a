"""`dateline stories --from`: which articles of a file tell the same story, and why."""

from __future__ import annotations

import sys
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from db.reasons import why
from db.shelf import Shelf
from db.stories import WINDOW
from db.traits import traits
from db.weights import count
from feeds.wording import counted
from monitor import show, story_lines
from monitor.story_words import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from db.model import Article
    from db.shelf import Placed
    from monitor.story_lines import Line, Lines

    Id = str | int


_SHOWN = 3
_EXAMPLE = (
    '{"id": 1, "title": "Fire destroys market", "text": "A fire destroyed …", "source": "tass", '
    '"published": "2025-12-20T05:31:00Z"}'
)


def judge(name: str, window: float, *, as_json: bool) -> int:
    """Say which articles of a file tell the same story; - is stdin. Stores nothing.

    A line that cannot be read is told with its number; the others are joined all the same, and
    the exit code is 2.
    """
    data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    lines = story_lines.read(data.split(b"\n"))
    articles = {line.id: line.article for line in lines.articles}
    stories, joins = gather(lines.articles, window)
    if as_json:
        _print_objects(stories, joins, articles)
    elif articles or not lines.mistakes:
        _print_text(stories, joins, articles)
    _print_mistakes(name, lines)
    return 2 if lines.mistakes else 0


def _print_mistakes(name: str, lines: Lines) -> None:
    """Say what is wrong with each line; of a file that is something else, with the first few."""
    shown = lines.mistakes if lines.articles else lines.mistakes[:_SHOWN]
    for mistake in shown:
        click.echo(show.printable(f"{name}: {mistake}"), err=True)
    if not shown or lines.articles:
        return
    if more := len(lines.mistakes) - len(shown):
        click.echo(show.printable(f"{name}: {counted(more, 'more line')} like that"), err=True)
    click.echo(f"JSON Lines are expected, one object a line, such as\n{_EXAMPLE}", err=True)


def gather(
    lines: Sequence[Line], window: float = WINDOW
) -> tuple[list[tuple[Id, ...]], dict[Id, Placed[Id]]]:
    """Return the stories, the oldest first, and how each article but a story's first joined."""
    read = [(line.id, traits(line.article)) for line in lines]
    shelf: Shelf[Id] = Shelf(count(article for _, article in read), window)
    dated = ((article.when, name, article) for name, article in read if article.when)
    undated = ((name, article) for name, article in read if not article.when)
    joins = {}
    for name, article in (
        *((name, article) for _, name, article in sorted(dated, key=itemgetter(0))),
        *undated,
    ):
        placed = shelf.put(name, article)
        if placed:
            joins[name] = placed
    return list(shelf.stories()), joins


def _print_objects(
    stories: Sequence[tuple[Id, ...]],
    joins: Mapping[Id, Placed[Id]],
    articles: Mapping[Id, Article],
) -> None:
    for ids in stories:
        told = [
            {
                "id": name,
                "to": joins[name].to,
                "kind": joins[name].verdict.kind,
                "score": round(joins[name].verdict.score, 2),
                "why": why(joins[name].verdict, articles[name]),
            }
            for name in ids[1:]
        ]
        show.line({"story": ids[0], "ids": list(ids), "joins": told})


def _print_text(
    stories: Sequence[tuple[Id, ...]],
    joins: Mapping[Id, Placed[Id]],
    articles: Mapping[Id, Article],
) -> None:
    joined = [ids for ids in stories if len(ids) > 1]
    for ids in joined:
        for text in _paragraph(ids, joins, articles):
            click.echo(show.printable(text))
        click.echo()
    alone = len(stories) - len(joined)
    click.echo(
        f"{counted(len(joined), 'story')} of several articles; {counted(alone, 'article')} alone."
    )


def _paragraph(
    ids: Sequence[Id], joins: Mapping[Id, Placed[Id]], articles: Mapping[Id, Article]
) -> Iterator[str]:
    for name in ids:
        article = articles[name]
        placed = joins.get(name)
        date = show.dateline_cell(article.dateline)
        yield f"{'  ' if placed else ''}{name}  {date}  {article.source}  {article.title}"
        if placed:
            verdict = placed.verdict
            kind = KINDS[verdict.kind or ""]
            yield f"    {kind} {placed.to} ({verdict.score:.2f}): {why(verdict, article)}"
