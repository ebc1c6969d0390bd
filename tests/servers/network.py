"""A stretch of network in front of a server, that can fall silent, swallow what it is told to, or break."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from types import TracebackType


class Network:
    """`async with Network(port) as network`: `network.port` leads to `port` on this machine.

    silent: nothing gets through any more, and nobody is told. swallow: asked of every piece that comes back from the server;
    what it says True to is lost (only for connections in the clear). delay_s: how long every piece from the server takes.
    `cut` breaks all connections.
    """

    def __init__(self, port: int) -> None:
        self.port = 0
        self.silent = False
        self.delay_s = 0.0
        self.swallow: Callable[[bytes], bool] = lambda data: False
        self._there = port
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
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """Break all connections, in the middle of whatever is under way."""
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        ends = [writer]
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._there)
            ends.append(back)
            self._writers.update(ends)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(reader, back, lambda data: False))
                group.create_task(self._pump(there, writer, lambda data: self.swallow(data), slow=True))
        except OSError:
            pass  # the server behind is gone
        finally:
            self._writers.difference_update(ends)
            for each in ends:
                each.transport.abort()
            self._tasks.discard(task)

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        lost: Callable[[bytes], bool],
        *,
        slow: bool = False,
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if slow and self.delay_s:
                    await asyncio.sleep(self.delay_s)
                if not self.silent and not lost(data):
                    writer.write(data)
                    await writer.drain()
        writer.transport.abort()
