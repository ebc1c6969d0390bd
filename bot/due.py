"""`complaintbot due`: when a limit, or every clock of a policy, runs out, with the arithmetic; without a database."""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from bot.calendars import Calendars
from bot.settings import Settings
from complaints import policy
from complaints.calendar import WorkingCalendar
from complaints.errors import ComplaintError
from complaints.limits import DayMode, Limit, Span, due
from complaints.policy import Clock, Policy, covers
from complaints.taxonomy import load_pack, shipped_codes
from complaints.vocabulary import Severity

_YEARS = range(1950, 2151)


@dataclass(frozen=True, slots=True)
class Asked:
    """A limit to reckon. starts: from which milestone, "" for a bare limit; only: for what it is, empty for everything."""

    clock: str
    limit: Limit
    starts: str = ""
    only: tuple[str, ...] = ()


def due_lines(
    settings: Settings,
    *,
    received: Sequence[str],
    policy_name: str | None = None,
    limit: str | None = None,
    category: str | None = None,
    severity: str | None = None,
    pauses: Sequence[str] = (),
    calendar_name: str = "",
    calendars: Calendars | None = None,
    as_json: bool = False,
) -> Iterator[str]:
    """Yield what the command prints: one JSON object a line (several moments, or `as_json`), else lines for people.

    calendars: those to go by, else those of the settings, without what was imported. Moments without a zone are in the
    calendar's. Each clock is reckoned as if it began at the moment given. Raises ComplaintError naming the argument that is
    wrong.
    """
    calendar = (calendars or Calendars(settings)).existing(calendar_name)
    zone = calendar.zone
    clocks, day_mode = _clocks(settings, policy_name, limit, category, severity)
    still = [_pause(text, zone) for text in pauses]
    for text in received:
        start = moment("--received", text, zone)
        answer = {
            "received": start.isoformat(),
            "clocks": [_reckoned(asked, start, calendar, day_mode, still) for asked in clocks],
        }
        if as_json or len(received) > 1:
            yield json.dumps(answer, ensure_ascii=False)
        else:
            yield from _for_people(answer, still, zone)


def _clocks(
    settings: Settings, policy_name: str | None, limit: str | None, category: str | None, severity: str | None
) -> tuple[list[Asked], DayMode]:
    if limit is not None:
        if argument := "--category" if category else "--severity" if severity else "":
            raise ComplaintError(f"{argument} goes with --policy: a bare --limit is the same for all")
        return [Asked("limit", Limit.parse(limit))], DayMode.END_OF_DAY
    assert policy_name is not None
    directories = settings.policies.directories
    own = {each.code for each in load_pack(settings.service.pack, directories).categories}
    chosen = _profile(policy_name, directories, shipped_codes() | own)
    severity = severity and _severity(severity)
    category = category and _category(category, own)
    clocks = [
        asked
        for clock in chosen.clocks
        if (severity is None or not clock.severities or severity in clock.severities)
        and (category is None or not clock.categories or any(covers(code, category) for code in clock.categories))
        for asked in _variants(clock, category, severity)
    ]
    return clocks, chosen.day_mode


def _profile(name: str, directories: Sequence[Path], categories: Collection[str]) -> Policy:
    """Return a profile, or several as they stand beside each other: `leyoujia-24h+leyoujia-315`."""
    first, *also = name.split("+")
    found = policy.load(first, directories, categories)
    if not also:
        return found
    found = policy.parse(policy.combined(first, also, directories), policy.combined_name(first, also))
    policy.refuse_slips(found, categories)
    return found


def _severity(text: str) -> str:
    if text.upper() not in list(Severity):
        raise ComplaintError(f"--severity is {text!r}: it is one of {', '.join(Severity)}")
    return text.upper()


def _category(text: str, own: set[str]) -> str:
    """Return the code that is meant, in whatever case it was written. own: the codes of the pack in use."""
    codes = {code.casefold(): code for code in shipped_codes() | own}
    if found := codes.get(text.casefold()):
        return found
    near = [codes[each] for each in difflib.get_close_matches(text.casefold(), codes, 3)]
    whole = ", ".join(sorted(code for code in own if "." not in code))
    hint = f"did you mean {' or '.join(near)}?" if near else f"it is one of {whole}, or a part of one"
    raise ComplaintError(f"--category is {text!r}: {hint}")


def _variants(clock: Clock, category: str | None, severity: str | None) -> Iterator[Asked]:
    """Yield a clock with its limit for that category and severity; where these are not said, each that it can have."""
    conditions = clock.conditions
    limits: dict[str, Limit] = {}
    if severity is None:
        limits |= {str(code): limit for code, limit in clock.by_severity.items()}
    if category is None:
        limits |= dict(clock.by_category)
    for code, limit in limits.items():
        others = tuple(each for each in conditions if each not in list(Severity) or code not in list(Severity))
        yield Asked(clock.name, limit, str(clock.starts), (code, *(each for each in others if each != code)))
    # Severities that all have a limit of their own leave none for the general one.
    if severity is not None or not clock.severities or clock.severities - clock.by_severity.keys():
        others = tuple(each for each in conditions if severity is not None or each not in limits)
        yield Asked(clock.name, clock.limit_for(category or "", severity or ""), str(clock.starts), others)


def _reckoned(
    asked: Asked, start: datetime, calendar: WorkingCalendar, mode: DayMode, pauses: Sequence[Span]
) -> dict[str, Any]:
    moment = due(start, asked.limit, calendar, mode, pauses)
    answer: dict[str, Any] = {
        "clock": asked.clock,
        "limit": str(asked.limit),
        "due": moment.at.astimezone(calendar.zone).isoformat(),
        "steps": list(moment.steps),
        "provisional": moment.provisional,
    }
    return answer | ({"from": asked.starts, "only": list(asked.only)} if asked.starts else {})


def _for_people(answer: dict[str, Any], pauses: Sequence[Span], zone: tzinfo) -> Iterator[str]:
    yield f"received {answer['received']}"
    yield from (f"paused   {a.astimezone(zone).isoformat()} to {b.astimezone(zone).isoformat()}" for a, b in pauses)
    for clock in answer["clocks"]:
        begins = f", from {clock['from']}" if "from" in clock else ""
        only = f"; only {', '.join(clock['only'])}" if clock.get("only") else ""
        note = "  (provisional: the official calendar of these days is not known yet)" if clock["provisional"] else ""
        yield f"{clock['clock']}: {clock['limit']}, due {clock['due']}{begins}{only}{note}"
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
