"""Text from strangers, made fit to stand on a terminal or in a log. Pure.

A title, a server's answer or a reason may hold characters that move the cursor, rename the window
or begin a line of their own. Nothing of theirs is printed or logged but through these functions.
"""

from __future__ import annotations


def printable(text: str) -> str:
    r"""Return the text for a person: on one line, with a space for each character that steers.

    >>> printable("a\x1b[2Jb\x9bc\n")
    'a [2Jb c '
    """
    return "".join(char if char.isprintable() else " " for char in text)


def escaped(text: str) -> str:
    r"""Return the text for a log or a machine: on one line, what steers written as Python does.

    >>> print(escaped("a\x1b[2J\nlevel=ERROR"))
    a\x1b[2J\nlevel=ERROR
    """
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


def json_escaped(document: str) -> str:
    r"""Return a JSON document, whose strings are then the only ones to change, all printable.

    >>> print(json_escaped('{"title": "a\x9b\u202eb"}'))
    {"title": "a\u009b\u202eb"}
    """
    return "".join(char if char.isprintable() else _as_json(char) for char in document)


def _as_json(char: str) -> str:
    """Write a character as JSON can: beyond the first 65,536, as its two halves (RFC 8259 §7)."""
    halves = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{halves[at : at + 2].hex()}" for at in range(0, len(halves), 2))
