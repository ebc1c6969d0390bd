"""Pacing: how fast each channel may be written to, and which of them must be left alone for a while.

A message takes a slot of every limit that covers its address before it is handed over; the slot is free again `per_s` after
the hand-over, so within any `per_s` no more than `count` go out. What finds no slot is put off, with its place in the line
as the moment to look again: a long line costs a look or two for each message, not one for each message and second.

Kept in memory: each process counts for itself, and what a restart forgets the platform says again (429). Where several
processes deliver, each takes its share of a limit and no more (`Pacer.shared_by`), so that all together keep it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from connectors.port import Limit
from scheduler.port import Retries

_LOOK = timedelta(seconds=1)  # while every slot is taken by what is being handed over right now
_STEP = timedelta(milliseconds=10)  # between two looks at what waits for a channel: bounds what a long outage costs
_LONGEST_PAUSE = timedelta(minutes=2)  # unless the platform asked for more: it must be noticed that a channel is back
_LONGEST_DOUBT = timedelta(minutes=1)  # each try costs a message that a person has to decide about; the rest waits
_DOUBTFUL_FROM = 3  # so many messages in a row of which nobody knows whether they arrived are no accident
_IDLE_BUCKETS = 10_000


class Wait(StrEnum):
    """Why a message is put off (`OutboxRow.waits`); the words are in `words.toml`."""

    LIMIT = "limit"  # so many messages in so much time
    ASKED = "asked"  # the platform said for how long
    CHANNEL = "channel"  # the channel is down
    QUIET = "quiet"  # it is night
    RETRY = "retry"  # it failed and will be tried again
    PRIVATE = "private"  # they have not opened the private chat yet


@dataclass(frozen=True, slots=True)
class PutOff:
    """Not now: why, and when to look again."""

    why: Wait
    until: datetime


@dataclass(slots=True)
class _Bucket:
    """The slots of one limit. held: taken by what is not handed over yet. busy: when each of the others is free again."""

    limit: Limit
    held: int = 0
    busy: deque[datetime] = field(default_factory=deque)
    line: datetime | None = None  # the last place given to a newcomer
    again: datetime | None = None  # the same for those who had a place and found it taken

    def free(self, now: datetime, shared_by: int) -> bool:
        while self.busy and self.busy[0] <= now:
            self.busy.popleft()
        return self.held + len(self.busy) < max(self.limit.count // shared_by, 1)

    def next_free(self, now: datetime) -> datetime:
        return self.busy[0] if self.busy else now + min(_LOOK, timedelta(seconds=self.limit.per_s))

    def place(self, now: datetime, *, urgent: bool, again: bool) -> datetime:
        """Return when it is worth looking again. Who is urgent stands in no line."""
        soonest = self.next_free(now)
        if urgent:
            return soonest
        step = timedelta(seconds=self.limit.per_s / self.limit.count)
        last = self.again if again else self.line
        place = soonest if last is None else max(soonest, last + step)
        if again:
            self.again = place
        else:
            self.line = place
        return place


@dataclass(slots=True)
class Pause:
    """A channel that refuses everybody. since: when it began to. until: when one message may try it. line: the last look
    that was given to a message which waits for it. doubtful: it does not even refuse: of what it is handed, nobody knows
    whether it arrives.
    """

    since: datetime
    until: datetime
    reason: str
    failures: int = 1
    probing: bool = False
    line: datetime | None = None
    doubtful: bool = False


@dataclass(slots=True)
class _Doubts:
    """Messages of which nobody knows whether they arrived, and none between them that did. since: of the first of them.
    enough: so many of them are an outage.
    """

    since: datetime
    enough: int = _DOUBTFUL_FROM
    messages: set[int] = field(default_factory=set)


class Pacer:
    """The limits of every channel, and its pauses. Every moment it is handed comes from one clock."""

    def __init__(self, limits: Mapping[str, tuple[Limit, ...]], retries: Retries) -> None:
        self._limits = limits
        self._retries = retries
        self._buckets: dict[tuple[str, int, str], _Bucket] = {}
        self._asked: dict[tuple[str, str], datetime] = {}
        self._doubts: dict[str, _Doubts] = {}
        self.pauses: dict[str, Pause] = {}
        self.shared_by = 1  # so many processes deliver

    def take(self, channel: str, address: str, now: datetime, *, urgent: bool, again: bool = False) -> PutOff | None:
        """Take a slot of every limit that covers the address; None: it may go. again: it was put off for a limit before.

        Whoever took one says `sent` once it was handed over, or `give_back`.
        """
        asked = self._asked.get((channel, address))
        if asked is not None and asked > now:
            return PutOff(Wait.ASKED, asked)
        self._asked.pop((channel, address), None)
        pause = self.pauses.get(channel)
        if pause is not None and (pause.probing or pause.until > now):
            soonest = max(pause.until, now + _STEP)
            pause.line = soonest if pause.line is None else max(soonest, pause.line + _STEP)
            return PutOff(Wait.CHANNEL, soonest if urgent else pause.line)
        buckets = self._covering(channel, address)
        full = [bucket for bucket in buckets if not bucket.free(now, self.shared_by)]
        if full:
            return PutOff(Wait.LIMIT, max(bucket.place(now, urgent=urgent, again=again) for bucket in full))
        for bucket in buckets:
            bucket.held += 1
        if pause is not None:
            pause.probing = True
        return None

    def sent(self, channel: str, address: str, now: datetime) -> None:
        """It was handed over, whatever came of it: its slots are busy for as long as the limits say."""
        for bucket in self._covering(channel, address):
            bucket.held = max(bucket.held - 1, 0)
            bucket.busy.append(now + timedelta(seconds=bucket.limit.per_s))
        if len(self._buckets) > _IDLE_BUCKETS:
            self._buckets = {key: each for key, each in self._buckets.items() if each.held or not _idle(each, now)}
            self._asked = {key: until for key, until in self._asked.items() if until > now}

    def give_back(self, channel: str, address: str, *, probe: bool = True) -> None:
        """It was not handed over after all. probe: it may be the one that was to find out how a paused channel fares."""
        for bucket in self._covering(channel, address):
            bucket.held = max(bucket.held - 1, 0)
        if probe and (pause := self.pauses.get(channel)) is not None:
            pause.probing = False

    def asked(self, channel: str, address: str, until: datetime) -> None:
        """The platform wants this address left alone until then (trap 22)."""
        self._asked[channel, address] = until

    def failed(
        self, channel: str, now: datetime, reason: str, retry_after_s: float | None, *, doubtful: bool = False
    ) -> datetime:
        """The channel refused everybody; return when one message may try it again. The wait doubles.

        doubtful: it may have taken the message all the same.
        """
        pause = self.pauses.get(channel)
        failures = 1 if pause is None else pause.failures + 1 if pause.until <= now else pause.failures
        wait = min(self._retries.wait(failures), _LONGEST_DOUBT if doubtful else _LONGEST_PAUSE)
        until = now + max(wait, timedelta(seconds=retry_after_s or 0))
        if pause is not None and pause.until > until:
            until = pause.until
        line = pause.line if pause is not None else None
        self.pauses[channel] = Pause(
            pause.since if pause else now, until, reason, failures, line=line, doubtful=doubtful
        )
        return until

    def doubted(self, channel: str, message: int, now: datetime, reason: str) -> None:
        """Nobody knows whether a message arrived. After some in a row the channel is left alone as one that refuses everybody.

        How old the doubts are decides how long it is said to have been down.
        """
        doubts = self._doubts.setdefault(channel, _Doubts(now))
        if len(doubts.messages) < doubts.enough:
            doubts.messages.add(message)  # sent again on a person's word, it is no second sign
        if channel in self.pauses:
            self.failed(channel, now, reason, None, doubtful=True)
        elif len(doubts.messages) >= doubts.enough:
            self.failed(channel, now, reason, None, doubtful=True)
            self.pauses[channel].since = doubts.since

    def distrust(self, channel: str, since: datetime) -> None:
        """It is known to be down since then, by others or before a restart: the first doubt will do."""
        self._doubts[channel] = _Doubts(since, enough=1)

    def trust(self, channel: str) -> None:
        """It is told to be back: no older doubt counts."""
        self._doubts.pop(channel, None)

    def worked(self, channel: str) -> bool:
        """The channel took a message: it is not down. True if it was paused: what waits for it can go."""
        self._doubts.pop(channel, None)
        return self.pauses.pop(channel, None) is not None

    def judged(self, channel: str) -> bool:
        """The channel refused one address: it is not down, unless it left us in doubt about all it was handed, for some is
        refused before it is handed over. True if it was paused: what waits for it can go.
        """
        pause = self.pauses.get(channel)
        if pause is not None and pause.doubtful:
            pause.probing = False
            return False
        return self.pauses.pop(channel, None) is not None

    def may_probe(self, channel: str, now: datetime) -> bool:
        """Say whether the channel's pause is over, so that one message may find out how it fares."""
        pause = self.pauses.get(channel)
        return pause is None or (not pause.probing and pause.until <= now)

    def pause_s(self, now: datetime) -> float:
        """Return how long it is until a slot is free again, at most a second."""
        busy = [bucket.busy[0] - now for bucket in self._buckets.values() if bucket.busy]
        return min(max(min(busy, default=_LOOK).total_seconds(), 0.01), 1.0)

    def _covering(self, channel: str, address: str) -> list[_Bucket]:
        found = []
        for number, limit in enumerate(self._limits.get(channel, ())):
            if address.startswith(limit.prefix):
                key = (channel, number, address if limit.each else "")
                found.append(self._buckets.setdefault(key, _Bucket(limit)))
        return found


def _idle(bucket: _Bucket, now: datetime) -> bool:
    return bucket.free(now, 1) and not bucket.busy and (bucket.line is None or bucket.line <= now)
