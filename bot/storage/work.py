"""One unit of work: everything a decision reads and writes, in one transaction.

Rows become frozen values before they leave. What was read once is remembered for the length of the transaction, and what
several messages need is fetched together (`prefetch`), because a statement costs more than the row it brings.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Row,
    Table,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from bot.people import Directory, Person
from bot.storage import codec
from bot.storage.addresses import Addresses
from bot.storage.audit import record_act
from bot.storage.correspondence import Correspondence
from bot.storage.digests import event_digest, new_seed
from bot.storage.models import (
    WAITING,
    AbsenceRow,
    ComplaintRow,
    CounterRow,
    EventRow,
    MessageRow,
    PersonRow,
    PolicyRow,
    ShiftRow,
    SiteRow,
    TaskRow,
)
from bot.storage.profiles import Profiles, newer
from bot.storage.statements import run
from bot.storage.values import (
    Happened,
    InHand,
    Linked,
    Received,
)
from complaints.change import Change, Event, Timer
from complaints.complaint import Complaint
from complaints.errors import ComplaintError
from complaints.parts.work import Task
from complaints.rates import is_satisfied, last_answered
from complaints.vocabulary import SETTLED, Status

_log = logging.getLogger(__name__)

STAFF_VERSION = "staff-version"
Draw = Callable[[str], Awaitable[int]]

_PER_PERSON = 50  # complaints of one person that a conversation may be about: the newest
_NAMESAKES = 5  # ids under which one person is looked for, the newest
PER_CATEGORY = 20
"""So many complaints of a site and category are compared with a new one: the newest."""

# What nearly every unit of work asks is put together once: that takes longer than to answer it.
_OF_COMPLAINTS: Table = ComplaintRow.__table__  # type: ignore[assignment]
_COMPLAINTS = select(_OF_COMPLAINTS).where(_OF_COMPLAINTS.c.reference.in_(bindparam("references")))
_COUNTERS: Table = CounterRow.__table__  # type: ignore[assignment]
_STAFF_VERSION = select(_COUNTERS.c.value).where(_COUNTERS.c.name == STAFF_VERSION)
_PEOPLE = select(PersonRow).where(PersonRow.id.in_(bindparam("ids")))
_NEWEST_FIRST = (_OF_COMPLAINTS.c.received_at.desc(), _OF_COMPLAINTS.c.reference.desc())
# Counted for each of them: one who complained often must not crowd out another's only complaint.
_NTH = func.row_number().over(partition_by=_OF_COMPLAINTS.c.complainant, order_by=_NEWEST_FIRST).label("nth")
_THEIRS = (
    select(_OF_COMPLAINTS.c.reference, _NTH)
    .where(_OF_COMPLAINTS.c.complainant.in_(bindparam("persons")))
    .subquery("theirs")
)
_COMPLAINTS_OF = (
    select(_OF_COMPLAINTS)
    .join(_THEIRS, _THEIRS.c.reference == _OF_COMPLAINTS.c.reference)
    .where(_THEIRS.c.nth <= _PER_PERSON)
    .order_by(*_NEWEST_FIRST)
)
_TASKS: Table = TaskRow.__table__  # type: ignore[assignment]
_IN_HAND = (
    select(_TASKS.c.reference).where(_TASKS.c.assignee == bindparam("person"), _TASKS.c.open.is_(True)).limit(200)
)
_LOAD = (
    select(TaskRow.assignee, func.count())
    .where(TaskRow.open.is_(True), TaskRow.drill.is_(False))
    .group_by(TaskRow.assignee)
)
_GIVEN = select(PersonRow.id, PersonRow.given_at).where(PersonRow.staff.is_(True), PersonRow.given_at.is_not(None))


@cache
def _newest_of(categories: int) -> CompoundSelect[Any]:
    """Return the query for the newest complaints of a site in each of so many categories: category_0, category_1…"""
    newest = [
        select(ComplaintRow.category, ComplaintRow.received_at, ComplaintRow.reference)
        .where(ComplaintRow.site == bindparam("site"), ComplaintRow.category == bindparam(f"category_{number}"))
        .order_by(ComplaintRow.received_at.desc())
        .limit(PER_CATEGORY)
        .subquery()
        for number in range(categories)
    ]
    return union_all(*map(select, newest))


@cache
def _known_by(signs: tuple[str, ...]) -> CompoundSelect[Any]:
    """Return the query for customers by any of these signs, phone and email: sign, its value, id and since when; the newest."""
    alike = []
    for sign in signs:
        value = getattr(PersonRow, sign)
        nth = func.row_number().over(partition_by=value, order_by=PersonRow.created_at.desc()).label("nth")
        row = (literal(sign).label("sign"), value.label("value"), PersonRow.id, PersonRow.created_at, nth)
        alike.append(select(*row).where(value.in_(bindparam(sign)), PersonRow.staff.is_(False)).subquery())
    # One more of each: whoever is asked about is among them.
    newest = [
        select(each.c.sign, each.c.value, each.c.id, each.c.created_at).where(each.c.nth <= _NAMESAKES + 1)
        for each in alike
    ]
    return union_all(*newest)


class Unreadable(ComplaintError):
    """A stored record cannot be read."""


class Newer(Unreadable):
    """A complaint, or the profile stored with it, has a word of a newer version: whoever knows it reads it, and this process
    leaves it alone. reference: of the complaint.
    """

    def __init__(self, message: str, reference: str) -> None:
        super().__init__(message)
        self.reference = reference


@dataclass(slots=True)
class StaffCache:
    """The directory as of a version of the staff: they change rarely and are asked for constantly."""

    version: int = 0
    directory: Directory | None = None


class Work(Addresses, Correspondence):
    """The tables as the use cases see them. Not to be shared between tasks, nor kept beyond its transaction."""

    def __init__(
        self, session: AsyncSession, staff: StaffCache, profiles: Profiles, *, writes: bool, draw: Draw | None = None
    ) -> None:
        super().__init__(session, writes=writes)
        self._staff = staff
        self._profiles = profiles
        self._draw = draw
        self.arrived: dict[tuple[str, str], int] = {}  # conversations that a message was stored of, and its id
        self.unanswered: str | None = (
            None  # a person whose words are not answered; notices of their complaints still go
        )
        self.hushed: str | None = None  # a person to whom nothing is said in answer to what is being understood now
        self.without_newer = False  # what only a newer version can read is passed over: danger is taken in at once
        # Who is being understood now and wants nothing unasked: the person, the channel, the address, what is answered.
        self.speaking: tuple[str, str, str, str | None] | None = None
        self._complaints: dict[str, tuple[Mapping[str, Any], Complaint]] = {}  # each with its columns
        self._missing: set[str] = set()
        self._unreadable: dict[str, Exception] = {}
        # Left out where somebody's were looked through, because a newer version alone can read them; when each was closed.
        self.passed_over: dict[str, datetime | None] = {}
        self._closed: dict[str, datetime | None] = {}
        self._of: dict[str, list[str]] = {}
        self._in_hand: dict[str, list[str]] = {}  # whose open task is whose: a turn asks it time and again
        self._reassigned: set[str] = set()  # whose tasks were changed, and perhaps not in the table yet
        self._newest: dict[tuple[str, str], list[tuple[datetime, str]]] = {}
        self._moved = False  # whether a complaint is of another site or category than when it was read
        self._people: dict[str, PersonRow] = {}
        self._known_as: dict[tuple[str, str], list[tuple[str, datetime]]] = {}
        self._load: dict[str, int] | None = None
        self._given: dict[str, datetime] | None = None
        self._counters: dict[str, CounterRow] = {}
        self._directory: Directory | None = None
        self._staff_touched = False

    async def start_afresh(self) -> None:
        await super().start_afresh()
        self._load = self._given = None

    # ── complaints ────────────────────────────────────────────────────────────────────────────────────────────────

    async def complaint(self, reference: str) -> Complaint | None:
        """Return a complaint, None where there is no such. Raises Unreadable where its record is damaged, Newer where a newer
        version wrote it or its profile; with `without_newer` it is as if that were not there.
        """
        if reference not in self._complaints and reference not in self._missing:
            await self.prefetch_complaints([reference])
        if (error := self._unreadable.get(reference)) is not None:
            if self.without_newer and newer(error):
                return None
            says = f"the record of {reference} cannot be read: {error}"
            raise (Newer(says, reference) if newer(error) else Unreadable(says)) from error
        known = self._complaints.get(reference)
        return known[1] if known else None

    async def prefetch_complaints(self, references: Iterable[str]) -> None:
        known = (self._complaints, self._missing, self._unreadable)
        wanted = {r for r in references if not any(r in each for each in known)}
        if not wanted:
            return
        await self._remember(await run(self.session, _COMPLAINTS, {"references": list(wanted)}))
        self._missing |= wanted - self._complaints.keys() - self._unreadable.keys()

    def known_complaint(self, reference: str) -> Complaint | None:
        """Return a complaint that was fetched before; None where it was not, is not there or cannot be read."""
        known = self._complaints.get(reference)
        return known[1] if known else None

    async def complaints_of(self, person: str) -> list[Complaint]:
        """Return the person's own open and lately settled complaints that can be read, the newest first."""
        if person not in self._of:
            await self.prefetch_complaints_of([person])
        return self._theirs(self._of[person])

    async def filed_since(self, person: str, since: datetime) -> int:
        """Return how many complaints a person has filed since then."""
        await self.flush_if_writing()
        theirs = select(func.count()).where(ComplaintRow.complainant == person, ComplaintRow.received_at > since)
        return await self.session.scalar(theirs) or 0

    async def prefetch_complaints_of(self, persons: Collection[str]) -> None:
        wanted = {person for person in persons if person not in self._of}
        if not wanted:
            return
        rows = list(await run(self.session, _COMPLAINTS_OF, {"persons": list(wanted)}))
        await self._remember(rows)
        self._of |= {person: [] for person in wanted}
        for row in rows:
            self._of[row.complainant].append(row.reference)

    async def newest_of(self, site: str, categories: Collection[str]) -> list[Complaint]:
        """Return the newest complaints of a site in each of the categories, those recorded in this work among them."""
        wanted = [category for category in sorted(categories) if (site, category) not in self._newest]
        if wanted:
            if self._moved:
                await self.flush_if_writing()
            newest: dict[tuple[str, str], set[tuple[datetime, str]]] = {(site, category): set() for category in wanted}
            named = {f"category_{number}": category for number, category in enumerate(wanted)}
            rows = await self.session.execute(_newest_of(len(wanted)), {"site": site} | named)
            for category, received_at, reference in rows:
                newest[site, category].add((received_at, reference))
            # New ones are not in the table yet: to write all that was decided for each category would make many small writes.
            for _, complaint in self._complaints.values():
                if (place := (complaint.site, complaint.category)) in newest:
                    newest[place].add((complaint.received_at, complaint.reference))
            self._newest |= {place: sorted(found, reverse=True)[:PER_CATEGORY] for place, found in newest.items()}
        references = [reference for category in categories for _, reference in self._newest[site, category]]
        await self.prefetch_complaints(references)
        return self._readable(references)

    def _among_newest(self, before: Complaint | None, complaint: Complaint) -> None:
        """Keep what `newest_of` knows true to what is recorded."""
        place = (complaint.site, complaint.category)
        if before is None and (newest := self._newest.get(place)) is not None:
            newest.append((complaint.received_at, complaint.reference))
            newest.sort(reverse=True)
            del newest[PER_CATEGORY:]
        elif before is not None and (before.site, before.category) != place:
            self._newest.pop((before.site, before.category), None)
            self._newest.pop(place, None)
            self._moved = True

    def save_received(self, received: Received) -> None:
        """Write what became of a raw message."""
        self._bulk.save_received(received)

    def save_link(self, linked: Linked) -> None:
        """Write what is known of two complaints, over what was known before."""
        self._bulk.save_link(linked)

    async def _remember(self, rows: Iterable[Row[Any]]) -> None:
        """Keep complaints; one that cannot be read is kept apart: whoever asks for it is told, the others have theirs."""
        for row in rows:
            if row.reference in self._complaints or row.reference in self._unreadable:
                continue
            trouble: Exception | None = None
            try:
                complaint = codec.decode_complaint(row.record)
            except ValueError as error:
                trouble = error
            if trouble is None and not self._profiles.read(complaint.policy):
                trouble = await self._profiles.trouble(self.session, complaint.policy)
            if trouble is None:
                self._complaints[row.reference] = (row._asdict(), complaint)
                continue
            self._unreadable[row.reference], self._closed[row.reference] = trouble, row.closed_at
            _log.error("storage: the record of %s cannot be read: %s", row.reference, trouble)

    def _readable(self, references: Iterable[str]) -> list[Complaint]:
        return [self._complaints[reference][1] for reference in references if reference in self._complaints]

    def _theirs(self, references: Iterable[str]) -> list[Complaint]:
        """Return those that can be read of complaints among which somebody's words are sought, and note the others."""
        references = list(references)
        self.passed_over |= {
            reference: self._closed[reference]
            for reference in references
            if (error := self._unreadable.get(reference)) is not None and newer(error)
        }
        return self._readable(references)

    @property
    def unreadable(self) -> frozenset[str]:
        """The complaints met so far whose record is damaged."""
        return frozenset(reference for reference, error in self._unreadable.items() if not newer(error))

    async def _select_complaints(
        self, where: ColumnElement[bool], limit: int = 50, *, newest: bool = False
    ) -> list[Complaint]:
        """Return complaints by a condition on ComplaintRow's columns, the oldest first, or the newest."""
        await self.flush_if_writing()
        order = ComplaintRow.received_at.desc() if newest else ComplaintRow.received_at
        found = select(ComplaintRow.__table__).where(where).order_by(order).limit(limit)
        rows = (await self.session.execute(found)).all()
        await self._remember(rows)
        return self._theirs(row.reference for row in rows)

    async def entered_by(self, person: str) -> list[Complaint]:
        """Return what an employee brought in, the newest first."""
        return await self._select_complaints(ComplaintRow.finder == person, limit=20, newest=True)

    async def queue(self) -> list[Complaint]:
        """Return what waits for the service centre: nobody has it in hand. Practice is named, never meant by being there."""
        return await self._select_complaints(and_(WAITING, ComplaintRow.drill.is_(False)))

    async def asking(self) -> list[Complaint]:
        """Return complaints whose assignee waits for a decision: on more time, or on standing still."""
        return await self._select_complaints(
            or_(ComplaintRow.extension_asked.is_(True), ComplaintRow.hold_asked.is_(True))
        )

    async def tasks_of(self, person: str) -> list[Complaint]:
        """Return the complaints whose open task is this person's, the oldest first."""
        if person not in self._in_hand:
            if person in self._reassigned:
                await self.flush_if_writing()
            self._in_hand[person] = list((await run(self.session, _IN_HAND, {"person": person})).scalars())
        found = self._in_hand[person]
        await self.prefetch_complaints(found)
        return sorted(self._theirs(found), key=lambda c: (c.received_at, c.reference))

    async def ending_with(self, digits: str) -> list[str]:
        """Return complaints whose number ends with `digits` (at most five): unsettled ones, where there are any."""
        ending = select(ComplaintRow.reference).where(ComplaintRow.reference.endswith(digits, autoescape=True))
        rows = list(await self.session.scalars(ending.where(ComplaintRow.status.not_in(SETTLED)).limit(5)))
        if rows:
            return rows
        return list(await self.session.scalars(ending.order_by(ComplaintRow.reference.desc()).limit(5)))

    async def meant(self, number: str) -> str:
        """Return the reference of the one complaint whose number is `number` or ends with it. Raises ComplaintError."""
        rows = await self.session.scalars(
            select(ComplaintRow.reference).where(ComplaintRow.reference.endswith(number, autoescape=True)).limit(6)
        )
        found = list(rows)
        if not found:
            raise ComplaintError(f"there is no complaint {number}")
        if len(found) > 1:
            raise ComplaintError(f"{number} ends several numbers: {', '.join(found[:5])}; write more of it")
        return found[0]

    async def save(self, change: Change, timers: Sequence[Timer]) -> None:
        """Record a decision: complaint, events and timers. Raises Conflict at the flush if the complaint moved on."""
        complaint = change.complaint
        known = self._complaints.get(complaint.reference)
        columns = _columns(complaint, known)
        self._bulk.save_complaint(columns, known[0] if known else None)
        if known is None:
            self._of.get(complaint.complainant, []).insert(0, complaint.reference)
        elif known[0]["complainant"] != complaint.complainant:
            self._now_of(known[0]["complainant"], complaint)
        self._among_newest(known[1] if known else None, complaint)
        self._complaints[complaint.reference] = (columns, complaint)
        self._missing.discard(complaint.reference)
        for event in change.events:
            self._bulk.append(EventRow, _happened(complaint.reference, event))
        if known is None:
            self.timers.begin(complaint.reference)
            for task in complaint.tasks:
                await self._save_task(complaint, task)
        else:
            await self._save_tasks(complaint, known[1])
        await self.timers.set(complaint.reference, timers)
        self.touched.add("timers")

    def _now_of(self, before: str, complaint: Complaint) -> None:
        """Its customer is another person, as far as we knew: whoever would not be named has said who they are."""
        if complaint.reference in self._of.get(before, []):
            self._of[before].remove(complaint.reference)
        self._of.get(complaint.complainant, []).insert(0, complaint.reference)

    async def _save_tasks(self, complaint: Complaint, before: Complaint) -> None:
        old = {task.number: task for task in before.tasks}
        for task in complaint.tasks:
            known = old.get(task.number)
            if known is None:
                await self._save_task(complaint, task)
            elif (known.open, before.drill) != (task.open, complaint.drill):
                await self.flush_if_writing()
                row = await self.session.get_one(TaskRow, (complaint.reference, task.number))
                row.open, row.drill = task.open, complaint.drill
                self._forget_in_hand(task.assignee)
                was = int(known.open and not before.drill)
                self._count(task.assignee, int(task.open and not complaint.drill) - was)

    async def _save_task(self, complaint: Complaint, task: Task) -> None:
        self._forget_in_hand(task.assignee)
        self._bulk.append(
            TaskRow, InHand(complaint.reference, task.number, task.assignee, task.open, drill=complaint.drill)
        )
        if complaint.drill:
            return  # practice makes nobody busier, nor puts them at the end of the line
        self._count(task.assignee, int(task.open))
        self._bulk.save_given(task.assignee, task.assigned_at)
        if self._given is not None:
            self._given[task.assignee] = task.assigned_at

    def _forget_in_hand(self, assignee: str) -> None:
        self._in_hand.pop(assignee, None)
        self._reassigned.add(assignee)

    def _count(self, assignee: str, more: int) -> None:
        if self._load is not None:
            self._load[assignee] = self._load.get(assignee, 0) + more

    async def events_of(self, reference: str) -> list[EventRow]:
        rows = await self.session.scalars(
            select(EventRow).where(EventRow.reference == reference).order_by(EventRow.id).limit(2000)
        )
        return list(rows)

    async def last_words(self, reference: str, person: str, answering: Collection[str] = (), least: int = 0) -> str:
        """Return the last words that somebody wrote about a complaint; "" where nothing is kept.

        answering: verbs of what only answers us, where it is shorter than `least` characters: passed over.
        """
        await self.flush_if_writing()
        newest = (
            select(MessageRow.text)
            .where(
                MessageRow.reference == reference,
                MessageRow.person == person,
                MessageRow.outgoing.is_(False),
                or_(MessageRow.verb.not_in(answering), func.length(MessageRow.text) >= least),
            )
            .order_by(MessageRow.id.desc())
            .limit(1)
        )
        return await self.session.scalar(newest) or ""

    async def load_of(self) -> dict[str, int]:
        """Return how many open tasks each assignee has, drills apart."""
        if self._load is None:
            await self.flush_if_writing()
            rows = await self.session.execute(_LOAD)
            self._load = {assignee: count for assignee, count in rows}  # noqa: C416 (rows are no pairs to a type checker)
        return self._load

    async def given_at(self) -> Mapping[str, datetime]:
        """Return when each member of staff last got a task; who never did is not in it."""
        if self._given is None:
            await self.flush_if_writing()
            rows = await self.session.execute(_GIVEN)
            self._given = {person: at for person, at in rows if at is not None} | self._bulk.given
        return self._given

    async def waiting_for_somebody(self, after: tuple[datetime, str] | None, limit: int) -> list[Complaint]:
        """Return complaints for which nobody was there, the oldest first. after: the last one seen (received_at, reference)."""
        where: list[ColumnElement[bool]] = [ComplaintRow.nobody_since.is_not(None)]
        if after is not None:
            where.append(tuple_(ComplaintRow.received_at, ComplaintRow.reference) > after)
        await self.flush_if_writing()
        rows = await self.session.execute(
            select(ComplaintRow.reference)
            .where(*where)
            .order_by(ComplaintRow.received_at, ComplaintRow.reference)
            .limit(limit)
        )
        references = [row.reference for row in rows]
        await self.prefetch_complaints(references)
        return self._readable(references)

    async def next_number(self, counter: str) -> int:
        """Count up and return the new number; gaps are possible, doubles are not."""
        row = self._counters.get(counter)
        if row is None:
            row = await self.session.get(CounterRow, counter, with_for_update=True)
            if row is None:
                row = CounterRow(name=counter, value=0)
                self.session.add(row)
            self._counters[counter] = row
        row.value += 1
        return row.value

    async def draw_number(self, counter: str) -> int:
        """Count up, whatever becomes of this transaction: it holds up nobody else who draws one. No name of `next_number`."""
        return await (self._draw or self.next_number)(counter)

    # ── policies ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def store_policy(self, name: str, version: str, data: str) -> None:
        if await self.session.get(PolicyRow, (name, version)) is None:
            self.session.add(PolicyRow(name=name, version=version, data=data))
            record_act(self, "policy_stored", name=name, version=version)

    async def policy_data(self, name: str, version: str) -> str | None:
        row = await self.session.get(PolicyRow, (name, version))
        return row.data if row else None

    # ── people ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def directory(self) -> Directory:
        if self._directory is None:
            version = (await run(self.session, _STAFF_VERSION, {})).scalar() or 0
            if self._staff.directory is not None and self._staff.version == version and not self._staff_touched:
                self._directory = self._staff.directory
            else:
                await self.flush_if_writing()
                self._directory = await self._read_directory()
                if version and not self._staff_touched:  # what may still be rolled back is for this transaction alone
                    self._staff.version, self._staff.directory = version, self._directory
        return self._directory

    async def _read_directory(self) -> Directory:
        staff = await self.session.scalars(select(PersonRow).where(PersonRow.staff.is_(True)))
        sites = await self.session.scalars(select(SiteRow).order_by(SiteRow.code))
        shifts = await self.session.scalars(select(ShiftRow).order_by(ShiftRow.id))
        absences = await self.session.scalars(
            select(AbsenceRow).where(AbsenceRow.state.in_(("planned", "running"))).order_by(AbsenceRow.id)
        )
        return Directory.of(
            map(codec.person, staff), map(codec.site, sites), map(codec.shift, shifts), map(codec.absence, absences)
        )

    async def staff_changed(self) -> None:
        await self.next_number(STAFF_VERSION)
        self._directory, self._staff_touched = None, True

    async def person(self, id: str) -> Person | None:
        if self._directory is not None and (known := self._directory.persons.get(id)) is not None:
            return known
        row = await self.person_row(id)
        return codec.person(row) if row else None

    def knows_person(self, id: str) -> bool:
        """Say whether somebody was read already, or is none of us and not there."""
        return id in self._people or (self._directory is not None and id in self._directory.persons)

    async def person_row(self, id: str) -> PersonRow | None:
        if id not in self._people:
            await self.prefetch_people([id])
        return self._people.get(id)

    async def prefetch_people(self, ids: Iterable[str]) -> None:
        wanted = {id for id in ids if id not in self._people}
        if wanted:
            for row in await self.session.scalars(_PEOPLE, {"ids": list(wanted)}):
                self._people[row.id] = row

    async def add_person(self, row: PersonRow) -> None:
        self.session.add(row)
        self._people[row.id] = row
        self._of.setdefault(row.id, [])
        self._written_to[row.id] = self._answered[row.id] = 0
        self._addresses_of.setdefault(row.id, [])

    async def new_customer(self, now: datetime, *, name: str = "", phone: str = "", locale: str = "") -> PersonRow:
        row = PersonRow(id=uuid.uuid4().hex, name=name, phone=phone, locale=locale, created_at=now)
        row.email = row.place = row.roles = row.unit = row.categories = row.sites = row.stages = row.channels = ""
        row.staff, row.active, row.tester, row.unnamed = False, True, False, False
        await self.add_person(row)
        return row

    async def known_as(self, phone: str, email: str, but_not: str) -> list[str]:
        """Return the ids of the customers who have this phone number or mail address, besides one: the newest, first."""
        signs = [sign for sign in (("phone", phone), ("email", email)) if sign[1]]
        if not signs:
            return []
        await self.prefetch_known_as(signs)
        # Of whoever was read, or made, in this work it is known here, and perhaps nowhere else yet.
        found = {id: at for sign in signs for id, at in self._known_as[sign] if id not in self._people}
        for row in self._people.values():
            of_row = vars(row)  # a mapped attribute takes its time, and each of a batch asks for all of it
            if ((phone and of_row["phone"] == phone) or (email and of_row["email"] == email)) and not row.staff:
                found[row.id] = row.created_at
        found.pop(but_not, None)
        return sorted(found, key=found.__getitem__, reverse=True)[:_NAMESAKES]

    async def prefetch_known_as(self, signs: Iterable[tuple[str, str]]) -> None:
        """Fetch who has these signs: ("phone", number) and ("email", address)."""
        wanted = {sign for sign in signs if sign not in self._known_as}
        if not wanted:
            return
        self._known_as |= {sign: [] for sign in wanted}
        names = tuple(sorted({name for name, _ in wanted}))
        values = {name: [value for of, value in wanted if of == name] for name in names}
        for name, value, id, created_at in await self.session.execute(_known_by(names), values):
            self._known_as[name, value].append((id, created_at))

    async def customer_by_phone(self, phone: str) -> PersonRow | None:
        await self.flush_if_writing()
        return await self.session.scalar(
            select(PersonRow).where(PersonRow.phone == phone, PersonRow.staff.is_(False)).limit(1)
        )


def _columns(complaint: Complaint, known: tuple[Mapping[str, Any], Complaint] | None) -> dict[str, Any]:
    """Return a complaint's row by column. known: the columns that it had, and what they were the row of."""
    rating, running = last_answered(complaint), complaint.running
    waits = not (complaint.settled or complaint.task or complaint.status is Status.RESOLVED)
    names = "".join(f",{person}" for person in sorted(complaint.respondents)) + "," * bool(complaint.respondents)
    old, before = known if known is not None else ({}, None)
    return {
        "reference": complaint.reference,
        "version": complaint.version,
        "status": complaint.status.value,
        "severity": complaint.severity.value,
        "category": complaint.category,
        "channel": complaint.channel,
        "complainant": complaint.complainant,
        "finder": complaint.finder,
        "owner": complaint.owner,
        "site": complaint.site,
        "received_at": complaint.received_at,
        "closed_at": complaint.closed_at,
        "extension_asked": complaint.extension is not None,
        "hold_asked": complaint.hold is not None,
        "due_at": running[0].due_at if running else None,
        "drill": complaint.drill,
        "mystery": complaint.mystery,
        "names": names,
        "accepted_at": complaint.accepted_at,
        "rated_at": rating.answered_at if rating is not None else None,
        "satisfied": is_satisfied(rating) if rating is not None else None,
        "nobody_since": complaint.nobody_since if waits else None,
        "record": codec.encode_complaint(complaint, before, old.get("record", b"")),
    }


def _happened(reference: str, event: Event) -> Happened:
    told = (
        reference,
        event.kind.value,
        event.at,
        event.by,
        event.channel,
        event.old.value if event.old else None,
        event.new.value,
        event.note,
        codec.facts(event.facts),
    )
    seed = new_seed()
    return Happened(*told, seed, event_digest(seed, *told))
