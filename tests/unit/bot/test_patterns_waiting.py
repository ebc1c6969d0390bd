"""Patterns that are compiled when they are first used."""

from __future__ import annotations

import re

import pytest

from bot.grammar.patterns import Waiting, prepare_all, regex


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


def test_one_is_compiled_once_a_text_has_a_word_that_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("complaints.patterns._made", [])
    monkeypatch.setattr("complaints.patterns._deferred", [])
    used, unused = regex("leak(s|ing)"), regex("(damp)+")
    assert len(list(prepare_all())) == 2
    assert used.search("it leaks")
    assert used.sub("drips", "it leaks") == "it drips"
    with monkeypatch.context() as without:
        without.setattr(re, "compile", None)
        assert unused.search("it leaks") is None
        assert unused.sub("wet", "it leaks") == "it leaks"
        assert used.search("it is leaking")
    assert unused.search("it is damp")


def test_what_is_wrong_with_one_is_raised_where_all_are_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("complaints.patterns._made", [])
    regex("(")
    with pytest.raises(re.error):
        list(prepare_all())
