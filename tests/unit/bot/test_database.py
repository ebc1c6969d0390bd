"""Storage: moments, migrations, the writer that shares commits, and what happens when the database is gone."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, make_url, select, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from bot.storage.chat import ChatLog
from bot.storage.database import MAX_SHARED, Database, DatabaseUnavailable, migrate, revisions
from bot.storage.models import Base, BindCodeRow, CounterRow, PersonRow
from bot.storage.work import Work
from complaints.errors import ComplaintError
from connectors.port import ConversationLog, Intake, RawMessage
from tests.fakes import MemoryIntake, StoreDown
from tests.servers.dovecot import free_port
from tests.unit.bot.desk_kit import MONDAY, Kit, open_desk
from tests.unit.connectors.contract import ConversationLogContract, IntakeContract

pytestmark = pytest.mark.both_databases

Job = Callable[[Work], Awaitable[None]]

ROOT = Path(__file__).parents[3]
PATIENCE_S = 30.0
_SINCE = "0017"  # from here on, the previous version survives an upgrade


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    await migrate(database_url)
    async with Database(database_url) as database:
        yield database


@pytest.fixture
async def kit(database_url: str) -> AsyncIterator[Kit]:
    async with open_desk(database_url, staff=()) as kit:
        yield kit


@contextlib.asynccontextmanager
async def connected(url: str) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        yield connection
    await engine.dispose()


async def value(database: Database, name: str) -> int | None:
    async def read(work: Work) -> int | None:
        return await work.session.scalar(select(CounterRow.value).where(CounterRow.name == name))

    return await database.read(read)


# ── moments ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class TestMoments:
    @pytest.mark.parametrize(
        "moment",
        [
            pytest.param(datetime(2026, 3, 2, 2, 0, 0, 123456, tzinfo=UTC), id="utc, to the microsecond"),
            pytest.param(datetime(2026, 3, 2, 10, 0, tzinfo=timezone(timedelta(hours=8))), id="shanghai"),
            pytest.param(datetime(2026, 3, 1, 16, 30, tzinfo=timezone(-timedelta(hours=9, minutes=30))), id="far west"),
            pytest.param(datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC), id="long ago"),
        ],
    )
    async def test_what_is_stored_comes_back_as_utc(self, database: Database, moment: datetime) -> None:
        async def store(work: Work) -> None:
            work.session.add(BindCodeRow(code_hash="h", person="p", expires_at=moment))

        async def read(work: Work) -> datetime:
            row = await work.session.get(BindCodeRow, "h")
            assert row is not None
            return row.expires_at

        await database.write(store)
        back = await database.read(read)
        assert back == moment
        assert back.tzinfo is UTC

    async def test_moments_of_any_zone_compare_by_the_moment(self, database: Database) -> None:
        """A wish for "due before" must not compare the letters that a zone happens to be written with."""
        late = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))  # 01:00 UTC

        async def store(work: Work) -> None:
            work.session.add(BindCodeRow(code_hash="h", person="p", expires_at=datetime(2026, 3, 2, 2, 0, tzinfo=UTC)))

        async def before(work: Work) -> list[str]:
            return list(await work.session.scalars(select(BindCodeRow.code_hash).where(BindCodeRow.expires_at <= late)))

        await database.write(store)
        assert await database.read(before) == []

    async def test_a_naive_moment_is_refused_and_nothing_is_written(self, database: Database) -> None:
        async def store(work: Work) -> None:
            work.session.add(CounterRow(name="beside", value=1))
            work.session.add(BindCodeRow(code_hash="h", person="p", expires_at=datetime(2026, 3, 2)))

        with pytest.raises((ValueError, SQLAlchemyError), match="no time zone"):
            await database.write(store)
        assert await value(database, "beside") is None

    async def test_a_naive_moment_is_refused_in_a_question_too(self, database: Database) -> None:
        async def ask(work: Work) -> None:
            await work.session.scalars(select(BindCodeRow).where(BindCodeRow.expires_at < datetime(2026, 3, 2)))

        with pytest.raises((ValueError, SQLAlchemyError), match="no time zone"):
            await database.read(ask)

    async def test_no_moment_at_all_stays_none(self, database: Database) -> None:
        async def store(work: Work) -> None:
            work.session.add(BindCodeRow(code_hash="h", person="p", expires_at=MONDAY))

        async def read(work: Work) -> datetime | None:
            row = await work.session.get(BindCodeRow, "h")
            assert row is not None
            return row.used_at

        await database.write(store)
        assert await database.read(read) is None


def _ours(name: str | None, *_: object) -> bool:
    """Leave out what belongs to procrastinate."""
    return not (name or "").startswith("procrastinate_")


# ── migrations ────────────────────────────────────────────────────────────────────────────────────────────────────────


class TestMigrations:
    async def test_from_nothing_to_what_the_models_say(self, empty_database_url: str) -> None:
        await migrate(empty_database_url)

        def differences(connection: Connection) -> list[object]:
            opts = {"compare_type": True, "include_name": _ours}
            context = MigrationContext.configure(connection, opts=opts)
            return list(compare_metadata(context, Base.metadata))

        async with connected(empty_database_url) as connection:
            assert await connection.run_sync(differences) == []

    async def test_indexes_and_unique_keys_are_those_of_the_models(self, empty_database_url: str) -> None:
        await migrate(empty_database_url)

        def names(connection: Connection) -> dict[str, set[str | None]]:
            inspector = inspect(connection)
            return {
                table: {index["name"] for index in inspector.get_indexes(table)}
                | {unique["name"] for unique in inspector.get_unique_constraints(table)}
                for table in inspector.get_table_names()
                if table != "alembic_version" and _ours(table)
            }

        async with connected(empty_database_url) as connection:
            there = await connection.run_sync(names)
        assert there.keys() == Base.metadata.tables.keys()
        for name, table in Base.metadata.tables.items():
            assert {str(index.name) for index in table.indexes} <= there[name]

    async def test_again_is_harmless(self, empty_database_url: str) -> None:
        await migrate(empty_database_url)
        async with Database(empty_database_url) as database:
            await database.write(lambda work: work.next_number("kept"))
        await migrate(empty_database_url)
        async with Database(empty_database_url) as database:
            assert await value(database, "kept") == 1

    async def test_the_version_before_finds_all_it_uses(self, empty_database_url: str) -> None:
        """While the processes restart one after another, both versions work: within a hundred of revisions tables only grow."""
        url = empty_database_url

        def columns(connection: Connection) -> dict[tuple[str, str], bool]:
            """Return, by table and column, whether a row can be added that does not name it."""
            inspector = inspect(connection)
            return {
                (table, column["name"]): bool(column["nullable"] or column["default"] is not None)
                for table in inspector.get_table_names()
                for column in inspector.get_columns(table)
            }

        await migrate(url, _SINCE)
        async with connected(url) as connection:
            before = await connection.run_sync(columns)
        await migrate(url)
        async with connected(url) as connection:
            after = await connection.run_sync(columns)
        assert before.keys() <= after.keys()
        tables = {table for table, _ in before}
        needed = [key for key in after.keys() - before.keys() if key[0] in tables and not after[key]]
        assert needed == [], "older code adds rows without these"

    async def test_an_older_process_may_start_where_a_newer_one_only_added_to_the_tables(
        self, fresh_sqlite_url: str
    ) -> None:
        newest = revisions()[-1]

        async def newer(work: Work) -> None:
            await work.session.execute(text(f"UPDATE alembic_version SET version_num = '{newest[:2]}99'"))  # noqa: S608

        async with Database(fresh_sqlite_url) as database:
            await database.write(newer)
        await migrate(fresh_sqlite_url)
        async with Database(fresh_sqlite_url) as database:
            await database.ping()

    async def test_processes_may_start_at_the_same_moment(self, empty_postgres_url: str, tmp_path: Path) -> None:
        environment = os.environ | {
            "COMPLAINTBOT_DATABASE__URL": empty_postgres_url,
            "COMPLAINTBOT_SERVICE__DATA_DIR": str(tmp_path),
        }
        command = (sys.executable, "-m", "bot", "migrate")
        processes = [
            await asyncio.create_subprocess_exec(
                *command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            for _ in range(2)
        ]
        outputs = await asyncio.gather(*(process.communicate() for process in processes))
        assert [process.returncode for process in processes] == [0, 0], outputs
        async with Database(empty_postgres_url) as database:
            await database.ping()

    async def test_makes_the_folder_of_an_sqlite_file(self, tmp_path: Path) -> None:
        await migrate(f"sqlite+aiosqlite:///{tmp_path}/new/folder/bot.db")
        assert (tmp_path / "new/folder/bot.db").is_file()

    async def test_a_database_of_a_later_version_is_left_alone(self, empty_database_url: str) -> None:
        await migrate(empty_database_url)
        async with connected(empty_database_url) as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
            await connection.commit()
        with pytest.raises(ComplaintError, match="newer"):
            await migrate(empty_database_url)

    async def test_a_file_that_is_no_database_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "bot.db").write_bytes(b"not a database at all, but long enough to be taken for one" * 50)
        with pytest.raises(DatabaseUnavailable, match="not a database"):
            await migrate(f"sqlite+aiosqlite:///{tmp_path}/bot.db")

    async def test_a_folder_that_cannot_be_made_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(DatabaseUnavailable, match="file"):
            await migrate(f"sqlite+aiosqlite:///{tmp_path}/file/bot.db")


# ── the writer ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def held(database: Database, gate: asyncio.Event) -> asyncio.Task[int]:
    """Let the writer be busy until `gate` opens, so that what comes next has to wait together."""
    started = asyncio.Event()

    async def job(work: Work) -> int:
        started.set()
        await gate.wait()
        return await work.next_number("gate")

    task = asyncio.create_task(database.write(job), name="held")
    await started.wait()
    return task


class TestSharedCommits:
    async def test_no_update_is_lost(self, database: Database) -> None:
        """Read, think, write back, from eight tasks at once: the trap of SQLite's driver left to itself."""

        async def add(work: Work) -> None:
            row = await work.session.get(CounterRow, "n")
            if row is None:
                row = CounterRow(name="n", value=0)
                work.session.add(row)
                await work.flush()
            before = row.value
            await asyncio.sleep(0)
            row.value = before + 1

        async def fifty() -> None:
            for _ in range(50):
                await database.write(add)

        await asyncio.gather(*(fifty() for _ in range(8)))
        assert await value(database, "n") == 400
        assert database.commits <= 400

    async def test_two_processes_lose_no_update(self, fresh_postgres_url: str) -> None:
        await migrate(fresh_postgres_url)
        async with Database(fresh_postgres_url) as one, Database(fresh_postgres_url) as two:
            await one.write(lambda work: work.next_number("n"))

            async def many(database: Database) -> list[int]:
                return [await database.write(lambda work: work.next_number("n")) for _ in range(50)]

            numbers = await asyncio.gather(many(one), many(two), many(one), many(two))
            assert sorted(itertools.chain.from_iterable(numbers)) == list(range(2, 202))

    async def test_two_processes_that_make_the_same_row_at_once_both_go_on(self, fresh_postgres_url: str) -> None:
        """As two that start together over an empty database do."""
        await migrate(fresh_postgres_url)
        async with Database(fresh_postgres_url) as one, Database(fresh_postgres_url) as two:
            runs = itertools.count(1)

            async def looked_too_early(work: Work) -> None:
                if await work.policy_data("base", "1") is None:
                    if next(runs) == 1:
                        await two.write(lambda others: others.store_policy("base", "1", "theirs"))
                    await work.store_policy("base", "1", "ours")

            await one.write(looked_too_early)
            assert await one.read(lambda work: work.policy_data("base", "1")) == "theirs"

    async def test_a_row_that_is_there_each_time_is_an_error_and_not_a_loop(self, fresh_postgres_url: str) -> None:
        await migrate(fresh_postgres_url)
        async with Database(fresh_postgres_url) as database:
            await database.write(lambda work: work.next_number("n"))
            tries = itertools.count(1)

            async def blind(work: Work) -> None:
                next(tries)
                work.session.add(CounterRow(name="n", value=1))

            with pytest.raises(IntegrityError):
                await database.write(blind)
            assert next(tries) < 10
            assert await value(database, "n") == 1

    async def test_two_processes_on_one_sqlite_file_lose_no_update(self, fresh_sqlite_url: str) -> None:
        """The command line writes while the service runs."""
        await migrate(fresh_sqlite_url)
        async with Database(fresh_sqlite_url) as one, Database(fresh_sqlite_url) as two:

            async def many(database: Database) -> None:
                for _ in range(25):
                    await database.write(lambda work: work.next_number("n"))

            await asyncio.gather(many(one), many(two))
            assert await value(one, "n") == 50

    async def test_jobs_that_wait_share_a_commit(self, database: Database) -> None:
        gate = asyncio.Event()
        first = await held(database, gate)
        before = database.commits
        jobs = [asyncio.create_task(database.write(lambda work: work.next_number("n"))) for _ in range(20)]
        await asyncio.sleep(0)
        gate.set()
        assert sorted(await asyncio.gather(*jobs)) == list(range(1, 21))
        await first
        assert database.commits == before + 2  # that of the first, and one for the twenty

    async def test_never_more_than_a_commit_may_hold(self, database: Database) -> None:
        gate = asyncio.Event()
        first = await held(database, gate)
        before = database.commits
        jobs = [asyncio.create_task(database.write(lambda work: work.next_number("n"))) for _ in range(MAX_SHARED + 1)]
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(first, *jobs)
        assert database.commits == before + 3

    async def test_a_lone_job_is_not_held_back(self, database: Database) -> None:
        """Nothing but the job itself is waited for: it is through without any clock or other job moving."""
        async with asyncio.timeout(PATIENCE_S):
            assert await database.write(lambda work: work.next_number("n")) == 1
        assert database.commits == 1

    async def test_a_job_that_fails_is_told_to_its_caller_alone(self, database: Database) -> None:
        gate = asyncio.Event()
        first = await held(database, gate)

        async def bad(work: Work) -> None:
            work.session.add(CounterRow(name="bad", value=1))
            raise LookupError("mine alone")

        jobs = [asyncio.create_task(database.write(lambda work: work.next_number("n"))) for _ in range(5)]
        jobs.insert(2, asyncio.create_task(database.write(bad)))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        gate.set()
        results = await asyncio.gather(*jobs, return_exceptions=True)
        await first
        assert isinstance(results.pop(2), LookupError)
        assert sorted(results) == [1, 2, 3, 4, 5]  # type: ignore[type-var]
        assert await value(database, "n") == 5
        assert await value(database, "bad") is None

    async def test_a_job_that_the_database_refuses_harms_no_other(self, database: Database) -> None:
        """It fails at the flush, behind everybody's back: the others are done all the same."""
        await database.write(lambda work: _counter(work, "taken"))
        gate = asyncio.Event()
        first = await held(database, gate)
        good = [asyncio.create_task(database.write(lambda work: work.next_number("n"))) for _ in range(3)]
        bad = asyncio.create_task(database.write(lambda work: _counter(work, "taken")))
        good += [asyncio.create_task(database.write(lambda work: work.next_number("n"))) for _ in range(3)]
        await asyncio.sleep(0)
        gate.set()
        with pytest.raises(SQLAlchemyError):
            await bad
        assert sorted(await asyncio.gather(*good)) == [1, 2, 3, 4, 5, 6]
        await first
        assert await value(database, "n") == 6

    async def test_the_writer_goes_on_after_a_failure(self, database: Database) -> None:
        async def bad(work: Work) -> None:
            await work.session.execute(text("SELECT no_such_column FROM counters"))

        for _ in range(3):
            with pytest.raises((SQLAlchemyError, DatabaseUnavailable)):
                await database.write(bad)
        assert await database.write(lambda work: work.next_number("n")) == 1

    async def test_a_job_that_is_cancelled_ends_alone_and_the_writer_goes_on(self, fresh_sqlite_url: str) -> None:
        async def gives_up(work: Work) -> None:
            raise asyncio.CancelledError

        async with Database(fresh_sqlite_url) as database:
            gate = asyncio.Event()
            first = await held(database, gate)
            cancelled = asyncio.create_task(database.write(gives_up))
            beside = asyncio.create_task(database.write(lambda work: work.next_number("n")))
            await asyncio.sleep(0)
            gate.set()
            await first
            with pytest.raises(asyncio.CancelledError):
                await cancelled
            assert await beside == 1
            assert await database.write(lambda work: work.next_number("n")) == 2

    async def test_a_caller_that_gives_up_loses_nobody_elses_job(self, database: Database) -> None:
        gate = asyncio.Event()
        first = await held(database, gate)
        impatient = asyncio.create_task(database.write(lambda work: work.next_number("left")))
        patient = asyncio.create_task(database.write(lambda work: work.next_number("stayed")))
        await asyncio.sleep(0)
        impatient.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await impatient
        gate.set()
        assert await patient == 1
        await first
        # The job of who left was in the same commit: it is whole, or it is not there at all.
        assert await value(database, "left") in (None, 1)
        assert await value(database, "stayed") == 1

    async def test_a_caller_that_gives_up_while_its_job_runs(self, database: Database) -> None:
        gate = asyncio.Event()
        first = await held(database, gate)
        first.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await first
        other = asyncio.create_task(database.write(lambda work: work.next_number("n")))
        await asyncio.sleep(0)
        gate.set()
        assert await other == 1
        assert await value(database, "gate") == 1

    async def test_closing_tells_every_job_that_waits(self, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("bot.storage.database._CLOSE_S", 0.1)
        await migrate(database_url)
        gate = asyncio.Event()
        async with Database(database_url) as database:
            first = await held(database, gate)
            waiting = [asyncio.create_task(database.write(lambda work: work.next_number("n"))) for _ in range(70)]
            await asyncio.sleep(0)
        for task in (first, *waiting):
            async with asyncio.timeout(PATIENCE_S):
                with pytest.raises(DatabaseUnavailable):
                    await task
        async with Database(database_url) as database:
            assert await value(database, "n") is None
            assert await value(database, "gate") is None

    async def test_after_closing_nothing_is_taken(self, database_url: str) -> None:
        await migrate(database_url)
        async with Database(database_url) as database:
            pass
        with pytest.raises(DatabaseUnavailable, match="not open"):
            await database.write(lambda work: work.next_number("n"))

    async def test_a_commit_wakes_those_who_listen_to_what_it_touched(self, database: Database) -> None:
        async with database.listening("outbox") as outbox, database.listening("timers") as timers:

            async def touch(work: Work) -> None:
                work.touched.add("outbox")

            await database.write(touch)
            assert outbox.is_set()
            if not database.url.startswith(
                "postgresql"
            ):  # there everybody is woken once the line to other processes stands
                assert not timers.is_set()

    async def test_a_failed_job_wakes_nobody(self, database: Database) -> None:
        async with database.listening("outbox") as outbox:

            async def touch(work: Work) -> None:
                work.touched.add("outbox")
                raise LookupError

            with pytest.raises(LookupError):
                await database.write(touch)
            assert not outbox.is_set()


async def _counter(work: Work, name: str) -> None:
    work.session.add(CounterRow(name=name, value=1))


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class TestReading:
    async def test_what_a_reader_changes_is_not_kept(self, database: Database) -> None:
        async def tamper(work: Work) -> None:
            await work.next_number("n")
            await work.flush()

        with contextlib.suppress(SQLAlchemyError, ComplaintError):
            await database.read(tamper)
        assert await value(database, "n") is None

    async def test_a_reader_is_not_held_up_by_the_writer(self, database: Database) -> None:
        gate = asyncio.Event()
        first = await held(database, gate)
        async with asyncio.timeout(PATIENCE_S):
            assert await value(database, "gate") is None
        gate.set()
        await first
        assert await value(database, "gate") == 1

    async def test_many_readers_at_once(self, database: Database) -> None:
        await database.write(lambda work: work.next_number("n"))
        assert await asyncio.gather(*(value(database, "n") for _ in range(40))) == [1] * 40

    async def test_a_staff_list_changed_in_the_same_commit_is_seen_by_the_next(self, database: Database) -> None:
        """The directory is kept between transactions: what one that is not committed yet sees must never be kept."""

        def joins(name: str) -> Job:
            async def job(work: Work) -> None:
                await work.directory()
                row = PersonRow(id=name, name=name, created_at=MONDAY, staff=True, active=True, roles="handler")
                row.phone = row.email = row.place = row.locale = row.unit = row.categories = ""
                await work.add_person(row)
                await work.staff_changed()

            return job

        async def names(work: Work) -> list[str]:
            return sorted((await work.directory()).persons)

        await database.write(joins("ann"))
        gate = asyncio.Event()
        first = await held(database, gate)
        joining = asyncio.create_task(database.write(joins("bob")))
        looking = asyncio.create_task(database.write(names))
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(first, joining)
        assert await looking == ["ann", "bob"]
        assert await database.read(names) == ["ann", "bob"]

    async def test_a_staff_list_that_was_rolled_back_is_forgotten(self, database: Database) -> None:
        def joins(name: str, then: Exception | None = None) -> Job:
            async def job(work: Work) -> None:
                row = PersonRow(id=name, name=name, created_at=MONDAY, staff=True, active=True, roles="handler")
                row.phone = row.email = row.place = row.locale = row.unit = row.categories = ""
                await work.add_person(row)
                await work.staff_changed()
                await work.directory()
                if then is not None:
                    raise then

            return job

        async def names(work: Work) -> list[str]:
            return sorted((await work.directory()).persons)

        await database.write(joins("ann"))
        with pytest.raises(LookupError):
            await database.write(joins("ghost", LookupError()))
        await database.write(joins("bob"))
        assert await database.read(names) == ["ann", "bob"]


# ── a database that is gone ───────────────────────────────────────────────────────────────────────────────────────────


class TestUnavailable:
    def url(self) -> str:
        return f"postgresql+psycopg://desk:very-secret-word@127.0.0.1:{free_port()}/complaints?connect_timeout=2"

    async def test_an_unreachable_server_is_said_without_its_password(self) -> None:
        with pytest.raises(DatabaseUnavailable) as caught:
            await migrate(self.url())
        assert "very-secret-word" not in str(caught.value)
        assert "127.0.0.1" in str(caught.value)

    async def test_reading_and_writing_say_so_too_and_go_on(self) -> None:
        async with Database(self.url()) as database:
            for _ in range(2):
                with pytest.raises(DatabaseUnavailable) as wrote:
                    await database.write(lambda work: work.next_number("n"))
                with pytest.raises(DatabaseUnavailable) as pinged:
                    await database.ping()
                assert "very-secret-word" not in f"{wrote.value}{pinged.value}"

    async def test_a_wrong_password_is_not_repeated(self, fresh_postgres_url: str) -> None:
        url = make_url(fresh_postgres_url).set(username="nobody_here", password="very-secret-word")
        async with Database(url.render_as_string(hide_password=False)) as database:
            with pytest.raises(DatabaseUnavailable) as caught:
                await database.ping()
        assert "very-secret-word" not in str(caught.value)

    async def test_it_works_again_once_the_server_is_back(self, fresh_postgres_url: str) -> None:
        """Every connection is cut by the server, as by its restart: at most one job is refused, the next is done."""
        await migrate(fresh_postgres_url)
        async with Database(fresh_postgres_url) as database:
            await database.write(lambda work: work.next_number("n"))
            plain = make_url(fresh_postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
            with psycopg.connect(plain, autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            with contextlib.suppress(DatabaseUnavailable):
                await database.write(lambda work: work.next_number("n"))
            assert await database.write(lambda work: work.next_number("n")) in (2, 3)
            await database.ping()

    async def test_a_file_locked_by_another_program_is_waited_for(self, fresh_sqlite_url: str) -> None:
        await migrate(fresh_sqlite_url)
        path = make_url(fresh_sqlite_url).database
        assert path is not None
        other = sqlite3.connect(path, isolation_level=None)
        try:
            async with Database(fresh_sqlite_url) as database:
                await database.ping()
                other.execute("BEGIN IMMEDIATE")
                waiting = asyncio.create_task(database.write(lambda work: work.next_number("n")))
                assert await value(database, "n") is None  # readers go on meanwhile
                other.execute("COMMIT")
                assert await waiting == 1
        finally:
            other.close()

    async def test_an_error_of_the_database_never_quotes_what_people_wrote(self, database: Database) -> None:
        async def twice(work: Work) -> None:
            work.session.add(CounterRow(name="13800138000", value=1))
            work.session.add(CounterRow(name="13800138000", value=1))

        with pytest.raises(SQLAlchemyError) as caught:
            await database.write(twice)
        assert "13800138000" not in str(caught.value).partition("DETAIL")[0]  # the server's own addition


# ── the ports over these tables keep the contracts of the fakes ───────────────────────────────────────────────────────


class TestInboxContract(IntakeContract):
    @pytest.fixture
    def intake(self, kit: Kit) -> Intake:
        return kit.inbox


class TestChatLogContract(ConversationLogContract):
    @pytest.fixture
    def log(self, kit: Kit) -> ConversationLog:
        return ChatLog(kit.database, kit.clock)


class TestHearing:
    """What a person said and its line are there together or not at all."""

    RAW = RawMessage("web", "c1:m1", "c1", b"{}")

    async def test_both_in_one_commit(self, kit: Kit) -> None:
        log, before = ChatLog(kit.database, kit.clock), kit.database.commits
        heard = await log.hear(kit.inbox, self.RAW, "in:m1", text="路灯不亮")
        assert kit.database.commits == before + 1
        assert await kit.inbox_states() == [("c1:m1", "stored")]
        assert await log.since("web", "c1", 0) == [heard]
        assert await log.hear(kit.inbox, self.RAW, "in:m1", text="路灯不亮") == heard
        assert await kit.inbox_states() == [("c1:m1", "stored")]

    async def test_neither_where_one_fails(self, kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
        async def broken(*_: object) -> None:
            raise RuntimeError("no line today")

        log = ChatLog(kit.database, kit.clock)
        monkeypatch.setattr("bot.storage.chat.add_lines", broken)
        with pytest.raises(RuntimeError):
            await log.hear(kit.inbox, self.RAW, "in:m1", text="路灯不亮")
        assert await kit.inbox_states() == []
        assert await log.since("web", "c1", 0) == []

    async def test_an_intake_of_elsewhere_stores_first(self, kit: Kit) -> None:
        intake, log = MemoryIntake(), ChatLog(kit.database, kit.clock)
        intake.down = True
        with pytest.raises(StoreDown):
            await log.hear(intake, self.RAW, "in:m1", text="路灯不亮")
        assert await log.since("web", "c1", 0) == []
        intake.down = False
        heard = await log.hear(intake, self.RAW, "in:m1", text="路灯不亮")
        assert (intake.messages, await log.since("web", "c1", 0)) == ([self.RAW], [heard])
