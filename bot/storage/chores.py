"""What is owed by a day, reports and chores, as rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import defer

from bot.storage.models import ChoreRow, ComplaintRow
from bot.storage.work import Work

REPORT, CHORE = "report", "chore"
_MOST = 200


async def find(work: Work, kind: str, name: str, period: str, site: str) -> ChoreRow | None:
    """Return what is owed for a period; its identity, so that nothing is ever owed twice."""
    await work.flush_if_writing()
    found = select(ChoreRow).where(ChoreRow.kind == kind, ChoreRow.name == name, ChoreRow.period == period)
    row: ChoreRow | None = await work.session.scalar(found.where(ChoreRow.site == site).options(defer(ChoreRow.file)))
    return row


async def in_use(work: Work, until: datetime) -> bool:
    """Say whether any complaint, practice left out, was known before a moment."""
    found = (
        select(ComplaintRow.reference).where(ComplaintRow.received_at < until, ComplaintRow.drill.is_(False)).limit(1)
    )
    return await work.session.scalar(found) is not None


async def add(work: Work, row: ChoreRow) -> None:
    """Store what is owed and give it its number; the file of the one before of its kind is dropped with it."""
    older = update(ChoreRow).where(ChoreRow.kind == row.kind, ChoreRow.name == row.name, ChoreRow.site == row.site)
    await work.session.execute(older.where(ChoreRow.done_at.is_not(None)).values(file=None))
    work.session.add(row)
    await work.session.flush()


async def lost(work: Work, row: ChoreRow) -> bool:
    """Say whether the file of what waits was taken away, for what it held was forgotten."""
    found = select(ChoreRow.id).where(ChoreRow.id == row.id, ChoreRow.done_at.is_(None), ChoreRow.file.is_(None))
    return await work.session.scalar(found) is not None


async def make_anew(work: Work, id: int, file: bytes) -> None:
    """Give what waits its file again."""
    await work.session.execute(update(ChoreRow).where(ChoreRow.id == id, ChoreRow.done_at.is_(None)).values(file=file))


async def get(work: Work, id: int) -> ChoreRow | None:
    """Return what is owed, or was, by its number."""
    await work.flush_if_writing()
    return await work.session.get(ChoreRow, id)


async def waiting(work: Work, kind: str, site: str | None = None) -> list[ChoreRow]:
    """Return what nobody has done yet, the most pressing first, without its file."""
    await work.flush_if_writing()
    found = select(ChoreRow).where(ChoreRow.kind == kind, ChoreRow.done_at.is_(None)).options(defer(ChoreRow.file))
    if site is not None:
        found = found.where(ChoreRow.site == site)
    return list(await work.session.scalars(found.order_by(ChoreRow.due_at, ChoreRow.id).limit(_MOST)))


async def since(work: Work, kind: str, moment: datetime) -> list[ChoreRow]:
    """Return what fell due since a moment, done or not, without its file."""
    await work.flush_if_writing()
    found = select(ChoreRow).where(ChoreRow.kind == kind, ChoreRow.due_at >= moment).options(defer(ChoreRow.file))
    return list(await work.session.scalars(found.order_by(ChoreRow.due_at, ChoreRow.id)))


async def drop(work: Work, before: datetime) -> None:
    """Forget what fell due before a moment."""
    await work.session.execute(delete(ChoreRow).where(ChoreRow.due_at < before))
