"""What a complaint means for those who handled it: what is proposed for them, and what they should learn (R-109–R-112)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from complaints.errors import PolicyError
from complaints.policy.clocks import covers
from complaints.policy.table import Table
from complaints.vocabulary import Severity


class Occasion(StrEnum):
    """When a rule proposes something."""

    VALID = "valid"  # the complaint was found valid
    BADLY = "badly"  # it closed after a promise was broken or a round ended without satisfaction
    WELL = "well"  # it closed with its customer satisfied the first time, every promise kept


class Proposal(StrEnum):
    """What is proposed. A penalty or a reward counts once a person has said so, and nothing is ever paid or deducted by us."""

    PENALTY = "penalty"
    REWARD = "reward"
    COURSE = "course"


class Whom(StrEnum):
    """For whom, by what they have to do with the complaint. Nobody in their place: it is they whom it concerns."""

    RESPONDENT = "respondent"  # whom of us it is about
    ASSIGNEE = "assignee"
    SITE_HEAD = "site_head"
    DEPT_HEAD = "dept_head"  # who answers for where it is: the area manager
    SITE = "site"  # the place itself


@dataclass(frozen=True, slots=True)
class ConductRule:
    """On what occasion what is proposed for whom, in words. once_a_month: not again in the same month. severities, categories:
    only of these; empty: of all.
    """

    name: str
    when: Occasion
    propose: Proposal
    whom: Whom
    what: Mapping[str, str]
    once_a_month: bool
    severities: frozenset[Severity]
    categories: frozenset[str]

    def concerns(self, severity: Severity, category: str) -> bool:
        if self.severities and severity not in self.severities:
            return False
        return not self.categories or any(covers(code, category) for code in self.categories)


@dataclass(frozen=True, slots=True)
class Conduct:
    """decide_within: what nobody has decided is asked about again and again after so long. learn_within: by when a course."""

    rules: tuple[ConductRule, ...] = ()
    decide_within: timedelta = timedelta(days=7)
    learn_within: timedelta = timedelta(days=30)


def read_conduct(table: Table) -> Conduct:
    """Read `[conduct]`; a profile without one proposes nothing. Raises PolicyError naming the key."""
    rules = table.table("rules")
    conduct = Conduct(
        rules=tuple(
            _rule(name, Table(f"{rules.where}.{name}", values))
            for name, values in rules.values.items()
            if values is not False
        ),
        decide_within=table.span("decide_within", "7d"),
        learn_within=table.span("learn_within", "30d"),
    )
    table.done()
    return conduct


def _rule(name: str, table: Table) -> ConductRule:
    words = table.table("what")
    what = words.said()
    table.get("source", str, "own")
    rule = ConductRule(
        name=name,
        when=table.word("when", Occasion),
        propose=table.word("propose", Proposal),
        whom=table.word("whom", Whom),
        what=what,
        once_a_month=table.get("once_a_month", bool, False),
        severities=frozenset(table.words("severities", Severity, [])),
        categories=table.texts("categories"),
    )
    if rule.propose is Proposal.COURSE and rule.whom is Whom.SITE:
        raise PolicyError(f"{table.where}.whom is 'site': a course is for people")
    for each in (words, table):
        each.done()
    return rule
