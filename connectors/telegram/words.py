"""Our words as Telegram takes them: cut to its length, with buttons, and naming nobody."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from connectors.port import Button
from connectors.telegram.updates import PLACE

MAX_UNITS = 4096
"""Longest text of a message, in UTF-16 units as Telegram counts."""

_MAX_DATA_BYTES = 64
_ROW_CHARS = 18  # what a phone shows beside each other without cutting it
_ENDS = ("\n\n", "\n", "。", "！", "？", ". ", "! ", "? ", "；", "; ", "，", ", ", " ")
_JOINS = frozenset("\u200d\ufe0e\ufe0f\u20e3")
_MENTION = re.compile(r"(?<![A-Za-z0-9_.])@(?=[A-Za-z][A-Za-z0-9_]{3,})")


def units(text: str) -> int:
    """Return the length of a text in UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


def split(text: str, limit: int = MAX_UNITS) -> list[str]:
    """Return the text in parts of at most `limit` units, cut behind a paragraph, a line, a sentence or a word if it can be.

    Nothing is lost but the white space at a cut. A text without words has no parts. limit: 8 or more.
    """
    parts = []
    rest = text.strip()
    while units(rest) > limit:
        cut = _cut(rest, limit)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [part for part in (*parts, rest) if part]


def _cut(text: str, limit: int) -> int:
    """Return where to cut so that what is in front has at most `limit` units; never inside what is seen as one character."""
    room = limit  # no more characters than units
    while units(text[:room]) > limit:
        room -= 1
    for end in _ENDS:
        at = text.rfind(end, room // 2, room)
        if at > 0:
            return at + len(end)
    cut = room
    while cut > room // 2 and _inside(text[cut - 1], text[cut]):
        cut -= 1
    return cut


def _inside(before: str, after: str) -> bool:
    joined = after in _JOINS or before == "\u200d" or "\U0001f3fb" <= after <= "\U0001f3ff"
    return joined or bool(unicodedata.combining(after))


def keyboard(buttons: Sequence[Button]) -> InlineKeyboardMarkup | None:
    """Return the buttons in rows, short ones beside each other. Pressing one sends what it says, or its place (`PLACE`)."""
    rows: list[list[InlineKeyboardButton]] = []
    width = 0
    for number, button in enumerate(buttons):
        says = button.says if len(button.says.encode()) <= _MAX_DATA_BYTES else f"{PLACE}{number}"
        taken = sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in button.label) + 2
        if not rows or width + taken > 2 * _ROW_CHARS:
            rows.append([])
            width = 0
        rows[-1].append(InlineKeyboardButton(button.label, callback_data=says))
        width += taken
    return InlineKeyboardMarkup(rows) if rows else None


def without_mentions(text: str) -> str:
    """Return the text so that no `@name` in it calls somebody: what a customer wrote is quoted to groups."""
    return _MENTION.sub("@\u200b", text)
