"""What servers say is kept and shown to whoever runs us: nobody's mailbox or number is in it."""

from __future__ import annotations

import aiosmtplib
import pytest

from connectors.email.smtp import _what
from connectors.email.troubles import quoted


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("<li.hua+home@qq.com>: Recipient address rejected", "<…@qq.com>: Recipient address rejected"),
        ('no "li hua" here: "li hua"@qq.com', 'no "li hua" here: …@qq.com'),
        ("mailbox=li@[192.0.2.1] is full", "…@[192.0.2.1] is full"),
        ("用户张三@例子.中国 不存在", "…@例子.中国 不存在"),
        ("+8613912345678 13912345678\r\nnot here", "… … not here"),
        ("5.2.2 mailbox full, see https://help.example/451", "5.2.2 mailbox full, see https://help.example/451"),
        ("come back in 00:05:00 or 300 seconds", "come back in 00:05:00 or 300 seconds"),
    ],
)
def test_a_server_s_words_without_whom_they_are_about(said: str, kept: str) -> None:
    assert quoted(said) == kept


def test_an_address_at_the_end_of_what_is_kept_is_not_cut_in_two() -> None:
    assert "li" not in quoted("x" * 196 + " lihua@qq.com")
    assert len(quoted("a@" * 5000)) <= 200


@pytest.mark.parametrize("code", [450, 550])
def test_a_refused_recipient_is_not_named(code: int) -> None:
    refused = aiosmtplib.SMTPRecipientRefused(code, "5.1.1 <lihua@qq.com>: no such user", "lihua@qq.com")
    assert _what(refused) == f"{code} 5.1.1 <…@qq.com>: no such user"
