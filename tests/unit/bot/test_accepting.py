"""A bare word that takes something on, when more than one thing may be meant; and that it does nothing besides."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest

from bot.grammar import Pending, Speaker, Verb, understand
from complaints.complaint import Complaint
from complaints.vocabulary import Role, Severity, Status
from tests.unit.bot.desk_kit import Kit, entry, exchange, open_desk
from tests.unit.bot.test_alarms import becomes

STAFF = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("王主管", Role.HANDLER, Role.AGENT, Role.CENTER_LEAD, line=4),
    entry("陈客服", Role.AGENT, line=5),
)
CHATS = {"张伟": "handler", "王主管": "lead", "陈客服": "agent"}


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=STAFF, chats=CHATS) as kit:
        yield kit


async def case(kit: Kit, number: str) -> Complaint:
    [found] = [each for each in await kit.complaints() if each.reference.endswith(number)]
    return found


async def files(kit: Kit, words: str, customer: str, who: str) -> None:
    """File a complaint and give it to a colleague."""
    known = {each.reference for each in await kit.complaints()}
    await kit.says(words, customer)
    [number] = {each.reference for each in await kit.complaints()} - known
    await kit.says(f"派单 {number} @{who}", "agent")
    await kit.deliver()


async def an_alarm_and_then_a_task(kit: Kit) -> None:
    await files(kit, "投诉 4栋1202厨房漏水，电话13712345678", "c1", "张伟")
    await kit.says("接单", "handler")
    kit.clock.move_to(kit.clock.now() + timedelta(minutes=5))
    await becomes(kit, Severity.S0, (await case(kit, "0001")).reference)
    kit.clock.move_to(kit.clock.now() + timedelta(minutes=1))
    await files(kit, "投诉 3栋的电梯停了两天，电话13912345678", "c2", "王主管")


@pytest.mark.parametrize("words", ["接单", "收到", "accept"])
async def test_what_was_given_last_is_among_what_a_bare_word_may_mean(kit: Kit, words: str) -> None:
    await an_alarm_and_then_a_task(kit)
    [which] = await exchange(kit, words, "lead")
    assert "0001" in which
    assert "0002" in which
    assert (await case(kit, "0002")).status is Status.DISPATCHED
    assert (await case(kit, "0001")).acks == ()
    await exchange(kit, "2", "lead")
    assert (await case(kit, "0002")).status is Status.WORKING
    assert (await case(kit, "0001")).acks == ()


async def test_the_alarm_may_be_chosen_too(kit: Kit) -> None:
    await an_alarm_and_then_a_task(kit)
    await exchange(kit, "接单", "lead")
    await exchange(kit, "1", "lead")
    assert (await case(kit, "0002")).status is Status.DISPATCHED
    assert len((await case(kit, "0001")).acks) == 1


async def test_a_word_that_takes_no_work_on_answers_the_alarm_that_came_last(kit: Kit) -> None:
    await files(kit, "投诉 4栋1202厨房漏水，电话13712345678", "c1", "张伟")
    await kit.says("接单", "handler")
    await files(kit, "投诉 3栋的电梯停了两天，电话13912345678", "c2", "王主管")
    kit.clock.move_to(kit.clock.now() + timedelta(minutes=5))
    await becomes(kit, Severity.S0, (await case(kit, "0001")).reference)
    await exchange(kit, "收到", "lead")
    assert len((await case(kit, "0001")).acks) == 1
    assert (await case(kit, "0002")).status is Status.DISPATCHED


async def test_where_one_thing_alone_fits_it_is_that(kit: Kit) -> None:
    await an_alarm_and_then_a_task(kit)
    await exchange(kit, "收到 0001", "lead")
    await exchange(kit, "接单", "lead")
    assert (await case(kit, "0002")).status is Status.WORKING


# ── words that take something on do nothing besides ───────────────────────────────────────────────────────────────────

TAKES_ON = ["这单我来弄", "这个我来弄吧", "0001 这单我来弄", "I take this one", "I'll take this one"]


@pytest.mark.parametrize("said", TAKES_ON)
@pytest.mark.parametrize("pending", [each for each in Pending if each not in (Pending.REASON, Pending.RESULT)])
def test_a_word_of_taking_on_is_never_news(said: str, pending: Pending) -> None:
    assert understand(said, Speaker.HANDLER, pending).verb not in (Verb.REPORT, Verb.VISIT, Verb.PLAN, Verb.DONE)


async def _given(kit: Kit) -> None:
    await files(kit, "投诉 4栋1202厨房漏水，电话13712345678", "c1", "张伟")


async def _accepted(kit: Kit) -> None:
    await _given(kit)
    await kit.says("接单", "handler")


async def _asked_for_progress(kit: Kit) -> None:
    await _accepted(kit)
    await kit.says("进展", "handler")


async def _asked_for_a_result(kit: Kit) -> None:
    await _accepted(kit)
    await kit.says("办结", "handler")


async def _given_and_asked(kit: Kit) -> None:
    await _given(kit)
    await kit.says("进展", "handler")


async def _asked_why(kit: Kit) -> None:
    await _accepted(kit)
    await kit.says("退单", "handler")


async def _with_two(kit: Kit) -> None:
    await _accepted(kit)
    await files(kit, "投诉 3栋的电梯停了两天，电话13912345678", "c2", "张伟")


@pytest.mark.parametrize("state", [_given, _accepted, _asked_for_progress, _given_and_asked, _asked_for_a_result,
                                   _asked_why, _with_two])  # fmt: skip
@pytest.mark.parametrize("said", TAKES_ON)
async def test_it_accepts_whatever_was_asked_and_no_customer_reads_it(
    kit: Kit, state: Callable[[Kit], Awaitable[None]], said: str
) -> None:
    await state(kit)
    await kit.deliver()
    await kit.says(said, "handler")
    await kit.deliver()
    for customer in ("c1", "c2"):
        assert not any("我来弄" in text or "this one" in text for text in kit.chat.texts(customer))
    complaint = await case(kit, "0001")
    assert complaint.status is Status.WORKING
    assert complaint.last_progress == ""
    assert complaint.result == ""


async def test_in_answer_to_an_alarm_or_a_chase_it_is_no_news_either(kit: Kit) -> None:
    await _accepted(kit)
    kit.clock.move_to(kit.clock.now() + timedelta(days=30))
    await kit.sweep()
    await kit.deliver()
    await kit.says("这单我来弄", "handler")
    await kit.deliver()
    assert not any("我来弄" in text for text in kit.chat.texts("c1"))
