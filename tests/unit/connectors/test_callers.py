"""How often a hook may be called from one address: much and at once, less by whoever guesses, and nobody else is held up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from connectors.callers import Callers, network_of
from connectors.sms import GatewaySettings, GenericSettings, SmsGateway, SmsStub, SmsStubSettings
from connectors.telegram import TelegramConnector, TelegramSettings
from tests.fakes import LocalServer, MemoryIntake, MemoryLog

SECRET = "a-secret-of-the-hooks"
TOKEN = "123:abc"
FEW = 3
STEP_S = 60 / FEW  # until there is room for one more call

TELEGRAM = TelegramSettings(token=TOKEN, mode="webhook", public_url="https://desk.example.com")


class Hook:
    """A channel's hook: how to make the channel, and a call that is right, or wrong."""

    def __init__(
        self, make: Callable[..., Any], path: str, wrong_path: str, headers: dict[str, str], wrong: dict[str, str]
    ) -> None:
        self.make, self.path, self.wrong_path, self.headers, self.wrong = make, path, wrong_path, headers, wrong


def gateway(**more: Any) -> SmsGateway:
    fields = GenericSettings(body="{}", mo_from="from", mo_text="text", mo_id="id")
    return SmsGateway(
        GatewaySettings(provider="generic", secret=SECRET, url="http://127.0.0.1:1/", generic=fields, **more)
    )


def stub(**more: Any) -> SmsStub:
    return SmsStub(SmsStubSettings(secret=SECRET, **more), MemoryLog())


def telegram(**more: Any) -> TelegramConnector:
    return TelegramConnector(
        TelegramSettings(token=TOKEN, mode="webhook", public_url="https://desk.example.com", **more)
    )


TELEGRAM_HEADER = "X-Telegram-Bot-Api-Secret-Token"
HOOKS = {
    "gateway": Hook(gateway, f"/hooks/sms/generic/{SECRET}/mo", f"/hooks/sms/generic/{'x' * 21}/mo", {}, {}),
    "stub": Hook(stub, "/hooks/sms/stub", "/hooks/sms/stub", {"Authorization": f"Bearer {SECRET}"}, {}),
    "telegram": Hook(
        telegram,
        "/hooks/telegram/update",
        "/hooks/telegram/update",
        {TELEGRAM_HEADER: TELEGRAM.webhook_secret},
        {TELEGRAM_HEADER: "guess"},
    ),
}


class Clock:
    """Time as the buckets see it."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    real = Callers.__init__

    def made(self: Callers, per_minute: int, proxies: int = 0) -> None:
        real(self, per_minute, proxies, clock=clock)

    monkeypatch.setattr(Callers, "__init__", made)
    return clock


@asynccontextmanager
async def served(connector: Any) -> AsyncIterator[tuple[aiohttp.ClientSession, MemoryIntake]]:
    """Serve a channel's hooks; what is said there lands in the intake."""
    intake = MemoryIntake()
    listening = asyncio.create_task(_listen(connector, intake))
    server = LocalServer(connector.routes)
    await server.start()
    await asyncio.sleep(0)
    try:
        async with aiohttp.ClientSession(server.url) as session:
            yield session, intake
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await connector.close()
        await server.stop()


async def _listen(connector: Any, intake: MemoryIntake) -> None:
    if isinstance(connector, TelegramConnector):
        connector._intake = intake  # its webhook is called by us: there is nobody to tell of it
        await asyncio.Event().wait()
    await connector.listen(intake)


async def statuses(
    session: aiohttp.ClientSession, path: str, headers: dict[str, str], bodies: Sequence[bytes]
) -> list[tuple[int, str]]:
    found = []
    for body in bodies:
        async with session.post(path, data=body, headers=headers) as answer:
            found.append((answer.status, answer.headers.get("Retry-After", "")))
    return found


def said(number: int) -> bytes:
    return b'{"from":"13800138000","text":"%d","id":"%d","update_id":%d}' % (number, number, number)


@pytest.mark.parametrize("kind", HOOKS)
async def test_who_calls_too_often_is_asked_to_come_again_and_then_loses_nothing(kind: str, clock: Clock) -> None:
    hook = HOOKS[kind]
    async with served(hook.make(calls_per_minute=FEW)) as (session, intake):
        many = [said(number) for number in range(FEW + 2)]
        answers = await statuses(session, hook.path, hook.headers, many)
        late = [body for body, (status, _) in zip(many, answers, strict=True) if status == 429]
        assert late == many[FEW:]
        assert {after for status, after in answers if status == 429} == {f"{STEP_S:.0f}"}
        for body in late:  # as platforms do
            clock.now_s += STEP_S
            assert (await statuses(session, hook.path, hook.headers, [body]))[0][0] < 300
        assert len(intake.messages) == len(many)


@pytest.mark.parametrize("kind", HOOKS)
async def test_who_guesses_is_soon_not_heard_at_all_and_costs_no_reading(kind: str, clock: Clock) -> None:
    hook = HOOKS[kind]
    async with served(hook.make()) as (session, intake):
        answers = await statuses(session, hook.wrong_path, hook.wrong, [said(0)] * 21)
        assert {status for status, _ in answers[:20]} <= {401, 403, 404}
        assert answers[20] == (429, "10")
        assert await statuses(session, hook.path, hook.headers, [said(1)]) == [(429, "10")]
        assert intake.messages == []
        clock.now_s += 10
        assert (await statuses(session, hook.path, hook.headers, [said(1)]))[0][0] < 300
        assert len(intake.messages) == 1


@pytest.mark.parametrize("kind", HOOKS)
async def test_thousands_of_messages_from_one_address_pass_by_default(kind: str) -> None:
    """A gateway brings everybody's; only the count is looked at here, not each of its calls."""
    callers = HOOKS[kind].make()._callers
    request = make_mocked_request("POST", "/")
    assert [callers.refusal(request) for _ in range(6000)] == [None] * 6000


def asked(remote: str, forwarded: str = "") -> web.Request:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return make_mocked_request("POST", "/", headers=headers).clone(remote=remote)


def guesses(callers: Callers, request: web.Request, count: int = 20) -> None:
    for _ in range(count):
        callers.wrong(request)


@pytest.mark.parametrize("forwarded", ["203.0.113.7:{}", "[2001:db8::7]:{}"])
def test_a_port_behind_an_address_makes_nobody_else_of_it(forwarded: str) -> None:
    callers = Callers(FEW, proxies=1)
    for port in range(20):
        callers.wrong(asked("10.0.0.1", forwarded.format(port + 1)))
    assert callers.refusal(asked("10.0.0.1", forwarded.format(4711))) is not None


def test_addresses_are_counted_apart_and_networks_of_ipv6_as_one() -> None:
    callers = Callers(FEW)
    guesses(callers, asked("203.0.113.7"))
    assert callers.refusal(asked("203.0.113.7")) is not None
    assert callers.refusal(asked("203.0.113.8")) is None
    guesses(callers, asked("2001:db8::1"))
    assert callers.refusal(asked("2001:db8::ffff")) is not None
    assert callers.refusal(asked("2001:db8:0:1::1")) is None


@pytest.mark.parametrize(
    ("remote", "counted_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),  # one of IPv4, as some servers write it
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_who_counts_as_one_caller(remote: str, counted_as: str) -> None:
    assert network_of(remote) == counted_as


def test_behind_our_own_server_the_address_is_the_one_that_it_names() -> None:
    callers = Callers(FEW, proxies=1)
    guesses(callers, asked("127.0.0.1", "203.0.113.7"))
    assert callers.refusal(asked("127.0.0.1", "198.51.100.1, 203.0.113.7")) is not None
    assert callers.refusal(asked("127.0.0.1", "198.51.100.1")) is None


def test_behind_a_server_that_the_settings_do_not_tell_of_guesses_keep_nobody_else_out() -> None:
    callers = Callers(FEW)
    guesses(callers, asked("10.0.0.2", "203.0.113.7"))
    assert callers.refusal(asked("10.0.0.2", "149.154.160.1")) is None
    guesses(callers, asked("8.8.8.8", "203.0.113.7"))  # no server of ours: a header that a stranger wrote
    assert callers.refusal(asked("8.8.8.8")) is not None
