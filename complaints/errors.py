"""What can go wrong, drawn by what the caller does next.

ComplaintError
├── ConfigError      stop at start-up: an operator edits a file
├── PolicyError      a policy profile is wrong: the file, the key and the cure are named
│   └── WrongLimit   no amount of time that can be reckoned with, in a profile or in what somebody said
├── Refused          tell the person who asked; nothing changed
│   ├── IllegalStep  the complaint's status does not allow it
│   │   └── TooFewRounds  it may not be closed unsettled yet
│   ├── NotAllowed   the person's roles do not allow it
│   └── Missing      something has to be told first (a result, a reason)
└── Conflict         somebody else changed it meanwhile: load again and decide again
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from complaints.complaint import Complaint
    from complaints.vocabulary import Role


class ComplaintError(Exception):
    """Any error of ours. The text says what is wrong, where, and what to do."""


class ConfigError(ComplaintError):
    """The settings are wrong."""


class PolicyError(ComplaintError):
    """A policy profile is wrong."""


class MissingKey(PolicyError):
    """A key that every profile has, in itself or from its parents, is not there."""


class WrongLimit(PolicyError):
    """No amount of time, or one that is too long to be reckoned with."""


class Refused(ComplaintError):
    """A step that was not taken. `reason` is a word of a closed set, the name of what to tell the person."""

    reason = "refused"


class IllegalStep(Refused):
    """The status does not allow the step. reference, status: of the complaint, where its status alone stands in the way."""

    reason = "illegal_step"

    def __init__(self, message: str, reference: str = "", status: str = "") -> None:
        super().__init__(message)
        self.reference = reference
        self.status = status


class TooFewRounds(IllegalStep):
    """The customer has not been left dissatisfied often enough for a lead to close all the same; `missing` says how many more
    rounds it takes (C6.5).
    """

    def __init__(self, message: str, missing: int) -> None:
        super().__init__(message)
        self.missing = missing


class NotAllowed(Refused):
    """The actor may not take the step on this complaint.

    why: a word of a closed set (`complaints.permissions.Bar`, or "self": it is their own work, "other": somebody
    else whom they named may not; empty: the text says it). act: what was refused. complaint: on which. roles: which of those
    that its row names, where what was said narrows it.
    """

    reason = "not_allowed"

    def __init__(self, message: str, why: str = "", act: str = "", complaint: Complaint | None = None) -> None:
        super().__init__(message)
        self.why = why
        self.act = act
        self.complaint = complaint
        self.roles: frozenset[Role] | None = None


class Missing(Refused):
    """The step needs something that was not given; `what` names it."""

    reason = "missing"

    def __init__(self, what: str, message: str) -> None:
        super().__init__(message)
        self.what = what


class Conflict(ComplaintError):
    """The stored complaint has moved on since it was read."""
