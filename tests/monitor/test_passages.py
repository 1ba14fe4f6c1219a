"""monitor.passages: where a watch's words stand in what it is told of."""

from __future__ import annotations

import pytest

from monitor.passages import MAX_PASSAGES
from monitor.rules import Rules
from tests.monitor.watched import change, told, watch


def test_passages_are_the_same_whenever_they_are_asked_for() -> None:
    """Neither other documents nor other watches that come in between change them."""
    rules = Rules.compile([watch("border"), watch("Токаев OR mine", "b")])
    met = change("a border, Токаева", title="mines")
    expected = told(rules, met)
    matches = rules.match(met)
    rules.match(change("mine border"))
    rules.remove("b")
    rules.add(watch("nothing"))
    assert [(match.watch, match.passages) for match in matches] == expected
    assert matches[0].passages is matches[0].passages


def test_passages_show_the_words_that_matched() -> None:
    """Each passage cuts the field at words around the hit, and its marks delimit the hit."""
    before, after = "Раньше сказано много слов. " * 20, "Потом сказано ещё больше. " * 20
    text = f"{before}\n\nПрезидент\tТокаев встретил гостей.\n{after}"
    rules = Rules.compile([watch('Токаева OR "президент токаев" OR source:tass')])
    (match,) = rules.match(change(text, title="«Токаева» ждут"))
    assert [passage.field for passage in match.passages] == ["title", "text", "text", "source"]
    marked = [passage.excerpt[passage.start : passage.end] for passage in match.passages]
    assert marked == ["Токаева", "Президент Токаев", "Токаев", "tass"]
    assert match.passages[0].excerpt == "«Токаева» ждут"
    assert match.passages[1].excerpt.startswith(("сказано", "много", "слов.", "Раньше"))
    assert match.passages[1].excerpt.endswith(("сказано", "ещё", "больше.", "Потом"))
    for passage in match.passages:
        assert len(passage.excerpt) <= 160
        assert "\n" not in passage.excerpt


def test_passages_are_few() -> None:
    """However many words match, a match shows a few."""
    query = " ".join("abcdefgh")
    (match,) = Rules.compile([watch(query)]).match(change(query, title=query))
    assert len(match.passages) == MAX_PASSAGES


def test_a_match_by_absence_has_no_passages() -> None:
    """A watch of NOTs alone is met without words to show."""
    (match,) = Rules.compile([watch("NOT border")]).match(change("peace"))
    assert match.passages == ()


@pytest.mark.parametrize("text", ["x" * 500, "слово " * 100, "a" * 300 + " b " + "c" * 300])
def test_passages_of_long_words(text: str) -> None:
    """A hit longer than an excerpt, and one between words too long to show, stay in bounds."""
    query = '"' + " ".join(["слово"] * 60) + '" OR xxx* OR b'
    (match,) = Rules.compile([watch(query)]).match(change(text))
    passage = match.passages[0]
    assert 0 <= passage.start < passage.end <= len(passage.excerpt) <= 160


def test_names_and_patterns_are_shown() -> None:
    """A passage marks the name as it is spelled there, what is near each other, and a pattern."""
    rules = Rules.compile(
        [watch("~Tokayev", "a"), watch("~Tokayev NEAR/2 Минск", "b"), watch("/мин\\pL+/", "c")]
    )
    found = rules.match(change("Вчера Токаева видели в Минске."))
    shown = [p.excerpt[p.start : p.end] for match in found for p in match.passages]
    assert shown == ["Токаева", "Токаева видели в Минске", "Минске"]
