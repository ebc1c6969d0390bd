"""Working days and hours: what the arithmetic of limits asks of a calendar, and the hours in which nobody is disturbed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Protocol

Hours = tuple[tuple[time, time], ...]


class WorkingCalendar(Protocol):
    """What deadline arithmetic asks of a calendar. Days and hours are local to `zone`."""

    @property
    def zone(self) -> tzinfo: ...

    def hours(self, day: date) -> Hours:
        """Return the working intervals of that day, in order; empty on a day off."""
        ...

    def published(self, day: date) -> bool:
        """Say whether that day's holidays and make-up working days are officially known."""
        ...


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A daily span, local time, in which nobody is written to unasked. It may run over midnight."""

    start: time
    end: time

    def after(self, moment: datetime, zone: tzinfo) -> datetime:
        """Return `moment`, or the end of the quiet hours it falls into."""
        local = moment.astimezone(zone)
        if not self.contains(local.timetz().replace(tzinfo=None)):
            return moment
        day = local.date() if local.time() < self.end else local.date() + timedelta(days=1)
        return datetime.combine(day, self.end, zone).astimezone(moment.tzinfo)

    def before(self, moment: datetime, zone: tzinfo) -> datetime:
        """Return `moment`, or the last minute before the quiet hours it falls into."""
        local = moment.astimezone(zone)
        if not self.contains(local.timetz().replace(tzinfo=None)):
            return moment
        over_midnight = self.start > self.end
        day = local.date() - timedelta(days=1) if over_midnight and local.time() < self.end else local.date()
        return (datetime.combine(day, self.start, zone) - timedelta(minutes=1)).astimezone(moment.tzinfo)

    @property
    def length(self) -> timedelta:
        """How long they last, as the clock on the wall counts it."""
        begin, end = (timedelta(hours=each.hour, minutes=each.minute) for each in (self.start, self.end))
        return end - begin if self.start <= self.end else end - begin + timedelta(days=1)

    def contains(self, clock: time) -> bool:
        if self.start <= self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end
