"""What no road carries: given up, and told to whoever can do something about it.

Whom it had to reach is phoned by the duty desk, which says what came of it; of all else the service centre is told. The
stand-in of one of the staff sees to what that person does not hear of.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.answers import Internal, Why
from bot.desk import Desk
from bot.manners import LAPSING
from bot.pacing import Wait
from bot.people import Person
from bot.recipients import readers
from bot.roads import carries
from bot.rooms import NUDGE_EVERY, nudge
from bot.storage import queues
from bot.storage.queues import FAILED, HELD, SKIPPED
from bot.storage.values import Outgoing
from bot.storage.work import Work
from complaints import press, undelivered
from complaints.change import To
from complaints.complaint import Complaint
from connectors.port import Connector

_log = logging.getLogger(__name__)

_LATELY = timedelta(days=1)  # longer than a call lasts that nobody answers


def _kept_from(complaint: Complaint) -> bool:
    """Say whether a complaint's customer is nobody to be reached: they would not be named, or are of the press."""
    return complaint.anonymous or press.asks(complaint)


class Undelivered:
    """Gives messages up, within the transaction that finds that they cannot go."""

    def __init__(self, desk: Desk, connectors: Mapping[str, Connector]) -> None:
        self._desk = desk
        self._connectors = connectors

    async def give_up(
        self, work: Work, outgoing: Outgoing, complaint: Complaint | None, person: Person | None, now: datetime
    ) -> None:
        """No road is left: the centre is asked to phone and the stand-in told, unless this was only a second copy."""
        if outgoing.form and not outgoing.tried:
            work.save_outgoing(
                replace(outgoing, state=SKIPPED, done_at=now, detail=f"no second road by {outgoing.form}")
            )
            return
        if outgoing.notice in LAPSING:
            work.save_outgoing(replace(outgoing, state=SKIPPED, done_at=now, detail="no road, and it may go unasked"))
            return
        known = outgoing.channel in self._connectors
        if outgoing.answer and known and not carries(self._connectors, outgoing.channel, outgoing.notice):
            # The channel has no approved template for these words: what was written is handled, only unanswered.
            detail = f"{outgoing.channel} has no approved template for {outgoing.notice}"
            work.save_outgoing(replace(outgoing, state=SKIPPED, done_at=now, detail=detail))
            return
        if await nudge(work, self._desk, self._connectors, outgoing):
            detail = "known from a group only, and asked there to open the private chat"
            held = replace(outgoing, state=HELD, due_at=now + NUDGE_EVERY, waits=Wait.PRIVATE, detail=detail)
            work.save_outgoing(held)
            return
        why = await self._why(work, outgoing)
        outgoing = replace(
            outgoing, state=FAILED, done_at=now, waits="", detail=outgoing.detail or "no address to write to"
        )
        work.save_outgoing(outgoing)
        _log.warning("outbox: message %s (%s) could not be delivered", outgoing.id, outgoing.notice)
        if complaint is not None and person is not None and await self._phoned(work, outgoing, person, now):
            pass  # whoever is on duty has it, and says what came of it
        elif complaint is None or outgoing.person != complaint.complainant or not _kept_from(complaint):
            await self.tell_centre(work, Internal.UNDELIVERABLE, outgoing, why)  # else there is nobody to phone
        await self._tell_stand_in(work, outgoing, complaint, person)

    @staticmethod
    async def _why(work: Work, outgoing: Outgoing) -> Why:
        if outgoing.tried:
            return Why.REFUSED
        silenced = outgoing.person and any(row.muted for row in await work.addresses_of(outgoing.person))
        return Why.MUTED if silenced else Why.NO_ROAD

    async def _phoned(self, work: Work, outgoing: Outgoing, person: Person, now: datetime) -> bool:
        """Ask the duty desk to phone whoever should have heard it; False where nobody is asked.

        However many complaints somebody does not hear of, it is one call at a time: the centre reads of the others.
        """
        complaint = work.known_complaint(outgoing.reference or "")
        if complaint is None or outgoing.answer or outgoing.form or not person.phone:
            return False
        terms = await self._desk.terms(work, complaint)
        change = undelivered.ask(complaint, person.id, outgoing.notice, outgoing.id, terms, now)
        if change is None or not await self._desk_is_another(work, complaint, person, now):
            return False
        for reference in await queues.lately_failed(work, outgoing.lane, now - _LATELY):
            other = await work.complaint(reference)
            calls = other.calls if other is not None else ()
            if any(call.open and (call.whom, call.why) == (person.id, undelivered.WHY) for call in calls):
                return False
        await self._desk.record(work, change)
        return True

    async def _desk_is_another(self, work: Work, complaint: Complaint, person: Person, now: datetime) -> bool:
        """Say whether anybody at the duty desk is somebody else than whom it should phone."""
        found = readers(To(duty_desk=True), await work.directory(), complaint, self._desk.book.calendar_at, now)
        return any(reader.person != person.id for reader in found)

    async def unreadable(self, work: Work, outgoing: Outgoing, error: Exception, now: datetime) -> None:
        """Give up a message that fails before it is handed over: tried again it would fail again, and hold up its lane."""
        _log.error("outbox: the words of message %s (%s) cannot be made", outgoing.id, outgoing.notice, exc_info=error)
        detail = f"its words cannot be made: {error}"[:500]
        outgoing = replace(outgoing, state=FAILED, lease_until=None, done_at=now, detail=detail)
        work.save_outgoing(outgoing)
        await self.tell_centre(work, Internal.UNDELIVERABLE, outgoing, Why.NO_WORDS)

    async def tell_centre(self, work: Work, kind: Internal, outgoing: Outgoing, why: Why | None = None) -> None:
        """Tell the service centre about a message that may not have arrived.

        Never about one of these notices themselves, nor about a second copy: the notice is on its way by another road.
        """
        if outgoing.notice in set(Internal) or outgoing.form:
            return
        readable = outgoing.reference is not None and work.known_complaint(outgoing.reference) is not None
        facts = {"kind": outgoing.notice, "who": outgoing.person or ""}
        if why is not None:
            facts["why"] = why
        if outgoing.reference and not readable:
            facts["number"] = outgoing.reference
        everybody = await self._desk.service_centre(work)
        centre = [person for person in everybody if person.id != outgoing.person] or everybody
        reference = outgoing.reference if readable else None
        self._desk.tell(work, kind, self._key(kind, outgoing), centre, facts, reference)

    async def tell_doubtful(self, work: Work, outgoing: Outgoing, since: datetime) -> None:
        """Tell the service centre that nobody knows whether anything by a message's channel has arrived since then: once, and
        not of each message.
        """
        if outgoing.notice in set(Internal) or outgoing.form:
            return  # as of a single one
        key = f"{Internal.UNCERTAIN}/{outgoing.channel}/{since.isoformat()}"
        facts = {"kind": outgoing.notice, "channel": outgoing.channel, "since": since.isoformat()}
        for person in await self._desk.service_centre(work):
            if await queues.with_key(work, f"{key}/{person.id}") is None:
                self._desk.tell(work, Internal.UNCERTAIN, key, [person], facts)

    async def _tell_stand_in(
        self, work: Work, outgoing: Outgoing, complaint: Complaint | None, person: Person | None
    ) -> None:
        """Let the backup of somebody who cannot be reached see to it (R-032); nobody whom the complaint names."""
        if person is None or not person.staff or complaint is None or outgoing.form or outgoing.answer:
            return
        backup = (await work.directory()).get(person.backup)
        if backup is None or backup.id in complaint.respondents or outgoing.notice in set(Internal):
            return
        facts = {"kind": outgoing.notice, "who": person.id}
        key = self._key(Internal.STAND_IN, outgoing)
        self._desk.tell(work, Internal.STAND_IN, key, [backup], facts, complaint.reference)

    def _key(self, kind: Internal, outgoing: Outgoing) -> str:
        """Return the key of what is told: sent again on a person's word, a message may fail again, and is told of again."""
        return f"{kind}/{outgoing.id}/{outgoing.attempts}/{self._desk.clock.now().isoformat()}"
