"""Addresses and names in every form, legal and not."""

# ruff: noqa: E501 - one sample per line reads better than one sample over ten

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.email.addresses import addresses, first_address, mailboxes
from connectors.email.message import parse_mail
from connectors.port import Party
from tests.unit.connectors.email.samples import mail, word

FORMS = [
    # legal
    pytest.param("Zhang San <zhang@qq.com>", Party("zhang@qq.com", "Zhang San"), id="name and address"),
    pytest.param('"Zhang, San" <zhang@qq.com>', Party("zhang@qq.com", "Zhang, San"), id="comma in quotes"),
    pytest.param('"Zhang \\"Tiger\\" San" <zhang@qq.com>', Party("zhang@qq.com", 'Zhang "Tiger" San'), id="quotes in quotes"),
    pytest.param('"a\\\\b" <zhang@qq.com>', Party("zhang@qq.com", "a\\b"), id="backslash in quotes"),
    pytest.param("zhang@qq.com (Zhang (San))", Party("zhang@qq.com", "Zhang (San)"), id="nested comment"),
    pytest.param("zhang@qq.com (Zhang \\) San)", Party("zhang@qq.com", "Zhang ) San"), id="bracket escaped in a comment"),
    pytest.param("Zhang (QA) San <zhang@qq.com>", Party("zhang@qq.com", "Zhang (QA) San"), id="comment inside a name"),
    pytest.param("(hello) zhang@qq.com", Party("zhang@qq.com", "hello"), id="comment in front"),
    pytest.param("<@a.cn,@b.cn:zhang@qq.com>", Party("zhang@qq.com"), id="source route"),
    pytest.param("zhang@[192.168.1.9]", Party("zhang@[192.168.1.9]"), id="domain literal"),
    pytest.param("Team: a@b.cn, c@d.cn;", Party("a@b.cn"), id="group"),
    pytest.param("投诉组:张三 <zhang@qq.com>;", Party("zhang@qq.com", "张三"), id="group in Chinese"),
    pytest.param("Undisclosed recipients:;", None, id="empty group"),
    pytest.param("张三@例子.中国", Party("张三@例子.中国"), id="utf-8 address (RFC 6532)"),
    pytest.param("张三 <zhang@xn--fsqu00a.xn--fiqs8s>", Party("zhang@xn--fsqu00a.xn--fiqs8s", "张三"), id="idn"),
    pytest.param("o'neill+tag/x=y@ex-ample.co.uk", Party("o'neill+tag/x=y@ex-ample.co.uk"), id="odd local part"),
    pytest.param('"zhang san"@qq.com', Party('"zhang san"@qq.com'), id="blank in a quoted local part"),
    # not legal, and usual
    pytest.param("Zhang, San <zhang@qq.com>", Party("zhang@qq.com", "Zhang, San"), id="comma without quotes"),
    pytest.param("张三，工程部 <zhang@qq.com>", Party("zhang@qq.com", "张三，工程部"), id="full-width comma"),
    pytest.param("Dr. Zhang S. <zhang@qq.com>", Party("zhang@qq.com", "Dr. Zhang S."), id="dots without quotes"),
    pytest.param("zhang@home <zhang@qq.com>", Party("zhang@qq.com", "zhang@home"), id="at sign in a name"),
    pytest.param("zhang@qq.com <zhang@qq.com>", Party("zhang@qq.com", "zhang@qq.com"), id="its own name"),
    pytest.param("'zhang@qq.com' <zhang@qq.com>", Party("zhang@qq.com", "zhang@qq.com"), id="its own name in quotes"),
    pytest.param("投诉: 张三 <zhang@qq.com>", Party("zhang@qq.com", "投诉: 张三"), id="colon in a name"),
    pytest.param("A; B <zhang@qq.com>", Party("zhang@qq.com", "A; B"), id="semicolon in a name"),
    pytest.param("张三<zhang@qq.com>", Party("zhang@qq.com", "张三"), id="no blank"),
    pytest.param("<zhang@qq.com> 张三", Party("zhang@qq.com", "张三"), id="name behind"),
    pytest.param("<<zhang@qq.com>>", Party("zhang@qq.com"), id="brackets twice"),
    pytest.param("张三 <<zhang@qq.com>", Party("zhang@qq.com", "张三"), id="one bracket too many"),
    pytest.param("张三 [mailto:zhang@qq.com]", Party("zhang@qq.com", "张三"), id="Outlook's mailto"),
    pytest.param("“张三” <zhang@qq.com>", Party("zhang@qq.com", "张三"), id="curly quotes"),
    pytest.param("张三（工程部） <zhang@qq.com>", Party("zhang@qq.com", "张三（工程部）"), id="full-width brackets in a name"),
    pytest.param("张三《zhang@qq.com》", Party("zhang@qq.com", "张三"), id="book-title brackets"),
    pytest.param("张三 <ｚｈａｎｇ＠ｑｑ．ｃｏｍ>", Party("zhang@qq.com", "张三"), id="full-width address"),
    pytest.param("张三 <zhang@qq。com>", Party("zhang@qq.com", "张三"), id="Chinese full stop in the domain"),
    pytest.param("张三 <zhang @ qq.com>", Party("zhang@qq.com", "张三"), id="blanks around the at sign"),
    pytest.param("张三 <zhang@qq.com.>", Party("zhang@qq.com", "张三"), id="dot at the end"),
    pytest.param("张三 <'zhang@qq.com'>", Party("zhang@qq.com", "张三"), id="address in quotes"),
    pytest.param('"张三" zhang@qq.com', Party("zhang@qq.com", "张三"), id="no brackets"),
    pytest.param('"张三 <zhang@qq.com>"', Party("zhang@qq.com", "张三"), id="all of it in quotes"),
    pytest.param(", , zhang@qq.com", Party("zhang@qq.com"), id="empty entries first"),
    pytest.param("nobody, 张三 <zhang@qq.com>", Party("zhang@qq.com", "nobody, 张三"), id="a name without address first"),
    pytest.param("<> <zhang@qq.com>", Party("zhang@qq.com"), id="empty brackets first"),
    pytest.param("<>", None, id="empty brackets"),
    pytest.param("张三 <zhang>", None, id="no domain"),
    pytest.param("张三 <@qq.com>", None, id="no local part"),
    # encoded words
    pytest.param(f"{word('张')} {word('三')} <zhang@qq.com>", Party("zhang@qq.com", "张三"), id="two words"),
    pytest.param("=?utf-8?B?5byg5A==?= =?utf-8?B?uIk=?= <z@qq.com>", Party("z@qq.com", "张三"), id="character split across words"),
    pytest.param('"=?gb2312?B?1cXI/Q==?=" <z@qq.com>', Party("z@qq.com", "张三"), id="gb2312 in quotes"),
    pytest.param('"=?gb2312?B?1cXI/Q==?= (QA)" <z@qq.com>', Party("z@qq.com", "张三 (QA)"), id="word and text in quotes"),
    pytest.param("=?utf-8?Q?Zhang,_San?= <z@qq.com>", Party("z@qq.com", "Zhang, San"), id="comma in a word"),
    pytest.param("=?utf-8?Q?Zhang_=3CSan=3E?= <z@qq.com>", Party("z@qq.com", "Zhang <San>"), id="brackets in a word"),
    pytest.param("=?utf-8?Q?=22Zhang,_San=22?= <z@qq.com>", Party("z@qq.com", "Zhang, San"), id="quotes in a word"),
    pytest.param("=?utf-8?Q?Zhang San?= <z@qq.com>", Party("z@qq.com", "Zhang San"), id="blank in a word"),
    pytest.param("=?utf-8?Q?a=40b?= <z@qq.com>", Party("z@qq.com", "a@b"), id="at sign in a word"),
    pytest.param(f"{word('张三')} <{word('zhang@qq.com')}>", Party("zhang@qq.com", "张三"), id="address encoded too"),
    pytest.param("=?utf-8?B?5byg5LiJ <z@qq.com>", Party("z@qq.com", "张三"), id="word never closed"),
    pytest.param("=?x-unknown?Q?Zhang?= <z@qq.com>", Party("z@qq.com", "Zhang"), id="unknown charset"),
    pytest.param(f"{word('山田', 'iso-2022-jp')} <y@x.jp>", Party("y@x.jp", "山田"), id="iso-2022-jp"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "party"), FORMS)
def test_from_in_every_form(value: str, party: Party | None) -> None:
    assert parse_mail(mail(f"From: {value}\nSubject: x")).sender == party


RAW = [
    pytest.param("张三", "gb18030", "", id="gbk, nothing said"),
    pytest.param("張三豐", "big5", "Content-Type: text/plain; charset=big5\n", id="big5, as the body"),
    pytest.param("Иван Петров", "koi8-r", "Content-Type: text/plain; charset=koi8-r\n", id="koi8-r, as the body"),
    pytest.param("김철수", "euc-kr", "Content-Type: text/plain; charset=euc-kr\n", id="euc-kr, as the body"),
    pytest.param("山田太郎", "iso-2022-jp", "", id="iso-2022-jp, nothing said"),
    pytest.param("张三", "utf-8", "Content-Type: text/plain; charset=gb2312\n", id="utf-8, whatever the body"),
]


@pytest.mark.parametrize(("name", "charset", "head"), RAW)
def test_raw_names(name: str, charset: str, head: str) -> None:
    """Eight bits in a header name no charset (trap 13): UTF-8, then the body's, then GB18030."""
    sender = parse_mail(mail(f"{head}From: {name} <z@x.cn>\nSubject: {name}", "hi", charset)).sender
    assert sender == Party("z@x.cn", name)


MISSING = [
    pytest.param("From: \nSender: 李四 <li@x.cn>", Party("li@x.cn", "李四"), id="Sender"),
    pytest.param("From: 张三\nSender: li@x.cn", Party("li@x.cn", "张三"), id="a name, and Sender's address"),
    pytest.param("From: <>\nReply-To: li@x.cn", Party("li@x.cn"), id="Reply-To"),
    pytest.param("From: \nReturn-Path: <li@x.cn>", Party("li@x.cn"), id="Return-Path"),
    pytest.param("From: \nReturn-Path: <>", None, id="nobody"),
    pytest.param("From: \nFrom: li@x.cn\nSender: other@x.cn", Party("li@x.cn"), id="the second From"),
    pytest.param("From: a@b.cn\nFrom: c@d.cn", Party("a@b.cn"), id="two From"),
    pytest.param("From: a@b.cn, c@d.cn\nSender: c@d.cn", Party("a@b.cn"), id="two authors"),
]


@pytest.mark.parametrize(("head", "party"), MISSING)
def test_who_else_sent_it(head: str, party: Party | None) -> None:
    """A mail without a usable From still has a sender if anything names one (trap 5)."""
    assert parse_mail(mail(head + "\nSubject: x")).sender == party


REPLY_TO = [
    pytest.param("Reply-To: 张三 <z2@qq.com>", "z2@qq.com", id="one"),
    pytest.param("Reply-To: z2@qq.com, z3@qq.com", "z2@qq.com", id="several"),
    pytest.param("Reply-To: ", None, id="empty"),
    pytest.param("Reply-To: 张三", None, id="broken"),
    pytest.param("Reply-To: \nReply-To: z2@qq.com", "z2@qq.com", id="the second"),
    pytest.param(f"Reply-To: {word('张三 <z2@qq.com>')}", "z2@qq.com", id="encoded"),
    pytest.param("Subject: x", None, id="none"),
]


@pytest.mark.parametrize(("head", "address"), REPLY_TO)
def test_reply_to(head: str, address: str | None) -> None:
    assert parse_mail(mail(head)).reply_address == address


def test_every_recipient() -> None:
    value = '张三 <a@b.cn>,"x, y" <c@d.cn>; Team: e@f.cn, g@h.cn;, <A@B.cn>, a@b.cn (again) i@j.cn'
    assert addresses([value]) == ("a@b.cn", "c@d.cn", "e@f.cn", "g@h.cn", "A@b.cn")


def test_two_mailboxes_with_nothing_between_them() -> None:
    assert list(mailboxes("张三 <a@b.cn> 李四 <c@d.cn>")) == [Party("a@b.cn", "张三"), Party("c@d.cn", "李四")]


def test_a_list_without_end_is_cut() -> None:
    assert len(addresses([", ".join(f"a{number}@b.cn" for number in range(100_000))])) == 200


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    party = first_address(text)
    assert party is None or "@" in party.address
    assert first_address(text + " <end@x.cn>") is not None
