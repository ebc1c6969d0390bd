"""What a lead asks of the whole in plain sentences, also while an alarm waits for an answer."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from complaints.vocabulary import Role, Status
from tests.unit.bot.desk_kit import Kit, entry, open_desk

PEOPLE = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("王主管", Role.CENTER_LEAD, line=3),
    entry("小陈", Role.AGENT, line=4),
    entry("赵总", Role.LEADER, line=5),
)
ADDRESSES = {"张伟": "handler", "王主管": "lead", "小陈": "agent", "赵总": "leader"}
ASKERS = ["lead", "leader"]


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    """Three open complaints, of one of which an alarm waits for the lead."""
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=ADDRESSES, policy="mingyuan") as kit:
        await kit.says("3栋电梯坏了三天没人修，电话13712345678", "c1")
        await kit.says("5栋楼道灯不亮，电话13812345678", "c2")
        await kit.says("定级 0001 紧急 有人被困", "agent")
        await kit.says("着火了 7栋冒黑烟", "c3")
        await kit.deliver()
        yield kit


async def answer(kit: Kit, words: str, who: str) -> str:
    before = [(each.acks, each.orders, each.status) for each in await kit.complaints()]
    await kit.says(words, who)
    await kit.deliver()
    assert [(each.acks, each.orders, each.status) for each in await kit.complaints()] == before
    return kit.chat.texts(who)[-1]


@pytest.mark.parametrize("who", ASKERS)
@pytest.mark.parametrize(
    "words", ["谁手上最多", "谁手上单子最多？", "who has the most open", "who's got the most cases?"]
)
async def test_who_has_most_is_counted_by_name(kit: Kit, words: str, who: str) -> None:
    assert "张伟 3" in await answer(kit, words, who)


@pytest.mark.parametrize("words", ["谁超时了", "谁的单子逾期了", "who is overdue", "who is late"])
async def test_who_is_late_is_counted_by_name(kit: Kit, words: str) -> None:
    none = await answer(kit, words, "lead")
    assert "没有超时" in none or "Nothing is overdue" in none
    kit.clock.move_to(kit.clock.now().replace(year=kit.clock.now().year + 1))
    assert "张伟 3" in await answer(kit, words, "lead")


@pytest.mark.parametrize("words", ["0002 这事谁在盯 抓紧", "0002谁负责", "who has 0002", "why is 0002 still open"])
async def test_who_has_one_is_told(kit: Kit, words: str) -> None:
    told = await answer(kit, words, "lead")
    assert "0002" in told
    assert "张伟" in told


@pytest.mark.parametrize(
    "words", ["为什么还没办完", "怎么还没处理好？", "why is this still open", "why hasn't this been fixed"]
)
async def test_why_it_is_open_is_asked_back_where_it_may_be_any(kit: Kit, words: str) -> None:
    told = await answer(kit, words, "lead")
    assert "0001" in told
    assert kit.chat.sent[-1].buttons
    await kit.says(kit.chat.sent[-1].buttons[0].says, "lead")
    await kit.deliver()
    assert "张伟" in kit.chat.texts("lead")[-1]


@pytest.mark.parametrize("who", ASKERS)
@pytest.mark.parametrize(
    ("words", "more"),
    [
        ("日报", False),
        ("周报", True),
        ("本周情况怎么样", True),
        ("台账", True),
        ("figures", False),
        ("export", True),
        ("how was this week?", True),
    ],
)
async def test_figures_are_the_board_and_who_makes_the_rest_is_said(kit: Kit, words: str, more: bool, who: str) -> None:
    told = await answer(kit, words, who)
    assert "看板" in told or "Today" in told or "board" in told.casefold()
    assert ("complaintbot report" in told) is more


@pytest.mark.parametrize("words", ["谁手上最多", "who is overdue", "export", "why is this still open"])
async def test_whoever_does_not_run_the_desk_hears_none_of_it(kit: Kit, words: str) -> None:
    told = await answer(kit, words, "handler")
    assert "张伟 3" not in told
    assert "complaintbot" not in told
    assert all(each.status is Status.DISPATCHED for each in await kit.complaints())


@pytest.mark.parametrize(
    ("words", "advised"),
    [("帮助", ("看板", "谁手上最多", "演练 开始")), ("help", ("board", "who is overdue", "drill start"))],
)
async def test_help_names_them_to_whom_they_are_for(kit: Kit, words: str, advised: tuple[str, ...]) -> None:
    shown = await answer(kit, words, "lead")
    assert all(each in shown for each in advised)
    assert advised[0] not in (await answer(kit, words, "agent"))


@pytest.mark.parametrize("words", ["what did hal complain about", "hal投诉了什么"])
async def test_a_list_of_what_nobody_has_says_that_it_is_that(kit: Kit, words: str) -> None:
    await kit.says("退单 0002 不归我管", "handler")
    await kit.says(words, "agent")
    await kit.deliver()
    told = kit.chat.texts("agent")[-1]
    assert told.startswith(("等着派的", "To be assigned"))
    assert "0002" in told
    assert "0001" not in told
