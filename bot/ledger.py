"""The complaints as a table for a spreadsheet, a line each (台账, R-043, R-107).

Whoever opens it is not known: customers stand in it with masked names and numbers, practice and testers' cases not at all.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import TYPE_CHECKING

from bot.shown import name_masked, phone_masked, phones_masked
from bot.storage import surveys

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bot.storage.models import PersonRow
    from bot.storage.surveys import Chosen
    from bot.storage.work import Work
    from bot.words import Vocabulary
    from complaints.complaint import Complaint

COLUMNS = (
    "reference", "received_at", "channel", "site", "kind", "category", "nature", "severity", "status", "summary", "place",
    "customer", "customer_class", "phone", "owner", "accepted_at", "due_at", "resolved_at", "closed_at", "closed_as", "rounds",
    "urged", "missed", "cause", "cause_kind", "responsible", "redress", "amount", "basis",
    "mediation", "result",
)  # fmt: skip

_NAME = 2  # letters: one alone is a word of its own


async def ledger(
    work: Work, chosen: Chosen, words: Vocabulary, zone: ZoneInfo, now: datetime
) -> AsyncIterator[list[str]]:
    """Yield the heading, then a line for each complaint by when it was received."""
    yield [words.word("ledger", column) for column in COLUMNS]
    async for complaint in surveys.complaints(work, chosen):
        if not complaint.mystery:
            cells = await line(work, complaint, words, zone, now)
            yield [cells[column] for column in COLUMNS]


async def line(work: Work, complaint: Complaint, words: Vocabulary, zone: ZoneInfo, now: datetime) -> dict[str, str]:
    """Return the cells of a complaint's line by column."""
    customer = await work.person_row(complaint.complainant)
    owner = await work.person(complaint.owner) if complaint.owner else None
    return _line(complaint, customer, owner.name if owner else "", words, zone, now)


def _line(
    complaint: Complaint, customer: PersonRow | None, owner: str, words: Vocabulary, zone: ZoneInfo, now: datetime
) -> dict[str, str]:
    def local(moment: datetime | None) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment is not None else ""

    def masked(said: str) -> str:
        """People name themselves in what they say."""
        name = customer.name if customer else ""
        return phones_masked(said.replace(name, name_masked(name)) if len(name) >= _NAME else said)

    offered = complaint.redress
    return {
        "reference": complaint.reference,
        "received_at": local(complaint.received_at),
        "channel": words.word("channel", complaint.channel),
        "site": complaint.site,
        "kind": words.word("matter", complaint.kind),
        "category": words.word("category", complaint.category.partition(".")[0]),
        "severity": words.word("severity", complaint.severity),
        "status": words.word("desk_status", complaint.status),
        "summary": masked(complaint.summary),
        "place": complaint.place,
        "customer": name_masked(customer.name) if customer else "",
        "customer_class": words.word("customer_class", complaint.customer_class),
        "nature": words.word("nature", complaint.nature),
        "phone": phone_masked(customer.phone) if customer and customer.phone else "",
        "owner": owner,
        "accepted_at": local(complaint.accepted_at),
        "due_at": local(min((deadline.due_at for deadline in complaint.running), default=None)),
        "resolved_at": local(complaint.resolved_at),
        "closed_at": local(complaint.closed_at),
        "closed_as": words.word("outcome", complaint.closed_as),
        "rounds": str(complaint.round),
        "urged": str(complaint.urged),
        "missed": str(sum((d.met_at or d.ended_at or now) > d.due_at for d in complaint.deadlines)),
        "cause": complaint.cause,
        "cause_kind": words.word("cause_kind", complaint.cause_kind),
        "responsible": complaint.responsible,
        "redress": "、".join(words.word("redress", each) for each in offered.kinds) if offered else "",
        "amount": offered.amount if offered else "",
        "basis": offered.basis if offered else "",
        "mediation": masked("；".join(f"{each.mediator}：{each.result or '…'}" for each in complaint.mediations)),
        "result": masked(complaint.result),
    }
