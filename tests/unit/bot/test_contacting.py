"""A colleague contacts the customer themselves: nobody is phoned meanwhile, and what came of it is asked for. R-037."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.grammar.contacting import contact_result, takes_contact
from complaints.change import EventKind, NoticeKind
from complaints.complaint import Complaint
from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, open_desk, reads
from tests.unit.bot.test_absence import LEAK, STAFF


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
    async with open_desk(
        fresh_sqlite_url,
        staff=STAFF,
        channels=channels,
        policy="mingyuan",
        chats={"张伟": "zhang", "李娜": "li", "赵经理": "zhao", "王主任": "wang"},
    ) as kit:
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


async def asked_for_somebody(kit: Kit) -> tuple[str, str]:
    """Let a customer of an ordinary complaint ask for a person after a gas alarm; return (ordinary, alarm) numbers."""
    await kit.says("小区门口的灯坏了，我是5栋101的刘女士，电话13900139000", "c2")
    ordinary = (await kit.complaints())[-1].reference
    await kit.says("家里闻到很浓的燃气味，快来人，我是1栋202的周先生，电话13700137000", "c3")
    alarm = (await kit.complaints())[-1].reference
    await reads(kit, "wang")
    await kit.says("转人工", "c2")
    await kit.deliver()
    return ordinary, alarm


async def complaint(kit: Kit, reference: str) -> Complaint:
    [found] = [each for each in await kit.complaints() if each.reference == reference]
    return found


@pytest.mark.parametrize("words", ["我来联系", "我来联系客户"])
async def test_i_contact_them_means_the_customer_who_asked_for_somebody(kit: Kit, words: str) -> None:
    ordinary, alarm = await asked_for_somebody(kit)
    await kit.says(words, "wang")
    assert ordinary in await reads(kit, "wang")
    assert (await complaint(kit, ordinary)).marked(EventKind.CONTACTING) is not None
    gas = await complaint(kit, alarm)
    assert (gas.marked(EventKind.CONTACTING), gas.marked(EventKind.ACKNOWLEDGED), gas.acks) == (None, None, ())
    await kit.says("已电话 无人接听", "wang")
    assert (await complaint(kit, ordinary)).marked(EventKind.CONTACT_TOLD) is None
    await kit.says("已电话 接通 约好周五上午看", "wang")
    assert (await complaint(kit, ordinary)).marked(EventKind.CONTACT_TOLD) is not None


async def test_of_two_customers_who_asked_it_is_asked_back(kit: Kit) -> None:
    ordinary, _ = await asked_for_somebody(kit)
    await kit.says("转人工", "c1")
    await kit.deliver()
    await kit.tell("王主任", "other")
    await kit.deliver()
    await kit.says("我来联系", "wang")
    assert "哪一件" in await reads(kit, "wang")
    await kit.says("2", "wang")
    assert (await complaint(kit, ordinary)).marked(EventKind.CONTACTING) is not None


async def test_who_has_no_complaint_is_contacted_all_the_same(kit: Kit) -> None:
    _, alarm = await asked_for_somebody(kit)
    await kit.says("我要找人工，电话13611112222", "c9")
    await kit.deliver()
    await kit.says("我来联系", "wang")
    assert "由您联系客户" in await reads(kit, "wang")
    await kit.says("已电话 接通 说清楚了", "wang")
    assert "记下了" in await reads(kit, "wang")
    assert (await complaint(kit, alarm)).acks == ()


async def test_a_line_of_several_tasks_is_asked_back_whatever_was_asked_last(kit: Kit) -> None:
    await kit.says("0001 接单", "zhang")
    await kit.says("小区门口的灯坏了，我是5栋101的刘女士，电话13900139000", "c2")
    await kit.says("分派 0002 张伟", "wang")
    await kit.says("0002 接单", "zhang")
    await kit.deliver()
    await kit.says("0002 我来联系客户", "zhang")
    await reads(kit, "zhang")
    await kit.says("进展 配件已经到货，下午就装", "zhang")
    assert "哪一件" in await reads(kit, "zhang")
    assert [each.last_progress for each in await kit.complaints()] == ["", ""]


async def test_a_number_at_the_beginning_is_stronger_than_what_was_asked_of_another(kit: Kit) -> None:
    await kit.says("0001 接单", "zhang")
    await kit.says("小区门口的灯坏了，我是5栋101的刘女士，电话13900139000", "c2")
    await kit.says("分派 0002 张伟", "wang")
    await kit.says("0002 接单", "zhang")
    await kit.says("0001 办结", "zhang")
    await kit.says("0002 灯修好了", "zhang")
    first, second = await kit.complaints()
    assert (first.status, second.status) == (Status.WORKING, Status.RESOLVED)
    assert second.result == "灯修好了"
