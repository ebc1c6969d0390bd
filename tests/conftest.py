"""Fixtures for all tests: databases, and how Hypothesis looks for examples."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

from tests.servers import required
from tests.servers.postgres import Postgres, postgres_for_tests

# No deadline: a loaded machine is slow, not wrong. In CI the same examples every time: a red run can be repeated.
settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "dev")


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


@pytest.fixture
def fresh_postgres_url(postgres: Postgres) -> Iterator[str]:
    """The SQLAlchemy URL of an empty PostgreSQL database for one test."""
    url = postgres.create_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture
def fresh_sqlite_url(tmp_path: Path) -> str:
    """The SQLAlchemy URL of an SQLite database, for one test, that does not exist yet."""
    return f"sqlite+aiosqlite:///{tmp_path / 'complaintbot.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The SQLAlchemy URL of an empty database; the test runs once on each kind."""
    url: str = request.getfixturevalue(
        {"sqlite": "fresh_sqlite_url", "postgresql": "fresh_postgres_url"}[request.param]
    )
    return url
