"""Calendar files, several calendars and what the command line prints of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.__main__ import main
from bot.calendar_files import CalendarFile, CalendarFileError, read_calendar
from bot.calendars import Calendars, Imported, OwnDay, read_hours
from bot.settings import load_settings
from complaints.errors import ConfigError

OFF = OwnDay(date(2027, 2, 5), (), "春节", "国办")
CONFIG = """
[service]
data_dir = "data"
[connectors.web]
enabled = true
[calendar]
holidays = ["2027-03-01"]
[calendars.north]
saturday = ["09:00-12:00"]
[calendars.berlin]
country = "DE"
timezone = "Europe/Berlin"
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    def _write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return _write


@pytest.mark.parametrize(
    "line",
    [
        "2027-02-05,休,春节,国办",
        "2027/2/5,放假,春节,国办",
        "2027年2月5日,off,春节,国办",
        "2027.2.5,HOLIDAY,春节,国办",
    ],
)
def test_a_day_off_in_every_spelling(write: Callable[[str, str], Path], line: str) -> None:
    assert read_calendar(write("d.csv", f"日期,安排,名称,来源\n{line}\n")) == CalendarFile((OFF,))


def test_working_days_hours_spans_of_days_and_what_is_taken_back(write: Callable[[str, str], Path]) -> None:
    file = read_calendar(
        write(
            "d.csv",
            "date,day\n2027-02-14,work\n2026-12-31,09:00-12:00 13:00-15:00\n2027-05-01至2027-05-03,休\n2027-06-01,平日\n",
        )
    )
    assert [(own.day, own.hours) for own in file.days] == [
        (date(2026, 12, 31), ((time(9), time(12)), (time(13), time(15)))),
        (date(2027, 2, 14), None),
        *[(date(2027, 5, day), ()) for day in (1, 2, 3)],
    ]
    assert file.removed == {date(2027, 6, 1)}
    assert file.years == frozenset()


def test_a_workbook_with_real_dates(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["日期", "安排", "节日", "依据"])
    sheet.append([datetime(2027, 2, 5), "休", "春节", "国办"])
    book.save(tmp_path / "d.xlsx")
    assert read_calendar(tmp_path / "d.xlsx", complete=True) == CalendarFile((OFF,), years=frozenset({2027}))


def test_toml_with_dates_in_and_out_of_quotes(write: Callable[[str, str], Path]) -> None:
    path = write("d.toml", '[[days]]\ndate = 2027-02-05\nday = "休"\nname = "春节"\nsource = "国办"\n')
    assert read_calendar(path).days == (OFF,)
    path = write("e.toml", '[[days]]\ndate = "2027-02-05/2027-02-06"\nday = "off"\n')
    assert len(read_calendar(path).days) == 2


def test_every_wrong_line_is_named_with_its_cure_and_nothing_is_taken(write: Callable[[str, str], Path]) -> None:
    lines = [
        "2027-02-30,休", "明天,休", "2027-02-05,也许", "2027-02-06,", "2027-02-07,12:00-09:00", "2027-02-08,休",
        "2027-02-08,班", "2027-02-10/2027-02-09,休",
    ]  # fmt: skip
    with pytest.raises(CalendarFileError) as raised:
        read_calendar(write("d.csv", "\n".join(["日期,安排", *lines])))
    told = str(raised.value).splitlines()
    assert told[0].endswith("nothing was imported")
    for number, part in (
        (2, "no day of the calendar"),
        (3, "no date"),
        (4, "off or work (休 or 班)"),
        (5, "day is empty"),
        (6, "ends before it begins"),
        (8, "stands in line 7 already"),
        (9, "from the earlier day to the later"),
    ):
        assert any(line.startswith(f"line {number}: ") and part in line for line in told), (number, part)
    assert len(told) == 8


@pytest.mark.parametrize(
    ("name", "text", "cure"),
    [
        pytest.param("d.csv", "日期,什么\n", "column '什么' is unknown", id="unknown column"),
        pytest.param("d.csv", "安排\n休\n", "no column date (日期)", id="no date"),
        pytest.param("d.csv", "日期,安排\n", "there is no day in it", id="no lines"),
        pytest.param("d.toml", "days = 3", "write [[days]]", id="no tables"),
        pytest.param("d.toml", "[[days]]\nwhen = 2027-01-01", "when is unknown", id="unknown key"),
        pytest.param("d.toml", "[[days", "not valid TOML", id="no toml"),
    ],
)
def test_a_file_that_is_none(write: Callable[[str, str], Path], name: str, text: str, cure: str) -> None:
    with pytest.raises(CalendarFileError, match=cure.replace("[", r"\[").replace("(", r"\(").replace(")", r"\)")):
        read_calendar(write(name, text))


def test_what_is_imported_wins_and_a_whole_year_replaces_what_was_reckoned() -> None:
    calendar = Calendars(load_settings(None, {})).default
    assert calendar.hours(date(2027, 4, 5)) == ()  # Tomb-Sweeping Day, as reckoned
    file = CalendarFile((OFF, OwnDay(date(2027, 10, 1), None)), years=frozenset({2027}))
    calendar.publish(file.over(Imported()))
    assert calendar.hours(date(2027, 2, 5)) == ()
    assert calendar.hours(date(2027, 10, 1))  # worked, the import says
    assert calendar.hours(date(2027, 4, 5))  # the whole list does not name it
    assert calendar.published(date(2027, 6, 1))
    assert not calendar.published(date(2028, 6, 1))


def test_the_next_file_adds_replaces_and_takes_back() -> None:
    first = CalendarFile((OFF, OwnDay(date(2027, 2, 8), ()))).over(Imported())
    later = CalendarFile((OwnDay(date(2027, 2, 5), None),), removed=frozenset({date(2027, 2, 8)})).over(first)
    assert dict(later.days) == {date(2027, 2, 5): OwnDay(date(2027, 2, 5), None)}
    whole = CalendarFile((OwnDay(date(2027, 5, 1), ()),), years=frozenset({2027})).over(first)
    assert list(whole.days) == [date(2027, 5, 1)]


def test_sites_have_calendars_of_their_own(write: Callable[[str, str], Path]) -> None:
    calendars = Calendars(load_settings(write("config.toml", CONFIG), {}))
    assert calendars.names == ("", "north", "berlin")
    saturday, march, may = date(2026, 11, 21), date(2027, 3, 1), date(2027, 5, 3)
    assert calendars.named("north").hours(saturday) == read_hours(["09:00-12:00"])
    assert calendars.default.hours(saturday) == ()
    assert calendars.named("north").hours(march) == ()  # what it leaves out is taken from [calendar]
    assert str(calendars.named("berlin").zone) == "Europe/Berlin"
    assert calendars.named("somewhere") is calendars.default
    calendars.place({"NJ01": "north", "NJ02": "gone"})
    assert calendars.of_site("NJ01") is calendars.named("north")
    assert calendars.of_site("NJ02") is calendars.of_site("") is calendars.default
    calendars.publish({"": Imported({may: OwnDay(may, None)}), "north": Imported({march: OwnDay(march, None)})})
    assert calendars.named("north").hours(may)  # the same country: what was imported for all
    assert calendars.named("north").hours(march)
    assert calendars.default.hours(march) == ()
    assert calendars.named("berlin").hours(march) == ()


def test_a_mistake_in_a_site_s_calendar_is_named(write: Callable[[str, str], Path]) -> None:
    path = write("config.toml", CONFIG + '\n[calendars.south]\nmonday = ["9-12"]\n')
    with pytest.raises(ConfigError, match=r"calendars.south.monday: '9-12' is no span of hours"):
        Calendars(load_settings(path, {}))
    path = write("config.toml", CONFIG + '\n[calendars.south]\nmondays = ["09:00-12:00"]\n')
    with pytest.raises(ConfigError, match=r"calendars.south.mondays is an unknown key; did you mean 'monday'"):
        load_settings(path, {})


def test_imported_shown_and_listed(
    write: Callable[[str, str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    write("config.toml", CONFIG)
    write("d.csv", "日期,安排,名称,来源\n2027-02-05,休,春节,国办\n2027-02-14,班,补班,\n")
    assert main(["migrate"]) == 0
    assert main(["calendar", "import", "d.csv", "--dry-run"]) == 0
    assert "2 days would be imported" in capsys.readouterr().out
    assert main(["calendar", "show", "--year", "2027"]) == 0
    assert "2027-02-14" not in capsys.readouterr().out
    assert main(["calendar", "import", "d.csv"]) == 0
    assert "2027 stays provisional" in capsys.readouterr().out
    assert main(["calendar", "show", "--year", "2027"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "2027: provisional: its official list is not known yet"
    assert "2027-02-05 Fri\toff\t春节\timported (国办)" in shown
    assert "2027-02-14 Sun\t09:00-12:00 13:00-18:00\t补班\timported" in shown
    assert "2027-03-01 Mon\toff\t-\tsettings (calendar.holidays)" in shown
    assert "2027-10-01 Fri\toff\tNational Day\tprovisional (reckoned by holidays)" in shown
    due = ["due", "--limit", "1wd", "--received", "2027-02-12T10:00"]
    assert main(due) == main([*due, "--imported"]) == 0
    without, with_import = [line for line in capsys.readouterr().out.splitlines() if "due" in line]
    assert "due 2027-02-15T23:59:59" in without
    assert "due 2027-02-14T23:59:59" in with_import  # a Sunday, imported as worked
    assert main(["calendar", "import", "d.csv", "--complete", "--name", "north"]) == 0
    assert main(["calendar", "list"]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines() if "\t" in line]
    known = {row[0]: row for row in rows}
    assert "2027" in known["north"][3]
    assert "2027" not in known["(default)"][3]
    assert main(["calendar", "show", "--name", "nowhere"]) == 1
    assert "they have north, berlin" in capsys.readouterr().err
