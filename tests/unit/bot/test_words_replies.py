"""What the buttons say, and what the words beside them advise to say, is understood."""

from __future__ import annotations

import pytest

from bot.answers import Answer, Internal
from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.calls import outcome
from bot.grammar.duties import ticked
from bot.grammar.holding import waited_for, wants_none
from bot.grammar.leaders import said as command
from bot.grammar.tools import asks_next_page, read_move
from bot.words import LOCALES
from complaints.change import NoticeKind
from complaints.vocabulary import Rating, Status
from connectors.port import Form
from tests.unit.bot.words_kit import FULL, NAMES, REFERENCE, WORDS, Case, context

SPOKEN = [
    ("unnamed_late", Speaker.CUSTOMER, Pending.NONE, [Verb.WITHDRAW, Verb.COMPLAIN]),
    ("part_given", Speaker.HANDLER, Pending.NONE, [Verb.ACCEPT]),
    ("part_time_asked", Speaker.HANDLER, Pending.YES_NO, [Verb.AGREE, Verb.DISAGREE]),
    ("steps_open", Speaker.HANDLER, Pending.YES_NO, [Verb.AGREE, Verb.DISAGREE]),
    ("force_called", Speaker.HANDLER, Pending.YES_NO, [Verb.ACCEPT]),
    ("assigned", Speaker.HANDLER, Pending.NONE, [Verb.ACCEPT]),
    ("reminder", Speaker.HANDLER, Pending.NONE, [Verb.ACCEPT]),
    ("overdue", Speaker.HANDLER, Pending.NONE, [Verb.ACCEPT]),
    ("alarm", Speaker.HANDLER, Pending.NONE, [Verb.ACCEPT]),
    ("confirm", Speaker.HANDLER, Pending.NONE, [Verb.ACCEPT]),
    ("plan", Speaker.CUSTOMER, Pending.PLAN, [Verb.AGREE, Verb.DISAGREE]),
    ("plan_waits", Speaker.CUSTOMER, Pending.PLAN, [Verb.AGREE, Verb.DISAGREE]),
    ("survey", Speaker.CUSTOMER, Pending.RATING, [Verb.RATE] * 3),
    ("survey_reminder", Speaker.CUSTOMER, Pending.RATING, [Verb.RATE] * 3),
    ("rate_again", Speaker.CUSTOMER, Pending.RATING, [Verb.RATE] * 3),
    ("withdraw_confirm", Speaker.CUSTOMER, Pending.YES_NO, [Verb.AGREE, Verb.DISAGREE]),
    ("restore_confirm", Speaker.CUSTOMER, Pending.YES_NO, [Verb.AGREE, Verb.DISAGREE]),
    ("visit_offer", Speaker.HANDLER, Pending.YES_NO, [Verb.UNCLEAR, Verb.UNCLEAR, Verb.DISAGREE]),
    ("visit_time_needed", Speaker.HANDLER, Pending.NONE, [Verb.VISIT]),
    ("visit_echo", Speaker.HANDLER, Pending.YES_NO, [Verb.AGREE, Verb.DISAGREE]),
    ("visit_outcome", Speaker.HANDLER, Pending.NONE, [Verb.REPORT, Verb.REPORT, Verb.NOT_DONE]),
    ("extension_asked", Speaker.SUPERVISOR, Pending.NONE, [Verb.APPROVE, Verb.REJECT]),
    ("reminded", Speaker.SUPERVISOR, Pending.NONE, [Verb.URGE]),
    ("process_callback", Speaker.CUSTOMER, Pending.YES_NO, [Verb.AGREE, Verb.DISAGREE]),
    ("progress_release", Speaker.SUPERVISOR, Pending.RELEASE, [Verb.RELEASE, Verb.REWORD, Verb.KEEP_BACK]),
    ("reword_confirm", Speaker.SUPERVISOR, Pending.RELEASE, [Verb.RELEASE, Verb.KEEP_BACK]),
    ("report_confirm", Speaker.HANDLER, Pending.RELEASE, [Verb.RELEASE, Verb.KEEP_BACK]),
    ("done_or_back", Speaker.HANDLER, Pending.NONE, [Verb.DONE, Verb.GIVE_BACK]),
    ("not_today", Speaker.HANDLER, Pending.NONE, [Verb.VISIT, Verb.LEAVE, Verb.GIVE_BACK]),
    ("invalid_confirm", Speaker.SUPERVISOR, Pending.YES_NO, [Verb.AGREE, Verb.DISAGREE, Verb.DISAGREE]),
    ("give_back_confirm", Speaker.HANDLER, Pending.YES_NO, [Verb.AGREE, Verb.DISAGREE]),
    ("decision_waits", Speaker.SUPERVISOR, Pending.NONE, [Verb.APPROVE, Verb.REJECT]),
    ("hold_asked", Speaker.SUPERVISOR, Pending.NONE, [Verb.APPROVE, Verb.REJECT]),
    ("leave_confirm", Speaker.HANDLER, Pending.YES_NO, [Verb.AGREE, Verb.DISAGREE]),
    ("leave_when", Speaker.HANDLER, Pending.NONE, [Verb.LEAVE] * 5),
    ("assign_confirm", Speaker.HANDLER, Pending.YES_NO, [Verb.AGREE, Verb.DISAGREE]),
    ("leave_asked", Speaker.SUPERVISOR, Pending.NONE, [Verb.APPROVE, Verb.REJECT]),
    ("same_matter", Speaker.SUPERVISOR, Pending.NONE, [Verb.MERGE, Verb.APART]),
    ("grouping_confirm", Speaker.SUPERVISOR, Pending.YES_NO, [Verb.AGREE, Verb.DISAGREE]),
    ("named", Speaker.SUPERVISOR, Pending.NONE, [Verb.NAMES]),
    ("what_we_are", Speaker.CUSTOMER, Pending.NONE, [Verb.PERSON]),
]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(("name", "speaker", "pending", "verbs"), SPOKEN, ids=[row[0] for row in SPOKEN])
def test_a_button_says_what_the_grammar_understands(
    name: str, speaker: Speaker, pending: Pending, verbs: list[Verb], locale: str
) -> None:
    buttons = WORDS.render(name, locale, Form.IM, FULL).buttons
    meanings = [understand(button.says, speaker, pending) for button in buttons]
    assert [meaning.verb for meaning in meanings] == verbs
    for button, meaning in zip(buttons, meanings, strict=True):
        if REFERENCE in button.says:
            assert meaning.arguments["reference"] == REFERENCE
    if verbs == [Verb.RATE] * 3:
        assert [meaning.arguments["rating"] for meaning in meanings] == list(Rating)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_button_says_what_came_of_a_phone_call(locale: str) -> None:
    read = [ticked(button.says) for button in WORDS.render("please_phone", locale, Form.IM, FULL).buttons]
    said = [(each.name, each.reference, outcome(each.text)) for each in read if each is not None]
    assert said == [("phoned", REFERENCE, True), ("phoned", REFERENCE, False)]


@pytest.mark.parametrize("locale", LOCALES)
def test_a_button_of_the_form_or_of_a_list_is_a_way_on(locale: str) -> None:
    says = [
        button.says for button in WORDS.render("form_ask", locale, Form.IM, context(None, {"step": "name"})).buttons
    ]
    assert [read_move(each) for each in says] == ["skip", "back", "cancel", "submit"]
    [more] = WORDS.render("queue", locale, Form.IM, context(None, {"more": "yes"})).buttons
    assert asks_next_page(more.says)


@pytest.mark.parametrize("locale", LOCALES)
def test_whoever_is_asked_how_long_or_for_whom_work_waits_can_tap_a_way_out(locale: str) -> None:
    for name in (Answer.LIMIT_NEEDED, Answer.HOLD_LIMIT_NEEDED):
        *lengths, out = WORDS.render(name, locale, Form.IM, context(None, {"offers": "1d,2d"})).buttons
        assert [understand(each.says, Speaker.HANDLER, Pending.NONE).arguments["limit"] for each in lengths] == [
            "1d",
            "2d",
        ]
        assert wants_none(out.says)
    who = "customer,third_party,court"
    *choices, out = WORDS.render(Answer.HOLD_WHO_NEEDED, locale, Form.IM, context(None, {"who": who})).buttons
    assert ",".join(waited_for(each.says) for each in choices) == who
    assert wants_none(out.says)


def test_everything_with_buttons_is_checked_against_the_grammar() -> None:
    # Theirs name the question that they answer, and are taken before the grammar is asked (test_surveys).
    by_key = {NoticeKind.SURVEY_QUESTION, Answer.SURVEY_AGAIN, Internal.CAMPAIGN_QUESTION}
    by_key |= {
        Answer.MATTER_ASKED,
        Answer.SEVERAL_MATTERS,
    }  # taken before the grammar is asked (test_matters, test_apart)
    by_key |= {Answer.UNNAMED_TOO, Answer.UNNAMED_APPEAL}  # likewise (test_anonymous)
    by_key |= {Answer.FORM_ASK}  # the form's own, see below
    by_key |= {name for name, _ in LEADING}
    by_key |= CHOOSING  # see test_asked_back
    by_key |= {Answer.LIMIT_NEEDED, Answer.HOLD_LIMIT_NEEDED, Answer.HOLD_WHO_NEEDED}  # see below
    offering = {name for name in NAMES if WORDS.render(name, "zh", Form.IM, FULL).buttons} - by_key
    assert offering == {row[0] for row in SPOKEN} | {"please_phone"}
    taken = context(Case(status=Status.WORKING))
    assert WORDS.render("overdue", "zh", Form.IM, taken).buttons == ()


CHOOSING = {
    Answer.UNCLEAR_CUSTOMER, Answer.UNCLEAR_STAFF, Answer.WHICH_COMPLAINT, Answer.SEVERITY_NEEDED, Answer.CALL_OUTCOME_NEEDED,
    Answer.CALL_BACK_NEEDED, Answer.UNNAMED_WHICH, Answer.QUEUE_UNKNOWN, Answer.UNKNOWN_NUMBER, Answer.NOTHING_FITS,
    Answer.WHO_NEEDED, Answer.DECISION_UNCLEAR, Answer.CORRECTION_NEEDED,
}  # fmt: skip

LEADING = [
    (NoticeKind.GRADE_PROPOSED, ["confirm", "refuse"]),
    (NoticeKind.ALL_CLEAR, ["refuse"]),
    (Answer.STILL_GRAVE, ["refuse", "confirm"]),
    (NoticeKind.MAJOR_CASE, ["order", "order", "comment"]),
    (NoticeKind.BULLETIN, ["order", "order", "comment"]),
    (NoticeKind.WORDS_HELD, ["send", "reword", "keep_back"]),
    (NoticeKind.ORDER, [None]),
]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(("name", "commands"), LEADING, ids=[row[0] for row in LEADING])
def test_a_button_of_a_leader_or_of_one_voice_is_its_command(name: str, commands: list[str], locale: str) -> None:
    facts = {"to": "S1", "from": "S4", "words": "WORDS", "what": "report"}
    buttons = WORDS.render(name, locale, Form.IM, context(Case(), facts)).buttons
    read = [command(button.says) for button in buttons]
    assert [each.name if each is not None else None for each in read] == commands
    for button, each in zip(buttons, read, strict=True):
        assert (
            each.reference == REFERENCE
            if each is not None
            else understand(button.says, Speaker.HANDLER).verb is Verb.ACCEPT
        )


ADVISED = [
    ("acknowledgement", Speaker.CUSTOMER, "进度", Verb.STATUS),
    ("unclear_customer", Speaker.CUSTOMER, "人工", Verb.PERSON),
    ("help_customer", Speaker.CUSTOMER, "催办", Verb.URGE),
    ("help_customer", Speaker.CUSTOMER, "补充 0007 今天又这样了", Verb.ADD),
    ("help_customer", Speaker.CUSTOMER, "撤销", Verb.WITHDRAW),
    ("help_customer", Speaker.CUSTOMER, "我的投诉", Verb.LIST),
    ("help_customer", Speaker.CUSTOMER, "English", Verb.LANGUAGE),
    ("help_customer", Speaker.CUSTOMER, "3栋电梯坏了三天没人修", Verb.COMPLAIN),
    ("acknowledgement", Speaker.CUSTOMER, "我的数据", Verb.MY_DATA),
    ("no_complaints", Speaker.CUSTOMER, "3栋电梯坏了三天没人修", Verb.COMPLAIN),
    ("help_staff", Speaker.HANDLER, "进展 已约周六上门", Verb.REPORT),
    ("help_staff", Speaker.HANDLER, "方案 更换整套门锁，费用公司承担", Verb.PLAN),
    ("help_staff", Speaker.HANDLER, "办结 已更换门锁", Verb.DONE),
    ("help_staff", Speaker.HANDLER, "0007 办结 已更换门锁", Verb.DONE),
    ("help_staff", Speaker.HANDLER, "延期 1天 等配件", Verb.EXTEND),
    ("help_staff", Speaker.HANDLER, "退单 不是我们的项目", Verb.GIVE_BACK),
    ("help_staff", Speaker.HANDLER, "我的待办", Verb.LIST),
    ("help_staff", Speaker.EMPLOYEE, "我的投诉 客户李女士 138…，3栋电梯坏了三天没人修", Verb.COMPLAIN_FOR),
    ("help_centre", Speaker.SUPERVISOR, "待受理", Verb.LIST),
    ("help_centre", Speaker.SUPERVISOR, "派单 0007 @张三", Verb.ASSIGN),
    ("help_centre", Speaker.SUPERVISOR, "定级 0007 重大", Verb.GRADE),
    ("help_centre", Speaker.SUPERVISOR, "驳回 0007 理由不充分", Verb.REJECT),
    ("finder_recorded", Speaker.EMPLOYEE, "我的录入", Verb.LIST),
    ("help_customer", Speaker.CUSTOMER, "urge", Verb.URGE),
    ("help_customer", Speaker.CUSTOMER, "withdraw", Verb.WITHDRAW),
    ("help_customer", Speaker.CUSTOMER, "call me", Verb.PERSON),
    ("help_customer", Speaker.CUSTOMER, "my complaints", Verb.LIST),
    ("help_customer", Speaker.CUSTOMER, "add to 0007: it has happened again", Verb.ADD),
    ("help_customer", Speaker.CUSTOMER, "Chinese", Verb.LANGUAGE),
    ("help_staff", Speaker.HANDLER, "progress: visiting on Saturday morning", Verb.REPORT),
    ("help_staff", Speaker.HANDLER, "plan: replace the whole lock at our cost", Verb.PLAN),
    ("help_staff", Speaker.HANDLER, "done replaced the lock", Verb.DONE),
    ("help_staff", Speaker.HANDLER, "extend 1 day waiting for parts", Verb.EXTEND),
    ("help_staff", Speaker.HANDLER, "give back, wrong building", Verb.GIVE_BACK),
    (
        "help_staff",
        Speaker.EMPLOYEE,
        "my complaints: Mrs Lee 138…, The lift in block 3 has been broken for three days",
        Verb.COMPLAIN_FOR,
    ),
    ("finder_recorded", Speaker.EMPLOYEE, "my entries", Verb.LIST),
    ("help_centre", Speaker.SUPERVISOR, "queue", Verb.LIST),
    ("help_centre", Speaker.SUPERVISOR, "grade 0007 major", Verb.GRADE),
    ("who_needed", Speaker.SUPERVISOR, f"assign {REFERENCE} to Tom Baker", Verb.ASSIGN),
]


@pytest.mark.parametrize(("name", "speaker", "says", "verb"), ADVISED, ids=[row[2] for row in ADVISED])
def test_what_the_words_advise_to_say_is_understood(name: str, speaker: Speaker, says: str, verb: Verb) -> None:
    assert understand(says, speaker, Pending.NONE).verb is verb
    shown = context(Case(), items=[]) | {"privacy": "https://example.com/privacy"}
    assert any(says in WORDS.render(name, locale, Form.IM, shown).text for locale in LOCALES)
