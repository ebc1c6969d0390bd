"""The profiles a visitor may choose from, a company's own among them, and the one that new complaints run under."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bot.app import App
from bot.storage import queues
from complaints import policy, taxonomy
from complaints.policy import Clock, Policy

_CURSOR = "demo-policy"


def shown(directories: Sequence[Path] = ()) -> list[dict[str, Any]]:
    """Return every profile: its name, its titles, its clocks in the order of the file, and what the categories that these
    name are called. directories: of a company's own. Raises PolicyError for one of these that is wrong.
    """
    packs = [taxonomy.load_pack(name, directories) for name in taxonomy.available(directories)]
    known = {category.code: dict(category.names) for pack in packs for category in pack.categories}
    return [_profile(policy.load(name, directories), known) for name in policy.available(directories)]


def _profile(found: Policy, known: dict[str, dict[str, str]]) -> dict[str, Any]:
    return {
        "name": found.name,
        "title": dict(found.title),
        "clocks": [_clock(clock) for clock in found.clocks],
        "categories": {code: known[code] for clock in found.clocks for code in sorted(clock.codes)},
    }


def _clock(clock: Clock) -> dict[str, Any]:
    return {
        "clock": clock.name,
        "limit": str(clock.limit),
        "other": _other_limits(clock),
        "from": clock.starts,
        "repeats": clock.repeats,
        "promised": clock.promised,
        "only": [*sorted(clock.severities), *sorted(clock.categories)],
        "kinds": _in_order(clock.kinds),
        "channels": _in_order(clock.channels),
        "stages": _in_order(clock.stages),
        "flags": _in_order(clock.flags),
        "when": _in_order(clock.when),
    }


def _other_limits(clock: Clock) -> list[dict[str, Any]]:
    """Return the limits that it has for some severities or categories, with those for which it has them."""
    codes: dict[str, list[str]] = {}
    for code, limit in (*sorted(clock.by_severity.items()), *clock.by_category.items()):
        codes.setdefault(str(limit), []).append(str(code))
    return [{"limit": limit, "only": only} for limit, only in codes.items()]


def _in_order(words: Iterable[Any]) -> list[str]:
    return sorted(str(word) for word in words)


async def choose(app: App, name: str) -> None:
    """Let new complaints run under a profile, over a restart of the demo too. Raises PolicyError where there is none."""
    await app.desk.book.use(name, app.database)
    await app.database.write(lambda work: queues.save_cursor(work, _CURSOR, name))


async def choose_again(app: App) -> None:
    """Take up what was chosen before, if anything was and it is still there."""
    name = await app.database.read(lambda work: queues.read_cursor(work, _CURSOR))
    if name in policy.available(app.settings.policies.directories):
        await app.desk.book.use(name, app.database)
