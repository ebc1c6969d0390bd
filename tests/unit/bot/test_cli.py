"""The command line: what each command prints, and one clear line with exit status 1 for every mistake of its user."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
from openpyxl import Workbook
from sqlalchemy import select

from bot.__main__ import main
from bot.logs import QUIET_LOGGERS
from bot.storage.database import Database, migrate
from bot.storage.models import BindCodeRow, InboxRow, PersonRow
from bot.storage.work import Work
from connectors.port import RawMessage
from tests.servers.dovecot import free_port
from tests.unit.bot.desk_kit import STAFF, open_desk

ROOT = Path(__file__).parents[3]
SECRET = "a-word-that-must-never-be-shown-to-anybody"
MAIL = (
    "From: =?utf-8?B?5byg5LiJ?= <zhang@example.com>\r\nTo: desk@example.org\r\nSubject: =?gb2312?B?wqnLrg==?=\r\n"
    "Message-ID: <m1@example.com>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    "家里漏水三天了\r\n\r\n> 旧的话\r\n"
).encode()

COMMANDS = [
    ["demo"],
    ["run"],
    ["check"],
    ["migrate"],
    ["inspect"],
    ["understand"],
    ["staff"],
    ["staff", "import"],
    ["staff", "list"],
    ["staff", "code"],
    ["quarantine"],
    ["quarantine", "list"],
    ["quarantine", "show"],
    ["quarantine", "retry"],
    ["bench"],
]


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str

    @property
    def line(self) -> str:
        """The one line of an error; fails where it is not exactly one."""
        [line] = self.err.strip().split("\n")
        assert "Traceback" not in line
        return line


Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
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
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command within this process, in an empty folder that is also its data's."""
    for name in list(os.environ):
        if name.startswith("COMPLAINTBOT_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def run_it(*arguments: str, stdin: str | bytes = "", **environment: str) -> Ran:
        for name, value in environment.items():
            monkeypatch.setenv(f"COMPLAINTBOT_{name}", value)
        data = stdin if isinstance(stdin, bytes) else stdin.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        capfd.readouterr()
        try:
            status = main(list(arguments))
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else 1
        printed = capfd.readouterr()
        return Ran(status, printed.out, printed.err)

    return run_it


def as_process(
    *arguments: str, cwd: Path, stdin: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a command as a process of its own, as a shell does."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("COMPLAINTBOT_")}
    # As most terminals are set: what is no text is refused, not let through.
    env |= {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8:strict"} | {
        f"COMPLAINTBOT_{name}": value for name, value in environment.items()
    }
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd,
        env=env,
        input=stdin,
        capture_output=True,
        timeout=120,
        check=False,
    )


def database_url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder}/data/complaintbot.db"


# ── help and mistakes ─────────────────────────────────────────────────────────────────────────────────────────────────


class TestHelp:
    @pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
    def test_every_command_explains_itself(self, run: Run, command: Sequence[str]) -> None:
        ran = run(*command, "--help")
        assert ran.status == 0
        assert ran.out.startswith(f"usage: complaintbot {' '.join(command)}")
        assert ran.err == ""

    def test_the_whole_names_every_command(self, run: Run) -> None:
        ran = run("--help")
        assert ran.status == 0
        for command in COMMANDS:
            assert command[0] in ran.out

    def test_it_needs_no_settings(self, tmp_path: Path, run: Run) -> None:
        (tmp_path / "config.toml").write_text("this is not toml")
        assert run("run", "--help").status == 0
        assert run("inspect", "--help").status == 0


class TestMistakes:
    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            pytest.param([], ["required"], id="no command"),
            pytest.param(["dance"], ["dance"], id="an unknown command"),
            pytest.param(["staff"], ["required"], id="half a command"),
            pytest.param(["staff", "fire"], ["fire"], id="an unknown half"),
            pytest.param(["run", "--confg", "x"], ["--confg"], id="an unknown option"),
            pytest.param(["demo", "--port", "many"], ["--port"], id="a port that is no number"),
            pytest.param(["demo", "--port", "70000"], ["65535"], id="a port that is none"),
            pytest.param(["demo", "--lang", "fr"], ["fr"], id="a language that is none"),
            pytest.param(["run", "--config", "missing.toml"], ["missing.toml"], id="no such settings"),
            pytest.param(["check", "--config", "missing.toml"], ["missing.toml"], id="no such settings to check"),
            pytest.param(["migrate", "--config", "missing.toml"], ["missing.toml"], id="no such settings to migrate"),
            pytest.param(["staff", "import", "missing.csv"], ["missing.csv", "no such file"], id="no such table"),
            pytest.param(["staff", "code", "nobody"], ["nobody"], id="a code for nobody"),
            pytest.param(["quarantine", "show", "7"], ["7"], id="no such message"),
            pytest.param(["quarantine", "show", "x"], ["x"], id="a number that is none"),
            pytest.param(["quarantine", "show", "9" * 30], ["9" * 30], id="a number beyond all numbers"),
            pytest.param(["quarantine", "retry", "9" * 30], ["9" * 30], id="another"),
            pytest.param(["understand", "--pending", "tea", "1"], ["tea"], id="a question that is none"),
            pytest.param(["understand", "--role", "king", "1"], ["king"], id="a role that is none"),
            pytest.param(["bench", "intake", "-n", "0"], ["-n"], id="no messages to measure"),
            pytest.param(["bench", "tea"], ["tea"], id="a bench that is none"),
        ],
    )
    def test_are_told_in_one_line(self, run: Run, arguments: Sequence[str], says: Sequence[str]) -> None:
        ran = run(*arguments)
        assert ran.status == 1
        for part in says:
            assert part in ran.line

    @pytest.mark.parametrize(
        ("toml", "says"),
        [
            pytest.param("[http]\nprot = 8080\n", ["http.prot", "'port'"], id="a wrong key, with the near one"),
            pytest.param("[htp]\nport = 8080\n", ["htp", "'http'"], id="a wrong section, with the near one"),
            pytest.param("[http]\nport = 'many'\n", ["http.port", "'many'"], id="a wrong value"),
            pytest.param("[service]\nsecret = 'short'\n", ["service.secret", "32"], id="a secret too short"),
            pytest.param(
                "[connectors.email]\nenabled = true\naddress = 'a@example.com'\nimap_host = 'i'\nsmtp_host = 's'\n",
                ["connectors.email.imap_password"],
                id="a missing secret",
            ),
            pytest.param("[service]\npolicy = 'none-such'\n", ["none-such"], id="a policy that is none"),
            pytest.param("[database]\nurl = 'mysql://x'\n", ["database.url", "mysql"], id="a database we cannot use"),
            pytest.param("not toml", ["config.toml"], id="no settings at all"),
            pytest.param("[connectors.web]\nenabled = false\n", ["no channel"], id="no channel"),
        ],
    )
    def test_in_the_settings_are_named(self, run: Run, tmp_path: Path, toml: str, says: Sequence[str]) -> None:
        (tmp_path / "config.toml").write_text(toml)
        ran = run("run")
        assert ran.status == 1
        for part in says:
            assert part in ran.line

    def test_a_key_in_the_environment_is_named_by_its_variable(self, run: Run) -> None:
        ran = run("check", HTTP__PROT="1")
        assert ran.status == 1
        assert "COMPLAINTBOT_HTTP__PROT" in ran.line

    def test_the_data_folder_cannot_be_made(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        ran = run("migrate", SERVICE__DATA_DIR=str(tmp_path / "file" / "data"))
        assert ran.status == 1
        assert "file" in ran.line

    def test_the_database_is_something_else(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "data").mkdir()
        (tmp_path / "data/complaintbot.db").write_bytes(b"%PDF-1.4 certainly no database" * 100)
        ran = run("staff", "list")
        assert ran.status == 1
        assert "not a database" in ran.line

    def test_a_server_that_is_not_there_is_named_without_its_password(self, run: Run) -> None:
        port = free_port()
        url = f"postgresql://desk:{SECRET}@127.0.0.1:{port}/complaints?connect_timeout=2"
        for command in (["check"], ["migrate"], ["run"], ["staff", "list"]):
            ran = run(*command, DATABASE__URL=url)
            assert ran.status == 1
            line = ran.out.splitlines()[0] if command == ["check"] else ran.line
            assert "127.0.0.1" in line
            assert SECRET not in ran.out + ran.err

    def test_as_a_process_too(self, tmp_path: Path) -> None:
        ran = as_process("dance", cwd=tmp_path)
        assert ran.returncode == 1
        assert ran.stderr.decode().count("\n") == 1
        assert b"dance" in ran.stderr


# ── check and migrate ─────────────────────────────────────────────────────────────────────────────────────────────────


class TestCheck:
    def test_all_is_well(self, run: Run) -> None:
        ran = run("check")
        assert ran.status == 0
        assert ran.out.splitlines() == ["database: ok", "web: ok"]

    def test_on_postgresql(self, run: Run, fresh_postgres_url: str) -> None:
        ran = run("check", DATABASE__URL=fresh_postgres_url)
        assert (ran.status, ran.out.splitlines()[0]) == (0, "database: ok")

    def test_a_mail_server_that_is_not_there(self, run: Run) -> None:
        ran = run(
            "check",
            CONNECTORS__EMAIL__ENABLED="true",
            CONNECTORS__EMAIL__ADDRESS="desk@example.com",
            CONNECTORS__EMAIL__IMAP_HOST="127.0.0.1",
            CONNECTORS__EMAIL__IMAP_PORT=str(free_port()),
            CONNECTORS__EMAIL__IMAP_PASSWORD=SECRET,
            CONNECTORS__EMAIL__SMTP_HOST="127.0.0.1",
            CONNECTORS__EMAIL__SMTP_PORT=str(free_port()),
            CONNECTORS__EMAIL__TIMEOUT_S="2",
        )
        assert ran.status == 1
        by_name = dict(line.split(": ", 1) for line in ran.out.splitlines())
        assert (by_name["database"], by_name["web"]) == ("ok", "ok")
        assert "127.0.0.1" in by_name["email"]
        assert SECRET not in ran.out + ran.err


class TestMigrate:
    def test_makes_the_tables_and_again_is_harmless(self, run: Run, tmp_path: Path) -> None:
        for _ in range(2):
            ran = run("migrate")
            assert (ran.status, ran.out) == (0, "the database is up to date\n")
        assert (tmp_path / "data/complaintbot.db").is_file()

    def test_on_postgresql(self, run: Run, fresh_postgres_url: str) -> None:
        assert run("migrate", DATABASE__URL=fresh_postgres_url).status == 0
        assert run("staff", "list").status == 0


# ── inspect ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class TestInspect:
    @pytest.fixture
    def mails(self, tmp_path: Path) -> list[str]:
        for name in ("one.eml", "two.eml"):
            (tmp_path / name).write_bytes(MAIL)
        return ["one.eml", "two.eml"]

    def test_one_object_a_line_with_every_key(self, run: Run, mails: list[str]) -> None:
        ran = run("inspect", *mails)
        assert (ran.status, ran.err) == (0, "")
        first, second = (json.loads(line) for line in ran.out.splitlines())
        assert (first["file"], second["file"]) == tuple(mails)
        assert list(first) == [
            "file", "channel", "external_id", "conversation", "from", "reply_to", "subject", "text", "visible_reply",
            "attachments", "message_id", "in_reply_to", "references", "automatic", "automatic_reason", "content", "edited",
            "forwarded_from", "contact_phone", "album", "reply_to_message", "ignored",
        ]  # fmt: skip
        assert first["from"] == {"name": "张三", "address": "zhang@example.com"}
        assert (first["subject"], first["visible_reply"]) == ("漏水", "家里漏水三天了")
        assert "家里漏水" in ran.out  # readable, not escaped

    def test_one_that_cannot_be_read_stops_nobody(self, run: Run, mails: list[str], tmp_path: Path) -> None:
        ran = run("inspect", mails[0], "missing.eml", str(tmp_path), mails[1])
        assert ran.status == 0
        lines = [json.loads(line) for line in ran.out.splitlines()]
        assert ["error" in line for line in lines] == [False, True, True, False]
        assert list(lines[1]) == ["file", "error"]
        assert lines[1]["file"] == "missing.eml"

    def test_names_from_standard_input(self, run: Run, mails: list[str]) -> None:
        ran = run("inspect", "-", stdin="one.eml\n\ntwo.eml\nmissing.eml\n")
        assert ran.status == 0
        lines = [json.loads(line) for line in ran.out.splitlines()]
        assert [line["file"] for line in lines] == ["one.eml", "two.eml", "missing.eml"]
        assert run("inspect", "two.eml", "-", stdin="one.eml").out.count("\n") == 2

    def test_no_names_at_all(self, run: Run) -> None:
        assert run("inspect", "-", stdin="").out == ""
        assert run("inspect").status == 1

    def test_an_empty_file_and_any_bytes(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "empty.eml").touch()
        (tmp_path / "junk.eml").write_bytes(bytes(range(256)) * 100)
        ran = run("inspect", "empty.eml", "junk.eml")
        assert ran.status == 0
        assert [json.loads(line)["file"] for line in ran.out.splitlines()] == ["empty.eml", "junk.eml"]

    def test_a_name_that_is_no_text(self, tmp_path: Path) -> None:
        """File names are bytes: one in another encoding is inspected like every other."""
        name = "邮件.eml".encode("gb18030")
        (Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))).write_bytes(MAIL)
        for arguments, stdin in ((["inspect", os.fsdecode(name)], b""), (["inspect", "-"], name + b"\n")):
            ran = as_process(*arguments, cwd=tmp_path, stdin=stdin)
            assert ran.returncode == 0, ran.stderr.decode()
            [line] = ran.stdout.splitlines()
            assert json.loads(line)["subject"] == "漏水"

    def test_a_reader_who_has_seen_enough(self, tmp_path: Path) -> None:
        (tmp_path / "one.eml").write_bytes(MAIL)
        names = b"one.eml\n" * 3000
        command = f"{sys.executable} -m bot inspect - | head -n 1"
        env = os.environ | {"PYTHONPATH": str(ROOT)}
        ran = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {command}"], cwd=tmp_path, env=env, input=names, capture_output=True, timeout=120,
            check=False,
        )  # fmt: skip
        assert ran.stdout.count(b"\n") == 1
        assert b"Traceback" not in ran.stderr
        assert b"BrokenPipe" not in ran.stderr


# ── understand ────────────────────────────────────────────────────────────────────────────────────────────────────────


class TestUnderstand:
    def test_several_texts(self, run: Run) -> None:
        ran = run("understand", "催一下", "人工")
        assert ran.status == 0
        assert [json.loads(line)["verb"] for line in ran.out.splitlines()] == ["urge", "person"]
        assert list(json.loads(ran.out.splitlines()[0])) == ["text", "verb", "arguments"]

    def test_role_and_question(self, run: Run) -> None:
        assert json.loads(run("understand", "--role", "handler", "办结 换了锁").out)["verb"] == "done"
        rated = json.loads(run("understand", "--pending", "rating", "5").out)
        assert (rated["verb"], rated["arguments"]["rating"]) == ("rate", "satisfied")
        assert json.loads(run("understand", "5").out)["verb"] == "unclear"

    def test_lines_of_json(self, run: Run) -> None:
        lines = [
            {"text": "5", "role": "customer", "pending": "rating"},
            {"text": "办结 换了锁", "role": "handler"},
            {"text": "谢谢"},
        ]
        ran = run("understand", "-", stdin="\n".join(json.dumps(line) for line in lines) + "\n\n")
        assert ran.status == 0
        assert [json.loads(line)["verb"] for line in ran.out.splitlines()] == ["rate", "done", "thanks"]

    @pytest.mark.parametrize(
        "stdin",
        [
            b"not json\n",
            b"[1]\n",
            b"null\n",
            b'{"words":"x"}\n',
            b'{"text":5}\n',
            b'{"text":null}\n',
            b'{"text":"x","role":"king"}\n',
            b'{"text":"x","pending":7}\n',
            b"\xff\xfe\n",
        ],
    )
    def test_a_line_that_is_none(self, run: Run, stdin: bytes) -> None:
        ran = run("understand", "-", stdin=stdin)
        assert ran.status == 1
        assert ran.line.startswith("complaintbot: understand")

    def test_words_that_no_terminal_can_show(self, tmp_path: Path) -> None:
        ran = as_process("understand", "-", cwd=tmp_path, stdin=b'{"text":"\\ud83d bad"}\n')
        assert ran.returncode == 0, ran.stderr.decode()
        assert ran.stdout.count(b"\n") == 1


# ── staff ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

TABLE = "姓名,手机,角色,上级\n张伟,13800138000,处理人,王主管\n王主管,13900139000,坐席 客服中心负责人,\n"


class TestStaff:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_a_csv_in_the_encodings_of_excel(self, run: Run, tmp_path: Path, encoding: str) -> None:
        (tmp_path / "staff.csv").write_bytes(TABLE.encode(encoding))
        ran = run("staff", "import", "staff.csv")
        assert (ran.status, ran.out) == (0, "2 added, 0 updated\n")
        assert run("staff", "import", "staff.csv").out == "0 added, 2 updated\n"
        listed = run("staff", "list")
        assert "张伟\thandler" in listed.out
        assert "13800138000" not in listed.out

    def test_an_xlsx(self, run: Run, tmp_path: Path) -> None:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        for line in TABLE.strip().split("\n"):
            sheet.append([int(cell) if cell.isdigit() else cell for cell in line.split(",")])
        book.save(tmp_path / "staff.xlsx")
        assert run("staff", "import", "staff.xlsx").out == "2 added, 0 updated\n"

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            ("姓名,手机\n张伟,12\n", ["staff.csv", "line 2", "phone"]),
            ("姓名,手机\n张伟,13800138000\n李娜,不详\n", ["line 3", "phone", "不详"]),
            ("姓名,角色\n张伟,国王\n", ["line 2", "role", "国王"]),
            ("姓名,爱好\n张伟,下棋\n", ["column", "爱好"]),
            ("姓名,上级\n张伟,李总\n", ["line 2", "superior", "李总"]),
        ],
    )
    def test_a_wrong_table_is_named_by_line_and_column(
        self, run: Run, tmp_path: Path, content: str, says: Sequence[str]
    ) -> None:
        (tmp_path / "staff.csv").write_text(content)
        ran = run("staff", "import", "staff.csv")
        assert ran.status == 1
        for part in says:
            assert part in ran.line
        assert run("staff", "list").out.count("\n") == 1

    def test_a_code(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "staff.csv").write_text(TABLE)
        run("staff", "import", "staff.csv")
        ran = run("staff", "code", "张伟")
        assert ran.status == 0
        assert ran.out.startswith("张伟: ")
        code = ran.out.split("绑定 ")[1].split()[0]

        async def hashes() -> list[str]:
            async with Database(database_url(tmp_path)) as database:

                async def read(work: Work) -> list[str]:
                    return list(await work.session.scalars(select(BindCodeRow.code_hash)))

                return await database.read(read)

        [stored] = asyncio.run(hashes())
        assert code not in stored
        assert "王" in run("staff", "code", "").line or run("staff", "code", "").status == 1

    def test_on_postgresql(self, run: Run, tmp_path: Path, fresh_postgres_url: str) -> None:
        (tmp_path / "staff.csv").write_text(TABLE)
        assert run("staff", "import", "staff.csv", DATABASE__URL=fresh_postgres_url).status == 0
        assert "张伟" in run("staff", "list").out

    def test_while_another_holds_the_database(self, run: Run, tmp_path: Path) -> None:
        """The service runs, the command line works beside it."""
        (tmp_path / "staff.csv").write_text(TABLE)

        async def beside() -> int:
            url = database_url(tmp_path)
            await migrate(url)
            async with Database(url) as database:
                status = await asyncio.to_thread(
                    lambda: as_process("staff", "import", "staff.csv", cwd=tmp_path).returncode
                )

                async def people(work: Work) -> int:
                    return len(list(await work.session.scalars(select(PersonRow))))

                assert await database.read(people) == 2
                return status

        assert asyncio.run(beside()) == 0


# ── quarantine ────────────────────────────────────────────────────────────────────────────────────────────────────────


class TestQuarantine:
    @pytest.fixture
    def numbers(self, tmp_path: Path) -> list[int]:
        """Two messages in quarantine, and one that is not."""

        async def fill() -> list[int]:
            async with open_desk(database_url(tmp_path), staff=STAFF) as kit:
                await kit.inbox.store([RawMessage("chat", f"bad{n}", "c1", b"\xff\x00 raw \xfe") for n in range(2)])
                await kit.says("电梯坏了三天没人修")
                return [row.id for row in await kit.rows(InboxRow)]

        return asyncio.run(fill())

    def test_none(self, run: Run) -> None:
        ran = run("quarantine", "list")
        assert (ran.status, ran.out) == (0, "0 in quarantine\n")

    def test_list_names_number_channel_size_and_cause(self, run: Run, numbers: list[int]) -> None:
        ran = run("quarantine", "list")
        first, second, last = ran.out.splitlines()
        assert first.startswith(f"{numbers[0]}\t")
        assert second.startswith(f"{numbers[1]}\t")
        assert "chat" in first
        assert "8 bytes" in first
        assert "JSON" in first
        assert last.startswith("2 in quarantine; retry with")

    def test_show_writes_the_very_bytes(self, tmp_path: Path, numbers: list[int]) -> None:
        ran = as_process("quarantine", "show", str(numbers[0]), cwd=tmp_path)
        assert (ran.returncode, ran.stdout) == (0, b"\xff\x00 raw \xfe")

    def test_retry_puts_back_what_is_there(self, run: Run, tmp_path: Path, numbers: list[int]) -> None:
        ran = run("quarantine", "retry", str(numbers[0]), str(numbers[1]))
        assert ran.status == 0
        assert ran.out.startswith("2 put back")

        async def states() -> list[str]:
            async with open_desk(database_url(tmp_path), staff=()) as kit:
                return [state for _, state in await kit.inbox_states()]

        assert asyncio.run(states()) == ["stored", "stored", "done"]
        assert run("quarantine", "list").out == "0 in quarantine\n"

    def test_retry_of_what_is_not_in_quarantine(self, run: Run, numbers: list[int]) -> None:
        ran = run("quarantine", "retry", str(numbers[2]), str(numbers[0]))
        assert ran.status == 1
        assert "1 put back" in ran.out
        assert run("quarantine", "retry", "4711").status == 1


# ── bench and demo ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_bench_prints_one_object(run: Run) -> None:
    ran = run("bench", "intake", "-n", "5", "--json")
    assert ran.status == 0, ran.err
    figures = json.loads(ran.out)
    assert figures["what"] == "intake"
    assert figures["n"] == 5
    for key in ("seconds", "per_second", "cpu_ms_each", "peak_rss_mb", "limit_per_second", "ratio_to_limit", "machine"):
        assert key in figures


def test_run_says_when_its_port_is_taken(run: Run) -> None:

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = run("run", HTTP__PORT=str(taken.getsockname()[1]))
    assert ran.status == 1
    assert any("http.port" in line and "complaintbot:" in line for line in ran.err.splitlines())
