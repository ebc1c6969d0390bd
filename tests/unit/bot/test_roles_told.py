"""Each role is told its own words: in help, where we did not understand, and where something cannot be done now."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.dialogue.hints import CENTRE
from complaints.permissions import PERMISSIONS, Act, Errand, Step
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import Kit, entry, open_desk

PEOPLE = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=3),
    entry("郑总", Role.LEADER, line=4),
    entry("冯媒体", Role.MEDIA_OFFICER, line=5),
    entry("沈审核", Role.REVIEWER, line=6),
    entry("钱隐私", Role.PRIVACY_OFFICER, line=7),
    entry("周调度", Role.DISPATCHER, line=8),
    entry("刘总指挥", Role.COMMANDER, line=9),
    entry("孙经理", Role.DEPT_HEAD, line=10),
    entry("何员工", Role.EMPLOYEE, line=11),
)
ADDRESSES = {
    "张伟": "handler", "王主管": "lead", "郑总": "leader", "冯媒体": "media", "沈审核": "reviewer", "钱隐私": "privacy",
    "周调度": "dispatcher", "刘总指挥": "commander", "孙经理": "head", "何员工": "employee",
}  # fmt: skip


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=ADDRESSES) as kit:
        yield kit


async def asks(kit: Kit, text: str, who: str) -> str:
    await kit.says(text, who)
    await kit.deliver()
    return kit.chat.texts(who)[-1]


async def test_help_is_in_the_words_of_the_role(kit: Kit) -> None:
    for who, theirs, others in (
        ("handler", "办结", "批示"),
        ("lead", "批准 0007", "接单"),
        ("leader", "批示 0007", "接单"),
        ("media", "不发 0007", "接单"),
        ("reviewer", "判定有效 0007", "接单"),
        ("privacy", "数据请求", "接单"),
        ("dispatcher", "派单 0007", "批准 0007"),
        ("commander", "快报 0007", "接单"),
        ("head", "批准 0007", "定级"),
        ("employee", "我录入的", "我的投诉：看全部"),
        ("c1", "电梯坏了", "接单"),
    ):
        told = await asks(kit, "帮助", who)
        assert theirs in told, who
        assert others not in told, who


@pytest.mark.parametrize(("locale", "theirs"), [("zh", "查看记录 0007"), ("en", "reveals 0007")])
async def test_an_administrator_is_told_an_administrators_words(
    fresh_sqlite_url: str, locale: str, theirs: str
) -> None:
    async with open_desk(fresh_sqlite_url, staff=[entry("何管", Role.ADMIN, locale=locale)]) as kit:
        await kit.address("何管", "chat", "admin", locale=locale)
        for words in ("帮助" if locale == "zh" else "help", "嗯哼哼" if locale == "zh" else "hmpf hmpf"):
            assert theirs in await asks(kit, words, "admin"), words


# What help teaches, by the act it is of: whoever may not do it is not told of it.
TAUGHT: dict[str, Act] = {
    "电话投诉": Step.FILE, "话术": Errand.PHRASES, "成立专案组": Step.FORCE, "定级 0007": Step.GRADE, "更正 类别": Step.CORRECT,
    "批准 0007": Step.DECIDE_EXTENSION, "无效 0007": Step.INVALIDATE, "结案 0007": Step.CLOSE,
    "结案不满意 0007": Step.CLOSE_UNSETTLED, "合并 0008": Step.MERGE, "发出 0007": Step.SPEAK, "派单 0007": Step.DISPATCH,
    "已回访 0007": Step.CALL_BACK, "接单": Step.ACCEPT, "发送报告": Errand.SEND_REPORT, "考评名单": Errand.APPRAISALS,
    "意见簿记录": Errand.CHORES, "第三方调解 0007": Step.MEDIATE, "证人 0007": Step.EVIDENCE, "会议纪要 0007": Step.FORCE,
}  # fmt: skip


@pytest.mark.parametrize("role", sorted(CENTRE))
async def test_the_help_of_the_centre_follows_the_table_of_permissions(role: Role, fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=[entry("某人", role)]) as kit:
        await kit.address("某人", "chat", "somebody")
        said = await asks(kit, "帮助", "somebody")
        told = {act for words, act in TAUGHT.items() if words in said}
    assert told == {act for act in TAUGHT.values() if role in PERMISSIONS[act]}


@pytest.mark.parametrize(
    ("role", "locale", "theirs"),
    [
        (Role.LEADER, "zh", ("发送报告", "考评名单", "意见簿记录")),
        (Role.LEADER, "en", ("send report", "appraisals", "book log")),
        (Role.COMMANDER, "zh", ("会议纪要 0007", "考评：")),
        (Role.COMMANDER, "en", ("minutes 0007", "appraisal:")),
        (Role.HR_AUDITOR, "zh", ("考评名单", "意见簿记录")),
        (Role.HANDLER, "zh", ("证人", "第三方调解 0007", "考评：")),
        (Role.HANDLER, "en", ("witness", "mediation 0007", "appraisal:")),
    ],
)
async def test_help_names_what_the_role_can_do_besides(
    fresh_sqlite_url: str, role: Role, locale: str, theirs: tuple[str, ...]
) -> None:
    async with open_desk(fresh_sqlite_url, staff=[entry("某人", role, locale=locale)]) as kit:
        await kit.address("某人", "chat", "somebody", locale=locale)
        said = await asks(kit, "帮助" if locale == "zh" else "help", "somebody")
        assert [words for words in theirs if words not in said] == []
        assert ("发送报告" in said or "send report" in said) == (role is Role.LEADER)


async def test_what_was_not_understood_is_hinted_at_in_words_of_the_role(kit: Kit) -> None:
    for who, theirs in (("leader", "批示"), ("dispatcher", "队列"), ("reviewer", "判定有效"), ("handler", "办结")):
        told = await asks(kit, "嗯哼哼", who)
        assert theirs in told, who
        assert ("接单" in told) == (who == "handler"), who


async def test_what_cannot_be_done_now_names_verbs_of_whoever_asks(kit: Kit) -> None:
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678")
    assert "接单" not in await asks(kit, "无效 0001 不是我们的", "lead")
    told = await asks(kit, "判定有效 0001", "reviewer")
    told += await asks(kit, "无效 0001 不是我们的", "reviewer")
    assert "已派单" not in told
    assert "接单" not in told


async def test_a_handler_who_judges_hears_whom_to_ask(kit: Kit) -> None:
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678")
    told = await asks(kit, "判定无效 0001", "handler")
    assert "不在您的权限内" in told
    assert "王主管" in told


async def test_my_tasks_of_the_centre_are_what_was_asked_of_it(kit: Kit) -> None:
    assert "没有" in await asks(kit, "我的待办", "lead")
    await kit.says("投诉 3栋电梯坏了三天没人修，再不修我就起诉你们，电话13712345678")
    await kit.says("接单 0001", "handler")
    await kit.says("延期 0001 1天 等配件", "handler")
    await kit.says("批示 0001 今天必须修好", "leader")
    await kit.deliver()
    told = await asks(kit, "我的待办", "lead")
    assert "核实定级" in told
    assert "延期申请" in told
    assert "领导批示" in told


async def test_a_greeting_is_answered_with_what_waits(kit: Kit) -> None:
    assert (
        await asks(kit, "您好", "handler") == "您好。现在没有等您处理的。看明细回复“我的待办”，不知道怎么说回复“帮助”。"
    )
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678")
    assert "您手上有 1 件" in await asks(kit, "你好，在吗", "handler")
    assert "办结" in await asks(kit, "你好，怎么用？", "handler")


async def test_a_time_that_cannot_be_reckoned_with_is_told_in_the_language_of_whoever_said_it(kit: Kit) -> None:
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678")
    await kit.says("接单 0001", "handler")
    assert "不超过十年" in await asks(kit, "延期 0001 999周 等配件", "handler")
    await kit.says("English", "handler")
    assert "ten years at most" in await asks(kit, "extend 0001 999 weeks waiting for parts", "handler")


async def test_whoever_has_nobody_to_ask_is_not_sent_to_the_hotline_of_customers(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=[entry("李坐席", Role.AGENT)]) as kit:
        await kit.address("李坐席", "chat", "agent")
        await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678")
        told = await asks(kit, "神秘 0001", "agent")
    assert "系统管理员" in told
    assert "400" not in told


async def test_nobody_is_sent_to_somebody_who_may_not_either(kit: Kit) -> None:
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678")
    await kit.says("接单 0001", "handler")
    told = await asks(kit, "媒体已答复 0001 正在抢修", "leader")
    assert "王主管" in told
    assert "张伟" not in told
    told = await asks(kit, "会议纪要 0001 明天再查一遍", "lead")
    assert "没有专案组" in told
    await kit.says("成立专案组 0001 @张伟 @周调度 指挥 @刘总指挥", "lead")
    told = await asks(kit, "会议纪要 0001 明天再查一遍", "lead")
    for member in ("张伟", "周调度", "刘总指挥"):
        assert member in told
    assert "系统管理员" not in told
    assert "郑总" in await asks(kit, "批示 0001 今天必须修好", "handler")


async def test_urging_again_and_again_crowds_no_other_notice_out_of_a_status(kit: Kit) -> None:
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678")
    for _ in range(7):
        await kit.says("催办")
    told = await asks(kit, "进度 0001", "lead")
    assert told.count("催办确认") == 1
    assert "派单通知" in told
