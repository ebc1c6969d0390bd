"""The command line: what each command prints, and that a user's error is one clear line and exit status 1."""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import logging
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
import structlog
from openpyxl import Workbook
from sqlalchemy import select, text

from bot.__main__ import _parser, main
from bot.logs import QUIET_LOGGERS
from bot.settings import PREFIX, signing_secret
from bot.settings import load_settings as load
from bot.storage import queues, stuck
from bot.storage.database import Database, migrate, revisions
from bot.storage.models import ActRow, InboxRow
from bot.storage.values import FileKept, Outgoing
from bot.storage.work import Work
from bot.tokens import Signer
from complaints.change import Change
from connectors.port import RawMessage
from tests.unit.complaints.build import MONDAY, filed
from tests.unit.connectors.email.samples import mail, parts

ROOT = Path(__file__).parents[3]
T = TypeVar("T")


@dataclass(frozen=True)
class Done:
    """A command that ended."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Done]


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Work in an empty folder, with no settings of the machine's; leave logging as it was."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in QUIET_LOGGERS}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    logging.captureWarnings(False)
    structlog.reset_defaults()


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def _run(*arguments: str | Path, stdin: str | bytes = b"") -> Done:
        data = stdin if isinstance(stdin, bytes) else stdin.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        capfd.readouterr()
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else -1
        return Done(status, *capfd.readouterr())

    return _run


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, made once: a test that needs one gets a copy."""
    path = tmp_path_factory.mktemp("migrated") / "complaintbot.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
def data(migrated: Path, tmp_path: Path) -> Path:
    """The data folder of the working folder, with a database in it."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(migrated, folder)
    return folder


def in_database(data: Path, job: Callable[[Work], Awaitable[T]]) -> T:
    async def _run() -> T:
        async with Database(f"sqlite+aiosqlite:///{data / 'complaintbot.db'}") as database:
            return await database.write(job)

    return asyncio.run(_run())


def refused(done: Done, *told: str) -> None:
    """Check that it ended as a user's error does: status 1 and one line that says all this."""
    assert done.status == 1, done
    [line] = done.err.splitlines()
    assert line.startswith("complaintbot")
    for words in told:
        assert words in line


def write(name: str, text: str | bytes) -> Path:
    path = Path(name)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# --- help and mistakes ------------------------------------------------------------------------------------------------


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


CONFIG_COMMANDS = [
    ("run",), ("check",), ("migrate",), ("staff", "list"), ("staff", "code", "A"), ("quarantine", "list"),
    ("quarantine", "show", "1"), ("quarantine", "retry", "1"), ("files", "TS20260302-0001"),
]  # fmt: skip


@pytest.mark.parametrize("command", CONFIG_COMMANDS, ids=" ".join)
def test_settings_that_are_not_there_are_told(run: Run, command: tuple[str, ...], tmp_path: Path) -> None:
    refused(run(*command, "--config", "nowhere.toml"), "nowhere.toml does not exist", "config.example.toml")
    assert not list(tmp_path.iterdir()), "nothing was made"


EMAIL = """
[connectors.email]
enabled = true
address = "desk@example.com"
imap_host = "127.0.0.1"
imap_tls = "plain"
imap_password = "hunter2hunter2"
smtp_host = "127.0.0.1"
smtp_tls = "plain"
timeout_s = 5
"""


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
def test_wrong_settings_are_told_by_their_full_name(run: Run, text: str | bytes, told: list[str]) -> None:
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


def module(*arguments: str, stdin: bytes = b"", **environ: str) -> subprocess.CompletedProcess[bytes]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    env |= {"PYTHONPATH": str(ROOT), **environ}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments], input=stdin, env=env, capture_output=True, timeout=60, check=False
    )


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


# --- check and migrate ------------------------------------------------------------------------------------------------


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that is ours and answers nobody."""
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


def results(done: Done) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in done.out.splitlines())


def test_check_says_ok_of_each_part(run: Run, data: Path) -> None:
    done = run("check")
    told = results(done)
    assert told.pop("roles") == "connectors, web, workers, scheduler"
    assert told.pop("nights").startswith("warning: ")  # no staff yet, and so nobody on duty
    assert told.pop("schema") == f"ok: the tables are of revision {revisions()[-1]}, as this version's"
    assert (done.status, told) == (0, {"database": "ok", "rules": "ok", "http": "ok", "web": "ok"})


def test_check_tells_which_server_cannot_be_reached(run: Run, data: Path, closed_port: int) -> None:
    sms = "[connectors.sms]\nenabled = true\n"
    write("config.toml", EMAIL + f"imap_port = {closed_port}\nsmtp_port = {closed_port}\n" + sms)
    done = run("check", "--config", "config.toml")
    assert done.status == 1
    told = results(done)
    assert list(told) == ["secrets", "database", "schema", "rules", "nights", "http", "email", "web", "sms", "roles"]
    assert told["database"] == told["web"] == "ok"
    assert str(closed_port) in told["email"]
    assert "secret is empty" in told["sms"]
    assert "hunter2" not in done.out + done.err


@pytest.mark.parametrize(
    ("settings", "part", "told"),
    [
        ("[service]\npolicy = 'leyoujia-24'\n", "rules", "choose one of base"),
        ("[calendar]\nmonday = ['9-12']\n", "rules", "calendar.monday"),
        ("[calendar]\ncountry = 'XX'\n", "rules", "calendar.country"),
        ("[policies]\ndirectory = 'nowhere'\n", "rules", "policies.directory names"),
        ("[http]\nhost = '999.1.1.1'\n", "http", "http.host is '999.1.1.1'"),
    ],
)
def test_check_finds_what_would_keep_run_from_starting(run: Run, settings: str, part: str, told: str) -> None:
    write("config.toml", settings)
    done = run("check")
    assert done.status == 1
    assert told in results(done)[part]


def test_check_tells_of_the_database_and_still_of_the_rest(run: Run, closed_port: int) -> None:
    write(
        "config.toml", f"[database]\nurl = 'postgresql://bot:hunter2@127.0.0.1:{closed_port}/bot?connect_timeout=5'\n"
    )
    done = run("check")
    assert done.status == 1
    told = results(done)
    assert told["database"] != "ok"
    assert told["web"] == "ok"
    assert "hunter2" not in done.out + done.err


def test_check_makes_no_tables(run: Run, tmp_path: Path) -> None:
    done = run("check")
    assert (done.status, results(done)["database"]) == (0, "ok")
    assert results(done)["schema"].startswith("warning: there are no tables yet: `complaintbot run` makes them")
    assert [path.name for path in tmp_path.iterdir()] == []


def test_check_says_how_old_the_tables_are_and_leaves_them_so(run: Run, tmp_path: Path) -> None:
    older = revisions()[-2]
    asyncio.run(migrate(f"sqlite+aiosqlite:///{tmp_path / 'data' / 'complaintbot.db'}", older))
    for _ in range(2):
        done = run("check")
        said = results(done)["schema"]
        assert (done.status, said.startswith(f"warning: the tables are of revision {older}, and this")) == (0, True)
        assert "`complaintbot run` brings them up to date" in said


def test_check_refuses_the_tables_of_a_version_to_come(run: Run, data: Path) -> None:
    in_database(data, lambda work: work.session.execute(text("UPDATE alembic_version SET version_num = '9901'")))
    done = run("check")
    assert done.status == 1
    assert "revision 9901, which this version" in results(done)["schema"]


def test_check_says_where_a_file_stands_in_the_way(run: Run, tmp_path: Path) -> None:
    write("data", "a file")
    done = run("check")
    assert done.status == 1
    assert "nothing can be written to" in results(done)["database"]


def test_migrate_may_be_run_again(run: Run, tmp_path: Path) -> None:
    for _ in range(2):
        done = run("migrate")
        assert (done.status, done.out) == (0, "the database is up to date\n")
    assert (tmp_path / "data" / "complaintbot.db").is_file()


def test_a_database_that_is_none_is_told(run: Run, tmp_path: Path) -> None:
    write("file", "not a database, and longer than the head of one would be" * 100)
    write("config.toml", "[database]\nurl = 'sqlite:///file'\n")
    refused(run("migrate"), "database")


# --- inspect ----------------------------------------------------------------------------------------------------------

KEYS = [
    "file", "channel", "external_id", "conversation", "from", "reply_to", "subject", "text", "visible_reply", "attachments",
    "message_id", "in_reply_to", "references", "automatic", "automatic_reason", "content", "edited", "forwarded_from",
    "contact_phone", "album", "reply_to_message", "ignored",
]  # fmt: skip


def test_inspect_prints_one_object_for_each_file_whatever_the_others_are(run: Run) -> None:
    write("a.eml", mail("Subject: 漏水\nTo: desk@example.com", "厨房漏水三天了"))
    write("b.eml", mail("Subject: Re: x\nAuto-Submitted: auto-replied"))
    Path("folder").mkdir()
    done = run("inspect", "a.eml", "gone.eml", "folder", "b.eml")
    assert (done.status, done.err) == (0, "")
    first, gone, folder, automatic = done.lines
    assert list(first) == KEYS
    assert (first["file"], first["channel"], first["subject"], first["text"]) == (
        "a.eml",
        "email",
        "漏水",
        "厨房漏水三天了",
    )
    assert first["from"] == {"name": "张三", "address": "zhang@qq.com"}
    assert (first["automatic"], first["edited"], first["album"], first["ignored"]) == (False, False, None, None)
    assert gone == {"file": "gone.eml", "error": "cannot be read: No such file or directory"}
    assert folder == {"file": "folder", "error": "cannot be read: Is a directory"}
    assert automatic["automatic"] is True
    assert automatic["automatic_reason"]


def test_inspect_reads_names_from_standard_input(run: Run) -> None:
    write("a b.eml", mail("Subject: one"))
    write("投诉.eml", mail("Subject: two"))
    done = run("inspect", "-", "a b.eml", stdin="a b.eml\r\n\n投诉.eml\nx\x00y\n")
    assert [(line["file"], line.get("subject")) for line in done.lines] == [
        ("a b.eml", "one"), ("投诉.eml", "two"), ("x\x00y", None), ("a b.eml", "one"),
    ]  # fmt: skip


def test_a_file_whose_name_is_no_utf8_is_read_too(run: Run) -> None:
    with open(b"\xcd\xb6.eml", "wb") as file:  # a name as an old Chinese Windows packs it
        file.write(mail("Subject: one"))
    done = run("inspect", "-", stdin=b"\xcd\xb6\xff.eml\n\xcd\xb6.eml\n")
    assert [(line["file"], "error" in line, line.get("subject")) for line in done.lines] == [
        ("Ͷ�.eml", True, None),
        ("Ͷ.eml", False, "one"),
    ]


def test_inspect_understands_a_forwarded_mail(run: Run) -> None:
    original = (
        "---------- Forwarded message ---------\nFrom: 王五 <w@163.com>\nDate: Thu, 5 Mar 2026\n"
        "Subject: 漏水\nTo: <li@corp.example>\n\n漏水了"
    )
    write(
        "fwd.eml",
        mail("From: 李四 <li@corp.example>\nSubject: Fwd: 漏水\nTo: desk@corp.example", f"我的投诉\n\n{original}"),
    )
    [line] = run("inspect", "--own-domain", "corp.example", "fwd.eml").lines
    assert line["from"]["address"] == "li@corp.example"
    assert line["forwarded_from"] == "王五 <w@163.com>"


def test_inspect_lists_attachments(run: Run) -> None:
    picture = "Content-Type: image/jpeg; name=a.jpg\nContent-Disposition: attachment; filename=a.jpg"
    write("a.eml", parts("mixed", ("Content-Type: text/plain; charset=utf-8", "看图"), (picture, b"\xff\xd8\xff1234")))
    [line] = run("inspect", "a.eml").lines
    [attachment] = line["attachments"]
    assert (attachment["name"], attachment["type"]) == ("a.jpg", "image/jpeg")
    assert attachment["size"] > 0


def test_inspect_needs_no_database_and_leaves_nothing(run: Run, tmp_path: Path) -> None:
    write("a.eml", mail("Subject: one"))
    run("inspect", "a.eml")
    assert [path.name for path in tmp_path.iterdir()] == ["a.eml"]


# --- understand -------------------------------------------------------------------------------------------------------


def test_understand_prints_what_each_text_means(run: Run) -> None:
    done = run("understand", "--role", "handler", "办结 换了锁芯", "接单")
    assert (done.status, done.err) == (0, "")
    assert done.lines == [
        {"text": "办结 换了锁芯", "verb": "done", "arguments": {"result": "换了锁芯"}},
        {"text": "接单", "verb": "accept", "arguments": {}},
    ]


def test_understand_asks_what_is_pending(run: Run) -> None:
    [rated] = run("understand", "--pending", "rating", "不满意").lines
    assert (rated["verb"], rated["arguments"]["rating"]) == ("rate", "dissatisfied")


def test_understand_reads_lines_of_json(run: Run) -> None:
    asked = [
        {"text": "done changed the lock", "role": "handler", "pending": "none"},
        {"text": "满意", "pending": "rating"},
        {"text": "\ud800 half a character"},
    ]
    text = "\ufeff" + "\n\n".join(json.dumps(line) for line in asked) + "\n"
    done = run("understand", "-", stdin=text)
    assert (done.status, done.err) == (0, "")
    assert [line["verb"] for line in done.lines[:2]] == ["done", "rate"]
    assert len(done.lines) == 3


@pytest.mark.parametrize(
    ("line", "told"),
    [
        pytest.param(b"{broken", ["line 2", "JSON"], id="no JSON"),
        pytest.param(b'{"text": "\xff"}', ["line 2", "JSON"], id="no UTF-8"),
        pytest.param(b"[1]", ["line 2", "text"], id="a list"),
        pytest.param(b'{"role": "handler"}', ["line 2", "text"], id="no text"),
        pytest.param(b'{"text": 5}', ["line 2", "text"], id="a number for a text"),
        pytest.param(b'{"text": "x", "role": "boss"}', ["line 2", "'boss'", "handler"], id="an unknown role"),
        pytest.param(b'{"text": "x", "role": ["handler"]}', ["line 2", "role"], id="a list for a role"),
        pytest.param(b'{"text": "x", "pending": null}', ["line 2", "pending"], id="nothing pending, wrongly put"),
    ],
)
def test_a_broken_line_is_told_with_its_number_after_what_was_whole(run: Run, line: bytes, told: list[str]) -> None:
    done = run("understand", "-", stdin=b'{"text": "x"}\n' + line + b"\n")
    refused(done, *told)
    assert len(done.lines) == 1


# --- staff ------------------------------------------------------------------------------------------------------------

STAFF = "姓名,手机,角色,上级\n张伟,13800138000,处理人,王刚\n王刚,13900139000,坐席,\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_staff_are_imported_listed_and_updated(run: Run, data: Path, encoding: str) -> None:
    write("staff.csv", STAFF.encode(encoding))
    assert run("staff", "import", "staff.csv") == Done(0, "2 added, 0 updated\n", "")
    listed = run("staff", "list")
    assert listed.out.splitlines()[0].split("\t") == ["NAME", "ROLES", "UNIT", "SITES", "CATEGORIES", "ACTIVE"]
    assert re.search(r"张伟\thandler\t.*yes", listed.out)
    assert "138001" not in listed.out
    assert "139001" not in listed.out
    write("staff.csv", "name,roles,active\n张伟,agent,no\n李娜,handler,\n".encode(encoding))
    assert run("staff", "import", "staff.csv").out == "1 added, 1 updated\n"
    assert re.search(r"张伟\tagent\t.*no", run("staff", "list").out)


def test_sites_and_the_rota_are_imported_and_shown(run: Run, data: Path) -> None:
    write("staff.csv", "姓名,角色,片区\n张伟,处理人,翠湖\n王刚,坐席,\n".encode())
    assert run("staff", "import", "staff.csv") == Done(0, "2 added, 0 updated\n", "")
    write("sites.csv", "编号,名称,别名,负责人\nCH,翠湖花园,翠湖,王刚\n".encode())
    assert run("sites", "import", "sites.csv") == Done(0, "1 added, 0 changed\n", "")
    assert run("sites", "import", "sites.csv") == Done(0, "0 added, 0 changed\n", "")
    assert run("sites", "list").out.splitlines()[1].split("\t") == ["CH", "翠湖花园", "翠湖", "", "", "王刚", "", ""]
    assert re.search(r"张伟\thandler\t\tCH\t", run("staff", "list").out), "sites are known by any of their names"
    write("rota.csv", "项目,姓名,星期,时间\n翠湖,张伟,周六,22:00-06:00\n".encode())
    assert run("rota", "import", "rota.csv") == Done(0, "1 added, 0 taken away\n", "")
    assert run("rota", "import", "rota.csv") == Done(0, "0 added, 0 taken away\n", "")
    lines = [line.split("\t") for line in run("rota", "show", "--date", "2026-11-22").out.splitlines()]
    zone = "Asia/Shanghai"
    assert lines[1:] == [["CH", "00:00", "06:00", "张伟", zone], ["CH", "06:00", "24:00", "-", zone]]


def test_a_wrong_table_of_sites_or_rota_is_one_line_and_changes_nothing(run: Run, data: Path) -> None:
    write("sites.csv", b"code,head,calendar\nA,nobody,\nB,,moon\n")
    assert "line 3: calendar 'moon' is not known" in run("sites", "import", "sites.csv").err
    write("rota.csv", b"person,days\nnobody,someday\n,mon\n")
    wrong = run("rota", "import", "rota.csv")
    assert wrong.status == 1
    assert re.search(r"line 2: 'someday' names no days.*; rota.csv, line 3: person is empty\n$", wrong.err)
    assert "is no date" in run("rota", "show", "--date", "tomorrow").err
    assert len(run("sites", "list").out.splitlines()) == 1


def test_staff_are_imported_from_a_spreadsheet(run: Run, data: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (["name", "phone", "roles"], ["Zhang Wei", 13800138000, "handler"]):
        book.active.append(row)
    book.save("staff.xlsx")
    assert run("staff", "import", "staff.xlsx").out == "1 added, 0 updated\n"


@pytest.mark.parametrize(
    ("name", "table", "told"),
    [
        pytest.param("staff.csv", "name,phone\nA,\nB,12\n", ["staff.csv, line 3", "phone '12'"], id="line and column"),
        pytest.param("staff.csv", "name,rolls\nA,x\n", ["column 'rolls'"], id="an unknown column"),
        pytest.param(
            "staff.csv", "name,superior\nA,Nobody\n", ["line 2", "superior 'Nobody'"], id="an unknown superior"
        ),
        pytest.param("staff.csv", "name,backup\nA,B\nB,C\n", ["line 3", "backup 'C'"], id="an unknown backup"),
        pytest.param("staff.xlsx", "name\nA\n", ["staff.xlsx", "not a readable .xlsx"], id="no spreadsheet"),
        pytest.param("other.csv", "", ["other.csv", "empty"], id="empty"),
    ],
)
def test_a_bad_table_of_staff_is_told_and_nobody_is_imported(
    run: Run, data: Path, name: str, table: str, told: list[str]
) -> None:
    write(name, table)
    refused(run("staff", "import", name), *told)
    assert len(run("staff", "list").out.splitlines()) == 1


def test_a_table_that_is_not_there_is_told(run: Run, data: Path) -> None:
    refused(run("staff", "import", "gone.csv"), "gone.csv", "no such file")


def test_a_code_is_given_to_one_of_the_staff(run: Run, data: Path) -> None:
    write("staff.csv", STAFF)
    run("staff", "import", "staff.csv")
    done = run("staff", "code", "张伟")
    assert done.status == 0
    found = re.search(r"张伟: .*绑定 (\w{8}) .*bind \1\).* 30 minutes", done.out)
    assert found is not None
    settings = load(None, {})
    hashed = Signer(signing_secret(settings.service)).code_hash(found[1])

    async def stored(work: Work) -> bool:
        return await work.bind_code(hashed) is not None

    assert in_database(data, stored)
    refused(run("staff", "code", "赵六"), "'赵六' is nobody on the staff")


# --- quarantine -------------------------------------------------------------------------------------------------------


def set_aside(data: Path) -> None:
    async def job(work: Work) -> None:
        now = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
        await queues.store_raw(work, [RawMessage("email", f"m{n}", "c", b"\xff\x00raw %d" % n) for n in (1, 2, 3)], now)
        await work.flush()
        for number in (1, 2):
            row = await work.session.get(InboxRow, number)
            assert row is not None
            row.state, row.outcome = queues.QUARANTINED, "email: no From line"

    in_database(data, job)


def test_what_is_in_quarantine_is_listed_shown_and_put_back(
    data: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    set_aside(data)
    assert main(["quarantine", "list"]) == 0
    first, second, last = capfdbinary.readouterr().out.decode().splitlines()
    assert first == "1\t2026-03-02 02:00\temail\t7 bytes\temail: no From line"
    assert second.startswith("2\t")
    assert last.startswith("2 in quarantine; retry with: complaintbot quarantine retry")
    assert main(["quarantine", "show", "2"]) == 0
    assert capfdbinary.readouterr().out == b"\xff\x00raw 2"
    assert main(["quarantine", "retry", "1", "2", "2"]) == 0
    assert capfdbinary.readouterr().out.startswith(b"2 put back")
    assert main(["quarantine", "list"]) == 0
    assert capfdbinary.readouterr().out == b"0 in quarantine\n"

    async def waiting(work: Work) -> int:
        return len(await queues.stored(work, 10))

    assert in_database(data, waiting) == 3


def test_what_is_not_in_quarantine_is_told(run: Run, data: Path) -> None:
    set_aside(data)
    refused(run("quarantine", "show", "99"), "no message 99")
    done = run("quarantine", "retry", "1", "3", "99")
    refused(done, "2 of these messages are not in quarantine")
    assert done.out.startswith("1 put back")


def test_what_is_dismissed_is_nobodys_task_and_can_be_taken_up_again(run: Run, data: Path) -> None:
    set_aside(data)
    write("staff.csv", STAFF)
    run("staff", "import", "staff.csv")
    why = ("--by", "张伟", "--reason", "群发广告，来自 13800138000")
    done = run("quarantine", "dismiss", "1", "3", *why)
    refused(done, "1 of these messages is not in quarantine")
    assert done.out.startswith("1 dismissed")
    assert "1 in quarantine" in run("quarantine", "list").out
    assert in_database(data, queues.depth)["inbox_quarantined"] == in_database(data, stuck.quarantined).count == 1
    line, last = run("quarantine", "list", "--dismissed").out.splitlines()
    assert line.startswith("1\t")
    assert line.endswith("dismissed by 张伟: 群发广告，来自 13800138000; email: no From line")
    assert last.startswith("1 dismissed; retry with")
    assert run("quarantine", "show", "1").status == 0

    async def acts(work: Work) -> list[tuple[str, str, str]]:
        rows = await work.session.scalars(select(ActRow).order_by(ActRow.id))
        return [(row.kind, row.by, row.facts) for row in rows if row.kind.startswith("quarantine_d")]

    async def directory(work: Work) -> str:
        [person] = (await work.directory()).named("张伟")
        return person.id

    [(kind, by, facts)] = in_database(data, acts)
    assert (kind, by) == ("quarantine_dismissed", in_database(data, directory))
    assert "群发广告" in facts
    assert "13800138000" not in facts, "the chain is for ever"
    assert run("quarantine", "retry", "1").out.startswith("1 put back")
    assert run("quarantine", "list", "--dismissed").out == "0 dismissed\n"


@pytest.mark.parametrize(
    ("why", "told"),
    [
        pytest.param(["--reason", "广告"], "--by", id="nobody's decision"),
        pytest.param(["--by", "张伟"], "--reason", id="no reason"),
        pytest.param(["--by", "赵六", "--reason", "广告"], "'赵六'", id="a stranger's decision"),
        pytest.param(["--by", "张伟", "--reason", " "], "--reason says why", id="an empty reason"),
    ],
)
def test_nothing_is_dismissed_without_somebody_and_a_reason(run: Run, data: Path, why: list[str], told: str) -> None:
    set_aside(data)
    write("staff.csv", STAFF)
    run("staff", "import", "staff.csv")
    refused(run("quarantine", "dismiss", "1", *why), told)
    assert "2 in quarantine" in run("quarantine", "list").out


# --- the outbox -------------------------------------------------------------------------------------------------------


def left_in_doubt(data: Path) -> None:
    """Keep one message that is uncertain, one that failed and one that was sent."""

    async def job(work: Work) -> None:
        for state in ("uncertain", "failed", "sent"):
            work.add_outgoing(
                Outgoing(
                    key=state,
                    lane="person:p",
                    notice="reminder",
                    created_at=MONDAY,
                    due_at=MONDAY,
                    reference="TS20260302-0001",
                    channel="email",
                    state=state,
                    detail="the line broke",
                    done_at=MONDAY,
                )
            )
        await work.flush()

    in_database(data, job)


def test_people_decide_about_what_is_uncertain(run: Run, data: Path) -> None:
    left_in_doubt(data)
    done = run("outbox", "uncertain")
    first, last = done.out.splitlines()
    assert first.startswith("1\t")
    assert first.endswith("\temail\treminder\tTS20260302-0001\tthe line broke")
    assert last == "1 uncertain; decide with: complaintbot outbox resend|dismiss NUMBER"
    assert run("outbox", "resend", "1").out.startswith("1 will be sent again")
    assert run("outbox", "uncertain").out == "0 uncertain\n"
    assert run("outbox", "dismiss", "2").out == "1 left as they are\n"
    assert run("outbox", "failed").out == "0 failed\n"
    assert run("outbox", "states").out == "queued\t1\nsent\t1\nskipped\t1\n"


def test_what_waits_is_listed_with_until_when_and_why(run: Run, data: Path) -> None:
    async def job(work: Work) -> None:
        later = datetime(2126, 3, 3, 7, 0, tzinfo=UTC)
        for key, state, waits in (("a", "held", "quiet"), ("b", "queued", "limit"), ("c", "sent", "")):
            work.add_outgoing(
                Outgoing(
                    key=key, lane=key, notice="reminder", created_at=MONDAY, due_at=later, state=state, waits=waits,
                    reference="TS20260302-0001", person="somebody",
                )
            )  # fmt: skip
        await work.flush()

    in_database(data, job)
    lines = [line.split("\t") for line in run("outbox", "waiting").out.splitlines()]
    assert [line[2:] for line in lines[:-1]] == [
        ["quiet", "reminder", "TS20260302-0001", "customer"],
        ["limit", "reminder", "TS20260302-0001", "customer"],
    ]
    assert all(line[1].startswith("2126-03-03 ") for line in lines[:-1])
    assert lines[-1] == ["2 waiting, the soonest first"]


def test_check_warns_of_nights_that_nobody_watches(run: Run) -> None:
    """A promise of two hours runs out at night before anybody hears of it; that stops no start."""
    done = run("check")
    assert done.status == 0
    [warning] = [line for line in done.out.splitlines() if line.startswith("nights: ")]
    assert warning.startswith("nights: warning: base promises first_contact 2h, and nobody is on duty on ")


def test_the_nights_of_a_site_are_reckoned_in_its_own_zone(run: Run, data: Path) -> None:
    write("staff.csv", "name,roles\n刘客服,agent\n")
    write("sites.csv", "code,name,calendar\nBER,Berlin,berlin\n")
    write("rota.csv", "team,person,days,hours\nBER,刘客服,daily,22:00-07:00\n")
    write("config.toml", '[calendars.berlin]\ncountry = "DE"\ntimezone = "Europe/Berlin"\n')
    for what in ("staff", "sites", "rota"):
        assert run(what, "import", f"{what}.csv", "--config", "config.toml").status == 0
    assert "nights:" not in run("check", "--config", "config.toml").out


def test_check_warns_of_rows_and_clocks_that_nothing_fits(run: Run, data: Path) -> None:
    """A site that is not there and categories of another pack stop no start; they would wait in silence for ever."""
    write("sites.csv", "code,name\nCH,翠湖花园\n")
    assert run("sites", "import", "sites.csv").status == 0
    rows = '[[policies.choose]]\npolicy = "mingyuan"\nsites = ["hqq", "CH"]\n'
    rows += '[[policies.choose]]\npolicy = "vanke"\ncategories = ["UTILITY"]\n'
    write("config.toml", f'[service]\npolicy = "beijing-12345"\npack = "realestate"\n{rows}')
    done = run("check", "--config", "config.toml")
    assert done.status == 0
    assert [line.partition(": warning: ")[2] for line in done.out.splitlines() if line.startswith("policies: ")] == [
        "policies.choose.1.sites holds 'hqq', which is no site's code; there are CH",
        "policies.choose.2.categories holds 'UTILITY', which the pack realestate has not",
        "policy beijing-12345 has clocks for the categories COMPLEX, UTILITY, which the pack realestate has not, so they "
        "never run: set service.pack to one that has them, or choose another profile",
    ]
    write("config.toml", '[service]\npolicy = "beijing-12345"\npack = "hotline"\n')
    assert "policies: " not in run("check", "--config", "config.toml").out


def test_check_warns_of_a_profile_before_its_day(run: Run, data: Path, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    write("own/ours.toml", 'inherits = "base"\neffective_from = "2127-01-01"\n')
    write("config.toml", f'[service]\npolicy = "ours"\n[policies]\ndirectory = "{tmp_path / "own"}"\n')
    done = run("check", "--config", "config.toml")
    assert done.status == 0
    assert "policies: warning: policy ours is to hold from 2127-01-01, yet it runs already" in done.out


def test_what_arrived_is_not_for_people_to_decide(run: Run, data: Path) -> None:
    left_in_doubt(data)
    done = run("outbox", "resend", "2", "3", "99")
    refused(done, "2 of these messages are not uncertain or failed")
    refused(run("outbox", "resend", "99"), "this message is not uncertain or failed")
    assert done.out.startswith("1 will be sent again")
    assert run("outbox", "resend", "x").status == 1


# --- files ------------------------------------------------------------------------------------------------------------


def test_the_files_of_a_complaint_are_listed(run: Run, data: Path) -> None:
    complaint = filed()

    async def job(work: Work) -> None:
        await work.save(Change(complaint), [])
        file = FileKept(
            inbox_id=1, position=0, person="p", channel="email", address="a", name="照片.jpg", type="image/jpeg", size=9,
            path="ab/abcd", state="fetched", created_at=MONDAY, due_at=MONDAY, reference=complaint.reference,
        )  # fmt: skip
        work.add_file(file)
        work.add_file(replace(file, name="film.mp4", state="too_large", detail="larger than 5 bytes"))
        await work.flush()

    in_database(data, job)
    assert run("files", complaint.reference[-4:]).out == run("files", complaint.reference).out
    done = run("files", complaint.reference.lower())
    first, second = done.out.splitlines()
    assert first.endswith(f"照片.jpg\t{data / 'files' / 'ab' / 'abcd'}")
    assert second.endswith("film.mp4\tlarger than 5 bytes")
    assert done.err == f"2 files of {complaint.reference}\n"


def test_the_files_of_no_complaint_are_refused(run: Run, data: Path) -> None:
    refused(run("files", "TS20260302-0009"), "there is no complaint TS20260302-0009")


# --- bench and demo ---------------------------------------------------------------------------------------------------


def test_bench_intake_gives_its_figures(run: Run) -> None:
    done = run("bench", "intake", "-n", "20", "--json")
    assert done.status == 0
    [figures] = done.lines
    keys = {
        "what", "n", "seconds", "per_second", "cpu_ms_each", "p50_ms", "p99_ms", "peak_rss_mb", "limit_per_second",
        "ratio_to_limit", "machine",
    }  # fmt: skip
    assert keys <= set(figures)
    assert (figures["what"], figures["n"]) == ("intake", 20)
    assert isinstance(figures["machine"], dict)
    assert figures["machine"]
    for key in keys - {"what", "machine"}:
        assert figures[key] > 0, key


@pytest.mark.parametrize(
    ("lang", "said", "end"),
    [
        pytest.param("zh", ["我家厨房漏水三天了", "时间过去 24 小时", "满意"], "客户满意，已结案", id="zh"),
        pytest.param(
            "en", ["My kitchen has been leaking", "24 hours pass", "satisfied"], "the customer is satisfied", id="en"
        ),
    ],
)
def test_the_demo_plays_a_whole_life(run: Run, tmp_path: Path, lang: str, said: list[str], end: str) -> None:
    done = run("demo", "--play", "--lang", lang)
    assert done.status == 0
    for words in said:
        assert words in done.out
    assert re.search(r"TS\d{8}-0001", done.out)
    assert end in done.out.splitlines()[-1]
    assert done.out.count("\n\n") > 20
    assert not list(tmp_path.iterdir())


def test_a_demo_on_a_port_that_is_taken_is_told(run: Run) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused(run("demo", "--port", str(port)), f"cannot listen on 127.0.0.1:{port}", "http.port: choose another")


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


def test_a_data_folder_that_cannot_be_made_is_told(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("file", "")
    monkeypatch.setenv("COMPLAINTBOT_SERVICE__DATA_DIR", str(tmp_path / "file" / "data"))
    for command in (("migrate",), ("run",), ("staff", "list")):
        refused(run(*command), str(tmp_path / "file"))


@pytest.mark.parametrize("command", ["show", "retry"])
def test_a_number_that_no_message_can_have_is_told(run: Run, data: Path, command: str) -> None:
    refused(run("quarantine", command, "9" * 30), "9" * 30)


def test_staff_can_be_imported_beside_a_running_service(data: Path) -> None:
    write("staff.csv", "姓名,手机,角色\n张伟,13800138000,处理人\n")

    async def beside() -> list[str]:
        async with Database(f"sqlite+aiosqlite:///{data / 'complaintbot.db'}") as database:
            done = await asyncio.to_thread(module, "staff", "import", "staff.csv")
            assert done.returncode == 0, done.stderr

            async def names(work: Work) -> list[str]:
                return [person.name for person in (await work.directory()).persons.values()]

            return await database.read(names)

    assert asyncio.run(beside()) == ["张伟"]


def test_run_on_a_port_that_is_taken_is_told(run: Run, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("COMPLAINTBOT_HTTP__PORT", str(taken.getsockname()[1]))
        done = run("run")
    assert done.status == 1
    assert "http.port" in done.err.splitlines()[-1]


@pytest.mark.parametrize(
    ("typed", "role", "words"),
    [
        ("/giveback 不是我们的项目", "handler", "退单 不是我们的项目"),
        ("/done changed the lock", "handler", "done changed the lock"),
        ("/form", "supervisor", "电话投诉"),
        ("/mine", "customer", "我的投诉"),
    ],
)
def test_understand_takes_a_command_of_the_menu_as_the_chat_does(run: Run, typed: str, role: str, words: str) -> None:
    [as_typed], [as_said] = (
        run("understand", "--role", role, typed).lines,
        run("understand", "--role", role, words).lines,
    )
    assert as_typed["text"] == typed
    assert {**as_typed, "text": words} == as_said
    assert as_said["verb"] != "unclear"


@pytest.mark.parametrize("role", ["handler", "employee"])
def test_understand_tells_of_a_command_that_is_for_others_to_give(run: Run, role: str) -> None:
    [said] = run("understand", "--role", role, "定级 0007 重大").lines
    assert (said["verb"], said["otherwise"]) == ("unclear", "grade")
    assert "choices" not in said
    [said] = run("understand", "--role", "customer", "定级 0007 重大").lines
    assert "otherwise" not in said
