"""What a text is taken to mean: the bank of real phrasings, and what must never happen whatever is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.grammar import Meaning, Pending, Speaker, Verb, normalise, understand
from bot.grammar.asking import explained

DATA = Path(__file__).parents[2] / "data"
STAFF = (Speaker.HANDLER, Speaker.SUPERVISOR)


PARTS = (
    "zh",
    "zh_held_out",
    "zh_people",
    "zh_strangers",
    "zh_many",
    "zh_desks",
    "en",
    "en_held_out",
    "en_people",
    "en_strangers",
    "en_many",
    "en_desks",
)
BANK = ("phrases_zh", "phrases_en", *(f"phrases/{part}" for part in PARTS))


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of the bank. verbs: those that are right. checks: `key=value` or `!key`, of the arguments."""

    role: Speaker
    pending: Pending
    text: str
    verbs: tuple[str, ...]
    checks: tuple[str, ...]

    def wrong(self) -> str:
        """Return how it is misunderstood, "" where it is not."""
        meaning = understand(self.text, self.role, self.pending)
        if meaning.verb in self.verbs and all(agrees(meaning, check) for check in self.checks):
            return ""
        wanted = " ".join(("|".join(self.verbs), *self.checks))
        return f"{self.role}/{self.pending}: {self.text}: {meaning.verb} {dict(meaning.arguments)}, not {wanted}"


def bank(name: str) -> list[Phrase]:
    phrases = []
    for line in lines(f"{name}.tsv"):
        if line and not line.startswith("## "):
            role, pending, text, verbs, checks = line.split("\t")
            told = tuple(filter(None, checks.split(";")))
            phrases.append(Phrase(Speaker(role), Pending(pending), text, tuple(verbs.split("|")), told))
    return phrases


def agrees(meaning: Meaning, check: str) -> bool:
    if check.startswith("!"):
        return check[1:] not in meaning.arguments
    key, _, expected = check.partition("=")
    said = meaning.arguments.get(key)
    return (",".join(said) if isinstance(said, list) else str(said)) == expected


@pytest.mark.parametrize("name", BANK)
def test_every_phrase_of_the_bank_is_understood(name: str) -> None:
    assert [wrong for phrase in bank(name) if (wrong := phrase.wrong())] == []


def test_the_bank_is_as_large_as_promised() -> None:
    for locale in ("zh", "en"):
        assert sum(len(bank(name)) for name in BANK if name.startswith(f"phrases/{locale}")) >= 600


def as_others_type_it(text: str) -> list[str]:
    """Return a phrase as it may come as well: with more around it, wider, shouted, in traditional characters, said twice."""
    wide = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)
    around = [
        f"唉，{text}",
        f"well, {text}",
        f"{text}。",
        f"{text} 😡",
        f"{text}，谢谢",
        f"{text} thanks",
        f"{text}\n{text}",
    ]
    return [*around, wide, text.upper(), text.translate(TRADITIONAL)]


def in_turn(texts: Iterable[str]) -> Iterator[str]:
    """Yield each phrase as it may come as well in two ways of the ten, in turn: thousands of phrases need not all of them."""
    for number, text in enumerate(sorted(texts)):
        yield from as_others_type_it(text)[number % 5 :: 5]


TRADITIONAL = str.maketrans("没还满处办结给问题解决线机门锁电", "沒還滿處辦結給問題解決線機門鎖電")


def test_no_phrase_that_denies_is_ever_taken_as_done_or_satisfied() -> None:
    phrases = [phrase for name in BANK for phrase in bank(name)]
    open_work = {phrase.text for phrase in phrases if phrase.verbs == ("not_done",)} | set(
        lines("phrases_not_done.txt")
    )
    discontent = {phrase.text for phrase in phrases if "rating=dissatisfied" in phrase.checks}
    discontent |= set(lines("phrases_not_satisfied.txt"))
    assert min(len(open_work), len(discontent)) > 150

    def not_done(meaning: Meaning) -> bool:
        return meaning.verb not in (Verb.DONE, Verb.CLOSE)

    def not_content(meaning: Meaning) -> bool:
        return meaning.arguments.get("rating") != "satisfied" and meaning.verb is not Verb.AGREE

    finished, content = in_turn(open_work), in_turn(discontent)
    assert wrongly(finished, (Speaker.HANDLER,), (Pending.NONE, Pending.RESULT), not_done) == []
    assert wrongly(content, (Speaker.CUSTOMER,), (Pending.NONE, Pending.RATING), not_content) == []


def lines(name: str) -> list[str]:
    return (DATA / name).read_text(encoding="utf-8").splitlines()


def wrongly(
    texts: Iterable[str], roles: Iterable[Speaker], pendings: Iterable[Pending], right: Callable[[Meaning], bool]
) -> list[str]:
    """Return what was taken wrongly: one test over a product of words names every failure, without a thousand tests."""
    return [
        f"{role}/{pending}: {text} -> {meaning.verb} {dict(meaning.arguments)}"
        for text, role, pending in product(texts, roles, pendings)
        if not right(meaning := understand(text, role, pending))
    ]


def test_not_done_is_never_done() -> None:
    pendings = (Pending.NONE, Pending.RESULT, Pending.YES_NO, Pending.REASON)
    texts = lines("phrases_not_done.txt")
    assert wrongly(texts, STAFF, pendings, lambda meaning: meaning.verb not in (Verb.DONE, Verb.CLOSE)) == []


def test_not_satisfied_is_never_satisfied() -> None:
    def right(meaning: Meaning) -> bool:
        return meaning.arguments.get("rating") != "satisfied" and meaning.verb not in (Verb.AGREE, Verb.WITHDRAW)

    texts = lines("phrases_not_satisfied.txt")
    assert wrongly(texts, (Speaker.CUSTOMER, Speaker.EMPLOYEE), (Pending.NONE, Pending.RATING), right) == []


def test_what_is_done_is_done() -> None:
    texts = lines("phrases_done.txt")
    assert wrongly(texts, STAFF, (Pending.NONE, Pending.RESULT), lambda meaning: meaning.verb is Verb.DONE) == []


def test_who_is_satisfied_is_satisfied() -> None:
    texts = lines("phrases_satisfied.txt")
    assert (
        wrongly(
            texts,
            (Speaker.CUSTOMER,),
            (Pending.RATING,),
            lambda meaning: meaning.arguments.get("rating") == "satisfied",
        )
        == []
    )


NEGATORS_ZH = (
    "没",
    "没有",
    "还没",
    "还没有",
    "未",
    "尚未",
    "未能",
    "没能",
    "无法",
    "没法",
    "不能",
    "并没有",
    "仍未",
    "還沒",
)
FINISHED_ZH = ("修好", "处理好", "处理完", "完成", "解决", "办结", "搞定", "弄好", "办好", "修完", "換好", "处理完毕")
NEGATORS_EN = ("is not", "isn't", "has not been", "hasn't been", "was never", "is not yet", "still isn't", "can't be")
FINISHED_EN = ("done", "fixed", "finished", "resolved", "repaired", "solved")


def test_a_denied_finish_is_not_done() -> None:
    texts = map(
        "".join, product(("", "门锁", "我这边"), NEGATORS_ZH, FINISHED_ZH, ("", "呢", "，明天继续", "！", "，客户在催"))
    )
    subjects = ("it", "the lock", "we think it")
    english = (
        f"{who} {no} {done}{end}"
        for who, no, done, end in product(subjects, NEGATORS_EN, FINISHED_EN, ("", ".", ", sorry"))
    )
    pendings = (Pending.NONE, Pending.RESULT)
    assert (
        wrongly([*texts, *english], (Speaker.HANDLER,), pendings, lambda meaning: meaning.verb is Verb.NOT_DONE) == []
    )


def test_a_question_is_never_done() -> None:
    texts = map("".join, product(FINISHED_ZH, ("了吗", "了没有", "了没", "没有？", "了么")))
    assert wrongly(texts, STAFF, (Pending.NONE,), lambda meaning: meaning.verb is Verb.STATUS) == []


def test_a_denied_satisfaction_is_dissatisfied() -> None:
    negators = ("不", "没有", "没办法", "谈不上", "不是", "难以", "无法")
    texts = map(
        "".join,
        product(
            ("", "我", "我对结果", "说实话"), negators, ("", "很", "太", "特别"), ("满意",), ("", "！", "，还在漏水")
        ),
    )
    assert (
        wrongly(
            texts,
            (Speaker.CUSTOMER,),
            (Pending.RATING,),
            lambda meaning: meaning.arguments.get("rating") == "dissatisfied",
        )
        == []
    )


@pytest.mark.parametrize("text", ["1", "2", "OK", "ok", "👍", "好", "好的", "是", "嗯", "yes", "sure", "５"])
def test_a_short_answer_means_nothing_without_a_question(text: str) -> None:
    for role in Speaker:
        assert understand(text, role).verb is Verb.UNCLEAR


def test_thanks_neither_rates_nor_finishes_nor_reopens() -> None:  # trap 38
    texts = ("谢谢", "谢谢！", "謝謝", "辛苦了", "好的谢谢", "Thanks", "thank you very much", "谢谢师傅🌹")
    assert wrongly(texts, Speaker, Pending, lambda meaning: meaning.verb is Verb.THANKS) == []


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("催办 {}", "customer"),
        ("{}到哪一步了", "customer"),
        ("办结 {} 换了锁", "handler"),
        ("{} 办结 换了锁", "handler"),
        ("定级 {} 重大", "supervisor"),
    ],
)
@pytest.mark.parametrize(
    "number",
    [
        "TS20261121-0007",
        "ts20261121-0007",
        "TS202611210007",
        "ts 20261121 0007",
        "ＴＳ２０２６１１２１－０００７",
        "TS20261121–0007",
        "#TS20261121-0007",
        "编号：TS20261121-0007",
    ],
)
def test_a_number_is_known_however_it_is_typed(text: str, role: str, number: str) -> None:
    assert understand(text.format(number), Speaker(role)).arguments["reference"] == "TS20261121-0007"


@pytest.mark.parametrize(
    "text", ["办结 2026年的老锁换新", "办结 1203室换了锁", "办结 退1500元", "我家1203室漏水", "办结 更换4个灯泡"]
)
def test_years_rooms_and_sums_are_no_complaint_numbers(text: str) -> None:
    for role in (Speaker.HANDLER, Speaker.CUSTOMER):
        assert "reference" not in understand(text, role).arguments


def test_a_short_number_may_end_an_order() -> None:
    assert understand("让张三处理0007", Speaker.SUPERVISOR).as_json() == {
        "text": "让张三处理0007",
        "verb": "assign",
        "arguments": {"reference": "0007", "who": "张三"},
    }


def test_a_reason_keeps_its_case_width_and_characters() -> None:
    assert understand("退單，Ａ座 ABC 公司負責", Speaker.HANDLER).arguments == {"reason": "Ａ座 ABC 公司負責"}


def test_a_customer_cannot_give_orders() -> None:
    for text in (
        "派单 0007 @张三",
        "assign 0007 to Zhang San",
        "定级 0007 重大",
        "办结",
        "结案 0007",
        "批准 0007",
        "驳回 0007",
    ):
        assert understand(text).verb in (Verb.UNCLEAR, Verb.STATUS), text


def test_alarming_words_are_named_and_change_nothing_else() -> None:
    meaning = understand("门锁坏了，再不修我找媒体，打12345，还要起诉")
    assert meaning.verb is Verb.COMPLAIN
    assert meaning.arguments["escalating"] == ["媒体", "12345", "起诉"]
    assert "escalating" not in understand("门锁坏了，电话13812345678").arguments


def test_what_is_asked_back_is_told() -> None:
    def shown(text: str, role: Speaker, pending: Pending = Pending.NONE) -> dict[str, object]:
        return explained(understand(text, role, pending), role, pending)

    assert shown("办结", Speaker.HANDLER)["asks"] == ["result"]
    assert "asks" not in shown("办结 换了锁", Speaker.HANDLER)
    assert shown("延期 1天", Speaker.HANDLER)["asks"] == ["reason"]
    assert shown("withdraw my complaint", Speaker.CUSTOMER)["asks"] == ["confirm"]
    assert shown("asdf", Speaker.CUSTOMER)["choices"] == ["complain", "status", "person", "help"]
    assert shown("asdf", Speaker.CUSTOMER, Pending.RATING)["choices"] == ["satisfied", "neutral", "dissatisfied"]
    assert shown("已道歉，客户接受", Speaker.HANDLER)["otherwise"] == "tick"
    assert shown("厨房着火了，快来人", Speaker.CUSTOMER)["calls"] == ["119"]


@pytest.mark.parametrize(
    "text", ["我没有证据", "我拿不出证据", "我没有资料", "I have no data", "I don't have any evidence"]
)
def test_who_has_no_evidence_asks_for_no_data_of_theirs(text: str) -> None:
    assert understand(text, Speaker.CUSTOMER).verb is not Verb.MY_DATA


@pytest.mark.parametrize("text", ["你们有没有我的资料", "do you have any data about me", "我没有收到我的资料"])
def test_who_asks_whether_we_have_data_of_theirs_does(text: str) -> None:
    assert understand(text, Speaker.CUSTOMER).verb is Verb.MY_DATA


def test_a_code_keeps_its_case() -> None:
    assert understand("绑定 k7M9qX").arguments == {"code": "k7M9qX"}
    assert understand("ＢＩＮＤ　Ｋ７Ｍ９ＱＸ", Speaker.HANDLER).arguments == {"code": "K7M9QX"}


TEXTS = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="没不未还修好办结完成满意了吗谢1235 ,，。？!@#:ts0712abdefinotko", max_size=40),
    st.lists(
        st.sampled_from(
            [
                "办结",
                "没",
                "满意",
                "不",
                "TS20261121-0007",
                "0007",
                "延期",
                "1天",
                "给",
                "@",
                "done",
                "not ",
                "ok ",
                "\n",
                "　",
                "👍",
                "？",
            ]
        ),
        max_size=12,
    ).map("".join),
)


@settings(max_examples=120, deadline=None)
@given(TEXTS, st.sampled_from(list(Speaker)), st.sampled_from(list(Pending)))
def test_any_text_is_answered_in_json(text: str, role: Speaker, pending: Pending) -> None:
    meaning = understand(text, role, pending)
    assert set(meaning.as_json()) == {"text", "verb", "arguments"}
    assert json.loads(json.dumps(meaning.as_json()))["text"] == text
    assert understand(text, role, pending) == meaning


@settings(max_examples=120, deadline=None)
@given(st.text(max_size=60))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        " ",
        "？",
        "吗",
        "不",
        "修",
        "谢谢",
        "very ",
        "not ",
        "9",
        "ts2026",
        "@",
        "请.",
        "马上",
        "\n",
        "门锁坏了，",
        "no ",
        "⭐",
    ],
)
def test_twenty_thousand_characters_are_read_in_one_go(piece: str) -> None:
    """A rule that costs the square of the length would not come back from this for minutes."""
    text = piece * (20_000 // len(piece)) + "满意x"
    for role, pending in (
        (Speaker.CUSTOMER, Pending.RATING),
        (Speaker.SUPERVISOR, Pending.RESULT),
        (Speaker.HANDLER, Pending.NONE),
    ):
        assert understand(text, role, pending).text == text


@pytest.mark.parametrize("role", [Speaker.CUSTOMER, Speaker.EMPLOYEE, *STAFF])
def test_what_somebody_has_to_show_is_no_list_that_is_asked_for(role: Speaker) -> None:
    said = (
        "我有行车记录仪",
        "我有录音",
        "我有聊天记录",
        "我有记录",
        "车上装了行车记录仪",
        "i have a recording",
        "i have records",
        "i have dashcam footage",
    )
    assert {text: understand(text, role).verb for text in said} == dict.fromkeys(said, Verb.ADD)
    asked = ("我有哪些记录", "我有投诉记录吗", "我的工单", "what complaints do i have")
    assert {understand(text, role).verb for text in asked} == {Verb.LIST}
