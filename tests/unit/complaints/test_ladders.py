"""Ladders: who hears at which step, who holds them, and what is never said. R-032, R-041, R-060, R-061, R-064."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from complaints import calling, clockwork, handling, ladders, policy
from complaints.change import EventKind, NoticeKind
from complaints.errors import IllegalStep, PolicyError
from complaints.promises import Terms
from complaints.vocabulary import Severity
from tests.unit.complaints import build
from tests.unit.complaints.build import AGENT, BASE, COLLEAGUE, HANDLER, LEAD, MONDAY, WEEK, Desk, at, who

LADDER_KINDS = (
    NoticeKind.ALARM, NoticeKind.STILL_WAITING, NoticeKind.IN_HAND, NoticeKind.CONFIRM, NoticeKind.PLEASE_PHONE,
    NoticeKind.PULLED_IN,
)  # fmt: skip
CHAIN: dict[str, Any] = {
    "from": "dispatched",
    "until": ["accepted", "given_back", "call_reached"],
    "steps": [
        {"after": "10min", "tell": ["assignee"], "how": "sms"},
        {"after": "30min", "tell": ["assignee"], "how": "please_phone"},
    ],
}


def rules(*, calls: dict[str, Any] | None = None, **named: Any) -> Terms:
    """The base profile with other ladders; those it ships with are taken away unless named."""
    data = policy.merged("base")
    data["ladders"] = named
    data["calls"] |= calls or {}
    return Terms(policy.parse(data, "base"), WEEK)


@cache
def chain() -> Terms:
    return rules(chain=CHAIN)


def spoken(desk: Desk) -> list[str]:
    """What the ladders said, as lines such as "11-23 10:10 still_waiting zhang sms"."""
    zone = desk.rules.calendar.zone
    return [
        f"{moment.astimezone(zone):%m-%d %H:%M} {notice.kind} {who(notice.to)}{' sms' if notice.only_sms else ''}"
        for moment, notice in desk.log
        if notice.kind in LADDER_KINDS
    ]


def severe(severity: Severity = Severity.S0, now: Any = MONDAY, rule: Terms = BASE) -> Desk:
    return Desk(build.dispatched(rule, now, severity=severity), rule, now)


# --- the chain: chat, SMS, phone, backup


def test_r032_the_chain_climbs_to_the_backup_when_nobody_picks_up() -> None:
    desk = Desk(build.dispatched(chain()), chain()).until(at("2026-11-23 10:31"))
    for minute in (35, 52):
        desk.until(at(f"2026-11-23 10:{minute}"))
        desk.apply(calling.tick(desk.complaint, False, "", AGENT, chain(), desk.now))
    desk.until(at("2026-11-23 11:08"))
    desk.apply(calling.tick(desk.complaint, False, "响了很久", AGENT, chain(), desk.now))
    desk.until(at("2026-11-24 09:00"))
    assert spoken(desk) == [
        "11-23 10:10 still_waiting zhang sms",
        "11-23 10:30 please_phone @duty_desk",
        "11-23 10:50 please_phone @duty_desk",  # a quarter of an hour after nobody picked up
        "11-23 11:07 please_phone @duty_desk",
        "11-23 11:08 pulled_in backup of zhang",
        "11-23 11:08 pulled_in superior of zhang",
    ]
    calls = [e for e in desk.events if e.kind is EventKind.CALL_UNANSWERED]
    assert [(e.by, e.facts["to"], e.facts["unanswered"], e.note) for e in calls] == [
        ("agent", "zhang", "1", ""),
        ("agent", "zhang", "2", ""),
        ("agent", "zhang", "3", "响了很久"),
    ]
    assert desk.complaint.call is None


def test_r032_whoever_picks_up_ends_the_chain() -> None:
    desk = Desk(build.dispatched(chain()), chain()).until(at("2026-11-23 10:40"))
    desk.apply(calling.tick(desk.complaint, True, "马上去", AGENT, chain(), desk.now))
    assert (desk.events[-1].kind, desk.events[-1].note) == (EventKind.CALL_REACHED, "马上去")
    desk.until(at("2026-11-25 10:00"))
    assert spoken(desk) == ["11-23 10:10 still_waiting zhang sms", "11-23 10:30 please_phone @duty_desk"]


def test_r032_a_desk_that_never_says_what_came_of_it_does_not_stop_the_chain() -> None:
    desk = Desk(build.dispatched(chain()), chain()).until(at("2026-11-24 10:00"))
    assert spoken(desk) == [
        "11-23 10:10 still_waiting zhang sms",
        "11-23 10:30 please_phone @duty_desk",
        "11-23 10:45 please_phone @duty_desk",
        "11-23 11:00 please_phone @duty_desk",
        "11-23 11:15 pulled_in backup of zhang",
        "11-23 11:15 pulled_in superior of zhang",
        "11-23 11:15 pulled_in @center_lead",
    ]


def test_accepting_ends_the_chain_and_the_call() -> None:
    desk = Desk(build.dispatched(chain()), chain()).until(at("2026-11-23 10:31"))
    desk.apply(handling.accept(desk.complaint, HANDLER, chain(), desk.now))
    assert desk.complaint.call is None
    said = len(spoken(desk))
    assert len(spoken(desk.until(at("2026-11-25 10:00")))) == said
    with pytest.raises(IllegalStep):
        calling.tick(desk.complaint, True, "", AGENT, chain(), desk.now)


def test_trap_33_each_dispatch_climbs_anew_and_only_once() -> None:
    desk = Desk(build.dispatched(chain()), chain()).until(at("2026-11-23 10:15"))
    desk.apply(handling.dispatch(desk.complaint, "li", "by hand", AGENT, chain(), desk.now))
    desk.until(at("2026-11-23 10:46"))
    assert spoken(desk) == [
        "11-23 10:10 still_waiting zhang sms",
        "11-23 10:25 still_waiting li sms",
        "11-23 10:45 please_phone @duty_desk",
    ]


def test_trap_27_an_ordinary_chain_stands_still_in_the_quiet_hours() -> None:
    now = at("2026-11-23 21:55")
    desk = Desk(build.dispatched(chain(), now), chain(), now).until(at("2026-11-24 09:00"))
    assert spoken(desk)[:2] == [
        "11-24 07:00 still_waiting zhang sms",
        "11-24 07:20 please_phone @duty_desk",  # twenty minutes after the SMS, not in one breath with it
    ]


def test_who_is_on_duty_hears_at_night_what_is_for_the_duty_desk_alone() -> None:
    watch = rules(
        watch={
            "from": "received", "until": ["accepted"], "only_quiet": True,
            "steps": [{"after": "15min", "tell": ["duty_desk"]}, {"after": "30min", "tell": ["assignee"]}],
        }
    )  # fmt: skip
    night = at("2026-11-23 22:30")
    desk = Desk(build.dispatched(watch, night), watch, night).until(at("2026-11-24 09:00"))
    assert spoken(desk) == ["11-23 22:45 still_waiting @duty_desk", "11-24 07:00 still_waiting zhang"]
    assert spoken(Desk(build.dispatched(watch), watch).until(at("2026-11-24 09:00"))) == []  # it began by day


def test_trap_33_after_an_outage_one_notice_each_stands_for_all_that_were_missed() -> None:
    desk = severe().until(at("2026-11-26 10:00"), asleep=True)
    assert spoken(desk) == [
        "11-26 10:00 alarm zhang",
        "11-26 10:00 alarm @duty_desk",
        "11-26 10:00 alarm zhang sms",
        "11-26 10:00 alarm superior of zhang",
        "11-26 10:00 alarm backup of zhang",
        "11-26 10:00 alarm @dept_head",
        "11-26 10:00 alarm @center_lead",
        "11-26 10:00 alarm @leader",
        "11-26 10:00 please_phone @duty_desk",
    ]


# --- severe: day and night until somebody answers


def test_r041_danger_at_three_in_the_morning_climbs_until_somebody_answers() -> None:
    desk = severe(now=at("2026-11-24 03:00")).until(at("2026-11-24 03:35"))
    assert spoken(desk) == [
        "11-24 03:00 alarm zhang",
        "11-24 03:00 alarm @duty_desk",
        "11-24 03:00 alarm zhang sms",
        "11-24 03:10 alarm superior of zhang",  # C2: the owner must answer within 10 minutes, or the next person is told
        "11-24 03:10 alarm backup of zhang",
        "11-24 03:10 please_phone @duty_desk",
        "11-24 03:20 alarm @dept_head",
        "11-24 03:20 alarm @center_lead",
        "11-24 03:25 please_phone @duty_desk",
        "11-24 03:30 alarm zhang",
        "11-24 03:30 alarm superior of zhang",
        "11-24 03:30 alarm @duty_desk",
        "11-24 03:30 alarm @center_lead",
    ]
    assert all(n.facts["night"] == "yes" for _, n in desk.log if n.kind is NoticeKind.ALARM)
    desk.apply(ladders.acknowledge(desk.complaint, LEAD, desk.rules, desk.now))
    assert [(ack.by, ack.at) for ack in desk.complaint.acks] == [("lead", desk.now)]
    assert spoken(desk)[13:] == [
        "11-24 03:35 in_hand zhang",
        "11-24 03:35 in_hand @duty_desk",
        "11-24 03:35 in_hand superior of zhang",
        "11-24 03:35 in_hand backup of zhang",
        "11-24 03:35 in_hand @dept_head",
        "11-24 03:35 in_hand @center_lead",
    ]
    assert all(n.but_not == "lead" for _, n in desk.log if n.kind is NoticeKind.IN_HAND)
    assert len(spoken(desk.until(at("2026-11-24 05:34")))) == 19
    assert not ladders.waits_for_answer(desk.complaint, BASE)


def test_r041_unanswered_it_climbs_to_the_leaders_and_stays_with_everybody() -> None:
    desk = severe(now=at("2026-11-24 01:00")).until(at("2026-11-24 02:31"))
    everybody = ("zhang", "backup of zhang", "superior of zhang", "@duty_desk", "@center_lead", "@leader")
    for moment in ("02:00", "02:30"):
        assert [line for line in spoken(desk) if moment in line and "alarm" in line] == [
            f"11-24 {moment} alarm {who}" for who in everybody
        ]


def test_r041_nobody_answers_and_it_is_repeated_all_night() -> None:
    desk = severe(now=at("2026-11-24 01:00")).until(at("2026-11-24 06:59"))
    alarms = [line for line in spoken(desk) if "alarm zhang" in line and "sms" not in line]
    assert [line[6:11] for line in alarms] == [
        "01:00", "01:30", "02:00", "02:30", "03:00", "03:30", "04:00", "04:30", "05:00", "05:30", "06:00", "06:30",
    ]  # fmt: skip


def alarms_of_the_third_day(severity: Severity) -> list[str]:
    desk = severe(severity, now=at("2026-11-23 20:00")).until(at("2026-11-26 00:00"))
    return [line[6:11] for line in spoken(desk) if line.startswith("11-25") and line.endswith("alarm zhang")]


def test_r041_danger_sounds_every_half_hour_day_and_night_however_long_nobody_answers() -> None:
    assert alarms_of_the_third_day(Severity.S0) == [f"{half // 2:02}:{half % 2 * 30:02}" for half in range(48)]
    assert len(alarms_of_the_third_day(Severity.S1)) == 1  # what is no danger is chased like a promise after a day


@pytest.mark.parametrize("word", ["accept", "report"])
def test_accepting_or_reporting_is_an_answer_too(word: str) -> None:
    desk = severe().until(at("2026-11-23 10:05"))
    desk.apply(
        handling.accept(desk.complaint, HANDLER, BASE, desk.now)
        if word == "accept"
        else handling.report(desk.complaint, "正在关阀门", HANDLER, BASE, desk.now)
    )
    assert [ack.by for ack in desk.complaint.acks] == ["zhang"]
    assert not ladders.waits_for_answer(desk.complaint, BASE)
    assert "11-23 10:05 in_hand @duty_desk" in spoken(desk)


def test_trap_35_an_answer_is_confirmed_again_or_lapses_and_the_ladder_goes_on() -> None:
    desk = severe().until(at("2026-11-23 10:05"))
    desk.apply(ladders.acknowledge(desk.complaint, HANDLER, desk.rules, desk.now))
    said = len(spoken(desk))
    desk.until(at("2026-11-23 12:10"))
    assert spoken(desk)[said:] == ["11-23 12:05 confirm zhang"]
    assert ladders.waits_for_answer(desk.complaint, BASE)
    desk.apply(ladders.acknowledge(desk.complaint, HANDLER, desk.rules, desk.now))
    said = len(spoken(desk))
    desk.until(at("2026-11-23 16:41"))
    assert spoken(desk)[said:] == [
        "11-23 16:10 confirm zhang",  # twice as long after the second answer
        "11-23 16:40 alarm zhang",  # nobody confirmed it within half an hour
        "11-23 16:40 alarm @duty_desk",
        "11-23 16:40 alarm zhang sms",
    ]
    assert EventKind.ACK_LAPSED in [event.kind for event in desk.events]


def test_trap_35_after_a_lapse_nobody_has_answered_since_the_lapse_only() -> None:
    desk = severe().until(at("2026-11-23 10:05"))
    desk.apply(ladders.acknowledge(desk.complaint, HANDLER, desk.rules, desk.now))
    desk.until(at("2026-11-23 13:10"))
    since = {n.facts["since"] for at_, n in desk.log if n.kind is NoticeKind.ALARM and at_ > at("2026-11-23 12:00")}
    assert since == {at("2026-11-23 12:35").isoformat()}  # asked at 12:05, and not confirmed within half an hour


def test_r041_the_answer_of_whoever_hands_the_task_on_is_not_that_of_who_has_it_now() -> None:
    desk = severe(now=at("2026-11-24 03:00")).until(at("2026-11-24 03:05"))
    desk.apply(ladders.acknowledge(desk.complaint, HANDLER, desk.rules, desk.now))
    desk.until(at("2026-11-24 03:20"))
    desk.apply(handling.dispatch(desk.complaint, "li", "by hand", HANDLER, BASE, desk.now))
    assert ladders.waits_for_answer(desk.complaint, BASE)
    said = len(spoken(desk))
    desk.until(at("2026-11-24 03:26"))
    assert spoken(desk)[said : said + 2] == ["11-24 03:20 alarm li", "11-24 03:20 alarm @duty_desk"]
    assert "11-24 03:20 alarm li sms" in spoken(desk)
    desk.apply(handling.accept(desk.complaint, COLLEAGUE, BASE, desk.now))
    assert not ladders.waits_for_answer(desk.complaint, BASE)
    desk.apply(handling.dispatch(desk.complaint, "zhao", "by hand", COLLEAGUE, BASE, desk.now + timedelta(minutes=5)))
    assert ladders.waits_for_answer(desk.complaint, BASE)


def test_r041_the_lead_who_answered_and_gives_it_to_somebody_still_has_it_in_hand() -> None:
    desk = severe().until(at("2026-11-23 10:05"))
    desk.apply(ladders.acknowledge(desk.complaint, LEAD, desk.rules, desk.now))
    desk.until(at("2026-11-23 10:06"))
    desk.apply(handling.dispatch(desk.complaint, "li", "by hand", LEAD, BASE, desk.now))
    assert not ladders.waits_for_answer(desk.complaint, BASE)


def test_r041_a_task_that_wanders_unanswered_is_alarmed_of_ever_higher() -> None:
    desk = severe().until(at("2026-11-23 10:06"))
    desk.apply(handling.dispatch(desk.complaint, "li", "by hand", LEAD, BASE, desk.now))
    said = len(spoken(desk))
    desk.until(at("2026-11-23 10:16"))
    assert "superior of li" in "".join(spoken(desk)[said:])


def test_r041_who_goes_away_has_it_in_hand_no_longer() -> None:
    desk = severe().until(at("2026-11-23 10:05"))
    desk.apply(ladders.acknowledge(desk.complaint, LEAD, desk.rules, desk.now))
    assert ladders.let_go(desk.complaint, "zhang", BASE, desk.now) is None
    desk.until(at("2026-11-23 10:20"))
    desk.apply(ladders.let_go(desk.complaint, LEAD.person or "", BASE, desk.now))
    assert ladders.waits_for_answer(desk.complaint, BASE)


def test_what_is_given_back_is_in_nobodys_hand() -> None:
    desk = severe().until(at("2026-11-23 10:05"))
    desk.apply(handling.accept(desk.complaint, HANDLER, BASE, desk.now))
    desk.until(at("2026-11-23 10:20"))
    desk.apply(handling.give_back(desk.complaint, "不归我管", HANDLER, desk.now))
    said = len(spoken(desk))
    assert spoken(desk.until(at("2026-11-23 10:21")))[said:] == [
        "11-23 10:20 alarm @duty_desk",
        "11-23 10:20 alarm @duty_desk sms",
    ]


def test_progress_counts_as_a_confirmation() -> None:
    desk = severe().until(at("2026-11-23 10:05"))
    desk.apply(ladders.acknowledge(desk.complaint, HANDLER, desk.rules, desk.now))
    desk.until(at("2026-11-23 12:04"))
    desk.apply(handling.report(desk.complaint, "到现场了", HANDLER, BASE, desk.now))
    said = len(spoken(desk))
    assert spoken(desk.until(at("2026-11-23 14:03")))[said:] == []


def test_trap_35_what_was_answered_long_ago_pages_nobody_at_half_past_five() -> None:
    """A case of months, severe and in hand: asked after by day, less and less often, and its fall-back waits for the day."""
    desk = severe(now=at("2026-11-23 05:20")).until(at("2026-11-23 05:30"))
    desk.apply(ladders.acknowledge(desk.complaint, HANDLER, desk.rules, desk.now))
    fresh = at("2026-11-24 05:20")
    for _ in range(40):
        before = len(desk.log)
        desk.until(desk.now + timedelta(days=2))
        if any(notice.kind is NoticeKind.CONFIRM for _, notice in desk.log[before:]):
            desk.apply(ladders.acknowledge(desk.complaint, HANDLER, desk.rules, desk.now))
    zone = WEEK.zone
    staff = (
        NoticeKind.ALARM,
        NoticeKind.CONFIRM,
        NoticeKind.PLEASE_PHONE,
        NoticeKind.PULLED_IN,
        NoticeKind.REMINDER,
        NoticeKind.OVERDUE,
        NoticeKind.ESCALATION,
    )
    later = [moment.astimezone(zone) for moment, notice in desk.log if moment > fresh and notice.kind in staff]
    assert later
    assert all(7 <= moment.hour < 22 for moment in later)
    asked = [moment for moment, notice in desk.log if notice.kind is NoticeKind.CONFIRM and moment > fresh]
    assert all(b - a >= timedelta(days=1) for a, b in pairwise(asked[3:]))


def test_a_case_that_becomes_severe_later_begins_its_ladder_then() -> None:
    desk = Desk(build.working(), BASE).until(at("2026-11-24 12:00"))
    assert spoken(desk) == []
    desk.apply(handling.grade(desk.complaint, Severity.S0, "漏电", AGENT, BASE, desk.now))
    desk.until(at("2026-11-24 12:01"))
    assert spoken(desk) == [
        "11-24 12:00 alarm zhang", "11-24 12:00 alarm @duty_desk", "11-24 12:00 alarm zhang sms",
    ]  # fmt: skip


def test_what_nobody_has_yet_goes_to_the_duty_desk() -> None:
    desk = Desk(build.filed(severity=Severity.S0), BASE).until(at("2026-11-23 10:10"))
    assert spoken(desk) == [
        "11-23 10:00 alarm @duty_desk",
        "11-23 10:00 alarm @duty_desk sms",
        "11-23 10:10 alarm @center_lead",
    ]


def test_trap_32_nothing_is_said_of_what_is_done_or_settled() -> None:
    done = severe()
    done.apply(handling.resolve(done.complaint, "关了阀门", HANDLER, BASE, done.now))
    assert spoken(done.until(at("2026-12-01 10:00"))) == []


def test_trap_32_what_waited_is_dropped_once_it_is_answered() -> None:
    desk = severe().until(at("2026-11-23 10:00"))
    alarm = next(notice for _, notice in desk.log if notice.kind is NoticeKind.ALARM)
    assert not ladders.outdated(alarm.kind, dict(alarm.facts), desk.complaint, BASE)
    answered = ladders.acknowledge(desk.complaint, HANDLER, desk.rules, desk.now).complaint
    assert ladders.outdated(alarm.kind, dict(alarm.facts), answered, BASE)


def test_whom_the_complaint_names_may_not_be_its_answer() -> None:
    desk = severe(now=MONDAY).until(MONDAY)
    with pytest.raises(IllegalStep):
        ladders.acknowledge(build.resolved(), COLLEAGUE, desk.rules, desk.now)


# --- reading them


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"from": "lunch"}, "ladders.x.from is 'lunch': choose from"),
        ({"from": "overdue"}, "which the clock does itself"),
        ({"until": []}, "ladders.x.until is empty"),
        ({"steps": []}, "ladders.x.steps is empty"),
        ({"steps": [{"after": "10min", "tell": ["boss"]}]}, "ladders.x.steps[0].tell is 'boss': choose from assignee"),
        ({"steps": [{"after": "10min", "tell": []}]}, "ladders.x.steps[0].tell is empty"),
        ({"steps": [{"after": "1wd", "tell": ["assignee"]}]}, "counts working time"),
        (
            {"steps": [{"after": "10min", "tell": ["agent"]}, {"after": "5min", "tell": ["agent"]}]},
            "comes before the step above it",
        ),
        ({"steps": [{"after": "1h", "tell": ["agent"], "how": "please_phone"}]}, "it is the assignee whom"),
        ({"steps": [{"after": "1h", "tell": ["agent"], "how": "pigeon"}]}, "choose from notice, sms, please_phone"),
        ({"repeat": "1min"}, "ladders.x.repeat is too often"),
        ({"at_night": True}, "only severe complaints wake people"),
        ({"confirm_every": "2h"}, "add answer = true"),
        ({"confirm_evry": "2h"}, "did you mean confirm_every?"),
    ],
)
def test_a_wrong_ladder_names_key_and_cure(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(PolicyError) as error:
        rules(x=CHAIN | changes)
    assert says in str(error.value)


def test_a_child_takes_a_ladder_of_its_parent_away_and_changes_one_value() -> None:
    data = policy.merged("base")
    data["ladders"] |= {"danger": False}
    data["ladders"]["major"] |= {"repeat": "45min"}
    [major] = policy.parse(data, "base").ladders
    assert (major.name, major.repeat) == ("major", timedelta(minutes=45))


def test_a_profile_stored_before_there_were_ladders_is_still_read() -> None:
    data = {key: value for key, value in policy.merged("base").items() if key not in ("ladders", "calls")}
    old = policy.parse(data, "base")
    assert (old.ladders, old.calls.unanswered) == ((), 3)


def test_every_timer_of_a_ladder_is_found_by_its_rule() -> None:
    for timer in clockwork.wanted(severe().complaint, BASE):
        assert timer.rule.partition(":")[0] in clockwork._FIRE


def test_a_call_names_what_is_missing_first_and_not_the_result_far_away() -> None:
    desk = severe().until(at("2026-11-23 10:11"))
    [call] = desk.complaint.calls
    assert call.facts["awaits"] == EventKind.ACCEPTED
    desk.apply(handling.accept(desk.complaint, HANDLER, BASE, desk.now))
    desk.until(at("2026-11-23 12:55"))  # asked again, and silent
    assert desk.complaint.calls[-1].facts["awaits"] == EventKind.ACKNOWLEDGED
