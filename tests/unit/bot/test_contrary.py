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
    assert understand(said[0], Speaker.HANDLER).arguments == {"reference": "0014", "text": "all done bar the paint"}
    all_of(verbs(Speaker.CUSTOMER, Pending.RESULT, *said, "除了厨房都修好了"), Verb.DISAGREE)
    all_of(verbs(Speaker.HANDLER, Pending.NONE, "all done", "done, changed the bar lock"), Verb.DONE)
    all_of(verbs(Speaker.HANDLER, Pending.NONE, "0004 should be done by friday"), Verb.REPORT)


def test_half_of_the_work_and_what_is_still_to_be_watched_are_on_the_way() -> None:
    said = (
        "halfway",
        "0014 half way",
        "tank is filling now, i must see the colour before i say more",
        "才修一半",
        "一半了",
    )
    all_of(verbs(Speaker.HANDLER, Pending.RESULT, *said), Verb.REPORT, Verb.NOT_DONE)
    all_of(verbs(Speaker.HANDLER, Pending.RESULT, "done", "all fixed", "修好了"), Verb.DONE)


def test_what_works_until_it_is_used_is_not_fixed() -> None:
    said = (
        "looks fixed until you turn it on",
        "they did one window, three to go",
        "they changed the bulb but the problem is the switch",
        "修了，一开又漏",
        "换了一扇，还有三扇没换",
    )
    all_of(verbs(Speaker.CUSTOMER, Pending.RESULT, *said), Verb.DISAGREE, Verb.UNCLEAR)
    all_of(
        verbs(Speaker.CUSTOMER, Pending.RESULT, "yes it is fixed", "修好了，谢谢", "fixed but it took a week"),
        Verb.AGREE,
    )


def test_who_warns_of_invalid_or_asks_to_close_decides_nothing() -> None:
    said: tuple[str, ...] = ("0014 别判无效", "不要判无效", "先别判无效", "don't mark 0014 invalid", "0014 not invalid")
    all_of(verbs(Speaker.SUPERVISOR, Pending.NONE, *said), Verb.UNCLEAR)
    said = ("能结案吗", "这个能不能结案", "can we close this", "can i close 0014")
    all_of(verbs(Speaker.SUPERVISOR, Pending.NONE, *said), Verb.STATUS)
    assert understand("0014 判无效 恶意", Speaker.SUPERVISOR).verb is Verb.INVALID
    all_of(verbs(Speaker.SUPERVISOR, Pending.NONE, "0014 结案", "please close 0014"), Verb.CLOSE)


def test_the_reason_of_a_refusal_does_not_say_the_opposite() -> None:
    def reason(words: str) -> str:
        meant = understand(words, Speaker.SUPERVISOR)
        assert meant.verb is Verb.REJECT, words
        return str(meant.arguments.get("reason"))

    for words in ("不同意暂缓，先去看", "不批准延期，今天必须办完", "不同意延期2天，最多1天", "别暂缓，先去看"):
        assert reason(f"0002 {words}") == reason(f"TS20261123-0002 {words}") == words
    assert reason("0002 don't put it on hold, go and look first") == "don't put it on hold, go and look first"
    assert reason("0002 不同意 先去看") == reason("驳回 0002 先去看") == "先去看"
    assert reason("reject 0002 too early") == "too early"


def test_what_the_centre_decides_in_a_sentence_names_its_case() -> None:
    said = {
        "throw out 0042": Verb.INVALID,
        "complaint 0042 stands, we were late": Verb.VALID,
        "I accept 0042 as a complaint": Verb.VALID,
        "wrap up 0042": Verb.CLOSE,
        "end 0042, resident moved away": Verb.CLOSE,
        "extension for #0042 approved, customer is away anyway": Verb.APPROVE,
        "extension for 0042 no. borrow a drill": Verb.REJECT,
        "0042 please give to Nadia": Verb.ASSIGN,
    }
    found = {text: understand(text, Speaker.SUPERVISOR) for text in said}
    assert {text: meaning.verb for text, meaning in found.items()} == said
    assert {meaning.arguments.get("reference") for meaning in found.values()} == {"0042"}


def test_a_severity_by_its_code_goes_before_a_word() -> None:
    assert understand("0042 is urgent, make it S1", Speaker.SUPERVISOR).arguments["severity"] == "S1"


def test_who_keeps_their_number_from_somebody_has_nothing_erased() -> None:
    said: tuple[str, ...] = (
        "不要把我的手机号给处理人",
        "别把我的电话告诉任何人",
        "我的手机号别给师傅",
        "don't give my number to anyone",
    )
    all_of(verbs(Speaker.CUSTOMER, Pending.NONE, *said), Verb.ADD)
    said = ("别把我的电话给别人，把我的信息删除", "don't give my number to anyone, delete my data")
    all_of(verbs(Speaker.CUSTOMER, Pending.NONE, *said), Verb.ERASE_ME)
    assert understand("转人工，别把我的电话给师傅").verb is Verb.PERSON


def test_who_asks_what_we_say_to_it_wants_no_data() -> None:
    said: tuple[str, ...] = ("你们对此有什么回应", "你们有什么说法", "你们对此事有何评论")
    all_of(verbs(Speaker.CUSTOMER, Pending.NONE, *said), Verb.ADD)
    all_of(verbs(Speaker.CUSTOMER, Pending.NONE, "我的数据你们有哪些", "你们有我什么信息"), Verb.MY_DATA)
    all_of(verbs(Speaker.CUSTOMER, Pending.NONE, "thank you for your response", "谢谢你们的解释"), Verb.THANKS)


def test_who_lets_us_write_again_is_not_left_alone() -> None:
    said: tuple[str, ...] = ("恢复通知", "行了可以给我发消息了", "you can message me again", "ok you may text me again")
    all_of(verbs(Speaker.CUSTOMER, Pending.NONE, *said), Verb.HELP)
    said = ("别再给我发短信了", "stop texting me", "don't message me again", "不要再推送通知")
    all_of(verbs(Speaker.CUSTOMER, Pending.NONE, *said), Verb.STOP)


def test_who_still_wants_to_complain_withdraws_nothing() -> None:
    said = ("I changed my mind, I still want to complain", "changed my mind, I do want to complain after all")
    all_of(verbs(Speaker.CUSTOMER, Pending.NONE, *said), Verb.COMPLAIN)


def test_what_somebody_is_not_makes_no_complaint_invalid() -> None:
    said: tuple[str, ...] = (
        "0002 不是媒体，他瞎说的",
        "客户不是业主，是租客",
        "0002 不是投诉那么简单",
        "0012 not press",
    )
    all_of(verbs(Speaker.SUPERVISOR, Pending.NONE, *said), Verb.UNCLEAR)
    said = ("0002 不是投诉", "0002 无效 不是业主", "判无效 0002 不是记者")
    all_of(verbs(Speaker.SUPERVISOR, Pending.NONE, *said), Verb.INVALID)


LATE_BUT_DONE = (
    "took ages but fixed",
    "took forever but it's working now",
    "it took three weeks but finally fixed",
    "had to wait ages but all sorted now",
    "拖了很久但总算修好了",
    "等了半个月，终于修好了",
    "拖了一个星期 最后还是解决了",
)


def test_late_but_done_is_asked_which_is_meant() -> None:
    all_of(verbs(Speaker.CUSTOMER, Pending.RATING, *LATE_BUT_DONE), Verb.UNCLEAR)


def test_late_but_done_is_no_no() -> None:
    for pending in (Pending.RESULT, Pending.YES_NO):
        found = verbs(Speaker.CUSTOMER, pending, *LATE_BUT_DONE)
        assert Verb.DISAGREE not in found.values()


def test_late_and_not_done_is_no_praise() -> None:
    said = (
        "took ages and still not fixed",
        "took ages but only half fixed",
        "拖了很久还没修好",
        "等了半个月，修好了又坏了",
    )
    assert all(understand(text, Speaker.CUSTOMER, Pending.RATING).said("rating") != Rating.SATISFIED for text in said)
    assert understand(said[0], Speaker.CUSTOMER, Pending.RATING).said("rating") == Rating.DISSATISFIED


def test_who_is_back_tomorrow_has_neither_done_it_nor_said_no() -> None:
    said = ("back tomorrow", "I'll be back on Monday", "coming back tomorrow morning", "back tomorrow to finish it")
    all_of(verbs(Speaker.HANDLER, Pending.RESULT, *said, "明天才回来看", "明天再来看"), Verb.REPORT, Verb.NOT_DONE)
    asked = (Pending.RATING, Pending.YES_NO, Pending.RESULT)
    for pending in asked:
        found = verbs(Speaker.CUSTOMER, pending, "back tomorrow", "明天才回来看")
        assert set(found.values()) <= {Verb.UNCLEAR}


_APPEALING = (
    "我要申诉 我老婆可以作证",
    "我要申诉 邻居可以作证",
    "申诉 你们可以看监控",
    "凭什么 我要申诉 我同事可以证明",
    "appeal: the neighbour is happy to testify",
)


def test_who_appeals_praises_nothing() -> None:
    for said in _APPEALING:
        assert understand(said).ordinary.verb not in (Verb.RATE, Verb.THANKS), said
        asked = understand(said, Speaker.CUSTOMER, Pending.RATING).ordinary
        assert asked.arguments.get("rating") in (None, Rating.DISSATISFIED), said
    for said in ("满意，不申诉了", "谢谢你们采纳我的申诉 很满意"):
        assert understand(said, Speaker.CUSTOMER, Pending.RATING).arguments["rating"] == Rating.SATISFIED, said


def test_who_can_prove_it_has_agreed_to_nothing() -> None:
    said = (
        "我老婆可以作证",
        "邻居可以证明",
        "可以查监控",
        "我可以提供录音",
        "my neighbour can testify",
        "my wife would vouch for it",
    )
    for pending in (Pending.YES_NO, Pending.PLAN):
        all_of(verbs(Speaker.CUSTOMER, pending, *said), Verb.UNCLEAR, Verb.ADD, Verb.COMPLAIN, Verb.FACT)
    for each in said:
        rating = understand(each, Speaker.CUSTOMER, Pending.RATING).arguments.get("rating")
        assert rating != Rating.SATISFIED, each
    assert understand("it has come, i can confirm that", Speaker.CUSTOMER, Pending.RESULT).verb is Verb.AGREE
    assert understand("好的，邻居可以作证", Speaker.CUSTOMER, Pending.YES_NO).verb is Verb.AGREE
    assert understand("师傅很专业，我可以作证，满意", Speaker.CUSTOMER, Pending.RATING).verb is Verb.RATE


@pytest.mark.parametrize(
    "said",
    [
        "我要找媒体",
        "我要找媒体曝光你们",
        "我要找个记者",
        "我要去找电视台",
        "我要找12345",
        "我要找律师",
        "I want to talk to the press",
        "get me a reporter",
    ],
)
def test_to_turn_to_somebody_outside_is_no_wish_to_be_called(said: str) -> None:
    assert understand(said).verb is Verb.COMPLAIN


@pytest.mark.parametrize(
    "said",
    [
        "我要找你们领导 不然找媒体",
        "我找人工 你们再不理我就找媒体",
        "我要找你们经理",
        "I want to speak to a manager or I go to the press",
    ],
)
def test_who_wants_one_of_us_and_threatens_besides_is_called(said: str) -> None:
    assert understand(said).verb is Verb.PERSON


@pytest.mark.parametrize(
    "said",
    ["the eyes one isnt mine", "0005 aint mine", "this isnt one of mine", "0005 doesnt belong to me", "0005 wont be mine",
     "0005 没归我", "这单不该我办"],
)  # fmt: skip
def test_a_denial_of_whose_it_is_takes_nothing_on(said: str) -> None:
    meant = understand(said, Speaker.HANDLER, Pending.NONE)
    assert meant.verb is Verb.GIVE_BACK
    assert meant.said("reason")


@pytest.mark.parametrize("said", ["that one's mine", "the bill one is mine", "don't worry, leave it to me", "我来办"])
def test_whose_it_is_takes_it_on(said: str) -> None:
    assert understand(said, Speaker.HANDLER, Pending.NONE).verb is Verb.ACCEPT


@pytest.mark.parametrize(
    "said",
    [
        "both sorted",
        "both done",
        "all three done",
        "both of them fixed now",
        "0001 both sorted",
        "两个都弄好了",
        "三单都完了",
    ],
)
def test_how_many_are_done_is_no_result_for_a_customer(said: str) -> None:
    meant = understand(said, Speaker.HANDLER, Pending.NONE)
    assert meant.verb is Verb.DONE
    assert not meant.said("result")


@pytest.mark.parametrize("said", ["both taps replaced", "两个龙头都换了", "done 0001 both locks replaced"])
def test_what_was_done_to_several_things_is_one(said: str) -> None:
    assert understand(said, Speaker.HANDLER, Pending.NONE).said("result")
