"""How the number of a complaint is written: letters that the site chose, a day, a count: `TS20261121-0007`."""

from __future__ import annotations

from typing import Final

FULL: Final = r"[A-Za-z]{1,8}\d{8}-\d{4,}"
"""A regular expression without groups for a whole number."""

ANY: Final = rf"{FULL}|\d{{4,8}}"
"""The same for a whole number or the digits at its end; to be put into a group."""
