"""What an employee tells of a customer in two messages is one story, and the employee is not spoken to as the customer."""

from __future__ import annotations

from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import STAFF, entry, open_desk


async def test_what_happened_may_come_with_the_name_and_the_number(fresh_sqlite_url: str) -> None:
    staff = (*STAFF, entry("何员工", Role.EMPLOYEE))
    async with open_desk(fresh_sqlite_url, staff=staff) as kit:
        for name, address in (("张伟", "handler"), ("王主管", "lead"), ("何员工", "he")):
            await kit.address(name, "chat", address)
        await kit.says("我的投诉 客户很生气", "he")
        await kit.says("李先生 13988887777 6栋602 厨房漏水", "he")
        await kit.deliver()
        complaint = await kit.the_complaint()
        assert "客户很生气" in complaint.summary
        assert "厨房漏水" in complaint.summary
        assert complaint.category == "QUAL.leak"
        assert "厨房漏水" in kit.chat.texts("handler")[0]
        assert "告诉您" not in kit.chat.texts("he")[-1]
        assert complaint.reference in kit.chat.texts("he")[-1]


async def test_the_first_sms_says_who_told_us_and_who_asks_is_named(fresh_sqlite_url: str) -> None:
    staff = (*STAFF, entry("何员工", Role.EMPLOYEE))
    async with open_desk(fresh_sqlite_url, staff=staff) as kit:
        for name, address in (("张伟", "handler"), ("王主管", "lead"), ("何员工", "he")):
            await kit.address(name, "chat", address)
        await kit.says("我的投诉 李女士 13988887777 6栋602 厨房漏水", "he")
        await kit.deliver()
        number = (await kit.the_complaint()).reference
        assert "何员工替您反映的事" in kit.sms.texts("+8613988887777")[0]
        await kit.says(f"进度 {number}", "he")
        await kit.deliver()
        assert "客户反映的是" in kit.chat.texts("he")[-1]
        assert "您" not in kit.chat.texts("he")[-1]
        await kit.says("进度", "he")
        await kit.deliver()
        assert "客户反映的是" in kit.chat.texts("he")[-1]
        assert "转达同事 何员工 在问进度" in kit.chat.texts("handler")[-1]
