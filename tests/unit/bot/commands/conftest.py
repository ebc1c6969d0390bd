"""Every command is tried in an empty folder, with no settings of the machine's."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _alone(empty_folder: Path, logging_as_before: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test here forget it, nor depend on who has a port of this machine."""
    monkeypatch.setenv("COMPLAINTBOT_HTTP__PORT", "0")
