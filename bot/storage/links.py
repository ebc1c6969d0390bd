"""Complaints that may be of one matter: whom to compare a new one with, and what was found or said of two."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, or_, select, update

from bot.storage.models import FileRow, InboxRow, LinkRow, MessageRow
from bot.storage.values import Linked
from bot.storage.work import Work
from complaints.complaint import Complaint


class Link(StrEnum):
    """What is known of two complaints."""

    SUGGESTED = "suggested"  # the service centre was asked
    DISMISSED = "dismissed"  # they are not the same: never asked again
    LINKED = "linked"
    UNLINKED = "unlinked"


async def candidates(
    work: Work, site: str, categories: Collection[str], since: datetime, *, drill: bool = False
) -> list[Complaint]:
    """Return the newest complaints of a site in each of the categories, received since then. Reads no others.

    drill: practice is compared with practice, and real ones with real ones.
    """
    newest = await work.newest_of(site, categories)
    return [each for each in newest if each.received_at >= since and each.drill is drill]


async def known(work: Work, reference: str, others: Iterable[str]) -> dict[str, Link]:
    """Return what is known of a complaint and each of the others; those of which nothing is are left out."""
    wanted = list(others)
    await work.flush_if_writing()
    rows = await work.session.scalars(
        select(LinkRow).where(
            or_(
                and_(LinkRow.first == reference, LinkRow.second.in_(wanted)),
                and_(LinkRow.second == reference, LinkRow.first.in_(wanted)),
            )
        )
    )
    return {row.second if row.first == reference else row.first: Link(row.state) for row in rows}


async def linked(work: Work, reference: str) -> list[str]:
    """Return the complaints that a complaint was linked with, in the order of their numbers."""
    await work.flush_if_writing()
    rows = await work.session.scalars(
        select(LinkRow).where(
            or_(LinkRow.first == reference, LinkRow.second == reference), LinkRow.state == Link.LINKED
        )
    )
    return sorted(row.second if row.first == reference else row.first for row in rows)


async def note(
    work: Work, one: str, other: str, state: Link, now: datetime, *, by: str | None = None, why: str = ""
) -> None:
    """Keep what was found or said of two complaints, over what was known before."""
    first, second = sorted((one, other))
    work.save_link(Linked(first, second, state, why, by, now))


async def rebind(work: Work, inbox_id: int, reference: str) -> None:
    """Let what somebody said belong to another complaint: they told us which one it was about."""
    await work.flush_if_writing()
    await work.session.execute(update(MessageRow).where(MessageRow.inbox_id == inbox_id).values(reference=reference))
    await work.session.execute(update(FileRow).where(FileRow.inbox_id == inbox_id).values(reference=reference))
    await work.session.execute(update(InboxRow).where(InboxRow.id == inbox_id).values(reference=reference))
