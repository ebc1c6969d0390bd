"""What is said of promises, clocks and limits: by their names, in time, too late, and what to reply."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import timedelta

import pytest

import bot.words
from bot.answers import Answer, Internal
from bot.words import templates_dir
from complaints.change import NoticeKind
from complaints.vocabulary import Milestone
from connectors.port import Form
from tests.unit.bot.words_kit import DUE, FULL, NOW, SHANGHAI, WORDS, Case, Item, context


@pytest.mark.parametrize(
    ("locale", "called", "code"), [("zh", "“上门查看和办结”", "请尽快办理"), ("en", "site visit and ", "see to it")]
)
def test_a_companys_own_clock_is_called_by_its_name(locale: str, called: str, code: str) -> None:
    clocks = {"site_visit": {"zh": "上门查看", "en": "site visit"}}
    facts = {"clock": "site_visit", "clocks": "site_visit,complete", "due": "2026-03-05T10:00:00+00:00"}
    said = WORDS.render(NoticeKind.REMINDER, locale, Form.IM, context(Case(), facts, clocks=clocks)).text
    assert called in said
    assert code in said
    assert "site_visit" not in said


def test_what_keeps_a_companys_own_clock_is_what_its_profile_says() -> None:
    facts = {"clock": "upper_reply", "due": DUE.isoformat()}
    kept_by = {"upper_reply": [Milestone.RESOLVED, Milestone.ANSWERED]}
    for locale, replies in (
        ("zh", "回复“办结 结果”或“答复客户 内容”。"),
        ("en", "“done” and the result or “answer customer"),
    ):
        said = WORDS.render(NoticeKind.REMINDER, locale, Form.IM, context(Case(), facts, kept_by=kept_by)).text
        assert replies in said
    closing = context(Case(), facts, kept_by={"upper_reply": [Milestone.CLOSED]})
    assert "回复“进展" not in WORDS.render(NoticeKind.REMINDER, "zh", Form.IM, closing).text


@pytest.mark.parametrize(
    ("clock", "met_by", "replies"),
    [
        ("accept", [Milestone.PHONED], "办好后回复“已电话”。"),
        ("callback", [Milestone.PLAN_ANSWERED, Milestone.RESOLVED], "回复“已回访 接受”或“办结 结果”。"),
        ("complete", [Milestone.ANSWERED, Milestone.RESOLVED], "请回复“办结 结果”。"),
        ("first_contact", [Milestone.PROGRESS], "办好后回复“进展 情况”。"),
    ],
)
def test_what_keeps_a_clock_that_a_company_changed_is_what_its_profile_says(
    clock: str, met_by: list[Milestone], replies: str
) -> None:
    facts = {"clock": clock, "due": DUE.isoformat()}
    for case in (Case(), Case(anonymous=True)):
        given = context(case, facts, kept_by={clock: met_by})
        assert replies in WORDS.render(NoticeKind.REMINDER, "zh", Form.IM, given).text


def test_every_reply_that_keeps_a_clock_is_to_a_milestone() -> None:
    table = tomllib.loads((templates_dir() / "_layout" / "zh" / "words.toml").read_text("utf-8"))
    assert set(table["keeps"]) <= set(Milestone)
    assert set(table["todo"]) == {"other", *bot.words._ADVISED}


@pytest.mark.parametrize(
    "name", ["acknowledgement", "taken_up", "extended", "reopened", "urge_recorded", "plan_refused"]
)
def test_the_next_promise_is_told(name: str) -> None:
    """R-018, R-019."""
    for form in Form:
        assert "11月22日(周日) 15:00" in WORDS.render(name, "zh", form, FULL).text
        assert "Sun 22 Nov, 15:00" in WORDS.render(name, "en", form, FULL).text


def test_a_promise_that_was_broken_is_owned_and_not_repeated() -> None:
    late = context(Case(due=NOW - timedelta(hours=1)), {})
    for name in ("status", "urge_recorded"):
        text = WORDS.render(name, "zh", Form.IM, late).text
        assert "没做到" in text
        assert "最晚" not in text
    assert "15:00" not in WORDS.render("taken_up", "zh", Form.IM, late).text


@pytest.mark.parametrize(
    ("name", "form", "zh", "en"),
    [
        ("first_contact", Form.IM, "前和您联系，我们没有做到", "promised to get in touch with you by"),
        ("investigate_feedback", Form.SMS, "前告诉您查到的情况，我们没做到", "promised to tell you what we found by"),
        ("a clock of the company's own", Form.IM, "前答复您，我们没有做到", "promised to answer you by"),
    ],
)
def test_a_broken_promise_is_told_in_the_customers_words(name: str, form: Form, zh: str, en: str) -> None:
    facts = {"clock": name, "due": (NOW - timedelta(hours=1)).isoformat()}
    for locale, words, no_time in (("zh", zh, "新的?时间.*定"), ("en", en, "no new time")):
        said = WORDS.render("promise_missed", locale, form, context(Case(), facts)).text
        assert words in said
        assert re.search(no_time, said)
        assert Case().assignee in said
        ahead = context(Case(), facts | {"next": NOW.isoformat()})
        assert not re.search(no_time, WORDS.render("promise_missed", locale, form, ahead).text)


@pytest.mark.parametrize(
    ("name", "late"),
    [
        (Answer.ACCEPT_DONE, "办好的时限（3月2日"),
        (NoticeKind.ASSIGNED, "前（已超时）"),
        (NoticeKind.GIVEN_BACK, "前（已超时）"),
        (NoticeKind.BULLETIN, "（已超时）"),
    ],
)
def test_a_limit_in_the_past_is_told_as_past(name: str, late: str) -> None:
    """Nobody is told to be done by a day that is over."""
    gone = NOW - timedelta(days=1)
    over = Case(due=gone - timedelta(hours=1), work_due=gone, next_due=None)
    assert "超时" not in WORDS.render(name, "zh", Form.IM, context(Case(), {})).text
    said = WORDS.render(name, "zh", Form.IM, context(over, {})).text
    assert late.replace("3月2日", f"{gone.astimezone(SHANGHAI):%-m月%-d日}") in said
    assert "最晚" not in said


def test_whoever_takes_it_over_is_told_the_next_limit() -> None:
    case = Case(work_due=NOW - timedelta(days=1))
    assert "接下来的时限：“接单”" in WORDS.render(NoticeKind.ASSIGNED, "zh", Form.IM, context(case, {})).text


def test_a_list_and_a_short_message_tell_the_limit_that_comes_first() -> None:
    """接单 comes before the work is due: neither passes it over."""
    accept, due = NOW + timedelta(hours=3), NOW + timedelta(days=3)
    said = WORDS.render(NoticeKind.ASSIGNED, "zh", Form.SMS, context(Case(work_due=due, next_due=accept), {})).text
    assert "“接单”11月21日(周六) 14:00前，请回复“接单”" in said
    line = Item(due=due, next_due=accept, next_clock="accept")
    for name in (Answer.QUEUE, Answer.TASKS, Answer.ENTERED):
        said = WORDS.render(name, "zh", Form.IM, context(Case(), {}, items=[line])).text
        assert re.search("“接单”11月21日.* 14:00 到期，时限 11月24日", said)
        late = replace(line, next_due=NOW - timedelta(hours=1))
        said = WORDS.render(name, "zh", Form.IM, context(Case(), {}, items=[late])).text
        assert re.search("“接单”11月21日.* 10:00 到期，已超时，时限 11月24日", said)
        said = WORDS.render(name, "zh", Form.IM, context(Case(), {}, items=[Item(due=due)])).text
        assert re.search("，11月24日.* 到期）", said)


def test_whoever_phones_after_a_limit_says_that_it_has_passed() -> None:
    for due, said in ((NOW - timedelta(hours=1), "前完成，已超时"), (NOW + timedelta(hours=1), "截止，")):
        facts = {"due": due.isoformat(), "clock": "complete", "who": "WHO"}
        assert said in WORDS.render(NoticeKind.PLEASE_PHONE, "zh", Form.IM, context(Case(), facts)).text


def test_nobody_is_advised_to_ask_for_more_time_that_is_asked_for() -> None:
    facts = {"due": DUE.isoformat(), "clock": "complete"}
    wished = context(Case(extension_asked="complete"), facts)
    assert "回复“延期" in WORDS.render(NoticeKind.REMINDER, "zh", Form.IM, context(Case(), facts)).text
    for name in (NoticeKind.REMINDER, NoticeKind.OVERDUE, NoticeKind.ESCALATION):
        said = WORDS.render(name, "zh", Form.IM, wished).text
        assert "延期申请还在等审批" in said
        assert "回复“延期" not in said


def test_a_refused_plan_is_not_put_off_until_the_limit_of_the_whole() -> None:
    for form in (Form.IM, Form.SMS):
        said = WORDS.render("plan_refused", "zh", form, FULL).text
        assert "马上告诉您" in said
        assert "最晚" in said
        said = WORDS.render("plan_refused", "en", form, FULL).text
        assert "as soon as there is one" in said or "at once" in said
        assert "at the latest" in said


@pytest.mark.parametrize(("count", "said"), [("1", "1 open complaint: "), ("2", "2 open complaints: ")])
def test_the_limits_of_one_complaint_are_of_one(count: str, said: str) -> None:
    facts = {"count": count, "later": count, "earlier": "0"}
    assert said in WORDS.render(Internal.CALENDAR_CHANGED, "en", Form.IM, context(None, facts, items=[])).text
