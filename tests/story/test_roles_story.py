"""Who may do what, as people find it out in the chat. Whatever is refused changes nothing and gets one clear answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk import BIND_LOCK
from bot.staff import CODE_LIFE
from complaints.change import EventKind
from complaints.complaint import Complaint
from complaints.vocabulary import Severity, Status
from tests.story.chat import ChatDesk, at, chat_desk

STAFF = (
    "张伟,13800138000,,处理人,王主管,\n"
    "陈刚,13500135000,,处理人,王主管,\n"
    "王主管,13900139000,,坐席,,\n"
    "刘总,13600136000,,客服中心负责人,,\n"
    "小李,13400134000,,员工,,\n"
)
EVERYBODY = ("张伟", "陈刚", "王主管", "刘总", "小李")
MATTER = "我家厨房漏水三天了，没人管。6栋1202，我叫李娜，13712345678"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[ChatDesk]:
    async with chat_desk(tmp_path, "", at("2026-11-23 09:00")) as desk:
        await desk.hires(STAFF)
        yield desk


async def a_complaint(desk: ChatDesk) -> Complaint:
    """Bind everybody and have a complaint told; it is 张伟's."""
    await desk.binds(*EVERYBODY)
    await desk.says("客户", MATTER)
    for name in EVERYBODY:
        await desk.reads(name)
    if (await desk.books.only_complaint()).owner != await desk.books.person("张伟"):
        await desk.says("王主管", "派单 0001 @张伟")
        for name in EVERYBODY:
            await desk.reads(name)
    return await desk.books.only_complaint()


async def test_a_stranger_commands_nobody(desk: ChatDesk) -> None:
    complaint = await a_complaint(desk)
    for command in (
        "接单", "办结 0001 已更换门锁", "派单 0001 @张伟", "结案 0001 没事了", "无效 0001 不是我们的事", "批准 0001",
        "定级 0001 重大", "accept", "done 0001 replaced the lock", "assign 0001 to 张伟", "close 0001 nothing there",
    ):  # fmt: skip
        english = command.isascii() or "assign" in command
        who = f"生人，{command[:6]}"  # a language is kept for each conversation
        (answer,) = await desk.says(who, command, "en" if english else "zh")
        assert "only staff" in answer.lower() if english else "只有工作人员能用" in answer, answer
    assert await desk.books.complaints() == [complaint]


async def test_complaints_that_hold_a_desks_words_are_complaints(desk: ChatDesk) -> None:
    await a_complaint(desk)
    told = (
        "我家灯坏了，请尽快处理，谢谢",
        "楼下也漏了，请一并处理",
        "师傅办结了但是没修好",
        "退单不给退钱",
        "物业让我接单，不合理",
    )
    for number, words in enumerate(told, 2):
        answer = "".join(await desk.says(f"客户{number}", words))
        assert f"-{number:04}" in answer, (words, answer)


async def test_a_code_binds_once_for_a_while_and_after_few_tries(desk: ChatDesk) -> None:
    code = await desk.code("张伟")
    assert "不对或已过期" in "".join(await desk.says("张伟", "绑定 WRONGONE"))
    assert "绑定好了" in "".join(await desk.says("张伟", f"绑定 {code}"))
    assert "不对或已过期" in "".join(await desk.says("生人", f"绑定 {code}"))
    assert "只有工作人员能用" in "".join(await desk.says("生人", "接单"))

    late = await desk.code("陈刚")
    await desk.leap_to(desk.clock.now() + CODE_LIFE + timedelta(seconds=1))
    assert "不对或已过期" in "".join(await desk.says("陈刚", f"绑定 {late}"))

    for guess in range(5):
        await desk.says("猜的人", f"绑定 GUESS{guess}AA")
    assert "错得太多" in "".join(await desk.says("猜的人", f"绑定 {await desk.code('刘总')}"))
    await desk.leap_to(desk.clock.now() + BIND_LOCK)
    assert "绑定好了" in "".join(await desk.says("猜的人", f"绑定 {await desk.code('刘总')}"))
    assert "绑定好了" in "".join(await desk.says("陈刚", f"bind {await desk.code('陈刚')}"))


async def test_who_moves_to_another_phone_is_heard_there_and_nowhere_else(desk: ChatDesk) -> None:
    await a_complaint(desk)
    await desk.says("张伟的新手机", f"绑定 {await desk.code('张伟')}")
    assert "已绑定到另一个账号" in "".join(await desk.reads("张伟"))
    assert "只有工作人员能用" in "".join(await desk.says("张伟", "接单"))
    assert (await desk.books.only_complaint()).status is Status.DISPATCHED
    assert "接单了" in "".join(await desk.says("张伟的新手机", "接单"))
    assert await desk.reads("张伟") == []


async def test_nobody_acts_on_anothers_task(desk: ChatDesk) -> None:
    complaint = await a_complaint(desk)
    for command in (
        "接单 0001",
        "办结 0001 我修好了",
        f"退单 {complaint.reference} 不想干",
        "进展 0001 明天去",
        "延期 0001 1天 忙",
    ):
        answer = "".join(await desk.says("陈刚", command))
        assert "张伟 在办" in answer, answer
        assert "请找 刘总" in answer, answer
    assert await desk.books.complaints() == [complaint]
    assert "没有待办" in "".join(await desk.says("陈刚", "接单"))


async def test_a_customer_neither_reads_nor_touches_anothers_complaint(desk: ChatDesk) -> None:
    complaint = await a_complaint(desk)
    number = complaint.reference
    for text in (
        f"进度 {number}",
        "进度 0001",
        "撤销 0001",
        "不满意 0001",
        f"补充 {number} 我家也漏",
        "催办 0001",
        "满意 0001",
    ):
        answer = "".join(await desk.says("别的客户", text))
        assert "厨房" not in answer
        assert "李娜" not in answer
        assert "没有找到" in answer or "没有" in answer
    assert await desk.books.complaints() == [complaint]
    # With a complaint of one's own it is no different.
    await desk.says("别的客户", "电梯坏了，3栋501，我叫赵云，13811112222")
    mine = (await desk.books.complaints())[1]
    for text in (f"进度 {number}", f"撤销 {number}"):
        assert "没有找到" in "".join(await desk.says("别的客户", text))
    assert await desk.books.complaints() == [complaint, mine]


async def test_who_is_named_in_a_complaint_decides_nothing_on_it(desk: ChatDesk) -> None:
    await desk.binds(*EVERYBODY)
    await desk.says("客户", "投诉王主管，态度恶劣骂人！5栋301，我叫王芳，13612341234")
    assert "".join(await desk.reads("王主管")) == ""  # nor is he told of it
    assert "TS20261123-0001" in "".join(await desk.reads("刘总"))
    before = await desk.books.only_complaint()
    assert await desk.books.person("王主管") in before.respondents
    for command in ("结案 0001 没这回事", "无效 0001 没这回事", "派单 0001 @陈刚"):
        answer = "".join(await desk.says("王主管", command))
        assert "没有找到“0001”" in answer, answer  # as if there were none
    assert await desk.books.only_complaint() == before
    await desk.says("客户2", "投诉张伟，修了三次没修好还骂人，5栋302，我叫孙丽，13612341235")
    second = (await desk.books.complaints())[1]
    assert second.owner == await desk.books.person("陈刚")  # not whom it is about
    assert "没有做任何改动" in "".join(await desk.says("刘总", "派单 0002 @张伟"))
    assert (await desk.books.complaints())[1].owner == second.owner


async def test_my_complaints_entered_by_an_employee(desk: ChatDesk) -> None:
    """R-005."""
    await desk.binds(*EVERYBODY)
    answers = await desk.says("小李", "我的投诉 5栋302的客户李女士说燃气灶打不着火，两天没人来")
    assert "TS20261123-0001" in answers[0]
    assert "还缺客户的联系方式" in answers[-1]
    complaint = await desk.books.only_complaint()
    assert (complaint.status, complaint.contact_known, complaint.task) == (Status.NEW, False, None)
    assert complaint.finder == await desk.books.person("小李")
    assert "还缺" not in "".join(await desk.says("小李", "13612345678"))
    complaint = await desk.books.only_complaint()
    assert (complaint.status, complaint.contact_known) == (Status.DISPATCHED, True)
    (entered,) = await desk.says("小李", "我的投诉")
    assert "TS20261123-0001" in entered
    handler = "张伟" if complaint.owner == await desk.books.person("张伟") else "陈刚"
    await desk.reads(handler)
    await desk.says(handler, "办结 换了电池")
    assert (await desk.books.only_complaint()).status is Status.RESOLVED


async def test_more_time_is_asked_for_and_decided_by_somebody_else(desk: ChatDesk) -> None:
    """R-055."""
    await a_complaint(desk)
    assert "要延多久" in "".join(await desk.says("张伟", "延期"))
    assert "已提交审批" in "".join(await desk.says("张伟", "延期 1天 等配件"))
    before = await desk.books.only_complaint()
    assert "张伟 申请把" in "".join(await desk.reads("刘总"))
    for name in ("张伟", "王主管", "客户"):
        await desk.says(name, "批准 0001")
    assert (await desk.books.only_complaint()).deadlines == before.deadlines
    await desk.reads("客户")
    assert "已批准延期" in "".join(await desk.says("刘总", "批准"))
    assert "批准了，新时限 11月25日" in "".join(await desk.reads("张伟"))
    assert "11月25日" in "".join(await desk.reads("客户"))
    assert "现在做不了" in "".join(await desk.says("张伟", "延期 1天 还要等"))
    (plan,) = [d for d in (await desk.books.only_complaint()).deadlines if d.clock == "plan"]
    assert plan.due_at == at("2026-11-25 09:00")


async def test_nobody_grants_themselves_more_time(desk: ChatDesk) -> None:
    await desk.hires("周全,13300133000,,处理人 客服中心负责人,,\n")
    await a_complaint(desk)
    await desk.binds("周全")
    await desk.says("王主管", "派单 0001 @周全")
    await desk.says("周全", "延期 1天 等配件")
    before = await desk.books.only_complaint()
    assert "不能审批自己的申请" in "".join(await desk.says("周全", "批准"))
    assert await desk.books.only_complaint() == before
    assert "已驳回" in "".join(await desk.says("刘总", "驳回 0001 配件今天就到"))
    assert "没有批准" in "".join(await desk.reads("周全"))


async def test_what_is_given_back_lies_in_the_queue_until_it_is_assigned_by_name(desk: ChatDesk) -> None:
    await a_complaint(desk)
    assert "补一句原因" in "".join(await desk.says("张伟", "退单"))
    assert "已退回客服中心" in "".join(await desk.says("张伟", "不是我们的项目"))
    told = "".join(await desk.reads("王主管"))
    assert "张伟 退回了 TS20261123-0001" in told
    assert "不是我们的项目" in told
    complaint = await desk.books.only_complaint()
    assert (complaint.status, complaint.owner, complaint.task) == (Status.ACCEPTED, None, None)
    assert "TS20261123-0001" in "".join(await desk.says("王主管", "待受理"))
    assert "没有待办" in "".join(await desk.says("张伟", "接单"))
    unknown = "".join(await desk.says("王主管", "派单 0001 @没有这人"))
    assert "张伟" in unknown
    assert "陈刚" in unknown
    assert "已派给 陈刚" in "".join(await desk.says("王主管", "派单 0001 @陈刚"))
    assert "派给您：TS20261123-0001" in "".join(await desk.reads("陈刚"))
    assert (await desk.books.events(complaint.reference))[-2:] == [EventKind.GIVEN_BACK, EventKind.DISPATCHED]


async def test_only_the_lead_lowers_a_severity(desk: ChatDesk) -> None:
    await a_complaint(desk)
    assert "重大" in "".join(await desk.says("王主管", "定级 0001 重大"))
    assert "没有做任何改动" in "".join(await desk.says("王主管", "定级 0001 一般 小事"))
    assert (await desk.books.only_complaint()).severity is Severity.S1
    await desk.says("刘总", "定级 0001 一般 只是小漏")
    assert (await desk.books.only_complaint()).severity is Severity.S4


async def test_english_is_answered_in_english(desk: ChatDesk) -> None:
    await desk.binds(*EVERYBODY)
    heard = await desk.says("Bob", "The lift in tower 3 has been broken for two days, nobody came", "en")
    heard += await desk.says("Bob", "Bob Smith, 13512345678", "en")
    heard += await desk.says("Bob", "status", "en")
    heard += await desk.says("Bob", "any news?", "en")
    heard += await desk.says("Bob", "hello", "en")
    complaint = await desk.books.only_complaint()
    handler = "张伟" if complaint.owner == await desk.books.person("张伟") else "陈刚"
    await desk.says(handler, "done: replaced the drive belt")
    heard += await desk.says("Bob", "not satisfied, it still stops", "en")
    await desk.says(handler, "办结 replaced the motor")
    heard += await desk.says("Bob", "satisfied", "en")
    names = ("张伟", "陈刚", "客户服务中心")
    for text in heard:
        for name in names:
            text = text.replace(name, "")
        assert not any("一" <= letter <= "鿿" for letter in text), text
    complaint = await desk.books.only_complaint()
    assert (complaint.status, complaint.closed_as, complaint.round) == (Status.CLOSED, "satisfied", 2)
