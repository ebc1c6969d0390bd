"""What words resemble where no rule knows them: learned from the banks as they are, and never anything that commits."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.grammar import Pending, Speaker, Verb, likeness, teaching, understand
from bot.grammar.folding import clean, fold

DATA = Path(__file__).parents[2] / "data"
BANKS = sorted((*DATA.glob("phrases_??.tsv"), *DATA.glob("phrases/*.tsv")))
COMMITTING = frozenset(
    {Verb.DONE, Verb.CLOSE, Verb.AGREE, Verb.WITHDRAW, Verb.CONFIRM_DONE, Verb.RELEASE, Verb.TICK, Verb.RATE}
)
BINDING = frozenset({Verb.APPROVE, Verb.VALID, Verb.MERGE, Verb.TASK_FORCE, Verb.STOP, Verb.ACCEPT})


def test_it_was_learned_from_the_banks_as_they_are() -> None:
    learned = likeness.LEARNED.read_text(encoding="utf-8").partition("\n")[0]
    again = "python -m bot.grammar.teaching tests/data/phrases_??.tsv tests/data/phrases/*.tsv"
    assert learned == f"learned from\t{teaching.digest(BANKS)}", f"the phrases changed: {again}"


def test_nothing_that_it_finds_commits_anybody() -> None:
    lines = [line for path in BANKS for line in path.read_text("utf-8").splitlines() if "\t" in line]
    texts = [fold(clean(line.split("\t")[2])) for line in lines[::9]]
    found = {likeness.meant(text, role, pending) for text in texts for role in Speaker for pending in Pending}
    assert found - {None}
    assert found & COMMITTING == set()
    assert not any(label.startswith("rate") for label in found if label)


def test_what_denies_binds_nobody() -> None:
    lines = [line for path in BANKS for line in path.read_text("utf-8").splitlines() if "\t" in line]
    bound = {line.split("\t")[2] for line in lines if line.split("\t")[3] in BINDING}
    denied = [
        fold(clean(f"{no}{text}")) for text in sorted(bound)[::4] for no in ("不", "没有", "别", "not ", "never ")
    ]
    found = {likeness.meant(text, role, Pending.NONE) for text in denied for role in Speaker}
    assert found - {None}
    assert found & BINDING == set()


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=160), st.sampled_from(list(Speaker)), st.sampled_from(list(Pending)))
def test_any_text_resembles_something_harmless_or_nothing(text: str, role: Speaker, pending: Pending) -> None:
    assert likeness.meant(fold(clean(text)), role, pending) not in COMMITTING


@pytest.mark.parametrize("text", ["", " ", "，。", "嗯" * 200, "no " * 100])
def test_what_is_empty_or_a_letter_resembles_nothing(text: str) -> None:
    assert all(likeness.meant(fold(text), role, Pending.NONE) is None for role in Speaker)


def test_what_is_learned_tells_what_was_told_apart() -> None:
    told = [
        (likeness.pieces(text), "|customer:none", label)
        for text, label in (("灯坏了", "complain"), ("门坏了", "complain"), ("好了没", "status"), ("来了没", "status"))
    ]
    weights = {
        piece: {label: weight / 100 for label, weight in found.items()} for piece, found in teaching.learn(told).items()
    }
    asked = likeness.probabilities(likeness.pieces("修了没"), "|customer:none", weights)
    assert max(asked, key=asked.__getitem__) == "status"
    assert sum(asked.values()) == pytest.approx(1)
    assert likeness.probabilities(likeness.pieces("修了没"), "|staff:none", weights) == {}


def test_rules_are_asked_first() -> None:
    assert understand("1").verb is Verb.UNCLEAR
    assert understand("派单 0007 @张三").verb is Verb.UNCLEAR
