"""All tables at once, as they stood at one moment: read while the service works, and written into an empty database.

Values travel in one form whichever database they come from (SQLite's: moments as UTC text, truth as 0 and 1), so what was
read from one kind of database can be written into the other. The drivers are used directly: a whole database is millions of
rows, and nothing here decides anything.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from bot.storage.database import DatabaseUnavailable, migrate

Row = Sequence[Any]
_Postgresql = psycopg.Connection[tuple[Any, ...]]
_Connection = sqlite3.Connection | _Postgresql

PAGE = 500  # rows read, packed and written together
_REVISIONS = "alembic_version"
_QUEUE = "procrastinate_"  # tables of the queue's own: they only point at ours, and fill again from them
ID_GAP = 1_000_000
NUMBER_GAP = 500
_SCHEMA, _FILE = "before_", ".before-"  # with what the names of what was replaced begin, or go on
_SCHEMA_SAID = "the schema "


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it stood. rows: pages of them; to be read once, before the next table's."""

    name: str
    columns: tuple[str, ...]
    rows: Iterator[list[Row]]


class Snapshot(Protocol):
    """A database as it stood at one moment. revision: of its tables, "" where there are none."""

    revision: str

    def tables(self) -> Iterator[Table]: ...


@contextlib.contextmanager
def snapshot(url: str) -> Iterator[Snapshot]:
    """Give the database as it stands now; what is written meanwhile is not in it. Raises DatabaseUnavailable."""
    with _plainly():
        if _is_sqlite(url):
            path = _path(url)
            if not path.is_file():
                raise DatabaseUnavailable(f"{path} is not there: nothing was ever kept, or database.url names another")
            with contextlib.closing(_open_sqlite(path)) as connection:
                connection.execute("BEGIN")
                yield _Sqlite(connection)
        else:
            with _open_postgres(url) as connection:
                connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
                connection.read_only = True
                yield _Postgres(connection)


def revision_of(url: str) -> str:
    """Return the revision of the tables, "" where there are none yet; nothing is made. Raises DatabaseUnavailable."""
    if _is_sqlite(url) and not _path(url).exists():
        return ""
    with snapshot(url) as whole:
        return whole.revision


def filled_tables(url: str) -> list[str]:
    """Return the names of the tables that have rows; none where there is no database yet. Raises DatabaseUnavailable."""
    with _plainly():
        if _is_sqlite(url):
            if not _path(url).is_file():
                return []
            with contextlib.closing(_open_sqlite(_path(url))) as connection:
                return [name for name in _names(connection) if connection.execute(_any_row(name)).fetchone()]
        with _open_postgres(url) as connection:
            return [name for name in _names(connection) if connection.execute(_any_row(name)).fetchone()]


def others_at_work(url: str) -> int:
    """Return how many other connections a PostgreSQL database has; 0 for SQLite, whose file has a lock of its own."""
    if _is_sqlite(url):
        return 0
    with _plainly(), _open_postgres(url) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        ).fetchone()
        return int(found[0]) if found else 0


async def fill(url: str, revision: str, tables: Callable[[], Iterator[Table]], today: str) -> str:
    """Make a database hold exactly these tables, then bring it up to this version.

    What was there is kept, and where is returned ("" where nothing was): SQLite's file beside it under another name,
    PostgreSQL's tables in another schema. Cut off anywhere it can be made again. today: the counter of the day's numbers.
    Raises DatabaseUnavailable.
    """
    if not _is_sqlite(url):
        with _plainly(), _open_postgres(url) as connection:
            kept = _set_aside(connection)
        await migrate(url, revision)
        with _plainly(), _open_postgres(url) as connection:
            _into_postgres(connection, tables())
        await migrate(url)
        with _plainly(), _open_postgres(url) as connection:
            _leave_a_gap(connection, today)
            _count_on(connection)
        return kept
    path = _path(url)
    half = path.with_name(f"{path.name}.restoring")
    _remove(half)
    await migrate(_at(url, half), revision)
    with _plainly(), contextlib.closing(_open_sqlite(half)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        _into_sqlite(connection, tables())
        connection.execute("COMMIT")
    await migrate(_at(url, half))
    with _plainly(), contextlib.closing(_open_sqlite(half)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        _leave_a_gap(connection, today)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return _take_the_place(half, path)


def _set_aside(connection: _Postgresql) -> str:
    """Give tables, and what belongs to them, a schema of another name; return it, "" where there are none."""
    found = connection.execute(
        "SELECT current_schema(), count(*) FROM pg_tables WHERE schemaname = current_schema()"
    ).fetchone()
    if not found or not found[1]:
        return ""
    kept = f"{_SCHEMA}{_now()}".lower()
    names = sql.Identifier(str(found[0])), sql.Identifier(kept)
    connection.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(*names))
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(names[0]))
    return f"{_SCHEMA_SAID}{kept}"


def left_behind(url: str) -> list[str]:
    """Return what was replaced by restorings and is still kept, as `fill` named it, the oldest first."""
    if _is_sqlite(url):
        path = _path(url)
        found = path.parent.glob(f"{path.name}{_FILE}*")
        return sorted(str(each) for each in found if not each.name.endswith(("-wal", "-shm")))
    with _plainly(), _open_postgres(url) as connection:
        names = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s) ORDER BY 1", [_SCHEMA]
        )
        return [f"{_SCHEMA_SAID}{name}" for (name,) in names.fetchall()]


def discard(url: str, kept: str) -> None:
    """Let what was replaced be gone. kept: as `fill` named it. Raises DatabaseUnavailable."""
    if _is_sqlite(url):
        _remove(Path(kept))
        return
    with _plainly(), _open_postgres(url) as connection:
        name = sql.Identifier(kept.removeprefix(_SCHEMA_SAID))
        connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(name))


def values(url: str, table: str, column: str, where: str, value: str) -> list[str]:
    """Return a column of the rows of a table that have a value in another one, of all that `rows` reads."""
    return [str(each) for (each,) in rows(url, table, (column,), where, value)]


def rows(url: str, table: str, columns: Sequence[str], where: str = "", value: str = "") -> list[Row]:
    """Return columns of a table, as values travel: of the tables that are there, and of those that were replaced and are still
    kept. where: a column that has this value. Raises DatabaseUnavailable, where any of them cannot be read.
    """
    found: list[Row] = []
    with _plainly():
        if _is_sqlite(url):
            named = ", ".join(f'"{column}"' for column in columns)
            for path in (_path(url), *map(Path, left_behind(url))):
                if path.is_file():
                    with contextlib.closing(_open_sqlite(path)) as connection:
                        if table in _names(connection):
                            every = f'SELECT {named} FROM "{table}"'  # noqa: S608
                            which = (f'{every} WHERE "{where}" = ?', value) if where else (every,)
                            found += _run(connection, *which).fetchall()
            return found
        schemas = [name.removeprefix(_SCHEMA_SAID) for name in left_behind(url)]
        with _open_postgres(url) as connection:
            there = connection.execute(
                "SELECT schemaname FROM pg_tables WHERE tablename = %s"
                " AND (schemaname = current_schema() OR schemaname = ANY(%s))",
                [table, schemas],
            ).fetchall()
            for (schema,) in there:
                wanted = sql.SQL(", ").join(map(sql.Identifier, columns))
                statement = sql.SQL("SELECT {} FROM {}").format(wanted, sql.Identifier(str(schema), table))
                if where:
                    statement += sql.SQL(" WHERE {} = {}").format(sql.Identifier(where), sql.Literal(value))
                found += map(_as_sqlite, connection.execute(statement).fetchall())
    return found


def _now() -> str:
    # Two restorings fit into one second, and on SQLite the later would take the place of what the first kept.
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")


def _take_the_place(half: Path, path: Path) -> str:
    kept = ""
    if path.exists():
        kept = str(path.with_name(f"{path.name}{_FILE}{_now()}"))
        for ending in ("-shm", "-wal", ""):  # what a killed service wrote last is in the log beside the file
            with contextlib.suppress(FileNotFoundError):
                Path(f"{path}{ending}").rename(f"{kept}{ending}")
    half.rename(path)
    return kept


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)


# ── either kind ───────────────────────────────────────────────────────────────────────────────────────────────────────


@contextlib.contextmanager
def _plainly() -> Iterator[None]:
    """Translate what the drivers raise. What did not fit is somebody's words, so only the first line is shown."""
    try:
        yield
    except (sqlite3.Error, psycopg.Error) as error:
        said = str(error).strip().splitlines()
        raise DatabaseUnavailable(f"the database: {said[0] if said else type(error).__name__}") from None


def _is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def _path(url: str) -> Path:
    return Path(make_url(url).database or "")


def _at(url: str, path: Path) -> str:
    return make_url(url).set(database=str(path)).render_as_string(hide_password=False)


def _open_sqlite(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=10.0)
    connection.execute("PRAGMA cache_size=-8000")
    return connection


def _open_postgres(url: str) -> _Postgresql:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, connect_timeout=10, options="-c timezone=UTC")


def _names(connection: _Connection) -> list[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        if isinstance(connection, sqlite3.Connection)
        else "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    )
    found = (str(name) for (name,) in connection.execute(query).fetchall())
    return sorted(name for name in found if name != _REVISIONS and not name.startswith(_QUEUE))


def _any_row(name: str) -> str:
    return f'SELECT 1 FROM "{name}" LIMIT 1'  # noqa: S608 (a table's name, from the catalogue)


def _pages(fetch: Callable[[], list[Row]], form: Callable[[Row], Row] | None = None) -> Iterator[list[Row]]:
    while page := fetch():
        yield page if form is None else [form(row) for row in page]


class _Sqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.revision = _revision(connection)

    def tables(self) -> Iterator[Table]:
        for name in _names(self._connection):
            cursor = self._connection.execute(f'SELECT * FROM "{name}"')  # noqa: S608
            columns = tuple(column[0] for column in cursor.description)
            yield Table(name, columns, _pages(lambda cursor=cursor: cursor.fetchmany(PAGE)))  # type: ignore[misc]


class _Postgres:
    def __init__(self, connection: _Postgresql) -> None:
        self._connection = connection
        self.revision = _revision(connection)

    def tables(self) -> Iterator[Table]:
        for name in _names(self._connection):
            with self._connection.cursor("whole") as cursor:  # on the server: a table does not fit into memory
                cursor.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name)))
                assert cursor.description is not None
                columns = tuple(column.name for column in cursor.description)
                yield Table(name, columns, _pages(lambda cursor=cursor: cursor.fetchmany(PAGE), _as_sqlite))  # type: ignore[misc]


def _revision(connection: _Connection) -> str:
    try:
        found = connection.execute(f"SELECT version_num FROM {_REVISIONS}").fetchone()  # noqa: S608
    except (sqlite3.OperationalError, psycopg.errors.UndefinedTable):
        return ""
    return str(found[0]) if found else ""


def _as_sqlite(row: Row) -> Row:
    return [_PLAIN[type(value)](value) if type(value) in _PLAIN else value for value in row]


_PLAIN: dict[type, Callable[[Any], object]] = {
    datetime: lambda value: value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
    date: date.isoformat,
    bool: int,
    memoryview: bytes,
}


def _into_sqlite(connection: sqlite3.Connection, tables: Iterator[Table]) -> None:
    known = _emptied(connection)
    for table in tables:
        _check(table, known)
        columns = ", ".join(f'"{column}"' for column in table.columns)
        marks = ", ".join("?" * len(table.columns))
        for page in table.rows:
            connection.executemany(f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})', page)  # noqa: S608


def _into_postgres(connection: _Postgresql, tables: Iterator[Table]) -> None:
    known = _emptied(connection)
    for table in tables:
        _check(table, known)
        columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), columns)
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for page in table.rows:
                for row in page:
                    copy.write_row(row)


def _emptied(connection: _Connection) -> set[str]:
    """Take out what migrations put into the tables, and return the tables' names."""
    known = set(_names(connection))
    for name in known:
        _run(connection, f'DELETE FROM "{name}"')  # noqa: S608
    return known


def _check(table: Table, known: set[str]) -> None:
    if table.name not in known:
        raise DatabaseUnavailable(f"the archive has a table {table.name} that its own revision does not know")
    if not all(column.isidentifier() for column in table.columns):
        raise DatabaseUnavailable(f"the archive names columns of {table.name} that no version has")


def _leave_a_gap(connection: _Connection, today: str) -> None:
    """Leave a gap behind the numbers of the archive.

    Between the backup and its restoring the service gave numbers of complaints to customers, and ids of messages to mail
    programs, which hide a second mail under the same id. None of them may be given again. SQLite counts on from the highest
    row, so a row must stand there.
    """
    at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    _append(
        connection,
        "outbox",
        "id",
        key=f"restored/{at}",
        lane="restored",
        notice="restored",
        facts="{}",
        form="",
        channel="",
        address="",
        answer="0",
        state="skipped",
        waits="",
        due_at=at,
        attempts=0,
        tried="",
        detail="restored from a backup: numbers go on behind it",
        created_at=at,
        done_at=at,
    )
    line = {"channel": "restored", "conversation": "", "outgoing": "1", "text": "", "buttons": "[]", "files": "[]"}
    _append(connection, "chat_lines", "seq", key=f"restored/{at}", at=at, **line)
    _run(connection, "INSERT INTO counters (name, value) VALUES (?, 0) ON CONFLICT (name) DO NOTHING", today)
    _run(connection, f"UPDATE counters SET value = value + {NUMBER_GAP} WHERE name = ?", today)  # noqa: S608


def _append(connection: _Connection, table: str, number: str, **values: object) -> None:
    """Add a row far behind the last one."""
    columns = ", ".join((number, *values))
    marks = ", ".join("?" * len(values))
    last = _run(connection, f"SELECT coalesce(max({number}), 0) FROM {table}").fetchone()  # noqa: S608
    assert last is not None
    statement = f"INSERT INTO {table} ({columns}) VALUES ({int(last[0]) + ID_GAP}, {marks})"  # noqa: S608
    _run(connection, statement, *values.values())


def _run(connection: _Connection, statement: str, *values: object) -> Any:
    """Run a statement of ours, written as SQLite takes it."""
    if isinstance(connection, sqlite3.Connection):
        return connection.execute(statement, values)
    return connection.execute(statement.replace("?", "%s").encode(), values)


def _count_on(connection: _Postgresql) -> None:
    """Let PostgreSQL's counters go on behind the highest row."""
    counted = connection.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND column_default LIKE 'nextval(%'"
    ).fetchall()
    known = set(_names(connection))
    for name, column in counted:
        if name in known:
            statement = "SELECT setval(pg_get_serial_sequence({0}, {1}), coalesce(max({2}), 0) + 1, false) FROM {3}"
            where = sql.Literal(name), sql.Literal(column), sql.Identifier(column), sql.Identifier(name)
            connection.execute(sql.SQL(statement).format(*where))
