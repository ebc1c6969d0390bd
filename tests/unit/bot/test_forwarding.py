"""Trap 15: staff hand on a customer's mail and must not become the customer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.storage.models import AddressRow, PersonRow
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import STAFF, Kit, entry, known_customer, open_desk

EMPLOYEE = "zhao@example.com"
LINA = "lina@qq.example"
TEXT = (
    "请客服处理。\n赵敏 13900001111\n\n---------- 转发的邮件 ----------\n发件人: 李娜 <lina@qq.example>\n"
    "日期: 2026年3月2日\n主题: 厨房漏水\n收件人: zhao@example.com\n\n我家6栋1202厨房漏水三天没人管，电话13712345678\n"
)

MATTERS = ("厨房漏水没人管", "物业费收错了", "电梯坏了", "保安态度恶劣", "停车位被占")


@pytest.fixture
async def kit(database_url: str) -> AsyncIterator[Kit]:
    async with open_desk(database_url, staff=(*STAFF, entry("赵敏", Role.EMPLOYEE, line=4))) as kit:
        await kit.address("张伟", "chat", "handler")
        await kit.address("王主管", "chat", "lead")
        await kit.address("赵敏", "email", EMPLOYEE)
        await kit.address("赵敏", "chat", "zhao", last_inbound_at=kit.clock.now())
        yield kit


async def forwards(kit: Kit, text: str = TEXT, sender: str = EMPLOYEE, **more: Any) -> None:
    note, _, mail = text.partition("\n\n----------")
    values: dict[str, Any] = (
        {"forwarded_text": mail.rpartition("\n\n")[2].strip(), "visible_reply": note} if mail else {}
    )
    values |= {
        "subject": "Fwd: 厨房漏水",
        "forwarded_from": "李娜 <lina@qq.example>",
        "message_id": "<f1@example.com>",
    }
    await kit.says(text, sender, "email", **(values | more))


async def person(kit: Kit, id: str) -> PersonRow:
    [row] = await kit.rows(PersonRow, PersonRow.id == id)
    return row


async def test_trap_15_the_writer_is_the_complainant_and_the_employee_the_finder(kit: Kit) -> None:
    await forwards(kit)
    complaint = await kit.the_complaint()
    customer = await person(kit, complaint.complainant)
    assert (customer.name, customer.phone, customer.staff) == ("李娜", "+8613712345678", False)
    assert complaint.finder == (await kit.person("赵敏")).id
    assert complaint.summary == "我家6栋1202厨房漏水三天没人管，电话13712345678"
    [address] = await kit.rows(AddressRow, AddressRow.address == LINA)
    assert (address.person, address.proven) == (complaint.complainant, False)


async def test_trap_15_the_acknowledgement_goes_to_the_customer_and_the_finder_is_told(kit: Kit) -> None:
    await forwards(kit)
    await kit.deliver()
    complaint = await kit.the_complaint()
    [acknowledgement] = kit.mail.texts(LINA)
    assert complaint.reference in acknowledgement
    assert kit.mail.texts(EMPLOYEE) == []
    [told] = kit.chat.texts("zhao")
    assert complaint.reference in told


async def test_trap_47_the_employee_s_note_is_for_the_assignee_and_not_for_the_customer(kit: Kit) -> None:
    await forwards(kit)
    await kit.deliver()
    assert not any("请客服处理" in text or "13900001111" in text for text in kit.mail.texts(LINA))
    assert any("请客服处理" in text for text in kit.chat.texts("handler"))


async def test_the_customer_s_own_answer_comes_to_the_same_complaint(kit: Kit) -> None:
    await forwards(kit)
    await kit.deliver()
    [sent] = [message for message in kit.mail.sent if message.address == LINA]
    await kit.says("今天卧室也漏了", LINA, "email", in_reply_to=sent.message_id, message_id="<a1@qq.example>")
    complaint = await kit.the_complaint()
    assert (await kit.rows(AddressRow, AddressRow.address == LINA))[0].person == complaint.complainant
    assert "今天卧室也漏了" in (await kit.outbox("staff_supplement"))[-1].facts


async def test_a_customer_we_know_stays_who_they_are(kit: Kit) -> None:
    await kit.says("楼道灯坏了没人修", LINA, "email", message_id="<1@qq.example>", name="李娜")
    known = await known_customer(kit, LINA, "email")
    await forwards(kit)
    assert [complaint.complainant for complaint in await kit.complaints()] == [known, known]


async def test_a_writer_without_an_address_must_be_found_out(kit: Kit) -> None:
    await forwards(kit, "---------- 转发的邮件 ----------\n发件人: 李娜\n\n厨房漏水三天没人管", forwarded_from="李娜")
    complaint = await kit.the_complaint()
    assert not complaint.contact_known
    assert (await person(kit, complaint.complainant)).name == "李娜"
    await kit.deliver()
    assert any(complaint.reference in text for text in kit.mail.texts(EMPLOYEE))


async def test_a_customer_who_forwards_complains_themselves(kit: Kit) -> None:
    await forwards(kit, sender="wangwu@163.example", forwarded_from="张伟 <zhangwei@example.com>")
    complaint = await kit.the_complaint()
    assert complaint.finder is None
    assert complaint.complainant == await known_customer(kit, "wangwu@163.example", "email")


@pytest.mark.parametrize("who", ["客服 <desk@example.com>", "赵敏 <zhao@example.com>", "desk@example.com"])
async def test_our_own_mail_and_their_own_are_nobody_else_s_complaint(kit: Kit, who: str) -> None:
    await forwards(kit, "电梯坏了三天没人修", forwarded_from=who)
    complaint = await kit.the_complaint()
    assert complaint.complainant == (await kit.person("赵敏")).id
    assert complaint.finder is None


async def test_somebody_who_left_hands_on_nothing(kit: Kit) -> None:
    zhao = await kit.person("赵敏")

    async def leave(work: Any) -> None:
        row = await work.person_row(zhao.id)
        row.active = False
        await work.staff_changed()

    await kit.write(leave)
    await forwards(kit)
    assert (await kit.the_complaint()).finder is None


async def test_forwarding_in_a_complaint_s_thread_adds_to_it(kit: Kit) -> None:
    await forwards(kit)
    await forwards(kit, "又来一封", message_id="<f2@example.com>", in_reply_to="<f1@example.com>")
    assert len(await kit.complaints()) == 1


async def test_trap_14_a_machine_with_an_employee_s_name_cannot_flood_a_customer(kit: Kit) -> None:
    for number in range(25):
        mail = f"转\n\n---------- 转发的邮件 ----------\n\n{MATTERS[number % 5]}，第{number}栋"
        await forwards(kit, mail, message_id=f"<f{number}@example.com>", subject=f"Fwd: 第{number}件事")
    assert len(await kit.complaints()) == 25
    assert len(await kit.outbox("acknowledgement")) == 20


def heard(kit: Kit) -> list[str]:
    """Return what the employee was told, wherever they read it."""
    return [*kit.channels["email"].texts(EMPLOYEE), *kit.chat.texts("zhao")]


def handed(words: str, note: str = "转给客服") -> str:
    return f"{note}\n\n---------- 转发的邮件 ----------\n\n{words}"


@pytest.mark.parametrize(
    ("words", "subject"),
    [
        ("还是没有人来，我很生气", "Fwd: 厨房漏水"),
        ("我家6栋1202厨房漏水三天没人管，电话13712345678", "Fwd: 厨房漏水"),
        ("6栋1202厨房漏水还没有人来修，水已经流到客厅", "转发: 催一下"),
        ("水越漏越大了，天花板要掉下来", "Fwd: Re: 厨房漏水"),
    ],
)
async def test_what_its_writer_writes_again_is_added_and_the_employee_hears_it(
    kit: Kit, words: str, subject: str
) -> None:
    await forwards(kit)
    await kit.says("派单 0001 @张伟", "lead")
    await kit.deliver()
    before = len(heard(kit))
    await forwards(kit, handed(words), message_id="<f2@example.com>", subject=subject)
    complaint = await kit.the_complaint()
    await kit.deliver()
    assert any(words[:8] in text for text in kit.chat.texts("handler"))
    assert any("转给客服" in text for text in kit.chat.texts("handler"))
    told = heard(kit)[before:]
    assert len(told) == 1
    assert complaint.reference in told[0]
    assert not any("转给客服" in text for text in kit.channels["email"].texts(LINA))


@pytest.mark.parametrize(
    ("words", "more"),
    [
        ("物业费收错了，多收了三百块", {"subject": "Fwd: 物业费"}),
        ("电梯坏了两天没人修", {}),  # the same subject, and another matter
        ("我家6栋1202厨房漏水三天没人管", {"forwarded_from": "王芳 <fang@qq.example>"}),  # of somebody else
    ],
)
async def test_another_matter_and_another_writer_are_complaints_of_their_own(
    kit: Kit, words: str, more: dict[str, str]
) -> None:
    await forwards(kit)
    await forwards(kit, handed(words), message_id="<f2@example.com>", **more)
    assert len(await kit.complaints()) == 2


async def test_what_is_over_is_not_added_to(kit: Kit) -> None:
    await forwards(kit)
    await kit.says("判定无效 0001 不归我们管", "lead")
    await forwards(kit, message_id="<f2@example.com>")
    assert len(await kit.complaints()) == 2
