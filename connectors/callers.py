"""Who calls us: how often an address may, and a hook's with a wrong secret. Asked before anything of a call is read."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable

from aiohttp import web

CALLS_PER_MINUTE = 6000
"""A platform delivers everybody's messages from one address, so that many may also come at once. It comes again after 429."""

_WRONG_AT_ONCE = 20
_WRONG_PER_MINUTE = 6


class Buckets:
    """Token buckets by key: `burst` at once, then `per_minute`. Memory is bounded: the longest unused are forgotten."""

    def __init__(
        self, per_minute: float, burst: int, *, clock: Callable[[], float] = time.monotonic, most: int = 10_000
    ) -> None:
        self._per_second = per_minute / 60
        self._burst = float(burst)
        self._clock = clock
        self._most = most
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, tokens: float = 1) -> float:
        """Take tokens. Return 0.0, or the seconds to wait until there are as many (then none was taken)."""
        now = self._clock()
        level = self._level(key, now)
        allowed = level >= tokens
        self._levels[key] = (level - tokens if allowed else level, now)
        self._levels.move_to_end(key)
        while len(self._levels) > self._most:
            self._levels.popitem(last=False)
        return 0.0 if allowed else (tokens - level) / self._per_second

    def wait(self, key: str, tokens: float = 1) -> float:
        """Return 0.0, or the seconds until there are as many tokens; none is taken."""
        return max(0.0, (tokens - self._level(key, self._clock())) / self._per_second)

    def _level(self, key: str, now: float) -> float:
        level, at = self._levels.get(key, (self._burst, now))
        return min(self._burst, level + (now - at) * self._per_second)


class Callers:
    """The callers of one channel's hooks. proxies: of ours, in front: their word on the caller's address is believed."""

    def __init__(
        self, per_minute: int = CALLS_PER_MINUTE, proxies: int = 0, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._proxies = proxies
        self._calls = Buckets(per_minute, per_minute, clock=clock)
        self._wrong = Buckets(_WRONG_PER_MINUTE, _WRONG_AT_ONCE, clock=clock)

    def refusal(self, request: web.Request) -> web.Response | None:
        """Count a call; return what to answer at once, 429, where the address calls too often or has guessed too often."""
        caller = self._caller(request)
        wait_s = self._wrong.wait(caller) or self._calls.take(caller)
        if not wait_s:
            return None
        headers = {"Retry-After": str(math.ceil(wait_s))}
        return web.Response(status=429, headers=headers, text="Too many calls from this address: come again later.\n")

    def wrong(self, request: web.Request) -> None:
        """Count a wrong secret or signature: after some of them nothing is heard of that address for a while."""
        if not self._hidden(request):
            self._wrong.take(self._caller(request))

    def _caller(self, request: web.Request) -> str:
        return network_of(remote_address(request, self._proxies))

    def _hidden(self, request: web.Request) -> bool:
        """Say whether a web server of ours stands in front that the settings do not tell of: strangers' guesses must not keep
        the platform out that is behind it as well.
        """
        if self._proxies or "X-Forwarded-For" not in request.headers:
            return False
        try:
            return not ipaddress.ip_address(request.remote or "").is_global
        except ValueError:
            return False


def network_of(remote: str) -> str:
    """Return what counts as one caller: an IPv4 address, the /64 of an IPv6 one. What is no address counts as it stands."""
    try:
        address = ipaddress.ip_address(remote)
    except ValueError:
        return remote
    if isinstance(address, ipaddress.IPv4Address):
        return remote
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    # Whoever has one IPv6 address has all of its network.
    return str(ipaddress.IPv6Network((int(address), 64), strict=False))


def _without_port(hop: str) -> str:
    """Return an address as some web servers write it, "203.0.113.9:4711" or "[2001:db8::1]:4711", without the port."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


def remote_address(request: web.Request, proxies: int) -> str:
    """Return the address of who calls, where so many web servers of ours stand in front."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if 0 < proxies <= len(hops):
        return _without_port(hops[-proxies])  # what stands further left was written by the stranger himself
    return request.remote or ""
