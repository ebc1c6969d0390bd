"""What comes along: names as they were meant, safe to keep; Outlook's winmail.dat opened."""

# ruff: noqa: E501 - one sample per line reads better than one sample over ten

from __future__ import annotations

import base64
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.email.attachments import safe_name
from connectors.email.message import parse_mail
from connectors.email.parameters import parse_parameters
from connectors.email.winmail import open_winmail
from tests.unit.connectors.email.samples import mail, parts, word

PLAIN = ("Content-Type: text/plain; charset=utf-8", "空调坏了")
GBK = base64.b64encode("现场照片".encode("gbk")).decode()

NAMES = [
    pytest.param("Content-Disposition: attachment; filename=a.jpg", "a.jpg", id="plain"),
    pytest.param('Content-Disposition: attachment; filename="a; b.jpg"; size=3', "a; b.jpg", id="semicolon in quotes"),
    pytest.param('Content-Disposition: attachment; filename="a\\"b.jpg"', "a_b.jpg", id="quote in quotes"),
    pytest.param('Content-Disposition: attachment; filename="a.jpg', "a.jpg", id="quote never closed"),
    pytest.param("Content-Disposition: ATTACHMENT; FileName=a.jpg", "a.jpg", id="any case"),
    pytest.param("Content-Disposition: inline; filename=a.jpg", "a.jpg", id="inline"),
    pytest.param("Content-Disposition: attachment; filename=a b c.jpg", "a b c.jpg", id="blanks without quotes"),
    pytest.param("X: y", "attachment-1.jpg", id="no name"),
    # RFC 2231
    pytest.param("Content-Disposition: attachment; filename*=UTF-8''%E7%8E%B0%E5%9C%BA.jpg", "现场.jpg", id="2231"),
    pytest.param("Content-Disposition: attachment; filename*=gb2312'zh-cn'%CF%D6%B3%A1.jpg", "现场.jpg", id="2231 with a language"),
    pytest.param("Content-Disposition: attachment; filename*0=a; filename*1=b; filename*2=.jpg", "ab.jpg", id="pieces"),
    pytest.param("Content-Disposition: attachment; filename*1=b; filename*0=a; filename*10=.jpg; filename*2=c", "abc.jpg", id="pieces in disorder"),
    pytest.param("Content-Disposition: attachment; filename*0*=utf-8''%E7%8E; filename*1*=%B0%E5%9C%BA; filename*2=.jpg", "现场.jpg", id="a character in two pieces"),
    pytest.param("Content-Disposition: attachment; filename*0*=utf-8''%E7%8E%B0; filename*1=%E5%9C%BA.jpg", "现场.jpg", id="the second mark forgotten"),
    pytest.param("Content-Disposition: attachment; filename*=%E7%8E%B0%E5%9C%BA.jpg", "现场.jpg", id="charset forgotten"),
    pytest.param("Content-Disposition: attachment; filename*=\"UTF-8''%E7%8E%B0%E5%9C%BA.jpg\"", "现场.jpg", id="2231 in quotes"),
    pytest.param("Content-Disposition: attachment; filename*=UTF-8''现场.jpg", "现场.jpg", id="2231 left raw"),
    pytest.param("Content-Disposition: attachment; filename=x.jpg; filename*=UTF-8''%E7%8E%B0%E5%9C%BA.jpg", "现场.jpg", id="both"),
    pytest.param("Content-Disposition: attachment; filename=\"UTF-8''%E7%8E%B0%E5%9C%BA.jpg\"", "现场.jpg", id="2231 in the plain place"),
    # RFC 2047, forbidden here
    pytest.param(f'Content-Disposition: attachment; filename="{word("现场.jpg")}"', "现场.jpg", id="encoded word"),
    pytest.param(f'Content-Disposition: attachment; filename="=?gb2312?B?{GBK}?=.jpg"', "现场照片.jpg", id="encoded word, extension behind"),
    pytest.param(f"Content-Disposition: attachment; filename==?gbk?B?{GBK}?=", "现场照片", id="encoded word without quotes"),
    pytest.param('Content-Disposition: attachment; filename="=?utf-8?B?546w5Zy6?=\n =?utf-8?B?54Wn54mHLmpwZw==?="', "现场照片.jpg", id="Foxmail's folded words"),
    pytest.param('Content-Disposition: attachment; filename*0="=?utf-8?B?546w5Zy6"; filename*1="LmpwZw==?="', "现场.jpg", id="words in 2231 pieces"),
    pytest.param('Content-Disposition: attachment; filename="=?utf-8?Q?=E7=8E=B0=E5=9C=BA?=.jpg"', "现场.jpg", id="quoted-printable word"),
    pytest.param('Content-Disposition: attachment; filename="=?utf-8?B?546w5Zy6LmpwZw"', "现场.jpg", id="word cut off"),
    # neither
    pytest.param("Content-Disposition: attachment; filename=%E7%8E%B0%E5%9C%BA.jpg", "现场.jpg", id="percent signs"),
    pytest.param("Content-Disposition: attachment; filename=100%.jpg", "100%.jpg", id="a percent sign that is one"),
    pytest.param('Content-Disposition: attachment; filename="&#29616;&#22330;.jpg"', "现场.jpg", id="entities"),
    pytest.param('Content-Type: image/jpeg; name="现场.jpg"\nContent-Disposition: attachment; filename="????.jpg"', "现场.jpg", id="one name lost, the other not"),
    pytest.param('Content-Type: image/jpeg; name="现场.jpg"\nContent-Disposition: attachment', "现场.jpg", id="name in Content-Type"),
    pytest.param(f'Content-Type: image/jpeg;\n\tname="{word("现场.jpg", "gb18030", "gb2312")}"', "现场.jpg", id="name only, encoded"),
    pytest.param("Content-Type: image/jpeg\nContent-ID: <image001.jpg@01DA.F>", "image001.jpg", id="name in Content-ID"),
    pytest.param("Content-Type: image/jpeg\nContent-ID: <part1.abc@x.cn>", "attachment-1.jpg", id="no name in Content-ID"),
    pytest.param("Content-Type: image/jpeg\nContent-Location: http://x.cn/p/现场.jpg", "现场.jpg", id="name in Content-Location"),
    pytest.param("Content-Type: image/jpeg\nContent-Description: IMG_0001.JPG", "IMG_0001.JPG", id="name in Content-Description"),
    # not safe to keep
    pytest.param('Content-Disposition: attachment; filename="/etc/passwd"', "passwd", id="path"),
    pytest.param('Content-Disposition: attachment; filename="..\\\\..\\\\boot.ini"', "boot.ini", id="Windows path"),
    pytest.param('Content-Disposition: attachment; filename="C:\\Users\\z\\现场.jpg"', "现场.jpg", id="Windows path, backslashes not doubled"),
    pytest.param('Content-Disposition: attachment; filename=".."', "attachment", id="dots"),
    pytest.param('Content-Disposition: attachment; filename="a/"', "a", id="folder"),
    pytest.param('Content-Disposition: attachment; filename="a\0b\x07\x1bc.jpg"', "abc.jpg", id="controls"),
    pytest.param("Content-Disposition: attachment; filename*=utf-8''gpj%E2%80%AEexe.jpg", "gpjexe.jpg", id="writing direction turned"),
    pytest.param("Content-Disposition: attachment; filename*=utf-8''a%0d%0aX: y.jpg", "a X_ y.jpg", id="line break encoded"),
    pytest.param('Content-Disposition: attachment; filename="' + "长" * 300 + '.jpg"', "长" * 146 + ".jpg", id="without end"),
    pytest.param('Content-Disposition: attachment; filename="   "', "attachment-1.jpg", id="blanks only"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "name"), NAMES)
def test_names(head: str, name: str) -> None:
    if "Content-Type" not in head:
        head = "Content-Type: image/jpeg\n" + head
    message = parse_mail(parts("mixed", PLAIN, (head, b"x")))
    assert [(a.name, a.type, a.size) for a in message.attachments] == [(name, "image/jpeg", 1)]


def test_a_raw_name_in_gbk() -> None:
    raw = parts(
        "mixed", PLAIN, ("Content-Type: image/jpeg; name=NAME\nContent-Disposition: attachment; filename=NAME", b"x")
    )
    (attachment,) = parse_mail(raw.replace(b"NAME", '"现场照片.jpg"'.encode("gbk"))).attachments
    assert attachment.name == "现场照片.jpg"


TYPES = [
    ("image/png", "attachment-1.png"),
    ("application/pdf", "attachment-1.pdf"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "attachment-1.docx"),
    ("audio/amr", "attachment-1.amr"),
    ("video/mp4", "attachment-1.mp4"),
    ("text/x-vcard", "contact.vcf"),
    ("application/x-unheard-of", "attachment-1.bin"),
    ("nonsense/\0", "attachment-1.bin"),
]


@pytest.mark.parametrize(("kind", "name"), TYPES)
def test_a_name_is_made_up_from_the_type(kind: str, name: str) -> None:
    message = parse_mail(parts("mixed", PLAIN, (f"Content-Type: {kind}\nContent-Disposition: attachment", b"x")))
    assert [attachment.name for attachment in message.attachments] == [name]


def test_two_files_of_one_name_are_two() -> None:
    file = ("Content-Type: image/jpeg; name=image.jpg", b"x")
    assert [a.name for a in parse_mail(parts("mixed", PLAIN, file, file)).attachments] == ["image.jpg", "image.jpg"]


def test_the_size_is_that_of_the_file() -> None:
    data = bytes(range(256)) * 100
    head = "Content-Type: image/jpeg; name=a.jpg\nContent-Transfer-Encoding: base64"
    (attachment,) = parse_mail(parts("mixed", PLAIN, (head, base64.encodebytes(data)))).attachments
    assert (attachment.data, attachment.size) == (data, 25_600)


@given(st.text(max_size=200))
def test_every_safe_name_is_safe(text: str) -> None:
    name = safe_name(text)
    assert 0 < len(name) <= 150
    assert name.isprintable()
    assert not set('/\\<>:"|?*') & set(name)
    assert name.strip(" .") == name or name.startswith(".") is False


@given(st.text(max_size=200))
def test_no_field_breaks_the_parameters(text: str) -> None:
    value, parameters = parse_parameters(text)
    assert all(isinstance(each, str) for each in (value, *parameters, *parameters.values()))


def test_a_hundred_thousand_pieces_of_one_name() -> None:
    pieces = "; ".join(f"filename*{number}=a" for number in range(100_000))
    (attachment,) = parse_mail(
        parts("mixed", PLAIN, (f"Content-Type: a/b\nContent-Disposition: attachment; {pieces}", b""))
    ).attachments
    assert len(attachment.name) == 150


# --- winmail.dat -----------------------------------------------------------------------------------------------------


def tnef_object(level: int, name: int, kind: int, data: bytes) -> bytes:
    return struct.pack("<BHHI", level, name, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def tnef_property(kind: int, name: int, data: bytes) -> bytes:
    return struct.pack("<HHII", kind, name, 1, len(data)) + data + bytes(-len(data) % 4)


def winmail(*files: tuple[str, bytes], body: str = "", html: str = "") -> bytes:
    """Return a winmail.dat as Outlook builds it."""
    out = struct.pack("<IH", 0x223E9F78, 1)
    out += tnef_object(1, 0x9006, 8, struct.pack("<I", 0x10000))
    out += tnef_object(1, 0x9007, 6, struct.pack("<II", 936, 0))
    values = []
    if body:
        values.append(tnef_property(0x1F, 0x1000, (body + "\0").encode("utf-16-le")))
    if html:
        values.append(tnef_property(0x102, 0x1013, html.encode("gbk")))
    if values:
        out += tnef_object(1, 0x9003, 6, struct.pack("<I", len(values)) + b"".join(values))
    for name, data in files:
        out += tnef_object(2, 0x9002, 6, bytes(14))
        out += tnef_object(2, 0x8010, 1, b"SHORT~1.JPG\0")
        out += tnef_object(2, 0x800F, 6, data)
        long_name = tnef_property(0x1F, 0x3707, (name + "\0").encode("utf-16-le"))
        out += tnef_object(2, 0x9005, 6, struct.pack("<I", 1) + long_name)
    return out + bytes(12)


WINMAIL = "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64"


def test_winmail_is_opened() -> None:
    data = winmail(("现场照片.jpg", b"\xff\xd8x"), ("../b.pdf", b"%PDF"))
    message = parse_mail(parts("mixed", PLAIN, (WINMAIL, base64.encodebytes(data))))
    assert message.text == "空调坏了"
    assert [(a.name, a.data) for a in message.attachments] == [("现场照片.jpg", b"\xff\xd8x"), ("b.pdf", b"%PDF")]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(winmail(body="空调坏了"), id="text"),
        pytest.param(winmail(html="<p>空调坏了</p>"), id="html"),
        pytest.param(winmail(body="空调坏了", html="<p>空调坏了</p>"), id="both"),
    ],
)
def test_words_inside_winmail_are_the_mail(data: bytes) -> None:
    message = parse_mail(mail(WINMAIL, base64.encodebytes(data)))
    assert (message.text, message.attachments) == ("空调坏了", ())


BROKEN = [
    pytest.param(b"", id="empty"),
    pytest.param(b"no such thing", id="something else"),
    pytest.param(winmail(("a.jpg", b"x" * 100))[:60], id="cut off"),
    pytest.param(struct.pack("<IH", 0x223E9F78, 1) + tnef_object(1, 0x9003, 6, struct.pack("<I", 0xFFFFFFFF) + bytes(8)) + bytes(12), id="four billion properties"),
    pytest.param(struct.pack("<IH", 0x223E9F78, 1) + tnef_object(1, 0x9003, 6, struct.pack("<IHHI", 1, 0x1002, 0x1000, 0xFFFFFFFF)) + bytes(12), id="four billion values"),
    pytest.param(struct.pack("<IH", 0x223E9F78, 1) + tnef_object(1, 0x9004, 6, struct.pack("<I", 0xFFFFFFFF) + bytes(8)) + bytes(12), id="four billion recipients"),
    pytest.param(struct.pack("<IH", 0x223E9F78, 1) + tnef_object(1, 0x8006, 3, b"") * 90_000, id="a hundred thousand objects"),
]  # fmt: skip


@pytest.mark.parametrize("data", BROKEN)
def test_a_broken_winmail_is_kept_as_it_is(data: bytes) -> None:
    message = parse_mail(parts("mixed", PLAIN, (WINMAIL, base64.encodebytes(data))))
    assert message.text == "空调坏了"
    assert [(a.name, a.data) for a in message.attachments] == [("winmail.dat", data)]


@given(st.data())
def test_no_damage_breaks_winmail(data: st.DataObject) -> None:
    raw = bytearray(winmail(("a.jpg", b"x" * 30), body="空调", html="<p>空调"))
    for _ in range(data.draw(st.integers(1, 5))):
        raw[data.draw(st.integers(6, len(raw) - 1))] = data.draw(st.sampled_from([0, 1, 0x7F, 0xFF, 0x10]))
    opened = open_winmail(bytes(raw))
    assert opened is None or opened.text or opened.html or opened.files
