"""`complaintbot report`: a period's figures as text, JSON and workbook, customers masked, in the desk's language."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from bot.storage.database import Database
from bot.storage.work import Work
from complaints.vocabulary import Role
from tests.unit.bot.cli_kit import Run, refused
from tests.unit.bot.desk_kit import ZONE, Kit, entry, open_desk

STAFF = (entry("张伟", Role.HANDLER), entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=3))


@pytest.fixture
async def desk(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kit:
    """A desk that had three complaints on one day in March 2026: one was done and rated, one is grave."""
    monkeypatch.setenv("COMPLAINTBOT_DATABASE__URL", database_url)
    monkeypatch.setenv("COMPLAINTBOT_SERVICE__DATA_DIR", str(tmp_path / "data"))
    async with open_desk(database_url, staff=STAFF) as kit:
        await kit.address("张伟", "chat", "handler")
        await kit.says("投诉 电梯坏了三天没人修，我是王芳，电话13712345678", "c1")
        await kit.deliver()
        for words in ("接单", "办结 换了曳引绳，已回电 13712345678"):
            await kit.says(words, "handler")
            await kit.deliver()
        await kit.says("满意", "c1")
        await kit.says("投诉 厨房漏水没人管", "c2")
        await kit.says("投诉 车库积水没人管", "c3")
        await kit.write(
            sql("UPDATE complaints SET record = replace(record, '\"S4\"', '\"S2\"') WHERE reference LIKE '%3'")
        )
    return kit


def sql(statement: str) -> Callable[[Work], Awaitable[None]]:
    async def job(work: Work) -> None:
        await work.session.execute(text(statement))

    return job


def test_a_month_as_text(run: Run, desk: Kit) -> None:
    done = run("report", "monthly", "--period", "2026-03")
    assert done.status == 0, done.err
    lines = done.out.splitlines()
    assert lines[0] == "投诉月报 2026-03"
    assert lines[1].startswith("统计于 ")
    [total] = [line for line in lines if line.startswith("合计: ")]
    assert "收到 3" in total
    assert "结案 1" in total
    assert "期末未结 2" in total
    assert "满意率 100.0%（1/1）" in total


def test_a_day_names_each_and_masks_its_customer(run: Run, desk: Kit) -> None:
    """R-050, R-099: the report of a day names each."""
    out = run("report", "daily", "--period", "2026-03-02").out
    assert [f"TS20260302-000{n}" in out for n in (1, 2, 3)] == [True] * 3
    assert "换了曳引绳" in out
    assert "13712345678" not in out
    assert "王芳" not in out
    later = run("report", "daily").out.splitlines()
    yesterday = datetime.now(ZONE).date() - timedelta(days=1)
    assert later[0] == f"投诉日报 {yesterday}", "the last day that is over"
    assert "期末未结 2" in later[3]


def test_as_json_and_as_files(run: Run, desk: Kit, tmp_path: Path) -> None:
    """R-102, R-103: the quarter, with how each unit and each person did."""
    done = run("report", "quarterly", "--period", "2026-Q1", "--json", "--out", tmp_path / "reports")
    told = json.loads(done.out)
    assert (told["report"], told["period"], told["first"], told["last"]) == (
        "quarterly", "2026-Q1", "2026-01-01", "2026-03-31",
    )  # fmt: skip
    assert (told["total"]["received"], told["total"]["closed"], told["total"]["open"]) == (3, 1, 2)
    assert told["total"]["rates"]["satisfied"] == {"rate": 1.0, "hits": 1, "of": 1}
    assert sum(each["received"] for each in told["by"]["person"].values()) == 3
    files = sorted((tmp_path / "reports").iterdir())
    assert [file.name for file in files] == [f"quarterly-2026-Q1.{ending}" for ending in ("json", "txt", "xlsx")]
    assert json.loads(files[0].read_text("utf-8"))["total"] == told["total"]
    assert files[1].read_text("utf-8").startswith("投诉季报 2026-Q1\n")
    book = load_workbook(files[2])
    assert book.sheetnames[0] == "按性质"
    assert book.sheetnames[-1] == "逐件"
    last = [cell.value for cell in list(book["按类别"].iter_rows())[-1]]
    assert last[:2] == ["合计", "3"]


def test_in_english(run: Run, desk: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPLAINTBOT_SERVICE__LOCALE", "en")
    out = run("report", "half-month", "--period", "2026-03-h1").out
    assert out.startswith("Half-month report of complaints 2026-03-H1\ncounted at ")
    assert "All: received 3, valid 3" in out


def test_a_period_that_goes_on_is_counted_as_it_stands(run: Run, desk: Kit) -> None:
    today = datetime.now(ZONE).date()
    assert run("report", "daily", "--period", str(today)).out.splitlines()[1].startswith("期间未结束，数字截至 ")


def test_a_period_without_any_says_so(run: Run, desk: Kit) -> None:
    assert "期内没有投诉。" in run("report", "monthly", "--period", "2026-02").out


async def damage(url: str) -> None:
    async with Database(url) as database:
        await database.write(sql("UPDATE complaints SET record = '{' WHERE reference LIKE '%2'"))


def test_a_record_that_cannot_be_read_is_named_and_keeps_no_report_back(run: Run, desk: Kit) -> None:
    asyncio.run(damage(desk.database.url))
    out = run("report", "monthly", "--period", "2026-03").out
    assert "记录损坏、未计入：TS20260302-0002" in out
    assert "收到 2" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("monthly", "--period", "2026-Q1"), "of a monthly report write 2026-11"),
        (("daily", "--period", "2126-03-09"), "has not begun"),
        (("daily", "--site", "nowhere"), "--site is 'nowhere'"),
        (("weekly",), "weekly"),
    ],
)
def test_what_cannot_be_counted_is_refused(run: Run, desk: Kit, arguments: tuple[str, ...], told: str) -> None:
    refused(run("report", *arguments), told)
