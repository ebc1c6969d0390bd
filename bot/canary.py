"""A timer that must fire and a message that must pass the outbox, again and again: proof that time and delivery really run.

Each is one row, planted anew when it came through. Neither belongs to a complaint nor reaches anybody.
"""

from __future__ import annotations

from datetime import timedelta

from bot.clock import Clock
from bot.storage import canary
from bot.storage.database import Database

EVERY_S = 60.0
_PATIENCE = timedelta(seconds=30)


class CanaryLost(RuntimeError):
    """It did not come through: timers or the outbox stand still, whatever their loops say of themselves."""


class Canary:
    """Plants and looks. Several processes on one database share the rows."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._planted = False

    async def look(self) -> None:
        """Plant both anew if they came through. Raises CanaryLost if they should have by now and did not."""
        now = self._clock.now()
        waiting = await self._database.read(canary.waiting_since)
        if self._planted and waiting is not None:
            if now - waiting > _PATIENCE:
                raise CanaryLost(f"what was planted at {waiting:%H:%M:%S} UTC has not come through")
            return  # another process planted just now
        await self._database.write(lambda work: canary.plant(work, now))
        self._planted = True
