"""Reminders before a limit, and the chase once it has passed.

What a timer says is decided when it fires, with the complaint as it then stands (traps 32, 33).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from complaints import calling
from complaints.calendar import QuietHours
from complaints.change import Change, EventKind, Notice, NoticeKind, Timer, To
from complaints.complaint import Complaint
from complaints.errors import Missing
from complaints.lifecycle import Step, check, move
from complaints.limits import END_OF_DAY, Limit
from complaints.parts.actors import SYSTEM, Actor
from complaints.parts.timing import Deadline
from complaints.policy import Lead
from complaints.promises import Terms, answers_for, holder, reminder_moments
from complaints.quiet import at_work, later, quiet_staff, still_at_work, waits_for_work
from complaints.rescheduling import stands_still
from complaints.vocabulary import Lasts, Post, Role, Status

REMIND = "remind"
OVERDUE = "overdue"
# A due moment is still on time: the overdue timer must find it past, or it would be spent with nothing said.
GRACE = timedelta(seconds=1)
AT_ONCE = timedelta(minutes=10)  # what is to be done at once has just been said: it is not chased in the same breath
APART = timedelta(hours=1)  # what was put off is not said again so shortly after
MORNING = time(9)  # when people begin work, on a day of which the calendar tells no hours
_DAY = timedelta(days=1)
WAITS = "at_work"
"""The fact of a notice that is told only while people work."""


def wanted(complaint: Complaint, terms: Terms) -> Iterator[Timer]:
    """Yield the reminders of every running deadline, and the moment at which it counts as late."""
    quiet = quiet_staff(complaint, terms)
    for deadline in complaint.running:
        if stands_still(deadline, complaint, terms):
            continue
        stem = f"{deadline.round}.{deadline.setting}"
        waits = waits_for_work(complaint, deadline.limit, terms)
        for lead, at in _reminders(deadline, quiet, waits, terms):
            yield Timer(f"{REMIND}:{deadline.clock}", f"{stem}/{lead}", at)
        # That a limit passes may wake somebody where it is severe; the daily chase after that is the day's business (trap 35).
        asleep = terms.policy.quiet_staff if deadline.nags else quiet
        at = later(_chase_at(deadline, deadline.nags, waits, terms), asleep, terms)
        yield Timer(f"{OVERDUE}:{deadline.clock}", f"{stem}/{deadline.nags}", at)


def _chase_at(deadline: Deadline, nags: int, waits: bool, terms: Terms) -> datetime:
    """Return when whoever is late is chased after so many chases. waits: for the time in which people work."""
    grace = AT_ONCE if deadline.due_at == deadline.started_at else GRACE
    at = deadline.due_at + terms.policy.overdue.nag_every * nags + grace
    return at_work(at, terms) if waits else at


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """Remind or chase, if the deadline that the timer was set for still runs as it did then."""
    rule, _, clock = timer.rule.partition(":")
    if rule == REMIND:
        return _remind(complaint, clock, timer, terms, now)
    return _overdue(complaint, clock, timer, terms, now)


def _reminders(deadline: Deadline, quiet: QuietHours | None, waits: bool, terms: Terms) -> list[tuple[str, datetime]]:
    """Return (lead, moment) of each reminder, earliest first.

    Of two that fall on one moment the later lead speaks, and so it does where one that was put off until the morning comes
    shortly before it.
    """
    leads: dict[datetime, str] = {}
    put_off = set()
    for lead, at in reminder_moments(deadline, terms.policy):
        kept = _before(_in_the_morning(lead, at, deadline, terms), deadline, quiet, waits, terms)
        if kept is not None:
            leads[kept] = lead
            if kept > at:
                put_off.add(kept)
    moments = sorted(leads)
    for at, following in pairwise(moments):
        if at in put_off and following - at < APART:
            del leads[at]
    return [(lead, at) for at, lead in sorted(leads.items())]


def _in_the_morning(lead: str, at: datetime, deadline: Deadline, terms: Terms) -> datetime:
    """Return `at`, or when it stands for whole days before a limit in days, when people begin work on that day.

    A limit that ends at midnight would have its day-before reminder at midnight too, of use to nobody (trap 30); and where
    the limit counts working days, so does "the day before".
    """
    before = Lead.parse(lead).before
    if before is None or before % _DAY:
        return at
    calendar, since = terms.calendar, deadline.moved_at or deadline.started_at
    end = deadline.due_at.astimezone(calendar.zone)
    day = end.date() - before
    whole_days = end.time() == END_OF_DAY
    if Limit.parse(deadline.limit, at_once=True).unit.of_work:
        while not calendar.hours(day) and day > since.astimezone(calendar.zone).date():
            day -= _DAY
    elif not whole_days:
        return at

    def opening(on: date) -> datetime:
        hours = calendar.hours(on)
        return datetime.combine(on, hours[0][0] if hours else MORNING, calendar.zone).astimezone(UTC)

    moment = opening(day) if whole_days else datetime.combine(day, end.time(), calendar.zone).astimezone(UTC)
    if moment <= since:  # the days between are off: the morning of the last day is the first that serves
        moment = opening(end.date())
    return moment if since < moment < deadline.due_at else at


def _before(at: datetime, deadline: Deadline, quiet: QuietHours | None, waits: bool, terms: Terms) -> datetime | None:
    """Keep a reminder out of the quiet hours and, where it waits for work, out of the time in which nobody works, and still
    ahead of its limit: later if that serves, else earlier, else not.

    None: the whole time allowed lies there; the overdue notice after it says it.
    """
    put_off = later(at_work(at, terms) if waits else at, quiet, terms)
    if put_off < deadline.due_at:
        return put_off
    earlier = still_at_work(at, terms) if waits else at
    earlier = quiet.before(earlier, terms.calendar.zone) if quiet else earlier
    return earlier if earlier > (deadline.moved_at or deadline.started_at) else None


def _meant(complaint: Complaint, clock: str, timer: Timer) -> Deadline | None:
    """Return the running deadline that the timer was set for, unless it was met, moved or begun anew since."""
    stem = timer.occurrence.partition("/")[0]
    return next((d for d in complaint.running if d.clock == clock and f"{d.round}.{d.setting}" == stem), None)


def _remind(complaint: Complaint, clock: str, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    deadline = _meant(complaint, clock, timer)
    if deadline is None or now > deadline.due_at:
        return None  # kept meanwhile, or the overdue notice says more than a belated reminder
    lead = timer.occurrence.partition("/")[2]
    due_at = deadline.due_at.isoformat()
    reminded = f"{lead} {due_at}"
    if _spoken_for(complaint, deadline) or deadline.reminded == reminded:
        return None
    waits = waits_for_work(complaint, deadline.limit, terms)
    due = [text for text, at in _reminders(deadline, quiet_staff(complaint, terms), waits, terms) if at <= now]
    if due and due[-1] != lead:
        return None  # after an outage one reminder stands for all that were missed: the latest
    facts = {"clock": clock, "due": due_at, "lead": lead} | _clocks(complaint, deadline)
    facts |= {WAITS: "yes"} if waits else {}
    deadlines = _with(complaint.deadlines, deadline, replace(deadline, reminded=reminded))
    complaint, event = move(complaint, Step.TICK, SYSTEM, now, EventKind.REMINDED, "", facts, deadlines=deadlines)
    change = Change(complaint, (event,), (Notice(NoticeKind.REMINDER, holder(complaint, deadline), facts),))
    return change + _by_phone(complaint, deadline, terms, now) if lead in terms.policy.reminders.by_phone else change


def _by_phone(complaint: Complaint, deadline: Deadline, terms: Terms, now: datetime) -> Change:
    """Have the desk phone whoever the limit is for, too (R-060, R-061); a role's limit is told to the role alone."""
    if complaint.task is None or deadline.whose is not None:
        return Change(complaint)
    facts = {"clock": deadline.clock, "due": deadline.due_at.isoformat()}
    return calling.ask(complaint, complaint.task.assignee, f"{calling.FOR_CLOCK}{deadline.clock}", facts, terms, now)


def _together(complaint: Complaint, deadline: Deadline) -> list[Deadline]:
    """Return the clocks that run over one span for the same person: the first of them speaks for all."""

    def span(each: Deadline) -> tuple[datetime, datetime, datetime | None, Role | None]:
        return each.started_at, each.due_at, each.moved_at, each.whose

    return [each for each in complaint.running if span(each) == span(deadline)]


def _spoken_for(complaint: Complaint, deadline: Deadline) -> bool:
    return _together(complaint, deadline)[0] is not deadline


def _clocks(complaint: Complaint, deadline: Deadline) -> dict[str, str]:
    """Return the names of all clocks that a notice speaks for, where there are several."""
    names = [each.clock for each in _together(complaint, deadline)]
    return {"clocks": ",".join(names)} if len(names) > 1 else {}


def _overdue(complaint: Complaint, clock: str, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    deadline = _meant(complaint, clock, timer)
    if deadline is None or now <= deadline.due_at or timer.occurrence.partition("/")[2] != str(deadline.nags):
        return None
    every = terms.policy.overdue.nag_every
    # After an outage one notice stands for all that were missed; the next falls on the same rhythm.
    reached = max(deadline.nags, (now - deadline.due_at) // every)
    waits = waits_for_work(complaint, deadline.limit, terms)
    off = deadline.off + (_off(deadline, reached, terms, now) if waits else 0)
    count = reached + 1 - off
    facts = {
        "clock": clock,
        "due": deadline.due_at.isoformat(),
        "count": str(count),
        "late_hours": str((now - deadline.due_at) // timedelta(hours=1)),
    } | _clocks(complaint, deadline)
    facts |= ({WAITS: "yes"} if waits else {}) | ({"debt": "yes"} if deadline.lasts is Lasts.ALWAYS else {})
    counted = replace(deadline, nags=reached + 1, off=off)
    unheard = _spoken_for(complaint, deadline)
    if deadline.nags and (_speaker(complaint, deadline, terms, now) is not deadline or unheard):
        # Every limit that passes is told once; from then on the oldest speaks for all: one chase a day, not one per clock.
        quiet = replace(complaint, deadlines=_with(complaint.deadlines, deadline, counted))
        return Change(replace(quiet, version=quiet.version + 1))
    complaint, event = move(
        complaint,
        Step.TICK,
        SYSTEM,
        now,
        EventKind.OVERDUE,
        "",
        facts,
        deadlines=_with(complaint.deadlines, deadline, counted),
    )
    if unheard:
        return Change(complaint, (event,))
    notices = [Notice(NoticeKind.OVERDUE, holder(complaint, deadline), facts)]
    if complaint.status is Status.UNDER_REVIEW and deadline.whose is None:  # it is their word that it waits for
        notices.append(Notice(NoticeKind.OVERDUE, To(role=Role.REVIEWER), facts))
    notices += [
        Notice(NoticeKind.ESCALATION, to, facts)
        for rung in terms.policy.overdue.ladder
        if rung.after <= count
        for to in others(rung.tell, complaint)
        # Of a role's limit the assignee's superior and stand-in know nothing, and the role has just been told.
        if deadline.whose is None or to.post is not None or to.role not in (None, deadline.whose)
    ]
    change = Change(complaint, (event,), tuple(notices))
    phones = 0 < terms.policy.overdue.phone_from <= count
    return change + _by_phone(complaint, deadline, terms, now) if phones else change


def _off(deadline: Deadline, reached: int, terms: Terms, now: datetime) -> int:
    """Return how many of the chases up to `reached` fell on time in which nobody works: they are one with the next."""
    moments = [_chase_at(deadline, nags, True, terms) for nags in range(deadline.nags, reached + 1)]
    return len(moments) - max(1, len({at for at in moments if at <= now}))


def _speaker(complaint: Complaint, deadline: Deadline, terms: Terms, now: datetime) -> Deadline:
    """Return which of what the same person is late with speaks for all: the oldest, first of what is chased every day."""
    late = [each for each in complaint.running if each.whose == deadline.whose and each.overdue(now)]
    return min(late, key=lambda each: (waits_for_work(complaint, each.limit, terms), each.due_at))


def asked_for_obstacle(complaint: Complaint) -> bool:
    """Say whether the assignee was asked what holds them up, and has said nothing since."""
    asked = complaint.marked(EventKind.OVERDUE)
    said = [at for at in (complaint.obstacle_at, complaint.reported_at, complaint.resolved_at) if at is not None]
    late = complaint.status not in (Status.RESOLVED, Status.CLOSED) and bool(complaint.running)
    return asked is not None and late and not any(at >= asked for at in said)


def explain(complaint: Complaint, words: str, actor: Actor, now: datetime) -> Change:
    """The assignee says what holds them up: kept for their superiors, not told to the customer (R-061)."""
    check(complaint, Step.EXPLAIN, actor)
    if not words.strip():
        raise Missing("reason", f"{complaint.reference}: say what holds it up")
    complaint, event = move(
        complaint, Step.EXPLAIN, actor, now, EventKind.OBSTACLE, words, obstacle=words, obstacle_at=now
    )
    return Change(complaint, (event,))


def _with(deadlines: tuple[Deadline, ...], old: Deadline, new: Deadline) -> tuple[Deadline, ...]:
    return tuple(new if deadline is old else deadline for deadline in deadlines)


def others(tell: tuple[str, ...], complaint: Complaint) -> list[To]:
    """Return whom a rung of a ladder names."""
    assignee = answers_for(complaint)
    others = []
    for who in tell:
        if who in list(Post):
            others.append(To(post=Post(who)))
        elif who not in ("superior", "backup"):
            others.append(To(role=Role(who)))
        elif assignee is not None:
            others.append(To(superior_of=assignee) if who == "superior" else To(backup_of=assignee))
    return others


def standing_obstacle(complaint: Complaint) -> str:
    """Return what the assignee last said holds it up, unless they have reported something since."""
    said, reported = complaint.obstacle_at, complaint.reported_at
    return "" if said is None or (reported is not None and reported > said) else complaint.obstacle
