"""Groups: what is said there and what is kept for the private chat, and how people get to it.

A group is read by everybody in it. So nothing of a case stands there but its number; questions, lists and news go to the
private chat with the person, and where that was never opened, the group is where they are asked to open it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.answers import Answer
from bot.desk import Desk, Via
from bot.pacing import Wait
from bot.storage.models import AddressRow
from bot.storage.values import Outgoing
from bot.storage.work import Work
from connectors.port import Capabilities, Connector

NUDGE_EVERY = timedelta(hours=1)  # nobody is asked again sooner, however much waits for them
_PATIENCE = timedelta(days=1)  # how long a message waits for its reader to open the private chat
_NO_CODE = "hello"  # what the link says where nothing has to be proven: the platform tells who opens the chat


def private_link(capabilities: Capabilities) -> str:
    """Return what opens the private chat; empty where people can be written to without."""
    return capabilities.start_link.replace("{code}", _NO_CODE) if capabilities.start_link else ""


def private_chat_open(row: AddressRow, capabilities: Capabilities) -> bool:
    """Say whether a person can be written to at an address by itself."""
    if row.blocked_at is not None:
        return False
    return capabilities.start_link is None or row.last_inbound_at is not None


async def nudge(work: Work, desk: Desk, connectors: Mapping[str, Connector], outgoing: Outgoing) -> bool:
    """Ask a person whom we know from a group only to open the private chat, and say whether a message is to wait for that.

    A message asks once, and nobody is asked often. It waits for a day; then somebody has to phone.
    """
    now = desk.clock.now()
    if outgoing.person is None or outgoing.answer or now - outgoing.created_at > _PATIENCE:
        return False
    for row in await work.addresses_of(outgoing.person):
        connector = connectors.get(row.channel)
        if row.room is None or connector is None or row.blocked_at is not None:
            continue  # who has closed the chat on purpose is not called back in front of others
        if private_chat_open(row, connector.capabilities):
            continue
        asked = outgoing.waits == Wait.PRIVATE or (row.nudged_at is not None and now - row.nudged_at < NUDGE_EVERY)
        if not asked:
            row.nudged_at = now
            via = Via(row.channel, row.room, outgoing.person, row.room_message, room=True)
            facts = {"link": private_link(connector.capabilities)}
            key = f"nudge/{outgoing.id}"
            desk.answer(work, via, Answer.OPEN_PRIVATE, key, reference=outgoing.reference, facts=facts)
        return True
    return False
