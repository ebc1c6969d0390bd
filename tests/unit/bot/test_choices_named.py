"""What may stand in place of what is put right, and whom a name may mean: offered by name, in the reader's language."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import CHAT, PLAIN_CHAT, STAFF, FakeChannel, Kit, entry, exchange, open_desk

PEOPLE = (*STAFF, entry("李小雷", Role.HANDLER, line=4), entry("李小梅", Role.HANDLER, line=5))


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, channels=[FakeChannel("chat", CHAT)]) as kit:
        for name, address in (("张伟", "handler"), ("王主管", "lead"), ("李小雷", "lei"), ("李小梅", "mei")):
            await kit.address(name, "chat", address)
        await kit.says("投诉 4栋1202厨房漏水，李娜13712345678", "c1")
        await kit.deliver()
        yield kit


def labels(kit: Kit, who: str) -> list[str]:
    return [button.label for button in next(m for m in reversed(kit.chat.sent) if m.address == who).buttons]


def says(kit: Kit, who: str, label: str) -> str:
    buttons = next(m for m in reversed(kit.chat.sent) if m.address == who).buttons
    return next(button.says for button in buttons if button.label == label)


@pytest.mark.parametrize(
    ("said", "names", "picked", "field", "value"),
    [
        ("0001 更正 类型", ["投诉", "报修", "售后服务", "咨询", "建议", "表扬"], "报修", "kind", "repair"),
        ("0001 更正 来源", ["电话", "微信"], "微信", "channel", "wechat"),
        ("0001 更正 阶段", ["售前", "保修期内"], "保修期内", "stage", "warranty"),
        ("0001 更正 身份", ["业主", "意向客户"], "意向客户", "customer_class", "prospect"),
        ("0001 更正 性质", ["态度型"], "态度型", "nature", "attitude"),
        ("0001 correct kind", ["complaint", "repair", "question"], "question", "kind", "consult"),
        ("0001 correct stage", ["in warranty"], "in warranty", "stage", "warranty"),
    ],
)
async def test_what_may_stand_there_is_offered_by_name(
    kit: Kit, said: str, names: list[str], picked: str, field: str, value: str
) -> None:
    if said.isascii() or "correct" in said:
        await kit.says("English", "lead")
    [asked] = (await exchange(kit, said, "lead"))[-1:]
    for name in names:
        assert name in asked
        assert name in labels(kit, "lead")
    assert "suggestion、" not in asked
    assert "presale" not in asked
    await exchange(kit, says(kit, "lead", picked), "lead")
    assert getattr(await kit.the_complaint(), field) == value


async def test_a_category_is_offered_by_its_name(kit: Kit) -> None:
    [asked] = await exchange(kit, "0001 更正 类别", "lead")
    assert "QUAL" not in asked
    picked = next(label for label in labels(kit, "lead") if label in asked)
    [done] = await exchange(kit, says(kit, "lead", picked), "lead")
    assert "已更正" in done
    assert picked in done


async def test_without_buttons_the_names_have_numbers(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", PLAIN_CHAT)]) as kit:
        await kit.says("投诉 4栋1202厨房漏水，李娜13712345678", "c1")
        await kit.deliver()
        [asked] = await exchange(kit, "0001 更正 类型", "lead")
        assert "2 报修" in asked
        await exchange(kit, "2", "lead")
        assert (await kit.the_complaint()).kind == "repair"


async def test_whom_a_name_may_mean_is_offered_and_says_the_whole_again(kit: Kit) -> None:
    await exchange(kit, "涉及 0001 李小", "lead")
    assert labels(kit, "lead") == ["李小雷", "李小梅"]
    await exchange(kit, says(kit, "lead", "李小梅"), "lead")
    assert (await kit.person("李小梅")).id in (await kit.the_complaint()).respondents


async def test_of_two_to_whom_it_may_go_one_is_chosen(kit: Kit) -> None:
    await exchange(kit, "派单 0001 @李小 先看看水管", "lead")
    await exchange(kit, says(kit, "lead", "李小雷"), "lead")
    assert (await kit.the_complaint()).owner == (await kit.person("李小雷")).id


async def test_days_of_leave_and_who_stands_in_are_offered(kit: Kit) -> None:
    await exchange(kit, "请假", "handler")
    assert labels(kit, "handler") == ["今天", "明天", "后天", "今天下午", "明天上午"]
    [confirm] = await exchange(kit, says(kit, "handler", "明天"), "handler")
    assert "3月3日" in confirm
    await exchange(kit, "请假 明天，由李小代班", "handler")
    assert labels(kit, "handler") == ["李小雷", "李小梅"]
    [confirm] = await exchange(kit, says(kit, "handler", "李小雷"), "handler")
    assert "代班：李小雷" in confirm
    assert "3月3日" in confirm


async def test_without_buttons_days_of_leave_have_numbers(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", PLAIN_CHAT)]) as kit:
        [asked] = await exchange(kit, "请假", "handler")
        assert "2 明天" in asked
        [confirm] = await exchange(kit, "2", "handler")
        assert "3月3日" in confirm
