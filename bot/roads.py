"""Roads: by which channel and address a person is written to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.storage import codec
from bot.storage.models import AddressRow
from bot.storage.queues import QUEUED
from bot.storage.values import Outgoing
from connectors.port import Connector, Form

Road = tuple[str, str]

_FOR_STAFF = {Form.IM: 0, Form.EMAIL: 1, Form.SMS: 2}


def choose_road(
    outgoing: Outgoing, addresses: Sequence[AddressRow], connectors: Mapping[str, Connector], staff: bool, now: datetime
) -> Road | None:
    """Return the channel and address to take next, None where all are closed.

    An answer goes back to where the question came from, and nowhere else. Otherwise a person is met where the channel lets
    us write unasked and they neither asked us to stop nor keep us out: staff by chat before mail before SMS, customers where
    they last wrote.
    """
    closed = closed_roads(outgoing)
    if outgoing.answer:
        road = (outgoing.channel, outgoing.address)
        return road if carries(connectors, outgoing.channel, outgoing.notice) and road not in closed else None

    def form_of(row: AddressRow) -> Form:
        return connectors[row.channel].capabilities.form

    def usable(row: AddressRow) -> bool:
        if (row.channel, row.address) in closed or row.muted or row.blocked_at is not None:
            return False
        if not carries(connectors, row.channel, outgoing.notice):
            return False
        if staff and not row.proven:
            return False  # it was theirs once, or somebody only says that it is
        if row.last_inbound_at is None and connectors[row.channel].capabilities.start_link is not None:
            return False  # known from a group: they have not opened the private chat yet
        window = connectors[row.channel].capabilities.proactive_window
        return window is None or (row.last_inbound_at is not None and now - row.last_inbound_at <= window)

    def preference(row: AddressRow) -> tuple[object, ...]:
        seen = -(row.last_inbound_at.timestamp() if row.last_inbound_at else 0.0)
        form = _FOR_STAFF[form_of(row)]
        return (form, seen, row.channel, row.address) if staff else (seen, form, row.channel, row.address)

    roads = [row for row in addresses if usable(row)]
    if outgoing.form:
        # A second copy: where the notice itself has no other road than this one, it goes out by it already.
        copies = [row for row in roads if form_of(row) == outgoing.form]
        roads = copies if len(copies) < len(roads) else []
    best = min(roads, key=preference, default=None)
    return (best.channel, best.address) if best is not None else None


def carries(connectors: Mapping[str, Connector], channel: str, notice: str) -> bool:
    """Say whether the channel is there and takes this notice: some send approved templates only, and have none for it."""
    if channel not in connectors:
        return False
    templates = connectors[channel].capabilities.templates
    return templates is None or notice in templates


def closed_roads(outgoing: Outgoing) -> set[Road]:
    return {(channel, address) for channel, address in codec.loads(outgoing.tried)} if outgoing.tried else set()


def closing(outgoing: Outgoing) -> str:
    """Return `tried` with the road last taken among the closed ones."""
    return codec.dumps(sorted(closed_roads(outgoing) | {(outgoing.channel, outgoing.address)}))


def requeued(outgoing: Outgoing, now: datetime) -> Outgoing:
    """Return the message on its way to the next road, at once and with fresh attempts: the one last taken is closed for it.

    For what certainly did not arrive. Where no road is left, the next claim gives it up and tells the service centre.
    """
    return replace(
        outgoing,
        state=QUEUED,
        due_at=now,
        attempts=0,
        tried=closing(outgoing),
        waits="",
        joined_to=None,
        lease_until=None,
        done_at=None,
    )
