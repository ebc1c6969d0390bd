"""Files: what came with messages is fetched from the platform, or taken out of the raw message, and kept in our own folder.

Noting a file is part of understanding its message; fetching comes after it, outside any transaction. A file's place on disk
is chosen when it is noted and is written as one, so a fetch that was cut off at any moment is simply made again. What is
written holds no position any more, and its type is what it is, not what its sender calls it.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from bot.answers import Answer
from bot.clock import Clock
from bot.contents import type_of
from bot.desk import Desk, Via
from bot.positions import without_position
from bot.sizes import at_most
from bot.storage import files, queues
from bot.storage.database import Database, DatabaseUnavailable
from bot.storage.idling import Lull
from bot.storage.texts import storable
from bot.storage.values import FileKept
from bot.storage.work import Work
from connectors.port import (
    Attachment,
    Connector,
    ConnectorError,
    FetchesFiles,
    HoldsFiles,
    RawMessage,
    TryAgainLater,
    WillNotDeliver,
)
from scheduler.port import Retries

_log = logging.getLogger(__name__)

_AT_ONCE = 4
TIMEOUT_S = 120.0  # for one file: 25 MB over a slow line
_LEASE = timedelta(seconds=2 * TIMEOUT_S)  # a file in hand is left alone by others for so long
ROOM_S = 20.0  # how often it is looked whether the disk has room
_WITHOUT_ROOM_S = 1800.0  # until a file is tried again for which it had none: whoever frees some needs time
_DAY = timedelta(days=1)


class TooLarge(WillNotDeliver):
    """The file is larger than what we keep."""


class TooMuch(TooLarge):
    """Its sender has had so many bytes kept within a day that this one is not."""


class NoRoom(TryAgainLater):
    """The disk is nearly full: files wait, for the database needs the rest of it."""


class FileKeeper:
    """Fetches what is noted in the table of files. directory: ours alone. max_bytes: of one file. max_bytes_a_day: of all that
    one person sends within a day. least_free: bytes of the disk that stay free.
    """

    def __init__(
        self,
        database: Database,
        desk: Desk,
        connectors: Mapping[str, Connector],
        clock: Clock,
        *,
        directory: Path,
        max_bytes: int,
        max_bytes_a_day: int,
        least_free: int,
        attempts: int,
        retries: Retries,
    ) -> None:
        self._database = database
        self._desk = desk
        self._connectors = connectors
        self._clock = clock
        self._directory = directory
        self._max_bytes = max_bytes
        self._max_bytes_a_day = max_bytes_a_day
        self._least_free = least_free
        self._attempts = attempts
        self._retries = retries
        self._lull = Lull(database, clock, files.next_due)

    async def run(self, worked: Callable[[], None] = lambda: None) -> None:
        """Fetch for ever; woken by every commit that notes a file. `worked` is called after every good round."""
        async with self._database.listening("files") as woken:
            while True:
                woken.clear()
                try:
                    busy = await self.fetch_due()
                    worked()
                    if busy:
                        continue
                except DatabaseUnavailable as error:
                    _log.warning("files: %s; trying again", error)
                except Exception:  # the loop that supervises all fetching
                    _log.exception("files: a round failed; trying again")
                await self._lull.over(woken)

    async def fetch_due(self) -> int:
        """Try some of the files that are due, beside each other; return how many were tried."""
        now = self._clock.now()
        due = await self._database.write(lambda work: files.claim(work, now, now + _LEASE, _AT_ONCE))
        if due:
            async with asyncio.TaskGroup() as tasks:
                for file in due:
                    tasks.create_task(self._keep(file), name=f"file:{file.id}")
        return len(due)

    async def look(self) -> None:
        """Raise NoRoom as long as the disk is nearly full: then `/healthz` says so."""
        await asyncio.to_thread(self._see_room, 0)

    def place(self, file: FileKept) -> Path:
        """Return where a file is kept. No part of it comes from outside."""
        return self._directory / file.path

    async def _keep(self, file: FileKept) -> None:
        try:
            await self._see_whether_it_fits(file, file.size)
            async with asyncio.timeout(TIMEOUT_S):
                data = await self._bytes_of(file)
            if len(data) > self._max_bytes:
                raise TooLarge(f"{len(data)} bytes, more than {self._max_bytes}")
            if len(data) > file.size:  # than was announced
                await self._see_whether_it_fits(file, len(data))
            data = await asyncio.to_thread(without_position, data)
            digest = await asyncio.to_thread(_write, self.place(file), data)
        except TooMuch as error:
            await self._ended(file, files.TOO_LARGE, str(error), a_day=True)
        except TooLarge as error:
            await self._ended(file, files.TOO_LARGE, str(error))
        except WillNotDeliver as error:
            await self._ended(file, files.FAILED, str(error))
        except (ConnectorError, OSError, TimeoutError) as error:
            await self._later(file, error)
        except Exception as error:  # a connector's fault must not take the other files with it
            _log.exception("files: file %s failed", file.id)
            await self._later(file, error)
        else:
            seen = type_of(data, file.type)
            if await self._database.write(lambda work: self._fetched(work, file, len(data), digest, seen)):
                self.place(file).unlink(missing_ok=True)
            await self._let_go(file)

    async def _see_whether_it_fits(self, file: FileKept, size: int) -> None:
        """Raise NoRoom, or TooMuch. Files are fetched several at once, so a day may end with a few more."""
        await asyncio.to_thread(self._see_room, size)
        since = self._clock.now() - _DAY
        kept = await self._database.read(lambda work: files.bytes_since(work, file.person, since))
        if kept + size > self._max_bytes_a_day:
            raise TooMuch(f"with {kept} bytes kept within a day, {size} more than {self._max_bytes_a_day}")

    def _see_room(self, size: int) -> None:
        if (free := free_on_disk(self._directory)[0]) - size < self._least_free:
            says = f"{free >> 20} MB are free on the disk, and files leave {self._least_free >> 20}: free some"
            raise NoRoom(says, _WITHOUT_ROOM_S)

    async def _fetched(self, work: Work, file: FileKept, size: int, sha256: str, type: str) -> bool:
        """Record a file that was fetched; say whether it was forgotten meanwhile and must not lie there."""
        now = self._clock.now()
        kept = await files.record(work, file.id, files.FETCHED, now, size=size, sha256=sha256, type=type)
        complaint = await work.complaint(kept.reference) if kept is not None and kept.reference else None
        if complaint is not None:
            await self._desk.show_files(work, complaint)
        return kept is None and await files.is_forgotten(work, file.id)

    async def _bytes_of(self, file: FileKept) -> bytes:
        connector = self._connectors.get(file.channel)
        if connector is None:
            raise TryAgainLater(f"channel {file.channel} is not configured")
        if file.handle:
            fetching = cast(FetchesFiles, connector)
            attachment = Attachment(file.name, file.type, size=file.size, handle=file.handle)
            return await fetching.fetch(attachment, max_bytes=self._max_bytes)
        row = await self._database.read(lambda work: queues.message(work, file.inbox_id))
        if row is None:
            raise WillNotDeliver("the message it came with is gone")
        raw = RawMessage(row.channel, row.external_id, row.conversation, row.raw)
        parsed = await asyncio.to_thread(connector.parse, raw)
        held = parsed.attachments[file.position].data if file.position < len(parsed.attachments) else None
        if held is None:
            raise WillNotDeliver("the message does not hold it")
        return held

    async def _later(self, file: FileKept, error: Exception) -> None:
        detail = storable(str(error)) or type(error).__name__
        if file.attempts + 1 >= self._attempts:
            await self._ended(file, files.FAILED, detail)
            return
        asked = error.retry_after_s if isinstance(error, TryAgainLater) else None
        now = self._clock.now()
        due_at = now + self._retries.wait(file.attempts + 1, asked)
        await self._database.write(
            lambda work: files.record(work, file.id, files.WAITING, now, detail=detail[:500], due_at=due_at)
        )

    async def _ended(self, file: FileKept, state: str, detail: str, *, a_day: bool = False) -> None:
        """Give a file up, visibly: its sender is told at once, staff read why where they read the complaint.

        a_day: it is one too many of a day, which is told once.
        """
        _log.warning("files: file %s is not kept: %s", file.id, state)
        await self._database.write(lambda work: self._give_up(work, file, state, detail[:500], a_day))
        await self._let_go(file)

    async def _let_go(self, file: FileKept) -> None:
        """Only once it is on record what became of a file: until then it may have to be fetched again."""
        connector = self._connectors.get(file.channel)
        if file.handle and isinstance(connector, HoldsFiles):
            await connector.let_go(file.handle)

    async def _give_up(self, work: Work, file: FileKept, state: str, detail: str, a_day: bool) -> None:
        ended = await files.record(work, file.id, state, self._clock.now(), detail=detail)
        if ended is None:
            return
        via = Via(ended.channel, ended.address, ended.person, ended.reply_to, room=ended.room)
        kind = Answer.FILE_TOO_LARGE if state == files.TOO_LARGE else Answer.FILE_FAILED
        facts, key = {"at_most": at_most(self._max_bytes)}, f"file/{ended.id}"
        if a_day:
            facts = {"a_day": at_most(self._max_bytes_a_day)}
            key = f"files/{ended.person}/{ended.channel}/{self._clock.now():%Y-%m-%d}"
        self._desk.answer(work, via, kind, key, reference=ended.reference, facts=facts)


def free_on_disk(folder: Path) -> tuple[int, float]:
    """Return how much is free of the disk on which a folder lies, or will lie: bytes, and the share of all. Raises OSError."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return usage.free, usage.free / usage.total


def _write(place: Path, data: bytes) -> str:
    """Write a file as one: what is there under its name is always whole. Return its SHA-256."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = place.with_suffix(".part")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name too must survive a power cut
    finally:
        os.close(folder)
    return hashlib.sha256(data).hexdigest()


def table(kept: Sequence[FileKept], directory: Path, zone_of: Callable[[datetime], datetime]) -> str:
    """Return a complaint's files as lines for a terminal."""
    lines = []
    for file in kept:
        where = str(directory / file.path) if file.state == files.FETCHED else file.detail
        received = f"{zone_of(file.created_at):%Y-%m-%d %H:%M}"
        lines.append("\t".join((str(file.id), received, file.state, str(file.size), file.type, file.name, where)))
    return "\n".join(lines)
