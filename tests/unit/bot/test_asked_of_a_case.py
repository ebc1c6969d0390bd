"""Whoever has a case open and asks about it is not answered like a stranger."""

from __future__ import annotations

import pytest

from tests.unit.bot.desk_kit import Kit, asks, exchange, reads

MATTER = "3栋502厨房漏水，我姓李，电话13800138000"


@pytest.mark.parametrize(
    "words",
    ["你们先说怎么赔", "那你们打算怎么赔啊", "你们准备怎么处理", "怎么补偿我", "我要准备什么", "so what do i get for this",
     "what do you need from me", "great but can you just email it to me too",
     "nice one, can you also send the receipt to my wife",
     "hello could you print that for us as well", "你好 也发一份给我老婆吧", "您好，可以寄给我一份吗"],
)  # fmt: skip
async def test_a_question_reaches_who_has_it(kit: Kit, words: str) -> None:
    await asks(kit, MATTER, "c1")
    await exchange(kit, "接单", "handler")
    await reads(kit, "handler")
    [answer] = await asks(kit, words, "c1")
    assert "0001" in answer
    assert "请讲" not in answer
    assert words in await reads(kit, "handler")


@pytest.mark.parametrize("words", ["你不是有登记吗", "不是都登记过了吗"])
async def test_that_we_were_told_already_is_confirmed(kit: Kit, words: str) -> None:
    await asks(kit, MATTER, "c1")
    [answer] = await asks(kit, words, "c1")
    assert "0001" in answer
    assert "厨房漏水" in answer


@pytest.mark.parametrize(
    "words", ["谁负责的", "这事谁负责", "谁在处理", "who is responsible for this", "who is handling this"]
)
async def test_with_whom_it_is(kit: Kit, words: str) -> None:
    await asks(kit, "厨房漏水，我姓李，电话13800138000", "c1")
    [answer] = await asks(kit, words, "c1")
    assert "张伟" in answer
    await exchange(kit, "退单 不是我们的 转工程", "handler")
    await exchange(kit, "是", "handler")
    [answer] = await asks(kit, words, "c1")
    assert ("由客服中心负责" in answer) or ("service centre is in charge" in answer)


@pytest.mark.parametrize("words", ["帮助", "怎么用", "help", "what can i do here", "你好"])
async def test_who_needs_help_gets_it(kit: Kit, words: str) -> None:
    await asks(kit, MATTER, "c1")
    await reads(kit, "handler")
    await asks(kit, words, "c1")
    assert await reads(kit, "handler") == ""
