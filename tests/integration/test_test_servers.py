"""The servers the tests lean on: fresh databases are empty and apart, and a missing service is never a silent pass."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.servers import required
from tests.servers.postgres import Copies, Postgres


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


LEFT = {
    "rows": ("INSERT INTO parts (matter) VALUES (7)", True),
    "many rows": ("INSERT INTO parts (matter) SELECT 7 FROM generate_series(1, 5000)", False),
    "another row than there was": ("UPDATE versions SET version = 'v0'", False),
    "a row beside what there was": ("INSERT INTO versions VALUES ('v2')", False),
    "a table": ("CREATE TABLE words (word TEXT)", False),
    "a column": ("ALTER TABLE parts ADD word TEXT", False),
    "an index less": ("DROP INDEX by_matter", False),
    "a rule less": ("ALTER TABLE parts ALTER matter DROP NOT NULL", False),
    "a trigger that does nothing": ("ALTER TABLE parts DISABLE TRIGGER ALL", False),
    "a function": ("CREATE OR REPLACE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 2'", False),
    "statistics": ("INSERT INTO parts (matter) VALUES (7); ANALYZE", False),
}


@pytest.mark.parametrize(("left", "again"), LEFT.values(), ids=LEFT)
def test_a_copy_that_a_test_wrote_in_is_emptied_or_is_not_used_again(
    postgres: Postgres, left: str, again: bool
) -> None:
    model = postgres.create_database()
    with psycopg.connect(_plain(model)) as connection:
        connection.execute(
            "CREATE TABLE versions (version TEXT); INSERT INTO versions VALUES ('v1');"
            " CREATE TABLE parts (id SERIAL PRIMARY KEY, matter INT NOT NULL, of INT REFERENCES parts);"
            " CREATE INDEX by_matter ON parts (matter);"
            " CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'"
        )
    copies = Copies(postgres, model)
    first = copies.take()
    still_there = psycopg.connect(_plain(first), autocommit=True)
    files = still_there.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
    still_there.execute(left.encode())
    copies.give_back(first)
    with pytest.raises(psycopg.OperationalError):
        still_there.execute("SELECT 1")
    still_there.close()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(_plain(first))
    second = copies.take()
    with psycopg.connect(_plain(second)) as connection:
        assert connection.execute("SELECT * FROM versions").fetchall() == [("v1",)]
        assert connection.execute("SELECT * FROM parts").fetchall() == []
        assert connection.execute("INSERT INTO parts (matter) VALUES (one()) RETURNING id, matter").fetchall() == [
            (1, 1)
        ]
        now = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
    assert (now == files) is again
    copies.give_back(second)
    copies.drop_all()
    postgres.drop_database(model)


def _plain(url: str) -> str:
    return url.replace("+psycopg", "")


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
