"""What words resemble where the rules found little: learned from the banks as they are, and held back where it commits."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.grammar import Pending, Speaker, Verb, learned, likeness, teaching, understand
from bot.grammar.folding import clean, fold

DATA = Path(__file__).parents[2] / "data"
BANKS = sorted((*DATA.glob("phrases_??.tsv"), *DATA.glob("phrases/*.tsv")))
COMMANDS = frozenset({Verb.CONFIRM_DONE, Verb.RELEASE, Verb.TICK, Verb.CHOOSE, Verb.SKIP, Verb.HOLD, Verb.SET_DUTY})
BINDING = frozenset({Verb.DONE, Verb.VALID, Verb.MERGE, Verb.TASK_FORCE})


def test_it_was_learned_from_the_banks_as_they_are() -> None:
    learned = likeness.LEARNED.read_text(encoding="utf-8").partition("\n")[0]
    again = "python -m bot.grammar.teaching tests/data/phrases_??.tsv tests/data/phrases/*.tsv"
    assert learned == f"learned from\t{teaching.digest(BANKS)}", f"the phrases changed: {again}"


def test_what_is_a_command_is_never_guessed() -> None:
    lines = [line for path in BANKS for line in path.read_text("utf-8").splitlines() if "\t" in line]
    texts = [fold(clean(line.split("\t")[2])) for line in lines[::29]]
    found = {likeness.meant(text, role, pending) for text in texts for role in Speaker for pending in Pending}
    assert len(found) > 20
    assert found & COMMANDS == set()


@pytest.mark.parametrize("found", [Verb.NOT_DONE, Verb.DISAGREE, Verb.REJECT, Verb.STATUS])
def test_nothing_is_finished_against_what_the_rules_found(found: Verb) -> None:
    lines = [line.split("\t") for path in BANKS for line in path.read_text("utf-8").splitlines() if "\tdone\t" in line]
    texts = [fold(clean(columns[2])) for columns in lines[::5]]
    meant = {likeness.meant(text, Speaker.HANDLER, Pending.NONE, found) for text in texts}
    assert meant & {Verb.DONE, Verb.CLOSE, Verb.VALID} == set()


@pytest.mark.parametrize(
    ("text", "pending", "found"),
    [
        ("还是一股下水道味儿", Pending.RESULT, Verb.AGREE),
        ("they only swapped the bulb, it still flickers all night", Pending.RESULT, Verb.AGREE),
        ("换到电梯井旁边,哐当哐当一夜没合眼", Pending.RATING, "rate:satisfied"),
    ],
)
def test_a_commitment_takes_two_opinions(text: str, pending: Pending, found: str) -> None:
    meant = likeness.meant(fold(clean(text)), Speaker.CUSTOMER, pending, found)
    assert meant in (Verb.DISAGREE, Verb.UNCLEAR, Verb.COMPLAIN, "rate:dissatisfied")


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
def test_any_text_resembles_something_or_nothing(text: str, role: Speaker, pending: Pending) -> None:
    assert likeness.meant(fold(clean(text)), role, pending) not in COMMANDS


@pytest.mark.parametrize("text", ["", " ", "，。", "嗯" * 200, "no " * 200])
def test_what_is_empty_or_a_letter_resembles_nothing(text: str) -> None:
    assert all(likeness.meant(fold(text), role, Pending.NONE) is None for role in Speaker)


def test_what_is_learned_tells_what_was_told_apart() -> None:
    told = [
        (likeness.pieces(text), "|customer:none", label)
        for text, label in (("灯坏了", "complain"), ("门坏了", "complain"), ("好了没", "status"), ("来了没", "status"))
    ]
    weights = teaching.learn(told)
    made_of = [weights.get(piece, {}) for piece in likeness.pieces("修了没")]
    sums = {label: sum(piece.get(label, 0) for piece in made_of) for label in ("complain", "status")}
    asked = likeness.scores(sums, len(made_of), weights["|customer:none"])
    assert asked["status"] > asked["complain"]
    assert likeness.scores(sums, len(made_of), {}) == {}


def test_each_piece_that_was_learned_is_found_and_no_other() -> None:
    _, found = learned.read(likeness.LEARNED)
    told: dict[str, dict[str, str]] = {language: {} for language in found}
    for line in likeness.LEARNED.read_text("utf-8").splitlines()[2:]:
        language, piece, worth = line.split("\t", 2)
        told[language][piece] = worth
    for language, pieces in told.items():
        assert len(pieces) > 10_000
        assert {piece: found[language].get(piece) for piece in pieces} == pieces
        others = {f"{piece}{more}" for piece in pieces for more in ("", "$", "～")} - pieces.keys()
        others |= {"", "\t", "zh\t", "\udc80", "\U0010ffff"}
        assert {found[language].get(piece) for piece in others} == {None}


def test_who_was_taught_nothing_knows_nothing() -> None:
    assert learned.Learned.of("en", b"learned from\t0\nlabels\tdone\nzh\tx\t0\t1\n").get("x") is None


def test_weights_that_are_added_all_at_once_are_those_added_one_by_one() -> None:
    taught = likeness.LEARNED.read_text("utf-8").splitlines()
    labels, weights = taught[1].split("\t")[1:], dict[tuple[str, str], dict[str, int]]()
    for line in taught[2:]:
        language, piece, *told = line.split("\t")
        weights[language, piece] = {labels[int(at)]: int(each) for at, each in zip(told[::2], told[1::2], strict=True)}
    lines = [line.split("\t") for path in BANKS for line in path.read_text("utf-8").splitlines() if "\t" in line]
    compared = 0
    for role, pending, text, *_ in lines[::23]:
        key = fold(clean(text))
        if not (found := likeness.likely(key, Speaker(role), Pending(pending))):
            continue
        spoken = likeness.language(key)
        known = [weights[spoken, piece] for piece in likeness.pieces(key) if (spoken, piece) in weights]
        total = dict(weights[spoken, f"|{role}:{pending}"])
        for label in total:
            total[label] += sum(piece.get(label, 0) for piece in known)
        scale = 1 / math.sqrt(len(known) + 1)
        assert found == {label: round(scale * weight) for label, weight in total.items()}
        compared += 1
    assert compared > 500


def test_rules_are_asked_first() -> None:
    assert understand("1").verb is Verb.UNCLEAR
    assert understand("派单 0007 @张三").verb is Verb.UNCLEAR
