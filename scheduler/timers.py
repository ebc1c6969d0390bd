"""Firing what is due. What is due lives in our table; this only decides when to look."""

from __future__ import annotations

import logging

from scheduler.port import Timers

_log = logging.getLogger(__name__)

BATCH = 100


async def sweep(timers: Timers) -> int:
    """Fire everything that is due, in batches, and return how many timers fired."""
    fired = 0
    while count := await timers.fire_due(BATCH):
        fired += count
    if fired:
        _log.info("timers: %s fired", fired)
    return fired
