"""The desk's steps: filing, dispatching, accepting, reporting, proposing, asking for time, resolving, grading, closing.

Each takes the complaint as it is, who acts, the terms it runs under and `now`, and returns a Change; or raises Refused,
changing nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from complaints import press, progressing, redress
from complaints.bribery import takes
from complaints.change import Change, Event, EventKind, Notice, NoticeKind, To
from complaints.closing import close_if_gate_open, rounds_missing, waits_for_cause
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, Missing, NotAllowed, TooFewRounds
from complaints.grading_rules import overruling
from complaints.lifecycle import Step, allow, check, move
from complaints.limits import Limit
from complaints.part_limits import with_more
from complaints.parts.actors import SYSTEM, Actor
from complaints.parts.timing import ExtensionRequest, ProgressLine
from complaints.parts.weighing import Ground, PolicyRef
from complaints.parts.work import Task
from complaints.permissions import allow_to_judge
from complaints.policy import Release, ValidityReview
from complaints.promises import (
    Terms,
    acknowledgement,
    appeal_granted,
    begin_for_next,
    due_facts,
    keep,
    reach,
    reconsider,
    work_deadline,
    work_deadline_before,
)
from complaints.questioning import begin
from complaints.rescheduling import extended, rescheduled
from complaints.visits import told_over
from complaints.vocabulary import Flag, Kind, Milestone, Role, Severity, Status, TaskStatus


@dataclass(frozen=True, slots=True)
class Filing:
    """What is known of a complaint when it is told. locale: its customer's, "zh" or "en". press: told by a journalist.
    press_called: a colleague tells that one has called. press_due: by when the press wants an answer.

    flags: marks that whoever types it in knows of.
    """

    reference: str
    summary: str
    complainant: str
    channel: str
    locale: str
    kind: Kind = Kind.COMPLAINT
    category: str = "OTHER"
    severity: Severity = Severity.S4
    site: str = ""
    place: str = ""
    stage: str = ""
    finder: str | None = None
    contact_known: bool = True
    respondents: frozenset[str] = frozenset()
    repeat_of: str | None = None
    mystery: bool = False
    anonymous: bool = False
    drill: bool = False
    press: bool = False
    press_called: bool = False
    press_due: datetime | None = None
    remedy: str = ""
    occurred: str = ""
    about_whom: str = ""
    customer_class: str = ""
    flags: frozenset[Flag] = frozenset()


def file(filing: Filing, actor: Actor, terms: Terms, now: datetime) -> Change:
    """A complaint is told: it is new from this moment, its clocks run, and its customer hears the number and by when.

    Source: R-005, R-007, R-018, R-019. An employee who brought it in is told too, as its finder.
    """
    if not filing.summary.strip():
        raise Missing("summary", f"{filing.reference}: a complaint needs a word about what happened")
    draft = Complaint(
        reference=filing.reference,
        kind=filing.kind,
        category=filing.category,
        status=Status.DRAFT,
        severity=filing.severity if filing.repeat_of is None else min(filing.severity, Severity.S3),
        channel=filing.channel,
        complainant=filing.complainant,
        summary=filing.summary,
        locale=filing.locale,
        received_at=now,
        policy=PolicyRef(terms.policy.name, terms.policy.version),
        site=filing.site,
        place=filing.place,
        stage=filing.stage,
        finder=filing.finder,
        respondents=filing.respondents,
        contact_known=filing.contact_known,
        repeat_of=filing.repeat_of,
        mystery=filing.mystery,
        anonymous=filing.anonymous,
        drill=filing.drill,
        remedy=filing.remedy,
        occurred=filing.occurred,
        about_whom=filing.about_whom,
        customer_class=filing.customer_class,
        flags=filing.flags | ({Flag.MEDIA} if filing.press or filing.press_called else frozenset()),
        press_due=filing.press_due,
    )
    draft = press.known_to_write(draft, now) if filing.press else draft
    complaint, event = move(draft, Step.FILE, actor, now, EventKind.RECEIVED)
    complaint = reach(complaint, Milestone.RECEIVED, terms, now)
    if complaint.severity is not Severity.S4:
        complaint = reach(complaint, Milestone.GRADED, terms, now)
    reviewed = for_review(complaint, terms, now)
    complaint = reviewed.complaint
    notices = [acknowledgement(complaint, terms)] if complaint.contact_known else []  # else once they can be reached
    if complaint.finder is not None:
        told = due_facts(complaint, terms) if complaint.contact_known else {"unreached": "yes"}
        told |= {"press": "called"} if filing.press_called else {}
        notices.append(Notice(NoticeKind.FINDER_RECORDED, To(person=complaint.finder), told))
    if filing.press or filing.press_called:
        facts = {"duty": "media", "who": "", "text": "", "press": "called" if filing.press_called else "yes"}
        notices += [
            Notice(NoticeKind.DUTY_DONE, To(role=role), facts) for role in (Role.MEDIA_OFFICER, Role.CENTER_LEAD)
        ]
    return Change(complaint, (event, *reviewed.events), (*notices, *reviewed.notices))


def for_review(complaint: Complaint, terms: Terms, now: datetime) -> Change:
    """Put a new complaint that nobody judged yet before the group that does, where the profile has one (R-026)."""
    judged = complaint.moment(Milestone.REGISTERED) is not None
    if terms.policy.validity_review is not ValidityReview.GROUP or complaint.kind is not Kind.COMPLAINT or judged:
        return Change(complaint)
    complaint, event = move(complaint, Step.REVIEW, SYSTEM, now, EventKind.REVIEW_ASKED)
    return Change(complaint, (event,), (Notice(NoticeKind.REVIEW, To(role=Role.REVIEWER)),))


def dispatch(
    complaint: Complaint,
    assignee: str,
    why: str,
    actor: Actor,
    terms: Terms,
    now: datetime,
    note: str = "",
    limit: str = "",
    due_at: datetime | None = None,
) -> Change:
    """Give the work to one person; whoever had it before is relieved. Registers a new complaint on the way.

    Raises Missing if nobody could be reached about it (C3 guard) and no note says why it goes out all the same (R-022), which
    is kept; NotAllowed if the complaint names the assignee, or whoever gives it judged what an open appeal is about. The
    promises to the customer do not move with the assignee, who owes an acceptance of their own; a wish for more time was the
    former one's, and ends. limit, due_at: by when they are to be done, before the customer's promise (`tasks.due_inside`).
    """
    allow(complaint, Step.DISPATCH, actor)
    allow_to_judge(complaint, Step.DISPATCH, actor)
    if assignee in complaint.respondents:
        raise NotAllowed(f"{complaint.reference} names that person: give it to somebody else", "other")
    unreached = not complaint.contact_known
    if unreached and (actor.person is None or not note.strip()):
        raise Missing("contact", f"{complaint.reference}: find out how to reach the customer before it is assigned")
    events: list[Event] = []
    if complaint.status in (Status.NEW, Status.UNDER_REVIEW):
        complaint, event = move(complaint, Step.REGISTER, actor, now, EventKind.REGISTERED)
        complaint = reach(complaint, Milestone.REGISTERED, terms, now)
        events.append(event)
    relieved = complaint.task
    if relieved is not None and relieved.assignee == assignee:
        raise IllegalStep(f"{complaint.reference} is already with that person")
    handed = [task for task in complaint.tasks if not task.assisting]
    part = complaint.part_of(assignee)  # who assisted and now leads does their part with the rest
    tasks = tuple(
        replace(task, status=TaskStatus.GIVEN_BACK) if task in (relieved, part) else task for task in complaint.tasks
    )
    task = Task(len(tasks) + 1, assignee, TaskStatus.DISPATCHED, now, why, due_at=due_at, limit=limit)
    if due_at is None and actor.person is None and relieved is not None:  # whoever stands in does the same work
        since, due_at = relieved.limited_at or relieved.assigned_at, relieved.due_at
        own = {"limit": relieved.limit, "due_at": due_at, "limited_at": since, "extensions": relieved.extensions}
        task = replace(task, **own)  # type: ignore[arg-type]
    limited = {"task_due": due_at.isoformat()} if due_at is not None else {}
    complaint, event = move(
        complaint,
        Step.DISPATCH,
        actor,
        now,
        EventKind.DISPATCHED,
        note,
        {"to": assignee, "why": why} | limited | ({"without": "contact"} if unreached else {}),
        owner=assignee,
        tasks=(*tasks, task),
        extension=None,
        nobody_since=None,
        nobody_told=0,
        hold=None,
        kept_result=None,
    )
    if handed or complaint.round > 1:
        complaint = begin_for_next(complaint, terms, now)
    complaint = reach(complaint, Milestone.DISPATCHED, terms, now)
    facts = {"why": why} | limited
    if handed:  # whoever goes on with it gets the whole story: the customer must not tell it again
        facts |= {"before": handed[-1].assignee, "note": note, "transfers": str(_transfers(complaint))}
    notices = [Notice(NoticeKind.ASSIGNED, To(person=assignee), facts, also_sms=terms.policy.also_sms)]
    if relieved is not None and relieved.assignee != actor.person:  # whoever hands it on has said so themselves
        notices.append(Notice(NoticeKind.UNASSIGNED, To(person=relieved.assignee), {"note": note}))
    if events:
        notices += appeal_granted(complaint, terms)
    if handed and _transfers(complaint) >= terms.policy.results.transfers:
        passed = {"transfers": str(_transfers(complaint)), "to": assignee, "note": note}
        notices.append(Notice(NoticeKind.PASSED_ON, To(role=Role.CENTER_LEAD), passed, but_not=actor.person or ""))
    return Change(complaint, (*events, event), tuple(notices))


def _transfers(complaint: Complaint) -> int:
    """Return how often the complaint went from one assignee to another (R-022)."""
    whose = [task.assignee for task in complaint.tasks if not task.assisting]
    return sum(one != next for one, next in pairwise(whose))


def _with_open_task(complaint: Complaint, **changes: object) -> tuple[Task, ...]:
    current = complaint.task
    return tuple(
        replace(task, **changes) if task is current else task  # type: ignore[arg-type]
        for task in complaint.tasks
    )


def accept(complaint: Complaint, actor: Actor, terms: Terms, now: datetime) -> Change:
    """The assignee takes it on; the customer hears that somebody has it in hand (R-033)."""
    tasks = _with_open_task(complaint, status=TaskStatus.WORKING, accepted_at=now)
    complaint, event = move(complaint, Step.ACCEPT, actor, now, EventKind.ACCEPTED, tasks=tasks)
    complaint = _accepted(complaint, terms, now)
    return Change(
        complaint,
        (event,),
        (Notice(NoticeKind.TAKEN_UP, To(person=complaint.complainant), due_facts(complaint, terms)),),
    )


def _accepted(complaint: Complaint, terms: Terms, now: datetime) -> Complaint:
    if complaint.accepted_at is not None:  # by whoever had it before: the clocks that began with that run on
        return keep(complaint, Milestone.ACCEPTED, terms, now)
    return reach(replace(complaint, accepted_at=now), Milestone.ACCEPTED, terms, now)


def taken_on(complaint: Complaint, actor: Actor, terms: Terms, now: datetime, *, told: bool = True) -> Change:
    """Work reported by an assignee who never said "accept" is taken as accepted first.

    told: the customer hears of that by itself; not where they read the result in the same breath, or where nobody moved yet.
    """
    if complaint.status is Status.DISPATCHED and complaint.task and complaint.task.assignee == actor.person:
        change = accept(complaint, actor, terms, now)
        return change if told else replace(change, notices=())
    return Change(complaint)


def give_back(complaint: Complaint, reason: str, actor: Actor, now: datetime) -> Change:
    """The assignee cannot take it: it lies with the service centre again, who is asked until somebody has it (退单 needs a
    reason).
    """
    check(complaint, Step.GIVE_BACK, actor)
    if not reason.strip():
        raise Missing("reason", f"{complaint.reference}: say why it is given back")
    tasks = _with_open_task(complaint, status=TaskStatus.GIVEN_BACK)
    who = complaint.owner or ""
    complaint, event = move(
        complaint,
        Step.GIVE_BACK,
        actor,
        now,
        EventKind.GIVEN_BACK,
        reason,
        tasks=tasks,
        owner=None,
        extension=None,
        hold=None,
        kept_result=None,
        nobody_since=now,
        nobody_told=0,
    )
    notice = Notice(NoticeKind.GIVEN_BACK, To(role=Role.AGENT), {"who": who, "reason": reason})
    return Change(complaint, (event,), (notice,))


def report(complaint: Complaint, text: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    """One line of progress; the customer reads it, at once or once the centre has looked at it (R-059, R-063).

    Raises Missing "text" without one, "news" where it says nothing or what was said before.
    """
    check(complaint, Step.REPORT, actor)
    if not text.strip():
        raise Missing("text", f"{complaint.reference}: say in a line how it stands")
    if not progressing.says_something(text, complaint):
        raise Missing("news", f"{complaint.reference}: say what was done, what comes next, and when")
    assert actor.person is not None
    before, line = taken_on(complaint, actor, terms, now), ProgressLine(text, actor.person, now)
    complaint, event = move(before.complaint, Step.REPORT, actor, now, EventKind.PROGRESS, text, reported_at=now)
    reported = before + Change(complaint, (event,))
    if terms.policy.progress.release is Release.CENTRE:
        return reported + progressing.shown_to_centre(complaint, line)
    return reported + progressing.told_customer(complaint, line, terms, now)


def propose(complaint: Complaint, plan: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    """A plan is put to the customer, who agrees or not (R-054, R-076); what it rests on is for colleagues (R-078)."""
    check(complaint, Step.PROPOSE, actor)
    if not plan.strip():
        raise Missing("plan", f"{complaint.reference}: say what the plan is")
    before = taken_on(complaint, actor, terms, now)
    plan, offered = redress.read(plan)
    facts = {"redress": ",".join(offered.kinds), "amount": offered.amount, "basis": offered.basis}
    complaint, event = move(
        before.complaint,
        Step.PROPOSE,
        actor,
        now,
        EventKind.PLAN_PROPOSED,
        plan,
        {name: said for name, said in facts.items() if said},
        plan=plan,
        redress=offered,
        steps_done=(),
    )
    complaint = reach(complaint, Milestone.PLAN_SUBMITTED, terms, now)
    notice = Notice(NoticeKind.PLAN, To(person=complaint.complainant), {"plan": plan})
    return before + Change(complaint, (event,), (notice, *_copied(complaint, actor, terms)))


def _copied(complaint: Complaint, actor: Actor, terms: Terms) -> Iterator[Notice]:
    """Yield the plan for those whom the policy has read it (R-042); of practice and of a tester's case nobody does."""
    if complaint.drill or complaint.mystery:
        return
    basis = {"basis": complaint.redress.basis} if complaint.redress and complaint.redress.basis else {}
    facts = {"who": actor.person or "", "plan": complaint.plan} | basis
    for role in terms.policy.briefing.plans:
        yield Notice(NoticeKind.PLAN_COPIED, To(role=role), facts, but_not=actor.person or "")


def resolve(complaint: Complaint, result: str, actor: Actor, terms: Terms, now: datetime, cause: str = "") -> Change:
    """The work is reported done, with its result; the customer is asked at once whether they are satisfied (R-083–R-085).

    Raises Missing without a result: "done" alone is no result.
    """
    check(complaint, Step.RESOLVE, actor)
    if not result.strip():
        raise Missing("result", f"{complaint.reference}: say what was done")
    if complaint.parts:
        raise IllegalStep(f"{complaint.reference}: parts of others are open: end them, or wait for them")
    before = taken_on(complaint, actor, terms, now, told=False)
    complaint = before.complaint
    tasks = _with_open_task(complaint, status=TaskStatus.DONE, done_at=now, result=result)
    complaint, event = move(
        complaint,
        Step.RESOLVE,
        actor,
        now,
        EventKind.RESOLVED,
        result,
        tasks=tasks,
        result=result,
        kept_result=None,
        nobody_since=None,
        nobody_told=0,
        cause=cause or complaint.cause,
        resolved_at=now,
        extension=None,
        unreleased=None,
        hold=None,
        surveys=(*complaint.surveys, begin(complaint, terms, now)),
    )
    if before.complaint.pause is not None:  # what was held until now was not late (trap 30)
        complaint = rescheduled(complaint, terms, now)
    complaint = reach(complaint, Milestone.RESOLVED, terms, now)
    complaint = reach(complaint, Milestone.SURVEY_ASKED, terms, now)
    survey = Notice(
        NoticeKind.SURVEY, To(person=complaint.complainant), {"result": result, "round": str(complaint.round)}
    )
    return before + Change(complaint, (event,), (survey, *told_over(before.complaint, complaint)))


def ask_extension(
    complaint: Complaint,
    limit: Limit | None,
    reason: str,
    actor: Actor,
    terms: Terms,
    now: datetime,
    *,
    until: datetime | None = None,
) -> Change:
    """The assignee asks for more time: in time, with a reason, within what the policy allows (R-055).

    It is the time for the work that is extended: asking for more of it is taking the work on. until: the day that was named,
    and `limit` what is lacking to it: the limit that falls before it is the one that moves, and never beyond it.
    """
    rule = terms.policy.extension
    check(complaint, Step.ASK_EXTENSION, actor)
    before = taken_on(complaint, actor, terms, now, told=False)
    complaint = before.complaint
    deadline = work_deadline(complaint)
    if deadline is not None and until is not None:
        deadline = work_deadline_before(complaint, until, terms) or deadline
    if deadline is None:
        raise IllegalStep(f"{complaint.reference}: no promise is running that could be extended")
    if complaint.extension is not None or complaint.hold is not None:
        raise IllegalStep(f"{complaint.reference}: more time or a pause has been asked for and is not decided yet")
    if complaint.extensions_granted >= rule.times:
        raise IllegalStep(f"{complaint.reference}: it was extended {rule.times} time(s), the policy allows no more")
    if rule.before_expiry and deadline.overdue(now):
        raise IllegalStep(
            f"{complaint.reference}: the promise is already overdue, an extension must be asked for before"
        )
    if limit is None:
        raise Missing("limit", f"{complaint.reference}: say how much more time is needed, such as 1d")
    # Compared by the moments they lead to: "1wd" may be three days.
    if rule.longest is not None and (
        extended(deadline, limit, complaint, terms, now).due_at
        > extended(deadline, rule.longest, complaint, terms, now).due_at
    ):
        raise IllegalStep(f"{complaint.reference}: the policy allows {rule.longest} more at the most")
    if rule.reason_required and not reason.strip():
        raise Missing("reason", f"{complaint.reference}: say why more time is needed")
    assert actor.person is not None
    request = ExtensionRequest(actor.person, now, deadline.clock, str(limit), reason, rule.approver)
    complaint, event = move(
        complaint,
        Step.ASK_EXTENSION,
        actor,
        now,
        EventKind.EXTENSION_ASKED,
        reason,
        {"limit": str(limit)},
        extension=request,
    )
    facts = {
        "who": actor.person,
        "limit": str(limit),
        "reason": reason,
        "clock": deadline.clock,
        "due": deadline.due_at.isoformat(),
    } | ({"until": until.isoformat()} if until is not None else {})
    return before + Change(complaint, (event,), (Notice(NoticeKind.EXTENSION_ASKED, To(role=rule.approver), facts),))


def decide_extension(
    complaint: Complaint, granted: bool, note: str, actor: Actor, terms: Terms, now: datetime
) -> Change:
    """The approver decides; if granted, the promise moves and the customer is told the new moment (R-055, R-079)."""
    check(complaint, Step.DECIDE_EXTENSION, actor)
    request = complaint.extension
    if request is None:
        raise IllegalStep(f"{complaint.reference}: no extension has been asked for")
    if actor.person == request.asked_by:
        raise IllegalStep(f"{complaint.reference}: nobody decides on their own request")
    kind = EventKind.EXTENSION_GRANTED if granted else EventKind.EXTENSION_REFUSED
    deadlines = complaint.deadlines
    facts = {"granted": "yes" if granted else "no", "limit": request.limit, "note": note}
    if granted:
        old = next((d for d in complaint.running if d.clock == request.clock), None)
        if old is None:
            raise IllegalStep(f"{complaint.reference}: no promise is running that could be extended")
        new = extended(old, Limit.parse(request.limit), complaint, terms, now)
        if new.due_at <= now:
            raise IllegalStep(
                f"{complaint.reference}: so much more time would be over already; refuse it, and have more asked for"
            )
        deadlines = tuple(new if deadline is old else deadline for deadline in deadlines)
        facts["due"] = new.due_at.isoformat()
    complaint, event = move(
        complaint,
        Step.DECIDE_EXTENSION,
        actor,
        now,
        kind,
        note,
        {"limit": request.limit},
        extension=None,
        extensions_granted=complaint.extensions_granted + (1 if granted else 0),
        deadlines=deadlines,
        tasks=_with_more(complaint, request.limit, terms, now) if granted else complaint.tasks,
    )
    notices = [Notice(NoticeKind.EXTENSION_DECIDED, To(person=request.asked_by), facts)]
    if granted and terms.policy.extension.tell_customer:
        notices.append(
            Notice(
                NoticeKind.EXTENDED, To(person=complaint.complainant), {"due": facts["due"], "reason": request.reason}
            )
        )
    return Change(complaint, (event,), tuple(notices))


def _with_more(complaint: Complaint, limit: str, terms: Terms, now: datetime) -> tuple[Task, ...]:
    """Return the tasks once the promise has moved: a limit of whoever leads, which was not enough, moves with it."""
    task = complaint.task
    if task is None or task.due_at is None:
        return complaint.tasks
    moved = with_more(task, Limit.parse(limit), complaint, terms, now)
    return tuple(replace(moved, settings=task.settings + 1) if each is task else each for each in complaint.tasks)


def grade(
    complaint: Complaint,
    severity: Severity,
    reason: str,
    actor: Actor,
    terms: Terms,
    now: datetime,
    *,
    rule: str = "",
    detail: str = "",
) -> Change:
    """Set the severity. Raising is for the whole centre; lowering needs its lead and a reason (C2).

    Clocks for the new severity begin, those that were for another end; neither is taken for kept. terms: may be wider than
    those it ran under, by the profiles that such a severity adds. rule, detail: what raised it, where that was no person's word
    alone. What would have made it graver than a person says now does not raise it again.
    """
    if severity == complaint.severity:
        raise IllegalStep(f"{complaint.reference} is {severity} already")
    lowers = severity > complaint.severity
    check(complaint, Step.LOWER if lowers else Step.GRADE, actor)
    if lowers and not reason.strip():
        raise Missing("reason", f"{complaint.reference}: lowering the severity needs a reason")
    before, old = complaint, complaint.severity
    kept = tuple(ground for ground in complaint.grounds if ground.severity >= severity)
    complaint, event = move(
        complaint,
        Step.LOWER if lowers else Step.GRADE,
        actor,
        now,
        EventKind.GRADED,
        reason,
        severity=severity,
        policy=terms.policy.ref,
        grounds=(*kept, Ground(severity, rule, now, detail or reason, actor.person)),
        overruled=overruling(complaint, severity, terms, now) if lowers else complaint.overruled,
        proposal=complaint.proposal if actor.person is None else None,
    )
    if not lowers:
        complaint = reach(complaint, Milestone.GRADED, terms, now)
        if actor.person is not None and severity <= Severity.S1:  # the centre itself says so, and has it
            complaint = reach(complaint, Milestone.ESCALATED, terms, now)
    complaint = reconsider(complaint, before, terms, now)
    ended = [d.clock for d in complaint.deadlines if d.ended_at == now]
    event = replace(event, facts={"from": old, "to": severity} | ({"ended": ",".join(ended)} if ended else {}))
    because = {"rule": rule, "detail": detail} if rule else {}
    event = replace(event, facts={**event.facts, **because})
    facts = {"from": old, "to": severity, "reason": reason, **because}
    notices = () if lowers else (Notice(NoticeKind.SEVERITY_RAISED, To(role=Role.CENTER_LEAD), facts),)
    return Change(complaint, (event,), notices)


def invalidate(complaint: Complaint, reason: str, actor: Actor, now: datetime) -> Change:
    """Judged invalid: the customer is told why, the case is kept, one appeal is open, if none was made (R-025).

    Raises NotAllowed for whoever judged it before the appeal: that is for somebody else to see.
    """
    check(complaint, Step.INVALIDATE, actor)
    allow_to_judge(complaint, Step.INVALIDATE, actor)
    if not reason.strip():
        raise Missing("reason", f"{complaint.reference}: say why it is invalid, the customer reads it")
    had = complaint.owner
    tasks = tuple(replace(t, status=TaskStatus.GIVEN_BACK) if t.open else t for t in complaint.tasks)
    complaint, event = move(
        complaint,
        Step.INVALIDATE,
        actor,
        now,
        EventKind.INVALID,
        reason,
        closed_at=now,
        closed_as="invalid",
        judged_by=actor.person,
        tasks=tasks,
        owner=None,
        extension=None,
    )
    facts = {"reason": reason} | ({"final": "yes"} if complaint.appealed else {})
    notices = [Notice(NoticeKind.INVALID, To(person=complaint.complainant), facts)]
    if had is not None and had != actor.person:
        notices.append(Notice(NoticeKind.STAFF_CLOSED, To(person=had), {"as": complaint.closed_as}))
    return Change(complaint, (event,), (*notices, *_outcome(complaint, reason)))


def _outcome(complaint: Complaint, reason: str = "") -> tuple[Notice, ...]:
    """Whoever brought the complaint in hears how it ended. reason: as its customer reads it."""
    if complaint.finder is None:
        return ()
    facts = {"as": complaint.closed_as} | ({"reason": reason} if reason else {})
    return (Notice(NoticeKind.FINDER_OUTCOME, To(person=complaint.finder), facts),)


def close(complaint: Complaint, reason: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    """Close by hand: through the policy's gate where it is open, else as unsettled, which needs the lead and a reason.

    Source: C3 `unsatisfied_close`; the customer is told of the further ways that are open to them.
    """
    closed = close_if_gate_open(complaint, actor, terms, now)
    if closed is not None:
        return closed
    if waits_for_cause(complaint, terms):
        raise Missing("cause", f"{complaint.reference}: say what it came from, and who is responsible")
    check(complaint, Step.CLOSE_UNSETTLED, actor)
    if missing := rounds_missing(complaint, terms):
        raise TooFewRounds(f"{complaint.reference}: {missing} more rounds must end without satisfaction first", missing)
    if not reason.strip():
        raise Missing(
            "reason", f"{complaint.reference}: its closing gate is not open; closing it all the same needs a reason"
        )
    tasks = _with_open_task(complaint, status=TaskStatus.GIVEN_BACK)
    complaint, event = move(
        complaint,
        Step.CLOSE_UNSETTLED,
        actor,
        now,
        EventKind.CLOSED,
        reason,
        {"as": "unsettled"},
        closed_at=now,
        closed_as="unsettled",
        tasks=tasks,
        extension=None,
        hold=None,
        surveys=tuple(replace(s, expired_at=now) if s.open else s for s in complaint.surveys),
    )
    notices = [Notice(NoticeKind.CLOSED_UNSETTLED, To(person=complaint.complainant), {"reason": reason})]
    if complaint.owner is not None:
        notices.append(Notice(NoticeKind.STAFF_CLOSED, To(person=complaint.owner), {"as": "unsettled"}))
    return Change(complaint, (event,), (*notices, *_outcome(complaint)))


def needs_assignment(complaint: Complaint) -> Change:
    """Nobody has it: the service centre hears of it, and why."""
    why = "press" if press.asks(complaint) else "" if complaint.contact_known else "contact"
    facts = {"why": why} if why else {}
    return Change(complaint, (), (Notice(NoticeKind.NEEDS_ASSIGNMENT, To(role=Role.AGENT), facts),))


def announce(complaint: Complaint) -> Change:
    """The service centre sees every new complaint."""
    return Change(complaint, (), (Notice(NoticeKind.NEW_COMPLAINT, To(role=Role.AGENT), _announced(complaint)),))


def of_conduct(complaint: Complaint) -> Change | None:
    """That somebody of us is said to take money or gifts, the lead of the centre hears at once; None: nobody is."""
    facts = _announced(complaint)
    if "gifts" not in facts:
        return None
    return Change(complaint, (), (Notice(NoticeKind.NEW_COMPLAINT, To(role=Role.CENTER_LEAD), facts),))


def _announced(complaint: Complaint) -> dict[str, str]:
    gifts = complaint.kind is Kind.COMPLAINT and not complaint.drill and takes(complaint.summary)
    return {"assignee": complaint.owner or ""} | ({"gifts": "yes"} if gifts else {})


def assign_automatically(complaint: Complaint, assignee: str, why: str, terms: Terms, now: datetime) -> Change:
    """Give a fresh complaint to the person that the rota chose."""
    return dispatch(complaint, assignee, why, SYSTEM, terms, now)
