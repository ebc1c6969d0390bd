"""Clocks: what is promised, from when on, on what condition, what keeps the promise, and whose it is."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from complaints.errors import MissingKey, PolicyError
from complaints.limits import Limit
from complaints.policy.table import Table
from complaints.vocabulary import Flag, Kind, Lasts, Milestone, Role, Severity, Stage

ASSIGNEE = "assignee"
_LONGEST_TITLE = 40
CHANNELS = frozenset(
    {"app", "dingtalk", "email", "feishu", "forum", "letter", "phone", "qq"}
    | {"sms", "telegram", "visit", "web", "wechat", "wecom"}
)  # fmt: skip
"""Where complaints come from: our connectors, and what people enter for others."""


_DEBTS = frozenset({Milestone.APOLOGISED, Milestone.COMPENSATED})
"""What the customer is owed, whatever became of the work."""
_APART = _DEBTS | {
    Milestone.ESCALATED,
    Milestone.CENTRE_REPLIED,
    Milestone.DEPT_REPLIED,
    Milestone.ANSWERED,
    Milestone.FORUM_REPLIED,
    Milestone.MEDIA_REPLIED,
    Milestone.NOTIFIED,
    Milestone.BULLETIN,
}
"""What can be done after the work as well as during it."""


class When(StrEnum):
    """What the calendar says of the moment at which a clock would start."""

    WORK_TIME = "work_time"
    OFF_HOURS = "off_hours"  # on a working day, outside its hours
    DAY_OFF = "day_off"


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise: `limit` counted from a milestone, kept by reaching any of `met_by`.

    promised: the customer is told this moment. per_round: begins anew when the complaint is reopened. per_assignee: whoever
    gets the complaint later owes it anew, from then on. severities, kinds,
    categories (a level above stands for its parts), channels, stages, flags, when: runs only for these; empty = for all.
    by_category, by_severity: other limits for these, the severity's before the category's. repeats: begins anew each time it
    is met. whose: the role that is reminded and chased; None: the assignee. pauses: it may stand still while the customer is
    waited for. sleeps: begun in the colleagues' quiet hours it counts from their end, unless it is severe enough to wake them.
    source: the rule it comes from. profile: the one it was added from, where two are combined. title: what people call it, by
    locale, where it is no clock of ours or is to be called otherwise.
    """

    name: str
    limit: Limit
    starts: Milestone
    met_by: frozenset[Milestone]
    promised: bool = False
    per_round: bool = False
    per_assignee: bool = False
    severities: frozenset[Severity] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    categories: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    stages: frozenset[Stage] = frozenset()
    flags: frozenset[Flag] = frozenset()
    when: frozenset[When] = frozenset()
    by_category: Mapping[str, Limit] = field(default_factory=lambda: MappingProxyType({}))
    by_severity: Mapping[Severity, Limit] = field(default_factory=lambda: MappingProxyType({}))
    repeats: bool = False
    whose: Role | None = None
    pauses: bool = False
    sleeps: bool = False
    source: str = ""
    profile: str = ""
    title: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def lasts(self) -> Lasts:
        """How long it is owed. What goes on apart from the work says so by leaving `resolved` out of `met_by`; what only leads
        to the work, or comes again and again while it lasts, is over with it.
        """
        if self.repeats or not self.met_by & _APART or self.met_by & {Milestone.RESOLVED, Milestone.CLOSED}:
            return Lasts.WORK
        return Lasts.ALWAYS if self.met_by <= _DEBTS else Lasts.COMPLAINT

    @property
    def conditions(self) -> tuple[str, ...]:
        """What it is for, in the words of a profile; empty where it is for everything."""
        sets: tuple[frozenset[str], ...] = (
            self.severities, self.kinds, self.categories, self.channels, self.stages, self.flags, self.when,
        )  # fmt: skip
        return tuple(word for words in sets for word in sorted(map(str, words)))

    @property
    def codes(self) -> frozenset[str]:
        """The categories that it names."""
        return self.categories | self.by_category.keys()

    def limit_for(self, category: str, severity: Severity | str) -> Limit:
        """Return the limit for that category and severity; that of a part comes before that of the whole."""
        of_severity = [limit for code, limit in self.by_severity.items() if code == severity]
        of_category = [code for code in self.by_category if covers(code, category)]
        if of_severity:
            return of_severity[0]
        return self.by_category[max(of_category, key=len)] if of_category else self.limit


def covers(code: str, category: str) -> bool:
    """Say whether a category is the one named, or a part of it: `QUAL` covers `QUAL.leak`."""
    return category == code or category.startswith(f"{code}.")


def read_clocks(table: Table, profile: str = "") -> tuple[Clock, ...]:
    """Read a table of clocks. profile: where they come from, if not from the profile itself."""
    clocks = []
    for name in table.values:
        if table.values[name] is False:  # a child profile takes a clock of its parent away
            table.asked.add(name)
            continue
        try:
            clocks.append(_read_clock(name, table.table(name), profile))
        except MissingKey as error:  # a slip in a name adds a clock, of which little is said
            others = [other for other in table.values if other != name]
            if not (near := difflib.get_close_matches(name, others, 1)):
                raise
            raise MissingKey(f"{error}; or did you mean {table.where}.{near[0]}?") from None
    if not clocks:
        raise PolicyError(f"{table.where} is empty: a policy promises something")
    return tuple(clocks)


def _read_clock(name: str, entry: Table, profile: str) -> Clock:
    met_by, whose = frozenset(entry.words("met_by", Milestone)), _whose(entry)
    promised = entry.get("promised", bool, False)
    clock = Clock(
        name=name,
        limit=entry.limit("limit", at_once=True),
        starts=entry.word("from", Milestone),
        met_by=met_by,
        promised=promised,
        per_round=entry.get("per_round", bool, False),
        # Taking it on is each assignee's own, also by profiles from before they could say so.
        per_assignee=entry.get("per_assignee", bool, whose is None and not promised and Milestone.ACCEPTED in met_by),
        severities=frozenset(entry.words("severities", Severity, [])),
        kinds=frozenset(entry.words("kinds", Kind, [])),
        categories=entry.texts("categories"),
        channels=_channels(entry),
        stages=frozenset(entry.words("stages", Stage, [])),
        flags=frozenset(entry.words("flags", Flag, [])),
        when=frozenset(entry.words("when", When, [])),
        by_category=_limits(entry.table("by_category")),
        by_severity=_severity_limits(entry.table("by_severity")),
        repeats=entry.get("repeats", bool, False),
        whose=whose,
        pauses=entry.get("pauses", bool, False),
        sleeps=entry.get("sleeps", bool, False),
        source=entry.get("source", str, ""),
        profile=profile,
        title=_title(entry),
    )
    _check(clock, entry)
    entry.done()
    return clock


def _check(clock: Clock, entry: Table) -> None:
    if not clock.met_by:
        raise PolicyError(f"{entry.where}.met_by is empty: name the milestones that keep the promise")
    if clock.starts in clock.met_by and not clock.repeats:
        raise PolicyError(
            f"{entry.where}.met_by holds {clock.starts}, which starts it: it would be kept before it runs"
        )
    if clock.repeats and not clock.limit.amount:
        raise PolicyError(f"{entry.where}.limit is {clock.limit}: a clock that repeats needs some time between")
    if clock.per_assignee and (clock.promised or clock.whose is not None):
        key = "promised" if clock.promised else "whose"
        raise PolicyError(
            f"{entry.where}.per_assignee: only what an assignee owes, and nobody has promised the customer, begins anew with "
            f"the next one; take away per_assignee or {entry.where}.{key}"
        )
    for severity in clock.by_severity:
        if clock.severities and severity not in clock.severities:
            raise PolicyError(f"{entry.where}.by_severity names {severity}, which {entry.where}.severities leaves out")


def _limits(table: Table) -> Mapping[str, Limit]:
    return MappingProxyType({key: table.limit(key, at_once=True) for key in table.values})


def _severity_limits(table: Table) -> Mapping[Severity, Limit]:
    return MappingProxyType({table.as_word(key, key, Severity): limit for key, limit in _limits(table).items()})


def _channels(entry: Table) -> frozenset[str]:
    channels = entry.texts("channels")
    if unknown := sorted(channels - CHANNELS):
        raise PolicyError(f"{entry.where}.channels holds {unknown[0]!r}: choose from {', '.join(sorted(CHANNELS))}")
    return channels


def _title(entry: Table) -> Mapping[str, str]:
    if "title" not in entry.values:
        return MappingProxyType({})
    table = entry.table("title")
    title = table.said()
    for locale, said in title.items():
        if len(said) > _LONGEST_TITLE or "," in said:
            raise PolicyError(
                f"{table.where}.{locale} is {said!r}: say what people call it, in a language or both, in at most "
                f'{_LONGEST_TITLE} letters and without a comma, as in title = {{ zh = "上门查看", en = "site visit" }}'
            )
    table.done()
    return MappingProxyType(title)


def _whose(entry: Table) -> Role | None:
    text = entry.get("whose", str, ASSIGNEE)
    if text == ASSIGNEE:
        return None
    if text in (Role.SYSTEM, Role.CUSTOMER) or text not in list(Role):
        staff = (role for role in Role if role not in (Role.SYSTEM, Role.CUSTOMER))
        raise PolicyError(f"{entry.where}.whose is {text!r}: choose from {ASSIGNEE}, {', '.join(staff)}")
    return Role(text)
