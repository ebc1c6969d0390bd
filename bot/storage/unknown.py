"""Complaints that this version met and could not read, because a newer one wrote a word into them that it does not know."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from bot.storage import queues
from bot.storage.models import CursorRow
from bot.storage.work import Work

_NAME = "unknown:"


async def met(work: Work, reference: str, at: datetime) -> None:
    """Note it; again and again in one transaction, and by several processes at once, is fine."""
    insert = sqlite.insert if work.sqlite else postgresql.insert
    noted = insert(CursorRow).values(name=_NAME + reference, value=at.isoformat())
    await work.session.execute(
        noted.on_conflict_do_update(index_elements=["name"], set_={"value": noted.excluded.value})
    )


async def since(work: Work, moment: datetime) -> dict[str, datetime]:
    """Return which were met since then, and when last."""
    found = {reference: datetime.fromisoformat(at) for reference, at in (await queues.cursors(work, _NAME)).items()}
    return {reference: at for reference, at in found.items() if at >= moment}
