"""What a colleague tells of a customer who has called: it goes to the complaint that is named, and files no new one (C3)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.grammar import Speaker, Verb, understand
from complaints.vocabulary import Role, Status
from tests.unit.bot.desk_kit import Kit, entry, open_desk

PEOPLE = (entry("张伟", Role.HANDLER), entry("孙婷", Role.AGENT))


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE) as kit:
        await kit.address("张伟", "chat", "handler")
        await kit.address("孙婷", "chat", "agent")
        yield kit


@pytest.mark.parametrize(
    ("words", "verb", "number"),
    [
        ("0003的客户来电话说不投诉了，帮她撤了吧", Verb.WITHDRAW, "0003"),
        ("0003 客户不投诉了，撤了吧", Verb.WITHDRAW, "0003"),
        ("the customer of 0003 called, she drops it, please withdraw it", Verb.WITHDRAW, "0003"),
        ("0012回访过了，客户挺满意", Verb.CALLED, "0012"),
        ("0012 called back, the customer is happy", Verb.CALLED, "0012"),
        ("0012 回访过了，客户没接电话", Verb.CALLED, "0012"),
        ("0010的客户打电话说能不能今晚上门", Verb.ADD, "0010"),
        ("0010 the customer called and asks can someone come tonight", Verb.ADD, "0010"),
        ("客户刚打电话来催0003了，你帮我催一下", Verb.URGE, "0003"),
        ("the customer called to chase 0003 again", Verb.URGE, "0003"),
    ],
)
def test_it_is_about_the_complaint_that_is_named(words: str, verb: Verb, number: str) -> None:
    meant = understand(words, Speaker.SUPERVISOR)
    assert (meant.verb, meant.said("reference")) == (verb, number)


@pytest.mark.parametrize(
    ("words", "verb"),
    [
        ("0003的客户说她没说要撤诉", Verb.WITHDRAW),
        ("0010 不批准延期", Verb.ADD),
        ("客户打电话来说楼道灯坏了一个月", Verb.ADD),
        ("0003 已联系客户，客户打电话说今晚在家", Verb.ADD),
        ("同意 0010 客户打电话说能不能宽限", Verb.ADD),
    ],
)
def test_what_says_something_else_stays_what_it_is(words: str, verb: Verb) -> None:
    assert understand(words, Speaker.SUPERVISOR).verb is not verb


@pytest.mark.parametrize(("words", "rated"), [("挺满意", "satisfied"), ("不满意，说还在漏", "dissatisfied")])
def test_a_call_back_told_in_a_sentence_is_rated(words: str, rated: str) -> None:
    assert understand(f"0012回访过了，客户{words}", Speaker.SUPERVISOR).said("rating") == rated


async def test_withdrawn_for_the_customer_and_nothing_new_is_filed(kit: Kit) -> None:
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678", "c1")
    await kit.says("0001的客户来电话说不投诉了，帮她撤了吧", "agent")
    assert (await kit.the_complaint()).status is Status.WITHDRAWN


async def test_pressed_for_the_customer_in_a_sentence(kit: Kit) -> None:
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678", "c1")
    await kit.says("客户刚打电话来催0001了，你帮我催一下", "agent")
    await kit.deliver()
    assert "没看懂" not in kit.chat.texts("agent")[-1]
    assert (await kit.the_complaint()).urged == 1
