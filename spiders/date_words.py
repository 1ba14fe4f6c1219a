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
# Each alternative begins with a letter of its own: by those the places to look at are found.
_CHANGE = (
    r"updated?\b|modified|edited|last change|upd:"
    r"|обновл[её]н|измен[её]н|исправлен|отредактирован|абноўлен|зменен|адрэдагаван|оновлен|змінен"
    r"|відредагован|жаңыртыл|өзгөртүл|оңдол(?:ду|гон)|жаңартыл|өзгертіл|түзетіл"
    r"|aktualisier\w+|geändert|überarbeitet|letzte änderung|zuletzt\b|mis[e]? à jour|maj\b"
    r"|modifi(?:é|cad|cat)|actualis(?:é|ation)|corrigé|actualiza(?:d[oa]|ción)|editad[oa]|atualiza(?:d[oa]|ção)"
    r"|alterad[oa] em|aggiorna\w+|ultima modifica|bijgewerkt|gewijzigd|laatste update|aktualizacja"
    r"|zaktualizowan|zmodyfikowan|zmieniono|aktualizov|upraveno|uppdatera|oppdater|opdater"
    r"|senast ändrad|päivitetty|frissítve|actualizat|ενημερώθηκε|τελευταία ενημέρωση|diperbarui"
    r"|cập nhật|güncelle\w*|değiştiril|yangilan\w+|yenilən|dəyişdiril|навсозӣ|թարմացվ|փոփոխվ"
)
# Of these, only where a day or its preposition follows.
_CHANGE_ON = "changed|amended|revised|corrected|refreshed"
_FAR = r"更新|修改|修订|改訂|수정|업데이트|تحديث|تعديل|עודכן"
_CHANGES = (
    rf"\b(?:{_CHANGE}|(?:{_CHANGE_ON})\b(?=[\s:]*(?:(?:on|at|in)\b|\d|\w{{3,9}}\.? \d|$)))|{_FAR}"
)
# What a date is of that somebody lived, that is to come, or that is filed. A clause begins with
# such a word, or it is no name.
_OTHER = (
    r"born|died|founded|established|archived?|archives|from the archives?|file photo|deadline"
    r"|expires|effective|valid|event date|starts|begins|ends|opens|closes|closing date"
    r"|filmed|recorded|photos? (?:was |were )?taken|pictures? (?:was |were )?taken"
    r"|images? (?:was |were )?taken|taken (?:on|in)"
    r"|geboren|gestorben|gegründet|archiv|aus dem archiv|aufnahme vom|gültig"
    r"|beginnt|einsendeschluss|bewerbungsfrist|née?|décédée?|fondée?|nacid[oa]|nació|falleció"
    r"|fundad[oa]|archivo|vence|nat[oa] (?:a|il|nel)|mort[oa] (?:a|il|nel)|fondat[oa]"
    r"|archivio|scadenza"
    r"|nascid[oa]|nasceu|faleceu|arquivo|urodzon[ya]|zmarł[ay]?|родил(?:ся|ась)|умер(?:ла)?"
    r"|скончал(?:ся|ась)|основан[ао]?|архив|из архива|архивное фото"
    r"|фото сделано?|снимок сделано?|снято|срок|истекает|вступает в силу"
    r"|дата (?:проведения|события|рождения)|нарадзі(?:ўся|лася)|памер(?:ла)?|архіў"
    r"|народи(?:вся|лася)|помер(?:ла)?|архів|туулган|туған|қайтыс болды|мұрағат|doğdu|doğum|öldü"
    r"|arşiv"
)
_CLAUSE = r"(?:(?:^|(?<=[(,;:–—-] )|(?<=[.!?] ))|(?<!\w)(?-i:(?=[^\W\d_A-ZА-ЯЁ])))"
# In a line of small letters a pattern that knows no case is found many times as fast.
_ANY_OTHER = re.compile(rf"{_CHANGE}|{_CHANGE_ON}|{_FAR}|{_OTHER}")
_PUBLICATIONS = (
    r"\b(?:publish|posted|written|опублик|апублік|опублік|жарыялан|жарияланды|размещено|добавлено"
    r"|veröffentlicht|erschienen|erstellt|publié|mis[e]? en ligne|publicad[oa]|publicat"
    r"|pubblicat[oa]|gepubliceerd|geplaatst|opublikowan|publikován|zveřejněn|publicera[dt]|publiser|publicer"
    r"|julkaistu|közzétéve|δημοσιεύ|diterbitkan|yayın\w*|e.lon qilin\w+)|发布|發布|입력|نشر"
)
WORDED = re.compile(
    rf"(?P<change>{_CHANGES})|(?P<publication>{_PUBLICATIONS})"
    rf"|(?P<other>{_CLAUSE}(?:{_OTHER})\b)",
    re.IGNORECASE,
)
# A year of two digits: `05.04.26`.
_SHORT = "|".join(rf"{digit}\d\.\d\d\.\d\d\b(?<!\w\d\d\.\d\d\.\d\d)" for digit in "0123")
# What every date has that can be read: a year, or a word of telling from now.
_DATED = re.compile(
    rf"19\d\d|20\d\d|{_SHORT}|ago(?<!\wago)\b|today(?<!\wtoday)\b|yesterday(?<!\wyesterday)\b"
    r"|назад|таму|мурун|бұрын|сегодня|вчера|сёння|учора|ўчора|бүгүн|бүгін|кечээ|кеше"
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


def may_tell_otherwise(line: str) -> bool:
    """Tell quickly whether `WORDED` may find a word in a line that is not of publication."""
    return _ANY_OTHER.search(line.casefold()) is not None
