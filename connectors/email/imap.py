"""Fetching: one mailbox followed over IMAP, from the last UID that was stored onwards.

Never by UNSEEN and never by date: a colleague's mail program and an outage would both hide mail (traps 1, 2). The place
reached is stored together with the mails, so that a mail is neither skipped nor stored twice whatever dies when.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import logging
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from aioimaplib import IMAP4, AioImapException
from aioimaplib.aioimaplib import quoted

from connectors.email import headers as h
from connectors.email.message import CHANNEL, OVERSIZE_MARK, UNFETCHED_MARK
from connectors.email.settings import EmailSettings
from connectors.port import ConnectorError, Health, Intake, RawMessage

log = logging.getLogger(__name__)
# At INFO and below the library writes what the server sends: people's words.
logging.getLogger("aioimaplib.aioimaplib").setLevel(logging.WARNING)

_T = TypeVar("_T")
_BATCH_MAILS = 50  # one response line each: the library's parser recurses once per line
_BATCH_BYTES = 4_000_000
_MAX_HEADER = 262_144
_TRIES = 3
_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 60.0
_SLOWEST_BYTES_PER_S = 10_000
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


@dataclass(frozen=True, slots=True)
class Selected:
    """The mailbox as SELECT found it. uidnext: 0 where the server does not say."""

    exists: int
    uidvalidity: int
    uidnext: int


class ImapSession:
    """One logged-in connection. Every wait has an end, and ends at once when the connection is lost."""

    def __init__(self, settings: EmailSettings, tls: ssl.SSLContext | None) -> None:
        self._settings = settings
        self._where = f"{settings.imap_host}:{settings.imap_port}"
        self._lost = asyncio.Event()
        # An `IMAP4` with a context speaks TLS from the first byte; the library's own TLS class takes no callback.
        self._client = IMAP4(
            settings.imap_host,
            settings.imap_port,
            timeout=settings.timeout_s,
            conn_lost_cb=lambda error: self._lost.set(),
            ssl_context=tls,
        )

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, settings: EmailSettings, tls: ssl.SSLContext | None) -> AsyncIterator[ImapSession]:
        """Connect and log in. Raises ConnectorError naming the server and what to do."""
        session = cls(settings, tls)
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
            raise ConnectorError(_tls_trouble(self._where, "imap", error)) from None
        except OSError as error:
            raise ConnectionLost(
                f"cannot reach the IMAP server {self._where} ({_reason(error)}): check imap_host, imap_port and the network"
            ) from None
        answer = await self._guard(self._client.login(quoted(settings.imap_user), settings.imap_password))
        if answer.result != "OK":
            raise Refused(f"the IMAP server {self._where} refuses the login: check imap_user and imap_password")
        if not self._client.has_capability("IDLE"):
            await self._guard(self._client.protocol.capability())  # some servers say more once one is logged in
        if self._client.has_capability("ID"):
            # NetEase (163, 126) refuses SELECT as an "unsafe login" to programs that do not say who they are.
            await self._guard(self._client.id(name="complaintbot", vendor="complaintbot"))

    async def select(self) -> Selected:
        """Open the mailbox, or look at it anew. Raises Refused where the server does not let us."""
        name = self._settings.mailbox
        answer = await self._guard(self._client.select(quoted(encode_mailbox(name))))
        if answer.result != "OK":
            raise Refused(
                f"the IMAP server {self._where} does not open the mailbox {name!r}: check mailbox and its access rights"
            )
        lines = [bytes(line) for line in answer.lines]
        exists = next((int(m[1]) for line in lines if (m := _EXISTS.match(line))), 0)
        return Selected(exists, _first_number(_UIDVALIDITY, lines), _first_number(_UIDNEXT, lines))

    async def uids_after(self, uid: int) -> list[int]:
        """Return the UIDs above `uid`, ascending."""
        answer = await self._guard(self._client.uid_search(f"UID {uid + 1}:*", charset=None))
        if answer.result != "OK":
            raise Refused(f"the IMAP server {self._where} answers {answer.result} to SEARCH")
        found = {int(number) for line in answer.lines[:-1] for number in _NUMBER.findall(bytes(line))}
        # "n:*" names the last mail even where it is older than n.
        return sorted(number for number in found if number > uid)

    async def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """Return the size of each mail the server still has."""
        answer = await self._guard(self._client.uid("FETCH", _set(uids), "(UID RFC822.SIZE)"))
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
        limit_s = self._settings.timeout_s + expected_bytes / _SLOWEST_BYTES_PER_S
        answer = await self._guard(self._client.uid("FETCH", _set(uids), what), limit_s)
        if answer.result != "OK":
            raise Refused(f"the IMAP server {self._where} answers {answer.result} to FETCH")
        return bodies(answer.lines)

    async def mark_seen(self, uids: Sequence[int]) -> None:
        """Set the \\Seen flag."""
        await self._guard(self._client.uid("STORE", _set(uids), r"+FLAGS.SILENT (\Seen)"))

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


def _set(uids: Iterable[int]) -> str:
    return ",".join(map(str, uids))


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


def _reason(error: BaseException) -> str:
    return str(getattr(error, "strerror", None) or error or type(error).__name__)


def _tls_trouble(where: str, key: str, error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"{where}: the server's certificate is not trusted ({error.verify_message}): set ca_file, or use its name"
        )
    return f"{where}: no TLS there ({error.reason or type(error).__name__}): check {key}_port and {key}_tls"


class MailboxFollower:
    """Follows one mailbox for ever. `facts` is for the health page: what is on the server against what was stored."""

    def __init__(self, settings: EmailSettings, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._now = now
        self._tls: ssl.SSLContext | None = None
        self._cursor_name = f"imap/{settings.imap_user}@{settings.imap_host}/{settings.mailbox}"
        self._uidvalidity = 0
        self._last_uid = 0
        self._strikes: dict[int, int] = {}
        self._worked_at: datetime | None = None
        self._trouble = "not connected yet"
        self._proved = False
        self._facts: dict[str, int | float | str] = {}

    def health(self) -> Health:
        """Return how the fetch loop fares."""
        return Health(not self._trouble, self._trouble, self._worked_at, dict(self._facts))

    async def run(self, intake: Intake) -> None:
        """Store what comes, for ever; outages and refusals are logged and waited out. Ends by cancellation."""
        pause_s = _FIRST_PAUSE_S
        while True:
            self._proved = False
            try:
                await self._follow(intake)
            except Exception as error:  # this loop supervises: whatever broke, mail must flow again
                self._trouble = (
                    str(error) if isinstance(error, ConnectorError) else f"{type(error).__name__} while fetching mail"
                )
                pause_s = _FIRST_PAUSE_S if self._proved else pause_s
                log.warning("mail is not being fetched, next try in %.0f s: %s", pause_s, self._trouble)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

    async def check(self) -> None:
        """Log in and open the mailbox once."""
        async with self._session() as session:
            await session.select()

    @contextlib.asynccontextmanager
    async def _session(self) -> AsyncIterator[ImapSession]:
        if self._settings.imap_tls == "tls" and self._tls is None:
            try:
                self._tls = self._settings.tls_context()
            except OSError as error:
                raise ConnectorError(f"ca_file {self._settings.ca_file} cannot be read: {_reason(error)}") from None
        async with ImapSession.open(self._settings, self._tls) as session:
            yield session

    async def _follow(self, intake: Intake) -> None:
        async with self._session() as session:
            self._uidvalidity, self._last_uid = _read_cursor(await intake.cursor(self._cursor_name))
            while True:
                selected = await session.select()
                await self._take_bearings(selected, intake)
                # SELECT again before IDLE: what arrived during SEARCH is announced there and never again.
                if await self._catch_up(session, selected, intake):
                    continue
                await session.wait_for_news(self._prove)

    def _alive(self) -> None:
        self._worked_at = self._now()
        self._trouble = ""

    def _prove(self) -> None:
        """The connection does what it is for: the next outage begins with a short pause again."""
        self._alive()
        self._proved = True

    async def _take_bearings(self, selected: Selected, intake: Intake) -> None:
        """Find out from which UID on mail is new."""
        renumbered = self._uidvalidity != selected.uidvalidity
        # A mailbox put back from a backup gives old numbers to new mail: also a change of numbering.
        rewound = bool(selected.uidnext) and selected.uidnext <= self._last_uid
        if renumbered or rewound:
            first_time = self._uidvalidity == 0
            self._uidvalidity = selected.uidvalidity
            self._last_uid = 0
            if first_time and self._settings.start == "new" and selected.uidnext:
                await self._store(intake, [], selected.uidnext - 1)
            elif not first_time:
                self._strikes.clear()
                log.warning("the server numbered the mailbox anew: all of it is read again, what is known is kept once")
        self._facts["server_messages"] = selected.exists
        self._facts["last_uid"] = self._last_uid

    def _cursor(self, last_uid: int) -> tuple[str, str]:
        return self._cursor_name, f"{self._uidvalidity}:{last_uid}"

    async def _catch_up(self, session: ImapSession, selected: Selected, intake: Intake) -> bool:
        """Store all mail after the last UID; True where there was any."""
        if selected.uidnext and selected.uidnext <= self._last_uid + 1:
            self._facts["waiting"] = 0
            self._alive()
            return False
        uids = await session.uids_after(self._last_uid)
        waiting = len(uids)
        for start in range(0, len(uids), _BATCH_MAILS):
            chunk = uids[start : start + _BATCH_MAILS]
            sizes = await session.sizes(chunk)
            for group in self._groups(chunk, sizes):
                self._facts["waiting"] = waiting
                raw = await self._collect(session, group, sizes)
                await self._store(intake, raw, group[-1])
                waiting -= len(group)
                if self._settings.after_import == "seen" and raw:
                    await session.mark_seen(group)
                self._prove()
        self._facts["waiting"] = waiting
        if not uids and selected.uidnext:
            # Numbers were given out to mails that are gone again: do not ask for them for ever.
            self._last_uid = selected.uidnext - 1
        self._alive()
        return bool(uids)

    async def _store(self, intake: Intake, raw: list[RawMessage], last_uid: int) -> None:
        stored = await intake.store(raw, cursor=self._cursor(last_uid))
        self._facts["last_uid"] = self._last_uid = last_uid  # only now: until it is on disk it has not been read
        self._facts["imported"] = int(self._facts.get("imported", 0)) + sum(stored)

    def _groups(self, uids: Sequence[int], sizes: dict[int, int]) -> Iterable[list[int]]:
        """Cut UIDs into groups to be fetched and stored together; what failed before, and what is large, goes alone."""
        group: list[int] = []
        total = 0
        for uid in uids:
            size = sizes.get(uid, 0)
            alone = uid in self._strikes or size > self._settings.max_message_bytes
            if group and (alone or total + size > _BATCH_BYTES):
                yield group
                group, total = [], 0
            group.append(uid)
            total += size
            if alone:
                yield group
                group, total = [], 0
        if group:
            yield group

    async def _collect(self, session: ImapSession, uids: list[int], sizes: dict[int, int]) -> list[RawMessage]:
        """Fetch some mails. One that cannot be had is replaced by a note that it exists (trap 5), the rest goes on."""
        if len(uids) == 1:
            one = await self._collect_one(session, uids[0], sizes.get(uids[0], 0))
            return [one] if one else []
        for uid in uids:
            self._strikes[uid] = self._strikes.get(uid, 0)
        try:
            found = await session.fetch(uids, sum(sizes.get(uid, 0) for uid in uids))
        except Refused:
            found = {}
        messages: list[RawMessage] = []
        for uid in uids:
            message = (
                raw_message(found[uid]) if uid in found else await self._collect_one(session, uid, sizes.get(uid, 0))
            )
            self._strikes.pop(uid, None)
            if message:
                messages.append(message)
        return messages

    async def _collect_one(self, session: ImapSession, uid: int, size: int) -> RawMessage | None:
        while True:
            tries = self._strikes.get(uid, 0) + 1
            if tries > _TRIES:
                log.error(
                    "a mail cannot be fetched and is passed over: UID %d of UIDVALIDITY %d", uid, self._uidvalidity
                )
                self._facts["passed_over"] = int(self._facts.get("passed_over", 0)) + 1
                self._strikes.pop(uid, None)
                return self._note_of_unfetched(uid)
            self._strikes[uid] = tries  # counted before the try: a mail that breaks the connection has had its try
            with contextlib.suppress(Refused):
                message = await self._fetch_one(session, uid, size)
                self._strikes.pop(uid, None)
                return message

    async def _fetch_one(self, session: ImapSession, uid: int, size: int) -> RawMessage | None:
        if size > self._settings.max_message_bytes:
            header = await session.fetch_header(uid)
            return None if header is None else raw_message(f"{OVERSIZE_MARK}: {size}\r\n".encode() + header)
        raw = (await session.fetch([uid], size)).get(uid)
        return None if raw is None else raw_message(raw)

    def _note_of_unfetched(self, uid: int) -> RawMessage:
        where = f"UID {uid}, UIDVALIDITY {self._uidvalidity}, mailbox {self._settings.mailbox!r}"
        note = f"{UNFETCHED_MARK}: {where}\r\n\r\n".encode("ascii", "backslashreplace")
        return RawMessage(CHANNEL, f"unfetched/{self._cursor_name}/{self._uidvalidity}/{uid}", "", note)


def _read_cursor(value: str | None) -> tuple[int, int]:
    uidvalidity, _, uid = (value or "").partition(":")
    return (int(uidvalidity), int(uid)) if uidvalidity.isdigit() and uid.isdigit() else (0, 0)


def raw_message(raw: bytes) -> RawMessage:
    """Return a mail as the inbox keeps it: its identity and its sender, found without parsing the rest."""
    header = h.split(raw)
    sender = h.first_address(b", ".join(header.raw("from")[:1]))
    return RawMessage(CHANNEL, h.external_id(header), sender.address.lower() if sender else "", raw)
