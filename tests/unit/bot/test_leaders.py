"""Severities checked in chat, leaders' orders and numbers, and one voice outward, over the real desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.grammar.leaders import asks_board, said
from bot.storage import board
from bot.storage.models import EventRow
from bot.storage.work import Work
from complaints.change import EventKind, NoticeKind
from complaints.vocabulary import Fault, Role, Severity, Status
from tests.unit.bot.desk_kit import MONDAY, Kit, entry, open_desk

PEOPLE = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=3),
    entry("小陈", Role.AGENT, line=4),
    entry("赵总", Role.LEADER, line=5),
    entry("钱媒", Role.MEDIA_OFFICER, line=6),
)
ADDRESSES = {"张伟": "handler", "王主管": "lead", "小陈": "agent", "赵总": "leader", "钱媒": "media"}


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=ADDRESSES) as kit:
        yield kit


async def complained(kit: Kit, text: str = "投诉 3栋电梯坏了三天没人修，电话13712345678") -> str:
    """File a complaint, let its handler accept it, and return its last digits."""
    await kit.says(text)
    number = (await kit.the_complaint()).reference[-4:]
    await kit.says(f"接单 {number}", "handler")
    await kit.deliver()
    return number


# ── is it so grave? ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_words_propose_and_the_centre_confirms(kit: Kit) -> None:
    number = await complained(kit)
    await kit.says("再不修我就找记者曝光")
    await kit.deliver()
    assert (await kit.the_complaint()).severity is Severity.S4
    assert any("可能是“热点”" in text and "确认 S2" in text for text in kit.chat.texts("agent"))
    await kit.says(f"确认 S2 {number}", "agent")
    assert (await kit.the_complaint()).severity is Severity.S2
    await kit.says(f"进度 {number}", "agent")
    await kit.deliver()
    assert "定级依据：客户说要起诉、曝光或找主管部门（记者）" in kit.chat.texts("agent")[-1]


async def test_it_is_refused_with_another_severity_and_a_reason(kit: Kit) -> None:
    await complained(kit)
    await kit.says("我要起诉你们")
    await kit.deliver()
    await kit.says("不是，S3 因为只是气话", "agent")
    complaint = await kit.the_complaint()
    assert (complaint.severity, complaint.proposal) == (Severity.S3, None)
    [refused] = await kit.rows(EventRow, EventRow.kind == EventKind.GRADE_REFUSED)
    assert refused.note == "只是气话"


async def test_yes_confirms_and_all_right_does_not(kit: Kit) -> None:
    await complained(kit)
    await kit.says("我要起诉你们")
    await kit.deliver()
    await kit.says("好的", "agent")
    assert (await kit.the_complaint()).severity is Severity.S4
    await kit.says("是的", "agent")
    assert (await kit.the_complaint()).severity is Severity.S2


async def test_a_refusal_without_a_reason_is_asked_for_one(kit: Kit) -> None:
    number = await complained(kit)
    await kit.says("我要起诉你们")
    await kit.deliver()
    await kit.says(f"不是 {number}", "agent")
    assert (await kit.the_complaint()).proposal is not None
    await kit.says("客户说的是别家公司", "agent")
    assert (await kit.the_complaint()).proposal is None


async def test_not_mine_is_no_word_on_a_severity(kit: Kit) -> None:
    await complained(kit)
    await kit.says("我要起诉你们")
    await kit.deliver()
    await kit.says("不是我的单", "handler")
    assert (await kit.the_complaint()).proposal is not None


async def test_what_was_checked_meanwhile_is_asked_of_nobody(kit: Kit) -> None:
    number = await complained(kit)
    await kit.says("我要起诉你们")
    await kit.says(f"确认 S2 {number}", "lead")
    await kit.deliver()
    assert not any("可能是“热点”" in text for text in kit.chat.texts("agent"))


async def test_nobody_looks_and_the_lead_then_the_leader_hear(kit: Kit) -> None:
    await complained(kit)
    await kit.says("我要起诉你们")
    await kit.sweep(timedelta(minutes=16))
    await kit.sweep(timedelta(minutes=15))
    await kit.deliver()
    assert any("还没有人核实" in text for text in kit.chat.texts("lead"))
    assert any("还没有人核实" in text for text in kit.chat.texts("leader"))


async def test_the_lead_lowers_by_chat_and_the_same_cause_stays_down(kit: Kit) -> None:
    number = await complained(kit)
    await kit.says(f"集体 {number} 4户", "lead")
    assert (await kit.the_complaint()).severity is Severity.S2
    await kit.says(f"定级 {number} 一般", "agent")
    await kit.says(f"定级 {number} 一般 都是一家人", "agent")
    assert (await kit.the_complaint()).severity is Severity.S2  # not theirs to lower
    await kit.says(f"定级 {number} 一般 都是一家人", "lead")
    await kit.says("怎么还没人来？")
    assert (await kit.the_complaint()).severity is Severity.S4


async def test_r029_the_company_hears_when_the_lead_overrules_the_rule_of_three(kit: Kit) -> None:
    number = await complained(kit)
    await kit.says(f"集体 {number} 4户", "lead")
    await kit.deliver()
    kit.chat.sent.clear()
    await kit.says(f"定级 {number} 重要 都是一家人", "lead")
    await kit.deliver()
    [told] = kit.chat.texts("leader")
    assert "王主管 定为“重要”\n按处理办法应为“热点”：" in told
    assert "原因：都是一家人" in told
    kit.chat.sent.clear()
    await kit.says(f"定级 {number} 一般 一家人，已道歉", "lead")  # less grave again: still below what the rule says
    await kit.says(f"集体 {number} 1户", "agent")
    await kit.says(f"定级 {number} 重要 客户很急", "agent")  # raised: nobody is overruled
    await kit.deliver()
    assert len(kit.chat.texts("leader")) == 1


async def test_facts_are_noted_in_chat(kit: Kit) -> None:
    number = await complained(kit)
    await kit.says(f"过错 {number} 第三方", "agent")
    await kit.says(f"损失金额 {number} 1.2万元", "agent")
    complaint = await kit.the_complaint()
    assert (complaint.fault, complaint.loss) == (Fault.THIRD, 12_000)
    await kit.says(f"fault {number} ours", "agent")
    assert (await kit.the_complaint()).fault is Fault.OURS
    await kit.says(f"伤者 {number} 2人", "agent")
    assert (await kit.the_complaint()).severity is Severity.S0


# ── leaders ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_leaders_hear_of_a_major_case_at_once_and_their_order_is_answered(kit: Kit) -> None:
    number = await complained(kit)
    await kit.says(f"定级 {number} 重大 记者来了", "lead")
    await kit.deliver()
    told = kit.chat.texts("leader")[-1]
    assert told.startswith("重大投诉")
    assert "13712345678" not in told
    await kit.says(f"批示 {number} 今天必须解决", "leader")
    await kit.deliver()
    for reader in ("handler", "lead"):
        assert any("赵总" in text and "今天必须解决" in text for text in kit.chat.texts(reader))
    await kit.says("收到", "handler")
    await kit.deliver()
    assert any("有回应了：张伟 回复“收到”" in text for text in kit.chat.texts("leader"))
    [order] = (await kit.the_complaint()).orders
    assert order.answered_at is not None


async def test_what_answers_an_order_without_words_is_told_as_what_it_was(kit: Kit) -> None:
    number = await complained(kit)
    await kit.says(f"批示 {number} 马上成立专案组", "leader")
    await kit.says(f"成立专案组 {number} @张伟 指挥 赵总", "lead")
    await kit.deliver()
    [told] = [text for text in kit.chat.texts("leader") if "有回应了" in text]
    assert "王主管 成立了专案组" in told
    assert "收到" not in told


@pytest.mark.parametrize("order", ["今天必须解决", "今天给客户回电，不要承认责任", "ring the customer yourself today"])
async def test_a_task_force_answers_no_order_to_do_something_else(kit: Kit, order: str) -> None:
    number = await complained(kit)
    await kit.says(f"批示 {number} {order}", "leader")
    await kit.says(f"成立专案组 {number} @张伟 指挥 赵总", "lead")
    await kit.deliver()
    [given] = (await kit.the_complaint()).orders
    assert given.answered_at is None
    assert not [text for text in kit.chat.texts("leader") if "有回应了" in text]
    await kit.sweep(timedelta(hours=2, minutes=1))
    await kit.deliver()
    assert any("还没有人回应" in text for text in kit.chat.texts("handler"))


@pytest.mark.parametrize("words", ["那就有效吧", "那就成立吧", "then uphold it"])
async def test_words_about_something_else_answer_no_order(kit: Kit, words: str) -> None:
    number = await complained(kit)
    await kit.says(f"批示 {number} 今天必须解决", "leader")
    await kit.says(words, "lead")
    await kit.deliver()
    [order] = (await kit.the_complaint()).orders
    assert order.answered_at is None


@pytest.mark.parametrize(
    "words", ["谁负责的 马上给我处理好", "这事谁在办 抓紧", "i want this fixed today, whoever has it"]
)
async def test_a_leader_who_asks_who_has_it_is_told(kit: Kit, words: str) -> None:
    number = await complained(kit)
    await kit.says(f"定级 {number} 重大 记者来了", "lead")
    await kit.says(words, "leader")
    await kit.deliver()
    told = kit.chat.texts("leader")[-1]
    assert "张伟" in told
    assert "电梯坏了三天" in told
    assert words in (await kit.the_complaint()).orders[-1].text


async def test_an_order_without_an_answer_is_asked_for_again(kit: Kit) -> None:
    number = await complained(kit)
    await kit.says(f"定级 {number} 重大 记者来了", "lead")
    await kit.says(f"order {number} fix it today", "leader")
    await kit.sweep(timedelta(hours=2, minutes=1))
    await kit.deliver()
    assert any("还没有人回应" in text for text in kit.chat.texts("handler"))
    await kit.says(f"进展 {number} 电梯厂家已到场，今晚换好主板", "handler")
    await kit.deliver()
    assert any("电梯厂家已到场" in text and "was answered" in text for text in kit.chat.texts("leader"))


async def test_turning_points_and_a_weekly_word(kit: Kit) -> None:
    number = await complained(kit)
    await kit.says(f"定级 {number} 重大 已见报", "lead")
    await kit.says(f"方案 {number} 更换主板，本周完成", "handler")
    await kit.deliver()
    await kit.says("接受")
    await kit.deliver()
    assert any("客户接受方案" in text for text in kit.chat.texts("leader"))
    for _ in range(8):
        await kit.sweep(timedelta(days=1))
    weekly = await kit.outbox(NoticeKind.BULLETIN)
    assert sum("weekly" in row.facts for row in weekly) == 1


async def test_what_is_hot_is_told_within_a_working_day_with_the_help_needed(kit: Kit) -> None:
    number = await complained(kit)
    await kit.says(f"定级 {number} 热点 要上访", "lead")
    await kit.deliver()
    assert any("需要支持" in text for text in kit.chat.texts("lead"))
    assert kit.chat.texts("leader") == []
    await kit.says(f"需要支持 {number} 请工程部派人", "lead")
    await kit.deliver()
    assert "需要的支持：请工程部派人" in kit.chat.texts("leader")[-1]


async def test_what_is_hot_is_told_in_time_even_where_nobody_has_said(kit: Kit) -> None:
    number = await complained(kit)
    await kit.says(f"定级 {number} 热点 要上访", "lead")
    await kit.sweep(timedelta(days=1, hours=7, minutes=31))
    await kit.deliver()
    assert "需要的支持：还没有提出" in kit.chat.texts("leader")[-1]


async def test_order_is_an_everyday_word_of_anybody_else(kit: Kit) -> None:
    number = await complained(kit)
    await kit.says(f"order {number} new parts", "handler")
    assert (await kit.the_complaint()).orders == ()


async def test_practice_is_told_to_no_leader(kit: Kit) -> None:
    number = await complained(kit)
    await kit.says(f"演练 {number}", "lead")
    await kit.says(f"定级 {number} 重大 演练", "lead")
    await kit.deliver()
    assert kit.chat.texts("leader") == []


# ── today's numbers ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_board_counts_today(kit: Kit) -> None:
    """R-115: quick, open, thorough: what is counted of it today."""
    number = await complained(kit)
    await kit.says(f"办结 {number} 换了主板", "handler")
    await kit.deliver()
    await kit.says("满意")
    await kit.says("投诉 2栋路灯不亮，电话13912345678", "c2")
    await kit.says("看板", "leader")
    await kit.deliver()
    told = kit.chat.texts("leader")[-1]
    assert "今日新增 2，今日受理 1" in told
    assert "在办 1：超时 0" in told
    assert "本月满意 100%（1/1）" in told
    await kit.says("board", "handler")
    await kit.deliver()
    assert "今日新增" not in kit.chat.texts("handler")[-1]


async def test_the_board_leaves_out_practice_testers_and_what_names_the_reader(database_url: str) -> None:
    async with open_desk(database_url, staff=PEOPLE, chats=ADDRESSES) as kit:
        first = await complained(kit)
        leader = (await kit.person("赵总")).id
        day = MONDAY - timedelta(hours=2)

        async def counted(work: Work) -> int:
            return (
                await board.numbers(work, leader, board.Scope(), MONDAY, day, day + timedelta(days=1), day)
            ).open.total

        assert await kit.database.read(counted) == 1
        await kit.says(f"神秘客户 {first}", "lead")
        assert await kit.database.read(counted) == 0
        await kit.says(f"神秘客户 {first} 取消", "lead")
        await kit.says("投诉 赵总态度恶劣骂人，电话13912345678", "c2")
        named = [complaint for complaint in await kit.complaints() if leader in complaint.respondents]
        assert len(named) == 1
        assert await kit.database.read(counted) == 1


@pytest.mark.parametrize(
    ("text", "site"),
    [("看板", ""), ("今日看板", ""), ("看板 翠湖", "翠湖"), ("board", ""), ("dashboard for Lakeside", "Lakeside")],
)
def test_words_for_the_board(text: str, site: str) -> None:
    assert asks_board(text) == site


@pytest.mark.parametrize(
    "text", ["看板坏了没人修吗我要投诉你们的物业公司天天不管事", "the keyboard is broken", "on board"]
)
def test_other_boards(text: str) -> None:
    assert asks_board(text) is None


@pytest.mark.parametrize(
    ("text", "name", "value", "words"),
    [
        ("确认 S1 0007", "confirm", "S1", ""),
        ("0007 确认重大", "confirm", "S1", ""),
        ("不是 0007 S3 因为只是气话", "refuse", "S3", "只是气话"),
        ("not so 0007 S3 because he was joking", "refuse", "S3", "he was joking"),
        ("过错 0007 我方", "fault", "ours", "我方"),
        ("集体 0007 12户", "people", "12", "12户"),
        ("批示 0007：马上办", "order", "", "马上办"),
        ("已发布 0007 https://bbs.example.com/t/1", "published", "https://bbs.example.com/t/1", ""),
    ],
)
def test_command_words(text: str, name: str, value: str, words: str) -> None:
    told = said(text)
    assert told is not None
    assert (told.name, told.value, told.text, told.reference) == (name, value, words, "0007")


@pytest.mark.parametrize("text", ["确认有效 0007", "确认收到客户的方案了没有", "责任心不强", "修改了合同"])
def test_what_is_none_of_these(text: str) -> None:
    assert said(text) is None


# ── one voice outward ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_r069_while_the_press_is_involved_only_the_media_officer_speaks(kit: Kit) -> None:
    number = await complained(kit)
    await kit.says(f"媒体介入 {number} 电视台来采访", "lead")
    await kit.deliver()
    before = len(kit.chat.texts("c1"))
    await kit.says(f"进展 {number} 主板坏了，是我们没有保养", "handler")
    await kit.deliver()
    assert len(kit.chat.texts("c1")) == before
    assert "客户还没有看到" in kit.chat.texts("handler")[-1]
    assert any("是我们没有保养" in text and "只有您能发" in text for text in kit.chat.texts("media"))
    await kit.says(f"修改 {number} 主板已在更换，今天恢复运行", "media")
    await kit.deliver()
    assert "主板已在更换" in kit.chat.texts("c1")[-1]
    assert "保养" not in "".join(kit.chat.texts("c1"))
    assert any("已由 钱媒 发出" in text for text in kit.chat.texts("handler"))


async def test_r069_a_result_waits_and_is_carried_out_once_it_is_let_out(kit: Kit) -> None:
    number = await complained(kit)
    await kit.says(f"媒体介入 {number} 电视台来采访", "lead")
    await kit.says(f"办结 {number} 换了主板", "handler")
    assert (await kit.the_complaint()).status is Status.WORKING
    await kit.deliver()
    await kit.says("发出", "media")
    assert (await kit.the_complaint()).status is Status.RESOLVED
    assert len(await kit.outbox(NoticeKind.SURVEY)) == 1


async def test_r069_words_are_kept_back_with_a_reason(kit: Kit) -> None:
    number = await complained(kit)
    await kit.says(f"媒体介入 {number} 电视台来采访", "lead")
    await kit.says(f"方案 {number} 赔偿两千元", "handler")
    await kit.deliver()
    await kit.says(f"不发 {number} 等法务意见", "media")
    await kit.deliver()
    assert any("等法务意见" in text for text in kit.chat.texts("handler"))
    assert (await kit.the_complaint()).unspoken == ()
    assert await kit.outbox(NoticeKind.PLAN) == []


async def test_r004_r071_an_answer_is_published_with_its_link(kit: Kit) -> None:
    number = await complained(kit)
    await kit.says(f"已发布 {number}", "agent")
    await kit.deliver()
    assert "请带上链接" in kit.chat.texts("agent")[-1]
    await kit.says(f"已发布 {number} https://bbs.example.com/t/1", "agent")
    [published] = (await kit.the_complaint()).publications
    assert published.url == "https://bbs.example.com/t/1"
    await kit.says(f"媒体介入 {number} 电视台来采访", "lead")
    await kit.says(f"已发布 {number} https://bbs.example.com/t/2", "agent")
    assert len((await kit.the_complaint()).publications) == 1


async def a_journalist_s(kit: Kit) -> str:
    await kit.says("我是晚报的记者，想了解3栋电梯停运的情况，电话13900000002", "c2")
    return max(each.reference for each in await kit.complaints())[-4:]


async def test_r069_what_is_merged_with_a_journalist_s_is_told_by_one_voice(kit: Kit) -> None:
    number = await complained(kit)
    press = await a_journalist_s(kit)
    await kit.says(f"合并 {press} 到 {number}", "lead")
    await kit.says("是", "lead")
    assert {each.reference[-4:]: each.status for each in await kit.complaints()}[press] is Status.MERGED
    await kit.says(f"进展 {number} 主板坏了，是我们没有保养", "handler")
    await kit.says(f"办结 {number} 换了主板", "handler")
    await kit.deliver()
    assert not any("主板" in text for who in ("c1", "c2") for text in kit.chat.texts(who))
    await kit.says(f"发出 {number}", "media")
    await kit.says(f"发出 {number}", "media")
    await kit.deliver()
    assert any("换了主板" in text for text in kit.chat.texts("c2"))


async def test_r069_a_result_that_was_told_before_is_not_told_to_a_journalist(kit: Kit) -> None:
    number = await complained(kit)
    await kit.says(f"办结 {number} 换了主板，是我们没有保养", "handler")
    press = await a_journalist_s(kit)
    await kit.says(f"合并 {press} 到 {number}", "lead")
    await kit.says("是", "lead")
    await kit.deliver()
    assert not any("保养" in text for text in kit.chat.texts("c2"))
    assert any("没有经媒体负责人审过" in text for text in kit.chat.texts("lead"))
    assert {each.reference[-4:]: each.status for each in await kit.complaints()}[press] is not Status.MERGED


@pytest.mark.parametrize(
    "words", ["今天情况咋样", "今天的投诉情况怎么样？", "how are things today", "how's it going today?"]
)
async def test_a_leader_who_asks_how_it_goes_sees_the_board(kit: Kit, words: str) -> None:
    await complained(kit)
    await kit.says(words, "leader")
    await kit.deliver()
    told = kit.chat.texts("leader")[-1]
    assert "今日新增 1" in told or "today" in told.casefold()


@pytest.mark.parametrize("words", ["0001 让他们周五前把电梯修好", "tell them to fix 0001 by Friday"])
async def test_a_leader_who_has_something_done_gives_an_order(kit: Kit, words: str) -> None:
    await complained(kit)
    await kit.says(words, "leader")
    assert len((await kit.the_complaint()).orders) == 1


# ── orders and questions in plain words ───────────────────────────────────────────────────────────────────────────────


async def three(kit: Kit) -> None:
    """0001 a lift, of which the leader was told; 0002 a leak in the garage, 0003 a smell in the corridor."""
    for nth, words in enumerate(("3栋电梯坏了三天没人修", "地下车库顶上漏水", "楼道里垃圾有臭味"), start=1):
        await kit.says(f"投诉 {words}", f"c{nth}")
    await kit.says("定级 0001 重大 记者来了", "lead")
    await kit.deliver()


@pytest.mark.parametrize(
    ("words", "nth"),
    [
        ("车库那个怎么回事 让工程部今天晚上给我结果", 2),
        ("臭味那个 你们抓紧 晚上报我", 3),
        ("0001 全小区电梯都查一遍", 1),
        ("电梯的再检查一遍全小区的 三天内报我", 1),
        ("车库漏水那个必须马上解决", 2),
        ("0002 check every garage and report back to me tonight", 2),
        ("0003 hurry, I want it done today", 3),
    ],
)
async def test_a_leaders_plain_order_is_one_and_of_the_case_it_tells_of(kit: Kit, words: str, nth: int) -> None:
    await three(kit)
    before = [each.task for each in await kit.complaints()]
    await kit.says(words, "leader")
    found = await kit.complaints()
    assert [bool(each.orders) for each in found] == [at == nth for at in (1, 2, 3)]
    assert [each.task for each in found] == before


async def test_an_order_about_what_none_is_about_is_asked_back(kit: Kit) -> None:
    await three(kit)
    await kit.says("门禁那个抓紧 晚上报我", "leader")
    await kit.deliver()
    assert not any(each.orders for each in await kit.complaints())
    assert "哪一件" in kit.chat.texts("leader")[-1]


@pytest.mark.parametrize(
    "words",
    ["日报", "今天的日报", "今天投诉多少 超时的是谁", "daily report", "how many complaints today, who is late?"],
)
async def test_a_leader_asks_for_the_day_in_plain_words(kit: Kit, words: str) -> None:
    await three(kit)
    await kit.says(words, "leader")
    await kit.deliver()
    told = kit.chat.texts("leader")[-1]
    assert "看板" in told or "board" in told.casefold()


@pytest.mark.parametrize("words", ["0001 谁在跟，抓紧了吗？", "批准 0001 抓紧", "派单 0002 @张伟 抓紧", "进度 0001"])
async def test_what_is_no_order_stays_what_it_is(kit: Kit, words: str) -> None:
    await three(kit)
    await kit.says(words, "leader")
    assert not any(each.orders for each in await kit.complaints())


async def test_the_leaders_read_the_result_and_what_the_customer_says_of_it(kit: Kit) -> None:
    number = await complained(kit)
    await kit.says(f"定级 {number} 重大 记者来了", "lead")
    await kit.says(f"进展 {number} 师傅在修了 估计后天好", "handler")
    await kit.says(f"办结 {number} 换了门机 运行正常", "handler")
    await kit.deliver()
    told = kit.chat.texts("leader")[-1]
    assert "结果：换了门机 运行正常" in told
    assert "估计后天好" not in told
    await kit.says("满意")
    await kit.says("根因：门机老化；责任方：维保单位", "handler")
    await kit.says(f"关闭 {number} 已修好", "lead")
    await kit.deliver()
    assert "客户评价：满意" in kit.chat.texts("leader")[-1]


BIDS = [
    "让张伟抓紧把翠湖那个办了",
    "叫张伟今天必须处理好",
    "张伟 马上处理电梯的事",
    "tell 张伟 to get on with the elm street one",
    "tell zhang to get on with the lift",
    "zhang sort out bob today",
    "Zhang, please fix the lift today",
]


@pytest.mark.parametrize("words", BIDS)
async def test_a_leader_bids_a_colleague_by_name_and_is_asked_about_which_of_theirs(
    fresh_sqlite_url: str, words: str
) -> None:
    people = (*PEOPLE, entry("Dave Zhang", Role.HANDLER, superior="王主管", line=7))
    english = "zhang" in words.casefold()
    async with open_desk(fresh_sqlite_url, staff=people, chats={**ADDRESSES, "Dave Zhang": "dave"}) as kit:
        whose = "Dave Zhang" if english else "张伟"
        for place, told in enumerate(("3栋电梯坏了三天没人修", "5栋楼道灯不亮"), 1):
            await kit.says(told, f"c{place}")
            await kit.says(f"派单 {place:04} @{whose}", "lead")
        await kit.deliver()
        await kit.says(words, "leader")
        await kit.deliver()
        assert [each.orders for each in await kit.complaints()] == [(), ()]
        offered = [each.says for each in kit.chat.sent[-1].buttons]
        assert len(offered) == 2
        await kit.says(offered[1], "leader")
        await kit.deliver()
        first, second = await kit.complaints()
        assert first.orders == ()
        assert words in second.orders[0].text
        assert any(words in text for text in kit.chat.texts("dave" if english else "handler"))


@pytest.mark.parametrize("words", ["让张伟抓紧把翠湖那个办了", "tell 张伟 to get on with it"])
async def test_where_they_have_one_alone_it_is_that_one(kit: Kit, words: str) -> None:
    number = await complained(kit)
    await kit.says(words, "leader")
    await kit.deliver()
    [order] = (await kit.the_complaint()).orders
    assert words in order.text
    assert number in kit.chat.texts("leader")[-1]
    assert "电梯坏了" in kit.chat.texts("leader")[-1]


@pytest.mark.parametrize("words", ["张伟今天请假吗", "tell me what zhang does", "张伟处理得不错", "how is 张伟 doing"])
async def test_what_bids_nobody_orders_nothing(kit: Kit, words: str) -> None:
    await complained(kit)
    await kit.says(words, "leader")
    await kit.deliver()
    assert (await kit.the_complaint()).orders == ()
