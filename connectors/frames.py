"""What goes over a conversation's WebSocket: JSON frames, one object each. `connectors/sockets.py` tells the protocol."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from aiohttp import WSCloseCode, WSMsgType, web

from connectors.port import Attachment, Command, LogEntry
from connectors.said import clean

INCOMING = "in:"
"""Before the keys of lines that a person said."""

_FILE_ID = re.compile(r"[0-9a-f]{1,64}")
_FILE_WORDS = 500  # characters of a file's name or type: more is no page's
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_.:-]{1,100}")
_NAMED = re.compile(r'"id"\s*:\s*"([A-Za-z0-9_.:-]{1,100})"')


class Refusal(StrEnum):
    """Why a frame was turned down. Only TOO_FAST is worth sending again as it is."""

    NOT_JSON = "not_json"
    NOT_UNDERSTOOD = "not_understood"
    BAD_SECRET = "bad_secret"  # noqa: S105 - a word of the protocol
    BAD_ID = "bad_id"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_FAST = "too_fast"
    FILE_GONE = "file_gone"


@dataclass(frozen=True, slots=True)
class SocketLimits:
    """What one channel's sockets may do. A limit is checked before the work it protects is begun.

    max_frame_bytes: a bigger WebSocket message closes the socket (1009). max_chars: longest text of a person.
    sockets_total, sockets_per_address: open at once. *_per_minute, *_burst: messages a minute, and at once, from one
    conversation and from one remote address (of IPv6: from one /64). proxies: how many reverse proxies of ours stand in
    front (their X-Forwarded-For is believed). allowed_origins: `https://host` of pages besides our own that may connect.
    allow_missing_origin: let programs in that are no browser.
    """

    max_frame_bytes: int = 64 * 1024
    max_chars: int = 4000
    sockets_total: int = 2000
    sockets_per_address: int = 50
    conversation_per_minute: float = 30
    conversation_burst: int = 20
    address_per_minute: float = 300
    address_burst: int = 120
    hello_timeout_s: float = 10
    heartbeat_s: float = 30
    write_timeout_s: float = 20
    store_timeout_s: float = 30
    close_timeout_s: float = 2
    junk_frames: int = 3
    proxies: int = 0
    allowed_origins: tuple[str, ...] = ()
    allow_missing_origin: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A file as a message names it: the id under which it was sent, what the page calls it and takes it for."""

    id: str
    name: str
    type: str


class Gone(Exception):
    """The other side no longer reads."""


class Frames:
    """JSON frames over one WebSocket, with patience for a few that are none."""

    def __init__(self, ws: web.WebSocketResponse, request: web.Request, limits: SocketLimits) -> None:
        self.ws = ws
        self._request = request
        self._limits = limits
        self._junk = 0

    async def next(self) -> Mapping[str, object] | None:
        """Return the next object, or None when the socket is closed (or was closed by us for too much junk)."""
        while (data := await self.receive()) is not None:
            if (frame := await self.read(data)) is not None:
                return frame
        return None

    async def receive(self) -> str | None:
        """Return what comes next as it came, "" for what is no text; None when the socket is closed."""
        if self.ws.closed:
            return None
        message = await self.ws.receive()
        if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
            return None
        return message.data if message.type is WSMsgType.TEXT else ""

    async def read(self, data: str) -> Mapping[str, object] | None:
        """Return the object that came; None where it was none, which is counted."""
        if (frame := _object(data)) is None:
            await self.junk(Refusal.NOT_JSON)
        return frame

    async def junk(self, reason: Refusal, message_id: str | None = None) -> None:
        """Refuse a frame no page of ours would send; close after a few."""
        self._junk += 1
        if self._junk >= self._limits.junk_frames:
            await self.ws.close(code=WSCloseCode.POLICY_VIOLATION, message=b"not understood")
        else:
            await self.refuse(reason, message_id)

    async def refuse(self, reason: Refusal, message_id: str | None = None, retry_after_s: float | None = None) -> None:
        frame: dict[str, object] = {"type": "refused", "reason": reason}
        if message_id is not None:
            frame["id"] = message_id
        if retry_after_s is not None:
            frame["retry_after_s"] = round(retry_after_s, 1)
        await self.write(frame)

    async def write(self, frame: Mapping[str, object]) -> None:
        """Write one frame. Raises Gone when the other side has left or does not read."""
        try:
            async with asyncio.timeout(self._limits.write_timeout_s):
                await self.ws.send_str(json.dumps(frame, separators=(",", ":")))
        except (ConnectionError, TimeoutError):
            raise Gone from None

    def abort(self) -> None:
        """Drop the connection: who does not read would not read a close frame either."""
        if self._request.transport is not None:
            self._request.transport.abort()


def _object(data: str) -> dict[str, object] | None:
    try:
        frame = json.loads(data)
    except (ValueError, RecursionError):  # RecursionError: 64 KiB of "[" are enough
        return None
    return frame if isinstance(frame, dict) else None


def message_id_in(value: object) -> str | None:
    """Return what is an id as pages give them to what they say; None for anything else."""
    return value if isinstance(value, str) and _MESSAGE_ID.fullmatch(value) else None


def named_in(data: str) -> str | None:
    """Return the id in a frame that is not decoded."""
    named = _NAMED.search(data)
    return named[1] if named else None


def id_of(entry: LogEntry) -> str | None:
    """Return the id under which a person said this line; None for a line of ours."""
    return None if entry.outgoing else entry.key.removeprefix(INCOMING)


def line_of(entry: LogEntry) -> dict[str, object]:
    """Return the line as it goes over the wire."""
    line: dict[str, object] = {
        "seq": entry.seq,
        "out": entry.outgoing,
        "text": entry.text,
        "buttons": [{"label": button.label, "says": button.says} for button in entry.buttons],
        "at": entry.at.isoformat(),
    }
    if (message_id := id_of(entry)) is not None:
        line["id"] = message_id
    if entry.files:
        line["files"] = [_file_of_line(file) for file in entry.files]
    if entry.menu is not None:
        line["menu"] = menu_of(entry.menu)
    return line


def menu_of(commands: Sequence[Command]) -> list[dict[str, str]]:
    """Return a menu as it goes over the wire: a page says the words, no name of a command."""
    return [{"says": command.says, "shown": command.shown} for command in commands]


def _file_of_line(file: Attachment) -> dict[str, object]:
    shown: dict[str, object] = {"name": file.name, "type": file.type, "size": file.size}
    return shown if file.data is None else shown | {"data": base64.b64encode(file.data).decode()}


def named_file(file: object) -> Named | None:
    """Return a file as a message names it; None where that is nothing a page of ours would say."""
    words = [file.get(key) for key in ("id", "name", "type")] if isinstance(file, dict) else []
    match words:
        case [str(id_), str(name), str(type_)] if _FILE_ID.fullmatch(id_) and len(name) + len(type_) <= _FILE_WORDS:
            return Named(id_, clean(name), clean(type_))
        case _:
            return None
