"""What `dateline run` says and how it ends: stopped, on a terminal, with nothing to do."""

from __future__ import annotations

import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from monitor.newsroom.faults import Hang

if TYPE_CHECKING:
    from conftest import Desk


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_round_that_was_stopped_blames_no_source(
    desk: Desk, number: signal.Signals, code: int
) -> None:
    """Ctrl-C ends the visit, not the source's good name: no strike, no advice, due again."""
    desk.room.misbehave("tass", Hang())
    process = subprocess.Popen(
        desk.command("run"),
        cwd=desk.folder,
        env=desk.environ(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    asked = desk.room.wait_for(lambda log: any("/politics" in one.path for one in log), 60)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert asked
    assert process.returncode == code
    assert said == b"Stopped; the rest is visited next round.\n"
    rows = {row["source"]: row for row in desk.objects("status")}
    assert (rows["tass"]["state"], rows["tass"]["strikes"]) == (None, 0)
    assert {row["advice"] for row in rows.values()} == {""}
    assert desk.dateline("status").returncode == 0
