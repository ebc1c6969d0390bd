"""A calendar for tests that need none in particular."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, tzinfo

from complaints.calendar import Hours


@dataclass(frozen=True, slots=True)
class WeekCalendar:
    """Monday to Friday, no holidays: every day it tells is provisional, and it says so."""

    zone: tzinfo
    day: Hours = ((time(9), time(12)), (time(13), time(18)))

    def hours(self, day: date) -> Hours:
        return self.day if day.weekday() < 5 else ()

    def published(self, day: date) -> bool:
        return False
