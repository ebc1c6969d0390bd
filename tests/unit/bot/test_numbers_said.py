"""Words that name a complaint by its number act on that one or on none, whatever else the speaker has in hand."""

from __future__ import annotations

import pytest

from bot.dialogue.set_aside import number_said
from bot.grammar import Speaker, Verb, understand
from complaints.vocabulary import Role, Status
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, entry, open_desk

STAFF = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("陈刚", Role.HANDLER, superior="王主管", line=3),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=4),
)
ADDRESSES = {"张伟": "zhang", "陈刚": "chen", "王主管": "lead"}


async def given_out(kit: Kit) -> None:
    """0001 is 陈刚's, 0002 is 张伟's; neither is accepted."""
    for name, address in ADDRESSES.items():
        await kit.address(name, "chat", address)
    await kit.says("4栋电梯坏了三天没人修，李娜13712345678", "c1")
    await kit.says("6栋1202厨房漏水，王强13812345679", "c2")
    for number, name in (("0001", "陈刚"), ("0002", "张伟")):
        await kit.says(f"派单 {number} @{name}", "lead")
    await kit.deliver()


@pytest.mark.parametrize("text", ["启动预案 0001", "启动预案 0009", "activate the plan 0001", "0001 启动预案"])
async def test_to_set_a_plan_in_motion_accepts_no_task(fresh_sqlite_url: str, text: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)], staff=STAFF) as kit:
        await given_out(kit)
        told = [kit.chat.texts(customer) for customer in ("c1", "c2")]
        before = len(kit.chat.texts("zhang"))
        await kit.says(text, "zhang")
        await kit.deliver()
        assert len(kit.chat.texts("zhang")) == before + 1
        assert [kit.chat.texts(customer) for customer in ("c1", "c2")] == told
        assert {each.status for each in await kit.complaints()} == {Status.DISPATCHED}


@pytest.mark.parametrize("text", ["开始处理 0001", "开始处理 0009", "start 0001", "这就去处理 0001 那件"])
async def test_a_number_that_is_not_theirs_is_refused_and_theirs_is_left_alone(
    fresh_sqlite_url: str, text: str
) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)], staff=STAFF) as kit:
        await given_out(kit)
        told = [kit.chat.texts(customer) for customer in ("c1", "c2")]
        await kit.says(text, "zhang")
        await kit.deliver()
        assert [kit.chat.texts(customer) for customer in ("c1", "c2")] == told
        assert {each.status for each in await kit.complaints()} == {Status.DISPATCHED}
        assert "000" in kit.chat.texts("zhang")[-1]
        await kit.says("开始处理 0002", "zhang")
        assert {each.status for each in await kit.complaints()} == {Status.DISPATCHED, Status.WORKING}


async def test_a_line_that_begins_with_anothers_number_does_not_reach_ones_own_customer(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)], staff=STAFF) as kit:
        await given_out(kit)
        await kit.says("接单", "zhang")
        await kit.deliver()
        before = len(kit.chat.texts("c2"))
        await kit.says("进展 关于 0001 配件明天到", "zhang")
        await kit.deliver()
        assert len(kit.chat.texts("c2")) == before
        await kit.says("进展 换了 1500 毫米的管", "zhang")
        await kit.deliver()
        assert "1500" in kit.chat.texts("c2")[-1]


@pytest.mark.parametrize("role", [Speaker.HANDLER, Speaker.SUPERVISOR, Speaker.EMPLOYEE])
def test_what_sets_something_in_motion_is_no_acceptance(role: Speaker) -> None:
    for text in (
        "启动预案",
        "启动预案 0002",
        "启动应急预案 0002",
        "启动 0002",
        "请启动预案",
        "activate 0002",
        "launch the emergency plan 0002",
    ):
        assert understand(text, role).verb is not Verb.ACCEPT


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0002 楼道灯换好了，门的闭门器也换了", "0002"),
        ("0002楼道灯换好了", "0002"),
        ("0002 栋口的灯换好了", "0002"),
        ("0001 室内吊顶补好了", "0001"),
        ("0003 号梯修好了", "0003"),
        ("0001 层板换好了", "0001"),
        ("0002号换好了", "0002"),
        ("0004 人行道补好了", "0004"),
        ("0004 天花板补好了", "0004"),
        ("0005 户外的管子换好了", "0005"),
        ("0102 楼梯扶手装好了", "0102"),
        ("工单 0002 楼道灯换好了", "0002"),
        ("0102室漏水修好了", None),
        ("0302室内补好了", None),
        ("0030号车位的锁修好了", None),
        ("1203室漏水修好了", None),
        ("1203楼道灯修好了", None),
        ("1500个换好了", None),
    ],
)
def test_the_word_for_a_storey_or_a_home_after_a_number_makes_no_address_of_it(text: str, number: str | None) -> None:
    for role in (Speaker.HANDLER, Speaker.SUPERVISOR):
        meant = understand(text, role)
        assert (meant.verb, meant.arguments.get("reference")) == (Verb.DONE, number)
        assert number is None or number not in str(meant.arguments["result"])
    assert number_said(text) == (number or "")


@pytest.mark.parametrize("text", ["0001 楼道灯换好了", "0001楼道灯换好了", "0001 号梯修好了", "0001 室内的也修好了"])
async def test_what_is_told_of_one_by_its_number_answers_no_question_about_another(
    fresh_sqlite_url: str, text: str
) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)], staff=STAFF) as kit:
        await given_out(kit)
        await kit.says("转派给张伟 0001", "lead")
        for number in ("0001", "0002"):
            await kit.says(f"接单 {number}", "zhang")
        await kit.says("进度", "c2")  # their assignee is asked for a line
        await kit.deliver()
        before = kit.chat.texts("c2")
        await kit.says(text, "zhang")
        await kit.deliver()
        assert kit.chat.texts("c2") == before
        assert any("处理完了" in each for each in kit.chat.texts("c1"))
