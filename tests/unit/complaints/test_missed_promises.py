"""R-079: what was promised and not kept is told to the customer: once, by day, with who is on it and what comes next."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from complaints import closing, handling
from complaints.change import NoticeKind
from complaints.limits import Limit
from tests.unit.complaints import build
from tests.unit.complaints.build import BASE, CUSTOMER, HANDLER, LEAD, LEYOUJIA, Desk, at


def apologies(desk: Desk) -> list[str]:
    return [line for line in desk.said() if " promise_missed" in line]


def test_each_promise_is_apologised_for_once() -> None:
    desk = Desk(build.dispatched(LEYOUJIA), LEYOUJIA).until(at("2026-12-01 12:00"))
    assert apologies(desk) == [
        "11-23 12:00:01 promise_missed:first_contact wang",
        "11-23 16:00:01 promise_missed:investigate_feedback wang",
        "11-24 10:00:01 promise_missed:plan wang",
    ]
    first = next(notice for _, notice in desk.log if notice.kind is NoticeKind.PROMISE_MISSED)
    assert first.facts["next"] == "2026-11-23T08:00:00+00:00"  # six hours after ten in the morning


def test_a_promise_kept_needs_no_apology() -> None:
    desk = Desk(build.working(BASE), BASE).until(at("2026-12-10 23:00"))
    desk.apply(handling.resolve(desk.complaint, "换了水管", HANDLER, BASE, desk.now))
    assert apologies(desk.until(at("2026-12-20 12:00"))) == []


def test_never_at_night() -> None:
    evening = at("2026-11-23 20:30")
    desk = Desk(build.dispatched(BASE, evening), BASE, evening).until(at("2026-11-24 12:00"))
    assert apologies(desk) == ["11-24 08:00:00 promise_missed:first_contact wang"]


def test_after_an_outage_one_apology_stands_for_all() -> None:
    desk = Desk(build.dispatched(LEYOUJIA), LEYOUJIA).until(at("2026-11-25 12:00"), asleep=True)
    assert len(apologies(desk)) == 1
    assert apologies(desk.until(at("2026-12-05 12:00"))) == apologies(desk)


def test_more_time_that_is_granted_is_a_new_promise() -> None:
    desk = Desk(build.working(LEYOUJIA), LEYOUJIA).until(at("2026-11-23 12:00"))
    desk.apply(handling.report(desk.complaint, "等配件", HANDLER, LEYOUJIA, desk.now))
    desk.apply(handling.ask_extension(desk.complaint, Limit.parse("1d"), "等配件", HANDLER, LEYOUJIA, desk.now))
    desk.apply(handling.decide_extension(desk.complaint, True, "", LEAD, LEYOUJIA, desk.now))
    assert apologies(desk.until(at("2026-11-27 12:00"))) == ["11-25 10:00:01 promise_missed:plan wang"]


def test_each_round_has_its_own_promises() -> None:
    desk = Desk(build.dispatched(LEYOUJIA), LEYOUJIA).until(at("2026-11-24 12:00"))
    desk.apply(handling.resolve(desk.complaint, "换了水管", HANDLER, LEYOUJIA, desk.now))
    desk.apply(closing.reopen(desk.complaint, "又漏了", CUSTOMER, LEYOUJIA, desk.now))
    assert apologies(desk.until(at("2026-11-26 12:00")))[3:] == [
        "11-24 18:00:01 promise_missed:investigate_feedback wang",
        "11-25 12:00:01 promise_missed:plan wang",
    ]


def test_nobody_is_told_of_a_promise_before_they_can_be_reached() -> None:
    assert apologies(Desk(build.filed(BASE, contact_known=False), BASE).until(at("2026-11-30 12:00"))) == []


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 60), st.booleans()), max_size=8))
def test_at_most_one_apology_for_a_promise_and_none_once_it_is_settled(naps: list[tuple[int, bool]]) -> None:
    desk = Desk(build.dispatched(LEYOUJIA), LEYOUJIA)
    for hours, asleep in naps:
        desk.until(desk.now + timedelta(hours=hours), asleep=asleep)
    clocks = [notice.facts["clock"] for _, notice in desk.log if notice.kind is NoticeKind.PROMISE_MISSED]
    assert len(clocks) == len(set(clocks))
    desk.apply(handling.resolve(desk.complaint, "换了水管", HANDLER, LEYOUJIA, desk.now))
    before = len(apologies(desk))
    assert len(apologies(desk.until(desk.now + timedelta(days=30)))) == before
