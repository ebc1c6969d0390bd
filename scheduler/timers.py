"""Firing what is due. What is due lives in our table; this only decides when to look."""

from __future__ import annotations

import asyncio
import logging

from scheduler.port import Beat, Timers

_log = logging.getLogger(__name__)

BATCH = 100


async def keep_sweeping(timers: Timers, woken: asyncio.Event, beat: Beat) -> None:
    """Fire what is due for ever. woken: set when timers were set."""
    while True:
        woken.clear()
        try:
            await sweep(timers)
            beat.worked()
        except Exception as error:  # the loop that supervises all timers: whatever it is, the next round may work
            beat.last_error = f"{type(error).__name__}: {error}"
            _log.warning("timers failed: %s", beat.last_error)
        await timers.wait(woken)


async def sweep(timers: Timers) -> int:
    """Fire everything that is due, in batches, and return how many timers fired."""
    fired = 0
    while count := await timers.fire_due(BATCH):
        fired += count
    if fired:
        _log.info("timers: %s fired", fired)
    return fired
