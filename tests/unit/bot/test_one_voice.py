"""One voice outward over the real desk: who reads what is let out, and who is named where somebody may not speak."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.grammar import Speaker, Verb, understand
from complaints.complaint import Complaint
from complaints.outward import from_the_press
from complaints.vocabulary import Flag, Role
from tests.unit.bot.desk_kit import Kit, entry, open_desk

PEOPLE = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=3),
    entry("陈客服", Role.AGENT, line=4),
    entry("赵总", Role.LEADER, line=5),
    entry("冯媒体", Role.MEDIA_OFFICER, line=6),
    entry("周调度", Role.DISPATCHER, line=7),
)
ADDRESSES = {
    "张伟": "handler", "王主管": "lead", "陈客服": "agent", "赵总": "leader", "冯媒体": "media", "周调度": "dispatcher"
}  # fmt: skip


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=ADDRESSES) as kit:
        yield kit


async def case(kit: Kit, number: str) -> Complaint:
    [found] = [each for each in await kit.complaints() if each.reference.endswith(number)]
    return found


def last(kit: Kit, who: str) -> str:
    return kit.chat.texts(who)[-1]


async def two_of_one_matter(kit: Kit) -> None:
    """Let two neighbours complain of one lift, the second merged into the first, in hand with the handler."""
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678", "c1")
    await kit.says("投诉 3栋电梯坏了三天，电话13912345678", "c2")
    await kit.says("0002 并入 0001", "lead")
    await kit.says("接单 0001", "handler")
    await kit.deliver()


async def test_an_answer_to_one_customer_reaches_nobody_else_of_the_group(kit: Kit) -> None:
    await two_of_one_matter(kit)
    await kit.says("中心答复 0001 别担心，公司会全额赔偿", "agent")
    await kit.says("进展 0001 主板明天到货", "handler")
    await kit.deliver()
    assert any("全额赔偿" in text for text in kit.chat.texts("c1"))
    assert not any("全额赔偿" in text for text in kit.chat.texts("c2"))
    assert any("主板明天到货" in text for text in kit.chat.texts("c2"))
    await kit.says("中心答复 0001 赔偿两千元", "agent")
    await kit.says("办结 0001 已换主板", "handler")
    await kit.deliver()
    await kit.says("进度", "c2")
    await kit.deliver()
    assert "两千元" not in "".join(kit.chat.texts("c2"))


async def test_the_echo_says_exactly_what_went_out_and_to_whom(kit: Kit) -> None:
    await two_of_one_matter(kit)
    await kit.says("媒体介入 0001 电视台来采访", "lead")
    await kit.says("中心答复 0001 别担心，公司会全额赔偿", "agent")
    await kit.says("办结 0001 接头已更换", "handler")
    await kit.deliver()
    asked = [text for text in kit.chat.texts("media") if "会看到" in text]
    assert "1 位客户会看到" in asked[0]
    assert "2 位客户会看到" in asked[1]
    assert "0002" in asked[1]
    await kit.says("发出 0001", "media")
    await kit.deliver()
    assert "全额赔偿" in last(kit, "media")
    assert "1 位客户" in last(kit, "media")
    await kit.says("发出 0001", "media")
    await kit.deliver()
    assert "接头已更换" in last(kit, "media")
    assert "全额赔偿" not in last(kit, "media")
    assert "2 位客户" in last(kit, "media")


async def test_canned_words_wait_for_the_one_voice(kit: Kit) -> None:
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678", "c1")
    await kit.says("话术 新增 安抚：我们会尽快处理", "lead")
    await kit.says("媒体介入 0001 电视台来采访", "lead")
    await kit.says("用 1 发给 0001", "lead")
    await kit.deliver()
    assert [each.text for each in (await case(kit, "0001")).unspoken] == ["我们会尽快处理"]
    assert not any("尽快处理" in text for text in kit.chat.texts("c1"))


async def test_what_is_exposed_outside_waits_for_the_one_voice_too(kit: Kit) -> None:
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678", "c1")
    await kit.says("已被曝光 0001 业主发了微博", "agent")
    await kit.says("中心答复 0001 我们会赔偿", "agent")
    await kit.deliver()
    assert any("业主发了微博" in text for text in kit.chat.texts("media"))
    assert [each.text for each in (await case(kit, "0001")).unspoken] == ["我们会赔偿"]
    assert not any("我们会赔偿" in text for text in kit.chat.texts("c1"))


async def test_whoever_may_not_speak_is_told_who_does(kit: Kit) -> None:
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678", "c1")
    await kit.says("媒体介入 0001 电视台来采访", "lead")
    await kit.says("中心答复 0001 我们会赔偿", "agent")
    for who in ("lead", "agent"):
        await kit.says("发出 0001", who)
        await kit.deliver()
        assert "冯媒体" in last(kit, who)
        assert "媒体负责人" in last(kit, who)
    await kit.says("已发布 0001 https://bbs.example.com/t/1", "agent")
    await kit.deliver()
    assert "冯媒体" in last(kit, "agent")


async def test_whoever_speaks_alone_hears_that_nothing_waits(kit: Kit) -> None:
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678", "c1")
    await kit.says("媒体介入 0001 电视台来采访", "lead")
    await kit.says("发出 0001", "media")
    await kit.deliver()
    assert "没有等着发给客户的" in last(kit, "media")


async def test_r039_members_are_told_that_the_commander_speaks_only_where_that_is_so(kit: Kit) -> None:
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678", "c1")
    await kit.says("定级 0001 热点 要上访", "lead")
    await kit.says("成立专案组 0001 @张伟 指挥 赵总", "lead")
    await kit.deliver()
    assert any("专案组" in text for text in kit.chat.texts("leader"))
    assert not any("由总指挥定" in text for text in kit.chat.texts("leader"))
    await kit.says("投诉 5栋电梯坏了三天没人修，电话13912345678", "c2")
    await kit.says("定级 0002 重大 伤了人", "lead")
    await kit.says("成立专案组 0002 @张伟 指挥 赵总", "lead")
    await kit.deliver()
    assert any("由总指挥定" in text for text in kit.chat.texts("leader"))


async def test_r069_a_journalists_complaint_is_the_media_officers_at_once(kit: Kit) -> None:
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678", "c1")
    await kit.says("我是南方都市报记者，想了解3栋电梯坏了三天没人修的事", "c2")
    await kit.deliver()
    assert Flag.MEDIA in (await case(kit, "0002")).flags
    assert any("有媒体介入" in text and "记者" in text for text in kit.chat.texts("media"))
    assert any(text.startswith("【媒体】") and "0002：有媒体介入" in text for text in kit.chat.texts("lead"))
    assert "房号" not in last(kit, "c2")
    assert not any("可能和" in text for text in kit.chat.texts("agent"))
    await kit.says("0002 并入 0001", "agent")
    await kit.deliver()
    assert "王主管" in last(kit, "agent")
    await kit.says("0002 并入 0001", "lead")
    assert (await case(kit, "0002")).master is None
    await kit.says("是", "lead")
    assert (await case(kit, "0002")).master is not None


@pytest.mark.parametrize("asked", ["你们怎么回应？今晚要发稿", "How do you answer? We print tonight"])
async def test_r069_what_a_journalist_asks_is_put_to_whoever_answers_the_press(kit: Kit, asked: str) -> None:
    await kit.says("我是南方都市报记者，想了解3栋电梯坏了三天没人修的事", "c2")
    await kit.says(asked, "c2")
    await kit.deliver()
    assert any(asked in text for text in kit.chat.texts("media"))
    assert "催办" not in last(kit, "c2")
    await kit.says("帮助", "c2")
    await kit.deliver()
    assert "催办" in last(kit, "c2")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("我是晚报记者，想了解情况", True),
        ("这里是省电视台的，电梯的事想采访", True),
        ("I'm a reporter with the Daily News", True),
        ("Hello, I write for the Evening Post and would like a comment about the lift", True),
        ("I'm from Channel 5 news, can you confirm a child was hurt?", True),
        ("calling from BBC, who handles press?", True),
        ("we go to print at 8 tonight", True),
        ("I'm a producer at Radio 4", True),
        ("Hi, this is Channel 4, I'd like to hear about the barbecue nuisance on your estate", True),
        ("this is the BBC", True),
        ("this is where Channel 4 was filming", False),
        ("I'll call Channel 4 about this", False),
        ("I am going to call the BBC", False),
        ("I write for the third time about the leak", False),
        ("I'm from Guardian House, the lift is broken", False),
        ("our paper was not delivered, the Daily Mail lies in the lobby", False),
        ("我是业主，再不修我找记者", False),
        ("我是要找记者的", False),
        ("我是记者的妈妈", False),
        ("I am calling a journalist", False),
        ("I am the wife of a journalist", False),
    ],
)
def test_who_is_of_the_press(text: str, told: bool) -> None:
    assert from_the_press(text) is told


async def test_r069_what_the_lead_hears_of_the_press_is_marked_and_joined_with_nothing(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        for who in ("c1", "c2", "c3"):
            await kit.says("电梯坏了三天没人修", who)
        await kit.says("你好，我是南方都市报的记者，想了解一下翠湖花园9栋电梯困人的事", "c4")
        await kit.deliver()
        marked = [text for text in kit.chat.texts("lead") if text.startswith("【媒体】")]
        assert any("来信的人说自己是记者" in text for text in marked)
        assert any("新投诉" in text for text in marked)
        assert not any("【媒体】" in text for text in kit.chat.texts("c4"))


async def test_r069_a_journalist_who_says_so_later_is_one_from_then_on(kit: Kit) -> None:
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678", "c1")
    assert Flag.MEDIA not in (await case(kit, "0001")).flags
    await kit.says("我是晚报记者，想采访你们经理", "c1")
    await kit.deliver()
    assert Flag.MEDIA in (await case(kit, "0001")).flags
    assert "想采访你们经理" in "".join(kit.chat.texts("media"))
    assert "说自己是记者" in "".join(kit.chat.texts("lead"))
    await kit.says("进展 0001 已联系电梯公司", "handler")
    await kit.deliver()
    assert not any("已联系电梯公司" in text for text in kit.chat.texts("c1"))


@pytest.mark.parametrize(("who", "words"), [("c1", "恢复 0001"), ("lead", "重开 0001 客户反悔了")])
async def test_who_heard_that_nothing_is_left_to_do_hears_that_it_goes_on(kit: Kit, who: str, words: str) -> None:
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678", "c1")
    await kit.says("定级 0001 重大 伤了人", "lead")
    await kit.says("撤销 0001", "c1")
    await kit.says("是", "c1")
    await kit.deliver()
    assert any("不用再处理" in text for text in kit.chat.texts("agent"))
    await kit.says(words, who)
    await kit.sweep()
    await kit.deliver()
    assert any("0001 已恢复，接着处理" in text for text in kit.chat.texts("agent"))
    assert any("又恢复" in text for text in kit.chat.texts("leader"))
    assert any("0001" in text for text in kit.chat.texts("handler")[-1:])


ASKS = [
    "有什么需要我对外说的",
    "有没有要对媒体说的？",
    "还有哪些话等我发的",
    "anything I should tell the press?",
    "what waits for me to say?",
]


@pytest.mark.parametrize("said", ASKS)
@pytest.mark.parametrize("role", [Speaker.EMPLOYEE, Speaker.HANDLER, Speaker.SUPERVISOR])
def test_whoever_asks_what_to_say_outside_complains_of_nothing(said: str, role: Speaker) -> None:
    meant = understand(said, role)
    assert (meant.verb, meant.arguments) == (Verb.LIST, {"of": "outward"})


@pytest.mark.parametrize("said", ASKS)
async def test_the_press_officer_hears_what_waits_for_their_words(kit: Kit, said: str) -> None:
    await kit.says(said, "media")
    await kit.deliver()
    assert last(kit, "media") in ("现在没有等着对外说的话。", "Nothing waits to be said outside.")
    assert await kit.complaints() == []
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678", "c1")
    await kit.says("媒体介入 0001 电视台来采访", "lead")
    await kit.says("中心答复 0001 我们会赔偿", "agent")
    await kit.deliver()
    await kit.says(said, "media")
    await kit.deliver()
    assert "0001" in last(kit, "media")
    assert "发出" in last(kit, "media") or "send" in last(kit, "media")
    assert len(await kit.complaints()) == 1


ANSWERS = [
    "answer 0002 we are sorry, the lift will be fixed tomorrow",
    "答复 0002 很抱歉，电梯明天修好",
    "回复 0002：很抱歉，电梯明天修好",
]


@pytest.mark.parametrize("said", ANSWERS)
async def test_an_answer_by_number_is_about_that_complaint_whoever_gives_it(kit: Kit, said: str) -> None:
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678", "c1")
    await kit.says("投诉 5栋漏水，电话13912345678", "c2")
    await kit.says("媒体介入 0001 电视台来采访", "lead")
    await kit.deliver()
    before = {each.reference: each.version for each in await kit.complaints()}
    await kit.says(said, "media")
    await kit.deliver()
    assert {each.reference: each.version for each in await kit.complaints()} == before
    for customer in ("c1", "c2"):
        assert not any("tomorrow" in text or "明天修好" in text for text in kit.chat.texts(customer))
    await kit.says("接单 0002", "handler")
    await kit.says(said, "handler")
    await kit.deliver()
    assert not any("tomorrow" in text or "明天修好" in text for text in kit.chat.texts("c1"))
    assert any("tomorrow" in text or "明天修好" in text for text in kit.chat.texts("c2"))


@pytest.mark.parametrize("first", ["已被曝光 0001", "被曝光了 0001", "exposed 0001", "exposed outside 0001"])
@pytest.mark.parametrize("then", ["媒体介入 电视台来采访", "the press is involved: 电视台来采访"])
async def test_a_mark_in_place_of_the_line_that_was_asked_for_is_of_the_same_complaint(
    kit: Kit, first: str, then: str
) -> None:
    await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678", "c1")
    await kit.says("投诉 5栋漏水，电话13912345678", "c2")
    await kit.says(first, "agent")
    await kit.says(then, "agent")
    await kit.deliver()
    assert Flag.MEDIA in (await case(kit, "0001")).flags
    assert Flag.MEDIA not in (await case(kit, "0002")).flags
    assert "电视台来采访" in last(kit, "media")


@pytest.mark.parametrize("said", ["exposed wires in the corridor of 0002", "exposed pipes again"])
def test_what_lies_open_is_no_press(said: str) -> None:
    assert understand(said, Speaker.HANDLER).verb is not Verb.TICK
