"""Spoken times: what people say, and never a crash, whatever they say."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.__main__ import main
from bot.grammar.spoken import When, spoken

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=SHANGHAI)  # a Wednesday
LINES = (Path(__file__).parents[2] / "data" / "spoken_times.tsv").read_text(encoding="utf-8").splitlines()
SAID = [line.split("\t") for line in LINES if not line.startswith("#")]
PIECES = st.sampled_from(
    [line[0] for line in SAID] + list("一二十点半下周末月日号到-:/") + ["2", "31", "pm", "next ", "前", "后"]
)


def moment(text: str) -> datetime | None:
    if text == "-":
        return None
    at = datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
    return at if at.date() >= NOW.date() or at.month == 11 else at.replace(year=2027)


def test_what_is_said() -> None:
    wrong = [(text, when) for text, *told in SAID if not means(when := spoken(text, NOW), *told)]
    assert wrong == []


def means(when: When, start: str, end: str, ask: str) -> bool:
    return (
        (start == "*" or when.start == moment(start))
        and (end == "*" or when.end == moment(end))
        and (ask == "*" or when.ask is (ask == "ask"))
    )


@pytest.mark.parametrize(
    ("zone", "text", "start"),
    [
        pytest.param("Europe/London", "9.30", "2026-11-19 09:30", id="a time"),
        pytest.param("America/New_York", "can we say 4.15", "2026-11-18 16:15", id="of the afternoon"),
        pytest.param("Europe/London", "mon 30.11 9.30", "2026-11-30 09:30", id="its day and a time"),
        pytest.param("Europe/London", "28.11", "2026-11-28 00:00", id="no such time"),
        pytest.param("Europe/London", "11.28", "2026-11-28 00:00", id="hardly a time"),
        pytest.param("Europe/London", "11.30上午", "2026-11-30 09:00", id="Chinese spoken there"),
        pytest.param("Asia/Shanghai", "9.30", "2027-09-30 00:00", id="a day in China"),
    ],
)
def test_a_dot_is_read_as_it_is_written_there(zone: str, text: str, start: str) -> None:
    place = ZoneInfo(zone)
    when = spoken(text, datetime(2026, 11, 18, 10, 0, tzinfo=place))
    assert when.start == datetime.fromisoformat(start).replace(tzinfo=place)


@pytest.mark.parametrize(
    ("now", "text", "start", "ask"),
    [
        pytest.param("2026-11-18 16:00", "三点", "2026-11-19 15:00", True, id="gone by today"),
        pytest.param("2026-11-18 14:00", "下午三点", "2026-11-18 15:00", False, id="still ahead"),
        pytest.param("2026-12-30 09:00", "1月3号下午2点", "2027-01-03 14:00", False, id="over the new year"),
        pytest.param("2026-12-30 09:00", "下周一上午9点", "2027-01-04 09:00", False, id="next week is next year"),
        pytest.param("2027-01-31 09:00", "30号下午2点", None, True, id="no such day in February"),
        pytest.param("2028-02-28 09:00", "明天9点", "2028-02-29 09:00", False, id="leap day"),
        pytest.param("2026-11-22 09:00", "周日下午4点", "2026-11-22 16:00", False, id="today is Sunday"),
        pytest.param("2026-11-22 09:00", "下周日下午4点", "2026-11-29 16:00", False, id="the week ends on Sunday"),
        pytest.param("2026-11-23 09:00", "next Friday 3pm", "2026-12-04 15:00", True, id="this one or the next?"),
        pytest.param("2026-11-18 23:50", "半小时后", "2026-11-19 00:20", False, id="over midnight"),
        pytest.param("2026-11-18 23:50", "凌晨两点", "2026-11-19 02:00", True, id="this coming night"),
        pytest.param("2026-11-18 23:50", "晚上", "2026-11-19 18:00", True, id="the evening is over"),
        pytest.param("2026-11-18 23:50", "一早", "2026-11-19 07:00", False, id="early is tomorrow"),
        pytest.param(
            "2026-11-22 15:00", "周末", "2026-11-22 15:00", False, id="on Sunday the weekend is what is left of it"
        ),
        pytest.param(
            "2026-11-22 20:00", "周末", "2026-11-22 20:00", True, id="on Sunday evening it may be the next one"
        ),
        pytest.param(
            "2026-11-22 15:00", "下周一上午9点", "2026-11-23 09:00", False, id="on Sunday next Monday is tomorrow"
        ),
        pytest.param("2026-11-30 10:00", "月底", "2026-11-30 10:00", True, id="the last day of the month"),
        pytest.param("2026-12-03 10:00", "月初", "2026-12-03 10:00", True, id="in the first days of the month"),
        pytest.param("2026-12-10 10:00", "月初", "2027-01-01 00:00", True, id="the beginning of the next month"),
        pytest.param("2026-11-30 10:00", "31号上午9点", "2026-12-31 09:00", False, id="November has no 31st"),
        pytest.param("2026-11-18 10:00", "2月29日上午9点", "2028-02-29 09:00", False, id="the next leap day"),
        pytest.param("2026-11-18 23:30", "明天凌晨1点", "2026-11-19 01:00", False, id="at night"),
    ],
)
def test_seen_from_another_moment(now: str, text: str, start: str | None, ask: bool) -> None:
    when = spoken(text, datetime.fromisoformat(now).replace(tzinfo=SHANGHAI))
    assert when.start == (datetime.fromisoformat(start).replace(tzinfo=SHANGHAI) if start else None)
    assert when.ask is ask


@pytest.mark.parametrize(
    ("now", "text", "start"),
    [
        pytest.param(
            "2026-03-28T23:30+01:00", "tomorrow at 2.30am", "2026-03-29T03:30+02:00", id="an hour that is skipped"
        ),
        pytest.param("2026-03-28T23:30+01:00", "in 3 hours", "2026-03-29T03:30+02:00", id="three hours, in spring"),
        pytest.param("2026-10-24T23:30+02:00", "in 4 hours", "2026-10-25T02:30+01:00", id="four hours, in autumn"),
        pytest.param("2026-10-24T23:30+02:00", "tomorrow 9am", "2026-10-25T09:00+01:00", id="the clocks went back"),
    ],
)
def test_on_the_night_when_the_clocks_change(now: str, text: str, start: str) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    when = spoken(text, datetime.fromisoformat(now).astimezone(berlin))
    assert when.start is not None
    assert when.start.isoformat(timespec="minutes") == start


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        pytest.param("29 March 1:30am", True, id="never shown"),
        pytest.param("29 March 2:30am", False, id="after it"),
        pytest.param("25 October 1:30am", True, id="shown twice"),
        pytest.param("29 March 12:30am to 1:30am", True, id="ends when it is never shown"),
    ],
)
def test_a_time_that_the_clocks_skip_or_repeat_is_asked_about(text: str, ask: bool) -> None:
    when = spoken(text, datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Europe/London")))
    assert when.start is not None
    assert when.ask is ask


@pytest.mark.parametrize(
    "text",
    [
        "3pm EST tomorrow",
        "tomorrow 3pm ET",
        "tomorrow 3pm eastern time",
        "明天下午3点（伦敦时间）",
        "美东时间明天下午三点",
        "明天15:00 UTC",
        "明天15:00 UTC+1",
        "tomorrow 3pm GMT-5",
        "2026-11-19T15:00+01:00",
        "2026-11-19T15:00:00Z",
        "tomorrow 3pm London time",
        "东九区时间明天下午三点",
    ],
)
def test_a_time_by_the_clocks_of_another_place_is_asked_about(text: str) -> None:
    assert spoken(text, NOW).ask


@pytest.mark.parametrize(
    "text",
    [
        "北京时间明天下午三点",
        "tomorrow 3pm CST",
        "明天15:00 UTC+8",
        "tomorrow 3pm Beijing time",
        "东八区时间明天下午三点",
        "东三区5栋，明天下午三点",
        "tomorrow 3pm local time",
        "tomorrow at 3pm, my best time",
    ],
)
def test_a_zone_that_shows_our_own_time_is_none_of_another_place(text: str) -> None:
    assert spoken(text, NOW) == When(datetime(2026, 11, 19, 15, tzinfo=SHANGHAI), ask=False)


def test_our_own_place_may_be_named() -> None:
    london = datetime(2026, 6, 2, 9, tzinfo=ZoneInfo("Europe/London"))
    assert [spoken(f"tomorrow 3pm {zone}", london).ask for zone in ("London time", "BST", "UTC+1", "GMT")] == [
        False,
        False,
        False,
        True,
    ]


def test_a_bare_hour_means_the_day_that_is_spoken_of() -> None:
    monday = date(2026, 11, 23)
    assert spoken("下午三点吧", NOW, day=monday).start == datetime(2026, 11, 23, 15, tzinfo=SHANGHAI)
    assert spoken("10-12", NOW, day=monday).end == datetime(2026, 11, 23, 12, tzinfo=SHANGHAI)
    assert spoken("后天下午三点", NOW, day=monday).start == datetime(2026, 11, 20, 15, tzinfo=SHANGHAI)
    assert spoken("半小时后", NOW, day=monday).start == datetime(2026, 11, 18, 10, 30, tzinfo=SHANGHAI)
    assert spoken("好的", NOW, day=monday) == When()


@given(
    st.one_of(
        st.text(max_size=60), st.lists(PIECES, max_size=8).map("".join), st.lists(PIECES, max_size=5).map(" ".join)
    )
)
def test_whatever_is_said_a_span_runs_forward_and_what_is_clear_has_a_time_ahead(text: str) -> None:
    when = spoken(text, NOW)
    assert when.start is not None or when.ask
    if when.start is not None:
        assert when.start.tzinfo is SHANGHAI
        assert when.end is None or when.end > when.start
        assert when.ask or (when.end or when.start) >= NOW


@pytest.mark.parametrize(
    "text", ["1" * 500_000, "明天" * 200_000, "9点到" * 100_000, "next " * 100_000, "差" * 9_000, "十" * 9_000]
)
def test_only_the_beginning_of_a_long_text_is_looked_at(text: str) -> None:
    assert isinstance(spoken(text, NOW), When)


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["when", "--now", "2026-11-18T10:00:00+08:00", "明天下午三点", "hello"]) == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {"text": "明天下午三点", "start": "2026-11-19T15:00:00+08:00", "end": None, "ask": False},
        {"text": "hello", "start": None, "end": None, "ask": True},
    ]


def test_the_command_refuses_a_now_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["when", "--now", "noon", "明天"]) == 1
    assert "--now is 'noon', which is no moment" in capsys.readouterr().err
