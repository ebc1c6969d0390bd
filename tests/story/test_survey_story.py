"""A questionnaire of three questions, in Chinese by web chat and in English by Telegram; a call-back by phone; three rounds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.storage.models import OutboxRow
from complaints.vocabulary import Status
from tests.servers.telegram import Telegram, User
from tests.story.chat import ChatDesk, at, chat_desk
from tests.story.test_telegram_story import TelegramDesk, serving

STAFF = "张伟,13800138000,,处理人,王主管,\n王主管,13900139000,,坐席,,\n刘总,13600136000,,客服中心负责人,,\n"
MATTER = "我家厨房漏水三天了，没人管。6栋1202，我叫李娜，13712345678"
NINE = at("2026-11-23 09:00")


async def opened(desk: ChatDesk) -> None:
    await desk.hires(STAFF)
    await desk.binds("张伟", "王主管", "刘总")


async def test_r084_r086_r088_three_questions_by_web_chat(tmp_path: Path, database_url: str) -> None:
    async with chat_desk(tmp_path, database_url, NINE, policy="mingyuan") as desk:
        await opened(desk)
        await desk.says("李娜", MATTER)
        await desk.says("张伟", "办结 换了水管接头，试水不漏")
        assert "您对结果满意吗" in (await desk.reads("李娜"))[-1]
        assert "问题彻底解决了吗" in (await desk.says("李娜", "满意"))[-1]
        assert "还可以改进" in (await desk.says("李娜", "是的，不漏了"))[-1]
        assert await desk.says("李娜", "早一天来就更好了") == ["记下了，谢谢您的反馈。"]
        complaint = await desk.books.only_complaint()
        (survey,) = complaint.surveys
        assert (complaint.closed_as, survey.answer("solved"), survey.answer("improve")) == (
            "satisfied", "yes", "早一天来就更好了"
        )  # fmt: skip
        await desk.wait_until(NINE + timedelta(days=20))
        assert await desk.reads("李娜") == []  # whoever has answered is left in peace
        assert "满意率 100.0% (1/1)" in (await desk.says("刘总", "满意率"))[-1]


async def test_c6_6_a_silent_customer_is_phoned_and_the_round_ends_not_rated(tmp_path: Path, database_url: str) -> None:
    async with chat_desk(tmp_path, database_url, NINE, policy="mingyuan") as desk:
        await opened(desk)
        await desk.says("李娜", MATTER)
        await desk.says("张伟", "办结 换了水管接头，试水不漏")
        await desk.wait_until(at("2026-11-26 10:00"))
        assert "请打电话回访" in (await desk.reads("王主管"))[-1]
        assert "还可以改进" not in "".join(await desk.says("张伟", "已回访 0001 满意"))
        assert (await desk.books.only_complaint()).status is Status.RESOLVED  # nobody reports on their own work
        assert "这是第 3 次" in (await desk.says("王主管", "已回访 0001 没人接"))[-1]
        complaint = await desk.books.only_complaint()
        assert (complaint.status, complaint.closed_as, complaint.surveys[0].rating) == (Status.CLOSED, "unrated", None)
        assert (await desk.books.events(complaint.reference))[-3:] == [
            "called_back", "survey_expired", "closed"
        ]  # fmt: skip


async def test_c6_5_after_three_rounds_the_lead_ends_it_and_names_the_ways_that_are_left(
    tmp_path: Path, database_url: str
) -> None:
    async with chat_desk(tmp_path, database_url, NINE, policy="leyoujia-24h") as desk:
        await opened(desk)
        await desk.says("李娜", MATTER)
        for round in (1, 2, 3):
            await desk.says("张伟", "办结 又修了一遍")
            assert f"再有 {4 - round} 轮" in (await desk.says("刘总", "结案不满意 0001 谈不拢"))[-1]
            assert f"这是第{round + 1}次处理" in "".join(await desk.says("李娜", "不满意，还在漏"))
        refused = (await desk.says("王主管", "结案不满意 0001 谈不拢"))[-1]  # not the lead
        assert all(words in refused for words in ("不在您的权限内", "没有做任何改动", "请找 刘总"))
        await desk.says("刘总", "结案不满意 0001 客户要求超出保修范围")
        told = (await desk.reads("李娜"))[-1]
        assert all(words in told for words in ("12345", "调解", "法院", "客户要求超出保修范围"))
        assert (await desk.books.only_complaint()).closed_as == "unsettled"


# ── in English, by Telegram ───────────────────────────────────────────────────────────────────────────────────────────

ANNA = User(1001, "Anna", language="en")
ZHANG = User(2001, "张伟")


@pytest.fixture
async def abroad(tmp_path: Path) -> AsyncIterator[TelegramDesk]:
    async with Telegram() as telegram, serving(tmp_path, telegram, "mingyuan") as desk:
        yield desk


async def test_r084_three_questions_by_telegram_with_buttons(abroad: TelegramDesk) -> None:
    desk = abroad
    await desk.binds(ZHANG)
    await desk.says(ANNA, "My kitchen ceiling has been leaking for three days and nobody came. I am Anna, 13712345678")
    await desk.says(ZHANG, "办结 换了水管接头，试水不漏")
    assert "Are you satisfied" in await desk.reads(ANNA)
    assert "Is the problem solved for good?" in await desk.presses(ANNA, "Satisfied")
    assert "What could we do better?" in await desk.presses(ANNA, "Yes")
    assert "thank you for your feedback" in await desk.says(ANNA, "Come a day earlier")
    complaint = await desk.complaint()
    (survey,) = complaint.surveys
    assert (complaint.closed_as, survey.answer("solved"), survey.answer("improve")) == (
        "satisfied", "yes", "Come a day earlier"
    )  # fmt: skip
    questions = [row for row in await desk.books.rows(OutboxRow) if row.notice == "survey_question"]
    assert len(questions) == 2
