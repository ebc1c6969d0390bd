"""Access tokens for mailboxes that take no passwords (Microsoft 365, Google): OAuth 2.0, RFC 6749."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from time import monotonic
from typing import Any

import aiohttp

from connectors.email.settings import EmailSettings
from connectors.port import ConnectorError

_EARLIER_S = 300.0  # renewed so long before it ends: a login must not begin with a token that dies on the way
_LIFETIME_S = 3600.0  # where the server does not say


class NoToken(ConnectorError):
    """The token server refused us: a person must act."""


class TokenServerAway(ConnectorError):
    """The token server could not be reached, or is in trouble: to be tried again."""


class AccessTokens:
    """Hands out the access token of one account, fetching a new one when the old one nears its end or was refused.

    With a refresh token it is that account's own grant, without one the app's (client credentials). Nothing here is logged.
    """

    def __init__(self, settings: EmailSettings, clock: Callable[[], float] = monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._refresh_token = settings.oauth_refresh_token
        self._token = ""
        self._good_until = 0.0
        self._one_at_a_time = asyncio.Lock()

    async def token(self) -> str:
        """Return a token that is good for some minutes. Raises NoToken or TokenServerAway."""
        async with self._one_at_a_time:
            if not self._token or self._clock() >= self._good_until:
                await self._fetch()
            return self._token

    def forget(self) -> None:
        """Take note that a mail server did not accept the token: the next one asked for is a new one."""
        self._token = ""

    async def _fetch(self) -> None:
        status, answer = await self._ask()
        if status != 200 or not isinstance(answer.get("access_token"), str):
            raise self._refusal(status, answer)
        self._token = answer["access_token"]
        lifetime_s = _seconds(answer.get("expires_in"))
        self._good_until = self._clock() + max(lifetime_s - _EARLIER_S, lifetime_s / 2)
        renewed = answer.get("refresh_token")
        if isinstance(renewed, str) and renewed:
            self._refresh_token = renewed  # some servers take each only once

    async def _ask(self) -> tuple[int, dict[str, Any]]:
        settings = self._settings
        form = {"client_id": settings.oauth_client_id, "grant_type": "client_credentials"}
        if self._refresh_token:
            form |= {"grant_type": "refresh_token", "refresh_token": self._refresh_token}
        if settings.oauth_client_secret:
            form["client_secret"] = settings.oauth_client_secret
        if settings.oauth_scope:
            form["scope"] = settings.oauth_scope
        url = settings.oauth_token_url
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=settings.timeout_s)) as session,
                session.post(url, data=form, allow_redirects=False) as response,
            ):
                status, body = response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TokenServerAway(
                f"the token server {url} cannot be reached ({type(error).__name__}): check oauth_token_url and the network"
            ) from None
        return status, _as_object(body)

    def _refusal(self, status: int, answer: dict[str, Any]) -> ConnectorError:
        url, error = self._settings.oauth_token_url, str(answer.get("error") or "")[:60]
        if status >= 500 or status == 429 or error in ("temporarily_unavailable", "server_error"):
            return TokenServerAway(f"the token server {url} is in trouble ({status} {error}): it will be asked again")
        said = " ".join(str(answer.get("error_description") or "").split())[:200]
        why = f"{error or status}{': ' if said else ''}{self._without_secrets(said)}"
        if error == "invalid_grant":
            cure = "the refresh token is no longer good: give consent anew and set oauth_refresh_token"
        elif error in ("invalid_client", "unauthorized_client"):
            cure = "check oauth_client_id and oauth_client_secret, and that the secret has not run out"
        elif error == "invalid_scope":
            cure = "check oauth_scope"
        else:
            cure = "check oauth_token_url, oauth_client_id and oauth_scope"
        return NoToken(f"the token server {url} gives us no token ({why}): {cure}")

    def _without_secrets(self, text: str) -> str:
        for secret in (self._refresh_token, self._settings.oauth_client_secret, self._settings.oauth_refresh_token):
            if secret:
                text = text.replace(secret, "***")
        return text


def _as_object(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _seconds(value: object) -> float:
    try:
        return max(float(str(value)), 1.0)
    except ValueError:
        return _LIFETIME_S
