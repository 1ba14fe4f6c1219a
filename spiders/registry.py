"""Which rules read which kind of source. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.visiting import Source
from spiders import api, documents, feed, listing, sitemap, telegram
from spiders.extract import parts_of
from spiders.sites import belta, openkg, secretariat, tass

if TYPE_CHECKING:
    from spiders.site import Site

_RULES: tuple[Site, ...] = (
    secretariat.SITE,
    belta.SITE,
    tass.SITE,
    openkg.SITE,
    feed.SITE,
    sitemap.SITE,
    listing.SITE,
    telegram.SITE,
    api.SITE,
)
_SITES: dict[str, Site] = {rules.kind: rules for rules in _RULES}
KINDS = tuple(sorted((*_SITES, documents.SITE.kind)))
"""What a source can be."""

ANY_PAGE = listing.SITE.kind
"""The kind whose rules read any page."""

READERS = tuple(sorted(_SITES))
"""Whose rules can read a page."""


def site(kind: str) -> Site:
    """Return the rules named `kind`, one of `KINDS`. Raises KeyError for another name."""
    return documents.SITE if kind == documents.SITE.kind else _SITES[kind]


def reader(source: Source) -> Site:
    """Return the rules that read a source's pages; a folder's may be those of any site."""
    if source.kind != documents.SITE.kind:
        return site(source.kind)
    return site(source.reads_as) if source.reads_as else listing.SITE


def kind_of(url: str) -> str:
    """Return the kind of the rules written for an address's host, `listing` for any other."""
    host = (parts_of(url).hostname or "").lower()
    return next((rules.kind for rules in _RULES if host in rules.hosts), listing.SITE.kind)


def default_source(kind: str) -> Source:
    """Return a source of this kind as it is without configuration: the site's live sections.

    Rules for any site have none, and no language of their own.
    """
    rules = site(kind)
    return Source(
        name=kind,
        kind=kind,
        urls=rules.sections,
        timezone=rules.zone,
        language=rules.language or None,
    )
