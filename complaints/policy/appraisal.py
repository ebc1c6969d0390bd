"""How colleagues are graded by what is on record of their work (R-111): points for what counts, and grades by their sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from complaints.errors import PolicyError
from complaints.policy.table import Table

_MOST = 1000


class Merit(StrEnum):
    """What counts, for or against somebody."""

    SATISFIED = "satisfied"  # what they had closed with its customer satisfied the first time
    PRAISED = "praised"  # a reward for them was approved
    LEARNED = "learned"  # they took a course that was theirs to take
    DISSATISFIED = "dissatisfied"  # the customer of what they had done was not satisfied with it
    MISSED = "missed"  # a limit of theirs ran out and was not kept
    PENALISED = "penalised"  # a penalty for them was approved
    UNLEARNED = "unlearned"  # a course was not taken in time


@dataclass(frozen=True, slots=True)
class Appraisal:
    """Everybody has `start` points, more or fewer for each of what counts. grades: from so many points on, the best first;
    empty: nobody is graded.
    """

    start: int = 0
    points: Mapping[Merit, int] = field(default_factory=dict)
    grades: tuple[tuple[str, int], ...] = ()

    def score(self, counted: Mapping[Merit, int]) -> int:
        return self.start + sum(self.points.get(merit, 0) * count for merit, count in counted.items())

    def grade(self, score: int) -> str:
        """Return the best grade that so many points are enough for; the last one for what is below all."""
        return next((name for name, least in self.grades if score >= least), self.grades[-1][0])


def read_appraisal(table: Table) -> Appraisal:
    """Read `[appraisal]`; a profile without one grades nobody. Raises PolicyError naming the key."""
    if not table.values:
        return Appraisal()
    table.get("source", str, "own")
    points, grades = table.table("points"), table.table("grades")
    counts = {merit: _number(points, merit) for merit in Merit if merit in points.values}
    points.asked.update(counts)
    named = [(name, _number(grades, name)) for name in grades.values]
    if not named:
        raise PolicyError(f"{grades.where} is empty: name a grade and from how many points on it is, such as A = 110")
    found = Appraisal(_number(table, "start"), counts, tuple(sorted(named, key=lambda each: -each[1])))
    for each in (points, grades, table):
        each.done()
    return found


def _number(table: Table, key: str) -> int:
    value: int = table.get(key, int)
    if abs(value) > _MOST:
        raise PolicyError(f"{table.where}.{key} is {value}: it must be between -{_MOST} and {_MOST}")
    return value
