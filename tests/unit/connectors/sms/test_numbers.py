"""Phone numbers: one spelling for each, and a reason where no short message can go."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.staff import read_staff
from connectors.sms.numbers import Number, read_number

MOBILE = "+8613800138000"


@pytest.mark.parametrize(
    "text",
    [
        "13800138000", "138 0013 8000", "138-0013-8000", "+86 138 0013 8000", "+8613800138000", "8613800138000",
        "0086 13800138000", "008613800138000", "１３８００１３８０００", "＋８６１３８００１３８０００", "(+86)13800138000",
        "\u200b13800138000", "86-13800138000",
    ],
)  # fmt: skip
def test_a_mainland_mobile_has_one_spelling(text: str) -> None:
    assert read_number(text) == Number(MOBILE)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        pytest.param("+852 9123 4567", "+85291234567", id="Hong Kong"),
        pytest.param("85291234567", "+85291234567", id="Hong Kong as gateways write it"),
        pytest.param("+853 6612 3456", "+85366123456", id="Macau"),
        pytest.param("00886 912 345 678", "+886912345678", id="Taiwan"),
        pytest.param("886912345678", "+886912345678", id="Taiwan without the plus"),
        pytest.param("+1 415 867 5309", "+14158675309", id="America"),
        pytest.param("+44 7911 123456", "+447911123456", id="Britain"),
        pytest.param("19912345678", "+8619912345678", id="a range handed out lately"),
    ],
)
def test_numbers_of_other_places(text: str, address: str) -> None:
    assert read_number(text) == Number(address)


@pytest.mark.parametrize(
    ("text", "address", "trouble"),
    [
        pytest.param("010-6234 5678", "+861062345678", "landline", id="Beijing"),
        pytest.param("+862066668888", "+862066668888", "landline", id="Guangzhou"),
        pytest.param("+85221234567", "+85221234567", "landline", id="Hong Kong"),
        pytest.param("400-800-1234", "+864008001234", "service number", id="400"),
        pytest.param("+86912345678", "+86912345678", "no such number", id="no such number"),
    ],
)
def test_what_takes_no_short_messages_is_refused_with_the_reason(text: str, address: str, trouble: str) -> None:
    number = read_number(text)
    assert number.address == address
    assert number.personal
    assert trouble in number.trouble


@pytest.mark.parametrize("text", ["12345", "95588", "10086", "110", "106901234567890", "95521234", "１２３４５"])
def test_short_codes_are_apart(text: str) -> None:
    number = read_number(text)
    assert not number.personal
    assert "short code" in number.trouble


@pytest.mark.parametrize(
    "text", ["", "+", "+1", "TWILIO", "138001380001234567890123", "+8613800138000x", "一二三", "\x00"]
)
def test_what_is_no_number_is_said_to_be_none(text: str) -> None:
    number = read_number(text)
    assert not number.personal
    assert number.trouble == "it is no phone number"


def test_numbers_without_a_country_belong_to_the_one_at_home() -> None:
    assert read_number("415-867-5309", "US") == Number("+14158675309")
    assert read_number("9123 4567", "HK") == Number("+85291234567")


@pytest.mark.parametrize(
    ("how", "home", "written"),
    [
        ("e164", "CN", MOBILE),
        ("plain", "CN", "8613800138000"),
        ("national", "CN", "13800138000"),
        ("national", "HK", "8613800138000"),
    ],
)
def test_a_number_is_spelled_as_the_gateway_wants_it(how: str, home: str, written: str) -> None:
    assert read_number(MOBILE).spelled(how, home) == written


@given(st.text(max_size=80))
def test_no_text_makes_it_fail_and_twice_is_once(text: str) -> None:
    number = read_number(text)
    if not number.trouble:
        assert read_number(number.address) == number


@pytest.mark.parametrize(
    "text", ["13800138000", "+86 138 0013 8000", "8613800138000", "+85291234567", "+1 415 867 5309"]
)
def test_the_table_of_staff_spells_numbers_alike(text: str, tmp_path: Path) -> None:
    """Notices go to the numbers of that table, and what people send is known by them."""
    table = tmp_path / "staff.csv"
    table.write_text(f"name,phone\n张伟,{text}\n")
    assert read_staff(table)[0].phone == read_number(text).address
