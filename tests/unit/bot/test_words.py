"""Every notice and answer, in every locale and form: complete, inert, and fit for the channel that carries it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.words
import complaints
from bot.answers import Answer, Internal, Why
from bot.pacing import Wait
from bot.shown import inert
from bot.words import LOCALES, Rendered, Words, templates_dir
from complaints.change import NoticeKind
from complaints.permissions import Errand, Step
from complaints.vocabulary import Rating, Severity, Status
from connectors.port import Form
from tests.unit.bot.words_kit import (
    ABOUT_ONE,
    CHINESE,
    FACTS,
    FULL,
    HOTLINE,
    NAMES,
    NOW,
    REFERENCE,
    SHANGHAI,
    WORDS,
    Case,
    Item,
    context,
    minimal,
)


def everything() -> Iterator[tuple[str, str, Form, Rendered]]:
    late = context(replace(Case(), due=NOW - timedelta(hours=1), status=Status.WORKING))
    other = context(
        Case(status=Status.RESOLVED, round=1, severity=Severity.S0), FACTS | {"granted": "no", "agreed": "no"}
    )
    proposed = context(Case(status=Status.PROPOSED), {"staff": "yes", "rating": "neutral", "round": "1"})
    for name in NAMES:
        for locale in LOCALES:
            for form in Form:
                for shown in (FULL, late, other, proposed, minimal(name)):
                    yield name, locale, form, WORDS.render(name, locale, form, shown)


def test_every_notice_speaks_in_every_locale_and_form() -> None:
    for name, locale, form, rendered in everything():
        where = f"{name}/{locale}/{form}"
        assert rendered.text, where
        said = f"{rendered.subject}\n{rendered.text}" if form is Form.EMAIL else rendered.text
        assert not re.search(r"[{}]|\[\[|None\b|Undefined|\d{4}-\d\d-\d\dT|\n\n\n|[ \t]\n", said), f"{where}: {said}"
        assert (rendered.subject is None) == (form is not Form.EMAIL), where
        if rendered.subject is not None:
            assert "\n" not in rendered.subject
            assert len(rendered.subject) <= 80
        # A status that has everything at once (parts, a task force, a proposal, a group, notes) is nobody's. The
        # centre's help names all of its words.
        most = 2 if name in ("status", "help_centre") and form is not Form.SMS else 1
        assert len(rendered.text) <= most * {Form.IM: 900, Form.SMS: 500, Form.EMAIL: 1200}[form], where
        if locale == "en":
            assert not CHINESE.search(said + str(rendered.buttons)), f"{where}: {said}"


def test_what_needs_a_complaint_is_never_answered_without_one() -> None:
    """The words of these name its number: whoever answers so passes it on, as the second of what they pass."""
    calls = [
        [ast.unparse(given) for given in node.args]
        for file in Path(bot.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
    ]
    for answer in ABOUT_ONE:
        told = [given for given in calls if f"Answer.{answer.name}" in given]
        assert told, answer
        assert [given for given in told if len(given) < 2 or "None" in given] == []


def test_every_folder_belongs_to_something_that_is_said() -> None:
    assert {folder.name for folder in templates_dir().iterdir()} == {*NAMES, "_layout"}
    assert len(set(NAMES)) == len(NAMES)
    parts = {"im.txt", "sms.txt", "email.txt", "buttons.txt"}
    for name in NAMES:
        files = {locale: {file.name for file in (templates_dir() / name / locale).iterdir()} for locale in LOCALES}
        assert files["zh"] == files["en"], f"{name}: a form is missing in one language"
        assert {"im.txt"} <= files["zh"] <= parts, name
        assert {folder.name for folder in (templates_dir() / name).iterdir()} == set(LOCALES)
    WORDS.check(NAMES)


def test_every_code_has_a_word_in_both_locales() -> None:
    tables = [
        tomllib.loads((templates_dir() / "_layout" / locale / "words.toml").read_text("utf-8")) for locale in LOCALES
    ]
    for table in tables:
        assert set(table["status"]) == set(table["desk_status"]) == set(Status)
        assert set(table["severity"]) == set(Severity)
        assert set(table["rating"]) == {*Rating, "unrated"}
        assert set(table["kind"]) == {*NoticeKind, *Internal}
        assert set(table["act"]) == {*Step, *Errand}
        assert set(table["waits"]) == set(Wait)
        assert set(table["instead"]) == set(Status)
        assert set(table["why"]) == set(Why)
    chinese, english = ({name: set(table) for name, table in tables_.items()} for tables_ in tables)
    # What the rules say is English already: only Chinese needs a word for all of it.
    assert english.pop("detail") <= chinese.pop("detail")
    assert english.pop("zone") <= chinese.pop("zone"), "English calls a zone by its name"
    assert chinese == english


def test_the_reasons_of_refusals_are_known_by_words_that_the_rules_still_use() -> None:
    rules = " ".join(file.read_text("utf-8") for file in _rules())
    for locale in LOCALES:
        table = tomllib.loads((templates_dir() / "_layout" / locale / "words.toml").read_text("utf-8"))
        parts = [part for pattern in table["detail"] for part in re.split(r"\(\?P<\w+>.*?\)", pattern)]
        assert [part for part in parts if part not in rules] == []
    refused = context(None, {"number": REFERENCE, "status": "proposed", "staff": "yes", "doer": "yes"})
    assert "方案在等客户答复，可以" in WORDS.render("refused_illegal_step", "zh", Form.IM, refused).text
    refused = context(None, {"number": REFERENCE, "status": "closed"})
    assert "已结案" in WORDS.render("refused_illegal_step", "zh", Form.IM, refused).text
    refused = context(Case(), {"detail": f"{REFERENCE}: nobody decides on their own request"})
    assert "不能审批自己的申请" in WORDS.render("refused_illegal_step", "zh", Form.IM, refused).text


def _rules() -> list[Path]:
    return [*Path(complaints.__file__).parent.glob("*.py"), *Path(bot.__file__).parent.rglob("*.py")]


@pytest.mark.parametrize("notice", ["help_customer", "closed_unsettled"])
@pytest.mark.parametrize("locale", LOCALES)
def test_r003_who_supervises_us_is_told_where_it_is_known(notice: str, locale: str) -> None:
    facts = context(Case(), {"channels": "yes", "reason": "REASON"})
    words = Words("Harbour Homes", "", SHANGHAI, supervision="010-11112222", mailbox="chief@example.com")
    told = words.render(notice, locale, Form.IM, facts | {"hotline": ""}).text
    assert "010-11112222" in told
    assert "chief@example.com" in told
    plain = Words("Harbour Homes", "", SHANGHAI).render(notice, locale, Form.IM, facts | {"hotline": ""}).text
    assert "监督电话" not in plain
    assert "supervises" not in plain


def test_a_chinese_reader_is_refused_in_chinese() -> None:
    """Whatever a rule refuses is English; each has words in Chinese, known by a part of it."""
    raised = [
        "".join(str(part.value) if isinstance(part, ast.Constant) else "S1" for part in message.values)
        for file in _rules()
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name)
        if node.exc.func.id == "IllegalStep" and len(node.exc.args) == 1
        if isinstance(message := node.exc.args[0], ast.JoinedStr)
    ]
    assert len(raised) > 30
    said = {
        text: WORDS.render("refused_illegal_step", "zh", Form.IM, context(None, {"detail": text})).text
        for text in raised
    }
    assert [text for text, words in said.items() if re.search("[a-z]{3}", words)] == []


def test_what_is_missing_has_its_words_in_chinese() -> None:
    wanted = {
        node.args[0].value
        for file in _rules()
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Missing"
        if isinstance(node.args[0], ast.Constant)
    }
    assert len(wanted) > 10
    said = {
        what: WORDS.render("refused_missing", "zh", Form.IM, context(None, {"what": what, "detail": "S1: say it"})).text
        for what in map(str, wanted)
    }
    assert [what for what, words in said.items() if re.search("[a-z]{2}", words)] == []


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("answer", [Answer.HELP_CUSTOMER, Answer.HELP_STAFF, Answer.HELP_CENTRE])
def test_help_by_sms_ends_with_the_hotline_within_two_parts(answer: Answer, locale: str) -> None:
    said = WORDS.render(answer, locale, Form.SMS, FULL).text
    assert said.endswith(HOTLINE)
    assert len(said) <= (134 if locale == "zh" else 306)


def test_english_counts_and_lists_as_people_do() -> None:
    def said(name: str, **facts: str) -> str:
        return WORDS.render(name, "en", Form.IM, context(Case(), facts)).text

    assert "has been passed on once" in said("assigned", before="Ann", transfers="1")
    assert "has been passed on 3 times" in said("assigned", before="Ann", transfers="3")
    assert "asked again." in said("force_news", news="silent", who="Ann", count="1")
    assert "1 practice complaint was put away" in said("drill_state", changed="yes", ended="1")
    assert "You have been asked 2 times" in said("please_phone", who="Ann", asked="2")
    merged = said("grouping_done", what="merge", numbers="TS1、TS2", into="TS3", people="2")
    assert "TS1, TS2 merged into TS3" in merged
    told = said("acknowledgement", emergency="110,119,120")
    assert re.search(r"\.\w", told.replace(REFERENCE, "").split("hotline", 1)[1].replace("example.com", "")) is None, (
        told
    )


@pytest.mark.parametrize("notice", [Internal.UNDELIVERABLE, Internal.QUARANTINED])
def test_a_reason_that_people_read_has_its_words_in_their_language(notice: Internal) -> None:
    for why in Why:
        facts = {"why": why, "number": "17", "kind": "assigned", "channel": "email", "detail": "550 no such user"}
        chinese = WORDS.render(notice, "zh", Form.IM, context(None, facts)).text
        reason = chinese.split("原因：")[1].split("\n")[0]
        assert CHINESE.search(reason)
        assert "550" not in chinese
        assert why not in WORDS.render(notice, "en", Form.IM, context(None, facts)).text
    assert "complaintbot quarantine show 17" in chinese or notice is not Internal.QUARANTINED


def test_the_first_answer_asks_once_and_says_what_the_data_is_for() -> None:
    text = WORDS.render("acknowledgement", "zh", Form.IM, FULL | {"privacy": "https://example.com/p"}).text
    assert "姓名、联系电话和房号或地址" in text
    assert "可直接回复，或回复“跳过”" in text
    assert "只用来处理您反映的事" in text
    assert "https://example.com/p" in text
    assert "只用来处理" not in WORDS.render("acknowledgement", "zh", Form.IM, FULL).text
    assert "跳过" not in WORDS.render("acknowledgement", "zh", Form.IM, context(Case(), {})).text
    urgent = context(Case(severity=Severity.S0))
    assert "119" in WORDS.render("acknowledgement", "zh", Form.IM, urgent).text


def test_the_survey_tells_the_result_and_its_round() -> None:
    """R-083, R-085."""
    again = WORDS.render("survey", "zh", Form.IM, FULL)
    assert "第2次" in again.text
    assert "RESULT" in again.text
    assert "1–5（5 非常满意，1 很不满意）" in again.text
    assert [button.label for button in again.buttons] == ["满意", "一般", "不满意"]
    assert "第" not in WORDS.render("survey", "zh", Form.IM, context(Case(), FACTS | {"round": "1"})).text


def test_a_closing_without_agreement_names_the_ways_that_are_left() -> None:
    text = WORDS.render("closed_unsettled", "zh", Form.IM, FULL).text
    assert all(way in text for way in ("12345", "调解", "法院"))


def test_whoever_names_nobody_or_several_reads_which() -> None:
    facts = {"who": "张三", "names": "张伟、李娜"}

    def said(**more: str) -> str:
        return WORDS.render("who_needed", "zh", Form.IM, context(Case(), facts | more)).text

    assert said(offer="able", assigns="yes").startswith(
        "没有叫“张三”的同事。\n能办这类事的有：张伟、李娜。\n派给谁？回复“派单"
    )
    assert said(offer="near", assigns="yes").startswith("没有叫“张三”的同事。\n您是说 张伟、李娜 吗？\n派给谁？")
    assert said(offer="named", assigns="yes").startswith("叫“张三”的同事不止一位。\n是哪一位：张伟、李娜？")
    assert "派" not in said(offer="near"), "who calls somebody in, or names them, does not give the work away"


# Whatever people write is a value: it is shown, never run, and it calls nobody.

HOSTILE = (
    "{{7*7}} {% raw %}{# x #}\r\n@all @所有人 ＠Everyone @ all <!channel>"
    "\x00\x07\x1b[31m\u202egnp\u2066\u200b\ufeff\ud83d end"
)


def test_hostile_text_comes_out_inert_everywhere() -> None:
    case = Case(
        summary=HOSTILE, result=HOSTILE, plan=HOSTILE, last_progress=HOSTILE, assignee=HOSTILE, customer=HOSTILE,
        phone=HOSTILE, place=HOSTILE,
    )  # fmt: skip
    facts = dict.fromkeys(FACTS, HOSTILE) | {"due": HOSTILE, "round": "2", "granted": "yes"}
    given = context(case, facts, to=HOSTILE, items=[Item(summary=HOSTILE, who=HOSTILE)])
    bad = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
    seen = 0
    for name in NAMES:
        for locale in LOCALES:
            for form in Form:
                rendered = WORDS.render(name, locale, form, given)
                said = f"{rendered.subject}\n{rendered.text}\n{rendered.buttons}"
                assert "49" not in said, said
                assert not bad.search(f"{rendered.subject}{rendered.text}"), said
                assert not re.search(r"@\s*(all|所有人|everyone)|＠\s*everyone|<!", said, re.IGNORECASE), said
                said.encode("utf-8")
                seen += "{{7*7}} {% raw %}" in said
    assert seen > 100


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("厕所漏水", "厕所漏水", id="plain"),
        pytest.param("a@all.example", "a@\u200ball.example", id="at all"),
        pytest.param("@\u200b所有人", "@\u200b所有人", id="inert already"),
        pytest.param("@\u200d所有人", "@\u200b\u200d所有人", id="hidden joiner"),
        pytest.param("@张三", "@张三", id="one person"),
        pytest.param("a\r\nb\rc\x0bd\u2028e\tf", "a\nb\nc\nd\ne f", id="line breaks"),
        pytest.param("👨\u200d👩\u200d👧 ❤\ufe0f", "👨\u200d👩\u200d👧 ❤\ufe0f", id="emoji stay whole"),
        pytest.param("\ud83d", "\ufffd", id="half of a pair"),
        pytest.param("abc\u202edef", "abcdef", id="direction"),
    ],
)
def test_inert(text: str, expected: str) -> None:
    assert inert(text) == expected


@settings(deadline=None)
@given(st.text())
def test_inert_twice_is_inert_once(text: str) -> None:
    once = inert(text)
    assert inert(once) == once
    once.encode("utf-8")


def test_a_line_break_in_a_summary_makes_no_second_header() -> None:
    given = context(Case(summary="lock\r\nBcc: everybody@example.org"))
    subject = WORDS.render("acknowledgement", "en", Form.EMAIL, given).subject
    assert subject == f"[{REFERENCE}] lock Bcc: everybody@example.org".replace("@everybody", "@\u200beverybody")


def test_the_subject_names_the_complaint_or_the_company() -> None:
    long = context(Case(summary="厨房的水管一直在漏水" * 10))
    subject = WORDS.render("progress", "zh", Form.EMAIL, long).subject
    assert subject is not None
    assert subject.startswith(f"[{REFERENCE}] 厨房")
    assert len(subject) <= len(REFERENCE) + 3 + 40
    assert subject.endswith("…")
    assert WORDS.render("help_staff", "zh", Form.EMAIL, context(None, {})).subject == "Harbour Homes"


def test_a_mail_has_a_greeting_a_signature_and_says_how_to_answer() -> None:
    text = WORDS.render("progress", "zh", Form.EMAIL, FULL).text
    assert text.startswith("TO，您好：")
    assert text.endswith(f"Harbour Homes\n电话 {HOTLINE}")
    assert "直接回复这封邮件" in text
    assert WORDS.render("progress", "zh", Form.EMAIL, minimal("progress")).text.startswith("您好：")


def test_nobody_says_that_they_ring_whom_nobody_can() -> None:
    unnamed = context(Case(anonymous=True))
    for name in ("promise_missed", "promise_moved", "extended"):
        assert "打电话" not in WORDS.render(name, "zh", Form.IM, unnamed).text
        assert "ring" not in WORDS.render(name, "en", Form.IM, unnamed).text


@pytest.mark.parametrize("form", Form)
def test_what_the_night_kept_back_is_read_in_all_its_words(form: Form) -> None:
    told = [(kind, context(Case(), FACTS)) for kind in (NoticeKind.TAKEN_UP, NoticeKind.PROMISE_MISSED)]
    both = WORDS.together(told, "zh", form)
    first, second = (WORDS.render(kind, "zh", form, given) for kind, given in told)
    assert both.text.count(HOTLINE) <= second.text.count(HOTLINE) + (form is Form.IM) * first.text.count(HOTLINE)
    assert both.subject == second.subject
    for alone in (first, second):
        [longest] = sorted(alone.text.replace("咨询 " + HOTLINE, "").splitlines(), key=len)[-1:]
        assert longest in both.text
    if form is Form.EMAIL:
        assert both.text.count("您好：") == 1
        other = [told[0], (NoticeKind.RESUMED, context(Case(reference="TS20261121-0008"), FACTS))]
        assert "TS2026" not in str(WORDS.together(other, "zh", form).subject)
