"""Gathering: what many callers bring while the writer is busy is written by one statement, not by one each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.storage.database import Database, DatabaseUnavailable
from bot.storage.work import Work

Item = TypeVar("Item")
Result = TypeVar("Result")


class Gathering(Generic[Item, Result]):
    """write: stores items and returns as many results, in their order; repeatable, as every job is.

    A lone item is never held back for company, and one that cannot be stored harms no other.
    """

    def __init__(
        self, database: Database, write: Callable[[Work, Sequence[Item]], Awaitable[Sequence[Result]]]
    ) -> None:
        self._database = database
        self._write = write
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._writing: set[asyncio.Task[None]] = set()

    async def add(self, item: Item) -> Result:
        """Return the result of an item once it is committed. A caller that is cancelled leaves it to be stored."""
        done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if len(self._waiting) == 1:  # whoever comes until the writer does is taken along
            task = asyncio.create_task(self._write_waiting(), name="gathering")
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)
        return await done

    async def _write_waiting(self) -> None:
        taken: list[tuple[Item, asyncio.Future[Result]]] = []

        def take() -> None:
            if not taken:  # else the job is run again
                taken.extend(self._waiting)
                self._waiting.clear()

        async def job(work: Work) -> Sequence[Result]:
            take()
            return await self._write(work, [item for item, _ in taken])

        try:
            results = await self._database.write(job)
            for (_, done), result in zip(taken, results, strict=True):
                if not done.done():
                    done.set_result(result)
        except Exception as error:
            take()
            if len(taken) == 1 or isinstance(error, DatabaseUnavailable):
                _fail(taken, error)
            else:
                for each in taken:
                    await self._write_alone(*each)
        finally:
            for _, done in taken:
                done.cancel()  # only where this task itself is cancelled has one got no answer

    async def _write_alone(self, item: Item, done: asyncio.Future[Result]) -> None:
        async def job(work: Work) -> Result:
            (result,) = await self._write(work, [item])
            return result

        try:
            result = await self._database.write(job)
        except Exception as error:
            _fail([(item, done)], error)
        else:
            if not done.done():
                done.set_result(result)


def _fail(taken: Sequence[tuple[Item, asyncio.Future[Result]]], error: Exception) -> None:
    for _, done in taken:
        if not done.done():
            done.set_exception(error)
