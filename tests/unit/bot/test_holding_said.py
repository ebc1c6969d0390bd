"""Sentences in which the work is to wait, or to go on again."""

from __future__ import annotations

import pytest

from bot.grammar import Speaker, Verb, understand


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("暂缓三天 等配件", {"limit": "3d", "waits_for": "third_party", "reason": "等配件"}),
        ("0001 暂缓三天，客户出差不在家", {"reference": "0001", "limit": "3d", "reason": "客户出差不在家"}),
        ("先挂起两天 等客户开门", {"limit": "2d", "waits_for": "customer", "reason": "等客户开门"}),
        ("0002 客户让等到周五再来，先挂起", {"reference": "0002", "reason": "客户让等到周五再来"}),
        ("等配件到货，先停三天", {"limit": "3d", "waits_for": "third_party", "reason": "等配件到货"}),
        (
            "0001 先停到周五，等客户回来开门",
            {"reference": "0001", "until": "周五", "waits_for": "customer", "reason": "等客户回来开门"},
        ),
        ("暂缓到周五", {"until": "周五"}),
        ("暂缓到周五，等客户回来", {"until": "周五", "waits_for": "customer", "reason": "等客户回来"}),
        (
            "on hold till Friday, waiting for parts",
            {"until": "Friday", "waits_for": "third_party", "reason": "waiting for parts"},
        ),
        (
            "we're stopping for 3 days, waiting for the customer",
            {"limit": "3d", "waits_for": "customer", "reason": "waiting for the customer"},
        ),
        ("等楼上业主出差回来，28号再弄，先停一下", {"until": "28号", "reason": "等楼上业主出差回来，28号再弄"}),
        (
            "0009 采购没到货，先放一放，12月5号到货了再联系客户",
            {"reference": "0009", "until": "12月5号", "reason": "采购没到货 12月5号到货了再联系客户"},
        ),
        ("先缓一缓吧，等保险公司定损，到11月30日", {"until": "11月30日", "reason": "等保险公司定损"}),
        (
            "0012 先停到这周五吧，等配件",
            {"reference": "0012", "until": "这周五", "waits_for": "third_party", "reason": "等配件"},
        ),
        ("暂缓 0010 到11月30日 等街道调解", {"reference": "0010", "until": "11月30日", "reason": "等街道调解"}),
        ("暂停 0014 到30日 等保险定损", {"reference": "0014", "until": "30日", "reason": "等保险定损"}),
    ],
)
def test_a_wish_to_wait_is_one(said: str, expected: dict[str, object]) -> None:
    meant = understand(said, Speaker.HANDLER)
    assert (meant.verb, meant.arguments) == (Verb.HOLD, expected)


@pytest.mark.parametrize(
    "said",
    ["电梯先停三天等配件", "等配件，电梯停三天", "等配件到周五", "等三天配件就到"],
)
def test_a_thing_that_stands_still_asks_for_no_pause(said: str) -> None:
    assert understand(said, Speaker.HANDLER).verb is Verb.REPORT


@pytest.mark.parametrize(
    "said", ["0003 客户回来了，恢复", "0003 配件到了，恢复处理", "0003 customer is back, resuming"]
)
def test_what_stood_still_goes_on(said: str) -> None:
    meant = understand(said, Speaker.HANDLER)
    assert (meant.verb, meant.arguments) == (Verb.RESUME, {"reference": "0003"})


def test_what_works_again_is_done_and_what_does_not_goes_on_nowhere() -> None:
    assert {understand(said, Speaker.HANDLER).verb for said in ("供水恢复了", "已恢复供水")} == {Verb.DONE}
    said = ("别恢复，客户又改下周了", "客户没回来，先不恢复", "配件还没到，恢复不了")
    assert Verb.RESUME not in {understand(text, Speaker.HANDLER).verb for text in said}


WISHED = [
    (
        "0005 想暂停一下 业主家没人 等他周四回来",
        {"reference": "0005", "until": "周四", "reason": "业主家没人 等他周四回来"},
    ),
    ("0007 客户出差 先挂起三天", {"reference": "0007", "limit": "3d", "reason": "客户出差"}),
    ("0006 客户周四才在家 暂缓到周四", {"reference": "0006", "until": "周四", "reason": "客户周四才在家"}),
    ("客户出差了，能不能先挂起三天", {"limit": "3d", "reason": "客户出差了"}),
    ("业主不在家 申请挂起到下周一", {"until": "下周一", "reason": "业主不在家"}),
    ("这单先暂停吧 材料没到", {"reason": "材料没到"}),
    ("厂家没货，需要暂缓几天", {"reason": "厂家没货"}),
    ("可以暂停吗 等配件", {"waits_for": "third_party", "reason": "等配件"}),
    (
        "0005 want to pause, nobody home until Thursday",
        {"reference": "0005", "until": "Thursday", "reason": "nobody home"},
    ),
    (
        "0007 customer is travelling, put it on hold for three days",
        {"reference": "0007", "limit": "3d", "reason": "customer is travelling"},
    ),
    ("customer away, can we pause this until Friday?", {"until": "Friday", "reason": "customer away"}),
    ("need to pause it till the owner is back", {"reason": "till the owner is back"}),
]


@pytest.mark.parametrize(("said", "expected"), WISHED, ids=[said for said, _ in WISHED])
def test_a_wish_to_wait_in_any_clause_is_one(said: str, expected: dict[str, object]) -> None:
    meant = understand(said, Speaker.HANDLER)
    assert (meant.verb, meant.arguments) == (Verb.HOLD, expected)


@pytest.mark.parametrize(
    "said",
    [
        *(
            "小区暂停供水三天",
            "电梯已暂停使用",
            "别暂停，我今天就去",
            "不用挂起了",
            "已经挂起三天了",
            "先暂停电梯运行，明天修",
        ),
        *(
            "pause button on the lift replaced",
            "the lift is on hold for 3 days",
            "don't pause it, I go today",
            "please do not put it on hold",
        ),
    ],
)
def test_what_asks_for_no_pause_is_none(said: str) -> None:
    assert understand(said, Speaker.HANDLER).verb is not Verb.HOLD


@pytest.mark.parametrize("role", [Speaker.SUPERVISOR, Speaker.HANDLER])
@pytest.mark.parametrize(
    "said",
    [
        "0005那件 先放一放",
        "0005 先放一放吧",
        "0005 那件先缓一缓",
        "0005先停一停",
        "0005那个先不急 放一放",
        "把0005先放放",
        "park 0005 for now",
        "let's park 0005",
        "put 0005 on hold",
        "hold off on #0005 please",
    ],
)
def test_one_that_is_set_aside_by_its_number_is_a_pause(said: str, role: Speaker) -> None:
    meant = understand(said, role)
    assert (meant.verb, meant.arguments) == (Verb.HOLD, {"reference": "0005"})


@pytest.mark.parametrize("said", ["0005 并到 0006", "0005先停水", "0005停了", "0005 放下", "0005先放一放吗"])
def test_what_sets_nothing_aside_is_no_pause(said: str) -> None:
    assert understand(said, Speaker.SUPERVISOR).verb is not Verb.HOLD
