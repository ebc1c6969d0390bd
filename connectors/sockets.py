"""Conversations held over WebSockets, for channels that have no server of their own: web chat, the SMS stub's phone.

One `Conversations` holds the live sockets of one channel. What was said lives in the `ConversationLog`; a socket only
ever goes on from the line it saw last, so a slow, broken or second socket misses nothing and sees all in order. It reads
the log for that unless the next line was written just now and says itself what it stands below.

The protocol, one JSON object per text frame. From the page:

    {"type":"hello","secret":str|null,"seen":int,"locale":"zh"|"en"}     first; seen: seq of the last line shown, or 0
    {"type":"say","id":str,"text":str,"locale"?:str,"reply_to"?:str,     again with the same id until it is stored
     "files"?:[{"id":str,"name":str,"type":str}]}                        that were sent before, where files are taken
    {"type":"unsay","id":str}                                            takes back what was said under that id
    {"type":"ping"}

To the page:

    {"type":"welcome","secret":str|null,"conversation":str,"reset":bool,"log":[line…],   reset: forget what you showed
     "menus"?:{locale:menu},                                             what everybody's menu offers, by language
     "files"?:{"most":int,"max_bytes":int}}                              files are taken: so many a message, so large
    {"type":"line", …line}                                               more of the log, in order
    {"type":"stored","id":str,"seq":int,"at":str}                        your words are on disk; in order with the lines
    {"type":"unsaid","id":str}                                           that it was taken back is on disk
    {"type":"refused","reason":str,"id"?:str,"retry_after_s"?:float}     reasons: `Refusal`
    {"type":"pong"}

    line = {"seq":int,"out":bool,"text":str,"buttons":[{"label":str,"says":str}],"at":ISO 8601,"id"?:str,
            "files"?:[{"name":str,"type":str,"size":int,"data"?:base64}],"menu"?:menu}
    menu = [{"says":str,"shown":str}]

`out`: written by us; `id`: on the person's own lines, as the page named them; `menu`: what their menu offers from this line on,
empty = what everybody's does. Closed with 1001 when we stop, 1008 for
rudeness, 1009 for a frame too big, 1013 when nothing can be stored just now: come back later and say it again.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate
from operator import attrgetter
from typing import Protocol
from weakref import WeakValueDictionary

from aiohttp import WSCloseCode, web

from connectors.callers import Buckets, network_of, remote_address
from connectors.frames import (
    INCOMING,
    Frames,
    Gone,
    Named,
    Refusal,
    SocketLimits,
    id_of,
    line_of,
    menu_of,
    message_id_in,
    named_file,
    named_in,
)
from connectors.port import Attachment, Button, Command, ConnectorError, ConversationLog, Health, Intake, LogEntry
from connectors.said import clean, locale_of, store_said, store_unsaid

log = logging.getLogger(__name__)

# What one socket holds in memory while its page does not read: lines of the log that were fetched, and one frame of them.
_PAGE = 25
_WELCOME_CHARS = 64 * 1024
# The largest whole number JavaScript can hold; also keeps a made-up `seen` inside any database's integers.
_MAX_SEQ = 2**53
_WEB = frozenset({"http", "https"})
_PAGE_SCHEMES = {"ws": "http", "wss": "https"}  # as some servers in front name them for a socket


class NotListening(ConnectorError):
    """Nobody is there to store what comes in: not started yet, or stopping."""


class FileGone(ConnectorError):
    """A message names a file that its sender has not sent, or sent too long ago, or with another message."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a socket speaks for. secret: what the page must show next time; None where it needs none."""

    conversation: str
    secret: str | None = field(default=None, repr=False)


class HoldsUploads(Protocol):
    """Where files wait for the message that names them. most: with one message. max_bytes: of one."""

    @property
    def most(self) -> int: ...

    @property
    def max_bytes(self) -> int: ...

    async def claim(self, conversation: str, message_id: str, named: Sequence[Named]) -> tuple[Attachment, ...]:
        """Let files belong to a message, from then on to no other; the same again gives the same. Raises FileGone."""
        ...


Hello = Mapping[str, object]
Identify = Callable[[Hello], Identity | None]


@dataclass(eq=False, slots=True, weakref_slot=True)
class _Room:
    """One conversation with somebody in it just now. `lock` is its lane: what is stored first is in the log first."""

    conversation: str
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    links: set[_Link] = field(default_factory=set)

    @asynccontextmanager
    async def storing(self, timeout_s: float) -> AsyncIterator[None]:
        """Hold the lane. A line above which the stored one belongs waits for it meanwhile, and is looked at again after it."""
        try:
            async with self.lock, asyncio.timeout(timeout_s):
                yield
        finally:
            for link in self.links:
                if link.fresh:
                    link.news.set()

    def wake(self) -> None:
        for link in self.links:
            link.unread = True
            link.news.set()

    def show(self, entry: LogEntry) -> None:
        """Let its sockets show a line that was written just now."""
        for link in self.links:
            if len(link.fresh) < _PAGE:
                link.fresh.append(entry)
            else:  # its page does not read, and what it is to be shown waits in the log
                link.unread = True
            link.news.set()


@dataclass(eq=False, slots=True)
class _Link:
    """One live socket. sent: seq of the last line written to it. unacknowledged: ids it said and waits for. fresh: lines that
    were written to the log since and are not shown yet; unread: others may stand there, too.
    """

    ws: web.WebSocketResponse
    room: _Room
    remote: str
    locale: str | None
    sent: int = 0
    too_fast: int = 0
    closing: bool = False
    unacknowledged: set[str] = field(default_factory=set)
    fresh: list[LogEntry] = field(default_factory=list)
    unread: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)


class Conversations:
    """The live sockets of one channel, and the way of every message of that channel into the inbox and the log."""

    def __init__(
        self,
        channel: str,
        conversation_log: ConversationLog,
        limits: SocketLimits | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        menus: Mapping[str, Sequence[Command]] | None = None,
        uploads: HoldsUploads | None = None,
    ) -> None:
        self.channel = channel
        self.last_worked_at: datetime | None = None
        self._menus = {locale: menu_of(menu) for locale, menu in (menus or {}).items()}
        self._log = conversation_log
        self._limits = limits or SocketLimits()
        self._uploads = uploads
        self._now = now
        self._intake: Intake | None = None
        self._stopping = False
        self._open: set[web.WebSocketResponse] = set()
        self._admitted = 0  # from the handshake on, earlier than a socket is in _open
        self._per_address: Counter[str] = Counter()
        # Weak: a room lives as long as a socket or a running call holds it, so a million conversations cost nothing.
        self._rooms: WeakValueDictionary[str, _Room] = WeakValueDictionary()
        self._by_conversation = Buckets(self._limits.conversation_per_minute, self._limits.conversation_burst)
        self._by_address = Buckets(self._limits.address_per_minute, self._limits.address_burst)

    @property
    def listening(self) -> bool:
        return self._intake is not None

    @property
    def sockets(self) -> int:
        """How many sockets are open."""
        return len(self._open)

    def health(self) -> Health:
        return Health(
            ok=self.listening,
            detail="" if self.listening else "not listening",
            last_worked_at=self.last_worked_at,
            facts={"sockets": self.sockets},
        )

    async def listen(self, intake: Intake) -> None:
        """Let messages in until cancelled."""
        self._intake = intake
        self._stopping = False
        self.last_worked_at = self._now()
        try:
            await asyncio.Event().wait()
        finally:
            self._intake = None

    async def close(self) -> None:
        """Close every socket with 1001, all at once. A server waits for open sockets when it stops: call this first."""
        self._stopping = True
        await asyncio.gather(*(ws.close(code=WSCloseCode.GOING_AWAY, message=b"stopping") for ws in tuple(self._open)))

    def wake(self, conversation: str) -> None:
        """Let the conversation's sockets look at the log again: somebody else (another process) wrote to it."""
        if room := self._rooms.get(conversation):
            room.wake()

    async def receive(
        self,
        conversation: str,
        message_id: str,
        text: str,
        *,
        locale: str | None = None,
        reply_to: str | None = None,
        files: Sequence[Attachment] = (),
    ) -> LogEntry:
        """Store a person's words, then show them. The same `message_id` again changes nothing, returns the same line.

        files: by their handles, without data. Raises NotListening; whatever the stores raise comes through: then nothing may
        be acknowledged.
        """
        if (intake := self._intake) is None:
            raise NotListening(f"{self.channel}: not listening yet: start the service first")
        raw = store_said(
            self.channel, conversation, message_id, text, self._now(), locale=locale, reply_to=reply_to, files=files
        )
        room = self._room(conversation)
        # The lane is held from the inbox to the log: the core may answer as soon as the inbox has the message, and
        # `post` waits here, so that no answer stands above its question (trap 17).
        async with room.storing(self._limits.store_timeout_s):
            entry = await self._log.hear(intake, raw, INCOMING + message_id, text=text, files=tuple(files))
        self.last_worked_at = self._now()
        room.show(entry)
        return entry

    async def take_back(self, conversation: str, message_id: str) -> None:
        """Store that a person took back what they had said. The same again changes nothing. Raises as `receive`."""
        if (intake := self._intake) is None:
            raise NotListening(f"{self.channel}: not listening yet: start the service first")
        raw = store_unsaid(self.channel, conversation, message_id, self._now())
        async with self._room(conversation).storing(self._limits.store_timeout_s):
            await intake.store([raw])
        self.last_worked_at = self._now()

    async def post(
        self,
        conversation: str,
        key: str,
        text: str,
        buttons: Sequence[Button],
        files: Sequence[Attachment] = (),
        menu: tuple[Command, ...] | None = None,
    ) -> tuple[LogEntry, bool]:
        """Show our words. Return the line, and whether anybody is looking. What the log raises comes through."""
        room = self._room(conversation)
        async with room.storing(self._limits.store_timeout_s):
            entry = await self._log.append(
                self.channel,
                conversation,
                key,
                outgoing=True,
                text=text,
                buttons=tuple(buttons),
                files=tuple(files),
                menu=menu,
            )
        self.last_worked_at = self._now()
        room.show(entry)
        return entry, bool(room.links)

    def watched(self, conversation: str) -> bool:
        """Say whether anybody is looking at a conversation."""
        room = self._rooms.get(conversation)
        return room is not None and bool(room.links)

    def show(self, conversation: str, entry: LogEntry) -> None:
        """Show a line that somebody else of this process wrote to the log just now."""
        self.last_worked_at = self._now()
        if room := self._rooms.get(conversation):
            room.show(entry)

    async def serve(self, request: web.Request, identify: Identify) -> web.StreamResponse:
        """Hold one WebSocket from handshake to end. identify: who said hello; None = a secret that cannot be ours."""
        remote = self.remote(request)
        self._let_in(request, remote)
        self._admitted += 1
        self._per_address[remote] += 1
        try:
            return await self._hold(request, remote, identify)
        finally:
            self._admitted -= 1
            self._per_address[remote] -= 1
            if not self._per_address[remote]:
                del self._per_address[remote]

    async def _hold(self, request: web.Request, remote: str, identify: Identify) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(
            heartbeat=self._limits.heartbeat_s,
            max_msg_size=self._limits.max_frame_bytes,
            timeout=self._limits.close_timeout_s,
            compress=False,  # the frames are small, and a deflated bomb would be unpacked before its size is known
        )
        await ws.prepare(request)
        self._open.add(ws)
        frames = Frames(ws, request, self._limits)
        try:
            if self.listening and not self._stopping:
                await self._converse(frames, remote, identify)
            else:
                await ws.close(code=WSCloseCode.TRY_AGAIN_LATER, message=b"not listening")
        except* Gone:  # of the tasks that hear and write, too
            frames.abort()
        finally:
            self._open.discard(ws)
        return ws

    def _let_in(self, request: web.Request, remote: str) -> None:
        if not self.allows(request):
            raise web.HTTPForbidden(text="This page may not open a chat here. See allowed_origins in the settings.\n")
        if self._stopping or self._admitted >= self._limits.sockets_total:
            raise web.HTTPServiceUnavailable(text="Too busy, try again later.\n", headers={"Retry-After": "10"})
        if self._per_address[remote] >= self._limits.sockets_per_address:
            raise web.HTTPTooManyRequests(text="Too many chats are open from here.\n", headers={"Retry-After": "10"})

    def allows(self, request: web.Request) -> bool:
        """Say whether the page that calls may speak to us, or a program that names no page."""
        # A browser always names the page's origin; without this check any web site could speak through a visitor's
        # browser to a chat that listens on loopback or inside an office.
        origin = request.headers.get("Origin")
        if origin is None:
            return self._limits.allow_missing_origin
        origin = origin.lower().rstrip("/")
        if origin in {allowed.lower().rstrip("/") for allowed in self._limits.allowed_origins}:
            return True
        scheme, _, host = origin.partition("://")
        return host == request.host.lower() and scheme in _schemes(request)

    def remote(self, request: web.Request) -> str:
        """Return who calls, as one who is counted: an address, or the network of one."""
        return network_of(remote_address(request, self._limits.proxies))

    def _room(self, conversation: str) -> _Room:
        room = self._rooms.get(conversation)
        if room is None:
            room = self._rooms[conversation] = _Room(conversation)
        return room

    async def _converse(self, frames: Frames, remote: str, identify: Identify) -> None:
        greeting = await self._hello(frames, identify)
        if greeting is None:
            return
        identity, hello = greeting
        link = _Link(frames.ws, self._room(identity.conversation), remote, locale_of(hello.get("locale")))
        link.room.links.add(link)  # before the log is read, so that no line falls between reading and listening
        try:
            if await self._welcome(link, identity, hello, frames):
                async with asyncio.TaskGroup() as tasks:
                    pump = tasks.create_task(self._pump(link, frames), name=f"{self.channel}:pump")
                    try:
                        await self._hear(link, frames)
                    finally:
                        if link.closing:  # the pump may be in the middle of saying good-bye
                            link.news.set()
                        else:
                            pump.cancel()
        finally:
            link.room.links.discard(link)

    async def _hello(self, frames: Frames, identify: Identify) -> tuple[Identity, Mapping[str, object]] | None:
        try:
            async with asyncio.timeout(self._limits.hello_timeout_s):
                while (frame := await frames.next()) is not None:
                    if frame.get("type") != "hello":
                        await frames.junk(Refusal.NOT_UNDERSTOOD)
                    elif (identity := identify(frame)) is None:
                        await frames.junk(Refusal.BAD_SECRET)
                    else:
                        return identity, frame
        except TimeoutError:
            await frames.ws.close(code=WSCloseCode.POLICY_VIOLATION, message=b"no hello")
        return None

    async def _welcome(self, link: _Link, identity: Identity, hello: Mapping[str, object], frames: Frames) -> bool:
        seen = hello.get("seen")
        seen = seen if isinstance(seen, int) and not isinstance(seen, bool) and 0 < seen < _MAX_SEQ else 0
        try:
            # The line it saw last is read again: where it is gone (data erased, a backup restored, another database)
            # the page must start afresh, else it would hide every new line up to its old number.
            entries = await self._log.since(self.channel, identity.conversation, max(0, seen - 1), limit=_PAGE)
            reset = seen > 0 and not (entries and entries[0].seq == seen)
            if reset:
                entries = await self._log.since(self.channel, identity.conversation, 0, limit=_PAGE)
        except Exception as error:  # the store may fail in any way; the page comes back by itself
            await self._give_up(link, error)
            return False
        news = [entry for entry in entries if reset or entry.seq > seen]
        lines = _begin(news)
        link.unread |= len(entries) == _PAGE or len(lines) < len(news)
        link.sent = lines[-1].seq if lines else (0 if reset else seen)
        await frames.write(
            {
                "type": "welcome",
                "secret": identity.secret,
                "conversation": identity.conversation,
                "reset": reset,
                "log": [line_of(entry) for entry in lines],
                **({"menus": self._menus} if self._menus else {}),
                **self._files_taken(),
            }
        )
        return True

    def _files_taken(self) -> dict[str, object]:
        if self._uploads is None:
            return {}
        return {"files": {"most": self._uploads.most, "max_bytes": self._uploads.max_bytes}}

    async def _pump(self, link: _Link, frames: Frames) -> None:
        try:
            while not link.closing:
                await self._catch_up(link, frames)
                await link.news.wait()
                link.news.clear()
        except Gone:
            frames.abort()
        except Exception as error:  # as in _welcome
            await self._give_up(link, error)

    async def _catch_up(self, link: _Link, frames: Frames) -> None:
        # What is known to follow what was shown last is not read again: a turn of the conversation would cost two readings.
        fresh, link.fresh = sorted(link.fresh, key=attrgetter("seq")), []
        for entry in fresh:
            if entry.seq <= link.sent:
                continue
            if entry.after is not None and entry.after <= link.sent:
                await self._show(link, frames, entry)
            elif link.room.lock.locked():  # it was heard of before the line that it answers: both were committed
                link.fresh.append(entry)
            else:
                link.unread = True
        while link.unread:
            link.unread = False  # before it is read: what is written meanwhile says so anew
            entries = await self._log.since(self.channel, link.room.conversation, link.sent, limit=_PAGE)
            for entry in entries:
                await self._show(link, frames, entry)
            link.unread |= len(entries) == _PAGE

    async def _show(self, link: _Link, frames: Frames, entry: LogEntry) -> None:
        link.sent = entry.seq
        said_here = id_of(entry)
        if said_here is not None and said_here in link.unacknowledged:
            await self._acknowledge(link, frames, entry, said_here)
        else:
            await frames.write({"type": "line", **line_of(entry)})

    async def _acknowledge(self, link: _Link, frames: Frames, entry: LogEntry, message_id: str) -> None:
        link.unacknowledged.discard(message_id)
        await frames.write({"type": "stored", "id": message_id, "seq": entry.seq, "at": entry.at.isoformat()})

    async def _hear(self, link: _Link, frames: Frames) -> None:
        while (data := await frames.receive()) is not None:
            if wait_s := self._by_address.take(link.remote):  # before it is decoded, which is the most of the work
                await self._slow_down(link, frames, named_in(data), wait_s)
                continue
            frame = await frames.read(data)
            kind = None if frame is None else frame.get("type")
            if frame is None:
                continue
            if kind == "say":
                await self._hear_say(link, frames, frame)
            elif kind == "unsay":
                await self._hear_unsay(link, frames, frame)
            elif kind == "ping":
                await frames.write({"type": "pong"})
            else:
                await frames.junk(Refusal.NOT_UNDERSTOOD)

    async def _hear_say(self, link: _Link, frames: Frames, frame: Mapping[str, object]) -> None:
        text, reply_to = frame.get("text"), frame.get("reply_to")
        if (message_id := message_id_in(frame.get("id"))) is None:
            await frames.junk(Refusal.BAD_ID)
            return
        if not isinstance(text, str) or not (reply_to is None or isinstance(reply_to, str)):
            await frames.junk(Refusal.NOT_UNDERSTOOD, message_id)
            return
        if (named := self._named(frame.get("files"))) is None:
            await frames.junk(Refusal.NOT_UNDERSTOOD, message_id)
            return
        text = clean(text)
        if not (text or named) or len(text) > self._limits.max_chars:
            await frames.refuse(Refusal.TOO_LONG if text else Refusal.EMPTY, message_id)
            return
        if wait_s := self._by_conversation.take(link.room.conversation):
            await self._slow_down(link, frames, message_id, wait_s)
            return
        link.too_fast = 0
        await self._store(link, frames, message_id, text, locale_of(frame.get("locale")), reply_to, named)

    def _named(self, files: object) -> tuple[Named, ...] | None:
        """Return the files that a message names, each once; None where that is nothing a page of ours would say."""
        if files is None:
            return ()
        if self._uploads is None or not isinstance(files, list) or len(files) > self._uploads.most:
            return None
        named = tuple(each for file in files if (each := named_file(file)) is not None)
        return named if len({each.id for each in named}) == len(files) else None

    async def _hear_unsay(self, link: _Link, frames: Frames, frame: Mapping[str, object]) -> None:
        if (message_id := message_id_in(frame.get("id"))) is None:
            await frames.junk(Refusal.BAD_ID)
            return
        if wait_s := self._by_conversation.take(link.room.conversation):
            await self._slow_down(link, frames, message_id, wait_s)
            return
        link.too_fast = 0
        try:
            await self.take_back(link.room.conversation, message_id)
        except Exception as error:  # as in _store
            await self._give_up(link, error)
            return
        await frames.write({"type": "unsaid", "id": message_id})

    async def _store(
        self,
        link: _Link,
        frames: Frames,
        message_id: str,
        text: str,
        locale: str | None,
        reply_to: str | None,
        named: Sequence[Named],
    ) -> None:
        link.unacknowledged.add(message_id)
        reply_to = message_id_in(reply_to)
        conversation, locale = link.room.conversation, locale or link.locale
        try:
            files = await self._uploads.claim(conversation, message_id, named) if named and self._uploads else ()
            entry = await self.receive(conversation, message_id, text, locale=locale, reply_to=reply_to, files=files)
        except FileGone:
            link.unacknowledged.discard(message_id)
            await frames.refuse(Refusal.FILE_GONE, message_id)
            return
        except Exception as error:  # however the store fails: no acknowledgement, and the page says it again
            await self._give_up(link, error)
            return
        # A new line is acknowledged by the pump, in its place among the lines. One said again after a reconnect may
        # lie in the part of the log that the page has already.
        if entry.seq <= link.sent and message_id in link.unacknowledged:
            await self._acknowledge(link, frames, entry, message_id)

    async def _slow_down(self, link: _Link, frames: Frames, message_id: str | None, wait_s: float) -> None:
        link.too_fast += 1
        if link.too_fast > 50:
            await link.ws.close(code=WSCloseCode.POLICY_VIOLATION, message=b"too fast")
            return
        await frames.refuse(Refusal.TOO_FAST, message_id, wait_s)

    async def _give_up(self, link: _Link, error: Exception) -> None:
        # Only the kind of error: its text may quote what the person wrote.
        log.warning("%s: cannot reach the store (%s); the page will come back", self.channel, type(error).__name__)
        link.closing = True
        await link.ws.close(code=WSCloseCode.TRY_AGAIN_LATER, message=b"try again later")


def _schemes(request: web.Request) -> frozenset[str]:
    """Return how a page of our own host may have come, as the web server in front says: it may speak https where we speak http.

    Whose word that is need not be asked: no page can make a browser send this header, and who is no browser writes any origin.
    """
    said = request.headers.get("X-Forwarded-Proto", "").rpartition(",")[2].strip().lower()
    if said:
        return frozenset({_PAGE_SCHEMES.get(said, said)} & _WEB)
    passed_on = "X-Forwarded-For" in request.headers  # by one that does not tell
    return _WEB if passed_on else frozenset({request.scheme})


def _begin(lines: Sequence[LogEntry]) -> list[LogEntry]:
    """Return the first lines, as many as one frame should hold; the others follow one by one."""
    held = accumulate(len(line.text) + sum(len(file.data or b"") for file in line.files) for line in lines)
    return [line for line, chars in zip(lines, held, strict=True) if chars <= _WELCOME_CHARS or line is lines[0]]
