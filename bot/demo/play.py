"""One whole story in the terminal: the demo's own service, a standing clock, and phones that speak the page's protocol."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

from aiohttp import ClientSession, ClientWebSocketResponse

from bot.clock import MovableClock
from bot.demo.cast import ASSIGNEE, CUSTOMER, SUPERVISOR, Part
from bot.demo.service import Demo, running_demo
from bot.settings import Locale
from bot.storage import life
from bot.storage.models import ChatLineRow
from connectors.sms import SmsStub

BEGINS = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Shanghai
_PAUSE = timedelta(minutes=7)  # of virtual time before somebody speaks
_TIMEOUT_S = 30.0
_ORDER = {part.key: index for index, part in enumerate((CUSTOMER, ASSIGNEE, SUPERVISOR))}


@dataclass(frozen=True, slots=True)
class Says:
    """Somebody says something at their phone. sms: by text message instead of in the chat."""

    part: Part
    text: Mapping[Locale, str]
    sms: bool = False


@dataclass(frozen=True, slots=True)
class Passes:
    """Time passes."""

    hours: int


STORY: tuple[Says | Passes, ...] = (
    Says(CUSTOMER, {Locale.ZH: "你好", Locale.EN: "Hello"}),
    Says(
        CUSTOMER,
        {
            Locale.ZH: "我家厨房漏水三天了，没人管，6栋1202",
            Locale.EN: "My kitchen has been leaking for three days and nobody came. Building 6, flat 1202",
        },
    ),
    Says(CUSTOMER, {Locale.ZH: "王先生 13712345678", Locale.EN: "I am John Smith, 13712345678"}),
    Says(ASSIGNEE, {Locale.ZH: "1", Locale.EN: "1"}, sms=True),
    Says(
        ASSIGNEE,
        {
            Locale.ZH: "进展 师傅看过了，要换一段水管，明天带料来",
            Locale.EN: "progress the plumber had a look, a pipe must be replaced, he brings it tomorrow",
        },
    ),
    Says(CUSTOMER, {Locale.ZH: "催一下", Locale.EN: "hurry up please"}),
    Passes(24),
    Says(ASSIGNEE, {Locale.ZH: "办结", Locale.EN: "done"}),
    Says(ASSIGNEE, {Locale.ZH: "更换了厨房水管", Locale.EN: "replaced the kitchen pipe"}),
    Says(CUSTOMER, {Locale.ZH: "不满意，还在漏水", Locale.EN: "not satisfied, still leaking"}),
    Says(
        ASSIGNEE,
        {
            Locale.ZH: "办结 接头重新做了密封，试水两小时不漏",
            Locale.EN: "done sealed the joint again and tested it for two hours",
        },
    ),
    Passes(24),
    Says(CUSTOMER, {Locale.ZH: "满意", Locale.EN: "satisfied"}),
)

_WORDS = {
    Locale.ZH: {
        "says": "{who} 说", "gets": "{who} 收到", "web": "聊天", "sms": "短信", "passes": "—— 时间过去 {hours} 小时 ——",
        "end": "演示完：{reference} 经过 {rounds} 轮处理，客户满意，已结案。共 {events} 个事件，{notices} 条通知。",
    },
    Locale.EN: {
        "says": "{who} says", "gets": "{who} gets", "web": "chat", "sms": "SMS", "passes": "—— {hours} hours pass ——",
        "end": "The end: {reference} took {rounds} rounds, the customer is satisfied, it is closed. "
        "{events} events, {notices} notices.",
    },
}  # fmt: skip


async def play(lang: str, out: TextIO) -> None:
    """Live one whole life of a complaint and print what everybody said and got, each at its virtual time."""
    locale = Locale(lang)
    with tempfile.TemporaryDirectory(prefix="complaintbot-play-") as folder:
        clock = MovableClock(BEGINS)
        # The story is told by its own rules, in its own hours, whatever the environment says of a company's.
        demo_alone = running_demo(port=0, lang=lang, data_dir=Path(folder), clock=clock, environ={})
        async with demo_alone as demo, _stage(demo) as phones:
            show = _Transcript(demo, locale, out)
            for scene in STORY:
                if isinstance(scene, Passes):
                    show.passes(scene.hours)
                    await demo.machine.move(timedelta(hours=scene.hours))
                else:
                    clock.move_to(clock.now() + _PAUSE)
                    await demo.app.sweep()
                    await _say(demo, phones, scene, show)
                await demo.machine.settled()
                await show.heard()
            await show.end()


async def _say(demo: Demo, phones: Mapping[str, _Phone], scene: Says, show: _Transcript) -> None:
    text = scene.text[show.locale]
    show.said(scene, text)
    sms = demo.app.connectors["sms"]
    if scene.sms and isinstance(sms, SmsStub):
        await sms.reply(scene.part.phone, text)
    else:
        await phones[scene.part.key].say(text)


@dataclass(slots=True)
class _Phone:
    """A phone as the page is one: `connectors/sockets.py` says what goes over the wire."""

    socket: ClientWebSocketResponse
    said: int = 0

    async def say(self, text: str) -> None:
        """Say something; return when it is on the disk."""
        self.said += 1
        id = f"play-{self.said}"
        await self.socket.send_json({"type": "say", "id": id, "text": text})
        await self.until("stored", id)

    async def until(self, kind: str, id: str | None = None) -> None:
        async with asyncio.timeout(_TIMEOUT_S):
            while True:
                frame = await self.socket.receive_json()
                if frame["type"] == kind and (id is None or frame.get("id") == id):
                    return


@asynccontextmanager
async def _stage(demo: Demo) -> AsyncIterator[dict[str, _Phone]]:
    """Give everybody a phone that is on."""
    base = f"http://127.0.0.1:{demo.app.port}"
    async with ClientSession(base, headers={"Origin": base}) as session:
        phones = {}
        for part in (CUSTOMER, ASSIGNEE, SUPERVISOR):
            socket = await session.ws_connect("/chat/socket")
            phones[part.key] = phone = _Phone(socket)
            await socket.send_json({"type": "hello", "secret": demo.phones.secrets[part.key], "seen": 0})
            await phone.until("welcome")
        try:
            yield phones
        finally:
            for phone in phones.values():
                await phone.socket.close()


@dataclass(slots=True)
class _Transcript:
    """Prints the story. Lines of one moment come in a fixed order, whichever was delivered first."""

    demo: Demo
    locale: Locale
    out: TextIO
    _seen: int = 0
    _names: dict[tuple[str, str], Part] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for part in (CUSTOMER, ASSIGNEE, SUPERVISOR):
            self._names["web", self.demo.phones.address(part)] = part
            self._names["sms", part.phone] = part

    def said(self, scene: Says, text: str) -> None:
        self._print("says", scene.part, "sms" if scene.sms else "web", self.demo.clock.now(), text)

    def passes(self, hours: int) -> None:
        print(f"\n{_WORDS[self.locale]['passes'].format(hours=hours)}", file=self.out)

    async def heard(self) -> None:
        """Print what everybody got since the last time."""
        lines = await self.demo.app.database.read(lambda work: life.lines_after(work, self._seen))
        self._seen = max([self._seen, *(line.seq for line in lines)])
        for line in sorted(lines, key=self._place):
            part = self._names.get((line.channel, line.conversation))
            if part is not None:
                self._print("gets", part, line.channel, line.at, line.text)

    def _place(self, line: ChatLineRow) -> tuple[object, ...]:
        part = self._names.get((line.channel, line.conversation))
        return (line.at, _ORDER[part.key] if part else len(_ORDER), line.channel != "web", line.seq)

    def _print(self, how: str, part: Part, channel: str, at: datetime, text: str) -> None:
        words = _WORDS[self.locale]
        local = at.astimezone(self.demo.app.settings.service.zone)
        head = f"{local:%m-%d %H:%M}  {words[how].format(who=part.names[self.locale])} [{words[channel]}]"
        print(f"\n{head}", *(f"    {line}" for line in text.splitlines()), sep="\n", file=self.out)

    async def end(self) -> None:
        """Print how it ended."""
        database = self.demo.app.database
        [complaint] = await database.read(lambda work: life.newest(work))
        events = await database.read(lambda work: work.events_of(complaint.reference))
        told = await database.read(lambda work: life.told_about(work, complaint.reference))
        if complaint.closed_as != "satisfied":
            raise RuntimeError(f"the story ended with {complaint.status}, {complaint.closed_as or 'open'}")
        words = _WORDS[self.locale]["end"]
        said = words.format(
            reference=complaint.reference,
            rounds=complaint.round,
            events=len(events),
            notices=sum(not row.answer and row.state in ("sent", "delivered") for row in told),
        )
        print(f"\n{said}", file=self.out, flush=True)
