"""Spoken times: what people say, and never a crash, whatever they say."""

from __future__ import annotations

import json
from datetime import datetime
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


@pytest.mark.parametrize(("text", "start", "end", "ask"), SAID, ids=[line[0] for line in SAID])
def test_what_is_said(text: str, start: str, end: str, ask: str) -> None:
    assert spoken(text, NOW) == When(moment(start), moment(end), ask == "ask")


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
        pytest.param("2026-11-18 23:30", "明天凌晨1点", "2026-11-19 01:00", False, id="at night"),
    ],
)
def test_seen_from_another_moment(now: str, text: str, start: str | None, ask: bool) -> None:
    when = spoken(text, datetime.fromisoformat(now).replace(tzinfo=SHANGHAI))
    assert when.start == (datetime.fromisoformat(start).replace(tzinfo=SHANGHAI) if start else None)
    assert when.ask is ask


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


@pytest.mark.parametrize("text", ["1" * 500_000, "明天" * 200_000, "9点到" * 100_000, "next " * 100_000])
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
