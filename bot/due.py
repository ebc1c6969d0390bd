"""`complaintbot due`: when a limit, or every clock of a policy, runs out, with the arithmetic; without a database."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

from bot.calendars import Calendars
from bot.settings import Settings
from complaints import policy
from complaints.calendar import WorkingCalendar
from complaints.complaint import Severity
from complaints.errors import ComplaintError
from complaints.limits import DayMode, Limit, Span, due
from complaints.taxonomy import load_pack

_YEARS = range(1950, 2151)

Clock = tuple[str, Limit]


def due_lines(
    settings: Settings,
    *,
    received: Sequence[str],
    policy_name: str | None = None,
    limit: str | None = None,
    category: str | None = None,
    severity: str | None = None,
    pauses: Sequence[str] = (),
    as_json: bool = False,
) -> Iterator[str]:
    """Yield what the command prints: one JSON object a line (several moments, or `as_json`), else lines for people.

    Moments without a zone are in service.timezone. Each clock is reckoned as if it began at the moment given. Raises
    ComplaintError naming the argument that is wrong.
    """
    zone = settings.service.zone
    calendar = Calendars(settings).default
    clocks, day_mode = _clocks(settings, policy_name, limit, category, severity)
    still = [_pause(text, zone) for text in pauses]
    for text in received:
        start = moment("--received", text, zone)
        answer = {
            "received": start.isoformat(),
            "clocks": [_reckoned(name, span, start, calendar, day_mode, still) for name, span in clocks],
        }
        if as_json or len(received) > 1:
            yield json.dumps(answer, ensure_ascii=False)
        else:
            yield from _for_people(answer)


def _clocks(
    settings: Settings, policy_name: str | None, limit: str | None, category: str | None, severity: str | None
) -> tuple[list[Clock], DayMode]:
    if limit is not None:
        return [("limit", Limit.parse(limit))], DayMode.END_OF_DAY
    assert policy_name is not None
    directory = settings.policies.directory
    chosen = policy.load(policy_name, [directory] if directory else [])
    if severity is not None and severity not in list(Severity):
        raise ComplaintError(f"--severity is {severity!r}: it is one of {', '.join(Severity)}")
    pack = load_pack(settings.service.pack)
    if category is not None and category not in (known := [each.code for each in pack.categories]):
        raise ComplaintError(f"--category is {category!r}: it is one of {', '.join(known)}")
    clocks = [
        (clock.name, clock.limit)
        for clock in chosen.clocks
        if severity is None or not clock.severities or severity in clock.severities
    ]
    return clocks, chosen.day_mode


def _reckoned(
    name: str, limit: Limit, start: datetime, calendar: WorkingCalendar, mode: DayMode, pauses: Sequence[Span]
) -> dict[str, Any]:
    moment = due(start, limit, calendar, mode, pauses)
    return {
        "clock": name,
        "limit": str(limit),
        "due": moment.at.astimezone(calendar.zone).isoformat(),
        "steps": list(moment.steps),
        "provisional": moment.provisional,
    }


def _for_people(answer: dict[str, Any]) -> Iterator[str]:
    yield f"received {answer['received']}"
    for clock in answer["clocks"]:
        note = "  (provisional: the official calendar of these days is not known yet)" if clock["provisional"] else ""
        yield f"{clock['clock']}: {clock['limit']}, due {clock['due']}{note}"
        yield from (f"    {step}" for step in clock["steps"])


def moment(argument: str, text: str, zone: tzinfo) -> datetime:
    """Return the moment that a command's argument names; one without a zone is in `zone`. Raises ComplaintError."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ComplaintError(f"{argument} is {text!r}, which is no moment: write 2026-11-20T09:30+08:00") from None
    if at.year not in _YEARS:
        raise ComplaintError(f"{argument} is {text!r}: the year must lie between {_YEARS[0]} and {_YEARS[-1]}")
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC).astimezone(zone)


def _pause(text: str, zone: tzinfo) -> Span:
    begin, slash, end = text.partition("/")
    if not slash:
        raise ComplaintError(f"--pause is {text!r}: write FROM/TO, 2026-11-20T10:00/2026-11-21T10:00")
    span = moment("--pause", begin, zone), moment("--pause", end, zone)
    if span[0] >= span[1]:
        raise ComplaintError(f"--pause is {text!r}: it must begin before it ends")
    return span
