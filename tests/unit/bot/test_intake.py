"""Intake: nothing that arrived is lost, doubled, out of order, or in the way of what comes behind it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from datetime import timedelta

import pytest

from bot.storage import queues
from bot.storage.database import Database, DatabaseUnavailable
from bot.storage.models import AddressRow, CursorRow, InboxRow, MessageRow, OutboxRow
from bot.storage.queues import DONE, QUARANTINED, STORED
from bot.storage.workqueue import work_queue
from complaints.vocabulary import Status
from connectors.port import IncomingMessage, RawMessage
from tests.fakes import eventually, until
from tests.unit.bot.desk_kit import Kit, open_desk

PATIENCE_S = 30.0


async def words_in_order(kit: Kit) -> list[str]:
    """Return what was understood, in the order in which it was."""
    return [row.text for row in await kit.rows(MessageRow, MessageRow.outgoing.is_(False))]


async def store_large(kit: Kit, text: str, **more: object) -> None:
    """Let a message of a megabyte arrive, nearly all of which is space."""
    raw = json.dumps({"text": text, **more}).encode().ljust(1 << 20)
    await kit.inbox.store([RawMessage("chat", "large", "c1", raw)])


# ── storing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class TestStoring:
    async def test_raw_bytes_come_back_as_they_were(self, kit: Kit) -> None:
        raw = bytes(range(256)) * 40 + "漏水".encode("gb18030") + b"\x00\xff"
        await kit.inbox.store([RawMessage("chat", "1", "c1", raw)])
        [row] = await kit.rows(InboxRow)
        assert row.raw == raw
        assert (row.state, row.received_at) == (STORED, kit.clock.now())

    async def test_what_no_table_holds_stops_no_message(self, fresh_postgres_url: str) -> None:
        async with open_desk(fresh_postgres_url) as kit:
            await kit.store("漏水了\0，没人修", "c\0 1", external_id="m\0", name="王\0", subject="s\0")
            await kit.understand()
            assert await kit.inbox_states() == [("m�", DONE)]
            assert (await kit.the_complaint()).summary.endswith("漏水了�，没人修")

    async def test_the_same_message_is_one_even_within_a_batch_and_between_tasks(self, kit: Kit) -> None:
        """Invariant 1: (channel, external id) is the key; platforms deliver at least once (trap 16)."""
        message = RawMessage("chat", "1", "c1", b"{}")
        other = RawMessage("sms", "1", "c1", b"{}")
        batches = await asyncio.gather(
            kit.inbox.store([message, message, other]), *(kit.inbox.store([message]) for _ in range(9))
        )
        assert sum(sum(batch) for batch in batches) == 2
        assert await kit.count(InboxRow) == 2

    async def test_the_same_message_taken_in_by_two_processes_is_one(self, fresh_postgres_url: str) -> None:
        """Whoever loses the race hears either that it is known or that it must be sent again; then it is known."""
        async with open_desk(fresh_postgres_url) as one, open_desk(fresh_postgres_url, staff=()) as two:

            async def store(kit: Kit, number: int) -> bool:
                message = RawMessage("chat", str(number), "c1", b"{}")
                for _ in range(2):
                    with contextlib.suppress(Exception):
                        [new] = await kit.inbox.store([message])
                        return new
                raise AssertionError(f"message {number} was refused twice")

            new = await asyncio.gather(*(store(kit, number) for number in range(30) for kit in (one, two)))
            assert sum(new) == 30
            assert await one.count(InboxRow) == 30

    async def test_the_cursor_commits_with_its_messages_or_not_at_all(self, kit: Kit) -> None:
        """A cursor ahead of its messages would lose them, one behind them only reads them again."""
        bad = RawMessage("chat", "3", "c1", None)  # type: ignore[arg-type]
        with pytest.raises(Exception, match=r"(?i)null|bytes|TypeError|raw"):
            await kit.inbox.store([RawMessage("chat", "2", "c1", b"{}"), bad], cursor=("uid", "3"))
        assert await kit.inbox.cursor("uid") is None
        assert await kit.count(InboxRow) == 0
        await kit.inbox.store([RawMessage("chat", "2", "c1", b"{}")], cursor=("uid", "2"))
        assert await kit.inbox.cursor("uid") == "2"
        assert await kit.count(CursorRow) == 1

    async def test_a_message_stored_before_the_process_died_is_understood_by_the_next(self, database_url: str) -> None:
        async with open_desk(database_url) as kit:
            await kit.store("电梯停了三天没人修")
        async with open_desk(database_url, staff=()) as again:
            assert await again.inbox_states() == [("chat-c1-1", STORED)]
            await again.understand()
            assert (await again.the_complaint()).summary == "电梯停了三天没人修"
            assert await again.understand() == 0

    async def test_killed_in_the_middle_of_understanding_nothing_is_half_done(self, database_url: str) -> None:
        """The writer is closed under the work: the message is as it was, and no complaint, event or notice is there."""
        async with open_desk(database_url) as kit:
            await kit.store("电梯停了三天没人修")
            understanding = asyncio.create_task(kit.understander.work_off())
            await asyncio.sleep(0)
            await kit.database.__aexit__()
            try:
                await understanding
            except DatabaseUnavailable:
                done = False
            else:
                done = True
            await kit.database.__aenter__()
            assert [state for _, state in await kit.inbox_states()] == [DONE if done else STORED]
            assert len(await kit.complaints()) == int(done)
            assert bool(await kit.outbox()) == done
            await kit.understand()
            assert len(await kit.complaints()) == 1


# ── order and isolation ───────────────────────────────────────────────────────────────────────────────────────────────


class TestOrder:
    async def test_a_conversation_is_understood_in_its_order(self, kit: Kit) -> None:
        for number in range(10):
            for who in ("c1", "c2"):
                await kit.store(f"电梯坏了没人管，第{number}次说", who)
        await kit.understand()
        words = await words_in_order(kit)
        assert len(words) == 20
        for who in ("c1", "c2"):
            rows = await kit.rows(MessageRow, MessageRow.address == who)
            assert [row.text for row in rows] == [f"电梯坏了没人管，第{number}次说" for number in range(10)]

    async def test_two_messages_of_a_burst_make_one_complaint(self, kit: Kit) -> None:
        """Trap 16: what arrives within the same breath belongs together, also in one batch."""
        await kit.store("我家厨房漏水三天了没人管")
        await kit.store("水都流到客厅了，地板也全泡坏了")
        await kit.understand()
        complaint = await kit.the_complaint()
        assert {row.reference for row in await kit.rows(MessageRow)} == {complaint.reference}

    async def test_a_message_that_fails_is_tried_then_set_aside_and_the_rest_goes_on(self, kit: Kit) -> None:
        await kit.store("第一条，电梯坏了", "c1")
        await kit.store("第二条，说不清", "c1", bug=True)
        await kit.store("第三条，电梯还是坏的", "c1")
        await kit.store("别人家里停水了没人管", "c2")
        await kit.understander.work_off()
        # c2 is not held up; c1 waits at its second message, and its third does not overtake it.
        assert [state for _, state in await kit.inbox_states()] == [DONE, STORED, STORED, DONE]
        await kit.understander.work_off()
        assert [state for _, state in await kit.inbox_states()] == [DONE, STORED, STORED, DONE]
        await kit.understander.work_off()
        assert [state for _, state in await kit.inbox_states()] == [DONE, QUARANTINED, DONE, DONE]
        assert await words_in_order(kit) == ["第一条，电梯坏了", "别人家里停水了没人管", "第三条，电梯还是坏的"]
        [row] = await kit.rows(InboxRow, InboxRow.state == QUARANTINED)
        assert "the connector fell over" in row.outcome
        assert len(await kit.outbox("quarantined")) == 1

    async def test_how_often_it_is_tried_is_a_setting(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url, intake_attempts=1) as kit:
            await kit.store("说不清", bug=True)
            await kit.understand()
            assert await kit.inbox_states() == [("chat-c1-1", QUARANTINED)]

    async def test_several_that_fail_in_several_conversations(self, kit: Kit) -> None:
        for who in ("c1", "c2", "c3"):
            await kit.store("说不清", who, bug=True)
            await kit.store("电梯坏了三天没人修", who)
        for _ in range(4):
            await kit.understand()
        states = [state for _, state in await kit.inbox_states()]
        assert states == [QUARANTINED, DONE] * 3
        assert len(await kit.complaints()) == 3

    async def test_a_fault_that_passes_loses_nothing_and_keeps_the_order(self, kit: Kit) -> None:
        await kit.store("第一条，电梯坏了没人管", bug=True)
        await kit.store("第二条，还是坏的没人管")
        await kit.understand()
        kit.chat.bug = False
        await kit.understand()
        assert await words_in_order(kit) == ["第一条，电梯坏了没人管", "第二条，还是坏的没人管"]
        assert await kit.outbox("quarantined") == []

    async def test_a_large_one_that_is_the_end_of_whoever_reads_it_is_set_aside(
        self, fresh_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """No crash loop: that it is tried is on record before it is, and the others are read once it is aside."""
        read: list[int] = []

        def dies(raw: RawMessage) -> IncomingMessage:
            read.append(len(raw.raw))
            raise DatabaseUnavailable("the process is killed")  # nothing after this is done by it any more

        for _ in range(3):
            async with open_desk(fresh_sqlite_url) as kit:
                if not read:
                    await store_large(kit, "电梯坏了三天没人修")
                    await kit.store("家里停水了没人管", "c2")
                with monkeypatch.context() as patched:
                    patched.setattr(kit.chat, "parse", dies)
                    with pytest.raises(DatabaseUnavailable):
                        await kit.understand()
                assert await kit.inbox_states() == [("large", STORED), ("chat-c2-1", STORED)]
        async with open_desk(fresh_sqlite_url) as kit:
            await kit.understand()
            assert await kit.inbox_states() == [("large", QUARANTINED), ("chat-c2-1", DONE)]
            assert len(await kit.outbox("quarantined")) == 1
            await kit.write(lambda work: queues.retry(work, [1]))
            await kit.understand()  # whoever had the cause removed has it read again
            assert await kit.inbox_states() == [("large", DONE), ("chat-c2-1", DONE)]
            assert len(await kit.complaints()) == 2

    async def test_a_large_one_beside_others_is_read_with_them(self, kit: Kit) -> None:
        await kit.store("家里停水了没人管", "c2")
        await store_large(kit, "电梯坏了三天没人修")
        await kit.store("再说一遍，电梯坏了没人管")
        await kit.understand()
        rows = await kit.rows(InboxRow)
        assert [(row.state, row.outcome) for row in rows] == [(DONE, "bound")] * 3
        assert len(await kit.complaints()) == 2

    async def test_a_large_one_that_fails_is_tried_as_often_as_any(self, kit: Kit) -> None:
        await store_large(kit, "说不清", bug=True)
        await kit.store("家里停水了没人管", "c2")
        for _ in range(3):
            await kit.understand()
        assert [state for _, state in await kit.inbox_states()] == [QUARANTINED, DONE]

    async def test_two_processes_handle_every_message_once_and_in_order(self, fresh_postgres_url: str) -> None:
        """Invariant 6 across machines: one of them understands at a time."""
        async with (
            open_desk(fresh_postgres_url, batch=3) as one,
            open_desk(fresh_postgres_url, staff=(), batch=3) as two,
        ):
            for number in range(12):
                for who in ("c1", "c2", "c3"):
                    await one.store(f"电梯坏了没人管，第{number:02}次说", who)

            async def work(kit: Kit) -> None:
                while await kit.count(InboxRow, InboxRow.state == STORED):
                    await kit.understander.work_off()

            async with asyncio.timeout(PATIENCE_S):
                await asyncio.gather(work(one), work(two))
            assert await one.count(MessageRow) == 36
            assert len(await one.complaints()) == 3
            for who in ("c1", "c2", "c3"):
                texts = [row.text for row in await one.rows(MessageRow, MessageRow.address == who)]
                assert texts == [f"电梯坏了没人管，第{number:02}次说" for number in range(12)]

    async def test_two_processes_keep_the_order_behind_a_message_that_fails(self, fresh_postgres_url: str) -> None:
        async with open_desk(fresh_postgres_url) as one, open_desk(fresh_postgres_url, staff=()) as two:
            for number in range(4):
                await one.store(f"电梯坏了没人管，第{number}次说", bug=number == 1)
                await one.store(f"家里停水了没人管，第{number}次说", "c2")

            async def work(kit: Kit) -> None:
                while await kit.count(InboxRow, InboxRow.state == STORED):
                    await kit.understander.work_off()

            async with asyncio.timeout(PATIENCE_S):
                await asyncio.gather(work(one), work(two))
            texts = [row.text for row in await one.rows(MessageRow, MessageRow.address == "c1")]
            assert texts == [f"电梯坏了没人管，第{number}次说" for number in (0, 2, 3)]
            assert await one.count(InboxRow, InboxRow.state == QUARANTINED) == 1
            assert len(await one.outbox("quarantined")) == 1
            assert await one.count(MessageRow, MessageRow.address == "c2") == 4


# ── quarantine ────────────────────────────────────────────────────────────────────────────────────────────────────────


class TestQuarantine:
    async def test_what_cannot_be_parsed_is_kept_visible_and_the_centre_told(self, kit: Kit) -> None:
        """Invariant 2 and trap 5: an unparsable message blocks nobody and is not lost."""
        await kit.inbox.store([RawMessage("chat", "1", "c1", b"\xff\xfe no message at all")])
        await kit.store("电梯坏了三天没人修", "c1")
        await kit.understand()
        [first, second] = await kit.rows(InboxRow)
        assert (first.state, second.state) == (QUARANTINED, DONE)
        assert "JSON" in first.outcome
        assert first.raw == b"\xff\xfe no message at all"
        await kit.deliver()
        [told] = [text for text in kit.chat.texts("lead") if "没能读懂" in text]
        assert "读懂的格式" in told
        assert f"complaintbot quarantine show {first.id}" in told

    async def test_the_notice_says_which_message_it_is(self, kit: Kit) -> None:
        await kit.says("看不懂", broken=True)
        [row] = await kit.rows(InboxRow)
        await kit.deliver()
        [told] = kit.chat.texts("lead")
        assert str(row.id) in told
        assert kit.chat.texts("handler") == []

    async def test_a_retry_works_once_the_cause_is_gone(self, kit: Kit) -> None:
        await kit.says("电梯坏了三天没人修", broken=True)
        [row] = await kit.rows(InboxRow)
        kit.chat.broken = ""
        assert await kit.write(lambda work: queues.retry(work, [row.id])) == 1
        await kit.understand()
        assert await kit.inbox_states() == [(row.external_id, DONE)]
        assert (await kit.the_complaint()).status is Status.DISPATCHED

    async def test_a_retry_that_fails_again_is_told_again_with_the_cause(self, kit: Kit) -> None:
        await kit.says("看不懂", broken=True)
        [row] = await kit.rows(InboxRow)
        for times in (2, 3, 4):
            await kit.write(lambda work: queues.retry(work, [row.id]))
            await kit.understand()
            [again] = await kit.rows(InboxRow)
            assert (again.state, again.outcome) == (QUARANTINED, "chat: it is not JSON of ours")
            assert len(await kit.outbox("quarantined")) == times

    async def test_a_retry_of_a_message_that_made_us_fail(self, kit: Kit) -> None:
        await kit.store("电梯坏了三天没人修", bug=True)
        for _ in range(3):
            await kit.understand()
        [row] = await kit.rows(InboxRow)
        assert row.state == QUARANTINED
        await kit.write(lambda work: queues.retry(work, [row.id]))
        await kit.understand()
        [row] = await kit.rows(InboxRow)
        assert row.state == QUARANTINED
        assert "the connector fell over" in row.outcome
        kit.chat.bug = False
        await kit.write(lambda work: queues.retry(work, [row.id]))
        await kit.understand()
        assert len(await kit.complaints()) == 1

    async def test_only_what_is_in_quarantine_can_be_put_back(self, kit: Kit) -> None:
        await kit.says("电梯坏了三天没人修")
        [row] = await kit.rows(InboxRow)
        assert await kit.write(lambda work: queues.retry(work, [row.id, row.id + 1000])) == 0
        await kit.understand()
        assert len(await kit.complaints()) == 1

    async def test_an_unknown_channel_is_named_with_the_cure(self, kit: Kit) -> None:
        await kit.inbox.store([RawMessage("pigeon", "1", "c1", b"{}")])
        await kit.understand()
        [row] = await kit.rows(InboxRow)
        assert row.state == QUARANTINED
        assert "pigeon" in row.outcome
        assert "enable" in row.outcome

    async def test_a_message_without_a_sender(self, kit: Kit) -> None:
        await kit.says("电梯坏了", who="", channel="email")
        [row] = await kit.rows(InboxRow)
        assert row.state == QUARANTINED
        assert "who sent it" in row.outcome

    async def test_a_thousand_unreadable_ones_leave_the_way_free(self, kit: Kit) -> None:
        await kit.inbox.store([RawMessage("chat", str(number), f"bad{number}", b"junk") for number in range(200)])
        await kit.store("电梯坏了三天没人修")
        await kit.understand()
        assert await kit.count(InboxRow, InboxRow.state == QUARANTINED) == 200
        assert len(await kit.complaints()) == 1


# ── how every message ends ────────────────────────────────────────────────────────────────────────────────────────────


class TestEndings:
    async def test_a_machine_is_kept_and_never_answered(self, kit: Kit) -> None:
        """Trap 14: an out-of-office note makes no complaint and gets no answer."""
        await kit.says("I am out of office", who="a@example.com", channel="email", automatic=True)
        [row] = await kit.rows(InboxRow)
        assert row.state == DONE
        assert row.outcome.startswith("automatic")
        assert await kit.complaints() == []
        assert await kit.outbox() == []

    async def test_an_event_of_the_platform_is_no_message(self, kit: Kit) -> None:
        await kit.says("", ignored="somebody joined")
        assert (await kit.rows(InboxRow))[0].outcome == "ignored: somebody joined"
        assert await kit.outbox() == []
        assert await kit.count(MessageRow) == 0

    async def test_an_empty_message_is_answered_but_never_in_a_loop(self, kit: Kit) -> None:
        for _ in range(20):
            await kit.says("  ")
        assert 1 <= len(await kit.outbox("empty_message")) <= 5

    async def test_unclear_words_are_answered_a_few_times_then_after_a_while_again(self, kit: Kit) -> None:
        """Never a loop: two programs that do not understand each other fall silent."""
        for _ in range(20):
            await kit.says("这样啊")
        few = len(await kit.outbox("unclear_customer"))
        assert 1 <= few <= 5
        kit.clock.move_to(kit.clock.now() + timedelta(minutes=11))
        await kit.says("这样啊")
        assert len(await kit.outbox("unclear_customer")) == few + 1

    async def test_every_ending_of_a_heap_of_odd_messages(self, kit: Kit) -> None:
        """Invariant 2: bound to a complaint, answered, or in quarantine; a machine's mail is kept."""
        odd = [
            "",
            " ",
            "1",
            "ok",
            "谢谢",
            "帮助",
            "取消",
            "@#￥%",
            "人工",
            "TS20260302-9999",
            "满意",
            "\u200b",
            "😀" * 50,
        ]
        for number, text in enumerate(odd):
            await kit.says(text, f"odd{number}")
        for row in await kit.rows(InboxRow):
            assert row.state in (DONE, QUARANTINED)
            assert row.outcome in ("bound", "answered")
        answered = {row.address for row in await kit.outbox(None, OutboxRow.answer.is_(True))}
        complained = {row.address for row in await kit.rows(AddressRow) if row.address.startswith("odd")}
        assert answered <= complained
        assert len(complained) == len(odd)

    async def test_what_a_database_cannot_hold_is_kept_raw_and_holds_up_nobody(self, kit: Kit) -> None:
        """NUL and halves of surrogate pairs: connectors take them out; were one to forget it, nothing would be lost."""
        await kit.store("电梯坏了三天没人修\x00 \ud83d 尾巴", name="张\x00三\udc00")
        await kit.store("家里停水了没人管", "c2")
        for _ in range(3):
            await kit.understand()
        [odd, plain] = await kit.rows(InboxRow)
        assert odd.state in (DONE, QUARANTINED)
        assert plain.state == DONE

    async def test_very_long_ids_and_words_fit(self, kit: Kit) -> None:
        """Lengths that the other side chooses must never be the reason why a message is refused."""
        await kit.says(
            "电梯坏了三天没人修" + "啊" * 50_000,
            who="a" * 200 + "@example.com",
            channel="email",
            external_id="<" + "x" * 800 + "@example.com>",
            message_id="<" + "x" * 800 + "@example.com>",
            subject="漏水" * 3000,
            references=[f"<{number}{'y' * 500}@example.com>" for number in range(100)],
        )
        assert [state for _, state in await kit.inbox_states()] == [DONE]
        await kit.deliver()
        assert len(kit.mail.sent) == 1


class TestTwoMachinesInAChat:
    """Trap 14 where no header tells a machine from a person."""

    async def thank(self, kit: Kit, times: int, who: str = "c1") -> int:
        for number in range(times):
            await kit.store("谢谢", who, message_id=str(number))
        await kit.understand()
        return len(await kit.outbox("thanks", OutboxRow.address == who))

    async def test_trap_14_they_stop_thanking_each_other(self, kit: Kit) -> None:
        assert await self.thank(kit, 150) == 100
        kit.clock.move_to(kit.clock.now() + timedelta(minutes=61))
        assert await self.thank(kit, 1) == 101

    async def test_a_complaint_is_taken_in_and_acknowledged_all_the_same(self, kit: Kit) -> None:
        await self.thank(kit, 110)
        await kit.says("电梯坏了三天没人修")
        assert (await kit.the_complaint()).summary == "电梯坏了三天没人修"
        assert len(await kit.outbox("acknowledgement")) == 1

    async def test_staff_and_everybody_else_are_answered(self, kit: Kit) -> None:
        await self.thank(kit, 110)
        assert await self.thank(kit, 1, "c2") == 1
        for _ in range(110):
            await kit.store("我的任务", "handler")
        await kit.understand()
        assert len(await kit.outbox(None, OutboxRow.address == "handler")) == 110


# ── the loop ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class TestTheLoop:
    async def test_a_commit_wakes_it_and_each_good_round_is_a_beat(self, kit: Kit) -> None:
        beats: list[None] = []
        task = asyncio.create_task(
            work_queue(kit.database, kit.clock).run(kit.understander.work_off, lambda: beats.append(None))
        )
        try:
            await eventually(lambda: bool(beats))
            await kit.store("电梯坏了三天没人修")
            await until(kit.complaints, "it is understood")
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def test_it_outlives_any_error(self, kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
        """A loop that ends is a service that takes messages in and never answers them."""
        errors: list[Exception] = [RuntimeError("odd"), DatabaseUnavailable("gone"), ValueError("odd")]
        real = Database.write
        failed: list[Exception] = []

        async def flaky(database: Database, job: object) -> object:
            if errors:
                failed.append(errors.pop(0))
                raise failed[-1]
            return await real(database, job)  # type: ignore[arg-type]

        await kit.store("电梯坏了三天没人修")
        monkeypatch.setattr(Database, "write", flaky)
        beats: list[None] = []
        task = asyncio.create_task(
            work_queue(kit.database, kit.clock).run(kit.understander.work_off, lambda: beats.append(None))
        )
        try:
            await eventually(lambda: bool(beats) or task.done(), timeout_s=PATIENCE_S)
            assert not task.done()
            await until(kit.complaints, "it is understood")
            assert len(failed) == 3
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


# ── acknowledgements ──────────────────────────────────────────────────────────────────────────────────────────────────


class TestAcknowledgementCap:
    async def test_a_sender_is_acknowledged_only_so_often_a_day(self, database_url: str) -> None:
        """Trap 14: two machines that answer each other stop here; what comes after is stored all the same."""
        async with open_desk(database_url, cap=3) as kit:
            for number in range(6):
                await kit.says(f"投诉 第{number}件事，电梯坏了没人修")
            await kit.says("投诉 别人的事，停水了没人管", "c2")
            assert len(await kit.complaints()) == 7
            by_lane = [row.lane for row in await kit.outbox("acknowledgement")]
            assert sorted(by_lane.count(lane) for lane in set(by_lane)) == [1, 3]
            kit.clock.move_to(kit.clock.now() + timedelta(hours=25))
            await kit.says("投诉 又一件事，电梯坏了没人修")
            assert len(await kit.outbox("acknowledgement")) == 5

    async def test_a_machine_that_answers_every_mail_of_ours_falls_silent(self, database_url: str) -> None:
        """Trap 14 within one thread: it replies to the acknowledgement, to the word that this was recorded, and so on."""
        async with open_desk(database_url, cap=3) as kit:
            robot = "robot@example.com"
            await kit.says("电梯坏了三天没人修", robot, "email", message_id="<r0@example.com>", subject="电梯")
            await kit.deliver()
            for number in range(1, 30):
                if not kit.mail.sent:
                    break
                last = kit.mail.sent[-1]
                kit.mail.sent.clear()
                await kit.says(
                    "感谢您的来信，我们会尽快回复您的问题",
                    robot,
                    "email",
                    message_id=f"<r{number}@example.com>",
                    in_reply_to=last.message_id,
                    references=[*last.references, last.message_id or ""],
                    subject=f"Re: {last.subject}",
                )
                await kit.deliver()
            else:
                raise AssertionError("the two machines are still talking")
            assert 1 <= number <= 4
            assert {row.state for row in await kit.rows(InboxRow)} == {DONE}
            complaint = await kit.the_complaint()
            assert {row.reference for row in await kit.rows(InboxRow)} == {complaint.reference}
            # What a person says there is acted on all the same, and the desk hears it.
            await kit.says("算了，撤回投诉", robot, "email", subject=f"Re: {complaint.reference}")
            assert (await kit.rows(InboxRow))[-1].reference == complaint.reference
