"""A gateway that settings describe: `[connectors.sms.generic]`, explained in `GenericSettings`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from connectors.port import Reported
from connectors.sms.profile import (
    BLOCKED,
    LATER,
    NEVER,
    TAKEN,
    UNKNOWN,
    Answer,
    Outcome,
    Profile,
    Report,
    Request,
    Said,
    Short,
    Stamp,
    Verdict,
    by_status,
    digest,
    form,
    missing,
    quoted,
    refuse,
    word,
)
from connectors.sms.segments import segments
from connectors.sms.settings import GatewaySettings, GenericSettings

_FIELD = re.compile(r"\{([a-z_]+)\}")


def _request(settings: GatewaySettings, short: Short, _stamp: Stamp) -> Request:
    generic, fill = settings.generic, _filler(settings, short)
    parts = urlsplit(settings.url)
    query = urlencode([(name, fill(value)) for name, value in parse_qsl(parts.query, keep_blank_values=True)])
    url = urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
    headers = {name: " ".join(fill(value).split()) for name, value in generic.headers.items()}
    if not generic.body:
        return Request(generic.method, url, headers)
    template = _json(generic.body)
    if template is not None:
        headers = {"Content-Type": "application/json"} | headers
        return Request(generic.method, url, headers, json.dumps(_filled(template, fill), ensure_ascii=False).encode())
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"} | headers
    pairs = [(name, fill(value)) for name, value in parse_qsl(generic.body, keep_blank_values=True)]
    return Request(generic.method, url, headers, urlencode(pairs).encode())


def _filler(settings: GatewaySettings, short: Short) -> Callable[[str], str]:
    fields = {
        "to": short.number.spelled(settings.number_format, settings.home),
        "text": short.text,
        "sender": settings.sender,
        "user": settings.user,
        "password": settings.password,
        "id": short.id,
        "parts": str(segments(short.text).parts),
        "template": short.template.code if short.template else "",
        "callback": settings.callback("dlr"),
        **dict(short.values),
    }
    # In one go, so that braces in somebody's words are never taken for a field.
    return lambda text: _FIELD.sub(lambda match: fields.get(match[1], match[0]), text)


def _json(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _filled(value: Any, fill: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return fill(value)
    if isinstance(value, list):
        return [_filled(each, fill) for each in value]
    return {key: _filled(each, fill) for key, each in value.items()} if isinstance(value, dict) else value


def _at(value: Any, path: str) -> str:
    """Return what stands at a path such as `messages.0.id`; "" where nothing does."""
    for step in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isascii() and step.isdigit() and len(step) < 5 and int(step) < len(value):
            value = value[int(step)]
        else:
            return ""
    return word(value)


def _taken(settings: GatewaySettings, short: Short, answer: Answer) -> str:
    generic, table = settings.generic, answer.table()
    verdict, code = by_status(answer.status), ""
    if generic.answer_code:
        code = _at(table, generic.answer_code)
        verdict = _verdict(generic, code, verdict)
    if verdict.outcome is Outcome.TAKEN:
        return (_at(table, generic.answer_id) if generic.answer_id else "") or short.id
    said = code or f"HTTP {answer.status} {answer.body[:200].decode('utf-8', 'replace')}"
    raise refuse("the gateway", verdict, said, answer.retry_after_s)


def _verdict(generic: GenericSettings, code: str, by_http: Verdict) -> Verdict:
    for codes, verdict in (
        (generic.answer_taken, TAKEN),
        (generic.answer_blocked, BLOCKED),
        (generic.answer_later, LATER),
    ):
        if code and code in codes:
            return verdict
    if by_http.outcome is not Outcome.TAKEN:
        return by_http
    return NEVER if code else UNKNOWN  # it took the request and says nothing that we know


def _read(settings: GatewaySettings, raw: bytes) -> Said | Report:
    generic = settings.generic
    table: Any = _json(raw.decode("utf-8", "replace"))
    if not isinstance(table, dict):
        table = form(raw)
    if generic.dlr_status and (status := _at(table, generic.dlr_status)):
        id = _at(table, generic.dlr_id)
        if not id:
            raise missing("the gateway", f"the id of our message at {generic.dlr_id!r}")
        fate = Reported.DELIVERED if status in generic.dlr_delivered else None
        fate = Reported.FAILED if status in generic.dlr_failed else fate
        return Report(f"dlr:{digest(id, status)}", id, "", fate, "" if fate is not Reported.FAILED else quoted(status))
    number, text = _at(table, generic.mo_from), _at(table, generic.mo_text)
    if not number:
        raise missing("the gateway", f"a sender at {generic.mo_from!r}")
    id = _at(table, generic.mo_id) if generic.mo_id else ""
    return Said(id or digest(raw.decode("utf-8", "replace")), number, text)


def _judge(_settings: GatewaySettings, _answer: Answer) -> str:
    return ""


def _thanks(settings: GatewaySettings) -> tuple[str, str]:
    body = settings.generic.thanks
    return "application/json" if _json(body) is not None else "text/plain", body


PROFILE = Profile(
    name="generic",
    request=_request,
    taken=_taken,
    read=_read,
    probe=None,
    judge=_judge,
    thanks=_thanks,
    methods=("GET", "POST"),
    needs=("url",),
)
