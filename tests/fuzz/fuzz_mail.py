"""Fuzz the reading of mails, by hand and for minutes; what it finds becomes a test in `test_hostile_mail.py`.

Crashes, guided by coverage (atheris is no dependency of ours: install it into a venv of its own that sees these packages):

    python tests/fuzz/fuzz_mail.py crash CORPUS_FOLDER -max_total_time=300 -max_len=4096

Slow cases: random pieces repeated until a mail weighs 1 MB, in every place that a mail has; prints what takes over a second:

    python tests/fuzz/fuzz_mail.py slow 300
"""

# ruff: noqa: E501 - words as people write them, one kind to a line

from __future__ import annotations

import importlib
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

SIZE = 1_000_000
LIMIT_S = 1.0
PLACES = (
    b"From: %s\n\nhi",
    b"From: a@b.cn\nTo: %s\n\nhi",
    b"From: a@b.cn\nSubject: %s\n\nhi",
    b"From: a@b.cn\nReferences: %s\nIn-Reply-To: %s\nDate: %s\n\nhi",
    b"From: a@b.cn\nContent-Type: %s\nContent-Disposition: %s\n\nhi",
    b'From: a@b.cn\nContent-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Disposition: attachment; %s\n\nhi\n--b--',
    b'From: a@b.cn\nContent-Type: multipart/mixed; boundary="b"\n\n%s',
    b"%s",
    b"From: a@b.cn\nSubject: Re: x\nIn-Reply-To: <1@x.cn>\n\n%s",
    b"From: a@b.cn\nSubject: x\nContent-Type: text/plain; format=flowed; delsp=yes\n\n%s",
    b"From: a@b.cn\nSubject: Re: x\nIn-Reply-To: <1@x.cn>\nContent-Type: text/html; charset=utf-8\n\n%s",
    b"From: a@b.cn\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nhi\n--b\nContent-Type: text/html\n\n%s\n--b--",
    b"From: a@b.cn\nContent-Transfer-Encoding: base64\n\n%s",
    b"From: a@b.cn\nContent-Transfer-Encoding: quoted-printable\nContent-Type: text/enriched\n\n%s",
    b"From: MAILER-DAEMON@b.cn\nSubject: Undelivered Mail\nContent-Type: multipart/report; boundary=b\n\n%s",
    b"From: a@b.cn\nSubject: Fwd: x\nContent-Type: text/calendar\n\n%s",
)
PIECES = (
    *(bytes((char,)) for char in range(256)),
    *b"\r\n|\n\n|\n |\n>|\n> |>>|--|-- \n|\n--b\n|\n--b--|=?|?=|=?utf-8?B?|=?utf-8?Q?|?=?|=?a?q?=|=E7|==|<a@b.cn>|a@b.cn,".split(b"|"),
    *b'"a" <|("a|<a|a:|;|,"|\\"|*0*=|filename*0*=x;|filename="|%E7|charset=|a=b;|=" "|\';'.split(b"|"),
    *b"<div>|</div>|<p>|<b>|</b>|<font a>|<table>|<tr><td>|<td>|<li>|<ul>|<a href=http://x>|</a>|<!--|-->|<script>|<style>".split(b"|"),
    *b"<blockquote>|</blockquote>|<br>|<img alt=x>|<div style=display:none>|<p style=font-size:0>|<x |&nbsp;|&#|a=\"|='|<o:p>".split(b"|"),
    *b"<div class=gmail_quote>|<pre>|<select>|<svg>|<object>|<template>|<hr>|<span style='white-space:pre'>".split(b"|"),
    *"发件人：|写道：|于2026年3月5日|On 5 Mar 2026 |a@b.cn wrote:\n|原始邮件|------|主题: x\n|From: x\n|To: a@b.cn\n|Sent: 2026-3-5\n".encode().split(b"|"),
    *b"Content-Type: multipart/mixed; boundary=b\n\n--b\n|Content-Type: message/rfc822\n\n|Content-Type: text/html\n\n".split(b"|"),
    *b"begin 644 a\n|M!!!!\n|end\n|\x1b$B|\x1b(B|~{|~}|+AGE-|\xff\xfe|\xef\xbb\xbf|\xe7\xa9|\xb9\xfa|Message-ID: <a@b>\n|X: y\n|5.1.1 |550 ".split(b"|"),
    *b"  |\t|\xe3\x80\x80| \n|_|*|| |1. |* |+86 138 |http://a.cn/ |www.|Tel: 123\n|SUMMARY:a\n|Final-Recipient: rfc822; a@b.cn\n".split(b"|"),
)  # fmt: skip


def crash() -> None:
    """Look for bytes that raise anything but NotUnderstood, or that are understood differently the second time."""
    atheris = importlib.import_module("atheris")

    with atheris.instrument_imports(include=["connectors.email"]):
        from connectors.email.body import read_body
        from connectors.email.headers import split
        from connectors.email.message import parse_mail
        from connectors.port import NotUnderstood

    def one(data: bytes) -> None:
        header = split(data)
        read_body(header, data)  # parse_mail would hide what this raises
        try:
            parse_mail(data, own_domains=("x.cn",))
        except NotUnderstood:
            return

    atheris.Setup(sys.argv[:1] + sys.argv[2:], one)
    atheris.Fuzz()


def slow(seconds: float) -> None:
    """Look for mails of 1 MB that take more than a second."""
    from connectors.email.message import parse_mail
    from connectors.port import NotUnderstood

    chance = random.Random(time.time_ns())  # noqa: S311
    ends = time.monotonic() + seconds
    worst = tried = 0.0
    while time.monotonic() < ends:
        place = chance.choice(PLACES)
        unit = b"".join(chance.choice(PIECES) for _ in range(chance.randint(1, 5)))
        before = b"".join(chance.choice(PIECES) for _ in range(chance.randint(0, 3)))
        size = SIZE // place.count(b"%s")
        filler = before + unit * ((size - len(before)) // max(1, len(unit)))
        mail = place.replace(b"%s", filler)
        began = time.process_time()
        try:
            parse_mail(mail)
        except NotUnderstood:
            pass
        except Exception as error:
            print("RAISED", repr(error), place, before, unit, flush=True)
        took = time.process_time() - began
        tried += 1
        if took > worst or took > LIMIT_S:
            worst = max(worst, took)
            print(f"{took:.2f} s", place, before, unit, flush=True)
    print(f"{tried:.0f} mails tried, the slowest took {worst:.2f} s")


if __name__ == "__main__":
    if sys.argv[1:2] == ["crash"]:
        crash()
    else:
        slow(float(sys.argv[2]))
