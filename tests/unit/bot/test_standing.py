"""How a complaint stands, in words: the arithmetic of its limits, its promises, and what is waited for."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import standing
from bot.words import Vocabulary, templates_dir
from complaints import handling
from complaints.complaint import Complaint
from complaints.limits import DayMode, Limit, due
from complaints.parts.asking import Slot, Visit
from complaints.parts.timing import Pause
from complaints.rescheduling import extended
from complaints.vocabulary import Role, Side, Status, VisitState, WaitsFor
from tests.unit.complaints import build
from tests.unit.complaints.build import HANDLER, LEYOUJIA, MONDAY, SHANGHAI, PublishedWeek

WORDS = {locale: Vocabulary(templates_dir() / "_layout" / locale / "words.toml") for locale in ("zh", "en")}


@settings(max_examples=100, deadline=None)
@given(
    limit=st.sampled_from(["0.5h", "24h", "6h", "1d", "2d", "3wd", "13wd", "4wh", "20wh"]),
    mode=st.sampled_from(DayMode),
    hours=st.integers(0, 400),
    pause=st.none() | st.tuples(st.integers(1, 40), st.integers(1, 40)),
)
def test_every_step_of_the_arithmetic_has_its_words(
    limit: str, mode: DayMode, hours: int, pause: tuple[int, int] | None
) -> None:
    start = MONDAY + timedelta(hours=hours)
    spans = [(start + timedelta(hours=pause[0]), start + timedelta(hours=sum(pause)))] if pause else []
    for step in due(start, Limit.parse(limit), PublishedWeek(SHANGHAI), mode, spans).steps:
        said = WORDS["zh"].step(step)
        assert not re.search("[A-Za-z]", said), step
        assert re.search(r"[\u4e00-\u9fff]", said)
        assert not re.match(r"[+=]", WORDS["en"].step(step)), step


def test_more_time_that_was_granted_has_its_words() -> None:
    complaint = build.working(LEYOUJIA)
    deadline = complaint.running[-1]
    moved = extended(deadline, Limit.parse("1d"), complaint, LEYOUJIA, MONDAY)
    assert "批准延长 1天" in [WORDS["zh"].step(step) for step in moved.steps]


def test_the_limit_that_the_policy_allows_at_the_most_is_said() -> None:
    detail = "TS20261123-0001: the policy allows 1d more at the most"
    assert WORDS["zh"].detail(detail) == "超过了允许延长的最长时间，最多可以延长1天"
    assert WORDS["en"].detail(detail) == "that is more than the policy allows, which is 1 day at the most"


def test_r080_what_was_promised_and_what_became_of_it() -> None:
    complaint = build.dispatched(LEYOUJIA)
    now = MONDAY + timedelta(hours=7)
    told = [(term.clock, term.state) for term in standing.promises(complaint, LEYOUJIA, now)]
    assert told == [("first_contact", "overdue"), ("investigate_feedback", "overdue"), ("plan", "running")]
    complaint = handling.report(complaint, "等配件，周五到", HANDLER, LEYOUJIA, now).complaint
    told = [(term.clock, term.state) for term in standing.promises(complaint, LEYOUJIA, now)]
    assert told == [("first_contact", "late"), ("investigate_feedback", "late"), ("plan", "running")]
    assert [term.clock for term in standing.running(complaint, now)] == ["plan"]  # "accept" was never promised to them


def test_what_comes_before_the_work_is_named_come_or_past() -> None:
    complaint = build.dispatched(LEYOUJIA)
    first = standing.sooner(complaint, mine=True)
    assert first is not None
    assert first.due_at == min(each.due_at for each in complaint.running)
    centre = replace(first, clock="transfer", whose=Role.AGENT, due_at=first.due_at - timedelta(hours=1))
    both = replace(complaint, deadlines=(*complaint.deadlines, centre))
    assert standing.sooner(both, mine=False) == centre
    assert standing.sooner(both, mine=True) == first
    only = replace(complaint, deadlines=(complaint.running[-1],))
    assert standing.sooner(only, mine=True) is None


@pytest.mark.parametrize(
    ("complaint", "code"),
    [
        pytest.param(build.filed(), "assignment", id="new"),
        pytest.param(build.dispatched(), "accept", id="dispatched"),
        pytest.param(build.working(), "work", id="working"),
        pytest.param(build.proposed(), "plan_answer", id="proposed"),
        pytest.param(build.resolved(), "rating", id="resolved"),
        pytest.param(replace(build.working(), status=Status.CLOSED), "", id="closed"),
        pytest.param(
            replace(build.working(), pauses=(Pause(MONDAY, MONDAY + timedelta(days=2), WaitsFor.THIRD_PARTY),)),
            "third_party",
            id="on hold",
        ),
    ],
)
def test_what_is_waited_for(complaint: Complaint, code: str) -> None:
    assert standing.waits_for(complaint, MONDAY) == code
    assert not code or WORDS["zh"].word("awaits", code) != code


def test_a_visit_is_waited_for_until_its_time_is_over() -> None:
    start = MONDAY + timedelta(days=1)
    visit = Visit(1, 1, VisitState.CONFIRMED, Slot(start, start + timedelta(hours=1), Side.STAFF, MONDAY))
    complaint = replace(build.working(), visits=(visit,))
    assert (standing.waits_for(complaint, start), standing.visit_at(complaint, start)) == ("visit", start)
    over = visit.slot.end
    assert (standing.waits_for(complaint, over), standing.visit_at(complaint, over)) == ("work", None)


def test_open_points_are_the_parts_still_to_be_done() -> None:
    assert [standing.open_points(c) for c in (build.filed(), build.dispatched(), build.working(), build.resolved())] == [
        0, 1, 1, 0,
    ]  # fmt: skip
