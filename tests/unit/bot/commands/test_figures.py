"""`bench`: it gives its figures."""

from __future__ import annotations

from tests.unit.bot.cli_kit import Run


def test_bench_intake_gives_its_figures(run: Run) -> None:
    done = run("bench", "intake", "-n", "20", "--json")
    assert done.status == 0
    [figures] = done.lines
    keys = {
        "what", "n", "seconds", "per_second", "cpu_ms_each", "p50_ms", "p99_ms", "peak_rss_mb", "limit_per_second",
        "ratio_to_limit", "machine",
    }  # fmt: skip
    assert keys <= set(figures)
    assert (figures["what"], figures["n"]) == ("intake", 20)
    assert isinstance(figures["machine"], dict)
    assert figures["machine"]
    for key in keys - {"what", "machine"}:
        assert figures[key] > 0, key
