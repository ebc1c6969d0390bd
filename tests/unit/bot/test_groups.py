"""Groups: who is heard there, what is said there, and what is kept for the private chat (traps 19, 21, 47)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.staff import issue_code
from bot.storage.models import AddressRow, EventRow, InboxRow, MessageRow, OutboxRow, RoomRow
from bot.storage.queues import DONE
from complaints.vocabulary import Rating, Role, Status
from connectors.port import Sent
from tests.unit.bot.desk_kit import GROUP_CHAT, SMS, FakeChannel, Kit, entry, known_customer, open_desk

ROOM = "-100"
LINK = "https://chat.example/desk?start=hello"
LIFT, WATER = "3栋电梯坏了三天没人修", "5栋家里停水两天没人管"


@pytest.fixture
async def kit(database_url: str) -> AsyncIterator[Kit]:
    channels = (FakeChannel("chat", GROUP_CHAT), FakeChannel("sms", SMS))
    async with open_desk(database_url, channels=channels) as kit:
        await kit.address("张伟", "chat", "handler")
        await kit.address("王主管", "chat", "lead")
        yield kit


async def in_room(kit: Kit, text: str, who: str, *, to_us: bool = False, **more: Any) -> None:
    await kit.says(text, who, room=ROOM, addressed=to_us, message_id=more.pop("message_id", f"m-{text}"), **more)


async def serve(kit: Kit) -> None:
    await in_room(kit, "/service on", "lead", to_us=True)
    await kit.deliver()


async def open_private(kit: Kit, who: str) -> None:
    await kit.says("/start hello", who)
    await kit.deliver()


class TestChatter:
    async def test_trap_19_chatter_is_no_complaint_and_a_word_to_us_is(self, kit: Kit) -> None:
        """Trap 19: bots in groups are either deaf or take everything for a complaint."""
        await in_room(kit, LIFT, "c1")
        assert await kit.complaints() == []
        assert await kit.rows(MessageRow) == []
        [row] = await kit.rows(InboxRow)
        assert (row.state, row.outcome) == (DONE, "overheard: said to others in a group")
        await in_room(kit, LIFT, "c1", to_us=True)
        assert (await kit.the_complaint()).summary == LIFT

    async def test_who_only_chats_is_nobody_to_us(self, kit: Kit) -> None:
        await in_room(kit, "大家好", "c1")
        assert await kit.rows(AddressRow, AddressRow.address == "c1") == []

    async def test_in_a_service_chat_everybody_is_heard(self, kit: Kit) -> None:
        await serve(kit)
        await in_room(kit, LIFT, "c1")
        await in_room(kit, WATER, "c2")
        lift, water = await kit.complaints()
        assert (lift.complainant, water.complainant) == (
            await known_customer(kit, "c1"),
            await known_customer(kit, "c2"),
        )
        assert (lift.summary, water.summary) == (LIFT, WATER)

    async def test_small_talk_in_a_service_chat_is_not_answered(self, kit: Kit) -> None:
        await serve(kit)
        before = len(kit.chat.sent)
        for words in ("谢谢", "好的", "哈哈", "你好", "接单"):
            await in_room(kit, words, "c1")
        await kit.deliver()
        assert len(kit.chat.sent) == before
        assert await kit.complaints() == []

    async def test_small_talk_of_who_complained_is_not_added_to_it(self, kit: Kit) -> None:
        await serve(kit)
        await in_room(kit, LIFT, "c1")
        await in_room(kit, "哈哈，大家早", "c1")
        await in_room(kit, "今天又有老人被困在电梯里了", "c1")
        assert [row.note for row in await kit.rows(EventRow, EventRow.kind == "supplemented")] == [
            "今天又有老人被困在电梯里了"
        ]


class TestServiceChats:
    async def test_staff_make_a_group_a_service_chat_and_undo_it(self, kit: Kit) -> None:
        for words in ("绑定群", "/service@ourbot on"):
            await in_room(kit, words, "lead", to_us=True)
            assert await kit.count(RoomRow) == 1
        for words in ("/service off", "解绑群"):
            await in_room(kit, words, "lead", to_us=True)
            assert await kit.count(RoomRow) == 0
        await kit.deliver()
        assert [text[:9] for text in kit.chat.texts(ROOM)] == ["这个群现在是服务群"] * 2 + ["这个群不再是服务群"] * 2

    async def test_nobody_else_can(self, kit: Kit) -> None:
        await in_room(kit, "/service on", "c1", to_us=True)
        await in_room(kit, "/service on", "handler", to_us=True)
        assert await kit.count(RoomRow) == 0
        assert len(await kit.outbox("refused_not_allowed")) == 1

    async def test_trap_21_a_group_that_moves_stays_a_service_chat(self, kit: Kit) -> None:
        """Trap 21: a group becomes a supergroup, its id changes, and notices stop."""
        await serve(kit)
        await in_room(kit, LIFT, "c1")
        await kit.says("", "c1", room=ROOM, moved_to="-200", ignored="the group moved")
        assert [row.address for row in await kit.rows(RoomRow)] == ["-200"]
        await kit.deliver()
        assert len(kit.chat.texts(ROOM)) == 1  # that it is a service chat; what waited went where the group is now
        assert (await kit.the_complaint()).reference in kit.chat.texts("-200")[0]


class TestWhatIsSaidThere:
    async def test_trap_47_the_group_reads_a_number_and_nothing_else(self, kit: Kit) -> None:
        """Trap 47: what is between us and the customer, or among staff, never leaks to a group."""
        await serve(kit)
        await open_private(kit, "c1")
        told = "我叫李娜，电话13712345678，3栋502电梯坏了三天没人修"
        await in_room(kit, told, "c1")
        reference = (await kit.the_complaint()).reference
        for words in ("进度", "我的投诉", "催一下", "补充 今天又困人了"):
            await in_room(kit, words, "c1", to_us=True)
        await in_room(kit, f"办结 {reference} 换了主板", "handler", to_us=True)
        await in_room(kit, "进度", "c1", to_us=True)
        await kit.deliver()
        public = "\n".join(kit.chat.texts(ROOM))
        assert reference in public
        for private in ("李娜", "137", "502", "电梯", "困人", "主板", "张伟"):
            assert private not in public
        assert any("电梯" in text for text in kit.chat.texts("c1"))

    async def test_the_acknowledgement_and_its_questions_go_to_the_private_chat(self, kit: Kit) -> None:
        await open_private(kit, "c1")
        await in_room(kit, LIFT, "c1", to_us=True, message_id="m7")
        await kit.deliver()
        [public] = [message for message in kit.chat.sent if message.address == ROOM]
        assert public.text == f"收到，编号 {(await kit.the_complaint()).reference}。详情在私聊里。"
        assert public.reply_to == "m7"
        private = [message for message in kit.chat.sent if message.address == "c1"][-1]
        assert "姓名" in private.text
        assert private.reply_to is None
        await kit.says("李娜 13712345678", "c1")
        assert len(await kit.outbox("facts_recorded")) == 1

    async def test_who_never_opened_the_private_chat_is_asked_to(self, kit: Kit) -> None:
        await in_room(kit, LIFT, "c1", to_us=True)
        await kit.deliver()
        [public] = kit.chat.texts(ROOM)
        assert LINK in public
        assert kit.chat.texts("c1") == []
        await in_room(kit, "进度", "c1", to_us=True)
        await kit.deliver()
        assert LINK in kit.chat.texts(ROOM)[-1]
        await open_private(kit, "c1")
        status, facts = kit.chat.texts("c1")
        assert (await kit.the_complaint()).reference in status
        assert "电话" in facts
        await kit.says("李娜 13712345678 3栋502", "c1")
        assert len(await kit.outbox("facts_recorded")) == 1

    async def test_news_for_somebody_known_from_a_group_only_waits_for_the_private_chat(self, kit: Kit) -> None:
        await in_room(kit, LIFT, "c1", to_us=True, message_id="m1")
        await kit.deliver()
        complaint = await kit.the_complaint()
        kit.clock.move_to(kit.clock.now() + timedelta(hours=2))
        await kit.says(f"进展 {complaint.reference} 已联系电梯公司", "handler")
        await kit.says(f"办结 {complaint.reference} 换了主板", "handler")
        await kit.deliver()
        nudges = [message for message in kit.chat.sent if message.address == ROOM][1:]
        assert [(LINK in message.text, message.reply_to) for message in nudges] == [(True, "m1")]
        assert "主板" not in nudges[0].text
        for _ in range(3):
            kit.clock.move_to(kit.clock.now() + timedelta(hours=1))
            await kit.deliver()
        assert len([message for message in kit.chat.sent if message.address == ROOM]) == 2
        assert await kit.outbox("undeliverable") == []
        await open_private(kit, "c1")
        assert "主板" in kit.chat.texts("c1")[-1]
        assert await kit.outbox("status") == []
        await kit.says("满意", "c1")
        assert (await kit.the_complaint()).surveys[-1].rating is Rating.SATISFIED

    async def test_who_does_not_open_it_within_a_day_has_to_be_phoned(self, kit: Kit) -> None:
        await in_room(kit, LIFT, "c1", to_us=True)
        await kit.says("进展 已联系电梯公司", "handler")
        await kit.deliver()
        kit.clock.move_to(kit.clock.now() + timedelta(hours=25))
        await kit.deliver()
        assert [row.person for row in await kit.outbox("undeliverable")] == [(await kit.person("王主管")).id] * 2

    async def test_who_keeps_us_out_is_not_called_back_in_the_group(self, kit: Kit) -> None:
        await open_private(kit, "c1")
        await in_room(kit, LIFT, "c1", to_us=True)
        await kit.deliver()
        await kit.says("", "c1", reachable=False, ignored="blocked")
        [row] = await kit.rows(AddressRow, AddressRow.address == "c1")
        assert row.blocked_at == kit.clock.now()
        await kit.says("进展 已联系电梯公司", "handler")
        await kit.deliver()
        assert len(kit.chat.texts(ROOM)) == 1
        await kit.says("", "c1", reachable=True, ignored="unblocked")
        [row] = await kit.rows(AddressRow, AddressRow.address == "c1")
        assert row.blocked_at is None

    async def test_who_speaks_in_the_groups_name_is_asked_who_they_are(self, kit: Kit) -> None:
        await serve(kit)
        await in_room(kit, LIFT, ROOM, to_us=True)
        await in_room(kit, LIFT, "-777", to_us=True, reply_address=ROOM)
        await in_room(kit, LIFT, ROOM)
        await kit.deliver()
        assert await kit.complaints() == []
        assert len(kit.chat.texts(ROOM)) == 3
        assert len(await kit.outbox("speak_as_yourself")) == 2


class TestTwoPersons:
    async def test_questions_to_two_persons_do_not_mix(self, kit: Kit) -> None:
        await serve(kit)
        for who in ("c1", "c2"):
            await open_private(kit, who)
        await in_room(kit, LIFT, "c1")
        await in_room(kit, WATER, "c2")
        await kit.deliver()
        await kit.says("李娜 13712345678", "c1")
        await kit.says("王丽 13812345678", "c2")
        lift, water = await kit.complaints()
        for complaint, name in ((lift, "李娜"), (water, "王丽")):
            person = await kit.write(lambda work, id=complaint.complainant: work.person(id))  # type: ignore[misc]
            assert person is not None
            assert person.name == name

    async def test_words_in_the_group_answer_no_question_of_the_private_chat(self, kit: Kit) -> None:
        await open_private(kit, "c1")
        await kit.says(LIFT, "c1")
        await kit.says("撤回", "c1")
        await in_room(kit, "是", "c1", to_us=True)
        assert (await kit.the_complaint()).status is not Status.WITHDRAWN
        await kit.says("是", "c1")
        assert (await kit.the_complaint()).status is Status.WITHDRAWN

    async def test_one_persons_answer_to_anothers_message_only_adds_to_it(self, kit: Kit) -> None:
        await serve(kit)
        await in_room(kit, LIFT, "c1", message_id="m1")
        await in_room(kit, "不用修了，撤销投诉", "c2", message_id="m2", reply_to_message="m1")
        complaint = await kit.the_complaint()
        assert complaint.status is not Status.WITHDRAWN
        assert complaint.complainant == await known_customer(kit, "c1")

    async def test_ids_of_messages_are_counted_in_each_chat(self, kit: Kit) -> None:
        await serve(kit)
        await in_room(kit, LIFT, "c1", message_id="5")
        await kit.says(WATER, "c2", message_id="5")
        await kit.says("催一下", "c2", message_id="6", reply_to_message="5")
        lift, water = await kit.complaints()
        assert (lift.urged, water.urged) == (0, 1)

    async def test_a_message_of_ours_in_another_chat_has_another_number(self, kit: Kit) -> None:
        await open_private(kit, "c1")
        await open_private(kit, "c2")
        for who, words in (("c1", LIFT), ("c2", WATER)):
            kit.chat.outcomes.extend([Sent("77")] * 9)
            await kit.says(words, who)
            await kit.deliver()
            kit.chat.outcomes.clear()
        await kit.says("催一下", "c1", reply_to_message="77")
        assert [complaint.urged for complaint in await kit.complaints()] == [1, 0]


class TestStaff:
    async def test_commands_work_in_a_group_for_staff_who_have_proved_it(self, kit: Kit) -> None:
        await kit.says(LIFT, "c9")
        await in_room(kit, "接单", "c1", to_us=True)
        assert (await kit.the_complaint()).status is Status.DISPATCHED
        await in_room(kit, "接单", "handler", to_us=True)
        assert (await kit.the_complaint()).status is Status.WORKING
        await kit.deliver()
        assert len(await kit.outbox("accept_done")) == 1
        assert "客户" not in "".join(kit.chat.texts(ROOM))

    async def test_a_code_said_in_a_group_is_void(self, database_url: str) -> None:
        staff = [entry("张伟", Role.HANDLER), entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=3)]
        async with open_desk(database_url, channels=[FakeChannel("chat", GROUP_CHAT)], staff=staff) as kit:
            _, code = await issue_code(kit.database, kit.desk.signer, "张伟", kit.clock.now())
            await in_room(kit, f"绑定 {code}", "z", to_us=True)
            await kit.says(f"绑定 {code}", "z")
            assert (
                await kit.rows(
                    AddressRow, AddressRow.proven.is_(True), AddressRow.person == (await kit.person("张伟")).id
                )
                == []
            )
            await kit.deliver()
            assert code not in "".join(kit.chat.texts(ROOM))
            assert await kit.count(OutboxRow, OutboxRow.notice == "code_exposed", OutboxRow.address == ROOM) == 1
