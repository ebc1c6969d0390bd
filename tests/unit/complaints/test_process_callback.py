"""The call-back while the work goes on (R-062): once a round, one question after another, silence counted."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import pytest

from complaints import closing, handling, policy, process_callback
from complaints.change import EventKind, NoticeKind
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, NotAllowed, PolicyError
from complaints.policy import merged
from complaints.promises import Terms
from tests.unit.complaints import build
from tests.unit.complaints.build import (
    BASE,
    CUSTOMER,
    HANDLER,
    MONDAY,
    STRANGER,
    WEEK,
    Desk,
    at,
    facts_of,
    happened,
    told,
)

MINGYUAN = build.terms("mingyuan")


@cache
def rules(**callback: object) -> Terms:
    data = merged("mingyuan")
    return Terms(policy.parse(data | {"process_callback": data["process_callback"] | callback}, "ours"), WEEK)


PLAN = rules(**{"from": "plan_submitted"})


def asked(desk: Desk) -> list[str]:
    return [line for line in desk.said() if " process_" in line]


def begun(terms: Terms = MINGYUAN) -> Desk:
    return Desk(build.working(terms), terms).until(at("2026-11-24 12:00"))


def answered(desk: Desk, *answers: bool) -> Desk:
    for told_so in answers:
        desk.apply(process_callback.answer(desk.complaint, told_so, "说一句", CUSTOMER, desk.rules, desk.now))
    return desk


def test_r062_asked_a_day_after_the_task_is_registered_one_question_after_another() -> None:
    desk = answered(begun(), True, True, True)
    assert asked(desk) == [
        "11-24 10:00:00 process_callback wang",
        "11-24 12:00:00 process_callback wang",
        "11-24 12:00:00 process_callback wang",
        "11-24 12:00:00 process_answered @agent",
    ]
    questions = [n.facts["question"] for _, n in desk.log if n.kind is NoticeKind.PROCESS_CALLBACK]
    assert questions == ["plan_told", "finish_time_told", "plan_clear"]
    assert asked(desk.until(at("2026-12-20 12:00")))[4:] == []


def test_what_is_denied_goes_back_to_the_handler_who_then_owes_a_line() -> None:
    desk = answered(begun(), True, False)
    change = process_callback.answer(desk.complaint, False, "没有", CUSTOMER, MINGYUAN, desk.now)
    assert told(change) == [("process_answered", "@agent"), ("process_returned", "zhang")]
    assert facts_of(change, NoticeKind.PROCESS_ANSWERED) == {
        "told": "plan_told",
        "not_told": "finish_time_told,plan_clear",
    }
    returned = facts_of(change, NoticeKind.PROCESS_RETURNED)
    assert returned == {
        "not_told": "finish_time_told,plan_clear",
        "due": "2026-11-26T15:59:59+00:00",
    }  # the plan's own limit
    desk.apply(change)
    desk.until(at("2026-11-25 12:00"))
    assert desk.complaint.duty.missed == 1  # it was asked for and did not come


def test_an_answer_in_time_is_no_miss() -> None:
    desk = answered(begun(), False, False, False)
    desk.apply(
        handling.report(desk.complaint, "已电话说明，周五完成", HANDLER, MINGYUAN, desk.now + timedelta(hours=1))
    )
    assert desk.until(at("2026-11-26 09:00")).complaint.duty.missed == 0


def test_silence_is_counted_and_nobody_hears_of_it() -> None:
    desk = begun().until(at("2026-11-27 12:00"))
    assert asked(desk) == ["11-24 10:00:00 process_callback wang"]
    assert [event.kind for event in desk.events].count(EventKind.PROCESS_UNANSWERED) == 1
    with pytest.raises(IllegalStep, match="nothing was asked"):
        process_callback.answer(desk.complaint, True, "", CUSTOMER, MINGYUAN, desk.now)


def test_what_was_denied_before_the_customer_fell_silent_is_passed_on() -> None:
    desk = answered(begun(), False).until(at("2026-11-27 12:00"))
    assert asked(desk)[-2:] == ["11-26 10:00:00 process_answered @agent", "11-26 10:00:00 process_returned zhang"]


@pytest.mark.parametrize("rounds", [1, 2])
def test_once_a_round(rounds: int) -> None:
    desk = answered(begun(), True, True, True)
    for _ in range(1, rounds):
        desk.apply(handling.resolve(desk.complaint, "换了水管", HANDLER, MINGYUAN, desk.now))
        desk.apply(closing.reopen(desk.complaint, "又漏了", CUSTOMER, MINGYUAN, desk.now))
        desk.until(desk.now + timedelta(hours=25))
    begun_at = [event.at for event in desk.events if event.kind is EventKind.PROCESS_ASKED]
    assert len(begun_at) == len(set(begun_at)) == rounds


@pytest.mark.parametrize("done_before", ["2026-11-24 09:00", "2026-11-24 11:00"])
def test_withdrawn_when_the_work_is_done_first(done_before: str) -> None:
    desk = Desk(build.working(MINGYUAN), MINGYUAN).until(at(done_before))
    desk.apply(handling.resolve(desk.complaint, "换了水管", HANDLER, MINGYUAN, desk.now))
    before = len(asked(desk))
    desk.until(at("2026-12-20 12:00"))
    assert len(asked(desk)) == before
    with pytest.raises(IllegalStep):
        process_callback.answer(desk.complaint, True, "", CUSTOMER, MINGYUAN, desk.now)


def test_counted_from_the_plan_where_the_profile_says_so() -> None:
    desk = Desk(build.working(PLAN), PLAN).until(at("2026-11-25 12:00"))
    assert asked(desk) == []
    desk.apply(handling.propose(desk.complaint, "换防水层", HANDLER, PLAN, desk.now))
    assert asked(desk.until(at("2026-11-27 12:00"))) == ["11-26 12:00:00 process_callback wang"]


def test_never_at_night_and_never_whom_we_cannot_reach() -> None:
    late = at("2026-11-23 22:30")
    assert asked(Desk(build.working(MINGYUAN, late), MINGYUAN, late).until(at("2026-11-25 12:00"))) == [
        "11-25 08:00:00 process_callback wang"
    ]
    unknown = build.filed(MINGYUAN, contact_known=False)
    assert asked(Desk(unknown, MINGYUAN).until(at("2026-12-01 12:00"))) == []


def test_only_their_own_customer_answers() -> None:
    with pytest.raises(NotAllowed):
        process_callback.answer(begun().complaint, True, "", STRANGER, MINGYUAN, MONDAY)


def test_nobody_is_called_back_where_the_profile_is_silent() -> None:
    assert asked(Desk(build.working(), BASE).until(at("2026-12-20 12:00"))) == []


def test_each_answer_is_an_event_with_the_customers_words() -> None:
    complaint: Complaint = begun().complaint
    change = process_callback.answer(complaint, False, "没人说过", CUSTOMER, MINGYUAN, MONDAY)
    assert happened(change) == ["process_answered"]
    assert (change.events[0].note, dict(change.events[0].facts)) == (
        "没人说过",
        {"question": "plan_told", "told": "no"},
    )


@pytest.mark.parametrize(
    ("values", "says"),
    [
        pytest.param({"from": "resolved"}, "choose from registered, plan_submitted, none", id="milestone"),
        pytest.param({"questions": []}, "ask something", id="no question"),
        pytest.param({"questions": ["happy"]}, "plan_told", id="unknown question"),
    ],
)
def test_a_wrong_profile_is_told_the_cure(values: dict[str, object], says: str) -> None:
    with pytest.raises(PolicyError, match=says):
        rules.__wrapped__(**values)


def test_nobody_is_asked_about_a_plan_before_anybody_has_taken_the_work_on() -> None:
    desk = Desk(build.dispatched(MINGYUAN), MINGYUAN).until(at("2026-11-25 12:00"))
    assert asked(desk) == []
    desk.apply(handling.accept(desk.complaint, HANDLER, MINGYUAN, desk.now))
    assert asked(desk.until(at("2026-11-27 12:00")))[0] == "11-26 12:00:00 process_callback wang"
