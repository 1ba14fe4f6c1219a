"""A round in a process of its own, so that what it weighs is its own. Run as a script.

Reads a pickled config from stdin, runs one round, and writes how many MB this process grew at
most during it, and how many its largest child took.
"""

from __future__ import annotations

import json
import pickle
import resource
import sys
from pathlib import Path

from db.store import Store
from monitor.round import run_round


def peak() -> int:
    """Return the most memory this process has had since its mark was reset, in kB."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0])


def main() -> None:
    """Run the round."""
    config = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the test that started us
    with Store.open(config.database) as store:
        Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
        before = peak()
        run_round(config, store)
        grown = peak() - before
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    json.dump({"grown": grown / 1024, "child": child / 1024}, sys.stdout)


if __name__ == "__main__":
    main()
