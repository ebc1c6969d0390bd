"""The SMS channel over the HTTP interface of a gateway: Kannel, Twilio, Aliyun, Tencent Cloud, or one that settings describe.

    GET|POST /hooks/sms/<provider>/<secret>/mo    a message comes in
    GET|POST /hooks/sms/<provider>/<secret>/dlr   what became of one of ours

Both take both: what it is shows in the call itself. It is stored before it is answered; where it cannot be stored the answer
is 503, and the gateway comes again; so it does after 429, where one address calls too often.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import logging
import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from yarl import URL

from connectors.callers import Callers, remote_address
from connectors.port import (
    Capabilities,
    ConnectorError,
    DeliveryError,
    Form,
    Health,
    IncomingMessage,
    Intake,
    OutgoingMessage,
    RawMessage,
    Sent,
    TryAgainLater,
    UnknownDelivery,
    WillNotDeliver,
)
from connectors.said import clean
from connectors.sms.bodies import read_body
from connectors.sms.callbacks import CHANNEL, PROFILES, received, understand
from connectors.sms.numbers import read_number
from connectors.sms.profile import Answer, Call, Request, Short, Stamp, digest, quoted
from connectors.sms.segments import most_chars, segments
from connectors.sms.settings import GatewaySettings, Template

logger = logging.getLogger(__name__)

_MAX_BODY = 512 * 1024  # of a callback: Aliyun puts up to 500 reports into one
_MAX_ANSWER = 64 * 1024
_BODY_TIMEOUT_S = 10
_CONNECT_S = 5.0
_MAX_VALUE = 35  # characters of a template's variable
_LINK = re.compile(r"(?i)(?<![a-z0-9])(?:https?://|www\.)[^\s\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")


class SmsGateway:
    """A gateway as a `Connector`, channel "sms". Raises ValueError, naming the key, where a setting is missing."""

    def __init__(self, settings: GatewaySettings, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._settings = settings
        self._profile = PROFILES[settings.provider]
        for key in self._profile.needs:
            if not getattr(settings, key):
                raise ValueError(f"{key} is empty: {settings.provider} needs it")
        self._now = now
        self._templates = settings.approved()
        self._networks = settings.networks()
        self._callers = Callers(settings.calls_per_minute, settings.proxies)
        # A text provider gets the sign as part of the text; one of templates puts it there itself.
        self._prefix = f"【{settings.sign}】" if settings.sign and not self._profile.templates else ""
        self._capabilities = Capabilities(
            form=Form.SMS,
            max_chars=max(1, most_chars(settings.max_parts) - len(self._prefix)),
            limits=settings.limits(self._profile.limits),
            templates=frozenset(self._templates) if self._profile.templates else None,
            max_bytes=_MAX_BODY,
            slowest_send_s=_CONNECT_S + settings.timeout_s,
            addresses_are_phones=True,
        )
        self._intake: Intake | None = None
        self._session: aiohttp.ClientSession | None = None
        self._last_worked_at: datetime | None = None
        self._trouble = ""
        self._sent = self._parts = self._received = 0

    @property
    def channel(self) -> str:
        return CHANNEL

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    def routes(self) -> list[web.RouteDef]:
        """Return the hooks that the gateway calls, for `app.add_routes`."""
        path = f"/hooks/sms/{self._profile.name}/{{secret}}/{{kind:mo|dlr}}"
        return [web.route(method, path, self._hook) for method in self._profile.methods]

    # ── receiving ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def listen(self, intake: Intake) -> None:
        self._intake = intake
        try:
            await asyncio.Event().wait()
        finally:
            self._intake = None

    def parse(self, raw: RawMessage) -> IncomingMessage:
        return understand(raw, self._settings)

    async def _hook(self, request: web.Request) -> web.Response:
        if refusal := self._callers.refusal(request):
            return refusal
        if not hmac.compare_digest(request.match_info["secret"].encode(), self._settings.secret.encode()):
            self._callers.wrong(request)
            return web.Response(status=404)
        if not self._allowed(remote_address(request, self._settings.proxies)):
            return web.Response(status=403, text="This address may not call: see connectors.sms.allow_from.\n")
        try:
            async with asyncio.timeout(_BODY_TIMEOUT_S):
                body = await read_body(request, _MAX_BODY)
        except TimeoutError:
            return web.Response(status=408)
        if body is None:
            return web.Response(status=413)
        call = Call(request.raw_path, request.headers, body)
        if self._profile.genuine is not None and not self._profile.genuine(self._settings, call):
            self._callers.wrong(request)
            return web.Response(status=403, text="The signature is wrong.\n")
        return await self._take(call)

    async def _take(self, call: Call) -> web.Response:
        messages = received(call.payload, self._settings)
        try:
            if self._intake is None:
                raise RuntimeError("not listening")
            await self._intake.store(messages)
        except Exception as error:  # whatever the store raises: not stored, and the gateway must come again
            # Only the kind of error: its text may quote what the person wrote.
            logger.warning("sms: a callback could not be stored (%s)", type(error).__name__)
            return web.Response(status=503, headers={"Retry-After": "5"})
        self._received += len(messages)
        self._last_worked_at = self._now()
        content_type, text = self._profile.thanks(self._settings)
        return web.Response(text=text, content_type=content_type)

    def _allowed(self, remote: str) -> bool:
        if not self._networks:
            return True
        try:
            address = ipaddress.ip_address(remote)
        except ValueError:
            return False
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(address in network for network in self._networks)

    # ── sending ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def send(self, message: OutgoingMessage) -> Sent:
        short = self._short(message)
        counted = segments(short.text, ucs2_only=self._profile.ucs2_only)
        try:
            answer = await self._ask(self._profile.request(self._settings, short, self._stamp()))
            id = self._profile.taken(self._settings, short, answer)
        except TryAgainLater as error:
            if error.everybody:
                self._trouble = str(error)
            raise
        self._trouble, self._last_worked_at = "", self._now()
        self._sent += 1
        self._parts += counted.parts
        cost = counted.parts * self._settings.part_price
        logger.info("sms: handed over, %d part(s) of %s, cost %.4g", counted.parts, counted.coding, cost)
        return Sent(external_id=id)

    def _short(self, message: OutgoingMessage) -> Short:
        number = read_number(message.address, self._settings.home)
        if number.trouble:
            raise WillNotDeliver(f"sms: nothing can be sent to this number: {number.trouble}")
        id = digest(message.key, number.address)
        text = clean(message.text)
        text = self._prefix + (text if self._settings.links else without_links(text))
        if not self._profile.templates:
            if len(text) > most_chars(self._settings.max_parts):
                raise WillNotDeliver(
                    f"sms: the text has {len(text)} characters, more than {self._settings.max_parts} parts"
                )
            return Short(number, text, id)
        template = self._templates.get(message.notice)
        if template is None:
            raise WillNotDeliver(
                f"sms: no approved template for {message.notice or 'this message'}: see connectors.sms.templates"
            )
        return Short(number, text, id, template, _values(template, message))

    def _stamp(self) -> Stamp:
        return Stamp(self._now(), uuid.uuid4().hex)

    async def _ask(self, request: Request) -> Answer:
        """Make the request once. Raises TryAgainLater where it surely never left, UnknownDelivery where it may have."""
        try:
            async with (
                asyncio.timeout(_CONNECT_S + self._settings.timeout_s),
                self._client().request(
                    request.method,
                    URL(request.url, encoded=True),  # as it was signed
                    headers=request.headers,
                    data=request.body or None,
                    allow_redirects=False,
                ) as response,
            ):
                body = await _at_most(response, _MAX_ANSWER)
                return Answer(response.status, body, _seconds(response.headers.get("Retry-After", "")))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            reason = f"sms: {self._host} cannot be reached ({_why(error)}): is it up, is url right?"
            raise TryAgainLater(reason, everybody=True) from None
        except TimeoutError:
            raise UnknownDelivery(f"sms: {self._host} did not answer within {self._settings.timeout_s:g} s") from None
        except (aiohttp.ClientError, OSError) as error:
            raise UnknownDelivery(f"sms: the line to {self._host} broke before it answered ({_why(error)})") from None

    @property
    def _host(self) -> str:
        return urlsplit(self._settings.url).netloc or self._profile.name

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            # A new connection for each request: one that the server has just given up would look as if the message might
            # have gone out.
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=True, limit=64),
                timeout=aiohttp.ClientTimeout(
                    total=None, connect=_CONNECT_S, sock_connect=_CONNECT_S, sock_read=self._settings.timeout_s
                ),
                headers={"Accept-Encoding": "identity", "User-Agent": "complaintbot"},
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                middlewares=(_once,),
            )
        return self._session

    # ── being looked after ────────────────────────────────────────────────────────────────────────────────────────

    async def check(self) -> None:
        """See whether the gateway is there and takes our login, without sending anything."""
        if self._profile.probe is None:
            await self._knock()
            return
        try:
            answer = await self._ask(self._profile.probe(self._settings, self._stamp()))
        except DeliveryError as error:
            raise ConnectorError(str(error)) from None
        if sentence := self._profile.judge(self._settings, answer):
            raise ConnectorError(f"sms: {self._profile.name}: {sentence}")

    async def _knock(self) -> None:
        parts = urlsplit(self._settings.url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            async with asyncio.timeout(_CONNECT_S):
                _, writer = await asyncio.open_connection(parts.hostname, port)
            writer.close()
        except (OSError, TimeoutError) as error:
            raise ConnectorError(f"sms: {self._host} cannot be reached ({_why(error)}): is url right?") from None

    def health(self) -> Health:
        listening = self._intake is not None
        return Health(
            ok=listening,  # a gateway that refuses us is the outbox's to pause and try: it hears so from every send
            detail=self._trouble or ("" if listening else "not listening"),
            last_worked_at=self._last_worked_at,
            facts={
                "provider": self._profile.name,
                "sent": self._sent,
                "parts": self._parts,
                "cost": round(self._parts * self._settings.part_price, 4),
                "received": self._received,
            },
        )

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()


def without_links(text: str) -> str:
    """Return the text with … in place of each link: carriers block what holds one (trap 24)."""
    return _LINK.sub("…", text)


def _values(template: Template, message: OutgoingMessage) -> tuple[tuple[str, str], ...]:
    """Return the template's variables in its order. An empty one would be refused, or read as half a sentence."""
    values = []
    for theirs, ours in template.variables:
        value = " ".join(clean(message.variables.get(ours, "")).split())
        if not value:
            raise WillNotDeliver(f"sms: template {template.code} wants {ours!r}, and this message has none")
        values.append((theirs, value if len(value) <= _MAX_VALUE else value[: _MAX_VALUE - 1] + "…"))
    return tuple(values)


class _LineBroke(aiohttp.ClientError):
    """The connection broke after the request was on its way."""


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keep the library from repeating a GET whose connection broke: the message would go out twice (trap 45)."""
    try:
        return await handler(request)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _LineBroke(type(error).__name__) from None


async def _at_most(response: aiohttp.ClientResponse, most: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(8192):
        body += chunk
        if len(body) > most:
            break
    return bytes(body[:most])


def _seconds(header: str) -> float | None:
    return float(header) if re.fullmatch(r"[0-9]{1,6}", header, re.ASCII) else None


def _why(error: Exception) -> str:
    # An address that is none is quoted whole by the library, and Kannel's holds the password.
    told = "" if isinstance(error, aiohttp.InvalidURL) else str(error)
    return quoted(told or type(error).__name__)
