"""tass.ru as a foreign visitor meets it: a block page everywhere, and a feed that answers. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.newsroom.faults import servicepipe
from monitor.newsroom.tass import feed
from monitor.newsroom.wire import RSS, Answer, text_answer

if TYPE_CHECKING:
    from monitor.newsroom.press import Desk
    from monitor.newsroom.wire import Request


def answer(request: Request, desk: Desk) -> Answer | None:
    """Return what the site answers: robots.txt is behind the block page too."""
    if request.path == "/rss/v2.xml":
        return text_answer(feed(desk), RSS)
    return servicepipe().spoil(Answer())
