"""What handlers say in their own words: to whom it goes, what the customer is to be told."""

from __future__ import annotations

import pytest

from bot.grammar import Speaker, Verb, understand


@pytest.mark.parametrize(
    ("said", "who"),
    [("0009给周强弄", "周强"), ("0009 给周强修一下", "周强"), ("0009 给老李搞吧", "老李"), ("0009 给王福来", "王福来")],
)
def test_what_is_to_be_done_is_no_part_of_a_name(said: str, who: str) -> None:
    meant = understand(said, Speaker.HANDLER)
    assert (meant.verb, meant.said("who")) == (Verb.TRANSFER, who)


@pytest.mark.parametrize("said", ["0014 让他别急，领导还没批钱", "0014 让他别急", "叫她再等等"])
def test_who_is_to_be_calmed_is_no_colleague(said: str) -> None:
    assert understand(said, Speaker.HANDLER).verb is not Verb.TRANSFER


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("0009 帮我跟客户说，方案就是免费重刷一遍墙", "方案就是免费重刷一遍墙"),
        ("跟客户说一声，明天上午十点到", "明天上午十点到"),
        ("帮我告诉业主 配件到了明天换", "配件到了明天换"),
        ("tell the customer we come tomorrow at 3", "we come tomorrow at 3"),
        ("please let the client know the part arrived", "the part arrived"),
        ("跟客户说过了，他同意", "跟客户说过了，他同意"),
        ("已经跟客户说了，明天去", "已经跟客户说了，明天去"),
    ],
)
def test_that_it_is_to_be_told_is_not_told(said: str, text: str) -> None:
    assert understand(said, Speaker.HANDLER).said("text") == text


@pytest.mark.parametrize(
    "said",
    [
        "修好了，发票也给他了",
        "已经处理了，墙面重新刷了一遍",
        "换好了，旧的带走了",
        "fixed, the invoice is with him too",
    ],
)
def test_the_customer_reads_the_whole_of_what_was_done(said: str) -> None:
    meant = understand(f"0015 {said}", Speaker.HANDLER)
    assert (meant.verb, meant.said("result")) == (Verb.DONE, said)


@pytest.mark.parametrize(
    "said", ["0012 材料没到，多给三天时间行不", "材料没到，再给我们3天吧", "材料没到，能不能多给三天"]
)
def test_why_more_time_is_wanted_is_what_stands_before_the_wish(said: str) -> None:
    meant = understand(said, Speaker.HANDLER)
    assert (meant.verb, meant.said("limit"), meant.said("reason")) == (Verb.EXTEND, "3d", "材料没到")
