"""The menu of commands that chats offer, and how the settings of Telegram reach it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.app import build_connectors
from bot.clock import SystemClock
from bot.grammar import Pending, Speaker, Verb, understand
from bot.settings import load_settings
from bot.words import LOCALES, menu
from complaints.errors import ConfigError
from connectors.telegram import TelegramConnector
from tests.fakes import MemoryLog

TOKEN = "4242:AAtest-token_that-opens-nothing"


@pytest.mark.parametrize("locale", LOCALES)
def test_every_command_of_the_menu_is_understood(locale: str) -> None:
    verbs = [understand(f"/{command}", Speaker.CUSTOMER, Pending.NONE).verb for command, _ in menu(locale)]
    assert verbs == [Verb.COMPLAIN, Verb.STATUS, Verb.URGE, Verb.WITHDRAW, Verb.HELP]


def test_the_menus_offer_the_same_in_words_of_their_own() -> None:
    zh, en = (dict(menu(locale)) for locale in ("zh", "en"))
    assert zh.keys() == en.keys()
    assert all(not words.isascii() for words in zh.values())
    assert all(words.isascii() for words in en.values())


def telegram_of(**changes: Any) -> TelegramConnector:
    keys = {"enabled": "true", "token": TOKEN, **changes}
    environ = {
        f"COMPLAINTBOT_CONNECTORS__TELEGRAM__{key.upper()}": value for key, value in keys.items() if key != "http"
    }
    environ |= {f"COMPLAINTBOT_HTTP__{key.upper()}": value for key, value in changes.get("http", {}).items()}
    connectors = build_connectors(load_settings(None, environ), MemoryLog(), SystemClock())
    telegram = connectors["telegram"]
    assert isinstance(telegram, TelegramConnector)
    return telegram


async def test_the_settings_make_a_connector() -> None:
    polling = telegram_of(username="OurBot")
    assert polling.capabilities.start_link == "https://t.me/OurBot?start={code}"
    webhook = telegram_of(mode="webhook", http={"public_url": "https://chat.example.com"})
    assert [route.path for route in webhook.routes()] == ["/hooks/telegram/update"]
    for connector in (polling, webhook):
        await connector.close()


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        pytest.param({"token": ""}, "connectors.telegram.token is empty", id="no token"),
        pytest.param({"token": "nonsense"}, "connectors.telegram: token is no bot token", id="no token of Telegram's"),
        pytest.param({"mode": "webhook"}, "set http.public_url", id="nowhere to call"),
    ],
)
def test_what_cannot_work_is_named(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        telegram_of(**changes)


def test_the_example_names_the_official_server(monkeypatch: pytest.MonkeyPatch) -> None:
    example = Path(__file__).parents[3] / "config.example.toml"
    monkeypatch.chdir(example.parent)
    assert load_settings(example, {}).connectors.telegram.base_url == "https://api.telegram.org"
