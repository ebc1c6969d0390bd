"""Understanding mails: bytes to message, one process, so one core.

`complaintbot bench parse -n 2000 --json`. Of a hundred mails 45 are plain, 20 have HTML, 20 answer with the history below,
5 are long threads, 10 bring a file of 100 kB to 5 MB. The limit is what the standard library takes to split the same bytes
into parts (`email.message_from_bytes`), without understanding a word.
"""

from __future__ import annotations

import base64
import email
import email.policy
import quopri
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from benchmarks.figures import figures
from benchmarks.machine import describe, peak_rss_mb
from connectors.email import parse_mail

_SMALL = 20_000  # bytes: what people write, without files
_FILES = (100_000, 200_000, 500_000, 1_000_000, 5_000_000)
_NUMBER = b"00000000"
_TROUBLES = (
    "厨房漏水三天了，报修没有人来，地板都泡坏了。请尽快处理。",
    "电梯坏了两天，老人上下楼很不方便，物业电话没人接。",
    "楼上装修到半夜，噪音很大，投诉过一次没有结果。",
    "停车费多收了两个月，要求退回。票据在附件里。",
    "门禁坏了，陌生人随便进出，保安不管。",
)
_OLD = (
    "\r\n\r\n------------------ 原始邮件 ------------------\r\n发件人: \"客服\" <kf@company.example>;\r\n"
    "发送时间: 2026年3月4日(星期三) 上午9:00\r\n收件人: \"王先生\"<wang@qq.example>;\r\n主题: 答复：投诉\r\n\r\n"
    "您好，您的投诉已经受理，处理人会在两个工作日内与您联系。\r\n"
)  # fmt: skip


def bench_parse(n: int) -> dict[str, object]:
    """Return the figures of n mails as one JSON-able object. `small`: those of at most 20 kB alone."""
    mails = [_mail(number) for number in range(n)]
    each = _timed(parse_mail, mails)
    limit = sum(took.seconds for took in _timed(_split, mails))
    small = [took for took, mail in zip(each, mails, strict=True) if len(mail) <= _SMALL]
    seconds, megabytes = sum(took.seconds for took in each), sum(map(len, mails)) / 1_000_000
    cpu = sum(took.cpu_s for took in each)
    return {
        "what": "parse",
        **figures(n, seconds, cpu, [took.seconds * 1000 for took in each], n / limit),
        "mb_per_second": round(megabytes / seconds, 1),
        "small": len(small),
        "small_per_second": round(len(small) / sum(took.seconds for took in small), 1),
        "small_per_cpu_second": round(len(small) / sum(took.cpu_s for took in small), 1),
        "peak_rss_mb": round(peak_rss_mb(), 1),
        "limit_mb_per_second": round(megabytes / limit, 1),
        "ratio_to_limit": round(limit / seconds, 3),
        "machine": describe(),
    }


@dataclass(frozen=True, slots=True)
class _Took:
    """cpu_s: what it would have taken on a core of its own, whatever else the machine does."""

    seconds: float
    cpu_s: float


def _timed(read: Callable[[bytes], object], mails: Sequence[bytes]) -> list[_Took]:
    """Return what each mail took."""
    took: list[_Took] = []
    for mail in mails:
        cpu, began = time.process_time(), time.perf_counter()
        read(mail)
        took.append(_Took(time.perf_counter() - began, time.process_time() - cpu))
    return took


def _split(mail: bytes) -> object:
    return email.message_from_bytes(mail, policy=email.policy.compat32)


def _mail(number: int) -> bytes:
    """Return the mail of that number: the same every time."""
    place = number % 20
    if place < 9:
        pattern = _plain(number % 5)
    elif place < 13:
        pattern = _with_html(number % 5)
    elif place < 17:
        pattern = _answer(number % 5, html=place % 2 == 0)
    elif place == 17:
        pattern = _thread(number % 5)
    else:
        pattern = _with_file(number % 5, _FILES[number // 20 % len(_FILES)])
    return pattern.replace(_NUMBER, b"%08d" % number, 2)


def _head(trouble: int, kind: str, *, answers: bool = False) -> bytes:
    subject = base64.b64encode(f"{'Re: ' if answers else ''}投诉：{_TROUBLES[trouble][:12]}".encode()).decode()
    lines = [
        "Received: from mail.qq.example (203.0.113.7) by mx.company.example; Sat, 21 Nov 2026 10:00:02 +0800",
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=qq.example; s=s201512; bh="
        + "A" * 43
        + "=; b="
        + "B" * 170,
        f"From: =?utf-8?B?{base64.b64encode('王先生'.encode()).decode()}?= <c{_NUMBER.decode()}@qq.example>",
        "To: complaints@company.example",
        f"Subject: =?utf-8?B?{subject}?=",
        f"Message-ID: <{_NUMBER.decode()}@qq.example>",
        "Date: Sat, 21 Nov 2026 10:00:00 +0800",
        "MIME-Version: 1.0",
        f"Content-Type: {kind}",
        "X-Mailer: QQMail 2.x",
    ]
    if answers:
        lines += ["In-Reply-To: <1@company.example>", "References: <0@company.example> <1@company.example>"]
    return "\r\n".join(lines).encode()


def _words(trouble: int) -> str:
    return f"您好，\r\n\r\n我住{trouble + 1}栋1{trouble}02室，{_TROUBLES[trouble]}\r\n电话 1380013800{trouble}\r\n\r\n谢谢\r\n"


def _page(words: str, old: str = "") -> str:
    lines = "".join(
        f'<p class="MsoNormal"><span style="font-size:10.5pt">{line}</span></p>' for line in words.split("\r\n")
    )
    quoted = f'<div class="gmail_quote"><blockquote>{old.replace(chr(13), "<br>")}</blockquote></div>' if old else ""
    return f"<html><head><style>p.MsoNormal{{margin:0cm}}</style></head><body><div>{lines}</div>{quoted}</body></html>"


@cache
def _plain(trouble: int) -> bytes:
    if trouble % 2:
        said = base64.encodebytes(_words(trouble).encode("gb18030"))
        return _head(trouble, 'text/plain; charset="gb2312"\r\nContent-Transfer-Encoding: base64') + b"\r\n\r\n" + said
    return _head(trouble, 'text/plain; charset="utf-8"') + b"\r\n\r\n" + _words(trouble).encode()


def _alternative(trouble: int, words: str, page: str, *, answers: bool = False) -> bytes:
    return (
        _head(trouble, 'multipart/alternative; boundary="b1"', answers=answers)
        + b"\r\n\r\n--b1\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(words.encode())
        + b"--b1\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + quopri.encodestring(page.encode())
        + b"\r\n--b1--\r\n"
    )


@cache
def _with_html(trouble: int) -> bytes:
    if trouble % 2:
        return _alternative(trouble, _words(trouble), _page(_words(trouble)))
    return _head(trouble, "text/html; charset=utf-8") + b"\r\n\r\n" + _page(_words(trouble)).encode()


@cache
def _answer(trouble: int, *, html: bool) -> bytes:
    words = _words(trouble) + _OLD
    if html:
        return _alternative(trouble, words, _page(_words(trouble), _OLD), answers=True)
    return _head(trouble, "text/plain; charset=utf-8", answers=True) + b"\r\n\r\n" + words.encode()


@cache
def _thread(trouble: int) -> bytes:
    """Return an answer above some sixty older mails, 20 kB of them as text and 60 kB as HTML."""
    old = "".join(_OLD + _words(each % 5) for each in range(30))
    return _alternative(trouble, _words(trouble) + old, _page(_words(trouble), old * 2), answers=True)


@cache
def _with_file(trouble: int, size: int) -> bytes:
    return (
        _head(trouble, 'multipart/mixed; boundary="b2"')
        + b"\r\n\r\n--b2\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        + _words(trouble).encode()
        + '\r\n--b2\r\nContent-Type: image/jpeg; name="现场.jpg"\r\nContent-Disposition: attachment; '
        "filename*=utf-8''%E7%8E%B0%E5%9C%BA.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
        + base64.encodebytes(b"\xff\xd8\xff" + bytes(range(256)) * (size // 256)).replace(b"\n", b"\r\n")
        + b"\r\n--b2--\r\n"
    )
