"""A sum in a customer's words is neither a complaint's number, nor a withdrawal, nor agreement to a plan of another sum."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.grammar import Pending, Speaker, Verb, understand
from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import Kit, exchange, open_desk


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, before=accepted) as kit:
        yield kit


async def accepted(kit: Kit) -> None:
    await kit.says("楼上漏水，把我家地板泡坏了，3栋502")
    await kit.says("派单 0001 @张伟", "lead")
    await kit.says("接单 0001", "handler")
    await kit.deliver()


SUMS = [
    "1800行吧 什么时候给",
    "1800 可以 什么时候打给我",
    "2000行不行",
    "1500不够 2000行不行",
    "算了 300 行不行",
    "算了 给500就行",
    "那就1500吧",
    "2000 ok when do I get it",
    "1500 is too low",
    "forget it, 300 and we're done",
]


@pytest.mark.parametrize("words", SUMS)
async def test_a_sum_reaches_whoever_has_the_matter(kit: Kit, words: str) -> None:
    kit.chat.sent.clear()
    [answer] = await exchange(kit, words, "c1")
    assert "没有找到" not in answer
    assert "撤回" not in answer
    assert any(words in text for text in kit.chat.texts("handler"))


@pytest.mark.parametrize("words", ["算了", "算了 不投诉了", "算了 3天了 撤了吧", "forget it, I withdraw it"])
def test_a_withdrawal_is_still_one(words: str) -> None:
    assert understand(words).verb is Verb.WITHDRAW


@pytest.mark.parametrize(
    ("words", "number"), [("0001 什么时候好", "0001"), ("1800怎么样了", "1800"), ("0002行吗", "0002")]
)
def test_a_number_is_still_one(words: str, number: str) -> None:
    assert understand(words, Speaker.CUSTOMER, Pending.NONE).said("reference") == number


@pytest.mark.parametrize("words", ["算了 500吧", "算了 给500就行", "make it 500 and I'm happy", "1500 deal when"])
async def test_another_sum_agrees_to_no_plan(kit: Kit, words: str) -> None:
    await kit.says("方案 补偿300元，周五前换好地板", "handler")
    await kit.deliver()
    kit.chat.sent.clear()
    assert (await kit.the_complaint()).status is Status.PROPOSED
    await exchange(kit, words, "c1")
    assert (await kit.the_complaint()).status is Status.PROPOSED
    assert any(words in text for text in kit.chat.texts("handler"))
    await kit.says("接受")
    assert (await kit.the_complaint()).status is Status.EXECUTING


@pytest.mark.parametrize("words", ["300可以", "好的 300就300", "行", "ok 300 is fine"])
async def test_the_sum_of_the_plan_agrees_to_it(kit: Kit, words: str) -> None:
    await kit.says("方案 补偿300元，周五前换好地板", "handler")
    await kit.deliver()
    await kit.says(words)
    assert (await kit.the_complaint()).status is Status.EXECUTING


@pytest.mark.parametrize(
    "words",
    ["1800就1800吧", "1800 then", "ok 1800 then", "1800 ok", "1800吧", "fine, 1800 it is", "好 1800", "1800行吧"],
)
async def test_a_mere_assent_to_the_sum_agrees_and_to_another_does_not(kit: Kit, words: str) -> None:
    await kit.says("方案 0001 赔偿1200元", "handler")
    await kit.deliver()
    await exchange(kit, words, "c1")
    assert (await kit.the_complaint()).status is not Status.EXECUTING
    await kit.says("方案 0001 赔偿1800元", "handler")
    await kit.deliver()
    await exchange(kit, words, "c1")
    assert (await kit.the_complaint()).status is Status.EXECUTING


WITH_A_QUESTION = [
    "那1800就1800吧 啥时候给",
    "1800就1800 什么时候到账",
    "那1800就1800吧 什么时候打给我？",
    "行 1800就1800 钱怎么给我",
    "1800就1800吧多久到账",
    "ok 1800 then, when do i get it",
    "fine 1800 it is. when will it be paid?",
    "1800 is fine, how do i get it",
]


@pytest.mark.parametrize("words", WITH_A_QUESTION)
async def test_who_asks_when_it_is_paid_has_agreed_and_the_question_is_handed_on(kit: Kit, words: str) -> None:
    await kit.says("方案 0001 赔偿1200元", "handler")
    await kit.deliver()
    await exchange(kit, words, "c1")
    assert (await kit.the_complaint()).status is not Status.EXECUTING
    await kit.says("方案 0001 赔偿1800元", "handler")
    await kit.deliver()
    kit.chat.sent.clear()
    await exchange(kit, words, "c1")
    assert (await kit.the_complaint()).status is Status.EXECUTING
    assert any(words in text for text in kit.chat.texts("handler"))


@pytest.mark.parametrize(
    "words",
    ["1800什么时候给", "1800? 什么时候给", "什么时候给1800", "when do i get the 1800", "1800不行 什么时候给2000"],
)
async def test_who_only_asks_has_not_agreed(kit: Kit, words: str) -> None:
    await kit.says("方案 0001 赔偿1800元", "handler")
    await kit.deliver()
    await exchange(kit, words, "c1")
    assert (await kit.the_complaint()).status is not Status.EXECUTING


@pytest.mark.parametrize(
    "words", ["1800太少了", "1800?", "1800行吗", "1800 is too little", "1800 not ok", "1800", "1800就算了"]
)
async def test_a_sum_that_is_not_assented_to_agrees_to_nothing(kit: Kit, words: str) -> None:
    await kit.says("方案 0001 赔偿1800元", "handler")
    await kit.deliver()
    await exchange(kit, words, "c1")
    assert (await kit.the_complaint()).status is not Status.EXECUTING
