"""Whom a name that nobody has may mean."""

from __future__ import annotations

import pytest

from bot.grammar.names import is_near


@pytest.mark.parametrize(
    ("said", "name"),
    [("章伟", "张伟"), ("王小明", "王小鸣"), ("王小民", "王小东"), ("Helen Wad", "Helen Ward")],
)
def test_nearly_the_name(said: str, name: str) -> None:
    assert is_near(said, name)


@pytest.mark.parametrize(("said", "name"), [("张三", "张伟"), ("张", "张伟"), ("李伟", "张伟"), ("Tom", "Helen Ward")])
def test_not_the_name(said: str, name: str) -> None:
    assert not is_near(said, name)
