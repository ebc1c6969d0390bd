"""Claiming: which messages of the outbox go now, in which order, together with which others, and by which road.

A person is met where they last were (their chat, their mail, then SMS); a road that is closed leads to the next. What waits
says why (`bot.pacing.Wait`).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import manners
from bot.answers import Internal
from bot.desk import AGAIN, Desk
from bot.outages import Outages
from bot.pacing import Pacer, PutOff, Wait
from bot.parcels import Packer, Parcel
from bot.people import Person
from bot.roads import Road, carries, choose_road
from bot.storage import queues, unknown
from bot.storage.models import AddressRow
from bot.storage.queues import CLAIMED, HELD, QUEUED, SENDING, SKIPPED
from bot.storage.values import Outgoing
from bot.storage.work import Newer, Work
from bot.undelivered import Undelivered
from complaints.complaint import Complaint
from complaints.errors import ComplaintError
from complaints.promises import Terms
from complaints.vocabulary import Flag
from connectors.port import Connector, Form
from scheduler.port import Fate, Left

_PER_LANE = 16
_TWIN_LOOK = timedelta(seconds=5)  # while the copy of a notice is on its way by the road the notice would take
_WENT = frozenset({Fate.SENT, Fate.DELIVERED, queues.READ})
_UNREADABLE = (ComplaintError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a bad record or a missing template raises; the database's own errors are none of these."""


@dataclass(frozen=True, slots=True)
class _Matter:
    """A due message with what decides when and how it may go."""

    outgoing: Outgoing
    complaint: Complaint | None
    terms: Terms
    person: Person | None
    addresses: Sequence[AddressRow]

    @property
    def staff(self) -> bool:
        return self.person is not None and self.person.staff

    @property
    def urgent(self) -> bool:
        return manners.urgent(self.complaint, self.terms)

    @property
    def first(self) -> bool:
        """Whether it goes before others where a channel takes only so many."""
        return self.outgoing.answer or self.urgent

    @property
    def press(self) -> bool:
        """Whether it is a matter of the media: whoever leads reads each word of it by itself, and at once (R-069)."""
        return self.complaint is not None and Flag.MEDIA in self.complaint.flags

    @property
    def joinable(self) -> bool:
        of_a_channel = (
            self.outgoing.notice == Internal.UNCERTAIN and not self.outgoing.reference
        )  # a list has no room for it
        listed = self.staff and self.outgoing.notice in manners.JOINABLE and not of_a_channel
        return (listed or (self.outgoing.notice in manners.NEWS and not self.outgoing.form)) and not (
            self.first or self.press or self.outgoing.tried or self.outgoing.joined_to
        )

    @property
    def last_wrote(self) -> datetime | None:
        return max((row.last_inbound_at for row in self.addresses if row.last_inbound_at), default=None)


class Claims:
    """Takes messages out of the outbox, within one transaction. lease_s, digest_from: as in `bot.delivery.Rules`."""

    def __init__(
        self,
        desk: Desk,
        connectors: Mapping[str, Connector],
        packer: Packer,
        undelivered: Undelivered,
        pacer: Pacer,
        outages: Outages,
        *,
        lease_s: float,
        digest_from: int,
    ) -> None:
        self._desk = desk
        self._connectors = connectors
        self._packer = packer
        self._undelivered = undelivered
        self._pacer = pacer
        self._outages = outages
        self._lease = timedelta(seconds=lease_s)
        self._digest_from = digest_from

    async def take(self, work: Work, lanes: int, now: datetime, taken: list[Road]) -> tuple[list[list[Parcel]], Left]:
        """Claim what may go, of at most so many lanes, each in its order; say what is left.

        taken: gets the road of every slot that was taken, for whoever must give them back if this is not committed.
        """
        held = await queues.release_held(work, now)
        due, left = await queues.due(work, now, lanes, _PER_LANE, held=held)
        if not due:
            return [], left
        claimed = await self._claim(work, due, now, taken)
        rows = sum(len(parcel.rows) for parcels in claimed for parcel in parcels)
        if held or rows < len(
            due
        ):  # it may let go what stands behind it; where nothing went, whatever was written wakes us
            left = Left.MORE if claimed else Left.BEHIND
        return claimed, left

    async def take_decided(self, work: Work, lanes: int, now: datetime, taken: list[Road]) -> list[list[Parcel]]:
        """Claim, as `take` does, what this work itself has decided to say; what it leaves is there for `take`."""
        due = await queues.decided(work, now, lanes, _PER_LANE)
        if not due:
            return []
        claimed = await self._claim(work, due, now, taken)
        for lane in {outgoing.lane for outgoing in due}:
            standing = {outgoing.key for outgoing in due if outgoing.lane == lane}
            gone = {row.key for parcels in claimed for parcel in parcels for row in parcel.rows if row.lane == lane}
            if standing == gone and work.decided[lane] <= gone:
                del work.decided[lane]
        return claimed

    async def _claim(self, work: Work, due: Sequence[Outgoing], now: datetime, taken: list[Road]) -> list[list[Parcel]]:
        await self._prefetch(work, due)
        matters: dict[str, list[_Matter]] = {}
        for outgoing in due:
            matter = await self._look(work, outgoing, now)
            if matter is not None:
                matters.setdefault(outgoing.lane, []).append(matter)
        claimed = []
        for lane in sorted(matters.values(), key=lambda lane: not lane[0].first):
            parcels = await self._open(work, lane, now, taken)
            if parcels:
                claimed.append(parcels)
        return claimed

    async def _prefetch(self, work: Work, due: Sequence[Outgoing]) -> None:
        persons = {outgoing.person for outgoing in due if outgoing.person}
        unasked = {outgoing.person for outgoing in due if outgoing.person and not outgoing.answer}
        references = {outgoing.reference for outgoing in due if outgoing.reference}
        await work.prefetch_complaints(references)
        complaints = [complaint for reference in references if (complaint := work.known_complaint(reference))]
        people = {each for each in persons | {each.complainant for each in complaints} if not work.knows_person(each)}
        if people:
            await work.prefetch_people(people - (await work.directory()).persons.keys())
        await work.prefetch_addresses_of(unasked)
        await work.prefetch_addresses((outgoing.channel, outgoing.address) for outgoing in due if outgoing.answer)
        mail = {name for name, each in self._connectors.items() if each.capabilities.own_address}
        by_mail = {row.person for person in unasked for row in await work.addresses_of(person) if row.channel in mail}
        threads = (each for each in due if each.channel in mail or each.person in by_mail)
        await work.prefetch_threads(each.reference for each in threads if each.reference)

    async def _look(self, work: Work, outgoing: Outgoing, now: datetime) -> _Matter | None:
        """Return what decides about a message; None where it needs no road now: outdated, held for the morning, unreadable."""
        try:
            complaint = await work.complaint(outgoing.reference) if outgoing.reference else None
            terms = await self._desk.terms(work, complaint) if complaint else self._desk.book.current
            person = await work.person(outgoing.person) if outgoing.person else None
        except Newer:
            await unknown.met(work, outgoing.reference or "", now)
            # Out of its lane's way: who waits for it must hear of all else meanwhile.
            work.save_outgoing(replace(outgoing, state=HELD, due_at=now + AGAIN, waits=""))
            return None
        except _UNREADABLE as error:
            await self._undelivered.unreadable(work, outgoing, error, now)
            return None
        # An answer goes back where the question came from, and is never put off until the morning.
        addresses = await work.addresses_of(outgoing.person) if outgoing.person and not outgoing.answer else []
        if complaint is not None and complaint.drill and not (person is not None and person.staff):
            addresses = [row for row in addresses if self._is_chat(row.channel)]
            if not (addresses or outgoing.answer):
                why = "a drill: its customer hears of it in chat alone"
                work.save_outgoing(replace(outgoing, state=SKIPPED, done_at=now, detail=why))
                return None
        matter = _Matter(outgoing, complaint, terms, person, addresses)
        if why := manners.outdated(outgoing, complaint, terms):
            work.save_outgoing(replace(outgoing, state=SKIPPED, done_at=now, detail=why))
            return None
        morning = manners.quiet_until(
            outgoing,
            complaint,
            terms,
            staff=matter.staff,
            last_wrote=matter.last_wrote,
            now=now,
        )
        if morning is not None and not (matter.staff and await self._on_duty(work, matter, now)):
            work.save_outgoing(replace(outgoing, state=HELD, due_at=morning, waits=Wait.QUIET))
            return None
        return matter

    def _is_chat(self, channel: str) -> bool:
        return channel in self._connectors and self._connectors[channel].capabilities.form is Form.IM

    async def _on_duty(self, work: Work, matter: _Matter, now: datetime) -> bool:
        """Say whether its reader is on duty now: they are awake."""
        assert matter.person is not None
        site = matter.complaint.site if matter.complaint else ""
        return await self._desk.is_on_duty(work, matter.person.id, site, now)

    async def _open(self, work: Work, lane: Sequence[_Matter], now: datetime, taken: list[Road]) -> list[Parcel]:
        """Return what of a lane may go now, in its order, up to the first that must wait."""
        by_id = {matter.outgoing.id: matter for matter in lane}
        groups = manners.runs(
            [matter.outgoing for matter in lane], lambda each: by_id[each.id].joinable, self._digest_from
        )
        parcels = []
        while groups:
            matters = [by_id[outgoing.id] for outgoing in groups.pop(0)]
            matter = matters[0]
            road = self._road(matter, now, await self._address(work, matter.outgoing))
            if len(matters) > 1 and (road is None or not self._carries_together(road[0], matter.outgoing)):
                groups[:0] = [(each.outgoing,) for each in matters]  # each finds its way, or none, by itself
                continue
            if road is None:
                await self._undelivered.give_up(work, matter.outgoing, matter.complaint, matter.person, now)
                continue
            rows = tuple(_by(road, each.outgoing) for each in matters)
            twin = await self._twin(work, rows[0], road, now) if len(rows) == 1 else None
            if isinstance(twin, Outgoing):
                work.save_outgoing(twin)
                if twin.state == Fate.UNCERTAIN:
                    await self._undelivered.tell_centre(work, Internal.UNCERTAIN, twin)
                continue
            again = rows[0].waits == Wait.LIMIT
            wait = twin or self._pacer.take(*road, now, urgent=matter.first, again=again)
            if wait is not None:
                for row in rows:
                    work.save_outgoing(replace(row, state=QUEUED, waits=wait.why, due_at=wait.until))
                break
            taken.append(road)
            try:
                parcel = await self._packer.pack(work, rows)
            except _UNREADABLE as error:
                self._pacer.give_back(*taken.pop())
                if len(rows) == 1:
                    await self._undelivered.unreadable(work, rows[0], error, now)
                else:
                    groups[:0] = [(row,) for row in rows]
                continue
            rest = tuple(row for row in rows if row.id > parcel.rows[-1].id)
            if rest:
                groups[:0] = manners.runs(rest, lambda _: True, self._digest_from)
            parcels.append(self._claimed(work, parcel, now))
        return parcels

    def _carries_together(self, channel: str, leader: Outgoing) -> bool:
        """Say whether a channel takes several notices in one message: a list, or for customers all their words."""
        if leader.notice in manners.NEWS:
            return channel in self._connectors and self._connectors[channel].capabilities.templates is None
        return carries(self._connectors, channel, Internal.DIGEST)

    def _claimed(self, work: Work, parcel: Parcel, now: datetime) -> Parcel:
        lease, claim = now + self._lease, secrets.token_hex(8)
        leader = parcel.outgoing.id if len(parcel.rows) > 1 else None
        rows = tuple(
            replace(
                row,
                state=CLAIMED,
                attempts=row.attempts + 1,
                lease_until=lease,
                claim=claim,
                waits="",
                joined_to=leader,
            )
            for row in parcel.rows
        )
        for row in rows:
            work.save_outgoing(row)
        return replace(parcel, rows=rows, probe=parcel.outgoing.channel in self._pacer.pauses)

    async def _address(self, work: Work, outgoing: Outgoing) -> AddressRow | None:
        return await work.address(outgoing.channel, outgoing.address) if outgoing.answer else None

    def _road(self, matter: _Matter, now: datetime, conversation: AddressRow | None) -> Road | None:
        """Return the road to take: past the channels that are down where there is another, else that one, to wait for it."""
        if conversation is not None and conversation.blocked_at is not None:
            return None  # an answer to somebody who has shut us out since they wrote (trap 20)
        addresses = [] if matter.outgoing.answer else matter.addresses
        best = choose_road(matter.outgoing, addresses, self._connectors, matter.staff, now)
        if best is None or not self._outages.avoided(best[0], now):
            return best
        up = {channel: each for channel, each in self._connectors.items() if not self._outages.avoided(channel, now)}
        other = choose_road(matter.outgoing, addresses, up, matter.staff, now)
        if other is None:
            return best
        if matter.outgoing.notice != Internal.CHANNEL_DOWN:
            self._outages.diverted(best[0], matter.outgoing.id)
        return other

    async def _twin(self, work: Work, outgoing: Outgoing, road: Road, now: datetime) -> Outgoing | PutOff | None:
        """A notice and its second copy must not both take one road (the chat failed, and SMS carries the copy already).

        Return the message as one that shares the other's fate, or until when to wait for what becomes of the other.
        """
        if outgoing.form:
            other = await queues.with_key(work, outgoing.key.removesuffix(f"/{outgoing.form}"))
        elif outgoing.tried or self._outages.any_down:
            form = self._connectors[road[0]].capabilities.form
            other = await queues.with_key(work, f"{outgoing.key}/{form}")
        else:
            return None
        if other is None or (other.channel, other.address) != road:
            return None
        if other.state in _WENT or other.state == Fate.UNCERTAIN:
            state = Fate.UNCERTAIN if other.state == Fate.UNCERTAIN and not outgoing.form else SKIPPED
            return replace(outgoing, state=state, done_at=now, detail=f"went out already as message {other.id}")
        if other.state in (CLAIMED, SENDING):
            return PutOff(Wait.RETRY, now + _TWIN_LOOK)
        return None


def _by(road: Road, outgoing: Outgoing) -> Outgoing:
    """Return a message as it takes a road; an answer has its own from the beginning."""
    if (outgoing.channel, outgoing.address) == road:
        return outgoing
    return replace(outgoing, channel=road[0], address=road[1])
