"""Plain sentences of colleagues that name a complaint: each does what it says, or is asked back; none is a command."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator

import pytest

from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.inside import cannot_reach
from complaints.change import EventKind
from complaints.complaint import Complaint
from complaints.vocabulary import Role, Severity, Status
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, asks, entry, open_desk

NAMES = {"zh": ("张伟", "李娜", "王主管"), "en": ("Tom Baker", "Lisa Chen", "Helen Ward")}
MATTERS = {
    "zh": ("3栋电梯坏了", "厨房水龙头漏水"),
    "en": ("the lift in block 3 is broken", "the tap in my kitchen drips"),
}


@pytest.fixture(params=["zh", "en"])
async def kit(request: pytest.FixtureRequest, fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    first, second, lead = NAMES[request.param]
    staff = (
        entry(first, Role.HANDLER, superior=lead, locale=request.param),
        entry(second, Role.HANDLER, line=3, superior=lead, locale=request.param),
        entry(lead, Role.AGENT, Role.CENTER_LEAD, line=4, locale=request.param),
    )
    chats = {first: "first", second: "second", lead: "lead"}
    before, chat = GIVEN[request.param], FakeChannel("chat", CHAT)
    async with open_desk(
        fresh_sqlite_url, channels=[chat], staff=staff, chats=chats, policy="leyoujia-24h", before=before
    ) as kit:
        yield kit


async def given(locale: str, kit: Kit) -> None:
    """0001 is the first handler's and accepted, 0002 the second one's."""
    for nth, (words, who) in enumerate(zip(MATTERS[locale], NAMES[locale][:2], strict=True), start=1):
        await kit.says(words, f"c{nth}")
        await kit.says(f"派单 {nth:04d} @{who} 熟悉情况", "lead")
    await kit.says("接单 0001", "first")
    await kit.deliver()
    kit.chat.sent.clear()


GIVEN = {locale: functools.partial(given, locale) for locale in NAMES}


async def complaint(kit: Kit, nth: int) -> Complaint:
    return (await kit.complaints())[nth - 1]


@pytest.mark.parametrize("kit", ["zh"], indirect=True)
@pytest.mark.parametrize(
    "words", ["催一下张伟 0001", "提醒张伟，0001", "0001 催催张伟", "提醒张伟办一下0001", "提醒 0001"]
)
async def test_a_lead_reminds_whoever_has_it(kit: Kit, words: str) -> None:
    await reminded(kit, words)


@pytest.mark.parametrize("kit", ["en"], indirect=True)
@pytest.mark.parametrize(
    "words",
    ["remind tom about 0001", "please nudge Tom Baker about 0001", "chase tom on 0001 please", "0001 remind tom"],
)
async def test_a_lead_reminds_whoever_has_it_in_english(kit: Kit, words: str) -> None:
    await reminded(kit, words)


async def reminded(kit: Kit, words: str) -> None:
    [heard] = await asks(kit, words, "lead")
    assert "-0001" in heard
    assert any("-0001" in text for text in kit.chat.texts("first"))
    assert kit.chat.texts("c1") == []
    assert (await complaint(kit, 1)).urged == 0  # nobody pressed


@pytest.mark.parametrize("kit", ["en"], indirect=True)
async def test_what_is_to_be_said_reaches_them_with_it(kit: Kit) -> None:
    await asks(kit, "remind tom about 0001: the part is here", "lead")
    assert any("the part is here" in text for text in kit.chat.texts("first"))


@pytest.mark.parametrize(
    ("kit", "words"), [("zh", "提醒李娜 0001"), ("en", "remind lisa about 0001")], indirect=["kit"]
)
async def test_nobody_is_reminded_of_what_somebody_else_has(kit: Kit, words: str) -> None:
    [heard] = await asks(kit, words, "lead")
    assert "没有提醒" in heard or "Nobody was reminded" in heard
    assert kit.chat.texts("first") == kit.chat.texts("second") == []
    [button] = kit.chat.sent[-1].buttons
    await asks(kit, button.says, "lead")
    assert kit.chat.texts("first") != []


@pytest.mark.parametrize(
    ("kit", "words"),
    [
        ("zh", "跟0001的客户说我们周五到"),
        ("zh", "告诉0001客户我们周五过来"),
        ("zh", "通知 0001 的业主，周五上门"),
        ("en", "tell the customer of 0001 we're coming friday"),
        ("en", "let the customer of 0001 know we come on friday"),
        ("en", "please tell the lady from 0001 that we come on friday"),
    ],
    indirect=["kit"],
)
async def test_what_a_customer_is_to_be_told_goes_to_whoever_speaks_with_them(kit: Kit, words: str) -> None:
    before = await complaint(kit, 1)
    [heard] = await asks(kit, words, "lead")
    assert "没有发给客户" in heard or "Nothing was sent" in heard
    assert kit.chat.texts("c1") == []
    assert (await complaint(kit, 1)).status is before.status
    [button] = kit.chat.sent[-1].buttons
    await asks(kit, button.says, "lead")
    assert any("周五" in text or "friday" in text for text in kit.chat.texts("first"))
    assert kit.chat.texts("c1") == []


@pytest.mark.parametrize(
    ("kit", "words"),
    [
        ("zh", "跟0001的客户说过了，他满意了"),
        ("zh", "和0001的客户沟通过了，没意见"),
        ("zh", "打了0001，没人接"),
        ("zh", "0001打了电话没人接"),
        ("en", "spoke to the guy from 0001, hes happy"),
        ("en", "I talked to the customer of 0001 and she is fine"),
        ("en", "rang 0001, no answer"),
        ("en", "called the customer of 0001, nobody picked up"),
    ],
    indirect=["kit"],
)
@pytest.mark.parametrize("who", ["lead", "first"])
async def test_a_talk_that_is_told_of_reaches_no_customer_unasked(kit: Kit, words: str, who: str) -> None:
    [heard] = await asks(kit, words, who)
    assert "-0001" in heard
    assert kit.chat.texts("c1") == []
    assert (await complaint(kit, 1)).status is Status.WORKING
    if who == "lead":
        events = await kit.database.read(lambda work: work.events_of("TS20260302-0001"))
        assert [each.note for each in events if each.kind == EventKind.NOTED] == [words]


@pytest.mark.parametrize("kit", ["zh"], indirect=True)
async def test_a_talk_told_of_while_another_line_waits_is_asked_about_as_well(kit: Kit) -> None:
    await asks(kit, "客户没空，周五再去", "first")
    await asks(kit, "跟0001的客户说过了，他满意了", "first")
    assert kit.chat.texts("c1") == []


@pytest.mark.parametrize(
    ("kit", "words"),
    [("zh", "超时的都给我看看"), ("zh", "把所有超时的列出来"), ("en", "show me everything overdue")],
    indirect=["kit"],
)
async def test_a_list_asked_for_is_no_line_for_the_customer(kit: Kit, words: str) -> None:
    await kit.says("进度", "c1")  # the handler is asked for a line
    [heard] = await asks(kit, words, "first")
    assert "-0001" in heard
    assert kit.chat.texts("c1") == []


@pytest.mark.parametrize(
    ("kit", "words"),
    [
        ("zh", "0001 证据"),
        ("zh", "看一下0001的照片"),
        ("zh", "0001的证据"),
        ("en", "evidence 0001"),
        ("en", "show me the photos of 0001"),
    ],
    indirect=["kit"],
)
@pytest.mark.parametrize("who", ["lead", "first"])
async def test_who_asks_for_evidence_sees_the_case(kit: Kit, words: str, who: str) -> None:
    [heard] = await asks(kit, words, who)
    assert heard.startswith("TS20260302-0001")
    assert (await complaint(kit, 1)).status is Status.WORKING


@pytest.mark.parametrize(
    ("kit", "words"),
    [
        ("zh", "给0001客户打电话"),
        ("zh", "联系0001的客户电话"),
        ("en", "call customer of 0001"),
        ("en", "ring the customer of 0001 please"),
    ],
    indirect=["kit"],
)
async def test_who_is_to_ring_is_shown_the_number(kit: Kit, words: str) -> None:
    await kit.says("电话 13812345678", "c1")
    [heard] = await asks(kit, words, "lead")
    assert "138 1234 5678" in heard


@pytest.mark.parametrize(
    ("kit", "words", "told"),
    [
        ("zh", "是热点 0001", "我要找媒体曝光你们，记者会来"),
        ("zh", "对，确实是热点 0001", "我要找媒体曝光你们，记者会来"),
        ("en", "yes its hot 0001", "I will call the newspaper about this"),
        ("en", "it's hot, 0001", "I will call the newspaper about this"),
    ],
    indirect=["kit"],
)
async def test_a_plain_yes_to_how_grave_it_is_decides_that(kit: Kit, words: str, told: str) -> None:
    await kit.says(told, "c1")
    await asks(kit, words, "lead")
    assert (await complaint(kit, 1)).severity is Severity.S2


@pytest.mark.parametrize("words", ["yes its urgent 0001 please hurry", "它是热点吗 0001", "是热点地段 0001"])
def test_other_words_judge_nothing(words: str) -> None:
    assert understand(words, Speaker.SUPERVISOR).verb is not Verb.CHECK_GRADE


@pytest.mark.parametrize("kit", ["en"], indirect=True)
@pytest.mark.parametrize("who", ["lead", "first"])
@pytest.mark.parametrize("words", ["yes send it", "ok, send it to the customer", "对，发吧"])
async def test_nothing_goes_out_where_nothing_waits(kit: Kit, words: str, who: str) -> None:
    await asks(kit, words, who)
    assert kit.chat.texts("c1") == kit.chat.texts("c2") == []
    assert (await complaint(kit, 1)).status is Status.WORKING


@pytest.mark.parametrize("words", ["yes send it", "对，发吧", "好的，发给客户"])
def test_a_line_that_waits_is_let_out_by_it(words: str) -> None:
    assert understand(words, Speaker.HANDLER, Pending.RELEASE).verb is Verb.RELEASE


@pytest.mark.parametrize("kit", ["en"], indirect=True)
@pytest.mark.parametrize("words", ["weather 0001 lovely", "biscuits for 0001"])
async def test_what_only_resembles_an_assignment_is_asked_back(kit: Kit, words: str) -> None:
    [heard] = await asks(kit, words, "lead")
    assert heard.startswith(("I did not get that", "没看懂"))


@pytest.mark.parametrize("words", ["rang, no answer", "phoned twice, nobody answered"])
def test_that_nobody_answered_is_no_news(words: str) -> None:
    assert cannot_reach(words)
