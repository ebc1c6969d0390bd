"""SQLite without its thread: statements run where they are asked for. Tests of rules and words take half the time by it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch


class _AtOnce:
    """Stands in for the queue to aiosqlite's thread: what is put in is done already."""

    def put_nowait(self, asked: tuple[asyncio.Future[Any] | None, Callable[[], Any]]) -> None:
        future, function = asked
        try:
            result = function()
        except BaseException as error:
            if future is None:
                raise
            future.set_exception(error)
        else:
            if future is not None:
                future.set_result(result)


class _NoThread:
    daemon = True

    def __init__(self, **_: object) -> None:
        return None

    def start(self) -> None:
        return None


@contextmanager
def sqlite_inline() -> Iterator[None]:
    """Let SQLite connections that are opened meanwhile, and closed before the end, work without threads."""
    with patch("aiosqlite.core.SimpleQueue", _AtOnce), patch("aiosqlite.core.Thread", _NoThread):
        yield
