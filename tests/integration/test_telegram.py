"""The Telegram channel against a Telegram that can be rude, slow, cut off and killed, through an unmodified PTB."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from connectors.port import (
    Attachment,
    Blocked,
    Button,
    Command,
    Connector,
    ConnectorError,
    Content,
    IncomingMessage,
    Intake,
    Moved,
    NotUnderstood,
    OutgoingMessage,
    RawMessage,
    TryAgainLater,
    UnknownDelivery,
    WillNotDeliver,
)
from connectors.telegram import TelegramConnector, TelegramSettings
from connectors.telegram.connector import SECRET_HEADER
from tests.fakes import LocalServer, MemoryIntake, eventually, half_a_call, listening, until
from tests.servers.dovecot import free_port
from tests.servers.telegram import Telegram, User, group

LI = User(1001, "李娜")
BOB = User(1002, "Bob", "en")
PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * 300
RATING = (Button("满意", "满意 TS20261123-0001"), Button("不满意", "不满意 TS20261123-0001"))


@pytest.fixture(scope="module")
def process() -> Iterator[Telegram]:
    """One process for all these tests; each finds it empty."""
    server = Telegram()
    yield server
    server.clear_away()


@pytest.fixture
async def telegram(process: Telegram) -> Telegram:
    await process.reset()
    return process


@pytest.fixture
async def connector(telegram: Telegram) -> AsyncIterator[TelegramConnector]:
    """A connector that does not listen."""
    connector = TelegramConnector(settings_for(telegram))
    yield connector
    await connector.close()


@pytest.fixture
def intake() -> MemoryIntake:
    return MemoryIntake()


def settings_for(telegram: Telegram, **changes: Any) -> TelegramSettings:
    wanted = {"token": telegram.token, "base_url": telegram.url, "poll_s": 5.0, "timeout_s": 2.0, "retry_s": 0.02}
    return TelegramSettings(**{**wanted, "longest_retry_s": 0.1, **changes})


@asynccontextmanager
async def polling(telegram: Telegram, intake: Intake, **changes: Any) -> AsyncIterator[TelegramConnector]:
    """Let a connector poll meanwhile."""
    connector = TelegramConnector(settings_for(telegram, **changes))
    async with listening(connector, intake):
        yield connector


def understood(connector: Connector, messages: Sequence[RawMessage]) -> list[IncomingMessage]:
    return [connector.parse(message) for message in messages]


def to(user: User, text: str = "已收到", key: str = "TS1/v1/ack", **more: Any) -> OutgoingMessage:
    return OutgoingMessage(key=key, address=str(user.id), text=text, **more)


# --- receiving by long polling ----------------------------------------------------------------------------------------


async def test_what_people_say_is_stored_and_understood(telegram: Telegram, intake: MemoryIntake) -> None:
    async with polling(telegram, intake) as connector:
        first = await telegram.says(LI, "电梯坏了三天 😤")
        await intake.stored(1)
        second = await telegram.says(BOB, "/start ABCD2345")
        await intake.stored(2)
        li, bob = understood(connector, intake.messages)
        assert (li.text, li.conversation, li.locale) == ("电梯坏了三天 😤", "1001", "zh")
        assert li.sender is not None
        assert (li.sender.address, li.sender.name) == ("1001", "李娜")
        assert (bob.text, bob.locale) == ("/start ABCD2345", "en")
        assert [li.message_id, bob.message_id] == [str(first), str(second)]
        assert [message.external_id for message in intake.messages] == [li.external_id, bob.external_id]
        assert connector.health().ok
        assert connector.capabilities.start_link == f"https://t.me/{telegram.username}?start={{code}}"


async def test_a_crash_between_storing_and_confirming_loses_and_doubles_nothing_trap_17(
    telegram: Telegram, intake: MemoryIntake
) -> None:
    intake.gate.clear()  # stored, and then the process dies before it could ask again
    async with polling(telegram, intake):
        await telegram.says(LI, "第一条")
        await intake.stored(1)
    assert (await telegram.state())["pending"] == 1, "nothing was confirmed"
    intake.cursors.clear()
    intake.gate.set()
    async with polling(telegram, intake):
        await telegram.says(LI, "第二条")
        await intake.stored(2)
    assert [json.loads(message.raw)["message"]["text"] for message in intake.messages] == ["第一条", "第二条"]


async def test_what_cannot_be_stored_is_not_confirmed(telegram: Telegram, intake: MemoryIntake) -> None:
    intake.down = True
    async with polling(telegram, intake) as connector:
        await telegram.says(LI, "电梯坏了")
        await eventually(lambda: intake.calls >= 2)
        assert "StoreDown" in connector.health().detail
        assert (await telegram.state())["pending"] == 1
        intake.down = False
        await intake.stored(1)
        await eventually(lambda: connector.health().ok)

        async def confirmed() -> bool:
            return bool((await telegram.state())["pending"] == 0)

        await until(confirmed, "the update is confirmed by the next question")


async def test_a_malformed_update_holds_up_nobody(telegram: Telegram, intake: MemoryIntake) -> None:
    await telegram.says(LI, "前")
    await telegram.update({"message": {"message_id": "not a number", "chat": 7}})
    await telegram.update("no object at all")
    await telegram.update({"something_new": {"chat": {"id": 1001}}})
    await telegram.says(LI, "后")
    async with polling(telegram, intake) as connector:
        await intake.stored(5)
        before, bad, worse, new, after = intake.messages
        assert [connector.parse(before).text, connector.parse(after).text] == ["前", "后"]
        for message in (bad, worse):
            with pytest.raises(NotUnderstood):
                connector.parse(message)
        assert connector.parse(new).ignored == "no message of a person: something new"
        assert worse.external_id.startswith("sha256:")


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        pytest.param({"code": 401}, "copy it from @BotFather", id="401"),
        pytest.param({"code": 409, "description": "Conflict: terminated by other"}, "another program", id="409"),
        pytest.param({"code": 500}, "HTTP status 500", id="500"),
        pytest.param({"code": 502, "how": "page"}, "HTTP status 502", id="502 and a page"),
        pytest.param({"code": 429, "retry_after": 0}, "asks to wait", id="429"),
        pytest.param({"how": "cut"}, "broke", id="cut off"),
    ],
)  # fmt: skip
async def test_polling_survives(
    telegram: Telegram, intake: MemoryIntake, failure: dict[str, Any], sentence: str
) -> None:
    await telegram.fail("getUpdates", times=10_000, **failure)
    await telegram.says(LI, "电梯坏了")
    async with polling(telegram, intake) as connector:
        await eventually(lambda: sentence in connector.health().detail)
        assert not connector.health().ok
        await telegram.heal()
        await intake.stored(1)
        await eventually(lambda: connector.health().ok)


async def test_a_second_poller_is_named(telegram: Telegram, intake: MemoryIntake) -> None:
    async with polling(telegram, intake) as one, polling(telegram, MemoryIntake()) as two:
        await eventually(lambda: "another program" in one.health().detail + two.health().detail)


async def test_a_silent_server_is_left_after_a_while(telegram: Telegram, intake: MemoryIntake) -> None:
    await telegram.delay(60_000)
    async with polling(telegram, intake, timeout_s=0.1) as connector:
        await eventually(lambda: "did not answer in time" in connector.health().detail)
        await telegram.heal()
        await telegram.says(LI, "电梯坏了")
        await intake.stored(1)


async def test_telegram_killed_and_back_again_loses_and_doubles_nothing(
    telegram: Telegram, intake: MemoryIntake
) -> None:
    async with polling(telegram, intake) as connector:
        await telegram.says(LI, "之前")
        await intake.stored(1)
        await telegram.kill()
        await eventually(lambda: "cannot be reached" in connector.health().detail)
        with pytest.raises(TryAgainLater) as refused:
            await connector.send(to(LI))
        assert refused.value.everybody
        await telegram.start()
        await telegram.says(LI, "之后")
        await intake.stored(2)
        await eventually(lambda: connector.health().ok)
        await connector.send(to(LI))
    assert [message.text for message in understood(connector, intake.messages)] == ["之前", "之后"]
    assert [message["text"] for message in await telegram.sent()] == ["已收到"]


async def test_an_album_comes_as_parts_of_one_trap_16(telegram: Telegram, intake: MemoryIntake) -> None:
    file = await telegram.upload("1.jpg", PHOTO)
    size = {**file, "width": 90, "height": 90}
    await telegram.says(LI, photo=[size], caption="厨房漏水", media_group_id="13")
    await telegram.says(LI, photo=[size], media_group_id="13")
    async with polling(telegram, intake) as connector:
        await intake.stored(2)
        parts = understood(connector, intake.messages)
        assert [(part.album, part.text, part.content) for part in parts] == [
            ("13", "厨房漏水", Content.PHOTO),
            ("13", "", Content.PHOTO),
        ]


async def test_the_menu_is_offered_in_both_languages(telegram: Telegram, intake: MemoryIntake) -> None:
    commands = {"": [("help", "帮助")], "zh": [("help", "帮助")], "en": [("help", "Help")]}
    async with polling(telegram, intake, commands=commands) as connector:
        await eventually(lambda: connector.health().ok)

        async def offered() -> bool:
            return set((await telegram.state())["commands"]) == {"", "zh", "en"}

        await until(offered, "the menu is set")
        assert (await telegram.state())["commands"]["en"] == [{"command": "help", "description": "Help"}]


async def test_a_menu_that_is_refused_stops_nothing(telegram: Telegram, intake: MemoryIntake) -> None:
    await telegram.fail("setMyCommands", 400, times=5)
    async with polling(telegram, intake, commands={"": [("help", "帮助")]}):
        await telegram.says(LI, "电梯坏了")
        await intake.stored(1)


MENU = (Command("status", "进度", "进度：到哪一步了"), Command("help", "帮助", "帮助：能回复哪些话"))


async def shows(telegram: Telegram, user: User, menu: Sequence[Command] | None, what: str) -> None:
    """Wait until a chat has this menu of its own; None = none of its own."""
    wanted = None if menu is None else [{"command": each.name, "description": each.shown} for each in menu]

    async def set_so() -> bool:
        return bool((await telegram.state())["menus"].get(str(user.id)) == wanted)

    await until(set_so, what)


async def test_a_chat_gets_a_menu_of_its_own_and_loses_it(telegram: Telegram, connector: TelegramConnector) -> None:
    for user in (LI, BOB):
        await telegram.knows(user.chat)
    await connector.send(to(LI, menu=MENU))
    await shows(telegram, LI, MENU, "the chat has its menu")
    assert (await telegram.state())["commands"] == {}  # everybody's is untouched
    await connector.send(to(LI, key="TS1/v2/closed", menu=()))
    await shows(telegram, LI, None, "the chat has everybody's menu again")
    await connector.send(to(BOB, key="TS2/v1/ack"))
    assert [call for call in (await telegram.state())["calls"] if "Commands" in call] == [
        "setMyCommands",
        "deleteMyCommands",
    ]


async def test_a_menu_holds_up_no_answer(telegram: Telegram, connector: TelegramConnector) -> None:
    await telegram.knows(LI.chat)
    await telegram.fail("setMyCommands", how="silent after", times=9)
    for number in range(3):
        await connector.send(to(LI, key=f"TS1/v{number}/ack", menu=MENU))
    assert len(await telegram.sent(LI.id)) == 3


async def test_a_menu_that_is_refused_is_not_tried_again(
    telegram: Telegram, connector: TelegramConnector, caplog: pytest.LogCaptureFixture
) -> None:
    for user in (LI, BOB):
        await telegram.knows(user.chat)
    await telegram.fail("setMyCommands", 400, description="Bad Request: BOT_COMMAND_INVALID")
    await connector.send(to(LI, menu=MENU))
    await connector.send(to(BOB, key="TS2/v1/ack", menu=MENU))
    await shows(telegram, BOB, MENU, "the next chat has its menu")
    state = await telegram.state()
    assert str(LI.id) not in state["menus"]
    assert state["calls"].count("setMyCommands") == 2
    assert "bot_command_invalid" in caplog.text.lower()


async def test_a_menu_is_tried_again_a_few_times_and_then_left(
    telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.telegram.menus.RETRY_S", 0.01)
    connector = TelegramConnector(settings_for(telegram))
    for user in (LI, BOB):
        await telegram.knows(user.chat)
    await telegram.fail("setMyCommands", 502, times=2)
    await connector.send(to(LI, menu=MENU))
    await shows(telegram, LI, MENU, "the third try was taken")
    await telegram.fail("setMyCommands", 502, times=3)
    await connector.send(to(LI, key="TS1/v2/urged", menu=MENU[:1]))
    await connector.send(to(BOB, key="TS2/v1/ack", menu=MENU))
    await shows(telegram, BOB, MENU, "the next chat has its menu")
    state = await telegram.state()
    assert len(state["menus"][str(LI.id)]) == 2  # the newer one was given up
    assert state["calls"].count("setMyCommands") == 7
    await connector.close()


async def test_of_many_menus_that_wait_for_one_chat_the_newest_is_set(
    telegram: Telegram, connector: TelegramConnector
) -> None:
    await telegram.knows(LI.chat)
    for number in range(5):
        await connector.send(to(LI, key=f"TS1/v{number}/ack", menu=MENU[: 1 + number % 2]))
    await connector.send(to(LI, key="TS1/v9/ack", menu=MENU))
    await shows(telegram, LI, MENU, "the newest menu is there")
    assert (await telegram.state())["calls"].count("setMyCommands") < 6


async def test_a_group_has_no_menu_of_its_own(telegram: Telegram, connector: TelegramConnector) -> None:
    await telegram.knows(group(-1005))
    await telegram.knows(LI.chat)
    await connector.send(OutgoingMessage("TS1/v1/room", "-1005", "收到", menu=MENU))
    await connector.send(to(LI, menu=MENU))
    await shows(telegram, LI, MENU, "the private chat has its menu")
    assert set((await telegram.state())["menus"]) == {str(LI.id)}


# --- webhook ----------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def hooked(telegram: Telegram, intake: Intake) -> AsyncIterator[tuple[TelegramConnector, str]]:
    """Let a connector be called on a server of ours; yields it and the webhook's address."""
    port = free_port()
    settings = settings_for(telegram, mode="webhook", public_url=f"http://127.0.0.1:{port}")
    hooked = TelegramConnector(settings)
    server = LocalServer(hooked.routes)
    server.port = port
    await server.start()
    try:
        async with listening(hooked, intake):
            yield hooked, settings.webhook_url
    finally:
        await server.stop()


async def test_a_webhook_brings_what_people_say(telegram: Telegram, intake: MemoryIntake) -> None:
    async with hooked(telegram, intake) as (connector, url):
        await eventually(lambda: connector.health().ok)
        assert (await telegram.state())["webhook"]["url"] == url
        await telegram.says(LI, "电梯坏了")
        await telegram.says(LI, "三天了")
        await intake.stored(2)
        assert [message.text for message in understood(connector, intake.messages)] == ["电梯坏了", "三天了"]


async def test_who_does_not_know_the_secret_is_not_heard(
    telegram: Telegram, intake: MemoryIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = {"update_id": 7, "message": {"message_id": 1, "chat": {"id": 1, "type": "private"}, "text": "假的"}}
    async with hooked(telegram, intake) as (connector, url), aiohttp.ClientSession() as session:
        await eventually(lambda: connector.health().ok)
        secret = (await telegram.state())["webhook"]["secret_token"]
        for headers in ({}, {SECRET_HEADER: ""}, {SECRET_HEADER: "x" * len(secret)}, {SECRET_HEADER: "错"}):
            async with session.post(url, json=update, headers=headers) as answer:
                assert answer.status == 403
        assert intake.messages == []
        async with session.post(url, json=update, headers={SECRET_HEADER: secret}) as answer:
            assert answer.status == 200
        async with session.post(url, data=io.BytesIO(b"x" * (2 << 20)), headers={SECRET_HEADER: secret}) as answer:
            assert answer.status == 413
        async with session.post(url, data=b"no JSON", headers={SECRET_HEADER: secret}) as answer:
            assert answer.status == 200, "told to send it again, Telegram would do so for ever"
        assert len(intake.messages) == 2
        with pytest.raises(NotUnderstood):
            connector.parse(intake.messages[1])
        monkeypatch.setattr("connectors.telegram.connector._BODY_TIMEOUT_S", 0.01)
        assert await half_a_call(url, {SECRET_HEADER: secret}) == 408


async def test_telegram_calls_again_until_it_is_stored_and_that_counts_once_trap_16_17(
    telegram: Telegram, intake: MemoryIntake
) -> None:
    async with hooked(telegram, intake) as (connector, _):
        await eventually(lambda: connector.health().ok)
        intake.down = True
        await telegram.says(LI, "电梯坏了")
        await eventually(lambda: intake.calls >= 2)
        assert intake.messages == []
        intake.down = False
        await intake.stored(1)
        intake.gate.clear()  # stored, but not answered any more: the same update comes again
        await telegram.says(LI, "三天了")
        await intake.stored(2)
        intake.gate.set()
        calls = intake.calls
        await telegram.says(LI, "急")
        await intake.stored(3)
        assert intake.calls > calls
    assert [message.text for message in understood(connector, intake.messages)] == ["电梯坏了", "三天了", "急"]


async def test_from_webhook_to_polling_and_back(telegram: Telegram, intake: MemoryIntake) -> None:
    async with hooked(telegram, intake) as (connector, _):
        await eventually(lambda: connector.health().ok)
    await telegram.says(LI, "没人在")
    async with polling(telegram, intake):
        await intake.stored(1)
        assert (await telegram.state())["webhook"] is None
    async with hooked(telegram, intake):
        await telegram.says(LI, "又是回调")
        await intake.stored(2)


# --- sending ----------------------------------------------------------------------------------------------------------


async def test_a_message_goes_out_as_plain_words(telegram: Telegram, connector: TelegramConnector) -> None:
    asked = await telegram.says(LI, "进度")
    text = "*您好* <b>李娜</b> _&amp;_ [x](http://example.com) @everyone_here 已受理"
    sent = await connector.send(to(LI, text, buttons=RATING, reply_to=str(asked)))
    (message,) = await telegram.sent(LI.id)
    assert (message["text"], str(message["message_id"])) == (text, sent.external_id)
    assert "parse_mode" not in message["raw"]
    assert json.loads(message["raw"]["link_preview_options"]) == {"is_disabled": True}
    assert json.loads(message["reply_parameters"]) == {"message_id": asked, "allow_sending_without_reply": True}
    assert [[button["text"] for button in row] for row in message["reply_markup"]["inline_keyboard"]] == [
        ["满意", "不满意"]
    ]


async def test_a_group_is_answered_and_nobody_in_it_called(telegram: Telegram, connector: TelegramConnector) -> None:
    chat = group(-5001)
    await telegram.says(LI, "电梯坏了", chat=chat)
    await connector.send(OutgoingMessage(key="k", address="-5001", text="客户说：@zhangwei 来过，a@example.com"))
    (message,) = await telegram.sent(-5001)
    assert message["text"] == "客户说：@\u200bzhangwei 来过，a@example.com"


async def test_a_long_text_goes_out_whole_in_several_messages(telegram: Telegram, connector: TelegramConnector) -> None:
    await telegram.says(LI, "你好")
    lines = [f"第{number}行：电梯又坏了😤" for number in range(700)]
    await connector.send(to(LI, "\n".join(lines), buttons=RATING))
    messages = await telegram.sent(LI.id)
    assert len(messages) > 1
    assert "\n".join(message["text"] for message in messages).splitlines() == lines
    assert ["reply_markup" in message for message in messages] == [False] * (len(messages) - 1) + [True]


async def test_parts_that_are_out_are_not_sent_again(telegram: Telegram, connector: TelegramConnector) -> None:
    await telegram.says(LI, "你好")
    long = to(LI, "一" * 4096 + "二" * 10)
    await telegram.fail("sendMessage", 429, retry_after=3)
    with pytest.raises(TryAgainLater):
        await connector.send(long)
    assert await telegram.sent(LI.id) == []
    send = connector._client.bot.send_message

    async def second_is_refused(*arguments: Any, **more: Any) -> Any:
        if await telegram.sent(LI.id):
            await telegram.fail("sendMessage", 429, retry_after=1)
        return await send(*arguments, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(connector._client.bot), "send_message", lambda _, *a, **k: second_is_refused(*a, **k))
        with pytest.raises(TryAgainLater):
            await connector.send(long)
    await connector.send(long)
    assert [message["text"][0] for message in await telegram.sent(LI.id)] == ["一", "二"]


async def test_too_fast_waits_alone_trap_22(telegram: Telegram, connector: TelegramConnector) -> None:
    await telegram.says(LI, "你好")
    await telegram.says(BOB, "hello")
    await telegram.fail("sendMessage", 429, retry_after=7)
    with pytest.raises(TryAgainLater) as later:
        await connector.send(to(LI))
    assert (later.value.retry_after_s, later.value.everybody) == (7.0, False)
    await connector.send(to(BOB))  # nobody sleeps in here, and another chat is free
    assert [message["chat"]["id"] for message in await telegram.sent()] == [BOB.id]


async def test_who_blocked_us_is_reached_no_more_until_they_let_us_trap_20(
    telegram: Telegram, intake: MemoryIntake
) -> None:
    async with polling(telegram, intake) as connector:
        await telegram.says(LI, "你好")
        await intake.stored(1)
        await telegram.blocks(LI)
        await intake.stored(2)
        with pytest.raises(Blocked):
            await connector.send(to(LI))
        await telegram.blocks(LI, blocked=False)
        await intake.stored(3)  # the line goes on: a blocked bot is no reason to stop
        await connector.send(to(LI))
        _, away, back = understood(connector, intake.messages)
        assert [(event.reachable, event.conversation) for event in (away, back)] == [(False, "1001"), (True, "1001")]
        assert all(event.ignored for event in (away, back))


async def test_a_group_that_moved_says_where_trap_21(telegram: Telegram, intake: MemoryIntake) -> None:
    old, new = group(-5001), group(-1009001, kind="supergroup")
    async with polling(telegram, intake) as connector:
        await telegram.says(LI, "电梯坏了", chat=old)
        await telegram.migrates(LI, old, new)
        await intake.stored(3)
        with pytest.raises(Moved) as moved:
            await connector.send(OutgoingMessage(key="k", address="-5001", text="已收到"))
        assert moved.value.address == "-1009001"
        await connector.send(OutgoingMessage(key="k", address=moved.value.address, text="已收到"))
        said, left, arrived = understood(connector, intake.messages)
        assert (said.group, said.conversation) == (True, "-5001")
        assert (left.conversation, left.moved_to) == ("-5001", "-1009001")
        assert (arrived.conversation, arrived.moved_to) == ("-1009001", None)
        assert left.ignored
        assert arrived.ignored


async def test_a_chat_nobody_opened_is_refused_for_good(connector: TelegramConnector) -> None:
    with pytest.raises(WillNotDeliver, match="Chat not found"):
        await connector.send(to(LI))


@pytest.mark.parametrize(
    ("failure", "expected", "doubled"),
    [
        pytest.param({"how": "cut"}, UnknownDelivery, False, id="cut before: nobody can know"),
        pytest.param({"how": "cut after"}, UnknownDelivery, True, id="cut after it was done"),
        pytest.param({"how": "silent after"}, UnknownDelivery, True, id="done, and then silence"),
        pytest.param({"code": 504}, UnknownDelivery, False, id="a gateway gave up"),
        pytest.param({"code": 500}, TryAgainLater, False, id="an error, taken at its word"),
        pytest.param({"code": 503, "how": "page"}, TryAgainLater, False, id="out of service"),
        pytest.param({"code": 401}, TryAgainLater, False, id="the token was withdrawn"),
        pytest.param({"code": 400, "description": "Bad Request: TOPIC_CLOSED"}, WillNotDeliver, False, id="refused"),
    ],
)
async def test_what_becomes_of_a_message(
    telegram: Telegram, connector: TelegramConnector, failure: dict[str, Any], expected: type[Exception], doubled: bool
) -> None:
    """`doubled`: sent again it would stand there twice, which is why nobody may."""
    await telegram.says(LI, "你好")
    await telegram.fail("sendMessage", **failure)
    quick = TelegramConnector(replace(settings_for(telegram), timeout_s=0.5))
    with pytest.raises(expected) as failed:
        await quick.send(to(LI))
    await quick.close()
    assert type(failed.value) is expected
    assert len(await telegram.sent(LI.id)) == doubled


async def test_a_slow_answer_is_waited_for(telegram: Telegram, connector: TelegramConnector) -> None:
    await telegram.says(LI, "你好")
    await telegram.delay(300)
    sent = await connector.send(to(LI))
    assert [str(message["message_id"]) for message in await telegram.sent(LI.id)] == [sent.external_id]


# --- buttons ----------------------------------------------------------------------------------------------------------


async def press(telegram: Telegram, label: str, user: User = LI) -> None:
    (*_, message) = await telegram.sent(user.id)
    await telegram.presses(user, message, label)


async def test_a_pressed_button_is_heard_answered_and_shown_trap_25(telegram: Telegram, intake: MemoryIntake) -> None:
    long = Button("还没有修好", "还没修好，" * 20)
    async with polling(telegram, intake) as connector:
        await telegram.says(LI, "你好")
        await intake.stored(1)
        sent = await connector.send(to(LI, "修好了吗？", buttons=(*RATING, long)))
        (shown,) = await telegram.sent(LI.id)
        await telegram.presses(LI, shown, "满意")
        await intake.stored(2)
        pressed = connector.parse(intake.messages[1])
        assert (pressed.text, pressed.reply_to_message) == ("满意 TS20261123-0001", sent.external_id)

        async def settled() -> bool:
            (message,) = await telegram.sent(LI.id)
            return "reply_markup" not in message and bool(message["text"] == "修好了吗？\n\n✓ 满意")

        await until(settled, "the choice stands in the message and the keyboard is gone")
        assert len((await telegram.state())["answered"]) == 1

        await telegram.presses(LI, shown, "还没有修好")  # on a phone that still shows the old keyboard
        await intake.stored(3)

        async def heard() -> bool:
            return len((await telegram.state())["answered"]) == 2

        await until(heard, "the second press is answered too")
        (message,) = await telegram.sent(LI.id)
        assert message["text"] == "修好了吗？\n\n✓ 满意"


async def test_a_button_with_long_words_says_what_stands_on_it(telegram: Telegram, intake: MemoryIntake) -> None:
    async with polling(telegram, intake) as connector:
        await telegram.says(LI, "你好")
        await intake.stored(1)
        await connector.send(to(LI, "修好了吗？", buttons=(Button("还没有修好", "还没修好，" * 20),)))
        await press(telegram, "还没有修好")
        await intake.stored(2)
        assert connector.parse(intake.messages[1]).text == "还没有修好"


async def test_a_button_that_cannot_be_settled_stops_nothing(telegram: Telegram, intake: MemoryIntake) -> None:
    async with polling(telegram, intake) as connector:
        await telegram.says(LI, "你好")
        await intake.stored(1)
        for failure in ({"code": 400}, {"code": 500}, {"how": "cut"}, {"code": 429, "retry_after": 60}):
            await telegram.fail("answerCallbackQuery", **failure)
            await connector.send(to(LI, "修好了吗？", buttons=RATING, key=str(failure)))
            await press(telegram, "满意")
        await intake.stored(5)
        await telegram.says(LI, "还在吗")
        await intake.stored(6)
        assert connector.health().ok


# --- files ------------------------------------------------------------------------------------------------------------


async def test_a_photo_and_a_document_are_fetched(telegram: Telegram, intake: MemoryIntake) -> None:
    small, large = await telegram.upload("s.jpg", b"small"), await telegram.upload("l.jpg", PHOTO)
    report = await telegram.upload("报告.pdf", b"%PDF-1.7 ...")
    sizes = [{**small, "width": 90, "height": 60}, {**large, "width": 900, "height": 600}]
    await telegram.says(LI, photo=sizes, caption="漏水")
    await telegram.says(LI, document={**report, "file_name": "报告.pdf", "mime_type": "application/pdf"})
    async with polling(telegram, intake) as connector:
        await intake.stored(2)
        [photo], [document] = (message.attachments for message in understood(connector, intake.messages))
        assert await connector.fetch(photo, max_bytes=10**6) == PHOTO
        assert (document.name, document.type, document.size) == ("报告.pdf", "application/pdf", 12)
        assert await connector.fetch(document, max_bytes=12) == b"%PDF-1.7 ..."


async def test_files_that_cannot_be_had_are_told_apart(telegram: Telegram, intake: MemoryIntake) -> None:
    liar = await telegram.upload("liar.jpg", PHOTO, declared=0)
    huge = await telegram.upload("film.mp4", b"x", declared=21 * 1024 * 1024)
    for file in (liar, huge):
        await telegram.says(LI, document=file)
    async with polling(telegram, intake) as connector:
        await intake.stored(2)
        [liar_file], [huge_file] = (message.attachments for message in understood(connector, intake.messages))
        with pytest.raises(WillNotDeliver, match="too large"):
            await connector.fetch(replace(liar_file, size=0), max_bytes=1000)
        with pytest.raises(WillNotDeliver, match="20 MB"):
            await connector.fetch(huge_file, max_bytes=10**9)
        with pytest.raises(TryAgainLater):
            await connector.fetch(replace(liar_file, handle="unknown"), max_bytes=10**6)
        await telegram.fail("getFile", 429, retry_after=5)
        with pytest.raises(TryAgainLater) as later:
            await connector.fetch(liar_file, max_bytes=10**6)
        assert later.value.retry_after_s == 5.0
        await telegram.kill()
        with pytest.raises(TryAgainLater):
            await connector.fetch(liar_file, max_bytes=10**6)


async def test_the_bot_sends_files_too(telegram: Telegram, connector: TelegramConnector) -> None:
    """By PTB itself: the emulator takes multipart bodies, so what PTB uploads can be had again."""
    await telegram.says(LI, "你好")
    bot = connector._client.bot
    photo = await bot.send_photo(LI.id, PHOTO, caption="照片")
    document = await bot.send_document(LI.id, b"%PDF", filename="通知.pdf")
    assert document.document is not None
    assert await connector._client.fetch(photo.photo[0].file_id, 10**6) == PHOTO
    assert await connector._client.fetch(document.document.file_id, 10**6) == b"%PDF"
    assert [message.get("caption") for message in await telegram.sent(LI.id)] == ["照片", None]


async def test_files_go_out_behind_the_words_and_their_failure_is_none_of_the_message(
    telegram: Telegram, connector: TelegramConnector
) -> None:
    await telegram.says(LI, "你好")
    data = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    file = Attachment("TS1.ics", "text/calendar; method=PUBLISH", data, len(data))
    assert connector.capabilities.sends_bytes >= len(data)
    sent = await connector.send(to(LI, attachments=(file,)))
    words, document = await telegram.sent(LI.id)
    assert (words["text"], str(words["message_id"])) == ("已收到", sent.external_id)
    assert document["document"]["file_name"] == "TS1.ics"
    assert await connector._client.fetch(document["document"]["file_id"], 10**6) == data
    await telegram.fail("sendDocument", 400, description="Bad Request: file must be non-empty")
    assert (await connector.send(to(LI, "再说一次", key="k2", attachments=(file,)))).external_id
    assert [message.get("text") for message in await telegram.sent(LI.id)] == ["已收到", None, "再说一次"]


# --- state ------------------------------------------------------------------------------------------------------------


async def test_check_explains_each_failure_in_a_sentence(telegram: Telegram, connector: TelegramConnector) -> None:
    async def trouble(**changes: Any) -> str:
        one = TelegramConnector(settings_for(telegram, **changes))
        try:
            await one.check()
        except ConnectorError as error:
            return str(error)
        finally:
            await one.close()
        return ""

    assert await trouble() == ""
    assert await trouble(username=telegram.username) == ""
    assert telegram.username in await trouble(username="SomeOtherBot")
    assert "@BotFather" in await trouble(token="4242:AAanother")
    assert "cannot be reached" in await trouble(base_url="http://127.0.0.1:1")
    await connector._client.bot.set_webhook("https://elsewhere.example/hook")
    assert "a webhook is set" in await trouble()
    assert await trouble(mode="webhook", public_url="http://127.0.0.1:9") == ""
    await connector._client.bot.set_webhook("http://127.0.0.1:9/hooks/telegram/update")
    await telegram.says(LI, "你好")

    async def failed() -> str:
        return await trouble(mode="webhook", public_url="http://127.0.0.1:9")

    assert "cannot hand over 1 updates" in await until(failed, "Telegram has tried")


async def test_the_token_is_told_to_nobody(
    telegram: Telegram, intake: MemoryIntake, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    async with polling(telegram, intake, retry_s=0.01) as connector:
        await telegram.says(LI, "你好")
        await intake.stored(1)
        for failure in (
            {"code": 401},
            {"code": 404},
            {"code": 500, "how": "page"},
            {"how": "cut"},
            {"how": "silent after"},
        ):
            for method in ("getUpdates", "sendMessage"):
                await telegram.fail(method, **failure)
            await telegram.says(LI, "再说一次")
            try:
                await connector.send(to(LI, key=str(failure)))
            except Exception as error:
                shown += [str(error), repr(error), repr(error.__cause__)]
            shown += [connector.health().detail, repr(connector.health().facts)]
        await telegram.kill()
        await eventually(lambda: "cannot be reached" in connector.health().detail)
        with pytest.raises(TryAgainLater) as failed:
            await connector.send(to(LI))
        shown += [str(failed.value), connector.health().detail]
    shown += [repr(settings_for(telegram)), caplog.text]
    secret = telegram.token.partition(":")[2]
    assert len(shown) > 10
    assert [text for text in shown if secret in text] == []


async def test_stopping_takes_no_time_and_leaves_nothing(telegram: Telegram, intake: MemoryIntake) -> None:
    before = asyncio.all_tasks()
    async with polling(telegram, intake) as connector:
        await eventually(lambda: connector.health().ok)
    assert asyncio.all_tasks() == before
    assert not connector.health().ok
