"""Values for the rows that every message makes several of: they are written in bulk and never tracked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message of ours on its way (table outbox). id: 0 until it is stored.

    key: made of the decision. lane: in which order is kept. facts: JSON for the words. form: only channels of that form.
    channel, address: fixed for an answer, else the road last taken. tried: JSON list of [channel, address] that are closed.
    waits: why it is put off until `due_at` (`bot.pacing.Wait`). joined_to: the message that carried it among others.
    """

    key: str
    lane: str
    notice: str
    created_at: datetime
    due_at: datetime
    facts: str = "{}"
    reference: str | None = None
    person: str | None = None
    form: str = ""
    channel: str = ""
    address: str = ""
    answer: bool = False
    reply_to: str | None = None
    state: str = "queued"
    waits: str = ""
    joined_to: int | None = None
    attempts: int = 0
    lease_until: datetime | None = None
    claim: str = ""
    tried: str = ""
    external_id: str | None = None
    detail: str = ""
    done_at: datetime | None = None
    id: int = 0


@dataclass(slots=True)
class Received:
    """A raw message and what became of it (table inbox): whoever changes it saves it (`Work.save_received`)."""

    id: int
    channel: str
    external_id: str
    conversation: str
    received_at: datetime
    raw: bytes = field(repr=False)
    state: str
    attempts: int
    outcome: str
    reference: str | None
    handled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Said:
    """Words that were said, by them or by us (table messages)."""

    channel: str
    address: str
    outgoing: bool
    text: str = field(repr=False)
    at: datetime
    reference: str | None = None
    person: str | None = None
    inbox_id: int | None = None
    outbox_id: int | None = None
    subject: str = ""
    attachments: str = ""
    message_id: str | None = None
    version: int = 1
    verb: str = ""
    album: str | None = None
    own_address: str | None = None


@dataclass(frozen=True, slots=True)
class FileKept:
    """A file that came with a message, newly noted or as it stands (table files). id: 0 until it is stored."""

    inbox_id: int
    position: int
    person: str
    channel: str
    address: str
    name: str
    type: str
    size: int
    path: str
    state: str
    created_at: datetime
    due_at: datetime
    handle: str = field(default="", repr=False)
    room: bool = False
    reply_to: str | None = None
    reference: str | None = None
    attempts: int = 0
    sha256: str | None = None
    detail: str = ""
    done_at: datetime | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """What threading needs to know of a message that was said."""

    channel: str
    address: str
    outgoing: bool
    subject: str
    message_id: str | None
    own_address: str | None


@dataclass(frozen=True, slots=True)
class Heard:
    """What came in under a message id, from whom, and which complaint it was bound to."""

    address: str
    text: str = field(repr=False)
    reference: str | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver (table deliveries)."""

    outbox_id: int
    channel: str
    address: str
    state: str
    at: datetime
    detail: str = ""
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class InHand:
    """A task, newly given (table tasks)."""

    reference: str
    number: int
    assignee: str
    open: bool
    drill: bool = False


@dataclass(frozen=True, slots=True)
class Linked:
    """What is known of two complaints (table links). first sorts before second."""

    first: str
    second: str
    state: str
    why: str
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Happened:
    """An event, newly happened (table events)."""

    reference: str
    kind: str
    at: datetime
    by: str | None
    channel: str
    old: str | None
    new: str
    note: str
    facts: str
    seed: bytes
    digest: bytes
