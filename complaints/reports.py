"""What a period's report counts: daily, every half month, monthly, quarterly. Pure functions over complaints.

Sources: R-094–R-106. A period is counted as it stood at its end, as far as it is over: what was received in it, what ended in
it, what was open when it ended. What was merged counts as received and nowhere else, for its master stands for it; practice and
testers' cases count nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from statistics import median

from complaints.complaint import Complaint
from complaints.rates import Rates, of_one
from complaints.rates import counts as in_rates
from complaints.vocabulary import Severity, Status

_DAY = timedelta(days=1)
_HALF = 15  # the last day of the first half of a month
_NO_RATES = Rates()
_MATTER = 3  # of one matter at one site in a quarter are a pattern


class Every(StrEnum):
    """How long the period of a report is."""

    DAY = "daily"
    HALF_MONTH = "half-month"
    MONTH = "monthly"
    QUARTER = "quarterly"


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a report is about, both included."""

    every: Every
    first: date
    last: date

    @property
    def label(self) -> str:
        """What it is called: 2026-11-21, 2026-11-H1, 2026-11, 2026-Q4."""
        match self.every:
            case Every.DAY:
                return self.first.isoformat()
            case Every.HALF_MONTH:
                return f"{self.first:%Y-%m}-H{1 if self.first.day == 1 else 2}"
            case Every.MONTH:
                return f"{self.first:%Y-%m}"
            case Every.QUARTER:
                return f"{self.first.year}-Q{(self.first.month + 2) // 3}"

    @property
    def before(self) -> Period:
        """The period before this one."""
        return period(self.every, self.first - _DAY)

    def within(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """Return when it begins, and when the next one does."""
        return datetime.combine(self.first, time(), zone), datetime.combine(self.last + _DAY, time(), zone)


def period(every: Every, day: date) -> Period:
    """Return the period that a day lies in."""
    match every:
        case Every.DAY:
            return Period(every, day, day)
        case Every.HALF_MONTH if day.day <= _HALF:
            return Period(every, day.replace(day=1), day.replace(day=_HALF))
        case Every.HALF_MONTH:
            return Period(every, day.replace(day=_HALF + 1), _end_of_month(day))
        case Every.MONTH:
            return Period(every, day.replace(day=1), _end_of_month(day))
        case Every.QUARTER:
            first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
            return Period(every, first, _end_of_month(first.replace(month=first.month + 2)))


def _end_of_month(day: date) -> date:
    return (day.replace(day=28) + 4 * _DAY).replace(day=1) - _DAY


FORMS: Mapping[Every, tuple[str, re.Pattern[str]]] = {
    Every.DAY: ("2026-11-21", re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)),
    Every.HALF_MONTH: ("2026-11-H1 or 2026-11-H2", re.compile(r"(\d{4})-(\d\d)-H([12])", re.ASCII)),
    Every.MONTH: ("2026-11", re.compile(r"(\d{4})-(\d\d)", re.ASCII)),
    Every.QUARTER: ("2026-Q4", re.compile(r"(\d{4})-Q([1-4])", re.ASCII)),
}
"""How each kind of period is written."""


def named(every: Every, text: str) -> Period:
    """Return the period of that name. Raises ValueError."""
    found = FORMS[every][1].fullmatch(text.strip().upper())
    if found is None:
        raise ValueError(text)
    year, *rest = map(int, found.groups())
    match every:
        case Every.DAY:
            day = date(year, rest[0], rest[1])
        case Every.HALF_MONTH:
            day = date(year, rest[0], 1 if rest[1] == 1 else _HALF + 1)
        case Every.MONTH:
            day = date(year, rest[0], 1)
        case Every.QUARTER:
            day = date(year, rest[0] * 3 - 2, 1)
    return period(every, day)


# ── counting ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Figures:
    """Of some complaints. received: in the period; valid: of those, neither found invalid, withdrawn nor merged. resolved,
    closed, invalid, withdrawn: so it went in the period. open: at its end; late: of those, past a limit; missed: limits that
    ran out in it and were not kept. rates: of those received in it. accepting_h: hours from receiving to accepting, the median.
    """

    received: int = 0
    valid: int = 0
    resolved: int = 0
    closed: int = 0
    invalid: int = 0
    withdrawn: int = 0
    open: int = 0
    late: int = 0
    missed: int = 0
    rates: Rates = _NO_RATES
    accepting_h: float | None = None


@dataclass(slots=True)
class _Tally:
    counts: dict[str, int] = field(default_factory=dict)
    rates: Rates = _NO_RATES
    hours: list[float] = field(default_factory=list)

    def add(self, one: _One) -> None:
        for name, count in one.counts.items():
            self.counts[name] = self.counts.get(name, 0) + count
        self.rates += one.rates
        self.hours += one.hours

    def figures(self) -> Figures:
        hours = round(median(self.hours), 1) if self.hours else None
        return Figures(**self.counts, rates=self.rates, accepting_h=hours)


@dataclass(frozen=True, slots=True)
class _One:
    """What one complaint adds."""

    counts: Mapping[str, int]
    rates: Rates
    hours: list[float]


GROUPS = ("kind", "category", "severity", "channel", "site", "unit", "cause", "person")
"""By what a report is broken down."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was counted. groups: by each of GROUPS, by its value. lines: the complaints that have a line of their own, the
    gravest first. repeats: complaints about what was closed before. matters: (site, category) of which there were several, and
    how many.
    """

    period: Period
    made_at: datetime
    provisional: bool
    total: Figures
    groups: Mapping[str, Mapping[str, Figures]]
    lines: tuple[Complaint, ...] = ()
    repeats: tuple[str, ...] = ()
    matters: tuple[tuple[str, str, int], ...] = ()


class Counting:
    """Counts complaints one by one. unit_of: the unit of a member of staff; solving: as `rates` takes it."""

    def __init__(
        self, period: Period, zone: tzinfo, now: datetime, unit_of: Callable[[str], str], solving: frozenset[str]
    ) -> None:
        self._period = period
        self._start, self._end = period.within(zone)
        self._now = now
        self._until = min(self._end, now)
        self._unit_of = unit_of
        self._solving = solving
        self._total = _Tally()
        self._groups: dict[str, dict[str, _Tally]] = {name: {} for name in GROUPS}
        self._lines: list[Complaint] = []
        self._repeats: list[str] = []
        self._matters: dict[tuple[str, str], int] = {}

    def count(self, complaints: Iterable[Complaint]) -> None:
        for complaint in complaints:
            self.add(complaint)

    def add(self, complaint: Complaint) -> None:
        if complaint.drill or complaint.mystery or complaint.status is Status.DRAFT:
            return
        one = self._one(complaint)
        self._total.add(one)
        owner = complaint.owner or ""
        keys = (
            complaint.kind, complaint.category.partition(".")[0], complaint.severity, complaint.channel, complaint.site,
            self._unit_of(owner) if owner else "", complaint.cause_kind, owner,
        )  # fmt: skip
        for name, key in zip(GROUPS, keys, strict=True):
            self._groups[name].setdefault(str(key), _Tally()).add(one)
        if self._has_a_line(complaint, one.counts):
            self._lines.append(complaint)
        if one.counts["received"] and in_rates(complaint):
            if complaint.repeat_of is not None:
                self._repeats.append(complaint.reference)
            matter = complaint.site, complaint.category
            self._matters[matter] = self._matters.get(matter, 0) + 1

    def _one(self, complaint: Complaint) -> _One:
        received = self._in_it(complaint.received_at)
        apart = complaint.master is not None or complaint.status in (Status.MERGED, Status.WITHDRAWN)
        open_then = self._open_then(complaint)
        counts = {
            "received": int(received),
            "valid": int(received and not apart and complaint.status is not Status.INVALID),
            "resolved": int(self._in_it(complaint.resolved_at)),
            "closed": int(complaint.status is Status.CLOSED and self._in_it(complaint.closed_at)),
            "invalid": int(complaint.status is Status.INVALID and self._in_it(complaint.closed_at)),
            "withdrawn": int(complaint.status is Status.WITHDRAWN and self._in_it(complaint.closed_at)),
            "open": int(open_then),
            "late": int(open_then and self._late_then(complaint)),
            "missed": sum(
                self._in_it(d.due_at) and (d.met_at or d.ended_at or self._now) > d.due_at for d in complaint.deadlines
            ),
        }  # fmt: skip
        hours = []
        if received and complaint.accepted_at is not None and in_rates(complaint):
            hours = [(complaint.accepted_at - complaint.received_at) / timedelta(hours=1)]
        return _One(counts, of_one(complaint, self._now, self._solving) if received else Rates(), hours)

    def _in_it(self, moment: datetime | None) -> bool:
        return moment is not None and self._start <= moment < self._end

    def _open_then(self, complaint: Complaint) -> bool:
        """Say whether a complaint was open when the period ended; one that was reopened since counts as open all along."""
        if complaint.received_at >= self._until or complaint.master is not None or complaint.status is Status.MERGED:
            return False
        return not complaint.settled or (complaint.closed_at is not None and complaint.closed_at >= self._until)

    def _late_then(self, complaint: Complaint) -> bool:
        return any(
            d.due_at < self._until and ((d.met_at or d.ended_at) is None or (d.met_at or d.ended_at or d.due_at) >= self._until)
            for d in complaint.deadlines
        )  # fmt: skip

    def _has_a_line(self, complaint: Complaint, counts: Mapping[str, int]) -> bool:
        """A day's report names all that came or ended in it (R-099); the others what is important or graver, as long as it
        goes on (R-095, R-097), of the rest its number alone (R-094).
        """
        moved = any(counts[name] for name in ("received", "resolved", "closed", "invalid", "withdrawn"))
        if self._period.every is Every.DAY:
            return moved
        return complaint.severity is not Severity.S4 and (moved or bool(counts["open"]))

    def report(self) -> Report:
        """Return what was counted so far."""
        often = sorted(self._matters.items(), key=lambda each: (-each[1], each[0]))
        patterns = tuple((site, category, count) for (site, category), count in often if count >= _MATTER)
        quarter = self._period.every is Every.QUARTER
        return Report(
            period=self._period,
            made_at=self._now,
            provisional=self._now < self._end,
            total=self._total.figures(),
            groups={
                name: {key: tally.figures() for key, tally in sorted(found.items())} for name, found in self._groups.items()
            },
            lines=tuple(sorted(self._lines, key=lambda c: (c.severity, c.received_at, c.reference))),
            repeats=tuple(self._repeats),
            matters=patterns if quarter else (),
        )  # fmt: skip
