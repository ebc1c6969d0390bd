"""Where "now" comes from. Everything that asks the time is handed one of these."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """Return the present moment, aware, UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovableClock:
    """The machine's clock, or a standing one, that can be moved forward: for demos, drills and tests."""

    def __init__(self, standing_at: datetime | None = None) -> None:
        self._standing_at = standing_at
        self.ahead = timedelta()

    def now(self) -> datetime:
        return (self._standing_at or datetime.now(UTC)) + self.ahead

    def move_to(self, moment: datetime) -> None:
        """Move forward to `moment`; never back."""
        self.ahead += max(moment - self.now(), timedelta())
