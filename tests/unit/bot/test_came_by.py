"""What colleagues note of callers and visitors carries how it came, and what they ask about it later files nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.grammar import Speaker, Verb, understand
from bot.grammar.brought_in import came_by
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import Kit, asks, entry, open_desk

PEOPLE = (entry("张伟", Role.HANDLER), entry("孙婷", Role.AGENT), entry("小李", Role.EMPLOYEE, line=4))


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    chats = {"张伟": "handler", "孙婷": "agent", "小李": "emp"}
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=chats) as kit:
        yield kit


@pytest.mark.parametrize(
    ("words", "channel"),
    [
        ("刚才7栋的王阿姨打电话说她家楼道灯坏了好几天了", "phone"),
        ("2栋802的赵姐也打来说下水道堵了", "phone"),
        ("接到3栋李先生来电，电梯异响", "phone"),
        ("有个业主来前台说1栋门禁刷不开 姓孙", "visit"),
        ("李大爷到物业办公室反映路灯不亮", "visit"),
        ("Mrs Lee rang to say that the lamp is dark", "phone"),
        ("a resident came to the front desk, the gate does not open", "visit"),
        ("业主说给你们打电话没人接", ""),
        ("客户说大堂的电话坏了", ""),
        ("6栋刘奶奶说小区狗不牵绳", ""),
        ("the owner says nobody answers the phone", ""),
    ],
)
def test_how_it_came(words: str, channel: str) -> None:
    assert came_by(words) == channel


@pytest.mark.parametrize(
    ("words", "who", "channel"),
    [
        ("刚才7栋的王阿姨打电话说她家楼道灯坏了好几天了 电话13812342222", "agent", "phone"),
        ("有个业主来前台说1栋门禁刷不开 姓孙13812344444", "agent", "visit"),
        ("登记 13500001234 吴先生 3栋502 车位被占了", "agent", "phone"),
        ("register Mr Wu 13500001234 says his parking space is taken", "agent", "phone"),
        ("我的投诉 3栋502的王先生打电话说对面工地打桩 13722223333", "emp", "phone"),
        ("我的投诉 3栋502的王先生 13722223333 说对面工地早上六点打桩", "emp", "chat"),
    ],
)
async def test_a_note_of_the_phone_and_the_counter_carries_its_channel(
    kit: Kit, words: str, who: str, channel: str
) -> None:
    await kit.says(words, who)
    complaint = await kit.the_complaint()
    assert complaint.channel == channel
    assert not complaint.summary.startswith(("登记", "register"))


@pytest.mark.parametrize(
    "words",
    [
        "上周我转的那个大爷的工地打桩 有人管吗",
        "我上次报的王先生工地打桩的事处理了吗",
        "昨天我录的那个打桩的怎么样了",
        "the pile driving I passed on last week, any news?",
    ],
)
async def test_whoever_asks_about_what_they_brought_in_files_nothing(kit: Kit, words: str) -> None:
    await kit.says("我的投诉 3栋502的王先生 13722223333 说对面工地早上六点打桩", "emp")
    [told] = await asks(kit, words, "emp")
    assert len(await kit.complaints()) == 1
    assert "0001" in told
    assert understand(words, Speaker.SUPERVISOR).verb is Verb.STATUS


@pytest.mark.parametrize(
    "words", ["我的投诉 王先生 13722223333 说他上周报的漏水没人管", "转一个 业主说我们修的灯又坏了 13722223333"]
)
async def test_a_customer_who_asks_the_like_is_brought_in(kit: Kit, words: str) -> None:
    await kit.says(words, "emp")
    assert len(await kit.complaints()) == 1
