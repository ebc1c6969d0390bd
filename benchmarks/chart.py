"""`python -m benchmarks.chart results.jsonl results.svg` draws what the benchmarks printed beside the machine's own limits.

Of several lines about the same thing the last one counts, so that figures taken again are appended.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

_BAR = 0.38  # of the height that one benchmark has


def draw(results: Iterable[Mapping[str, Any]], path: Path) -> None:
    """Draw two bars for each benchmark: how many a second, and how many the bare machine does. The name tells the format."""
    last = {_name(each): each for each in results}
    figure = Figure(figsize=(9, 1.2 + 0.75 * len(last)), layout="constrained")
    axes = figure.subplots()
    for what, key, shift in (("complaintbot", "per_second", 0.0), ("the bare machine", "limit_per_second", _BAR)):
        known = [(row + shift, each[key]) for row, each in enumerate(last.values()) if key in each]
        bars = axes.barh([row for row, _ in known], [value for _, value in known], height=_BAR, label=what)
        axes.bar_label(bars, fmt="{:,.0f}", padding=3)
    axes.set_yticks([row + _BAR / 2 for row in range(len(last))], list(last))
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlim(left=10)
    axes.margins(x=0.12)
    axes.set_xlabel("a second (logarithmic)")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12 - 0.3 / (1 + len(last))), ncols=2, frameon=False)
    with mpl.rc_context({"svg.hashsalt": "complaintbot"}):  # the same figures give the same file
        figure.savefig(path, metadata={"Date": None})


def _name(result: Mapping[str, Any]) -> str:
    what = f"{result['what']}, {result.get('database', 'no database').partition(',')[0]}"
    if "workers" in result:
        what += f", {result['workers']} processes"
    return f"{what}, {result['open']:,} open" if "open" in result else what


def main() -> int:
    """Return 2 where it was called wrongly."""
    if len(sys.argv) != 3:
        print("usage: python -m benchmarks.chart RESULTS.jsonl CHART.svg", file=sys.stderr)
        return 2
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    draw([json.loads(line) for line in lines if line.strip()], Path(sys.argv[2]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
