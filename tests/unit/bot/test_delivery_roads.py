"""Where a person is met: the road of the question, the next where one is closed, a colleague who phones where all are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.storage.models import AddressRow
from bot.storage.queues import FAILED, SKIPPED
from complaints.vocabulary import Role
from connectors.port import WillNotDeliver
from scheduler.port import Fate
from tests.unit.bot.delivery_kit import MATTER, states
from tests.unit.bot.desk_kit import CHAT, SMS, STAFF, FakeChannel, Kit, entry, known_customer, open_desk


class TestRoads:
    async def test_a_customer_is_met_where_they_last_wrote(self, kit: Kit) -> None:
        await kit.says(MATTER, "a@example.com", "email", message_id="<1@example.com>")
        customer = await known_customer(kit, "a@example.com", "email")
        kit.clock.move_to(kit.clock.now() + timedelta(minutes=1))
        await kit.address(customer, "chat", "their-chat")
        await kit.deliver()
        assert len(kit.chat.texts("their-chat")) == 1
        assert kit.mail.sent == []

    async def test_answers_go_back_to_the_very_conversation(self, kit: Kit) -> None:
        """Whatever road is best for the person, an answer belongs where the question was put."""
        await kit.says(MATTER, "a@example.com", "email", message_id="<1@example.com>")
        await kit.deliver()
        customer = await known_customer(kit, "a@example.com", "email")
        await kit.says("进度", "a@example.com", "email", message_id="<2@example.com>", references=["<1@example.com>"])
        kit.clock.move_to(kit.clock.now() + timedelta(minutes=1))
        await kit.address(customer, "chat", "their-chat")
        await kit.deliver()
        assert kit.chat.texts("their-chat") == []
        assert [message.reply_to for message in kit.mail.sent][-1] == "<2@example.com>"

    async def test_an_answer_that_is_refused_takes_no_other_road(self, kit: Kit) -> None:
        await kit.says(MATTER)
        await kit.deliver()
        await kit.address(await known_customer(kit), "sms", "+8613700137000")
        kit.chat.refuses["c1"] = WillNotDeliver("gone")
        await kit.says("进度")
        await kit.deliver()
        assert kit.sms.sent == []
        assert await states(kit, "status") == [FAILED]

    async def test_who_asked_for_silence_gets_answers_only(self, kit: Kit) -> None:
        await kit.says(MATTER)
        await kit.deliver()
        await kit.says("退订")
        await kit.deliver()
        assert [row.muted for row in await kit.rows(AddressRow, AddressRow.address == "c1")] == [True]
        told = len(kit.chat.texts("c1"))
        await kit.says("接单", "handler")
        await kit.says("进展 已联系师傅", "handler")
        await kit.deliver()
        assert len(kit.chat.texts("c1")) == told  # nothing unasked
        await kit.says("进度")
        await kit.deliver()
        assert len(kit.chat.texts("c1")) == told + 1

    @pytest.mark.parametrize("words", ["师傅还是没来", "快点处理", "撤诉"])
    async def test_what_they_write_themselves_is_answered_and_nobody_is_asked_to_phone(
        self, kit: Kit, words: str
    ) -> None:
        await kit.says(MATTER)
        await kit.says("stop texting me")
        await kit.deliver()
        told, asked = len(kit.chat.texts("c1")), len(await kit.outbox("undeliverable"))
        await kit.says(words)
        await kit.says("是") if words == "撤诉" else None
        await kit.deliver()
        assert len(kit.chat.texts("c1")) > told
        assert (await kit.the_complaint()).reference in kit.chat.texts("c1")[-1]
        assert len(await kit.outbox("undeliverable")) == asked

    async def test_the_centre_reads_that_they_asked_for_silence(self, kit: Kit) -> None:
        await kit.says(MATTER)
        await kit.says("退订")
        await kit.deliver()
        await kit.says("接单", "handler")
        await kit.says("办结 修好了", "handler")
        await kit.deliver()
        assert any("不要再主动发消息" in text for text in kit.chat.texts("lead"))

    async def test_an_address_of_staff_that_is_not_proven_is_no_road(self, kit: Kit) -> None:
        await kit.address("张伟", "chat", "handler", proven=False)
        await kit.tell("张伟", "k")
        await kit.deliver()
        assert kit.chat.texts("handler") == []
        assert await states(kit, "no_tasks") == [FAILED]

    async def test_a_closed_window_sends_by_another_channel(self, database_url: str) -> None:
        """Trap 23: where the platform lets us write only for a while after the person did."""
        chat = FakeChannel("chat", replace(CHAT, proactive_window=timedelta(hours=48)))
        async with open_desk(database_url, channels=[chat, FakeChannel("sms", SMS)]) as kit:
            await kit.says(MATTER)
            await kit.deliver()
            await kit.address(await known_customer(kit), "sms", "+8613700137000", last_inbound_at=None)
            kit.clock.move_to(kit.clock.now() + timedelta(hours=47))
            await kit.says("进展 已联系师傅", "handler")
            await kit.deliver()
            assert kit.sms.sent == []
            kit.clock.move_to(kit.clock.now() + timedelta(hours=2))
            await kit.says("进展 师傅明天到", "handler")
            await kit.deliver()
            assert [message.address for message in kit.sms.sent] == ["+8613700137000"]

    async def test_a_channel_of_approved_templates_gets_what_fills_them(self, database_url: str) -> None:
        """Trap 24: an approved template takes named variables, and none of them holds words of the complaint."""
        sms = FakeChannel("sms", replace(SMS, templates=frozenset({"acknowledgement"})))
        async with open_desk(database_url, channels=(FakeChannel("chat", CHAT), sms)) as kit:
            await kit.says(MATTER, "13800138000", "sms")
            await kit.deliver()
            [message] = sms.sent
            complaint = await kit.the_complaint()
            assert (message.notice, message.locale) == ("acknowledgement", "zh")
            assert message.variables["reference"] == complaint.reference
            assert message.variables["hotline"] == "400-800-0000"
            assert message.variables["due"]
            assert MATTER not in "".join(message.variables.values())

    async def test_an_answer_without_an_approved_template_alarms_nobody(self, database_url: str) -> None:
        sms = FakeChannel("sms", replace(SMS, templates=frozenset()))
        async with open_desk(database_url, channels=(FakeChannel("chat", CHAT), sms)) as kit:
            await kit.says("帮助", "13800138000", "sms")
            await kit.deliver()
            assert sms.sent == []
            [row] = await kit.outbox()
            assert row.state == SKIPPED
            assert row.detail == "sms has no approved template for help_customer"

    async def test_a_channel_that_is_not_configured_is_no_road(self, database_url: str) -> None:
        async with open_desk(database_url, channels=[FakeChannel("chat", CHAT)]) as kit:
            await kit.address("张伟", "email", "zw@example.com")
            kit.chat.refuses["handler"] = WillNotDeliver("blocked")
            await kit.tell("张伟", "k")
            await kit.deliver()
            assert await states(kit, "no_tasks") == [FAILED]


class TestSecondCopies:
    async def test_an_assignee_hears_it_by_sms_too(self, kit: Kit) -> None:
        """R-032: what must be seen goes out twice, each on its own lane."""
        await kit.address("张伟", "sms", "+8613800138000")
        await kit.says(MATTER)
        await kit.deliver()
        assert len(kit.chat.texts("handler")) == 1
        [copy] = kit.sms.sent
        assert (copy.address, len(copy.text) <= 350) == ("+8613800138000", True)

    async def test_without_sms_the_copy_is_left_out_and_nobody_is_alarmed(self, kit: Kit) -> None:
        await kit.says(MATTER)
        await kit.deliver()
        assert await states(kit, "assigned") == [Fate.SENT, SKIPPED]
        assert await kit.outbox("undeliverable") == []

    async def test_who_has_nothing_but_sms_is_not_told_twice_by_it(self, database_url: str) -> None:
        staff = [entry("李娜", Role.HANDLER), entry("王主管", Role.AGENT, line=3)]
        async with open_desk(database_url, staff=staff) as kit:
            await kit.address("李娜", "sms", "+8613800138000")
            await kit.address("王主管", "chat", "lead")
            await kit.says(MATTER)
            await kit.deliver()
            assert len(kit.sms.texts("+8613800138000")) == 1

    async def test_a_copy_that_fails_alarms_nobody_for_the_notice_itself_went_out(self, kit: Kit) -> None:
        await kit.address("张伟", "sms", "+8613800138000")
        kit.sms.refuses["+8613800138000"] = WillNotDeliver("no such number")
        await kit.says(MATTER)
        await kit.deliver()
        assert len(kit.chat.texts("handler")) == 1
        assert FAILED in await states(kit, "assigned")
        assert await kit.outbox("undeliverable") == []


# ── a task for the duty desk ──────────────────────────────────────────────────────────────────────────────────────────


async def test_r032_whom_no_road_reaches_is_phoned_once_however_much_they_do_not_hear(fresh_sqlite_url: str) -> None:
    """Chat, then SMS, then a call that the desk has to say something of; of a second complaint the centre reads in words."""
    phone = "13711112222"
    alone = (entry("张伟", Role.HANDLER, superior="王主管", phone=phone), STAFF[1])
    async with open_desk(fresh_sqlite_url, staff=alone) as kit:
        await kit.address("张伟", "chat", "handler")
        await kit.address("王主管", "chat", "lead")
        kit.chat.refuses["handler"] = kit.sms.refuses[phone] = WillNotDeliver("no such number")
        await kit.says(MATTER)
        await kit.deliver()
        [asked] = await kit.outbox("please_phone")
        assert asked.person == (await kit.person("王主管")).id
        words = next(text for text in kit.chat.texts("lead") if phone in text)
        assert "没有送到" in words
        assert await kit.outbox("undeliverable") == []
        await kit.says("另一件事：8栋大堂的灯坏了", "c2")
        await kit.deliver()
        assert len(await kit.outbox("please_phone")) == 1
        assert len(await kit.outbox("undeliverable")) == 1
        await kit.says("已电话 接通", "lead")
        assert [call.open for each in await kit.complaints() for call in each.calls] == [False]
