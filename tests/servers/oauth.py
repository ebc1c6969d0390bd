"""A token server: gives out access tokens, and tells mail servers whether one is good (RFC 6749, RFC 7662)."""

from __future__ import annotations

import itertools
from types import TracebackType

from aiohttp import web


class TokenServer:
    """`async with TokenServer() as tokens`: `token_url` gives tokens, `introspection_url` judges them.

    refresh_tokens, clients: who gets one; turn them while it runs. rotate: each refresh token is good once. user: whose
    tokens they are. given: every access token, oldest first; good: those that are still accepted. broken: answer 503.
    """

    def __init__(self, user: str = "kf") -> None:
        self.user = user
        self.refresh_tokens = {"refresh-1"}
        self.clients = {"app": "app-secret"}
        self.rotate = False
        self.broken = False
        self.lifetime_s: int | None = 3600
        self.given: list[str] = []
        self.good: set[str] = set()
        self.asked: list[dict[str, str]] = []
        self._numbers = itertools.count(2)
        self._runner: web.AppRunner | None = None
        self._base = ""

    @property
    def token_url(self) -> str:
        return f"{self._base}/token"

    @property
    def introspection_url(self) -> str:
        return f"{self._base}/introspect"

    async def __aenter__(self) -> TokenServer:
        app = web.Application()
        app.add_routes([web.post("/token", self._token), web.post("/introspect", self._introspect)])
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def revoke(self) -> None:
        """Let no token that was given out be good any more."""
        self.good.clear()

    async def _token(self, request: web.Request) -> web.Response:
        form = {key: str(value) for key, value in (await request.post()).items()}
        self.asked.append(form)
        if self.broken:
            return web.Response(status=503, text="in trouble")
        if self.clients.get(form.get("client_id", "")) != form.get("client_secret"):
            return _refusal("invalid_client", f"the secret {form.get('client_secret')} is wrong")
        answer: dict[str, object] = {}
        if form["grant_type"] == "refresh_token":
            if form["refresh_token"] not in self.refresh_tokens:
                return _refusal("invalid_grant", "AADSTS70008: The refresh token has expired due to inactivity.")
            if self.rotate:
                answer["refresh_token"] = f"refresh-{next(self._numbers)}"
                self.refresh_tokens = {str(answer["refresh_token"])}
        token = f"access-{len(self.given) + 1}"
        self.given.append(token)
        self.good.add(token)
        if self.lifetime_s is not None:
            answer["expires_in"] = self.lifetime_s
        return web.json_response(answer | {"access_token": token, "token_type": "Bearer"})

    async def _introspect(self, request: web.Request) -> web.Response:
        token = str((await request.post()).get("token", ""))
        active = token in self.good
        return web.json_response({"active": active, "username": self.user} if active else {"active": False})


def _refusal(error: str, description: str) -> web.Response:
    return web.json_response({"error": error, "error_description": description}, status=400)
