"""A process with another signing secret than its database was worked on with says so; what it writes is its user's alone."""

from __future__ import annotations

import logging
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.app import load_rules, running
from bot.calendars import Calendars
from bot.doctor import examine
from bot.settings import HttpSection, Settings, load_settings
from bot.signing import adopt
from bot.storage import stuck
from bot.storage.database import Database
from bot.tokens import Signer


def settings_with(folder: Path, secret: str) -> Settings:
    values = {"SERVICE__DATA_DIR": str(folder), "SERVICE__SECRET": secret, "HTTP__PORT": "0"}
    return load_settings(None, {f"COMPLAINTBOT_{key}": value for key, value in values.items()})


async def start(folder: Path, secret: str) -> None:
    async with running(settings_with(folder, secret)):
        pass


async def test_another_secret_than_before_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="bot.signing"):
        await start(tmp_path, "a" * 32)
        await start(tmp_path, "a" * 32)
        assert "another secret" not in caplog.text
        await start(tmp_path, "b" * 32)
        assert "another secret" in caplog.text
        assert "b" * 32 not in caplog.text


async def test_another_secret_makes_the_process_unwell_until_it_is_adopted(tmp_path: Path) -> None:
    async def fares(secret: str) -> tuple[object, object, list[str]]:
        settings = settings_with(tmp_path, secret)
        async with running(settings) as app:
            health = await app.operations.health()
        book, _ = load_rules(settings, Calendars(settings))
        found = await examine(replace(settings, http=HttpSection(port=0)), book, datetime.now(UTC))
        return health["ok"], health["secret"]["ok"], [each.cure for each in found if each.what == "secret"]  # type: ignore[index]

    assert await fares("a" * 32) == (True, True, [])
    ok, same, cures = await fares("b" * 32)
    assert (ok, same, len(cures)) == (False, False, 1)
    assert "complaintbot secret adopt" in cures[0]
    assert await fares("a" * 32) == (True, True, [])
    async with Database(settings_with(tmp_path, "").database.url) as database:
        assert await database.write(lambda work: adopt(work, Signer("b" * 32).mark))
        assert not await database.write(lambda work: adopt(work, Signer("b" * 32).mark))
        assert await database.read(lambda work: stuck.last_act(work, "secret_adopted")) is not None
    assert await fares("b" * 32) == (True, True, [])


async def test_a_doctor_who_knows_no_secret_makes_none(tmp_path: Path) -> None:
    await start(tmp_path, "a" * 32)
    settings = settings_with(tmp_path, "")
    book, _ = load_rules(settings, Calendars(settings))
    found = await examine(replace(settings, http=HttpSection(port=0)), book, datetime.now(UTC))
    assert [each.what for each in found if each.what == "secret"] == []
    assert not (tmp_path / "secret").exists()


def test_what_a_command_writes_is_nobody_elses_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPLAINTBOT_SERVICE__DATA_DIR", str(tmp_path / "data"))
    before = os.umask(0o022)
    try:
        assert main(["migrate"]) == 0
    finally:
        os.umask(before)
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in [tmp_path / "data", *(tmp_path / "data").iterdir()]
    }
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077} == {}
