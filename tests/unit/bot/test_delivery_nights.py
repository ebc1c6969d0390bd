"""What is told together, and what waits for the morning."""

from __future__ import annotations

from dataclasses import replace

from bot.pacing import Wait
from bot.storage.models import DeliveryRow
from bot.storage.queues import HELD, SKIPPED, UNCERTAIN
from connectors.port import TryAgainLater, UnknownDelivery, WillNotDeliver
from scheduler.port import Fate
from tests.unit.bot.delivery_kit import MATTER, later, local, notify, the_row, three_complaints
from tests.unit.bot.desk_kit import CHAT, SMS, FakeChannel, Kit, known_customer, open_desk


class TestDigests:
    async def test_a_burst_to_one_of_the_staff_is_one_message_with_every_number(self, kit: Kit) -> None:
        """Trap 24: bursts got a number blocked; each notice is on record all the same."""
        references = await three_complaints(kit)
        for reference in references:
            await notify(kit, "张伟", f"k{reference}", reference=reference, clock="accept", lead="1d")
        await kit.deliver()
        [message] = [message for message in kit.chat.sent if message.address == "handler"]
        assert all(reference in message.text for reference in references)
        assert message.buttons == ()
        rows = await kit.outbox("reminder")
        assert {(row.state, row.external_id) for row in rows} == {(Fate.SENT, rows[0].external_id)}
        assert {row.joined_to for row in rows} == {rows[0].id}
        assert len(await kit.rows(DeliveryRow, DeliveryRow.outbox_id.in_([row.id for row in rows]))) == 3

    async def test_an_answer_to_it_is_asked_which_is_meant(self, kit: Kit) -> None:
        references = await three_complaints(kit)
        for reference in references:
            await notify(kit, "张伟", f"k{reference}", reference=reference)
        await kit.deliver()
        [row, *_] = await kit.outbox("reminder")
        await kit.says("接单", "handler", reply_to_message=row.external_id)
        assert len(await kit.outbox("which_complaint")) == 1
        await kit.says("0002 接单", "handler", reply_to_message=row.external_id)
        assert [c.status for c in await kit.complaints()] == ["dispatched", "working", "dispatched"]

    async def test_by_mail_the_token_proves_who_answers_and_names_no_complaint(self, kit: Kit) -> None:
        await kit.address("张伟", "email", "zw@example.com")
        await kit.address("张伟", "chat", "handler", proven=False)
        references = await three_complaints(kit)
        for reference in references:
            await notify(kit, "张伟", f"k{reference}", reference=reference)
        await kit.deliver()
        [mail] = kit.mail.sent
        assert all(reference in mail.text for reference in references)
        assert mail.subject == "3 条投诉通知"
        await kit.says("接单", "zw@example.com", "email", in_reply_to=mail.message_id, message_id="<r@example.com>")
        assert len(await kit.outbox("which_complaint")) == 1
        await kit.says(
            "0003 接单", "zw@example.com", "email", in_reply_to=mail.message_id, message_id="<s@example.com>"
        )
        assert [c.status for c in await kit.complaints()] == ["dispatched", "dispatched", "working"]

    async def test_two_stand_alone_and_so_does_what_is_urgent_or_asks(self, kit: Kit) -> None:
        references = await three_complaints(kit)
        await notify(kit, "张伟", "a", "b", reference=references[0])
        await kit.deliver()
        assert len(kit.chat.texts("handler")) == 2
        await notify(kit, "张伟", "c", "d", reference=references[0])
        await notify(kit, "张伟", "e", kind="extension_decided", reference=references[0], granted="yes")
        await notify(kit, "张伟", "f", reference=references[0])
        await kit.deliver()
        assert len(kit.chat.texts("handler")) == 6
        await kit.says(f"定级 {references[1]} S1 有人受伤", "lead")
        await kit.deliver()
        kit.chat.sent.clear()
        await notify(kit, "张伟", "g", "h", "i", reference=references[1])
        await kit.deliver()
        assert len(kit.chat.texts("handler")) == 3

    async def test_a_customer_reads_every_word_by_itself(self, kit: Kit) -> None:
        await kit.says(MATTER)
        for word in ("接单", "进展 已联系师傅", "进展 师傅明天到", "进展 师傅到了", "办结 换了配件"):
            await kit.says(word, "handler")
        await kit.deliver()
        assert [row.joined_to for row in await kit.outbox() if row.person == await known_customer(kit)] == [None] * 6

    async def test_as_many_as_fit_whole_and_the_rest_in_the_next(self, database_url: str) -> None:
        channels = (FakeChannel("chat", replace(CHAT, max_chars=250)), FakeChannel("sms", SMS))
        async with open_desk(database_url, channels=channels) as kit:
            references = await three_complaints(kit)
            for number in range(9):
                await notify(kit, "张伟", f"k{number}", reference=references[number % 3])
            await kit.deliver()
            texts = kit.chat.texts("handler")
            assert 1 < len(texts) < 9
            assert all(len(text) <= 250 for text in texts)
            assert not any("…" in line for text in texts for line in text.splitlines()[-1:])
            assert {row.state for row in await kit.outbox("reminder")} == {Fate.SENT}

    async def test_where_only_approved_templates_go_each_takes_its_own(self, database_url: str) -> None:
        sms = FakeChannel("sms", replace(SMS, templates=frozenset({"reminder"})))
        async with open_desk(database_url, channels=(FakeChannel("chat", CHAT), sms)) as kit:
            references = await three_complaints(kit)
            await kit.address("张伟", "chat", "handler", proven=False)
            await kit.address("张伟", "sms", "+8613800138000")
            for reference in references:
                await notify(kit, "张伟", f"k{reference}", reference=reference)
            await kit.deliver()
            assert [message.notice for message in sms.sent] == ["reminder"] * 3

    async def test_a_road_that_is_closed_to_it_is_closed_to_each(self, kit: Kit) -> None:
        references = await three_complaints(kit)
        await kit.address("张伟", "email", "zw@example.com")
        kit.chat.refuses["handler"] = WillNotDeliver("gone")
        for reference in references:
            await notify(kit, "张伟", f"k{reference}", reference=reference)
        await kit.deliver()
        assert {(row.state, row.channel) for row in await kit.outbox("reminder")} == {(Fate.SENT, "email")}

    async def test_tried_again_it_is_the_same_message(self, kit: Kit) -> None:
        references = await three_complaints(kit)
        kit.chat.outcomes.append(TryAgainLater("busy"))
        for reference in references:
            await notify(kit, "张伟", f"k{reference}", reference=reference)
        await kit.deliver()
        await notify(kit, "张伟", "one more", reference=references[0])
        await later(kit, seconds=10)
        first, second, third = [message for message in kit.chat.attempts if message.address == "handler"]
        assert (first.key, first.text) == (second.key, second.text)
        assert third.key.startswith("one more")

    async def test_an_uncertain_one_is_told_of_once_and_never_sent_again(self, kit: Kit) -> None:
        """Trap 45."""
        references = await three_complaints(kit)
        kit.chat.outcomes.append(UnknownDelivery("the line broke"))
        for reference in references:
            await notify(kit, "张伟", f"k{reference}", reference=reference)
        await kit.deliver()
        await later(kit, hours=1)
        assert {row.state for row in await kit.outbox("reminder")} == {UNCERTAIN}
        assert len(await kit.outbox("uncertain")) == 1
        assert len([message for message in kit.chat.attempts if message.address == "handler"]) == 1


# ── nights ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class TestNights:
    async def test_a_retry_of_the_evening_waits_for_the_morning(self, kit: Kit) -> None:
        """Trap 27: queued at 21:59, it must not ring at three."""
        kit.clock.move_to(local(kit, "21:59"))
        kit.chat.refuses["handler"] = TryAgainLater("busy")
        await kit.tell("张伟", "k", "binding_changed")
        await kit.deliver()
        kit.chat.refuses.clear()
        kit.clock.move_to(local(kit, "03:00", day=1))
        await kit.deliver()
        row = await the_row(kit, "k")
        assert (row.state, row.waits, row.due_at) == (HELD, Wait.QUIET, local(kit, "07:00"))
        kit.clock.move_to(local(kit, "07:00"))
        await kit.deliver()
        assert len(kit.chat.texts("handler")) == 1

    async def test_in_the_morning_in_order_and_as_one_message(self, kit: Kit) -> None:
        references = await three_complaints(kit)
        kit.clock.move_to(local(kit, "23:30"))
        for reference in references:
            await notify(kit, "张伟", f"k{reference}", reference=reference)
            await kit.deliver()
        assert kit.chat.texts("handler") == []
        kit.clock.move_to(local(kit, "07:00", day=1))
        await kit.deliver()
        [text] = kit.chat.texts("handler")
        assert [text.index(reference) for reference in references] == sorted(text.index(r) for r in references)

    async def test_what_is_urgent_and_what_answers_go_past_what_waits(self, kit: Kit) -> None:
        """Trap 35, R-041."""
        references = await three_complaints(kit)
        await kit.says(f"定级 {references[1]} S0 有人被困", "lead")
        await kit.deliver()
        kit.clock.move_to(local(kit, "23:30"))
        kit.chat.sent.clear()
        await notify(kit, "张伟", "waits", reference=references[0])
        await notify(kit, "张伟", "urgent", reference=references[1])
        await kit.deliver()
        assert [key[:6] for key in kit.chat.keys("handler")] == ["urgent"]
        await kit.says("进度", "c0")
        await kit.deliver()
        assert len(kit.chat.texts("c0")) == 1

    async def test_who_writes_at_night_hears_at_once_what_comes_of_it(self, kit: Kit) -> None:
        kit.clock.move_to(local(kit, "23:30"))
        await kit.says(MATTER)
        await kit.deliver()
        assert len(kit.chat.texts("c1")) == 1
        assert kit.chat.texts("handler") == []
        assert next(row.state for row in await kit.outbox("assigned")) == HELD

    async def test_nobody_is_said_to_have_heard_what_is_kept_until_the_morning(self, kit: Kit) -> None:
        kit.clock.move_to(local(kit, "21:30"))
        await kit.says(MATTER)
        await kit.deliver()
        kit.clock.move_to(local(kit, "23:30"))
        for words, said in (("接单", "08:00 收到通知"), ("进展 配件明早到", "08:00 告诉客户")):
            await kit.says(words, "handler")
            await kit.deliver()
            assert said in kit.chat.texts("handler")[-1]

    async def test_a_customer_reads_in_one_message_what_the_night_kept_back(self, kit: Kit) -> None:
        kit.clock.move_to(local(kit, "21:30"))
        await kit.says(MATTER)
        await kit.deliver()
        kit.clock.move_to(local(kit, "23:30"))
        for words in ("接单", "进展 师傅明早到", "进展 配件已备好"):
            await kit.says(words, "handler")
            await kit.deliver()
        kit.chat.sent.clear()
        kit.clock.move_to(local(kit, "08:00", day=1))
        await kit.deliver()
        [text] = kit.chat.texts("c1")
        assert text.index("师傅明早到") < text.index("配件已备好")
        assert {row.state for kind in ("taken_up", "progress") for row in await kit.outbox(kind)} == {Fate.SENT}

    async def test_what_came_to_nothing_overnight_is_not_told(self, kit: Kit) -> None:
        """Trap 32."""
        [reference, *_] = await three_complaints(kit)
        kit.clock.move_to(local(kit, "23:30"))
        await notify(kit, "张伟", "k", kind="overdue", reference=reference)
        await kit.deliver()
        await kit.says("撤回", "c0")
        await kit.deliver()
        await kit.says("是", "c0")
        kit.clock.move_to(local(kit, "07:30", day=1))
        await kit.deliver()
        assert (await the_row(kit, "k")).state == SKIPPED
