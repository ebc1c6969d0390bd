"""Groups: who may be merged into whom, what each is told, who leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from complaints import customer, grouping, handling
from complaints.change import Change, EventKind, NoticeKind
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, NotAllowed
from complaints.policy.profile import ValidityReview
from complaints.rates import counts
from complaints.vocabulary import Role, Severity, Status, WaitsFor
from tests.unit.complaints import build
from tests.unit.complaints.build import MONDAY, actor

AGENT = actor("lead", Role.AGENT, Role.CENTER_LEAD)
LATER = MONDAY + timedelta(days=2)


def neighbour(number: int = 2, **changes: object) -> Complaint:
    """Another customer's complaint of the same lift."""
    given = {"reference": f"TS20261123-{number:04d}", "complainant": f"c{number}"} | changes
    return replace(build.working(), **given)  # type: ignore[arg-type]


def merged(member: Complaint | None = None, master: Complaint | None = None, people: int = 2) -> tuple[Change, ...]:
    return grouping.merge(
        master or build.working(), member or neighbour(), "same lift", people, AGENT, build.BASE, MONDAY
    )


def kinds(change: Change | None) -> list[str]:
    return [str(notice.kind) for notice in change.notices] if change is not None else []


@pytest.mark.parametrize(
    ("persons", "count"),
    [
        pytest.param([{"a"}, {"b"}, {"c"}], 3, id="three"),
        pytest.param([{"a", "+86138"}, {"b", "+86138"}, {"c", "x@y"}], 2, id="one phone, one person"),
        pytest.param([{"a", "+86138"}, {"b", "x@y"}, {"c", "+86138", "x@y"}], 1, id="phone here, mail there"),
        pytest.param([], 0, id="nobody"),
    ],
)
def test_a_person_on_three_channels_counts_once(persons: list[set[str]], count: int) -> None:
    assert grouping.distinct(frozenset(signs) for signs in persons) == count


def test_the_master_grows_and_the_other_is_at_rest() -> None:
    master, member = merged()
    assert (master.complaint.members, master.complaint.people) == (("TS20261123-0002",), 2)
    assert member.complaint.status is Status.MERGED
    assert (member.complaint.master, member.complaint.task) == (master.complaint.reference, None)
    assert member.complaint.running == ()
    assert kinds(member) == [NoticeKind.MERGED]
    assert not counts(member.complaint)


def test_what_one_of_them_named_or_was_worse_holds_for_all() -> None:
    grave = neighbour(severity=Severity.S2, respondents=frozenset({"guard"}))
    master = merged(grave)[0].complaint
    assert (master.severity, master.respondents) == (Severity.S2, frozenset({"guard"}))


@pytest.mark.parametrize(
    ("member", "master", "why"),
    [
        pytest.param(neighbour(status=Status.PROPOSED), None, "merge is not possible", id="a plan of its own"),
        pytest.param(neighbour(), replace(build.working(), status=Status.CLOSED), "nothing can be merged", id="over"),
        pytest.param(neighbour(drill=True), None, "practice", id="practice into the real thing"),
        pytest.param(
            neighbour(respondents=frozenset({build.working().owner or ""})), None, "names whoever", id="names the assignee"
        ),
    ],
)  # fmt: skip
def test_who_is_not_merged(member: Complaint, master: Complaint | None, why: str) -> None:
    with pytest.raises(IllegalStep, match=why):
        merged(member, master)


def test_a_complaint_is_not_merged_into_itself() -> None:
    with pytest.raises(IllegalStep, match="name two"):
        merged(build.working(), build.working())


def test_only_the_centre_merges() -> None:
    with pytest.raises(NotAllowed):
        grouping.merge(build.working(), neighbour(), "", 2, build.HANDLER, build.BASE, MONDAY)


def test_those_merged_before_come_along() -> None:
    third = merged(neighbour(3), neighbour(2))[1].complaint
    second = replace(neighbour(2), members=(third.reference,))
    master, _, passed = grouping.merge(build.working(), second, "", 3, AGENT, build.BASE, MONDAY, [third])
    assert master.complaint.members == ("TS20261123-0002", "TS20261123-0003")
    assert passed.complaint.master == master.complaint.reference


def test_each_is_told_in_their_own_name_what_the_master_is_told() -> None:
    master, member = (change.complaint for change in merged())
    change = handling.report(master, "the parts come tomorrow at nine", build.HANDLER, build.BASE, LATER)
    told = grouping.follow(change, member, build.BASE, LATER)
    assert told is not None
    assert [(notice.kind, notice.to.person) for notice in told.notices] == [(NoticeKind.PROGRESS, "c2")]
    assert told.complaint.last_progress == change.complaint.last_progress


def test_a_plan_waits_for_the_masters_customer_and_the_others_read_it() -> None:
    master, member = (change.complaint for change in merged())
    change = handling.propose(master, "a new board", build.HANDLER, build.BASE, LATER)
    told = grouping.follow(change, member, build.BASE, LATER)
    assert told is not None
    assert kinds(told) == [NoticeKind.GROUP_PLAN]
    assert (told.complaint.status, told.complaint.plan) == (Status.MERGED, "a new board")


def test_the_result_is_told_to_each_and_each_is_asked() -> None:
    """Trap 43."""
    master, member = (change.complaint for change in merged())
    change = handling.resolve(master, "a new board", build.HANDLER, build.BASE, LATER)
    told = grouping.follow(change, member, build.BASE, LATER)
    assert told is not None
    after = told.complaint
    assert kinds(told) == [NoticeKind.SURVEY]
    assert (after.status, after.result, after.owner) == (Status.RESOLVED, "a new board", master.owner)
    assert after.survey is not None
    assert [(p.waits_for, p.span) for p in after.pauses] == [(WaitsFor.GROUP, (MONDAY, LATER))]


def test_a_verdict_is_told_to_each_with_an_appeal_of_their_own() -> None:
    master = replace(build.working(), status=Status.ACCEPTED, tasks=(), owner=None)
    grown, member = (change.complaint for change in merged(master=master))
    told = grouping.follow(
        handling.invalidate(grown, "it is the city's", AGENT, LATER), member, build.BASE, LATER
    )  # fmt: skip
    assert told is not None
    assert kinds(told) == [NoticeKind.INVALID]
    appealed = customer.appeal(told.complaint, "it is not", actor("c2", Role.CUSTOMER), build.BASE, LATER)
    assert grouping.left(told.complaint, appealed)


def test_who_hears_it_by_another_complaint_is_told_nothing_and_ends_with_it() -> None:
    own = neighbour(complainant=build.working().complainant)
    master, member = (change.complaint for change in merged(own, people=1))
    report = handling.report(master, "the parts come tomorrow at nine", build.HANDLER, build.BASE, LATER)
    assert grouping.follow(report, member, build.BASE, LATER, told=False) is None
    over = Change(replace(master, status=Status.CLOSED, closed_at=LATER, closed_as="satisfied"))
    ended = grouping.follow(over, member, build.BASE, LATER, told=False)
    assert ended is not None
    assert not ended.complaint.going_on


def test_split_off_its_clocks_stood_still_meanwhile() -> None:
    member = merged()[1].complaint
    alone = grouping.split(member, "", AGENT, build.BASE, LATER).complaint
    assert (alone.status, alone.master) == (Status.NEW, None)
    assert [p.span for p in alone.pauses] == [(MONDAY, LATER)]
    before = {d.clock: d.due_at for d in member.deadlines if d.open}
    assert before
    assert all(d.due_at > before[d.clock] for d in alone.deadlines if d.open)


def test_r026_what_a_group_reviews_is_merged_and_reviewed_once_it_is_alone() -> None:
    reviewing = replace(build.BASE, policy=replace(build.BASE.policy, validity_review=ValidityReview.GROUP))
    judged = neighbour()
    waiting = replace(judged, status=Status.UNDER_REVIEW, tasks=(), owner=None, reached=())
    member = merged(waiting)[1].complaint
    assert member.status is Status.MERGED
    change = grouping.split(member, "", AGENT, reviewing, LATER)
    assert change.complaint.status is Status.UNDER_REVIEW
    assert NoticeKind.REVIEW in kinds(change)
    assert grouping.split(merged(judged)[1].complaint, "", AGENT, reviewing, LATER).complaint.status is Status.NEW


def test_linking_is_on_record_with_both() -> None:
    one, other = grouping.link(build.working(), neighbour(), True, AGENT, MONDAY)
    assert [event.kind for event in (*one.events, *other.events)] == [EventKind.LINKED] * 2
    assert one.events[0].facts == {"with": other.complaint.reference}
