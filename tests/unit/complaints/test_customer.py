"""What a customer does besides rating."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from complaints import clockwork, customer, duties, handling, policy
from complaints.change import Change, NoticeKind
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, Missing, NotAllowed
from complaints.limits import Limit
from complaints.parts.actors import SYSTEM, Actor
from complaints.promises import Terms
from complaints.vocabulary import Severity, Status, TaskStatus
from tests.unit.complaints import build
from tests.unit.complaints.build import (
    AGENT,
    BASE,
    COLLEAGUE,
    CUSTOMER,
    FINDER,
    HANDLER,
    LEAD,
    MONDAY,
    STRANGER,
    at,
    facts_of,
    happened,
    told,
)

STAGES: list[Callable[..., Complaint]] = [
    build.filed,
    build.dispatched,
    build.working,
    build.proposed,
    build.executing,
    build.resolved,
]


@pytest.mark.parametrize("stage", STAGES, ids=[stage.__name__ for stage in STAGES])
def test_withdrawing_ends_everything(stage: Callable[..., Complaint]) -> None:
    before = stage(finder="finder")
    change = customer.withdraw(before, "不投诉了", CUSTOMER, MONDAY)
    after = change.complaint
    assert (after.status, after.closed_as, after.task, after.survey) == (Status.WITHDRAWN, "withdrawn", None, None)
    assert after.running == ()
    assert clockwork.wanted(after, BASE) == ()
    for timer in clockwork.wanted(before, BASE):
        assert clockwork.fire(after, timer, BASE, MONDAY + timedelta(days=9)) is None
    owner = [("staff_withdrawn", "zhang")] if before.owner else []
    assert told(change) == [
        ("withdrawn", "wang"),
        *owner,
        ("staff_withdrawn", "@agent"),
        ("finder_outcome", "finder"),
    ]


def test_withdrawing_relieves_the_assignee_and_ends_the_wish_for_time() -> None:
    asked = handling.ask_extension(build.working(), Limit.parse("1d"), "等", HANDLER, BASE, MONDAY)
    after = customer.withdraw(asked.complaint, "", CUSTOMER, MONDAY).complaint
    assert after.extension is None
    assert after.tasks[-1].status is TaskStatus.GIVEN_BACK


def test_what_comes_along_is_recorded_and_disturbs_nobody() -> None:
    change = customer.attach(build.working(), "[2.jpg]", CUSTOMER, MONDAY)
    assert happened(change) == ["supplemented"]
    assert told(change) == []


def test_an_edit_is_recorded_beside_the_first_words_and_read_by_who_works_on_it() -> None:
    """Trap 18."""
    before = build.working()
    change = customer.amend(before, "其实是5栋", 2, CUSTOMER, MONDAY)
    assert change.complaint.summary == before.summary
    assert happened(change) == ["amended"]
    assert (change.events[0].note, dict(change.events[0].facts)) == ("其实是5栋", {"version": "2"})
    assert told(change) == [("staff_supplement", "zhang")]
    assert dict(facts_of(change, NoticeKind.STAFF_SUPPLEMENT)) == {"text": "其实是5栋", "edited": "yes"}


OWN: list[tuple[str, Callable[[Actor], Change]]] = [
    ("withdraw", lambda who: customer.withdraw(build.working(), "", who, MONDAY)),
    ("supplement", lambda who: customer.supplement(build.working(), "还有", who, MONDAY)),
    ("attach", lambda who: customer.attach(build.working(), "[1.jpg]", who, MONDAY)),
    ("amend", lambda who: customer.amend(build.working(), "其实是5栋", 2, who, MONDAY)),
    ("tell facts", lambda who: customer.tell_facts(build.working(), "3栋", True, who, BASE, MONDAY)),
    ("urge", lambda who: customer.urge(build.working(), "快点", who, BASE, MONDAY)),
    ("agree", lambda who: customer.answer_plan(build.proposed(), True, "", who, BASE, MONDAY)),
    ("refuse", lambda who: customer.answer_plan(build.proposed(), False, "", who, BASE, MONDAY)),
]


@pytest.mark.parametrize(("what", "doing"), OWN, ids=[name for name, _ in OWN])
def test_a_customer_acts_on_their_own_complaint_only(what: str, doing: Callable[[Actor], Change]) -> None:
    assert doing(CUSTOMER).events
    for who in (STRANGER, COLLEAGUE, FINDER):
        with pytest.raises(NotAllowed):
            doing(who)


def test_more_words_reach_the_assignee_or_the_centre() -> None:
    assert told(customer.supplement(build.working(), "是楼上的水管", CUSTOMER, MONDAY)) == [
        ("supplement_recorded", "wang"),
        ("staff_supplement", "zhang"),
    ]
    assert told(customer.supplement(build.filed(), "是楼上的水管", CUSTOMER, MONDAY, told=False)) == [
        ("staff_supplement", "@agent")
    ]
    by_finder = customer.supplement(build.filed(finder="finder"), "还有", FINDER, MONDAY)
    assert [notice.facts.get("finder") for notice in by_finder.notices] == ["yes", "yes"]
    assert by_finder.notices[1].facts["who"] == "finder"
    assert told(by_finder)[0] == (
        "supplement_recorded",
        "finder",
    )


def test_words_of_somebody_in_copy_are_added_by_the_system_itself_which_nobody_thanks() -> None:
    change = customer.supplement(build.working(), "邻居：楼上也漏", SYSTEM, MONDAY)
    assert told(change) == [("staff_supplement", "zhang")]


def test_r009_answers_to_our_questions_disturb_nobody_and_may_open_the_way_to_dispatch() -> None:
    change = customer.tell_facts(build.filed(contact_known=False), "13812345678", True, CUSTOMER, BASE, MONDAY)
    assert told(change) == [("acknowledgement", "wang")]  # it had to wait until there was somebody to send it to
    assert change.complaint.contact_known
    assert customer.tell_facts(build.filed(), "3栋", False, CUSTOMER, BASE, MONDAY).complaint.contact_known


def test_r063_urging_is_counted_and_from_the_third_time_on_others_hear_it() -> None:
    complaint = build.working()
    heard = []
    for hours in range(0, 8, 2):
        change = customer.urge(complaint, "怎么还没来", CUSTOMER, BASE, MONDAY + timedelta(hours=hours))
        complaint = change.complaint
        heard.append([to for kind, to in told(change) if kind == "staff_urged"])
    raised = ["zhang", "@agent", "superior of zhang"]
    assert heard == [["zhang"], ["zhang"], raised, raised]
    assert complaint.urged == 4
    assert complaint.priority  # to be done first
    assert complaint.severity is Severity.S4  # the profile leaves it
    assert facts_of(change, NoticeKind.URGE_RECORDED)["due"] == "2026-12-10T15:59:59+00:00"


def test_several_urges_within_an_hour_count_once_and_each_is_answered() -> None:
    desk = build.working()
    kinds = []
    for minutes in (0, 5, 59, 60, 119):
        change = customer.urge(desk, "快点", CUSTOMER, BASE, MONDAY + timedelta(minutes=minutes))
        desk = change.complaint
        kinds.append([kind for kind, _ in told(change)])
    alone, with_assignee = ["urge_recorded"], ["urge_recorded", "staff_urged"]
    assert kinds == [with_assignee, alone, alone, with_assignee, alone]
    assert (desk.urged, desk.priority) == (2, False)
    assert facts_of(change, NoticeKind.URGE_RECORDED)["again"] == "yes"


def test_urging_raises_the_severity_where_the_profile_says_so() -> None:
    data = policy.merged("base")
    strict = Terms(policy.parse(data | {"urging": data["urging"] | {"raise_severity": "S3"}}, "strict"), build.WEEK)
    desk = replace(build.working(strict), urged=2)
    change = customer.urge(desk, "", CUSTOMER, strict, MONDAY)
    assert change.complaint.severity is Severity.S3
    assert ("severity_raised", "@center_lead") in told(change)
    again = customer.urge(change.complaint, "", CUSTOMER, strict, MONDAY + timedelta(hours=2))
    assert happened(again) == ["urged"]  # raised once
    graver = replace(build.working(strict), urged=2, severity=Severity.S1)
    assert customer.urge(graver, "", CUSTOMER, strict, MONDAY).complaint.severity is Severity.S1


def test_r063_urging_what_nobody_has_reaches_the_centre() -> None:
    assert told(customer.urge(build.filed(), "", CUSTOMER, BASE, MONDAY)) == [
        ("urge_recorded", "wang"),
        ("staff_urged", "@agent"),
    ]


def test_what_the_finder_says_is_announced_as_theirs_and_promised_to_the_customer() -> None:
    found = replace(build.working(), finder=FINDER.person)
    for change in (
        customer.urge(found, "快点", FINDER, BASE, MONDAY),
        customer.supplement(found, "老人膝盖破了", FINDER, MONDAY),
    ):
        own, heard = change.notices
        assert (own.facts["finder"], heard.facts["finder"], heard.facts["who"]) == ("yes", "yes", FINDER.person)
    assert "finder" not in customer.urge(build.working(), "快点", CUSTOMER, BASE, MONDAY).notices[1].facts


def test_r076_the_plan_is_agreed_to_or_refused() -> None:
    agreed = customer.answer_plan(build.proposed(), True, "可以", CUSTOMER, BASE, MONDAY)
    assert agreed.complaint.status is Status.EXECUTING
    assert told(agreed) == [("plan_agreed", "wang"), ("staff_plan_answer", "zhang")]
    refused = customer.answer_plan(build.proposed(), False, "太慢", CUSTOMER, BASE, MONDAY)
    assert refused.complaint.status is Status.WORKING
    assert told(refused) == [("plan_refused", "wang"), ("staff_plan_answer", "zhang")]
    changed_mind = customer.answer_plan(agreed.complaint, False, "想想还是不行", CUSTOMER, BASE, MONDAY)
    assert changed_mind.complaint.status is Status.WORKING
    with pytest.raises(IllegalStep):
        customer.answer_plan(build.working(), True, "", CUSTOMER, BASE, MONDAY)


def test_r025_one_appeal_with_a_word_of_why() -> None:
    invalid = handling.invalidate(build.filed(), "不属实", AGENT, MONDAY).complaint
    with pytest.raises(Missing):
        customer.appeal(invalid, " ", CUSTOMER, BASE, MONDAY)
    with pytest.raises(NotAllowed):
        customer.appeal(invalid, "属实", STRANGER, BASE, MONDAY)
    change = customer.appeal(invalid, "有照片", CUSTOMER, BASE, MONDAY + timedelta(days=1))
    assert happened(change) == ["appealed"]
    assert told(change) == [("appeal_recorded", "wang"), ("appeal", "@center_lead"), ("appeal", "superior of agent")]
    after = change.complaint
    assert (after.status, after.closed_at, after.closed_as) == (Status.NEW, None, "")
    with pytest.raises(NotAllowed, match="who found it invalid"):
        handling.invalidate(after, "照片是别处", AGENT, MONDAY)
    with pytest.raises(NotAllowed, match="who found it invalid"):
        handling.dispatch(after, "zhang", "", AGENT, BASE, MONDAY)
    with pytest.raises(NotAllowed, match="who found it invalid"):
        duties.tick(after, duties.DUTIES["valid_confirmed"], "", AGENT, BASE, MONDAY)
    again = handling.invalidate(after, "照片是别处", LEAD, MONDAY + timedelta(days=1)).complaint
    with pytest.raises(IllegalStep, match="one appeal"):
        customer.appeal(again, "还是属实", CUSTOMER, BASE, MONDAY + timedelta(days=2))


def test_r025_a_granted_appeal_is_told_to_the_customer_once() -> None:
    invalid = handling.invalidate(build.filed(), "不属实", AGENT, MONDAY).complaint
    appealed = customer.appeal(invalid, "有照片", CUSTOMER, BASE, MONDAY).complaint
    dispatched = handling.dispatch(appealed, "zhang", "", LEAD, BASE, MONDAY)
    [granted] = [notice for notice in dispatched.notices if notice.kind is NoticeKind.RESTORED]
    assert (granted.to.person, granted.facts["appeal"]) == ("wang", "granted")
    again = handling.dispatch(dispatched.complaint, "li", "", LEAD, BASE, MONDAY)
    assert NoticeKind.RESTORED not in {notice.kind for notice in again.notices}
    found = duties.tick(appealed, duties.DUTIES["valid_confirmed"], "", LEAD, BASE, MONDAY)
    assert ("restored", "wang") in told(found)
    given = handling.dispatch(found.complaint, "zhang", "", AGENT, BASE, MONDAY).complaint  # decided: it is work again
    with pytest.raises(IllegalStep, match="valid already"):
        duties.tick(given, duties.DUTIES["valid_confirmed"], "", LEAD, BASE, MONDAY)


def test_r025_the_clocks_stood_still_while_it_was_invalid() -> None:
    invalid = handling.invalidate(build.filed(), "不属实", AGENT, MONDAY + timedelta(hours=1)).complaint
    after = customer.appeal(invalid, "有照片", CUSTOMER, BASE, MONDAY + timedelta(days=5, hours=1)).complaint
    contact = after.deadline("first_contact")
    assert contact is not None
    assert contact.due_at == at("2026-11-28 12:00")  # an hour is left, as before
    assert contact.steps[-3:] == (
        "stands still 2026-11-23 11:00:00 to 2026-11-28 11:00:00",
        "+ 2h",
        "= 2026-11-28 12:00:00",
    )
