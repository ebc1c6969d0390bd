"""Work that is done while something else is not theirs is neither given back nor told to the customer unasked; a bare number
of a complaint is no answer, but shows it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.dialogue.partly import parts
from complaints.vocabulary import Severity, Status
from tests.unit.bot.desk_kit import HANDLER_AND_LEAD, Kit, asks, exchange, leak_accepted, open_desk


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(
        fresh_sqlite_url, staff=HANDLER_AND_LEAD, chats={"张伟": "handler", "王主管": "lead"}, before=leak_accepted
    ) as kit:
        yield kit


SAID = [
    ("0001 换管子弄完了 不漏了 赔钱的事我们做不了主", "换管子弄完了，不漏了", "做不了主"),
    ("灯换好了，赔偿不归我们管", "灯换好了", "不归我们管"),
    ("0001 修好了，剩下的墙面不归我们", "修好了", "不归我们"),
    ("0001 pipe replaced, no more leak, but we can't decide about the money", "pipe replaced, no more leak", "decide"),
    ("fixed the pipe, compensation is not ours to decide", "fixed the pipe", "not ours"),
]


@pytest.mark.parametrize(("said", "result", "rest"), SAID, ids=[each[0] for each in SAID])
async def test_done_but_something_is_not_theirs_is_asked_back(kit: Kit, said: str, result: str, rest: str) -> None:
    before = len(kit.chat.texts("c1"))
    [back] = await asks(kit, said, "handler")
    assert result in back
    complaint = await kit.the_complaint()
    assert complaint.status is Status.WORKING
    assert complaint.task is not None
    done, give_back = next(each.buttons for each in kit.chat.sent if each.address == "handler")
    await kit.says(done.says, "handler")
    await kit.deliver()
    assert (await kit.the_complaint()).status is Status.RESOLVED
    told = kit.chat.texts("c1")[before:] if len(kit.chat.texts("c1")) > before else kit.chat.texts("c1")
    assert any(result in each for each in told)
    assert not any(rest in each for each in told)
    assert give_back.says.startswith(("退单", "give back"))


async def test_it_is_given_back_where_they_say_so(kit: Kit) -> None:
    await asks(kit, "灯换好了，赔偿不归我们管", "handler")
    [(_, back)] = [each.buttons for each in kit.chat.sent if each.buttons]
    await kit.says(back.says, "handler")
    complaint = await kit.the_complaint()
    assert complaint.owner is None


def test_what_says_only_one_of_the_two_is_left_alone() -> None:
    said = ("不归我们管，修不了", "修不好，退单", "换管子弄完了 不漏了", "done, the lock works", "not our job")
    assert [each for each in said if parts(each) is not None] == []


# ── a bare number ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("said", ["{}", "#{}", "TS20260302-{}", "{}?"])
async def test_a_bare_number_is_not_what_holds_it_up(kit: Kit, said: str) -> None:
    for _ in range(40):
        await kit.sweep(timedelta(days=1))
        await kit.deliver()
    assert any("卡在哪里" in each for each in kit.chat.texts("handler"))
    [shown] = await asks(kit, said.format("0001"), "handler")
    assert "卡在" not in shown
    assert "漏水" in shown
    assert (await kit.the_complaint()).obstacle == ""


async def test_a_bare_number_answers_no_alarm(kit: Kit) -> None:
    await kit.says("我和孩子被困在3栋电梯里了", "c2")
    second = (await kit.complaints())[-1]
    assert second.severity is Severity.S0
    await kit.deliver()
    [shown] = await exchange(kit, "0002", "handler")
    assert "电梯" in shown
    assert (await kit.complaints())[-1].acks == ()
