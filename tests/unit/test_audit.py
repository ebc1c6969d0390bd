"""The audit of the locked packages: what is known is told and fails the run, what nobody can say is told and does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
VULNERABLE = {"name": "aiohttp", "ecosystem": "PyPI"}


class Advisories(BaseHTTPRequestHandler):
    """The database, which knows of one bad package."""

    knows = True

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        bad = [{"vulns": [{"id": "GHSA-1"}]} if q["package"] == VULNERABLE and self.knows else {} for q in asked]
        body = json.dumps({"results": bad}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def database() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Advisories) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def audit(url: str, *options: str, allowed: str = "/nowhere") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ".ci/audit", *options, "requirements.lock", "requirements-dev.lock"]
    environ = {**os.environ, "OSV_URL": url, "AUDIT_ALLOWED": allowed, "no_proxy": "*"}
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False)


def test_a_package_that_is_known_to_be_vulnerable_fails(database: str) -> None:
    ended = audit(database)
    assert ended.returncode == 1
    assert "aiohttp 3." in ended.stdout
    assert "GHSA-1" in ended.stdout


def test_without_any_all_is_well(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Advisories, "knows", False)
    ended = audit(database)
    assert ended.returncode == 0
    assert " 0 of them known to be vulnerable" in ended.stdout
    assert int(ended.stdout.split()[0]) > 40  # every package of both files


@pytest.mark.parametrize(("options", "status"), [((), 0), (("--strict",), 2)])
def test_a_database_that_cannot_be_reached_is_told_and_fails_no_gate(options: tuple[str, ...], status: int) -> None:
    ended = audit("http://127.0.0.1:9/", *options)
    assert ended.returncode == status
    assert "NOT AUDITED" in ended.stderr


@pytest.mark.parametrize(
    ("line", "status", "says"),
    [
        ("GHSA-1 2999-12-31 we never call that function", 0, "GHSA-1 (allowed)"),
        ("GHSA-1 2026-01-01 we never call that function", 1, "GHSA-1\n"),
        ("GHSA-2 2999-12-31 another one", 1, "GHSA-1\n"),
        ("GHSA-1 2999-12-31", 1, "last day, why"),
    ],
)
def test_what_is_known_may_pass_until_a_day_for_a_reason(
    database: str, tmp_path: Path, line: str, status: int, says: str
) -> None:
    allowed = tmp_path / "allowed"
    allowed.write_text(f"# why they do not concern us\n{line}\n")
    ended = audit(database, allowed=str(allowed))
    assert ended.returncode == status
    assert says in ended.stdout + ended.stderr


@pytest.mark.parametrize(("audit", "test", "status"), [(0, 0, 0), (2, 0, 2), (0, 2, 2), (2, 3, 3)])
def test_the_gate_asks_it_and_fails_with_it_after_the_tests(tmp_path: Path, audit: int, test: int, status: int) -> None:
    for name, does in (
        ("make", f'echo "$@" >> asked; case $1 in audit) exit {audit};; *) exit {test};; esac'),
        ("python3", ""),
    ):
        command = tmp_path / name
        command.write_text(f"#!/bin/sh\ncd {tmp_path}\n{does}\n")
        command.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    ended = subprocess.run([ROOT / ".ci/run"], env={**os.environ, "PATH": path}, timeout=60, check=False)
    assert ended.returncode == status
    assert (tmp_path / "asked").read_text().split() == ["audit", "test"]
