"""The satisfaction question, what must be true before a complaint closes, and what is asked besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from complaints.errors import PolicyError
from complaints.policy.questionnaires import Questionnaire, load, parse
from complaints.policy.table import Table
from complaints.vocabulary import Kind, Role

_CALLERS = (Role.AGENT, Role.DISPATCHER, Role.CENTER_LEAD, Role.DEPT_HEAD)


class CloseRequirement(StrEnum):
    """What must be true before a complaint may close (the closing gate)."""

    RESULT_TOLD = "result_told"
    ALL_TASKS_CLOSED = "all_tasks_closed"
    CALLBACK_DONE_OR_EXPIRED = "callback_done_or_expired"
    CUSTOMER_SATISFIED = "customer_satisfied"
    CUSTOMER_RECOGNITION = (
        "customer_recognition"  # they accept the result: satisfied with it, or neutral
    )


@dataclass(frozen=True, slots=True)
class Callback:
    """The satisfaction question: reminded once after `reminder_after`, given up in chat after `expire_after`.

    tries, on_days: how often at the least somebody must have been asked, and on how many different days, before the round
    counts as not rated; what chat leaves over of them is asked by phone (C6.6). by: who phones (R-087). rounds_before_lead: how
    many rounds the customer must have been left dissatisfied before a lead may close all the same (C6.5).
    """

    reminder_after: timedelta
    expire_after: timedelta
    by: Role
    tries: int
    on_days: int
    rounds_before_lead: int


@dataclass(frozen=True, slots=True)
class Questions:
    """Which questionnaire a complaint is asked: by its category, its category's top level, its kind, else the default."""

    default: str
    of: Mapping[str, str]
    known: Mapping[str, Questionnaire]

    def for_(self, kind: Kind, category: str) -> Questionnaire:
        """Return the questionnaire for complaints of a kind and a category."""
        names = (self.of.get(key) for key in (category, category.partition(".")[0], str(kind)))
        return self.known[next((name for name in names if name), self.default)]

    def get(self, ref: str) -> Questionnaire | None:
        """Return the questionnaire that a survey keeps as `name@version`; None where it is another one by now."""
        found = self.known.get(ref.partition("@")[0])
        return found if found is not None and found.ref == ref else None


def read_callback(table: Table) -> Callback:
    """Read `[callback]`. Raises PolicyError naming the key."""
    callback = Callback(
        reminder_after=table.span("reminder_after"),
        expire_after=table.span("expire_after"),
        # Versions kept from before these keys were there must still be read.
        by=table.word("by", Role, Role.AGENT, among=_CALLERS),
        tries=table.count("tries", 1, default=1),
        on_days=table.count("on_days", 1, default=1),
        rounds_before_lead=table.count("rounds_before_lead", default=0),
    )
    if callback.reminder_after >= callback.expire_after:
        raise PolicyError(f"{table.where}.reminder_after must be shorter than expire_after")
    if callback.by not in _CALLERS:
        raise PolicyError(f"{table.where}.by is {callback.by!s:.40}: choose from {', '.join(_CALLERS)}")
    if callback.on_days > callback.tries:
        raise PolicyError(f"{table.where}.on_days is {callback.on_days}: there are only {callback.tries} tries")
    table.done()
    return callback


def read_questions(chosen: Table, texts: Table) -> Questions:
    """Read `[questionnaires]`, the names, and the texts that `loading` put beside them. Raises PolicyError naming the key."""
    default = chosen.get("default", str, "general")
    of = {key: chosen.get(key, str) for key in chosen.values if key != "default"}
    chosen.done()
    known = {name: parse(name, texts.get(name, dict)) for name in texts.values}
    texts.done()
    for name in {default, *of.values()} - known.keys():
        known[name] = load(name)
    return Questions(default, of, known)
