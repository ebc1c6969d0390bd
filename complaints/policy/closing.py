"""The satisfaction question, and what must be true before a complaint closes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from complaints.errors import PolicyError
from complaints.policy.table import Table


class CloseRequirement(StrEnum):
    """What must be true before a complaint may close (the closing gate)."""

    RESULT_TOLD = "result_told"
    ALL_TASKS_CLOSED = "all_tasks_closed"
    CALLBACK_DONE_OR_EXPIRED = "callback_done_or_expired"
    CUSTOMER_SATISFIED = "customer_satisfied"


@dataclass(frozen=True, slots=True)
class Callback:
    """The satisfaction question: reminded once after `reminder_after`, given up after `expire_after`."""

    reminder_after: timedelta
    expire_after: timedelta


def read_callback(table: Table) -> Callback:
    callback = Callback(table.span("reminder_after"), table.span("expire_after"))
    if callback.reminder_after >= callback.expire_after:
        raise PolicyError(f"{table.where}.reminder_after must be shorter than expire_after")
    table.done()
    return callback
