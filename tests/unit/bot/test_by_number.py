"""What a handler says of a complaint by its number and only others command: refused, unless it is a question."""

from __future__ import annotations

import pytest

from bot.dialogue.by_number import command_by_number
from bot.grammar import Speaker, Verb, understand


@pytest.mark.parametrize("words", ["0009 打不了电话怎么上门", "0009 不让进门怎么办", "0009 延期不批怎么办？"])
def test_a_question_is_no_decision(words: str) -> None:
    assert command_by_number(words, Speaker.HANDLER, understand(words, Speaker.HANDLER)) is None


@pytest.mark.parametrize("words", ["驳回延期 0009", "同意延期 0009"])
def test_a_decision_is_one(words: str) -> None:
    found = command_by_number(words, Speaker.EMPLOYEE, understand(words, Speaker.EMPLOYEE))
    assert found is not None
    assert found[0].verb in (Verb.APPROVE, Verb.REJECT)
