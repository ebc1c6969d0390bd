"""Every clock of every profile lives: it begins, is kept by the step that is for it, is reminded of, is chased when late."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from complaints import duties, handling, policy
from complaints.change import Change, EventKind, NoticeKind
from complaints.complaint import Complaint
from complaints.correcting import correct
from complaints.duties import DUTIES
from complaints.errors import IllegalStep, Missing, NotAllowed
from complaints.limits import Limit
from complaints.parts.actors import SYSTEM, Actor
from complaints.parts.timing import Deadline
from complaints.promises import Terms
from complaints.vocabulary import Flag, Kind, Milestone, Rating, Role, Severity, Status
from tests.unit.complaints import build
from tests.unit.complaints.build import AGENT, HANDLER, HEAD, LEAD, MONDAY, REVIEWER, Desk, actor, happened, told

OFFICER = actor("press", Role.MEDIA_OFFICER)
SUNDAY = build.at("2026-11-22 10:00")

Do = Callable[[Complaint, Terms], Change]


def _tick(duty: str, by: Actor = AGENT, words: str = "办了") -> Do:
    return lambda c, t: duties.tick(c, DUTIES[duty], words, by, t, MONDAY)


def _grade(severity: Severity) -> Do:
    return lambda c, t: handling.grade(c, severity, "要紧", LEAD, t, MONDAY)


DO: Mapping[str, Do] = {
    "dispatch": lambda c, t: handling.dispatch(c, "zhang", "by hand", AGENT, t, MONDAY),
    "accept": lambda c, t: handling.accept(c, HANDLER, t, MONDAY),
    "report": lambda c, t: handling.report(c, "查到是水管老化，明天上门换", HANDLER, t, MONDAY),
    "plan": lambda c, t: handling.propose(c, "换水管", HANDLER, t, MONDAY),
    "resolve": lambda c, t: handling.resolve(c, "换了水管", HANDLER, t, MONDAY),
    "rate": lambda c, t: build.rated(c, Rating.SATISFIED, t),
    "S1": _grade(Severity.S1),
    "S2": _grade(Severity.S2),
    "nature_decided": lambda c, t: duties.decide_nature(c, True, "", LEAD, t, MONDAY),
    "media_replied": _tick("media_replied", OFFICER),
    "dept_replied": _tick("dept_replied", HANDLER),
    "valid_confirmed": _tick("valid_confirmed", REVIEWER),
    **{
        name: _tick(name)
        for name in DUTIES
        if name not in ("nature_decided", "media_replied", "dept_replied", "valid_confirmed")
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Life:
    """How a clock comes to run, and what keeps it. filed: of what is filed; keeps: "" where nothing but the start does."""

    profile: str
    clock: str
    steps: str
    keeps: str
    filed: Mapping[str, object]


def life(profile: str, clock: str, steps: str = "", keeps: str = "", **filed: object) -> Life:
    return Life(profile, clock, steps, keeps, filed)


LIVES = (
    life("base", "first_contact", "", "dispatch accept"),
    life("base", "accept", "dispatch", "accept"),
    life("base", "complete", "dispatch accept", "resolve"),
    life("base", "callback", "dispatch accept resolve"),
    life("leyoujia-24h", "investigate_feedback", "dispatch accept", "report"),
    life("leyoujia-24h", "plan", "dispatch accept", "plan"),
    life("leyoujia-24h", "callback", "dispatch accept plan", "resolve"),
    life("leyoujia-315", "accept", "dispatch", "accept", category="LISTING"),
    life("leyoujia-315", "answer", "dispatch accept", "answered", category="LISTING"),
    life("leyoujia-315", "compensate", "dispatch accept", "compensated", category="LISTING"),
    life("mingyuan", "accept", "dispatch", "accept"),
    life("mingyuan", "plan", "dispatch accept", "plan"),
    life("mingyuan", "complete", "dispatch accept", "resolve"),
    life("vanke", "consult_feedback", "dispatch accept", "answered", kind=Kind.CONSULT),
    life("vanke", "plan", "valid_confirmed dispatch accept", "plan"),
    life("vanke", "service_confirm", "dispatch accept", "service_confirmed", kind=Kind.SERVICE),
    life("hongkelong", "transfer_phone", "", "dispatch", channel="phone"),
    life("hongkelong", "transfer_email", "", "dispatch", channel="email"),
    life("hongkelong", "transfer_forum", "", "dispatch", channel="forum"),
    life("hongkelong", "transfer_off_hours", "", "dispatch", channel="forum", at="2026-11-20 20:00"),
    life("hongkelong", "transfer_holiday", "dispatch", "phoned", at="2026-11-22 10:00"),
    life("hongkelong", "nature_report", "dispatch accept", "nature_reported"),
    life("hongkelong", "nature_decide", "dispatch accept nature_reported", "nature_decided"),
    life("hongkelong", "dept_reply_center", "dispatch", "dept_replied"),
    life("hongkelong", "urgent_to_center", "dispatch accept", "escalated", severity=Severity.S1),
    life("hongkelong", "center_reply_customer", "dispatch accept S1", "centre_replied"),
    life("hongkelong", "forum_first_reply", "dispatch accept", "forum_replied", channel="forum"),
    life("hongkelong", "severity_notice", "dispatch accept S2", "notified"),
    life("hongkelong", "bulletin", "dispatch accept S1", "bulletin"),
    life("sinopec-sh", "urgent_notify", "", "phoned", severity=Severity.S2),
    life("sinopec-sh", "apology", "dispatch accept valid_confirmed", "apologised"),
    life("sinopec-sh", "compensate", "dispatch accept valid_confirmed loss", "compensated"),
    life("sinopec-sh", "media_reply", "dispatch accept media", "media_replied"),
    life("sinopec-sh", "callback", "dispatch accept resolve", "rate"),
    life("beijing-12345", "dispatch", "", "dispatch"),
    life("beijing-12345", "complete", "dispatch accept", "resolve"),
)
IDS = [f"{each.profile} {each.clock}" for each in LIVES]


def begun(each: Life) -> tuple[Complaint, Terms]:
    terms = build.terms(each.profile)
    filed = dict(each.filed)
    moment = build.at(str(filed.pop("at"))) if "at" in filed else MONDAY
    complaint = build.filed(terms, moment, **filed)
    return stepped(complaint, each.steps, terms), terms


def stepped(complaint: Complaint, steps: str, terms: Terms) -> Complaint:
    for step in steps.split():
        complaint = DO[step](complaint, terms).complaint
    return complaint


def latest(complaint: Complaint, clock: str) -> Deadline:
    found = complaint.deadline(clock)
    assert found is not None, f"{clock} never began"
    return found


def test_no_clock_of_any_profile_lacks_a_life() -> None:
    base, lived = policy.load("base"), {(each.profile, each.clock) for each in LIVES}
    missing = [
        f"{name} {clock.name}"
        for name in policy.available()
        for clock in policy.load(name).clocks
        if (name, clock.name) not in lived and clock != base.clock(clock.name)
    ]
    assert missing == []


@pytest.mark.parametrize("each", LIVES, ids=IDS)
def test_a_clock_begins_and_is_kept(each: Life) -> None:
    complaint, terms = begun(each)
    if each.keeps:
        assert latest(complaint, each.clock) in complaint.running
        complaint = stepped(complaint, each.keeps, terms)
    kept = next(d for d in complaint.deadlines if d.clock == each.clock)
    assert kept.met_at is not None
    assert kept.ended_at is None


@pytest.mark.parametrize(
    "each", [each for each in LIVES if each.keeps], ids=[i for i, e in zip(IDS, LIVES, strict=True) if e.keeps]
)
def test_a_clock_is_reminded_of_and_chased_where_it_belongs(each: Life) -> None:
    complaint, terms = begun(each)
    deadline = latest(complaint, each.clock)
    desk = Desk(complaint, terms, deadline.started_at).until(deadline.due_at)
    reminded = [event for event in desk.events if event.kind is EventKind.REMINDED]
    length = deadline.due_at - deadline.started_at
    if (
        length >= timedelta(hours=1) and each.clock != "transfer_off_hours"
    ):  # whose whole time is the night and a weekend
        named = {name for event in reminded for name in event.facts.get("clocks", event.facts["clock"]).split(",")}
        assert each.clock in named
    assert not [e for e in desk.events if e.kind is EventKind.OVERDUE and e.facts["clock"] == each.clock]
    desk.until(deadline.due_at + timedelta(days=1))
    late = [e for e in desk.events if e.kind is EventKind.OVERDUE and e.facts["clock"] == each.clock]
    assert late
    assert late[0].at > deadline.due_at
    chased = [notice for _, notice in desk.log if notice.kind is NoticeKind.OVERDUE]
    holder = f"@{deadline.whose}" if deadline.whose else "zhang" if desk.complaint.task else "@agent"
    assert holder in {build.who(notice.to) for notice in chased}


@pytest.mark.parametrize(
    "each", [each for each in LIVES if each.keeps], ids=[i for i, e in zip(IDS, LIVES, strict=True) if e.keeps]
)
def test_a_clock_that_was_kept_says_nothing_more(each: Life) -> None:
    complaint, terms = begun(each)
    started = latest(complaint, each.clock)
    desk = Desk(stepped(complaint, each.keeps, terms), terms, started.started_at)
    again = latest(desk.complaint, each.clock)
    end = again.due_at if again.open else started.due_at + timedelta(days=2)  # the bulletin begins anew
    desk.until(end)
    assert not [e for e in desk.events if e.kind is EventKind.OVERDUE and e.facts["clock"] == each.clock]


# ── duties ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def working(profile: str = "hongkelong", **changes: Any) -> tuple[Complaint, Terms]:
    terms = build.terms(profile)
    return build.working(terms, **changes), terms


def test_r097_the_bulletin_is_due_anew_each_week_and_each_is_chased() -> None:
    complaint, terms = working()
    desk = Desk(stepped(complaint, "S1", terms), terms)
    desk.until(build.at("2026-11-27 10:00"))
    desk.apply(duties.tick(desk.complaint, DUTIES["bulletin"], "水已止住", LEAD, terms, desk.now))
    bulletins = [d for d in desk.complaint.deadlines if d.clock == "bulletin"]
    assert [(d.met_at is not None, f"{d.due_at.astimezone(build.SHANGHAI):%m-%d %H:%M}") for d in bulletins] == [
        (True, "11-30 23:59"),
        (False, "12-04 23:59"),
    ]
    desk.until(build.at("2026-12-05 12:00"))
    assert [event.kind for event in desk.events if event.facts.get("clock") == "bulletin"][-2:] == [
        "reminded",
        "overdue",
    ]


def test_what_no_longer_applies_ends_and_is_told_in_the_event() -> None:
    complaint, terms = working()
    major = stepped(complaint, "S1", terms)
    lowered = handling.grade(major, Severity.S3, "查明没那么严重", LEAD, terms, MONDAY + timedelta(hours=1))
    bulletin = latest(lowered.complaint, "bulletin")
    assert (bulletin.met_at, bulletin.ended_at) == (None, MONDAY + timedelta(hours=1))
    assert set(lowered.events[0].facts["ended"].split(",")) >= {"bulletin", "severity_notice", "center_reply_customer"}
    assert not {d.clock for d in lowered.complaint.running} & {"bulletin", "severity_notice", "center_reply_customer"}
    desk = Desk(lowered.complaint, terms).until(MONDAY + timedelta(days=9))
    assert "bulletin" not in {event.facts.get("clock") for event in desk.events}


def test_what_is_raised_again_begins_anew() -> None:
    complaint, terms = working()
    lowered = handling.grade(stepped(complaint, "S1", terms), Severity.S3, "误报", LEAD, terms, MONDAY).complaint
    again = handling.grade(lowered, Severity.S1, "又漏了", LEAD, terms, MONDAY + timedelta(days=1)).complaint
    assert latest(again, "bulletin").open
    assert latest(again, "bulletin").started_at == MONDAY + timedelta(days=1)
    late = Desk(again, terms, MONDAY + timedelta(days=1)).until(MONDAY + timedelta(days=10)).events
    assert "bulletin" in {event.facts.get("clock") for event in late if event.kind is EventKind.OVERDUE}


def test_r096_r097_hot_has_a_working_day_and_major_none() -> None:
    complaint, terms = working()
    hot = stepped(complaint, "S2", terms)
    assert latest(hot, "severity_notice").limit == "1wd"
    raised = stepped(hot, "S1", terms)
    assert [(d.limit, d.open) for d in raised.deadlines if d.clock == "severity_notice"] == [("0h", True)]
    told_of_hot = stepped(hot, "notified", terms)
    again = stepped(told_of_hot, "S1", terms)
    assert [(d.limit, d.open) for d in again.deadlines if d.clock == "severity_notice"] == [
        ("1wd", False),
        ("0h", True),
    ]


def test_what_became_graver_only_now_was_not_late_before() -> None:
    complaint, terms = working()
    raised = handling.grade(complaint, Severity.S1, "记者来了", SYSTEM, terms, MONDAY + timedelta(days=3)).complaint
    deadline = latest(raised, "urgent_to_center")
    assert deadline.started_at == MONDAY + timedelta(days=3)
    assert deadline.due_at == MONDAY + timedelta(days=3, hours=4)


def test_what_was_misfiled_counts_from_when_it_came() -> None:
    complaint, terms = working("leyoujia-315", category="AGENCY")
    assert complaint.deadline("answer") is None
    corrected = correct(complaint, AGENT, terms, MONDAY + timedelta(hours=5), category="LISTING").complaint
    assert latest(corrected, "answer").started_at == MONDAY
    assert latest(corrected, "compensate").open
    assert corrected.deadline("accept") is None  # it was taken on already


def test_a_correction_takes_no_clock_away() -> None:
    complaint, terms = working("leyoujia-315", category="LISTING")
    running = {d.clock for d in complaint.running}
    corrected = correct(complaint, AGENT, terms, MONDAY, category="AGENCY").complaint
    assert {d.clock for d in corrected.running} == running


def test_of_two_profiles_the_stricter_clock_runs() -> None:
    data = policy.combined("mingyuan", ["leyoujia-315"])
    terms = Terms(policy.parse(data, policy.combined_name("mingyuan", ["leyoujia-315"])), build.WEEK)
    complaint = build.dispatched(terms, category="LISTING")
    assert [(d.limit, d.profile) for d in complaint.running if d.clock == "accept"] == [("3h", "leyoujia-315")]
    assert latest(complaint, "plan").limit == "3wd"
    assert latest(complaint, "answer").profile == "leyoujia-315"
    accepted = handling.accept(complaint, HANDLER, terms, MONDAY).complaint
    assert latest(accepted, "accept").met_at == MONDAY
    assert [d.limit for d in build.dispatched(terms, category="QUAL").running if d.clock == "accept"] == ["24h"]


def test_r027_r028_unclear_then_decided() -> None:
    complaint, terms = working()
    asked = duties.tick(complaint, DUTIES["nature_reported"], "我看是误解", HANDLER, terms, MONDAY)
    assert told(asked) == [("duty_done", "@center_lead"), ("duty_done", "superior of zhang")]
    assert asked.notices[0].facts["clock"] == "nature_decide"
    decided = duties.decide_nature(asked.complaint, False, "属误解", LEAD, terms, MONDAY)
    assert told(decided) == [("duty_done", "zhang")]
    assert (decided.notices[0].facts["valid"], decided.events[-1].note) == ("no", "属误解")
    assert decided.complaint.moment(Milestone.VALID_CONFIRMED) is None
    with pytest.raises(Missing, match="say why"):
        duties.decide_nature(asked.complaint, False, " ", LEAD, terms, MONDAY)
    with pytest.raises(IllegalStep, match="nobody has asked"):
        duties.decide_nature(complaint, True, "", LEAD, terms, MONDAY)
    valid = duties.decide_nature(asked.complaint, True, "", LEAD, terms, MONDAY).complaint
    assert valid.moment(Milestone.VALID_CONFIRMED) == MONDAY


def test_r026_a_group_judges_before_anybody_works() -> None:
    terms = build.terms("vanke")
    filed = handling.file(build.filing(), build.CUSTOMER, terms, MONDAY)
    assert filed.complaint.status is Status.UNDER_REVIEW
    assert ("review", "@reviewer") in told(filed)
    valid = duties.tick(filed.complaint, DUTIES["valid_confirmed"], "", REVIEWER, terms, MONDAY)
    assert valid.complaint.status is Status.ACCEPTED
    assert happened(valid) == ["duty_done", "registered"]
    assert handling.file(build.filing(kind=Kind.SERVICE), build.CUSTOMER, terms, MONDAY).complaint.status is Status.NEW


@pytest.mark.parametrize(
    ("duty", "by", "refused"),
    [
        pytest.param("media_replied", HANDLER, NotAllowed, id="only the media officer speaks to the press"),
        pytest.param("nature_decided", AGENT, NotAllowed, id="the lead decides what is valid"),
        pytest.param("centre_replied", HANDLER, NotAllowed, id="the centre answers for the centre"),
        pytest.param("phoned", build.COLLEAGUE, NotAllowed, id="a task that is not theirs"),
        pytest.param("apologised", build.CUSTOMER, NotAllowed, id="a customer"),
        pytest.param("bulletin", build.ADMIN, NotAllowed, id="an administrator"),
    ],
)
def test_who_may_tick_what(duty: str, by: Actor, refused: type[Exception]) -> None:
    complaint, terms = working()
    with pytest.raises(refused):
        duties.tick(complaint, DUTIES[duty], "办了", by, terms, MONDAY)


def test_nobody_ticks_on_a_complaint_that_names_them() -> None:
    complaint, terms = working()
    complaint = replace(complaint, respondents=frozenset({"agent"}))
    with pytest.raises(NotAllowed, match="names you"):
        duties.tick(complaint, DUTIES["apologised"], "", AGENT, terms, MONDAY)


def test_words_are_asked_for_where_they_count() -> None:
    complaint, terms = working()
    for duty in DUTIES.values():
        by = LEAD if Role.CENTER_LEAD in duty.roles else HEAD
        flagged = replace(complaint, flags=frozenset(), reached=complaint.reached)
        if duty.name in ("media_replied", "nature_decided") or duty.waives is not None:  # only where it is waited for
            continue
        if duty.words:
            with pytest.raises(Missing):
                duties.tick(flagged, duty, "  ", by, terms, MONDAY)
        else:
            assert duties.tick(flagged, duty, "", by, terms, MONDAY).events


def test_r069_the_press_is_the_media_officers() -> None:
    complaint, terms = working("sinopec-sh")
    for who in (OFFICER, LEAD):  # as long as it is none of the media's
        with pytest.raises(IllegalStep, match="not marked"):
            duties.tick(complaint, DUTIES["media_replied"], "已答复", who, terms, MONDAY)
    flagged = duties.tick(complaint, DUTIES["media"], "晚报记者来电", HANDLER, terms, MONDAY)
    assert told(flagged) == [("duty_done", "@media_officer"), ("duty_done", "@center_lead")]
    assert flagged.notices[0].facts["clock"] == "media_reply"
    assert latest(flagged.complaint, "media_reply").due_at == MONDAY + timedelta(hours=48)
    with pytest.raises(IllegalStep, match="marked so already"):
        duties.tick(flagged.complaint, DUTIES["media"], "又来电", HANDLER, terms, MONDAY)


def test_r052_what_is_handed_down_has_a_clock_of_its_own_from_the_mark_or_the_filing() -> None:
    handed = replace(
        policy.load("base").clock("accept") or pytest.fail("base has it"),
        name="upper_reply", limit=Limit.parse("5d"), flags=frozenset({Flag.UPPER_TRANSFER}), per_assignee=False,
    )  # fmt: skip
    terms = build.terms("base")
    terms = replace(terms, policy=replace(terms.policy, clocks=(*terms.policy.clocks, handed)))
    plain = build.filed(terms, MONDAY)
    typed_in = build.filed(terms, MONDAY, flags=frozenset({Flag.UPPER_TRANSFER}))
    assert plain.deadline("upper_reply") is None
    assert latest(typed_in, "upper_reply").started_at == MONDAY
    later = MONDAY + timedelta(days=2)
    change = duties.tick(plain, DUTIES["upper_transfer"], "", AGENT, terms, later)
    assert change.complaint.flags == {Flag.UPPER_TRANSFER}
    assert latest(change.complaint, "upper_reply").started_at == later
    with pytest.raises(NotAllowed):
        duties.tick(plain, DUTIES["upper_transfer"], "", HANDLER, terms, later)


def test_r044_what_is_reported_up_stays_with_whoever_has_it() -> None:
    complaint, terms = working()
    change = duties.tick(complaint, DUTIES["reported_up"], "我们答复不了", HANDLER, terms, MONDAY)
    assert (change.complaint.owner, change.complaint.status) == (complaint.owner, complaint.status)
    assert change.complaint.moment(Milestone.REPORTED_UP) == MONDAY
    assert {(notice.to.superior_of, notice.to.role) for notice in change.notices} == {
        (HANDLER.person, None), (None, Role.CENTER_LEAD),
    }  # fmt: skip


def test_the_customer_reads_an_answer_in_its_own_words() -> None:
    complaint, terms = working("leyoujia-315", category="LISTING")
    answered = duties.tick(complaint, DUTIES["answered"], "房源已下架", HANDLER, terms, MONDAY)
    assert told(answered) == [("progress", "wang")]
    assert answered.complaint.last_progress == "房源已下架"


def duty_lines(desk: Desk) -> list[str]:
    return [line for line in desk.said() if " duty_begins:" in line]


def test_a_role_is_told_of_its_clock_when_it_begins_once() -> None:
    terms = build.terms("sinopec-sh")
    desk = Desk(build.filed(terms, severity=Severity.S2), terms).until(MONDAY + timedelta(minutes=9))
    assert duty_lines(desk) == ["11-23 10:00:00 duty_begins:urgent_notify @agent"]
    assert not [
        line for line in desk.said() if "overdue:urgent_notify" in line
    ]  # asked for, and not chased in one breath
    desk.until(MONDAY + timedelta(minutes=11))
    assert "11-23 10:10:00 overdue:urgent_notify @agent" in desk.said()
    assert len(duty_lines(desk)) == 1


def test_r041_of_what_is_severe_a_role_is_told_at_night_and_of_the_rest_in_the_morning() -> None:
    night = build.at("2026-11-23 23:30")
    terms = build.terms("sinopec-sh")
    severe = Desk(build.filed(terms, night, severity=Severity.S1), terms, night).until(night + timedelta(minutes=1))
    assert duty_lines(severe) == ["11-23 23:30:00 duty_begins:urgent_notify @agent"]
    hot = Desk(build.filed(terms, night, severity=Severity.S2), terms, night)
    assert duty_lines(hot.until(night + timedelta(hours=7, minutes=29))) == []
    assert duty_lines(hot.until(night + timedelta(hours=7, minutes=31))) == [
        "11-24 07:00:00 duty_begins:urgent_notify @agent"
    ]


def test_who_must_pass_it_on_is_not_told_twice() -> None:
    terms = build.terms("hongkelong")
    desk = Desk(build.filed(terms, channel="email"), terms).until(MONDAY + timedelta(minutes=1))
    assert NoticeKind.DUTY_BEGINS not in desk.kinds()
    sunday = Desk(build.filed(terms, SUNDAY, channel="email"), terms, SUNDAY).until(SUNDAY + timedelta(minutes=1))
    assert duty_lines(sunday) == ["11-22 10:00:00 duty_begins:transfer_holiday @agent"]


def test_trap_32_a_duty_of_a_settled_complaint_is_not_told() -> None:
    terms = build.terms("sinopec-sh")
    night = build.at("2026-11-23 23:30")
    complaint = build.filed(terms, night, severity=Severity.S2)
    desk = Desk(complaint, terms, night)
    desk.apply(handling.invalidate(complaint, "误报", AGENT, night))
    assert NoticeKind.DUTY_BEGINS not in desk.until(night + timedelta(days=2)).kinds()
