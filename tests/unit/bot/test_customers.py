"""The customer's side: where a matter is, their own list, what they take back, and what is asked of them one at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.dialogue.places import place_of
from bot.storage.models import PersonRow
from complaints.vocabulary import Status
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


async def told(kit: Kit, *said: tuple[str, str]) -> str:
    """Let these be said by these; return what the last of them read of it."""
    for who, words in said:
        await kit.deliver()
        kit.chat.sent.clear()
        await kit.says(words, who)
    await kit.deliver()
    return "\n".join(kit.chat.texts(said[-1][0]))


CEILING = ("c1", "my ceiling is leaking in flat 3B, Susan Lee, 13800138000")


class TestSaidByTheWay:
    @pytest.mark.parametrize("again", ["ok cancel it", "yes please", "please withdraw it", "withdraw it please"])
    async def test_who_says_again_that_it_is_to_be_cancelled_confirms_it(self, kit: Kit, again: str) -> None:
        asked = await told(kit, CEILING, ("c1", "forget it, they fixed it already, cancel please"))
        assert "Do you want to withdraw" in asked
        await told(kit, ("c1", again))
        assert (await kit.the_complaint()).status is Status.WITHDRAWN

    @pytest.mark.parametrize("again", ["don't cancel it", "should I withdraw it?", "不要撤了"])
    async def test_who_does_not_keeps_it(self, kit: Kit, again: str) -> None:
        await told(kit, CEILING, ("c1", "forget it, they fixed it already, cancel please"), ("c1", again))
        assert (await kit.the_complaint()).status is not Status.WITHDRAWN

    @pytest.mark.parametrize("again", ["取消吧", "那就取消投诉吧", "cancel it", "just cancel my complaint"])
    async def test_what_is_to_be_cancelled_is_the_complaint_and_not_its_withdrawal(self, kit: Kit, again: str) -> None:
        await told(kit, ("c1", "3栋502厨房漏水，李娜，13800138000"), ("c1", "撤销"), ("c1", again))
        assert (await kit.the_complaint()).status is Status.WITHDRAWN

    @pytest.mark.parametrize("again", ["取消", "cancel"])
    async def test_which_of_the_two_is_meant_is_asked_again(self, kit: Kit, again: str) -> None:
        asked = await told(kit, ("c1", "3栋502厨房漏水，李娜，13800138000"), ("c1", "撤销"))
        assert await told(kit, ("c1", again)) == asked
        assert (await kit.the_complaint()).status is not Status.WITHDRAWN
        await told(kit, ("c1", "是"))
        assert (await kit.the_complaint()).status is Status.WITHDRAWN

    @pytest.mark.parametrize("again", ["不取消", "先别取消吧", "算了，不取消了", "don't cancel it"])
    async def test_who_cancels_nothing_keeps_it(self, kit: Kit, again: str) -> None:
        await told(kit, ("c1", "3栋502厨房漏水，李娜，13800138000"), ("c1", "撤销"), ("c1", again))
        assert (await kit.the_complaint()).status is not Status.WITHDRAWN

    async def test_in_answer_to_another_question_it_withdraws_nothing(self, kit: Kit) -> None:
        await told(
            kit, ("c1", "3栋502厨房漏水，李娜，13800138000"), ("handler", "接单"), ("handler", "方案 明天换水管")
        )
        await told(kit, ("c1", "取消吧"))
        assert (await kit.the_complaint()).status is not Status.WITHDRAWN

    @pytest.mark.parametrize("said", ["ok cancel it", "please cancel it"])
    async def test_what_is_cancelled_without_a_visit_is_the_complaint_and_is_asked_back(
        self, kit: Kit, said: str
    ) -> None:
        assert "Do you want to withdraw" in await told(kit, CEILING, ("c1", said))
        assert (await kit.the_complaint()).status is not Status.WITHDRAWN

    async def test_that_nobody_need_come_withdraws_nothing(self, kit: Kit) -> None:
        assert "没有约上门" in await told(kit, ("c1", "3栋502厨房漏水，李娜，13800138000"), ("c1", "明天不用来了"))

    @pytest.mark.parametrize("said", ["what happened with my ceiling?", "any news about the ceiling leak?"])
    async def test_who_asks_after_a_closed_matter_by_name_hears_of_that_one(self, kit: Kit, said: str) -> None:
        done = ("办结 0001 换了水管，天花板刷好", "原因 水管老化 责任 工程部")
        await told(kit, CEILING, ("handler", "接单 0001"), *(("handler", each) for each in done), ("c1", "satisfied"))
        answer = await told(kit, ("c1", "new complaint: the dog bins in the garden are full"), ("c1", said))
        assert "-0001" in answer
        assert "dog" not in answer

    @pytest.mark.parametrize(
        ("matter", "said"),
        [
            ("my ceiling is leaking in flat 3B, 13800138000", "can someone come tomorrow 3pm?"),
            ("my ceiling is leaking in flat 3B, 13800138000", "could you send somebody tomorrow at 3pm?"),
            ("厨房漏水三天了，3栋502，13800138000", "明天下午三点能上门吗"),
        ],
    )
    async def test_a_visit_asked_for_while_we_wait_for_a_name_is_passed_on(
        self, kit: Kit, matter: str, said: str
    ) -> None:
        await told(kit, ("c1", matter), ("c1", said))
        assert (await kit.the_complaint()).visit is not None

    @pytest.mark.parametrize("said", ["Susan Lee, flat 18C, 91234567", "李娜，3栋502，9123 4567"])
    async def test_a_number_that_cannot_be_dialled_is_asked_for_again_once(self, kit: Kit, said: str) -> None:
        answer = await told(kit, ("c1", "the lift is broken for three days"), ("c1", said))
        assert "+852 9123 4567" in answer
        answer = await told(kit, ("c1", "+852 9123 4567"))
        assert "+852 9123 4567" not in answer
        customer = (await kit.the_complaint()).complainant
        [row] = [each for each in await kit.rows(PersonRow) if each.id == customer]
        assert row.phone == "+85291234567"

    @pytest.mark.parametrize("said", ["你们是不是已经办完了？我可没同意", "怎么还说办好了，我没有同意过"])
    async def test_who_never_agreed_is_told_how_it_stands_and_urges_nobody(self, kit: Kit, said: str) -> None:
        first = ("c1", "电梯坏了三天，我姓陈，3栋502，13800138000")
        answer = await told(kit, first, ("handler", "接单 0001"), ("c1", said))
        assert "催" not in answer.split("您说的")[0]
        assert (await kit.the_complaint()).urged == 0
