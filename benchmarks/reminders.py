"""Reminders that fall due all at once among many open complaints: found, decided and queued, beside the machine's limit.

`complaintbot bench reminders -n 1000 --open 1000000 --json`. The database, the rules, the sweep and its commits are real; time
stands still at the moment at which the reminders are due. The same is measured with a thousandth of the open complaints, to
see whether what is stored costs anything.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from sqlalchemy import delete, func, make_url, select, text, update

from benchmarks.figures import figures
from benchmarks.intake import staff
from benchmarks.machine import cpu_s, describe, peak_rss_mb
from bot.calendars import CompanyCalendar
from bot.clock import MovableClock
from bot.desk import Desk
from bot.policies import PolicyBook
from bot.settings import CalendarSection
from bot.staff import import_staff
from bot.storage.database import Database, migrate
from bot.storage.models import Base, ComplaintRow, EventRow, OutboxRow, TaskRow, TimerRow
from bot.storage.work import Work
from bot.timers import TimerTable
from bot.tokens import Signer
from complaints import clockwork, handling
from complaints.change import Change, NoticeKind, Timer
from complaints.complaint import Complaint
from complaints.handling import Filing
from complaints.parts.actors import SYSTEM, Actor
from complaints.promises import Terms
from complaints.vocabulary import Role
from scheduler.timers import BATCH, sweep

ZONE = ZoneInfo("Asia/Shanghai")
_ACCEPTED = datetime(2026, 3, 2, 10, tzinfo=ZONE)  # a Monday; thirteen working days later its reminder is due
_REST_DAYS = 10  # the other complaints were accepted on so many days after it
_WARM_UP = 100
_PER_COMMIT = 2000  # complaints filled in at once
_BLOCK = 1000  # complaints that are copied at once
_FILLED = (ComplaintRow, TaskRow, TimerRow, EventRow, OutboxRow)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A complaint accepted on one day by one assignee, and its timers, the spent ones too.

    Only its number and its customer are put in.
    """

    complaint: Complaint
    timers: tuple[Timer, ...]

    @property
    def reminded_at(self) -> datetime:
        return min(timer.due_at for timer in self.timers if timer.rule == "remind:complete")

    def numbered(self, reference: str) -> Complaint:
        return replace(self.complaint, reference=reference, complainant=f"of {reference}")


@dataclass(frozen=True, slots=True)
class _Patterns:
    """probe: due a working day before the measured ones, for warming up and for the limit. rest: due later."""

    probe: Sequence[_Pattern]
    due: Sequence[_Pattern]
    rest: Sequence[_Pattern]


@dataclass(frozen=True, slots=True)
class _Round:
    """One size measured. waits_ms: from the due moment to the commit, sorted. limit: of the bare driver, reminders a second."""

    open: int
    fill_s: float
    seconds: float
    cpu_s: float
    waits_ms: Sequence[float]
    commits: int
    limit: float

    def figures(self) -> dict[str, object]:
        return {
            "open": self.open,
            **figures(len(self.waits_ms), self.seconds, self.cpu_s, self.waits_ms, self.limit),
            "commits": self.commits,
            "fill_seconds": round(self.fill_s, 1),
        }


@dataclass
class _Timed:
    """`scheduler.port.Timers` that notes when each batch was committed."""

    inner: TimerTable
    began: float = 0.0
    waits_ms: list[float] = field(default_factory=list)

    async def fire_due(self, limit: int) -> int:
        count = await self.inner.fire_due(limit)
        self.waits_ms += [(time.perf_counter() - self.began) * 1000] * count
        return count

    async def wait(self, woken: asyncio.Event) -> None:
        await self.inner.wait(woken)


async def bench_reminders(n: int, open_complaints: int, url: str | None = None) -> dict[str, object]:
    """Return the figures as one JSON-able object. url: a database to use; it must be empty, and is left filled.

    open_complaints: at least n, or as many as n are taken.
    """
    large = max(open_complaints, n)
    small = max(open_complaints // 1000, n)
    with tempfile.TemporaryDirectory(prefix="complaintbot-bench-") as folder:
        url = url or f"sqlite+aiosqlite:///{Path(folder) / 'reminders.db'}"
        await migrate(url)
        async with Database(url) as database:
            rounds = [await _measure(database, n, size) for size in (small, large)]
            kind = "sqlite, synchronous=FULL" if database.sqlite else "postgresql"
        few, many = rounds
        return {
            "what": "reminders",
            **many.figures(),
            "slope": round(many.seconds / few.seconds, 3),
            "slope_cpu": round(many.cpu_s / few.cpu_s, 3),
            "sizes": [each.figures() for each in rounds],
            "peak_rss_mb": round(peak_rss_mb(), 1),
            "batch": BATCH,
            "database": kind,
            "machine": describe(),
        }


async def _measure(database: Database, n: int, size: int) -> _Round:
    clock = MovableClock(_ACCEPTED)
    book = PolicyBook("base", [], CompanyCalendar(CalendarSection(), ZONE))
    await book.store(database)
    await import_staff(database, list(staff()), clock.now())
    desk = Desk(clock, book, Signer("only for measuring, nothing leaves"), prefix="TS", zone=ZONE)
    patterns = await _patterns(database, book.current)
    await _empty(database)
    began = time.perf_counter()
    await _fill(database, patterns, n, size)
    fill_s = time.perf_counter() - began

    timers = TimerTable(database, desk, clock)
    clock.move_to(patterns.probe[0].reminded_at)
    await timers.fire_due(_WARM_UP)
    limit = _limit_per_second(database.url, clock.now())
    await _forget(database, "PROBE")
    clock.move_to(patterns.due[0].reminded_at)
    timed = _Timed(timers, began=time.perf_counter())
    commits, cpu = database.commits, cpu_s()
    fired = await sweep(timed)
    seconds, cpu = time.perf_counter() - timed.began, cpu_s() - cpu
    queued = await database.read(_reminders)
    if (fired, queued) != (n, n):
        raise RuntimeError(f"{fired} timers fired and {queued} reminders were queued, where {n} were due")
    return _Round(size, fill_s, seconds, cpu, timed.waits_ms, database.commits - commits, limit)


async def _reminders(work: Work) -> int:
    found = await work.session.scalar(select(func.count()).where(OutboxRow.notice == NoticeKind.REMINDER))
    return found or 0


# ── filling ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _patterns(database: Database, terms: Terms) -> _Patterns:
    directory = await database.read(lambda work: work.directory())
    staff = sorted(directory.persons)
    days = [day for day in _working_days(terms) if day]

    def of(day: datetime, until: datetime | None = None) -> list[_Pattern]:
        return [_pattern(person, terms, day, until) for person in staff]

    due = of(days[1])
    return _Patterns(of(days[0]), due, [each for day in days[2:] for each in of(day, due[0].reminded_at)])


def _working_days(terms: Terms) -> list[datetime]:
    days = (_ACCEPTED + timedelta(days=number) for number in range(4 * _REST_DAYS))
    return [day for day in days if terms.calendar.hours(day.date())][: _REST_DAYS + 2]


def _pattern(person: str, terms: Terms, at: datetime, until: datetime | None) -> _Pattern:
    """Let the rules themselves take a complaint as far as the assignee's acceptance, and then through the time until its
    reminder, or until another moment.
    """
    now = at.astimezone(UTC)
    filing = Filing("", "厨房漏水三天了,报修没有人来,地板都泡坏了。", "", "email", "zh", category="PROP")
    change = handling.file(filing, SYSTEM, terms, now)
    change += handling.dispatch(change.complaint, person, "by turns", SYSTEM, terms, now)
    actor = Actor(person, frozenset({Role.HANDLER}), "email")
    complaint = handling.accept(change.complaint, actor, terms, now + timedelta(minutes=5)).complaint
    until = until or _Pattern(complaint, clockwork.wanted(complaint, terms)).reminded_at
    spent: dict[tuple[str, str], Timer] = {}
    while early := [
        timer
        for timer in clockwork.wanted(complaint, terms)
        if timer.due_at < until and (timer.rule, timer.occurrence) not in spent
    ]:
        timer = min(early, key=lambda each: each.due_at)
        spent[timer.rule, timer.occurrence] = timer
        fired = clockwork.fire(complaint, timer, terms, timer.due_at)
        complaint = fired.complaint if fired is not None else complaint
    pending = (each for each in clockwork.wanted(complaint, terms) if (each.rule, each.occurrence) not in spent)
    return _Pattern(complaint, (*spent.values(), *pending))


async def _fill(database: Database, patterns: _Patterns, n: int, size: int) -> None:
    """Store `size` open complaints with their tasks and timers, n of them due, spread evenly; and what the limit takes.

    Of those that are not due a block is stored as the rules do it, and the database copies it: a million would take hours.
    """
    rest = size - n
    block = min(_BLOCK, -(-rest // 10))
    copies, left = divmod(rest, block) if block else (0, 0)
    await _store(
        database, ((f"PROBE20260302-{number:07}", _one(patterns.probe, number)) for number in range(n + _WARM_UP))
    )
    await _store(
        database,
        ((_reference(number * copies // n, number + block), _one(patterns.due, number)) for number in range(n)),
    )
    await _store(database, ((_reference(0, number), _one(patterns.rest, number)) for number in range(block)))
    await _store(database, ((_reference(copies, number), _one(patterns.rest, number)) for number in range(left)))

    async def job(work: Work) -> None:
        for table in (ComplaintRow, TaskRow, TimerRow):
            await _copy(work, table, block, copies)
        for prefix, pattern in ("PROBE", patterns.probe[0]), ("TS", patterns.due[0]):
            spent = TimerRow.reference.startswith(prefix), TimerRow.due_at < pattern.reminded_at
            await work.session.execute(update(TimerRow).where(*spent).values(state="fired"))
        if not work.sqlite:
            await work.session.execute(text("ANALYZE"))  # a server that has run for a while knows its tables

    await database.write(job)


async def _store(database: Database, complaints: Iterator[tuple[str, _Pattern]]) -> None:
    while some := list(islice(complaints, _PER_COMMIT)):

        async def job(work: Work, some: Sequence[tuple[str, _Pattern]] = some) -> None:
            for reference, pattern in some:
                await work.save(Change(pattern.numbered(reference)), pattern.timers)

        await database.write(job)


async def _copy(work: Work, table: type[Base], block: int, copies: int) -> None:
    """Let the database copy the rows of the first block so often that it is there `copies` times, under other references."""
    name, columns = table.__tablename__, table.__table__.columns.keys()
    bounds = f"BETWEEN '{_reference(0, 0)}' AND '{_reference(0, block - 1)}'"
    await work.session.execute(
        text(f"CREATE TEMPORARY TABLE block_{name} AS SELECT * FROM {name} WHERE reference {bounds}")  # noqa: S608
    )
    values = ", ".join(_renumbered(column, work.sqlite) for column in columns)
    statement = text(f"INSERT INTO {name} ({', '.join(columns)}) SELECT {values} FROM block_{name}")  # noqa: S608
    for number in range(1, copies):
        await work.session.execute(statement, {"block": _BLOCK_PREFIX.format(0), "copy": _BLOCK_PREFIX.format(number)})
    await work.session.execute(text(f"DROP TABLE block_{name}"))


def _renumbered(column: str, sqlite: bool) -> str:
    """Return SQL for the column as it is in a copy: another number in the reference, and wherever that is named."""
    match column:
        case "reference" | "complainant":
            return f"replace({column}, :block, :copy)"
        case "record" if sqlite:
            return "CAST(replace(CAST(record AS TEXT), :block, :copy) AS BLOB)"
        case "record":
            return "convert_to(replace(convert_from(record, 'UTF8'), :block, :copy), 'UTF8')"
        case _:
            return column


def _one(patterns: Sequence[_Pattern], number: int) -> _Pattern:
    return patterns[number % len(patterns)]


_BLOCK_PREFIX = "TS{:05}-"


def _reference(copy: int, number: int) -> str:
    return f"{_BLOCK_PREFIX.format(copy)}{number:06}"


async def _empty(database: Database) -> None:
    async def job(work: Work) -> None:
        for table in _FILLED:
            await work.session.execute(delete(table))

    await database.write(job)


async def _forget(database: Database, prefix: str) -> None:
    async def job(work: Work) -> None:
        for table in _FILLED:
            # A span of the primary key, where "starts with" would read every row.
            await work.session.execute(delete(table).where(table.reference >= prefix, table.reference < f"{prefix}~"))

    await database.write(job)


# ── the machine's own limit ───────────────────────────────────────────────────────────────────────────────────────────


def _limit_per_second(url: str, now: datetime) -> float:
    """Return how many timers a second the bare driver finds by the index, marks and answers with a row, as durably.

    The same database, batches and commits; nothing is read of the complaints, decided or written of them.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(parsed.database), isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous=FULL")
            # As SQLAlchemy keeps a moment there.
            return _bare_sweep(connection, "?", f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}")
    plain = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as postgres:
        return _bare_sweep(postgres, "%s", now)


def _bare_sweep(connection: Any, mark: str, now: object) -> float:
    cursor = connection.cursor()

    def execute(statement: str, *rows: Sequence[object]) -> None:
        cursor.executemany(statement.replace("?", mark), rows)

    find = (
        "SELECT reference, rule, occurrence FROM timers WHERE state = 'pending' AND due_at <= ? ORDER BY due_at LIMIT ?"
    )
    cursor.execute("CREATE TABLE bench_probe (timer TEXT, facts TEXT)")
    count, began = 0, time.perf_counter()
    while True:
        cursor.execute("BEGIN")
        due = cursor.execute(find.replace("?", mark), (now, BATCH)).fetchall()
        execute("UPDATE timers SET state = 'fired' WHERE reference = ? AND rule = ? AND occurrence = ?", *due)
        execute(
            "INSERT INTO bench_probe VALUES (?, ?)", *(("/".join(timer), '{"clock":"complete"}' * 5) for timer in due)
        )
        cursor.execute("COMMIT")
        if not due:
            break
        count += len(due)
    seconds = time.perf_counter() - began
    cursor.execute("DROP TABLE bench_probe")
    return count / seconds
