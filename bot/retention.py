"""What is over its time goes: a little of it at each look, once a day, or all of it by hand; looked at first, if wanted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.erasure import remove_files
from bot.settings import RetentionSection, Settings
from bot.storage import compact, holds, retention
from bot.storage.audit import record_act
from bot.storage.database import Database, DatabaseUnavailable
from bot.storage.retention import Batch, Expired, Kept
from bot.storage.work import Work
from bot.winding import clock_of

_log = logging.getLogger(__name__)

BATCHES = 40  # in one look: so many transactions of a few milliseconds each, and then others have their turn
EVERY_S = 60.0


class Retention:
    """Works off what is over its time; `look` is called every minute. directory: of the files. zone: whose day it is."""

    def __init__(
        self, database: Database, clock: Clock, section: RetentionSection, zone: tzinfo, directory: Path
    ) -> None:
        self._database = database
        self._clock = clock
        self._spans = spans(section)
        self._at = section.daily_at
        self._zone = zone
        self._directory = directory
        self._begun = False
        self._day = ""
        self._left: list[Kept] = []
        self._went: dict[Kept, int] = {}

    async def look(self) -> None:
        """Take files off the disk that are nobody's any more; from the hour of the day on, do some of what is to go.

        Nothing at the first call: a service that has just begun has more pressing things to do.
        """
        if not self._begun:
            self._begun = True
            return
        await remove_files(self._database, self._directory)
        local = self._clock.now().astimezone(self._zone)
        day = local.date().isoformat()
        if local.time() < self._at or day == self._day:
            return
        if not self._left:
            if await self._database.read(retention.day_done) >= day:
                self._day = day
                return
            self._left, self._went = [kept for kept in Kept if self._spans[kept] is not None], {}
            if local.day == 1:
                await self._database.write(retention.walk_anew)
        for _ in range(BATCHES):
            if not self._left:
                break
            batch = await self._some(self._left[0])
            if not batch.more:
                self._left.pop(0)
        if not self._left:
            await self._end(day)

    async def run(self) -> dict[Kept, int]:
        """Do all of it now, from the beginning, and return how much went of each kind."""
        await self._database.write(retention.walk_anew)
        self._went = {}
        for kept in Kept:
            while self._spans[kept] is not None:
                batch = await self._some(kept)
                if not batch.more:
                    break
        await self._end(self._clock.now().astimezone(self._zone).date().isoformat())
        return self._went

    async def _some(self, kept: Kept) -> Batch:
        span, now = self._spans[kept], self._clock.now()
        assert span is not None
        batch = await self._database.write(partial(_forget_some, kept, now - span, now))
        self._went[kept] = self._went.get(kept, 0) + batch.went
        return batch

    async def _end(self, day: str) -> None:
        await remove_files(self._database, self._directory)
        await self._database.write(partial(_note, day, self._clock.now(), self._went))
        self._day = day
        await purge(self._database)


async def purge(database: Database, *, whole: bool = False) -> bool:
    """Leave nothing in the database's files of what was erased; say whether that was done. A later call tries again.

    whole: write all of it anew, as is done besides where a person was erased since the last time.
    """
    whole = whole or await database.read(retention.purge_wanted)
    try:
        await asyncio.to_thread(compact.write_anew, database.url, whole=whole)
    except DatabaseUnavailable as error:
        _log.warning("retention: %s", error)
        return False
    if whole:
        await database.write(_purged)
    return True


def spans(section: RetentionSection) -> Mapping[Kept, timedelta | None]:
    """Return how long each kind is kept, None for ever."""
    return {Kept(name): span for name, span in section.spans().items()}


async def look_ahead(
    database: Database, section: RetentionSection, now: datetime
) -> list[tuple[Expired, datetime | None]]:
    """Return what would go now of each kind, and from before which moment it is; None: nothing of that kind ever goes."""
    found: list[tuple[Expired, datetime | None]] = []
    for kept, span in spans(section).items():
        if span is None:
            found.append((Expired(kept, 0), None))
        else:
            read = partial(_expired, kept, now - span)
            found.append((await database.read(read), now - span))
    return found


def lines(found: list[tuple[Expired, datetime | None]], zone: tzinfo) -> Iterator[str]:
    """Yield what would go, a kind a line."""
    yield "KIND\tFROM BEFORE\tHOW MANY\tFIRST\tLAST"
    for each, before in found:
        dates = (_date(each.first, zone), _date(each.last, zone))
        yield "\t".join((each.kept, _date(before, zone) if before else "never", str(each.count), *dates))


def _date(moment: datetime | None, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d}" if moment is not None else "-"


async def _forget_some(kept: Kept, before: datetime, now: datetime, work: Work) -> Batch:
    return await retention.forget_some(work, kept, before, now)


async def _expired(kept: Kept, before: datetime, work: Work) -> Expired:
    return await retention.expired(work, kept, before)


async def _note(day: str, now: datetime, went: Mapping[Kept, int], work: Work) -> None:
    await retention.note_day(work, day)
    if any(went.values()):
        facts: dict[str, Any] = {kept.value: count for kept, count in went.items() if count}
        record_act(work, "retention", now, **facts)


async def _purged(work: Work) -> None:
    await retention.want_purge(work, False)


async def retention_command(database: Database, settings: Settings, *, dry: bool) -> list[str]:
    """Let go what is over its time, or with `dry` only look; return what went, or would, in lines."""
    clock, zone = await database.read(clock_of), settings.service.zone
    if dry:
        found = await look_ahead(database, settings.retention, clock.now())
        held = await database.read(holds.held)
        said = f"held, and so kept all the same: {len(held.references)} complaints, {len(held.persons)} customers"
        return [*lines(found, zone), *([said] if held.references or held.persons else [])]
    went = await Retention(database, clock, settings.retention, zone, settings.files_dir).run()
    return [f"{kept}: {count}" for kept, count in went.items() if count] or ["nothing was over its time"]
