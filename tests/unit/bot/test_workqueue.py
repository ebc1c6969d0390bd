"""The work queue on PostgreSQL: jobs of procrastinate bring conversations to processes; our tables stay the truth."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from procrastinate.manager import JobManager
from procrastinate.schema import SchemaManager
from sqlalchemy import text

from bot.storage import queues
from bot.storage.chat import ChatLog
from bot.storage.database import Database
from bot.storage.models import InboxRow, MessageRow
from bot.storage.queues import DONE, STORED
from bot.storage.work import Work
from bot.storage.workqueue import JobQueue, work_queue
from connectors.port import RawMessage
from scheduler.port import Round
from tests.fakes import eventually, until
from tests.unit.bot.desk_kit import Kit, open_desk

T = TypeVar("T")

PATIENCE_S = 30.0
MATTER = "电梯坏了没人管，第{}次说"


@pytest.fixture
async def kit(fresh_postgres_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_postgres_url, jobs=True) as kit:
        yield kit


@asynccontextmanager
async def at_work(*kits: Kit) -> AsyncIterator[None]:
    """Let these processes understand what comes."""
    tasks = [asyncio.create_task(work_queue(k.database, k.clock).run(k.understander.work_off)) for k in kits]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def jobs_of(kit: Kit) -> list[tuple[str, str]]:
    """Return the state and the lock of every job."""

    async def read(work: Work) -> list[tuple[str, str]]:
        rows = await work.session.execute(text("SELECT status::text, lock FROM procrastinate_jobs ORDER BY id"))
        return [(status, lock) for status, lock in rows]

    return await kit.database.read(read)


async def until_understood(kit: Kit) -> None:
    async def none_waits() -> bool:
        return not await kit.count(InboxRow, InboxRow.state == STORED)

    await until(none_waits, "all is understood")


async def run_sql(kit: Kit, *statements: str) -> None:
    async def job(work: Work) -> None:
        for statement in statements:
            await work.session.execute(text(statement))

    await kit.database.write(job)


class TestJobs:
    async def test_a_conversation_has_one_job_however_much_it_says(self, kit: Kit) -> None:
        for number in range(3):
            await kit.store(MATTER.format(number), "c1")
        await kit.store(MATTER.format(0), "c2")
        jobs = await jobs_of(kit)
        assert [status for status, _ in jobs] == ["todo", "todo"]
        assert len({lock for _, lock in jobs}) == 2
        assert not any("c1" in lock or "c2" in lock for _, lock in jobs), "who wrote is nobody's business there"

    async def test_a_message_that_is_not_stored_has_no_job(self, kit: Kit) -> None:
        async def refused(work: Work) -> None:
            await queues.store_raw(work, [RawMessage("chat", "x", "c1", b"{}")], kit.clock.now())
            raise RuntimeError("the disk is full")

        with pytest.raises(RuntimeError):
            await kit.database.write(refused)
        assert await jobs_of(kit) == []
        assert await kit.count(InboxRow) == 0

    async def test_two_processes_may_store_for_the_same_conversations_at_once(
        self, kit: Kit, fresh_postgres_url: str
    ) -> None:
        async with open_desk(fresh_postgres_url, staff=(), jobs=True) as other:
            async with asyncio.timeout(PATIENCE_S):
                await asyncio.gather(
                    *(
                        each.store(MATTER.format(number), f"c{number % 4}", external_id=f"{who}-{number}")
                        for number in range(12)
                        for who, each in enumerate((kit, other))
                    )
                )
            assert await kit.count(InboxRow) == 24
            assert len(await jobs_of(kit)) == 4

    async def test_what_is_enqueued_is_understood_and_leaves_no_job(self, kit: Kit) -> None:
        async with at_work(kit):
            for number in range(3):
                await kit.store(MATTER.format(number), "c1")
                await kit.store(MATTER.format(number), "c2")
            await until_understood(kit)

            async def no_job() -> bool:
                return not await jobs_of(kit)

            await until(no_job, "no job is left")
        texts = [row.text for row in await kit.rows(MessageRow, MessageRow.address == "c1")]
        assert texts == [MATTER.format(number) for number in range(3)]

    async def test_a_process_that_stops_gives_its_jobs_back(self, kit: Kit, fresh_postgres_url: str) -> None:
        asked = asyncio.Event()

        async def never(lanes: object, before: object) -> Round:
            if lanes is not None:
                asked.set()
            await asyncio.Event().wait()
            return Round(0, more=False)

        await kit.store(MATTER.format(0))
        task = asyncio.create_task(work_queue(kit.database, kit.clock).run(never))
        async with asyncio.timeout(PATIENCE_S):
            await asked.wait()
            assert [status for status, _ in await jobs_of(kit)] == ["doing"]
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        assert [status for status, _ in await jobs_of(kit)] == ["todo"]
        async with open_desk(fresh_postgres_url, staff=(), jobs=True) as other, at_work(other):
            await until_understood(other)

    async def test_what_a_dead_worker_had_in_hand_goes_to_another(self, kit: Kit) -> None:
        await kit.store(MATTER.format(0))
        await run_sql(
            kit,
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute')",
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers)",
        )
        async with at_work(kit):
            await kit.store(MATTER.format(1))
            await until_understood(kit)
        assert [row.state for row in await kit.rows(InboxRow)] == [DONE, DONE]

    async def test_a_worker_that_begins_again_has_nothing_in_hand(self, kit: Kit) -> None:
        """The database went away, and with it the jobs that it had given out."""
        queue, called = JobQueue(kit.database, kit.clock), asyncio.Event()

        async def understand(lanes: object, before: object) -> Round:
            called.set()
            return Round(0, more=False)

        cut_off = asyncio.create_task(queue._take(1))
        await asyncio.sleep(0)
        cut_off.cancel()
        await asyncio.gather(cut_off, return_exceptions=True)
        assert not await queue._understand(understand)
        assert not called.is_set()

    async def test_a_job_whose_end_cannot_be_written_down_is_given_back_and_told_of_once(
        self, kit: Kit, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Its connection dies at that moment. The job would else be in the hand of a worker that lives, and nobody's."""
        unseen: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: unseen.append(context))
        finish, together = JobManager.finish_job, asyncio.Barrier(3)
        died: list[object] = []

        async def dies(self: JobManager, *args: Any, **more: Any) -> None:
            if len(died) < together.parties:
                died.append(args)
                await together.wait()
                await self.connector.execute_query_async("SELECT pg_terminate_backend(pg_backend_pid())")
            await finish(self, *args, **more)

        monkeypatch.setattr(JobManager, "finish_job", dies)
        for number in range(3):
            await kit.store(MATTER.format(number), f"c{number}")

        async def no_job() -> bool:
            return not await jobs_of(kit)

        async with at_work(kit):
            await until_understood(kit)
            await until(no_job, "no job is left")
        gc.collect()
        assert [context["message"] for context in unseen] == []
        warned = [
            each for each in caplog.records if each.name == "bot.storage.workqueue" and each.levelno >= logging.WARNING
        ]
        [told] = [each.getMessage() for each in warned]
        assert "terminating connection due to administrator command" in told
        assert "beginning again" in told

    async def test_what_no_job_speaks_of_is_understood_all_the_same(self, kit: Kit) -> None:
        await kit.store(MATTER.format(0))
        await run_sql(kit, "DELETE FROM procrastinate_jobs")
        kit.clock.move_to(kit.clock.now() + timedelta(minutes=1))
        async with at_work(kit):
            await until_understood(kit)


@pytest.mark.both_databases
async def test_what_came_by_a_clock_that_is_ahead_is_not_overtaken(database_url: str) -> None:
    """What has waited for long is looked for by the time at which it came, and still understood in its order."""
    async with open_desk(database_url) as kit:
        for time in ("第一次", "第二次"):
            await kit.store(f"投诉 电梯坏了没人管，{time}说")

        async def came_by_another_clock(work: Work) -> None:
            (await work.session.get_one(InboxRow, 1)).received_at += timedelta(seconds=30)

        await kit.database.write(came_by_another_clock)
        await kit.understander.work_off(None, kit.clock.now() + timedelta(seconds=10))
        rows = await kit.rows(MessageRow, MessageRow.inbox_id.is_not(None))
        assert [row.inbox_id for row in sorted(rows, key=lambda row: row.id)] == [1, 2]


async def test_who_delivers_is_counted_as_long_as_it_lives(kit: Kit, fresh_postgres_url: str) -> None:
    async def counted(wanted: int) -> None:
        async def are() -> bool:
            return await kit.database.delivering() == wanted

        await until(are, f"{wanted} deliver")

    async with kit.database.listening("outbox"):
        async with Database(fresh_postgres_url) as other, other.listening("outbox"):
            await counted(2)
        await counted(1)


async def test_a_commit_wakes_the_other_process(kit: Kit, fresh_postgres_url: str) -> None:
    said: list[str] = []
    async with Database(fresh_postgres_url) as other, other.listening("said") as listening:
        other.tell(said.append)
        async with asyncio.timeout(PATIENCE_S):
            await listening.wait()  # the line is there
            log = ChatLog(kit.database, kit.clock)
            await log.append("web", "w1", "k1", outgoing=True, text="您好")
        await eventually(lambda: "said web/w1" in said, timeout_s=PATIENCE_S)


async def test_a_line_waits_for_the_one_that_another_process_is_writing(kit: Kit, fresh_postgres_url: str) -> None:
    """Else the later number could be seen first, and a page that reads on from there would miss the earlier line for ever."""
    log = ChatLog(kit.database, kit.clock)
    written, end = asyncio.Event(), asyncio.Event()

    async def hold(work: Work) -> None:
        own = ChatLog(SameTransaction(work), kit.clock)  # type: ignore[arg-type]
        await own.append("web", "w1", "first", outgoing=True, text="收到了")
        written.set()
        await end.wait()

    async with Database(fresh_postgres_url) as other:
        holding = asyncio.create_task(other.write(hold))
        await written.wait()
        later = asyncio.create_task(log.append("web", "w1", "second", outgoing=False, text="补充"))
        async with Database(fresh_postgres_url) as third:
            await ChatLog(third, kit.clock).append("web", "w2", "elsewhere", outgoing=True, text="您好")
        assert not later.done()
        assert await log.since("web", "w1", 0) == []
        end.set()
        await asyncio.gather(holding, later)
    assert [line.key for line in await log.since("web", "w1", 0)] == ["first", "second"]


class SameTransaction:
    """A database whose writes are part of a transaction that goes on."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def write(self, job: Callable[[Work], Awaitable[T]]) -> T:
        return await job(self._work)


def test_the_tables_are_those_of_the_installed_procrastinate() -> None:
    """Another version of it may want other tables: then its own migrations belong into one of ours, and this is renewed."""
    digest = hashlib.sha256(SchemaManager.get_schema().encode()).hexdigest()[:16]
    assert digest == SCHEMA


SCHEMA = "c70ec4b400a60ad9"
