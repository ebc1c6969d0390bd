"""The command line: every command has help, and a user's error is one clear line and exit status 1."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from bot.__main__ import _parser
from bot.storage.database import revisions
from tests.unit.bot.cli_kit import EMAIL, ROOT, Run, module, refused, write


def commands(parser: argparse.ArgumentParser, *before: str) -> Iterator[tuple[str, ...]]:
    """Yield every command and subcommand there is."""
    yield before
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, sub in action.choices.items():
                yield from commands(sub, *before, name)


COMMANDS = list(commands(_parser()))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help(run: Run, command: tuple[str, ...]) -> None:
    done = run(*command, "--help")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"usage: {' '.join(('complaintbot', *command))}")
    assert re.search(r"\n\n[A-Z][^\n]+(\n\S[^\n]*)*\.\n", done.out), "it says what it is for"


def test_the_commands_are_there() -> None:
    expected = "demo run check migrate inspect understand staff quarantine files bench".split()  # noqa: SIM905
    assert {command[0] for command in COMMANDS if command} >= set(expected)
    assert {("staff", "import"), ("staff", "list"), ("staff", "code"), ("quarantine", "retry")} <= set(COMMANDS)


def test_it_says_which_version_it_is(run: Run) -> None:
    done = run("--version")
    assert (done.status, done.err) == (0, "")
    assert done.out == f"complaintbot {version('complaintbot')}, tables of revision {revisions()[-1]}\n"


@pytest.mark.parametrize("command", [("run",), ("check",)])
def test_a_channel_whose_settings_are_wrong_is_told_by_file_and_key(run: Run, command: tuple[str, ...]) -> None:
    write(
        "config.toml",
        f"[http]\nport = 0\n[connectors.sms]\nenabled = true\nprovider = 'kannel'\nsecret = '{'x' * 20}'\n",
    ).chmod(0o600)
    told = "set it there or as COMPLAINTBOT_CONNECTORS__SMS__USER"
    refused(run(*command), "complaintbot: config.toml: connectors.sms.user is empty: kannel needs it", told)
    write("config.toml", EMAIL.replace("127.0.0.1", "mail.example.com")).chmod(0o600)
    refused(run(*command), "complaintbot: config.toml: connectors.email.imap_tls = 'plain' would send the password")


def test_a_secret_of_a_channel_is_read_by_what_speaks_to_channels_alone(run: Run, data: Path) -> None:
    write(
        "config.toml",
        "[connectors.sms]\nenabled = true\nsecret_file = '/run/credentials/complaintbot.service/nowhere'\n",
    )
    for command in ("run", "check"):
        refused(run(command), "config.toml: connectors.sms.secret_file names", "which cannot be read: No such file")
    for words in (
        "backup b.zip",
        "restore b.zip --check",
        "audit verify",
        "staff list",
        "retention --dry-run",
        "migrate",
    ):
        assert run(*words.split(" ")).status == 0, words
    assert "secret_file" not in run("doctor").err


CONFIG_COMMANDS = [
    ("run",), ("check",), ("migrate",), ("staff", "list"), ("staff", "code", "A"), ("quarantine", "list"),
    ("quarantine", "show", "1"), ("quarantine", "retry", "1"), ("files", "TS20260302-0001"),
]  # fmt: skip


@pytest.mark.parametrize("command", CONFIG_COMMANDS, ids=" ".join)
def test_settings_that_are_not_there_are_told(run: Run, command: tuple[str, ...], tmp_path: Path) -> None:
    refused(run(*command, "--config", "nowhere.toml"), "nowhere.toml does not exist", "config.example.toml")
    assert not list(tmp_path.iterdir()), "nothing was made"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "[http]\nprot = 1", ["http.prot is an unknown key", "'port'"], id="a wrong key names the near one"
        ),
        pytest.param("[htpp]\nport = 1", ["htpp", "http"], id="a wrong section"),
        pytest.param("[http]\nport = 70000", ["http.port", "65535"], id="a number too high"),
        pytest.param("[http]\nport = 'x'", ["http.port"], id="words for a number"),
        pytest.param("[http\n", ["config.toml", "TOML"], id="no TOML"),
        pytest.param(b"[service]\nname = '\xff'", ["config.toml", "UTF-8"], id="no UTF-8"),
        pytest.param(
            EMAIL.replace("hunter2hunter2", ""), ["connectors.email.imap_password", "empty"], id="no password"
        ),
        pytest.param("[service]\nsecret = 'short'", ["service.secret", "32"], id="a short secret"),
        pytest.param("[service]\ntimezone = 'Asia/Shanghei'", ["Asia/Shanghai"], id="a wrong zone names the near one"),
        pytest.param("[database]\nurl = 'mysql://root:hunter2@db/x'", ["mysql", "postgresql"], id="another database"),
    ],
)
def test_wrong_settings_are_told_by_their_full_name(
    run: Run, text: str | bytes, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COMPLAINTBOT_HTTP__PORT")  # which would win over the file
    write("config.toml", text)
    for command in ("check", "run"):
        done = run(command)
        refused(done, *told)
        assert "hunter2" not in done.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param([], ["COMMAND"], id="none"),
        pytest.param(["bogus"], ["'bogus'", "demo", "understand"], id="an unknown command"),
        pytest.param(["staff"], ["WHAT"], id="half a command"),
        pytest.param(["staff", "fire"], ["'fire'", "import"], id="an unknown subcommand"),
        pytest.param(["check", "--port", "1"], ["--port"], id="an unknown option"),
        pytest.param(["demo", "--port", "http"], ["--port", "'http'", "65535"], id="words for a port"),
        pytest.param(["demo", "--port", "70000"], ["--port", "65535"], id="a port too high"),
        pytest.param(["demo", "--port", "-1"], ["--port"], id="a negative port"),
        pytest.param(["demo", "--lang", "fr"], ["'fr'", "zh", "en"], id="a language we do not speak"),
        pytest.param(["inspect"], ["FILE"], id="nothing to inspect"),
        pytest.param(["inspect", "--channel", "pigeon", "f"], ["'pigeon'", "email"], id="an unknown channel"),
        pytest.param(["understand", "--role", "boss", "x"], ["'boss'", "handler"], id="an unknown role"),
        pytest.param(["understand", "--pending", "soon", "x"], ["'soon'", "rating"], id="an unknown question"),
        pytest.param(["quarantine", "show", "one"], ["'one'"], id="words for a number"),
        pytest.param(["bench", "intake", "-n", "0"], ["-n", "1"], id="nothing to measure"),
        pytest.param(["bench", "sleep"], ["'sleep'", "intake"], id="an unknown measure"),
    ],
)
def test_a_mistake_is_told_in_one_line(run: Run, arguments: list[str], told: list[str]) -> None:
    done = run(*arguments)
    refused(done, *told)
    assert done.out == ""


def test_as_a_program_it_ends_with_the_status_and_without_a_traceback() -> None:
    done = module("check", "--config", "nowhere.toml")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.count(b"\n") == 1
    assert module("--help").returncode == 0


def test_whoever_has_seen_enough_may_go() -> None:
    """`complaintbot inspect … | head -1` leaves before we are done."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as out:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "inspect", "-"],
            input=b"no such file\n" * 5000,
            stdout=out,
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, b"")


# --- other databases, and one that is in use --------------------------------------------------------------------------


def test_on_postgresql(run: Run, fresh_postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPLAINTBOT_DATABASE__URL", fresh_postgres_url)
    assert run("migrate").status == 0
    assert run("check").out.splitlines()[0] == "database: ok"
    write("staff.csv", "姓名,手机,角色\n张伟,13800138000,处理人\n")
    assert run("staff", "import", "staff.csv").out == "1 added, 0 updated\n"
    assert "张伟\thandler" in run("staff", "list").out
    assert run("quarantine", "list").out == "0 in quarantine\n"


@pytest.mark.parametrize("command", [("migrate",), ("run",), ("staff", "list"), ("quarantine", "list")])
def test_a_server_that_is_not_there_is_told_without_its_password(
    run: Run, command: tuple[str, ...], closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"postgresql://bot:hunter2@127.0.0.1:{closed_port}/bot?connect_timeout=5"
    monkeypatch.setenv("COMPLAINTBOT_DATABASE__URL", url)
    done = run(*command)
    refused(done, "127.0.0.1", str(closed_port))
    assert "hunter2" not in done.out + done.err


SHOWING_OR_CHANGING = [
    ("audit", "verify"), ("audit", "anchor"), ("backup", "b.zip"), ("doctor",), ("secret", "adopt"),
    ("outbox", "states"), ("outbox", "uncertain"), ("outbox", "waiting"), ("outbox", "failed"), ("outbox", "resend", "1"),
    ("quarantine", "list"), ("quarantine", "retry", "1"), ("files", "0001"),
    ("retention",), ("retention", "--dry-run"), ("hold", "list"), ("hold", "place", "--complaint", "1", "--reason", "x"),
    ("person", "show", "x"), ("person", "erased"), ("staff", "list"), ("staff", "code", "A"), ("sites", "list"),
    ("rota", "show"), ("phrases", "list"), ("calendar", "show"), ("calendar", "list"), ("rates",), ("export", "all.csv"),
    ("report", "daily"), ("survey", "list"), ("survey", "results", "x"), ("survey", "tester", "13800138000"),
    ("due", "--imported", "--limit", "1wd", "--received", "2026-11-23T09:00"),
]  # fmt: skip


@pytest.mark.parametrize("command", SHOWING_OR_CHANGING, ids=" ".join)
def test_what_shows_or_changes_makes_no_database_where_none_is(
    run: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    refused(
        run(*command),
        f"there is no database {tmp_path / 'data' / 'complaintbot.db'}",
        "--config",
        "set service.data_dir",
        "COMPLAINTBOT_SERVICE__DATA_DIR",
    )
    assert not list(tmp_path.iterdir()), "neither a database nor a secret"


def test_a_file_that_is_not_there_is_told_by_the_key_that_names_it(run: Run) -> None:
    write("config.toml", "[database]\nurl = 'sqlite:///mine/desk.db'\n")
    refused(run("staff", "list"), "mine/desk.db", "set database.url", "COMPLAINTBOT_DATABASE__URL")


def test_an_import_makes_a_database_and_says_so(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "data" / "complaintbot.db"
    write("none.csv", "姓名,角色\n张伟,国王\n")
    refused(run("staff", "import", "none.csv"), "国王", f"(made a new database: {file})")
    file.unlink()
    write("staff.csv", "姓名,手机,角色\n张伟,13800138000,处理人\n")
    done = run("staff", "import", "staff.csv")
    assert (done.status, done.out) == (0, "1 added, 0 updated\n")
    assert done.err == f"made a new database: {file}\n"
    assert run("staff", "import", "staff.csv").err == ""


def test_a_data_folder_that_cannot_be_made_is_told(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("file", "")
    monkeypatch.setenv("COMPLAINTBOT_SERVICE__DATA_DIR", str(tmp_path / "file" / "data"))
    for command in (("migrate",), ("run",), ("staff", "list")):
        refused(run(*command), str(tmp_path / "file"))
