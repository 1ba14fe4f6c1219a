"""What a desk would ask of lines of news, with the answers that were written down beforehand.

Of `Минск` one would not expect Минская: Snowball takes off both endings.
"""

from __future__ import annotations

import pytest

from db.query import parse
from monitor.match_lines import Line, match_lines

LINES = """\
Президент Казахстана Касым-Жомарт Токаев прибыл в Минск с официальным визитом
Встреча с Токаевым прошла в Ташкенте
Tokayev told reporters that the border stays open
Tokaev and Putin spoke by phone on Monday
Путин принял верительные грамоты послов
The guards put the gates on the border with Afghanistan
Пограничники усилили охрану таджикско-афганской границы
Border guards detained three smugglers near the Tajik-Afghan border
Прэзідэнт Беларусі Аляксандр Лукашэнка наведаў Гродна
Лукашенко подписал указ о помиловании
Lukashenko met Lukashevich in Brest
Лукашевич дал пресс-конференцию
Ёлка на Октябрьской площади зажгла огни
Елка засохла, сказал лесник
Mr O’Brien's speech moved the senators
Brien, O. is a painter
И. С. Тасмагамбетов провёл совещание ОДКБ
Имангали Тасмагамбетов и Ильин обсудили учения
Қасым-Жомарт Тоқаев Астанада сөз сөйледі
Кассым Жомартов выступил с докладом
Садыр Жапаров Ош шаарына барды
Japarov opened a school in Osh
Бишкекте жаңы мектеп ачылды
В Бишкеке открыли новую школу
The CSTO Secretary General visited Bishkek and the CIS office
ОДКБ и СНГ проведут совместные учения
За 25 км от границы упал метеорит
Drones attacked an oil depot 12 km from Ryazan
The drone attack failed
Attack by drones reported near the depot
In the state of emergency all schools are closed
Emergency state services were on duty
Минская область: урожай зерновых вырос на 5%
Область интересов учёного — ядерная физика
Рахмон посетил Душанбинскую ГЭС
Рахмонов выиграл турнир по борьбе
President Rakhmon and Раҳмон are one person
Министры иностранных дел подписали меморандум
Министру иностранных дел вручили ноту
The foreign minister resigned
Foreign guests met a minister of the church
Си Цзиньпин прилетел в Астану
Xi Jinping landed in Astana
Си и Фа — ноты
Цена газа выросла на 10,5 процента
Газеты пишут о газовом рынке
На рынке газа спокойно
Café owners protest in Paris
Cafe culture
Organisation of the fair takes months
The organizations agreed on a text
Жыхары вёскі сабралі ураджай; надвор'е спрыяла
надвор’е на выходныя: дождж
В аэропорту задержали рейс U6-263
COVID-19 cases rise again
19 covid patients recovered
"Quoted, words" (and brackets) — 2025-12-01
Саммит ШОС+ прошел без протокола; нот протеста не было
Встреча Путина с Токаевым и Рахмоном
Ничего особенного не произошло
"""
ASKED = r"""
Токаев  =>  1 2 59
~Токаев  =>  1 2 3 4 19 59
~Tokayev  =>  1 2 3 4 19 59
~Tokayev ~Путин  =>  4 59
~Putin  =>  4 5 59
Putin  =>  4
~Lukashenko  =>  9 10 11
~Лукашенко NOT Lukashevich  =>  9 10
~Лукашевич  =>  11 12
ёлка  =>  13 14
"елка"  =>  13 14
O'Brien  =>  15
obrien  =>  15
"O’Brien"  =>  15
И.Тасмагамбетов  =>
С. Тасмагамбетов  =>  17
~Tasmagambetov  =>  17 18
~Kassym-Jomart  =>  1 19
~"Касым-Жомарт Токаев"  =>  1 19
~Zhaparov OR ~Рахмон  =>  21 22 35 37 59
Бишкек  =>  24
бишкек*  =>  23 24
школа  =>  24
border guard  =>  6 8
"border guards"  =>  8
border NEAR/1 guard  =>  8
guard NEAR/5 border  =>  6 8
border AND (Afghanistan OR Tajik)  =>  6 8
Tajik-Afghan  =>  8
tajik NEAR/0 afghan  =>  8
граница  =>  7 27
таджикско-афганский  =>  7
ОДКБ NOT учения  =>  17
ОДКБ учение  =>  26
/\d+ (km|км)/  =>  27 28
/(?-i)CIS\b/  =>  25
/^президент/  =>  1
drone* NEAR/0 attack  =>  28 29
drone attack  =>  28 29 30
drone attack NOT failed  =>  28 30
"state of emer"*  =>  31
"state of emergency" OR "emergency state"  =>  31 32
область  =>  33 34
Минск  =>  1 33
минск*  =>  1 33
Рахмон  =>  35 36 59
~Rahmon  =>  35 37 59
"министру"  =>  39
министр  =>  38 39
"foreign minister"  =>  40
foreign minister  =>  40 41
"foreign minist"*  =>  40
~"Си Цзиньпин"  =>  42 43
~"Xi Jinping"  =>  42 43
газ  =>  45 47
газ NEAR/1 рынок  =>  47
cafe  =>  48 49
organization  =>  50 51
надвор'е  =>  52 53
надвор’е дождж  =>  53
U6-263  =>  54
COVID-19  =>  55
covid 19  =>  55 56
title:Токаев  =>
text:Токаев  =>  1 2 59
published:unknown Токаев  =>  1 2 59
published:>=2025 Токаев  =>
NOT published:<2026 ёлка  =>  13 14
lang:ru ёлка  =>
2025-12-01  =>  57
"10,5"  =>  45
10.5  =>  45
ШОС  =>  58
NOT /\pL/  =>
(посол OR министр) NOT "министру"  =>  5 38
вырасти  =>
~Тасмагамбетов NEAR/3 учения  =>  18
~Путин NEAR/2 ~Токаев NEAR/2 ~Рахмон  =>
~Путин NEAR/4 ~Токаев NEAR/4 ~Рахмон  =>  59
ураджай  =>  52
ураджа*  =>  52
Беларус*  =>  9
урожай OR ураджай  =>  33 52
лукашэнк*  =>  9
"""
EACH = [line.rpartition("  =>")[::2] for line in ASKED.strip().splitlines()]


@pytest.mark.parametrize(("query", "numbers"), EACH, ids=[query for query, _ in EACH])
def test_a_query_meets_the_lines_that_a_reader_would_name(query: str, numbers: str) -> None:
    """By their numbers, from 1; the words that met stand where they are said to stand."""
    found = list(match_lines({query: parse(query)}, LINES.encode().splitlines(keepends=True)))
    met = [line for line in found if isinstance(line, Line) and line.meetings]
    assert [line.number for line in met] == [int(number) for number in numbers.split()]
    for line in met:
        for start, end in line.meetings[0].places:
            assert line.text[start:end].strip() == line.text[start:end] != ""
