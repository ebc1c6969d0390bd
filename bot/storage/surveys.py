"""Surveys in the tables: campaigns and whom they ask, who waits for a call-back, and complaints read for the rates."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, insert, or_, select, update

from bot.storage import codec
from bot.storage.models import TO_PHONE, AddressRow, CampaignRow, ComplaintRow, PersonRow, SurveyedRow
from bot.storage.periods import records
from bot.storage.work import Work
from complaints.complaint import Complaint
from complaints.vocabulary import Status

WAITING, ASKED, ANSWERED, LEFT_OUT, EXPIRED = "waiting", "asked", "answered", "left_out", "expired"
"""What became of a person of a campaign. Answered: at least the first question; the others may still come."""

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which complaints are read. start, end: of when they were received, the end not included."""

    start: datetime | None = None
    end: datetime | None = None
    site: str | None = None

    def where(self) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = [ComplaintRow.drill.is_(False)]  # practice is in no figure
        if self.start is not None:
            conditions.append(ComplaintRow.received_at >= self.start)
        if self.end is not None:
            conditions.append(ComplaintRow.received_at < self.end)
        if self.site is not None:
            conditions.append(ComplaintRow.site == self.site)
        return conditions


async def complaints(work: Work, chosen: Chosen) -> AsyncIterator[Complaint]:
    """Yield complaints by when they were received."""
    async for _, record in records(work, chosen.where()):
        yield codec.decode_complaint(record)


async def awaiting_call(work: Work, status: Status = Status.RESOLVED, limit: int = 50) -> list[Complaint]:
    """Return complaints whose customer somebody may phone: reported done, or a plan proposed; the oldest first."""
    await work.flush_if_writing()
    rows = await work.session.scalars(
        select(ComplaintRow.reference)
        .where(TO_PHONE, ComplaintRow.status == status)
        .order_by(ComplaintRow.received_at)
        .limit(limit)
    )
    references = list(rows)
    await work.prefetch_complaints(references)
    return [complaint for each in references if (complaint := work.known_complaint(each)) is not None]


async def sites(work: Work) -> list[str]:
    """Return the codes of the sites that complaints were made of."""
    where = (ComplaintRow.site != "", ComplaintRow.drill.is_(False))
    return list(await work.session.scalars(select(ComplaintRow.site).where(*where).distinct()))


async def customers(work: Work, *, closed_since: datetime | None = None, site: str | None = None) -> list[str]:
    """Return the ids of customers: all, or those of complaints closed since then, or of a site.

    Staff are none, and neither is what is left of somebody who chatted before they were known as staff: no address, no matter.
    """
    customer = (PersonRow.staff.is_(False), PersonRow.active.is_(True))
    if closed_since is None and site is None:
        met = exists().where(AddressRow.person == PersonRow.id)
        heard = exists().where(ComplaintRow.complainant == PersonRow.id)
        rows = await work.session.scalars(select(PersonRow.id).where(*customer, or_(met, heard)).order_by(PersonRow.id))
        return list(rows)
    where: list[ColumnElement[bool]] = []
    if closed_since is not None:
        where += [ComplaintRow.status == Status.CLOSED, ComplaintRow.closed_at >= closed_since]
    if site is not None:
        where.append(ComplaintRow.site == site)
    where.append(ComplaintRow.drill.is_(False))
    where.append(ComplaintRow.complainant.in_(select(PersonRow.id).where(*customer)))
    rows = await work.session.scalars(select(ComplaintRow.complainant).where(*where).distinct())
    return sorted(rows)


async def with_phones(work: Work, phones: Collection[str]) -> list[str]:
    """Return the ids of customers with these phone numbers."""
    found: set[str] = set()
    wanted = sorted(phones)
    for start in range(0, len(wanted), _PAGE):
        page = wanted[start : start + _PAGE]
        found |= set(
            await work.session.scalars(
                select(PersonRow.id).where(PersonRow.phone.in_(page), PersonRow.staff.is_(False))
            )
        )
    return sorted(found)


async def campaign(work: Work, name: str) -> CampaignRow | None:
    """Return the campaign of that name."""
    return await work.session.scalar(select(CampaignRow).where(CampaignRow.name == name))


async def campaign_by_id(work: Work, id: int) -> CampaignRow | None:
    """Return the campaign of that number."""
    return await work.session.get(CampaignRow, id)


async def begin(work: Work, row: CampaignRow, persons: Iterable[str]) -> int:
    """Keep a new campaign and whom it asks, each once; return its number."""
    work.session.add(row)
    await work.session.flush()
    values = [
        {"campaign": row.id, "person": person, "state": WAITING, "detail": "", "asked": "", "answers": "[]"}
        for person in sorted(set(persons))
    ]
    for start in range(0, len(values), _PAGE):
        await work.session.execute(insert(SurveyedRow), values[start : start + _PAGE])
    return row.id


async def running(work: Work, now: datetime) -> list[CampaignRow]:
    """Return the campaigns that have not expired and in which somebody waits to be asked.

    Held by this transaction alone, so that two processes together keep to their rate.
    """
    waiting = select(SurveyedRow.campaign).where(SurveyedRow.state == WAITING).distinct()
    rows = await work.session.scalars(
        select(CampaignRow)
        .where(CampaignRow.id.in_(waiting), CampaignRow.expires_at > now)
        .order_by(CampaignRow.id)
        .with_for_update(skip_locked=True)
    )
    return list(rows)


async def next_persons(work: Work, campaign: int, limit: int) -> list[SurveyedRow]:
    """Return who is to be asked next, held by this transaction alone."""
    rows = await work.session.scalars(
        select(SurveyedRow)
        .where(SurveyedRow.campaign == campaign, SurveyedRow.state == WAITING)
        .order_by(SurveyedRow.person)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(rows)


async def asked_since(work: Work, campaign: int, since: datetime) -> int:
    """Return how many persons a campaign asked since then."""
    count = await work.session.scalar(
        select(func.count())
        .select_from(SurveyedRow)
        .where(SurveyedRow.campaign == campaign, SurveyedRow.asked_at > since)
    )
    return count or 0


async def asked_lately(work: Work, person: str, since: datetime) -> bool:
    """Say whether any campaign asked a person since then."""
    found = await work.session.scalar(
        select(SurveyedRow.campaign).where(SurveyedRow.person == person, SurveyedRow.asked_at > since).limit(1)
    )
    return found is not None


async def muted(work: Work, person: str) -> bool:
    """Say whether a person asked us, wherever they can be met, not to write unasked."""
    addresses = await work.session.scalars(select(AddressRow.muted).where(AddressRow.person == person))
    return any(addresses)


async def surveyed(work: Work, campaign: int, person: str) -> SurveyedRow | None:
    """Return what a campaign knows of a person."""
    return await work.session.get(SurveyedRow, (campaign, person))


async def expire(work: Work, now: datetime) -> None:
    """Give up whoever was not asked, or did not answer, before their campaign ended."""
    ended = select(CampaignRow.id).where(CampaignRow.expires_at <= now)
    await work.session.execute(
        update(SurveyedRow)
        .where(SurveyedRow.state.in_((WAITING, ASKED)), SurveyedRow.campaign.in_(ended))
        .values(state=EXPIRED, asked="")
        .execution_options(synchronize_session=False)
    )


async def everybody(work: Work, campaign: int) -> AsyncIterator[SurveyedRow]:
    """Yield every person of a campaign, a page at a time."""
    after = ""
    while True:
        rows = list(
            await work.session.scalars(
                select(SurveyedRow)
                .where(SurveyedRow.campaign == campaign, SurveyedRow.person > after)
                .order_by(SurveyedRow.person)
                .limit(_PAGE)
            )
        )
        for row in rows:
            yield row
        if len(rows) < _PAGE:
            return
        after = rows[-1].person
        work.session.expunge_all()
