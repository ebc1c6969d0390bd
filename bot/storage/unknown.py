"""Complaints that this version met and could not read, because a newer one wrote a word that it does not know into them or
into the profile that is stored with them.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from bot.storage import codec, queues
from bot.storage.models import OPEN, ComplaintRow, CursorRow
from bot.storage.profiles import Profiles, newer
from bot.storage.work import Work

_NAME = "unknown:"
_PAGE = 500


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


async def unreadable(work: Work) -> tuple[list[str], list[str]]:
    """Return the open complaints that this version cannot read because of a newer one, met or not, and those that are damaged:
    a look at each record.
    """
    profiles, of_newer, damaged, after = Profiles(), list[str](), list[str](), ""
    while True:
        rows = await work.session.execute(
            select(ComplaintRow.reference, ComplaintRow.record)
            .where(OPEN, ComplaintRow.reference > after)
            .order_by(ComplaintRow.reference)
            .limit(_PAGE)
        )
        page = rows.all()
        if not page:
            return of_newer, damaged
        for reference, record in page:
            try:
                trouble = await profiles.trouble(work.session, codec.decode_complaint(record).policy)
            except ValueError as error:
                trouble = error
            if trouble is not None:
                (of_newer if newer(trouble) else damaged).append(reference)
        after = page[-1].reference
