"""The satisfaction question, the gate of each profile, and the way back to work."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from complaints import closing, customer, handling
from complaints.change import NoticeKind
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, NotAllowed
from complaints.parts.actors import Actor
from complaints.parts.work import Task
from complaints.policy import CloseRequirement
from complaints.promises import Terms, due_facts
from complaints.vocabulary import Rating, Severity, Status
from tests.unit.complaints import build
from tests.unit.complaints.build import (
    AGENT,
    BASE,
    CUSTOMER,
    HANDLER,
    LEAD,
    LEYOUJIA,
    MONDAY,
    STRANGER,
    facts_of,
    happened,
    rated,
    told,
)

BOTH = pytest.mark.parametrize("terms", [pytest.param(BASE, id="base"), pytest.param(LEYOUJIA, id="leyoujia-24h")])


@BOTH
def test_r083_satisfied_closes(terms: Terms) -> None:
    change = rated(build.resolved(terms, finder="finder"), Rating.SATISFIED, terms)
    assert happened(change) == ["rated", "closed"]
    assert told(change) == [("closed_satisfied", "wang"), ("staff_closed", "zhang"), ("finder_outcome", "finder")]
    assert (change.complaint.status, change.complaint.closed_as) == (Status.CLOSED, "satisfied")
    assert change.complaint.running == ()


def test_neutral_closes_where_the_gate_only_wants_an_answer() -> None:
    change = rated(build.resolved(), Rating.NEUTRAL)
    assert (change.complaint.status, change.complaint.closed_as) == (Status.CLOSED, "neutral")


def test_r083_neutral_is_not_satisfied_where_the_gate_wants_satisfaction() -> None:
    change = rated(build.resolved(LEYOUJIA), Rating.NEUTRAL, LEYOUJIA)
    assert (change.complaint.status, change.complaint.round) == (Status.WORKING, 2)


@BOTH
def test_r083_dissatisfied_goes_back_to_work_in_a_new_round(terms: Terms) -> None:
    before = build.resolved(terms)
    change = rated(before, Rating.DISSATISFIED, terms, MONDAY + timedelta(days=2))
    after = change.complaint
    assert happened(change) == ["rated", "reopened"]
    assert told(change) == [
        ("reopened", "wang"),
        ("dissatisfied", "@center_lead"),
        ("staff_reopened", "zhang"),
        ("dissatisfied", "superior of zhang"),
    ]
    assert facts_of(change, NoticeKind.STAFF_REOPENED)["comment"] == "说了一句"
    assert (after.status, after.round, after.severity, after.owner) == (Status.WORKING, 2, Severity.S3, "zhang")
    assert after.task is not None
    assert (after.task.assignee, after.task.number, len(after.tasks)) == ("zhang", 2, 2)
    assert after.surveys[0].rating is Rating.DISSATISFIED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(Severity.S4, Severity.S3, id="raised to S3"),
        pytest.param(Severity.S3, Severity.S3, id="stays"),
        pytest.param(Severity.S1, Severity.S1, id="never lowered"),
    ],
)
def test_r029_a_dissatisfied_customer_raises_the_severity_to_at_least_s3(before: Severity, after: Severity) -> None:
    assert rated(build.resolved(severity=before), Rating.DISSATISFIED).complaint.severity is after


def test_a_new_round_begins_its_promises_anew_and_allows_an_extension_again() -> None:
    complaint = build.resolved(LEYOUJIA)
    now = MONDAY + timedelta(days=2)
    after = rated(replace(complaint, extensions_granted=1), Rating.DISSATISFIED, LEYOUJIA, now).complaint
    assert [(d.clock, d.round, d.due_at) for d in after.running] == [
        ("investigate_feedback", 2, now + timedelta(hours=6)),
        ("plan", 2, now + timedelta(hours=24)),
    ]
    assert after.extensions_granted == 0


def test_what_an_earlier_round_left_unkept_does_not_chase_the_next() -> None:
    complaint = handling.close(build.working(), "超出范围", LEAD, BASE, MONDAY).complaint
    assert any(d.met_at is None for d in complaint.deadlines)
    again = closing.reopen(complaint, "还在漏", CUSTOMER, BASE, MONDAY + timedelta(days=20)).complaint
    assert [(d.clock, d.round) for d in again.running] == [("complete", 2)]


def test_the_second_round_asks_again_and_satisfied_closes_it() -> None:
    back = rated(build.resolved(LEYOUJIA), Rating.DISSATISFIED, LEYOUJIA).complaint
    done = handling.resolve(back, "重做防水", HANDLER, LEYOUJIA, MONDAY).complaint
    assert [survey.round for survey in done.surveys] == [1, 2]
    closed = rated(done, Rating.SATISFIED, LEYOUJIA).complaint
    assert (closed.status, closed.round, closed.closed_as) == (Status.CLOSED, 2, "satisfied")
    assert [survey.rating for survey in closed.surveys] == [Rating.DISSATISFIED, Rating.SATISFIED]


def test_only_its_own_customer_rates() -> None:
    for who in (STRANGER, HANDLER, AGENT, LEAD):
        with pytest.raises(NotAllowed):
            closing.rate(build.resolved(), Rating.SATISFIED, 5, "", who, BASE, MONDAY)


def test_nothing_is_rated_before_it_is_asked_or_twice() -> None:
    with pytest.raises(IllegalStep):
        rated(build.working(), Rating.SATISFIED)
    with pytest.raises(IllegalStep, match="no satisfaction question"):
        rated(rated(build.resolved(), Rating.SATISFIED).complaint, Rating.SATISFIED)


def test_a_score_and_a_comment_are_kept() -> None:
    change = closing.rate(build.resolved(), Rating.SATISFIED, 5, "很快", CUSTOMER, BASE, MONDAY)
    survey = change.complaint.surveys[-1]
    assert (survey.score, survey.comment, survey.answered_at) == (5, "很快", MONDAY)
    assert change.events[0].facts == {"rating": "satisfied", "round": "1", "score": "5"}


# --- silence


def test_silence_under_base_closes_it_as_unrated_and_never_as_satisfied() -> None:
    change = closing.expire_survey(build.resolved(), BASE, MONDAY + timedelta(hours=72))
    assert change is not None
    assert happened(change) == ["survey_expired", "closed"]
    assert told(change) == [("closed_unrated", "wang"), ("staff_closed", "zhang")]
    assert change.complaint.closed_as == "unrated"
    assert change.complaint.surveys[-1].rating is None


def test_r083_silence_under_leyoujia_closes_nothing_and_the_centre_is_told() -> None:
    change = closing.expire_survey(build.resolved(LEYOUJIA), LEYOUJIA, MONDAY + timedelta(hours=72))
    assert change is not None
    assert (change.complaint.status, change.complaint.closed_as) == (Status.RESOLVED, "")
    assert told(change) == [("survey_unanswered", "@agent")]
    assert closing.close_if_gate_open(change.complaint, AGENT, LEYOUJIA, MONDAY) is None


def late(terms: Terms) -> Complaint:
    change = closing.expire_survey(build.resolved(terms, finder="finder"), terms, MONDAY + timedelta(hours=72))
    assert change is not None
    return change.complaint


@pytest.mark.parametrize(
    ("terms", "rating", "status", "closed_as"),
    [
        pytest.param(LEYOUJIA, Rating.SATISFIED, Status.CLOSED, "satisfied", id="leyoujia satisfied"),
        pytest.param(LEYOUJIA, Rating.NEUTRAL, Status.WORKING, "", id="leyoujia neutral"),
        pytest.param(LEYOUJIA, Rating.DISSATISFIED, Status.WORKING, "", id="leyoujia dissatisfied"),
        pytest.param(BASE, Rating.SATISFIED, Status.CLOSED, "satisfied", id="base satisfied"),
        pytest.param(BASE, Rating.NEUTRAL, Status.CLOSED, "neutral", id="base neutral"),
        pytest.param(BASE, Rating.DISSATISFIED, Status.WORKING, "", id="base dissatisfied"),
    ],
)
def test_a_late_answer_still_counts(terms: Terms, rating: Rating, status: Status, closed_as: str) -> None:
    change = rated(late(terms), rating, terms, MONDAY + timedelta(days=5))
    after = change.complaint
    assert (after.status, after.closed_as) == (status, closed_as)
    assert after.surveys[0].rating is rating
    if status is Status.CLOSED:
        assert told(change) == [("closed_satisfied", "wang"), ("staff_closed", "zhang"), ("finder_outcome", "finder")]
        with pytest.raises(IllegalStep):
            rated(after, Rating.DISSATISFIED, terms)


def test_a_late_answer_counts_as_long_as_the_complaint_can_be_reopened() -> None:
    closed = late(BASE)
    assert closed.closed_at is not None
    limit = closed.closed_at + timedelta(days=30)
    assert rated(closed, Rating.SATISFIED, BASE, limit).complaint.closed_as == "satisfied"
    with pytest.raises(IllegalStep, match="more than 30 days"):
        rated(closed, Rating.SATISFIED, BASE, limit + timedelta(seconds=1))


def test_a_late_word_on_an_unsettled_closing_turns_it_only_if_satisfied() -> None:
    unsettled = handling.close(build.resolved(), "三轮未果", LEAD, BASE, MONDAY).complaint
    assert rated(unsettled, Rating.NEUTRAL).complaint.closed_as == "unsettled"
    assert rated(unsettled, Rating.SATISFIED).complaint.closed_as == "satisfied"
    assert rated(unsettled, Rating.DISSATISFIED).complaint.round == 2


def test_the_question_is_repeated_once() -> None:
    change = closing.remind_survey(build.resolved(), MONDAY)
    assert change is not None
    assert told(change) == [("survey_reminder", "wang")]
    assert closing.remind_survey(change.complaint, MONDAY) is None
    assert closing.remind_survey(build.working(), MONDAY) is None
    assert closing.expire_survey(build.working(), BASE, MONDAY) is None


def test_a_gate_that_wants_more_than_satisfaction_leaves_a_satisfied_customer_in_peace() -> None:
    gate = BASE.policy.close_requires | {CloseRequirement.ALL_TASKS_CLOSED}
    strict = Terms(replace(BASE.policy, close_requires=gate), BASE.calendar)
    done = build.resolved()
    other = Task(2, "li", build.working().tasks[0].status, MONDAY)
    change = closing.rate(
        replace(done, tasks=(*done.tasks, other)), Rating.SATISFIED, None, "", CUSTOMER, strict, MONDAY
    )
    assert (change.complaint.status, change.complaint.round) == (Status.RESOLVED, 1)


# --- reopening


@pytest.mark.parametrize(
    ("days", "possible"),
    [
        pytest.param(0, True, id="at once"),
        pytest.param(30, True, id="on the last day"),
        pytest.param(30.001, False, id="after it"),
    ],
)
def test_a_closed_complaint_reopens_within_the_days_of_its_policy(days: float, possible: bool) -> None:
    closed = rated(build.resolved(), Rating.SATISFIED).complaint
    now = MONDAY + timedelta(days=days)
    assert customer.may_reopen(closed, BASE, now) is possible
    if possible:
        after = closing.reopen(closed, "又漏了", CUSTOMER, BASE, now).complaint
        assert (after.status, after.round, after.closed_at, after.closed_as) == (Status.WORKING, 2, None, "")
        assert after.severity is Severity.S3
    else:
        with pytest.raises(IllegalStep, match="more than 30 days"):
            closing.reopen(closed, "又漏了", CUSTOMER, BASE, now)


def test_the_customer_hears_the_soonest_promise_of_the_new_round() -> None:
    change = rated(build.resolved(LEYOUJIA), Rating.DISSATISFIED, LEYOUJIA)
    [told] = [each for each in change.notices if each.kind is NoticeKind.REOPENED]
    assert told.facts["due"] == due_facts(change.complaint, LEYOUJIA)["due"]
    [again] = [each for each in change.notices if each.kind is NoticeKind.STAFF_REOPENED]
    assert told.facts["due"] < again.facts["due"]  # staff are told the limit of the work


def test_reopening_before_the_answer_ends_the_open_question() -> None:
    after = closing.reopen(build.resolved(), "还在漏", CUSTOMER, BASE, MONDAY).complaint
    assert after.survey is None
    assert after.surveys[0].expired_at == MONDAY
    with pytest.raises(IllegalStep):
        rated(after, Rating.SATISFIED)


@pytest.mark.parametrize("who", [STRANGER, HANDLER, build.FINDER])
def test_who_may_not_reopen(who: Actor) -> None:
    with pytest.raises(NotAllowed):
        closing.reopen(build.resolved(), "还在漏", who, BASE, MONDAY)


def test_what_the_centre_settled_on_the_spot_comes_back_to_the_centre() -> None:
    given_back = handling.give_back(build.working(), "不归我管", HANDLER, MONDAY).complaint
    settled = handling.resolve(given_back, "电话里说清了", AGENT, BASE, MONDAY).complaint
    change = rated(settled, Rating.DISSATISFIED)
    assert told(change) == [
        ("reopened", "wang"),
        ("dissatisfied", "@center_lead"),
        ("needs_assignment", "@agent"),
    ]
    assert (change.complaint.owner, change.complaint.task) == (None, None)
    assert handling.dispatch(change.complaint, "li", "by hand", AGENT, BASE, MONDAY).complaint.owner == "li"


@pytest.mark.parametrize("status", [Status.INVALID, Status.WITHDRAWN, Status.MERGED, Status.WORKING, Status.NEW])
def test_nothing_else_reopens(status: Status) -> None:
    assert not customer.may_reopen(replace(build.working(), status=status), BASE, MONDAY)
    with pytest.raises(IllegalStep):
        closing.reopen(replace(build.working(), status=status), "还在漏", CUSTOMER, BASE, MONDAY)
