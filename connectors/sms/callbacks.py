"""Callbacks: what a gateway tells us, cut into messages as they are stored, and understood later.

What is stored is one element as the gateway wrote it (a form, a query, one object of a JSON array), so that it can be read
again by its shape alone, whichever gateway is configured by then.
"""

from __future__ import annotations

import hashlib
import json

from connectors.port import Content, IncomingMessage, NotUnderstood, Party, RawMessage, Receipt
from connectors.said import clean
from connectors.sms import aliyun, generic, kannel, tencent, twilio
from connectors.sms.numbers import read_number
from connectors.sms.profile import Profile, Report, Said, form, json_object
from connectors.sms.settings import GatewaySettings

CHANNEL = "sms"
MAX_ELEMENT = (
    64 * 1024
)  # bytes of one message: the longest that phones send, every byte of it percent-encoded, is a fraction
MAX_ELEMENTS = 1000  # of one callback; Aliyun sends up to 500

INSPECTING = GatewaySettings(provider="", secret="-" * 16)
"""Stands for no gateway in particular: callbacks are told by their shape."""

PROFILES = {
    profile.name: profile
    for profile in (kannel.PROFILE, twilio.PROFILE, aliyun.PROFILE, tencent.PROFILE, generic.PROFILE)
}


def split(payload: bytes) -> list[bytes]:
    """Return the elements of a callback: those of a JSON array, one by one, else the whole."""
    if payload.lstrip()[:1] != b"[":
        return [payload]
    try:
        elements = json.loads(payload)
        written = [json.dumps(element, separators=(",", ":")).encode() for element in elements]
    except (ValueError, RecursionError):
        return [payload]
    return written if len(written) <= MAX_ELEMENTS else [payload]


def received(payload: bytes, settings: GatewaySettings) -> list[RawMessage]:
    """Return the messages of a callback, each with the identity by which a second copy of it is known. Never fails."""
    return [_raw(element, settings) for element in split(payload)]


def _raw(element: bytes, settings: GatewaySettings) -> RawMessage:
    try:
        event = recognise(element, settings).read(settings, element)
    except NotUnderstood:
        # Stored all the same: it becomes a message in quarantine, which people see, instead of one that nobody ever hears of.
        return RawMessage(CHANNEL, f"raw:{hashlib.sha256(element).hexdigest()}", "", element)
    number = read_number(event.number, settings.home).address
    id = event.id if len(event.id) <= 200 else hashlib.sha256(event.id.encode("utf-8", "replace")).hexdigest()
    return RawMessage(CHANNEL, clean(id), clean(number), element)


def understand(raw: RawMessage, settings: GatewaySettings) -> IncomingMessage:
    """Understand a stored element. Raises NotUnderstood, nothing else."""
    event = recognise(raw.raw, settings).read(settings, raw.raw)
    return _report(raw, event, settings) if isinstance(event, Report) else _message(raw, event, settings)


def inspected(file: bytes) -> list[RawMessage]:
    """Return the messages of a callback as somebody kept it: its body, its query, or the whole address it called."""
    payload = file.strip()
    before, question, query = payload.partition(b"?")
    if question and b"=" not in before and not payload.startswith((b"{", b"[")):
        payload = query.split(None, 1)[0] if query else b""
    return received(payload, INSPECTING)


def recognise(element: bytes, settings: GatewaySettings) -> Profile:
    """Return the provider whose callbacks look like this one. Raises NotUnderstood."""
    if len(element) > MAX_ELEMENT:
        raise NotUnderstood(f"sms: it has {len(element)} bytes, more than any short message")
    table = json_object(element)
    if settings.provider == "generic":
        return generic.PROFILE
    if table is not None:
        if "phone_number" in table:
            return aliyun.PROFILE
        if "mobile" in table:
            return tencent.PROFILE
    else:
        fields = form(element)
        if "MessageSid" in fields or "SmsSid" in fields:
            return twilio.PROFILE
        if ("from" in fields and "text" in fields) or ("id" in fields and "type" in fields):
            return kannel.PROFILE
    raise NotUnderstood("sms: it looks like no callback of Kannel, Twilio, Aliyun or Tencent")


def _message(raw: RawMessage, said: Said, settings: GatewaySettings) -> IncomingMessage:
    number = read_number(said.number, settings.home)
    address, text = clean(number.address), clean(said.text)
    if not address:
        raise NotUnderstood("sms: the sender is empty")
    kinds = {attachment.type.partition("/")[0] for attachment in said.attachments}
    return IncomingMessage(
        channel=raw.channel,
        external_id=raw.external_id,
        conversation=address,
        sender=Party(address),
        text=text,
        visible_reply=text,
        recipients=(clean(said.to),) if clean(said.to) else (),
        attachments=said.attachments,
        message_id=raw.external_id,
        automatic=not number.personal,
        automatic_reason=None if number.personal else "it comes from a short code or a name, not from a phone",
        content=_content(kinds) if kinds and not text else Content.TEXT,
        reachable=said.reachable,
        # The provider has acknowledged it, and takes nothing more from us to this number: an answer would be refused.
        ignored="they told the provider to carry no more messages" if said.reachable is False else None,
        sent_at=said.at,
    )


def _content(kinds: set[str]) -> Content:
    known = {"image": Content.PHOTO, "video": Content.VIDEO, "audio": Content.AUDIO}
    return known.get(kinds.pop(), Content.DOCUMENT) if len(kinds) == 1 else Content.DOCUMENT


def _report(raw: RawMessage, report: Report, settings: GatewaySettings) -> IncomingMessage:
    address = clean(read_number(report.number, settings.home).address) if report.number else ""
    receipts: tuple[Receipt, ...] = ()
    if report.fate is not None and (report.message_id or address):
        receipts = (Receipt(report.fate, clean(report.message_id), address, clean(report.detail), report.gone),)
    return IncomingMessage(
        channel=raw.channel,
        external_id=raw.external_id,
        conversation=address,
        sender=None,
        text="",
        visible_reply="",
        receipts=receipts,
        ignored="delivery report",
    )
