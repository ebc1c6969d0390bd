"""The database: one writer that shares commits, readers beside it, and migrations.

Jobs that wait together are run in one transaction and share its commit; a lone job is never held back for company. If one
of them fails, all are rolled back and each is run again by itself, so a bad one harms nobody else; one that another process
was faster than is run again, too. A job must therefore be repeatable: it touches nothing but the database.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import event, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidatePoolError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from bot.storage.jobs import enqueue
from bot.storage.postgres import IDLE_IN_TRANSACTION, LINE
from bot.storage.profiles import Profiles
from bot.storage.sqlite import BUSY_TIMEOUT_MS, Driver, InPlace, Reader, Writer
from bot.storage.work import StaffCache, Work
from complaints.errors import ComplaintError, ConfigError, Conflict

if TYPE_CHECKING:
    from bot.storage.signals import Signals

T = TypeVar("T")
Job = Callable[[Work], Awaitable[T]]

_log = logging.getLogger(__name__)

MIGRATIONS = files("bot.storage") / "migrations"
_NAMED = re.compile(r'^(revision|down_revision) = "(\w+)"$', re.M)
MAX_SHARED = 64  # jobs in one commit: enough to hide the disk's latency, few enough to redo one by one
_EPOCH = 2
"""Revisions with the same first so many digits only add to the tables: code that knows one of them works with all. What takes
something away begins the next hundred, at least one release after the code that stopped using it.
"""
_CACHE_KIB = 8_000  # of pages in memory, for the writer; each reader has a quarter
_CLOSE_S = 10.0  # longest wait, when closing, for what is being written
_UNIQUE_VIOLATION = "23505"  # PostgreSQL, appendix A
_TRIES = 3  # of a job that others were faster than
_SURE_S = 1.0  # a connection that was used so lately is not asked first whether it is alive
_COUNT_UP = text(
    # Its commit is not waited for: whoever commits with this number afterwards waits for both.
    "INSERT INTO counters AS c (name, value) SELECT :counter, 1 FROM set_config('synchronous_commit', 'off', true)"
    " ON CONFLICT (name) DO UPDATE SET value = c.value + 1 RETURNING value"
)

_COUNT_ALL = text(
    "INSERT INTO counters AS c (name, value)"
    " SELECT name, more FROM unnest(CAST(:names AS text[]), CAST(:more AS int[])) AS told (name, more)"
    " CROSS JOIN set_config('synchronous_commit', 'off', true) ORDER BY name COLLATE \"C\""
    " ON CONFLICT (name) DO UPDATE SET value = c.value + excluded.value RETURNING name, value"
)


class DatabaseUnavailable(ComplaintError):
    """The database cannot be reached or is locked: nothing was written, try again."""


@dataclass
class _Waiting(Generic[T]):
    job: Job[T]
    done: asyncio.Future[T] = field(repr=False)


class Database:
    """Open with `async with Database(url) as database:`; url as SQLAlchemy's async engines take it.

    jobs: on PostgreSQL, let procrastinate bring stored messages to whoever understands them (`bot.storage.workqueue`).
    """

    def __init__(self, url: str, *, jobs: bool = False) -> None:
        self.url = url
        self.sqlite = make_url(url).get_backend_name() == "sqlite"
        self._writer_engine = _engine(url, pool_size=1, writes=True)
        self._reader_engine = _engine(url, pool_size=4, writes=False)
        self._queue: asyncio.Queue[_Waiting[Any] | None] = asyncio.Queue()  # None: no more
        self._closing = False
        self._writer: asyncio.Task[None] | None = None
        self.jobs = jobs and not self.sqlite
        self._listeners: dict[str, set[asyncio.Event]] = {}
        self._signals = None if self.sqlite else _signals(url, self._hear, self._listeners)
        self._hearing: asyncio.Task[None] | None = None
        self._told: Callable[[str], None] = lambda topic: None
        self.commits = 0
        self._staff = StaffCache()
        self._profiles = Profiles()

    async def __aenter__(self) -> Database:
        self._closing = False
        self._writer = asyncio.create_task(self._write_forever(), name="database-writer")
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._writer is not None
        # What is under way is let through: cut off, its callers would not know whether it was committed.
        self._closing = True
        if self._hearing is not None:
            self._hearing.cancel()
            await asyncio.gather(self._hearing, return_exceptions=True)
            self._hearing = None
        self._queue.put_nowait(None)
        with contextlib.suppress(TimeoutError, asyncio.CancelledError):
            async with asyncio.timeout(_CLOSE_S):
                await self._writer
        while not self._queue.empty():
            waiting = self._queue.get_nowait()
            if waiting is not None and not waiting.done.done():
                waiting.done.set_exception(DatabaseUnavailable("the service is stopping"))
        await self._writer_engine.dispose()
        await self._reader_engine.dispose()

    async def write(self, job: Job[T]) -> T:
        """Run `job` in a transaction, perhaps together with others, and return its result once it is committed."""
        if self._writer is None or self._writer.done() or self._closing:
            raise DatabaseUnavailable("the database is not open")
        waiting = _Waiting(job, asyncio.get_running_loop().create_future())
        waiting.done.add_done_callback(lambda done: done.cancelled() or done.exception())  # seen, even if nobody waits
        self._queue.put_nowait(waiting)
        # A caller that is cancelled leaves its job to be finished: half the commit may be somebody else's.
        return await asyncio.shield(waiting.done)

    async def read(self, job: Job[T]) -> T:
        """Run `job` on a connection that only reads, beside the writer."""
        with _translated():
            async with AsyncSession(self._reader_engine, expire_on_commit=False, autoflush=False) as session:
                return await job(Work(session, self._staff, self._profiles, writes=False))

    @asynccontextmanager
    async def listening(self, topic: str) -> AsyncIterator[asyncio.Event]:
        """Give an event that is set whenever a commit, of whichever process, touched `topic` ("inbox", "outbox", "files")."""
        woken = asyncio.Event()
        self._listeners.setdefault(topic, set()).add(woken)
        if self._signals is not None and self._hearing is None:
            self._hearing = asyncio.create_task(self._signals.run(), name="database-signals")
        try:
            yield woken
        finally:
            self._listeners[topic].discard(woken)

    async def delivering(self) -> int:
        """Return how many processes deliver, this one among them."""
        return 1 if self._signals is None else max(await self.read(self._signals.delivering), 1)

    async def ping(self) -> None:
        """Raise DatabaseUnavailable unless the database answers."""

        async def job(work: Work) -> None:
            await work.session.execute(text("SELECT 1"))

        await self.read(job)

    async def _write_forever(self) -> None:
        last = False
        while not last:
            got = [await self._queue.get()]
            while len(got) < MAX_SHARED and not self._queue.empty():
                got.append(self._queue.get_nowait())
            last = None in got
            batch = [waiting for waiting in got if waiting is not None and not waiting.done.cancelled()]
            if not batch:
                continue
            try:
                await self._run(batch)
            except asyncio.CancelledError:
                for waiting in batch:
                    if not waiting.done.done():
                        waiting.done.set_exception(DatabaseUnavailable("the service is stopping"))
                raise

    async def _run(self, batch: list[_Waiting[Any]], tries: int = _TRIES) -> None:
        try:
            results, touched = await self._transaction(batch)
        except (Exception, asyncio.CancelledError) as error:
            if isinstance(error, asyncio.CancelledError) and _is_cancelled():
                raise  # it is the writer that is to end; else a job gave up what it waited for
            if len(batch) > 1:
                for waiting in batch:
                    await self._run([waiting])
            elif _is_double(error) and tries > 1:
                await self._run(batch, tries - 1)
            elif isinstance(error, asyncio.CancelledError):
                batch[0].done.cancel()
            elif not batch[0].done.done():
                batch[0].done.set_exception(error)
            return
        for waiting, result in zip(batch, results, strict=True):
            if not waiting.done.done():
                waiting.done.set_result(result)
        for topic in touched:
            self._wake(topic)

    def _hear(self, topic: str) -> None:
        """Take what another process touched."""
        self._wake(topic)
        self._told(topic)

    def tell(self, told: Callable[[str], None]) -> None:
        """Have each topic that another process touched told; "" when some were missed. While something is listened to."""
        self._told = told

    def _wake(self, topic: str) -> None:
        """Wake whoever listens to a topic; everybody where it is empty, for then nobody knows what was missed."""
        for listened, events in self._listeners.items():
            if topic in ("", listened):
                for woken in events:
                    woken.set()

    async def _transaction(self, batch: list[_Waiting[Any]]) -> tuple[list[Any], set[str]]:
        with _translated():
            kind = InPlace if self.sqlite else AsyncSession
            async with kind(self._writer_engine, expire_on_commit=False, autoflush=False) as session:
                draw = None if self.sqlite else self._draw_number
                work = Work(session, self._staff, self._profiles, writes=True, draw=draw)
                async with session.begin():
                    if isinstance(session, InPlace):
                        await session.ready()
                    results = [await waiting.job(work) for waiting in batch]
                    await work.finish()
                    await self._announce(work)
                self.commits += 1
                return results, work.touched

    async def _announce(self, work: Work) -> None:
        """Let other processes know, with this commit, what there is to do."""
        if self.jobs and work.arrived:
            await enqueue(work)
        if self._signals is not None and work.touched:
            await self._signals.tell(work, work.touched)

    async def count_up(self, more: Mapping[str, int]) -> dict[str, int]:
        """Count up, on PostgreSQL, and return what each counter has come to. It waits for no other work, and none for it."""
        names = sorted(more)  # in one order: two processes never wait for each other
        with _translated():
            async with self._reader_engine.connect() as connection:
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                counted = await connection.execute(_COUNT_ALL, {"names": names, "more": [more[name] for name in names]})
                return {name: value for name, value in counted}  # noqa: C416 (rows are no pairs to a type checker)

    async def _draw_number(self, counter: str) -> int:
        """Count up in a transaction of its own: kept until the work around it ends, the counter would let one process at a
        time make complaints.
        """
        async with self._reader_engine.connect() as connection:
            # A statement is a transaction of its own here, so a number costs one way to the server and back.
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            number = await connection.scalar(_COUNT_UP, {"counter": counter})
        assert isinstance(number, int)
        return number


def _signals(url: str, heard: Callable[[str], None], listened: Collection[str]) -> Signals:
    from bot.storage.signals import Signals  # with PostgreSQL's client, which takes a while to load

    return Signals(url, heard, listened)


def _is_double(error: BaseException) -> bool:
    """Say whether a row was there already: another process wrote it after this one had looked, perhaps, and it is seen now."""
    return isinstance(error, IntegrityError) and getattr(error.orig, "sqlstate", None) == _UNIQUE_VIOLATION


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


@contextlib.contextmanager
def _translated() -> Any:
    try:
        yield
    except StaleDataError as error:
        raise Conflict("the complaint was changed meanwhile") from error
    except OperationalError as error:
        raise DatabaseUnavailable(f"the database does not answer: {_on_one_line(error)}") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseUnavailable(f"the database went away: {_on_one_line(error)}") from error
        raise


def _on_one_line(error: DBAPIError) -> str:
    return " ".join(str(error.orig).split())  # PostgreSQL's client likes to add hints on lines of their own


def _engine(url: str, *, pool_size: int, writes: bool) -> AsyncEngine:
    # hide_parameters: an error is shown to people (health page, quarantine), and what did not fit is somebody's words.
    sqlite = make_url(url).get_backend_name() == "sqlite"
    how: dict[str, Any]
    if sqlite:
        how = {"module": Driver(Writer if writes else Reader)}
    else:
        how = {"connect_args": LINE | {"options": IDLE_IN_TRANSACTION}}
    engine = create_async_engine(url, pool_size=pool_size, max_overflow=0, hide_parameters=True, **how)
    if sqlite:
        _tune_sqlite(engine, writes)
    else:
        _ask_the_idle(engine)
    return engine


def _ask_the_idle(engine: AsyncEngine) -> None:
    """Ask a connection that lay idle whether it is alive before it is used: SQLAlchemy's `pool_pre_ping`, but not each time."""
    dialect = engine.dialect

    @event.listens_for(engine.sync_engine, "checkout")
    def checkout(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        used = record.info.get("used")
        if used is not None and time.monotonic() - used > _SURE_S:
            try:
                dialect.do_ping(connection)
            except dialect.loaded_dbapi.Error as error:
                raise InvalidatePoolError from error

    @event.listens_for(engine.sync_engine, "checkin")
    def checkin(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["used"] = time.monotonic()


def _tune_sqlite(engine: AsyncEngine, writes: bool) -> None:
    """Make SQLite keep its promises: transactions begin when we say, and a commit is on the disk when it returns.

    Left to itself the driver begins at the first write, and read-modify-write loses updates without an error.
    """

    @event.listens_for(engine.sync_engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",  # first: going over to WAL waits for others too
            "journal_mode=WAL",
            "synchronous=FULL",
            "secure_delete=ON",  # what is erased is overwritten; Debian builds it so, others do not
            "foreign_keys=ON",
            f"cache_size=-{_CACHE_KIB if writes else _CACHE_KIB // 4}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        connection.connection.dbapi_connection.begin()


def file_of(url: str) -> Path | None:
    """Return the file of a SQLite database; None of any other, and of one in memory."""
    parsed = make_url(url)
    held = parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:")
    return Path(str(parsed.database)) if held else None


def place_of(url: str) -> str:
    """Return where a database is, as people read it: its file, else its address without the password."""
    return str(file_of(url) or make_url(url).render_as_string(hide_password=True))


async def migrate(url: str, revision: str = "head") -> None:
    """Bring the tables up to this version, or to an older revision. Safe to call at every start, by several processes.

    Raises DatabaseUnavailable, and ConfigError for a database that a later version has used, unless that one only added
    to it.
    """
    if (file := file_of(url)) is not None:
        folder = file.parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseUnavailable(f"the folder {folder} cannot be made: {error.strerror}") from None
    if not await _is_current(url):
        await _upgrade(url, revision)


async def _is_current(url: str) -> bool:
    """Say whether the tables are of this version. Asked first, because the means to make them are long to load."""
    return await _version(url) == revisions()[-1]


async def _version(url: str) -> str | None:
    """Return the revision of the tables; None where there are none yet, or no database."""
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            version: str | None = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    except DBAPIError:  # making them finds out which
        return None
    finally:
        await engine.dispose()
    return version


@cache
def revisions() -> tuple[str, ...]:
    """Return every revision of the tables that this version knows, the oldest first, as each names the one before it."""
    after = {}
    for path in (MIGRATIONS / "versions").iterdir():
        if path.name[0].isdigit():
            named = dict(_NAMED.findall(path.read_text(encoding="utf-8")))
            after[named.get("down_revision")] = named["revision"]
    found = [after.pop(None)]
    while found[-1] in after:
        found.append(after.pop(found[-1]))
    return tuple(found)


def only_adds(revision: str) -> bool:
    """Say whether tables of that revision are a later version's that this one can work with all the same."""
    return revision > revisions()[-1] and revision[:_EPOCH] == revisions()[-1][:_EPOCH]


async def _upgrade(url: str, revision: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    try:
        with _translated():
            await asyncio.to_thread(command.upgrade, config, revision)
    except CommandError as error:
        if only_adds(await _version(url) or ""):
            _log.warning("the database was used by a newer version of complaintbot, which only added to it: going on")
            return
        raise ConfigError(f"the database was used by a newer version of complaintbot ({error}): run that one") from None
    except DBAPIError as error:
        raise DatabaseUnavailable(f"the database cannot be brought up to date: {_on_one_line(error)}") from error
