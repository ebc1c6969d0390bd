"""What a start loads: nothing that takes a while and that a service on SQLite may never need."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
AT_ONCE = re.compile(r"^(?:import (\S+)|from (\S+) import (?:\(([^)]*)\)|(.*)))", re.M)  # not what is indented
SELDOM = frozenset({
    "alembic", "chinese_calendar", "holidays", "icalendar", "openpyxl", "phonenumbers", "procrastinate", "prometheus_client",
    "psycopg", "rich", "telegram",
})  # fmt: skip


def imports(file: Path) -> Iterator[str]:
    for module, package, several, rest in AT_ONCE.findall(file.read_text("utf-8")):
        yield module or package
        yield from (f"{package}.{name.strip()}" for name in (several or rest).split(",") if package)


def file_of(module: str) -> Path | None:
    path = ROOT / module.replace(".", "/")
    return next((each for each in (path.with_suffix(".py"), path / "__init__.py") if each.is_file()), None)


def loaded_by(module: str) -> dict[str, str]:
    """Return all that loading a module of ours loads at once, each with one of ours that asks for it."""
    found, waiting = dict[str, str](), [module]
    while waiting:
        asking = waiting.pop()
        file = file_of(asking)
        for name in imports(file) if file else ():
            if name not in found:
                found[name] = asking
                waiting.append(name)
    return found


@pytest.mark.parametrize("module", ["bot.app", "bot.demo.service", "bot.__main__"])
def test_a_start_loads_nothing_that_is_seldom_needed(module: str) -> None:
    found = loaded_by(module)
    assert "bot.desk" in found or module == "bot.__main__"
    assert {name: asking for name, asking in found.items() if name.split(".")[0] in SELDOM} == {}


def test_logging_does_without_what_only_developers_have() -> None:
    code = "import sys, bot.logs; assert 'structlog' in sys.modules; sys.exit('rich' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
