"""What customers demand, money above all, is heard in either language; what they do not demand is not."""

from __future__ import annotations

import pytest

from complaints.demands import demands


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I want my money back or I go to the press", "money,press"),
        ("want a refund of my rent or im going to the papers", "money,press"),
        ("so do i get it or not", "money"),
        ("do we get the money or not?", "money"),
        ("i want compensation for the ruined carpet", "money"),
        ("you must refund me", "money"),
        ("I'll call my lawyer and the local paper", "press,court"),
        ("I will report this to the council", "authority"),
        ("退钱，不然我找媒体曝光你们", "money,press"),
        ("我要求赔偿2000块", "money"),
        ("那到底赔不赔", "money"),
        ("我要退租金，不然去报社", "money,press"),
        ("什么时候退我押金", "money"),
        ("再不解决我就起诉", "court"),
        ("打12345", "authority"),
        ("the lift is broken again", ""),
        ("I don't want compensation, just fix it", ""),
        ("not asking for a refund, only an answer", ""),
        ("did i get it right that you come on friday", ""),
        ("do I get a new key?", ""),
        ("the newspaper was not delivered", "press"),  # graded so before: a person looks at it
        ("我不要赔偿，修好就行", ""),
        ("不是要退钱，是要你们道歉", ""),
        ("下水道还没修好", ""),
        ("钱包丢在电梯里了", ""),
        ("", ""),
    ],
)
def test_what_is_demanded(text: str, expected: str) -> None:
    assert demands(text) == expected
