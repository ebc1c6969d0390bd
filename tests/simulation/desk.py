"""The real desk under the simulator: its storage, intake, sweep and outbox, stopped and killed like a service.

The channels are the outside world: they outlive the service and note when each message came.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select

from bot.calendars import CompanyCalendar
from bot.clock import MovableClock
from bot.parcels import Parcel
from bot.rota import Entry as Watch
from bot.rota import import_rota
from bot.settings import CalendarSection
from bot.storage import queues
from bot.storage.models import InboxRow, OutboxRow, TimerRow
from bot.storage.work import Work
from complaints.complaint import Complaint
from complaints.promises import Terms
from complaints.rota import Days, Shift
from complaints.vocabulary import Role
from connectors.port import Capabilities, OutgoingMessage, Sent, TryAgainLater, UnknownDelivery, WillNotDeliver
from scheduler.port import Fate
from scheduler.timers import sweep
from tests.unit.bot.desk_kit import CHAT, MAIL, SMS, ZONE, FakeChannel, Kit, entry, open_desk

HANDLERS = tuple(f"处理人{letter}" for letter in "甲乙丙丁戊己庚辛")
LEAD, AGENT, HEAD, LEADER = "王主管", "陈客服", "李部长", "刘总"
STAFF = (
    *(
        entry(
            name, Role.HANDLER, superior=HEAD, backup=HANDLERS[number - 1], phone=f"1390000{number:04}", line=number + 2
        )
        for number, name in enumerate(HANDLERS)
    ),
    entry(HEAD, Role.DEPT_HEAD, superior=LEADER, phone="13900001001", line=20),
    entry(LEAD, Role.AGENT, Role.CENTER_LEAD, superior=LEADER, phone="13900001002", line=21),
    entry(AGENT, Role.AGENT, superior=LEAD, backup=LEAD, phone="13900001004", line=23),
    entry(LEADER, Role.LEADER, phone="13900001003", line=22),
)
ROTA = (
    Watch("the days", "", AGENT, Shift("", "", Days.parse("daily"), time(8), time(20))),
    Watch("the nights", "", LEAD, Shift("", "", Days.parse("daily"), time(20), time(8))),
)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as it came to its reader."""

    at: datetime
    channel: str
    address: str
    key: str
    text: str


class RecordingChannel(FakeChannel):
    """Keeps what came to people, with the moment, and now and then fails as channels do. unread: what came last."""

    def __init__(self, channel: str, capabilities: Capabilities, clock: MovableClock, chance: random.Random) -> None:
        super().__init__(channel, capabilities)
        self.heard: list[Heard] = []
        self.unread: list[Heard] = []
        self._clock = clock
        self._chance = chance

    async def send(self, message: OutgoingMessage) -> Sent:
        luck = self._chance.random()
        if luck < 0.01:
            raise TryAgainLater("the platform is busy")
        if luck < 0.012:
            raise WillNotDeliver("the platform refuses this one")
        came = Heard(self._clock.now(), self.channel, message.address, message.key, message.text)
        self.heard.append(came)
        self.unread.append(came)
        if luck < 0.014:
            raise UnknownDelivery("the line broke before the answer")
        return Sent(f"{self.channel}-{len(self.heard)}")


# The others of a lane wait for its first.
_HEADS = select(func.min(OutboxRow.id)).where(OutboxRow.state == queues.QUEUED).group_by(OutboxRow.lane)
_NEXT_DUE = select(
    select(func.min(TimerRow.due_at)).where(TimerRow.state == "pending").scalar_subquery(),
    select(func.min(OutboxRow.due_at))
    .where(OutboxRow.id.in_(_HEADS) | (OutboxRow.state == queues.HELD))
    .scalar_subquery(),
)


@dataclass
class Desk:
    """A service that can be stopped, started and killed. down: the spans in which it was not there."""

    url: str
    profile: str
    clock: MovableClock
    chance: random.Random
    channels: tuple[RecordingChannel, ...] = ()
    down: list[tuple[datetime, datetime]] = field(default_factory=list)
    _kit: Kit | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def kit(self) -> Kit:
        assert self._kit is not None
        return self._kit

    async def start(self) -> None:
        first = not self.channels
        if first:
            plans = (("chat", CHAT), ("sms", SMS), ("email", MAIL))
            self.channels = tuple(RecordingChannel(name, each, self.clock, self.chance) for name, each in plans)
        calendar = CompanyCalendar(CalendarSection(), ZONE)
        self._kit = await self._stack.enter_async_context(
            open_desk(
                self.url,
                channels=self.channels,
                staff=STAFF if first else (),
                clock=self.clock,
                policy=self.profile,
                calendar=calendar,
                cap=1000,
            )
        )
        if first:
            for person in STAFF:
                await self.kit.address(person.name, "chat", person.name, last_inbound_at=None)
                await self.kit.address(person.name, "sms", person.phone, last_inbound_at=None)
            await import_rota(self.kit.database, ROTA, self.clock.now())
        await self.kit.delivery.recover(everything=True)

    async def stop(self) -> None:
        """Lose everything that is not in the database."""
        self._kit = None
        await self._stack.aclose()

    async def restart(self, away: timedelta, *, kill: bool) -> None:
        """Be away for a while. kill: die with messages in hand, some of them handed over and none of that written down."""
        if kill:
            await self._die_sending()
        began = self.clock.now()
        await self.stop()
        self.clock.move_to(began + away)
        await self.start()
        self.down.append((began, self.clock.now()))

    async def _die_sending(self) -> None:
        for lane in await self.kit.delivery.claim(4):
            for parcel in lane:
                if self.chance.random() < 0.5:
                    break
                await self.kit.delivery.hand_over(parcel)

    # ── what people do ────────────────────────────────────────────────────────────────────────────────────────────────

    async def says(self, text: str, who: str, channel: str = "chat", **more: Any) -> str:
        """Let somebody write and be understood; return the id of what they wrote."""
        external_id = await self.kit.store(text, who, channel, external_id=f"{channel}-{next(self._numbers)}", **more)
        await self.kit.understander.work_off()
        return external_id

    async def bound_to(self, channel: str, external_id: str) -> str | None:
        """Return the complaint that somebody's words were bound to."""

        async def read(work: Work) -> str | None:
            found: str | None = await work.session.scalar(
                select(InboxRow.reference).where(InboxRow.channel == channel, InboxRow.external_id == external_id)
            )
            return found

        return await self.kit.database.read(read)

    async def complaint(self, reference: str) -> Complaint:
        found = await self.kit.database.read(lambda work: work.complaint(reference))
        assert found is not None
        return found

    async def terms(self, complaint: Complaint) -> Terms:
        return await self.kit.database.read(lambda work: self.kit.desk.terms(work, complaint))

    def newly_heard(self) -> list[Heard]:
        """Return what came to people since this was last asked."""
        came = [each for channel in self.channels for each in channel.unread]
        for channel in self.channels:
            channel.unread.clear()
        return came

    async def on_duty(self, at: datetime) -> list[str]:
        """Return the names of those who are on duty at a moment, as the desk has it."""
        return [
            person.name for person in await self.kit.database.read(lambda work: self.kit.desk.on_duty(work, "", at))
        ]

    # ── what time does ────────────────────────────────────────────────────────────────────────────────────────────────

    async def next_due(self) -> tuple[datetime | None, datetime | None]:
        """Return when the next timer is due, and when the next message."""

        async def read(work: Work) -> tuple[datetime | None, datetime | None]:
            timer_at, message_at = (await work.session.execute(_NEXT_DUE)).one()
            return timer_at, message_at

        return await self.kit.database.read(read)

    async def work_off(self) -> datetime | None:
        """Fire and hand over what is due, until nothing is; return when the next is, None where nothing waits."""
        for _ in range(1000):
            timer_at, message_at = await self.next_due()
            now = self.clock.now()
            if timer_at is not None and timer_at <= now:
                await sweep(self.kit.timers)
            elif message_at is not None and message_at <= now:
                lanes = await self.kit.delivery.claim(64)
                await asyncio.gather(*(self._walk(lane) for lane in lanes))
            else:
                return min((moment for moment in (timer_at, message_at) if moment is not None), default=None)
        raise AssertionError(f"something stays due for ever, since {now}")

    async def _walk(self, lane: Sequence[Parcel]) -> None:
        for index, parcel in enumerate(lane):
            outcome = await self.kit.delivery.hand_over(parcel)
            await self.kit.delivery.record(parcel, outcome)
            if outcome.fate in (Fate.LATER, Fate.REFUSED):
                await self.kit.delivery.release(lane[index + 1 :])
                break
