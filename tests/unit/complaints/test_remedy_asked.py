"""A question about what the customer wanted done is put to those alone who wanted something."""

from __future__ import annotations

from dataclasses import replace

import pytest

from complaints.complaint import Complaint
from complaints.policy import questionnaires
from complaints.questioning import ask_next
from complaints.vocabulary import Rating
from tests.unit.complaints.build import BASE, MONDAY, resolved

TEXT = {"zh": "满足了吗？", "en": "Was it done?"}
DATA = {
    "title": {"zh": "回访", "en": "Survey"},
    "question": [
        {"id": "satisfied", "type": "rating", "text": TEXT},
        {"id": "remedy_met", "type": "yes_no", "remedy": True, "text": TEXT},
    ],
}


def answered(remedy: str) -> Complaint:
    known = questionnaires.parse("own", DATA)
    complaint = resolved()
    survey = replace(
        complaint.surveys[-1], questionnaire=known.ref, answered_at=MONDAY, rating=Rating.SATISFIED, asked=""
    )
    return replace(complaint, remedy=remedy, surveys=(survey,))


@pytest.mark.parametrize(("remedy", "asked"), [("周五前修好", ["周五前修好"]), ("", [])])
def test_only_who_wanted_something_is_asked(remedy: str, asked: list[str]) -> None:
    known = questionnaires.parse("own", DATA)
    questions = replace(BASE.policy.questions, known={"own": known})
    terms = replace(BASE, policy=replace(BASE.policy, questions=questions))
    complaint = answered(remedy)
    change = ask_next(complaint, complaint.round, None, terms)
    assert [notice.facts["remedy"] for notice in change.notices] == asked
