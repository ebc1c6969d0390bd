"""`python -m tests.simulation`: live through a year, audit it, and say what was found."""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.simulation.trial import PROFILES, Trial, tried


def main() -> int:
    """Return 1 where the audit found faults."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument(
        "--complaints", type=int, default=300, help="in the year, shared among the profiles (default 300)"
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives much the same year (default 1)")
    parser.add_argument("--profile", action="append", help=f"one or several (default: {', '.join(PROFILES)})")
    parser.add_argument(
        "--restarts", type=int, help="of the service, half of them kills (default: one for 25 complaints)"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="put each year's database there, to look into")
    options = parser.parse_args()
    if options.keep is not None:
        options.keep.mkdir(parents=True, exist_ok=True)
    profiles = options.profile or list(PROFILES)
    share = -(-options.complaints // len(profiles))
    restarts = options.restarts if options.restarts is not None else 2 + share // 25
    trials = [Trial(profile, options.seed, share, restarts, options.keep) for profile in profiles]
    faults = 0
    with ProcessPoolExecutor(len(trials)) as pool:
        for trial, result in zip(trials, pool.map(tried, trials), strict=True):
            print(f"{trial}\n{result}", flush=True)
            faults += len(result.faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
