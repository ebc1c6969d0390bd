"""`backup`, `restore` and `doctor`: they say of which database they speak."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.storage import queues
from bot.storage.models import InboxRow
from bot.storage.work import Work
from connectors.port import RawMessage
from tests.unit.bot.cli_kit import Run, in_database, write


def test_restore_says_into_which_database(
    run: Run, tmp_path: Path, fresh_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("migrate").status == 0
    assert run("backup", "desk.zip").status == 0
    monkeypatch.setenv("COMPLAINTBOT_SERVICE__DATA_DIR", str(tmp_path / "other"))
    last = f"restored into {tmp_path / 'other' / 'complaintbot.db'}; start the service"
    assert run("restore", "desk.zip").out.splitlines()[-1] == last
    url = make_url(fresh_postgres_url).set(password="hunter2").render_as_string(hide_password=False)
    monkeypatch.setenv("COMPLAINTBOT_SERVICE__DATA_DIR", str(tmp_path / "third"))
    monkeypatch.setenv("COMPLAINTBOT_DATABASE__URL", url)
    last = run("restore", "desk.zip").out.splitlines()[-1]
    assert last.startswith("restored into postgresql+psycopg://")
    assert "hunter2" not in last


def test_doctor_says_once_whose_time_its_times_are(run: Run, data: Path) -> None:
    write("config.toml", "[service]\ntimezone = 'America/Los_Angeles'\n")

    async def set_aside(work: Work) -> None:
        await queues.store_raw(work, [RawMessage("email", "m1", "c", b"raw")], datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
        await work.flush()
        row = await work.session.get(InboxRow, 1)
        assert row is not None
        row.state = queues.QUARANTINED

    in_database(data, set_aside)
    told = run("doctor").out
    assert "since 2026-03-01 18:00" in told
    assert told.count("times are those of America/Los_Angeles\n") == 1
