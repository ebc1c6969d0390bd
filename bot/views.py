"""What the words may speak of: a complaint as a template sees it, with names in place of ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.people import Person
from bot.policies import PolicyBook
from bot.storage.values import Outgoing
from bot.storage.work import Work
from bot.words import phone_masked
from complaints.complaint import Complaint
from complaints.promises import promised, work_deadline
from complaints.taxonomy import Pack

_PERSONS = ("who", "to", "assignee")  # facts that hold a person's id


@dataclass(frozen=True, slots=True)
class View:
    """A complaint, as templates may name its parts. due: the soonest promise to the customer."""

    reference: str
    summary: str
    status: str
    severity: str
    category: str
    received_at: datetime
    round: int
    result: str
    plan: str
    last_progress: str
    last_progress_at: datetime | None
    due: datetime | None
    work_due: datetime | None
    assignee: str
    customer: str
    phone: str
    place: str
    urged: int
    channel: str


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list."""

    reference: str
    summary: str
    status: str
    due: datetime | None
    who: str


class Viewer:
    """Builds the context for one message."""

    def __init__(self, clock: Clock, book: PolicyBook, pack: Pack, *, company: str, hotline: str) -> None:
        self._clock = clock
        self._book = book
        self._pack = pack
        self._fixed = {"company": company, "hotline": hotline}

    async def context(
        self, work: Work, row: Outgoing, facts: Mapping[str, str], recipient: Person | None, locale: str
    ) -> dict[str, object]:
        """Return what the templates get."""
        complaint = await work.complaint(row.reference) if row.reference else None
        named = dict(facts)
        for key in _PERSONS:
            if named.get(key):
                named[key] = await self._called(work, named[key])
        return {
            **self._fixed,
            "c": await self._view(work, complaint, locale) if complaint else None,
            "facts": named,
            "to": recipient.name if recipient else "",
            "now": self._clock.now(),
            "items": await self._items(work, facts.get("items", "")),
        }

    async def _view(self, work: Work, complaint: Complaint, locale: str) -> View:
        terms = await self._book.terms(work, complaint)
        customer = await work.person(complaint.complainant)
        promise, work_promise = promised(complaint, terms.policy), work_deadline(complaint)
        return View(
            reference=complaint.reference,
            summary=complaint.summary,
            status=complaint.status,
            severity=complaint.severity,
            category=self._pack.label(complaint.category, locale),
            received_at=complaint.received_at,
            round=complaint.round,
            result=complaint.result,
            plan=complaint.plan,
            last_progress=complaint.last_progress,
            last_progress_at=complaint.last_progress_at,
            due=promise.due_at if promise else None,
            work_due=work_promise.due_at if work_promise else None,
            assignee=await self._name(work, complaint.owner) if complaint.owner else "",
            customer=customer.name if customer else "",
            phone=customer.phone if customer else "",
            place=customer.place if customer else "",
            urged=complaint.urged,
            channel=complaint.channel,
        )

    async def _called(self, work: Work, who: str) -> str:
        """Return what a person is called: by name, else by the ends of their phone number. What is nobody's id is a name."""
        known = (await work.directory()).persons.get(who) or await work.person(who)
        return (known.name or phone_masked(known.phone)) if known else who

    async def _name(self, work: Work, person: str | None) -> str:
        if not person:
            return ""
        known = (await work.directory()).persons.get(person) or await work.person(person)
        return known.name if known else ""

    async def _items(self, work: Work, references: str) -> Sequence[Item]:
        wanted = [reference for reference in references.split(",") if reference]
        await work.prefetch_complaints(wanted)
        items = []
        for reference in wanted:
            complaint = await work.complaint(reference)
            if complaint is not None:
                deadline = work_deadline(complaint)
                items.append(
                    Item(
                        reference=reference,
                        summary=complaint.summary,
                        status=complaint.status,
                        due=deadline.due_at if deadline else None,
                        who=await self._name(work, complaint.owner),
                    )
                )
        return items
