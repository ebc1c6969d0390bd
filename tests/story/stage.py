"""A stage on which one story is told over different channels and in both languages, on a clock that only the story moves.

A story is an async function over a `Stage`. Whatever people say stands in it in Chinese and in English, side by side.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import zlib
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.app import App, running
from bot.clock import MovableClock
from bot.settings import load_settings
from bot.staff import import_staff, issue_code, read_staff
from bot.storage.models import ChatLineRow, InboxRow, OutboxRow
from bot.storage.work import Work
from complaints.complaint import Complaint
from connectors.port import RawMessage
from connectors.web.connector import conversation_of
from tests.fakes import until
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpSink
from tests.servers.telegram import Telegram, User
from tests.story.chat import SHANGHAI, at
from tests.story.desk import MAILBOX, Books, Config, Letter, Writer, as_environ, config
from tests.unit.connectors.wire import TIMEOUT_S, wired

# How a story is told: in either chat, in either language.
_TELLINGS = ("web zh", "web en", "telegram zh", "telegram en")
told = pytest.mark.parametrize("stage", _TELLINGS, indirect=True)
told_by_mail_too = pytest.mark.parametrize("stage", [f"{telling} mail sms" for telling in _TELLINGS], indirect=True)

TUESDAY = at("2026-11-24 10:00")
_WORTH_WAITING = timedelta(minutes=2)  # what the pace of a channel puts off, and no night


@dataclass(frozen=True)
class Person:
    """Somebody in a story, under the name they have in its language. roles: as the table of staff says them."""

    zh: str
    en: str
    roles: str = ""
    superior: str = ""  # by the Chinese name

    @property
    def number(self) -> int:
        return 100_000 + zlib.crc32(self.en.encode()) % 90_000_000

    @property
    def phone(self) -> str:
        return f"138{self.number:08d}"

    @property
    def mail(self) -> str:
        return f"{self.en.lower().replace(' ', '.')}@desk.example"


class Stage(ABC):
    """`says` is what somebody types; it returns what came to them since they last looked, as `hears` does."""

    def __init__(self, app: App, clock: MovableClock, locale: str) -> None:
        self.app, self.clock, self.locale = app, clock, locale
        self.books = Books(app.database)
        self.dovecot: Dovecot | None = None
        self.sink: SmtpSink | None = None
        self._staff: dict[str, Person] = {}
        self._seen: dict[str, int] = {}
        self._letters = itertools.count(1)

    # ── people ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def words(self, zh: str, en: str) -> str:
        """Return what is said in the language of this telling."""
        return zh if self.locale == "zh" else en

    def name(self, person: Person) -> str:
        return self.words(person.zh, person.en)

    async def employs(self, folder: Path, *people: Person, unproven: tuple[Person, ...] = ()) -> None:
        """Import staff and let each bind their chat; unproven: who has not done so."""
        self._staff |= {person.zh: person for person in people}
        lines = ["姓名,手机,邮箱,角色,上级,语言"]
        for person in people:
            superior = self.name(self._staff[person.superior]) if person.superior in self._staff else ""
            who = f"{self.name(person)},{person.phone},{person.mail}"
            lines.append(f"{who},{person.roles},{superior},{self.locale}")
        file = folder / "staff.csv"
        file.write_text("\n".join(lines), encoding="utf-8")
        await import_staff(self.app.database, read_staff(file), self.clock.now())
        for person in people:
            if person not in unproven:
                signer = self.app.desk.signer
                _, code = await issue_code(self.app.database, signer, self.name(person), self.clock.now())
                heard = await self.says(person, f"绑定 {code}", f"bind {code}")
                assert self.words("绑定好了", "account is bound") in heard, heard

    # ── what they do ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def says(self, who: Person, zh: str, en: str) -> str:
        self._minute(who, self.words(zh, en))
        await self._say(who, self.words(zh, en))
        await self.quiet()
        return await self.hears(who)

    async def files(self, who: Person, zh: str, en: str) -> str:
        """Let somebody complain; return the number they are told."""
        before = {complaint.reference for complaint in await self.books.complaints()}
        heard = await self.says(who, zh, en)
        (number,) = {complaint.reference for complaint in await self.books.complaints()} - before
        assert number in heard
        return number

    async def hears(self, who: Person) -> str:
        """Return what came to somebody since they last looked."""
        heard = await self._new_to(who)
        self._minute(who, heard, "<")
        return heard

    def _minute(self, who: Person, text: str, mark: str = ">") -> None:
        """Write down what is said, for whoever reads why a story failed."""
        print(f"{self.clock.now().astimezone(SHANGHAI):%m-%d %H:%M} {self.name(who)} {mark} {text}")

    async def edits(self, who: Person, zh: str, en: str) -> str:
        """Let somebody change what they said last; where the channel cannot, they take it back and say it anew."""
        await self._edit(who, self.words(zh, en))
        await self.quiet()
        return await self.hears(who)

    async def takes_back(self, who: Person) -> str:
        """Let somebody delete what they said last. Where the channel tells nobody, nothing happens."""
        await self._take_back(who)
        await self.quiet()
        return await self.hears(who)

    async def forwards(self, who: Person, whose: Person, zh: str, en: str) -> str:
        """Let somebody hand on a message of somebody else's; where the channel cannot, they copy it as theirs to enter."""
        await self._forward(who, whose, self.words(zh, en))
        await self.quiet()
        return await self.hears(who)

    @abstractmethod
    async def _new_to(self, who: Person) -> str: ...

    @abstractmethod
    async def _say(self, who: Person, text: str) -> None: ...

    @abstractmethod
    async def _edit(self, who: Person, text: str) -> None: ...

    @abstractmethod
    async def _take_back(self, who: Person) -> None: ...

    @abstractmethod
    async def _forward(self, who: Person, whose: Person, text: str) -> None: ...

    async def _arrived(self) -> bool:
        """Say whether all that was said has come to us."""
        return True

    # ── by mail and by SMS, beside the chat ───────────────────────────────────────────────────────────────────────────

    async def texts(self, who: Person, zh: str, en: str) -> str:
        """Let somebody send a short message from their phone; return what came there since they last looked."""
        id, number = f"sms{next(self._letters)}", f"+86{who.phone}"
        self._minute(who, self.words(zh, en), "sms>")
        raw = json.dumps({"id": id, "text": self.words(zh, en), "locale": self.locale}).encode()
        await self.app.inbox.store([RawMessage("sms", f"{number}:{id}", number, raw)])
        await self.quiet()
        return await self.phone_shows(who)

    async def phone_shows(self, who: Person) -> str:
        """Return the short messages to somebody since they last looked."""
        heard = await self._lines(f"+86{who.phone}")
        self._minute(who, heard, "sms<")
        return heard

    async def mails(self, letter: Letter) -> None:
        """Put a mail into our mailbox, and wait until it is dealt with."""
        assert self.dovecot is not None
        self.dovecot.deliver(MAILBOX, letter.raw)

        async def taken() -> bool:
            the_letter = InboxRow.external_id.startswith(f"{letter.message_id}#", autoescape=True)
            return bool(await self.books.rows(InboxRow, the_letter))

        await until(taken, "the mail is fetched")
        await self.quiet()

    def post(self, writer: Writer) -> str:
        """Return the mails to somebody that they have not read yet."""
        assert self.sink is not None
        mails = self.sink.to(writer.address)[writer.read :]
        writer.read += len(mails)
        heard = "\n---\n".join(f"{mail.parsed['Subject']}\n{mail.text}" for mail in mails)
        print(f"{writer.name} mail< {heard}")
        return heard

    async def _lines(self, conversation: str) -> str:
        """Return what our log of a conversation has new for whoever reads it."""
        query = select(ChatLineRow).where(
            ChatLineRow.conversation == conversation,
            ChatLineRow.outgoing,
            ChatLineRow.seq > self._seen.get(conversation, 0),
        )

        async def read(work: Work) -> list[ChatLineRow]:
            return list(await work.session.scalars(query.order_by(ChatLineRow.seq)))

        lines = await self.app.database.read(read)
        self._seen[conversation] = max((line.seq for line in lines), default=self._seen.get(conversation, 0))
        return "\n---\n".join(line.text for line in lines)

    # ── time ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def later(self, **duration: float) -> None:
        """Let time pass: whatever is due on the way happens at its own moment."""
        moment = self.clock.now() + timedelta(**duration)
        while True:
            due = await self.app.database.read(_next)
            if due is None or due > moment:
                break
            await self._leap(due)
        await self._leap(moment)

    async def _leap(self, moment: datetime) -> None:
        self.clock.move_to(moment)
        await self.app.sweep()
        await self.quiet()

    async def quiet(self) -> None:
        """Wait until all that was said is understood and all that is due is sent; the pace of a channel takes its time."""
        await until(self._arrived, "all that was said arrives")
        while True:
            await until(self._nothing_due, "all that is due is told")
            paced = await self.app.database.read(_first_paced(self.clock.now()))
            if paced is None or paced > self.clock.now() + _WORTH_WAITING:
                return
            self.clock.move_to(paced)
            await self.app.database.write(_wake)

    async def _nothing_due(self) -> bool:
        now = self.clock.now()

        async def read(work: Work) -> int:
            stored = select(func.count()).select_from(InboxRow).where(InboxRow.state == "stored")
            # A lane keeps its order: what is due may stand behind what the pace of the channel has put off.
            paced = select(OutboxRow.lane).where(OutboxRow.state == "queued", OutboxRow.due_at > now)
            due = OutboxRow.state.in_(("queued", "held")) & (OutboxRow.due_at <= now)
            waits = due & OutboxRow.lane.not_in(paced)
            busy = OutboxRow.state.in_(("claimed", "sending"))
            sending = select(func.count()).select_from(OutboxRow).where(waits | busy)
            return (await work.session.scalar(stored) or 0) + (await work.session.scalar(sending) or 0)

        return await self.app.database.read(read) == 0

    # ── what is written ───────────────────────────────────────────────────────────────────────────────────────────────

    async def case(self, nth: int = 1) -> Complaint:
        """Return a complaint by its place among all, from 1."""
        return (await self.books.complaints())[nth - 1]

    def when(self, moment: datetime) -> str:
        """Return a day as people read it."""
        local = moment.astimezone(SHANGHAI)
        return self.words(f"{local.month}月{local.day}日", f"{local:%b} {local.day}")


async def _next(work: Work) -> datetime | None:
    timer = await work.timers.next_at()
    letter = await work.session.scalar(
        select(func.min(OutboxRow.due_at)).where(OutboxRow.state.in_(("queued", "held")))
    )
    return min((each for each in (timer, letter) if each is not None), default=None)


def _first_paced(now: datetime) -> Callable[[Work], Awaitable[datetime | None]]:
    async def read(work: Work) -> datetime | None:
        paced = (OutboxRow.state == "queued") & (OutboxRow.due_at > now)
        return await work.session.scalar(select(func.min(OutboxRow.due_at)).where(paced))

    return read


async def _wake(work: Work) -> None:
    work.touched.add("outbox")


def _secret(who: Person) -> str:
    """Return what the page keeps of somebody, by which their conversation is theirs."""
    return hashlib.sha256(who.en.encode()).hexdigest()[:32]


class WebStage(Stage):
    """People with our page, which each of them opens to say something."""

    def __init__(self, app: App, clock: MovableClock, locale: str) -> None:
        super().__init__(app, clock, locale)
        self._numbers = itertools.count(1)
        self._last: dict[Person, str] = {}

    async def _new_to(self, who: Person) -> str:
        return await self._lines(conversation_of(_secret(who)))

    async def _say(self, who: Person, text: str) -> None:
        self._last[who] = str(next(self._numbers))
        await self._send(who, "stored", type="say", id=self._last[who], text=text, locale=self.locale)

    async def _edit(self, who: Person, text: str) -> None:
        await self._take_back(who)
        await self._say(who, text)

    async def _take_back(self, who: Person) -> None:
        await self._send(who, "unsaid", type="unsay", id=self._last[who])

    async def _send(self, who: Person, done: str, **frame: str) -> None:
        async with wired(f"http://127.0.0.1:{self.app.port}/chat/socket") as wire:
            await wire.hello(_secret(who), locale=self.locale)
            await wire.send(**frame)
            while (heard := await wire.ws.receive_json(timeout=TIMEOUT_S))["type"] == "line":
                pass
            assert (heard["type"], heard["id"]) == (done, frame["id"]), heard

    async def _forward(self, who: Person, whose: Person, text: str) -> None:
        await self._say(who, self.words(f"我的投诉 {whose.zh}说：{text}", f"my complaints: {whose.en} says {text}"))


class TelegramStage(Stage):
    """People with Telegram, of which one runs as a process of its own."""

    def __init__(self, app: App, clock: MovableClock, locale: str, telegram: Telegram) -> None:
        super().__init__(app, clock, locale)
        self._telegram = telegram
        self._last: dict[Person, int] = {}
        self._read: dict[Person, int] = {}

    async def _new_to(self, who: Person) -> str:
        messages = await self._telegram.sent(self._user(who).id)
        fresh = messages[self._read.get(who, 0) :]
        self._read[who] = len(messages)
        return "\n---\n".join(message.get("text") or message.get("caption", "") for message in fresh)

    async def _arrived(self) -> bool:
        return bool((await self._telegram.state())["pending"] == 0)

    def _user(self, who: Person) -> User:
        return User(who.number, self.name(who), self.words("zh-hans", "en"))

    async def _say(self, who: Person, text: str, **more: Any) -> None:
        self._last[who] = await self._telegram.says(self._user(who), text, **more)

    async def _edit(self, who: Person, text: str) -> None:
        user = self._user(who)
        edited = {"message_id": self._last[who], "from": user.as_json, "chat": user.chat, "date": 1, "edit_date": 2}
        await self._telegram.update({"edited_message": {**edited, "text": text}})

    async def _take_back(self, who: Person) -> None:
        """The Bot API tells no bot that somebody deleted a message."""

    async def _forward(self, who: Person, whose: Person, text: str) -> None:
        origin = {"type": "user", "sender_user": self._user(whose).as_json, "date": 1}
        await self._say(who, text, forward_origin=origin)


@asynccontextmanager
async def stage_on(
    locale: str, folder: Path, url: str, telegram: Telegram | None, besides: Collection[str] = ()
) -> AsyncIterator[Stage]:
    """Run a service from a Tuesday morning on: on the web chat, or on this Telegram. besides: "mail", "sms"."""
    values: Config = {"service": {"timezone": SHANGHAI.key}}
    if telegram is not None:
        values["connectors.web"] = {"enabled": False}
        values["connectors.telegram"] = {
            "enabled": True,
            "token": telegram.token,
            "base_url": telegram.url,
            "username": telegram.username,
            "poll_s": 5,
            "timeout_s": 2,
        }
    if "sms" in besides:
        values["connectors.sms"] = {"enabled": True, "secret": "s" * 32}
    clock = MovableClock(standing_at=TUESDAY)
    async with AsyncExitStack() as stack:
        dovecot = await stack.enter_async_context(Dovecot()) if "mail" in besides else None
        sink = await stack.enter_async_context(SmtpSink()) if "mail" in besides else None
        settings = load_settings(None, as_environ(config(folder, url, dovecot=dovecot, sink=sink, more=values)))
        app = await stack.enter_async_context(running(settings, clock=clock))
        stage = WebStage(app, clock, locale) if telegram is None else TelegramStage(app, clock, locale, telegram)
        stage.dovecot, stage.sink = dovecot, sink
        yield stage
