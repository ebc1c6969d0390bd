"""Letters, walk-ins, calls and what a superior authority hands down, typed in as people write it (R-009, R-052)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.handed_in import handed_in
from bot.grammar.tools import read_answer_limit
from complaints.grading_words import hear
from complaints.policy import Topic
from complaints.vocabulary import Flag, Role
from tests.unit.bot.desk_kit import STAFF, Kit, asks, entry, open_desk

CHATS = {"张伟": "handler", "王主管": "lead", "孙莉": "sun", "赵敏": "zhao"}
PEOPLE = (*STAFF, entry("孙莉", Role.AGENT, line=5), entry("赵敏", Role.EMPLOYEE, line=6))
ABOVE = [
    "12345转来的工单 市民热线编号 20261123-889 周女士 1370000 1111 水费多收 要求3天内答复",
    "12345转来一张单子 让我们三天内回复 业主周女士 13700002222 水费多收",
    "12345转办 业主周女士 13700002222 水费多收",
    "市民热线转办单 周女士 13700002222 水费多收 11月26日前答复",
    "12345转办单 郑先生 13700005555 电梯停了一周 11月28日前答复",
    "收到市民热线工单：郑先生反映电梯停了一周",
    "信访局转来一封信 李大爷反映噪音扰民",
    "街道转过来的 3栋王女士投诉垃圾没人收",
    "帮我登记一下 12345来的件 周女士 13700001111 水费多收 周五之前要回",
    "热线又来件了 王先生13700001112 说小区停水两天 限24小时回复",
    "12345派单 吴先生 13700003333 电梯坏了 3月7日前回复市里",
    "the council sent us a complaint about Mrs Lee 13700002224, lift broken, reply needed by Friday",
    "letter from the council about mrs lee, lift broken for a week, answer by 28 Nov",
    "city hotline ticket: Mr Brown 13700002222 lift broken",
]
LETTERS = [
    "letter complaint: mr o'brien, 12 queens road, waited 3 hours",
    "letter from mr o'brien, 12 queens road, waited 3 hours",
    "got a letter from mrs jones, 4 hill st, bill is wrong",
    "来信投诉 李大爷 3栋502 半夜装修",
    "收到一封投诉信 业主反映电梯老坏",
    "收到业主一封来信 反映夜里装修太吵",
]
VISITS = [
    "walk in just now - young lad says the bedminster receptionist laughed at him",
    "walk in just now - old lady says the bath toilets are filthy",
    "walk-in: Mr Green, his crown fell out twice",
    "someone just came in, says the crown fell out again",
    "an old lady came to the front desk and said the toilets are filthy",
    "来访 张女士 13800001111 说保安骂人",
    "刚才有位老人家来前台投诉 说厕所太脏",
    "现场来了个业主 说门禁坏了 电话13800001113",
]
CALLS = [
    "mrs patel rang 13700002222, waited 40 mins and nobody said sorry",
    "a customer just called on 13700002222, the lift is stuck",
    "周女士打电话来 13700002222 水费多收了",
]
NONE = [
    "上级转办的投诉怎么处理", "上级转办 0007 区住建局", "12345转来的工单有几张", "市民热线转办单 0007 已回复", "热线打不通",
    "letter", "letter from the supplier", "walk in", "mrs patel rang 13700002222, wants an update", "someone came in",
    "mrs patel rang, no answer", "客户来信了", "周女士来电催 13700002222 什么时候来", "12345的工单都办完了吗",
    "the lift man came in and fixed it", "队列", "0003 12345转来的 周女士 水费多收", "派单 0007 @张伟", "来访登记表在哪",
    "有人吗", "有业主 0007 又来说了", "业主信箱坏了", "热线打不通 一直占线",
]  # fmt: skip


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=CHATS) as kit:
        yield kit


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (text, source)
        for source, texts in (("上级转办", ABOVE), ("来信", LETTERS), ("来访", VISITS), ("电话", CALLS))
        for text in texts
    ],
)
def test_how_it_came_is_read_and_nothing_of_it_is_lost(text: str, source: str) -> None:
    found = handed_in(text)
    assert found is not None
    assert (found.source, found.text) == (source, text)
    assert understand(text, Speaker.SUPERVISOR, Pending.NONE).verb is Verb.FORM


@pytest.mark.parametrize("text", NONE)
def test_what_brings_in_no_matter(text: str) -> None:
    assert handed_in(text) is None


@pytest.mark.parametrize("who", ["sun", "lead"])
@pytest.mark.parametrize("text", [text for text in ABOVE if "137" in text])
async def test_r_052_a_letter_of_the_hotline_is_filed_as_handed_down(kit: Kit, text: str, who: str) -> None:
    await asks(kit, text, who)
    complaint = await kit.the_complaint()
    assert Flag.UPPER_TRANSFER in complaint.flags
    assert complaint.contact_known
    assert complaint.summary == text


@pytest.mark.parametrize(
    ("text", "channel"), [(LETTERS[0], "letter"), (LETTERS[3], "letter"), (VISITS[0], "visit"), (VISITS[3], "visit")]
)
async def test_a_letter_or_a_walk_in_is_filed_once_it_is_said_that_there_is_no_number(
    kit: Kit, text: str, channel: str
) -> None:
    await asks(kit, text, "sun")
    assert await kit.complaints() == []
    await asks(kit, "skip", "sun")
    complaint = await kit.the_complaint()
    assert complaint.channel == channel


@pytest.mark.parametrize(("text", "channel"), [(LETTERS[1], "letter"), (VISITS[1], "visit"), (LETTERS[3], "letter")])
async def test_an_employee_brings_it_in_for_somebody_and_does_not_complain(kit: Kit, text: str, channel: str) -> None:
    await asks(kit, text, "zhao")
    complaint = await kit.the_complaint()
    assert complaint.finder == (await kit.person("赵敏")).id != complaint.complainant
    assert complaint.channel == channel


@pytest.mark.parametrize("text", [text for text in ABOVE if "137" in text])
async def test_who_handed_it_down_is_no_threat_of_its_customer(kit: Kit, text: str) -> None:
    assert not any("客户的话" in answer for answer in await asks(kit, text, "lead"))


@pytest.mark.parametrize(
    "text", ["我已经打12345投诉了 水费多收", "12345转给你们的单子怎么没人联系我", "I will complain to the regulator"]
)
def test_whoever_went_to_an_authority_says_so(text: str) -> None:
    assert Topic.AUTHORITY in hear(text).topics


async def test_r_052_what_an_employee_brings_in_of_an_authority_is_marked_as_handed_down(kit: Kit) -> None:
    answers = await asks(kit, "市民热线转办单 周女士 13700002222 水费多收 3月8日前答复", "zhao")
    assert Flag.UPPER_TRANSFER in (await kit.the_complaint()).flags
    assert any("登记好了" in text for text in answers)


async def test_the_day_that_was_asked_for_is_named_as_it_was_said(kit: Kit) -> None:
    answers = await asks(kit, "市民热线转办单 周女士 13700002222 水费多收 3月6日前答复", "lead")
    assert any("处理人的时限已定为3月6日(周五) 23:59" in text for text in answers)


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("周五之前要回", "周五之前"),
        ("限24小时回复", "24小时"),
        ("限期3个工作日内书面答复", "3个工作日内"),
        ("reply needed by Friday", "by Friday"),
        ("they said she rang by thurs", ""),
        ("needs a response by thurs", "by thurs"),
    ],
)
def test_by_when_an_authority_wants_an_answer(text: str, by: str) -> None:
    assert read_answer_limit(text) == by


@pytest.mark.parametrize(
    "text",
    [
        f"{VISITS[0]}. no name no number",
        "刚才有位老人家来前台投诉 说厕所太脏 没留电话",
        f"{LETTERS[0]}, no contact number",
    ],
)
async def test_who_says_that_there_is_no_number_is_not_asked_for_it(kit: Kit, text: str) -> None:
    await asks(kit, text, "sun")
    assert not (await kit.the_complaint()).contact_known


async def test_who_wrote_is_named_in_small_letters_too(kit: Kit) -> None:
    [asked] = await asks(kit, LETTERS[0], "sun")
    assert "mr o'brien" in asked.split("What:")[0]


async def test_a_day_behind_our_own_limit_needs_none(kit: Kit) -> None:
    answers = await asks(kit, "收到市民热线工单：郑先生 13700002225 反映电梯停了一周 请于3月25日前答复", "lead")
    assert any("比它早" in text and "不用另定" in text for text in answers)
    assert not any("还没有按它定时限" in text or "先到期" in text for text in answers)


async def test_a_day_behind_a_step_of_ours_can_be_set_after_it_and_it_is_said_how(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=CHATS, policy="vanke") as kit:
        answers = await asks(kit, "市民热线转办单 周女士 13700002222 水费多收 要求3天内答复", "lead")
        [told] = [text for text in answers if "上级要求" in text]
        assert "“方案”3月4日(周三) 10:00 先到期" in told
        assert "派单 TS20260302-0001 @姓名 3月5日前" in told
        [refused] = await asks(kit, "派单 0001 @张伟 3天内", "lead")
        assert "“方案”这一步先到期" in refused
        assert "先延期" not in refused
        await asks(kit, "派单 0001 @张伟", "lead")
        await asks(kit, "接单", "handler")
        await asks(kit, "方案 0001 退还多收的水费", "handler")
        [answer] = await asks(kit, "派单 0001 @张伟 3月5日前", "lead")
        assert "内部时限" in answer
