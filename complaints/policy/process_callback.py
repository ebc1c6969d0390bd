"""The call-back while the work goes on: does the customer know what is planned, and when it will be done? (R-062)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from complaints.errors import PolicyError
from complaints.policy.table import Table
from complaints.vocabulary import Milestone

_STARTS = (Milestone.REGISTERED, Milestone.PLAN_SUBMITTED)


class ProcessQuestion(StrEnum):
    """What the customer is asked, yes or no."""

    PLAN_TOLD = "plan_told"
    FINISH_TIME_TOLD = "finish_time_told"
    PLAN_CLEAR = "plan_clear"


@dataclass(frozen=True, slots=True)
class ProcessCallbackRule:
    """Asked once a round, `delay` after the task was registered or the plan handed in; given up after `expire_after`."""

    starts: Milestone
    delay: timedelta
    questions: tuple[ProcessQuestion, ...]
    expire_after: timedelta


def read_process_callback(table: Table) -> ProcessCallbackRule | None:
    """Return the rule; None where nobody is called back (`from = "none"`)."""
    nobody = table.get("from", str) == "none"
    starts = Milestone.REGISTERED if nobody else table.word("from", Milestone)
    if starts not in _STARTS:
        raise PolicyError(f"{table.where}.from is {str(starts)!r}: choose from {', '.join(_STARTS)}, none")
    rule = ProcessCallbackRule(
        starts=starts,
        delay=table.span("delay"),
        questions=tuple(table.words("questions", ProcessQuestion)),
        expire_after=table.span("expire_after"),
    )
    if not rule.questions:
        raise PolicyError(f'{table.where}.questions is empty: ask something, or write from = "none"')
    table.done()
    return None if nobody else rule
