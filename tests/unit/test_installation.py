"""The installation as docs/operations.md has it: the service and the commands mean one folder."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.settings import load_settings

ROOT = Path(__file__).parents[2]
UNITS = sorted(path.name for path in (ROOT / "deploy").glob("*.service"))


def test_the_settings_as_installed_name_the_folder_of_the_unit(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    [line] = re.findall(r"^    (sed -i .*data_dir.*)$", page, re.M)
    file = tmp_path / "config.toml"
    shutil.copyfile(ROOT / "config.example.toml", file)
    subprocess.run([*shlex.split(line)[:-1], str(file)], check=True)
    unit = (ROOT / "deploy" / "complaintbot.service").read_text(encoding="utf-8")
    [state] = re.findall(r"^StateDirectory=(.*)$", unit, re.M)
    assert load_settings(file, {}).service.data_dir == Path("/var/lib") / state


@pytest.mark.parametrize("unit", UNITS)
def test_no_unit_sets_what_the_commands_would_not_know(unit: str) -> None:
    text = (ROOT / "deploy" / unit).read_text(encoding="utf-8")
    assert not re.search(r"^Environment(File)?=.*COMPLAINTBOT_", text, re.M)
