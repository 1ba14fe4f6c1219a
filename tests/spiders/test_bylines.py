"""Authors, sections and languages as pages state them: what is no name is left out."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders import bylines, generic
from spiders.blocks import Page
from spiders.extract import language_of
from spiders.tongues import knows, tongue

SEEN = datetime(2026, 11, 21, 9, tzinfo=UTC)
URL = "https://www.news.bay.example/ferry"
SITE = bylines.names_of_site("Bay News", "www.news.bay.example")
ENGLISH = (
    "The county signed a contract with two shipyards on Monday, its transport office told the press,"
    " and the first of the boats is to be on the bay in spring; each of them carries ninety people."
)
GERMAN = (
    "Der Landkreis hat am Montag einen Vertrag mit zwei Werften geschlossen, und das erste der Boote"
    " soll im Frühling auf der Bucht sein; für die Fahrt wird es eine halbe Stunde brauchen."
)


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("Lee Moor", "Lee Moor"),
        ("By LEE MOOR, Bay Press", "LEE MOOR"),
        ("Analysis by Lee Moor", "Lee Moor"),
        ("Written by: Lee Moor", "Lee Moor"),
        ("von Lee Moor", "Lee Moor"),
        ("Von der Heide", "Von der Heide"),
        ("Von Stein", "Von Stein"),
        ("Von Trapp Maria", "Von Trapp Maria"),
        ("Par Kumar Singh", "Par Kumar Singh"),
        ("par Lee Moor", "Lee Moor"),
        ("By-Linda Ray", "Linda Ray"),
        ("By: Linda Ray", "Linda Ray"),
        ("Byron Moor", "Byron Moor"),
        ("Автор: Иван Лугов", "Иван Лугов"),
        ("Bay Press", "Bay Press"),
        ("", None),
        ("admin", None),
        ("Administrator1", None),
        ("204981", None),
        ("https://bay.example/lee", None),
        ("network.example/bay", None),
        ("www.bay.example", None),
        ("lee@bay.example", None),
        ("lee@moor@bay.example", None),
        ("Written by: " + "Lee" * 40, "Lee" * 40),
        ("---", None),
        ("Lee Moor " * 30, None),
        ("Bay News", None),
        ("Bay.example", None),
    ],
)
def test_an_author_is_somebody(stated: str, name: str | None) -> None:
    """Not the word before the name, an account, an address, nor the site itself."""
    assert bylines.people([stated, stated], SITE) == ((name,) if name else ())


@pytest.mark.parametrize(
    ("stated", "language", "name"),
    [
        ("Von Lee Moor", "de", "Lee Moor"),
        ("VON LEE MOOR", "de", "LEE MOOR"),
        ("Von Lee Moor", "fr", "Von Lee Moor"),
        ("Por Lee Moor", "pt", "Lee Moor"),
        ("Par Lee Moor", "fr", "Lee Moor"),
        ("Par Lee Moor", None, "Par Lee Moor"),
    ],
)
def test_a_word_that_may_be_a_name_is_read_in_the_page_s_language(
    stated: str, language: str | None, name: str
) -> None:
    """With a capital it stands before an author in its own language alone."""
    assert bylines.people([stated], SITE, language) == (name,)
    data = f"<meta name='author' content='{stated}'><p>1 2 3</p>"
    page = Page(URL, f"<html lang='{language or ''}'>{data}</html>")
    assert generic.read(page, "UTC", None, SEEN)[0].authors == (name,)


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("World", "World"),
        ("Arts, Culture", "Arts, Culture"),
        ("Bay,Boats", "Bay"),
        ("Bay, Boats, Ferries", "Bay"),
        ("Boats, ", "Boats"),
        ("Bay News", None),
        ("Ferry returns", None),
        ("", None),
        ("A sentence of the article that a template took for the name of its section.", None),
    ],
)
def test_a_section_is_one_short_heading(stated: str, name: str | None) -> None:
    """The first of several; neither the site, nor the title, nor a sentence."""
    assert bylines.section(stated, "Ferry returns", SITE) == name


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Lee Moor and Ann Ray", ["Lee Moor", "Ann Ray"]),
        ("Lee Moor und Ann Ray, Nairobi", ["Lee Moor", "Ann Ray"]),
        ("Lee Moor og Ann Ray", ["Lee Moor", "Ann Ray"]),
        ("Lee Moor, Ann Ray, Jo van Dam & A. B. Lund", ["Lee Moor", "Ann Ray", "Jo van Dam", "A. B. Lund"]),
        ("Lee Moor; Ann Ray", ["Lee Moor", "Ann Ray"]),
        ("Lee Moor, Ann Ray", ["Lee Moor"]),
        ("Lee Moor, Foreign Minister", ["Lee Moor"]),
        ("Lee Moor, New York", ["Lee Moor"]),
        ("Анна Рай, Главный Редактор", ["Анна Рай"]),
        ("Lee Moor, Bay Times", ["Lee Moor"]),
        ("Lee Moor, Ann Ray, Jo Dam", ["Lee Moor", "Ann Ray", "Jo Dam"]),
        ("Lee Moor, Ann Ray and Jo Dam", ["Lee Moor", "Ann Ray", "Jo Dam"]),
        ("Juan Carlos I De Bay", ["Juan Carlos I De Bay"]),
        ("Mary Ann E Van Dam", ["Mary Ann E Van Dam"]),
        ("Juan Moor y Jose Ruiz Y Bay", ["Juan Moor", "Jose Ruiz Y Bay"]),
        ("Juan Moor e Ana Ruiz", ["Juan Moor", "Ana Ruiz"]),
        ("Иван Лугов и Анна Рай", ["Иван Лугов", "Анна Рай"]),
        ("Lee Moor (lmo)", ["Lee Moor"]),
        ("Lee Moor (lmo) und Ann Ray (ara)", ["Lee Moor", "Ann Ray"]),
        ("Lee Moor, professor of boats at the bay's school, bay.example", ["Lee Moor"]),
        ("Lee Moor, Staff Writer", ["Lee Moor"]),
        ("Lee Moor, Jr.", ["Lee Moor, Jr."]),
        ("Moor, Lee", ["Moor, Lee"]),
        ("Rachel and Joe Moor", ["Rachel and Joe Moor"]),
        ("Ministry of Boats and Bay Affairs", ["Ministry of Boats and Bay Affairs"]),
        ("Bay Boats and News Desk", ["Bay Boats and News Desk"]),
    ],
)  # fmt: skip
def test_a_line_names_several_people_or_one_with_a_place_or_a_job(
    line: str, names: list[str]
) -> None:
    """What is joined is only parted where each part is a full name."""
    assert bylines.people([line], SITE) == tuple(names)


def test_a_line_as_long_as_a_text_names_nobody() -> None:
    """However often it says "and"."""
    assert bylines.people(["Lee Moor and " * 100_000], SITE) == ()


@given(st.lists(st.text(max_size=40), max_size=4))
def test_names_read_again_are_the_same(names: list[str]) -> None:
    """Each is somebody, once."""
    found = bylines.people(names, SITE)
    assert len(set(found)) == len(found)
    assert all(name.strip() for name in found)


@pytest.mark.parametrize(
    ("author", "publisher", "names"),
    [
        ({"givenName": "Lee", "familyName": "Moor"}, None, ("Lee Moor",)),
        ({"name": "Tidewater Media"}, {"@type": "Organization", "name": "Tidewater Media"}, ("Ann Ray",)),
        ({"name": "Lee Moor"}, {"@type": ["Person", "Organization"], "name": "Lee Moor"}, ("Lee Moor",)),
        ({"name": "Lee Moor"}, {"@type": "Organization"}, ("Lee Moor",)),
        ({}, "Bay News", ("Ann Ray",)),
    ],
)  # fmt: skip
def test_who_publishes_is_no_author_unless_a_person(
    author: object, publisher: object, names: tuple[str, ...]
) -> None:
    """What structured data says of nobody else, the page's other facts may."""
    data = {"@type": "NewsArticle", "author": author, "publisher": publisher}
    head = f"<script type='application/ld+json'>{json.dumps(data)}</script>"
    head += "<meta name='author' content='Ann Ray'><meta name='article:author' content='Jo Dam'>"
    page = Page(URL, f"<html><head>{head}</head><body><p>{ENGLISH}</p></body></html>")
    assert generic.read(page, "UTC", None, SEEN)[0].authors == names


def test_what_structured_data_says_of_nobody_is_asked_of_the_page() -> None:
    """The account in the one place, and the name in the other."""
    data = {"@type": "NewsArticle", "author": {"name": "admin"}, "articleSection": "Bay News"}
    head = (
        f"<script type='application/ld+json'>{json.dumps(data)}</script>"
        "<meta name='author' content='By Lee Moor'><meta property='article:section' content='Boats'>"
        "<meta property='og:site_name' content='Bay News'>"
    )
    page = Page(URL, f"<html><head>{head}</head><body><p>{ENGLISH}</p></body></html>")
    found = generic.read(page, "UTC", None, SEEN)[0]
    assert (found.authors, found.section) == (("Lee Moor",), "Boats")


@pytest.mark.parametrize(
    ("text", "stated", "language"),
    [
        (ENGLISH, None, "en"),
        (ENGLISH, "de", "en"),
        (GERMAN, "en", "de"),
        (GERMAN, None, "de"),
        (GERMAN, "gsw", "gsw"),
        ("Boats 1, 2 and 3", "de", "de"),
        ("Boats return", None, "en"),
        ("Lorem ipsum dolor sit amet " * 20, None, None),
        ("フェリーが湾に戻る ABC", None, None),
        ("Паром возвращается", None, "ru"),
    ],
)
def test_the_words_of_a_text_overrule_the_language_of_its_template(
    text: str, stated: str | None, language: str | None
) -> None:
    """Where they are known of both; a text that nothing tells of has none."""
    assert language_of(text, stated) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (("Улады вобласці падпісалі дагавор з дзвюма верфямі, і першы паром будзе на заліве ўжо вясной,"
         " паведамілі ў аддзеле транспарту. На ім будзе месца для дзевяноста чалавек, а таксама для"
         " дванаццаці машын, як гэта было да таго часу, калі паром прадалі."), "be"),
        (("Облыс билігі екі кеме зауытымен келісімге қол қойды және алғашқы паром көктемде шығанақта"
         " болады деп хабарлады көлік бөлімі. Бұл паром үшін тоқсан адамға орын бар, сондай-ақ он екі"
         " көлік те сыяды, бір сапар жарты сағат болып белгіленді, ол да сол жолмен жүреді."), "kk"),
        (("Облус бийлиги эки кеме заводу менен келишимге кол койду жана биринчи паром жазында булуңда"
         " болот деп билдирди транспорт бөлүмү. Бул паром үчүн токсон адамга орун бар, ошондой эле он"
         " эки унаа да батат, бир сапар жарым саат болуп белгиленди."), "ky"),
        (("Влада області підписала договір з двома верфями, і перший пором буде у затоці вже навесні,"
         " повідомили у відділі транспорту. На ньому буде місце для людей, а також для машин, як це"
         " було до того, що сталося після продажу."), "uk"),
        (("Власти области подписали договор с двумя верфями, и первый паром будет в заливе уже весной,"
         " сообщили в отделе транспорта. На нём будет место для людей, а также для машин, как это"
         " было до того, что случилось после продажи."), "ru"),
    ],
)  # fmt: skip
def test_kindred_languages_are_told_apart(text: str, language: str) -> None:
    """Those of the region share letters, and half of their words."""
    assert tongue(text) == language
    assert knows(language)
