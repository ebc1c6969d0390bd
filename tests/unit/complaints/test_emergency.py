"""Whom to call, where."""

from __future__ import annotations

import pytest

from complaints.emergency import AMBULANCE, FIRE, POLICE, Services


@pytest.mark.parametrize(
    ("country", "numbers"),
    [
        ("CN", ("119", "110", "120")),
        ("GB-ENG", ("999",)),
        ("us", ("911",)),
        ("TW", ("119", "110")),
        ("DE-BY", ("112",)),
        ("", ("112",)),
    ],
)
def test_each_country_has_its_own_each_said_once(country: str, numbers: tuple[str, ...]) -> None:
    assert Services.of(country).numbers((FIRE, POLICE, AMBULANCE)) == numbers


def test_only_whom_it_takes_is_named() -> None:
    assert Services.of("SG").numbers((AMBULANCE,)) == ("995",)
    assert Services.of("SG").all == ("999", "995")
