"""The dead-man's switch: a monitor elsewhere is called every few minutes as long as everything has really worked lately.

Silence is the alarm, so nothing that breaks here can keep it from being raised: neither this process, nor its machine, nor
its line. Set the monitor to alert after two or three calls that did not come.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

import aiohttp

_log = logging.getLogger(__name__)

TIMEOUT_S = 10.0


class Heartbeat:
    """Calls `url`, which is a secret and never logged: whoever knows it can keep the monitor quiet. health: as `/healthz`."""

    def __init__(self, url: str, health: Callable[[], Awaitable[Mapping[str, object]]]) -> None:
        self._url = url
        self._health = health
        self._monitor = urlsplit(url).hostname or "the monitor"

    async def look(self) -> bool:
        """Call the monitor if all is well; return whether it took the call. Never raises but for cancellation."""
        health = await self._health()
        if not health["ok"]:
            _log.warning("heartbeat: something does not work, so %s is not called: see /healthz", self._monitor)
            return False
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S)) as session,
                session.get(self._url, allow_redirects=False) as response,
            ):
                if response.status < 300:
                    return True
                why = f"it answers {response.status}"
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            why = type(error).__name__  # its text may quote the address
        _log.warning("heartbeat: %s did not take the call: %s", self._monitor, why)
        return False
