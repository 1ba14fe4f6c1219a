"""`dateline serve` as a process of its own, for the tests that need one."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Desk


class Daemon:
    """A running `dateline serve`, whose log is the only thing waited for."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.log: list[str] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        found = re.search(r"address=http://127\.0\.0\.1:(\d+)", self.wait_for("event=started"))
        assert found
        self._port = int(found[1])

    def wait_for(self, words: str, timeout: float = 60) -> str:
        """Wait for a line of the log that holds these words, from the beginning of the log."""
        with self._news:
            seen = self._news.wait_for(lambda: any(words in line for line in self.log), timeout)
        assert seen, "".join(self.log)
        return next(line for line in self.log if words in line)

    def until(self, check: Callable[[], bool], timeout: float = 60) -> None:
        """Wait until a check holds, looking again with each line of the log."""
        with self._news:
            assert self._news.wait_for(check, timeout), "".join(self.log)

    def titles(self) -> set[str]:
        """Return the titles in the feed of all items; none while there is no feed."""
        status, body = self.get("/feeds/all.json")
        return {item["title"] for item in json.loads(body)["items"]} if status == 200 else set()

    def get(self, path: str) -> tuple[int, bytes]:
        """Ask the daemon's web."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        connection.request("GET", path)
        with connection.getresponse() as answer:
            body = answer.read()
        connection.close()
        return answer.status, body

    def end(self, number: int = signal.SIGTERM) -> int:
        """Tell it to end; return its exit code."""
        self.process.send_signal(number)
        code = self.process.wait(60)
        self._reader.join(10)
        return code

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            with self._news:
                self.log.append(line)
                self._news.notify_all()


@contextmanager
def serving(desk: Desk) -> Iterator[Daemon]:
    """Run the daemon for the block."""
    process = subprocess.Popen(
        desk.command("serve"),
        cwd=desk.folder,
        stderr=subprocess.PIPE,
        text=True,
        env=desk.environ(),
    )
    try:
        yield Daemon(process)
    finally:
        process.kill()
        process.wait(10)
        if process.stderr:
            process.stderr.close()
