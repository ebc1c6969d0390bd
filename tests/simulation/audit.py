"""What a year left behind, read from the tables and the profile's file, and judged by rules written a second time.

Nothing of the desk's own code is used here, so that a fault in it cannot excuse itself.
"""

from __future__ import annotations

import json
import sqlite3
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar

ZONE = ZoneInfo("Asia/Shanghai")
PROFILES = Path(__file__).parents[2] / "complaints" / "profiles"
SWEEP = timedelta(seconds=1)
AWAKE = timedelta(minutes=15)
PATIENCE = timedelta(hours=4)  # how long a busy platform may put a message off

HOURS = ((time(9), time(12)), (time(13), time(18)))

SETTLED = {"closed", "invalid", "withdrawn", "merged"}
OPEN = {"new", "under_review", "accepted", "dispatched", "working", "proposed", "executing", "on_hold"}
MOVES = {
    "draft": {"new", "withdrawn"},
    "new": {"under_review", "accepted", "invalid", "merged", "withdrawn"},
    "under_review": {"accepted", "invalid", "withdrawn"},
    "accepted": {"under_review", "dispatched", "resolved", "merged", "withdrawn", "invalid"},
    "dispatched": {"working", "accepted", "resolved", "proposed", "withdrawn", "invalid"},
    "working": {"proposed", "resolved", "on_hold", "dispatched", "accepted", "withdrawn", "closed"},
    "proposed": {"executing", "working", "resolved", "dispatched", "withdrawn", "closed"},
    "executing": {"resolved", "on_hold", "working", "dispatched", "proposed", "withdrawn", "closed"},
    "on_hold": {"working", "executing", "withdrawn", "resolved"},
    "resolved": {"closed", "working", "withdrawn"},
    "closed": {"working"},
    "invalid": {"new"},
    "withdrawn": {"new"},
    "merged": {"new"},
}
CHASES = {"reminder", "overdue", "escalation", "alarm", "progress_asked", "promise_missed"}
"""Said only while the work is awaited."""
CLOSING = {
    "closed_satisfied", "closed_unrated", "closed_unsettled", "staff_closed", "finder_outcome", "withdrawn",
    "staff_withdrawn", "invalid", "staff_supplement", "dissatisfied",
}  # fmt: skip
DEBTS = {"apologised", "compensated"}
APART = DEBTS | {
    "escalated", "centre_replied", "dept_replied", "answered", "forum_replied", "media_replied", "notified", "bulletin",
}  # fmt: skip
"""What can be done when the work is over: debts to the customer when the complaint is, too."""
LADDERS = {"alarm", "please_phone", "pulled_in", "confirm", "in_hand", "still_waiting"}
ABOUT_DELIVERY = {
    "undeliverable", "uncertain", "stand_in", "unreached", "please_phone", "pulled_in", "channel_down", "channel_back",
    "call_off",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A message of ours as the outbox keeps it."""

    id: int
    key: str
    lane: str
    notice: str
    facts: Mapping[str, str]
    reference: str | None
    person: str | None
    form: str
    channel: str
    answer: bool
    state: str
    joined_to: int | None
    attempts: int
    detail: str
    created_at: datetime
    due_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Happened:
    kind: str
    at: datetime
    old: str | None
    new: str
    facts: Mapping[str, str]


@dataclass
class Audit:
    """down: the spans in which the service was away. heard: (when, channel, key, text) of all that came to people."""

    path: Path
    profile: str
    end: datetime
    down: Sequence[tuple[datetime, datetime]]
    heard: Sequence[tuple[datetime, str, str, str]]
    events: dict[str, list[Happened]] = field(default_factory=lambda: defaultdict(list))
    records: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with sqlite3.connect(self.path) as db:
            columns = (
                "id, key, lane, notice, facts, reference, person, form, channel, answer, state, joined_to, attempts, "
                "detail, created_at, due_at, done_at"
            )
            self.outbox = [
                _row(row)
                for row in db.execute(f"SELECT {columns} FROM outbox ORDER BY id")  # noqa: S608
            ]
            for reference, record in db.execute("SELECT reference, record FROM complaints ORDER BY reference"):
                self.records[reference] = json.loads(record)
            for reference, kind, at, old, new, facts in db.execute(
                "SELECT reference, kind, at, old, new, facts FROM events ORDER BY id"
            ):
                self.events[reference].append(Happened(kind, _sure(at), old, new, json.loads(facts)))
            self.timers = [
                (*row[:4], _sure(row[4]), _moment(row[5]))
                for row in db.execute("SELECT reference, rule, occurrence, state, due_at, fired_at FROM timers")
            ]
            self.inbox = [
                (number, state, outcome)
                for number, state, outcome in db.execute("SELECT id, state, outcome FROM inbox ORDER BY id")
            ]
            self.tries = Counter(id for (id,) in db.execute("SELECT outbox_id FROM deliveries"))
            self.staff = dict(db.execute("SELECT id, backup FROM people WHERE staff").fetchall())
            self.shifts = [
                (*row[:5], _sure(row[5]))
                for row in db.execute("SELECT person, override, days, starts, ends, set_at FROM shifts")
            ]
            self.leave = [
                (person, max(_sure(start), _sure(made)), _sure(end))
                for person, start, end, made in db.execute(
                    "SELECT person, start, \"end\", created_at FROM absences WHERE state IN ('planned', 'running', 'over')"
                )
            ]
            self.wrote: dict[str, list[datetime]] = defaultdict(list)
            for person, at in db.execute("SELECT person, at FROM messages WHERE NOT outgoing AND person IS NOT NULL"):
                self.wrote[person].append(_sure(at))
        self.terms = _profile(self.profile)

    def faults(self) -> Iterator[str]:
        """Yield every fault, in words, with the complaint and the moment."""
        yield from self._stuck()
        yield from self._lost()
        yield from self._doubled()
        yield from self._late()
        yield from self._told_after_the_end()
        yield from self._off_duty()
        yield from self._woken()
        yield from self._promises()
        yield from self._surveys()
        yield from self._illegal()
        yield from self._overtaken()
        yield from self._handed_on()

    # ── nothing stuck, lost or doubled ────────────────────────────────────────────────────────────────────────────────

    def _stuck(self) -> Iterator[str]:
        for reference, rule, occurrence, state, due_at, _ in self.timers:
            if state == "failed" or (state == "pending" and due_at <= self.end):
                yield f"stuck: {reference} timer {rule} {occurrence} is {state}, due {due_at}"
        for row in self.outbox:
            if row.state in ("claimed", "sending") or (row.state in ("queued", "held") and row.due_at <= self.end):
                yield f"stuck: {row.key} is {row.state} since {row.due_at}"
        for number, state, outcome in self.inbox:
            if state != "done":
                yield f"stuck: message {number} is {state}: {outcome}"

    def _lost(self) -> Iterator[str]:
        heard = {key.partition("-")[0] if key.startswith("digest/") else key for _, _, key, _ in self.heard}
        told = {row.key.split("/")[1] for row in self.outbox if row.notice in ("undeliverable", "uncertain")}
        told |= {row.facts["message"] for row in self.outbox if "message" in row.facts}  # the duty desk is to phone
        for row in self.outbox:
            leads = row.joined_to in (None, row.id)
            if row.state in ("sent", "delivered", "read"):
                if leads and heard.isdisjoint((row.key, f"digest/{row.id}")):
                    yield f"lost: {row.key} counts as {row.state}, and nobody received it"
            elif row.state in ("failed", "uncertain", "skipped"):
                if not row.detail:
                    yield f"lost: {row.key} is {row.state} without a reason"
                known = row.state == "skipped" or row.form or row.notice in ABOUT_DELIVERY
                if not known and leads and str(row.id) not in told:
                    yield f"lost: {row.key} is {row.state}, and nobody was told of it"

    def _doubled(self) -> Iterator[str]:
        copies = Counter((channel, key) for _, channel, key, _ in self.heard)
        for (channel, key), count in copies.items():
            if count > 1 and channel != "sms":  # a gateway that shows a second copy once
                yield f"doubled: {key} came {count} times by {channel}"
        occurrences = Counter(
            # A ladder that begins anew says the same again, later.
            (row.reference, row.notice, row.person, row.form, tuple(sorted(row.facts.items())))
            + ((row.created_at,) if row.notice == "alarm" else ())
            for row in self.outbox
            if row.notice in CHASES and row.reference is not None and row.facts.get("why") != "customer"
        )
        for occurrence, count in occurrences.items():
            if count > 1:
                yield f"doubled: decided {count} times: {occurrence}"
        for text in {text for _, _, _, text in self.heard}:
            if "{{" in text or "None" in text or not text.strip():
                yield f"nonsense: {text!r}"

    # ── nothing late, at night or after the end ───────────────────────────────────────────────────────────────────────

    def _up(self, at: datetime) -> datetime:
        """Return when the service next ran."""
        for began, ended in self.down:
            if began <= at < ended:
                at = ended
        return at

    def _late(self) -> Iterator[str]:
        for reference, rule, occurrence, state, due_at, fired_at in self.timers:
            if state != "fired" or fired_at is None:
                continue
            # What became due by a decision could not fire before it.
            decided = max((each.at for each in self.events[reference] if each.at <= fired_at), default=due_at)
            if fired_at < due_at or fired_at > max(self._up(due_at), self._up(decided)) + SWEEP:
                yield f"late: {reference} timer {rule} {occurrence} due {due_at} fired {fired_at}"
        behind: dict[str, datetime] = {}
        for row in self.outbox:
            if row.done_at is None:
                continue
            due = max(row.created_at, behind.get(row.lane, row.created_at))
            tried_again = self.tries[row.id] > 1  # `row.attempts` begins anew on the next road
            on_duty = row.person in self._on_duty(self._up(due)) and not tried_again
            if not (self._may_wake(row, due) or on_duty):
                due = self._awake(due, row)
            allowed = self._up(due) + (PATIENCE if tried_again or row.attempts > 1 or row.state != "sent" else SWEEP)
            if (morning := self._awake(allowed, row)) > allowed:  # tried until the reader's day was over
                allowed = morning + PATIENCE
            if row.done_at > allowed:
                yield f"late: {row.key} decided {row.created_at}, could go {due}, went {row.done_at}"
            behind[row.lane] = max(row.done_at, behind.get(row.lane, row.done_at))

    def _told_after_the_end(self) -> Iterator[str]:
        for row in self.outbox:
            if (
                row.reference is None
                or row.answer
                or row.done_at is None
                or row.state not in ("sent", "delivered", "uncertain")
            ):
                continue
            if row.notice in CHASES and self._lasts(row.facts.get("clock")) != "work":
                continue  # by `_chased`
            decided, told = (self._status(row.reference, at) for at in (row.created_at, row.done_at))
            opened = self._status(row.reference, row.created_at + timedelta(microseconds=1)) not in SETTLED
            after_work = self.terms["clocks"].get(row.facts.get("clock"), {}).get("from") == "resolved"
            over = SETTLED if after_work else SETTLED | {"resolved"}
            again = self._status(row.reference, row.done_at + timedelta(microseconds=1)) not in over
            if decided in SETTLED and not opened and row.notice not in CLOSING | ABOUT_DELIVERY:
                yield f"after the end: {row.key} decided {row.created_at}, when it was {decided}"
            elif row.notice in CHASES and told in over and not again and row.notice != "promise_missed":
                yield f"after the end: {row.key} told {row.done_at}, when it was {told}"

    def _woken(self) -> Iterator[str]:
        came = {key.partition("-")[0] if key.startswith("digest/") else key: at for at, _, key, _ in self.heard}
        for row in self.outbox:
            at = row.done_at if row.state in ("sent", "delivered", "read") else None
            if row.state == "uncertain":  # what the service died with is dated by its return, perhaps at night
                at = came.get(row.key if row.joined_to is None else f"digest/{row.joined_to}")
            if (
                at is not None
                and self._quiet(at, row)
                and not self._may_wake(row, at)
                and row.person not in self._on_duty(at)
            ):
                yield f"woken: {row.key} told {at.astimezone(ZONE)}"

    def _may_wake(self, row: Row, at: datetime) -> bool:
        if row.answer or row.notice in ("acknowledgement", "channel_down") or row.facts.get("night") == "yes":
            return True
        severe = row.notice not in LADDERS  # a step of a ladder says itself whether it may come at night
        if (
            severe
            and row.reference
            and self._severity(row.reference, at) in self.terms["quiet_hours"].get("except", ())
        ):
            return True
        return any(timedelta() <= at - wrote <= AWAKE for wrote in self.wrote.get(row.person or "", ()))

    def _quiet(self, at: datetime, row: Row) -> bool:
        return self._awake(at, row) != at

    def _awake(self, at: datetime, row: Row) -> datetime:
        """Return `at`, or the end of the reader's quiet hours, or of the time in which nobody works on what waits for that."""
        at = _working(at) if self._waits_for_work(row) else at
        return _after(at, self.terms["quiet_hours"].get("staff" if row.person in self.staff else "customer", "no"))

    def _waits_for_work(self, row: Row) -> bool:
        """Say whether a notice reminds of or chases for a limit in working time (trap 27); what is severe does not wait.

        Assistants are asked as the lead is; decisions are reminded of while people work.
        """
        clocks = self.terms["clocks"]
        if row.notice in ("part_chased", "part_late") and row.facts.get("why") in ("accept", "due", "late"):
            whole = (each for each in clocks.values() if "resolved" in each.get("met_by", ()))
            return any(_of_work(each["limit"]) for each in whole if "accepted" not in each["met_by"])
        chases = row.notice in ("reminder", "overdue", "escalation")
        return row.notice == "decision_waits" or (
            chases and _of_work(clocks.get(row.facts.get("clock"), {}).get("limit", ""))
        )

    # ── who is on duty ────────────────────────────────────────────────────────────────────────────────────────────────

    def _off_duty(self) -> Iterator[str]:
        for row in self.outbox:
            on_duty = self._on_duty(row.created_at) if row.notice == "please_phone" else ()
            if on_duty and row.person not in on_duty:
                yield f"off duty: {row.key} asks {row.person} to phone, and on duty were {', '.join(sorted(on_duty))}"

    def _on_duty(self, at: datetime) -> set[str]:
        """Return who is on duty: what was said of the day goes before the table, and who is away is stood in for."""
        said: dict[bool, set[str]] = {True: set(), False: set()}
        for person, override, days, starts, ends, set_at in self.shifts:
            if set_at <= at and _runs(days, starts, ends, at) and (there := self._there(person, at)) is not None:
                said[bool(override)].add(there)
        return said[True] or said[False]

    def _there(self, person: str, at: datetime) -> str | None:
        return next(
            (each for each in (person, self.staff[person]) if each is not None and not self._away(each, at)), None
        )

    def _away(self, person: str, at: datetime) -> bool:
        return any(who == person and start <= at < end for who, start, end in self.leave)

    # ── the promises ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _promises(self) -> Iterator[str]:
        for reference, record in self.records.items():
            for deadline in record["deadlines"]:
                yield from self._reckoned(reference, deadline)
                if deadline.get("whose") is None and not deadline.get("repeats"):
                    yield from self._chased(reference, record, deadline)

    def _reckoned(self, reference: str, deadline: Mapping[str, Any]) -> Iterator[str]:
        clock = self.terms["clocks"].get(deadline["clock"])
        if clock is None or deadline["extended"] or deadline["moved_at"] or deadline.get("profile"):
            return
        mode = clock.get("day_mode", self.terms["day_mode"])
        own = _due(_iso(deadline["started_at"]), deadline["limit"], mode)
        if own is not None and own != _iso(deadline["due_at"]):
            yield f"reckoned: {reference} {deadline['clock']} from {deadline['started_at']}: {deadline['due_at']}, not {own}"

    def _chased(self, reference: str, record: Mapping[str, Any], deadline: Mapping[str, Any]) -> Iterator[str]:
        due = _iso(deadline["due_at"])
        moved = _iso(deadline["moved_at"]) if deadline["moved_at"] else due  # granted when the new time was over, too
        quiet = self.terms["quiet_hours"]
        told = max(due, moved) + SWEEP
        severe = all(self._severity(reference, at) in quiet.get("except", ()) for at in (due, told))
        if _of_work(deadline["limit"]) and not severe:
            if told.astimezone(ZONE).year > 2026:
                return  # not published
            told = _working(told)
        told = _after(told, quiet.get("staff", "no"))
        ended = [_iso(deadline[name]) for name in ("met_at", "ended_at") if deadline.get(name)]
        last = self._up(told) + SWEEP
        lasts = self._lasts(deadline["clock"])
        if last > self.end or any(at <= last for at in ended) or not self._awaited(reference, due, last, lasts):
            return
        what = f"{reference} {deadline['clock']} due {due}"
        same = [e for e in self.events[reference] if e.facts.get("clock") == deadline["clock"] and _due_of(e) == due]
        chased = [each.at for each in same if each.kind == "overdue"]
        if not chased:
            yield f"unchased: {what}, and nobody was told"
        elif not due < min(chased) <= last:
            yield f"late: {what}, told {min(chased)}"
        if not any(each.kind == "reminded" for each in same) and not self._spoken_for(record, deadline):
            moments = self._reminders(deadline)
            if moments and not deadline["moved_at"]:
                yield f"unreminded: {what}, to be reminded at {moments[0]}"

    def _spoken_for(self, record: Mapping[str, Any], deadline: Mapping[str, Any]) -> bool:
        """Another clock over the same span speaks for it."""
        spans = [(each["started_at"], each["due_at"]) for each in record["deadlines"] if each is not deadline]
        return (deadline["started_at"], deadline["due_at"]) in spans

    def _reminders(self, deadline: Mapping[str, Any]) -> list[datetime]:
        """Return the moments of reminders that are certain: in good time, outside the quiet hours, while the service ran."""
        start, due = _iso(deadline["started_at"]), _iso(deadline["due_at"])
        rule = self.terms["reminders"]
        if due - start >= _span(rule["short_below"]):
            return []
        shares = [int(lead[:-1]) / 100 for lead in rule["short"] if lead.endswith("%")]
        moments = [start + (due - start) * share for share in shares]
        quiet = self.terms["quiet_hours"].get("staff", "no")
        return [at for at in moments if _after(at, quiet) == at and self._up(at) < due]

    def _awaited(self, reference: str, since: datetime, until: datetime, lasts: str) -> bool:
        """Say whether it was awaited all that time, and nothing else happened that could move the promise."""
        moments = [since, *(each.at for each in self.events[reference] if since < each.at <= until), until]
        awaited = OPEN - {"on_hold"} | ({"resolved"} if lasts != "work" else set())
        awaited |= {"closed"} if lasts == "always" else set()
        return all(self._status(reference, at) in awaited for at in moments)

    def _lasts(self, clock: str | None) -> str:
        """Return how long a clock is owed: until the work is done, until the complaint is closed, or always."""
        rule = self.terms["clocks"].get(clock, {})
        met_by = set(rule.get("met_by", ()))
        if rule.get("repeats") or not met_by & APART or met_by & {"resolved", "closed"}:
            return "work"
        return "always" if met_by <= DEBTS else "complaint"

    def _surveys(self) -> Iterator[str]:
        tries = max(1, self.terms["callback"].get("tries", 1))
        asked = Counter((row.reference, row.facts.get("round")) for row in self.outbox if row.notice == "survey")
        for (reference, round), count in asked.items():
            if count > 1:
                yield f"asked again: {reference} round {round}: {count} surveys"
        for reference, record in self.records.items():
            for survey in record["surveys"]:
                since = _iso(survey["asked_at"])
                until = min(
                    (_iso(each["asked_at"]) for each in record["surveys"] if _iso(each["asked_at"]) > since),
                    default=self.end,
                )
                again = [e for e in self.events[reference] if e.kind == "survey_reminded" and since < e.at <= until]
                if len(again) > tries:
                    yield f"asked again: {reference} round {survey['round']}: {len(again)} reminders"

    # ── legal states, and order ───────────────────────────────────────────────────────────────────────────────────────

    def _illegal(self) -> Iterator[str]:
        for reference, happened in self.events.items():
            if self.records[reference]["status"] != happened[-1].new:
                yield f"illegal: {reference} is {self.records[reference]['status']}, its last event says {happened[-1].new}"
            for before, after in pairwise(happened):
                if after.old != before.new:
                    yield f"illegal: {reference} {after.kind} at {after.at} began from {after.old}, it was {before.new}"
                if after.at < before.at:
                    yield f"illegal: {reference} {after.kind} at {after.at} is told before {before.kind}"
            for each in happened:
                if each.old is not None and each.old != each.new and each.new not in MOVES[each.old]:
                    yield f"illegal: {reference} {each.kind} at {each.at} led from {each.old} to {each.new}"
                if each.kind == "closed" and each.old != "resolved" and each.facts.get("as") != "unsettled":
                    yield f"illegal: {reference} closed at {each.at} as {each.facts.get('as')} when it was {each.old}"

    def _overtaken(self) -> Iterator[str]:
        """A lane's messages go in their order, but for what waited for the morning, was tried again or went by another road."""
        last: dict[str, Row] = {}
        for row in self.outbox:
            if row.state != "sent" or row.attempts != 1 or row.done_at is None or row.joined_to is not None:
                continue
            before = last.get(row.lane)
            if before is not None and before.done_at is not None and row.done_at < before.done_at:
                first = self._up(before.created_at)  # perhaps at night only
                held = not self._may_wake(before, first) and self._quiet(first, before)
                if not held:
                    yield f"overtaken: {before.key} went {before.done_at}, {row.key} behind it went {row.done_at}"
            last[row.lane] = row

    def _handed_on(self) -> Iterator[str]:
        """Whoever gets it from somebody else is to accept it anew; what was given back is asked about until somebody has it."""
        for reference, happened in self.events.items():
            accepts = [_iso(d["started_at"]) for d in self.records[reference]["deadlines"] if d["clock"] == "accept"]
            for each in [event for event in happened if event.kind == "dispatched"][1:]:
                if each.at not in accepts:
                    yield f"handed on: {reference} at {each.at}, and nobody is to accept it"
            for each in (event for event in happened if event.kind == "given_back"):
                last = self._up(each.at + timedelta(days=1)) + SWEEP
                until = [event for event in happened if each.at < event.at <= last]
                if last <= self.end and not any(e.new != "accepted" or e.kind == "nobody_available" for e in until):
                    yield f"given back: {reference} at {each.at}, and nobody was asked who has it"

    # ── as it was then ────────────────────────────────────────────────────────────────────────────────────────────────

    def _status(self, reference: str, at: datetime) -> str:
        """Return the status before what happened at that very moment."""
        return next((each.new for each in reversed(self.events[reference]) if each.at < at), "new")

    def _severity(self, reference: str, at: datetime) -> str:
        graded = self._graded.get(reference, [])
        severity = graded[0].facts["from"] if graded else self.records[reference]["severity"]
        for each in graded:
            if each.at <= at:
                severity = each.facts["to"]
        return str(severity)

    @cached_property
    def _graded(self) -> dict[str, list[Happened]]:
        return {
            reference: [each for each in happened if "from" in each.facts and each.facts["from"][:1] == "S"]
            for reference, happened in self.events.items()
        }


def _profile(name: str) -> dict[str, Any]:
    """Return a profile with what it inherits, as its files say."""
    own = tomllib.loads((PROFILES / f"{name}.toml").read_text("utf-8"))
    return _over(_profile(own["inherits"]), own) if "inherits" in own else own


def _over(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in own.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _over(merged[key], value) if both else value
    return {key: value for key, value in merged.items() if value is not False or key not in ("complete",)}


def _row(columns: Sequence[Any]) -> Row:
    values = [*columns]
    values[4] = json.loads(values[4])
    values[-3:] = (_moment(each) for each in values[-3:])
    return Row(*values)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else _sure(text)


def _sure(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _iso(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _due_of(event: Happened) -> datetime | None:
    return _iso(event.facts["due"]) if event.facts.get("due") else None


def _span(limit: str) -> timedelta:
    return timedelta(days=int(limit[:-1])) if limit.endswith("d") else timedelta(hours=float(limit[:-1]))


def _after(at: datetime, quiet: str) -> datetime:
    """Return `at`, or the end of the quiet hours it falls into; `quiet` as a profile writes them: 22:00-07:00."""
    if "-" not in quiet:
        return at
    begins, ends = (time.fromisoformat(each) for each in quiet.split("-"))
    local = at.astimezone(ZONE)
    over_midnight = begins > ends
    now = local.time()
    inside = (now >= begins or now < ends) if over_midnight else begins <= now < ends
    if not inside:
        return at
    day = local.date() + timedelta(days=1 if over_midnight and now >= begins else 0)
    return datetime.combine(day, ends, ZONE).astimezone(UTC)


def _of_work(limit: str) -> bool:
    return limit.endswith(("wd", "wh"))


def _working(at: datetime) -> datetime:
    """Return `at`, or when people begin work after it; `at` in a year whose holidays are not published."""
    local = at.astimezone(ZONE)
    for days in range(30):
        day, now = local.date() + timedelta(days=days), time.min if days else local.time()
        if day.year > 2026:
            return at
        for begins, ends in HOURS if chinese_calendar.is_workday(day) else ():
            if now < ends:
                return at if not days and begins <= now else datetime.combine(day, begins, ZONE).astimezone(UTC)
    return at


def _runs(days: str, starts: str, ends: str, at: datetime) -> bool:
    """Say whether a row of the rota runs at a moment. days: "daily" or a date.

    What ends no later than it starts, ends on the next day, and belongs to the one on which it began.
    """
    local = at.astimezone(ZONE)
    now, today, before = f"{local:%H:%M}", f"{local:%Y-%m-%d}", f"{local - timedelta(days=1):%Y-%m-%d}"
    if starts < ends:
        return starts <= now < ends and days in ("daily", today)
    return (now >= starts and days in ("daily", today)) or (now < ends and days in ("daily", before))


def _due(start: datetime, limit: str, mode: str) -> datetime | None:
    """Return a due moment counted day by day; None for working hours, which have tables of their own in the unit tests."""
    if limit.endswith("wh"):
        return None
    local = start.astimezone(ZONE)
    if limit.endswith("h"):
        return start + timedelta(hours=float(limit[:-1]))
    if limit.endswith("wd"):
        day, left = local.date(), int(limit[:-2])
        while left:
            day += timedelta(days=1)
            if day.year > 2026:
                return None  # not published
            left -= chinese_calendar.is_workday(day)
    elif mode == "hours":
        return start + timedelta(days=int(limit[:-1]))
    else:
        day = local.date() + timedelta(days=int(limit[:-1]))
    return datetime.combine(day, time(23, 59, 59), ZONE).astimezone(UTC)
