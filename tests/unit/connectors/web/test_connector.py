"""Web chat: the contract, who is who, the page's headers."""

from __future__ import annotations

import logging
from pathlib import Path

import aiohttp
import pytest

from bot.contents import accepted
from connectors.port import Button, ConnectorError, ConversationLog, OutgoingMessage, TryAgainLater
from connectors.web import UploadRules, WebChatConnector, WebChatSettings, conversation_of, new_secret
from connectors.web.connector import identify
from tests.fakes import LocalServer, MemoryIntake, MemoryLog, listening
from tests.unit.connectors.contract import ConnectorContract
from tests.unit.connectors.wire import wired

SECRET = "s" * 32


class TestContract(ConnectorContract):
    address = conversation_of(SECRET)
    wrong_addresses = ("w123", "x" + "0" * 24, "w" + "0" * 24 + "\n", "13800138000", "../etc")

    def make(self, log: ConversationLog) -> WebChatConnector:
        return WebChatConnector(WebChatSettings(), log)

    async def says(self, connector: object, text: str, message_id: str) -> None:
        assert isinstance(connector, WebChatConnector)
        server = LocalServer(connector.routes)
        await server.start()
        async with wired(f"{server.url}/chat/socket") as wire:
            await wire.hello(SECRET)
            await wire.say(message_id, text)
            await wire.hears("stored")
        await server.stop()


class TestContractWithFiles(TestContract):
    """The same, where files are taken and shown."""

    @pytest.fixture(autouse=True)
    def folder(self, tmp_path: Path) -> None:
        self._folder = tmp_path

    def make(self, log: ConversationLog) -> WebChatConnector:
        rules = UploadRules(self._folder / "uploads", 1000, 10_000, least_free=0, judge=accepted)
        return WebChatConnector(WebChatSettings(), log, uploads=rules, kept=self._folder)


def test_an_address_tells_nothing_of_its_secret() -> None:
    assert conversation_of(SECRET) == conversation_of(SECRET)
    assert len(conversation_of(SECRET)) == 25
    assert conversation_of(new_secret()) != conversation_of(new_secret())
    assert SECRET not in repr(identify({"secret": SECRET}))


@pytest.mark.parametrize("secret", ["", "short", "s" * 129, "s" * 31 + "!", 7, ["s" * 32], {}, True])
def test_what_cannot_be_a_secret_is_nobody(secret: object) -> None:
    assert identify({"secret": secret}) is None


def test_a_stranger_is_given_a_secret_of_128_bits_or_more() -> None:
    first, second = identify({}), identify({"secret": None})
    assert first is not None
    assert second is not None
    assert first.secret != second.secret
    assert len(first.secret or "") >= 22


async def test_a_failing_log_is_tried_again() -> None:
    log = MemoryLog()
    log.down = True
    connector = WebChatConnector(WebChatSettings(), log)
    with pytest.raises(TryAgainLater):
        await connector.send(OutgoingMessage("k", conversation_of(SECRET), "hello"))


async def test_delivered_means_somebody_is_looking() -> None:
    connector = WebChatConnector(WebChatSettings(), MemoryLog())
    server = LocalServer(connector.routes)
    await server.start()
    address = conversation_of(SECRET)
    async with listening(connector, MemoryIntake()):
        assert not (await connector.send(OutgoingMessage("k1", address, "一"))).delivered
        async with wired(f"{server.url}/chat/socket") as wire:
            welcome = await wire.hello(SECRET)
            assert [line["text"] for line in welcome["log"]] == ["一"]
            sent = await connector.send(OutgoingMessage("k2", address, "二", buttons=(Button("好", "好的"),)))
            assert sent.delivered
            line = await wire.hears("line")
            assert line["buttons"] == [{"label": "好", "says": "好的"}]
            assert (line["seq"], line["out"]) == (int(sent.external_id), True)
    await server.stop()


async def test_the_page_is_served_with_strict_headers() -> None:
    connector = WebChatConnector(WebChatSettings(title='Lift & "Light" <desk>'), MemoryLog())
    server = LocalServer(connector.routes)
    await server.start()
    async with aiohttp.ClientSession(server.url) as session:
        for path, type_ in [
            ("/chat", "text/html"),
            ("/chat/app.js", "text/javascript"),
            ("/chat/chat.js", "text/javascript"),
            ("/chat/style.css", "text/css"),
        ]:
            async with session.get(path) as answer:
                assert answer.status == 200
                assert answer.content_type == type_
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                policy = answer.headers["Content-Security-Policy"]
                assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
                assert "unsafe" not in policy
                assert answer.headers["Referrer-Policy"] == "no-referrer"
                body, etag = await answer.text(), answer.headers["ETag"]
            async with session.get(path, headers={"If-None-Match": etag}) as answer:
                assert answer.status == 304
            if path == "/chat":
                assert "Lift &amp; &quot;Light&quot; &lt;desk&gt;" in body
                assert "<script>" not in body
                assert "style=" not in body
        async with session.get("/chat/connector.py") as answer:
            assert answer.status == 404
    await server.stop()


async def test_a_strange_host_header_stays_out_of_the_policy() -> None:
    connector = WebChatConnector(WebChatSettings(), MemoryLog())
    server = LocalServer(connector.routes)
    await server.start()
    async with (
        aiohttp.ClientSession(server.url) as session,
        session.get("/chat", headers={"Host": "a; script-src *"}) as answer,
    ):
        assert "script-src *" not in answer.headers.get("Content-Security-Policy", "")
    await server.stop()


async def test_an_origin_that_can_never_match_is_told() -> None:
    with pytest.raises(ConnectorError, match="allowed_origins"):
        await WebChatConnector(WebChatSettings(allowed_origins=("www.example.com",)), MemoryLog()).check()
    await WebChatConnector(WebChatSettings(allowed_origins=("https://www.example.com",)), MemoryLog()).check()


async def test_logs_hold_neither_words_nor_secrets(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="connectors")
    intake = MemoryIntake()
    connector = WebChatConnector(WebChatSettings(), MemoryLog())
    server = LocalServer(connector.routes)
    await server.start()
    async with listening(connector, intake), wired(f"{server.url}/chat/socket") as wire:
        await wire.hello(SECRET)
        intake.down = True
        await wire.say("m-1", "我的电话是13800138000")
        assert await wire.closed_with() == 1013
    await server.stop()
    assert caplog.records
    assert "13800138000" not in caplog.text
    assert SECRET not in caplog.text
