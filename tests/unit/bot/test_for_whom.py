"""What whoever works on it says for a colleague's ears, or for somebody else to hear: nobody else reads it unasked."""

from __future__ import annotations

import pytest

from bot.grammar import Speaker, Verb, understand
from bot.grammar.among_us import kept_among_us
from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, open_desk
from tests.unit.bot.test_notes import notes

FOR_ONE_OF_US = (
    "自己人说一句 其实是采购没批钱",
    "0001 都是自己人，配件是我弄丢的",
    "TS20260302-0001 只跟王主管说 闭门器是我弄坏的",
    "只跟你说，是我们的错",
    "单独告诉王主管 是我们的错",
    "跟王主管说一声 配件是我弄丢的",
    "跟主管说 配件是我弄丢的",
    "麻烦告诉王主管 是我们漏了登记",
    "偷偷告诉你 钱没批",
    "只有老板知道 是我弄坏的",
    "其实是我们欠保洁公司三个月钱",
    "公司欠了电梯公司维保费",
    "采购那边还没批",
    "just for Wang: we broke it",
    "only tell Wang, I broke the closer",
    "0001 tell the boss I broke the closer",
    "let the supervisor know I broke it",
    "between us I broke the closer",
    "just us: purchasing hasn't approved it",
    "told tracy off, she's always like this, dont tell the patient",
    "别告诉患者 牙冠是我们弄错的",
    "病人还不知道 牙冠装错了",
    "rang him, he says its fine but hes a moaner",
    "she's always complaining, nothing new",
    "we owe the cleaners three months",
)
FOR_EVERYBODY = (
    "跟主管说了，明天来",
    "已跟领导说明情况",
    "王主管说明天来",
    "向领导申请配件中",
    "跟厂家说一声 明天送货",
    "只跟客户说了明天去",
    "只能让厂家来修了",
    "只通知了业主，明天停水",
    "已修好，业主自己人在家",
    "业主欠物业费三个月",
    "我们欠您一个道歉",
    "told the boss, he comes tomorrow",
    "just for info, the part arrived",
    "only told him we come tomorrow",
    "we still owe the customer a call",
)


@pytest.mark.parametrize("text", FOR_ONE_OF_US)
def test_t47_what_is_for_one_of_us_is_a_note(text: str) -> None:
    kept = kept_among_us(text, Speaker.HANDLER)
    assert kept is not None
    assert kept[0] is Verb.NOTE


@pytest.mark.parametrize("text", FOR_EVERYBODY)
def test_what_is_said_of_colleagues_and_to_others_is_no_note(text: str) -> None:
    assert kept_among_us(text, Speaker.HANDLER) is None


def test_a_colleague_is_known_by_name() -> None:
    for text in ("告诉李娜 是我们漏了登记", "0001 跟李娜说一声 是我弄坏的", "tell Anna Lee that I broke it"):
        assert kept_among_us(text, Speaker.HANDLER) is None
        assert kept_among_us(text, Speaker.HANDLER, ("李娜", "Anna Lee")) is not None
    assert kept_among_us("李娜说明天到", Speaker.HANDLER, ("李娜",)) is None


async def in_hand(kit: Kit) -> int:
    """File a complaint and take it on; return how much its customer has read."""
    await kit.says("3栋502厨房漏水，我姓李，电话13800138000")
    await kit.says("接单 0001", "handler")
    await kit.deliver()
    return len(kit.chat.texts("c1"))


@pytest.mark.parametrize("asked", ["", "进度"])
async def test_t47_no_customer_reads_what_is_for_one_of_us(fresh_sqlite_url: str, asked: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await in_hand(kit)
        if asked:
            await kit.says(asked)
            await kit.deliver()
        before = len(kit.chat.texts("c1"))
        for number, text in enumerate(FOR_ONE_OF_US):
            await kit.says(text, "handler")
            assert len(await notes(kit)) == number + 1, text
        await kit.deliver()
        assert kit.chat.texts("c1")[before:] == []
        assert (await kit.the_complaint()).status is Status.WORKING


TO_BE_TOLD = (
    "0001 跟刘先生说保险定损完了，赔8000",
    "跟他说换完了会再收拾干净",
    "跟客户说修好了给他免一个月物业费",
    "告诉她已经修好了",
    "让业主知道 已经修好了",
    "跟陈姐说换好了",
    "tell him it is fixed and he gets a month free",
    "0001 tell Mr Liu it's fixed, 8000 paid",
    "let her know it's fixed",
)
OWNED_UP = (
    "0001 记错了 我去的是5栋",
    "去的是5栋 走错了",
    "0001 搞错了 我去的是5栋",
    "不好意思 看错门牌号了，去错楼了",
    "闭门器是我弄坏的",
    "went to the wrong building",
    "0001 my mistake, I went to building 5",
    "I broke the door closer",
)
HALF_AMONG_US = ("师傅私下收了钱", "0001 我跟领导讲了 他说先放着", "told the boss, he says tomorrow")


@pytest.mark.parametrize("text", [*TO_BE_TOLD, *OWNED_UP])
def test_who_is_to_be_told_and_who_owns_up_has_neither_finished_nor_given_back(text: str) -> None:
    assert understand(text, Speaker.HANDLER).verb not in (Verb.DONE, Verb.GIVE_BACK)


def test_what_was_told_and_done_is_done_and_what_is_not_ours_goes_back() -> None:
    done = ("跟客户说了，修好了", "told him it's fixed", "修好了，已告诉客户", "办结 换了锁芯")
    assert [text for text in done if understand(text, Speaker.HANDLER).verb is not Verb.DONE] == []
    back = ("搞错人了，我是保洁", "派错了，不归我管", "这单派错了", "wrong department, not mine")
    assert [text for text in back if understand(text, Speaker.HANDLER).verb is not Verb.GIVE_BACK] == []


@pytest.mark.parametrize("text", [*TO_BE_TOLD, *OWNED_UP, *HALF_AMONG_US])
async def test_in_doubt_its_writer_says_who_reads_it(fresh_sqlite_url: str, text: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        before = await in_hand(kit)
        await kit.says(text, "handler")
        await kit.deliver()
        assert "发给客户吗" in kit.chat.texts("handler")[-1]
        assert [button.says for button in kit.chat.sent[-1].buttons] == ["发出", "不发"]

        await kit.says("不发", "handler")
        await kit.deliver()
        assert "只有同事看得到" in kit.chat.texts("handler")[-1]
        assert kit.chat.texts("c1")[before:] == []
        assert len(await notes(kit)) == 1
        assert (await kit.the_complaint()).status is Status.WORKING


async def test_a_line_let_out_is_read_without_whom_to_tell_it_and_a_command_goes_on(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await in_hand(kit)
        await kit.says("跟他说修好了，会再收拾干净", "handler")
        await kit.deliver()
        assert "办结" in kit.chat.texts("handler")[-1]
        await kit.says("发出", "handler")
        await kit.deliver()
        assert "跟他说" not in kit.chat.texts("c1")[-1]
        assert "会再收拾干净" in kit.chat.texts("c1")[-1]

        await kit.says("闭门器是我弄坏的", "handler")
        await kit.says("办结 0001 换了闭门器", "handler")
        await kit.deliver()
        assert (await kit.the_complaint()).status is Status.RESOLVED
        assert "是我弄坏的" not in "".join(kit.chat.texts("c1"))


@pytest.mark.parametrize(
    ("text", "promise"),
    [
        ("0001 我接 跟刘先生说了 我们赔他2000块", "赔他2000块"),
        ("我接了，免他一个月物业费", "一个月物业费"),
        ("接单 0001 答应给他换新的", "换新的"),
        ("accept 0001 promised her 500 back", "500"),
    ],
)
async def test_what_is_promised_in_the_words_that_accept_is_noted_and_not_sent(
    fresh_sqlite_url: str, text: str, promise: str
) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await kit.says("3栋502厨房漏水，我姓李，电话13800138000")
        await kit.says(text, "handler")
        await kit.deliver()
        assert (await kit.the_complaint()).status is Status.WORKING
        assert [promise in note for note in await notes(kit)] == [True]
        assert promise in kit.chat.texts("handler")[-1]
        assert any(said in kit.chat.texts("handler")[-1] for said in ("没有发给客户", "not sent to the customer"))
        assert promise not in "".join(kit.chat.texts("c1"))


async def test_plain_words_that_accept_are_no_note(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await kit.says("3栋502厨房漏水，我姓李，电话13800138000")
        await kit.says("收到，马上过去", "handler")
        assert await notes(kit) == []
