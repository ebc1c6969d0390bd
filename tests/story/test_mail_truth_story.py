"""What came back, what machines wrote, and whose mail it was: with a real Dovecot and a real SMTP server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.storage.models import AddressRow, DeliveryRow, OutboxRow, PersonRow
from bot.storage.work import Work
from complaints.change import EventKind
from complaints.complaint import Complaint
from tests.fakes import until
from tests.servers.smtp import Mail
from tests.story.desk import ADDRESS, Letter, MailDesk, Writer, mail_desk

STAFF = (
    "张伟,13800138000,zhangwei@desk.example,处理人,王主管,\n"
    "王主管,13900139000,wang@desk.example,坐席 客服中心负责人,,\n"
    "赵敏,13600136000,zhaomin@desk.example,员工,,\n"
)
PHONE = "+8613712345678"
SUBJECT = "厨房漏水三天没人管"
MATTER = "我家厨房漏水三天了，6栋1202，打电话没人管。\n\n李娜 13712345678\n"


@pytest.fixture
async def desk(tmp_path: Path, database_url: str) -> AsyncIterator[MailDesk]:
    more: dict[str, dict[str, object]] = {"connectors.sms": {"enabled": True, "secret": "s" * 32}}
    async with mail_desk(tmp_path, database_url, STAFF, more) as desk:
        yield desk


@pytest.fixture
def customer() -> Writer:
    return Writer("李娜", "lina@qq.example")


async def complains(desk: MailDesk, customer: Writer) -> tuple[Complaint, Mail]:
    desk.deliver(customer.letter(SUBJECT, MATTER, charset="gb18030"))
    acknowledgement = await desk.receives(customer, "编号")
    return await desk.books.only_complaint(), acknowledgement


async def reachable_by_sms(desk: MailDesk, complaint: Complaint) -> None:
    async def job(work: Work) -> None:
        await work.add_address(complaint.complainant, "sms", PHONE, datetime.now(UTC), proven=False)

    await desk.app.database.write(job)


async def acknowledgement_row(desk: MailDesk) -> OutboxRow:
    [row] = [row for row in await desk.books.rows(OutboxRow) if row.notice == "acknowledgement"]
    return row


def bounce_of(mail: Mail, *, standard: bool) -> Letter:
    """Return the bounce of a mail of ours, as Postfix or as QQ Mail makes one."""
    daemon = Writer("Mail Delivery System", "MAILER-DAEMON@qq.example")
    if not standard:
        text = (
            "抱歉，您的邮件被退回来了……\n收件人：lina@qq.example\n"
            "退信原因：收件人邮件地址（lina@qq.example）不存在，邮件无法送达。\n550 Mailbox not found\n\n"
            f"原邮件\nMessage-ID: {mail.parsed['Message-ID']}\n"
        )
        return Writer("QQ邮箱团队", "PostMaster@qq.example").letter("来自qq.com的退信", text, charset="gb18030")
    letter = daemon.letter("Undelivered Mail Returned to Sender", "x", headers=["Auto-Submitted: auto-replied"])
    head, _, _ = letter.raw.partition(b"MIME-Version")
    report = (
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"\r\n\r\n'
        "--=_b\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered.\r\n"
        "--=_b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.qq.example\r\n\r\n"
        "Final-Recipient: rfc822; lina@qq.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 user unknown\r\n\r\n--=_b\r\nContent-Type: message/rfc822\r\n\r\n"
    )
    return Letter(letter.message_id, head + report.encode() + mail.raw + b"\r\n--=_b--\r\n")


@pytest.mark.parametrize("standard", [True, False], ids=["RFC 3464", "QQ Mail's own words"])
async def test_a_notice_that_came_back_takes_the_next_road(desk: MailDesk, customer: Writer, standard: bool) -> None:
    complaint, acknowledgement = await complains(desk, customer)
    await reachable_by_sms(desk, complaint)
    row = await desk.handled(desk.deliver(bounce_of(acknowledgement, standard=standard)))
    assert row.outcome.startswith("automatic: ")
    assert "the next road is taken" in row.outcome
    assert row.reference == complaint.reference

    async def by_sms() -> bool:
        sent = await acknowledgement_row(desk)
        return (sent.channel, sent.address) == ("sms", PHONE) and sent.state in ("sent", "delivered")

    await until(by_sms, "the acknowledgement went out by SMS")
    id = (await acknowledgement_row(desk)).id
    states = [each.state for each in await desk.books.rows(DeliveryRow) if each.outbox_id == id]
    assert states[:2] == ["sent", "failed"]
    assert len(desk.sink.to(customer.address)) == 1
    [address] = [each for each in await desk.books.rows(AddressRow) if each.address == customer.address]
    assert address.blocked_at is not None
    assert await desk.books.only_complaint() == complaint
    assert desk.sink.to("MAILER-DAEMON@qq.example") == desk.sink.to("PostMaster@qq.example") == []


async def test_a_forged_bounce_changes_nothing(desk: MailDesk, customer: Writer) -> None:
    complaint, acknowledgement = await complains(desk, customer)
    await reachable_by_sms(desk, complaint)
    letter = bounce_of(acknowledgement, standard=True)
    ours = str(acknowledgement.parsed["Message-ID"]).encode()
    forged = letter.raw.replace(ours, b"<cb1-" + b"0" * 24 + b"@desk.example>")
    row = await desk.handled(desk.deliver(Letter(letter.message_id, forged)))
    assert "ignored" in row.outcome
    assert (await acknowledgement_row(desk)).state == "sent"


async def test_a_vacation_note_is_not_answered(desk: MailDesk, customer: Writer) -> None:
    """Trap 14: neither one that says what it is, nor QQ Mail's, which says so in its words alone."""
    complaint, acknowledgement = await complains(desk, customer)
    subject = str(acknowledgement.parsed["Subject"])
    notes = [
        customer.letter(f"自动回复：{subject}", "您好，我正在休假中，无法及时回复您的邮件。", charset="gb18030"),
        customer.letter("Re: 投诉", "away", headers=["Auto-Submitted: auto-replied (vacation)"]),
        customer.letter("自动回复", "您好，您的邮件已收到，我会尽快回复您。"),
        Writer("王五", "wangwu@163.example").letter("Out of Office: x", "back on Monday", headers=["X-Autoreply: yes"]),
    ]
    for note in notes:
        row = await desk.handled(desk.deliver(note))
        assert row.outcome.startswith("automatic: ")
    answers = [
        mail for mail in desk.sink.messages if not {customer.address, "wangwu@163.example"}.isdisjoint(mail.recipients)
    ]
    assert answers == [acknowledgement]  # colleagues may be told of the complaint meanwhile
    assert await desk.books.only_complaint() == complaint
    # A person who complains about just that is answered.
    letter = Writer("孙七", "sunqi@163.example").letter("自动回复: 你们只会自动回复", "电梯坏了三天没有人来修")
    row = await desk.handled(desk.deliver(letter))
    assert row.outcome == "bound"
    assert len(await desk.books.complaints()) == 2


async def test_trap_10_qq_mail_without_threading_headers(desk: MailDesk, customer: Writer) -> None:
    """Not even the number is left in the subject: it stands in our mail, quoted below."""
    complaint, acknowledgement = await complains(desk, customer)
    letter = customer.reply(acknowledgement, "补充一下：今天卧室也开始漏了", threaded=False, charset="gb18030")
    bare = customer.letter("回复：客服来信", "", charset="gb18030")
    head = bare.raw.partition(b"MIME-Version")[0]
    letter = Letter(bare.message_id, head + b"MIME-Version" + letter.raw.partition(b"MIME-Version")[2])
    assert complaint.reference.encode() not in head
    row = await desk.handled(desk.deliver(letter))
    assert row.reference == complaint.reference
    assert EventKind.SUPPLEMENTED in await desk.books.events(complaint.reference)
    assert len(await desk.books.complaints()) == 1


async def test_trap_12_a_colleague_in_copy_answers_to_all(desk: MailDesk, customer: Writer) -> None:
    """To the customer's own first mail, with a program that drops the thread."""
    colleague = Writer("李强", "liqiang@163.example")
    first = desk.deliver(customer.letter(SUBJECT, MATTER, cc=[colleague.address]))
    await desk.receives(customer, "编号")
    complaint = await desk.books.only_complaint()
    answers = [
        colleague.letter(f"回复：{SUBJECT}", "我是她先生，楼下也漏了", to=[customer.address], cc=[ADDRESS]),
        colleague.letter(
            f"Re: {SUBJECT}", "物业电话打不通", cc=[customer.address], headers=[f"In-Reply-To: {first.message_id}"]
        ),
    ]
    for letter in answers:
        row = await desk.handled(desk.deliver(letter))
        assert row.reference == complaint.reference
    assert (await desk.books.only_complaint()).reference == complaint.reference
    for text in desk.unread(colleague):
        assert "1202" not in text
        assert "漏水" not in text


@pytest.mark.parametrize("attached", [False, True], ids=["inline", "attached"])
async def test_trap_15_an_employee_hands_on_a_customer_s_mail(desk: MailDesk, customer: Writer, attached: bool) -> None:
    employee = Writer("赵敏", "zhaomin@desk.example")
    original = customer.letter(SUBJECT, MATTER, to=[employee.address])
    if attached:
        letter = employee.letter(f"Fwd: {SUBJECT}", "请处理")
        head = letter.raw.partition(b"MIME-Version")[0]
        mixed = (
            b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="=_m"\r\n\r\n'
            b"--=_m\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + "请客服处理\r\n".encode() +
            b"--=_m\r\nContent-Type: message/rfc822\r\n\r\n" + original.raw + b"\r\n--=_m--\r\n"
        )  # fmt: skip
        letter = Letter(letter.message_id, head + mixed)
    else:
        letter = employee.letter(
            f"转发：{SUBJECT}",
            "请客服处理\n\n---------- 转发的邮件 ----------\n发件人: 李娜 <lina@qq.example>\n日期: 2026年3月2日 周一 10:20\n"
            f"主题: {SUBJECT}\n收件人: 赵敏 <zhaomin@desk.example>\n\n{MATTER}",
        )
    desk.deliver(letter)
    acknowledgement = await desk.receives(customer, "编号")
    told = await desk.receives(employee, (await desk.books.only_complaint()).reference)
    complaint = await desk.books.only_complaint()
    persons = {row.id: row for row in await desk.books.rows(PersonRow)}
    assert (persons[complaint.complainant].name, persons[complaint.complainant].staff) == ("李娜", False)
    assert complaint.finder == await desk.books.person("赵敏")
    assert complaint.reference in acknowledgement.text
    assert "请客服处理" not in acknowledgement.text
    assert "为了能联系到您" not in told.text
    # The customer answers; it comes to the same complaint.
    await desk.handled(desk.deliver(customer.reply(acknowledgement, "补充：今天卧室也漏了")))
    assert (await desk.books.only_complaint()).reference == complaint.reference
    assert EventKind.SUPPLEMENTED in await desk.books.events(complaint.reference)


async def test_trap_9_one_mail_in_two_mailboxes(desk: MailDesk, customer: Writer) -> None:
    """A copy that came by a list with a footer of its own is the same mail."""
    letter = customer.letter(SUBJECT, MATTER)
    await desk.handled(desk.deliver(letter))
    footer = customer.letter(SUBJECT, f"{MATTER}\n________\n您收到此邮件是因为您在名单上\n")
    copy = footer.raw.replace(footer.message_id.encode(), letter.message_id.encode())
    desk.deliver(Letter(letter.message_id, copy))
    after = customer.letter("另一件事：楼道灯坏了", "楼道灯坏了没人修")
    await desk.handled(desk.deliver(after))
    assert len(await desk.books.complaints()) == 2
