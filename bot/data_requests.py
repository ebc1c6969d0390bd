"""Requests about personal data: taken in with a number and a day, seen to by whoever guards privacy, never forgotten.

People have a right to an answer, so a request has a clock of its own: 15 working days. Those who see to it are told at once,
again shortly before the day, and every day after it. What was answered, by whom and when, is kept.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bot.answers import Answer, Internal
from bot.desk import Desk, Via
from bot.erasure import InTheWay, carry_out
from bot.people import Person
from bot.shown import phone_masked
from bot.storage import data_requests as kept
from bot.storage.audit import record_act
from bot.storage.database import Database
from bot.storage.erasing import complaints_of
from bot.storage.models import DataRequestRow
from bot.storage.work import Work
from complaints.limits import Limit, due
from complaints.vocabulary import Role

LIMIT = Limit.parse("15wd")
_CASES_SHOWN = 5
_BEFORE = timedelta(days=3)  # so long before the day it is said once more


async def officers(desk: Desk, work: Work) -> list[Person]:
    """Return who sees to requests: the privacy officers, and the service centre where there are none."""
    return (await work.directory()).holding(Role.PRIVACY_OFFICER) or await desk.service_centre(work)


async def take(desk: Desk, work: Work, via: Via, what: str, *, proven: bool) -> tuple[DataRequestRow, bool]:
    """Return the request and whether it is new: one that waits already is not taken in twice. what: copy or erase."""
    assert via.person is not None
    waiting = await kept.open_of(work, via.person, what)
    if waiting is not None:
        return waiting, False
    now, current = desk.clock.now(), desk.book.current
    moment = due(now, LIMIT, current.calendar, current.policy.day_mode).at
    row = DataRequestRow(
        person=via.person,
        what=what,
        channel=via.channel,
        address=via.address,
        proven=proven,
        asked_at=now,
        due_at=moment,
    )
    row.told, row.state, row.answer = 0, kept.OPEN, ""
    await kept.add(work, row)
    await _tell(desk, work, row)
    return row, True


async def answer(desk: Desk, work: Work, row: DataRequestRow, by: Person, words: str, *, done: bool) -> None:
    """Record what came of a request; who asked reads it where they asked."""
    row.state, row.answer = (kept.DONE if done else kept.REFUSED), words
    row.answered_by, row.answered_at = by.id, desk.clock.now()
    record_act(work, "data_request_answered", row.answered_at, by.id, number=row.id, what=row.what, state=row.state)
    facts = {"number": str(row.id), "what": row.what, "done": "yes" if done else "no", "text": words}
    via = Via(row.channel, row.address, row.person)
    desk.answer(work, via, Answer.DATA_ANSWERED, f"data/{row.id}/answer", facts=facts)


async def take_back(desk: Desk, work: Work, person: str, words: str) -> DataRequestRow | None:
    """Erase nothing of somebody who had asked for it, and tell who sees to it; None where nothing was asked for.

    What was decided already and not carried out yet is not carried out.
    """
    row = await kept.erasing_of(work, person)
    if row is None:
        return None
    row.state, row.answer, row.answered_by, row.answered_at = kept.REFUSED, words, person, desk.clock.now()
    record_act(work, "data_request_answered", row.answered_at, person, number=row.id, what=row.what, state=row.state)
    await _tell(desk, work, row, taken_back=words)
    return row


def facts_of(row: DataRequestRow) -> dict[str, str]:
    """Return a request as its notices carry it."""
    facts = {"number": str(row.id), "who": row.person, "what": row.what, "due": row.due_at.isoformat()}
    return facts | ({} if row.proven or row.confirmed_at else {"unproven": "yes"})


async def whose(work: Work, row: DataRequestRow) -> dict[str, str]:
    """Return by what whoever sees to a request knows whose it is: where they asked, their number by its ends, their cases."""
    person = await work.person_row(row.person)
    unsettled, theirs = await complaints_of(work, row.person)
    cases = [*unsettled, *(each for each in sorted(theirs, reverse=True) if each not in unsettled)]
    known = {
        "reach": phone_masked(person.phone) if person is not None else "",
        "cases": ",".join(cases[:_CASES_SHOWN]),
        "unsettled": ",".join(unsettled),
    }
    return {"channel": row.channel} | {name: said for name, said in known.items() if said}


async def _tell(desk: Desk, work: Work, row: DataRequestRow, **more: str) -> None:
    row.told += 1
    again = {"again": "yes"} if row.told > 1 else {}
    persons = await officers(desk, work)
    desk.tell(
        work,
        Internal.DATA_REQUEST,
        f"data/{row.id}/{row.told}",
        persons,
        facts_of(row) | await whose(work, row) | again | more,
    )


class DataRequests:
    """Sees that none is forgotten; `look` is called now and then."""

    def __init__(self, database: Database, desk: Desk) -> None:
        self._database = database
        self._desk = desk

    async def look(self) -> None:
        """Carry out what was decided; say again what is due soon, once, and daily what is late."""
        for row in await self._database.read(kept.to_erase):
            await self._database.write(partial(self._erase, row.id))
        await self._database.write(self._look)

    async def _erase(self, id: int, work: Work) -> None:
        row = await kept.request(work, id)
        if row is None or row.state != kept.ERASING:
            return
        signer, now = self._desk.signer, self._desk.clock.now()
        try:
            await carry_out(work, row, signer, now, by=row.answered_by or "", words=row.answer)
        except InTheWay as trouble:  # since it was decided, something came up
            row.state, row.answered_by = kept.OPEN, None
            await _tell(self._desk, work, row, in_the_way=",".join((*trouble.references, *trouble.held)))

    async def _look(self, work: Work) -> None:
        now = self._desk.clock.now()
        for row in await kept.waiting(work, now + _BEFORE):
            late = (now - row.due_at).days + 1 if now > row.due_at else 0
            if row.told < 2 + late:
                row.told = 1 + late  # after an outage it is said once, not for every day of it
                await _tell(self._desk, work, row)
