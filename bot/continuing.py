"""Going on in a chat with what began by mail or SMS: a code in the link of the acknowledgement, good once and for a while."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.people import Person
from bot.storage import queues
from bot.storage.models import BindCodeRow
from bot.storage.values import Outgoing
from bot.storage.work import Work
from bot.tokens import Signer
from complaints.change import NoticeKind
from connectors.port import Connector, Form

LIFE = timedelta(days=14)


def link_for(
    outgoing: Outgoing, person: Person | None, connectors: Mapping[str, Connector], signer: Signer
) -> str | None:
    """Return the link that a notice offers; None where it offers none.

    Only the first answer does, to a customer, by mail or SMS, and only where there is a chat that can be opened by a link.
    """
    if outgoing.notice != NoticeKind.ACKNOWLEDGEMENT or person is None or person.staff:
        return None
    if signer.opened(outgoing.channel, outgoing.address) != outgoing.address:
        return None  # who would not be named is not to be known by another chat
    if connectors[outgoing.channel].capabilities.form is Form.IM:
        return None
    links = (connector.capabilities.start_link for connector in connectors.values())
    link = next((link for link in links if link), None)
    return link.replace("{code}", signer.start_code(outgoing.id)) if link else None


async def redeem(work: Work, signer: Signer, code: str, now: datetime) -> Outgoing | None:
    """Use a code up and return the notice it came from; None where it is not genuine, too old or used already."""
    outbox_id = signer.started_from(code)
    outgoing = await queues.outgoing(work, outbox_id) if outbox_id is not None else None
    if outgoing is None or outgoing.person is None or now - outgoing.created_at > LIFE:
        return None
    used = signer.code_hash(code)
    if await work.bind_code(used) is not None:
        return None
    row = BindCodeRow(code_hash=used, person=outgoing.person, expires_at=outgoing.created_at + LIFE, used_at=now)
    work.session.add(row)
    await work.flush()
    return outgoing
