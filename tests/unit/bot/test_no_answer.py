"""Words that answer nothing, said where we asked how satisfied somebody is: never yes, never no; the question is put again."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.grammar import Pending, Verb, understand
from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import Kit, exchange, open_desk


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, before=done) as kit:
        yield kit


async def done(kit: Kit) -> None:
    await kit.says("楼道灯坏了 3栋502 13800001111 王芳")
    await kit.says("接单", "handler")
    await kit.says("办结 换了灯", "handler")
    await kit.deliver()


NOTHING_SAID = [
    "周报", "月报", "签到", "打卡", "考勤", "会议", "会议室", "名单", "快递", "地址", "在吗", "早上好", "我在上班",
    "好的 知道了", "report", "call log", "invoice", "roster", "lunch anyone", "hello?", "good morning",
]  # fmt: skip


@pytest.mark.parametrize("words", NOTHING_SAID)
def test_what_says_nothing_of_it_is_neither_praise_nor_blame(words: str) -> None:
    assert understand(words, pending=Pending.RATING).verb is not Verb.RATE


@pytest.mark.parametrize("words", NOTHING_SAID)
async def test_it_is_asked_again_with_its_answers(kit: Kit, words: str) -> None:
    said = await exchange(kit, words, "c1")
    assert (await kit.the_complaint()).status is Status.RESOLVED
    assert "满意" in said[-1] or "请从下面选一个" in said[-1]
    shown = next(message for message in reversed(kit.chat.sent) if message.address == "c1")
    assert [button.label for button in shown.buttons] == ["满意", "一般", "不满意"]


async def test_help_is_told_all_the_same(kit: Kit) -> None:
    [said] = await exchange(kit, "帮助", "c1")
    assert "催办" in said


@pytest.mark.parametrize(
    "words",
    ["he came and it works", "they came, its working", "he came and fixed it", "师傅来过了 能用了", "来了 好用了"],
)
async def test_that_somebody_came_and_it_works_is_no_discontent(kit: Kit, words: str) -> None:
    await kit.says(words)
    assert (await kit.the_complaint()).round == 1
    assert (await kit.the_complaint()).status in (Status.RESOLVED, Status.CLOSED)


def test_that_all_works_now_is_no_trouble() -> None:
    assert understand("the guy came and now it works fine", pending=Pending.RATING).said("rating") == "satisfied"


@pytest.mark.parametrize(
    "words",
    ["he came but it doesnt work", "he came and now it is worse", "now it works only half the time", "来了 又坏了"],
)
def test_that_somebody_came_for_nothing_is_discontent(words: str) -> None:
    assert understand(words, pending=Pending.RATING).said("rating") in ("dissatisfied", "")
    assert understand(words, pending=Pending.RATING).said("rating") != "satisfied"


@pytest.mark.parametrize("words", ["杠杠滴", "太拉胯了", "呸", "50 50", "嘎嘎好", "lousy", "ace"])
def test_a_word_that_says_it_counts(words: str) -> None:
    assert understand(words, pending=Pending.RATING).verb is Verb.RATE
