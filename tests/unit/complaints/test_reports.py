"""What a period's report counts, and which complaints have a line of their own (R-094–R-106)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints import customer, handling
from complaints.complaint import Complaint
from complaints.reports import Counting, Every, Period, Report, named, period
from complaints.vocabulary import Rating, Severity, Status
from tests.unit.complaints.build import AGENT, CUSTOMER, MONDAY, SHANGHAI, at, filed, rated, resolved, working

NOVEMBER = period(Every.MONTH, date(2026, 11, 23))
AFTER = at("2026-12-02 09:00")
EVERY = st.sampled_from(Every)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def counted(*complaints: Complaint, of: Period = NOVEMBER, now: datetime = AFTER) -> Report:
    units = {"zhang": "工程部"}
    counting = Counting(of, SHANGHAI, now, lambda person: units.get(person, ""), frozenset())
    counting.count(complaints)
    return counting.report()


def closed() -> Complaint:
    return rated(resolved(), Rating.SATISFIED).complaint


@pytest.mark.parametrize(
    ("every", "day", "label", "first", "last"),
    [
        (Every.DAY, "2026-11-23", "2026-11-23", "2026-11-23", "2026-11-23"),
        (Every.HALF_MONTH, "2026-11-15", "2026-11-H1", "2026-11-01", "2026-11-15"),
        (Every.HALF_MONTH, "2026-11-16", "2026-11-H2", "2026-11-16", "2026-11-30"),
        (Every.HALF_MONTH, "2028-02-29", "2028-02-H2", "2028-02-16", "2028-02-29"),
        (Every.MONTH, "2026-12-31", "2026-12", "2026-12-01", "2026-12-31"),
        (Every.QUARTER, "2026-11-23", "2026-Q4", "2026-10-01", "2026-12-31"),
        (Every.QUARTER, "2026-02-01", "2026-Q1", "2026-01-01", "2026-03-31"),
    ],
)
def test_a_period_has_its_days_and_its_name(every: Every, day: str, label: str, first: str, last: str) -> None:
    found = period(every, date.fromisoformat(day))
    assert (found.label, found.first.isoformat(), found.last.isoformat()) == (label, first, last)


@given(EVERY, DAYS)
def test_periods_follow_each_other_without_a_gap_and_go_by_their_names(every: Every, day: date) -> None:
    found = period(every, day)
    assert found.first <= day <= found.last
    assert found.before.last + timedelta(days=1) == found.first
    assert named(every, found.label) == found
    begin, end = found.within(SHANGHAI)
    assert found.before.within(SHANGHAI)[1] == begin < end


@pytest.mark.parametrize(
    ("every", "text"),
    [
        (Every.DAY, "2026-11"), (Every.DAY, "2026-02-30"), (Every.HALF_MONTH, "2026-11"), (Every.MONTH, "2026-13"),
        (Every.QUARTER, "2026-Q5"), (Every.QUARTER, "2026"), (Every.MONTH, "２０２６-11"),
    ],
)  # fmt: skip
def test_what_is_no_period_of_that_kind_is_refused(every: Every, text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        named(every, text)


def test_what_came_and_ended_in_it_is_counted_by_all_there_is() -> None:
    """R-118: how long things took, unit by unit."""
    report = counted(filed(), working(), resolved(), closed())
    total = report.total
    assert (total.received, total.valid, total.resolved, total.closed, total.open) == (4, 4, 2, 1, 3)
    assert (total.rates.satisfied.hits, total.rates.satisfied.of) == (1, 1)
    assert total.accepting_h == 0.0
    assert {key: figures.received for key, figures in report.groups["unit"].items()} == {"": 1, "工程部": 3}
    assert {key: figures.received for key, figures in report.groups["person"].items()} == {"": 1, "zhang": 3}
    assert report.groups["channel"]["web"].received == 4
    assert not report.provisional


@pytest.mark.parametrize(
    ("received", "ended", "counts"),
    [
        pytest.param("2026-10-31 23:59", None, (0, 0, 1), id="before, and still open"),
        pytest.param("2026-11-01 00:00", None, (1, 0, 1), id="in its first minute"),
        pytest.param("2026-12-01 00:00", None, (0, 0, 0), id="after it"),
        pytest.param("2026-10-31 23:59", "2026-11-30 23:59", (0, 1, 0), id="closed in its last minute"),
        pytest.param("2026-11-03 12:00", "2026-12-01 00:00", (1, 0, 1), id="closed after it, open at its end"),
        pytest.param("2026-10-02 12:00", "2026-10-31 12:00", (0, 0, 0), id="over before it began"),
    ],
)
def test_it_is_counted_as_it_stood_at_the_end_by_the_desks_own_days(
    received: str, ended: str | None, counts: tuple[int, int, int]
) -> None:
    one = replace(filed(), received_at=at(received))
    if ended is not None:
        one = replace(one, status=Status.CLOSED, closed_at=at(ended))
    total = counted(one).total
    assert (total.received, total.closed, total.open) == counts


def test_limits_that_ran_out_in_it_are_missed_and_what_waits_behind_one_is_late() -> None:
    one = filed()
    soonest = min(one.deadlines, key=lambda deadline: deadline.due_at)
    kept = replace(one, deadlines=(replace(soonest, met_at=soonest.due_at),))
    late = replace(one, deadlines=(soonest,))
    assert (counted(kept).total.missed, counted(kept).total.late) == (0, 0)
    assert (counted(late).total.missed, counted(late).total.late) == (1, 1)
    ahead = counted(late, now=MONDAY).total
    assert (ahead.missed, ahead.late) == (0, 0)
    assert counted(late, now=MONDAY).provisional
    made_up = replace(one, deadlines=(replace(soonest, met_at=at("2026-12-01 12:00")),))
    assert counted(made_up).total.late == 1, "at the end of November it was"


def test_what_is_found_invalid_or_taken_back_is_not_valid() -> None:
    invalid = handling.invalidate(filed(), "误会", AGENT, MONDAY).complaint
    withdrawn = customer.withdraw(filed(), "不用了", CUSTOMER, MONDAY).complaint
    total = counted(invalid, withdrawn).total
    assert (total.received, total.valid, total.invalid, total.withdrawn, total.open) == (2, 0, 1, 1, 0)


def test_practice_testers_and_drafts_count_nowhere_and_what_was_merged_once() -> None:
    one = filed()
    nothing = counted(replace(one, drill=True), replace(one, mystery=True), replace(one, status=Status.DRAFT))
    assert nothing.total.received == nothing.total.open == 0
    merged = counted(replace(one, status=Status.MERGED, master="TS20261123-0009")).total
    assert (merged.received, merged.valid, merged.open, merged.rates.counted) == (1, 0, 0, 0)


def test_a_day_names_all_that_moved_and_a_month_what_is_important_or_graver() -> None:
    """R-094, R-095, R-097, R-099."""
    ordinary, grave = filed(), replace(filed(), reference="TS20261123-0002", severity=Severity.S1)
    important = replace(filed(), reference="TS20261123-0003", severity=Severity.S3)
    old = replace(grave, reference="TS20261001-0001", received_at=at("2026-10-01 09:00"))
    over = replace(old, reference="TS20261001-0002", status=Status.CLOSED, closed_at=at("2026-10-20 09:00"))
    everything = (ordinary, important, grave, old, over)

    def lines(of: Period) -> list[str]:
        return [each.reference for each in counted(*everything, of=of).lines]

    assert lines(NOVEMBER) == ["TS20261001-0001", "TS20261123-0002", "TS20261123-0003"]
    assert lines(period(Every.DAY, date(2026, 11, 23))) == ["TS20261123-0002", "TS20261123-0003", "TS20261123-0001"]
    assert lines(period(Every.DAY, date(2026, 11, 24))) == []


def test_a_quarter_names_what_comes_again_and_again() -> None:
    """R-104."""
    leaks = [replace(filed(), site="A", category="QUAL.leak", reference=f"TS{n}") for n in range(3)]
    again = replace(filed(), site="B", category="PROP.lift", repeat_of="TS20260101-0001")
    report = counted(*leaks, again, of=period(Every.QUARTER, date(2026, 11, 23)))
    assert report.matters == (("A", "QUAL.leak", 3),)
    assert report.repeats == (again.reference,)
    assert counted(*leaks).matters == ()
