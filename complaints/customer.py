"""What a customer, or the employee who speaks for one, does to a complaint besides rating it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from complaints import endangered, handling
from complaints.change import Change, EventKind, Notice, NoticeKind, To
from complaints.complaint import Complaint
from complaints.correcting import filed_as
from complaints.demands import MONEY, demands
from complaints.errors import IllegalStep, Missing
from complaints.grading_words import hear
from complaints.lifecycle import Step, check, move
from complaints.on_behalf import spoken_for
from complaints.owing import revived
from complaints.parts.actors import SYSTEM, Actor
from complaints.parts.timing import Pause
from complaints.parts.work import Task, Withdrawn
from complaints.policy import Topic
from complaints.pressing import says_more
from complaints.promises import Terms, acknowledgement, asleep_facts, due_facts, reach
from complaints.quiet import last_word
from complaints.rescheduling import rescheduled
from complaints.visits import told_over
from complaints.vocabulary import Milestone, Role, Status, TaskStatus, WaitsFor

_AWAKE = timedelta(minutes=15)  # who has shown so lately that they have it in hand reads it at once


def supplement(
    complaint: Complaint,
    text: str,
    actor: Actor,
    now: datetime,
    *,
    told: bool = True,
    by: str = "",
    place: str = "",
) -> Change:
    """More about the same matter; the assignee, or the service centre where there is none, reads it.

    told: the customer gets a word that it was recorded (not for answers to our own questions). by: who says it, where that is
    not the customer. place: where it is, as these words tell, if nobody knew it.
    """
    said = f"{by}：{text}" if by else text
    place = complaint.place or place
    complaint, event = move(complaint, Step.SUPPLEMENT, actor, now, EventKind.SUPPLEMENTED, said, place=place)
    finder = spoken_for(complaint, actor)
    demanded = {} if by else _demanded(text)
    facts = {"text": text} | ({"by": by} if by else finder) | demanded
    notices = [
        *(Notice(NoticeKind.STAFF_SUPPLEMENT, each, facts) for each in _handling(complaint)),
        *_in_charge(complaint, NoticeKind.STAFF_SUPPLEMENT, facts),
    ]
    if told and actor.person is not None:
        notices.insert(0, Notice(NoticeKind.SUPPLEMENT_RECORDED, To(person=actor.person), finder | demanded))
    return Change(complaint, (event,), tuple(notices))


def _demanded(text: str) -> dict[str, str]:
    return {"demands": found} if (found := demands(text)) else {}


def _in_charge(complaint: Complaint, kind: NoticeKind, facts: Mapping[str, str]) -> list[Notice]:
    """Tell those who may grant money that it is demanded; of what else is threatened, the centre is asked how grave it is."""
    if MONEY not in facts.get("demands", "").split(",") or complaint.owner is None:
        return []  # where nobody has it yet, the centre reads it anyway
    return [Notice(kind, To(role=Role.AGENT), facts), Notice(kind, To(superior_of=complaint.owner), facts)]


def put_right(complaint: Complaint, text: str, place: str, actor: Actor, now: datetime) -> Change:
    """The customer corrects where it is: they read the place back, and whoever works on it hears both."""
    change = supplement(replace(complaint, place=place), text, actor, now)
    notices = tuple(replace(each, facts={**each.facts, "place": place}) for each in change.notices)
    return replace(change, notices=notices)


def renumber(complaint: Complaint, text: str, phone: str, actor: Actor, now: datetime) -> Change:
    """The customer corrects the number at which to call them: they read it back, and whoever works on it hears."""
    change = supplement(complaint, text, actor, now)
    facts = [{"call_on": phone} if each.to.person == actor.person else {"renumbered": "yes"} for each in change.notices]
    notices = (replace(n, facts={**n.facts, **more}) for n, more in zip(change.notices, facts, strict=True))
    return replace(change, notices=tuple(notices))


def all_clear(complaint: Complaint, text: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    """The customer says that the danger is over: recorded, and everybody at the centre, and who else was alarmed, hears it; a
    person decides (R-041).
    """
    change = supplement(complaint, text, actor, now)
    notices = (
        replace(n, facts={**n.facts, "clear": "yes"}) if n.to.person == actor.person else n for n in change.notices
    )
    return endangered.reported_over(replace(change, notices=tuple(notices)), text, terms, now)


def attach(complaint: Complaint, text: str, actor: Actor, now: datetime) -> Change:
    """Something more of what was just said (the next photo of an album): recorded, and nobody is told of it again."""
    complaint, event = move(complaint, Step.SUPPLEMENT, actor, now, EventKind.SUPPLEMENTED, text)
    return Change(complaint, (event,))


def amend(complaint: Complaint, text: str, version: int, actor: Actor, now: datetime, *, place: str = "") -> Change:
    """The customer edited what they had said: the new words are added, the old ones stay (trap 18).

    version: of the message, 2 for its first edit. place: where it is, now that they put it right. Whoever works on it reads the
    new words.
    """
    facts, place = {"version": str(version)}, place or complaint.place
    complaint, event = move(complaint, Step.SUPPLEMENT, actor, now, EventKind.AMENDED, text, facts, place=place)
    facts = {"text": text, "edited": "yes"}
    told = tuple(Notice(NoticeKind.STAFF_SUPPLEMENT, each, facts) for each in _handling(complaint))
    return Change(complaint, (event,), told)


def take_back(complaint: Complaint, text: str, version: int, actor: Actor, now: datetime) -> Change:
    """The customer took back what they had said: the complaint stays, and so does what was said; whoever works on it hears.

    text: the words as they were. version: of the message, counting this one.
    """
    facts = {"version": str(version), "deleted": "yes"}
    complaint, event = move(complaint, Step.SUPPLEMENT, actor, now, EventKind.AMENDED, "", facts)
    facts = {"text": text, "deleted": "yes"}
    told = tuple(Notice(NoticeKind.STAFF_SUPPLEMENT, each, facts) for each in _handling(complaint))
    return Change(complaint, (event,), told)


def _handling(complaint: Complaint) -> tuple[To, ...]:
    """Return who has it now: while it is judged, whoever judges it, who else would do so by the first words alone."""
    if complaint.owner is not None:
        return (To(person=complaint.owner),)
    judged = complaint.status is Status.UNDER_REVIEW
    return (To(role=Role.REVIEWER), To(role=Role.AGENT)) if judged else (To(role=Role.AGENT),)


def tell_facts(
    complaint: Complaint,
    text: str,
    contact_known: bool,
    actor: Actor,
    terms: Terms,
    now: datetime,
    *,
    where: bool = False,
    site: str = "",
    place: str = "",
    category: str = "",
) -> Change:
    """What we asked is answered (name, phone, room). where: by which the customer is found, or with more than was asked;
    whoever has the task reads it.
    site, place: which one it is about, as far as that is known now. category: the words tell the matter itself, which nothing
    told before: it becomes part of what happened. terms: those of such a complaint.

    A customer who could not be reached until now gets the acknowledgement that had to wait.
    """
    reachable_now = contact_known and not complaint.contact_known
    complaint, event = move(
        complaint,
        Step.SUPPLEMENT,
        actor,
        now,
        EventKind.FACT_TOLD,
        text,
        contact_known=complaint.contact_known or contact_known,
        site=site or complaint.site,
        place=place or complaint.place,
    )
    if category:
        complaint = filed_as(replace(complaint, summary=f"{complaint.summary}\n{text}"), category, terms, now)
    notices = [acknowledgement(complaint, terms)] if reachable_now else []
    if where and complaint.owner is not None:
        notices.append(Notice(NoticeKind.STAFF_SUPPLEMENT, To(person=complaint.owner), {"text": text}))
    return Change(complaint, (event,), tuple(notices))


def give_name(complaint: Complaint, text: str, actor: Actor, now: datetime, *, place: str = "") -> Change:
    """Who would not be named says who they are: it is theirs like any other, and whoever works on it reads so.

    actor: who they are. place: where it is, as these words tell, if nobody knew it.
    """
    assert actor.person is not None
    known = replace(complaint, anonymous=False, complainant=actor.person, contact_known=True)
    place = complaint.place or place
    complaint, event = move(
        known, Step.SUPPLEMENT, actor, now, EventKind.FACT_TOLD, text, {"named": "yes"}, place=place
    )
    to = (To(person=complaint.owner), To(role=Role.AGENT)) if complaint.owner else (To(role=Role.AGENT),)
    facts = {"text": text, "named": "yes"}
    return Change(complaint, (event,), tuple(Notice(NoticeKind.STAFF_SUPPLEMENT, each, facts) for each in to))


def urged_lately(complaint: Complaint, terms: Terms, now: datetime) -> bool:
    """Say whether they pressed so lately that one more time counts for none."""
    return complaint.urged_at is not None and now - complaint.urged_at < terms.policy.urging.once_within


def _says_more(complaint: Complaint, text: str) -> bool:
    return says_more(text, complaint.summary, complaint.place, complaint.plan)


def urge(complaint: Complaint, text: str, actor: Actor, terms: Terms, now: datetime, *, told: bool = True) -> Change:
    """The customer presses, or a colleague for them: counted, the assignee hears it, from the policy's n-th time on others
    too (R-063). told: who presses gets a word that it was recorded.

    Several urges in a short time count once, and disturb the assignee once, except where one says something new; each is
    answered with how it really stands.
    """
    if urged_lately(complaint, terms, now):
        more = {"more": "yes"} if _says_more(complaint, text) else {}
        facts = {"count": str(complaint.urged), "again": "yes"} | more | spoken_for(complaint, actor) | _demanded(text)
        complaint, event = move(complaint, Step.URGE, actor, now, EventKind.URGED, text, facts)
        facts |= due_facts(complaint, terms)
        said = facts | _unheard(complaint, terms, now)
        notices = [Notice(NoticeKind.URGE_RECORDED, To(person=actor.person), said)] if told else []
        grave = hear(text).topics.keys() - {Topic.FRAIL}
        if more or grave or "demands" in facts:  # something new, money, a court, the press: more than one more urge
            facts = {**facts, "text": text}
            notices += (Notice(NoticeKind.STAFF_URGED, each, facts) for each in _handling(complaint))
            notices += _in_charge(complaint, NoticeKind.STAFF_URGED, facts)
        return Change(complaint, (event,), tuple(notices))
    count = complaint.urged + 1
    complaint, event = move(
        complaint, Step.URGE, actor, now, EventKind.URGED, text, {"count": str(count)}, urged=count, urged_at=now
    )
    facts = {"count": str(count), "text": text} | spoken_for(complaint, actor) | due_facts(complaint, terms)
    facts = facts | _demanded(text)
    said = facts | _unheard(complaint, terms, now)
    notices = [Notice(NoticeKind.URGE_RECORDED, To(person=actor.person), said)] if told else []
    notices += (Notice(NoticeKind.STAFF_URGED, each, facts) for each in _handling(complaint))
    raised = count >= terms.policy.urges_before_raise
    if not raised:
        notices += _in_charge(complaint, NoticeKind.STAFF_URGED, facts)
    if raised and complaint.owner:
        notices.append(Notice(NoticeKind.STAFF_URGED, To(role=Role.AGENT), facts))
        notices.append(Notice(NoticeKind.STAFF_URGED, To(superior_of=complaint.owner), facts))
    change = Change(complaint, (event,), tuple(notices))
    return change + _raised(complaint, count, terms, now) if raised else change


def _unheard(complaint: Complaint, terms: Terms, now: datetime) -> dict[str, str]:
    """Return by when a colleague reads what is said now, where that may be only in the morning: nobody was urged then."""
    working = last_word(complaint, now - _AWAKE)
    return {} if working is not None else asleep_facts(complaint, terms, now)


def _raised(complaint: Complaint, count: int, terms: Terms, now: datetime) -> Change:
    """What pressing so often brings: the mark in every list, and a higher severity where the policy says so."""
    rule = terms.policy.urging
    complaint = replace(complaint, priority=complaint.priority or rule.mark_priority)
    if rule.raise_severity is None or complaint.severity <= rule.raise_severity:
        return Change(complaint)
    return handling.grade(complaint, rule.raise_severity, f"urged {count} times", SYSTEM, terms, now)


def answer_plan(complaint: Complaint, agreed: bool, text: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    """The customer takes the plan or refuses it (R-076)."""
    step, kind, notice = (
        (Step.AGREE, EventKind.PLAN_AGREED, NoticeKind.PLAN_AGREED)
        if agreed
        else (Step.REFUSE, EventKind.PLAN_REFUSED, NoticeKind.PLAN_REFUSED)
    )
    complaint, event = move(complaint, step, actor, now, kind, text)
    complaint = reach(complaint, Milestone.PLAN_ANSWERED, terms, now)
    facts = {"agreed": "yes" if agreed else "no", "text": text}
    return Change(
        complaint,
        (event,),
        (
            Notice(notice, To(person=complaint.complainant), facts),
            *(Notice(NoticeKind.STAFF_PLAN_ANSWER, each, facts) for each in _handling(complaint)),
        ),
    )


def withdraw(complaint: Complaint, text: str, actor: Actor, now: datetime) -> Change:
    """The customer takes the complaint back; everybody at work on it is told, every promise ends.

    text: of the centre, how it knows that the customer wishes so (C3): kept with it. Raises Missing without that.
    """
    check(complaint, Step.WITHDRAW, actor)
    before, owner, desk = complaint, complaint.owner, spoken_for(complaint, actor)
    if desk and not text.strip():
        raise Missing("reason", f"{complaint.reference}: say how the customer let you know")
    complaint, event = move(
        complaint,
        Step.WITHDRAW,
        actor,
        now,
        EventKind.WITHDRAWN,
        text,
        closed_at=now,
        closed_as="withdrawn",
        extension=None,
        hold=None,
        withdrawn=Withdrawn(complaint.status, tuple(t.number for t in complaint.tasks if t.open)),
        tasks=tuple(replace(t, status=TaskStatus.GIVEN_BACK) if t.open else t for t in complaint.tasks),
        surveys=tuple(replace(s, expired_at=now) if s.open else s for s in complaint.surveys),
    )
    notices = [Notice(NoticeKind.WITHDRAWN, To(person=complaint.complainant))]
    if owner is not None:
        notices.append(Notice(NoticeKind.STAFF_WITHDRAWN, To(person=owner), {"text": text} | desk))
    notices.append(Notice(NoticeKind.STAFF_WITHDRAWN, To(role=Role.AGENT), {"text": text} | desk))
    if complaint.finder is not None:
        notices.append(Notice(NoticeKind.FINDER_OUTCOME, To(person=complaint.finder), {"as": "withdrawn"}))
    return Change(complaint, (event,), (*notices, *told_over(before, complaint)))


_BACK_TO: Mapping[Status, Step] = {
    Status.WORKING: Step.RESTORE_WORK,
    Status.ON_HOLD: Step.RESTORE_WORK,  # what it waited for may be over
    Status.PROPOSED: Step.RESTORE_PLAN,
    Status.EXECUTING: Step.RESTORE_AGREED,
    Status.RESOLVED: Step.RESTORE_RESULT,
}


def restore(
    complaint: Complaint, text: str, actor: Actor, terms: Terms, now: datetime, *, as_it_was: bool = False
) -> Change:
    """The customer is sorry to have withdrawn it: it goes on, its clocks as if they had stood still meanwhile.

    Those who were told that nothing was left to do hear that there is. as_it_was: whoever had it can go on with it, so it
    stands where it stood once work had begun, and what its customer was asked is asked again; else it is new.
    """
    was = complaint.withdrawn if as_it_was else None
    if was is not None and (step := _BACK_TO.get(was.status)) is not None:
        return _restored(complaint, step, was, text, actor, terms, now)
    desk = spoken_for(complaint, actor)
    away = Pause(complaint.closed_at or now, now, WaitsFor.GROUP, round=complaint.round, ends=now)
    complaint, event = move(
        complaint,
        Step.RESTORE,
        actor,
        now,
        EventKind.RESTORED,
        text,
        closed_at=None,
        closed_as="",
        withdrawn=None,
        plan="",
        deadlines=revived(complaint),
        pauses=(*complaint.pauses, away),
    )
    complaint = rescheduled(complaint, terms, now)
    return Change(
        complaint,
        (event,),
        (
            Notice(NoticeKind.RESTORED, To(person=complaint.complainant), due_facts(complaint, terms)),
            Notice(NoticeKind.STAFF_WITHDRAWN, To(role=Role.AGENT), {"text": text, "again": "yes"} | desk),
        ),
    )


def _restored(
    complaint: Complaint, step: Step, was: Withdrawn, text: str, actor: Actor, terms: Terms, now: datetime
) -> Change:
    """Let it stand where it stood when it was withdrawn."""
    desk, since = spoken_for(complaint, actor), complaint.closed_at or now
    away = Pause(since, now, WaitsFor.GROUP, round=complaint.round, ends=now)
    complaint, event = move(
        complaint,
        step,
        actor,
        now,
        EventKind.RESTORED,
        text,
        closed_at=None,
        closed_as="",
        withdrawn=None,
        tasks=tuple(_open_again(task) if task.number in was.tasks else task for task in complaint.tasks),
        surveys=tuple(
            replace(each, asked_at=now, reminded_at=None, expired_at=None) if each.expired_at == since else each
            for each in complaint.surveys
        ),
        deadlines=revived(complaint),
        pauses=(*complaint.pauses, away),
    )
    complaint = rescheduled(complaint, terms, now)
    them = To(person=complaint.complainant)
    notices = [Notice(NoticeKind.RESTORED, them, due_facts(complaint, terms))]
    if complaint.status is Status.PROPOSED:
        notices.append(Notice(NoticeKind.PLAN, them, {"plan": complaint.plan}))
    elif complaint.survey is not None:
        facts = {"result": complaint.result, "round": str(complaint.round)}
        notices.append(Notice(NoticeKind.SURVEY, them, facts))
    told = (*_handling(complaint), *([To(person=complaint.owner)] if complaint.owner else []), To(role=Role.AGENT))
    facts = {"text": text, "again": "yes"} | desk
    notices += (Notice(NoticeKind.STAFF_WITHDRAWN, to, facts) for to in dict.fromkeys(told))
    return Change(complaint, (event,), tuple(notices))


def _open_again(task: Task) -> Task:
    return replace(task, status=TaskStatus.DISPATCHED if task.accepted_at is None else TaskStatus.WORKING)


def appeal(complaint: Complaint, text: str, actor: Actor, terms: Terms, now: datetime) -> Change:
    """Object to "invalid": once, with a word of why; somebody else than who judged it looks at it again (R-025).

    Its clocks stood still meanwhile: who takes it up again has the time that was left.
    """
    check(complaint, Step.APPEAL, actor)
    if complaint.appealed:
        raise IllegalStep(f"{complaint.reference}: one appeal has been made already")
    if not text.strip():
        raise Missing("text", f"{complaint.reference}: say why it should be looked at again")
    invalid = Pause(complaint.closed_at or now, now, WaitsFor.APPEAL, round=complaint.round, ends=now)
    complaint, event = move(
        complaint,
        Step.APPEAL,
        actor,
        now,
        EventKind.APPEALED,
        text,
        closed_at=None,
        closed_as="",
        appealed=True,
        deadlines=revived(complaint),
        pauses=(*complaint.pauses, invalid),
    )
    complaint, judge = rescheduled(complaint, terms, now), complaint.judged_by
    facts = {"text": text} | ({"who": judge} if judge else {})
    others = [To(role=Role.CENTER_LEAD), *([To(superior_of=judge)] if judge else [])]
    return Change(
        complaint,
        (event,),
        (
            Notice(NoticeKind.APPEAL_RECORDED, To(person=complaint.complainant)),
            *(Notice(NoticeKind.APPEAL, to, facts) for to in others),
        ),
    )


def may_reopen(complaint: Complaint, terms: Terms, now: datetime) -> bool:
    """Say whether a word of discontent still leads back to this complaint rather than to a new one."""
    if complaint.status is Status.RESOLVED:
        return True
    return (
        complaint.status is Status.CLOSED
        and complaint.closed_at is not None
        and now - complaint.closed_at <= timedelta(days=terms.policy.reopen_days)
    )
