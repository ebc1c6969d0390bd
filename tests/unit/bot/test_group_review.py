"""Where a group reviews complaints first, nobody else takes them out of its hands (R-026)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from complaints.vocabulary import Role, Severity, Status
from tests.unit.bot.desk_kit import Kit, asks, entry, open_desk

PEOPLE = (
    entry("张伟", Role.HANDLER),
    entry("刘总", Role.CENTER_LEAD, line=3),
    entry("孙莉", Role.AGENT, line=4),
    entry("周明", Role.REVIEWER, line=5),
    entry("周调度", Role.DISPATCHER, line=6),
)


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(
        fresh_sqlite_url,
        staff=PEOPLE,
        policy="vanke",
        chats={"张伟": "handler", "刘总": "lead", "孙莉": "sun", "周明": "rev", "周调度": "disp"},
        before=under_review,
    ) as kit:
        yield kit


async def under_review(kit: Kit) -> None:
    await kit.says("你们不给我停车位，6栋1202，李娜13712345678", "c1")
    assert (await kit.the_complaint()).status is Status.UNDER_REVIEW


@pytest.mark.parametrize("who", ["sun", "disp"])
@pytest.mark.parametrize(
    "words",
    ["派单 0001 @张伟", "assign 0001 to 张伟", "判定有效 0001", "无效 0001 查无此事", "invalid 0001 no such thing"],
)
async def test_r_026_nobody_but_the_group_ends_its_review(kit: Kit, who: str, words: str) -> None:
    [refused] = await asks(kit, words, who)
    assert (await kit.the_complaint()).status is Status.UNDER_REVIEW
    assert "周明" in refused  # who may
    assert kit.chat.texts("handler") == []


async def test_r_026_what_the_reviewer_found_valid_goes_its_way(kit: Kit) -> None:
    await asks(kit, "判定有效 0001", "rev")
    assert (await kit.the_complaint()).status in (Status.ACCEPTED, Status.DISPATCHED)


async def test_whoever_leads_the_centre_may_stand_in_for_the_group(kit: Kit) -> None:
    await asks(kit, "派单 0001 @张伟", "lead")
    assert (await kit.the_complaint()).status is Status.DISPATCHED


async def test_facts_told_meanwhile_send_nobody_out(kit: Kit) -> None:
    await kit.says("我的投诉 有个客户说电梯坏了", "sun")
    await kit.says("13800000002", "sun")
    complaint = next(each for each in await kit.complaints() if each.reference.endswith("0002"))
    assert (complaint.contact_known, complaint.status) == (True, Status.UNDER_REVIEW)


@pytest.mark.parametrize("words", ["派单 0001 @张伟", "assign 0001 to 张伟"])
async def test_whoever_cannot_assign_yet_hears_whose_turn_it_is(kit: Kit, words: str) -> None:
    [refused] = await asks(kit, words, "sun")
    assert "还在审核" in refused
    assert "周明" in refused
    assert "判定有效 TS20260302-0001" in refused
    assert "权限" not in refused


@pytest.mark.parametrize("words", ["派单 {} @张伟", "assign {} to 张伟"])
async def test_r_041_what_is_urgent_is_given_to_somebody_before_it_is_judged(kit: Kit, words: str) -> None:
    await kit.says("我家着火了，3栋602，快来人", "c2")
    urgent = next(each for each in await kit.complaints() if each.reference.endswith("0002"))
    assert (urgent.severity, urgent.status) == (Severity.S0, Status.UNDER_REVIEW)
    await asks(kit, words.format("0002"), "sun")
    urgent = next(each for each in await kit.complaints() if each.reference.endswith("0002"))
    assert urgent.status is Status.DISPATCHED
    assert any("0002" in text for text in kit.chat.texts("handler"))
    await asks(kit, "判定无效 0002 查无此事", "rev")  # the group has still its say
    urgent = next(each for each in await kit.complaints() if each.reference.endswith("0002"))
    assert urgent.status is Status.INVALID


@pytest.mark.parametrize("words", ["待审核", "还有哪些要审", "what waits for review"])
async def test_the_reviewer_asks_for_what_waits_in_plain_words(kit: Kit, words: str) -> None:
    [told] = await asks(kit, words, "rev")
    assert "TS20260302-0001" in told
    assert "权限" not in told


@pytest.mark.parametrize("judged", [False, True])
async def test_what_is_offered_as_one_can_be_merged_while_a_group_reviews_it(kit: Kit, judged: bool) -> None:
    await kit.says("4栋电梯坏了，一天没人修，13800000001", "c2")
    if judged:
        await kit.says("判定有效 0002", "rev")
    await kit.says("4栋电梯坏了，两天没人修，13800000002", "c3")
    await kit.deliver()
    told = next(each for each in kit.chat.sent if each.address == "sun" and "可能和" in each.text)
    await kit.says(next(each.says for each in told.buttons if "并入" in each.says), "sun")
    merged = next(each for each in await kit.complaints() if each.reference.endswith("0003"))
    assert (merged.status, merged.master) == (Status.MERGED, merged.reference[:-1] + "2")
