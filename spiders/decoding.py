"""Bytes from strangers -> text, strictly. Pure.

A label that does not fit is not believed: the next is tried. Bytes that make several characters of
UTF-8 and nothing else are UTF-8, whatever the label says: every byte fits a charset of one byte,
and words would be stored that nobody wrote. Text with U+FFFD in it would be a loss nobody notices,
so what fits no label is refused, and no charset but UTF-8 is guessed.
"""

from __future__ import annotations

import re
import sys

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_MOST_DIGITS = 7
_SURROGATES = (0xD800, 0xDFFF)
# So many bytes more than characters. In another charset one character may look like UTF-8 by chance
# ("É" before a no-break space in windows-1252), several and nothing else do not; in one of two
# bytes a character, as for Chinese, one in five does.
_SEVERAL, _MANY = 4, 40
_TWO_BYTES = re.compile(r"gb|big5|euc|shift|hz|iso-?2022|cp9\d\d|johab", re.IGNORECASE)
_CONTROLS = bytes({*range(0x20)} - {0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1A, 0x1B})


def decoded(body: bytes, content_type: str = "") -> str:
    """Decode a body by BOM, then as plain UTF-8, then by header, then by its own declaration.

    Raises ValueError naming the charsets tried.

    >>> decoded("Казахстан".encode("cp1251"), "text/html; charset=windows-1251")
    'Казахстан'
    """
    mark, bom = read_bom(body)
    if mark and bom:
        text = _strictly(body[len(bom) :], mark)
        if text is None:
            raise ValueError(f"the text is not {mark}, as its first bytes say")
        return text
    names = (http_content_type_encoding(content_type), html_body_declared_encoding(body), "utf-8")
    plain = _strictly(body, "utf-8")
    enough = _MANY if any(_TWO_BYTES.match(name or "") for name in names) else _SEVERAL
    if plain is not None and len(body) - len(plain) >= enough:
        return plain
    tried = [name for name in dict.fromkeys(names) if name and resolve_encoding(name)]
    for name in tried:
        text = _strictly(body, name)
        if text is not None:
            return text
    raise ValueError(f"the text is not {' nor '.join(tried)}")


def without_illegal_references(markup: str) -> str:
    """Drop references to characters there are not (XML 1.0 §4.1), over which XML parsers trip.

    >>> without_illegal_references("&#xD800;&#0;&#99999999;&#x44F;")
    '&#x44F;'
    """
    dropped = _REFERENCE.sub(lambda found: found[0] if _is_character(found) else "", markup)
    # What stood around a dropped one may be one itself now; around a space nothing grows together.
    return _REFERENCE.sub(lambda found: found[0] if _is_character(found) else " ", dropped)


def _is_character(found: re.Match[str]) -> bool:
    digits = (found[1] or found[2]).lstrip("0")
    if not digits or len(digits) > _MOST_DIGITS:
        return False
    code = int(digits, 16 if found[1] else 10)
    return code <= sys.maxunicode and not _SURROGATES[0] <= code <= _SURROGATES[1]


def _strictly(body: bytes, name: str) -> str | None:
    wide = name.startswith(("utf-16", "utf-32"))
    if not wide and len(body.translate(None, _CONTROLS)) < 0.99 * len(body):
        return None  # UTF-16 without a label decodes as UTF-8 full of control characters
    try:
        return body.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None
