"""On which line a key stands, held against the reader that says which keys there are."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from monitor.toml_lines import key_lines

KEYS = st.sampled_from(["a", "b-c", '"d.e"', "f", "'g h'"])
VALUES = st.recursive(
    st.sampled_from(
        [
            "1",
            "true",
            '"x # y"',
            "'[z]'",
            '"""a\n[b]\n"""',
            "'''c\n'''",
            '""',
            "1979-05-27 07:32:00",
        ]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[ # c\n" + ",\n".join(items) + "\n]"),
        st.dictionaries(KEYS, inner, max_size=2).map(
            lambda table: "{" + ", ".join(f"{key} = {value}" for key, value in table.items()) + "}"
        ),
    ),
    max_leaves=6,
)
TABLES = st.dictionaries(KEYS, st.dictionaries(KEYS, VALUES, max_size=3), max_size=4)


@given(TABLES)
def test_every_key_of_any_text_is_found_on_its_line(tables: dict[str, dict[str, str]]) -> None:
    """The scanner agrees with tomllib on which keys there are, and with the eye on where."""
    lines: list[str] = []
    expected: dict[tuple[str, ...], int] = {}
    for heading, content in tables.items():
        expected[_bare(heading),] = len(lines) + 1
        lines.append(f"[{heading}]  # heading")
        for key, value in content.items():
            expected[_bare(heading), _bare(key)] = len(lines) + 1
            lines.extend(f"{key} = {value}".split("\n"))
    text = "\n".join(lines)
    found = key_lines(text)
    assert {path: found[path] for path in expected} == expected
    assert set(found) == set(_paths(tomllib.loads(text)))


def test_a_table_below_a_list_of_tables_belongs_to_its_latest_one() -> None:
    """`[a.b]` after the second `[[a]]` is the second's."""
    found = key_lines("[[a]]\n[a.b]\nc = 1\n[[a]]\n[a.b]\nc = 2\n")
    assert (found["a", 0, "b", "c"], found["a", 1, "b", "c"]) == (3, 6)


def _bare(key: str) -> str:
    return key.strip("\"'")


def _paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [found for key, inner in items for found in ((*path, key), *_paths(inner, (*path, key)))]
