"""What an employee brings in for a customer (R-005, R-006): by words or forwarded; listed, followed, and its outcome told."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.grammar.details import find_reporter
from bot.storage.models import AddressRow, EventRow, PersonRow
from complaints.change import EventKind
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import STAFF, Kit, asks, entry, open_desk

FINDERS = ("zhao", "qian", "sun")
"""An employee, one who handles other things, and one of the service centre."""


@pytest.fixture
async def kit(database_url: str) -> AsyncIterator[Kit]:
    staff = (
        *STAFF,
        entry("赵敏", Role.EMPLOYEE, line=4),
        entry("钱进", Role.HANDLER, line=5, categories=("OTHER.partner",)),
        entry("孙莉", Role.AGENT, line=6),
    )
    async with open_desk(
        database_url,
        staff=staff,
        chats={"张伟": "handler", "王主管": "lead", "赵敏": "zhao", "钱进": "qian", "孙莉": "sun"},
    ) as kit:
        yield kit


@pytest.mark.parametrize("who", FINDERS)
async def test_it_is_entered_listed_followed_added_to_and_its_outcome_told(kit: Kit, who: str) -> None:
    told = await asks(kit, "我的投诉 4栋的张女士说电梯坏了，电话13812345678", who)
    complaint = await kit.the_complaint()
    assert any(complaint.reference in text for text in told)
    [customer] = await kit.rows(PersonRow, PersonRow.id == complaint.complainant)
    assert (customer.name, customer.phone, customer.place) == ("张女士", "+8613812345678", "4栋")
    assert any(complaint.reference in text for text in kit.chat.texts("lead"))  # the centre hears at once
    assert complaint.reference in kit.sms.texts("+8613812345678")[0]
    for words in ("我转的投诉", "我录入的"):
        [listed] = await asks(kit, words, who)
        assert complaint.reference in listed, words
    [status] = await asks(kit, f"进度 {complaint.reference[-4:]}", who)
    assert complaint.reference in status
    answers = await asks(kit, f"补充 {complaint.reference[-4:]} 老人在家下不了楼", who)
    assert not any("没看懂" in text for text in answers)
    assert any("老人在家下不了楼" in text for text in kit.chat.texts("handler"))
    await asks(kit, f"办结 {complaint.reference} 换了控制板", "handler")
    kit.chat.sent.clear()
    await kit.says("满意", "+8613812345678", "sms")
    await kit.deliver()
    assert any("有结果了" in text and "换了控制板" in text for text in kit.chat.texts(who))
    [status] = await asks(kit, f"进度 {complaint.reference}", who)  # after it is over, too
    assert complaint.reference in status


@pytest.mark.parametrize("who", FINDERS)
async def test_a_forwarded_chat_message_keeps_who_wrote_it(kit: Kit, who: str) -> None:
    await asks(kit, "我的投诉", who)
    await asks(kit, "我家厨房漏水三天没人管", who, forwarded_from="李娜 <990011>")
    complaint = await kit.the_complaint()
    [row] = await kit.rows(PersonRow, PersonRow.id == complaint.complainant)
    assert row.name == "李娜"
    [address] = await kit.rows(AddressRow, AddressRow.address == "990011")
    assert (address.person, address.proven) == (row.id, False)
    assert complaint.finder is not None


@pytest.mark.parametrize("who", FINDERS)
async def test_where_the_platform_does_not_say_who_wrote_it_that_is_asked(kit: Kit, who: str) -> None:
    answers = await asks(kit, "我家厨房漏水三天没人管", who, forwarded_from="李娜")
    complaint = await kit.the_complaint()
    assert not complaint.contact_known
    assert any("联系" in text for text in answers)
    assert any(complaint.reference in text for text in kit.chat.texts("lead"))
    await asks(kit, "13712345678", who)
    assert (await kit.the_complaint()).contact_known
    assert any(complaint.reference in text for text in kit.sms.texts("+8613712345678"))


async def test_a_forwarded_message_of_somebody_without_a_name_asks_who_it_was(kit: Kit) -> None:
    answers = await asks(kit, "我家厨房漏水三天没人管", "zhao", forwarded_from="匿名用户")
    assert any("电话" in text for text in answers)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("4栋的张女士说电梯坏了", "张女士"),
        ("业主李先生反映楼道灯不亮", "李先生"),
        ("客户欧阳女士，5栋302，燃气灶打不着火", "欧阳女士"),
        ("有位阿姨说垃圾没人清", ""),
        ("电梯坏了，老人下不了楼", ""),
        ("Mrs Lee in 5-302 says the lift is broken", "Mrs Lee"),
        ("the lift is broken", ""),
    ],
)
def test_whom_the_words_speak_for(words: str, name: str) -> None:
    assert find_reporter(words) == name


async def test_what_a_colleague_says_of_their_own_task_is_no_addition_of_a_finder(kit: Kit) -> None:
    await kit.says("电梯坏了三天没人修，13712345678", "c1")
    reference = (await kit.the_complaint()).reference
    await asks(kit, f"补充 {reference[-4:]} 配件明天到", "qian")
    assert await kit.outbox("staff_supplement") == []


@pytest.mark.parametrize("who", FINDERS)
@pytest.mark.parametrize(
    ("skips", "words"),
    [
        ("不知道", "张女士，13800000002，5栋"),
        ("不知道", "客户电话是13800000002"),
        ("不知道", "补充 0001 她的电话13800000002"),
        ("I don't know", "Mrs Lee, 13800000002"),
        ("I don't know", "add 0001 her number is 13800000002"),
    ],
)
async def test_r_022_contact_that_is_found_out_later_belongs_to_what_lacks_it(
    kit: Kit, who: str, skips: str, words: str
) -> None:
    await asks(kit, "我的投诉 有个客户说电梯坏了", who)
    assert (await kit.the_complaint()).contact_known is False
    await asks(kit, skips, who)
    await asks(kit, words, who)
    complaint = await kit.the_complaint()  # and no second one
    assert complaint.contact_known
    assert complaint.task is not None  # it could be given to somebody now
    [customer] = await kit.rows(PersonRow, PersonRow.id == complaint.complainant)
    assert customer.phone == "+8613800000002"
    assert any(complaint.reference in text for text in kit.sms.texts("+8613800000002"))


async def test_a_matter_with_a_number_is_still_one_of_its_own(kit: Kit) -> None:
    await asks(kit, "我的投诉 有个客户说电梯坏了", "zhao")
    await asks(kit, "不知道", "zhao")
    await asks(kit, "我的投诉 6栋王先生说厨房漏水，13800000003", "zhao")
    assert len(await kit.complaints()) == 2


@pytest.mark.parametrize("who", ["sun", "lead"])
@pytest.mark.parametrize("why", ["客户没留电话，请先到现场看", "the lift has to be safe first"])
async def test_r_022_a_reason_sends_out_what_lacks_contact_and_is_kept(kit: Kit, who: str, why: str) -> None:
    await asks(kit, "我的投诉 有个客户说电梯坏了", "zhao")
    [refused] = await asks(kit, "派单 0001 @张伟", who)
    assert "联系方式" in refused
    assert "原因" in refused
    await asks(kit, f"派单 0001 @张伟 {why}", who)
    assert (await kit.the_complaint()).task is not None
    [event] = await kit.rows(EventRow, EventRow.kind == EventKind.DISPATCHED)
    assert event.note == why
    assert '"without":"contact"' in event.facts.replace(" ", "")
