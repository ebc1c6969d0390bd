"""Policy profiles: promises, reminders, escalation and the closing gate as data.

A profile is a TOML file; `inherits` names another whose values it takes where it is silent. `profiles/` holds those that
ship with the package, a company adds its own folder. Every error names the file, the key and the cure.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from complaints.calendar import QuietHours
from complaints.complaint import Milestone, PolicyRef, Role, Severity
from complaints.errors import PolicyError
from complaints.limits import DayMode, Limit, Unit

SHIPPED: Traversable = files("complaints") / "profiles"
E = TypeVar("E", bound=StrEnum)
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


class CloseRequirement(StrEnum):
    """What must be true before a complaint may close (the closing gate)."""

    RESULT_TOLD = "result_told"
    ALL_TASKS_CLOSED = "all_tasks_closed"
    CALLBACK_DONE_OR_EXPIRED = "callback_done_or_expired"
    CUSTOMER_SATISFIED = "customer_satisfied"


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise: `limit` counted from a milestone, kept by reaching any of `met_by`.

    promised: the customer is told this moment. per_round: begins anew when the complaint is reopened. severities: runs only
    for these; empty = for all. source: the rule it comes from.
    """

    name: str
    limit: Limit
    starts: Milestone
    met_by: frozenset[Milestone]
    promised: bool = False
    per_round: bool = False
    severities: frozenset[Severity] = frozenset()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Lead:
    """How long before a limit to remind: a share of the limit gone by, or a time before its end."""

    text: str
    share: Decimal | None = None
    before: timedelta | None = None

    @classmethod
    def parse(cls, text: str) -> Lead:
        if match := re.fullmatch(r"(\d{1,4})%", text, re.ASCII):
            if not 0 < int(match[1]) < 100:
                raise PolicyError(f"{text!r} is no reminder: a share lies between 1% and 99%")
            return cls(text, share=Decimal(match[1]) / 100)
        return cls(text, before=_span(Limit.parse(text)))


def _span(limit: Limit) -> timedelta:
    if limit.unit not in (Unit.HOURS, Unit.DAYS):
        raise PolicyError(f"'{limit}' counts working time, which has no fixed length: write h or d here")
    return limit.roughly


@dataclass(frozen=True, slots=True)
class Reminders:
    """When to remind: `short` for limits under `short_below`, else `long` (a day-before reminder is useless for 6 hours)."""

    short_below: timedelta
    short: tuple[Lead, ...]
    long: tuple[Lead, ...]

    def leads(self, length: timedelta) -> tuple[Lead, ...]:
        return self.short if length < self.short_below else self.long


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the escalation ladder: from the `after`-th overdue notice on, `tell` hears of it too."""

    after: int
    tell: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overdue:
    """Chasing: a first notice when the limit passes, then one every `nag_every`, with a ladder of others who hear."""

    nag_every: timedelta
    ladder: tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class ExtensionRule:
    """How a promise may move: at most `longest` (None: no bound), so many `times`, decided by `approver` (R-055)."""

    longest: Limit | None
    times: int
    before_expiry: bool
    reason_required: bool
    approver: Role
    tell_customer: bool


@dataclass(frozen=True, slots=True)
class Callback:
    """The satisfaction question: reminded once after `reminder_after`, given up after `expire_after`."""

    reminder_after: timedelta
    expire_after: timedelta


@dataclass(frozen=True, slots=True)
class Policy:
    """A profile, whole. `version` is a fingerprint of its content."""

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
    extension: ExtensionRule
    callback: Callback
    close_requires: frozenset[CloseRequirement]
    raise_on_dissatisfied: Severity | None
    reopen_days: int
    withdraw_undo_days: int
    urges_before_raise: int
    assign_automatically: bool
    also_sms: bool
    quiet_customer: QuietHours | None
    quiet_staff: QuietHours | None
    quiet_except: frozenset[Severity]

    @property
    def ref(self) -> PolicyRef:
        return PolicyRef(self.name, self.version)

    def clock(self, name: str) -> Clock | None:
        return next((clock for clock in self.clocks if clock.name == name), None)


def available(directories: Sequence[Path] = ()) -> list[str]:
    """Return the names of all profiles, a company's own before the shipped ones of the same name."""
    names = {entry.name.removesuffix(".toml") for entry in SHIPPED.iterdir() if entry.name.endswith(".toml")}
    for directory in directories:
        names |= {path.stem for path in directory.glob("*.toml")}
    return sorted(names)


def load(name: str, directories: Sequence[Path] = ()) -> Policy:
    """Return the profile `name`. Raises PolicyError naming the file, the key and the cure."""
    return parse(merged(name, directories), name)


def merged(name: str, directories: Sequence[Path] = ()) -> dict[str, Any]:
    """Return the profile's data with its parents' merged in, as `parse` takes it."""
    return _merged(name, directories, ())


def _read(name: str, directories: Sequence[Path]) -> dict[str, Any]:
    if not _NAME.fullmatch(name):
        raise PolicyError(f"policy {name!r}: a profile's name is made of a-z, 0-9 and '-'")
    candidates: list[Path | Traversable] = [directory / f"{name}.toml" for directory in directories]
    for source in (*candidates, SHIPPED / f"{name}.toml"):
        if source.is_file():
            try:
                return tomllib.loads(source.read_text(encoding="utf-8"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise PolicyError(f"policy {name}: {source} is not valid TOML: {error}") from None
    raise PolicyError(f"policy {name!r} does not exist: choose one of {', '.join(available(directories))}")


def _merged(name: str, directories: Sequence[Path], seen: tuple[str, ...]) -> dict[str, Any]:
    if name in seen:
        raise PolicyError(f"policy {seen[0]}: inherits runs in a circle: {' → '.join((*seen, name))}")
    own = _read(name, directories)
    parent = own.pop("inherits", None)
    if parent is None:
        return own
    if not isinstance(parent, str):
        raise PolicyError(f"policy {name}: inherits must be the name of one profile")
    return _overlay(_merged(parent, directories, (*seen, name)), own)


def _overlay(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = _overlay(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


class _Table:
    """A TOML table that is read key by key; what nobody asked for is a slip of the pen and is reported."""

    def __init__(self, where: str, values: Any) -> None:
        if not isinstance(values, dict):
            raise PolicyError(f"{where} must be a table")
        self.where = where
        self.values: dict[str, Any] = values
        self.asked: set[str] = set()

    def get(self, key: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
        self.asked.add(key)
        value = self.values.get(key, default)
        if value is None:
            raise PolicyError(f"{self.where}.{key} is missing: set it (see the profile base)")
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
            wanted = " or ".join(k.__name__ for k in (kind if isinstance(kind, tuple) else (kind,)))
            raise PolicyError(f"{self.where}.{key} is {value!r}: it must be a {wanted}")
        return value

    def word(self, key: str, kind: type[E], default: str | None = None) -> E:
        return self.as_word(key, self.get(key, str, default), kind)

    def words(self, key: str, kind: type[E], default: Sequence[str] | None = None) -> list[E]:
        return [self.as_word(key, value, kind) for value in self.get(key, list, default)]

    def as_word(self, key: str, value: Any, kind: type[E]) -> E:
        try:
            return kind(value)
        except ValueError:
            raise PolicyError(f"{self.where}.{key} is {value!r}: choose from {', '.join(kind)}") from None

    def limit(self, key: str, default: str | None = None) -> Limit:
        text = self.get(key, str, default)
        try:
            return Limit.parse(text)
        except PolicyError as error:
            raise PolicyError(f"{self.where}.{key}: {error}") from None

    def span(self, key: str) -> timedelta:
        """A time of fixed length, in h or d."""
        limit = self.limit(key)
        try:
            return _span(limit)
        except PolicyError as error:
            raise PolicyError(f"{self.where}.{key}: {error}") from None

    def count(self, key: str, least: int = 0) -> int:
        value: int = self.get(key, int)
        if value < least:
            raise PolicyError(f"{self.where}.{key} is {value}: it must be {least} or more")
        return value

    def table(self, key: str) -> _Table:
        self.asked.add(key)
        return _Table(f"{self.where}.{key}", self.values.get(key, {}))

    def done(self) -> None:
        for key in self.values.keys() - self.asked:
            near = difflib.get_close_matches(key, self.asked, 1)
            hint = f"did you mean {near[0]}?" if near else f"known keys: {', '.join(sorted(self.asked))}"
            raise PolicyError(f"{self.where}.{key} is unknown: {hint}")


def parse(data: Mapping[str, Any], name: str) -> Policy:
    """Return the profile that `data`, as read from TOML with its parents merged in, describes."""
    version = hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()[:12]
    top = _Table(f"policy {name}", dict(data))
    title = top.table("title")
    quiet = top.table("quiet_hours")
    policy = Policy(
        name=name,
        version=version,
        title={locale: title.get(locale, str) for locale in ("zh", "en")},
        owner=top.get("owner", str),
        effective_from=top.get("effective_from", str),
        source=top.get("source", str),
        day_mode=top.word("day_mode", DayMode, "end_of_day"),
        clocks=_clocks(top.table("clocks")),
        reminders=_reminders(top.table("reminders")),
        overdue=_overdue(top.table("overdue")),
        extension=_extension(top.table("extension")),
        callback=_callback(top.table("callback")),
        close_requires=frozenset(top.words("close_requires", CloseRequirement)),
        raise_on_dissatisfied=_severity_or_none(top, "raise_on_dissatisfied"),
        reopen_days=top.count("reopen_days"),
        withdraw_undo_days=top.count("withdraw_undo_days"),
        urges_before_raise=top.count("urges_before_raise", 1),
        assign_automatically=top.get("assign_automatically", bool),
        also_sms=top.get("also_sms", bool),
        quiet_customer=_quiet(quiet, "customer"),
        quiet_staff=_quiet(quiet, "staff"),
        quiet_except=frozenset(quiet.words("except", Severity, [])),
    )
    for table in (title, quiet, top):
        table.done()
    return policy


def _severity_or_none(table: _Table, key: str) -> Severity | None:
    text = table.get(key, str)
    return None if text == "no" else table.as_word(key, text, Severity)


def _clocks(table: _Table) -> tuple[Clock, ...]:
    clocks = []
    for name in table.values:
        if table.values[name] is False:  # a child profile takes a clock of its parent away
            table.asked.add(name)
            continue
        entry = table.table(name)
        clocks.append(
            Clock(
                name=name,
                limit=entry.limit("limit"),
                starts=entry.word("from", Milestone),
                met_by=frozenset(entry.words("met_by", Milestone)),
                promised=entry.get("promised", bool, False),
                per_round=entry.get("per_round", bool, False),
                severities=frozenset(entry.words("severities", Severity, [])),
                source=entry.get("source", str, ""),
            )
        )
        if not clocks[-1].met_by:
            raise PolicyError(f"{entry.where}.met_by is empty: name the milestones that keep the promise")
        entry.done()
    if not clocks:
        raise PolicyError(f"{table.where} is empty: a policy promises something")
    return tuple(clocks)


def _reminders(table: _Table) -> Reminders:
    def leads(key: str) -> tuple[Lead, ...]:
        try:
            return tuple(Lead.parse(str(text)) for text in table.get(key, list))
        except PolicyError as error:
            raise PolicyError(f"{table.where}.{key}: {error}") from None

    reminders = Reminders(table.span("short_below"), leads("short"), leads("long"))
    table.done()
    return reminders


def _overdue(table: _Table) -> Overdue:
    rungs = []
    for index, values in enumerate(table.get("ladder", list)):
        entry = _Table(f"{table.where}.ladder[{index}]", values)
        tell = tuple(entry.get("tell", list))
        for who in tell:
            if who not in ("superior", "backup"):
                entry.as_word("tell", who, Role)
        rungs.append(Rung(entry.count("after", 1), tell))
        entry.done()
    overdue = Overdue(table.span("nag_every"), tuple(rungs))
    table.done()
    return overdue


def _extension(table: _Table) -> ExtensionRule:
    longest = table.get("max", str)
    rule = ExtensionRule(
        longest=None if longest == "unlimited" else table.limit("max"),
        times=table.count("times"),
        before_expiry=table.get("before_expiry", bool),
        reason_required=table.get("reason_required", bool),
        approver=table.word("approver", Role),
        tell_customer=table.get("tell_customer", bool),
    )
    table.done()
    return rule


def _callback(table: _Table) -> Callback:
    callback = Callback(table.span("reminder_after"), table.span("expire_after"))
    if callback.reminder_after >= callback.expire_after:
        raise PolicyError(f"{table.where}.reminder_after must be shorter than expire_after")
    table.done()
    return callback


def _quiet(table: _Table, key: str) -> QuietHours | None:
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
