"""Secrets: where a config may point to them, and a value that does not print itself.

A config never holds a secret, only `env:NAME` or `file:path`. Nothing here puts a secret's
characters, or text given where a pointer belongs, into an error.
"""

from __future__ import annotations

import base64
import hmac
import stat
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_SHOWN = "Secret(…)"


class Secret:
    """Text that only `reveal` gives out: printing, formatting and pickling do not.

    >>> f"{Secret('hunter2')} {[Secret('hunter2')]!r}"
    'Secret(…) [Secret(…)]'
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the secret itself; call it only where it goes to its owner."""
        return self._text

    def __repr__(self) -> str:
        return _SHOWN

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written anywhere: it cannot be pickled")


def read_secret(pointer: str, *, folder: Path, environ: Mapping[str, str]) -> Secret:
    """Follow `env:NAME` or `file:path` (relative paths start at `folder`).

    A file's last line break is not part of the secret. Raises ValueError with what is wrong and
    what to do, without the pointer if it may itself be a secret typed in by mistake.
    """
    scheme, rest = split_pointer(pointer)
    if scheme == "file":
        return _read_file(folder / rest)
    text = environ.get(rest, "")
    if not text:
        raise ValueError(f"the environment variable {rest} is not set; set it, or use file:")
    return Secret(text)


def split_pointer(pointer: str) -> tuple[str, str]:
    """Return the two parts of a pointer, without following it; ValueError if it is none."""
    scheme, _, rest = pointer.partition(":")
    if scheme not in {"env", "file"} or not rest:
        raise ValueError('a secret is not written in the config; use "env:NAME" or "file:path"')
    return scheme, rest


def signing_key(secret: Secret) -> bytes:
    """Return the key of a webhook secret: base64, usually after `whsec_` (Standard Webhooks).

    Raises ValueError if it is none.
    """
    text = secret.reveal().removeprefix("whsec_")
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        key = b""
    if not key:
        raise ValueError(
            "the secret cannot sign; it must be whsec_ followed by base64: openssl rand -base64 32"
        )
    return key


def _read_file(path: Path) -> Secret:
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise ValueError(f"{path} is not a file; name a file that holds only the secret")
        if stat.S_IMODE(mode) & 0o077:
            raise ValueError(f"others can read {path}; run: chmod 600 {path}")
        text = path.read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        reason = error.strerror or "not readable"
        raise ValueError(f"{path}: {reason}; create it, or correct the path") from error
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not UTF-8 text; it must hold only the secret") from None
    if not text:
        raise ValueError(f"{path} is empty; write the secret into it")
    return Secret(text)
