"""Whoever cannot come on a day is asked what is to become of the work: nothing is given back unasked, nothing asked is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.grammar.not_today import not_today
from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import HANDLER_AND_LEAD, Kit, asks, leak_accepted, open_desk

SAID = [
    "今天去不了 孩子发烧",
    "今天去不了，孩子发烧了",
    "0001 今天去不了 孩子发烧",
    "孩子发烧，今天过不去了",
    "下午去不了了 车坏了",
    "我今天病了 去不了",
    "今天有事去不了",
    "can't make it today, kid is sick",
    "0001 can't come today, my van broke down",
]


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(
        fresh_sqlite_url, staff=HANDLER_AND_LEAD, chats={"张伟": "handler", "王主管": "lead"}, before=leak_accepted
    ) as kit:
        yield kit


@pytest.mark.parametrize("said", SAID)
async def test_nothing_is_given_back_and_the_ways_are_offered(kit: Kit, said: str) -> None:
    back = "\n".join(await asks(kit, said, "handler"))
    complaint = await kit.the_complaint()
    assert (complaint.status, complaint.task is not None) == (Status.WORKING, True)
    assert (kit.chat.texts("c1"), kit.chat.texts("lead")) == ([], [])
    assert "还在您手上" in back
    time, leave, give_back = next(each.buttons for each in kit.chat.sent if each.address == "handler")
    assert "几点" in "\n".join(await asks(kit, time.says, "handler")) or kit.chat.texts("handler")
    assert (await kit.the_complaint()).status is Status.WORKING
    assert "请假" in "\n".join(await asks(kit, leave.says, "handler"))
    await asks(kit, give_back.says, "handler")
    assert (await kit.the_complaint()).owner is None


async def test_what_was_asked_before_goes_on_waiting(kit: Kit) -> None:
    assert "发给客户吗" in "\n".join(await asks(kit, "客户不接电话", "handler"))
    await asks(kit, "今天去不了 孩子发烧", "handler")
    await asks(kit, "发出", "handler")
    assert "不接电话" in "\n".join(kit.chat.texts("c1"))


async def test_of_several_none_is_given_back(kit: Kit) -> None:
    await kit.says("投诉 5栋电梯坏了三天", "c2")
    await kit.says("0002 接单", "handler")
    assert "还在您手上" in "\n".join(await asks(kit, "今天去不了 孩子发烧", "handler"))
    assert all(each.status is Status.WORKING for each in await kit.complaints())


async def test_a_command_gives_back(kit: Kit) -> None:
    await asks(kit, "退单 今天去不了 孩子发烧", "handler")
    assert (await kit.the_complaint()).owner is None


@pytest.mark.parametrize(
    "said",
    [
        "这活我干不了，退回去吧",
        "不归我们管",
        "今天去不了，明天上午再去",
        "can't come today, will come on friday",
        "了解过了 今天就去",
    ],
)
def test_other_words_mean_what_they_did(said: str) -> None:
    assert not not_today(said)
