"""Phone numbers: one spelling for each, and which of them a short message can reach."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

HOME = "CN"

_SPACING = re.compile(r"[\s().\-\u00ad\u2010-\u2015\u200b-\u200f\u2060]+")
_DIGITS = re.compile(r"\+?[0-9]{5,20}")
_SHORT = re.compile(r"[0-9]{3,6}|106[0-9]{5,17}", re.ASCII)  # 12345, 95588; 106… are the carriers' own for companies
_LONGER_SHORT = re.compile(
    r"[0-9]{7,8}", re.ASCII
)  # 95xxxxxx, unless numbers at home are no longer than that (Hong Kong)
_SHORT_CODE = "it is a short code, which takes no short messages"
# Ranges are handed out faster than their tables are published.
_CHINESE_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9]{9})")
_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.VOIP})
_SERVICE = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    }
)


@dataclass(frozen=True, slots=True)
class Number:
    """A phone number understood.

    address: `+8613800138000` (E.164); of a short code or a sender's name, that itself. personal: a person may be behind it;
    short codes and names are the senders of machines. trouble: why no short message can be sent to it, "" where one can.
    """

    address: str
    personal: bool = True
    trouble: str = ""

    def spelled(self, how: str, home: str = HOME) -> str:
        """Return it as a gateway wants it: "e164", "plain" (without the +) or "national" (as dialled inside `home`)."""
        if how == "plain":
            return self.plain()
        return self.at_home(home) if how == "national" else self.address

    def plain(self) -> str:
        """Return it with country code and without `+`."""
        return self.address.removeprefix("+")

    def at_home(self, home: str = HOME) -> str:
        """Return it as dialled inside `home`: `13800138000`; elsewhere with country code and without `+`."""
        code = country_code(home)
        return self.plain().removeprefix(code) if self.address.startswith(f"+{code}") else self.plain()


def country_code(home: str) -> str:
    """Return what numbers of the country begin with, "86" for CN; "" where there is no such country."""
    return str(phonenumbers.country_code_for_region(home) or "")


def read_number(text: str, home: str = HOME) -> Number:
    """Understand a number in any usual spelling: full-width digits, spaces, 0086, 86 or +86 in front, or none.

    home: the country (ISO 3166, two letters) of numbers that name none. Never fails: what is no number has its trouble.
    """
    plain = _SPACING.sub("", unicodedata.normalize("NFKC", text[:64]))
    if mobile := _CHINESE_MOBILE.fullmatch(plain) if home == "CN" else None:
        return Number(f"+86{mobile[1]}")
    if _SHORT.fullmatch(plain):
        return Number(plain, False, _SHORT_CODE)
    if not _DIGITS.fullmatch(plain):
        return Number(" ".join(text[:64].split()), False, "it is no phone number")
    # Gateways often give a number with its country code but without the +.
    for spelling in (plain, f"+{plain}"):
        number = _parsed(spelling, home)
        if number is not None and phonenumbers.is_valid_number(number):
            return Number(phonenumbers.format_number(number, PhoneNumberFormat.E164), trouble=_trouble(number))
    if _LONGER_SHORT.fullmatch(plain):
        return Number(plain, False, _SHORT_CODE)
    number = _parsed(plain, home)
    if number is None or not phonenumbers.is_possible_number(number):
        return Number(plain, False, "it is no phone number")
    return Number(phonenumbers.format_number(number, PhoneNumberFormat.E164), trouble="no such number is in use")


def _parsed(text: str, home: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, home)
    except phonenumbers.NumberParseException:
        return None


def _trouble(number: PhoneNumber) -> str:
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.FIXED_LINE:
        return "it is a landline, which takes no short messages"
    if kind in _SERVICE:
        return "it is a service number, which takes no short messages"
    return "" if kind in _MOBILE else "it is no mobile number"
