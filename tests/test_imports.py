"""Who may import whom: the contracts of pyproject.toml hold for our tree, and bite on a tree that breaks them."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("complaints", "connectors", "scheduler", "bot", "benchmarks")

ALLOWED = {
    "complaints/rules.py": "import json\nfrom complaints import values\nfrom . import values as again\n",
    "complaints/values.py": "from __future__ import annotations\nimport dataclasses\n",
    "connectors/port.py": "",
    "connectors/email/connector.py": "import aiohttp\nfrom connectors.port import x\nfrom . import wire\n",
    "connectors/email/wire.py": "",
    "connectors/web/connector.py": "from connectors.port import x\n",
    "scheduler/sweep.py": "import apscheduler\nfrom complaints.rules import x\n",
    "bot/__main__.py": "from bot import app\nfrom benchmarks import intake\nfrom connectors.email.connector import x\n",
    "bot/app.py": "from connectors.web import connector\nfrom scheduler.sweep import x\n",
    "bot/talk.py": "from connectors.port import x\nfrom bot.storage.tables import y\nfrom complaints import rules\n",
    "bot/storage/tables.py": "import sqlalchemy.orm\nimport sqlite3\n",
    "bot/storage/migrate.py": "from alembic import command\n",
    "benchmarks/intake.py": "import sqlite3\nfrom bot import app\nfrom connectors.email import connector\n",
}

FORBIDDEN = {
    "complaints/reach.py": ("import bot.talk", "complaints.reach -> bot.talk"),
    "connectors/web/core.py": ("from complaints import rules", "connectors.web.core -> complaints.rules"),
    "connectors/web/words.py": ("from bot.talk import x", "connectors.web.words -> bot.talk"),
    "connectors/web/borrow.py": (
        "from connectors.email.wire import x",
        "connectors.web.borrow -> connectors.email.wire",
    ),
    "scheduler/send.py": ("from connectors.port import x", "scheduler.send -> connectors.port"),
    "scheduler/keep.py": ("from bot.storage import tables", "scheduler.keep -> bot.storage.tables"),
    "bot/shortcut.py": ("from connectors.email import wire", "bot.shortcut -> connectors.email.wire"),
    "bot/hurry.py": ("import scheduler.sweep", "bot.hurry -> scheduler.sweep"),
    "bot/app.py": ("import sqlalchemy", "bot.app -> sqlalchemy"),
    "bot/query.py": ("from sqlalchemy import select", "bot.query -> sqlalchemy"),
    "scheduler/locks.py": ("import psycopg", "scheduler.locks -> psycopg"),
    "connectors/email/store.py": ("import aiosqlite", "connectors.email.store -> aiosqlite"),
}


def write_tree(root: Path, files: dict[str, str]) -> None:
    for package in (*PACKAGES, "connectors/email", "connectors/web", "bot/storage"):
        (root / package).mkdir(parents=True, exist_ok=True)
        (root / package / "__init__.py").touch()
    for name, source in files.items():
        (root / name).write_text(source, encoding="utf-8")


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    """Ask import-linter about the packages found in `tree`, under the contracts of our pyproject.toml."""
    return subprocess.run(
        [
            Path(sys.executable).with_name("lint-imports"),
            "--config",
            ROOT / "pyproject.toml",
            "--no-cache",
            "--no-logo",
        ],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def imports_beyond_the_standard_library(package: Path) -> Iterator[str]:
    """Yield `file:line: module` for everything that a package takes from neither itself nor the standard library."""
    allowed = sys.stdlib_module_names | {package.name}
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                modules = [node.module]
            else:
                continue
            for module in modules:
                if module.partition(".")[0] not in allowed:
                    yield f"{path.relative_to(package.parent)}:{node.lineno}: {module}"


def test_our_tree_keeps_every_contract() -> None:
    answer = lint_imports(ROOT)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "0 broken" in answer.stdout


def test_the_contracts_allow_what_the_design_allows(tmp_path: Path) -> None:
    write_tree(tmp_path, ALLOWED)
    answer = lint_imports(tmp_path)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_contract_bites(tmp_path: Path) -> None:
    write_tree(tmp_path, {**ALLOWED, **{name: f"{source}\n" for name, (source, _) in FORBIDDEN.items()}})
    answer = lint_imports(tmp_path)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert "0 kept" in answer.stdout
    assert [found for _, found in FORBIDDEN.values() if found not in answer.stdout] == []


def test_the_rules_need_nothing_but_the_standard_library() -> None:
    assert list(imports_beyond_the_standard_library(ROOT / "complaints")) == []


@pytest.mark.parametrize(
    "source", ["import structlog", "from bot.talk import x", "def f():\n    import tzdata.zones\n"]
)
def test_a_third_party_import_in_the_rules_is_found(tmp_path: Path, source: str) -> None:
    write_tree(tmp_path, {**ALLOWED, "complaints/extra.py": source})
    [found] = imports_beyond_the_standard_library(tmp_path / "complaints")
    assert found.startswith("complaints/extra.py:")


def test_what_one_channel_or_one_answer_needs_is_not_loaded_at_the_start() -> None:
    """Loading all of it takes longer than the whole rest of a start, and most desks have one channel or two."""
    late = ("connectors.email", "connectors.sms", "connectors.telegram", "connectors.web")
    heavy = ("icalendar", "openpyxl", "procrastinate", "alembic", "httpx", "telegram")
    commands = {"bot/inspect.py"}  # looks at what any channel keeps, and is loaded by those who ask it
    found = []
    for path in sorted((ROOT / "bot").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name in commands or name.startswith(("bot/demo/", "bot/storage/migrations/")):
            continue
        modules = re.findall(r"^(?:from|import) ([\w.]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        found += [f"{name}: {each}" for each in modules if each.startswith((*late, *heavy))]
    assert found == []
