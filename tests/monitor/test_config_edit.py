"""Tables written into a config and taken out of it, with every other byte kept."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config_edit import table, with_table, without_table

TEXT = """\
# Ours.
[source.a]   # the first
kind = "feed"
urls = [
  "https://e.org/a",  # a list
  # "https://e.org/b",
]
# every = "15m"

# ── What matters ──
[watch.w]
query = '''
# no comment
[source.fake]
'''
channels = []
"""


def test_a_table_is_added_behind_the_last_of_its_kind() -> None:
    """What stands above the next heading stays with that heading."""
    added = with_table(TEXT, "source", "b", {"kind": "feed", "urls": ["https://e.org/b"]})
    before, comment, after = TEXT.partition('# every = "15m"\n')
    block = '\n[source.b]\nkind = "feed"\nurls = ["https://e.org/b"]\n'
    assert added == before + comment + block + after
    assert without_table(added, "source", "b") == TEXT


def test_a_table_within_it_comes_and_goes_with_it() -> None:
    """Its heading names both."""
    values = {"kind": "api", "api": {"items": "a.b", "next page": "c"}, "every": "15m"}
    added = with_table(TEXT, "source", "b.c", values)
    assert (
        '\n[source."b.c"]\nkind = "api"\nevery = "15m"\n'
        '\n[source."b.c".api]\nitems = "a.b"\n"next page" = "c"\n'
    ) in added
    assert without_table(added, "source", "b.c") == TEXT


def test_a_comment_right_above_the_next_table_stays_there() -> None:
    """Nothing but a blank line tells whose a comment is."""
    text = "[source.a]\nkind = 'feed'\n# of the watch\n[watch.w]\nquery = 'x'\n"
    added = with_table(text, "source", "b", {"kind": "feed"})
    assert added.index("[source.b]") < added.index("# of the watch")


@pytest.mark.parametrize("text", ["", "[dateline]\ntitle = 'x'", "# only this\n"])
def test_the_first_of_a_kind_goes_to_the_end(text: str) -> None:
    """A file without a line end at its end gets one."""
    added = with_table(text, "watch", "new one", {"query": 'a "b"', "channels": []})
    assert added.startswith(text)
    assert tomllib.loads(added)["watch"] == {"new one": {"query": 'a "b"', "channels": []}}


def test_line_ends_and_a_byte_order_mark_stay() -> None:
    """An editor of another system finds its file as it left it."""
    text = "\ufeff" + TEXT.replace("\n", "\r\n")
    added = with_table(text, "source", "b", {"kind": "feed"})
    assert added.startswith("\ufeff")
    assert added.count("\n") == added.count("\r\n") == TEXT.count("\n") + 3


def test_what_is_there_is_not_written_again() -> None:
    """Neither is what is not there taken out."""
    with pytest.raises(ValueError, match="already"):
        with_table(TEXT, "source", "a", {})
    with pytest.raises(KeyError):
        without_table(TEXT, "source", "z")
    with pytest.raises(KeyError):
        without_table(TEXT, "channel", "z")


def test_a_table_taken_out_leaves_its_neighbours() -> None:
    """Sub-tables go with it, and comments above the next table stay."""
    text = TEXT.replace("# ──", "[source.a.selectors]\ncard = 'div'\n\n# ──")
    left = without_table(text, "source", "a")
    assert tomllib.loads(left) == {"watch": tomllib.loads(TEXT)["watch"]}
    assert "# Ours." in left
    assert "# ── What matters ──" in left


def test_what_would_take_more_along_is_refused() -> None:
    """What comes out is read again: a source in one line has no end of its own."""
    text = "[source]\na = {kind = 'feed'}\nb = {kind = 'feed'}\n"
    with pytest.raises(ValueError, match="cannot be changed safely"):
        without_table(text, "source", "a")


def test_a_file_that_cannot_be_added_to_is_left_alone() -> None:
    """Sources in one inline table have no end to add behind."""
    with pytest.raises(ValueError, match=r"cannot be changed safely|Cannot"):
        with_table("source = { a = { kind = 'feed' } }\n", "source", "b", {"kind": "feed"})


@given(name=st.text(min_size=1, max_size=12), query=st.text(max_size=30))
def test_any_name_and_any_words_survive(name: str, query: str) -> None:
    """What was written is read again, whatever the characters."""
    try:
        f"{name}{query}".encode()
    except UnicodeEncodeError:
        return
    assert tomllib.loads(table("watch", name, {"query": query}))["watch"] == {
        name: {"query": query}
    }
