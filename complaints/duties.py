"""Duties: the moments that no other step reaches, ticked off in chat by whoever they are for, and told to them when they begin.

`DUTIES` is the table: what is said to have been done, which clocks that keeps and starts, who may say so, whether it takes
words, and who hears of it. A clock whose holder is a role tells that role as soon as it runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from complaints.change import Change, EventKind, Notice, NoticeKind, Timer, To
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, Missing
from complaints.lifecycle import Step, allow, check, move
from complaints.parts.actors import SYSTEM, Actor
from complaints.parts.timing import Deadline
from complaints.permissions import allow_to_judge
from complaints.policy import Clock
from complaints.promises import Terms, appeal_granted, reach, reconsider
from complaints.quiet import later, quiet_staff
from complaints.vocabulary import SERVICE_CENTRE, Flag, Milestone, Role, Status

RULE = "duty"
CUSTOMER = "customer"
ASSIGNEE = "assignee"
SUPERIOR = "superior"
ALONE = "alone"
"""The fact of a notice to a customer that nobody else of their group reads it, whatever its kind."""

_WORKING = frozenset({Role.HANDLER, Role.EMPLOYEE, Role.DEPT_HEAD})
_LEAD = frozenset({Role.CENTER_LEAD})


@dataclass(frozen=True, slots=True)
class Duty:
    """Something somebody has done. milestone: None where it only sets `flag`, waives what another would keep, or is told.
    roles: who may say so; of assignees only whose task it is. words: whether it takes some. tells: customer, assignee, superior
    (of who says it) or a role.
    """

    name: str
    milestone: Milestone | None
    roles: frozenset[Role]
    words: bool = True
    tells: tuple[str, ...] = ()
    flag: Flag | None = None
    waives: Milestone | None = None


DUTIES: Mapping[str, Duty] = {
    duty.name: duty
    for duty in (
        Duty("phoned", Milestone.PHONED, SERVICE_CENTRE | _WORKING, words=False),
        Duty("nature_reported", Milestone.NATURE_REPORTED, SERVICE_CENTRE | _WORKING, tells=("center_lead", SUPERIOR)),
        Duty("nature_decided", Milestone.NATURE_DECIDED, _LEAD, tells=(ASSIGNEE,)),
        Duty(
            "valid_confirmed",
            Milestone.VALID_CONFIRMED,
            SERVICE_CENTRE | {Role.REVIEWER, Role.DEPT_HEAD},
            words=False,
            tells=(ASSIGNEE,),
        ),
        Duty("escalated", Milestone.ESCALATED, SERVICE_CENTRE | _WORKING, tells=("center_lead",)),
        Duty("centre_replied", Milestone.CENTRE_REPLIED, SERVICE_CENTRE, tells=(CUSTOMER, ASSIGNEE)),
        Duty("dept_replied", Milestone.DEPT_REPLIED, _WORKING, tells=("agent",)),
        Duty("answered", Milestone.ANSWERED, SERVICE_CENTRE | _WORKING, tells=(CUSTOMER,)),
        Duty("forum_replied", Milestone.FORUM_REPLIED, SERVICE_CENTRE | _WORKING, tells=("agent",)),
        Duty("media_replied", Milestone.MEDIA_REPLIED, _LEAD | {Role.MEDIA_OFFICER}, tells=("center_lead",)),
        Duty("apologised", Milestone.APOLOGISED, SERVICE_CENTRE | _WORKING, words=False, tells=("agent",)),
        Duty("compensated", Milestone.COMPENSATED, SERVICE_CENTRE | _WORKING, tells=("agent",)),
        Duty("apology_waived", None, _LEAD, tells=(ASSIGNEE,), waives=Milestone.APOLOGISED),
        Duty("compensation_waived", None, _LEAD, tells=(ASSIGNEE,), waives=Milestone.COMPENSATED),
        Duty("service_confirmed", Milestone.SERVICE_CONFIRMED, SERVICE_CENTRE | _WORKING, tells=(CUSTOMER,)),
        Duty("notified", Milestone.NOTIFIED, SERVICE_CENTRE | {Role.DEPT_HEAD}, tells=("leader",)),
        Duty("bulletin", Milestone.BULLETIN, SERVICE_CENTRE | {Role.COMMANDER}, tells=("leader",)),
        Duty(
            "media",
            None,
            SERVICE_CENTRE | _WORKING | {Role.MEDIA_OFFICER},
            tells=("media_officer", "center_lead"),
            flag=Flag.MEDIA,
        ),
        Duty("lawsuit", None, SERVICE_CENTRE | _WORKING, tells=("center_lead",), flag=Flag.LAWSUIT),
        Duty(
            "exposed",
            None,
            SERVICE_CENTRE | _WORKING | {Role.MEDIA_OFFICER},
            tells=("media_officer", "center_lead"),
            flag=Flag.PUBLISHED,
        ),
        Duty("outside_help", None, SERVICE_CENTRE | _WORKING, tells=("center_lead",), flag=Flag.OUTSIDE_HELP),
        Duty("loss", None, SERVICE_CENTRE | _WORKING, tells=(ASSIGNEE,), flag=Flag.LOSS),
        Duty(
            "upper_transfer",
            None,
            SERVICE_CENTRE | {Role.DEPT_HEAD},
            words=False,
            tells=(ASSIGNEE, "center_lead"),
            flag=Flag.UPPER_TRANSFER,
        ),
        Duty("unable", None, SERVICE_CENTRE | _WORKING, tells=("center_lead", "leader")),
        Duty("reported_up", Milestone.REPORTED_UP, SERVICE_CENTRE | _WORKING, tells=(SUPERIOR, "center_lead")),
    )
}


def tick(complaint: Complaint, duty: Duty, words: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    """Record that a duty was done: its milestone is reached, who is concerned hears of it. Or that one is waived: it ends.

    Raises NotAllowed, IllegalStep, or Missing where it takes words. What is told to the customer are the words themselves.
    """
    actor = replace(actor, roles=actor.roles & duty.roles)
    check(complaint, Step.DUTY, actor)
    _check_sense(complaint, duty, terms)
    said = words.strip()
    if duty.words and not said:
        raise Missing("text", f"{complaint.reference}: say in a line what was done")
    before = complaint
    # First of all: who decides on an appeal alone may do so as long as it is open.
    complaint, event = move(complaint, Step.DUTY, actor, now, EventKind.DUTY_DONE, said, {"duty": duty.name})
    events = [event]
    valid = duty.milestone is Milestone.VALID_CONFIRMED
    if valid and complaint.status in (Status.NEW, Status.UNDER_REVIEW):
        allow_to_judge(complaint, Step.REGISTER, actor)
        complaint, event = move(complaint, Step.REGISTER, actor, now, EventKind.REGISTERED)
        complaint = reach(complaint, Milestone.REGISTERED, terms, now)
        events.append(event)
    if duty.waives is not None:
        ended = [each for each in complaint.running if _kept_by(each, duty.waives, terms)]
        complaint = replace(
            complaint, deadlines=tuple(replace(d, ended_at=now) if d in ended else d for d in complaint.deadlines)
        )
    if duty.milestone is not None:
        complaint = reach(complaint, duty.milestone, terms, now)
    if duty.milestone is Milestone.MEDIA_REPLIED:
        complaint = replace(complaint, press_due=None)
    if duty.flag is not None:
        # What is exposed outside is a matter of the press: one voice answers it, and what others would say waits.
        flags = {duty.flag, Flag.MEDIA} if duty.flag is Flag.PUBLISHED else {duty.flag}
        flagged = replace(complaint, flags=complaint.flags | flags)
        complaint = reconsider(flagged, before, terms, now)
    if CUSTOMER in duty.tells:
        complaint = replace(complaint, last_progress=said, last_progress_at=now, told_alone=True)
    granted = appeal_granted(complaint, terms) if complaint.status is not before.status else ()
    return Change(complaint, tuple(events), (*granted, *_told(complaint, before, duty, said, actor)))


def decide_nature(complaint: Complaint, valid: bool, reason: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    """The centre says whether an unclear case is a valid complaint; who asked then answers the customer (R-028)."""
    duty = DUTIES["nature_decided"]
    if not valid and not reason.strip():
        allow(complaint, Step.DUTY, replace(actor, roles=actor.roles & duty.roles))
        raise Missing("reason", f"{complaint.reference}: say why it is invalid")
    decided = tick(complaint, duty, reason.strip() or "valid", actor, terms, now)
    verdict = {"valid": "yes" if valid else "no", "text": reason.strip()}
    told = replace(
        decided,
        events=tuple(replace(event, note=reason.strip(), facts={**event.facts, **verdict}) for event in decided.events),
        notices=tuple(replace(notice, facts={**notice.facts, **verdict}) for notice in decided.notices),
    )
    if valid:
        told = replace(told, complaint=reach(told.complaint, Milestone.VALID_CONFIRMED, terms, now))
    return told


def _check_sense(complaint: Complaint, duty: Duty, terms: Terms) -> None:
    owed = awaited(complaint, duty, terms)
    if complaint.settled and not owed:
        detail = f"{complaint.reference} is {complaint.status}: nobody owes that any more"
        raise IllegalStep(detail, complaint.reference, complaint.status)
    if duty.waives is not None and not owed:
        raise IllegalStep(f"{complaint.reference}: its customer is not owed that")
    if duty.milestone is Milestone.MEDIA_REPLIED and Flag.MEDIA not in complaint.flags:
        number = complaint.reference[-4:]
        raise IllegalStep(
            f"{complaint.reference}: it is not marked as a matter of the media; “media involved {number} …” marks it"
        )
    if duty.milestone is Milestone.NATURE_DECIDED and complaint.moment(Milestone.NATURE_REPORTED) is None:
        raise IllegalStep(f"{complaint.reference}: nobody has asked whether it is valid")
    if duty.milestone is Milestone.VALID_CONFIRMED and not owed and _found_valid(complaint):
        raise IllegalStep(f"{complaint.reference} was found valid already")
    if duty.flag is not None and duty.flag in complaint.flags:
        raise IllegalStep(f"{complaint.reference} is marked so already")


def _told(complaint: Complaint, before: Complaint, duty: Duty, said: str, actor: Actor) -> Iterator[Notice]:
    """Yield who hears of it; whoever has a new clock by it reads that too."""
    new = [d for d in complaint.running if d not in before.deadlines]
    for whom in duty.tells:
        if whom == CUSTOMER:
            yield Notice(NoticeKind.PROGRESS, To(person=complaint.complainant), {"text": said, ALONE: "yes"})
            continue
        facts = {"duty": duty.name, "who": actor.person or "", "text": said}
        if whom == ASSIGNEE:
            if complaint.owner == actor.person:
                continue
            to = To(person=complaint.owner) if complaint.owner else To(role=Role.AGENT)
        elif whom == SUPERIOR:
            to = To(superior_of=actor.person)
        else:
            to = To(role=Role(whom))
            facts |= _due_facts(next((d for d in new if d.whose == to.role and not d.repeats), None))
        yield Notice(NoticeKind.DUTY_DONE, to, facts)


def _due_facts(deadline: Deadline | None) -> dict[str, str]:
    if deadline is None:
        return {}
    at_once = {"at_once": "yes"} if deadline.due_at == deadline.started_at else {}
    return {"clock": deadline.clock, "due": deadline.due_at.isoformat(), **at_once}


def _found_valid(complaint: Complaint) -> bool:
    """Say whether it was found valid in this round, and not judged otherwise since."""
    found, reopened = complaint.moment(Milestone.VALID_CONFIRMED), complaint.moment(Milestone.REOPENED)
    judged = complaint.status not in (Status.NEW, Status.UNDER_REVIEW)
    return judged and found is not None and (reopened is None or found > reopened)


def awaited(complaint: Complaint, duty: Duty, terms: Terms) -> bool:
    """Say whether a clock runs that this duty keeps or waives, or somebody is to find it valid first."""
    if complaint.status is Status.UNDER_REVIEW and duty.milestone is Milestone.VALID_CONFIRMED:
        return True
    milestone = duty.waives or duty.milestone
    return milestone is not None and any(_kept_by(each, milestone, terms) for each in complaint.running)


def _kept_by(deadline: Deadline, milestone: Milestone, terms: Terms) -> bool:
    clock = terms.policy.clock(deadline.clock, deadline.profile)
    return clock is not None and milestone in clock.met_by


# ── telling a role of its duty when it begins ─────────────────────────────────────────────────────────────────────────


def wanted(complaint: Complaint, terms: Terms) -> Iterator[Timer]:
    """Yield the moment at which each role is told of a clock that is theirs."""
    quiet = quiet_staff(complaint, terms)
    for deadline in complaint.running:
        if _begins_a_duty(deadline, terms):
            yield Timer(f"{RULE}:{deadline.clock}", _occurrence(deadline), later(deadline.started_at, quiet, terms))


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """Tell the role, if the clock still runs."""
    clock = timer.rule.partition(":")[2]
    deadline = next((d for d in complaint.running if (d.clock, _occurrence(d)) == (clock, timer.occurrence)), None)
    if deadline is None or (deadline.overdue(now) and deadline.nags):
        return None
    complaint, event = move(complaint, Step.TICK, SYSTEM, now, EventKind.DUTY_TOLD, "", _due_facts(deadline))
    return Change(complaint, (event,), (Notice(NoticeKind.DUTY_BEGINS, To(role=deadline.whose), _due_facts(deadline)),))


def _occurrence(deadline: Deadline) -> str:
    return f"{deadline.round}.{deadline.turn}"


def _begins_a_duty(deadline: Deadline, terms: Terms) -> bool:
    clock = terms.policy.clock(deadline.clock, deadline.profile)
    # What repeats is reminded of when the time comes; who has to pass a complaint on has just been asked to.
    if deadline.whose is None or clock is None or clock.repeats or Milestone.DISPATCHED in clock.met_by:
        return False
    return not _told_by_its_beginning(clock)


def _told_by_its_beginning(clock: Clock) -> bool:
    """Say whether the step that starts the clock tells its role of it already."""
    return any(
        clock.whose is not None
        and clock.whose in duty.tells
        and (clock.starts is duty.milestone or (duty.flag is not None and duty.flag in clock.flags))
        for duty in DUTIES.values()
    )
