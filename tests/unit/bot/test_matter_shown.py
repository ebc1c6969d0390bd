"""What an alarm and a brief show of a matter: what it is, then what was shouted last; and who has to do with it now."""

from __future__ import annotations

import pytest

from bot.words import LOCALES
from complaints.vocabulary import SETTLED, Severity, Status
from connectors.port import Form
from tests.unit.bot.desk_kit import open_desk
from tests.unit.bot.words_kit import WORDS, Case, context


def told(name: str, locale: str, case: Case) -> str:
    return WORDS.render(name, locale, Form.IM, context(case)).text


@pytest.mark.parametrize("locale", LOCALES)
def test_an_alarm_says_what_it_is_about_before_the_last_words(locale: str) -> None:
    said = told("alarm", locale, Case(summary="电梯坏了四天了", newest="谁同意你们延的？12楼啊！！！"))
    assert 0 < said.index("电梯坏了四天了") < said.index("谁同意你们延的？")
    assert "谁同意" not in told("alarm", locale, Case(summary="电梯坏了四天了", newest=""))


@pytest.mark.parametrize("name", ["bulletin", "major_case"])
@pytest.mark.parametrize("status", sorted(SETTLED))
def test_nobody_is_at_what_is_over(name: str, status: Status) -> None:
    assert "在办" not in told(name, "zh", Case(status=status, assignee="张伟"))
    assert "在办" not in told(name, "zh", Case(status=status, assignee=""))
    assert ", with " not in told(name, "en", Case(status=status, assignee="Tom"))
    assert "张伟 在办" in told(name, "zh", Case(status=Status.WORKING, assignee="张伟"))


@pytest.mark.parametrize("name", ["bulletin", "major_case"])
def test_a_brief_keeps_the_punctuation_and_masks_wide_digits(name: str) -> None:
    said = told(name, "zh", Case(summary="是死人吗？？坏了四天，我妈８０岁！电话１３８００００１１１１"))
    assert "是死人吗？？坏了四天，我妈80岁！" in said
    assert "13800001111" not in said
    assert "１３８００００１１１１" not in said


@pytest.mark.parametrize("said", ["确认 S0 0001 老人爬楼出过事", "confirm S0 0001 老人爬楼出过事"])
async def test_the_reason_of_a_grade_is_the_reason_alone(fresh_sqlite_url: str, said: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.says("投诉 2栋水管爆了，水已经漫进家里，电话13712345678")
        await kit.deliver()
        assert (await kit.the_complaint()).proposal is not None
        await kit.says(said, "lead")
        await kit.deliver()
        told = "\n".join(kit.chat.texts("handler"))
        assert "老人爬楼出过事" in told
        assert said not in told
        assert (await kit.the_complaint()).severity is Severity.S0
