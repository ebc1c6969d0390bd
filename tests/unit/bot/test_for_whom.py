"""What whoever works on it says for a colleague's ears, or for somebody else to hear: nobody else reads it unasked."""

from __future__ import annotations

import pytest

from bot.grammar import Speaker, Verb
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
