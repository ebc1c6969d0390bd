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


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("沪A88K21 何建国 13512345678", "何建国"),
        ("陈何 13512345678 沪A12345", "陈何"),
        ("李强 13512345678 车牌沪AD12345", "李强"),
        ("何建国 13512345678 3栋502", "何建国"),
        ("AB12 CDE, Sue Tanner, +86 135 1234 5678", "Sue Tanner"),
        ("my reg is AB12CDE, Sue Tanner 13512345678", "Sue Tanner"),
    ],
)
async def test_a_contact_is_taken_with_a_plate_and_a_message_in_between(kit: Kit, words: str, name: str) -> None:
    assert contact_alone(words)
    await asks(kit, "加油的时候油枪坏了，油洒到我车上", "c1")
    await asks(kit, "油漆都起泡了，要你们赔", "c1")
    await asks(kit, "进度", "c1")
    await asks(kit, words, "c1")
    row = await known(kit)
    assert (row.name, row.phone) == (name, "+8613512345678")
    [answer] = await asks(kit, "进度 0001", "handler")
    assert "135****5678" in answer
    plate = words.split("车牌")[-1].split(" ")[0] if "车牌" in words else "12345" if "陈" in words else ""
    assert plate in answer


@pytest.mark.parametrize("words", ["沪A88K21 何建国 13512345678 什么时候修好", "沪A88K21 撞坏了道闸 13512345678"])
def test_who_says_more_gives_more_than_a_contact(words: str) -> None:
    assert not contact_alone(words)
