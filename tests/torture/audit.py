"""What is left when all has recovered: judged from what the servers have, from what people saw, and from the tables."""

from __future__ import annotations

import email
import email.policy
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, unquote_to_bytes, urlsplit

from bot.answers import Internal
from bot.storage.models import ChatLineRow, ComplaintRow, EventRow, FileRow, InboxRow, MessageRow, OutboxRow, TimerRow
from complaints.change import NoticeKind
from connectors.sms.profile import digest
from tests.simulation.audit import MOVES
from tests.story.desk import Books
from tests.torture.crowd import Browser
from tests.torture.ledger import TOKEN, Kind, Ledger, Said
from tests.torture.world import World

WENT = ("sent", "delivered", "read")
_UNREADABLE = 100  # one in so many may wait in the quarantine: what the crowd says can all be read
_LATE = timedelta(seconds=30)
_AT_ONCE = timedelta(seconds=1)


@dataclass
class Audit:
    """`await audit.read()`, then `faults`. counts: what was found, for the report."""

    world: World
    ledger: Ledger
    books: Books
    browsers: list[Browser]
    counts: Counter[str] = field(default_factory=Counter)

    async def read(self) -> None:
        """Read all tables, and what came to people."""
        self.take(
            datetime.now(UTC),
            inbox=await self.books.rows(InboxRow),
            outbox=await self.books.rows(OutboxRow),
            events=await self.books.rows(EventRow),
            messages=await self.books.rows(MessageRow),
            timers=await self.books.rows(TimerRow),
            lines=await self.books.rows(ChatLineRow),
            files=await self.books.rows(FileRow),
            references=[row.reference for row in await self.books.rows(ComplaintRow)],
            telegrams=await self.world.telegram.sent(),
        )

    def take(
        self,
        now: datetime,
        *,
        inbox: Sequence[InboxRow] = (),
        outbox: Sequence[OutboxRow] = (),
        events: Sequence[EventRow] = (),
        messages: Sequence[MessageRow] = (),
        timers: Sequence[TimerRow] = (),
        lines: Sequence[ChatLineRow] = (),
        files: Sequence[FileRow] = (),
        references: Sequence[str] = (),
        telegrams: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """Take these tables as what is left at this moment."""
        self.now = now
        self.inbox, self.outbox, self.events, self.timers, self.files = inbox, outbox, events, timers, files
        self.messages = [row for row in messages if not row.outgoing]
        self.lines = [row for row in lines if row.outgoing]
        self.references = set(references)
        self.telegrams = telegrams
        self.rows = {row.id: row for row in outbox}
        self.lanes: dict[str, list[int]] = defaultdict(list)
        for row in outbox:
            self.lanes[row.lane].append(row.id)
        self.taken: dict[str, list[InboxRow]] = defaultdict(list)
        for message in inbox:
            for token in words_of(message):
                self.taken[token].append(message)

    def heard_after_s(self) -> list[float]:
        """Return how long each message waited in the inbox, in seconds, the shortest first."""
        return sorted((row.handled_at - row.received_at).total_seconds() for row in self.inbox if row.handled_at)

    def faults(self) -> Iterator[str]:
        """Yield every fault, in words."""
        yield from self._lost()
        yield from self._doubled()
        yield from self._stuck()
        yield from self._mail_and_texts()
        yield from self._telegram()
        yield from self._web()
        yield from self._untold()
        yield from self._disorder()
        yield from self._illegal()

    # ── what people said ──────────────────────────────────────────────────────────────────────────────────────────────

    def _lost(self) -> Iterator[str]:
        handed_over = {token for request in self.world.hooks.all if request.status == 200 for token in
                       TOKEN.findall(request.words)}  # fmt: skip
        for said in self.ledger.entries:
            self.counts[f"said by {said.channel}"] += 1
            rows = self.taken[said.token]
            if len(rows) > 1:
                yield f"doubled: {said} was taken {len(rows)} times: messages {[row.id for row in rows]}"
            elif rows:
                yield from self._ended(said, rows[0])
            elif said.taken or said.token in handed_over:
                yield f"lost: {said} was taken by its channel, and nothing of it is in the inbox"
            elif said.channel == "sms" and not self.world.kannel_died:
                yield f"lost: {said} never came through Kannel, which did not die"
            else:
                self.counts[f"never taken by {said.channel}"] += 1
        if self.counts["quarantined"] > 1 + len(self.ledger.entries) // _UNREADABLE:
            yield f"unread: {self.counts['quarantined']} of {len(self.ledger.entries)} messages wait in the quarantine"

    def _ended(self, said: Said, row: InboxRow) -> Iterator[str]:
        if row.state == "quarantined":
            self.counts["quarantined"] += 1
        elif row.state != "done":
            yield f"stuck: {said} is {row.state} (message {row.id})"
        elif row.outcome.startswith("bound") and row.reference in self.references:
            self.counts["became a complaint" if said.kind is Kind.MATTER else "belongs to a complaint"] += 1
        elif any(answer.key.startswith(f"in/{row.id}/") for answer in self.outbox if answer.answer):
            self.counts["answered"] += 1
        else:
            yield f"lost: {said} is done with as {row.outcome!r} (message {row.id}), and nobody was answered"

    def _doubled(self) -> Iterator[str]:
        effects = Counter((token, row.kind) for row in self.events for token in set(TOKEN.findall(row.note)))
        for (token, kind), count in effects.items():
            if count > 1:
                yield f"doubled: {token} led to {count} events {kind}"
        matters: dict[str, list[Said]] = defaultdict(list)
        for said in self.ledger.entries:
            if said.kind is Kind.MATTER and (rows := self.taken[said.token]) and rows[0].reference:
                matters[rows[0].reference].append(said)
        for reference, several in matters.items():
            if len(several) > 1:
                yield f"lost: {reference} has the first words of {len(several)} people: {', '.join(map(str, several))}"

    # ── what we sent ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _stuck(self) -> Iterator[str]:
        late = self.now - _LATE
        for message in self.inbox:
            if message.state not in ("done", "quarantined"):
                yield f"stuck: message {message.id} by {message.channel} is {message.state}"
        for row in self.outbox:
            self.counts[f"notice {row.state}"] += 1
            if row.state in ("claimed", "sending") or (row.state in ("queued", "held") and row.due_at <= late):
                yield f"stuck: {_name(row)} is {row.state}, due {row.due_at}, leased until {row.lease_until}"
            elif row.lease_until is not None:
                yield f"stuck: {_name(row)} is {row.state} and leased until {row.lease_until}"
        for timer in self.timers:
            if timer.state == "failed" or (timer.state == "pending" and timer.due_at <= late):
                yield f"stuck: timer {timer.reference} {timer.rule} {timer.occurrence} is {timer.state}, due {timer.due_at}"
        for file in self.files:
            if file.state == "waiting" and file.due_at <= late:
                yield f"stuck: file {file.id} waits since {file.due_at}"

    def _mail_and_texts(self) -> Iterator[str]:
        """Each mail carries our id in its Message-ID, each text in the address for its report."""
        arrived: list[int] = []
        for mail in self.world.sink.messages:
            id = self.world.signer.outbox_id([str(mail.parsed["Message-ID"])])
            if id is None:
                yield f"nonsense: a mail without an id of ours to {mail.recipients}"
            else:
                arrived.append(id)
        yield from self._accounted("email", arrived)
        ids = {
            digest(key, row.address): row.id for row in self.outbox if row.channel == "sms" for key in self._keys(row)
        }
        texts: list[int] = []
        for request in self.world.texts.all:
            asked = parse_qs(urlsplit(request.target).query)
            if "dlr-url" in asked and request.status in (None, 200, 202):
                id = ids.get(parse_qs(urlsplit(asked["dlr-url"][0]).query)["id"][0])
                if id is not None:
                    texts.append(id)
                elif request.status is not None:
                    yield f"unaccounted: Kannel was given a text to {asked['to'][0]} that stands in no row"
        yield from self._accounted("sms", texts, unanswered_may_be_lost=True)

    def _telegram(self) -> Iterator[str]:
        """Telegram gives the ids: what is in no row must be one of which nobody knows."""
        rows = [row for row in self.outbox if row.channel == "telegram" and _leads(row)]
        known = {(row.address, row.external_id): row.id for row in rows if row.state in WENT}
        unknown = Counter(row.address for row in rows if row.state == "uncertain")
        arrived, loose = [], Counter[str]()
        for message in self.telegrams:
            chat, id = str(message["chat"]["id"]), str(message["message_id"])
            if (chat, id) in known:
                arrived.append(known[chat, id])
            else:
                loose[chat] += 1
        for chat, count in loose.items():
            if count > unknown[chat]:
                yield f"doubled: chat {chat} got {count} messages in no row, of {unknown[chat]} nobody knows"
            self.counts["uncertain by telegram, arrived"] += count
        yield from self._accounted("telegram", arrived)

    def _web(self) -> Iterator[str]:
        by_key = {key: row.id for row in self.outbox if row.channel == "web" for key in self._keys(row)}
        yield from self._accounted("web", [by_key[line.key] for line in self.lines if line.key in by_key])
        for line in self.lines:
            if line.channel == "web" and line.key not in by_key:
                yield f"unaccounted: line {line.seq} ({line.key}) of the web chat stands in no row"
        written: dict[str, list[int]] = defaultdict(list)
        for line in self.lines:
            written[line.conversation].append(line.seq)
        for browser in self.browsers:
            if browser.address and sorted(browser.shown) != sorted(written[browser.address]):
                yield f"lost: browser {browser.address} shows lines {sorted(browser.shown)}, not {written[browser.address]}"

    def _accounted(self, channel: str, arrived: list[int], *, unanswered_may_be_lost: bool = False) -> Iterator[str]:
        """Hold what arrived, in its order, against the rows."""
        copies = Counter(arrived)
        self.counts[f"arrived by {channel}"] += len(arrived)
        for id, count in copies.items():
            row = self.rows.get(id)
            if row is None:
                yield f"unaccounted: message {id} came by {channel}, and stands in no row"
            elif count > 1:
                yield f"doubled: {_name(row)} came {count} times by {channel}; it is {row.state}: {row.detail}"
            elif row.state not in (*WENT, "uncertain", "failed") and not unanswered_may_be_lost:
                yield f"doubled: {_name(row)} came by {channel}, and counts as {row.state}: {row.detail}"
        for row in self.outbox:
            if row.channel == channel and row.state in WENT and _leads(row) and row.id not in copies:
                yield f"lost: {_name(row)} counts as {row.state}, and did not come by {channel}"
        last: dict[tuple[str, str, str], int] = {}
        for id in arrived:
            row = self.rows.get(id)
            if row is None:
                continue
            # What two processes decide at once about two complaints, or about none, has no order of its own.
            place = (row.lane, row.address, (row.reference or row.key) if len(self.world.keepers) > 1 else "")
            before = last.get(place, 0)
            if id < before:
                yield f"overtaken: {_name(row)} came by {channel} after {_name(self.rows[before])}"
            last[place] = max(id, before)

    def _keys(self, row: OutboxRow) -> Iterator[str]:
        """Yield under which keys a row may have been handed over: its own, or that of a digest that it led."""
        yield row.key
        for id in self.lanes[row.lane] if row.joined_to == row.id else ():
            if id > row.id:
                yield f"digest/{row.id}-{id}"

    def _untold(self) -> Iterator[str]:
        """What did not surely arrive must be known to the service centre."""
        told = {
            row.key.split("/")[1] for row in self.outbox if row.notice in (Internal.UNCERTAIN, Internal.UNDELIVERABLE)
        }
        calls = (json.loads(row.facts) for row in self.outbox if row.notice == NoticeKind.PLEASE_PHONE)
        told |= {facts["message"] for facts in calls if "message" in facts}
        of_channels = (json.loads(row.facts) for row in self.outbox if row.notice == Internal.UNCERTAIN)
        out = {(facts["channel"], facts["since"]) for facts in of_channels if "channel" in facts}
        for row in self.outbox:
            doubtful = row.state in ("uncertain", "failed") and row.notice not in set(Internal) and not row.form
            at = row.done_at.isoformat() if row.state == "uncertain" and row.done_at is not None else ""
            if any(row.channel == channel and at >= since for channel, since in out):
                continue  # told once of all that went by the channel since then
            if doubtful and _leads(row) and str(row.id) not in told:
                yield f"untold: {_name(row)} is {row.state} ({row.detail}), and nobody was told"

    # ── order ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _disorder(self) -> Iterator[str]:
        said: dict[tuple[str, str], list[Said]] = defaultdict(list)
        for each in self.ledger.entries:
            if each.channel != "sms" and self.taken[each.token]:  # Kannel keeps no order of its own
                said[each.channel, each.who].append(each)
        for several in said.values():
            for before, after in pairwise(several):
                if self.taken[after.token][0].id < self.taken[before.token][0].id:
                    yield f"overtaken: {after} was taken before {before}"
        understood = {row.inbox_id: row.id for row in self.messages}
        lanes: dict[tuple[str, str], list[InboxRow]] = defaultdict(list)
        for row in self.inbox:
            if row.id in understood and row.state == "done" and row.attempts == 0:
                lanes[row.channel, row.conversation].append(row)
        for lane, rows in lanes.items():
            for first, second in pairwise(rows):
                if understood[second.id] < understood[first.id] and not self._posted_at_once(first, second):
                    yield f"overtaken: message {second.id} of {lane[0]} was understood before message {first.id}"

    def _posted_at_once(self, first: InboxRow, second: InboxRow) -> bool:
        """Say whether smsbox may have posted two texts to two processes at once: neither is first until both are committed."""
        several = len(self.world.keepers) > 1 and first.channel == "sms"
        return several and abs(second.received_at - first.received_at) < _AT_ONCE

    def _illegal(self) -> Iterator[str]:
        last: dict[str, EventRow] = {}
        for event in self.events:
            before = last.get(event.reference)
            if before is not None and event.old != before.new:
                yield f"illegal: {event.reference} {event.kind} began from {event.old}, it was {before.new}"
            if event.old is not None and event.old != event.new and event.new not in MOVES[event.old]:
                yield f"illegal: {event.reference} {event.kind} led from {event.old} to {event.new}"
            last[event.reference] = event


def words_of(row: InboxRow) -> set[str]:
    """Return the words of the ledger in a raw message, without asking the service how it understands it."""
    found = set(TOKEN.findall(row.raw.decode("latin-1")))
    found |= set(TOKEN.findall(unquote_to_bytes(row.raw).replace(b"\0", b"").decode("latin-1")))
    if row.channel == "email":
        body = email.message_from_bytes(row.raw, policy=email.policy.default).get_body(("plain",))
        found |= set(TOKEN.findall(str(body.get_content()) if body is not None else ""))
    return found


def _leads(row: OutboxRow) -> bool:
    """Say whether it went out by itself, or carried others."""
    return row.joined_to in (None, row.id)


def _name(row: OutboxRow) -> str:
    return f"notice {row.id} ({row.key}, lane {row.lane}, to {row.channel} {row.address})"
