"""The desk's own words as `understand` reads them: of leaders, of how grave it is, of parts and papers."""

from __future__ import annotations

import pytest

from bot.grammar import Pending, Speaker, Verb, understand, understanding
from bot.grammar.meaning import Reading
from bot.grammar.own_words import own_words


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("确认 S1 0007", Verb.CHECK_GRADE),
        ("不是 0007 S3 因为只是气话", Verb.CHECK_GRADE),
        ("过错 0007 我方", Verb.ASSESS),
        ("批示 0007：马上办", Verb.ORDER),
        ("评论 0007 很好", Verb.COMMENT),
        ("看板", Verb.BOARD),
        ("签字单 0007", Verb.SIGNED),
        ("确认办结 0007", Verb.CONFIRM_DONE),
        ("取消协办 0007 李四", Verb.END_PART),
        ("方案 0007 更换配件并重新调试", Verb.PLAN),
        ("方案 0007 重新做", Verb.REJECT),
    ],
)
def test_words_that_the_dialogue_reads_are_understood(text: str, verb: Verb) -> None:
    assert understand(text, Speaker.SUPERVISOR).verb is verb


@pytest.mark.parametrize("text", ["不是 0007 的问题", "看板坏了", "确认收到客户的方案了没有"])
def test_sentences_of_another_kind_stay_such(text: str) -> None:
    assert understand(text, Speaker.SUPERVISOR).verb not in (Verb.CHECK_GRADE, Verb.BOARD)


def test_the_desks_words_are_looked_for_in_a_customers_only_where_a_likeness_would_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Speaker] = []

    def noted(text: str, role: Speaker, pending: Pending) -> Reading | None:
        asked.append(role)
        return own_words(text, role, pending)

    monkeypatch.setattr(understanding, "own_words", noted)
    assert understand("我住3栋1302室,厨房漏水三天了,报修没有人来,地板都泡坏了。").verb is Verb.COMPLAIN
    assert asked == [Speaker.CUSTOMER]
