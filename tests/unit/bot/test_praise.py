"""Praise that nobody asked for is kept and thanked for, and nobody is hurried by a clock of it (R-111)."""

from __future__ import annotations

from complaints.vocabulary import Kind
from tests.unit.bot.desk_kit import open_desk


async def test_r111_praise_is_a_matter_of_its_own_without_a_clock(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        for who, said in (("c1", "表扬一下你们保安"), ("c2", "你们保洁阿姨真好，每天都扫得干干净净")):
            await kit.says(said, who)
        await kit.deliver()
        praise = await kit.complaints()
        assert [(each.kind, each.deadlines) for each in praise] == [(Kind.PRAISE, ()), (Kind.PRAISE, ())]
        for who in ("c1", "c2"):
            [answer] = kit.chat.texts(who)
            assert "谢谢您的肯定" in answer
            assert "前给您" not in answer
            assert "联系电话" not in answer
        assert "干干净净" in kit.chat.texts("handler")[-1]


async def test_r111_praise_while_something_is_open_is_read_by_whoever_works_on_it(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.says("投诉 楼道灯坏了三天没人修")
        await kit.says("跳过")
        await kit.says("你们保洁阿姨真好，每天都扫得干干净净")
        await kit.deliver()
        await kit.the_complaint()
        assert "谢谢您的肯定，已记在" in kit.chat.texts("c1")[-1]
        assert "干干净净" in kit.chat.texts("handler")[-1]
