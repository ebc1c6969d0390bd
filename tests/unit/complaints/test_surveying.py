"""Further questions, call-backs by phone, tries that must be made, and the rounds before a lead may end it (R-083–R-089)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints import answering, closing, handling
from complaints.change import EventKind, NoticeKind
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, NotAllowed, Refused, TooFewRounds
from complaints.parts.actors import Actor
from complaints.policy import CloseRequirement
from complaints.promises import Terms
from complaints.questioning import survey_of
from complaints.vocabulary import Rating, Role, Severity, Status
from tests.unit.complaints import build
from tests.unit.complaints.build import (
    AGENT,
    BASE,
    COLLEAGUE,
    CUSTOMER,
    HANDLER,
    LEAD,
    LEYOUJIA,
    MONDAY,
    Desk,
    actor,
    at,
    facts_of,
    happened,
    told,
)

MINGYUAN = build.terms("mingyuan")
SINOPEC = build.terms("sinopec-sh")
SOON = MONDAY + timedelta(hours=1)


def rate(complaint: Complaint, rating: Rating, terms: Terms, comment: str = "", now: datetime = MONDAY) -> Complaint:
    return closing.rate(complaint, rating, None, comment, CUSTOMER, terms, now).complaint


def leak(terms: Terms = MINGYUAN) -> Complaint:
    return build.resolved(terms, category="QUAL.leak")


# ── further questions ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_r084_each_question_follows_the_answer_to_the_one_before() -> None:
    change = closing.rate(leak(), Rating.SATISFIED, None, "", CUSTOMER, MINGYUAN, MONDAY)
    assert change.complaint.status is Status.CLOSED  # whoever answers only the first question has answered
    assert told(change)[-1] == ("survey_question", "wang")
    assert facts_of(change, NoticeKind.SURVEY_QUESTION)["question"] == "solved"
    change = answering.answer(change.complaint, 1, "solved", "yes", "是的", CUSTOMER, MINGYUAN, SOON)
    assert (happened(change), told(change)) == (["survey_answered"], [("survey_question", "wang")])
    change = answering.answer(change.complaint, 1, "improve", "早点来", "早点来", CUSTOMER, MINGYUAN, SOON)
    assert told(change) == []
    (survey,) = change.complaint.surveys
    assert [(a.question, a.value, a.by, a.at) for a in survey.answers] == [
        ("solved", "yes", "wang", SOON), ("improve", "早点来", "wang", SOON)
    ]  # fmt: skip
    assert (survey.asked, survey.questionnaire.partition("@")[0]) == ("", "quality")


def test_the_shipped_default_asks_one_question() -> None:
    change = closing.rate(build.resolved(), Rating.SATISFIED, None, "", CUSTOMER, BASE, MONDAY)
    assert NoticeKind.SURVEY_QUESTION not in [notice.kind for notice in change.notices]


def test_who_is_not_satisfied_is_asked_why_and_whoever_works_on_it_reads_it() -> None:
    change = closing.rate(build.resolved(), Rating.DISSATISFIED, None, "", CUSTOMER, BASE, MONDAY)
    assert told(change)[-1] == ("survey_question", "wang")
    change = answering.answer(change.complaint, 1, "reason", "slow", "处理太慢", CUSTOMER, BASE, SOON)
    assert told(change) == [("staff_supplement", "zhang")]
    assert (change.complaint.status, change.complaint.round) == (Status.WORKING, 2)


def test_who_said_why_is_not_asked_again() -> None:
    change = closing.rate(build.resolved(), Rating.DISSATISFIED, None, "太慢", CUSTOMER, BASE, MONDAY)
    assert NoticeKind.SURVEY_QUESTION not in [notice.kind for notice in change.notices]


def test_a_question_can_be_skipped() -> None:
    complaint = rate(leak(), Rating.SATISFIED, MINGYUAN)
    change = answering.answer(complaint, 1, "solved", "", "跳过", CUSTOMER, MINGYUAN, SOON, skipped=True)
    survey = survey_of(change.complaint, 1)
    assert survey is not None
    assert (survey.answer("solved"), survey.answers[0].skipped, survey.asked) == (None, True, "improve")


def test_trap_42_not_solved_after_all_goes_back_to_work() -> None:
    complaint = rate(leak(), Rating.SATISFIED, MINGYUAN)
    change = answering.answer(complaint, 1, "solved", "no", "还在滴", CUSTOMER, MINGYUAN, SOON, alarming=True)
    assert happened(change) == ["survey_answered", "reopened"]
    assert (change.complaint.status, change.complaint.round) == (Status.WORKING, 2)
    assert facts_of(change, NoticeKind.STAFF_REOPENED)["comment"] == "还在滴"


def test_trap_42_trouble_told_in_passing_is_shown_to_the_service_centre() -> None:
    complaint = rate(leak(), Rating.SATISFIED, MINGYUAN)
    complaint = answering.answer(complaint, 1, "solved", "yes", "是", CUSTOMER, MINGYUAN, SOON).complaint
    said = "楼上又漏了"
    change = answering.answer(complaint, 1, "improve", said, said, CUSTOMER, MINGYUAN, SOON, alarming=True)
    assert told(change) == [("survey_remark", "@agent")]
    assert change.complaint.status is Status.CLOSED


@pytest.mark.parametrize(
    ("question", "who", "later"),
    [
        pytest.param("improve", CUSTOMER, timedelta(), id="another question waits"),
        pytest.param("solved", CUSTOMER, timedelta(hours=73), id="it has lapsed"),
        pytest.param("solved", build.STRANGER, timedelta(), id="another customer"),
        pytest.param("solved", HANDLER, timedelta(), id="the handler"),
    ],
)
def test_what_does_not_wait_is_not_answered(question: str, who: Actor, later: timedelta) -> None:
    complaint = rate(leak(), Rating.SATISFIED, MINGYUAN)
    with pytest.raises(Refused):
        answering.answer(complaint, 1, question, "yes", "是", who, MINGYUAN, MONDAY + later)


def test_traps_39_41_a_new_round_has_a_survey_of_its_own_and_the_old_questions_are_withdrawn() -> None:
    first = rate(leak(), Rating.SATISFIED, MINGYUAN)
    again = closing.reopen(first, "又漏了", CUSTOMER, MINGYUAN, SOON).complaint
    with pytest.raises(IllegalStep):
        answering.answer(again, 1, "solved", "yes", "是", CUSTOMER, MINGYUAN, SOON)
    done = handling.resolve(again, "重做防水", HANDLER, MINGYUAN, SOON).complaint
    assert [(survey.round, survey.open) for survey in done.surveys] == [(1, False), (2, True)]


# ── by phone ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def called(complaint: Complaint, rating: Rating | None, terms: Terms, who: Actor, now: datetime = SOON) -> Complaint:
    return answering.call_back(complaint, rating, "电话里说的", who, terms, now).complaint


def test_r087_the_centre_head_asks_by_phone_and_who_asked_is_kept() -> None:
    complaint = called(build.resolved(SINOPEC), Rating.SATISFIED, SINOPEC, LEAD)
    assert (complaint.status, complaint.closed_as) == (Status.CLOSED, "satisfied")
    assert (complaint.surveys[-1].rated_by, complaint.surveys[-1].comment) == ("lead", "电话里说的")
    with pytest.raises(NotAllowed, match="center_lead asks"):
        called(build.resolved(SINOPEC), Rating.SATISFIED, SINOPEC, AGENT)


def test_dissatisfied_by_phone_reopens_as_in_chat() -> None:
    change = answering.call_back(build.resolved(), Rating.DISSATISFIED, "还漏", AGENT, BASE, SOON)
    assert happened(change) == ["called_back", "reopened"]
    assert told(change)[:2] == [("reopened", "wang"), ("dissatisfied", "@center_lead")]
    assert change.complaint.severity is Severity.S3


@pytest.mark.parametrize(
    "who",
    [
        pytest.param(HANDLER, id="the handler"),
        pytest.param(actor("zhang", Role.AGENT, Role.CENTER_LEAD), id="the handler, who is also of the centre"),
        pytest.param(actor("wang", Role.AGENT), id="the customer, who is also of the centre"),
        pytest.param(COLLEAGUE, id="another handler"),
        pytest.param(CUSTOMER, id="a customer"),
    ],
)
def test_nobody_asks_about_their_own_work(who: Actor) -> None:
    with pytest.raises(NotAllowed):
        called(build.resolved(), Rating.SATISFIED, BASE, who)


def test_whom_the_complaint_names_does_not_call_back() -> None:
    named = replace(build.resolved(), respondents=frozenset({"agent"}))
    with pytest.raises(NotAllowed, match="names you"):
        called(named, Rating.SATISFIED, BASE, AGENT)


def test_nobody_rates_their_own_work() -> None:
    own = build.resolved()
    own = replace(own, tasks=(replace(own.tasks[0], assignee="wang"),))
    with pytest.raises(NotAllowed, match="own work"):
        closing.rate(own, Rating.SATISFIED, 5, "", CUSTOMER, BASE, MONDAY)


# ── tries ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_c6_6_three_tries_on_two_days_then_not_rated() -> None:
    desk = Desk(leak(), MINGYUAN).until(at("2026-11-26 10:30"))
    asked = ["survey_reminder wang", "survey_unanswered @agent"]
    assert [line.split(" ", 2)[2] for line in desk.said()] == asked
    assert desk.complaint.status is Status.RESOLVED
    desk.until(at("2026-11-28 09:00"))
    assert [line.split(" ", 2)[2] for line in desk.said()] == [*asked, "survey_unanswered @agent"]  # nobody phoned yet
    desk.apply(answering.call_back(desk.complaint, None, "", AGENT, MINGYUAN, desk.now))
    assert (desk.complaint.status, desk.complaint.closed_as) == (Status.CLOSED, "unrated")
    assert [(each.how, each.reached) for each in desk.complaint.surveys[-1].tries] == [
        ("chat", True), ("chat", True), ("phone", False)
    ]  # fmt: skip
    assert desk.until(at("2026-12-30 09:00")).complaint.closed_as == "unrated"


def test_c6_6_three_tries_on_one_day_are_not_enough() -> None:
    complaint = replace(leak(), surveys=(replace(leak().surveys[0], phoned=1),))
    for _ in range(3):
        complaint = called(complaint, None, MINGYUAN, AGENT)
    assert complaint.survey is not None
    complaint = called(complaint, None, MINGYUAN, AGENT, MONDAY + timedelta(days=1))
    assert complaint.closed_as == "unrated"


def test_after_an_outage_the_centre_is_asked_to_phone_once() -> None:
    desk = Desk(leak(), MINGYUAN).until(at("2026-12-07 10:00"), asleep=True)
    assert [line.split(" ", 2)[2] for line in desk.said()].count("survey_unanswered @agent") == 1
    assert desk.complaint.status is Status.RESOLVED


def test_where_nobody_phones_the_lead_hears_of_it() -> None:
    desk = Desk(leak(), MINGYUAN).until(at("2026-12-01 10:00"))
    assert "survey_unanswered @center_lead" in [line.split(" ", 2)[2] for line in desk.said()]


def test_the_base_profile_gives_up_by_itself() -> None:
    desk = Desk(build.resolved(), BASE).until(at("2026-11-26 10:30"))
    assert desk.complaint.closed_as == "unrated"


# ── the gates ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("rating", "closed"),
    [
        pytest.param(Rating.SATISFIED, True, id="satisfied"),
        pytest.param(Rating.NEUTRAL, True, id="content"),
        pytest.param(Rating.DISSATISFIED, False, id="dissatisfied"),
    ],
)
def test_r043_recognition_is_satisfied_or_content(rating: Rating, closed: bool) -> None:
    complaint = rate(build.resolved(SINOPEC), rating, SINOPEC)
    assert (complaint.status is Status.CLOSED) is closed


def test_r043_silence_is_no_recognition() -> None:
    desk = Desk(build.resolved(SINOPEC), SINOPEC).until(at("2026-11-30 10:00"))
    for day in (1, 2, 3):
        if desk.complaint.survey is not None:
            desk.apply(answering.call_back(desk.complaint, None, "", LEAD, SINOPEC, desk.now + timedelta(days=day)))
    assert desk.complaint.survey is None
    assert desk.complaint.status is Status.RESOLVED


def test_c6_5_a_lead_closes_unsettled_after_three_dissatisfied_rounds_and_not_before() -> None:
    complaint = build.resolved(LEYOUJIA, finder="finder")
    for round in (1, 2, 3):
        with pytest.raises(TooFewRounds) as refused:
            handling.close(complaint, "谈不拢", LEAD, LEYOUJIA, MONDAY)
        assert refused.value.missing == 4 - round
        complaint = rate(complaint, Rating.DISSATISFIED, LEYOUJIA, "还漏")
        if round < 3:
            complaint = handling.resolve(complaint, "又修了", HANDLER, LEYOUJIA, MONDAY).complaint
    change = handling.close(complaint, "谈不拢", LEAD, LEYOUJIA, MONDAY)
    assert change.complaint.closed_as == "unsettled"
    assert told(change) == [("closed_unsettled", "wang"), ("staff_closed", "zhang"), ("finder_outcome", "finder")]


def test_c6_6_who_could_not_be_reached_is_closed_by_the_lead() -> None:
    desk = Desk(build.resolved(LEYOUJIA), LEYOUJIA).until(at("2026-11-26 10:30"))
    desk.apply(answering.call_back(desk.complaint, None, "", AGENT, LEYOUJIA, desk.now))
    assert desk.complaint.status is Status.RESOLVED  # the gate wants satisfaction
    change = handling.close(desk.complaint, "多次联系不上", LEAD, LEYOUJIA, desk.now)
    assert change.complaint.closed_as == "unsettled"


# ── whatever happens ──────────────────────────────────────────────────────────────────────────────────────────────────

PROFILES = {name: build.terms(name) for name in ("base", "leyoujia-24h", "mingyuan", "sinopec-sh")}
DEEDS = st.sampled_from(
    [
        "satisfied",
        "neutral",
        "dissatisfied",
        "unreached",
        "phone good",
        "phone bad",
        "done",
        "wait",
        "close",
        "yes",
        "no",
    ]
)


def act(desk: Desk, deed: str, hours: int) -> None:
    terms, now, complaint = desk.rules, desk.now, desk.complaint
    match deed:
        case "satisfied" | "neutral" | "dissatisfied":
            desk.apply(closing.rate(complaint, Rating(deed), None, "", CUSTOMER, terms, now))
        case "unreached":
            desk.apply(answering.call_back(complaint, None, "", LEAD, terms, now))
        case "phone good":
            desk.apply(answering.call_back(complaint, Rating.SATISFIED, "", LEAD, terms, now))
        case "phone bad":
            desk.apply(answering.call_back(complaint, Rating.DISSATISFIED, "", LEAD, terms, now))
        case "done":
            desk.apply(handling.resolve(complaint, "修好", HANDLER, terms, now))
        case "close":
            desk.apply(handling.close(complaint, "谈不拢", LEAD, terms, now))
        case "yes" | "no":
            desk.apply(answering.answer(complaint, complaint.round, "solved", deed, deed, CUSTOMER, terms, now))
        case _:
            desk.until(now + timedelta(hours=hours))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(PROFILES)), st.lists(st.tuples(DEEDS, st.integers(1, 100)), max_size=12))
def test_silence_is_never_satisfaction_and_no_gate_opens_against_its_policy(
    name: str, deeds: list[tuple[str, int]]
) -> None:
    terms = PROFILES[name]
    desk = Desk(build.resolved(terms, category="QUAL.leak"), terms)
    for deed, hours in deeds:
        before = desk.complaint
        try:
            act(desk, deed, hours)
        except Refused:
            assert desk.complaint is before
        complaint = desk.complaint
        said = [s.rating for s in complaint.surveys if s.round == complaint.round and s.answered_at is not None]
        assert all(s.rating is None for s in complaint.surveys if s.answered_at is None)
        if complaint.closed_as in (Rating.SATISFIED, Rating.NEUTRAL):
            assert complaint.closed_as in said
        if complaint.status is Status.CLOSED and complaint.closed_as != "unsettled":
            if CloseRequirement.CUSTOMER_SATISFIED in terms.policy.close_requires:
                assert Rating.SATISFIED in said
            if CloseRequirement.CUSTOMER_RECOGNITION in terms.policy.close_requires:
                assert {Rating.SATISFIED, Rating.NEUTRAL} & set(said)
        if complaint.closed_as == "unrated":
            assert complaint.surveys[-1].rating is None
    unsettled = [e for e in desk.events if e.kind is EventKind.CLOSED and e.facts["as"] == "unsettled"]
    if unsettled and terms.policy.callback.rounds_before_lead:
        reopened = sum(event.kind is EventKind.REOPENED for event in desk.events)
        expired = any(event.kind is EventKind.SURVEY_EXPIRED for event in desk.events)
        assert expired or reopened >= terms.policy.callback.rounds_before_lead
