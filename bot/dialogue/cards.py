"""Mails of staff end with who they are: words for colleagues, which must not become a customer's result."""

from __future__ import annotations

import re

from bot.people import Person

_LONGEST_CARD = 6
_LONGEST_LINE = 60
_BARS = re.compile(r"[|｜/／,，·]|\s{2,}")
_LABEL = re.compile(
    r"^\W*(?:电话|電話|手机|手機|座机|联系方式|联系电话|邮箱|郵箱|tel|phone|mobile|mob|cell|e-?mail|mail|[mte])\s*[:：.]\s*",
    re.I,
)
_SENTENCE = re.compile(r"[。！？!?；;]|\.\s")
_REACHES = re.compile(r"\d{7}|\d[\d\s-]{7,}\d|\S@\S")


def without_own_card(words: str, person: Person) -> str:
    """Return the words of one of the staff without the card below them: their own name, number, address and unit.

    Nothing but the last lines goes, and never all of them: a name alone may be the answer to a question.
    """
    lines = words.rstrip().split("\n")
    for start in range(max(1, len(lines) - 2 * _LONGEST_CARD), len(lines)):
        if any(line.strip() for line in lines[:start]) and _is_card(lines[start:], person):
            return "\n".join(lines[:start]).rstrip()
    return words


def _is_card(lines: list[str], person: Person) -> bool:
    said = [line.strip() for line in lines if line.strip()]
    if not said or len(said) > _LONGEST_CARD or any(len(line) > _LONGEST_LINE for line in said):
        return False
    if not lines[0].strip() or any(_SENTENCE.search(line) for line in said):
        return False
    if all(_all_own(line, person) for line in said):
        return True
    # Below their name also what the directory does not know: a title, a company, another number.
    return _parts(said[0])[0] == person.name != "" and any(_REACHES.search(line) for line in said)


def _all_own(line: str, person: Person) -> bool:
    return all(_own(part, person) for part in _parts(line))


def _own(part: str, person: Person) -> bool:
    if part in (person.name, person.unit):
        return True
    if "@" in part:
        return part.strip("<>").lower() == person.email.lower()
    number = re.sub(r"[\s()-]", "", part).removeprefix("+").removeprefix("86")
    return bool(number.isdecimal() and len(number) >= 7 and person.phone.endswith(number))


def _parts(line: str) -> list[str]:
    """Return what stands between the bars of a line, without the labels; "Zhang Wei 138…" is two of them."""
    spaced = re.sub(r"(?<=[^\d\s+()-])\s+(?=\+?\d)", "  ", line)
    return [_LABEL.sub("", part).strip() for part in _BARS.split(spaced) if part.strip()] or [""]
