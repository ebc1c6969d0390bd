"""Who answers the rating question by wanting something yet has rated nothing: whoever has it hears, and the case stays open."""

from __future__ import annotations

import pytest

from bot.grammar import Pending, Speaker, Verb, understand
from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import Kit, exchange, open_desk

WANTS = [
    "just put it back on my card",
    "great but can you just email it to me too",
    "fine, please send me the invoice",
    "is that going back on my card ending 4929 or do i need to come in",
    "ok but when do i get my refund",
    "i need the receipt",
    "可以，把发票发我邮箱",
    "还行，麻烦再把钥匙送过来",
    "好的，能不能发我一份报告",
    "帮我退到支付宝",
    "是退到我卡上还是要我过去拿",
    "card no is ****9012, sort 20-00-00",
    "invoice no is 20-113",
    "my email is jo.marsh@example.com",
    "the card ending 9012 is fine",
    "卡号是 ****0123 开户行工行",
    "支付宝 13800138000",
]
RATES = [
    "满意，请转告师傅谢谢",
    "非常满意，麻烦你们了",
    "还可以吧 希望下次快点",
    "钱退到卡里了，效率可以",
    "还行",
    "satisfied, please thank the plumber for me",
    "so put me down as in the middle",
    "could be better",
    "still leaking, can you come back tomorrow",
    "没修好 麻烦再来一趟",
]


@pytest.mark.parametrize("words", WANTS)
def test_a_wish_is_no_rating(words: str) -> None:
    assert understand(words, Speaker.CUSTOMER, Pending.RATING).verb is Verb.ADD


@pytest.mark.parametrize("words", RATES)
def test_thanks_handed_on_and_trouble_told_are_ratings(words: str) -> None:
    assert understand(words, Speaker.CUSTOMER, Pending.RATING).verb is Verb.RATE


@pytest.mark.parametrize("words", ["great but can you just email it to me too", "还行，麻烦再把钥匙送过来"])
async def test_the_handler_reads_it_and_the_question_is_put_again(fresh_sqlite_url: str, words: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await _done(kit)
        answers = await exchange(kit, words, "c1")
        assert (await kit.the_complaint()).status is Status.RESOLVED
        assert any("满意" in answer or "satisfied" in answer for answer in answers)
        assert any(words in text for text in kit.chat.texts("handler"))
        await kit.says("satisfied" if words.isascii() else "满意")
        assert (await kit.the_complaint()).status is Status.CLOSED


async def _done(kit: Kit) -> None:
    await kit.says("厨房漏水，3栋502，王芳13712345678")
    for words, who in (("派单 0001 @张伟", "lead"), ("接单 0001", "handler"), ("办结 换了水管", "handler")):
        await kit.says(words, who)
    await kit.deliver()
