"""R-035, R-067: appointments: named by one side, agreed by the other, moved, called off, reminded of, and what came of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints import customer, handling, policy, visits
from complaints.change import Change, NoticeKind, To
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, Missing, NotAllowed, PolicyError, Refused
from complaints.parts.actors import Actor
from complaints.promises import Terms
from complaints.vocabulary import Kind, Post, Role, Severity, Side, Status, VisitState
from tests.unit.complaints.build import (
    AGENT,
    BASE,
    COLLEAGUE,
    CUSTOMER,
    HANDLER,
    LEADER,
    MONDAY,
    STRANGER,
    WEEK,
    Desk,
    at,
    dispatched,
    facts_of,
    filed,
    happened,
    resolved,
    terms,
    told,
    working,
)

TUESDAY_3PM = at("2026-11-24 15:00")
THURSDAY_10AM = at("2026-11-26 10:00")


def propose(
    complaint: Complaint, start: datetime, by: Actor = HANDLER, end: datetime | None = None, now: datetime = MONDAY
) -> Change:
    return visits.propose(complaint, start, end, by, BASE, now)


def agreed(start: datetime = TUESDAY_3PM, now: datetime = MONDAY, complaint: Complaint | None = None) -> Complaint:
    offered = propose(complaint or working(now=now), start, now=now).complaint
    return visits.agree(offered, CUSTOMER, BASE, now).complaint


def open_visit(complaint: Complaint) -> tuple[VisitState, datetime, datetime | None]:
    visit = complaint.visit
    assert visit is not None
    return visit.state, visit.slot.start, visit.offer.start if visit.offer else None


def test_a_time_is_named_by_one_side_and_agreed_by_the_other() -> None:
    change = propose(working(), TUESDAY_3PM)
    assert told(change) == [("visit_offer", "wang")]
    facts = facts_of(change, NoticeKind.VISIT_OFFER)
    assert (facts["start"], facts["end"]) == ("2026-11-24T07:00:00+00:00", "2026-11-24T08:00:00+00:00")  # an hour long
    assert change.complaint.visit is not None
    assert change.complaint.visit.awaits is Side.CUSTOMER
    change = visits.agree(change.complaint, CUSTOMER, BASE, MONDAY)
    assert happened(change) == ["visit_agreed"]
    assert told(change) == [("visit_confirmed", "wang"), ("visit_confirmed", "zhang")]
    assert open_visit(change.complaint) == (VisitState.CONFIRMED, TUESDAY_3PM, None)


def test_the_customer_may_ask_before_anybody_has_the_task() -> None:
    change = propose(filed(), TUESDAY_3PM, CUSTOMER)
    assert told(change) == [("visit_offer", "@agent")]
    assert change.complaint.visit is not None
    assert (change.complaint.visit.task, change.complaint.visit.awaits) == (0, Side.STAFF)


def test_another_time_in_answer_takes_the_place_of_the_first_which_is_kept_as_history() -> None:
    change = propose(propose(working(), TUESDAY_3PM).complaint, THURSDAY_10AM, CUSTOMER)
    assert told(change) == [("visit_offer", "zhang")]
    visit = change.complaint.visit
    assert visit is not None
    assert [slot.start for slot in visit.history] == [TUESDAY_3PM]
    assert (visit.slot.start, visit.awaits) == (THURSDAY_10AM, Side.STAFF)
    # Naming the very time that the other has named says yes to it.
    assert happened(propose(change.complaint, THURSDAY_10AM)) == ["visit_agreed"]
    # Only the side that is asked can say yes, and only to a time that waits for it.
    with pytest.raises(IllegalStep):
        visits.agree(change.complaint, CUSTOMER, BASE, MONDAY)
    with pytest.raises(IllegalStep):
        visits.agree(agreed(), CUSTOMER, BASE, MONDAY)


def test_an_agreed_time_stays_until_the_other_says_yes_to_another() -> None:
    moving = propose(agreed(), THURSDAY_10AM, CUSTOMER)
    assert open_visit(moving.complaint) == (VisitState.CONFIRMED, TUESDAY_3PM, THURSDAY_10AM)
    assert facts_of(moving, NoticeKind.VISIT_OFFER)["old_start"] == "2026-11-24T07:00:00+00:00"
    kept = visits.decline(moving.complaint, "那天我休息", HANDLER, MONDAY)
    assert told(kept) == [("visit_kept", "wang"), ("visit_kept", "zhang")]
    assert open_visit(kept.complaint) == (VisitState.CONFIRMED, TUESDAY_3PM, None)
    moved = visits.agree(moving.complaint, HANDLER, BASE, MONDAY)
    visit = moved.complaint.visit
    assert visit is not None
    assert (visit.slot.start, visit.sequence, [slot.start for slot in visit.history]) == (
        THURSDAY_10AM, 1, [TUESDAY_3PM],
    )  # fmt: skip


def test_a_time_declined_without_another_leaves_nothing_arranged() -> None:
    change = visits.decline(propose(working(), TUESDAY_3PM).complaint, "", CUSTOMER, MONDAY)
    assert told(change) == [("visit_declined", "zhang")]
    assert change.complaint.visit is None
    assert [visit.number for visit in propose(change.complaint, THURSDAY_10AM).complaint.visits] == [1, 2]


@pytest.mark.parametrize("by", [CUSTOMER, HANDLER, AGENT])
def test_either_side_calls_it_off_and_both_are_told(by: Actor) -> None:
    change = visits.cancel(agreed(), "家里有事", by, MONDAY)
    assert told(change) == [("visit_cancelled", "wang"), ("visit_cancelled", "zhang")]
    assert facts_of(change, NoticeKind.VISIT_CANCELLED)["by"] == ("customer" if by is CUSTOMER else "staff")
    (visit,) = change.complaint.visits
    assert (visit.state, visit.sequence, visit.outcome) == (VisitState.CANCELLED, 1, "家里有事")
    with pytest.raises(IllegalStep):
        visits.cancel(change.complaint, "", by, MONDAY)


@pytest.mark.parametrize("by", [STRANGER, COLLEAGUE, LEADER, Actor("wang", frozenset({Role.HANDLER}), "web")])
def test_only_its_customer_its_assignee_and_the_centre_arrange_a_visit(by: Actor) -> None:
    with pytest.raises(NotAllowed):
        propose(working(), TUESDAY_3PM, by)


def test_what_is_over_or_is_no_time_of_day_is_refused() -> None:
    complaint = working()
    with pytest.raises(IllegalStep, match="in the past"):
        propose(complaint, MONDAY - timedelta(minutes=1))
    with pytest.raises(IllegalStep, match="in the past"):
        propose(complaint, MONDAY)
    with pytest.raises(IllegalStep, match="not days"):
        propose(complaint, TUESDAY_3PM, end=TUESDAY_3PM + timedelta(days=2))
    with pytest.raises(IllegalStep):
        propose(resolved(), TUESDAY_3PM, CUSTOMER)
    # "This morning", said in the morning, is what is left of it.
    change = propose(complaint, at("2026-11-23 09:00"), end=at("2026-11-23 12:00"))
    assert open_visit(change.complaint)[1] == MONDAY
    offered = propose(complaint, TUESDAY_3PM).complaint
    with pytest.raises(IllegalStep, match="in the past"):
        visits.agree(offered, CUSTOMER, BASE, TUESDAY_3PM + timedelta(hours=1))


# ── what came of it ───────────────────────────────────────────────────────────────────────────────────────────────────

AFTER = at("2026-11-24 16:40")


def test_the_outcome_is_kept_in_a_line() -> None:
    with pytest.raises(Missing):
        visits.done(agreed(), " ", HANDLER, AFTER)
    change = visits.done(agreed(), "换了阀门", HANDLER, AFTER)
    assert happened(change) == ["visit_done"]
    assert (change.complaint.visits[0].state, change.complaint.visits[0].outcome) == (VisitState.DONE, "换了阀门")
    assert change.complaint.status is Status.WORKING


def test_a_customer_who_was_not_there_is_counted_and_asked_for_another_time() -> None:
    complaint = agreed()
    for count in (1, 2):
        change = visits.missed(complaint, Side.CUSTOMER, "敲门没人", HANDLER, BASE, AFTER)
        assert told(change) == [("visit_missed", "wang")]
        assert facts_of(change, NoticeKind.VISIT_MISSED)["count"] == str(count)
        assert "text" not in facts_of(change, NoticeKind.VISIT_MISSED)  # the assignee's words are for the desk
        complaint = agreed(AFTER, AFTER - timedelta(minutes=1), change.complaint)
    assert visits.missed_by_customer(complaint) == 2


def test_a_visit_that_we_missed_is_owned_and_superiors_hear_of_it() -> None:
    change = visits.missed(agreed(), Side.STAFF, "堵车", HANDLER, BASE, AFTER)
    assert told(change) == [("visit_missed", "wang"), ("staff_visit_missed", "superior of zhang")]
    assert facts_of(change, NoticeKind.STAFF_VISIT_MISSED)["text"] == "堵车"


def test_only_staff_say_what_came_of_it_and_not_before_its_time() -> None:
    for by, now in ((CUSTOMER, AFTER), (HANDLER, MONDAY)):
        with pytest.raises(IllegalStep):
            visits.done(agreed(), "好了", by, now)
        with pytest.raises(IllegalStep):
            visits.missed(agreed(), Side.CUSTOMER, "", by, BASE, now)
    with pytest.raises(IllegalStep):
        visits.done(propose(working(), TUESDAY_3PM).complaint, "好了", HANDLER, AFTER)


def test_work_that_is_done_ends_the_visit_with_it() -> None:
    over = handling.resolve(agreed(), "换了水管", HANDLER, BASE, AFTER)
    assert (over.complaint.visits[0].state, over.complaint.visits[0].outcome) == (VisitState.DONE, "换了水管")
    early = handling.resolve(agreed(), "电话里解决了", HANDLER, BASE, MONDAY)
    assert early.complaint.visits[0].state is VisitState.CANCELLED
    assert [line for line in told(early) if line[0] == "visit_cancelled"] == [
        ("visit_cancelled", "wang"), ("visit_cancelled", "zhang"),
    ]  # fmt: skip
    unsaid = handling.resolve(propose(working(), TUESDAY_3PM).complaint, "好了", HANDLER, BASE, MONDAY)
    assert "visit_cancelled" not in dict(told(unsaid))  # nothing was agreed that anybody keeps free


def test_a_complaint_that_is_withdrawn_takes_its_visit_along() -> None:
    change = customer.withdraw(agreed(), "", CUSTOMER, MONDAY)
    assert change.complaint.visits[0].state is VisitState.CANCELLED
    assert change.complaint.visit is None
    assert [line for line in told(change) if line[0] == "visit_cancelled"] != []


def test_a_visit_that_is_agreed_confirms_a_service_r_067() -> None:
    vanke = terms("vanke")
    filing = handling.Filing("TS1", "换灯泡", "wang", "web", "zh", kind=Kind.SERVICE)
    complaint = handling.file(filing, CUSTOMER, vanke, MONDAY).complaint
    complaint = handling.dispatch(complaint, "zhang", "", AGENT, vanke, MONDAY).complaint
    deadline = complaint.deadline("service_confirm")
    assert deadline is not None
    assert deadline.due_at == MONDAY + timedelta(hours=24)
    offered = visits.propose(complaint, TUESDAY_3PM, None, HANDLER, vanke, MONDAY).complaint
    unmet, met = offered.deadline("service_confirm"), None
    assert unmet is not None
    assert unmet.met_at is None  # one side's word is no agreement
    met = visits.agree(offered, CUSTOMER, vanke, MONDAY).complaint.deadline("service_confirm")
    assert met is not None
    assert met.met_at == MONDAY


# ── its own time ──────────────────────────────────────────────────────────────────────────────────────────────────────


def said_of_visits(desk: Desk) -> list[str]:
    return [line for line in desk.said() if " visit_" in line]


def test_both_are_reminded_the_day_before_and_two_hours_before_and_the_assignee_is_asked_after_it() -> None:
    desk = Desk(agreed(THURSDAY_10AM), BASE).until(at("2026-11-28 00:00"))
    assert said_of_visits(desk) == [
        "11-25 10:00:00 visit_reminder wang",
        "11-25 10:00:00 visit_reminder zhang",
        "11-26 08:00:00 visit_reminder wang",
        "11-26 08:00:00 visit_reminder zhang",
        "11-26 11:30:00 visit_outcome zhang",
        "11-27 11:00:00 visit_outcome zhang",
    ]


def test_no_reminder_in_the_quiet_hours_of_its_reader_trap_27() -> None:
    desk = Desk(agreed(at("2026-11-26 08:30")), BASE).until(at("2026-11-26 08:30"))
    # The customer is not written to before eight: half an hour before is late, the evening before is in time.
    assert said_of_visits(desk) == [
        "11-25 08:30:00 visit_reminder wang",
        "11-25 08:30:00 visit_reminder zhang",
        "11-25 20:59:00 visit_reminder wang",
        "11-26 07:00:00 visit_reminder zhang",
    ]
    severe = replace(agreed(at("2026-11-26 08:30")), severity=Severity.S0)
    assert "11-26 06:30:00 visit_reminder wang" in said_of_visits(Desk(severe, BASE).until(at("2026-11-26 08:30")))


def test_who_has_just_said_yes_is_not_reminded() -> None:
    desk = Desk(agreed(at("2026-11-23 11:30")), BASE).until(at("2026-11-23 11:30"))
    assert said_of_visits(desk) == []


def test_after_an_outage_one_reminder_stands_for_all_that_were_missed() -> None:
    desk = Desk(agreed(THURSDAY_10AM), BASE).until(at("2026-11-26 09:00"), asleep=True)
    assert said_of_visits(desk) == ["11-26 09:00:00 visit_reminder wang", "11-26 09:00:00 visit_reminder zhang"]
    late = Desk(agreed(THURSDAY_10AM), BASE).until(at("2026-11-26 10:30"), asleep=True)
    assert said_of_visits(late) == []


def test_a_visit_that_was_moved_is_reminded_of_anew_and_one_called_off_is_not() -> None:
    desk = Desk(agreed(THURSDAY_10AM), BASE).until(at("2026-11-25 12:00"))
    desk.apply(visits.propose(desk.complaint, at("2026-11-27 10:00"), None, CUSTOMER, BASE, desk.now))
    desk.apply(visits.agree(desk.complaint, HANDLER, BASE, desk.now))
    desk.until(at("2026-11-26 12:00"))
    assert said_of_visits(desk)[-2:] == ["11-26 10:00:00 visit_reminder wang", "11-26 10:00:00 visit_reminder zhang"]
    before = len(said_of_visits(desk))
    desk.apply(visits.cancel(desk.complaint, "", CUSTOMER, desk.now))
    desk.until(at("2026-11-29 12:00"))
    assert len(said_of_visits(desk)) == before + 2  # that it is off, and nothing after that


def test_reminders_tell_both_sides_of_another_time_that_still_waits_for_a_yes() -> None:
    desk = Desk(agreed(THURSDAY_10AM), BASE).until(at("2026-11-24 12:00"))
    desk.apply(visits.propose(desk.complaint, at("2026-11-27 10:00"), None, CUSTOMER, BASE, desk.now))
    desk.until(at("2026-11-26 09:00"))
    reminders = [n for _, n in desk.log if n.kind is NoticeKind.VISIT_REMINDER]
    assert [(n.facts["side"], n.facts["wanted_by"], n.facts["new_start"]) for n in reminders] == [
        (side, "customer", "2026-11-27T02:00:00+00:00") for _ in range(2) for side in ("customer", "staff")
    ]


def test_a_time_that_nobody_answered_lapses_when_it_comes() -> None:
    desk = Desk(propose(working(), TUESDAY_3PM).complaint, BASE).until(at("2026-11-25 12:00"))
    assert said_of_visits(desk) == ["11-24 15:00:00 visit_lapsed zhang"]
    assert desk.complaint.visits[0].state is VisitState.DECLINED
    # An agreed time stays, and is kept from then on: nobody can move it once it has come.
    moving = propose(agreed(), THURSDAY_10AM, CUSTOMER).complaint
    desk = Desk(moving, BASE).until(at("2026-11-24 15:30"))
    assert "11-24 15:00:00 visit_lapsed wang" in said_of_visits(desk)
    assert open_visit(desk.complaint) == (VisitState.CONFIRMED, TUESDAY_3PM, None)


def test_a_settled_or_resolved_complaint_is_silent_trap_32() -> None:
    desk = Desk(agreed(THURSDAY_10AM), BASE)
    desk.apply(handling.resolve(desk.complaint, "好了", HANDLER, BASE, MONDAY))
    desk.until(at("2026-12-01 12:00"))
    assert [line for line in said_of_visits(desk) if "cancelled" not in line] == []


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["propose", "agree", "decline", "cancel", "done", "missed"]),
        st.sampled_from([CUSTOMER, HANDLER, AGENT]),
        st.integers(0, 72),
    ),
    max_size=12,
)


@given(STEPS)
def test_whatever_is_done_one_visit_is_open_at_most_and_no_identity_of_a_timer_is_used_twice(
    steps: list[tuple[str, Actor, int]],
) -> None:
    desk = Desk(dispatched(), BASE)
    sequences: dict[int, int] = {}
    for name, by, hours in steps:
        desk.until(desk.now + timedelta(hours=hours / 4))
        start = desk.now + timedelta(hours=1 + hours)
        calls: dict[str, Callable[[], Change]] = {
            "propose": partial(visits.propose, desk.complaint, start, None, by, BASE, desk.now),
            "agree": partial(visits.agree, desk.complaint, by, BASE, desk.now),
            "decline": partial(visits.decline, desk.complaint, "", by, desk.now),
            "cancel": partial(visits.cancel, desk.complaint, "", by, desk.now),
            "done": partial(visits.done, desk.complaint, "好了", by, desk.now),
            "missed": partial(visits.missed, desk.complaint, Side.CUSTOMER, "", by, BASE, desk.now),
        }
        try:
            desk.apply(calls[name]())
        except Refused:
            continue
        assert sum(visit.open for visit in desk.complaint.visits) <= 1
        for visit in desk.complaint.visits:
            assert visit.sequence >= sequences.get(visit.number, 0)
            assert visit.slot.end > visit.slot.start
            sequences[visit.number] = visit.sequence
    desk.until(desk.now + timedelta(days=40))
    assert len(desk.spent) == len(desk.fired)
    assert desk.complaint.visit is None or desk.complaint.visit.state is VisitState.CONFIRMED


# ── the profile ───────────────────────────────────────────────────────────────────────────────────────────────────────


def with_visits(**section: object) -> Terms:
    data = policy.merged("base", [])
    return Terms(policy.parse({**data, "visits": section}, "base"), WEEK)


def test_a_profile_says_how_appointments_are_kept() -> None:
    rules = with_visits(length="2h", remind=["1h"], ask_outcome=["1h"], missed_tell=["center_lead", "site_head"])
    complaint = visits.agree(
        visits.propose(working(), TUESDAY_3PM, None, HANDLER, rules, MONDAY).complaint, CUSTOMER, rules, MONDAY
    ).complaint
    assert complaint.visit is not None
    assert complaint.visit.slot.end == TUESDAY_3PM + timedelta(hours=2)
    desk = Desk(complaint, rules).until(at("2026-11-26 12:00"))
    assert said_of_visits(desk) == [
        "11-24 14:00:00 visit_reminder wang",
        "11-24 14:00:00 visit_reminder zhang",
        "11-24 18:00:00 visit_outcome zhang",
    ]
    change = visits.missed(complaint, Side.STAFF, "", HANDLER, rules, AFTER)
    heard = [notice.to for notice in change.notices if notice.kind is NoticeKind.STAFF_VISIT_MISSED]
    assert heard == [To(role=Role.CENTER_LEAD), To(post=Post.SITE_HEAD)]


def test_a_profile_from_before_there_were_visits_has_those_of_base() -> None:
    """A running complaint keeps the version that it began under, and that must be read for as long as it runs."""
    data = {key: value for key, value in policy.merged("base", []).items() if key != "visits"}
    assert policy.parse(data, "base").visits == policy.load("base").visits


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"remind": ["3wd"]}, "visits.remind"),
        ({"remind": ["soon"]}, "visits.remind"),
        ({"length": "3d"}, "a visit lasts a day at the most"),
        ({"missed_tell": ["boss"]}, "visits.missed_tell"),
        ({"reminds": []}, "did you mean remind"),
    ],
)
def test_a_slip_in_the_section_names_the_key_and_the_cure(section: dict[str, object], words: str) -> None:
    with pytest.raises(PolicyError, match=words):
        with_visits(**section)


def test_times_are_kept_in_utc() -> None:
    visit = agreed().visit
    assert visit is not None
    assert visit.slot.start.tzinfo is UTC
