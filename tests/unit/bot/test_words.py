"""Every notice and answer, in every locale and form: complete, inert, and fit for the channel that carries it."""

from __future__ import annotations

import ast
import errno
import itertools
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import FileSystemBytecodeCache

import bot.words
import complaints
from bot.answers import Answer, Internal, Why
from bot.grammar import Pending, Speaker, Verb, understand
from bot.grammar.calls import outcome
from bot.grammar.duties import ticked
from bot.grammar.leaders import said as command
from bot.grammar.tools import asks_next_page, read_move
from bot.pacing import Wait
from bot.task_views import Part, PlanStep, Proof, Seat, Thought
from bot.views import Note
from bot.words import (
    LOCALES,
    Rendered,
    Words,
    block,
    fit,
    inert,
    known_locale,
    mobiles_masked,
    name_masked,
    phone_masked,
    short,
    templates_dir,
)
from complaints.change import NoticeKind
from complaints.errors import ConfigError
from complaints.parts.weighing import Ground, Proposal
from complaints.permissions import Errand, Step
from complaints.vocabulary import Milestone, Rating, Severity, Status
from connectors.port import Button, Form

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
DUE = NOW + timedelta(hours=28)  # Sunday 22 November, 15:00 in Shanghai
REFERENCE = "TS20261121-0007"
HOTLINE = "400-800-1234"
NAMES: tuple[str, ...] = (*NoticeKind, *Answer, *Internal)
TO_CUSTOMERS = frozenset(list(NoticeKind)[: list(NoticeKind).index(NoticeKind.FINDER_RECORDED)])
STAFF_NOTICES = [kind for kind in NoticeKind if kind not in TO_CUSTOMERS]
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
WORDS = Words("Harbour Homes", HOTLINE, SHANGHAI)


PROPOSED = Proposal(Severity.S1, "said_major", "PROPOSED a lawsuit", NOW, Severity.S4)


@dataclass(frozen=True)
class Case:
    """What a template may ask of a complaint."""

    reference: str = REFERENCE
    summary: str = "SUMMARY the lock is broken"
    status: Status = Status.DISPATCHED
    severity: Severity = Severity.S4
    category: str = "QUAL"
    received_at: datetime = NOW
    round: int = 2
    anonymous: bool = False
    flags: tuple[str, ...] = ("upper_transfer", "media")
    kind: str = "complaint"
    result: str = "RESULT replaced the lock"
    plan: str = "PLAN replace the lock"
    last_progress: str = "LATEST visiting on Saturday"
    last_progress_at: datetime | None = NOW
    due: datetime | None = DUE
    work_due: datetime | None = DUE
    assignee: str = "ASSIGNEE"
    customer: str = "CUSTOMER"
    phone: str = "13812345678"
    place: str = "PLACE 5-302"
    files_coming: bool = True
    remedy: str = "REMEDY a new lock"
    occurred: str = "OCCURRED last Friday"
    about_whom: str = "ABOUT the front desk"
    customer_class: str = "owner"
    nature: str = "attitude"
    urged: int = 1
    channel: str = "web"
    files: tuple[str, ...] = ("FILE.jpg", "VOICE.ogg")
    files_missing: tuple[str, ...] = ("FILM.mp4",)
    newest: str = "NEWEST it is dripping again"
    obstacle: str = "OBSTACLE no key to the shaft"
    held_until: datetime | None = DUE
    held_for: str = "customer"
    held_reason: str = "HELD for the key"
    respondents: Sequence[str] = ("ACCUSED",)
    notes: Sequence[Note] = (Note(NOW, "COLLEAGUE", "NOTED among us"),)
    waits: str = "work"
    open_points: int = 2
    visit_at: datetime | None = DUE
    progress_missed: int = 2
    unreleased: str = "UNRELEASED the plumber comes at nine"
    grounds: tuple[str, ...] = ("site", "least")
    load: int = 2
    passed: tuple[tuple[str, str], ...] = (("PASSED", "away"),)
    parts: tuple[Part, ...] = (Part("ASSISTANT", "PART the pipes", "working", DUE, "SAID half of it"),)
    steps: tuple[PlanStep, ...] = (PlanStep(1, "STEP open the wall", "WHO", ""), PlanStep(2, "STEP close it", "", ""))
    evidence: tuple[Proof, ...] = (Proof("PROOF.jpg", "WHO", True),)
    members: tuple[Seat, ...] = (Seat("MEMBER", True), Seat("SILENT", False))
    commander: str = "COMMANDER"
    cause: str = "CAUSE a worn seal"
    cause_kind: str = "facilities"
    responsible: str = "RESPONSIBLE the builder"
    playbook: str = "PLAYBOOK leaks"
    playbook_begun: bool = False
    playbook_steps: tuple[PlanStep, ...] = (
        PlanStep(1, "CLOSE the valve", "WHO", "TOLD"),
        PlanStep(2, "LOOK at it", "", ""),
    )
    opinions: tuple[Thought, ...] = (Thought("ENGINEER", "ASKED how", "THINKS redo it"), Thought("OTHER", "", ""))
    wording: str = "WORDING it is redone by Friday"
    wording_agreed: bool = False
    kept_result: str = "KEPT replaced the lock"
    priority: bool = True
    graded: Sequence[Ground] = (Ground(Severity.S4, "said_hot", NOW, "GROUND a reporter"),)
    proposal: Proposal | None = PROPOSED
    help_needed: str = "HELP a plumber"
    merged_into: str = ""  # nor has it a group then
    group: Sequence[str] = ("TS20261121-0008",)
    people: int = 2
    linked: Sequence[str] = ("TS20261121-0009",)
    repeat_of: str = "TS20261121-0002"
    next_due: datetime | None = DUE
    next_clock: str = "accept"
    extension_asked: str = ""


BARE = Case(
    files_coming=False, remedy="", occurred="", about_whom="", customer_class="", nature="",
    summary="", round=1, result="", plan="", last_progress="",
    last_progress_at=None, due=None, work_due=None,
    assignee="", customer="", phone="", place="", urged=0, files=(), files_missing=(), newest="", obstacle="",
    held_until=None, held_for="", held_reason="", respondents=(), notes=(),
    waits="", open_points=0, visit_at=None, progress_missed=0, unreleased="", priority=False,
    grounds=(), load=0, passed=(), parts=(), steps=(), evidence=(), members=(), commander="",
    cause="", cause_kind="", responsible="", playbook="", playbook_steps=(), opinions=(), wording="",
    kept_result="", graded=(), proposal=None, help_needed="", merged_into="", group=(), people=1, linked=(), repeat_of="",
    next_due=None, next_clock="",
)  # fmt: skip


@dataclass(frozen=True)
class Item:
    reference: str = REFERENCE
    summary: str = "SUMMARY the lock is broken"
    status: Status = Status.WORKING
    due: datetime | None = DUE
    who: str = "WHO"
    kind: str = "assigned"
    phone: str = ""
    priority: bool = True
    part: str = "PART the pipes"
    promise: datetime | None = DUE
    severity: str = "S3"
    clock: str = ""
    late_hours: int = 0
    awaits: str = ""
    since: datetime | None = None
    next_due: datetime | None = None
    next_clock: str = ""


FACTS = {
    "other": "TS20261121-0003",
    "due": DUE.isoformat(), "clock": "plan", "lead": "50%", "count": "2", "late_hours": "3", "comment": "COMMENT",
    "round": "2", "text": "TEXT", "who": "WHO", "reason": "REASON", "limit": "1d", "granted": "yes", "note": "NOTE",
    "from": "S4", "to": "S3", "agreed": "yes", "plan": "PLAN", "result": "RESULT", "ask": "name,phone,place",
    "rating": "satisfied", "as": "satisfied", "kind": "assigned", "detail": "DETAIL", "channel": "email", "number": "12",
    "assignee": "ASSIGNEE", "severity": "S1", "size": "30 MB", "at_most": "25 MB", "roles": "ROLES", "what": "erase",
    "content": "voice", "link": "https://chat.example/bot?start=hello", "private": "yes", "on": "yes", "minutes": "60",
    "why": "refused", "status": "proposed", "staff": "yes",
    "start": DUE.isoformat(), "end": (DUE + timedelta(hours=1)).isoformat(), "side": "staff",
    "question": "plan_told", "of": "3", "told": "plan_told", "not_told": "finish_time_told,plan_clear", "denied": "yes",
    "missed": "2", "since": NOW.isoformat(), "next": DUE.isoformat(), "again": "yes", "finished": "yes", "prodded": "yes",
    "edited": "yes", "assigns": "yes", "continue_at": "https://chat.example/bot?start=c12-abcdefabcdefabcdefabcdef",
}  # fmt: skip


def context(c: Case | None = None, facts: Mapping[str, str] = FACTS, **more: object) -> dict[str, object]:
    given = {"c": c, "facts": facts, "to": "TO", "now": NOW, "items": [Item(), Item(due=None, who="")]}
    return given | {"company": "Harbour Homes", "hotline": HOTLINE} | more


FULL = context(Case())


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


# What is only ever answered about one complaint, as its callers show: see below.
ABOUT_ONE = frozenset({
    Answer.CAUSE_NEEDED, Answer.CAUSE_NOTED, Answer.EVIDENCE_KEPT, Answer.EVIDENCE_NEEDED, Answer.FORCE_NEEDED,
    Answer.FORCE_NOTED, Answer.FORCE_ROOM_SET, Answer.NAMED_DONE, Answer.NOTE_DONE, Answer.NOTE_NEEDED,
    Answer.PART_NOTED, Answer.PART_OVER, Answer.PART_RESULT_NEEDED, Answer.PART_TIME_DONE, Answer.PARTS_GIVEN,
    Answer.PHONE, Answer.RESULT_CONFIRMED, Answer.RESULT_WAITS, Answer.REVEALS, Answer.SIGNED_NEEDED,
    Answer.STEP_TICKED, Answer.STEPS_LEFT, Answer.STEPS_OPEN,
})  # fmt: skip


def minimal(name: str) -> dict[str, object]:
    """A notice is always about a complaint; an answer may be about none, but for those that never are."""
    about_one = name in tuple(NoticeKind) or name in ABOUT_ONE
    return context(BARE if about_one else None, {}, to="", items=[], hotline="")


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


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("王先生 13712345678，3栋", "王先生 137****5678，3栋"),
        ("call +86 137-1234-5678 on 2026-03-02", "call 137****5678 on 2026-03-02"),
        ("TS20261122-0009 花了 13712 元", "TS20261122-0009 花了 13712 元"),
    ],
)
def test_a_number_that_is_masked_beside_a_text_is_masked_in_it(said: str, shown: str) -> None:
    assert mobiles_masked(said) == shown


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


MARKERS = ("SUMMARY", "RESULT", "PLAN", "LATEST", "CUSTOMER", "13812345678", "138*", "5678", "PLACE", "5-302")
FACT_MARKERS = ("COMMENT", "TEXT", "WHO", "REASON", "NOTE", "DETAIL")


# What the only road of an assignee may be has to say where and what; who complained stays out of it.
TWO_PARTS = {"duty_begins", "duty_done", "overdue"}  # with the longest names of clocks and moments
MATTER_BY_SMS = {
    "assigned": {"PLACE", "5-302"},
    "status": {"SUMMARY", "PLACE", "5-302"},  # as staff read it
    "staff_supplement": {"TEXT"},
    "please_phone": {"WHO"},  # a colleague's name: whom to phone
    "pulled_in": {"WHO"},
}


def test_an_sms_to_staff_carries_no_word_of_the_customer_and_no_contact() -> None:
    """R-032; providers and lock screens read along."""
    for name in (*STAFF_NOTICES, *Internal):
        for locale in LOCALES:
            text = WORDS.render(name, locale, Form.SMS, FULL).text
            found = {marker for marker in (*MARKERS, *FACT_MARKERS) if marker in text}
            assert found == MATTER_BY_SMS.get(str(name), set()), f"{name}: {text}"
            if name in STAFF_NOTICES:
                assert REFERENCE in text
                assert text.endswith(HOTLINE)
                assert "\n" not in text
            if name in STAFF_NOTICES and locale == "zh":
                assert len(text) <= (134 if name in MATTER_BY_SMS or name in TWO_PARTS else 70), f"{name}: {text}"


def test_an_sms_says_the_matter_without_the_customers_name_and_number() -> None:
    told = "我家厨房漏水，我叫CUSTOMER，电话138 1234 5678"
    shown = context(Case(summary=told), FACTS | {"text": told, "staff": "yes", "contact": "yes"})
    for name in ("assigned", "staff_supplement", "status", "accept_done"):
        for locale in LOCALES:
            text = WORDS.render(name, locale, Form.SMS, shown).text
            assert "CUSTOMER" not in text
            assert "1234" not in text.replace("400-800-1234", "")
            assert ("厨房漏水" in text) == (name in ("staff_supplement", "status"))


def test_who_has_to_do_with_it_reads_how_to_reach_the_customer() -> None:
    near = context(Case(), {"staff": "yes", "contact": "yes"})
    far = context(Case(), {"staff": "yes"})
    for locale in LOCALES:
        said = WORDS.render("status", locale, Form.IM, near).text.replace("，", ", ")
        assert re.search(r"CUSTOMER, 138\*\*\*\*5678.+, PLACE 5-302", said)
        assert "13812345678" not in said
        assert "CUSTOMER" not in WORDS.render("status", locale, Form.IM, far).text


def test_what_colleagues_note_is_in_no_words_but_their_own_status() -> None:
    """Trap 47: no words for customers, and none that are not asked for by staff, hold a note."""
    facts = {fact: value for fact, value in FACTS.items() if fact != "staff"}
    for name in NAMES:
        for locale, form in itertools.product(LOCALES, Form):
            said = WORDS.render(name, locale, form, context(Case(), facts)).text
            assert "NOTED" not in said, f"{name}: {said}"
            assert "ACCUSED" not in said or name == NoticeKind.NEW_COMPLAINT, f"{name}: {said}"
    for_staff = context(Case(), {"staff": "yes", "notes": "yes"})
    assert "NOTED among us" in WORDS.render("status", "zh", Form.IM, for_staff).text


def test_no_sms_repeats_what_the_customer_told_or_where_they_live() -> None:
    private = ("SUMMARY", "CUSTOMER", "13812345678", "5678", "PLACE", "COMMENT")
    for name in NAMES:
        for locale in LOCALES:
            text = WORDS.render(name, locale, Form.SMS, FULL).text
            matter = MATTER_BY_SMS.get(str(name), set())
            assert [marker for marker in private if marker in text and marker not in matter] == [], f"{name}: {text}"


def test_only_who_has_to_ring_the_customer_reads_the_whole_phone_number() -> None:
    texts = {name: WORDS.render(name, "zh", Form.EMAIL, FULL).text.replace(" ", "") for name in NAMES}
    assert {name for name, text in texts.items() if "13812345678" in text} == {
        NoticeKind.ASSIGNED,
        Answer.ACCEPT_DONE,
        NoticeKind.STAFF_REOPENED,
        NoticeKind.SURVEY_UNANSWERED,
        NoticeKind.SURVEY_REMARK,
        Internal.PERSON_WANTED,
        Answer.PHONE,
        Answer.NAMED_NOW,  # to whom it belongs, who just said it
    }
    assert "138****5678" in WORDS.render("new_complaint", "zh", Form.IM, FULL).text


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


# What the buttons say, and what the words beside them advise to say, is understood.

SPOKEN = [
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
    ("visit_offer", Speaker.HANDLER, Pending.YES_NO, [Verb.UNCLEAR, Verb.UNCLEAR, Verb.DISAGREE]),
    ("visit_echo", Speaker.HANDLER, Pending.YES_NO, [Verb.AGREE, Verb.DISAGREE]),
    ("visit_outcome", Speaker.HANDLER, Pending.NONE, [Verb.REPORT, Verb.REPORT, Verb.NOT_DONE]),
    ("extension_asked", Speaker.SUPERVISOR, Pending.NONE, [Verb.APPROVE, Verb.REJECT]),
    ("process_callback", Speaker.CUSTOMER, Pending.YES_NO, [Verb.AGREE, Verb.DISAGREE]),
    ("progress_release", Speaker.SUPERVISOR, Pending.RELEASE, [Verb.RELEASE, Verb.REWORD, Verb.KEEP_BACK]),
    ("reword_confirm", Speaker.SUPERVISOR, Pending.RELEASE, [Verb.RELEASE, Verb.KEEP_BACK]),
    ("report_confirm", Speaker.HANDLER, Pending.RELEASE, [Verb.RELEASE, Verb.KEEP_BACK]),
    ("give_back_confirm", Speaker.HANDLER, Pending.YES_NO, [Verb.AGREE, Verb.DISAGREE]),
    ("decision_waits", Speaker.SUPERVISOR, Pending.NONE, [Verb.APPROVE, Verb.REJECT]),
    ("hold_asked", Speaker.SUPERVISOR, Pending.NONE, [Verb.APPROVE, Verb.REJECT]),
    ("leave_confirm", Speaker.HANDLER, Pending.YES_NO, [Verb.AGREE, Verb.DISAGREE]),
    ("assign_confirm", Speaker.HANDLER, Pending.YES_NO, [Verb.AGREE, Verb.DISAGREE]),
    ("leave_asked", Speaker.SUPERVISOR, Pending.NONE, [Verb.APPROVE, Verb.REJECT]),
    ("same_matter", Speaker.SUPERVISOR, Pending.NONE, [Verb.MERGE, Verb.APART]),
    ("grouping_confirm", Speaker.SUPERVISOR, Pending.YES_NO, [Verb.AGREE, Verb.DISAGREE]),
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


def test_everything_with_buttons_is_checked_against_the_grammar() -> None:
    # Theirs name the question that they answer, and are taken before the grammar is asked (test_surveys).
    by_key = {NoticeKind.SURVEY_QUESTION, Answer.SURVEY_AGAIN, Internal.CAMPAIGN_QUESTION}
    by_key |= {Answer.MATTER_ASKED}  # taken before the grammar is asked (test_matters)
    by_key |= {Answer.FORM_ASK}  # the form's own, see below
    by_key |= {name for name, _ in LEADING}
    by_key |= CHOOSING  # see test_asked_back
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
    ("help_customer", Speaker.CUSTOMER, "补充 0007 今天又漏了", Verb.ADD),
    ("help_customer", Speaker.CUSTOMER, "撤销", Verb.WITHDRAW),
    ("help_customer", Speaker.CUSTOMER, "我的投诉", Verb.LIST),
    ("help_customer", Speaker.CUSTOMER, "English", Verb.LANGUAGE),
    ("help_customer", Speaker.CUSTOMER, "3栋电梯坏了三天没人修", Verb.COMPLAIN),
    ("acknowledgement", Speaker.CUSTOMER, "我的数据", Verb.MY_DATA),
    ("no_complaints", Speaker.CUSTOMER, "厨房水管漏水，5栋302", Verb.COMPLAIN),
    ("help_staff", Speaker.HANDLER, "进展 已约周六上门", Verb.REPORT),
    ("help_staff", Speaker.HANDLER, "方案 更换整套门锁，费用公司承担", Verb.PLAN),
    ("help_staff", Speaker.HANDLER, "办结 已更换门锁", Verb.DONE),
    ("help_staff", Speaker.HANDLER, "0007 办结 已更换门锁", Verb.DONE),
    ("help_staff", Speaker.HANDLER, "延期 1天 等配件", Verb.EXTEND),
    ("help_staff", Speaker.HANDLER, "退单 不是我们的项目", Verb.GIVE_BACK),
    ("help_staff", Speaker.HANDLER, "我的待办", Verb.LIST),
    ("help_staff", Speaker.EMPLOYEE, "我的投诉 客户李女士，5栋302，燃气灶打不着火", Verb.COMPLAIN_FOR),
    ("help_centre", Speaker.SUPERVISOR, "待受理", Verb.LIST),
    ("help_centre", Speaker.SUPERVISOR, "派单 0007 @张三", Verb.ASSIGN),
    ("help_centre", Speaker.SUPERVISOR, "定级 0007 重大", Verb.GRADE),
    ("help_centre", Speaker.SUPERVISOR, "驳回 0007 理由不充分", Verb.REJECT),
    ("finder_recorded", Speaker.EMPLOYEE, "我的录入", Verb.LIST),
    ("help_customer", Speaker.CUSTOMER, "urge", Verb.URGE),
    ("help_customer", Speaker.CUSTOMER, "withdraw", Verb.WITHDRAW),
    ("help_customer", Speaker.CUSTOMER, "call me", Verb.PERSON),
    ("help_customer", Speaker.CUSTOMER, "my complaints", Verb.LIST),
    ("help_customer", Speaker.CUSTOMER, "add to 0007: it is leaking again", Verb.ADD),
    ("help_customer", Speaker.CUSTOMER, "Chinese", Verb.LANGUAGE),
    ("help_staff", Speaker.HANDLER, "progress: visiting on Saturday morning", Verb.REPORT),
    ("help_staff", Speaker.HANDLER, "plan: replace the whole lock at our cost", Verb.PLAN),
    ("help_staff", Speaker.HANDLER, "done replaced the lock", Verb.DONE),
    ("help_staff", Speaker.HANDLER, "extend 1 day waiting for parts", Verb.EXTEND),
    ("help_staff", Speaker.HANDLER, "give back, wrong building", Verb.GIVE_BACK),
    ("help_staff", Speaker.EMPLOYEE, "my complaints: Mrs Lee in 5-302, gas stove won't light", Verb.COMPLAIN_FOR),
    ("finder_recorded", Speaker.EMPLOYEE, "my entries", Verb.LIST),
    ("help_centre", Speaker.SUPERVISOR, "queue", Verb.LIST),
    ("help_centre", Speaker.SUPERVISOR, "grade 0007 major", Verb.GRADE),
    ("who_needed", Speaker.SUPERVISOR, f"assign {REFERENCE} to Zhang San", Verb.ASSIGN),
]


@pytest.mark.parametrize(("name", "speaker", "says", "verb"), ADVISED, ids=[row[2] for row in ADVISED])
def test_what_the_words_advise_to_say_is_understood(name: str, speaker: Speaker, says: str, verb: Verb) -> None:
    assert understand(says, speaker, Pending.NONE).verb is verb
    shown = context(Case(), items=[]) | {"privacy": "https://example.com/privacy"}
    assert any(says in WORDS.render(name, locale, Form.IM, shown).text for locale in LOCALES)


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


# Templates of one's own


@pytest.fixture
def own(tmp_path: Path) -> Path:
    for locale in LOCALES:
        layout = tmp_path / "_layout" / locale
        layout.mkdir(parents=True)
        for file in (templates_dir() / "_layout" / locale).iterdir():
            (layout / file.name).write_text(file.read_text("utf-8"), "utf-8")
    return tmp_path


def write(directory: Path, name: str, **parts: str) -> None:
    folder = directory / name / "zh"
    folder.mkdir(parents=True, exist_ok=True)
    for part, text in parts.items():
        (folder / f"{part}.txt").write_text(text, "utf-8")


def test_the_templates_are_found_in_a_checkout_and_in_an_installed_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "bot"
    package.mkdir()
    monkeypatch.setattr(bot.words, "__file__", str(package / "words.py"))
    with pytest.raises(ConfigError, match="no templates"):
        templates_dir()
    (tmp_path / "templates" / "_layout").mkdir(parents=True)
    assert templates_dir() == tmp_path / "templates"
    (package / "templates" / "_layout").mkdir(parents=True)
    assert templates_dir() == package / "templates"


def test_forms_fall_back_to_the_im_words(own: Path) -> None:
    write(own, "hello", im="你好 {{ c.reference }}")
    words = Words("C", "", SHANGHAI, own)
    assert words.render("hello", "zh", Form.SMS, FULL).text == f"你好 {REFERENCE}"
    assert f"\n\n你好 {REFERENCE}\n\n" in words.render("hello", "zh", Form.EMAIL, FULL).text


def test_mail_words_may_bring_their_own_subject(own: Path) -> None:
    write(own, "hello", im="im", email="Subject: {{ c.reference }} 您好\n\n正文")
    rendered = Words("C", "", SHANGHAI, own).render("hello", "zh", Form.EMAIL, FULL)
    assert rendered.subject == f"{REFERENCE} 您好"
    assert "\n\n正文\n\n" in rendered.text
    assert "Subject" not in rendered.text


def test_missing_and_broken_words_name_the_file(own: Path) -> None:
    write(own, "typo", im="{{ c.referense }}")
    write(own, "broken", im="{% if %}")
    words = Words("C", "", SHANGHAI, own)
    with pytest.raises(ConfigError, match=r"absent/zh/im\.txt is missing"):
        words.render("absent", "zh", Form.IM, FULL)
    with pytest.raises(ConfigError, match=r"typo/zh/im\.txt.*referense"):
        words.render("typo", "zh", Form.IM, FULL)
    with pytest.raises(ConfigError, match=r"broken/zh/im\.txt"):
        words.check(["broken"])
    with pytest.raises(ConfigError, match=r"words\.toml"):
        Words("C", "", SHANGHAI, own / "nowhere")


def test_an_unknown_locale_speaks_chinese() -> None:
    assert [known_locale(said) for said in ("zh-CN", "en_GB", "EN", "fr", "")] == ["zh", "en", "en", "zh", "zh"]
    assert WORDS.render("thanks", "fr", Form.IM, FULL) == WORDS.render("thanks", "zh", Form.IM, FULL)


# Numbered answers


def test_buttons_become_a_numbered_line_below_the_words() -> None:
    rendered = WORDS.render("plan", "zh", Form.SMS, FULL)
    numbered = WORDS.numbered(rendered)
    assert numbered.text == f"{rendered.text}\n回复序号：1 接受，2 不接受"
    assert numbered.buttons == (Button("接受", f"接受 {REFERENCE}"), Button("不接受", f"不接受 {REFERENCE}"))
    english = WORDS.numbered(WORDS.render("withdraw_confirm", "en", Form.IM, FULL))
    assert english.text.endswith("\nReply with a number: 1 Yes, 2 No")


def test_the_numbered_line_stays_whole_when_room_is_short() -> None:
    rendered = replace(WORDS.render("plan", "zh", Form.IM, FULL), text="很长的方案。" * 50)
    numbered = WORDS.numbered(rendered, 70)
    assert len(numbered.text) <= 70
    assert numbered.text.endswith("…\n回复序号：1 接受，2 不接受")


def test_ratings_are_never_numbered_because_digits_are_scores() -> None:
    rendered = WORDS.render("survey", "zh", Form.SMS, FULL)
    assert rendered.buttons
    assert WORDS.numbered(rendered) == rendered
    assert WORDS.numbered(WORDS.render("thanks", "zh", Form.IM, FULL)).text == "不客气，有事随时说。"


# Shortening


@pytest.mark.parametrize(
    ("text", "max_chars", "expected"),
    [
        pytest.param("短", 5, "短", id="fits"),
        pytest.param("门。锁坏了很久，打不开", 10, "门。锁坏了很久…", id="no sentence end in reach, a pause"),
        pytest.param("门锁坏了很久。打不开", 9, "门锁坏了很久…", id="behind a sentence"),
        pytest.param("the lock is broken again", 15, "the lock is…", id="between words"),
        pytest.param("abcdefghij", 5, "abcd…", id="anywhere"),
        pytest.param("abc👍🏽def", 5, "abc…", id="skin tone"),
        pytest.param("ab👨\u200d👩\u200d👧x", 6, "ab…", id="family"),
        pytest.param("ab🇨🇳🇬🇧", 5, "ab🇨🇳…", id="flags"),
        pytest.param("ab🇨🇳🇬🇧", 4, "ab…", id="half a flag"),
        pytest.param("abe\u0301f", 4, "ab…", id="accent"),
        pytest.param("abc", 1, "…", id="one"),
        pytest.param("abc", 0, "", id="none"),
    ],
)
def test_fit(text: str, max_chars: int, expected: str) -> None:
    assert fit(text, max_chars) == expected


@settings(deadline=None)
@given(st.text(), st.integers(0, 60))
def test_fit_keeps_to_the_limit_and_to_the_beginning(text: str, max_chars: int) -> None:
    cut = fit(text, max_chars)
    assert len(cut) <= max_chars
    assert text.startswith(cut.removesuffix("…"))
    assert cut == text or cut.endswith("…") or not max_chars


def test_short_is_one_line_and_block_keeps_its_lines() -> None:
    assert short(" a \n\n b\tc ", 40) == "a b c"
    assert block(" a \n\n b\tc ") == "a\nb c"
    assert short(None) == block(None) == ""


# Filters


def say(own: Path, template: str, locale: str = "zh", **more: object) -> str:
    folder = own / "probe" / locale
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "im.txt").write_text(template, "utf-8")
    return Words("C", "", SHANGHAI, own).render("probe", locale, Form.IM, context(Case()) | more).text


@pytest.mark.parametrize(
    ("template", "chinese", "english"),
    [
        pytest.param("{{ c.due|when }}", "11月22日(周日) 15:00", "Sun 22 Nov, 15:00", id="when"),
        pytest.param(
            "{{ '2026-11-22T15:00:00+08:00'|when }}", "11月22日(周日) 15:00", "Sun 22 Nov, 15:00", id="ISO text"
        ),
        pytest.param(
            "{{ '2026-12-31T17:05:00+00:00'|when }}", "2027年1月1日(周五) 01:05", "Fri 1 Jan 2027, 01:05", id="year"
        ),
        pytest.param("{{ '2026-11-22T07:00:00'|when }}", "11月22日(周日) 15:00", "Sun 22 Nov, 15:00", id="no zone"),
        pytest.param("{{ 'soon'|when }}.{{ None|when }}", "soon.", "soon.", id="no time"),
        pytest.param("{{ 'resolved'|status }}", "已办结，待您评价", "done, waiting for your rating", id="status"),
        pytest.param("{{ c.status|desk_status }}", "已派单", "assigned", id="desk status"),
        pytest.param("{{ 'S0'|severity }}", "紧急", "urgent", id="severity"),
        pytest.param("{{ 'QUAL'|category }} {{ 'X1'|category }}", "工程质量 X1", "Building quality X1", id="category"),
        pytest.param("{{ 'first_contact'|clock }}", "首次联系", "first contact", id="clock"),
        pytest.param("{{ 'own_clock'|clock }}", "own_clock", "own_clock", id="unknown clock"),
        pytest.param("{{ 'neutral'|rating }}", "一般", "it's okay", id="rating"),
        pytest.param("{{ '1d'|limit }} {{ '3wd'|limit }}", "1天 3个工作日", "1 day 3 working days", id="limit"),
        pytest.param("{{ '0.5h'|limit }} {{ 'x'|limit }}", "0.5小时 x", "0.5 hours x", id="odd limit"),
        pytest.param("{{ 'name,place'|asked }}", "姓名和房号或地址", "name and flat or address", id="asked"),
        pytest.param("{{ 'phone'|asked }}", "联系电话", "phone number", id="asked for one"),
        pytest.param("{{ 'limit'|missing }}", "需要多长时间", "how much time is needed", id="missing"),
    ],
)
def test_filters_speak_the_locale(own: Path, template: str, chinese: str, english: str) -> None:
    assert say(own, template) == chinese
    assert say(own, template, "en") == english


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        ("13812345678", "138****5678"),
        ("+86 138 1234 5678", "138****5678"),
        ("0086-138-1234-5678", "138****5678"),
        ("１３８１２３４５６７８", "138****5678"),
        ("0755-12345678", "075****5678"),
        ("12345678", "12****78"),
        ("+44 7911 123456", "447****3456"),
        ("110", "****"),
        ("", ""),
    ],
)
def test_phone_masked(phone: str, expected: str) -> None:
    assert phone_masked(phone) == expected


def test_name_masked() -> None:
    masked = [name_masked(name) for name in ("张三", "Wang Jianguo", "Mr King", " ", None)]
    assert masked == ["张*", "W*", "Mr K*", "", ""]


# ── approved templates ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_variables_of_an_approved_template_hold_nothing_that_anybody_wrote() -> None:
    """Trap 24: number, status, moment, names and the hotline; no words of the complaint."""
    assert WORDS.variables("zh", FULL) == {
        "reference": REFERENCE,
        "status": "已安排专人",
        "due": "11月22日(周日) 15:00",
        "hotline": HOTLINE,
        "company": "Harbour Homes",
        "name": "TO",
    }


def test_what_has_no_value_is_no_variable() -> None:
    for name in NAMES:
        assert all(WORDS.variables("en", minimal(name)).values()), name
        assert "hotline" not in WORDS.variables("en", minimal(name)), name


def test_no_short_message_holds_a_link() -> None:
    """Trap 24: carriers block short messages with links."""
    link = re.compile(r"(?i)https?:|www\.|[a-z0-9-]+\.(?:com|cn|net)")
    texts = [WORDS.render(name, locale, Form.SMS, FULL).text for name in NAMES for locale in LOCALES]
    assert [text for text in texts if link.search(text)] == []


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("zh", "11月22日(周日) 08:00 (柏林时间)|11月22日(周日) 08:00-09:00 (柏林时间)|11月22日(周日) (柏林时间)"),
        ("en", "Sun 22 Nov, 08:00 Europe/Berlin|Sun 22 Nov, 08:00-09:00 Europe/Berlin|Sun 22 Nov Europe/Berlin"),
    ],
)
def test_a_time_elsewhere_names_its_zone(own: Path, locale: str, told: str) -> None:
    template = "{{ facts.start|when }}|{{ facts.start|span(facts.end) }}|{{ facts.start|day }}"
    assert say(own, template, locale, zone=ZoneInfo("Europe/Berlin")) == told


def test_a_line_of_a_list_is_told_in_its_own_zone(own: Path) -> None:
    told = say(own, "{{ here|when }}|{{ there|when }}", here=DUE, there=DUE.astimezone(ZoneInfo("America/Lima")))
    assert told == "11月22日(周日) 15:00|11月22日(周日) 02:00 (America/Lima)"


def test_words_that_were_compiled_before_are_read_anew_once_they_are_changed(own: Path) -> None:
    write(own, "hello", im="早上好")
    assert Words("C", "", SHANGHAI, own).render("hello", "zh", Form.IM, FULL).text == "早上好"
    write(own, "hello", im="晚上好")
    assert Words("C", "", SHANGHAI, own).render("hello", "zh", Form.IM, FULL).text == "晚上好"


def test_words_compiled_for_other_filters_are_compiled_anew(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How a filter is called is compiled into the words that call it."""
    write(own, "hello", im="{{ 'satisfied'|rating }}")
    added = Words._add_filters

    def older(words: Words) -> None:
        added(words)
        words._environment.filters["rating"] = str.upper

    with monkeypatch.context() as patch:
        patch.setattr(Words, "_add_filters", older)
        assert Words("C", "", SHANGHAI, own).render("hello", "zh", Form.IM, FULL).text == "SATISFIED"
    assert Words("C", "", SHANGHAI, own).render("hello", "zh", Form.IM, FULL).text == "满意"


def test_a_full_disk_keeps_no_words_back(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemBytecodeCache, "dump_bytecode", full)
    write(own, "hello", im="早上好")
    assert Words("C", "", SHANGHAI, own).render("hello", "zh", Form.IM, FULL).text == "早上好"


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


def test_nobody_says_that_they_ring_whom_nobody_can() -> None:
    unnamed = context(Case(anonymous=True))
    for name in ("promise_missed", "promise_moved", "extended"):
        assert "打电话" not in WORDS.render(name, "zh", Form.IM, unnamed).text
        assert "ring" not in WORDS.render(name, "en", Form.IM, unnamed).text


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
