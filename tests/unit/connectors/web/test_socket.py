"""The socket protocol against clients that are many, slow, rude, gone or back again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from connectors import frames
from connectors.callers import Buckets
from connectors.port import LogEntry, OutgoingMessage
from connectors.said import clean
from connectors.web import WebChatConnector, WebChatSettings, conversation_of
from tests.fakes import LocalServer, MemoryIntake, MemoryLog, eventually, listening
from tests.unit.connectors.wire import Wire, wired

SECRET = "s" * 32
ADDRESS = conversation_of(SECRET)


class Chat:
    """A web chat with its server; `settings` may be replaced before `start`."""

    def __init__(self, settings: WebChatSettings) -> None:
        self.intake, self.log = MemoryIntake(), MemoryLog()
        self.connector = WebChatConnector(settings, self.log)
        self.server = LocalServer(self.connector.routes)

    @property
    def url(self) -> str:
        return f"{self.server.url}/chat/socket"

    async def __aenter__(self) -> Chat:
        await self.server.start()
        self._listening = listening(self.connector, self.intake)
        await self._listening.__aenter__()
        return self

    async def __aexit__(self, *args: object) -> None:
        await self._listening.__aexit__(None, None, None)
        await self.server.stop()

    async def sends(self, key: str, text: str) -> None:
        await self.connector.send(OutgoingMessage(key, ADDRESS, text))

    @property
    def lines(self) -> list[str]:
        return [line.text for line in self.log.lines.get(("web", ADDRESS), [])]


@pytest.fixture
async def chat() -> AsyncIterator[Chat]:
    async with Chat(WebChatSettings(conversation_burst=1000, address_burst=10_000)) as chat:
        yield chat


async def test_first_contact_gets_a_secret_that_brings_the_conversation_back(chat: Chat) -> None:
    async with wired(chat.url) as wire:
        first = await wire.hello()
        assert first["log"] == []
        assert first["conversation"] == conversation_of(first["secret"])
        await wire.say("m-1", "路灯坏了", locale="en")
        stored = await wire.hears("stored")
        assert stored["id"] == "m-1"
    async with wired(chat.url) as wire:
        again = await wire.hello(first["secret"])
        assert (again["secret"], again["conversation"], again["reset"]) == (
            first["secret"],
            first["conversation"],
            False,
        )
        [line] = again["log"]
        assert (line["id"], line["seq"], line["out"], line["text"]) == ("m-1", stored["seq"], False, "路灯坏了")
    raw = chat.intake.messages[0]
    assert first["secret"] not in raw.raw.decode()
    assert chat.connector.parse(raw).locale == "en"


async def test_words_said_on_one_screen_are_seen_on_the_other(chat: Chat) -> None:
    async with wired(chat.url) as phone, wired(chat.url) as laptop:
        await phone.hello(SECRET)
        await laptop.hello(SECRET)
        await phone.say("m-1", "还没修好")
        stored, line = await phone.hears("stored"), await laptop.hears("line")
        assert (line["seq"], line["id"], line["text"]) == (stored["seq"], "m-1", "还没修好")
        await chat.sends("k1", "明白了")
        assert await phone.hears("line") == await laptop.hears("line")


async def test_what_is_written_here_is_not_read_again(chat: Chat) -> None:
    async with wired(chat.url) as wire:
        await wire.hello(SECRET)
        for turn in range(3):
            await wire.say(f"m-{turn}", "进度")
            await wire.hears("stored")
            await chat.sends(f"k{turn}", "处理中")
            assert (await wire.hears("line"))["text"] == "处理中"
    assert chat.log.readings == 1  # for the welcome


async def test_an_answer_that_is_heard_of_before_the_line_it_answers_waits_for_it(chat: Chat) -> None:
    hear, go_on = chat.log.hear, asyncio.Event()

    async def slow(*args: Any, **kwargs: Any) -> LogEntry:
        entry = await hear(*args, **kwargs)
        await go_on.wait()  # as when others of the same commit are told first
        return entry

    async with wired(chat.url) as wire, wired(chat.url) as screen:
        await wire.hello(SECRET)
        await screen.hello(SECRET)
        chat.log.hear = slow  # type: ignore[method-assign]
        await wire.say("m-1", "进度")
        await eventually(lambda: chat.lines == ["进度"])
        chat.connector.show(ADDRESS, await chat.log.append("web", ADDRESS, "k1", outgoing=True, text="处理中"))
        await screen.send(type="ping")
        await screen.hears("pong")
        go_on.set()
        await wire.hears("stored")
        assert (await wire.hears("line"))["text"] == "处理中"
        assert [(await screen.hears("line"))["text"] for _ in range(2)] == ["进度", "处理中"]
    assert chat.log.readings == 2  # for the welcomes


async def test_an_answer_is_shown_although_storing_another_line_failed(chat: Chat) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def fails(*args: Any, **kwargs: Any) -> list[bool]:
        begun.set()
        await go_on.wait()
        raise OSError("the disk is full")

    async with wired(chat.url) as wire, wired(chat.url) as screen:
        await wire.hello(SECRET)
        await screen.hello(SECRET)
        chat.intake.store = fails  # type: ignore[method-assign]
        await wire.send(type="unsay", id="m-1")
        await begun.wait()
        await chat.log.append("web", ADDRESS, "other", outgoing=True, text="由另一进程写下")
        chat.connector.show(ADDRESS, await chat.log.append("web", ADDRESS, "k1", outgoing=True, text="处理中"))
        await screen.send(type="ping")
        await screen.hears("pong")
        go_on.set()
        assert [(await screen.hears("line"))["text"] for _ in range(2)] == ["由另一进程写下", "处理中"]


async def test_what_another_process_wrote_in_between_is_shown_in_its_place(chat: Chat) -> None:
    async with wired(chat.url) as wire:
        await wire.hello(SECRET)
        await chat.log.append("web", ADDRESS, "other", outgoing=True, text="由另一进程写下")
        await chat.sends("k1", "处理中")
        assert [(await wire.hears("line"))["text"] for _ in range(2)] == ["由另一进程写下", "处理中"]
        await chat.sends("other", "由另一进程写下")  # said again here: shown already
        await chat.sends("k2", "完")
        assert (await wire.hears("line"))["text"] == "完"


async def test_more_than_a_socket_holds_in_memory_is_shown_from_the_log(chat: Chat) -> None:
    since, go_on = chat.log.since, asyncio.Event()

    async def slow(*args: Any, **kwargs: Any) -> list[LogEntry]:
        read = await since(*args, **kwargs)  # before anything of what follows is written
        await go_on.wait()
        return read

    async with wired(chat.url) as wire:
        await wire.hello(SECRET)
        chat.log.since = slow  # type: ignore[method-assign]
        chat.connector.wake(ADDRESS)
        await eventually(lambda: chat.log.readings == 2)
        for number in range(60):
            await chat.sends(f"k{number}", str(number))
        go_on.set()
        assert [(await wire.hears("line"))["text"] for _ in range(60)] == [str(number) for number in range(60)]


async def test_a_socket_cut_between_storing_and_answering_loses_and_doubles_nothing(chat: Chat) -> None:
    chat.intake.gate.clear()
    async with wired(chat.url) as wire:
        await wire.hello(SECRET)
        await wire.say("m-1", "漏水了")
        await chat.intake.stored(1)
        wire.cut()
    chat.intake.gate.set()
    async with wired(chat.url) as wire:
        await wire.hello(SECRET)
        await wire.say("m-1", "漏水了")
        # Either the cut call still reached the log before this hello, or it is acknowledged here: one line in any case.
        assert (await wire.hears("stored"))["seq"] == 1
    assert len(chat.intake.messages) == 1
    assert chat.lines == ["漏水了"]


async def test_what_the_inbox_has_but_the_log_has_not_is_said_again(chat: Chat) -> None:
    chat.log.down = True
    async with wired(chat.url) as wire:
        await wire.send(type="hello", secret=SECRET, seen=0)
        assert await wire.closed_with() == 1013
    chat.log.down = False
    async with wired(chat.url) as wire:
        await wire.hello(SECRET)
        chat.log.down = True
        await wire.say("m-1", "漏水了")
        assert await wire.closed_with() == 1013
    assert len(chat.intake.messages) == 1
    chat.log.down = False
    async with wired(chat.url) as wire:
        assert (await wire.hello(SECRET))["log"] == []
        await wire.say("m-1", "漏水了")
        await wire.hears("stored")
    assert len(chat.intake.messages) == 1
    assert chat.lines == ["漏水了"]


async def test_what_is_not_stored_is_not_acknowledged(chat: Chat) -> None:
    chat.intake.down = True
    async with wired(chat.url) as wire:
        await wire.hello(SECRET)
        await wire.say("m-1", "漏水了")
        assert await wire.closed_with() == 1013
    assert chat.lines == []
    chat.intake.down = False
    async with wired(chat.url) as wire:
        await wire.hello(SECRET)
        await wire.say("m-1", "漏水了")
        await wire.hears("stored")
    assert chat.lines == ["漏水了"]


async def test_a_reconnect_hears_what_it_missed_and_only_that(chat: Chat) -> None:
    async with wired(chat.url) as wire:
        await wire.hello(SECRET)
        await chat.sends("k1", "一")
        seen = (await wire.hears("line"))["seq"]
    await chat.sends("k2", "二")
    await chat.sends("k3", "三")
    async with wired(chat.url) as wire:
        welcome = await wire.hello(SECRET, seen=seen)
        assert [line["text"] for line in welcome["log"]] == ["二", "三"]
        await chat.sends("k2", "二")  # sent again by an outbox that was not sure: shown once
        await chat.sends("k4", "四")
        assert (await wire.hears("line"))["text"] == "四"


async def test_a_log_that_lost_the_last_seen_line_starts_afresh(chat: Chat) -> None:
    await chat.sends("k1", "新的开始")
    async with wired(chat.url) as wire:
        welcome = await wire.hello(SECRET, seen=50)
        assert welcome["reset"] is True
        assert [line["text"] for line in welcome["log"]] == ["新的开始"]


@pytest.mark.parametrize("seen", [-1, 0, True, "7", None, 1.5, 2**63, 10**400])
async def test_a_made_up_place_in_the_log_is_the_beginning(chat: Chat, seen: object) -> None:
    await chat.sends("k1", "一")
    async with wired(chat.url) as wire:
        await wire.send(type="hello", secret=SECRET, seen=seen)
        assert [line["text"] for line in (await wire.hears("welcome"))["log"]] == ["一"]


async def test_a_long_log_arrives_whole(chat: Chat) -> None:
    await grow(chat, 0, 250)
    async with wired(chat.url) as wire:
        heard = [line["text"] for line in (await wire.hello(SECRET))["log"]]
        while len(heard) < 250:
            heard.append((await wire.hears("line"))["text"])
    assert heard == [str(number) for number in range(250)]


async def test_no_frame_holds_more_of_a_long_log_than_a_page_can_be_made_to_wait_for(chat: Chat) -> None:
    long = "水" * 4000
    for number in range(40):
        await chat.sends(f"k{number}", f"{number} {long}")
    async with wired(chat.url) as wire:
        welcome = await wire.hello(SECRET)
        assert sum(len(line["text"]) for line in welcome["log"]) <= 64 * 1024
        heard = [line["text"] for line in welcome["log"]]
        while len(heard) < 40:
            heard.append((await wire.hears("line"))["text"])
    assert heard == [f"{number} {long}" for number in range(40)]


async def test_a_long_log_arrives_whole_while_it_grows(chat: Chat) -> None:
    await grow(chat, 0, 450)
    async with wired(chat.url) as wire, asyncio.TaskGroup() as tasks:
        welcome = await wire.hello(SECRET)
        tasks.create_task(grow(chat, 450, 500))
        heard = [line["text"] for line in welcome["log"]]
        while len(heard) < 500:
            heard.append((await wire.hears("line"))["text"])
    assert heard == [str(number) for number in range(500)]


async def grow(chat: Chat, first: int, last: int) -> None:
    for number in range(first, last):
        await chat.sends(f"k{number}", str(number))


async def test_everybody_sees_one_order_while_many_talk_at_once(chat: Chat) -> None:
    async def talk(name: str, wire: Wire) -> list[tuple[int, str]]:
        for number in range(20):
            await wire.say(f"{name}-{number}", f"{name} {number}")
        heard: list[tuple[int, str]] = []
        while len(heard) < 80:
            message = json.loads((await wire.ws.receive(timeout=10)).data)
            heard.append((message["seq"], message["id"] if "id" in message else message["text"]))
        return heard

    async with wired(chat.url) as a, wired(chat.url) as b, wired(chat.url) as c:
        for wire in (a, b, c):
            await wire.hello(SECRET)
        async with asyncio.TaskGroup() as tasks:
            talks = [tasks.create_task(talk(name, wire)) for name, wire in (("a", a), ("b", b), ("c", c))]
            tasks.create_task(grow(chat, 0, 20))
    heard = [task.result() for task in talks]
    assert heard[0] == heard[1] == heard[2]
    assert [seq for seq, _ in heard[0]] == list(range(1, 81))
    stored = [raw.external_id.partition(":")[2] for raw in chat.intake.messages]
    assert [name for _, name in heard[0] if "-" in name] == stored
    for name in "abc":
        assert [other for other in stored if other.startswith(name)] == [f"{name}-{number}" for number in range(20)]


async def test_an_answer_never_stands_above_its_question(chat: Chat) -> None:
    """Trap 17: the core may answer as soon as the inbox has the message."""
    chat.intake.gate.clear()
    async with wired(chat.url) as wire:
        await wire.hello(SECRET)
        await wire.say("m-1", "问")
        await chat.intake.stored(1)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(chat.sends("k1", "答"))
            await asyncio.sleep(0)
            chat.intake.gate.set()
        assert (await wire.hears("stored"))["id"] == "m-1"
        assert (await wire.hears("line"))["text"] == "答"
    assert chat.lines == ["问", "答"]


async def test_junk_is_refused_and_then_shown_out(chat: Chat) -> None:
    async with wired(chat.url) as wire:
        await wire.hello(SECRET)
        for junk in ("{", "[" * 60_000):
            await wire.ws.send_str(junk)
            assert (await wire.hears("refused"))["reason"] == "not_json"
        await wire.ws.send_bytes(b"\x00\xff")
        assert await wire.closed_with() == 1008


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ({"type": "shout"}, "not_understood"),
        ({}, "not_understood"),
        ({"type": "hello", "secret": SECRET}, "not_understood"),
        ({"type": "say", "text": "x"}, "bad_id"),
        ({"type": "say", "id": "a b", "text": "x"}, "bad_id"),
        ({"type": "say", "id": "i" * 101, "text": "x"}, "bad_id"),
        ({"type": "say", "id": "m-1", "text": 7}, "not_understood"),
        ({"type": "say", "id": "m-1"}, "not_understood"),
        ({"type": "say", "id": "m-1", "text": "x", "reply_to": 7}, "not_understood"),
        ({"type": "say", "id": "m-1", "text": " \n\u0000"}, "empty"),
        ({"type": "say", "id": "m-1", "text": "长" * 4001}, "too_long"),
    ],
)
async def test_a_wrong_frame_is_answered_and_the_next_one_is_heard(
    chat: Chat, frame: dict[str, object], reason: str
) -> None:
    async with wired(chat.url) as wire:
        await wire.hello(SECRET)
        await wire.send(**frame)
        assert (await wire.hears("refused"))["reason"] == reason
        await wire.say("m-2", "听得见")
        assert (await wire.hears("stored"))["id"] == "m-2"
        await wire.send(type="ping")
        await wire.hears("pong")
    assert chat.lines == ["听得见"]


async def test_half_characters_are_mended_before_they_are_stored(chat: Chat) -> None:
    async with wired(chat.url) as wire:
        await wire.hello(SECRET)
        await wire.ws.send_str('{"type":"say","id":"m-1","text":"a\\ud83d\\u0000b 😤"}')
        await wire.hears("stored")
    assert chat.lines == ["a\ufffdb 😤"]


async def test_a_pressed_button_says_which_message_it_answers(chat: Chat) -> None:
    async with wired(chat.url) as wire:
        await wire.hello(SECRET)
        await wire.say("m-1", "满意", reply_to="12")
        await wire.hears("stored")
    heard = chat.connector.parse(chat.intake.messages[0])
    assert (heard.reply_to_message, heard.pressed) == ("12", True)


async def test_what_was_taken_back_is_stored_and_named_by_its_own_id(chat: Chat) -> None:
    async with wired(chat.url) as wire:
        await wire.hello(SECRET)
        await wire.say("m-1", "说错了")
        await wire.hears("stored")
        for _ in range(2):
            await wire.send(type="unsay", id="m-1")
            assert await wire.hears("unsaid") == {"type": "unsaid", "id": "m-1"}
        await wire.send(type="unsay", id="no id of ours")
        assert (await wire.hears("refused"))["reason"] == "bad_id"
    said, unsaid = (chat.connector.parse(message) for message in chat.intake.messages)
    assert (said.message_id, said.deleted) == ("m-1", False)
    assert (unsaid.message_id, unsaid.deleted, unsaid.text) == ("m-1", True, "")


async def test_ten_megabytes_are_shown_out_and_nobody_else_notices(chat: Chat) -> None:
    async with wired(chat.url) as other, wired(chat.url) as wire:
        await other.hello(SECRET)
        await wire.hello(SECRET)
        try:
            await wire.ws.send_str("x" * 10_000_000)
            assert await wire.closed_with() in (1009, 1006)
        except ConnectionError:
            pass  # shown out before all of it was sent
        await other.say("m-1", "还在吗")
        assert (await other.hears("stored"))["id"] == "m-1"
    assert chat.lines == ["还在吗"]


async def test_a_frame_just_over_the_limit_is_closed_with_1009(chat: Chat) -> None:
    async with wired(chat.url) as wire:
        await wire.hello(SECRET)
        await wire.say("m-1", "x" * 70_000)
        assert await wire.closed_with() == 1009
    assert chat.intake.messages == []


async def test_a_bad_secret_is_refused_and_a_good_one_still_taken(chat: Chat) -> None:
    async with wired(chat.url) as wire:
        await wire.send(type="hello", secret="short")
        assert (await wire.hears("refused"))["reason"] == "bad_secret"
        await wire.hello(SECRET)


async def test_who_says_no_hello_is_shown_out() -> None:
    async with Chat(WebChatSettings(hello_timeout_s=0.05)) as chat, wired(chat.url) as wire:
        assert await wire.closed_with() == 1008


async def test_before_listening_it_is_too_early() -> None:
    chat = Chat(WebChatSettings())
    await chat.server.start()
    async with wired(chat.url) as wire:
        assert await wire.closed_with() == 1013
    await chat.server.stop()


async def test_stopping_says_good_bye_to_everybody_at_once() -> None:
    async with Chat(WebChatSettings()) as chat:
        async with wired(chat.url) as a, wired(chat.url) as b, wired(chat.url) as silent:
            await a.hello(SECRET)
            await b.hello()
            closing = asyncio.create_task(chat.connector.close())
            assert [await wire.closed_with() for wire in (a, b, silent)] == [1001, 1001, 1001]
            await closing
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with wired(chat.url):
                pass
        assert refused.value.status == 503


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://127.0.0.1", "http://127.0.0.1.evil:80"])
async def test_pages_of_others_may_not_connect(chat: Chat, origin: str) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with wired(chat.url, origin=origin):
            pass
    assert refused.value.status == 403


@pytest.mark.parametrize(
    ("scheme", "passed_on", "may"),
    [
        pytest.param("http", {}, True, id="as it came"),
        pytest.param("https", {}, False, id="a page that came otherwise"),
        pytest.param("file", {}, False, id="a file"),
        pytest.param("", {}, False, id="no scheme"),
        pytest.param("https", {"X-Forwarded-Proto": "https"}, True, id="https up to the server in front"),
        pytest.param("http", {"X-Forwarded-Proto": "https"}, False, id="a page without TLS beside it"),
        pytest.param("https", {"X-Forwarded-Proto": "http, WSS"}, True, id="named as a socket's, by the last in front"),
        pytest.param("file", {"X-Forwarded-Proto": "file"}, False, id="a file behind a server in front"),
        pytest.param("https", {"X-Forwarded-For": "192.0.2.1"}, True, id="a server in front that does not tell"),
        pytest.param("file", {"X-Forwarded-For": "192.0.2.1"}, False, id="a file behind one that does not tell"),
    ],
)
async def test_a_page_of_our_host_comes_as_our_pages_come(
    chat: Chat, scheme: str, passed_on: dict[str, str], may: bool
) -> None:
    host = chat.server.url.partition("://")[2]
    headers = {"Origin": f"{scheme}://{host}" if scheme else host, **passed_on}
    async with aiohttp.ClientSession() as session:
        if may:
            async with session.ws_connect(chat.url, headers=headers) as ws:
                assert not ws.closed
            return
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(chat.url, headers=headers)
        assert refused.value.status == 403


async def test_named_origins_and_programs_may_connect_where_settings_say_so() -> None:
    settings = WebChatSettings(allowed_origins=("https://www.Example.com/",), allow_missing_origin=True)
    async with Chat(settings) as chat:
        for origin in ("https://www.example.com", ""):
            async with wired(chat.url, origin=origin) as wire:
                await wire.hello(SECRET)


async def test_one_address_may_hold_so_many_sockets_and_all_so_many() -> None:
    async with Chat(WebChatSettings(sockets_per_address=3)) as chat:
        await fills_up(chat, 3, 429)
    async with Chat(WebChatSettings(sockets_total=3)) as chat:
        await fills_up(chat, 3, 503)


async def fills_up(chat: Chat, room: int, status: int) -> None:
    async with asyncio.TaskGroup() as tasks:
        done, ready = asyncio.Event(), asyncio.Semaphore(0)

        async def sit() -> None:
            async with wired(chat.url) as wire:
                await wire.hello()
                ready.release()
                await done.wait()

        for _ in range(room):
            tasks.create_task(sit())
        for _ in range(room):
            await ready.acquire()
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with wired(chat.url):
                pass
        assert refused.value.status == status
        done.set()
    await eventually(lambda: chat.connector.health().facts["sockets"] == 0)
    async with wired(chat.url) as wire:
        await wire.hello()


async def test_behind_a_proxy_the_address_is_the_one_the_proxy_saw() -> None:
    async with Chat(WebChatSettings(sockets_per_address=1, proxies=1)) as chat, aiohttp.ClientSession() as session:
        origin = {"Origin": chat.server.url}

        async def connect(hops: str) -> aiohttp.ClientWebSocketResponse:
            return await session.ws_connect(chat.url, headers={**origin, "X-Forwarded-For": hops})

        first = await connect("9.9.9.9, 10.0.0.1")
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await connect("8.8.8.8, 10.0.0.1")  # what the client wrote itself does not count
        second = await connect("10.0.0.2")
        await first.close()
        await second.close()


async def test_a_network_of_ipv6_is_one_address_and_keeps_nobody_out() -> None:
    settings = WebChatSettings(sockets_per_address=2, sockets_total=4, proxies=1)
    async with Chat(settings) as chat, aiohttp.ClientSession() as session:

        async def connect(remote: str) -> aiohttp.ClientWebSocketResponse:
            return await session.ws_connect(chat.url, headers={"Origin": chat.server.url, "X-Forwarded-For": remote})

        open_ = [await connect(f"2001:db8:1:2::{host}") for host in (1, 2)]
        for host in range(3, 8):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await connect(f"2001:db8:1:2::{host}")
            assert refused.value.status == 429
        open_ += [await connect(other) for other in ("198.51.100.9", "2001:db8:1:3::1")]
        for ws in open_:
            await ws.close()


async def test_messages_of_a_network_of_ipv6_are_counted_together() -> None:
    settings = WebChatSettings(address_per_minute=1, address_burst=1, proxies=1)
    async with Chat(settings) as chat, aiohttp.ClientSession() as session:

        async def says(remote: str, answer: str) -> None:
            headers = {"Origin": chat.server.url, "X-Forwarded-For": remote}
            async with session.ws_connect(chat.url, headers=headers) as ws:
                wire = Wire(ws)
                await wire.hello()
                await wire.say("m-1", "投诉")
                await wire.hears(answer)

        await says("2001:db8:1:2::1", "stored")
        await says("2001:db8:1:2:ffff::1", "refused")
        await says("2001:db8:1:3::1", "stored")


async def test_many_sockets_of_many_people(chat: Chat) -> None:
    async def live(number: int) -> str:
        async with wired(chat.url) as wire:
            welcome = await wire.hello()
            await wire.say("m", f"我是{number}号")
            await wire.hears("stored")
            await chat.connector.send(OutgoingMessage("k", welcome["conversation"], f"{number}号您好"))
            return str((await wire.hears("line"))["text"])

    results: list[str] = []
    for start in range(0, 200, 40):
        results += await asyncio.gather(*(live(number) for number in range(start, start + 40)))
    assert results == [f"{number}号您好" for number in range(200)]
    assert len(chat.intake.messages) == 200


async def test_who_talks_too_fast_is_asked_to_wait_and_loses_nothing() -> None:
    settings = WebChatSettings(conversation_burst=3, conversation_per_minute=60_000, address_burst=10_000)
    async with Chat(settings) as chat:
        async with wired(chat.url) as wire:
            await wire.hello(SECRET)
            waits = 0
            for number in range(20):
                stored = False
                while not stored:
                    await wire.say(f"m-{number}", str(number))
                    frame = json.loads((await wire.ws.receive(timeout=10)).data)
                    assert frame["id"] == f"m-{number}"
                    stored = frame["type"] == "stored"
                    if not stored:
                        assert frame["reason"] == "too_fast"
                        assert frame["retry_after_s"] >= 0
                        waits += 1
        assert waits > 0
        assert chat.lines == [str(number) for number in range(20)]


async def test_what_comes_too_fast_is_not_even_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[str] = []
    real = frames._object

    def counting(data: str) -> dict[str, object] | None:
        decoded.append(data)
        return real(data)

    monkeypatch.setattr(frames, "_object", counting)
    async with Chat(WebChatSettings(address_burst=1, address_per_minute=0.001)) as chat, wired(chat.url) as wire:
        await wire.hello(SECRET)
        await wire.say("m-1", "一")
        await wire.hears("stored")
        await wire.say("m-2", '"id": "m-9" 二')
        refused = json.loads((await wire.ws.receive(timeout=10)).data)
        assert (refused["reason"], refused["id"]) == ("too_fast", "m-2")
        assert len(decoded) == 2, "the greeting, and what was let in"


async def test_who_does_not_listen_to_that_is_shown_out() -> None:
    async with Chat(WebChatSettings(address_burst=1, address_per_minute=0.001)) as chat, wired(chat.url) as wire:
        await wire.hello(SECRET)
        for _ in range(52):
            await wire.send(type="ping")
        assert await wire.closed_with() == 1008


async def test_who_never_reads_is_dropped_and_holds_up_nobody() -> None:
    async with Chat(WebChatSettings(write_timeout_s=0.2)) as chat:
        reader, writer = await asyncio.open_connection("127.0.0.1", chat.server.port, limit=1024)
        host = f"127.0.0.1:{chat.server.port}"
        writer.write(
            f"GET /chat/socket HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        await reader.readuntil(b"\r\n\r\n")
        writer.write(masked(json.dumps({"type": "hello", "secret": SECRET}).encode()))
        await reader.read(2)
        async with wired(chat.url) as wire:
            await wire.hello(SECRET)
            for number in range(400):
                await chat.sends(f"k{number}", "长" * 4000)
                await wire.hears("line")
            await eventually(lambda: chat.connector.health().facts["sockets"] == 1)
            await chat.sends("last", "还在")
            assert (await wire.hears("line"))["text"] == "还在"
        writer.close()


def masked(payload: bytes) -> bytes:
    """One text frame as a client sends it, its mask all zeros."""
    assert len(payload) < 126
    return bytes([0x81, 0x80 | len(payload), 0, 0, 0, 0]) + payload


def test_buckets_fill_up_again_and_forget_the_longest_unused() -> None:
    now = [0.0]
    buckets = Buckets(60, 2, clock=lambda: now[0], most=2)
    assert [buckets.take("a"), buckets.take("a")] == [0.0, 0.0]
    assert buckets.take("a") == pytest.approx(1.0)
    now[0] = 0.5
    assert buckets.take("a") == pytest.approx(0.5)
    now[0] = 1.0
    assert buckets.take("a") == 0.0
    assert buckets.take("b") == 0.0
    assert buckets.take("c") == 0.0  # "a" is forgotten
    assert buckets.take("a") == 0.0


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  x \n", "x"),
        ("a\r\nb\rc\td", "a\nb\nc\td"),
        ("a\x00b\x1bc\x7f", "abc"),
        ("\ud83d\ude24", "😤"),
        ("\ude24\ud83d", "\ufffd\ufffd"),
        ("满意\u200b", "满意\u200b"),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned
