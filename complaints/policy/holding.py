"""When the clocks may stand still: what may be waited for, for how long, how often, and who allows it."""

from __future__ import annotations

from dataclasses import dataclass

from complaints.errors import PolicyError
from complaints.limits import Limit
from complaints.permissions import APPROVERS
from complaints.policy.table import Table
from complaints.vocabulary import UNASKED, Role, WaitsFor


@dataclass(frozen=True, slots=True)
class HoldRule:
    """For what work may wait, at most how long at a time, how often in a round, and who decides (C3 `on_hold`).

    Only the clocks of the profile that say `pauses = true` stand still meanwhile.
    """

    waits_for: frozenset[WaitsFor]
    longest: Limit
    times: int
    approver: Role


NO_HOLD = HoldRule(frozenset(), Limit.parse("1d"), 0, Role.CENTER_LEAD)


def read_hold(table: Table) -> HoldRule:
    """Read the section; a profile without one, as old ones are, never lets a clock stand still."""
    if not table.values:
        return NO_HOLD
    for text in table.get("waits_for", list):
        if text not in (asked := [each for each in WaitsFor if each not in UNASKED]):
            raise PolicyError(f"{table.where}.waits_for holds {text!r}: choose from {', '.join(asked)}")
    rule = HoldRule(
        waits_for=frozenset(table.words("waits_for", WaitsFor)),
        longest=table.limit("max"),
        times=table.count("times"),
        approver=table.word("approver", Role, among=tuple(APPROVERS)),
    )
    table.done()
    return rule
