"""Tables of staff, sites and duties: imported whole or not at all, listed, and beside a running service."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.settings import load_settings as load
from bot.settings import signing_secret
from bot.storage.database import Database
from bot.storage.work import Work
from bot.tokens import Signer
from tests.unit.bot.cli_kit import STAFF, Done, Run, in_database, module, refused, write


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


def test_a_wrong_table_of_sites_or_rota_is_told_a_line_for_each_and_changes_nothing(run: Run, data: Path) -> None:
    write("sites.csv", b"code,head,calendar\nA,nobody,\nB,,moon\n")
    assert "line 3: calendar 'moon' is not known" in run("sites", "import", "sites.csv").err
    write("rota.csv", b"person,days\nnobody,someday\n,mon\n")
    wrong = run("rota", "import", "rota.csv")
    assert wrong.status == 1
    assert re.search(r"line 2: 'someday' names no days.*\nrota.csv, line 3: person is empty\n$", wrong.err)
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
