"""What is shown of a value: words that nobody obeys, cut to a length; phone numbers and names with their ends alone."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bot.phones import MAINLAND, home, with_phones
from complaints.characters import Characters

# What a value may not carry: controls that a terminal, a header or an SMS gateway would obey, marks that turn the reading
# direction round, invisible characters that hide a word, halves of a surrogate pair that no encoder takes. The joiner and
# the variation selectors stay: emoji are made of them.
_UNWANTED: Final = Characters(
    {
        **dict.fromkeys((code for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"), None),
        **dict.fromkeys((0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB), None),
        **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xE0000, 0xE0080)), None),
        **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
        **dict.fromkeys((0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029), "\n"),
        0x09: " ",
    }
)
_CALLS_ALL: Final = re.compile(
    r"[@＠](?=[\s\u200c\u200d\ufe0e\ufe0f]*(?:all|every(?:one|body)|here|channel|所有人|全体|全員|全员|大家))|<(?=!)",
    re.IGNORECASE,
)


def inert(text: str) -> str:
    """Return `text` as what it is to be: words. No control or direction marks, and nothing that calls everybody.

    `@all` and its like get a zero-width space behind the `@`. Doing it twice changes nothing more.
    """
    if not text.isprintable():
        text = text.replace("\r\n", "\n").translate(_UNWANTED)
    if "@" in text or "＠" in text or "<!" in text:
        text = _CALLS_ALL.sub("\\g<0>\u200b", text)
    return text


_JOINS: Final = frozenset("\u200d\ufe0e\ufe0f\u20e3")
_ENDS: Final = "\n。！？!?；;…"
_PAUSES: Final = " \u3000，,、：:)）」”"


def fit(text: str, max_chars: int) -> str:
    """Return `text` in at most `max_chars` characters, ended by … where something had to go.

    Cuts behind a sentence if one ends in the last third, else at a pause, else anywhere but inside an emoji, a flag or an
    accented letter.
    """
    if len(text) <= max_chars:
        return text
    if max_chars < 1:
        return ""
    room = max_chars - 1
    while room > 0 and _inside(text, room):
        room -= 1
    floor = room * 2 // 3
    for marks in (_ENDS, _PAUSES):
        at = max(text.rfind(mark, floor, room) for mark in marks) + 1
        if at and not _inside(text, at):
            room = at
            break
    return text[:room].rstrip(_PAUSES + _ENDS) + "…"


def _inside(text: str, at: int) -> bool:
    """Say whether a cut before `text[at]` would part what is seen as one character."""
    before, after = text[at - 1], text[at]
    if after in _JOINS or before == "\u200d" or "\U0001f3fb" <= after <= "\U0001f3ff" or unicodedata.combining(after):
        return True
    if not _regional(before) or not _regional(after):
        return False
    run = at
    while run and _regional(text[run - 1]):
        run -= 1
    return (at - run) % 2 == 1  # flags are pairs


def _regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def short(value: object, max_chars: int = 40) -> str:
    """Return the value on one line, in at most `max_chars` characters."""
    return "" if value is None else fit(" ".join(inert(str(value)).split()), max_chars)


def block(value: object, max_chars: int = 600) -> str:
    """Return the value with its line breaks but without empty lines, in at most `max_chars` characters."""
    if value is None:
        return ""
    lines = (" ".join(line.split()) for line in inert(str(value)).split("\n"))
    return fit("\n".join(line for line in lines if line), max_chars)


def phone(value: object) -> str:
    """Return a phone number as people read it; a number of ours at home loses the country's code."""
    text = short(value, 30)
    mobile = re.fullmatch(r"\+86(1\d{2})(\d{4})(\d{4})", text)
    return " ".join(mobile.groups()) if mobile else text


def phone_masked(value: object) -> str:
    """Return a phone number of which only the ends are seen: `138****5678`. Country code and spaces do not matter."""
    said = unicodedata.normalize("NFKC", str(value or ""))
    if "****" in said:
        return said  # masked already
    digits = "".join(char for char in said if char.isdecimal())
    if digits.startswith("0086"):
        digits = digits[4:]
    elif len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) >= 11:
        return f"{digits[:3]}****{digits[-4:]}"
    if len(digits) >= 7:  # first three and last four would be all of it
        return f"{digits[:2]}****{digits[-2:]}"
    return "****" if said.strip() else ""


def phones_masked(value: object) -> str:
    """Return a text with its phone numbers masked, for whoever reads the customer's number masked beside it."""
    masked = _PHONES.sub(lambda found: phone_masked(found[0]), str(value or ""))
    return masked if home() == MAINLAND else with_phones(masked, phone_masked)


_PHONES: Final = re.compile(
    r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d){8}(?!\d)"  # a Chinese mobile phone's
    r"|\+[1-9]\d{0,2}[ -]?(?:\(0?\d{1,4}\)[ -]?)?\d(?:[ -]?\d){5,11}(?!\d)"  # with a country's code
    r"|(?<!\d)\(?0[1-9]\d{1,3}\)?[ -]?\d{3,4}[ -]?\d{3,5}(?!\d)"  # with an area's, as at home
    r"|(?<!\d)\([2-9]\d\d\) ?\d{3}-\d{4}(?!\d)",  # as in North America
    re.ASCII,
)
_TITLED: Final = re.compile(r"((?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Madam)\.? +)?)(.*)", re.DOTALL | re.IGNORECASE)


def name_masked(value: object) -> str:
    """Return a name of which only the first character is seen, after a title: `张*`, `Mr K*`."""
    title, name = _TITLED.match(short(value)).groups()  # type: ignore[union-attr]
    return f"{title}{name[0]}*" if name else ""
