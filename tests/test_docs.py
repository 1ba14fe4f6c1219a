"""What the documents promise exists, and what exists is in the documents."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from db.packing import MOST_TOGETHER
from db.visiting import State
from monitor import advice, config_sources, digest
from monitor import config_tables as tables
from monitor.cli import COMMANDS, cli
from monitor.commands import sources
from monitor.patience import SCHEDULE

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
WATCHES = (ROOT / "docs" / "watches.md").read_text(encoding="utf-8")
DOCUMENTS = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")))

SECTIONS = {
    "[dateline]": tables.DatelineTable,
    "[source.NAME]": config_sources.SourceTable,
    '[source.NAME]` with `kind = "documents"': config_sources.FolderTable,
    "[source.NAME.selectors]": config_sources.SelectorsTable,
    "[source.NAME.api]": config_sources.ApiTable,
    "[watch.NAME]": tables.WatchTable,
    '[channel.NAME]` with `kind = "mail"': tables.MailTable,
    '[channel.NAME]` with `kind = "webhook"': tables.WebhookTable,
    '[channel.NAME]` with `kind = "apprise"': tables.AppriseTable,
    "[fetch]": tables.FetchTable,
    "[feeds]": tables.FeedsTable,
    "[notices]": tables.NoticesTable,
    "[pages]": tables.PagesTable,
    "[serve]": tables.ServeTable,
}


AS_ELSEWHERE = {"every", "first_round", "timezone", "language", "tags"}
WHEN_TOLD = {"timezone", "digest", "quiet", "flood"}


def shown(program: str) -> list[str]:
    """Return the command lines of the README and of `docs/watches.md` that call this program."""
    blocks = re.findall(r"```\w*\n(.*?)```", README + WATCHES, re.DOTALL)
    lines = "\n".join(blocks).splitlines()
    return [line.split("#")[0].strip() for line in lines if line.startswith(f"{program} ")]


def named(text: str) -> set[str]:
    """Return what stands in backticks."""
    return set(re.findall(r"`([^`\n]+)`", text))


def all_commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    """Give every command with its full name."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from all_commands(command, f"{path} {name}")


def test_every_make_target_of_the_readme_exists() -> None:
    """What a newcomer is told to type, `make` knows."""
    targets = [line.split()[1] for line in shown("make")]
    assert targets[:2] == ["demo", "test"]
    ran = subprocess.run(
        ["make", "--dry-run", *targets], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("line", shown("dateline"))
def test_every_command_line_of_the_readme_can_be_read(line: str) -> None:
    """The words after `dateline` are a command and arguments that it takes."""
    name, *arguments = shlex.split(line)[1:]
    command = cli.get_command(click.Context(cli), name)
    assert command
    command.make_context(name, arguments)


def test_every_command_is_in_the_readme() -> None:
    """The table of the README names each command of `--help`."""
    for full, command in all_commands(cli, "dateline"):
        if not isinstance(command, click.Group):
            assert f"`{full}" in README, full
    assert len(COMMANDS) == len(cli.list_commands(click.Context(cli)))


def test_every_option_says_what_it_does() -> None:
    """`--help` is enough to use a command: it and its options are explained, or say their bounds."""
    for full, command in all_commands(cli, "dateline"):
        assert command.help, full
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.help or option.show_default or isinstance(option.type, click.Choice)


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_key_of_the_config_is_explained(heading: str) -> None:
    """The table under each heading has a row for each key, and for none that does not exist."""
    section = CONFIGURATION.split(f"## `{heading}`\n")[1].split("\n## ")[0]
    first_cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("|")]
    explained = set().union(*(named(cell) for cell in first_cells))
    fields = SECTIONS[heading].model_fields.items()
    told = WHEN_TOLD if issubclass(SECTIONS[heading], tables.ChannelTable) else set()
    assert explained | told == {field.alias or name for name, field in fields}


def test_when_a_channel_is_told_is_explained() -> None:
    """What all kinds of channels have in common stands in a table of its own."""
    section = CONFIGURATION.split("## When a channel is told\n")[1].split("\n## ")[0]
    first_cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("|")]
    assert set().union(*(named(cell) for cell in first_cells)) == WHEN_TOLD


def test_every_table_and_key_is_in_the_starter() -> None:
    """Taking the # away from the starter's examples gives a config that names every key."""
    starter = (ROOT / "monitor" / "starter.toml").read_text(encoding="utf-8")
    full = tomllib.loads(re.sub(r"(?m)^#\?? (?=\[|[a-z_]+ = )", "", starter))
    given = {
        "[dateline]": full["dateline"],
        "[source.NAME]": {
            key for name, source in full["source"].items() if name != "inbox" for key in source
        },
        '[source.NAME]` with `kind = "documents"': set(full["source"]["inbox"]) | AS_ELSEWHERE,
        "[source.NAME.selectors]": full["source"]["paper"]["selectors"],
        "[source.NAME.api]": full["source"]["agency"]["api"],
        "[watch.NAME]": full["watch"]["exercises"],
        '[channel.NAME]` with `kind = "mail"': full["channel"]["desk"],
        '[channel.NAME]` with `kind = "webhook"': set(full["channel"]["hook"]) | WHEN_TOLD,
        '[channel.NAME]` with `kind = "apprise"': set(full["channel"]["phone"]) | WHEN_TOLD,
        "[fetch]": full["fetch"],
        "[feeds]": full["feeds"],
        "[notices]": full["notices"],
        "[pages]": full["pages"],
        "[serve]": full["serve"],
    }
    for heading, shape in SECTIONS.items():
        keys = {field.alias or name for name, field in shape.model_fields.items()}
        assert set(given[heading]) == keys, heading


def test_the_starters_examples_are_the_defaults() -> None:
    """A commented key shows what holds without it, so that reading the file is enough."""
    starter = (ROOT / "monitor" / "starter.toml").read_text(encoding="utf-8")
    full = tomllib.loads(re.sub(r"(?m)^#\?? (?=\[|[a-z_]+ = )", "", starter))
    given = tables.FetchTable.model_validate(full["fetch"])
    assert given == tables.FetchTable()
    assert tables.NoticesTable.model_validate(full["notices"]) == tables.NoticesTable()
    assert tables.PagesTable.model_validate(full["pages"]) == tables.PagesTable()
    assert tables.ServeTable.model_validate(full["serve"]) == tables.ServeTable()
    assert tables.DatelineTable.model_validate(full["dateline"]) == tables.DatelineTable()


def test_the_page_on_delivery_says_what_holds() -> None:
    """The times of the tries, the limits, and the kinds of messages are those of the program."""
    page = (ROOT / "docs" / "delivery.md").read_text(encoding="utf-8")
    waits = ", ".join(_length(wait) for wait in SCHEDULE[:-1])
    assert f"{waits} and {_length(SCHEDULE[-1])}" in page
    assert sum(SCHEDULE, timedelta()) < timedelta(hours=76) < sum(SCHEDULE, timedelta()) * 1.01
    assert f"at most {MOST_TOGETHER:,} items" in page
    example = json.loads(page.split("```json\n")[1].split("```")[0])
    assert example["type"] == "digest"
    assert example["version"] == digest.VERSION
    for kind in ("article.matched", "digest", "source.notice", "channel.test"):
        assert f"`{kind}`" in page


def _length(wait: timedelta) -> str:
    """Return a length of time as the page writes it."""
    seconds = int(wait.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 3600 else f"{seconds // 3600} h"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_between_documents_leads_somewhere(path: Path) -> None:
    """A relative link names a file of the repository."""
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def test_no_lock_names_a_registry_or_a_machine() -> None:
    """The locks hold versions and hashes, nothing of where they were made."""
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"https?://|file:|--index|--find|/home/|/root/|/opt/", text)
        assert text.count("--hash=sha256:") > text.count("==")


def test_every_state_and_every_column_is_explained() -> None:
    """The page on sources has each state with its words, and each column of `sources show`."""
    text = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    for state in State:
        assert f"| `{state.value}` | {advice.words(state)} | " in text
    columns = (*sources.REPORTED, *sources.GAPS, *sources.FIELDS)
    names = {column.name.removesuffix(" (UTC)") for column in columns}
    assert {name for name in names if not re.search(rf"\b{name}\b", text)} == set()
