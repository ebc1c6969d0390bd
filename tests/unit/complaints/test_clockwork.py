"""Time's own notices: exactly which, when, to whom, and when no longer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from complaints import clockwork, closing, customer, handling
from complaints.change import NoticeKind, Timer
from complaints.complaint import Complaint
from complaints.limits import Limit
from complaints.promises import Terms
from complaints.vocabulary import Rating, Severity, Status
from tests.unit.complaints import build
from tests.unit.complaints.build import (
    AGENT,
    BASE,
    CUSTOMER,
    HANDLER,
    LEAD,
    LEYOUJIA,
    MONDAY,
    Desk,
    at,
    utc,
)

FIRST = ["superior of zhang"]
SECOND = [*FIRST, "@dept_head", "backup of zhang"]
THIRD = [*SECOND, "@center_lead"]


def chase(moment: str, clock: str, others: list[str], whose: str = "zhang") -> list[str]:
    """The lines of one overdue notice and of its rung of the ladder."""
    return [f"{moment} overdue:{clock} {whose}", *(f"{moment} escalation:{clock} {who}" for who in others)]


def chased(desk: Desk, since: datetime | None = None) -> list[str]:
    """What reminded and chased, and the satisfaction question; what else time says has tests of its own."""
    kinds = ("reminder", "overdue", "escalation", "survey", "closed", "staff_closed")
    return [line for line in desk.said(since=since) if line.split()[2].startswith(kinds)]


def quiet_day(text: str) -> Desk:
    return Desk(build.working(now=at(text)), BASE, at(text))


def test_base_with_an_assignee_who_never_answers() -> None:
    desk = Desk(build.dispatched(), BASE).until(at("2026-11-28 10:00"))
    assert chased(desk) == [
        "11-23 11:00:00 reminder:first_contact zhang",  # 50 % of 2 h
        "11-23 11:36:00 reminder:first_contact zhang",  # 80 %
        *chase("11-23 12:00:01", "first_contact", FIRST),
        "11-24 07:00:00 reminder:accept zhang",  # 50 % and 80 % of 24 h both fell into the night
        *chase("11-24 10:00:01", "accept", FIRST),
        *chase("11-24 12:00:01", "first_contact", SECOND),  # from here on the oldest speaks for both
        *chase("11-25 12:00:01", "first_contact", THIRD),
        *chase("11-26 12:00:01", "first_contact", THIRD),
        *chase("11-27 12:00:01", "first_contact", THIRD),
    ]


def test_what_was_put_off_until_the_morning_is_not_said_twice_within_the_hour() -> None:
    desk = Desk(build.dispatched(now=at("2026-11-23 12:06")), BASE, at("2026-11-23 12:06")).until(
        at("2026-11-24 12:00")
    )
    assert [line for line in chased(desk) if "reminder:accept" in line] == [
        "11-24 07:18:00 reminder:accept zhang"  # 80 %; the 50 % fell on 00:06
    ]


def test_base_with_an_assignee_who_accepts_and_falls_silent() -> None:
    desk = Desk(build.working(), BASE).until(at("2026-12-14 10:00"))
    assert chased(desk) == [
        "12-09 09:00:00 reminder:complete zhang",  # 13 working days end on 12-10 at midnight
        *chase("12-11 09:00:00", "complete", FIRST),  # the limit passed at night
        *chase("12-14 09:00:00", "complete", SECOND),  # nobody is chased on a weekend for what counts working days
    ]


def test_leyoujia_with_an_assignee_who_never_answers() -> None:
    desk = Desk(build.dispatched(LEYOUJIA), LEYOUJIA).until(at("2026-11-28 10:00"))
    assert chased(desk) == [
        "11-23 11:00:00 reminder:first_contact zhang",
        "11-23 11:36:00 reminder:first_contact zhang",
        *chase("11-23 12:00:01", "first_contact", FIRST),
        "11-23 13:00:00 reminder:investigate_feedback zhang",  # 50 % of 6 h
        "11-23 14:48:00 reminder:investigate_feedback zhang",  # 80 %
        *chase("11-23 16:00:01", "investigate_feedback", FIRST),
        "11-24 07:00:00 reminder:accept zhang",  # for the plan too, which is due at the same moment
        *chase("11-24 10:00:01", "accept", FIRST),  # and for the plan
        *chase("11-24 12:00:01", "first_contact", SECOND),
        *chase("11-25 12:00:01", "first_contact", THIRD),
        *chase("11-26 12:00:01", "first_contact", THIRD),
        *chase("11-27 12:00:01", "first_contact", THIRD),
    ]


def test_leyoujia_with_an_assignee_who_accepts_and_falls_silent() -> None:
    desk = Desk(build.working(LEYOUJIA), LEYOUJIA).until(at("2026-11-28 10:00"))
    assert chased(desk) == [
        "11-23 13:00:00 reminder:investigate_feedback zhang",
        "11-23 14:48:00 reminder:investigate_feedback zhang",
        *chase("11-23 16:00:01", "investigate_feedback", FIRST),
        "11-24 07:00:00 reminder:plan zhang",
        *chase("11-24 10:00:01", "plan", FIRST),
        *chase("11-24 16:00:01", "investigate_feedback", SECOND),
        *chase("11-25 16:00:01", "investigate_feedback", THIRD),
        *chase("11-26 16:00:01", "investigate_feedback", THIRD),
        *chase("11-27 16:00:01", "investigate_feedback", THIRD),
    ]


def test_r083_leyoujia_with_an_assignee_who_falls_silent_after_the_plan() -> None:
    desk = Desk(build.proposed(LEYOUJIA), LEYOUJIA).until(at("2026-11-26 10:00"))
    assert chased(desk) == [
        "11-24 07:00:00 reminder:callback @agent",  # the call-back is the service centre's
        "11-24 16:23:59 reminder:callback @agent",
        "11-25 07:00:00 overdue:callback @agent",  # of which the assignee's superior knows nothing
        "11-26 07:00:00 overdue:callback @agent",
        "11-26 07:00:00 escalation:callback @dept_head",
    ]


def test_what_nobody_has_been_given_is_the_service_centres() -> None:
    desk = Desk(build.filed(), BASE).until(at("2026-11-24 12:30"))
    assert chased(desk) == [
        "11-23 11:00:00 reminder:first_contact @agent",
        "11-23 11:36:00 reminder:first_contact @agent",
        "11-23 12:00:01 overdue:first_contact @agent",
        "11-24 07:00:00 reminder:accept @agent",
        "11-24 10:00:01 overdue:accept @agent",
        "11-24 12:00:01 overdue:first_contact @agent",
        "11-24 12:00:01 escalation:first_contact @dept_head",
    ]


# --- the moment of the limit


def test_the_very_moment_of_the_limit_is_on_time_and_a_second_later_is_not() -> None:
    desk = Desk(build.dispatched(), BASE).until(at("2026-11-23 12:00"))
    assert NoticeKind.OVERDUE not in desk.kinds()
    desk.until(at("2026-11-23 12:00:01"))
    assert desk.kinds().count(NoticeKind.OVERDUE) == 1


def test_a_timer_fired_early_says_nothing_and_is_not_needed_later() -> None:
    complaint = build.dispatched()
    overdue = next(t for t in clockwork.wanted(complaint, BASE) if t.rule == "overdue:first_contact")
    assert clockwork.fire(complaint, overdue, BASE, at("2026-11-23 12:00")) is None
    assert overdue.due_at == at("2026-11-23 12:00:01")  # so a sweep never meets it at the limit itself


def test_the_oldest_clock_hands_the_chase_on_when_it_is_met_and_no_chase_stops() -> None:
    desk = Desk(build.dispatched(LEYOUJIA), LEYOUJIA).until(at("2026-11-26 13:00"))
    desk.apply(handling.accept(desk.complaint, HANDLER, LEYOUJIA, desk.now))
    since = desk.now
    desk.until(at("2026-11-28 17:00"))
    assert chased(desk, since) == [
        *chase("11-26 16:00:01", "investigate_feedback", THIRD),
        *chase("11-27 16:00:01", "investigate_feedback", THIRD),
        *chase("11-28 16:00:01", "investigate_feedback", THIRD),
    ]
    desk.apply(handling.report(desk.complaint, "看过现场", HANDLER, LEYOUJIA, desk.now))
    since = desk.now
    desk.until(at("2026-11-30 11:00"))
    assert chased(desk, since) == [
        *chase("11-29 10:00:01", "plan", THIRD),
        *chase("11-30 10:00:01", "plan", THIRD),
    ]


def test_a_new_assignee_is_chased_in_place_of_the_old_one() -> None:
    desk = Desk(build.dispatched(), BASE).until(at("2026-11-24 13:00"))
    desk.apply(handling.dispatch(desk.complaint, "li", "by hand", AGENT, BASE, desk.now))
    since = desk.now
    desk.until(at("2026-11-25 13:00"))
    assert chased(desk, since)[:4] == [
        "11-25 07:00:00 reminder:accept li",  # their own: what zhang owed has ended
        "11-25 08:12:00 reminder:accept li",
        "11-25 12:00:01 overdue:first_contact li",
        "11-25 12:00:01 escalation:first_contact superior of li",
    ]


# --- when it is over


def resolve(complaint: Complaint) -> Complaint:
    taken = handling.accept(complaint, HANDLER, BASE, MONDAY).complaint
    return handling.resolve(taken, "换了水管", HANDLER, BASE, MONDAY).complaint


ENDINGS: list[tuple[str, Callable[[Complaint], Complaint]]] = [
    ("resolved", resolve),
    ("closed satisfied", lambda c: build.rated(resolve(c), Rating.SATISFIED).complaint),
    ("closed unsettled", lambda c: handling.close(resolve(c), "三轮未果", LEAD, BASE, MONDAY).complaint),
    ("withdrawn", lambda c: customer.withdraw(c, "", CUSTOMER, MONDAY).complaint),
]


@pytest.mark.parametrize(("what", "end"), ENDINGS, ids=[name for name, _ in ENDINGS])
def test_no_reminder_and_no_chase_after_it_is_over(what: str, end: Callable[[Complaint], Complaint]) -> None:
    before = build.dispatched()
    after = end(before)
    staff = {NoticeKind.REMINDER, NoticeKind.OVERDUE, NoticeKind.ESCALATION}
    assert not staff & set(Desk(after, BASE).until(MONDAY + timedelta(days=40)).kinds())
    for timer in clockwork.wanted(before, BASE):  # trap 32: a timer that fires late asks again
        assert clockwork.fire(after, timer, BASE, MONDAY + timedelta(days=2)) is None


@pytest.mark.parametrize("status", [Status.DRAFT, Status.CLOSED, Status.INVALID, Status.WITHDRAWN, Status.MERGED])
def test_nothing_is_wanted_where_nobody_works(status: Status) -> None:
    assert clockwork.wanted(replace(build.working(), status=status), BASE) == ()


def test_nothing_is_said_twice_when_a_timer_fires_again() -> None:
    desk = Desk(build.dispatched(LEYOUJIA), LEYOUJIA).until(at("2026-11-26 10:00"))
    for timer in desk.fired:
        if timer.rule.startswith("overdue"):
            assert clockwork.fire(desk.complaint, timer, LEYOUJIA, desk.now) is None


def test_every_timer_has_an_identity_of_its_own() -> None:
    desk = Desk(build.dispatched(LEYOUJIA), LEYOUJIA).until(at("2026-12-24 10:00"))
    identities = [(t.rule, t.occurrence) for t in desk.fired]
    assert len(identities) == len(set(identities))
    wanted = clockwork.wanted(desk.complaint, LEYOUJIA)
    assert len({(t.rule, t.occurrence) for t in wanted}) == len(wanted)


def test_a_timer_of_no_known_rule_says_nothing() -> None:
    assert clockwork.fire(build.working(), Timer("from the future", "1", MONDAY), BASE, MONDAY) is None


# --- after an extension


def test_an_extension_silences_the_old_limit_and_reminds_before_the_new_one() -> None:
    now = MONDAY + timedelta(hours=2)
    complaint = handling.report(build.working(LEYOUJIA), "看过现场", HANDLER, LEYOUJIA, MONDAY).complaint
    desk = Desk(complaint, LEYOUJIA).until(now)
    old = dict(desk.pending)
    desk.apply(handling.ask_extension(desk.complaint, Limit.parse("1d"), "等配件", HANDLER, LEYOUJIA, now))
    desk.apply(handling.decide_extension(desk.complaint, True, "", LEAD, LEYOUJIA, now))
    for timer in old.values():
        if timer.rule.startswith(("remind", "overdue")):
            assert clockwork.fire(desk.complaint, timer, LEYOUJIA, at("2026-11-24 11:00")) is None
    desk.until(at("2026-11-26 11:00"))
    assert chased(desk, now) == [
        "11-24 10:00:00 reminder:plan zhang",  # a limit of 48 h is a long one: the day before
        *chase("11-25 10:00:01", "plan", FIRST),
        *chase("11-26 10:00:01", "plan", SECOND),
    ]


def test_an_extension_granted_after_the_limit_passed_starts_the_chase_anew() -> None:
    complaint = handling.report(build.working(LEYOUJIA), "看过现场", HANDLER, LEYOUJIA, MONDAY).complaint
    desk = Desk(complaint, LEYOUJIA).until(MONDAY + timedelta(hours=23))
    desk.apply(handling.ask_extension(desk.complaint, Limit.parse("1d"), "等配件", HANDLER, LEYOUJIA, desk.now))
    desk.until(MONDAY + timedelta(hours=26))
    assert desk.kinds().count(NoticeKind.OVERDUE) == 1
    desk.apply(handling.decide_extension(desk.complaint, True, "", LEAD, LEYOUJIA, desk.now))
    since = desk.now
    desk.until(at("2026-11-25 11:00"))
    assert chased(desk, since) == chase("11-25 10:00:01", "plan", FIRST)


# --- after an outage


def test_after_an_outage_one_notice_stands_for_all_that_were_missed_and_the_rhythm_is_kept() -> None:
    desk = Desk(build.working(LEYOUJIA), LEYOUJIA).until(at("2026-11-26 12:00"), asleep=True)
    assert chased(desk) == [
        *chase("11-26 12:00:00", "investigate_feedback", THIRD),  # due since 11-23 16:00
        *chase("11-26 12:00:00", "plan", THIRD),  # due since 11-24 10:00
    ]
    since = desk.now
    desk.until(at("2026-11-27 17:00"))
    assert chased(desk, since) == [
        *chase("11-26 16:00:01", "investigate_feedback", THIRD),
        *chase("11-27 16:00:01", "investigate_feedback", THIRD),
    ]


def test_after_an_outage_one_reminder_stands_for_all_that_were_missed() -> None:
    desk = Desk(build.working(LEYOUJIA), LEYOUJIA).until(at("2026-11-23 15:00"), asleep=True)
    assert chased(desk) == ["11-23 15:00:00 reminder:investigate_feedback zhang"]


def test_after_an_outage_the_question_is_not_repeated_and_given_up_in_one_breath() -> None:
    desk = Desk(build.resolved(LEYOUJIA), LEYOUJIA).until(MONDAY + timedelta(days=9), asleep=True)
    assert chased(desk) == ["12-02 10:00:00 survey_unanswered @agent", "12-02 10:00:00 survey_unanswered @center_lead"]


# --- quiet hours


def test_a_reminder_moves_out_of_the_night_and_never_into_it() -> None:
    evening = at("2026-11-23 20:30")
    desk = Desk(build.working(LEYOUJIA, evening), LEYOUJIA, evening).until(at("2026-11-24 07:30"))
    assert chased(desk) == [
        "11-23 21:59:00 reminder:investigate_feedback zhang",  # due 02:30: both reminders move ahead, one is said
        *chase("11-24 07:00:00", "investigate_feedback", FIRST),
    ]


def test_where_all_the_time_is_night_nobody_is_reminded_in_it() -> None:
    night = at("2026-11-23 23:00")
    awake = tuple(replace(clock, sleeps=False) for clock in BASE.policy.clocks)
    rules = Terms(replace(BASE.policy, clocks=awake), BASE.calendar)
    desk = Desk(build.dispatched(rules, night), rules, night).until(at("2026-11-24 07:30"))
    assert chased(desk) == chase("11-24 07:00:00", "first_contact", FIRST)


@pytest.mark.parametrize("severity", [Severity.S0, Severity.S1])
def test_r041_the_worst_do_not_wait_for_the_morning(severity: Severity) -> None:
    night = at("2026-11-23 23:00")
    desk = Desk(build.dispatched(now=night, severity=severity), BASE, night).until(at("2026-11-24 01:30"))
    assert chased(desk) == [
        "11-24 00:00:00 reminder:first_contact zhang",
        "11-24 00:36:00 reminder:first_contact zhang",
        *chase("11-24 01:00:01", "first_contact", FIRST),
    ]


def test_a_severity_raised_in_the_night_wakes_the_chase() -> None:
    night = at("2026-11-23 21:00")
    desk = Desk(build.dispatched(now=night), BASE, night).until(at("2026-11-24 01:00"))
    desk.apply(handling.grade(desk.complaint, Severity.S0, "漏电", AGENT, BASE, desk.now))
    desk.until(at("2026-11-24 01:00"))
    assert "11-24 01:00:00 overdue:first_contact zhang" in chased(desk)


# --- the day before


@pytest.mark.parametrize(
    ("began", "limit", "reminded"),
    [
        pytest.param("2026-11-23 10:00", "13wd", "2026-12-09 09:00", id="the morning of the day before (trap 30)"),
        pytest.param("2026-11-23 10:00", "10wd", "2026-12-04 09:00", id="due on a monday: on the friday"),
        pytest.param("2026-11-27 10:00", "1wd", "2026-11-30 09:00", id="begun on the friday: on the day itself"),
        pytest.param("2026-11-23 10:00", "5d", "2026-11-27 09:00", id="natural days: the day before"),
        pytest.param("2026-11-23 10:00", "7d", "2026-11-29 09:00", id="natural days: a sunday too"),
        pytest.param("2026-11-23 10:00", "72h", "2026-11-25 10:00", id="hours: 24 hours before"),
        pytest.param("2026-11-23 10:00", "30wh", "2026-11-25 17:00", id="working hours: the day before"),
        pytest.param("2026-11-26 16:00", "17wh", "2026-11-27 17:00", id="working hours: not on the sunday"),
    ],
)
def test_r060_long_limits_are_reminded_of_once_a_day_before(began: str, limit: str, reminded: str) -> None:
    clock = replace(next(c for c in BASE.policy.clocks if c.name == "complete"), limit=Limit.parse(limit))
    terms = Terms(replace(BASE.policy, clocks=(clock,)), BASE.calendar)
    complaint = build.working(terms, at(began))
    reminders = [t.due_at for t in clockwork.wanted(complaint, terms) if t.rule == "remind:complete"]
    assert reminders == [utc(at(reminded))]


# --- the survey


def test_the_question_is_repeated_after_24_hours_and_given_up_after_72() -> None:
    desk = Desk(build.resolved(), BASE).until(MONDAY + timedelta(days=30))
    assert chased(desk) == [
        "11-24 10:00:00 survey_reminder wang",
        "11-26 10:00:00 closed_unrated wang",
        "11-26 10:00:00 staff_closed zhang",
    ]
    assert desk.complaint.closed_as == "unrated"


def test_r083_under_leyoujia_the_centre_is_told_and_nothing_is_closed() -> None:
    desk = Desk(build.resolved(LEYOUJIA), LEYOUJIA).until(MONDAY + timedelta(days=30))
    told = [f"{day} 10:00:00 survey_unanswered @agent" for day in ("11-26", "11-27", "11-28")]
    for day in ("11-29", "12-06", "12-13", "12-20"):  # nobody phoned: the lead hears of it, once a week
        told += [f"{day} 10:00:00 survey_unanswered @{who}" for who in ("agent", "center_lead")]
    assert chased(desk) == ["11-24 10:00:00 survey_reminder wang", *told]
    assert desk.complaint.status is Status.RESOLVED


def test_customers_are_not_asked_at_night() -> None:
    night = at("2026-11-23 22:30")
    desk = Desk(build.resolved(now=night), BASE, night).until(night + timedelta(days=5))
    assert chased(desk)[:2] == ["11-25 08:00:00 survey_reminder wang", "11-27 08:00:00 closed_unrated wang"]


def test_an_answer_ends_the_questions() -> None:
    done = build.resolved()
    old = clockwork.wanted(done, BASE)
    closed = build.rated(done, Rating.SATISFIED).complaint
    assert clockwork.wanted(closed, BASE) == ()
    assert [clockwork.fire(closed, timer, BASE, MONDAY + timedelta(days=4)) for timer in old] == [None, None]


def test_the_questions_of_an_old_round_do_not_touch_the_new_one() -> None:
    old = clockwork.wanted(build.resolved(LEYOUJIA), LEYOUJIA)
    back = closing.reopen(build.resolved(LEYOUJIA), "还在漏", CUSTOMER, LEYOUJIA, MONDAY).complaint
    again = handling.resolve(back, "重做", HANDLER, LEYOUJIA, MONDAY).complaint
    assert [clockwork.fire(again, timer, LEYOUJIA, MONDAY + timedelta(days=4)) for timer in old] == [None, None]
    assert [timer.occurrence for timer in clockwork.wanted(again, LEYOUJIA)] == ["2", "2"]


def test_a_reminder_that_would_fall_on_the_end_is_left_out() -> None:
    callback = replace(BASE.policy.callback, reminder_after=timedelta(hours=71))
    terms = Terms(replace(BASE.policy, callback=callback), BASE.calendar)
    night = at("2026-11-23 23:00")  # 71 h and 72 h later both fall into the customer's night
    assert [t.rule for t in clockwork.wanted(build.resolved(terms, night), terms)] == ["survey_expire"]
