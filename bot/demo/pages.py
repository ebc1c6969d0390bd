"""The demo's page and what it asks for. Everything here answers only on this machine's own names, to its own page."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
import secrets
import tomllib
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from importlib import resources
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.app import App
from bot.demo import profiles
from bot.demo.cast import ASSIGNEE, CAST, Phones, called, speak
from bot.demo.moving import AlreadyMoving, News, TimeMachine
from bot.demo.picture import picture
from bot.settings import Locale
from bot.words import templates_dir
from complaints.taxonomy import load_pack

_log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

WAIT_S = 25.0
STEPS_H = (1, 24)
_MAX_BODY = 1024
_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")
_FILES = {
    "/demo": ("demo.html", "text/html"),
    "/demo/demo.js": ("demo.js", "text/javascript"),
    "/demo/words.js": ("words.js", "text/javascript"),
    "/demo/timeline.js": ("timeline.js", "text/javascript"),
    "/demo/hints.js": ("hints.js", "text/javascript"),
    "/demo/demo.css": ("demo.css", "text/css"),
}


class Pages:
    """The routes of one running demo. ids: filled in once the staff are known."""

    def __init__(self, app: App, machine: TimeMachine, news: News, phones: Phones, lang: Locale) -> None:
        self.ids: Mapping[str, str] = {}
        self.lang = lang
        self._app = app
        self._machine = machine
        self._news = news
        self._phones = phones
        self._boot = secrets.token_hex(4)  # a page that outlived a restart must not wait for an old count
        self._pack = load_pack(app.settings.service.pack, app.settings.policies.directories)
        self._policies = profiles.shown(app.settings.policies.directories)
        self._words = {locale: _vocabulary(locale) for locale in Locale}
        self._files = {path: _read(name) for path, (name, _) in _FILES.items()}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self._own(self._home)),
            *(web.get(path, self._own(self._file)) for path in _FILES),
            web.get("/demo/api/phones", self._own(self._show_phones)),
            web.get("/demo/api/state", self._own(self._state)),
            web.get("/demo/api/wait", self._own(self._wait)),
            web.post("/demo/api/clock", self._own(self._move)),
            web.post("/demo/api/lang", self._own(self._speak)),
            web.post("/demo/api/policy", self._own(self._choose_policy)),
        ]

    def _own(self, handler: Handler) -> Handler:
        """Turn away orders from another page, and let nobody keep or embed what we answer."""

        async def checked(request: web.Request) -> web.StreamResponse:
            if request.method == "POST" and not _same_origin(request):
                return _refuse(403, "Only the demo's own page may do this.")
            response = await handler(request)
            response.headers.setdefault("Cache-Control", "no-store")
            response.headers["X-Content-Type-Options"] = "nosniff"
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
            return response

        return checked

    async def _home(self, request: web.Request) -> web.StreamResponse:
        asked = request.rel_url.raw_query_string  # as it came: decoded, it could hold a line end and a header
        query = f"?{asked}" if asked else ""
        return web.Response(status=302, headers={"Location": f"/demo{query}"})

    async def _file(self, request: web.Request) -> web.StreamResponse:
        body = self._files[request.path]
        etag = hashlib.sha256(body).hexdigest()[:16]
        headers = {"Content-Security-Policy": _policy(request.host), "Cache-Control": "no-cache", "ETag": f'"{etag}"'}
        if any(tag.value == etag for tag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, content_type=_FILES[request.path][1], charset="utf-8", headers=headers)

    async def _show_phones(self, _: web.Request) -> web.StreamResponse:
        """The secrets go to the page and nowhere else: nothing but this machine's browser can ask, and no other site read."""
        chats = {
            part.key: {"names": part.names, "secret": self._phones.secrets[part.key], "socket": "/chat/socket"}
            for part in CAST
        }
        sms = {"names": ASSIGNEE.names, "secret": None, "socket": f"/hooks/sms/stub/{quote(ASSIGNEE.phone)}/socket"}
        service = self._app.settings.service
        return web.json_response(
            {
                "lang": self.lang,
                "zone": service.timezone,
                "services": called(service.name),
                "words": self._words,
                "phones": {**chats, "sms": sms},
                "policies": self._policies,
            }
        )

    async def _state(self, request: web.Request) -> web.StreamResponse:
        seq = self._seq  # before reading: what happens meanwhile is news again
        now = self._app.clock.now()
        reference = request.query.get("reference") or None
        shown = await self._app.database.read(lambda work: picture(work, reference, now, self._pack))
        state = {"seq": seq, "moving": self._machine.moving, "lang": self.lang, "policy": self._policy}
        return web.json_response({**state, **shown})

    async def _wait(self, request: web.Request) -> web.StreamResponse:
        """Answer as soon as something happened that the page has not seen, or after a while."""
        boot, _, count = request.query.get("since", "").partition("-")
        if boot == self._boot and re.fullmatch(r"[0-9]{1,15}", count):
            await self._news.beyond(int(count), timeout_s=WAIT_S)
        return web.json_response({"seq": self._seq})

    @property
    def _policy(self) -> str:
        return self._app.desk.book.current.policy.name

    @property
    def _seq(self) -> str:
        return f"{self._boot}-{self._news.count}"

    async def _move(self, request: web.Request) -> web.StreamResponse:
        asked = await _body(request)
        hours = asked.get("hours") if asked else None
        if isinstance(hours, bool) or hours not in STEPS_H:
            return _refuse(400, f'Send {{"hours": n}}, n one of {", ".join(map(str, STEPS_H))}.')
        try:
            now = await asyncio.shield(self._machine.move(timedelta(hours=hours)))
        except AlreadyMoving as error:
            return _refuse(409, str(error))
        return web.json_response({"now": now.isoformat()})

    async def _speak(self, request: web.Request) -> web.StreamResponse:
        asked = await _body(request)
        lang = asked.get("lang") if asked else None
        if lang not in set(Locale):
            return _refuse(400, 'Send {"lang": "zh"} or {"lang": "en"}.')
        if not self.ids:
            return _refuse(409, "The demo is still starting.")
        self.lang = Locale(lang)
        await speak(self._app, self._phones, self.ids, self.lang)
        await self._news.tell()
        return web.json_response({"lang": self.lang})

    async def _choose_policy(self, request: web.Request) -> web.StreamResponse:
        asked = await _body(request)
        names = [each["name"] for each in self._policies]
        name = asked.get("policy") if asked else None
        if not isinstance(name, str) or name not in names:
            return _refuse(400, f'Send {{"policy": name}}, name one of {", ".join(names)}.')
        await profiles.choose(self._app, name)
        await self._news.tell()
        return web.json_response({"policy": name})


def _vocabulary(locale: Locale) -> dict[str, Any]:
    """Return the service's own words for its codes, so that the page and the messages speak alike."""
    words = tomllib.loads((templates_dir() / "_layout" / locale / "words.toml").read_text("utf-8"))
    return {table: words[table] for table in ("clock", "desk_status", "severity", "rating", "channel", "kind")}


def _read(name: str) -> bytes:
    return resources.files("bot.demo").joinpath("static", name).read_bytes()


def _same_origin(request: web.Request) -> bool:
    origin = request.headers.get("Origin", "")
    return origin.partition("://")[2].lower() == request.host.lower()


async def _body(request: web.Request) -> dict[str, Any] | None:
    """Return the JSON object that was sent, or None."""
    if request.content_type != "application/json" or (request.content_length or 0) > _MAX_BODY:
        return None
    try:
        said = json.loads(await request.content.read(_MAX_BODY + 1))
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _refuse(status: int, why: str) -> web.Response:
    return web.json_response({"error": why}, status=status)


def _policy(host: str) -> str:
    # As the web chat's: older Safari does not count a WebSocket of the same host as 'self'.
    sockets = f" ws://{host}" if _HOST.fullmatch(host) else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"connect-src 'self'{sockets}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
