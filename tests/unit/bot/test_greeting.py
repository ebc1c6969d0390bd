"""A greeting is answered shortly, a wish for help at length; a page of the queue says how grave each is."""

from __future__ import annotations

import pytest

from tests.unit.bot.desk_kit import asks, open_desk


async def test_a_greeting_is_answered_with_one(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        for words in ("你好", "在吗", "帮助"):
            await kit.says(words)
        await kit.deliver()
        _, hello, help_ = kit.chat.texts("c1")
        await kit.says("english")
        await kit.says("hello")
        await kit.deliver()
        english = kit.chat.texts("c1")[-1]
        assert hello.startswith("您好，请讲。")
        assert len(hello) < 120 < len(help_)
        assert "催办" in help_
        assert english.startswith("Hello")


async def test_a_line_of_the_queue_says_how_grave_it_is(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.says("电梯坏了三天没人修")
        await kit.says("队列", "lead")
        await kit.deliver()
        assert "（一般，" in kit.chat.texts("lead")[-1]


@pytest.mark.parametrize(
    ("matter", "words"),
    [
        ("the lift is broken", "hello??"),
        ("the lift is broken", "anybody there?"),
        ("电梯坏了", "在吗？"),
        ("电梯坏了", "有人吗"),
        ("电梯坏了", "有没有人啊"),
    ],
)
async def test_who_calls_out_after_telling_something_reads_that_we_have_it(
    fresh_sqlite_url: str, matter: str, words: str
) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.says(matter, "c1")
        [heard] = await asks(kit, words, "c1")  # while we ask who they are
        assert heard.startswith("TS20260302-0001")
        await asks(kit, "王先生 3-902 13812345678", "c1")
        [heard] = await asks(kit, words, "c1")
        assert heard.startswith("TS20260302-0001")
        assert (await kit.the_complaint()).contact_known
        [heard] = await asks(kit, words, "c2")  # who has told nothing
        assert "TS20260302" not in heard
