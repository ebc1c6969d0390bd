"""When people may be disturbed: a complaint's quiet hours, the time in which they work, and what falls outside put off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from complaints.calendar import QuietHours, WorkingCalendar
from complaints.change import EventKind
from complaints.complaint import Complaint
from complaints.limits import Limit, Unit
from complaints.parts.timing import RAISED
from complaints.policy import Clock, Policy, When
from complaints.promises import Terms

AT_WORK = frozenset(
    {
        EventKind.ACKNOWLEDGED,
        EventKind.CONTACTING,
        EventKind.CONTACT_TOLD,
        EventKind.ACCEPTED,
        EventKind.PROGRESS,
        EventKind.PLAN_PROPOSED,
        EventKind.OBSTACLE,
        EventKind.EXTENSION_ASKED,
        EventKind.WORDS_HELD,
        EventKind.VISIT_PROPOSED,
        EventKind.VISIT_AGREED,
        EventKind.VISIT_DONE,
    }
)
"""By which a colleague shows that they have it in hand."""
_LONGEST_OFF = 60  # days; longer nobody is off


def last_word(complaint: Complaint, since: datetime) -> datetime | None:
    """Return when a colleague last showed, from `since` on, that they have it in hand; None where nobody did."""
    return max((mark.at for mark in complaint.marks if mark.kind in AT_WORK and mark.at >= since), default=None)


def wakes(complaint: Complaint, terms: Terms) -> bool:
    """Say whether the complaint may break the quiet hours: severe, and nobody has answered since it became so (R-041).

    What is months old and in hand wakes nobody, however severe it is (trap 35).
    """
    since = complaint.marked(RAISED) or complaint.received_at
    return complaint.severity in terms.policy.quiet_except and last_word(complaint, since) is None


def quiet_staff(complaint: Complaint, terms: Terms) -> QuietHours | None:
    """Return the hours in which staff are not reminded of this complaint; None where it may break them."""
    return None if wakes(complaint, terms) else terms.policy.quiet_staff


def quiet_customer(complaint: Complaint, terms: Terms) -> QuietHours | None:
    """Return the hours in which its customer is not written to unasked."""
    return None if complaint.severity in terms.policy.quiet_except else terms.policy.quiet_customer


def later(at: datetime, quiet: QuietHours | None, terms: Terms) -> datetime:
    """Return `at`, or the end of the quiet hours it falls into."""
    return quiet.after(at, terms.calendar.zone) if quiet else at


def waits_for_work(complaint: Complaint, limit: str, terms: Terms) -> bool:
    """Say whether nobody is reminded of such a limit or chased for it but while people work: it counts the time in which they
    do, and the complaint is not severe (trap 27).
    """
    return complaint.severity not in terms.policy.quiet_except and Limit.parse(limit, at_once=True).unit.of_work


def at_work(at: datetime, terms: Terms) -> datetime:
    """Return `at`, or when people begin work after it; `at` where nobody works for months."""
    calendar = terms.calendar
    local = at.astimezone(calendar.zone)
    for days in range(_LONGEST_OFF):
        day, clock = local.date() + timedelta(days=days), time.min if days else local.time()
        for opens, closes in calendar.hours(day):
            if not days and opens <= clock < closes:
                return at
            if clock < opens:
                return datetime.combine(day, opens, calendar.zone).astimezone(at.tzinfo)
    return at


def still_at_work(at: datetime, terms: Terms) -> datetime:
    """Return `at`, or the last minute before it in which people work; `at` where nobody has worked for months."""
    calendar = terms.calendar
    local = at.astimezone(calendar.zone)
    for days in range(_LONGEST_OFF):
        day, clock = local.date() - timedelta(days=days), time.max if days else local.time()
        for opens, closes in reversed(calendar.hours(day)):
            if not days and opens <= clock < closes:
                return at
            if closes <= clock:
                return (datetime.combine(day, closes, calendar.zone) - timedelta(minutes=1)).astimezone(at.tzinfo)
    return at


def slept_through(policy: Policy) -> tuple[Clock, ...]:
    """Return the clocks that can run out while people sleep: natural hours, no longer than the quiet hours."""
    quiet = policy.quiet_staff
    if quiet is None:
        return ()
    return tuple(
        clock
        for clock in policy.clocks
        if clock.limit.unit is Unit.HOURS
        and timedelta() < clock.limit.roughly <= quiet.length
        and clock.when != {When.WORK_TIME}
        and not clock.sleeps
        and not (clock.severities and clock.severities <= policy.quiet_except)  # these wake people
    )


def unwatched(
    quiet: QuietHours, on_duty: Callable[[datetime], bool], calendar: WorkingCalendar, since: datetime
) -> datetime | None:
    """Return the first hour of the coming week's quiet hours at which nobody is on duty; None where there is none."""
    day = since.astimezone(calendar.zone).date()
    for night in range(7):
        begin = datetime.combine(day + timedelta(days=night), quiet.start, calendar.zone)
        for hour in range(-(-quiet.length // timedelta(hours=1))):
            at = (begin + timedelta(hours=hour)).astimezone(UTC)
            if not on_duty(at):
                return at
    return None
