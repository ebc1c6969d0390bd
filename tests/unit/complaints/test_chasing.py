"""The chase besides its moments: what it names, what it asks, whom the desk phones. R-060, R-061; traps 33, 35."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints import calling, chasing, handling, policy
from complaints.change import EventKind, NoticeKind
from complaints.errors import Missing, NotAllowed, PolicyError
from complaints.policy import When
from complaints.promises import Terms, when
from complaints.quiet import at_work, still_at_work
from complaints.vocabulary import Post, Role, Severity
from tests.unit.complaints import build
from tests.unit.complaints.build import BASE, COLLEAGUE, HANDLER, LEYOUJIA, MONDAY, WEEK, Desk, at, happened, who


def rules(**changes: Any) -> Terms:
    """The base profile without ladders and with these parts changed."""
    data = policy.merged("base") | {"ladders": {}}
    return Terms(policy.parse(data | {key: data[key] | value for key, value in changes.items()}, "base"), WEEK)


DAYS = ("23", "24", "25", "26", "27", "28", "29")


def late(rule: Terms = BASE) -> Desk:
    """A complaint whose first contact was due at noon and is not made."""
    return Desk(build.dispatched(rule), rule).until(at("2026-11-23 12:30"))


def phone_calls(desk: Desk) -> list[str]:
    zone = desk.rules.calendar.zone
    return [
        f"{moment.astimezone(zone):%m-%d %H:%M} {who(notice.to)} phones {notice.facts['who']} about {notice.facts['clock']}"
        for moment, notice in desk.log
        if notice.kind is NoticeKind.PLEASE_PHONE
    ]


@pytest.mark.parametrize("kind", [NoticeKind.REMINDER, NoticeKind.OVERDUE, NoticeKind.ESCALATION])
def test_a_notice_for_several_clocks_over_one_span_names_them_all(kind: NoticeKind) -> None:
    desk = Desk(build.dispatched(LEYOUJIA), LEYOUJIA).until(at("2026-11-24 10:30"))
    for_two = [n.facts for _, n in desk.log if n.kind is kind and n.facts["clock"] == "accept"]
    assert [facts["clocks"] for facts in for_two] == ["accept,plan"]
    assert all("clocks" not in n.facts for _, n in desk.log if n.kind is kind and n.facts["clock"] != "accept")


def test_a_limit_of_a_role_is_reminded_and_chased_at_that_role() -> None:
    desk = Desk(build.proposed(LEYOUJIA), LEYOUJIA).until(at("2026-11-25 12:00"))
    kinds = (NoticeKind.REMINDER, NoticeKind.OVERDUE)
    assert {who(n.to) for _, n in desk.log if n.kind in kinds and n.facts["clock"] == "callback"} == {"@agent"}


def test_a_rung_may_name_a_post() -> None:
    rule = rules(overdue={"ladder": [{"after": 1, "tell": ["unit_head"]}]})
    told = [n.to.post for _, n in late(rule).log if n.kind is NoticeKind.ESCALATION]
    assert told == [Post.UNIT_HEAD]


# --- by phone


def test_r060_the_day_before_the_desk_phones_as_well() -> None:
    rule = rules(reminders={"by_phone": ["1d"]})
    desk = Desk(build.working(rule), rule).until(at("2026-12-09 09:01"))
    assert phone_calls(desk) == ["12-09 09:00 @duty_desk phones zhang about complete"]
    desk.apply(calling.tick(desk.complaint, True, "周四能完", build.AGENT, rule, desk.now))
    assert len(phone_calls(desk.until(at("2026-12-10 12:00")))) == 1


def test_r061_from_the_notice_on_that_the_profile_names_the_desk_phones_every_day() -> None:
    rule = rules(overdue={"phone_from": 2}, calls={"unanswered": 1, "again_after": "1d"})
    desk = Desk(build.dispatched(rule), rule)
    for day in (23, 24, 25, 26):
        desk.until(at(f"2026-11-{day} 13:00"))
        if desk.complaint.call is not None:
            desk.apply(calling.tick(desk.complaint, False, "", build.AGENT, rule, desk.now))
    assert phone_calls(desk) == [
        f"11-{day} 12:00 @duty_desk phones zhang about first_contact" for day in (24, 25, 26)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("due", "again"),
    [
        pytest.param("", False, id="the same limit"),
        pytest.param("2026-12-24T10:00:00+08:00", True, id="a limit that moved"),
    ],
)
def test_whoever_was_reached_is_not_phoned_about_the_same_limit_for_two_working_days(due: str, again: bool) -> None:
    facts = {"clock": "plan", "due": build.MONDAY.isoformat()}
    rule, friday = rules(), at("2026-11-27 10:00")
    complaint = calling.ask(build.dispatched(rule), "zhang", "clock:plan", facts, rule, friday).complaint
    complaint = calling.tick(complaint, True, "", build.AGENT, rule, friday).complaint

    def asked(moment: str) -> bool:
        said = facts | ({"due": due} if due else {})
        return calling.ask(complaint, "zhang", "clock:plan", said, rule, at(moment)).complaint is not complaint

    assert asked("2026-12-01 18:00") is again
    assert asked("2026-12-02 09:00")


def test_a_desk_that_never_says_anything_is_asked_once_a_day_after_three_and_its_lead_told_once() -> None:
    rule = rules(
        overdue={"phone_from": 1, "ladder": []}, calls={"unanswered": 3, "again_after": "15min", "then": ["backup"]}
    )
    desk = Desk(build.dispatched(rule), rule).until(at("2026-11-30 11:00"))
    kinds = (NoticeKind.PLEASE_PHONE, NoticeKind.PULLED_IN)
    days = {day: [who(n.to) for moment, n in desk.log if n.kind in kinds and f"{moment:%d}" == day] for day in DAYS}
    thrice = ["@duty_desk"] * 3
    assert [days[day] for day in DAYS[:2]] == [[*thrice, "backup of zhang"]] * 2
    assert days["25"] == [*thrice, "backup of zhang", "@center_lead"]
    assert [days[day] for day in DAYS[3:]] == [["@duty_desk"]] * 4


def test_r061_however_many_clocks_are_late_the_desk_is_asked_to_phone_for_one_a_day() -> None:
    rule = rules(calls={"unanswered": 3, "again_after": "15min"})
    complaint = build.dispatched(rule)
    facts = {"due": build.MONDAY.isoformat()}
    for clock in ("first_contact", "accept", "complete"):
        change = calling.ask(complaint, "zhang", f"clock:{clock}", facts | {"clock": clock}, rule, build.MONDAY)
        complaint = change.complaint
    assert [call.why for call in complaint.calls] == ["clock:first_contact"]
    tomorrow = build.MONDAY + timedelta(days=1)
    assert len(calling.ask(complaint, "zhang", "clock:accept", facts, rule, tomorrow).complaint.calls) == 2


def test_a_role_is_not_phoned() -> None:
    deadline = replace(build.dispatched().deadlines[0], whose=Role.AGENT)
    complaint = replace(build.dispatched(), deadlines=(deadline,))
    rule = rules(overdue={"phone_from": 1})
    assert phone_calls(Desk(complaint, rule).until(at("2026-11-24 13:00"))) == []


def test_by_phone_names_a_reminder() -> None:
    with pytest.raises(PolicyError, match="by_phone holds '2d', which is no reminder: add it to short or long"):
        rules(reminders={"by_phone": ["2d"]})


# --- the obstacle


def test_r061_the_chase_asks_for_the_obstacle_and_keeps_what_is_said() -> None:
    desk = late()
    assert chasing.asked_for_obstacle(desk.complaint)
    said = chasing.explain(desk.complaint, "物业不给钥匙", HANDLER, desk.now)
    assert happened(said) == [EventKind.OBSTACLE]
    assert said.events[0].note == "物业不给钥匙"
    assert said.notices == ()  # the customer hears nothing of it; the superior does with the next escalation
    assert chasing.standing_obstacle(said.complaint) == "物业不给钥匙"
    assert not chasing.asked_for_obstacle(said.complaint)
    assert said.complaint.deadlines == desk.complaint.deadlines  # an excuse keeps no promise


def test_an_obstacle_is_over_once_progress_is_reported() -> None:
    desk = late()
    desk.apply(chasing.explain(desk.complaint, "物业不给钥匙", HANDLER, desk.now))
    desk.until(at("2026-11-23 13:00"))
    desk.apply(handling.report(desk.complaint, "拿到钥匙了", HANDLER, BASE, desk.now))
    assert chasing.standing_obstacle(desk.complaint) == ""


def test_nobody_is_asked_for_an_obstacle_before_anything_is_late_or_after_it_is_done() -> None:
    assert not chasing.asked_for_obstacle(build.dispatched())
    desk = late()
    desk.apply(handling.resolve(desk.complaint, "换了水管", HANDLER, BASE, desk.now))
    assert not chasing.asked_for_obstacle(desk.complaint)


def test_only_the_assignee_says_what_holds_them_up_and_says_something() -> None:
    desk = late()
    with pytest.raises(NotAllowed):
        chasing.explain(desk.complaint, "忙", COLLEAGUE, desk.now)
    with pytest.raises(Missing):
        chasing.explain(desk.complaint, " ", HANDLER, desk.now)


# --- days off


def chased_over_a_holiday(severity: Severity = Severity.S4, *, asleep: bool = False) -> Desk:
    """A plan due within three working days, on the Thursday before a holiday of eight days; the Saturday after it is worked."""
    off = frozenset(date(2026, 11, 27) + timedelta(days=day) for day in range(8))
    rule = Terms(policy.load("mingyuan"), build.PublishedWeek(off=off, on=frozenset({date(2026, 12, 5)})))
    desk = Desk(build.working(rule, severity=severity), rule).until(at("2026-11-26 23:59"))
    desk.log.clear()
    return desk.until(at("2026-12-05 08:59"), asleep=asleep)


def chases(desk: Desk) -> list[str]:
    kinds = (
        NoticeKind.REMINDER,
        NoticeKind.OVERDUE,
        NoticeKind.ESCALATION,
        NoticeKind.PLEASE_PHONE,
        NoticeKind.PULLED_IN,
    )
    zone = desk.rules.calendar.zone
    return [f"{moment.astimezone(zone):%m-%d %H:%M} {n.kind} {who(n.to)}" for moment, n in desk.log if n.kind in kinds]


def test_trap_27_on_days_off_nobody_is_chased_for_what_counts_working_days() -> None:
    desk = chased_over_a_holiday()
    assert chases(desk) == []
    desk.until(at("2026-12-07 09:01"))
    assert chases(desk) == [
        "12-05 09:00 overdue zhang",  # one for all those days, on the day that is worked to make up for one of them
        "12-05 09:00 escalation superior of zhang",
        "12-05 09:00 please_phone @duty_desk",
        "12-05 09:30 please_phone @duty_desk",
        "12-05 10:00 please_phone @duty_desk",
        "12-05 10:30 pulled_in @site_backup",
        "12-05 10:30 pulled_in backup of zhang",
        "12-05 10:30 pulled_in superior of zhang",
        "12-07 09:00 overdue zhang",
        "12-07 09:00 escalation superior of zhang",
        "12-07 09:00 escalation @dept_head",
        "12-07 09:00 escalation backup of zhang",
        "12-07 09:00 please_phone @duty_desk",
    ]
    assert [n.facts["count"] for _, n in desk.log if n.kind is NoticeKind.OVERDUE] == ["1", "2"]


def test_trap_27_what_is_severe_is_chased_on_days_off_too() -> None:
    desk = chased_over_a_holiday(Severity.S1)
    assert "11-27 07:00 overdue zhang" in chases(desk)
    assert [n.facts["count"] for _, n in desk.log if n.kind is NoticeKind.OVERDUE][-1] == "9"


def test_trap_27_an_outage_over_days_off_counts_none_of_them() -> None:
    desk = chased_over_a_holiday(asleep=True).until(at("2026-12-08 12:00"), asleep=True)
    [overdue] = [n for _, n in desk.log if n.kind is NoticeKind.OVERDUE]
    assert (overdue.facts["count"], overdue.facts[chasing.WAITS]) == ("3", "yes")  # the 5th, the 7th and the 8th


def test_trap_27_what_is_late_in_natural_time_is_chased_on_days_off_though_older_work_waits() -> None:
    off = frozenset(date(2026, 11, 27) + timedelta(days=day) for day in range(8))
    rule = Terms(policy.load("mingyuan"), build.PublishedWeek(off=off))
    desk = Desk(build.dispatched(rule), rule).until(at("2026-12-01 13:00"))
    natural = [line[:5] for line in chases(desk) if line.endswith("overdue zhang")]
    assert natural[-3:] == ["11-29", "11-30", "12-01"]


@given(st.integers(0, 8 * 24 * 60), st.sampled_from([at_work, still_at_work]))
def test_trap_27_people_work_at_the_moment_that_is_found(minutes: int, find: Callable[..., datetime]) -> None:
    moment = MONDAY + timedelta(minutes=minutes)
    found = find(moment, BASE)
    assert when(found, WEEK) is When.WORK_TIME
    assert (found == moment) == (when(moment, WEEK) is When.WORK_TIME)
    assert (found >= moment) if find is at_work else (found <= moment)


# --- nights


def test_trap_35_the_daily_chase_of_a_severe_complaint_waits_for_the_morning() -> None:
    """That its limit passes may wake somebody; the twentieth notice of it may not."""
    night = at("2026-11-23 03:00")
    desk = Desk(build.dispatched(now=night, severity=Severity.S1), rules(), night).until(at("2026-11-30 12:00"))
    chased = [m.astimezone(WEEK.zone) for m, n in desk.log if n.kind is NoticeKind.OVERDUE]
    assert f"{chased[0]:%m-%d %H:%M}" == "11-23 05:00"
    assert all(moment.hour >= 7 for moment in chased if moment > at("2026-11-24 04:00"))


def test_trap_35_what_somebody_has_in_hand_wakes_nobody() -> None:
    night = at("2026-11-23 22:30")
    desk = Desk(build.working(now=night, severity=Severity.S0), rules(), night).until(at("2026-11-24 12:00"))
    asleep = [n.kind for m, n in desk.log if m < at("2026-11-24 07:00") and n.kind is not NoticeKind.PROMISE_MISSED]
    assert asleep == []
