"""Aliyun SMS (阿里云短信服务): SendSms signed with ACS3-HMAC-SHA256, and its pushed SmsUp and SmsReport.

The pushes are not signed and come again when the answer takes longer than 700 ms.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import quote, urlsplit

from connectors.port import Limit, Reported
from connectors.sms.profile import (
    BLOCKED,
    CLOSED,
    DAY_S,
    LATER,
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
    json_object,
    missing,
    quoted,
    refuse,
    word,
)
from connectors.sms.settings import GatewaySettings

URL = "https://dysmsapi.aliyuncs.com"
BEIJING = timezone(timedelta(hours=8))  # what its times are in
_VERSION = "2017-05-25"
_EMPTY = hashlib.sha256(b"").hexdigest()

_CODES = {
    "isv.BUSINESS_LIMIT_CONTROL": Verdict(Outcome.LATER, 3600.0),  # see `_limited`
    "isv.DAY_LIMIT_CONTROL": Verdict(Outcome.CLOSED, 3600.0),
    "isv.MONTH_LIMIT_CONTROL": Verdict(Outcome.CLOSED, 3600.0),
    "isv.SMS_SIGNATURE_ILLEGAL": CLOSED,
    "isv.SMS_SIGNATURE_SCENE_ILLEGAL": CLOSED,
    "isv.SIGN_STATE_ILLEGAL": CLOSED,
    "isv.SMS_SIGN_ILLEGAL": CLOSED,
    "isv.AMOUNT_NOT_ENOUGH": CLOSED,
    "isv.OUT_OF_SERVICE": CLOSED,
    "isv.PRODUCT_UN_SUBSCRIPT": CLOSED,
    "isv.PRODUCT_UNSUBSCRIBE": CLOSED,
    "isv.ACCOUNT_NOT_EXISTS": CLOSED,
    "isv.ACCOUNT_ABNORMAL": CLOSED,
    "isv.DENY_IP_RANGE": CLOSED,
    "isv.MOBILE_IN_BLACK": BLOCKED,
    "isv.PHONE_IN_BLACKLIST": BLOCKED,
    "isv": NEVER,  # this number, this template, these variables
    "isp.RAM_PERMISSION_DENY": CLOSED,
    "isp.SYSTEM_ERROR": LATER,
    "Throttling": Verdict(Outcome.CLOSED, 1.0),
    "ServiceUnavailable": Verdict(Outcome.CLOSED, 5.0),
    "SignatureDoesNotMatch": CLOSED,
    "SignatureNonceUsed": LATER,
    "InvalidTimeStamp": CLOSED,
    "InvalidAccessKeyId": CLOSED,
    "Forbidden": CLOSED,
    "NoPermission": CLOSED,
}
# "触发分钟级流控Permits:1": only the words say which of its windows is full. A day is asked about every hour.
_WINDOWS = {"分钟": 60.0, "minute": 60.0, "小时": 3600.0, "hour": 3600.0, "天": 3600.0, "day": 3600.0}


def canonical(method: str, query: str, headers: Mapping[str, str]) -> str:
    """Return the request in the form that ACS3 signs. query: sorted and encoded. headers: those signed, names in lower case."""
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    return "\n".join((method, "/", query, lines, ";".join(sorted(headers)), headers["x-acs-content-sha256"]))


def signature(secret: str, canonical_request: str) -> str:
    """Return the ACS3-HMAC-SHA256 signature of a request."""
    digested = hashlib.sha256(canonical_request.encode()).hexdigest()
    return hmac.new(secret.encode(), f"ACS3-HMAC-SHA256\n{digested}".encode(), hashlib.sha256).hexdigest()


def _signed(settings: GatewaySettings, action: str, fields: Mapping[str, str], stamp: Stamp) -> Request:
    base = (settings.url or URL).rstrip("/")
    query = "&".join(f"{_encoded(name)}={_encoded(fields[name])}" for name in sorted(fields))
    headers = {
        "host": urlsplit(base).netloc,
        "x-acs-action": action,
        "x-acs-content-sha256": _EMPTY,
        "x-acs-date": stamp.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": stamp.nonce,
        "x-acs-version": _VERSION,
    }
    sign = signature(settings.password, canonical("POST", query, headers))
    names = ";".join(sorted(headers))
    headers["Authorization"] = f"ACS3-HMAC-SHA256 Credential={settings.user},SignedHeaders={names},Signature={sign}"
    return Request("POST", f"{base}/?{query}", headers)


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")


def _request(settings: GatewaySettings, short: Short, stamp: Stamp) -> Request:
    assert short.template is not None
    fields = {
        "PhoneNumbers": short.number.at_home("CN"),
        "SignName": settings.sign,
        "TemplateCode": short.template.code,
        "OutId": short.id,
    }
    if short.values:
        fields["TemplateParam"] = json.dumps(dict(short.values), ensure_ascii=False)
    return _signed(settings, "SendSms", fields, stamp)


def _taken(_settings: GatewaySettings, _short: Short, answer: Answer) -> str:
    table = answer.table()
    code, said = word(table.get("Code")), word(table.get("Message"))
    if code == "OK" and (id := word(table.get("BizId"))):
        return id
    otherwise = by_status(answer.status)
    verdict = by_code(code, _CODES, UNKNOWN if otherwise.outcome is Outcome.TAKEN else otherwise)
    if code == "isv.BUSINESS_LIMIT_CONTROL":
        verdict = _limited(said)
    raise refuse("aliyun", verdict, f"{code or f'HTTP {answer.status}'} {said}", answer.retry_after_s)


def _limited(said: str) -> Verdict:
    wait_s = next((seconds for unit, seconds in _WINDOWS.items() if unit in said.lower()), 3600.0)
    return Verdict(Outcome.LATER, wait_s)


def _read(_settings: GatewaySettings, raw: bytes) -> Said | Report:
    table = json_object(raw) or {}
    number = word(table.get("phone_number"))
    if not number:
        raise missing("aliyun", "a phone_number")
    sent = word(table.get("send_time"))
    if "content" in table:
        content = word(table["content"])
        sequence = word(table.get("sequence_id"))
        id = digest(number, sent, sequence, word(table.get("dest_code")), content)
        return Said(id, number, content, word(table.get("dest_code")), _moment(sent))
    biz_id, code = word(table.get("biz_id")), word(table.get("err_code"))
    arrived = table.get("success") is True or word(table.get("success")).lower() == "true"
    id = digest(number, biz_id or sent, code, str(arrived))
    fate = Reported.DELIVERED if arrived else Reported.FAILED
    return Report(f"dlr:{id}", biz_id, number, fate, "" if arrived else quoted(f"{code} {word(table.get('err_msg'))}"))


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=BEIJING).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _probe(settings: GatewaySettings, stamp: Stamp) -> Request:
    return _signed(settings, "QuerySmsSign", {"SignName": settings.sign}, stamp)


def _judge(settings: GatewaySettings, answer: Answer) -> str:
    table = answer.table()
    code, status = word(table.get("Code")), word(table.get("SignStatus"))
    if code == "OK":
        return "" if status in ("1", "") else f"the sign {settings.sign!r} is not approved yet: see its console"
    if code.startswith(("InvalidAccessKeyId", "SignatureDoesNotMatch")):
        return "it refuses the key: compare user and password with the AccessKey ID and secret in its console"
    if code.startswith("isv.SMS_SIGN"):
        return f"it knows no sign {settings.sign!r}: write it as it was approved, without 【】"
    if "PERMISSION" in code.upper() or code.startswith("Forbidden"):
        return "the key may not use it: grant AliyunDysmsFullAccess to the RAM user"
    said = quoted(f"{code} {word(table.get('Message'))}")
    return f"it answers {answer.status} {said}"


def _thanks(_settings: GatewaySettings) -> tuple[str, str]:
    return "application/json", '{"code":0,"msg":"OK"}'


PROFILE = Profile(
    name="aliyun",
    request=_request,
    taken=_taken,
    read=_read,
    probe=_probe,
    judge=_judge,
    thanks=_thanks,
    templates=True,
    ucs2_only=True,
    # As published for one number and one sign; a notice template may have more: settings say so.
    limits=(Limit(1, 60.0, each=True), Limit(5, 3600.0, each=True), Limit(10, DAY_S, each=True)),
    needs=("user", "password", "sign", "templates"),
)
