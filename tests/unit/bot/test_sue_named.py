"""Sue is a name; to sue is a threat: the words before and after tell which."""

from __future__ import annotations

import pytest

from bot.grammar import Speaker, understand
from complaints.grading_words import hear
from complaints.policy import Topic

NAMES = [
    "Sue Tanner 07400555222",
    "hi its Sue Barnes here i waited 40 minutes",
    "sue",
    "Sue",
    "sue tanner, flat 3, the lift is broken",
    "i spoke to sue on reception",
    "can sue call me back",
    "the receptionist sue was rude",
    "please ask Sue to ring me",
    "I am Sue",
    "sue's tap is dripping",
    "I'm Sue and my tap is leaking",
    "will sue be there tomorrow",
]
THREATS = [
    "i will sue you",
    "im going to sue",
    "i'll sue the clinic",
    "I'm gonna sue your company",
    "we are ready to sue",
    "fix it or i sue",
    "My name is Sue and I will sue you",
    "we could sue you for this",
    "sue you lot",
    "My husband wants to sue",
    "we're suing you",
]


@pytest.mark.parametrize("words", NAMES)
def test_a_name_is_no_lawsuit(words: str) -> None:
    assert Topic.LAWSUIT not in hear(words).topics
    assert "sue" not in str(understand(words, Speaker.CUSTOMER).arguments.get("escalating", ""))


@pytest.mark.parametrize("words", THREATS)
def test_the_verb_is_one(words: str) -> None:
    assert Topic.LAWSUIT in hear(words).topics
    assert understand(words, Speaker.CUSTOMER).arguments.get("escalating") or "suing" in words
