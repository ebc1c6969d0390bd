"""The list of causes that what people write is sorted into (R-017): data, so that causes can be counted."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_DIGIT = re.compile(r"\s*#?(\d)(?:\s*[.、:：,，)）]\s*|\s+|$)(?!\s*[号栋幢楼层单室次个根处块台年月日天点米元])")


@dataclass(frozen=True, slots=True)
class Cause:
    """One kind of cause. words: what people write of it, in any language."""

    code: str
    words: tuple[str, ...]


@cache
def causes() -> tuple[Cause, ...]:
    """Return the list, in the order in which a digit names them."""
    data = tomllib.loads((files("complaints") / "causes.toml").read_text(encoding="utf-8"))
    return tuple(Cause(code, tuple(word.casefold() for word in each["words"])) for code, each in data.items())


def sorted_into(said: str) -> tuple[str, str]:
    """Return the code of a cause as it was said, "" where nothing speaks for any, and the words without the digit that chose.

    "5 密封圈老化", "密封圈老化", "5": a digit chooses; else the longest word that stands in it. A digit alone is no
    words, and enough.
    """
    listed = causes()
    digit = _DIGIT.match(said)
    if digit is not None and 1 <= int(digit[1]) <= len(listed):
        chosen = listed[int(digit[1]) - 1]
        return chosen.code, said[digit.end() :].strip()
    folded = said.casefold()
    found = [(len(word), each.code) for each in listed for word in each.words if word in folded]
    return (max(found, key=lambda each: each[0])[1] if found else ""), said
