"""For how many somebody speaks is heard, however they say it: the centre is asked how grave it is."""

from __future__ import annotations

import pytest

from complaints.change import NoticeKind
from complaints.grading_words import hear
from tests.unit.bot.desk_kit import Kit


@pytest.mark.parametrize(
    ("words", "people"),
    [
        ("我们翠湖花园业委会代表40户业主反映停车费乱涨", 40),
        ("我们一共40户都签了字", 40),
        ("总共12户业主漏水", 12),
        ("共计30人签名", 30),
        ("40户业主联名", 40),
        ("25户都签了字", 25),
        ("representing 30 homes", 30),
        ("we are 25 flats without water", 25),
        ("120 signatures so far", 120),
        ("账单一共40元", 0),
        ("总共打了3次电话", 0),
        ("户号40", 0),
        ("房号40户", 0),
        ("the block has 40 flats", 0),
    ],
)
def test_it_is_counted(words: str, people: int) -> None:
    assert hear(words).people == people


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("我们业委会代表40户业主反映停车费乱涨", ""),
        ("停车费乱涨", "我们一共40户都签了字"),
        ("the parking fee has gone up again", "we speak on behalf of 40 households"),
        ("the parking fee has gone up again", "40 households have signed, the fee is outrageous"),
    ],
)
async def test_a_higher_grade_is_proposed(kit: Kit, first: str, then: str) -> None:
    await kit.says(first)
    if then:
        assert await kit.outbox(NoticeKind.GRADE_PROPOSED) == []
        await kit.says(then)
    assert await kit.outbox(NoticeKind.GRADE_PROPOSED) != []
