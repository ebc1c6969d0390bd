"""What the email channel is told of one mailbox: where to read it, and through which server to answer."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

Tls = Literal["tls", "starttls", "plain"]
_KINDS_OF_TLS = ("tls", "starttls", "plain")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailSettings:
    """The settings of one mailbox. Raises ValueError, naming the key, where they cannot work.

    address: what complainants write to; also the From of what we send. mailbox: as the server names it.
    after_import: leave mails as they are, mark them `\\Seen` once stored, or move them to the folder move_to. start: on a
    mailbox never read before, import "all" of it or only what is "new". imap_tls, smtp_tls: "plain" is for servers on this
    machine only. auth: "oauth2" logs in by XOAUTH2 with tokens from oauth_token_url; at the SMTP server too where there is
    an smtp_user without a password. plus_addressing: the server delivers `name+anything@domain` to us. max_message_bytes: of
    larger mails only the header is fetched. idle_s: IDLE is renewed, and the mailbox looked at, after that long. poll_s: pause
    between looks at servers without IDLE. timeout_s: longest wait for an answer. smtp_connections: most connections sending
    at once. ca_file: certificates to trust instead of the system's. own_domains: domains of our own staff. tokens_dir: where
    refresh tokens are kept that the provider changed; None: nowhere.
    """

    address: str
    imap_host: str
    imap_user: str
    smtp_host: str
    imap_password: str = field(default="", repr=False)
    smtp_password: str = field(default="", repr=False)
    display_name: str = ""
    imap_port: int = 993
    imap_tls: Tls = "tls"
    auth: Literal["password", "oauth2"] = "password"
    oauth_token_url: str = ""
    oauth_client_id: str = ""
    oauth_client_secret: str = field(default="", repr=False)
    oauth_refresh_token: str = field(default="", repr=False)
    oauth_scope: str = ""
    mailbox: str = "INBOX"
    after_import: Literal["leave", "seen", "move"] = "leave"
    move_to: str = ""
    start: Literal["all", "new"] = "all"
    smtp_port: int = 465
    smtp_user: str = ""
    smtp_tls: Tls = "tls"
    smtp_connections: int = 4
    plus_addressing: bool = False
    max_message_bytes: int = 26_214_400
    idle_s: float = 300.0
    poll_s: float = 30.0
    timeout_s: float = 15.0
    ca_file: str | None = None
    own_domains: tuple[str, ...] = ()
    tokens_dir: str | None = None

    def __post_init__(self) -> None:
        local, at, domain = self.address.rpartition("@")
        if not (local and at and domain) or any(c.isspace() or c in "<>" for c in self.address):
            raise ValueError(f"address {self.address!r} is no mail address: write it as name@domain")
        if any(c in "\r\n\0" for c in self.display_name):
            raise ValueError("display_name must be a single line")
        _one_of("imap_tls", self.imap_tls, _KINDS_OF_TLS)
        _one_of("smtp_tls", self.smtp_tls, _KINDS_OF_TLS)
        _one_of("auth", self.auth, ("password", "oauth2"))
        _one_of("after_import", self.after_import, ("leave", "seen", "move"))
        _one_of("start", self.start, ("all", "new"))
        for name, tls, host in (("imap", self.imap_tls, self.imap_host), ("smtp", self.smtp_tls, self.smtp_host)):
            if not host:
                raise ValueError(f"{name}_host is empty: name the mail server")
            if tls == "plain" and not is_loopback(host):
                raise ValueError(
                    f"{name}_tls = 'plain' would send the password readable to {host}: "
                    "plain is allowed to this machine only; use 'tls' or 'starttls'"
                )
        if any(c in "\r\n\0" for c in self.mailbox + self.move_to):
            raise ValueError("mailbox and move_to must be single lines")
        if self.after_import == "move" and self.move_to in ("", self.mailbox):
            raise ValueError("after_import = 'move' needs move_to: name another folder than the one that is read")
        if self.auth == "oauth2":
            self._check_oauth()
        for key in ("imap_port", "smtp_port"):
            if not 0 < int(getattr(self, key)) < 65536:
                raise ValueError(f"{key} must be between 1 and 65535")
        for key in ("smtp_connections", "max_message_bytes", "idle_s", "poll_s", "timeout_s"):
            if getattr(self, key) <= 0:
                raise ValueError(f"{key} must be more than 0")

    def _check_oauth(self) -> None:
        for key in ("oauth_token_url", "oauth_client_id"):
            if not getattr(self, key):
                raise ValueError(f"{key} is empty, but auth = 'oauth2' needs it")
        if not (self.oauth_refresh_token or self.oauth_client_secret):
            raise ValueError(
                "auth = 'oauth2' needs oauth_refresh_token (of the account) or oauth_client_secret (of the app)"
            )
        parts = urlsplit(self.oauth_token_url)
        if not parts.hostname or not (
            parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))
        ):
            raise ValueError("oauth_token_url must begin with https://: it is sent a secret")

    @property
    def smtp_oauth(self) -> bool:
        """Whether we log in to the SMTP server by XOAUTH2."""
        return self.auth == "oauth2" and bool(self.smtp_user) and not self.smtp_password

    @property
    def domain(self) -> str:
        """Return the domain of our own address, lower-cased."""
        return self.address.rpartition("@")[2].lower()

    def tls_context(self) -> ssl.SSLContext:
        """Return a verifying context. Raises OSError where `ca_file` cannot be read."""
        return ssl.create_default_context(cafile=self.ca_file)


def is_loopback(host: str) -> bool:
    """Tell whether a host name can only mean this machine."""
    if host.lower() in ("localhost", "localhost."):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _one_of(key: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{key} = {value!r} is not known: use one of {', '.join(allowed)}")
