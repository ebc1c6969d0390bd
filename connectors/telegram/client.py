"""The Bot API through python-telegram-bot, unmodified: one HTTP client, and errors that say what to do next.

PTB's `NetworkError` covers all from "not sent" to "refused for good", and loses the status of an answer. `_Request` keeps
what it loses; `what_became` draws the line that counts: was a message certainly not delivered, or does nobody know?
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import httpx
from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)
from telegram.request import HTTPXRequest

from connectors.port import (
    Blocked,
    Command,
    ConnectorError,
    DeliveryError,
    Moved,
    TryAgainLater,
    UnknownDelivery,
    WillNotDeliver,
)
from connectors.telegram.settings import Commands, TelegramSettings
from connectors.telegram.updates import ALLOWED

_TOLD_BY_PTB = frozenset({400, 401, 403, 404, 409})
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)
_CHUNK = 64 * 1024


class FloodControl(TelegramError):
    """429. retry_after_s: how long Telegram wants to be left alone; None where it does not say."""

    def __init__(self, retry_after_s: float | None) -> None:
        super().__init__("too many requests")
        self.retry_after_s = retry_after_s


class AnsweredWith(NetworkError):
    """An answer that is neither success nor one of the errors that the Bot API explains."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP status {status}")
        self.status = status


class _Request(HTTPXRequest):
    """PTB's HTTP client, with the statuses told apart that it lumps together."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        status, payload = await super().do_request(*args, **kwargs)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise FloodControl(self._retry_after(payload))
        if not 200 <= status <= 299 and status not in _TOLD_BY_PTB:
            raise AnsweredWith(status)
        return status, payload

    def _retry_after(self, payload: bytes) -> float | None:
        try:
            seconds = self.parse_json_payload(payload)["parameters"]["retry_after"]
            return max(0.0, float(seconds))
        except (TelegramError, KeyError, TypeError, ValueError):
            return None


def _request(settings: TelegramSettings, connections: int) -> _Request:
    return _Request(
        connection_pool_size=connections,
        connect_timeout=min(10.0, settings.timeout_s),
        read_timeout=settings.timeout_s,
        write_timeout=settings.timeout_s,
        pool_timeout=5.0,
        proxy=settings.proxy or None,
    )


class Client:
    """One bot's connection. Close it with `close`."""

    def __init__(self, settings: TelegramSettings) -> None:
        # They tell every URL, httpx at INFO and PTB at DEBUG, and every URL holds the token.
        for name in ("httpx", "httpcore", "telegram"):
            logger = logging.getLogger(name)
            logger.setLevel(max(logger.level, logging.WARNING))
        self._settings = settings
        base = settings.base_url.rstrip("/")
        self._files_url = f"{base}/file/bot{settings.token}/"
        self._calls = _request(settings, connections=64)
        self._polls = _request(settings, connections=1)
        self.bot = Bot(
            settings.token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=self._calls,
            get_updates_request=self._polls,
        )
        self._downloads = httpx.AsyncClient(proxy=settings.proxy or None, timeout=settings.timeout_s)

    async def updates(self, offset: int | None) -> list[object]:
        """Wait for updates from `offset` on and return them as they came. Asking confirms all that came before `offset`."""
        poll_s = self._settings.poll_s
        # Two underscores make the same method of it; the plain name earns a warning, for PTB has a method of its own. That one
        # reads the whole batch before it returns any of it, so one malformed update would come again for ever.
        answer = await self.bot.do_api_request(
            "get__updates",
            api_kwargs={"offset": offset, "timeout": round(poll_s), "allowed_updates": list(ALLOWED)},
            read_timeout=poll_s + self._settings.timeout_s,
        )
        if not isinstance(answer, list):
            raise TelegramError("the answer holds no list of updates")
        return answer

    async def set_commands(self, commands: Mapping[str, Commands]) -> None:
        """Offer the commands in the menu, in each language."""
        for language, offered in commands.items():
            menu = [BotCommand(command, description) for command, description in offered]
            await self.bot.set_my_commands(menu, language_code=language or None)

    async def set_menu(self, chat: int, commands: Sequence[Command]) -> None:
        """Offer these commands in one chat, whatever language its phone speaks; none = those for everybody again."""
        scope = BotCommandScopeChat(chat)
        if commands:
            menu = [BotCommand(command.name, command.shown[:256]) for command in commands]
            await self.bot.set_my_commands(menu, scope=scope)
        else:
            await self.bot.delete_my_commands(scope=scope)

    async def fetch(self, file_id: str, max_bytes: int) -> bytes:
        """Return a file. Raises TryAgainLater, or WillNotDeliver where it is gone or too large."""
        try:
            file = await self.bot.get_file(file_id)
        except Exception as error:  # PTB wraps what httpx raises, and raises more when an answer is odd
            raise self._no_file(error) from None
        if (file.file_size or 0) > max_bytes:
            raise _too_large(file.file_size or 0, max_bytes)
        # PTB gives a whole address; one's own server may give a path on its disk, which is not ours to read.
        path = (file.file_path or "").removeprefix(self._files_url)
        if not path or "://" in path:
            raise WillNotDeliver(
                "telegram: the Bot API server does not say where the file is (--local is not supported)"
            )
        try:
            return await self._download(self._files_url + path, max_bytes)
        except httpx.HTTPError as error:
            raise TryAgainLater(f"telegram: the file broke off ({type(error).__name__})") from None

    async def _download(self, url: str, max_bytes: int) -> bytes:
        content = bytearray()
        async with self._downloads.stream("GET", url) as answer:
            if answer.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
                raise WillNotDeliver("telegram: the file is gone")
            if answer.status_code != HTTPStatus.OK:
                raise TryAgainLater(f"telegram: the file is not handed out (HTTP status {answer.status_code})")
            async for chunk in answer.aiter_bytes(_CHUNK):
                content += chunk
                if len(content) > max_bytes:
                    raise _too_large(len(content), max_bytes)
        return bytes(content)

    def _no_file(self, error: Exception) -> DeliveryError:
        if isinstance(error, BadRequest):
            if "too big" in error.message.lower():
                return WillNotDeliver("telegram: the file is larger than the 20 MB that the Bot API hands to bots")
            if "temporarily" not in error.message.lower():
                return WillNotDeliver(f"telegram: the file cannot be had: {self.explain(error)}")
        later = error.retry_after_s if isinstance(error, FloodControl) else None
        return TryAgainLater(f"telegram: the file cannot be had now: {self.explain(error)}", later)

    def what_became(self, error: Exception) -> DeliveryError:
        """Return what a failed send means for the message."""
        sentence = f"telegram: {self.explain(error)}"
        match error:
            case FloodControl():
                return TryAgainLater(sentence, error.retry_after_s)
            case ChatMigrated():
                return Moved("telegram: the group has become a supergroup", str(error.new_chat_id))
            case Forbidden():
                return Blocked(sentence)
            case BadRequest() | AnsweredWith(status=413):  # a NetworkError to PTB, but nothing that time would heal
                return WillNotDeliver(sentence)
            case InvalidToken() | Conflict():
                return TryAgainLater(sentence, everybody=True)
            case AnsweredWith(status=504):  # a gateway that gave up waiting: what it waited for may have been done
                return UnknownDelivery(sentence)
            case AnsweredWith():  # an error is taken at its word: it was not done
                return TryAgainLater(sentence, everybody=True)
            case NetworkError() if isinstance(error.__cause__, _NEVER_SENT):
                return TryAgainLater(sentence, everybody=True)
        return UnknownDelivery(sentence)

    def explain(self, error: Exception) -> str:
        """Return what went wrong and what to do, in one sentence and without the token."""
        match error:
            case FloodControl():
                return f"Telegram asks to wait{f' {error.retry_after_s:g} s' if error.retry_after_s else ''}"
            case InvalidToken():
                sentence = f"{self._settings.base_url} does not know the bot's token: copy it from @BotFather"
            case Conflict() if "webhook" in error.message.lower():
                sentence = "a webhook is set for this bot, so it cannot be polled: whoever set it must remove it"
            case Conflict():
                sentence = "another program polls with this bot's token: stop it, or give it a bot of its own"
            case AnsweredWith():
                sentence = f"{self._settings.base_url} answered with HTTP status {error.status}"
            case NetworkError() if isinstance(error.__cause__, _NEVER_SENT):
                kind = type(error.__cause__).__name__
                sentence = (
                    f"{self._settings.base_url} cannot be reached ({kind}): check the network, base_url and proxy"
                )
            case NetworkError() if isinstance(error.__cause__, httpx.TimeoutException):
                sentence = f"{self._settings.base_url} did not answer in time"
            case NetworkError() if isinstance(error.__cause__, httpx.HTTPError):
                sentence = f"the line to {self._settings.base_url} broke ({type(error.__cause__).__name__})"
            case TelegramError():
                sentence = f"Telegram says: {error.message}"
            case ConnectorError():
                sentence = str(error)
            case _:  # only its kind: what a store says may quote what a person wrote
                sentence = f"an unexpected {type(error).__name__}"
        return " ".join(sentence.replace(self._settings.token, "[token]").split())[:300]

    async def close(self) -> None:
        """Let go of all connections."""
        await self._calls.shutdown()
        await self._polls.shutdown()
        await self._downloads.aclose()


def _too_large(size: int, max_bytes: int) -> WillNotDeliver:
    return WillNotDeliver(f"telegram: the file is too large: {size} bytes or more, {max_bytes} are taken")
