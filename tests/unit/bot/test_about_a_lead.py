"""Somebody complains of a lead: who reports to the lead does not get it by itself, a leader decides who looks into it."""

from __future__ import annotations

import pytest

from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import entry, open_desk

_LEAD = entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=2)
_HEAD = entry("赵工", Role.HANDLER, superior="王主管", line=3, categories=("OTHER.partner",))
_BENEATH = entry("张伟", Role.HANDLER, superior="赵工", line=4)
_LEADER = entry("陈总", Role.LEADER, line=5)
_APART = entry("李娜", Role.HANDLER, superior="陈总", line=6)
_CHATS = {"张伟": "zhang", "王主管": "lead", "陈总": "leader", "赵工": "zhao"}
_OF_THE_LEAD = [
    "王主管收我红包",
    "投诉王主管态度恶劣 骂人",
    "你们客服小王态度太差 骂人",
    "complaint: 王主管 was rude and shouted at me",
]


@pytest.mark.parametrize("words", _OF_THE_LEAD)
async def test_it_waits_for_the_leader(fresh_sqlite_url: str, words: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=(_LEAD, _HEAD, _BENEATH, _LEADER), chats=_CHATS) as kit:
        await kit.says(words)
        await kit.deliver()
        assert (await kit.the_complaint()).owner is None
        for name in ("zhang", "zhao", "lead"):
            assert kit.chat.texts(name) == []
        told = "\n".join(kit.chat.texts("leader"))
        assert "派单 TS" in told
        assert "已派给" not in told
        await kit.says("派单 0001 @张伟", "leader")
        assert (await kit.the_complaint()).owner == (await kit.person("张伟")).id


@pytest.mark.parametrize("words", _OF_THE_LEAD)
async def test_somebody_of_another_team_has_it(fresh_sqlite_url: str, words: str) -> None:
    staff = (_LEAD, _HEAD, _BENEATH, _LEADER, _APART)
    async with open_desk(fresh_sqlite_url, staff=staff, chats={**_CHATS, "李娜": "lina"}) as kit:
        await kit.says(words)
        await kit.deliver()
        assert (await kit.the_complaint()).owner == (await kit.person("李娜")).id
        assert kit.chat.texts("zhang") == []
        assert not any("别交给" in text and "已派给" in text for text in kit.chat.texts("leader"))


@pytest.mark.parametrize("words", ["厨房漏水，王主管说今天来修", "表扬王主管，态度很好", "王主管把人打昏迷了 快来人"])
async def test_who_is_only_spoken_of_keeps_nobody_from_it_nor_what_cannot_wait(
    fresh_sqlite_url: str, words: str
) -> None:
    async with open_desk(fresh_sqlite_url, staff=(_LEAD, _HEAD, _BENEATH, _LEADER), chats=_CHATS) as kit:
        await kit.says(words)
        assert (await kit.the_complaint()).owner == (await kit.person("张伟")).id


async def test_with_nobody_else_to_decide_it_is_not_left_lying(fresh_sqlite_url: str) -> None:
    chats = {name: chat for name, chat in _CHATS.items() if name != "陈总"}
    async with open_desk(fresh_sqlite_url, staff=(_LEAD, _HEAD, _BENEATH), chats=chats) as kit:
        await kit.says("投诉王主管态度恶劣 骂人")
        assert (await kit.the_complaint()).owner == (await kit.person("张伟")).id
