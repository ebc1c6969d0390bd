"""A Telegram channel that stands still says so, whatever it said last."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.telegram import TelegramConnector, TelegramSettings
from connectors.telegram import connector as module


@pytest.mark.parametrize(
    ("mode", "most_s"),
    [({}, 25 + 5 * 15), ({"mode": "webhook", "public_url": "https://desk.example.com"}, 60 + 5 * 15)],
    ids=["polling", "webhook"],
)
def test_a_poll_that_never_comes_back_is_told(
    mode: dict[str, Any], most_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(module, "monotonic", lambda: now)
    connector = TelegramConnector(TelegramSettings(token="123:abc", **mode))
    connector._condition = module._Condition(listening=True, trouble="", alive_at=now)
    now += most_s
    assert connector.health().ok
    now += 1
    assert not connector.health().ok
    assert connector.health().detail == f"no sign of life for {most_s + 1:.0f} s"


async def test_each_thing_done_is_a_sign_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(module, "monotonic", lambda: now)
    connector = TelegramConnector(TelegramSettings(token="123:abc"))
    connector._condition = module._Condition(listening=True, trouble="", alive_at=0.0)
    assert not connector.health().ok

    async def done() -> None:
        return None

    await connector._insist(done)
    assert connector.health().ok
    await connector.close()
