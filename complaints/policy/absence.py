"""Leave: whether it must be granted, and which tasks go to whoever stands in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from complaints.policy.table import Table


class HandOver(StrEnum):
    """Which open tasks go over at once when somebody's leave begins; the others stay, and are offered."""

    ALL = "all"
    DUE = "due"  # those not taken up yet, and those with a promise that ends within the leave
    NONE = "none"


@dataclass(frozen=True, slots=True)
class AbsenceRule:
    """needs_approval: leave counts only once the superior agreed."""

    needs_approval: bool
    hand_over: HandOver


def read_absence(table: Table) -> AbsenceRule:
    rule = AbsenceRule(
        needs_approval=table.get("needs_approval", bool, False),
        hand_over=table.word("hand_over", HandOver, HandOver.DUE),
    )
    table.done()
    return rule
