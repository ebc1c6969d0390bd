"""The complaints as a table: every line, customers masked, and nobody's words worked out as a formula."""

from __future__ import annotations

import csv
import logging
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.__main__ import main
from bot.ledger import COLUMNS
from bot.tabular import plain, write_table
from bot.words import Vocabulary, templates_dir
from complaints.errors import ConfigError
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import Kit, entry, open_desk

FORMULAS = ('=HYPERLINK("http://evil.example","refund")', "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", " =1", "＝1+1")
STAFF = (entry("张伟", Role.HANDLER), entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=3))


@pytest.fixture
async def database(fresh_sqlite_url: str) -> str:
    async with open_desk(fresh_sqlite_url, staff=STAFF) as kit:
        await _live(kit)
    return fresh_sqlite_url


async def _live(kit: Kit) -> None:
    await kit.says('=cmd|"/c calc"!A1 厨房漏水没人管，3栋502，王芳 13812345678', "c1")
    await kit.says("投诉 电梯坏了三天没人修，电话13712345678", "c2")
    await kit.deliver()


def sheet(file: Path) -> Any:
    return load_workbook(file).worksheets[0]


def table(file: Path) -> list[list[str]]:
    if file.suffix == ".xlsx":
        return [[str(cell or "") for cell in row] for row in sheet(file).iter_rows(values_only=True)]
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.reader(text))


def exported(database: str, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPLAINTBOT_DATABASE__URL", database)
    monkeypatch.setenv("COMPLAINTBOT_SERVICE__DATA_DIR", str(file.parent))
    try:
        assert main(["export", str(file)]) == 0
    finally:
        logging.getLogger().handlers.clear()


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_work_out_is_shown_as_it_was_written(text: str, tmp_path: Path) -> None:
    shown = "'" + text.replace("\r", "\n")
    for name in ("t.xlsx", "t.csv"):
        write_table(tmp_path / name, [[text, "3栋502"]], ConfigError)
    [cell, place] = next(sheet(tmp_path / "t.xlsx").iter_rows())
    assert (cell.data_type, cell.value) == ("s", shown)
    assert place.value == "3栋502"
    assert table(tmp_path / "t.csv") == [[shown, "3栋502"]]


def test_what_no_sheet_can_hold_is_left_out(tmp_path: Path) -> None:
    assert plain("漏\x00水\x0b\ud800") == "漏水"
    write_table(tmp_path / "t.xlsx", [["x" * 40_000]], ConfigError)
    assert len(sheet(tmp_path / "t.xlsx")["A1"].value) == 32_767


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"\.xlsx or \.csv"):
        write_table(tmp_path / "t.ods", [], ConfigError)


@pytest.mark.parametrize("name", ["all.xlsx", "all.csv"])
def test_every_complaint_is_a_line_with_its_customer_masked(
    database: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-107: the register of complaints, with what was learnt of each."""
    exported(database, tmp_path / name, monkeypatch)
    rows = table(tmp_path / name)
    lines = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert [line["编号"] for line in lines] == ["TS20260302-0001", "TS20260302-0002"]
    assert lines[0]["反映内容"].startswith("'=cmd")
    assert [line["电话"] for line in lines] == ["138****5678", "137****5678"]
    assert "13812345678" not in str(rows)
    assert {line["承办人"] for line in lines} == {"张伟"}


@pytest.mark.parametrize(("locale", "called"), [("zh", "报修类"), ("en", "Repairs")])
def test_categories_of_ones_own_are_called_by_name(
    database: str, locale: str, called: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own" / "packs").mkdir(parents=True)
    pack = '[PROP]\nzh="报修类"\nen="Repairs"\n[QUAL]\nzh="报修类"\nen="Repairs"\n[OTHER]\nzh="其他"\nen="Other"\n'
    (tmp_path / "own" / "packs" / "ours.toml").write_text(pack, encoding="utf-8")
    monkeypatch.setenv("COMPLAINTBOT_POLICIES__DIRECTORY", str(tmp_path / "own"))
    monkeypatch.setenv("COMPLAINTBOT_SERVICE__PACK", "ours")
    monkeypatch.setenv("COMPLAINTBOT_SERVICE__LOCALE", locale)
    exported(database, tmp_path / "all.csv", monkeypatch)
    [head, *rows] = table(tmp_path / "all.csv")
    words = Vocabulary(templates_dir() / "_layout" / locale / "words.toml")
    column = head.index(words.word("ledger", "category"))
    assert {row[column] for row in rows} == {called}


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_no_two_columns_are_headed_alike(locale: str) -> None:
    words = Vocabulary(templates_dir() / "_layout" / locale / "words.toml")
    heads = [words.word("ledger", each) for each in COLUMNS]
    assert len(set(heads)) == len(heads)
