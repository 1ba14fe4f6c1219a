"""Tables at any width: names and times whole, titles cut, lesser columns dropped."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from monitor import show

COLUMNS = (
    show.Column("id"),
    show.Column("seen (UTC)", rank=2),
    show.Column("source", rank=1),
    show.Column("state", rank=3),
    show.Column("title", elastic=True),
)
ROWS = [
    (1, "2025-12-20 09:00", "secretariat", "waiting", "Foreign ministers met in Minsk " * 3),
    (2, "2025-12-20 09:05", "belta", "sent", "ОДКБ готова \x1b[2J" * 5),
]


def drawn(width: int) -> list[str]:
    """Return the lines of the table on a console of this width."""
    file = StringIO()
    show.table(Console(file=file, width=width), COLUMNS, ROWS)
    return file.getvalue().splitlines()


@pytest.mark.parametrize("width", [200, 100, 80, 60, 40])
def test_a_row_is_a_line_whatever_the_width(width: int) -> None:
    """Nothing is folded, and nothing but a title is cut."""
    lines = drawn(width)
    assert len(lines) == len(ROWS) + 1
    assert all(len(line) <= width for line in lines)
    assert "\x1b" not in "".join(lines)
    for heading in lines[0].split("  "):
        assert heading.strip() in {"", *(column.name for column in COLUMNS)}
    for line in lines[1:]:
        assert "…" in line or width == 200


def test_lesser_columns_go_first() -> None:
    """The highest rank is dropped when the title has hardly any room left."""
    assert "state" in drawn(80)[0]
    assert "state" not in drawn(66)[0]
    assert "2025-12-20 09:00" in drawn(66)[1]
    assert "secretariat" in drawn(50)[1]
    assert "seen" not in drawn(50)[0]


def test_a_line_that_cannot_be_short_stays_whole() -> None:
    """What is needed is shown, even where the terminal must break the line."""
    lines = drawn(10)
    assert len(lines) == len(ROWS) + 1
    assert lines[1].startswith("1   Foreign")
