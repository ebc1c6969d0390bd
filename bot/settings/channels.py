"""The settings of the channels. Settings know no connector: these mirror what connectors take, and the wiring converts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from bot.settings.tables import at_least, filled, is_empty, is_web_address, more_like_this, secret
from complaints.errors import ConfigError


@dataclass(frozen=True, slots=True)
class EmailSection:
    """A mailbox, and the others besides it. It mirrors what `connectors.email` takes.

    Of an enabled mailbox, imap_user and display_name are filled after loading.
    """

    enabled: bool = False
    address: str = ""
    display_name: str = ""
    imap_host: str = ""
    imap_port: int = at_least(1, 993, 65535)
    imap_user: str = ""
    imap_password: str = secret()
    imap_tls: Literal["tls", "starttls", "plain"] = "tls"
    auth: Literal["password", "oauth2"] = "password"
    oauth_token_url: str = ""
    oauth_client_id: str = ""
    oauth_client_secret: str = secret()
    oauth_refresh_token: str = secret()
    oauth_scope: str = ""
    mailbox: str = filled("INBOX")
    after_import: Literal["leave", "seen", "move"] = "leave"
    move_to: str = ""
    start: Literal["all", "new"] = "all"
    smtp_host: str = ""
    smtp_port: int = at_least(1, 465, 65535)
    smtp_user: str = ""
    smtp_password: str = secret()
    smtp_tls: Literal["tls", "starttls", "plain"] = "tls"
    smtp_connections: int = at_least(1, 4, 20)
    plus_addressing: bool = False
    max_message_bytes: int = at_least(10_000, 26_214_400)
    # RFC 2177: a server may end an IDLE after 30 minutes, so it is to be renewed every 29.
    idle_s: float = at_least(1, 300.0, 1740)
    poll_s: float = at_least(1, 30.0)
    timeout_s: float = at_least(1, 15.0)
    ca_file: Path | None = None
    own_domains: tuple[str, ...] = ()
    mailboxes: tuple[EmailSection, ...] = more_like_this()

    def arguments(self) -> dict[str, Any]:
        """Return what is said of this mailbox, under the names and in the types that the connector's own settings take."""
        ours = ("enabled", "mailboxes")
        values = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in ours}
        return values | {"ca_file": None if self.ca_file is None else str(self.ca_file)}


@dataclass(frozen=True, slots=True)
class WebSection:
    """The web chat. allowed_origins: sites besides our own that may connect. proxies: of ours, standing in front."""

    enabled: bool = True
    allowed_origins: tuple[str, ...] = ()
    proxies: int = at_least(0, 0, 10)


@dataclass(frozen=True, slots=True)
class GenericSmsSection:
    """A gateway that is described by settings alone; `connectors.sms.settings.GenericSettings` explains each key."""

    method: Literal["GET", "POST", "PUT"] = "POST"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: str = ""
    answer_id: str = ""
    answer_code: str = ""
    answer_taken: tuple[str, ...] = ()
    answer_later: tuple[str, ...] = ()
    answer_blocked: tuple[str, ...] = ()
    mo_from: str = ""
    mo_text: str = ""
    mo_id: str = ""
    dlr_id: str = ""
    dlr_status: str = ""
    dlr_delivered: tuple[str, ...] = ()
    dlr_failed: tuple[str, ...] = ()
    thanks: str = "OK"


@dataclass(frozen=True, slots=True)
class SmsSection:
    """Short messages. provider: the gateway; `stub` only keeps what was "sent".

    secret: part of the address that the gateway calls (stub: what its callers show). home: "" = calendar.country. The other
    keys are explained in `connectors.sms.settings.GatewaySettings`.
    """

    enabled: bool = False
    provider: Literal["stub", "kannel", "twilio", "aliyun", "tencent", "generic"] = "stub"
    url: str = ""
    user: str = ""
    password: str = secret()
    secret: str = secret()
    sender: str = ""
    sign: str = ""
    app_id: str = ""
    region: str = filled("ap-guangzhou")
    callback_url: str = ""
    allow_from: tuple[str, ...] = ()
    proxies: int = at_least(0, 0, 10)
    calls_per_minute: int = at_least(60, 6000)
    home: str = ""
    number_format: Literal["e164", "plain", "national"] = "e164"
    max_parts: int = at_least(1, 5, 10)
    part_price: float = at_least(0, 0.0)
    links: bool = False
    per_number: tuple[str, ...] = ()
    per_second: float = at_least(0, 0.0)
    timeout_s: float = at_least(1, 15.0, 300)
    templates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    generic: GenericSmsSection = GenericSmsSection()

    def arguments(self) -> dict[str, Any]:
        """Return everything but `enabled` and `generic`, under the names that the gateway's own settings take."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name not in ("enabled", "generic")}


@dataclass(frozen=True, slots=True)
class TelegramSection:
    """A Telegram bot; `connectors.telegram` explains the keys. Its public address is that of `http`."""

    enabled: bool = False
    token: str = secret()
    username: str = ""
    mode: Literal["polling", "webhook"] = "polling"
    webhook_path: str = filled("update")
    base_url: str = filled("https://api.telegram.org")
    proxy: str = secret()
    # Between us and Telegram stand routers that forget a silent connection after a minute.
    poll_s: float = at_least(1, 25.0, 50)
    timeout_s: float = at_least(1, 15.0)
    proxies: int = at_least(0, 0, 10)
    calls_per_minute: int = at_least(60, 6000)

    def arguments(self) -> dict[str, Any]:
        """Return everything but `enabled`, under the names that the connector's own settings take."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != "enabled"}


@dataclass(frozen=True, slots=True)
class ConnectorsSection:
    """One section per channel."""

    email: EmailSection = EmailSection()
    web: WebSection = WebSection()
    sms: SmsSection = SmsSection()
    telegram: TelegramSection = TelegramSection()

    @property
    def polled(self) -> tuple[str, ...]:
        """The channels that some process has to read, one at a time."""
        mail = ("email",) if self.email.enabled else ()
        return (*mail, "telegram") if self.telegram.enabled and self.telegram.mode == "polling" else mail


def finish_channels(connectors: ConnectorsSection, company: str) -> ConnectorsSection:
    """Check what depends on more than one key of a channel, and fill in what follows from others. Raises ConfigError."""
    for number, origin in enumerate(connectors.web.allowed_origins):
        if not is_web_address(origin):
            raise ConfigError(
                f"connectors.web.allowed_origins[{number}] is {origin!r}: write scheme and host, https://www.example.com"
            )
    if connectors.email.enabled:
        connectors = replace(connectors, email=_finish_email(connectors.email, company))
    if connectors.telegram.enabled and not connectors.telegram.token:
        raise ConfigError(is_empty("connectors.telegram.token", "because connectors.telegram.enabled is true"))
    return connectors


def _finish_email(email: EmailSection, company: str) -> EmailSection:
    name = "connectors.email"
    more = tuple(
        _finish_mailbox(mailbox, company, f"{name}.mailboxes.{number}")
        for number, mailbox in enumerate(email.mailboxes, start=1)
        if mailbox.enabled
    )
    email = replace(_finish_mailbox(email, company, name), mailboxes=more)
    read = set()
    for mailbox in (email, *more):
        place = (mailbox.imap_host.lower(), mailbox.imap_user.lower(), mailbox.mailbox)
        if place in read:
            raise ConfigError(
                f"{name}.mailboxes: the folder {mailbox.mailbox!r} of {mailbox.imap_user} is read twice: keep one of them"
            )
        read.add(place)
    return email


def _finish_mailbox(email: EmailSection, company: str, name: str) -> EmailSection:
    because = f"because {name}.enabled is true"
    required = ["address", "imap_host", "smtp_host"]
    if email.auth == "password":
        required.insert(2, "imap_password")
    for key in required:
        if not getattr(email, key):
            raise ConfigError(is_empty(f"{name}.{key}", because))
    local, at, domain = email.address.rpartition("@")
    if not (local and at and domain) or any(character.isspace() for character in email.address):
        raise ConfigError(f"{name}.address is {email.address!r}: write a mail address, desk@example.com")
    if email.smtp_user and not email.smtp_password and email.auth == "password":
        raise ConfigError(is_empty(f"{name}.smtp_password", f"because {name}.smtp_user is given"))
    if email.ca_file is not None and not email.ca_file.is_file():
        raise ConfigError(f"{name}.ca_file names {email.ca_file}, which is no file: correct it or leave it empty")
    if name != "connectors.email" and email.mailboxes:
        raise ConfigError(
            f"{name}.mailboxes: a mailbox holds no others: write them all as [[connectors.email.mailboxes]]"
        )
    return replace(email, imap_user=email.imap_user or email.address, display_name=email.display_name or company)
