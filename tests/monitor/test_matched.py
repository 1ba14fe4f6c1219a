"""Lines that show the words met: what several passages show stands there once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from db.telling import Passage
from monitor.matched import lines

TITLE = "CSTO exercise begins near Osh with 900 soldiers"


def passage(words: str, *, field: str = "title", text: str = TITLE) -> Passage:
    """Return the passage of words of a text, shown whole."""
    start = text.index(words)
    return Passage(field=field, excerpt=text, start=start, end=start + len(words))


def shown(*passages: Passage, names: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Return the lines as a mail has them."""
    whom = names or ("",) * len(passages)
    made = lines(zip(passages, whom, strict=True))
    return [(", ".join(line.fields), line.as_text) for line in made]


def test_a_field_that_several_words_met_is_one_line_with_all_marks() -> None:
    """A sentence was printed once for each of its words."""
    met = (passage("Osh"), passage("CSTO"), passage("exercise begins"), passage("begins near"))
    marked = "**CSTO** **exercise begins near** **Osh** with 900 soldiers"
    assert shown(*met) == [("title", marked)]


def test_stretches_that_overlap_are_one() -> None:
    """Whichever comes first; a few characters in common join nothing."""
    first = passage("CSTO", text=TITLE[:33])
    second = passage("soldiers", text=TITLE[5:])
    whole = [("title", f"**CSTO**{TITLE[4:-8]}**soldiers**")]
    assert shown(first, second) == shown(second, first) == whole
    third = passage("900", text=TITLE[21:])
    assert len(shown(first, third)) == 2


def test_a_lead_that_the_text_repeats_is_one_line() -> None:
    """A title has its own, and so has what another watch met."""
    lead, text = passage("Osh", field="summary"), passage("Osh", field="text", text=f"{TITLE}. Two")
    said = TITLE.replace("Osh", "**Osh**")
    assert shown(lead, text) == [("summary, text", f"{said}. Two")]
    assert shown(passage("Osh"), lead) == [("title", said), ("summary", said)]
    assert len(shown(passage("Osh"), passage("CSTO"), names=("a", "b"))) == 2


def test_a_short_lead_is_no_piece_of_another_word() -> None:
    """`oil` was marked in the midst of `Soiled`, and its own line was missing."""
    lead = passage("oil", field="summary", text="oil")
    for text in ("Soiled boil by the roadside in Osh", "Soiled, boiled: oil in Osh"):
        other = passage("Osh", field="text", text=text)
        said = text.replace("Osh", "**Osh**")
        apart = [("summary", "**oil**"), ("text", said)]
        joined = [("summary, text", said.replace(" oil ", " **oil** "))]
        assert shown(lead, other) == (joined if " oil " in text else apart)


@given(st.lists(st.tuples(st.text("ab ", max_size=60), st.integers(0, 60), st.integers(0, 60))))
def test_every_word_met_is_marked(made: list[tuple[str, int, int]]) -> None:
    """Whatever is joined, the words of each passage stand there, marked, and nothing else is."""
    met = [
        Passage(
            field="text",
            excerpt=text,
            start=min(one, two, len(text)),
            end=min(len(text), max(one, two)),
        )
        for text, one, two in made
    ]
    told = lines((each, "") for each in met)
    for each in met:
        assert any(
            each.excerpt in line.words
            and any(each.excerpt[each.start : each.end] in line.words[a:b] for a, b in line.marks)
            for line in told
        )
    assert sum(len(line.marks) for line in told) <= len(met)
