"""Tencent Cloud SMS (腾讯云短信): SendSms 2021-01-11 signed with TC3-HMAC-SHA256, and its callbacks, which nobody signs."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from connectors.port import Limit, Reported
from connectors.sms.profile import (
    BLOCKED,
    CLOSED,
    DAY_S,
    NEVER,
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
    by_code,
    by_status,
    digest,
    from_unix,
    json_object,
    missing,
    quoted,
    refuse,
    word,
)
from connectors.sms.settings import GatewaySettings

URL = "https://sms.tencentcloudapi.com"
_VERSION = "2021-01-11"
_TYPE = "application/json; charset=utf-8"

_CODES = {
    "LimitExceeded.PhoneNumberThirtySecondLimit": Verdict(Outcome.LATER, 30.0),
    "LimitExceeded.PhoneNumberOneHourLimit": Verdict(Outcome.LATER, 3600.0),
    "LimitExceeded.PhoneNumberDailyLimit": Verdict(Outcome.LATER, 3600.0),
    "LimitExceeded.PhoneNumberSameContentDailyLimit": Verdict(Outcome.LATER, 3600.0),
    "LimitExceeded.DeliveryFrequencyLimit": Verdict(Outcome.LATER, 60.0),
    "LimitExceeded.PhoneNumberCountLimit": NEVER,
    "LimitExceeded": Verdict(Outcome.CLOSED, 3600.0),  # the application's, for all numbers
    "RequestLimitExceeded": Verdict(Outcome.CLOSED, 1.0),
    "FailedOperation.PhoneNumberInBlacklist": BLOCKED,
    "FailedOperation.InsufficientBalanceInSmsPackage": CLOSED,
    "FailedOperation.SignatureIncorrectOrUnapproved": CLOSED,
    "FailedOperation.NotEnterpriseCertification": CLOSED,
    "FailedOperation.FailResolvePacket": UNKNOWN,
    "FailedOperation": NEVER,  # a word they do not let through, a template that is not approved
    "InvalidParameterValue.SdkAppIdNotExist": CLOSED,
    "InvalidParameter": NEVER,
    "InvalidParameterValue": NEVER,
    "MissingParameter": NEVER,
    "UnsupportedOperation": NEVER,
    "UnauthorizedOperation": CLOSED,
    "AuthFailure": CLOSED,
    "InternalError": UNKNOWN,
}


def signature(secret_key: str, service: str, host: str, content_type: str, body: bytes, timestamp: int) -> str:
    """Return the TC3-HMAC-SHA256 signature of a POST to `/`, over content-type and host."""
    request = "\n".join(
        (
            "POST",
            "/",
            "",
            f"content-type:{content_type}\nhost:{host}\n",
            "content-type;host",
            hashlib.sha256(body).hexdigest(),
        )
    )
    day = _day(timestamp)
    digested = hashlib.sha256(request.encode()).hexdigest()
    signed = f"TC3-HMAC-SHA256\n{timestamp}\n{day}/{service}/tc3_request\n{digested}"
    key = f"TC3{secret_key}".encode()
    for step in (day, service, "tc3_request"):
        key = hmac.new(key, step.encode(), hashlib.sha256).digest()
    return hmac.new(key, signed.encode(), hashlib.sha256).hexdigest()


def _day(timestamp: int) -> str:
    return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")


def _signed(settings: GatewaySettings, action: str, fields: dict[str, Any], stamp: Stamp) -> Request:
    base = (settings.url or URL).rstrip("/")
    host, body, timestamp = urlsplit(base).netloc, json.dumps(fields).encode(), int(stamp.now.timestamp())
    sign = signature(settings.password, "sms", host, _TYPE, body, timestamp)
    credential = f"{settings.user}/{_day(timestamp)}/sms/tc3_request"
    headers = {
        "Content-Type": _TYPE,
        "Host": host,
        "Authorization": (
            f"TC3-HMAC-SHA256 Credential={credential}, SignedHeaders=content-type;host, Signature={sign}"
        ),
        "X-TC-Action": action,
        "X-TC-Timestamp": str(timestamp),
        "X-TC-Version": _VERSION,
        "X-TC-Region": settings.region,
    }
    return Request("POST", f"{base}/", headers, body)


def _request(settings: GatewaySettings, short: Short, stamp: Stamp) -> Request:
    assert short.template is not None
    fields = {
        "PhoneNumberSet": [short.number.address],
        "SmsSdkAppId": settings.app_id,
        "SignName": settings.sign,
        "TemplateId": short.template.code,
        "TemplateParamSet": [value for _, value in short.values],
        "SessionContext": short.id,
    }
    return _signed(settings, "SendSms", fields, stamp)


def _response(answer: Answer) -> dict[str, Any]:
    response = answer.table().get("Response")
    return response if isinstance(response, dict) else {}


def _first(rows: object) -> dict[str, Any]:
    row = rows[0] if isinstance(rows, list) and rows else None
    return row if isinstance(row, dict) else {}


def _error(response: dict[str, Any]) -> dict[str, Any]:
    error = response.get("Error")
    return error if isinstance(error, dict) else {}


def _taken(_settings: GatewaySettings, _short: Short, answer: Answer) -> str:
    response = _response(answer)
    status = _error(response) or _first(response.get("SendStatusSet"))
    code = word(status.get("Code"))
    if code == "Ok" and (id := word(status.get("SerialNo"))):
        return id
    otherwise = by_status(answer.status)
    verdict = by_code(code, _CODES, UNKNOWN if otherwise.outcome is Outcome.TAKEN else otherwise)
    said = f"{code or f'HTTP {answer.status}'} {word(status.get('Message'))}"
    raise refuse("tencent", verdict, said, answer.retry_after_s)


def _read(_settings: GatewaySettings, raw: bytes) -> Said | Report:
    table = json_object(raw) or {}
    mobile, nation = word(table.get("mobile")), word(table.get("nationcode"))
    if not mobile:
        raise missing("tencent", "a mobile number")
    number = f"+{nation}{mobile}" if nation and not mobile.startswith("+") else mobile
    if "report_status" in table:
        status, sid = word(table["report_status"]), word(table.get("sid"))
        arrived = status == "SUCCESS"
        fate = Reported.DELIVERED if arrived else Reported.FAILED
        said = f"{word(table.get('errmsg'))} {word(table.get('description'))}"
        return Report(f"dlr:{digest(sid, number, status)}", sid, number, fate, "" if arrived else quoted(said))
    text, at = word(table.get("text")), word(table.get("time"))
    id = digest(number, at, word(table.get("extend")), text)
    return Said(id, number, text, word(table.get("extend")), from_unix(at))


def _probe(settings: GatewaySettings, stamp: Stamp) -> Request:
    codes = {template.code for template in settings.approved().values()}
    ids = sorted(int(code) for code in codes if code.isascii() and code.isdigit())
    return _signed(settings, "DescribeSmsTemplateList", {"TemplateIdSet": ids, "International": 0}, stamp)


def _judge(_settings: GatewaySettings, answer: Answer) -> str:
    response = _response(answer)
    error = _error(response)
    code = word(error.get("Code"))
    if code.startswith("AuthFailure"):
        return "it refuses the key: compare user and password with SecretId and SecretKey in its console"
    if code.startswith("UnauthorizedOperation"):
        return "the key may not use it: grant QcloudSMSFullAccess to it"
    if code or not response:
        said = quoted(f"{code} {word(error.get('Message'))}")
        return f"it answers {answer.status} {said}"
    rows = response.get("DescribeTemplateStatusSet")
    waiting = [
        word(row.get("TemplateId"))
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict) and word(row.get("StatusCode")) != "0"
    ]
    return f"these templates are not approved: {', '.join(waiting)}" if waiting else ""


def _thanks(_settings: GatewaySettings) -> tuple[str, str]:
    return "application/json", '{"result":0,"errmsg":"OK"}'


PROFILE = Profile(
    name="tencent",
    request=_request,
    taken=_taken,
    read=_read,
    probe=_probe,
    judge=_judge,
    thanks=_thanks,
    templates=True,
    ucs2_only=True,
    limits=(Limit(1, 30.0, each=True), Limit(10, DAY_S, each=True)),
    needs=("user", "password", "sign", "app_id", "templates"),
)
