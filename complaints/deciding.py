"""What somebody has to decide while others wait for it: more time, a pause, whether a complaint is valid.

Nobody decides on their own wish: whom it is put to where the policy's approver is nobody else, the desk says
(`bot/deciders.py`) and the wish keeps (`put_to`). As long as it is open they are reminded of it every working day, and from the
second reminder on their superior hears of it. What work has gone past is not to be decided any more (`over`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from complaints.change import Change, Event, EventKind, Notice, NoticeKind, Timer, To
from complaints.chasing import WAITS
from complaints.complaint import Complaint
from complaints.lifecycle import Step, move
from complaints.parts.actors import SYSTEM
from complaints.parts.timing import Climb
from complaints.parts.work import Task
from complaints.promises import Terms
from complaints.quiet import at_work, later
from complaints.vocabulary import Role, Status

RULE = "decision"
EXTENSION, HOLD, OWN_LIMIT, PART, REVIEW = "extension", "hold", "own_limit", "part", "review"
_SUPERIOR_FROM = 2  # reminders
_PAUSABLE = frozenset({Status.WORKING, Status.EXECUTING})
_DECIDED = frozenset({EventKind.EXTENSION_GRANTED, EventKind.EXTENSION_REFUSED, EventKind.HELD, EventKind.HOLD_REFUSED})


@dataclass(frozen=True, slots=True)
class Wish:
    """Something that waits for somebody's decision.

    what: one of the words above. to: whom the policy asks; put_to: whom it was put to where that is nobody else. step: what
    deciding it is. asked: the notice that asks. by: whose wish it is; "" where the policy itself asks. task: the number of
    theirs.
    """

    what: str
    since: datetime
    to: To
    step: Step
    asked: NoticeKind
    by: str = ""
    limit: str = ""
    reason: str = ""
    put_to: tuple[str, ...] = ()
    task: int = 0

    @property
    def rule(self) -> str:
        return f"{RULE}:{self.what}{self.task or ''}"

    @property
    def facts(self) -> dict[str, str]:
        facts = {"what": self.what, "who": self.by, "limit": self.limit, "reason": self.reason}
        return {name: value for name, value in facts.items() if value} | {"since": self.since.isoformat()}


def waiting(complaint: Complaint) -> Iterator[Wish]:
    """Yield what waits for a decision."""
    if (asked := complaint.extension) is not None:
        to = To(role=asked.approver or Role.CENTER_LEAD)
        told = (asked.asked_by, asked.limit, asked.reason, asked.put_to)
        yield Wish(EXTENSION, asked.asked_at, to, Step.DECIDE_EXTENSION, NoticeKind.EXTENSION_ASKED, *told)
    if (hold := complaint.hold) is not None:
        to = To(role=hold.approver or Role.CENTER_LEAD)
        told = (hold.asked_by, hold.limit, hold.reason, hold.put_to)
        yield Wish(HOLD, hold.asked_at, to, Step.HOLD, NoticeKind.HOLD_ASKED, *told)
    for task in complaint.tasks:
        if task.open and task.wish is not None:
            what, to = (PART, _lead(complaint)) if task.assisting else (OWN_LIMIT, To(role=Role.CENTER_LEAD))
            told = (task.assignee, task.wish.limit, task.wish.reason, task.wish.put_to)
            yield Wish(
                what, task.wish.asked_at, to, Step.DECIDE_PART, NoticeKind.PART_TIME_ASKED, *told, task=task.number
            )
    if complaint.status is Status.UNDER_REVIEW:
        since = complaint.marked(EventKind.REVIEW_ASKED) or complaint.received_at
        yield Wish(REVIEW, since, To(role=Role.REVIEWER), Step.REGISTER, NoticeKind.REVIEW)


def _lead(complaint: Complaint) -> To:
    return To(person=complaint.task.assignee) if complaint.task is not None else To(role=Role.AGENT)


def meant(notice: Notice, complaint: Complaint) -> Wish | None:
    """Return the wish that a notice asks to decide; None where it asks nothing of the kind."""
    facts = notice.facts
    for wish in waiting(complaint):
        asks = notice.kind is wish.asked or (notice.kind is NoticeKind.DECISION_WAITS and facts["what"] == wish.what)
        if asks and wish.by == facts.get("who", ""):
            return wish
    return None


def put_to(complaint: Complaint, wish: Wish, persons: tuple[str, ...]) -> Complaint:
    """Return the complaint with the wish put to these, who may decide it besides those of the table."""
    if wish.what == EXTENSION and complaint.extension is not None:
        return replace(complaint, extension=replace(complaint.extension, put_to=persons))
    if wish.what == HOLD and complaint.hold is not None:
        return replace(complaint, hold=replace(complaint.hold, put_to=persons))

    def theirs(task: Task) -> Task:
        asked = task.wish if task.number == wish.task else None
        return task if asked is None else replace(task, wish=replace(asked, put_to=persons))

    return replace(complaint, tasks=tuple(theirs(task) for task in complaint.tasks))


# ── reminding ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def wanted(complaint: Complaint, terms: Terms) -> Iterator[Timer]:
    """Yield the next reminder of everything that waits: when people begin work on the next day on which they do."""
    for wish in waiting(complaint):
        told = _told(complaint, wish)
        last = (told.at if told is not None else wish.since).astimezone(terms.calendar.zone)
        tomorrow = datetime.combine(last.date() + timedelta(days=1), time.min, terms.calendar.zone)
        at = later(at_work(tomorrow, terms), terms.policy.quiet_staff, terms)
        yield Timer(wish.rule, _occurrence(wish, told), at)


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """Remind whoever decides, unless somebody has; after an outage once."""
    wish = next((each for each in waiting(complaint) if each.rule == timer.rule), None)
    told = _told(complaint, wish) if wish is not None else None
    if wish is None or timer.occurrence != _occurrence(wish, told):
        return None
    count = told.steps + 1 if told is not None else 1
    climb = Climb(wish.rule, wish.since, count, now)
    facts = wish.facts | {"count": str(count), WAITS: "yes"}
    complaint, event = move(
        complaint,
        Step.TICK,
        SYSTEM,
        now,
        EventKind.DECISION_CHASED,
        "",
        {"what": wish.what, "count": str(count)},
        climbs=(*(each for each in complaint.climbs if each.ladder != wish.rule), climb),
    )
    asked = [To(person=person) for person in wish.put_to] or [wish.to]
    notices = [Notice(NoticeKind.DECISION_WAITS, to, facts, but_not=wish.by) for to in asked]
    if count >= _SUPERIOR_FROM:
        above = [To(superior_of=to.person) if to.person is not None else To(above=to.role) for to in asked]
        notices += [Notice(NoticeKind.DECISION_WAITS, to, facts | {"above": "yes"}, but_not=wish.by) for to in above]
    return Change(complaint, (event,), tuple(notices))


def _told(complaint: Complaint, wish: Wish) -> Climb | None:
    return next((each for each in complaint.climbs if (each.ladder, each.since) == (wish.rule, wish.since)), None)


def _occurrence(wish: Wish, told: Climb | None) -> str:
    return f"{int(wish.since.timestamp())}/{told.steps if told is not None else 0}"


# ── what is not to be decided any more ────────────────────────────────────────────────────────────────────────────────


def over(before: Complaint | None, change: Change) -> Change:
    """Return the change without the assignee's wishes that it makes pointless, and with an event for each that ends so.

    A pause where the work goes on or is over; more time for a limit that has been kept, or where nobody has the work any more.
    """
    complaint = change.complaint
    if before is None or not change.events:
        return change
    at_work_still = complaint.task is not None and not complaint.settled
    extension, hold = complaint.extension, complaint.hold
    if extension is not None and not (
        at_work_still and any(d.clock == extension.clock and d.open for d in complaint.deadlines)
    ):
        extension = None
    if hold is not None and not (at_work_still and complaint.status in _PAUSABLE):
        hold = None
    ended = [
        (what, asked.limit)
        for what, asked, now_asked in (
            (EXTENSION, before.extension, extension),
            (HOLD, before.hold, hold),
        )
        if asked is not None and now_asked is None
    ]
    if any(event.kind in _DECIDED or event.kind is EventKind.REQUEST_DROPPED for event in change.events):
        ended = []
    now, status = change.events[-1].at, complaint.status
    events = tuple(
        Event(EventKind.REQUEST_DROPPED, now, None, SYSTEM.channel, status, status, "", {"what": what, "limit": limit})
        for what, limit in ended
    )
    if (extension, hold) != (complaint.extension, complaint.hold):
        complaint = replace(complaint, extension=extension, hold=hold)
    return replace(change, complaint=complaint, events=(*change.events, *events))
