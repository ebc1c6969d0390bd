"""How the service fares: `/healthz` for people and load balancers, `/metrics` for Prometheus.

The whole of it is for whoever runs the service: asked from this machine without a web server in between, or with
`http.status_secret` as a bearer. Everybody else reads whether all is well, and nothing more.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from aiohttp import web

from bot.delivery import Counts
from bot.logs import redact_text
from bot.readings import PATIENCE, health_of, judged, judged_role, needed
from bot.settings import ProcessRole
from bot.signing import CURE, DIFFERS, differs, known
from bot.storage import queues, readings
from bot.storage.database import Database, Job
from bot.storage.readings import perhaps_elsewhere
from connectors.port import Connector, Health
from scheduler.port import Beat

if TYPE_CHECKING:
    from prometheus_client.core import Metric

T = TypeVar("T")

_FRESH_S = 1.0  # so long everybody is told the same: who asks without end costs the database nothing
_PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Real-IP")  # by a web server in front: the stranger is behind it


class Operations:
    """Answers for the state of every connector, loop and queue. sending: what keeps channels from it (`Delivery.sending`).
    secret: with which all of it may be read from elsewhere; empty = only on this machine. deaf: the channels that other
    processes receive, and why (`Receiving.deaf`): how they fare is theirs to tell, and that one that one process at a time can
    read is read at all, the database tells (`bot/readings.py`). roles: this process's own, whose loops tell how they fare;
    that somebody has the others the database tells, too. mark: of our secret (`Signer.mark`), "" = not compared. clock:
    seconds, by which an answer grows old.
    """

    def __init__(
        self,
        database: Database,
        connectors: Mapping[str, Connector],
        beats: Mapping[str, Beat],
        counts: Counts,
        sending: Callable[[], Mapping[str, Mapping[str, str]]] = dict,
        secret: str = "",
        deaf: Callable[[], Mapping[str, str]] = dict,
        roles: Collection[str] = tuple(ProcessRole),
        mark: str = "",
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._connectors = connectors
        self._beats = beats
        self._counts = counts
        self._sending = sending
        self._secret = secret
        self._deaf = deaf
        self._roles = frozenset(roles)
        self._mark = mark
        self._since = datetime.now(UTC)
        self._clock = clock
        self._reading = asyncio.Lock()
        self._read: tuple[float, dict[str, object]] | None = None

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/healthz", self._healthz), web.get("/metrics", self._metrics)]

    async def health(self) -> dict[str, object]:
        """Return the whole state; `ok` is false if any part needs a person.

        Who runs the service need not know what its customers say: what a server or a database said goes through `redact_text`.
        """
        now = datetime.now(UTC)
        depth, trouble = await self._ask(queues.depth)
        read, _ = await self._ask(readings.last)
        connectors: dict[str, dict[str, object]] = {}
        sending, deaf = self._sending(), self._deaf()
        for channel, connector in self._connectors.items():
            health = health_of(connector)
            if why := deaf.get(channel):
                one_reader = connector.capabilities.one_reader
                health = judged(read.get(channel), self._since, now) if one_reader else Health(True)
                health = replace(health, detail="; ".join(filter(None, (why, health.detail))))
            kept = {name: redact_text(said) for name, said in sending.get(channel, {}).items()}
            connectors[channel] = {
                "ok": health.ok and "down_since" not in kept,
                "detail": redact_text(health.detail),
                "seconds_since_worked": _age(health.last_worked_at, now),
                **health.facts,
                **kept,
            }
        loops: dict[str, dict[str, object]] = {
            name: {
                "ok": beat.ok(now),
                "seconds_since_worked": _age(beat.last_worked_at, now),
                "error": redact_text(beat.last_error),
            }
            for name, beat in self._beats.items()
        }
        roles = {
            role: {"ok": health.ok, "detail": health.detail, "seconds_since_worked": _age(health.last_worked_at, now)}
            for role, health in (await self._others(now)).items()
        }
        kept_mark, _ = await self._ask(known)
        other = bool(self._mark) and differs(kept_mark, self._mark)
        secret = {"ok": not other, "detail": f"{DIFFERS}; {CURE}" if other else ""}
        parts: list[Mapping[str, object]] = [*connectors.values(), *loops.values(), *roles.values(), secret]
        database = {"ok": not trouble, "detail": trouble}
        return {
            "ok": not trouble and all(part["ok"] for part in parts),
            "database": database,
            "secret": secret,
            "roles": roles,
            "connectors": connectors,
            "loops": loops,
            "queues": depth,
        }

    async def _others(self, now: datetime) -> dict[str, Health]:
        """Return, of each role that some other process must have, whether one has it and does what it is for."""
        wanted = needed(connector.capabilities.one_reader for connector in self._connectors.values())
        others = [role for role in wanted if role not in self._roles]
        last, _ = await self._ask(readings.last_roles) if others else ({}, "")
        unsaid = [role for role in others if role not in last]
        perhaps, _ = (
            await self._ask(lambda work: perhaps_elsewhere(work, unsaid, now, PATIENCE)) if unsaid else ({}, "")
        )
        return {
            role: judged_role(last.get(role), self._since, now, perhaps=perhaps.get(role, False)) for role in others
        }

    async def _ask(self, job: Job[dict[str, T]]) -> tuple[dict[str, T], str]:
        try:
            return await self._database.read(job), ""
        except Exception as error:  # whatever is wrong with the database, the page must still say so
            return {}, redact_text(f"{type(error).__name__}: {error}")

    async def _recent(self) -> dict[str, object]:
        """Return a state that is at most a second old. Whoever asks while it is being read waits for that reading."""
        async with self._reading:
            if self._read is None or self._clock() - self._read[0] >= _FRESH_S:
                health = await self.health()
                self._read = (self._clock(), health)
            return self._read[1]

    async def _healthz(self, request: web.Request) -> web.Response:
        health = await self._recent()
        shown = health if self._may_read(request) else {"ok": health["ok"]}
        return web.json_response(shown, status=200 if health["ok"] else 503)

    async def _metrics(self, request: web.Request) -> web.Response:
        if not self._may_read(request):
            return web.Response(status=403, text="Ask from this machine, or show http.status_secret as a bearer.\n")
        from prometheus_client import CollectorRegistry
        from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

        depth, _ = await self._ask(queues.depth)
        others = await self._others(datetime.now(UTC))
        registry = CollectorRegistry()
        registry.register(_Snapshot(self._samples(depth, others)))
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    def _may_read(self, request: web.Request) -> bool:
        if self._secret:
            shown = request.headers.get("Authorization", "").encode(errors="replace")
            return hmac.compare_digest(shown, f"Bearer {self._secret}".encode())
        return _is_here(request.remote) and not any(name in request.headers for name in _PASSED_ON)

    def _samples(self, depth: Mapping[str, int], others: Mapping[str, Health]) -> list[Metric]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        now = datetime.now(UTC)
        waiting = GaugeMetricFamily(
            "complaintbot_queue", "Messages that wait or need a person, by queue", labels=["queue"]
        )
        for name, count in depth.items():
            waiting.add_metric([name], count)
        attempts = CounterMetricFamily(
            "complaintbot_deliveries", "Attempts to deliver, by channel and outcome", labels=["channel", "outcome"]
        )
        for (channel, fate), count in self._counts.attempts.items():
            attempts.add_metric([channel, fate], count)
        up = GaugeMetricFamily("complaintbot_connector_up", "1 while a connector works", labels=["channel"])
        deaf, sending = self._deaf(), self._sending()
        for channel, connector in self._connectors.items():
            down = "down_since" in sending.get(channel, {})  # though it answers whoever asks how it fares
            if channel in deaf and not down:
                continue
            up.add_metric([channel], float(not down and health_of(connector).ok))
        age = GaugeMetricFamily(
            "complaintbot_loop_age_seconds", "Time since a loop last worked, or was to begin", labels=["loop"]
        )
        for name, beat in self._beats.items():
            age.add_metric([name], (now - (beat.last_worked_at or beat.since)).total_seconds())
        works = GaugeMetricFamily("complaintbot_loop_up", "1 while a loop works as often as it should", labels=["loop"])
        for name, beat in self._beats.items():
            works.add_metric([name], float(beat.ok(now)))
        held = GaugeMetricFamily(
            "complaintbot_role_up", "1 while some other process has a role that this one has not", labels=["role"]
        )
        for role, health in others.items():
            held.add_metric([role], float(health.ok))
        commits = CounterMetricFamily("complaintbot_commits", "Commits of the database writer")
        commits.add_metric([], self._database.commits)
        return [waiting, attempts, up, age, works, held, commits]


class _Snapshot:
    """Figures taken at one moment, in the form the registry collects."""

    def __init__(self, samples: list[Metric]) -> None:
        self._samples = samples

    def collect(self) -> Iterator[Metric]:
        return iter(self._samples)


def _is_here(remote: str | None) -> bool:
    try:
        address = ipaddress.ip_address(remote or "")
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def _age(moment: datetime | None, now: datetime) -> float | None:
    return max(0.0, round((now - moment).total_seconds(), 1)) if moment is not None else None
