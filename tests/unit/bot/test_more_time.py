"""More time, or a pause, until a day that is named; and lengths to choose from where none was said."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.grammar import Speaker, Verb, understand
from complaints.parts.timing import ExtensionRequest
from complaints.promises import work_deadline
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import PLAIN_CHAT, STAFF, FakeChannel, Kit, entry, exchange, open_desk


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("延期到周五", {"until": "周五"}),
        ("延期 0009 到周五 等配件", {"reference": "0009", "until": "周五", "reason": "等配件"}),
        ("延到下周一", {"until": "下周一"}),
        ("能不能延到周五", {"until": "周五"}),
        ("0003 等配件，延到周五", {"reference": "0003", "until": "周五", "reason": "等配件"}),
        ("请延期到下周三可以吗", {"until": "下周三"}),
        ("延期到十二月五号，等厂家", {"until": "十二月五号", "reason": "等厂家"}),
        ("extend to Friday waiting for parts", {"until": "Friday", "reason": "waiting for parts"}),
        ("extend until friday because of parts", {"until": "friday", "reason": "parts"}),
        ("need until Friday, parts are late", {"until": "Friday", "reason": "parts are late"}),
        ("can I have till Monday?", {"until": "Monday"}),
    ],
)
def test_a_wish_for_time_until_a_day_is_one(said: str, expected: dict[str, object]) -> None:
    meant = understand(said, Speaker.HANDLER)
    assert (meant.verb, meant.arguments) == (Verb.EXTEND, expected)


async def in_hand(kit: Kit) -> None:
    await kit.says("电梯坏了三天没人修")
    await kit.deliver()
    await kit.says("接单", "handler")
    await kit.deliver()


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    """On Monday, March 2nd; the work is due at the end of the 19th."""
    async with open_desk(fresh_sqlite_url) as kit:
        await in_hand(kit)
        yield kit


async def asked(kit: Kit) -> ExtensionRequest:
    wish = (await kit.the_complaint()).extension
    assert wish is not None
    return wish


@pytest.mark.parametrize(
    "said", ["延期到3月23日 等配件", "延到3月23号，等配件", "extend until March 23, waiting for parts"]
)
async def test_a_day_is_taken_as_it_was_said(kit: Kit, said: str) -> None:
    await exchange(kit, said, "handler")
    wish = await asked(kit)
    assert wish.limit == "4d"
    assert wish.reason in ("等配件", "waiting for parts")
    await exchange(kit, "批准", "lead")
    deadline = work_deadline(await kit.the_complaint())
    assert deadline is not None
    assert f"{deadline.due_at.astimezone(kit.desk.zone):%m-%d %H:%M}" == "03-23 23:59"


async def test_an_hour_of_a_day_is_taken_too(kit: Kit) -> None:
    await exchange(kit, "延期到3月20日下午3点 等配件", "handler")
    assert (await asked(kit)).limit == "15h"


@pytest.mark.parametrize("answer", ["到3月23日", "3月23日", "until March 23", "3月23日 等配件", "等到3月23日配件来"])
async def test_a_day_answers_how_long(kit: Kit, answer: str) -> None:
    [how_long] = await exchange(kit, "延期", "handler")
    assert "多久" in how_long
    said = await exchange(kit, answer, "handler")
    if (await kit.the_complaint()).extension is None:
        assert "原因" in said[-1]
        await exchange(kit, "等配件", "handler")
    wish = await asked(kit)
    assert wish.limit == "4d"
    assert "配件" in wish.reason


async def test_a_day_before_the_present_limit_is_asked_back_with_that_limit(kit: Kit) -> None:
    [said] = await exchange(kit, "延期到周五 等配件", "handler")
    assert "3月19日" in said
    assert "晚一些" in said
    assert (await kit.the_complaint()).extension is None
    await exchange(kit, "到3月23日", "handler")
    assert (await asked(kit)).reason == "等配件"


async def test_lengths_are_offered_and_one_that_is_chosen_counts(kit: Kit) -> None:
    await exchange(kit, "延期 等配件", "handler")
    buttons = next(each.buttons for each in reversed(kit.chat.sent) if each.address == "handler")
    assert [each.label for each in buttons] == ["12小时", "1天", "2天", "3天", "7天", "不延了"]
    await exchange(kit, buttons[2].says, "handler")
    assert ((await asked(kit)).limit, (await asked(kit)).reason) == ("2d", "等配件")


async def test_a_day_is_all_that_is_offered_where_the_rules_allow_no_more(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, policy="leyoujia-24h") as kit:
        await in_hand(kit)
        await exchange(kit, "延期 等配件", "handler")
        buttons = next(each.buttons for each in reversed(kit.chat.sent) if each.address == "handler")
        assert [each.label for each in buttons] == ["12小时", "1天", "不延了"]


async def test_without_buttons_the_lengths_have_numbers(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", PLAIN_CHAT)]) as kit:
        await in_hand(kit)
        [how_long] = await exchange(kit, "暂缓 等客户开门", "handler")
        assert "1 " in how_long
        assert "5天" in how_long
        await exchange(kit, "3", "handler")
        hold = (await kit.the_complaint()).hold
        assert hold is not None
        assert (hold.limit, hold.reason) == ("3d", "等客户开门")


@pytest.mark.parametrize("answer", ["周五", "到周五", "Friday", "until Friday"])
async def test_a_day_answers_how_long_a_pause_is(kit: Kit, answer: str) -> None:
    await exchange(kit, "暂缓 等客户开门", "handler")
    await exchange(kit, answer, "handler")
    hold = (await kit.the_complaint()).hold
    assert hold is not None
    assert (hold.limit, hold.reason) == ("4d", "等客户开门")


@pytest.mark.parametrize("answer", ["1天", "到周四"])
async def test_whoever_assists_is_asked_once_how_long(fresh_sqlite_url: str, answer: str) -> None:
    staff = (*STAFF, entry("韩梅", Role.HANDLER, line=4))
    async with open_desk(fresh_sqlite_url, staff=staff) as kit:
        for name, address in (("张伟", "handler"), ("王主管", "lead"), ("韩梅", "han")):
            await kit.address(name, "chat", address)
        await kit.says("投诉 厨房漏水三天了，没人管")
        await kit.says("派 0001 张伟 主办，韩梅 协办 修墙 2天", "lead")
        await exchange(kit, "接单", "han")
        await exchange(kit, "延期 等水泥", "han")
        await exchange(kit, answer, "han")
        [part] = (await kit.the_complaint()).parts
        assert part.wish is not None
        assert (part.wish.limit, part.wish.reason) == ("1d", "等水泥")


# ── how long a thing is stopped asks for nothing ──────────────────────────────────────────────────────────────────────

STOPPED = [
    "停水三天",
    "电梯停了两天",
    "电梯要停两天",
    "小区停水三天，等管道公司",
    "0003 电梯停了三天",
    "the lift is stopped for 3 days",
    "water is off for 2 days",
    "the power was off for two days",
    "no water for 3 days",
]


@pytest.mark.parametrize("said", STOPPED)
@pytest.mark.parametrize("role", [Speaker.HANDLER, Speaker.SUPERVISOR])
def test_a_thing_that_is_stopped_asks_for_no_time_and_grants_none(said: str, role: Speaker) -> None:
    assert understand(said, role).verb is Verb.REPORT


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("停水三天，申请延期两天", {"limit": "2d", "reason": "停水三天"}),
        ("这单搞不定 申请延期三天", {"limit": "3d", "reason": "这单搞不定"}),
        ("0005 配件没到 申请延期两天", {"reference": "0005", "limit": "2d", "reason": "配件没到"}),
        ("这单搞不定，想延期3天", {"limit": "3d", "reason": "这单搞不定"}),
        ("配件没到，申请延期", {"reason": "配件没到"}),
        ("0005 延期3天 施工队推迟", {"reference": "0005", "limit": "3d", "reason": "施工队推迟"}),
        ("延期3天 业主要求推迟", {"limit": "3d", "reason": "业主要求推迟"}),
        ("parts not in, need an extension of 2 days", {"limit": "2d", "reason": "parts not in"}),
        ("the part is late so please extend by 2 days", {"limit": "2d", "reason": "the part is late"}),
        ("0003 停水三天，需要延期到周五", {"reference": "0003", "until": "周五", "reason": "停水三天"}),
        (
            "the lift will be down for 2 days, need 3 more days",
            {"limit": "3d", "reason": "the lift will be down for 2 days"},
        ),
    ],
)
def test_the_time_that_is_asked_for_stands_behind_it(said: str, expected: dict[str, object]) -> None:
    meant = understand(said, Speaker.HANDLER)
    assert (meant.verb, meant.arguments) == (Verb.EXTEND, expected)


@pytest.mark.parametrize("said", ["I'm off for 2 days", "off for two days", "我请假两天"])
def test_leave_is_still_leave(said: str) -> None:
    assert understand(said, Speaker.HANDLER).verb is Verb.LEAVE


@pytest.mark.parametrize("said", ["停水三天", "the lift is stopped for 3 days"])
async def test_whoever_says_so_is_asked_whether_the_customer_shall_read_it(kit: Kit, said: str) -> None:
    before = len(kit.chat.texts("c1"))
    [back] = await exchange(kit, said, "handler")
    assert "发给客户吗" in back
    assert "暂缓" in back
    assert (await kit.the_complaint()).extension is None
    assert kit.chat.texts("c1")[before:] == []
    await exchange(kit, "发出", "handler")
    assert any(said in each for each in kit.chat.texts("c1")[before:])


# ── the limit that falls before the day that is named ─────────────────────────────────────────────────────────────────


@pytest.fixture
async def two_limits(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    """On Monday, March 2nd: a plan is due on Wednesday, the work on the 19th; nobody has said that they take it on."""
    async with open_desk(fresh_sqlite_url, policy="vanke", before=two_limits_begun) as kit:
        yield kit


async def two_limits_begun(kit: Kit) -> None:
    await kit.says("投诉 车库漏水三天没人管")
    await kit.says("判定有效 0001", "lead")
    await kit.says("派单 0001 @张伟", "lead")
    await kit.deliver()


@pytest.mark.parametrize("said", ["延到周五 等配件", "0001 延到周五 等配件", "extend until Friday, waiting for parts"])
@pytest.mark.parametrize("taken", [True, False])
async def test_the_limit_before_the_day_moves_to_it_and_the_customer_reads_that_day(
    two_limits: Kit, said: str, taken: bool
) -> None:
    kit = two_limits
    if taken:
        await exchange(kit, "接单", "handler")
    await exchange(kit, said, "handler")
    assert (await asked(kit)).clock == "plan"
    assert "3月6日(周五) 23:59" in kit.chat.texts("lead")[-1]
    before = len(kit.chat.texts("c1"))
    await exchange(kit, "批准", "lead")
    due = {each.clock: each.due_at.astimezone(kit.desk.zone) for each in (await kit.the_complaint()).running}
    assert f"{due['plan']:%m-%d %H:%M}" == "03-06 23:59"
    assert f"{due['complete']:%m-%d}" == "03-19"
    [told] = kit.chat.texts("c1")[before:]
    assert "3月6日(周五) 23:59" in told


async def test_a_day_that_is_kept_while_the_reason_is_asked_for_is_that_day(two_limits: Kit) -> None:
    kit = two_limits
    [why] = await exchange(kit, "延到周五", "handler")
    assert "原因" in why
    await exchange(kit, "等配件", "handler")
    wish = await asked(kit)
    assert (wish.clock, wish.reason) == ("plan", "等配件")
    await exchange(kit, "批准", "lead")
    assert any("3月6日(周五) 23:59" in each for each in kit.chat.texts("c1"))


async def test_a_day_on_which_all_limits_still_lie_ahead_needs_no_more_time(two_limits: Kit) -> None:
    kit = two_limits
    await exchange(kit, "接单", "handler")
    await exchange(kit, "方案 周五前重做防水，费用公司承担", "handler")
    [back] = await exchange(kit, "延到周五 等配件", "handler")
    assert "3月19日" in back
    assert (await kit.the_complaint()).extension is None


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("0005 今天没空 想延到下周一", "今天没空"),
        ("0007也延到下周一 人手不够", "人手不够"),
        ("0007 想延到周五 等锁", "等锁"),
        ("0007 extend to Friday, the lock has not come", "the lock has not come"),
    ],
)
def test_a_reason_is_whole_and_nothing_but_that(words: str, reason: str) -> None:
    assert understand(words, Speaker.HANDLER).said("reason") == reason
