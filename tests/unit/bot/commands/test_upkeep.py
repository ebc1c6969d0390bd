"""`backup`, `restore` and `doctor`: they say of which database they speak."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.unit.bot.cli_kit import Run


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
