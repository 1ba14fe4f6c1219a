"""Words that are nobody's name, or somebody else's: what a query for a name must not find.

No list of words comes with Python, and one of our own would be a large file. What a language allows
to be built is a harder test than what it uses: strange forms are the likelier to sound like
somebody's name. Real words come from the supplied documents, Python's own pages and the names of
the Unicode characters, real surnames from a list, in their cases.
"""

from __future__ import annotations

import random
import unicodedata
from pathlib import Path
from pydoc_data.topics import topics

from db.words import Reading

ROOTS = """
бел берег бо борь бр буд вед век вер вес вид вод воз вол вор врем год голов голос гор город
граждан грани груз дав дал двер дел день дерев добр дол дом дорог друг дум дух един жар жив жизн
завод закон земл зим знак знан игр изб искус истор кам книг ключ кол команд комисс конец корабл
край красн круг культур лес лет лист лиц луч люб маршрут мат мест мест мин мир молод мор мост мощ
наблюд народ наук нефт нов нос нужд обед образ общ огн окн опас оруж осен остр отряд ох пад памят
пар пер перв песн плав план под пожар пол помощ порт посл прав прост пут пыл рабоч рад раз рек реч
род рос рук рын ряд сам свет связ сел сем сил скор слов служ смен снег собр совет согл солн сон
союз сред стар степ стол сторон страх стро суд счет таин тверд темп техн тих товар толп торг точ
трав труд туман тяж угол удар уж узор улиц урок уч фонд форм хлеб ход хозяй холод храм цвет цел
цен центр цеп час част чел черн числ чист шаг шир школ шум энерг юг явл язык ярк
"""
BEFORE = """
без в вз вы до за из на над о об от пере по под пре при про раз с у
"""
AFTER = """
ок ник ств ост ан ян ин тель чик щик ец ист изм ен еб арь ач ун ль н ов ев ск ческ лив чив ат ит
ива ыва ова ну а и е я
"""
ENDINGS = """
а у ом е ы ов ам ами ах ой ую ый ого ому ым ая ое ые ых ыми ть л ла ло ли ю ешь ет ем ете ут ющий
вший в ся
"""
ENGLISH = """
act add air art ask back ball bank bear build call care carr clear close cold cook count cover
cross cut deal direct draw drink drive eat end fair fall farm fill fire fish fix form found free
gain give glass gold grass great green ground grow guard guid hand head hear heat help hold home
hope hunt join judg jump keep kind land laugh law lead learn light line link list load lock look
mark market meet mind miner mov nation need note open order own pack paint part pass pay pick plan
plant play point port post pow press print pull push quest quick rain read reach record report
rest right ring river road rock roll round rule run safe sail school search season seat see sell
send serv set shape shar ship short show sign sing sleep slow snow soft sound speak speed spend
stand start stat stay step stone stop storm story strong study sun supply talk tast teach tell
test think throw tim touch track trad train travel trust turn type use valu view visit vote walk
wall want warm wash watch wat wear weath weigh win wind wish wood word work writ
"""
EN_BEFORE = """
un re over out under mis fore inter
"""
EN_AFTER = """
s ed ing er ers able ably ful less ness ment al ly y ier iest ation ity ive or ward
"""
# The most frequent surnames of Russia, and some of its neighbours: none of them in the table.
OTHERS = """
Смирнов Кузнецов Попов Соколов Козлов Новиков Морозов Волков Васильев Павлов Семенов Голубев
Виноградов Богданов Воробьев Федоров Михайлов Беляев Тарасов Киселев Макаров Андреев Ковалев Ильин
Гусев Титов Кузьмин Кудрявцев Баранов Куликов Алексеев Степанов Сорокин Сергеев Романов Никитин
Фролов Журавлев Богомолов Крылов Максимов Осипов Мухин Архипов Трофимов Мартынов Емельянов Горшков
Чернов Овчинников Селезнев Панфилов Копылов Михеев Галкин Колесников Кравченко Бондаренко Шевченко
Ткаченко Савченко Коваленко Гончаренко Мельник Шевчук Бойко Ахметов Омаров Оспанов Нурланов Сейтов
Байжанов Джумабаев Касенов Мусаев Абдуллаев Гасанов Петросян Хачатрян Манукян Геворкян Акопян
Асатрян Лобанов Новицкий Ковальский Вишневский
"""
CASES = ["", "а", "у", "ым", "ом", "е", "ой", "ых"]
DOCUMENTS = sorted((Path(__file__).parents[1] / "documents").glob("*.txt"))
FORMS = [[name + ending for ending in CASES] for name in OTHERS.split()]


def vocabulary() -> set[str]:
    """Return words of Russian and English, made from real roots and affixes, and other surnames."""
    roots, after, endings = ROOTS.split(), AFTER.split(), ENDINGS.split()
    before, en_before = (["", "", "", *some.split()] for some in (BEFORE, EN_BEFORE))
    english, en_after = ENGLISH.split(), EN_AFTER.split()
    chance = random.Random(4)  # noqa: S311 - words, not secrets
    found: set[str] = set()
    while len(found) < 45_000:
        behind = "".join(chance.choices(after, k=chance.choice([0, 0, 1, 1, 2])))
        ending = chance.choice(["", *endings])
        found.add(chance.choice(before) + chance.choice(roots) + behind + ending)
    while len(found) < 60_000:
        behind = "".join(chance.choices(["", *en_after], k=chance.choice([1, 1, 2])))
        found.add(chance.choice(en_before) + chance.choice(english) + behind)
    printed = [path.read_text("utf-8", "replace") for path in DOCUMENTS]
    described = [unicodedata.name(chr(code), "") for code in range(0x3000)]
    for text in (*printed, *topics.values(), *described, " ".join(map(" ".join, FORMS))):
        found.update(word for word in Reading(text).surfaces() if word.isalpha() and len(word) > 2)
    return found
