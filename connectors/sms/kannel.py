"""Kannel (1.4): smsbox's sendsms interface, and the calls it makes for incoming messages and delivery reports.

The addresses to put into its configuration stand in docs/sms.md. Kannel signs nothing: the secret in the path and the
networks that may call are what keeps strangers off. It joins the parts of a long incoming message itself.
"""

from __future__ import annotations

from urllib.parse import unquote_to_bytes, urlencode

from connectors.port import Reported
from connectors.sms.profile import (
    BLOCKED,
    CLOSED,
    NEVER,
    Answer,
    Outcome,
    Profile,
    Report,
    Request,
    Said,
    Short,
    Stamp,
    by_status,
    digest,
    from_unix,
    missing,
    quoted,
    refuse,
)
from connectors.sms.segments import Coding, segments
from connectors.sms.settings import GatewaySettings

URL = "http://127.0.0.1:13013"

# What we want to hear: delivered 1, not delivered 2, waiting at the carrier 4, refused by the carrier 16. Not 8, "the
# carrier has it": that is what `sent` means.
_DLR_MASK = 1 | 2 | 4 | 16
_FATES = {"1": Reported.DELIVERED, "2": Reported.FAILED, "4": Reported.DELAYED, "16": Reported.FAILED}
_CHARSETS = {
    "utf-8": "utf-8",
    "utf-16be": "utf-16-be",
    "ucs-2": "utf-16-be",
    "utf-16le": "utf-16-le",
    "iso-8859-1": "latin-1",
    "us-ascii": "ascii",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
}


def _request(settings: GatewaySettings, short: Short, _stamp: Stamp) -> Request:
    fields = {
        "username": settings.user,
        "password": settings.password,
        "to": short.number.spelled(settings.number_format, settings.home),
        "text": short.text,
        "charset": "UTF-8",
        "coding": "0" if segments(short.text).coding is Coding.GSM7 else "2",
    }
    if settings.sender:
        fields["from"] = settings.sender
    if callback := settings.callback("dlr"):
        # In a report %p is the phone that our message went to, %P the sender it came from.
        dlr_url = f"{callback}?id={short.id}&type=%d&phone=%p&at=%T&said=%A"
        fields |= {"dlr-mask": str(_DLR_MASK), "dlr-url": dlr_url}
    return Request("GET", f"{_base(settings)}?{urlencode(fields)}")


def _base(settings: GatewaySettings) -> str:
    return f"{(settings.url or URL).rstrip('/')}/cgi-bin/sendsms"


def _taken(_settings: GatewaySettings, short: Short, answer: Answer) -> str:
    said = answer.body.decode("utf-8", "replace")
    verdict = by_status(answer.status)
    if verdict.outcome is Outcome.TAKEN:
        return short.id  # Kannel gives none; the report names ours
    if "black-list" in said:
        verdict = BLOCKED
    elif "routable" in said or "rejected" in said:
        verdict = NEVER
    elif answer.status == 403:
        verdict = CLOSED
    raise refuse("kannel", verdict, said or f"HTTP {answer.status}", answer.retry_after_s)


def _read(_settings: GatewaySettings, raw: bytes) -> Said | Report:
    fields = _fields(raw)
    plain = {name: value.decode("utf-8", "replace").strip() for name, value in fields.items()}
    if "type" in plain and "text" not in plain:
        if not plain.get("id"):
            raise missing("kannel", "the id of our message")
        id, type_ = plain["id"], plain["type"]
        detail = quoted(plain["said"]) if plain.get("said") else ""
        return Report(f"dlr:{id}:{type_}", id, plain.get("phone", ""), _FATES.get(type_), detail)
    if not plain.get("from"):
        raise missing("kannel", "a sender")
    id = plain.get("id") or digest(plain["from"], plain.get("ts", ""), plain.get("text", ""))
    text = _text(fields.get("text", b""), plain.get("charset", ""))
    return Said(id, plain["from"], text, plain.get("to", ""), from_unix(plain.get("ts")))


def _fields(raw: bytes) -> dict[str, bytes]:
    """Return the fields of the query as bytes: the text of a Chinese message is raw UTF-16 behind the percent signs."""
    fields: dict[str, bytes] = {}
    for pair in raw.split(b"&")[:50]:
        name, _, value = pair.partition(b"=")
        fields.setdefault(name.decode("ascii", "replace"), unquote_to_bytes(value.replace(b"+", b" ")))
    return fields


def _text(data: bytes, charset: str) -> str:
    if codec := _CHARSETS.get(charset.lower()):
        return data.decode(codec, "replace")
    for codec in ("utf-8", "gb18030"):  # "8-BIT": whatever the phone meant
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _probe(settings: GatewaySettings, _stamp: Stamp) -> Request:
    login = {"username": settings.user, "password": settings.password}
    return Request("GET", f"{_base(settings)}?{urlencode(login)}")  # no number: refused, but only after the login


def _judge(_settings: GatewaySettings, answer: Answer) -> str:
    said = answer.body.decode("utf-8", "replace")
    if answer.status == 400 and "receiver" in said:
        return ""
    if answer.status == 403:
        return "it refuses the login: compare user and password with the sendsms-user group in kannel.conf"
    if answer.status == 404:
        return "it has no sendsms interface there: compare url with sendsms-port in kannel.conf"
    return f"it answers {answer.status} {quoted(said)}: is url that of Kannel's smsbox?"


def _thanks(_settings: GatewaySettings) -> tuple[str, str]:
    return "text/plain", ""  # an answer with a text would be sent to the customer


PROFILE = Profile(
    name="kannel",
    request=_request,
    taken=_taken,
    read=_read,
    probe=_probe,
    judge=_judge,
    thanks=_thanks,
    methods=("GET",),
    needs=("user", "password"),
)
