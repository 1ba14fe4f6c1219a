"""An answer becomes what the site's rules make of it, or the problem that stands in the way.

The one border behind which a page may do its worst: whatever its bytes do to the rules, it costs
one record and not the visit.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from db.errors import ExtractError
from db.model import State
from spiders.courtesy import Refused, problem_in
from spiders.courtesy_answers import page_of
from spiders.judge import Problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from scrapy.http import Response

    from db.model import Source
    from spiders.blocks import Page
    from spiders.lists import Errand
    from spiders.site import Fetch, Listing, Reading, Site

log = logging.getLogger("dateline.spider")

T = TypeVar("T")


def read_list(
    site: Site, response: Response, fetch: Fetch, source: Source, now: datetime
) -> Listing | Problem:
    """Read an answer as a list."""
    return _read(response, source, lambda page: site.read_list(page, fetch, source, now))


def read_page(
    site: Site, response: Response, errand: Errand, source: Source, now: datetime
) -> Reading | Problem:
    """Read an answer as the page of an article; where no article stands, none is read.

    A site that is moved or closed leads all its articles to one notice, which is none of them.
    """
    final = site.canonical(response.url)
    if final != errand.url and not site.is_article(final) and problem_in(response) is None:
        where = urlsplit(final).path or "/"
        return Problem(State.ERRORING, f"the address leads to {where}, where no article stands")
    return _read(response, source, lambda page: site.read(page, source, errand.card, now))


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
    except Exception as error:
        log.exception("event=page_broke source=%s url=%s", source.name, response.url)
        return Problem(State.ERRORING, f"not read: {type(error).__name__}")
