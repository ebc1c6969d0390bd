"""Somebody of us whom a customer names in any spelling, or by a part of the name: they get no such complaint (invariant 7)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from complaints.vocabulary import Role
from connectors.port import Capabilities
from tests.unit.bot.desk_kit import CHAT, PLAIN_CHAT, FakeChannel, Kit, entry, open_desk

STAFF = (
    entry("Alice Reed", Role.HANDLER),
    entry("王坐席", Role.AGENT),
)


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=STAFF) as kit:
        for name, address in (("Alice Reed", "alice"), ("王坐席", "agent")):
            await kit.address(name, "chat", address, last_inbound_at=kit.clock.now() - timedelta(hours=2))
        yield kit


@pytest.mark.parametrize(
    "words",
    ["alice reed stole my watch from room 5", "ALICE REED laughed at me when i asked for a towel, disgusting"],
)
async def test_a_full_name_in_any_case_keeps_it_from_its_bearer(kit: Kit, words: str) -> None:
    await kit.says(words)
    await kit.deliver()
    complaint = await kit.the_complaint()
    assert complaint.respondents == {(await kit.person("Alice Reed")).id}
    assert complaint.owner is None
    assert kit.chat.texts("alice") == []


@pytest.mark.parametrize("words", ["that woman alice called me fat", "alice at the front desk was rude to my mum"])
async def test_of_a_first_name_the_centre_is_asked_before_its_bearer_gets_the_work(kit: Kit, words: str) -> None:
    await kit.says(words)
    await kit.deliver()
    complaint, alice = await kit.the_complaint(), await kit.person("Alice Reed")
    assert (complaint.owner, complaint.respondents) == (None, frozenset({alice.id}))
    assert kit.chat.texts("alice") == []
    [asked] = [text for text in kit.chat.texts("agent") if "是否指 Alice Reed" in text]
    assert "“alice”" in asked
    await kit.says(f"不涉及 {complaint.reference} Alice Reed", "agent")
    assert (await kit.the_complaint()).respondents == frozenset()


async def test_a_first_name_said_later_takes_it_out_of_their_hands(kit: Kit) -> None:
    await kit.says("the heating in room 5 is broken, phone 13712345678")
    complaint, alice = await kit.the_complaint(), await kit.person("Alice Reed")
    assert complaint.owner == alice.id
    await kit.says("补充 and your receptionist alice laughed at me")
    await kit.deliver()
    complaint = next(each for each in await kit.complaints() if each.reference == complaint.reference)
    assert (complaint.owner, complaint.respondents) == (None, frozenset({alice.id}))
    assert any("是否指 Alice Reed" in text for text in kit.chat.texts("agent"))


@pytest.mark.parametrize("capabilities", [CHAT, PLAIN_CHAT])
async def test_that_it_is_not_about_them_is_a_button(fresh_sqlite_url: str, capabilities: Capabilities) -> None:
    """Where there are no buttons the words stand in it: what else is asked of it has the numbers."""
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", capabilities)], staff=STAFF) as kit:
        for name, address in (("Alice Reed", "alice"), ("王坐席", "agent")):
            await kit.address(name, "chat", address, last_inbound_at=kit.clock.now() - timedelta(hours=2))
        await kit.says("that woman alice called me fat")
        await kit.deliver()
        assert (await kit.the_complaint()).respondents
        asked = next(each for each in reversed(kit.chat.sent) if "是否指 Alice Reed" in each.text)
        if capabilities.buttons:
            assert [each.label for each in asked.buttons] == ["不涉及 Alice Reed"]
            await kit.says(asked.buttons[0].says, "agent")
        else:
            said = asked.text.rpartition("“")[2].partition("”")[0]
            assert said.startswith("不涉及")
            await kit.says(said, "agent")
        assert (await kit.the_complaint()).respondents == frozenset()
