"""Questionnaires as data: what ships is sound, what is wrong is named with its cure, and a profile keeps what it asked."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from complaints import policy
from complaints.errors import PolicyError
from complaints.policy import questionnaires
from complaints.policy.questionnaires import QuestionType, load, parse
from complaints.vocabulary import Kind, Rating

WORDS = {"zh": "满意吗？", "en": "Satisfied?"}
SOUND: dict[str, Any] = {
    "title": {"zh": "回访", "en": "Survey"},
    "question": [
        {"id": "satisfied", "type": "rating", "text": WORDS},
        {
            "id": "reason",
            "type": "choice",
            "text": WORDS,
            "ask": ["dissatisfied"],
            "options": [{"id": "slow", "zh": "慢", "en": "slow"}, {"id": "rude", "zh": "态度", "en": "rude"}],
        },
        {"id": "solved", "type": "yes_no", "text": WORDS, "ask": ["satisfied"]},
        {"id": "improve", "type": "text", "text": WORDS},
    ],
}


def changed(question: int, **values: Any) -> dict[str, Any]:
    data = copy.deepcopy(SOUND)
    for key, value in values.items():
        if value is None:
            del data["question"][question][key]
        else:
            data["question"][question][key] = value
    return data


def test_what_ships_is_sound_and_begins_with_the_satisfaction_question() -> None:
    assert set(questionnaires.available()) >= {"general", "quality", "visit", "consult"}
    for name in questionnaires.available():
        assert load(name).gate.type is QuestionType.RATING


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param({**SOUND, "question": []}, "question is empty", id="nothing asked"),
        pytest.param(changed(0, type="text"), r"question\[1\] must be of type rating", id="no gate first"),
        pytest.param(changed(0, ask=["satisfied"]), "ask everybody", id="a gate for some"),
        pytest.param(changed(1, type="stars"), "choose from rating, score, yes_no", id="unknown type"),
        pytest.param(changed(1, options=[]), "options has 0: give 2 to 9", id="no options"),
        pytest.param(
            changed(3, options=SOUND["question"][1]["options"]), "only a question of type choice", id="options"
        ),
        pytest.param(changed(3, id="solved"), "again: give each question its own id", id="same id twice"),
        pytest.param(changed(3, id="Not OK"), "beginning with a letter", id="bad id"),
        pytest.param(changed(3, ask=["happy"]), "choose from satisfied, neutral", id="unknown rating"),
        pytest.param(changed(3, no_reopens=True), "for questions of type yes_no", id="flag out of place"),
        pytest.param(changed(2, text={}), r"question\[3\].text.zh is missing", id="no words"),
        pytest.param(changed(2, text={"zh": " ", "en": "x"}), "must have 1 to 300", id="empty words"),
        pytest.param(changed(2, colour="red"), "colour is unknown", id="unknown key"),
    ],
)
def test_what_is_wrong_is_named_with_its_cure(data: dict[str, Any], said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        parse("mine", data)


def test_who_speaks_one_language_writes_one() -> None:
    [asked] = [
        each
        for each in parse("mine", changed(2, text={"en": "Was  it clean?"})).questions
        if each.text["en"] == "Was it clean?"
    ]
    assert asked.text["zh"] == "Was it clean?"


def test_a_version_is_its_content() -> None:
    assert parse("mine", SOUND).ref == parse("mine", copy.deepcopy(SOUND)).ref
    assert parse("mine", SOUND).ref != parse("mine", changed(3, id="other")).ref


@pytest.mark.parametrize(
    ("rating", "asked"),
    [
        pytest.param(Rating.SATISFIED, ["solved", "improve"], id="satisfied"),
        pytest.param(Rating.NEUTRAL, ["improve"], id="neutral"),
        pytest.param(Rating.DISSATISFIED, ["reason", "improve"], id="dissatisfied"),
    ],
)
def test_each_question_is_for_those_it_concerns(rating: Rating, asked: list[str]) -> None:
    questionnaire, found = parse("mine", SOUND), []
    question = questionnaire.after(questionnaire.gate.id, rating)
    while question is not None:
        found.append(question.id)
        question = questionnaire.after(question.id, rating)
    assert found == asked


def test_a_profile_chooses_by_category_then_its_top_then_kind() -> None:
    questions = policy.load("mingyuan").questions
    assert questions.for_(Kind.COMPLAINT, "QUAL.leak").name == "quality"
    assert questions.for_(Kind.REPAIR, "OTHER").name == "quality"
    assert questions.for_(Kind.CONSULT, "SERV").name == "consult"
    assert questions.for_(Kind.COMPLAINT, "SERV").name == "general"


def test_a_company_brings_its_own_and_an_old_version_of_the_profile_keeps_what_it_asked(tmp_path: Path) -> None:
    own = tmp_path / "questionnaires"
    own.mkdir()
    text = (questionnaires.SHIPPED / "general.toml").read_text(encoding="utf-8")
    (own / "general.toml").write_text(text.replace("处理太慢", "慢"), encoding="utf-8")
    (tmp_path / "ours.toml").write_text('inherits = "base"\n', encoding="utf-8")
    before = policy.merged("ours", [tmp_path])
    kept = policy.parse(before, "ours").questions.for_(Kind.COMPLAINT, "OTHER")
    assert kept.ref != load("general").ref
    (own / "general.toml").write_text(text.replace("处理太慢", "太慢"), encoding="utf-8")
    assert policy.load("ours", [tmp_path]).version != policy.parse(before, "ours").version
    assert policy.parse(before, "ours").questions.get(kept.ref) == kept
    assert policy.load("ours", [tmp_path]).questions.get(kept.ref) is None


def test_a_version_from_before_questionnaires_is_still_read() -> None:
    data = policy.merged("base")
    for key in ("questionnaires", "questionnaire_texts"):
        del data[key]
    data["callback"] = {"reminder_after": "24h", "expire_after": "72h"}
    old = policy.parse(data, "base")
    assert (old.callback.tries, old.callback.rounds_before_lead, old.questions.default) == (1, 0, "general")


def test_a_questionnaire_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text('inherits = "base"\n[questionnaires]\nrepair = "qualty"\n', encoding="utf-8")
    with pytest.raises(PolicyError, match="'qualty' does not exist: choose one of consult, general"):
        policy.load("ours", [tmp_path])
