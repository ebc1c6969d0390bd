"""A colleague tells that a journalist has called: a matter of the press, and nobody writes to whoever called (R-069)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.press import answers_press
from bot.storage.models import AddressRow, EventRow
from complaints.change import EventKind
from complaints.press import called
from complaints.vocabulary import Flag, Role, Status
from tests.unit.bot.desk_kit import Kit, entry, open_desk

PEOPLE = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("王主管", Role.CENTER_LEAD, line=3),
    entry("陈客服", Role.AGENT, line=4),
    entry("冯媒体", Role.MEDIA_OFFICER, line=6),
)
ADDRESSES = {"张伟": "handler", "王主管": "lead", "陈客服": "agent", "冯媒体": "media"}
CALLED = [
    "你好，刚才有个南方都市报的记者打我电话问8栋地库泡车的事，叫何记者 13999990000，要我们今天下班前回应",
    "刚才电视台民生栏目的林记者来电问垃圾没人收的事 电话13999990000 下班前要回应",
    "接到都市报的电话，问停水的事，13999990000",
    "南都何记者 13999990000 来电，要我们今天回应",
    "a journalist from the Evening Post just rang about the flooded garage, 139 9999 0000, wants a statement by six",
    "got a call from the Daily Mail about the lift, they are on 13999990000",
]
NOT_CALLED = [
    "客户说再不解决就找记者",
    "业主威胁要打电话给电视台",
    "如果记者打电话来怎么办",
    "他是记者，来电说水管漏了",
    "我的投诉 王女士说报纸丢了，打电话来要说法",
    "the customer says she will call the press",
    "he said the newspaper was not delivered",
    "customer is a journalist and called about her tap",
    "I want to complain, the paper shop called",
]


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=ADDRESSES) as kit:
        yield kit


@pytest.mark.parametrize("text", CALLED)
@pytest.mark.parametrize("role", [Speaker.EMPLOYEE, Speaker.HANDLER, Speaker.SUPERVISOR])
def test_it_is_known_whoever_tells_it(text: str, role: Speaker) -> None:
    meant = understand(text, role)
    assert (meant.verb, meant.arguments.get("press")) == (Verb.COMPLAIN_FOR, True)
    assert understand(text).arguments.get("press") is None  # a customer's words are their own


@pytest.mark.parametrize("text", NOT_CALLED)
def test_who_threatens_with_the_press_or_is_of_it_has_not_called_for_it(text: str) -> None:
    assert not called(text)
    assert understand(text, Speaker.SUPERVISOR).arguments.get("press") is None


def test_as_a_reason_that_was_asked_for_it_is_one() -> None:
    assert understand("记者来采访，要我们回应，耽误了", Speaker.HANDLER, Pending.REASON).verb is Verb.REASON


@pytest.mark.parametrize("who", ["media", "agent", "handler", "lead"])
@pytest.mark.parametrize("text", [CALLED[0], CALLED[4]])
async def test_nobody_writes_to_whoever_called(kit: Kit, who: str, text: str) -> None:
    await kit.says(text, who)
    await kit.deliver()
    complaint = await kit.the_complaint()
    assert Flag.MEDIA in complaint.flags
    assert complaint.task is None  # whoever repairs is not sent to call a journalist
    said = "".join(kit.chat.texts(who))
    assert "媒体来访" in said or "It is a question of the press" in said
    said = "".join(kit.chat.texts("media"))
    assert "有记者联系我们" in said or "a journalist has asked" in said
    said = "".join(kit.chat.texts("lead"))
    assert "有记者联系我们" in said or "a journalist has asked" in said
    assert not any("缺客户的联系方式" in each or "没有找到合适" in each for each in kit.chat.texts("agent"))
    await kit.says(f"{complaint.reference} 客户电话 13999990000", "lead")
    await kit.says(f"派单 {complaint.reference} @张伟 去看看现场", "lead")
    await kit.says(f"接单 {complaint.reference}", "handler")
    await kit.says(f"办结 {complaint.reference} 抽干了水，原因是泵坏了", "handler")
    await kit.says(f"发出 {complaint.reference}", "media")
    for _ in range(3):
        await kit.sweep()
        await kit.deliver()
    assert kit.sms.sent == []
    assert not await kit.rows(AddressRow, AddressRow.address == "+8613999990000")
    assert not any("没有送到" in each for each in kit.chat.texts("lead"))


@pytest.mark.parametrize(
    "words",
    [
        "媒体介入 0001 南方都市报何记者",
        "0001 有记者打电话来问，要今天回应",
        "press involved 0001 the Evening Post",
        "0001 a reporter rang about it and wants a statement",
    ],
)
async def test_whoever_answers_the_press_says_which_one_it_asks_about(kit: Kit, words: str) -> None:
    await kit.says("投诉 8栋地库又泡水了，车都淹了，电话13712345678", "c1")
    await kit.says(words, "media")
    await kit.deliver()
    assert Flag.MEDIA in (await kit.the_complaint()).flags


@pytest.mark.parametrize("words", ["0001 不是投诉 是记者", "0001 not a complaint, it's a journalist"])
@pytest.mark.parametrize("who", ["media", "lead"])
async def test_what_is_no_complaint_because_the_press_asks_is_not_found_invalid(kit: Kit, words: str, who: str) -> None:
    await kit.says("投诉 8栋地库又泡水了，车都淹了，电话13712345678", "c1")
    await kit.says(words, who)
    await kit.deliver()
    assert (await kit.the_complaint()).status is not Status.INVALID
    await kit.says("南都何记者", who)  # what is asked for
    await kit.deliver()
    assert Flag.MEDIA in (await kit.the_complaint()).flags
    assert "经核对" not in "".join(kit.chat.texts("c1"))


@pytest.mark.parametrize(
    "text",
    [
        "XX晚报的记者打电话问地库的事 13999990000",
        "荔枝新闻的人打电话来 13999990000 问8栋地库",
        "1818黄金眼打电话来问电梯",
        "小编来电问地库",
        "江苏卫视打电话来采访",
        "someone from the Evening Herald called about the garage",
        "the Echo rang, they want a comment",
    ],
)
def test_papers_and_programmes_in_no_list_are_the_press(text: str) -> None:
    assert called(text)


@pytest.mark.parametrize(
    "text",
    [
        "业主编辑群里有人打电话",
        "看新闻的人打电话来说停电",
        "客户在卫视上班，打电话来说漏水",
        "新闻里说停水，客户打电话来问",
        "住户问政策",
    ],
)
def test_what_only_has_such_a_word_in_it_is_no_press(text: str) -> None:
    assert not called(text)


@pytest.mark.parametrize(
    "form",
    [
        ("电话投诉 何记者 13999990000 8栋 地库泡车，问我们怎么处理",),
        ("电话投诉", "南方都市报何记者", "13999990000", "8栋", "跳过", "地库泡车，要我们今天回应"),
        ("电话投诉", "何先生", "13999990000", "8栋", "跳过", "他是来问的，有晚报的记者打电话问地库泡车"),
    ],
    ids=["whole", "name", "matter"],
)
async def test_a_journalist_in_the_phone_form_is_no_customer_to_be_written_to(kit: Kit, form: tuple[str, ...]) -> None:
    for answer in form:
        await kit.says(answer, "agent")
    for _ in range(8):
        if await kit.complaints():
            break
        await kit.says("跳过", "agent")
    await kit.deliver()
    complaint = await kit.the_complaint()
    assert Flag.MEDIA in complaint.flags
    assert complaint.task is None
    assert "13999990000" in complaint.summary
    for _ in range(2):
        await kit.sweep()
        await kit.deliver()
    assert kit.sms.sent == []
    assert not await kit.rows(AddressRow, AddressRow.address == "+8613999990000")


async def two_open(kit: Kit) -> None:
    await kit.says("楼道灯坏了 3栋502 13800001111 王芳", "c1")
    await kit.says("8栋地库泡水 13800001112 李四", "c2")
    await kit.deliver()


MINE = ["记者那边我来回", "媒体这边我来回应", "记者我来对接", "I'll reply to the journalist", "let me handle the press"]


@pytest.mark.parametrize("words", MINE)
@pytest.mark.parametrize("who", ["media", "handler", "lead"])
async def test_who_answers_the_press_takes_no_work_on(kit: Kit, words: str, who: str) -> None:
    await two_open(kit)
    await kit.says("媒体介入 0002 南方都市报何记者", "lead")
    await kit.deliver()
    kit.chat.sent.clear()
    await kit.says(words, who)
    await kit.deliver()
    assert all(each.status is Status.DISPATCHED for each in await kit.complaints())
    assert "TS20260302-0002" in kit.chat.texts(who)[-1]
    assert [event.note for event in await kit.rows(EventRow, EventRow.kind == EventKind.NOTED)] == [words]
    assert not kit.chat.texts("c1")
    assert not kit.chat.texts("c2")


@pytest.mark.parametrize("words", MINE)
async def test_where_no_matter_is_the_presss_they_say_which(kit: Kit, words: str) -> None:
    await two_open(kit)
    await kit.says(words, "lead")
    await kit.deliver()
    assert "1. TS20260302-0001" in kit.chat.texts("lead")[-1]
    await kit.says("2", "lead")
    await kit.deliver()
    [noted] = await kit.rows(EventRow, EventRow.kind == EventKind.NOTED)
    assert (noted.reference, noted.note) == ("TS20260302-0002", words)
    assert all(each.status is Status.DISPATCHED for each in await kit.complaints())


@pytest.mark.parametrize(
    "words", ["记者采访我们小区", "记者找我了怎么办", "记者那边我不回", "will the press answer me?"]
)
def test_what_says_otherwise_is_no_such_word(words: str) -> None:
    assert not answers_press(words)


@pytest.mark.parametrize("words", ["媒体介入", "曝光", "被曝光了", "媒体", "exposed", "press", "media involved"])
@pytest.mark.parametrize("who", ["media", "lead"])
async def test_without_a_number_the_open_ones_are_offered(kit: Kit, words: str, who: str) -> None:
    await two_open(kit)
    await kit.says(words, who)
    await kit.deliver()
    assert "1. TS20260302-0001" in kit.chat.texts(who)[-1]
    await kit.says("2", who)
    await kit.says("南方都市报何记者", who)
    first, second = await kit.complaints()
    assert Flag.MEDIA in second.flags
    assert Flag.MEDIA not in first.flags
