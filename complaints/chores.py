"""By which day a report is to be sent and a chore to be done, and which days they are about (R-003, R-100, R-101)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from complaints.calendar import WorkingCalendar
from complaints.policy.chores import ChoreRule, Often, ReportRule, Sheet
from complaints.reports import Every, period

_DAY = timedelta(days=1)
_LATEST = 31  # days after a period in which its report is owed: a quarterly one in one month of three
_FAR = 60  # days; longer nobody is off


@dataclass(frozen=True, slots=True)
class Owed:
    """A report and its dates. first, last: the days it is about; draft_at, due_at: when work begins on the day on which it is
    drafted, and ends on the one by which it is to be sent.
    """

    rule: ReportRule
    label: str
    first: date
    last: date
    draft_at: datetime
    due_at: datetime


def works_on(day: date, calendar: WorkingCalendar) -> bool:
    return bool(calendar.hours(day))


def at_the_latest(day: date, after: date, calendar: WorkingCalendar) -> date:
    """Return the last working day until `day`, so that what is owed by it is not late; where there is none after `after`, when
    there is nothing to tell yet, the first one from `day` on.
    """
    for back in range(max(0, (day - after).days)):
        if works_on(day - back * _DAY, calendar):
            return day - back * _DAY
    return next((found for days in range(_FAR) if works_on(found := day + days * _DAY, calendar)), day)


def owed(rule: ReportRule, month: date, calendar: WorkingCalendar) -> Owed | None:
    """Return what is owed in the month of a day; None where that is nothing, as in two of three months by the quarter."""
    if rule.sheet is Sheet.WARRANTY:
        first, due, draft = (
            _rolling(rule, month.replace(day=1) - _DAY, calendar)[2],
            *_rolling(rule, month, calendar)[1:],
        )
        return Owed(rule, f"{month:%Y-%m}", first, draft - _DAY, _opens(draft, calendar), _closes(due, calendar))
    by = _by(rule.day, month)
    about = period(Every(rule.sheet), by).before
    if by - about.last > _LATEST * _DAY:
        return None
    due = at_the_latest(by, about.last, calendar)
    draft = _before(due, about.last, calendar)
    return Owed(rule, about.label, about.first, about.last, _opens(draft, calendar), _closes(due, calendar))


def _rolling(rule: ReportRule, month: date, calendar: WorkingCalendar) -> tuple[date, date, date]:
    """Return by which day, due and drafted when a table is that goes on from the one before, whatever days are off."""
    by = _by(rule.day, month)
    due = at_the_latest(by, by - _FAR * _DAY, calendar)
    return by, due, _before(due, due - _FAR * _DAY, calendar)


def _by(day: int, month: date) -> date:
    last = ((month.replace(day=28) + 4 * _DAY).replace(day=1) - _DAY).day
    return month.replace(day=min(day, last))


def _before(due: date, after: date, calendar: WorkingCalendar) -> date:
    """Return the working day before another; the same one where that would be too early to know all."""
    days = (due - back * _DAY for back in range(1, max(1, (due - after).days)))
    return next((day for day in days if works_on(day, calendar)), due)


def _opens(day: date, calendar: WorkingCalendar) -> datetime:
    hours = calendar.hours(day)
    return datetime.combine(day, hours[0][0] if hours else time(9), calendar.zone)


def _closes(day: date, calendar: WorkingCalendar) -> datetime:
    hours = calendar.hours(day)
    return datetime.combine(day, hours[-1][1] if hours else time(18), calendar.zone)


@dataclass(frozen=True, slots=True)
class Turn:
    """A chore's turn: in which period, from when on it can be done, and by when."""

    label: str
    from_at: datetime
    due_at: datetime


def turn(rule: ChoreRule, day: date, calendar: WorkingCalendar) -> Turn | None:
    """Return the turn whose day is `day`; None where it is another's."""
    match rule.often:
        case Often.DAY:
            wanted, label = day, day.isoformat()
        case Often.WEEK:
            monday = day - day.weekday() * _DAY
            wanted = at_the_latest(monday + (rule.day - 1) * _DAY, monday - _DAY, calendar)
            year, week, _ = day.isocalendar()
            label = f"{year}-W{week:02}"
        case Often.MONTH:
            wanted = at_the_latest(_by(rule.day, day), day.replace(day=1) - _DAY, calendar)
            label = f"{day:%Y-%m}"
    if wanted != day or not works_on(day, calendar):
        return None
    due = datetime.combine(day, rule.by, calendar.zone) if rule.by is not None else _closes(day, calendar)
    return Turn(label, _opens(day, calendar), due)
