"""Complaints of one matter, in chat: suggested, merged, told to each, split, linked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.grammar import Speaker, understand
from bot.storage.models import LinkRow, SiteRow
from bot.storage.work import Work
from complaints.complaint import Complaint
from complaints.vocabulary import Rating, Severity, Status
from tests.unit.bot.desk_kit import CHAT, PLAIN_CHAT, FakeChannel, Kit, asks, exchange, open_desk


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url) as kit:
        yield kit


async def case(kit: Kit, number: int) -> Complaint:
    [found] = [each for each in await kit.complaints() if each.reference.endswith(f"-{number:04d}")]
    return found


def last(kit: Kit, who: str) -> str:
    return kit.chat.texts(who)[-1]


async def neighbours(kit: Kit, count: int, first: int = 1) -> None:
    """Let so many neighbours complain of one lift, each in their own chat."""
    for nth in range(first, first + count):
        await kit.says(f"4栋电梯坏了，{nth}天没人修", who=f"c{nth}")


async def grouped(kit: Kit, count: int) -> None:
    await neighbours(kit, count)
    for nth in range(2, count + 1):
        await kit.says(f"{nth:04d} 并入 0001", who="lead")


async def test_the_centre_is_asked_with_the_reasons_and_never_answered_for(kit: Kit) -> None:
    await neighbours(kit, 2)
    await kit.deliver()
    [asked] = [text for text in kit.chat.texts("lead") if "可能和" in text]
    assert "TS20260302-0002" in asked
    assert "TS20260302-0001" in asked
    assert "同一楼栋： 4" in asked
    assert "同样的东西： 电梯" in asked
    assert {each.master for each in await kit.complaints()} == {None}


async def test_the_other_s_number_is_masked_as_everybody_s_is(kit: Kit) -> None:
    await kit.says("13712345678 王先生 4栋电梯坏了，没人修", who="c1")
    await kit.says("13812345679 李女士 4栋电梯坏了，一天没人修", who="c2")
    await kit.deliver()
    [asked] = [text for text in kit.chat.texts("lead") if "可能和" in text]
    assert "137****5678" in asked
    assert "13712345678" not in asked
    assert "13812345679" not in asked


async def test_twelve_neighbours_and_one_lift(kit: Kit) -> None:
    """Trap 43: one master; each hears of it, each is asked, and who is not satisfied goes on alone."""
    await grouped(kit, 12)
    master = await case(kit, 1)
    assert (len(master.members), master.people) == (11, 12)
    assert master.severity <= Severity.S1  # ten or more in one matter
    assert {(await case(kit, nth)).status for nth in range(2, 13)} == {Status.MERGED}
    assert {(await case(kit, nth)).task for nth in range(2, 13)} == {None}
    await kit.says("接单 0001", who="handler")
    await kit.says("进展 0001 已联系电梯厂家，明天上午到场换主板", who="handler")
    await kit.deliver()
    for nth in range(1, 13):
        [told] = [text for text in kit.chat.texts(f"c{nth}") if "明天上午到场" in text]
        assert f"-{nth:04d}" in told  # by their own number
    await kit.says("办结 0001 换了主板，试运行正常", who="handler")
    await kit.deliver()
    for nth in range(1, 13):
        assert "换了主板" in last(kit, f"c{nth}")
        assert (await case(kit, nth)).status is Status.RESOLVED
    await kit.says("原因 主板老化 责任 电梯厂家", who="handler")
    await kit.says("不满意 还是抖", who="c5")
    for nth in (1, 2, 3, 4):
        await kit.says("满意", who=f"c{nth}")
    unhappy, master = await case(kit, 5), await case(kit, 1)
    assert (unhappy.status, unhappy.master, unhappy.owner) == (Status.WORKING, None, master.owner)
    assert unhappy.task is not None
    assert (master.status, master.people, len(master.members)) == (Status.CLOSED, 11, 10)
    assert (await case(kit, 2)).surveys[-1].rating is Rating.SATISFIED
    assert (await case(kit, 6)).status is Status.RESOLVED  # asked, and has not answered


async def test_one_person_on_three_channels_is_told_once_and_counts_once(kit: Kit) -> None:
    await neighbours(kit, 1)
    person = (await case(kit, 1)).complainant
    await kit.address(person, "sms", "+8613800001111", last_inbound_at=None)
    await kit.says("投诉 4栋电梯又停了，另外停车费也多收", who="c1")
    await kit.says("0002 并入 0001", who="lead")
    await neighbours(kit, 1, first=2)
    await kit.says("0003 并入 0001", who="lead")
    assert (await case(kit, 1)).people == 2
    await kit.says("进展 0001 主板明天到货", who="handler")
    await kit.deliver()
    assert len([text for text in kit.chat.texts("c1") if "主板明天" in text]) == 1
    await kit.says("办结 0001 已换主板", who="handler")
    await kit.deliver()
    assert len([text for text in kit.chat.texts("c1") if "已换主板" in text]) == 1
    await kit.says("满意", who="c1")
    assert [(await case(kit, nth)).going_on for nth in (1, 2, 3)] == [False, False, True]


async def test_one_person_under_two_ids_is_told_once_and_their_word_ends_it(kit: Kit) -> None:
    await kit.says("4栋电梯坏了三天没人修，电话13712345678", who="c1")
    await kit.says("4栋电梯还是没人修，电话13712345678", who="c2")
    await kit.says("0002 并入 0001", who="lead")
    await kit.deliver()
    assert "和您之前的" in last(kit, "c2")
    await kit.says("办结 0001 换了主板", who="handler")
    await kit.says("原因 主板老化 责任 电梯厂家", who="handler")
    await kit.deliver()
    await kit.says("满意", who="c1")
    assert [(await case(kit, nth)).going_on for nth in (1, 2)] == [False, False]
    assert (await case(kit, 1)).closed_as == "satisfied"


async def test_what_is_not_the_same_is_not_suggested_again(kit: Kit) -> None:
    await neighbours(kit, 2)
    await kit.says("不是同一件 0001 0002", who="lead")
    await kit.deliver()
    assert "不再提示" in last(kit, "lead")
    [row] = await kit.rows(LinkRow)
    assert row.state == "dismissed"


@pytest.mark.parametrize(
    "said",
    [
        "0001和0002是一回事，合并一下",
        "把0002和0001合并",
        "0002 and 0001: combine them into one",
        "0002 是重复的，就是 0001",
    ],
)
async def test_where_nobody_says_which_into_which_the_first_that_came_stays(kit: Kit, said: str) -> None:
    await neighbours(kit, 2)
    await kit.says(said, who="lead")
    await kit.says("是", who="lead")
    assert (await case(kit, 2)).master == (await case(kit, 1)).reference


async def test_who_merges_what_differs_is_warned(kit: Kit) -> None:
    await kit.says("4栋电梯坏了三天没人修", who="c1")
    await kit.says("3栋502厨房水管漏水", who="c2")
    await kit.says("把0002并到0001", who="lead")
    await kit.deliver()
    assert "不像同一件事" in last(kit, "lead")
    assert (await case(kit, 2)).master is None


async def test_a_merger_that_nobody_suggested_is_confirmed_first(kit: Kit) -> None:
    await kit.says("4栋电梯坏了三天没人修", who="c1")
    await kit.says("前台小孙态度恶劣，骂人", who="c2")
    await kit.says("合并 0002 0001", who="lead")
    assert (await case(kit, 2)).master is None
    await kit.says("否", who="lead")
    assert (await case(kit, 2)).master is None
    await kit.says("合并 0002 0001", who="lead")
    await kit.says("是", who="lead")
    assert (await case(kit, 2)).master == (await case(kit, 1)).reference


async def three_that_differ(kit: Kit) -> None:
    for nth, words in enumerate(
        ("4栋电梯坏了三天没人修", "前台小孙态度恶劣，骂人", "3栋楼道灯不亮，黑了一周"), start=1
    ):
        await kit.says(words, who=f"c{nth}")


async def masters(kit: Kit) -> list[bool]:
    """Say of each complaint whether it was merged into another."""
    return [each.master is not None for each in await kit.complaints()]


@pytest.mark.parametrize(("number", "merged"), [("1", True), ("2", False)])
async def test_the_numbers_below_a_merger_answer_it_and_nothing_else(
    fresh_sqlite_url: str, number: str, merged: bool
) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", PLAIN_CHAT)]) as kit:
        await three_that_differ(kit)
        [asked] = await asks(kit, "合并 0002 0001", "lead")
        assert asked.endswith("回复序号：1 是，2 否")
        await exchange(kit, number, "lead")
        assert await masters(kit) == [False, merged, False]
        await exchange(kit, number, "lead")  # there is no question any more
        assert await masters(kit) == [False, merged, False]


async def test_the_numbers_below_a_merger_do_not_answer_the_one_that_was_asked_before(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", PLAIN_CHAT)]) as kit:
        await three_that_differ(kit)
        await asks(kit, "合并 0002 0001", "lead")
        await asks(kit, "合并 0003 0001", "lead")
        await exchange(kit, "1", "lead")
        assert await masters(kit) == [False, False, True]


@pytest.mark.parametrize(("which", "expected"), [(0, [False, False, False]), (1, [False, False, True])])
async def test_a_button_below_a_merger_answers_its_own_question(
    fresh_sqlite_url: str, which: int, expected: list[bool]
) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await three_that_differ(kit)
        questions = []
        for number in ("0002", "0003"):
            await asks(kit, f"合并 {number} 0001", "lead")
            assert [button.says for button in kit.chat.sent[-1].buttons] == ["是", "否"]
            questions.append(f"chat-{len(kit.chat.attempts)}")
        await exchange(kit, "是", "lead", reply_to_message=questions[which], pressed=True)
        assert await masters(kit) == expected


@pytest.mark.parametrize(
    "words",
    [
        "0003 是 0001 那个阿姨，合一起",
        "是 0003 那家的，先判有效",
        "0003 是重复的，对，判有效",
        "yes 0003 is the same lady as 0001, merge",
        "0003 好像是 0002 那家的",
    ],
)
async def test_what_names_a_third_one_confirms_no_merger_of_two_others(kit: Kit, words: str) -> None:
    await three_that_differ(kit)
    await kit.deliver()
    await kit.says("0002 并入 0001", who="lead")
    await kit.deliver()
    before = len(kit.chat.texts("lead"))
    await kit.says(words, who="lead")
    await kit.deliver()
    assert [each.master for each in await kit.complaints()] == [None, None, None]
    assert len(kit.chat.texts("lead")) > before  # and they hear of what they said


async def test_yes_with_a_number_that_was_asked_about_confirms_the_merger(kit: Kit) -> None:
    await three_that_differ(kit)
    await kit.deliver()
    await kit.says("0002 并入 0001", who="lead")
    await kit.deliver()
    await kit.says("是的，0002", who="lead")
    assert (await case(kit, 2)).master == (await case(kit, 1)).reference


async def test_split_off_it_goes_on_by_itself_and_is_not_late_for_it(kit: Kit) -> None:
    await grouped(kit, 2)
    due = {d.clock: d.due_at for d in (await case(kit, 2)).deadlines}
    await kit.sweep(timedelta(days=1))
    await kit.says("拆分 0002", who="lead")
    await kit.says("是", who="lead")
    alone = await case(kit, 2)
    assert (alone.master, alone.settled) == (None, False)
    assert (await case(kit, 1)).members == ()
    assert (await case(kit, 1)).people == 1
    assert any(d.due_at > due[d.clock] for d in alone.deadlines if d.clock in due)
    await kit.deliver()
    assert "单独处理" in last(kit, "c2")


async def test_a_merged_customer_speaks_to_whoever_has_the_master(kit: Kit) -> None:
    await grouped(kit, 2)
    await kit.deliver()
    await kit.says("今天又停了，老人困在12楼下不来", who="c2")
    assert len(await kit.complaints()) == 2
    await kit.deliver()
    assert any("困在12楼" in text for text in kit.chat.texts("handler"))
    await kit.says("进度", who="c2")
    await kit.deliver()
    assert "-0002" in last(kit, "c2")


async def test_when_the_master_is_withdrawn_the_others_go_on_under_another(kit: Kit) -> None:
    await grouped(kit, 3)
    await kit.says("撤销投诉", who="c1")
    await kit.says("是", who="c1")
    heir, third = await case(kit, 2), await case(kit, 3)
    assert (heir.master, heir.members, heir.people) == (None, (third.reference,), 2)
    assert heir.task is not None
    assert (third.master, third.status) == (heir.reference, Status.MERGED)


async def test_one_that_takes_theirs_back_leaves_the_group(kit: Kit) -> None:
    await grouped(kit, 3)
    await kit.says("撤销投诉", who="c3")
    await kit.says("是", who="c3")
    assert (await case(kit, 3)).status is Status.WITHDRAWN
    assert ((await case(kit, 1)).people, len((await case(kit, 1)).members)) == (2, 1)


async def test_who_joins_late_is_told_the_result_and_asked(kit: Kit) -> None:
    await neighbours(kit, 1)
    await kit.says("办结 0001 换了主板", who="handler")
    await neighbours(kit, 1, first=2)
    await kit.says("0002 并入 0001", who="lead")
    await kit.deliver()
    assert "换了主板" in last(kit, "c2")
    assert (await case(kit, 2)).survey is not None


async def test_links_are_shown_to_the_staff_and_undone(kit: Kit) -> None:
    await kit.says("4栋电梯坏了三天没人修", who="c1")
    await kit.says("前台小孙态度恶劣，骂人", who="c2")
    await kit.says("关联 0001 0002", who="lead")
    await kit.says("是", who="lead")
    await kit.says("进度 0001", who="lead")
    await kit.deliver()
    assert "关联：0002" in last(kit, "lead")
    await kit.says("取消关联 0001 0002", who="lead")
    await kit.says("是", who="lead")
    await kit.says("进度 0001", who="lead")
    await kit.deliver()
    assert "0002" not in last(kit, "lead")


async def test_a_group_is_shown_in_the_status(kit: Kit) -> None:
    await grouped(kit, 3)
    await kit.says("进度 0001", who="lead")
    await kit.deliver()
    assert "并入：0002、0003（3 人）" in last(kit, "lead")
    await kit.says("进度 0002", who="lead")
    await kit.deliver()
    assert "已并入 TS20260302-0001" in last(kit, "lead")


@pytest.mark.parametrize(
    ("text", "verb", "arguments"),
    [
        ("0002 并入 0001", "merge", {"reference": "0002", "into": "0001"}),
        ("把0002并到0001", "merge", {"reference": "0002", "into": "0001"}),
        ("0002 into 0001", "merge", {"reference": "0002", "into": "0001"}),
        ("拆分 0002 不是一回事", "split", {"reference": "0002", "reason": "不是一回事"}),
        ("split off 0002", "split", {"reference": "0002"}),
        ("关联0001和0002", "link", {"reference": "0001", "other": "0002"}),
        ("link 0001 and 0002", "link", {"reference": "0001", "other": "0002"}),
        ("取消关联 0001 0002", "unlink", {"reference": "0001", "other": "0002"}),
        ("0001 0002 不是同一件", "apart", {"reference": "0001", "other": "0002"}),
        ("not the same 0001 0002", "apart", {"reference": "0001", "other": "0002"}),
    ],
)
def test_the_commands_are_understood(text: str, verb: str, arguments: dict[str, str]) -> None:
    meaning = understand(text, Speaker.SUPERVISOR)
    assert (meaning.verb, dict(meaning.arguments)) == (verb, arguments)


@pytest.mark.parametrize(
    "text", ["业主家水管接口拆分后重新装好了", "关联单位还没回复", "linked up with the supplier, waiting"]
)
def test_ordinary_words_of_the_work_are_no_commands(text: str) -> None:
    assert understand(text, Speaker.SUPERVISOR).verb not in ("split", "link", "unlink", "apart", "merge")


async def open_sites(work: Work) -> None:
    for code, name in (("N", "北苑"), ("S", "南苑")):
        work.session.add(SiteRow(code=code, name=name))
    await work.staff_changed()


async def test_what_tells_its_site_only_later_is_compared_then(kit: Kit) -> None:
    await kit.write(open_sites)
    await kit.says("北苑4栋电梯坏了三天没人修", who="c1")
    await kit.says("4号楼的电梯坏了没人修", who="c2")
    await kit.deliver()
    assert not any("可能和" in text for text in kit.chat.texts("lead"))
    await kit.says("李雷 13800002222 北苑4栋1203", who="c2")
    await kit.deliver()
    assert any("可能和" in text for text in kit.chat.texts("lead"))


async def test_whoever_is_known_by_phone_says_it_again_by_sms(kit: Kit) -> None:
    """Neither the words nor the site need be told twice: "it still leaks" is of the leak that is open."""
    await kit.write(open_sites)
    await kit.says("投诉 北苑5栋302卫生间漏水，滴到客厅，电话13712345678")
    assert (await case(kit, 1)).site == "N"
    await kit.says("还在漏，没人来", "+8613712345678", "sms")
    await kit.says("投诉 电梯坏了", "+8613712345678", "sms")
    [suggested] = await kit.outbox("same_matter")
    assert suggested.reference == (await case(kit, 2)).reference
    assert (await case(kit, 1)).reference in suggested.facts


@pytest.mark.parametrize(
    "text", ["0002、0003 并入 0001", "把 0002 0003 都并入 0001", "merge 0002, 0003 into 0001", "0002和0003全部并入0001"]
)
def test_a_list_is_merged_into_the_last(text: str) -> None:
    meant = understand(text, Speaker.SUPERVISOR)
    assert (meant.verb, dict(meant.arguments)) == ("merge", {"reference": "0002", "also": ["0003"], "into": "0001"})


async def test_a_list_is_merged_after_one_question_and_what_is_no_list_is_refused(kit: Kit) -> None:
    for nth, words in enumerate(("4栋电梯坏了", "保安骂人", "水管漏水", "路灯不亮"), 1):
        await kit.says(words, who=f"c{nth}")
    await kit.deliver()
    for words in ("0002 至 0004 并入 0001", "把0002并到0001，0003并到0001", "合并 0002 0003 0001"):
        await kit.says(words, who="lead")
        await kit.says("是", who="lead")
        assert {each.master for each in await kit.complaints()} == {None}, words
    await kit.says("0002 0003 0004 并入 0001", who="lead")
    await kit.deliver()
    for number in ("0001", "0002", "0003", "0004"):
        assert f"TS20260302-{number}" in last(kit, "lead")
    await kit.says("是", who="lead")
    assert [each.master for each in await kit.complaints()] == [None, *["TS20260302-0001"] * 3]


async def test_whoever_speaks_of_what_was_merged_reads_into_which(kit: Kit) -> None:
    await neighbours(kit, 2)
    await kit.says("0002 并入 0001", who="lead")
    await kit.says("接单 0002", who="handler")
    await kit.deliver()
    assert "已并入 TS20260302-0001" in last(kit, "handler")


async def test_a_cause_told_after_the_result_reaches_all_of_the_group(kit: Kit) -> None:
    """R-074: each has it, one that goes on alone or closed on its own has what was told of it."""
    await grouped(kit, 4)
    await kit.says("办结 0001 已换主板", "handler")
    await kit.says("满意", "c2")
    await kit.says("不满意 还是坏的", "c4")
    await kit.says("原因 0003 进水 责任 业主", "lead")
    await kit.says("原因 0001 维保不到位 责任 维保公司", "handler")
    found = {nth: ((each := await case(kit, nth)).cause, each.responsible) for nth in range(1, 5)}
    assert found == {
        1: ("维保不到位", "维保公司"),
        2: ("维保不到位", "维保公司"),
        3: ("进水", "业主"),
        4: ("", ""),
    }
    assert (await case(kit, 2)).cause_kind == (await case(kit, 1)).cause_kind


async def test_a_grave_one_of_the_group_that_waited_only_for_the_cause_is_closed_by_it(kit: Kit) -> None:
    await grouped(kit, 2)
    await kit.says("定级 0001 S1 有人被困过", "lead")
    await kit.says("定级 0002 S1 有人被困过", "lead")
    await kit.says("办结 0001 已换主板", "handler")
    await kit.says("满意", "c2")
    before = await case(kit, 2)
    await kit.says("原因 0001 维保不到位 责任 维保公司", "handler")
    assert (before.status, (await case(kit, 2)).status) == (Status.RESOLVED, Status.CLOSED)
