"""The port's connections against those who open them and bring nothing, or nothing that is a request."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest
from aiohttp import web

from connectors.doorway import Connection, Doorway, Waiting
from tests.fakes import eventually

Wire = tuple[asyncio.StreamReader, asyncio.StreamWriter]
HALF = b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "
WHOLE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
NO_REQUEST = b"GET /\xff13812345678 HTTP/1.1\r\nHost: x\r\n\r\n"
TIMEOUT_S = 10


class House:
    """A server behind a doorway. held: while it is not set, nothing is answered."""

    def __init__(self, waiting: Waiting) -> None:
        self.doorway = Doorway(waiting)
        self.held = asyncio.Event()
        self.held.set()
        self.wires: list[Wire] = []
        self.port = 0

    async def connects(self, says: bytes = b"", host: str = "127.0.0.1") -> Wire:
        wire = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(host, 0))
        self.wires.append(wire)
        wire[1].write(says)
        return wire

    async def wait_here(self, many: int) -> None:
        await eventually(lambda: self.doorway.waiting == many)

    async def answer(self, request: web.Request) -> web.Response:
        await self.held.wait()
        return web.Response(text=f"{len(await request.read())} bytes")


@asynccontextmanager
async def house(waiting: Waiting | None = None) -> AsyncIterator[House]:
    it = House(waiting or Waiting())
    app = web.Application(middlewares=[it.doorway.middleware])
    app.router.add_route("*", "/", it.answer)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    assert runner.server is not None
    connection = partial(Connection, runner.server, it.doorway, idle_s=60)
    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", 0)
    it.port = server.sockets[0].getsockname()[1]
    try:
        async with asyncio.timeout(TIMEOUT_S):
            yield it
    finally:
        it.held.set()
        for _, writer in it.wires:
            writer.close()
        server.close()
        await runner.cleanup()
        assert it.doorway.waiting == 0


async def status(wire: Wire) -> int:
    """Read one answer; return its status."""
    head = await wire[0].readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    await wire[0].readexactly(length)
    return int(head.split()[1])


async def test_of_those_that_wait_the_oldest_goes_and_who_comes_is_heard() -> None:
    async with house(Waiting(most=3)) as it:
        wires = []
        for n in range(1, 11):
            wires.append(await it.connects(HALF))
            await it.wait_here(min(n, 3))
        for reader, _ in wires[:7]:
            assert await reader.read() == b""
        for wire in wires[8:]:
            wire[1].write(b"\r\n\r\n")
            assert await status(wire) == 200
        assert await status(await it.connects(WHOLE)) == 200


async def test_one_address_loses_its_own_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.doorway._is_near", lambda _: False)
    async with house(Waiting(most_of_address=2)) as it:
        other = await it.connects(HALF, "127.0.0.2")
        await it.wait_here(1)
        wires = []
        for n in range(1, 7):
            wires.append(await it.connects(HALF))
            await it.wait_here(1 + min(n, 2))
        for reader, _ in wires[:4]:
            assert await reader.read() == b""
        for wire in (other, *wires[4:]):
            wire[1].write(b"\r\n\r\n")
            assert await status(wire) == 200


async def test_a_web_server_of_ours_brings_as_many_as_all() -> None:
    async with house(Waiting(most=4, most_of_address=1)) as it:
        for _ in range(4):
            await it.connects(HALF)
        await it.wait_here(4)


async def test_a_new_one_has_less_time_than_one_that_was_answered() -> None:
    async with house(Waiting(head_s=0.1)) as it:
        answered = await it.connects(WHOLE)
        assert await status(answered) == 200
        for begun in (b"", HALF):
            late = await it.connects(begun)
            assert await late[0].read() == b""
        answered[1].write(WHOLE)
        assert await status(answered) == 200


async def test_who_brought_a_whole_request_waits_no_more_until_it_is_answered() -> None:
    async with house(Waiting(most=1)) as it:
        it.held.clear()
        whole = [
            await it.connects(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok"),
            await it.connects(WHOLE),
        ]
        await it.wait_here(0)
        half = await it.connects(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nok")
        await it.wait_here(1)
        await it.connects(HALF)
        assert await half[0].read() == b""
        it.held.set()
        for wire in whole:
            assert await status(wire) == 200


@pytest.mark.parametrize(
    "says",
    [
        pytest.param(NO_REQUEST, id="a path that is none"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\nX 13812345678: 1\r\n\r\n", id="a header that is none"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x0313812345678\r\n\r\n", id="TLS"),
        pytest.param(b"GET /13812345678%s HTTP/1.1\r\n\r\n" % (b"x" * 9000), id="a line without end"),
        pytest.param(
            b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n13812345678z\r\n",
            id="a chunk that is none",
        ),
        pytest.param(
            b"POST /nothing HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n13812345678z\r\n",
            id="a chunk that is none, and that nobody reads",
        ),
        pytest.param(
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 11\r\n\r\n13812345678",
            id="an encoding that is none",
        ),
    ],
)
async def test_what_is_no_request_is_one_short_line_and_nothing_of_it(
    caplog: pytest.LogCaptureFixture, says: bytes
) -> None:
    async with house() as it:
        wire = await it.connects(says)
        answer = await wire[0].read()
        assert b"13812345678" not in answer
        assert b" 400 " in answer or b" 404 " in answer
        await eventually(lambda: bool(caplog.records))
    [record] = [record for record in caplog.records if record.levelno > logging.DEBUG]
    assert record.exc_info is None
    assert "13812345678" not in caplog.text
    assert len(record.getMessage()) < 100


async def test_who_goes_in_the_middle_of_a_body_leaves_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    async with house() as it:
        _, writer = await it.connects(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nok")
        await it.wait_here(1)
        writer.transport.abort()
        await it.wait_here(0)
        await eventually(lambda: bool(caplog.records))
    assert [record.exc_info for record in caplog.records if record.levelno > logging.DEBUG] == [None]


async def test_a_thousand_of_them_are_a_few_lines(caplog: pytest.LogCaptureFixture) -> None:
    doorway = Doorway(Waiting())
    async with house() as it:
        for _ in range(20):
            wire = await it.connects(NO_REQUEST)
            assert b" 400 " in await wire[0].read()
        doorway = it.doorway
    for _ in range(1000):
        doorway.malformed(ValueError("13812345678"))
    assert len(caplog.records) == 6
    assert "13812345678" not in caplog.text


async def test_what_was_not_said_is_counted(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    doorway = Doorway(Waiting())
    now_s = 0.0
    monkeypatch.setattr(doorway._malformed._room, "_clock", lambda: now_s)
    for _ in range(10):
        doorway.malformed(ValueError())
    now_s = 60.0
    doorway.malformed(ValueError())
    assert [record.getMessage().partition("; ")[2] for record in caplog.records] == [
        *[""] * 6,
        "4 more since it was last said",
    ]


async def test_that_no_connection_can_be_accepted_is_said_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    doorway, loop = Doorway(Waiting()), asyncio.get_running_loop()
    full = {
        "message": "socket.accept() out of system resource",
        "exception": OSError(errno.EMFILE, os.strerror(errno.EMFILE)),
    }
    for _ in range(1000):
        doorway.trouble(loop, full)
    [record] = caplog.records
    assert "Too many open files" in record.getMessage()
    assert record.exc_info is None
    doorway.trouble(loop, {"message": "a task fell over"})
    assert "a task fell over" in caplog.records[-1].getMessage()


@pytest.mark.parametrize(("files", "most"), [(1024, 512), (65_536, 2048), (-1, 2048)])
def test_half_of_the_files_that_may_be_open_are_left_to_others(files: int, most: int) -> None:
    waiting = Waiting.within(files, 15)
    assert waiting.most == most
    assert waiting.most_of_address <= most // 2
