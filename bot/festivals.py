"""When China's holidays are: the day itself, and the days off around it as far as they are published."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

from bot.calendars import holiday_names

# As the lists that we use call them, by how their names begin.
_NAMES: Final = {
    "new_year": ("new year's day",),
    "spring": ("chinese new year (spring festival)", "spring festival"),
    "tomb": ("tomb-sweeping day",),
    "labour": ("labor day", "labour day"),
    "dragon": ("dragon boat festival",),
    "autumn": ("mid-autumn festival",),
    "national": ("national day",),
}
_FIXED: Final = {"new_year": (1, 1), "labour": (5, 1), "national": (10, 1), "christmas": (12, 25)}


@lru_cache(maxsize=64)
def days_off(festival: str, year: int) -> tuple[date, date] | None:
    """Return the first and the last day off of a festival in a year, None where it is not known when it is."""
    fixed = date(year, *_FIXED[festival]) if festival in _FIXED else None
    if festival not in _NAMES:
        return (fixed, fixed) if fixed else None
    off = [day for day, name in holiday_names(year).items() if name.casefold().startswith(_NAMES[festival])]
    off = [day for day in off if fixed is None or day >= fixed]
    return (fixed or min(off), max(off)) if off else (fixed, fixed) if fixed else None


@lru_cache(maxsize=64)
def day_of(festival: str, year: int) -> date | None:
    """Return the day of a festival itself, None where it is not known."""
    if festival in _FIXED:
        return date(year, *_FIXED[festival])
    named = holiday_names(year, reckoned=True).items()
    days = [day for day, name in named if name.casefold().startswith(_NAMES[festival]) and "observed" not in name]
    return min(days, default=None)
