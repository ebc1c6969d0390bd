"""Which complaint a mail belongs to, whatever its writer's program left of the thread."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.storage.models import InboxRow, MessageRow, OutboxRow
from complaints.complaint import Complaint
from complaints.vocabulary import Status
from connectors.port import OutgoingMessage
from tests.unit.bot.desk_kit import Kit, known_customer, open_desk

LINA = "lina@qq.example"
COLLEAGUE = "liqiang@163.example"
STRANGER = "zhao@else.example"
DESK = "desk@example.com"
SUBJECT = "厨房漏水三天没人管"
MATTER = "6栋1202厨房漏水三天了，打电话没人管。电话13712345678"
MORE = "补充一下：今天卧室也漏了"


@pytest.fixture
async def kit(database_url: str) -> AsyncIterator[Kit]:
    async with open_desk(database_url, before=first_mail) as kit:
        yield kit


async def first_mail(kit: Kit) -> None:
    await kit.says(MATTER, LINA, "email", subject=SUBJECT, message_id="<first@qq.example>", name="李娜")
    await kit.deliver()


async def the_mail(kit: Kit, who: str = LINA) -> OutgoingMessage:
    return [message for message in kit.mail.sent if message.address == who][-1]


async def writes(kit: Kit, text: str, who: str = LINA, **more: Any) -> InboxRow:
    await kit.says(text, who, "email", **more)
    return (await kit.rows(InboxRow))[-1]


async def assert_added(kit: Kit, row: InboxRow) -> None:
    """The mail went to the one complaint there is, and its assignee heard the words."""
    complaint = await kit.the_complaint()
    assert row.reference == complaint.reference
    assert len(await kit.outbox("staff_supplement")) == 1


async def closed(kit: Kit) -> Complaint:
    """Have the complaint done and rated."""
    complaint = await kit.the_complaint()
    for words in ("收到", "办结 换了阀门，不漏了"):
        await kit.says(words, "handler")
    await kit.deliver()
    await writes(kit, "满意", in_reply_to=(await the_mail(kit)).message_id)
    await kit.deliver()
    complaint = await kit.the_complaint()
    assert complaint.status is Status.CLOSED
    return complaint


class TestTheThread:
    async def test_our_token_in_the_message_id(self, kit: Kit) -> None:
        await assert_added(kit, await writes(kit, MORE, in_reply_to=(await the_mail(kit)).message_id))

    async def test_our_token_in_the_address(self, kit: Kit) -> None:
        """Trap 10: a program that drops every threading header still answers to the address it was given."""
        address = (await the_mail(kit)).reply_address
        assert address is not None
        await assert_added(kit, await writes(kit, MORE, recipients=[address], subject="别的主题"))

    async def test_trap_11_a_mail_that_answers_their_own_first_mail(self, kit: Kit) -> None:
        await assert_added(kit, await writes(kit, MORE, in_reply_to="<first@qq.example>"))

    async def test_a_changed_subject_does_not_cut_the_thread(self, kit: Kit) -> None:
        mail = await the_mail(kit)
        await assert_added(kit, await writes(kit, MORE, subject="急！！！", references=[mail.message_id]))

    async def test_only_an_old_mail_of_the_thread_is_left_in_the_references(self, kit: Kit) -> None:
        row = await writes(kit, MORE, references=["<first@qq.example>", "<lost@else.example>"])
        await assert_added(kit, row)

    async def test_a_token_of_another_complaint_beats_a_number(self, kit: Kit) -> None:
        first = await kit.the_complaint()
        await writes(kit, "楼道灯坏了没人修", subject="楼道灯", message_id="<second@qq.example>")
        await kit.deliver()
        mail = await the_mail(kit)
        row = await writes(kit, "还是黑的，没人修", subject=f"Re: [{first.reference}]", in_reply_to=mail.message_id)
        assert row.reference not in (None, first.reference)


class TestAnAnswerOutsideEveryThread:
    async def resolved(self, kit: Kit, number: str) -> None:
        for words in (f"收到 {number}", f"办结 {number} 修好了"):
            await kit.says(words, "handler")
        await kit.deliver()

    @pytest.mark.parametrize("words", ["是", "满意", "5"])
    async def test_is_taken_for_what_was_asked(self, kit: Kit, words: str) -> None:
        await self.resolved(kit, "0001")
        await writes(kit, words, subject="回复")
        assert len(await kit.complaints()) == 1
        assert (await kit.the_complaint()).status is Status.RESOLVED  # but nothing shows who wrote it
        await kit.deliver()
        await writes(kit, "是", in_reply_to=(await the_mail(kit)).message_id)
        assert (await kit.the_complaint()).status is Status.CLOSED

    async def test_where_two_wait_for_it_they_are_asked_which(self, kit: Kit) -> None:
        await writes(kit, "楼道灯坏了没人修", subject="楼道灯", message_id="<second@qq.example>")
        for number in ("0001", "0002"):
            await self.resolved(kit, number)
        await writes(kit, "5", subject="")
        assert [each.status for each in await kit.complaints()] == [Status.RESOLVED] * 2
        await kit.deliver()
        asked = await the_mail(kit)
        await writes(kit, "2", in_reply_to=asked.message_id)
        assert sorted(each.status for each in await kit.complaints()) == [Status.CLOSED, Status.RESOLVED]

    async def test_nothing_is_asked_or_more_is_said(self, kit: Kit) -> None:
        await writes(kit, "5", subject="")
        await self.resolved(kit, "0001")
        await writes(kit, "是", subject="楼道灯坏了没人修")
        assert len(await kit.complaints()) == 3


class TestTrap10NothingButWords:
    async def test_the_number_in_the_subject(self, kit: Kit) -> None:
        complaint = await kit.the_complaint()
        await assert_added(kit, await writes(kit, MORE, subject=f"回复：{SUBJECT} [{complaint.reference}]"))

    async def test_the_number_in_lower_case_or_full_width(self, kit: Kit) -> None:
        complaint = await kit.the_complaint()
        wide = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in complaint.reference)
        await assert_added(kit, await writes(kit, MORE, subject=f"关于{wide.lower()}"))

    async def test_the_number_in_our_mail_below_the_answer(self, kit: Kit) -> None:
        quoted = f"{MORE}\n\n------------------ 原始邮件 ------------------\n{(await the_mail(kit)).text}"
        row = await writes(kit, quoted, subject="回复：", visible_reply=MORE)
        await assert_added(kit, row)

    async def test_the_subject_and_the_sender(self, kit: Kit) -> None:
        await assert_added(kit, await writes(kit, MORE, subject=f"回复：Re: {SUBJECT}"))

    async def test_the_same_subject_without_re_is_a_new_matter(self, kit: Kit) -> None:
        await writes(kit, "又漏了，电梯也坏了没人管", subject=SUBJECT)
        assert len(await kit.complaints()) == 2

    async def test_re_and_a_subject_that_nobody_wrote_is_a_new_matter(self, kit: Kit) -> None:
        await writes(kit, "电梯坏了没人管", subject="Re: 电梯")
        assert len(await kit.complaints()) == 2

    async def test_the_subject_of_somebody_else_is_a_new_matter(self, kit: Kit) -> None:
        await writes(kit, "我家也漏水没人管", STRANGER, subject=f"回复：{SUBJECT}")
        assert {c.complainant for c in await kit.complaints()} == {
            await known_customer(kit, LINA, "email"), await known_customer(kit, STRANGER, "email")
        }  # fmt: skip

    async def test_of_several_numbers_the_first_that_is_theirs(self, kit: Kit) -> None:
        complaint = await kit.the_complaint()
        text = f"TS20200101-0001 和 {complaint.reference} 都还没修好，{MORE}"
        await assert_added(kit, await writes(kit, text, subject="TS20199999-0001"))


class TestTrap12SomebodyInCopy:
    async def test_answers_to_all_on_the_customer_s_first_mail(self, kit: Kit) -> None:
        row = await writes(
            kit, "我是她先生，楼下也漏了", COLLEAGUE, in_reply_to="<first@qq.example>", recipients=[LINA, DESK]
        )
        await assert_added(kit, row)

    @pytest.mark.parametrize("subject", [f"回复：{SUBJECT}", "回复：关于{number}", f"Re: {SUBJECT} [{{number}}]"])
    async def test_answers_to_all_with_a_program_that_drops_the_thread(self, kit: Kit, subject: str) -> None:
        complaint = await kit.the_complaint()
        subject = subject.replace("{number}", complaint.reference)
        row = await writes(kit, "我是她先生，楼下也漏了", COLLEAGUE, subject=subject, recipients=[DESK, LINA])
        await assert_added(kit, row)

    async def test_gets_nothing_of_the_case_and_decides_nothing(self, kit: Kit) -> None:
        complaint = await kit.the_complaint()
        for words in ("我是她先生，楼下也漏了", "进度", "撤销，不投诉了", "满意"):
            await writes(kit, words, COLLEAGUE, in_reply_to="<first@qq.example>", recipients=[LINA, DESK])
        await kit.deliver()
        for text in kit.mail.texts(COLLEAGUE):
            assert "1202" not in text
            assert "漏水" not in text
        assert (await kit.the_complaint()).status is complaint.status

    async def test_who_writes_to_others_as_well_has_a_matter_of_their_own(self, kit: Kit) -> None:
        await writes(kit, "我家电梯坏了没人管", COLLEAGUE, subject="电梯坏了", recipients=[LINA, DESK])
        assert len(await kit.complaints()) == 2


class TestAStranger:
    @pytest.mark.parametrize("words", ["进度", "我家电梯坏了没人管", "撤销", "不满意", "1"])
    async def test_who_names_a_number_learns_nothing(self, kit: Kit, words: str) -> None:
        complaint = await kit.the_complaint()
        await writes(kit, f"{words} {complaint.reference}", STRANGER, subject=f"Re: [{complaint.reference}]")
        await kit.deliver()
        for text in kit.mail.texts(STRANGER):
            assert "1202" not in text
            assert "厨房" not in text
            assert "李娜" not in text
        [same] = [c for c in await kit.complaints() if c.reference == complaint.reference]
        assert same == complaint

    async def test_who_makes_up_a_token_is_a_stranger(self, kit: Kit) -> None:
        mine = await kit.the_complaint()
        forged = "<cb1-000000000000000000000000@example.com>"
        row = await writes(kit, "我家电梯坏了没人管", STRANGER, in_reply_to=forged, recipients=[forged.strip("<>")])
        assert row.reference != mine.reference


class TestStaff:
    @pytest.mark.parametrize(
        "words", ["办结 换了阀门", "师傅说零件要从厂家订，下周三到货以后才能上门安装，这几天水还是会漏，请客户先关总阀"]
    )
    async def test_who_have_not_shown_that_it_is_they_are_asked_to(self, kit: Kit, words: str) -> None:
        complaint = await kit.the_complaint()
        await kit.address("张伟", "email", "zhangwei@example.com")
        await writes(kit, f"{complaint.reference} {words}", "zhangwei@example.com", subject="上门")
        assert await kit.the_complaint() == complaint
        assert len(await kit.outbox("prove_by_reply")) == 1

    async def test_who_answer_a_notice_may_name_another_complaint(self, kit: Kit) -> None:
        complaint = await kit.the_complaint()
        await kit.address("张伟", "email", "zhangwei@example.com")
        await kit.address("张伟", "chat", "handler", proven=False)
        await writes(kit, "楼道灯坏了没人修", message_id="<second@qq.example>", subject="楼道灯")
        await kit.deliver()
        token = (await the_mail(kit, "zhangwei@example.com")).message_id
        row = await writes(
            kit, f"接单 {complaint.reference}", "zhangwei@example.com", in_reply_to=token, subject="上门"
        )
        assert row.reference == complaint.reference


class TestTrap9OneMailTwice:
    async def test_trap_8_a_mail_found_again_on_the_server_does_not_come_back(self, kit: Kit) -> None:
        """Not even once its complaint is over."""
        await closed(kit)
        [first, *_] = await kit.rows(InboxRow)
        rows = await kit.count(InboxRow)
        await kit.store(
            MATTER, LINA, "email", subject=SUBJECT, message_id="<first@qq.example>", external_id=first.external_id
        )
        assert await kit.understand() == 0
        assert await kit.count(InboxRow) == rows
        assert (await kit.the_complaint()).status is Status.CLOSED

    async def test_a_copy_by_another_mailbox_is_no_second_complaint(self, kit: Kit) -> None:
        row = await writes(
            kit, MATTER, subject=SUBJECT, message_id="<first@qq.example>", recipients=["other@example.com"]
        )
        assert row.outcome == "bound: another copy of a mail that came already"
        assert row.reference == (await kit.the_complaint()).reference
        assert len(await kit.outbox("acknowledgement")) == 1

    async def test_nor_is_one_with_a_list_s_footer(self, kit: Kit) -> None:
        footer = f"{MATTER}\n\n_______________\n您收到此邮件是因为您订阅了 Google 网上论坛"
        await writes(kit, footer, subject=f"[kf] {SUBJECT}", message_id="<first@qq.example>")
        assert len(await kit.complaints()) == 1
        assert await kit.count(MessageRow, MessageRow.outgoing.is_(False)) == 1

    async def test_both_in_one_batch(self, kit: Kit) -> None:
        for number in range(3):
            await kit.store(
                "楼道灯坏了没人修", STRANGER, "email", message_id="<same@else.example>", external_id=f"copy{number}"
            )
        await kit.understand()
        assert len(await kit.complaints()) == 2

    async def test_two_mails_with_one_id_are_two_where_they_say_different_things(self, kit: Kit) -> None:
        await writes(kit, "楼道灯坏了没人修", subject="灯", message_id="<first@qq.example>")
        assert len(await kit.complaints()) == 2

    async def test_nor_does_somebody_else_s_id_hide_a_mail(self, kit: Kit) -> None:
        await writes(kit, MATTER, STRANGER, subject=SUBJECT, message_id="<first@qq.example>")
        assert len(await kit.complaints()) == 2


class TestAClosedComplaint:
    async def test_discontent_opens_it_again(self, kit: Kit) -> None:
        complaint = await closed(kit)
        await writes(kit, "又开始漏水了，根本没修好！", in_reply_to=(await the_mail(kit)).message_id)
        again = await kit.the_complaint()
        assert again.reference == complaint.reference
        assert not again.settled
        assert again.round == complaint.round + 1

    @pytest.mark.parametrize(
        "thanks",
        ["谢谢", "谢谢！", "好的，谢谢你们", "收到，谢谢", "Thanks!", "Thank you very much", "辛苦了", "好的", "👍"],
    )
    async def test_trap_38_thanks_do_not(self, kit: Kit, thanks: str) -> None:
        await closed(kit)
        await writes(kit, thanks, in_reply_to=(await the_mail(kit)).message_id)
        assert (await kit.the_complaint()).status is Status.CLOSED

    async def test_long_after_it_is_a_new_one(self, kit: Kit) -> None:
        complaint = await closed(kit)
        mail = await the_mail(kit)
        kit.clock.move_to(kit.clock.now() + timedelta(days=200))
        await writes(kit, "又开始漏水了，根本没修好！", in_reply_to=mail.message_id)
        assert [c.status for c in await kit.complaints() if c.reference == complaint.reference] == [Status.CLOSED]
        assert len(await kit.complaints()) == 2

    async def test_a_new_matter_said_to_be_one_is_one(self, kit: Kit) -> None:
        """Written by answering an old notice: it does not open what was closed to everybody's satisfaction."""
        complaint = await closed(kit)
        await writes(kit, "我要投诉另一件事：电梯坏了三天没人修", in_reply_to=(await the_mail(kit)).message_id)
        [old, new] = sorted(await kit.complaints(), key=lambda c: c.reference)
        assert (old.reference, old.status) == (complaint.reference, Status.CLOSED)
        assert "电梯" in new.summary

    async def test_a_new_matter_in_an_open_thread_stays_with_it(self, kit: Kit) -> None:
        """Nobody but a person can tell whether it is one: it must not be lost, and the assignee reads it."""
        await assert_added(kit, await writes(kit, "另外楼道里电梯也坏了", in_reply_to=(await the_mail(kit)).message_id))


async def test_trap_14_the_loop_of_two_machines_ends(kit: Kit) -> None:
    """A machine that hides what it is answers all that we write."""
    for number in range(60):
        mail = await the_mail(kit)
        await writes(
            kit, f"您的来信已登记，编号{number}", in_reply_to=mail.message_id, message_id=f"<m{number}@qq.example>"
        )
        await kit.deliver()
    assert len(kit.mail.texts(LINA)) <= 20
    assert await kit.count(OutboxRow, OutboxRow.state == "queued") == 0
