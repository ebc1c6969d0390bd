"""How it stands, lived through: the line that is asked for, what the customer reads, urging, and the call-back on the way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.clock import MovableClock
from tests.story.chat import SHANGHAI, ChatDesk, at, chat_desk
from tests.story.desk import Config, config

STAFF = "张伟,13800138000,,处理人,王主管,\n王主管,13900139000,,坐席,,\n刘总,13600136000,,客服中心负责人,,\n"
MATTER = "我家厨房漏水三天了，没人管。6栋1202，我叫李娜，13712345678"
NEWS = "已联系客户，周五上午带配件上门"
OURS = """
inherits = "mingyuan"
[progress]
release = "centre"
[process_callback]
from = "plan_submitted"
"""


async def opened(desk: ChatDesk) -> None:
    await desk.hires(STAFF)
    await desk.binds("张伟", "王主管", "刘总")


async def only(desk: ChatDesk, name: str, text: str, locale: str = "zh") -> str:
    """Say something, and return the one message that answers it."""
    (heard,) = await desk.says(name, text, locale)
    return heard


async def test_r059_r063_a_customer_who_asks_and_an_assignee_who_says_nothing(
    tmp_path: Path, database_url: str
) -> None:
    async with chat_desk(tmp_path, database_url, at("2026-11-23 09:00"), "base") as desk:
        await opened(desk)
        await desk.says("客户", MATTER)
        await desk.says("张伟", "接单")
        await desk.reads("客户")

        heard = await only(desk, "客户", "进度")
        assert "还没有收到进展，我们已提醒处理人" in heard
        assert "现在等的是：处理人的进展" in heard
        (prodded,) = await desk.reads("张伟")
        assert "客户在问进度" in prodded
        assert "我们已提醒处理人" in await only(desk, "客户", "进度")
        assert await desk.reads("张伟") == []  # asked once a day, however often the customer wants to know

        await desk.wait_until(at("2026-11-26 10:00"))
        (asked,) = await desk.reads("张伟")
        assert "从 11月23日(周一) 09:00 起没有新进展" in asked
        assert "请说具体一点" in await only(desk, "张伟", "处理中")
        assert "不算进展" in await only(desk, "张伟", "还在处理，请放心")  # asked back once, then left
        assert await desk.reads("客户") == []
        assert "并告诉了客户" in await only(desk, "张伟", f"进展 {NEWS}")
        (told,) = await desk.reads("客户")
        assert NEWS in told

        heard = await only(desk, "客户", "进度")
        assert f"最近进展：{NEWS}（11月26日(周四) 10:00）" in heard
        assert "提醒" not in heard
        assert (await desk.books.only_complaint()).duty.missed == 0


async def test_a_status_says_the_plan_and_of_what_is_over_no_reminding(tmp_path: Path, database_url: str) -> None:
    async with chat_desk(tmp_path, database_url, at("2026-11-23 09:00")) as desk:
        await opened(desk)
        await desk.says("客户", MATTER)
        await desk.says("张伟", "接单")
        assert "我们已提醒处理人" in (await desk.says("客户", "进度"))[-1]
        await desk.says("张伟", "方案 更换厨房水管并补偿200元")
        await desk.says("客户", "接受")
        status = await only(desk, "客户", "进度")
        assert "更换厨房水管并补偿200元" in status
        assert "提醒" not in status
        assert "方案：更换厨房水管并补偿200元" in (await desk.says("张伟", "进度 0001"))[-1]
        await desk.says("张伟", "办结 水管已更换，补偿已付")
        await desk.says("客户", "满意")
        assert "提醒" not in (await desk.says("客户", "进度 0001"))[-1]


async def test_the_next_words_are_the_line_and_no_other_command(tmp_path: Path, database_url: str) -> None:
    async with chat_desk(tmp_path, database_url, at("2026-11-23 09:00"), "base") as desk:
        await opened(desk)
        for number in (1, 2):
            await desk.says(f"客户{number}", f"{number}号楼{MATTER}")
            await desk.says("张伟", f"接单 000{number}")
        await desk.wait_until(at("2026-11-26 10:00"))
        assert len(await desk.reads("张伟")) == 2
        which = await only(desk, "张伟", "客户要求延期到下周再上门")  # of which of the two that were asked about?
        assert "您说的是哪一件" in which
        assert "TS20261123-0002" in which
        assert "发给客户吗" in await only(desk, "张伟", "1")
        await desk.says("张伟", "发出")  # it tells of the customer
        complaints = {complaint.reference[-4:]: complaint for complaint in await desk.books.complaints()}
        said = [complaint.last_progress for complaint in complaints.values()]
        assert sorted(said) == ["", "客户要求延期到下周再上门"]
        assert all(complaint.extension is None for complaint in complaints.values())


async def test_r063_urging_counts_and_from_the_third_time_others_hear(tmp_path: Path, database_url: str) -> None:
    async with chat_desk(tmp_path, database_url, at("2026-11-23 09:00"), "base") as desk:
        await opened(desk)
        await desk.says("客户", MATTER)
        await desk.says("张伟", "接单")
        for name in ("客户", "张伟", "王主管"):
            await desk.reads(name)
        assert "最晚 12月10日(周四) 23:59 前给您答复" in await only(desk, "客户", "催办")
        assert "刚才已经替您催过了" in await only(desk, "客户", "快点啊")
        (urged,) = await desk.reads("张伟")
        assert "还在时限内" in urged
        for hour in (11, 13):
            await desk.wait_until(at(f"2026-11-23 {hour}:00"))
            await desk.says("客户", "催办")
        assert "客户第3次催" in (await desk.reads("王主管"))[-1]
        assert "加急：客户已催 3 次" in await only(desk, "王主管", "进度 0001")
        await desk.wait_until(at("2026-12-12 10:00"))
        await desk.reads("张伟")
        apologies = [text for text in await desk.reads("客户") if "我们没有做到，很抱歉" in text]
        assert len(apologies) == 1
        await desk.says("客户", "催办")
        assert "已经超时。请现在就联系客户" in (await desk.reads("张伟"))[-1]


async def test_r080_every_limit_explains_itself_and_promises_are_listed(tmp_path: Path, database_url: str) -> None:
    async with chat_desk(tmp_path, database_url, at("2026-11-23 09:00")) as desk:
        await opened(desk)
        await desk.says("客户", MATTER)
        await desk.says("张伟", "接单")
        await desk.reads("王主管")
        why = (await only(desk, "王主管", "为什么 0001")).splitlines()
        assert why[why.index("调查反馈（6小时）") :][:4] == [
            "调查反馈（6小时）",
            "· 2026-11-23 09:00:00 起算",
            "· 加 6小时",
            "· 到 2026-11-23 15:00:00 为止",
        ]
        promised = await only(desk, "张伟", "承诺 0001")
        assert "首次联系：11月23日(周一) 11:00 前，按时做到" in promised
        assert "方案：11月24日(周二) 09:00 前，时限内" in promised
        assert "最多可以延长1天" in await only(desk, "张伟", "延期 30天 等配件")
        assert "“方案”的时限 11月24日(周二) 09:00 不变" in await only(desk, "张伟", "延期 1天 等配件")
        (asked,) = await desk.reads("刘总")
        assert "“方案”现在的时限：11月24日(周二) 09:00" in asked  # the one that is extended, by its name


@asynccontextmanager
async def own_rules(folder: Path, url: str, profile: str) -> AsyncIterator[ChatDesk]:
    """Run a service on a profile of the company's own."""
    policies = folder / "policies"
    policies.mkdir()
    (policies / "ours.toml").write_text(profile, "utf-8")
    more: Config = {
        "service": {"policy": "ours", "timezone": SHANGHAI.key},
        "policies": {"directory": str(policies)},
    }
    desk = ChatDesk(folder, config(folder, url, more=more), MovableClock(standing_at=at("2026-11-23 09:00")))
    await desk.open()
    try:
        yield desk
    finally:
        await desk.close()


async def test_r062_the_centre_looks_first_and_the_customer_is_called_back(tmp_path: Path, database_url: str) -> None:
    async with own_rules(tmp_path, database_url, OURS) as desk:
        await opened(desk)
        await desk.says("Li", "My kitchen has been leaking for three days. I am Li Na, 13712345678", "en")
        await desk.says("张伟", "接单")
        for name in ("Li", "王主管"):
            await desk.reads(name)
        assert "客服中心看过后告诉客户" in await only(desk, "张伟", f"进展 {NEWS}")
        assert await desk.reads("Li") == []
        (shown,) = await desk.reads("王主管")
        assert NEWS in shown
        better = "The plumber comes on Friday morning with the part"
        assert better in await only(desk, "王主管", better)  # not sent before it is plain whom it is for
        assert await desk.reads("Li") == []
        assert "已发给客户" in await only(desk, "王主管", "发出")
        (told,) = await desk.reads("Li")
        assert better in told

        await desk.says("张伟", "方案 更换阀芯，周五完成")
        await desk.reads("Li")
        await desk.wait_until(at("2026-11-24 09:00"))
        reminded, first = await desk.reads("Li")
        assert "更换阀芯" in reminded  # a plan that waits for an answer is put once more
        assert "Have you been told what will be done?" in first
        assert "Have you been told when it will be finished?" in await only(desk, "Li", "yes", "en")
        assert "Is all of that clear to you?" in await only(desk, "Li", "no, nobody told me", "en")
        assert "contact you now" in await only(desk, "Li", "not really", "en")
        (returned,) = await desk.reads("张伟")
        assert "告知完成时间" in returned
        assert "告知处理方案：是" in (await desk.reads("王主管"))[-1]
        (asked,) = (await desk.books.only_complaint()).process_callbacks
        assert asked.answers == (True, False, False)

        await desk.says("张伟", "已打电话和客户说清楚了，周五上午十点")  # the words that were asked for are the line
        await desk.says("张伟", "发出")
        await desk.reads("王主管")
        assert "没有发给客户" in await only(desk, "王主管", "不发 0001 先核实")
        (kept_back,) = (await desk.reads("张伟"))[-1:]
        assert "先核实" in kept_back
        assert await desk.reads("Li") == []
