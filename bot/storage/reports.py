"""What the tables know of messages that are out: to find the one that a platform's report speaks of."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from bot.storage import queues
from bot.storage.models import DeliveryRow, OutboxRow
from bot.storage.values import Outgoing
from bot.storage.work import Work

UNKNOWN = 0  # outbox id of a report about a message that we do not know, or not yet
_EARLY = (  # asked of every message that goes out, so put together once
    select(DeliveryRow.state, DeliveryRow.detail)
    .where(
        DeliveryRow.external_id == bindparam("external_id"),
        DeliveryRow.channel == bindparam("channel"),
        DeliveryRow.outbox_id == UNKNOWN,
    )
    .order_by(DeliveryRow.id.desc())
    .limit(20)
)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """One attempt at which a message may have left us."""

    outbox_id: int
    channel: str
    address: str


async def handed_over(work: Work, outbox_id: int, channel: str) -> list[HandedOver]:
    """Return at which addresses of a channel a message was handed over, the last first."""
    return await _attempts(work, DeliveryRow.outbox_id == outbox_id, DeliveryRow.channel == channel)


async def called(work: Work, channel: str, external_id: str) -> list[HandedOver]:
    """Return what the platform took under a name of its own, the last first."""
    return await _attempts(work, DeliveryRow.external_id == external_id, DeliveryRow.channel == channel)


async def _attempts(work: Work, *where: object) -> list[HandedOver]:
    await work.flush_if_writing()
    rows = await work.session.execute(
        select(DeliveryRow.outbox_id, DeliveryRow.channel, DeliveryRow.address)
        .where(*where, DeliveryRow.outbox_id != UNKNOWN, DeliveryRow.state.in_(("sent", "delivered", "uncertain")))  # type: ignore[arg-type]
        .order_by(DeliveryRow.id.desc())
        .limit(20)
    )
    return [HandedOver(*row) for row in rows]


async def early(work: Work, channel: str, external_id: str) -> list[tuple[str, str]]:
    """Return (fate, detail) of reports that came before we had written down that the message was out, the last first."""
    await work.flush_if_writing()
    rows = await work.session.execute(_EARLY, {"external_id": external_id, "channel": channel})
    return [(state, detail) for state, detail in rows]


async def only_one_out(work: Work, channel: str, address: str) -> int | None:
    """Return the one message to an address that is out and has not been reported on; None where there are none or several."""
    known = await work.address(channel, address)
    if known is None:
        return None
    await work.flush_if_writing()
    ids = await work.session.scalars(
        select(OutboxRow.id)
        .where(
            OutboxRow.lane == f"person:{known.person}",
            OutboxRow.state == "sent",
            OutboxRow.channel == channel,
            OutboxRow.address == address,
        )
        .order_by(OutboxRow.id.desc())
        .limit(2)
    )
    found = list(ids)
    return found[0] if len(found) == 1 else None


async def carried(work: Work, outgoing: Outgoing) -> list[Outgoing]:
    """Return the messages that left as one with this one, itself included."""
    if outgoing.joined_to is None:
        return [outgoing]
    return await queues.carried_with(work, outgoing.joined_to)
