"""A bounce says which mail of ours did not arrive, whom it was for and why; standard ones and the many others."""

from __future__ import annotations

import base64

import pytest

from connectors.email.message import parse_mail
from connectors.port import Receipt, Reported
from tests.unit.connectors.email.automatic_samples import (
    ANSWERS,
    DESK,
    MACHINES,
    MACHINES_KEPT,
    OURS,
    PEOPLE,
    PEOPLE_KEPT,
    dsn,
    mail,
)

LINA = "lina@qq.example"
HEAD = (
    "From: MAILER-DAEMON@mx.example\nSubject: x\n"
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
)
SAMPLES = dict(MACHINES + MACHINES_KEPT)


def receipts(sample: str) -> tuple[Receipt, ...]:
    return parse_mail(mail(sample), own_domains=("desk.example",), own_addresses={DESK}).receipts


def receipt(sample: str) -> Receipt:
    [only] = receipts(sample)
    return only


STANDARD = ["Postfix", "Gmail", "Exchange, Chinese", "Exchange, English", "Coremail", "Outlook.com", "Zimbra", "Office 365 zh",
            "Office 365 de", "Office 365 fr", "iCloud", "Amazon SES"]  # fmt: skip


@pytest.mark.parametrize("name", STANDARD)
def test_a_standard_bounce(name: str) -> None:
    assert receipt(SAMPLES[name]) == Receipt(Reported.FAILED, OURS, LINA, "550 5.1.1 user unknown", gone=True)


@pytest.mark.parametrize(
    ("name", "message_id", "gone"),
    [
        ("qmail", OURS, True),
        ("exim", OURS, True),
        ("QQ Mail", "", True),
        ("QQ Mail, its own name", "", True),
        ("163", "", True),
        ("Aliyun", "", True),
        ("Yahoo", "", False),
        ("old Exchange", "", True),
        ("Lotus", "", True),
        ("no sender at all", "", True),
        ("sendmail", "", True),
        ("QQ Mail's long subject", "", True),
        ("WeCom Mail", "", True),
        ("Sina", "", False),
        ("Sohu", "", False),
        ("139", "", True),
        ("Mail.ru", "", False),
        ("MDaemon", "", False),
        ("Courier", "", False),
        ("Winmail", "", True),
        ("U-Mail", "", True),
        ("Postfix, no report", "", True),
        ("Domino zh", "", True),
    ],
)
def test_a_bounce_in_words(name: str, message_id: str, gone: bool) -> None:
    found = receipt(SAMPLES[name])
    assert (found.fate, found.message_id, found.address, found.gone) == (Reported.FAILED, message_id, LINA, gone)
    assert found.detail
    assert "\n" not in found.detail


@pytest.mark.parametrize("name", ["a delay", "exim, a delay", "sendmail, queued"])
def test_a_delay_is_no_failure(name: str) -> None:
    found = receipt(SAMPLES[name])
    assert (found.fate, found.address, found.gone) == (Reported.DELAYED, LINA, False)


@pytest.mark.parametrize("name", [
    "vacation, RFC 3834", "zh, answers", "QQ Mail, no threading headers", "163, only its words", "en, Outlook",
    "newsletter with an id",
    "our own mark", "feedback report", "calendar answer", "no-reply", "zabbix", "TLS report", "a desk's robot",
])  # fmt: skip
def test_another_machine_s_mail_reports_nothing(name: str) -> None:
    assert receipts(SAMPLES[name]) == ()


@pytest.mark.parametrize("sample", [text for name, text in PEOPLE + PEOPLE_KEPT if "bounce" in name or "退信" in text])
def test_what_people_write_about_bounces_is_no_report(sample: str) -> None:
    assert receipts(sample) == ()


@pytest.mark.parametrize(
    ("status", "why", "gone"),
    [
        pytest.param("5.1.1", "550 5.1.1 no such user", True, id="no such user"),
        pytest.param("5.1.2", "550 host unknown", True, id="no such domain"),
        pytest.param("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound", True, id="Exchange: not found"),
        pytest.param("5.2.1", "550 5.2.1 mailbox disabled", True, id="disabled"),
        pytest.param("5.2.2", "552 5.2.2 mailbox full", False, id="full"),
        pytest.param("5.7.1", "554 5.7.1 spam", False, id="spam"),
        pytest.param("5.1.8", "550 5.1.8 bad sender", False, id="our own address is doubted"),
        pytest.param("4.4.7", "delivery time expired", False, id="never got through"),
        pytest.param("5.0.0", "550 user does not exist", True, id="no status worth the name"),
    ],
)
def test_only_a_wrong_or_dead_address_is_gone(status: str, why: str, gone: bool) -> None:
    found = receipt(dsn("From: MAILER-DAEMON@mx.example\nSubject: x", status=status, why=why))
    assert (found.fate, found.gone) == (Reported.FAILED, gone)
    assert why in found.detail


@pytest.mark.parametrize(
    ("action", "fate"),
    [
        ("failed", Reported.FAILED),
        ("Failed", Reported.FAILED),
        ("delayed", Reported.DELAYED),
        ("delivered (to mailbox)", Reported.DELIVERED),
    ],
)
def test_what_the_report_says_was_done(action: str, fate: Reported) -> None:
    assert receipt(dsn("From: MAILER-DAEMON@mx.example\nSubject: x", action=action)).fate is fate


@pytest.mark.parametrize("action", ["relayed", "expanded", "nonsense"])
def test_handed_to_a_system_that_reports_no_more_tells_nothing(action: str) -> None:
    assert receipts(dsn("From: MAILER-DAEMON@mx.example\nSubject: something else", action=action)) == ()


def test_the_copy_says_to_whom_we_wrote_where_the_mail_was_handed_on() -> None:
    handed_on = dsn("From: MAILER-DAEMON@gmail.example\nSubject: x").replace(
        "Final-Recipient: rfc822; lina@qq.example", "Final-Recipient: rfc822; lina.home@gmail.example"
    )
    found = receipt(handed_on)
    assert found.address == LINA
    assert "handed on to …@gmail.example" in found.detail  # the mailbox is nobody's business


def test_only_the_header_of_our_mail_came_back() -> None:
    short = dsn("From: MAILER-DAEMON@mx.example\nSubject: x").replace("message/rfc822", "text/rfc822-headers")
    assert receipt(short).message_id == OURS


def test_nothing_of_our_mail_came_back_but_it_is_answered() -> None:
    sample = dsn(f"From: MAILER-DAEMON@mx.example\nSubject: x\n{ANSWERS}")
    cut = sample[: sample.index("--b\nContent-Type: message/rfc822")] + "--b--\n"
    found = receipt(cut)
    assert (found.message_id, found.address) == (OURS, LINA)


def test_a_report_in_base64() -> None:
    fields = (
        "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; lina@qq.example\nAction: failed\nStatus: 5.1.1\n"
    )
    encoded = base64.encodebytes(fields.encode()).decode()
    body = f"--b\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n{encoded}\n--b--\n"
    assert receipt(HEAD + body).address == LINA


def test_several_recipients_are_several_reports() -> None:
    sample = dsn("From: MAILER-DAEMON@mx.example\nSubject: x").replace(
        "--b\nContent-Type: message/rfc822",
        "Final-Recipient: rfc822; other@qq.example\nAction: delivered\nStatus: 2.0.0\n\n--b\nContent-Type: message/rfc822",
    )
    assert [each.fate for each in receipts(sample)] == [Reported.FAILED, Reported.DELIVERED]


@pytest.mark.parametrize(
    ("disposition", "fate"),
    [
        ("displayed", Reported.READ),
        ("deleted", Reported.DELIVERED),
        ("dispatched", Reported.DELIVERED),
        ("processed/warning", Reported.DELIVERED),
    ],
)
def test_a_read_receipt(disposition: str, fate: Reported) -> None:
    found = receipt(SAMPLES["MDN"].replace("displayed", disposition))
    assert (found.fate, found.message_id, found.address) == (fate, OURS, LINA)


@pytest.mark.parametrize("disposition", ["denied", "failed", ""])
def test_a_receipt_that_says_nothing_about_reading(disposition: str) -> None:
    assert receipts(SAMPLES["MDN"].replace("displayed", disposition)) == ()


@pytest.mark.parametrize("name", ["QQ read receipt", "read receipt, 163", "read receipt, English words"])
def test_a_read_receipt_in_words(name: str) -> None:
    found = receipt(SAMPLES[name])
    assert (found.fate, found.message_id, found.address) == (Reported.READ, OURS, LINA)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "--b",
        "--b\nContent-Type: message/delivery-status\n\n",
        "--b\nContent-Type: message/delivery-status\n\nFinal-Recipient\nAction failed\n\n\n\n--b--",
        "--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: \xff\nAction: failed\n"
        "--b\nContent-Type: message/rfc822\n\n\xff\xfe--b--",
        "--b\nContent-Type: multipart/report; boundary=b\n\n--b\n" * 30,
        "--b\nContent-Type: message/delivery-status\n\n"
        + "Final-Recipient: rfc822; a@b.example\nAction: failed\n\n" * 500,
    ],
    ids=["empty", "only a boundary", "no fields", "no colons", "odd bytes", "nested in itself", "hundreds"],
)
def test_a_broken_report_breaks_nothing(body: str) -> None:
    assert len(receipts(HEAD + body)) <= 50
