"""What is proposed for people and places after a complaint, as rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, select

from bot.storage.models import ProposalRow
from bot.storage.work import Work

_MOST = 50


async def add(work: Work, row: ProposalRow) -> None:
    """Store a proposal and give it its number."""
    work.session.add(row)
    await work.session.flush()


async def known(
    work: Work, rule: str, person: str, site: str, *, reference: str = "", since: datetime | None = None
) -> bool:
    """Say whether a rule has proposed the same before: after that complaint, or since a moment."""
    await work.flush_if_writing()
    found = select(ProposalRow.id).where(
        ProposalRow.rule == rule, ProposalRow.person == person, ProposalRow.site == site
    )
    found = found.where(ProposalRow.reference == reference) if since is None else found.where(ProposalRow.at >= since)
    return await work.session.scalar(found.limit(1)) is not None


async def get(work: Work, id: int) -> ProposalRow | None:
    """Return a proposal by its number."""
    await work.flush_if_writing()
    return await work.session.get(ProposalRow, id)


async def waiting(work: Work, until: datetime | None = None) -> list[ProposalRow]:
    """Return what nobody has decided, or learned, yet: the most pressing first; until: due by then."""
    await work.flush_if_writing()
    found = select(ProposalRow).where(ProposalRow.done_at.is_(None))
    if until is not None:
        found = found.where(ProposalRow.due_at <= until)
    return list(await work.session.scalars(found.order_by(ProposalRow.due_at, ProposalRow.id).limit(_MOST)))


async def of_person(work: Work, person: str, kind: str) -> list[ProposalRow]:
    """Return a person's of one kind, the newest first."""
    await work.flush_if_writing()
    found = select(ProposalRow).where(ProposalRow.person == person, ProposalRow.kind == kind)
    return list(await work.session.scalars(found.order_by(ProposalRow.id.desc()).limit(_MOST)))


async def of_period(work: Work, start: datetime, end: datetime) -> list[ProposalRow]:
    """Return what was decided or learned in a period, and what fell due in it and is not."""
    await work.flush_if_writing()
    decided = and_(ProposalRow.done_at >= start, ProposalRow.done_at < end)
    owed = and_(ProposalRow.done_at.is_(None), ProposalRow.at < end)
    return list(await work.session.scalars(select(ProposalRow).where(or_(decided, owed)).order_by(ProposalRow.id)))


async def lately(work: Work, kind: str) -> list[ProposalRow]:
    """Return the newest of one kind."""
    await work.flush_if_writing()
    found = select(ProposalRow).where(ProposalRow.kind == kind).order_by(ProposalRow.id.desc())
    return list(await work.session.scalars(found.limit(_MOST)))
