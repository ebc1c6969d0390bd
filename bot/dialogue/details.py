"""The few facts a desk needs besides the matter itself: a name, a phone number, a place (R-009, R-010)."""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers

MAX_SCANNED = 4000
_PLACE = re.compile(
    r"(?:[\w一-鿿]{0,12}?(?:小区|花园|公寓|广场|大厦|家园|苑|城|府|湾|里)\s*)?"
    r"\d{1,4}\s*(?:号楼|栋|幢|座|号院|期|号)(?:\s*[A-Za-z\d一二三四五六七八九十]{1,3}\s*(?:单元|门))?"
    r"(?:\s*\d{1,5}\s*(?:室|房|号|户|楼|层)?)?"
    r"|\d{1,3}-\d{1,3}-\d{2,5}|\d{1,3}[-－—]\d{3,4}(?!\d)"
    r"|(?:[Bb]uilding|[Tt]ower|[Bb]lock)\s+\w{1,4}(?:,?\s*(?:[Rr]oom|[Uu]nit|[Ff]lat|[Aa]pt\.?|[Aa]partment)\s*\w{1,6})?"
    r"|(?:[Rr]oom|[Uu]nit|[Ff]lat|[Aa]pt\.?|[Aa]partment)\s*\d{1,5}\w?"
)
_MOBILE = re.compile(r"(?<![\d+-])(1[3-9]\d{9})(?![\d-])", re.ASCII)
_DIGITS_OF_PHONE = re.compile(r"\+?\d(?:[\s().-]{0,2}\d){4,}")
_DIGITS = re.compile(r"\d(?:[\s().-]{0,2}\d){4}")
_NAME = re.compile(
    r"(?:我叫|我姓|姓名(?:是)?[::]?|本人|业主(?:姓名)?[::]?|联系人[::]?)\s*"
    r"([一-鿿]{1,4}(?:先生|女士|小姐)?|[A-Za-z][A-Za-z .'-]{1,40})"
    r"|(?:my name is|i am|i'm|name[::])\s*([A-Za-z][A-Za-z .'-]{1,40})",
    re.IGNORECASE,
)
_SHORT_NAME = re.compile(r"(?<![一-鿿])([一-鿿]{2,4}|[一-鿿]{1,3}(?:先生|女士|小姐))(?![一-鿿])")
_LATIN_NAME = re.compile(r"^\s*([A-Z][a-z'-]+(?: [A-Z][a-z'-]+){0,3})\s*(?:$|[,;\n])")


@dataclass(frozen=True, slots=True)
class Details:
    """What was found; empty where nothing was. phone: E.164."""

    name: str = ""
    phone: str = ""
    place: str = ""


def find_phone(text: str, region: str = "CN") -> str:
    """Return the first valid phone number, E.164, or empty."""
    # Most texts that hold a number hold a mobile phone's, written plainly; looking for every kind costs ten times as much.
    plain = _MOBILE.search(text, 0, MAX_SCANNED) if region == "CN" else None
    if plain is not None:
        return f"+86{plain[1]}"
    if _DIGITS.search(text, 0, MAX_SCANNED) is None:
        return ""
    for match in phonenumbers.PhoneNumberMatcher(text[:MAX_SCANNED], region):
        return phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
    return ""


def find_details(text: str, *, answering: bool = False) -> Details:
    """Read facts out of free words. answering: we asked for them, so a bare word may be a name."""
    text = text[:MAX_SCANNED]
    place = _PLACE.search(text)
    name = _NAME.search(text)
    found = ""
    if name is not None:
        found = (name[1] or name[2]).strip()
    elif answering:
        rest = _DIGITS_OF_PHONE.sub(" ", _PLACE.sub(" ", text)).strip()
        bare = _SHORT_NAME.search(rest) or _LATIN_NAME.match(rest)
        found = bare[1].strip() if bare else ""
    return Details(name=found, phone=find_phone(text), place=place[0].strip() if place else "")
