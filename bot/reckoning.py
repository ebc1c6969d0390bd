"""When the calendar changes: what every process goes by, and every open deadline reckoned anew.

A change is carried through in the background, a page of open complaints a transaction, and how far it has come is committed
with each page: a process that dies goes on where it was. Reckoning twice changes nothing, so every process that takes up a new
calendar has the walk begin again, and what was decided by the old one in the meantime is put right too; nobody is told twice.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.answers import Internal
from bot.calendars import Calendars
from bot.desk import Desk
from bot.policies import PolicyBook
from bot.storage import calendars as kept
from bot.storage.database import Database
from bot.storage.models import ReckoningRow
from bot.storage.work import Work
from complaints.change import Change
from complaints.errors import ComplaintError
from complaints.rescheduling import calendar_changed

_log = logging.getLogger(__name__)

PAGE = 50  # complaints a transaction: what else is to be written waits no longer than this takes
_PAGES = 20  # at a time, before the tick reports that it lives
_SHOWN = 5  # complaints that the summary names


class Reckoner:
    """Keeps the calendars of this process as they were published, and carries each change through."""

    def __init__(self, database: Database, desk: Desk, calendars: Calendars) -> None:
        self._database = database
        self._desk = desk
        self._calendars = calendars
        self._versions: tuple[int, int] | None = None
        self._running = False

    async def look(self) -> None:
        """Take up what was published since the last look, and carry a change some way on."""
        if await self._database.read(kept.versions) != self._versions:
            await self.load()
        for _ in range(_PAGES):
            if not self._running:
                return
            self._running = await self._database.write(self._page)

    async def load(self) -> None:
        """Go by the calendars as they are published now. Where that is a change, it is to be carried through."""
        before, first = self._calendars.fingerprint, self._versions is None
        self._versions = await self._database.read(lambda work: load(work, self._calendars))
        changed = self._calendars.fingerprint != before and not first
        self._running = await self._database.write(lambda work: self._begin(work, again=changed))

    async def _begin(self, work: Work, *, again: bool) -> bool:
        """Return whether there is something to carry through. again: from the start, whoever has done it before."""
        row = await kept.reckoning(work)
        fingerprint = self._calendars.fingerprint
        if again or row.calendars != fingerprint:
            row.calendars, row.running, row.after = fingerprint, True, ""
            row.number += 1
        return row.running

    async def _page(self, work: Work) -> bool:
        """Reckon a page of open complaints anew; return whether there is more to do."""
        row = await kept.reckoning(work)
        if not row.running or row.calendars != self._calendars.fingerprint:
            return False  # done, or another process goes by newer ones than this and does it
        references = await kept.open_after(work, row.after, PAGE)
        await work.prefetch_complaints(references)
        for reference in references:
            change = await self._change(work, reference)
            if change is None:
                continue
            await self._desk.record(work, change)
            if change.events:
                _count(row, change)
        if references:
            row.after = references[-1]
        if len(references) == PAGE:
            return True
        row.running = False
        await self._sum_up(work, row)
        return False

    async def _change(self, work: Work, reference: str) -> Change | None:
        try:
            complaint = await work.complaint(reference)
            assert complaint is not None
            return calendar_changed(complaint, await self._desk.terms(work, complaint), self._desk.clock.now())
        except ComplaintError as error:  # one record that cannot be read keeps nobody else from being told
            _log.error("%s: its deadlines were not reckoned anew: %s", reference, error)
            return None

    async def _sum_up(self, work: Work, row: ReckoningRow) -> None:
        """Tell the service centre what moved, if anything did."""
        count = row.later + row.earlier
        if count:
            facts = {"count": str(count), "later": str(row.later), "earlier": str(row.earlier), "items": row.shown}
            shown = len(row.shown.split(","))
            facts |= {"more": str(count - shown)} if count > shown else {}
            await self._tell(work, row.number, facts)
        row.later, row.earlier, row.shown = 0, 0, ""

    async def _tell(self, work: Work, number: int, facts: Mapping[str, str]) -> None:
        centre = await self._desk.service_centre(work)
        self._desk.tell(work, Internal.CALENDAR_CHANGED, f"calendar/{number}", centre, facts)


def _count(row: ReckoningRow, change: Change) -> None:
    """Count a complaint by where the last of its deadlines that moved went."""
    facts = change.events[-1].facts
    if facts["due"] > facts["was"]:
        row.later += 1
    else:
        row.earlier += 1
    shown = [reference for reference in row.shown.split(",") if reference]
    if len(shown) < _SHOWN and change.complaint.reference not in shown:
        row.shown = ",".join([*shown, change.complaint.reference])


async def load(work: Work, calendars: Calendars) -> tuple[int, int]:
    """Let calendars count as they are published; return the versions that this is."""
    versions = await kept.versions(work)
    calendars.publish(await kept.imported(work))
    sites = (await work.directory()).sites
    calendars.place({site.code: site.calendar for site in sites.values() if site.calendar})
    return versions


@dataclass(frozen=True, slots=True)
class Moves:
    """How many open deadlines a change would move, and of how many complaints."""

    deadlines: int = 0
    complaints: int = 0

    def __add__(self, other: Moves) -> Moves:
        return Moves(self.deadlines + other.deadlines, self.complaints + other.complaints)


async def moves(database: Database, book: PolicyBook, now: datetime) -> Moves:
    """Return what would move if the calendars counted as they do in this `book`; nothing is changed."""
    total, after = Moves(), ""
    while True:
        page, after = await database.read(lambda work, after=after: _moves_of_page(work, book, after, now))  # type: ignore[misc]
        total += page
        if not after:
            return total


async def _moves_of_page(work: Work, book: PolicyBook, after: str, now: datetime) -> tuple[Moves, str]:
    """Return what would move of the page after a reference, and its last; "" where there is no more."""
    references = await kept.open_after(work, after, PAGE)
    await work.prefetch_complaints(references)
    total = Moves()
    for reference in references:
        try:
            complaint = await work.complaint(reference)
            assert complaint is not None
            change = calendar_changed(complaint, await book.terms(work, complaint), now)
        except ComplaintError as error:
            _log.error("%s: its deadlines cannot be reckoned: %s", reference, error)
            continue
        if change is not None and change.events:
            total += Moves(len(change.events), 1)
    return total, references[-1] if len(references) == PAGE else ""
