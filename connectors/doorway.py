"""The port's connections: how many may wait with no whole request, and how little is written of what is none.

A connection waits from its start until a whole request has come by it, and again from each answer to the next request. Of those
that wait there may be so many in all and from one address: whoever comes beyond that is heard, and the one that has waited
longest goes. So who opens connections without end loses his own, and descriptors are left for the database.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.http import HttpProcessingError
from aiohttp.typedefs import Handler

from connectors.callers import Buckets, network_of

_log = logging.getLogger(__name__)

_MOST = 2048
_MOST_OF_ADDRESS = 256
_NO_REQUEST = (HttpProcessingError, web.RequestPayloadError)
_NO_ROOM = "socket.accept() out of system resource"  # as asyncio says it, a thousand times a second


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many connections may wait at once in all, and from one address that is not of our own network; and the seconds that a
    new one has for the head of its first request.
    """

    most: int = _MOST
    most_of_address: int = _MOST_OF_ADDRESS
    head_s: float = 15.0

    @classmethod
    def within(cls, files: int, head_s: float) -> Waiting:
        """Return what leaves half of as many open files to everything else. files: below zero = without limit."""
        most = min(_MOST, files // 2) if files >= 0 else _MOST
        return cls(most, min(_MOST_OF_ADDRESS, most // 2), head_s)


class Doorway:
    """Makes the connections of one server, and counts those that wait. Put `middleware` first, so that it sees each request."""

    def __init__(self, waiting: Waiting) -> None:
        self.head_s = waiting.head_s
        self._waiting = waiting
        self._lanes: dict[str, dict[Connection, None]] = {}  # by address, in the order in which they began to wait
        self._all: dict[Connection, None] = {}
        self._malformed = _Seldom(6, "a request that is none was refused")
        self._no_room = _Seldom(1, "no connection can be accepted, raise the limit of open files")

    @property
    def waiting(self) -> int:
        """How many connections wait."""
        return len(self._all)

    def waits(self, connection: Connection) -> None:
        """Count a connection with those that wait; the one that has waited longest may have to go."""
        self.waits_no_more(connection)
        lane = self._lanes.setdefault(connection.caller, {})
        lane[connection] = self._all[connection] = None
        if len(lane) > self._waiting.most_of_address and not _is_near(connection.caller):
            next(iter(lane)).give_up()
        elif len(self._all) > self._waiting.most:
            next(iter(self._all)).give_up()

    def waits_no_more(self, connection: Connection) -> None:
        if connection in self._all:
            del self._all[connection]
            lane = self._lanes[connection.caller]
            del lane[connection]
            if not lane:
                del self._lanes[connection.caller]

    def malformed(self, error: BaseException) -> None:
        """Note what is no request. Nothing of it is written, nor how our libraries came to say so."""
        self._malformed.say(type(error).__name__)

    def trouble(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Handle what the event loop reports, as its exception handler."""
        if context.get("message") == _NO_ROOM:
            error = context.get("exception")
            self._no_room.say(getattr(error, "strerror", None) or type(error).__name__)
        else:
            loop.default_exception_handler(context)

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let a connection that has brought a whole request wait no more; one whose body is still to come goes on waiting."""
        connection = request.protocol
        assert isinstance(connection, Connection)
        connection.brought_head()
        if request.content.is_eof():
            self.waits_no_more(connection)
        try:
            return await handler(request)
        finally:
            if request.transport is not None:  # it waits for the next request, or for a reader of this one's answer
                self.waits(connection)


class Connection(web.RequestHandler):
    """A connection that waits in a doorway. caller: who counts as its other end."""

    __slots__ = ("_doorway", "_late", "_malformed", "caller")

    def __init__(self, server: web.Server, doorway: Doorway, *, idle_s: float) -> None:
        # No access log: paths can hold phone numbers.
        loop = asyncio.get_running_loop()
        super().__init__(server, loop=loop, keepalive_timeout=idle_s, access_log=None)  # type: ignore[arg-type]
        self._doorway = doorway
        self._late: asyncio.TimerHandle | None = None
        self._malformed = False
        self.caller = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        peer = transport.get_extra_info("peername")
        self.caller = network_of(peer[0]) if isinstance(peer, tuple) else ""
        self._late = asyncio.get_running_loop().call_later(self._doorway.head_s, self.give_up)
        self._doorway.waits(self)

    def connection_lost(self, exc: BaseException | None) -> None:
        self.brought_head()
        self._doorway.waits_no_more(self)
        super().connection_lost(exc)

    def brought_head(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def give_up(self) -> None:
        """Drop the connection: the other end has waited, or let us wait, for too long."""
        self._doorway.waits_no_more(self)
        transport = self.transport
        self.force_close()
        if isinstance(transport, asyncio.Transport):
            transport.abort()  # who does not read an answer would hold it open else

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        gone = isinstance(exc, ConnectionError) and request.transport is None
        if exc is None or not (gone or isinstance(exc, _NO_REQUEST)):
            return super().handle_error(request, status, exc, message)
        self._note(exc)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer is on its way already")
        answer = web.Response(status=status if status < 500 else 400, text="This is no request that can be read.\n")
        answer.force_close()
        return answer

    def log_exception(self, *args: Any, **kw: Any) -> None:
        error = kw.get("exc_info")
        if isinstance(error, _NO_REQUEST):
            self._note(error)
        else:
            super().log_exception(*args, **kw)

    def _note(self, error: BaseException) -> None:
        if not self._malformed:  # what remains of the same request may fail once more
            self._malformed = True
            self._doorway.malformed(error)


class _Seldom:
    """A line of the log that comes so many times a minute at most, and then says how often it would have come."""

    def __init__(self, per_minute: int, said: str) -> None:
        self._room = Buckets(per_minute, per_minute)
        self._said = said
        self._unsaid = 0

    def say(self, why: str) -> None:
        if self._room.take(""):
            self._unsaid += 1
            return
        more = f"; {self._unsaid} more since it was last said" if self._unsaid else ""
        self._unsaid = 0
        _log.warning("%s (%s)%s", self._said, why, more)


def _is_near(caller: str) -> bool:
    """Say whether this is an address of our machine or network: a web server of ours may stand there, and bring everybody."""
    try:
        return not ipaddress.ip_network(caller).is_global
    except ValueError:
        return False
