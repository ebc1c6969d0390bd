"""What a channel takes, and when: its limits, and the hours in which its platform is down."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.clock import MovableClock
from bot.outages import Outages
from bot.pacing import Pacer, Wait
from bot.storage import queues
from bot.storage.queues import QUEUED
from bot.storage.work import Work
from connectors.port import Capabilities, Limit, OutgoingMessage, Sent, TryAgainLater, UnknownDelivery, WillNotDeliver
from scheduler.outbox import drain
from scheduler.port import Fate, Retries
from tests.fakes import eventually
from tests.unit.bot.delivery_kit import later, notify, the_row, three_complaints
from tests.unit.bot.desk_kit import CHAT, MAIL, SMS, FakeChannel, Kit, open_desk

DOWN = TryAgainLater("the platform is down", everybody=True)
DOUBT = UnknownDelivery("HTTP 500")


def limited(*limits: Limit) -> tuple[FakeChannel, ...]:
    return FakeChannel("chat", replace(CHAT, limits=limits)), FakeChannel("sms", SMS), FakeChannel("email", MAIL)


class Noting(FakeChannel):
    """Notes when each message was handed to it."""

    clock: MovableClock

    def __init__(self, channel: str, capabilities: Capabilities) -> None:
        super().__init__(channel, capabilities)
        self.moments: list[datetime] = []

    async def send(self, message: OutgoingMessage) -> Sent:
        self.moments.append(self.clock.now())
        return await super().send(message)


# ── limits ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class TestLimits:
    async def test_what_is_over_the_limit_waits_and_says_so(self, database_url: str) -> None:
        """Traps 22, 24: kept, shown as delayed, and no attempt is counted."""
        async with open_desk(database_url, channels=limited(Limit(1, 10.0))) as kit:
            await kit.tell("张伟", "a")
            await kit.tell("王主管", "b")
            await kit.deliver()
            assert len(kit.chat.sent) == 1
            [waits] = [row for row in await kit.outbox() if row.state == QUEUED]
            assert (waits.waits, waits.attempts) == (Wait.LIMIT, 0)
            assert kit.clock.now() < waits.due_at <= kit.clock.now() + timedelta(seconds=10)
            await later(kit, seconds=1)
            assert len(kit.chat.sent) == 1
            [waits] = [row for row in await kit.outbox() if row.state == QUEUED]
            assert waits.due_at == kit.clock.now() + timedelta(seconds=9)
            await later(kit, seconds=10)
            assert len(kit.chat.sent) == 2
            assert {(row.state, row.waits, row.attempts) for row in await kit.outbox()} == {(Fate.SENT, "", 1)}

    async def test_order_is_kept_and_other_channels_do_not_wait(self, database_url: str) -> None:
        """Trap 26."""
        async with open_desk(database_url, channels=limited(Limit(1, 1.0, each=True))) as kit:
            await kit.address("王主管", "chat", "lead", proven=False)
            await kit.address("王主管", "email", "lead@example.com")
            for number in range(4):
                await kit.tell("张伟", f"k{number}")
                await kit.tell("王主管", f"w{number}")
            await kit.deliver()
            assert (len(kit.chat.sent), len(kit.mail.sent)) == (1, 4)
            for _ in range(3):
                await later(kit, seconds=1)
            assert [key[:2] for key in kit.chat.keys("handler")] == ["k0", "k1", "k2", "k3"]

    async def test_emptied_by_the_service_itself_the_limit_holds_and_nobody_is_forgotten(
        self, fresh_sqlite_url: str
    ) -> None:
        """In real time, with the drain: many at once, each to its own chat."""
        limit = Limit(5, 0.3)
        channel = Noting("chat", replace(CHAT, limits=(limit,)))
        async with open_desk(fresh_sqlite_url, channels=[channel], clock=MovableClock()) as kit:
            channel.clock = kit.clock
            for number in range(23):
                await kit.says("进度", f"c{number}")
            async with kit.database.listening("outbox") as woken:
                draining = asyncio.create_task(drain(kit.delivery, woken, concurrency=8))
                await eventually(lambda: len(channel.sent) == 23, timeout_s=60)
                draining.cancel()
                await asyncio.gather(draining, return_exceptions=True)
            span = timedelta(seconds=limit.per_s)
            for at in channel.moments:
                assert len([each for each in channel.moments if at - span < each <= at]) <= limit.count

    async def test_answers_go_before_notices_where_room_is_scarce(self, database_url: str) -> None:
        async with open_desk(database_url, channels=limited(Limit(1, 10.0))) as kit:
            await kit.tell("王主管", "w")
            await kit.says("进度", "handler")
            await kit.deliver()
            assert [message.address for message in kit.chat.sent] == ["handler"]

    async def test_a_claim_that_was_rolled_back_keeps_no_slot(self, kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
        """Its transaction may fail for a neighbour's fault, and is then run again."""
        kit.delivery.pacer._limits = {"chat": (Limit(1, 60.0),)}
        await kit.tell("张伟", "k")

        async def fails(_: Work) -> None:
            raise LookupError("somebody else's fault")

        results = await asyncio.gather(kit.write(fails), kit.delivery.claim(16), return_exceptions=True)
        assert isinstance(results[0], LookupError)
        [[parcel]] = results[1]  # type: ignore[misc]
        await kit.delivery.release([parcel])
        assert [fate for _, fate in await kit.deliver()] == [Fate.SENT]

    async def test_being_told_to_wait_closes_no_road(self, kit: Kit) -> None:
        """Trap 22: a storm of 429 is not a failure of the road, and holds up nobody else."""
        kit.chat.refuses["handler"] = TryAgainLater("429", retry_after_s=30.0)
        await kit.address("张伟", "sms", "+8613800138000")
        await kit.tell("张伟", "k")
        await kit.tell("王主管", "w")
        for _ in range(20):
            await later(kit, seconds=30)
        assert len(kit.chat.texts("lead")) == 1
        row = await the_row(kit, "k")
        assert (row.state, row.waits, row.attempts, row.tried) == (QUEUED, Wait.ASKED, 0, "")
        kit.chat.refuses.clear()
        await later(kit, seconds=30)
        assert len(kit.chat.texts("handler")) == 1
        assert kit.sms.sent == []

    async def test_but_not_for_ever(self, kit: Kit) -> None:
        kit.chat.refuses["handler"] = TryAgainLater("429", retry_after_s=30.0)
        await kit.address("张伟", "sms", "+8613800138000")
        await kit.tell("张伟", "k")
        await kit.deliver()
        for _ in range(5):
            await later(kit, hours=2)
        assert len(kit.sms.sent) == 1


# ── outages ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class TestOutages:
    async def test_one_tries_a_channel_that_refuses_everybody_and_the_others_wait(self, kit: Kit) -> None:
        kit.chat.refuses |= {"handler": DOWN, "lead": DOWN}
        await kit.tell("张伟", "a")
        await kit.deliver()
        await kit.tell("王主管", "b")
        await kit.deliver()
        assert len(kit.chat.attempts) == 1
        assert {(row.waits, row.attempts) for row in await kit.outbox()} == {(Wait.CHANNEL, 0)}
        assert kit.delivery.sending()["chat"]["paused_because"] == "the platform is down"
        kit.chat.refuses.clear()
        await later(kit, seconds=10)
        await later(kit, seconds=1)
        assert len(kit.chat.sent) == 2  # the first that came through has woken the other
        assert kit.delivery.sending() == {}

    async def test_a_channel_that_is_down_is_passed_over_and_both_are_told_once(self, kit: Kit) -> None:
        """Who can be met elsewhere is told there; the centre hears when it goes down and when it is back."""
        await kit.address("张伟", "email", "zw@example.com")
        await kit.address("王主管", "email", "lead@example.com")
        kit.chat.refuses |= {"handler": DOWN, "lead": DOWN}
        await kit.tell("张伟", "a")
        await kit.deliver()
        for _ in range(11):
            await later(kit, minutes=1)
            await kit.delivery.outages.watch()
        assert "down_since" in kit.delivery.sending()["chat"]
        await kit.deliver()
        await later(kit, minutes=1)  # one of them may have been the one that tried the channel
        assert sorted(message.address for message in kit.mail.sent) == ["lead@example.com", "zw@example.com"]
        assert len(await kit.outbox("channel_down")) == 1
        # A restart does not tell it again.
        again = Outages(kit.database, kit.desk, kit.channels, kit.delivery.pacer, timedelta(minutes=10))
        await again.watch()
        assert len(await kit.outbox("channel_down")) == 1
        kit.chat.refuses.clear()
        await later(kit, minutes=3)
        await kit.tell("张伟", "finds out")
        await kit.deliver()
        assert len(kit.chat.texts("handler")) == 1
        await kit.delivery.outages.watch()
        [back] = await kit.outbox("channel_back")
        assert back.person == (await kit.person("王主管")).id
        assert '"count":"1"' in back.facts  # the notice; the word about the outage itself is none
        await kit.delivery.outages.watch()
        assert len(await kit.outbox("channel_back")) == 1
        assert kit.delivery.sending() == {}

    @pytest.mark.parametrize("sent", [True, False], ids=["something went out", "nothing failed for long"])
    async def test_after_a_restart_a_channel_is_not_back_before_it_has_shown_it(self, kit: Kit, sent: bool) -> None:
        kit.chat.ok = False
        await kit.delivery.outages.watch()
        kit.clock.move_to(kit.clock.now() + timedelta(minutes=11))
        await kit.delivery.outages.watch()
        assert len(await kit.outbox("channel_down")) == 1
        kit.chat.ok = True  # a connector that has just begun has not failed yet
        pacer = Pacer({}, Retries(timedelta(seconds=10), timedelta(hours=1)))
        again = Outages(kit.database, kit.desk, kit.channels, pacer, timedelta(minutes=10))
        await again.watch()
        assert await kit.outbox("channel_back") == []
        if sent:
            again.sent("chat", kit.clock.now())
        else:
            kit.clock.move_to(kit.clock.now() + timedelta(minutes=10))
        await again.watch()
        await again.watch()
        assert len(await kit.outbox("channel_back")) == 1

    async def test_what_is_put_off_in_the_commit_that_wakes_a_channel_is_woken_too(self, kit: Kit) -> None:
        await kit.tell("张伟", "k")
        row = await the_row(kit, "k")
        now = kit.clock.now()

        async def job(work: Work) -> int:
            outgoing = await queues.outgoing(work, row.id)
            assert outgoing is not None
            later = now + timedelta(minutes=2)
            work.save_outgoing(replace(outgoing, channel="chat", waits=Wait.CHANNEL, due_at=later))
            return await queues.wake(work, "chat", now)

        assert await kit.write(job) == 1
        assert (await the_row(kit, "k")).due_at == now

    async def test_a_channel_that_is_unwell_for_long_is_passed_over_too(self, kit: Kit) -> None:
        await kit.address("张伟", "email", "zw@example.com")
        kit.chat.ok = False
        await kit.delivery.outages.watch()
        await kit.tell("张伟", "still")
        await kit.deliver()
        assert len(kit.chat.texts("handler")) == 1
        kit.clock.move_to(kit.clock.now() + timedelta(minutes=11))
        await kit.delivery.outages.watch()
        await kit.tell("张伟", "passed over")
        await kit.deliver()
        assert len(kit.mail.sent) == 1
        kit.chat.ok = True
        await kit.delivery.outages.watch()
        await kit.tell("张伟", "again")
        await kit.deliver()
        assert len(kit.chat.texts("handler")) == 2

    async def test_who_has_no_other_road_waits_for_the_channel_and_nothing_is_given_up(self, kit: Kit) -> None:
        kit.chat.refuses["handler"] = DOWN
        await kit.tell("张伟", "a")
        await kit.deliver()
        for _ in range(60):
            await later(kit, minutes=1)
            await kit.delivery.outages.watch()
        assert (await the_row(kit, "a")).state == QUEUED
        kit.chat.refuses.clear()
        await later(kit, minutes=3)
        assert len(kit.chat.texts("handler")) == 1

    async def test_what_is_out_already_takes_no_second_road(self, kit: Kit) -> None:
        await kit.address("张伟", "email", "zw@example.com")
        kit.chat.outcomes.extend([Sent("1"), UnknownDelivery("the line broke")])
        await kit.tell("张伟", "sent")
        await kit.tell("张伟", "uncertain")
        await kit.deliver()
        kit.chat.ok = False
        await kit.delivery.outages.watch()
        kit.clock.move_to(kit.clock.now() + timedelta(hours=1))
        await kit.delivery.outages.watch()
        await kit.deliver()
        assert [message for message in kit.mail.sent if "zw" in message.address] == []


class TestDoubts:
    """A channel that takes everything and answers nothing (a gateway that says HTTP 500 to every call) is out, too."""

    async def doubt(self, kit: Kit, count: int) -> None:
        """Let so many messages go to two people by chat, each to become uncertain."""
        kit.chat.refuses |= {"handler": DOUBT, "lead": DOUBT}
        for number in range(count):
            await kit.tell(("张伟", "王主管")[number % 2], f"d{number}")
            await kit.deliver()

    async def test_what_has_not_been_tried_waits_and_one_at_a_time_tries(self, kit: Kit) -> None:
        await self.doubt(kit, 8)
        assert len(kit.chat.attempts) == 3
        tried = {(row.state, row.attempts) for row in await kit.outbox()}
        assert tried == {(Fate.UNCERTAIN, 1), (QUEUED, 0)}
        for attempts in (4, 5):
            await later(kit, minutes=5)
            assert len(kit.chat.attempts) == attempts
        uncertain = {row.key for row in await kit.outbox() if row.state == Fate.UNCERTAIN}
        assert len(uncertain) == 5
        kit.chat.refuses.clear()
        await later(kit, minutes=5)
        await later(kit, seconds=1)  # the first that came through has woken the others
        for _ in range(20):
            await later(kit, hours=1)
        assert {row.key: row.state for row in await kit.outbox()} == {
            row.key: Fate.UNCERTAIN if row.key in uncertain else Fate.SENT for row in await kit.outbox()
        }
        assert not uncertain & {message.key for message in kit.chat.sent}

    async def test_it_is_down_for_whoever_asks_and_other_roads_are_taken(
        self, kit: Kit, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.WARNING, "bot.outages")
        began = kit.clock.now()
        await self.doubt(kit, 4)
        await kit.delivery.outages.watch()
        assert kit.delivery.outages.down == {}
        for _ in range(10):
            kit.clock.move_to(kit.clock.now() + timedelta(minutes=1))
            await kit.delivery.outages.watch()
        assert kit.delivery.sending()["chat"]["down_since"] == began.isoformat()
        assert kit.delivery.sending()["chat"]["paused_because"] == "HTTP 500"
        await kit.address("王主管", "email", "lead@example.com")
        await later(kit, minutes=1)
        assert [message.key[:2] for message in kit.mail.sent if message.key.startswith("d")] == ["d3"]
        [down] = await kit.outbox("channel_down")
        assert '"doubtful":"3"' in down.facts
        kit.chat.refuses.clear()
        await kit.tell("张伟", "finds out")
        await later(kit, minutes=5)
        await kit.delivery.outages.watch()
        await kit.delivery.outages.watch()
        assert kit.delivery.sending() == {}
        [back] = await kit.outbox("channel_back")
        assert '"doubtful":"4"' in back.facts  # and the one that tried it
        assert [record.message for record in caplog.records] == [
            f"channel chat is down since {began.isoformat()}: 3 messages may or may not have arrived",
            "channel chat works again",
        ]

    async def test_the_centre_hears_of_the_channel_once_and_not_of_each_message(self, kit: Kit) -> None:
        await three_complaints(kit)
        kit.chat.refuses |= {"handler": DOUBT, "lead": DOUBT, **{f"c{number}": DOUBT for number in range(3)}}
        for number in range(12):
            await notify(kit, "张伟", f"n{number}", reference=(await kit.complaints())[number % 3].reference)
            await later(kit, minutes=5)
        uncertain = [row for row in await kit.outbox("reminder") if row.state == Fate.UNCERTAIN]
        assert len(uncertain) > 5
        about = await kit.outbox("uncertain")
        assert [row.facts for row in about if '"channel":"chat"' in row.facts] != []
        assert len({row.key for row in about}) <= 3  # of the first two, before it was known, and of the channel
        assert len(about) == len({(row.key, row.person) for row in about})

    async def test_one_that_came_through_in_between_shows_that_it_works(self, kit: Kit) -> None:
        kit.chat.refuses["handler"] = DOUBT
        for number in range(9):
            await kit.tell("张伟" if number % 3 else "王主管", f"k{number}")
            await kit.deliver()
        assert {row.state for row in await kit.outbox("no_tasks")} == {Fate.SENT, Fate.UNCERTAIN}
        assert kit.delivery.sending() == {}

    async def test_what_was_claimed_before_is_not_handed_over(self, kit: Kit) -> None:
        """A lane holds many; each of them would become uncertain."""
        kit.chat.refuses["handler"] = DOUBT
        for number in range(8):
            await kit.tell("张伟", f"k{number}")
        [lane] = await kit.delivery.claim(16)
        assert len(lane) == 8
        for parcel in lane:
            await kit.delivery.record(parcel, await kit.delivery.hand_over(parcel))
        assert len(kit.chat.attempts) == 3
        assert {row.key[:2]: (row.state, row.attempts) for row in await kit.outbox("no_tasks")} == {
            **{f"k{number}": (Fate.UNCERTAIN, 1) for number in range(3)},
            **{f"k{number}": (QUEUED, 0) for number in range(3, 8)},
        }

    async def test_an_address_that_is_refused_does_not_end_it(self, kit: Kit) -> None:
        """Some is refused before it is handed over: that says nothing of the channel."""
        await self.doubt(kit, 3)
        kit.chat.refuses["handler"] = WillNotDeliver("no such number")
        await kit.tell("张伟", "refused")
        await later(kit, minutes=5)
        assert "chat" in kit.delivery.sending()

    async def test_after_a_restart_the_first_doubt_is_enough(self, kit: Kit) -> None:
        since = kit.clock.now() - timedelta(hours=1)
        await kit.write(lambda work: queues.save_cursor(work, "outage:chat", since.isoformat()))
        await kit.delivery.outages.watch()
        await self.doubt(kit, 3)
        await kit.delivery.outages.watch()
        assert len(kit.chat.attempts) == 1
        assert kit.delivery.sending()["chat"]["down_since"] == since.isoformat()
        assert await kit.outbox("channel_down") == []  # it was told of before

    async def test_the_word_of_it_names_the_channel_and_stands_alone(self, kit: Kit) -> None:
        references = await three_complaints(kit)
        kit.chat.refuses |= {"handler": DOUBT, "lead": DOUBT}
        for number in range(3):
            await notify(kit, "张伟", f"n{number}", reference=references[number])
            await kit.deliver()
            await kit.tell("王主管", f"w{number}")
        kit.chat.refuses.clear()
        await later(kit, minutes=5)
        await later(kit, seconds=1)
        await kit.tell("王主管", "w")
        await later(kit, seconds=1)
        [told] = [text for text in kit.chat.texts("lead") if "发出的都不确定是否收到" in text]
        assert told.startswith("从 ")
