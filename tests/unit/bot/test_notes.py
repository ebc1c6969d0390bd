"""A note is for colleagues to read: what reads as a command in it is not done, and a command is no note."""

from __future__ import annotations

import pytest

from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.inside import cannot_reach, grumbles, lacks_money, of_tactics
from bot.storage.models import EventRow
from complaints.change import EventKind
from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, open_desk

NOT_FOR_CUSTOMERS = (
    "内部：客户很凶",
    "进展 内部：配件没到",
    "进展 0001 内部：配件没到",
    "内部 0001 客户很凶",
    "【内部】客户很凶",
    "这是内部消息：要裁人",
    "不要告诉客户，配件没有了",
    "配件没有了，先别告诉客户",
    "仅供内部：施工队跑了",
    "施工队跑了，仅供内部参考",
    "别跟客户说，这是施工质量问题",
    "這是施工質量問題，別跟客戶說",
    "千万不要让业主知道是我们的错",
    "这事客户不能知道，是我们漏了",
    "内部沟通，客户别看",
    "办结 0001 换了旧件，别告诉客户",
    "方案 0001 先拖两天，不要跟业主说",
    "供应商倒闭了，对客户保密",
    "瞒着客户先用旧件顶上",
    "别对外说，责任在我们",
    "已换水管。内部：师傅手法不行",
    "已换水管\n内部：师傅手法不行",
    "客户那边先瞒着",
    "只给同事看：师傅喝酒了",
    "勿发客户，师傅喝酒了",
    "先不告诉客户，配件没到",
    "还没告诉客户，配件没到",
    "客户面前不要提施工问题",
    "进展【勿外传】配件没到",
    "换了水管 内部：用的旧件",
    "提醒同事：客户很凶",
    "internal: she is rude",
    "update - internal: she's rude",
    "colleagues: she's rude",
    "not to be shared with the customer: plumber was drunk",
    "hide this from the client, we broke it",
    "the customer is not supposed to know we broke it",
    "we haven't told the customer that we broke it",
    "keep quiet about this, we broke it",
    "fixed the pipe. internal: used an old part",
    "progress internal only: waiting for the boss",
    "progress 0001 internal: no parts",
    "don't tell the customer, the part is gone",
    "the part is gone, please do not tell the client",
    "do not let the owner know it was our fault",
    "the customer must not know it was our fault",
    "keep this from the customer: our fault",
    "keep it between us, the plumber was drunk",
    "not for the customer: plumber was drunk",
    "plumber was drunk (internal use only)",
    "staff only: plumber was drunk",
    "off the record, the plumber was drunk",
    "confidential: legal is on it",
    "done 0001 used an old part, don't tell the customer",
    "plan 0001 stall for two days, but don't mention it to the customer",
    "跟客户说师傅三点到，但别说是因为我们没交维保费",
    "跟他说明天换，原因就别提了",
    "告诉客户师傅明天到，别提上次放鸽子的事",
    "进展 卡已重做（领导说先拖着，等他自己忘了）",
    "进展 已约厂家，费用先别跟客户谈",
    "跟客户说明天去，价格别提",
    "就回客户一句 已处理，具体的不用讲",
    "跟客户讲：已批评教育（其实没批评）",
    "已经跟楼上说了（楼上是我们主任亲戚，不好管）",
    "师傅已到，别说漏嘴",
    "let the customer know he comes by 3, just don't mention we never paid the maintenance",
    "tell the customer somebody comes tomorrow, no need to mention we stood him up last time",
    "progress for our eyes only: supplier wants 80",
    "progress supplier booked, let's not discuss cost with the customer yet",
    "new fob made (boss says stall until he forgets)",
    "say to the customer: he was reprimanded (he wasn't really)",
    "spoken to the people upstairs (he is our manager's cousin so go easy)",
    "booked for Monday, leave out the price",
    "booked for Monday, spare him the details",
)
FOR_CUSTOMERS_TOO = (
    "leak fixed, all sorted between us",
    "已告诉客户明天上门",
    "别忘了告诉客户",
    "要不要告诉客户？",
    "进展 内部管道已更换",
    "内部管线检查完毕",
    "客户不要换新的，要退款",
    "不能给客户发票，财务休假",
    "客户不愿意让我们进门",
    "I told the customer we come tomorrow",
    "don't forget to tell the customer",
    "the customer does not know when it started",
    "internal wiring replaced",
    "the staff only arrived at nine",
    "还没跟客户说好时间",
    "同事已到现场",
    "客户不知道怎么用",
    "I could not tell the owner's name",
    "the customer should hear from us by noon",
    "we can't let the customer wait any longer",
    "I can't show him the flat until Monday",
    "转派 0001 @陈刚 太忙，别告诉客户",
    "退单 0001 不归我管，别告诉客户",
    "跟客户说好了，不用提前准备",
    "告诉客户不用提供发票",
    "别说今天，明天也到不了货",
    "客户别提多高兴了",
    "具体价格是客户自己提的",
    "pump, valve and hose replaced, not to mention the tap",
    "the customer did not mention the leak before",
    "could not go into the flat, nobody home",
    "told him we leave out nothing",
    "fixed (not the window)",
)


@pytest.mark.parametrize("role", [Speaker.HANDLER, Speaker.SUPERVISOR])
def test_t47_what_says_itself_that_no_customer_may_read_it_is_a_note_whatever_is_asked(role: Speaker) -> None:
    for pending in (Pending.NONE, Pending.PROGRESS, Pending.RESULT, Pending.REASON):
        wrong = [text for text in NOT_FOR_CUSTOMERS if understand(text, role, pending).verb is not Verb.NOTE]
        assert wrong == []
    assert [text for text in FOR_CUSTOMERS_TOO if understand(text, role, Pending.NONE).verb is Verb.NOTE] == []


async def test_t47_no_such_words_reach_the_customer(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await kit.says("3栋502厨房漏水，我姓李，电话13800138000")
        await kit.says("接单 0001", "handler")
        await kit.deliver()
        before = len(kit.chat.texts("c1"))
        for text in NOT_FOR_CUSTOMERS:
            await kit.says(text, "handler")
        await kit.deliver()
        assert kit.chat.texts("c1")[before:] == []
        assert len(await notes(kit)) == len(NOT_FOR_CUSTOMERS)
        assert (await kit.the_complaint()).status is Status.WORKING

        await kit.says("办结 0001 换了旧件，别告诉客户", "handler")
        await kit.says("进展 明天上门", "handler")
        await kit.deliver()
        assert "没有当指令办" in kit.chat.texts("handler")[-2]
        assert "明天上门" in kit.chat.texts("c1")[-1]


GRUMBLING = (
    "这客户太难缠了",
    "不知道他说啥，联系不上",
    "进展 客户脾气太大，真服了",
    "this customer is impossible, I've had enough",
    "the tenant is so rude, come back tomorrow",
    "办结 0001 阀门换好了，那老太太事儿真多",
    "done 0001 valve replaced, he cried like a baby",
    "0001 honestly a pain that bloke",
)


async def test_t47_grumbling_about_a_customer_is_for_colleagues(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await kit.says("3栋502厨房漏水，我姓李，电话13800138000")
        await kit.says("接单 0001", "handler")
        await kit.deliver()
        before = len(kit.chat.texts("c1"))
        for text in GRUMBLING:
            await kit.says(text, "handler")
        assert len(await notes(kit)) == len(GRUMBLING)

        for text in (
            "0001 客户电话打不通",
            "0001 the customer is not picking up",
            "进展 客户电话打不通",
            "进展 0001 打业主电话一直没人接",
            "progress: customer's phone is off",
        ):
            await kit.says(text, "handler")
            await kit.says("不发", "handler")
        await kit.deliver()
        assert "客户就能看到" in "".join(kit.chat.texts("handler"))
        assert kit.chat.texts("c1")[before:] == []


def test_what_is_said_of_things_and_of_others_grumbles_about_nobody() -> None:
    told = (
        "水太大了，正在抢修",
        "业主家漏水很大",
        "it is difficult to reach the valve",
        "he is busy today",
        "she has a pain in her jaw again",
        "这边要办的事真多",
        "噪音太烦人了",
    )
    assert [text for text in told if grumbles(text)] == []
    assert [
        text for text in ("联系不上厂家", "物业电话打不通", "the driver does not answer") if cannot_reach(text)
    ] == []


TACTICS = (
    "0001 客户要五千，我们内部底线是2000",
    "0001 公司最多赔2000，再多没有了，先探探他口风",
    "公司最多出三千",
    "0001 赔500封顶",
    "0001 内部说一下，这个客户挺难缠的，估计想讹钱",
    "内部讲一声，他就是想敲一笔",
    "0001 楼上业主有精神病，不好惹，咱们别硬来",
    "这户就是职业投诉的，先晾他几天",
    "0001 先糊弄过去再说",
    "方案 0001 先赔500试探一下",
    "延期 0001 3天 客户想讹钱",
    "0001 让他别急，领导还没批钱",
    "our bottom line is 2000, see what he'd accept",
    "0001 the most we can pay is 2000",
    "0001 he is after money, let's sound him out first",
    "the neighbour is mentally ill, don't provoke him",
    "0001 the boss hasn't approved the money",
)
TOLD_OPENLY = (
    "方案 最多赔2000",
    "最多赔您2000，您看行吗",
    "最多三天就好",
    "最多给10天时间修好",
    "已摸底排查楼上管道",
    "底部密封圈换了",
    "已经把价格降下来了",
    "修好了，客户没花钱",
    "we offered to repaint the wall",
    "the budget plan is printed",
)


def test_how_far_we_go_and_how_the_customer_is_handled_is_told_from_an_offer() -> None:
    assert [
        text for text in TOLD_OPENLY if of_tactics(text, commanded=text.startswith("方案")) or lacks_money(text)
    ] == []


async def test_t47_our_tactics_never_reach_the_customer(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await kit.says("3栋502厨房漏水，我姓李，电话13800138000")
        await kit.says("接单 0001", "handler")
        await kit.deliver()
        before = len(kit.chat.texts("c1"))
        for text in TACTICS:
            await kit.says(text, "handler")
            assert len(await notes(kit)) == TACTICS.index(text) + 1, text
        await kit.deliver()
        assert kit.chat.texts("c1")[before:] == []

        await kit.says("方案 0001 最多赔2000", "handler")
        await kit.deliver()
        assert "最多赔2000" in kit.chat.texts("c1")[-1]


async def test_whom_the_customer_is_to_be_told_by_is_not_read_by_them(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await kit.says("3栋502厨房漏水，我姓李，电话13800138000")
        await kit.says("接单 0001", "handler")
        await kit.says("帮我跟客户说一下，配件到了，正在更换", "handler")
        await kit.says("0001 帮我跟客户说，方案就是免费重新刷一遍墙", "handler")
        await kit.deliver()
        read = "".join(kit.chat.texts("c1"))
        assert "配件到了，正在更换" in read
        assert "免费重新刷一遍墙" in read
        assert "跟客户说" not in read


async def notes(kit: Kit) -> list[str]:
    return [row.note for row in await kit.rows(EventRow, EventRow.kind == EventKind.NOTED)]


async def test_a_command_is_done_while_a_note_is_asked_for_and_told_of_in_one(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await kit.says("3栋502厨房漏水，我姓李，电话13800138000")
        await kit.says("备注 0001", "handler")
        await kit.says("接单 0001", "handler")
        assert ((await kit.the_complaint()).status, await notes(kit)) == (Status.WORKING, [])

        await kit.says("备注 0001 钥匙在门卫\n办结 0001 换了水管", "handler")
        await kit.deliver()
        assert (await kit.the_complaint()).status is Status.WORKING
        assert "没有当指令办" in kit.chat.texts("handler")[-1]

        await kit.says("备注 0001 办结前先打电话", "handler")
        await kit.deliver()
        assert "没有当指令办" not in kit.chat.texts("handler")[-1]
        assert len(await notes(kit)) == 2
