"""The day's list of whom nothing reached, told once when the working day ends, so that they are phoned the same day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from bot.answers import Internal
from bot.desk import Desk
from bot.people import Directory, Person
from bot.storage import queues
from bot.storage.database import Database
from bot.storage.values import Outgoing
from bot.storage.work import Work
from complaints.calendar import WorkingCalendar

_CURSOR = "unreached"  # up to which moment it was told
_MOST = 30  # lines of one list; the count tells the rest
_EVENING = time(18)  # on a day off
_COMMITTED = timedelta(minutes=1)  # what failed a moment ago may not be written down yet: it is left to the next list


class Unreached:
    """Keeps the list. What fails after it was told stands on the next day's."""

    def __init__(self, database: Database, desk: Desk) -> None:
        self._database = database
        self._desk = desk

    async def look(self) -> None:
        """Tell today's list if the working day has ended and it was not told yet; called every few seconds."""
        await self._database.write(self._tell)

    async def _tell(self, work: Work) -> None:
        now = self._desk.clock.now()
        calendar = self._desk.book.current.calendar
        local = now.astimezone(calendar.zone)
        end = _end_of_day(calendar, local)
        told = await queues.read_cursor(work, _CURSOR)
        since = datetime.fromisoformat(told) if told else datetime.combine(local.date(), time(), calendar.zone)
        until = now - _COMMITTED
        if now < end or since >= end - _COMMITTED:
            return
        await queues.save_cursor(work, _CURSOR, until.isoformat())
        failed = [each for each in await queues.failed_between(work, since.astimezone(UTC), until) if _counts(each)]
        if not failed:
            return
        centre = await self._desk.service_centre(work)
        for person in centre:
            self._list(work, person, failed, until)
        directory = await work.directory()
        for superior in _superiors(failed, directory):
            if superior not in centre:
                theirs = [each for each in failed if _superior(each, directory) == superior]
                self._list(work, superior, theirs, until)

    def _list(self, work: Work, person: Person, failed: Sequence[Outgoing], until: datetime) -> None:
        facts = {"items": ",".join(str(each.id) for each in failed[:_MOST]), "count": str(len(failed))}
        self._desk.tell(work, Internal.UNREACHED, f"{Internal.UNREACHED}/{until.isoformat()}", [person], facts)


def _end_of_day(calendar: WorkingCalendar, local: datetime) -> datetime:
    hours = calendar.hours(local.date())
    return datetime.combine(local.date(), hours[-1][1] if hours else _EVENING, calendar.zone)


def _counts(outgoing: Outgoing) -> bool:
    """Second copies do not: the notice itself went another way. Nor what we say about ourselves."""
    return not outgoing.form and outgoing.notice not in set(Internal)


def _superior(outgoing: Outgoing, directory: Directory) -> Person | None:
    person = directory.get(outgoing.person)
    return directory.get(person.superior) if person is not None else None


def _superiors(failed: Sequence[Outgoing], directory: Directory) -> list[Person]:
    found = {each.id: each for outgoing in failed if (each := _superior(outgoing, directory)) is not None}
    return [found[id] for id in sorted(found)]
