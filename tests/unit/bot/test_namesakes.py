"""Two colleagues of one name: which of them is asked, with a button for each, wherever a colleague is named."""

from __future__ import annotations

import pytest

from bot.people import Directory, Person
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import Kit, entry, exchange, open_desk

PEOPLE = (
    entry("张伟（工程部）", Role.HANDLER, superior="王主管"),
    entry("张伟（客服部）", Role.HANDLER, superior="王主管", line=3),
    entry("周强", Role.HANDLER, superior="王主管", line=4),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=5),
)
CHATS = {"周强": "zhou", "王主管": "lead"}


def test_a_name_is_found_in_either_width() -> None:
    directory = Directory.of([Person("a", "张伟（工程部）", staff=True), Person("b", "张伟(客服部)", staff=True)])
    assert [each.id for each in directory.named("@张伟(工程部)")] == ["a"]
    assert [each.id for each in directory.named("张伟（客服部）")] == ["b"]
    assert len(directory.named("张伟")) == 2


def test_a_word_of_a_name_goes_before_a_part_of_one() -> None:
    names = {"a": "Jo Marsh", "b": "John Banjo", "c": "Sam Okoro"}
    directory = Directory.of([Person(key, name, staff=True) for key, name in names.items()])
    assert [each.id for each in directory.named("jo")] == ["a"]
    assert [each.id for each in directory.named("oko")] == ["c"]


def buttons(kit: Kit, who: str) -> list[str]:
    sent = next(each for each in reversed(kit.chat.sent) if each.address == who)
    return [each.says for each in sent.buttons]


async def chosen(kit: Kit, who: str, unit: str) -> list[str]:
    """Press the button of the one in a unit."""
    offered = [each for each in buttons(kit, who) if unit in each]
    assert len(offered) == 1, buttons(kit, who)
    return await exchange(kit, offered[0], who)


async def id_of(kit: Kit, unit: str) -> str:
    directory = await kit.database.read(lambda work: work.directory())
    return next(each.id for each in directory.persons.values() if each.name == f"张伟（{unit}）")


@pytest.mark.parametrize("unit", ["工程部", "客服部"])
@pytest.mark.parametrize(
    "words",
    ["派单 0001 @张伟", "派单 0001 张伟 周五前修好", "0001 给张伟", "0001 让张伟去", "assign 0001 to 张伟"],
)
async def test_who_is_given_it_is_asked(fresh_sqlite_url: str, words: str, unit: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=CHATS) as kit:
        await exchange(kit, "投诉 3栋502厨房漏水三天没人管，电话13712345678", "c1")
        await exchange(kit, "派单 0001 @周强", "lead")
        await exchange(kit, words, "lead")
        task = (await kit.the_complaint()).task
        assert task is not None
        assert task.assignee == (await kit.person("周强")).id
        await chosen(kit, "lead", unit)
        task = (await kit.the_complaint()).task
        assert task is not None
        assert task.assignee == await id_of(kit, unit)


@pytest.mark.parametrize("words", ["转派 0001 张伟 不归我管", "0001 转给张伟"])
async def test_who_it_is_passed_on_to_is_asked(fresh_sqlite_url: str, words: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=CHATS) as kit:
        await exchange(kit, "投诉 3栋502厨房漏水三天没人管，电话13712345678", "c1")
        await exchange(kit, "派单 0001 @周强", "lead")
        await exchange(kit, "接单", "zhou")
        await exchange(kit, words, "zhou")
        await chosen(kit, "zhou", "客服部")
        task = (await kit.the_complaint()).task
        assert task is not None
        assert task.assignee == await id_of(kit, "客服部")


async def test_who_helps_is_asked(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=CHATS) as kit:
        await exchange(kit, "投诉 3栋502厨房漏水三天没人管，电话13712345678", "c1")
        await exchange(kit, "派单 0001 @周强", "lead")
        await exchange(kit, "0001 请 @张伟 协办 关阀门", "lead")
        await chosen(kit, "lead", "客服部")
        complaint = await kit.the_complaint()
        assert complaint.part_of(await id_of(kit, "客服部")) is not None
        assert complaint.part_of(await id_of(kit, "工程部")) is None


async def test_to_whom_it_goes_once_it_is_valid_is_asked(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=CHATS, policy="vanke") as kit:
        await exchange(kit, "投诉 3栋502厨房漏水三天没人管，电话13712345678", "c1")
        await exchange(kit, "成立 让张伟去", "lead")
        assert (await kit.the_complaint()).task is None
        await chosen(kit, "lead", "客服部")
        task = (await kit.the_complaint()).task
        assert task is not None
        assert task.assignee == await id_of(kit, "客服部")


async def test_who_stands_in_is_asked(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=CHATS) as kit:
        await exchange(kit, "请假 3月5日到3月6日 由张伟代班", "zhou")
        said = await chosen(kit, "zhou", "客服部")
        assert "代班：张伟" in said[-1]


async def test_who_is_on_duty_is_asked(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=CHATS) as kit:
        await exchange(kit, "值班 周六 张伟", "lead")
        said = await chosen(kit, "lead", "客服部")
        assert "张伟" in said[-1]
        directory = await kit.database.read(lambda work: work.directory())
        assert [shift.person for shifts in directory.shifts.values() for shift in shifts] == [
            await id_of(kit, "客服部")
        ]
