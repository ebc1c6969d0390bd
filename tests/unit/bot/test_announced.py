"""Another matter that somebody announces beside what is open, and tells after it (trap 44)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, timedelta

import pytest

from bot.clock import MovableClock
from complaints.vocabulary import Severity
from tests.unit.bot.desk_kit import Kit, open_desk
from tests.unit.bot.test_alarms import STAFF, staffed
from tests.unit.bot.test_danger import LATE


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=STAFF, clock=MovableClock(LATE.astimezone(UTC))) as kit:
        yield await staffed(kit)


@pytest.mark.parametrize(
    "announced", ["还有个事", "对了 还有件事想说", "另外还有个事情", "另外", "顺便说一下", "还有别的事"]
)
async def test_another_matter_that_is_announced_is_one_and_the_alarm_tells_it(kit: Kit, announced: str) -> None:
    await kit.says("我家厨房下水道堵了 9栋301 王芳 13633334444")
    for words in (announced, "我家小孩", "今天下午在游乐场", "滑梯那里", "有个螺丝露出来", "腿划了一道口子", "流血了"):
        kit.clock.move_to(kit.clock.now() + timedelta(seconds=20))
        await kit.says(words)
        await kit.deliver()
    drain, slide = await kit.complaints()
    assert (drain.severity, slide.severity) == (Severity.S4, Severity.S0)
    assert "下水道" not in slide.summary
    await kit.sweep(timedelta(seconds=1))
    await kit.deliver()
    alarm = next(text for text in kit.chat.texts("handler") if "请马上回复“收到”" in text)
    assert all(words in alarm for words in ("我家小孩", "游乐场", "滑梯", "螺丝", "流血了"))
    assert "以前留的地址：9栋301" in alarm  # nobody said that the child is there
    assert "下水道" not in alarm


@pytest.mark.parametrize("announced", ["one more thing", "on another note", "separately", "a different matter"])
async def test_another_matter_announced_in_english_is_one(kit: Kit, announced: str) -> None:
    await kit.says("my kitchen drain is blocked, 13633334444")
    await kit.says(announced)
    await kit.says("the lamp in the lobby is broken")
    drain, lamp = await kit.complaints()
    assert ("drain" in drain.summary, "lamp" in lamp.summary) == (True, True)


@pytest.mark.parametrize("words", ["还有点问题", "还没好", "还有别的办法吗", "还在漏"])
async def test_what_is_still_wrong_announces_nothing(kit: Kit, words: str) -> None:
    await kit.says("我家厨房下水道堵了 9栋301 王芳 13633334444")
    await kit.says(words)
    await kit.deliver()
    assert not kit.chat.texts("c1")[-1].startswith("请讲")
    await kit.says("我家小孩都没法洗手")
    assert len(await kit.complaints()) == 1


@pytest.mark.parametrize("words", ["算了", "没事了", "哦 算了，谢谢", "没什么", "never mind", "nothing, thanks"])
async def test_who_announces_a_matter_and_tells_none_takes_nothing_else_back(kit: Kit, words: str) -> None:
    await kit.says("我家厨房下水道堵了 9栋301 王芳 13633334444")
    await kit.says("还有件事")
    await kit.says(words)
    await kit.deliver()
    assert kit.chat.texts("c1")[-1].startswith(("好的，没有登记新的", "All right, nothing new"))
    await kit.says("水已经漫到客厅门口")
    [drain] = await kit.complaints()
    assert drain.going_on


async def test_what_is_told_hours_after_it_was_announced_may_be_about_what_is_open(kit: Kit) -> None:
    await kit.says("门禁坏了 9栋301 王芳 13633334444")
    await kit.says("还有一件事")
    kit.clock.move_to(kit.clock.now() + timedelta(hours=3))
    await kit.says("门禁还是刷不开")
    assert len(await kit.complaints()) == 1
