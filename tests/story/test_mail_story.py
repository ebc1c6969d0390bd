"""A complaint's whole life by mail: a real Dovecot, a real SMTP server, and people with ordinary mail programs."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.storage.models import MessageRow, OutboxRow
from complaints.change import EventKind
from complaints.complaint import Complaint
from complaints.undelivered import WHY
from complaints.vocabulary import Severity, Status
from tests.fakes import until
from tests.servers.smtp import Mail
from tests.story.desk import ADDRESS, MailDesk, Writer, mail_desk, where_it_is_noon

STAFF = (
    "张伟,13800138000,zhangwei@desk.example,处理人,王主管,\n"
    "王主管,13900139000,wang@desk.example,坐席 客服中心负责人,,\n"
)
MATTER = "你好，\n\n我家厨房漏水三天了，6栋1202，打电话没人管。照片见附件。\n\n李娜 13712345678\n"
SUBJECT = "厨房漏水三天没人管"


@pytest.fixture
async def desk(tmp_path: Path, database_url: str) -> AsyncIterator[MailDesk]:
    async with mail_desk(tmp_path, database_url, STAFF) as desk:
        yield desk


@pytest.fixture
def customer() -> Writer:
    return Writer("李娜", "lina@qq.example")


@pytest.fixture
def assignee() -> Writer:
    return Writer("张伟", "zhangwei@desk.example")


@pytest.fixture
def lead() -> Writer:
    return Writer("王主管", "wang@desk.example")


async def complains(desk: MailDesk, customer: Writer) -> tuple[Complaint, Mail]:
    """Have the complaint told and acknowledged; return it as it then stands, and the acknowledgement."""
    desk.deliver(customer.letter(SUBJECT, MATTER, charset="gb18030", photo="厨房.jpg"))
    acknowledgement = await desk.receives(customer, "编号")
    return await desk.books.only_complaint(), acknowledgement


def assert_in_thread(mail: Mail, before: str, reference: str) -> None:
    """A mail program shows `mail` below the one with the id `before`, and the reader sees which complaint it is about."""
    assert str(mail.parsed["In-Reply-To"]) == before
    assert str(mail.parsed["References"]).split()[-1] == before
    assert SUBJECT in str(mail.parsed["Subject"])
    assert str(mail.parsed["Subject"]).count(reference) == 1


async def test_a_complaint_lives_its_whole_life_by_mail(
    desk: MailDesk, customer: Writer, assignee: Writer, lead: Writer, record_property: Callable[[str, object], None]
) -> None:
    first = customer.letter(SUBJECT, MATTER, charset="gb18030", photo="厨房.jpg")
    began = time.monotonic()
    desk.deliver(first)
    await until(desk.books.complaints, "the mail becomes a complaint")
    seconds = time.monotonic() - began
    record_property("seconds from delivery to complaint", f"{seconds:.3f}")
    print(f"\nfrom delivery to complaint: {seconds:.3f} s")

    # acknowledged, in the customer's own thread
    acknowledgement = await desk.receives(customer, "编号")
    complaint = await desk.books.only_complaint()
    assert complaint.summary.startswith(SUBJECT)
    assert "我家厨房漏水三天了" in complaint.summary
    assert_in_thread(acknowledgement, first.message_id, complaint.reference)
    assert str(acknowledgement.parsed["Auto-Submitted"]) == "auto-replied"
    assert str(acknowledgement.parsed["Subject"]) == f"Re: {SUBJECT} [{complaint.reference}]"
    assert complaint.reference in acknowledgement.text
    promise = min(deadline.due_at for deadline in complaint.deadlines).astimezone(ZoneInfo(where_it_is_noon()))
    assert f"{promise.month}月{promise.day}日" in acknowledgement.text
    assert f"{promise:%H:%M}" in acknowledgement.text
    (told,) = [row for row in await desk.books.rows(MessageRow) if row.message_id == first.message_id]
    assert "厨房.jpg" in told.attachments

    # the assignee answers the notice
    notice = await desk.receives(assignee, "派给您")
    assert complaint.reference in str(notice.parsed["Subject"])
    desk.deliver(assignee.reply(notice, "接单"))
    taken_up = await desk.receives(customer, "已经接手您的事")
    assert_in_thread(taken_up, first.message_id, complaint.reference)
    confirmation = await desk.receives(assignee, complaint.reference)
    desk.deliver(assignee.reply(confirmation, "办结 已更换门锁"))
    survey = await desk.receives(customer, "您对结果满意吗")
    assert "已更换门锁" in survey.text
    assert_in_thread(survey, first.message_id, complaint.reference)
    assert (await desk.books.only_complaint()).status is Status.RESOLVED

    # dissatisfied: the second round
    anger = desk.deliver(customer.reply(survey, "不满意，还在漏水"))
    reopened = await desk.receives(customer, "对不起，没让您满意")
    assert_in_thread(reopened, anger.message_id, complaint.reference)
    complaint = await desk.books.only_complaint()
    assert (complaint.status, complaint.round, complaint.severity) == (Status.WORKING, 2, Severity.S3)
    assert "还在漏水" in (await desk.receives(lead, "客户不满意")).text
    again = await desk.receives(assignee, "重新处理")
    desk.deliver(assignee.reply(again, f"办结 重新做了防水\n\n{assignee.name}\n工程部 | 13800138000"))
    survey = await desk.receives(customer, "第2次处理完了")
    assert "重新做了防水" in survey.text
    assert "13800138000" not in survey.text  # a colleague's card is for colleagues
    assert (await desk.books.only_complaint()).result == "重新做了防水"

    # satisfied: closed
    joy = desk.deliver(customer.reply(survey, "满意"))
    goodbye = await desk.receives(customer, "谢谢您的评价")
    assert_in_thread(goodbye, joy.message_id, complaint.reference)
    await desk.receives(assignee, "结案")
    complaint = await desk.books.only_complaint()
    assert (complaint.status, complaint.closed_as, complaint.round) == (Status.CLOSED, "satisfied", 2)
    assert await desk.books.events(complaint.reference) == [
        EventKind.RECEIVED, EventKind.REGISTERED, EventKind.DISPATCHED, EventKind.ACCEPTED, EventKind.RESOLVED,
        EventKind.RATED, EventKind.REOPENED, EventKind.RESOLVED, EventKind.RATED, EventKind.CLOSED,
    ]  # fmt: skip

    # "thanks" neither reopens nor goes on for ever (traps 14, 38)
    thanks = desk.deliver(customer.reply(goodbye, "谢谢"))
    await desk.handled(thanks)
    assert [text for text in desk.unread(customer) if "不客气" not in text] == []
    assert await desk.books.only_complaint() == complaint
    states = [(row.notice, row.state) for row in await desk.books.rows(OutboxRow)]
    assert {state for _, state in states} <= {"sent", "skipped"}, states
    assert len({str(mail.parsed["Message-ID"]) for mail in desk.sink.messages}) == len(desk.sink.messages)


async def test_who_forges_the_assignees_address_is_refused(
    desk: MailDesk, customer: Writer, assignee: Writer, lead: Writer
) -> None:
    complaint, _ = await complains(desk, customer)
    notice = await desk.receives(assignee, "派给您")
    await desk.receives(assignee, "厨房.jpg")
    forged = assignee.letter("办结", f"办结 {complaint.reference[-4:]} 假的")
    await desk.handled(desk.deliver(forged))
    (answer,) = desk.unread(assignee)
    assert "为了确认是您本人" in answer
    assert await desk.books.only_complaint() == complaint
    # Nor by somebody else who was sent the notice: the token is good for its reader alone.
    stranger = Writer("王五", "wangwu@else.example")
    await desk.handled(desk.deliver(stranger.reply(notice, "办结 假的")))
    assert (await desk.books.only_complaint()).status is Status.DISPATCHED


async def test_machines_are_never_answered(desk: MailDesk, customer: Writer) -> None:
    complaint, acknowledgement = await complains(desk, customer)
    sent = len(desk.sink.to(customer.address))
    vacation = customer.reply(acknowledgement, "我在休假，11月30日回来。", headers=["Auto-Submitted: auto-replied"])
    bounce = Writer("Mail Delivery System", "MAILER-DAEMON@qq.example").letter(
        "Undelivered Mail Returned to Sender",
        "The mail could not be delivered.",
        headers=["Auto-Submitted: auto-replied", f"In-Reply-To: {acknowledgement.parsed['Message-ID']}"],
    )
    for letter in (vacation, bounce):
        row = await desk.handled(desk.deliver(letter))
        assert row.outcome.startswith("automatic: ")
        assert row.reference == complaint.reference
    assert len(desk.sink.to(customer.address)) == sent
    assert desk.sink.to("MAILER-DAEMON@qq.example") == []
    after = await desk.books.only_complaint()
    (call,) = after.calls  # what came back has to be told by phone
    assert (call.whom, call.why) == (complaint.complainant, WHY)
    assert dataclasses.replace(after, calls=(), marks=complaint.marks, version=complaint.version) == complaint


async def test_an_answer_without_threading_headers_is_found_by_its_subject(desk: MailDesk, customer: Writer) -> None:
    """Trap 10."""
    complaint, acknowledgement = await complains(desk, customer)
    letter = customer.reply(acknowledgement, "补充一下：今天卧室也开始漏了", threaded=False, charset="gb18030")
    assert b"References" not in letter.raw
    row = await desk.handled(desk.deliver(letter))
    assert row.reference == complaint.reference
    assert [c.reference for c in await desk.books.complaints()] == [complaint.reference]
    assert EventKind.SUPPLEMENTED in await desk.books.events(complaint.reference)


async def test_somebody_in_copy_adds_to_the_complaint_and_does_no_more(
    desk: MailDesk, customer: Writer, assignee: Writer
) -> None:
    """Trap 12."""
    complaint, acknowledgement = await complains(desk, customer)
    await desk.receives(assignee, "派给您")
    colleague = Writer("李强", "liqiang@163.example")
    letter = colleague.reply(
        acknowledgement, "我是她先生，楼下也漏了，请一并处理", charset="gb18030", cc=[customer.address]
    )
    row = await desk.handled(desk.deliver(letter))
    assert row.reference == complaint.reference
    heard = (await desk.receives(assignee, "有补充")).text
    assert "李强 对" in heard
    assert "我是她先生，楼下也漏了，请一并处理" in heard
    (answer,) = desk.unread(colleague)
    assert complaint.reference in answer
    for words in ("撤销，不投诉了", "满意", "进度"):
        await desk.handled(desk.deliver(colleague.reply(acknowledgement, words)))
    assert (await desk.books.only_complaint()).status is Status.DISPATCHED
    # Whoever only names a number is in no thread: a matter of their own.
    stranger = Writer("赵六", "zhaoliu@else.example")
    await desk.handled(desk.deliver(stranger.letter(f"Re: [{complaint.reference}]", "我家电梯也坏了，没人管")))
    assert len(await desk.books.complaints()) == 2
    assert [str(mail.parsed["From"]).endswith(f"<{ADDRESS}>") for mail in desk.sink.messages]
