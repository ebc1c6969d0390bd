"""An SMTP server that keeps what it is given, and can be rude, silent or gone."""

from __future__ import annotations

import asyncio
import base64
import email
import email.policy
import logging
import ssl
import threading
from collections.abc import Container
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.dovecot import free_port, make_certificate

logging.getLogger("mail.log").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Mail:
    """A mail that was taken: its envelope, its bytes, and the bytes understood."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    parsed: EmailMessage

    @property
    def text(self) -> str:
        body = self.parsed.get_body(("plain",))
        return str(body.get_content()) if body is not None else ""


class SmtpSink:
    """`async with SmtpSink() as sink`: takes every mail into `messages`.

    Switches, all of them may be turned while it runs: refuse = {recipient: "550 no such user"}; refuse_sender, refuse_data =
    an answer; refuse_once: an answer to one sender only; drop_after_data: keep the mail, then break the connection without an
    answer; drop_at = a command at which to break it ("MAIL", "RCPT", "DATA"); silent_at = a command that is never answered
    ("EHLO", "MAIL", "RCPT", "DATA"); silent_after_data: keep the mail and never answer; credentials = (user, password):
    demand a login; tokens: those that XOAUTH2 accepts, then a login is demanded too. tls: None, "tls" or "starttls" (then
    `ca_file` is the certificate to trust). utf8: whether SMTPUTF8 is offered.
    """

    host = "127.0.0.1"

    def __init__(
        self,
        *,
        tls: str | None = None,
        credentials: tuple[str, str] | None = None,
        tokens: Container[str] | None = None,
        tmp_dir: Path | None = None,
        utf8: bool = True,
    ) -> None:
        self.port = free_port()
        self.messages: list[Mail] = []
        self.refuse: dict[str, str] = {}
        self.refuse_sender: str | None = None
        self.refuse_once: str | None = None
        self.refuse_data: str | None = None
        self.drop_after_data = False
        self.drop_at: str | None = None
        self.silent_at: str | None = None
        self.silent_after_data = False
        self.credentials = credentials
        self.tokens = tokens
        self._utf8 = utf8
        self.connections = 0
        self.ca_file: str | None = None
        self._tls = tls
        self._context: ssl.SSLContext | None = None
        if tls:
            if tmp_dir is None:
                raise ValueError("a sink with TLS needs a folder for its certificate")
            cert, key = make_certificate(tmp_dir)
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(cert, key)
            self.ca_file = str(cert)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._server: asyncio.Server | None = None
        self._protocols: set[_Protocol] = set()
        self._changed = threading.Condition()

    async def __aenter__(self) -> SmtpSink:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp-sink", daemon=True)
        self._thread.start()
        await self.up()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.down()
        assert self._loop is not None
        assert self._thread is not None
        await self._there(self._finish())
        self._loop.call_soon_threadsafe(self._loop.stop)
        await asyncio.to_thread(self._thread.join)
        self._loop.close()

    async def up(self) -> None:
        """Listen (again), on the same port."""
        await self._there(self._listen())

    async def down(self) -> None:
        """Stop listening and break all connections."""
        await self._there(self._stop())

    async def hang_up(self) -> None:
        """Break all connections, as servers do with idle ones, and go on listening."""
        await self._there(self._break())

    async def wait_for(self, count: int, timeout_s: float = 10.0) -> list[Mail]:
        """Return the mails once there are at least `count`. Raises TimeoutError."""

        def arrived() -> bool:
            with self._changed:
                return self._changed.wait_for(lambda: len(self.messages) >= count, timeout_s)

        if not await asyncio.to_thread(arrived):
            raise TimeoutError(f"{len(self.messages)} of {count} mails after {timeout_s} s")
        return list(self.messages)

    def to(self, address: str) -> list[Mail]:
        """Return the mails sent to an address, oldest first."""
        return [mail for mail in self.messages if address.lower() in (each.lower() for each in mail.recipients)]

    async def _there(self, work: Any) -> None:
        assert self._loop is not None
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def _listen(self) -> None:
        context = self._context if self._tls == "tls" else None
        self._server = await asyncio.get_running_loop().create_server(self._protocol, self.host, self.port, ssl=context)

    async def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        await self._break()

    async def _break(self) -> None:
        for protocol in list(self._protocols):
            protocol.drop()
        for _ in range(3):
            await asyncio.sleep(0)

    async def _finish(self) -> None:
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _protocol(self) -> _Protocol:
        self.connections += 1
        login = self.credentials is not None or self.tokens is not None
        return _Protocol(
            self,
            hostname="sink.test",
            enable_SMTPUTF8=self._utf8,
            data_size_limit=None,
            tls_context=self._context if self._tls == "starttls" else None,
            require_starttls=self._tls == "starttls",
            auth_required=login,
            authenticator=self._authenticate if login else None,
        )

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        known = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == self.credentials
        return AuthResult(success=known, handled=False)  # handled=True would answer nothing at all

    @property
    def open_connections(self) -> int:
        return len(self._protocols)

    # --- what aiosmtpd calls ---

    async def auth_XOAUTH2(self, server: _Protocol, args: list[str]) -> AuthResult:  # noqa: N802
        said = base64.b64decode(args[1]).decode().split("\1")
        token = said[1].removeprefix("auth=Bearer ")
        if self.tokens is not None and token in self.tokens:
            return AuthResult(success=True, auth_data=said[0])
        await server.challenge_auth(b'{"status":"400"}')  # why not; the client must answer before it hears 535
        return AuthResult(success=False, handled=False)

    async def handle_EHLO(  # noqa: N802
        self, server: _Protocol, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        await self._maybe_silent("EHLO")
        session.host_name = hostname
        return responses

    async def _maybe_silent(self, command: str) -> None:
        if self.silent_at == command:
            await asyncio.Event().wait()

    async def handle_MAIL(  # noqa: N802
        self, server: _Protocol, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self._maybe_silent("MAIL")
        if self.drop_at == "MAIL":
            return server.drop()
        if self.refuse_once:
            answer, self.refuse_once = self.refuse_once, None
            return answer
        if self.refuse_sender:
            return self.refuse_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: _Protocol, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self._maybe_silent("RCPT")
        if self.drop_at == "RCPT":
            return server.drop()
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: _Protocol, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refuse_data:
            return self.refuse_data
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        parsed = email.message_from_bytes(raw, policy=email.policy.default)
        with self._changed:
            self.messages.append(Mail(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw, parsed))
            self._changed.notify_all()
        if self.drop_after_data:
            return server.drop()
        if self.silent_after_data:
            await asyncio.Event().wait()
        return "250 OK: kept"


class _Protocol(SMTP):
    def __init__(self, sink: SmtpSink, **options: Any) -> None:
        super().__init__(sink, **options)
        self._auth_require_tls = False  # as an argument it is warned about
        self._sink = sink

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._sink._protocols.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._sink._protocols.discard(self)
        super().connection_lost(error)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        await self._sink._maybe_silent("DATA")
        if self._sink.drop_at == "DATA":
            self.drop()
            return
        await super().smtp_DATA(arg)

    def drop(self) -> str:
        """Break the connection; the answer returned goes nowhere."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()
        return "421 gone"
