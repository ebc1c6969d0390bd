"""Work on hold, in chat: asked for, decided, seen by the customer, gone on with; in both languages (C3 `on_hold`)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import MovableClock
from complaints.promises import work_deadline
from complaints.vocabulary import Status, WaitsFor
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, exchange, open_desk


@pytest.fixture
async def kit(database_url: str) -> AsyncIterator[Kit]:
    async with open_desk(database_url, channels=[FakeChannel("chat", CHAT)], before=accepted) as kit:
        yield kit


async def accepted(kit: Kit) -> None:
    await kit.says("电梯坏了三天没人修")
    await kit.deliver()
    await kit.says("接单", "handler")
    await kit.deliver()


async def test_asked_approved_seen_and_gone_on_with(kit: Kit) -> None:
    [sent] = await exchange(kit, "暂缓 等客户 3天 等客户回来开门", "handler")
    assert "暂缓" in sent
    assert "等审批" in sent
    assert any("申请暂缓" in said and "等客户回来开门" in said for said in kit.chat.texts("lead"))
    assert any("已批准" in said for said in await exchange(kit, "批准", "lead"))
    complaint = await kit.the_complaint()
    assert complaint.status is Status.ON_HOLD
    assert complaint.pause is not None
    assert complaint.pause.until == datetime(2026, 3, 5, 15, 59, 59, tzinfo=UTC)
    [held] = [said for said in kit.chat.texts("c1") if "先暂缓" in said]
    assert "3月5日" in held
    assert "办结" not in held  # what was promised to the customer is a word, perhaps the plan
    [status] = await exchange(kit, "进度", "c1")
    assert "暂缓中（等客户：" in status
    assert "3月5日(周四) 23:59" in status
    kit.clock.move_to(kit.clock.now() + timedelta(days=2))
    assert any("继续处理" in said for said in await exchange(kit, "继续", "handler"))
    complaint = await kit.the_complaint()
    assert complaint.status is Status.WORKING
    deadline = work_deadline(complaint)
    assert deadline is not None
    assert deadline.due_at == datetime(2026, 3, 20, 15, 59, 59, tzinfo=UTC)  # a day later: Tuesday did not count
    assert any("继续处理了" in said for said in kit.chat.texts("c1"))


async def test_what_is_missing_is_asked_for_and_taken_up(kit: Kit) -> None:
    [how_long] = await exchange(kit, "暂缓", "handler")
    assert "多久" in how_long
    [why] = await exchange(kit, "2天", "handler")
    assert "原因" in why
    await exchange(kit, "等客户寄照片", "handler")
    complaint = await kit.the_complaint()
    assert complaint.hold is not None
    assert (complaint.hold.limit, complaint.hold.reason) == ("2d", "等客户寄照片")


@pytest.mark.parametrize("said", ["暂缓到周五，等客户回来开门", "先停到周五，等客户回来开门"])
async def test_until_a_day_is_asked_for_as_so_many_days(kit: Kit, said: str) -> None:
    kit.clock.move_to(kit.clock.now() + timedelta(days=1))  # Tuesday
    [sent] = await exchange(kit, said, "handler")
    assert "等审批" in sent
    complaint = await kit.the_complaint()
    assert complaint.hold is not None
    assert (complaint.hold.limit, complaint.hold.reason) == ("3d", "等客户回来开门")
    assert not any("等客户回来开门" in text for text in kit.chat.texts("c1"))  # nothing is decided yet
    await exchange(kit, "批准", "lead")
    pause = (await kit.the_complaint()).pause
    assert pause is not None
    assert pause.until == datetime(2026, 3, 6, 15, 59, 59, tzinfo=UTC)  # the end of Friday


async def test_until_when_may_be_told_afterwards(kit: Kit) -> None:
    await exchange(kit, "暂缓", "handler")
    [why] = await exchange(kit, "到明天中午", "handler")
    assert "原因" in why
    await exchange(kit, "等客户寄照片", "handler")
    complaint = await kit.the_complaint()
    assert complaint.hold is not None
    assert complaint.hold.limit == "28h"  # said at ten


async def test_in_english_and_refused(kit: Kit) -> None:
    await kit.says("English", "handler")
    await kit.says("English", "lead")
    await kit.deliver()
    [sent] = await exchange(kit, "hold 3d waiting for customer to send photos", "handler")
    assert "hold" in sent
    assert any("on hold for 3 days" in said for said in kit.chat.texts("lead"))
    await exchange(kit, "reject the customer is at home", "lead")
    assert any("was not approved" in said and "at home" in said for said in kit.chat.texts("handler"))
    complaint = await kit.the_complaint()
    assert (complaint.status, complaint.hold) == (Status.WORKING, None)


async def test_what_the_policy_does_not_let_it_wait_for_is_told_plainly(kit: Kit) -> None:
    [answer] = await exchange(kit, "暂缓 3天 等厂家发配件", "handler")
    assert "只有等客户时才能暂缓" in answer
    [answer] = await exchange(kit, "暂缓 20天 等客户", "handler")
    assert "最长时间" in answer


async def test_whoever_asked_goes_on_before_it_is_decided(kit: Kit) -> None:
    await exchange(kit, "暂缓 1天 等客户开门", "handler")
    [answer] = await exchange(kit, "继续", "handler")
    assert "暂缓申请已撤回" in answer
    assert (await kit.the_complaint()).hold is None
    [nothing] = await exchange(kit, "批准", "lead")
    assert "没有" in nothing


async def test_whoever_was_asked_and_says_nothing_is_reminded_and_reads_it_among_what_waits(kit: Kit) -> None:
    await exchange(kit, "暂缓 1天 等客户开门", "handler")
    await kit.sweep(timedelta(days=1))
    await kit.deliver()
    [reminder] = [said for said in kit.chat.texts("lead") if "还在等审批" in said]
    assert "请回复“批准 " in reminder
    assert any("暂缓申请：" in said for said in await exchange(kit, "待办", "lead"))
    assert any("已批准" in said for said in await exchange(kit, "批准", "lead"))


async def test_it_goes_on_by_itself(kit: Kit) -> None:
    await exchange(kit, "暂缓 1天 等客户开门", "handler")
    await exchange(kit, "批准", "lead")
    await kit.sweep(timedelta(days=1, hours=23))
    await kit.deliver()
    complaint = await kit.the_complaint()
    assert complaint.status is Status.WORKING
    assert complaint.pauses[0].waits_for is WaitsFor.CUSTOMER
    assert any("暂缓到期" in said for said in kit.chat.texts("handler"))
    assert any("继续处理了" in said for said in kit.chat.texts("c1"))


async def test_nobody_else_puts_it_on_hold(kit: Kit) -> None:
    await exchange(kit, "暂缓 1天", "c1")
    complaint = await kit.the_complaint()
    assert (complaint.status, complaint.hold) == (Status.WORKING, None)


@pytest.mark.parametrize(
    "said",
    [
        "等材料，下周一再弄",
        "0001 保安小刘回老家了，下周一才回来，等他回来再说吧",
        "waiting for the tiles, will look at it next week",
    ],
)
async def test_what_may_mean_a_pause_is_asked_back_before_the_customer_reads_it(kit: Kit, said: str) -> None:
    before = len(kit.chat.texts("c1"))
    [asked] = await exchange(kit, said, "handler")
    assert "如果是想停一停" in asked
    [sent] = await exchange(kit, "暂缓到周五 等客户", "handler")
    assert "等审批" in sent
    complaint = await kit.the_complaint()
    assert complaint.hold is not None
    assert complaint.hold.limit == "4d"
    assert kit.chat.texts("c1")[before:] == []


@pytest.mark.parametrize(
    "said",
    [
        "暂缓 0001 到3月9日 等客户回来",
        "暂缓到3月9日24点 等客户回来",
        "暂缓到3月9日晚上12点 等客户回来",
        "暂缓到3月9日23:59 等客户回来",
        "暂缓到2026年3月9日 等客户回来",
        "暂缓到本月9日止 等客户回来",
        "暂缓到3/9 等客户回来",
        "暂缓到3月9日（含） 等客户回来",
        "暂缓到下周一 等客户回来",
        "hold till 9 March, waiting for the customer",
        "hold until midnight on March 9, waiting for the customer",
    ],
)
async def test_the_last_day_that_the_policy_allows_counts_to_its_end(kit: Kit, said: str) -> None:
    await exchange(kit, said, "handler")
    hold = (await kit.the_complaint()).hold
    assert hold is not None
    assert hold.limit == "7d"
    await exchange(kit, "批准", "lead")
    pause = (await kit.the_complaint()).pause
    assert pause is not None
    assert pause.until == datetime(2026, 3, 9, 15, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "said", ["暂缓到3月10日 等客户回来", "暂缓到3月10日24点 等客户", "hold till 10 March, waiting for the customer"]
)
async def test_the_day_after_it_is_one_too_many(kit: Kit, said: str) -> None:
    await exchange(kit, said, "handler")
    assert (await kit.the_complaint()).hold is None


async def test_the_end_of_a_month_is_its_last_day(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, clock=MovableClock(datetime(2026, 3, 26, 2, tzinfo=UTC))) as kit:
        await kit.says("投诉 我是3栋502的寅女士，厨房漏水没人管，电话13812345678")
        await exchange(kit, "派单 0001 @张伟", "lead")
        await exchange(kit, "接单 0001", "handler")
        for said in (
            "暂缓到月底 等客户",
            "暂缓到3月底 等客户",
            "hold till the end of the month, waiting for the customer",
        ):
            await exchange(kit, said, "handler")
            hold = (await kit.the_complaint()).hold
            assert hold is not None, said
            assert hold.limit == "5d", said
            await exchange(kit, "继续", "handler")


@pytest.mark.parametrize("said", ["暂缓到国庆后 等客户回来", "暂缓到收房那天 等客户"])
async def test_a_wish_whose_end_nobody_reads_is_asked_about_and_no_news_to_the_customer(kit: Kit, said: str) -> None:
    await kit.deliver()
    before = len(kit.chat.texts("c1"))
    answers = await exchange(kit, said, "handler")
    assert len(kit.chat.texts("c1")) == before
    assert any("多久" in answer or "暂缓" in answer for answer in answers)


# ── whom we wait for is said, and never supposed ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "said",
    [
        "先停一停 等园林局 周五",
        "先停一停 等供电局 周五",
        "泵修好了 车那个保险在走 等定损 暂缓到周五",
        "暂缓 2天 等保险公司定损",
        "hold 2d waiting for the council permit",
        "hold 2d waiting for the insurer",
    ],
)
async def test_waiting_for_others_is_not_waiting_for_the_customer(kit: Kit, said: str) -> None:
    before = len(kit.chat.texts("c1"))
    [answer] = await exchange(kit, said, "handler")
    assert "只有等客户时才能暂缓" in answer
    assert "延期" in answer
    assert (await kit.the_complaint()).hold is None
    assert kit.chat.texts("c1")[before:] == []


@pytest.mark.parametrize("said", ["暂缓 2天 天气不好", "暂缓 2天 等楼上业主出差回来", "hold 2d the weather is too bad"])
@pytest.mark.parametrize(
    ("answer", "asked_for"), [("等客户", True), ("客户", True), ("等第三方", False), ("不暂缓了", False)]
)
async def test_where_nobody_is_named_it_is_asked(kit: Kit, said: str, answer: str, asked_for: bool) -> None:
    [who] = await exchange(kit, said, "handler")
    assert "等谁" in who
    assert (await kit.the_complaint()).hold is None
    assert [each.says for each in kit.chat.sent[-1].buttons] == ["等客户", "等第三方", "不暂缓了"]
    await exchange(kit, answer, "handler")
    hold = (await kit.the_complaint()).hold
    assert (hold is not None) is asked_for
    if hold is not None:
        assert (hold.limit, hold.waits_for, hold.reason) == ("2d", WaitsFor.CUSTOMER, said.split(" ", 2)[2])


async def test_what_says_not_whom_is_kept_and_asked_again(kit: Kit) -> None:
    await exchange(kit, "暂缓 2天 天气不好", "handler")
    [again] = await exchange(kit, "预报说还要下两天雨", "handler")
    assert "等谁" in again
    await exchange(kit, "等客户", "handler")
    hold = (await kit.the_complaint()).hold
    assert hold is not None
    assert hold.reason == "天气不好 预报说还要下两天雨"


@pytest.mark.parametrize(
    "said",
    [
        "{} 想暂停一下 业主家没人 等他周四回来",
        "{} 客户出差 先挂起三天",
        "客户出差了 {} 先挂起三天",
        "{} 客户周四才在家 暂缓到周四",
        "{} customer is travelling, put it on hold for three days",
        "{} customer away, can we pause this until Thursday?",
    ],
)
async def test_a_wish_in_a_sentence_is_asked_for_and_never_news(kit: Kit, said: str) -> None:
    number = (await kit.the_complaint()).reference[-4:]
    before = len(kit.chat.texts("c1"))
    await exchange(kit, said.format(number), "handler")
    hold = (await kit.the_complaint()).hold
    assert hold is not None
    assert hold.limit == "3d"
    assert number not in hold.reason
    assert kit.chat.texts("c1")[before:] == []
    assert any(hold.reason in each for each in kit.chat.texts("lead"))


@pytest.mark.parametrize(
    "said",
    [
        "业主的意思是这边暂缓",
        "昨天和业主说好了暂停",
        "物业让我们停工 估计要挂起",
        "the owner talked of a pause in the work",
    ],
)
async def test_what_may_be_such_a_wish_is_asked_back(kit: Kit, said: str) -> None:
    before = len(kit.chat.texts("c1"))
    [back] = await exchange(kit, f"{(await kit.the_complaint()).reference[-4:]} {said}", "handler")
    assert "暂缓" in back or "hold" in back
    assert kit.chat.texts("c1")[before:] == []
