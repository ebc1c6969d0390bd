"""What a colleague hands on in a chat: who wrote it stays the complainant, who hands it on hears how it ends (trap 15)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.storage.models import AddressRow, EventRow, FileRow
from complaints.change import EventKind
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import GROUP_CHAT, STAFF, FakeChannel, Kit, entry, known_customer, open_desk

LEAK = "我家厨房漏水三天了没人管"
LI = "李娜 <c1>"


@pytest.fixture
async def kit(database_url: str) -> AsyncIterator[Kit]:
    staff = [*STAFF, entry("刘芳", Role.EMPLOYEE, line=4)]
    async with open_desk(
        database_url,
        channels=[FakeChannel("chat", GROUP_CHAT)],
        staff=staff,
        chats={"张伟": "handler", "王主管": "lead", "刘芳": "fang"},
    ) as kit:
        yield kit


async def test_trap_15_the_writer_stays_the_complainant(kit: Kit) -> None:
    """Trap 15: staff who hand on a customer's message become the customer."""
    await kit.says(LEAK, "fang", forwarded_from=LI)
    complaint = await kit.the_complaint()
    assert complaint.finder == (await kit.person("刘芳")).id
    assert complaint.complainant == await known_customer(kit, "c1")
    assert complaint.summary == LEAK
    await kit.deliver()
    assert kit.chat.texts("c1") == []  # they have never opened a chat with us


async def test_who_wrote_it_finds_it_in_their_own_chat(kit: Kit) -> None:
    await kit.says(LEAK, "fang", forwarded_from=LI)
    await kit.says("/start", "c1")
    assert len(await kit.outbox("status")) == 1
    await kit.says("催一下", "c1")
    assert (await kit.the_complaint()).urged == 1


async def test_several_messages_handed_on_together_are_one_matter(kit: Kit) -> None:
    photo = [{"name": "1.jpg", "handle": "h"}]
    await kit.says("", "fang", forwarded_from=LI, attachments=photo, content="photo", message_id="m1")
    await kit.says(LEAK, "fang", forwarded_from=LI)
    await kit.says("6栋1202", "fang", forwarded_from=LI)
    complaint = await kit.the_complaint()
    assert [row.reference for row in await kit.rows(FileRow)] == [complaint.reference]
    events = await kit.rows(EventRow, EventRow.kind == EventKind.SUPPLEMENTED)
    assert [event.note for event in events] == ["6栋1202"]


async def test_who_hides_their_name_is_still_not_the_colleague(kit: Kit) -> None:
    await kit.says(LEAK, "fang", forwarded_from="李娜")
    complaint = await kit.the_complaint()
    assert complaint.complainant != (await kit.person("刘芳")).id
    assert not complaint.contact_known
    assert len(await kit.outbox("contact_needed")) == 1


async def test_a_handlers_good_news_is_no_complaint_unless_they_say_so(kit: Kit) -> None:
    await kit.says("水泵已经换好了", "handler", forwarded_from="师傅 <w1>")
    assert await kit.complaints() == []
    assert await kit.rows(AddressRow, AddressRow.address == "w1") == []
    await kit.says("我的投诉", "handler")
    await kit.says("楼道的灯", "handler", forwarded_from=LI)
    assert (await kit.the_complaint()).summary == "楼道的灯"


async def test_a_customer_who_hands_something_on_speaks_for_themselves(kit: Kit) -> None:
    await kit.says(LEAK, "c2", forwarded_from=LI)
    assert (await kit.the_complaint()).complainant == await known_customer(kit, "c2")


async def test_another_persons_message_is_another_matter(kit: Kit) -> None:
    await kit.says(LEAK, "fang", forwarded_from=LI)
    await kit.says("我家停水两天没人管", "fang", forwarded_from="王丽 <c2>")
    kit.clock.move_to(kit.clock.now() + timedelta(minutes=1))
    first, second = await kit.complaints()
    assert first.complainant != second.complainant
