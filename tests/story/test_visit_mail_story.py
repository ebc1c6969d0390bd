"""A visit arranged by mail: the same words, and an event that the mail program puts into the calendar."""

from __future__ import annotations

from pathlib import Path

from icalendar import Calendar

from complaints.vocabulary import VisitState
from tests.servers.smtp import Mail
from tests.story.desk import Writer, mail_desk

STAFF = "张伟,13800138000,zhangwei@desk.example,处理人,王主管,\n王主管,13900139000,wang@desk.example,坐席,,\n"
MATTER = "你好，\n\n我家厨房漏水三天了，6栋1202，打电话没人管。\n\n李娜 13712345678\n"


def calendar_of(mail: Mail) -> Calendar:
    """Return the event in a mail, as the mail program hands it to the calendar."""
    (file,) = [part for part in mail.parsed.walk() if part.get_content_type() == "text/calendar"]
    content = file.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert str(file.get_filename()).endswith(".ics")
    calendar = Calendar.from_ical(content)
    assert file.get_param("method") == str(calendar["METHOD"])
    return calendar


async def test_a_visit_is_arranged_and_called_off_by_mail_r_035(tmp_path: Path) -> None:
    customer, assignee = Writer("李娜", "lina@qq.example"), Writer("张伟", "zhangwei@desk.example")
    async with mail_desk(tmp_path, f"sqlite:///{tmp_path}/visit.db", STAFF) as desk:
        desk.deliver(customer.letter("厨房漏水三天没人管", MATTER))
        await desk.receives(customer, "编号")
        assigned = await desk.receives(assignee, "派给您")
        desk.deliver(assignee.reply(assigned, "预约 后天下午三点"))
        echo = await desk.receives(assignee, "15:00-16:00，对吗")
        desk.deliver(assignee.reply(echo, "对"))
        offer = await desk.receives(customer, "您方便吗")
        desk.deliver(customer.reply(offer, "可以的"))
        confirmed = [await desk.receives(who, "上门时间定了") for who in (customer, assignee)]
        (visit,) = (await desk.books.only_complaint()).visits
        for mail in confirmed:
            calendar = calendar_of(mail)
            (event,) = calendar.walk("VEVENT")
            assert str(calendar["METHOD"]) == "PUBLISH"
            assert event.decoded("DTSTART") == visit.slot.start
            assert str(event["LOCATION"]) == "6栋1202"
            assert str(event["ORGANIZER"]) == "mailto:kf@desk.example"

        desk.deliver(customer.reply(confirmed[0], "不用来了"))
        cancelled = [await desk.receives(who, "取消了（客户取消）") for who in (customer, assignee)]
        for before, after in zip(confirmed, cancelled, strict=True):
            (was,), (now,) = (calendar_of(mail).walk("VEVENT") for mail in (before, after))
            assert str(calendar_of(after)["METHOD"]) == "CANCEL"
            assert str(now["UID"]) == str(was["UID"])
            assert (int(str(was["SEQUENCE"])), int(str(now["SEQUENCE"]))) == (0, 1)
        complaint = await desk.books.only_complaint()
        assert [each.state for each in complaint.visits] == [VisitState.CANCELLED]
        assert not complaint.settled
