"""`dateline` called in this process, as a process of its own would be. No test.

Starting Python and loading the libraries costs a second; what a command does costs a few
milliseconds. A call has a folder, an environment, a log and the three streams of its own, down to
the descriptors, so that what its children say is heard too. tests/monitor/test_command.py holds
the two ways equal.
"""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

from monitor.cli import run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import IO


def called(
    arguments: Sequence[str], *, folder: Path, environ: Mapping[str, str], given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Call the command in a folder until it ends. Only the main thread may: it has the signals."""
    with (
        tempfile.TemporaryFile() as read,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        read.write(given)
        read.seek(0)
        with (
            contextlib.chdir(folder),
            _environment(environ),
            _descriptors(read, out, err),
            _streams(),
            _log(),
        ):
            code = run(arguments)
        return subprocess.CompletedProcess(list(arguments), code, _whole(out), _whole(err))


def _whole(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


@contextlib.contextmanager
def _environment(environ: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextlib.contextmanager
def _descriptors(*files: IO[bytes]) -> Iterator[None]:
    """Put files in the place of descriptors 0, 1 and 2, which children inherit."""
    before = [os.dup(number) for number in range(len(files))]
    for number, file in enumerate(files):
        os.dup2(file.fileno(), number)
    try:
        yield
    finally:
        for number, kept in enumerate(before):
            os.dup2(kept, number)
            os.close(kept)


@contextlib.contextmanager
def _streams() -> Iterator[None]:
    """Read and write the three descriptors as Python does where nobody is at a terminal."""
    before = sys.stdin, sys.stdout, sys.stderr
    with (
        open(0, encoding="utf-8", closefd=False) as read,
        open(1, "w", encoding="utf-8", closefd=False) as out,
        open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False) as err,
    ):
        sys.stdin, sys.stdout, sys.stderr = read, out, err
        try:
            yield
        finally:
            sys.stdin, sys.stdout, sys.stderr = before


@contextlib.contextmanager
def _log() -> Iterator[None]:
    """Let the command set up its log as if nobody had; then bring back pytest's."""
    root, ours = logging.getLogger(), logging.getLogger("dateline")
    before, levels = root.handlers[:], (root.level, ours.level)
    root.handlers[:] = []
    try:
        yield
    finally:
        root.handlers[:] = before
        root.setLevel(levels[0])
        ours.setLevel(levels[1])
