"""The two tables of work that waits: the inbox and the outbox."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import func, select, text, update

from bot.storage.models import CursorRow, InboxRow, OutboxRow
from bot.storage.values import Outgoing, Received
from bot.storage.work import Work
from connectors.port import RawMessage

STORED, DONE, QUARANTINED = "stored", "done", "quarantined"
QUEUED, CLAIMED, SENDING = "queued", "claimed", "sending"
HELD = "held"  # put off until due_at, and out of its lane's way meanwhile: what is at once may pass it
FAILED, UNCERTAIN, SKIPPED = "failed", "uncertain", "skipped"
UNDER_WAY = (QUEUED, CLAIMED, SENDING)  # later messages of the lane wait behind these
_IN_HAND = (CLAIMED, SENDING)

_BATCH_BYTES = 8 << 20
_INBOX_LOCK = 7_301_001  # PostgreSQL advisory lock: one process understands messages at a time, so order is kept


# ── inbox ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def store_raw(work: Work, messages: Sequence[RawMessage], now: datetime) -> list[bool]:
    """Store what is new; True for each message that was. The identity is (channel, external id)."""
    await work.flush()
    rows = await work.session.execute(
        select(InboxRow.channel, InboxRow.external_id).where(
            InboxRow.external_id.in_({message.external_id for message in messages})
        )
    )
    known = {(channel, external_id) for channel, external_id in rows}
    new = []
    for message in messages:
        key = (message.channel, message.external_id)
        new.append(key not in known)
        if key not in known:
            known.add(key)
            work.add_received(
                Received(message.channel, message.external_id, message.conversation, received_at=now, raw=message.raw)
            )
    return new


async def save_cursor(work: Work, name: str, value: str) -> None:
    row = await work.session.get(CursorRow, name)
    if row is None:
        work.session.add(CursorRow(name=name, value=value))
    else:
        row.value = value


async def read_cursor(work: Work, name: str) -> str | None:
    row = await work.session.get(CursorRow, name)
    return row.value if row else None


async def own_inbox(work: Work) -> bool:
    """Take the right to understand messages for this transaction; False while another process has it."""
    if work.sqlite:
        return True
    return bool(await work.session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _INBOX_LOCK}))


async def stored(work: Work, limit: int) -> list[InboxRow]:
    """Return messages that nobody has understood yet, the oldest first, no more of them than fit into memory well."""
    sizes = await work.session.execute(
        select(InboxRow.id, func.length(InboxRow.raw))
        .where(InboxRow.state == STORED)
        .order_by(InboxRow.id)
        .limit(limit)
    )
    chosen: list[int] = []
    total = 0
    for id, size in sizes:
        total += size
        if chosen and total > _BATCH_BYTES:
            break
        chosen.append(id)
    if not chosen:
        return []
    rows = await work.session.scalars(select(InboxRow).where(InboxRow.id.in_(chosen)).order_by(InboxRow.id))
    return list(rows)


async def stored_lanes(work: Work, limit: int) -> list[tuple[int, tuple[str, str]]]:
    """Return (id, (channel, conversation)) of the messages that `stored` would return."""
    rows = await work.session.execute(
        select(InboxRow.id, InboxRow.channel, InboxRow.conversation)
        .where(InboxRow.state == STORED)
        .order_by(InboxRow.id)
        .limit(limit)
    )
    return [(id, (channel, conversation)) for id, channel, conversation in rows]


async def message(work: Work, id: int) -> InboxRow | None:
    return await work.session.get(InboxRow, id)


async def quarantined(work: Work, limit: int = 100) -> list[InboxRow]:
    """Return the messages set aside for people to look at, the oldest first."""
    rows = await work.session.scalars(
        select(InboxRow).where(InboxRow.state == QUARANTINED).order_by(InboxRow.id).limit(limit)
    )
    return list(rows)


async def retry(work: Work, ids: Sequence[int]) -> int:
    """Put quarantined messages back into the inbox and return how many there were."""
    found = await work.session.scalars(
        select(InboxRow).where(InboxRow.id.in_(ids), InboxRow.state == QUARANTINED).with_for_update()
    )
    rows = list(found)
    for row in rows:
        row.state, row.outcome, row.handled_at = STORED, "", None
    work.touched.add("inbox")
    return len(rows)


# ── outbox ────────────────────────────────────────────────────────────────────────────────────────────────────────────


_OUTGOING = tuple(getattr(OutboxRow, each.name) for each in fields(Outgoing))


async def due(work: Work, now: datetime, lanes: int, per_lane: int) -> list[Outgoing]:
    """Return due messages of at most `lanes` lanes, each in its order, none with an earlier one still under way.

    Lanes that have to wait are passed over, however many messages stand in them.
    """
    await work.flush()
    waiting: set[str] = set()
    while lanes > 0:
        query = select(*_OUTGOING).where(OutboxRow.state == QUEUED, OutboxRow.due_at <= now)
        if waiting:
            query = query.where(OutboxRow.lane.not_in(waiting))
        found = await work.session.execute(
            query.order_by(OutboxRow.id).limit(lanes * 2).with_for_update(skip_locked=True)
        )
        rows = [Outgoing(*row) for row in found]
        if not rows:
            break
        chosen = await _led(work, rows, lanes, per_lane)
        if chosen:
            return chosen
        waiting |= {row.lane for row in rows}
    return []


async def _led(work: Work, rows: Sequence[Outgoing], lanes: int, per_lane: int) -> list[Outgoing]:
    """Return those of the messages whose lane begins with one of them."""
    first = await work.session.execute(
        select(OutboxRow.lane, func.min(OutboxRow.id))
        .where(OutboxRow.lane.in_({row.lane for row in rows}), OutboxRow.state.in_(UNDER_WAY))
        .group_by(OutboxRow.lane)
    )
    heads = {lane: id for lane, id in first}  # noqa: C416 (rows are no pairs to a type checker)
    chosen: dict[str, list[Outgoing]] = {}
    for row in rows:
        if row.lane not in chosen and (len(chosen) >= lanes or heads[row.lane] != row.id):
            continue
        lane = chosen.setdefault(row.lane, [])
        if len(lane) < per_lane:
            lane.append(row)
    return [row for lane in chosen.values() for row in lane]


async def outgoing(work: Work, id: int) -> Outgoing | None:
    await work.flush_if_writing()
    row = (await work.session.execute(select(*_OUTGOING).where(OutboxRow.id == id))).one_or_none()
    return Outgoing(*row) if row is not None else None


async def release(work: Work, ids: Sequence[int]) -> None:
    """Put messages back that were claimed and not tried."""
    await work.session.execute(
        update(OutboxRow)
        .where(OutboxRow.id.in_(ids), OutboxRow.state == CLAIMED)
        .values(state=QUEUED, lease_until=None, attempts=OutboxRow.attempts - 1)
    )
    work.touched.add("outbox")


async def renew(work: Work, ids: Collection[int], until: datetime) -> None:
    """Keep the leases of messages that are still in hand."""
    if ids:
        held = OutboxRow.id.in_(list(ids))
        await work.session.execute(
            update(OutboxRow).where(held, OutboxRow.state.in_(_IN_HAND)).values(lease_until=until)
        )


async def leased(work: Work, until: datetime | None) -> list[Outgoing]:
    """Return messages in somebody's hand whose lease ran out before `until`; None: all of them."""
    query = select(*_OUTGOING).where(OutboxRow.state.in_(_IN_HAND)).with_for_update(skip_locked=True)
    if until is not None:
        query = query.where(OutboxRow.lease_until < until)
    return [Outgoing(*row) for row in await work.session.execute(query)]


async def depth(work: Work) -> dict[str, int]:
    """Return how much waits: inbox, quarantine, outbox, uncertain and failed messages."""
    inbox = await work.session.execute(
        select(InboxRow.state, func.count()).where(InboxRow.state.in_((STORED, QUARANTINED))).group_by(InboxRow.state)
    )
    outbox = await work.session.execute(
        select(OutboxRow.state, func.count())
        .where(OutboxRow.state.in_((*UNDER_WAY, FAILED, UNCERTAIN)))
        .group_by(OutboxRow.state)
    )
    counts = {f"inbox_{state}": count for state, count in inbox} | {f"outbox_{state}": count for state, count in outbox}
    names = (f"inbox_{STORED}", f"inbox_{QUARANTINED}", *(f"outbox_{s}" for s in (*UNDER_WAY, FAILED, UNCERTAIN)))
    return {name: counts.get(name, 0) for name in names}
