"""Servers on free loopback ports, all on one event loop in one thread.

`start` returns when the loop runs, `listen_http` and `listen` when the port accepts, `stop` when
nothing is left of either. What a server says is decided elsewhere: this file only carries it.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from abc import ABC, abstractmethod
from functools import partial
from typing import TYPE_CHECKING, Self, TypeVar

from monitor.newsroom.wire import Ending, Request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from monitor.newsroom.wire import Answer

    Respond = Callable[[Request], Answer]

T = TypeVar("T")
HOST = "127.0.0.1"
LARGEST_BODY = 10 * 1024 * 1024
LAST_WORDS = 5.0
STEPS_OF_ACCEPTING = 5


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
            talk = self._talk(name, respond, reader, writer)
            self._admit(asyncio.get_running_loop().create_task(talk))

        return self._call(lambda: asyncio.start_server(connected, HOST, 0))

    def listen(self, protocol: Callable[[asyncio.AbstractEventLoop], asyncio.Protocol]) -> int:
        """Serve another protocol on a free port, which is returned."""

        def connected() -> asyncio.Protocol:
            return protocol(asyncio.get_running_loop())

        return self._call(lambda: asyncio.get_running_loop().create_server(connected, HOST, 0))

    def track(self, transport: asyncio.BaseTransport) -> None:
        """Close this connection at the end; called on the loop by protocols of `listen`."""
        self._open.add(transport)
        if self._halt.is_set():
            transport.close()

    def release(self, name: str | None = None) -> None:
        """End the connections that hang, of one HTTP server or of all."""
        if self._loop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(partial(self._release, name))

    def _release(self, name: str | None) -> None:
        for owner, transport in list(self._hanging):
            if name in {None, owner}:
                transport.close()

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
        await self._close_ports()
        for talk in self._talks:
            talk.cancel()
        for transport in self._open:
            transport.close()
        if others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others, timeout=LAST_WORDS)
        for server in self._servers:
            await server.wait_closed()

    async def _close_ports(self) -> None:
        """Accept nobody any more, and let those in who are at the door: `_admit` ends their visit.

        Python 3.11 forgets a connection that it accepted just before its server was closed, and
        the visitor waits for ever: so accepting ends first, and the servers close after it.
        """
        loop = asyncio.get_running_loop()
        for server in self._servers:
            for port in server.sockets:
                loop.remove_reader(port.fileno())
        for _ in range(STEPS_OF_ACCEPTING):
            await asyncio.sleep(0)
        for server in self._servers:
            server.close()

    def _admit(self, talk: asyncio.Task[None]) -> None:
        self._talks.add(talk)
        talk.add_done_callback(self._ended)
        if self._halt.is_set():
            talk.cancel()

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
            if answer.ending is Ending.HANG:
                await self._hang(name, answer.encoded(request.method), reader, writer)
                return
            writer.write(answer.encoded(request.method))
            await writer.drain()
            if answer.ending is Ending.RESET:
                _reset(writer)
            if answer.ending is not Ending.KEEP:
                return
            if request.headers.get("connection", "").lower() == "close":
                return

    async def _hang(
        self, name: str, begun: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Begin an answer, then say nothing until the visitor leaves or is released."""
        entry = (name, writer.transport)
        self._hanging.add(entry)
        try:
            writer.write(begun)
            await reader.read()
        finally:
            self._hanging.discard(entry)


class Premises(ABC):
    """Servers of one kind on a loopback of their own. Use them as a context manager."""

    def __init__(self, name: str) -> None:
        self._loopback = Loopback(name)

    @abstractmethod
    def start(self) -> object:
        """Open; return where."""

    def stop(self) -> None:
        """Close; visitors that hang are let go. Stopping twice is harmless."""
        self._loopback.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close at once, so that the visitor's side is reset and not merely ended."""
    writer.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
    )
    writer.transport.abort()


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
