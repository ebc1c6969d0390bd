"""Trouble told with a laugh or in scorn, and words that nobody could read before the next ones."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.grammar import Verb, understand
from tests.unit.bot.desk_kit import Kit

FILED = (Verb.COMPLAIN, Verb.URGE, Verb.RATE)  # with nothing open each of them is the matter itself
SCORN = [
    "THIS IS A JOKE!!! THIRD TIME THIS MONTH MY WIFI IS DOWN AND NOBODY PICKS UP THE PHONE. SORT IT OUT",
    "this is a joke. no internet again at 8 fleet st york, pam ray +447911444777",
    "lol my router died again, 3 high st york",
    "what a joke of a company. no internet for 3 days",
    "haha very funny. third day without water",
    "you've got to be kidding me, lights off again in the whole corridor",
    "no internet again lol",
    "哈哈 三天没热水了 真行",
    "呵呵 电视没信号 第三天了",
    "这简直是笑话 房租涨了都没人通知",
    "天大的笑话，网又断了",
]


@pytest.mark.parametrize("words", SCORN)
async def test_trouble_told_in_scorn_is_filed(kit: Kit, words: str) -> None:
    assert understand(words).verb in FILED
    await kit.says(words)
    assert words[-10:] in (await kit.the_complaint()).summary


@pytest.mark.parametrize(
    "words", ["lol", "haha", "this is a joke", "tell me a joke", "哈哈", "呵呵", "讲个笑话", "哈哈 今天天气真好"]
)
def test_a_laugh_alone_is_no_complaint(words: str) -> None:
    assert understand(words).verb is Verb.UNCLEAR


@pytest.mark.parametrize(
    ("unread", "told"),
    [
        ("my thingummy jig", "YORK. 5 BAR LANE, it is broken"),
        ("the thing", "complaint the lift is broken"),
        ("阳台那个", "3栋502漏水了没人修"),
    ],
)
async def test_words_that_were_not_understood_are_filed_with_the_next(kit: Kit, unread: str, told: str) -> None:
    await kit.says(unread)
    assert await kit.complaints() == []
    await kit.says(told)
    summary = (await kit.the_complaint()).summary
    assert summary.startswith(unread)
    assert summary.endswith(told.removeprefix("complaint "))


async def test_they_are_filed_once_and_wait_for_half_an_hour(kit: Kit) -> None:
    await kit.says("阳台那个")
    await kit.says("3栋502漏水了没人修")
    await kit.says("投诉 保安半夜放歌吵得睡不着")
    assert [("阳台" in each.summary) for each in await kit.complaints()] == [True, False]
    await kit.says("阳台那个", "c2")
    kit.clock.move_to(kit.clock.now() + timedelta(minutes=31))
    await kit.says("5栋电梯坏了三天没人修", "c2")
    assert all("阳台" not in each.summary for each in (await kit.complaints())[1:])


async def test_small_talk_is_not_kept(kit: Kit) -> None:
    await kit.says("哈哈 今天天气真好")
    await kit.says("3栋502漏水了没人修")
    assert "天气" not in (await kit.the_complaint()).summary
