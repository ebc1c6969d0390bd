"""A bare word that takes something on, when more than one thing may be meant; and that it does nothing besides."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

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
    async with open_desk(fresh_sqlite_url, staff=STAFF) as kit:
        for name, address in CHATS.items():
            await kit.address(name, "chat", address)
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
