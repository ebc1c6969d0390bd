"""Texts from outside are brought into a form that every database holds, and nothing else of them changes."""

from __future__ import annotations

import pytest

from bot.storage.texts import storable
from connectors.port import Attachment, IncomingMessage, Party, RawMessage, Receipt, Reported


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("漏水\n\t😡 c'est \x07", "漏水\n\t😡 c'est \x07", id="what any table holds"),
        pytest.param("a\0b", "a�b", id="a NUL"),
        pytest.param("漏\0水", "漏�水", id="a NUL among characters"),
        pytest.param("half \ud83d of one", "half � of one", id="half a character"),
        pytest.param("\ud83d\ude21", "😡", id="both halves"),
    ],
)
def test_a_text(text: str, kept: str) -> None:
    assert storable(text) == kept


def test_whatever_a_message_brings() -> None:
    incoming = IncomingMessage(
        "chat",
        "id\0",
        "c\0",
        Party("a\0", "n\0"),
        "漏水\0",
        "漏水",
        subject="s\0",
        recipients=("r", "r\0"),
        attachments=(Attachment("f\0.jpg", "image/jpeg", b"\0\xff", 2, "h\0"),),
        receipts=(Receipt(Reported.FAILED, "m\0", detail="d\0"),),
    )
    kept = storable(incoming)
    assert "\0" not in repr((kept, kept.attachments[0].handle)).replace(r"\x00", "\0")
    assert kept.attachments[0].data == b"\0\xff"
    assert (kept.text, kept.visible_reply) == ("漏水�", "漏水")


def test_what_is_well_stays_the_very_same() -> None:
    raw = RawMessage("chat", "1", "漏水", b"\0")
    assert storable(raw) is raw
