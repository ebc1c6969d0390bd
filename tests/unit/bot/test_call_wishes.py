"""Who asks to be phoned is heard with the time they name, and with what is wrong besides."""

from __future__ import annotations

import pytest

from bot.grammar.call_wishes import asks_for_call, when_to_call
from tests.unit.bot.desk_kit import exchange, open_desk

TIMES = [
    ("ring me on 07400 555888 after 5 tomorrow about my filling, its come out", "after 5 tomorrow"),
    ("call me on 07400 555999 my denture broke in half, after 5 pls", "after 5"),
    ("can someone ring me after 5? not tuesday tho. 07400 555111", "after 5, not tuesday"),
    ("nobody called me about it, can someone ring me tomorrow between 4 and 5", "tomorrow between 4 and 5"),
    ("call me between 4 and 5pm, not on weekends", "between 4 and 5pm, not on weekends"),
    ("had it fitted tuesday and it fell out, please call me", ""),
    ("我家厨房漏水 明天下午三点后给我打电话", "明天下午三点后"),
    ("给我打电话 5点以后 水管爆了", "5点以后"),
    ("麻烦回个电话，晚上7点以后方便", "晚上7点以后"),
    ("请周三下午2点到4点给我回电", "周三下午2点到4点"),
    ("ring my mum not me on 07400 555666 after 3, im at school. my retainer snapped", "after 3"),
    ("please call my wife tomorrow before 10", "tomorrow before 10"),
    ("明天下午三点后给我妈打电话 我在上学", "明天下午三点后"),
    ("请打给我老婆 周六上午", "周六上午"),
]
NO_WISH = [
    "they call me names every day",
    "they said they would call me tomorrow",
    "nobody ring me back since monday",
    "don't call me before 10",
    "没人给我打电话 昨天下午就该来",
    "说好今天给我打电话的",
    "别给我打电话",
    "my mum called and nobody picked up",
    "他们天天给我妈打电话",
]


@pytest.mark.parametrize(("words", "when"), TIMES)
def test_the_time_is_kept_in_their_words(words: str, when: str) -> None:
    assert asks_for_call(words)
    assert when_to_call(words) == when


@pytest.mark.parametrize("words", NO_WISH)
def test_to_tell_of_calls_asks_for_none(words: str) -> None:
    assert not asks_for_call(words)
    assert when_to_call(words) == ""


@pytest.mark.parametrize(
    ("words", "when"),
    [
        ("ring me on 07400 555888 after 5 tomorrow, my tap is leaking", "after 5 tomorrow"),
        ("my tap is leaking, can someone ring me tomorrow between 4 and 5", "tomorrow between 4 and 5"),
        ("给我打电话 5点以后 3栋502水管爆了", "5点以后"),
        ("3栋502厨房漏水 明天下午三点后给我打电话", "明天下午三点后"),
    ],
)
async def test_what_is_wrong_is_filed_with_the_call(fresh_sqlite_url: str, words: str, when: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        answers = await exchange(kit, words, "c1")
        complaint = await kit.the_complaint()
        assert complaint.going_on
        [*notices] = await kit.outbox("person_wanted")
        assert {notice.reference for notice in notices} == {complaint.reference}
        await kit.deliver()
        assert any(f"“{when}”" in text for text in kit.chat.texts("lead"))
        assert any(f"“{when}”" in answer for answer in answers)


@pytest.mark.parametrize(
    ("words", "when"),
    [("can someone ring me after 5? not tuesday tho", "after 5"), ("晚上7点以后给我打电话", "晚上7点以后")],
)
async def test_whoever_works_on_it_reads_when(fresh_sqlite_url: str, words: str, when: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.says("厨房漏水，3栋502，王芳13712345678")
        await kit.says("派单 0001 @张伟", "lead")
        await kit.says("接单 0001", "handler")
        answers = await exchange(kit, words, "c1")
        await kit.deliver()
        assert any(when in answer for answer in answers)
        assert any(words in text for text in kit.chat.texts("handler"))
        assert any(f"“{when}" in text and "尽快" not in text for text in kit.chat.texts("lead"))


@pytest.mark.parametrize(("words", "when"), [("call me after 5", "after 5"), ("下午5点后给我打电话", "下午5点后")])
async def test_the_time_outlasts_the_question_for_the_number(fresh_sqlite_url: str, words: str, when: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.says(words)
        await kit.deliver()
        before = len(kit.chat.texts("lead"))
        await kit.says("13712345678")
        await kit.deliver()
        assert any(f"“{when}”" in text for text in kit.chat.texts("lead")[before:])


@pytest.mark.parametrize("words", ["转人工", "I want to talk to a person"])
async def test_the_centre_is_told_that_there_is_no_number_to_call(fresh_sqlite_url: str, words: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.says("3栋电梯坏了三天没人修", "c1")
        await exchange(kit, words, "c1")
        told = kit.chat.texts("lead")[-1]
        assert "还没有他的电话" in told
        assert "答复客户" in told
        assert "回电" not in told
