"""The time of a visit that a colleague has yet to confirm waits while they speak of something else."""

from __future__ import annotations

import pytest

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
