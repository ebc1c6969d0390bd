"""The four rates of C5, as counts: whoever shows them divides. Pure functions over complaints.

Only complaints and repairs enter (C1); drills, mystery cases, and what was merged or withdrawn never do. What each fraction
counts is said beside it; where nothing is below the line there is no rate, not a zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from complaints.complaint import Complaint
from complaints.parts.asking import Survey
from complaints.parts.timing import Deadline
from complaints.policy.questionnaires import Questionnaire
from complaints.vocabulary import Kind, Rating, Status

KINDS = frozenset({Kind.COMPLAINT, Kind.REPAIR})
FIRST_CONTACT = "first_contact"
_OUTSIDE = frozenset({Status.DRAFT, Status.MERGED, Status.WITHDRAWN})
_GOOD_SCORE = 4


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many."""

    hits: int = 0
    of: int = 0

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.hits + other.hits, self.of + other.of)

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; None where there is nothing to share."""
        return self.hits / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Rates:
    """Of some complaints. A complaint counts once: by its first contact, and by the last round that was answered.

    response (响应率): contacted by the limit / contacts whose limit has passed or that were made.
    solved (解决率): whose customer says that it is solved / answered.
    satisfied (满意率): satisfied, or 4 and 5 of 5 / answered.
    closed (闭环率): closed / valid, closed as unsettled or not rated among them; by outcome in `unsettled`, `unrated`.
    counted: complaints that entered. asked: whose customer was asked; answered, unanswered (given up) and waiting are what
    became of it. Whom nobody could reach, or who said nothing, is in no rate of satisfaction, neither above nor below the line.
    """

    response: Rate = Rate()
    solved: Rate = Rate()
    satisfied: Rate = Rate()
    closed: Rate = Rate()
    counted: int = 0
    asked: int = 0
    answered: int = 0
    unanswered: int = 0
    waiting: int = 0
    unsettled: int = 0
    unrated: int = 0

    def __add__(self, other: Rates) -> Rates:
        return Rates(
            self.response + other.response,
            self.solved + other.solved,
            self.satisfied + other.satisfied,
            self.closed + other.closed,
            self.counted + other.counted,
            self.asked + other.asked,
            self.answered + other.answered,
            self.unanswered + other.unanswered,
            self.waiting + other.waiting,
            self.unsettled + other.unsettled,
            self.unrated + other.unrated,
        )


def counts(complaint: Complaint) -> bool:
    """Say whether a complaint enters the rates at all."""
    outside = complaint.mystery or complaint.drill or complaint.status in _OUTSIDE or complaint.master is not None
    return complaint.kind in KINDS and not outside


def rates(complaints: Iterable[Complaint], now: datetime, solving: frozenset[str]) -> Rates:
    """Return the rates of complaints. solving: ids of questions that ask whether it is solved (`solving_questions`)."""
    total = Rates()
    for complaint in complaints:
        total += of_one(complaint, now, solving)
    return total


def of_one(complaint: Complaint, now: datetime, solving: frozenset[str]) -> Rates:
    """Return what one complaint adds to the rates."""
    if not counts(complaint):
        return Rates()
    valid = complaint.status is not Status.INVALID
    closed = complaint.status is Status.CLOSED
    survey = last_answered(complaint)
    last = complaint.surveys[-1] if complaint.surveys else None
    return Rates(
        response=_response(complaint, now),
        solved=Rate(int(_solved(survey, solving)), 1) if survey else Rate(),
        satisfied=Rate(int(is_satisfied(survey)), 1) if survey else Rate(),
        closed=Rate(int(closed), 1) if valid else Rate(),
        counted=1,
        asked=int(last is not None),
        answered=int(survey is not None),
        unanswered=int(last is not None and survey is None and not last.open),
        waiting=int(last is not None and survey is None and last.open),
        unsettled=int(closed and complaint.closed_as == "unsettled"),
        unrated=int(closed and complaint.closed_as == "unrated"),
    )


def _response(complaint: Complaint, now: datetime) -> Rate:
    first = next((d for d in complaint.deadlines if d.clock == FIRST_CONTACT and _counts(d, now)), None)
    if first is None:
        return Rate()
    return Rate(int(first.met_at is not None and first.met_at <= first.due_at), 1)


def _counts(deadline: Deadline, now: datetime) -> bool:
    if deadline.met_at is not None:
        return True
    missed = deadline.ended_at is None or deadline.ended_at > deadline.due_at
    return missed and now > deadline.due_at


def last_answered(complaint: Complaint) -> Survey | None:
    """Return the survey of the last round that was rated; None where none was."""
    return next((s for s in reversed(complaint.surveys) if s.answered_at is not None and s.rating is not None), None)


def is_satisfied(survey: Survey) -> bool:
    """Say whether a rated survey counts as satisfied: by its score where there is one."""
    return survey.score >= _GOOD_SCORE if survey.score is not None else survey.rating is Rating.SATISFIED


def _solved(survey: Survey, solving: frozenset[str]) -> bool:
    said = next((a.value for a in survey.answers if a.question in solving and not a.skipped), None)
    return said == "yes" if said is not None else survey.rating is Rating.SATISFIED


def solving_questions(questionnaires: Iterable[Questionnaire]) -> frozenset[str]:
    """Return the ids of the questions that ask whether it is solved."""
    return frozenset(q.id for each in questionnaires for q in each.questions if q.solved)
