"""Whom a wish for more time, or for a pause, is put to: never to who asks, and always to somebody who may decide it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.deciders import put_to_another
from bot.dialogue.asked import to_do
from bot.people import Directory, Person
from complaints import deciding, handling, holding, tasks
from complaints.change import Change, NoticeKind
from complaints.errors import IllegalStep
from complaints.limits import Limit
from complaints.parts.timing import HoldRequest
from complaints.parts.work import PartWish
from complaints.permissions import Step, permitted
from complaints.rota import Absence
from complaints.vocabulary import Role, WaitsFor
from tests.unit.bot.desk_kit import CHAT, FakeChannel, entry, open_desk
from tests.unit.complaints.build import AGENT, BASE, HANDLER, MONDAY, Desk, at, who, working

BOSS = Person("boss", roles=frozenset({Role.DEPT_HEAD}), unit="sales", staff=True)
TOP = Person("top", roles=frozenset({Role.LEADER}), staff=True)
ASKER = Person("zhang", roles=frozenset({Role.CENTER_LEAD, Role.AGENT, Role.HANDLER}), staff=True)
OTHER = Person("lead", roles=frozenset({Role.CENTER_LEAD}), staff=True)


def below(person: Person, superior: str) -> Person:
    return Person(person.id, roles=person.roles, staff=True, superior=superior)


def wish(respondents: frozenset[str] = frozenset()) -> Change:
    complaint = working(respondents=respondents)
    return holding.ask_hold(complaint, Limit.parse("2d"), WaitsFor.CUSTOMER, "等客户", HANDLER, BASE, MONDAY)


def asked(change: Change) -> list[str]:
    return [who(n.to) for n in change.notices if n.kind in (NoticeKind.HOLD_ASKED, NoticeKind.DECISION_WAITS)]


def kept(change: Change) -> tuple[str, ...]:
    assert isinstance(change.complaint.hold, HoldRequest)
    return change.complaint.hold.put_to


@pytest.mark.parametrize(
    ("staff", "respondents", "expected"),
    [
        pytest.param([ASKER, OTHER, TOP], (), [], id="another of that role"),
        pytest.param([below(ASKER, "boss"), BOSS, TOP], (), ["boss"], id="the superior of who asks"),
        pytest.param([below(ASKER, "boss"), below(BOSS, "top"), TOP], ("boss",), ["top"], id="one whom it names is passed"),
        pytest.param([below(ASKER, "gone"), Person("gone", superior="top", active=False), TOP], (), ["top"], id="one who left"),
        pytest.param([below(ASKER, "boss"), below(BOSS, "zhang"), TOP], ("boss",), ["top"], id="a circle"),
        pytest.param([ASKER, TOP], (), ["top"], id="a leader"),
    ],
)  # fmt: skip
def test_a_wish_is_put_to_somebody_else(staff: list[Person], respondents: tuple[str, ...], expected: list[str]) -> None:
    change = put_to_another(wish(respondents=frozenset(respondents)), Directory.of(staff), MONDAY)
    assert list(kept(change)) == expected
    assert asked(change) == (expected or ["@center_lead"])
    assert {n.but_not for n in change.notices if n.kind is NoticeKind.HOLD_ASKED} == {"zhang"}
    directory = Directory.of(staff)
    for person in expected or ["lead"]:
        assert permitted(change.complaint, Step.HOLD, directory.as_actor(directory.persons[person]))


def test_where_nobody_could_decide_it_is_refused_at_once() -> None:
    with pytest.raises(IllegalStep, match="nobody but who asks could decide it"):
        put_to_another(wish(), Directory.of([ASKER]), MONDAY)


def test_whoever_is_away_decides_nothing_and_is_asked_again_once_they_are_back() -> None:
    away = Absence(1, "lead", MONDAY - timedelta(days=1), MONDAY + timedelta(days=1))
    staff = [below(ASKER, "boss"), BOSS, OTHER]
    change = put_to_another(wish(), Directory.of(staff, absences=[away]), MONDAY)
    assert kept(change) == ("boss",)
    reminded = Desk(change.complaint, BASE).until(at("2026-11-24 09:00"))
    assert who(reminded.log[-1][1].to) == "boss"
    again = put_to_another(Change(reminded.complaint, (), (reminded.log[-1][1],)), Directory.of(staff), reminded.now)
    assert (kept(again), asked(again)) == ((), ["@center_lead"])


def test_while_everybody_is_away_it_stays_with_whom_the_policy_asks() -> None:
    away = [Absence(n, person, MONDAY, MONDAY + timedelta(days=1)) for n, person in enumerate(("lead", "boss"))]
    change = put_to_another(wish(), Directory.of([below(ASKER, "boss"), BOSS, OTHER], absences=away), MONDAY)
    assert (kept(change), asked(change)) == ((), ["@center_lead"])


def test_a_wish_from_before_that_nobody_could_decide_goes_on_to_be_reminded_of() -> None:
    desk = Desk(wish().complaint, BASE).until(at("2026-11-24 09:00"))
    change = Change(desk.complaint, (), (desk.log[-1][1],))
    assert asked(put_to_another(change, Directory.of([ASKER]), desk.now)) == ["@center_lead"]
    assert kept(put_to_another(change, Directory.of([ASKER, TOP]), desk.now)) == ("top",)


def test_more_time_for_the_whole_and_for_the_limit_of_whoever_leads_are_put_the_same_way() -> None:
    directory = Directory.of([below(ASKER, "boss"), BOSS])
    more = handling.ask_extension(working(), Limit.parse("1d"), "等配件", HANDLER, BASE, MONDAY)
    extension = put_to_another(more, directory, MONDAY).complaint.extension
    assert extension is not None
    assert extension.put_to == ("boss",)
    limited = tasks.limit_lead(working(), Limit.parse("3d"), AGENT, BASE, MONDAY).complaint
    change = put_to_another(
        tasks.ask_time(limited, Limit.parse("1d"), "等配件", HANDLER, BASE, MONDAY), directory, MONDAY
    )
    assert change.complaint.task is not None
    assert change.complaint.task.wish is not None
    assert change.complaint.task.wish.put_to == ("boss",)
    boss = directory.as_actor(directory.persons["boss"])
    granted = tasks.decide_time(change.complaint, "zhang", True, "", boss, BASE, MONDAY)
    assert [who(notice.to) for notice in granted.notices] == ["zhang"]


async def test_the_only_lead_waits_for_their_superior_who_decides_in_chat(database_url: str) -> None:
    staff = (
        entry("王主管", Role.AGENT, Role.CENTER_LEAD, Role.HANDLER, superior="李总"),
        entry("李总", Role.LEADER, line=3),
    )
    async with open_desk(database_url, channels=[FakeChannel("chat", CHAT)], staff=staff) as kit:
        await kit.address("王主管", "chat", "lead")
        await kit.address("李总", "chat", "boss")
        await kit.says("电梯坏了三天没人修")
        await kit.deliver()
        await kit.says("接单", "lead")
        await kit.says("暂缓 等客户 3天 等客户回来开门", "lead")
        await kit.deliver()
        assert any("等 李总 审批" in said for said in kit.chat.texts("lead"))
        assert not any("申请暂缓" in said and "请回复“批准" in said for said in kit.chat.texts("lead"))
        await kit.says("批准", "boss")
        await kit.deliver()
        complaint = await kit.the_complaint()
        assert complaint.pause is not None
        assert complaint.pause.approved_by == (await kit.person("李总")).id


def test_who_asks_what_waits_for_them_is_told_every_wish_that_they_may_decide() -> None:
    complaint = wish().complaint
    assert to_do(NoticeKind.HOLD_ASKED, complaint) is Step.HOLD
    assert to_do(NoticeKind.EXTENSION_ASKED, complaint) is None
    assert to_do(NoticeKind.ORDER, complaint) is None
    [task] = working().tasks
    own = replace(working(), tasks=(replace(task, due_at=MONDAY, wish=PartWish(MONDAY, "1d", "等配件")),))
    for each in (complaint, own):
        assert [to_do(wished.asked, each) for wished in deciding.waiting(each)] == [
            wished.step for wished in deciding.waiting(each)
        ]
    assert to_do(NoticeKind.PART_TIME_ASKED, own) is Step.DECIDE_PART
