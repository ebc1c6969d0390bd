"""The four rates: who counts, above and below the line (C1, C5, R-091)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints import answering, closing, customer, handling, rates
from complaints.complaint import Complaint
from complaints.parts.asking import Survey, SurveyAnswer
from complaints.rates import Rate, Rates
from complaints.vocabulary import Kind, Rating, Status
from tests.unit.complaints import build
from tests.unit.complaints.build import BASE, CUSTOMER, LEAD, LEYOUJIA, MONDAY

NOW = MONDAY + timedelta(days=30)
SOLVING = frozenset({"solved"})


def of(*complaints: Complaint) -> Rates:
    return rates.rates(complaints, NOW, SOLVING)


def closed(rating: Rating, score: int | None = None) -> Complaint:
    return closing.rate(build.resolved(), rating, score, "", CUSTOMER, BASE, MONDAY).complaint


def saying(complaint: Complaint, value: str, skipped: bool = False) -> Complaint:
    said = SurveyAnswer("solved", value, MONDAY, "wang", skipped)
    return replace(complaint, surveys=(replace(complaint.surveys[-1], answers=(said,)),))


LATE = replace(build.working(), deadlines=tuple(replace(d, met_at=NOW) for d in build.working().deadlines))
UNRATED = closing.expire_survey(build.resolved(), BASE, MONDAY + timedelta(days=3))
assert UNRATED is not None


@pytest.mark.parametrize(
    ("complaint", "response", "solved", "satisfied", "closed_"),
    [
        pytest.param(closed(Rating.SATISFIED), (1, 1), (1, 1), (1, 1), (1, 1), id="satisfied"),
        pytest.param(closed(Rating.SATISFIED, 4), (1, 1), (1, 1), (1, 1), (1, 1), id="4 of 5"),
        pytest.param(closed(Rating.NEUTRAL, 3), (1, 1), (0, 1), (0, 1), (1, 1), id="neutral is neither"),
        pytest.param(
            saying(closed(Rating.NEUTRAL), "yes"), (1, 1), (1, 1), (0, 1), (1, 1), id="solved, though neutral"
        ),
        pytest.param(saying(closed(Rating.SATISFIED), "no"), (1, 1), (0, 1), (1, 1), (1, 1), id="not solved after all"),
        pytest.param(saying(closed(Rating.SATISFIED), "", True), (1, 1), (1, 1), (1, 1), (1, 1), id="skipped"),
        pytest.param(UNRATED.complaint, (1, 1), (0, 0), (0, 0), (1, 1), id="silence is in no rate of satisfaction"),
        pytest.param(build.resolved(), (1, 1), (0, 0), (0, 0), (0, 1), id="waiting"),
        pytest.param(LATE, (0, 1), (0, 0), (0, 0), (0, 1), id="contacted late"),
        pytest.param(build.filed(), (0, 1), (0, 0), (0, 0), (0, 1), id="never contacted"),
    ],
)
def test_what_one_complaint_adds(
    complaint: Complaint,
    response: tuple[int, int],
    solved: tuple[int, int],
    satisfied: tuple[int, int],
    closed_: tuple[int, int],
) -> None:
    found = of(complaint)
    assert found.response == Rate(*response)
    assert found.solved == Rate(*solved)
    assert found.satisfied == Rate(*satisfied)
    assert found.closed == Rate(*closed_)


def test_a_contact_that_is_not_due_yet_is_not_below_the_line() -> None:
    assert rates.rates([build.filed()], MONDAY + timedelta(hours=1), SOLVING).response == Rate()


WITHDRAWN = customer.withdraw(build.working(), "", CUSTOMER, MONDAY).complaint


@pytest.mark.parametrize(
    "complaint",
    [
        pytest.param(replace(closed(Rating.SATISFIED), kind=Kind.CONSULT), id="a question"),
        pytest.param(replace(closed(Rating.SATISFIED), kind=Kind.PRAISE), id="praise"),
        pytest.param(replace(closed(Rating.SATISFIED), kind=Kind.SERVICE), id="a service"),
        pytest.param(replace(closed(Rating.SATISFIED), mystery=True), id="R-091 a mystery case"),
        pytest.param(replace(closed(Rating.SATISFIED), drill=True), id="a drill"),
        pytest.param(replace(build.filed(), status=Status.MERGED), id="merged"),
        pytest.param(WITHDRAWN, id="withdrawn"),
        pytest.param(replace(build.filed(), status=Status.DRAFT), id="a draft"),
    ],
)
def test_what_does_not_enter(complaint: Complaint) -> None:
    assert of(complaint) == Rates()


def test_what_is_not_valid_is_answered_but_not_to_be_closed() -> None:
    invalid = handling.invalidate(build.filed(), "不属实", LEAD, MONDAY).complaint
    assert (of(invalid).closed, of(invalid).counted) == (Rate(), 1)


def test_the_last_round_that_was_answered_counts_once() -> None:
    again = closing.rate(build.resolved(), Rating.DISSATISFIED, None, "还漏", CUSTOMER, BASE, MONDAY).complaint
    assert of(again).satisfied == Rate(0, 1)
    done = handling.resolve(again, "重做", build.HANDLER, BASE, MONDAY).complaint
    assert (of(done).satisfied, of(done).waiting) == (Rate(0, 1), 0)
    happy = closing.rate(done, Rating.SATISFIED, 5, "", CUSTOMER, BASE, MONDAY).complaint
    assert of(happy).satisfied == Rate(1, 1)


def test_a_call_back_counts_like_an_answer() -> None:
    called = answering.call_back(build.resolved(LEYOUJIA), Rating.SATISFIED, "", LEAD, LEYOUJIA, MONDAY).complaint
    assert (of(called).satisfied, of(called).answered) == (Rate(1, 1), 1)


def test_unanswered_and_waiting_are_shown_apart() -> None:
    assert UNRATED is not None
    found = of(closed(Rating.SATISFIED), UNRATED.complaint, build.resolved())
    assert (found.asked, found.answered, found.unanswered, found.waiting, found.unrated) == (3, 1, 1, 1, 1)


def test_nothing_has_no_rate() -> None:
    assert of().satisfied.value is None
    assert of(closed(Rating.SATISFIED)).satisfied.value == 1.0


@given(st.lists(st.sampled_from([*Rating, None]), max_size=8))
def test_no_rate_leaves_its_bounds_and_silence_never_helps(ratings: list[Rating | None]) -> None:
    def one(rating: Rating | None) -> Complaint:
        survey = Survey(
            1, MONDAY, answered_at=MONDAY if rating else None, expired_at=None if rating else NOW, rating=rating
        )
        return replace(build.resolved(), surveys=(survey,))

    found = of(*map(one, ratings))
    assert found.satisfied.of == sum(rating is not None for rating in ratings)
    assert found.satisfied.hits == ratings.count(Rating.SATISFIED)
    assert found.unanswered == ratings.count(None)
    for rate in (found.response, found.solved, found.satisfied, found.closed):
        assert 0 <= rate.hits <= rate.of
