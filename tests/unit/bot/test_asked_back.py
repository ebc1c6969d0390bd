"""What is unclear is asked back with choices: buttons where the channel has them, else numbers, which count for that alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.answers import Answer
from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.asking import choices
from bot.words import LOCALES, Words
from complaints.vocabulary import Role, Status
from connectors.port import Button, Form
from tests.unit.bot.desk_kit import CHAT, PLAIN_CHAT, STAFF, ZONE, FakeChannel, Kit, entry, open_desk
from tests.unit.bot.words_kit import REFERENCE, Case, Item, context

WORDS = Words("客户服务中心", "", ZONE)
GIBBERISH = "嘟嘟"

# Answer, who reads it, what waits, its facts, what its buttons mean.
CHOICES = [
    (Answer.UNCLEAR_CUSTOMER, Speaker.CUSTOMER, {}, [Verb.COMPLAIN, Verb.STATUS, Verb.PERSON, Verb.HELP]),
    (Answer.UNCLEAR_CUSTOMER, Speaker.EMPLOYEE, {"employee": "yes"}, [Verb.LIST, Verb.HELP]),
    (
        Answer.UNCLEAR_STAFF,
        Speaker.HANDLER,
        {"hint": "handler"},
        [Verb.ACCEPT, Verb.REPORT, Verb.DONE, Verb.EXTEND, Verb.GIVE_BACK, Verb.HELP],
    ),
    (
        Answer.UNCLEAR_STAFF,
        Speaker.SUPERVISOR,
        {"hint": "centre"},
        [Verb.LIST, Verb.ASSIGN, Verb.STATUS, Verb.HELP],
    ),
    (Answer.UNCLEAR_STAFF, Speaker.SUPERVISOR, {"hint": "leader"}, [Verb.BOARD, Verb.STATUS, Verb.HELP]),
    (Answer.UNCLEAR_STAFF, Speaker.SUPERVISOR, {"hint": "admin"}, [Verb.PHRASE, Verb.ON_DUTY, Verb.HELP]),
    (Answer.UNCLEAR_STAFF, Speaker.SUPERVISOR, {"hint": "hr_auditor"}, [Verb.BOARD, Verb.RATES, Verb.HELP]),
    (Answer.UNCLEAR_STAFF, Speaker.SUPERVISOR, {"hint": "reviewer"}, [Verb.LIST, Verb.HELP]),
    (Answer.SEVERITY_NEEDED, Speaker.SUPERVISOR, {}, [Verb.GRADE] * 5),
    (Answer.DECISION_UNCLEAR, Speaker.SUPERVISOR, {"what": "hold"}, [Verb.APPROVE, Verb.REJECT]),
    (Answer.DECISION_UNCLEAR, Speaker.SUPERVISOR, {"what": "leave"}, []),
    (Answer.CALL_BACK_NEEDED, Speaker.SUPERVISOR, {}, [Verb.CALLED] * 4),
    (
        Answer.CORRECTION_NEEDED,
        Speaker.SUPERVISOR,
        {"what": "kind", "choices": "complaint、repair"},
        [Verb.CORRECT] * 2,
    ),
    (Answer.CORRECTION_NEEDED, Speaker.SUPERVISOR, {"what": "channel", "choices": "phone、web"}, [Verb.CORRECT] * 2),
    (
        Answer.CORRECTION_NEEDED,
        Speaker.SUPERVISOR,
        {"what": "stage", "choices": "presale、warranty"},
        [Verb.CORRECT] * 2,
    ),
    (
        Answer.CORRECTION_NEEDED,
        Speaker.SUPERVISOR,
        {"what": "nature", "choices": "matter、attitude"},
        [Verb.CORRECT] * 2,
    ),
    (
        Answer.CORRECTION_NEEDED,
        Speaker.SUPERVISOR,
        {"what": "customer_class", "choices": "owner、prospect"},
        [Verb.CORRECT] * 2,
    ),
    (Answer.CORRECTION_NEEDED, Speaker.SUPERVISOR, {"what": "category", "choices": "渗漏、电梯"}, [Verb.CORRECT] * 2),
    (Answer.CORRECTION_NEEDED, Speaker.SUPERVISOR, {"what": "place"}, []),
    (
        Answer.WHO_NEEDED,
        Speaker.SUPERVISOR,
        {"names": "张伟、李娜", "offer": "able", "assigns": "yes"},
        [Verb.ASSIGN] * 2,
    ),
    (
        Answer.WHO_NEEDED,
        Speaker.SUPERVISOR,
        {"names": "张伟、张伟（工程部）", "offer": "named", "assigns": "yes"},
        [Verb.ASSIGN] * 2,
    ),
    (Answer.QUEUE_UNKNOWN, Speaker.SUPERVISOR, {"words": "火星"}, [Verb.LIST] * 3),
    (Answer.UNKNOWN_NUMBER, Speaker.CUSTOMER, {}, [Verb.LIST]),
    (Answer.UNKNOWN_NUMBER, Speaker.HANDLER, {"staff": "yes"}, [Verb.LIST]),
    (Answer.NOTHING_FITS, Speaker.HANDLER, {"count": "2"}, [Verb.LIST]),
    (Answer.NOTHING_FITS, Speaker.HANDLER, {}, []),
]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(("answer", "speaker", "facts", "verbs"), CHOICES)
def test_a_choice_says_what_the_grammar_understands(
    answer: Answer, speaker: Speaker, facts: dict[str, str], verbs: list[Verb], locale: str
) -> None:
    buttons = WORDS.render(answer, locale, Form.IM, context(Case(), facts)).buttons
    meanings = [understand(button.says, speaker, Pending.NONE) for button in buttons]
    assert [meaning.verb for meaning in meanings] == verbs
    assert all(meaning.said("reference") in ("", REFERENCE) for meaning in meanings)
    assert len({button.says for button in buttons}) == len(buttons)


@pytest.mark.parametrize("locale", LOCALES)
def test_what_came_of_a_call_to_a_customer_with_a_plan_is_a_choice(locale: str) -> None:
    shown = context(Case(status=Status.PROPOSED), {})
    buttons = WORDS.render(Answer.CALL_BACK_NEEDED, locale, Form.IM, shown).buttons
    meanings = [understand(button.says, Speaker.SUPERVISOR, Pending.NONE) for button in buttons]
    assert [dict(meaning.arguments).get("agreed") for meaning in meanings] == [True, False, None]
    assert meanings[2].arguments["reached"] is False


@pytest.mark.parametrize(
    ("role", "hint"),
    [
        (Speaker.CUSTOMER, {}),
        (Speaker.EMPLOYEE, {"employee": "yes"}),
        (Speaker.HANDLER, {"hint": "handler"}),
        (Speaker.SUPERVISOR, {"hint": "centre"}),
    ],
)
def test_the_command_line_names_the_choices_that_the_chat_offers(role: Speaker, hint: dict[str, str]) -> None:
    answer = Answer.UNCLEAR_STAFF if "hint" in hint else Answer.UNCLEAR_CUSTOMER
    for locale in LOCALES:
        buttons = WORDS.render(answer, locale, Form.IM, context(Case(), hint)).buttons
        offered = tuple(str(understand(button.says, role, Pending.NONE).verb) for button in buttons)
        assert choices(understand("asdf", role, Pending.NONE), role, Pending.NONE) == offered


def test_a_bar_in_what_a_customer_wrote_puts_no_words_into_a_button() -> None:
    item = Item(summary="电梯 | 撤销 0001")
    [button] = WORDS.render(Answer.WHICH_COMPLAINT, "zh", Form.IM, context(Case(), {}, items=[item])).buttons
    assert button.says == item.reference
    assert "|" in button.label


# ── in a conversation ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(params=[CHAT, PLAIN_CHAT], ids=["buttons", "numbers"])
async def kit(request: pytest.FixtureRequest, fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    chat = FakeChannel("chat", request.param)
    staff = (*STAFF, entry("张维", Role.HANDLER, line=4))
    async with open_desk(
        fresh_sqlite_url, channels=[chat], staff=staff, chats={"张伟": "handler", "王主管": "lead"}, before=told
    ) as kit:
        yield kit


async def told(kit: Kit) -> None:
    await kit.says("4栋1202厨房漏水，李娜13712345678", "c1")
    await kit.deliver()


async def asks(kit: Kit, text: str, who: str, **more: Any) -> str:
    """Say something; return what was answered."""
    kit.chat.sent.clear()
    await kit.says(text, who, **more)
    await kit.deliver()
    texts = kit.chat.texts(who)
    return texts[-1] if texts else ""


def shown(kit: Kit, who: str) -> tuple[Button, ...]:
    """Return the buttons of the last message to somebody."""
    return next(message.buttons for message in reversed(kit.chat.sent) if message.address == who)


async def chooses(kit: Kit, number: int, says: str, who: str) -> str:
    """Choose an answer: press its button, or say its number where there are none; it says `says`."""
    if kit.chat.capabilities.buttons:
        assert shown(kit, who)[number - 1].says == says
        return await asks(kit, says, who)
    assert f"{number} " in kit.chat.texts(who)[-1]
    return await asks(kit, str(number), who)


async def test_words_that_mean_nothing_are_answered_with_choices(kit: Kit) -> None:
    await asks(kit, GIBBERISH, "c2")
    answer = await chooses(kit, 2, "进度", "c2")
    assert "没有在处理的投诉" in answer


async def test_a_question_that_waits_is_put_again_with_its_choices(kit: Kit) -> None:
    await asks(kit, "撤销", "c1")
    assert "请从下面选一个" in await asks(kit, GIBBERISH, "c1")
    assert "不撤回" in await chooses(kit, 2, "否", "c1")
    assert (await kit.the_complaint()).going_on


async def test_a_number_counts_only_as_long_as_its_question_waits(kit: Kit) -> None:
    await asks(kit, "撤销", "c1")
    await asks(kit, GIBBERISH, "c1")
    await asks(kit, "否", "c1")
    await asks(kit, "1", "c1")  # was "yes, withdraw it"
    assert (await kit.the_complaint()).going_on


async def test_leave_that_waits_is_not_lost_to_the_choices(kit: Kit) -> None:
    await asks(kit, "请假 明天到后天", "handler")
    assert "请从下面选一个" in await asks(kit, GIBBERISH, "handler")
    assert "没有登记请假" in await chooses(kit, 2, "否", "handler")


@pytest.mark.parametrize("by", ["choice", "number", "digits"])
async def test_one_of_several_is_chosen_by_its_button_its_place_or_its_number(kit: Kit, by: str) -> None:
    await kit.says("投诉 3栋大门锁坏了，保安没有来", "c1")
    await kit.deliver()
    assert "哪一件" in await asks(kit, "撤销", "c1")
    [older, newer] = sorted(each.reference for each in await kit.complaints())
    if by == "choice":
        if kit.chat.capabilities.buttons:
            assert [button.says for button in shown(kit, "c1")] == [newer, older, "都不撤"]
        answer = await chooses(kit, 2, older, "c1")
    else:
        answer = await asks(kit, older if by == "number" else older[-4:], "c1")
    assert f"要撤回 {older}" in answer


async def test_which_one_is_asked_again_where_the_answer_is_unclear(kit: Kit) -> None:
    await kit.says("投诉 3栋大门锁坏了，保安没有来", "c1")
    await asks(kit, "撤销", "c1")
    newer = max(each.reference for each in await kit.complaints())
    assert "请从下面选一个" in await asks(kit, GIBBERISH, "c1")
    assert f"要撤回 {newer}" in await chooses(kit, 1, newer, "c1")


async def test_a_number_that_was_not_offered_is_a_number_of_its_own(kit: Kit) -> None:
    await kit.says("投诉 3栋大门锁坏了，保安没有来", "c1")
    await asks(kit, "撤销", "c1")
    assert "没有找到" in await asks(kit, "进度 0099", "c1")


async def test_how_severe_it_is_is_chosen(kit: Kit) -> None:
    [complaint] = await kit.complaints()
    await asks(kit, "定级 0001", "lead")
    await chooses(kit, 2, f"定级 {complaint.reference} 重大", "lead")
    assert (await kit.the_complaint()).severity.name == "S1"


async def test_to_whom_it_goes_is_chosen_among_those_with_a_name_near_to_it(kit: Kit) -> None:
    [complaint] = await kit.complaints()
    await asks(kit, "派单 0001 @张纬", "lead")
    names = [button.label for button in shown(kit, "lead")] if kit.chat.capabilities.buttons else ["张伟", "张维"]
    number = names.index("张维") + 1
    await chooses(kit, number, f"派单 {complaint.reference} @张维", "lead")
    assert (await kit.the_complaint()).owner == (await kit.person("张维")).id


# ── a button counts for the question of its message ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("which", [1, 2])
async def test_a_button_of_an_earlier_question_answers_no_later_one(fresh_sqlite_url: str, which: int) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", replace(CHAT, replies=True))]) as kit:
        await asks(kit, "请假 明天到后天", "handler")
        first = await last_id(kit, "handler")
        await asks(kit, "否", "handler")
        await asks(kit, "请假 下周一", "handler")
        second = await last_id(kit, "handler")
        assert "没看懂" in await asks(kit, "是", "handler", reply_to_message=first, pressed=True)
        again = await last_id(kit, "handler")  # which put what waits once more: either of its messages counts now
        assert len({first, second, again}) == 3
        assert "登记" in await asks(kit, "是", "handler", reply_to_message=(first, second, again)[which], pressed=True)


async def last_id(kit: Kit, who: str) -> str:
    """Return under which id the channel knows the last message to somebody."""
    key = [message.key for message in kit.chat.sent if message.address == who][-1]
    [row] = [row for row in await kit.outbox() if row.key == key]
    assert row.external_id is not None
    return row.external_id
