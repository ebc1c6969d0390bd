"""Attendance: leave that is granted, begins and ends, what becomes of the tasks meanwhile, and trying again to assign.

Inside a unit of work, save for `look`, which is called every few seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from bot.answers import Internal
from bot.assigning import find_cover, goes_over, is_working
from bot.desk import Desk
from bot.people import Directory, Person
from bot.recipients import kept_from
from bot.storage import duty, queues
from bot.storage.database import Database
from bot.storage.models import AbsenceRow
from bot.storage.work import Work
from complaints import handling, ladders, taking_back
from complaints.change import NoticeKind
from complaints.complaint import Complaint
from complaints.policy import HandOver
from complaints.vocabulary import Role

_PAGE = 50  # complaints that are tried in one transaction
_LATELY = 30  # alarms of somebody in which what they have in hand is looked for
_LISTED = 9  # lines of a list in a message


async def plan(
    desk: Desk, work: Work, person: Person, start: datetime, end: datetime, stand_in: Person | None, note: str
) -> bool:
    """Record somebody's leave; return whether it counts already, False where their superior has to agree first."""
    directory = await work.directory()
    approver = directory.get(person.superior)
    granted = not desk.book.current.policy.absence.needs_approval or approver is None
    row = AbsenceRow(
        person=person.id,
        start=start,
        end=end,
        stand_in=stand_in.id if stand_in else None,
        note=note,
        state=duty.PLANNED if granted else duty.ASKED,
        created_at=desk.clock.now(),
    )
    await duty.add_absence(work, row)
    if granted:
        await _arranged(desk, work, row)
    else:
        assert approver is not None
        away = directory.away(approver.id, desk.clock.now()) is not None
        other = directory.stand_in(approver.id, desk.clock.now()) if away else None
        told = [approver, *([other] if other is not None and other.id != person.id else [])]
        desk.tell(work, Internal.LEAVE_ASKED, f"leave/{row.id}/asked", told, _facts(row, desk.zone))
    return granted


async def decide(desk: Desk, work: Work, row: AbsenceRow, by: Person, *, granted: bool, note: str = "") -> None:
    """The superior's word on leave that was asked for; whoever asked hears it, with the `note`."""
    row.state, row.decided_by = (duty.PLANNED if granted else duty.REFUSED), by.id
    await work.flush()
    await work.staff_changed()
    asker = (await work.directory()).persons[row.person]
    facts = _facts(row, desk.zone) | {"granted": "yes" if granted else "no", "by": by.name, "why": note}
    desk.tell(work, Internal.LEAVE_ANSWERED, f"leave/{row.id}/answered", [asker], facts)
    if granted:
        await _arranged(desk, work, row)


async def back(
    desk: Desk, work: Work, person: Person, *, cancels: bool, these: Sequence[AbsenceRow] | None = None
) -> bool:
    """Somebody is back or (`cancels`) does not go; False where no leave fits. Their tasks return only if asked for.

    these: which of their leave, where they said so; else what goes on, or all that is still to come.
    """
    now = desk.clock.now()
    rows = await duty.absences_of(work, person.id)
    ended = [row for row in rows if row.start <= now] or (rows if cancels else []) if these is None else these
    for row in ended:
        row.state = duty.OVER if row.start <= now else duty.CANCELLED
        row.end = max(min(row.end, now), row.start)
    if not ended:
        return False
    await work.flush()
    await work.staff_changed()
    directory = await work.directory()
    for row in ended:
        told = _others(await _concerned(desk, work, directory, person, row), person)
        desk.tell(work, Internal.LEAVE_OVER, f"leave/{row.id}/over", told, _facts(row, desk.zone))
    return True


async def _arranged(desk: Desk, work: Work, row: AbsenceRow) -> None:
    """Leave counts: superior, stand-in and centre hear it; if it has begun the tasks are seen to at once."""
    directory = await work.directory()
    person = directory.persons[row.person]
    told = _others(await _concerned(desk, work, directory, person, row), person)
    stand_in = directory.stand_in(person.id, max(row.start, desk.clock.now()))
    facts = _facts(row, desk.zone) | ({"stand_in": stand_in.id} if stand_in else {})
    desk.tell(work, Internal.LEAVE_TOLD, f"leave/{row.id}/told", told, facts)
    if row.start <= desk.clock.now():
        await _begin(desk, work, row)


async def _concerned(desk: Desk, work: Work, directory: Directory, person: Person, row: AbsenceRow) -> list[Person]:
    stand_in = directory.stand_in(person.id, max(row.start, desk.clock.now())) or directory.get(row.stand_in)
    near = [each for each in (directory.get(person.superior), stand_in) if each is not None]
    return [*near, *(await desk.service_centre(work))]


def _others(persons: Iterable[Person], but: Person) -> list[Person]:
    """Return each of the persons once, without one of them."""
    found = {person.id: person for person in persons if person.id != but.id}
    return list(found.values())


def _facts(row: AbsenceRow, zone: tzinfo) -> dict[str, str]:
    until = last_moment(row.end.astimezone(zone))
    facts = {"who": row.person, "start": row.start.isoformat(), "until": until.isoformat(), "note": row.note}
    return facts | {"id": str(row.id)}


def last_moment(end: datetime) -> datetime:
    """Return the end of leave as people say it: the last minute of a day, not the midnight after it. end: local."""
    return end - timedelta(minutes=1) if end.time() == time() else end


# ── the tasks of whoever goes ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Handed:
    """What became of the open tasks: handed over, and left with whoever is away."""

    moved: list[Complaint]
    left: list[Complaint]

    def as_read_by(self, reader: str) -> dict[str, str]:
        """Return the lists as facts, without what names the reader, who learns nothing of it; empty where nothing is left."""
        moved, left = (
            [each.reference for each in some if not kept_from(reader, Internal.LEAVE_TASKS, each)]
            for some in (self.moved, self.left)
        )
        facts = {"moved": "、".join(moved[:_LISTED]), "items": ",".join(left[:_LISTED])}
        counts = {"moved_in_all": len(moved), "left_in_all": len(left)}
        facts |= {name: str(count) for name, count in counts.items() if count > _LISTED}
        return facts if moved or left else {}


async def _begin(desk: Desk, work: Work, row: AbsenceRow) -> None:
    """Leave begins: what cannot wait goes to the stand-in, or to whoever fits; the rest is offered (trap 37)."""
    row.state = duty.RUNNING
    await work.flush()
    directory, now = await work.directory(), desk.clock.now()
    person = directory.persons[row.person]
    stand_in = directory.stand_in(person.id, now)
    handed = _Handed([], [])
    for complaint in await work.tasks_of(person.id):
        if complaint.part_of(person.id) is None and await _hand_over(desk, work, complaint, None, row.end):
            handed.moved.append(complaint)
        else:
            handed.left.append(complaint)
    await _let_go(desk, work, person)
    if not handed.moved and not handed.left:
        return
    facts = _facts(row, desk.zone) | ({"stand_in": stand_in.id} if stand_in is not None else {})
    for reader in _others(await _concerned(desk, work, directory, person, row), person):
        if listed := handed.as_read_by(reader.id):
            desk.tell(work, Internal.LEAVE_TASKS, f"leave/{row.id}/tasks", [reader], facts | listed)


async def _let_go(desk: Desk, work: Work, person: Person) -> None:
    """What they had answered an alarm of is in nobody's hand once they are gone: it goes on with the others (R-041)."""
    references = await queues.lately_told(work, person.id, (NoticeKind.ALARM, NoticeKind.CONFIRM), _LATELY)
    await work.prefetch_complaints(references)
    for reference in references:
        complaint = await work.complaint(reference)
        if complaint is None or complaint.settled:
            continue
        change = ladders.let_go(complaint, person.id, await desk.terms(work, complaint), desk.clock.now())
        if change is not None:
            await desk.record(work, change)


async def _hand_over(desk: Desk, work: Work, complaint: Complaint, rule: HandOver | None, until: datetime) -> bool:
    """Give a complaint to whoever does it while its assignee is gone until then. rule: None for its profile's."""
    terms, now = await desk.terms(work, complaint), desk.clock.now()
    if not complaint.contact_known or not goes_over(complaint, rule or terms.policy.absence.hand_over, until):
        return False
    found = await find_cover(work, complaint, desk.book.calendar_at, now)
    if found is not None:
        await desk.record(work, handling.assign_automatically(complaint, found.person, str(found), terms, now))
    return found is not None


# ── as time goes by ───────────────────────────────────────────────────────────────────────────────────────────────────


class Attendance:
    """Watches leave begin and end, and tries again to assign what waits once somebody else is there."""

    def __init__(self, database: Database, desk: Desk) -> None:
        self._database = database
        self._desk = desk
        self._seen: object = None

    async def look(self) -> None:
        """Let leave begin and end; where that, the rota, the hour or the staff changed, try what waits, the oldest first."""
        if await self._database.read(self._turning):
            await self._database.write(self._turn)
        present = await self._database.read(self._present)
        if present == self._seen:
            return
        for person in await self._database.read(self._leaving):
            while await self._database.write(lambda work, person=person: self._part_with(work, person)):  # type: ignore[misc]
                pass  # so many at a time
        after: tuple[datetime, str] | None = None
        while True:
            after = await self._database.write(lambda work, after=after: self._assign(work, after))  # type: ignore[misc]
            if after is None:
                break
        self._seen = present

    async def _leaving(self, work: Work) -> list[str]:
        """Return who has left and has something in hand."""
        persons = (await work.directory()).persons.values()
        return await duty.with_tasks(work, {each.id for each in persons if each.staff and not each.active})

    async def _part_with(self, work: Work, person: str) -> bool:
        """Take what one who left has in hand: whoever stands in or fits gets it, else the centre; False where nothing was.

        Parts that they did for others stay theirs, and whoever stands in hears what is said of them.
        """
        now, taken = self._desk.clock.now(), False
        for complaint in [each for each in await work.tasks_of(person) if each.owner == person]:
            if await _hand_over(self._desk, work, complaint, HandOver.ALL, now):
                taken = True
            elif (change := taking_back.left(complaint, now)) is not None:
                await self._desk.record(work, change)
                taken = True
        return taken

    async def _turning(self, work: Work) -> bool:
        return bool(await duty.absences_turning(work, self._desk.clock.now()))

    async def _turn(self, work: Work) -> None:
        for row in await duty.absences_turning(work, self._desk.clock.now()):
            if row.state == duty.ASKED:
                await self._not_granted(work, row)
            elif row.state == duty.PLANNED and row.end > self._desk.clock.now():
                await _begin(self._desk, work, row)
            else:
                row.state = duty.OVER
        await work.flush()
        await work.staff_changed()

    async def _not_granted(self, work: Work, row: AbsenceRow) -> None:
        """The day has come and nobody has answered: the centre's leads are asked as well."""
        row.state = duty.LATE
        leads = (await work.directory()).holding(Role.CENTER_LEAD)
        facts = _facts(row, self._desk.zone)
        self._desk.tell(work, Internal.LEAVE_ASKED, f"leave/{row.id}/late", leads, facts)

    async def _present(self, work: Work) -> object:
        """Return what decides who can be chosen now: the directory, who is on duty where, and whether it is working time."""
        directory, now = await work.directory(), self._desk.clock.now()
        calendar_at = self._desk.book.calendar_at
        teams = sorted({"", *directory.shifts, *directory.sites})
        on_duty = [(team, p.id) for team in teams for p in directory.on_duty(team, now, calendar_at)]
        return directory, on_duty, [is_working(calendar_at(team), now) for team in teams]

    async def _assign(self, work: Work, after: tuple[datetime, str] | None) -> tuple[datetime, str] | None:
        """Try a page of what waits; return where the next one begins, None after the last."""
        waiting = await work.waiting_for_somebody(after, _PAGE)
        for complaint in waiting:
            await self._desk.assign_waiting(work, complaint)
        return (waiting[-1].received_at, waiting[-1].reference) if len(waiting) == _PAGE else None


def may_decide(person: Person, asker: Person) -> bool:
    """Say whether somebody may grant another's leave: their superior, or the centre's lead."""
    return person.id != asker.id and (asker.superior == person.id or Role.CENTER_LEAD in person.roles)
