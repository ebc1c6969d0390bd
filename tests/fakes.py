"""Stand-ins for the core's side of the seam, and a local server to put a connector's routes into.

`MemoryIntake` and `MemoryLog` keep the contracts of `connectors/port.py`; the real ones pass the same tests
(`tests/unit/connectors/contract.py`). `LocalServer` is a real aiohttp server that can be stopped and started again.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import urlsplit

from aiohttp import web

from connectors.port import Attachment, Button, Command, Connector, Intake, LogEntry, RawMessage

T = TypeVar("T")

PATIENCE_S = 60.0  # how long a machine may be busy before a test calls it broken


class StoreDown(Exception):
    """What the fakes raise when told to fail."""


class MemoryIntake:
    """An `Intake` in memory. messages: what was stored, in order.

    down: fail every call. gate: a call that brings messages waits for it after it has stored (set = open): for crashes between
    store and answer.
    """

    def __init__(self) -> None:
        self.messages: list[RawMessage] = []
        self.cursors: dict[str, str] = {}
        self.calls = 0
        self.down = False
        self.gate = asyncio.Event()
        self.gate.set()
        self._changed = asyncio.Condition()

    async def store(self, messages: Sequence[RawMessage], *, cursor: tuple[str, str] | None = None) -> list[bool]:
        self.calls += 1
        if self.down:
            raise StoreDown("the inbox is down")
        known = {(message.channel, message.external_id) for message in self.messages}
        new: list[bool] = []
        for message in messages:
            identity = (message.channel, message.external_id)
            new.append(identity not in known)
            if identity not in known:
                known.add(identity)
                self.messages.append(message)
        if cursor is not None:
            self.cursors[cursor[0]] = cursor[1]
        async with self._changed:
            self._changed.notify_all()
        if messages:
            await self.gate.wait()
        return new

    async def cursor(self, name: str) -> str | None:
        return self.cursors.get(name)

    async def stored(self, count: int, *, timeout_s: float = 10) -> list[RawMessage]:
        """Wait until at least `count` messages are stored."""
        async with asyncio.timeout(timeout_s), self._changed:
            await self._changed.wait_for(lambda: len(self.messages) >= count)
        return self.messages


class MemoryLog:
    """A `ConversationLog` in memory. down: fail every call. readings: how often it was read."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.lines: dict[tuple[str, str], list[LogEntry]] = {}
        self.down = False
        self.readings = 0
        self._now = now

    async def append(
        self,
        channel: str,
        conversation: str,
        key: str,
        *,
        outgoing: bool,
        text: str,
        buttons: Sequence[Button] = (),
        files: Sequence[Attachment] = (),
        menu: tuple[Command, ...] | None = None,
    ) -> LogEntry:
        await asyncio.sleep(0)  # a real log lets others run here
        if self.down:
            raise StoreDown("the log is down")
        lines = self.lines.setdefault((channel, conversation), [])
        for line in lines:
            if line.key == key:
                return line
        above = lines[-1].seq if lines else 0
        lines.append(LogEntry(above + 1, key, outgoing, text, tuple(buttons), self._now(), tuple(files), menu))
        return replace(lines[-1], after=above)

    async def hear(
        self, intake: Intake, raw: RawMessage, key: str, *, text: str, files: Sequence[Attachment] = ()
    ) -> LogEntry:
        await intake.store([raw])
        return await self.append(raw.channel, raw.conversation, key, outgoing=False, text=text, files=files)

    async def since(self, channel: str, conversation: str, seq: int, *, limit: int = 200) -> list[LogEntry]:
        await asyncio.sleep(0)
        self.readings += 1
        if self.down:
            raise StoreDown("the log is down")
        return [line for line in self.lines.get((channel, conversation), []) if line.seq > seq][:limit]


class LocalServer:
    """A real server on 127.0.0.1 with these routes. The port stays the same over `stop` and `start`."""

    def __init__(self, routes: Callable[[], Sequence[web.RouteDef]]) -> None:
        self._routes = routes
        self._runner: web.AppRunner | None = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        app = web.Application()
        app.add_routes(self._routes())
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await runner.cleanup()


async def half_a_call(url: str, headers: Mapping[str, str]) -> int:
    """Announce a body of nine bytes, send none of them, and return the status of the answer."""
    parts = urlsplit(url)
    lines = [f"POST {parts.path} HTTP/1.1", "Host: x", "Content-Length: 9", *(f"{k}: {v}" for k, v in headers.items())]
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write("".join(f"{line}\r\n" for line in (*lines, "")).encode())
        async with asyncio.timeout(10):
            return int((await reader.readline()).split()[1])
    finally:
        writer.close()


@contextlib.asynccontextmanager
async def listening(connector: Connector, intake: Intake) -> AsyncIterator[None]:
    """Let the connector listen meanwhile; it is closed at the end."""
    task = asyncio.create_task(connector.listen(intake), name=f"listen:{connector.channel}")
    await asyncio.sleep(0)  # one turn: from here on it takes messages
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await connector.close()


async def eventually(condition: Callable[[], bool], *, timeout_s: float = 20) -> None:
    """Wait until the condition holds; for what can only be looked at, not waited for."""
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.002)


async def until(
    question: Callable[[], Awaitable[T]], what: str, timeout_s: float = PATIENCE_S, *, every_s: float = 0.01
) -> T:
    """Ask until the answer is true-like, and return it. For what can be looked at in a database, not waited for."""
    try:
        async with asyncio.timeout(timeout_s):
            while not (answer := await question()):  # noqa: ASYNC110
                await asyncio.sleep(every_s)
            return answer
    except TimeoutError:
        raise AssertionError(f"not seen within {timeout_s:g} s: {what}") from None
