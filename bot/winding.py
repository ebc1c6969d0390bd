"""How far the demo's clock was moved ahead of the machine's, kept in its tables.

Time never goes back there, and a command that looks at them from outside goes by the same clock.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from bot.clock import Clock, MovableClock, SystemClock
from bot.storage import queues
from bot.storage.work import Work

_CURSOR = "demo-clock"


async def keep(work: Work, ahead: timedelta, at: datetime) -> None:
    """Keep how far ahead the clock is, and the moment that it shows."""
    value = json.dumps({"ahead_s": ahead.total_seconds(), "at": at.isoformat()})
    await queues.save_cursor(work, _CURSOR, value)


async def wind(work: Work, clock: MovableClock) -> bool:
    """Set a clock as far ahead as was kept; return whether any was."""
    kept = await queues.read_cursor(work, _CURSOR)
    if kept is None:
        return False
    known = json.loads(kept)
    clock.ahead = max(clock.ahead, timedelta(seconds=known["ahead_s"]))
    clock.move_to(datetime.fromisoformat(known["at"]))
    return True


async def clock_of(work: Work) -> Clock:
    """Return the clock by which these tables are written: the machine's, but for the demo's."""
    clock = MovableClock()
    return clock if await wind(work, clock) else SystemClock()
