"""The number of a bank card is read by nobody, and whoever wrote it is told not to."""

from __future__ import annotations

import json

import pytest

from bot.bank_cards import without_cards
from bot.storage.models import EventRow, InboxRow, MessageRow, OutboxRow
from tests.unit.bot.desk_kit import Kit, asks, reads


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("my card is 4111 1111 1111 1111 exp 05/27", "my card is ****1111 exp 05/27"),
        ("4929123456789012 x 4111111111111111", "4929123456789012 x ****1111"),
        ("it is 4929 1234 5678 9012 if u need it", "it is ****9012 if u need it"),
        ("card 4111-1111-1111-1111, cvv 123", "card ****1111, cvv ***"),
        ("卡号6217 0000 0000 0000 018 退给我 安全码是123", "卡号****0018 退给我 安全码是***"),
        ("5500005555555559 12/29", "****5559 12/29"),
        ("378282246310005", "****0005"),
        ("05/27 4111 1111 1111 1111 05 27", "05/27 ****1111 05 27"),
        ("打13800138000 4111 1111 1111 1111", "打13800138000 ****1111"),
        ("４１１１１１１１１１１１１１１１", "****１１１１"),
        ("我的卡号6222021234567890123 直接退这里", "我的卡号****0123 直接退这里"),
        ("my card number is 4929123456789012", "my card number is ****9012"),
        ("银行卡：6222021234567890123", "银行卡：****0123"),
    ],
)
def test_all_but_its_end_is_hidden(said: str, shown: str) -> None:
    assert without_cards(said) == shown


@pytest.mark.parametrize(
    "said",
    ["TS20261123-0001", "打13800138000", "call +44 7911 123456", "身份证 622301199001011234", "4111111111111112",
     "水表 12345678901234567", "订单 JD4111111111111111", "2026-11-23 10:30 至 2026-11-24 12:00", "验证码 123456 一直收不到",
     "my pin 1234 was shown to others", "1234 5678 9012 3456"],
)  # fmt: skip
def test_other_numbers_stay(said: str) -> None:
    assert without_cards(said) == said


@pytest.mark.parametrize(
    "words", ["退到我卡上 4111 1111 1111 1111 安全码 123", "just put it back on my card 4111 1111 1111 1111 cvv 123"]
)
@pytest.mark.parametrize("first", ["厨房水管一直漏水，我姓李，电话13800138000", ""])
async def test_nobody_reads_it_and_the_customer_is_told(kit: Kit, words: str, first: str) -> None:
    if first:
        await asks(kit, first, "c1")
    answers = await asks(kit, words, "c1")
    assert "后四位" in answers[-1] or "last four" in answers[-1]
    told = await reads(kit, "handler") + await reads(kit, "lead") + "".join(answers)
    assert "****1111" in told
    for row in [row for table in (EventRow, OutboxRow, MessageRow) for row in await kit.rows(table)]:
        kept = json.dumps({c.key: str(getattr(row, c.key)) for c in row.__table__.columns}, ensure_ascii=False)
        assert "4111" not in kept
        assert " 123" not in kept
    assert any(b"4111 1111" in row.raw for row in await kit.rows(InboxRow))
