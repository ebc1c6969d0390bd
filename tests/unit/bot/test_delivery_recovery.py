"""Whoever hands over dies, stops or is stopped: each message still goes out once, or is told as uncertain."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.parcels import Parcel
from bot.storage.database import Database, DatabaseUnavailable, Job, _Waiting
from bot.storage.queues import CLAIMED, QUEUED, SENDING, UNCERTAIN
from bot.storage.work import Work
from complaints.vocabulary import Role
from scheduler.outbox import drain
from scheduler.port import Fate, Outcome
from tests.fakes import eventually
from tests.unit.bot.delivery_kit import states
from tests.unit.bot.desk_kit import Kit, entry, open_desk


async def _dies_handing_over(kit: Kit, parcel: Parcel) -> None:
    """Kill the process, as far as a test can, between "it goes out now" and "it went out"."""
    channel = kit.channels[parcel.outgoing.channel]
    channel.gate.clear()
    channel.entered.clear()
    handing_over = asyncio.create_task(kit.delivery.hand_over(parcel))
    async with asyncio.timeout(30):
        await channel.entered.wait()
    handing_over.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await handing_over


@contextlib.asynccontextmanager
async def _in_one_commit(database: Database, jobs: int) -> AsyncIterator[None]:
    """Hold up the writer until so many jobs wait for it: they share a transaction then."""
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def holds_up(_: Work) -> None:
        begun.set()
        await go_on.wait()

    held_up = asyncio.create_task(database.write(holds_up))
    await begun.wait()
    yield
    await eventually(lambda: database._queue.qsize() == jobs)
    go_on.set()
    await held_up


class TestRecovery:
    async def test_of_a_dead_holder_only_what_shows_once_is_sent_again(self, fresh_postgres_url: str) -> None:
        staff = [entry("张伟", Role.HANDLER), entry("李娜", Role.HANDLER, line=3), entry("王主管", Role.AGENT, line=4)]
        async with open_desk(fresh_postgres_url, staff=staff) as dead:
            await dead.address("张伟", "chat", "handler")
            await dead.address("李娜", "sms", "+8613800138000")
            await dead.address("王主管", "chat", "lead")
            await dead.tell("张伟", "by chat")
            await dead.tell("李娜", "by sms")
            for [parcel] in await dead.delivery.claim(16):
                await _dies_handing_over(dead, parcel)
        async with open_desk(fresh_postgres_url, staff=(), clock=dead.clock) as kit:
            assert await kit.delivery.recover() == 0  # the lease still runs: its holder may live
            kit.clock.move_to(kit.clock.now() + timedelta(minutes=10))
            assert await kit.delivery.recover() == 2
            by_key = {row.key.partition("/")[0]: row.state for row in await kit.outbox("no_tasks")}
            assert by_key == {"by chat": UNCERTAIN, "by sms": QUEUED}
            await kit.deliver()
            assert len(kit.sms.sent) == 1
            assert kit.chat.texts("handler") == []
            assert len(kit.chat.texts("lead")) == 1  # told of the uncertain one
            assert await kit.delivery.recover() == 0

    async def test_at_the_start_of_the_only_process_nothing_is_waited_for(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url) as dead:
            await dead.tell("张伟", "k")
            [[parcel]] = await dead.delivery.claim(16)
            await _dies_handing_over(dead, parcel)
        async with open_desk(fresh_sqlite_url, staff=(), clock=dead.clock) as kit:
            assert await kit.delivery.recover(everything=True) == 1
            assert await states(kit, "no_tasks") == [UNCERTAIN]

    async def test_what_had_not_begun_to_go_out_goes_out_after_all(self, fresh_sqlite_url: str) -> None:
        async with open_desk(fresh_sqlite_url) as dead:
            await dead.tell("张伟", "k")
            assert len(await dead.delivery.claim(16)) == 1
            assert await states(dead) == [CLAIMED]
        async with open_desk(fresh_sqlite_url, staff=(), clock=dead.clock) as kit:
            assert await kit.delivery.recover(everything=True) == 1
            assert await states(kit, "no_tasks") == [QUEUED]
            await kit.deliver()
            assert await states(kit, "no_tasks") == [Fate.SENT]

    async def test_behind_one_that_had_begun_the_rest_of_its_lane_goes_out_in_order(self, database_url: str) -> None:
        async with open_desk(database_url) as dead:
            for number in range(3):
                await dead.tell("张伟", f"k{number}")
            [lane] = await dead.delivery.claim(16)
            await _dies_handing_over(dead, lane[0])
        async with open_desk(database_url, staff=(), clock=dead.clock) as kit:
            assert await kit.delivery.recover(everything=True) == 3
            assert await states(kit, "no_tasks") == [UNCERTAIN, QUEUED, QUEUED]
            await kit.deliver()
            assert [key[:2] for key in kit.chat.keys("handler")] == ["k1", "k2"]
            assert len(await kit.outbox("uncertain")) == 1

    async def test_what_is_in_hand_here_keeps_its_lease(self, kit: Kit) -> None:
        """A long line before a slow server is no death; nor is a clock that was moved."""
        await kit.tell("张伟", "k")
        [[parcel]] = await kit.delivery.claim(16)
        kit.clock.move_to(kit.clock.now() + timedelta(days=1))
        assert await kit.delivery.recover() == 0
        assert await states(kit) == [CLAIMED]
        await kit.delivery.record(parcel, await kit.delivery.hand_over(parcel))
        assert await states(kit) == [Fate.SENT]

    @pytest.mark.parametrize("deciding", [False, True], ids=["claimed", "decided"])
    async def test_what_was_claimed_a_moment_ago_is_in_hand(
        self, kit: Kit, monkeypatch: pytest.MonkeyPatch, deciding: bool
    ) -> None:
        """The process stood still for longer than a lease while its claim was committed, and first looks for the dead."""
        monkeypatch.setattr("bot.storage.database.MAX_SHARED", 1)
        transaction, claimed = kit.database._transaction, list[Sequence[Parcel]]()

        async def slow(batch: list[_Waiting[Any]]) -> Any:
            done = await transaction(batch)
            kit.clock.move_to(kit.clock.now() + timedelta(minutes=10))
            return done

        person = await kit.person("张伟")

        async def decide(work: Work) -> Sequence[Sequence[Parcel]]:
            kit.desk.tell(work, "no_tasks", "k", [person], {})
            return ()

        if deciding:
            kit.delivery.hands = SimpleNamespace(free=4, take=claimed.extend)
            claim = kit.delivery.decide(decide)
        else:
            await kit.database.write(decide)
            claim = kit.delivery.claim(16)
        async with _in_one_commit(kit.database, 2):
            monkeypatch.setattr(kit.database, "_transaction", slow)
            claiming = asyncio.create_task(claim)
            await eventually(lambda: kit.database._queue.qsize() == 1)
            recovering = asyncio.create_task(kit.delivery.recover())
        claimed.extend(await claiming)
        assert await recovering == 0
        [[parcel]] = claimed
        await kit.delivery.record(parcel, await kit.delivery.hand_over(parcel))
        assert await kit.delivery.claim(16) == []
        assert len(kit.chat.texts("handler")) == 1

    async def test_who_was_frozen_sends_nothing_that_another_took_over(self, fresh_postgres_url: str) -> None:
        """Invariant 4: awake again, or on a clock that was behind, it must not send what is another's by now."""
        async with open_desk(fresh_postgres_url) as frozen:
            await frozen.tell("张伟", "k")
            [[parcel]] = await frozen.delivery.claim(16)
            async with open_desk(fresh_postgres_url, staff=(), clock=frozen.clock) as kit:
                kit.clock.move_to(kit.clock.now() + timedelta(minutes=10))
                assert await kit.delivery.recover() == 1

                async def it_wakes() -> None:
                    await frozen.delivery.record(parcel, await frozen.delivery.hand_over(parcel))
                    await frozen.delivery.release([parcel])

                await it_wakes()
                assert await states(kit) == [QUEUED]
                [[theirs]] = await kit.delivery.claim(16)
                await it_wakes()
                assert await states(kit) == [CLAIMED]
                await kit.delivery.record(theirs, await kit.delivery.hand_over(theirs))
                await it_wakes()
                assert await states(kit) == [Fate.SENT]
                assert (len(kit.chat.texts("handler")), frozen.chat.texts("handler")) == (1, [])

    async def test_who_begins_while_it_is_looked_for_the_dead_is_not_sent_again(self, fresh_postgres_url: str) -> None:
        """Both in one commit: what has just begun to go out is not written yet when it is asked who is silent."""
        async with open_desk(fresh_postgres_url) as frozen:
            await frozen.tell("张伟", "k")
            [[stale]] = await frozen.delivery.claim(16)
            async with open_desk(fresh_postgres_url, staff=(), clock=frozen.clock) as kit:
                kit.clock.move_to(kit.clock.now() + timedelta(minutes=10))
                assert await kit.delivery.recover() == 1
                [[theirs]] = await kit.delivery.claim(16)
                await kit.delivery.release([theirs])
                [[ours]] = await frozen.delivery.claim(16)
                await frozen.delivery.record(stale, await frozen.delivery.hand_over(stale))  # an old claim of its own
                kit.clock.move_to(kit.clock.now() + timedelta(minutes=10))
                async with _in_one_commit(frozen.database, 2):
                    going_out = asyncio.create_task(frozen.delivery.hand_over(ours))
                    recovering = asyncio.create_task(frozen.delivery.recover())
                outcome, _ = await going_out, await recovering
                assert outcome.fate is Fate.SENT
                assert await states(kit) == [SENDING]
                await frozen.delivery.record(ours, outcome)
                assert await states(kit) == [Fate.SENT]

    async def test_what_begins_to_go_out_is_not_taken_for_dead_at_once(self, fresh_postgres_url: str) -> None:
        """It may have waited in its line for longer than a lease lasts, renewed all the time."""
        async with open_desk(fresh_postgres_url) as slow:
            await slow.tell("张伟", "k")
            [[parcel]] = await slow.delivery.claim(16)
            slow.clock.move_to(slow.clock.now() + timedelta(minutes=10))
            assert await slow.delivery.recover() == 0
            slow.channels["chat"].gate.clear()
            handing_over = asyncio.create_task(slow.delivery.hand_over(parcel))
            async with asyncio.timeout(30):
                await slow.channels["chat"].entered.wait()
            async with open_desk(fresh_postgres_url, staff=(), clock=slow.clock) as kit:
                assert await kit.delivery.recover() == 0
            slow.channels["chat"].gate.set()
            await slow.delivery.record(parcel, await handing_over)
            assert await states(slow) == [Fate.SENT]

    async def test_what_is_recorded_twice_spoils_no_later_claim(self, fresh_postgres_url: str) -> None:
        """A commit whose answer got lost is done again, and the message may be another's by then, under the same number."""
        down = Outcome(Fate.LATER, detail="down", everybody=True)
        async with open_desk(fresh_postgres_url) as first:
            await first.tell("张伟", "k")
            [[ours]] = await first.delivery.claim(16)
            await first.delivery.record(ours, down)
            async with open_desk(fresh_postgres_url, staff=(), clock=first.clock) as kit:
                kit.clock.move_to(kit.clock.now() + timedelta(minutes=10))
                [[theirs]] = await kit.delivery.claim(16)
                assert theirs.outgoing.attempts == ours.outgoing.attempts
                assert await kit.delivery._begin(theirs)
                await first.delivery.record(ours, down)
                assert await states(kit) == [SENDING]
                await kit.delivery.record(theirs, Outcome(Fate.SENT))
                assert await states(kit) == [Fate.SENT]

    async def test_what_was_put_back_has_lost_no_attempt(self, kit: Kit) -> None:
        await kit.tell("张伟", "k")
        for _ in range(10):
            [lane] = await kit.delivery.claim(16)
            await kit.delivery.release(lane)
        [row] = await kit.outbox()
        assert (row.state, row.attempts, row.lease_until) == (QUEUED, 0, None)
        await kit.delivery.release([])
        assert [fate for _, fate in await kit.deliver()] == [Fate.SENT]

    async def test_putting_back_after_the_record_changes_nothing(self, kit: Kit) -> None:
        await kit.tell("张伟", "k")
        [[parcel]] = await kit.delivery.claim(16)
        await kit.delivery.record(parcel, await kit.delivery.hand_over(parcel))
        await kit.delivery.release([parcel])
        assert await states(kit) == [Fate.SENT]


# ── the drain over these tables ───────────────────────────────────────────────────────────────────────────────────────


@contextlib.asynccontextmanager
async def draining(kit: Kit, concurrency: int = 4) -> AsyncIterator[asyncio.Task[None]]:
    """Let the outbox be emptied meanwhile, as the service does; stopped at the end."""
    async with kit.database.listening("outbox") as woken:
        task = asyncio.create_task(drain(kit.delivery, woken, concurrency=concurrency))
        try:
            yield task
        finally:
            for channel in kit.channels.values():
                channel.gate.set()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


class TestDraining:
    async def test_everything_goes_out_in_order_and_lanes_side_by_side(self, kit: Kit) -> None:
        for number in range(30):
            await kit.tell("张伟", f"z{number:02}")
            await kit.tell("王主管", f"w{number:02}")
        async with draining(kit):
            await eventually(lambda: len(kit.chat.sent) == 60, timeout_s=60)
        assert [key[:3] for key in kit.chat.keys("handler")] == [f"z{number:02}" for number in range(30)]
        assert [key[:3] for key in kit.chat.keys("lead")] == [f"w{number:02}" for number in range(30)]
        assert set(await states(kit)) == {Fate.SENT}

    async def test_one_that_hangs_holds_up_its_own_lane_alone(self, kit: Kit) -> None:
        await kit.address("张伟", "email", "zw@example.com")
        await kit.address("张伟", "chat", "handler", proven=False)
        kit.mail.gate.clear()
        await kit.tell("张伟", "hangs")
        async with draining(kit):
            async with asyncio.timeout(30):
                await kit.mail.entered.wait()
            for number in range(3):
                await kit.tell("王主管", f"w{number}")
            await eventually(lambda: len(kit.chat.texts("lead")) == 3, timeout_s=30)
            assert kit.mail.sent == []
        assert len(kit.mail.sent) == 1

    async def test_stopped_in_the_middle_the_one_in_hand_is_recorded_and_the_rest_put_back(self, kit: Kit) -> None:
        """A clean stop leaves nothing uncertain: what was going out is known, what was not waits for the next start."""
        kit.chat.gate.clear()
        for number in range(5):
            await kit.tell("张伟", f"k{number}")
        async with draining(kit) as task:
            async with asyncio.timeout(30):
                await kit.chat.entered.wait()
            task.cancel()
        rows = await kit.outbox()
        assert [row.state for row in rows] == [Fate.SENT] + [QUEUED] * 4
        assert [row.attempts for row in rows] == [1, 0, 0, 0, 0]
        assert await kit.delivery.recover(everything=True) == 0
        await kit.deliver()
        assert [key[:2] for key in kit.chat.keys("handler")] == [f"k{number}" for number in range(5)]

    async def test_stopped_while_it_claims_nothing_is_left_in_hand(self, kit: Kit) -> None:
        for number in range(5):
            await kit.tell("张伟", f"k{number}")
        kit.chat.gate.clear()
        async with draining(kit) as task:
            await asyncio.sleep(0)  # it has asked for what is due, and not got it yet
            task.cancel()
        assert not {row.state for row in await kit.outbox()} - {QUEUED, Fate.SENT}

    async def test_it_goes_on_once_the_database_is_back(self, kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
        real, failures = Database.write, [DatabaseUnavailable("gone"), DatabaseUnavailable("gone")]

        async def flaky(database: Database, job: Job[object]) -> object:
            if failures:
                raise failures.pop()
            return await real(database, job)

        await kit.tell("张伟", "k")
        monkeypatch.setattr(Database, "write", flaky)
        async with draining(kit):
            await eventually(lambda: len(kit.chat.sent) == 1, timeout_s=30)
        assert await states(kit) == [Fate.SENT]

    async def test_a_record_that_fails_sends_nothing_twice(self, kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
        async def forgets(*_: object) -> None:
            raise DatabaseUnavailable("gone")

        for number in range(3):
            await kit.tell("张伟", f"k{number}")
        with monkeypatch.context() as patch:
            patch.setattr(kit.delivery, "record", forgets)
            async with draining(kit):
                await eventually(lambda: len(kit.chat.sent) == 1, timeout_s=30)
        assert await kit.delivery.recover(everything=True) == 1
        await kit.deliver()
        assert [key[:2] for key in kit.chat.keys("handler")] == ["k0", "k1", "k2"]
        assert (await states(kit, "no_tasks"))[0] == UNCERTAIN
