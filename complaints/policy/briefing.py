"""What the leaders hear, and who alone speaks outward."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from complaints.limits import Limit
from complaints.policy.table import Table
from complaints.vocabulary import Role, Severity


@dataclass(frozen=True, slots=True)
class Briefing:
    """What leaders hear (R-094–R-098). at_once: severities they hear of at once and at every turning point, and at least so
    often as `every` says. hot: those of which they hear within `hot_within`, with the help that is needed.
    order_answered_within: after it an order without an answer is asked for again. plans: the roles that read each plan as it is
    put to its customer, with what it rests on (R-042).
    """

    at_once: frozenset[Severity]
    every: timedelta
    hot: frozenset[Severity]
    hot_within: Limit
    order_answered_within: timedelta
    plans: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class Outward:
    """Who alone speaks outward. media: while the press is involved (R-069), nobody in particular where it is empty; commander:
    at which severities a task force's commander does (R-039). consent_above: a plan that promises more money than this waits
    for the consent of whoever leads the centre (R-078); 0: none does.
    """

    media: tuple[Role, ...]
    commander: frozenset[Severity]
    consent_above: int = 0


def read_briefing(table: Table) -> Briefing:
    briefing = Briefing(
        at_once=frozenset(table.words("at_once", Severity)),
        every=table.span("every"),
        hot=frozenset(table.words("hot", Severity)),
        hot_within=table.limit("hot_within"),
        order_answered_within=table.span("order_answered_within"),
        plans=tuple(table.words("plans", Role, [])),
    )
    table.done()
    return briefing


def read_outward(table: Table) -> Outward:
    outward = Outward(
        media=tuple(table.words("media", Role)),
        commander=frozenset(table.words("commander", Severity)),
        consent_above=table.count("consent_above", default=0),
    )
    table.done()
    return outward
