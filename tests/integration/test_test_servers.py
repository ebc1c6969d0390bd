"""The servers the tests lean on: fresh databases are empty and apart, and a missing service is never a silent pass."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.servers import required
from tests.servers.postgres import Postgres


async def test_a_fresh_database_is_empty_and_keeps_chinese(database_url: str) -> None:
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE words (word TEXT)"))  # fails where an earlier test left its own
        await connection.execute(text("INSERT INTO words VALUES ('厨房漏水')"))
        assert (await connection.scalar(text("SELECT word FROM words"))) == "厨房漏水"
    await engine.dispose()


async def test_a_database_is_dropped_though_somebody_is_still_connected(postgres: Postgres) -> None:
    url = postgres.create_database()
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
        postgres.drop_database(url)
        await connection.invalidate()
    await engine.dispose()


async def test_the_database_of_the_process_is_there(postgres_url: str) -> None:
    engine = create_async_engine(postgres_url)
    async with engine.connect() as connection:
        version = await connection.scalar(text("SHOW server_version_num"))
    await engine.dispose()
    assert int(version) >= 150000  # the oldest PostgreSQL that is supported


@pytest.mark.parametrize("variable", [("CI", "true"), ("COMPLAINTBOT_REQUIRE_SERVICES", "1")], ids=lambda pair: pair[0])
def test_a_missing_service_fails_where_all_are_required(
    monkeypatch: pytest.MonkeyPatch, variable: tuple[str, str]
) -> None:
    monkeypatch.setenv(*variable)
    with pytest.raises(pytest.fail.Exception, match="Dovecot cannot be had: no no-such-server is installed"):
        required.program("Dovecot", "no-such-server")


def test_a_missing_service_is_skipped_with_its_reason_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("COMPLAINTBOT_REQUIRE_SERVICES", raising=False)
    with pytest.raises(pytest.skip.Exception, match="Dovecot cannot be had: no no-such-server or other is installed"):
        required.program("Dovecot", "no-such-server", "other")


def test_a_program_is_found() -> None:
    assert required.program("a shell", "no-such-shell", "sh").endswith("/sh")
