"""How the number of a complaint is written: letters that the site chose, a day, a count: `TS20261121-0007`."""

from __future__ import annotations

from typing import Final

FULL: Final = r"[A-Za-z]{1,8}\d{8}-\d{4,}"
"""A regular expression without groups for a whole number."""

WITHOUT_LETTERS: Final = r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-\d{4,}"
"""A whole number whose letters were left out; its day keeps it apart from a telephone number."""

ANY: Final = rf"{FULL}|{WITHOUT_LETTERS}|\d{{4,8}}"
"""The same for a whole number, with its letters or without, or the digits at its end; to be put into a group."""
