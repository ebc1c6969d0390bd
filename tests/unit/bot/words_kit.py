"""What the words are told about, in the tests of the words: a complaint that has everything and one that has nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.answers import Answer, Internal
from bot.sayings import Saying
from bot.task_views import Part, PlanStep, Proof, Seat, Thought
from bot.views import Note
from bot.words import Words
from complaints.change import NoticeKind
from complaints.parts.timing import Mediation
from complaints.parts.weighing import Ground, Proposal
from complaints.parts.work import Redress
from complaints.vocabulary import Severity, Status

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
    said: Sequence[Saying] = (Saying(NOW, "SINCE"),)
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
    evidence: tuple[Proof, ...] = (Proof("PROOF.jpg", "WHO", True), Proof("GUARD", "WHO", False, True))
    members: tuple[Seat, ...] = (Seat("MEMBER", True), Seat("SILENT", False))
    commander: str = "COMMANDER"
    cause: str = "CAUSE a worn seal"
    cause_kind: str = "facilities"
    mediation: Mediation | None = field(default_factory=lambda: Mediation(1, "MEDIATOR committee", DUE, "WHO", NOW))
    redress: Redress | None = field(
        default_factory=lambda: Redress(("compensation",), "SUM 2000", 2000, "BASIS clause 12")
    )
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
    rating: str = "satisfied"
    priority: bool = True
    graded: Sequence[Ground] = (Ground(Severity.S4, "said_hot", NOW, "GROUND a reporter"),)
    proposal: Proposal | None = PROPOSED
    help_needed: str = "HELP a plumber"
    merged_into: str = ""  # nor has it a group then
    group: Sequence[str] = ("TS20261121-0008",)
    people: int = 2
    linked: Sequence[str] = ("TS20261121-0009",)
    repeat_of: str = "TS20261121-0002"
    promise_ahead: datetime | None = DUE
    next_due: datetime | None = DUE
    next_clock: str = "accept"
    work_clock: str = "accept"
    extension_asked: str = ""
    endangered: bool = False
    home: bool = False
    unreached: bool = False
    press: bool = False
    press_due: datetime | None = None
    voices: tuple[str, ...] = ()
    voice_there: bool = True


BARE = Case(
    files_coming=False, remedy="", occurred="", about_whom="", customer_class="", nature="",
    summary="", round=1, result="", plan="", last_progress="",
    last_progress_at=None, due=None, work_due=None,
    assignee="", customer="", phone="", place="", urged=0, files=(), files_missing=(), newest="", said=(), obstacle="",
    held_until=None, held_for="", held_reason="", respondents=(), notes=(),
    waits="", open_points=0, visit_at=None, progress_missed=0, unreleased="", priority=False,
    grounds=(), load=0, passed=(), parts=(), steps=(), evidence=(), members=(), commander="",
    cause="", cause_kind="", redress=None, mediation=None, responsible="",
    playbook="", playbook_steps=(), opinions=(), wording="",
    kept_result="", graded=(), proposal=None, help_needed="", merged_into="", group=(), people=1, linked=(), repeat_of="",
    promise_ahead=None, next_due=None, next_clock="", work_clock="", rating="",
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
    work_clock: str = ""
    unreached: bool = False


FACTS = {
    "other": "TS20261121-0003",
    "due": DUE.isoformat(), "clock": "plan", "lead": "50%", "count": "2", "late_hours": "3", "comment": "COMMENT",
    "round": "2", "text": "TEXT", "who": "WHO", "reason": "REASON", "limit": "1d", "granted": "yes", "note": "NOTE",
    "stands": DUE.isoformat(),
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


# What is only ever answered about one complaint, as its callers show (test_words).
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
