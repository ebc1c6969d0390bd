"""How a promise may move."""

from __future__ import annotations

from dataclasses import dataclass

from complaints.limits import Limit
from complaints.permissions import APPROVERS
from complaints.policy.table import Table
from complaints.vocabulary import Role


@dataclass(frozen=True, slots=True)
class ExtensionRule:
    """How a promise may move: at most `longest` (None: no bound), so many `times`, decided by `approver` (R-055)."""

    longest: Limit | None
    times: int
    before_expiry: bool
    reason_required: bool
    approver: Role
    tell_customer: bool


def read_extension(table: Table) -> ExtensionRule:
    longest = table.get("max", str)
    rule = ExtensionRule(
        longest=None if longest == "unlimited" else table.limit("max"),
        times=table.count("times"),
        before_expiry=table.get("before_expiry", bool),
        reason_required=table.get("reason_required", bool),
        approver=table.word("approver", Role, among=tuple(APPROVERS)),
        tell_customer=table.get("tell_customer", bool),
    )
    table.done()
    return rule
