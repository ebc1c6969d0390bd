"""Somebody of us is said to take money or gifts: no hands of their own team, and the lead hears of it."""

from __future__ import annotations

import pytest

from bot.staff import Entry
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import entry, open_desk

_CHATS = {"刘强": "liu", "小周": "zhou", "李娜": "lina", "张伟": "agent", "王主管": "lead"}


def _staff(*others: Entry) -> tuple[Entry, ...]:
    accused = entry("刘强", Role.HANDLER, unit="工程部", line=2)
    mate = entry("小周", Role.HANDLER, unit="工程部", line=3)
    centre = (entry("张伟", Role.AGENT, line=4), entry("王主管", Role.CENTER_LEAD, line=5))
    return (accused, mate, *centre, *others)


@pytest.mark.parametrize(
    "words",
    [
        "投诉刘强修水管收我两百块红包",
        "匿名投诉 刘强私下收钱，修个水管问人要300现金",
        "complaint: 刘强 took cash from me to mend the tap",
    ],
)
async def test_a_colleague_of_another_team_has_it(fresh_sqlite_url: str, words: str) -> None:
    staff = _staff(entry("李娜", Role.HANDLER, unit="客服部", line=6))
    async with open_desk(fresh_sqlite_url, staff=staff, chats=_CHATS) as kit:
        await kit.says(words)
        await kit.deliver()
        complaint = await kit.the_complaint()
        assert complaint.category == "SERV.integrity"
        assert complaint.owner == (await kit.person("李娜")).id
        for accused in ("liu", "zhou"):
            assert kit.chat.texts(accused) == []
        for told in ("lead", "agent"):
            assert "收钱或收礼" in kit.chat.texts(told)[-1]


async def test_where_there_is_no_other_team_a_person_decides(fresh_sqlite_url: str) -> None:
    chats = {name: chat for name, chat in _CHATS.items() if name != "李娜"}
    async with open_desk(fresh_sqlite_url, staff=_staff(), chats=chats) as kit:
        await kit.says("投诉刘强修水管收我两百块红包")
        await kit.deliver()
        assert (await kit.the_complaint()).owner is None
        assert kit.chat.texts("zhou") == []
        assert "收钱或收礼" in kit.chat.texts("lead")[-1]


async def test_other_trouble_with_them_stays_with_their_team(fresh_sqlite_url: str) -> None:
    chats = {name: chat for name, chat in _CHATS.items() if name != "李娜"}
    async with open_desk(fresh_sqlite_url, staff=_staff(), chats=chats) as kit:
        await kit.says("投诉刘强态度差，水管修了三次还漏")
        await kit.deliver()
        assert (await kit.the_complaint()).owner == (await kit.person("小周")).id
        assert kit.chat.texts("lead") == []
