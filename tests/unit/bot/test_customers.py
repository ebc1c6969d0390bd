"""The customer's side: where a matter is, their own list, what they take back, and what is asked of them one at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.dialogue.places import place_of
from connectors.port import TryAgainLater
from tests.unit.bot.desk_kit import Kit, open_desk


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url) as kit:
        yield kit


class TestPlace:
    @pytest.mark.parametrize(
        ("said", "known", "place"),
        [
            pytest.param("4栋", "3栋502", "4栋", id="another block"),
            pytest.param("3栋", "3栋502", "3栋502", id="the same, told less exactly"),
            pytest.param("Block 4", "Block 42 101", "Block 4", id="a longer number"),
            pytest.param("", "3栋502", "3栋502", id="nothing said"),
            pytest.param("3栋502", "", "3栋502", id="nothing known"),
        ],
    )
    def test_what_this_message_says_else_where_they_live(self, said: str, known: str, place: str) -> None:
        assert place_of(said, known) == place

    async def test_a_new_matter_elsewhere_is_told_with_its_own_place(self, kit: Kit) -> None:
        await kit.says("3栋502厨房漏水，我姓李，13800138000")
        await kit.says("新投诉 4栋楼道灯坏了")
        await kit.deliver()
        first, second = await kit.complaints()
        assert (first.place, second.place) == ("3栋502", "4栋")
        told = [
            text for text in kit.chat.texts("handler") + kit.sms.texts("+8613800138000") if second.reference in text
        ]
        assert any("4栋" in text for text in told)
        assert not any("3栋" in text for text in told)

    async def test_a_place_told_later_and_one_put_right_are_the_matters(self, kit: Kit) -> None:
        await kit.says("电梯坏了三天没人修", message_id="m1")
        await kit.says("在5栋1单元")
        assert (await kit.the_complaint()).place == "5栋1单元"
        await kit.says("补充 6栋也一样")
        assert (await kit.the_complaint()).place == "5栋1单元"

    async def test_an_edit_that_puts_the_place_right(self, kit: Kit) -> None:
        await kit.says("3栋电梯坏了三天没人修", message_id="m1")
        await kit.says("4栋电梯坏了三天没人修", message_id="m1", edited=True)
        assert (await kit.the_complaint()).place == "4栋"


class TestPrivacy:
    async def test_the_first_answer_to_somebody_new_says_what_becomes_of_their_data(self, kit: Kit) -> None:
        await kit.says("你好")
        await kit.deliver()
        await kit.says("电梯坏了三天没人修")
        await kit.deliver()
        said = ["删除我的数据" in text for text in kit.chat.texts("c1")]
        assert said == [True, False]

    async def test_staff_are_not_told_and_what_was_not_delivered_says_it_again(self, kit: Kit) -> None:
        kit.chat.outcomes.append(TryAgainLater("busy"))
        await kit.says("电梯坏了三天没人修")
        await kit.deliver()
        kit.clock.move_to(kit.clock.now() + timedelta(minutes=1))
        await kit.deliver()
        assert [text.count("删除我的数据") for text in kit.chat.texts("c1")] == [1]
        assert not any("删除我的数据" in text for text in kit.chat.texts("handler"))


class TestList:
    @pytest.mark.parametrize("words", ["我的投诉", "投诉列表", "my complaints"])
    async def test_numbers_a_line_the_status_and_by_when_they_hear(self, kit: Kit, words: str) -> None:
        await kit.says("3栋电梯坏了三天没人修")
        await kit.says("新投诉 车库灯不亮")
        await kit.says(words)
        await kit.deliver()
        [first, second] = await kit.complaints()
        said = kit.chat.texts("c1")[-1]
        for complaint, words_of_it in ((first, "电梯坏了"), (second, "车库灯不亮")):
            assert complaint.reference in said
            assert words_of_it in said
        assert said.count("12:00") == 2  # the first contact that was promised, not the limit of the work


async def test_what_was_put_right_is_said_with_what_stood_there(kit: Kit) -> None:
    await kit.says("3栋电梯坏了三天没人修")
    number = (await kit.the_complaint()).reference
    for said in (f"更正 {number} 类别 QUAL.leak", f"{number} 更正 类型 报修", f"更正 {number} 类型 repair"):
        await kit.says(said, "lead")
    await kit.deliver()
    answers = [text for text in kit.chat.texts("lead") if "已更正" in text]
    assert "→ 渗漏" in answers[0]
    assert "投诉 → 报修" in answers[1]
