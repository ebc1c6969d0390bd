"""The country of phone numbers that name none: the desk's own.

The words of people are read in many places, all by pure functions; in which country they are read is said once, where the
settings are (`calendar.country`), and no more than one desk speaks in a process.
"""

from __future__ import annotations

import re
from collections.abc import Callable

MAINLAND = "CN"
_home = MAINLAND
_DIGITS = re.compile(r"\d(?:[\s().-]{0,2}\d){4}")


def home() -> str:
    """Return the country's two letters (ISO 3166)."""
    return _home


def numbers_are_of(country: str) -> None:
    """Read phone numbers that name no country as the country's own from now on."""
    global _home
    _home = country


def with_phones(text: str, put: Callable[[str], str]) -> str:
    """Return the text with something in place of every phone number. put: makes it of the number as it is written."""
    if _DIGITS.search(text) is None:
        return text
    import phonenumbers  # seldom needed, and its tables take a while to load

    for match in reversed(list(phonenumbers.PhoneNumberMatcher(text, home()))):
        text = f"{text[: match.start]}{put(match.raw_string)}{text[match.end :]}"
    return text
