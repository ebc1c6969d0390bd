"""A colleague contacts the customer themselves: nobody is phoned meanwhile, and what came of it is asked for. R-037."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.grammar.contacting import contact_result, takes_contact
from complaints.change import EventKind, NoticeKind
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, open_desk
from tests.unit.bot.test_absence import LEAK, STAFF, reads


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("我来联系客户", ""),
        ("0001 我来联系客户", "0001"),
        ("我亲自联系业主吧", ""),
        ("我给客户打个电话", ""),
        ("I'll contact the customer myself", ""),
    ],
)
def test_who_contacts_the_customer_says_so(text: str, number: str) -> None:
    assert takes_contact(text) == number


@pytest.mark.parametrize(
    "text", ["我来", "已联系客户", "客户来联系我", "我来联系厂家", "联系不上客户", "让张伟联系客户"]
)
def test_other_words_say_no_such_thing(text: str) -> None:
    assert takes_contact(text) is None


def test_what_came_of_it_is_told_by_its_command() -> None:
    assert contact_result("联系结果 0001 约好周五上午") == ("0001", "约好周五上午")
    assert contact_result("已联系客户") is None


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    channels = [FakeChannel("chat", CHAT)]
    async with open_desk(fresh_sqlite_url, staff=STAFF, channels=channels, policy="mingyuan") as kit:
        for name, address in (("张伟", "zhang"), ("李娜", "li"), ("赵经理", "zhao"), ("王主任", "wang")):
            await kit.address(name, "chat", address)
        await kit.says(LEAK)
        yield kit


async def test_nobody_is_phoned_meanwhile_and_the_result_is_asked_for(kit: Kit) -> None:
    await kit.says("0001 我来联系客户", "wang")
    assert "王主任 会亲自联系客户" in await reads(kit, "zhang")
    await kit.sweep(timedelta(hours=2, minutes=1))
    read = await reads(kit, "wang")
    assert "结果怎样" in read
    assert "请打电话" not in read
    await kit.says("客户同意周五上午来修", "wang")
    assert "客户同意周五上午来修" in await reads(kit, "zhang")
    assert (await kit.the_complaint()).marked(EventKind.CONTACT_TOLD) is not None
    await kit.sweep(timedelta(days=2))
    assert len(await kit.outbox(NoticeKind.CONTACT_ASKED)) == 1


async def test_of_a_contact_without_a_result_the_lead_hears(kit: Kit) -> None:
    await kit.says("0001 我来联系客户", "zhao")
    await kit.sweep(timedelta(hours=3))
    await kit.sweep(timedelta(days=1))
    assert "赵经理 3月2日(周一) 10:00 说去联系客户" in await reads(kit, "wang")


async def test_a_result_is_told_by_whoever_took_it_on(kit: Kit) -> None:
    await kit.says("0001 我来联系客户", "wang")
    await kit.says("联系结果 0001 没事了", "li")
    assert "现在没有等您回话的客户联系" in await reads(kit, "li")
