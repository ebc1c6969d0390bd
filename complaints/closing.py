"""The end of a complaint: the satisfaction question, the gate, and the way back to work."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from complaints.change import Change, EventKind, Notice, NoticeKind, To
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, Missing, NotAllowed
from complaints.evidence import cause_lacking
from complaints.lifecycle import Step, check, move
from complaints.on_behalf import spoken_for
from complaints.owing import owed_again
from complaints.parts.actors import SYSTEM, Actor
from complaints.parts.asking import Survey, Try
from complaints.parts.work import Task
from complaints.policy import CloseRequirement
from complaints.promises import Terms, due_facts, reach, work_deadline
from complaints.questioning import CHAT, ask_next, survey_of, tries, with_survey
from complaints.vocabulary import Milestone, Rating, Role, Status, TaskStatus

_DAILY_CALLS = 3  # asked for day by day, however few tries the policy wants; after them once a week


def rate(
    complaint: Complaint, rating: Rating, score: int | None, comment: str, actor: Actor, terms: Terms, now: datetime
) -> Change:
    """The customer says how satisfied they are. The gate then closes the complaint, or it goes back to work (R-083).

    A late answer still counts while the complaint can be reopened: expiry gave up waiting, not listening.
    """
    check(complaint, Step.RATE, actor)
    if any(task.assignee == actor.person for task in complaint.tasks):
        raise NotAllowed(f"{complaint.reference}: nobody rates their own work", "self", Step.RATE, complaint)
    survey = complaint.surveys[-1] if complaint.surveys else None
    if survey is None or survey.round != complaint.round or survey.answered_at is not None:
        raise IllegalStep(f"{complaint.reference}: no satisfaction question is open")
    _in_time(complaint, terms, now)
    answered = replace(survey, answered_at=now, expired_at=None, rating=rating, score=score, comment=comment)
    facts = {"rating": str(rating), "round": str(complaint.round)} | ({"score": str(score)} if score else {})
    complaint, event = move(
        complaint,
        Step.RATE,
        actor,
        now,
        EventKind.RATED,
        comment,
        facts,
        surveys=with_survey(complaint, survey, answered),
    )
    complaint = reach(complaint, Milestone.SURVEYED, terms, now)
    followed = Change(complaint, (event,)) + follow_rating(complaint, rating, comment, actor, terms, now)
    return _one_at_a_time(followed, ask_next(followed.complaint, survey.round, None, terms))


def _one_at_a_time(followed: Change, asked: Change) -> Change:
    """What goes back to work asks what is wrong; not so where the next question of the questionnaire stands below it."""
    if not asked.notices:
        return followed + asked
    notices = tuple(
        replace(each, facts={**each.facts, "asked": "yes"}) if each.kind is NoticeKind.REOPENED else each
        for each in followed.notices
    )
    return replace(followed, notices=notices) + asked


def follow_rating(
    complaint: Complaint, rating: Rating, comment: str, actor: Actor, terms: Terms, now: datetime
) -> Change:
    """Return what a rating that was just recorded leads to: the gate closes it, or it goes back to work."""
    complaint = reach(complaint, Milestone.SURVEYED, terms, now)
    if rating is Rating.DISSATISFIED:
        return reopen(complaint, comment, actor, terms, now)
    if complaint.status is Status.CLOSED:
        unrated = complaint.closed_as == "unrated"
        closed_as = str(rating) if unrated or rating is Rating.SATISFIED else complaint.closed_as
        complaint = replace(complaint, closed_as=closed_as)
        return Change(complaint, (), _thanks(complaint))
    closed = close_if_gate_open(complaint, actor, terms, now)
    if closed is not None:
        return closed
    if waits_for_cause(complaint, terms):
        return Change(complaint, (), _asks_for_cause(complaint))
    # Satisfied, and the gate wants more than that: nothing to work on again, the service centre has to look.
    return Change(complaint) if rating is Rating.SATISFIED else reopen(complaint, comment, actor, terms, now, rating)


def _in_time(complaint: Complaint, terms: Terms, now: datetime) -> None:
    if complaint.closed_at is not None and now - complaint.closed_at > timedelta(days=terms.policy.reopen_days):
        raise IllegalStep(f"{complaint.reference} was closed more than {terms.policy.reopen_days} days ago")


def rated(complaint: Complaint) -> bool:
    """Say whether the customer has rated this round."""
    return any(survey.round == complaint.round and survey.answered_at is not None for survey in complaint.surveys)


def reopen(
    complaint: Complaint,
    comment: str,
    actor: Actor,
    terms: Terms,
    now: datetime,
    rating: Rating = Rating.DISSATISFIED,
    *,
    asked_for: bool = False,
) -> Change:
    """Back to work in a new round: severity raised, promises begun anew, assignee and service centre told, with the rating.

    Whoever owned it has it again; where nobody did (settled on the spot, or given back before), the centre must assign it.
    Raises IllegalStep when a closed complaint's reopening time is over: then it is a new complaint.

    asked_for: the centre has it opened again; comment says why, and its customer does not read that. Raises Missing without it.
    """
    check(complaint, Step.REOPEN, actor)
    _in_time(complaint, terms, now)
    desk = spoken_for(complaint, actor) if asked_for else {}
    if asked_for and not comment.strip():
        raise Missing("reason", f"{complaint.reference}: say why it goes on")
    raised = terms.policy.raise_on_dissatisfied
    severity = min(complaint.severity, raised) if raised is not None else complaint.severity
    before, owner = complaint, complaint.owner
    tasks = complaint.tasks
    if owner is not None:
        tasks = (*tasks, Task(len(tasks) + 1, owner, TaskStatus.WORKING, now, "reopened", accepted_at=now))
    complaint, event = move(
        complaint,
        Step.REOPEN,
        actor,
        now,
        EventKind.REOPENED,
        comment,
        {"round": str(complaint.round + 1), "severity": severity},
        round=complaint.round + 1,
        severity=severity,
        tasks=tasks,
        deadlines=owed_again(complaint),
        resolved_at=None,
        closed_at=None,
        closed_as="",
        extensions_granted=0,
        nobody_since=now if owner is None else None,
        nobody_told=0,
        surveys=tuple(replace(s, expired_at=now if s.open else s.expired_at, asked="") for s in complaint.surveys),
    )
    complaint = reach(complaint, Milestone.REOPENED, terms, now)
    if event.facts["severity"] != before.severity:
        complaint = reach(complaint, Milestone.GRADED, terms, now)
    deadline = work_deadline(complaint)
    facts = {"comment": comment, "round": str(complaint.round), "rating": str(rating)} | desk
    to_customer = facts if not asked_for else {"round": facts["round"], "desk": "yes", "asked": "yes"}
    if deadline is not None:
        facts["due"] = deadline.due_at.isoformat()
    notices = [
        Notice(NoticeKind.REOPENED, To(person=complaint.complainant), {**to_customer, **due_facts(complaint, terms)}),
        Notice(NoticeKind.DISSATISFIED, To(role=Role.CENTER_LEAD), facts),
    ]
    if owner is None:
        notices.append(Notice(NoticeKind.NEEDS_ASSIGNMENT, To(role=Role.AGENT)))
    else:
        notices.append(Notice(NoticeKind.STAFF_REOPENED, To(person=owner), facts, also_sms=terms.policy.also_sms))
        notices.append(Notice(NoticeKind.DISSATISFIED, To(superior_of=owner), facts))
    return Change(complaint, (event,), tuple(notices))


def gate_open(complaint: Complaint, terms: Terms) -> bool:
    """Say whether the policy's closing gate is open. Silence never opens a gate that asks for satisfaction."""
    survey = complaint.surveys[-1] if complaint.surveys and complaint.surveys[-1].round == complaint.round else None
    met = {
        CloseRequirement.RESULT_TOLD: bool(complaint.result) and survey is not None,
        CloseRequirement.ALL_TASKS_CLOSED: complaint.task is None and not complaint.parts,
        CloseRequirement.CALLBACK_DONE_OR_EXPIRED: survey is not None
        and not survey.open
        and survey.rating is not Rating.DISSATISFIED,
        CloseRequirement.CUSTOMER_SATISFIED: survey is not None and survey.rating is Rating.SATISFIED,
        CloseRequirement.CUSTOMER_RECOGNITION: survey is not None
        and survey.rating in (Rating.SATISFIED, Rating.NEUTRAL),
    }
    return all(met[requirement] for requirement in terms.policy.close_requires)


def waits_for_cause(complaint: Complaint, terms: Terms) -> bool:
    """Say whether nothing but the cause, or who is responsible, stands between the complaint and its closing (R-074)."""
    resolved = complaint.status is Status.RESOLVED
    return resolved and gate_open(complaint, terms) and bool(cause_lacking(complaint, terms))


def _asks_for_cause(complaint: Complaint) -> tuple[Notice, ...]:
    to = To(person=complaint.owner) if complaint.owner else To(role=Role.AGENT)
    return (Notice(NoticeKind.CAUSE_ASKED, to),)


def rounds_missing(complaint: Complaint, terms: Terms) -> int:
    """Return how many more rounds must end without satisfaction before a lead may close all the same; 0: none (C6.5).

    None either where the customer was asked as often as the policy wants and could not be reached (C6.6).
    """
    survey = survey_of(complaint, complaint.round)
    if survey is not None and survey.expired_at is not None and survey.answered_at is None:
        return 0
    return max(0, terms.policy.callback.rounds_before_lead - (complaint.round - 1))


def close_if_gate_open(complaint: Complaint, actor: Actor, terms: Terms, now: datetime) -> Change | None:
    """Return the closing, or None where the gate is shut or the complaint is not reported done."""
    if complaint.status is not Status.RESOLVED or not gate_open(complaint, terms) or cause_lacking(complaint, terms):
        return None
    rating = complaint.surveys[-1].rating
    closed_as = "unrated" if rating is None else str(rating)
    # By the customer's own word or by the clock; somebody at the desk may also close what the gate lets through.
    complaint, event = move(
        complaint,
        Step.CLOSE,
        actor,
        now,
        EventKind.CLOSED,
        "",
        {"as": closed_as},
        closed_at=now,
        closed_as=closed_as,
    )
    complaint = reach(complaint, Milestone.CLOSED, terms, now)
    return Change(complaint, (event,), _thanks(complaint))


def _thanks(complaint: Complaint) -> tuple[Notice, ...]:
    """Tell everybody concerned how it ended, by what the survey of this round says."""
    rating, closed_as = complaint.surveys[-1].rating, complaint.closed_as
    thanks = NoticeKind.CLOSED_UNRATED if rating is None else NoticeKind.CLOSED_SATISFIED
    notices = [Notice(thanks, To(person=complaint.complainant), {"rating": str(rating or closed_as)})]
    if complaint.owner is not None:
        notices.append(Notice(NoticeKind.STAFF_CLOSED, To(person=complaint.owner), {"as": closed_as}))
    if complaint.round > 1:  # who was told of the discontent hears how it ended
        notices.append(Notice(NoticeKind.STAFF_CLOSED, To(role=Role.CENTER_LEAD), {"as": closed_as}))
    if complaint.finder is not None:
        notices.append(Notice(NoticeKind.FINDER_OUTCOME, To(person=complaint.finder), {"as": closed_as}))
    return tuple(notices)


def remind_survey(complaint: Complaint, now: datetime) -> Change | None:
    """Ask once more; None where nobody waits for an answer."""
    survey = complaint.survey
    if survey is None or complaint.status is not Status.RESOLVED or survey.reminded_at is not None:
        return None
    reminded = replace(survey, reminded_at=now, tries=(*tries(survey), Try(now, CHAT)))
    complaint, event = move(
        complaint,
        Step.TICK,
        SYSTEM,
        now,
        EventKind.SURVEY_REMINDED,
        surveys=with_survey(complaint, survey, reminded),
    )
    notice = Notice(NoticeKind.SURVEY_REMINDER, To(person=complaint.complainant), {"result": complaint.result})
    return Change(complaint, (event,), (notice,))


def phone_moment(survey: Survey, asked: int, terms: Terms) -> datetime:
    """Return when somebody is asked to phone who was asked `asked` times already: day by day, then once a week."""
    callback = terms.policy.callback
    weeks = max(asked - max(callback.tries, _DAILY_CALLS), 0)
    return survey.asked_at + callback.expire_after + timedelta(days=asked - weeks, weeks=weeks)


def ask_by_phone(complaint: Complaint, terms: Terms, now: datetime) -> Change | None:
    """Chat has not brought an answer: whoever calls back is to phone, again and again until enough tries are made (C6.6)."""
    survey = complaint.survey
    if survey is None or complaint.status is not Status.RESOLVED:
        return None
    count = survey.phoned + 1
    while phone_moment(survey, count, terms) <= now:
        count += 1  # after an outage one notice stands for all that were missed
    facts = {"count": str(count), "tries": str(len(tries(survey))), "round": str(survey.round)}
    complaint, event = move(
        complaint,
        Step.TICK,
        SYSTEM,
        now,
        EventKind.PHONE_ASKED,
        "",
        facts,
        surveys=with_survey(complaint, survey, replace(survey, phoned=count)),
    )
    callback = terms.policy.callback
    whom = {callback.by} | (
        {Role.CENTER_LEAD} if count > callback.tries else set()
    )  # nobody phones: the lead hears of it
    notices = tuple(Notice(NoticeKind.SURVEY_UNANSWERED, To(role=role), facts) for role in sorted(whom))
    return Change(complaint, (event,), notices)


def expire_survey(complaint: Complaint, terms: Terms, now: datetime) -> Change | None:
    """Give the question up: unrated, never satisfied. The gate may then close it as unrated, or the centre must call."""
    survey = complaint.survey
    if survey is None or complaint.status is not Status.RESOLVED:
        return None
    expired = replace(survey, expired_at=now)
    complaint, event = move(
        complaint,
        Step.TICK,
        SYSTEM,
        now,
        EventKind.SURVEY_EXPIRED,
        surveys=with_survey(complaint, survey, expired),
    )
    given_up = Change(complaint, (event,))
    closed = close_if_gate_open(complaint, SYSTEM, terms, now)
    if closed is not None:
        return given_up + closed
    if waits_for_cause(complaint, terms):
        return given_up + Change(complaint, (), _asks_for_cause(complaint))
    facts = {"over": "yes", "tries": str(len(tries(survey)))}
    whom = terms.policy.callback.by
    return given_up + Change(complaint, (), (Notice(NoticeKind.SURVEY_UNANSWERED, To(role=whom), facts),))
