"""A desk for the rules' tests: its people, its week, complaints at every stage of their life, and a ledger of timers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from complaints import clockwork, closing, customer, deciding, handling, ladders, owing, policy
from complaints.calendar import Hours
from complaints.change import Change, Event, Notice, NoticeKind, Timer, To
from complaints.complaint import Complaint
from complaints.handling import Filing
from complaints.parts.actors import Actor
from complaints.promises import Terms
from complaints.vocabulary import Rating, Role, Severity, Status
from tests.calendars import WeekCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEK = WeekCalendar(SHANGHAI)


def actor(person: str, *roles: Role) -> Actor:
    return Actor(person, frozenset(roles), "web")


CUSTOMER = actor("wang", Role.CUSTOMER)
STRANGER = actor("other-customer", Role.CUSTOMER)
FINDER = actor("finder", Role.EMPLOYEE)
HANDLER = actor("zhang", Role.HANDLER, Role.EMPLOYEE)
COLLEAGUE = actor("li", Role.HANDLER, Role.EMPLOYEE)
AGENT = actor("agent", Role.AGENT)
DISPATCHER = actor("dispatcher", Role.DISPATCHER)
REVIEWER = actor("reviewer", Role.REVIEWER)
HEAD = actor("head", Role.DEPT_HEAD)
LEAD = actor("lead", Role.CENTER_LEAD)
LEADER = actor("boss", Role.LEADER)
ADMIN = actor("admin", Role.ADMIN)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """Read "2026-11-23 10:00" as local time of `zone`. 2026-11-23 is a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


MONDAY = at("2026-11-23 10:00")


class PublishedWeek:
    """A calendar with some days published: holidays, and weekend days that are worked."""

    def __init__(
        self, zone: ZoneInfo = SHANGHAI, off: frozenset[date] = frozenset(), on: frozenset[date] = frozenset()
    ):
        self.zone = zone
        self._off, self._on = off, on

    def hours(self, day: date) -> Hours:
        if day in self._off or (day.weekday() >= 5 and day not in self._on):
            return ()
        return ((time(9), time(12)), (time(13), time(18)))

    def published(self, day: date) -> bool:
        return day.year <= 2026


@cache
def terms(name: str = "base") -> Terms:
    return Terms(policy.load(name), WEEK)


BASE = terms("base")
LEYOUJIA = terms("leyoujia-24h")


def filing(**changes: object) -> Filing:
    values: dict[str, object] = {
        "reference": "TS20261123-0001",
        "summary": "厨房漏水",
        "complainant": "wang",
        "channel": "web",
        "locale": "zh",
    }
    return Filing(**(values | changes))  # type: ignore[arg-type]


def filed(rules: Terms = BASE, now: datetime = MONDAY, **changes: object) -> Complaint:
    entry = filing(**changes)
    by = CUSTOMER if entry.finder is None else FINDER
    return handling.file(entry, by, rules, now).complaint


def dispatched(rules: Terms = BASE, now: datetime = MONDAY, **changes: object) -> Complaint:
    new = filed(rules, now, **changes)
    by = LEAD if new.status is Status.UNDER_REVIEW else AGENT
    return handling.dispatch(new, "zhang", "by hand", by, rules, now).complaint


def working(rules: Terms = BASE, now: datetime = MONDAY, **changes: object) -> Complaint:
    return handling.accept(dispatched(rules, now, **changes), HANDLER, rules, now).complaint


def proposed(rules: Terms = BASE, now: datetime = MONDAY, **changes: object) -> Complaint:
    return handling.propose(working(rules, now, **changes), "换防水层", HANDLER, rules, now).complaint


def executing(rules: Terms = BASE, now: datetime = MONDAY, **changes: object) -> Complaint:
    return customer.answer_plan(proposed(rules, now, **changes), True, "", CUSTOMER, rules, now).complaint


def resolved(rules: Terms = BASE, now: datetime = MONDAY, **changes: object) -> Complaint:
    return handling.resolve(working(rules, now, **changes), "换了水管", HANDLER, rules, now).complaint


def rated(complaint: Complaint, rating: Rating, rules: Terms = BASE, now: datetime = MONDAY) -> Change:
    return closing.rate(complaint, rating, None, "说了一句", CUSTOMER, rules, now)


def told(change: Change) -> list[tuple[str, str]]:
    """Return (notice, recipient) pairs in words."""
    return [(str(notice.kind), who(notice.to)) for notice in change.notices]


def who(to: To) -> str:
    for prefix, value in (
        ("", to.person),
        ("@", to.role),
        ("superior of ", to.superior_of),
        ("above @", to.above),
        ("backup of ", to.backup_of),
        ("@", "duty_desk" if to.duty_desk else None),
        ("@", to.post),
    ):
        if value is not None:
            return f"{prefix}{value}"
    raise AssertionError("a notice for nobody")


def happened(change: Change) -> list[str]:
    return [str(event.kind) for event in change.events]


class Desk:
    """One complaint on a virtual clock, with a ledger of timers: synchronised after every change, each spent once fired."""

    def __init__(self, complaint: Complaint, rules: Terms, now: datetime = MONDAY) -> None:
        self.complaint, self.rules, self.now = complaint, rules, now
        self.pending: dict[tuple[str, str], Timer] = {}
        self.spent: set[tuple[str, str]] = set()
        self.fired: list[Timer] = []
        self.log: list[tuple[datetime, Notice]] = []
        self.events: list[Event] = []
        self._sync()

    def apply(self, change: Change | None) -> None:
        if change is None:
            return
        change = deciding.over(self.complaint, owing.over(ladders.relieved(self.complaint, change, self.rules)))
        self.complaint = change.complaint
        self.events += change.events
        self.log += [(self.now, notice) for notice in change.notices]
        self._sync()

    def _sync(self) -> None:
        timers = {(t.rule, t.occurrence): t for t in clockwork.wanted(self.complaint, self.rules)}
        self.pending = {identity: timer for identity, timer in timers.items() if identity not in self.spent}

    def until(self, moment: datetime, *, asleep: bool = False) -> Desk:
        """Let time pass. asleep: nothing ran meanwhile, everything that fell due fires at the end."""
        while self.pending:
            timer = min(self.pending.values(), key=lambda t: (t.due_at, t.rule, t.occurrence))
            if timer.due_at > moment:
                break
            self.now = moment if asleep else max(self.now, timer.due_at)
            self.spent.add((timer.rule, timer.occurrence))
            del self.pending[timer.rule, timer.occurrence]
            self.fired.append(timer)
            self.apply(clockwork.fire(self.complaint, timer, self.rules, self.now))
        self.now = moment
        return self

    def said(self, *, since: datetime | None = None) -> list[str]:
        """Return the log as lines such as "11-24 10:00:01 overdue:accept zhang", in local time."""
        lines = []
        for moment, notice in self.log:
            if since is None or moment > since:
                clock = f":{notice.facts['clock']}" if "clock" in notice.facts else ""
                local = moment.astimezone(self.rules.calendar.zone)
                lines.append(f"{local:%m-%d %H:%M:%S} {notice.kind}{clock} {who(notice.to)}")
        return lines

    def kinds(self) -> list[NoticeKind]:
        return [notice.kind for _, notice in self.log]


def utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def facts_of(change: Change, kind: NoticeKind) -> Mapping[str, str]:
    return next(notice.facts for notice in change.notices if notice.kind is kind)


SEVERITIES = tuple(Severity)
