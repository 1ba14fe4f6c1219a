"""The command as a person meets it: the first steps, what it says, its exit codes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.store import Store
from db.telling import Attempt, AttemptOutcome
from monitor.cli import COMMANDS, cli, default_config, run
from monitor.newsroom.faults import Status

if TYPE_CHECKING:
    from conftest import Desk

DOCUMENTS = Path(__file__).parent.parent / "documents"
CANARY = "canary-51d0aa"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_each_does(name: str) -> None:
    """The list is written without loading a command, so it must not differ from the command."""
    command = cli.get_command(cli.make_context("dateline", ["check"], resilient_parsing=True), name)
    assert command is not None
    assert command.name == name
    assert command.help


def test_help_needs_no_scrapy_and_no_database(bare: Desk) -> None:
    """What every call pays for is click alone: heavy libraries wait until they are needed."""
    loaded = "import sys, monitor.cli; monitor.cli.run(['--help']); print(*sys.modules)"
    ran = bare.python("-c", loaded)
    modules = set(ran.stdout.decode().splitlines()[-1].split())
    assert not modules & {"scrapy", "twisted", "pydantic", "sqlite3", "rich", "aiohttp", "lxml"}


def test_a_newcomer_gets_from_init_to_check(bare: Desk) -> None:
    """`init` writes a config that `check` finds nothing wrong with, and never overwrites one."""
    assert b"Wrote dateline.toml" in bare.dateline("init").stdout
    checked = bare.dateline("check")
    assert (checked.returncode, checked.stdout[:22]) == (0, b"dateline.toml is fine:")
    again = bare.dateline("init")
    assert again.returncode == 1
    assert b"stays as it is" in again.stderr


def test_init_writes_where_it_is_told(bare: Desk) -> None:
    """A path names the file, a folder the place; what cannot be written is said."""
    (bare.folder / "place").mkdir()
    assert b"--config place/dateline.toml check" in bare.dateline("init", "place").stdout
    assert b"cannot be written" in bare.dateline("init", "no/where.toml").stderr
    assert bare.dateline("--config", "place/dateline.toml", "check").returncode == 0


def test_check_tells_all_mistakes_and_ends_with_two(bare: Desk) -> None:
    """A bad config starts nothing: exit 2, one line per mistake, also as JSON."""
    (bare.folder / "dateline.toml").write_text('[source.a]\nkind = "tas"\nevery = "soon"\n')
    for command in ("check", "run", "status", "items", "serve"):
        ran = bare.dateline(command)
        assert (ran.returncode, ran.stdout) == (2, b"")
        assert len(ran.stderr.splitlines()) == 3
        assert b"Traceback" not in ran.stderr
    (told,) = bare.objects("check")
    assert len(told["mistakes"]) == 3
    assert not (bare.folder / "var").exists()


def test_check_shows_what_a_good_config_comes_to(desk: Desk) -> None:
    """For a machine, the names of everything it defines."""
    desk.write('[watch.border]\nquery = "border"')
    (told,) = desk.objects("check")
    assert told["sources"] == ["belta", "openkg", "secretariat", "tass"]
    assert told["feeds"][-1] == "watch-border"
    assert told["mistakes"] == []


def test_the_config_is_found_here_then_at_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --config the one of the folder counts, then the user's own."""
    monkeypatch.chdir(tmp_path)
    home = tmp_path / "home" / "dateline" / "dateline.toml"
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "home")}
    assert default_config(environ) == Path("dateline.toml")
    home.parent.mkdir(parents=True)
    home.touch()
    assert default_config(environ) == home
    Path("dateline.toml").touch()
    assert default_config(environ) == Path("dateline.toml")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["itmes"], 'there is no command "itmes"; did you mean "items"? known: init, check'),
        (["zebra"], 'there is no command "zebra"; known: init, check'),
        (["sources", "show", "nope"], 'there is no source "nope"; known: '),
        (["items", "--limit", "0"], "0 is not in the range"),
        (["items", "(border"], "column 1"),
        (["run", "--source", "tas"], 'did you mean "tass"?'),
        (["import", "x", "--as", "blta"], 'did you mean "belta"?'),
        (["import", "x", "y", "--as", "belta", "--url", "https://x.org"], "name only that file"),
        (["import", "x", "--as", "belta", "--seen", "2025-12-20T09:00"], "names no zone"),
        (["import", "x", "--as", "belta", "--seen", "yesterday"], "is no moment"),
    ],
)
def test_a_slip_is_answered_with_what_to_do(desk: Desk, arguments: list[str], said: str) -> None:
    """Usage mistakes end with 2 and a plain sentence."""
    ran = desk.dateline(*arguments)
    assert ran.returncode == 2
    assert said in ran.stderr.decode()
    assert b"Traceback" not in ran.stderr


def test_a_round_says_what_is_new_and_the_next_one_nothing(desk: Desk) -> None:
    """Fit for cron: what happened in a few lines, and silence when nothing did."""
    first = desk.dateline("run")
    assert first.returncode == 0, first.stderr
    assert b"secretariat: " in first.stdout
    assert first.stderr == b""
    second = desk.dateline("run", "--now")
    assert (second.returncode, second.stdout, second.stderr) == (0, b"", b"")
    assert (desk.folder / "var" / "feeds" / "all.xml").exists()


def test_what_is_stored_can_be_listed_searched_and_told_to_machines(desk: Desk) -> None:
    """`items` shows each item's dateline with precision and basis, newest first."""
    desk.dateline("run")
    table = desk.dateline("items").stdout.decode()
    heading = ["id", "first", "seen", "(UTC)", "published", "known", "source", "title"]
    assert table.splitlines()[0].split() == heading
    found = desk.objects("items", "--source", "belta", '"Tajik-Afghan border"')
    assert found
    for item in found:
        assert item["source"] == "belta"
        facts = {"when", "day", "precision", "basis", "zone", "zone_stated", "place", "raw"}
        assert set(item["dateline"]) == facts
        assert item["dateline"]["zone_stated"] is (item["dateline"]["zone"] != "Europe/Minsk")
        assert item["first_seen"].endswith("Z")
    assert len(desk.objects("items", "--limit", "3")) == 3


def test_status_says_what_is_wrong_and_what_to_do(desk: Desk) -> None:
    """One broken source makes the exit code 1 and is named; the others are fine."""
    assert {row["words"] for row in desk.objects("status")} == {"not visited yet"}
    desk.room.misbehave("tass", Status(500))
    ran = desk.dateline("run")
    assert ran.returncode == 1
    assert ran.stderr.decode().startswith("tass: ")
    assert b"belta: " in ran.stdout
    status = desk.dateline("status")
    assert status.returncode == 1
    assert "; retried at " in status.stdout.decode()
    rows = {row["source"]: row for row in desk.objects("status")}
    assert rows["tass"]["advice"]
    assert rows["tass"]["strikes"] == 1
    assert rows["belta"]["advice"] == ""
    assert rows["belta"]["items"] > 0


def test_a_round_for_machines_counts_everything(desk: Desk) -> None:
    """`run --json` prints one object with each source's report; `--source` narrows it."""
    (told,) = desk.objects("run", "--source", "belta")
    (report,) = told["sources"]
    assert (report["source"], report["state"]) == ("belta", "ok")
    assert report["new"] > 0
    assert told["complaints"] == []


def test_alerts_are_listed_with_every_try_and_sent_again(desk: Desk) -> None:
    """What was not taken is shown with the answer; `resend` keeps the key."""
    desk.write(
        '[watch.all]\nquery = "CSTO"\nchannels = ["hook"]\n'
        '[channel.hook]\nkind = "webhook"\nurl = "http://127.0.0.1:9/"\n',
        allow=("127.0.0.1:9",),
    )
    assert b"No alerts" in desk.dateline("alerts", "list").stderr
    document = str(next(DOCUMENTS.glob("002*")))
    assert desk.dateline("import", document, "--as", "belta", "--alert").returncode == 0
    ran = desk.dateline("run", "--source", "openkg")
    assert (ran.returncode, b"not taken, tried again later" in ran.stderr) == (1, True)
    (alert,) = desk.objects("alerts", "list")
    assert (alert["state"], alert["watch"]) == ("due", "all")
    assert [attempt["outcome"] for attempt in alert["attempts"]] == ["retry"]
    assert "hook" in desk.dateline("alerts", "list", "--state", "due").stdout.decode()
    assert b"goes out with the next" in desk.dateline("alerts", "resend", str(alert["id"])).stdout
    with Store.open(desk.folder / "var" / "dateline.db") as store:
        later = datetime.now(UTC) + timedelta(days=1)
        store.claim_letters(later, owner="test", lease=timedelta(minutes=1))
        gone = Attempt(at=later, outcome=AttemptOutcome.DEAD, answer="410 Gone")
        assert store.settle(1, gone, owner="test")
    assert b"410 Gone" in desk.dateline("alerts", "list", "--state", "dead").stdout
    assert desk.dateline("alerts", "resend", str(alert["id"])).returncode == 0
    (again,) = desk.objects("alerts", "list", "--watch", "all")
    assert (again["state"], again["key"]) == ("due", alert["key"])


def test_import_reads_the_supplied_documents_without_a_config(bare: Desk) -> None:
    """Text files give their items with the keys that the page names, and nothing is stored dry."""
    document = str(next(DOCUMENTS.glob("001*")))
    seen = ("--seen", "2025-12-20T12:00+03:00")
    ran = bare.dateline("import", document, "--as", "secretariat", *seen, "--json", "--dry-run")
    items = [json.loads(line) for line in ran.stdout.decode().splitlines()]
    assert len(items) == 5
    assert list(items[0]) == [
        "url", "source", "title", "title_basis", "summary", "text", "text_basis",
        "section", "authors", "language", "dateline", "tags", "attachments", "year_inferred",
    ]  # fmt: skip
    assert not (bare.folder / "var").exists()


def test_import_stores_what_it_read_once(bare: Desk) -> None:
    """The same file twice is one item, found again by `items`; no watch hears of it."""
    document = next(DOCUMENTS.glob("002*"))
    for _ in range(2):
        ran = bare.dateline("import", "-", "--as", "belta", given=document.read_bytes())
        assert ran.returncode == 0, ran.stderr
        assert "2025-12-15 16:11+03:00  minute, printed" in ran.stdout.decode()
    bare.dateline("init")
    assert len(bare.objects("items")) == 1


def test_import_reads_for_a_source_of_the_config(desk: Desk) -> None:
    """Both the source's name and its kind name it; what is read belongs to it."""
    (desk.folder / "dateline.toml").write_text(
        '[source.minsk]\nkind = "belta"\nurls = ["https://eng.belta.by/all_news/"]\n'
    )
    document = str(next(DOCUMENTS.glob("002*")))
    for reader in ("minsk", "belta"):
        (item,) = desk.objects("import", document, "--as", reader, "--dry-run")
        assert item["source"] == "minsk"


def test_import_goes_on_after_a_file_it_cannot_read(bare: Desk) -> None:
    """Each bad file is one line on stderr and makes the exit code 1; the others are done."""
    (bare.folder / "empty").touch()
    (bare.folder / "bytes").write_bytes(b"\xff\xfe\x00\xd8" * 9)
    (bare.folder / "latin").write_bytes("é".encode("latin-1") * 9)
    (bare.folder / "short.html").write_text("<html><body></body></html>")
    document = str(next(DOCUMENTS.glob("004*")))
    names = ("none", ".", "empty", "bytes", "latin", "short.html")
    ran = bare.dateline("import", *names, document, "--as", "openkg", "--dry-run")
    *said, end = ran.stderr.decode().splitlines()
    assert (ran.returncode, end) == (1, "Dry run: nothing stored.")
    assert [line.split(":")[0] for line in said] == list(names)
    assert b"adapt to changes" in ran.stdout


def test_import_reads_html_with_its_address(desk: Desk) -> None:
    """A saved page gives the same item as the round that visited it, under its address."""
    desk.dateline("run")
    (item,) = desk.objects("items", "--source", "belta", "--limit", "1")
    assert item["url"].startswith(desk.room.addresses["belta"])
    page = f"<html><body><h1>{item['title']}</h1><p>{item['text']}</p></body></html>"
    given = ("import", "-", "--as", "belta", "--url", item["url"], "--dry-run", "--json")
    ran = desk.dateline(*given, given=page.encode())
    assert json.loads(ran.stdout)["url"] == item["url"]


def test_no_secret_appears_anywhere(desk: Desk) -> None:
    """A planted secret is in no output, log, database, feed or leftover, also when all fails."""
    desk.write(
        '[watch.all]\nquery = "CSTO"\nchannels = ["desk"]\n'
        '[channel.desk]\nkind = "mail"\nhost = "127.0.0.1"\nport = 9\nsecurity = "tls"\n'
        'from = "a@example.org"\nto = ["b@example.org"]\nusername = "u"\n'
        'password = "env:SMTP_PASSWORD"\n'
    )
    document = str(next(DOCUMENTS.glob("002*")))
    said = b""
    for arguments in (
        ("check", "--json"),
        ("import", document, "--as", "belta", "--alert"),
        ("run",),
        ("run", "--now", "--json"),
        ("status",),
        ("alerts", "list", "--json"),
    ):
        ran = desk.dateline("--verbose", *arguments, SMTP_PASSWORD=CANARY)
        said += ran.stdout + ran.stderr
    assert b"retry" in said
    kept = [path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()]
    assert CANARY.encode() not in b"".join((said, *kept))


def test_a_store_that_cannot_be_opened_is_said_plainly(desk: Desk) -> None:
    """A damaged database is no traceback but a sentence, and it stays as it is."""
    (desk.folder / "var").mkdir()
    (desk.folder / "var" / "dateline.db").write_bytes(b"not a database at all" * 99)
    for arguments in (("run",), ("items",), ("status",), ("serve",)):
        ran = desk.dateline(*arguments)
        assert ran.returncode == 1
        assert b"Traceback" not in ran.stderr
        assert b"dateline.db" in ran.stderr


@pytest.mark.parametrize("group", [[], ["watch"], ["sources"], ["alerts"], ["channels"]])
def test_a_group_alone_prints_its_help(
    group: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Line by line as `--help` does, but to stderr: a command was missing."""
    assert run([*group, "--help"]) == 0
    helped = capsys.readouterr().out
    assert run(group) == 2
    assert capsys.readouterr().err == helped
    assert helped.count("\n") > 5


def test_the_version_is_that_of_the_distribution(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` is quick to answer and ends with 0."""
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("dateline, version ")
