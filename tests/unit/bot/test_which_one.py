"""Which complaint is meant, of more than a list holds; and whether a stranger is the customer from before."""

from __future__ import annotations

from datetime import timedelta

from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import PLAIN_CHAT, STAFF, FakeChannel, entry, open_desk


async def test_the_newest_is_offered_and_how_many_are_left_out(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", PLAIN_CHAT)]) as kit:
        for count in range(11):
            await kit.says(f"投诉 {count + 1}栋电梯坏了三天没人修", f"c{count}")
            kit.clock.move_to(kit.clock.now() + timedelta(minutes=1))
        newest = max(each.reference for each in await kit.complaints())
        await kit.says("办结 换了主板", "handler")
        await kit.deliver()
        asked = kit.chat.texts("handler")[-1]
        assert newest in asked
        assert "另有 2 件没列出" in asked


async def test_somebody_from_a_home_that_complained_before_is_put_before_the_centre(fresh_sqlite_url: str) -> None:
    staff = (*STAFF, entry("周蕾", Role.AGENT))
    async with open_desk(
        fresh_sqlite_url,
        channels=[FakeChannel("chat", PLAIN_CHAT)],
        staff=staff,
        chats={"张伟": "handler", "王主管": "lead", "周蕾": "agent"},
    ) as kit:
        await kit.says("我家卫生间顶上滴水一个礼拜了，3栋1502", "c1")
        first = (await kit.the_complaint()).reference
        await kit.says("我是3栋1502的，之前电话投诉过漏水 怎么样了", "c2")
        await kit.deliver()
        [hint] = [text for text in kit.chat.texts("agent") if "可能和" in text]
        assert first in hint
        assert "同一处住址，可能就是先前那位客户" in hint
