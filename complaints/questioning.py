"""The questions of a round: the satisfaction question begins it, the others follow one at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from complaints.change import Change, Notice, NoticeKind, To
from complaints.complaint import Complaint
from complaints.parts.asking import Survey, Try
from complaints.policy.questionnaires import Question, Questionnaire, QuestionType
from complaints.promises import Terms
from complaints.vocabulary import Rating

CHAT, PHONE = "chat", "phone"
_WORDY = (QuestionType.CHOICE, QuestionType.TEXT)


def begin(complaint: Complaint, terms: Terms, now: datetime) -> Survey:
    """Return the survey of a round that has come to its end: the customer is asked for the first time."""
    questionnaire = terms.policy.questions.for_(complaint.kind, complaint.category)
    return Survey(complaint.round, asked_at=now, questionnaire=questionnaire.ref, tries=(Try(now, CHAT),))


def survey_of(complaint: Complaint, round: int) -> Survey | None:
    """Return the last survey of a round."""
    return next((survey for survey in reversed(complaint.surveys) if survey.round == round), None)


def with_survey(complaint: Complaint, old: Survey, new: Survey) -> tuple[Survey, ...]:
    """Return the complaint's surveys with one of them changed."""
    return tuple(new if survey is old else survey for survey in complaint.surveys)


def tries(survey: Survey) -> tuple[Try, ...]:
    """Return each time that the customer was asked. Surveys from before tries were kept were asked once."""
    return survey.tries or (Try(survey.asked_at, CHAT),)


def tried_enough(survey: Survey, terms: Terms) -> bool:
    """Say whether the customer was asked as often, and on as many days, as the policy wants (C6.6)."""
    asked = tries(survey)
    days = {each.at.astimezone(terms.calendar.zone).date() for each in asked}
    return len(asked) >= terms.policy.callback.tries and len(days) >= terms.policy.callback.on_days


def ask_next(complaint: Complaint, round: int, after: str | None, terms: Terms) -> Change:
    """Put the next question of a round to its customer, if there is one; `after` None is after the satisfaction question.

    Who said already why they are not satisfied is not asked again for the reason.
    """
    survey = survey_of(complaint, round)
    if survey is None or survey.answered_at is None or survey.rated_by is not None:
        return Change(complaint)
    questionnaire = terms.policy.questions.get(survey.questionnaire)
    if questionnaire is None:
        return Change(complaint)
    question = questionnaire.after(after or questionnaire.gate.id, survey.rating)
    while question is not None and _pointless(question, complaint, survey):
        question = questionnaire.after(question.id, survey.rating)
    if question is None:
        return Change(complaint)
    complaint = replace(complaint, surveys=with_survey(complaint, survey, replace(survey, asked=question.id)))
    key = f"{complaint.reference} {round}.{questionnaire.questions.index(question)}"
    facts = facts_of(question, key) | {"round": str(round)} | ({"remedy": complaint.remedy} if question.remedy else {})
    return Change(complaint, (), (Notice(NoticeKind.SURVEY_QUESTION, To(person=complaint.complainant), facts),))


def _pointless(question: Question, complaint: Complaint, survey: Survey) -> bool:
    return bool(survey.comment and _asks_why(question)) or (question.remedy and not complaint.remedy)


def _asks_why(question: Question) -> bool:
    return question.type in _WORDY and question.ask == {Rating.DISSATISFIED}


def facts_of(question: Question, key: str) -> dict[str, str]:
    """Return a question as a notice carries it, in every language. key: by which its answer finds back."""
    facts = {"key": key, "question": question.id, "type": str(question.type)} | dict(question.text)
    for locale in question.text:
        facts[f"options_{locale}"] = "\n".join(option.text[locale] for option in question.options)
    return facts


def waiting(complaint: Complaint, round: int, questionnaires: Mapping[str, Questionnaire]) -> Question | None:
    """Return the further question of a round that waits for an answer; questionnaires: those of its policy, by name."""
    survey = survey_of(complaint, round)
    if survey is None or not survey.asked:
        return None
    found = questionnaires.get(survey.questionnaire.partition("@")[0])
    return found.question(survey.asked) if found is not None and found.ref == survey.questionnaire else None
