"""What a gateway is to us, as data and small functions: one `Profile` per provider, and what they are made of."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any
from urllib.parse import parse_qsl

from connectors.port import (
    Attachment,
    Blocked,
    DeliveryError,
    Limit,
    NotUnderstood,
    Reported,
    TryAgainLater,
    UnknownDelivery,
    WillNotDeliver,
)
from connectors.sms.numbers import Number
from connectors.sms.settings import GatewaySettings, Template

DAY_S = 86_400.0


# ── sending ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Short:
    """A short message ready to go. id: ours, the same for the same message. values: of the template's variables."""

    number: Number
    text: str
    id: str
    template: Template | None = None
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Stamp:
    """What makes a signature fresh. nonce: never used before."""

    now: datetime
    nonce: str


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request, signed."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway answered. retry_after_s: from its header, if it gave one."""

    status: int
    body: bytes
    retry_after_s: float | None = None

    def table(self) -> dict[str, Any]:
        """Return the JSON object it holds; empty where it holds none."""
        return json_object(self.body) or {}


class Outcome(Enum):
    """What an answer means for the message."""

    TAKEN = auto()
    LATER = auto()  # not taken; this number may be tried again
    CLOSED = auto()  # not taken, nor would any other be: the account, the key, the whole channel
    NEVER = auto()
    BLOCKED = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome and how long the provider wants us to wait."""

    outcome: Outcome
    wait_s: float | None = None


TAKEN = Verdict(Outcome.TAKEN)
LATER = Verdict(Outcome.LATER)
CLOSED = Verdict(Outcome.CLOSED, 60.0)
NEVER = Verdict(Outcome.NEVER)
BLOCKED = Verdict(Outcome.BLOCKED)
UNKNOWN = Verdict(Outcome.UNKNOWN)


def by_status(status: int) -> Verdict:
    """Return what an HTTP status says where nothing else does."""
    if 200 <= status < 300:
        return TAKEN
    if status in (429, 503):
        return Verdict(Outcome.CLOSED)
    if status >= 500:
        return UNKNOWN  # it may have fallen over after it had taken the message
    if status in (401, 402, 403, 404, 405, 407) or status < 400:
        return CLOSED  # our account or our address of the gateway: no message would get through
    return NEVER


def by_code(code: str, table: Mapping[str, Verdict], otherwise: Verdict) -> Verdict:
    """Return what the longest entry says that is the code, or its beginning up to a dot."""
    while code:
        if code in table:
            return table[code]
        code = code.rpartition(".")[0]
    return otherwise


def refuse(provider: str, verdict: Verdict, said: str, retry_after_s: float | None = None) -> DeliveryError:
    """Return the error for a message that was not taken."""
    sentence = f"sms: {provider} says {quoted(said)}"
    wait_s = verdict.wait_s if retry_after_s is None else retry_after_s
    match verdict.outcome:
        case Outcome.LATER:
            return TryAgainLater(sentence, wait_s)
        case Outcome.CLOSED:
            return TryAgainLater(sentence, wait_s, everybody=True)
        case Outcome.BLOCKED:
            return Blocked(sentence)
        case Outcome.NEVER:
            return WillNotDeliver(sentence)
        case _:
            return UnknownDelivery(sentence)


def quoted(said: str) -> str:
    """Return a platform's words on one line, short, without the phone numbers in them: they are kept and logged."""
    return re.sub(r"\+?[0-9*]{7,}", "…", " ".join(said.split()))[:200] or "nothing"


# ── receiving ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Said:
    """A message from somebody's phone. id: the provider's, or one made of all that it is. number: as the provider spells it.

    reachable: with this message they forbade the provider (False), or allowed it again (True), to carry ours.
    """

    id: str
    number: str
    text: str
    to: str = ""
    at: datetime | None = None
    attachments: tuple[Attachment, ...] = ()
    reachable: bool | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a message of ours. fate None: a step on its way that says nothing yet. gone: as `Receipt` has it."""

    id: str
    message_id: str
    number: str
    fate: Reported | None
    detail: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A callback as it reached us. target: path and query as they were sent. payload: the body, else the query."""

    target: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def payload(self) -> bytes:
        return self.body or self.target.partition("?")[2].encode()


# ── a provider ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Profile:
    """One provider.

    request: how to hand a message over. taken: the message's id there, from an answer; raises DeliveryError.
    read: one element of a callback, as it is stored; raises NotUnderstood. probe: the request with which `check` sees whether
    the account works without sending anything, and judge: the sentence that says what is wrong with its answer, "" = nothing.
    thanks: content type and body that callbacks are answered with. method: of callbacks. genuine: whether one is signed
    by the provider; None = the provider signs nothing. templates: it sends approved templates only. limits: as published.
    needs: settings that it cannot do without.
    """

    name: str
    request: Callable[[GatewaySettings, Short, Stamp], Request]
    taken: Callable[[GatewaySettings, Short, Answer], str]
    read: Callable[[GatewaySettings, bytes], Said | Report]
    probe: Callable[[GatewaySettings, Stamp], Request] | None
    judge: Callable[[GatewaySettings, Answer], str]
    thanks: Callable[[GatewaySettings], tuple[str, str]]
    methods: tuple[str, ...] = ("POST",)
    genuine: Callable[[GatewaySettings, Call], bool] | None = None
    templates: bool = False
    ucs2_only: bool = False
    limits: tuple[Limit, ...] = ()
    needs: tuple[str, ...] = ()


# ── what they share ───────────────────────────────────────────────────────────────────────────────────────────────────


def json_object(raw: bytes) -> dict[str, Any] | None:
    """Return the JSON object in these bytes, None where they hold none."""
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def form(raw: bytes) -> dict[str, str]:
    """Return the fields of a form or a query; of one that comes twice the first."""
    fields: dict[str, str] = {}
    try:
        pairs = parse_qsl(raw.decode("ascii", "replace"), keep_blank_values=True, errors="replace", max_num_fields=500)
    except ValueError:
        return {}
    for name, value in pairs:
        fields.setdefault(name, value)
    return fields


def word(value: object) -> str:
    """Return a field that should be a text or a number as text; "" for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    try:
        return str(value).strip()
    except ValueError:  # a whole number of thousands of digits
        return ""


def digest(*parts: str) -> str:
    """Return an id made of everything that tells one message from another, where the provider gives none."""
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def from_unix(value: object) -> datetime | None:
    """Return a moment given in seconds since 1970; None where it is none."""
    try:
        return datetime.fromtimestamp(float(word(value)), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def missing(provider: str, what: str) -> NotUnderstood:
    return NotUnderstood(f"sms: a callback of {provider} without {what}")
