"""Which rules of conduct a decision calls for: on its being found valid, and on its closing (R-109–R-112).

What they propose is for a person to decide; nothing here moves the complaint.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from complaints.change import Change, EventKind
from complaints.complaint import Complaint
from complaints.policy.conduct import ConductRule, Occasion, Whom
from complaints.promises import Terms
from complaints.vocabulary import Milestone, Rating, Status


def called_for(before: Complaint | None, change: Change, terms: Terms, now: datetime) -> Iterator[ConductRule]:
    """Yield the rules that a decision calls for; a practice complaint and a tester's call for none.

    Whom a complaint is about may become known after it was found valid: what is proposed for them follows then.
    """
    after = change.complaint
    if after.drill or after.mystery:
        return
    closed = any(event.kind is EventKind.CLOSED for event in change.events)
    occasion = (
        (Occasion.WELL if _well(after, now) else Occasion.BADLY if _badly(after, now) else None) if closed else None
    )
    for rule in terms.policy.conduct.rules:
        if not rule.concerns(after.severity, after.category):
            continue
        if rule.when is Occasion.VALID:
            if _became_valid(before, after) or (rule.whom is Whom.RESPONDENT and _named_since(before, after)):
                yield rule
        elif rule.when is occasion:
            yield rule


def _became_valid(before: Complaint | None, after: Complaint) -> bool:
    moment = after.moment(Milestone.VALID_CONFIRMED)
    return moment is not None and (before is None or before.moment(Milestone.VALID_CONFIRMED) is None)


def _named_since(before: Complaint | None, after: Complaint) -> bool:
    valid = after.moment(Milestone.VALID_CONFIRMED) is not None and after.status is not Status.INVALID
    return valid and before is not None and bool(after.respondents - before.respondents)


def _well(complaint: Complaint, now: datetime) -> bool:
    return complaint.closed_as == Rating.SATISFIED and complaint.round == 1 and not _late(complaint, now)


def _badly(complaint: Complaint, now: datetime) -> bool:
    return complaint.round > 1 or complaint.closed_as == "unsettled" or _late(complaint, now)


def _late(complaint: Complaint, now: datetime) -> bool:
    """Say whether a limit of the assignee's was not kept; what a role owed is none of theirs."""
    return any(
        each.due_at < (each.met_at or now)
        for each in complaint.deadlines
        if each.ended_at is None and each.whose is None
    )
