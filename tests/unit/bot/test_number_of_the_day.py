"""A number said without its letters and its year, "1125-0002", is that complaint's; two times or a landline are none."""

from __future__ import annotations

import pytest

from bot.grammar import Speaker, Verb, understand
from tests.unit.bot.desk_kit import asks, open_desk


@pytest.mark.parametrize("words", ["进度 0302-0001", "0302-0001", "查一下0302-0001", "status 0302-0001"])
async def test_the_day_and_the_count_are_enough(fresh_sqlite_url: str, words: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.says("7栋地库漏水")
        [shown] = await asks(kit, words, "lead")
        assert "TS20260302-0001" in shown
        assert "7栋地库漏水" in shown


@pytest.mark.parametrize(
    ("words", "role", "verb"),
    [
        ("派单 1125-0002 @张伟", Speaker.SUPERVISOR, Verb.ASSIGN),
        ("1125-0002 到哪了", Speaker.SUPERVISOR, Verb.STATUS),
        ("催一下1125-0002", Speaker.CUSTOMER, Verb.URGE),
        ("1125-0002 还在漏", Speaker.CUSTOMER, Verb.COMPLAIN),
    ],
)
def test_it_is_the_number_of_what_is_said(words: str, role: Speaker, verb: Verb) -> None:
    meaning = understand(words, role)
    assert (meaning.verb, meaning.said("reference")) == (verb, "1125-0002")


@pytest.mark.parametrize(
    "words", ["明天0830-0930过去", "我1030-1130过去", "电话0512-66665555", "11250-0002", "1325-0002"]
)
def test_times_and_phones_are_none(words: str) -> None:
    assert understand(words, Speaker.HANDLER).said("reference") == ""
