"""A customer was told that nobody found them, and says that nobody came: not noted like any remark."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.grammar.at_the_door import says_nobody_came
from complaints.vocabulary import Side, VisitState
from tests.unit.bot.desk_kit import Kit, open_desk

WENT_FOR_NOTHING = "客户不在，敲门没人"


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, before=accepted) as kit:
        yield kit


async def accepted(kit: Kit) -> None:
    await kit.says("厨房漏水 6栋1202，我叫李娜，13712345678")
    await kit.says("接单", "handler")


async def missed(kit: Kit) -> None:
    await kit.says("预约 明天下午三点", "handler")
    await kit.says("对", "handler")
    await kit.says("可以")
    await kit.sweep(timedelta(hours=32))
    await kit.deliver()
    await kit.says(WENT_FOR_NOTHING, "handler")
    await kit.deliver()
    assert "没有见到您" in kit.chat.texts("c1")[-1]
    kit.chat.sent.clear()


SAYS_SO = [
    "师傅压根没来 我请假在家等的！", "师傅没来过啊 你们瞎说", "没来啊", "我在家一上午，没人敲门", "我一直在家",
    "nobody came, i took the day off!", "thats a lie, i was home all morning", "no one knocked", "he never showed up",
]  # fmt: skip
SAYS_NOT = [
    "不好意思我出去了，明天上午十点行吗", "对不起忘了", "周日我在家", "明天下午三点", "临时有事没在家", "好的", "谢谢",
    "I was out sorry, tomorrow at 3pm?", "sorry I wasn't home", "I'm home on Sunday", "it is still leaking",
]  # fmt: skip


@pytest.mark.parametrize("words", SAYS_SO)
async def test_those_above_hear_it_and_the_customer_has_an_apology_and_a_call(kit: Kit, words: str) -> None:
    await missed(kit)
    await kit.says(words)
    await kit.deliver()
    [answer] = kit.chat.texts("c1")
    assert "非常抱歉" in answer
    assert "会给您打电话" in answer
    assert "再回复一个时间" in answer
    [told] = kit.chat.texts("lead")
    assert words in told
    assert "请向 张伟 核实" in told
    assert any(words in text for text in kit.chat.texts("handler"))
    [visit] = (await kit.the_complaint()).visits
    assert (visit.state, visit.missed_by) == (VisitState.MISSED, None)


async def test_the_new_time_that_was_asked_for_is_taken(kit: Kit) -> None:
    await missed(kit)
    await kit.says("师傅压根没来")
    await kit.says("周五上午十点到十一点")
    await kit.deliver()
    assert "转告处理人" in kit.chat.texts("c1")[-1]


async def test_so_it_is_where_the_news_was_that_nobody_was_in(kit: Kit) -> None:
    await kit.says("进展 去了 敲门没人", "handler")
    await kit.deliver()
    kit.chat.sent.clear()
    await kit.says("没人来啊 我一直在家")
    await kit.deliver()
    assert "非常抱歉" in kit.chat.texts("c1")[-1]
    assert any("没有人来" in text for text in kit.chat.texts("lead"))


@pytest.mark.parametrize("words", SAYS_NOT)
async def test_who_owns_up_or_names_a_time_disputes_nothing(kit: Kit, words: str) -> None:
    assert not says_nobody_came(words)
    await missed(kit)
    await kit.says(words)
    await kit.deliver()
    assert not any("请向 张伟 核实" in text for text in kit.chat.texts("lead"))
    [visit, *_] = (await kit.the_complaint()).visits
    assert visit.missed_by is Side.CUSTOMER


async def test_nothing_is_disputed_where_nobody_said_that_they_were_away(kit: Kit) -> None:
    await kit.says("师傅压根没来")
    await kit.deliver()
    assert not any("没有人来" in text for text in kit.chat.texts("lead"))
