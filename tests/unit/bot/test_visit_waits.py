"""The time of a visit that a colleague has yet to confirm waits while they speak of something else."""

from __future__ import annotations

import pytest

from bot.answers import Answer
from bot.dialogue.questions import Question, asked_by, put
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, open_desk


async def last(kit: Kit, words: str) -> str:
    await kit.says(words, "handler")
    await kit.deliver()
    return kit.chat.texts("handler")[-1]


async def asked_whether_right(kit: Kit) -> None:
    """A visit about 0001 was named, and waits for a yes; 0002 is a lift, 0003 a tree."""
    for nth, words in enumerate(("6栋1202卫生间顶上漏水", "8栋电梯坏了三天没人修", "3栋树枝伸到窗户里了"), start=1):
        await kit.says(words, f"c{nth}")
    await kit.deliver()
    assert "对吗" in await last(kit, "0001 我接了，明天上午九点半过去看")


@pytest.mark.parametrize("yes", ["对", "是的", "yes"])
@pytest.mark.parametrize("between", ["电梯那个也接", "接单", "0002 接单", "进展 师傅已联系", "I'll take the lift one"])
async def test_a_yes_after_other_words_still_confirms_the_visit(fresh_sqlite_url: str, between: str, yes: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await asked_whether_right(kit)
        await last(kit, between)
        assert "-0001" in await last(kit, yes)
        [offered] = [each for each in kit.chat.texts("c1") if "09:30" in each]
        assert "-0001" in offered


async def test_another_time_takes_the_place_of_the_one_that_was_to_be_confirmed(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await asked_whether_right(kit)
        await last(kit, "不对")
        assert "10:00" in await last(kit, "明天上午十点")
        await last(kit, "对")
        assert not any("09:30" in each for each in kit.chat.texts("c1"))
        before = len(kit.chat.texts("c1"))
        await last(kit, "对")
        assert len(kit.chat.texts("c1")) == before


@pytest.mark.parametrize("asks", ["什么时候来啊", "你们几点来？再不来我打12345", "any progress?"])
@pytest.mark.parametrize("yes", ["嗯对", "对对", "嗯，是的", "没错", "对的，可以", "yes please", "that's right", "yep"])
async def test_a_yes_said_at_ease_is_of_the_visit_though_the_customer_asked_meanwhile(
    fresh_sqlite_url: str, asks: str, yes: str
) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await asked_whether_right(kit)
        await kit.says(asks, "c1")
        await kit.deliver()
        assert "-0001" in await last(kit, yes)
        [offered] = [each for each in kit.chat.texts("c1") if "09:30" in each]
        assert "-0001" in offered


@pytest.mark.parametrize("time", ["行 十点半吧", "十点半", "改十点半", "ok 10:30", "明天十点半", "10:30 then"])
async def test_the_next_time_said_is_of_the_visit_though_the_customer_asked_meanwhile(
    fresh_sqlite_url: str, time: str
) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await asked_whether_right(kit)
        await kit.says("什么时候来啊", "c1")
        await kit.deliver()
        asked = await last(kit, time)
        assert "10:30" in asked
        assert "对吗" in asked
        assert not any(time in each for each in kit.chat.texts("c1"))


@pytest.mark.parametrize(
    "line", ["已联系师傅，十点半出发", "配件十点半到货", "进展 十点半再看一次管子", "parts arrive at 10:30"]
)
async def test_a_line_with_a_time_in_it_stays_a_line(fresh_sqlite_url: str, line: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await asked_whether_right(kit)
        await kit.says("什么时候来啊", "c1")
        await kit.deliver()
        assert "对吗" not in await last(kit, line)
        await last(kit, "对")
        assert any("09:30" in each for each in kit.chat.texts("c1"))


LEAVES = [("请假 明天", "请假到"), ("on leave tomorrow", "请假到"), ("请假 明天到后天", "请假到")]


@pytest.mark.parametrize("visit", ["0001 我接了，明天上午九点半过去看", "0001 I'll come tomorrow at 9:30"])
@pytest.mark.parametrize(("leave", "remarked"), LEAVES)
async def test_a_visit_within_ones_own_leave_is_remarked_on(
    fresh_sqlite_url: str, leave: str, remarked: str, visit: str
) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await kit.says("6栋1202卫生间顶上漏水", "c1")
        await last(kit, "0001 接单")
        await last(kit, leave)
        await last(kit, "是")
        asked = await last(kit, visit)
        assert "对吗" in asked
        assert remarked in asked
        assert not any("09:30" in each for each in kit.chat.texts("c1"))
        after = await last(kit, "0001 我下周五上午十点过去")
        assert "对吗" in after
        assert remarked not in after


@pytest.mark.parametrize("yes", ["嗯对", "对", "yes"])
@pytest.mark.parametrize("second", ["明天下午两点去看0002", "0002 I'll come tomorrow at 2pm"])
async def test_a_second_visit_named_leaves_the_first_waiting(fresh_sqlite_url: str, second: str, yes: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await asked_whether_right(kit)
        assert "14:00" in await last(kit, second)
        await last(kit, yes)
        assert any("14:00" in each for each in kit.chat.texts("c2"))
        assert not any("09:30" in each for each in kit.chat.texts("c1"))
        assert "-0001" in kit.chat.texts("handler")[-1]
        assert "09:30" in kit.chat.texts("handler")[-1]
        assert "对吗" in kit.chat.texts("handler")[-1]
        assert "-0001" in await last(kit, yes)
        assert any("09:30" in each for each in kit.chat.texts("c1"))
        before = len(kit.chat.texts("c2"))
        await last(kit, yes)
        assert len(kit.chat.texts("c2")) == before


async def test_no_to_the_second_visit_leaves_the_first_waiting(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await asked_whether_right(kit)
        await last(kit, "明天下午两点去看0002")
        await last(kit, "不对")
        assert "15:00" in await last(kit, "明天下午三点")
        await last(kit, "对")
        assert any("15:00" in each for each in kit.chat.texts("c2"))
        assert not any("14:00" in each for each in kit.chat.texts("c2"))
        await last(kit, "对")
        assert any("09:30" in each for each in kit.chat.texts("c1"))


def test_of_many_visits_the_last_ones_named_wait() -> None:
    pending = ""
    for nth in range(20):
        pending = put(
            pending, asked_by(Answer.VISIT_ECHO, f"TS20260302-{nth:04}", {"start": "a", "end": "b", "asked": "c"})
        )
    waiting, question = [], Question.loads(pending)
    while question is not None:
        waiting.append(str(question.reference)[-4:])
        question = question.behind
    assert waiting == ["0019", "0018", "0017", "0016"]
    assert len(pending) < 10_000
