"""What follows when a customer presses (R-063)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from complaints.policy.table import Table
from complaints.vocabulary import Severity


@dataclass(frozen=True, slots=True)
class Urging:
    """once_within: urges so close together count as one. raise_severity, mark_priority: what the n-th one brings besides
    the centre and the superior hearing of it; the n is the policy's `urges_before_raise`.
    """

    once_within: timedelta
    raise_severity: Severity | None
    mark_priority: bool


def read_urging(table: Table) -> Urging:
    severity = table.get("raise_severity", str)
    urging = Urging(
        once_within=table.span("once_within"),
        raise_severity=None if severity == "no" else table.as_word("raise_severity", severity, Severity),
        mark_priority=table.get("mark_priority", bool),
    )
    table.done()
    return urging
