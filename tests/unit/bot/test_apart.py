"""A customer who tells of several matters at once reads so, and may have each filed apart; colleagues are told, too."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.storage.models import PersonRow
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, asks, entry, open_desk

STAFF = (entry("张伟", Role.HANDLER, superior="王主管"), entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=3))
TOLD = {
    "zh": "电梯坏了，楼道灯也不亮，邻居家狗还天天叫",
    "en": "the lift stops between floors and the corridor light is out and my neighbour's dog barks all night",
}


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    chats = {"张伟": "handler", "王主管": "lead"}
    async with open_desk(
        fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)], staff=STAFF, chats=chats, policy="leyoujia-24h"
    ) as kit:
        yield kit


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("zh", "分开登记"),
        ("zh", "都分开报吧"),
        ("zh", "一码归一码 分开登记"),
        ("zh", "嗯，那就两件分开登记吧"),
        ("zh", "好的 请给我分开办"),
        ("en", "yes please, file both separately"),
        ("en", "ok, could you split them up please"),
        ("en", "file apart"),
        ("en", "please file them separately"),
        ("zh", ""),
    ],
)
async def test_each_is_filed_apart_when_its_customer_wants_it(kit: Kit, locale: str, words: str) -> None:
    *_, heard = await asks(kit, TOLD[locale], "c1")
    assert "好几件事" in heard or "several things" in heard
    apart, together = _buttons(kit, "c1")
    assert any("好像有几件事" in text for text in kit.chat.texts("handler"))
    assert any("好像有几件事" in text for text in kit.chat.texts("lead"))
    assert len(await kit.complaints()) == 1
    *acknowledged, told = await asks(kit, words or apart, "c1")
    assert [each.reference[-4:] for each in await kit.complaints()] == ["0001", "0002", "0003"]
    assert len(acknowledged) == 2
    assert "-0002" in told
    assert "-0003" in told
    assert len(await kit.outbox("staff_supplement")) == 1  # whoever has the first hears what no longer belongs to it
    assert not await kit.outbox("same_matter")
    await asks(kit, words or apart, "c1")  # said again it changes nothing
    assert len(await kit.complaints()) == 3
    [kept] = await asks(kit, together, "c1")
    assert "TS20260302-0001" in kept


def _buttons(kit: Kit, who: str) -> tuple[str, str]:
    [buttons] = [each.buttons for each in kit.chat.sent if each.address == who and len(each.buttons) == 2]
    return buttons[0].says, buttons[1].says


@pytest.mark.parametrize(("locale", "words"), [("zh", "放在一起"), ("en", "keep together"), ("zh", "不用分开")])
async def test_they_stay_together_by_one_word(kit: Kit, locale: str, words: str) -> None:
    await asks(kit, TOLD[locale], "c1")
    [heard] = await asks(kit, words, "c1")
    assert "TS20260302-0001" in heard
    assert len(await kit.complaints()) == 1


@pytest.mark.parametrize("words", ["厨房漏水，把地板泡坏了，墙也发霉了", "the lift is broken"])
async def test_one_matter_is_not_asked_about(kit: Kit, words: str) -> None:
    heard = await asks(kit, words, "c1")
    assert len(heard) == 1
    assert not any("几件事" in text for text in kit.chat.texts("handler"))


@pytest.mark.parametrize(
    ("matter", "words"),
    [
        ("3栋电梯坏了", "另外周六上午能派人来看看卫生间发霉的事吗"),
        ("the lift in block 3 is broken", "also can u send someone sat morning about the mould in the bathroom"),
    ],
)
async def test_a_visit_for_something_else_is_no_visit_for_what_is_open(kit: Kit, matter: str, words: str) -> None:
    await kit.says(matter, "c1")
    await asks(kit, words, "c1")
    first, second = await kit.complaints()
    assert first.visit is None
    assert second.visit is not None


@pytest.mark.parametrize("words", ["周六上午能派人来吗", "can you send someone sat morning"])
async def test_a_visit_for_nothing_else_is_for_what_is_open(kit: Kit, words: str) -> None:
    await kit.says("3栋电梯坏了", "c1")
    await asks(kit, words, "c1")
    [only] = await kit.complaints()
    assert only.visit is not None


OF_TWO = [
    ("刚才有个阿姨跟我说5栋门禁坏了 还有个大爷说健身器材断了 12栋那边", "门禁", "健身器材"),
    ("客户说地库积水 另外还有一个说5栋垃圾没人收", "积水", "垃圾"),
    ("有个业主说7栋楼道堆了杂物，13栋孙大姐说她家暖气不热", "杂物", "暖气"),
    ("刚才张阿姨说电梯坏了 李大爷说路灯不亮", "电梯", "路灯"),
    ("a lady told me the gate of block 5 is broken, and an old man says the gym machine snapped", "gate", "gym"),
    ("Mrs Lee says the lift is stuck and Mr Brown says the bins are full", "lift", "bins"),
]
OF_ONE = [
    "客户说地库积水",
    "张女士说电梯坏了，张女士还说楼道灯不亮",
    "王阿姨说电梯坏了，李大爷也说电梯坏了",
    "客户说电梯坏了 王师傅说下周才修",
    "张女士说她家漏水，她邻居说楼下也被泡了",
    "业主说邻居说他家吵",
    "Mrs Lee says the lift is stuck and she says the bins are full",
]


@pytest.fixture
async def brought(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    chats = {"张伟": "handler", "王主管": "lead", "赵敏": "zhao"}
    async with open_desk(fresh_sqlite_url, staff=(*STAFF, entry("赵敏", Role.EMPLOYEE, line=4)), chats=chats) as kit:
        yield kit


@pytest.mark.parametrize(("words", "first", "second"), OF_TWO)
async def test_what_two_told_a_colleague_is_filed_for_each(brought: Kit, words: str, first: str, second: str) -> None:
    told = await asks(brought, words, "zhao")
    one, two = await brought.complaints()
    assert first in one.summary
    assert second not in one.summary
    assert second in two.summary
    assert first not in two.summary
    assert one.complainant != two.complainant
    assert any(one.reference in text and first in text for text in told)
    assert any(two.reference in text and second in text for text in told)


@pytest.mark.parametrize("words", OF_ONE)
async def test_what_one_tells_or_two_tell_of_one_thing_is_one_complaint(brought: Kit, words: str) -> None:
    await asks(brought, words, "zhao")
    assert len(await brought.complaints()) == 1


async def test_a_number_that_comes_after_two_is_asked_whose_it_is(brought: Kit) -> None:
    await asks(brought, OF_TWO[0][0], "zhao")
    [asked] = await asks(brought, "13712345678", "zhao")
    assert "-0001" in asked
    assert "-0002" in asked
    await asks(brought, "2", "zhao")
    assert [each.contact_known for each in await brought.complaints()] == [False, True]


async def test_the_number_of_one_is_none_of_the_others(brought: Kit) -> None:
    await asks(brought, "张女士13800001111说她家漏水 李先生13900002222说路灯坏了", "zhao")
    people = {row.id: row for row in await brought.rows(PersonRow)}
    known = [(people[each.complainant].name, people[each.complainant].phone) for each in await brought.complaints()]
    assert known == [("张女士", "+8613800001111"), ("李先生", "+8613900002222")]
