"""Delivery truth: limits, bursts, nights, outages, people who shut us out, and what is shown of all that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import text, update

from bot.answers import Internal
from bot.clock import MovableClock
from bot.outages import Outages
from bot.pacing import Pacer, Wait
from bot.storage import queues
from bot.storage.models import AddressRow, ComplaintRow, DeliveryRow, InboxRow, MessageRow, OutboxRow
from bot.storage.moving import move_conversation
from bot.storage.queues import FAILED, HELD, QUEUED, SKIPPED, UNCERTAIN
from bot.storage.work import Work
from bot.unreached import Unreached
from complaints.vocabulary import Role
from connectors.port import (
    Blocked,
    Capabilities,
    Limit,
    Moved,
    OutgoingMessage,
    RawMessage,
    Sent,
    TryAgainLater,
    UnknownDelivery,
    WillNotDeliver,
)
from scheduler.outbox import drain
from scheduler.port import Fate, Retries
from tests.calendars import WeekCalendar
from tests.fakes import eventually
from tests.unit.bot.desk_kit import CHAT, MAIL, MONDAY, SMS, ZONE, FakeChannel, Kit, entry, known_customer, open_desk

MATTER = "电梯坏了三天没人修"
DOWN = TryAgainLater("the platform is down", everybody=True)


@pytest.fixture
async def kit(database_url: str) -> AsyncIterator[Kit]:
    async with open_desk(database_url) as kit:
        yield kit


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


def local(kit: Kit, clock: str, day: int = 0) -> datetime:
    """Return a time of the kit's present day, or of one after it, at the desk."""
    hour, minute = (int(part) for part in clock.split(":"))
    here = kit.clock.now().astimezone(ZONE) + timedelta(days=day)
    return here.replace(hour=hour, minute=minute, second=0, microsecond=0)


async def later(kit: Kit, **span: float) -> None:
    kit.clock.move_to(kit.clock.now() + timedelta(**span))
    await kit.deliver()


async def notify(
    kit: Kit, who: str, *keys: str, kind: str = "reminder", reference: str | None = None, **facts: str
) -> None:
    """Put notices for a member of staff into the outbox, in one commit."""
    person = await kit.person(who)

    async def job(work: Work) -> None:
        for key in keys:
            kit.desk.tell(work, kind, key, [person], facts, reference)

    await kit.write(job)


async def three_complaints(kit: Kit) -> list[str]:
    """Let three customers complain, all said and heard, and return the numbers."""
    for number in range(3):
        await kit.says(f"{MATTER}{number}", f"c{number}")
    await kit.deliver()
    for channel in kit.channels.values():
        channel.sent.clear()
        channel.attempts.clear()
    return [complaint.reference for complaint in await kit.complaints()]


async def the_row(kit: Kit, key: str) -> OutboxRow:
    [row] = [row for row in await kit.outbox() if row.key.startswith(f"{key}/")]
    return row


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


# ── shut out, moved ───────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── bursts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


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
