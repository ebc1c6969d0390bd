"""Delivery: each message once, in its lane's order, and the truth about what became of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.storage.models import DeliveryRow, MessageRow, OutboxRow
from bot.storage.queues import FAILED, UNCERTAIN
from bot.storage.work import Work
from complaints.vocabulary import Role
from connectors.port import Sent, TryAgainLater, UnknownDelivery, WillNotDeliver
from scheduler.port import Fate
from tests.unit.bot.delivery_kit import MATTER, states
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, entry, known_customer, open_desk


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
