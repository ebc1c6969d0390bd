"""A change of the calendar: every open deadline follows it once, whoever it concerns is told once, whatever dies meanwhile."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from bot import reckoning
from bot.calendar_files import CalendarFile
from bot.calendars import DEFAULT, Calendars, OwnDay
from bot.policies import PolicyBook
from bot.publishing import import_days
from bot.reckoning import Moves, Reckoner
from bot.settings import CalendarSection, Settings
from bot.storage import calendars as kept
from bot.storage.models import ComplaintRow, EventRow, ReckoningRow
from bot.storage.work import Work
from complaints.change import NoticeKind
from complaints.complaint import Complaint
from complaints.promises import work_deadline
from tests.unit.bot.desk_kit import Kit, open_desk

DAYS_OFF = CalendarFile(tuple(OwnDay(date(2026, 3, day), (), "停水检修", "公司通知") for day in (5, 6)))
BEFORE = datetime(2026, 3, 19, 15, 59, 59, tzinfo=UTC)  # 13 working days from Monday, 2 March
AFTER = datetime(2026, 3, 23, 15, 59, 59, tzinfo=UTC)


def calendars() -> Calendars:
    return Calendars(Settings())


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[tuple[Kit, Calendars, Reckoner]]:
    known = calendars()
    async with open_desk(url, calendar=known.default) as kit:
        reckoner = Reckoner(kit.database, kit.desk, known)
        await reckoner.load()
        await reckoner.look()
        yield kit, known, reckoner


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[tuple[Kit, Calendars, Reckoner]]:
    async with opened(database_url) as desk:
        yield desk


async def in_hand(kit: Kit, *customers: str) -> None:
    """Let customers complain and the assignee take each on."""
    for who in customers:
        await kit.says("电梯坏了三天没人修", who)
        await kit.deliver()
        [complaint] = [each for each in await kit.complaints() if each.accepted_at is None]
        await kit.says(f"接单 {complaint.reference}", "handler")
    await kit.deliver()


async def publish(kit: Kit, file: CalendarFile, name: str = DEFAULT) -> None:
    await kit.write(lambda work: kept.publish(work, name, file, kit.clock.now()))


def due(complaint: Complaint) -> datetime:
    deadline = work_deadline(complaint)
    assert deadline is not None
    return deadline.due_at


async def told(kit: Kit) -> list[str]:
    kinds = (NoticeKind.DEADLINE_MOVED, NoticeKind.PROMISE_MOVED, "calendar_changed")
    return sorted(row.notice for row in await kit.outbox() if row.notice in kinds)


async def test_an_imported_day_off_moves_what_is_open_and_everybody_concerned_hears_of_it(
    desk: tuple[Kit, Calendars, Reckoner],
) -> None:
    kit, _, reckoner = desk
    await in_hand(kit, "c1")
    assert due(await kit.the_complaint()) == BEFORE
    await publish(kit, DAYS_OFF)
    await reckoner.look()
    complaint = await kit.the_complaint()
    assert due(complaint) == AFTER
    [event] = await kit.rows(EventRow, EventRow.kind == "rescheduled")
    facts = json.loads(event.facts)
    assert (facts["clock"], facts["was"], facts["due"]) == ("complete", BEFORE.isoformat(), AFTER.isoformat())
    assert event.note == "the working calendar changed"
    assert await told(kit) == ["calendar_changed", "deadline_moved", "promise_moved"]
    await kit.deliver()
    assert any("3月23日" in said and "3月19日" in said for said in kit.chat.texts("c1"))
    [summary] = [said for said in kit.chat.texts("lead") if "1 件未办结" in said]
    assert "1 件延后，0 件提前" in summary
    assert complaint.reference in summary


async def test_a_change_is_carried_through_once(desk: tuple[Kit, Calendars, Reckoner]) -> None:
    kit, _, reckoner = desk
    await in_hand(kit, "c1", "c2")
    await publish(kit, DAYS_OFF)
    for _ in range(3):
        await reckoner.look()
    await publish(kit, DAYS_OFF)  # the same again: nothing counts differently
    await reckoner.look()
    assert await told(kit) == ["calendar_changed", *["deadline_moved"] * 2, *["promise_moved"] * 2]


async def test_a_day_that_is_worked_after_all_brings_the_promise_forward(
    desk: tuple[Kit, Calendars, Reckoner],
) -> None:
    kit, _, reckoner = desk
    await in_hand(kit, "c1")
    await publish(kit, CalendarFile((OwnDay(date(2026, 3, 7), None, "补班"),)))
    await reckoner.look()
    assert due(await kit.the_complaint()) == BEFORE.replace(day=18)
    await kit.deliver()
    assert any("0 件延后，1 件提前" in said for said in kit.chat.texts("lead"))


async def test_who_dies_in_the_middle_goes_on_where_it_was(
    desk: tuple[Kit, Calendars, Reckoner], monkeypatch: pytest.MonkeyPatch
) -> None:
    kit, _, reckoner = desk
    await in_hand(kit, "c1", "c2", "c3")
    monkeypatch.setattr(reckoning, "PAGE", 1)
    monkeypatch.setattr(reckoning, "_PAGES", 1)
    await publish(kit, DAYS_OFF)
    await reckoner.look()  # one of three, and then it is killed
    assert sorted(map(due, await kit.complaints())) == [BEFORE, BEFORE, AFTER]
    fresh = calendars()
    kit.desk.book = PolicyBook("base", [], fresh.default, calendar_of=fresh.of_site)
    monkeypatch.setattr(reckoning, "_PAGES", 20)
    again = Reckoner(kit.database, kit.desk, fresh)
    await again.load()
    [row] = await kit.rows(ReckoningRow)
    assert row.running
    assert row.after
    await again.look()
    assert [due(complaint) for complaint in await kit.complaints()] == [AFTER] * 3
    assert await told(kit) == ["calendar_changed", *["deadline_moved"] * 3, *["promise_moved"] * 3]
    [summary] = await kit.outbox("calendar_changed")
    assert json.loads(summary.facts)["count"] == "3"


async def test_another_process_puts_right_what_it_decided_by_the_old_calendar(
    desk: tuple[Kit, Calendars, Reckoner],
) -> None:
    kit, _, reckoner = desk
    await publish(kit, DAYS_OFF)
    fresh = calendars()
    other = Reckoner(kit.database, kit.desk, fresh)
    await other.load()
    await other.look()  # has carried the change through, before the first has even seen it
    await in_hand(kit, "c1")  # decided by the first, which still goes by the old calendar
    assert due(await kit.the_complaint()) == BEFORE
    await reckoner.look()
    assert due(await kit.the_complaint()) == AFTER
    await other.look()
    assert await told(kit) == ["calendar_changed", "deadline_moved", "promise_moved"]


async def test_settings_that_changed_while_the_service_was_down_count_from_its_start(
    desk: tuple[Kit, Calendars, Reckoner],
) -> None:
    kit, _, _ = desk
    await in_hand(kit, "c1")
    section = replace(CalendarSection(), holidays=("2026-03-05/2026-03-06",))
    fresh = Calendars(replace(Settings(), calendar=section))
    kit.desk.book = PolicyBook("base", [], fresh.default, calendar_of=fresh.of_site)
    started = Reckoner(kit.database, kit.desk, fresh)
    await started.load()
    await started.look()
    assert due(await kit.the_complaint()) == AFTER
    assert await told(kit) == ["calendar_changed", "deadline_moved", "promise_moved"]


async def test_what_is_settled_or_done_is_left_alone(desk: tuple[Kit, Calendars, Reckoner]) -> None:
    kit, _, reckoner = desk
    await in_hand(kit, "c1")
    await kit.says("办结 换了钢丝绳", "handler")
    before = await kit.the_complaint()
    await publish(kit, DAYS_OFF)
    await reckoner.look()
    after = await kit.the_complaint()
    assert [d.due_at for d in after.deadlines if d.met_at] == [d.due_at for d in before.deadlines if d.met_at]
    assert "promise_moved" not in await told(kit)


async def test_the_walk_reads_an_index_of_what_is_open_alone(fresh_sqlite_url: str) -> None:
    async with opened(fresh_sqlite_url) as (kit, _, _):

        async def plan(work: Work) -> str:
            rows = await work.session.execute(
                text(
                    "EXPLAIN QUERY PLAN SELECT reference FROM complaints WHERE status NOT IN ('closed', 'invalid', "
                    "'withdrawn', 'merged') AND reference > :after ORDER BY reference LIMIT 50"
                ),
                {"after": "TS"},
            )
            return " ".join(str(row[3]) for row in rows)

        assert "ix_complaints_open" in await kit.database.read(plan)


async def test_a_dry_run_says_what_would_move_and_moves_nothing(desk: tuple[Kit, Calendars, Reckoner]) -> None:
    kit, known, reckoner = desk
    await in_hand(kit, "c1", "c2")
    fresh = calendars()
    book = PolicyBook("base", [], fresh.default, calendar_of=fresh.of_site)
    done = await import_days(kit.database, fresh, book, DEFAULT, DAYS_OFF, kit.clock.now(), dry=True)
    assert (done.days, done.moves) == (2, Moves(2, 2))
    await reckoner.look()
    assert [due(complaint) for complaint in await kit.complaints()] == [BEFORE] * 2
    assert known.default.hours(date(2026, 3, 5))


async def test_one_record_that_cannot_be_read_keeps_nobody_else_from_being_told(
    desk: tuple[Kit, Calendars, Reckoner],
) -> None:
    kit, _, reckoner = desk
    await in_hand(kit, "c1", "c2")
    damaged, sound = sorted(complaint.reference for complaint in await kit.complaints())

    async def damage(work: Work) -> None:
        row = await work.session.get_one(ComplaintRow, damaged)
        row.record = b"{"
        row.version += 1

    await kit.write(damage)
    await publish(kit, DAYS_OFF)
    await reckoner.look()
    [event] = await kit.rows(EventRow, EventRow.kind == "rescheduled")
    assert event.reference == sound
