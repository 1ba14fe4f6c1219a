"""Words by which a line says what its date is of. Pure.

In the languages whose months are known: that names a weekday, was published, was changed.
"""

from __future__ import annotations

import re

WEEKDAY = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|понедельник|вторник|среда|четверг|пятница|суббота"
    r"|воскресенье|панядзелак|аўторак|серада|чацвер|пятніца|субота|нядзеля"
    r"|понеділок|вівторок|середа|четвер\b|п.ятниця|неділя"
    r"|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|lunes|martes|miércoles|jueves|viernes|sábado|domingo|(?:segunda|terça|quarta|quinta|sexta)-feira"
    r"|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica"
    r"|pazartesi|salı|çarşamba|perşembe|cuma\b|cumartesi|\bpazar\b|星期[一二三四五六日天]|周[一二三四五六日]",
    re.IGNORECASE,
)
_CHANGE = (
    r"updated?\b|modified|edited|last change|обновлен|изменен|абноўлена|оновлен|жаңыртылды"
    r"|жаңартылды|aktualisier\w+|geändert|letzte änderung|zuletzt\b|mis[e]? à jour|modifi[ée]"
    r"|actualizad[oa]|atualizad[oa]|aggiorna\w+|güncelle\w*|yangilan\w+"
)
_CHANGES = rf"\b(?:{_CHANGE})|更新|수정"
# In a line of small letters a pattern that knows no case is found many times as fast.
_ANY_CHANGE = re.compile(rf"{_CHANGE}|更新|수정")
_PUBLICATIONS = (
    r"\b(?:publish|posted|written|опублик|апублік|опублік|жарыялан|veröffentlicht|erschienen|erstellt"
    r"|publié|mis[e]? en ligne|publicad[oa]|pubblicat[oa]|yayın\w*|e.lon qilin\w+)|发布|發布|입력"
)
WORDED = re.compile(rf"(?P<change>{_CHANGES})|(?P<publication>{_PUBLICATIONS})", re.IGNORECASE)
# What every date has that can be read: a year, or a word of telling from now.
_DATED = re.compile(
    r"19\d\d|20\d\d|ago(?<!\wago)\b|today(?<!\wtoday)\b|yesterday(?<!\wyesterday)\b|назад|таму|мурун"
    r"|бұрын|сегодня|вчера|сёння|учора|ўчора|бүгүн|бүгін|кечээ|кеше"
)
_COPYRIGHT = re.compile(
    r"copyright|©|\(c\)|all rights|права защищены|alle rechte|tous droits|derechos reservados"
)


def is_dated(line: str) -> bool:
    """Tell whether a line has what every date has that can be read."""
    return _DATED.search(line.casefold()) is not None


def tells_rights(line: str) -> bool:
    """Tell a line that says whose the text is."""
    return _COPYRIGHT.search(line.casefold()) is not None


def may_tell_of_change(line: str) -> bool:
    """Tell quickly whether `WORDED` may find a word of change in a line."""
    return _ANY_CHANGE.search(line.casefold()) is not None
