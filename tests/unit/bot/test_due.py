"""`complaintbot due`: moments and their arithmetic from the command line."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.__main__ import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["due", *arguments]) == 0
    return capsys.readouterr().out


def reckoned(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, object]]:
    lines = [json.loads(line) for line in run(capsys, *arguments, "--json").splitlines()]
    return [line["clocks"][0] for line in lines]


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # no config.toml here


def test_a_limit_over_a_holiday_and_a_make_up_day(capsys: pytest.CaptureFixture[str]) -> None:
    [clock] = reckoned(capsys, "--limit", "5wd", "--received", "2026-09-29T10:00:00+08:00")
    assert clock == {
        "clock": "limit",
        "limit": "5wd",
        "due": "2026-10-12T23:59:59+08:00",
        "steps": [
            "2026-09-29 10:00:00 start",
            "+ 5 working days, 8 days off passed over: until the end of 2026-10-12",
            "= 2026-10-12 23:59:59",
        ],
        "provisional": False,
    }


def test_every_day_of_three_years_in_one_call(capsys: pytest.CaptureFixture[str]) -> None:
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range(1096)]
    clocks = reckoned(capsys, "--limit", "5wd", "--received", *(f"{day}T10:00" for day in days))
    dues = [str(clock["due"]) for clock in clocks]
    assert len(dues) == 1096
    assert dues == sorted(dues)
    provisional = [day for day, clock in zip(days, clocks, strict=True) if clock["provisional"]]
    assert provisional[0] == date(2026, 12, 25)


def test_every_clock_of_a_policy_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    told = run(capsys, "--policy", "base", "--received", "2026-11-20T17:30")
    assert "accept: 24h, due 2026-11-21T17:30:00+08:00" in told
    assert "complete: 13wd, due 2026-12-09T23:59:59+08:00" in told


def test_profiles_that_stand_beside_each_other_are_printed_together(capsys: pytest.CaptureFixture[str]) -> None:
    told = run(
        capsys, "--policy", "leyoujia-24h+leyoujia-315", "--category", "LISTING", "--received", "2026-11-20T17:30"
    )
    assert "investigate_feedback: 6h" in told
    assert "accept: 3h, due 2026-11-20T20:30:00+08:00, from received; only LISTING" in told


def test_pauses_move_working_hours(capsys: pytest.CaptureFixture[str]) -> None:
    limit = ["--limit", "4wh", "--received", "2026-11-20T16:00"]
    [free] = reckoned(capsys, *limit)
    [held] = reckoned(capsys, *limit, "--pause", "2026-11-20T17:00/2026-11-23T10:00")
    assert (free["due"], held["due"]) == ("2026-11-23T11:00:00+08:00", "2026-11-23T14:00:00+08:00")
    assert "stands still 2026-11-20 17:00:00 to 2026-11-23 10:00:00" in held["steps"]  # type: ignore[operator]


def test_pauses_and_moments_told_one_by_one_add_up(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = "2026-11-20T10:00/2026-11-20T11:00", "2026-11-20T11:30/2026-11-20T12:00"
    limit = ["--limit", "2wh", "--received", "2026-11-20T10:00"]
    [together] = reckoned(capsys, *limit, "--pause", first, second)
    [one_by_one] = reckoned(capsys, *limit, "--pause", first, "--pause", second)
    assert one_by_one["due"] == together["due"] == "2026-11-20T14:30:00+08:00"
    assert len(reckoned(capsys, *limit, "--received", "2026-11-20T11:00")) == 2


def test_the_calendar_of_a_settings_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    config = tmp_path / "own.toml"
    config.write_text(
        '[service]\ntimezone = "Europe/Berlin"\n[calendar]\ncountry = "DE"\nfriday = []\nholidays = ["2026-11-23"]\n'
    )
    [clock] = reckoned(capsys, "--limit", "1wd", "--received", "2026-11-19T10:00", "--config", str(config))
    assert clock["due"] == "2026-11-24T23:59:59+01:00"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--limit", "5x", "--received", "2026-01-01"], "'5x' is no limit"),
        (["--limit", "1000000wd", "--received", "2026-01-01"], "longer than ten years"),
        (["--limit", "5d", "--category", "QUAL", "--received", "2026-01-01"], "--category goes with --policy"),
        (["--limit", "5d", "--severity", "S0", "--received", "2026-01-01"], "--severity goes with --policy"),
        (["--policy", "base", "--category", "QUAL.leek", "--received", "2026-01-01"], "did you mean QUAL.leak"),
        (["--limit", "5d", "--received", "yesterday"], "--received is 'yesterday', which is no moment"),
        (["--limit", "5d", "--received", "9999-12-31"], "the year must lie between"),
        (["--limit", "5d", "--received", "2026-01-01", "--pause", "2026-01-02"], "write FROM/TO"),
        (["--limit", "5d", "--received", "2026-01-01", "--pause", "2026-01-02/2026-01-01"], "begin before it ends"),
        (["--policy", "nothing", "--received", "2026-01-01"], "nothing"),
        (["--policy", "mingyuan+base", "--received", "2026-01-01"], "adds nothing"),
        (["--policy", "base", "--severity", "S9", "--received", "2026-01-01"], "--severity is 'S9'"),
        (["--policy", "base", "--category", "XX", "--received", "2026-01-01"], "--category is 'XX'"),
    ],
)
def test_a_mistake_is_told_in_one_line(capsys: pytest.CaptureFixture[str], arguments: list[str], told: str) -> None:
    assert main(["due", *arguments]) == 1
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_a_category_that_is_none_is_told_here_too(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[policies]\ndirectory = "."', "utf-8")
    (tmp_path / "ours.toml").write_text('inherits = "base"\n[clocks.accept]\ncategories = ["QAUL"]', "utf-8")
    assert main(["due", "--policy", "ours", "--received", "2026-01-01"]) == 1
    assert "policy ours.clocks.accept names the category 'QAUL': did you mean QUAL?" in capsys.readouterr().err


OURS = """
inherits = "mingyuan"
[clocks.complete]
by_category = { QUAL = "30wd", "QUAL.leak" = "5wd" }
by_severity = { S0 = "2h" }
"""


@pytest.mark.parametrize(
    ("asked", "limits"),
    [
        ((), ["2h", "30wd", "5wd", "15wd"]),  # every one that it can have, the one for all the rest last
        (("--category", "PROP"), ["2h", "15wd"]),
        (("--category", "QUAL"), ["2h", "30wd"]),
        (("--category", "QUAL.leak"), ["2h", "5wd"]),
        (("--severity", "S0"), ["30wd", "5wd", "2h"]),
        (("--category", "qual.LEAK", "--severity", "s0"), ["2h"]),
        (("--category", "QUAL.leak", "--severity", "S0"), ["2h"]),
        (("--category", "QUAL.leak", "--severity", "S4"), ["5wd"]),
    ],
)
def test_the_category_and_the_severity_choose_the_limit(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, asked: tuple[str, ...], limits: list[str]
) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "ours.toml").write_text(OURS, "utf-8")
    (tmp_path / "config.toml").write_text('[policies]\ndirectory = "profiles"\n', "utf-8")
    told = run(
        capsys, "--policy", "ours", *asked, "--config", "config.toml", "--received", "2026-12-01T10:00", "--json"
    )
    assert [clock["limit"] for clock in json.loads(told)["clocks"] if clock["clock"] == "complete"] == limits


@pytest.mark.parametrize(
    ("asked", "clocks"),
    [
        (("leyoujia-315", "--category", "LISTING"), {"accept", "answer", "compensate"}),
        (("leyoujia-315", "--category", "AGENCY"), set()),
        (
            ("hongkelong", "--severity", "S1"),
            {"severity_notice", "bulletin", "urgent_to_center", "center_reply_customer"},
        ),
        (("hongkelong", "--severity", "S2"), {"severity_notice"}),
        (("hongkelong", "--severity", "S4"), set()),
    ],
)
def test_only_clocks_that_apply_are_printed(
    capsys: pytest.CaptureFixture[str], asked: tuple[str, ...], clocks: set[str]
) -> None:
    answer = json.loads(run(capsys, "--policy", *asked, "--received", "2026-12-01T10:00", "--json"))
    choosy = {"accept", "answer", "compensate"} if asked[0] == "leyoujia-315" else {
        "severity_notice", "bulletin", "urgent_to_center", "center_reply_customer",
    }  # fmt: skip
    assert {clock["clock"] for clock in answer["clocks"]} & choosy == clocks


def test_every_clock_says_from_when_and_for_what(capsys: pytest.CaptureFixture[str]) -> None:
    told = run(capsys, "--policy", "hongkelong", "--received", "2026-11-20T17:30")
    assert "transfer_holiday: 0d, due 2026-11-20T23:59:59+08:00, from received; only day_off" in told
    assert "bulletin: 7d, due 2026-11-27T23:59:59+08:00, from graded; only S1" in told
    assert "nature_decide: 4h, due 2026-11-20T21:30:00+08:00, from nature_reported" in told


@pytest.mark.parametrize("limit", ["0h", "0d", "0wd"])
def test_at_once_is_for_profiles_and_no_limit_of_the_command_line(
    capsys: pytest.CaptureFixture[str], limit: str
) -> None:
    assert main(["due", "--limit", limit, "--received", "2026-11-20T17:30"]) == 1
    assert "more than zero" in capsys.readouterr().err
