"""What is said besides praise: with a but, a question, a demand, a fault or an appointment nobody is taken for satisfied."""

from __future__ import annotations

import pytest

from bot.grammar import Meaning, Pending, Speaker, Verb, understand
from bot.grammar.surveys import Ask, read_call, read_reply
from tests.unit.bot.test_grammar import as_others_type_it, lines, wrongly

GOES_ON = "phrases_not_satisfied_goes_on.txt"


def test_praise_that_goes_on_is_never_taken_for_satisfaction() -> None:
    def not_content(meaning: Meaning) -> bool:
        return meaning.arguments.get("rating") != "satisfied"

    def asked_again(meaning: Meaning) -> bool:
        return not_content(meaning) and meaning.verb not in (Verb.AGREE, Verb.WITHDRAW)

    texts = lines(GOES_ON)
    assert len(texts) > 120
    typed = [form for text in texts for form in (text, *as_others_type_it(text))]
    assert wrongly(typed, (Speaker.CUSTOMER,), (Pending.NONE,), not_content) == []
    assert wrongly(typed, (Speaker.CUSTOMER, Speaker.EMPLOYEE), (Pending.RATING,), asked_again) == []


def test_praise_that_goes_on_fills_in_no_questionnaire_and_no_call_back() -> None:
    wrong = []
    for said in lines(GOES_ON):
        replies = [read_reply(said, ask) for ask in (Ask.RATING, Ask.SCORE, Ask.YES_NO)]
        wrong += [said for reply in replies if reply is not None and reply.value in ("satisfied", "4", "5", "yes")]
        called = read_call(f"已回访 0001 {said}")
        wrong += [said] if called is not None and called.rating == "satisfied" else []
    assert wrong == []


@pytest.mark.parametrize(
    "said",
    [
        "It was fine for one hour and now it's cold again!!",
        "修好了但是地上全是泥，来收拾一下",
        "好了两天，现在又不热了",
        "It's fixed but the wall is full of holes",
    ],
)
def test_who_tells_of_trouble_after_the_praise_is_not_satisfied(said: str) -> None:
    meaning = understand(said, Speaker.CUSTOMER, Pending.RATING)
    assert (meaning.verb, meaning.arguments["rating"]) == (Verb.RATE, "dissatisfied")


@pytest.mark.parametrize(
    ("said", "comment"),
    [
        ("昨天好了，今天又不行了", "昨天好了，今天又不行了"),
        ("修理的师傅态度太差", "修理的师傅态度太差"),
        ("the new lock is terrible", "the new lock is terrible"),
        ("师傅很准时，满意", "师傅很准时"),
        ("不满意，还在漏", "还在漏"),
    ],
)
def test_no_word_of_a_sentence_is_lost_from_the_comment(said: str, comment: str) -> None:
    assert understand(said, Speaker.CUSTOMER, Pending.RATING).arguments["comment"] == comment


@pytest.mark.parametrize(
    ("said", "rating"),
    [
        ("不是不满意，就是慢了点", "neutral"),
        ("it's not that I'm unhappy, just slow", "neutral"),
        ("不是不满意，是非常不满意", "dissatisfied"),
        ("不是不满意，就是没修好", "dissatisfied"),
        ("not that i'm unhappy, i'm furious", "dissatisfied"),
        ("y", "satisfied"),
        ("N", "dissatisfied"),
    ],
)
def test_who_only_denies_to_be_dissatisfied_is_neither_and_one_letter_is_an_answer(said: str, rating: str) -> None:
    assert understand(said, Speaker.CUSTOMER, Pending.RATING).arguments["rating"] == rating
    assert understand("y", Speaker.CUSTOMER).verb is Verb.UNCLEAR


@pytest.mark.parametrize(
    "said",
    [
        "hot water is back, thank you",
        "yes water is back, thanks",
        "yeah its back, 10/10 would shower in bottled water again",
        "heating's back",
        "internet came back",
        "the lift is back in action",
        "refund came back to my card",
        "the power is back on",
        "热水来了，谢谢",
        "来电了",
        "网又有了",
        "电梯又能坐了",
        "退款到账了",
    ],
)
def test_what_was_missing_and_is_back_is_no_discontent(said: str) -> None:
    meaning = understand(said, Speaker.CUSTOMER, Pending.RATING)
    assert meaning.arguments.get("rating") != "dissatisfied"
    assert meaning.verb in (Verb.UNCLEAR, Verb.RATE, Verb.THANKS)


@pytest.mark.parametrize(
    "said",
    [
        "the leak is back",
        "the noise is back",
        "the smell is back",
        "back to square one",
        "水来了但是很小",
        "网又有了，可是很慢",
        "噪音又来了",
        "又漏了",
    ],
)
def test_trouble_that_is_back_is_discontent(said: str) -> None:
    meaning = understand(said, Speaker.CUSTOMER, Pending.RATING)
    assert (meaning.verb, meaning.arguments.get("rating")) == (Verb.RATE, "dissatisfied")


@pytest.mark.parametrize("said", ["2 thumbs up", "two thumbs up"])
def test_thumbs_are_no_score(said: str) -> None:
    assert understand(said, Speaker.CUSTOMER, Pending.RATING).arguments["rating"] == "satisfied"
