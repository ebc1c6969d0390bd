"""What the Telegram channel is told: one bot, and how its updates reach us."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from connectors.callers import CALLS_PER_MINUTE

OFFICIAL = "https://api.telegram.org"

_TOKEN = re.compile(r"([0-9]{1,20}):[A-Za-z0-9_-]{1,200}")
_USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_PATH = re.compile(r"[A-Za-z0-9_-]{1,64}")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_PORTS = frozenset({443, 80, 88, 8443})  # https://core.telegram.org/bots/api#setwebhook

Commands = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramSettings:
    """The Telegram channel's settings. Raises ValueError, naming the key, where they cannot work.

    token: as @BotFather gave it. username: the bot's, without @; "" = asked of Telegram at the start. mode: "polling" asks
    for updates, "webhook" has them sent to `public_url`/hooks/telegram/`webhook_path`. base_url: of the Bot API server.
    proxy: through which it is reached; "" = what the environment says. poll_s: how long the server may hold a request for
    updates. timeout_s: longest wait for any other answer. retry_s: the wait after a first failure; it doubles up to
    longest_retry_s. proxies: web servers of ours in front of the webhook; calls_per_minute: so many calls of it are taken from
    one address. commands: what the menu offers, (command, description), by language; under "" for all others.
    """

    token: str = field(repr=False)
    username: str = ""
    mode: Literal["polling", "webhook"] = "polling"
    public_url: str = ""
    webhook_path: str = "update"
    base_url: str = OFFICIAL
    proxy: str = field(default="", repr=False)
    poll_s: float = 25.0
    timeout_s: float = 15.0
    retry_s: float = 1.0
    longest_retry_s: float = 60.0
    proxies: int = 0
    calls_per_minute: int = CALLS_PER_MINUTE
    commands: Mapping[str, Commands] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _TOKEN.fullmatch(self.token):
            raise ValueError("token is no bot token: copy it whole from @BotFather, digits, a colon and what follows")
        if self.username and not _USERNAME.fullmatch(self.username):
            raise ValueError(f"username {self.username!r} is no bot's name: write it without @")
        if not _PATH.fullmatch(self.webhook_path):
            raise ValueError("webhook_path may hold letters, digits, _ and - only")
        for key in ("base_url", "public_url", "proxy"):
            value = getattr(self, key)
            if value and not urlsplit(value).hostname:
                raise ValueError(f"{key} is no address: write a whole one, {OFFICIAL}")
        if self.mode == "webhook" and not self.public_url:
            raise ValueError(
                "mode = 'webhook' needs to know how Telegram reaches us: set http.public_url, or use 'polling'"
            )
        # Telegram itself calls https only; a server of one's own may call anything.
        if self.mode == "webhook" and self.is_official and not self.public_url.startswith("https://"):
            raise ValueError("http.public_url must begin with https://: Telegram calls nothing else")
        if self.mode == "webhook" and self.is_official and (urlsplit(self.public_url).port or 443) not in _PORTS:
            raise ValueError("http.public_url names a port that Telegram does not call: use 443, 80, 88 or 8443")
        for key in ("poll_s", "timeout_s", "retry_s", "longest_retry_s"):
            if getattr(self, key) <= 0:
                raise ValueError(f"{key} must be more than 0")
        for language, commands in self.commands.items():
            for command, description in commands:
                if not _COMMAND.fullmatch(command) or not 1 <= len(description) <= 256:
                    raise ValueError(
                        f"commands[{language!r}]: {command!r} must be of a-z, 0-9 and _, its description of 1 to 256 characters"
                    )

    @property
    def bot_id(self) -> int:
        """Return the bot's own id: the first part of every token, and no secret."""
        return int(self.token.partition(":")[0])

    @property
    def is_official(self) -> bool:
        """Tell whether Telegram's own server is used."""
        return urlsplit(self.base_url).hostname == urlsplit(OFFICIAL).hostname

    @property
    def webhook_route(self) -> str:
        """Return the path under which updates come in."""
        return f"/hooks/telegram/{self.webhook_path}"

    @property
    def webhook_url(self) -> str:
        """Return the address that Telegram is given."""
        return self.public_url.rstrip("/") + self.webhook_route

    @property
    def webhook_secret(self) -> str:
        """Return what Telegram has to show with each call; several machines with one token agree on it by themselves."""
        return hmac.new(self.token.encode(), b"complaintbot telegram webhook", hashlib.sha256).hexdigest()
