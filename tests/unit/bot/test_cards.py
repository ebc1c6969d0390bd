"""What staff put below their mails stays among colleagues."""

from __future__ import annotations

import pytest

from bot.dialogue.cards import without_own_card
from bot.people import Person

ZHANG = Person("zhang", "张伟", "+8613800138000", "zhang@example.com", unit="工程部", staff=True)


@pytest.mark.parametrize(
    "card",
    [
        "\n\n张伟\n工程部 | 13800138000",
        "\n\n张伟\n\n13800138000",
        "\n\n张伟 13800138000",
        "\n张伟",
        "\n13800138000",
        "\n\n电话：138 0013 8000",
        "\n\n张伟\n主管\n嘉昱物业\n手机：13900139000",
        "\n\n工程部 张伟\n13800138000".replace(" 张伟", " | 张伟"),
        "\n\n张伟 / zhang@example.com / +86 138-0013-8000",
    ],
)
def test_ones_own_card_does_not_go_to_the_customer(card: str) -> None:
    assert without_own_card(f"办结 已更换水管{card}", ZHANG) == "办结 已更换水管"


@pytest.mark.parametrize(
    "said",
    [
        "办结 已更换水管",
        "张伟",
        "13800138000",
        "进展 已约好客户\n\n13712345678",
        "进展 王先生在家\n\n3栋502",
        "办结 已更换水管\n\n张伟又拧紧了阀门",
        "办结 已更换水管\n\n李娜 13712345678",
        "计划：\n1. 换水管\n2. 试压 24 小时",
        "办结 已更换水管\n\n张伟\n周二已复查。",
    ],
)
def test_what_is_not_ones_own_stays(said: str) -> None:
    assert without_own_card(said, ZHANG) == said


def test_somebody_of_whom_only_the_id_is_known_keeps_all_their_words() -> None:
    assert without_own_card("办结 好了\n\n张伟\n13800138000", Person("p1")) == "办结 好了\n\n张伟\n13800138000"
