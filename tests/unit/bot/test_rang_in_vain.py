"""What came of ringing a customer, told by whoever of the centre rang: noted for colleagues, whoever works on the case."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.unit.bot.desk_kit import Kit, asks, open_desk


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, before=a_call_is_wished) as kit:
        yield kit


async def a_call_is_wished(kit: Kit) -> None:
    await kit.says("厨房漏水，我姓李，电话13800001111", "c1")
    await kit.says("请5点以后给我打电话", "c1")
    await kit.deliver()


@pytest.mark.parametrize(
    "words",
    [
        "0001 rang her, no answer",
        "0001 rang, no answer",
        "0001 called the customer, went to voicemail",
        "0001 rang mrs lee twice, she didnt pick up",
        "0001 rang him, he wants a refund",
        "0001 spoke to her, she wants it done by friday",
        "0001 跟客户通过电话了，她要退钱",
        "rang her, no answer",
        "rang mrs lee, she didnt pick up",
        "rang mrs lee, went straight to voicemail",
        "打给客户了 没人接",
    ],
)
async def test_it_is_noted_and_no_customer_reads_it(kit: Kit, words: str) -> None:
    [answer] = await asks(kit, words, "lead")
    assert "0001" in answer
    assert answer.startswith(("已备注", "Noted on"))
    assert kit.chat.texts("c1") == []
    [status] = await asks(kit, "进度 0001", "lead")
    assert words.removeprefix("0001 ") in status


async def test_of_several_who_wish_to_be_rung_it_is_asked_whose_that_was(kit: Kit) -> None:
    await kit.says("门禁坏了，我姓王，电话13800002222", "c2")
    await kit.says("给我打个电话", "c2")
    [answer] = await asks(kit, "rang her, no answer", "lead")
    assert "0001" in answer
    assert "0002" in answer
    [answer] = await asks(kit, "0002", "lead")
    assert answer.startswith(("已备注", "Noted on"))
    [status] = await asks(kit, "进度 0002", "lead")
    assert "rang her, no answer" in status


async def test_whoever_works_on_it_tells_it_as_before(kit: Kit) -> None:
    await asks(kit, "接单 0001", "handler")
    await asks(kit, "0001 rang her, no answer", "handler")
    assert kit.chat.texts("c1") == []
