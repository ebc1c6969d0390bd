"""Texts from outside, as every database holds them: PostgreSQL refuses a NUL, and no database takes half a character."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

T = TypeVar("T")


def storable(value: T) -> T:
    """Return a text, or a frozen value with all texts in it, with U+FFFD in the place of what no table holds."""
    return cast(T, _storable(value))


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, tuple):
        made = tuple(map(_storable, value))
        return made if any(new is not old for new, old in zip(made, value, strict=True)) else value
    if is_dataclass(value) and not isinstance(value, type):
        held = ((each.name, getattr(value, each.name)) for each in fields(value))
        changed = {name: new for name, old in held if (new := _storable(old)) is not old}
        return replace(value, **changed) if changed else value
    return value


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
