"""The seam between the core and the channels: what a connector takes, gives and can do.

A connector turns its wire format into an `IncomingMessage` and an `OutgoingMessage` into its wire format. It knows nothing
of complaints. The core asks a connector's `Capabilities`, never its name.

Errors, drawn by what the caller does next:

    ConnectorError
    ├── NotUnderstood       parse: the bytes are no message of this channel; the core quarantines them
    └── DeliveryError
        ├── TryAgainLater   send: certainly not delivered (busy, offline, rate-limited); the outbox retries
        ├── WillNotDeliver  send: certainly not delivered and never will be (wrong address, too long, refused)
        │   ├── Blocked     the person keeps us out: nothing reaches this address until they write again
        │   └── Moved       the conversation lives on under another address
        └── UnknownDelivery send: it may have been delivered (the line broke after the message was handed over)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable


class ConnectorError(Exception):
    """Any failure at a channel's border. The text names what is wrong, where, and what to do."""


class NotUnderstood(ConnectorError):
    """The raw bytes cannot be read as a message of this channel."""


class DeliveryError(ConnectorError):
    """A message was not, or perhaps not, delivered."""


class TryAgainLater(DeliveryError):
    """Not delivered; may be sent again without fear of doubling.

    retry_after_s: seconds the platform asked us to wait, if it said so. everybody: the whole channel must wait, not only
    this address (it is down, or its limit for all is reached).
    """

    def __init__(self, message: str, retry_after_s: float | None = None, *, everybody: bool = False) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.everybody = everybody


class WillNotDeliver(DeliveryError):
    """Not delivered, and no retry will help: another channel or a person must act."""


class Blocked(WillNotDeliver):
    """The person keeps us out (blocked the bot, opted out): the address is closed until they write again."""


class Moved(WillNotDeliver):
    """The conversation has a new address (a group that became a supergroup): whatever waits for the old one goes there."""

    def __init__(self, message: str, address: str) -> None:
        super().__init__(message)
        self.address = address


class UnknownDelivery(DeliveryError):
    """Handed over, but nobody knows whether it arrived: never sent again without a person's word."""


class Content(StrEnum):
    """What the body of an incoming message is."""

    TEXT = "text"
    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    AUDIO = "audio"
    DOCUMENT = "document"
    STICKER = "sticker"
    CONTACT = "contact"
    LOCATION = "location"


class Reported(StrEnum):
    """What a platform reports, later, about a message of ours."""

    DELIVERED = "delivered"
    READ = "read"
    DELAYED = "delayed"  # it is still trying
    FAILED = "failed"  # it has given up: another road must be taken


class Form(StrEnum):
    """Which wording of a notice a channel carries: `templates/<notice>/<locale>/<form>.txt`."""

    IM = "im"
    SMS = "sms"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` messages within `per_s` seconds. each: to one address, else to all together. prefix: only addresses
    that begin so (Telegram's groups have negative ids).
    """

    count: int
    per_s: float
    each: bool = False
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do, as data.

    form: the wording it carries. buttons: shows tappable answers. replies: a message can point at an earlier one of ours.
    edits: people can change what they sent. attachments: files travel. max_chars: longest text, None = no limit that
    matters. idempotent_send: sending one `OutgoingMessage.key` twice shows it once, so a send of unknown fate may be
    repeated. proves_sender: the platform vouches for the sender's address (mail's From does not). proactive_window: how
    long after a person last wrote we may still write; None = always. limits: the platform's, each of them holds.
    templates: the notices that an approved template carries, None = any text may be sent.
    threads: the channel keeps matters apart by itself, so a message outside every thread begins a new matter (mail does, one
    endless chat does not). own_address: what people write to, where the sender names message ids and reply addresses
    itself; plus_addressing: mail to `name+anything@domain` reaches it too. own_addresses: all of ours where there are
    several. max_bytes: of one message we take in. slowest_send_s: a connector that ends each send by itself, and knows what
    became of it, within that time; 0 = the core's own limit does.
    one_reader: what it receives must be read by one process at a time (a mailbox, long polling); any process may be called.
    start_link: what people tap to open the private chat with us, with `{code}` where a code of ours goes
    (`https://t.me/ourbot?start={code}`; letters, digits, `_`, `-`, at most 64; it comes back as the words `/start CODE`). Where
    it is given, nobody can be written to before they have opened that chat. addresses_are_phones: an address is the number by
    which the person can be called, too. sends_bytes: how large the files may be, all together, that go out with one message of
    ours; 0 = none do. shows_files: those that the core keeps need not travel, however large: `Attachment.handle` says where
    each lies; the channel hands it to whoever opens it. group_link: what people tap to bring us into a group of theirs, with
    `{code}` as in start_link; it comes back as the same words, said in that group. menu: each private chat shows a menu of
    commands, its own where it has one.
    """

    form: Form
    buttons: bool = False
    replies: bool = False
    edits: bool = False
    attachments: bool = False
    max_chars: int | None = None
    idempotent_send: bool = False
    proves_sender: bool = True
    proactive_window: timedelta | None = None
    limits: tuple[Limit, ...] = ()
    templates: frozenset[str] | None = None
    threads: bool = False
    own_address: str | None = None
    own_addresses: tuple[str, ...] = ()
    plus_addressing: bool = False
    max_bytes: int | None = None
    slowest_send_s: float = 0.0
    start_link: str | None = None
    addresses_are_phones: bool = False
    sends_bytes: int = 0
    shows_files: bool = False
    group_link: str | None = None
    one_reader: bool = False
    menu: bool = False


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody as the channel knows them: `address` is what we could write back to."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came along. type: MIME type as declared. data: None where it has not been fetched. handle: what
    `FetchesFiles.fetch` takes to get it; empty where it came with the message. Of a file of ours that a channel shows
    (`Capabilities.shows_files`): where the core keeps it.
    """

    name: str
    type: str
    data: bytes | None = field(default=None, repr=False)
    size: int = 0
    handle: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message of ours. message_id: as we sent it or as `Sent.external_id` named it; "" where the report
    does not say, then `address` and the time must do. address: to whom. detail: the platform's words, on one line. gone: it
    failed because the address itself is wrong or dead, so nothing else will reach it either.
    """

    fate: Reported
    message_id: str = ""
    address: str = ""
    detail: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class RawMessage:
    """A message as it came over the wire, before anyone tried to understand it.

    (channel, external_id) is its identity: the same pair is stored once. conversation: the lane in which order is kept
    (chat id, phone number, a mail's sender); cheap to find and never a reason to fail: `""` where it cannot be told.
    """

    channel: str
    external_id: str
    conversation: str
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A message understood, in the terms of no channel in particular. Absent things are None or empty.

    reply_address: where an answer should go if not to `sender`. text: the whole plain text. visible_reply: `text` without
    quoted history and signature: what the person said now. recipients: every address of ours or others it was sent to.
    automatic: written by a machine (bounce, vacation note, receipt); `automatic_reason` says which sign gave it away.
    forwarded_from: whom the sender forwards, `Name <address>`. forwarded_text: what that person wrote, where it can be told
    apart. message_id: what later messages name it by (mail: Message-ID; a chat: id of the message in the chat). edited: a new
    version of the message that first came under this `message_id`; deleted: its sender took that message back, and there is
    no text. reply_to_message: `message_id` of the message it answers. pressed: it is a button of that message. group: several
    people read the conversation; `sender` is who speaks, their address that of a private chat with them; who speaks as the
    group, or as a channel, has none, and the group's as `reply_address`. addressed: in a group, said to us (a command, our
    name, an answer to a message of ours); `visible_reply` is without our name. album: the same for all parts of one album.
    contact_phone: a number shared as a contact. receipts: what became of messages of ours. moved_to: the conversation's new
    address. reachable: the platform reports that the sender lets us write to them again (True) or no more (False). ignored:
    why this is no message of a person at all (an event, a status change); receipts, moves and reachability count all the
    same.
    """

    channel: str
    external_id: str
    conversation: str
    sender: Party | None
    text: str
    visible_reply: str
    reply_address: str | None = None
    subject: str | None = None
    recipients: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    message_id: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    automatic: bool = False
    automatic_reason: str | None = None
    content: Content = Content.TEXT
    edited: bool = False
    deleted: bool = False
    forwarded_from: str | None = None
    forwarded_text: str = ""
    contact_phone: str | None = None
    album: str | None = None
    reply_to_message: str | None = None
    pressed: bool = False
    group: bool = False
    addressed: bool = True
    receipts: tuple[Receipt, ...] = ()
    moved_to: str | None = None
    reachable: bool | None = None
    ignored: str | None = None
    locale: str | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """A tappable answer: `label` is shown, `says` is what pressing it sends as the person's words."""

    label: str
    says: str


@dataclass(frozen=True, slots=True)
class Command:
    """A line of a chat's menu. name: of a-z, 0-9 and _, for channels whose menus send `/name`; says: the same in the reader's
    words, for all others; shown: the line that is read, which begins with them.
    """

    name: str
    says: str
    shown: str


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """Rendered words for one address.

    key: the idempotency key of the decision behind it. reply_to: external id of the message it answers (mail: a
    Message-ID). references: the ids of the thread so far, oldest first. message_id: the id we want it to carry, for
    channels where the sender names it (mail: with angle brackets). reply_address: where answers should go (mail
    Reply-To). sender: which of our own addresses it comes from, None = the channel's own. automatic: written by us without
    a person behind it (mail: Auto-Submitted). notice, locale, variables: what the words were made of, for channels that
    send approved templates only. attachments: files with their data, no more bytes in all than `Capabilities.sends_bytes`; a
    channel that carries none leaves them out, for the words say the same. menu: what the chat's menu offers from now on,
    empty = the one for everybody again, None = as it was; one that cannot be set is no failure of the message.
    """

    key: str
    address: str
    text: str
    subject: str | None = None
    buttons: tuple[Button, ...] = ()
    reply_to: str | None = None
    references: tuple[str, ...] = ()
    message_id: str | None = None
    reply_address: str | None = None
    sender: str | None = None
    automatic: bool = True
    notice: str = ""
    locale: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    menu: tuple[Command, ...] | None = None

    @property
    def files(self) -> tuple[Attachment, ...]:
        """The attachments that have content."""
        return tuple(attachment for attachment in self.attachments if attachment.data)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message the platform took. delivered: it already told us that it arrived."""

    external_id: str
    delivered: bool = False


@dataclass(frozen=True, slots=True)
class Health:
    """How a connector fares. last_worked_at: aware UTC, the last time its loop proved alive; None = not yet."""

    ok: bool
    detail: str = ""
    last_worked_at: datetime | None = None
    facts: Mapping[str, int | float | str] = field(default_factory=dict)


class Intake(Protocol):
    """Where a connector puts what it received. The core implements it over the inbox table."""

    async def store(self, messages: Sequence[RawMessage], *, cursor: tuple[str, str] | None = None) -> list[bool]:
        """Commit the messages, and `cursor` (name, value) with them; True for each that was new.

        Returning means: it is on disk, tell the platform "got it". Raises StoreUnavailable-like errors upwards: then the
        platform must not be told, and the message will come again.
        """
        ...

    async def cursor(self, name: str) -> str | None:
        """Return the value last stored under `name`, or None."""
        ...


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of a conversation's log. seq: grows by one or more per conversation. at: aware UTC. menu: as in
    `OutgoingMessage`. after: the line above it, 0 where it is the first; None where nobody looked.
    """

    seq: int
    key: str
    outgoing: bool
    text: str
    buttons: tuple[Button, ...]
    at: datetime
    files: tuple[Attachment, ...] = ()
    menu: tuple[Command, ...] | None = None
    after: int | None = field(default=None, compare=False)


class FetchesFiles(Protocol):
    """A connector whose messages name files that must be fetched from the platform."""

    async def fetch(self, attachment: Attachment, *, max_bytes: int) -> bytes:
        """Return the file. Raises TryAgainLater, or WillNotDeliver where it is gone or larger than `max_bytes`."""
        ...


@runtime_checkable
class HoldsFiles(Protocol):
    """A connector that keeps the files of its messages itself until the core has fetched them."""

    async def let_go(self, handle: str) -> None:
        """Forget a file: the core has it, or wants it no more. Never fails; what is not there is forgotten already."""
        ...


@runtime_checkable
class Introduces(Protocol):
    """A connector that has to ask the platform who it is. `listen` does so by itself."""

    async def introduce(self) -> None:
        """Learn it, however long the platform takes to answer."""
        ...


@runtime_checkable
class Shows(Protocol):
    """A connector that shows a conversation's log to whoever looks at it now."""

    def wake(self, address: str) -> None:
        """Show at once what another process wrote to this conversation's log."""
        ...


@runtime_checkable
class SaysInLog(Protocol):
    """A connector whose messages are lines of a conversation's log and nothing else: one is sent where its line is written.

    Whoever keeps the log may therefore write it with whatever else they commit, instead of calling `send`.
    """

    def line(self, message: OutgoingMessage) -> tuple[str, LogEntry]:
        """Return the conversation, and the line without its number. Raises DeliveryError, as `send` does."""
        ...

    def watched(self, conversation: str) -> bool:
        """Say whether anybody is looking."""
        ...

    def show(self, conversation: str, entry: LogEntry) -> None:
        """Show a line that was written just now."""
        ...


class ConversationLog(Protocol):
    """What a channel without a server of its own (web chat, SMS stub) shows to the person again after a reconnect."""

    async def append(
        self,
        channel: str,
        conversation: str,
        key: str,
        *,
        outgoing: bool,
        text: str,
        buttons: Sequence[Button] = (),
        files: Sequence[Attachment] = (),
        menu: tuple[Command, ...] | None = None,
    ) -> LogEntry:
        """Commit a line; the same (channel, conversation, key) twice returns the line that is already there."""
        ...

    async def hear(
        self, intake: Intake, raw: RawMessage, key: str, *, text: str, files: Sequence[Attachment] = ()
    ) -> LogEntry:
        """Store what a person said and commit its line: a line never stands there without what was stored."""
        ...

    async def since(self, channel: str, conversation: str, seq: int, *, limit: int = 200) -> list[LogEntry]:
        """Return the lines after `seq`, oldest first, at most `limit`."""
        ...


class Connector(Protocol):
    """One channel. `channel` is its name in settings, tables and logs."""

    @property
    def channel(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    async def listen(self, intake: Intake) -> None:
        """Receive for ever: store in `intake`, then tell the platform. Survives outages by itself; ends by cancellation.

        A channel that is only called from outside (webhook, web chat) remembers `intake` and waits.
        """
        ...

    def parse(self, raw: RawMessage) -> IncomingMessage:
        """Understand a raw message. A pure function. Raises NotUnderstood, nothing else."""
        ...

    async def send(self, message: OutgoingMessage) -> Sent:
        """Hand one message over. Raises DeliveryError, nothing else."""
        ...

    async def check(self) -> None:
        """Reach the platform once with the settings given. Raises ConnectorError saying what is wrong and what to do."""
        ...

    def health(self) -> Health:
        """Return how the connector fares, without waiting."""
        ...

    async def close(self) -> None:
        """Let go of connections. Called after `listen` ended; sends no more."""
        ...
