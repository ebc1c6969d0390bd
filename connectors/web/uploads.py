"""Files that people add in the page: taken in over HTTP, kept aside until a message names them, given to the core, let go.

    POST /chat/files        one file as the body. Authorization: Bearer <the conversation's secret>; X-File-Name: its name,
                            percent-encoded; Content-Type: what the browser takes it for
    201                     {"id": str, "size": int, "type": str}: the id goes into `files` of a message, by the same secret
    400 … 507               {"reason": `Refused`, "retry_after_s"?: float}

On disk, below a folder of ours alone (names from outside are no part of any path):

    <conversation>/<id>                       came whole; <id>.part: still coming
    <conversation>/<digest of message>.said/<id>   named by that message, so it is nobody else's and no other message's

A `.said` folder stays for a while after its files were let go, for by it a message that is said again is known.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import os
import re
import secrets
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Protocol
from urllib.parse import unquote

from aiohttp import web

from connectors.callers import Buckets
from connectors.frames import Named
from connectors.port import Attachment, TryAgainLater, WillNotDeliver
from connectors.sockets import FileGone

log = logging.getLogger(__name__)

MOST = 10  # files of one message: as many as a Telegram album has
_MOST_WAITING = 3 * MOST  # of one conversation, that no message has named yet; the oldest makes room for one more
_HEAD = 1024  # bytes by which a file is judged
_CHUNK = 256 * 1024
_CHUNK_S = 30.0  # a line that brings nothing for so long is dead
_WHOLE_S = 600.0  # 25 MB at 350 kbit/s
_AT_ONCE, _AT_ONCE_OF_ADDRESS, _AT_ONCE_OF_CONVERSATION = 40, 10, 3
_WAITS_S = 2 * 3600.0  # a message that has not come by then will hardly come
_SAID_S = 7 * 86400.0  # the core has long fetched them; only where nobody worked for a week are they still wanted
_TIDY_S = 600.0
_ADDRESS_SHARES = 4  # of a day's bytes: an office has one address, and so has a flood
_SAID = ".said"
_CONVERSATION = r"w[0-9a-f]{24}"
_ID = re.compile(r"[0-9a-f]{32}")
_HANDLE = re.compile(rf"{_CONVERSATION}/[0-9a-f]{{32}}\.said/[0-9a-f]{{32}}")
_NAME_CHARS = 200
_DAY_MIN = 24 * 60
_KIB = 1024

Judge = Callable[[str, str, bytes], str | None]
"""(name, declared type, first bytes) to the type that it is; None for a kind that is not taken."""


class Refused(StrEnum):
    """Why a file is not taken. `TOO_FAST`, `BUSY` and `BROKEN_OFF` are worth another try."""

    ORIGIN = "origin"
    BAD_SECRET = "bad_secret"  # noqa: S105 - a word of the protocol
    ENCODED = "encoded"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    KIND = "kind"
    TOO_MUCH = "too_much"
    TOO_FAST = "too_fast"
    BROKEN_OFF = "broken_off"
    BUSY = "busy"
    NO_ROOM = "no_room"


_STATUS = {
    Refused.ORIGIN: 403,
    Refused.BAD_SECRET: 401,
    Refused.ENCODED: 415,
    Refused.EMPTY: 400,
    Refused.TOO_LARGE: 413,
    Refused.KIND: 415,
    Refused.TOO_MUCH: 429,
    Refused.TOO_FAST: 429,
    Refused.BROKEN_OFF: 408,
    Refused.BUSY: 503,
    Refused.NO_ROOM: 507,
}


class NotTaken(Exception):
    """A file is refused. retry_after_s: when it may be tried again."""

    def __init__(self, reason: Refused, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after_s = retry_after_s

    def response(self) -> web.Response:
        says: dict[str, object] = {"reason": self.reason}
        headers = {}
        if self.retry_after_s is not None:
            says["retry_after_s"] = round(self.retry_after_s, 1)
            headers["Retry-After"] = str(int(self.retry_after_s) + 1)
        return web.json_response(says, status=_STATUS[self.reason], headers=headers)


class Tally(Protocol):
    """Counts what several processes take in together. A name begins with the second, since the epoch, until which it counts."""

    async def count(self, more: Mapping[str, int]) -> Mapping[str, int]:
        """Count up and return what each name has come to, whichever process counted."""
        ...

    async def forget(self, before: str) -> None:
        """Forget the names that sort before this."""
        ...


@dataclass(frozen=True, slots=True)
class UploadRules:
    """directory: ours alone, one for all processes. max_bytes: of one file. bytes_a_day: of one conversation.
    least_free: bytes of the disk that stay free. judge: what a file is, and whether it is taken.
    tally: by which all processes together keep the limits below; None = each keeps them for itself.
    *_per_minute, *_burst: files a minute, and at once, from one conversation and from one remote address.
    """

    directory: Path
    max_bytes: int
    bytes_a_day: int
    least_free: int
    judge: Judge
    conversation_per_minute: float = 20
    conversation_burst: int = 30
    address_per_minute: float = 60
    address_burst: int = 90
    tally: Tally | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came whole."""

    id: str
    size: int
    type: str


@dataclass(slots=True)
class _Coming:
    """A file on its way in. came: how much of it is here."""

    conversation: str
    remote: str
    came: int = 0


class Uploads:
    """The files that are on their way from pages to messages. now: seconds since the epoch, as files are dated."""

    most = MOST

    def __init__(self, rules: UploadRules, *, now: Callable[[], float] = time.time) -> None:
        self._rules = rules
        self._now = now
        self._by_conversation = Buckets(rules.conversation_per_minute, rules.conversation_burst)
        self._by_address = Buckets(rules.address_per_minute, rules.address_burst)
        a_day = rules.bytes_a_day
        self._bytes_of_conversation = Buckets(a_day / _DAY_MIN, a_day)
        self._bytes_of_address = Buckets(_ADDRESS_SHARES * a_day / _DAY_MIN, _ADDRESS_SHARES * a_day)
        self._coming: Counter[str] = Counter()

    @property
    def max_bytes(self) -> int:
        return self._rules.max_bytes

    async def take(self, request: web.Request, conversation: str, remote: str) -> Upload:
        """Take one file in, from its first byte to the disk. Raises NotTaken; then nothing of it is kept."""
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise NotTaken(Refused.ENCODED)  # what would unfold on its way in has no size
        length = request.content_length
        if length == 0:
            raise NotTaken(Refused.EMPTY)
        if length is not None and length > self._rules.max_bytes:
            raise NotTaken(Refused.TOO_LARGE)
        self._ration(conversation, remote, length or 1)
        await self._ration_of_all(conversation, remote, length or 1)
        coming = _Coming(conversation, remote)
        with self._a_place_for(conversation, remote):
            try:
                await asyncio.to_thread(self._make_room, conversation, length or self._rules.max_bytes)
                async with asyncio.timeout(_WHOLE_S):
                    return await self._receive(request, coming)
            except (TimeoutError, ConnectionError, web.RequestPayloadError):
                raise NotTaken(Refused.BROKEN_OFF) from None
            except OSError as error:
                log.warning("web: a file could not be written (%s)", type(error).__name__)
                raise NotTaken(Refused.BUSY, 10) from None
            finally:
                await self._tell_all(coming)

    async def claim(self, conversation: str, message_id: str, named: Sequence[Named]) -> tuple[Attachment, ...]:
        """Let files belong to a message: to this one and no other. The same again gives the same. Raises FileGone."""
        return await asyncio.to_thread(self._claim, conversation, message_id, named)

    async def fetch(self, handle: str, max_bytes: int) -> bytes:
        """Return a file that a message named. Raises WillNotDeliver, or TryAgainLater."""
        return await asyncio.to_thread(self._read, handle, max_bytes)

    async def let_go(self, handle: str) -> None:
        """The core has what it wants of a file: it need not lie here any more."""
        if _HANDLE.fullmatch(handle):
            with contextlib.suppress(OSError):  # it goes with the next that are over their time
                await asyncio.to_thread((self._rules.directory / handle).unlink, missing_ok=True)

    async def keep_tidy(self) -> None:
        """Take off the disk, for ever and every few minutes, what no message ever named."""
        while True:
            try:
                await asyncio.to_thread(self.sweep)
            except OSError as error:
                log.warning("web: files nobody named cannot be taken off the disk: %s", error)
            if self._rules.tally is not None:
                try:
                    await self._rules.tally.forget(f"{int(self._now()):011d}")
                except Exception as error:  # the next time will do; what is counted meanwhile counts for nobody
                    log.warning("web: old counts of uploads stay for now (%s)", type(error).__name__)
            await asyncio.sleep(_TIDY_S)

    def sweep(self) -> int:
        """Take off what is over its time; return how many files and folders went."""
        now, went = self._now(), 0
        for folder in _listed(self._rules.directory):
            for entry in _listed(folder):
                with contextlib.suppress(FileNotFoundError):  # somebody else was quicker
                    age = now - entry.stat().st_mtime
                    if entry.is_dir() and age > _SAID_S:
                        shutil.rmtree(entry)
                        went += 1
                    elif entry.is_file() and age > _WAITS_S:
                        entry.unlink()
                        went += 1
            with contextlib.suppress(OSError):  # not empty
                if now - folder.stat().st_mtime > _WAITS_S:
                    folder.rmdir()
        return went

    # ── coming in ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _ration(self, conversation: str, remote: str, size: int) -> None:
        if wait_s := self._by_conversation.take(conversation) or self._by_address.take(remote):
            raise NotTaken(Refused.TOO_FAST, wait_s)
        if self._bytes_of_conversation.wait(conversation, size) or self._bytes_of_address.wait(remote, size):
            raise NotTaken(Refused.TOO_MUCH)

    async def _ration_of_all(self, conversation: str, remote: str, size: int) -> None:
        """Count a file with those that other processes took. They count by windows of time: as long as a burst takes to fill
        again, and days.
        """
        tally, rules = self._rules.tally, self._rules
        if tally is None:
            return
        most = {
            self._window("files", conversation, 60 * rules.conversation_burst / rules.conversation_per_minute): (
                rules.conversation_burst
            ),
            self._window("files", remote, 60 * rules.address_burst / rules.address_per_minute): rules.address_burst,
        }
        days = self._days(conversation, remote)
        try:
            counted = await tally.count(dict.fromkeys(most, 1) | dict.fromkeys(days, 0))
        except Exception as error:  # without a database no message is taken either
            log.warning("web: a file could not be counted (%s)", type(error).__name__)
            raise NotTaken(Refused.BUSY, 10) from None
        if over := [name for name, many in most.items() if counted[name] > many]:
            raise NotTaken(Refused.TOO_FAST, max(int(name.partition("/")[0]) for name in over) - self._now())
        if any(counted[name] * _KIB + size > many for name, many in days.items()):
            raise NotTaken(Refused.TOO_MUCH)

    async def _tell_all(self, coming: _Coming) -> None:
        """Count the bytes that came, of a file that broke off as well."""
        if self._rules.tally is None or not coming.came:
            return
        kib = -(-coming.came // _KIB)
        try:
            await self._rules.tally.count(dict.fromkeys(self._days(coming.conversation, coming.remote), kib))
        except Exception as error:  # this process has counted them for itself
            log.warning("web: the bytes of a file could not be counted (%s)", type(error).__name__)

    def _days(self, conversation: str, remote: str) -> dict[str, int]:
        """Return how many bytes may come in a day, by the names under which they are counted, in KiB."""
        a_day = self._rules.bytes_a_day
        return {
            self._window("bytes", conversation, 60 * _DAY_MIN): a_day,
            self._window("bytes", remote, 60 * _DAY_MIN): _ADDRESS_SHARES * a_day,
        }

    def _window(self, what: str, who: str, seconds: float) -> str:
        """Return the name under which something of somebody is counted just now. It does not tell who that is."""
        until = int((self._now() // seconds + 1) * seconds)
        return f"{until:011d}/{hashlib.sha256(f'{what} {who}'.encode()).hexdigest()[:32]}"

    @contextlib.contextmanager
    def _a_place_for(self, conversation: str, remote: str) -> Iterator[None]:
        """Hold one of the places for files that come at the same time, or raise: slow ones must not fill them all."""
        mine = {"": _AT_ONCE, f"address {remote}": _AT_ONCE_OF_ADDRESS, conversation: _AT_ONCE_OF_CONVERSATION}
        if any(self._coming[key] >= most for key, most in mine.items()):
            raise NotTaken(Refused.BUSY, 5)
        self._coming.update(mine.keys())
        try:
            yield
        finally:
            self._coming.subtract(mine.keys())
            self._coming = +self._coming

    def _make_room(self, conversation: str, size: int) -> None:
        folder = self._rules.directory / conversation
        self._rules.directory.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for ours in (self._rules.directory, folder):
            ours.mkdir(mode=0o700, exist_ok=True)
        if shutil.disk_usage(folder).free - size < self._rules.least_free:
            raise NotTaken(Refused.NO_ROOM)
        waiting = sorted((e for e in _listed(folder) if _ID.fullmatch(e.name)), key=lambda e: e.stat().st_mtime_ns)
        for oldest in waiting[: max(0, len(waiting) + 1 - _MOST_WAITING)]:
            oldest.unlink(missing_ok=True)

    async def _receive(self, request: web.Request, coming: _Coming) -> Upload:
        """Write what comes, no more of it in memory than a chunk. What is not wanted is known before it is written."""
        head = b""
        while len(head) < _HEAD and (chunk := await self._next(request, coming)):
            head += chunk
        if not head:
            raise NotTaken(Refused.EMPTY)
        type_ = self._rules.judge(name_of(request), _declared(request), head[:_HEAD])
        if type_ is None:
            raise NotTaken(Refused.KIND)
        id_ = secrets.token_hex(16)
        place = self._rules.directory / coming.conversation / id_
        half = place.with_suffix(".part")
        file = await asyncio.to_thread(_created, half)
        try:
            await asyncio.to_thread(file.write, head)
            while chunk := await self._next(request, coming):
                await asyncio.to_thread(file.write, chunk)
            await asyncio.to_thread(_finish, file, half, place)
        finally:  # also where the page has gone: the rest will never come
            file.close()
            half.unlink(missing_ok=True)
        return Upload(id_, coming.came, type_)

    async def _next(self, request: web.Request, coming: _Coming) -> bytes:
        """Return what comes next of a file; nothing at its end."""
        async with asyncio.timeout(_CHUNK_S):
            chunk = await request.content.read(_CHUNK)
        coming.came += len(chunk)
        if coming.came > self._rules.max_bytes:
            raise NotTaken(Refused.TOO_LARGE)
        share = self._bytes_of_conversation.take(coming.conversation, len(chunk))
        if share or self._bytes_of_address.take(coming.remote, len(chunk)):
            raise NotTaken(Refused.TOO_MUCH)
        return chunk

    # ── to a message, and to the core ─────────────────────────────────────────────────────────────────────────────────

    def _claim(self, conversation: str, message_id: str, named: Sequence[Named]) -> tuple[Attachment, ...]:
        folder = self._rules.directory / conversation
        said = folder / f"{hashlib.sha256(message_id.encode()).hexdigest()[:32]}{_SAID}"
        if not all(_ID.fullmatch(each.id) for each in named):
            raise FileGone
        if not said.is_dir():
            # Said for the first time: all of them must be there. Said again, those that the core has fetched are not.
            if not all((folder / each.id).is_file() for each in named):
                raise FileGone
            said.mkdir(mode=0o700)
        for each in named:
            with contextlib.suppress(FileNotFoundError):
                os.replace(folder / each.id, said / each.id)
        _settle(said)
        _settle(folder)
        return tuple(self._described(said / each.id, each) for each in named)

    def _described(self, place: Path, named: Named) -> Attachment:
        name = _clean(named.name)
        try:
            with place.open("rb") as file:
                seen = self._rules.judge(name, named.type, file.read(_HEAD))
                size = os.fstat(file.fileno()).st_size
        except FileNotFoundError:
            seen, size = None, 0
        handle = place.relative_to(self._rules.directory).as_posix()
        return Attachment(name, seen or "application/octet-stream", size=size, handle=handle)

    def _read(self, handle: str, max_bytes: int) -> bytes:
        if not _HANDLE.fullmatch(handle):
            raise WillNotDeliver("web: that is no file of ours")
        try:
            with (self._rules.directory / handle).open("rb") as file:
                if os.fstat(file.fileno()).st_size > max_bytes:
                    raise WillNotDeliver(f"web: the file is larger than {max_bytes} bytes")
                return file.read()
        except FileNotFoundError:
            raise WillNotDeliver("web: the file is gone") from None
        except OSError as error:
            raise TryAgainLater(f"web: the file cannot be read ({error.strerror})") from None


def name_of(request: web.Request) -> str:
    """Return what the page calls the file, as words: it is no path, whatever stands in it."""
    return _clean(unquote(request.headers.get("X-File-Name", ""), errors="replace"))


def _clean(name: str) -> str:
    return "".join(char for char in name if char.isprintable()).strip()[:_NAME_CHARS] or "file"


def _declared(request: web.Request) -> str:
    return request.content_type if "Content-Type" in request.headers else ""


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _created(place: Path) -> IO[bytes]:
    return os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _finish(file: IO[bytes], half: Path, place: Path) -> None:
    """Put a file under its name once all of it is on the disk."""
    file.flush()
    os.fsync(file.fileno())
    os.replace(half, place)
    _settle(place.parent)


def _settle(folder: Path) -> None:
    """Let the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
