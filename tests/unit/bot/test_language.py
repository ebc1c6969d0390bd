"""In which language somebody is answered who has chosen none."""

from __future__ import annotations

from typing import Any

import pytest

from bot.hearing import language_told
from bot.storage.models import PersonRow
from tests.unit.bot.desk_kit import Kit, known_customer


async def answered_in(kit: Kit, words: str, hint: str | None = None, who: str = "c1", **more: Any) -> str:
    """Return the language of what is said to a customer after their words. hint: what their phone or browser is set to."""
    before = len(kit.channels["chat"].sent)
    await kit.says(words, who, **(more | ({"locale": hint} if hint else {})))
    await kit.deliver()
    [locale] = {each.locale for each in kit.channels["chat"].sent[before:] if each.address == who}
    return locale


@pytest.mark.parametrize(
    ("hint", "words", "locale"),
    [
        ("en", "电梯坏了三天没人修", "zh"),
        ("en", "漏水", "zh"),
        ("en", "我的车位被占了 room 402", "zh"),
        ("zh", "the lift has been broken for three days", "en"),
        ("zh", "my tap is leaking, Kim Lee 402", "en"),
        (None, "the lift has been broken for three days", "en"),
        (None, "hello", "en"),
        (None, "ok", "zh"),
        (None, "Kim Lee", "zh"),
    ],
)
async def test_the_words_outweigh_what_a_phone_is_set_to(kit: Kit, hint: str | None, words: str, locale: str) -> None:
    assert await answered_in(kit, words, hint) == locale


@pytest.mark.parametrize(
    "words", ["ok", "OK!", "402", "Kim Lee", "张伟", "张伟 402", "👍", "TS20260302-0001", "/start"]
)
@pytest.mark.parametrize("hint", ["zh", "en"])
async def test_a_name_a_number_or_an_ok_changes_nothing_and_settles_nothing(kit: Kit, hint: str, words: str) -> None:
    assert await answered_in(kit, words, hint) == hint
    turned = {"en": "电梯坏了三天没人修", "zh": "the lift has been broken for three days"}[hint]
    assert await answered_in(kit, turned, hint) != hint


async def test_a_greeting_is_answered_in_its_language_and_settles_none(kit: Kit) -> None:
    assert await answered_in(kit, "hi") == "en"
    assert await answered_in(kit, "电梯坏了三天没人修") == "zh"
    assert await answered_in(kit, "ok thanks a lot for that") == "zh"  # they have begun in Chinese
    [row] = await kit.rows(PersonRow, PersonRow.id == await known_customer(kit))
    assert row.locale == "zh"  # other channels know it as well


async def test_what_a_button_of_ours_says_is_nobodys_language(kit: Kit) -> None:
    assert await answered_in(kit, "转人工", "en", pressed=True) == "en"


@pytest.mark.parametrize(("words", "chosen"), [("说英文", "en"), ("reply Chinese", "zh")])
async def test_whoever_chose_a_language_keeps_it(kit: Kit, words: str, chosen: str) -> None:
    assert await answered_in(kit, words) == chosen
    for said in ("电梯坏了三天没人修", "the lift has been broken for three days"):
        assert await answered_in(kit, said) == chosen


def test_the_language_of_long_words_is_told_as_well() -> None:
    assert language_told("the water keeps running " * 500) == "en"
    assert language_told("水一直在流 " * 500) == "zh"
    assert language_told("1" * 600) == ""
