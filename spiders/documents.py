"""A folder that people drop saved pages and texts into, as a kind of source. Pure.

It has no lists and no pages to ask for: `spiders.folder` reads the files, by the rules that the
source names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spiders.anysite import AnySite
from spiders.site import Listing

if TYPE_CHECKING:
    from datetime import datetime

    from db.visiting import Source
    from spiders.blocks import Page
    from spiders.site import Fetch


class Documents(AnySite):
    """Files of a folder."""

    kind = "documents"
    has_pages = False

    def is_article(self, url: str) -> bool:
        """Tell nothing to be worth asking for: what there is lies in the folder."""
        del url
        return False

    def read_list(self, page: Page, fetch: Fetch, source: Source, seen: datetime) -> Listing:
        """Read nothing: a folder is no page."""
        del page, fetch, source, seen
        return Listing()


SITE = Documents()
