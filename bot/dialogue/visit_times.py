"""A time for a visit: understood from the words, asked for where they name none, echoed, or put to the other side (R-035)."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from bot.answers import Answer
from bot.attendance import last_moment
from bot.dialogue.questions import ECHO, Question
from bot.dialogue.turn import Turn
from bot.grammar import Pending, Verb
from bot.grammar.spoken import When, spoken
from complaints import handling, visits
from complaints.calendar import WorkingCalendar
from complaints.change import Change
from complaints.complaint import Complaint
from complaints.promises import Terms
from complaints.vocabulary import SERVICE_CENTRE, Milestone, Role, Side, Status

ROLES = (Role.CUSTOMER, Role.HANDLER, Role.DEPT_HEAD, Role.EMPLOYEE, *SERVICE_CENTRE)
HALF_A_DAY = timedelta(hours=12)
_DAY = timedelta(days=1)
_NOON, _EVENING, _LATEST = 12, 18, 21  # hours
_HALF_NAMED = re.compile(r"上午|早上|清晨|凌晨|中午|\bam\b|\d ?am\b|morning|noon|\d{2}:\d\d")
_DAYTIME = (time(9), time(18))  # when a customer who is at home all day is visited, on a day without working hours
_UNKNOWN = When()


def side_of(turn: Turn, complaint: Complaint) -> Side:
    return visits.side_of(complaint, turn.person.id)


async def name_time(turn: Turn, complaint: Complaint, said: str) -> bool:
    """Take the time in the words: echoed to staff, and to customers where it can be meant in two ways; or asked for."""
    terms = await turn.desk.terms(turn.work, complaint)
    now = turn.now.astimezone(terms.calendar.zone)
    side = side_of(turn, complaint)
    when = spoken(said, now, day=_day_spoken_of(turn, complaint, now))
    when = _same_half(when, said, complaint, now)
    if side is Side.CUSTOMER:
        when = _whole_day(when, terms.calendar)
    if when.start is None or _no_time(when, now):
        return ask_time(turn, complaint, when if when.end is not None else _UNKNOWN)  # "any time" is no time to repeat
    if (when.end or when.start) <= now:
        ask_time(turn, complaint, when, Answer.VISIT_PAST)
        return True
    end = when.end or when.start + terms.policy.visits.length
    if when.ask or side is Side.STAFF:
        await echo(turn, complaint, when.start, end, terms)
    else:
        await propose(turn, complaint, when.start, end, terms)
    return True


def _day_spoken_of(turn: Turn, complaint: Complaint, now: datetime) -> date | None:
    """Return the day that a bare "三点" means: that of the time which is being spoken of."""
    said = str(turn.question.data.get("start") or "") if turn.question is not None else ""
    if said:
        return datetime.fromisoformat(said).astimezone(now.tzinfo).date()
    visit = complaint.visit
    slot = (visit.pending or visit.slot) if visit is not None else None
    if slot is not None and slot.start > now:
        return slot.start.astimezone(now.tzinfo).date()
    return planned_day(complaint, now)  # "下午来", of a plan for tomorrow morning


def planned_day(complaint: Complaint, now: datetime) -> date | None:
    """Return the day that a plan names which its customer has yet to answer; None where it names none to come."""
    at = complaint.moment(Milestone.PLAN_SUBMITTED)
    if complaint.status is not Status.PROPOSED or at is None:
        return None
    named = spoken(complaint.plan, at.astimezone(now.tzinfo)).start
    return named.date() if named is not None and named > now else None


def _same_half(when: When, said: str, complaint: Complaint, now: datetime) -> When:
    """ "七点有点早，改八点": of the evening, where it was the evening that was spoken of."""
    visit = complaint.visit
    slot = (visit.pending or visit.slot) if visit is not None else None
    if slot is None or when.start is None or _HALF_NAMED.search(said):
        return when
    later = when.start + HALF_A_DAY
    old = slot.start.astimezone(now.tzinfo)
    if old.hour < _EVENING or when.start.hour >= _NOON or later.date() != old.date() or later.hour > _LATEST:
        return when
    return When(later, when.end + HALF_A_DAY if when.end is not None else None)


def _whole_day(when: When, calendar: WorkingCalendar) -> When:
    """ "周日我在家": a customer who is at home all day is visited by day, and the assignee says at what time."""
    if when.start is None or when.end is None or when.end - when.start > _DAY or when.end - when.start <= HALF_A_DAY:
        return when
    day = when.end - timedelta(minutes=1)
    if when.start.date() != day.date():
        return when
    hours = calendar.hours(day.date())
    opens, closes = (hours[0][0], hours[-1][1]) if hours else _DAYTIME
    begin = max(when.start, datetime.combine(day.date(), opens, when.start.tzinfo))
    end = datetime.combine(day.date(), closes, when.start.tzinfo)
    return When(begin, end, ask=False) if begin < end else when


def _no_time(when: When, now: datetime) -> bool:
    """Whether days were named rather than a time of day, or "any time"."""
    assert when.start is not None
    if when.end is None:
        return now - timedelta(minutes=1) < when.start <= now
    return when.end - when.start > HALF_A_DAY


def ask_time(
    turn: Turn,
    complaint: Complaint,
    when: When = _UNKNOWN,
    kind: Answer = Answer.VISIT_TIME_NEEDED,
) -> bool:
    """Ask for a time of day; True, for it is an answer. when: the days that were named."""
    facts = {name: at.isoformat() for name, at in (("start", when.start), ("end", when.end)) if at is not None}
    if when.start is not None and (when.end is None or when.end - when.start <= _DAY):
        facts["day"] = facts["start"]
    turn.ask(Question(Pending.NONE, complaint.reference, {"for": "visit_time", "start": facts.get("day", "")}))
    turn.answer(kind, complaint, **facts)
    return True


async def put_the_other(turn: Turn) -> None:
    """Put again the time of another visit that was named before, and has waited behind this one."""
    waits = Question.loads(turn.conversation.pending)
    if waits is None or waits.data.get("for") != ECHO or waits.reference is None:
        return
    start, end = (datetime.fromisoformat(str(waits.data[name])) for name in ("start", "end"))
    complaint = await turn.work.complaint(waits.reference)
    if complaint is not None and not complaint.settled and start > turn.now:
        terms = await turn.desk.terms(turn.work, complaint)
        await echo(turn, complaint, start, end, terms, asked=str(waits.data.get("asked") or ""))


async def echo(
    turn: Turn, complaint: Complaint, start: datetime, end: datetime, terms: Terms, *, asked: str = ""
) -> None:
    """Put a time before whoever named it, to be confirmed. asked: since when it is; now, where that is not said."""
    facts = {"start": start.isoformat(), "end": end.isoformat(), "asked": asked or turn.now.isoformat()}
    off = {} if _at_work(start, end, terms.calendar) else {"off": "yes"}
    turn.ask(Question(Pending.YES_NO, complaint.reference, {"for": "visit_echo", **facts}))
    turn.answer(Answer.VISIT_ECHO, complaint, **facts, **off, **await _on_leave(turn, complaint, start, end))


async def _on_leave(turn: Turn, complaint: Complaint, start: datetime, end: datetime) -> dict[str, str]:
    """Return until when whoever comes, and says so themselves, is on leave at the time of a visit."""
    if complaint.owner != turn.person.id:
        return {}
    absences = (await turn.work.directory()).absences.get(turn.person.id, ())
    until = max((each.end for each in absences if each.start < end and each.end > start), default=None)
    return {} if until is None else {"leave": last_moment(until.astimezone(turn.desk.zone)).isoformat()}


def _at_work(start: datetime, end: datetime, calendar: WorkingCalendar) -> bool:
    """Whether a time touches the working hours of its day."""
    first, last = start.astimezone(calendar.zone), end.astimezone(calendar.zone)
    hours = calendar.hours(first.date())
    closes = last.time() if last.date() == first.date() else time.max
    return any(opens < closes and first.time() < shuts for opens, shuts in hours)


async def propose(turn: Turn, complaint: Complaint, start: datetime, end: datetime, terms: Terms) -> None:
    """Put a time to the other side, and say so."""
    actor, side = turn.as_(*ROLES), side_of(turn, complaint)
    before = handling.taken_on(complaint, actor, terms, turn.now) if side is Side.STAFF else Change(complaint)
    text = turn.words if side is Side.CUSTOMER else ""
    change = visits.propose(before.complaint, start, end, actor, terms, turn.now, text)
    complaint = await record(turn, before + change)
    visit = complaint.visit
    if visit is not None and visit.pending is not None:  # else the other had proposed this very time: both are told
        facts = visits.facts_of(visit, visit.pending, side)
        turn.answer(Answer.VISIT_SENT, complaint, **facts)
    ask_for_the_plan(turn, complaint)


def ask_for_the_plan(turn: Turn, complaint: Complaint) -> None:
    """Whoever was asked for a plan and spoke of an hour is asked again: a yes to the one is no word on the other."""
    if complaint.status is not Status.PROPOSED or complaint.complainant != turn.person.id:
        return
    turn.ask(Question(Pending.PLAN, complaint.reference))
    turn.answer(Answer.PLAN_WAITS, complaint)


async def record(turn: Turn, change: Change) -> Complaint:
    """Record what was decided about a visit: the question is answered."""
    complaint = await turn.desk.record(turn.work, change)
    turn.reference, turn.did = complaint.reference, Verb.VISIT
    turn.settle()
    return complaint
