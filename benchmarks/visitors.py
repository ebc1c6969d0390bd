"""Customers at the web chat's page: `python -m benchmarks.visitors URL --turns 2000 --of-each 10 --at-once 100`.

Each opens the page and its socket as the browser does, speaks, waits for the answer, and speaks again. It runs in a process
of its own, so that its work is not counted as ours, and prints a line when everybody is there, then one JSON object: how
long each answer was waited for, and what was spoken. An answer too many, or none, is an error. `--echo` serves the bare limit
instead: a page's socket that answers at once and does nothing else; it prints its port.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from aiohttp import ClientSession, ClientWebSocketResponse, web

TROUBLE = "我住{building}栋{room}室,厨房漏水三天了,报修没有人来。电话{phone},我姓王。"
QUESTION = "进度怎么样了?"
_PATIENCE_S = 30.0  # for one answer: whoever waits longer was forgotten
_QUIET_S = 0.3  # in which no second answer may come


@dataclass(slots=True)
class Pace:
    """When turns begin: `per_second` of them, or as soon as somebody is free (0)."""

    per_second: float
    began: float = field(default_factory=time.perf_counter)
    _turns: Iterator[int] = field(default_factory=itertools.count)

    async def next(self) -> float:
        """Wait for the next turn and return when it was to begin: who is kept waiting for it has waited, too."""
        if not self.per_second:
            return time.perf_counter()
        at = self.began + next(self._turns) / self.per_second
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        return at


class Visitor:
    """One customer at the page. number: of whom; each comes from an address of their own."""

    def __init__(self, session: ClientSession, url: str, number: int) -> None:
        self._session = session
        self._url = url
        self._from = {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}", "Origin": url}
        self._trouble = TROUBLE.format(
            building=number // 300 + 1, room=number % 300 + 101, phone=13_800_000_000 + number
        )
        self._ids = itertools.count(1)
        self._socket: ClientWebSocketResponse | None = None

    async def open(self) -> None:
        async with self._session.get(f"{self._url}/chat", headers=self._from) as page:
            page.raise_for_status()
            await page.read()
        self._socket = await self._session.ws_connect(f"{self._url}/chat/socket", headers=self._from)
        await self._socket.send_json({"type": "hello", "secret": None, "seen": 0, "locale": "zh"})
        await self._until("welcome")

    async def turn(self) -> None:
        """Say something, first what the trouble is, then how it stands, and wait for the answer."""
        assert self._socket is not None
        turn = next(self._ids)
        text = QUESTION if turn > 1 else self._trouble
        await self._socket.send_json({"type": "say", "id": f"m{turn}", "text": text})
        try:
            async with asyncio.timeout(_PATIENCE_S):
                while not (await self._until("line"))["out"]:
                    pass
        except TimeoutError:
            raise RuntimeError(f"no answer to {text!r} within {_PATIENCE_S:g} s") from None

    async def close(self) -> None:
        """Leave. Raises RuntimeError if more was answered than was said."""
        assert self._socket is not None
        try:
            async with asyncio.timeout(_QUIET_S):
                while True:
                    line = await self._until("line")
                    if line["out"]:
                        raise RuntimeError(f"an answer too many: {line['text']!r}")
        except TimeoutError:
            await self._socket.close()

    async def _until(self, wanted: str) -> Mapping[str, object]:
        assert self._socket is not None
        while True:
            frame: Mapping[str, object] = await self._socket.receive_json()
            if frame["type"] == "refused":
                raise RuntimeError(f"refused: {frame['reason']}")
            if frame["type"] == wanted:
                return frame


async def visit(
    url: str, turns: int, of_each: int, at_once: int, per_second: float, first: int, ready: Callable[[], None]
) -> dict[str, object]:
    """Speak so many turns, `of_each` to a conversation and `at_once` conversations beside each other.

    People do not all come in the same second: when turns begin to count (`ready` is called then), every conversation is at
    another point, one in `of_each` at its beginning. Returns what was waited, in milliseconds, and what was spoken in all.
    """
    waits: list[float] = []
    left = iter(range(turns))
    numbers = itertools.count(first)
    spoken = conversations = 0
    pace = Pace(per_second)

    async def arrive(session: ClientSession) -> Visitor:
        nonlocal conversations
        conversations += 1
        visitor = Visitor(session, url, next(numbers))
        await visitor.open()
        return visitor

    async def begin(session: ClientSession, said_before: int) -> Visitor:
        nonlocal spoken
        visitor = await arrive(session)
        for _ in range(said_before):
            await visitor.turn()
            spoken += 1
        return visitor

    async def seat(session: ClientSession, visitor: Visitor, said_before: int) -> None:
        nonlocal spoken
        said = said_before
        while next(left, None) is not None:
            if said == of_each:
                await visitor.close()
                visitor, said = await arrive(session), 0
            began = await pace.next()
            await visitor.turn()
            waits.append((time.perf_counter() - began) * 1000)
            spoken, said = spoken + 1, said + 1
        await visitor.close()

    async with ClientSession() as session:
        before = [nth % of_each for nth in range(at_once)]
        there = await asyncio.gather(*(begin(session, said) for said in before))
        ready()
        pace.began = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for visitor, said in zip(there, before, strict=True):
                tasks.create_task(seat(session, visitor, said))
        seconds = time.perf_counter() - pace.began
    return {"seconds": seconds, "waits_ms": waits, "spoken": spoken, "conversations": conversations}


async def echo() -> None:
    """Serve the page's socket with nothing behind it, until standard input closes."""

    async def page(_request: web.Request) -> web.Response:
        return web.Response(text="echo")

    async def socket(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(compress=False)
        await ws.prepare(request)
        async for frame in ws:
            said = json.loads(frame.data)
            if said["type"] == "hello":
                await ws.send_json({"type": "welcome"})
            else:
                await ws.send_json({"type": "line", "out": True, "text": said["text"]})
        return ws

    server = web.Application()
    server.add_routes([web.get("/chat", page), web.get("/chat/socket", socket)])
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", nargs="?", default="")
    parser.add_argument("--echo", action="store_true")
    parser.add_argument("--turns", type=int, default=1)
    parser.add_argument("--of-each", type=int, default=1, help="turns of one conversation")
    parser.add_argument("--at-once", type=int, default=1)
    parser.add_argument("--per-second", type=float, default=0.0)
    parser.add_argument("--first", type=int, default=0, help="the number of the first visitor")
    options = parser.parse_args()
    if options.echo:
        asyncio.run(echo())
        return
    figures = asyncio.run(
        visit(
            options.url,
            options.turns,
            options.of_each,
            options.at_once,
            options.per_second,
            options.first,
            lambda: print("there", flush=True),
        )
    )
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
