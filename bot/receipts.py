"""Receipts: what platforms report, later, about messages of ours.

A report is believed where only we could have made the name it gives (our signed Message-ID), or where the platform gave the
name itself and vouches for what it reports. It is kept with the message in any case (table deliveries); what it changes:

    delivered, read   it has arrived, whatever was thought before
    delayed           nothing: the platform still tries
    failed            that road is closed, and the message takes the next; where none is left the service centre hears

A message that has arrived, or that says nothing true any more, is not sent again.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.answers import Answer
from bot.desk import Desk
from bot.manners import outdated
from bot.roads import Road, closing
from bot.storage import queues, reports
from bot.storage.queues import CLAIMED, FAILED, QUEUED, SENDING
from bot.storage.reports import HandedOver
from bot.storage.values import Attempt, Outgoing
from bot.storage.work import Work
from complaints.change import NoticeKind
from complaints.vocabulary import Status
from connectors.port import Connector, IncomingMessage, Receipt, Reported
from scheduler.port import Fate

_log = logging.getLogger(__name__)

_ARRIVED = frozenset({Reported.DELIVERED, Reported.READ})
# Worth saying of a complaint that is settled, because they say just that.
_OF_THE_END = frozenset(
    {
        NoticeKind.CLOSED_SATISFIED, NoticeKind.CLOSED_UNRATED, NoticeKind.CLOSED_UNSETTLED, NoticeKind.WITHDRAWN,
        NoticeKind.INVALID, NoticeKind.FINDER_OUTCOME, NoticeKind.STAFF_CLOSED, NoticeKind.STAFF_WITHDRAWN,
        NoticeKind.SURVEY_UNANSWERED, NoticeKind.APPEAL, NoticeKind.APPEAL_RECORDED,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Applied:
    """What the reports of one message came to. outcome: for people to read. reference: the complaint they are about."""

    outcome: str = ""
    reference: str | None = None


class Receipts:
    """Applies reports within the transaction that marks them as handled."""

    def __init__(self, desk: Desk, connectors: Mapping[str, Connector]) -> None:
        self._desk = desk
        self._connectors = connectors

    async def apply(self, work: Work, incoming: IncomingMessage) -> Applied:
        """Apply every report that a message carries."""
        lines: list[str] = []
        reference = None
        for receipt in incoming.receipts:
            found = await self._spoken_of(work, incoming, receipt)
            if isinstance(found, str):
                lines.append(f"{receipt.fate}: ignored, {found}")
                if not self._we_name(incoming.channel):  # it may only have come too early: `reports.early`
                    self._keep(work, receipt, HandedOver(reports.UNKNOWN, incoming.channel, receipt.address))
                continue
            outgoing, handed = found
            self._keep(work, receipt, handed)
            reference = outgoing.reference or reference
            came = [await self._take(work, each, receipt, handed) for each in await reports.carried(work, outgoing)]
            lines.append(f"{receipt.fate}: message {outgoing.id}, {came[0]}")
        return Applied("; ".join(lines)[:500], reference)

    def _keep(self, work: Work, receipt: Receipt, handed: HandedOver) -> None:
        work.add_attempt(
            Attempt(
                outbox_id=handed.outbox_id,
                channel=handed.channel,
                address=handed.address[:320],
                state=receipt.fate,
                at=self._desk.clock.now(),
                detail=receipt.detail[:500],
                external_id=receipt.message_id[:1024] or None,
            )
        )

    # ── which message ─────────────────────────────────────────────────────────────────────────────────────────────

    async def _spoken_of(
        self, work: Work, incoming: IncomingMessage, receipt: Receipt
    ) -> tuple[Outgoing, HandedOver] | str:
        """Return the message and the attempt that a report speaks of, or why there is none."""
        if self._we_name(incoming.channel):
            tried = await self._signed(work, incoming, receipt)
        else:
            tried = await self._named(work, incoming.channel, receipt)
        if isinstance(tried, str):
            return tried
        if receipt.address:
            opened = self._desk.signer.opened
            tried = [each for each in tried if _is_same(receipt.address, opened(each.channel, each.address))]
            if not tried:
                return "that message did not go to this address"
        outgoing = await queues.outgoing(work, tried[0].outbox_id)
        return (outgoing, tried[0]) if outgoing is not None else "that message is kept no more"

    def _we_name(self, channel: str) -> bool:
        """Say whether the messages of a channel carry ids of our making."""
        connector = self._connectors.get(channel)
        return connector is not None and connector.capabilities.own_address is not None

    async def _signed(self, work: Work, incoming: IncomingMessage, receipt: Receipt) -> list[HandedOver] | str:
        """Where we name messages ourselves, anybody could send a report: it must carry an id that only we can make."""
        carriers = (*incoming.recipients, *incoming.references, incoming.in_reply_to or "", receipt.message_id)
        outbox_id = self._desk.signer.outbox_id(carriers)
        if outbox_id is None:
            return "it does not carry the genuine id of a message of ours"
        return await reports.handed_over(work, outbox_id, incoming.channel) or "that message did not go out here"

    async def _named(self, work: Work, channel: str, receipt: Receipt) -> list[HandedOver] | str:
        """Where the platform names messages, its name counts; else our key, or the only message that is out to an address."""
        if receipt.message_id:
            tried = await reports.called(work, channel, receipt.message_id)
            keyed = None if tried else await queues.with_key(work, receipt.message_id)
            outbox_id = keyed.id if keyed is not None else None
        else:
            tried, outbox_id = [], await reports.only_one_out(work, channel, receipt.address)
        if outbox_id is not None:
            tried = await reports.handed_over(work, outbox_id, channel)
        return tried or "it names no message of ours"

    # ── what follows ──────────────────────────────────────────────────────────────────────────────────────────────

    async def _take(self, work: Work, outgoing: Outgoing, receipt: Receipt, handed: HandedOver) -> str:
        """Do what a report asks for; return what that was."""
        if receipt.fate in _ARRIVED:
            return self._arrived(work, outgoing, queues.READ if receipt.fate is Reported.READ else Fate.DELIVERED)
        if receipt.fate is Reported.DELAYED:
            return "still on its way"
        if receipt.gone:
            await self._close_address(work, outgoing, handed)
        return await self._failed(work, outgoing, receipt, (handed.channel, handed.address))

    def _arrived(self, work: Work, outgoing: Outgoing, state: str) -> str:
        if outgoing.state in (CLAIMED, SENDING):
            return "has arrived, while it is being sent by another road"
        if outgoing.state not in (queues.READ, state):
            done_at = outgoing.done_at or self._desk.clock.now()
            work.save_outgoing(replace(outgoing, state=state, done_at=done_at))
        return "has arrived"

    async def _failed(self, work: Work, outgoing: Outgoing, receipt: Receipt, road: Road) -> str:
        if outgoing.state not in (Fate.SENT, Fate.UNCERTAIN) or (outgoing.channel, outgoing.address) != road:
            return f"it is {outgoing.state} by now"  # known already, or settled by another road
        now, detail = self._desk.clock.now(), receipt.detail[:500]
        outgoing = replace(outgoing, detail=detail, joined_to=None)
        if why := await self._pointless(work, outgoing):
            work.save_outgoing(replace(outgoing, state=FAILED, done_at=now))
            return f"not sent again: {why}"
        _log.warning("outbox: message %s (%s) came back: the next road is taken", outgoing.id, outgoing.notice)
        work.save_outgoing(
            replace(outgoing, state=QUEUED, due_at=now, done_at=None, attempts=0, tried=closing(outgoing))
        )
        return "the next road is taken"

    async def _pointless(self, work: Work, outgoing: Outgoing) -> str:
        """Return why a message need not be said again, "" where it should be."""
        if outgoing.reference is None:
            # An answer to somebody without a complaint: most likely their address was made up to begin with.
            return "it was an answer about no complaint" if outgoing.notice in set(Answer) else ""
        complaint = await work.complaint(outgoing.reference)
        if complaint is None:
            return "its complaint is kept no more"
        if complaint.settled and outgoing.notice not in _OF_THE_END:
            return f"its complaint is {complaint.status}"
        if outgoing.notice == NoticeKind.PLAN and complaint.status is not Status.PROPOSED:
            return "its plan is answered"
        return outdated(outgoing, complaint, await self._desk.terms(work, complaint))

    async def _close_address(self, work: Work, outgoing: Outgoing, handed: HandedOver) -> None:
        """The address is wrong or dead: leave it alone until somebody writes from it again."""
        row = await work.address(handed.channel, handed.address)
        if row is None or row.blocked_at is not None:
            return
        wrote_since = row.last_inbound_at is not None and outgoing.done_at is not None
        if wrote_since and row.last_inbound_at > outgoing.done_at:  # type: ignore[operator]
            return
        row.blocked_at = self._desk.clock.now()


def _is_same(claimed: str, ours: str) -> bool:
    """Compare addresses; phone numbers are reported with and without their country."""
    if claimed.casefold() == ours.casefold():
        return True
    if "@" in claimed + ours:
        return False
    one, other = re.sub(r"\D", "", claimed), re.sub(r"\D", "", ours)
    return min(len(one), len(other)) >= 7 and (one.endswith(other) or other.endswith(one))
