"""Whole mails, built as the programs of real people build them."""

# ruff: noqa: E501 - headers are as long as the programs make them

from __future__ import annotations

import base64
import quopri
from dataclasses import dataclass

import pytest

from connectors.email.message import parse_mail
from tests.unit.connectors.email.samples import mail, word


@dataclass(frozen=True)
class Understood:
    name: str
    subject: str
    text: str
    files: tuple[str, ...] = ()


def b64(text: str | bytes, charset: str = "utf-8") -> str:
    data = text if isinstance(text, bytes) else text.encode(charset)
    return base64.encodebytes(data).decode().replace("\n", "\r\n")


def qp(text: str, charset: str = "utf-8") -> str:
    return quopri.encodestring(text.encode(charset)).decode().replace("\n", "\r\n")


PNG = b64(b"\x89PNG\r\n\x1a\n0")

CLIENTS = [
    pytest.param(
        mail(
            f'From: "{word("王小明", "gb18030")}" <12345@qq.com>\n'
            'To: "=?gb18030?B?v823/tbQ0MQ=?=" <kf@x.cn>\n'
            f"Subject: =?gb18030?B?{base64.b64encode('电梯又坏了'.encode('gb18030')).decode()}?=\n"
            'Mime-Version: 1.0\nContent-Type: multipart/mixed;\n\tboundary="----=_NextPart_65F0A1_0B2E"\nContent-Transfer-Encoding: 8Bit\n'
            "X-Priority: 3\nX-QQ-MIME: TCMime 1.0 by Tencent\nX-Mailer: QQMail 2.x",
            "This is a multi-part message in MIME format.\r\n\r\n------=_NextPart_65F0A1_0B2E\r\nContent-Type: multipart/alternative;\r\n\tboundary=\"----=_NextPart_65F0A1_ALT\";\r\n\r\n"
            '------=_NextPart_65F0A1_ALT\r\nContent-Type: text/plain;\r\n\tcharset="gb18030"\r\nContent-Transfer-Encoding: base64\r\n\r\n' + b64("3号楼电梯又坏了。\r\n老人下不了楼。", "gb18030")
            + '\r\n------=_NextPart_65F0A1_ALT\r\nContent-Type: text/html;\r\n\tcharset="gb18030"\r\nContent-Transfer-Encoding: base64\r\n\r\n' + b64('<meta http-equiv="Content-Type" content="text/html; charset=GB18030"><div>3号楼电梯又坏了。</div><div>老人下不了楼。</div>', "gb18030")
            + "\r\n------=_NextPart_65F0A1_ALT--\r\n\r\n------=_NextPart_65F0A1_0B2E\r\nContent-Type: image/jpeg;\r\n\tcharset=\"gb18030\";\r\n\tname=\"=?gb18030?B?tefM3S5qcGc=?=\"\r\nContent-Disposition: attachment; filename=\"=?gb18030?B?tefM3S5qcGc=?=\"\r\nContent-Transfer-Encoding: base64\r\n\r\n/9j/\r\n\r\n------=_NextPart_65F0A1_0B2E--\r\n",
        ),
        Understood("王小明", "电梯又坏了", "3号楼电梯又坏了。\n老人下不了楼。", ("电梯.jpg",)),
        id="QQ Mail, web",
    ),
    pytest.param(
        mail(
            f"From: {word('李芳', 'gbk', 'GBK')} <lifang@163.com>\nTo: kf@x.cn\nSubject: {word('投诉:停车费', 'gbk', 'GBK')}\n"
            "X-Priority: 3\nX-Mailer: Coremail Webmail Server Version XT5.0.13\nContent-Type: multipart/alternative; \n\tboundary=\"----=_Part_1_2.3\"\nMIME-Version: 1.0",
            "------=_Part_1_2.3\r\nContent-Type: text/plain; charset=GBK\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64("多收了两个月停车费", "gbk")
            + "------=_Part_1_2.3\r\nContent-Type: text/html; charset=GBK\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64('<div style="line-height:1.7;color:#000000;font-size:14px;font-family:Arial"><div>多收了两个月停车费</div></div>', "gbk")
            + "------=_Part_1_2.3--\r\n",
        ),
        Understood("李芳", "投诉:停车费", "多收了两个月停车费"),
        id="163, web",
    ),
    pytest.param(
        mail(
            'From: "zhao@corp.cn" <zhao@corp.cn>\nTo: =?utf-8?B?5a6i5pyN?= <kf@x.cn>\nSubject: =?utf-8?B?6Zeo56aB5Z0=?=\n =?utf-8?B?j+S6hg==?=\n'
            'X-Mailer: Foxmail 7.2.25.245[cn]\nMime-Version: 1.0\nContent-Type: multipart/alternative;\n\tboundary="----=_001_NextPart1_=----"',
            'This is a multi-part message in MIME format.\r\n\r\n------=_001_NextPart1_=----\r\nContent-Type: text/plain;\r\n\tcharset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n' + b64("门禁坏了，请修。\r\n\r\n\r\n\r\nzhao@corp.cn\r\n")
            + '\r\n------=_001_NextPart1_=----\r\nContent-Type: text/html;\r\n\tcharset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n' + qp('<html><head><style>body { line-height: 1.5; }</style></head><body>\r\n<div><span></span>门禁坏了，请修。</div>\r\n<div><br></div><hr style="width: 210px;" color="#b5c4df" size="1" align="left"><div><span>zhao@corp.cn</span></div></body></html>')
            + "\r\n------=_001_NextPart1_=------\r\n",
        ),
        Understood("zhao@corp.cn", "门禁坏了", "门禁坏了，请修。\n\n\nzhao@corp.cn"),
        id="Foxmail",
    ),
    pytest.param(
        mail(
            'From: "Chen, Li (Shanghai)" <li.chen@corp.example>\nTo: Desk <kf@x.cn>\nSubject: Parking\nThread-Topic: Parking\nThread-Index: AQHa==\nAccept-Language: zh-CN, en-US\n'
            'Content-Language: zh-CN\nX-MS-Has-Attach: yes\nContent-Type: multipart/related; boundary="_004_SG2PR_"; type="multipart/alternative"\nMIME-Version: 1.0',
            '--_004_SG2PR_\r\nContent-Type: multipart/alternative; boundary="_000_SG2PR_"\r\n\r\n--_000_SG2PR_\r\nContent-Type: text/plain; charset="gb2312"\r\nContent-Transfer-Encoding: base64\r\n\r\n' + b64("您好，\r\n\r\n车位被占。\r\n[cid:image001.png@01DA.C0]\r\n", "gb2312")
            + '\r\n--_000_SG2PR_\r\nContent-Type: text/html; charset="gb2312"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n' + qp('<html xmlns:o="urn:schemas-microsoft-com:office:office"><body lang=ZH-CN><div class=WordSection1><p class=MsoNormal>您好，<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>车位被占。<img src="cid:image001.png@01DA.C0"></p></div></body></html>', "gb2312")
            + '\r\n--_000_SG2PR_--\r\n\r\n--_004_SG2PR_\r\nContent-Type: image/png; name="image001.png"\r\nContent-Description: image001.png\r\nContent-Disposition: inline; filename="image001.png"; size=10;\r\n\tcreation-date="Thu, 05 Mar 2026 02:20:00 GMT"\r\nContent-ID: <image001.png@01DA.C0>\r\nContent-Transfer-Encoding: base64\r\n\r\n' + PNG + "\r\n--_004_SG2PR_--\r\n",
        ),
        Understood("Chen, Li (Shanghai)", "Parking", "您好，\n\n车位被占。\n[cid:image001.png@01DA.C0]", ("image001.png",)),
        id="Outlook with Exchange",
    ),
    pytest.param(
        mail(
            "From: =?utf-8?Q?=E5=91=A8=E6=9D=B0?= <zhou@icloud.com>\nContent-Type: multipart/alternative;\n\tboundary=\"Apple-Mail=_1\"\nMime-Version: 1.0 (Mac OS X Mail 16.0 \\(3731\\))\n"
            "Subject: =?utf-8?B?5qW85LiK5ryP5rC0?=\nX-Mailer: Apple Mail (2.3731)",
            "\r\n--Apple-Mail=_1\r\nContent-Transfer-Encoding: base64\r\nContent-Type: text/plain;\r\n\tcharset=utf-8\r\n\r\n" + b64("楼上漏水，见图。\r\n\ufffc\r\n谢谢")
            + "\r\n--Apple-Mail=_1\r\nContent-Type: multipart/mixed;\r\n\tboundary=\"Apple-Mail=_2\"\r\n\r\n\r\n--Apple-Mail=_2\r\nContent-Transfer-Encoding: base64\r\nContent-Type: text/html;\r\n\tcharset=utf-8\r\n\r\n" + b64("<html><body>楼上漏水，见图。<div></div></body></html>")
            + "--Apple-Mail=_2\r\nContent-Disposition: inline;\r\n\tfilename*=utf-8''IMG%5F0012.HEIC\r\nContent-Type: image/heic;\r\n\tx-unix-mode=0644;\r\n\tname=IMG_0012.HEIC\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--Apple-Mail=_2\r\nContent-Transfer-Encoding: base64\r\nContent-Type: text/html;\r\n\tcharset=utf-8\r\n\r\n" + b64("<html><body><div>谢谢</div></body></html>")
            + "--Apple-Mail=_2--\r\n\r\n--Apple-Mail=_1--\r\n",
        ),
        Understood("周杰", "楼上漏水", "楼上漏水，见图。\n\n谢谢", ("IMG_0012.HEIC",)),
        id="Apple Mail, a picture in the middle",
    ),
    pytest.param(
        mail(
            "MIME-Version: 1.0\nFrom: =?UTF-8?B?5ZC05bmz?= <wuping@gmail.com>\nSubject: =?UTF-8?B?5Zmq6Z+z5oqV6K+J?=\nTo: kf@x.cn\nContent-Type: multipart/alternative; boundary=\"000000000000a1\"",
            '--000000000000a1\r\nContent-Type: text/plain; charset="UTF-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n' + b64("半夜装修 *很吵*\r\nhttps://photos.example/1\r\n")
            + '\r\n--000000000000a1\r\nContent-Type: text/html; charset="UTF-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n' + qp('<div dir="ltr">半夜装修 <b>很吵</b><div><a href="https://photos.example/1">https://photos.example/1</a></div></div>\r\n')
            + "\r\n--000000000000a1--",
        ),
        Understood("吴平", "噪音投诉", "半夜装修 *很吵*\nhttps://photos.example/1"),
        id="Gmail",
    ),
    pytest.param(
        mail(
            "MIME-Version: 1.0\nUser-Agent: Mozilla Thunderbird\nContent-Language: en-US\nFrom: \"J. Müller\" <jm@web.de>\nSubject: Aufzug\nContent-Type: text/plain; charset=UTF-8; format=flowed\nContent-Transfer-Encoding: 8bit",
            "Guten Tag,\r\n\r\nder Aufzug im Haus 3 ist seit gestern außer Betrieb, und niemand geht ans \r\nTelefon.\r\n\r\n-- \r\nJ. Müller\r\n",
        ),
        Understood("J. Müller", "Aufzug", "Guten Tag,\n\nder Aufzug im Haus 3 ist seit gestern außer Betrieb, und niemand geht ans Telefon.\n\n-- \nJ. Müller"),
        id="Thunderbird, raw name, flowed",
    ),
    pytest.param(
        mail(
            "Auto-Submitted: no\nFrom: Zhang San/IT/CORP@CORP <zhangsan@corp.example>\nSubject: =?GB2312?B?zqzQ3g==?=\nX-Mailer: Lotus Notes Release 8.5.3\nMIME-Version: 1.0\nContent-type: multipart/mixed; \n\tBoundary=\"0__=C7BBF\"\nContent-Disposition: inline",
            "--0__=C7BBF\r\nContent-type: multipart/alternative; \r\n\tBoundary=\"1__=C7BBF\"\r\n\r\n--1__=C7BBF\r\nContent-type: text/plain; charset=GB2312\r\nContent-transfer-encoding: base64\r\n\r\n" + b64("请维修空调。\r\n", "gb2312")
            + "--1__=C7BBF\r\nContent-type: text/html; charset=GB2312\r\nContent-Disposition: inline\r\nContent-transfer-encoding: base64\r\n\r\n" + b64("<html><body><p>请维修空调。<br></body></html>", "gb2312")
            + "--1__=C7BBF--\r\n\r\n--0__=C7BBF\r\nContent-type: application/octet-stream; \r\n\tname=\"=?GB2312?B?zfjC5828?=.vsd\"\r\nContent-Disposition: attachment; filename=\"=?GB2312?B?zfjC5828?=.vsd\"\r\nContent-transfer-encoding: base64\r\n\r\nAAAA\r\n\r\n--0__=C7BBF--\r\n",
        ),
        Understood("Zhang San/IT/CORP@CORP", "维修", "请维修空调。", ("网络图.vsd",)),
        id="Lotus Notes",
    ),
    pytest.param(
        mail(
            "From: \"netease\" <li@126.com>\nSubject: =?UTF-8?B?5YGc55S1?=\nX-Mailer: NetEase-Mail-Master/4.19.8_Android\nContent-Type: multipart/mixed; boundary=--NM_1\nMIME-Version: 1.0",
            "----NM_1\r\nContent-Type: multipart/alternative; boundary=--NM_2\r\n\r\n----NM_2\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64("停电两天")
            + "----NM_2\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64("<div>停电两天</div>") + "----NM_2--\r\n----NM_1\r\nContent-Type: image/jpeg;\r\n name=\"=?UTF-8?B?5b6u5L+h5Zu+54mHXzIwMjYuanBn?=\"\r\nContent-Disposition: attachment;\r\n filename*0*=UTF-8''%E5%BE%AE%E4%BF%A1%E5%9B%BE%E7%89%87;\r\n filename*1*=_2026.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n/9j/\r\n----NM_1--\r\n",
        ),
        Understood("netease", "停电", "停电两天", ("微信图片_2026.jpg",)),
        id="NetEase Mail Master on Android",
    ),
    pytest.param(
        mail(
            "From: 13800138000@139.com\nSubject: =?UTF-8?Q?=E6=8A=95=E8=AF=89_=E7=89=A9=E4=B8=9A?=\nX-Mailer: RichMail_web\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\nMIME-Version: 1.0",
            b64('<html><head></head><body><font face="微软雅黑"><div>物业态度差</div><div>&nbsp;</div><div>请处理</div></font></body></html>'),
        ),
        Understood("", "投诉 物业", "物业态度差\n\n请处理"),
        id="139 Mail, a phone number for a name",
    ),
    pytest.param(
        mail(
            "From: =?GB2312?B?zfUg?= =?GB2312?B?zsU=?= <wang@sina.com>\nSubject: =?GB2312?B?0MLO?=\n =?GB2312?B?xQ==?=\nMIME-Version: 1.0\nContent-Type: text/plain; charset=gb2312\nX-Mailer: Sina WebMail 4.0",
            "新闻里说的小区就是我们".encode("gb2312"),
        ),
        Understood("王 闻", "新闻", "新闻里说的小区就是我们"),
        id="Sina, characters cut between words",
    ),
    pytest.param(
        mail(
            "From: \"Sun\" <sun@yahoo.com>\nSubject: no heating\nMIME-Version: 1.0\nContent-Type: multipart/alternative; \n\tboundary=\"----=_Part_9\"\nX-Mailer: WebService/1.1.2 YMailNorrin",
            "------=_Part_9\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n No heating since Monday.\r\nPlease help.\r\n\r\n------=_Part_9\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n<html><body><div class=\"ydp1\"><div>No heating since Monday.</div><div>Please help.</div></div></body></html>\r\n------=_Part_9--\r\n",
        ),
        Understood("Sun", "no heating", "No heating since Monday.\nPlease help."),
        id="Yahoo",
    ),
    pytest.param(
        mail(
            "From: Ann <ann@outlook.com>\nSubject: =?Windows-1252?Q?Caf=E9_noise?=\nMIME-Version: 1.0\nContent-Type: text/plain; charset=\"Windows-1252\"\nContent-Transfer-Encoding: quoted-printable",
            "The caf=E9 downstairs is loud =96 every night=\r\n until 2.\r\n\r\nGet Outlook for iOS<https://aka.ms/o0ukef>",
        ),
        Understood("Ann", "Café noise", "The café downstairs is loud – every night until 2.\n\nGet Outlook for iOS<https://aka.ms/o0ukef>"),
        id="Outlook for iOS in Windows-1252",
    ),
    pytest.param(
        mail(
            "From: =?ISO-2022-JP?B?GyRCOzNFRBsoQg==?= <yamada@docomo.ne.jp>\nSubject: =?ISO-2022-JP?B?GyRCJSglIiUzJXMbKEI=?=\nMIME-Version: 1.0\nContent-Type: text/plain; charset=ISO-2022-JP\nContent-Transfer-Encoding: 7bit",
            "エアコンが壊れました。\r\n山田".encode("iso-2022-jp"),
        ),
        Understood("山田", "エアコン", "エアコンが壊れました。\n山田"),
        id="a Japanese phone",
    ),
    pytest.param(
        mail(
            "From: \"김철수\" <kim@naver.com>\nSubject: =?euc-kr?B?v6G+7sTB?=\nMIME-Version: 1.0\nContent-Type: text/html; charset=\"ks_c_5601-1987\"".encode("cp949"),
            "<html><head><meta charset=euc-kr></head><body><p>에어컨이 고장났어요</p></body></html>".encode("cp949"),
        ),
        Understood("김철수", "에어컨", "에어컨이 고장났어요"),
        id="Korean web mail, raw name",
    ),
    pytest.param(
        mail(
            "From: =?koi8-r?B?6dfBzg==?= <ivan@mail.ru>\nSubject: =?koi8-r?Q?=EC=C9=C6=D4?=\nMIME-Version: 1.0\nContent-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: 8bit",
            "Лифт не работает".encode("koi8-r"),
        ),
        Understood("Иван", "Лифт", "Лифт не работает"),
        id="Russian",
    ),
    pytest.param(
        mail(
            "From: \"林志明\" <lin@hinet.net>\nSubject: =?big5?B?p06u8MNhpEY=?=\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"=-b5\"\nX-Mailer: Microsoft Outlook Express 6.00.2900".encode("big5"),
            b'--=-b5\r\nContent-Type: text/plain; charset="big5"\r\n\r\n' + "冷氣壞了，請來修".encode("big5") + b'\r\n--=-b5\r\nContent-Type: application/msword;\r\n\tname="' + "申訴書".encode("big5") + b'.doc"\r\nContent-Disposition: attachment;\r\n\tfilename="' + "申訴書".encode("big5") + b'.doc"\r\n\r\nx\r\n--=-b5--',
        ),
        Understood("林志明", "冷氣壞了", "冷氣壞了，請來修", ("申訴書.doc",)),
        id="Outlook Express in Taiwan, all raw",
    ),
    pytest.param(
        mail(
            "From: kf-form@corp.example\nReply-To: =?UTF-8?B?6LW15YWt?= <zhao6@qq.com>\nSubject: =?UTF-8?B?572R56uZ55WZ6KiA?=\nX-PHP-Originating-Script: 33:mail.php\nContent-type: text/html; charset=iso-8859-1\nMIME-Version: 1.0",
            "姓名：赵六<br />电话：13800138000<br />内容：垃圾没人清<br />",
        ),
        Understood("", "网站留言", "姓名：赵六\n电话：13800138000\n内容：垃圾没人清"),
        id="a web form in PHP, charset wrong",
    ),
    pytest.param(
        mail(
            "From: \"vivo\" <zhu@qq.com>\nSubject: =?UTF-8?B?5rC06KGo?=\nX-Mailer: Vivo Email\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"--_com.vivo.email_1\"",
            "----_com.vivo.email_1\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64("<p dir=\"ltr\">水表读数不对<br>\n见附件</p>\n<div><br></div><div>发自我的手机</div>") + "\r\n----_com.vivo.email_1\r\nContent-Type: image/jpeg; name=\"IMG_2026.jpg\"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"IMG_2026.jpg\"; size=3\r\n\r\n/9j/\r\n\r\n----_com.vivo.email_1--\r\n",
        ),
        Understood("vivo", "水表", "水表读数不对\n见附件\n\n\n发自我的手机", ("IMG_2026.jpg",)),
        id="a phone's own mail app, HTML only",
    ),
    pytest.param(
        mail(
            "From: notices@workmail.example (WeCom)\nSubject: 工单\nMIME-Version: 1.0\nContent-Type: text/plain;charset=UTF-8;\nContent-Transfer-Encoding: Base64",
            b64("第一行\n第二行\u3000\n"),
        ),
        Understood("WeCom", "工单", "第一行\n第二行"),
        id="raw subject, name in a comment",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "expected"), CLIENTS)
def test_mails_of_real_programs(raw: bytes, expected: Understood) -> None:
    message = parse_mail(raw)
    assert message.sender is not None
    found = Understood(
        message.sender.name,
        message.subject or "",
        message.text,
        tuple(attachment.name for attachment in message.attachments),
    )
    assert found == expected
