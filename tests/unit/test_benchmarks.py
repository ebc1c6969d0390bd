"""The benchmarks give their figures, and fail where something is missing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from benchmarks.chatting import bench_chat
from benchmarks.delivering import bench_delivery
from benchmarks.intake import bench_intake
from benchmarks.reminders import bench_reminders
from benchmarks.scaling import bench_workers
from benchmarks.visitors import Visitor

KEYS = frozenset({
    "what", "n", "seconds", "per_second", "cpu_ms_each", "p50_ms", "p99_ms", "peak_rss_mb", "limit_per_second",
    "ratio_to_limit", "machine",
})  # fmt: skip


def test_chat_gives_its_figures() -> None:
    figures = asyncio.run(bench_chat(10, rate=50.0, idle_s=0.1))
    assert KEYS | {"startup_s", "idle_cpu_percent", "rss_mb"} <= figures.keys()
    assert (figures["what"], figures["n"], figures["offered_per_second"]) == ("chat", 10, 50.0)
    memory = figures["rss_mb_meanwhile"]
    assert isinstance(memory, list)
    assert memory
    assert max(memory) <= figures["peak_rss_mb"]


class _Page:
    """A page's socket that answers twice."""

    def __init__(self) -> None:
        self._lines = iter([{"type": "line", "out": True, "text": "1"}, {"type": "line", "out": True, "text": "2"}])

    async def send_json(self, _frame: object) -> None:
        pass

    async def receive_json(self) -> object:
        return next(self._lines)


async def test_an_answer_too_many_is_an_error() -> None:
    visitor = Visitor(None, "http://localhost", 1)  # type: ignore[arg-type]
    visitor._socket = _Page()  # type: ignore[assignment]
    await visitor.turn()
    with pytest.raises(RuntimeError, match="too many"):
        await visitor.close()


def test_delivery_gives_its_figures() -> None:
    figures = asyncio.run(bench_delivery(10))
    assert figures.keys() >= KEYS
    assert (figures["what"], figures["n"]) == ("delivery", 10)


def test_a_chart_shows_the_last_of_each_benchmark(tmp_path: Path) -> None:
    from benchmarks.chart import draw  # matplotlib: every process that collects the tests would wait for it

    older = {"what": "delivery", "per_second": 20.0, "limit_per_second": 900.0, "database": "sqlite, synchronous=FULL"}
    workers = {"what": "intake", "workers": 2, "per_second": 250.0, "database": "postgresql"}
    draw([older, workers, older | {"per_second": 209.0}], tmp_path / "chart.svg")
    drawn = (tmp_path / "chart.svg").read_text()
    told = [
        f"<!-- {text} -->" in drawn
        for text in ("delivery, sqlite", "intake, postgresql, 2 processes", "209", "900", "20")
    ]
    assert told == [True, True, True, True, False]


def test_intake_gives_its_figures() -> None:
    figures = asyncio.run(bench_intake(10))
    assert figures.keys() >= KEYS | {"commits", "mails_per_commit"}
    assert (figures["what"], figures["n"]) == ("intake", 10)


def test_intake_by_two_processes_gives_its_figures(fresh_postgres_url: str) -> None:
    figures = asyncio.run(bench_workers(10, 2, fresh_postgres_url))
    assert figures.keys() >= KEYS
    assert (figures["workers"], figures["complaints"], figures["database"]) == (2, 10, "postgresql")


def test_reminders_give_their_figures() -> None:
    figures = asyncio.run(bench_reminders(20, 200))
    assert figures.keys() >= KEYS - {"ratio_to_limit"}
    assert (figures["what"], figures["n"], figures["open"]) == ("reminders", 20, 200)
