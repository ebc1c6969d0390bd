"""A customer's own correction of where their open complaint is (R-009): read back, and nothing else taken for one."""

from __future__ import annotations

import pytest

from bot.dialogue.corrections import read_correction, read_number
from bot.storage.models import PersonRow
from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import PLAIN_CHAT, FakeChannel, open_desk


@pytest.mark.parametrize(
    ("words", "known", "place"),
    [
        ("Actually it is flat 3-1804 building 5", "flat 3", "flat 3-1804 building 5"),
        ("不是9栋，是10栋", "翠湖花园9栋", "翠湖花园10栋"),
        ("不是９栋，是１０栋", "9栋502", "10栋502"),
        ("不是翠湖花园9栋，是翠湖花园10栋", "翠湖花园9栋", "翠湖花园10栋"),
        ("我住的是10栋不是9栋", "9栋", "10栋"),
        ("说错了，是5栋1804", "3栋1804", "5栋1804"),
        ("10栋，打错了", "9栋1单元", "10栋1单元"),
        ("写错了，把10栋写成9栋了", "9栋", "10栋"),
        ("不是1201，是1202", "3栋1201", "3栋1202"),
        ("不是1200元，是1202元", "3栋1201", None),
        ("地址应该是3栋1202", "3栋1201", "3栋1202"),
        ("我刚说错了 是9栋", "8栋", "9栋"),
        ("别删 我要改成9栋", "8栋", "9栋"),
        ("i meant block 9", "", "block 9"),
        ("想要9栋的钥匙", "8栋", None),
        ("更正：3栋1202", "3栋1201", "3栋1202"),
        ("sorry, I meant building 5", "building 9, room 3", "building 5, room 3"),
        ("No, not flat 12, it's flat 14", "flat 12", "flat 14"),
        ("其实9栋电梯也坏了", "3栋", None),
        ("9栋也漏了", "3栋", None),
        ("不是9栋漏，是10栋漏到9栋的", "9栋", None),
        ("Actually building 5 has no water either", "building 4", None),
        ("我家在3栋1202，师傅去错了3栋1203", "3栋1202", None),
        ("不是9栋", "9栋", None),
    ],
)
def test_what_plainly_puts_a_place_right(words: str, known: str, place: str | None) -> None:
    said = read_correction(words)
    assert (said.of(known) if said is not None else None) == place


def test_a_bare_number_is_a_room_only_in_the_place_of_one() -> None:
    said = read_correction("不是1200，是1500")
    assert said is None or said.of("3栋1201") == "3栋1201"


async def test_the_place_is_put_right_and_read_back(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", PLAIN_CHAT)]) as kit:
        await kit.says("翠湖花园9栋电梯坏了三天没人修")
        await kit.deliver()
        await kit.says("不是9栋，是10栋")
        await kit.deliver()
        complaint = await kit.the_complaint()
        assert (complaint.place, complaint.status) == ("翠湖花园10栋", Status.DISPATCHED)
        assert "地点现在是“翠湖花园10栋”" in kit.chat.texts("c1")[-1]
        assert "现在是“翠湖花园10栋”" in kit.chat.texts("handler")[-1]
        await kit.says(f"更正 {complaint.reference[-4:]} 地点 5栋1804")
        assert (await kit.the_complaint()).place == "翠湖花园5栋1804"


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("上面那个电话写错了，是13888880001", "+8613888880001"),
        ("电话不是13888880000，是13888880001", "+8613888880001"),
        ("我换号了，新号码13888880001", "+8613888880001"),
        ("sorry wrong number, it's 13888880001", "+8613888880001"),
        ("13888880001", ""),
        ("电话13888880001不对", ""),
        ("别打13888880001了", ""),
        ("我要投诉13888880001这个人骚扰我", ""),
    ],
)
def test_what_plainly_puts_a_phone_number_right(words: str, number: str) -> None:
    assert read_number(words) == number


async def test_r009_a_corrected_number_takes_the_place_of_the_wrong_one(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", PLAIN_CHAT)]) as kit:
        await kit.says("翠湖花园9栋电梯坏了三天没人修，我叫李雷，13888880000")
        await kit.says("上面那个电话写错了，是13888880001")
        await kit.deliver()
        [row] = await kit.rows(PersonRow, PersonRow.name == "李雷")
        assert row.phone == "+8613888880001"
        assert "现在打 138 8888 0001 找您" in kit.chat.texts("c1")[-1]
        assert "更正了电话" in kit.chat.texts("handler")[-1]
