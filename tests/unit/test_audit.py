"""The audit of the locked packages: what is known is told and fails, what nobody can say is told and does not."""

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


def audit(url: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ".ci/audit", *options, "requirements.lock", "requirements-dev.lock"]
    environ = {**os.environ, "OSV_URL": url, "no_proxy": "*"}
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
