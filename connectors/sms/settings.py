"""What the operator says about the gateway."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from connectors.callers import CALLS_PER_MINUTE
from connectors.port import Limit
from connectors.sms.numbers import HOME, country_code

VARIABLES = ("reference", "status", "due", "hotline", "company", "name")
"""What a template's variables can stand for; the core fills them (`OutgoingMessage.variables`)."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
NumberFormat = Literal["e164", "plain", "national"]

_SECRET = re.compile(r"[A-Za-z0-9_-]{16,128}")
_LIMIT = re.compile(r"([1-9][0-9]{0,5})/([1-9][0-9]{0,7})")
_VARIABLE = re.compile(r"(?:([A-Za-z0-9_]{1,40})=)?([a-z]+)")


@dataclass(frozen=True, slots=True)
class Template:
    """An approved template. variables: pairs of its own name for a variable and ours, in its order."""

    code: str
    variables: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class GenericSettings:
    """A gateway that is described by settings alone.

    Fields in braces stand in `url`, `headers` and `body`: to, text, sender, user, password, id (ours, the same for the same
    message), parts, and the variables of a template. body: JSON or a form (`a={to}&b={text}`); values are escaped as its kind
    wants it. answer_*: paths into a JSON answer, dots between the steps, numbers for places in a list. answer_code: what
    says how it went; empty = the HTTP status alone. mo_*, dlr_*: the same for callbacks, JSON or forms.
    thanks: what a callback is answered with.
    """

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
class GatewaySettings:
    """A gateway and our account there. Raises ValueError, naming the key, for what cannot work.

    secret: part of the address that the gateway calls. url: the gateway's, "" = the provider's own. user, password: of the
    account (Twilio: Account SID and Auth Token; Aliyun, Tencent: the key's id and secret). sender: what people see it come
    from. sign: the company's name in 【】, for Aliyun and Tencent the approved one. callback_url: how the gateway reaches us.
    allow_from: networks that may call; empty = whoever knows the secret. proxies: of ours, standing in front. calls_per_minute:
    so many calls are taken from one address. home: country of numbers that name none. max_parts: into so many parts a text may
    be split. part_price: of one part, in any currency. links: whether the carriers let links through. per_number:
    "count/seconds" to one number; empty = the provider's. per_second: to all; 0 = the provider's. templates: notice to code and
    variables.
    """

    provider: str
    secret: str = field(repr=False)
    url: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    sign: str = ""
    app_id: str = ""
    region: str = "ap-guangzhou"
    callback_url: str = ""
    allow_from: tuple[str, ...] = ()
    proxies: int = 0
    calls_per_minute: int = CALLS_PER_MINUTE
    home: str = HOME
    number_format: NumberFormat = "e164"
    max_parts: int = 5
    part_price: float = 0.0
    links: bool = False
    per_number: tuple[str, ...] = ()
    per_second: float = 0.0
    timeout_s: float = 15.0
    templates: Mapping[str, Sequence[str]] = field(default_factory=dict)
    generic: GenericSettings = field(default_factory=GenericSettings)

    def __post_init__(self) -> None:
        if not _SECRET.fullmatch(self.secret):
            raise ValueError(
                "secret must be 16 to 128 letters, digits, - or _: it is part of the address that the gateway calls"
                " (python3 -c 'import secrets; print(secrets.token_urlsafe(24))')"
            )
        for key, value in (("url", self.url), ("callback_url", self.callback_url)):
            if value and not _is_address(value):
                raise ValueError(f"{key} is {value!r}: write a whole address, https://sms.example.com")
        if not country_code(self.home):
            meant = "GB" if self.home.upper() == "UK" else "CN or GB"
            raise ValueError(f"home is {self.home!r}: write a country in the two capital letters of ISO 3166, {meant}")
        self.networks()
        self.limits(())
        self.approved()

    def networks(self) -> tuple[Network, ...]:
        """Return `allow_from` as networks."""
        try:
            return tuple(ipaddress.ip_network(text, strict=False) for text in self.allow_from)
        except ValueError as error:
            raise ValueError(f"allow_from: {error}; write addresses or networks, 203.0.113.0/24") from None

    def limits(self, usual: tuple[Limit, ...]) -> tuple[Limit, ...]:
        """Return the limits that hold, where the provider's are `usual`."""
        each = [limit for limit in usual if limit.each]
        everybody = [limit for limit in usual if not limit.each]
        if self.per_number:
            each = [_limit(text) for text in self.per_number]
        if self.per_second:
            count = max(1, int(self.per_second))
            everybody = [Limit(count, count / self.per_second)]
        return (*each, *everybody)

    def approved(self) -> dict[str, Template]:
        """Return the approved template of each notice."""
        return {notice: _template(notice, spec) for notice, spec in self.templates.items()}

    def callback(self, kind: str) -> str:
        """Return the address at which the gateway is to tell us of incoming messages (`mo`) or of ours (`dlr`); "" = none."""
        if not self.callback_url:
            return ""
        return f"{self.callback_url.rstrip('/')}/hooks/sms/{self.provider}/{self.secret}/{kind}"


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port beyond 65535
        return False


def _limit(text: str) -> Limit:
    match = _LIMIT.fullmatch(text.replace(" ", ""))
    if match is None:
        raise ValueError(f'per_number has {text!r}: write a count and seconds, "10/86400" for ten a day')
    return Limit(int(match[1]), float(match[2]), each=True)


def _template(notice: str, spec: Sequence[str]) -> Template:
    code, *variables = spec or ("",)
    if not code:
        raise ValueError(f"templates.{notice} has no code: write the code of the approved template first")
    pairs = []
    for text in variables:
        match = _VARIABLE.fullmatch(text.replace(" ", ""))
        if match is None or match[2] not in VARIABLES:
            raise ValueError(
                f"templates.{notice} has the variable {text!r}; known are {', '.join(VARIABLES)}, written alone or as"
                " name-in-the-template=status"
            )
        pairs.append((match[1] or match[2], match[2]))
    return Template(code, tuple(pairs))
