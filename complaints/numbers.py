"""How the number of a complaint is written: letters that the site chose, a day, a count: `TS20261121-0007`."""

from __future__ import annotations

from typing import Final

FULL: Final = r"[A-Za-z]{1,8}\d{8}-\d{4,}"
"""A regular expression without groups for a whole number."""

_DAY: Final = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"

WITHOUT_LETTERS: Final = rf"20\d\d{_DAY}-\d{{4,}}|{_DAY}-00\d\d(?!\d)"
"""A whole number whose letters were left out, or the year, too; its day keeps it apart from a telephone number, the noughts
of its count from two times, "0830-0930".
"""

ANY: Final = rf"{FULL}|{WITHOUT_LETTERS}|\d{{4,8}}"
"""The same for a whole number, with its letters or without, or the digits at its end; to be put into a group."""
