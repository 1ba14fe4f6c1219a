"""Rows of a list that lead to a file: a release that is a PDF is an item like any other. Pure.

The file is an item where it stands in a row of its own. Beside an item's page it belongs to that.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from spiders.blocks import LIST_MARK, html_blocks, words_of
from spiders.extract import is_http, parts_of
from spiders.parsing import absolute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lxml import etree

    from spiders.blocks import Page
    from spiders.site import Site

    Link = tuple[etree._Element, str]  # noqa: SLF001 - lxml's name for its elements

_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|rtf|od[pst]|zip|rar|7z|mp[34]|avi)$", re.IGNORECASE)
_MOST = 500  # files that count, from the top
_NEAR = 3  # elements around a link whose names tell where it stands
# Files of one row that are one item: the six languages of the United Nations. More are a library.
_MOST_IN_ROW = 6
_LONGEST = 60  # characters of such words
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_WORD = re.compile(r"[^\W\d_]+")
# Words of a link to a file that say what to do with it, and what it is, and are no headline.
_OF_FILES = frozenset((
    "download", "open", "view", "read", "see", "get", "save", "click", "here", "full", "text",
    "complete", "print", "printable", "version", "attachment", "attached", "annex", "appendix",
    "enclosure", "file", "document", "doc", "docx", "pdf", "xls", "xlsx", "ppt", "pptx", "rtf",
    "odt", "ods", "odp", "zip", "rar", "word", "excel", "format", "report", "release", "press",
    "statement", "speech", "article", "publication", "presentation", "link", "size", "page",
    "pages", "bytes", "byte", "kb", "mb", "gb", "kib", "mib", "the", "a", "an", "and", "or",
    "as", "in", "of", "to", "for", "this", "it", "english", "french", "german", "spanish",
    "russian", "arabic", "chinese", "en", "fr", "de", "es", "ru", "ar", "zh", "eng", "rus",
    "скачать", "скачайте", "загрузить", "загрузка", "открыть", "открой", "смотреть", "просмотр",
    "просмотреть", "читать", "файл", "файла", "файлы", "документ", "документа", "документы",
    "документом", "приложение", "приложения", "полный", "полная", "полностью", "текст",
    "текста", "версия", "версию", "релиз", "отчет", "отчёт", "формат", "формате", "размер",
    "печати", "приказу", "указу", "постановлению", "распоряжению", "письму", "кб", "мб", "гб",
    "байт", "стр", "в", "к", "и", "для", "на", "спампаваць", "дакумент", "дадатак", "поўны",
    "тэкст", "жүктөө", "жүктеу", "құжат", "тиркеме",
))  # fmt: skip


def is_file(url: str) -> bool:
    """Tell whether an address names a file that people open and that is no page.

    >>> is_file("https://example.org/docs/pr-5.PDF?v=2"), is_file("https://example.org/pdf")
    (True, False)
    """
    return is_http(url) and _FILE.search(parts_of(url).path) is not None


def name_of(url: str) -> str:
    """Return what a file is called, for want of other words."""
    return unquote(parts_of(url).path).rpartition("/")[2]


def links(page: Page, site: Site) -> list[Link]:
    """Return the links to files, on whatever host they lie, with their canonical addresses."""
    found = []
    for node in page.tree.iter("a"):
        url = absolute(page.url, node.get("href") or "")
        if is_file(url):
            found.append((node, site.canonical(url)))
            if len(found) == _MOST:
                break
    return found


def together(page: Page, *found: Iterable[Link]) -> list[Link]:
    """Return links in the order of the page."""
    urls = {node: url for some in found for node, url in some}
    return [(node, urls[node]) for node in page.tree.iter("a") if node in urls]


def titles(
    page: Page,
    others: list[Link],
    listed: list[Link],
    name: Callable[[etree._Element], str],
    is_headline: Callable[[str], bool],
) -> dict[str, str]:
    """Return the titles of the files, or of other links, that are items of a list, by address.

    Such a one has a row among those of other items (`listed` links to them) that is like one of
    them, or its link stands in the same elements; `name` tells one kind of element from another.
    The words of its link are its title, if they are a headline. Links that say only what to do
    with their files are one item together, the first of them, unless their row has another.
    """
    of = _Rows(listed, name)
    found: dict[str, str] = {}
    titled: set[etree._Element] = set()
    bare: defaultdict[etree._Element, dict[str, str]] = defaultdict(dict)
    for link, url in others:
        row = of.row(link)
        if row is None:
            continue
        words = words_of(link)
        if _is_of_files(words):
            bare[row][url] = words
        elif is_headline(words):
            found[url] = max(found.get(url, ""), words, key=len)
            titled.add(row)
    for row, links_in in bare.items():
        if row not in titled and len(links_in) <= _MOST_IN_ROW:
            title = _title(row, page, links_in.values(), is_headline)
            if title:
                found.setdefault(next(iter(links_in)), title)
    return found


def _is_of_files(words: str) -> bool:
    return _OF_FILES.issuperset(_WORD.findall(words.casefold()))


def _title(
    row: etree._Element,
    page: Page,
    beside: Iterable[str],
    is_headline: Callable[[str], bool],
) -> str:
    """Return the longest headline of a row without the words `beside` it, '' without one."""
    short = sorted((words for words in beside if 0 < len(words) <= _LONGEST), key=len, reverse=True)
    links = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, short))})(?!\w)" if short else "(?!)")
    told, headings = [""], []
    for block in html_blocks(row, page.url):
        line = links.sub("", block.text.removeprefix(LIST_MARK)).strip()
        if _is_of_files(line) or not is_headline(line):
            continue
        told.append(line)
        if block.inside(*_HEADINGS):
            headings.append(line)
    return max(headings or told, key=len)


class _Rows:
    """The rows of a list, by the links to its items."""

    def __init__(self, listed: list[Link], name: Callable[[etree._Element], str]) -> None:
        self._name = lru_cache(maxsize=None)(name)  # what is around one link is around others
        self._held: dict[etree._Element, set[str]] = {}
        for node, url in listed:
            for holder in (node, *node.iterancestors()):
                self._held.setdefault(holder, set()).add(url)
        self._places = {self._place(node) for node, _ in listed}
        self._kinds: dict[etree._Element, set[_Kind]] = {}

    def row(self, link: etree._Element) -> etree._Element | None:
        """Return the widest element around a link to a file that holds none to an item."""
        around = list(link.iterancestors())
        place = next((place for place, one in enumerate(around) if one in self._held), None)
        if place is None:
            return None
        holder, row = around[place], around[place - 1] if place else link
        if len(self._held[holder]) == 1:
            return None  # it stands in that item's row
        is_like = self._kind(row) in self._rows_in(holder) or self._place(link) in self._places
        return row if is_like else None

    def _rows_in(self, holder: etree._Element) -> set[_Kind]:
        """Return of which kinds the rows in an element are: what holds one item each."""
        if holder not in self._kinds:
            rows = (row for row in holder if len(self._held.get(row, ())) == 1)
            self._kinds[holder] = {self._kind(row) for row in rows}
        return self._kinds[holder]

    def _kind(self, node: etree._Element) -> _Kind:
        # What a link is called may say that it leads to a file.
        return _Kind(node.tag, "" if node.tag == "a" else self._name(node))

    def _place(self, node: etree._Element) -> tuple[tuple[str, ...], tuple[str, ...]]:
        around = list(node.iterancestors())
        return tuple(one.tag for one in around), tuple(map(self._name, around[:_NEAR]))


class _Kind(NamedTuple):
    """What an element is, and what it is called."""

    tag: str
    name: str
