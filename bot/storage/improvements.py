"""What is to be improved after a complaint, as rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from bot.storage.models import ImprovementRow
from bot.storage.work import Work


async def add(work: Work, row: ImprovementRow) -> None:
    """Store an improvement and give it its id."""
    work.session.add(row)
    await work.session.flush()


async def of_complaint(work: Work, reference: str) -> list[ImprovementRow]:
    """Return a complaint's improvements, those that are not carried out first."""
    await work.flush_if_writing()
    rows = await work.session.scalars(
        select(ImprovementRow).where(ImprovementRow.reference == reference).order_by(ImprovementRow.id)
    )
    return sorted(rows, key=lambda row: row.done_at is not None)


async def of_owner(work: Work, person: str) -> list[ImprovementRow]:
    """Return what a person has still to improve, the most pressing first."""
    await work.flush_if_writing()
    rows = await work.session.scalars(
        select(ImprovementRow)
        .where(ImprovementRow.done_at.is_(None), ImprovementRow.owner == person)
        .order_by(ImprovementRow.due_at)
        .limit(50)
    )
    return list(rows)


async def waiting(work: Work, until: datetime) -> list[ImprovementRow]:
    """Return what is not carried out and due by then."""
    rows = await work.session.scalars(
        select(ImprovementRow)
        .where(ImprovementRow.done_at.is_(None), ImprovementRow.due_at <= until)
        .order_by(ImprovementRow.due_at)
    )
    return list(rows)
