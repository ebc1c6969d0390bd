"""A stretch of network in front of a server, that can fall silent, swallow what it is told to, or break."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable
from types import TracebackType


class Network:
    """`async with Network(port) as network`: `network.port` leads to `port` on this machine.

    Of several ports the first behind which somebody listens is taken, for each connection anew. silent: nothing gets through
    any more, and nobody is told. swallow: asked of every piece that comes back from the server; what it says True to is lost
    (only for connections in the clear). halve: of the next piece from the server half gets through, then the line breaks.
    delay_s: how long every piece from the server takes. overheard: told what got through: the connection's number, whether
    the server said it, the bytes. `cut` breaks all connections.
    """

    def __init__(self, *ports: int) -> None:
        self.port = 0
        self.silent = False
        self.halve = False
        self.delay_s = 0.0
        self.swallow: Callable[[bytes], bool] = lambda data: False
        self.overheard: Callable[[int, bool, bytes], None] = lambda connection, by_server, data: None
        self._there = ports
        self._numbers = itertools.count(1)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Network:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        while self._tasks:
            self.cut()
            await asyncio.wait(self._tasks, timeout=0.1)

    def cut(self) -> None:
        """Break all connections, in the middle of whatever is under way."""
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        ends = [writer]
        number = next(self._numbers)
        try:
            there, back = await self._reach()
            ends.append(back)
            self._writers.update(ends)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(reader, back, number, by_server=False))
                group.create_task(self._pump(there, writer, number, by_server=True))
        except OSError:
            pass  # the server behind is gone
        finally:
            self._writers.difference_update(ends)
            for each in ends:
                each.transport.abort()
            self._tasks.discard(task)

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        for port in self._there[:-1]:
            with contextlib.suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", port)
        return await asyncio.open_connection("127.0.0.1", self._there[-1])

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int, *, by_server: bool
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if by_server and self.delay_s:
                    await asyncio.sleep(self.delay_s)
                if self.silent or (by_server and self.swallow(data)):
                    continue
                broken = by_server and self.halve
                if broken:
                    self.halve, data = False, data[: len(data) // 2]
                writer.write(data)
                await writer.drain()
                self.overheard(number, by_server, data)
                if broken:
                    break
        writer.transport.abort()
