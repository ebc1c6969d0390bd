"""SMS over a real Kannel: what is sent reaches the phones, what phones say reaches us, and nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest

from connectors.port import (
    ConnectorError,
    IncomingMessage,
    OutgoingMessage,
    RawMessage,
    Receipt,
    Reported,
    TryAgainLater,
    UnknownDelivery,
)
from connectors.sms import GatewaySettings, SmsGateway
from tests.fakes import LocalServer, MemoryIntake, eventually, listening
from tests.servers.dovecot import free_port
from tests.servers.kannel import PASSWORD, SENDER, USER, Kannel
from tests.unit.connectors.sms.gateway_contract import GatewayContract, Rig

NUMBER = "+8613800138000"
SECRET = "kannel-calls-here-0"
LONG = "电梯又停了，6栋1202的老人下不了楼，请尽快派人，反映 3+1 次了。" * 5 + "谢谢您帮忙👍"


class Line:
    """Kannel, its phones and our connector, talking to each other."""

    def __init__(self) -> None:
        self.intake = MemoryIntake()
        self.server = LocalServer(lambda: self.gateway.routes())
        self.server.port = free_port()
        self.kannel = Kannel(f"{self.server.url}/hooks/sms/kannel/{SECRET}/mo")
        self.gateway = self.connector()

    def connector(self, **more: object) -> SmsGateway:
        values = {"url": self.kannel.url, "user": USER, "password": PASSWORD, "callback_url": self.server.url}
        return SmsGateway(GatewaySettings(provider="kannel", secret=SECRET, **(values | more)))  # type: ignore[arg-type]

    async def heard(self, count: int) -> list[IncomingMessage]:
        """Return the messages of people once there are so many."""
        return [message for message in await self._parsed(count, people=True) if message.sender]

    async def receipts(self, count: int = 1) -> list[Receipt]:
        """Return what became of ours once there are so many reports."""
        parsed = await self._parsed(count, people=False)
        return [receipt for message in parsed for receipt in message.receipts]

    async def _parsed(self, count: int, *, people: bool) -> list[IncomingMessage]:
        def wanted() -> list[RawMessage]:
            return [raw for raw in self.intake.messages if raw.external_id.startswith("dlr:") is not people]

        await eventually(lambda: len(wanted()) >= count, timeout_s=60)
        return [self.gateway.parse(raw) for raw in wanted()]


class Relay:
    """Stands between us and Kannel. cut: breaks the line to us once Kannel has answered. calls: requests passed on whole."""

    def __init__(self, port: int, *, cut: bool = False) -> None:
        self.calls = 0
        self._to = port
        self._cut = cut

    async def __aenter__(self) -> Relay:
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        there, back = await asyncio.open_connection("127.0.0.1", self._to)
        back.write(request)
        await back.drain()
        self.calls += 1
        with contextlib.suppress(ConnectionError):
            answer = await there.read(1 << 16)
            if not self._cut:
                writer.write(answer)
        back.close()
        writer.transport.abort()


@contextlib.asynccontextmanager
async def using(gateway: SmsGateway) -> AsyncIterator[SmsGateway]:
    """A connector of its own, closed at the end."""
    try:
        yield gateway
    finally:
        await gateway.close()


@contextlib.asynccontextmanager
async def running_line() -> AsyncIterator[Line]:
    line = Line()
    async with AsyncExitStack() as stack:
        await line.server.start()
        stack.push_async_callback(line.server.stop)
        await stack.enter_async_context(line.kannel)
        yield line


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with running_line() as line, listening(line.gateway, line.intake):
        yield line


class KannelRig(Rig):
    """Kannel as the stand-ins of other providers are tried."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.gateway, self.intake = line.gateway, line.intake
        self._said: set[str] = set()

    async def says(self, number: str, text: str, id: str) -> None:
        if id not in self._said:  # Kannel itself brings a message again that was not taken
            self._said.add(id)
            await self.line.kannel.phones.say(number, text)

    async def heard(self, count: int) -> list[tuple[str, str]]:
        return [(text.number, text.text) for text in await self.line.kannel.phones.received(count)]

    async def reported(self, external_id: str) -> None:
        """It does so by itself."""

    def wrong(self) -> SmsGateway:
        return self.line.connector(password="wrong")


class TestContract(GatewayContract):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[Rig]:
        async with running_line() as line:
            yield KannelRig(line)
            await line.gateway.close()


def message(text: str, key: str = "TS1/ack", address: str = NUMBER) -> OutgoingMessage:
    return OutgoingMessage(key=key, address=address, text=text)


async def test_a_long_chinese_text_reaches_the_phone_whole_and_its_report_comes_back(line: Line) -> None:
    sent = await line.gateway.send(message(LONG))
    assert not sent.delivered
    [text] = await line.kannel.phones.received(1)
    assert (text.number, text.text, text.sender) == (NUMBER, LONG, SENDER)
    assert text.parts == line.gateway.health().facts["parts"] == 3
    [receipt] = await line.receipts()
    assert receipt == Receipt(Reported.DELIVERED, sent.external_id, NUMBER)


async def test_a_text_of_the_gsm_alphabet_travels_as_such(line: Line) -> None:
    await line.gateway.send(message("Costs 5€ {net} & more + 10%?"))
    [text] = await line.kannel.phones.received(1)
    assert (text.text, text.parts) == ("Costs 5€ {net} & more + 10%?", 1)


async def test_what_a_phone_says_is_stored_before_kannel_is_answered_and_understood(line: Line) -> None:
    """The 三 is 4E 09: Kannel's %a would squeeze the 09 like a blank and make it 丠, so its configuration says %b."""
    began = datetime.now(UTC) - timedelta(seconds=2)
    await line.kannel.phones.say("13800138000", "厨房漏水三天了")
    await line.heard(1)
    await line.kannel.phones.say("+85291234567", "hello & 100% + more")
    await line.heard(2)
    first, second = await line.heard(2)
    assert first.sender is not None
    assert (first.sender.address, first.conversation, first.text) == (NUMBER, NUMBER, "厨房漏水三天了")
    assert first.recipients == (SENDER,)
    assert first.sent_at is not None
    assert began <= first.sent_at <= datetime.now(UTC) + timedelta(seconds=2)
    assert second.conversation == "+85291234567"
    assert second.text == "hello & 100% + more"


async def test_a_long_message_from_a_phone_comes_as_one(line: Line) -> None:
    await line.kannel.phones.say_in_parts("13800138000", ["The lift has been stuck since Monday and ", "nobody came."])
    [heard] = await line.heard(1)
    assert heard.text == "The lift has been stuck since Monday and nobody came."


async def test_a_store_that_fails_is_tried_again_under_the_same_id(line: Line) -> None:
    line.intake.down = True
    await line.kannel.phones.say("13800138000", "电梯坏了")
    await eventually(lambda: line.intake.calls >= 3, timeout_s=60)
    assert line.intake.messages == []
    line.intake.down = False
    [heard] = await line.heard(1)
    assert heard.text == "电梯坏了"
    again = await line.intake.store([RawMessage("sms", heard.external_id, NUMBER, b"")])
    assert again == [False]


async def test_a_service_that_was_down_for_more_than_ten_seconds_has_lost_nothing(line: Line) -> None:
    """Kannel gives up after a few tries unless it is told otherwise (docs/sms.md)."""
    await line.server.stop()
    for number in range(5):
        await line.kannel.phones.say(f"1380013800{number}", f"no. {number}")

    # Once a second: the eleventh time is more than ten seconds later.
    await eventually(lambda: "(11/100000)" in line.kannel.log("smsbox"), timeout_s=120)
    assert line.intake.messages == []
    await line.server.start()
    heard = await line.heard(5)
    assert sorted(each.text for each in heard) == [f"no. {number}" for number in range(5)]
    assert len({each.external_id for each in heard}) == 5


async def test_without_bearerbox_or_smsbox_nothing_is_sent_and_that_is_sure(line: Line) -> None:
    await line.kannel.kill("smsbox")
    with pytest.raises(TryAgainLater, match="cannot be reached") as caught:
        await line.gateway.send(message("一"))
    assert caught.value.everybody
    assert "cannot be reached" in line.gateway.health().detail
    await line.kannel.start_smsbox()
    await line.gateway.send(message("二"))
    assert line.gateway.health().detail == ""
    assert [text.text for text in await line.kannel.phones.received(1)] == ["二"]


async def test_what_waits_for_the_phones_survives_the_death_of_bearerbox(line: Line) -> None:
    await line.kannel.phones_off()
    for number in range(3):
        await line.gateway.send(message(f"第{number}条", f"k{number}"))
    await line.kannel.kill("bearerbox")
    # smsbox notices that it is alone, and then ends by itself: what it was just given, nobody knows about.
    with pytest.raises((UnknownDelivery, TryAgainLater)):
        await line.gateway.send(message("给断了线的", "k8"))
    await line.kannel.kill("smsbox")
    with pytest.raises(TryAgainLater):
        await line.gateway.send(message("此时不通", "k9"))
    await line.kannel.start_bearerbox()
    await line.kannel.start_smsbox()
    await line.kannel.phones_on()
    await line.gateway.send(message("此时不通", "k9"))
    await line.kannel.phones.hears(NUMBER, "此时不通")
    texts = ["此时不通", *(text.text for text in await line.kannel.phones.received(3))]
    assert sorted(set(texts) - {"给断了线的"}) == sorted(["第0条", "第1条", "第2条", "此时不通"])
    assert len(texts) == len(set(texts))


async def test_a_gateway_that_takes_the_request_and_does_not_answer_leaves_it_unknown(line: Line) -> None:
    """It may have been sent: never again without a person's word (trap 45)."""
    await line.kannel.freeze("smsbox")
    async with using(line.connector(timeout_s=1.0)) as hasty:
        with pytest.raises(UnknownDelivery, match="did not answer within 1 s"):
            await hasty.send(message("慢"))
    line.kannel.thaw("smsbox")
    await line.gateway.send(message("下一条", "k2"))
    await line.kannel.phones.hears(NUMBER, "下一条")
    assert [text.text for text in line.kannel.phones.texts] in ([], ["慢"])


async def test_a_line_that_breaks_after_the_message_was_taken_leaves_it_unknown_and_doubles_nothing(line: Line) -> None:
    """Trap 45: the phone has it, we do not know it, and it must not be sent again by itself."""
    async with Relay(line.kannel.send_port, cut=True) as relay, using(line.connector(url=relay.url)) as cut_off:
        with pytest.raises(UnknownDelivery, match=r"the line to .* broke"):
            await cut_off.send(message("断线"))
        assert relay.calls == 1
    await line.gateway.send(message("之后", "k2"))
    assert [text.text for text in await line.kannel.phones.received(2)] == ["断线", "之后"]


async def test_a_gateway_that_dies_over_the_request_leaves_it_unknown(line: Line) -> None:
    async with Relay(line.kannel.send_port) as relay, using(line.connector(url=relay.url)) as gateway:
        await line.kannel.freeze("smsbox")
        sending = asyncio.create_task(gateway.send(message("没了")))
        await eventually(lambda: relay.calls == 1)
        await line.kannel.kill("smsbox")
        with pytest.raises(UnknownDelivery, match=r"the line to .* broke"):
            await sending


async def test_check_says_what_is_wrong_in_a_sentence_and_sends_nothing(line: Line) -> None:
    await line.gateway.check()
    for settings, told in (
        ({"password": "wrong"}, "compare user and password with the sendsms-user group"),
        ({"url": f"http://127.0.0.1:{line.kannel.admin_port}"}, "is url that of Kannel's smsbox"),
        ({"url": f"http://127.0.0.1:{free_port()}"}, "cannot be reached"),
    ):
        async with using(line.connector(**settings)) as wrong:
            with pytest.raises(ConnectorError, match=told):
                await wrong.check()
    assert line.kannel.phones.texts == []


async def test_the_phone_simulator_that_comes_with_kannel_says_and_hears_the_same(line: Line) -> None:
    await line.kannel.phones_off()
    simulator = await line.kannel.fakesmsc("13800138000 10690 ucs2 %53%A8%62%3F%6F%0F%6C%34")
    [heard] = await line.heard(1)
    assert (heard.conversation, heard.text) == (NUMBER, "厨房漏水")
    await line.gateway.send(message("received"))
    assert simulator.stdout is not None
    async with asyncio.timeout(60):
        async for written in simulator.stdout:
            if b"Got message" in written:
                assert f"<{SENDER} {NUMBER} text received>".encode() in written
                break
