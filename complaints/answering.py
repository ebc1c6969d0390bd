"""Answers besides the rating in chat: to the further questions of a questionnaire, and those that a colleague got by phone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from complaints.change import Change, EventKind, Notice, NoticeKind, To
from complaints.closing import expire_survey, follow_rating, reopen
from complaints.complaint import Complaint
from complaints.customer import answer_plan
from complaints.errors import IllegalStep, NotAllowed
from complaints.lifecycle import Step, check, move
from complaints.parts.actors import Actor
from complaints.parts.asking import Survey, SurveyAnswer, Try
from complaints.policy.questionnaires import Question, QuestionType
from complaints.promises import Terms
from complaints.questioning import PHONE, ask_next, survey_of, tried_enough, waiting, with_survey
from complaints.vocabulary import Rating, Role, Status

_LOW = 2  # a score from which down somebody should look at it
_ENDED = frozenset({Status.RESOLVED, Status.CLOSED})


def answer(
    complaint: Complaint,
    round: int,
    question: str,
    value: str,
    said: str,
    actor: Actor,
    terms: Terms,
    now: datetime,
    *,
    skipped: bool = False,
    alarming: bool = False,
) -> Change:
    """The customer answers a further question of a round, or would rather not; the next one is put.

    value: as it is counted ("yes", "4", an option's id, words). said: their words, for people. alarming: their words tell of
    trouble. "Not solved" sends what was done back to work; a low score or trouble is shown to the service centre, never lost
    (trap 42); why they are not satisfied is told to whoever works on it. Raises IllegalStep where the question waits no more.
    """
    check(complaint, Step.ANSWER_SURVEY, actor)
    survey, asked = _waiting(complaint, round, question, terms, now)
    given = SurveyAnswer(question, "" if skipped else value, now, actor.person, skipped)
    facts = {"question": question, "round": str(round)} | ({"skipped": "yes"} if skipped else {"value": value})
    complaint, event = move(
        complaint,
        Step.ANSWER_SURVEY,
        actor,
        now,
        EventKind.SURVEY_ANSWERED,
        "" if skipped else said,
        facts,
        surveys=with_survey(complaint, survey, replace(survey, asked="", answers=(*survey.answers, given))),
    )
    answered = Change(complaint, (event,))
    if not skipped and asked.no_reopens and value == "no" and complaint.status in _ENDED and complaint.round == round:
        return answered + reopen(complaint, said, actor, terms, now)
    if not skipped:
        answered += Change(complaint, (), _told(complaint, asked, value, said, alarming))
    return answered + ask_next(complaint, round, question, terms)


def _waiting(complaint: Complaint, round: int, question: str, terms: Terms, now: datetime) -> tuple[Survey, Question]:
    survey = survey_of(complaint, round)
    asked = waiting(complaint, round, terms.policy.questions.known)
    if survey is None or asked is None or asked.id != question or lapsed(survey, terms, now):
        raise IllegalStep(f"{complaint.reference}: that question is not open any more")
    return survey, asked


def lapsed(survey: Survey, terms: Terms, now: datetime) -> bool:
    """Say whether nobody waits any more for an answer to a further question."""
    return survey.answered_at is None or now - survey.answered_at > terms.policy.callback.expire_after


def _told(complaint: Complaint, question: Question, value: str, said: str, alarming: bool) -> tuple[Notice, ...]:
    facts = {"text": said}
    if complaint.status not in _ENDED:  # it is being worked on again: what is wrong is for whoever does
        to = To(person=complaint.owner) if complaint.owner else To(role=Role.AGENT)
        return (Notice(NoticeKind.STAFF_SUPPLEMENT, to, facts),)
    low = question.type is QuestionType.SCORE and int(value) <= _LOW
    if alarming or low or value in (Rating.DISSATISFIED, "no"):
        asked = {f"asked_{locale}": text for locale, text in question.text.items()}
        return (Notice(NoticeKind.SURVEY_REMARK, To(role=Role.AGENT), facts | asked),)
    return ()


def call_back(
    complaint: Complaint,
    rating: Rating | None,
    comment: str,
    actor: Actor,
    terms: Terms,
    now: datetime,
    *,
    score: int | None = None,
) -> Change:
    """A colleague asked the customer by phone: what they said, or None where nobody was reached (R-083, R-087, C6.6).

    Who had the work in hand does not ask about it, nor does its customer (no rating of oneself); the policy names who does.
    Unreached counts as a try; after the last one the round is given up as not rated. Raises NotAllowed, IllegalStep.
    """
    check(complaint, Step.CALL_BACK, actor)
    _may_call(complaint, actor, terms)
    survey = survey_of(complaint, complaint.round)
    if survey is None or survey.answered_at is not None:
        raise IllegalStep(f"{complaint.reference}: no satisfaction question is open")
    assert actor.person is not None
    tried = replace(survey, tries=(*survey.tries, Try(now, PHONE, actor.person, reached=rating is not None)))
    facts = {"round": str(complaint.round), "tries": str(len(tried.tries))}
    if rating is None:
        facts["reached"] = "no"
    else:
        facts |= {"reached": "yes", "rating": str(rating)} | ({"score": str(score)} if score else {})
        tried = replace(
            tried,
            answered_at=now,
            expired_at=None,
            rating=rating,
            score=score,
            comment=comment,
            rated_by=actor.person,
        )
    complaint, event = move(
        complaint,
        Step.CALL_BACK,
        actor,
        now,
        EventKind.CALLED_BACK,
        comment,
        facts,
        surveys=with_survey(complaint, survey, tried),
    )
    called = Change(complaint, (event,))
    if rating is not None:
        # What follows is the customer's own word, whoever took it down.
        customer = Actor(complaint.complainant, frozenset({Role.CUSTOMER}), PHONE)
        return called + follow_rating(complaint, rating, comment, customer, terms, now)
    if survey.open and survey.phoned and tried_enough(tried, terms):
        return called + (expire_survey(complaint, terms, now) or Change(complaint))
    return called


def call_back_plan(
    complaint: Complaint, agreed: bool | None, words: str, actor: Actor, terms: Terms, now: datetime
) -> Change:
    """A colleague asked the customer by phone what they say to the plan; None where nobody was reached (R-083).

    Who asked is on record, and the answer is the customer's own. Raises NotAllowed, IllegalStep.
    """
    check(complaint, Step.CALL_BACK, actor)
    _may_call(complaint, actor, terms)
    if complaint.status is not Status.PROPOSED:
        raise IllegalStep(f"{complaint.reference}: no plan waits for an answer", complaint.reference, complaint.status)
    facts = {"about": "plan", "reached": "no" if agreed is None else "yes"}
    complaint, event = move(complaint, Step.CALL_BACK, actor, now, EventKind.CALLED_BACK, words, facts)
    called = Change(complaint, (event,))
    if agreed is None:
        return called
    customer = Actor(complaint.complainant, frozenset({Role.CUSTOMER}), PHONE)
    return called + answer_plan(complaint, agreed, words, customer, terms, now)


def _may_call(complaint: Complaint, actor: Actor, terms: Terms) -> None:
    by = terms.policy.callback.by
    if by in (Role.CENTER_LEAD, Role.DEPT_HEAD) and not actor.roles & {by, Role.CENTER_LEAD}:
        raise NotAllowed(f"{complaint.reference}: under {terms.policy.name} the {by} asks")
    involved = {task.assignee for task in complaint.tasks} | {complaint.complainant}
    if actor.person in involved:
        raise NotAllowed(f"{complaint.reference}: who worked on it does not ask how satisfied they are with it", "self")
