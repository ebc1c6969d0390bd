"""Asked which of several is to be withdrawn, a customer may say: none of them."""

from __future__ import annotations

import pytest

from bot.dialogue.withdrawing import keeps_all
from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, exchange, open_desk

KEEPS = [
    "都不撤",
    "啊不是 点错了 我没要撤",
    "恢复",
    "算了 不撤了",
    "否",
    "都不是",
    "不撤了",
    "none",
    "oops wrong button",
    "no, none of them",
    "I don't want to withdraw any",
    "never mind, keep them",
]
GOES_ON = ["撤第一个", "算了，撤 0002", "撤销", "取消", "withdraw both", "the first one", "进度", "电梯又坏了"]


@pytest.mark.parametrize("words", KEEPS)
def test_these_keep_all(words: str) -> None:
    assert keeps_all(words)


@pytest.mark.parametrize("words", GOES_ON)
def test_these_say_something_else(words: str) -> None:
    assert not keeps_all(words)


@pytest.mark.parametrize("words", KEEPS)
async def test_the_question_is_let_go_and_nothing_is_withdrawn(fresh_sqlite_url: str, words: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await _two(kit)
        answers = await exchange(kit, "撤销", "c1")
        assert any("都不撤" in answer for answer in answers)
        [*buttons] = kit.chat.sent[-1].buttons
        assert "都不撤" in [button.says for button in buttons]
        answers = await exchange(kit, words, "c1")
        assert any("不撤回" in answer for answer in answers)
        assert all(complaint.going_on for complaint in await kit.complaints())
        answers = await exchange(kit, "进度 0001", "c1")
        assert any("0001" in answer for answer in answers)


async def test_one_of_them_can_still_be_chosen(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await _two(kit)
        await exchange(kit, "撤销", "c1")
        await exchange(kit, "0002", "c1")
        await exchange(kit, "是", "c1")
        first, second = await kit.complaints()
        assert (first.going_on, second.status) == (True, Status.WITHDRAWN)


async def test_thinking_better_of_one_is_no_more_about_it(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.says("厨房漏水，3栋502，王芳13712345678")
        await exchange(kit, "撤销", "c1")
        await exchange(kit, "算了不撤了", "c1")
        await kit.deliver()
        assert not any("算了不撤了" in text for who in ("handler", "lead") for text in kit.chat.texts(who))


async def _two(kit: Kit) -> None:
    await kit.says("厨房漏水，3栋502，王芳13712345678")
    await kit.says("投诉 8栋电梯坏了三天没人修")
    await kit.deliver()
