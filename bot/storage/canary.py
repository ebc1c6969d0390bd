"""The rows of the canary: a timer of no complaint, and a message to nobody that no channel has a form for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, union_all

from bot.storage.models import OutboxRow, TimerRow
from bot.storage.queues import CANARY as NAME
from bot.storage.queues import QUEUED, UNDER_WAY
from bot.storage.timers import PENDING
from bot.storage.work import Work


async def plant(work: Work, now: datetime) -> None:
    """Let both be due now."""
    timer = await work.session.get(TimerRow, (NAME, NAME, NAME))
    if timer is None:
        timer = TimerRow(reference=NAME, rule=NAME, occurrence=NAME)
        work.session.add(timer)
    timer.due_at, timer.state, timer.fired_at, timer.attempts = now, PENDING, None, 0
    message = await work.session.scalar(select(OutboxRow).where(OutboxRow.key == NAME))
    if message is None:
        message = OutboxRow(key=NAME, lane=NAME, notice=NAME, form=NAME, created_at=now)
        work.session.add(message)
    message.due_at, message.state, message.done_at, message.attempts = now, QUEUED, None, 0
    work.touched.add("outbox")


async def waiting_since(work: Work) -> datetime | None:
    """Return since when one of them waits; None where both came through, or were never planted."""
    timer = select(TimerRow.due_at.label("at")).where(TimerRow.reference == NAME, TimerRow.state == PENDING)
    message = select(OutboxRow.due_at.label("at")).where(OutboxRow.key == NAME, OutboxRow.state.in_(UNDER_WAY))
    both = union_all(timer, message).subquery()
    since: datetime | None = await work.session.scalar(select(func.min(both.c.at)))
    return since
