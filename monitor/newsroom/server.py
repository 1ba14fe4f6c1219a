"""Servers on free loopback ports, all on one event loop in one thread.

`start` returns when the loop runs, `listen_http` and `listen` when the port accepts, `stop` when
nothing is left of either. What a server says is decided elsewhere: this file only carries it.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from monitor.newsroom.wire import Ending, Request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from monitor.newsroom.wire import Answer

    Respond = Callable[[Request], Answer]

T = TypeVar("T")
HOST = "127.0.0.1"
LARGEST_BODY = 10 * 1024 * 1024


class Loopback:
    """An event loop in a thread, and the servers on it. Its methods are called from outside."""

    def __init__(self, name: str) -> None:
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._halt = asyncio.Event()
        self._servers: list[asyncio.Server] = []
        self._talks: set[asyncio.Task[None]] = set()
        self._open: set[asyncio.BaseTransport] = set()
        self._hanging: set[tuple[str, asyncio.WriteTransport]] = set()
        self._failures: list[BaseException] = []

    def start(self) -> None:
        """Start the thread; return when its loop runs."""
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """Close every port and connection, end the thread; a mistake in a server is raised now."""
        if self._loop is None or not self._thread.is_alive():
            return
        self._loop.call_soon_threadsafe(self._halt.set)
        self._thread.join()
        if self._failures:
            raise self._failures[0]

    def listen_http(self, name: str, respond: Respond) -> int:
        """Serve HTTP on a free port, which is returned. `respond` runs on the loop's thread."""

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            talk = asyncio.ensure_future(self._talk(name, respond, reader, writer))
            self._talks.add(talk)
            talk.add_done_callback(self._ended)

        return self._call(lambda: asyncio.start_server(connected, HOST, 0))

    def listen(self, protocol: Callable[[asyncio.AbstractEventLoop], asyncio.Protocol]) -> int:
        """Serve another protocol on a free port, which is returned."""

        def connected() -> asyncio.Protocol:
            return protocol(asyncio.get_running_loop())

        return self._call(lambda: asyncio.get_running_loop().create_server(connected, HOST, 0))

    def track(self, transport: asyncio.BaseTransport) -> None:
        """Close this connection at the end; called on the loop by protocols of `listen`."""
        self._open.add(transport)

    def release(self, name: str | None = None) -> None:
        """End the connections that hang, of one HTTP server or of all."""
        if self._loop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(partial(self._release, name))

    def _release(self, name: str | None) -> None:
        for owner, transport in list(self._hanging):
            if name in {None, owner}:
                transport.abort()

    def _call(self, make: Callable[[], Awaitable[asyncio.Server]]) -> int:
        async def open_server() -> int:
            server = await make()
            self._servers.append(server)
            port: int = server.sockets[0].getsockname()[1]
            return port

        if self._loop is None:
            raise RuntimeError("start the loop before listening on it")
        return asyncio.run_coroutine_threadsafe(open_server(), self._loop).result()

    def _run(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ready.set()
        await self._halt.wait()
        for server in self._servers:
            server.close()
        for talk in self._talks:
            talk.cancel()
        for transport in self._open:
            transport.close()
        await asyncio.gather(*self._talks, return_exceptions=True)
        for server in self._servers:
            await server.wait_closed()

    def _ended(self, talk: asyncio.Task[None]) -> None:
        self._talks.discard(talk)
        if not talk.cancelled() and (failure := talk.exception()) is not None:
            self._failures.append(failure)

    async def _talk(
        self,
        name: str,
        respond: Respond,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        """Answer one visitor's requests until either side has enough."""
        try:
            await self._converse(name, respond, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the visitor left, or did not speak HTTP: both are its own affair
        except asyncio.CancelledError:
            writer.transport.abort()
            raise
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _converse(
        self,
        name: str,
        respond: Respond,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        while (request := await _read(reader)) is not None:
            answer = respond(request)
            writer.write(answer.encoded(request.method))
            await writer.drain()
            if answer.ending is Ending.RESET:
                writer.transport.abort()
            if answer.ending is Ending.HANG:
                await self._hang(name, reader, writer)
            if answer.ending is not Ending.KEEP:
                return
            if request.headers.get("connection", "").lower() == "close":
                return

    async def _hang(
        self, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Say nothing more until the visitor leaves, or is released, or the server stops."""
        entry = (name, writer.transport)
        self._hanging.add(entry)
        try:
            await reader.read()
        finally:
            self._hanging.discard(entry)


async def _read(reader: asyncio.StreamReader) -> Request | None:
    """Read one request; None when the visitor is done."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, *_ = [*first.split(" "), "/"]
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in lines)
    }
    length = headers.get("content-length", "0")
    size = min(int(length), LARGEST_BODY) if length.isdecimal() else 0
    body = await reader.readexactly(size)
    return Request(method=method, target=target, headers=headers, body=body)
