"""Who somebody is, said in small letters, or before anything is the matter."""

from __future__ import annotations

import pytest

from bot.grammar.details import Details, contact_alone, find_details, introduces
from bot.storage.models import PersonRow
from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import Kit, asks, known_customer


async def known(kit: Kit) -> PersonRow:
    [row] = await kit.rows(PersonRow, PersonRow.id == await known_customer(kit))
    return row


@pytest.mark.parametrize(
    ("words", "name", "place"),
    [
        ("im kim", "kim", ""),
        ("kim", "kim", ""),
        ("kim lee", "kim lee", ""),
        ("its john smith here", "john smith", ""),
        ("it's John here", "John", ""),
        ("hi, this is kim", "kim", ""),
        ("kim here", "kim", ""),
        ("call me kim", "kim", ""),
        ("name: kim", "kim", ""),
        ("kim, 402", "kim", "402"),
        ("im kim from room 402", "kim", "room 402"),
        ("我叫张伟，402的", "张伟", "402"),
    ],
)
async def test_a_name_that_was_asked_for_is_taken_as_it_is_typed(kit: Kit, words: str, name: str, place: str) -> None:
    assert find_details(words, answering=True) == Details(name, "", place)
    await asks(kit, "厨房水管一直漏水", "c1")
    await asks(kit, words, "c1")
    assert (await known(kit)).name == name


@pytest.mark.parametrize(
    "words",
    [
        "im busy",
        "im at home",
        "I'm furious",
        "its leaking",
        "it's still broken",
        "fuse",
        "mould",
        "nope",
        "dunno",
        "this is awful",
        "fix it",
        "call me later",
        "still dripping",
        "whatever",
        "im still waiting here",
        "hurry up",
        "it is the tap",
    ],
)
def test_what_is_no_name_is_taken_for_none(words: str) -> None:
    assert find_details(words, answering=True).name == ""


def test_a_word_beside_a_number_may_be_the_matter() -> None:
    assert not contact_alone("sparks 13812345678")
    assert contact_alone("kim lee 13812345678")


@pytest.mark.parametrize(
    ("words", "name", "place"),
    [
        ("my name is Kim Lee, room 402", "Kim Lee", "room 402"),
        ("hello, my name is kim", "kim", ""),
        ("Hi, this is Bob from 301", "Bob", "301"),
        ("我叫张伟，402的", "张伟", "402"),
        ("你好，我是3栋201的业主李娜", "李娜", "3栋201"),
    ],
)
async def test_an_introduction_is_no_complaint_and_kept_for_the_next(
    kit: Kit, words: str, name: str, place: str
) -> None:
    [heard] = await asks(kit, words, "c1")
    assert "请讲" in heard or "what can we do for you" in heard
    assert not await kit.complaints()
    row = await known(kit)
    assert (row.name, row.place) == (name, place)
    await kit.says("厨房水管一直漏水")
    assert (await kit.the_complaint()).status is not Status.NEW or (await kit.the_complaint()).place == place


@pytest.mark.parametrize(
    "words",
    [
        "my name is Kim Lee and my tap leaks",
        "This is Ridiculous",
        "this is Tom, is anybody there?",
        "我叫张伟，家里漏水了",
        "my name is Kim Lee, room 402, no water",
        "我是3栋201的业主李娜，电梯停了",
    ],
)
def test_an_introduction_says_nothing_else(words: str) -> None:
    assert not introduces(words)


async def test_a_letter_is_written_for_a_reason(kit: Kit) -> None:
    await kit.says("my name is Kim Lee, room 402", "kim@example.org", "email", subject="No water")
    assert await kit.complaints()


async def test_an_introduction_after_the_matter_belongs_to_it(kit: Kit) -> None:
    await kit.says("厨房水管一直漏水，13812345678")
    await kit.says("my name is Kim Lee, room 402")
    assert (await kit.the_complaint()).place == "room 402"
    assert (await known(kit)).name == "Kim Lee"
