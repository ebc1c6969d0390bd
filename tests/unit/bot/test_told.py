"""Whether the customer has been told: a bank of answers, and never a "no" taken for a "yes"."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.grammar.told import told

ANSWERS = [
    line.split("\t") for line in (Path(__file__).parents[2] / "data" / "told.tsv").read_text("utf-8").splitlines()
]
DENIES = re.compile("没|不(?!错)|未|not|n't|never", re.IGNORECASE)


@pytest.mark.parametrize(("means", "text"), ANSWERS, ids=[text for _, text in ANSWERS])
def test_an_answer(means: str, text: str) -> None:
    assert told(text) is {"yes": True, "no": False, "else": None}[means]


@pytest.mark.parametrize("bank", ["phrases_not_done.txt", "phrases_not_satisfied.txt"])
def test_who_denies_is_never_taken_to_say_yes(bank: str) -> None:
    texts = (Path(__file__).parents[2] / "data" / bank).read_text("utf-8").splitlines()
    assert [text for text in texts if DENIES.search(text) and told(text)] == []
