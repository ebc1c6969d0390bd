"""Erasing all that is kept of a customer: asked what stands in the way, done at once or not at all, written down."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from bot.answers import Answer
from bot.storage import codec, data_requests, erasing, holds, retention
from bot.storage.audit import record_act
from bot.storage.database import Database
from bot.storage.marks import marks_of
from bot.storage.models import DataRequestRow, PersonRow
from bot.storage.values import Outgoing
from bot.storage.work import Work
from bot.tokens import Signer
from complaints.errors import ComplaintError

ERASED = "person_erased"
OWED = "erasure_owed"  # they are back with a backup, and something stands in the way of erasing them again


class InTheWay(ComplaintError):
    """Something stands in the way of erasing: named, with what to do. references: complaints; held: by a legal hold."""

    def __init__(self, references: tuple[str, ...], held: tuple[str, ...]) -> None:
        said = []
        if references:
            said.append(f"not settled yet: {', '.join(references)} (close or withdraw them first)")
        if held:
            said.append(f"under a legal hold: {', '.join(held)} (lift it first: complaintbot hold lift)")
        super().__init__("nothing was erased; " + "; ".join(said))
        self.references = references
        self.held = held


@dataclass(frozen=True, slots=True)
class Whole:
    """How much is kept of a person: rows by kind."""

    counts: Counter[str]

    def __str__(self) -> str:
        return (
            ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in sorted(self.counts.items()) if count)
            or "nothing"
        )


async def check(work: Work, person: str) -> None:
    """Raise InTheWay where a complaint of theirs is not settled, or a legal hold keeps them, one of these, or what others said
    of them: that would be blotted out.
    """
    unsettled, theirs = await erasing.complaints_of(work, person)
    held = await holds.held(work)
    kept = [reference for reference in theirs if reference in held.references]
    if person in held.persons:
        kept.insert(0, "the person")
    if not kept and (row := await work.session.get(PersonRow, person)) is not None:
        kept = await (await marks_of(work, row)).held(work, person, held)
    if unsettled or kept:
        raise InTheWay(tuple(unsettled), tuple(kept))


async def erase(
    work: Work, person: str, now: datetime, *, by: str | None, request: int | None = None, reason: str = ""
) -> Whole:
    """Take all of a customer out of the tables. by: who of the staff decided it, None: whoever works at the machine.

    Raises InTheWay, having changed nothing, and ComplaintError for a member of staff. Their files are taken off the disk by
    `remove_files`, and the database's own file is written anew by `bot.retention.purge`.
    """
    row = await work.session.get(PersonRow, person)
    if row is None or row.staff:
        raise ComplaintError(
            "colleagues are not erased: what they did is the record; set them inactive in the table of staff"
        )
    await check(work, person)
    marks = await marks_of(work, row)
    went = await erasing.forget_person(work, person, now, by=by)
    await retention.want_purge(work, True)
    why: dict[str, Any] = {"request": request} if request is not None else {"reason": marks.blotted(reason)}
    record_act(work, ERASED, now, by, person=person, complaints=went["complaints"], **why)
    return Whole(went)


async def carry_out(
    work: Work, row: DataRequestRow, signer: Signer, now: datetime, *, by: str, words: str = ""
) -> Whole:
    """Erase whoever asked for it by a request, and answer it where they asked. Raises as `erase`.

    The last thing that we know of them is a sealed address on the way to them; words: what a colleague adds to the answer.
    """
    number, person, channel, address, proven = row.id, row.person, row.channel, row.address, row.proven
    known = await work.session.get_one(PersonRow, person)
    words = (await marks_of(work, known)).blotted(words)
    whole = await erase(work, person, now, by=by, request=number)
    row = await work.session.get_one(DataRequestRow, number)
    row.state, row.answer, row.answered_by, row.answered_at = data_requests.DONE, words, by, now
    facts = {"number": str(number), "what": row.what, "done": "yes", "erased": "yes", "text": words}
    with contextlib.suppress(ValueError):  # an address too long to be sealed is written down nowhere
        sealed = signer.seal(channel, address)
        work.add_outgoing(
            Outgoing(
                key=f"data/{number}/answer",
                lane=f"person:{person}",
                notice=Answer.DATA_ANSWERED,
                created_at=now,
                due_at=now,
                facts=codec.facts(facts),
                person=person,
                channel=channel,
                address=sealed,
                answer=True,
            )
        )
    record_act(work, "data_request_answered", now, by, number=number, what=row.what, state=row.state, proven=proven)
    return whole


async def remove_files(database: Database, directory: Path) -> int:
    """Take the files off the disk that nobody may read any more; return how many. Cut off, it goes on next time."""
    removed = 0
    while some := await database.read(retention.doomed):
        await asyncio.to_thread(_unlink, [directory / path for _, path in some])
        ids = [id for id, _ in some]
        await database.write(partial(_gone, ids))
        removed += len(some)
    return removed


def _unlink(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
        path.with_suffix(".part").unlink(missing_ok=True)


async def _gone(ids: list[int], work: Work) -> None:
    await retention.gone(work, ids)
