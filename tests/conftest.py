"""Fixtures for all tests: databases, and how Hypothesis looks for examples."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

from bot.storage.database import migrate
from tests.once import shared_by_all_tests
from tests.servers import required
from tests.servers.postgres import Copies, Postgres, postgres_for_tests

# No deadline: a loaded machine is slow, not wrong. In CI the same examples every time: a red run can be repeated.
settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "dev")


@pytest.fixture(scope="session", autouse=True)
def _shared_by_all_tests() -> Iterator[None]:
    with shared_by_all_tests():
        yield


def pytest_collection_finish() -> None:
    gc.freeze()  # thousands of tests that stay to the end: looking for what is no longer needed passes over them
    gc.set_threshold(20_000, 20, 20)  # and is done more seldom: what a test leaves is small


@pytest.fixture(scope="session")
def requires_service() -> Callable[[str, str], NoReturn]:
    """Return `missing(service, reason)`, which skips the test or, where all services are required, fails it."""
    return required.missing


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server, one per test process."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(postgres_for_tests())
        except Exception as error:  # any failure to start means the same: there is no server
            required.missing("PostgreSQL", f"{type(error).__name__}: {error}")
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The SQLAlchemy URL of a database that this test process keeps to itself; it is not emptied between tests."""
    url = postgres.create_database()
    yield url
    postgres.drop_database(url)


# Making the tables takes longer than most tests: each test process makes them once on each kind of database and copies them.


@pytest.fixture(scope="session")
def sqlite_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tables") / "complaintbot.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_with_tables(postgres: Postgres) -> Iterator[Copies]:
    url = postgres.create_database()
    asyncio.run(migrate(url))
    copies = Copies(postgres, url)
    yield copies
    copies.drop_all()
    postgres.drop_database(url)


@pytest.fixture
def fresh_postgres_url(postgres_with_tables: Copies) -> Iterator[str]:
    """The SQLAlchemy URL of a PostgreSQL database for one test: our tables, and nothing in them."""
    url = postgres_with_tables.take()
    yield url
    postgres_with_tables.give_back(url)


@pytest.fixture
def fresh_sqlite_url(sqlite_with_tables: Path, tmp_path: Path) -> str:
    """The SQLAlchemy URL of an SQLite database for one test: our tables, and nothing in them."""
    path = tmp_path / "complaintbot.db"
    shutil.copyfile(sqlite_with_tables, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """The SQLAlchemy URL of a database with our tables and nothing in them.

    A test marked `both_databases`, its subject being what is kept, runs once on each kind. Any other runs on one of them, about
    every eighth on PostgreSQL, as its name decides; `--both-databases` runs each on each.
    """
    url: str = request.getfixturevalue(_FRESH[request.param])
    return url


_FRESH = {"sqlite": "fresh_sqlite_url", "postgresql": "fresh_postgres_url"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--both-databases", action="store_true", help="run each test that needs a database on each kind")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_url" not in metafunc.fixturenames:
        return
    kinds = list(_FRESH)
    if not metafunc.config.getoption("both_databases") and not metafunc.definition.get_closest_marker("both_databases"):
        kinds = ["postgresql" if zlib.crc32(metafunc.definition.nodeid.encode()) % 8 == 0 else "sqlite"]
    metafunc.parametrize("database_url", kinds, indirect=True)


@pytest.fixture
def empty_postgres_url(postgres: Postgres) -> Iterator[str]:
    """The SQLAlchemy URL of an empty PostgreSQL database for one test."""
    url = postgres.create_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The SQLAlchemy URL of a database without any table (of SQLite: without a file); once on each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'complaintbot.db'}"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url
