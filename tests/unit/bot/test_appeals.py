"""What is promised of an appeal: one, and none where it is used up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.staff import Entry
from complaints.vocabulary import Role, Status
from tests.unit.bot.desk_kit import STAFF, Kit, entry, open_desk


async def test_an_appeal_that_is_used_up_is_promised_to_nobody(fresh_sqlite_url: str) -> None:
    staff = (*STAFF, entry("陈客服", Role.AGENT))
    async with open_desk(
        fresh_sqlite_url, staff=staff, chats={"张伟": "handler", "王主管": "lead", "陈客服": "agent"}
    ) as kit:
        await kit.says("电梯坏了三天没人修")
        number = (await kit.the_complaint()).reference[-4:]
        await kit.says(f"判定无效 {number} 电梯是好的", "agent")
        await kit.deliver()
        assert "客户可以申诉一次" in kit.chat.texts("agent")[-1]
        assert "请回复“申诉”" in kit.chat.texts("c1")[-1]
        await kit.says("申诉 你们没来看")
        await kit.deliver()
        await kit.says(f"判定无效 {number} 看过了，是好的", "lead")
        await kit.deliver()
        assert "这是最终答复" in kit.chat.texts("lead")[-1]
        assert "最终答复" in kit.chat.texts("c1")[-1]
        assert "“申诉”" not in kit.chat.texts("c1")[-1]
        await kit.says("申诉 我还是不服")
        await kit.deliver()
        assert "最终答复" in kit.chat.texts("c1")[-1]
        await kit.says(f"拆分 {number}", "agent")
        await kit.deliver()
        assert "这件没有并入别的投诉" in kit.chat.texts("agent")[-1]


async def test_with_one_lead_alone_a_leader_decides_on_the_appeal_and_is_named(fresh_sqlite_url: str) -> None:
    staff = (*STAFF, entry("陈总", Role.LEADER), entry("李娜", Role.HANDLER))
    async with open_desk(
        fresh_sqlite_url, staff=staff, chats={"张伟": "handler", "王主管": "lead", "陈总": "leader", "李娜": "other"}
    ) as kit:
        await kit.says("电梯坏了三天没人修")
        number = (await kit.the_complaint()).reference[-4:]
        await kit.says(f"判定无效 {number} 电梯是好的", "lead")
        await kit.says(f"无效 {number} 我来定", "leader")
        assert (await kit.the_complaint()).closed_as == "invalid"  # nothing to decide yet
        await kit.says("申诉 你们没来看")
        await kit.deliver()
        assert "客户申诉" in kit.chat.texts("leader")[-1]
        for who in ("lead", "other"):
            await kit.says(f"无效 {number} 维持原判", who)
            await kit.deliver()
            assert "陈总" in kit.chat.texts(who)[-1]
        await kit.says(f"无效 {number} 看过了，是好的", "leader")
        await kit.deliver()
        assert "这是最终答复" in kit.chat.texts("leader")[-1]
        assert "最终答复" in kit.chat.texts("c1")[-1]


@pytest.mark.parametrize(
    ("others", "heard"),
    [
        ((entry("陈总", Role.LEADER, line=9), entry("陈客服", Role.AGENT, line=8)), "leader"),
        ((entry("陈总", Role.LEADER, line=9),), "leader"),
        ((entry("陈客服", Role.AGENT, line=8),), "agent"),
        ((entry("赵主管", Role.CENTER_LEAD, line=8),), "second"),
        ((), "lead"),  # rather they than nobody
    ],
)
async def test_r025_an_appeal_is_put_before_somebody_else_than_its_judge(
    fresh_sqlite_url: str, others: tuple[Entry, ...], heard: str
) -> None:
    chats = {"张伟": "handler", "王主管": "lead", "陈总": "leader", "陈客服": "agent", "赵主管": "second"}
    staff = (*STAFF, *others)
    known = {each.name for each in staff}
    chats = {name: chat for name, chat in chats.items() if name in known}
    async with open_desk(fresh_sqlite_url, staff=staff, chats=chats) as kit:
        await kit.says("电梯坏了三天没人修")
        await kit.says("判定无效 0001 电梯是好的", "lead")
        await kit.says("申诉 你们没来看")
        await kit.deliver()
        told = {each.address for each in kit.chat.sent if "客户申诉" in each.text}
        assert heard in told
        assert ("lead" in told) is (heard == "lead")


async def test_an_appeal_goes_past_a_judge_who_would_stand_in(fresh_sqlite_url: str) -> None:
    staff = (
        entry("张伟", Role.HANDLER),
        entry("孙审核", Role.REVIEWER, superior="王主管", line=3),
        entry("王主管", Role.AGENT, Role.CENTER_LEAD, backup="孙审核", line=4),
        entry("陈总", Role.LEADER, line=5),
    )
    chats = {"张伟": "handler", "王主管": "lead", "孙审核": "reviewer", "陈总": "leader"}
    async with open_desk(fresh_sqlite_url, staff=staff, chats=chats, policy="vanke") as kit:
        await kit.says("投诉 电梯坏了三天没人修")
        await kit.says("判定无效 0001 电梯是好的", "reviewer")
        await kit.says("请假 3天", "lead")
        await kit.says("是", "lead")
        await kit.says("申诉 你们没来看")
        await kit.deliver()
        told = {each.address for each in kit.chat.sent if "客户申诉" in each.text}
        assert "reviewer" not in told
        assert told & {"lead", "leader"}


async def test_a_limit_that_passes_while_it_is_reviewed_is_told_to_the_reviewer(fresh_sqlite_url: str) -> None:
    staff = (*STAFF, entry("孙审核", Role.REVIEWER, superior="王主管", line=3))
    chats = {"张伟": "handler", "王主管": "lead", "孙审核": "reviewer"}
    async with open_desk(fresh_sqlite_url, staff=staff, chats=chats, policy="vanke") as kit:
        await kit.says("投诉 电梯坏了三天没人修")
        for _ in range(16):
            await kit.sweep(timedelta(minutes=15))
            await kit.deliver()
        [late] = [text for text in kit.chat.texts("reviewer") if "已超时" in text]
        assert "判定有效" in late


APPEALED = ("电梯坏了三天没人修", "判定无效 0001 电梯是好的", "申诉 你们没来看")
TWO = {"张伟": "handler", "王主管": "lead", "陈客服": "agent", "陈总": "leader"}


async def appealed(kit: Kit, judge: str = "agent") -> None:
    """An appeal before whoever did not judge, with an alarm and an order about other matters besides."""
    await kit.says(APPEALED[0])
    await kit.says(APPEALED[1], judge)
    await kit.says("着火了 3栋着火了 冒黑烟", "c9")
    await kit.says("批示 0002 马上处理", "leader")
    await kit.says(APPEALED[2])
    await kit.deliver()


@pytest.mark.parametrize(
    "words", ["那就有效吧", "那就成立吧", "行，那就算有效", "成立", "so it's valid then", "ok, grant the appeal"]
)
async def test_an_appeal_is_granted_in_a_sentence_and_no_alarm_answered(fresh_sqlite_url: str, words: str) -> None:
    staff = (*STAFF, entry("陈客服", Role.AGENT, line=8), entry("陈总", Role.LEADER, line=9))
    async with open_desk(fresh_sqlite_url, staff=staff, chats=TWO) as kit:
        await appealed(kit)
        await kit.says(words, "lead")
        await kit.deliver()
        first, second = await kit.complaints()
        assert any("您的申诉成立" in text for text in kit.chat.texts("c1"))
        assert first.status is not Status.NEW
        assert second.acks == ()
        assert second.orders[0].answered_at is None


@pytest.mark.parametrize(
    "words",
    [
        "申诉不成立 {} 垃圾已经清了",
        "驳回申诉 {} 垃圾已经清了",
        "维持原判 {} 垃圾已经清了",
        "{} 维持原判 垃圾已经清了",
        "appeal dismissed {} 垃圾已经清了",
        "reject the appeal {} 垃圾已经清了",
    ],
)
async def test_an_appeal_is_refused_by_its_number_for_what_is_said_behind_it(fresh_sqlite_url: str, words: str) -> None:
    staff = (*STAFF, entry("陈总", Role.LEADER))
    chats = {"张伟": "handler", "王主管": "lead", "陈总": "leader"}
    async with open_desk(fresh_sqlite_url, staff=staff, chats=chats) as kit:
        await kit.says("5栋楼道垃圾没人收，电话13712345678")
        number = (await kit.the_complaint()).reference[-4:]
        await kit.says(f"退单 {number} 不归我管", "handler")
        await kit.says(f"判定无效 {number} 收过了", "lead")
        await kit.says("申诉 你们没来看")
        await kit.says(words.format(number), "leader")
        await kit.deliver()
        await kit.says("是", "leader")  # where it is asked first whether the customer may read that
        await kit.deliver()
        assert (await kit.the_complaint()).status is Status.INVALID
        assert "垃圾已经清了" in kit.chat.texts("c1")[-1]


@pytest.mark.parametrize("words", ["那就无效吧", "维持原判", "还是无效", "it's still invalid", "reject the appeal"])
async def test_a_verdict_that_is_only_upheld_is_asked_for_its_reason(fresh_sqlite_url: str, words: str) -> None:
    staff = (*STAFF, entry("陈客服", Role.AGENT, line=8), entry("陈总", Role.LEADER, line=9))
    async with open_desk(fresh_sqlite_url, staff=staff, chats=TWO) as kit:
        await appealed(kit)
        await kit.says(words, "lead")
        await kit.deliver()
        assert (await kit.complaints())[0].closed_as == ""
        assert not any(words in text for text in kit.chat.texts("c1"))
        await kit.says("我们去看过了，电梯是好的", "lead")
        await kit.deliver()
        assert "我们去看过了，电梯是好的" in kit.chat.texts("c1")[-1]


async def test_a_leader_grants_an_appeal_by_giving_it_to_somebody(fresh_sqlite_url: str) -> None:
    staff = (*STAFF, entry("陈客服", Role.AGENT, line=8), entry("陈总", Role.LEADER, line=9))
    async with open_desk(fresh_sqlite_url, staff=staff, chats=TWO) as kit:
        await appealed(kit, "lead")
        await kit.says("那就有效吧", "leader")
        await kit.deliver()
        assert "派给谁" in kit.chat.texts("leader")[-1]
        await kit.says(kit.chat.sent[-1].buttons[0].says, "leader")
        await kit.deliver()
        assert any("您的申诉成立" in text for text in kit.chat.texts("c1"))


@pytest.mark.parametrize("policy", ["base", "vanke"])
@pytest.mark.parametrize(
    "words",
    [
        "{} 成立 重新办",
        "{} 申诉成立",
        "申诉成立 {}",
        "支持申诉 {} 重新办",
        "判定有效 {}",
        "{} 申诉有理",
        "uphold the appeal {}",
        "appeal granted {}",
        "{} valid",
    ],
)
async def test_a_leader_who_is_asked_about_an_appeal_may_uphold_it_in_plain_words(
    fresh_sqlite_url: str, words: str, policy: str
) -> None:
    staff = (*STAFF, entry("陈总", Role.LEADER))
    chats = {"张伟": "handler", "王主管": "lead", "陈总": "leader"}
    async with open_desk(fresh_sqlite_url, staff=staff, chats=chats, policy=policy) as kit:
        await kit.says("5栋楼道垃圾没人收，电话13712345678")
        number = (await kit.the_complaint()).reference[-4:]
        await kit.says(f"判定无效 {number} 收过了", "lead")
        await kit.says("申诉 你们没来看")
        await kit.deliver()
        assert "客户申诉" in kit.chat.texts("leader")[-1]
        await kit.says(words.format(number), "leader")
        await kit.deliver()
        complaint = await kit.the_complaint()
        assert complaint.status in (Status.ACCEPTED, Status.DISPATCHED), kit.chat.texts("leader")[-1]
        assert "不在您的权限内" not in kit.chat.texts("leader")[-1]
