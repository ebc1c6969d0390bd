"""Colleagues say which complaint they mean by what it is about, and take on several at once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from complaints.vocabulary import Role, Status
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, entry, open_desk

STAFF = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("李娜", Role.DEPT_HEAD, line=3),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=4),
)
MATTERS = {
    "zh": ("6栋1202卫生间顶上漏水，吊顶都泡了", "8栋楼道灯不亮，黑了一周", "3栋树枝伸到窗户里了"),
    "en": (
        "the ceiling in flat 1202 is leaking",
        "the lamp in the corridor of building 8 is dark",
        "a tree grows in at my window",
    ),
}


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    chats = {"张伟": "handler", "李娜": "li", "王主管": "lead"}
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)], staff=STAFF, chats=chats) as kit:
        yield kit


async def filed(kit: Kit, locale: str, count: int = 3) -> None:
    """0001 a leak, 0002 a lamp, 0003 a tree; all are 张伟's, none is accepted."""
    for nth, words in enumerate(MATTERS[locale][:count], start=1):
        await kit.says(words, f"c{nth}")
        await kit.says(f"派单 {nth:04d} @张伟", "lead")
    await kit.deliver()


async def told(kit: Kit, who: str, words: str) -> list[str]:
    """Return what somebody hears of what the handler says."""
    before = len(kit.chat.texts(who))
    await kit.says(words, "handler")
    await kit.deliver()
    return kit.chat.texts(who)[before:]


async def statuses(kit: Kit) -> list[Status]:
    return [each.status for each in await kit.complaints()]


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("zh", "那个漏水的我明天上午十点带师傅过去看"),
        ("zh", "漏水那家我明天下午三点带水工上门"),
        ("zh", "好的，漏水那户水管换好了"),
        ("zh", "漏水那件配件已经订了，后天到"),
        ("zh", "吊顶那个我明天上午去补"),
        ("en", "the leaking one, I'll come tomorrow at 10am"),
        ("en", "the ceiling job is fixed, replaced the pipe"),
    ],
)
async def test_what_is_told_of_another_by_its_matter_reaches_nobody_else(kit: Kit, locale: str, words: str) -> None:
    await filed(kit, locale, 2)
    for number in ("0001", "0002"):
        await kit.says(f"接单 {number}", "handler")
    await kit.says("进度" if locale == "zh" else "status", "c2")  # the handler is asked for a line about the lamp
    await kit.deliver()
    lamp = len(kit.chat.texts("c2"))
    [heard] = await told(kit, "handler", words)
    assert "-0001" in heard
    assert "-0002" not in heard
    assert len(kit.chat.texts("c2")) == lamp


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("zh", "电梯那个我不管"),
        ("zh", "门禁那家不是我负责的"),
        ("en", "the lift one is not mine"),
        ("zh", "电梯那个换好了"),
    ],
)
async def test_what_none_in_hand_is_about_is_asked_back_were_it_the_only_one(kit: Kit, locale: str, words: str) -> None:
    await filed(kit, locale, 1)
    await kit.says("接单", "handler")
    await kit.deliver()
    before, customer = await statuses(kit), kit.chat.texts("c1")
    [asked] = await told(kit, "handler", words)
    assert "哪一件" in asked or "Which one" in asked
    assert [button.says for button in kit.chat.sent[-1].buttons] == ["TS20260302-0001"]
    assert await statuses(kit) == before
    assert kit.chat.texts("c1") == customer


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("zh", "楼道灯那个也接"),
        ("zh", "那个楼道灯的我接"),
        ("en", "I'll take the lamp one"),
        ("en", "I'll take the one about the lamp"),
    ],
)
async def test_one_is_accepted_by_its_matter(kit: Kit, locale: str, words: str) -> None:
    await filed(kit, locale)
    await told(kit, "handler", words)
    assert await statuses(kit) == [Status.DISPATCHED, Status.WORKING, Status.DISPATCHED]


@pytest.mark.parametrize("answer", ["漏水那个", "那个漏水的"])
async def test_a_list_is_answered_by_what_one_of_it_is_about(kit: Kit, answer: str) -> None:
    await filed(kit, "zh")
    await told(kit, "handler", "接单")
    await told(kit, "handler", answer)
    assert await statuses(kit) == [Status.WORKING, Status.DISPATCHED, Status.DISPATCHED]


@pytest.mark.parametrize(
    "words", ["楼上那家不在，明天再去", "客户那边说好了明天来", "上午那个师傅已经去了", "那个配件明天到"]
)
async def test_whoever_is_spoken_of_is_no_matter(kit: Kit, words: str) -> None:
    await filed(kit, "zh", 1)
    await kit.says("接单", "handler")
    await kit.deliver()
    assert not any("哪一件" in each for each in await told(kit, "handler", words))


@pytest.mark.parametrize(
    "words", ["树枝那个给李娜", "把树枝那单转给李娜", "把窗户那个派给李娜", "把树枝那个单子给李娜"]
)
async def test_the_centre_gives_what_it_describes_to_whom_it_names(kit: Kit, words: str) -> None:
    await filed(kit, "zh")
    await kit.says(words, "lead")
    owner = (await kit.person("李娜")).id
    assert [each.task is not None and each.task.assignee == owner for each in await kit.complaints()] == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("words", "asked"), [("树枝的事分给李娜", False), ("陈阿姨的事分给李娜", True), ("把陈阿姨的单子转给李娜", True)]
)
async def test_whose_matter_it_is_is_looked_for_and_else_asked(kit: Kit, words: str, asked: bool) -> None:
    await filed(kit, "zh")
    await kit.says(words, "lead")
    await kit.deliver()
    owner = (await kit.person("李娜")).id
    theirs = [each.task is not None and each.task.assignee == owner for each in await kit.complaints()]
    assert theirs == [False, False, not asked]
    assert ("哪一件" in kit.chat.texts("lead")[-1]) is asked


async def test_the_centre_is_asked_which_one_where_nothing_is_of_that_kind(kit: Kit) -> None:
    await filed(kit, "zh")
    before = await kit.complaints()
    await kit.says("把门禁那单转给李娜", "lead")
    await kit.deliver()
    assert [each.task for each in await kit.complaints()] == [each.task for each in before]
    await kit.says("3", "lead")
    owner = (await kit.person("李娜")).id
    assert [each.task is not None and each.task.assignee == owner for each in await kit.complaints()] == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    "words",
    [
        "好的，这几个我都接了",
        "三个都是我接",
        "我都接",
        "全部接单",
        "0001 0002 0003 都接",
        "接单 0001、0002、0003",
        "I'll take all three",
        "accept all",
    ],
)
async def test_several_are_accepted_at_once(kit: Kit, words: str) -> None:
    await filed(kit, "zh")
    heard = await told(kit, "handler", words)
    assert await statuses(kit) == [Status.WORKING] * 3
    assert [nth for nth in (1, 2, 3) if any(f"-000{nth}" in each for each in heard)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("answer", "accepted"),
    [
        ("1和3", [1, 3]),
        ("1、2", [1, 2]),
        ("2 and 3", [2, 3]),
        ("全部", [1, 2, 3]),
        ("all of them", [1, 2, 3]),
        ("三个都接", [1, 2, 3]),
    ],
)
async def test_a_list_to_accept_from_is_answered_with_several(kit: Kit, answer: str, accepted: list[int]) -> None:
    await filed(kit, "zh")
    await told(kit, "handler", "接单")
    await told(kit, "handler", answer)
    taken = [nth for nth, status in enumerate(await statuses(kit), start=1) if status is Status.WORKING]
    assert taken == accepted


@pytest.mark.parametrize(
    "words", ["两个都接", "I'll take both", "这几个都不接", "1和3", "0001 0002 都不接", "0001 0009 都接"]
)
async def test_a_count_that_is_not_theirs_and_a_refusal_accept_nothing(kit: Kit, words: str) -> None:
    await filed(kit, "zh")
    assert await told(kit, "handler", words)
    assert await statuses(kit) == [Status.DISPATCHED] * 3


SEVERAL = {
    "zh": (
        "地下车库B区顶上漏水，漏到我车上了",
        "8栋楼道灯不亮，黑了一周",
        "停车费多扣了两百",
        "家人们谁懂啊，9栋真服了",
    ),
    "en": (
        "water drips in the garage of block B",
        "the lamp in building 8 is dark",
        "you charged parking twice",
        "so tired",
    ),
}


async def several(kit: Kit, locale: str) -> None:
    for nth, words in enumerate(SEVERAL[locale], start=1):
        await kit.says(f"投诉 {words}" if locale == "zh" else f"complaint: {words}", f"c{nth}")
        await kit.says(f"派单 {nth:04d} @张伟", "lead")
    await kit.deliver()
    assert await statuses(kit) == [Status.DISPATCHED] * 4


@pytest.mark.parametrize(
    ("locale", "words", "nth", "status"),
    [
        ("zh", "车库漏水那个我接了 下午去看", 1, Status.WORKING),
        ("zh", "楼道灯我看了就是灯泡坏了 换好了", 2, Status.RESOLVED),
        ("zh", "楼道灯换好了", 2, Status.RESOLVED),
        ("zh", "退 停车费那个归财务", 3, Status.ACCEPTED),
        ("zh", "蹦迪那个我接了", 4, Status.WORKING),
        ("en", "the lamp was just the bulb, replaced it, done", 2, Status.RESOLVED),
        ("en", "I'll take the parking one", 3, Status.WORKING),
    ],
)
async def test_what_fits_one_alone_is_asked_of_nobody(
    kit: Kit, locale: str, words: str, nth: int, status: Status
) -> None:
    await several(kit, locale)
    await kit.says("楼上那家半夜蹦迪，能不能管管", "c4")
    heard = await told(kit, "handler", words)
    assert not any("哪一件" in each or "Which one" in each for each in heard)
    expected = [Status.DISPATCHED] * 4
    expected[nth - 1] = status
    assert await statuses(kit) == expected


@pytest.mark.parametrize("words", ["灯那个延到明天下午 等配件", "灯那个换好了", "电梯那个今天修好了"])
async def test_what_none_is_about_is_never_taken_for_one_of_its_kind(kit: Kit, words: str) -> None:
    await kit.says("6栋1202水管漏水", "c1")
    await kit.says("派单 0001 @张伟", "lead")
    await kit.says("接单", "handler")
    await kit.deliver()
    before, customer = await statuses(kit), kit.chat.texts("c1")
    [asked] = await told(kit, "handler", words)
    assert "哪一件" in asked
    assert await statuses(kit) == before
    assert (await kit.complaints())[0].extension is None
    assert kit.chat.texts("c1") == customer


@pytest.mark.parametrize("words", ["0003我晚上去核对", "0003 晚上去核对一下", "0003 I'll look at it tonight", "接0003"])
async def test_a_number_in_the_words_gets_out_of_which_one(kit: Kit, words: str) -> None:
    await several(kit, "zh")
    [asked] = await told(kit, "handler", "我接了 下午去看")
    assert "哪一件" in asked
    await told(kit, "handler", words)
    assert await statuses(kit) == [Status.DISPATCHED, Status.DISPATCHED, Status.WORKING, Status.DISPATCHED]


async def test_the_whole_line_goes_to_the_one_that_is_picked(kit: Kit) -> None:
    await several(kit, "zh")
    await told(kit, "handler", "我看过了 管子接头裂了 明天来换")
    await told(kit, "handler", "四件都收到了")
    assert await statuses(kit) == [Status.WORKING] * 4
    assert not any("都收到了" in each for nth in (1, 2, 3, 4) for each in kit.chat.texts(f"c{nth}"))


@pytest.mark.parametrize(
    "words",
    [
        "give the wrong tooth one to 李娜 instead",
        "assign the wrong tooth case to 李娜 please",
        "pass the tooth one to 李娜",
    ],
)
async def test_the_centre_gives_what_it_describes_in_english(kit: Kit, words: str) -> None:
    await filed(kit, "en", 1)
    await kit.says("you drilled the wrong tooth, call me 13912345678", "c9")
    await kit.says("派单 0002 @张伟", "lead")
    await kit.says(words, "lead")
    leak, tooth = await kit.complaints()
    assert tooth.owner == (await kit.person("李娜")).id
    assert leak.owner != tooth.owner


@pytest.mark.parametrize("words", ["the wrong tooth one is not mine", "the broken crown case is not ours"])
async def test_the_one_in_hand_is_not_what_is_plainly_described_otherwise(kit: Kit, words: str) -> None:
    await filed(kit, "en", 1)
    await kit.says(words, "handler")
    await kit.deliver()
    leak = await kit.the_complaint()
    assert leak.owner == (await kit.person("张伟")).id
    assert "0001" in kit.chat.texts("handler")[-1]
