"""Machines are recognised by what they declare; people, even when their mail looks odd, are not (trap 14)."""

from __future__ import annotations

import pytest

from connectors.email.automatic import is_robot_address
from connectors.email.message import parse_mail
from connectors.port import IncomingMessage
from tests.unit.connectors.email.automatic_samples import (
    DESK,
    MACHINES,
    MACHINES_KEPT,
    MACHINES_LATER,
    PEOPLE,
    PEOPLE_KEPT,
    PEOPLE_LATER,
    mail,
)


def read(sample: str) -> IncomingMessage:
    return parse_mail(mail(sample), own_domains=("desk.example",), own_addresses={DESK})


@pytest.mark.parametrize(
    "sample", [pytest.param(text, id=name) for name, text in MACHINES + MACHINES_KEPT + MACHINES_LATER]
)
def test_a_machine_gives_itself_away(sample: str) -> None:
    message = read(sample)
    assert message.automatic
    assert message.automatic_reason
    assert "\n" not in message.automatic_reason


@pytest.mark.parametrize("sample", [pytest.param(text, id=name) for name, text in PEOPLE + PEOPLE_KEPT + PEOPLE_LATER])
def test_a_person_is_never_taken_for_a_machine(sample: str) -> None:
    message = read(sample)
    assert message.automatic_reason is None
    assert not message.automatic
    assert message.receipts == ()


def test_the_tables_are_wide_enough() -> None:
    assert len({text for _, text in MACHINES + MACHINES_KEPT}) >= 100
    assert len({text for _, text in PEOPLE + PEOPLE_KEPT}) >= 100


@pytest.mark.parametrize(
    ("sample", "sign"),
    [
        ("Auto-Submitted: auto-replied; x=y\n\nx", "Auto-Submitted: auto-replied"),
        ("Return-Path: <>\n\nx", "empty Return-Path"),
        ("Subject: 自动回复：x\nIn-Reply-To: <1@x.cn>\n\nx", "subject begins with '自动回复' and answers a mail"),
        ("From: MAILER-DAEMON@qq.com\n\nx", "sender is mailer-daemon"),
        ("List-Id: News <news.shop.example>\n\nx", "List-Id: news.shop.example"),
    ],
)
def test_the_reason_names_the_sign(sample: str, sign: str) -> None:
    assert read(sample).automatic_reason == sign


@pytest.mark.parametrize(
    "forged", ["Auto-Submitted: " + "a" * 5000, "List-Id: <" + "x" * 5000 + ">", "Subject: " + "自动回复：" * 5000]
)
def test_a_reason_stays_short(forged: str) -> None:
    assert len(read(f"{forged}\n\nx").automatic_reason or "") < 120


def test_addresses_nobody_reads() -> None:
    assert is_robot_address("No-Reply@x.cn")
    assert is_robot_address("MAILER-DAEMON@x.cn")
    assert not is_robot_address("zhang@x.cn")
    assert not is_robot_address("postmaster@x.cn")
