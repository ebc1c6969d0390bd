"""Delivery: the right road, the right words, each message once, and the truth about what became of it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from email.utils import parseaddr

import pytest

from bot.parcels import Parcel
from bot.storage.database import Database, DatabaseUnavailable, Job
from bot.storage.models import AddressRow, DeliveryRow, MessageRow, OutboxRow
from bot.storage.queues import CLAIMED, FAILED, QUEUED, SKIPPED, UNCERTAIN
from bot.storage.work import Work
from complaints.vocabulary import Rating, Role, Status
from connectors.port import Sent, TryAgainLater, UnknownDelivery, WillNotDeliver
from scheduler.outbox import drain
from scheduler.port import Fate
from tests.fakes import eventually
from tests.unit.bot.desk_kit import (
    CHAT,
    MAIL,
    PLAIN_CHAT,
    SECRET,
    SMS,
    STAFF,
    FakeChannel,
    Kit,
    entry,
    known_customer,
    open_desk,
)

MATTER = "电梯坏了三天没人修"


@pytest.fixture
async def kit(database_url: str) -> AsyncIterator[Kit]:
    async with open_desk(database_url) as kit:
        yield kit


async def states(kit: Kit, notice: str | None = None) -> list[str]:
    return [row.state for row in await kit.outbox(notice)]


# ── once ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


class TestOnce:
    async def test_the_same_decision_recorded_twice_speaks_once(self, kit: Kit) -> None:
        """Invariant 4: the key is made of the decision; a decision that is there already stops nothing decided with it."""
        await kit.tell("张伟", "same-decision")
        person = await kit.person("张伟")

        async def again(work: Work) -> None:
            for key in ("same-decision", "another", "another"):
                kit.desk.tell(work, "no_tasks", key, [person], {})

        await kit.write(again)
        await kit.deliver()
        assert len(kit.chat.texts("handler")) == 2

    async def test_a_double_in_the_commit_of_others_harms_none_of_them(self, kit: Kit) -> None:
        await kit.tell("张伟", "same-decision")
        await asyncio.gather(*(kit.tell("张伟", key) for key in ("a", "same-decision", "b")))
        await kit.deliver()
        assert len(kit.chat.texts("handler")) == 3

    async def test_what_was_delivered_is_not_claimed_again(self, kit: Kit) -> None:
        await kit.tell("张伟", "k")
        assert len(await kit.deliver()) == 1
        assert await kit.deliver() == []
        assert len(await kit.delivery.claim(16)) == 0

    async def test_two_processes_send_every_message_once(self, fresh_postgres_url: str) -> None:
        async with open_desk(fresh_postgres_url) as one, open_desk(fresh_postgres_url, staff=()) as two:
            for number in range(15):
                await one.tell("张伟", f"z{number:02}")
                await one.tell("王主管", f"w{number:02}")
            await asyncio.gather(one.deliver(), two.deliver(), one.deliver())
            await one.deliver()
            keys = one.chat.keys() + two.chat.keys()
            assert len(keys) == len(set(keys)) == 30
            assert set(await states(one)) == {Fate.SENT}


# ── lanes ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


class TestLanes:
    async def test_a_person_is_told_in_order(self, kit: Kit) -> None:
        """Trap 26: parallel sends reorder what a person reads."""
        for number in range(40):
            await kit.tell("张伟", f"k{number:02}")
        await kit.deliver()
        assert [key[:3] for key in kit.chat.keys("handler")] == [f"k{number:02}" for number in range(40)]

    async def test_no_lane_is_claimed_while_one_of_its_messages_is_on_the_way(self, kit: Kit) -> None:
        for number in range(20):
            await kit.tell("张伟", f"k{number:02}")
        first = await kit.delivery.claim(16)
        assert [len(lane) for lane in first] == [16]
        assert await kit.delivery.claim(16) == []
        for parcel in first[0]:
            await kit.delivery.record(parcel, await kit.delivery.hand_over(parcel))
        assert [len(lane) for lane in await kit.delivery.claim(16)] == [4]

    async def test_lanes_are_handed_out_side_by_side(self, kit: Kit) -> None:
        for number in range(3):
            await kit.tell("张伟", f"z{number}")
            await kit.tell("王主管", f"w{number}")
        lanes = await kit.delivery.claim(16)
        assert sorted(len(lane) for lane in lanes) == [3, 3]
        assert all(len({parcel.message.address for parcel in lane}) == 1 for lane in lanes)

    async def test_no_more_lanes_than_asked_for(self, kit: Kit) -> None:
        await kit.tell("张伟", "z")
        await kit.tell("王主管", "w")
        assert len(await kit.delivery.claim(1)) == 1
        assert len(await kit.delivery.claim(5)) == 1

    @pytest.mark.parametrize("waiting", [5, 200])
    async def test_one_that_waits_holds_up_its_own_lane_and_no_other(self, kit: Kit, waiting: int) -> None:
        """However long the lane behind it is: a person who cannot be reached must not silence everybody else."""
        kit.chat.refuses["handler"] = TryAgainLater("busy")
        person = await kit.person("张伟")

        async def many(work: Work) -> None:
            for number in range(waiting):
                kit.desk.tell(work, "no_tasks", f"k{number:03}", [person], {})

        await kit.write(many)
        await kit.deliver()
        assert len(kit.chat.attempts) == 1  # the first waits; those behind it were not tried
        await kit.tell("王主管", "w")
        await kit.deliver()
        assert len(kit.chat.texts("lead")) == 1
        assert kit.chat.texts("handler") == []
        kit.chat.refuses.clear()
        kit.clock.move_to(kit.clock.now() + timedelta(seconds=10))
        await kit.deliver()
        assert [key[:4] for key in kit.chat.keys("handler")] == [f"k{number:03}" for number in range(waiting)]

    async def test_many_who_cannot_be_reached_hold_up_nobody(self, database_url: str) -> None:
        staff = [entry(f"员工{number:02}", Role.EMPLOYEE, line=number + 2) for number in range(40)]
        async with open_desk(database_url, staff=staff) as kit:
            for number in range(40):
                await kit.address(f"员工{number:02}", "chat", f"a{number:02}")
                kit.chat.refuses[f"a{number:02}"] = TryAgainLater("busy")
            kit.chat.refuses.pop("a39")
            for turn in range(3):
                for number in range(39):
                    await kit.tell(f"员工{number:02}", f"k{turn}-{number}")
            await kit.deliver()
            await kit.tell("员工39", "at last")
            await kit.deliver()
            assert len(kit.chat.texts("a39")) == 1

    async def test_a_message_whose_words_cannot_be_made_holds_up_nobody(self, kit: Kit) -> None:
        """A notice that fails before it is handed over is given up, and the service centre told of it."""
        await kit.says(MATTER)
        await kit.deliver()
        person = await kit.person("张伟")

        async def unknown_words(work: Work) -> None:
            kit.desk.tell(work, "there_is_no_such_notice", "odd", [person], {})

        await kit.write(unknown_words)
        await kit.tell("张伟", "behind it")
        await kit.tell("王主管", "elsewhere")
        await kit.deliver()
        [odd] = await kit.outbox("there_is_no_such_notice")
        assert odd.state == FAILED
        assert "there_is_no_such_notice" in odd.detail
        assert len(await kit.outbox("undeliverable")) == 1
        assert kit.chat.keys("handler")[-1].startswith("behind it")
        assert any(key.startswith("elsewhere") for key in kit.chat.keys("lead"))


# ── fates ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


class TestFates:
    async def test_sent_and_delivered_are_kept_apart(self, kit: Kit) -> None:
        kit.chat.outcomes.extend([Sent("id-1"), Sent("id-2", delivered=True)])
        await kit.tell("张伟", "one")
        await kit.tell("张伟", "two")
        assert [fate for _, fate in await kit.deliver()] == [Fate.SENT, Fate.DELIVERED]
        rows = await kit.outbox()
        assert [(row.state, row.external_id) for row in rows] == [(Fate.SENT, "id-1"), (Fate.DELIVERED, "id-2")]
        assert all(row.done_at == kit.clock.now() and row.lease_until is None for row in rows)
        assert [row.message_id for row in await kit.rows(MessageRow)] == ["id-1", "id-2"]
        assert [row.state for row in await kit.rows(DeliveryRow)] == [Fate.SENT, Fate.DELIVERED]

    async def test_later_waits_and_the_wait_doubles(self, database_url: str) -> None:
        async with open_desk(database_url, attempts=9) as kit:
            kit.chat.refuses["handler"] = TryAgainLater("busy")
            await kit.tell("张伟", "k")
            for wait in (10, 20, 40, 80):
                assert [fate for _, fate in await kit.deliver()] == [Fate.LATER]
                [row] = await kit.outbox()
                assert row.due_at == kit.clock.now() + timedelta(seconds=wait)
                kit.clock.move_to(row.due_at - timedelta(seconds=1))
                assert await kit.deliver() == []
                kit.clock.move_to(row.due_at)
            kit.chat.refuses.clear()
            await kit.deliver()
            [row] = await kit.outbox()
            assert (row.state, row.attempts) == (Fate.SENT, 5)
            assert [row.state for row in await kit.rows(DeliveryRow)] == [Fate.LATER] * 4 + [Fate.SENT]

    @pytest.mark.parametrize(
        ("asked", "waited"),
        [pytest.param(90.0, 90, id="longer than ours"), pytest.param(1.0, 10, id="shorter than ours")],
    )
    async def test_what_the_platform_asks_for_is_the_least(self, kit: Kit, asked: float, waited: int) -> None:
        """Trap 22: a 429 says how long to wait."""
        kit.chat.outcomes.append(TryAgainLater("429", retry_after_s=asked))
        await kit.tell("张伟", "k")
        await kit.deliver()
        [row] = await kit.outbox()
        assert row.due_at == kit.clock.now() + timedelta(seconds=waited)

    async def test_after_the_last_attempt_the_next_road_is_taken_with_fresh_ones(self, kit: Kit) -> None:
        """The ladder of a member of staff: chat, then mail, then SMS."""
        await kit.address("张伟", "email", "zw@example.com")
        await kit.address("张伟", "sms", "+8613800138000")
        for channel, address in (("chat", "handler"), ("email", "zw@example.com")):
            kit.channels[channel].refuses[address] = TryAgainLater("busy")
        await kit.tell("张伟", "k")
        for _ in range(3):
            await kit.deliver()
            kit.clock.move_to(kit.clock.now() + timedelta(hours=1))
        assert (len(kit.chat.attempts), len(kit.mail.attempts), len(kit.sms.attempts)) == (3, 1, 0)
        for _ in range(3):
            await kit.deliver()
            kit.clock.move_to(kit.clock.now() + timedelta(hours=1))
        assert (len(kit.chat.attempts), len(kit.mail.attempts), len(kit.sms.sent)) == (3, 3, 1)
        [row] = await kit.outbox()
        assert (row.state, row.channel) == (Fate.SENT, "sms")
        assert await kit.outbox("undeliverable") == []

    async def test_refused_takes_the_next_road_at_once(self, kit: Kit) -> None:
        await kit.address("张伟", "email", "zw@example.com")
        kit.chat.refuses["handler"] = WillNotDeliver("blocked by the user")
        await kit.tell("张伟", "k")
        assert [fate for _, fate in await kit.deliver()] == [Fate.REFUSED, Fate.SENT]
        assert [message.address for message in kit.mail.sent] == ["zw@example.com"]

    async def test_all_roads_closed_is_told_to_the_centre_once(self, kit: Kit) -> None:
        kit.chat.refuses["handler"] = WillNotDeliver("blocked by the user")
        await kit.tell("张伟", "k")
        await kit.tell("张伟", "k2")
        await kit.deliver()
        assert await states(kit, "no_tasks") == [FAILED, FAILED]
        lead = kit.chat.texts("lead")
        assert len(lead) == len(await kit.outbox("undeliverable")) == 2
        kit.clock.move_to(kit.clock.now() + timedelta(days=1))
        assert await kit.deliver() == []

    async def test_who_was_told_nothing_is_named(self, kit: Kit) -> None:
        kit.chat.refuses["handler"] = WillNotDeliver("blocked by the user")
        await kit.tell("张伟", "k")
        await kit.deliver()
        [text] = kit.chat.texts("lead")
        assert "张伟" in text

    async def test_a_customer_without_any_address_is_told_of_too(self, kit: Kit) -> None:
        await kit.says(MATTER)
        await kit.deliver()
        customer = await known_customer(kit)
        kit.chat.refuses["c1"] = WillNotDeliver("gone")
        await kit.says("进度")
        await kit.deliver()
        assert [row.person for row in await kit.outbox("status")] == [customer]
        assert await states(kit, "status") == [FAILED]
        assert len(await kit.outbox("undeliverable")) == 1

    async def test_never_a_loop_about_notices_to_the_centre_itself(self, kit: Kit) -> None:
        for address in ("handler", "lead"):
            kit.chat.refuses[address] = WillNotDeliver("blocked by the user")
        await kit.tell("张伟", "k")
        await kit.tell("王主管", "k2")
        for _ in range(5):
            await kit.deliver()
        assert {row.state for row in await kit.outbox()} == {FAILED}
        assert len(await kit.outbox()) == 4  # the two, and a word about each to the centre, which is the second alone

    async def test_uncertain_is_never_sent_again_and_the_centre_is_told(self, kit: Kit) -> None:
        """Trap 45: a broken line after the hand-over led to thirteen copies elsewhere."""
        kit.chat.outcomes.append(UnknownDelivery("the line broke"))
        await kit.tell("张伟", "k")
        await kit.deliver()
        for _ in range(3):
            kit.clock.move_to(kit.clock.now() + timedelta(days=1))
            await kit.deliver()
        assert len([m for m in kit.chat.attempts if m.address == "handler"]) == 1
        assert await states(kit, "no_tasks") == [UNCERTAIN]
        assert len(kit.chat.texts("lead")) == len(await kit.outbox("uncertain")) == 1

    async def test_uncertain_words_are_kept_with_the_complaint(self, kit: Kit) -> None:
        kit.chat.outcomes.append(UnknownDelivery("the line broke"))
        await kit.tell("张伟", "k")
        await kit.deliver()
        assert [row.address for row in await kit.rows(MessageRow)][:1] == ["handler"]

    async def test_a_channel_that_shows_a_copy_once_is_tried_again(self, database_url: str) -> None:
        async with open_desk(database_url, channels=[FakeChannel("chat", replace(CHAT, idempotent_send=True))]) as kit:
            kit.chat.outcomes.append(UnknownDelivery("the line broke"))
            await kit.tell("张伟", "k")
            assert [fate for _, fate in await kit.deliver()] == [Fate.LATER]
            kit.clock.move_to(kit.clock.now() + timedelta(seconds=10))
            assert [fate for _, fate in await kit.deliver()] == [Fate.SENT]
            assert len({message.key for message in kit.chat.attempts}) == 1

    @pytest.mark.parametrize(("idempotent", "fate"), [(False, Fate.UNCERTAIN), (True, Fate.LATER)])
    async def test_a_channel_that_never_answers(self, fresh_sqlite_url: str, idempotent: bool, fate: Fate) -> None:
        channel = FakeChannel("chat", replace(CHAT, idempotent_send=idempotent))
        async with open_desk(fresh_sqlite_url, channels=[channel], timeout_s=0.01) as kit:
            channel.gate.clear()
            await kit.tell("张伟", "k")
            [[parcel]] = await kit.delivery.claim(1)
            outcome = await kit.delivery.hand_over(parcel)
            assert outcome.fate is fate
            assert "0.01" in outcome.detail

    async def test_a_channel_that_keeps_its_own_time_is_given_it(self, fresh_sqlite_url: str) -> None:
        """Mail knows whether a text had gone out when time was up; a clock outside does not (trap 45)."""
        channel = FakeChannel("chat", replace(CHAT, slowest_send_s=20.0))
        async with open_desk(fresh_sqlite_url, channels=[channel], timeout_s=0.01) as kit:
            channel.gate.clear()
            await kit.tell("张伟", "k")
            [[parcel]] = await kit.delivery.claim(1)
            asyncio.get_running_loop().call_later(0.1, channel.gate.set)
            assert (await kit.delivery.hand_over(parcel)).fate is Fate.SENT

    async def test_a_bug_of_a_connector_is_uncertain_for_it_may_have_sent(self, kit: Kit) -> None:
        kit.chat.outcomes.append(KeyError("a bug"))
        await kit.tell("张伟", "k")
        assert (await kit.deliver())[0][1] is Fate.UNCERTAIN
        assert await states(kit, "no_tasks") == [UNCERTAIN]

    async def test_counts_tell_how_attempts_ended(self, kit: Kit) -> None:
        kit.chat.outcomes.extend([TryAgainLater("busy"), Sent("1"), Sent("2", delivered=True)])
        await kit.tell("张伟", "a")
        await kit.tell("王主管", "b")
        await kit.deliver()
        kit.clock.move_to(kit.clock.now() + timedelta(minutes=1))
        await kit.deliver()
        assert kit.delivery.counts.attempts == {("chat", "later"): 1, ("chat", "sent"): 1, ("chat", "delivered"): 1}


# ── a holder that died ────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── roads ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── questions, buttons, menus ─────────────────────────────────────────────────────────────────────────────────────────


class TestQuestions:
    async def resolved(self, kit: Kit) -> None:
        await kit.says(MATTER)
        await kit.says("接单", "handler")
        await kit.says("办结 换了配件", "handler")
        await kit.deliver()

    async def test_the_survey_makes_a_number_mean_something(self, kit: Kit) -> None:
        await self.resolved(kit)
        await kit.says("5")
        complaint = await kit.the_complaint()
        assert complaint.status is Status.CLOSED
        assert complaint.surveys[-1].rating is Rating.SATISFIED

    async def test_a_number_without_a_question_means_nothing(self, kit: Kit) -> None:
        await kit.says(MATTER)
        await kit.says("5")
        assert not (await kit.the_complaint()).surveys

    async def test_buttons_travel_where_the_channel_shows_them(self, kit: Kit) -> None:
        await self.resolved(kit)
        [survey] = [message for message in kit.chat.sent if "/survey/" in message.key]
        assert [button.label for button in survey.buttons] == ["满意", "一般", "不满意"]

    async def test_a_number_stands_in_for_a_button_that_the_words_name(self, database_url: str) -> None:
        channels = [FakeChannel("chat", PLAIN_CHAT), FakeChannel("sms", SMS)]
        async with open_desk(database_url, channels=channels) as kit:
            await kit.says(MATTER)
            await kit.deliver()
            [text] = kit.chat.texts("handler")
            assert "回复“接单”" in text
            assert kit.chat.sent[0].buttons == ()
            await kit.says("1", "handler")
            assert (await kit.the_complaint()).status is Status.WORKING

    async def test_a_digit_beyond_the_menu_is_asked_back(self, database_url: str) -> None:
        channels = [FakeChannel("chat", PLAIN_CHAT), FakeChannel("sms", SMS)]
        async with open_desk(database_url, channels=channels) as kit:
            await kit.says(MATTER)
            await kit.deliver()
            await kit.says("9", "handler")
            await kit.deliver()
            assert (await kit.the_complaint()).status is Status.DISPATCHED
            assert len(await kit.outbox("unclear_staff")) == 1

    async def test_yes_answers_what_was_asked_before_withdrawing(self, kit: Kit) -> None:
        await kit.says(MATTER)
        await kit.says("撤回")
        await kit.deliver()
        assert (await kit.the_complaint()).status is Status.DISPATCHED
        await kit.says("是")
        assert (await kit.the_complaint()).status is Status.WITHDRAWN

    async def test_the_answer_to_missing_facts_is_no_new_complaint(self, kit: Kit) -> None:
        await kit.says(MATTER)
        await kit.deliver()
        await kit.says("王小明 13712345678 6栋1202")
        assert len(await kit.complaints()) == 1
        assert len(await kit.outbox("facts_recorded")) == 1

    async def test_a_plan_is_agreed_to_by_a_word(self, kit: Kit) -> None:
        await kit.says(MATTER)
        await kit.says("方案 明天上午换主板，费用由我们承担", "handler")
        await kit.deliver()
        assert (await kit.the_complaint()).status is Status.PROPOSED
        await kit.says("同意")
        assert (await kit.the_complaint()).status is Status.EXECUTING

    async def test_a_text_is_cut_to_what_the_channel_carries(self, database_url: str) -> None:
        channels = [FakeChannel("chat", replace(CHAT, max_chars=60)), FakeChannel("sms", SMS)]
        async with open_desk(database_url, channels=channels) as kit:
            await kit.says(MATTER * 20)
            await kit.deliver()
            assert all(len(message.text) <= 60 for message in kit.chat.sent)
            assert kit.chat.sent


# ── mail ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


class TestMail:
    async def test_an_acknowledgement_threads_under_the_mail_it_answers(self, kit: Kit) -> None:
        """Trap 10: In-Reply-To, References, the number in the subject, our signed id and the address to answer to."""
        await kit.says(MATTER, "a@example.com", "email", message_id="<m1@example.com>", subject="电梯坏了")
        await kit.deliver()
        [mail] = kit.mail.sent
        reference = (await kit.the_complaint()).reference
        assert mail.reply_to == "<m1@example.com>"
        assert mail.references[-1] == "<m1@example.com>"
        assert mail.subject == f"Re: 电梯坏了 [{reference}]"
        [row] = await kit.outbox("acknowledgement")
        assert mail.message_id is not None
        assert kit.desk.signer.outbox_id([mail.message_id]) == row.id
        assert mail.message_id.endswith("@example.com>")
        assert mail.reply_address is not None
        assert kit.desk.signer.outbox_id([mail.reply_address]) == row.id
        assert parseaddr(mail.reply_address)[1].startswith("desk+")

    async def test_a_second_mail_of_ours_continues_the_thread(self, kit: Kit) -> None:
        await kit.says(MATTER, "a@example.com", "email", message_id="<m1@example.com>", subject="Re: 电梯坏了")
        await kit.deliver()
        await kit.says("进展 已联系师傅", "handler")
        await kit.deliver()
        first, *_, second = kit.mail.sent
        assert second.subject == first.subject
        assert second.subject is not None
        assert second.subject.count("Re:") == 1
        assert second.reply_to == "<m1@example.com>"
        assert first.message_id in second.references
        assert len(second.references) == len(set(second.references))

    async def test_without_plus_addressing_no_address_is_made_up(self, database_url: str) -> None:
        channels = [FakeChannel("chat", CHAT), FakeChannel("email", replace(MAIL, plus_addressing=False))]
        async with open_desk(database_url, channels=channels) as kit:
            await kit.says(MATTER, "a@example.com", "email", message_id="<m1@example.com>")
            await kit.deliver()
            assert [mail.reply_address for mail in kit.mail.sent] == [None]

    async def test_the_answer_to_our_mail_finds_its_complaint_by_any_of_its_signs(self, kit: Kit) -> None:
        """Trap 10: some programs drop References, others the plus part, others all but the subject."""
        await kit.says(MATTER, "a@example.com", "email", message_id="<m1@example.com>", subject="电梯")
        await kit.deliver()
        [mail] = kit.mail.sent
        reference = (await kit.the_complaint()).reference
        signs: list[dict[str, object]] = [
            {"in_reply_to": mail.message_id},
            {"references": [mail.message_id]},
            {"recipients": [mail.reply_address]},
            {"references": ["<m1@example.com>"]},
            {"subject": f"回复：电梯 [{reference}]"},
        ]
        for number, sign in enumerate(signs):
            await kit.says(f"补充：第{number}次，还是坏的没人修", "a@example.com", "email", **sign)
        assert len(await kit.complaints()) == 1
        said = await kit.rows(MessageRow, MessageRow.outgoing.is_(False))
        assert [row.reference for row in said] == [reference] * 6

    async def test_a_mail_outside_every_thread_begins_a_new_matter(self, kit: Kit) -> None:
        await kit.says(MATTER, "a@example.com", "email", message_id="<m1@example.com>", subject="电梯")
        await kit.says("地下室漏水没人管", "a@example.com", "email", message_id="<m2@example.com>", subject="漏水")
        assert len(await kit.complaints()) == 2

    async def test_each_retry_carries_the_same_message_id(self, kit: Kit) -> None:
        """Trap 45: whoever gets it twice all the same has one mail in their program."""
        kit.mail.outcomes.append(TryAgainLater("busy"))
        await kit.says(MATTER, "a@example.com", "email", message_id="<m1@example.com>")
        await kit.deliver()
        kit.clock.move_to(kit.clock.now() + timedelta(minutes=1))
        await kit.deliver()
        first, second = kit.mail.attempts
        assert first.message_id == second.message_id

    async def test_a_token_of_another_service_is_nothing(self, kit: Kit) -> None:
        assert kit.desk.signer.outbox_id(["<cb1-000000000000000000000000@example.com>"]) is None
        assert SECRET not in repr(kit.desk.signer)


async def test_every_attempt_is_on_record(kit: Kit) -> None:
    kit.chat.outcomes.extend([TryAgainLater("busy"), WillNotDeliver("blocked")])
    await kit.address("张伟", "email", "zw@example.com")
    await kit.tell("张伟", "k")
    await kit.deliver()
    kit.clock.move_to(kit.clock.now() + timedelta(minutes=1))
    await kit.deliver()
    [row] = await kit.rows(OutboxRow, OutboxRow.notice == "no_tasks")
    tried = [(each.channel, each.state) for each in await kit.rows(DeliveryRow, DeliveryRow.outbox_id == row.id)]
    assert tried == [("chat", Fate.LATER), ("chat", Fate.REFUSED), ("email", Fate.SENT)]


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
