"""Callbacks of the four providers: told by their shape, understood, and never a reason to fall over."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.inspect import inspect_files
from connectors.port import Content, IncomingMessage, NotUnderstood, RawMessage, Receipt, Reported
from connectors.sms import INSPECTING, GatewaySettings, GenericSettings, inspected, understand
from connectors.sms.callbacks import MAX_ELEMENTS, received

NUMBER = "+8613800138000"
GENERIC = GatewaySettings(
    provider="generic",
    secret="-" * 16,
    url="http://127.0.0.1:1",
    generic=GenericSettings(
        mo_from="from", mo_text="text", dlr_id="report.id", dlr_status="report.state", dlr_delivered=("ok",), dlr_failed=("no",)
    ),
)  # fmt: skip


def one(payload: bytes) -> IncomingMessage:
    [raw] = inspected(payload)
    return understand(raw, INSPECTING)


def kannel(text: bytes, charset: str, sender: str = "13800138000", **more: str) -> bytes:
    rest = urlencode({"to": "10690", "charset": charset, "id": "1c4aa3cc", "ts": "1795304049"} | more)
    return f"from={quote(sender)}&text={quote(text)}&{rest}".encode()


def twilio(**fields: str) -> bytes:
    return urlencode({"MessageSid": "SM1", "AccountSid": "AC1", "From": NUMBER, "To": "+18005551212"} | fields).encode()


def aliyun(**fields: Any) -> bytes:
    said = {"phone_number": "13800138000", "send_time": "2026-11-21 11:12:13"} | fields
    return json.dumps([said], ensure_ascii=False).encode()


def tencent(**fields: Any) -> bytes:
    return json.dumps({"mobile": "13800138000", "nationcode": "86"} | fields, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("payload", "number", "text", "at"),
    [
        pytest.param(
            kannel("三楼漏水😤".encode("utf-16-be"), "UTF-16BE"), NUMBER, "三楼漏水😤", 1795304049, id="kannel: UCS-2 behind %"
        ),
        pytest.param(kannel(b"hello & 100%+", "UTF-8"), NUMBER, "hello & 100%+", 1795304049, id="kannel: GSM"),
        pytest.param(kannel("漏水".encode("gb18030"), "GB2312"), NUMBER, "漏水", 1795304049, id="kannel: GB2312 (trap 13)"),
        pytest.param(kannel("漏水".encode(), "8-BIT"), NUMBER, "漏水", 1795304049, id="kannel: 8 bit that is UTF-8"),
        pytest.param(kannel("漏水了".encode("gb18030"), "8-BIT"), NUMBER, "漏水了", 1795304049, id="kannel: 8 bit that is GBK"),
        pytest.param(kannel(b"abc\xe9", "8-BIT"), NUMBER, "abcé", 1795304049, id="kannel: 8 bit that is neither"),
        pytest.param(kannel(b"\xd8=", "UTF-16BE"), NUMBER, "\ufffd", 1795304049, id="kannel: half an emoji"),
        pytest.param(kannel(b"x", "UTF-8", "+8613800138000"), NUMBER, "x", 1795304049, id="kannel: E.164"),
        pytest.param(kannel(b"x", "UTF-8", ts="soon"), NUMBER, "x", None, id="kannel: no time"),
        pytest.param(twilio(Body="还没修好"), NUMBER, "还没修好", None, id="twilio"),
        pytest.param(aliyun(content="满意", sequence_id=7), NUMBER, "满意", "2026-11-21T03:12:13", id="aliyun: Beijing time"),
        pytest.param(aliyun(content="满意", send_time="?"), NUMBER, "满意", None, id="aliyun: no time"),
        pytest.param(tencent(text="满意", time=1457336869), NUMBER, "满意", 1457336869, id="tencent"),
        pytest.param(
            tencent(text="Hi", nationcode="852", mobile="91234567", time=1), "+85291234567", "Hi", 1, id="tencent: Hong Kong"
        ),
    ],
)  # fmt: skip
def test_what_people_say(payload: bytes, number: str, text: str, at: int | str | None) -> None:
    heard = one(payload)
    assert heard.sender is not None
    assert (heard.sender.address, heard.conversation) == (number, number)
    assert heard.text == heard.visible_reply == text
    moment = datetime.fromtimestamp(at, UTC) if isinstance(at, int) else at
    assert heard.sent_at == (datetime.fromisoformat(moment).replace(tzinfo=UTC) if isinstance(moment, str) else moment)
    assert heard.ignored is None
    assert heard.receipts == ()


@pytest.mark.parametrize(
    ("payload", "receipt"),
    [
        pytest.param(
            b"id=k1&type=1&phone=%2B8613800138000&at=1795302877&said=", Receipt(Reported.DELIVERED, "k1", NUMBER), id="kannel"
        ),
        pytest.param(
            b"id=k1&type=2&phone=%2B8613800138000&said=NACK%2F0x0b%2F%2B8613800138000",
            Receipt(Reported.FAILED, "k1", NUMBER, "NACK/0x0b/…"),
            id="kannel: given up, and no number in the words",
        ),
        pytest.param(b"id=k1&type=16&phone=13800138000", Receipt(Reported.FAILED, "k1", NUMBER), id="kannel: refused"),
        pytest.param(b"id=k1&type=4&phone=13800138000", Receipt(Reported.DELAYED, "k1", NUMBER), id="kannel: waiting"),
        pytest.param(b"id=k1&type=8&phone=13800138000", None, id="kannel: only on its way"),
        pytest.param(
            twilio(MessageStatus="delivered", To=NUMBER), Receipt(Reported.DELIVERED, "SM1", NUMBER), id="twilio: arrived"
        ),
        pytest.param(
            twilio(MessageStatus="undelivered", To=NUMBER, ErrorCode="30003"),
            Receipt(Reported.FAILED, "SM1", NUMBER, "30003"),
            id="twilio: given up",
        ),
        pytest.param(
            twilio(MessageStatus="undelivered", To=NUMBER, ErrorCode="30006"),
            Receipt(Reported.FAILED, "SM1", NUMBER, "30006", gone=True),
            id="twilio: a landline",
        ),
        pytest.param(twilio(MessageStatus="sent", To=NUMBER), None, id="twilio: only on its way"),
        pytest.param(aliyun(success=True, biz_id="b1"), Receipt(Reported.DELIVERED, "b1", NUMBER), id="aliyun: arrived"),
        pytest.param(
            aliyun(success=False, biz_id="b1", err_code="MOBILE_IN_BLACK", err_msg="黑名单"),
            Receipt(Reported.FAILED, "b1", NUMBER, "MOBILE_IN_BLACK 黑名单"),
            id="aliyun: given up",
        ),
        pytest.param(aliyun(success="true"), Receipt(Reported.DELIVERED, "", NUMBER), id="aliyun: without an id"),
        pytest.param(
            b"[" + tencent(report_status="SUCCESS", sid="s1", errmsg="DELIVRD") + b"]",
            Receipt(Reported.DELIVERED, "s1", NUMBER),
            id="tencent: arrived",
        ),
        pytest.param(
            tencent(report_status="FAIL", sid="s1", errmsg="UNDELIV", description="空号"),
            Receipt(Reported.FAILED, "s1", NUMBER, "UNDELIV 空号"),
            id="tencent: given up",
        ),
    ],
)  # fmt: skip
def test_what_became_of_ours(payload: bytes, receipt: Receipt | None) -> None:
    report = one(payload)
    assert report.receipts == (() if receipt is None else (receipt,))
    assert report.ignored == "delivery report"
    assert report.sender is None


@pytest.mark.parametrize("sender", ["95588", "12345", "1069012345678", "TWILIO"])
def test_a_bank_or_a_carrier_is_a_machine(sender: str) -> None:
    heard = one(kannel(b"Your balance is low", "UTF-8", sender))
    assert heard.automatic
    assert heard.automatic_reason == "it comes from a short code or a name, not from a phone"


def test_a_wish_to_stop_that_twilio_has_answered_is_not_answered_again() -> None:
    """Its words may be CANCEL or END, which mean something else to us."""
    heard = one(twilio(Body="Cancel", OptOutType="STOP"))
    assert (heard.reachable, heard.ignored) == (False, "they told the provider to carry no more messages")
    back = one(twilio(Body="START", OptOutType="START"))
    assert (back.reachable, back.ignored, back.text) == (True, None, "START")
    assert (one(twilio(Body="Cancel")).reachable, one(twilio(Body="Cancel")).ignored) == (None, None)


def test_pictures_are_named() -> None:
    heard = one(
        twilio(Body="", NumMedia="2", MediaUrl0="https://x/0", MediaContentType0="image/jpeg", MediaUrl1="https://x/1")
    )
    assert [(each.name, each.type) for each in heard.attachments] == [("media0", "image/jpeg"), ("media1", "")]
    picture = one(twilio(Body="", NumMedia="1", MediaUrl0="https://x/0", MediaContentType0="image/jpeg"))
    assert picture.content is Content.PHOTO


def test_the_same_message_has_one_identity_and_another_has_another() -> None:
    for batches in (
        [aliyun(content=text, sequence_id=7) for text in ("好", "好", "不好")],
        [tencent(text=text, time=5) for text in ("好", "好", "不好")],
    ):
        [first], [again], [other] = (inspected(batch) for batch in batches)
        assert first.external_id == again.external_id != other.external_id
    delivered, failed = (inspected(aliyun(success=success, biz_id="b1"))[0] for success in (True, False))
    assert delivered.external_id != failed.external_id


def test_an_address_as_somebody_noted_it_down_is_understood() -> None:
    noted = b"GET /hooks/sms/kannel/s/mo?from=13800138000&text=hello&charset=UTF-8&id=1 HTTP/1.1\r\n"
    assert one(noted).text == "hello"


def test_a_batch_beyond_all_measure_is_kept_whole() -> None:
    payload = json.dumps([{"phone_number": "13800138000", "content": "x"}] * (MAX_ELEMENTS + 1)).encode()
    [raw] = received(payload, INSPECTING)
    assert (raw.raw, raw.conversation) == (payload, "")


@pytest.mark.parametrize(
    "head", ["from=1&text=", "MessageSid=SM1&From=%2B1&Body=", '{"phone_number":"1","content":"', "["]
)
@pytest.mark.parametrize("unit", ["%", "%4E", "&", "1", "["])
def test_a_megabyte_is_no_short_message(head: str, unit: str) -> None:
    payload = (head + unit * (1 << 20))[: 1 << 20].encode()
    [raw] = inspected(payload)
    assert raw.raw == payload
    with pytest.raises(NotUnderstood, match="more than any short message"):
        understand(raw, INSPECTING)


@pytest.mark.parametrize(
    "junk",
    [
        b"", b"\x00\xff", b"null", b"7", b'"x"', b"{}", b"[" * 100_000, b"{" * 100_000, b"1" * 10_000, b"x" * 100_000,
        b"&" * 9_999,
        b'{"phone_number": {}}', b'{"phone_number": true}', b'{"mobile": []}', b"MessageSid=", b"MessageSid=SM1",
        b"from=&text=x",
        b"id=&type=1", b'{"phone_number": 1e400, "content": []}'[:20], b"from=%00&text=%00",
        b'{"phone_number":"\\ud800","content":"x"}'[:25],
    ],
)  # fmt: skip
def test_junk_is_kept_and_not_understood(junk: bytes) -> None:
    for raw in inspected(junk):
        with pytest.raises(NotUnderstood):
            understand(raw, INSPECTING)


WORDS = st.one_of(
    st.text(max_size=30), st.integers(), st.floats(), st.booleans(), st.none(), st.lists(st.text(), max_size=2)
)
FIELDS = st.sampled_from(
    ["phone_number", "mobile", "nationcode", "content", "text", "time", "send_time", "report_status", "success", "biz_id",
     "sid", "sequence_id", "err_code", "from", "report", "id", "type", "MessageSid", "From", "Body", "NumMedia",
     "MessageStatus", "ts", "charset", "MediaUrl0", "phone"]
)  # fmt: skip
TABLES = st.dictionaries(FIELDS, WORDS, max_size=8)
PAYLOADS = st.one_of(
    st.binary(max_size=300),
    TABLES.map(lambda table: json.dumps(table).encode()),
    st.lists(TABLES, max_size=4).map(lambda tables: json.dumps(tables).encode()),
    TABLES.map(
        lambda table: urlencode({k: str(v).encode("utf-8", "surrogatepass") for k, v in table.items()}).encode()
    ),
)


@given(PAYLOADS, st.sampled_from([INSPECTING, GENERIC]))
@settings(max_examples=150)
def test_nothing_that_comes_raises_anything_but_not_understood(payload: bytes, configured: GatewaySettings) -> None:
    for raw in [*received(payload, configured), RawMessage("sms", "x", "", payload)]:
        assert raw.external_id
        raw.external_id.encode()
        raw.conversation.encode()
        try:
            heard = understand(raw, configured)
        except NotUnderstood:
            continue
        heard.text.encode()
        assert "\x00" not in heard.text
        assert heard.sender is not None or heard.ignored
        assert understand(raw, configured) == heard


@given(PAYLOADS)
def test_inspecting_never_fails(tmp_path_factory: pytest.TempPathFactory, payload: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "callback"
    file.write_bytes(payload)
    for line in inspect_files([str(file)], (), "sms"):
        told = json.loads(line)
        assert ("error" in told) is not ("external_id" in told)


def test_inspect_prints_what_is_understood_of_a_callback(tmp_path: Path) -> None:
    file = tmp_path / "mo.json"
    file.write_bytes(tencent(text="还没修好", time=5))
    [line] = inspect_files([str(file)], (), "sms")
    told = json.loads(line)
    assert told["channel"] == "sms"
    assert told["from"] == {"name": "", "address": NUMBER}
    assert (told["conversation"], told["text"], told["content"], told["ignored"]) == (NUMBER, "还没修好", "text", None)
    assert told["external_id"]


def test_what_settings_describe_is_read_by_them() -> None:
    for payload in ('{"from": "13800138000", "text": "好"}'.encode(), b"from=13800138000&text=%E5%A5%BD"):
        [raw] = received(payload, GENERIC)
        heard = understand(raw, GENERIC)
        assert (heard.conversation, heard.text) == (NUMBER, "好")
    [raw] = received(b'{"report": {"id": "7", "state": "no"}}', GENERIC)
    assert understand(raw, GENERIC).receipts == (Receipt(Reported.FAILED, "7", "", "no"),)
    with pytest.raises(NotUnderstood, match=r"without the id of our message at 'report\.id'"):
        understand(RawMessage("sms", "x", "", b'{"report": {"state": "no"}}'), GENERIC)
