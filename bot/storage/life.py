"""What the demo shows of a complaint's life, and what it waits for: questions no use case asks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, func, or_, select

from bot.storage.models import ChatLineRow, ComplaintRow, InboxRow, OutboxRow, TimerRow
from bot.storage.queues import CLAIMED, HELD, QUEUED, SENDING, STORED
from bot.storage.work import Work
from complaints.complaint import Complaint


async def newest(work: Work, limit: int = 30) -> list[Complaint]:
    """Return complaints, the newest first."""
    rows = await work.session.scalars(
        select(ComplaintRow.reference)
        .order_by(ComplaintRow.received_at.desc(), ComplaintRow.reference.desc())
        .limit(limit)
    )
    references = list(rows)
    await work.prefetch_complaints(references)
    return [complaint for reference in references if (complaint := await work.complaint(reference)) is not None]


async def told_about(work: Work, reference: str) -> list[OutboxRow]:
    """Return every notice and answer about a complaint, in the order in which they were decided."""
    rows = await work.session.scalars(
        select(OutboxRow).where(OutboxRow.reference == reference).order_by(OutboxRow.id).limit(2000)
    )
    return list(rows)


async def timers_ahead(work: Work, reference: str) -> list[TimerRow]:
    """Return the timers of a complaint that wait, the soonest first."""
    rows = await work.session.scalars(
        select(TimerRow).where(TimerRow.reference == reference, TimerRow.state == "pending").order_by(TimerRow.due_at)
    )
    return list(rows)


async def at_work(work: Work, now: datetime) -> bool:
    """Say whether a message waits to be understood, or one that is due to be delivered."""
    stored = await work.session.scalar(select(func.count()).select_from(InboxRow).where(InboxRow.state == STORED))
    due = or_(
        OutboxRow.state.in_((CLAIMED, SENDING)), and_(OutboxRow.state.in_((QUEUED, HELD)), OutboxRow.due_at <= now)
    )
    return bool(stored) or bool(await work.session.scalar(select(func.count()).select_from(OutboxRow).where(due)))


async def lines_after(work: Work, seq: int) -> list[ChatLineRow]:
    """Return what was said by us on the channels that keep their own log, after line `seq`."""
    rows = await work.session.scalars(
        select(ChatLineRow).where(ChatLineRow.seq > seq, ChatLineRow.outgoing.is_(True)).order_by(ChatLineRow.seq)
    )
    return list(rows)
