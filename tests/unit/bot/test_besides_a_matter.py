"""What customers say that is no matter of its own: the press, when they are at home, which ways there are to complain."""

from __future__ import annotations

import pytest

from bot.grammar import Pending, Speaker, Verb, understand
from complaints.vocabulary import Role, Severity
from tests.unit.bot.desk_kit import CHAT, FakeChannel, entry, open_desk

MATTER = "4栋电梯坏了三天没人修，李娜13712345678"
THREATS = ["我要找记者", "I'll go to the press"]


@pytest.mark.parametrize("text", THREATS)
async def test_r041_whoever_asks_for_the_press_is_graded_before_and_after_there_is_a_complaint(
    fresh_sqlite_url: str, text: str
) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await kit.says(MATTER, "c1")
        await kit.says(text, "c1")
        await kit.says(text, "c2")
        await kit.deliver()
        proposals = [complaint.proposal for complaint in await kit.complaints()]
        assert [each and each.severity for each in proposals] == [Severity.S2, Severity.S2]
        assert sum("可能是“热点”" in told for told in kit.chat.texts("lead")) == 2


async def test_a_wish_for_a_person_alone_proposes_nothing_and_files_nothing(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await kit.says("人工", "c2")
        assert await kit.complaints() == []
        await kit.says(MATTER, "c1")
        await kit.says("我要找个人说话", "c1")
        assert (await kit.the_complaint()).proposal is None


AT_HOME = [
    "明天上午十点我在家", "我下午都在家", "周六都有空", "我明天9点到11点有时间", "明天家里有人", "下周三我在家，可以过来",
    "I'm home tomorrow at ten", "I am free on Saturday", "tomorrow morning I'll be at home", "someone is in all day Friday",
]  # fmt: skip


def test_who_is_at_home_when_is_no_pressing_and_pressing_stays_such() -> None:
    assert [text for text in AT_HOME if understand(text).verb is not Verb.ADD] == []
    for text in (
        "明天我在家，快点来",
        "我在家等一天了，能不能快点",
        "天天在家都没热水",
        "I was home all day and nobody came",
    ):
        assert understand(text).verb is not Verb.ADD, text
    assert understand("周三我在家，门给你们留着", Speaker.CUSTOMER, Pending.PLAN).verb is Verb.AGREE


@pytest.mark.parametrize("text", AT_HOME[:1] + AT_HOME[6:7])
async def test_who_is_at_home_when_is_added_and_counts_as_no_urging(fresh_sqlite_url: str, text: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await kit.says(text, "c2")
        assert await kit.complaints() == []
        await kit.says(MATTER, "c1")
        await kit.says("接单", "handler")
        await kit.says(text, "c1")
        await kit.deliver()
        assert "有补充" in kit.chat.texts("handler")[-1]
        assert text in kit.chat.texts("handler")[-1]
        assert not any("催" in told for told in kit.chat.texts("handler"))


WAYS = ["投诉渠道", "有什么投诉渠道", "投诉渠道有哪些", "投诉电话是多少", "怎么投诉", "去哪里投诉", "how can I complain",
        "what are the complaint channels?", "where can I make a complaint"]  # fmt: skip


@pytest.mark.parametrize("text", WAYS)
async def test_r003_the_ways_to_complain_are_told_and_nothing_is_filed(fresh_sqlite_url: str, text: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await kit.says(text, "c1")
        await kit.deliver()
        assert await kit.complaints() == []
        [told] = kit.chat.texts("c1")
        assert "400-800-0000" in told
        assert "匿名投诉" in told or "anonymous complaint" in told


def test_a_complaint_about_a_way_to_complain_stays_one() -> None:
    for text in ("投诉电话没人接", "投诉渠道不通，打了三次没人理", "your complaint hotline never answers"):
        assert understand(text).verb is not Verb.HELP, text


def test_understand_says_what_the_conversation_makes_of_it() -> None:
    for text in ("匿名投诉", "匿名投诉 保安半夜喝酒", "anonymous complaint: the guard drinks"):
        meant = understand(text)
        assert (meant.verb, meant.arguments["anonymous"]) == (Verb.COMPLAIN, True)
    for text in ("我来联系", "我来联系 0001", "I'll contact them"):
        meant = understand(text, Speaker.HANDLER)
        assert (meant.verb, meant.arguments["contact"]) == (Verb.ACCEPT, True)
    assert "contact" not in understand("接单", Speaker.HANDLER).arguments


async def test_r039_a_commander_sends_bulletins_of_the_case_they_command_alone(fresh_sqlite_url: str) -> None:
    staff = (
        entry("张伟", Role.HANDLER, superior="王主管"),
        entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=3),
        entry("郭飞", Role.COMMANDER, line=4),
        entry("钱进", Role.MEDIA_OFFICER, line=5),
        entry("赵总", Role.LEADER, line=6),
    )
    addresses = {"张伟": "zhang", "王主管": "lead", "郭飞": "cmd", "钱进": "media", "赵总": "boss"}
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)], staff=staff, chats=addresses) as kit:
        await kit.says(MATTER, "c1")
        await kit.says("5栋门禁坏了，钱多13812345677", "c2")
        await kit.says("成立专案组 0001 @张伟 指挥 郭飞", "lead")
        await kit.deliver()
        before = len(kit.chat.texts("boss"))
        await kit.says("快报 0002 已到现场", "cmd")
        await kit.says("媒体已答复 0002 已发稿", "media")
        await kit.deliver()
        assert len(kit.chat.texts("boss")) == before
        assert "0002 不归您负责" in kit.chat.texts("cmd")[-1]
        assert "没有标记为媒体投诉" in kit.chat.texts("media")[-1]
        await kit.says("快报 0001 已到现场", "cmd")
        await kit.deliver()
        assert "已到现场" in kit.chat.texts("boss")[-1]


async def test_what_comes_with_pressing_is_read_by_who_has_it_however_often_it_is_pressed(
    fresh_sqlite_url: str,
) -> None:
    """R-063: pressing twice disturbs nobody twice; what else such words say is no pressing."""
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await kit.says("3栋502厨房漏水，我姓李，电话13800138000")
        await kit.says("接单 0001", "handler")
        await kit.deliver()
        await kit.says("催一下")
        await kit.deliver()
        told = (
            "张师傅来过了，态度特别好，但没修好",
            "I don't want an apology I want money",
            "再不修我就去砸你们办公室",
        )
        for text in told:
            await kit.says(text)
            await kit.deliver()
        read = "\n".join(kit.chat.texts("handler"))
        assert [text for text in told if text not in read] == []
        assert "砸你们办公室" in kit.chat.texts("lead")[-1]


async def test_what_is_still_broken_is_no_answer_to_who_one_is(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await kit.says("楼道灯不亮")
        await kit.says("the engineer came, really friendly chap, but it still doesn't work")
        await kit.deliver()
        assert "still doesn't work" in kit.chat.texts("handler")[-1]
