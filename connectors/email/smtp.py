"""Sending: mails built by hand and handed to one server over a few connections that are kept open."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import re
import ssl
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

import aiosmtplib

from connectors.email.automatic import OWN_MARK
from connectors.email.headers import MISSING_ID_DOMAIN
from connectors.email.settings import EmailSettings
from connectors.port import (
    ConnectorError,
    DeliveryError,
    OutgoingMessage,
    Sent,
    TryAgainLater,
    UnknownDelivery,
    WillNotDeliver,
)

_MAILS_PER_CONNECTION = 50  # OpenSMTPD answers 452 "Too many messages sent" after 100
_IDLE_S = 60.0
_OPERATOR_CODES = frozenset({530, 534, 535, 538})  # authentication: the mail is fine, our settings are not
_MAX_REFERENCES = 20

_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_BAD_IN_ADDRESS = re.compile(r'[\s<>"\\,;:()\[\]\x00-\x1f\x7f]')
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\x85]+")
_LINE_END = re.compile(r"\r\n|\r|\n|\x85|\u2028|\u2029|\x0b|\x0c")
_DOT = re.compile(rb"^\.", re.M)
_ATOM_TEXT = re.compile(r"^[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*$")


@dataclass(slots=True)
class _Line:
    """An open connection and what it has been used for."""

    client: aiosmtplib.SMTP
    used: int = 0
    idle_since: float = 0.0


class _Gone(Exception):
    """The connection broke, or was closed by the server, before the mail was handed over."""


class SmtpSender:
    """Hands mails over. May be called by many tasks at once: at most `smtp_connections` speak at a time."""

    def __init__(self, settings: EmailSettings, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._now = now
        self._where = f"{settings.smtp_host}:{settings.smtp_port}"
        self._from = f"From: {mailbox_header(settings.display_name, settings.address)}\r\n".encode()
        self._free = asyncio.Semaphore(settings.smtp_connections)
        self._idle: list[_Line] = []
        self._tls: ssl.SSLContext | None = None
        self._closed = False
        self._day = (-1, "")

    async def send(self, message: OutgoingMessage) -> Sent:
        """Hand one mail over. Raises DeliveryError, nothing else; `Sent.external_id` is its Message-ID."""
        recipient = _envelope_address(message.address)
        message_id = own_message_id(message, self._settings.domain)
        payload = self._build(message, recipient, message_id)
        async with self._slot():
            if self._closed:
                raise TryAgainLater("the mail channel is being stopped: the mail was not sent")
            line = self._take_idle()
            if line is not None:
                with contextlib.suppress(_Gone):
                    await self._send_on(line, recipient, payload)
                    return Sent(message_id)
            # None was open, or the open one had been closed by the server meanwhile: nothing was handed over yet.
            line = await self._open()
            try:
                await self._send_on(line, recipient, payload)
            except _Gone as error:
                raise TryAgainLater(
                    f"the mail server {self._where} broke off before it took the mail: {error}"
                ) from None
            return Sent(message_id)

    @contextlib.asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        """Wait for one of the connections we may have, no longer than for anything else."""
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                await self._free.acquire()
        except TimeoutError:
            raise TryAgainLater(f"all connections to {self._where} are busy: the mail was not sent") from None
        try:
            yield
        finally:
            self._free.release()

    async def check(self) -> None:
        """Connect, greet, log in. Raises ConnectorError saying what is wrong and what to do."""
        line = await self._open()
        try:
            await line.client.noop(timeout=self._settings.timeout_s)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise ConnectorError(f"the SMTP server {self._where} does not answer: {_what(error)}") from None
        finally:
            _hang_up(line)

    async def close(self) -> None:
        """Close the connections that are idle; those in use close when their mail is through."""
        self._closed = True
        while self._idle:
            _hang_up(self._idle.pop())
        await asyncio.sleep(0)  # lets the transports finish

    # --- connections ---

    def _take_idle(self) -> _Line | None:
        now = asyncio.get_running_loop().time()
        while self._idle:
            line = self._idle.pop()
            if line.client.is_connected and now - line.idle_since < _IDLE_S:
                return line
            _hang_up(line)
        return None

    def _give_back(self, line: _Line) -> None:
        line.used += 1
        if self._closed or line.used >= _MAILS_PER_CONNECTION or not line.client.is_connected:
            _hang_up(line)
            return
        line.idle_since = asyncio.get_running_loop().time()
        self._idle.append(line)

    async def _open(self) -> _Line:
        settings = self._settings
        client = aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_user or None,
            password=settings.smtp_password if settings.smtp_user else None,
            local_hostname=_ehlo_name(settings.domain),
            timeout=settings.timeout_s,
            use_tls=settings.smtp_tls == "tls",
            start_tls=settings.smtp_tls == "starttls",
            tls_context=self._tls_context(),
        )
        try:
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                await client.ehlo()
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()
            raise TryAgainLater(self._connect_trouble(error)) from None
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
                raise TryAgainLater(f"ca_file {self._settings.ca_file} cannot be read: {error.strerror}") from None
        return self._tls

    def _connect_trouble(self, error: Exception) -> str:
        where = self._where
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, ssl.SSLError):
            cause = cause.__cause__
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"{where}: the server's certificate is not trusted ({cause.verify_message}): set ca_file, or use its name"
        if isinstance(cause, ssl.SSLError):
            return f"{where}: no TLS there ({cause.reason}): check smtp_port and smtp_tls"
        if isinstance(error, aiosmtplib.SMTPAuthenticationError):
            return f"the SMTP server {where} refuses the login ({error.code}): check smtp_user and smtp_password"
        if isinstance(error, aiosmtplib.SMTPResponseException):
            return f"the SMTP server {where} refuses the connection: {_what(error)}"
        if isinstance(error, (aiosmtplib.SMTPConnectError, aiosmtplib.SMTPTimeoutError, OSError)):
            return f"cannot reach the SMTP server {where} ({_what(error)}): check smtp_host, smtp_port and the network"
        return f"the SMTP server {where} cannot be used as set ({_what(error)}): check smtp_tls, smtp_user and smtp_password"

    # --- one mail ---

    async def _send_on(self, line: _Line, recipient: str, payload: bytes) -> None:
        """Hand a mail over on a connection. Raises _Gone where the server cannot have taken it, else DeliveryError."""
        finished = False
        try:
            async with self._before_hand_over(line):
                await self._envelope(line.client, recipient)
            await self._hand_over(line.client, payload)
            finished = True
        except DeliveryError as error:
            if not isinstance(error, UnknownDelivery) and line.client.is_connected:
                with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                    await line.client.rset()
                    finished = True
            raise
        finally:
            if finished:
                self._give_back(line)
            else:
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

    async def _envelope(self, client: aiosmtplib.SMTP, recipient: str) -> None:
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

    async def _hand_over(self, client: aiosmtplib.SMTP, payload: bytes) -> None:
        """Send the text. From its first byte on, no answer means that nobody knows."""
        protocol = client.protocol
        if protocol is None:
            raise TryAgainLater(f"{self._where}: the connection broke before the mail was handed over")
        try:
            protocol.write(payload)
            answer = await protocol.read_response(timeout=self._settings.timeout_s)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise UnknownDelivery(
                f"{self._where}: the connection broke after the mail was handed over ({_what(error)}): it may have arrived"
            ) from None
        if answer.code != 250:
            raise _by_code(answer.code, f"{self._where}: {answer.code} {_CONTROL.sub(' ', answer.message)[:200]}")

    def _build(self, message: OutgoingMessage, recipient: str, message_id: str) -> bytes:
        """Return the mail as it goes over the wire, dots stuffed and the final one included."""
        head = [
            f"To: <{recipient}>\r\n",
            f"Subject: {encode_text(message.subject or '')}\r\n",
            f"Date: {self._date()}\r\nMessage-ID: {message_id}\r\n",
        ]
        answered = _real_ids([message.reply_to or ""])
        if answered:
            head.append(f"In-Reply-To: {answered[0]}\r\n")
        references = _real_ids([*message.references, *answered])
        if references:
            kept = (
                references
                if len(references) <= _MAX_REFERENCES
                else [references[0], *references[1 - _MAX_REFERENCES :]]
            )
            head.append("References: " + "\r\n ".join(kept) + "\r\n")
        if message.reply_address:
            head.append(f"Reply-To: <{_envelope_address(message.reply_address)}>\r\n")
        if message.reply_to:
            head.append("Auto-Submitted: auto-replied\r\n" if message.automatic else "")
        elif message.automatic:
            head.append("Auto-Submitted: auto-generated\r\n")
        if message.automatic:
            head.append("X-Auto-Response-Suppress: All\r\n")
        head.append(f"{OWN_MARK}: 1\r\nMIME-Version: 1.0\r\n")
        return self._from + "".join(head).encode() + _text_part(message.text)

    def _date(self) -> str:
        now = self._now()
        second = int(now.timestamp())
        if self._day[0] != second:
            self._day = (second, format_datetime(now.astimezone(UTC)))
        return self._day[1]


def own_message_id(message: OutgoingMessage, domain: str) -> str:
    """Return the Message-ID a mail goes out under: the one asked for, else one made of its key, so that a repeat is known."""
    match = _ID.fullmatch(message.message_id or "")
    if match:
        return match[0]
    return f"<{hashlib.sha256(message.key.encode('utf-8', 'replace')).hexdigest()[:32]}@{_ehlo_name(domain)}>"


def encode_text(text: str) -> str:
    """Return a header text safe to put on a line: one line, encoded words (RFC 2047) beyond ASCII, folded."""
    text = " ".join(_CONTROL.sub(" ", text).split())
    if text.isascii() and "=?" not in text and len(text) <= 180:
        return text
    words: list[str] = []
    chunk = b""
    for char in text.encode("utf-8", "replace").decode("utf-8"):
        encoded = char.encode()
        if len(chunk) + len(encoded) > 45:
            words.append(base64.b64encode(chunk).decode())
            chunk = b""
        chunk += encoded
    words.append(base64.b64encode(chunk).decode())
    return "\r\n ".join(f"=?utf-8?B?{word}?=" for word in words)


def mailbox_header(name: str, address: str) -> str:
    """Return `name <address>` for a header."""
    if not name:
        return f"<{address}>"
    if _ATOM_TEXT.match(name) and "=?" not in name:
        return f"{name} <{address}>"
    if name.isascii() and "=?" not in name:
        escaped = _CONTROL.sub(" ", name).replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{address}>'
    return f"{encode_text(name)} <{address}>"


def _text_part(text: str) -> bytes:
    text = _LINE_END.sub("\r\n", text).rstrip("\r\n") + "\r\n"
    if text.isascii() and "\0" not in text and max(map(len, text.split("\r\n"))) <= 900:
        body = _DOT.sub(b"..", text.encode("ascii"))
        return b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n" + body + b".\r\n"
    encoded = base64.encodebytes(text.encode("utf-8", "replace")).replace(b"\n", b"\r\n")
    return b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encoded + b".\r\n"


def _real_ids(values: Iterable[str]) -> list[str]:
    """Return the Message-IDs in some texts, each once, without those we made up for mails that had none."""
    found = {match: None for value in values for match in _ID.findall(value)}
    return [each for each in found if not each.endswith(f"@{MISSING_ID_DOMAIN}>")]


def _envelope_address(address: str) -> str:
    """Return an address fit for the envelope. Raises WillNotDeliver where it is none."""
    local, at, domain = address.strip().rpartition("@")
    if not (local and at and domain) or _BAD_IN_ADDRESS.search(local + domain) or len(address) > 320:
        raise WillNotDeliver(
            f"{_CONTROL.sub(' ', address)[:80]!r} is no mail address: correct it in the person's contact data"
        )
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            raise WillNotDeliver(
                f"the domain of {address[:80]!r} is none: correct it in the person's contact data"
            ) from None
    return f"{local}@{domain}"


def _ehlo_name(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return "localhost"


def _by_code(code: int, text: str) -> DeliveryError:
    if code in _OPERATOR_CODES:
        return TryAgainLater(f"{text}: the server wants a login: check smtp_user and smtp_password")
    if 400 <= code < 500:
        return TryAgainLater(text)
    if 500 <= code < 600:
        return WillNotDeliver(text)
    return UnknownDelivery(f"{text}: an answer that means neither yes nor no")


def _what(error: BaseException) -> str:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"{error.code} {_CONTROL.sub(' ', error.message)[:200]}"
    return _CONTROL.sub(" ", str(error))[:200] or type(error).__name__


def _hang_up(line: _Line) -> None:
    """Say goodbye without waiting for the answer."""
    with contextlib.suppress(Exception):
        if line.client.is_connected and line.client.protocol is not None:
            line.client.protocol.write(b"QUIT\r\n")
    line.client.close()
