"""Who writes all the time: customers by mail, Telegram, SMS and web chat, and colleagues who answer what they are told."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.servers.smtp import Mail
from tests.servers.telegram import User
from tests.story.desk import MAILBOX, Letter, Writer
from tests.torture.ledger import Kind, Ledger, Said
from tests.torture.world import COLLEAGUES, Colleague, World

_REFERENCE = re.compile(r"TS\d{8}-\d{4,}")
_MATTERS = ("厨房漏水三天了", "电梯停了两天", "楼道的灯坏了", "门锁坏了打不开", "车位被占了", "暖气不热")
_RECENT = 60  # customers who may write again
_LOOK_S = 0.3
_LOOK_TELEGRAM_S = 2.0
_PATIENCE_S = 15.0
_BURST_S = 2.0  # at most; in a short run a twentieth of it
BURST = 10


@dataclass
class Customer:
    """Somebody with one channel. say: brings words there, and tells what is known of it."""

    name: str
    channel: str
    address: str
    say: Callable[[Said, str], Coroutine[Any, Any, None]]
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    rated: bool = False


class Browser:
    """A page of the web chat: says everything again until it is stored. shown: the lines it got, by number."""

    def __init__(self, port: int, number: int) -> None:
        self._url = f"http://127.0.0.1:{port}"
        self._secret = f"torture-browser-{number:08d}"
        self._remote = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        self.shown: dict[int, str] = {}
        self.address = ""

    async def visit(self, says: tuple[str, str] | None, stay_s: float = 0.0) -> None:
        """Open the page, say something (an id and words) until it is stored, and look on for so long."""
        while True:
            try:
                async with aiohttp.ClientSession() as session:
                    await self._converse(session, says, stay_s)
                return
            except (aiohttp.ClientError, OSError, TimeoutError, TypeError, json.JSONDecodeError):
                await asyncio.sleep(0.5)  # the service is away, or the line was cut: a page tries again

    async def _converse(self, session: aiohttp.ClientSession, says: tuple[str, str] | None, stay_s: float) -> None:
        headers = {"Origin": self._url, "X-Forwarded-For": self._remote}
        async with asyncio.timeout(_PATIENCE_S):
            socket = await session.ws_connect(f"{self._url}/chat/socket", headers=headers)
            hello = {"type": "hello", "secret": self._secret, "seen": max(self.shown, default=0), "locale": "zh"}
            await socket.send_json(hello)
            while (frame := await socket.receive_json())["type"] != "welcome":
                pass
            self.address = frame["conversation"]
            for line in frame["log"]:
                self._show(line)
            if says is not None:
                await socket.send_json({"type": "say", "id": says[0], "text": says[1]})
                while (frame := await socket.receive_json()).get("id") != says[0] or frame["type"] == "line":
                    self._show(frame)
                if frame["type"] == "refused":
                    raise TimeoutError(frame["reason"])
        try:
            async with asyncio.timeout(stay_s):
                while True:
                    self._show(await socket.receive_json())
        except (TimeoutError, TypeError):
            await socket.close()

    def _show(self, line: dict[str, Any]) -> None:
        if line.get("out"):
            self.shown[line["seq"]] = line["text"]


class Crowd:
    """rate: messages a second; now and then, for two seconds, ten times that."""

    def __init__(self, world: World, ledger: Ledger, chance: random.Random, rate: float) -> None:
        self._world = world
        self._ledger = ledger
        self._chance = chance
        self._rate = rate
        self._numbers = itertools.count(1)
        self._customers: list[Customer] = []
        self._by_address: dict[str, Customer] = {}
        self._known: set[tuple[str, str]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers = {each.mail: Writer(each.name, each.mail) for each in COLLEAGUES if each.mail}
        self._looked: dict[int, int] = {}
        self.browsers: list[Browser] = []
        self.bursts = 0

    async def write(self, seconds: float) -> None:
        """Write for so long; then wait until all that was begun is said."""
        listening = [asyncio.create_task(each) for each in (self._read_mail_and_texts(), self._read_telegram())]
        loop, burst_s = asyncio.get_running_loop(), min(_BURST_S, seconds / 20)
        end, burst = loop.time() + seconds, loop.time() + seconds * self._chance.uniform(0.2, 0.4)
        while (now := loop.time()) < end:
            bursting = burst <= now < burst + burst_s
            if now >= burst + burst_s:
                burst = now + self._chance.uniform(20, 45)
                self.bursts += 1
            self._begin(self._somebody_writes())
            await asyncio.sleep(self._chance.expovariate(self._rate * (BURST if bursting else 1)))
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
        while self._tasks:
            await asyncio.gather(*self._tasks)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        if task.cancelled() or task.exception() is None:
            self._tasks.discard(task)  # a failed one stays, for `write` to raise

    # ── customers ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _somebody_writes(self) -> None:
        if not self._customers or self._chance.random() < 0.4:
            customer = self._new_customer()
            place = f"{self._chance.randint(1, 40)}栋{self._chance.randint(101, 3299)}室"
            await self._says(customer, Kind.MATTER, f"你好，{place}{self._chance.choice(_MATTERS)}，没人管，{{}}")
            return
        customer = self._chance.choice(self._customers[-_RECENT:])
        if self._chance.random() < 0.2:
            await self._says(customer, Kind.QUESTION, "我的事到哪一步了？{}")
        else:
            await self._says(customer, Kind.MORE, "补充：还是那样，请尽快，{}")

    def _new_customer(self) -> Customer:
        number = next(self._numbers)
        name = f"客户{number}"
        make = self._chance.choice((self._by_mail, self._by_telegram, self._by_sms, self._by_web))
        customer = make(name, number)
        self._customers.append(customer)
        self._by_address[customer.address] = customer
        return customer

    async def _says(self, customer: Customer, kind: Kind, words: str) -> None:
        async with customer.lock:  # one thing after the other
            said = self._ledger.note(customer.channel, customer.address, kind)
            await customer.say(said, words.format(said.token))

    def _by_mail(self, name: str, number: int) -> Customer:
        writer = Writer(name, f"customer{number}@mail.example")

        async def say(said: Said, text: str) -> None:
            subject = "投诉" if said.kind is Kind.MATTER else "Re: 投诉"
            self._post(said, writer.letter(subject, text))

        return Customer(name, "email", writer.address, say)

    def _post(self, said: Said, letter: Letter) -> None:
        self._world.dovecot.deliver(MAILBOX, letter.raw)
        said.taken = True

    def _by_telegram(self, name: str, number: int) -> Customer:
        user = User(100_000 + number, name)

        async def say(said: Said, text: str) -> None:
            await self._type(said, user, text)

        return Customer(name, "telegram", str(user.id), say)

    async def _type(self, said: Said, user: User, text: str) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await self._world.telegram.says(user, text)
            said.taken = True
        except (aiohttp.ClientError, OSError, TimeoutError):
            said.taken = None  # it fell over, before or after

    def _by_sms(self, name: str, number: int) -> Customer:
        phone = f"+86137{number:08d}"

        async def say(said: Said, text: str) -> None:
            await self._world.kannel.phones.say(phone, text)  # what Kannel made of it stands in its requests

        return Customer(name, "sms", phone, say)

    def _by_web(self, name: str, number: int) -> Customer:
        browser = Browser(self._world.lines["web"].port, number)
        self.browsers.append(browser)

        async def say(said: Said, text: str) -> None:
            await browser.visit((said.token, text), self._chance.uniform(0.5, 4))
            said.taken = True

        return Customer(name, "web", f"browser {number}", say)

    # ── who reads, and answers ────────────────────────────────────────────────────────────────────────────────────────

    async def _read_mail_and_texts(self) -> None:
        mails = texts = 0
        while True:
            for mail in self._world.sink.messages[mails:]:
                mails += 1
                for recipient in mail.recipients:
                    self._hears(recipient, mail.text, mail)
            for text in self._world.kannel.phones.texts[texts:]:
                texts += 1
                self._hears(text.number, text.text)
            await asyncio.sleep(_LOOK_S)

    async def _read_telegram(self) -> None:
        read = 0
        while True:
            await asyncio.sleep(_LOOK_TELEGRAM_S)
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    sent = await self._world.telegram.sent()
            except (aiohttp.ClientError, OSError, TimeoutError):
                continue
            for message in sent[read:]:
                self._hears(str(message["chat"]["id"]), str(message.get("text", "")))
            read = len(sent)

    def _hears(self, address: str, text: str, mail: Mail | None = None) -> None:
        customer = self._by_address.get(address)
        if customer is not None:
            if "您满意吗" in text and not customer.rated:
                customer.rated = True
                verdict = self._chance.choice(("满意，{}", "满意，{}", "不满意，还是老样子，{}"))
                self._begin(self._says(customer, Kind.RATING, verdict))
            return
        for colleague in COLLEAGUES:
            if address in (colleague.mail, str(colleague.telegram or ""), f"+86{colleague.phone}"):
                self._sets_to_work(colleague, address, text, mail)

    def _sets_to_work(self, colleague: Colleague, address: str, text: str, mail: Mail | None) -> None:
        if address == f"+86{colleague.phone}" and (colleague.mail or colleague.telegram):
            return  # the copy
        subject = str(mail.parsed["Subject"]) if mail is not None else ""
        for reference in _REFERENCE.findall(f"{subject} {text}"):
            if (colleague.name, reference) not in self._known:
                self._known.add((colleague.name, reference))
                self._begin(self._works(colleague, reference, mail))

    async def _works(self, colleague: Colleague, reference: str, mail: Mail | None) -> None:
        for kind, words in (
            (Kind.ACCEPTED, f"接单 {reference}，{{}}"),
            (Kind.RESULT, f"办结 {reference} 已修好，{{}}"),
        ):
            if self._chance.random() < 0.2:
                return
            await asyncio.sleep(self._chance.uniform(0.5, 4))
            await self._answers(colleague, kind, words, mail)

    async def _answers(self, colleague: Colleague, kind: Kind, words: str, mail: Mail | None) -> None:
        if mail is not None:
            said = self._ledger.note("email", colleague.mail, kind)
            thread = [f"In-Reply-To: {mail.parsed['Message-ID']}", f"References: {mail.parsed['Message-ID']}"]
            subject = f"Re: {mail.parsed['Subject']}"
            letter = self._writers[colleague.mail].letter(subject, words.format(said.token), headers=thread)
            self._post(said, letter)
        elif colleague.telegram:
            said = self._ledger.note("telegram", str(colleague.telegram), kind)
            await self._type(said, colleague.user, words.format(said.token))
        else:
            said = self._ledger.note("sms", f"+86{colleague.phone}", kind)
            await self._world.kannel.phones.say(f"+86{colleague.phone}", words.format(said.token))
