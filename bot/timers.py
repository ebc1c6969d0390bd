"""The table of timers as the sweep sees it (`scheduler.port.Timers`)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from bot.clock import Clock
from bot.desk import Desk
from bot.storage.database import Database, DatabaseUnavailable
from bot.storage.idling import Lull
from bot.storage.timers import TimerKey
from bot.storage.work import Work
from complaints.errors import Conflict

_log = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
_POLL_S = 1.0


class TimerTable:
    """Fires what is due. A timer whose rule fails is tried a few times and then set aside, so that it holds up nobody."""

    def __init__(self, database: Database, desk: Desk, clock: Clock) -> None:
        self._database = database
        self._desk = desk
        self._clock = clock
        self._lull = Lull(database, clock, lambda work: work.timers.next_at())

    async def wait(self, woken: asyncio.Event) -> None:
        await asyncio.sleep(_POLL_S)  # not after each commit: what a second brings is looked for at once
        await self._lull.over(woken, 0)

    async def fire_due(self, limit: int) -> int:
        try:
            return await self._database.write(lambda work: self._desk.fire_due(work, limit=limit))
        except (DatabaseUnavailable, Conflict):
            raise
        except Exception:
            _log.exception("timers: a batch failed; they are fired one by one")
        return await self._one_by_one(limit)

    async def _one_by_one(self, limit: int) -> int:
        async def keys(work: Work) -> Sequence[TimerKey]:
            return await work.timers.due(self._clock.now(), limit)

        fired = 0
        for key in await self._database.write(keys):
            try:
                fired += await self._database.write(lambda work, key=key: self._desk.fire_one(work, key))  # type: ignore[misc]
            except (DatabaseUnavailable, Conflict):
                raise
            except Exception:
                _log.exception("timers: %s %s %s failed", *key)
                await self._database.write(lambda work, key=key: work.timers.failed(key, MAX_ATTEMPTS))  # type: ignore[misc]
        return fired
