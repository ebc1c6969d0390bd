"""A desk without a network: the real storage, intake, desk and delivery over channels that only keep what they are given.

    async with open_desk(database_url) as kit:
        await kit.says("电梯坏了三天没人修")
        await kit.deliver()
        assert kit.chat.texts("c1") == [...]

Nothing runs by itself: `understand`, `deliver` and `sweep` do one round of work and return when nothing is left to do.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import functools
import itertools
import json
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, make_url, select

from bot.clock import MovableClock
from bot.delivery import Delivery, Rules
from bot.desk import Desk
from bot.intake import Inbox, Understander
from bot.parcels import Parcel
from bot.people import Person
from bot.policies import PolicyBook
from bot.staff import Entry, import_staff
from bot.storage import codec
from bot.storage.database import Database, migrate
from bot.storage.models import AddressRow, Base, ComplaintRow, InboxRow, OutboxRow
from bot.storage.work import Work
from bot.timers import TimerTable
from bot.tokens import Signer
from bot.views import Viewer
from bot.words import Words
from complaints.calendar import WorkingCalendar
from complaints.complaint import Complaint
from complaints.emergency import Services
from complaints.taxonomy import Pack, load_pack
from complaints.vocabulary import Role
from connectors.port import (
    Attachment,
    Capabilities,
    Content,
    Form,
    Health,
    IncomingMessage,
    Intake,
    NotUnderstood,
    OutgoingMessage,
    Party,
    RawMessage,
    Receipt,
    Reported,
    Sent,
)
from scheduler.port import Fate, Left, Outcome, Retries
from scheduler.timers import sweep
from tests.calendars import WeekCalendar
from tests.inline import sqlite_inline

R = TypeVar("R", bound=Base)
T = TypeVar("T")

ZONE = ZoneInfo("Asia/Shanghai")
MAX_FILE = 1_000_000  # bytes of a file that is kept
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # ten in the morning at the desk
SECRET = "a secret of the tests, long enough to sign"

CHAT = Capabilities(form=Form.IM, buttons=True, max_chars=4000)
PLAIN_CHAT = replace(CHAT, buttons=False)
GROUP_CHAT = replace(
    CHAT, replies=True, edits=True, attachments=True, start_link="https://chat.example/desk?start={code}"
)  # people must open the private chat themselves
SMS = Capabilities(form=Form.SMS, max_chars=350, idempotent_send=True, addresses_are_phones=True)
MAIL = Capabilities(
    form=Form.EMAIL, proves_sender=False, threads=True, own_address="desk@example.com", plus_addressing=True
)


class FakeChannel:
    """A `Connector` whose wire format is JSON: {"text", "from"?, "subject"?, …}, the other keys as in `IncomingMessage`.

    files, fetching: what `fetch` gives for a handle, and what its next calls give instead; fetched: the handles asked for.
    outcomes: what the next sends do, the first one first: raise an error, return a `Sent`; when it is empty they succeed.
    gate: closed, a send waits in `entered` until it is opened. parse fails on a message with "broken" (NotUnderstood) as
    long as `broken` says why, and on one with "bug" (a connector's fault) as long as `bug` is true.
    """

    def __init__(self, channel: str, capabilities: Capabilities) -> None:
        self.channel = channel
        self.capabilities = capabilities
        self.sent: list[OutgoingMessage] = []
        self.attempts: list[OutgoingMessage] = []
        self.outcomes: deque[Exception | Sent] = deque()
        self.refuses: dict[str, Exception] = {}
        self.broken = "it is not JSON of ours"
        self.bug = True
        self.ok = True
        self.files: dict[str, bytes] = {}
        self.fetching: deque[Exception | bytes] = deque()
        self.fetched: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.entered = asyncio.Event()

    async def listen(self, intake: Intake) -> None:
        await asyncio.Event().wait()

    def parse(self, raw: RawMessage) -> IncomingMessage:
        try:
            said = json.loads(raw.raw)
        except ValueError:
            raise NotUnderstood(f"{self.channel}: it is not JSON") from None
        if said.pop("broken", False) and self.broken:
            raise NotUnderstood(f"{self.channel}: {self.broken}")
        if said.pop("bug", False) and self.bug:
            raise RuntimeError("the connector fell over")
        sender = said.pop("from", raw.conversation)
        party = Party(sender, said.pop("name", "")) if sender else None
        for key in ("recipients", "references"):
            if key in said:
                said[key] = tuple(said[key])
        said["receipts"] = tuple(
            Receipt(**{**each, "fate": Reported(each["fate"])}) for each in said.get("receipts", ())
        )
        if "content" in said:
            said["content"] = Content(said["content"])
        if "attachments" in said:
            said["attachments"] = tuple(_attachment(each) for each in said["attachments"])
        return IncomingMessage(
            channel=raw.channel,
            external_id=raw.external_id,
            conversation=raw.conversation,
            sender=party,
            visible_reply=said.pop("visible_reply", said["text"]),
            **said,
        )

    async def send(self, message: OutgoingMessage) -> Sent:
        self.attempts.append(message)
        self.entered.set()
        await self.gate.wait()
        if message.address in self.refuses:
            raise self.refuses[message.address]
        outcome = self.outcomes.popleft() if self.outcomes else Sent(f"{self.channel}-{len(self.attempts)}")
        if isinstance(outcome, Exception):
            raise outcome
        self.sent.append(message)
        return outcome

    async def fetch(self, attachment: Attachment, *, max_bytes: int) -> bytes:
        self.fetched.append(attachment.handle)
        outcome = self.fetching.popleft() if self.fetching else self.files[attachment.handle]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def check(self) -> None:
        return None

    def health(self) -> Health:
        return Health(self.ok, "" if self.ok else "the line is down", datetime.now(UTC))

    async def close(self) -> None:
        return None

    def texts(self, address: str) -> list[str]:
        """Return what was sent to an address, in order."""
        return [message.text for message in self.sent if message.address == address]

    def keys(self, address: str | None = None) -> list[str]:
        return [message.key for message in self.sent if address in (None, message.address)]


def _attachment(said: Mapping[str, Any]) -> Attachment:
    data = said.get("data")
    given = {key: value for key, value in said.items() if key != "data"}
    return Attachment(**({"type": "image/jpeg"} | given), data=None if data is None else data.encode())


@dataclass
class Kit:
    """Everything between a channel's border and the tables, wired as the service wires it."""

    database: Database
    clock: MovableClock
    desk: Desk
    inbox: Inbox
    understander: Understander
    delivery: Delivery
    timers: TimerTable
    channels: Mapping[str, FakeChannel]
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def chat(self) -> FakeChannel:
        return self.channels["chat"]

    @property
    def sms(self) -> FakeChannel:
        return self.channels["sms"]

    @property
    def mail(self) -> FakeChannel:
        return self.channels["email"]

    async def store(self, text: str, who: str = "c1", channel: str = "chat", **more: Any) -> str:
        """Let a message arrive and return its external id; nobody has understood it yet. room: the group it is said in."""
        external_id = str(more.pop("external_id", None) or f"{channel}-{who}-{next(self._numbers)}")
        if room := more.pop("room", None):
            more |= {"group": True, "from": more.get("from", who)}
        raw = json.dumps({"text": text, **more}).encode()
        await self.inbox.store([RawMessage(channel, external_id, room or who, raw)])
        return external_id

    async def says(self, text: str, who: str = "c1", channel: str = "chat", **more: Any) -> str:
        """Let a message arrive and be understood."""
        external_id = await self.store(text, who, channel, **more)
        await self.understand()
        return external_id

    async def understand(self) -> int:
        ended, more = 0, True
        while more:
            count, more = await self.understander.work_off()
            ended += count
        return ended

    async def deliver(self) -> list[tuple[str, Fate]]:
        """Hand over all that is due, lanes beside each other, and return the key and the fate of each attempt."""
        fates: list[tuple[str, Fate]] = []
        idle = 0
        while idle < 2:  # a claim that hands out nothing may have written to the centre instead
            lanes = await self.delivery.claim(16)
            if not lanes and self.delivery.left is Left.NOTHING:
                break
            idle = 0 if lanes else idle + 1
            for ended in await asyncio.gather(*(self._hand_over(lane) for lane in lanes)):
                fates += ended
        return fates

    async def _hand_over(self, lane: Sequence[Parcel]) -> list[tuple[str, Fate]]:
        fates = []
        for index, parcel in enumerate(lane):
            outcome: Outcome = await self.delivery.hand_over(parcel)
            await self.delivery.record(parcel, outcome)
            fates.append((parcel.message.key, outcome.fate))
            if outcome.fate in (Fate.LATER, Fate.REFUSED):
                await self.delivery.release(lane[index + 1 :])
                break
        return fates

    async def sweep(self, after: timedelta = timedelta()) -> int:
        """Move the clock and fire what is then due."""
        self.clock.move_to(self.clock.now() + after)
        return await sweep(self.timers)

    async def rows(self, kind: type[R], *where: ColumnElement[bool]) -> list[R]:
        """Return the rows of a table in the order of their keys."""

        async def read(work: Work) -> list[R]:
            found = await work.session.scalars(select(kind).where(*where).order_by(*kind.__table__.primary_key))
            return list(found)

        return await self.database.read(read)

    async def count(self, kind: type[Base], *where: ColumnElement[bool]) -> int:
        async def read(work: Work) -> int:
            return await work.session.scalar(select(func.count()).select_from(kind).where(*where)) or 0

        return await self.database.read(read)

    async def outbox(self, notice: str | None = None, *where: ColumnElement[bool]) -> list[OutboxRow]:
        return await self.rows(OutboxRow, *where, *([OutboxRow.notice == notice] if notice else []))

    async def inbox_states(self) -> list[tuple[str, str]]:
        """Return (external id, state) of every message, the oldest first."""
        return [(row.external_id, row.state) for row in await self.rows(InboxRow)]

    async def complaints(self) -> list[Complaint]:
        rows = await self.rows(ComplaintRow)
        return [codec.decode_complaint(row.record) for row in rows]

    async def the_complaint(self) -> Complaint:
        [complaint] = await self.complaints()
        return complaint

    async def person(self, name: str) -> Person:
        async def read(work: Work) -> Person:
            [person] = (await work.directory()).named(name)
            return person

        return await self.database.read(read)

    async def address(self, who: str, channel: str, address: str, **changes: Any) -> None:
        """Give a member of staff (by name) or a customer (by id) an address, proven and written from just now."""
        found = await self.database.read(lambda work: _named(work, who))

        async def job(work: Work) -> None:
            row = await work.address(channel, address)
            if row is None:
                row = await work.add_address(found, channel, address, self.clock.now(), proven=True)
            for name, value in ({"last_inbound_at": self.clock.now()} | changes).items():
                setattr(row, name, value)

        await self.database.write(job)

    async def write(self, job: Callable[[Work], Awaitable[T]]) -> T:
        return await self.database.write(job)

    async def tell(self, who: str, key: str, kind: str = "no_tasks", **facts: str) -> None:
        """Put a notice for a member of staff into the outbox."""
        person = await self.person(who)

        async def job(work: Work) -> None:
            self.desk.tell(work, kind, key, [person], facts)

        await self.database.write(job)


async def _named(work: Work, who: str) -> str:
    found = (await work.directory()).named(who)
    return found[0].id if found else who


def entry(name: str, *roles: Role, line: int = 2, **more: Any) -> Entry:
    """Return a line of the table of staff."""
    values: dict[str, Any] = {
        "phone": "", "email": "", "unit": "", "categories": (), "superior": "", "backup": "", "locale": "zh", "active": True,
    }  # fmt: skip
    return Entry(line=line, name=name, roles=frozenset(roles), **(values | more))


STAFF = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD),
)
"""One who does the work and one who leads the centre; each with an address in chat, `handler` and `lead`."""


@asynccontextmanager
async def open_desk(
    url: str,
    *,
    channels: Sequence[FakeChannel] | None = None,
    staff: Sequence[Entry] = STAFF,
    chats: Mapping[str, str] | None = None,
    clock: MovableClock | None = None,
    policy: str = "base",
    calendar: WorkingCalendar | None = None,
    attempts: int = 3,
    intake_attempts: int = 3,
    batch: int = 64,
    timeout_s: float = 20.0,
    cap: int = 20,
    filing_cap: int = 200,
    files: Path | None = None,
    jobs: bool = False,
    emergency: Services | None = None,
    before: Callable[[Kit], Awaitable[None]] | None = None,
) -> AsyncIterator[Kit]:
    """Open a migrated database with a desk over it. chats: where staff are met in chat, by name. attempts: of a delivery on one
    road; retries wait 10 s and double. jobs: as in `Database`. before: a module's own function, what happened at this desk
    before the test; the test finds the desk as after a restart of the service.
    """
    clock = clock or MovableClock(MONDAY)
    if channels is None:
        channels = (FakeChannel("chat", CHAT), FakeChannel("sms", SMS), FakeChannel("email", MAIL))
    by_name = {channel.channel: channel for channel in channels}
    if chats is None:
        chats = {"张伟": "handler", "王主管": "lead"} if staff is STAFF and "chat" in by_name else {}
    met_by = tuple((channel.channel, channel.capabilities) for channel in channels)
    beginning = _Beginning(url, (tuple(staff), tuple(chats.items()), policy, clock.now(), before and (before, met_by)))
    if not beginning.laid_out():
        await migrate(url)
    async with AsyncExitStack() as stack:
        stack.enter_context(sqlite_inline())  # a thread before each statement costs more than the statement
        database = await stack.enter_async_context(Database(url, jobs=jobs))
        book = PolicyBook(policy, [], calendar or WeekCalendar(ZONE))
        pack = _pack()
        desk = Desk(clock, book, Signer(SECRET), prefix="TS", zone=ZONE, emergency=emergency)
        words = _words()
        viewer = Viewer(clock, book, pack, company="客户服务中心", hotline="400-800-0000")
        rules = Rules(attempts, Retries(timedelta(seconds=10), timedelta(seconds=3600)), timeout_s)
        kit = Kit(
            database=database,
            clock=clock,
            desk=desk,
            inbox=Inbox(database, clock),
            understander=Understander(
                database,
                desk,
                pack,
                by_name,
                batch=batch,
                attempts=intake_attempts,
                max_chars=20_000,
                acknowledgement_cap=cap,
                max_file_bytes=MAX_FILE,
                locale="zh",
                filing_cap=filing_cap,
            ),
            delivery=Delivery(database, desk, words, viewer, by_name, rules, clock, locale="zh", files=files),
            timers=TimerTable(database, desk, clock),
            channels=by_name,
        )
        if not beginning.laid_out():
            await book.store(database)
            if staff:
                await import_staff(database, staff, clock.now())
            for name, address in chats.items():
                await kit.address(name, "chat", address)
            if before is not None:
                await before(kit)
            beginning.keep(kit)
        beginning.go_on(kit)
        yield kit


@dataclass(frozen=True)
class _Kept:
    """A desk that was opened. channels: what each sent, and tried to."""

    file: bytes
    now: datetime
    numbers: itertools.count[int]
    channels: Mapping[str, tuple[list[OutgoingMessage], list[OutgoingMessage]]]


class _Beginning:
    """How a desk's SQLite file stands when it opens: worked out twice, then laid out as it was the second time.

    A file that was at a desk before is like no other, and so worked with as it is; what a desk is opened with once is not kept.
    """

    _seen: ClassVar[dict[Hashable, _Kept | None]] = {}

    def __init__(self, url: str, opened_with: Hashable) -> None:
        self._file = Path(file) if url.startswith("sqlite") and (file := make_url(url).database) else None
        self._key: Hashable = None
        self._kept: _Kept | None = None
        if self._file is not None and self._file.exists() and not Path(f"{self._file}-wal").exists():
            self._key = (self._file.read_bytes(), opened_with)
            self._kept = self._seen.get(self._key)
        if self._file is not None and self._kept is not None:
            self._file.write_bytes(self._kept.file)

    def laid_out(self) -> bool:
        return self._kept is not None

    def keep(self, kit: Kit) -> None:
        if self._file is None or self._key is None:
            return
        if self._key in self._seen:
            with contextlib.closing(sqlite3.connect(self._file)) as connection:
                channels = {
                    name: (list(each.sent), list(each.attempts)) for name, each in kit.channels.items() if each.attempts
                }
                numbers = copy.copy(kit._numbers)
                self._seen[self._key] = _Kept(connection.serialize(), kit.clock.now(), numbers, channels)
        else:
            self._seen[self._key] = None

    def go_on(self, kit: Kit) -> None:
        """Let what is not in the file, too, be as it was kept."""
        if self._kept is not None:
            kit.clock.move_to(self._kept.now)
            kit._numbers = copy.copy(self._kept.numbers)
            for name, (sent, attempts) in self._kept.channels.items():
                kit.channels[name].sent, kit.channels[name].attempts = list(sent), list(attempts)


@functools.cache
def _words() -> Words:
    """The words of all desks: reading the templates takes longer than most tests."""
    return Words("客户服务中心", "400-800-0000", ZONE)


@functools.cache
def _pack() -> Pack:
    return load_pack("realestate")


async def known_customer(kit: Kit, who: str = "c1", channel: str = "chat") -> str:
    """Return the id of the customer who wrote from an address."""
    [row] = await kit.rows(AddressRow, AddressRow.channel == channel, AddressRow.address == who)
    return row.person


HANDLER_AND_LEAD = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=3),
)
"""Whoever does the work, and whoever leads and answers for it; as `chats`: "handler" and "lead"."""


async def leak_accepted(kit: Kit) -> None:
    """Let a customer complain of a leak and the handler take it on."""
    await kit.says("投诉 厨房水管漏水三天了，没人管")
    await kit.says("接单", "handler")
    await kit.deliver()


async def asks(kit: Kit, text: str, who: str, **more: Any) -> list[str]:
    """Say something; return what is answered. What was told before is forgotten, whoever was told it."""
    await kit.deliver()
    kit.chat.sent.clear()
    return await exchange(kit, text, who, **more)


async def exchange(kit: Kit, text: str, who: str, **more: Any) -> list[str]:
    """Say something; return what whoever said it is told from then on."""
    before = len(kit.chat.texts(who))
    await kit.says(text, who, **more)
    await kit.deliver()
    return kit.chat.texts(who)[before:]


async def reads(kit: Kit, who: str) -> str:
    """Return what somebody was told since last asked."""
    await kit.deliver()
    said = kit.chat.texts(who)
    kit.chat.sent = [message for message in kit.chat.sent if message.address != who]
    return "\n---\n".join(said)
