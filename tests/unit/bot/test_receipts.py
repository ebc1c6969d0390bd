"""Delivery truth: what is reported of a message changes what we believe, and a message that came back takes the next road."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.storage.models import AddressRow, DeliveryRow, InboxRow, OutboxRow
from bot.storage.work import Work
from bot.tokens import Signer
from complaints.vocabulary import Status
from connectors.port import Sent, UnknownDelivery
from tests.unit.bot.desk_kit import SECRET, Kit, known_customer

LINA = "lina@qq.example"
PHONE = "+8613712345678"
MATTER = "我家厨房漏水三天了没人管"


async def complains(kit: Kit, who: str = LINA) -> OutboxRow:
    """Have a complaint told by mail and acknowledged; return the acknowledgement as it then stands."""
    await kit.says(MATTER, who, "email", message_id=f"<1@{who}>")
    await kit.deliver()
    [row] = await kit.outbox("acknowledgement")
    assert (row.state, row.channel, row.address) == ("sent", "email", who)
    return row


async def has_phone(kit: Kit, who: str = LINA) -> None:
    await kit.address(await known_customer(kit, who, "email"), "sms", PHONE, last_inbound_at=None, proven=False)


def our_id(kit: Kit, row: OutboxRow) -> str:
    return Signer(SECRET).message_id(row.id, "example.com")


async def bounce(kit: Kit, fate: str = "failed", message_id: str = "", address: str = LINA, **more: Any) -> str:
    """Let a machine's mail with a report arrive; return what the inbox says came of it."""
    gone = more.pop("gone", False)
    report = {"fate": fate, "message_id": message_id, "address": address, "detail": "550 no such user", "gone": gone}
    await kit.says(
        "bounced",
        "MAILER-DAEMON@qq.example",
        "email",
        automatic=True,
        automatic_reason="a bounce",
        receipts=[report],
        **more,
    )
    return (await kit.rows(InboxRow))[-1].outcome


async def report(kit: Kit, fate: str, message_id: str = "", address: str = "", channel: str = "sms") -> str:
    """Let a platform report; return what the inbox says came of it."""
    await kit.says(
        "", "", channel, ignored="a report", receipts=[{"fate": fate, "message_id": message_id, "address": address}]
    )
    return (await kit.rows(InboxRow))[-1].outcome


async def state(kit: Kit, row: OutboxRow) -> str:
    [now] = await kit.rows(OutboxRow, OutboxRow.id == row.id)
    return now.state


class TestABounce:
    async def test_a_notice_that_came_back_takes_the_next_road(self, kit: Kit) -> None:
        row = await complains(kit)
        await has_phone(kit)
        outcome = await bounce(kit, message_id=our_id(kit, row))
        assert "the next road is taken" in outcome
        await kit.deliver()
        [now] = await kit.rows(OutboxRow, OutboxRow.id == row.id)
        assert (now.state, now.channel, now.address) == ("sent", "sms", PHONE)
        assert len(kit.sms.texts(PHONE)) == 1
        assert len(kit.mail.texts(LINA)) == 1
        states = [each.state for each in await kit.rows(DeliveryRow, DeliveryRow.outbox_id == row.id)]
        assert states == ["sent", "failed", "sent"]

    async def test_the_bounce_is_kept_with_its_complaint_and_makes_none(self, kit: Kit) -> None:
        row = await complains(kit)
        await bounce(kit, message_id=our_id(kit, row))
        complaint = await kit.the_complaint()
        assert (await kit.rows(InboxRow))[-1].reference == complaint.reference
        assert kit.mail.texts("MAILER-DAEMON@qq.example") == []

    async def test_without_another_road_the_service_centre_hears(self, kit: Kit) -> None:
        row = await complains(kit)
        await bounce(kit, message_id=our_id(kit, row))
        await kit.deliver()
        assert await state(kit, row) == "failed"
        [told] = await kit.outbox("undeliverable")
        assert "refused" in told.facts
        assert any("各种方式都没发成" in words for words in kit.chat.texts("lead"))
        assert any("550 no such user" in failed.detail for failed in await kit.rows(OutboxRow))

    async def test_the_same_bounce_twice_is_one(self, kit: Kit) -> None:
        row = await complains(kit)
        await has_phone(kit)
        await bounce(kit, message_id=our_id(kit, row))
        await bounce(kit, message_id=our_id(kit, row))
        await kit.deliver()
        assert "by now" in await bounce(kit, message_id=our_id(kit, row))
        await kit.deliver()
        assert len(kit.sms.texts(PHONE)) == 1
        assert await state(kit, row) == "sent"

    async def test_a_bounce_after_the_notice_has_arrived_changes_nothing(self, kit: Kit) -> None:
        row = await complains(kit)
        await has_phone(kit)
        await bounce(kit, "delivered", our_id(kit, row))
        await bounce(kit, message_id=our_id(kit, row))
        await kit.deliver()
        assert await state(kit, row) == "delivered"
        assert kit.sms.sent == []

    async def test_a_late_bounce_after_the_next_road_arrived_changes_nothing(self, kit: Kit) -> None:
        row = await complains(kit)
        await has_phone(kit)
        await bounce(kit, message_id=our_id(kit, row))
        kit.sms.outcomes.append(Sent("sms-9", delivered=True))
        await kit.deliver()
        await bounce(kit, message_id=our_id(kit, row))
        await kit.deliver()
        assert await state(kit, row) == "delivered"
        assert len(kit.sms.sent) == 1

    async def test_trap_45_a_bounce_ends_the_doubt_about_a_lost_line(self, kit: Kit) -> None:
        kit.mail.outcomes.append(UnknownDelivery("the line broke after DATA"))
        await kit.says(MATTER, LINA, "email", message_id="<1@qq.example>")
        await kit.deliver()
        [row] = await kit.outbox("acknowledgement")
        assert row.state == "uncertain"
        await kit.deliver()
        assert len(kit.mail.attempts) == 1, "never a second copy without a word about the first"
        await has_phone(kit)
        await bounce(kit, message_id=our_id(kit, row))
        await kit.deliver()
        assert len(kit.sms.texts(PHONE)) == 1

    async def test_a_closed_complaint_s_acknowledgement_is_not_sent_again(self, kit: Kit) -> None:
        row = await complains(kit)
        await has_phone(kit)
        await kit.says("撤销，不投诉了", LINA, "email", in_reply_to=our_id(kit, row))
        await kit.deliver()
        question = (await kit.outbox("withdraw_confirm"))[0]
        await kit.says("是", LINA, "email", in_reply_to=our_id(kit, question))
        await kit.deliver()
        assert (await kit.the_complaint()).status is Status.WITHDRAWN
        outcome = await bounce(kit, message_id=our_id(kit, row))
        assert "not sent again" in outcome
        await kit.deliver()
        assert await state(kit, row) == "failed"
        assert kit.sms.sent == []
        # What says that it is over is still worth saying.
        [end] = await kit.outbox("withdrawn")
        await bounce(kit, message_id=our_id(kit, end))
        await kit.deliver()
        assert len(kit.sms.sent) == 1

    async def test_an_answer_about_no_complaint_is_let_go(self, kit: Kit) -> None:
        """Trap 14: a made-up sender must not make work for the desk."""
        await kit.says("帮助", "nobody@spam.example", "email", message_id="<1@spam.example>")
        await kit.deliver()
        [row] = [each for each in await kit.outbox() if each.address == "nobody@spam.example"]
        if row.reference is not None:
            pytest.fail("a call for help made a complaint")
        await bounce(kit, message_id=our_id(kit, row), address="nobody@spam.example")
        await kit.deliver()
        assert await state(kit, row) == "failed"
        assert await kit.outbox("undeliverable") == []

    async def test_a_delay_is_noted_and_changes_nothing(self, kit: Kit) -> None:
        row = await complains(kit)
        await has_phone(kit)
        assert "still on its way" in await bounce(kit, "delayed", our_id(kit, row))
        await kit.deliver()
        assert await state(kit, row) == "sent"
        assert kit.sms.sent == []
        assert [d.state for d in await kit.rows(DeliveryRow, DeliveryRow.outbox_id == row.id)] == ["sent", "delayed"]


class TestWhatIsBelieved:
    @pytest.mark.parametrize(
        "message_id",
        ["", "<cb1-000000000000000000000000@example.com>", "<somebody@else.example>", "x" * 5000],
        ids=["none", "forged", "foreign", "huge"],
    )
    async def test_a_forged_bounce_changes_nothing(self, kit: Kit, message_id: str) -> None:
        row = await complains(kit)
        await has_phone(kit)
        outcome = await bounce(kit, message_id=message_id, gone=True)
        assert "ignored, it does not carry the genuine id" in outcome
        await kit.deliver()
        assert await state(kit, row) == "sent"
        assert kit.sms.sent == []
        [address] = await kit.rows(AddressRow, AddressRow.address == LINA)
        assert address.blocked_at is None

    async def test_a_report_about_somebody_else_changes_nothing(self, kit: Kit) -> None:
        row = await complains(kit)
        outcome = await bounce(kit, message_id=our_id(kit, row), address="other@qq.example")
        assert "did not go to this address" in outcome
        assert await state(kit, row) == "sent"

    async def test_a_bounce_that_names_nobody_but_our_id(self, kit: Kit) -> None:
        row = await complains(kit)
        await bounce(kit, message_id=our_id(kit, row), address="")
        assert await state(kit, row) == "queued"

    async def test_the_id_may_stand_in_the_address_it_comes_back_to(self, kit: Kit) -> None:
        row = await complains(kit)
        await bounce(kit, recipients=[Signer(SECRET).plus_address(row.id, "desk@example.com")])
        assert await state(kit, row) == "queued"

    async def test_an_unknown_message_is_kept_as_ignored(self, kit: Kit) -> None:
        assert await report(kit, "delivered", "nobody-knows-it") == (
            "ignored: a report; delivered: ignored, it names no message of ours"
        )
        [kept] = await kit.rows(DeliveryRow)
        assert (kept.outbox_id, kept.state, kept.external_id) == (0, "delivered", "nobody-knows-it")


class TestADeadAddress:
    async def test_later_notices_take_another_road_at_once(self, kit: Kit) -> None:
        row = await complains(kit)
        await has_phone(kit)
        await bounce(kit, message_id=our_id(kit, row), gone=True)
        [address] = await kit.rows(AddressRow, AddressRow.address == LINA)
        assert address.blocked_at == kit.clock.now()
        await kit.deliver()
        await kit.says("收到", "handler")
        await kit.deliver()
        assert len(kit.sms.texts(PHONE)) == 2
        assert len(kit.mail.texts(LINA)) == 1

    async def test_until_they_write_again(self, kit: Kit) -> None:
        row = await complains(kit)
        await bounce(kit, message_id=our_id(kit, row), gone=True)
        kit.clock.move_to(kit.clock.now() + timedelta(minutes=5))
        await kit.says("换了邮箱设置，进度？", LINA, "email", in_reply_to=our_id(kit, row))
        [address] = await kit.rows(AddressRow, AddressRow.address == LINA)
        assert address.blocked_at is None

    async def test_a_bounce_older_than_their_last_words_closes_nothing(self, kit: Kit) -> None:
        row = await complains(kit)
        kit.clock.move_to(kit.clock.now() + timedelta(minutes=5))
        await kit.says("补充：今天更严重了", LINA, "email", in_reply_to=our_id(kit, row))
        await bounce(kit, message_id=our_id(kit, row), gone=True)
        [address] = await kit.rows(AddressRow, AddressRow.address == LINA)
        assert address.blocked_at is None

    async def test_a_full_mailbox_is_not_dead(self, kit: Kit) -> None:
        row = await complains(kit)
        await bounce(kit, message_id=our_id(kit, row))
        [address] = await kit.rows(AddressRow, AddressRow.address == LINA)
        assert address.blocked_at is None


class TestAPlatformThatNamesMessages:
    async def sent_by_sms(self, kit: Kit) -> OutboxRow:
        await kit.says(MATTER, PHONE, "sms")
        await kit.deliver()
        [row] = await kit.outbox("acknowledgement")
        assert (row.state, row.channel) == ("sent", "sms")
        assert row.external_id
        return row

    @pytest.mark.parametrize("fate", ["delivered", "read"])
    async def test_it_has_arrived(self, kit: Kit, fate: str) -> None:
        row = await self.sent_by_sms(kit)
        assert "has arrived" in await report(kit, fate, row.external_id or "", PHONE)
        assert await state(kit, row) == fate
        assert [d.state for d in await kit.rows(DeliveryRow, DeliveryRow.outbox_id == row.id)] == ["sent", fate]
        assert (await kit.rows(InboxRow))[-1].reference == row.reference

    async def test_the_number_may_be_written_without_its_country(self, kit: Kit) -> None:
        row = await self.sent_by_sms(kit)
        await report(kit, "delivered", row.external_id or "", "13712345678")
        assert await state(kit, row) == "delivered"

    async def test_our_own_key_is_a_name_too(self, kit: Kit) -> None:
        row = await self.sent_by_sms(kit)
        await report(kit, "delivered", row.key, PHONE)
        assert await state(kit, row) == "delivered"

    async def test_a_report_that_names_nothing_finds_the_only_message_out(self, kit: Kit) -> None:
        row = await self.sent_by_sms(kit)
        await report(kit, "delivered", "", PHONE)
        assert await state(kit, row) == "delivered"
        assert "names no message" in await report(kit, "delivered", "", PHONE)

    async def test_it_failed_and_the_next_road_is_taken(self, kit: Kit) -> None:
        row = await self.sent_by_sms(kit)
        await kit.address(await known_customer(kit, PHONE, "sms"), "email", LINA)
        await report(kit, "failed", row.external_id or "", PHONE)
        await kit.deliver()
        assert len(kit.mail.texts(LINA)) == 1

    async def test_another_channel_s_report_with_the_same_name_is_another(self, kit: Kit) -> None:
        row = await self.sent_by_sms(kit)
        await report(kit, "failed", row.external_id or "", PHONE, channel="chat")
        assert await state(kit, row) == "sent"


async def test_finding_the_message_does_not_look_at_all_of_them(kit: Kit) -> None:
    """The cost of a report is what it speaks of, not what is stored."""

    async def plan(work: Work) -> str:
        question = " SELECT id FROM deliveries WHERE external_id = 'x'"
        if not work.sqlite:
            await work.session.execute(text("SET LOCAL enable_seqscan = off"))
        rows = await work.session.execute(text(("EXPLAIN QUERY PLAN" if work.sqlite else "EXPLAIN") + question))
        return " ".join(str(row) for row in rows)

    assert "ix_deliveries_external_id" in await kit.database.read(plan)


class TestAReportThatIsTooEarly:
    """The platform may report while we are still writing down that it took the message."""

    @pytest.mark.parametrize(
        ("fate", "state"), [("delivered", "delivered"), ("read", "delivered"), ("delayed", "sent")]
    )
    async def test_it_counts_once_the_message_is_written_down(self, kit: Kit, fate: str, state: str) -> None:
        kit.sms.outcomes.append(Sent("sms-77"))
        await kit.says(MATTER, PHONE, "sms")
        assert "names no message of ours" in await report(kit, fate, "sms-77", PHONE)
        await kit.deliver()
        [row] = await kit.outbox("acknowledgement")
        assert row.state == state

    async def test_it_failed_and_the_next_road_is_taken(self, kit: Kit) -> None:
        await kit.says(MATTER, PHONE, "sms")
        await kit.address(await known_customer(kit, PHONE, "sms"), "email", LINA, last_inbound_at=None)
        kit.sms.outcomes.append(Sent("sms-77"))
        await report(kit, "failed", "sms-77", PHONE)
        await kit.deliver()
        assert len(kit.mail.texts(LINA)) == 1

    async def test_of_a_mail_only_the_signed_id_counts(self, kit: Kit) -> None:
        await kit.says(MATTER, LINA, "email", message_id="<1@qq.example>")
        await bounce(kit, message_id="email-1")
        await kit.deliver()
        [row] = await kit.outbox("acknowledgement")
        assert row.state == "sent"
