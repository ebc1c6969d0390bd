"""A small year in every run of the tests; the large one is `python -m tests.simulation --complaints 10000`."""

from __future__ import annotations

import pytest

from tests.simulation.trial import PROFILES, WITH_DEBTS, Trial, tried


@pytest.mark.parametrize("profile", [*PROFILES, WITH_DEBTS])
def test_a_year_of_the_desk_passes_the_audit(profile: str) -> None:
    """Invariants 3 to 6 and traps 27, 32, 33: nothing lost, doubled, late, told after the end or at night, or stuck."""
    trial = Trial(profile, seed=22, complaints=6, restarts=2)
    result = tried(trial)
    assert not result.faults, f"{trial}\n{result}"
    assert sum(result.ended.values()) >= 4
    assert result.told["sent"] > 40
    assert result.did["overruled the rota"]
    assert result.did["went away while on duty"]
