"""Two processes read one mailbox over PostgreSQL: whichever of them dies, freezes or is restarted, each mail is taken once, in
its order, and answered once.

That another has followed shows in what it did while the first could do nothing; how fast is not measured here.
"""

from __future__ import annotations

import asyncio
import itertools
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.settings import load_settings, signing_secret
from bot.storage.models import EventRow, InboxRow, MessageRow, OutboxRow
from bot.tokens import Signer
from complaints.change import EventKind, NoticeKind
from tests.fakes import until
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import Mail, SmtpSink
from tests.story.desk import MAILBOX, Books, Config, Letter, Writer, as_environ, config, hire_at, open_books
from tests.story.service import Service

STAFF = "王主管,13900139000,wang@desk.example,坐席 客服中心负责人,,\n"
QUICK: Config = {"delivery": {"lease_s": 2}, "connectors.email": {"timeout_s": 5}}
LONG_S = 120.0
FINISHED = {"sent", "uncertain", "skipped"}
OURS, OURS_NO_MORE = "reader of email: ours now", "reader of email: ours no more"


@dataclass
class World:
    """Two processes, and what outlives them. letters: by who wrote them, in the order in which they were delivered."""

    one: Service
    two: Service
    books: Books
    dovecot: Dovecot
    sink: SmtpSink
    signer: Signer
    letters: dict[str, list[Letter]] = field(default_factory=dict)

    def deliver(self, writer: Writer, letter: Letter) -> None:
        self.letters.setdefault(writer.address, []).append(letter)
        self.dovecot.deliver(MAILBOX, letter.raw)

    async def taken(self) -> None:
        """Wait until all that was delivered is understood, by whomever."""

        async def done() -> bool:
            rows = [row for row in await self.books.rows(InboxRow) if row.state == "done"]
            return len(rows) >= sum(map(len, self.letters.values()))

        await until(done, f"all letters are taken\n{self.one.log[-1500:]}\n{self.two.log[-1500:]}", LONG_S)

    async def everything_once(self) -> None:
        """Hold that each letter was taken once, those of each writer in their order, and that nobody was written to twice."""
        await until(self.books.quiet, "nothing waits", LONG_S)
        inbox = await self.books.rows(InboxRow)
        written = [letter.message_id for letters in self.letters.values() for letter in letters]
        assert Counter(row.external_id.partition("#")[0] for row in inbox) == Counter(written)
        assert {row.state for row in inbox} == {"done"}
        letter_of = {row.id: row.external_id.partition("#")[0] for row in inbox}
        for address, letters in self.letters.items():
            heard = [
                letter_of[row.inbox_id]
                for row in await self.books.rows(MessageRow)
                if row.address == address and not row.outgoing and row.inbox_id is not None
            ]
            assert heard == [letter.message_id for letter in letters], f"{address} was heard in another order"
        outbox = await self.books.rows(OutboxRow)
        assert {row.state for row in outbox} <= FINISHED, Counter(row.state for row in outbox)
        arrived = Counter(str(mail.parsed["Message-ID"]) for mail in self.sink.messages)
        assert max(arrived.values()) == 1, "a mail went out twice"
        sent = {
            self.signer.message_id(row.joined_to or row.id, "desk.example") for row in outbox if row.state == "sent"
        }
        assert sent <= arrived.keys()


@asynccontextmanager
async def a_world(folder: Path, url: str) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        dovecot, sink = await stack.enter_async_context(Dovecot()), await stack.enter_async_context(SmtpSink())
        settings = config(folder, url, dovecot=dovecot, sink=sink, more=QUICK)
        loaded = load_settings(None, as_environ(settings))
        await hire_at(loaded.database.url, STAFF, folder)
        signer = Signer(signing_secret(loaded.service))
        books = await stack.enter_async_context(open_books(loaded.database.url))
        pair = []
        for name in ("one", "two"):
            (folder / name).mkdir()
            pair.append(await stack.enter_async_context(Service(folder / name, settings)))
        one, two = pair
        yield World(one, two, books, dovecot, sink, signer)


@pytest.fixture
async def world(tmp_path: Path, fresh_postgres_url: str) -> AsyncIterator[World]:
    async with a_world(tmp_path, fresh_postgres_url) as world:
        yield world


async def says(service: Service, words: str, times: int = 1) -> None:
    async def so() -> bool:
        return service.log.count(words) >= times

    await until(so, f"{words!r} in the log:\n{service.log[-1500:]}", LONG_S)


def letters_of(count: int, about: str) -> Callable[[World], None]:
    """Return what delivers two letters each of so many customers, all first ones before all second ones."""
    customers = [Writer(f"客户{about}{number}", f"{about}{number}@qq.example") for number in range(count)]

    def deliver(world: World) -> None:
        for said in ("电梯停了两天，没人修", "还没人来看电梯，请尽快"):
            for customer in customers:
                world.deliver(customer, customer.letter(f"{about} 电梯坏了", f"{said}。我是{customer.name}"))

    return deliver


@pytest.mark.parametrize("freezes", [False, True], ids=["killed", "frozen"])
async def test_whoever_reads_may_die_or_freeze_and_another_takes_what_comes(world: World, freezes: bool) -> None:
    """Invariants 1, 4 and 6: nothing is lost, doubled or put out of order."""
    one, two = world.one, world.two
    await one.start()
    await says(one, OURS)
    await two.start()
    await says(two, "complaintbot is up")
    assert OURS not in two.log, "one at a time"
    letters_of(2, "a")(world)
    await world.taken()

    letters_of(4, "b")(world)  # in its hand, on the server, or half stored: wherever they are at that moment
    if freezes:
        one.tell(signal.SIGSTOP)
    else:
        await one.kill()
    letters_of(4, "c")(world)
    await world.taken()
    assert OURS in two.log
    if freezes:
        one.tell(signal.SIGCONT)
        await says(one, OURS_NO_MORE)
    else:
        await one.start()
        await says(one, "complaintbot is up", 2)

    letters_of(2, "d")(world)
    await world.taken()
    two.ask_to_stop()
    letters_of(2, "e")(world)
    assert await two.stopped() == 0, two.log[-2000:]
    await world.taken()
    assert one.log.count(OURS) == 2, "it follows in its turn"
    await world.everything_once()
    one.ask_to_stop()
    assert await one.stopped() == 0, one.log[-2000:]


async def test_restarted_one_after_another_with_mail_all_the_while(world: World) -> None:
    """As an upgrade is made (docs/scaling.md): each customer goes on writing until both were restarted, two letters at once."""
    over = asyncio.Event()
    for service in (world.one, world.two):
        await service.start()
        await says(service, "complaintbot is up")
    async with asyncio.timeout(4 * LONG_S), asyncio.TaskGroup() as story:
        customers = [Writer(f"李娜{number}", f"lina{number}@qq.example") for number in range(3)]
        writing = [story.create_task(goes_on_writing(world, customer, over)) for customer in customers]
        for service in (world.one, world.two):
            service.ask_to_stop()
            assert await service.stopped() == 0, service.log[-2000:]
            await service.start()
            await says(service, "complaintbot is up", 2)
        over.set()
    assert all(task.result() >= 2 for task in writing), "they wrote while it happened"
    await world.everything_once()
    complaints = await world.books.complaints()
    assert len(complaints) == len({complaint.complainant for complaint in complaints}) == len(customers)
    for service in (world.one, world.two):
        service.ask_to_stop()
        assert await service.stopped() == 0, service.log[-2000:]


async def goes_on_writing(world: World, customer: Writer, over: asyncio.Event) -> int:
    """Complain, then add two letters at once again and again, as soon as those before them are on record; return how many."""
    world.deliver(customer, customer.letter("厨房漏水", f"厨房漏水三天了，6栋1202。我是{customer.name}，13712345678"))

    async def acknowledged() -> Mail | None:
        rows = [row for row in await world.books.rows(OutboxRow) if row.notice == NoticeKind.ACKNOWLEDGEMENT]
        ids = {world.signer.message_id(row.id, "desk.example"): row for row in rows}
        return next((mail for mail in world.sink.to(customer.address) if str(mail.parsed["Message-ID"]) in ids), None)

    mail = await until(acknowledged, f"{customer.name} has a number", LONG_S)
    assert mail is not None
    theirs = next(each for each in await world.books.complaints() if customer.name in each.summary)

    async def added() -> list[str]:
        events = [row for row in await world.books.rows(EventRow) if row.reference == theirs.reference]
        return [row.note for row in events if row.kind == EventKind.SUPPLEMENTED]

    written: list[str] = []
    for number in itertools.count(1):
        for part in ("甲", "乙"):
            written.append(f"第{number}{part}点，还在滴水")
            world.deliver(customer, customer.reply(mail, f"补充：{written[-1]}"))

        async def on_record() -> bool:
            return len(await added()) >= len(written)

        await until(on_record, f"what {customer.name} added is on record", LONG_S)
        if over.is_set():
            break
    assert await added() == written
    return len(written)
