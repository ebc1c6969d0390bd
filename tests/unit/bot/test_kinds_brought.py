"""What people come with: its first word says what it is, and nothing is refused for want of one (R-012, R-015)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from complaints.vocabulary import Kind, Role
from tests.unit.bot.desk_kit import Kit, entry, exchange, open_desk, reads

PEOPLE = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=3),
    entry("赵门岗", Role.EMPLOYEE, line=4),
    entry("刘总", Role.LEADER, line=5),
)
CHATS = {"张伟": "handler", "王主管": "lead", "赵门岗": "guard", "刘总": "leader"}


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=CHATS) as kit:
        yield kit


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("咨询 装修押金多久退，电话13812345678", Kind.CONSULT),
        ("question: when do I get my deposit back? 13812345678", Kind.CONSULT),
        ("报修 厨房水管漏水，我是3栋201，电话13812345678", Kind.REPAIR),
        ("建议 在小区门口加装路灯，电话13812345678", Kind.SUGGESTION),
        ("suggestion: more lamps at the gate please", Kind.SUGGESTION),
        ("建议 赶紧换掉这个物业，投诉三次都没人管", Kind.COMPLAINT),
        ("希望物业把垃圾桶挪远一点，我是3栋201", Kind.COMPLAINT),
        ("小区绿化还没做，住进来就盼着能有个散步的地方", Kind.COMPLAINT),
    ],
)
async def test_r012_r015_its_first_word_says_what_it_is_and_all_of_it_is_taken_up(
    kit: Kit, said: str, kind: Kind
) -> None:
    await exchange(kit, said, "c1")
    complaint = await kit.the_complaint()
    assert complaint.kind is kind
    assert complaint.reference in kit.chat.texts("c1")[0]


async def test_r065_a_question_of_a_customer_runs_the_clock_of_questions(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=CHATS, policy="vanke") as kit:
        await kit.says("咨询 装修押金多久退，电话13812345678")
        assert "consult_feedback" in [each.clock for each in (await kit.the_complaint()).running]


async def test_r093_a_colleague_brings_in_what_customers_would_like(kit: Kit) -> None:
    await exchange(kit, "我的投诉 建议 业主希望周末也能办门禁卡，客户李女士 13912345678", "guard")
    complaint = await kit.the_complaint()
    assert (complaint.kind, complaint.finder) == (Kind.SUGGESTION, (await kit.person("赵门岗")).id)
    assert complaint.reference in await reads(kit, "lead") + await reads(kit, "handler")


async def test_r081_of_a_group_the_leader_is_called_and_says_when_they_are_there(kit: Kit) -> None:
    for n, who in enumerate(("c1", "c2", "c3"), 1):
        await kit.says(f"投诉 3栋电梯坏了三天没人修，我是3栋{n}01，电话1381234567{n}", who)
    await exchange(kit, "0002、0003 并入 0001", "lead")
    await exchange(kit, "是", "lead")
    await reads(kit, "leader")
    await exchange(kit, "启动群体预案 0001", "lead")
    called = await reads(kit, "leader")
    assert "群体投诉" in called
    await exchange(kit, "预案 0001 第1步 已到场", "leader")
    [step] = next(each for each in await kit.complaints() if each.reference.endswith("0001")).playbook_done
    assert (step.number, step.by, step.note) == (1, (await kit.person("刘总")).id, "已到场")
