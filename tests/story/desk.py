"""What the stories are lived with: settings of a whole service, its books, and people with mail programs."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import ColumnElement, exists, select

from bot.app import App, running
from bot.clock import Clock, SystemClock
from bot.people import Directory
from bot.settings import load_settings
from bot.staff import import_staff, read_staff
from bot.storage import codec
from bot.storage.database import Database, migrate
from bot.storage.models import Base, ComplaintRow, EventRow, InboxRow, OutboxRow
from bot.storage.work import Work
from complaints.complaint import Complaint
from tests.fakes import until
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import Mail, SmtpSink

T = TypeVar("T")
R = TypeVar("R", bound=Base)

MAILBOX = "kf"
ADDRESS = "kf@desk.example"
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + bytes(range(256)) * 40 + b"\xff\xd9"

Config = dict[str, dict[str, object]]
"""Settings by section, as both the file and the environment can say them."""


def config(
    data_dir: Path,
    url: str = "",
    *,
    dovecot: Dovecot | None = None,
    sink: SmtpSink | None = None,
    more: Config | None = None,
) -> Config:
    """Return the settings of a whole service in `data_dir`; mail where both servers are given. more: over the others."""
    settings: Config = {
        "service": {
            "data_dir": str(data_dir),
            "policy": "leyoujia-24h",
            "hotline": "400-820-0000",
            "timezone": where_it_is_noon(),
        },
        "http": {"port": 0},
        "database": {"url": url},
        "delivery": {"first_retry_s": 0.2, "max_retry_s": 1.0},
    }
    if dovecot is not None and sink is not None:
        settings["connectors.email"] = {
            "enabled": True,
            "address": ADDRESS,
            "imap_host": dovecot.host,
            "imap_port": dovecot.imaps_port,
            "imap_user": MAILBOX,
            "imap_password": dovecot.password,
            "ca_file": dovecot.ca_file,
            "smtp_host": sink.host,
            "smtp_port": sink.port,
            "smtp_tls": "plain",
        }
    for section, values in (more or {}).items():
        settings.setdefault(section, {}).update(values)
    return settings


def where_it_is_noon() -> str:
    """Return a time zone in which it is day for hours yet: at night people are left in peace, and a story would stand still."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"  # the sign is the other way round there


def as_environ(settings: Config) -> dict[str, str]:
    """Return the settings as a process finds them in its environment."""
    return {
        f"COMPLAINTBOT_{section.replace('.', '__').upper()}__{key.upper()}": value
        if isinstance(value, str)
        else json.dumps(value)
        for section, values in settings.items()
        for key, value in values.items()
    }


def as_toml(settings: Config) -> str:
    """Return the settings as a file says them."""
    return "\n".join(
        f"[{section}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items())
        for section, values in settings.items()
    )


class Books:
    """What is written in a database, for looking only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rows(self, kind: type[R], *where: ColumnElement[bool]) -> list[R]:
        """Return the rows of a table, in the order in which they came."""

        async def read(work: Work) -> list[R]:
            found = select(kind).where(*where).order_by(*kind.__table__.primary_key)
            return list(await work.session.scalars(found))

        return await self._database.read(read)

    async def complaints(self) -> list[Complaint]:
        """Return all complaints, the oldest first."""
        rows = sorted(await self.rows(ComplaintRow), key=lambda row: row.reference)
        return [codec.decode_complaint(row.record) for row in rows]

    async def only_complaint(self) -> Complaint:
        """Return the one complaint there is; fails where there are none or several."""
        (complaint,) = await self.complaints()
        return complaint

    async def events(self, reference: str) -> list[str]:
        """Return the kinds of a complaint's events, in order."""
        return [row.kind for row in await self.rows(EventRow) if row.reference == reference]

    async def directory(self) -> Directory:
        return await self._database.read(lambda work: work.directory())

    async def person(self, name: str) -> str:
        """Return the id of a member of staff."""
        (person,) = (await self.directory()).named(name)
        return person.id

    async def quiet(self) -> bool:
        """Say whether nothing waits: every message understood, every notice that is due handed over."""
        waits = exists().where(InboxRow.state == "stored") | exists().where(
            OutboxRow.state.in_(("queued", "claimed", "sending"))
        )

        async def read(work: Work) -> bool:
            return not await work.session.scalar(select(waits))

        return await self._database.read(read)


@asynccontextmanager
async def open_books(url: str) -> AsyncIterator[Books]:
    """Look into a database that another process works on."""
    async with Database(url) as database:
        yield Books(database)


HEADING = "姓名,手机,邮箱,角色,上级,备份\n"


async def hire(database: Database, lines: str, folder: Path, clock: Clock | None = None) -> None:
    """Import staff from a table as Excel writes it on a Chinese Windows: GB18030, Chinese headings."""
    file = folder / "staff.csv"
    file.write_bytes((HEADING + lines).encode("gb18030"))
    await import_staff(database, read_staff(file), (clock or SystemClock()).now())


async def hire_at(url: str, lines: str, folder: Path) -> None:
    """Import staff into a database that no service works on yet."""
    await migrate(url)
    async with Database(url) as database:
        await hire(database, lines, folder)


# --- mail --------------------------------------------------------------------------------------------------------------

_numbers = itertools.count(1)
_SHANGHAI = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class Letter:
    """A mail as it is delivered, and the identity it has."""

    message_id: str
    raw: bytes


def words(text: str, charset: str = "utf-8") -> str:
    """Return a header text in encoded words (RFC 2047), as clients write Chinese."""
    if text.isascii():
        return text
    return f"=?{charset}?B?{base64.b64encode(text.encode(charset)).decode()}?="


@dataclass
class Writer:
    """A person with a mail program. read: how many of the mails to them they have looked at."""

    name: str
    address: str
    read: int = field(default=0, repr=False)

    def letter(
        self,
        subject: str,
        text: str,
        *,
        charset: str = "utf-8",
        photo: str = "",
        to: Iterable[str] = (ADDRESS,),
        cc: Iterable[str] = (),
        headers: Iterable[str] = (),
    ) -> Letter:
        """Write a mail. photo: the name of a JPEG to attach."""
        message_id = f"<{next(_numbers)}.{datetime.now(UTC):%H%M%S%f}@{self.address.partition('@')[2]}>"
        head = [
            f"From: {words(self.name, charset)} <{self.address}>",
            f"To: {', '.join(to)}",
            *([f"Cc: {', '.join(cc)}"] if cc else []),
            f"Subject: {words(subject, charset)}",
            f"Date: {format_datetime(datetime.now(_SHANGHAI))}",
            f"Message-ID: {message_id}",
            *headers,
            "MIME-Version: 1.0",
        ]
        body = [
            f"Content-Type: text/plain; charset={charset}",
            "Content-Transfer-Encoding: base64",
            "",
            base64.encodebytes(text.encode(charset)).decode(),
        ]
        if photo:
            edge = f"=_{next(_numbers)}_edge"
            body = [
                f'Content-Type: multipart/mixed; boundary="{edge}"',
                "",
                f"--{edge}",
                *body,
                f"--{edge}",
                f'Content-Type: image/jpeg; name="{words(photo, charset)}"',
                "Content-Transfer-Encoding: base64",
                f'Content-Disposition: attachment; filename="{words(photo, charset)}"',
                "",
                base64.encodebytes(JPEG).decode(),
                f"--{edge}--",
                "",
            ]
        return Letter(message_id, "\r\n".join([*head, *body]).replace("\r\n", "\n").replace("\n", "\r\n").encode())

    def reply(
        self,
        to: Mail,
        text: str,
        *,
        charset: str = "utf-8",
        threaded: bool = True,
        cc: Iterable[str] = (),
        headers: Iterable[str] = (),
    ) -> Letter:
        """Answer a mail of ours as mail programs do: below one's words stands the mail that is answered.

        threaded: false answers as some clients of QQ Mail do, with nothing but the subject to go by (trap 10).
        """
        subject = str(to.parsed["Subject"])
        ours = str(to.parsed["Message-ID"])
        quoted = "\r\n".join(f"> {line}" for line in to.text.splitlines())
        history = f"\r\n\r\n在 2026-11-20 10:20:30，“客服” <{ADDRESS}> 写道：\r\n\r\n{quoted}\r\n"
        thread: list[str] = []
        if threaded:
            subject = subject if subject.lower().startswith("re:") else f"Re: {subject}"
            known = str(to.parsed["References"] or "").split()
            thread = [f"In-Reply-To: {ours}", "References: " + "\r\n ".join([*known, ours])]
        else:
            subject = f"回复：{subject.removeprefix('Re: ')}"
            quoted = "\r\n".join(to.text.splitlines())
            history = (
                "\r\n\r\n\r\n------------------ 原始邮件 ------------------\r\n"
                f'发件人: "客服" <{ADDRESS}>;\r\n发送时间: 2026年11月20日(星期五) 上午10:20\r\n'
                f'收件人: "{self.name}"<{self.address}>;\r\n主题: {subject}\r\n\r\n{quoted}\r\n'
            )
        return self.letter(subject, text + history, charset=charset, cc=cc, headers=[*thread, *headers])


@dataclass
class MailDesk:
    """A service that runs on real mail servers, and the people who write to it."""

    app: App
    books: Books
    dovecot: Dovecot
    sink: SmtpSink

    def deliver(self, letter: Letter) -> Letter:
        """Put a mail into the desk's mailbox, as the mail server does when it arrives."""
        self.dovecot.deliver(MAILBOX, letter.raw)
        return letter

    async def handled(self, letter: Letter) -> InboxRow:
        """Wait until a mail has been understood and all that followed from it was sent."""

        async def done() -> InboxRow | None:
            rows = await self.books.rows(
                InboxRow, InboxRow.external_id.startswith(f"{letter.message_id}#", autoescape=True)
            )
            return rows[0] if rows and rows[0].state != "stored" and await self.books.quiet() else None

        row = await until(done, f"the mail {letter.message_id} is handled")
        assert row is not None
        return row

    async def receives(self, who: Writer, what: str) -> Mail:
        """Wait for the next mail to somebody that says `what`."""
        return await receives(self.sink, who, what)

    def unread(self, who: Writer) -> list[str]:
        """Return the texts of the mails that somebody has not looked at, and have them looked at."""
        mails = self.sink.to(who.address)[who.read :]
        who.read += len(mails)
        return [mail.text for mail in mails]


async def receives(sink: SmtpSink, who: Writer, what: str) -> Mail:
    """Wait for the next mail to somebody that says `what`; those before it count as read."""

    async def found() -> Mail | None:
        for number, mail in enumerate(sink.to(who.address)[who.read :], who.read + 1):
            if what in mail.text:
                who.read = number
                return mail
        return None

    try:
        mail = await until(found, f"a mail to {who.name} with {what!r}")
    except AssertionError as error:
        raise AssertionError(f"{error}; they got {[m.text for m in sink.to(who.address)[who.read :]]}") from None
    assert mail is not None
    return mail


@asynccontextmanager
async def mail_desk(folder: Path, url: str, staff: str, more: Config | None = None) -> AsyncIterator[MailDesk]:
    """Run a whole service on a Dovecot and an SMTP server of its own."""
    async with Dovecot() as dovecot, SmtpSink() as sink:
        settings = load_settings(None, as_environ(config(folder, url, dovecot=dovecot, sink=sink, more=more)))
        await hire_at(settings.database.url, staff, folder)
        async with running(settings) as app:
            yield MailDesk(app, Books(app.database), dovecot, sink)
