"""The desk's steps and their guards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from complaints import customer, handling
from complaints.change import Change, NoticeKind
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, Missing, NotAllowed
from complaints.limits import Limit
from complaints.parts.actors import SYSTEM, Actor
from complaints.vocabulary import Role, Severity, Status, TaskStatus
from tests.unit.complaints import build
from tests.unit.complaints.build import (
    AGENT,
    BASE,
    COLLEAGUE,
    CUSTOMER,
    DISPATCHER,
    FINDER,
    HANDLER,
    HEAD,
    LEAD,
    LEADER,
    LEYOUJIA,
    MONDAY,
    REVIEWER,
    STRANGER,
    actor,
    at,
    facts_of,
    happened,
    told,
)

DAY = Limit.parse("1d")


def test_r018_filing_acknowledges_at_once_with_the_promised_moment() -> None:
    change = handling.file(build.filing(), CUSTOMER, BASE, MONDAY)
    assert told(change) == [("acknowledgement", "wang")]
    assert change.notices[0].facts["due"] == "2026-11-23T04:00:00+00:00"  # first contact within 2 h
    assert happened(change) == ["received"]
    assert (change.complaint.status, change.complaint.version) == (Status.NEW, 1)
    assert change.complaint.policy == BASE.policy.ref


def test_r005_an_employee_who_brings_it_in_is_its_finder_and_is_told() -> None:
    change = handling.file(build.filing(finder="finder"), FINDER, BASE, MONDAY)
    assert told(change) == [("acknowledgement", "wang"), ("finder_recorded", "finder")]


@pytest.mark.parametrize("who", [STRANGER, HANDLER, HEAD, LEADER])
def test_filing_in_the_name_of_another_customer_is_refused(who: Actor) -> None:
    with pytest.raises(NotAllowed):
        handling.file(build.filing(), who, BASE, MONDAY)


@pytest.mark.parametrize("who", [AGENT, DISPATCHER, LEAD])
def test_r001_the_centre_files_what_a_customer_told_by_phone(who: Actor) -> None:
    change = handling.file(build.filing(channel="phone"), who, BASE, MONDAY)
    assert told(change) == [("acknowledgement", "wang")]
    assert [event.by for event in change.events] == [who.person]


def test_r007_a_complaint_without_a_word_is_not_filed() -> None:
    with pytest.raises(Missing) as missing:
        handling.file(build.filing(summary="  "), CUSTOMER, BASE, MONDAY)
    assert missing.value.what == "summary"


def test_r036_dispatch_gives_it_to_one_person_and_registers_it_on_the_way() -> None:
    change = handling.dispatch(build.filed(), "zhang", "rota", AGENT, BASE, MONDAY)
    assert happened(change) == ["registered", "dispatched"]
    assert told(change) == [("assigned", "zhang")]
    assert change.notices[0].also_sms
    assert change.complaint.owner == "zhang"
    assert change.complaint.task is not None
    assert change.complaint.task.why == "rota"


def test_r036_a_second_dispatch_relieves_the_first_and_moves_no_promise() -> None:
    before = build.working()
    change = handling.dispatch(before, "li", "by hand", AGENT, BASE, MONDAY + timedelta(hours=1), "休假")
    assert told(change) == [("assigned", "li"), ("unassigned", "zhang")]
    assert told(handling.dispatch(build.working(), "li", "", HANDLER, BASE, MONDAY)) == [("assigned", "li")]
    assert [task.status for task in change.complaint.tasks] == [TaskStatus.GIVEN_BACK, TaskStatus.DISPATCHED]
    assert [task.number for task in change.complaint.tasks] == [1, 2]
    assert change.complaint.deadlines[:-1] == before.deadlines
    assert change.complaint.deadlines[-1].clock == "accept"


def test_r021_an_assignee_hands_on_what_is_theirs() -> None:
    assert handling.dispatch(build.working(), "li", "handed on", HANDLER, BASE, MONDAY).complaint.owner == "li"
    with pytest.raises(NotAllowed):
        handling.dispatch(build.working(), "li", "grabbed", COLLEAGUE, BASE, MONDAY)


def test_dispatch_to_who_has_it_already_is_refused() -> None:
    with pytest.raises(IllegalStep, match="already with"):
        handling.dispatch(build.dispatched(), "zhang", "again", AGENT, BASE, MONDAY)


def test_dispatch_needs_a_contact() -> None:
    with pytest.raises(Missing) as missing:
        handling.dispatch(build.filed(contact_known=False), "zhang", "rota", AGENT, BASE, MONDAY)
    assert missing.value.what == "contact"


def test_nobody_is_assigned_a_complaint_that_names_them() -> None:
    complaint = build.filed(respondents=frozenset({"zhang"}))
    with pytest.raises(NotAllowed, match="names that person"):
        handling.dispatch(complaint, "zhang", "rota", AGENT, BASE, MONDAY)
    with pytest.raises(NotAllowed, match="names that person"):
        handling.assign_automatically(complaint, "zhang", "rota", BASE, MONDAY)


def test_r033_accepting_meets_the_acceptance_clock_and_starts_the_work_clock() -> None:
    change = handling.accept(build.dispatched(), HANDLER, BASE, MONDAY + timedelta(hours=1))
    assert told(change) == [("taken_up", "wang")]
    assert change.notices[0].facts["due"] == "2026-12-10T15:59:59+00:00"
    assert [d.clock for d in change.complaint.running] == ["complete"]
    assert {d.clock for d in change.complaint.deadlines if d.met_at} == {"first_contact", "accept"}


@pytest.mark.parametrize("who", [COLLEAGUE, AGENT, LEAD, HEAD, CUSTOMER, REVIEWER])
def test_r036_only_the_assignee_accepts(who: Actor) -> None:
    with pytest.raises(NotAllowed):
        handling.accept(build.dispatched(), who, BASE, MONDAY)


def test_r037_a_department_head_takes_it_over_and_then_works_on_it() -> None:
    complaint = handling.dispatch(build.working(), "head", "taken over", HEAD, BASE, MONDAY).complaint
    assert handling.resolve(complaint, "我已处理", HEAD, BASE, MONDAY).complaint.status is Status.RESOLVED


def test_giving_back_needs_a_reason_and_leaves_it_with_the_centre() -> None:
    with pytest.raises(Missing):
        handling.give_back(build.working(), " ", HANDLER, MONDAY)
    change = handling.give_back(build.working(), "不归我管", HANDLER, MONDAY)
    assert told(change) == [("given_back", "@agent")]
    assert facts_of(change, NoticeKind.GIVEN_BACK) == {"who": "zhang", "reason": "不归我管"}
    assert (change.complaint.owner, change.complaint.task, change.complaint.status) == (None, None, Status.ACCEPTED)


Doing = Callable[[Complaint, Actor], Change]
WORK: list[tuple[str, Doing]] = [
    ("report", lambda c, who: handling.report(c, "已约师傅", who, BASE, MONDAY)),
    ("propose", lambda c, who: handling.propose(c, "换防水层", who, BASE, MONDAY)),
    ("resolve", lambda c, who: handling.resolve(c, "换了水管", who, BASE, MONDAY)),
    ("ask for time", lambda c, who: handling.ask_extension(c, DAY, "等配件", who, BASE, MONDAY)),
]


@pytest.mark.parametrize(("what", "doing"), WORK, ids=[name for name, _ in WORK])
def test_work_by_an_assignee_who_never_said_accept_is_taken_as_accepted(what: str, doing: Doing) -> None:
    change = doing(build.dispatched(), HANDLER)
    assert happened(change)[0] == "accepted"
    assert change.complaint.accepted_at == MONDAY
    # The result says that it was taken up; a wish for more time alone says nothing to the customer.
    by_itself = [("taken_up", "wang")] if what in ("report", "propose") else []
    assert [each for each in told(change) if each[0] == "taken_up"] == by_itself


@pytest.mark.parametrize(("what", "doing"), WORK, ids=[name for name, _ in WORK])
def test_work_on_another_persons_task_is_refused(what: str, doing: Doing) -> None:
    for complaint in (build.dispatched(), build.working()):
        with pytest.raises(NotAllowed):
            doing(complaint, COLLEAGUE)


def test_r059_r063_progress_is_read_by_the_customer_and_kept() -> None:
    change = handling.report(build.working(), "已约师傅", HANDLER, BASE, MONDAY)
    assert told(change) == [("progress", "wang")]
    assert change.complaint.last_progress == "已约师傅"
    with pytest.raises(Missing):
        handling.report(build.working(), "", HANDLER, BASE, MONDAY)


def test_r054_progress_within_six_hours_keeps_the_promise_of_feedback() -> None:
    complaint = handling.report(build.working(LEYOUJIA), "现场看过", HANDLER, LEYOUJIA, MONDAY).complaint
    assert [d.clock for d in complaint.running] == ["plan"]


def test_r076_a_plan_is_put_to_the_customer() -> None:
    change = handling.propose(build.working(), "换防水层", HANDLER, BASE, MONDAY)
    assert told(change) == [("plan", "wang")]
    assert change.complaint.plan == "换防水层"
    with pytest.raises(Missing):
        handling.propose(build.working(), "", HANDLER, BASE, MONDAY)


def test_r083_a_plan_starts_the_callback_clock_which_the_customers_answer_keeps() -> None:
    complaint = build.proposed(LEYOUJIA)
    assert [d.clock for d in complaint.running] == ["callback"]
    again = handling.propose(complaint, "明天就换", HANDLER, LEYOUJIA, MONDAY + timedelta(hours=3)).complaint
    assert again.running == complaint.running  # a second plan wins no time
    for agreed in (True, False):
        answered = customer.answer_plan(again, agreed, "", CUSTOMER, LEYOUJIA, MONDAY).complaint
        assert answered.running == ()


def test_r085_done_needs_a_result_and_asks_the_customer_at_once() -> None:
    with pytest.raises(Missing) as missing:
        handling.resolve(build.working(), " ", HANDLER, BASE, MONDAY)
    assert missing.value.what == "result"
    change = handling.resolve(build.working(), "换了水管", HANDLER, BASE, MONDAY, "老化")
    assert told(change) == [("survey", "wang")]
    assert (change.complaint.result, change.complaint.cause) == ("换了水管", "老化")
    assert change.complaint.survey is not None
    assert change.complaint.running == ()
    assert change.complaint.owner == "zhang"


def test_r023_the_centre_settles_it_on_the_spot() -> None:
    accepted = handling.give_back(build.working(), "不归我管", HANDLER, MONDAY).complaint
    change = handling.resolve(accepted, "电话里说清了", AGENT, BASE, MONDAY)
    assert (change.complaint.status, change.complaint.task) == (Status.RESOLVED, None)


@pytest.mark.parametrize(
    "status", [Status.NEW, Status.RESOLVED, Status.CLOSED, Status.INVALID, Status.WITHDRAWN, Status.MERGED]
)
def test_a_refusal_for_the_status_comes_before_the_question_for_what_is_missing(status: Status) -> None:
    complaint = replace(build.working(), status=status)
    steps: tuple[Callable[[], Change], ...] = (
        lambda: handling.report(complaint, "", HANDLER, BASE, MONDAY),
        lambda: handling.propose(complaint, "", HANDLER, BASE, MONDAY),
        lambda: handling.resolve(complaint, "", HANDLER, BASE, MONDAY),
        lambda: handling.give_back(complaint, "", HANDLER, MONDAY),
    )
    for doing in steps:
        with pytest.raises(IllegalStep):
            doing()


def test_a_refusal_for_the_person_comes_before_the_question_for_what_is_missing() -> None:
    complaint = build.working()
    steps: tuple[Callable[[], Change], ...] = (
        lambda: handling.report(complaint, "", COLLEAGUE, BASE, MONDAY),
        lambda: handling.propose(complaint, "", COLLEAGUE, BASE, MONDAY),
        lambda: handling.resolve(complaint, "", COLLEAGUE, BASE, MONDAY),
        lambda: handling.give_back(complaint, "", COLLEAGUE, MONDAY),
        lambda: handling.close(complaint, "", AGENT, BASE, MONDAY),
        lambda: handling.invalidate(build.filed(), "", HANDLER, MONDAY),
        lambda: handling.dispatch(build.filed(contact_known=False), "li", "", HANDLER, BASE, MONDAY),
    )
    for doing in steps:
        with pytest.raises(NotAllowed):
            doing()


# --- more time


def asked(complaint: Complaint | None = None, limit: str = "1d", hours: float = 1) -> Change:
    complaint = complaint or build.working(LEYOUJIA)
    return handling.ask_extension(
        complaint, Limit.parse(limit), "等配件", HANDLER, LEYOUJIA, MONDAY + timedelta(hours=hours)
    )


def test_r055_whoever_the_policy_asks_for_more_time_may_grant_it() -> None:
    rule = replace(LEYOUJIA.policy.extension, approver=Role.LEADER)
    ours = replace(LEYOUJIA, policy=replace(LEYOUJIA.policy, extension=rule))
    change = handling.ask_extension(build.working(LEYOUJIA), DAY, "等配件", HANDLER, ours, MONDAY)
    assert told(change) == [("extension_asked", "@leader")]
    granted = handling.decide_extension(change.complaint, True, "", LEADER, ours, MONDAY).complaint
    assert granted.extensions_granted == 1
    for complaint, who in ((change.complaint, AGENT), (asked().complaint, LEADER)):
        with pytest.raises(NotAllowed):
            handling.decide_extension(complaint, True, "", who, ours, MONDAY)


def test_r055_more_time_is_asked_of_the_centre_lead_with_all_that_is_needed_to_decide() -> None:
    change = asked()
    assert told(change) == [("extension_asked", "@center_lead")]
    assert facts_of(change, NoticeKind.EXTENSION_ASKED) == {
        "who": "zhang",
        "clock": "plan",
        "limit": "1d",
        "reason": "等配件",
        "due": "2026-11-24T02:00:00+00:00",
    }


def test_r055_granted_the_plan_moves_by_exactly_24_hours_and_the_customer_is_told() -> None:
    change = handling.decide_extension(asked().complaint, True, "", LEAD, LEYOUJIA, MONDAY + timedelta(hours=2))
    plan = change.complaint.deadline("plan")
    assert plan is not None
    assert plan.due_at == MONDAY + timedelta(hours=48)
    assert plan.steps[4:] == (
        "2026-11-24 10:00:00 start",
        "+ 1d = 24h",
        "= 2026-11-25 10:00:00",
    )
    assert plan.steps[3] == "extended by 1d"
    assert told(change) == [("extension_decided", "zhang"), ("extended", "wang")]
    assert facts_of(change, NoticeKind.EXTENDED) == {"due": "2026-11-25T02:00:00+00:00", "reason": "等配件"}
    assert change.complaint.extensions_granted == 1
    assert change.complaint.extension is None


def test_r055_refused_nothing_moves_and_the_customer_hears_nothing() -> None:
    before = asked().complaint
    change = handling.decide_extension(before, False, "今天必须完成", LEAD, LEYOUJIA, MONDAY)
    assert change.complaint.deadlines == before.deadlines
    assert told(change) == [("extension_decided", "zhang")]
    assert (change.complaint.extensions_granted, change.complaint.extension) == (0, None)


def test_r055_only_once() -> None:
    granted = handling.decide_extension(asked().complaint, True, "", LEAD, LEYOUJIA, MONDAY).complaint
    with pytest.raises(IllegalStep, match="allows no more"):
        asked(granted)


def test_r055_not_twice_at_a_time() -> None:
    with pytest.raises(IllegalStep, match="not decided yet"):
        asked(asked().complaint)


@pytest.mark.parametrize(
    ("limit", "fits"),
    [
        pytest.param("1d", True, id="one day"),
        pytest.param("24h", True, id="24 hours"),
        pytest.param("3h", True, id="less"),
        pytest.param("2d", False, id="two days"),
        pytest.param("25h", False, id="an hour more"),
        pytest.param("1wd", False, id="a working day may be longer: here to its midnight"),
        pytest.param("8wh", False, id="eight working hours"),
    ],
)
def test_r055_one_day_at_the_most(limit: str, fits: bool) -> None:
    complaint = build.working(LEYOUJIA, at("2026-11-26 12:00"))  # the plan is due on a friday

    def doing() -> Change:
        return handling.ask_extension(
            complaint, Limit.parse(limit), "等配件", HANDLER, LEYOUJIA, at("2026-11-26 13:00")
        )

    if fits:
        assert doing().complaint.extension is not None
    else:
        with pytest.raises(IllegalStep, match="1d more at the most"):
            doing()


def test_r055_base_sets_no_bound() -> None:
    assert handling.ask_extension(build.working(), Limit.parse("90d"), "等", HANDLER, BASE, MONDAY).complaint.extension


@pytest.mark.parametrize(
    ("hours", "in_time"),
    [
        pytest.param(23, True, id="before"),
        pytest.param(24, True, id="at the last moment"),
        pytest.param(24.001, False, id="after"),
    ],
)
def test_r055_before_expiry(hours: float, in_time: bool) -> None:
    if in_time:
        assert asked(hours=hours).complaint.extension is not None
    else:
        with pytest.raises(IllegalStep, match="already overdue"):
            asked(hours=hours)


def test_r055_with_a_reason_and_a_measure() -> None:
    complaint = build.working(LEYOUJIA)
    with pytest.raises(Missing) as missing:
        handling.ask_extension(complaint, DAY, " ", HANDLER, LEYOUJIA, MONDAY)
    assert missing.value.what == "reason"
    with pytest.raises(Missing) as missing:
        handling.ask_extension(complaint, None, "等配件", HANDLER, LEYOUJIA, MONDAY)
    assert missing.value.what == "limit"


def test_r055_nobody_decides_on_their_own_request() -> None:
    both = actor("zhang", Role.HANDLER, Role.DEPT_HEAD, Role.CENTER_LEAD)
    with pytest.raises(IllegalStep, match="their own request"):
        handling.decide_extension(asked().complaint, True, "", both, LEYOUJIA, MONDAY)


@pytest.mark.parametrize("who", [AGENT, COLLEAGUE, CUSTOMER, SYSTEM])
def test_r055_only_leads_decide(who: Actor) -> None:
    with pytest.raises(NotAllowed):
        handling.decide_extension(asked().complaint, True, "", who, LEYOUJIA, MONDAY)


def test_r055_there_is_nothing_to_decide_where_nothing_was_asked() -> None:
    with pytest.raises(IllegalStep, match="no extension"):
        handling.decide_extension(build.working(LEYOUJIA), True, "", LEAD, LEYOUJIA, MONDAY)


def test_a_wish_for_more_time_ends_with_the_promise_it_was_about() -> None:
    complaint = handling.propose(asked().complaint, "换锁", HANDLER, LEYOUJIA, MONDAY).complaint
    assert complaint.extension is None
    with pytest.raises(IllegalStep, match="no extension"):
        handling.decide_extension(complaint, True, "", LEAD, LEYOUJIA, MONDAY)


def test_a_wish_for_more_time_ends_with_the_task_of_who_asked() -> None:
    complaint = asked().complaint
    assert handling.give_back(complaint, "不归我管", HANDLER, MONDAY).complaint.extension is None
    assert handling.dispatch(complaint, "li", "", AGENT, LEYOUJIA, MONDAY).complaint.extension is None


def test_asking_for_time_before_accepting_extends_the_work_and_not_the_acceptance() -> None:
    change = handling.ask_extension(build.dispatched(), DAY, "等配件", HANDLER, BASE, MONDAY)
    assert change.complaint.extension is not None
    assert change.complaint.extension.clock == "complete"


# --- grading, invalid, closing by hand


def test_r029_raising_is_for_the_centre_and_the_lead_hears_of_it() -> None:
    change = handling.grade(build.working(), Severity.S1, "媒体", AGENT, BASE, MONDAY)
    assert told(change) == [("severity_raised", "@center_lead")]
    assert change.complaint.severity is Severity.S1
    with pytest.raises(NotAllowed):
        handling.grade(build.working(), Severity.S1, "媒体", HANDLER, BASE, MONDAY)


def test_r030_lowering_needs_the_lead_and_a_reason() -> None:
    grave = build.working(severity=Severity.S1)
    with pytest.raises(NotAllowed):
        handling.grade(grave, Severity.S4, "查明", AGENT, BASE, MONDAY)
    with pytest.raises(Missing):
        handling.grade(grave, Severity.S4, "", LEAD, BASE, MONDAY)
    change = handling.grade(grave, Severity.S4, "查明", LEAD, BASE, MONDAY)
    assert (change.complaint.severity, told(change)) == (Severity.S4, [])
    with pytest.raises(IllegalStep, match="S1 already"):
        handling.grade(grave, Severity.S1, "", LEAD, BASE, MONDAY)


def test_r025_invalid_needs_a_reason_that_the_customer_reads_and_the_finder_hears_the_outcome() -> None:
    complaint = build.filed(finder="finder")
    with pytest.raises(Missing):
        handling.invalidate(complaint, "", AGENT, MONDAY)
    change = handling.invalidate(complaint, "不属实", REVIEWER, MONDAY)
    assert told(change) == [("invalid", "wang"), ("finder_outcome", "finder")]
    assert (change.complaint.closed_as, change.complaint.settled) == ("invalid", True)
    assert change.complaint.running == ()


def test_r025_what_the_rule_gave_to_somebody_can_be_judged_before_any_work() -> None:
    change = handling.invalidate(build.dispatched(), "不归我们管", REVIEWER, MONDAY)
    assert told(change) == [("invalid", "wang"), ("staff_closed", "zhang")]
    assert (change.complaint.task, change.complaint.owner) == (None, None)
    with pytest.raises(IllegalStep):
        handling.invalidate(build.working(), "不归我们管", REVIEWER, MONDAY)


def test_closing_against_the_gate_needs_the_lead_and_a_reason_and_tells_everybody() -> None:
    complaint = build.resolved(finder="finder")
    with pytest.raises(Missing):
        handling.close(complaint, " ", LEAD, BASE, MONDAY)
    with pytest.raises(NotAllowed):
        handling.close(complaint, "三轮未果", AGENT, BASE, MONDAY)
    change = handling.close(complaint, "三轮未果", LEAD, BASE, MONDAY)
    assert told(change) == [("closed_unsettled", "wang"), ("staff_closed", "zhang"), ("finder_outcome", "finder")]
    assert change.complaint.closed_as == "unsettled"
    assert change.complaint.surveys[-1].expired_at == MONDAY


def test_closing_unsettled_from_work_relieves_the_assignee() -> None:
    complaint = handling.close(build.working(), "客户要求超出范围", LEAD, BASE, MONDAY).complaint
    assert (complaint.task, complaint.running, complaint.status) == (None, (), Status.CLOSED)


def test_nobody_closes_a_complaint_that_names_them() -> None:
    complaint = replace(build.resolved(), respondents=frozenset({"lead"}))
    with pytest.raises(NotAllowed, match="names you"):
        handling.close(complaint, "算了", LEAD, BASE, MONDAY)


def test_who_hears_of_a_new_complaint() -> None:
    assert told(handling.announce(build.filed())) == [("new_complaint", "@agent")]
    assert told(handling.needs_assignment(build.filed())) == [("needs_assignment", "@agent")]
    assert handling.assign_automatically(build.filed(), "zhang", "rota", BASE, MONDAY).events[-1].by is None
