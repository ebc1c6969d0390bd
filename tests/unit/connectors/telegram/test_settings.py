"""The channel's settings: what cannot work is named, and no secret is shown."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.port import OutgoingMessage, RawMessage, WillNotDeliver
from connectors.telegram import TelegramConnector, TelegramSettings

TOKEN = "4242:AAtest-token_that-opens-nothing"


def settings_of(**changes: Any) -> TelegramSettings:
    return TelegramSettings(**{"token": TOKEN, **changes})


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        pytest.param({"token": ""}, "token", id="no token"),
        pytest.param({"token": "4242"}, "token", id="half a token"),
        pytest.param({"token": f"bot{TOKEN}"}, "token", id="more than the token"),
        pytest.param({"username": "@bot"}, "username", id="name with @"),
        pytest.param({"webhook_path": "a/b"}, "webhook_path", id="path"),
        pytest.param({"base_url": "telegram"}, "base_url", id="no address"),
        pytest.param({"mode": "webhook"}, "http.public_url", id="nowhere to call"),
        pytest.param({"mode": "webhook", "public_url": "http://a.example"}, "https://", id="called in the open"),
        pytest.param(
            {"mode": "webhook", "public_url": "https://a.example:8080"}, "443, 80", id="a port it never calls"
        ),
        pytest.param({"poll_s": 0}, "poll_s", id="no time"),
        pytest.param({"commands": {"en": [("Help!", "x")]}}, "Help!", id="a command that is none"),
        pytest.param({"commands": {"en": [("help", "")]}}, "help", id="a command without description"),
    ],
)
def test_what_cannot_work_is_named(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named) as wrong:
        settings_of(**changes)
    assert TOKEN not in str(wrong.value)


def test_no_secret_is_shown() -> None:
    assert "opens-nothing" not in repr(settings_of(proxy="http://user:opens-nothing@proxy.example"))


def test_ones_own_server_may_call_without_tls() -> None:
    settings = settings_of(mode="webhook", base_url="http://127.0.0.1:8081", public_url="http://127.0.0.1:8080/")
    assert settings.webhook_url == "http://127.0.0.1:8080/hooks/telegram/update"
    assert settings.webhook_secret == settings_of().webhook_secret
    assert settings.webhook_secret != settings_of(token="4242:AAanother").webhook_secret


async def test_what_can_be_known_without_telegram() -> None:
    connector = TelegramConnector(settings_of(username="OurBot"))
    assert connector.capabilities.start_link == "https://t.me/OurBot?start={code}"
    assert [(limit.count, limit.per_s, limit.each, limit.prefix) for limit in connector.capabilities.limits] == [
        (30, 1.0, False, ""),
        (1, 1.0, True, ""),
        (20, 60.0, True, "-"),
    ]
    assert connector.routes() == []
    assert not connector.health().ok
    raw = RawMessage(
        "telegram", "7", "1", b'{"update_id":7,"message":{"message_id":1,"chat":{"id":1},"from":{"id":1},"text":"x"}}'
    )
    assert connector.parse(raw).text == "x"
    for address, text in (("@channel", "x"), ("", "x"), ("1" * 30, "x"), ("1", " ")):
        with pytest.raises(WillNotDeliver):
            await connector.send(OutgoingMessage(key="k", address=address, text=text))
    await connector.close()
    await connector.close()
