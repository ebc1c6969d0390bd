"""What a test process does once for all of its tests, because doing it for each costs more than most of them.

Nothing of what a test looks at is shared: a statement is compiled into the same SQL each time, a text parsed into equal values.
"""

from __future__ import annotations

import functools
import pickle
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, Engine, event

from bot.storage import database
from bot.storage.models import Base
from complaints import policy
from complaints.policy import Policy


class _Compiled(dict[Any, Any]):
    """Statements as SQL, for all engines of a kind: SQLAlchemy keeps them for one engine, and each test opens its own."""

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get(_of_its_kind(key), default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        super().__setitem__(_of_its_kind(key), compiled)


def _of_its_kind(key: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the key with the class of the dialect for the dialect: no engine of ours is made with options for it."""
    return (type(key[0]), *key[1:])


@contextmanager
def statements_compiled_once() -> Iterator[None]:
    compiled = _Compiled()

    def use(connection: Connection) -> None:
        connection.execution_options(compiled_cache=compiled)

    event.listen(Engine, "engine_connect", use)
    for mapper in Base.registry.mappers:
        mapper._compiled_cache = _Compiled()  # what is written row by row is kept there
    try:
        yield
    finally:
        event.remove(Engine, "engine_connect", use)
        for mapper in Base.registry.mappers:
            del mapper._compiled_cache


@contextmanager
def profiles_parsed_once() -> Iterator[None]:
    """Let a TOML text that was parsed before be answered with a copy: each desk reads its profiles anew."""
    parse = tomllib.loads

    @functools.cache
    def parsed(text: str) -> bytes:
        return pickle.dumps(parse(text))

    def loads(text: str, **more: Any) -> dict[str, Any]:
        if more or not isinstance(text, str):
            return parse(text, **more)
        values: dict[str, Any] = pickle.loads(parsed(text))  # noqa: S301
        return values

    with patch("tomllib.loads", loads), patch.object(policy, "parse", _parsed_once(policy.parse)):
        yield


def _parsed_once(parse: Callable[[Mapping[str, Any], str], Policy]) -> Callable[[Mapping[str, Any], str], Policy]:
    """Let a profile that was read before be answered with the same values, which nobody can change."""
    known: dict[tuple[str, bytes], Policy] = {}

    def parsed(data: Mapping[str, Any], name: str) -> Policy:
        key = name, pickle.dumps(data)
        if key not in known:
            known[key] = parse(data, name)
        return known[key]

    return parsed


@contextmanager
def no_waiting_for_the_disk() -> Iterator[None]:
    """Let SQLite hand what it commits to the operating system and go on: that outlives every process, if not a power cut."""
    tune: Callable[[Any, bool], None] = database._tune_sqlite

    @functools.wraps(tune)  # through which a test finds the real one
    def tuned(engine: Any, writes: bool) -> None:
        tune(engine, writes)
        event.listen(engine.sync_engine, "connect", _do_not_wait)  # after what `tune` does upon it

    with patch.object(database, "_tune_sqlite", tuned):
        yield


def _do_not_wait(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


@contextmanager
def shared_by_all_tests() -> Iterator[None]:
    with ExitStack() as stack:
        for shared in (statements_compiled_once, profiles_parsed_once, no_waiting_for_the_disk):
            stack.enter_context(shared())
        yield
