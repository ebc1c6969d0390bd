"""Our words as Telegram takes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.port import Button
from connectors.telegram.words import keyboard, split, units, without_mentions


def test_a_short_text_is_one_part_and_no_text_none() -> None:
    assert split("已受理\n谢谢") == ["已受理\n谢谢"]
    assert split("一" * 4096) == ["一" * 4096]
    assert split(" \n ") == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param("第一段。\n\n第二段很长很长", ["第一段。", "第二段很长很长"], id="paragraph"),
        pytest.param("第一行的话呢\n第二行很长", ["第一行的话呢", "第二行很长"], id="line"),
        pytest.param("第一句的话。第二句没完", ["第一句的话。", "第二句没完"], id="sentence"),
        pytest.param("three words here", ["three", "words here"], id="word"),
        pytest.param("一二三四五六七八九十一二", ["一二三四五六七八九十", "一二"], id="nowhere else"),
        pytest.param("😤😤😤😤😤😤", ["😤😤😤😤😤", "😤"], id="two units each"),
        pytest.param(
            "一二三四五六七八九e\u0301x", ["一二三四五六七八九", "e\u0301x"], id="an accent stays with its letter"
        ),
        pytest.param(
            "一二三四五六👨\u200d👩\u200d👧", ["一二三四五六", "👨\u200d👩\u200d👧"], id="a family stays together"
        ),
    ],
)
def test_a_long_text_is_cut_where_people_pause(text: str, parts: list[str]) -> None:
    assert split(text, 10) == parts


@given(st.text(alphabet="一二。\n 😤e\u0301\u200d.", max_size=300), st.integers(8, 40))
def test_nothing_is_lost_and_nothing_too_long(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(0 < units(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_short_buttons_stand_beside_each_other() -> None:
    labels = ["满意", "一般", "不满意", "还没有修好请再来一次", "Accept", "No"]
    markup = keyboard([Button(label, label) for label in labels])
    assert markup is not None
    rows = [[button.text for button in row] for row in markup.inline_keyboard]
    assert rows == [["满意", "一般", "不满意"], ["还没有修好请再来一次", "Accept", "No"]]
    assert keyboard([]) is None


def test_a_button_carries_at_most_64_bytes() -> None:
    fits, long = "满" * 21, "满" * 22
    markup = keyboard([Button("a", fits), Button("b", long)])
    assert markup is not None
    data = [str(button.callback_data) for row in markup.inline_keyboard for button in row]
    assert data == [fits, "#button:1"]
    assert all(len(each.encode()) <= 64 for each in data)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("问 @zhangwei 吧", "问 @\u200bzhangwei 吧", id="a name"),
        pytest.param("@Zhang_Wei", "@\u200bZhang_Wei", id="at the beginning"),
        pytest.param("派单 0001 @张伟", "派单 0001 @张伟", id="no name of Telegram"),
        pytest.param("a@example.com", "a@example.com", id="a mail address"),
        pytest.param("5 @ 3", "5 @ 3", id="a price"),
    ],
)
def test_nobody_is_called_by_name(text: str, expected: str) -> None:
    assert without_mentions(text) == expected
    assert without_mentions(expected) == expected
