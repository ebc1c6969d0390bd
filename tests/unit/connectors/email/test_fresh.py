"""Mails written after the rules were, to see what the rules make of what they have not seen."""

# ruff: noqa: E501 - headers are as long as the programs make them

from __future__ import annotations

import base64
import quopri

import pytest

from connectors.email.message import parse_mail
from tests.unit.connectors.email.samples import mail


def b64(text: str | bytes, charset: str = "utf-8") -> str:
    return base64.encodebytes(text if isinstance(text, bytes) else text.encode(charset)).decode()


def qp(text: str, charset: str = "utf-8") -> str:
    return quopri.encodestring(text.encode(charset)).decode()


# (mail, name, address, subject, text, files)
FRESH = [
    pytest.param(mail('From: "=?UTF-8?Q?Qui=C3=B1ones,_?= =?UTF-8?Q?Jos=C3=A9?=" <jose@x.mx>\nSubject: =?iso-8859-1?q?=BFAscensor=3F?=', "hola"), "Quiñones, José", "jose@x.mx", "¿Ascensor?", "hola", [], id="Spanish, words inside quotes"),
    pytest.param(mail("From: 物业投诉-陈先生(13800138000) <chen@qq.com>\nSubject: Fw:Re:  转发： 漏水"), "物业投诉-陈先生(13800138000)", "chen@qq.com", "Fw:Re: 转发： 漏水", "空调坏了", [], id="phone in brackets in the name"),
    pytest.param(mail("From: =?utf-8?b?6ZmI?= =?gb18030?b?z8jJ+g==?= <chen@qq.com>\nSubject: x"), "陈先生", "chen@qq.com", "x", "空调坏了", [], id="two charsets in one name"),
    pytest.param(mail("From: chen@qq.com via 投诉列表 <list@x.cn>\nSubject: x\nReply-To: chen@qq.com"), "chen@qq.com via 投诉列表", "list@x.cn", "x", "空调坏了", [], id="rewritten by a list"),
    pytest.param(mail("From: \"陈 | 工程部\" <chen@qq.com>,\n <second@qq.com>\nSubject: =?utf-8?Q?a=0D=0ABcc:_x?="), "陈 | 工程部", "chen@qq.com", "a Bcc: x", "空调坏了", [], id="line break smuggled into a subject"),
    pytest.param(mail("from:chen@qq.com\nSUBJECT:无空格"), "", "chen@qq.com", "无空格", "空调坏了", [], id="no blank behind the colon"),
    pytest.param(mail("Content-Type: text/html; charset=\"utf-8\"\nSubject: x", '<html><body style="font-size:0.0px"><table width="100%"><tr><td align=left>尊敬的客服：</td></tr><tr><td>&emsp;&emsp;水压不足</td></tr></table></body></html>'), "张三", "zhang@qq.com", "x", "尊敬的客服：\n\u2003\u2003水压不足", [], id="letter laid out in a table"),
    pytest.param(mail("Content-Type: text/html; charset=utf-8\nSubject: x", "<p>订单</p><table border=1><thead><tr><th>编号<th>金额<tbody><tr><td>A1<td>￥30.00<tr><td>A2<td>￥5.00</table><p>请退款"), "张三", "zhang@qq.com", "x", "订单\n\n编号  金额\nA1  ￥30.00\nA2  ￥5.00\n\n请退款", [], id="table without end tags"),
    pytest.param(mail("Content-Type: text/html; charset=utf-8\nSubject: x", "<div>第一<br>\r\n第二<br />\r\n<br>\r\n第三</div>"), "张三", "zhang@qq.com", "x", "第一\n第二\n\n第三", [], id="br and line breaks"),
    pytest.param(mail("Content-Type: text/html; charset=utf-8\nSubject: x", "<ol><li>门坏<li>灯坏<ul><li>东<li>西</ul><li>锁坏</ol>"), "张三", "zhang@qq.com", "x", "1. 门坏\n2. 灯坏\n  * 东\n  * 西\n3. 锁坏", [], id="lists in lists"),
    pytest.param(mail("Content-Type: text/html; charset=utf-8\nSubject: x", "<div>见<a href='https://pan.baidu.com/s/1ab?pwd=x1'>百度网盘</a>，提取码x1</div>"), "张三", "zhang@qq.com", "x", "见百度网盘 <https://pan.baidu.com/s/1ab?pwd=x1>，提取码x1", [], id="shared drive"),
    pytest.param(mail("Content-Type: text/html\nSubject: x", '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312" /></head><body><p>噪音扰民</p></body></html>'.encode("gbk")), "张三", "zhang@qq.com", "x", "噪音扰民", [], id="xhtml names its charset"),
    pytest.param(mail("Content-Type: text/html; charset=utf-8\nSubject: x", "<style>@media{.x{display:none}}</style><div class=x>可见</div><!-- <div>不可见</div> --><template>无</template>"), "张三", "zhang@qq.com", "x", "可见", [], id="class in a media query"),
    pytest.param(mail("Content-Type: text/html; charset=utf-8\nSubject: x", "<span>地</span><span>址</span>：<b>南湖路</b>8<sup>号</sup><wbr>院"), "张三", "zhang@qq.com", "x", "地址：南湖路8号院", [], id="words in pieces"),
    pytest.param(mail("Content-Type: multipart/mixed; boundary=\"a b\"\nSubject: x", "--a b\nContent-Type: text/plain\n\n有空格的边界\n--a b--\n"), "张三", "zhang@qq.com", "x", "有空格的边界", [], id="blank in the boundary"),
    pytest.param(mail("Content-Type: multipart/mixed; boundary=x\nSubject: x", "--x\nContent-Type: multipart/mixed; boundary=y\n\n--y\n\n一\n--y--\n--x\nContent-Type: multipart/mixed; boundary=z\n\n--z\n\n二\n--z--\n--x--"), "张三", "zhang@qq.com", "x", "一\n\n二", [], id="two trees side by side"),
    pytest.param(mail("Content-Type: multipart/alternative; boundary=x\nSubject: x", "--x\nContent-Type: text/plain; charset=utf-8\n\n\n--x\nContent-Type: multipart/related; boundary=y\n\n--y\nContent-Type: text/html; charset=utf-8\n\n<p>只有<i>网页</i></p>\n--y\nContent-Type: image/gif; name=\"logo.gif\"\nContent-ID: <l>\n\nGIF\n--y--\n--x--"), "张三", "zhang@qq.com", "x", "只有网页", ["logo.gif"], id="plain alternative left empty"),
    pytest.param(mail("Content-Type: multipart/mixed; boundary=x\nSubject: x", f"--x\nContent-Type: text/plain; charset=gb18030\nContent-Transfer-Encoding: quoted-printable\n\n{qp('見附件㐂', 'gb18030')}\n--x\nContent-Type: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet;\n\tname*0*=GBK''%B7%D1%D3%C3%C3%F7;\n\tname*1*=%CF%B8.xlsx\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\nUEs=\n--x--"), "张三", "zhang@qq.com", "x", "見附件㐂", ["费用明细.xlsx"], id="2231 on Content-Type in gbk"),
    pytest.param(mail("Content-Type: application/pdf; name=\"=?utf-8?Q?=E5=8F=91=E7=A5=A8.pdf?=\"\nContent-Transfer-Encoding: base64\nSubject: =?utf-8?Q?=E5=8F=91=E7=A5=A8?=", "JVBERg=="), "张三", "zhang@qq.com", "发票", "", ["发票.pdf"], id="a scanner's PDF"),
    pytest.param(mail("Content-Type: multipart/voice-message; boundary=x\nSubject: Voice", "--x\nContent-Type: text/plain\n\nYou have a voice mail\n--x\nContent-Type: audio/amr; name=msg.amr\nContent-Transfer-Encoding: base64\n\nIyFBTVI=\n--x--"), "张三", "zhang@qq.com", "Voice", "You have a voice mail", ["msg.amr"], id="voice mail"),
    pytest.param(mail("Content-Type: text/plain; charset=\"utf-8\"\nContent-Transfer-Encoding: base64\nSubject: x", b64("电话：138\u00a00013\u00a08000\r\n\u3000\u3000请回电\u200b。")), "张三", "zhang@qq.com", "x", "电话：138 0013 8000\n\u3000\u3000请回电。", [], id="odd blanks"),
    pytest.param(mail("Content-Type: text/plain; charset=gb2312\nContent-Transfer-Encoding: 8bit\nSubject: x", "价格1000元".encode("gbk") + b"\x80" + "整".encode("gbk")), "张三", "zhang@qq.com", "x", "价格1000元\ufffd整", [], id="a euro sign of cp936 in gb2312"),
    pytest.param(mail("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\nSubject: x", "=E9=97=A8=\r\n=E5=9D=8F=E4=BA=86=20=\r\n"), "张三", "zhang@qq.com", "x", "门坏了", [], id="soft breaks inside words"),
    pytest.param(b"Received: x\r\nFrom: a@b.cn\r\nSubject: x\r\nX-Broken\r\nTo: c@d.cn\r\n\r\nhi", "", "a@b.cn", "x", "hi", [], id="a header line without a colon"),
    pytest.param(b"From: a@b.cn\nSubject: x\n\t\n y\nTo: c@d.cn\n\nhi", "", "a@b.cn", "x y", "hi", [], id="a folded line of nothing"),
    pytest.param("From: a@b.cn\rSubject: 旧苹果\r\r漏水".encode(), "", "a@b.cn", "旧苹果", "漏水", [], id="old Mac line ends"),
    pytest.param(mail("Content-Type: multipart/mixed; boundary=x\nSubject: x", b"--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + "请看原信".encode() + b"\r\n--x\r\nContent-Type: application/octet-stream; name=\"=?utf-8?B?5Y6f5L+hLmVtbA==?=\"\r\nContent-Disposition: attachment\r\n\r\nFrom: c@d.cn\r\nSubject: y\r\n\r\nold\r\n--x--"), "张三", "zhang@qq.com", "x", "请看原信", ["原信.eml"], id="a mail attached as a file"),
    pytest.param(mail("Content-Type: multipart/alternative; boundary=x\nSubject: Invitation", "--x\nContent-Type: text/html; charset=utf-8\n\n<b>看现场</b>\n--x\nContent-Type: text/calendar; charset=utf-8; method=REQUEST\nContent-Transfer-Encoding: base64\n\n" + b64("BEGIN:VCALENDAR\nSUMMARY:看现场\nEND:VCALENDAR") + "--x\n--x--"), "张三", "zhang@qq.com", "Invitation", "看现场", ["invite.ics"], id="invitation with HTML"),
    pytest.param(mail("Content-Type: text/plain; charset=utf-8\nSubject: =?utf-8?B?8J+YoSDnlLXmoq8=?=", "😡😡 电梯👨‍👩‍👧坏了"), "张三", "zhang@qq.com", "😡 电梯", "😡😡 电梯👨‍👩‍👧坏了", [], id="emoji"),
    pytest.param(mail("Content-Type: text/plain; charset=utf-8; format=flowed\nSubject: x", "> 修好了吗？ \r\n> 请回复\r\n\r\n没有，还在 \r\n漏。\r\n"), "张三", "zhang@qq.com", "x", "> 修好了吗？ 请回复\n\n没有，还在 漏。", [], id="flowed answer below"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "name", "address", "subject", "text", "files"), FRESH)
def test_unseen(raw: bytes, name: str, address: str, subject: str, text: str, files: list[str]) -> None:
    message = parse_mail(raw)
    assert message.sender is not None
    assert (message.sender.name, message.sender.address, message.subject) == (name, address, subject)
    assert message.text == text
    assert [attachment.name for attachment in message.attachments] == files
