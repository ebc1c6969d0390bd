"""Fixtures for the desk, for commands, and for whatever changes how the process logs."""

from __future__ import annotations

import io
import logging
import os
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import structlog

from bot.__main__ import main
from bot.logs import QUIET_LOGGERS
from bot.settings import PREFIX
from tests.unit.bot.cli_kit import Done, Run
from tests.unit.bot.desk_kit import Kit, open_desk


@pytest.fixture
async def kit(database_url: str) -> AsyncIterator[Kit]:
    """A desk with one who does the work and one who leads; a module may have another."""
    async with open_desk(database_url) as kit:
        yield kit


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    """Leave logging as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in QUIET_LOGGERS}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    logging.captureWarnings(False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Work in an empty folder, with no settings of the machine's."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def run(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, empty_folder: Path, logging_as_before: None
) -> Run:
    """A command called in this process, in an empty folder."""

    def _run(*arguments: str | Path, stdin: str | bytes = b"") -> Done:
        data = stdin if isinstance(stdin, bytes) else stdin.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        capfd.readouterr()
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else -1
        return Done(status, *capfd.readouterr())

    return _run


@pytest.fixture
def data(sqlite_with_tables: Path, empty_folder: Path) -> Path:
    """The data folder of the working folder, with a database in it."""
    folder = empty_folder / "data"
    folder.mkdir()
    shutil.copy(sqlite_with_tables, folder)
    return folder


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that is ours and answers nobody."""
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])
