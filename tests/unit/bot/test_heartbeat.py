"""The dead-man's switch: called while all is well, silent when anything stands still, and quiet about its address."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot import heartbeat
from bot.canary import Canary, CanaryLost
from bot.heartbeat import Heartbeat
from bot.storage.models import OutboxRow, TimerRow
from tests.unit.bot.desk_kit import Kit


class Monitor:
    """A monitoring service; `status` is what it answers, and while `gate` is closed it does not."""

    def __init__(self) -> None:
        self.calls = 0
        self.status = 200
        self.gate = asyncio.Event()
        self.gate.set()

    async def take(self, _request: web.Request) -> web.Response:
        self.calls += 1
        await self.gate.wait()
        return web.Response(status=self.status, headers={"Location": "/elsewhere"})


@pytest.fixture
async def monitor() -> AsyncIterator[tuple[Monitor, str, TestServer]]:
    monitor, app = Monitor(), web.Application()
    app.router.add_get("/ping/hidden-word", monitor.take)
    server = TestServer(app)
    await server.start_server()
    yield monitor, str(server.make_url("/ping/hidden-word")), server
    monitor.gate.set()
    await server.close()


def health(*, ok: bool = True) -> Callable[[], Awaitable[Mapping[str, object]]]:
    async def tell() -> Mapping[str, object]:
        return {"ok": ok}

    return tell


async def test_it_is_called_while_all_is_well_and_not_when_it_is_not(monitor: tuple[Monitor, str, TestServer]) -> None:
    called, url, _ = monitor
    assert await Heartbeat(url, health()).look()
    assert not await Heartbeat(url, health(ok=False)).look()
    assert called.calls == 1


async def test_a_monitor_in_trouble_harms_nothing_and_its_address_is_not_logged(
    monitor: tuple[Monitor, str, TestServer], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    called, url, server = monitor
    beat = Heartbeat(url, health())
    with caplog.at_level(logging.DEBUG, logger="bot.heartbeat"):
        for status in (500, 302, 404):
            called.status = status
            assert not await beat.look()
        monkeypatch.setattr(heartbeat, "TIMEOUT_S", 0.05)
        called.gate.clear()
        assert not await beat.look()
        called.gate.set()
        await server.close()
        assert not await beat.look()
    assert "it answers 500" in caplog.text
    assert "TimeoutError" in caplog.text
    assert "hidden" not in caplog.text
    assert "ping" not in caplog.text


@pytest.mark.both_databases
async def test_the_canary_comes_through_timers_and_outbox_and_reaches_nobody(kit: Kit) -> None:
    canary = Canary(kit.database, kit.clock)
    for _ in range(3):
        await canary.look()
        assert await kit.sweep(timedelta(seconds=60)) == 1
        assert await kit.deliver() == []
        [timer] = await kit.rows(TimerRow)
        [message] = await kit.outbox()
        assert (timer.state, message.state) == ("fired", "skipped")
    assert not any(channel.attempts for channel in kit.channels.values())


async def test_a_canary_that_does_not_come_through_is_told_of(kit: Kit) -> None:
    canary = Canary(kit.database, kit.clock)
    await canary.look()
    await kit.deliver()
    kit.clock.move_to(kit.clock.now() + timedelta(seconds=60))
    with pytest.raises(CanaryLost):
        await canary.look()
    await kit.sweep()
    await canary.look()
    await kit.sweep()
    kit.clock.move_to(kit.clock.now() + timedelta(seconds=60))
    with pytest.raises(CanaryLost):  # the timer fired, and nobody empties the outbox
        await canary.look()
    await Canary(kit.database, kit.clock).look()  # started anew: what was planted before the end says nothing


async def test_two_processes_share_it(kit: Kit) -> None:
    one, other = Canary(kit.database, kit.clock), Canary(kit.database, kit.clock)
    await one.look()
    await other.look()
    await kit.sweep(timedelta(seconds=1))
    await one.look()
    await other.look()
    assert await kit.count(OutboxRow) == await kit.count(TimerRow) == 1
