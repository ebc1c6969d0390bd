"""Random lives: whatever people do and however long nothing runs, each step of a ladder is taken once and in its time."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from complaints import calling, chasing, closing, customer, handling, ladders, policy
from complaints.change import Change, EventKind, NoticeKind
from complaints.errors import Refused
from complaints.promises import Terms
from complaints.vocabulary import Rating, Severity, Status
from tests.unit.complaints import build
from tests.unit.complaints.build import AGENT, CUSTOMER, HANDLER, LEAD, MONDAY, WEEK, Desk

TERMS = {name: Terms(policy.load(name), WEEK) for name in ("base", "mingyuan", "sinopec-sh", "leyoujia-24h")}
STEPS = (NoticeKind.ALARM, NoticeKind.STILL_WAITING, NoticeKind.CONFIRM, NoticeKind.PLEASE_PHONE, NoticeKind.PULLED_IN)

Act = Callable[[Desk], Change]
ACTS: dict[str, Act] = {
    "dispatch": lambda d: handling.dispatch(d.complaint, "zhang", "", AGENT, d.rules, d.now),
    "hand on": lambda d: handling.dispatch(d.complaint, "li", "", AGENT, d.rules, d.now),
    "accept": lambda d: handling.accept(d.complaint, HANDLER, d.rules, d.now),
    "give back": lambda d: handling.give_back(d.complaint, "不归我管", HANDLER, d.now),
    "report": lambda d: handling.report(d.complaint, "已约师傅明天上门", HANDLER, d.rules, d.now),
    "explain": lambda d: chasing.explain(d.complaint, "等配件", HANDLER, d.now),
    "got it": lambda d: ladders.acknowledge(d.complaint, LEAD, d.rules, d.now),
    "reached": lambda d: calling.tick(d.complaint, True, "", AGENT, d.rules, d.now),
    "no answer": lambda d: calling.tick(d.complaint, False, "", AGENT, d.rules, d.now),
    "S0": lambda d: handling.grade(d.complaint, Severity.S0, "漏电", LEAD, d.rules, d.now),
    "S2": lambda d: handling.grade(d.complaint, Severity.S2, "要曝光", LEAD, d.rules, d.now),
    "S4": lambda d: handling.grade(d.complaint, Severity.S4, "查实没事", LEAD, d.rules, d.now),
    "resolve": lambda d: handling.resolve(d.complaint, "换了水管", HANDLER, d.rules, d.now),
    "dissatisfied": lambda d: closing.rate(d.complaint, Rating.DISSATISFIED, None, "", CUSTOMER, d.rules, d.now),
    "satisfied": lambda d: closing.rate(d.complaint, Rating.SATISFIED, None, "", CUSTOMER, d.rules, d.now),
    "withdraw": lambda d: customer.withdraw(d.complaint, "", CUSTOMER, d.now),
}


class Watched(Desk):
    """A desk that remembers how the complaint stood whenever something was said."""

    def __init__(self, *given: object) -> None:
        self.stood: list[Status] = []
        super().__init__(*given)  # type: ignore[arg-type]

    def apply(self, change: Change | None) -> None:
        before = len(self.log)
        super().apply(change)
        self.stood += [self.complaint.status] * (len(self.log) - before)


@st.composite
def lives(draw: st.DrawFn) -> Watched:
    rules = TERMS[draw(st.sampled_from(sorted(TERMS)))]
    start = MONDAY + timedelta(minutes=draw(st.integers(0, 3 * 24 * 60)))
    severity = draw(st.sampled_from([Severity.S0, Severity.S1, Severity.S2, Severity.S4]))
    desk = Watched(build.filed(rules, start, severity=severity), rules, start)
    for _ in range(draw(st.integers(1, 12))):
        act = draw(st.sampled_from(sorted(ACTS)))
        with contextlib.suppress(Refused):
            desk.apply(ACTS[act](desk))
        hours = draw(st.sampled_from([0.1, 0.5, 2, 9, 30, 80]))
        desk.until(desk.now + timedelta(hours=hours), asleep=draw(st.booleans()))
    return desk


@settings(max_examples=25, deadline=None)
@given(lives())
def test_trap_33_every_step_of_every_climb_is_taken_once(desk: Watched) -> None:
    taken = Counter(
        (event.facts["ladder"], event.facts["since"], event.facts["step"])
        for event in desk.events
        if event.kind is EventKind.LADDER_STEP
    )
    assert all(count == 1 for count in taken.values())
    heard = Counter(
        (
            moment,
            notice.kind,
            notice.to,
            notice.only_sms,
            *(notice.facts.get(key) for key in ("ladder", "count", "call")),
        )
        for moment, notice in desk.log
        if notice.kind in STEPS
    )
    assert all(count == 1 for count in heard.values()), [each for each, count in heard.items() if count > 1]


@settings(max_examples=25, deadline=None)
@given(lives())
def test_trap_32_nothing_is_said_of_what_is_done(desk: Watched) -> None:
    done = (Status.RESOLVED, Status.CLOSED, Status.WITHDRAWN, Status.INVALID)
    said = [notice.kind for (_, notice), stood in zip(desk.log, desk.stood, strict=True) if stood in done]
    assert not set(said) & set(STEPS)


@settings(max_examples=25, deadline=None)
@given(lives())
def test_trap_27_nobody_is_woken_unless_the_ladder_says_so(desk: Watched) -> None:
    """Read while everything runs on time: what an outage delayed may come out at any hour, and is held when it is sent."""
    on_time = Watched(desk.complaint, desk.rules, desk.now).until(desk.now + timedelta(days=3))
    quiet = desk.rules.policy.quiet_staff
    assert quiet is not None
    for moment, notice in on_time.log:
        if notice.kind not in STEPS or notice.to.duty_desk or moment == desk.now:
            continue
        asleep = quiet.after(moment, WEEK.zone) > moment
        assert not asleep or notice.facts.get("night") == "yes", (notice.kind, moment)
        if notice.facts.get("night") == "yes":
            assert on_time.complaint.severity in (Severity.S0, Severity.S1, Severity.S2)


@settings(max_examples=30, deadline=None)
@given(lives(), st.integers(2, 20))
def test_trap_33_an_outage_of_days_ends_with_one_notice_each(desk: Watched, days: int) -> None:
    before = len(desk.log)
    desk.until(desk.now + timedelta(days=days), asleep=True)
    heard = Counter(
        (notice.kind, notice.to, notice.only_sms, notice.facts.get("ladder"))
        for _, notice in desk.log[before:]
        if notice.kind in (NoticeKind.ALARM, NoticeKind.STILL_WAITING)
    )
    assert all(count == 1 for count in heard.values())
