"""A complaint without whoever it was about: what is counted stays, the words go.

What stays is named, so what nobody thought of goes: a field that is added later is emptied until it is named here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from complaints.complaint import Complaint
from complaints.parts.asking import ProcessCallback, Survey, SurveyAnswer, Try
from complaints.parts.timing import (
    Ack,
    Call,
    Climb,
    Deadline,
    ExtensionRequest,
    HoldRequest,
    Mark,
    Mediation,
    Pause,
    ProgressLine,
)
from complaints.parts.weighing import Ground, Order, Overruled, PolicyRef, Proposal, Publication, Utterance
from complaints.parts.work import (
    Evidence,
    KeptResult,
    Member,
    Opinion,
    PartWish,
    Redress,
    StepDone,
    Task,
    TaskForce,
    Wording,
)

STAYS: Mapping[type, frozenset[str]] = {
    Complaint: frozenset(
        {"reference", "category", "channel", "locale", "site", "finder", "respondents", "owner", "closed_as", "judged_by",
         "stage", "cause_kind", "playbook", "customer_class", "nature", "master", "members", "repeat_of"}
    ),
    Task: frozenset({"assignee", "why"}),
    PartWish: frozenset({"limit", "put_to"}),
    KeptResult: frozenset({"by"}),
    Evidence: frozenset({"by"}),
    StepDone: frozenset({"by"}),
    Opinion: frozenset({"of", "by"}),
    Wording: frozenset({"by"}),
    Redress: frozenset({"kinds"}),
    Mediation: frozenset({"by"}),
    Member: frozenset({"person"}),
    TaskForce: frozenset({"commander", "formed_by"}),
    Deadline: frozenset({"clock", "limit", "steps", "extensions", "profile"}),
    Survey: frozenset({"rated_by", "questionnaire", "asked"}),
    SurveyAnswer: frozenset({"question", "by"}),
    Try: frozenset({"how", "by"}),
    ExtensionRequest: frozenset({"asked_by", "clock", "limit", "put_to"}),
    HoldRequest: frozenset({"asked_by", "limit", "put_to"}),
    Pause: frozenset({"approved_by"}),
    Mark: frozenset({"kind"}),
    Climb: frozenset({"ladder"}),
    Ack: frozenset({"by"}),
    Call: frozenset({"whom", "why"}),
    ProgressLine: frozenset({"by"}),
    ProcessCallback: frozenset({"questions"}),
    Ground: frozenset({"rule", "by"}),
    Proposal: frozenset({"rule"}),
    Overruled: frozenset({"rule"}),
    Order: frozenset({"by"}),
    Utterance: frozenset({"what", "by", "channel"}),
    Publication: frozenset({"by"}),
    PolicyRef: frozenset({"name", "version"}),
}  # fmt: skip
"""Of each part of a complaint, the texts that stay: codes, names of rules, ids of staff."""

_COUNTED = frozenset({"yes", "no"})


def forgotten(complaint: Complaint, complainant: str) -> Complaint:
    """Return a complaint of which nothing is left but what is counted: its kind, times, severity, clocks, ratings, and which
    of the staff had to do with it.

    complainant: the id of the nameless person that it is of from now on. Nobody is left to whom anything could be owed.
    """
    emptied: Complaint = replace(_without_words(complaint), complainant=complainant)
    emptied = replace(
        emptied,
        deadlines=tuple(
            replace(each, ended_at=complaint.closed_at) if complaint.owed(each) else each for each in emptied.deadlines
        ),
    )
    was = complaint.complainant
    return replace(emptied, surveys=tuple(_of_nobody(survey, was, complainant) for survey in emptied.surveys))


def _of_nobody(survey: Survey, was: str, now: str) -> Survey:
    answers = tuple(replace(each, by=now if each.by == was else each.by) for each in survey.answers)
    return replace(survey, answers=answers, rated_by=now if survey.rated_by == was else survey.rated_by)


def _without_words(value: Any) -> Any:
    stays = STAYS.get(type(value), frozenset())
    changed = {each.name: _emptied(getattr(value, each.name)) for each in fields(value) if each.name not in stays}
    if isinstance(value, SurveyAnswer) and is_counted(value.value):
        changed["value"] = value.value
    return replace(value, **changed)


def is_counted(answer: str) -> bool:
    """Say whether an answer to a question is one that is counted, and no words."""
    return answer in _COUNTED or (len(answer) <= 2 and answer.isdecimal())


def _emptied(value: object) -> object:
    """Return a field without words: parts are emptied one by one, and what holds no words is returned as it is."""
    if is_dataclass(value) and not isinstance(value, type):
        return _without_words(value)
    match value:
        case Enum() | datetime() | bool() | int() | None:
            return value
        case str():
            return ""
        case tuple():
            return tuple(_emptied(each) for each in value)
        case frozenset():
            return frozenset(each for each in value if isinstance(each, Enum))
        case Mapping():
            return {}
    raise TypeError(f"nobody said what is to stay of a {type(value).__name__}")
