"""Several processes on one PostgreSQL: whatever is killed or stopped, each conversation is answered in its order, once."""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from bot.clock import SystemClock
from bot.intake import Inbox
from bot.storage.database import Database
from bot.storage.models import ChatLineRow, InboxRow, MessageRow, OutboxRow
from connectors.port import RawMessage
from tests.fakes import until
from tests.story.desk import Books, Config, config, hire_at
from tests.story.service import Service

STAFF = "王主管,13900139000,,坐席 客服中心负责人,,\n"
CONVERSATIONS = [f"1380013{number:04}" for number in range(20)]
ROUNDS = 3
LONG_S = 120.0


def workers(folder: Path, url: str) -> Config:
    """Return the settings of a process that understands and delivers; text messages come and go over the database."""
    more: Config = {
        "service": {"roles": ["workers", "scheduler"]},
        "delivery": {"lease_s": 2},
        "connectors.sms": {"enabled": True, "secret": "s" * 32},
    }
    return config(folder, url, more=more)


def said(number: str, round: int) -> RawMessage:
    """Return the words of a customer: a complaint first, then how it stands, asked again and again."""
    words = f"电梯坏了三天没人修，6栋{number[-4:]}" if round == 0 else "进度"
    body = {"text": words, "locale": None, "sent_at": datetime.now(UTC).isoformat(), "reply_to": None}
    return RawMessage("sms", f"{number}:{round}", number, json.dumps(body).encode())


async def answered(books: Books) -> dict[str, list[int]]:
    """Return, by number, which messages were answered, in the order of the answers."""
    answers: dict[str, list[int]] = defaultdict(list)
    for line in await books.rows(ChatLineRow):
        if line.outgoing and line.key.startswith("in/"):
            answers[line.conversation].append(int(line.key.split("/")[1]))
    return answers


async def test_the_order_of_each_conversation_outlives_a_killed_worker_and_a_rolling_restart(
    tmp_path: Path, fresh_postgres_url: str
) -> None:
    """Invariants 1, 4 and 6, across processes."""
    url = fresh_postgres_url
    await hire_at(url, STAFF, tmp_path)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(url, jobs=True))
        books, inbox = Books(database), Inbox(database, SystemClock())
        services = []
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            services.append(await stack.enter_async_context(Service(tmp_path / name, workers(tmp_path, url))))
            await services[-1].start()
        one, two = services

        async def ended(share: float) -> bool:
            done = select(func.count()).where(InboxRow.state == "done")
            count = await database.read(lambda work: work.session.scalar(done))
            return (count or 0) >= share * len(CONVERSATIONS) * ROUNDS

        for round in range(ROUNDS):
            await inbox.store([said(number, round) for number in CONVERSATIONS])
        await until(lambda: ended(0.2), "a fifth is understood", LONG_S)
        await one.kill()
        await one.start()
        await until(lambda: ended(0.6), "most is understood", LONG_S)
        two.ask_to_stop()
        assert await two.stopped() == 0, two.log[-2000:]
        await until(lambda: ended(1.0), f"all is understood\n{one.log[-2000:]}", LONG_S)

        async def all_answered() -> bool:
            waiting = select(func.count()).where(OutboxRow.state.in_(("queued", "claimed", "sending")))
            return not await database.read(lambda work: work.session.scalar(waiting))

        await until(all_answered, "all is answered", LONG_S)
        stored = defaultdict(list)
        for row in await books.rows(InboxRow):
            stored[row.conversation].append(row.id)
        answers = await answered(books)
        for number in CONVERSATIONS:
            assert answers[number] == sorted(stored[number])[1:], "each question once, in its order"
        kept: dict[str, list[str]] = defaultdict(list)
        for message in await books.rows(MessageRow):
            if not message.outgoing:
                kept[message.address].append(message.text)
        assert all(texts[0].startswith("电梯") and texts[1:] == ["进度"] * (ROUNDS - 1) for texts in kept.values())
        complaints = await books.complaints()
        assert len(complaints) == len({complaint.complainant for complaint in complaints}) == len(CONVERSATIONS)
