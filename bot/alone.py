"""One process at a time works on an SQLite file: a lock beside it says whether one does."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from bot.settings import Settings
from bot.storage.database import file_of
from complaints.errors import ConfigError


@contextlib.contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Hold the lock that keeps a second process off an SQLite file: two would take each other's work for abandoned."""
    path = _lock_of(settings)
    if path is None:
        yield
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+")
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}; set service.data_dir or database.url") from None
    with file:
        _lock(file, path)
        yield


def _lock(file: IO[str], path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise ConfigError(
            f"another complaintbot (see {path}) works on this SQLite file: stop it, or give this one its own database.url"
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()


def is_at_work(settings: Settings) -> bool:
    """Say whether a service works on these settings' SQLite file; on PostgreSQL several may, so it is always possible."""
    path = _lock_of(settings)
    if path is None:
        return True
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _lock_of(settings: Settings) -> Path | None:
    file = file_of(settings.database.url)
    return None if file is None else file.with_suffix(".lock")
