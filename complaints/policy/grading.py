"""How severe a complaint is, by rules: each says when, at least how severe, and whether it decides or only proposes (C2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from complaints.errors import PolicyError
from complaints.limits import Limit
from complaints.policy.clocks import CHANNELS
from complaints.policy.table import Table, span_of
from complaints.vocabulary import Fault, Flag, Kind, Role, Severity

_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,31}")  # a part of a timer's identity
_WORK = ["complaint", "repair", "service"]  # in what else people say, nothing is wrong


class Topic(StrEnum):
    """What can be heard in a customer's words; the words themselves stand in `complaints/grading_words.py`."""

    DANGER = "danger"  # life or property, now
    FLOODING = "flooding"  # a burst pipe, water that runs into a home
    LAWSUIT_BEGUN = "lawsuit_begun"
    PUBLISHED = "published"
    LAWSUIT = "lawsuit"  # threatened
    EXPOSURE = "exposure"  # threatened
    AUTHORITY = "authority"  # the city's hotline, regulators, petitions
    POLICE = "police"
    CROWD = "crowd"  # several of them, together
    FRAIL = "frail"  # children, pregnant, old or ill people are hit


@dataclass(frozen=True, slots=True)
class Age:
    """How long something has gone on: whole days, or calendar months."""

    text: str
    months: int = 0
    span: timedelta = timedelta()

    @classmethod
    def parse(cls, text: str) -> Age:
        if match := re.fullmatch(r"([1-9]\d?)mo", text, re.ASCII):
            return cls(text, months=int(match[1]))
        return cls(text, span=span_of(Limit.parse(text)))


@dataclass(frozen=True, slots=True)
class Case:
    """All of it must hold. What is empty, 0 or None asks for nothing.

    said: topics of the customer's words, any one of them; words: a company's own, plain. flags: all of them. people, injured,
    loss (yuan): so many or more. urged, reopened: so often. overdue: the work's limit has been passed by so many times its
    length. open_for: unsolved for so long; unaccepted_for: nobody has taken it on. fault: whose it is, any of them.
    """

    said: frozenset[Topic] = frozenset()
    words: tuple[str, ...] = ()
    flags: frozenset[Flag] = frozenset()
    people: int = 0
    injured: int = 0
    loss: int = 0
    urged: int = 0
    reopened: int = 0
    repeat: bool = False
    overdue: float = 0
    open_for: Age | None = None
    unaccepted_for: Age | None = None
    fault: frozenset[Fault] = frozenset()
    channels: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()

    @property
    def of_words(self) -> bool:
        """Whether it rests on what the customer said."""
        return bool(self.said or self.words)

    @property
    def of_time(self) -> bool:
        """Whether it comes to hold by nothing but time."""
        return bool(self.overdue or self.open_for or self.unaccepted_for)


@dataclass(frozen=True, slots=True)
class GradeRule:
    """When `case` holds, the complaint is at least so severe. decides: it is so at once; else a person is asked."""

    name: str
    at_least: Severity
    case: Case
    decides: bool
    source: str = ""


@dataclass(frozen=True, slots=True)
class Grading:
    """rules: the gravest first. confirm_within: what is only proposed is looked at within it, else those of `unconfirmed_tell`
    hear of it, one after the other. unknown_fault_is_ours: while nobody has said whose fault it is (C2).
    """

    rules: tuple[GradeRule, ...]
    confirm_within: timedelta
    unconfirmed_tell: tuple[Role, ...]
    unknown_fault_is_ours: bool

    def rule(self, name: str) -> GradeRule | None:
        """Return the rule of that name."""
        return next((rule for rule in self.rules if rule.name == name), None)


def read_grading(table: Table) -> Grading:
    rules = table.table("rules")
    read = [_rule(rules, name) for name, values in rules.values.items() if values is not False]
    grading = Grading(
        rules=tuple(sorted(read, key=lambda rule: (rule.at_least, not rule.decides, rule.name))),
        confirm_within=table.span("confirm_within"),
        unconfirmed_tell=tuple(table.words("unconfirmed_tell", Role)),
        unknown_fault_is_ours=table.get("unknown_fault_is_ours", bool),
    )
    table.done()
    return grading


def _rule(rules: Table, name: str) -> GradeRule:
    if not _NAME.fullmatch(name):
        raise PolicyError(f"{rules.where}.{name}: a rule's name is made of a-z, 0-9 and '_'")
    table = rules.table(name)
    case = _case(table.table("when"))
    if case == Case(kinds=case.kinds):
        raise PolicyError(f"{table.where}.when is empty: say when it holds, such as people = 3")
    rule = GradeRule(
        name=name,
        at_least=table.word("at_least", Severity),
        case=case,
        decides=table.get("decides", bool, not case.of_words),
        source=table.get("source", str, ""),
    )
    table.done()
    return rule


def _case(table: Table) -> Case:
    case = Case(
        said=frozenset(table.words("said", Topic, [])),
        words=tuple(sorted(table.texts("words"))),
        flags=frozenset(table.words("flags", Flag, [])),
        people=table.count("people", default=0),
        injured=table.count("injured", default=0),
        loss=table.count("loss", default=0),
        urged=table.count("urged", default=0),
        reopened=table.count("reopened", default=0),
        repeat=table.get("repeat", bool, False),
        overdue=float(table.get("overdue", (int, float), 0)),
        open_for=_age(table, "open_for"),
        unaccepted_for=_age(table, "unaccepted_for"),
        fault=frozenset(table.words("fault", Fault, [])),
        channels=table.texts("channels"),
        categories=table.texts("categories"),
        kinds=frozenset(table.words("kinds", Kind, _WORK)),
    )
    if unknown := case.channels - CHANNELS:
        raise PolicyError(f"{table.where}.channels holds {min(unknown)!r}: choose from {', '.join(sorted(CHANNELS))}")
    table.done()
    return case


def _age(table: Table, key: str) -> Age | None:
    if key not in table.values:
        return None
    text = table.get(key, str)
    try:
        return Age.parse(text)
    except PolicyError as error:
        raise PolicyError(f"{table.where}.{key}: {error}; or months: 1mo") from None
