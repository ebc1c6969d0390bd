"""The figures that every benchmark gives of what it measured, by the same names and in the same units."""

from __future__ import annotations

from collections.abc import Sequence


def figures(n: int, seconds: float, cpu_s: float, waits_ms: Sequence[float], limit: float | None) -> dict[str, object]:
    """Return throughput, cost and waits of n things done. limit: of the bare machine, a second; None: not known."""
    waits = sorted(waits_ms)
    near = (
        {} if limit is None else {"limit_per_second": round(limit, 1), "ratio_to_limit": round(n / seconds / limit, 3)}
    )
    return {
        "n": n,
        "seconds": round(seconds, 3),
        "per_second": round(n / seconds, 1),
        "cpu_ms_each": round(cpu_s * 1000 / n, 3),
        "p50_ms": round(waits[len(waits) // 2], 2),
        "p99_ms": round(waits[len(waits) * 99 // 100], 2),
        **near,
    }
