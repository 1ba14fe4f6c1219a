"""Pages that a script fills in, drawn by a browser that has no network of its own.

The only module that knows scrapy-playwright (the extra `browser`). Whatever the page asks for, its
document first, is fetched by us and handed to the browser: so robots.txt, spacing, the address
guard, sizes and deadlines hold for each of its requests as for any other. The browser itself finds
no name and no proxy, so what escapes the interception (a socket, a worker) leads nowhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import resource
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error as BrowserError
from scrapy import Request
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http.request import NO_CALLBACK
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

from db.visiting import State
from spiders import browsers
from spiders.courtesy import Refused, headers_of, problem_of
from spiders.courtesy_download import PoliteHandler
from spiders.judge import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.async_api import Page, Route
    from playwright.async_api import Request as Wish
    from scrapy.crawler import Crawler
    from scrapy.http import Response

log = logging.getLogger("dateline.spider")

DRAWN = "drawn"
"""The key of a request's meta that asks for a page to be drawn."""

SETTINGS: dict[str, Any] = {
    "DOWNLOAD_HANDLERS": {
        "http": "spiders.courtesy_browser.BrowserHandler",
        "https": "spiders.courtesy_browser.BrowserHandler",
    },
    "PLAYWRIGHT_RESTART_DISCONNECTED_BROWSER": False,
    "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 1,
}
"""Scrapy's settings for a process in which pages are drawn."""

_CUT_OFF = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-dev-shm-usage", "--renderer-process-limit=1", "--js-flags=--max-old-space-size=256",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    # No name is found, and whatever is not intercepted meets a proxy that is not there.
    "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
)  # fmt: skip
_WANTED = frozenset(("document", "script", "xhr", "fetch"))
_MOST_WISHES = 60
_QUIET_WITHIN = 10_000  # milliseconds that a page may take until it asks for nothing more
_NOT_PASSED = frozenset(
    ("content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie",
     "alt-svc", "strict-transport-security")
)  # fmt: skip
# What a server says of its document says nothing of what a script made of it.
_OF_THE_DOCUMENT = ("Content-Encoding", "Content-Length", "ETag", "Last-Modified")


class BrowserHandler(PoliteHandler):
    """The polite handler, which has pages drawn where a request wants it."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._browser: _FedBrowser | None = None
        self._turn = asyncio.Lock()

    async def _politely(self, request: Request) -> Response:
        if not request.meta.get(DRAWN):
            return await super()._politely(request)
        async with self._turn:
            if self._browser is not None and self._browser.is_dead:
                await self._lose()
            if self._browser is None:
                self._browser = _FedBrowser(self._crawler)
            try:
                return await self._browser.draw(request)
            except DownloadTimeoutError:
                # A script that never ends holds the page, and with it all that would follow.
                await self._lose()
                raise

    async def _lose(self) -> None:
        """Give the browser up; the next page has a new one."""
        lost, self._browser = self._browser, None
        if lost is not None:
            await lost.give_up()

    async def close(self) -> None:
        """Close the browser, if one was needed, and the connections."""
        if self._browser is not None:
            await self._browser.close()
        await super().close()


class _FedBrowser(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]
    """A browser whose requests we make."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        found = browsers.on_path()
        self.config.launch_options = {"args": list(_CUT_OFF), "chromium_sandbox": False}
        if found:
            self.config.launch_options["executable_path"] = found
        self._crawler = crawler
        self._seconds = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        self._failed: list[Exception] = []
        self._document: Response | None = None
        self._final = ""

    @property
    def is_dead(self) -> bool:
        """True if the browser was started and is no longer there."""
        return hasattr(self, "browser") and not self.browser.is_connected()

    async def draw(self, request: Request) -> Response:
        """Return a page as its scripts leave it, at the address where it was found.

        Raises DownloadTimeoutError for one that does not come to rest; the browser is lost then.
        """
        await self._start()
        try:
            response = await asyncio.wait_for(self._draw(request), 2 * self._seconds)
        except TimeoutError:
            raise DownloadTimeoutError from None
        except BrowserError as error:
            raise (*self._failed, _broken(error))[0] from error
        headers = response.headers.copy()
        for name in _OF_THE_DOCUMENT:
            headers.pop(name, None)
        # The browser's text is characters; whatever charset the server named is past.
        headers["Content-Type"] = "text/html; charset=utf-8"
        body = response.text.encode("utf-8", "replace")
        drawn: Response = response.replace(
            url=self._final, headers=headers, body=body, encoding="utf-8", request=request
        )
        return drawn

    async def _draw(self, request: Request) -> Response:
        """Fetch the document first: its scripts belong to the address to which it was moved."""
        try:
            document = await self._fetch(Request(request.url))
        except Exception as error:
            raise _said(error, request.url) from error
        self._failed, self._document, self._final = [], document, document.url
        wish = request.replace(
            url=document.url,
            meta=request.meta
            | {
                "playwright": True,
                "playwright_context_kwargs": {
                    "user_agent": self._crawler.settings["USER_AGENT"],
                    "accept_downloads": False,
                    "service_workers": "block",  # they would ask behind our back
                },
                "playwright_page_goto_kwargs": {"wait_until": "domcontentloaded"},
                "playwright_page_methods": [PageMethod(_settle)],
            },
        )
        drawn: Response = await self._download_request(wish)
        return drawn

    async def give_up(self) -> None:
        """End a browser whose page no longer answers, not even to being closed."""
        self.context_wrappers.clear()
        with contextlib.suppress(TimeoutError, BrowserError):
            await asyncio.wait_for(self.close(), self._seconds)

    async def _start(self) -> None:
        if hasattr(self, "browser"):
            return
        try:
            with _uncapped():
                await self._launch()
                await self._maybe_launch_browser()
        except BrowserError as error:
            why = browsers.missing() or f"the browser does not start: {_first_line(error)}"
            raise Refused(Problem(State.ERRORING, f"its pages need a browser; {why}")) from error

    def _make_request_handler(self, **given: Any) -> Callable[[Route, Wish], Any]:
        """Answer each of the page's wishes ourselves; `given` is scrapy-playwright's."""
        del given
        wishes = 0

        async def answer(route: Route, wish: Wish) -> None:
            nonlocal wishes
            wishes += 1
            with contextlib.suppress(BrowserError):  # the page was closed meanwhile
                if wish.resource_type not in _WANTED or wishes > _MOST_WISHES:
                    await route.abort()
                    return
                try:
                    found = await self._found(wish)
                except Exception as error:  # noqa: BLE001 - a page lives with what it cannot have
                    log.debug("event=not_had url=%s error=%r", wish.url, error)
                    if _is_the_page(wish):
                        self._failed.append(_said(error, wish.url))
                    await route.abort()
                    return
                if _is_the_page(wish):
                    self._final = found.url
                headers = headers_of(found)
                passed = {name: headers[name] for name in headers.keys() - _NOT_PASSED}
                await route.fulfill(status=found.status, headers=passed, body=found.body)

        return answer

    async def _found(self, wish: Wish) -> Response:
        if _is_the_page(wish) and self._document is not None:
            document, self._document = self._document, None
            return document
        headers = {n: v for n, v in wish.headers.items() if n in ("accept", "content-type")}
        body = wish.post_data_buffer or b""
        return await self._fetch(Request(wish.url, method=wish.method, headers=headers, body=body))

    async def _fetch(self, wish: Request) -> Response:
        request = wish.replace(
            callback=NO_CALLBACK,
            dont_filter=True,
            # The page itself holds a place in its host's slot until it is drawn.
            meta={"download_slot": "browser", "dont_retry": True},
        )
        return await self._crawler.engine.download_async(request)


def _is_the_page(wish: Wish) -> bool:
    return bool(wish.is_navigation_request() and wish.frame.parent_frame is None)


def _said(error: Exception, url: str) -> Exception:
    return error if isinstance(error, Refused) else Refused(problem_of(error, url))


def _broken(error: BrowserError) -> Refused:
    words = f"the browser could not draw it: {_first_line(error)}"
    return Refused(Problem(State.ERRORING, words))


def _first_line(error: BrowserError) -> str:
    return str(error).split("\n", 1)[0][:200]


async def _settle(page: Page) -> None:
    """Wait until a page asks for nothing more; one that always does is taken as it stands."""
    with contextlib.suppress(BrowserError):
        await page.wait_for_load_state("networkidle", timeout=_QUIET_WITHIN)


@contextlib.contextmanager
def _uncapped() -> Iterator[None]:
    """Lift this process's cap of memory while the browser starts, which reserves far more.

    The browser keeps what holds when it starts; what bounds it are its own flags and the deadline.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
