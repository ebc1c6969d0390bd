"""R-035: what is said about a visit: wanted, off, at another time, and what came of it; and what is about something else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.questions import Question
from bot.grammar import Pending, visiting
from bot.grammar.visiting import Came, bare
from bot.storage.models import AddressRow
from complaints.vocabulary import Side, VisitState
from tests.unit.bot.desk_kit import ZONE, Kit, open_desk

LINES = (Path(__file__).parents[2] / "data" / "phrases_visits.tsv").read_text(encoding="utf-8").splitlines()
SAID = [line.split("\t") for line in LINES if not line.startswith("#")]
OUTCOMES = [(text, Came(how) if how != "none" else None) for how, text in SAID if how in {*Came, "none"}]


def taken(how: str) -> list[str]:
    return [text for label, text in SAID if label == how]


@pytest.mark.parametrize("text", taken("called_off"))
def test_called_off(text: str) -> None:
    assert visiting.cancels(bare(text))


@pytest.mark.parametrize("text", taken("not_called_off"))
def test_not_called_off_or_the_complaint_with_it(text: str) -> None:
    assert not visiting.cancels(bare(text))


@pytest.mark.parametrize("text", taken("moved"))
def test_another_time_is_wanted(text: str) -> None:
    assert visiting.moves(bare(text))


@pytest.mark.parametrize("text", taken("not_moved"))
def test_no_other_time_is_wanted(text: str) -> None:
    assert not visiting.moves(bare(text))


@pytest.mark.parametrize("text", taken("asked_for"))
def test_somebody_is_asked_to_come(text: str) -> None:
    assert visiting.asks_to_come(bare(text))


@pytest.mark.parametrize("text", taken("not_asked_for"))
def test_nobody_is_asked_to_come_but_something_is_told(text: str) -> None:
    assert not visiting.asks_to_come(bare(text))


@pytest.mark.parametrize(("text", "came"), OUTCOMES, ids=[row[0] for row in OUTCOMES])
def test_what_came_of_it(text: str, came: Came | None) -> None:
    assert visiting.came(bare(text)) is came


@pytest.mark.parametrize("text", [text for text, came in OUTCOMES if came in (Came.AWAY, Came.NOT_GONE)])
def test_who_did_not_meet_is_never_taken_to_have_been_there(text: str) -> None:
    assert visiting.came(bare(f"{text} TS20261121-0007")) in (Came.AWAY, Came.NOT_GONE)


@pytest.mark.parametrize("text", ["已上门", "我已经到了", "went there", "Yes, done.", " 去过了 "])
def test_having_been_there_is_no_result(text: str) -> None:
    assert visiting.result_of(bare(text)) == ""


def test_a_number_of_ours_is_no_date_and_no_word() -> None:
    assert bare("时间合适 TS20261121-0007") == "时间合适"
    assert bare("ＯＫ #TS20261121-0007") == "ok"
    assert visiting.suits(bare("时间合适 TS20261121-0007"))
    assert visiting.suits(bare("time ok TS20261121-0007"))
    assert not visiting.suits(bare("可以"))
    assert not visiting.suits(bare("时间不合适"))


@given(st.one_of(st.text(max_size=80), st.text(alphabet="到去来了上门过我们 ,.!不没改取消1a-", max_size=3000)))
def test_no_text_is_too_much(text: str) -> None:
    said = bare(text)
    assert len(said) <= 1000
    visiting.came(said)
    visiting.result_of(said)
    for asks in (visiting.cancels, visiting.moves, visiting.arranges, visiting.asks_to_come, visiting.suits):
        asks(said)


@pytest.mark.parametrize(
    ("text", "came"),
    [
        ("没去成，师傅请假", Came.NOT_GONE), ("0002 没去成", Came.NOT_GONE), ("客户不在", Came.AWAY),
        ("到了，换了阀门", Came.WENT), ("已上门 TS20261121-0007", Came.WENT), ("到了正在修", None), ("配件到了，明天换", None),
        ("did not go, the fitter is ill", Came.NOT_GONE), ("not done, did not go TS20261121-0007", Came.NOT_GONE),
        ("customer not at home TS20261121-0007", Came.AWAY), ("went there, changed the valve", Came.WENT),
        ("等客户不在的时候再去", None), ("师傅今天请假", None),
    ],
)  # fmt: skip
def test_the_words_that_our_question_suggests(text: str, came: Came | None) -> None:
    assert visiting.suggested(bare(text)) is came


@pytest.mark.parametrize(
    ("text", "number", "of_time", "plain"),
    [
        ("可以", "", False, True), ("可以 0023", "0023", False, True), ("0023 时间合适", "0023", True, True),
        ("时间合适 TS20261121-0007", "TS20261121-0007", True, True), ("0023 好的", "0023", False, False),
        ("OK，谢谢", "", False, True), ("time ok 0012", "0012", True, True),
    ],
)  # fmt: skip
def test_a_mere_yes_with_or_without_its_number(text: str, number: str, of_time: bool, plain: bool) -> None:
    assert visiting.consent(text) == visiting.Consent(number, of_time, plain)


@pytest.mark.parametrize(
    "text", ["不可以", "可以吗", "可以，但是赔偿呢", "明天下午三点可以", "0023", "", "可以 0023 吗"]
)
def test_no_mere_yes(text: str) -> None:
    assert visiting.consent(text) is None


async def test_a_time_waits_for_its_yes_whatever_was_asked_since(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await kit.says("厨房水龙头漏水")
        reference = (await kit.the_complaint()).reference
        await kit.says(f"派单 {reference} @张伟", "lead")
        await kit.says("接单", "handler")
        await kit.says("预约 明天下午三点", "handler")
        await kit.says("对", "handler")
        for words, question in (
            ("0001 可以", Question(Pending.PROGRESS, reference)),
            ("可以", Question(Pending.REASON, reference, {"for": "cause"})),
            ("可以", None),
        ):
            await kit.says("改到后天上午10点", "c1")
            asked = question.dumps() if question else ""
            await kit.address("张伟", "chat", "handler", pending=asked)
            await kit.says(words, "handler")
            visit = (await kit.the_complaint()).visit
            assert visit is not None
            assert (visit.state, visit.awaits) == (VisitState.CONFIRMED, None), words
            [row] = await kit.rows(AddressRow, AddressRow.address == "handler")
            assert row.pending == asked  # what else was asked waits on
            await kit.says("取消预约", "handler")
            await kit.says("预约 明天下午三点", "handler")
            await kit.says("对", "handler")


async def test_a_reason_or_an_exception_is_not_the_time_that_is_meant(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:  # on a Monday
        await kit.says("厨房水龙头漏水")
        await kit.says("派单 0001 @张伟", "lead")
        for words in ("接单", "预约 0001 明天下午三点", "对"):
            await kit.says(words, "handler")
        await kit.deliver()
        await kit.says("除了周三都行")
        await kit.deliver()
        asked = kit.chat.texts("c1")[-1]
        assert "什么时间上门" in asked
        assert "您说的是" not in asked
        await kit.says("明天下午公司临时开会，改到后天上午吧")
        visit = (await kit.the_complaint()).visit
        assert visit is not None
        assert visit.pending is not None
        assert f"{visit.pending.start.astimezone(ZONE):%d %H}" == "04 09"


async def arranged(kit: Kit, words: str = "约他明天下午两点半") -> None:
    """Let a visit be named to us by the assignee, who is asked whether that is right."""
    await kit.says("厨房水龙头漏水")
    await kit.says("派单 0001 @张伟", "lead")
    for said in ("接单", words):
        await kit.says(said, "handler")
    await kit.deliver()
    await kit.sweep(timedelta(minutes=1))


@pytest.mark.parametrize(
    ("words", "asked_again", "slot"),
    [
        ("可以，四点半", True, "03 16:30"),
        ("fine, half four", True, "03 16:30"),
        ("0001 可以，四点半", True, "03 16:30"),
        ("yes, at four instead", True, "03 16:00"),
        ("行，三点吧", True, "03 15:00"),
        ("对，就两点半", False, "03 14:30"),
        ("对，明天下午", False, "03 14:30"),
        ("对", False, "03 14:30"),
    ],
)
async def test_a_time_in_the_answer_is_the_one_that_is_meant(
    words: str, asked_again: bool, slot: str, fresh_sqlite_url: str
) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await arranged(kit)
        await kit.says(words, "handler")
        if asked_again:
            await kit.deliver()
            assert (await kit.the_complaint()).visit is None
            assert slot[3:] in kit.chat.texts("handler")[-1]
            await kit.says("对", "handler")
        visit = (await kit.the_complaint()).visit
        assert visit is not None
        assert f"{visit.slot.start.astimezone(ZONE):%d %H:%M}" == slot


@pytest.mark.parametrize("words", ["两点半我不在家，四点半行吗", "can't do 2.30, I'm at work. half four?"])
async def test_a_yes_does_not_name_to_the_customer_what_they_have_just_refused(
    words: str, fresh_sqlite_url: str
) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await arranged(kit)
        await kit.says(words)
        await kit.sweep(timedelta(minutes=1))
        await kit.deliver()
        await kit.says("可以", "handler")
        await kit.deliver()
        assert (await kit.the_complaint()).visit is None
        assert "16:30" in kit.chat.texts("handler")[-1]
        await kit.says("对", "handler")
        visit = (await kit.the_complaint()).visit
        assert visit is not None
        assert f"{visit.slot.start.astimezone(ZONE):%d %H:%M}" == "03 16:30"


async def test_a_time_that_cannot_be_read_is_asked_for(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await arranged(kit)
        await kit.says("yes 4.30", "handler")
        await kit.deliver()
        assert (await kit.the_complaint()).visit is None
        assert "什么时间" in kit.chat.texts("handler")[-1]


async def test_a_customer_who_names_another_time_with_their_yes_is_asked_for_that_one(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await arranged(kit)
        await kit.says("对", "handler")
        await kit.deliver()
        await kit.says("可以，三点")
        await kit.deliver()
        assert "15:00" in kit.chat.texts("c1")[-1]
        await kit.says("对")
        visit = (await kit.the_complaint()).visit
        assert visit is not None
        assert visit.awaits is Side.STAFF
        assert visit.pending is not None
        assert f"{visit.pending.start.astimezone(ZONE):%d %H:%M}" == "03 15:00"


async def test_a_yes_to_our_question_passes_over_no_time_that_was_proposed_since(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url) as kit:
        await arranged(kit)
        await kit.says("对", "handler")
        await kit.deliver()
        await kit.says("改到后天下午三点", "handler")
        await kit.deliver()
        await kit.sweep(timedelta(minutes=1))
        await kit.says("改到明天下午四点半")
        await kit.says("对", "handler")
        await kit.deliver()
        assert "3月3日(周二) 16:30" in kit.chat.texts("handler")[-1]
        visit = (await kit.the_complaint()).visit
        assert visit is not None
        assert visit.pending is not None
        assert visit.pending.by is Side.CUSTOMER
