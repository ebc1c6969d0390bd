"""Drills (R-113): the whole desk with practice complaints, which count nowhere and reach no customer."""

from __future__ import annotations

import ast
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

import bot
from bot.storage import board, surveys, tools
from bot.storage.board import Scope
from bot.storage.models import TaskRow
from bot.storage.surveys import Chosen
from bot.storage.work import Work
from complaints.complaint import Complaint
from complaints.rates import Rates, counts, rates
from complaints.vocabulary import Role, Status
from tests.unit.bot.desk_kit import STAFF, Kit, entry, open_desk

MARK = "【演练】"
DAY = timedelta(days=1)


@pytest.fixture
async def kit(database_url: str) -> AsyncIterator[Kit]:
    staff = (*STAFF, entry("赵敏", Role.EMPLOYEE, line=4, phone="+8613900001111"))
    chats = {"张伟": "handler", "王主管": "lead", "赵敏": "zhao"}
    async with open_desk(database_url, staff=staff, chats=chats) as kit:
        yield kit


async def practice(kit: Kit) -> Complaint:
    """Practise one complaint and return it."""
    await kit.says("演练投诉 3栋电梯坏了三天没人修", "zhao")
    return (await kit.complaints())[-1]


async def test_a_practice_complaint_lives_its_whole_life_and_every_notice_says_so(kit: Kit) -> None:
    complaint = await practice(kit)
    assert complaint.drill
    assert complaint.reference.startswith("YL20260302-9001")
    assert complaint.complainant == (await kit.person("赵敏")).id
    await kit.deliver()
    await kit.says(f"接单 {complaint.reference}", "handler")
    await kit.says(f"办结 {complaint.reference} 换了控制板", "handler")
    await kit.deliver()
    await kit.says("满意", "zhao")
    await kit.deliver()
    assert (await kit.the_complaint()).closed_as == "satisfied"
    told = [text for who in ("zhao", "handler", "lead") for text in kit.chat.texts(who)]
    assert len(told) >= 6
    assert [text for text in told if not text.startswith(MARK)] == []


async def test_a_form_in_a_drill_keeps_its_place(kit: Kit) -> None:
    await kit.says("演练 开始 2小时", "lead")
    for said in ("电话投诉", "张女士", "13812345678", "4栋1201", "业主", "电梯坏了三天没人修", "昨天", "提交"):
        await kit.says(said, "lead")
    complaint = await kit.the_complaint()
    assert (complaint.drill, complaint.place) == (True, "4栋1201")


async def test_while_a_drill_goes_on_what_colleagues_enter_is_practice_and_what_customers_say_is_not(kit: Kit) -> None:
    await kit.says("演练 开始 2小时", "lead")
    await kit.says("我的投诉 4栋的张女士说电梯坏了，电话13812345678", "zhao")
    await kit.says("厨房漏水没人管", "c1")
    await kit.says("真实投诉 5栋的李先生说停电了，电话13812340000", "zhao")
    assert [complaint.drill for complaint in await kit.complaints()] == [False, False, True]  # by number: TS before YL
    await kit.deliver()
    assert kit.sms.texts("+8613812345678") == []
    await kit.sweep(timedelta(hours=2))
    await kit.says("我的投诉 4栋的张女士说电梯坏了，电话13812345678", "zhao")  # it ended by itself
    assert [complaint.drill for complaint in await kit.complaints()].count(True) == 1


async def test_only_the_lead_begins_a_drill_and_a_customer_s_word_is_their_complaint(kit: Kit) -> None:
    await kit.says("演练 开始", "zhao")
    await kit.says("演练投诉 消防演练的警报响了一夜", "c1")
    assert not (await kit.the_complaint()).drill

    async def running(work: Work) -> bool:
        return await tools.drill(work, kit.clock.now()) is not None

    assert not await kit.database.read(running)


@pytest.mark.parametrize(
    ("begins", "shorter", "longer"),
    [
        ("演练 开始 8小时", "演练 开始 1小时", "演练 开始 10小时"),
        ("drill start 8 hours", "drill start 1 hour", "drill start 10 hours"),
    ],
)
async def test_who_begins_a_drill_while_one_goes_on_cuts_it_not_short(
    kit: Kit, begins: str, shorter: str, longer: str
) -> None:
    async def until() -> timedelta:
        running = await kit.database.read(lambda work: tools.drill(work, kit.clock.now()))
        assert running is not None
        return running.until - kit.clock.now()

    for words, lasts, told in (
        (begins, 8, ("开始了", "has begun")),
        (shorter, 8, ("正在进行", "goes on")),
        (longer, 10, ("延长了", "lasts longer")),
    ):
        await kit.says(words, "lead")
        await kit.deliver()
        assert any(each in kit.chat.texts("lead")[-1] for each in told)
        assert await until() == timedelta(hours=lasts)


async def test_the_end_puts_every_practice_complaint_away_in_silence(kit: Kit) -> None:
    await kit.says("演练 开始", "lead")
    complaint = await practice(kit)
    await kit.deliver()
    before = len(kit.chat.sent)
    await kit.says("演练 结束", "lead")
    await kit.deliver()
    ended = await kit.the_complaint()
    assert (ended.status, ended.closed_as) == (Status.WITHDRAWN, "drill")
    [said] = kit.chat.sent[before:]
    assert said.address == "lead"
    assert "1 件演练单已收起" in said.text
    assert await kit.count(TaskRow, TaskRow.open.is_(True)) == 0
    assert complaint.reference == ended.reference


async def test_a_practice_complaint_never_goes_to_a_customer_s_phone_or_mail(kit: Kit) -> None:
    await kit.says("厨房漏水没人管，13712345678", "+8613712345678", "sms")
    await kit.deliver()
    sent = len(kit.sms.sent)
    reference = (await kit.the_complaint()).reference
    await kit.says(f"演练 {reference}", "lead")
    await kit.says(f"办结 {reference} 修好了", "handler")
    await kit.deliver()
    assert len(kit.sms.sent) == sent
    [survey] = await kit.outbox("survey")
    assert survey.state == "skipped"


# ── every figure ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def figures(kit: Kit) -> dict[str, object]:
    """Return what every function that counts complaints gives: what a drill must not move."""
    solving: frozenset[str] = frozenset()
    now = kit.clock.now()

    async def read(work: Work) -> dict[str, object]:
        chosen = [each async for each in surveys.complaints(work, Chosen())]
        total: Rates = rates(chosen, kit.clock.now(), solving)
        queue, more = await tools.queue_page(work, tools.QueueWanted(), [], 9)
        overdue, _ = await tools.queue_page(work, tools.QueueWanted(overdue_at=kit.clock.now()), [], 9)
        return {
            "rates": total,
            "complaints": [each.reference for each in chosen],
            "counted": [counts(each) for each in chosen],
            "sites": await surveys.sites(work),
            "asked by campaigns": await surveys.customers(work, closed_since=kit.clock.now() - timedelta(days=30)),
            "queue": [each.reference for each in queue],
            "queue goes on": more,
            "overdue": [each.reference for each in overdue],
            "waiting": [each.reference for each in await work.queue()],
            "board": await board.numbers(work, "nobody", Scope(), now, now - DAY, now + DAY, now - 30 * DAY),
            "load": await work.load_of(),
            "given": dict(await work.given_at()),
        }

    return await kit.database.read(read)


async def test_no_figure_counts_a_drill(kit: Kit) -> None:
    await kit.says("厨房漏水没人管", "c1")
    before = await figures(kit)
    complaint = await practice(kit)
    await kit.says("演练投诉 花园里垃圾没人清", "zhao")
    await kit.says(f"办结 {complaint.reference} 换了控制板", "handler")
    await kit.deliver()
    await kit.says("不满意，还是坏的", "zhao")
    assert (await kit.complaints())[-1].round + (await kit.complaints())[-2].round == 3
    assert await figures(kit) == before
    await kit.sweep(timedelta(days=20))
    assert not [name for name, value in (await figures(kit)).items() if "YL" in str(value)]


async def test_a_drill_leaves_no_gap_in_the_numbers(kit: Kit) -> None:
    await kit.says("厨房漏水没人管", "c1")
    await practice(kit)
    await kit.says("楼道灯坏了没人修", "c2")
    assert [each.reference[-4:] for each in await kit.complaints()] == ["0001", "0002", "9001"]
    await kit.says("进度 0002", "lead")
    await kit.deliver()
    assert "楼道灯" in kit.chat.texts("lead")[-1]


READS_NO_FIGURE = {
    "bot/storage/life.py",  # the demo's list
    "bot/storage/bulk.py",  # writes them
    "bot/storage/calendars.py",  # reckons limits anew, of all
    "bot/storage/tools.py",  # asks for the one or the other
    "bot/storage/models.py",
    "bot/storage/erasing.py",  # practice is erased like what is real …
    "bot/storage/holds.py",  # … and held back like it …
    "bot/storage/portrait.py",  # … and shown
    "bot/storage/retention.py",
    "bot/storage/stuck.py",  # what is stuck is, practice or not
    "bot/storage/unknown.py",  # what cannot be read cannot say what it is
}


def test_whatever_counts_or_lists_complaints_knows_of_drills() -> None:
    """A new module that reads the table of complaints has to say what it does with practice, or stand in the list above."""
    root = Path(bot.__file__).parent
    for path in sorted(root.rglob("*.py")):
        name = f"bot/{path.relative_to(root)}"
        text = path.read_text("utf-8")
        if name in READS_NO_FIGURE or "ComplaintRow" not in text or "migrations" in name:
            continue
        imported = any(
            isinstance(node, ast.ImportFrom) and any(alias.name == "ComplaintRow" for alias in node.names)
            for node in ast.walk(ast.parse(text))
        )
        assert not imported or "drill" in text, f"{name} reads complaints and never says drill"


BEGUN = [
    (("电话投诉", "李女士"), ("13911112222", "3栋", "跳过", "电梯坏了三天没人修", "提交")),
    (("phone complaint", "Mr Drill"), ("+447911222333", "Flat 3", "skip", "lift broken for three days", "submit")),
    (("电话投诉 李女士 电梯坏了三天没人修",), ("13911112222",)),
]


@pytest.mark.parametrize(("begun", "rest"), BEGUN)
@pytest.mark.parametrize("practice", [True, False])
async def test_a_form_stays_what_it_was_begun_as(
    kit: Kit, begun: tuple[str, ...], rest: tuple[str, ...], practice: bool
) -> None:
    start, end = "演练 开始 2小时", "演练 结束"
    await kit.says(start if practice else end, "lead")
    for each in begun:
        await kit.says(each, "lead")
    await kit.deliver()
    shown = kit.chat.texts("lead")[-1]
    assert shown.startswith((MARK, "[DRILL]")) == practice
    await kit.says(end if practice else start, "lead")
    for each in rest:
        await kit.says(each, "lead")
    assert (await kit.the_complaint()).drill == practice
