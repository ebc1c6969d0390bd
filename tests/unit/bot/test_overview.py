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
    async with open_desk(
        fresh_sqlite_url, staff=PEOPLE, chats=ADDRESSES, policy="mingyuan", before=three_and_an_alarm
    ) as kit:
        yield kit


async def three_and_an_alarm(kit: Kit) -> None:
    await kit.says("3栋电梯坏了三天没人修，电话13712345678", "c1")
    await kit.says("5栋楼道灯不亮，电话13812345678", "c2")
    await kit.says("定级 0001 紧急 有人被困", "agent")
    await kit.says("着火了 7栋冒黑烟", "c3")
    await kit.deliver()


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


@pytest.mark.parametrize("who", ASKERS)
@pytest.mark.parametrize(
    "words", ["谁还没办完", "还有谁没办完？", "哪些人还没处理完", "who hasn't finished", "who is still open"]
)
async def test_who_is_not_done_is_counted_by_name_and_never_nothing(kit: Kit, words: str, who: str) -> None:
    told = await answer(kit, words, who)
    assert "张伟 3" in told
    assert ("队列" in told or "queue" in told) is (who == "lead"), "a leader has no queue to be sent to"


@pytest.mark.parametrize("words", ["whos late", "how many are late", "谁拖着", "how many cases are overdue?"])
async def test_how_many_are_late_is_counted_in_any_spelling(kit: Kit, words: str) -> None:
    none = await answer(kit, words, "lead")
    assert "没有超时" in none or "Nothing is overdue" in none


@pytest.mark.parametrize("who", ASKERS)
@pytest.mark.parametrize(
    "words",
    [
        "张伟手上有什么",
        "张伟手上有几单",
        "张伟在办什么",
        "张伟还有哪些没办完",
        "张伟的单子",
        "what has 张伟 got",
        "how many has 张伟 got",
    ],
)
async def test_what_a_colleague_has_is_listed_and_nothing_else(kit: Kit, words: str, who: str) -> None:
    await kit.says("派单 0002 @小陈 去看看", "lead")
    told = await answer(kit, words, who)
    assert "张伟 手上的 2 件" in told or "张伟 has 2 in hand" in told
    assert "0001" in told
    assert "0003" in told
    assert "0002" not in told


@pytest.mark.parametrize(
    "words", ["张三手上有什么", "张三名下还有几单", "what has john got on", "how many cases has john got?"]
)
async def test_whom_nobody_knows_is_said(kit: Kit, words: str) -> None:
    told = await answer(kit, words, "lead")
    assert "没有找到“张三”" in told or "nobody called “john”" in told


@pytest.mark.parametrize("words", ["小陈手上有什么", "小陈名下有多少单"])
async def test_nothing_in_hand_is_said_of_whoever_was_asked_about(kit: Kit, words: str) -> None:
    assert "小陈 手上没有" in await answer(kit, words, "lead")


@pytest.mark.parametrize("who", ASKERS)
@pytest.mark.parametrize("words", ["楼道灯那个怎么还没办完", "电梯那个为什么还没修好"])
async def test_why_one_that_is_described_is_open_is_told(kit: Kit, words: str, who: str) -> None:
    told = await answer(kit, words, who)
    assert ("0002" if "灯" in words else "0001") in told
    assert "张伟" in told


async def test_why_one_that_is_described_in_english_is_open_is_told(kit: Kit) -> None:
    await kit.says("you pulled out the wrong tooth, call me 13912345678", "c4")
    for words in ("why is the wrong tooth one still open", "why hasn't the wrong tooth case been closed?"):
        assert "0004" in await answer(kit, words, "leader")


@pytest.mark.parametrize("who", ASKERS)
@pytest.mark.parametrize(
    "words", ["今天有几单", "今天来了多少投诉", "how many came in today", "本月几件投诉", "how many lifts this month"]
)
async def test_how_many_came_is_the_board(kit: Kit, words: str, who: str) -> None:
    told = await answer(kit, words, who)
    assert "看板" in told or "board" in told.casefold() or "Today" in told
    assert "没有" not in told.split("\n")[0]


@pytest.mark.parametrize("words", ["派单 0002 to 小陈 instead", "give 0002 to 小陈 instead"])
async def test_instead_is_no_part_of_a_name(kit: Kit, words: str) -> None:
    await kit.says(words, "lead")
    await kit.deliver()
    found = {each.reference[-4:]: each for each in await kit.complaints()}
    assert found["0002"].task is not None
    assert found["0002"].task.assignee == (await kit.person("小陈")).id


@pytest.mark.parametrize("who", ASKERS)
@pytest.mark.parametrize(
    "words",
    [
        "why is 0002 late", "why is 0002 still open?", "0002 why so long", "why is 0002 taking so long",
        "0002怎么还没好", "0002为什么超时了", "0002怎么拖这么久",
    ],
)  # fmt: skip
async def test_why_one_that_is_numbered_is_open_is_told(kit: Kit, words: str, who: str) -> None:
    told = await answer(kit, words, who)
    assert "0002" in told
    assert "张伟" in told


@pytest.mark.parametrize("words", ["0002怎么还没好", "0002 why so long"])
async def test_who_asks_why_decides_nothing_that_was_asked_for(kit: Kit, words: str) -> None:
    await kit.says("接单 0002", "handler")
    await kit.says("0002 申请延期三天，等配件", "handler")
    await kit.deliver()
    await kit.says(words, "lead")
    [asked] = [each for each in await kit.complaints() if each.reference.endswith("0002")]
    assert asked.extension is not None


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


@pytest.mark.parametrize("words", ["2 more days max", "最多两天"])
async def test_a_decision_where_nothing_was_asked_for_is_said_to_be_none(kit: Kit, words: str) -> None:
    await kit.says("收到", "lead")
    told = await answer(kit, words, "lead")
    assert "没有等您批的申请" in told or "No request waits for your decision" in told
