"""Progress as a duty: how often the assignee is asked for a line, and how it gets to the customer (R-059, R-063)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum

from complaints.errors import PolicyError
from complaints.limits import Limit
from complaints.policy.reminding import Rung, read_rungs
from complaints.policy.table import Table


class Release(StrEnum):
    """When the customer reads what the assignee reports."""

    AT_ONCE = "at_once"
    CENTRE = "centre"  # once the service centre has looked at it


@dataclass(frozen=True, slots=True)
class ProgressRule:
    """Asking for a line: `every` so long without a word (None: never), at `prompt_at` local time on a working day.

    An answer that does not come within `answer_within` counts as missed; from the n-th miss on, those of `misses_tell` hear
    of it too. release: when the customer reads it.
    """

    every: Limit | None
    prompt_at: time
    answer_within: timedelta
    release: Release
    misses_tell: tuple[Rung, ...]


def read_progress(table: Table) -> ProgressRule:
    rule = ProgressRule(
        every=None if table.get("every", str) == "none" else table.limit("every"),
        prompt_at=table.clock("prompt_at"),
        answer_within=table.span("answer_within"),
        release=table.word("release", Release),
        misses_tell=read_rungs(table, "misses_tell"),
    )
    if rule.every is not None and rule.answer_within >= rule.every.roughly:
        raise PolicyError(f"{table.where}.answer_within must be shorter than every: or one question overtakes the next")
    table.done()
    return rule
