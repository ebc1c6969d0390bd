"""More time until a day that was named: "延期到周五 等配件", "extend until Friday, the part is late"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import ROUND_FLOOR, Decimal

from bot.dialogue.turn import Turn
from bot.grammar import Meaning, Pending, Speaker, Verb, understand
from bot.grammar.spoken import spoken
from complaints import tasks
from complaints.complaint import Complaint
from complaints.handling import taken_on
from complaints.limits import Limit, Unit
from complaints.part_limits import due_with
from complaints.promises import Terms, work_deadline, work_deadline_before
from complaints.rescheduling import extended
from complaints.vocabulary import Role

_NEAR = timedelta(minutes=1)
_KEPT = re.compile(r"\d{4}-\d\d-\d\dT")
_OFFERED = ("12h", "1d", "2d", "3d", "7d")


def moment(turn: Turn, said: str) -> datetime | None:
    """Return the last moment of what was named, in the desk's zone; None where the words name none. A day lasts to its end.

    A moment that was understood before, and kept while something else was asked, stands as it was written then.
    """
    if _KEPT.match(said):
        return datetime.fromisoformat(said)
    when = spoken(said, turn.now.astimezone(turn.desk.zone)) if said else None
    end = when.end or when.start if when is not None else None
    return end - timedelta(seconds=1) if end is not None and end.time() == time() else end


def says_all(meant: Meaning) -> bool:
    """Say whether words are a wish of their own, with how much and why: "2天" is the answer to how much."""
    told = meant.said("limit") or meant.said("until")
    return meant.verb is Verb.EXTEND and bool(told) and meant.said("reason") not in ("", meant.text)


def answered(turn: Turn) -> Meaning:
    """Return how much more time an answer wants: a length, or a day, "周五" and "到周五" alike."""
    for before in ("", "到", "until "):
        told = understand(f"延期 {before}{turn.words}", Speaker.HANDLER, Pending.NONE)
        if told.said("limit") or told.said("until"):
            return told
    if moment(turn, turn.words) is None:
        return understand(f"延期 {turn.words}", Speaker.HANDLER, Pending.NONE)
    return Meaning(turn.words, Verb.EXTEND, {"until": turn.words, "reason": turn.words})  # "等到周五配件来"


def limit_till(turn: Turn, complaint: Complaint, said: str, terms: Terms) -> str:
    """Return how much more time it takes until the moment that was named, "" where it names none after the present limit.

    Of whoever assists, or leads with a limit of their own, it is that one that moves, the lead's as far as that goes; else the
    limit that falls before that moment once the work is taken on, which asking for more time does.
    """
    target = moment(turn, said)
    if target is None:
        return ""
    part = complaint.part_of(turn.person.id)
    taken = taken_on(
        complaint, turn.as_(Role.HANDLER, Role.DEPT_HEAD, Role.EMPLOYEE), terms, turn.now, told=False
    ).complaint
    promised = work_deadline_before(taken, target, terms)
    theirs = part or (complaint.task if tasks.leads_with_limit(complaint, turn.as_()) else None)
    if theirs is not None and theirs.due_at is not None:
        since = max(theirs.due_at, turn.now)
        own = _between(since, target, lambda limit: due_with(limit, since, complaint, terms))
        if part is not None or (own and tasks.fits_inside(complaint, Limit.parse(own), terms, turn.now)):
            return own
    if promised is None:
        return ""
    return _between(promised.due_at, target, lambda limit: extended(promised, limit, taken, terms, turn.now).due_at)


def offered(complaint: Complaint, terms: Terms, now: datetime) -> str:
    """Return the lengths to choose from, no longer than the policy allows, with commas."""
    longest, promised = terms.policy.extension.longest, work_deadline(complaint)
    if longest is None or promised is None:
        return ",".join(_OFFERED)
    last = extended(promised, longest, complaint, terms, now).due_at
    fitting = [each for each in _OFFERED if extended(promised, Limit.parse(each), complaint, terms, now).due_at <= last]
    return ",".join(fitting)


def _between(since: datetime, target: datetime, reaches: Callable[[Limit], datetime]) -> str:
    """Return as a limit how long it is from one moment to another: in days, where these end there, else in hours."""
    days = (target.date() - since.astimezone(target.tzinfo).date()).days
    if days > 0 and abs(reaches(Limit(Decimal(days), Unit.DAYS)) - target) <= _NEAR:
        return str(Limit(Decimal(days), Unit.DAYS))
    hours = Decimal((target - since) / timedelta(hours=1)).quantize(Decimal("0.01"), ROUND_FLOOR)
    return str(Limit(hours, Unit.HOURS)) if hours > 0 else ""
