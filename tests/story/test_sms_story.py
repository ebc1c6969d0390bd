"""A complaint's whole life by SMS over a real Kannel: customer and staff have nothing but their phones."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App, running
from bot.settings import load_settings
from bot.storage.models import InboxRow, OutboxRow
from complaints.change import EventKind
from complaints.vocabulary import Status
from tests.fakes import until
from tests.servers.dovecot import free_port
from tests.servers.kannel import PASSWORD, USER, Kannel, Text
from tests.story.desk import Books, Config, as_environ, config, hire_at

CUSTOMER, ASSIGNEE, LEAD = "+8613712345678", "+8613800138000", "+8613900139000"
STAFF = "张伟,13800138000,,处理人,王主管,\n王主管,13900139000,,坐席 客服中心负责人,,\n"
SECRET = "kannel-calls-here-0"
MATTER = "你好，我家厨房漏水三天了，6栋1202，没人管。李娜"


@dataclass
class SmsDesk:
    """A service on a Kannel of its own, and the phones of those who use it."""

    kannel: Kannel
    settings: Config
    books: Books
    app: App

    async def says(self, number: str, text: str) -> None:
        await self.kannel.phones.say(number, text)

    async def hears(self, number: str, words: str) -> str:
        text: Text = await self.kannel.phones.hears(number, words)
        return text.text


@asynccontextmanager
async def sms_desk(folder: Path, url: str, **more: object) -> AsyncIterator[SmsDesk]:
    """Run a whole service on a Kannel of its own. more: settings of the channel."""
    port = free_port()
    async with Kannel(f"http://127.0.0.1:{port}/hooks/sms/kannel/{SECRET}/mo") as kannel:
        sms: Config = {
            "http": {"port": port},
            "connectors.sms": {
                "enabled": True,
                "provider": "kannel",
                "url": kannel.url,
                "user": USER,
                "password": PASSWORD,
                "secret": SECRET,
                "callback_url": f"http://127.0.0.1:{port}",
                "allow_from": "127.0.0.1",
                **more,
            },
        }
        values = config(folder, url, more=sms)
        settings = load_settings(None, as_environ(values))
        await hire_at(settings.database.url, STAFF, folder)
        async with running(settings) as app:
            yield SmsDesk(kannel, values, Books(app.database), app)


@pytest.fixture
async def desk(tmp_path: Path, database_url: str) -> AsyncIterator[SmsDesk]:
    async with sms_desk(tmp_path, database_url) as desk:
        yield desk


async def test_a_complaint_lives_its_whole_life_by_sms(desk: SmsDesk) -> None:
    """Trap 25: accepted, resolved, rated and reopened by nothing but short replies."""
    await desk.says(CUSTOMER, MATTER)
    acknowledgement = await desk.hears(CUSTOMER, "编号")
    complaint = await desk.books.only_complaint()
    assert complaint.reference in acknowledgement
    assert "厨房漏水三天了" in complaint.summary

    notice = await desk.hears(ASSIGNEE, complaint.reference)
    assert "漏水" not in notice  # trap 24: number, status and hotline only
    await desk.says(ASSIGNEE, "接单")
    await desk.hears(CUSTOMER, "已接手您的事")
    await desk.says(ASSIGNEE, "办结 换了下水管")
    assert "换了下水管" in await desk.hears(CUSTOMER, "您满意吗")
    assert (await desk.books.only_complaint()).status is Status.RESOLVED

    await desk.says(CUSTOMER, "不满意，还在漏水")
    await desk.hears(CUSTOMER, complaint.reference)
    await desk.hears(ASSIGNEE, complaint.reference)
    await desk.says(ASSIGNEE, "办结 重新做了防水")
    assert "重新做了防水" in await desk.hears(CUSTOMER, "您满意吗")
    await desk.says(CUSTOMER, "满意")
    await desk.hears(CUSTOMER, "谢谢")
    complaint = await desk.books.only_complaint()
    assert (complaint.status, complaint.closed_as, complaint.round) == (Status.CLOSED, "satisfied", 2)
    events = await desk.books.events(complaint.reference)
    assert [events[0], events[-1]] == [EventKind.RECEIVED, EventKind.CLOSED]

    # Every message of ours reached its phone, and we know it.
    await until(desk.books.quiet, "nothing waits")

    async def reported() -> bool:
        return all(row.state in ("delivered", "skipped") for row in await desk.books.rows(OutboxRow))

    await until(reported, "all reports are in")
    assert {text.number for text in desk.kannel.phones.texts} <= {CUSTOMER, ASSIGNEE, LEAD}
    assert {row.state for row in await desk.books.rows(InboxRow)} == {"done"}


async def test_who_says_td_is_answered_once_and_written_to_no_more(desk: SmsDesk) -> None:
    await desk.says(CUSTOMER, MATTER)
    await desk.hears(CUSTOMER, "编号")
    complaint = await desk.books.only_complaint()
    await desk.says(CUSTOMER, "TD")
    await desk.hears(CUSTOMER, "不再主动给您发短信")
    await desk.hears(ASSIGNEE, complaint.reference)
    await desk.says(ASSIGNEE, "接单")
    await desk.hears(LEAD, "未送达")
    await until(desk.books.quiet, "nothing waits")
    assert [text for text in desk.kannel.phones.texts if text.number == CUSTOMER] == []
    await desk.says(CUSTOMER, "进度")
    assert complaint.reference in await desk.hears(CUSTOMER, complaint.reference)  # what they ask is answered


async def test_a_gateway_that_dies_and_comes_back_loses_and_doubles_nothing(desk: SmsDesk) -> None:
    await desk.kannel.kill("smsbox")
    # The phone's message waits in bearerbox until somebody takes it over.
    await desk.says(CUSTOMER, MATTER)
    await desk.kannel.start_smsbox()
    acknowledgement = await desk.hears(CUSTOMER, "编号")
    complaint = await desk.books.only_complaint()
    assert complaint.reference in acknowledgement
    await desk.hears(ASSIGNEE, complaint.reference)
    await until(desk.books.quiet, "nothing is on its way")
    await desk.kannel.kill("smsbox")
    await desk.says(ASSIGNEE, "接单")
    await desk.kannel.start_smsbox()
    await desk.hears(CUSTOMER, "已接手您的事")
    await until(desk.books.quiet, "nothing waits")
    assert [text.text for text in desk.kannel.phones.texts if text.number == CUSTOMER] == []
    assert [row.state for row in await desk.books.rows(OutboxRow) if row.state == "uncertain"] == []


async def test_more_than_a_number_may_get_waits_and_is_shown_to_wait(tmp_path: Path, fresh_sqlite_url: str) -> None:
    """Trap 24: a burst gets the number blocked by its carrier; what is held back is delayed, not lost."""
    async with sms_desk(tmp_path, fresh_sqlite_url, per_number="1/86400") as desk:
        await desk.says(CUSTOMER, MATTER)
        await desk.hears(CUSTOMER, "编号")
        complaint = await desk.books.only_complaint()
        await desk.hears(ASSIGNEE, complaint.reference)
        await desk.says(ASSIGNEE, "接单")

        async def held_back() -> list[OutboxRow]:
            return [
                row for row in await desk.books.rows(OutboxRow) if row.notice == "taken_up" and row.waits == "limit"
            ]

        [row] = await until(held_back, "the second message to the customer waits for its turn")
        assert row.state == "queued"
        assert row.due_at - row.created_at > timedelta(hours=23)
        assert [text for text in desk.kannel.phones.texts if text.number == CUSTOMER] == []
