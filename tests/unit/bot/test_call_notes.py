"""What the centre notes of a call with a customer is kept: nobody is assigned, nothing merged, no work done by it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.grammar import Speaker, Verb, understand
from bot.storage.models import EventRow
from complaints.change import EventKind
from complaints.vocabulary import Role, Status
from tests.unit.bot.desk_kit import Kit, entry, open_desk

PEOPLE = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("王主管", Role.CENTER_LEAD, line=3),
    entry("陈客服", Role.AGENT, line=4),
)
NOTES = [
    "0001 回访了 陈阿姨说还行吧 就是对门又放了",
    "陈阿姨 0001 又打电话骂了半小时",
    "0001 陈阿姨电话里说 还行 就是对门又放了",
    "0001 已给客户道歉了 客户说就这样算了",
    "0001 我打电话道歉了",
    "0001 我打电话跟陈女士解释过了 他说算了",
    "spoke to the lady from 0001, shes happy",
    "0001 rang the customer and apologised, she says leave it",
]


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    chats = {"张伟": "handler", "王主管": "lead", "陈客服": "agent"}
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=chats) as kit:
        yield kit


@pytest.mark.parametrize("who", ["lead", "agent"])
@pytest.mark.parametrize("words", NOTES)
async def test_a_note_of_a_call_changes_nothing_and_no_customer_reads_it(kit: Kit, who: str, words: str) -> None:
    await kit.says("投诉 3栋楼道堆物没人管，陈女士 13712345678", "c1")
    await kit.says("接单 0001", "handler")
    await kit.deliver()
    before, heard = await kit.the_complaint(), len(kit.chat.texts("c1"))
    await kit.says(words, who)
    await kit.deliver()
    after = await kit.the_complaint()
    assert (after.status, after.owner) == (before.status, before.owner) == (Status.WORKING, before.owner)
    [note] = await kit.rows(EventRow, EventRow.kind == EventKind.NOTED)
    assert note.note in words
    assert len(kit.chat.texts("c1")) == heard


@pytest.mark.parametrize(
    "words",
    [
        "王大爷又来电话说中午也在敲",
        "孙阿姨打电话来说楼上又泼水了",
        "又来一个 周先生13322221112 9栋102 也是那条狗叫",
        "another one, mr lee 13322221112 flat 102, the same dog barking",
    ],
)
async def test_another_who_calls_is_entered(kit: Kit, words: str) -> None:
    await kit.says(words, "agent")
    await kit.deliver()
    assert (await kit.the_complaint()).summary == words


@pytest.mark.parametrize("words", ["陈阿姨说还行吧", "回访了 陈阿姨说就那样"])
def test_of_nobody_by_number_nothing_is_assigned(words: str) -> None:
    assert understand(words, Speaker.SUPERVISOR).verb is not Verb.ASSIGN


async def test_what_lacks_a_way_to_reach_its_customer_is_said_to_lack_that_alone(kit: Kit) -> None:
    await kit.says("陈阿姨打电话来说对门又放了", "agent")
    await kit.deliver()
    assert not any("没有找到合适" in each for each in (*kit.chat.texts("agent"), *kit.chat.texts("lead")))
    assert any("还缺客户的联系方式" in each for each in kit.chat.texts("agent"))
