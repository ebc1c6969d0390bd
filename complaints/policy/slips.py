"""What a profile may not say. Asked when a file is read, not of a version that was kept: what began under it must still end."""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection, Iterator
from datetime import timedelta

from complaints.errors import PolicyError
from complaints.permissions import APPROVERS
from complaints.policy.profile import Policy
from complaints.policy.table import TIMER_NAME
from complaints.vocabulary import Kind, Role

_NOT_TOLD = (Role.SYSTEM, Role.CUSTOMER)
_SHORTEST_REPEAT = timedelta(minutes=5)


def refuse_slips(policy: Policy, categories: Collection[str] | None = None) -> None:
    """Raise PolicyError naming the key and the cure where a profile says what cannot be meant.

    categories: those that there are; None: which are named is not looked at.
    """
    for key, wrong in (*_names(policy), *_people(policy), *_numbers(policy)):
        raise PolicyError(f"policy {policy.name}.{key} {wrong}")
    if categories is None:
        return
    for key, code in _categories(policy):
        others = [*categories, *Kind] if key == "questionnaires" else [*categories]
        if code not in others:
            near = difflib.get_close_matches(code, others, 1)
            whole = ", ".join(sorted(each for each in others if "." not in each))  # a pack's parts are many
            hint = f"did you mean {near[0]}? " if near else ""
            raise PolicyError(
                f"policy {policy.name}.{key} names the category {code!r}: {hint}choose from {whole}, or a part of one"
            )


def _names(policy: Policy) -> Iterator[tuple[str, str]]:
    for clock in policy.clocks:
        if not TIMER_NAME.fullmatch(clock.name):
            yield f"clocks.{clock.name}", "is no name of a clock: it is made of a-z, 0-9, '_' and '-', 32 at the most"


def _people(policy: Policy) -> Iterator[tuple[str, str]]:
    """Yield who is told, or asked, and never will be: a role is for staff, and a step without anybody tells nobody."""
    for section, approver in (("extension", policy.extension.approver), ("hold", policy.hold.approver)):
        if approver not in APPROVERS:
            yield f"{section}.approver", f"is {str(approver)!r}: choose from {', '.join(APPROVERS)}"
    rungs = [(f"overdue.ladder[{n}].tell", rung.tell) for n, rung in enumerate(policy.overdue.ladder)]
    rungs += [(f"progress.misses_tell[{n}].tell", rung.tell) for n, rung in enumerate(policy.progress.misses_tell)]
    yield from ((key, "is empty: say whom to tell, or take the row away") for key, tell in rungs if not tell)
    for key, tell in (
        *rungs,
        ("visits.missed_tell", policy.visits.missed_tell),
        ("grading.unconfirmed_tell", policy.grading.unconfirmed_tell),
        ("outward.media", policy.outward.media),
    ):
        if wrong := next((who for who in tell if who in _NOT_TOLD), None):
            staff = ", ".join(role for role in Role if role not in _NOT_TOLD)
            yield key, f"holds {str(wrong)!r}, who is none of the staff: choose from {staff}"


def _numbers(policy: Policy) -> Iterator[tuple[str, str]]:
    for rule in policy.grading.rules:
        if not 0 <= rule.case.overdue < math.inf:
            yield f"grading.rules.{rule.name}.when.overdue", f"is {rule.case.overdue}: it must be 0 or more, and end"
    for key, span in (
        ("overdue.nag_every", policy.overdue.nag_every),
        ("parts.accept_within", policy.parts.accept_within),
        ("parts.nag_every", policy.parts.nag_every),
        ("task_force.confirm_within", policy.force.confirm_within),
        ("briefing.every", policy.briefing.every),
        ("briefing.order_answered_within", policy.briefing.order_answered_within),
        *((f"ladders.{each.name}.confirm_every", each.confirm_every) for each in policy.ladders),
        *((f"ladders.{each.name}.confirm_within", each.confirm_within) for each in policy.ladders),
    ):
        if span is not None and span < _SHORTEST_REPEAT:
            yield key, "is too short: people are asked again at most every 5min"


def _categories(policy: Policy) -> Iterator[tuple[str, str]]:
    """Yield each category that the profile names, with the key that names it."""
    for key, codes in (
        *((f"clocks.{clock.name}", clock.codes) for clock in policy.clocks),
        *((f"grading.rules.{rule.name}.when", rule.case.categories) for rule in policy.grading.rules),
        ("results.needs_evidence", policy.results.evidence.categories),
        ("results.needs_cause", policy.results.cause.categories),
        ("questionnaires", policy.questions.of.keys()),
    ):
        yield from ((key, code) for code in sorted(codes))
