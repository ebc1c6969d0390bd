"""Writing a database anew, so that nothing of what was erased is left in its files.

SQLite overwrites what is deleted (`secure_delete`), but where it moves rows between pages an older copy may stay behind, and
the log beside the file holds the pages as they were. PostgreSQL keeps dead rows until they are vacuumed.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from sqlalchemy import make_url

from bot.storage.database import DatabaseUnavailable

_PATIENCE_S = 30.0  # for whoever is writing just now


def write_anew(url: str, *, whole: bool = True) -> None:
    """Rewrite the database's files without what was deleted. whole: all of it, which takes as long as copying it, and holds up
    whoever writes meanwhile; else only the log is emptied into the file. Raises DatabaseUnavailable; may be tried again.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        _sqlite(Path(parsed.database or ""), whole)
    elif whole:
        _postgresql(parsed.set(drivername="postgresql").render_as_string(hide_password=False))


def _unavailable(error: Exception) -> DatabaseUnavailable:
    said = str(error).strip().splitlines()
    return DatabaseUnavailable(f"the database was not written anew: {said[0] if said else type(error).__name__}")


def _sqlite(path: Path, whole: bool) -> None:
    try:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE_S)) as connection:
            if whole:
                connection.execute("VACUUM")
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if busy:
                raise sqlite3.OperationalError("somebody reads what is in its log")
    except sqlite3.Error as error:
        raise _unavailable(error) from None


def _postgresql(url: str) -> None:
    import psycopg  # it takes a while to load, and SQLite never needs it
    from psycopg import sql

    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
            names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").fetchall()
            for (name,) in names:
                connection.execute(sql.SQL("VACUUM {}").format(sql.Identifier(name)))
    except psycopg.Error as error:
        raise _unavailable(error) from None
