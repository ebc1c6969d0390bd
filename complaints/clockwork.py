"""Time's own rules: which timers a complaint wants, and what each decides when it fires.

`wanted` is a pure function of the complaint, so the timers can always be worked out again; `fire` asks the rule anew with
the complaint as it stands, so that a late timer never says what is no longer true (traps 32, 33). Each rule is a module with
these two functions; here they are only put together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from complaints import (
    assigning,
    briefing,
    calling,
    chasing,
    contacting,
    deciding,
    duties,
    grading,
    holding,
    ladders,
    mediating,
    missed_promises,
    opinions,
    planning,
    press_limit,
    process_callback,
    progressing,
    surveying,
    taking_back,
    task_force,
    tasks,
    visiting,
)
from complaints.change import Change, Timer
from complaints.complaint import Complaint
from complaints.promises import Terms
from complaints.vocabulary import Status

Wanted = Callable[[Complaint, Terms], Iterator[Timer]]
Fire = Callable[[Complaint, Timer, Terms, datetime], Change | None]

_WANTED: tuple[Wanted, ...] = (
    surveying.wanted,
    assigning.wanted,
    holding.wanted,
    deciding.wanted,
    chasing.wanted,
    ladders.wanted,
    calling.wanted,
    missed_promises.wanted,
    progressing.wanted,
    planning.wanted,
    contacting.wanted,
    process_callback.wanted,
    visiting.wanted,
    duties.wanted,
    grading.wanted,
    briefing.wanted,
    tasks.wanted,
    taking_back.wanted,
    task_force.wanted,
    opinions.wanted,
    mediating.wanted,
    press_limit.wanted,
)
_FIRE: Mapping[str, Fire] = {  # by a timer's rule, up to its colon
    surveying.REMIND: surveying.fire,
    surveying.EXPIRE: surveying.fire,
    surveying.PHONE: surveying.fire,
    assigning.RULE: assigning.fire,
    holding.ENDS: holding.fire,
    deciding.RULE: deciding.fire,
    chasing.REMIND: chasing.fire,
    chasing.OVERDUE: chasing.fire,
    ladders.RULE: ladders.fire,
    ladders.CONFIRM: ladders.fire,
    ladders.LAPSE: ladders.fire,
    calling.RULE: calling.fire,
    missed_promises.RULE: missed_promises.fire,
    progressing.ASK: progressing.fire,
    progressing.MISS: progressing.fire,
    progressing.GLANCE: progressing.fire,
    planning.REMIND: planning.fire,
    contacting.RULE: contacting.fire,
    process_callback.ASK: process_callback.fire,
    process_callback.EXPIRE: process_callback.fire,
    visiting.REMIND: visiting.fire,
    visiting.OUTCOME: visiting.fire,
    visiting.LAPSE: visiting.fire,
    duties.RULE: duties.fire,
    grading.RULE: grading.fire,
    grading.CHECK: grading.fire,
    briefing.HOT: briefing.fire,
    briefing.WEEKLY: briefing.fire,
    briefing.ORDER: briefing.fire,
    tasks.ACCEPT: tasks.fire,
    tasks.REMIND: tasks.fire,
    tasks.LATE: tasks.fire,
    tasks.PROGRESS: tasks.fire,
    taking_back.RULE: taking_back.fire,
    task_force.RULE: task_force.fire,
    opinions.RULE: opinions.fire,
    mediating.RULE: mediating.fire,
    press_limit.RULE: press_limit.fire,
}


def wanted(complaint: Complaint, terms: Terms) -> tuple[Timer, ...]:
    """Return every timer that should be pending now. Once the complaint is settled only what chases a debt to its customer.

    A timer that fired already may be among them: its identity is spent, it does not fire twice.
    """
    if complaint.status is Status.DRAFT or (complaint.settled and not complaint.running):
        return ()
    rules = (chasing.wanted,) if complaint.settled else _WANTED
    return tuple(timer for rule in rules for timer in rule(complaint, terms))


def fire(complaint: Complaint, timer: Timer, terms: Terms, now: datetime) -> Change | None:
    """Ask the timer's rule with today's state. None: there is nothing to say any more."""
    rule = _FIRE.get(timer.rule.partition(":")[0])
    over = complaint.settled and rule is not chasing.fire
    return None if over or rule is None else rule(complaint, timer, terms, now)
