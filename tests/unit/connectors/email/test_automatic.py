"""Machines are recognised by what they declare; people, even when their mail looks odd, are not (trap 14)."""

from __future__ import annotations

import pytest

from connectors.email.automatic import automatic_reason, is_robot_address
from connectors.email.headers import split

MACHINES = [
    pytest.param("Auto-Submitted: auto-replied (vacation)", id="vacation note"),
    pytest.param("auto-submitted: AUTO-GENERATED", id="any case"),
    pytest.param("Precedence: bulk", id="bulk"),
    pytest.param("Precedence: auto_reply", id="old responder"),
    pytest.param("Precedence: list", id="list"),
    pytest.param("X-Auto-Response-Suppress: DR, OOF, AutoReply", id="Exchange"),
    pytest.param("List-Id: News <news.shop.example>", id="mailing list"),
    pytest.param("Return-Path: <>", id="null sender"),
    pytest.param('Content-Type: multipart/report; report-type=delivery-status; boundary="b"', id="bounce"),
    pytest.param("Content-Type: multipart/report; report-type=disposition-notification; boundary=b", id="read receipt"),
    pytest.param("X-Autoreply: yes", id="x-autoreply"),
    pytest.param("X-Autorespond: on holiday", id="x-autorespond"),
    pytest.param("X-Failed-Recipients: a@b.cn", id="exim bounce"),
    pytest.param("From: MAILER-DAEMON@qq.com", id="mailer-daemon"),
    pytest.param("From: postmaster@qq.com", id="postmaster"),
    pytest.param("From: 阿里云 <no-reply@aliyun.example>", id="no-reply"),
    pytest.param("From: donotreply+123@shop.example", id="do not reply, tagged"),
    pytest.param("Subject: 自动回复: 投诉受理通知\nIn-Reply-To: <1@x.cn>", id="auto reply that declares nothing"),
    pytest.param("Subject: =?utf-8?B?6Ieq5Yqo5Zue5aSN?=:x\nReferences: <1@x.cn>", id="the same, encoded"),
    pytest.param("Subject: Out of Office: x\nIn-Reply-To: <1@x.cn>", id="out of office, English"),
    pytest.param("Subject: Automatic reply: x\nX-Auto-Response-Suppress: DR", id="two weak signs"),
    pytest.param("X-Complaintbot: 1", id="our own mail"),
    pytest.param("From: Desk <KF@x.cn>", id="our own address"),
    pytest.param("From: kf+c12.ab@x.cn", id="our own address, tagged"),
]

PEOPLE = [
    pytest.param("Auto-Submitted: no", id="declares that it is not"),
    pytest.param("Subject: 自动回复功能坏了，客服机器人答非所问", id="complains about auto replies"),
    pytest.param("Subject: 自动回复: 你们只会自动回复", id="begins like one, answers nothing"),
    pytest.param("Subject: Re: 自动回复: 投诉\nIn-Reply-To: <1@x.cn>", id="answers an auto reply"),
    pytest.param("Subject: Undeliverable parcel", id="a parcel"),
    pytest.param("Subject: Out of office hours nobody answers the phone\nIn-Reply-To: <1@x.cn>", id="a sentence"),
    pytest.param("Precedence: first-class", id="another precedence"),
    pytest.param("Return-Path: <zhang@qq.com>", id="return path"),
    pytest.param("X-Auto-Response-Suppress: DR, RN, NRN", id="suppresses receipts only"),
    pytest.param("From: noreply@form.example\nReply-To: 张三 <zhang@qq.com>", id="a web form's mail"),
    pytest.param("From: 张三 <noreplyzhang@qq.com>", id="a name that begins alike"),
    pytest.param("Content-Type: multipart/mixed; boundary=report", id="boundary named report"),
    pytest.param("List-Id: 客服组 <kefu.x.cn>\nPrecedence: list", id="our own group address"),
    pytest.param("List-Unsubscribe: <mailto:a@b>", id="unsubscribe alone"),
    pytest.param("X-Autoreply: no", id="x-autoreply no"),
]


def reason(lines: str) -> str | None:
    head = lines if "From:" in lines else f"From: zhang@qq.com\n{lines}"
    return automatic_reason(split(f"{head}\n\nhello".encode()), {"kf@x.cn"}, ("x.cn",))


@pytest.mark.parametrize("lines", MACHINES)
def test_a_machine_gives_itself_away(lines: str) -> None:
    assert reason(lines)


@pytest.mark.parametrize("lines", PEOPLE)
def test_a_person_is_never_taken_for_a_machine(lines: str) -> None:
    assert reason(lines) is None


def test_addresses_nobody_reads() -> None:
    assert is_robot_address("No-Reply@x.cn")
    assert not is_robot_address("zhang@x.cn")
