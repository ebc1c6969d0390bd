"""An SMTP server that takes everything and keeps nothing: `python -m benchmarks.sink` prints its port, then counts.

It runs in a process of its own, so that its work is not counted as ours. Ends when its standard input closes.
"""

from __future__ import annotations

import asyncio
import sys


class _Session(asyncio.Protocol):
    """As much of RFC 5321 as a sender needs that neither pipelines nor authenticates."""

    def __init__(self) -> None:
        self._buffer = b""
        self._in_data = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        self._buffer += data
        while True:
            if self._in_data:
                end = self._buffer.find(b"\r\n.\r\n")
                if end < 0:
                    return
                self._buffer = self._buffer[end + 5 :]
                self._in_data = False
                self._transport.write(b"250 OK\r\n")
                continue
            line, found, rest = self._buffer.partition(b"\r\n")
            if not found:
                return
            self._buffer = rest
            verb = line[:4].upper()
            if verb == b"EHLO":
                self._transport.write(b"250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n")
            elif verb == b"DATA":
                self._in_data = True
                self._transport.write(b"354 go on\r\n")
            elif verb == b"QUIT":
                self._transport.write(b"221 bye\r\n")
                self._transport.close()
                return
            else:
                self._transport.write(b"250 OK\r\n")


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Session, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve())
