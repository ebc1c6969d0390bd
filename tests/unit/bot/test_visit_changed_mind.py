"""What a customer says of times is never lost: none that is refused is passed on as wanted, or booked by a yes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.grammar import Pending, Verb, understand
from bot.grammar.at_home import puts_off
from complaints.pressing import says_more
from complaints.vocabulary import VisitState
from tests.unit.bot.desk_kit import CHAT, ZONE, FakeChannel, Kit, exchange, open_desk

SATURDAY, SUNDAY, WEDNESDAY, FRIDAY = "3月7日(周六)", "3月8日(周日)", "3月4日(周三)", "3月6日(周五)"


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)], before=accepted) as kit:
        yield kit


async def accepted(kit: Kit) -> None:
    await kit.says("客厅插座坏了，我是王芳，13712345678，6栋1202")
    await kit.says("派单 0001 @张伟", "lead")
    await kit.says("接单 0001", "handler")
    await kit.deliver()


async def said(kit: Kit, words: str, who: str = "c1") -> None:
    await exchange(kit, words, who)
    await kit.sweep(timedelta(minutes=1))
    await kit.deliver()


async def saturday_is_proposed(kit: Kit) -> None:
    await said(kit, "麻烦周六上午派人来修一下")
    kit.chat.sent.clear()


async def wednesday_is_agreed(kit: Kit) -> None:
    for words, who in (("预约 后天上午九点", "handler"), ("对", "handler"), ("可以", "c1")):
        await said(kit, words, who)
    kit.chat.sent.clear()


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("后天上午临时要带孩子看病 能不能改周五", FRIDAY), ("后天上午临时有事改周五", FRIDAY),
        ("周三别来了 周日来吧", SUNDAY), ("不好意思周三有事，周五上午行吗", FRIDAY), ("不是周三 是周五", FRIDAY),
        ("actually not wed, sunday", SUNDAY), ("not wed, friday morning", FRIDAY),
        ("friday not wednesday please", FRIDAY), ("can't do wednesday, friday morning?", FRIDAY),
    ],
)  # fmt: skip
async def test_the_time_that_is_wanted_is_passed_on_and_not_the_one_refused(kit: Kit, words: str, day: str) -> None:
    await wednesday_is_agreed(kit)
    await said(kit, words)
    assert any(f"改到{day}" in text for text in kit.chat.texts("handler"))
    assert (await kit.the_complaint()).urged == 0


@pytest.mark.parametrize("words", ["not sat, sun", "周六不行 周日吧", "sunday not saturday", "周六要值班 周日再来吧"])
@pytest.mark.parametrize("reopened", [False, True])
async def test_what_is_proposed_is_replaced(kit: Kit, words: str, reopened: bool) -> None:
    if reopened:
        for text, who in (("办结 插座换好了，已经通电", "handler"), ("不满意", "c1"), ("跳过", "c1")):
            await said(kit, text, who)
    await saturday_is_proposed(kit)
    await said(kit, words)
    assert any(SUNDAY in text and SATURDAY not in text for text in kit.chat.texts("handler"))
    await said(kit, "ok", "handler")
    visit = (await kit.the_complaint()).visit
    assert visit is not None
    assert visit.state is VisitState.PROPOSED


@pytest.mark.parametrize("words", ["not sat", "周六不行", "周六要上班", "sat i'm working", "周六上午临时要带孩子看病"])
async def test_a_yes_books_nothing_that_its_customer_took_back(kit: Kit, words: str) -> None:
    await saturday_is_proposed(kit)
    await said(kit, words)
    told = kit.chat.texts("handler")
    assert any(words in text for text in told)
    assert not any("想约这个时间" in text for text in told)
    await said(kit, "可以", "handler")
    visit = (await kit.the_complaint()).visit
    assert visit is not None
    assert visit.state is VisitState.PROPOSED
    assert "？" in kit.chat.texts("handler")[-1]


async def test_whoever_cannot_be_met_on_the_day_is_asked_for_another(kit: Kit) -> None:
    await wednesday_is_agreed(kit)
    await said(kit, "后天上午不行")
    assert any("后天上午不行" in text for text in kit.chat.texts("handler"))
    assert "什么时间" in kit.chat.texts("c1")[-1]
    await said(kit, "周五上午")
    assert any(f"改到{FRIDAY}" in text for text in kit.chat.texts("handler"))


@pytest.mark.parametrize(
    "words",
    [
        "明天下午三点以后有人 上午我不在家", "三点不行 改后天上午吧", "我明天还要上班", "我晚上八点才下班",
        "tomorrow after 3 someone is in, not in the morning", "i have to work tomorrow", "actually not wed, thursday",
    ],
)  # fmt: skip
async def test_when_somebody_can_be_met_is_no_urge_and_reaches_whoever_comes_each_time(kit: Kit, words: str) -> None:
    await said(kit, "怎么还没人来 快点")
    for _ in range(2):
        kit.chat.sent.clear()
        await said(kit, words)
        assert any(words in text for text in kit.chat.texts("handler"))
    assert (await kit.the_complaint()).urged == 1


@pytest.mark.parametrize(
    "words", ["三点不行 改后天上午吧", "我明天还要上班", "not tuesday, wednesday", "friday instead please"]
)
def test_an_urge_with_a_time_says_more(words: str) -> None:
    assert says_more(words)


@pytest.mark.parametrize(
    ("words", "slot"),
    [("行 周六上午10点", "10:00"), ("可以 上午11点到", "11:00"), ("ok 10am", "10:00"), ("行 10点半", "10:30")],
)
async def test_an_hour_within_the_time_that_was_offered_is_the_one_booked(kit: Kit, words: str, slot: str) -> None:
    await saturday_is_proposed(kit)
    await said(kit, words, "handler")
    visit = (await kit.the_complaint()).visit
    assert visit is not None
    assert visit.state is VisitState.CONFIRMED
    assert f"{visit.slot.start.astimezone(ZONE):%d %H:%M}" == f"07 {slot}"
    assert any(f"{SATURDAY} {slot}" in text for text in kit.chat.texts("c1"))


@pytest.mark.parametrize(
    "words",
    [
        "明天再不来我就不在家了", "你们明天还来不来", "明天有人来吗", "今天还不行", "师傅今天上班吗", "今天没人来",
        "物业周末有人吗", "it works today", "nobody came today", "is anyone in today",
        "today, please. not tomorrow", "tonight. not tomorrow.", "no hot water today",
        "you said friday not saturday and nobody came", "师傅说上午来，这都下午四点了人影都没有",
    ],
)  # fmt: skip
def test_what_is_no_word_about_ones_own_time(words: str) -> None:
    assert not puts_off(words)
    assert not understand(words).arguments.get("at_home")


@pytest.mark.parametrize(
    "words", ["明天下午三点以后有人 上午我不在家", "not home tomorrow, friday ok", "我明天下午才有人在"]
)
def test_when_somebody_can_be_met_is_no_rating(words: str) -> None:
    assert understand(words, pending=Pending.RATING).verb is not Verb.RATE


@pytest.mark.parametrize("words", ["friday i'm away, monday works", "can't do friday, saturday works"])
def test_another_time_is_no_yes_to_a_plan(words: str) -> None:
    assert understand(words, pending=Pending.PLAN).verb is not Verb.AGREE
