"""The complaints that a period's report is about: received in it, ended in it or since, or still open."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from bot.storage import codec
from bot.storage.models import ComplaintRow
from bot.storage.work import Work
from complaints.complaint import Complaint

_PAGE = 500


async def complaints(
    work: Work, start: datetime, end: datetime, site: str | None = None
) -> AsyncIterator[tuple[str, Complaint | None]]:
    """Yield (number, complaint) by when they were received; None where its record cannot be read.

    What ended before the period is not looked at.
    """
    going_on = or_(ComplaintRow.received_at >= start, ComplaintRow.closed_at >= start, ComplaintRow.closed_at.is_(None))
    where = [ComplaintRow.received_at < end, ComplaintRow.drill.is_(False), going_on]
    if site is not None:
        where.append(ComplaintRow.site == site)
    async for reference, record in records(work, where):
        yield reference, _decoded(record)


async def records(work: Work, where: Sequence[ColumnElement[bool]]) -> AsyncIterator[tuple[str, bytes]]:
    """Yield (number, record) by when they were received, a page at a time: no more than that is ever held."""
    after: tuple[datetime, str] | None = None
    while True:
        query = select(ComplaintRow.received_at, ComplaintRow.reference, ComplaintRow.record).where(*where)
        if after is not None:
            later = and_(ComplaintRow.received_at == after[0], ComplaintRow.reference > after[1])
            query = query.where(or_(ComplaintRow.received_at > after[0], later))
        rows = (
            await work.session.execute(query.order_by(ComplaintRow.received_at, ComplaintRow.reference).limit(_PAGE))
        ).all()
        for _, reference, record in rows:
            yield reference, record
        if len(rows) < _PAGE:
            return
        after = rows[-1][0], rows[-1][1]


def _decoded(record: bytes) -> Complaint | None:
    try:
        return codec.decode_complaint(record)
    except ValueError:
        return None
