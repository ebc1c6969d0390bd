"""How many messages a text is, and what that costs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sms.segments import Coding, most_chars, segments

GSM, UCS = Coding.GSM7, Coding.UCS2


@pytest.mark.parametrize(
    ("text", "coding", "units", "parts"),
    [
        pytest.param("", GSM, 0, 1, id="nothing is one message too"),
        pytest.param("a" * 160, GSM, 160, 1, id="a full one"),
        pytest.param("a" * 161, GSM, 161, 2, id="one more"),
        pytest.param("a" * 306, GSM, 306, 2, id="two full parts"),
        pytest.param("a" * 307, GSM, 307, 3, id="one more than two"),
        pytest.param("€" * 80, GSM, 160, 1, id="the extension counts double"),
        pytest.param("€" * 81, GSM, 162, 2, id="and is found in time"),
        pytest.param("a" * 152 + "€" + "a" * 152, GSM, 306, 3, id="and is never parted"),
        pytest.param("Ä ö ñ ¿ £ ¥ Δ @", GSM, 15, 1, id="GSM's own letters"),
        pytest.param("ç", UCS, 1, 1, id="which lack the small cedilla"),
        pytest.param("`", UCS, 1, 1, id="and the grave accent alone"),
        pytest.param("中" * 70, UCS, 70, 1, id="Chinese"),
        pytest.param("中" * 71, UCS, 71, 2, id="and one more"),
        pytest.param("中" * 134, UCS, 134, 2, id="two parts of 67"),
        pytest.param("中" * 135, UCS, 135, 3, id="one more than two parts"),
        pytest.param("a" * 69 + "中", UCS, 70, 1, id="one Chinese character makes all of it so"),
        pytest.param("😀" * 35, UCS, 70, 1, id="an emoji is two units"),
        pytest.param("😀" * 36, UCS, 72, 2, id="so 36 are too many"),
        pytest.param("中" * 66 + "😀" + "中" * 66, UCS, 134, 3, id="and it is never parted"),
    ],
)
def test_segments(text: str, coding: Coding, units: int, parts: int) -> None:
    counted = segments(text)
    assert (counted.coding, counted.units, counted.parts) == (coding, units, parts)


@pytest.mark.parametrize(("length", "parts"), [(70, 1), (71, 2), (134, 2), (135, 3)])
def test_chinese_gateways_count_every_text_alike(length: int, parts: int) -> None:
    counted = segments("a" * length, ucs2_only=True)
    assert (counted.coding, counted.parts) == (UCS, parts)


@given(st.text(max_size=700), st.booleans())
def test_the_parts_hold_the_text_and_none_is_left_over(text: str, ucs2_only: bool) -> None:
    counted = segments(text, ucs2_only=ucs2_only)
    one, part = (160, 153) if counted.coding is GSM else (70, 67)
    if counted.parts == 1:
        assert counted.units <= one
    else:
        assert counted.units > one
        assert counted.units <= counted.parts * part
        assert counted.units > (counted.parts - 1) * (part - 1) - 1


@given(st.integers(1, 10), st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]))
def test_as_many_characters_as_are_promised_fit(parts: int, character: str) -> None:
    assert segments(character * most_chars(parts)).parts <= parts
    assert segments("中" * (most_chars(parts) + 1)).parts == parts + 1
