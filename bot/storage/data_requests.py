"""Requests about personal data, as rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from bot.storage import codec
from bot.storage.models import DataRequestRow, OutboxRow
from bot.storage.queues import SENDING, UNCERTAIN, WENT
from bot.storage.work import Work

OPEN, DONE, REFUSED = "open", "done", "refused"
ERASING = "erasing"  # it was decided; the service does it within a minute
_LOOKED_BACK = 50


async def add(work: Work, row: DataRequestRow) -> DataRequestRow:
    """Store a request and give it its number."""
    work.session.add(row)
    await work.session.flush()
    return row


async def request(work: Work, id: int) -> DataRequestRow | None:
    return await work.session.get(DataRequestRow, id)


async def open_of(work: Work, person: str, what: str) -> DataRequestRow | None:
    """Return the request of that kind that a person is waiting for."""
    found: DataRequestRow | None = await work.session.scalar(
        select(DataRequestRow)
        .where(DataRequestRow.person == person, DataRequestRow.what == what, DataRequestRow.state == OPEN)
        .limit(1)
    )
    return found


async def erasing_of(work: Work, person: str) -> DataRequestRow | None:
    """Return the request of a person to be erased that is not carried out yet."""
    found: DataRequestRow | None = await work.session.scalar(
        select(DataRequestRow)
        .where(DataRequestRow.person == person, DataRequestRow.what == "erase")
        .where(DataRequestRow.state.in_((OPEN, ERASING)))
        .limit(1)
    )
    return found


async def waiting(work: Work, until: datetime | None = None) -> list[DataRequestRow]:
    """Return the requests that nobody has answered, the most pressing first. until: only those due by then."""
    where = [DataRequestRow.state == OPEN, *([DataRequestRow.due_at <= until] if until is not None else [])]
    rows = await work.session.scalars(select(DataRequestRow).where(*where).order_by(DataRequestRow.due_at).limit(50))
    return list(rows)


async def to_erase(work: Work) -> list[DataRequestRow]:
    """Return the requests whose erasing was decided and not done yet."""
    rows = await work.session.scalars(select(DataRequestRow).where(DataRequestRow.state == ERASING).limit(20))
    return list(rows)


async def was_told(work: Work, person: str, notice: str, facts: Mapping[str, str]) -> bool:
    """Say whether somebody was lately told exactly that, and it left us."""
    said = (
        select(OutboxRow.facts)
        .where(OutboxRow.lane == f"person:{person}", OutboxRow.notice == notice)
        .where(OutboxRow.state.in_((*WENT, SENDING, UNCERTAIN)))
        .order_by(OutboxRow.id.desc())
        .limit(_LOOKED_BACK)
    )
    return any(codec.loads(each) == facts for each in await work.session.scalars(said))
