"""In which country phone numbers are read that name none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import build_connectors
from bot.clock import SystemClock
from bot.grammar.details import find_phone, unread_number, without_phones
from bot.phones import home, numbers_are_of
from bot.settings import CalendarSection, load_settings
from bot.shown import phones_masked
from bot.storage.models import PersonRow
from bot.tabular import phone, read_each
from complaints.errors import ConfigError
from connectors.sms import SmsGateway
from tests.unit.bot.desk_kit import Kit, asks, known_customer

WRITTEN = {
    "CN": ("13812345678", "+8613812345678"),
    "GB": ("07911 123456", "+447911123456"),
    "SG": ("9123 4567", "+6591234567"),
    "HK": ("6123 4567", "+85261234567"),
    "US": ("415-555-2671", "+14155552671"),
}


@pytest.fixture(params=WRITTEN)
def country(request: pytest.FixtureRequest) -> Iterator[str]:
    before = home()
    numbers_are_of(request.param)
    yield request.param
    numbers_are_of(before)


def test_a_number_that_names_no_country_is_of_the_desks_own(country: str) -> None:
    written, number = WRITTEN[country]
    assert find_phone(f"my tap leaks, call {written} please") == number
    assert phone(written, "line 2", ConfigError) == number
    assert unread_number(f"call {written}") == ""
    assert written not in without_phones(f"call {written} please")
    masked = phones_masked(f"call {written} please")
    assert written not in masked
    assert "***" in masked
    assert find_phone("+86 138 1234 5678") == "+8613812345678"


async def test_two_spellings_of_one_number_are_one_number(kit: Kit, country: str) -> None:
    written, number = WRITTEN[country]
    for who, spelled in (("c1", written), ("c2", number)):
        await asks(kit, "厨房水管一直漏水", who)
        await asks(kit, f"Kim Lee, 6栋1202, {spelled}", who)
        [row] = await kit.rows(PersonRow, PersonRow.id == await known_customer(kit, who))
        assert row.phone == number


@pytest.mark.parametrize(
    ("named", "numbers"),
    [("CN", "CN"), ("", "CN"), ("GB-ENG", "GB"), ("hk", "HK"), ("SGP", "SG"), ("Atlantis", "CN")],
)
def test_the_calendars_country_is_that_of_the_numbers(named: str, numbers: str) -> None:
    assert CalendarSection(country=named).numbers == numbers


@pytest.mark.parametrize(("more", "country_of_numbers"), [("", "GB"), ('home = "CN"', "CN")])
def test_short_messages_go_to_numbers_of_that_country(tmp_path: Path, more: str, country_of_numbers: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        '[calendar]\ncountry = "GB-ENG"\n[connectors.web]\nenabled = false\n[connectors.sms]\nenabled = true\n'
        'provider = "kannel"\nsecret = "0123456789abcdef0123456789abcdef"\nurl = "http://127.0.0.1:1/send"\nuser = "u"\n'
        f'password = "p"\n{more}\n'
    )
    gateway = build_connectors(load_settings(file, {}), None, SystemClock())["sms"]  # type: ignore[arg-type]
    assert isinstance(gateway, SmsGateway)
    assert gateway._settings.home == country_of_numbers


@pytest.mark.parametrize(
    ("country", "example"),
    [
        ("CN", "13800138000 or +86 138 0013 8000"),
        ("HK", "5123 4567 or +852 5123 4567"),
        ("GB", "07400 123456 or +44 7400 123456"),
    ],
)
def test_a_wrong_number_in_a_table_is_told_as_numbers_are_written_here(
    country: str, example: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.phones._home", country)
    with pytest.raises(ConfigError, match=re.escape(f"'123' is not a phone number; write it like {example}")):
        phone("123", "staff.csv, line 2", ConfigError)


def test_every_wrong_line_of_a_table_stands_on_a_line_of_its_own() -> None:
    with pytest.raises(ConfigError) as error:
        read_each(["1", "2"], lambda number: phone(number, f"line {number}", ConfigError), ConfigError)
    assert [line[:6] for line in str(error.value).split("\n")] == ["line 1", "line 2"]
