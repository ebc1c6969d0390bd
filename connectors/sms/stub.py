"""A local stand-in for an SMS gateway: keeps what was "sent", takes replies, is seen in the demo as a phone.

    POST /hooks/sms/stub                  {"from": number, "text": str, "id"?: str}   a text message comes in
    GET  /hooks/sms/stub/{number}?after=  {"number", "messages": [{"seq", "direction", "text", "at"}], "more"}
    GET  /hooks/sms/stub/{number}/socket  demo only: the number's phone, protocol as in `connectors/sockets.py`

The first two want `Authorization: Bearer <secret>`. Errors are JSON: {"error": reason, "detail": sentence}.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import re
import unicodedata
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web

from connectors.callers import CALLS_PER_MINUTE, Callers
from connectors.frames import SocketLimits
from connectors.port import (
    Capabilities,
    ConnectorError,
    ConversationLog,
    DeliveryError,
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
from connectors.said import clean, parse_said
from connectors.sms.bodies import read_body
from connectors.sockets import Conversations, Identity

logger = logging.getLogger(__name__)

MAX_CHARS = 350  # what gateways take for one long message: five or six parts of 67 Chinese characters
MAX_RECEIVED_CHARS = 2000  # people's phones join more parts than gateways sell
_MAX_BODY = 8 * 1024
_BODY_TIMEOUT_S = 10
_PAGE = 200
_NUMBER = re.compile(r"\+?[0-9]{5,15}")
_SPACING = re.compile(r"[\s().-]+")
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_.:-]{1,100}")


@dataclass(frozen=True, slots=True)
class SmsStubSettings:
    """secret: what the hooks' callers must show; empty = nobody may call. demo: offer the phones' WebSocket as well.

    proxies: of ours, standing in front. calls_per_minute: so many calls are taken from one address.
    """

    secret: str = field(default="", repr=False)
    demo: bool = False
    allowed_origins: tuple[str, ...] = ()
    proxies: int = 0
    calls_per_minute: int = CALLS_PER_MINUTE


class SmsStub:
    """The stand-in as a `Connector`, channel "sms".

    fail_next: errors that the next sends raise instead of sending, first one first; for tests and for trying out.
    """

    def __init__(
        self,
        settings: SmsStubSettings,
        log: ConversationLog,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.fail_next: list[DeliveryError] = []
        self._settings = settings
        self._log = log
        self._callers = Callers(settings.calls_per_minute, settings.proxies)
        limits = SocketLimits(max_chars=MAX_RECEIVED_CHARS, allowed_origins=settings.allowed_origins)
        self._conversations = Conversations(self.channel, log, limits, now=now)

    @property
    def channel(self) -> str:
        return "sms"

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            form=Form.SMS, max_chars=MAX_CHARS, idempotent_send=True, proves_sender=True, addresses_are_phones=True
        )

    def routes(self) -> list[web.RouteDef]:
        """Return the hooks, and in demo mode the phones' WebSocket, for `app.add_routes`."""
        routes = [web.post("/hooks/sms/stub", self._hook), web.get("/hooks/sms/stub/{number}", self._list)]
        if self._settings.demo:
            routes.append(web.get("/hooks/sms/stub/{number}/socket", self._socket))
        return routes

    async def listen(self, intake: Intake) -> None:
        await self._conversations.listen(intake)

    def parse(self, raw: RawMessage) -> IncomingMessage:
        if not _NUMBER.fullmatch(raw.conversation):
            raise NotUnderstood("sms: the sender is no phone number")
        return parse_said(raw)

    async def send(self, message: OutgoingMessage) -> Sent:
        """Keep the message where the number's phone shows it. Spaces and dashes in the number do not matter."""
        if self.fail_next:
            raise self.fail_next.pop(0)
        number = phone_number(message.address)
        if number is None:
            raise WillNotDeliver("sms: the address is no phone number (5 to 15 digits, + in front if you like)")
        if len(message.text) > MAX_CHARS:
            raise WillNotDeliver(f"sms: the text has {len(message.text)} characters, the gateway takes {MAX_CHARS}")
        try:
            entry, _ = await self._conversations.post(number, message.key, message.text, ())
        except Exception as error:  # the log may fail in any way; a line is keyed, so saying it again shows it once
            raise TryAgainLater(f"sms: the conversation log failed ({type(error).__name__})") from error
        return Sent(external_id=str(entry.seq), delivered=True)

    async def reply(self, number: str, text: str, *, message_id: str | None = None) -> LogEntry:
        """Let `number` write to us. The same `message_id` again counts once.

        Raises ValueError for what is no phone number, no text or no id; NotListening; and what the store raises.
        """
        known, words = phone_number(number), clean(text)
        message_id = message_id or uuid.uuid4().hex
        if known is None or not words or len(words) > MAX_RECEIVED_CHARS or not _MESSAGE_ID.fullmatch(message_id):
            raise ValueError(f"sms: a reply needs a phone number, 1 to {MAX_RECEIVED_CHARS} characters and a plain id")
        return await self._conversations.receive(known, message_id, words)

    def wake(self, address: str) -> None:
        """Show at once what another process wrote to this number's log."""
        self._conversations.wake(phone_number(address) or address)

    async def check(self) -> None:
        """There is no platform to reach; a missing secret would turn every caller away."""
        if not self._settings.secret and not self._settings.demo:
            raise ConnectorError("sms: the stub's secret is empty, so its hooks refuse everybody: set one")

    def health(self) -> Health:
        return self._conversations.health()

    async def close(self) -> None:
        await self._conversations.close()

    async def _hook(self, request: web.Request) -> web.Response:
        if refusal := self._refuse_stranger(request):
            return refusal
        try:
            async with asyncio.timeout(_BODY_TIMEOUT_S):
                body = await read_body(request, _MAX_BODY)
        except TimeoutError:
            return _error(408, "too_slow", f"the body did not arrive within {_BODY_TIMEOUT_S} s")
        if body is None:
            return _error(413, "too_large", f"the body may have {_MAX_BODY} bytes")
        received = _received(body)
        if isinstance(received, str):
            return _error(400, "bad_request", received)
        try:
            entry = await self.reply(received.number, received.text, message_id=received.message_id)
        except Exception as error:  # whatever the store raises: not stored, and the gateway must come again
            # Only the kind of error: its text may quote what the person wrote.
            logger.warning("sms: a message could not be stored (%s)", type(error).__name__)
            return _error(503, "not_stored", "the message could not be stored: send it again later")
        return web.json_response({"stored": True, "seq": entry.seq})

    async def _list(self, request: web.Request) -> web.Response:
        if refusal := self._refuse_stranger(request):
            return refusal
        number, after = phone_number(request.match_info["number"]), request.query.get("after", "0")
        if number is None:
            return _error(400, "bad_request", "the path names no phone number")
        if not re.fullmatch(r"[0-9]{1,15}", after):
            return _error(400, "bad_request", "after must be a whole number")
        try:
            entries = await self._log.since(self.channel, number, int(after), limit=_PAGE)
        except Exception as error:  # as in _hook
            logger.warning("sms: the conversation log could not be read (%s)", type(error).__name__)
            return _error(503, "not_available", "the messages cannot be read now: try again later")
        messages = [
            {
                "seq": entry.seq,
                "direction": "sent" if entry.outgoing else "received",
                "text": entry.text,
                "at": entry.at.isoformat(),
            }
            for entry in entries
        ]
        return web.json_response({"number": number, "messages": messages, "more": len(entries) == _PAGE})

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        number = phone_number(request.match_info["number"])
        if number is None:
            return _error(400, "bad_request", "the path names no phone number")
        return await self._conversations.serve(request, lambda _: Identity(number))

    def _refuse_stranger(self, request: web.Request) -> web.Response | None:
        if refusal := self._callers.refusal(request):
            return refusal
        shown = request.headers.get("Authorization", "").encode(errors="replace")
        wanted = f"Bearer {self._settings.secret}".encode()
        if self._settings.secret and hmac.compare_digest(shown, wanted):
            return None
        self._callers.wrong(request)
        return _error(401, "unauthorized", "show the stub's secret as Authorization: Bearer <secret>")


@dataclass(frozen=True, slots=True)
class _Received:
    number: str
    text: str
    message_id: str | None


def phone_number(address: str) -> str | None:
    """Return `address` as digits with an optional + in front, or None where it is no phone number.

    Full-width digits, spaces, dots, dashes and brackets are understood.
    """
    plain = _SPACING.sub("", unicodedata.normalize("NFKC", address))
    return plain if _NUMBER.fullmatch(plain) else None


def _received(body: bytes) -> _Received | str:
    """Return what came in, or the sentence that says what is wrong with it."""
    try:
        received = json.loads(body)
    except (ValueError, RecursionError):
        return "the body must be JSON"
    if not isinstance(received, dict):
        return "the body must be a JSON object"
    number, text, message_id = received.get("from"), received.get("text"), received.get("id")
    if not isinstance(number, str) or phone_number(number) is None:
        return '"from" must be a phone number: 5 to 15 digits, + in front if you like'
    if not isinstance(text, str) or not clean(text) or len(clean(text)) > MAX_RECEIVED_CHARS:
        return f'"text" must have 1 to {MAX_RECEIVED_CHARS} characters'
    if message_id is not None and not (isinstance(message_id, str) and _MESSAGE_ID.fullmatch(message_id)):
        return '"id" must be 1 to 100 plain characters: letters, digits, _ . : -'
    return _Received(number, text, message_id)


def _error(status: int, reason: str, detail: str) -> web.Response:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return web.json_response({"error": reason, "detail": detail}, status=status, headers=headers)
