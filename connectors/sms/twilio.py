"""Twilio: its Messages resource, and its webhooks with their signature."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

from connectors.port import Attachment, Limit, Reported
from connectors.sms.profile import (
    BLOCKED,
    CLOSED,
    LATER,
    NEVER,
    UNKNOWN,
    Answer,
    Call,
    Outcome,
    Profile,
    Report,
    Request,
    Said,
    Short,
    Stamp,
    Verdict,
    by_code,
    by_status,
    form,
    missing,
    quoted,
    refuse,
    word,
)
from connectors.sms.settings import GatewaySettings

URL = "https://api.twilio.com"
_MAX_MEDIA = 10

_CODES = {
    "14107": Verdict(Outcome.CLOSED, 1.0),  # too many a second
    "20003": CLOSED,  # the login
    "20429": Verdict(Outcome.CLOSED, 1.0),
    "21211": NEVER,  # no such number
    "21408": NEVER,  # that country is not switched on
    "21603": CLOSED,
    "21606": CLOSED,  # the sender is not ours
    "21610": BLOCKED,  # they answered STOP
    "21611": Verdict(Outcome.CLOSED, 60.0),  # the sender's queue is full
    "21612": NEVER,
    "21614": NEVER,  # no mobile number
    "21617": NEVER,  # too long
    "21635": NEVER,  # a landline
    "21659": CLOSED,
    "21660": CLOSED,
    "30001": Verdict(Outcome.CLOSED, 60.0),
    "30002": CLOSED,  # the account is suspended
    "30003": LATER,  # the phone is off
    "30004": BLOCKED,
    "30005": NEVER,
    "30006": NEVER,
    "30007": NEVER,  # filtered by the carrier
    "30022": Verdict(Outcome.CLOSED, 1.0),
    "30023": Verdict(Outcome.CLOSED, 3600.0),  # the carrier's limit for today
    "63038": Verdict(Outcome.CLOSED, 3600.0),
}
_GONE = frozenset({"30005", "30006"})  # no such number, a landline
# What is signed is names and values without a mark between them: were an id of any length, a call that somebody caught could be
# cut into other names and values, and count as another message under the same signature.
_SID = re.compile("(?:SM|MM)[0-9a-f]{32}", re.ASCII)
_SIDS = ("MessageSid", "SmsSid", "SmsMessageSid")
# What is signed is names and values in a row, with nothing between them: cut elsewhere, a customer's text gives fields of its
# own, and one of them has to hold the true ones behind it.
_SWALLOWED = re.compile(r"From\+?\d|MessageSid|SmsSid(?:SM|MM)", re.ASCII)
_FATES = {
    "delivered": Reported.DELIVERED,
    "read": Reported.READ,
    "undelivered": Reported.FAILED,
    "failed": Reported.FAILED,
    "canceled": Reported.FAILED,
}


def signature(token: str, url: str, fields: Iterable[tuple[str, str]] = ()) -> str:
    """Return what belongs into X-Twilio-Signature: the address and the sorted fields, each value once, under the token."""
    signed = url + "".join(name + value for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def genuine(settings: GatewaySettings, call: Call) -> bool:
    """Say whether Twilio signed this callback. It signs no time: a repeated one is known by its message's id."""
    parts = urlsplit(settings.callback_url)
    url = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}{call.target}"
    query = dict(parse_qsl(call.target.partition("?")[2], keep_blank_values=True))
    fields: list[tuple[str, str]] = []
    if body_sha256 := query.get("bodySHA256"):
        if not hmac.compare_digest(hashlib.sha256(call.body).hexdigest().encode(), body_sha256.lower().encode()):
            return False
    else:
        try:
            body = call.body.decode("ascii")
            fields = parse_qsl(body, keep_blank_values=True, errors="strict", max_num_fields=500)
        except ValueError:
            return False
        if not all(_SID.fullmatch(value) for name, value in fields if name in _SIDS):
            return False
        if len({name for name, _ in fields}) < len(fields):
            return False
        if any(_SWALLOWED.search(value) for name, value in fields if name != "Body"):
            return False
    shown = call.headers.get("X-Twilio-Signature", "")
    return hmac.compare_digest(signature(settings.password, url, fields).encode(), shown.encode("utf-8", "replace"))


def _request(settings: GatewaySettings, short: Short, _stamp: Stamp) -> Request:
    fields = {"To": short.number.address, "Body": short.text}
    fields["MessagingServiceSid" if settings.sender.startswith("MG") else "From"] = settings.sender
    if callback := settings.callback("dlr"):
        fields["StatusCallback"] = callback
    headers = {**_login(settings), "Content-Type": "application/x-www-form-urlencoded"}
    return Request("POST", f"{_account(settings)}/Messages.json", headers, urlencode(fields).encode())


def _account(settings: GatewaySettings) -> str:
    return f"{(settings.url or URL).rstrip('/')}/2010-04-01/Accounts/{settings.user}"


def _login(settings: GatewaySettings) -> dict[str, str]:
    pair = base64.b64encode(f"{settings.user}:{settings.password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def _taken(_settings: GatewaySettings, _short: Short, answer: Answer) -> str:
    table = answer.table()
    verdict, code = by_status(answer.status), word(table.get("code") or table.get("error_code"))
    if verdict.outcome is Outcome.TAKEN and (sid := word(table.get("sid"))):
        if not code:
            return sid
        verdict = NEVER
    elif verdict.outcome is Outcome.TAKEN:
        verdict = UNKNOWN
    said = f"{code or f'HTTP {answer.status}'} {word(table.get('message') or table.get('error_message'))}"
    raise refuse("twilio", by_code(code, _CODES, verdict), said, answer.retry_after_s)


def _read(_settings: GatewaySettings, raw: bytes) -> Said | Report:
    fields = form(raw)
    sid = fields.get("MessageSid") or fields.get("SmsSid") or ""
    if not sid:
        raise missing("twilio", "a MessageSid")
    if "Body" not in fields and (status := fields.get("MessageStatus")):
        detail = quoted(fields["ErrorCode"]) if fields.get("ErrorCode") else ""
        gone = fields.get("ErrorCode") in _GONE
        return Report(f"dlr:{sid}:{status}", sid, fields.get("To", ""), _FATES.get(status), detail, gone)
    if not fields.get("From"):
        raise missing("twilio", "a sender")
    count = word(fields.get("NumMedia"))
    media = tuple(
        Attachment(f"media{number}", fields.get(f"MediaContentType{number}", ""))
        for number in range(
            min(int(count), _MAX_MEDIA) if count.isascii() and count.isdigit() and len(count) < 4 else 0
        )
        if f"MediaUrl{number}" in fields
    )
    reachable = {"STOP": False, "START": True}.get(fields.get("OptOutType", ""))
    return Said(sid, fields["From"], fields.get("Body", ""), fields.get("To", ""), None, media, reachable)


def _probe(settings: GatewaySettings, _stamp: Stamp) -> Request:
    return Request("GET", f"{_account(settings)}.json", _login(settings))


def _judge(_settings: GatewaySettings, answer: Answer) -> str:
    if answer.status in (401, 403, 404):
        return "it refuses the login: compare user with the Account SID and password with the Auth Token in its console"
    status = word(answer.table().get("status"))
    if answer.status == 200 and status == "active":
        return ""
    if answer.status == 200 and status:
        return f"the account is {quoted(status)}: see its console"
    return f"it answers {answer.status}: try again later, or correct url"


def _thanks(_settings: GatewaySettings) -> tuple[str, str]:
    return "text/xml", '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


PROFILE = Profile(
    name="twilio",
    request=_request,
    taken=_taken,
    read=_read,
    probe=_probe,
    judge=_judge,
    thanks=_thanks,
    genuine=genuine,
    limits=(Limit(1, 1.0),),  # of an ordinary number; short codes and services have more
    needs=("user", "password", "sender", "callback_url"),
)
