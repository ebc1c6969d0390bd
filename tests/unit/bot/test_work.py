"""A unit of work: what one decision writes, what two of them on one complaint do, and what timers cost."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import event, func, insert, select, text

from bot.clock import MovableClock
from bot.doctor import examine
from bot.settings import HttpSection, load_settings
from bot.storage import codec, queues
from bot.storage.database import Database
from bot.storage.models import ComplaintRow, EventRow, InboxRow, OutboxRow, PolicyRow, TaskRow, TimerRow
from bot.storage.values import Outgoing, Said
from bot.storage.work import PER_CATEGORY, Work
from complaints import customer, handling
from complaints.change import Change
from complaints.complaint import Complaint
from complaints.errors import Conflict
from complaints.parts.actors import SYSTEM, Actor
from complaints.vocabulary import Role, Status
from tests.unit.bot.desk_kit import MONDAY, Kit, known_customer, open_desk

pytestmark = pytest.mark.both_databases

MATTER = "电梯坏了三天没人修"
PATIENCE_S = 20.0


@pytest.fixture
async def kit(database_url: str) -> AsyncIterator[Kit]:
    async with open_desk(database_url) as kit:
        yield kit


# ── one decision ──────────────────────────────────────────────────────────────────────────────────────────────────────


class TestOneDecision:
    async def test_state_events_timers_tasks_and_notices_commit_together(self, kit: Kit) -> None:
        """Invariant 3."""
        await kit.says(MATTER)
        complaint = await kit.the_complaint()
        assert [row.kind for row in await kit.rows(EventRow)] == ["received", "registered", "dispatched"]
        assert [(row.assignee, row.open) for row in await kit.rows(TaskRow)] == [(complaint.owner, True)]
        assert await kit.count(TimerRow, TimerRow.state == "pending") > 0
        assert {row.reference for row in await kit.outbox()} == {complaint.reference}

    async def test_or_not_at_all(self, kit: Kit) -> None:
        await kit.says(MATTER)
        complaint = await kit.the_complaint()
        before = [await kit.count(table) for table in (EventRow, TimerRow, OutboxRow, TaskRow)]

        async def fails_late(work: Work) -> None:
            known = await work.complaint(complaint.reference)
            assert known is not None
            terms = await kit.desk.terms(work, known)
            await kit.desk.record(work, handling.accept(known, await handler(kit), terms, kit.clock.now()))
            await work.flush()
            raise LookupError("the last moment")

        with pytest.raises(LookupError):
            await kit.write(fails_late)
        assert [await kit.count(table) for table in (EventRow, TimerRow, OutboxRow, TaskRow)] == before
        assert (await kit.the_complaint()) == complaint

    async def test_the_newest_that_somebody_brought_in_come_first_however_many_there_were(self, kit: Kit) -> None:
        await kit.says(MATTER)
        complaint, finder = await kit.the_complaint(), await kit.person("张伟")
        references = [f"TS20260101-{number:04d}" for number in range(1, 211)]

        async def brought_in(work: Work) -> None:
            for number, reference in enumerate(references):
                received_at = MONDAY + timedelta(minutes=number)
                one = replace(complaint, reference=reference, finder=finder.id, received_at=received_at, tasks=())
                await work.save(Change(one), ())

        await kit.write(brought_in)
        found = await kit.database.read(lambda work: work.entered_by(finder.id))
        assert [complaint.reference for complaint in found] == references[:-21:-1]

    async def test_a_complaint_comes_back_as_it_was(self, kit: Kit) -> None:
        await kit.says(MATTER)
        await kit.says("催一下")
        await kit.says("进展 已联系师傅", "handler")
        await kit.says("办结 换了主板", "handler")
        await kit.says("不满意，还是坏的")
        complaint = await kit.the_complaint()
        assert codec.decode_complaint(codec.encode_complaint(complaint)) == complaint
        assert (complaint.round, complaint.status) == (2, Status.WORKING)
        [row] = await kit.rows(ComplaintRow)
        assert (row.version, row.status, row.owner) == (complaint.version, "working", complaint.owner)

    async def test_events_are_only_appended(self, kit: Kit) -> None:
        """Invariant 8: each carries who, when, by which channel, old and new."""
        await kit.says(MATTER)
        first = [(row.id, row.kind, row.at, row.note) for row in await kit.rows(EventRow)]
        kit.clock.move_to(MONDAY + timedelta(minutes=5))
        await kit.says("接单", "handler")
        rows = await kit.rows(EventRow)
        assert [(row.id, row.kind, row.at, row.note) for row in rows[: len(first)]] == first
        accepted = rows[-1]
        assert (accepted.kind, accepted.old, accepted.new) == ("accepted", "dispatched", "working")
        assert (accepted.by, accepted.channel) == ((await kit.person("张伟")).id, "chat")
        assert accepted.at == kit.clock.now()

    async def test_a_customer_is_known_by_phone_in_the_work_that_made_them(self, kit: Kit) -> None:
        async def job(work: Work) -> tuple[str, str | None]:
            made = await work.new_customer(MONDAY, phone="13800138000")
            found = await work.customer_by_phone("13800138000")
            return made.id, found.id if found is not None else None

        made, found = await kit.write(job)
        assert found == made

    async def test_an_appended_row_is_seen_by_the_next_question_of_the_same_work(self, kit: Kit) -> None:
        """Rows are kept for one statement at the end: nobody may notice."""

        async def job(work: Work) -> tuple[list[str], dict[str, int]]:
            filing = handling.Filing(
                reference="TS20260302-0042", summary=MATTER, complainant="somebody", channel="chat", locale="zh"
            )
            complaint = await kit.desk.file(work, filing, SYSTEM)
            tasks = await work.tasks_of(complaint.owner or "")
            return [task.reference for task in tasks], await work.load_of()

        mine, load = await kit.write(job)
        assert mine == ["TS20260302-0042"]
        assert load == {(await kit.person("张伟")).id: 1}

    async def test_what_somebody_has_in_hand_is_asked_once_and_again_when_it_changes(self, kit: Kit) -> None:
        await kit.says(MATTER)
        complaint, who = await kit.the_complaint(), await handler(kit)
        whose = complaint.owner or ""
        other = handling.Filing(
            reference="TS20260302-0042", summary=MATTER, complainant="somebody", channel="chat", locale="zh"
        )

        async def job(work: Work) -> list[list[str]]:
            seen = [[each.reference for each in await work.tasks_of(whose)]]
            await kit.desk.file(work, other, SYSTEM)
            seen.append([each.reference for each in await work.tasks_of(whose)])
            known = await work.complaint(complaint.reference)
            assert known is not None
            await kit.desk.record(work, handling.give_back(known, "不归我管", who, kit.clock.now()))
            seen.append([each.reference for each in await work.tasks_of(whose)])
            return seen

        first, second = complaint.reference, other.reference
        assert [sorted(each) for each in await kit.write(job)] == [[first], sorted([first, second]), [second]]

        async def twice(work: Work) -> None:
            for _ in range(2):
                await work.tasks_of(whose)

        assert len([said for said, _ in await issued(kit.database, twice) if "FROM tasks" in said]) == 1

    async def test_to_ask_what_somebody_has_in_hand_writes_nothing_that_is_no_task(self, kit: Kit) -> None:
        await kit.says(MATTER)
        whose = (await kit.the_complaint()).owner or ""

        async def job(work: Work) -> tuple[int, int]:
            made = await work.new_customer(kit.clock.now(), name="王芳")
            found = await work.tasks_of(whose)
            assert made in work.session.new  # it waits for the end, when all is written together
            return len(found), len(await work.tasks_of(made.id))

        assert await kit.write(job) == (1, 0)


async def handler(kit: Kit) -> Actor:
    return Actor((await kit.person("张伟")).id, frozenset({Role.HANDLER}), "chat")


# ── two decisions on one complaint ────────────────────────────────────────────────────────────────────────────────────


class TestConflict:
    async def test_two_processes_that_decide_on_one_version(self, fresh_postgres_url: str) -> None:
        """The second is told that the complaint moved on, and nothing of its decision is left."""
        async with open_desk(fresh_postgres_url) as one, open_desk(fresh_postgres_url, staff=()) as two:
            await one.says(MATTER)
            complaint = await one.the_complaint()
            both = asyncio.Barrier(2)

            def add(kit: Kit) -> object:
                async def job(work: Work) -> None:
                    known = await work.complaint(complaint.reference)
                    assert known is not None
                    with contextlib.suppress(asyncio.BrokenBarrierError):
                        await both.wait()  # both have read the same version
                    actor = Actor(known.complainant, frozenset({Role.CUSTOMER}), "chat")
                    await kit.desk.record(work, customer.supplement(known, "还在漏", actor, kit.clock.now()))

                return job

            results = await asyncio.gather(
                one.write(add(one)),  # type: ignore[arg-type]
                two.write(add(two)),  # type: ignore[arg-type]
                return_exceptions=True,
            )
            assert [type(result) for result in results if result is not None] == [Conflict]
            assert len(await one.outbox("supplement_recorded")) == 1
            assert await one.count(EventRow, EventRow.kind == "supplemented") == 1

    async def test_two_processes_give_one_colleague_work_and_neither_waits(self, fresh_postgres_url: str) -> None:
        async with open_desk(fresh_postgres_url) as one, open_desk(fresh_postgres_url, staff=()) as two:
            both = asyncio.Barrier(2)

            async def give(work: Work) -> None:
                colleague = next(iter((await work.directory()).persons))
                work._bulk.save_given(colleague, one.clock.now())
                await work.flush()  # as a question to the database brings it about
                await both.wait()

            async with asyncio.timeout(PATIENCE_S):
                await asyncio.gather(one.write(give), two.write(give))
            assert set((await one.write(lambda work: work.given_at())).values()) == {one.clock.now()}

    async def test_jobs_of_one_process_see_each_others_decision(self, kit: Kit) -> None:
        await kit.says(MATTER)
        complaint = await kit.the_complaint()

        async def add(work: Work) -> None:
            known = await work.complaint(complaint.reference)
            assert known is not None
            actor = Actor(known.complainant, frozenset({Role.CUSTOMER}), "chat")
            await kit.desk.record(work, customer.supplement(known, "还在漏", actor, kit.clock.now()))

        await asyncio.gather(*(kit.write(add) for _ in range(6)))
        assert await kit.count(EventRow, EventRow.kind == "supplemented") == 6
        keys = [row.key for row in await kit.outbox("supplement_recorded")]
        assert len(keys) == len(set(keys)) == 6

    async def test_a_version_from_outside_is_refused(self, kit: Kit) -> None:
        """Somebody changes the row under our feet by other means: the decision is taken again, not written over it."""
        await kit.says(MATTER)
        complaint = await kit.the_complaint()

        async def job(work: Work) -> None:
            known = await work.complaint(complaint.reference)
            assert known is not None
            await work.session.execute(text("UPDATE complaints SET version = version + 1"))
            terms = await kit.desk.terms(work, known)
            await kit.desk.record(work, handling.accept(known, await handler(kit), terms, kit.clock.now()))

        with pytest.raises(Conflict):
            await kit.write(job)
        assert (await kit.the_complaint()).status is Status.DISPATCHED

    async def test_whoever_meets_a_conflict_tries_again_and_both_are_done(self, fresh_postgres_url: str) -> None:
        async with open_desk(fresh_postgres_url) as one, open_desk(fresh_postgres_url, staff=()) as two:
            await one.says(MATTER)
            reference = (await one.the_complaint()).reference

            async def add_often(kit: Kit) -> None:
                async def job(work: Work) -> None:
                    known = await work.complaint(reference)
                    assert known is not None
                    actor = Actor(known.complainant, frozenset({Role.CUSTOMER}), "chat")
                    await kit.desk.record(work, customer.supplement(known, "还在漏", actor, kit.clock.now()))

                done = 0
                while done < 10:
                    try:
                        await kit.write(job)
                    except Conflict:
                        continue
                    done += 1

            await asyncio.gather(add_often(one), add_often(two))
            assert await one.count(EventRow, EventRow.kind == "supplemented") == 20
            assert len({row.key for row in await one.outbox("supplement_recorded")}) == 20


# ── timers ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class TestTimers:
    async def test_a_timer_fires_once_ever(self, kit: Kit) -> None:
        """Invariant 5 and trap 33: its identity stays spent."""
        await kit.says(MATTER)
        await kit.sweep(timedelta(hours=3))  # past the first contact
        fired = await kit.count(TimerRow, TimerRow.state == "fired")
        assert fired > 0
        told = len(await kit.outbox())
        assert await kit.sweep() == 0
        assert await kit.sweep() == 0
        await kit.says("补充：今天还是坏的，没人来修")  # the complaint is written anew, its timers worked out again
        assert await kit.sweep() == 0
        assert await kit.count(TimerRow, TimerRow.state == "fired") == fired
        assert len([row for row in await kit.outbox() if row.notice in ("overdue", "reminder", "escalation")]) <= told

    async def test_two_sweeps_at_once_fire_each_timer_once(self, kit: Kit) -> None:
        for number in range(8):
            await kit.says(f"投诉 第{number}件，电梯坏了没人修", f"c{number}")
        kit.clock.move_to(kit.clock.now() + timedelta(hours=3))
        await asyncio.gather(kit.sweep(), kit.sweep(), kit.sweep())
        overdue = [row.key for row in await kit.outbox("overdue")]
        assert len(overdue) == len(set(overdue)) == 8

    async def test_two_processes_fire_each_timer_once(self, fresh_postgres_url: str) -> None:
        clock = MovableClock(MONDAY)
        async with (
            open_desk(fresh_postgres_url, clock=clock) as one,
            open_desk(fresh_postgres_url, staff=(), clock=clock) as two,
        ):
            for number in range(10):
                await one.says(f"投诉 第{number}件，电梯坏了没人修", f"c{number}")
            one.clock.move_to(one.clock.now() + timedelta(hours=3))

            async def sweep(kit: Kit) -> int:
                for _ in range(20):
                    try:
                        return await kit.sweep()
                    except Conflict:
                        continue
                raise AssertionError("conflicts without end")

            fired = sum(await asyncio.gather(sweep(one), sweep(two)))
            fired += sum(await asyncio.gather(sweep(one), sweep(two)))
            assert fired >= 10
            assert len(await one.outbox("overdue")) == 10
            for complaint in await one.complaints():
                assert [d.nags for d in complaint.deadlines if d.clock == "first_contact"] == [1]

    async def test_a_closed_complaint_is_silent(self, kit: Kit) -> None:
        """Trap 32: nothing is said about what is over."""
        await kit.says(MATTER)
        await kit.says("撤回")
        await kit.says("是")
        assert (await kit.the_complaint()).status is Status.WITHDRAWN
        told = len(await kit.outbox())
        assert await kit.count(TimerRow, TimerRow.state == "pending") == 0
        await kit.sweep(timedelta(days=90))
        assert len(await kit.outbox()) == told

    async def test_a_rule_that_fails_is_set_aside_and_holds_up_nobody(self, kit: Kit) -> None:
        """Its complaint runs under a version of the policy that nobody has any more."""
        await kit.says(MATTER, "c1")
        await kit.says("家里停水了没人管", "c2")
        broken, healthy = await kit.complaints()

        async def lose_policy(work: Work) -> None:
            lost = replace(broken, policy=replace(broken.policy, version="gone"))
            row = await work.session.get_one(ComplaintRow, broken.reference)
            row.record = codec.encode_complaint(lost)
            row.version = row.version + 1

        await kit.write(lose_policy)
        for _ in range(8):
            await kit.sweep(timedelta(hours=3))
        assert {row.reference for row in await kit.outbox("overdue")} == {healthy.reference}
        due = await kit.rows(TimerRow, TimerRow.reference == broken.reference)
        assert {row.state for row in due if row.due_at <= kit.clock.now() - timedelta(hours=15)} == {"failed"}
        assert all(row.attempts <= 5 for row in due)

    @pytest.mark.parametrize("rows", [20_000])
    async def test_a_sweep_costs_what_is_due_and_not_what_is_stored(self, kit: Kit, rows: int) -> None:
        """DESIGN: a million open complaints must not slow down one reminder. The database's own plan says so."""
        far = kit.clock.now() + timedelta(days=30)

        async def fill(work: Work) -> None:
            values = [
                {
                    "reference": f"TS20260101-{number:06}",
                    "rule": "overdue:complete",
                    "occurrence": "1.0/0",
                    "due_at": far,
                    "state": "fired" if number % 2 else "pending",
                    "attempts": 0,
                }
                for number in range(rows)
            ]
            await work.session.execute(insert(TimerRow), values)

        await kit.write(fill)
        await analyzed(kit)
        plans = await explained(kit.database, lambda work: work.timers.due(kit.clock.now(), 100))
        assert plans
        for plan in plans:
            assert "ix_timers_state_due_at" in plan, plan
            assert "SCAN timers" not in plan.replace("SEARCH", ""), plan
            assert "Seq Scan" not in plan, plan
        references = [f"TS20260101-{number:06}" for number in range(100)]
        plans = await explained(kit.database, lambda work: work.timers.prefetch(references))
        assert plans
        for plan in plans:
            assert "SCAN timers" not in plan, plan
            assert "Seq Scan" not in plan, plan

    async def test_a_claim_costs_what_is_due_and_not_what_was_sent(self, kit: Kit) -> None:
        async def fill(work: Work) -> None:
            values = [
                {
                    "key": f"old/{number}",
                    "lane": f"person:{number % 1000}",
                    "notice": "progress",
                    "facts": "{}",
                    "form": "",
                    "channel": "chat",
                    "address": "a",
                    "answer": False,
                    "state": "sent",
                    "due_at": MONDAY,
                    "created_at": MONDAY,
                    "attempts": 1,
                    "tried": "",
                    "detail": "",
                }
                for number in range(20_000)
            ]
            await work.session.execute(insert(OutboxRow), values)

        await kit.write(fill)
        await analyzed(kit)
        await kit.tell("张伟", "k")
        plans = await explained(
            kit.database, lambda work: queues.due(work, kit.clock.now(), 16, 16), tables=("outbox",)
        )
        assert plans
        for plan in plans:
            assert "SCAN outbox" not in plan, plan
            assert "Seq Scan on outbox" not in plan, plan

    async def test_what_was_decided_lately_costs_what_is_recent_and_not_what_ever_was(self, kit: Kit) -> None:
        since = MONDAY + timedelta(days=90)
        plans = await explained(kit.database, lambda work: work.answered("nobody", since), tables=("outbox",))
        assert plans
        for plan in plans:
            assert "ix_outbox_lane_created_at" in plan or not kit.database.sqlite, plan
            assert "SCAN outbox" not in plan, plan

    async def test_the_inbox_costs_what_waits_and_not_what_was_handled(self, kit: Kit) -> None:
        async def fill(work: Work) -> None:
            values = [
                {
                    "channel": "chat",
                    "external_id": f"old-{number}",
                    "conversation": "c",
                    "received_at": MONDAY,
                    "raw": b"{}",
                    "state": "done",
                    "attempts": 0,
                    "outcome": "bound",
                }
                for number in range(20_000)
            ]
            await work.session.execute(insert(InboxRow), values)

        await kit.write(fill)
        await analyzed(kit)
        await kit.store(MATTER)
        plans = await explained(kit.database, lambda work: queues.stored(work, 64), tables=("inbox",))
        assert plans
        for plan in plans:
            assert "SCAN inbox" not in plan, plan
            assert "Seq Scan on inbox" not in plan, plan

    async def test_who_somebody_is_costs_the_same_however_many_there_are(self, kit: Kit) -> None:
        await kit.says(MATTER)
        await kit.says("接单", "handler")
        who = await known_customer(kit)

        async def look(work: Work) -> None:
            await work.complaints_of(who)
            await work.tasks_of(who)
            await work.address("chat", "c1")
            await work.addresses_of(who)
            await work.reference_of_message("chat", ["<1@x>"])

        await analyzed(kit)
        statements = await issued(kit.database, look)
        assert len(statements) <= 6

    async def test_what_goes_to_a_colleague_in_chat_reads_no_thread_and_nobody_but_the_customer(self, kit: Kit) -> None:
        await kit.says(MATTER)
        await kit.deliver()
        await kit.sweep(timedelta(hours=1))
        told: list[str] = []

        async def claim(work: Work) -> None:
            lanes, _ = await kit.delivery._claims.take(work, 4, kit.clock.now(), [])
            told.extend(parcel.message.address for lane in lanes for parcel in lane)

        read = [statement for statement, _ in await issued(kit.database, claim)]
        assert told == ["handler"]
        assert not any("FROM messages" in statement for statement in read)
        assert sum("FROM people" in statement for statement in read) == 1


class TestKnownAs:
    async def told(self, kit: Kit, *phones: str, first: int = 0) -> None:
        """Let somebody new write a mail about each number."""
        for number, phone in enumerate(phones, first):
            words = f"{number}号楼电梯坏了三天没人修，我的电话{phone}"
            await kit.store(
                words, f"new{number}@example.com", "email", subject="投诉", message_id=f"<{number}@example.com>"
            )

    async def test_who_wrote_before_under_other_names_is_read_once_for_a_batch(self, kit: Kit) -> None:
        phones = [f"1371234560{number}" for number in range(6)]
        for number, phone in enumerate(phones[:3]):
            await kit.says(f"{number}号楼漏水，电话{phone}", f"c{number}")
        await self.told(kit, *phones)
        read = await issued(kit.database, lambda work: kit.understander._understand_batch(work, None, None))
        asked = [statement for statement, _ in read if "FROM people" in statement and "people.phone" in statement]
        assert sum("people.phone IN" in statement for statement in asked) == 1
        assert await kit.understand() == len(phones)

    async def test_it_is_known_within_a_batch_as_between_two(self, kit: Kit) -> None:
        await kit.says("3号楼漏水，电话13712345678", "c1")
        [earlier] = [each.complainant for each in await kit.complaints()]

        async def job(work: Work) -> tuple[list[str], list[str], list[str], list[str]]:
            await work.prefetch_known_as([("phone", "+8613712345678"), ("phone", "+8613700000000")])
            newer = await work.new_customer(MONDAY + timedelta(hours=1), phone="+8613712345678")
            both = await work.known_as("+8613712345678", "", "nobody")
            others = await work.known_as("+8613712345678", "", newer.id)
            row = await work.person_row(earlier)
            assert row is not None
            row.phone = "+8613700000000"  # corrected in this very work
            return both, others, await work.known_as("+8613712345678", "", "nobody"), [newer.id]

        both, others, after, newer = await kit.write(job)
        assert (both, others, after) == ([*newer, earlier], [earlier], newer)


class TestNewest:
    async def test_what_is_not_written_yet_is_among_the_newest_and_nothing_is_written_for_it(self, kit: Kit) -> None:
        await kit.says(MATTER)
        told = await kit.the_complaint()
        place = [told.category, "other"]

        def numbered(number: int, category: str) -> Complaint:
            at = MONDAY + timedelta(minutes=number)
            return replace(told, reference=f"TS-{number:04d}", category=category, received_at=at, tasks=(), version=1)

        async def stored(work: Work) -> None:
            for number in range(1, 2 * PER_CATEGORY, 2):
                await work.save(Change(numbered(number, "other")), ())

        await kit.write(stored)
        decided: list[list[str]] = []

        async def decide(work: Work) -> None:
            for number in range(2, 8, 2):
                await work.save(Change(numbered(number, "other")), ())
            written = await work.session.scalar(select(func.count()).select_from(ComplaintRow))
            decided.append([each.reference for each in await work.newest_of(told.site, place)])
            assert await work.session.scalar(select(func.count()).select_from(ComplaintRow)) == written
            await work.save(Change(replace(numbered(39, "other"), category=told.category, version=2)), ())
            decided.append([each.reference for each in await work.newest_of(told.site, place)])

        await kit.write(decide)
        now = await kit.database.read(lambda work: work.newest_of(told.site, place))
        first, second = decided
        assert second == [each.reference for each in now]
        assert {"TS-0004", "TS-0006"} <= set(first)
        assert len(first) == 1 + PER_CATEGORY
        assert len(second) == 2 + PER_CATEGORY
        assert first[:1] + second[:2] == [told.reference, "TS-0039", told.reference]


async def analyzed(kit: Kit) -> None:
    """Let PostgreSQL see how many rows there are, as its own housekeeping does; SQLite plans without figures here."""
    if not kit.database.sqlite:
        await kit.write(lambda work: work.session.execute(text("ANALYZE")))


async def issued(database: Database, job: object) -> list[tuple[str, object]]:
    """Return the SELECTs that a job issues, with their parameters."""
    statements: list[tuple[str, object]] = []

    async def run(work: Work) -> None:
        connection = (await work.session.connection()).sync_connection
        assert connection is not None

        def note(_c: object, _cursor: object, statement: str, parameters: object, _x: object, _many: bool) -> None:
            if statement.startswith("SELECT"):
                statements.append((statement, parameters))

        event.listen(connection, "before_cursor_execute", note)
        try:
            await job(work)  # type: ignore[operator]
        finally:
            event.remove(connection, "before_cursor_execute", note)
        await work.session.rollback()

    with contextlib.suppress(Exception):
        await database.write(run)
    return statements


async def explained(database: Database, job: object, tables: tuple[str, ...] = ("timers",)) -> list[str]:
    """Return the plan of every SELECT that a job makes on these tables."""
    statements = [
        (statement, parameters)
        for statement, parameters in await issued(database, job)
        if any(f"FROM {table}" in statement for table in tables)
    ]
    plans = []

    async def explain(work: Work) -> None:
        connection = await work.session.connection()
        word = "EXPLAIN QUERY PLAN " if database.sqlite else "EXPLAIN "
        for statement, parameters in statements:
            rows = await connection.exec_driver_sql(word + statement, parameters)  # type: ignore[arg-type]
            plans.append("\n".join(str(row[-1]) for row in rows))

    await database.read(explain)
    return plans


async def test_nothing_overtakes_what_was_held_however_much_was_held_before_it(kit: Kit) -> None:
    def outgoing(key: str, lane: str, minute: int, state: str = queues.HELD) -> Outgoing:
        due_at = MONDAY + timedelta(minutes=minute)
        return Outgoing(key, lane, "progress", created_at=MONDAY, due_at=due_at, state=state)

    async def job(work: Work) -> list[str]:
        for number in range(3):
            work.add_outgoing(outgoing(f"a{number}", "person:a", number))
        work.add_outgoing(outgoing("first", "person:b", 5))
        work.add_outgoing(outgoing("second", "person:b", 4, queues.QUEUED))
        await work.flush()
        now = MONDAY + timedelta(minutes=9)
        held = await queues.release_held(work, now, most=3)
        due, _ = await queues.due(work, now, 10, 10, held=held)
        return [each.key for each in due if each.lane == "person:b"]

    assert await kit.write(job) == ["first", "second"]


async def test_a_bare_answer_is_no_last_word(kit: Kit) -> None:
    async def job(work: Work) -> None:
        for words, verb in (("又漏到楼下去了", "add"), ("是", "fact"), ("可以", "agree")):
            work.add_message(Said("chat", "c1", False, words, MONDAY, reference="TS1", person="p", verb=verb))

    async def newest(work: Work) -> str:
        return await work.last_words("TS1", "p", ("fact", "agree"), 8)

    await kit.write(job)
    assert await kit.database.read(newest) == "又漏到楼下去了"
    but = "可以是可以，天花板谁来刷"

    async def consent(work: Work) -> None:
        work.add_message(Said("chat", "c1", False, but, MONDAY, reference="TS1", person="p", verb="agree"))

    await kit.write(consent)
    assert await kit.database.read(newest) == but


async def test_what_is_looked_up_by_a_messages_id_is_of_one_conversation(kit: Kit) -> None:
    """Many a platform counts the messages of each chat, so that there is a message 7 in all of them."""

    async def job(work: Work) -> None:
        for channel, who in (("chat", "c1"), ("chat", "c2"), ("sms", "c1")):
            here = f"{who} by {channel}"
            said = Said(channel, who, False, here, MONDAY, reference=here, person="p", own_address=here)
            work.add_message(replace(said, message_id="7"))

    async def look(work: Work, channel: str, who: str) -> set[str | None]:
        return {
            await work.reference_of_message(channel, ["7"], who),
            await work.own_address_of_message(channel, who, "7"),
            *(heard.text for heard in await work.heard(channel, who, "7")),
            *(row.text for row in await work.versions(channel, who, "7", "p")),
        }

    await kit.write(job)
    for channel, who in (("chat", "c1"), ("chat", "c2"), ("sms", "c1")):
        assert await kit.database.read(partial(look, channel=channel, who=who)) == {f"{who} by {channel}"}


async def test_a_policy_is_stored_once_however_often_the_service_starts(database_url: str) -> None:
    for _ in range(3):
        async with open_desk(database_url, staff=()) as kit:
            assert await kit.count(PolicyRow) == 1


async def test_one_who_complained_often_hides_nobody_elses_complaint(kit: Kit) -> None:
    """What several people have open is fetched together: a hundred of one must not crowd out the only one of another."""
    await kit.says("家里停水了没人管", "modest")
    kit.clock.move_to(kit.clock.now() + timedelta(minutes=1))
    await kit.says(MATTER, "loud")
    loud = await known_customer(kit, "loud")

    async def many(work: Work) -> None:
        for number in range(150):
            await kit.desk.file(
                work,
                handling.Filing(
                    reference=f"TS20260302-{number + 1000}",
                    summary=MATTER,
                    complainant=loud,
                    channel="chat",
                    locale="zh",
                ),
                SYSTEM,
            )

    await kit.write(many)
    await kit.store("补充一下，还是没有水，请快来人", "modest")
    await kit.store("补充一下，电梯还是坏的没人修", "loud")
    await kit.understand()
    modest = await known_customer(kit, "modest")
    assert await kit.count(ComplaintRow, ComplaintRow.complainant == modest) == 1


# ── a damaged record ──────────────────────────────────────────────────────────────────────────────────────────────────


class TestDamagedRecord:
    """One record that cannot be read is told of, and takes nothing else with it."""

    async def damage(self, kit: Kit, reference: str) -> None:
        async def job(work: Work) -> None:
            row = await work.session.get_one(ComplaintRow, reference)
            row.record, row.version = b'{"reference": 7}', row.version + 1

        await kit.write(job)

    async def test_its_people_go_on_with_their_other_complaints(self, kit: Kit) -> None:
        await kit.says(MATTER)
        await kit.says("投诉 家里停水了没人管")
        one, other = await kit.complaints()
        await self.damage(kit, one.reference)
        await kit.says("接单", "handler")  # the only one of the two that can be read
        await kit.says("催办")
        await kit.says("待办", "lead")
        assert {state for _, state in await kit.inbox_states()} == {"done"}
        row = await kit.database.read(lambda work: work.complaint(other.reference))
        assert row is not None
        assert (row.status, row.urged) == (Status.WORKING, 1)

    async def test_the_centre_hears_of_it_once(self, kit: Kit) -> None:
        await kit.says(MATTER)
        complaint = await kit.the_complaint()
        await self.damage(kit, complaint.reference)
        await kit.says("待办", "handler")
        await kit.says("待办", "handler")
        await kit.sweep(timedelta(hours=3))
        [told] = await kit.outbox("damaged")
        assert codec.loads(told.facts) == {"number": complaint.reference}
        assert told.person == (await kit.person("王主管")).id

    async def test_a_word_of_a_newer_version_is_left_to_it_and_nothing_is_lost(self, kit: Kit, tmp_path: Path) -> None:
        await kit.says(MATTER)
        reference = (await kit.the_complaint()).reference
        settings = load_settings(None, {"COMPLAINTBOT_SERVICE__DATA_DIR": str(tmp_path)})
        settings = replace(
            settings, database=replace(settings.database, url=kit.database.url), http=HttpSection(port=0)
        )

        async def swap(work: Work, old: bytes, new: bytes) -> None:
            row = await work.session.get_one(ComplaintRow, reference)
            assert old in row.record
            row.record = row.record.replace(old, new)

        async def waiting() -> tuple[set[str], set[str]]:
            timers = await kit.rows(TimerRow, TimerRow.due_at <= kit.clock.now() + timedelta(minutes=1))
            return {row.state for row in timers}, {row.state for row in await kit.outbox()}

        known, word = b'"kind":"complaint"', b'"kind":"of tomorrow"'
        await kit.write(lambda work: swap(work, known, word))
        assert await kit.deliver() == []
        await kit.sweep(timedelta(hours=3))
        assert await waiting() == ({"pending"}, {"held"})
        assert await kit.outbox("damaged") == []
        found = await examine(settings, kit.desk.book, kit.clock.now())
        assert [each.examples for each in found if each.what == "newer_words"] == [(reference,)]
        await kit.write(lambda work: swap(work, word, known))
        await kit.sweep(timedelta(minutes=2))
        assert "fired" in (await waiting())[0]
        assert await kit.deliver() != []
        assert "sent" in (await waiting())[1]

    async def test_what_only_a_newer_version_knows_is_kept(self, kit: Kit) -> None:
        await kit.says(MATTER)
        reference = (await kit.the_complaint()).reference

        async def add(work: Work) -> None:
            row = await work.session.get_one(ComplaintRow, reference)
            record = codec.loads(row.record.decode())
            record["of_tomorrow"], record["policy"]["also"] = {"a": [1]}, "x"
            record["tasks"][0]["too"] = 7
            row.record = codec.dumps(record).encode()

        await kit.write(add)
        await kit.says("接单", "handler")
        await kit.says("进展 换了新的钢缆，明天上午再看一次", "handler")
        [row] = await kit.rows(ComplaintRow)
        record = codec.loads(row.record.decode())
        assert (record["status"], record["of_tomorrow"], record["policy"]["also"]) == ("working", {"a": [1]}, "x")
        assert record["tasks"][0]["too"] == 7
        assert codec.decode_complaint(row.record) == await kit.the_complaint()

    async def test_the_sweep_sets_its_timers_aside_and_fires_the_others(self, kit: Kit) -> None:
        await kit.says(MATTER, "c1")
        await kit.says("家里停水了没人管", "c2")
        damaged, healthy = await kit.complaints()
        await self.damage(kit, damaged.reference)
        await kit.sweep(timedelta(hours=3))
        assert {row.reference for row in await kit.outbox("overdue")} == {healthy.reference}
        states = {row.state for row in await kit.rows(TimerRow, TimerRow.due_at <= kit.clock.now())}
        assert states == {"failed", "fired"}
        assert len(await kit.outbox("damaged")) == 1
