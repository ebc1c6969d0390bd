"""Several people on one complaint: assisting parts, what a result has to rest on, task forces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from complaints.errors import PolicyError
from complaints.limits import Limit
from complaints.policy.clocks import covers
from complaints.policy.table import Table
from complaints.vocabulary import Severity


@dataclass(frozen=True, slots=True)
class PartRule:
    """Assisting parts. accept_within: not taken on for so long, its assignee is asked again; nag_every: how often from then on,
    and once its limit has passed. share: of the time the lead has left, where no limit was said. extensions: how often one may
    get more time.
    """

    accept_within: timedelta
    nag_every: timedelta
    share: Decimal
    extensions: int


@dataclass(frozen=True, slots=True)
class Which:
    """Complaints by severity or category; none where neither is named."""

    severities: frozenset[Severity]
    categories: frozenset[str]

    def __contains__(self, graded: tuple[Severity, str]) -> bool:
        severity, category = graded
        return severity in self.severities or any(covers(code, category) for code in self.categories)


@dataclass(frozen=True, slots=True)
class ResultRule:
    """What a result has to rest on. evidence: whose result needs a file (R-073); cause: which close only once the cause and who
    is responsible are on record (R-074). note_to_centre: the centre gets every result for filing (R-045). transfers: from so
    many on the lead of the centre hears of each further one (R-022).
    """

    evidence: Which
    cause: Which
    note_to_centre: bool
    transfers: int


@dataclass(frozen=True, slots=True)
class ForceRule:
    """Task forces: a member who has not answered 收到 within `confirm_within` is asked again, `chases` times at the most."""

    confirm_within: timedelta
    chases: int


def read_opinions(table: Table) -> Limit:
    """Read `[opinions]`: within which another department says what it thinks (R-030). Raises PolicyError naming the key."""
    within = table.limit("within", "1wd")
    table.done()
    return within


def read_parts(table: Table) -> PartRule:
    """Read `[parts]`; a profile from before there was one has the values of `base`. Raises PolicyError naming the key."""
    rule = PartRule(
        accept_within=table.span("accept_within", "4h"),
        nag_every=table.span("nag_every", "24h"),
        share=Decimal(table.count("share", 1, default=80)) / 100,
        extensions=table.count("extensions", default=1),
    )
    if rule.share > 1:
        raise PolicyError(f"{table.where}.share is more than 100: a part is due before the whole")
    table.done()
    return rule


def read_results(table: Table) -> ResultRule:
    """Read `[results]`; a profile from before there was one asks for nothing. Raises PolicyError naming the key."""
    rule = ResultRule(
        evidence=_which(table.table("needs_evidence")),
        cause=_which(table.table("needs_cause")),
        note_to_centre=table.get("note_to_centre", bool, False),
        transfers=table.count("transfers", 1, default=3),
    )
    table.done()
    return rule


def read_force(table: Table) -> ForceRule:
    """Read `[task_force]`; a profile from before there was one has the values of `base`. Raises PolicyError naming the key."""
    rule = ForceRule(table.span("confirm_within", "30min"), table.count("chases", default=3))
    table.done()
    return rule


def _which(table: Table) -> Which:
    which = Which(frozenset(table.words("severities", Severity, [])), table.texts("categories"))
    table.done()
    return which
