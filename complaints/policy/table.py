"""Reading a profile key by key: every wrong value, and every key that nobody asked for, is named with its cure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import time, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from complaints.errors import MissingKey, PolicyError
from complaints.limits import Limit, Unit

E = TypeVar("E", bound=StrEnum)
LOCALES = ("zh", "en")
TIMER_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
"""A name that is a part of a timer's identity."""
_SPANS = "a number and min, h or d, such as 30min or 24h"
_KINDS: Mapping[type, str] = {
    bool: "true or false", dict: "a table", float: "a number", int: "a whole number", list: "a list", str: "a text in quotes",
}  # fmt: skip


class Table:
    """A TOML table that is read key by key; what nobody asked for is a slip of the pen and is reported."""

    def __init__(self, where: str, values: Any) -> None:
        if not isinstance(values, dict):
            raise PolicyError(f"{where} must be a table")
        self.where = where
        self.values: dict[str, Any] = values
        self.asked: set[str] = set()

    def get(self, key: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
        self.asked.add(key)
        value = self.values.get(key, default)
        if value is None:
            raise MissingKey(f"{self.where}.{key} is missing: set it (see the profile base)")
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
            wanted = " or ".join(_KINDS[k] for k in (kind if isinstance(kind, tuple) else (kind,)))
            raise PolicyError(f"{self.where}.{key} is {value!r}: it must be {wanted}")
        return value

    def word(self, key: str, kind: type[E], default: str | None = None, among: Collection[E] = ()) -> E:
        """A word of a closed set. among: those of it that may stand here, where not all may; they alone are offered."""
        return self.as_word(key, self.get(key, str, default), kind, among)

    def words(self, key: str, kind: type[E], default: Sequence[str] | None = None) -> list[E]:
        return [self.as_word(key, value, kind) for value in self.get(key, list, default)]

    def as_word(self, key: str, value: Any, kind: type[E], among: Collection[E] = ()) -> E:
        try:
            return kind(value)
        except ValueError:
            others = [str(each) for each in (among or kind)]
            near = difflib.get_close_matches(str(value), others, 1)
            hint = f"did you mean {near[0]}? " if near else ""
            raise PolicyError(f"{self.where}.{key} is {value!r}: {hint}choose from {', '.join(others)}") from None

    def said(self, most: int = 1000) -> dict[str, str]:
        """What is written under `zh` and `en`, each on one line of so many characters; where only one language is spoken, that
        in both.
        """
        self.asked.update(LOCALES)
        said = {locale: " ".join(self.get(locale, str).split()) for locale in LOCALES if locale in self.values}
        if not said:
            raise MissingKey(
                f'{self.where}.zh is missing: say it in a language or both, as in {{ zh = "…", en = "…" }}'
            )
        for locale, text in said.items():
            if not 0 < len(text) <= most:
                raise PolicyError(f"{self.where}.{locale} must have 1 to {most} characters")
        return {locale: said.get(locale, next(iter(said.values()))) for locale in LOCALES}

    def texts(self, key: str) -> frozenset[str]:
        """A list of words that other files define: categories, channels, stages."""
        texts = self.get(key, list, [])
        for text in texts:
            if not isinstance(text, str) or not text.strip():
                raise PolicyError(f"{self.where}.{key} holds {text!r}: write words in quotes")
        return frozenset(texts)

    def limit(self, key: str, default: str | None = None, *, at_once: bool = False) -> Limit:
        text = self.get(key, str, default)
        try:
            return Limit.parse(text, at_once=at_once)
        except PolicyError as error:
            raise PolicyError(f"{self.where}.{key}: {error}") from None

    def span(self, key: str, default: str | None = None, *, at_once: bool = False) -> timedelta:
        """A time of fixed length, in min, h or d. at_once: none at all is one, too."""
        if minutes := re.fullmatch(r"(\d{1,4})min", self.get(key, str, default), re.ASCII):
            if int(minutes[1]) or at_once:
                return timedelta(minutes=int(minutes[1]))
            raise PolicyError(f"{self.where}.{key} is 0min: it must be more than zero")
        try:
            limit = self.limit(key, default, at_once=at_once)
        except PolicyError as error:
            raise PolicyError(str(error).replace("a number and h, d, wd or wh, such as 24h or 15wd", _SPANS)) from None
        try:
            return span_of(limit)
        except PolicyError as error:
            raise PolicyError(f"{self.where}.{key}: {error}") from None

    def count(self, key: str, least: int = 0, default: int | None = None) -> int:
        value: int = self.get(key, int, default)
        if value < least:
            raise PolicyError(f"{self.where}.{key} is {value}: it must be {least} or more")
        return value

    def clock(self, key: str) -> time:
        """A time of day, such as 10:00."""
        text = self.get(key, str)
        try:
            if not re.fullmatch(r"\d\d:\d\d", text, re.ASCII):
                raise ValueError
            return time.fromisoformat(text)
        except ValueError:
            raise PolicyError(f"{self.where}.{key} is {text!r}: write a time of day such as 10:00") from None

    def table(self, key: str) -> Table:
        self.asked.add(key)
        return Table(f"{self.where}.{key}", self.values.get(key, {}))

    def done(self) -> None:
        for key in self.values.keys() - self.asked:
            near = difflib.get_close_matches(key, self.asked, 1)
            hint = f"did you mean {near[0]}?" if near else f"known keys: {', '.join(sorted(self.asked))}"
            raise PolicyError(f"{self.where}.{key} is unknown: {hint}")


def span_of(limit: Limit) -> timedelta:
    if limit.unit not in (Unit.HOURS, Unit.DAYS):
        raise PolicyError(f"'{limit}' counts working time, which has no fixed length: write min, h or d here")
    return limit.roughly
