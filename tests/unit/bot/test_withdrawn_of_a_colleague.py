"""What was said of a colleague and withdrawn comes back in ordinary words: they do not read it, whatever is said."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from complaints.vocabulary import Role, Status
from tests.unit.bot.desk_kit import PLAIN_CHAT, FakeChannel, Kit, entry, open_desk

STAFF = (
    entry("李娜", Role.HANDLER),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=3),
    entry("陈总", Role.LEADER, line=4),
)
CHATS = {"李娜": "lina", "王主管": "lead", "陈总": "leader"}
RUDE = "王主管态度太差 骂人"
BRIBE = "王主管吃拿卡要 收红包"


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    channels = [FakeChannel("chat", PLAIN_CHAT)]
    async with open_desk(fresh_sqlite_url, channels=channels, staff=STAFF, chats=CHATS) as kit:
        yield kit


async def withdrawn(kit: Kit, text: str) -> None:
    for words in (text, "撤销", "是"):
        await kit.says(words)
        await kit.deliver()
    assert (await kit.complaints())[-1].status is Status.WITHDRAWN


def of_them(kit: Kit) -> list[str]:
    return kit.chat.texts("lead")


@pytest.mark.parametrize(
    ("before", "words"),
    [(RUDE, "又骂了 恢复吧"), (RUDE, "又骂人了，还是恢复吧"), (RUDE, "他又骂我了 帮我恢复那个投诉"),
     (RUDE, "又骂了"), (RUDE, "他还在骂"), (RUDE, "she swore at me again, please restore it"),
     (RUDE, "he is rude again. reopen my complaint"), (RUDE, "he shouted at me again"),
     (BRIBE, "他又问我要钱 恢复吧"), (BRIBE, "又来问我要钱了"), (BRIBE, "又来要钱了 恢复吧"), (BRIBE, "又来要钱了"),
     (BRIBE, "he asked me for money again, please restore it"), (BRIBE, "he keeps asking me for money")],
)  # fmt: skip
async def test_that_complaint_goes_on_and_stays_from_them(kit: Kit, before: str, words: str) -> None:
    await withdrawn(kit, before)
    await kit.says(words)
    await kit.deliver()
    complaint = await kit.the_complaint()
    assert complaint.status is Status.DISPATCHED
    assert "已恢复" in kit.chat.texts("c1")[-1]
    assert any(words in text for text in kit.chat.texts("lina"))
    assert of_them(kit) == []


@pytest.mark.parametrize("words", ["又来了", "又这样了", "it happened again"])
async def test_words_that_do_not_say_who_are_asked_about(kit: Kit, words: str) -> None:
    await withdrawn(kit, RUDE)
    await kit.says(words)
    await kit.deliver()
    assert "恢复后我们接着处理" in kit.chat.texts("c1")[-1]
    await kit.says("是")
    await kit.deliver()
    assert (await kit.the_complaint()).status is Status.DISPATCHED
    assert any(words in text for text in kit.chat.texts("leader"))
    assert of_them(kit) == []


async def test_what_is_not_to_be_restored_is_not_lost(kit: Kit) -> None:
    await withdrawn(kit, RUDE)
    for words in ("今天中午又那样对我老婆", "否", "投诉 他天天骂人"):
        await kit.says(words)
        await kit.deliver()
    old, new = await kit.complaints()
    assert old.status is Status.WITHDRAWN
    assert "今天中午又那样对我老婆" in new.summary
    assert new.respondents == old.respondents
    assert of_them(kit) == []


@pytest.mark.parametrize("words", ["他天天骂人", "投诉 他问我要钱", "he demands cash from everybody here, complaint"])
async def test_told_anew_it_is_kept_from_them_as_well(kit: Kit, words: str) -> None:
    await withdrawn(kit, RUDE)
    await kit.says(words)
    await kit.deliver()
    old, *new = await kit.complaints()
    assert all(each.respondents == old.respondents for each in new)
    assert old.status is not Status.WITHDRAWN or new
    assert of_them(kit) == []


@pytest.mark.parametrize("words", ["投诉 厨房漏水了", "停水三天了", "电梯又坏了", "complaint: the lift broke again"])
async def test_another_matter_names_nobody_and_restores_nothing(kit: Kit, words: str) -> None:
    await withdrawn(kit, RUDE)
    await kit.says(words)
    await kit.deliver()
    old, new = await kit.complaints()
    assert old.status is Status.WITHDRAWN
    assert new.respondents == frozenset()
    assert of_them(kit)


@pytest.mark.parametrize("words", ["又骂了", "他又骂我了", "he swore at me again"])
async def test_beside_something_open_it_is_asked_which(kit: Kit, words: str) -> None:
    await kit.says("投诉 3栋502厨房漏水")
    await kit.says("投诉 " + RUDE)
    for said in ("撤销 0002", "是"):
        await kit.says(said)
        await kit.deliver()
    kit.chat.sent.clear()
    await kit.says(words)
    await kit.deliver()
    assert "哪一件" in kit.chat.texts("c1")[-1]
    await kit.says("1")
    await kit.deliver()
    assert [each.status for each in await kit.complaints()] == [Status.DISPATCHED, Status.DISPATCHED]
    assert any(words in text for text in kit.chat.texts("lina"))
    assert of_them(kit) == []


async def test_a_wish_beside_something_open_needs_no_question(kit: Kit) -> None:
    await kit.says("投诉 3栋502厨房漏水")
    await kit.says("投诉 " + RUDE)
    for said in ("撤销 0002", "是", "又骂了 恢复吧"):
        await kit.says(said)
        await kit.deliver()
    assert [each.status for each in await kit.complaints()] == [Status.DISPATCHED, Status.DISPATCHED]
    assert not any("又骂了" in text for text in of_them(kit))


@pytest.mark.parametrize("words", ["还是没人来", "谢谢 又麻烦你们了", "师傅又没来", "厨房还在漏水 他又没来"])
async def test_words_about_what_is_open_are_added_there(kit: Kit, words: str) -> None:
    await kit.says("投诉 3栋502厨房漏水")
    await kit.says("投诉 " + RUDE)
    for said in ("撤销 0002", "是", words):
        await kit.says(said)
        await kit.deliver()
    assert (await kit.complaints())[1].status is Status.WITHDRAWN
    assert "哪一件" not in kit.chat.texts("c1")[-1]


@pytest.mark.parametrize("words", ["他又打人了 流了好多血 快来人", "he hit me again, I am bleeding badly"])
async def test_danger_is_no_question_and_stays_from_them(kit: Kit, words: str) -> None:
    await withdrawn(kit, RUDE)
    await kit.says(words)
    await kit.deliver()
    assert (await kit.complaints())[-1].status is Status.DISPATCHED
    assert any(words[:5] in text for text in kit.chat.texts("lina"))
    assert of_them(kit) == []
