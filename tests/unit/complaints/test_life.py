"""Whole lives at random: any person tries any step at any time, the clock runs, and the invariants hold throughout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from complaints import clockwork, closing, customer, handling, holding, process_callback, progressing
from complaints.change import Change, EventKind, NoticeKind
from complaints.complaint import Complaint
from complaints.errors import Refused
from complaints.lifecycle import TRANSITIONS
from complaints.limits import Limit
from complaints.parts.actors import SYSTEM, Actor
from complaints.policy import CloseRequirement
from complaints.promises import Terms
from complaints.vocabulary import SERVICE_CENTRE, Rating, Role, Severity, Status
from tests.unit.complaints import build
from tests.unit.complaints.build import MONDAY, Desk, actor

PEOPLE = [
    build.CUSTOMER,
    build.STRANGER,
    build.FINDER,
    build.HANDLER,
    build.COLLEAGUE,
    build.AGENT,
    build.DISPATCHER,
    build.REVIEWER,
    build.HEAD,
    build.LEAD,
    build.LEADER,
    build.ADMIN,
    actor("zhang", Role.HANDLER, Role.CENTER_LEAD),  # one who would decide on their own work
]
MOVES = {(old, new) for (old, _), new in TRANSITIONS.items()}
AT_WORK = {Status.WORKING, Status.PROPOSED, Status.EXECUTING}

Attempt = Callable[[Complaint, Actor, Terms, "Life", str], Change]
LIMITS = ["1h", "1d", "2d", "1wd", "4wh"]

ATTEMPTS: dict[str, Attempt] = {
    "dispatch": lambda c, who, t, life, text: handling.dispatch(c, "zhang", text, who, t, life.now),
    "dispatch to another": lambda c, who, t, life, text: handling.dispatch(c, "li", text, who, t, life.now),
    "dispatch to the head": lambda c, who, t, life, text: handling.dispatch(c, "head", text, who, t, life.now),
    "accept": lambda c, who, t, life, text: handling.accept(c, who, t, life.now),
    "give back": lambda c, who, t, life, text: handling.give_back(c, text, who, life.now),
    "report": lambda c, who, t, life, text: handling.report(c, text, who, t, life.now),
    "propose": lambda c, who, t, life, text: handling.propose(c, text, who, t, life.now),
    "resolve": lambda c, who, t, life, text: handling.resolve(c, text, who, t, life.now),
    "ask for time": lambda c, who, t, life, text: handling.ask_extension(
        c, Limit.parse(LIMITS[c.version % len(LIMITS)]), text, who, t, life.now
    ),
    "grant": lambda c, who, t, life, text: handling.decide_extension(c, True, text, who, t, life.now),
    "refuse time": lambda c, who, t, life, text: handling.decide_extension(c, False, text, who, t, life.now),
    "ask to wait": lambda c, who, t, life, text: holding.ask_hold(
        c, Limit.parse(LIMITS[c.version % len(LIMITS)]), None, text, who, t, life.now
    ),
    "let it wait": lambda c, who, t, life, text: holding.decide_hold(c, True, text, who, t, life.now),
    "refuse to wait": lambda c, who, t, life, text: holding.decide_hold(c, False, text, who, t, life.now),
    "resume": lambda c, who, t, life, text: holding.resume(c, who, t, life.now),
    "raise": lambda c, who, t, life, text: handling.grade(c, Severity.S0, text, who, t, life.now),
    "lower": lambda c, who, t, life, text: handling.grade(c, Severity.S4, text, who, t, life.now),
    "invalidate": lambda c, who, t, life, text: handling.invalidate(c, text, who, life.now),
    "close": lambda c, who, t, life, text: handling.close(c, text, who, t, life.now),
    "supplement": lambda c, who, t, life, text: customer.supplement(c, text, who, life.now),
    "tell facts": lambda c, who, t, life, text: customer.tell_facts(c, text, True, who, t, life.now),
    "let a line out": lambda c, who, t, life, text: progressing.release(c, text, who, t, life.now),
    "keep a line back": lambda c, who, t, life, text: progressing.keep_back(c, text, who, life.now),
    "say yes": lambda c, who, t, life, text: process_callback.answer(c, True, text, who, t, life.now),
    "say no": lambda c, who, t, life, text: process_callback.answer(c, False, text, who, t, life.now),
    "urge": lambda c, who, t, life, text: customer.urge(c, text, who, t, life.now),
    "agree": lambda c, who, t, life, text: customer.answer_plan(c, True, text, who, t, life.now),
    "refuse": lambda c, who, t, life, text: customer.answer_plan(c, False, text, who, t, life.now),
    "withdraw": lambda c, who, t, life, text: customer.withdraw(c, text, who, life.now),
    "appeal": lambda c, who, t, life, text: customer.appeal(c, text, who, t, life.now),
    "reopen": lambda c, who, t, life, text: closing.reopen(c, text, who, t, life.now),
    "satisfied": lambda c, who, t, life, text: closing.rate(c, Rating.SATISFIED, 5, text, who, t, life.now),
    "neutral": lambda c, who, t, life, text: closing.rate(c, Rating.NEUTRAL, 3, text, who, t, life.now),
    "dissatisfied": lambda c, who, t, life, text: closing.rate(c, Rating.DISSATISFIED, 1, text, who, t, life.now),
}
# Who gets somewhere with it, so that lives get long. Of the work it is whoever has the task.
RIGHT: dict[str, Actor] = {
    "dispatch": build.AGENT,
    "dispatch to another": build.AGENT,
    "grant": build.LEAD,
    "refuse time": build.HEAD,
    "let it wait": build.LEAD,
    "refuse to wait": build.HEAD,
    "raise": build.AGENT,
    "close": build.LEAD,
    "invalidate": build.REVIEWER,
    "supplement": build.CUSTOMER,
    "tell facts": build.CUSTOMER,
    "agree": build.CUSTOMER,
    "refuse": build.CUSTOMER,
    "appeal": build.CUSTOMER,
}
WORK = [
    "accept",
    "report",
    "propose",
    "resolve",
    "resolve",
    "ask for time",
    "ask for time",
    "ask to wait",
    "resume",
    "give back",
]
STAGES = [build.filed, build.dispatched, build.working, build.proposed, build.executing, build.resolved]


class Life(Desk):
    """A desk that looks at every change as it is made."""

    acting: Actor = SYSTEM

    def apply(self, change: Change | None) -> None:
        if change is not None:
            self._look(self.complaint, change)
        super().apply(change)

    def _look(self, before: Complaint, change: Change) -> None:
        after = change.complaint
        assert after.version > before.version
        assert after.version == before.version + len(change.events) or (not change.events and after.version)
        self._events_tell_of_it(before, change)
        self._promises_are_accounted_for(before, change)
        self._nobody_acts_beyond_their_role(before, change)
        reopened = [event for event in change.events if event.kind is EventKind.REOPENED]
        assert after.round == before.round + len(reopened)
        assert not (before.settled and self.acting is SYSTEM), "time alone does nothing to a settled complaint"

    def _events_tell_of_it(self, before: Complaint, change: Change) -> None:
        status = before.status
        for event in change.events:
            assert event.old is status
            assert (event.old, event.new) in MOVES
            assert (event.at, event.by) == (self.now, self.acting.person)
            status = event.new
        assert change.complaint.status is status

    def _promises_are_accounted_for(self, before: Complaint, change: Change) -> None:
        deadlines = change.complaint.deadlines
        after = {(d.clock, d.round, d.profile, d.turn): d for d in deadlines}
        assert len(after) == len(deadlines), "one promise of a kind in a turn"
        running = [(d.clock, d.round, d.profile) for d in deadlines if d.open]
        assert len(set(running)) == len(running), "one open promise of a kind in a round"
        for old in before.deadlines:
            new = after[old.clock, old.round, old.profile, old.turn]  # none is forgotten
            if (new.met_at, new.due_at, new.extended) != (old.met_at, old.due_at, old.extended):
                assert change.events, "a promise is met or moved with an event"
                assert old.met_at is None, "a promise kept stays kept"
                given_back = before.pause is not None and new.due_at >= self.now  # what a pause did not use
                woken = old.started_at > self.now and new.started_at <= self.now  # it slept, and now somebody is woken
                assert new.due_at >= old.due_at or given_back or woken, "no promise to us shortens the time"
            if new.extended != old.extended:
                assert [event.kind for event in change.events] == [EventKind.EXTENSION_GRANTED]

    def _nobody_acts_beyond_their_role(self, before: Complaint, change: Change) -> None:
        who, roles = self.acting.person, self.acting.roles
        for event in change.events:
            match event.kind:
                case EventKind.RATED | EventKind.PLAN_AGREED | EventKind.PLAN_REFUSED | EventKind.APPEALED:
                    assert who == before.complainant
                case EventKind.WITHDRAWN:
                    by_proof = roles & SERVICE_CENTRE and event.note.strip()
                    assert who == before.complainant or by_proof
                case EventKind.ACCEPTED | EventKind.GIVEN_BACK | EventKind.PROGRESS | EventKind.PLAN_PROPOSED:
                    assert before.task is not None
                    assert who == before.task.assignee
                case EventKind.EXTENSION_ASKED:
                    assert before.task is not None
                    assert who == before.task.assignee
                case EventKind.EXTENSION_GRANTED | EventKind.EXTENSION_REFUSED:
                    assert before.extension is not None
                    assert who != before.extension.asked_by
                    assert roles & {Role.CENTER_LEAD, Role.DEPT_HEAD}
                case EventKind.HELD | EventKind.HOLD_REFUSED:
                    assert before.hold is not None
                    assert who != before.hold.asked_by
                    assert roles & {Role.CENTER_LEAD, Role.DEPT_HEAD}
                case EventKind.CLOSED if event.facts["as"] == "unsettled":
                    assert Role.CENTER_LEAD in roles
                    assert event.note.strip()
                case EventKind.GRADED if event.facts["to"] > event.facts["from"]:
                    assert Role.CENTER_LEAD in roles
                    assert event.note.strip()
                case EventKind.REMINDED | EventKind.OVERDUE | EventKind.SURVEY_EXPIRED | EventKind.SURVEY_REMINDED:
                    assert self.acting is SYSTEM
                case EventKind.INVALID | EventKind.DISPATCHED | EventKind.RESOLVED:
                    assert who != before.complainant
            if event.kind in (EventKind.CLOSED, EventKind.INVALID, EventKind.DISPATCHED, EventKind.RESOLVED):
                assert who not in before.respondents


class Lives(RuleBasedStateMachine):
    life: Life

    @initialize(
        stage=st.sampled_from(STAGES),
        rules=st.sampled_from([build.BASE, build.LEYOUJIA]),
        severity=st.sampled_from(list(Severity)),
        named=st.sampled_from([frozenset(), frozenset({"lead"}), frozenset({"li", "dispatcher"})]),
        finder=st.sampled_from([None, "finder"]),
        contact_known=st.sampled_from([True, True, True, False]),
        hour=st.integers(0, 24 * 8),
    )
    def begin(
        self,
        stage: Callable[..., Complaint],
        rules: Terms,
        severity: Severity,
        named: frozenset[str],
        finder: str | None,
        contact_known: bool,
        hour: int,
    ) -> None:
        now = MONDAY + timedelta(hours=hour)
        complaint = stage(
            rules,
            now,
            severity=severity,
            respondents=named,
            finder=finder,
            contact_known=contact_known or stage is not build.filed,
        )
        self.life = Life(complaint, rules, now)

    def attempt(self, what: str, who: Actor, text: str) -> None:
        life = self.life
        before = life.complaint
        life.acting = who
        try:
            change = ATTEMPTS[what](before, who, life.rules, life, text)
        except Refused:
            assert life.complaint is before
        else:
            life.apply(change)
        finally:
            life.acting = SYSTEM

    @rule(what=st.sampled_from(sorted(RIGHT)))
    def the_right_person_does_it(self, what: str) -> None:
        self.attempt(what, RIGHT[what], "因为")

    @rule(what=st.sampled_from(sorted(ATTEMPTS)), who=st.sampled_from(PEOPLE), text=st.sampled_from(["", " ", "因为"]))
    def any_step(self, what: str, who: Actor, text: str) -> None:
        self.attempt(what, who, text)

    @precondition(lambda self: self.life.complaint.task is not None)
    @rule(what=st.sampled_from(WORK))
    def the_assignee_works(self, what: str) -> None:
        task = self.life.complaint.task
        assert task is not None
        self.attempt(what, actor(task.assignee, Role.HANDLER), "换了锁芯")

    @precondition(lambda self: self.life.complaint.status in (Status.RESOLVED, Status.CLOSED))
    @rule(what=st.sampled_from(["satisfied", "neutral", "dissatisfied", "dissatisfied", "reopen"]))
    def the_customer_answers(self, what: str) -> None:
        self.attempt(what, build.CUSTOMER, "")

    @rule(minutes=st.integers(1, 60 * 30), asleep=st.booleans())
    def hours_pass(self, minutes: int, asleep: bool) -> None:
        self.life.until(self.life.now + timedelta(minutes=minutes), asleep=asleep)

    @rule(days=st.integers(1, 40), asleep=st.booleans())
    def days_pass(self, days: int, asleep: bool) -> None:
        life = self.life
        since = life.now
        life.until(since + timedelta(days=days), asleep=asleep)
        chased = Counter(notice.to for at, notice in life.log if at > since and notice.kind is NoticeKind.OVERDUE)
        # Every limit is told once, and then one chase a day speaks for all that the same person is late with.
        assert max(chased.values(), default=0) <= days + 1 + len(life.complaint.deadlines)

    @invariant()
    def exactly_one_owner(self) -> None:
        complaint = self.life.complaint
        tasks = [task for task in complaint.tasks if task.open]
        assert len(tasks) <= 1
        if tasks:
            assert complaint.owner == tasks[0].assignee
            assert complaint.status in {Status.DISPATCHED, *AT_WORK}
        else:
            assert complaint.status is not Status.DISPATCHED
            if complaint.status in AT_WORK:
                assert complaint.owner is None  # with the service centre
        assert complaint.owner not in complaint.respondents
        assert [task.number for task in complaint.tasks] == list(range(1, len(complaint.tasks) + 1))

    @invariant()
    def a_settled_complaint_is_silent(self) -> None:
        complaint = self.life.complaint
        assert complaint.settled == (complaint.closed_at is not None) == bool(complaint.closed_as)
        if complaint.settled:
            assert complaint.running == ()
            assert complaint.extension is None
            assert complaint.survey is None
            assert clockwork.wanted(complaint, self.life.rules) == ()

    @invariant()
    def only_the_promises_of_this_round_run(self) -> None:
        complaint = self.life.complaint
        assert all(deadline.round == complaint.round for deadline in complaint.running)

    @invariant()
    def silence_is_never_satisfaction(self) -> None:
        complaint = self.life.complaint
        answers = [survey.rating for survey in complaint.surveys if survey.round == complaint.round]
        assert len(answers) <= 1
        if complaint.closed_as in ("satisfied", "neutral"):
            assert [str(answer) for answer in answers] == [complaint.closed_as]
        if complaint.closed_as == "unrated":
            assert answers == [None]
        if complaint.status is Status.CLOSED and complaint.closed_as != "unsettled":
            strict = CloseRequirement.CUSTOMER_SATISFIED in self.life.rules.policy.close_requires
            assert complaint.closed_as == "satisfied" or not strict

    @invariant()
    def deadlines_explain_themselves(self) -> None:
        life = self.life
        for deadline in life.complaint.deadlines:
            local, said = deadline.due_at.astimezone(life.rules.calendar.zone), deadline.steps[-1]
            assert said in (f"= {local:%Y-%m-%d %H:%M:%S}", f"= {deadline.due_at:%Y-%m-%d %H:%M:%S} UTC")

    @invariant()
    def a_wish_for_time_is_the_assignees_and_about_a_running_promise(self) -> None:
        complaint = self.life.complaint
        wish = complaint.extension
        if wish is not None:
            assert complaint.task is not None
            assert complaint.task.assignee == wish.asked_by
            assert wish.clock in [deadline.clock for deadline in complaint.running]
        assert complaint.extensions_granted <= self.life.rules.policy.extension.times

    @invariant()
    def no_timer_waits_in_vain(self) -> None:
        life = self.life
        overdue = [deadline for deadline in life.complaint.running if deadline.overdue(life.now)]
        pending = {timer.rule for timer in life.pending.values()}
        for deadline in overdue:  # who is late is chased again, whatever spoke before
            assert f"overdue:{deadline.clock}" in pending
        if life.complaint.survey is not None:
            assert pending & {"survey_expire", "survey_phone"}


Lives.TestCase.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
TestLives = Lives.TestCase
