"""Patterns that are compiled when they are first used."""

from __future__ import annotations

import re

import pytest

from bot.grammar.patterns import Waiting, compile_all, regex


def test_nothing_is_compiled_before_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("complaints.patterns._made", [])
    wrong = Waiting("(", 0)
    assert wrong.pattern == "("
    with pytest.raises(re.error):
        wrong.compiled()


def test_it_answers_as_the_pattern_does() -> None:
    leaks, plain = regex("(?P<what>Leak)s?", re.I), re.compile("(?P<what>Leak)s?", re.I)
    assert leaks.sub("drip", "leaks, LEAK") == plain.sub("drip", "leaks, LEAK") == "drip, drip"
    assert [match["what"] for match in leaks.finditer("leak Leaks")] == ["leak", "Leak"]
    assert (leaks.pattern, leaks.flags, dict(leaks.groupindex)) == (plain.pattern, plain.flags, dict(plain.groupindex))


def test_all_are_compiled_once_and_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("complaints.patterns._made", [])
    used, unused = regex("a"), regex("b")
    assert used.search("a")
    compiled = list(compile_all())
    assert len(compiled) == 2
    monkeypatch.setattr(re, "compile", None)
    assert unused.search("b")
