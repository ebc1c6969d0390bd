"""What belies a reading: what nobody wants deleted, consent with a but, work done but for the paint."""

from __future__ import annotations

import pytest

from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.rating import Rating


def verbs(role: Speaker, pending: Pending, *said: str) -> dict[str, Verb]:
    return {text: understand(text, role, pending).verb for text in said}


def all_of(found: dict[str, Verb], *wanted: Verb) -> None:
    assert {text: verb for text, verb in found.items() if verb not in wanted} == {}


def test_who_accuses_the_service_complains() -> None:
    said = (
        "我要投诉你们客服王主管收红包",
        "王主管让我别投诉 他有我电话",
        "客服骂人",
        "客服电话打不通",
        "投诉客服",
        "人工客服太差了，说好回电没回",
        "your customer service lead Helen Ward takes bribes",
        "customer service was rude to me, i want to complain",
        "customer service never rang back",
    )
    all_of(verbs(Speaker.CUSTOMER, Pending.NONE, *said), Verb.COMPLAIN)


def test_a_wish_for_a_person_stays_one() -> None:
    said = (
        "转人工",
        "找客服",
        "客服呢",
        "叫你们客服给我打电话",
        "找你们王主管，客服太差",
        "客服没接电话，我要找经理",
        "i want to speak to customer service",
        "get me customer service",
    )
    all_of(verbs(Speaker.CUSTOMER, Pending.NONE, *said), Verb.PERSON)


def test_who_wants_no_call_is_not_called() -> None:
    said = ("不要打电话，微信说就行", "不用打电话", "don't call me", "no need to call", "don't ring me, text me")
    all_of(verbs(Speaker.CUSTOMER, Pending.NONE, *said), Verb.ADD)
    told = understand("别打电话给我，我在上班，3栋2单元下水道堵了")
    assert (told.verb, told.arguments["text"]) == (Verb.COMPLAIN, "别打电话给我，我在上班，3栋2单元下水道堵了")


def test_who_wants_nothing_deleted_has_nothing_erased() -> None:
    assert understand("please don't delete my data, i just want to see it").verb is Verb.MY_DATA
    said: tuple[str, ...] = ("i dont want anything deleted!", "我不想删除数据", "别删我的数据")
    all_of(verbs(Speaker.CUSTOMER, Pending.NONE, *said), Verb.UNCLEAR)
    said = ("请删除我的数据", "delete my data", "别留我的数据，全删了", "don't keep my data, delete it")
    all_of(verbs(Speaker.CUSTOMER, Pending.NONE, *said), Verb.ERASE_ME)


def test_who_does_not_withdraw_says_no() -> None:
    said: tuple[str, ...] = ("是的不撤", "是的，不撤销", "好的不撤了", "yes don't withdraw")
    all_of(verbs(Speaker.CUSTOMER, Pending.YES_NO, *said), Verb.DISAGREE)
    kept = understand("不是撤，我是说算了先等等", pending=Pending.YES_NO)
    assert kept.arguments["reason"] == "不是撤，我是说算了先等等"
    assert understand("不同意，太久了", pending=Pending.PLAN).arguments["reason"] == "太久了"
    said = ("我不撤诉", "不要撤销", "don't cancel it")
    all_of(verbs(Speaker.CUSTOMER, Pending.NONE, *said), Verb.UNCLEAR)


@pytest.mark.parametrize(
    ("rating", "said"),
    [
        (
            Rating.DISSATISFIED,
            ("有问题", "有点问题", "有毛病", "可以个鬼", "un satisfied", "sorted, thanks for nothing"),
        ),
        (Rating.DISSATISFIED, ("good job breaking it",)),
        (Rating.SATISFIED, ("没有问题", "没毛病", "good job", "it's working", "no more leaks", "the noise is gone")),
        (
            Rating.SATISFIED,
            ("it stopped leaking", "its not leaking", "it isnt leaking any more", "没再漏", "没再漏过，谢谢"),
        ),
        (None, ("yeah right, fixed. lol", "sort of fixed", "目前看没问题", "暂时没漏", "haven't had a chance to look")),
    ],
)
def test_what_the_work_left_behind_says_how_content_somebody_is(rating: Rating | None, said: tuple[str, ...]) -> None:
    found = {text: understand(text, pending=Pending.RATING) for text in said}
    assert {text: meaning.arguments.get("rating") for text, meaning in found.items()} == dict.fromkeys(said, rating)
    all_of({text: meaning.verb for text, meaning in found.items()}, Verb.RATE if rating else Verb.UNCLEAR)


@pytest.mark.parametrize("said", ["it stopped working", "it's not working", "没水了", "没再来人", "the money is gone"])
def test_what_is_gone_need_not_be_the_fault(said: str) -> None:
    assert understand(said, pending=Pending.RATING).arguments["rating"] == Rating.DISSATISFIED


def test_consent_with_a_but_is_asked_back() -> None:
    said: tuple[str, ...] = (
        "可以是可以，刷完味道大怎么办",
        "可以，但是要赔钱",
        "行是行，就怕你们拖",
        "同意，周六行不行",
        "ok i suppose, but what about the smell of paint",
        "ok but i want money back",
        "fine. but saturday",
        "yes if it's free",
        "do i have a choice",
        "can you do it faster",
        "sure, as if",
    )
    all_of(verbs(Speaker.CUSTOMER, Pending.PLAN, *said), Verb.UNCLEAR, Verb.DISAGREE)
    said = (
        "我不反对",
        "不反对",
        "i don't mind",
        "i don't object",
        "Agreed, but please wear shoe covers",
        "好的，你们看着办",
    )
    all_of(verbs(Speaker.CUSTOMER, Pending.PLAN, *said), Verb.AGREE)


def test_what_is_no_plan_is_not_proposed() -> None:
    said = (
        "0011 没方案",
        "0004 方案还没定",
        "方案待定",
        "plan not ready",
        "0014 客户不同意",
        "the customer doesn't agree",
    )
    all_of(verbs(Speaker.HANDLER, Pending.NONE, *said), Verb.NOT_DONE, Verb.REPORT)
    all_of(verbs(Speaker.HANDLER, Pending.NONE, "0004 方案：换一把锁", "方案是换锁，客户同意吗"), Verb.PLAN)


def test_a_protest_neither_returns_work_nor_finishes_it() -> None:
    said = ("0001 不可能，我亲眼看着做的", "0005 谁派的", "who assigned this to me", "0005 impossible, i saw it done")
    all_of(verbs(Speaker.HANDLER, Pending.NONE, *said), Verb.UNCLEAR)
    all_of(verbs(Speaker.HANDLER, Pending.NONE, "谁派的？不归我管", "0001 不是我的"), Verb.GIVE_BACK)


def test_all_but_something_is_not_done() -> None:
    said = ("0014 all done bar the paint", "done except the door", "all done but the paint")
    all_of(verbs(Speaker.HANDLER, Pending.NONE, *said), Verb.NOT_DONE)
    all_of(verbs(Speaker.HANDLER, Pending.NONE, "all done", "done, changed the bar lock"), Verb.DONE)
    all_of(verbs(Speaker.HANDLER, Pending.NONE, "0004 should be done by friday"), Verb.REPORT)


def test_who_warns_of_invalid_or_asks_to_close_decides_nothing() -> None:
    said: tuple[str, ...] = ("0014 别判无效", "不要判无效", "先别判无效", "don't mark 0014 invalid", "0014 not invalid")
    all_of(verbs(Speaker.SUPERVISOR, Pending.NONE, *said), Verb.UNCLEAR)
    said = ("能结案吗", "这个能不能结案", "can we close this", "can i close 0014")
    all_of(verbs(Speaker.SUPERVISOR, Pending.NONE, *said), Verb.STATUS)
    assert understand("0014 判无效 恶意", Speaker.SUPERVISOR).verb is Verb.INVALID
    all_of(verbs(Speaker.SUPERVISOR, Pending.NONE, "0014 结案", "please close 0014"), Verb.CLOSE)
