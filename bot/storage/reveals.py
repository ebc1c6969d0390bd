"""Who had a customer's whole phone number shown to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from bot.storage.models import RevealRow
from bot.storage.work import Work


def add_reveal(work: Work, reference: str, by: str, channel: str, now: datetime) -> None:
    """Keep that somebody had the number of a complaint's customer."""
    work.session.add(RevealRow(reference=reference, by=by, channel=channel, at=now))


async def reveals_of(work: Work, reference: str, limit: int) -> list[RevealRow]:
    """Return who had the number of a complaint's customer, the last one first."""
    found = await work.session.scalars(
        select(RevealRow).where(RevealRow.reference == reference).order_by(RevealRow.id.desc()).limit(limit)
    )
    return list(found)
