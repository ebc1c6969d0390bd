"""The page's side of the socket protocol, for tests that need no browser."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp

Frame = dict[str, Any]
TIMEOUT_S = 10


class Wire:
    """One open WebSocket."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws

    async def send(self, **frame: object) -> None:
        await self.ws.send_str(json.dumps(frame))

    async def hello(self, secret: str | None = None, *, seen: int = 0, locale: str = "zh") -> Frame:
        """Say hello; return the welcome."""
        await self.send(type="hello", secret=secret, seen=seen, locale=locale)
        return await self.hears("welcome")

    async def say(self, message_id: str, text: str, **more: object) -> None:
        await self.send(type="say", id=message_id, text=text, **more)

    async def hears(self, kind: str) -> Frame:
        """Return the next frame, which must be of this type."""
        message = await self.ws.receive(timeout=TIMEOUT_S)
        assert message.type is aiohttp.WSMsgType.TEXT, (message.type, self.ws.close_code)
        frame: Frame = json.loads(message.data)
        assert frame["type"] == kind, frame
        return frame

    async def closed_with(self) -> int | None:
        """Read to the end; return the code it was closed with."""
        async with asyncio.timeout(TIMEOUT_S):
            while not self.ws.closed:
                await self.ws.receive()
        return self.ws.close_code

    def cut(self) -> None:
        """Break the connection without a word, as a phone in a lift does."""
        connection = self.ws._response.connection
        assert connection is not None
        assert connection.transport is not None
        connection.transport.abort()


@contextlib.asynccontextmanager
async def wired(url: str, *, origin: str | None = None) -> AsyncIterator[Wire]:
    """Open `url` (http) as a WebSocket, from a page of the same host unless `origin` says otherwise ("" = none)."""
    host = url.partition("://")[2].partition("/")[0]
    headers = {"Origin": f"http://{host}" if origin is None else origin}
    if origin == "":
        headers = {}
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url, headers=headers, max_msg_size=0, autoping=True) as ws,
    ):
        yield Wire(ws)
