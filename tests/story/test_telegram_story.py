"""A complaint's whole life in Telegram: customer, assignee and supervisor, against a Telegram that is a process of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.app import App, running
from bot.clock import MovableClock
from bot.menus import menus
from bot.settings import load_settings
from bot.staff import issue_code
from bot.storage.models import FileRow, InboxRow, MessageRow, OutboxRow
from complaints.complaint import Complaint
from complaints.vocabulary import Status
from tests.fakes import until
from tests.servers.telegram import Telegram, User, group
from tests.story.desk import JPEG, Books, Config, as_environ, config, hire_at, open_books
from tests.story.service import Service

LI = User(1001, "李娜")
ZHANG = User(2001, "张伟")
WANG = User(2002, "王主管")
STAFF = "张伟,13800138000,,处理人,王主管,\n王主管,13900139000,,坐席,,\n"
MATTER = "我家厨房漏水三天了，没人管。6栋1202，我叫李娜，13712345678"


@dataclass
class TelegramDesk:
    """A service that runs on a Telegram of its own. `reads` is what somebody sees that is new to them."""

    telegram: Telegram
    app: App
    books: Books
    _read: dict[int, int] = field(default_factory=dict)

    async def quiet(self) -> None:
        """Wait until everything said is understood and everything decided is sent."""

        async def nothing_waits() -> bool:
            return (await self.telegram.state())["pending"] == 0 and await self.books.quiet()

        await until(nothing_waits, "all is said and done")

    async def says(self, user: User, text: str | None = None, **more: Any) -> str:
        """Let somebody write; return all that came to them since they last looked."""
        await self.telegram.says(user, text, **more)
        await self.quiet()
        return await self.reads(user)

    async def reads(self, user: User) -> str:
        messages = (await self.telegram.sent(user.id))[self._read.get(user.id, 0) :]
        self._read[user.id] = self._read.get(user.id, 0) + len(messages)
        return "\n---\n".join(_words(message) for message in messages)

    async def presses(self, user: User, label: str) -> str:
        """Press a button of the last message to somebody that has it; return what came upon it."""
        shown = [m for m in await self.telegram.sent(user.id) if label in _labels(m)]
        await self.telegram.presses(user, shown[-1], label)
        await self.quiet()
        return await self.reads(user)

    async def binds(self, user: User) -> None:
        """Have somebody of the staff open the link with their one-time code."""
        _, code = await issue_code(self.app.database, self.app.desk.signer, user.name, self.app.clock.now())
        assert "绑定好了" in await self.says(user, f"/start {code}")

    async def offers(self, user: User, menu: str | None) -> None:
        """Wait until the chat with somebody shows this menu of its own; None: everybody's."""
        wanted = None if menu is None else [each.name for each in menus("zh")[menu]]

        async def shows() -> bool:
            found = (await self.telegram.state())["menus"].get(str(user.id))
            return (None if found is None else [each["command"] for each in found]) == wanted

        await until(shows, f"the chat with {user.name} shows its menu")

    async def complaint(self) -> Complaint:
        return await self.books.only_complaint()


def _words(message: dict[str, Any]) -> str:
    """Return what a message says; of a file, its caption."""
    return str(message.get("text") or message.get("caption") or "")


def _labels(message: dict[str, Any]) -> list[str]:
    return [button["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


def settings_of(folder: Path, telegram: Telegram) -> Config:
    more: Config = {
        "connectors.telegram": {
            "enabled": True,
            "token": telegram.token,
            "base_url": telegram.url,
            "username": telegram.username,
            "poll_s": 5,
            "timeout_s": 2,
        },
        "connectors.web": {"enabled": False},
        "service": {"timezone": "Asia/Shanghai"},
    }
    return config(folder, more=more)


def _at_work() -> MovableClock:
    """Return a clock that goes, from a Tuesday morning on: at night staff are left in peace, and stories are told by day."""
    clock = MovableClock()
    today = clock.now().astimezone(ZoneInfo("Asia/Shanghai"))
    tuesday = today + timedelta(days=(1 - today.weekday()) % 7 or 7)
    clock.move_to(tuesday.replace(hour=10, minute=0))
    return clock


@asynccontextmanager
async def serving(folder: Path, telegram: Telegram, policy: str = "leyoujia-24h") -> AsyncIterator[TelegramDesk]:
    values = settings_of(folder, telegram)
    values["service"]["policy"] = policy
    settings = load_settings(None, as_environ(values))
    await hire_at(settings.database.url, STAFF, folder)
    async with running(settings, clock=_at_work()) as app:
        yield TelegramDesk(telegram, app, Books(app.database))


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    async with Telegram() as telegram:
        yield telegram


@pytest.fixture
async def desk(tmp_path: Path, telegram: Telegram) -> AsyncIterator[TelegramDesk]:
    async with serving(tmp_path, telegram) as desk:
        yield desk


async def test_a_complaint_lives_in_telegram_from_the_first_word_to_closing_trap_25(desk: TelegramDesk) -> None:
    for person in (ZHANG, WANG):
        await desk.binds(person)
    heard = await desk.says(LI, MATTER)
    reference = (await desk.complaint()).reference
    assert f"编号 {reference}" in heard
    assert f"派给您：{reference}" in await desk.reads(ZHANG)
    assert f"新投诉 {reference}" in await desk.reads(WANG)
    for person, menu in ((LI, "customer_open"), (ZHANG, "handler_given"), (WANG, "centre")):
        await desk.offers(person, menu)

    assert f"接单了：{reference}" in await desk.presses(ZHANG, "接单")
    assert "张伟 已经接手您的事" in await desk.reads(LI)
    assert f"{reference}：处理中" in await desk.says(LI, "/status")
    assert "办结已记下" in await desk.says(ZHANG, "办结 换了新的水管")
    assert "换了新的水管" in await desk.reads(LI)
    await desk.offers(LI, "customer_rating")

    assert f"{reference} 已结案" in await desk.presses(LI, "满意")
    await desk.offers(LI, None)
    assert "客户满意" in await desk.reads(ZHANG)
    complaint = await desk.complaint()
    assert (complaint.status, complaint.closed_as, complaint.channel) == (Status.CLOSED, "satisfied", "telegram")

    async def chosen() -> bool:
        survey = next(m for m in await desk.telegram.sent(LI.id) if "您对结果满意吗" in _words(m))
        return bool(survey["text"].endswith("✓ 满意")) and not _labels(survey)

    await until(chosen, "the survey shows what was chosen")
    assert {row.state for row in await desk.books.rows(OutboxRow)} <= {"sent", "skipped"}
    assert {language: len(menu) for language, menu in (await desk.telegram.state())["commands"].items()} == {
        "": 5,
        "zh": 5,
        "en": 5,
    }


async def test_an_album_is_one_complaint_with_all_its_photos_trap_16(desk: TelegramDesk) -> None:
    size = {**await desk.telegram.upload("1.jpg", JPEG), "width": 900, "height": 600}
    await desk.telegram.says(LI, photo=[size], caption=MATTER, media_group_id="13")
    await desk.says(LI, photo=[size], media_group_id="13")
    complaint = await desk.complaint()

    async def kept() -> bool:
        files = await desk.books.rows(FileRow)
        return [file.state for file in files] == ["fetched"] * 2

    await until(kept, "both photos are fetched")
    files = await desk.books.rows(FileRow)
    assert {file.reference for file in files} == {complaint.reference}
    folder = desk.app.settings.files_dir
    assert [(folder / file.path).read_bytes() for file in files] == [JPEG, JPEG]


async def test_an_edit_leaves_what_was_said_first_trap_18(desk: TelegramDesk) -> None:
    heard = await desk.says(LI, MATTER)
    assert "编号" in heard
    (said,) = [row for row in await desk.books.rows(MessageRow) if not row.outgoing]
    edit = {"message_id": int(said.message_id or ""), "from": LI.as_json, "chat": LI.chat, "date": 1, "edit_date": 2}
    await desk.telegram.update({"edited_message": {**edit, "text": MATTER.replace("厨房", "客厅")}})
    await desk.quiet()
    versions = [(row.version, "厨房" in row.text) for row in await desk.books.rows(MessageRow) if not row.outgoing]
    assert versions == [(1, True), (2, False)]
    assert len(await desk.books.complaints()) == 1


async def test_a_line_that_breaks_after_telegram_took_a_message_doubles_nothing(desk: TelegramDesk) -> None:
    await desk.telegram.fail("sendMessage", how="cut after")
    await desk.says(LI, "你好")
    first, *others = [row for row in await desk.books.rows(OutboxRow) if row.address == str(LI.id)]
    assert first.state == "uncertain"
    assert {row.state for row in others} <= {"sent"}, "the line goes on"
    assert len(await desk.telegram.sent(LI.id)) == 1 + len(others), "it is there, and it is there once"


async def test_a_customer_who_blocks_the_bot_holds_up_nobody_trap_20(desk: TelegramDesk) -> None:
    for person in (ZHANG, WANG):
        await desk.binds(person)
    await desk.says(LI, MATTER)
    for person in (ZHANG, WANG):
        await desk.reads(person)
    await desk.telegram.blocks(LI)
    assert "接单了" in await desk.presses(ZHANG, "接单")
    assert "李娜" in await desk.reads(WANG), "the service centre hears that the customer could not be told"
    assert "还缺" not in await desk.says(LI, "我又来了，电梯也坏了")
    await desk.telegram.blocks(LI, blocked=False)
    assert "处理中" in await desk.says(LI, "进度")


async def test_a_group_asks_and_is_answered_and_moves_trap_19_21(desk: TelegramDesk) -> None:
    old, new = group(-5001), group(-1009001, kind="supergroup")
    await desk.says(LI, "今天天气不错", chat=old)
    assert await desk.telegram.sent(-5001) == []
    await desk.says(LI, f"@{desk.telegram.username} {MATTER}", chat=old)
    complaint = await desk.complaint()
    (answer,) = await desk.telegram.sent(-5001)
    assert "13712345678" not in answer["text"], "a group does not read what is private"
    await desk.telegram.migrates(LI, old, new)
    await desk.says(LI, f"@{desk.telegram.username} 还有，电梯也坏了", chat=new)
    assert (await desk.books.complaints())[0].reference == complaint.reference
    assert await desk.telegram.sent(-1009001) != []


async def test_telegram_killed_and_back_loses_and_doubles_nothing(desk: TelegramDesk) -> None:
    for number in range(3):
        await desk.telegram.says(User(3000 + number, "客户"), f"第{number}栋的电梯坏了，没人管")
        await desk.telegram.kill()
        await desk.telegram.start()
    await desk.telegram.says(User(3003, "客户"), "第3栋的电梯坏了，没人管")

    async def all_told() -> bool:
        rows = [
            row for row in await desk.books.rows(OutboxRow) if row.channel == "telegram" and row.address[:3] == "300"
        ]
        return len(await desk.books.complaints()) == 4 and all(row.state in ("sent", "uncertain") for row in rows)

    await until(all_told, "each of the four has been heard and answered, or nobody can say")
    assert len({row.external_id for row in await desk.books.rows(InboxRow)}) == 4
    for number in range(4):
        texts = [_words(message) for message in await desk.telegram.sent(3000 + number)]
        assert len(texts) == len(set(texts))


async def test_a_service_killed_again_and_again_hears_everybody_once_trap_17(
    tmp_path: Path, telegram: Telegram
) -> None:
    customers = [User(3000 + number, f"客户{number}") for number in range(4)]
    settings = load_settings(None, as_environ(settings_of(tmp_path, telegram)))
    await hire_at(settings.database.url, STAFF, tmp_path)
    async with Service(tmp_path, settings_of(tmp_path, telegram)) as service:
        for customer in customers:
            await service.start()
            await telegram.says(customer, f"{customer.name}家的电梯坏了，没人管")
            await service.live(0.7 + customer.id % 3 * 0.3)
            await service.kill()
        await service.start()
        async with open_books(settings.database.url) as books:

            async def all_heard() -> bool:
                handled = [row.state for row in await books.rows(InboxRow)] == ["done"] * len(customers)
                told = [row.state for row in await books.rows(OutboxRow) if row.notice == "acknowledgement"]
                return handled and len(told) == len(customers) and set(told) <= {"sent", "uncertain"}

            await until(all_heard, "every customer is heard and answered")
            assert len(await books.complaints()) == len(customers)
            for customer in customers:
                texts = [_words(message) for message in await telegram.sent(customer.id)]
                assert len(texts) == len(set(texts)), "nothing is said twice"
            uncertain = [row.address for row in await books.rows(OutboxRow) if row.state == "uncertain"]
            unheard = {str(c.id) for c in customers if not await telegram.sent(c.id)}
            assert unheard <= set(uncertain), "who heard nothing is known by name"


async def test_r062_called_back_by_buttons_and_what_is_missing_is_made_up_for(
    tmp_path: Path, telegram: Telegram
) -> None:
    async with serving(tmp_path, telegram, "mingyuan") as desk:
        for person in (ZHANG, WANG):
            await desk.binds(person)
        await desk.says(LI, MATTER)
        await desk.says(ZHANG, "接单")
        await desk.reads(LI)
        clock = desk.app.clock
        assert isinstance(clock, MovableClock)
        clock.move_to(clock.now() + timedelta(hours=24, minutes=5))
        await desk.app.sweep()
        await desk.quiet()
        assert "处理人告诉您打算怎么处理了吗？" in await desk.reads(LI)
        assert "告诉您什么时候能办完了吗？" in await desk.presses(LI, "是")
        assert "方案和时间您都清楚吗？" in await desk.presses(LI, "否")
        assert "已请处理的同事马上联系您" in await desk.presses(LI, "否")
        assert "告知完成时间" in await desk.reads(ZHANG)
        assert "进展已记下" in await desk.says(ZHANG, "已电话说明，周五上午十点带阀芯上门")
        assert "周五上午十点带阀芯上门" in await desk.reads(LI)
        (asked,) = (await desk.complaint()).process_callbacks
        assert asked.answers == (True, False, False)
