"""What lies still that should move. Each look reads what is stuck off an index, however much is stored beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, text
from sqlalchemy.orm import InstrumentedAttribute

from bot.storage.audit import last_sealed
from bot.storage.files import FETCHED
from bot.storage.files import WAITING as FILE_WAITING
from bot.storage.models import (
    OPEN,
    ActRow,
    AddressRow,
    ComplaintRow,
    CursorRow,
    EventRow,
    FileRow,
    InboxRow,
    OutboxRow,
    TimerRow,
)
from bot.storage.queues import CLAIMED, FAILED, HELD, QUARANTINED, QUEUED, SENDING, STORED, UNCERTAIN
from bot.storage.timers import FAILED as SET_ASIDE
from bot.storage.timers import PENDING
from bot.storage.work import Work

_EXAMPLES = 3
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Stuck:
    """Rows that are stuck. since: when the oldest should have moved; None where that is not known. examples: names of some."""

    count: int
    since: datetime | None = None
    examples: tuple[str, ...] = ()


async def _look(
    work: Work, name: InstrumentedAttribute[Any], at: InstrumentedAttribute[Any], *where: ColumnElement[bool]
) -> Stuck:
    count, since = (await work.session.execute(select(func.count(), func.min(at)).where(*where))).one()
    if not count:
        return Stuck(0)
    rows = await work.session.scalars(select(name).where(*where).order_by(at).limit(_EXAMPLES))
    return Stuck(count, since, tuple(str(row) for row in rows))


async def not_understood(work: Work, before: datetime) -> Stuck:
    """Messages that came before then and that nobody has understood."""
    return await _look(work, InboxRow.id, InboxRow.received_at, InboxRow.state == STORED, InboxRow.received_at < before)


async def quarantined(work: Work) -> Stuck:
    return await _look(work, InboxRow.id, InboxRow.received_at, InboxRow.state == QUARANTINED)


async def not_sent(work: Work, before: datetime) -> Stuck:
    """Messages of ours that were due, or that should have been let go in the morning, before then."""
    due = and_(OutboxRow.state.in_((QUEUED, HELD)), OutboxRow.due_at < before)
    return await _look(work, OutboxRow.id, OutboxRow.due_at, due)


async def abandoned(work: Work, before: datetime) -> Stuck:
    """Messages of ours in the hand of a process that has said nothing since then."""
    leased = and_(OutboxRow.state.in_((CLAIMED, SENDING)), OutboxRow.lease_until < before)
    return await _look(work, OutboxRow.id, OutboxRow.lease_until, leased)


async def failed(work: Work) -> Stuck:
    return await _look(work, OutboxRow.id, OutboxRow.created_at, OutboxRow.state == FAILED)


async def uncertain(work: Work) -> Stuck:
    return await _look(work, OutboxRow.id, OutboxRow.created_at, OutboxRow.state == UNCERTAIN)


async def uncertain_by(work: Work) -> dict[str, int]:
    """Return how many messages of ours may or may not have arrived, by channel."""
    rows = await work.session.execute(
        select(OutboxRow.channel, func.count()).where(OutboxRow.state == UNCERTAIN).group_by(OutboxRow.channel)
    )
    return {channel: count for channel, count in rows}  # noqa: C416 (rows are no pairs to a type checker)


async def channels_down(work: Work) -> dict[str, datetime]:
    """Return which channels are known to be down, and since when."""
    rows = await work.session.execute(
        select(CursorRow.name, CursorRow.value).where(CursorRow.name.startswith("outage:"), CursorRow.value != "")
    )
    return {name.removeprefix("outage:"): datetime.fromisoformat(since) for name, since in rows}


async def timers_overdue(work: Work, before: datetime) -> Stuck:
    return await _look(work, TimerRow.reference, TimerRow.due_at, TimerRow.state == PENDING, TimerRow.due_at < before)


async def timers_set_aside(work: Work) -> Stuck:
    return await _look(work, TimerRow.reference, TimerRow.due_at, TimerRow.state == SET_ASIDE)


async def files_not_fetched(work: Work, before: datetime) -> Stuck:
    return await _look(work, FileRow.id, FileRow.due_at, FileRow.state == FILE_WAITING, FileRow.due_at < before)


async def unsealed(work: Work, before: datetime) -> Stuck:
    """Events of before then that the audit chain does not cover yet."""
    last = await last_sealed(work, "events")
    return await _look(work, EventRow.id, EventRow.at, EventRow.id > last, EventRow.at < before)


async def last_act(work: Work, kind: str) -> datetime | None:
    """Return when somebody last did something of that kind to the desk."""
    return await work.session.scalar(select(func.max(ActRow.at)).where(ActRow.kind == kind))


async def reachable(work: Work, persons: Sequence[str]) -> set[str]:
    """Return which of these persons have an address that is proven and does not keep us out."""
    rows = await work.session.scalars(
        select(AddressRow.person).where(
            AddressRow.person.in_(persons), AddressRow.proven.is_(True), AddressRow.blocked_at.is_(None)
        )
    )
    return set(rows)


async def database_time(work: Work) -> datetime | None:
    """Return what time it is for the database; None where it shares this machine's clock."""
    if work.sqlite:
        return None
    moment: datetime | None = await work.session.scalar(text("SELECT clock_timestamp()"))
    return moment


async def newest(work: Work) -> datetime | None:
    """Return the newest moment at which a complaint came."""
    return await work.session.scalar(select(func.max(ComplaintRow.received_at)))


# ── what costs a look at everything that is open, or kept ─────────────────────────────────────────────────────────────


async def without_timer(work: Work) -> Stuck:
    """Open complaints for which nothing lies ahead: no clock, no reminder, nothing will ever be said of them by itself."""
    ahead = (
        select(TimerRow.reference)
        .where(TimerRow.reference == ComplaintRow.reference, TimerRow.state == PENDING)
        .correlate(ComplaintRow)
        .exists()
    )
    return await _look(work, ComplaintRow.reference, ComplaintRow.received_at, OPEN, ~ahead)  # type: ignore[arg-type]


async def fetched_files(work: Work) -> AsyncIterator[str]:
    """Give where each file that we have lies, below the folder of files."""
    after = 0
    while True:
        rows = await work.session.execute(
            select(FileRow.id, FileRow.path)
            .where(FileRow.state == FETCHED, FileRow.id > after)
            .order_by(FileRow.id)
            .limit(_PAGE)
        )
        page = rows.all()
        if not page:
            return
        for _, path in page:
            yield path
        after = page[-1].id
