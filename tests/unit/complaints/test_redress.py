"""What a plan offers, read from its words (R-075, R-078)."""

from __future__ import annotations

import pytest

from complaints.redress import read, with_basis


@pytest.mark.parametrize(
    ("said", "kinds", "money"),
    [
        ("周五前修好，赔偿1.5万元", ("repair", "compensation"), 15_000),
        ("书面道歉，赔两千五", ("compensation", "apology"), 2500),
        ("退还押金3000，加强巡逻", ("refund", "improvement"), 3000),
        ("减免2个月物业费，10号前退款", ("refund", "discount"), 0),
        ("换整套水管，费用公司承担", ("replacement",), 0),
        ("维修费500元由您承担，漏水部分免费修好", ("repair",), 0),
        ("赔偿500元，退款1,200元", ("compensation", "refund"), 1700),
        ("refund of 1,200 yuan and repair by Friday", ("repair", "refund"), 1200),
        ("we pay $300 for the carpet and apologise", ("compensation", "apology"), 300),
        ("we pay for 2 days of a hotel", ("compensation",), 0),
        ("明天上门看", (), 0),
    ],
)
def test_r075_kinds_and_money(said: str, kinds: tuple[str, ...], money: int) -> None:
    plan, offered = read(said)
    assert (plan, offered.kinds, offered.money) == (said, kinds, money)


@pytest.mark.parametrize(
    ("said", "plan", "basis"),
    [
        ("减免物业费 依据 物业服务合同第12条", "减免物业费", "物业服务合同第12条"),
        ("依据：合同第12条，减免物业费", "减免物业费", "合同第12条"),
        ("书面道歉，依据《民法典》第577条", "书面道歉", "《民法典》第577条"),
        ("Refund of 1,200. Basis: contract section 3", "Refund of 1,200.", "contract section 3"),
        ("repair it as per section 4, refund the deposit", "repair it\nrefund the deposit", "as per section 4"),
        # What the customer has to read is never taken for a basis.
        ("先检测，依据标准更换水泵", "先检测，依据标准更换水泵", ""),
        ("依据检测报告更换水泵", "依据检测报告更换水泵", ""),
        ("依据 物业服务合同第12条", "依据 物业服务合同第12条", ""),
        ("先检测，依据 检测结果 更换水泵", "先检测\n更换水泵", "检测结果"),
    ],
)
def test_r078_the_basis_leaves_the_words_for_the_customer_and_nothing_else_does(
    said: str, plan: str, basis: str
) -> None:
    words, offered = read(said)
    assert (words, offered.basis) == (plan, basis)


def test_r078_better_words_keep_the_basis_unless_they_name_their_own() -> None:
    before = "赔偿2000元 依据 合同第12条"
    assert read(with_basis("赔偿1500元", before))[1].basis == "合同第12条"
    assert read(with_basis("赔偿1500元 依据 合同第3条", before))[1].basis == "合同第3条"
    assert with_basis("赔偿1500元", "赔偿2000元") == "赔偿1500元"
