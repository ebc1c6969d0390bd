"""The truth about what became of a message: addresses that moved or shut us out, nobody reached, faults, what people decide."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import text, update

from bot.answers import Internal
from bot.storage import queues
from bot.storage.models import AddressRow, ComplaintRow, InboxRow, MessageRow
from bot.storage.moving import move_conversation
from bot.storage.queues import FAILED, HELD, QUEUED, SKIPPED, UNCERTAIN
from bot.storage.work import Work
from bot.unreached import Unreached
from complaints.vocabulary import Role
from connectors.port import Blocked, Moved, RawMessage, TryAgainLater, UnknownDelivery, WillNotDeliver
from scheduler.port import Fate
from tests.calendars import WeekCalendar
from tests.unit.bot.delivery_kit import MATTER, later, local, notify, the_row, three_complaints
from tests.unit.bot.desk_kit import CHAT, MONDAY, SMS, ZONE, FakeChannel, Kit, entry, known_customer, open_desk


class TestAddresses:
    async def test_who_blocks_us_is_left_alone_until_they_write(self, kit: Kit) -> None:
        """Trap 20: one who blocked the bot led to endless tries elsewhere."""
        await kit.address("张伟", "email", "zw@example.com")
        kit.chat.refuses["handler"] = Blocked("blocked by the user")
        await kit.tell("张伟", "a")
        await kit.deliver()
        for number in range(5):
            await kit.tell("张伟", f"b{number}")
            await later(kit, hours=1)
        assert len([message for message in kit.chat.attempts if message.address == "handler"]) == 1
        assert len(kit.mail.sent) == 6
        kit.chat.refuses.clear()
        await kit.says("我的待办", "handler")
        await kit.deliver()
        await kit.tell("张伟", "c")
        await kit.deliver()
        assert len(kit.chat.texts("handler")) == 2

    async def test_an_answer_to_who_has_blocked_us_since_is_not_tried(self, kit: Kit) -> None:
        await kit.says(MATTER)
        await kit.deliver()
        await kit.says("进度")
        await kit.address(await known_customer(kit), "chat", "c1", blocked_at=kit.clock.now())
        tried = len(kit.chat.attempts)
        await kit.deliver()
        assert [m.address for m in kit.chat.attempts[tried:] if m.address == "c1"] == []
        assert [row.state for row in await kit.outbox("status")] == [FAILED]

    @pytest.mark.both_databases
    async def test_a_conversation_that_moved_goes_on_at_once_and_in_order(self, kit: Kit) -> None:
        """Trap 21: the error holds the new id."""
        kit.chat.refuses["handler"] = Moved("it became a supergroup", "-100")
        for number in range(3):
            await kit.tell("张伟", f"k{number}")
        await kit.says("进度", "handler")
        await kit.deliver()
        assert [key[:2] for key in kit.chat.keys("-100")][:3] == ["k0", "k1", "k2"]
        assert len(kit.chat.texts("-100")) == 4  # and the answer
        assert len([message for message in kit.chat.attempts if message.address == "handler"]) == 1
        [row] = await kit.rows(AddressRow, AddressRow.person == (await kit.person("张伟")).id)
        assert (row.address, row.proven) == ("-100", True)
        await kit.says("我的待办", "-100")  # known there: no stranger
        assert len(await kit.rows(AddressRow, AddressRow.channel == "chat")) == 2

    async def test_two_addresses_that_point_at_each_other_are_no_endless_road(self, kit: Kit) -> None:
        kit.chat.refuses |= {"handler": Moved("gone", "-100"), "-100": Moved("gone", "handler")}
        await kit.tell("张伟", "k")
        async with asyncio.timeout(60):
            await kit.deliver()
        assert (await the_row(kit, "k")).state == FAILED
        assert len(kit.chat.attempts) < 20

    async def test_told_by_the_platform_itself_what_waits_goes_there_too(self, kit: Kit) -> None:
        await kit.says(MATTER)
        await kit.deliver()
        await kit.says("进度")
        await kit.write(lambda work: move_conversation(work, "chat", "c1", "-200"))
        await kit.write(lambda work: move_conversation(work, "chat", "c1", "-200"))
        await kit.deliver()
        assert [key for key in kit.chat.keys("-200") if "status" in key or key] != []
        assert await kit.rows(AddressRow, AddressRow.address == "c1") == []
        person = await known_customer(kit, "-200")
        assert (await kit.the_complaint()).complainant == person

    async def test_somebody_who_wrote_from_the_new_address_first_is_the_same(self, kit: Kit) -> None:
        await kit.says(MATTER)
        customer = await known_customer(kit)
        await kit.says("你好", "-200")
        await kit.write(lambda work: move_conversation(work, "chat", "c1", "-200"))
        assert await known_customer(kit, "-200") == customer


# ── nobody can be reached ─────────────────────────────────────────────────────────────────────────────────────────────


STAFF = (
    entry("张伟", Role.HANDLER, superior="赵经理", backup="李娜", phone="+8613800138000"),
    entry("李娜", Role.EMPLOYEE, line=3),
    entry("赵经理", Role.DEPT_HEAD, line=4),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=5),
)


@pytest.fixture
async def manned(database_url: str) -> AsyncIterator[Kit]:
    async with open_desk(
        database_url, staff=STAFF, chats={"张伟": "handler", "李娜": "backup", "赵经理": "head", "王主管": "lead"}
    ) as kit:
        kit.sms.refuses["+8613800138000"] = WillNotDeliver("switched off")
        yield kit


class TestNobodyReached:
    async def test_the_centre_is_asked_to_phone_and_the_stand_in_is_told(self, manned: Kit) -> None:
        """R-032: chat, SMS, "please phone", the backup contact."""
        [reference, *_] = await three_complaints(manned)
        manned.chat.refuses["handler"] = Blocked("blocked by the user")
        await notify(manned, "张伟", "k", reference=reference)
        await manned.deliver()
        [call] = manned.chat.texts("lead")
        assert all(part in call for part in ("张伟", "138 0013 8000", reference, "到期提醒", "请打电话"))
        [stand_in] = manned.chat.texts("backup")
        assert all(part in stand_in for part in ("张伟", reference, "到期提醒"))

    async def test_a_stand_in_who_cannot_be_reached_either_is_no_chain_without_end(self, manned: Kit) -> None:
        [reference, *_] = await three_complaints(manned)
        manned.chat.refuses |= {"handler": Blocked("gone"), "backup": Blocked("gone")}
        await notify(manned, "张伟", "k", reference=reference)
        for _ in range(3):
            await later(manned, minutes=1)
        assert [row.state for row in await manned.outbox("stand_in")] == [FAILED]

    async def test_the_list_of_the_day_is_told_once_when_the_working_day_ends(self, manned: Kit) -> None:
        [first, second, _] = await three_complaints(manned)
        manned.chat.refuses["handler"] = WillNotDeliver("gone")
        await notify(manned, "张伟", "k1", reference=first)
        await notify(manned, "张伟", "k2", kind="overdue", reference=second)
        await manned.deliver()
        manned.chat.sent.clear()
        list_ = Unreached(manned.database, manned.desk)
        manned.clock.move_to(local(manned, "17:59"))
        await list_.look()
        assert await manned.outbox("unreached") == []
        manned.clock.move_to(local(manned, "18:00"))
        await list_.look()
        await Unreached(manned.database, manned.desk).look()  # after a restart
        await manned.deliver()
        [text] = manned.chat.texts("lead")
        assert all(part in text for part in (first, second, "张伟", "138 0013 8000", "到期提醒", "超时通知"))
        assert len(manned.chat.texts("head")) == 1  # their superior
        manned.clock.move_to(local(manned, "18:00", day=1))
        await list_.look()
        assert len(await manned.outbox("unreached")) == 2  # nothing new: no second list

    async def test_what_fails_in_the_evening_stands_on_the_next_list(self, manned: Kit) -> None:
        [reference, *_] = await three_complaints(manned)
        list_ = Unreached(manned.database, manned.desk)
        manned.clock.move_to(local(manned, "18:30"))
        await list_.look()
        manned.chat.refuses["handler"] = WillNotDeliver("gone")
        await notify(manned, "张伟", "k", reference=reference)
        await manned.deliver()
        await list_.look()
        assert await manned.outbox("unreached") == []
        manned.clock.move_to(local(manned, "18:01", day=1))
        await list_.look()
        assert len(await manned.outbox("unreached")) == 2

    async def test_a_day_whose_hours_were_made_longer_has_two_lists(self, manned: Kit) -> None:
        [reference, *_] = await three_complaints(manned)
        manned.chat.refuses["handler"] = WillNotDeliver("gone")
        list_ = Unreached(manned.database, manned.desk)
        longer = WeekCalendar(ZONE, ((time(9), time(20)),))
        for key, failed_at, told_at, count in (("k1", "17:00", "18:05", 2), ("k2", "19:00", "20:05", 4)):
            manned.clock.move_to(local(manned, failed_at))
            await notify(manned, "张伟", key, reference=reference)
            await manned.deliver()
            manned.clock.move_to(local(manned, told_at))
            await list_.look()
            assert len(await manned.outbox("unreached")) == count
            manned.desk.book.current = replace(manned.desk.book.current, calendar=longer)


class TestTwins:
    async def test_a_notice_that_falls_back_to_the_road_of_its_copy_goes_out_once(self, kit: Kit) -> None:
        await kit.address("张伟", "sms", "+8613800138000")
        kit.chat.refuses["handler"] = WillNotDeliver("gone")
        await kit.says(MATTER)
        await kit.deliver()
        await later(kit, minutes=1)
        assert len(kit.sms.texts("+8613800138000")) == 1
        assert sorted(row.state for row in await kit.outbox("assigned")) == [Fate.SENT, SKIPPED]
        assert await kit.outbox("undeliverable") == []

    async def test_a_notice_whose_copy_is_uncertain_is_uncertain_and_the_centre_is_told(
        self, database_url: str
    ) -> None:
        channels = (FakeChannel("chat", CHAT), FakeChannel("sms", replace(SMS, idempotent_send=False)))
        async with open_desk(database_url, channels=channels) as kit:
            await kit.address("张伟", "sms", "+8613800138000")
            kit.chat.refuses["handler"] = WillNotDeliver("gone")
            kit.sms.outcomes.append(UnknownDelivery("the line broke"))
            await kit.says(MATTER)
            await kit.deliver()
            await later(kit, minutes=1)
            assert len(kit.sms.attempts) == 1
            assert {row.state for row in await kit.outbox("assigned")} == {UNCERTAIN}
            assert len(await kit.outbox("uncertain")) == 1

    async def test_a_copy_that_failed_leaves_the_road_to_the_notice_itself(self, kit: Kit) -> None:
        await kit.address("张伟", "sms", "+8613800138000")
        kit.chat.refuses["handler"] = TryAgainLater("busy")
        kit.sms.outcomes.append(WillNotDeliver("no such number, this time"))
        await kit.says(MATTER)
        await kit.deliver()
        kit.chat.refuses["handler"] = WillNotDeliver("gone")
        await later(kit, minutes=1)
        assert len(kit.sms.texts("+8613800138000")) == 1


# ── faults of the store ───────────────────────────────────────────────────────────────────────────────────────────────


class TestFaults:
    async def test_a_complaint_that_cannot_be_read_fails_alone(self, kit: Kit) -> None:
        references = await three_complaints(kit)
        broken = update(ComplaintRow).where(ComplaintRow.reference == references[1]).values(record=b"{broken")
        await kit.write(lambda work: work.session.execute(broken))
        for reference in references:
            await notify(kit, "王主管", f"k{reference}", kind="staff_urged", reference=reference)
        await kit.tell("张伟", "elsewhere")
        await kit.deliver()
        states = {row.reference: row.state for row in await kit.outbox("staff_urged")}
        assert states == {references[0]: Fate.SENT, references[1]: FAILED, references[2]: Fate.SENT}
        assert len(kit.chat.texts("handler")) == 1

    async def test_two_that_store_one_message_at_once_both_hear_the_truth(self, fresh_postgres_url: str) -> None:
        raw = [RawMessage("chat", f"m{number}", "c1", b"{}") for number in range(20)]
        async with open_desk(fresh_postgres_url) as one, open_desk(fresh_postgres_url, staff=()) as two:
            for _ in range(5):
                results = await asyncio.gather(*(kit.inbox.store(raw) for kit in (one, two, one, two)))
                assert len(results) == 4
            assert await one.count(InboxRow) == 20
            again = [RawMessage("chat", "n", "c1", b"{}")] * 2
            assert await one.inbox.store(again) == [True, False]

    async def test_exactly_one_of_them_was_the_first(self, fresh_postgres_url: str) -> None:
        raw = [RawMessage("chat", f"m{number}", "c1", b"{}") for number in range(20)]
        async with open_desk(fresh_postgres_url) as one, open_desk(fresh_postgres_url, staff=()) as two:
            results = await asyncio.gather(one.inbox.store(raw), two.inbox.store(raw))
            assert [sum(new) for new in zip(*results, strict=True)] == [1] * 20

    async def test_a_claim_reads_its_index_in_order_with_and_without_statistics(self, kit: Kit) -> None:
        for number in range(500):
            await kit.tell("张伟" if number % 2 else "王主管", f"k{number}")
        query = "SELECT lane FROM outbox WHERE state = 'queued' AND due_at <= '2030-01-01' ORDER BY due_at, id LIMIT 32"
        for _ in range(2):

            async def plan(work: Work) -> str:
                word = "EXPLAIN QUERY PLAN" if work.sqlite else "EXPLAIN"
                return "\n".join(str(row[-1]) for row in await work.session.execute(text(f"{word} {query}")))

            if kit.database.sqlite:
                said = await kit.database.read(plan)
                assert "USING INDEX ix_outbox_state_due_at_id" in said
                assert "TEMP B-TREE" not in said
            await kit.write(lambda work: work.session.execute(text("ANALYZE")))
        assert len(await kit.delivery.claim(16)) == 2


# ── what is shown ─────────────────────────────────────────────────────────────────────────────────────────────────────


class TestShown:
    async def test_staff_see_what_became_of_every_notice(self, manned: Kit) -> None:
        [reference, *_] = await three_complaints(manned)
        await notify(manned, "赵经理", "read", kind="escalation", reference=reference)
        await manned.deliver()
        manned.chat.refuses["handler"] = TryAgainLater("busy")
        await notify(manned, "张伟", "waits", reference=reference)
        await manned.deliver()
        await manned.says(f"进度 {reference}", "lead")
        await manned.deliver()
        said = manned.chat.texts("lead")[-1]
        assert "到期提醒 → 张伟（chat）：上次没发成，推迟到" in said
        assert "升级通知 → 赵经理（chat）：已发出" in said

    async def test_in_english_too_and_customers_never_do(self, manned: Kit) -> None:
        [reference, *_] = await three_complaints(manned)
        manned.chat.refuses["handler"] = UnknownDelivery("broken")
        await notify(manned, "张伟", "k", reference=reference)
        await manned.deliver()
        await manned.address("王主管", "chat", "lead", locale="en")
        await manned.says(f"status {reference}", "lead")
        await manned.says("进度", "c0")
        await manned.deliver()
        assert any("to 张伟 by chat: may or may not have arrived" in text for text in manned.chat.texts("lead"))
        assert all("张伟（chat）" not in text for text in manned.chat.texts("c0"))

    async def test_queues_count_what_is_held(self, kit: Kit) -> None:
        kit.clock.move_to(local(kit, "23:30"))
        await kit.tell("张伟", "k", "binding_changed")
        await kit.deliver()
        depth = await kit.database.read(queues.depth)
        assert (depth["outbox_held"], depth["outbox_queued"]) == (1, 0)
        assert await kit.database.read(queues.states) == {HELD: 1}


class TestBegun:
    async def test_what_could_not_be_begun_has_not_left(self, kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whatever keeps us from writing down that it goes out: it is tried again, and nobody is asked to find out."""

        async def fails(_: object) -> None:
            raise LookupError("not written down")

        with monkeypatch.context() as patched:
            patched.setattr(kit.delivery, "_begin", fails)
            await kit.tell("张伟", "k")
            await kit.deliver()
        assert kit.chat.attempts == []
        assert (await the_row(kit, "k")).state == QUEUED
        await later(kit, seconds=10)
        assert len(kit.chat.texts("handler")) == 1
        assert await kit.outbox("uncertain") == []


class TestDecidedByPeople:
    async def test_what_is_uncertain_is_sent_again_on_a_person_s_word(self, kit: Kit) -> None:
        """Trap 45: never by itself."""
        kit.chat.outcomes.append(UnknownDelivery("broken"))
        await kit.tell("张伟", "k")
        await kit.deliver()
        [row] = await kit.database.read(lambda work: queues.in_state(work, UNCERTAIN))
        now = kit.clock.now()
        assert await kit.write(lambda work: queues.decide(work, [row.id, 999], now, resend=True)) == 1
        await kit.deliver()
        assert len(kit.chat.texts("handler")) == 1
        assert (await the_row(kit, "k")).state == Fate.SENT
        assert await kit.write(lambda work: queues.decide(work, [row.id], now, resend=True)) == 0

    @pytest.mark.parametrize(
        ("wrong", "told"),
        [
            pytest.param(WillNotDeliver("no such chat"), Internal.UNDELIVERABLE, id="given up"),
            pytest.param(UnknownDelivery("broken"), Internal.UNCERTAIN, id="uncertain"),
        ],
    )
    async def test_what_goes_wrong_again_is_told_again(self, kit: Kit, wrong: Exception, told: Internal) -> None:
        await kit.tell("张伟", "k")
        for times in (1, 2):
            kit.chat.refuses["handler"] = wrong
            await kit.deliver()
            assert len(await kit.outbox(told)) == times
            kit.clock.move_to(kit.clock.now() + timedelta(minutes=1))
            row, now = await the_row(kit, "k"), kit.clock.now()
            assert await kit.write(lambda work, id=row.id, now=now: queues.decide(work, [id], now, resend=True)) == 1  # type: ignore[misc]
        kit.chat.refuses.clear()
        await kit.deliver()
        assert (await the_row(kit, "k")).state == Fate.SENT

    async def test_or_left(self, kit: Kit) -> None:
        kit.chat.outcomes.append(UnknownDelivery("broken"))
        await kit.tell("张伟", "k")
        await kit.deliver()
        row = await the_row(kit, "k")
        assert await kit.write(lambda work: queues.decide(work, [row.id], MONDAY, resend=False)) == 1
        await kit.deliver()
        assert (await the_row(kit, "k")).state == SKIPPED
        assert kit.chat.texts("handler") == []
        assert [m.outgoing for m in await kit.rows(MessageRow, MessageRow.outbox_id == row.id)] == [True]
