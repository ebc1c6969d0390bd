"""A service with web chat and SMS stub, on a clock that stands still until it is moved, and the people who chat with it."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app import App, running
from bot.clock import MovableClock
from bot.settings import load_settings
from bot.staff import issue_code
from bot.storage.models import ChatLineRow, InboxRow, OutboxRow
from connectors.port import RawMessage
from tests.fakes import until
from tests.story.desk import Books, Config, as_environ, config, hire

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """Return a moment in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


class ChatDesk:
    """`says` is what a person types, and returns what they read upon it. Use `chat_desk` to open one."""

    def __init__(self, folder: Path, settings: Config, clock: MovableClock) -> None:
        self.folder = folder
        self.clock = clock
        self._settings = load_settings(None, as_environ(settings))
        self._stack = AsyncExitStack()
        self._numbers = itertools.count(1)
        self._read: dict[str, int] = {}

    async def open(self) -> None:
        """Start the service."""
        self.app: App = await self._stack.enter_async_context(running(self._settings, clock=self.clock))
        self.books = Books(self.app.database)

    async def close(self) -> None:
        """Stop the service."""
        await self._stack.aclose()

    async def restart(self) -> None:
        """Stop the service and start it again on the same database."""
        await self.close()
        await self.open()

    async def hires(self, lines: str) -> None:
        """Import staff."""
        await hire(self.app.database, lines, self.folder, self.clock)

    async def code(self, name: str) -> str:
        """Make a one-time code for a member of staff."""
        _, code = await issue_code(self.app.database, self.app.desk.signer, name, self.clock.now())
        return code

    async def binds(self, *names: str) -> None:
        """Have staff show that their chat is theirs."""
        for name in names:
            assert any("绑定好了" in line for line in await self.says(name, f"绑定 {await self.code(name)}"))

    @staticmethod
    def conversation(name: str) -> str:
        """Return the chat address of a person."""
        return "w" + hashlib.sha256(name.encode()).hexdigest()[:24]

    async def says(self, name: str, text: str, locale: str = "zh") -> list[str]:
        """Type something into a person's chat; return all that came there since they last looked."""
        number, conversation = next(self._numbers), self.conversation(name)
        raw = json.dumps({"id": str(number), "text": text, "locale": locale}).encode()
        id = f"{conversation}:{number}"
        await self.app.inbox.store([RawMessage("web", id, conversation, raw)])

        async def handled() -> bool:
            (row,) = await self.books.rows(InboxRow, InboxRow.external_id == id)
            assert row.state != "quarantined", row.outcome
            return row.state == "done" and await self.books.quiet()

        await until(handled, f"{name} is heard")
        return await self.reads(name)

    async def reads(self, name: str) -> list[str]:
        """Return what came to a person's chat since they last looked."""
        since, conversation = self._read.get(name, 0), self.conversation(name)
        lines = await self.books.rows(ChatLineRow, ChatLineRow.conversation == conversation)
        fresh = [row for row in lines if row.outgoing and row.seq > since]
        self._read[name] = max((row.seq for row in lines), default=since)
        return [row.text for row in fresh]

    async def wait_until(self, moment: datetime) -> None:
        """Let time pass: whatever is due on the way happens at its own moment."""
        while True:
            due = await self.app.database.read(lambda work: work.timers.next_at())
            if due is None or due > moment:
                break
            await self.leap_to(due)
        await self.leap_to(moment)

    async def leap_to(self, moment: datetime) -> None:
        """Let time pass at once, as it does for a service that was down meanwhile."""
        self.clock.move_to(moment)
        await self.app.sweep()
        await until(self.books.quiet, f"all that is due at {moment} is told")

    async def told(self) -> list[str]:
        """Return every notice so far: its moment in Shanghai, what, whom, and `sms` where it went there too."""
        staff = (await self.books.directory()).persons
        lines = []
        for row in await self.books.rows(OutboxRow):
            assert row.state in ("sent", "delivered"), (row.notice, row.state, row.detail)
            if not row.answer and row.reference:
                person = staff.get(row.person or "")
                name = person.name if person is not None else "客户"
                moment = f"{row.created_at.astimezone(SHANGHAI):%m-%d %H:%M:%S}".removesuffix(":00")
                lines.append(f"{moment} {row.notice} {name}{' ' + row.form if row.form else ''}")
        return lines


@asynccontextmanager
async def chat_desk(folder: Path, url: str, now: datetime, policy: str = "leyoujia-24h") -> AsyncIterator[ChatDesk]:
    """Run a service with web chat and SMS stub on a standing clock."""
    more: Config = {
        "service": {"policy": policy, "timezone": SHANGHAI.key},
        "connectors.sms": {"enabled": True, "secret": "s" * 32},
    }
    desk = ChatDesk(folder, config(folder, url, more=more), MovableClock(standing_at=now))
    await desk.open()
    try:
        yield desk
    finally:
        await desk.close()
