"""What customers say in passing: a hum, that somebody came, danger in plain words, that they are sorry for a withdrawal."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.dialogue.all_clear import says_all_clear
from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.details import Details, contact_alone, find_details, without_phones
from bot.storage.models import PersonRow
from complaints.grading_words import danger
from complaints.vocabulary import Side, Status
from tests.unit.bot.desk_kit import PLAIN_CHAT, ZONE, FakeChannel, Kit, open_desk

LEAK = "3栋502厨房漏水，我姓李，电话13800138000"


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", PLAIN_CHAT)]) as kit:
        yield kit


async def say(kit: Kit, *said: tuple[str, str]) -> None:
    for words, who in said:
        await kit.says(words, who)
        await kit.deliver()


# ── how satisfied ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    [
        "嗯",
        "嗯嗯",
        "恩",
        "嗯。",
        "mm",
        "mhm",
        "Hmm",
        "uh huh",
        "the man was here",
        "the plumber came today",
        "he was here",
        "somebody came",
        "the engineer has been",
        "he looked at it",
        "someone came round yesterday afternoon",
        "your guy came at 3pm and left",
        "they came, thanks",
        "师傅来过了",
        "来人看过了",
        "人来了",
        "师傅今天上午来看过了",
        "有人上门了",
        "师傅走了",
        "lunch anyone",
    ],
)
def test_a_hum_and_that_somebody_came_say_nothing_of_the_result(words: str) -> None:
    assert understand(words, Speaker.CUSTOMER, Pending.RATING).verb in (Verb.UNCLEAR, Verb.THANKS)


@pytest.mark.parametrize(
    ("words", "rating"),
    [
        ("嗯 满意", "satisfied"),
        ("师傅来了，修好了", "satisfied"),
        ("the man came and fixed it", "satisfied"),
        ("he is great", "satisfied"),
        ("he came but it still leaks", "dissatisfied"),
        ("物业来过了，没修好", "dissatisfied"),
    ],
)
def test_what_is_said_besides_counts(words: str, rating: str) -> None:
    assert understand(words, Speaker.CUSTOMER, Pending.RATING).arguments["rating"] == rating


@pytest.mark.parametrize("words", ["嗯", "the man was here", "师傅来过了"])
async def test_what_says_nothing_of_the_result_is_asked_again_and_closes_nothing(kit: Kit, words: str) -> None:
    await say(kit, (LEAK, "c1"), ("接单", "handler"), ("办结 换了水管", "handler"), (words, "c1"), (words, "c1"))
    assert (await kit.the_complaint()).status is Status.RESOLVED
    assert "满意" in kit.chat.texts("c1")[-1]
    await say(kit, ("满意", "c1"))
    assert (await kit.the_complaint()).status is Status.CLOSED


async def test_a_hum_is_no_name_and_the_question_is_put_again(kit: Kit) -> None:
    await say(kit, ("厨房水管一直漏水", "c1"), ("嗯", "c1"))
    assert "电话" in kit.chat.texts("c1")[-1]
    await say(kit, ("我姓李，电话13800138000", "c1"))
    assert (await kit.the_complaint()).contact_known


# ── danger in plain words ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    [
        "theres a burning smell from the socket in my kitchen, hill house 1-102",
        "outlet in the bedroom has a burning smell, flat 7 bldg 2",
        "there is a smell of burning in the corridor",
        "co alarm going off in the hallway",
        "the ceiling just came down in the bedroom",
        "part of the ceiling has fallen in",
        "water is running into the light fitting",
        "water dripping out of the socket",
        "someone is trying to break in",
        "somebody trying to force my door",
        "i feel dizzy, boiler smells weird",
        "the fuse box is smoking",
        "插座有烧焦味",
        "电箱有一股焦糊味",
        "天花板刚掉下来了",
        "一氧化碳报警器响了",
        "厨房的燃气报警器一直响",
        "水漏到插座里了",
        "有人在撬我家门",
    ],
)
def test_danger_is_heard_in_plain_words(words: str) -> None:
    assert danger(words) is not None


@pytest.mark.parametrize(
    "words",
    [
        "burning smell of food from the restaurant below",
        "no burning smell any more",
        "the co alarm needs a new battery",
        "the paint on the ceiling is peeling",
        "water is running down the wall",
        "the light in the corridor is out",
        "is there a risk that the ceiling came down?",
        "天花板的漆掉下来一点",
        "燃气报警器坏了要换",
        "燃气报警器不响了",
        "插座坏了",
        "灯不亮了",
        "锁坏了，换了新锁",
    ],
)
def test_what_is_no_danger_is_not_heard_as_one(words: str) -> None:
    assert danger(words) is None


@pytest.mark.parametrize(
    "words",
    [
        "ok firemen are here, all safe now",
        "fire dept came, its safe now",
        "all clear",
        "the danger is over",
        "everyone is out and safe",
        "false alarm sorry",
        "we are all ok, fire dept put it out",
        "消防员到了，都安全",
        "已经不再冒烟了",
        "燃气关了，没味了",
        "火扑灭了",
    ],
)
def test_that_all_are_safe_is_the_all_clear(words: str) -> None:
    assert says_all_clear(words)


@pytest.mark.parametrize(
    "words",
    [
        "not safe yet",
        "is it safe now",
        "are we all safe",
        "firemen are here but it is not all clear",
        "all safe but it still smells",
        "it's not safe",
        "还不安全",
        "一点都不安全",
        "火没扑灭",
        "火还没有扑灭",
        "不冒烟了但是还有味",
    ],
)
def test_a_doubt_is_no_all_clear(words: str) -> None:
    assert not says_all_clear(words)


@pytest.mark.parametrize("words", ["ok firemen are here, all safe now", "消防员到了，都安全"])
async def test_the_all_clear_reaches_the_centre_and_is_no_impatience(kit: Kit, words: str) -> None:
    await say(kit, ("厨房燃气泄漏，味道很大", "c1"), (words, "c1"))
    assert (await kit.the_complaint()).urged == 0
    assert any("险情解除" in text and words in text for text in kit.chat.texts("lead"))


# ── who they are ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("李 139 3333 4444 9栋的", Details("李", "+8613933334444", "9栋")),
        ("陈 186 3333 4444 7栋", Details("陈", "+8618633334444", "7栋")),
        ("+86 139 3333 4444 9栋", Details("", "+8613933334444", "9栋")),
        ("+852 9123 4567 9栋", Details("", "+85291234567", "9栋")),
        ("010 8888 6666 3栋", Details("", "+861088886666", "3栋")),
        ("1393333444 9栋", Details("", "", "9栋")),
        ("jen miller, 3-902, 138 1234 5678", Details("jen miller", "+8613812345678", "3-902")),
        ("maria lopez, 4-1201, 139 1234 5678", Details("maria lopez", "+8613912345678", "4-1201")),
        ("sam ford 5-101 13511112222", Details("sam ford", "+8613511112222", "5-101")),
        ("ann bell 2-1102 13511112222", Details("ann bell", "+8613511112222", "2-1102")),
        ("I'm Kim Lee, 13812345679, b2 1502", Details("Kim Lee", "+8613812345679", "b2 1502")),
        ("leaking tap 4-101 13511112222", Details("", "+8613511112222", "4-101")),
        ("call me later 13511112222", Details("", "+8613511112222", "")),
        ("my wife 13511112222", Details("", "+8613511112222", "")),
        ("its broken, 4-101, 13511112222", Details("", "+8613511112222", "4-101")),
    ],
)
def test_what_is_told_of_oneself_in_everyday_spelling(words: str, found: Details) -> None:
    assert find_details(words, answering=True) == found


def test_a_spaced_number_is_masked_like_any() -> None:
    assert "4444" not in without_phones("李 139 3333 4444 9栋的")


@pytest.mark.parametrize(
    "words",
    ["139 3333 4444", "jen miller, 3-902, 138 1234 5678", "我姓李，电话 139 3333 4444", "李 139 3333 4444 9栋的"],
)
def test_who_they_are_and_nothing_else(words: str) -> None:
    assert contact_alone(words)


@pytest.mark.parametrize(
    "words", ["水管漏了 139 3333 4444", "call the plumber on 138 1234 5678", "3-902 is flooded again", "满意"]
)
def test_more_than_who_they_are(words: str) -> None:
    assert not contact_alone(words)


@pytest.mark.parametrize("first", ["whatever just fix it", "随便", "skip", "快点来修"])
@pytest.mark.parametrize("words", ["jen miller, 3-902, 138 1234 5678", "139 3333 4444", "李 139 3333 4444 9栋的"])
async def test_who_they_are_is_kept_whenever_it_is_said(kit: Kit, first: str, words: str) -> None:
    await say(kit, ("厨房水管一直漏水", "c1"), (first, "c1"), (words, "c1"))
    complaint = await kit.the_complaint()
    assert complaint.contact_known
    [row] = await kit.rows(PersonRow, PersonRow.id == complaint.complainant)
    assert row.phone


async def test_who_they_are_answers_no_other_question(kit: Kit) -> None:
    await say(kit, ("厨房水管一直漏水", "c1"), ("skip", "c1"), ("接单", "handler"), ("办结 换了水管", "handler"))
    await say(kit, ("139 3333 4444", "c1"))
    assert (await kit.the_complaint()).status is not Status.CLOSED
    await say(kit, ("满意", "c1"))
    assert (await kit.the_complaint()).status is Status.CLOSED


# ── another time for a visit ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("offered", "words", "hour"),
    [
        ("明天下午三点", "三点有点早 改四点行不", 16),
        ("明天上午九点半", "九点半有点早 改十点行不", 10),
        ("明天上午十点", "十点有点早 改十一点行不", 11),
        ("明天下午三点", "三点，太早了，四点可以吗", 16),
        ("明天下午三点", "3点不行 4点吧", 16),
        ("明天下午三点", "三点太赶了 改五点", 17),
        ("明天晚上七点", "七点有点早 改八点行不", 20),
        ("明天下午三点", "3pm is a bit early, can we make it 4pm?", 16),
        ("明天上午十点", "10am is too early, 11am please", 11),
    ],
)
async def test_the_time_that_is_refused_is_not_the_one_that_is_wanted(
    kit: Kit, offered: str, words: str, hour: int
) -> None:
    await say(kit, (LEAK, "c1"), ("接单", "handler"), (f"预约 {offered}", "handler"), ("对", "handler"), (words, "c1"))
    complaint = await kit.the_complaint()
    if complaint.visit is not None and complaint.visit.awaits is not Side.STAFF:
        assert f"{hour:02}:" in kit.chat.texts("c1")[-1]
        await say(kit, ("对", "c1"))
        complaint = await kit.the_complaint()
    visit = complaint.visit
    assert visit is not None
    assert visit.pending is not None
    assert visit.pending.start.astimezone(ZONE).hour == hour


@pytest.mark.parametrize("words", ["九点半有点早", "three is too early, four please"])
async def test_a_time_refused_without_a_clear_one_is_asked_about(kit: Kit, words: str) -> None:
    await say(
        kit, (LEAK, "c1"), ("接单", "handler"), ("预约 明天下午三点", "handler"), ("对", "handler"), (words, "c1")
    )
    complaint = await kit.the_complaint()
    assert complaint.visit is None or complaint.visit.awaits is Side.CUSTOMER
    assert "什么时间" in kit.chat.texts("c1")[-1] or "几点" in kit.chat.texts("c1")[-1], kit.chat.texts("c1")[-1]


@pytest.mark.parametrize("words", ["不是 我说改四点", "不对，我说的是改四点"])
async def test_a_wrong_time_is_put_right(kit: Kit, words: str) -> None:
    await say(
        kit, (LEAK, "c1"), ("接单", "handler"), ("预约 明天下午三点", "handler"), ("对", "handler"), ("可以", "c1")
    )
    await say(kit, (words, "c1"))
    visit = (await kit.the_complaint()).visit
    assert visit is not None
    if visit.pending is None:
        assert "对吗" in kit.chat.texts("c1")[-1], kit.chat.texts("c1")[-2:]
        await say(kit, ("对", "c1"))
    visit = (await kit.the_complaint()).visit
    assert visit is not None
    assert visit.pending is not None
    assert visit.pending.start.astimezone(ZONE).hour == 16


# ── sorry for a withdrawal ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    [
        "算了还是你们修吧 刚才气话",
        "算了还是麻烦你们修一下吧",
        "刚才我说错了 还是要修的",
        "不好意思 又刷不开了 还是得修",
        "actually please fix it after all",
        "i still want it fixed",
        "i didn't mean it, please come",
    ],
)
@pytest.mark.parametrize(("answer", "status"), [("是", Status.DISPATCHED), ("否", Status.WITHDRAWN)])
async def test_who_is_sorry_for_a_withdrawal_is_asked(kit: Kit, words: str, answer: str, status: Status) -> None:
    await say(kit, (LEAK, "c1"), ("撤销", "c1"), ("是", "c1"))
    reference = (await kit.the_complaint()).reference
    await say(kit, (words, "c1"))
    assert reference in kit.chat.texts("c1")[-1]
    assert (await kit.the_complaint()).status is Status.WITHDRAWN
    await say(kit, (answer, "c1"))
    assert (await kit.the_complaint()).status is status


async def test_what_is_told_after_a_withdrawal_is_a_new_matter(kit: Kit) -> None:
    await say(kit, (LEAK, "c1"), ("撤销", "c1"), ("是", "c1"), ("8栋电梯坏了三天没人修", "c1"))
    assert len(await kit.complaints()) == 2
