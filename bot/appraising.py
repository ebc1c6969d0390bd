"""How colleagues are graded, of a month or a quarter: what counts is gathered, and summed by the profile's formula (R-111)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.conduct import APPROVED, LEARNED
from bot.storage import periods
from bot.storage import proposals as kept
from bot.storage.work import Work
from complaints.appraising import counted
from complaints.policy.appraisal import Merit
from complaints.policy.conduct import Conduct, Proposal
from complaints.reports import Every, Period, named, period

_OF_DECIDED = {(Proposal.REWARD, APPROVED): Merit.PRAISED, (Proposal.PENALTY, APPROVED): Merit.PENALISED}


@dataclass(frozen=True, slots=True)
class Counts:
    """What counts for each, by person."""

    by_person: dict[str, Counter[Merit]]

    def of(self, person: str) -> Counter[Merit]:
        return self.by_person.get(person, Counter())


def period_of(text: str, now: datetime) -> Period | None:
    """Return the month or quarter of that name, the present month for none; None where it is neither, or has not begun. now: in
    the desk's zone.
    """
    if not text:
        return period(Every.MONTH, now.date())
    try:
        asked = named(Every.QUARTER if "Q" in text else Every.MONTH, text)
    except ValueError:
        return None
    return asked if asked.first <= now.date() else None


async def gather(work: Work, asked: Period, rule: Conduct, zone: tzinfo, now: datetime) -> Counts:
    """Count what happened in a period, a page of complaints at a time."""
    start, end = asked.within(zone)
    found: dict[str, Counter[Merit]] = {}
    async for _, complaint in periods.complaints(work, start, end):
        for person, merit in counted(complaint, start, end, now) if complaint is not None else ():
            found.setdefault(person, Counter())[merit] += 1
    for row in await kept.of_period(work, start, end):
        worth = _OF_DECIDED.get((Proposal(row.kind), row.outcome))
        if row.kind == Proposal.COURSE:
            by = row.at + rule.learn_within  # `due_at` moves with each reminder
            late = start <= by < min(end, now) and row.done_at is None
            worth = Merit.LEARNED if row.outcome == LEARNED else Merit.UNLEARNED if late else None
        if worth is not None and row.person:
            found.setdefault(row.person, Counter())[worth] += 1
    return Counts(found)
