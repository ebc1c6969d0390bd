"""Policy profiles: promises, reminders, escalation and the closing gate as data.

A profile is a TOML file; `inherits` names another whose values it takes where it is silent. `complaints/profiles/` holds
those that ship with the package, a company adds its own folder. Every error names the file, the key and the cure. Each
module is one part of a profile: its values, and how they are read.
"""

from complaints.policy.absence import AbsenceRule, HandOver
from complaints.policy.clocks import Clock, When, covers
from complaints.policy.closing import Callback, CloseRequirement, Questions
from complaints.policy.grading import Case, GradeRule, Grading, Topic
from complaints.policy.loading import (
    SHIPPED,
    available,
    combined,
    combined_name,
    completed,
    load,
    merged,
    naming_file,
    with_added,
)
from complaints.policy.moving import ExtensionRule
from complaints.policy.process_callback import ProcessCallbackRule, ProcessQuestion
from complaints.policy.profile import Policy, ValidityReview, parse
from complaints.policy.progress import ProgressRule, Release
from complaints.policy.reminding import Lead, Overdue, Reminders, Rung
from complaints.policy.slips import refuse_slips
from complaints.policy.urging import Urging

__all__ = [
    "SHIPPED", "AbsenceRule", "Callback", "Case", "Clock", "CloseRequirement", "ExtensionRule", "GradeRule", "Grading",
    "HandOver", "Lead", "Overdue", "Policy", "ProcessCallbackRule", "ProcessQuestion", "ProgressRule", "Questions",
    "Release", "Reminders", "Rung", "Topic", "Urging", "ValidityReview", "When", "available", "combined",
    "combined_name", "completed", "covers", "load", "merged", "naming_file", "parse", "refuse_slips", "with_added",
]  # fmt: skip
