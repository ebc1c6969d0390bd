"""What an alarm and a brief show of a matter: what it is, then what was shouted last; and who has to do with it now."""

from __future__ import annotations

import pytest

from bot.words import LOCALES
from complaints.vocabulary import SETTLED, Status
from connectors.port import Form
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
