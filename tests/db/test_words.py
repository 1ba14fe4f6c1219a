"""db.words: clean text, tokens and normal forms."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from db.stems import normal
from db.words import (
    LONGEST,
    Reading,
    _Pieces,
    clean,
    clean_line,
    stems,
    surfaces,
    tokens,
)

# Any code point at all, lone surrogates among them, and plenty of those that break things.
NASTY = "\x00\x01\x0b\x0c\r\n\x1b\x85\xa0\xad\u061c\u200b\u200e\u2028\u2029\u202e\u2067\u0301\ufeff"
ANYTHING = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cs"]),
        st.sampled_from(NASTY + "\ud800\udfff\ufdd0\ufffe\uffff\U0001fffe<&]> 'абвйё"),
    )
)


@given(ANYTHING)
@example("\u0344\u2000]]>&#0;")
@example("e\u200b\u0301")
@pytest.mark.torture("R-14", short=400, long=30000)
def test_clean_text_is_xml(text: str) -> None:
    """Whatever comes in, what comes out is UTF-8, legal in XML 1.0, and clean already."""
    cleaned = clean(text)
    escaped = cleaned.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    parsed = etree.fromstring(f"<a>{escaped}</a>".encode(), etree.XMLParser(recover=False))
    assert (parsed.text or "") == cleaned
    assert clean(cleaned) == cleaned


@given(ANYTHING)
@pytest.mark.torture("R-14", short=200, long=20000)
def test_clean_line_is_one_line(text: str) -> None:
    """A clean line has single spaces, no line break of any kind, and is clean already."""
    line = clean_line(text)
    assert line == " ".join(line.split()) == " ".join(line.splitlines())
    assert clean_line(line) == line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a\xa0b\u202fc ", "a b c"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("so\xadvi\u200bet", "soviet"),
        ("\u202eevil\u202c", "evil"),
        ("cafe\u0301", "café"),
        ("кафе\ud83d", "кафе"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ],
)
def test_clean_examples(text: str, expected: str) -> None:
    """Hard spaces, line breaks, hidden characters and broken pairs are put right."""
    assert clean(text) == expected


@given(ANYTHING)
@pytest.mark.torture("R-14", short=300, long=20000)
def test_tokens_have_their_places(text: str) -> None:
    """Tokens, surfaces, stems and places go side by side, and no token holds a space."""
    found = tokens(text)
    reading = Reading(text)
    assert (
        [token.surface for token in found]
        == reading.surfaces()
        == surfaces(text).split(" ")[: len(found)]
    )
    assert len(stems(text).split()) == len(found)
    assert [reading.place(i) for i in range(len(found))] == [(t.start, t.end) for t in found]
    assert all(token.surface and len(token.surface) <= LONGEST for token in found)
    assert all(text[t.start : t.end].strip() == text[t.start : t.end] for t in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CSTO's leaders", "csto leaders"),
        ("CSTO’s it's don't O’Brien", "csto it dont obrien"),
        ("Tajik-Afghan border", "tajik afghan border"),
        ("c++ news-room x_y", "c news room x y"),
        ("Ёлка ЙОД Тока\u0301ев", "елка йод токаев"),
        ("café CAFE\u0301 naïve İstanbul Straße", "cafe cafe naive istanbul strasse"),
        ("ңөү ЎСЁ Їжак", "ңөү ўсе їжак"),
        ("2,500 U.S. G20", "2 500 u s g20"),
        ("½ ⑴ ﬁne ﷺﷺ", "12 1 fine صلىاللهعليهوسلمصلىاللهعليهوسلم"),
        ('"" … — ++', ""),
        ("'90s ' students'", "90s students"),
        ("ﾞ", "ﾞ"),
    ],
)
def test_surfaces(text: str, expected: str) -> None:
    """Case, accents, apostrophes, possessives and hyphens do not tell words apart; й does."""
    assert surfaces(text) == expected


@pytest.mark.parametrize(
    "cases",
    [
        "Казахстан Казахстана Казахстану Казахстан Казахстаном Казахстане",
        "Токаев Токаева Токаеву Токаева Токаевым Токаеве",
        "Пашинян Пашиняна Пашиняну Пашиняном Пашиняне",
        "Жапаров Жапарова Жапарову Жапаровым Жапарове",
        "Мирзиёев Мирзиеева Мирзиееву Мирзиеевым Мирзиеев",
        "Алиев Алиева Алиеву Алиевым Алиеве",
        "Кыргызстан Кыргызстана Кыргызстану Кыргызстаном Кыргызстане",
        "Ереван Еревана Еревану Ереваном Ереване",
        "Киев Киева Киеву Киевом Киеве",
        "Астана Астаны Астане Астану Астаной",
        "Молдова Молдовы Молдове Молдову Молдовой",
        "Армения Армении Армению Арменией",
        "Масадыков Масадыкова Масадыкову Масадыковым Масадыкове",
        "саммит саммита саммиту саммитом саммите саммиты саммитов",
        "переговоры переговоров переговорам переговорами переговорах",
        "Беларусь Беларуси Беларусью",
        "Китай Китая Китаю Китаем Китае",
        "Вьетнам Вьетнама Вьетнаму Вьетнамом Вьетнаме",
        "Сергей Сергея Сергею Сергеем Сергее",
        "Вячеслав Вячеслава Вячеславу Вячеславом Вячеславе",
        "Павел Павла Павлу Павлом Павле",
        "Азиец азийца азийцу азийцем азийце азийцы",
        "рынок рынка рынку рынком рынке рынки рынков рынках",
        "поставка поставки поставку поставок поставкам",
        "участок участка участку участком участке участки участков",
        "боец бойца бойцу бойцом бойце бойцы бойцов",
        "владелец владельца владельцу владельцем владельцы владельцев",
        "день дня дню днем дне дни дней дням днях",
        "посол посла послу послом послы послов послам",
        "состав состава составу составом составе составы",
        "коллектив коллектива коллективу коллективом коллективе",
        "призыв призыва призыву призывом призыве",
        "газопровод газопровода газопроводу газопроводом",
        "Газпром Газпрома Газпрому Газпромом Газпроме",
        "подпись подписи подписью подписей",
        "время времени временем времена времен",
        "система системы системе систему системой систем системах",
        "огонь огня огню огнем огне огни",
        "ученый ученого ученому ученым ученые ученых",
        "план плана плану планом плане планы планов",
        "заявил заявила заявили",
        "безопасность безопасности безопасностью",
        "minister ministers minister's",
        "border borders",
        "organization organisation organizations",
    ],
)
def test_forms_of_one_word_meet(cases: str) -> None:
    """All cases of a name, and the forms of ordinary words, have one normal form."""
    assert len(set(stems(cases).split())) == 1


@pytest.mark.parametrize(
    "strangers",
    [
        "Токаев ток",
        "Армения армия",
        "Казахстан казах казак",
        "Ереван ерь",
        "Киев кий",
        "Алиев алый",
        "визит виза",
        "голова гол",
        "Москва мост",
        "Путин путь",
        "Иванов Иван ива",
        "Минск министр",
        "Судан суд",
        "страна сторона",
        "мир мера море",
        "посол после поселок",
        "запах запись запас",
        "прием при приток",
        "учение ученый учить",
        "порядок порядочный",
        "рынок рында",
        "organization organ",
        "international intern",
        "university universe",
        "news new",
        "Iran Iraq",
        "minister mine",
        "border board",
    ],
)
def test_strangers_stay_apart(strangers: str) -> None:
    """No two of these words are taken for one."""
    words = strangers.split()
    assert len(set(stems(strangers).split())) == len(words)


@pytest.mark.parametrize("word", ["бүгүн", "қазақ", "ўлада", "12", "g20", "東京", "їжак"])
def test_other_scripts_stay(word: str) -> None:
    """Words that are neither English nor Russian are their own normal form."""
    assert normal(word) == word


def test_numbers_of_words_end() -> None:
    """Asking for the place of a word that is not there is an IndexError."""
    with pytest.raises(IndexError):
        Reading("two words").place(2)


def test_cache_forgets_the_rare_and_keeps_the_frequent() -> None:
    """A full cache starts a new generation; what is met again comes back, oddities never enter."""
    cache = _Pieces(kept=2)
    first = cache["one,"]
    assert cache["two"][0] == ("two",)
    assert cache["one,"] is first
    assert cache["x" * 1000][0] == ("x" * LONGEST,)
    assert len(cache) <= 2
