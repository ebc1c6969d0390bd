"""Access tokens for mailboxes that take no passwords (Microsoft 365, Google): OAuth 2.0, RFC 6749."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

import aiohttp

from connectors.email.settings import EmailSettings
from connectors.port import ConnectorError

_log = logging.getLogger(__name__)

_EARLIER_S = 300.0  # renewed so long before it ends: a login must not begin with a token that dies on the way
_LIFETIME_S = 3600.0  # where the server does not say


class NoToken(ConnectorError):
    """The token server refused us: a person must act."""


class TokenServerAway(ConnectorError):
    """The token server could not be reached, or is in trouble: to be tried again."""


class AccessTokens:
    """Hands out the access token of one account, fetching a new one when the old one nears its end or was refused.

    With a refresh token it is that account's own grant, without one the app's (client credentials). A refresh token that the
    server changes is kept (`KeptToken`). No token is ever logged.
    """

    def __init__(self, settings: EmailSettings, clock: Callable[[], float] = monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._kept = KeptToken(settings) if settings.oauth_refresh_token and settings.tokens_dir else None
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
        await self._changed()
        status, answer = await self._ask()
        if status != 200 and await self._changed():
            status, answer = await self._ask()
        if status != 200 or not isinstance(answer.get("access_token"), str):
            raise self._refusal(status, answer)
        self._token = answer["access_token"]
        lifetime_s = _seconds(answer.get("expires_in"))
        self._good_until = self._clock() + max(lifetime_s - _EARLIER_S, lifetime_s / 2)
        renewed = answer.get("refresh_token")
        if isinstance(renewed, str) and renewed not in ("", self._refresh_token):
            self._refresh_token = renewed  # some servers take each only once
            if self._kept is not None:
                await asyncio.shield(asyncio.to_thread(self._kept.write, renewed))

    async def _changed(self) -> bool:
        """Take up the refresh token that is kept; say whether it is another: who reads a second folder had it changed."""
        kept = await asyncio.to_thread(self._kept.read) if self._kept is not None else None
        if kept is None or kept == self._refresh_token:
            return False
        self._refresh_token = kept
        return True

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


class KeptToken:
    """The refresh token that the server gave in the place of the configured one, in a file that only we can read (0600).

    It counts for that configured one alone: with another in the settings, consent was given anew and it is forgotten.
    """

    def __init__(self, settings: EmailSettings) -> None:
        assert settings.tokens_dir is not None
        account = _digest(settings.oauth_token_url, settings.oauth_client_id, settings.imap_user)
        self._path = Path(settings.tokens_dir) / f"{account[:32]}.json"
        self._instead_of = _digest(settings.oauth_refresh_token)

    def read(self) -> str | None:
        """Return the token that is kept; None where there is none that counts."""
        try:
            kept = _as_object(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            _log.warning(
                "mail: %s cannot be read: %s; the configured refresh token is tried", self._path, error.strerror
            )
            return None
        token = kept.get("token")
        return token if isinstance(token, str) and kept.get("instead_of") == self._instead_of else None

    def write(self, token: str) -> None:
        """Keep a token, whole or not at all. Where that fails it is said, and the token counts until we stop."""
        own = self._path.with_name(f".{secrets.token_hex(8)}")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                    json.dump({"instead_of": self._instead_of, "token": token}, file)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(own, self._path)
            finally:
                with contextlib.suppress(FileNotFoundError):
                    own.unlink()
        except OSError as error:
            _log.error(
                "mail: the new refresh token cannot be kept in %s: %s; after a restart the mailbox may be closed to us",
                self._path.parent,
                error.strerror,
            )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


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
