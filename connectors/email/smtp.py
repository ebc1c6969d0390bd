"""Sending: mails handed to one server, over a few connections that are kept open, and the truth about each of them."""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import aiosmtplib

from connectors.email.compose import Composer, Letter, ascii_domain
from connectors.email.oauth import AccessTokens, NoToken, TokenServerAway
from connectors.email.settings import EmailSettings
from connectors.email.troubles import quoted, reason, tls_trouble
from connectors.port import (
    ConnectorError,
    DeliveryError,
    OutgoingMessage,
    Sent,
    TryAgainLater,
    UnknownDelivery,
    WillNotDeliver,
)

LONGEST_SENDS = 6.0
"""How often `timeout_s` one send takes at the most, everything included."""

_LONGEST_BEFORE = 2.0  # until the server is ready for the text
# Filters work on a mail before it is answered for, and a wait cut short leaves it uncertain. RFC 5321 would give it 10 min.
_LONGEST_ANSWER = 3.0
_MAILS_PER_CONNECTION = 50  # OpenSMTPD answers 452 "Too many messages sent" after 100
_IDLE_S = 60.0
_OPERATOR_CODES = frozenset({530, 534, 535, 538})  # authentication: the mail is fine, our settings are not
_GREYLISTED_S = 300.0  # RFC 6647 section 4.5: servers refuse for 1 to 5 minutes, and few say for how long
_LONGEST_HINT_S = 3600.0

_GREY = re.compile(r"gr[ea]y-?list", re.I)
_RELAY = re.compile(r"relay", re.I)
_WAIT = re.compile(r"\b(\d{1,5}) ?(s|secs?|seconds?|m|mins?|minutes?)\b|\b(\d{1,2}):(\d\d):(\d\d)\b", re.I)


@dataclass(slots=True)
class _Line:
    """An open connection and what it has been used for. unfinished: a mail was begun on it and refused."""

    client: aiosmtplib.SMTP
    used: int = 0
    idle_since: float = 0.0
    unfinished: bool = False


class _Gone(Exception):
    """The connection broke, or was closed by the server, before the mail was handed over."""


class SmtpSender:
    """Hands mails over. May be called by many tasks at once: at most `smtp_connections` speak at a time."""

    def __init__(self, settings: EmailSettings, tokens: AccessTokens, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._tokens = tokens
        self._composer = Composer(settings, now)
        self._where = f"{settings.smtp_host}:{settings.smtp_port}"
        self._free = asyncio.Semaphore(settings.smtp_connections)
        self._idle: list[_Line] = []
        self._sweep: asyncio.TimerHandle | None = None
        self._tls: ssl.SSLContext | None = None
        self._closed = False

    async def send(self, message: OutgoingMessage) -> Sent:
        """Hand one mail over. Raises DeliveryError, nothing else; `Sent.external_id` is its Message-ID."""
        letter = self._composer.compose(message)
        deadline = asyncio.get_running_loop().time() + _LONGEST_BEFORE * self._settings.timeout_s
        await self._slot(deadline)
        try:
            if self._closed:
                raise TryAgainLater("the mail channel is being stopped: the mail was not sent")
            try:
                async with asyncio.timeout_at(deadline):
                    line = await self._ready_for(letter.recipient)
            except TimeoutError:
                raise TryAgainLater(f"{self._where}: too slow, the mail was not handed over") from None
            await self._hand_over(line, letter)
            return Sent(letter.message_id)
        finally:
            self._free.release()

    async def _slot(self, deadline: float) -> None:
        """Wait for one of the connections we may have."""
        try:
            async with asyncio.timeout_at(deadline):
                await self._free.acquire()
        except TimeoutError:
            raise TryAgainLater(f"all connections to {self._where} are busy: the mail was not sent") from None

    async def check(self) -> None:
        """Connect, greet, log in, and ask whether we may send. Raises ConnectorError saying what is wrong and what to do."""
        own = self._settings.address
        try:
            line = await self._open()
        except DeliveryError as error:
            raise ConnectorError(str(error)) from None
        try:
            await line.client.mail(own)
            await line.client.rcpt(own)  # nothing is sent: the mail is never begun
        except aiosmtplib.SMTPResponseException as error:
            if error.code >= 500:
                raise ConnectorError(
                    f"the SMTP server {self._where} does not let us send from {own} ({_what(error)}): check address,"
                    " smtp_user and smtp_password"
                ) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise ConnectorError(f"the SMTP server {self._where} does not answer: {_what(error)}") from None
        finally:
            _hang_up(line)

    async def close(self) -> None:
        """Close the connections that are idle; those in use close when their mail is through."""
        self._closed = True
        if self._sweep is not None:
            self._sweep.cancel()
        while self._idle:
            _hang_up(self._idle.pop())
        await asyncio.sleep(0)  # lets the transports finish

    # --- connections ---

    def _take_idle(self) -> _Line | None:
        while self._idle:
            line = self._idle.pop()
            if line.client.is_connected:
                return line
            _hang_up(line)
        return None

    def _give_back(self, line: _Line) -> None:
        line.used += 1
        if self._closed or line.used >= _MAILS_PER_CONNECTION or not line.client.is_connected:
            _hang_up(line)
            return
        loop = asyncio.get_running_loop()
        line.idle_since = loop.time()
        self._idle.append(line)
        if self._sweep is None:
            self._sweep = loop.call_later(_IDLE_S, self._close_idle)

    def _close_idle(self) -> None:
        """Hang up what nobody used for a while: servers do it to us, and less politely."""
        loop = asyncio.get_running_loop()
        while self._idle and loop.time() - self._idle[0].idle_since >= _IDLE_S:
            _hang_up(self._idle.pop(0))
        self._sweep = loop.call_at(self._idle[0].idle_since + _IDLE_S, self._close_idle) if self._idle else None

    async def _open(self) -> _Line:
        settings = self._settings
        client = aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_user or None,
            password=settings.smtp_password if settings.smtp_user and not settings.smtp_oauth else None,
            oauth_token_generator=self._tokens.token if settings.smtp_oauth else None,
            local_hostname=ascii_domain(settings.domain),
            timeout=settings.timeout_s,
            use_tls=settings.smtp_tls == "tls",
            start_tls=settings.smtp_tls == "starttls",
            tls_context=self._tls_context(),
        )
        try:
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                await client.ehlo()
        except (NoToken, TokenServerAway) as error:
            client.close()
            raise TryAgainLater(str(error), everybody=True) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()
            if settings.smtp_oauth and isinstance(error, aiosmtplib.SMTPAuthenticationError):
                self._tokens.forget()
            raise TryAgainLater(self._connect_trouble(error), everybody=True) from None
        except BaseException:
            client.close()
            raise
        return _Line(client)

    def _tls_context(self) -> ssl.SSLContext | None:
        if self._settings.smtp_tls == "plain":
            return None
        if self._tls is None:
            try:
                self._tls = self._settings.tls_context()
            except OSError as error:
                raise TryAgainLater(
                    f"ca_file {self._settings.ca_file} cannot be read: {reason(error)}", everybody=True
                ) from None
        return self._tls

    def _connect_trouble(self, error: Exception) -> str:
        where, causes = self._where, list(_causes(error))
        if tls := next((each for each in causes if isinstance(each, ssl.SSLError)), None):
            return tls_trouble(where, "smtp", tls)
        if isinstance(error, aiosmtplib.SMTPAuthenticationError):
            said = f"{error.code} {error.message}"
            if self._settings.smtp_password:
                said = said.replace(self._settings.smtp_password, "***")
            said = quoted(said)
            return f"the SMTP server {where} refuses the login ({said}): check {self._login_keys()}"
        if isinstance(error, aiosmtplib.SMTPResponseException):
            return f"the SMTP server {where} refuses the connection: {_what(error)}"
        if isinstance(error, (aiosmtplib.SMTPConnectError, aiosmtplib.SMTPTimeoutError, OSError)):
            first = next((each for each in causes if isinstance(each, OSError) and each.errno), None)
            why = reason(first) if first is not None else _what(error)
            return f"cannot reach the SMTP server {where} ({why}): check smtp_host, smtp_port and the network"
        return f"the SMTP server {where} cannot be used as set ({_what(error)}): check smtp_tls, {self._login_keys()}"

    def _login_keys(self) -> str:
        if self._settings.smtp_oauth:
            return "smtp_user, oauth_scope, and that the app was granted SMTP for this mailbox"
        return "smtp_user and smtp_password"

    # --- one mail ---

    async def _ready_for(self, recipient: str) -> _Line:
        """Return a connection whose server waits for the text of a mail to `recipient`. Raises DeliveryError."""
        line = self._take_idle()
        if line is not None:
            with contextlib.suppress(_Gone):
                await self._envelope(line, recipient)
                return line
        # None was open, or the open one had been closed by the server meanwhile: nothing was handed over yet.
        line = await self._open()
        try:
            await self._envelope(line, recipient)
        except _Gone as error:
            raise TryAgainLater(
                f"the mail server {self._where} broke off before it took the mail: {error}", everybody=True
            ) from None
        return line

    async def _envelope(self, line: _Line, recipient: str) -> None:
        """Say who writes to whom. Raises _Gone where another connection may do better, else DeliveryError."""
        usable = False
        try:
            async with self._before_hand_over(line):
                await self._speak_envelope(line, recipient)
            usable = True
        except DeliveryError:
            line.unfinished = True
            if line.client.is_connected:
                self._give_back(line)
                usable = True
            raise
        finally:
            if not usable:
                _hang_up(line)

    @contextlib.asynccontextmanager
    async def _before_hand_over(self, line: _Line) -> AsyncIterator[None]:
        try:
            yield
        except aiosmtplib.SMTPResponseException as error:
            if error.code == 421 or (
                line.used and isinstance(error, aiosmtplib.SMTPSenderRefused) and error.code < 500
            ):
                # Busy, or tired of this connection: it has taken nothing from us yet.
                raise _Gone(_what(error)) from None
            raise _by_code(error.code, f"{self._where}: {_what(error)}") from None
        except aiosmtplib.SMTPTimeoutError:
            raise TryAgainLater(
                f"{self._where}: no answer within {self._settings.timeout_s:g} s, nothing sent"
            ) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise _Gone(_what(error)) from None

    async def _speak_envelope(self, line: _Line, recipient: str) -> None:
        client = line.client
        if line.unfinished:
            await client.rset()
            line.unfinished = False
        if recipient.isascii():
            await client.mail(self._settings.address)
            await client.rcpt(recipient)
        else:
            if not client.supports_extension("smtputf8"):
                raise WillNotDeliver(f"{self._where} takes no addresses beyond ASCII (SMTPUTF8): use another channel")
            await client.mail(self._settings.address, options=["SMTPUTF8", "BODY=8BITMIME"], encoding="utf-8")
            await client.rcpt(recipient, encoding="utf-8")
        answer = await client.execute_command(b"DATA")
        if answer.code != 354:
            raise aiosmtplib.SMTPDataError(answer.code, answer.message)

    async def _hand_over(self, line: _Line, letter: Letter) -> None:
        """Send the text. From its final dot on, no answer means that nobody knows."""
        answered = False
        try:
            protocol = await self._send_text(line.client, letter.payload)
            try:
                answer = await protocol.read_response(timeout=_LONGEST_ANSWER * self._settings.timeout_s)
            except (aiosmtplib.SMTPException, OSError) as error:
                raise UnknownDelivery(
                    f"{self._where}: no answer after the mail was handed over ({_what(error)}): it may have arrived"
                ) from None
            answered = answer.code != 421
        finally:
            if answered:
                self._give_back(line)
            else:
                _hang_up(line)
        if answer.code != 250:
            raise _by_code(answer.code, f"{self._where}: {answer.code} {quoted(answer.message)}")

    async def _send_text(self, client: aiosmtplib.SMTP, payload: bytes) -> aiosmtplib.protocol.SMTPProtocol:
        """Send a text and its final dot. Where that fails the dot was not sent: no server may deliver what lacks it."""
        protocol = client.protocol
        try:
            if protocol is None:
                raise ConnectionResetError("the connection is gone")
            protocol.write(payload)
            async with asyncio.timeout(self._settings.timeout_s):
                await protocol._drain_helper()
            protocol.write(b".\r\n")
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise TryAgainLater(
                f"{self._where}: broke off in the middle of the mail ({_what(error)}): it was not handed over"
            ) from None
        return protocol


def _by_code(code: int, text: str) -> DeliveryError:
    if code in _OPERATOR_CODES:
        return TryAgainLater(f"{text}: the server wants a login: check smtp_user and smtp_password", everybody=True)
    if 400 <= code < 500:
        return TryAgainLater(text, _asked_to_wait_s(text), everybody=code == 421)
    if 500 <= code < 600:
        cure = ": the server does not relay for us: check smtp_user and smtp_password" if _RELAY.search(text) else ""
        return WillNotDeliver(text + cure)
    return UnknownDelivery(f"{text}: an answer that means neither yes nor no")


def _asked_to_wait_s(text: str) -> float | None:
    """Return how long the server wants us to wait, as far as its words say so."""
    match = _WAIT.search(text)
    if match is None:
        return _GREYLISTED_S if _GREY.search(text) else None
    if match[3]:
        seconds = int(match[3]) * 3600.0 + int(match[4]) * 60 + int(match[5])
    else:
        seconds = float(match[1]) * (60 if match[2].lower().startswith("m") else 1)
    return min(seconds, _LONGEST_HINT_S)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it was raised from."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _what(error: BaseException) -> str:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"{error.code} {quoted(error.message)}"
    return quoted(str(error)) or type(error).__name__


def _hang_up(line: _Line) -> None:
    """Say goodbye without waiting for the answer."""
    with contextlib.suppress(Exception):
        if line.client.is_connected and line.client.protocol is not None:
            line.client.protocol.write(b"QUIT\r\n")
    line.client.close()
