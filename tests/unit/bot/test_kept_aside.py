"""Phrases that no rule and no learning has seen: how many are understood, and that none is taken for its opposite."""

from __future__ import annotations

import pytest

from bot.grammar import Verb, understand
from tests.unit.bot.test_grammar import bank


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_what_nobody_has_seen_is_understood_nearly_always(locale: str) -> None:
    phrases = bank(f"kept_aside/{locale}")
    wrong = [found for phrase in phrases if (found := phrase.wrong())]
    assert len(phrases) > 600
    assert len(wrong) <= 0.03 * len(phrases), f"{len(wrong)} of {len(phrases)}"


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_none_of_it_is_taken_for_its_opposite(locale: str) -> None:
    taken = [(phrase, understand(phrase.text, phrase.role, phrase.pending)) for phrase in bank(f"kept_aside/{locale}")]
    done = [p.text for p, meant in taken if p.verbs == ("not_done",) and meant.verb in (Verb.DONE, Verb.CLOSE)]
    glad = [p.text for p, meant in taken if "rating=dissatisfied" in p.checks and meant.said("rating") == "satisfied"]
    agreed = [p.text for p, meant in taken if p.verbs == ("disagree",) and meant.verb is Verb.AGREE]
    assert (done, glad, agreed) == ([], [], [])
