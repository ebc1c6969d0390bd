"""The web server: every channel's routes, health and metrics on one port, and who may come in at it."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.settings import HttpSection, ProcessRole
from complaints.errors import ConfigError
from connectors.doorway import Connection, Doorway, Waiting

if TYPE_CHECKING:
    from bot.app import App

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_PORT_TAKEN = frozenset({errno.EADDRINUSE, errno.EACCES})
IDLE_S = 75.0  # a connection that brings no whole request for so long is closed; proxies keep theirs for 60
HEAD_S = 15.0  # and a new one that has not even brought a request's head
MAX_BODY = 1 << 20  # of any HTTP request; channels that take less say so themselves


@asynccontextmanager
async def serving(app: App) -> AsyncIterator[None]:
    """Serve every connector's routes, health and metrics on one port."""
    doorway = Doorway(Waiting.within(resource.getrlimit(resource.RLIMIT_NOFILE)[0], HEAD_S))
    server = web.Application(client_max_size=MAX_BODY, middlewares=[doorway.middleware, _host_guard(app.settings.http)])
    server.add_routes(app.routes)
    if (
        "web" in app.connectors
        and ProcessRole.WEB in app.receiving.roles
        and all(route.path != "/" for route in app.routes)
    ):
        server.router.add_get("/", _to_the_chat)
    for connector in app.connectors.values():
        if ProcessRole.WEB in app.receiving.roles and (routes := getattr(connector, "routes", None)):
            server.add_routes(routes())
    runner = web.AppRunner(server, shutdown_timeout=3.0)
    await runner.setup()
    assert runner.server is not None
    connection = partial(Connection, runner.server, doorway, idle_s=IDLE_S)
    loop = asyncio.get_running_loop()
    reported_to = loop.get_exception_handler()
    loop.set_exception_handler(doorway.trouble)
    listener: asyncio.Server | None = None
    try:
        try:
            listener = await loop.create_server(connection, app.settings.http.host, app.settings.http.port, backlog=128)
        except OSError as error:
            raise ConfigError(cannot_listen(app.settings.http, error)) from None
        app.port = listener.sockets[0].getsockname()[1]
        yield
    finally:
        for connector in app.connectors.values():
            await connector.close()  # before the server: open sockets would hold it up
        if listener is not None:
            listener.close()
        await runner.cleanup()
        loop.set_exception_handler(reported_to)


def cannot_listen(http: HttpSection, error: OSError) -> str:
    taken = error.errno in _PORT_TAKEN
    cure = "http.port: choose another" if taken else "http.host: name an address of this machine"
    return f"cannot listen on {http.host}:{http.port}: {error.strerror or error} ({cure})"


async def _to_the_chat(_request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("/chat")


def _host_guard(http: HttpSection) -> Middleware:
    """Refuse requests for hosts that are not ours, while we listen on loopback: a page elsewhere whose name was made to point
    here (DNS rebinding) must not speak to us with the reader's browser.
    """
    guarded = _is_loopback(http.host)
    public = urlsplit(http.public_url).hostname
    ours = _LOOPBACK | {http.host} | ({public} if public else set())

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if guarded and _name_of(request.host) not in ours:
            return web.Response(
                status=421, text="This host is not served here: set http.public_url to the name people use.\n"
            )
        return await handler(request)

    return guard


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() in _LOOPBACK


def _name_of(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
