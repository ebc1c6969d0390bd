"""Several departments in one complaint: one leads and answers to the customer, the others assist it with parts (主办/协办).

Whoever leads may have a limit of their own, too: before the customer's promise, kept and moved like that of a part.
An assisting part has its own assignee, limit and way: taken on, reported on, given more time, done, given back, passed on. Its
assignee may do that and nothing else; the lead hears of all of it, the customer hears from the lead alone. Source: R-024,
R-034, R-058.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from complaints import handling
from complaints.change import Change, Event, EventKind, Notice, NoticeKind, Timer, To
from complaints.chasing import GRACE, WAITS
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, Missing, NotAllowed
from complaints.lifecycle import Step, allow, check, move
from complaints.limits import DayMode, Limit, Unit
from complaints.part_limits import due_with, gone_by, later_by, with_more
from complaints.parts.actors import SYSTEM, Actor
from complaints.parts.timing import Deadline
from complaints.parts.work import PartWish, Task
from complaints.progressing import AT_WORK, line_due
from complaints.promises import Terms, applies, start
from complaints.quiet import at_work, later, quiet_staff, waits_for_work
from complaints.vocabulary import Milestone, Role, Status, TaskStatus

ACCEPT = "part_accept"
REMIND = "part_remind"
LATE = "part_late"
PROGRESS = "part_progress"


# ── giving ────────────────────────────────────────────────────────────────────────────────────────────────────────────


_THE_END = frozenset({Milestone.RESOLVED, Milestone.CLOSED})


def lead_due(complaint: Complaint, terms: Terms, now: datetime) -> datetime | None:
    """Return when the whole work is due: the first of the lead's limits for it, reckoned from now where none runs yet."""
    whole = _lead_deadline(complaint, terms, now)
    return whole.due_at if whole is not None else None


def _lead_deadline(complaint: Complaint, terms: Terms, now: datetime) -> Deadline | None:
    return min(work_deadlines(complaint, terms, now), key=lambda d: d.due_at, default=None)


def work_deadlines(complaint: Complaint, terms: Terms, now: datetime) -> list[Deadline]:
    """Return the lead's limits for the work, those of a step of it, too; reckoned from now where none runs yet."""
    running = [d for d in complaint.running if d.whose is None and _for_the_work(d.clock, d.profile, terms)]
    if not running and complaint.accepted_at is None:
        running = [
            start(clock, complaint, terms, now)
            for clock in terms.policy.clocks
            if _for_the_work(clock.name, clock.profile, terms) and applies(clock, complaint, terms, now)
        ]
    return running


def result_due(complaint: Complaint, terms: Terms, now: datetime) -> datetime | None:
    """Return when the result is due, the first of the limits that no plan and no news keeps; None where none runs yet."""
    clocks = ((d.due_at, terms.policy.clock(d.clock, d.profile)) for d in work_deadlines(complaint, terms, now))
    return min((due_at for due_at, clock in clocks if clock and set(clock.met_by) <= _THE_END), default=None)


def _for_the_work(name: str, profile: str, terms: Terms) -> bool:
    clock = terms.policy.clock(name, profile)
    return clock is not None and Milestone.RESOLVED in clock.met_by and Milestone.ACCEPTED not in clock.met_by


def give(
    complaint: Complaint, assignee: str, what: str, limit: Limit | None, actor: Actor, terms: Terms, now: datetime
) -> Change:
    """Somebody is to assist: what they are to do, and by when, which lies inside the lead's own limit (R-058).

    limit: None: the policy's share of the time that the lead has left. Raises Missing without words, NotAllowed if the
    complaint names them, IllegalStep where they have it already or the limit is too long.
    """
    check(complaint, Step.GIVE_PART, actor)
    if assignee in complaint.respondents:
        raise NotAllowed(f"{complaint.reference} names that person: give it to somebody else", "other")
    if complaint.part_of(assignee) is not None or (complaint.task is not None and complaint.task.assignee == assignee):
        raise IllegalStep(f"{complaint.reference} is already with that person")
    if not what.strip():
        raise Missing("text", f"{complaint.reference}: say what there is to do")
    own = _limited(complaint, limit, terms, now)
    return _given(complaint, EventKind.PART_GIVEN, Step.GIVE_PART, assignee, what.strip(), own, actor, now)


def _limited(complaint: Complaint, limit: Limit | None, terms: Terms, now: datetime) -> dict[str, Any]:
    """Return the limit of a new part, as its task keeps it; empty where it has none."""
    if limit is not None:
        return {"limit": str(limit), "due_at": due_inside(complaint, limit, terms, now)}
    whole = lead_due(complaint, terms, now)
    if whole is None or whole <= now:
        return {}
    share = gone_by(now, whole, complaint) * float(terms.policy.parts.share)
    return {"share": share, "due_at": later_by(now, share, complaint)}


def due_inside(
    complaint: Complaint,
    limit: Limit,
    terms: Terms,
    now: datetime,
    *,
    since: datetime | None = None,
    lead: bool = False,
) -> datetime:
    """Return when a part, or the lead's own work, is due with that limit, counted from now or `since`.

    Raises IllegalStep where that is not before the whole is due (R-058), saying by which limit and how much would be.
    """
    begins, reference = since or now, complaint.reference
    due_at = due_with(limit, begins, complaint, terms)
    whole = _lead_deadline(complaint, terms, now)
    if whole is None or due_at < whole.due_at:
        return due_at
    half_hours = (gone_by(begins, whole.due_at, complaint) - GRACE) // timedelta(minutes=30)
    if half_hours <= 0:
        if lead:
            raise IllegalStep(f"{reference}: the lead's own limit has no time before {whole.clock} is due")
        raise IllegalStep(f"{reference}: a part has no time before {whole.clock} is due")
    longest = Limit(Decimal(half_hours) / 2, Unit.HOURS)
    if (days := half_hours // 48) > 1:  # a day less, where days last until their end
        longest = Limit(Decimal(days - (terms.policy.day_mode is DayMode.END_OF_DAY)), Unit.DAYS)
    if lead:
        told = f"{reference}: the lead's own limit must be due before {whole.clock} is: {longest}"
        step = _is_of_a_step(whole, terms)
        raise IllegalStep(f"{told} at the most, until that is done" if step else f"{told} at the most")
    raise IllegalStep(f"{reference}: a part must be due before {whole.clock} is: {longest} at the most")


def _is_of_a_step(deadline: Deadline, terms: Terms) -> bool:
    """Say whether a limit is kept by something less than the result: a plan, an answer."""
    clock = terms.policy.clock(deadline.clock, deadline.profile)
    return clock is not None and not set(clock.met_by) <= _THE_END


def limit_lead(complaint: Complaint, limit: Limit, actor: Actor, terms: Terms, now: datetime) -> Change:
    """Whoever leads is to be done by a limit of their own (R-034); what the customer was promised stands."""
    allow(complaint, Step.DISPATCH, actor)
    check(complaint, Step.GIVE_PART, actor)
    task = complaint.task
    assert task is not None, "asked at the gate, or given to somebody first"
    due_at = due_inside(complaint, limit, terms, now, lead=True)
    facts = {"to": task.assignee, "due": due_at.isoformat(), "limit": str(limit)}
    tasks = _with(
        complaint.tasks,
        task,
        due_at=due_at,
        limit=str(limit),
        share=None,
        limited_at=now,
        extensions=(),
        settings=task.settings + 1,
        chased=0,
        wish=None,
    )
    complaint, event = move(complaint, Step.GIVE_PART, actor, now, EventKind.TASK_LIMITED, "", facts, tasks=tasks)
    told = {"why": "limit", "lead": "yes", "due": due_at.isoformat()}
    return Change(complaint, (event,), (Notice(NoticeKind.PART_CHASED, To(person=task.assignee), told),))


def _given(
    complaint: Complaint,
    kind: EventKind,
    step: Step,
    assignee: str,
    what: str,
    own: dict[str, Any],
    actor: Actor,
    now: datetime,
    note: str = "",
) -> Change:
    part = Task(len(complaint.tasks) + 1, assignee, TaskStatus.DISPATCHED, now, note, assisting=True, what=what, **own)
    due_at = part.due_at
    facts = {"to": assignee, "part": str(part.number), "text": what} | ({"due": due_at.isoformat()} if due_at else {})
    complaint, event = move(complaint, step, actor, now, kind, note, facts, tasks=(*complaint.tasks, part))
    told = {"text": what, "note": note} | ({"due": due_at.isoformat()} if due_at else {})
    return Change(complaint, (event,), (Notice(NoticeKind.PART_GIVEN, To(person=assignee), told),))


# ── what assistants do ────────────────────────────────────────────────────────────────────────────────────────────────


def mine(complaint: Complaint, actor: Actor) -> Task:
    """Return the part that is the actor's. Raises NotAllowed where none is, IllegalStep where the complaint is over."""
    check(complaint, Step.PART, actor)
    part = complaint.part_of(actor.person)
    assert part is not None, "asked at the gate"
    return part


def accept(complaint: Complaint, actor: Actor, now: datetime) -> Change:
    """An assistant takes their part on."""
    part = mine(complaint, actor)
    if part.status is TaskStatus.WORKING:
        raise IllegalStep(f"{complaint.reference} is already with that person")
    return _moved(complaint, part, EventKind.PART_ACCEPTED, "", actor, now, **_taken(part, now))


def report(complaint: Complaint, text: str, actor: Actor, now: datetime) -> Change:
    """An assistant says how their part stands; the lead reads it, the customer does not."""
    part = mine(complaint, actor)
    if not text.strip():
        raise Missing("text", f"{complaint.reference}: say in a line how it stands")
    said = {"said": text.strip(), "said_at": now}
    return _moved(complaint, part, EventKind.PART_REPORTED, text.strip(), actor, now, **_taken(part, now) | said)


def done(complaint: Complaint, result: str, actor: Actor, now: datetime) -> Change:
    """An assistant's part is done, with its result. Raises Missing without one."""
    part = mine(complaint, actor)
    if not result.strip():
        raise Missing("result", f"{complaint.reference}: say what was done")
    ended = {"status": TaskStatus.DONE, "done_at": now, "result": result.strip(), "wish": None}
    return _moved(complaint, part, EventKind.PART_DONE, result.strip(), actor, now, **_taken(part, now) | ended)


def give_back(complaint: Complaint, reason: str, actor: Actor, now: datetime) -> Change:
    """An assistant cannot do their part: the lead and the service centre hear why, and find somebody else."""
    part = mine(complaint, actor)
    if not reason.strip():
        raise Missing("reason", f"{complaint.reference}: say why it is given back")
    change = _moved(
        complaint, part, EventKind.PART_GIVEN_BACK, reason.strip(), actor, now, status=TaskStatus.GIVEN_BACK, wish=None
    )
    told = replace(change.notices[0], to=To(role=Role.AGENT))
    asked = _asks_to_confirm(change.complaint) if change.complaint.kept_result and not change.complaint.parts else ()
    return replace(change, notices=(*change.notices, *((told,) if told.to not in _heard(change) else ()), *asked))


def pass_on(complaint: Complaint, to: str, note: str, actor: Actor, now: datetime) -> Change:
    """An assistant hands their part to a colleague, with all that is known of it; its limit does not move."""
    part = mine(complaint, actor)
    if to in complaint.respondents:
        raise NotAllowed(f"{complaint.reference} names that person: give it to somebody else", "other")
    if to == actor.person or complaint.part_of(to) is not None:
        raise IllegalStep(f"{complaint.reference} is already with that person")
    if complaint.task is not None and complaint.task.assignee == to:
        raise IllegalStep(f"{complaint.reference} is already with that person")
    change = _moved(
        complaint,
        part,
        EventKind.PART_MOVED,
        note,
        actor,
        now,
        {"to": to},
        status=TaskStatus.GIVEN_BACK,
        wish=None,
    )
    said = "；".join(each for each in (part.said, note) if each)
    own = {
        "due_at": part.due_at,
        "limit": part.limit,
        "share": part.share,
        "limited_at": part.limited_at or part.assigned_at,
        "extensions": part.extensions,
        "settings": part.settings,
    }
    given = _given(change.complaint, EventKind.PART_GIVEN, Step.TICK, to, part.what, own, SYSTEM, now, said)
    return change + given


def _taken(part: Task, now: datetime) -> dict[str, Any]:
    """Whoever reports on a part has taken it on."""
    if part.status is not TaskStatus.DISPATCHED:
        return {}
    return {"status": TaskStatus.WORKING, "accepted_at": now, "chased": 0}


def _moved(
    complaint: Complaint,
    part: Task,
    kind: EventKind,
    note: str,
    actor: Actor,
    now: datetime,
    more: dict[str, str] | None = None,
    **changes: Any,
) -> Change:
    """Change a part by its assignee's word; whoever leads, else the service centre, hears of it."""
    facts = {"part": str(part.number), "text": part.what, **(more or {})}
    complaint, event = move(
        complaint, Step.PART, actor, now, kind, note, facts, tasks=_with(complaint.tasks, part, **changes)
    )
    told = {"news": kind.value, "who": actor.person or "", "what": part.what, "text": note, **(more or {})}
    told["open"] = str(len(complaint.parts))
    return Change(complaint, (event,), (Notice(NoticeKind.PART_NEWS, _lead(complaint), told),))


def _with(tasks: tuple[Task, ...], part: Task, **changes: Any) -> tuple[Task, ...]:
    return tuple(replace(task, **changes) if task.number == part.number else task for task in tasks)


def _lead(complaint: Complaint) -> To:
    return To(person=complaint.task.assignee) if complaint.task is not None else To(role=Role.AGENT)


def _heard(change: Change) -> set[To]:
    return {notice.to for notice in change.notices}


# ── more time ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def ask_time(
    complaint: Complaint, limit: Limit | None, reason: str, actor: Actor, terms: Terms, now: datetime
) -> Change:
    """An assistant asks for more time; the lead decides, of the lead's own limit whoever leads the centre.

    Raises Missing without a limit or a reason, IllegalStep where the part has none to move, had its share of extensions, or
    would outlast the whole work.
    """
    part, before = complaint.part_of(actor.person), Change(complaint)
    if part is None and leads_with_limit(complaint, actor):
        check(complaint, Step.ASK_EXTENSION, actor)
        before = handling.taken_on(complaint, actor, terms, now, told=False)
        complaint = before.complaint
        part = complaint.task
    part = part or mine(complaint, actor)
    if part.due_at is None:
        raise IllegalStep(f"{complaint.reference}: no promise is running that could be extended")
    if part.wish is not None:
        raise IllegalStep(f"{complaint.reference}: more time has been asked for and is not decided yet")
    if part.extended >= terms.policy.parts.extensions:
        raise IllegalStep(f"{complaint.reference}: the policy allows no more")
    if limit is None:
        raise Missing("limit", f"{complaint.reference}: say how much more time is needed, such as 1d")
    if not reason.strip():
        raise Missing("reason", f"{complaint.reference}: say why more time is needed")
    _moved_due(complaint, part, limit, terms, now)
    wish = PartWish(now, str(limit), reason.strip())
    facts = {"limit": str(limit)}
    if not part.assisting:
        tasks = _with(complaint.tasks, part, wish=wish)
        kind = EventKind.PART_TIME_ASKED
        complaint, event = move(complaint, Step.ASK_EXTENSION, actor, now, kind, wish.reason, facts, tasks=tasks)
        asked = facts | {"who": part.assignee, "text": wish.reason, "lead": "yes", "due": part.due_at.isoformat()}
        return before + Change(
            complaint, (event,), (Notice(NoticeKind.PART_TIME_ASKED, To(role=Role.CENTER_LEAD), asked),)
        )
    change = _moved(
        complaint, part, EventKind.PART_TIME_ASKED, wish.reason, actor, now, facts, **_taken(part, now) | {"wish": wish}
    )
    [told] = change.notices
    return replace(change, notices=(replace(told, kind=NoticeKind.PART_TIME_ASKED),))


def leads_with_limit(complaint: Complaint, actor: Actor) -> bool:
    """Say whether somebody leads who has a limit of their own."""
    task = complaint.task
    return task is not None and task.assignee == actor.person and task.due_at is not None


def fits_inside(complaint: Complaint, limit: Limit, terms: Terms, now: datetime) -> bool:
    """Say whether so much more time for whoever leads still ends before the whole is due: then it is theirs that moves."""
    assert complaint.task is not None
    try:
        _moved_due(complaint, complaint.task, limit, terms, now)
    except IllegalStep:
        return False
    return True


def _moved_due(complaint: Complaint, part: Task, limit: Limit, terms: Terms, now: datetime) -> datetime:
    assert part.due_at is not None
    return due_inside(complaint, limit, terms, now, since=max(part.due_at, now), lead=not part.assisting)


def decide_time(
    complaint: Complaint, person: str, granted: bool, note: str, actor: Actor, terms: Terms, now: datetime
) -> Change:
    """The lead, or the service centre, grants an assistant more time or not; the centre grants it to the lead."""
    check(complaint, Step.DECIDE_PART, actor)
    part = next((task for task in _clocked(complaint) if task.assignee == person), None)
    if part is None or part.wish is None:
        raise IllegalStep(f"{complaint.reference}: no extension has been asked for")
    if person == actor.person:
        raise NotAllowed(f"{complaint.reference}: nobody decides on their own request", "self")
    changes: dict[str, Any] = {"wish": None}
    facts = {"granted": "yes" if granted else "no", "limit": part.wish.limit, "text": part.what, "note": note}
    facts |= {} if part.assisting else {"lead": "yes"}
    if granted:
        more = Limit.parse(part.wish.limit)
        _moved_due(complaint, part, more, terms, now)
        moved = with_more(part, more, complaint, terms, now)
        changes |= {"due_at": moved.due_at, "extensions": moved.extensions, "extended": part.extended + 1, "chased": 0}
        facts["due"] = changes["due_at"].isoformat()
    complaint, event = move(
        complaint,
        Step.DECIDE_PART,
        actor,
        now,
        EventKind.PART_TIME_DECIDED,
        note,
        facts,
        tasks=_with(complaint.tasks, part, **changes),
    )
    return Change(complaint, (event,), (Notice(NoticeKind.PART_TIME_DECIDED, To(person=person), facts),))


# ── the end of parts ──────────────────────────────────────────────────────────────────────────────────────────────────


def end(complaint: Complaint, person: str, reason: str, actor: Actor, now: datetime) -> Change:
    """The lead or the centre needs a part no longer; whoever had it hears so."""
    check(complaint, Step.DECIDE_PART, actor)
    part = complaint.part_of(person)
    if part is None:
        raise IllegalStep(f"{complaint.reference}: that person does not assist")
    complaint, event = move(
        complaint,
        Step.DECIDE_PART,
        actor,
        now,
        EventKind.PART_ENDED,
        reason,
        {"to": person, "text": part.what},
        tasks=_with(complaint.tasks, part, status=TaskStatus.GIVEN_BACK, wish=None),
    )
    return Change(complaint, (event,), (_ended(part, reason),))


def ended_all(complaint: Complaint, reason: str) -> tuple[Complaint, tuple[Notice, ...]]:
    """Return the complaint with every open part ended, and what their assignees are told."""
    parts = complaint.parts
    numbers = {part.number for part in parts}
    tasks = tuple(
        replace(task, status=TaskStatus.GIVEN_BACK, wish=None) if task.number in numbers else task
        for task in complaint.tasks
    )
    return replace(complaint, tasks=tasks), tuple(_ended(part, reason) for part in parts)


def _ended(part: Task, reason: str) -> Notice:
    return Notice(NoticeKind.PART_ENDED, To(person=part.assignee), {"text": part.what, "reason": reason})


def over(before: Complaint | None, change: Change) -> Change:
    """Return the change with the parts ended that its complaint's end leaves open, and their assignees told.

    However it ended: closed, withdrawn, judged invalid, merged.
    """
    complaint = change.complaint
    if not complaint.settled or before is None or not before.parts:
        return change
    still = {part.number for part in before.parts}
    left = [task for task in complaint.tasks if task.number in still and task.status is not TaskStatus.DONE]
    after, _ = ended_all(complaint, "")
    event = Event(
        EventKind.PART_ENDED,
        change.events[-1].at,
        None,
        SYSTEM.channel,
        complaint.status,
        complaint.status,
        "",
        {"parts": ",".join(str(task.number) for task in left)},
    )
    told = tuple(_ended(task, "") for task in left)
    return Change(after, (*change.events, event), (*change.notices, *told)) if left else change


def _asks_to_confirm(complaint: Complaint) -> tuple[Notice, ...]:
    assert complaint.kept_result is not None
    facts = {"result": complaint.kept_result.result, "who": complaint.kept_result.by, "given_back": "yes"}
    return (Notice(NoticeKind.RESULT_KEPT, To(role=Role.CENTER_LEAD), facts),)


# ── time ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def wanted(complaint: Complaint, terms: Terms) -> Iterator[Timer]:
    """Yield when each assistant is asked to take their part on and for a line, is reminded of the limit, chased after it."""
    if complaint.status in (Status.ON_HOLD, Status.RESOLVED):
        return
    quiet = quiet_staff(complaint, terms)
    for part in _clocked(complaint):
        waits = _waits_for_work(complaint, part, terms)
        if part.assisting and part.accepted_at is None:
            yield Timer(
                ACCEPT, f"{part.number}/{part.chased}", later(_accept_at(part, complaint, waits, terms), quiet, terms)
            )
            continue
        every = terms.policy.progress.every
        if part.assisting and every is not None and complaint.status in AT_WORK:
            since = _silent_since(part, complaint)
            asked = later(line_due(since, every, 1, terms), quiet, terms)
            if part.due_at is None or asked < part.due_at:  # after it they are chased every day
                yield Timer(PROGRESS, f"{part.number}/{since:%Y%m%dT%H%M%S}", asked)
        if part.due_at is None:
            continue
        if part.reminded_of != part.due_at and (at := _remind_at(part, terms)) is not None:
            reminded = later(at_work(at, terms) if waits else at, quiet, terms)
            if reminded < part.due_at:
                yield Timer(REMIND, f"{part.number}.{_setting(part)}", reminded)
        late = later(_late_at(part, complaint, waits, terms), quiet, terms)
        yield Timer(LATE, f"{part.number}.{_setting(part)}/{part.chased}", late)


def _clocked(complaint: Complaint) -> tuple[Task, ...]:
    """Return the tasks that have a clock of their own: the open parts, and the lead's where it has a limit."""
    lead = complaint.task
    return (*complaint.parts, *((lead,) if lead is not None and lead.due_at is not None else ()))


def _setting(part: Task) -> int:
    """Return a number that is another each time a limit was set or moved: what was reminded of before is reminded of again."""
    return part.extended + part.settings


def _waits_for_work(complaint: Complaint, part: Task, terms: Terms) -> bool:
    """Say whether an assistant is asked and chased only while people work, as whoever leads is (trap 27)."""
    whole = _lead_deadline(complaint, terms, part.assigned_at)
    return whole is not None and waits_for_work(complaint, whole.limit, terms)


def _silent_since(part: Task, complaint: Complaint) -> datetime:
    """Return when an assistant took the part on, could go on, last said a line about it, or was last asked for one."""
    moments = (part.assigned_at, part.accepted_at, part.said_at, part.asked_at, *(p.ends for p in complaint.pauses))
    return max(at for at in moments if at is not None)


def _accept_at(part: Task, complaint: Complaint, waits: bool, terms: Terms) -> datetime:
    within = terms.policy.parts.accept_within + terms.policy.parts.nag_every * part.chased
    at = later_by(part.assigned_at, within, complaint)
    return at_work(at, terms) if waits else at


def _late_at(part: Task, complaint: Complaint, waits: bool, terms: Terms) -> datetime:
    assert part.due_at is not None
    at = later_by(part.due_at, terms.policy.parts.nag_every * part.chased + GRACE, complaint)
    return at_work(at, terms) if waits else at


def _remind_at(part: Task, terms: Terms) -> datetime | None:
    """Return the last reminder before the limit, as the policy reminds of limits so long."""
    assert part.due_at is not None
    length = part.due_at - part.assigned_at
    moments = [
        part.due_at - lead.before if lead.before is not None else part.assigned_at + length * float(lead.share or 0)
        for lead in terms.policy.reminders.leads(length)
    ]
    return max((at for at in moments if part.assigned_at < at < part.due_at), default=None)


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """Remind or chase an assistant, if the part that the timer was set for still stands as it did then (traps 32, 33)."""
    if not any((timer.rule, timer.occurrence) == (each.rule, each.occurrence) for each in wanted(complaint, terms)):
        return None
    number = int(timer.occurrence.split("/")[0].split(".")[0])
    part = next(part for part in _clocked(complaint) if part.number == number)
    if timer.rule == PROGRESS:  # nobody else hears of it: their limit is what is chased
        return _chase(complaint, part, "progress", (), now, asked=True)
    waits = _waits_for_work(complaint, part, terms)
    if timer.rule == REMIND:
        in_time = part.due_at is not None and now <= part.due_at
        return _chase(complaint, part, "due", (), now, waits=waits) if in_time else None
    within = terms.policy.parts.accept_within
    base = later_by(part.assigned_at, within, complaint) if timer.rule == ACCEPT else part.due_at
    assert base is not None
    if now < base:
        return None
    # After an outage one notice stands for all that were missed; the next falls on the same rhythm.
    count = max(part.chased, int(gone_by(base, now, complaint) / terms.policy.parts.nag_every)) + 1
    missed = count
    if waits:  # what falls on time in which nobody works is one with the next
        moment = _accept_at if timer.rule == ACCEPT else _late_at
        chases = (moment(replace(part, chased=chased), complaint, True, terms) for chased in range(count))
        missed = max(1, len({at for at in chases if at <= now}))
    told = [_lead(complaint)] if part.assisting else []
    told += [To(superior_of=part.assignee)] if missed >= 2 or not part.assisting else []
    told += [To(role=Role.CENTER_LEAD)] if missed >= 3 else []
    return _chase(complaint, part, "accept" if timer.rule == ACCEPT else "late", told, now, count, waits=waits)


def _chase(
    complaint: Complaint,
    part: Task,
    why: str,
    told: list[To] | tuple[To, ...],
    now: datetime,
    count: int = 0,
    *,
    asked: bool = False,
    waits: bool = False,
) -> Change:
    facts = {"why": why, "text": part.what, "count": str(count), "since": part.assigned_at.isoformat()}
    facts |= {"due": part.due_at.isoformat()} if part.due_at else {}
    facts |= {} if part.assisting else {"lead": "yes"}
    facts |= {WAITS: "yes"} if waits else {}
    tasks = _with(complaint.tasks, part, chased=count) if count else complaint.tasks
    tasks = _with(tasks, part, asked_at=now) if asked else tasks
    tasks = _with(tasks, part, reminded_of=part.due_at) if why == "due" else tasks
    kind = EventKind.PART_CHASED
    complaint, event = move(
        complaint, Step.TICK, SYSTEM, now, kind, "", {"part": str(part.number), **facts}, tasks=tasks
    )
    notices = [Notice(NoticeKind.PART_CHASED, To(person=part.assignee), facts)]
    notices += [Notice(NoticeKind.PART_LATE, to, facts | {"who": part.assignee}) for to in told]
    return Change(complaint, (event,), tuple(notices))
