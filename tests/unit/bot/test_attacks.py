"""Attacks by words alone, tried at a whole desk: numbers that only look alike, wildcards, somebody else's name."""

from __future__ import annotations

import pytest

from bot.hearing import shortened
from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import Kit, open_desk

NUMBER = "TS20260302-0001"
LEAK = "3栋502卫生间漏水好几天了没人修，我叫王芳，13812345678"
SECRET_WORDS = "卫生间"


async def heard(kit: Kit, who: str, text: str, channel: str = "chat") -> str:
    """Let somebody speak and return what they read since."""
    said = kit.channels[channel].texts
    before = len(said(who))
    await kit.says(text, who, channel)
    await kit.deliver()
    return "\n".join(said(who)[before:])


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        pytest.param("漏水了" + "。" * 20_000 + "快来", "漏水了" + "。" * 40 + "快来", id="marks"),
        pytest.param(" \n!?" * 5_000, " \n!?" * 10, id="several of them"),
        pytest.param("想" * 20_000, "想" * 40, id="one syllable"),
        pytest.param("please " * 3_000 + "help", "please " * 40 + "help", id="one word"),
        pytest.param("哈哈哈哈哈哈，太好了！！！！！！", "哈哈哈哈哈哈，太好了！！！！！！", id="what people do write"),
        pytest.param("13812345678，3栋502", "13812345678，3栋502", id="numbers"),
    ],
)
def test_what_is_said_ten_thousand_times_is_heard_forty(said: str, heard: str) -> None:
    assert shortened(said) == heard


LOOK_ALIKE = (
    NUMBER,
    "\u0422\u0405" + NUMBER[2:],  # Cyrillic letters
    NUMBER.translate({ord("0") + n: 0x660 + n for n in range(10)}),  # Arabic digits
    NUMBER.translate({ord("0"): "O", ord("1"): "l"}),
    "TS2026%-____",
    "%%%%",
    "____",
    "' OR 1=1 --",
)


async def test_a_stranger_learns_nothing_by_any_number(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.says(LEAK, "owner")
        complaint = await kit.the_complaint()
        for place, number in enumerate(LOOK_ALIKE):
            for ask in ("进度", "撤诉"):
                told = await heard(kit, f"stranger{place}", f"{ask} {number}")
                assert SECRET_WORDS not in told, number
                assert "5678" not in told, number
        owned = next(each for each in await kit.complaints() if each.reference == NUMBER)
        assert owned.status is complaint.status is not Status.WITHDRAWN


async def test_who_owns_it_may_write_its_number_in_wide_letters(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.says(LEAK, "owner")
        wide = NUMBER.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
        assert NUMBER in await heard(kit, "owner", f"进度 {wide}")


async def test_a_mail_that_only_says_it_is_a_colleagues_orders_nothing(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.address("张伟", "email", "zhang@example.com", proven=True)
        await kit.says(LEAK, "owner")
        before = await kit.the_complaint()
        assert before.owner == (await kit.person("张伟")).id
        for order in (f"办结 {NUMBER} 换了防水层", f"进度 {NUMBER}", f"电话 {NUMBER}"):
            told = await heard(kit, "zhang@example.com", order, "email")
            assert SECRET_WORDS not in told
            assert "1234 5678" not in told
        [after, *_] = [each for each in await kit.complaints() if each.reference == NUMBER]
        assert after.status is before.status
        assert after.result == before.result
