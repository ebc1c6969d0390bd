"""The tables. What crosses complaints is a column; a complaint itself is one record, written whole under its version."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TextClause,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up by itself only in an INTEGER primary key


class UtcDateTime(TypeDecorator[datetime]):
    """Aware moments, kept as UTC. SQLite forgets the zone and PostgreSQL guesses one: naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone: storage takes aware moments only")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime(), str: Text()}  # noqa: RUF012 (declared so by SQLAlchemy)


class PersonRow(Base):
    """Customers and staff alike; names and numbers live here and nowhere in a complaint's record.

    unnamed: somebody who would not be named; nothing is kept of them but sealed addresses. informed_by: the message of ours
    that told them first what becomes of their data.
    """

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="", index=True)
    email: Mapped[str] = mapped_column(default="", index=True)
    place: Mapped[str] = mapped_column(default="")
    locale: Mapped[str] = mapped_column(String(8), default="")
    roles: Mapped[str] = mapped_column(default="")  # space-separated; empty for a customer
    unit: Mapped[str] = mapped_column(default="")
    categories: Mapped[str] = mapped_column(default="")  # space-separated codes this person handles
    sites: Mapped[str] = mapped_column(default="")  # likewise; empty for all of them
    stages: Mapped[str] = mapped_column(default="")
    channels: Mapped[str] = mapped_column(default="")
    superior: Mapped[str | None] = mapped_column(String(32))
    backup: Mapped[str | None] = mapped_column(String(32))
    staff: Mapped[bool] = mapped_column(default=False, index=True)
    active: Mapped[bool] = mapped_column(default=True)
    given_at: Mapped[datetime | None]  # when they last got a task
    tester: Mapped[bool] = mapped_column(default=False)  # a mystery customer: what they complain of counts in no rate
    unnamed: Mapped[bool] = mapped_column(default=False)
    informed_by: Mapped[int | None] = mapped_column(Id)
    created_at: Mapped[datetime]


MENU_UNSURE = "?#"
"""As `AddressRow.menu`: whatever the chat shows, it gets its menu anew."""


class AddressRow(Base):
    """Where a person can be met, and what the conversation there remembers between two messages.

    proven: they showed that it is theirs (bind code, the platform's word). muted: they asked us not to write unasked.
    blocked_at: since when they keep us out; they end it by writing again.
    pending: the question that waits, JSON. tools: what the desk's tools remember of their last use, JSON.
    unclear_*: how often lately we had to say that we did not understand.
    about: the complaint that their last message was bound to, at about_at in the conversation about_in. room, room_message:
    the group in which they last spoke, and what they said there. nudged_at: when they were last asked, there, to open the
    private chat. menu: which one the chat shows, its language and the message that brought it; empty, the one of everybody.
    """

    __tablename__ = "addresses"

    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    address: Mapped[str] = mapped_column(String(320), primary_key=True)
    person: Mapped[str] = mapped_column(String(32), index=True)
    proven: Mapped[bool] = mapped_column(default=False)
    muted: Mapped[bool] = mapped_column(default=False)
    blocked_at: Mapped[datetime | None]
    locale: Mapped[str] = mapped_column(String(8), default="")
    pending: Mapped[str] = mapped_column(default="")
    tools: Mapped[str] = mapped_column(default="")
    unclear_since: Mapped[datetime | None]
    unclear_count: Mapped[int] = mapped_column(default=0)
    bind_failures: Mapped[int] = mapped_column(default=0)
    bind_failed_at: Mapped[datetime | None]
    about: Mapped[str | None] = mapped_column(String(40))
    about_in: Mapped[str | None] = mapped_column(String(320))
    about_at: Mapped[datetime | None]
    room: Mapped[str | None] = mapped_column(String(320))
    room_message: Mapped[str | None] = mapped_column(String(1024))
    nudged_at: Mapped[datetime | None]
    menu: Mapped[str] = mapped_column(default="")
    last_inbound_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class RoomRow(Base):
    """A group chat that was made a service chat: everything said there is said to us."""

    __tablename__ = "rooms"

    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    address: Mapped[str] = mapped_column(String(320), primary_key=True)
    site: Mapped[str] = mapped_column(String(40), default="")  # what is said there is about this site
    set_by: Mapped[str] = mapped_column(String(32))
    set_at: Mapped[datetime]


class SiteRow(Base):
    """A place we serve; see complaints.rota.Site. aliases, addresses: a line each."""

    __tablename__ = "sites"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str]
    aliases: Mapped[str] = mapped_column(default="")
    addresses: Mapped[str] = mapped_column(default="")
    calendar: Mapped[str] = mapped_column(String(64), default="")
    policy: Mapped[str] = mapped_column(String(64), default="")
    head: Mapped[str | None] = mapped_column(String(32))
    duty: Mapped[str | None] = mapped_column(String(32))
    duty_role: Mapped[str] = mapped_column(String(16), default="")
    backup: Mapped[str | None] = mapped_column(String(32))
    phone: Mapped[str] = mapped_column(default="")


class ShiftRow(Base):
    """A row of the rota; see complaints.rota.Shift. days: as `Days` writes them. starts, ends: HH:MM, local."""

    __tablename__ = "shifts"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    team: Mapped[str] = mapped_column(default="")
    person: Mapped[str] = mapped_column(String(32))
    days: Mapped[str]
    starts: Mapped[str] = mapped_column(String(5))
    ends: Mapped[str] = mapped_column(String(5))
    override: Mapped[bool] = mapped_column(default=False)
    set_by: Mapped[str | None] = mapped_column(String(32))  # None: imported
    set_at: Mapped[datetime]


class AbsenceRow(Base):
    """Who is away from when to when. Kept when it is over.

    state: asked (their superior has not answered), late (nor had when it began), planned, running, over, refused, cancelled.
    """

    __tablename__ = "absences"
    __table_args__ = (Index("ix_absences_state_start", "state", "start"), Index("ix_absences_person", "person"))

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    person: Mapped[str] = mapped_column(String(32))
    start: Mapped[datetime]
    end: Mapped[datetime]
    stand_in: Mapped[str | None] = mapped_column(String(32))
    note: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(String(12))
    decided_by: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime]


class BindCodeRow(Base):
    """One-time codes by which staff prove a chat address, and customers' that were used; only a hash is kept."""

    __tablename__ = "bind_codes"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(String(32))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class InboxRow(Base):
    """Raw messages, before and after anyone understood them."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index("ix_inbox_state_id", "state", "id"),
        Index(
            "ix_inbox_lanes",
            "channel",
            "conversation",
            "id",
            sqlite_where=text("state = 'stored'"),
            postgresql_where=text("state = 'stored'"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    channel: Mapped[str] = mapped_column(String(32))
    external_id: Mapped[str] = mapped_column(String(1024))
    conversation: Mapped[str] = mapped_column(String(320))
    received_at: Mapped[datetime]
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(16), default="stored")
    attempts: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str] = mapped_column(default="")
    reference: Mapped[str | None] = mapped_column(String(40), index=True)
    handled_at: Mapped[datetime | None]


class CursorRow(Base):
    """How far a connector has read, committed together with what it read."""

    __tablename__ = "cursors"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    value: Mapped[str]


class CounterRow(Base):
    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[int]


class PolicyRow(Base):
    """Every version of a profile that a complaint may still run under."""

    __tablename__ = "policies"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[str] = mapped_column(String(16), primary_key=True)
    data: Mapped[str]


class CalendarDayRow(Base):
    """A day that an administrator imported for a calendar. calendar: its name, "" for the default. kind: off, work or hours."""

    __tablename__ = "calendar_days"

    calendar: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    hours: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    imported_at: Mapped[datetime]


class CalendarYearRow(Base):
    """A year whose whole list was imported for a calendar: no longer provisional."""

    __tablename__ = "calendar_years"

    calendar: Mapped[str] = mapped_column(String(64), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    imported_at: Mapped[datetime]


class ReckoningRow(Base):
    """How far open deadlines have been reckoned anew, in the order of their references.

    calendars: the fingerprint of those by which it is done. number: counts the changes. after: the last reference done.
    later, earlier: complaints with a deadline that moved so, since the last summary; shown: the first of them.
    """

    __tablename__ = "reckonings"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    calendars: Mapped[str] = mapped_column(String(64))
    running: Mapped[bool]
    number: Mapped[int] = mapped_column(default=0)
    after: Mapped[str] = mapped_column(String(40), default="")
    later: Mapped[int] = mapped_column(default=0)
    earlier: Mapped[int] = mapped_column(default=0)
    shown: Mapped[str] = mapped_column(default="")


OPEN = text("status NOT IN ('closed', 'invalid', 'withdrawn', 'merged')")
WAITING = text("status IN ('new', 'under_review', 'accepted')")  # nobody has it in hand
TO_PHONE = text("status IN ('resolved', 'proposed')")  # whose customer may be asked by telephone
# Word for word in the queries too: else neither database knows that the index has all that is asked for.


def _partial(name: str, *columns: str, where: TextClause) -> Index:
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


class ComplaintRow(Base):
    """One complaint: `record` is the whole value, the columns beside it are what searches ask for.

    due_at: of the soonest limit that runs. drill: practice; whatever counts complaints leaves it out. names: the ids of staff
    whom it names, each between commas. rated_at, satisfied: what its customer said last.
    """

    __tablename__ = "complaints"
    __table_args__ = (
        Index("ix_complaints_complainant_status", "complainant", "status"),
        # Those that a new one is compared with are read off its end, however many there are.
        Index("ix_complaints_matter", "site", "category", "received_at"),
        # Whoever walks all that are open must not meet those that are not.
        _partial("ix_complaints_open", "reference", where=OPEN),
        # A page of the queue reads so many rows as it shows, by whichever of these it is asked for.
        _partial("ix_complaints_queue", "severity", "received_at", "reference", where=OPEN),
        _partial("ix_complaints_queue_site", "site", "severity", "received_at", "reference", where=OPEN),
        _partial("ix_complaints_queue_due", "due_at", "reference", where=OPEN),
        _partial("ix_complaints_waiting", "severity", "received_at", "reference", where=WAITING),
        _partial("ix_complaints_to_phone", "status", "received_at", where=TO_PHONE),
        # Today's numbers are counted off this one alone.
        _partial(
            "ix_complaints_board",
            "site",
            "status",
            "severity",
            "due_at",
            "owner",
            "drill",
            "mystery",
            "names",
            where=OPEN,
        ),
    )

    reference: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column()
    status: Mapped[str] = mapped_column(String(16))  # no index of its own: it would be taken for the partial ones
    severity: Mapped[str] = mapped_column(String(4))
    category: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(32))
    complainant: Mapped[str] = mapped_column(String(32))
    finder: Mapped[str | None] = mapped_column(String(32), index=True)
    owner: Mapped[str | None] = mapped_column(String(32), index=True)
    site: Mapped[str] = mapped_column(default="")
    received_at: Mapped[datetime] = mapped_column(index=True)
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    extension_asked: Mapped[bool] = mapped_column(default=False, index=True)
    hold_asked: Mapped[bool] = mapped_column(default=False, index=True)
    nobody_since: Mapped[datetime | None] = mapped_column(index=True)  # it waits for somebody who could have it
    due_at: Mapped[datetime | None]
    drill: Mapped[bool] = mapped_column(default=False)
    mystery: Mapped[bool] = mapped_column(default=False)
    names: Mapped[str] = mapped_column(default="")
    accepted_at: Mapped[datetime | None] = mapped_column(index=True)
    rated_at: Mapped[datetime | None] = mapped_column(index=True)
    satisfied: Mapped[bool | None]
    forgotten_at: Mapped[datetime | None]  # since when nothing of it is left but what is counted
    record: Mapped[bytes] = mapped_column(LargeBinary)


class LinkRow(Base):
    """What is known of two complaints that may have to do with each other; see bot.storage.links. first sorts before second."""

    __tablename__ = "links"

    first: Mapped[str] = mapped_column(String(40), primary_key=True)
    second: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)
    state: Mapped[str] = mapped_column(String(12))
    why: Mapped[str] = mapped_column(default="")
    by: Mapped[str | None] = mapped_column(String(32))  # None: the service itself
    at: Mapped[datetime]


class MessageRow(Base):
    """What was said, both ways, and which complaint it belongs to. Only appended: an edit is one more version.

    address: where it was said; in a group that is the group, and `person` who said it. verb: what it was taken to mean.
    """

    __tablename__ = "messages"
    __table_args__ = (Index("ix_messages_reference_id", "reference", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    reference: Mapped[str | None] = mapped_column(String(40))
    inbox_id: Mapped[int | None] = mapped_column(Id)
    outbox_id: Mapped[int | None] = mapped_column(Id)
    person: Mapped[str | None] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(32))
    address: Mapped[str] = mapped_column(String(320))
    outgoing: Mapped[bool]
    subject: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    attachments: Mapped[str] = mapped_column(default="")  # JSON list of {name, type, size}; the bytes stay in the raw
    own_address: Mapped[str | None] = mapped_column(String(320))  # which of ours, where there are several
    message_id: Mapped[str | None] = mapped_column(String(1024), index=True)
    version: Mapped[int] = mapped_column(default=1)
    verb: Mapped[str] = mapped_column(String(24), default="")
    album: Mapped[str | None] = mapped_column(String(200), index=True)
    at: Mapped[datetime]


class FileRow(Base):
    """A file that came with a message, and whether we have it.

    reference: None until the message is bound. address, reply_to: where it was sent to us, for a word about it. position:
    which of the message's attachments it is. handle: what the platform gives it for; empty where it lies in the raw message.
    path: below the folder of the files; ours, never of the sender's making. due_at: when to try (again).
    """

    __tablename__ = "files"
    __table_args__ = (Index("ix_files_state_due_at", "state", "due_at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    inbox_id: Mapped[int] = mapped_column(Id)
    position: Mapped[int]
    reference: Mapped[str | None] = mapped_column(String(40), index=True)
    person: Mapped[str] = mapped_column(String(32), index=True)
    channel: Mapped[str] = mapped_column(String(32))
    address: Mapped[str] = mapped_column(String(320))
    room: Mapped[bool]
    reply_to: Mapped[str | None] = mapped_column(String(1024))
    handle: Mapped[str]
    name: Mapped[str]
    type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(12))  # waiting, fetched, failed, too_large
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    path: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str | None] = mapped_column(String(64))
    detail: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class EventRow(Base):
    """The audit trail of complaints. Only appended; see bot.storage.audit for seed and digest, by which a change shows."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    reference: Mapped[str] = mapped_column(String(40), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    by: Mapped[str | None] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(32))
    old: Mapped[str | None] = mapped_column(String(16))
    new: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(default="")
    facts: Mapped[str] = mapped_column(default="{}")
    seed: Mapped[bytes | None] = mapped_column(LargeBinary)
    digest: Mapped[bytes | None] = mapped_column(LargeBinary)


class ActRow(Base):
    """What somebody did to the desk itself: an import, a decision on a message, a restoring. Only appended; nothing private.

    by: a member of staff's id, or `shell:` and the account at the machine. facts: JSON, names of things to texts.
    """

    __tablename__ = "acts"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))
    facts: Mapped[str]


class SealRow(Base):
    """A link of the audit chain: a run of rows of a table, and all links before it. See bot.storage.audit."""

    __tablename__ = "seals"
    __table_args__ = (Index("ix_seals_series_last", "series", "last"),)

    number: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    series: Mapped[str] = mapped_column(String(16))  # the table
    first: Mapped[int] = mapped_column(Id)  # the run is `first` to `last`, and has `count` rows
    last: Mapped[int] = mapped_column(Id)
    count: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class TimerRow(Base):
    """When to ask a rule again. A row is kept after it fired, so that its identity stays spent."""

    __tablename__ = "timers"
    __table_args__ = (Index("ix_timers_state_due_at", "state", "due_at"),)

    reference: Mapped[str] = mapped_column(String(40), primary_key=True)
    rule: Mapped[str] = mapped_column(String(64), primary_key=True)
    occurrence: Mapped[str] = mapped_column(String(64), primary_key=True)
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12), default="pending")  # pending, fired, cancelled
    fired_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)


class TaskRow(Base):
    """Who has which work in hand: for lists of tasks and for sharing the load, in which a drill is none."""

    __tablename__ = "tasks"
    __table_args__ = (Index("ix_tasks_open_assignee_drill", "open", "assignee", "drill"),)

    reference: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    assignee: Mapped[str] = mapped_column(String(32))
    open: Mapped[bool]
    drill: Mapped[bool] = mapped_column(default=False)


class OutboxRow(Base):
    """Notices and answers not yet known to have arrived, and what became of them."""

    __tablename__ = "outbox"
    __table_args__ = (
        # The claim reads it in this very order, so what waits behind costs it nothing.
        Index("ix_outbox_state_due_at_id", "state", "due_at", "id"),
        Index("ix_outbox_lane_state", "lane", "state"),
        Index("ix_outbox_lane_notice_id", "lane", "notice", "id"),
        # What was decided on for somebody lately, of all that ever was.
        Index("ix_outbox_lane_created_at", "lane", "created_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    lane: Mapped[str] = mapped_column(String(360))
    notice: Mapped[str] = mapped_column(String(40))
    facts: Mapped[str] = mapped_column(default="{}")
    reference: Mapped[str | None] = mapped_column(String(40), index=True)
    person: Mapped[str | None] = mapped_column(String(32))
    form: Mapped[str] = mapped_column(String(8), default="")  # only channels of this form; empty = any
    channel: Mapped[str] = mapped_column(String(32), default="")  # fixed for answers, else the last one tried
    address: Mapped[str] = mapped_column(String(320), default="")
    answer: Mapped[bool] = mapped_column(default=False)
    reply_to: Mapped[str | None] = mapped_column(String(1024))
    state: Mapped[str] = mapped_column(String(12), default="queued")  # see bot.storage.queues
    waits: Mapped[str] = mapped_column(String(12), default="")  # why it is put off until due_at, see bot.pacing.Wait
    joined_to: Mapped[int | None] = mapped_column(
        Id, index=True
    )  # the message that carried it among others, itself included
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    claim: Mapped[str] = mapped_column(String(16), default="", server_default="")  # which one, of all there ever were
    tried: Mapped[str] = mapped_column(default="")  # JSON list of [channel, address] that are closed for it
    external_id: Mapped[str | None] = mapped_column(String(1024))
    detail: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class DeliveryRow(Base):
    """Every attempt to deliver, by which channel, how it ended, and what was reported of it later. Only appended."""

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    outbox_id: Mapped[int] = mapped_column(Id, index=True)
    channel: Mapped[str] = mapped_column(String(32))
    address: Mapped[str] = mapped_column(String(320))
    state: Mapped[str] = mapped_column(String(16))
    detail: Mapped[str] = mapped_column(default="")
    external_id: Mapped[str | None] = mapped_column(String(1024), index=True)
    at: Mapped[datetime]


class ChatLineRow(Base):
    """The log of channels that have no server of their own (web chat, SMS stub), for showing again after a reconnect."""

    __tablename__ = "chat_lines"
    __table_args__ = (
        UniqueConstraint("channel", "conversation", "key"),
        Index("ix_chat_lines_conversation_seq", "channel", "conversation", "seq"),
    )

    seq: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    channel: Mapped[str] = mapped_column(String(32))
    conversation: Mapped[str] = mapped_column(String(320))
    key: Mapped[str] = mapped_column(String(300))
    outgoing: Mapped[bool]
    text: Mapped[str]
    buttons: Mapped[str] = mapped_column(default="[]")
    files: Mapped[str] = mapped_column(default="[]")  # small ones, with their bytes
    menu: Mapped[str] = mapped_column(default="")  # from this line on; empty, the same as before
    at: Mapped[datetime]


class CampaignRow(Base):
    """A survey that is sent to many, apart from any complaint (R-091, R-092). data: the questionnaire as it then was."""

    __tablename__ = "campaigns"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    questionnaire: Mapped[str] = mapped_column(String(64))
    data: Mapped[str]
    per_minute: Mapped[int]
    every_days: Mapped[int]  # nobody is asked by any campaign more often than this
    note: Mapped[str] = mapped_column(default="")  # what was improved after it, and whether it helped
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SurveyedRow(Base):
    """One person of a campaign: once, ever. asked: the question that waits; answers: JSON list of {question, value, at}."""

    __tablename__ = "surveyed"
    __table_args__ = (Index("ix_surveyed_state_campaign", "state", "campaign"), Index("ix_surveyed_person", "person"))

    campaign: Mapped[int] = mapped_column(Id, primary_key=True)
    person: Mapped[str] = mapped_column(String(32), primary_key=True)
    state: Mapped[str] = mapped_column(String(12), default="waiting")  # see bot.storage.surveys
    detail: Mapped[str] = mapped_column(String(40), default="")  # why they were left out
    asked: Mapped[str] = mapped_column(String(40), default="")
    answers: Mapped[str] = mapped_column(default="[]")
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]


class DataRequestRow(Base):
    """Somebody wants to see their data, or have it erased. what: copy or erase. channel, address: where they asked.

    proven: the platform vouches that it was they. told: how often those who see to it were told. state: open, done or refused.
    answer: what was answered. confirmed_*: who of the desk made sure that it was they, when and how. Kept when it is over: it
    is the proof.
    """

    __tablename__ = "data_requests"
    __table_args__ = (Index("ix_data_requests_state_due_at", "state", "due_at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    person: Mapped[str] = mapped_column(String(32))
    what: Mapped[str] = mapped_column(String(8))
    channel: Mapped[str] = mapped_column(String(32))
    address: Mapped[str] = mapped_column(String(320))
    proven: Mapped[bool]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    told: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(12), default="open")
    answer: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[str | None] = mapped_column(String(32))
    answered_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None] = mapped_column(String(32))
    confirmed_at: Mapped[datetime | None]
    confirmed_how: Mapped[str] = mapped_column(default="")


class LegalHoldRow(Base):
    """That a complaint, or all of a person, is kept until the hold is lifted, whatever else would let it go."""

    __tablename__ = "legal_holds"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    reference: Mapped[str | None] = mapped_column(String(40), index=True)
    person: Mapped[str | None] = mapped_column(String(32), index=True)
    reason: Mapped[str]
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None] = mapped_column(String(64))
    lifted_why: Mapped[str] = mapped_column(default="")


class ImprovementRow(Base):
    """What is to be better after a complaint (R-092). owner: whose it is; by, at: who asked for it, and when.

    told: how often its owner was reminded. done_at, note: when it was carried out, and what was done. It outlives the
    complaint.
    """

    __tablename__ = "improvements"
    __table_args__ = (
        Index("ix_improvements_reference", "reference"),
        Index("ix_improvements_done_at_due_at", "done_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    reference: Mapped[str] = mapped_column(String(40))
    owner: Mapped[str] = mapped_column(String(32))
    what: Mapped[str]
    due_at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    told: Mapped[int]
    done_at: Mapped[datetime | None]
    note: Mapped[str]


class ProposalRow(Base):
    """What is proposed for somebody, or for a place, after a complaint (R-109–R-112). kind: penalty, reward or course.

    person: whom it concerns, "" where that is the site. rule: of the profile, "" where `by`, a person, says so. what, what_en:
    in words. due_at: by when it is to be decided, or the course taken; told: how often that was said again. done_at, done_by,
    outcome (approved, rejected, learned) and note: what came of it.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        Index("ix_proposals_rule_person_at", "rule", "person", "at"),
        Index("ix_proposals_done_at_due_at", "done_at", "due_at"),
        Index("ix_proposals_kind_person", "kind", "person"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    reference: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(16))
    person: Mapped[str] = mapped_column(String(32))
    site: Mapped[str] = mapped_column(String(64))
    rule: Mapped[str] = mapped_column(String(64))
    what: Mapped[str]
    what_en: Mapped[str]
    by: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    due_at: Mapped[datetime]
    told: Mapped[int]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str] = mapped_column(String(32))
    outcome: Mapped[str] = mapped_column(String(16))
    note: Mapped[str]


class ChoreRow(Base):
    """What is owed by a day: a report to be sent, or a book to be read at a site (R-003, R-100). kind: report or chore.

    period: of its rule's, such as 2026-11. facts: what its notices say, without a customer's name. told: how often it was said.
    outcome: sent, nothing, entry (`reference` is the complaint) or missed. file: as it was drafted, dropped with the next one.
    """

    __tablename__ = "chores"
    __table_args__ = (
        Index("uq_chores_kind_name_period_site", "kind", "name", "period", "site", unique=True),
        Index("ix_chores_done_at_due_at", "done_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(64))
    period: Mapped[str] = mapped_column(String(16))
    site: Mapped[str] = mapped_column(String(64))
    facts: Mapped[str]
    at: Mapped[datetime]
    due_at: Mapped[datetime]
    told: Mapped[int]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str] = mapped_column(String(32))
    outcome: Mapped[str] = mapped_column(String(16))
    note: Mapped[str]
    reference: Mapped[str] = mapped_column(String(40))
    file_name: Mapped[str] = mapped_column(String(255))
    file: Mapped[bytes | None]


class RevealRow(Base):
    """That somebody had a customer's whole phone number shown to them. Only ever appended. channel: through which."""

    __tablename__ = "reveals"
    __table_args__ = (Index("ix_reveals_reference", "reference"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    reference: Mapped[str] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]


class PhraseRow(Base):
    """Canned words of the service centre (话术). words: with placeholders for facts of a case, see `bot.phrases`."""

    __tablename__ = "phrases"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    title: Mapped[str] = mapped_column(unique=True)
    words: Mapped[str]
    by: Mapped[str | None] = mapped_column(String(32))
    at: Mapped[datetime]
