"""A conversation that goes on under another address: a group that became a supergroup."""

from __future__ import annotations

from sqlalchemy import update

from bot.storage.models import OutboxRow
from bot.storage.queues import CLAIMED, HELD, QUEUED
from bot.storage.work import Work


async def move_conversation(work: Work, channel: str, old: str, new: str) -> None:
    """Let everything known of an address, and everything that waits for it, go on under the new one (trap 21).

    Harmless if told twice, of an address nobody knows, or of one that did not change.
    """
    if old == new:
        return
    row = await work.address(channel, old)
    if row is not None:
        await work.rename_address(row, new)
    await work.move_room(channel, old, new)
    await work.flush()
    waiting = OutboxRow.state.in_((QUEUED, CLAIMED, HELD))
    # Whoever has them in hand knows them by the old address, and would find that they are not theirs (`queues.still_ours`).
    await work.session.execute(
        update(OutboxRow)
        .where(OutboxRow.channel == channel, OutboxRow.address == old, OutboxRow.state == CLAIMED)
        .values(state=QUEUED, lease_until=None, attempts=OutboxRow.attempts - 1)
        .execution_options(synchronize_session=False)
    )
    await work.session.execute(
        update(OutboxRow)
        .where(OutboxRow.channel == channel, OutboxRow.address == old, waiting)
        .values(address=new)
        .execution_options(synchronize_session=False)
    )
    await work.session.execute(
        update(OutboxRow)
        .where(OutboxRow.lane == f"{channel}:{old}", waiting)
        .values(lane=f"{channel}:{new}")
        .execution_options(synchronize_session=False)
    )
    work.touched.add("outbox")
