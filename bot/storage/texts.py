"""Texts from outside, as every database holds them: PostgreSQL refuses a NUL, and no database takes half a character."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, cast

T = TypeVar("T")

_NO_TEXTS = frozenset({type(None), bool, int, float, bytes, datetime})
"""Of what most fields of a message are. Looked for first: every message is walked through three times."""


def storable(value: T) -> T:
    """Return a text, or a frozen value with all texts in it, with U+FFFD in the place of what no table holds."""
    return cast(T, _storable(value))


def _storable(value: Any) -> Any:
    kind: Any = type(value)
    if kind in _NO_TEXTS:
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, tuple):
        made = tuple(map(_storable, value))
        return made if any(new is not old for new, old in zip(made, value, strict=True)) else value
    changed = {name: new for name in _fields(kind) if (new := _storable(old := getattr(value, name))) is not old}
    return replace(value, **changed) if changed else value


@cache
def _fields(kind: type) -> tuple[str, ...]:
    """Return the names of a frozen value's fields; none of what is no such value."""
    return tuple(each.name for each in fields(kind)) if is_dataclass(kind) else ()


def _text(text: str) -> str:
    if "\0" in text:
        text = text.replace("\0", "�")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
