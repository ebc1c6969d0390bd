"""A task force: several people on one complaint, one commander whose word alone goes outward, everybody's 收到 on record.

Source: R-038, R-039. Forming one, adding to it and dissolving it is for the lead of the centre and the leaders; what members
say stays inside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from complaints.change import Change, Event, EventKind, Notice, NoticeKind, Timer, To
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, Missing, NotAllowed
from complaints.lifecycle import Step, check, move
from complaints.parts.actors import SYSTEM, Actor
from complaints.parts.work import Member, TaskForce
from complaints.promises import Terms
from complaints.quiet import later, quiet_staff

RULE = "force"


def form(
    complaint: Complaint,
    members: Sequence[str],
    commander: str,
    actor: Actor,
    terms: Terms,
    now: datetime,
    note: str = "",
) -> Change:
    """Form a task force: every member is called and answers 收到. The commander is a member, whether named as one or not.

    Raises Missing without members or a commander, NotAllowed where the complaint names one of them, IllegalStep where there is
    one already.
    """
    check(complaint, Step.FORCE, actor)
    if complaint.commander is not None:
        raise IllegalStep(f"{complaint.reference}: it has a task force already")
    if not commander:
        raise Missing("commander", f"{complaint.reference}: say who commands the task force")
    persons = tuple(dict.fromkeys((commander, *members)))
    if len(persons) < 2:
        raise Missing("members", f"{complaint.reference}: say who is of the task force")
    _check_impartial(complaint, persons)
    assert actor.person is not None
    # Who forms it need not answer.
    seats = tuple(Member(person, now, now if person == actor.person else None) for person in persons)
    force = TaskForce(seats, commander, actor.person, now)
    facts = {"members": ",".join(persons), "commander": commander}
    complaint, event = move(complaint, Step.FORCE, actor, now, EventKind.FORCE_FORMED, note, facts, force=force)
    return Change(complaint, (event,), tuple(_called(complaint, persons, actor, note, terms)))


def join(complaint: Complaint, members: Sequence[str], actor: Actor, terms: Terms, now: datetime) -> Change:
    """Call further people into the task force."""
    check(complaint, Step.FORCE, actor)
    force = active(complaint)
    new = tuple(person for person in dict.fromkeys(members) if force.member(person) is None)
    if not new:
        raise Missing("members", f"{complaint.reference}: say who is of the task force")
    _check_impartial(complaint, new)
    grown = replace(force, members=(*force.members, *(Member(person, now) for person in new)))
    facts = {"members": ",".join(new)}
    complaint, event = move(complaint, Step.FORCE, actor, now, EventKind.FORCE_JOINED, "", facts, force=grown)
    return Change(complaint, (event,), tuple(_called(complaint, new, actor, "", terms)))


def _check_impartial(complaint: Complaint, persons: Sequence[str]) -> None:
    if not complaint.respondents.isdisjoint(persons):
        raise NotAllowed(f"{complaint.reference} names one of them: choose somebody else", "other")


def _called(complaint: Complaint, persons: Sequence[str], actor: Actor, note: str, terms: Terms) -> Iterator[Notice]:
    force = active(complaint)
    facts = {"members": ",".join(member.person for member in force.members), "commander": force.commander, "text": note}
    facts |= _voice(complaint, terms)
    for person in persons:
        told = facts | ({"command": "yes"} if person == force.commander else {})
        told |= {"own": "yes"} if person == actor.person else {}
        yield Notice(NoticeKind.FORCE_CALLED, To(person=person), told, also_sms=person != actor.person)


def _voice(complaint: Complaint, terms: Terms) -> dict[str, str]:
    """Return the fact that the commander alone speaks outward, where it is so grave."""
    return {"voice": "yes"} if complaint.severity in terms.policy.outward.commander else {}


def active(complaint: Complaint) -> TaskForce:
    """Return the task force at work. Raises IllegalStep where there is none."""
    if complaint.force is None or not complaint.force.active:
        raise IllegalStep(f"{complaint.reference}: it has no task force")
    return complaint.force


def confirm(complaint: Complaint, actor: Actor, now: datetime) -> Change:
    """A member answers 收到. The last one's answer is told to the commander."""
    force = active(complaint)
    check(complaint, Step.FORCE_WORD, actor)
    member = force.member(actor.person)
    assert member is not None, "asked at the gate"
    if member.confirmed_at is not None:
        raise IllegalStep(f"{complaint.reference}: they have confirmed already")
    confirmed = _heard_from(force, actor, now)
    complaint, event = move(complaint, Step.FORCE_WORD, actor, now, EventKind.FORCE_CONFIRMED, force=confirmed)
    return Change(complaint, (event,), _complete(force, confirmed, actor))


def _heard_from(force: TaskForce, actor: Actor, now: datetime) -> TaskForce:
    """Return the task force with a member confirmed who has said something in it: nobody asks them for 收到 after that."""
    member = force.member(actor.person)
    if member is None or member.confirmed_at is not None:
        return force
    return _with(force, replace(member, confirmed_at=now))


def _complete(before: TaskForce, after: TaskForce, actor: Actor) -> tuple[Notice, ...]:
    """Return the word to the commander that the last member has confirmed."""
    if silent(after) or not silent(before):
        return ()
    told = Notice(NoticeKind.FORCE_NEWS, To(person=after.commander), {"news": "complete"}, but_not=actor.person or "")
    return (told,)


def silent(force: TaskForce) -> tuple[Member, ...]:
    """Return the members who have not confirmed."""
    return tuple(member for member in force.members if member.confirmed_at is None)


def _with(force: TaskForce, changed: Member) -> TaskForce:
    members = tuple(changed if member.person == changed.person else member for member in force.members)
    return replace(force, members=members)


def report(complaint: Complaint, text: str, actor: Actor, now: datetime) -> Change:
    """A member says how it stands: the commander and whoever leads the work read it, the customer does not."""
    force = active(complaint)
    check(complaint, Step.FORCE_WORD, actor)
    if not text.strip():
        raise Missing("text", f"{complaint.reference}: say in a line how it stands")
    heard = _heard_from(force, actor, now)
    complaint, event = move(complaint, Step.FORCE_WORD, actor, now, EventKind.FORCE_REPORTED, text.strip(), force=heard)
    facts = {"news": "report", "who": actor.person or "", "text": text.strip()}
    others = dict.fromkeys((force.commander, *([complaint.owner] if complaint.owner else ())))
    told = _news(NoticeKind.FORCE_NEWS, others, facts, actor)
    return Change(complaint, (event,), (*told, *_complete(force, heard, actor)))


def minutes(complaint: Complaint, text: str, actor: Actor, now: datetime) -> Change:
    """The minutes of a meeting are appended, and every member reads them."""
    force = active(complaint)
    check(complaint, Step.FORCE_WORD, actor)
    if not text.strip():
        raise Missing("text", f"{complaint.reference}: say what was agreed")
    heard = _heard_from(force, actor, now)
    complaint, event = move(complaint, Step.FORCE_WORD, actor, now, EventKind.FORCE_MINUTES, text.strip(), force=heard)
    facts = {"who": actor.person or "", "text": text.strip()}
    told = _news(NoticeKind.FORCE_MINUTES, [member.person for member in force.members], facts, actor)
    return Change(complaint, (event,), (*told, *_complete(force, heard, actor)))


def _news(
    kind: NoticeKind, persons: Sequence[str] | dict[str, None], facts: dict[str, str], actor: Actor
) -> Iterator[Notice]:
    for person in persons:
        if person != actor.person:
            yield Notice(kind, To(person=person), facts)


def bind_room(complaint: Complaint, room: str, actor: Actor, now: datetime) -> Change:
    """A group chat is the task force's from now on. room: `channel address`."""
    force = active(complaint)
    check(complaint, Step.FORCE_WORD, actor)
    bound = replace(_heard_from(force, actor, now), room=room)
    complaint, event = move(complaint, Step.FORCE_WORD, actor, now, EventKind.FORCE_ROOM, force=bound)
    return Change(complaint, (event,))


def dissolve(complaint: Complaint, reason: str, actor: Actor, now: datetime) -> Change:
    """The task force has done its work; the assignee's own word goes outward again."""
    force = active(complaint)
    check(complaint, Step.FORCE, actor)
    gone = replace(force, dissolved_at=now)
    complaint, event = move(complaint, Step.FORCE, actor, now, EventKind.FORCE_DISSOLVED, reason, force=gone)
    told = _news(NoticeKind.FORCE_DISSOLVED, [m.person for m in force.members], {"reason": reason}, actor)
    return Change(complaint, (event,), tuple(told))


def over(change: Change) -> Change:
    """Return the change with the task force dissolved where its complaint has come to an end, and its members told."""
    complaint, force = change.complaint, change.complaint.force
    if not complaint.settled or force is None or not force.active:
        return change
    now, status = change.events[-1].at, complaint.status
    event = Event(EventKind.FORCE_DISSOLVED, now, None, SYSTEM.channel, status, status)
    told = _news(NoticeKind.FORCE_DISSOLVED, [m.person for m in force.members], {"over": "yes"}, SYSTEM)
    after = replace(complaint, force=replace(force, dissolved_at=now))
    return Change(after, (*change.events, event), (*change.notices, *told))


# ── the silent ────────────────────────────────────────────────────────────────────────────────────────────────────────


def wanted(complaint: Complaint, terms: Terms) -> Iterator[Timer]:
    """Yield when each member who has not answered 收到 is asked again."""
    force, rule = complaint.force, terms.policy.force
    if force is None or not force.active:
        return
    for number, member in enumerate(force.members):
        if member.confirmed_at is None and member.chased < rule.chases:
            at = member.told_at + rule.confirm_within * (member.chased + 1)
            occurrence = f"{int(force.formed_at.timestamp())}.{number}/{member.chased}"
            yield Timer(RULE, occurrence, later(at, quiet_staff(complaint, terms), terms))


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """Ask a silent member again; the commander and whoever formed it hear of it, from the second time on their superior too."""
    if not any((timer.rule, timer.occurrence) == (each.rule, each.occurrence) for each in wanted(complaint, terms)):
        return None
    force, rule = active(complaint), terms.policy.force
    member = force.members[int(timer.occurrence.partition(".")[2].partition("/")[0])]
    # After an outage one question stands for all that were missed.
    count = min(max(member.chased + 1, int((now - member.told_at) / rule.confirm_within)), rule.chases)
    facts = {"who": member.person, "count": str(count)}
    chased = _with(force, replace(member, chased=count))
    complaint, event = move(complaint, Step.TICK, SYSTEM, now, EventKind.FORCE_CHASED, "", facts, force=chased)
    again = {"commander": force.commander, "again": str(count)}
    again |= {"members": ",".join(each.person for each in force.members), **_voice(complaint, terms)}
    notices = [Notice(NoticeKind.FORCE_CALLED, To(person=member.person), again, also_sms=count > 1)]
    whom = [To(person=each) for each in dict.fromkeys((force.commander, force.formed_by)) if each != member.person]
    whom += [To(superior_of=member.person)] if count > 1 else []
    notices += [Notice(NoticeKind.FORCE_NEWS, to, {"news": "silent", **facts}) for to in whom]
    return Change(complaint, (event,), tuple(notices))
