"""Progress as a duty: asked every so often, missed and counted, released by the centre; nothing that says nothing counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints import clockwork, customer, handling, policy, progressing
from complaints.change import EventKind, NoticeKind
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, Missing, NotAllowed, PolicyError
from complaints.parts.actors import Actor
from complaints.parts.timing import Pause
from complaints.policy import load, merged
from complaints.promises import Terms
from complaints.vocabulary import Status, WaitsFor
from tests.unit.complaints import build
from tests.unit.complaints.build import (
    AGENT,
    BASE,
    CUSTOMER,
    HANDLER,
    LEAD,
    MONDAY,
    SHANGHAI,
    WEEK,
    Desk,
    PublishedWeek,
    at,
    facts_of,
    happened,
    told,
)

NEWS = "已联系客户，周五上午带配件上门"


@cache
def rules(**progress: object) -> Terms:
    data = merged("base")
    return Terms(policy.parse(data | {"progress": data["progress"] | progress}, "ours"), WEEK)


CENTRE = rules(release="centre")


def asked(desk: Desk) -> list[str]:
    """Return when the assignee was asked and who heard of a miss, in local time."""
    return [line for line in desk.said() if " progress_" in line]


def reported(complaint: Complaint, text: str, now: datetime, terms: Terms = BASE) -> Complaint:
    return handling.report(complaint, text, HANDLER, terms, now).complaint


# ── what says nothing ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "处理中", "正在处理", "还在处理。", "我们正在积极处理这个问题", "正在处理，请放心", "跟进中", "持续跟进", "尽快处理",
        "好的，马上", "收到", "ok", "OK", "暂无进展", "没有进展", "还没修好", "没有", "同上", "办理中……", "请耐心等待", "1",
        "in progress", "still working on it", "working on it", "pending", "no news yet", "same as before", "noted", "will do",
        "👍", "。。。",
    ],
)  # fmt: skip
def test_a_line_that_says_nothing_is_no_report(text: str) -> None:
    with pytest.raises(Missing) as refused:
        handling.report(build.working(), text, HANDLER, BASE, MONDAY)
    assert refused.value.what == "news"


@pytest.mark.parametrize(
    "text",
    [
        NEWS, "等配件", "客户不在家", "明天去", "没修好，配件没到", "已派单给师傅", "协调物业关水", "在等厂家回复", "缺货",
        "无法联系客户，打了三次电话", "waiting for the part", "customer not home", "plumber comes on Friday",
        "not fixed: the valve is out of stock",
    ],
)  # fmt: skip
def test_a_line_with_news_is_a_report(text: str) -> None:
    assert happened(handling.report(build.working(), text, HANDLER, BASE, MONDAY)) == ["progress"]


@pytest.mark.parametrize("again", [NEWS, f" {NEWS}。", "已联系客户, 周五上午带配件上门!"])
def test_the_line_of_before_is_no_news(again: str) -> None:
    for terms in (BASE, CENTRE):
        before = reported(build.working(terms), NEWS, MONDAY, terms)
        with pytest.raises(Missing, match="say what was done"):
            handling.report(before, again, HANDLER, terms, MONDAY + timedelta(days=1))
        assert reported(before, "配件到了，周五装", MONDAY + timedelta(days=1), terms).reported_at is not None


# ── the duty ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_r059_a_silent_assignee_is_asked_every_three_days_and_the_superior_hears_of_the_second_miss() -> None:
    desk = Desk(build.working(), BASE).until(at("2026-12-03 12:00"))
    assert asked(desk) == [
        "11-26 10:00:00 progress_asked zhang",
        "11-30 10:00:00 progress_asked zhang",  # the 29th is a Sunday
        "12-01 10:00:00 progress_missed superior of zhang",
        "12-02 10:00:00 progress_asked zhang",
        "12-03 10:00:00 progress_missed superior of zhang",
    ]
    assert desk.complaint.duty.missed == 3
    assert [event.facts["missed"] for event in desk.events if event.kind is EventKind.PROGRESS_MISSED] == [
        "1",
        "2",
        "3",
    ]


@pytest.mark.parametrize("first", ["progress_ask", "progress_miss"])
def test_a_question_that_runs_out_as_the_next_is_put_is_missed_whichever_timer_comes_first(first: str) -> None:
    desk = Desk(build.working(), BASE).until(at("2026-12-08 09:59"))  # asked on Monday the 7th, and again on the 8th
    desk.now = at("2026-12-08 10:00")
    due = sorted((t for t in desk.pending.values() if t.due_at == desk.now), key=lambda t: t.rule != first)
    assert due[0].rule == first
    for timer in due:
        desk.apply(clockwork.fire(desk.complaint, timer, BASE, desk.now))
    assert asked(desk)[-2:] == [
        "12-08 10:00:00 progress_missed superior of zhang",
        "12-08 10:00:00 progress_asked zhang",
    ]


def test_a_word_begins_the_three_days_anew_and_an_answer_is_no_miss() -> None:
    desk = Desk(build.working(), BASE).until(at("2026-11-26 15:00"))
    desk.apply(handling.report(desk.complaint, NEWS, HANDLER, BASE, desk.now))
    desk.until(at("2026-11-30 12:00"))
    assert asked(desk) == ["11-26 10:00:00 progress_asked zhang", "11-30 10:00:00 progress_asked zhang"]
    assert desk.complaint.duty.missed == 0


def test_a_plan_is_a_word_too() -> None:
    desk = Desk(build.working(), BASE).until(at("2026-11-25 12:00"))
    desk.apply(handling.propose(desk.complaint, "换防水层", HANDLER, BASE, desk.now))
    assert asked(desk.until(at("2026-11-27 23:00"))) == []


@pytest.mark.parametrize(
    "complaint",
    [
        pytest.param(build.filed(), id="nobody has it"),
        pytest.param(build.dispatched(), id="not taken on"),
        pytest.param(build.resolved(), id="done"),
        pytest.param(customer.withdraw(build.working(), "", CUSTOMER, MONDAY).complaint, id="withdrawn"),
        pytest.param(replace(build.working(), status=Status.ON_HOLD), id="on hold"),
    ],
)
def test_nobody_is_asked_where_nobody_works(complaint: Complaint) -> None:
    assert asked(Desk(complaint, BASE).until(at("2026-12-20 12:00"))) == []


def test_after_a_pause_the_three_days_begin_anew_and_what_was_asked_before_is_not_missed() -> None:
    desk = Desk(build.working(), BASE).until(at("2026-11-26 11:00"))
    pause = Pause(desk.now, at("2026-12-04 10:00"), WaitsFor.CUSTOMER, ends=at("2026-12-04 10:00"))
    desk.complaint = replace(desk.complaint, pauses=(pause,))
    desk._sync()
    desk.now = at("2026-12-04 10:00")
    assert asked(desk.until(at("2026-12-07 12:00"))) == [
        "11-26 10:00:00 progress_asked zhang",
        "12-07 10:00:00 progress_asked zhang",
    ]


def test_whoever_takes_over_has_their_own_three_days() -> None:
    desk = Desk(build.working(), BASE).until(at("2026-11-25 10:00"))
    desk.apply(handling.dispatch(desk.complaint, "li", "by hand", AGENT, BASE, desk.now))
    desk.apply(handling.accept(desk.complaint, build.COLLEAGUE, BASE, desk.now))
    assert asked(desk.until(at("2026-11-30 12:00"))) == ["11-30 10:00:00 progress_asked li"]


def test_after_an_outage_one_question_stands_for_all_and_none_is_missed_for_our_fault() -> None:
    desk = Desk(build.working(), BASE).until(at("2026-12-08 11:00"), asleep=True)
    assert asked(desk) == ["12-08 11:00:00 progress_asked zhang"]
    assert desk.complaint.duty.missed == 0
    assert asked(desk.until(at("2026-12-09 12:00")))[1:] == []
    assert desk.complaint.duty.missed == 1  # the first to run out since


@pytest.mark.parametrize(
    ("values", "first"),
    [
        pytest.param({"every": "none"}, None, id="never"),
        pytest.param({"prompt_at": "08:00"}, "11-26 09:00:00", id="before work begins"),
        pytest.param({"prompt_at": "12:30"}, "11-26 13:00:00", id="at lunch"),
        pytest.param({"prompt_at": "19:00"}, "11-27 09:00:00", id="after work ends"),
        pytest.param({"every": "4d"}, "11-27 10:00:00", id="four days"),
        pytest.param({"every": "5wd"}, "11-30 10:00:00", id="working days"),
        pytest.param({"every": "30h"}, "11-24 16:00:00", id="hours"),
    ],
)
def test_the_question_comes_at_an_hour_when_people_work(values: dict[str, object], first: str | None) -> None:
    terms = replace(rules(**values), calendar=PublishedWeek(SHANGHAI))
    lines = asked(Desk(build.working(terms), terms).until(at("2026-12-01 08:00")))
    assert (lines[0].split(" progress")[0] if lines else None) == first


@settings(max_examples=30, deadline=None)
@given(
    words=st.lists(st.integers(1, 400), max_size=6),
    naps=st.lists(st.integers(1, 300), max_size=4),
    every=st.sampled_from(["2d", "3d", "4wd", "50h"]),
)
def test_each_occurrence_is_asked_once_and_never_of_the_settled(words: list[int], naps: list[int], every: str) -> None:
    terms = rules(every=every)
    desk = Desk(build.working(terms), terms)
    for number, (hours, asleep) in enumerate([(h, False) for h in words] + [(h, True) for h in naps]):
        desk.until(desk.now + timedelta(hours=hours), asleep=asleep)
        if not asleep:
            desk.apply(handling.report(desk.complaint, f"第{number}批配件到货", HANDLER, terms, desk.now))
    fired = [(timer.rule, timer.occurrence) for timer in desk.fired if timer.rule.startswith("progress")]
    assert len(fired) == len(set(fired))
    asking = [moment for moment, notice in desk.log if notice.kind is NoticeKind.PROGRESS_ASKED]
    assert all(later - earlier >= timedelta(hours=24) for earlier, later in pairwise(asking))
    assert desk.complaint.duty.missed <= len(asking)
    desk.apply(handling.resolve(desk.complaint, "换了水管", HANDLER, terms, desk.now))
    told_before = len(asked(desk))
    assert len(asked(desk.until(desk.now + timedelta(days=60)))) == told_before


def test_a_question_may_not_run_out_after_the_next_is_put() -> None:
    data = merged("base")
    with pytest.raises(PolicyError, match=r"progress\.answer_within"):
        policy.parse(data | {"progress": data["progress"] | {"answer_within": "3d"}}, "ours")


def test_the_profile_of_the_call_centre_asks_every_three_days() -> None:
    assert str(load("mingyuan").progress.every) == "3d"


# ── the centre's glance ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_centre_looks_at_a_line_before_the_customer_reads_it() -> None:
    change = handling.report(build.working(CENTRE), NEWS, HANDLER, CENTRE, MONDAY)
    assert told(change) == [("progress_release", "@agent")]
    assert (change.complaint.last_progress, change.complaint.reported_at) == ("", MONDAY)
    later = MONDAY + timedelta(hours=1)
    released = progressing.release(change.complaint, "", AGENT, CENTRE, later)
    assert told(released) == [("progress", "wang")]
    assert facts_of(released, NoticeKind.PROGRESS) == {"text": NEWS}
    assert (released.complaint.last_progress, released.complaint.last_progress_at) == (NEWS, MONDAY)  # when it was said
    assert released.complaint.unreleased is None


def test_the_centre_may_put_it_better_and_both_wordings_are_kept() -> None:
    waiting = reported(build.working(CENTRE), "水管师傅老王说周五", MONDAY, CENTRE)
    change = progressing.release(waiting, "师傅周五上午上门", AGENT, CENTRE, MONDAY)
    assert facts_of(change, NoticeKind.PROGRESS) == {"text": "师傅周五上午上门"}
    (event,) = change.events
    assert (event.note, event.facts["said"]) == ("师傅周五上午上门", "水管师傅老王说周五")


def test_what_the_centre_keeps_back_goes_to_whoever_said_it() -> None:
    waiting = reported(build.working(CENTRE), NEWS, MONDAY, CENTRE)
    change = progressing.keep_back(waiting, "先核实", AGENT, MONDAY)
    assert told(change) == [("progress_kept_back", "zhang")]
    assert change.complaint.unreleased is None
    assert change.complaint.last_progress == ""


def test_a_line_that_nobody_looks_at_is_brought_up_once_to_the_lead() -> None:
    desk = Desk(build.working(CENTRE), CENTRE)
    desk.apply(handling.report(desk.complaint, NEWS, HANDLER, CENTRE, desk.now))
    desk.until(at("2026-11-25 23:00"))
    assert asked(desk) == ["11-23 10:00:00 progress_release @agent", "11-24 10:00:00 progress_release @center_lead"]


@pytest.mark.parametrize("who", [HANDLER, CUSTOMER, build.HEAD])
def test_only_the_centre_lets_a_line_out(who: Actor) -> None:
    waiting = reported(build.working(CENTRE), NEWS, MONDAY, CENTRE)
    with pytest.raises(NotAllowed):
        progressing.release(waiting, "", who, CENTRE, MONDAY)


def test_nothing_is_released_twice() -> None:
    waiting = reported(build.working(CENTRE), NEWS, MONDAY, CENTRE)
    out = progressing.release(waiting, "", LEAD, CENTRE, MONDAY).complaint
    with pytest.raises(IllegalStep, match="no line"):
        progressing.release(out, "", LEAD, CENTRE, MONDAY)
    assert handling.resolve(waiting, "换了", HANDLER, CENTRE, MONDAY).complaint.unreleased is None


# ── the customer asks ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_r063_where_there_is_nothing_to_tell_the_assignee_is_asked_once_a_day() -> None:
    change = progressing.prod(build.working(), BASE, MONDAY)
    assert change is not None
    assert told(change) == [("progress_asked", "zhang")]
    complaint = change.complaint
    assert progressing.prod(complaint, BASE, MONDAY + timedelta(hours=23)) is None
    assert progressing.prod(complaint, BASE, MONDAY + timedelta(hours=24)) is not None
    assert complaint.duty.missed == 0


@pytest.mark.parametrize(
    "complaint",
    [
        pytest.param(reported(build.working(), NEWS, MONDAY), id="there is news"),
        pytest.param(reported(build.working(CENTRE), NEWS, MONDAY, CENTRE), id="news waits for the centre"),
        pytest.param(build.filed(), id="nobody to ask"),
        pytest.param(build.resolved(), id="done"),
        pytest.param(replace(build.working(), status=Status.ON_HOLD), id="on hold"),
    ],
)
def test_nobody_is_disturbed_for_nothing(complaint: Complaint) -> None:
    assert progressing.prod(complaint, BASE, MONDAY + timedelta(hours=1)) is None


def test_old_news_is_no_news() -> None:
    complaint = reported(build.working(), NEWS, MONDAY)
    assert progressing.prod(complaint, BASE, at("2026-11-26 09:59")) is None
    assert progressing.prod(complaint, BASE, at("2026-11-26 10:01")) is not None
