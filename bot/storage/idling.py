"""Waiting where there is nothing to do: what is stored is told of, and when the first of what waits is due the table knows."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime

from bot.clock import Clock
from bot.storage.database import Database, Job

_POLL_S = 1.0
_LONGEST_S = 5.0  # what nobody told of is found after so long: a command may have stored it from outside


class Lull:
    """The time between a look at a table of work that found nothing and the next that may find something.

    waits_for: returns when the first of what waits in the table is due; None where nothing waits.
    """

    def __init__(self, database: Database, clock: Clock, waits_for: Job[datetime | None]) -> None:
        self._database = database
        self._clock = clock
        self._waits_for = waits_for

    async def over(self, woken: asyncio.Event, pause_s: float = _POLL_S) -> None:
        """Wait until something is told of, and else for `pause_s`; longer where nothing is due by the clock, which may jump.

        Not where other processes do the same work: one of them may die without a word, and what it had in hand is everybody's.
        """
        began = time.monotonic()
        if await _told(woken, pause_s) or not self._database.sqlite:
            return
        try:
            due = await self._database.read(self._waits_for)
        except Exception:  # whoever looks now will find out and tell; the loop that waits here must not end
            return
        while (due is None or self._clock.now() < due) and time.monotonic() - began < _LONGEST_S:
            if await _told(woken, _POLL_S):
                return


async def _told(woken: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await woken.wait()
    except TimeoutError:
        return False
    return True
