"""A profile, whole, and how it is read from data."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Any

from complaints.calendar import QuietHours
from complaints.errors import PolicyError
from complaints.limits import DayMode, Limit
from complaints.parts.weighing import PolicyRef
from complaints.policy.absence import AbsenceRule, read_absence
from complaints.policy.appraisal import Appraisal, read_appraisal
from complaints.policy.briefing import Briefing, Outward, read_briefing, read_outward
from complaints.policy.chores import ChoreRule, ReportRule, read_chores, read_reports
from complaints.policy.clocks import Clock, read_clocks
from complaints.policy.closing import Callback, CloseRequirement, Questions, read_callback, read_questions
from complaints.policy.conduct import Conduct, read_conduct
from complaints.policy.grading import Grading, read_grading
from complaints.policy.holding import HoldRule, read_hold
from complaints.policy.ladders import Calls, Ladder, read_calls, read_ladders
from complaints.policy.moving import ExtensionRule, read_extension
from complaints.policy.playbooks import Playbook, read_playbooks
from complaints.policy.process_callback import ProcessCallbackRule, read_process_callback
from complaints.policy.progress import ProgressRule, read_progress
from complaints.policy.reminding import Overdue, Reminders, read_overdue, read_reminders
from complaints.policy.table import Table
from complaints.policy.together import (
    ForceRule,
    PartRule,
    ResultRule,
    read_force,
    read_opinions,
    read_parts,
    read_results,
)
from complaints.policy.urging import Urging, read_urging
from complaints.policy.visits import Visits, read_visits
from complaints.taxonomy import read_words
from complaints.vocabulary import Severity

ALSO = "also"
"""The table of a combined profile that holds the other profiles' clocks."""


class ValidityReview(StrEnum):
    """Who judges whether a complaint is valid before anybody works on it (R-025, R-026)."""

    NONE = "none"
    AGENT = "agent"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Policy:
    """A profile, whole, with the clocks of those that stand beside it. `version` is a fingerprint of its content."""

    name: str
    version: str
    title: Mapping[str, str]
    owner: str
    effective_from: str
    source: str
    day_mode: DayMode
    clocks: tuple[Clock, ...]
    reminders: Reminders
    overdue: Overdue
    ladders: tuple[Ladder, ...]
    calls: Calls
    extension: ExtensionRule
    hold: HoldRule
    callback: Callback
    questions: Questions
    close_requires: frozenset[CloseRequirement]
    raise_on_dissatisfied: Severity | None
    reopen_days: int
    withdraw_undo_days: int
    urges_before_raise: int
    urging: Urging
    grading: Grading
    briefing: Briefing
    outward: Outward
    progress: ProgressRule
    process_callback: ProcessCallbackRule | None
    visits: Visits
    parts: PartRule
    results: ResultRule
    force: ForceRule
    opinion_within: Limit
    playbooks: tuple[Playbook, ...]
    conduct: Conduct
    appraisal: Appraisal
    reports: tuple[ReportRule, ...]
    chores: tuple[ChoreRule, ...]
    validity_review: ValidityReview
    absence: AbsenceRule
    assign_automatically: bool
    also_sms: bool
    quiet_customer: QuietHours | None
    quiet_staff: QuietHours | None
    quiet_except: frozenset[Severity]
    words: Mapping[str, Mapping[str, str]]  # by language: how customers are spoken to, where the pack does not say

    @property
    def ref(self) -> PolicyRef:
        return PolicyRef(self.name, self.version)

    def clock(self, name: str, profile: str = "") -> Clock | None:
        """Return the clock of that name; profile: the one it was added from, where two are combined."""
        return next((clock for clock in self.clocks if (clock.name, clock.profile) == (name, profile)), None)


def parse(data: Mapping[str, Any], name: str) -> Policy:
    """Return the profile that `data`, as read from TOML with its parents merged in, describes."""
    version = hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()[:12]
    top = Table(f"policy {name}", dict(data))
    title = top.table("title")
    quiet = top.table("quiet_hours")
    policy = Policy(
        name=name,
        version=version,
        title=title.said(),
        owner=top.get("owner", str),
        effective_from=top.get("effective_from", str),
        source=top.get("source", str),
        day_mode=top.word("day_mode", DayMode, "end_of_day"),
        clocks=(*read_clocks(top.table("clocks")), *_added(top.table(ALSO))),
        reminders=read_reminders(top.table("reminders")),
        overdue=read_overdue(top.table("overdue")),
        ladders=read_ladders(top.table("ladders")),
        calls=read_calls(top.table("calls")),
        extension=read_extension(top.table("extension")),
        hold=read_hold(top.table("hold")),
        callback=read_callback(top.table("callback")),
        questions=read_questions(top.table("questionnaires"), top.table("questionnaire_texts")),
        close_requires=frozenset(top.words("close_requires", CloseRequirement)),
        raise_on_dissatisfied=_severity_or_none(top, "raise_on_dissatisfied"),
        reopen_days=top.count("reopen_days"),
        withdraw_undo_days=top.count("withdraw_undo_days"),
        urges_before_raise=top.count("urges_before_raise", 1),
        urging=read_urging(top.table("urging")),
        grading=read_grading(top.table("grading")),
        briefing=read_briefing(top.table("briefing")),
        outward=read_outward(top.table("outward")),
        progress=read_progress(top.table("progress")),
        process_callback=read_process_callback(top.table("process_callback")),
        visits=read_visits(top.table("visits")),
        parts=read_parts(top.table("parts")),
        results=read_results(top.table("results")),
        force=read_force(top.table("task_force")),
        opinion_within=read_opinions(top.table("opinions")),
        conduct=read_conduct(top.table("conduct")),
        appraisal=read_appraisal(top.table("appraisal")),
        reports=read_reports(top.table("reports")),
        chores=read_chores(top.table("chores")),
        playbooks=read_playbooks(top.get("playbooks", list, []), top.table("playbook_texts")),
        validity_review=top.word("validity_review", ValidityReview),
        absence=read_absence(top.table("absence")),
        assign_automatically=top.get("assign_automatically", bool),
        also_sms=top.get("also_sms", bool),
        quiet_customer=_quiet(quiet, "customer"),
        quiet_staff=_quiet(quiet, "staff"),
        quiet_except=frozenset(quiet.words("except", Severity, [])),
        words=read_words(top.get("words", dict, {}), f"policy {name}.words"),
    )
    for table in (title, quiet, top):
        table.done()
    return policy


def _added(table: Table) -> tuple[Clock, ...]:
    """The clocks of the profiles that stand beside this one: `loading.combined` put them there."""
    return tuple(clock for name in table.values for clock in read_clocks(table.table(name), name))


def _severity_or_none(table: Table, key: str) -> Severity | None:
    text = table.get(key, str)
    return None if text == "no" else table.as_word(key, text, Severity)


def _quiet(table: Table, key: str) -> QuietHours | None:
    text = table.get(key, str, "none")
    if text == "none":
        return None
    match = re.fullmatch(r"(\d\d):(\d\d)-(\d\d):(\d\d)", text, re.ASCII)
    try:
        if match is None:
            raise ValueError
        return QuietHours(time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4])))
    except ValueError:
        raise PolicyError(f"{table.where}.{key} is {text!r}: write it like 21:00-08:00, or none") from None
