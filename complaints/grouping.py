"""Many complaints, one matter: a master that is worked on, and the others that were merged into it (trap 43).

Each keeps its number, its channel and its language. What is told to the master's customer is told to each of the others; when
it is done each is asked, may be dissatisfied alone, and then goes on by itself. One person's own complaints are merged too, and
then told of once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from complaints import closing, handling
from complaints.change import Change, Event, EventKind, Notice, NoticeKind, To
from complaints.complaint import Complaint
from complaints.duties import ALONE
from complaints.errors import IllegalStep, NotAllowed
from complaints.lifecycle import Step, check, move
from complaints.parts.actors import SYSTEM, Actor
from complaints.parts.timing import Pause
from complaints.parts.work import Task
from complaints.permissions import Bar, permitted
from complaints.promises import Terms, due_facts, reach
from complaints.questioning import begin
from complaints.rescheduling import rescheduled
from complaints.vocabulary import Flag, Milestone, Role, Status, TaskStatus, WaitsFor

_SHARED: Final = frozenset(
    {
        NoticeKind.TAKEN_UP, NoticeKind.PROGRESS, NoticeKind.EXTENDED, NoticeKind.PROMISE_MISSED, NoticeKind.PROMISE_MOVED,
        NoticeKind.HELD, NoticeKind.RESUMED,
    }
)  # fmt: skip
"""What each customer of a group is told as the master's is. Appointments are for whom they were made with."""
_HAS_THE_SAME: Final = frozenset({Status.MERGED, Status.RESOLVED, Status.CLOSED})


def distinct(persons: Iterable[frozenset[str]]) -> int:
    """Return how many people these are, each given by the signs known of them; a common sign makes them one."""
    people: list[frozenset[str]] = []
    for signs in persons:
        same = [known for known in people if known & signs]
        people = [known for known in people if not known & signs]
        people.append(signs.union(*same))
    return len(people)


def check_press(master: Complaint, member: Complaint, actor: Actor) -> None:
    """Raise NotAllowed where the press is in it, unless the centre's lead merges: each of a group reads what is said of it.

    Raises IllegalStep where a result was told already that whoever speaks to the press never let out.
    """
    if Flag.MEDIA in member.flags | master.flags and not permitted(member, Step.MARK, actor):
        raise NotAllowed(f"{member.reference} is of the press: its lead alone merges it", Bar.ROLE, Step.MERGE, member)
    if Flag.MEDIA in member.flags - master.flags and master.status is Status.RESOLVED:
        raise IllegalStep(f"{member.reference}: a result that was told is not for the press: link them")


def merge(
    master: Complaint,
    member: Complaint,
    why: str,
    people: int,
    actor: Actor,
    terms: Terms,
    now: datetime,
    members_of_member: Sequence[Complaint] = (),
    *,
    own: bool = False,
) -> tuple[Change, ...]:
    """Merge `member` into `master`; return the changes of both, and of those that had been merged into `member` before.

    people: how many complain then. own: one person told both. terms: the master's. Raises IllegalStep where one of them is
    over, is of another group, or went too far to be merged: then they can be linked.
    """
    check(member, Step.MERGE, actor)
    check(master, Step.JOIN, actor)
    if member.reference == master.reference:
        raise IllegalStep(f"{member.reference} is one complaint: name two")
    if master.settled:
        detail = f"{master.reference} is {master.status}: nothing can be merged into it"
        raise IllegalStep(detail, master.reference, master.status)
    if member.drill != master.drill:
        raise IllegalStep(f"{member.reference} and {master.reference}: one of them is practice")
    check_press(master, member, actor)
    if master.owner in member.respondents:
        raise IllegalStep(f"{member.reference} names whoever has {master.reference}: give that to somebody else first")
    joining = (member.reference, *member.members)
    grown, event = move(
        master,
        Step.JOIN,
        actor,
        now,
        EventKind.JOINED,
        why,
        {"members": ",".join(joining), "people": str(people)},
        members=(*master.members, *joining),
        people=max(people, master.people),
        respondents=master.respondents | member.respondents,
        flags=master.flags | member.flags,
    )
    joined = Change(grown, (event,))
    if member.severity < grown.severity:
        joined += handling.grade(grown, member.severity, f"{member.reference} was merged into it", actor, terms, now)
    return (
        joined,
        _merged(master, member, why, actor, now, own),
        *(passed_on(each, master, now) for each in members_of_member),
    )


def _merged(master: Complaint, member: Complaint, why: str, actor: Actor, now: datetime, own: bool) -> Change:
    merged, event = move(
        member,
        Step.MERGE,
        actor,
        now,
        EventKind.MERGED,
        why,
        {"into": master.reference},
        master=master.reference,
        merged_at=now,
        members=(),
        people=1,
        tasks=tuple(replace(task, status=TaskStatus.GIVEN_BACK) if task.open else task for task in member.tasks),
        owner=None,
        extension=None,
        hold=None,
        unreleased=None,
        nobody_since=None,
        plan=master.plan,
        **_news(master, member),
    )
    notices = []
    if member.contact_known:
        facts = {"into": master.reference} if own else {}
        notices.append(Notice(NoticeKind.MERGED, To(person=member.complainant), facts))
    relieved = dict.fromkeys(task.assignee for task in member.tasks if task.open)
    note = f"→ {master.reference}"
    notices += [
        Notice(NoticeKind.UNASSIGNED, To(person=each), {"note": note}) for each in relieved if each != master.owner
    ]
    return Change(merged, (event,), tuple(notices))


def passed_on(follower: Complaint, master: Complaint, now: datetime) -> Change:
    """Return a merged complaint under another master."""
    facts = {"into": master.reference}
    moved, event = move(follower, Step.FOLLOW, SYSTEM, now, EventKind.MERGED, "", facts, master=master.reference)
    return Change(moved, (event,))


def split(member: Complaint, why: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    """Let a merged complaint go on by itself: new, its clocks as if they had stood still meanwhile. Its customer is told.

    What a group had not judged before it was merged is judged then.
    """
    check(member, Step.SPLIT, actor)
    alone, event = move(_back(member, now), Step.SPLIT, actor, now, EventKind.SPLIT, why, {"from": member.master or ""})
    alone = rescheduled(replace(alone, master=None, merged_at=None, plan=""), terms, now)
    told = (Notice(NoticeKind.SPLIT_OFF, To(person=alone.complainant), due_facts(alone, terms)),)
    return Change(alone, (event,), told if alone.contact_known else ()) + handling.for_review(alone, terms, now)


def _back(member: Complaint, now: datetime) -> Complaint:
    """Return a merged complaint as it leaves that state: the time that it was merged is nobody's delay."""
    merged = Pause(member.merged_at or now, now, WaitsFor.GROUP, round=member.round, ends=now)
    return replace(member, pauses=(*member.pauses, merged), closed_at=None, closed_as="")


def leave(master: Complaint, member: str, people: int, now: datetime, actor: Actor = SYSTEM) -> Change:
    """Take one out of a master's group. people: how many are left; what raised the severity stays raised."""
    facts = {"members": member, "people": str(people)}
    members = tuple(each for each in master.members if each != member)
    left, event = move(master, Step.JOIN, actor, now, EventKind.LEFT, "", facts, members=members, people=people)
    return Change(left, (event,))


def left(before: Complaint | None, change: Change) -> bool:
    """Say whether a complaint leaves its group by this change: its customer is dissatisfied alone, or took it back."""
    gone = {EventKind.REOPENED, EventKind.WITHDRAWN, EventKind.APPEALED, EventKind.SPLIT}
    return before is not None and before.master is not None and any(event.kind in gone for event in change.events)


def follow(change: Change, member: Complaint, terms: Terms, now: datetime, *, told: bool = True) -> Change | None:
    """Return what a change of the master means for a merged one; None where it means nothing.

    told: whether its customer is to hear it; not where they hear it already, by the master or by another complaint of theirs.
    terms: the member's own.
    """
    if member.status is not Status.MERGED:
        return None
    kinds = {event.kind for event in change.events}
    if told and EventKind.RESOLVED in kinds:
        return _result(change.complaint, member, terms, now)
    if told and EventKind.INVALID in kinds:
        return _invalid(change, member, terms, now)
    if not told:
        over = change.complaint.settled
        return _mirror(change.complaint, member, now, ()) if over or EventKind.REOPENED in kinds else None
    notices = tuple(_shared(notice, member) for notice in change.notices if _for_all(notice, change.complaint))
    return _mirror(change.complaint, member, now, notices) if notices else None


def with_its_cause(change: Change, before: Complaint, member: Complaint, terms: Terms, now: datetime) -> Change | None:
    """Return what it means for one of the group that the cause of its master's was told, also after each had its result: it
    has the same, and a closing that waited for nothing else follows. None where it has one of its own, or went on alone.

    before: the master as it was. terms: the member's own.
    """
    master = change.complaint
    told = any(event.kind is EventKind.CAUSE_TOLD for event in change.events)
    if not told or member.master != master.reference or member.status not in _HAS_THE_SAME:
        return None
    if _cause(member) not in (_cause(before), ("", "", "")) or _cause(member) == _cause(master):
        return None
    step = Step.FOLLOW if member.status is Status.MERGED else Step.TICK
    cause_kind, cause, responsible = _cause(master)
    facts = {"master": master.reference, "responsible": responsible, "kind": cause_kind}
    same, event = move(
        member,
        step,
        SYSTEM,
        now,
        EventKind.CAUSE_TOLD,
        cause,
        {name: said for name, said in facts.items() if said},
        cause=cause,
        cause_kind=cause_kind,
        responsible=responsible,
    )
    noted = Change(same, (event,))
    closed = closing.close_if_gate_open(same, SYSTEM, terms, now)
    return noted if closed is None else noted + closed


def _cause(complaint: Complaint) -> tuple[str, str, str]:
    return complaint.cause_kind, complaint.cause, complaint.responsible


def _news(master: Complaint, member: Complaint) -> dict[str, Any]:
    """Return what a merged complaint's customer was last told; an answer to the master's own is none of theirs."""
    if master.told_alone or master.last_progress_at is None:
        return {}
    return {
        "last_progress": master.last_progress,
        "last_progress_at": master.last_progress_at,
        "told_alone": False,
    }


def _for_all(notice: Notice, master: Complaint) -> bool:
    if notice.to.person != master.complainant or ALONE in notice.facts:
        return False
    return notice.kind in _SHARED | {NoticeKind.PLAN}


def _shared(notice: Notice, member: Complaint) -> Notice:
    kind = NoticeKind.GROUP_PLAN if notice.kind is NoticeKind.PLAN else notice.kind
    return replace(notice, kind=kind, to=To(person=member.complainant))


def _mirror(master: Complaint, member: Complaint, now: datetime, notices: tuple[Notice, ...]) -> Change:
    kinds = ",".join(dict.fromkeys(notice.kind for notice in notices))
    same, event = move(
        member,
        Step.FOLLOW,
        SYSTEM,
        now,
        EventKind.FOLLOWED,
        "",
        {"master": master.reference, "told": kinds},
        plan=master.plan,
        **_news(master, member),
        closed_at=master.closed_at,
        closed_as=master.closed_as,
    )
    return Change(same, (event,), notices)


def _result(master: Complaint, member: Complaint, terms: Terms, now: datetime) -> Change:
    """The result is told and its customer asked, as if it had been worked on by itself: from here on it ends by itself."""
    done = Task(len(member.tasks) + 1, master.owner or "", TaskStatus.DONE, now, "with its master", done_at=now)
    changes: dict[str, Any] = {"tasks": (*member.tasks, replace(done, result=master.result))} if master.owner else {}
    resolved, event = move(
        _back(member, now),
        Step.FOLLOW_RESULT,
        SYSTEM,
        now,
        EventKind.RESOLVED,
        master.result,
        {"master": master.reference},
        result=master.result,
        cause=master.cause,
        cause_kind=master.cause_kind,
        responsible=master.responsible,
        owner=master.owner,
        resolved_at=now,
        surveys=(*member.surveys, begin(member, terms, now)),
        **changes,
    )
    resolved = reach(rescheduled(resolved, terms, now), Milestone.RESOLVED, terms, now)
    resolved = reach(resolved, Milestone.SURVEY_ASKED, terms, now)
    facts = {"result": master.result, "round": str(resolved.round)}
    return Change(resolved, (event,), (Notice(NoticeKind.SURVEY, To(person=resolved.complainant), facts),))


def _invalid(change: Change, member: Complaint, terms: Terms, now: datetime) -> Change:
    """The verdict is told to each, with an appeal of their own."""
    reason = next(event.note for event in change.events if event.kind is EventKind.INVALID)
    facts = {"master": change.complaint.reference}
    back = rescheduled(_back(member, now), terms, now)
    judged, event = move(back, Step.FOLLOW_INVALID, SYSTEM, now, EventKind.INVALID, reason, facts)
    judged = replace(judged, closed_at=now, closed_as="invalid")
    return Change(judged, (event,), (Notice(NoticeKind.INVALID, To(person=judged.complainant), {"reason": reason}),))


def result_told(master: Complaint, member: Complaint, terms: Terms, now: datetime) -> Change | None:
    """Return the result as it is told to one that was merged only after it was there; None where there is none yet."""
    if master.status is not Status.RESOLVED or master.complainant == member.complainant:
        return None
    return _result(master, member, terms, now)


def succeed(
    heir: Complaint, master: Complaint, rest: Sequence[str], people: int, terms: Terms, now: datetime
) -> Change:
    """Let a merged complaint be the master of the others: its own was taken back by its customer, and the matter is not over.

    Whoever had the work has it again.
    """
    alone = split(heir, f"{master.reference} was withdrawn", SYSTEM, terms, now)
    alone = replace(alone, complaint=replace(alone.complaint, members=tuple(rest), people=people), notices=())
    if master.owner is None:
        return alone + handling.needs_assignment(alone.complaint)
    return alone + handling.dispatch(alone.complaint, master.owner, "has it already", SYSTEM, terms, now)


def link(one: Complaint, other: Complaint, linked: bool, actor: Actor, now: datetime) -> tuple[Change, Change]:
    """Note on both that they have to do with each other, or that they have not; each goes on by itself."""
    kind = EventKind.LINKED if linked else EventKind.UNLINKED
    first, second = (
        Change(*_linked(each, partner, kind, actor, now)) for each, partner in ((one, other), (other, one))
    )
    return first, second


def _linked(
    one: Complaint, other: Complaint, kind: EventKind, actor: Actor, now: datetime
) -> tuple[Complaint, tuple[Event, ...]]:
    moved, event = move(one, Step.LINK, actor, now, kind, "", {"with": other.reference})
    return moved, (event,)


def readdressed(change: Change, master: Complaint | None) -> Change:
    """What a merged complaint's customer says reaches whoever has the master, not the queue."""
    if change.complaint.status is not Status.MERGED or master is None or master.owner is None:
        return change
    queue, owner = To(role=Role.AGENT), To(person=master.owner)
    said = {NoticeKind.STAFF_SUPPLEMENT, NoticeKind.STAFF_URGED}
    notices = (
        replace(notice, to=owner) if notice.kind in said and notice.to == queue else notice for notice in change.notices
    )
    told = tuple(event.note for event in change.events if event.kind is EventKind.FACT_TOLD)
    facts = (Notice(NoticeKind.STAFF_SUPPLEMENT, owner, {"text": text}) for text in told)
    return replace(change, notices=(*notices, *facts))
