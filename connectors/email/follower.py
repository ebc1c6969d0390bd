"""Fetching: one mailbox followed for ever, from the place that was reached onwards.

Never by UNSEEN and never by date: a colleague's mail program and an outage would both hide mail (traps 1, 2). The place
reached is stored together with the mails, so that a mail is neither skipped nor stored twice whatever dies when.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import ssl
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from connectors.email import headers as h
from connectors.email.imap import ImapSession, LoginRefused, Refused, Selected, longest_fetch_s
from connectors.email.message import CHANNEL, OVERSIZE_MARK, UNFETCHED_MARK
from connectors.email.oauth import AccessTokens, NoToken
from connectors.email.place import Place, Ranges, joined, ranges_of, uids_in
from connectors.email.settings import EmailSettings
from connectors.email.troubles import reason
from connectors.port import ConnectorError, Health, Intake, RawMessage

log = logging.getLogger(__name__)

_BATCH_MAILS = 50  # one response line each: the library's parser recurses once per line
_BATCH_BYTES = 4_000_000
_TRIES = 3
_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 60.0
_LOCKED_OUT_PAUSE_S = 600.0  # providers lock accounts that keep trying a wrong password
_AUDIT_S = 3600.0
_LAST_WORD_S = 2.0
_LONGEST_CURSOR_NAME = 200


class MailboxFollower:
    """Follows one mailbox for ever, and compares what the server has with what was stored (trap 2). name: for the log."""

    def __init__(self, name: str, settings: EmailSettings, tokens: AccessTokens, now: Callable[[], datetime]) -> None:
        self._name = name
        self._settings = settings
        self._tokens = tokens
        self._now = now
        self._tls: ssl.SSLContext | None = None
        self._cursor_name = _cursor_name(settings)
        self._place = Place()
        self._strikes: dict[int, int] = {}
        self._missing: set[int] = set()
        self._server_messages = 0
        self._waiting = 0
        self._audited_at = 0.0
        self._worked_at: datetime | None = None
        self._silence_s = 0.0
        self._trouble = "not connected yet"
        self._not_settled = ""
        self._proved = False
        self._survived = False

    def health(self) -> Health:
        """Return how the fetch loop fares; a loop that says nothing for too long is in trouble, whatever it said last."""
        trouble = self._trouble or self._silence() or self._overlooked() or self._not_settled
        return Health(not trouble, trouble, self._worked_at, self._facts())

    def _facts(self) -> dict[str, int | float | str]:
        place = self._place
        return {
            "server_messages": self._server_messages,
            "last_uid": place.last_uid,
            "waiting": self._waiting,
            "missing": len(self._missing),
            "imported": place.imported,
            "known_before": place.known,
            "passed_over": place.passed_over,
            "skipped_at_start": place.skipped,
            "not_marked_or_moved": sum(last - first + 1 for first, last in place.owed),
        }

    def _silence(self) -> str:
        silent_s = (self._now() - self._worked_at).total_seconds() if self._worked_at else 0.0
        return f"no sign of life from the mailbox for {silent_s:.0f} s" if silent_s > self._silence_s else ""

    def _overlooked(self) -> str:
        return f"{len(self._missing)} mails on the server were not read when their turn came" if self._missing else ""

    async def run(self, intake: Intake) -> None:
        """Store what comes, for ever; outages and refusals are logged and waited out. Ends by cancellation."""
        pause_s = _FIRST_PAUSE_S
        while True:
            self._proved = False
            longest_s = _LONGEST_PAUSE_S
            try:
                await self._follow(intake)
            except Exception as error:  # this loop supervises: whatever broke, mail must flow again
                self._trouble = (
                    str(error) if isinstance(error, ConnectorError) else f"{type(error).__name__} while fetching mail"
                )
                longest_s = _LOCKED_OUT_PAUSE_S if isinstance(error, LoginRefused | NoToken) else _LONGEST_PAUSE_S
                pause_s = _FIRST_PAUSE_S if self._proved else pause_s
                log.warning("%s is not being read, next try in %.0f s: %s", self._name, pause_s, self._trouble)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, longest_s)

    async def check(self) -> None:
        """Log in and open the mailbox once. Raises ConnectorError saying what is wrong and what to do."""
        async with self._session() as session:
            await session.select()
            if self._settings.after_import == "move":
                session.must_be_able_to_move()

    @contextlib.asynccontextmanager
    async def _session(self) -> AsyncIterator[ImapSession]:
        if self._settings.imap_tls != "plain" and self._tls is None:
            try:
                self._tls = self._settings.tls_context()
            except OSError as error:
                raise ConnectorError(f"ca_file {self._settings.ca_file} cannot be read: {reason(error)}") from None
        async with ImapSession.open(self._settings, self._tls, self._tokens) as session:
            yield session

    async def _follow(self, intake: Intake) -> None:
        async with self._session() as session:
            if not self._place.uidvalidity:  # later on we know better: the counts of the last batch are not stored yet
                self._place = Place.loads(await intake.cursor(self._cursor_name))
                self._strikes.update(self._place.tried)  # a mail that kills the process has had its tries too
            self._audited_at = 0.0
            while True:
                selected = await session.select()
                await self._take_bearings(session, selected, intake)
                # SELECT again before IDLE: what arrived during SEARCH is announced there and never again.
                if await self._catch_up(session, selected, intake):
                    continue
                await session.wait_for_news(self._prove)

    def _alive(self, next_s: float = 0.0) -> None:
        """Note a sign of life. next_s: how much longer than usual the next one may take."""
        settings = self._settings
        self._worked_at = self._now()
        self._silence_s = max(settings.idle_s, settings.poll_s) + 5 * settings.timeout_s + next_s
        self._trouble = ""

    def _prove(self) -> None:
        """The connection does what it is for: the next outage begins with a short pause again."""
        self._alive()
        self._proved = True

    # --- where we are ---

    async def _take_bearings(self, session: ImapSession, selected: Selected, intake: Intake) -> None:
        """Find out from where on mail is new."""
        place = self._place
        self._server_messages = selected.exists
        # A mailbox put back from a backup gives old numbers to new mail: also a change of numbering.
        rewound = bool(selected.uidnext) and selected.uidnext <= place.last_uid
        if place.uidvalidity == selected.uidvalidity and not rewound:
            return
        fresh = Place(selected.uidvalidity, since=place.since)
        if place.uidvalidity:
            self._strikes.clear()
            self._missing.clear()
            log.warning("%s was numbered anew: all of it is read again, what is known is kept once", self._name)
        elif self._settings.start == "new":
            fresh = replace(fresh, since=self._now().date().isoformat())
        self._place = fresh
        if fresh.since:
            # Committed at once: what comes between now and a crash is not old.
            await self._store(intake, await self._without_the_old(session, fresh, first_time=not place.uidvalidity), [])

    async def _without_the_old(self, session: ImapSession, place: Place, *, first_time: bool) -> Place:
        """Return a place that takes for read what lay there before the first start."""
        old = set(await session.uids_after(0))
        if not first_time:
            # The numbers are no longer those of the first start, so its day must do, with one to spare for time zones.
            old -= set(await session.uids_after(0, date.fromisoformat(place.since) - timedelta(days=1)))
        return replace(place.past(max(old, default=0), old), skipped=len(old))

    async def _catch_up(self, session: ImapSession, selected: Selected, intake: Intake) -> bool:
        """Store all mail after the place reached, and what was overlooked before it; True where there was any."""
        uids = await self._audit(session)
        if not selected.uidnext or selected.uidnext > self._place.last_uid + 1:
            new = await session.uids_after(self._place.last_uid)
            uids += new
            if not new and selected.uidnext:
                # Numbers were given out to mails that are gone again: do not ask for them for ever.
                self._place = self._place.past(selected.uidnext - 1, ())
        waiting = self._waiting = len(uids)
        await self._settle(session)
        for chunk in self._chunks(uids):
            sizes = await self._sizes(session, chunk)
            for group in self._groups(chunk, sizes):
                self._waiting = waiting
                self._alive(longest_fetch_s(self._settings, sum(sizes.get(uid, 0) for uid in group)))
                found = await self._attempt(session, intake, group, sizes)
                await self._take_in(intake, group, found)
                self._survived = True
                if not self._not_settled:
                    await self._settle(session)
                waiting -= len(group)
                self._prove()
        if uids:
            # What the last batch came to, that nothing is owed, and that no try is open.
            await self._store(intake, replace(self._place, tried=()), [])
        self._waiting = 0
        self._alive()
        return bool(uids)

    async def _audit(self, session: ImapSession) -> list[int]:
        """Return the mails that the server has after all where it had none, or handed none over, when we passed (trap 2)."""
        now = asyncio.get_running_loop().time()
        if not self._place.holes or (self._audited_at and now - self._audited_at < _AUDIT_S):
            return []  # the first holes are looked into at once: the time begins with them
        found = await session.uids_among(self._place.holes)
        self._audited_at = now
        self._missing = set(found)
        if found:
            log.warning("%s: %d mails were overlooked or not handed over: asked for again", self._name, len(found))
        return found

    # --- taking in ---

    async def _take_in(self, intake: Intake, group: Sequence[int], found: dict[int, RawMessage]) -> None:
        """Store what was found of a group of UIDs, and with it that we are past them."""
        place = self._place.past(group[-1], found).done_with(group)
        if self._settings.after_import != "leave":
            fetched = [uid for uid, message in found.items() if not message.external_id.startswith(_UNFETCHED)]
            place = replace(place, owed=_union(place.owed, ranges_of(fetched)))
        await self._store(intake, place, list(found.values()))
        self._missing -= found.keys()

    async def _store(self, intake: Intake, place: Place, messages: list[RawMessage]) -> None:
        """Commit messages and place. What is counted is the store's word on which of them were new."""
        stored = await intake.store(messages, cursor=(self._cursor_name, place.dumps()))
        new = [message for message, is_new in zip(messages, stored, strict=True) if is_new]
        passed_over = sum(message.external_id.startswith(_UNFETCHED) for message in new)
        # Kept only now: until it is on disk it has not been read. The counts follow with the next commit.
        self._place = replace(
            place,
            imported=place.imported + len(new) - passed_over,
            known=place.known + len(messages) - len(new),
            passed_over=place.passed_over + passed_over,
        )

    async def _settle(self, session: ImapSession) -> None:
        """Mark or move what is stored. Refused, it is tried again at the next look; fetching goes on."""
        self._not_settled = ""
        owed = list(uids_in(self._place.owed))
        for start in range(0, len(owed), _BATCH_MAILS):
            piece = ranges_of(owed[start : start + _BATCH_MAILS])
            try:
                if self._settings.after_import == "move":
                    await session.move(piece, self._settings.move_to)
                elif self._settings.after_import == "seen":
                    await session.mark_seen(piece)
            except Refused as error:
                self._not_settled = str(error)
                log.warning("%s: mail was imported, but %s", self._name, error)
                return
            self._place = replace(self._place, owed=ranges_of(owed[start + _BATCH_MAILS :]))

    def _chunks(self, uids: Sequence[int]) -> Iterable[list[int]]:
        """Cut UIDs into chunks to be asked about together; what was there when a connection broke goes alone."""
        chunk: list[int] = []
        for uid in uids:
            suspect = uid in self._strikes
            if chunk and (suspect or len(chunk) == _BATCH_MAILS):
                yield chunk
                chunk = []
            chunk.append(uid)
            if suspect:
                yield chunk
                chunk = []
        if chunk:
            yield chunk

    async def _sizes(self, session: ImapSession, uids: Sequence[int]) -> dict[int, int]:
        """Ask for sizes. A mail whose mere size breaks the connection has its tries too."""
        if any(self._strikes.get(uid, 0) >= _TRIES for uid in uids):
            return {}
        for uid in uids:
            self._strikes[uid] = self._strikes.get(uid, -1) + 1  # counted before the try
        sizes = await session.sizes(uids)
        for uid in uids:
            self._strikes[uid] -= 1
            if self._strikes[uid] < 0:
                del self._strikes[uid]
        return sizes

    def _groups(self, uids: Sequence[int], sizes: dict[int, int]) -> Iterable[list[int]]:
        """Cut UIDs into groups to be fetched and stored together; what is large goes alone."""
        group: list[int] = []
        total = 0
        for uid in uids:
            size = sizes.get(uid, 0)
            alone = size > self._settings.max_message_bytes
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

    async def _attempt(
        self, session: ImapSession, intake: Intake, group: Sequence[int], sizes: dict[int, int]
    ) -> dict[int, RawMessage]:
        """Fetch some mails as `_collect` does.

        Where an earlier try may have ended the whole process, that it was begun is on disk before: at the first mails after a
        start, and at those that were open when it ended. So no mail kills us for ever, and all others cost no commit more.
        """
        if self._survived and not dict(self._place.tried).keys() & set(group):
            return await self._collect(session, group, sizes)
        before = self._place
        await self._store(intake, before.trying(group), [])
        try:
            return await self._collect(session, group, sizes)
        except asyncio.CancelledError:  # stopped, and not killed: no fault of the mails
            with contextlib.suppress(Exception):
                async with asyncio.timeout(_LAST_WORD_S):
                    await self._store(intake, before, [])
            raise
        except Exception:
            self._place = replace(self._place, tried=before.tried)  # it ended: what is counted in memory is enough
            raise

    async def _collect(self, session: ImapSession, uids: Sequence[int], sizes: dict[int, int]) -> dict[int, RawMessage]:
        """Fetch some mails. One that cannot be had is replaced by a note that it exists (trap 5), the rest goes on."""
        found: dict[int, bytes] = {}
        if len(uids) > 1:
            for uid in uids:
                self._strikes.setdefault(uid, 0)  # should the connection break over them, each is tried alone
            with contextlib.suppress(Refused):
                found = await session.fetch(uids, sum(sizes.get(uid, 0) for uid in uids))
        messages: dict[int, RawMessage] = {}
        for uid in uids:
            raw = found.pop(uid, None)
            message = (
                await self._collect_one(session, uid, sizes.get(uid, 0))
                if raw is None
                else await asyncio.to_thread(raw_message, raw)
            )
            self._strikes.pop(uid, None)
            if message is not None:
                messages[uid] = message
        return messages

    async def _collect_one(self, session: ImapSession, uid: int, size: int) -> RawMessage | None:
        """Fetch a mail; None where it is gone."""
        while True:
            tries = self._strikes.get(uid, 0) + 1
            if tries > _TRIES:
                return self._note_of_unfetched(uid)
            self._strikes[uid] = tries  # counted before the try: a mail that breaks the connection has had its try
            with contextlib.suppress(Refused):
                message = await self._fetch_one(session, uid, size)
                if message is None and uid in self._missing and await session.uids_among(((uid, uid),)):
                    return self._note_of_unfetched(uid)  # listed again and again, and never handed over
                return message

    async def _fetch_one(self, session: ImapSession, uid: int, size: int) -> RawMessage | None:
        if size > self._settings.max_message_bytes:
            header = await session.fetch_header(uid)
            raw = None if header is None else f"{OVERSIZE_MARK}: {size}\r\n".encode() + header
        else:
            raw = (await session.fetch([uid], size)).get(uid)
        # Its bytes are searched and summed in a thread: 25 MB take a while, and everybody else waits for the loop.
        return None if raw is None else await asyncio.to_thread(raw_message, raw)

    def _note_of_unfetched(self, uid: int) -> RawMessage:
        uidvalidity = self._place.uidvalidity
        log.error("%s: UID %d of UIDVALIDITY %d cannot be fetched and is passed over", self._name, uid, uidvalidity)
        where = f"UID {uid}, UIDVALIDITY {uidvalidity}, mailbox {self._settings.mailbox!r}"
        note = f"{UNFETCHED_MARK}: {where}\r\n\r\n".encode("ascii", "backslashreplace")
        return RawMessage(CHANNEL, f"{_UNFETCHED}{self._cursor_name}/{uidvalidity}/{uid}", "", note)


_UNFETCHED = "unfetched/"


def _union(one: Ranges, other: Ranges) -> Ranges:
    return joined(sorted(one + other))


def _cursor_name(settings: EmailSettings) -> str:
    name = f"imap/{settings.imap_user}@{settings.imap_host}/{settings.mailbox}"
    if len(name) <= _LONGEST_CURSOR_NAME:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:32]
    return f"{name[: _LONGEST_CURSOR_NAME - 33]}~{digest}"


def raw_message(raw: bytes) -> RawMessage:
    """Return a mail as the inbox keeps it: its identity and its sender, found without parsing the rest."""
    header = h.split(raw)
    sender = h.first_address(b", ".join(header.raw("from")[:1]))
    return RawMessage(CHANNEL, h.external_id(header), sender.address.lower() if sender else "", raw)
