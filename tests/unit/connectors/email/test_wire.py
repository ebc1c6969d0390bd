"""Small pure pieces of the wire: FETCH answers, mailbox names, header texts, ids."""

from __future__ import annotations

from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.email.compose import encode_text, mailbox_header, own_message_id
from connectors.email.follower import raw_message
from connectors.email.imap import bodies, encode_mailbox
from connectors.port import OutgoingMessage

ANSWERS = [
    pytest.param([b"1 FETCH (UID 5 BODY[] {2}", bytearray(b"ab"), b")", b"done"], {5: b"ab"}, id="uid first"),
    pytest.param([b"1 FETCH (BODY[] {2}", bytearray(b"ab"), b" UID 5)", b"done"], {5: b"ab"}, id="uid last"),
    pytest.param(
        [
            b"1 FETCH (UID 5 BODY[] {1}",
            bytearray(b"a"),
            b")",
            b"2 FETCH (FLAGS (\\Seen))",
            b"3 FETCH (UID 7 BODY[] {0}",
            bytearray(),
            b")",
        ],
        {5: b"a", 7: b""},
        id="a flag in between, an empty mail",
    ),
    pytest.param([b'1 FETCH (UID 5 BODY[] "a \\"b")', b"done"], {5: b'a "b'}, id="quoted"),
    pytest.param([b"1 FETCH (UID 5 BODY[] NIL)", b"done"], {}, id="gone"),
    pytest.param([b"1 FETCH (UID 5 BODY[HEADER]<0> {1}", bytearray(b"a"), b")"], {5: b"a"}, id="part"),
    pytest.param(
        [b"1 FETCH (BODY[] {9}", bytearray(b"UID 9 (x)"), b" UID 5)"], {5: b"UID 9 (x)"}, id="uid in the text"
    ),
    pytest.param([b"done"], {}, id="nothing"),
]


@pytest.mark.parametrize(("lines", "found"), ANSWERS)
def test_literals_of_a_fetch(lines: list[bytes | bytearray], found: dict[int, bytes]) -> None:
    assert bodies(lines) == found


@pytest.mark.parametrize(
    ("name", "encoded"),
    [("INBOX", "INBOX"), ("投诉", "&YpWLyQ-"), ("台北&x", "&U,BTFw-&-x"), ("&YpWLyQ-", "&YpWLyQ-")],
)
def test_mailbox_names(name: str, encoded: str) -> None:
    assert encode_mailbox(name) == encoded


@given(st.text(max_size=200))
def test_any_header_text_stays_on_its_lines_and_reads_back(text: str) -> None:
    encoded = encode_text(text)
    lines = encoded.split("\r\n")
    assert all(len(line) <= 180 and line.isascii() and line.isprintable() for line in lines)
    assert all(line.startswith(" ") for line in lines[1:])
    printable = "".join(c for c in text if c.isprintable())
    if printable == text and "=?" not in text and " " not in text:
        assert str(make_header(decode_header(encoded))) == text


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("", "<a@b.cn>"),
        ("Desk", "Desk <a@b.cn>"),
        ("Desk, Ltd.", '"Desk, Ltd." <a@b.cn>'),
        ('a"b\\', '"a\\"b\\\\" <a@b.cn>'),
        ("投诉", "=?utf-8?B?5oqV6K+J?= <a@b.cn>"),
    ],
)
def test_mailbox_header(name: str, header: str) -> None:
    assert mailbox_header(name, "a@b.cn") == header


def test_message_id_asked_for_or_made_of_the_key() -> None:
    base = OutgoingMessage("C-1/ack", "a@b.cn", "x")
    assert own_message_id(base, "x.cn") == own_message_id(base, "x.cn")
    assert own_message_id(OutgoingMessage("k", "a@b.cn", "x", message_id="<1@x.cn>"), "x.cn") == "<1@x.cn>"
    assert own_message_id(OutgoingMessage("k", "a@b.cn", "x", message_id="<1@x.cn>\r\nBcc: y"), "例子.cn").endswith(
        "@xn--fsqu00a.cn>"
    )


@given(st.binary(max_size=300))
def test_any_bytes_have_an_identity_and_a_lane(raw: bytes) -> None:
    one, again = raw_message(raw), raw_message(raw)
    assert one == again
    assert one.external_id
    one.external_id.encode()
    one.conversation.encode()
    assert "\0" not in one.external_id + one.conversation
