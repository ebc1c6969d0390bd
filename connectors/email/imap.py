"""One IMAP connection whose every wait has an end, and the small pieces of the protocol that the library leaves to us."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import logging
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from aioimaplib import IMAP4, AioImapException
from aioimaplib.aioimaplib import IMAP4ClientProtocol, quoted

from connectors.email.oauth import AccessTokens
from connectors.email.place import Ranges, as_set, ranges_of
from connectors.email.settings import EmailSettings
from connectors.email.troubles import reason, tls_trouble
from connectors.port import ConnectorError

# At INFO and below the library writes what the server sends: people's words.
logging.getLogger("aioimaplib.aioimaplib").setLevel(logging.WARNING)

_T = TypeVar("_T")
_MAX_HEADER = 262_144
_SLOWEST_BYTES_PER_S = 10_000
_LONGEST_SET = 4_000  # RFC 7162 section 4: a server need not take lines longer than 8,192 bytes
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NUMBER = re.compile(rb"\d+")
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_FETCH = re.compile(rb"^\d+ FETCH \(")
_SHORT_BODY = re.compile(rb'BODY\[[^\]]*\](?:<\d+>)? "((?:[^"\\]|\\.)*)"')  # NIL: the mail is gone
_UIDVALIDITY = re.compile(rb"UIDVALIDITY (\d+)")
_UIDNEXT = re.compile(rb"UIDNEXT (\d+)")
_EXISTS = re.compile(rb"^(\d+) EXISTS", re.I)


class ConnectionLost(ConnectorError):
    """The connection broke, or no answer came in time."""


class Refused(ConnectorError):
    """The server answered NO or BAD."""


class LoginRefused(Refused):
    """The server does not let us in: trying again soon helps nobody, and may lock the account."""


@dataclass(frozen=True, slots=True)
class Selected:
    """The mailbox as SELECT found it. uidnext: 0 where the server does not say."""

    exists: int
    uidvalidity: int
    uidnext: int


class _Protocol(IMAP4ClientProtocol):  # type: ignore[misc]
    """The library's, and an answer where a server says why it refuses a token: it waits for one before it says NO."""

    def _continuation(self, line: bytes) -> None:
        if self.pending_sync_command is not None and self.pending_sync_command.name == "AUTHENTICATE":
            self.transport.write(b"\r\n")
        else:
            super()._continuation(line)


class _Client(IMAP4):  # type: ignore[misc]
    """The library's, and STARTTLS, which it has not."""

    def __init__(
        self, settings: EmailSettings, tls: ssl.SSLContext | None, lost: Callable[[Exception | None], None]
    ) -> None:
        self._upgrade = settings.imap_tls == "starttls"
        # A client with a context speaks TLS from the first byte; the library's own TLS class takes no callback.
        super().__init__(
            settings.imap_host, settings.imap_port, timeout=settings.timeout_s, conn_lost_cb=lost, ssl_context=tls
        )

    def create_client(
        self,
        host: str,
        port: int,
        loop: asyncio.AbstractEventLoop | None,
        conn_lost_cb: Callable[[Exception | None], None] | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        loop = asyncio.get_running_loop()
        self.protocol = _Protocol(loop, conn_lost_cb)
        connected = (
            self._start_tls(host, port, ssl_context)
            if self._upgrade
            else loop.create_connection(lambda: self.protocol, host, port, ssl=ssl_context)
        )
        self._client_task = loop.create_task(connected)

    async def _start_tls(self, host: str, port: int, context: ssl.SSLContext | None) -> None:
        loop = asyncio.get_running_loop()
        plain, talk = await loop.create_connection(_PlainTalk, host, port)
        try:
            greeting = await talk.line()
            plain.write(b"a STARTTLS\r\n")
            answer = greeting
            while answer.startswith(b"*"):
                answer = await talk.line()
            # What follows the answer in the clear could have been put there by anybody on the way.
            if not answer.upper().startswith(b"A OK") or talk.more():
                raise Refused(f"{host}:{port}: the server does not offer STARTTLS: set imap_tls = 'tls' (port 993)")
            secured = await loop.start_tls(
                plain, self.protocol, context or ssl.create_default_context(), server_hostname=host
            )
        except BaseException:
            plain.abort()
            raise
        self.protocol.connection_made(secured)
        # No second greeting comes; the library waits for one before it asks what the server can do.
        self.protocol.data_received(b"* OK encrypted\r\n")


class _PlainTalk(asyncio.Protocol):
    """The few lines that are exchanged before encryption begins."""

    def __init__(self) -> None:
        self._buffer = b""
        self._news = asyncio.Event()
        self._gone = False

    def data_received(self, data: bytes) -> None:
        self._buffer += data[:8192]
        self._news.set()

    def connection_lost(self, error: Exception | None) -> None:
        self._gone = True
        self._news.set()

    async def line(self) -> bytes:
        while b"\n" not in self._buffer:
            if self._gone or len(self._buffer) > 8192:
                raise ConnectionResetError("the server broke off before encryption began")
            self._news.clear()
            await self._news.wait()
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line

    def more(self) -> bool:
        return bool(self._buffer)


class ImapSession:
    """One logged-in connection. Every wait has an end, and ends at once when the connection is lost."""

    def __init__(self, settings: EmailSettings, tls: ssl.SSLContext | None, tokens: AccessTokens) -> None:
        self._settings = settings
        self._tokens = tokens
        self._where = f"{settings.imap_host}:{settings.imap_port}"
        self._lost = asyncio.Event()
        self._client = _Client(settings, tls, lambda error: self._lost.set())

    @classmethod
    @contextlib.asynccontextmanager
    async def open(
        cls, settings: EmailSettings, tls: ssl.SSLContext | None, tokens: AccessTokens
    ) -> AsyncIterator[ImapSession]:
        """Connect and log in. Raises ConnectorError naming the server and what to do."""
        session = cls(settings, tls, tokens)
        try:
            await session._log_in()
            yield session
        finally:
            await session._abort()

    async def _guard(self, awaitable: Awaitable[_T], timeout_s: float | None = None) -> _T:
        """Wait for an answer, but not longer than allowed and not on a dead connection: the library would."""
        timeout_s = self._settings.timeout_s if timeout_s is None else timeout_s
        work = asyncio.ensure_future(awaitable)
        lost = asyncio.ensure_future(self._lost.wait())
        try:
            done, _ = await asyncio.wait({work, lost}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
            if work in done:
                return work.result()
            raise ConnectionLost(
                f"{self._where}: the connection was lost"
                if lost in done
                else f"{self._where}: no answer within {timeout_s:g} s"
            )
        except (AioImapException, TimeoutError) as error:
            # Their texts can hold the command, and the command a password.
            raise ConnectionLost(f"{self._where}: the exchange broke off ({type(error).__name__})") from None
        finally:
            for task in (work, lost):
                if not task.done():
                    task.cancel()
            await asyncio.gather(work, lost, return_exceptions=True)

    async def _log_in(self) -> None:
        settings = self._settings
        try:
            await self._guard(self._client.wait_hello_from_server(), settings.timeout_s + 1)
        except ssl.SSLError as error:
            raise ConnectorError(tls_trouble(self._where, "imap", error)) from None
        except OSError as error:
            raise ConnectionLost(
                f"cannot reach the IMAP server {self._where} ({reason(error)}): check imap_host, imap_port and the network"
            ) from None
        if settings.auth == "oauth2":
            await self._log_in_with_token()
        else:
            await self._log_in_with_password()
        if not self._client.has_capability("IDLE"):
            await self._guard(self._client.protocol.capability())  # some servers say more once one is logged in
        if self._client.has_capability("ID"):
            # NetEase (163, 126) refuses SELECT as an "unsafe login" to programs that do not say who they are.
            await self._guard(self._client.id(name="complaintbot", vendor="complaintbot"))

    async def _log_in_with_password(self) -> None:
        settings = self._settings
        if self._client.has_capability("LOGINDISABLED"):
            raise LoginRefused(
                f"the IMAP server {self._where} takes no password unencrypted: set imap_tls to 'starttls'"
            )
        answer = await self._guard(self._client.login(quoted(settings.imap_user), settings.imap_password))
        if answer.result != "OK":
            said = _said(answer.lines, settings.imap_password)
            raise LoginRefused(
                f"the IMAP server {self._where} refuses the login{said}: check imap_user and imap_password"
                " (many providers want an app password, and IMAP switched on in the mailbox's own settings)"
            )

    async def _log_in_with_token(self) -> None:
        if not self._client.has_capability("AUTH=XOAUTH2"):
            raise LoginRefused(f"the IMAP server {self._where} does not offer XOAUTH2: set auth = 'password'")
        token = await self._tokens.token()
        answer = await self._guard(self._client.xoauth2(self._settings.imap_user, token))
        if answer.result != "OK":
            self._tokens.forget()
            raise LoginRefused(
                f"the IMAP server {self._where} refuses the access token{_said(answer.lines, token)}: check imap_user,"
                " oauth_scope, and that the app was granted IMAP for this mailbox"
            )

    async def select(self) -> Selected:
        """Open the mailbox, or look at it anew. Raises Refused where the server does not let us."""
        name = self._settings.mailbox
        answer = await self._guard(self._client.select(quoted(encode_mailbox(name))))
        if answer.result != "OK":
            raise Refused(
                f"the IMAP server {self._where} does not open the mailbox {name!r}{_said(answer.lines)}:"
                " check mailbox and its access rights"
            )
        lines = [bytes(line) for line in answer.lines]
        exists = next((int(m[1]) for line in lines if (m := _EXISTS.match(line))), 0)
        return Selected(exists, _first_number(_UIDVALIDITY, lines), _first_number(_UIDNEXT, lines))

    async def uids_after(self, uid: int, since: date | None = None) -> list[int]:
        """Return the UIDs above `uid`, ascending; of those, the ones that the server received on the day `since` or later."""
        criteria = f"UID {uid + 1}:*"
        if since is not None:
            criteria += f" SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}"
        # "n:*" names the last mail even where it is older than n.
        return [number for number in await self._search(criteria) if number > uid]

    async def uids_among(self, wanted: Ranges) -> list[int]:
        """Return those of the UIDs that the server has, ascending."""
        if not wanted:
            return []
        text = as_set(wanted)
        if len(text) > _LONGEST_SET:
            text = f"{wanted[0][0]}:{wanted[-1][1]}"
        inside = iter(wanted)
        first, last = next(inside)
        found = []
        for number in await self._search(f"UID {text}"):
            while number > last and (following := next(inside, None)):
                first, last = following
            if first <= number <= last:
                found.append(number)
        return found

    async def _search(self, criteria: str) -> list[int]:
        answer = await self._guard(self._client.uid_search(criteria, charset=None))
        if answer.result != "OK":
            raise Refused(f"the IMAP server {self._where} answers {answer.result} to SEARCH")
        return sorted({int(number) for line in answer.lines[:-1] for number in _NUMBER.findall(bytes(line))})

    async def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """Return the size of each mail the server still has."""
        answer = await self._guard(self._client.uid("FETCH", as_set(ranges_of(uids)), "(UID RFC822.SIZE)"))
        sizes: dict[int, int] = {}
        for line in map(bytes, answer.lines):
            uid, size = _UID.search(line), _SIZE.search(line)
            if _FETCH.match(line) and uid and size:
                sizes[int(uid[1])] = int(size[1])
        return sizes

    async def fetch(self, uids: Sequence[int], expected_bytes: int) -> dict[int, bytes]:
        """Return the mails the server hands over; those it has not got are missing. Raises Refused on NO."""
        return await self._fetch(uids, "(UID BODY.PEEK[])", expected_bytes)

    async def fetch_header(self, uid: int) -> bytes | None:
        """Return a mail's header, None where the mail is gone."""
        found = await self._fetch([uid], f"(UID BODY.PEEK[HEADER]<0.{_MAX_HEADER}>)", _MAX_HEADER)
        return found.get(uid)

    async def _fetch(self, uids: Sequence[int], what: str, expected_bytes: int) -> dict[int, bytes]:
        # The library ends a fetch when nothing has arrived for its timeout; this is the limit of the whole.
        limit_s = longest_fetch_s(self._settings, expected_bytes)
        answer = await self._guard(self._client.uid("FETCH", as_set(ranges_of(uids)), what), limit_s)
        if answer.result != "OK":
            raise Refused(f"the IMAP server {self._where} answers {answer.result} to FETCH")
        return bodies(answer.lines)

    async def mark_seen(self, uids: Ranges) -> None:
        """Set the \\Seen flag. Raises Refused where the mailbox may not be written to."""
        await self._store(uids, r"+FLAGS.SILENT (\Seen)")

    async def _store(self, uids: Ranges, flags: str) -> None:
        answer = await self._guard(self._client.uid("STORE", as_set(uids), flags))
        if answer.result != "OK":
            raise Refused(
                f"the IMAP server {self._where} does not let us mark mail{_said(answer.lines)}: check our access rights"
            )

    def must_be_able_to_move(self) -> None:
        """Raises Refused where mails cannot be moved by their UID alone: without that, others' mails would be expunged."""
        if not any(map(self._client.has_capability, ("MOVE", "UIDPLUS"))):
            raise Refused(
                f"the IMAP server {self._where} cannot move mail safely (neither MOVE nor UIDPLUS):"
                " set after_import to 'leave' or 'seen'"
            )

    async def move(self, uids: Ranges, folder: str) -> None:
        """Move mails to a folder, which is made where there is none; those that are gone already are no trouble."""
        self.must_be_able_to_move()
        name = quoted(encode_mailbox(folder))
        command = "MOVE" if self._client.has_capability("MOVE") else "COPY"
        answer = await self._guard(self._client.uid(command, as_set(uids), name))
        if answer.result != "OK" and any(b"TRYCREATE" in bytes(line).upper() for line in answer.lines):
            await self._guard(self._client.create(name))
            answer = await self._guard(self._client.uid(command, as_set(uids), name))
        if answer.result != "OK":
            raise Refused(
                f"the IMAP server {self._where} does not move mail to {folder!r}{_said(answer.lines)}: check move_to"
            )
        if command == "COPY":
            await self._store(uids, r"+FLAGS.SILENT (\Deleted)")
            await self._guard(self._client.uid("EXPUNGE", as_set(uids)))

    async def wait_for_news(self, alive: Callable[[], None]) -> None:
        """Wait until the server says there is more mail, or it is time to look anyway. `alive` is called on signs of life."""
        if not self._client.has_capability("IDLE"):
            await self._pause(self._settings.poll_s)
            alive()
            return
        loop = asyncio.get_running_loop()
        end = loop.time() + self._settings.idle_s
        idle = await self._guard(self._client.idle_start(timeout=self._settings.idle_s + 3600))
        alive()
        try:
            while (left := end - loop.time()) > 0:
                try:
                    push = await self._guard(self._next_push(), left)
                except ConnectionLost:
                    if self._lost.is_set():
                        raise
                    break  # long enough: renew
                alive()
                # Keep-alives ("OK Still here") and expunges are no news.
                if any(_EXISTS.match(bytes(line)) for line in push):
                    break
            self._client.idle_done()
            await self._guard(idle)  # no other command may be given before the server ended IDLE
        finally:
            if not idle.done():
                idle.cancel()
                await asyncio.gather(idle, return_exceptions=True)

    async def _next_push(self) -> list[bytes]:
        push: list[bytes] = await self._client.protocol.idle_queue.get()
        return push

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._lost.wait()
        if self._lost.is_set():
            raise ConnectionLost(f"{self._where}: the connection was lost")

    async def _abort(self) -> None:
        """Drop the connection without asking the server: on a dead one LOGOUT would wait."""
        client = self._client
        if client._idle_waiter is not None:
            client._idle_waiter.cancel()
        pending = [client._client_task, *client.tasks, *client.protocol.tasks]
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        transport = client.protocol.transport
        if transport is not None and not self._lost.is_set():
            transport.abort()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._lost.wait()


def longest_fetch_s(settings: EmailSettings, expected_bytes: int) -> float:
    """Return how long fetching so much may take over the slowest line that we wait for."""
    return settings.timeout_s + expected_bytes / _SLOWEST_BYTES_PER_S


def _said(lines: Sequence[bytes | bytearray], secret: str = "") -> str:
    """Return the server's own last words for a person, in brackets; "" where there are none."""
    text = " ".join(bytes(lines[-1]).decode("utf-8", "replace").split())[:200] if lines else ""
    text = text.replace(secret, "***") if secret else text
    return f" ({text})" if text else ""


def _first_number(pattern: re.Pattern[bytes], lines: Iterable[bytes]) -> int:
    return next((int(match[1]) for line in lines if (match := pattern.search(line))), 0)


def bodies(lines: Sequence[bytes | bytearray]) -> dict[int, bytes]:
    """Return the literals of a FETCH response by UID, wherever in its line the server put the UID."""
    found: dict[int, bytes] = {}
    uid: int | None = None
    literal: bytes | None = None
    for line in lines:
        if isinstance(line, bytearray):
            literal = bytes(line)
        else:
            if _FETCH.match(line):
                uid = literal = None
                short = _SHORT_BODY.search(line)
                if short:
                    literal = re.sub(rb"\\(.)", rb"\1", short[1])
            match = _UID.search(line)
            uid = int(match[1]) if match and (uid is None or _FETCH.match(line)) else uid
        if uid is not None and literal is not None:
            found[uid] = literal
            uid = literal = None
    return found


def encode_mailbox(name: str) -> str:
    """Return a mailbox name in IMAP's modified UTF-7 (RFC 3501 section 5.1.3); ASCII names are taken as the server's own."""
    if name.isascii():
        return name
    out: list[str] = []
    for run in re.findall(r"[ -~]+|[^ -~]+", name):
        if run.isascii():
            out.append(run.replace("&", "&-"))
        else:
            packed = base64.b64encode(run.encode("utf-16-be")).decode("ascii").rstrip("=")
            out.append("&" + packed.replace("/", ",") + "-")
    return "".join(out)
