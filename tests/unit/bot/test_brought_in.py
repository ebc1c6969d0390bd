"""What an employee tells of a customer in two messages is one story, and the employee is not spoken to as the customer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.storage.models import EventRow
from complaints.change import EventKind
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import GROUP_CHAT, STAFF, FakeChannel, Kit, entry, open_desk


async def test_what_happened_may_come_with_the_name_and_the_number(fresh_sqlite_url: str) -> None:
    staff = (*STAFF, entry("何员工", Role.EMPLOYEE))
    async with open_desk(
        fresh_sqlite_url, staff=staff, chats={"张伟": "handler", "王主管": "lead", "何员工": "he"}
    ) as kit:
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
    async with open_desk(
        fresh_sqlite_url, staff=staff, chats={"张伟": "handler", "王主管": "lead", "何员工": "he"}
    ) as kit:
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


LEAK = "我家厨房漏水三天了没人管，我叫李娜，电话13712345678"
LI = "李娜 <c1>"


@pytest.fixture
async def handed(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    """A customer's complaint of a leak that an employee handed on half an hour ago."""
    staff = (*STAFF, entry("何员工", Role.EMPLOYEE))
    async with open_desk(
        fresh_sqlite_url,
        channels=[FakeChannel("chat", GROUP_CHAT)],
        staff=staff,
        chats={"张伟": "handler", "王主管": "lead", "何员工": "he"},
    ) as kit:
        await tells(kit, LEAK, forwarded_from=LI)
        yield kit


async def tells(kit: Kit, text: str, **more: Any) -> None:
    await kit.says(text, "he", **more)
    await kit.deliver()
    kit.clock.move_to(kit.clock.now() + timedelta(minutes=30))


@pytest.mark.parametrize(
    "said",
    [
        "我的投诉 客户说今天漏得更厉害了，还没人来",
        "我的投诉 补充：客户下午在家",
        "我的投诉 0001 客户下午在家",
        "我的投诉 李女士说又漏了",
        "客户说今天又漏了",
        "今天漏得更厉害了，还没人来",
        "my complaints: the customer says nobody came yet",
    ],
)
async def test_r005_what_goes_on_with_a_complaint_that_was_brought_in_is_added_to_it(handed: Kit, said: str) -> None:
    await tells(handed, said)
    complaint = await handed.the_complaint()
    [added] = await handed.rows(EventRow, EventRow.kind == EventKind.SUPPLEMENTED)
    assert added.by == complaint.finder
    assert "补充" in handed.chat.texts("handler")[-1]
    assert complaint.reference in handed.chat.texts("he")[-1]


@pytest.mark.parametrize("said", ["今天下午我在家", "今天厨房又漏水了"])
async def test_trap_15_what_its_writer_says_later_is_added_too(handed: Kit, said: str) -> None:
    await tells(handed, "我的投诉")
    await tells(handed, said, forwarded_from=LI)
    await handed.the_complaint()
    [added] = await handed.rows(EventRow, EventRow.kind == EventKind.SUPPLEMENTED)
    assert added.note == said


@pytest.mark.parametrize(
    ("said", "more"),
    [
        ("我的投诉 有个客户说厨房漏水，还没人来", {}),
        ("我的投诉 张阿姨说厨房漏水，还没人来", {}),
        ("我的投诉 客户说厨房漏水还没人来，电话13800000003", {}),
        ("我的投诉 客户说电梯又坏了", {}),
        ("电梯又坏了", {"forwarded_from": LI}),
        ("我家厨房又漏水了，没人管", {"forwarded_from": "王丽 <c2>"}),
        ("投诉 我家楼道灯坏了", {}),
    ],
)
async def test_what_may_be_another_customers_or_another_matter_is_a_new_one(
    handed: Kit, said: str, more: dict[str, str]
) -> None:
    await tells(handed, said, **more)
    assert len(await handed.complaints()) == 2
