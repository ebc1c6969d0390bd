"""The profiles a visitor may choose from, and the one that new complaints run under."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.app import App
from bot.storage import queues
from complaints import policy
from complaints.policy import Clock

_CURSOR = "demo-policy"


def shown() -> list[dict[str, Any]]:
    """Return every profile that ships: its name, its titles, its clocks in the order of the file."""
    return [
        {"name": found.name, "title": dict(found.title), "clocks": [_clock(clock) for clock in found.clocks]}
        for found in (policy.load(name) for name in policy.available())
    ]


def _clock(clock: Clock) -> dict[str, Any]:
    return {
        "clock": clock.name,
        "limit": str(clock.limit),
        "from": clock.starts,
        "repeats": clock.repeats,
        "promised": clock.promised,
        "only": [*sorted(clock.severities), *sorted(clock.categories)],
        "kinds": _in_order(clock.kinds),
        "channels": _in_order(clock.channels),
        "when": _in_order(clock.when),
    }


def _in_order(words: Sequence[str] | frozenset[Any]) -> list[str]:
    return sorted(str(word) for word in words)


async def choose(app: App, name: str) -> None:
    """Let new complaints run under a profile, over a restart of the demo too. Raises PolicyError where there is none."""
    await app.desk.book.use(name, app.database)
    await app.database.write(lambda work: queues.save_cursor(work, _CURSOR, name))


async def choose_again(app: App) -> None:
    """Take up what was chosen before, if anything was and it still ships."""
    name = await app.database.read(lambda work: queues.read_cursor(work, _CURSOR))
    if name in policy.available():
        await app.desk.book.use(name, app.database)
