"""Whom a notice is for while people are away: nothing is lost, nobody is asked in a circle."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.people import Directory, Person
from bot.recipients import impartial_centre, readers
from complaints.change import To
from complaints.complaint import Complaint
from complaints.rota import Absence, Days, Shift, Site
from complaints.vocabulary import Post, Role
from tests.calendars import WeekCalendar
from tests.unit.complaints import build

WEEK = WeekCalendar(ZoneInfo("Asia/Shanghai"))
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # a Monday, ten in the morning


def person(id: str, *roles: Role, **more: Any) -> Person:
    return Person(id=id, name=id, roles=frozenset(roles), staff=True, **more)


PEOPLE = (
    person("zhang", Role.HANDLER, unit="工程部", superior="head", backup="li"),
    person("li", Role.HANDLER, unit="工程部", superior="head", backup="wu"),
    person("wu", Role.HANDLER, unit="工程部", superior="head", backup="zhang"),
    person("head", Role.DEPT_HEAD, unit="工程部", superior="boss"),
    person("site", Role.DEPT_HEAD, superior="boss"),
    person("agent", Role.AGENT, backup="agent2"),
    person("agent2", Role.EMPLOYEE),
    person("lead", Role.CENTER_LEAD),
    person("boss", Role.LEADER),
)
CH = Site("CH", "翠湖花园", head="site", duty="agent", backup="wu")


def directory(*away: str, people: tuple[Person, ...] = PEOPLE, shifts: tuple[Shift, ...] = ()) -> Directory:
    absences = [Absence(n, who, NOW - timedelta(hours=1), NOW + timedelta(days=1)) for n, who in enumerate(away)]
    return Directory.of(people, [CH], shifts, absences)


def matter(**more: Any) -> Complaint:
    return replace(build.filed(), **({"owner": "zhang", "site": "CH", "respondents": frozenset()} | more))


def told(to: To, house: Directory, **more: Any) -> list[str]:
    found = readers(to, house, matter(**more), lambda _: WEEK, NOW)
    return [f"{reader.person} for {reader.in_place_of}" if reader.in_place_of else reader.person for reader in found]


OWNER, AGENTS = To(person="zhang"), To(role=Role.AGENT)


@pytest.mark.parametrize(
    ("to", "chased"),
    [
        pytest.param(To(superior_of="zhang"), None, id="their superior is meant"),
        pytest.param(To(role=Role.DEPT_HEAD), "zhang", id="a role is meant, and it is their delay"),
    ],
)
def test_whoever_is_late_does_not_stand_in_for_whoever_is_to_hear_of_it(to: To, chased: str | None) -> None:
    people = tuple(replace(p, backup="zhang") if p.id == "head" else p for p in PEOPLE)
    house = directory("head", people=people)
    found = readers(to, house, matter(site=""), lambda _: WEEK, NOW, chased=chased)
    heard = {reader.person for reader in found}
    assert "boss" in heard
    assert "zhang" not in heard


@pytest.mark.parametrize(
    ("to", "away", "heard"),
    [
        pytest.param(OWNER, (), ["zhang"], id="the assignee"),
        pytest.param(
            OWNER, ("zhang",), ["zhang", "li for zhang"], id="away: theirs all the same, the stand-in hears of it"
        ),
        pytest.param(OWNER, ("zhang", "li"), ["zhang", "wu for zhang"], id="trap 37: the stand-in of the stand-in"),
        pytest.param(OWNER, ("zhang", "li", "wu"), ["zhang", "head for zhang"], id="a circle: the superior"),
        pytest.param(
            OWNER, ("zhang", "li", "wu", "head"), ["zhang", "lead for zhang"], id="the superior away, too: the centre"
        ),
        pytest.param(AGENTS, (), ["agent"], id="a role"),
        pytest.param(AGENTS, ("agent",), ["agent2"], id="a role whose holder is away"),
        pytest.param(AGENTS, ("agent", "agent2"), ["agent", "lead"], id="without a stand-in: they and the centre"),
        pytest.param(To(superior_of="zhang"), (), ["head"], id="superior"),
        pytest.param(To(superior_of="zhang"), ("head",), ["head", "boss"], id="superior away: they and theirs"),
        pytest.param(To(backup_of="zhang"), (), ["li"], id="backup"),
        pytest.param(To(backup_of="zhang"), ("li",), ["wu"], id="backup away: theirs"),
        pytest.param(To(backup_of="agent2"), (), [], id="no backup named: the others on the rung hear it"),
        pytest.param(To(post=Post.SITE_HEAD), (), ["site"], id="R-040: head of the site"),
        pytest.param(To(post=Post.SITE_BACKUP), (), ["wu"], id="R-032: the agreed backup contact of the project"),
        pytest.param(To(post=Post.UNIT_HEAD), (), ["head"], id="R-051: head of the owner's unit"),
        pytest.param(To(duty_desk=True), (), ["agent"], id="the duty desk"),
        pytest.param(To(role=Role.REVIEWER), (), ["lead"], id="nobody holds the role: the lead"),
    ],
)
def test_who_hears_it(to: To, away: tuple[str, ...], heard: list[str]) -> None:
    assert told(to, directory(*away)) == heard


def test_r051_unassigned_the_head_of_the_site_then_of_a_unit_that_handles_such_matters() -> None:
    unowned = To(post=Post.UNIT_HEAD)
    assert told(unowned, directory(), owner=None) == ["site"]
    assert told(unowned, directory(), owner=None, site="") == ["head"]


def test_of_the_heads_those_over_the_work_hear_it() -> None:
    to, others = (
        To(role=Role.DEPT_HEAD),
        (person("mo", Role.HANDLER, unit="物业部"), person("far", Role.DEPT_HEAD, unit="物业部")),
    )
    house = directory(people=(*PEOPLE, *others))
    assert told(to, house) == ["head", "site"]
    assert told(to, house, owner="mo", site="") == ["far"]
    assert told(to, directory(people=others), owner="zhang") == ["far"]  # rather than nobody


def test_who_is_on_duty_comes_before_the_desk() -> None:
    """R-008: at any hour whoever is on duty hears it, else the whole desk."""
    shift = Shift("CH", "wu", Days.parse("daily"))
    assert told(To(duty_desk=True), directory(shifts=(shift,))) == ["wu"]
    assert told(To(duty_desk=True), directory("wu", shifts=(shift,))) == ["zhang"], "the stand-in watches"


def test_a_row_of_the_company_is_reckoned_in_its_zone_and_a_sites_in_the_sites() -> None:
    berlin = WeekCalendar(ZoneInfo("Europe/Berlin"))
    nights = (
        Shift("", "agent", Days.parse("daily"), time(22), time(7)),
        Shift("CH", "wu", Days.parse("daily"), time(2), time(4)),
    )
    house = directory(shifts=nights)
    on_duty = [
        [each.id for each in house.on_duty("CH", at, lambda team: berlin if team else WEEK)]
        for at in (NOW, NOW + timedelta(hours=2), NOW + timedelta(hours=13))  # 10:00, 12:00 and 23:00 of the company
    ]
    assert on_duty == [["wu"], [], ["agent"]]


def test_whom_the_complaint_names_hears_nothing_in_anybodys_place() -> None:
    assert told(To(superior_of="zhang"), directory(), respondents=frozenset({"head"})) == [
        "boss"
    ]  # the superior of the named
    assert told(AGENTS, directory("agent"), respondents=frozenset({"agent2"})) == ["agent", "lead"]


def test_an_assignee_who_left_does_not_take_the_notice_along() -> None:
    left = tuple(replace(each, active=each.id != "zhang") for each in PEOPLE)
    assert told(OWNER, directory(people=left)) == ["li for zhang"]


def test_without_a_centre_a_leader_hears_it() -> None:
    alone = tuple(each for each in PEOPLE if each.id in ("zhang", "boss"))
    assert told(AGENTS, directory(people=alone)) == ["boss"]


ALL = [each.id for each in PEOPLE]


@given(st.sets(st.sampled_from(ALL)), st.sampled_from([*Role]), st.sampled_from(ALL))
def test_no_notice_is_ever_lost(away: set[str], role: Role, owner: str) -> None:
    house = directory(*away)
    for to in (To(person=owner), To(role=role), To(superior_of=owner), To(duty_desk=True), *(To(post=p) for p in Post)):
        heard = readers(to, house, matter(owner=owner), lambda _: WEEK, NOW)
        assert heard, to
        assert len({reader.person for reader in heard}) == len(heard)
        somebody_left = not away >= {"agent", "lead", "boss"}
        assert any(reader.person not in away for reader in heard) or not somebody_left


@given(st.sets(st.sampled_from(ALL)), st.sampled_from(ALL))
def test_trap_37_a_stand_in_is_there_and_is_somebody_else(away: set[str], who: str) -> None:
    stand_in = directory(*away).stand_in(who, NOW)
    assert stand_in is None or (stand_in.id != who and stand_in.id not in away)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("翠湖花园3栋漏水", "CH"),
        ("我在ch住", "CH"),
        ("the church is loud", None),  # a code is a word of its own
        ("漏水了", None),
    ],
)
def test_a_site_is_found_in_words(text: str, code: str | None) -> None:
    found = directory().site_in(text)
    assert (found.code if found else None) == code


def test_the_longest_name_wins_and_two_alike_name_none() -> None:
    house = Directory.of(PEOPLE, [Site("A", "翠湖"), Site("B", "翠湖花园"), Site("C", "阳光城")])
    assert house.site_in("翠湖花园漏水") == house.sites["B"]
    house = Directory.of(PEOPLE, [Site("A", "翠湖"), Site("B", "阳光")])
    assert house.site_in("翠湖和阳光都停电了") is None


def test_whoever_a_complaint_names_is_not_asked_to_call_its_customer() -> None:
    def asked(*named: str) -> set[str]:
        found = impartial_centre(directory(), matter(respondents=frozenset(named)))
        return {each.id for each in found}

    assert asked() == {"agent", "lead"}
    assert asked("lead") == {"agent"}
    assert asked("lead", "agent") == {"boss", "zhang"}
