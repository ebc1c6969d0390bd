"""What names a complaint, and only a word besides, is no name of a colleague: yes, no, a category, a question, "all"."""

from __future__ import annotations

import pytest

from bot.grammar import Speaker, understand
from tests.unit.bot.desk_kit import open_desk


@pytest.mark.parametrize(
    ("said", "verb", "arguments"),
    [
        ("0001 nope", "reject", {"reference": "0001"}),
        ("TS20261123-0001 ok", "approve", {"reference": "TS20261123-0001"}),
        ("TS20261123-0001 no hold, go and look", "reject", {"reference": "TS20261123-0001", "reason": "go and look"}),
        ("who's on 0015", "status", {"reference": "0015"}),
        ("0015 谁在办", "status", {"reference": "0015"}),
        ("0012 改一下分类 水电", "correct", {"what": "category", "value": "水电", "reference": "0012"}),
        ("0012 分类 水电", "correct", {"what": "category", "value": "水电", "reference": "0012"}),
        ("把 0012 的分类改成水电", "correct", {"what": "category", "value": "水电", "reference": "0012"}),
        ("change the category of 0012 to plumbing", "correct", {"what": "category", "value": "plumbing", "reference": "0012"}),
        ("about 0005 Raj Nair", "names", {"reference": "0005", "who": "Raj Nair"}),
        ("grade 0015 ordinary", "grade", {"reference": "0015", "severity": "S4"}),
        ("0005 close it", "close", {"reference": "0005"}),
        ("全部结案", "close", {"all": True}),
        ("close everything", "close", {"all": True}),
        ("0001 Tom Baker", "assign", {"reference": "0001", "who": "Tom Baker"}),
    ],
)  # fmt: skip
def test_the_centre_is_answered_about_what_it_said(said: str, verb: str, arguments: dict[str, object]) -> None:
    meant = understand(said, Speaker.SUPERVISOR)
    assert (meant.verb, meant.arguments) == (verb, arguments)


async def test_whoever_would_close_everything_is_asked_for_a_number(database_url: str) -> None:
    async with open_desk(database_url) as kit:
        await kit.says("全部结案", "lead")
        await kit.says("定级 重大", "lead")
        await kit.deliver()
        assert [text for text in kit.chat.texts("lead") if "请带上编号" in text] == kit.chat.texts("lead")


async def test_whoever_closes_what_is_worked_on_hears_what_comes_before(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.says("投诉 厨房漏水三天没人修 3栋502 13800001111 李先生")
        number = (await kit.the_complaint()).reference[-4:]
        await kit.says(f"结案 {number} 已电话解释", "lead")
        await kit.deliver()
        assert "客户评价之后才能结案" in kit.chat.texts("lead")[-1]
