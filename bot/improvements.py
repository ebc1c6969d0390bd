"""Improvements: what is to be better after a complaint, whose it is and by when, until it is carried out (R-092).

They outlive the complaint, so they have a clock of their own: told at once, the day before, and every week while they are late.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot import conduct
from bot.answers import Internal
from bot.desk import Desk
from bot.people import Person
from bot.storage import improvements as kept
from bot.storage.database import Database
from bot.storage.models import ImprovementRow
from bot.storage.work import Work
from complaints.complaint import Complaint
from complaints.quiet import later
from complaints.vocabulary import Role

_BEFORE = timedelta(days=1)
_AGAIN = timedelta(days=7)  # between two reminders of what is late


async def plan(
    desk: Desk, work: Work, complaint: Complaint, owner: Person, what: str, due_at: datetime, by: Person
) -> ImprovementRow:
    """Keep what is to be improved; its owner hears of it, unless it is they who say so."""
    now = desk.clock.now()
    row = ImprovementRow(
        reference=complaint.reference, owner=owner.id, what=what, due_at=due_at, by=by.id, at=now, told=0, note=""
    )
    if due_at - now <= _BEFORE:
        row.told = 1  # it is said now, and not once more in an hour
    await kept.add(work, row)
    if owner.id != by.id:
        desk.tell(work, Internal.IMPROVEMENT, f"improvement/{row.id}", [owner], facts_of(row), row.reference)
    return row


async def finish(desk: Desk, work: Work, row: ImprovementRow, by: Person, note: str) -> None:
    """It is carried out; whoever asked for it hears that."""
    row.done_at, row.note = desk.clock.now(), note
    asker = (await work.directory()).get(row.by)
    if asker is not None and asker.id != by.id:
        facts = facts_of(row) | {"done": "yes", "who": by.id, "note": note}
        desk.tell(work, Internal.IMPROVEMENT, f"improvement/{row.id}/done", [asker], facts, row.reference)


def facts_of(row: ImprovementRow) -> dict[str, str]:
    """Return an improvement as its notices carry it."""
    return {"who": row.owner, "what": row.what, "due": row.due_at.isoformat()}


class Improvements:
    """Sees that none is forgotten; `look` is called now and then."""

    def __init__(self, database: Database, desk: Desk) -> None:
        self._database = database
        self._desk = desk

    async def look(self) -> None:
        """Remind of what is due tomorrow, once, and of what is late, every week; the leads of the centre read that, too.

        And of what was proposed for colleagues and nobody has decided, or learned.
        """
        await self._database.write(self._look)

    async def _look(self, work: Work) -> None:
        now, terms = self._desk.clock.now(), self._desk.book.current
        if later(now, terms.policy.quiet_staff, terms) != now:
            return
        await conduct.remind(self._desk, work, now)
        directory = await work.directory()
        for row in await kept.waiting(work, now + _BEFORE):
            late = now - row.due_at
            wanted = 1 if late <= timedelta() else 2 + late // _AGAIN
            if row.told >= wanted:
                continue
            row.told = wanted  # after an outage it is said once
            owner = directory.get(row.owner)
            persons = {each.id: each for each in ([owner] if owner is not None else [])}
            if wanted > 1:
                persons |= {each.id: each for each in directory.holding(Role.CENTER_LEAD)}
            facts = facts_of(row) | ({"late": "yes"} if wanted > 1 else {"again": "yes"})
            key = f"improvement/{row.id}/{wanted}"
            self._desk.tell(work, Internal.IMPROVEMENT, key, persons.values(), facts, row.reference)
