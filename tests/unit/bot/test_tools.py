"""The service centre's tools in chat: the queue by pages, the form, canned words, referrals."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.grammar.tools import read_answer_limit, read_class, read_fields, read_form, read_source
from bot.storage.models import ComplaintRow
from complaints.vocabulary import Flag, Milestone, Role, Severity, Status
from tests.unit.bot.desk_kit import STAFF, Kit, entry, open_desk


@pytest.fixture
async def kit(database_url: str) -> AsyncIterator[Kit]:
    staff = (*STAFF, entry("赵敏", Role.EMPLOYEE, line=4))
    chats = {"张伟": "handler", "王主管": "lead", "赵敏": "zhao"}
    async with open_desk(database_url, staff=staff, chats=chats) as kit:
        yield kit


async def asks(kit: Kit, text: str, who: str = "lead", **more: str) -> list[str]:
    """Say something and return what is answered to it."""
    await kit.deliver()
    kit.chat.sent.clear()
    await kit.says(text, who, **more)
    await kit.deliver()
    return kit.chat.texts(who)


# ── the queue ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_one_has_in_hand_comes_in_pages(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        for number in range(1, 12):
            await kit.says(f"投诉 楼道灯坏了没人修，第{number}盏", f"c{number}")
            await kit.says(f"派单 {number:04d} @张伟", "lead")
        [first] = await asks(kit, "我的待办", "handler")
        assert "TS20260302-0009" in first
        assert "0010" not in first
        assert "共 11 件，后面还有 2 件，回复“下一页”" in first
        [second] = await asks(kit, "下一页", "handler")
        assert "第2页" in second
        assert "TS20260302-0010" in second
        assert "TS20260302-0011" in second
        assert "下一页" not in second


async def test_the_queue_comes_in_pages_the_most_severe_first(kit: Kit) -> None:
    for number in range(11):
        await kit.says(f"楼道灯坏了没人修，第{number}盏", f"c{number}")
    await kit.says("电梯里有人被困", "c99")
    [first] = await asks(kit, "队列")
    assert first.count("TS2026") == 9
    assert "电梯里有人被困" in first.splitlines()[1]
    [message] = [each for each in kit.chat.sent if each.address == "lead"]
    assert [button.says for button in message.buttons] == ["下一页"]
    [second] = await asks(kit, "下一页")
    assert second.count("TS2026") == 3
    assert "第2页" in second
    assert not {line[3:19] for line in first.splitlines() if "TS" in line} & {
        line[3:19] for line in second.splitlines() if "TS" in line
    }
    assert "下一页" not in second


async def test_a_digit_shows_one_of_the_page(kit: Kit) -> None:
    await kit.says("楼道灯坏了没人修", "c1")
    await kit.says("花园里垃圾没人清", "c2")
    await asks(kit, "队列")
    [shown] = await asks(kit, "2")
    assert "花园里垃圾没人清" in shown


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        pytest.param("队列 未派单", "垃圾", id="nobody has it"),
        pytest.param("队列 逾期", "楼道灯", id="past its limit"),
        pytest.param("队列 S0", "被困", id="by severity"),
        pytest.param("queue S0 overdue", "", id="both at once"),
    ],
)
async def test_the_queue_is_filtered(kit: Kit, asked: str, shown: str) -> None:
    await kit.says("楼道灯坏了没人修", "c1")
    await kit.sweep(timedelta(days=6))
    await kit.says("电梯里有人被困", "c2")
    await kit.says("我的投诉 有位业主说花园里垃圾没人清", "zhao")  # nobody can be reached about it yet
    [answer] = await asks(kit, asked)
    listed = [line for line in answer.splitlines() if "TS2026" in line]
    assert len(listed) == (1 if shown else 0)
    assert all(shown in line for line in listed)


async def test_what_is_no_filter_is_said(kit: Kit) -> None:
    [answer] = await asks(kit, "队列 月亮湾")
    assert "没有“月亮湾”" in answer


async def test_an_employee_has_no_queue(kit: Kit) -> None:
    await kit.says("楼道灯坏了没人修", "c1")
    [answer] = await asks(kit, "队列", "zhao")
    assert "TS2026" not in answer


async def test_a_page_reads_by_an_index_and_sorts_nothing(kit: Kit) -> None:
    from sqlalchemy import text

    from bot.storage import tools
    from bot.storage.work import Work

    if kit.database.url.startswith("postgresql"):
        return
    plans: list[str] = []

    async def explain(work: Work) -> None:
        for wanted in (
            tools.QueueWanted(),
            tools.QueueWanted(unassigned=True),
            tools.QueueWanted(overdue_at=kit.clock.now()),
            tools.QueueWanted(severity="S1"),
            tools.QueueWanted(site="north"),
        ):
            query = tools.queue_query(wanted, [], 9).compile(
                work.session.get_bind(), compile_kwargs={"literal_binds": True}
            )
            rows = await work.session.execute(text(f"EXPLAIN QUERY PLAN {query}"))
            plans.append(" ".join(row[-1] for row in rows))

    await kit.database.read(explain)
    assert all("USING INDEX ix_complaints_" in plan and "TEMP B-TREE" not in plan for plan in plans), plans


# ── the form ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_form_asks_one_question_at_a_time(kit: Kit) -> None:
    for said, asked in (
        ("电话投诉", "怎么称呼"),
        ("张女士", "联系电话"),
        ("138", "不是电话号码"),
        ("13812345678", "在哪里"),
        ("4栋1201", "是业主吗"),
        ("不好说", "没看懂"),
        ("租户", "什么事"),
        ("电梯坏了三天，老人下不了楼", "什么时候发生"),
        ("跳过", "归到哪一类"),
        ("1", "诉求"),
        ("上一步", "归到哪一类"),
        ("1", "诉求"),
        ("明天之前修好", "投诉的是谁"),
    ):
        answers = await asks(kit, said)
        assert asked in answers[-1], (said, answers)
    answers = await asks(kit, "跳过")
    complaint = await kit.the_complaint()
    assert any("登记好了" in answer and complaint.reference in answer for answer in answers)
    assert (complaint.channel, complaint.remedy, complaint.place) == ("phone", "明天之前修好", "4栋1201")
    assert (complaint.category, complaint.customer_class) == ("PROP.lift", "tenant")
    assert complaint.finder is None
    assert any(complaint.reference in text for text in kit.sms.texts("+8613812345678"))


@pytest.mark.parametrize(
    ("first", "second", "when"),
    [
        ("从椅子上摔下来，嘴唇破了", "今天早上", "今天早上"),
        ("fell off the chair and cut his lip", "last Friday", "last Friday"),
        ("保安态度很差", "两个师傅都没来", ""),
    ],
)
async def test_what_tells_no_time_is_no_answer_to_when_and_is_kept(
    kit: Kit, first: str, second: str, when: str
) -> None:
    for said in ("电话投诉", "张女士", "13812345678", "4栋1201", "业主", "楼下的事"):
        await asks(kit, said)
    again = await asks(kit, first)
    assert "什么时候" in again[-1] or "When did it" in again[-1]
    then = await asks(kit, second)
    assert "归到哪一类" in then[-1] or "Which category" in then[-1]
    await asks(kit, "提交")
    complaint = await kit.the_complaint()
    assert complaint.occurred == when
    assert first in complaint.summary
    assert (second in complaint.summary) is not bool(when)


async def test_everything_may_stand_in_one_message(kit: Kit) -> None:
    """R-010: when it happened is told apart from when it came."""
    await asks(kit, "电话投诉 张女士 13812345678 4栋1201 电梯坏了三天 诉求：尽快修好 发生时间：上周五 身份：业主")
    complaint = await kit.the_complaint()
    assert (complaint.remedy, complaint.occurred, complaint.place) == ("尽快修好", "上周五", "4栋1201")
    assert complaint.customer_class == "owner"
    assert "诉求" not in complaint.summary


def test_r052_what_was_handed_down_is_typed_in_with_its_source() -> None:
    told = read_form("上级转办 张女士 13812345678 电梯坏了")
    assert told is not None
    fields, rest = read_fields(told)
    assert (read_source(fields["source"]), rest) == ("upper_transfer", "张女士 13812345678 电梯坏了")
    assert read_form("上级转办 0007 区住建局") is None  # one that exists is marked
    assert [read_source(said) for said in ("来信", "Forum", "鸽子")] == ["letter", "forum", ""]


async def test_something_else_is_done_in_between_and_the_question_put_again(kit: Kit) -> None:
    await kit.says("楼道灯坏了没人修", "c1")
    await asks(kit, "电话投诉")
    await asks(kit, "张女士")
    reference = (await kit.the_complaint()).reference
    status, again = await asks(kit, f"进度 {reference}")
    assert reference in status
    assert "联系电话" in again
    assert "张女士" in again
    assert "在哪里" in (await asks(kit, "13812345678"))[-1]
    listed, again = await asks(kit, "队列")
    assert reference in listed
    assert "在哪里" in again
    assert "是业主吗" in (await asks(kit, "4栋1201"))[-1]


@pytest.mark.parametrize(
    ("said", "kept"), [("1", "owner"), ("是", "owner"), ("准业主", "buyer"), ("5", "other"), ("跳过", "")]
)
async def test_r013_the_caller_is_asked_to_be_an_owner_or_not(kit: Kit, said: str, kept: str) -> None:
    for each in ("电话投诉", "张女士", "13812345678", "4栋1201", said, "电梯坏了三天，老人下不了楼", "提交"):
        await asks(kit, each)
    assert (await kit.the_complaint()).customer_class == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("她是租房子住的", "tenant"),
        ("he's just renting", "tenant"),
        ("在这边租房", "tenant"),
        ("房子是他自己买的", "owner"),
        ("she owns the flat", "owner"),
        ("房子租给别人了，她是房东", "owner"),
        ("来看房的", "prospect"),
        ("不是业主，是来送货的", "other"),
        ("业主还是租客不清楚", ""),
        ("she is not renting", ""),
        ("他不是租的", ""),
    ],
)
def test_r013_who_they_are_is_read_out_of_a_sentence(said: str, kept: str) -> None:
    assert read_class(said) == kept


async def test_who_they_are_and_the_category_are_a_press_and_what_lacks_is_said(kit: Kit) -> None:
    def labels() -> list[str]:
        return [each.label for each in kit.chat.sent[-1].buttons]

    for each in ("电话投诉", "张女士", "13812345678"):
        await asks(kit, each)
    await asks(kit, "4栋1201")
    assert labels()[:5] == ["业主", "准业主", "租户", "意向客户", "其他"]
    assert "什么事" in (await asks(kit, "她是租房子住的"))[-1]
    [lacking] = await asks(kit, "提交")
    assert "还差“什么事”" in lacking
    assert "没看懂" not in lacking
    await asks(kit, "电梯坏了三天，老人下不了楼")
    [again] = await asks(kit, "业主")
    assert "什么时候发生" in again
    assert "身份：业主" in again
    await asks(kit, "昨天")
    assert labels()[0].startswith("1. ")
    await asks(kit, "1")
    await asks(kit, "提交")
    complaint = await kit.the_complaint()
    assert (complaint.occurred, complaint.customer_class, complaint.category) == ("昨天", "owner", "PROP.lift")


async def test_r013_r014_who_they_are_and_of_what_sort_it_is_are_put_right(kit: Kit) -> None:
    await asks(kit, "电话投诉 张女士 13812345678 4栋1201 电梯坏了三天")
    number = (await kit.the_complaint()).reference
    assert "身份 未填 → 准业主" in (await asks(kit, f"更正 {number} 身份 准业主"))[-1]
    assert "性质 未填 → 态度型" in (await asks(kit, f"更正 {number} 性质 态度型"))[-1]
    assert "态度型 → 意见型" in (await asks(kit, f"correct {number} nature opinion"))[-1]
    assert "可选" in (await asks(kit, f"更正 {number} 性质 红色"))[-1]
    complaint = await kit.the_complaint()
    assert (complaint.customer_class, complaint.nature) == ("buyer", "opinion")
    assert "客户身份：准业主；性质：意见型" in (await asks(kit, f"进度 {number}"))[-1]


async def test_a_word_for_filing_after_the_last_answer_is_told_what_was_filed(kit: Kit) -> None:
    await asks(kit, "电话投诉 张女士 13812345678 4栋1201 电梯坏了三天")
    [again] = await asks(kit, "提交")
    assert "登记好了" in again
    assert (await kit.the_complaint()).reference in again


async def test_the_form_is_cancelled_and_nothing_is_filed(kit: Kit) -> None:
    await asks(kit, "电话投诉")
    [answer] = await asks(kit, "取消")
    assert "没有登记" in answer
    assert await kit.count(ComplaintRow) == 0


async def test_without_a_number_the_centre_is_asked_how_to_reach_the_customer(kit: Kit) -> None:
    await asks(kit, "电话投诉 内容：电梯坏了三天没人修")
    assert "上级转办" in (await asks(kit, "来源：上级转办"))[-1]
    answers = await asks(kit, "跳过")
    complaint = await kit.the_complaint()
    assert complaint.flags == {Flag.UPPER_TRANSFER}
    assert not complaint.contact_known
    assert len(answers) >= 2
    await asks(kit, "13812345678")
    assert (await kit.the_complaint()).contact_known
    assert "注意：上级转办" in (await asks(kit, f"进度 {complaint.reference}"))[-1]


@pytest.mark.parametrize(
    ("told", "within"),
    [
        ("要求5日内书面回复", "5日内"),
        ("限3个工作日内办结", "3个工作日内"),
        ("请于3月6日前答复", "3月6日前"),
        ("the council wants a written answer within 5 days", "within 5 days"),
        ("please reply by 6 March", "by 6 March"),
        ("电梯3天内没回复过", ""),
        ("坏了三天没人处理", ""),
        ("nobody came within 5 days", ""),
    ],
)
async def test_r052_by_when_it_is_to_be_answered_becomes_a_limit(kit: Kit, told: str, within: str) -> None:
    assert read_answer_limit(told) == within
    answers = await asks(kit, f"上级转办 12345转来 赵先生 13344445555 1栋801 保安态度差 {told}")
    task = (await kit.the_complaint()).task
    assert task is not None
    assert (task.due_at is not None) == bool(within)
    if task.due_at is not None:
        assert timedelta(days=1) < task.due_at - kit.clock.now() <= timedelta(days=6)
        assert within in answers[-1]
        assert "处理人的时限已定为" in answers[-1]


@pytest.mark.parametrize("ordinary", ["电话投诉 赵先生 13344445555 1栋801 保安态度差 要求5日内书面回复"])
async def test_a_customer_s_own_wish_is_no_limit(kit: Kit, ordinary: str) -> None:
    await asks(kit, ordinary)
    task = (await kit.the_complaint()).task
    assert task is not None
    assert task.due_at is None


async def test_a_limit_that_cannot_be_set_yet_is_said_with_the_words_that_set_it(kit: Kit) -> None:
    await asks(kit, "上级转办 赵先生反映1栋801 保安态度差 要求5日内书面回复")
    answers = await asks(kit, "跳过")
    complaint = await kit.the_complaint()
    assert complaint.task is None
    assert any("还没有按它定时限" in answer and "5日内”" in answer for answer in answers)
    await asks(kit, "13812345678")
    await asks(kit, f"派单 {complaint.reference} @张伟 5日内")
    task = (await kit.the_complaint()).task
    assert task is not None
    assert task.due_at is not None


# ── canned words ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_canned_words_go_out_as_the_centre_s_answer(kit: Kit) -> None:
    """R-020: words that were thought over go out at a word."""
    await kit.says("我是王{number}，厨房漏水，13712345678", "c1", name="李娜{编号}")
    await asks(kit, "话术 新增 漏水：您好{姓名}，{编号} 已安排师傅，{时限}前答复您")
    [listed] = await asks(kit, "话术")
    assert "1. 漏水" in listed
    complaint = await kit.the_complaint()
    await asks(kit, f"用 1 发给 {complaint.reference[-4:]}")
    [told] = kit.chat.texts("c1")
    assert (
        f"您好李娜{{编号}}，{complaint.reference} 已安排师傅" in told
    )  # a name that looks like a placeholder stays a name
    assert "{时限}" not in told
    complaint = await kit.the_complaint()
    assert complaint.moment(Milestone.CENTRE_REPLIED) is not None


async def test_canned_words_with_a_name_do_not_go_to_whom_nobody_knows_by_name(kit: Kit) -> None:
    await kit.says("电梯坏了三天没人修", "c1")
    await asks(kit, "话术 新增 致歉：{姓名}，{编号}给您添麻烦了")
    told = kit.chat.texts("c1")
    [answer] = await asks(kit, f"用 1 发给 {(await kit.the_complaint()).reference[-4:]}")
    assert "还没有“姓名”" in answer
    assert "中心答复" in answer
    assert kit.chat.texts("c1") == told
    assert (await kit.the_complaint()).moment(Milestone.CENTRE_REPLIED) is None


async def test_nobody_is_called_by_a_surname_alone(kit: Kit) -> None:
    await kit.says("厨房漏水三天了，免贵姓陈，13712345678", "c1")
    await asks(kit, "话术 新增 漏水：{姓名}您好，{编号} 已安排")
    await asks(kit, f"用 1 发给 {(await kit.the_complaint()).reference[-4:]}")
    assert any("陈先生/女士您好" in text for text in kit.chat.texts("c1"))


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        pytest.param("话术 新增 漏水：{金额}元", "“金额”不认识", id="unknown placeholder"),
        pytest.param("话术 新增 漏水", "标题和正文", id="no text"),
        pytest.param("话术 9", "没有找到", id="no such"),
        pytest.param("话术 停电", "没有找到", id="nothing found"),
    ],
)
async def test_wrong_words_are_said_to_be(kit: Kit, said: str, answered: str) -> None:
    [answer] = await asks(kit, said)
    assert answered in answer


# ── referral ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_r_006_a_referral_needs_the_customer_s_consent_and_is_on_record(kit: Kit) -> None:
    await asks(kit, "我的投诉 4栋的张女士说自来水公司停水不通知，电话13812345678", "zhao")
    reference = (await kit.the_complaint()).reference
    [answer] = await asks(kit, f"转介 {reference} 给自来水公司 96116", "zhao")
    assert "同意" in answer
    assert not (await kit.the_complaint()).settled
    await asks(kit, f"已转介 {reference} 客户同意 给自来水公司 96116", "zhao")
    complaint = await kit.the_complaint()
    assert (complaint.status, complaint.closed_as) == (Status.CLOSED, "referred")
    assert complaint.referred_to == "自来水公司 96116"
    assert any("自来水公司 96116" in text for text in kit.sms.texts("+8613812345678"))


def test_severities_sort_as_words() -> None:
    assert sorted(Severity)[0] is Severity.S0  # the queue's index rests on it
