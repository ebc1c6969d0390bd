"""A process with another signing secret than its database was worked on with says so; what it writes is its user's alone."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.app import running
from bot.settings import load_settings


async def start(folder: Path, secret: str) -> None:
    values = {"SERVICE__DATA_DIR": str(folder), "SERVICE__SECRET": secret, "HTTP__PORT": "0"}
    async with running(load_settings(None, {f"COMPLAINTBOT_{key}": value for key, value in values.items()})):
        pass


async def test_another_secret_than_before_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="bot.app"):
        await start(tmp_path, "a" * 32)
        await start(tmp_path, "a" * 32)
        assert "another secret" not in caplog.text
        await start(tmp_path, "b" * 32)
        assert "another secret" in caplog.text
        assert "b" * 32 not in caplog.text


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
