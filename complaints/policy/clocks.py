"""Clocks: what is promised, from when on, and what keeps the promise."""

from __future__ import annotations

from dataclasses import dataclass

from complaints.complaint import Milestone, Severity
from complaints.errors import PolicyError
from complaints.limits import Limit
from complaints.policy.table import Table


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise: `limit` counted from a milestone, kept by reaching any of `met_by`.

    promised: the customer is told this moment. per_round: begins anew when the complaint is reopened. severities: runs only
    for these; empty = for all. source: the rule it comes from.
    """

    name: str
    limit: Limit
    starts: Milestone
    met_by: frozenset[Milestone]
    promised: bool = False
    per_round: bool = False
    severities: frozenset[Severity] = frozenset()
    source: str = ""


def read_clocks(table: Table) -> tuple[Clock, ...]:
    clocks = []
    for name in table.values:
        if table.values[name] is False:  # a child profile takes a clock of its parent away
            table.asked.add(name)
            continue
        entry = table.table(name)
        clocks.append(
            Clock(
                name=name,
                limit=entry.limit("limit"),
                starts=entry.word("from", Milestone),
                met_by=frozenset(entry.words("met_by", Milestone)),
                promised=entry.get("promised", bool, False),
                per_round=entry.get("per_round", bool, False),
                severities=frozenset(entry.words("severities", Severity, [])),
                source=entry.get("source", str, ""),
            )
        )
        if not clocks[-1].met_by:
            raise PolicyError(f"{entry.where}.met_by is empty: name the milestones that keep the promise")
        entry.done()
    if not clocks:
        raise PolicyError(f"{table.where} is empty: a policy promises something")
    return tuple(clocks)
