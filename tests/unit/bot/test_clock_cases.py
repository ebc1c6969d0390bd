"""Every clock of every profile, on the company's calendar, against moments that were reckoned by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.__main__ import main
from bot.calendars import Calendars
from bot.settings import Settings
from complaints import handling, policy
from complaints.complaint import Complaint
from complaints.limits import due
from complaints.promises import Terms
from complaints.vocabulary import Kind, Role, Severity
from tests.unit.complaints.build import actor, at, filing

CALENDAR = Calendars(Settings()).default
CASES = Path(__file__).parents[2] / "data" / "clock_cases.tsv"


class Case(NamedTuple):
    profile: str
    clock: str
    category: str
    severity: str
    start: str
    limit: str
    due: str
    why: str


def cases() -> list[Case]:
    lines = CASES.read_text("utf-8").splitlines()
    return [Case(*line.split("\t")) for line in lines if line and not line.startswith("#")]


def source(case: Case) -> str:
    """Return the rule that the clock comes from, as its profile says."""
    clock = policy.load(case.profile).clock(case.clock)
    return clock.source if clock is not None else ""


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{case.profile} {case.clock} ({source(case)}): {case.why}") for case in cases()]
)
def test_a_clock_is_due_when_the_hand_says(case: Case) -> None:
    """R-046, R-047 (to the centre, its answer), R-056, R-057 (mingyuan), R-065, R-066 (vanke), R-070 (a post), others."""
    profile = policy.load(case.profile)
    clock = profile.clock(case.clock)
    assert clock is not None
    limit = clock.limit_for("" if case.category == "-" else case.category, case.severity)
    moment = due(at(case.start), limit, CALENDAR, profile.day_mode)
    assert str(limit) == case.limit
    assert f"{moment.at.astimezone(CALENDAR.zone):%Y-%m-%d %H:%M:%S}" == case.due.removesuffix("~")
    assert moment.provisional is case.due.endswith("~")
    assert moment.steps[-1] == f"= {case.due.removesuffix('~')}"


def test_no_clock_of_any_profile_lacks_a_case() -> None:
    base, seen = policy.load("base"), {(case.profile, case.clock) for case in cases()}
    missing = [
        f"{name} {clock.name}"
        for name in policy.available()
        for clock in policy.load(name).clocks
        if (name, clock.name) not in seen and clock != base.clock(clock.name)
    ]
    assert missing == []
    assert {clock.name for clock in base.clocks} <= {clock for profile, clock in seen if profile == "base"}


def test_no_limit_of_any_clock_lacks_a_case() -> None:
    seen = {(case.profile, case.clock, case.limit) for case in cases()}
    for name in policy.available():
        for clock in policy.load(name).clocks:
            for limit in (*clock.by_category.values(), *clock.by_severity.values()):
                assert (name, clock.name, str(limit)) in seen


def test_due_says_the_same(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for case in cases():
        category = [] if case.category == "-" else ["--category", case.category]
        chosen = ["--policy", case.profile, "--severity", case.severity, *category]
        assert main(["due", *chosen, "--received", case.start.replace(" ", "T"), "--json"]) == 0
        # The limits of other categories come first, then the one for all the rest.
        answer = [each for each in json.loads(capsys.readouterr().out)["clocks"] if each["clock"] == case.clock][-1]
        assert answer["due"] == case.due.removesuffix("~").replace(" ", "T") + "+08:00"
        assert (answer["limit"], answer["provisional"]) == (case.limit, case.due.endswith("~"))


# ── R-031: which of the transfer clocks runs ──────────────────────────────────────────────────────────────────────────

HONGKELONG = Terms(policy.load("hongkelong"), CALENDAR)


def filed(channel: str, moment: str, **changes: object) -> Complaint:
    return handling.file(
        filing(channel=channel, **changes), actor("agent", Role.AGENT), HONGKELONG, at(moment)
    ).complaint


@pytest.mark.parametrize(
    ("channel", "moment", "clock"),
    [
        pytest.param("phone", "2026-11-23 09:00", "transfer_phone", id="a call as work begins"),
        pytest.param("email", "2026-11-23 17:59", "transfer_email", id="a mail in the last minute"),
        pytest.param("web", "2026-11-23 10:00", "transfer_email", id="chat counts as mail"),
        pytest.param("wechat", "2026-11-23 10:00", "transfer_email", id="R-002: whatever is written counts as mail"),
        pytest.param("letter", "2026-11-23 12:30", "transfer_off_hours", id="a letter at lunch"),
        pytest.param("visit", "2026-11-23 10:00", "transfer_phone", id="who comes in person speaks"),
        pytest.param("forum", "2026-11-23 10:00", "transfer_forum", id="a post in work time"),
        pytest.param("email", "2026-11-23 18:00", "transfer_off_hours", id="a mail as work ends"),
        pytest.param("forum", "2026-11-23 12:00", "transfer_off_hours", id="a post at lunch"),
        pytest.param("forum", "2026-11-24 08:59", "transfer_off_hours", id="a post before work"),
        pytest.param("phone", "2026-11-23 20:00", None, id="of calls out of hours the rule says nothing"),
        pytest.param("phone", "2026-11-22 10:00", "transfer_holiday", id="a call on a Sunday"),
        pytest.param("email", "2026-10-01 10:00", "transfer_holiday", id="a mail on a holiday"),
        pytest.param("email", "2026-10-10 10:00", "transfer_email", id="a mail on a Saturday that is worked"),
        pytest.param("forum", "2027-01-01 10:00", "transfer_holiday", id="New Year's Day of a year not published"),
    ],
)
def test_r031_the_channel_and_the_hour_say_how_soon_it_is_passed_on(
    channel: str, moment: str, clock: str | None
) -> None:
    running = [d.clock for d in filed(channel, moment).running if d.clock.startswith("transfer")]
    assert running == ([clock] if clock else [])


@pytest.mark.parametrize(
    ("profile", "changes", "clocks"),
    [
        pytest.param("vanke", {"kind": Kind.CONSULT}, {"consult_feedback"}, id="R-015, R-065: a question"),
        pytest.param("vanke", {"kind": Kind.SERVICE}, {"service_confirm"}, id="R-015: a service"),
        pytest.param("vanke", {"kind": Kind.COMPLAINT}, {"plan"}, id="R-015, R-066: a complaint"),
        pytest.param("leyoujia-315", {"category": "LISTING"}, {"accept", "answer", "compensate"}, id="a listing"),
        pytest.param("leyoujia-315", {"category": "AGENCY"}, set(), id="something else"),
        pytest.param("sinopec-sh", {"severity": Severity.S2}, {"urgent_notify"}, id="what is serious"),
        pytest.param("sinopec-sh", {}, set(), id="what is not"),
    ],
)
def test_a_clock_runs_for_what_it_is_for(profile: str, changes: dict[str, object], clocks: set[str]) -> None:
    terms = Terms(policy.load(profile), CALENDAR)
    complaint = handling.file(filing(**changes), actor("agent", Role.AGENT), terms, at("2026-11-23 10:00")).complaint
    own = {clock.name for clock in terms.policy.clocks} - {"first_contact", "callback", "complete"}
    own -= {"accept"} if profile != "leyoujia-315" else set()
    assert {d.clock for d in complaint.running} & own == clocks
