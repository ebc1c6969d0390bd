"""The menus of single chats: set behind the answers, so that none waits for one, and never in bursts.

A menu is a convenience, for everything can be typed. One that Telegram does not take after a few tries is left as it is;
the next message that changes it brings the new one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from connectors.port import Command, TryAgainLater, UnknownDelivery
from connectors.telegram.client import Client

_log = logging.getLogger(__name__)

# Telegram publishes no limit of its own for this; it comes on top of the messages, so it takes a small part of theirs.
PAUSE_S = 0.2
RETRY_S = 1.0
_WAITING: Final = 5_000
_TRIES: Final = 3
_LONGEST_WAIT_S: Final = 300.0


class Menus:
    """Sets the menus of chats in a task of its own, which ends when nothing waits. Close it with `close`."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._waiting: OrderedDict[int, Sequence[Command]] = OrderedDict()
        self._task: asyncio.Task[None] | None = None

    def put(self, chat: int, commands: Sequence[Command]) -> None:
        """Let a chat offer these commands, empty = those for everybody. A newer menu takes the place of one that waits."""
        self._waiting.pop(chat, None)
        self._waiting[chat] = commands
        if len(self._waiting) > _WAITING:
            self._waiting.popitem(last=False)
            _log.warning("telegram: more than %s menus wait to be set: the oldest is left out", _WAITING)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work(), name="telegram:menus")

    async def close(self) -> None:
        """Set no more."""
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _work(self) -> None:
        while self._waiting:
            chat, commands = self._waiting.popitem(last=False)
            await self._set(chat, commands)
            await asyncio.sleep(PAUSE_S)

    async def _set(self, chat: int, commands: Sequence[Command]) -> None:
        for tries_left in reversed(range(_TRIES)):
            try:
                await self._client.set_menu(chat, commands)
            except Exception as error:  # PTB wraps what httpx raises, and raises more when an answer is odd
                became = self._client.what_became(error)
                again = isinstance(became, TryAgainLater | UnknownDelivery)  # twice the same menu harms nobody
                if not again or not tries_left or chat in self._waiting:
                    _log.warning("telegram: the menu of a chat could not be set: %s", self._client.explain(error))
                    return
                asked_s = became.retry_after_s if isinstance(became, TryAgainLater) else None
                await asyncio.sleep(min(asked_s or RETRY_S, _LONGEST_WAIT_S))
            else:
                return
