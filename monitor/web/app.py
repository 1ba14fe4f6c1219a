"""The daemon's HTTP side: feed files with validators, a list of them, and `/healthz`.

It changes nothing, and there is no login: what is served is public to whoever reaches the address.
Errors are plain text and say nothing about the machine.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from monitor.web.feed_files import FeedFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_KINDS = {"rss": "RSS", "xml": "RSS", "atom": "Atom", "json": "JSON", "opml": "OPML"}
_SAFE = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
)


def app(
    feeds: Path,
    *,
    hosts: Iterable[str],
    health: Callable[[], Mapping[str, str]],
    sources: Callable[[], Mapping[str, str]] = dict,
) -> Starlette:
    """Return the application.

    `hosts` is the Host names it answers to, without ports: a page elsewhere cannot reach it
    through a name of its own (DNS rebinding). `health` gives each job's state, `ok` or not;
    `sources` that of each source, which is news of somebody else's health and not of ours.
    """
    folder = FeedFolder(feeds)

    def feed(request: Request) -> Response:
        file = folder.read(request.path_params["name"])
        if file is None:
            raise HTTPException(404, "There is no such feed.")
        if file.is_known_to(request.headers):
            return Response(status_code=304, headers=file.headers())
        return Response(file.body, media_type=file.media, headers=file.headers())

    def healthz(_request: Request) -> Response:
        jobs = dict(health())
        fine = all(state == "ok" for state in jobs.values())
        told = {
            "status": "ok" if fine else "failing",
            "jobs": jobs,
            "sources": dict(sources()),
        }
        return JSONResponse(told, status_code=200 if fine else 503)

    def index(request: Request) -> Response:
        base = "" if request.url.path == "/feeds/" else "feeds/"
        return HTMLResponse(page(folder.names(), base))

    built = Starlette(
        routes=[
            Route("/", index),
            Route("/feeds/", index),
            Route("/feeds/{name}", feed),
            Route("/healthz", healthz),
        ],
        middleware=[Middleware(Door, hosts=frozenset(host.lower() for host in hosts))],
        exception_handlers={HTTPException: _plain},
    )
    built.router.redirect_slashes = False
    return built


def page(names: Iterable[str], base: str) -> str:
    """Return the list of feeds as HTML; links begin with `base`."""
    formats: dict[str, list[str]] = {}
    for name in names:
        formats.setdefault(name.rpartition(".")[0], []).append(name)
    rows = "\n".join(
        f"<li>{escape(feed)}: "
        + " ".join(f'<a href="{escape(base + name)}">{_kind(name)}</a>' for name in files)
        for feed, files in formats.items()
    )
    return (
        '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Dateline: feeds</title>\n'
        f"<h1>Feeds</h1>\n<ul>\n{rows}\n</ul>\n"
        + ("" if rows else "<p>None yet: the first round publishes them.</p>\n")
    )


def _kind(name: str) -> str:
    return _KINDS[name.rpartition(".")[2]]


def _plain(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return PlainTextResponse(f"{error.detail}\n", error.status_code, headers=error.headers)


class Door:
    """Lets in requests that name this server as their host, and marks every answer as inert."""

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str]) -> None:
        self._inner = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 400 (RFC 9112 §3.2)."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *_SAFE]}
            await send(message)

        if self._knows(scope):
            await self._inner(scope, receive, send_marked)
        else:
            refusal = PlainTextResponse("This server does not go by that name.\n", 400)
            await refusal(scope, receive, send_marked)

    def _knows(self, scope: Scope) -> bool:
        named = [value for name, value in scope["headers"] if name == b"host"]
        if len(named) != 1:
            return False
        host = named[0].decode("latin-1").lower()
        if not host.endswith("]"):
            host = host.rpartition(":")[0] or host
        return host.strip("[]") in self._hosts
