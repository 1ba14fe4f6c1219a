"""The ledger of deliveries at the command line: what was tried, what was given up, what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.store import Store
from db.telling import Flood
from monitor.newsroom.faults import Status
from monitor.newsroom.hook import Hook
from monitor.placing import place_all
from monitor.rules import Rules
from monitor.watch import match_all
from tests.monitor.test_stories_told import EACH, wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Desk

DOCUMENT = str(next((Path(__file__).parent.parent / "documents").glob("002*")))
WATCHES = (
    '[watch.all]\nquery = "CSTO"\nchannels = ["hook"]\n'
    '[watch.more]\nquery = "CSTO OR council"\nchannels = ["hook"]\n'
)


def channel(url: str, more: str = "") -> str:
    """Return the table of a webhook."""
    return f'[channel.hook]\nkind = "webhook"\nurl = "{url}"\n{more}'


def place(hook: Hook) -> str:
    """Return host and port of a receiver."""
    return hook.url.split("/")[2]


def ran(desk: Desk, *arguments: str) -> tuple[int, str]:
    """Run the command; return its exit code and all it said."""
    done = desk.dateline(*arguments)
    return done.returncode, (done.stdout + done.stderr).decode()


@pytest.fixture
def hook() -> Iterator[Hook]:
    """Open a receiver that takes everything; the shared one wants a secret."""
    with Hook() as opened:
        yield opened


def test_the_ledger_tells_every_try_and_410_closes_the_channel(desk: Desk, hook: Hook) -> None:
    """From the closing answer over dead letters to the channel that is open again."""
    desk.write(WATCHES + channel(hook.url), allow=(place(hook),))
    assert desk.dateline("import", DOCUMENT, "--as", "belta", "--alert").returncode == 0
    hook.script(Status(410))
    code, said = ran(desk, "run", "--source", "openkg")
    assert (code, "1 given up" in said) == (1, True)
    first, second = desk.objects("alerts", "dead")
    assert (first["together"], first["sent_as"]) == (2, second["sent_as"]) == (2, second["key"])
    assert [attempt["outcome"] for attempt in first["attempts"]] == ["dead"]
    code, said = ran(desk, "alerts", "dead", "--channel", "hook")
    assert (code, "410" in said, "alerts resend --dead --channel hook" in said) == (0, True, True)
    code, said = ran(desk, "alerts", "show", str(first["id"]))
    assert code == 0
    assert f"To hook as {first['sent_as']}, with 1 other alert: given up" in said
    assert "1. " in said
    assert " dead: 410" in said
    (whole,) = desk.objects("alerts", "show", str(first["id"]))
    assert whole["message"]["type"] == "article.matched"
    assert "channel hook is closed since" in ran(desk, "alerts", "list")[1]
    assert "channel hook is closed since" in ran(desk, "status")[1]
    assert "One message that was given up goes out" in ran(desk, "alerts", "resend", "--dead")[1]
    ran(desk, "run", "--source", "openkg")
    assert len(hook.received) == 1
    code, said = ran(desk, "channels", "test", "hook")
    assert (code, "is open again" in said) == (0, True)
    ran(desk, "run", "--source", "openkg")
    assert [received.id for received in hook.received[::2]] == [first["sent_as"]] * 2
    assert {alert["state"] for alert in desk.objects("alerts", "list")} == {"sent"}


def test_what_waits_for_its_time_says_so(desk: Desk, hook: Hook) -> None:
    """A digest's alerts are listed with the moment they fall due, or that nobody takes them."""
    rates = 'timezone = "UTC"\ndigest = ["12:00"]\n'
    desk.write(WATCHES + channel(hook.url, rates), allow=(place(hook),))
    desk.dateline("import", DOCUMENT, "--as", "belta", "--alert")
    assert ran(desk, "run", "--source", "openkg")[0] == 0
    first, _ = desk.objects("alerts", "list", "--channel", "hook")
    assert (first["state"], first["sent_as"], first["attempts"]) == ("due", None, [])
    assert first["next_at"].endswith("T12:00:00Z")
    assert first["why_waiting"].startswith("not before 20")
    waits = f": not before {first['next_at'][:10]} 12:00 UTC: channel hook tells at set times"
    listed = ran(desk, "alerts", "list")[1]
    assert f"{first['id']}, {first['id'] - 1}{waits} (digest)\n" in listed
    assert listed.endswith("dateline alerts resend ID sends one before its time.\n")
    shown = ran(desk, "alerts", "show", str(first["id"]))[1]
    assert f"Waits for hook: with others{waits.replace(':', ',', 1)}" in shown
    assert hook.received == ()
    desk.write()
    assert "2, 1: the config has no channel hook\n" in ran(desk, "alerts", "list")[1]


def test_what_waits_for_quiet_hours_goes_out_when_the_config_has_them_no_more(
    desk: Desk, hook: Hook
) -> None:
    """Until when and why is said; the round after they were taken away sends it, in one message."""
    begin = datetime.now(UTC) - timedelta(hours=2)
    quiet = f'timezone = "UTC"\nquiet = "{begin:%H:%M}..{begin + timedelta(hours=20):%H:%M}"\n'
    desk.write(WATCHES + channel(hook.url, quiet), allow=(place(hook),))
    desk.dateline("import", DOCUMENT, "--as", "belta", "--alert")
    assert ran(desk, "run", "--source", "openkg")[0] == 0
    said = ran(desk, "alerts", "list")[1]
    over = begin + timedelta(hours=20)
    assert f"not before {over:%Y-%m-%d %H:%M} UTC: channel hook has quiet hours (quiet)" in said
    ran(desk, "run", "--source", "openkg")
    assert hook.received == ()
    desk.write(WATCHES + channel(hook.url), allow=(place(hook),))
    assert "the quiet hours it waited for are no longer in the" in ran(desk, "alerts", "list")[1]
    assert ran(desk, "run", "--source", "openkg")[0] == 0
    assert len(hook.received) == 1
    assert [alert["state"] for alert in desk.objects("alerts", "list")] == ["sent", "sent"]


def test_what_waits_for_a_digest_is_sent_when_it_is_asked_for(desk: Desk, hook: Hook) -> None:
    """With the next round, and it says so; what else met the same change goes with it."""
    rates = 'timezone = "UTC"\ndigest = ["12:00"]\n'
    desk.write(WATCHES + channel(hook.url, rates), allow=(place(hook),))
    desk.dateline("import", DOCUMENT, "--as", "belta", "--alert")
    ran(desk, "run", "--source", "openkg")
    assert hook.received == ()
    goes = "Alert 2 goes out with the next dateline run, or now if serve is running.\n"
    assert ran(desk, "alerts", "resend", "2") == ran(desk, "alerts", "resend", "2") == (0, goes)
    assert "2, 1: goes out with the next dateline run" in ran(desk, "alerts", "list")[1]
    assert ran(desk, "run", "--source", "openkg")[0] == 0
    assert len(hook.received) == 1
    assert [alert["state"] for alert in desk.objects("alerts", "list")] == ["sent", "sent"]
    assert "It waits no more: it was asked for" in ran(desk, "alerts", "show", "2")[1]


def test_what_waits_for_a_flood_says_so_and_is_sent_when_it_is_asked_for(
    desk: Desk, hook: Hook
) -> None:
    """Until when is said, by list and show alike; a round holds it back, resend does not."""
    desk.write(WATCHES + channel(hook.url, 'flood = "1 in 1h"\n'), allow=(place(hook),))
    rules = Rules.compile([replace(EACH, channels=("hook",))])
    begun = datetime.now(UTC) - timedelta(minutes=10)
    with Store.open(desk.folder / "var" / "dateline.db") as store:
        for first in (1, 3):  # two are a flood, and two more wait
            for site in (first, first + 1):
                store.record(wire(site), begun)
            place_all(store, begun)
            match_all(store, rules, begun)
            store.pack("hook", begun, Flood(most=1, within=timedelta(hours=1)))
    assert ran(desk, "run", "--source", "openkg")[0] == 0
    over = begun + timedelta(hours=1)
    waits = f"not before {over:%Y-%m-%d %H:%M} UTC: channel hook takes no more messages for now"
    listed = ran(desk, "alerts", "list")[1]
    assert f"4, 3: {waits} (flood)\ndateline alerts resend ID sends one before its" in listed
    assert f"Waits for hook: {waits} (flood)" in ran(desk, "alerts", "show", "3")[1]
    assert "out with the next dateline run" in ran(desk, "alerts", "resend", "3")[1]
    assert ran(desk, "run", "--source", "openkg")[0] == 0
    states = [alert["state"] for alert in desk.objects("alerts", "list")]
    assert (states, len(hook.received)) == (["due", "sent", "sent", "sent"], 2)


def test_quiet_hours_are_kept_for_what_is_asked_for(desk: Desk, hook: Hook) -> None:
    """It is said when they are over; and that nothing goes where there is no channel."""
    begin = datetime.now(UTC) - timedelta(hours=2)
    over = begin + timedelta(hours=20)
    quiet = f'timezone = "UTC"\nquiet = "{begin:%H:%M}..{over:%H:%M}"\n'
    desk.write(WATCHES + channel(hook.url, quiet), allow=(place(hook),))
    desk.dateline("import", DOCUMENT, "--as", "belta", "--alert")
    ran(desk, "run", "--source", "openkg")
    goes = (
        f"Alert 2 goes out when the channel's quiet hours are over, at {over:%Y-%m-%d %H:%M} UTC."
    )
    assert ran(desk, "alerts", "resend", "2") == (0, f"{goes}\n")
    desk.write()
    assert "no channel hook; until it has, nothing" in ran(desk, "alerts", "resend", "2")[1]


def test_the_key_that_a_message_names_finds_its_alert(desk: Desk, hook: Hook) -> None:
    """What stands at the foot of a mail, or in a webhook-id, does for the number."""
    desk.write(WATCHES + channel(hook.url), allow=(place(hook),))
    desk.dateline("import", DOCUMENT, "--as", "belta", "--alert")
    assert ran(desk, "run", "--source", "openkg")[0] == 0
    for alert in desk.objects("alerts", "list"):
        code, said = ran(desk, "alerts", "show", alert["key"])
        assert (code, f"\nAlert {alert['id']}, in messages {alert['key']}\n" in said) == (0, True)
        assert said == ran(desk, "alerts", "show", str(alert["id"]))[1]
    sent = hook.received[0].id
    assert desk.objects("alerts", "show", sent)[0]["sent_as"] == sent
    code, said = ran(desk, "alerts", "resend", sent)
    assert (code, " goes out with the next dateline run" in said) == (0, True)
    assert ran(desk, "alerts", "resend", sent) == (0, said)
    listed = ran(desk, "alerts", "list")[1]
    assert "asked for again; goes out with the next dateline run, or now if serve" in listed


def test_mistakes_name_what_is_known(desk: Desk) -> None:
    """Unknown ids and names, and a resend of nothing or of everything at once."""
    desk.write(channel("https://hook.example/"))
    assert "there is no alert 7" in ran(desk, "alerts", "show", "7")[1]
    desk.dateline("import", DOCUMENT, "--as", "belta")
    for unknown in ("alert_nothing", "9" * 30, "-3"):
        for command in ("show", "resend"):
            code, said = ran(desk, "alerts", command, "--", unknown)
            assert (code, said.count("\n")) == (1, 1)
            assert f"there is no alert {unknown}; dateline alerts list shows" in said
    assert ran(desk, "alerts", "resend")[0] == 2
    assert ran(desk, "alerts", "resend", "7", "--dead")[0] == 2
    code, said = ran(desk, "alerts", "dead", "--channel", "hok")
    assert (code, 'did you mean "hook"?' in said) == (2, True)
    assert ran(desk, "alerts", "resend", "--dead", "--channel", "hok")[0] == 2
    assert "No alert is given up." in ran(desk, "alerts", "dead")[1]
