"""Appointments at the customer's place: how long they last, when both sides are reminded, who hears of one that we missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from complaints.errors import PolicyError
from complaints.limits import Limit
from complaints.policy.reminding import check_told
from complaints.policy.table import Table, span_of


@dataclass(frozen=True, slots=True)
class Visits:
    """How appointments are kept (R-035).

    length: of one of which only the beginning was said. remind: how long before it both sides hear of it again, by their words
    in the profile. ask_outcome: how long after its end the assignee is asked what came of it, once for each. missed_tell: who
    hears that nobody of us went: `superior`, `backup`, a post or a role.
    """

    length: timedelta
    remind: tuple[tuple[str, timedelta], ...]
    ask_outcome: tuple[timedelta, ...]
    missed_tell: tuple[str, ...]


def read_visits(table: Table) -> Visits:
    """Read the section; a profile from before there was one has the values of `base`."""
    visits = Visits(
        length=_span(table, "length", table.get("length", str, "1h")),
        remind=tuple((text, _span(table, "remind", text)) for text in table.get("remind", list, ["1d", "2h"])),
        ask_outcome=tuple(_span(table, "ask_outcome", text) for text in table.get("ask_outcome", list, ["0.5h", "1d"])),
        missed_tell=tuple(table.get("missed_tell", list, ["superior"])),
    )
    if visits.length > timedelta(days=1):
        raise PolicyError(f"{table.where}.length is {visits.length}: a visit lasts a day at the most")
    for who in visits.missed_tell:
        check_told(f"{table.where}.missed_tell", who)
    table.done()
    return visits


def _span(table: Table, key: str, text: object) -> timedelta:
    try:
        return span_of(Limit.parse(str(text)))
    except PolicyError as error:
        raise PolicyError(f"{table.where}.{key}: {error}") from None
