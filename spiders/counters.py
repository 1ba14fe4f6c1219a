"""Lines that count how often a page was seen, commented on, liked or shared. Pure.

Such a number is another one at each visit, and no word of the text: a line of nothing else is told
here. A sentence that tells of views ("The film had 244 views on Monday.") is none.
"""

from __future__ import annotations

import re

# A number alone with its thousands parted, or short for thousands. It is read one way only, as is
# what it counts: a line of numbers and words in a row would be tried in each of their divisions.
_NUMBER = (
    r"(?>(?:\d{1,3}(?:[ .,'’]\d{3})+|\d+(?:[.,]\d+)?)(?!\d))"
    r"(?:\s?(?:[kmкм]|тыс|млн|mln|tsd|mil)\b\.?)?"
)
_SEEN = (
    r"(?:page[- ]?)?view(?:s|ed|ers?|count)?|hits?|visit(?:s|ed|ors?)|reads?|clicks?|impressions?"
    r"|просмотр(?:ы|а|ов|ено?)?|просмотре(?:л[аи]?|но)|посмотре(?:л[аи]?)|показ(?:ы|а|ов)?"
    r"|прочтени[еяй]|прочита(?:н[ао]?|л[аи]?|ли)|прочли|читали|посещени[еяй]|посетител(?:ь|я|ей|и)"
    r"|хит(?:ы|а|ов)?"
    r"|прагляд(?:ы|у|аў)?|прагледж?ан[ао]|прагледзел[іа]|прачыт[ао](?:н[ао]|л[іа])"
    r"|прачытанн(?:е|яў|і)|паказ(?:ы|аў)?"
    r"|перегляд(?:и|у|ів)?|переглянут[оа]|переглянули|прочитан[оа]|відвідувань"
    r"|көрүү(?:лөр|чүлөр)?(?:дүн|нүн)?|көрүлдү|көрүлгөн|көргөн(?:дөр)?|кароо(?:лор)?(?:дун|нун)?"
    r"|каралды|каралган|окулду|окулган|окуган(?:дар)?"
    r"|қаралды|қаралған|қаралым(?:дар)?(?:дың)?|қарау(?:лар)?|көрілім(?:дер)?|көрілген|көрілді"
    r"|көру(?:лер)?|оқылды|оқылған|оқылым(?:дар)?"
    r"|ko[ʻ‘’'`]?ri(?:shlar|ldi|lgan)|кўри(?:шлар|лди|лган)|o[ʻ‘’'`]?qildi|ўқилди|дида шуд"
    r"|(?:seiten)?aufruf(?:e|en)?|(?:seiten)?zugriffe?|ansichten|klicks|gelesen|besuche(?:r|n)?"
    r"|vues?|lectures?|consultations?|affichages?|visites?|lue?|consultée?|visitée?"
    r"|vistas?|visitas?|visualizaci(?:ón|ones)|lecturas?|visto|vista|le[íi]d[oa]|visitad[oa]"
    r"|visualizaç(?:ão|ões)|leituras?|acessos?|visualizações|lid[oa]|acessad[oa]"
    r"|visualizzazion[ei]|letture?|visite?|lett[oa]|vist[oa]"
    r"|wyświetle(?:ń|nia|nie)|odsłon[ay]?|odczyt(?:ów|y)|przeczytano|wizyt"
    r"|görüntülen?me(?:ler)?|okunma|okundu|görüntülendi|izlenme|weergaven|bekeken|gelezen|zobrazení"
    r"|přečteno|visningar|visninger|перегледа|прегледа|прегледи|преглеждания|pregleda"
    r"|阅读|浏览|点击|閱讀|瀏覽|閲覧|조회|مشاهدات|مشاهدة"
)
_SAID = (
    r"comments?|repl(?:y|ies)|responses?|reactions?|likes?|dislikes?|shares?|shared|re-?tweets?"
    r"|re-?posts?|upvotes?|downloads?"
    r"|комментари(?:й|я|и|ев)|лайк(?:и|а|ов)?|дизлайк(?:и|а|ов)?|репост(?:ы|а|ов)?|отзыв(?:ы|а|ов)"
    r"|(?:мне )?нравится|поделил(?:ись|ся)|реакци[йия]|скачивани[йяе]"
    r"|каментар(?:ы[йіяя]?|ыяў|оў|іяў|аў)|падабаецца|лайк(?:аў|і)|коментар(?:і|ів|я)|вподобан(?:ь|ня)"
    r"|комментарий(?:лер)?|пикир(?:лер)?|пікір(?:лер)?|жакты|ұнайды|izoh(?:lar)?"
    r"|kommentare?|gefällt mir|geteilt|reaktionen|commentaires?|partages?|j[’']aime|réactions?"
    r"|comentarios?|me gusta|compartid[oa]s?|comentários?|curtidas?|compartilhamentos?"
    r"|comment[oi]|condivision[ei]|mi piace|komentarz(?:e|y)?|polubie(?:ń|nia|nie)"
    r"|udostępnie(?:ń|nia)|yorum|beğeni(?:ler)?|paylaşım|reacties?|评论|点赞|댓글"
)
_WHAT = rf"(?:{_SEEN}|{_SAID})(?![^\W\d_])"
# What may stand before the word: that it is a number of something, or of what.
_OF = (
    r"(?:(?:total|overall|unique|post|page|article|news|story|video|number of|no\. of"
    r"|(?:общее )?(?:количество|кол-во|число)|всего|уникальных"
    r"|колькасць|усяго|кількість|усього|всього|anzahl(?: der)?|nombre(?: total)? de"
    r"|número de|total de|numero di|liczba|ilość|toplam)\s|nombre d[’'])*\s*"
)
# What may stand behind it.
_COUNT = (
    r"(?:\s(?:count(?:er)?|total|today|so far|саны|сони|sayısı|сегодня|сёння|сьогодні|бүгүн|бүгін"
    r"|heute|aujourd[’']hui|hoy))?"
)
_TIMES = (
    r"(?:\s?(?:times?|раза?|разоў|разы|разів|рази|человека?|людей|жолу|рет|марта|marta|mal|fois"
    r"|veces|vez|vezes|volt[ae]|razy|raz|kez|kere|kişi|keer|次|回|회|人)(?:\b|(?!\w)))?"
)
_SUBJECT = (
    r"(?:(?:this |the |эту |этот |эта |гэты |гэту )?(?:post|article|page|story|item|entry|новость"
    r"|статья|статью|материал|публикация|публикацию|страница|страницу|запись|навіна|навіну|артыкул"
    r"|матэрыял|artikel|beitrag)\s(?:has been |was |была? |wurde )?)?"
)
_SIGNS = "👁👀💬🗨🗩❤♥♡👍👎🔥🔁🔄📖"
_SIGN = rf"[{_SIGNS}]\ufe0f?"
_ONE = (
    rf"(?>{_SIGN}\s*:?\s*{_NUMBER}|{_NUMBER}\s*{_SIGN}"
    rf"|(?:{_SIGN}\s*)?{_SUBJECT}{_OF}{_WHAT}{_COUNT}\s*[:：=–—-]?\s*[(\[]?{_NUMBER}[)\]]?{_TIMES}"
    rf"|{_NUMBER}{_TIMES}\s?{_OF}{_WHAT}{_COUNT})"
)
_LINE = re.compile(
    rf"(?:- )?[(\[|]?\s*{_ONE}(?:[\s,;|/·•–—-]*{_ONE}){{0,4}}\s*[)\]|.]?", re.IGNORECASE
)
_NONE = re.compile(
    r"no comments?(?: yet)?|(?:пока )?нет комментариев|комментариев (?:пока )?нет"
    r"|(?:noch )?keine kommentare|aucun commentaire|sin comentarios",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"(?:- )?[(\[]?{_NUMBER}[)\]]?", re.IGNORECASE)
# How the words of `_WHAT` begin: a line without any of them need not be read. Up to three letters.
_BEGINNINGS = frozenset((
    "ace", "aff", "ans", "auf", "bek", "bes", "beğ", "cli", "com", "con", "cur", "dis", "dow",
    "gef", "gel", "get", "gör", "hit", "imp", "izl", "izo", "j", "kli", "ko", "kom", "kor", "koʻ",
    "lec", "lei", "let", "leí", "lid", "lik", "lu", "lue", "me", "mi", "o", "odc", "ods", "oku",
    "oqi", "oʻq", "pag", "par", "pay", "pol", "pre", "prz", "pře", "re", "rea", "rep", "res",
    "ret", "réa", "sei", "sha", "udo", "upv", "vie", "vis", "vue", "wee", "wiz", "wyś", "yor",
    "zob", "zug", "впо", "від", "дид", "диз", "жак", "кам", "кар", "ком", "кўр", "көр", "лай",
    "мне", "нра", "оку", "отз", "оқы", "пад", "пак", "пер", "пик", "под", "пок", "пос", "пра",
    "пре", "про", "пік", "реа", "реп", "ска", "хит", "чит", "ўқи", "қар", "ұна", "مشا", "浏览",
    "瀏覽", "点击", "点赞", "评论", "閱讀", "閲覧", "阅读", "댓글", "조회",
))  # fmt: skip
_WORD = re.compile(rf"{_SIGN}|[^\W\d_]+")
# A longer line is a sentence, or made to hold up its reader. In characters.
_LONGEST = 90
_DIGITS = re.compile(r"\d")


def is_counter(line: str) -> bool:
    """Tell a line that counts views, comments, likes or shares, and says nothing else.

    >>> is_counter("Просмотров: 244"), is_counter("The film had 244 views on Monday.")
    (True, False)
    """
    if len(line) > _LONGEST:
        return False
    if _DIGITS.search(line) is None:
        return _NONE.fullmatch(line) is not None
    return _may_count(line) and _LINE.fullmatch(line) is not None


def _may_count(line: str) -> bool:
    """Tell whether a line has a sign, or a word that begins as those do that say what is counted.

    The pattern takes the Turkish `İ` and `ı` for an `i`, as the words of others do.
    """
    small = line.lower().replace("i̇", "i").replace("ı", "i")
    words = _WORD.findall(small)
    return any(word[:3] in _BEGINNINGS or word[0] in _SIGNS for word in words)


def is_number(line: str) -> bool:
    """Tell a line that is one number, as a counter beside a picture of an eye is.

    >>> is_number("1 244"), is_number("244 men")
    (True, False)
    """
    return len(line) <= _LONGEST and _ALONE.fullmatch(line) is not None
