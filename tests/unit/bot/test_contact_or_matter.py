"""What stands where a customer's number was asked for: who that is, or the next customer's matter (R-005, R-022)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.storage.models import PersonRow
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import STAFF, Kit, asks, entry, open_desk


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    staff = (*STAFF, entry("赵敏", Role.EMPLOYEE, line=4), entry("孙莉", Role.AGENT, line=5))
    async with open_desk(fresh_sqlite_url, staff=staff, chats={"王主管": "lead", "赵敏": "zhao", "孙莉": "sun"}) as kit:
        yield kit


@pytest.mark.parametrize("who", ["zhao", "sun"])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("客户说地库积水 另外还有一个说5栋垃圾没人收", "市民热线转办单 周女士 13700002222 水费多收 11月28日前答复"),
        ("有个业主说7栋楼道堆了杂物", "13栋孙大姐 13700002222 说她家暖气不热"),
        ("有个业主说7栋楼道堆了杂物", "13栋孙大姐 13700002222 大厅门坏了"),
        ("客户赵先生 大厅门坏了", "13栋孙大姐 13700002222 说她家暖气不热"),
        ("a resident says the lift is broken", "mrs Lee 13700002222 her tap is leaking"),
        ("a resident says the lift is broken", "tenant Tom Brown, 13700002222, says the rubbish is never collected"),
    ],
)
async def test_a_matter_of_somebody_else_is_a_complaint_of_its_own(kit: Kit, who: str, first: str, second: str) -> None:
    await asks(kit, f"我的投诉 {first}", who)
    await asks(kit, second, who)
    *waiting, brought = await kit.complaints()
    assert waiting
    assert brought.contact_known
    for each in waiting:
        assert not each.contact_known
        [customer] = await kit.rows(PersonRow, PersonRow.id == each.complainant)
        assert customer.phone == ""
        assert not any(each.reference in text for text in kit.sms.texts("+8613700002222"))
    assert any(brought.reference in text for text in kit.sms.texts("+8613700002222"))


async def test_the_next_one_may_lack_a_number_too_and_both_are_still_asked_for(kit: Kit) -> None:
    await asks(kit, "有个业主说7栋楼道堆了杂物", "zhao")
    answers = await asks(kit, "又有个大爷说3栋的灯坏了", "zhao")
    first, second = await kit.complaints()
    assert any(second.reference in text for text in answers)
    await asks(kit, "李大爷 13700002222", "zhao")
    await asks(kit, "王阿姨 13700003333", "zhao")
    people = {row.id: row.phone for row in await kit.rows(PersonRow)}
    assert (people[first.complainant], people[second.complainant]) == ("+8613700003333", "+8613700002222")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("有个业主说7栋楼道堆了杂物", "7栋孙大姐 13700002222"),
        ("客户说地库积水", "张女士 13700002222 地库水很深"),
        ("客户说地库积水", "张女士 13700002222 人在外地 晚上打"),
        ("客户说她家漏水", "王芳 13700002222 3栋502 厨房天花板滴水"),
        ("有个业主要投诉", "13栋孙大姐 13700002222 说她家暖气不热"),
        ("a resident says the lift is broken", "it's Mr Brown in 4-1201, 13700002222, best after 6"),
        ("a resident says the lift is broken", "13700002222, the lift has been stuck for three days"),
    ],
)
async def test_what_says_more_of_the_same_is_still_how_its_customer_is_reached(
    kit: Kit, first: str, second: str
) -> None:
    await asks(kit, f"我的投诉 {first}", "zhao")
    await asks(kit, second, "zhao")
    complaint = await kit.the_complaint()
    assert complaint.contact_known
    [customer] = await kit.rows(PersonRow, PersonRow.id == complaint.complainant)
    assert customer.phone == "+8613700002222"
