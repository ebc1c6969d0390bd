"""What `complaintbot bench` counts; how fast it was is not for a test."""

from __future__ import annotations

import json

from benchmarks.reminders import bench_reminders


async def test_the_reminders_benchmark_says_what_it_measured(database_url: str) -> None:
    """It raises where a reminder is missing or told twice."""
    url = None if database_url.startswith("sqlite") else database_url
    figures = json.loads(json.dumps(await bench_reminders(20, 200, url)))
    assert (figures["what"], figures["n"], figures["open"]) == ("reminders", 20, 200)
    assert [size["open"] for size in figures["sizes"]] == [20, 200]
    assert figures["commits"] <= 2  # one for what is due, one to see that nothing is
    for key in (
        "seconds",
        "per_second",
        "cpu_ms_each",
        "p50_ms",
        "p99_ms",
        "limit_per_second",
        "ratio_to_limit",
        "slope",
    ):
        assert figures[key] > 0, key
    assert figures["peak_rss_mb"] > 0
    assert figures["machine"]["cpus"] >= 1
