"""What a lead says that names no colleague is no assignment: a finding with an order, what is to be paid, what can wait."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.grammar import Speaker, Verb, understand
from bot.people import Directory, Person
from complaints.vocabulary import Role, Status
from tests.unit.bot.desk_kit import Kit, asks, entry, open_desk

PEOPLE = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=3),
    entry("周强", Role.HANDLER, line=4),
)
CHATS = {"张伟": "handler", "王主管": "lead", "周强": "zhou"}


@pytest.mark.parametrize(
    ("said", "verb"),
    [
        ("0005那个 再等等", Verb.UNCLEAR),
        ("0005 那个先放一放", Verb.HOLD),
        ("0005 that one can wait", Verb.UNCLEAR),
        ("成立 让周强去", Verb.VALID),
        ("0003 属实，派周强过去", Verb.VALID),
        ("0002 给他垫付1500 从我这出", Verb.URGE),
        ("0002 给客户赔1500", Verb.URGE),
        ("0002 give him 1500", Verb.URGE),
        ("0002 refund the customer 500", Verb.URGE),
        ("0002 给小李", Verb.ASSIGN),
        ("0002 让小李去", Verb.ASSIGN),
        ("0003 交给张伟 让他别急", Verb.ASSIGN),
        ("give 0002 to Tom Baker", Verb.ASSIGN),
    ],
)
def test_only_a_name_is_whom_to_give_it_to(said: str, verb: Verb) -> None:
    assert understand(said, Speaker.SUPERVISOR).verb is verb


@pytest.mark.parametrize("said", ["成立 让周强去", "0001 属实，派周强过去", "有效，派周强去"])
async def test_a_finding_where_none_is_waited_for_gives_it_to_whom_it_names(fresh_sqlite_url: str, said: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=CHATS) as kit:
        await kit.says("投诉 车库漏水三天没人管")
        await kit.says("派单 0001 @张伟", "lead")
        await kit.says(said, "lead")
        assert (await kit.the_complaint()).owner == (await kit.person("周强")).id


async def test_a_finding_that_is_waited_for_keeps_the_order(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=CHATS, policy="vanke") as kit:
        await kit.says("投诉 车库漏水三天没人管")
        await asks(kit, "成立 让周强去", "lead")
        assert (await kit.the_complaint()).status is not Status.UNDER_REVIEW
        assert "让周强去" in "".join(kit.chat.texts("lead"))


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=CHATS, before=assigned) as kit:
        yield kit


async def assigned(kit: Kit) -> None:
    await kit.says("投诉 车库漏水三天没人管")
    await kit.says("派单 0001 @张伟", "lead")
    await kit.deliver()


@pytest.mark.parametrize("said", ["0001 给他垫付1500 从我这出", "0001 give the customer 1500, on my account"])
async def test_what_is_to_be_paid_reaches_whoever_has_it(kit: Kit, said: str) -> None:
    [back] = await asks(kit, said, "lead")
    assert "没有叫" not in back
    assert any("1500" in each for each in kit.chat.texts("handler"))
    assert not any("1500" in each for each in kit.chat.texts("c1"))


NOBODY = [
    "0001 转给工程部小李", "0001转给小李", "把0001派给工程部的小李", "转派 0001 工程部小李", "0001 交给工程部的小李处理",
    "give 0001 to joe from maintenance", "0001 pass it to maintenance bob",
]  # fmt: skip


@pytest.mark.parametrize("who", ["lead", "handler"])
@pytest.mark.parametrize("said", NOBODY)
async def test_that_nobody_is_called_so_is_said(fresh_sqlite_url: str, said: str, who: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=CHATS) as kit:
        await kit.says("投诉 车库漏水三天没人管")
        await kit.says("派单 0001 @张伟", "lead")
        await kit.deliver()
        [answer] = await asks(kit, said, who)
        assert "没有叫“" in answer or "no colleague called" in answer
        assert any(name in answer for name in ("小李”", "joe", "bob"))
        assert (await kit.the_complaint()).owner == (await kit.person("张伟")).id


@pytest.mark.parametrize("said", ["0001 转给工程部周强", "0001派给工程部的周强", "0001 交给工程部的周强处理"])
async def test_who_is_named_with_where_they_are_is_found(fresh_sqlite_url: str, said: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=CHATS) as kit:
        await kit.says("投诉 车库漏水三天没人管")
        await kit.says("派单 0001 @张伟", "lead")
        await kit.says(said, "lead")
        assert (await kit.the_complaint()).owner == (await kit.person("周强")).id


def test_a_unit_alone_is_nobody() -> None:
    directory = Directory.of([Person("a", "周强", staff=True), Person("b", "小李", staff=True)])
    assert directory.named("工程部") == []
    assert [each.id for each in directory.named("工程部的小李")] == ["b"]
