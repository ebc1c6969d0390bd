"""Trap 15: of a mail handed on, who wrote it and what they wrote, apart from the note above it."""

from __future__ import annotations

import pytest

from connectors.email.message import parse_mail
from connectors.port import IncomingMessage

NOTE = "请客服处理\n赵敏 13900001111"
WORDS = "我家6栋1202厨房漏水三天没人管。\n\n李娜 13712345678"
HEAD = "From: 赵敏 <zhaomin@desk.example>\nTo: kf@desk.example\nMessage-ID: <f1@desk.example>\n"

GMAIL_ZH = (
    f"{NOTE}\n\n---------- Forwarded message ---------\n发件人： 李娜 <lina@qq.example>\nDate: 2026年3月2日周一 10:20\n"
    f"Subject: 厨房漏水\nTo: 赵敏 <zhaomin@desk.example>\n\n\n{WORDS}\n"
)
OUTLOOK_ZH = (
    f"{NOTE}\n\n________________________________\n发件人: 李娜 <lina@qq.example>\n发送时间: 2026年3月2日 10:20\n"
    f"收件人: 赵敏 <zhaomin@desk.example>\n主题: 厨房漏水\n\n{WORDS}\n"
)
QQ = (
    f'{NOTE}\n\n------------------ 原始邮件 ------------------\n发件人: "李娜" <lina@qq.example>;\n'
    f'发送时间: 2026年3月2日(星期一) 上午10:20\n收件人: "赵敏"<zhaomin@desk.example>;\n主题: 厨房漏水\n\n{WORDS}\n'
)
NETEASE = (
    f'{NOTE}\n\n-------- 转发邮件信息 --------\n发件人："李娜" <lina@qq.example>\n发送日期：2026-03-02 10:20:30\n'
    f"收件人：赵敏 <zhaomin@desk.example>\n主题：厨房漏水\n\n{WORDS}\n"
)
APPLE_EN = (
    f"{NOTE}\n\nBegin forwarded message:\n\nFrom: 李娜 <lina@qq.example>\nSubject: 厨房漏水\n"
    f"Date: March 2, 2026 at 10:20:30 GMT+8\n"
    f"To: zhaomin@desk.example\n\n{WORDS}\n"
)  # fmt: skip


def read(body: str, head: str = HEAD + "Subject: 转发：厨房漏水\n") -> IncomingMessage:
    return parse_mail(f"{head}\n{body}".encode(), own_domains=("desk.example",), own_addresses={"kf@desk.example"})


@pytest.mark.parametrize(
    "body", [GMAIL_ZH, OUTLOOK_ZH, QQ, NETEASE, APPLE_EN], ids=["Gmail", "Outlook", "QQ Mail", "163", "Apple Mail"]
)
def test_trap_15_who_wrote_it_and_what(body: str) -> None:
    message = read(body)
    assert message.forwarded_from == "李娜 <lina@qq.example>"
    assert message.forwarded_text == WORDS
    assert "13900001111" not in message.forwarded_text


def test_trap_15_handed_on_twice_it_is_the_first_writer_s_words() -> None:
    inner = (
        f"---------- 转发的邮件 ----------\n发件人: 李娜 <lina@qq.example>\n日期: 2026-03-02\n主题: 厨房漏水\n\n{WORDS}"
    )
    outer = "---------- 转发的邮件 ----------\n发件人: 张伟 <zhangwei@desk.example>\n日期: 2026-03-02\n主题: 转发\n\n看下\n\n"
    message = read(outer + inner)
    assert message.forwarded_from == "李娜 <lina@qq.example>"
    assert message.forwarded_text == WORDS


def attached(note: str, inner: str) -> str:
    text = f"--m\nContent-Type: text/plain; charset=utf-8\n\n{note}\n" if note else ""
    return f"{text}--m\nContent-Type: message/rfc822\n\n{inner}\n--m--\n"


@pytest.mark.parametrize("note", ["请处理", ""], ids=["with a note", "without"])
def test_trap_15_a_mail_attached(note: str) -> None:
    inner = f"From: 李娜 <lina@qq.example>\nSubject: 漏水\nContent-Type: text/plain; charset=utf-8\n\n{WORDS}\n"
    head = HEAD + 'Subject: Fwd: 漏水\nContent-Type: multipart/mixed; boundary="m"\n'
    message = read(attached(note, inner), head)
    assert message.forwarded_from == "李娜 <lina@qq.example>"
    assert message.forwarded_text == WORDS


def test_a_bounce_that_is_shown_to_us_was_written_by_nobody() -> None:
    body = (
        "看，退信了\n\n---------- 转发的邮件 ----------\n"
        "发件人: Mail Delivery System <MAILER-DAEMON@mx.example>\n日期: 2026-03-02\n主题: 退信\n\n550"
    )
    message = read(body)
    assert message.forwarded_from is None
    assert not message.automatic


def test_a_mail_that_hands_nothing_on() -> None:
    message = read(WORDS, HEAD + "Subject: 漏水\n")
    assert (message.forwarded_from, message.forwarded_text) == (None, "")
