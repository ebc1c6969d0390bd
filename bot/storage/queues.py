"""The two tables of work that waits: the inbox and the outbox."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, bindparam, func, or_, select, text, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningInsert

from bot.storage.digests import hidden
from bot.storage.models import CursorRow, InboxRow, OutboxRow
from bot.storage.statements import run
from bot.storage.values import Outgoing, Received
from bot.storage.work import Work
from connectors.port import RawMessage
from scheduler.port import Left

STORED, DONE, QUARANTINED = "stored", "done", "quarantined"
DISMISSED = "dismissed"  # out of quarantine by a person's decision: kept as it was, and counted nowhere
QUEUED, CLAIMED, SENDING = "queued", "claimed", "sending"
HELD = "held"  # put off until due_at, and out of its lane's way meanwhile: what is at once may pass it
FAILED, UNCERTAIN, SKIPPED = "failed", "uncertain", "skipped"
READ = "read"  # besides what an attempt ends as: sent, delivered
WENT = ("sent", "delivered", READ)
UNDER_WAY = (QUEUED, CLAIMED, SENDING)  # later messages of the lane wait behind these
_IN_HAND = (CLAIMED, SENDING)
_COUNTED = (*UNDER_WAY, HELD, FAILED, UNCERTAIN)

_BATCH_BYTES = 8 << 20
_SHARES = 8  # a conversation gets no more than this part of a batch as long as others wait: of messages,
_SHARE_BYTES = _BATCH_BYTES // _SHARES  # and of bytes
_LOOK_AHEAD = 8  # so many batches are looked through for conversations that no other process has in hand
_LANE_LOCKS = 7_301_001  # class of the PostgreSQL advisory locks on conversations

Lane = tuple[str, str]
"""A conversation: (channel, conversation). Its messages are understood in their order, in one process at a time."""

_INBOX = InboxRow.__table__.c
# One whose identity was hidden takes the hidden one, and so meets the row that is there.
_HIDDEN_ID = (
    select(_INBOX.external_id)
    .where(_INBOX.channel == bindparam("its_channel"), _INBOX.external_id == bindparam("its_hidden_id"))
    .scalar_subquery()
)
_KNOWN_AS = func.coalesce(_HIDDEN_ID, bindparam("its_id"))


# ── inbox ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


_RECEIVED = select(*(_INBOX[each.name] for each in fields(Received)))
_STILL_STORED = _RECEIVED.where(_INBOX.id.in_(bindparam("ids")), _INBOX.state == STORED).order_by(_INBOX.id)
_ONE = _RECEIVED.where(_INBOX.id == bindparam("its_id"))
_OLDEST = (
    select(_INBOX.id, _INBOX.channel, _INBOX.conversation, func.length(_INBOX.raw))
    .where(_INBOX.state == STORED, _INBOX.id > bindparam("after"))
    .order_by(_INBOX.id)
    .limit(bindparam("most"))
)
_WAITS_SINCE = select(InboxRow.received_at).where(InboxRow.state == STORED).order_by(InboxRow.id).limit(1)


@cache
def _store(on_sqlite: bool) -> ReturningInsert[Any]:
    """Return the one statement that stores what is new: of two processes which get a message at once the loser is told that it
    is known.
    """
    insert = sqlite.insert if on_sqlite else postgresql.insert
    return (
        insert(InboxRow.__table__)  # type: ignore[arg-type]
        .values(external_id=_KNOWN_AS)
        .on_conflict_do_nothing(index_elements=["channel", "external_id"])
        .returning(_INBOX.channel, _INBOX.external_id, _INBOX.conversation, _INBOX.id)
    )


async def store_raw(work: Work, messages: Sequence[RawMessage], now: datetime) -> list[bool]:
    """Store what is new; True for each message that was. The identity is (channel, external id), also where it was hidden since
    because it names somebody who is forgotten.
    """
    if not messages:
        return []
    await work.flush()
    stored = await run(
        work.session,
        _store(work.sqlite),
        [
            {
                "channel": message.channel,
                "its_channel": message.channel,
                "its_id": message.external_id,
                "its_hidden_id": hidden(message.external_id),
                "conversation": message.conversation,
                "received_at": now,
                "raw": message.raw,
                "state": STORED,
                "attempts": 0,
                "outcome": "",
            }
            for message in messages
        ],
    )
    unseen = set()
    for channel, external_id, conversation, id in stored:
        unseen.add((channel, external_id))
        work.arrived.setdefault((channel, conversation), id)
    new = []
    for message in messages:
        key = (message.channel, message.external_id)
        new.append(key in unseen)
        unseen.discard(key)  # the same one twice in one breath
    work.touched.add("inbox")
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


async def cursors(work: Work, prefix: str) -> dict[str, str]:
    """Return the cursors whose names begin so, by the rest of their names."""
    rows = await work.session.execute(select(CursorRow.name, CursorRow.value).where(CursorRow.name.startswith(prefix)))
    return {name.removeprefix(prefix): value for name, value in rows}


async def own_lanes(work: Work, lanes: Collection[Lane]) -> set[Lane]:
    """Take conversations for this transaction and return those that no other process has in hand."""
    if work.sqlite or not lanes:
        return set(lanes)
    keys = {lane: lane_key(lane) for lane in lanes}
    locked = await work.session.scalars(
        text("SELECT key FROM unnest(CAST(:keys AS int[])) AS key WHERE pg_try_advisory_xact_lock(:class, key)"),
        {"keys": sorted(set(keys.values())), "class": _LANE_LOCKS},
    )
    owned = set(locked)
    return {lane for lane, key in keys.items() if key in owned}


def lane_key(lane: Lane) -> int:
    """Return a conversation as a key of advisory locks. Two that share one only wait for each other."""
    return zlib.crc32("\0".join(lane).encode(errors="replace")) - (1 << 31)


async def stored(
    work: Work, limit: int, lanes: Collection[Lane] | None = None, before: datetime | None = None
) -> tuple[list[Received], bool]:
    """Return messages that nobody has understood yet, no more of them than fit into memory well, in the order they came, and
    whether there are others that did not fit.

    They are the oldest, but of no conversation more than its share while others wait (see `_heads`). Their conversations are
    this transaction's until it ends; what other processes have in hand is left to them. lanes: of these conversations only.
    before: only of conversations in which something came before then, and from its first message on: by the clock of another
    process the first may be the younger one.
    """
    most = limit if work.sqlite else limit * _LOOK_AHEAD
    heads = await _heads(work, most, limit, lanes, before)
    chosen: list[int] = []
    owned, asked = (
        set[Lane](),
        set[Lane](),
    )  # once refused, a conversation is passed over: its next would overtake its first
    total = 0
    for page in range(0, len(heads), limit):
        some = heads[page : page + limit]
        new = {lane for _, lane, _ in some} - asked
        owned |= await own_lanes(work, new)
        asked |= new
        for id, lane, size in some:
            if lane not in owned:
                continue
            total += size if chosen else min(size, _SHARE_BYTES)  # one of any size leaves room for others
            if len(chosen) >= limit or (chosen and total > _BATCH_BYTES):
                return await _still_stored(work, chosen), True
            chosen.append(id)
    return await _still_stored(work, chosen), len(heads) >= most


async def _heads(
    work: Work, most: int, batch: int, lanes: Collection[Lane] | None, before: datetime | None
) -> list[tuple[int, Lane, int]]:
    """Return (id, conversation, bytes) of messages that nobody has understood, the first to go first.

    That is the oldest of all, then the oldest of each conversation up to its share of a batch, what is large behind what is
    not, and only then the rest: who sends ten thousand messages, or a hundred huge ones, holds up nobody else. Those of one
    conversation stand in their order.
    """
    share = max(1, batch // _SHARES)
    fair: list[tuple[int, Lane, int]] = []
    rest: list[tuple[int, Lane, int]] = []
    counted, held = Counter[Lane](), Counter[Lane]()
    full: set[Lane] = set()
    after = 0
    while len(fair) < most:
        page = await _oldest(work, most, after, full, lanes, before)
        for head in page:
            _, lane, size = head
            if counted[lane] >= share or held[lane] > _SHARE_BYTES:
                full.add(lane)
            counted[lane] += 1
            held[lane] += size
            (rest if lane in full else fair).append(head)
        if len(page) < most:
            break
        after = page[-1][0]
    fair[1:] = sorted(fair[1:], key=lambda head: head[2] > _SHARE_BYTES)
    return (fair + rest)[:most]


async def _oldest(
    work: Work,
    limit: int,
    after: int,
    without: Collection[Lane],
    lanes: Collection[Lane] | None,
    before: datetime | None,
) -> list[tuple[int, Lane, int]]:
    """Return (id, conversation, bytes) of the oldest messages behind `after` that nobody has understood."""
    conversation = tuple_(_INBOX.channel, _INBOX.conversation)
    query = _OLDEST
    if without:
        query = query.where(conversation.not_in(list(without)))
    if lanes is not None:
        query = query.where(conversation.in_(list(lanes)))
    if before is not None:
        waiting = aliased(InboxRow)
        since = select(waiting.channel, waiting.conversation)
        query = query.where(conversation.in_(since.where(waiting.state == STORED, waiting.received_at < before)))
    rows = await run(work.session, query, {"after": after, "most": limit})
    return [(id, (channel, conversation), size) for id, channel, conversation, size in rows]


async def _still_stored(work: Work, ids: Sequence[int]) -> list[Received]:
    """Return messages whole. Another process may have ended some before their conversations were taken: not those."""
    if not ids:
        return []
    return [Received(*row) for row in await run(work.session, _STILL_STORED, {"ids": ids})]


async def stored_lanes(
    work: Work, limit: int, lanes: Collection[Lane] | None = None, before: datetime | None = None
) -> list[tuple[int, Lane]]:
    """Return (id, conversation) of the messages that `stored` would choose from."""
    return [(id, lane) for id, lane, _ in await _heads(work, limit, limit, lanes, before)]


async def lanes_of(work: Work, ids: Collection[int]) -> dict[int, Lane]:
    """Return the conversations of messages by id."""
    rows = await work.session.execute(
        select(InboxRow.id, InboxRow.channel, InboxRow.conversation).where(InboxRow.id.in_(ids))
    )
    return {id: (channel, conversation) for id, channel, conversation in rows}


async def unfinished(work: Work, lanes: Collection[Lane]) -> set[Lane]:
    """Return those of these conversations in which messages wait that nobody has understood."""
    rows = await work.session.execute(
        select(InboxRow.channel, InboxRow.conversation)
        .where(InboxRow.state == STORED, tuple_(InboxRow.channel, InboxRow.conversation).in_(list(lanes)))
        .distinct()
    )
    return {(channel, conversation) for channel, conversation in rows}


async def waits_since(work: Work) -> datetime | None:
    """Return since when the first message waits that nobody has understood."""
    return await work.session.scalar(_WAITS_SINCE)


async def message(work: Work, id: int) -> Received | None:
    row = (await run(work.session, _ONE, {"its_id": id})).one_or_none()
    return Received(*row) if row is not None else None


async def quarantined(work: Work, state: str = QUARANTINED, limit: int = 100) -> list[InboxRow]:
    """Return the messages set aside for people to look at, or those that somebody dismissed, the oldest first."""
    rows = await work.session.scalars(
        select(InboxRow).where(InboxRow.state == state).order_by(InboxRow.id).limit(limit)
    )
    return list(rows)


async def dismiss(work: Work, ids: Sequence[int], why: str, now: datetime) -> list[int]:
    """Leave quarantined messages as they are, out of the counts; return which there were. why: put before what was wrong."""
    rows = await _set_aside(work, ids, QUARANTINED)
    for row in rows:
        row.state, row.outcome, row.handled_at = DISMISSED, f"{why}; {row.outcome}", now
    return [row.id for row in rows]


async def retry(work: Work, ids: Sequence[int]) -> int:
    """Put quarantined messages, and those that somebody dismissed, back into the inbox and return how many there were."""
    rows = await _set_aside(work, ids, QUARANTINED, DISMISSED)
    for row in rows:
        row.state, row.outcome, row.handled_at = STORED, "", None
        work.arrived.setdefault((row.channel, row.conversation), row.id)
    work.touched.add("inbox")
    return len(rows)


async def _set_aside(work: Work, ids: Sequence[int], *states: str) -> list[InboxRow]:
    rows = await work.session.scalars(
        select(InboxRow).where(InboxRow.id.in_(ids), InboxRow.state.in_(states)).order_by(InboxRow.id).with_for_update()
    )
    return list(rows)


# ── outbox ────────────────────────────────────────────────────────────────────────────────────────────────────────────


_OUTBOX: Table = OutboxRow.__table__  # type: ignore[assignment]
_OUTGOING = tuple(_OUTBOX.c[each.name] for each in fields(Outgoing))

# What each claim asks is put together once: that takes longer than to answer it.
_DUE_LANES = (
    select(_OUTBOX.c.lane)
    .where(_OUTBOX.c.state == QUEUED, _OUTBOX.c.due_at <= bindparam("now"))
    .order_by(_OUTBOX.c.due_at, _OUTBOX.c.id)
    .limit(bindparam("most"))
)
_NEXT_DUE = select(func.min(OutboxRow.due_at)).where(OutboxRow.state.in_((QUEUED, HELD)))
_HELD_LANES = (
    select(_OUTBOX.c.lane)
    .where(_OUTBOX.c.state == HELD, _OUTBOX.c.due_at <= bindparam("now"))
    .order_by(_OUTBOX.c.due_at, _OUTBOX.c.id)
    .limit(bindparam("most"))
)


def _begun_of(stands: ColumnElement[bool]) -> Select[Any]:
    """Return the query for the first messages of lanes among those that stand in them, each with its place."""
    under_way = (
        select(_OUTBOX.c.id, func.row_number().over(partition_by=_OUTBOX.c.lane, order_by=_OUTBOX.c.id).label("nth"))
        .where(_OUTBOX.c.lane.in_(bindparam("lanes")), stands)
        .subquery("under_way")
    )
    # The state is asked again outside: what another process took meanwhile is seen there, and inside as a gap.
    return (
        select(under_way.c.nth, *_OUTGOING)
        .join(under_way, under_way.c.id == _OUTBOX.c.id)
        .where(
            _OUTBOX.c.id.in_(select(under_way.c.id).where(under_way.c.nth <= bindparam("per_lane"))),
            _OUTBOX.c.state == QUEUED,
            _OUTBOX.c.due_at <= bindparam("now"),
        )
        .order_by(_OUTBOX.c.id)
        .with_for_update(skip_locked=True, of=_OUTBOX)
    )


_BEGUN = _begun_of(_OUTBOX.c.state.in_(UNDER_WAY))
# What was held until now stands in its lane again, and nobody has put it back there yet.
_BEGUN_NOW = _begun_of(
    _OUTBOX.c.state.in_((*UNDER_WAY, HELD)) & or_(_OUTBOX.c.state != HELD, _OUTBOX.c.due_at <= bindparam("now"))
)


async def next_due(work: Work) -> datetime | None:
    """Return when the first message that waits is to be delivered."""
    return await work.session.scalar(_NEXT_DUE)


async def due(
    work: Work, now: datetime, lanes: int, per_lane: int, *, held: bool = False
) -> tuple[list[Outgoing], Left]:
    """Return due messages of at most `lanes` lanes, each from its beginning on and in its order, none left out; and what
    that leaves.

    Lanes that have to wait are passed over, however many messages stand in them. The cost is what is due: what is put off
    lies behind in the index. held: some that were held until now are not back in their lanes (see `release_held`).
    """
    await work.flush()
    in_hand: set[str] = set()
    page = lanes * 2
    while lanes > 0:
        query = _DUE_LANES.where(_OUTBOX.c.lane.not_in(in_hand)) if in_hand else _DUE_LANES
        found = list((await run(work.session, query, {"now": now, "most": page})).scalars())
        if not found:
            return [], Left.BEHIND if in_hand or held else Left.NOTHING
        first = list(dict.fromkeys(found))[:lanes]
        if held:
            await _release(work, first, now)
        chosen = await _begun(work, first, now, per_lane)
        if chosen:
            more = len(found) == page or len(set(found)) > len(first)
            return chosen, Left.MORE if more else _behind(found, chosen)
        if len(found) < page and len(first) < lanes:
            break  # that was all there is
        in_hand |= set(first) - await _put_behind(work, first, now)
    return [], Left.BEHIND


def _behind(found: Collection[str], chosen: Collection[Outgoing]) -> Left:
    """Say what stays behind of lanes in which so many messages were found to be due."""
    return Left.NOTHING if len(found) == len(chosen) else Left.BEHIND


async def decided(work: Work, now: datetime, lanes: int, per_lane: int) -> list[Outgoing]:
    """Return due messages, as `due` does, of at most so many of the lanes that this work has decided to say something in."""
    some = list(work.decided)[:lanes]
    if not some:
        return []
    await work.flush()  # whole: what a message is made of is read from rows as the database has them
    return await _begun(work, some, now, per_lane, _BEGUN_NOW)


async def _begun(
    work: Work, lanes: Collection[str], now: datetime, per_lane: int, query: Select[Any] = _BEGUN
) -> list[Outgoing]:
    """Return the lanes' first messages as far as they are due, locked; nothing of a lane whose first must wait."""
    rows = await run(work.session, query, {"lanes": list(lanes), "per_lane": per_lane, "now": now})
    chosen: dict[str, list[Outgoing]] = {lane: [] for lane in lanes}
    for place, *values in rows:
        outgoing = Outgoing(*values)
        if place == len(chosen[outgoing.lane]) + 1:
            chosen[outgoing.lane].append(outgoing)
    return [outgoing for lane in chosen.values() for outgoing in lane]


async def _put_behind(work: Work, lanes: Collection[str], now: datetime) -> set[str]:
    """Put off what stands behind a message that waits until that one is due; return the lanes in which that was so."""
    first = (
        select(OutboxRow.lane, func.min(OutboxRow.id).label("id"))
        .where(OutboxRow.lane.in_(lanes), OutboxRow.state.in_(UNDER_WAY))
        .group_by(OutboxRow.lane)
        .subquery()
    )
    heads = await work.session.execute(
        select(OutboxRow.lane, OutboxRow.due_at)
        .join(first, first.c.id == OutboxRow.id)
        .where(OutboxRow.state == QUEUED, OutboxRow.due_at > now)
    )
    put = set()
    for lane, due_at in heads.all():
        put.add(lane)
        await work.session.execute(
            update(OutboxRow)
            .where(OutboxRow.lane == lane, OutboxRow.state == QUEUED, OutboxRow.due_at <= now)
            .values(due_at=due_at)
            .execution_options(synchronize_session=False)
        )
    return put


async def release_held(work: Work, now: datetime, most: int = 500) -> bool:
    """Put what was held until now back into its lanes, whole lanes at a time; say whether there may be more than that.

    most: messages that are looked at. In a lane that was not reached, what came later must not overtake what is held.
    """
    found = list((await run(work.session, _HELD_LANES, {"now": now, "most": most})).scalars())
    if found:
        await _release(work, set(found), now)
    return len(found) == most


async def _release(work: Work, lanes: Collection[str], now: datetime) -> None:
    await work.session.execute(
        update(OutboxRow)
        .where(OutboxRow.lane.in_(lanes), OutboxRow.state == HELD, OutboxRow.due_at <= now)
        .values(state=QUEUED)
        .execution_options(synchronize_session=False)
    )


async def wake(work: Work, channel: str, now: datetime) -> int:
    """Make due what waits for a channel that is back; return how many messages that were."""
    await work.flush()
    woken = await work.session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.state == QUEUED,
            OutboxRow.due_at > now,
            OutboxRow.channel == channel,
            OutboxRow.waits == "channel",
        )
        .values(due_at=now)
        .execution_options(synchronize_session=False)
    )
    work.touched.add("outbox")
    return int(getattr(woken, "rowcount", 0))


async def wake_reader(work: Work, person: str, now: datetime) -> int:
    """Make due what waits for a person to open their private chat; return how many messages that were."""
    await work.flush()
    woken = await work.session.execute(
        update(OutboxRow)
        .where(OutboxRow.state == HELD, OutboxRow.lane == f"person:{person}", OutboxRow.waits == "private")
        .values(state=QUEUED, due_at=now)
        .execution_options(synchronize_session=False)
    )
    work.touched.add("outbox")
    return int(getattr(woken, "rowcount", 0))


async def wake_about(work: Work, reference: str, now: datetime) -> None:
    """Make due what is held for the end of the quiet hours about a complaint: whether it still has to wait is asked anew."""
    await work.flush()
    await work.session.execute(
        update(OutboxRow)
        .where(OutboxRow.reference == reference, OutboxRow.state == HELD, OutboxRow.waits == "quiet")
        .values(state=QUEUED, due_at=now)
        .execution_options(synchronize_session=False)
    )
    work.touched.add("outbox")


async def waiting_for(work: Work, channel: str) -> int:
    """Return how many messages wait for a channel that is down."""
    count = select(func.count()).where(
        OutboxRow.state == QUEUED, OutboxRow.channel == channel, OutboxRow.waits == "channel"
    )
    return await work.session.scalar(count) or 0


async def uncertain_of(work: Work, channel: str, since: datetime) -> int:
    """Return how many messages that were handed to a channel since then may or may not have arrived."""
    await work.flush_if_writing()
    count = select(func.count()).where(
        OutboxRow.state == UNCERTAIN, OutboxRow.channel == channel, OutboxRow.done_at >= since
    )
    return await work.session.scalar(count) or 0


async def with_key(work: Work, key: str) -> Outgoing | None:
    """Return the message that a decision led to."""
    await work.flush_if_writing()
    row = (await work.session.execute(select(*_OUTGOING).where(OutboxRow.key == key))).one_or_none()
    return Outgoing(*row) if row is not None else None


async def carried_with(work: Work, leader: int) -> list[Outgoing]:
    """Return the messages that went out as one, with the first of them, the oldest first."""
    await work.flush_if_writing()
    rows = await work.session.execute(select(*_OUTGOING).where(OutboxRow.joined_to == leader).order_by(OutboxRow.id))
    return [Outgoing(*row) for row in rows]


async def as_read(work: Work, id: int) -> Outgoing | None:
    """Return a message of ours as its reader saw it: one that carried several complaints speaks of none in particular."""
    found = await outgoing(work, id)
    if found is None or found.joined_to is None:
        return found
    references = {each.reference for each in await carried_with(work, found.joined_to)}
    return replace(found, notice="digest", reference=references.pop() if len(references) == 1 else None)


async def told_about(work: Work, reference: str, limit: int) -> list[Outgoing]:
    """Return the newest notices and answers about a complaint, the newest first."""
    await work.flush_if_writing()
    rows = await work.session.execute(
        select(*_OUTGOING).where(OutboxRow.reference == reference).order_by(OutboxRow.id.desc()).limit(limit)
    )
    return [Outgoing(*row) for row in rows]


async def lately_told(work: Work, person: str, notices: Collection[str], limit: int) -> list[str]:
    """Return the complaints about which a person was lately told one of these notices, the newest first, each once."""
    await work.flush_if_writing()
    rows = await work.session.scalars(
        select(OutboxRow.reference)
        .where(
            OutboxRow.lane.in_((f"person:{person}", f"sms:{person}")),
            OutboxRow.notice.in_(notices),
            OutboxRow.answer.is_(False),
            OutboxRow.reference.is_not(None),
        )
        .order_by(OutboxRow.id.desc())
        .limit(limit)
    )
    return list(dict.fromkeys(reference for reference in rows if reference))


async def told_of(work: Work, reference: str, notices: Collection[str], since: datetime) -> list[Outgoing]:
    """Return the notices of these kinds about a complaint that went to somebody since then."""
    await work.flush_if_writing()
    rows = await work.session.execute(
        select(*_OUTGOING).where(
            OutboxRow.reference == reference,
            OutboxRow.notice.in_(notices),
            OutboxRow.created_at >= since,
            OutboxRow.state.in_((*WENT, UNCERTAIN)),
        )
    )
    return [Outgoing(*row) for row in rows]


async def last_told_at(work: Work, person: str, notice: str, reference: str) -> datetime | None:
    """Return when a person was last to be told this notice of a complaint; None where they never were."""
    await work.flush_if_writing()
    found: datetime | None = await work.session.scalar(
        select(OutboxRow.created_at)
        .where(
            OutboxRow.lane == f"person:{person}",
            OutboxRow.notice == notice,
            OutboxRow.reference == reference,
        )
        .order_by(OutboxRow.id.desc())
        .limit(1)
    )
    return found


async def last_told(work: Work, person: str, notice: str) -> list[str]:
    """Return the complaints that the last message to a person was about, as far as it was this notice of them."""
    await work.flush_if_writing()
    last = await work.session.scalar(
        select(OutboxRow.id)
        .where(
            OutboxRow.lane == f"person:{person}",
            OutboxRow.state.in_((*WENT, UNCERTAIN)),
            OutboxRow.answer.is_(False),
        )
        .order_by(OutboxRow.done_at.desc(), OutboxRow.id.desc())
        .limit(1)
    )
    found = await outgoing(work, last) if last is not None else None
    if found is None:
        return []
    rows = await carried_with(work, found.joined_to) if found.joined_to is not None else [found]
    return [row.reference for row in rows if row.reference and row.notice == notice]


async def failed_between(work: Work, since: datetime, until: datetime) -> list[Outgoing]:
    """Return what reached nobody after `since` and up to `until`, the oldest first."""
    await work.flush_if_writing()
    rows = await work.session.execute(
        select(*_OUTGOING)
        .where(OutboxRow.state == FAILED, OutboxRow.done_at > since, OutboxRow.done_at <= until)
        .order_by(OutboxRow.id)
    )
    return [Outgoing(*row) for row in rows]


async def lately_failed(work: Work, lane: str, since: datetime, limit: int = 20) -> list[str]:
    """Return the complaints of which something of a lane reached nobody since a moment, the newest first."""
    await work.flush_if_writing()
    found = await work.session.scalars(
        select(OutboxRow.reference)
        .where(OutboxRow.lane == lane, OutboxRow.state == FAILED, OutboxRow.done_at >= since)
        .where(OutboxRow.reference.is_not(None))
        .order_by(OutboxRow.id.desc())
        .limit(limit)
    )
    return list(dict.fromkeys(reference for reference in found if reference))


CANARY = "canary"  # the key of the message by which the service looks whether it still says anything
_FOR_SOMEBODY = OutboxRow.key != CANARY


async def in_state(work: Work, state: str, limit: int = 100) -> list[Outgoing]:
    """Return messages in a state, the oldest first."""
    rows = await work.session.execute(
        select(*_OUTGOING).where(OutboxRow.state == state, _FOR_SOMEBODY).order_by(OutboxRow.id).limit(limit)
    )
    return [Outgoing(*row) for row in rows]


async def put_off(work: Work, now: datetime, limit: int = 100) -> list[Outgoing]:
    """Return messages that wait for a later moment, the soonest first; `waits` says why."""
    later = (OutboxRow.state == HELD) | ((OutboxRow.state == QUEUED) & (OutboxRow.due_at > now))
    rows = await work.session.execute(
        select(*_OUTGOING).where(later, _FOR_SOMEBODY).order_by(OutboxRow.due_at, OutboxRow.id).limit(limit)
    )
    return [Outgoing(*row) for row in rows]


async def decide(work: Work, ids: Sequence[int], now: datetime, *, resend: bool) -> int:
    """Let a person decide about messages that are uncertain or failed: sent again, or left; return how many there were."""
    return await _decide(work, (OutboxRow.id.in_(ids), OutboxRow.state.in_((UNCERTAIN, FAILED))), now, resend)


async def decide_channel(work: Work, channel: str, now: datetime, *, resend: bool) -> int:
    """Let a person decide about all that was handed to a channel and is uncertain, as `decide` does."""
    return await _decide(work, (OutboxRow.channel == channel, OutboxRow.state == UNCERTAIN), now, resend)


async def _decide(work: Work, which: Sequence[ColumnElement[bool]], now: datetime, resend: bool) -> int:
    values = (
        {"state": QUEUED, "due_at": now, "attempts": 0, "tried": "", "joined_to": None, "detail": "sent again by hand"}
        if resend
        else {"state": SKIPPED, "detail": "left as it is, by hand"}
    )
    decided = await work.session.execute(
        update(OutboxRow)
        .where(*which)
        .values(waits="", done_at=None if resend else now, **values)
        .execution_options(synchronize_session=False)
    )
    work.touched.add("outbox")
    return int(getattr(decided, "rowcount", 0))


async def hold_unsent(work: Work, now: datetime) -> None:
    """Let nothing that waits go out before a person decides: after a restoring nobody knows whether it did meanwhile."""
    await work.session.execute(
        update(OutboxRow)
        .where(OutboxRow.state.in_((*UNDER_WAY, HELD)))
        .values(state=UNCERTAIN, waits="", lease_until=None, done_at=now, detail="waited when the backup was made")
        .execution_options(synchronize_session=False)
    )


async def states(work: Work) -> dict[str, int]:
    """Return how many messages are in each state, of all there ever were: a look at the whole table."""
    rows = await work.session.execute(select(OutboxRow.state, func.count()).group_by(OutboxRow.state))
    return {state: count for state, count in rows}  # noqa: C416 (rows are no pairs to a type checker)


async def outgoing(work: Work, id: int) -> Outgoing | None:
    await work.flush_if_writing()
    row = (await work.session.execute(select(*_OUTGOING).where(OutboxRow.id == id))).one_or_none()
    return Outgoing(*row) if row is not None else None


_CLAIMED_AS = (
    select(_OUTBOX.c.id, _OUTBOX.c.attempts, _OUTBOX.c.channel, _OUTBOX.c.address, _OUTBOX.c.claim)
    .where(_OUTBOX.c.id.in_(bindparam("ids")), _OUTBOX.c.state.in_(bindparam("states")))
    .order_by(_OUTBOX.c.id)
    .with_for_update()
)


async def still_ours(work: Work, rows: Sequence[Outgoing], states: Collection[str]) -> list[Outgoing]:
    """Return those of the messages, claimed by this process, that are in one of the states and of which none other decided.

    A process that was frozen, or whose clock is behind, finds that others took it for dead. Each claim has a name of its own:
    what counts attempts counts some of them back, and a job that is run again must not meet a later claim under its number.
    """
    await work.flush()
    found = await run(work.session, _CLAIMED_AS, {"ids": [row.id for row in rows], "states": list(states)})
    claims = {tuple(claim) for claim in found}
    return [row for row in rows if (row.id, row.attempts, row.channel, row.address, row.claim) in claims]


async def release(work: Work, rows: Sequence[Outgoing]) -> None:
    """Put messages back that this process claimed and did not try."""
    ids = [row.id for row in await still_ours(work, rows, (CLAIMED,))]
    await work.session.execute(
        update(OutboxRow)
        .where(OutboxRow.id.in_(ids), OutboxRow.state == CLAIMED)
        .values(state=QUEUED, lease_until=None, attempts=OutboxRow.attempts - 1)
    )
    work.touched.add("outbox")


async def renew(work: Work, claims: Mapping[int, str], until: datetime) -> None:
    """Keep the leases of messages that are still in hand. claims: by which claim, by the message's id."""
    if claims:
        await work.flush()
        held = OutboxRow.id.in_(list(claims)) & OutboxRow.claim.in_(list(claims.values()))
        await work.session.execute(
            update(OutboxRow).where(held, OutboxRow.state.in_(_IN_HAND)).values(lease_until=until)
        )


async def leased(work: Work, until: datetime | None) -> list[Outgoing]:
    """Return messages in somebody's hand whose lease ran out before `until`; None: all of them."""
    await work.flush()  # in this very transaction one may have begun to go out
    query = select(*_OUTGOING).where(OutboxRow.state.in_(_IN_HAND)).with_for_update(skip_locked=True)
    if until is not None:
        query = query.where(OutboxRow.lease_until < until)
    return [Outgoing(*row) for row in await work.session.execute(query)]


async def depth(work: Work) -> dict[str, int]:
    """Return how much waits: inbox, quarantine, outbox, what is held for the morning, uncertain and failed messages."""
    inbox = await work.session.execute(
        select(InboxRow.state, func.count()).where(InboxRow.state.in_((STORED, QUARANTINED))).group_by(InboxRow.state)
    )
    outbox = await work.session.execute(
        select(OutboxRow.state, func.count()).where(OutboxRow.state.in_(_COUNTED)).group_by(OutboxRow.state)
    )
    counts = {f"inbox_{state}": count for state, count in inbox} | {f"outbox_{state}": count for state, count in outbox}
    names = (f"inbox_{STORED}", f"inbox_{QUARANTINED}", *(f"outbox_{s}" for s in _COUNTED))
    return {name: counts.get(name, 0) for name in names}
