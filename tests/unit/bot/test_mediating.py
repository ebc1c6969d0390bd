"""A third party mediates: its customer knows, the clocks do what the profile says, somebody is asked for the result (R-078)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.grammar.mediating import Mediation, about_mediation, lasts_until
from bot.policies import PolicyBook
from complaints.complaint import Complaint
from complaints.mediating import under_way
from complaints.vocabulary import Role, Status, WaitsFor
from tests.calendars import WeekCalendar
from tests.unit.bot.desk_kit import ZONE, Kit, entry, exchange, open_desk, reads

PEOPLE = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=3),
    entry("陈客服", Role.AGENT, line=4),
    entry("孙悦", Role.HANDLER, line=5),
)
CHATS = {"张伟": "handler", "王主管": "lead", "陈客服": "agent", "孙悦": "other"}
FRIDAY = datetime(2026, 3, 6, 15, 59, 59, tzinfo=UTC)  # the end of it, at the desk


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, staff=PEOPLE, chats=CHATS, before=accepted) as kit:
        yield kit


async def accepted(kit: Kit) -> None:
    await kit.says("投诉 我是3栋502的寅女士，厨房漏水没人管，电话13812345678")
    await exchange(kit, "派单 0001 @张伟", "lead")
    await exchange(kit, "接单 0001", "handler")
    for who in ("c1", *CHATS.values()):
        await reads(kit, who)


async def patient(kit: Kit, folder: Path) -> None:
    """Let work wait for a third party."""
    (folder / "patient.toml").write_text(
        'inherits = "base"\n[title]\nzh = "等"\nen = "Waits"\n[hold]\nwaits_for = ["customer", "third_party"]\n',
        encoding="utf-8",
    )
    kit.desk.book = PolicyBook("patient", [folder], WeekCalendar(ZONE))
    await kit.desk.book.store(kit.database)
    await kit.says("投诉 我是5栋101的卯先生，卫生间漏水没人管，电话13912345678", "c2")
    await exchange(kit, "派单 0002 @张伟", "lead")
    await exchange(kit, "接单 0002", "handler")


async def second(kit: Kit) -> Complaint:
    [found] = [each for each in await kit.complaints() if each.reference.endswith("0002")]
    return found


@pytest.mark.parametrize(
    "said",
    [
        "第三方调解 0001 人民调解委员会 周五",
        "第三方调解 0001 周五 人民调解委员会",
        "人民调解 0001，人民调解委员会，3月6日",
        "mediation 0001 人民调解委员会 by 6 March",
        "0001 第三方调解 人民调解委员会 下周一前",
    ],
)
async def test_r078_its_customer_hears_who_and_until_when_and_the_limits_run_on(kit: Kit, said: str) -> None:
    due = (await kit.the_complaint()).deadlines
    answers = await exchange(kit, said, "handler")
    assert any("时限照常计算" in each for each in answers)
    complaint = await kit.the_complaint()
    mediation = under_way(complaint)
    assert mediation is not None
    assert mediation.mediator == "人民调解委员会"
    assert mediation.until == (FRIDAY if "下周一" not in said else FRIDAY + timedelta(days=3))
    assert (complaint.status, complaint.deadlines) == (Status.WORKING, due)
    theirs = await reads(kit, "c1")
    assert "请第三方来调解：人民调解委员会" in theirs
    assert "不接受调解结果" in theirs
    [status] = await exchange(kit, "进度", "c1")
    assert "第三方调解（人民调解委员会）" in status
    assert "现在等的是：第三方调解的结果" in status
    [status] = await exchange(kit, "进度 0001", "lead")
    assert "第三方调解（人民调解委员会）" in status


async def test_r078_whoever_arranges_one_has_taken_it_on(kit: Kit) -> None:
    await kit.says("投诉 我是5栋101的卯先生，卫生间漏水没人管，电话13912345678", "c2")
    await exchange(kit, "派单 0002 @张伟", "lead")
    assert (await second(kit)).status is Status.DISPATCHED
    await exchange(kit, "第三方调解 0002 人民调解委员会 周五", "agent")
    assert (await second(kit)).status is Status.DISPATCHED
    assert "陈客服 为" in await reads(kit, "handler")
    await exchange(kit, "第三方调解 0002 街道司法所 周五", "handler")
    assert (await second(kit)).status is Status.WORKING


async def test_r078_after_the_day_it_is_asked_for_and_the_lead_hears_where_nobody_says(kit: Kit) -> None:
    await exchange(kit, "第三方调解 0001 人民调解委员会 周五", "handler")
    for who in ("handler", "lead"):
        await reads(kit, who)
    kit.clock.move_to(FRIDAY - timedelta(hours=1))
    await kit.sweep()
    await kit.deliver()
    assert not any("怎么样了" in text for text in kit.chat.texts("handler"))
    await kit.sweep(timedelta(hours=12))
    await kit.deliver()
    assert "人民调解委员会）原定 3月6日(周五) 23:59 前有结果，怎么样了" in await reads(kit, "handler")
    assert "问了" not in await reads(kit, "lead")
    await kit.sweep(timedelta(days=1))
    await kit.deliver()
    assert "问了 1 次还没有人说" in await reads(kit, "lead")


async def test_r078_another_day_is_asked_for_after_that(kit: Kit) -> None:
    await exchange(kit, "第三方调解 0001 人民调解委员会 周五", "handler")
    await exchange(kit, "第三方调解 0001 人民调解委员会 3月10日", "handler")
    assert "的第三方调解改了" in await reads(kit, "c1")
    assert len((await kit.the_complaint()).mediations) == 1
    kit.clock.move_to(FRIDAY + timedelta(days=1))
    await kit.sweep()
    await kit.deliver()
    assert not any("怎么样了" in text for text in kit.chat.texts("handler"))


@pytest.mark.parametrize(
    "said",
    [
        "调解结束 0001 结果 双方同意赔偿1500元",
        "调解结束了，双方同意赔偿1500元",
        "mediation over 0001 result 双方同意赔偿1500元",
        "0001 调解结果：双方同意赔偿1500元",
    ],
)
async def test_r078_its_result_is_told_and_ends_the_asking(kit: Kit, said: str) -> None:
    await exchange(kit, "第三方调解 0001 人民调解委员会 周五", "handler")
    await exchange(kit, said, "handler")
    complaint = await kit.the_complaint()
    assert under_way(complaint) is None
    assert complaint.mediations[0].result == "双方同意赔偿1500元"
    assert "有结果了：\n双方同意赔偿1500元" in await reads(kit, "c1")
    [status] = await exchange(kit, "进度", "c1")
    assert "的结果：双方同意赔偿1500元" in status
    kit.clock.move_to(FRIDAY + timedelta(days=1))
    await kit.sweep()
    await kit.deliver()
    assert not any("怎么样了" in text for text in kit.chat.texts("handler"))


async def test_r078_where_the_profile_lets_work_wait_for_others_a_pause_is_asked_for_and_ends_with_it(
    kit: Kit, tmp_path: Path
) -> None:
    await patient(kit, tmp_path)
    [answer] = [
        each for each in await exchange(kit, "第三方调解 0002 人民调解委员会 周五", "handler") if "已记下" in each
    ]
    assert "暂缓申请已报" in answer
    asked = (await second(kit)).hold
    assert asked is not None
    assert (asked.waits_for, asked.limit, asked.reason) == (WaitsFor.THIRD_PARTY, "4d", "人民调解委员会")
    await exchange(kit, "批准 0002", "lead")
    assert (await second(kit)).status is Status.ON_HOLD
    await exchange(kit, "调解结束 0002 结果 双方同意赔偿1500元", "agent")
    complaint = await second(kit)
    assert (complaint.status, complaint.pause) == (Status.WORKING, None)
    assert "陈客服 记下了" in await reads(kit, "handler")


async def test_r078_a_pause_nobody_decided_on_ends_with_it_too(kit: Kit, tmp_path: Path) -> None:
    await patient(kit, tmp_path)
    await exchange(kit, "第三方调解 0002 人民调解委员会 周五", "handler")
    await exchange(kit, "调解结束 0002 结果 双方同意赔偿1500元", "handler")
    assert (await second(kit)).hold is None


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("第三方调解 0001 人民调解委员会", "到哪天有结果"),
        ("第三方调解 0001 周五", "由谁调解"),
        ("第三方调解 0001 人民调解委员会 3月1日", "到哪天有结果"),
    ],
)
async def test_r078_what_is_missing_is_asked_for(kit: Kit, said: str, asked: str) -> None:
    [answer] = await exchange(kit, said, "handler")
    assert asked in answer
    assert (await kit.the_complaint()).mediations == ()


async def test_r078_none_is_over_that_was_not_begun_and_nobody_else_arranges_one(kit: Kit) -> None:
    [answer] = await exchange(kit, "调解结束 0001 结果 双方同意", "lead")
    assert "现在没有在进行的第三方调解" in answer
    await exchange(kit, "第三方调解 0001 人民调解委员会 周五", "other")
    await exchange(kit, "第三方调解 0001 人民调解委员会 周五", "c1")
    assert (await kit.the_complaint()).mediations == ()


async def test_r078_what_the_press_may_read_of_it_waits_for_one_voice(kit: Kit) -> None:
    await exchange(kit, "第三方调解 0001 人民调解委员会 周五", "handler")
    await exchange(kit, "媒体介入 0001 日报记者来问", "lead")
    await reads(kit, "c1")
    await exchange(kit, "调解结束 0001 结果 双方同意赔偿1500元", "handler")
    assert "1500" not in await reads(kit, "c1")
    assert under_way(await kit.the_complaint()) is not None
    await exchange(kit, "发出 0001", "lead")
    assert "1500" in await reads(kit, "c1")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("第三方调解 0007 人民调解委员会 周五", Mediation(False, "人民调解委员会", "周五", "0007")),
        ("申请第三方调解 0007 街道司法所 下周三下午3点", Mediation(False, "街道司法所", "下周三下午3点", "0007")),
        (
            "mediation 0007 people's mediation committee Friday",
            Mediation(False, "people's mediation committee", "Friday", "0007"),
        ),
        ("mediation over 0007 result both agree to 1500", Mediation(True, "both agree to 1500", "", "0007")),
        ("调解结束 0007 结果：没谈成", Mediation(True, "没谈成", "", "0007")),
        ("调解员明天上门", None),
        ("第三方检测报告出来了", None),
        ("客户要求调解", None),
    ],
)
def test_r078_what_is_said_of_it(said: str, meant: Mediation | None) -> None:
    assert about_mediation(said) == meant


@pytest.mark.parametrize(
    ("day", "until"),
    [
        ("周五", "2026-03-06 23:59"),
        ("下周三下午3点", "2026-03-11 15:00"),
        ("Friday", "2026-03-06 23:59"),
        ("6 March", "2026-03-06 23:59"),
        ("3月1日", None),
        ("", None),
    ],
)
def test_r078_until_when_it_lasts(day: str, until: str | None) -> None:
    now = datetime(2026, 3, 2, 10, tzinfo=ZONE)
    found = lasts_until(day, now)
    assert (f"{found:%Y-%m-%d %H:%M}" if found else None) == until
