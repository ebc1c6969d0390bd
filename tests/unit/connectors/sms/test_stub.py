"""The SMS stub: the contract, its hooks, its phone."""

from __future__ import annotations

import asyncio
import logging

import aiohttp
import pytest

from connectors.port import (
    ConnectorError,
    ConversationLog,
    OutgoingMessage,
    TryAgainLater,
    UnknownDelivery,
    WillNotDeliver,
)
from connectors.sms import SmsStub, SmsStubSettings
from connectors.sms.stub import phone_number
from connectors.sockets import NotListening
from tests.fakes import LocalServer, MemoryIntake, MemoryLog, half_a_call, listening
from tests.unit.connectors.contract import ConnectorContract
from tests.unit.connectors.wire import wired

NUMBER = "13800138000"
KEY = {"Authorization": "Bearer hook-secret"}
HOOK = "/hooks/sms/stub"


class TestContract(ConnectorContract):
    address = NUMBER
    wrong_addresses = ("1234", "1" * 16, "a13800138000", "+", "someone@example.com")

    def make(self, log: ConversationLog) -> SmsStub:
        return SmsStub(SmsStubSettings(secret="hook-secret"), log)

    async def says(self, connector: object, text: str, message_id: str) -> None:
        assert isinstance(connector, SmsStub)
        server = LocalServer(connector.routes)
        await server.start()
        async with aiohttp.ClientSession(server.url, headers=KEY) as session:
            body = {"from": NUMBER, "text": text, "id": message_id}
            async with session.post(HOOK, json=body) as answer:
                assert (await answer.json())["stored"] is True
        await server.stop()


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("13800138000", "13800138000"),
        ("+86 138-0013-8000", "+8613800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("(0755) 2345.6789", "075523456789"),
        ("12345", "12345"),
        ("1234", None),
        ("1" * 16, None),
        ("++8613800138000", None),
        ("১৩৮০০১৩৮০০০", None),
        ("", None),
    ],
)
def test_phone_numbers(address: str, number: str | None) -> None:
    assert phone_number(address) == number


async def test_faults_come_in_the_order_asked_for() -> None:
    log = MemoryLog()
    stub = SmsStub(SmsStubSettings(), log)
    stub.fail_next += [TryAgainLater("busy", 5), UnknownDelivery("line broke"), WillNotDeliver("opted out")]
    message = OutgoingMessage("k1", NUMBER, "已收到")
    for kind in (TryAgainLater, UnknownDelivery, WillNotDeliver):
        with pytest.raises(kind):
            await stub.send(message)
    assert (await stub.send(message)).delivered
    assert len(await log.since("sms", NUMBER, 0)) == 1


async def test_a_text_longer_than_the_gateway_takes_is_refused_not_cut() -> None:
    log = MemoryLog()
    with pytest.raises(WillNotDeliver):
        await SmsStub(SmsStubSettings(), log).send(OutgoingMessage("k1", NUMBER, "长" * 351))
    assert await log.since("sms", NUMBER, 0) == []


async def test_a_failing_log_is_tried_again() -> None:
    log = MemoryLog()
    log.down = True
    with pytest.raises(TryAgainLater):
        await SmsStub(SmsStubSettings(), log).send(OutgoingMessage("k1", NUMBER, "已收到"))


async def test_replies_from_the_demo() -> None:
    intake, stub = MemoryIntake(), SmsStub(SmsStubSettings(), MemoryLog())
    with pytest.raises(NotListening):
        await stub.reply(NUMBER, "满意")
    async with listening(stub, intake):
        await stub.reply("138 0013 8000", "满意", message_id="r1")
        await stub.reply(NUMBER, "满意", message_id="r1")
        await stub.reply(NUMBER, "谢谢")
        for number, text, message_id in [("12", "x", None), (NUMBER, " ", None), (NUMBER, "x", "a b")]:
            with pytest.raises(ValueError, match="a reply needs"):
                await stub.reply(number, text, message_id=message_id)
    assert [stub.parse(raw).text for raw in intake.messages] == ["满意", "谢谢"]


@pytest.fixture
async def desk() -> object:
    """A stub with its server, its intake and a session that has the secret."""
    desk = Desk()
    await desk.server.start()
    async with listening(desk.stub, desk.intake), aiohttp.ClientSession(desk.server.url, headers=KEY) as desk.session:
        yield desk
    await desk.server.stop()


class Desk:
    session: aiohttp.ClientSession

    def __init__(self) -> None:
        self.intake, self.log = MemoryIntake(), MemoryLog()
        self.stub = SmsStub(SmsStubSettings(secret="hook-secret", demo=True), self.log)
        self.server = LocalServer(self.stub.routes)

    async def post(self, data: bytes, **headers: str) -> tuple[int, dict[str, object]]:
        async with self.session.post(HOOK, data=data, headers=headers) as answer:
            return answer.status, await answer.json()


async def test_what_was_sent_and_received_is_listed(desk: Desk) -> None:
    await desk.stub.send(OutgoingMessage("k1", "+86 13800138000", "别人的"))
    await desk.stub.send(OutgoingMessage("k1", NUMBER, "您满意吗？"))
    assert await desk.post('{"from":"13800138000","text":"满意"}'.encode()) == (200, {"stored": True, "seq": 2})
    async with desk.session.get(f"{HOOK}/{NUMBER}") as answer:
        listed = await answer.json()
    assert [(line["direction"], line["text"]) for line in listed["messages"]] == [
        ("sent", "您满意吗？"),
        ("received", "满意"),
    ]
    assert listed["more"] is False
    async with desk.session.get(f"{HOOK}/{NUMBER}", params={"after": "1"}) as answer:
        assert [line["text"] for line in (await answer.json())["messages"]] == ["满意"]
    for path in (f"{HOOK}/{NUMBER}?after=x", f"{HOOK}/{NUMBER}?after=-1", f"{HOOK}/nobody"):
        async with desk.session.get(path) as answer:
            assert answer.status == 400


@pytest.mark.parametrize("shown", [None, "", "Bearer", "Bearer wrong", "Bearer hook-secre", "Basic hook-secret", "密"])
async def test_strangers_are_turned_away(desk: Desk, shown: str | None) -> None:
    headers = {} if shown is None else {"Authorization": shown}
    async with aiohttp.ClientSession(desk.server.url, headers=headers) as session:
        async with session.post(HOOK, data=b'{"from":"13800138000","text":"x"}') as answer:
            assert answer.status == 401
            assert (await answer.json())["error"] == "unauthorized"
        async with session.get(f"{HOOK}/{NUMBER}") as answer:
            assert answer.status == 401
    assert desk.intake.messages == []


async def test_an_empty_secret_lets_nobody_in() -> None:
    stub = SmsStub(SmsStubSettings(), MemoryLog())
    server = LocalServer(stub.routes)
    await server.start()
    headers = {"Authorization": "Bearer "}
    async with (
        aiohttp.ClientSession(server.url, headers=headers) as session,
        session.get(f"{HOOK}/{NUMBER}") as answer,
    ):
        assert answer.status == 401
    await server.stop()
    with pytest.raises(ConnectorError, match="secret"):
        await stub.check()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe\x00",
        b"[]",
        b"[" * 8000,
        b'{"from":"13800138000"}',
        b'{"from":"13800138000","text":7}',
        b'{"from":"13800138000","text":"  \\u0000"}',
        b'{"from":13800138000,"text":"x"}',
        b'{"from":"nobody","text":"x"}',
        b'{"from":"13800138000","text":"x","id":""}',
        b'{"from":"13800138000","text":"x","id":7}',
        b'{"from":"13800138000","text":"' + b"x" * 2001 + b'"}',
    ],
)
async def test_a_bad_body_is_answered_400(desk: Desk, body: bytes) -> None:
    status, answer = await desk.post(body)
    assert (status, answer["error"]) == (400, "bad_request")
    assert desk.intake.messages == []


async def test_a_big_body_is_answered_413_before_it_is_read(desk: Desk) -> None:
    assert (await desk.post(b"x" * 8193))[0] == 413

    # Without a length in front, and never ending: answered as soon as it is too long.
    head = f"POST {HOOK} HTTP/1.1\r\nHost: x\r\nAuthorization: {KEY['Authorization']}\r\nTransfer-Encoding: chunked\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", desk.server.port)
    writer.write(head.encode() + (b"1000\r\n" + b"x" * 4096 + b"\r\n") * 3)
    async with asyncio.timeout(10):
        assert b" 413 " in await reader.readline()
    writer.close()
    assert (await desk.post(b'{"from":"13800138000","text":"x"}'))[0] == 200


async def test_a_body_that_does_not_come_is_not_waited_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.sms.stub._BODY_TIMEOUT_S", 0.01)
    assert await half_a_call(f"{desk.server.url}{HOOK}", KEY) == 408
    assert desk.intake.messages == []


async def test_the_same_id_is_stored_once(desk: Desk) -> None:
    body = b'{"from":"13800138000","text":"x","id":"gw-7"}'
    answers = await asyncio.gather(*(desk.post(body) for _ in range(5)))
    assert answers == [(200, {"stored": True, "seq": 1})] * 5
    assert len(desk.intake.messages) == 1


async def test_not_stored_is_answered_503(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="connectors")
    desk.intake.down = True
    assert (await desk.post(b'{"from":"13800138000","text":"secret words"}'))[0] == 503
    assert caplog.records
    assert NUMBER not in caplog.text
    assert "secret words" not in caplog.text


async def test_the_phone_shows_and_answers(desk: Desk) -> None:
    async with wired(f"{desk.server.url}{HOOK}/{NUMBER}/socket") as wire:
        welcome = await wire.hello("anything at all")
        assert (welcome["conversation"], welcome["secret"]) == (NUMBER, None)
        await desk.stub.send(OutgoingMessage("k1", NUMBER, "您满意吗？"))
        assert (await wire.hears("line"))["text"] == "您满意吗？"
        await wire.say("p1", "满意")
        assert (await wire.hears("stored"))["id"] == "p1"
    assert desk.stub.parse(desk.intake.messages[0]).text == "满意"


async def test_the_phone_is_there_in_the_demo_only() -> None:
    stub = SmsStub(SmsStubSettings(secret="x"), MemoryLog())
    assert not any("socket" in route.path for route in stub.routes())


async def test_the_phone_wants_a_page_of_ours_and_a_number(desk: Desk) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with wired(f"{desk.server.url}{HOOK}/{NUMBER}/socket", origin="https://evil.example"):
            pass
    assert refused.value.status == 403
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with wired(f"{desk.server.url}{HOOK}/nobody/socket"):
            pass
    assert refused.value.status == 400
