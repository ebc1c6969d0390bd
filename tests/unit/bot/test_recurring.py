"""Days that come again, as people name them."""

from __future__ import annotations

import pytest

from bot.grammar.recurring import weekly


@pytest.mark.parametrize(
    ("text", "days", "said"),
    [
        ("每周一 张伟 8-20", "mon", "每周一"),
        ("张伟 每周一三五", "mon,wed,fri", "每周一三五"),
        ("每周一至周五", "mon,tue,wed,thu,fri", "每周一至周五"),
        ("每天 22:00-06:00 张伟", "daily", "每天"),
        ("工作日 李娜", "workdays", "工作日"),
        ("every Monday Helen 8-20", "mon", "every Monday"),
        ("weekends Helen", "sat,sun", "weekends"),
    ],
)
def test_recurring(text: str, days: str, said: str) -> None:
    found = weekly(text)
    assert found is not None
    assert (str(found.days), found.said) == (days, said)


@pytest.mark.parametrize("text", ["周六 张三", "12月1日 张三", "下周一 张三", "Saturday Helen"])
def test_a_date_does_not_recur(text: str) -> None:
    assert weekly(text) is None
