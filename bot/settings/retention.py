"""How long each kind of personal data is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import time, timedelta

from bot.settings.tables import filled
from complaints.errors import ConfigError

_DAYS = {"d": 1, "m": 30, "y": 365}
_AT = "at"
_NOT_LONGER = ("raw_messages", "quarantine", "messages", "outbox", "chat_lines", "files")


@dataclass(frozen=True, slots=True)
class RetentionSection:
    """Of each kind of data, how long it is kept: `90d`, `18m`, `3y`, or `never` for what is not to go by itself. at: when, each
    day, what is over goes.
    """

    at: str = filled("03:30")
    raw_messages: str = filled("180d")
    quarantine: str = filled("1y")
    messages: str = filled("1y")
    outbox: str = filled("1y")
    chat_lines: str = filled("1y")
    files: str = filled("3y")
    complaints: str = filled("3y")
    customers: str = filled("3y")
    surveys: str = filled("1y")
    anonymous_addresses: str = filled("1y")
    bind_codes: str = filled("30d")
    data_requests: str = filled("3y")

    def check(self) -> None:
        """Raise ConfigError where a value cannot be read."""
        self.spans()
        _ = self.daily_at

    @property
    def daily_at(self) -> time:
        """When what is over goes, each day, in the service's zone. Raises ConfigError."""
        found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", self.at)
        if found is None:
            raise ConfigError(f"retention.at is {self.at!r}, which is no time of day: write it like 03:30")
        return time(int(found[1]), int(found[2]))

    def spans(self) -> dict[str, timedelta | None]:
        """Return how long each kind is kept; None: until somebody erases it. Raises ConfigError.

        What was said of a complaint is kept no longer than it: a longer time, or `never`, means as long.
        """
        said = {each.name: _span(each.name, getattr(self, each.name)) for each in fields(self) if each.name != _AT}
        longest = said["complaints"]
        if longest is None:
            return said
        return said | {name: min(said[name] or longest, longest) for name in _NOT_LONGER}


def _span(name: str, text: str) -> timedelta | None:
    if text == "never":
        return None
    found = re.fullmatch(r"([1-9]\d{0,4})([dmy])", text)
    if found is None:
        raise ConfigError(f"retention.{name} is {text!r}: write days, months or years like 90d, 18m or 3y, or never")
    return timedelta(days=int(found[1]) * _DAYS[found[2]])
