"""Access tokens: fetched once, renewed in time, and what is wrong with a grant said in a sentence."""

from __future__ import annotations

import asyncio
import dataclasses
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from connectors.email.oauth import AccessTokens, NoToken, TokenServerAway
from connectors.email.settings import EmailSettings
from tests.servers.oauth import TokenServer


@pytest.fixture
async def server() -> AsyncIterator[TokenServer]:
    async with TokenServer() as server:
        yield server


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def settings_for(server: TokenServer, **changes: str) -> EmailSettings:
    base = EmailSettings(
        address="kf@x.cn",
        imap_host="i",
        imap_user="kf",
        smtp_host="s",
        auth="oauth2",
        oauth_token_url=server.token_url,
        oauth_client_id="app",
        oauth_client_secret="app-secret",
        oauth_scope="https://mail.example/.default",
        timeout_s=5,
    )
    return dataclasses.replace(base, **changes)  # type: ignore[arg-type]


async def test_many_who_ask_at_once_get_one_token(server: TokenServer) -> None:
    tokens = AccessTokens(settings_for(server))
    assert set(await asyncio.gather(*(tokens.token() for _ in range(10)))) == {"access-1"}
    assert server.asked == [
        {
            "client_id": "app",
            "client_secret": "app-secret",
            "grant_type": "client_credentials",
            "scope": "https://mail.example/.default",
        }
    ]


@pytest.mark.parametrize(
    ("lifetime_s", "still_good_s", "renewed_s"),
    [(3600, 3299, 3301), (400, 199, 201), (None, 3299, 3301)],
    ids=["an hour", "short", "not said"],
)
async def test_renewed_before_it_ends(
    server: TokenServer, lifetime_s: int | None, still_good_s: float, renewed_s: float
) -> None:
    clock = Clock()
    server.lifetime_s = lifetime_s
    tokens = AccessTokens(settings_for(server), clock)
    assert await tokens.token() == "access-1"
    clock.now = 1000 + still_good_s
    assert await tokens.token() == "access-1"
    clock.now = 1000 + renewed_s
    assert await tokens.token() == "access-2"


async def test_a_refresh_token_that_changes_each_time(server: TokenServer) -> None:
    server.rotate = True
    tokens = AccessTokens(settings_for(server, oauth_refresh_token="refresh-1"))
    for number in (1, 2, 3):
        assert await tokens.token() == f"access-{number}"
        tokens.forget()
    assert [form["refresh_token"] for form in server.asked] == ["refresh-1", "refresh-2", "refresh-3"]


async def test_a_refresh_token_that_changed_outlives_us(server: TokenServer, tmp_path: Path) -> None:
    server.rotate = True
    settings = settings_for(server, oauth_refresh_token="refresh-1", tokens_dir=str(tmp_path / "tokens"))
    assert await AccessTokens(settings).token() == "access-1"
    beside = AccessTokens(settings)  # as who reads another folder of the account
    assert await beside.token() == "access-2"
    assert await AccessTokens(settings).token() == "access-3"
    beside.forget()
    assert await beside.token() == "access-4"
    assert [form["refresh_token"] for form in server.asked] == ["refresh-1", "refresh-2", "refresh-3", "refresh-4"]
    [kept] = (tmp_path / "tokens").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


async def test_consent_given_anew_counts_more_than_what_was_kept(server: TokenServer, tmp_path: Path) -> None:
    server.rotate = True
    await AccessTokens(settings_for(server, oauth_refresh_token="refresh-1", tokens_dir=str(tmp_path))).token()
    server.refresh_tokens.add("anew")
    await AccessTokens(settings_for(server, oauth_refresh_token="anew", tokens_dir=str(tmp_path))).token()
    assert server.asked[-1]["refresh_token"] == "anew"


async def test_a_token_that_cannot_be_kept_is_used_all_the_same(
    server: TokenServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server.rotate = True
    (tmp_path / "file").touch()
    tokens = AccessTokens(settings_for(server, oauth_refresh_token="refresh-1", tokens_dir=str(tmp_path / "file")))
    await tokens.token()
    tokens.forget()
    assert await tokens.token() == "access-2"
    assert "cannot be kept" in caplog.text
    assert "refresh-" not in caplog.text


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (400, '{"error": "invalid_grant"}', NoToken, "give consent anew and set oauth_refresh_token"),
        (401, '{"error": "invalid_client"}', NoToken, "oauth_client_secret"),
        (400, '{"error": "invalid_scope"}', NoToken, "check oauth_scope"),
        (404, "<html>", NoToken, "404.*oauth_token_url"),
        (200, "[]", NoToken, "oauth_token_url"),
        (200, '{"access_token": 5}', NoToken, "oauth_token_url"),
        (302, "", NoToken, "302"),
        (503, "busy", TokenServerAway, "503"),
        (429, "slow down", TokenServerAway, "429"),
        (400, '{"error": "temporarily_unavailable"}', TokenServerAway, "asked again"),
    ],
)
async def test_a_refusal_is_explained(
    server: TokenServer, status: int, body: str, error: type[Exception], words: str
) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, text=body)

    app = web.Application()
    app.add_routes([web.post("/t", answer)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/t"
    try:
        with pytest.raises(error, match=words) as caught:
            await AccessTokens(settings_for(server, oauth_token_url=url)).token()
        assert url in str(caught.value)
    finally:
        await runner.cleanup()


async def test_no_secret_that_the_server_repeats_is_told(server: TokenServer) -> None:
    with pytest.raises(NoToken) as caught:
        await AccessTokens(settings_for(server, oauth_client_secret="very-hidden")).token()
    assert "the secret *** is wrong" in str(caught.value)
    assert "very-hidden" not in str(caught.value)
