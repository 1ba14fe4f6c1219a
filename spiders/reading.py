"""An answer becomes what the site's rules make of it, or the problem that stands in the way.

The one border behind which a page may do its worst: whatever its bytes do to the rules, it costs
one record and not the visit.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from db.errors import ExtractError
from db.hosts import host_key
from db.visiting import State
from spiders.courtesy import Refused, problem_in
from spiders.courtesy_answers import page_of
from spiders.judge import Problem
from spiders.weighed import with_dates

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from scrapy.http import Response

    from db.model import Article
    from db.visiting import Source
    from spiders.blocks import Page
    from spiders.lists import Errand
    from spiders.site import Card, Fetch, Listing, Reading, Site

log = logging.getLogger("dateline.spider")

T = TypeVar("T")

_ABSENT = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


def read_list(
    site: Site, response: Response, fetch: Fetch, source: Source, now: datetime
) -> Listing | Problem:
    """Read an answer as a list."""
    return _read(response, source, lambda page: site.read_list(page, fetch, source, now))


def read_page(
    site: Site, response: Response, errand: Errand, source: Source, now: datetime
) -> Reading | Problem:
    """Read an answer as the page of an article; where no article stands, none is read.

    A site that is moved or closed leads all its articles to one notice, its front page or a list,
    which is none of them.
    """
    final = site.canonical(response.url)
    if (
        final != errand.url
        and not _may_be_article(final, site, source)
        and not problem_in(response)
    ):
        where = urlsplit(final).path or "/"
        return Problem(State.ERRORING, f"the address leads to {where}, where no article stands")
    return _read(response, source, lambda page: _read_dated(site, page, source, errand.card, now))


def _read_dated(
    site: Site, page: Page, source: Source, card: Card | None, seen: datetime
) -> Reading:
    reading = site.read(page, source, card, seen)
    return with_dates(reading, page, source, card, seen) if reading.article else reading


def _may_be_article(url: str, site: Site, source: Source) -> bool:
    """Tell whether an article may stand at a canonical address: no front page and no list of ours.

    The rules of any site can tell an article's address by its looks only.
    """
    is_front = urlsplit(url).path in ("", "/")
    is_list = url in map(site.canonical, source.urls)
    return site.is_article(url) and not is_front and not is_list


def identified(site: Site, article: Article, url: str) -> Article:
    """Return the article with the address it is known by, read from the page at `url`.

    A page may call itself anything; only an article's address on its own host is believed.
    """
    own, final = article.url, site.canonical(url)
    if own is None or host_key(own) != host_key(final) or not site.is_article(own):
        return replace(article, url=final)
    return article


def is_absent(response: Response, problem: Problem) -> bool:
    """Tell whether an answer says that there is no such page; one that blocks us says nothing."""
    return response.status in _ABSENT and problem.state is State.ERRORING


def _read(response: Response, source: Source, rules: Callable[[Page], T]) -> T | Problem:
    problem = problem_in(response)
    if problem:
        return problem
    try:
        return rules(page_of(response))
    except Refused as error:
        return error.problem
    except ExtractError as error:
        return Problem(State.ERRORING, f"no {error.field} found: {error}"[:300])
    except MemoryError as error:
        # Its frames hold what filled the memory, and there is no room for a traceback.
        error.__traceback__ = None
        log.error("event=page_too_large source=%s url=%s", source.name, response.url)  # noqa: TRY400 - no room left
        return Problem(State.ERRORING, "not read: it takes more memory than a round may have")
    except Exception as error:
        log.exception("event=page_broke source=%s url=%s", source.name, response.url)
        return Problem(State.ERRORING, f"not read: {type(error).__name__}")
