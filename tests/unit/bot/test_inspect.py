"""`complaintbot inspect` on folders, and `complaintbot bench parse`."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.parsing import bench_parse
from bot.inspect import inspect_files
from complaints import policy
from tests.unit.connectors.email.samples import mail


def test_a_folder_stands_for_the_files_in_it(tmp_path: Path) -> None:
    (tmp_path / "2026").mkdir()
    (tmp_path / "2026" / "a.eml").write_bytes(mail("Subject: 漏水"))
    (tmp_path / "b.eml").write_bytes(mail("Subject: 停电"))
    (tmp_path / "poison.eml").write_bytes(b"\0\0")
    lines = [json.loads(line) for line in inspect_files([str(tmp_path)], ())]
    assert [(line["file"], line.get("subject"), "error" in line) for line in lines] == [
        (str(tmp_path / "2026" / "a.eml"), "漏水", False),
        (str(tmp_path / "b.eml"), "停电", False),
        (str(tmp_path / "poison.eml"), None, True),
    ]


def test_it_says_how_grave_the_words_are_and_why(tmp_path: Path) -> None:
    file = tmp_path / "a.eml"
    file.write_bytes(mail("Subject: 漏水", body="再不修就找记者，我们12户都没水"))
    [line] = [json.loads(each) for each in inspect_files([str(file)], (), grading=policy.load("base").grading)]
    assert (line["grading"]["severity"], line["grading"]["proposed"]) == ("S4", "S1")
    assert {rule["rule"]: rule["because"] for rule in line["grading"]["rules"]} == {
        "crowd": "12", "group": "12", "said_hot": "记者",
    }  # fmt: skip


def test_the_parsing_benchmark_says_what_it_measured() -> None:
    figures = bench_parse(20)
    assert (figures["what"], figures["n"], figures["small"]) == ("parse", 20, 17)
    assert {"per_second", "mb_per_second", "cpu_ms_each", "p50_ms", "p99_ms", "ratio_to_limit"} <= set(figures)
