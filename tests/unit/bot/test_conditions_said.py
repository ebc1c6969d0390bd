"""A plan that is accepted on a condition is not accepted yet."""

from __future__ import annotations

from bot.grammar import Pending, Verb, understand


def test_a_condition_accepts_no_plan() -> None:
    said = (
        "要是明天能来我就同意",
        "只要不收费我就同意",
        "如果免费就可以",
        "能在周五前修好的话我同意",
        "if you come tomorrow I agree",
        "I agree if it's free",
        "I'll agree if you pay",
        "provided it is free I agree",
        "as long as you come by Friday, fine",
        "come tomorrow and I agree",
    )
    assert {text: understand(text, pending=Pending.PLAN).verb for text in said} == dict.fromkeys(said, Verb.UNCLEAR)


def test_a_plain_yes_to_a_plan_stays_one() -> None:
    said = ("同意", "可以，就这么办", "没意见，按你们说的来", "行吧，也只能这样了", "I agree, go ahead", "fine with me")
    assert {understand(text, pending=Pending.PLAN).verb for text in said} == {Verb.AGREE}
