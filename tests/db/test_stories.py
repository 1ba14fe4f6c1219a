"""Same text, same story: what joins, what keeps apart, and how a story grows."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.firsts import Telling, assemble, firsts, shortened
from db.model import (
    UNKNOWN_DATELINE,
    Article,
    Basis,
    Dateline,
    Precision,
    TextBasis,
    TitleBasis,
)
from db.reasons import why
from db.shelf import Shelf
from db.stories import Kind, Verdict, join, judge
from db.telling import Member
from db.traits import slug, traits
from db.weights import Weights, count
from monitor import story_lines

FOLDER = Path(__file__).parent / "stories"
NOON = datetime(2025, 12, 15, 12, tzinfo=UTC)
WEIGHTS = Weights()
FIRE = (
    "Three people were taken to hospital after a fire at the Dordoi market in Bishkek, the "
    "ministry said. The blaze covered 1,200 square meters and destroyed containers with clothing."
)


def article(
    text: str = FIRE,
    title: str = "Market on fire in Bishkek",
    *,
    source: str = "tass",
    hours: float | None = 0,
    url: str | None = None,
) -> Article:
    """Return an article of so many hours after noon, or without a date."""
    when = None if hours is None else NOON + timedelta(hours=hours)
    dated = Dateline(when=when, precision=Precision.SECOND, basis=Basis.API)
    return Article(
        url=url,
        source=source,
        title=title,
        title_basis=TitleBasis.PAGE,
        text=text,
        text_basis=TextBasis.PAGE,
        dateline=UNKNOWN_DATELINE if when is None else dated,
    )


def judged(one: Article, other: Article, window: float = 3) -> Verdict:
    """Judge two articles, whichever comes first."""
    verdict = judge(traits(one), traits(other), WEIGHTS, window)
    assert judge(traits(other), traits(one), WEIGHTS, window).kind == verdict.kind
    return verdict


def test_a_copy_is_the_same_text() -> None:
    """An edited wire copy of another agency joins; the share of shingles is its score."""
    copy = article(FIRE + " Read more in our channel.", source="openkg", hours=5)
    verdict = judged(article(), copy)
    assert (verdict.kind, verdict.score) == (Kind.SAME_TEXT, 1)
    assert verdict.numbers == ("1200",)


@pytest.mark.parametrize(
    ("instead", "conflict"),
    [
        (("1,200", "1,900"), "the same words with different numbers"),
        (("The blaze", "On 3 December the blaze"), "different days"),
        (("The blaze", "In May the blaze"), "different months"),
    ],
)
def test_a_template_with_another_fact_is_another_story(
    instead: tuple[str, str], conflict: str
) -> None:
    """However alike the words are: a number, a day or a month decides."""
    one = article(FIRE.replace("The blaze", "On 2 December in April the blaze"))
    if conflict.startswith("the same"):
        one = article()
    if conflict == "different months":
        one = article(FIRE.replace("The blaze", "In April the blaze"))
    verdict = judged(one, article(FIRE.replace(*instead), source="belta"))
    assert (verdict.kind, verdict.conflict) == (None, conflict)


def test_titles_that_name_others_tell_of_others() -> None:
    """Two names of which neither article tells the other's."""
    text = "The envoy presented credentials at the ministry and spoke of trade and of culture."
    one = article(text, "Envoy of Italy presents credentials")
    other = article(text, "Envoy of Japan presents credentials", source="belta")
    assert judged(one, other).conflict == "different names in the titles"
    russian = article("Посол вручил грамоты.", "Посол Японии вручил грамоты", source="belta-ru")
    assert judged(one, russian).conflict == "different names in the titles"


def test_one_other_word_in_a_title_is_another_matter() -> None:
    """A pattern with one word exchanged, if neither text tells the other's word.

    Words of known meaning differ for sure; what may be a synonym needs texts of one pattern too.
    """
    text = "The Jogorku Kenesh on Wednesday endorsed the appointment of a new {} minister."
    other = "Deputies voted on Wednesday for a nominee to run the {} ministry of the republic."
    apart = "titles that differ in one word"

    def of(said: str, what: str, source: str = "tass") -> Article:
        title = f"Kyrgyz parliament approves new {what} minister"
        return article(said.format(what), title, source=source)

    assert judged(of(text, "energy"), of(text, "digital")).conflict == apart
    assert judged(of(text, "energy"), of(other, "digital", "belta")).conflict == apart
    assert judged(of(text, "rural"), of(text, "youth", "belta")).conflict == apart
    assert not judged(of(text, "rural"), of(other, "rustic", "belta")).conflict
    told = of(f"{text} The energy minister left.", "digital")
    assert judged(of(text, "energy"), told).conflict == ""


def test_who_arrives_and_who_departs_are_two_stories() -> None:
    """The same people in the same place on one day; unless one of them tells both."""
    text = "President Vladimir Putin has {} on a working visit, met by Alexander Lukashenko."
    here = article(text.format("arrived in Minsk airport"), "Putin arrives in Minsk")
    gone = article(
        text.format("departed from Minsk airport"), "Putin departs from Minsk", source="b"
    )
    assert judged(here, gone).conflict == "opposite things"
    both = replace(gone, text=f"{gone.text} He arrived at noon.")
    assert judged(here, both).conflict == ""


def test_a_whole_name_is_the_letters_of_an_organization() -> None:
    """The organizations of the field, in every case, wherever a text or a title names them."""
    short = traits(article("ООН благодарит ОДКБ.", "ЕАЭС и СНГ", source="x"))
    whole = traits(
        article(
            "Организация Объединенных Наций благодарит Организацию Договора о коллективной "
            "безопасности.",
            "Евразийский экономический союз и Содружество Независимых Государств",
            source="x",
        )
    )
    assert (whole.title, whole.body) == (short.title, short.body)
    assert whole.sketch != short.sketch  # a copy is a copy of what is printed


@pytest.mark.parametrize(
    ("case", "basic"),
    [
        ("в Беларуси", "Беларусь"),
        ("из Китая", "Китай"),
        ("за ребенка", "ребенок"),
        ("нового рынка", "рынок"),
        ("в музее", "музей"),
        ("подпишет", "подписать"),
        ("выросла", "вырасти"),
    ],
)
def test_a_meaning_is_found_in_every_form_of_its_word(case: str, basic: str) -> None:
    """Stems of one word differ where a vowel comes and goes, or an ending looks like another."""
    assert set(traits(article(title=basic)).title) <= set(traits(article(title=case)).title)


def test_numbers_of_the_same_thing_must_agree() -> None:
    """In the titles, of one unit in the texts, or of anything if both tell several."""
    one = article("The court heard a case about a bribe.", "Nine years for a deputy governor")
    two = article("A prosecutor spoke before judges.", "Prosecutors ask for 12 years", source="x")
    assert judged(one, two).conflict == "different numbers of =year"
    two = replace(two, title="Prosecutors ask for 12 years, he gets nine years")
    assert judged(one, two).conflict == ""
    one = replace(one, title="Deputy gets 9 years")
    two = replace(two, title="Prosecutors ask for 12 years")
    assert judged(one, two).conflict == "different numbers in the titles"
    one = article("It cost 310 soms and 55 euros.", "Price")
    two = article("We paid 870 rubles or 41 yuan there.", "Cost", source="x")
    assert judged(one, two).conflict == "no number in common"
    two = article("We paid 870 soms for it, they say.", "Cost", source="x")
    assert judged(one, two).conflict == "different numbers of =som"
    one = article("Rubezh-2025 is being planned.", "Exercise")
    two = article("Rubezh 2024 was a success.", "Drills", source="x")
    assert judged(one, two).conflict == "different numbers of years"


def test_translated_names_are_outweighed_by_others_in_common() -> None:
    """Brotherhood and братство have nothing in common but their commander, place and figures."""
    english = article(
        "Exercise Edelweiss begins near Balykchy. General Terdikbayev commands 1,840 men there.",
        "Unbreakable Brotherhood begins in Balykchy",
    )
    russian = article(
        "Учение «Эдельвейс» начинается в Балыкчи. Генерал Тердикбаев командует 1840 людьми.",
        "«Нерушимое братство» начинается в Балыкчи",
        source="x",
    )
    assert judged(english, russian).kind is Kind.TRANSLATION


def test_a_slug_joins_editions_but_no_repetition() -> None:
    """The same transliterated title at two sites; at one site it is a column that comes daily."""
    url = "https://open.kg/en/news/1-v-bishkeke-gorit-rynok.html"
    sister = "https://gazeta.kg/en/2-v-bishkeke-gorit-rynok.html"
    one = article("Flames at a bazaar.", "Bazaar burns", url=url)
    other = article("Огонь на рынке.", "Рынок горит", url=sister, source="gazeta")
    verdict = judged(one, other)
    assert (verdict.kind, verdict.slug) == (Kind.TRANSLATION, "v-bishkeke-gorit-rynok")
    assert judged(one, replace(one, text="Some goods were saved by sellers.")).kind is None
    named = replace(other, title="Ош: ярмарка на улице Навои", text="Огонь у базара «Дордой».")
    assert judged(replace(one, title="Kelechek bazaar burns"), named).kind is Kind.TRANSLATION
    day = replace(one, text="On 2 December flames were seen.")
    assert judged(day, replace(other, text="3 декабря увидели огонь.")).kind is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "https://belta.by/society/view/rynok-gorit-v-bishkeke-12345-2025/",
            "rynok-gorit-v-bishkeke",
        ),
        (
            "https://odkb-csto.org/news/news_odkb/v-minske_proshla-vstrecha-/",
            "v-minske_proshla-vstrecha-",
        ),
        ("https://tass.com/politics/1894093", ""),
        ("https://example.org/news/latest-news", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_a_slug_is_what_says_enough_in_an_address(url: str, expected: str) -> None:
    """Ids are cut off, a final hyphen never; section names and numbers are no titles."""
    assert slug(url) == expected


def test_time_sets_one_event_apart_from_the_next() -> None:
    """Beyond the window nothing joins; a date without a time may be any moment of its day."""
    late = article(source="belta", hours=80)
    assert judged(article(), late).conflict == "more than 3 days apart"
    assert judged(article(), late, window=4).kind is Kind.SAME_TEXT
    day = replace(late.dateline, precision=Precision.DAY)
    assert judged(article(), replace(late, dateline=day)).kind is Kind.SAME_TEXT


def test_the_next_day_has_its_own_news() -> None:
    """What would join within some hours needs more a day later: it tells what came of it."""
    other = (
        "Investigators blame wiring for the blaze that destroyed containers at the Dordoi market in "
        "Bishkek. Three people remain in hospital; traders ask for a loan to rebuild."
    )
    soon, late = (article(other, "Dordoi burns", source="x", hours=hours) for hours in (9, 27))
    assert judged(article(), soon).kind is Kind.SAME_STORY
    verdict = judged(article(), late)
    assert (verdict.kind, verdict.conflict) == (None, "")


def test_one_source_repeats_a_story_only_as_a_copy() -> None:
    """Its next day's item in other words is a new one; so is one of unknown date."""
    other = (
        "A fire at the Dordoi market in Bishkek sent three people to hospital. It destroyed "
        "containers with clothing on 1,200 square meters, the ministry said."
    )
    assert judged(article(), article(other, source="belta", hours=2)).kind is Kind.SAME_STORY
    assert judged(article(), article(other, hours=26)).kind is None
    assert judged(article(), article(other, hours=None)).kind is None
    assert judged(article(), article(other, source="belta", hours=None)).kind is Kind.SAME_STORY


def test_little_said_proves_nothing() -> None:
    """The same few words on two days are two events; empty articles tell nothing."""
    tiny = article("Tremors are felt.", "Earthquake in Almaty")
    assert judged(tiny, article(tiny.text, tiny.title, source="b")).kind is Kind.SAME_STORY
    assert judged(tiny, article(tiny.text, tiny.title, source="b", hours=30)).kind is None
    assert judged(article("Tremors are felt."), article("Tremors felt.", "Osh")).kind is None
    empty = article("", "")
    assert judged(empty, replace(empty, source="belta")).kind is None
    russian = replace(empty, source="x", language="ru")
    assert judged(replace(empty, language="en"), russian).kind is None


def test_an_article_without_a_date_is_taken_from_when_it_was_seen() -> None:
    """`seen` stands in for an unknown date, and never replaces a known one."""
    assert traits(article(hours=None)).when is None
    assert traits(article(hours=None), NOON).when == NOON
    assert traits(article(hours=1), NOON).when == NOON + timedelta(hours=1)


def test_where_an_article_was_written_is_no_part_of_it() -> None:
    """Datelines of both agencies in both languages are cut off; a slash in a text is not."""
    for where in (
        "MINSK, 15 December (BelTA) - ",
        "IGORA /Leningrad Region/, December 26. /TASS/. ",
        "15 декабря, Минск /Корр. БЕЛТА/. ",
        "МОСКВА, 16 августа. /ТАСС/. ",
    ):
        found = traits(article(where + FIRE))
        assert found.days == frozenset()
        assert found.sketch == traits(article()).sketch
    assert traits(article("At 60 km/h it hit and/or grazed trees.")).values == ("60",)


def test_a_title_in_capitals_names_only_what_the_text_confirms() -> None:
    """Where every word has a capital, a capital is no sign of a name."""
    found = traits(article("A blaze at the Dordoi market.", "Great Fire Destroys Dordoi Market"))
    assert found.names == ("dordo",)
    assert traits(article("", "Dordoi")).names == ()


def test_languages_are_told_by_their_letters() -> None:
    """If the source states none; a region of a language makes no difference."""
    assert traits(article()).language == "en"
    assert traits(article("Пожар на рынке", "Рынок")).language == "ru"
    assert traits(replace(article(), language="ky-KG")).language == "ky"


def member(hours: float, source: str, text: str = FIRE):
    """Return the traits of an article."""
    return traits(article(text, hours=hours, source=source))


def test_a_story_takes_who_agrees_with_most_of_it() -> None:
    """Agreement with one of three members is too little: chains do not grow."""
    other = "The parliament passed a law on glaciers and lakes after a long debate in Osh today."
    story = [member(0, "a"), member(1, "b", other), member(2, "c", other)]
    assert join(member(3, "d"), {1: story}, WEIGHTS) is None
    found = join(member(3, "d"), {1: story[:2], 2: [story[0], member(1, "e")]}, WEIGHTS)
    assert found
    assert (found.story, found.member, found.verdict.kind) == (2, 0, Kind.SAME_TEXT)


def test_a_story_takes_nobody_who_contradicts_a_member() -> None:
    """One conflict outweighs any agreement."""
    wrong = member(1, "b", FIRE.replace("1,200", "1,900"))
    assert join(member(3, "d"), {1: [member(0, "a"), wrong]}, WEIGHTS) is None


def test_who_speaks_another_language_is_asked_only_if_nobody_else_is_there() -> None:
    """A translation that shares too little does not keep a copy out."""
    russian = member(0, "a", "Пожар случился на рынке.")
    assert join(member(3, "d"), {1: [russian, member(1, "b")]}, WEIGHTS)
    assert join(member(3, "d"), {1: [russian]}, WEIGHTS) is None
    assert join(member(3, "d"), {}, WEIGHTS) is None


def test_the_shelf_looks_back_no_further_than_the_window() -> None:
    """What is older is forgotten, the undated come last and are compared with all."""
    shelf: Shelf[str] = Shelf(WEIGHTS, 3)
    assert shelf.put("a", member(0, "a")) is None
    assert shelf.put("b", member(200, "b")) is None
    placed = shelf.put("c", member(210, "c"))
    assert placed
    assert (placed.story, placed.to) == ("b", "b")
    undated = shelf.put("d", traits(article(hours=None, source="d")))
    assert undated
    assert undated.story in {"a", "b"}
    assert shelf.put("e", member(900, "e")) is None
    assert [len(ids) for ids in shelf.stories()] == [1, 3, 1] or undated.story == "a"


@given(st.text(max_size=300), st.text(max_size=60), st.text(max_size=60))
def test_any_article_can_be_judged(text: str, title: str, url: str) -> None:
    """Nothing a stranger writes makes it fail; an article never contradicts itself."""
    one = article(text, title, url=url)
    verdict = judged(one, replace(one, source="other"))
    assert verdict.conflict == ""
    assert 0 <= verdict.score <= 1
    assert why(verdict, one).isprintable() or not (text + title + url).isprintable()


def test_reasons_are_told_in_the_articles_own_words() -> None:
    """Names and words as they are spelled there; numbers, days, copies, slugs and conflicts."""
    url = "https://open.kg/1-v-bishkeke-gorit-rynok.html"
    one = article(FIRE + " On 3 December.", url=url)
    said = why(judged(one, replace(one, source="b")), one)
    assert said.startswith("the same transliterated title in the address: v-bishkeke-gorit-rynok")
    assert "names: Dordoi" in said
    assert "numbers: 1200" in said
    assert "days: 12-03" in said
    assert said.endswith("words: clothing, containers, covered, destroyed, square, taken, three")
    copied = why(judged(article(), article(source="b")), article())
    assert copied.startswith("100% of the shorter text stand in the other")
    assert why(Verdict(kind=None, score=0, conflict="different days"), one) == "different days"


def test_who_was_first_is_told_with_its_uncertainty() -> None:
    """A day covers its hours; a visit covers the interval since the one before."""

    def telling(
        member: str, seen: int, every: int | None, published: int | None, *, day: bool = False
    ) -> Telling[str]:
        return Telling(
            member=member,
            published=None if published is None else NOON + timedelta(minutes=published),
            whole_day=day,
            seen=NOON + timedelta(minutes=seen),
            every=None if every is None else timedelta(minutes=every),
        )

    found = firsts([telling("a", 10, 5, 0), telling("b", 12, 15, 5), telling("c", 60, 15, None)])
    assert found.published == ("a",)
    assert found.seen == ("a", "b")
    assert found.uncertainty == timedelta(minutes=15)
    day = firsts([telling("a", 10, 5, 0), telling("b", 40, 5, -600, day=True)])
    assert day.published == ("a", "b")
    assert day.seen == ("a",)
    assert firsts([telling("a", 10, 5, 5), telling("b", 10, 5, 5)]).published == ("a", "b")
    first_visit = firsts([telling("a", 10, 5, 0), telling("b", 600, None, 5)])
    assert (first_visit.seen, first_visit.uncertainty) == (("a", "b"), None)
    imported = firsts([telling("a", 10, None, 0), telling("b", 600, 5, 5)])
    assert (imported.seen, imported.uncertainty) == (("a",), None)
    nobody = firsts([])
    assert (nobody.published, nobody.seen, nobody.uncertainty) == ((), (), timedelta())


def test_words_that_many_articles_hold_say_less() -> None:
    """Counted words and known ones weigh less than those never met."""
    read = [traits(article(source=str(number))) for number in range(20)]
    weights = count(read)
    assert weights["dordo"] < weights["zebra"]
    assert weights["=bishkek"] < weights["dordo"]
    assert weights["=insur"] == weights["insur"]
    assert Weights()["=tunnel"] < Weights()["insur"]
    assert weights.sum(["zebra", "dordo"]) == weights["zebra"] + weights["dordo"]


def test_the_supplied_documents_are_five_stories() -> None:
    """They all sum up the same three years of the CSTO, and none tells another's story."""
    shelf: Shelf[str] = Shelf(WEIGHTS, 366)
    for path in sorted((FOLDER.parent.parent / "documents").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        line = {"id": path.name, "title": text.strip().split("\n")[0], "text": text}
        ((name, one),) = story_lines.read([json.dumps(line).encode()]).articles
        assert shelf.put(str(name), traits(replace(one, source=path.name))) is None


def test_a_long_story_is_shortened_to_what_matters() -> None:
    """The item, what it is closest to and who was first stay; a short story stays whole."""
    seen = datetime(2025, 12, 20, 9, tzinfo=UTC)
    members = [
        Member(
            id=number,
            feed_id=f"tag:{number}",
            url=None,
            source=f"s{number}",
            title="",
            dateline=Dateline(
                when=seen - timedelta(hours=number), precision=Precision.MINUTE, basis=Basis.META
            ),
            first_seen=seen + timedelta(hours=number),
            every=timedelta(minutes=1),
            edits=0,
            joined_at=seen,
            nearest=4 if number == 6 else None,
        )
        for number in range(1, 10)
    ]
    whole = assemble(1, members, 9)
    assert shortened(whole, 6, 9) == whole
    short = shortened(whole, 6, 4)
    assert [member.id for member in short.members] == [9, 6, 4, 1]
    assert (short.size, short.published_first, short.seen_first) == (9, (9,), (1,))
    assert [member.id for member in shortened(whole, 77, 3).members] == [9, 8, 1]
    assert shortened(whole, 6, 2).published_first == (9,)
    many = replace(whole, seen_first=tuple(range(1, 10)))
    assert shortened(many, 6, 2).seen_first == many.seen_first
