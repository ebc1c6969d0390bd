"""Killed at any moment, and started again: everything is there once, in order, and nothing is sent twice."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot.answers import Internal
from bot.settings import load_settings, signing_secret
from bot.storage.models import EventRow, InboxRow, OutboxRow
from bot.tokens import Signer
from complaints.change import EventKind, NoticeKind
from complaints.complaint import Complaint
from complaints.vocabulary import Status
from tests.fakes import until
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import Mail, SmtpSink
from tests.story.desk import MAILBOX, Books, Config, Letter, Writer, as_environ, config, hire_at, open_books
from tests.story.service import Service

STAFF = (
    "张伟,13800138000,zhangwei@desk.example,处理人,王主管,\n"
    "王主管,13900139000,wang@desk.example,坐席 客服中心负责人,,\n"
)
QUICK: Config = {"delivery": {"lease_s": 2}, "connectors.email": {"timeout_s": 5}}
FINISHED = ("sent", "uncertain", "skipped")
LIFE = [
    EventKind.RECEIVED, EventKind.REGISTERED, EventKind.DISPATCHED, EventKind.ACCEPTED, EventKind.RESOLVED,
    EventKind.RATED, EventKind.REOPENED, EventKind.RESOLVED, EventKind.RATED, EventKind.CLOSED,
]  # fmt: skip


class HoldingSink(SmtpSink):
    """An SMTP server that can leave its clients waiting. hold: for the answer to a mail that it has not kept (yet)."""

    def __init__(self) -> None:
        super().__init__()
        self.hold = False
        self.holding = 0

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
        if self.hold:
            self.holding += 1
            try:
                while self.hold:  # noqa: ASYNC110 (turned from another thread)
                    await asyncio.sleep(0.005)
            finally:
                self.holding -= 1
        return await super().handle_DATA(server, session, envelope)  # type: ignore[arg-type]


@dataclass
class World:
    """What outlives the service: mail servers, people, a database. letters: what was delivered to it."""

    folder: Path
    settings: Config
    dovecot: Dovecot
    sink: HoldingSink
    books: Books
    service: Service
    signer: Signer
    letters: list[Letter] = field(default_factory=list)
    delivered: asyncio.Event = field(default_factory=asyncio.Event)

    def deliver(self, letter: Letter) -> None:
        self.letters.append(letter)
        self.dovecot.deliver(MAILBOX, letter.raw)
        self.delivered.set()

    async def told(self, reference: str, notice: NoticeKind, count: int = 1) -> OutboxRow:
        """Wait until the `count`th notice of a kind about a complaint went out, or nobody knows whether it did."""

        async def found() -> OutboxRow | None:
            rows = [r for r in await self.books.rows(OutboxRow) if (r.reference, r.notice) == (reference, notice)]
            rows = [row for row in rows if row.state in ("sent", "uncertain")]
            return rows[count - 1] if len(rows) >= count else None

        row = await until(found, f"{notice} about {reference} went out")
        assert row is not None
        return row

    def mail(self, row: OutboxRow) -> Mail:
        """Return a mail as its reader has it. One that was lost on the way is rebuilt: its reader was phoned instead."""
        id = self.signer.message_id(row.id, "desk.example")
        for mail in self.sink.messages:
            if str(mail.parsed["Message-ID"]) == id:
                return mail
        parsed = EmailMessage()
        parsed["Message-ID"], parsed["Subject"] = id, f"[{row.reference}]"
        parsed.set_content("")
        return Mail("", (row.address,), b"", parsed)


@asynccontextmanager
async def a_world(folder: Path, url: str) -> AsyncIterator[World]:
    sink = HoldingSink()
    async with Dovecot() as dovecot, sink:
        settings = config(folder, url, dovecot=dovecot, sink=sink, more=QUICK)
        loaded = load_settings(None, as_environ(settings))
        await hire_at(loaded.database.url, STAFF, folder)
        async with open_books(loaded.database.url) as books, Service(folder, settings) as service:
            signer = Signer(signing_secret(loaded.service))
            yield World(folder, settings, dovecot, sink, books, service, signer)


@pytest.fixture
async def world(tmp_path: Path, database_url: str) -> AsyncIterator[World]:
    async with a_world(tmp_path, database_url) as world:
        yield world


async def lives(world: World, customer: Writer, kills_over: asyncio.Event) -> None:
    """Live one complaint's whole life, whatever happens to the service meanwhile. Long enough for all that is to happen."""
    assignee = Writer("张伟", "zhangwei@desk.example")
    world.deliver(customer.letter("厨房漏水", f"厨房漏水三天了，6栋1202。我是{customer.name}，13712345678"))

    async def mine() -> Complaint | None:
        found = [c for c in await world.books.complaints() if customer.name in c.summary]
        return found[0] if found else None

    async def stands(status: Status, round: int) -> None:
        async def so() -> bool:
            complaint = await mine()
            return complaint is not None and (complaint.status, complaint.round) == (status, round)

        await until(so, f"{customer.name}'s complaint is {status} in round {round}")

    complaint = await until(mine, "a complaint")
    assert complaint is not None
    reference = complaint.reference
    acknowledged = world.mail(await world.told(reference, NoticeKind.ACKNOWLEDGEMENT))
    world.deliver(assignee.reply(world.mail(await world.told(reference, NoticeKind.ASSIGNED)), "接单"))
    await stands(Status.WORKING, 1)

    async def added(number: int) -> bool:
        rows = [row for row in await world.books.rows(EventRow) if row.reference == reference]
        return any(f"第{number}点" in row.note for row in rows)

    for number in itertools.count(1):
        world.deliver(customer.reply(acknowledged, f"补充：第{number}点，还在滴水"))
        await until(lambda number=number: added(number), f"supplement {number}")  # type: ignore[misc]
        if kills_over.is_set():
            break
    assigned = world.mail(await world.told(reference, NoticeKind.ASSIGNED))
    for round, result, verdict in ((1, "已更换门锁", "不满意，还在漏水"), (2, "重新做了防水", "满意")):
        world.deliver(assignee.reply(assigned, f"办结 {result}"))
        await stands(Status.RESOLVED, round)
        world.deliver(customer.reply(world.mail(await world.told(reference, NoticeKind.SURVEY, round)), verdict))
        await stands(*((Status.WORKING, 2) if round == 1 else (Status.CLOSED, 2)))


async def everything_once(world: World) -> list[OutboxRow]:
    """Hold what must be true when all is over; return the messages of which nobody knows."""
    inbox = await world.books.rows(InboxRow)
    assert Counter(row.external_id.partition("#")[0] for row in inbox) == Counter(x.message_id for x in world.letters)
    assert {row.state for row in inbox} == {"done"}
    for complaint in await world.books.complaints():
        events = [row for row in await world.books.rows(EventRow) if row.reference == complaint.reference]
        assert [row.kind for row in events if row.kind != EventKind.SUPPLEMENTED] == LIFE
        said = [row.note for row in events if row.kind == EventKind.SUPPLEMENTED]
        assert said == [f"第{number}点，还在滴水" for number in range(1, len(said) + 1)]
    outbox = await world.books.rows(OutboxRow)
    assert {row.state for row in outbox} <= set(FINISHED), Counter(row.state for row in outbox)
    rows = {world.signer.message_id(row.id, "desk.example"): row for row in outbox}
    arrived = [str(mail.parsed["Message-ID"]) for mail in world.sink.messages]
    twice = {id: count for id, count in Counter(arrived).items() if count > 1}
    assert not twice, f"sent twice: {[(rows[id].notice, rows[id].state, count) for id, count in twice.items()]}"
    assert set(arrived) <= {id for id, row in rows.items() if row.state in ("sent", "uncertain")}
    carriers = {
        world.signer.message_id(row.joined_to or row.id, "desk.example") for row in outbox if row.state == "sent"
    }
    assert carriers <= set(arrived)
    for address in {row.address for row in outbox if row.address}:
        heard = [rows[str(mail.parsed["Message-ID"])].id for mail in world.sink.to(address)]
        assert heard == sorted(heard), f"{address} was written to in another order than was decided"
    unknown = [row for row in outbox if row.state == "uncertain"]
    told = {row.key.split("/")[1] for row in outbox if row.notice == Internal.UNCERTAIN}
    lead = await world.books.person("王主管")
    for row in unknown:
        if row.notice not in set(Internal) and row.person != lead:
            assert str(row.joined_to or row.id) in told, f"nobody was told that {row.notice} is uncertain"
    return unknown


async def kill_often(world: World, moments: list[str], chance: random.Random) -> None:
    """Start the service and kill it, once for each moment."""

    async def right_after_a_mail_came() -> None:
        world.delivered.clear()
        await world.delivered.wait()

    async def while_the_server_has_the_mail() -> None:
        world.sink.hold = True
        await until(_saying(lambda: world.sink.holding > 0), "the SMTP server holds a mail")

    async def while_the_answer_is_awaited() -> None:
        before = len(world.sink.messages)
        world.sink.silent_after_data = True
        await until(_saying(lambda: len(world.sink.messages) > before), "the SMTP server kept a mail and says nothing")

    async def right_after_it_was_taken() -> None:
        before = len(world.sink.messages)
        await until(_saying(lambda: len(world.sink.messages) > before), "the SMTP server took a mail")

    waits: dict[str, Callable[[], Awaitable[None]]] = {
        "mail came": right_after_a_mail_came,
        "held": while_the_server_has_the_mail,
        "kept": while_the_answer_is_awaited,
        "taken": right_after_it_was_taken,
    }
    for moment in moments:
        await world.service.start()
        if moment == "any":
            await world.service.live(chance.uniform(0.2, 3.5))
        else:
            await waits[moment]()
            await world.service.live(chance.choice([0.001, 0.02]))
        await world.service.kill()
        world.sink.hold = world.sink.silent_after_data = False


def _saying(question: Callable[[], bool]) -> Callable[[], Awaitable[bool]]:
    async def ask() -> bool:
        return question()

    return ask


async def test_killed_at_any_moment_and_started_again(
    world: World, record_property: Callable[[str, object], None]
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"\nseed {seed}")
    record_property("seed", seed)
    chance = random.Random(seed)  # noqa: S311
    moments = ["mail came", "held", "kept", "taken", "any"]
    chance.shuffle(moments)
    print(moments)
    over = asyncio.Event()
    async with asyncio.timeout(300), asyncio.TaskGroup() as story:
        for number in range(3):
            story.create_task(lives(world, Writer(f"李娜{number}", f"lina{number}@qq.example"), over))
        await kill_often(world, moments, chance)
        await world.service.start()
        over.set()
    await until(world.books.quiet, "nothing waits")
    unknown = await everything_once(world)
    assert [complaint.closed_as for complaint in await world.books.complaints()] == ["satisfied"] * 3
    assert unknown, "it was killed while a mail was being handed over: nobody can know what became of it"
    kept = {str(mail.parsed["Message-ID"]) for mail in world.sink.messages}
    lost = sum(world.signer.message_id(row.joined_to or row.id, "desk.example") not in kept for row in unknown)
    print(f"{len(kept)} mails sent, {len(unknown)} uncertain ({lost} lost), {len(world.letters)} received")
    world.service.ask_to_stop()
    assert await world.service.stopped() == 0


async def test_asked_to_stop_in_the_middle_of_traffic(world: World) -> None:
    customers = [Writer(f"客户{number}", f"c{number}@qq.example") for number in range(30)]
    for customer in customers:
        world.deliver(customer.letter("电梯坏了", f"3栋电梯停了两天，没人修。我是{customer.name}"))
    await world.service.start()
    await until(_saying(lambda: len(world.sink.messages) >= 5), "mail flows")
    world.sink.hold = True
    await until(_saying(lambda: world.sink.holding > 0), "a mail is being handed over")
    world.service.ask_to_stop()
    await until(_saying(lambda: "stopping" in world.service.log), "it is stopping")
    world.sink.hold = False
    assert await world.service.stopped() == 0
    assert "Traceback" not in world.service.log, world.service.log
    states = Counter(row.state for row in await world.books.rows(OutboxRow))
    assert set(states) <= {"queued", "sent", "skipped"}, states
    print(f"\nleft behind: {dict(states)}")

    await world.service.start()

    async def all_taken() -> bool:
        return len(await world.books.complaints()) == len(customers) and await world.books.quiet()

    await until(all_taken, "all of it is dealt with")
    assert {row.state for row in await world.books.rows(OutboxRow)} <= {"sent", "skipped"}
    for customer in customers:
        (acknowledgement,) = world.sink.to(customer.address)
        assert "编号" in acknowledgement.text
    await until(_saying(lambda: world.service.log.count("complaintbot is up") == 2), "it is up again")
    world.service.ask_to_stop()
    assert await world.service.stopped() == 0


async def test_killed_while_the_tables_are_made(tmp_path: Path, empty_database_url: str) -> None:
    """An update that was interrupted is taken up again at the next start."""
    chance = random.Random(7)  # noqa: S311
    async with Service(tmp_path, config(tmp_path, empty_database_url)) as service:
        for _ in range(4):
            await service.start()
            await service.live(chance.uniform(0.6, 1.6))
            await service.kill()
        await service.start()
        await until(_saying(lambda: "complaintbot is up" in service.log), "it is up")
        service.ask_to_stop()
        assert await service.stopped() == 0
