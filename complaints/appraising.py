"""What of a complaint counts for or against those who handled it, in a period (R-111). Pure.

Each counts when it happened, for whoever had the work then; practice and testers' cases count for nobody. Nor does that a
complaint is about somebody: they read nothing of it, and what follows for them a person decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from complaints.complaint import Complaint
from complaints.policy.appraisal import Merit
from complaints.vocabulary import Rating


def counted(complaint: Complaint, start: datetime, end: datetime, now: datetime) -> Iterator[tuple[str, Merit]]:
    """Yield (who, what) of all that counts and happened from `start` on, before `end` and until now."""
    if complaint.drill or complaint.mystery:
        return

    def within(moment: datetime | None) -> bool:
        return moment is not None and start <= moment < end and moment <= now

    if within(complaint.closed_at) and complaint.closed_as == Rating.SATISFIED and complaint.round == 1:
        yield from _who(complaint.owner, Merit.SATISFIED)
    for survey in complaint.surveys:
        if survey.rating is Rating.DISSATISFIED and within(survey.answered_at):
            yield from _who(_had(complaint, survey.asked_at), Merit.DISSATISFIED)
    for each in complaint.deadlines:
        if each.whose is None and each.ended_at is None and within(each.due_at) and each.due_at < (each.met_at or now):
            yield from _who(_had(complaint, each.due_at), Merit.MISSED)


def _who(person: str | None, merit: Merit) -> Iterator[tuple[str, Merit]]:
    if person is not None:
        yield person, merit


def _had(complaint: Complaint, moment: datetime) -> str | None:
    """Return with whom the work was at a moment; None where it was with nobody yet."""
    given = [task for task in complaint.tasks if not task.assisting and task.assigned_at <= moment]
    return given[-1].assignee if given else None
