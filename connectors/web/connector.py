"""The web chat connector: `/chat` is the page, `/chat/socket` its WebSocket (protocol: `connectors/sockets.py`), and
`/chat/files` takes files in (`connectors/web/uploads.py`).

Who is who: the browser keeps a secret that we made for it on first contact. The conversation, which is the address the
core sees, is a digest of it, so nothing that is stored or logged lets anybody speak as somebody else.
"""

from __future__ import annotations

import asyncio
import hashlib
import html
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from aiohttp import web

from connectors.frames import SocketLimits
from connectors.port import (
    Attachment,
    Capabilities,
    Command,
    ConnectorError,
    ConversationLog,
    Form,
    Health,
    IncomingMessage,
    Intake,
    LogEntry,
    NotUnderstood,
    OutgoingMessage,
    RawMessage,
    Sent,
    TryAgainLater,
    WillNotDeliver,
)
from connectors.said import parse_said
from connectors.sockets import Conversations, Identity
from connectors.web.shown import Shown
from connectors.web.uploads import NotTaken, Refused, UploadRules, Uploads

MAX_CHARS = 4000
SENDS_BYTES = 64_000  # they are kept with the line, and travel with it to whoever holds the conversation's secret
_ADDRESS = re.compile(r"w[0-9a-f]{24}")
# 22 characters of URL-safe base64 are 132 bits; we make 192.
_SECRET = re.compile(r"[A-Za-z0-9_-]{22,128}")
_FILES = "/chat/files"
_FILE = r"/chat/files/{seq:[0-9]{1,15}}/{position:[0-9]{1,2}}"
_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")
_STATIC = {
    "/chat": ("chat.html", "text/html"),
    "/chat/app.js": ("app.js", "text/javascript"),
    "/chat/chat.js": ("chat.js", "text/javascript"),
    "/chat/style.css": ("chat.css", "text/css"),
}


@dataclass(frozen=True, slots=True)
class WebChatSettings:
    """Settings of the web chat; `SocketLimits` explains what is not explained here.

    title: the heading of the page; empty = the page's own words in the reader's language. menus: what the menu offers to
    everybody, by language.
    """

    title: str = ""
    menus: Mapping[str, Sequence[Command]] = field(default_factory=dict)
    allowed_origins: tuple[str, ...] = ()
    allow_missing_origin: bool = False
    proxies: int = 0
    sockets_total: int = 2000
    sockets_per_address: int = 50
    conversation_per_minute: float = 30
    conversation_burst: int = 20
    address_per_minute: float = 300
    address_burst: int = 120
    hello_timeout_s: float = 10
    heartbeat_s: float = 30
    write_timeout_s: float = 20

    def limits(self) -> SocketLimits:
        return SocketLimits(
            max_chars=MAX_CHARS,
            allowed_origins=self.allowed_origins,
            allow_missing_origin=self.allow_missing_origin,
            proxies=self.proxies,
            sockets_total=self.sockets_total,
            sockets_per_address=self.sockets_per_address,
            conversation_per_minute=self.conversation_per_minute,
            conversation_burst=self.conversation_burst,
            address_per_minute=self.address_per_minute,
            address_burst=self.address_burst,
            hello_timeout_s=self.hello_timeout_s,
            heartbeat_s=self.heartbeat_s,
            write_timeout_s=self.write_timeout_s,
        )


def new_secret() -> str:
    """Return a secret for one browser: 192 random bits."""
    return secrets.token_urlsafe(24)


def conversation_of(secret: str) -> str:
    """Return the address (and conversation) of whoever holds `secret`."""
    return "w" + hashlib.sha256(secret.encode()).hexdigest()[:24]


def identify(hello: Mapping[str, object]) -> Identity | None:
    """Return who says hello: the holder of the secret, or somebody new. None = that is no secret of ours."""
    secret = hello.get("secret")
    if secret is None:
        secret = new_secret()
    if not isinstance(secret, str) or not _SECRET.fullmatch(secret):
        return None
    return Identity(conversation_of(secret), secret)


class WebChatConnector:
    """The web chat as a `Connector`. Put `routes()` into the server; call `close()` before the server cleans up.

    uploads: where files that people send are kept until the core has fetched them; None = the page takes none. kept: where the
    core keeps files, to show them; None = what is too large for a line is not shown.
    """

    def __init__(
        self,
        settings: WebChatSettings,
        log: ConversationLog,
        *,
        uploads: UploadRules | None = None,
        kept: Path | None = None,
        channel: str = "web",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = settings
        self._channel = channel
        self._now = now
        self._uploads = Uploads(uploads) if uploads is not None else None
        self._shown = Shown(channel, log, kept) if kept is not None else None
        self._conversations = Conversations(
            channel, log, settings.limits(), now=now, menus=settings.menus, uploads=self._uploads
        )
        self._assets = {path: _Asset.load(name, type_, settings.title) for path, (name, type_) in _STATIC.items()}

    @property
    def channel(self) -> str:
        return self._channel

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            form=Form.IM,
            buttons=True,
            attachments=self._uploads is not None,
            max_chars=MAX_CHARS,
            idempotent_send=True,
            proves_sender=True,
            sends_bytes=SENDS_BYTES,
            shows_files=self._shown is not None,
            menu=True,
        )

    def routes(self) -> list[web.RouteDef]:
        """Return the page, its assets and its WebSocket, for `app.add_routes`."""
        routes = [*(web.get(path, self._asset) for path in _STATIC), web.get("/chat/socket", self._socket)]
        if self._uploads is not None:
            routes += [web.post(_FILES, self._upload), web.options(_FILES, self._preflight)]
        if self._shown is not None:
            routes += [web.get(_FILE, self._show), web.options(_FILE, self._preflight)]
        return routes

    async def listen(self, intake: Intake) -> None:
        if self._uploads is None:
            await self._conversations.listen(intake)
            return
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._uploads.keep_tidy(), name=f"{self._channel}:uploads")
            await self._conversations.listen(intake)

    def parse(self, raw: RawMessage) -> IncomingMessage:
        if not _ADDRESS.fullmatch(raw.conversation):
            raise NotUnderstood(f"{raw.channel}: the sender is no web chat address")
        return parse_said(raw)

    async def send(self, message: OutgoingMessage) -> Sent:
        """Put the message into the conversation; the page shows it now or when it comes back."""
        address, line = self.line(message)
        try:
            entry, live = await self._conversations.post(
                address, line.key, line.text, line.buttons, line.files, line.menu
            )
        except Exception as error:  # the log may fail in any way; a line is keyed, so saying it again shows it once
            raise TryAgainLater(f"{self._channel}: the conversation log failed ({type(error).__name__})") from error
        return Sent(external_id=str(entry.seq), delivered=live)

    def line(self, message: OutgoingMessage) -> tuple[str, LogEntry]:
        """Return where the message is said, and as what line. Raises WillNotDeliver."""
        if not _ADDRESS.fullmatch(message.address):
            raise WillNotDeliver(f"{self._channel}: the address is no web chat conversation (w and 24 hex digits)")
        files = tuple(file for file in message.attachments if file.data or file.handle)
        line = LogEntry(0, message.key, True, message.text, message.buttons, self._now(), files, message.menu)
        return message.address, line

    def watched(self, conversation: str) -> bool:
        """Say whether anybody is looking."""
        return self._conversations.watched(conversation)

    def show(self, conversation: str, entry: LogEntry) -> None:
        """Show a line that was written with other things just now."""
        self._conversations.show(conversation, entry)

    async def fetch(self, attachment: Attachment, *, max_bytes: int) -> bytes:
        """Return a file that somebody sent. Raises TryAgainLater, or WillNotDeliver where it is gone or too large."""
        if self._uploads is None:
            raise WillNotDeliver(f"{self._channel}: no files are taken here")
        return await self._uploads.fetch(attachment.handle, max_bytes)

    async def let_go(self, handle: str) -> None:
        """Take a file off the disk: whoever wanted it has it, or has given it up."""
        if self._uploads is not None:
            await self._uploads.let_go(handle)

    def wake(self, address: str) -> None:
        """Show at once what another process wrote to this conversation's log."""
        self._conversations.wake(address)

    async def check(self) -> None:
        """There is no platform to reach; only what would surely turn every page away is looked for."""
        for origin in self._settings.allowed_origins:
            if not re.fullmatch(r"https?://[^/\s]+/?", origin):
                raise ConnectorError(
                    f"{self._channel}: allowed_origins has {origin!r}: write scheme and host, as in https://www.example.com"
                )

    def health(self) -> Health:
        return self._conversations.health()

    async def close(self) -> None:
        await self._conversations.close()

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        return await self._conversations.serve(request, identify)

    async def _upload(self, request: web.Request) -> web.Response:
        """Take in a file of whoever holds the conversation's secret; what keeps strange pages off the socket does so here."""
        assert self._uploads is not None
        try:
            if not self._conversations.allows(request):
                raise NotTaken(Refused.ORIGIN)
            if (conversation := _conversation_that_asks(request)) is None:
                raise NotTaken(Refused.BAD_SECRET)
            taken = await self._uploads.take(request, conversation, self._conversations.remote(request))
            answer = web.json_response({"id": taken.id, "size": taken.size, "type": taken.type}, status=201)
        except NotTaken as refused:
            answer = refused.response()
        answer.headers.update(self._shared_with(request))
        return answer

    async def _show(self, request: web.Request) -> web.StreamResponse:
        """Hand out a file of a line. What must be known is the secret; a strange page cannot send that header unasked."""
        assert self._shown is not None
        answer: web.StreamResponse
        if (conversation := _conversation_that_asks(request)) is None:
            answer = web.Response(status=401, text="Show the conversation's secret.\n")
        else:
            seq, position = int(request.match_info["seq"]), int(request.match_info["position"])
            try:
                answer = await self._shown.response(conversation, seq, position)
            except web.HTTPNotFound as gone:
                answer = web.Response(status=404, text=gone.text)
        answer.headers.update(self._shared_with(request))
        return answer

    async def _preflight(self, request: web.Request) -> web.Response:
        """Let the pages of `allowed_origins` send and open files, too."""
        return web.Response(status=204, headers=self._shared_with(request))

    def _shared_with(self, request: web.Request) -> dict[str, str]:
        headers = {"Cache-Control": "no-store", "Vary": "Origin"}
        if (origin := request.headers.get("Origin")) is None or not self._conversations.allows(request):
            return headers
        return headers | {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": "authorization, content-type, x-file-name",
            "Access-Control-Max-Age": "600",
        }

    async def _asset(self, request: web.Request) -> web.Response:
        asset = self._assets[request.path]
        headers = {
            "Content-Security-Policy": _content_security_policy(request.host),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-cache",  # ask each time, and be told 304: a new version is seen at once
            "ETag": f'"{asset.etag}"',
        }
        if any(tag.value == asset.etag for tag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        return web.Response(body=asset.body, content_type=asset.type, charset="utf-8", headers=headers)


def _conversation_that_asks(request: web.Request) -> str | None:
    """Return whose secret a request shows; None where it shows none."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return conversation_of(secret) if scheme.lower() == "bearer" and _SECRET.fullmatch(secret) else None


@dataclass(frozen=True, slots=True)
class _Asset:
    body: bytes
    type: str
    etag: str

    @classmethod
    def load(cls, name: str, type_: str, title: str) -> _Asset:
        text = resources.files("connectors.web").joinpath("static", name).read_text("utf-8")
        if type_ == "text/html":
            text = text.replace("{{title}}", html.escape(title, quote=True))
        body = text.encode()
        return cls(body, type_, hashlib.sha256(body).hexdigest()[:16])


def _content_security_policy(host: str) -> str:
    # Older Safari does not count a WebSocket of the same host as 'self'.
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"connect-src 'self'{sockets}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
