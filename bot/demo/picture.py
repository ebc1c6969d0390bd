"""The life of a complaint as the page draws it: values only, no words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.answers import Answer, Internal
from bot.people import Person
from bot.storage import codec, life
from bot.storage.models import EventRow, OutboxRow, TimerRow
from bot.storage.work import Work
from complaints.complaint import Complaint
from complaints.parts.timing import Deadline
from complaints.taxonomy import Pack
from complaints.vocabulary import SERVICE_CENTRE, Role

_PERSONS = ("who", "to", "assignee", "by")  # facts that hold a person's id
_SUPERVISING = SERVICE_CENTRE | {Role.LEADER}
_NOT_SHOWN = frozenset({*Answer, *Internal})


async def picture(work: Work, reference: str | None, now: datetime, pack: Pack) -> dict[str, Any]:
    """Return the list of complaints, the newest first, and the life of the one chosen.

    reference: the chosen one; None or unknown: the newest that is still open, else the newest.
    """
    known = await life.newest(work)
    chosen = next((c for c in known if c.reference == reference), None)
    chosen = chosen or next((c for c in known if not c.settled), None) or (known[0] if known else None)
    return {
        "now": now.isoformat(),
        "complaints": [_line(complaint) for complaint in known],
        "life": await _life(work, chosen, now, pack) if chosen else None,
    }


def _line(complaint: Complaint) -> dict[str, Any]:
    return {
        "reference": complaint.reference,
        "summary": complaint.summary,
        "status": complaint.status,
        "severity": complaint.severity,
        "round": complaint.round,
        "policy": complaint.policy.name,
        "received_at": complaint.received_at.isoformat(),
        "settled": complaint.settled,
    }


async def _life(work: Work, complaint: Complaint, now: datetime, pack: Pack) -> dict[str, Any]:
    people = _People(work, complaint)
    survey = complaint.surveys[-1] if complaint.surveys else None
    return {
        **_line(complaint),
        "category": {locale: pack.label(complaint.category, locale) for locale in ("zh", "en")},
        "owner": await people.name(complaint.owner),
        "complainant": await people.name(complaint.complainant),
        "contact_known": bool((await work.person_row(complaint.complainant) or _NOBODY).phone),
        "urged": complaint.urged,
        "result": complaint.result,
        "closed_as": complaint.closed_as,
        "closed_at": complaint.closed_at.isoformat() if complaint.closed_at else None,
        "extension_asked": complaint.extension is not None,
        "extensions_granted": complaint.extensions_granted,
        "progressed": complaint.last_progress_at is not None,
        "surveys": len(complaint.surveys),
        "survey_open": survey is not None and survey.open,
        "deadlines": [_deadline(deadline, complaint, now) for deadline in complaint.deadlines],
        "events": [await _event(row, people) for row in await work.events_of(complaint.reference)],
        "notices": [
            await _notice(row, people)
            for row in await life.told_about(work, complaint.reference)
            if row.notice not in _NOT_SHOWN and row.state != "skipped"
        ],
        "ahead": [_timer(row) for row in await life.timers_ahead(work, complaint.reference)],
    }


class _Nobody:
    phone = ""


_NOBODY = _Nobody()


class _People:
    """Names, and the lane of the picture each person's doings are drawn in."""

    def __init__(self, work: Work, complaint: Complaint) -> None:
        self._work = work
        self._complaint = complaint

    async def get(self, person: str | None) -> Person | None:
        if person is None:
            return None
        known = (await self._work.directory()).persons.get(person)
        return known or await self._work.person(person)

    async def name(self, person: str | None) -> str:
        found = await self.get(person)
        return found.name if found else ""

    async def lane(self, person: str | None) -> str:
        """Return customer (with their finder), assignee, supervisor (with the leaders), or clock for what only time did."""
        if person is None:
            return "clock"
        if person in (self._complaint.complainant, self._complaint.finder):
            return "customer"
        found = await self.get(person)
        return "supervisor" if found is not None and found.roles & _SUPERVISING else "assignee"


def _deadline(deadline: Deadline, complaint: Complaint, now: datetime) -> dict[str, Any]:
    return {
        "clock": deadline.clock,
        "round": deadline.round,
        "limit": deadline.limit,
        "started_at": deadline.started_at.isoformat(),
        "due_at": deadline.due_at.isoformat(),
        "met_at": deadline.met_at.isoformat() if deadline.met_at else None,
        "state": _state(deadline, complaint, now),
        "extended": deadline.extended,
        "steps": list(deadline.steps),
    }


def _state(deadline: Deadline, complaint: Complaint, now: datetime) -> str:
    """Return met, late (met after its moment), running, overdue, or stopped: its round ended without it."""
    if deadline.met_at is not None:
        return "met" if deadline.met_at <= deadline.due_at else "late"
    if deadline not in complaint.running:
        return "stopped"
    return "overdue" if deadline.overdue(now) else "running"


async def _event(row: EventRow, people: _People) -> dict[str, Any]:
    facts: Mapping[str, str] = codec.loads(row.facts)
    return {
        "id": row.id,
        "kind": row.kind,
        "at": row.at.isoformat(),
        "by": await people.name(row.by),
        "lane": await people.lane(row.by),
        "channel": row.channel,
        "old": row.old,
        "new": row.new,
        "note": row.note,
        "facts": {key: await people.name(value) or value if key in _PERSONS else value for key, value in facts.items()},
    }


async def _notice(row: OutboxRow, people: _People) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.notice,
        "to": await people.name(row.person),
        "lane": await people.lane(row.person),
        "channel": row.channel,
        "state": row.state,
        "decided_at": row.created_at.isoformat(),
        "at": row.done_at.isoformat() if row.done_at else None,
    }


def _timer(row: TimerRow) -> dict[str, Any]:
    rule, _, clock = row.rule.partition(":")
    return {"rule": rule, "clock": clock, "at": row.due_at.isoformat()}
