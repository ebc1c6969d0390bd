"""What is said beside the matter in hand: one more matter, who deals with it, what we are, "好的"; and a wish instead of an
answer.
"""

from __future__ import annotations

import pytest

from bot.grammar import Pending, Speaker, Verb, understand
from tests.unit.bot.desk_kit import PLAIN_CHAT, FakeChannel, Kit, open_desk


@pytest.mark.parametrize(
    ("said", "role", "verb", "arguments"),
    [
        ("再暂缓2天 等客户在家", "handler", "hold", {"limit": "2d", "waits_for": "customer", "reason": "等客户在家"}),
        ("hold again 2 days, customer away", "handler", "hold", {"limit": "2d", "reason": "customer away"}),
        ("延期再2天", "handler", "extend", {"limit": "2d"}),
        ("投诉投诉投诉", "customer", "complain", {}),
        ("投诉投诉投诉 电梯坏了", "customer", "complain", {"text": "电梯坏了"}),
    ],
)
def test_what_is_said_twice_is_meant_once(said: str, role: str, verb: str, arguments: dict[str, object]) -> None:
    meant = understand(said, Speaker(role))
    assert (meant.verb, meant.arguments) == (verb, arguments)


def test_thanks_with_a_but_are_no_thanks_and_praise_with_both_is_praise() -> None:
    for said in ("谢谢师傅，但是又漏了", "thanks, still broken though"):
        assert understand(said).verb is Verb.COMPLAIN
    assert understand("谢谢你们师傅 灯修好了 又快又好").verb is Verb.RATE
    assert understand("灯修好了 又快又好", Speaker.CUSTOMER, Pending.RATING).arguments["rating"] == "satisfied"


async def opened(kit: Kit) -> None:
    await kit.says("投诉 楼道灯坏了三天没人修")
    await kit.deliver()
    await kit.says("跳过")
    await kit.deliver()


async def test_r011_one_more_matter_is_a_complaint_of_its_own(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", PLAIN_CHAT)]) as kit:
        await opened(kit)
        await kit.says("我再说一件，电费单也不对")
        assert [each.summary for each in await kit.complaints()] == ["楼道灯坏了三天没人修", "电费单也不对"]


async def test_what_asks_for_nothing_is_not_asked_back(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", PLAIN_CHAT)]) as kit:
        await opened(kit)
        for said in ("好的", "同意吧", "你们是机器人吗", "你们到底谁管"):
            await kit.says(said)
        await kit.deliver()
        fine, agreed, greeted, who = kit.chat.texts("c1")[-4:]
        assert fine == "不客气，有事随时说。"
        assert "没看懂" in agreed
        assert "是程序，不是真人" in greeted
        assert "张伟" in who
        assert (await kit.the_complaint()).urged == 0


async def test_r061_a_wish_instead_of_yes_or_no_is_done_and_other_words_are_asked_back(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", PLAIN_CHAT)]) as kit:
        await opened(kit)
        number = (await kit.the_complaint()).reference[-4:]
        await kit.says(f"接单 {number}", "handler")
        await kit.says(f"{number} 我今天不舒服，修不动", "handler")
        await kit.deliver()
        assert "发给客户吗" in kit.chat.texts("handler")[-1]
        await kit.says("楼道真黑", "handler")
        await kit.deliver()
        assert "发给客户吗" in kit.chat.texts("handler")[-1]
        await kit.says("再给两天，配件没到", "handler")
        assert (await kit.the_complaint()).extension is not None
