"""Task forces: called, confirmed by each, the silent asked again; one commander; dissolved by word and by the end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints import customer, task_force
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, Missing, NotAllowed
from complaints.permissions import Errand, permitted
from complaints.vocabulary import Role
from tests.unit.complaints.build import (
    AGENT,
    BASE,
    COLLEAGUE,
    CUSTOMER,
    HANDLER,
    LEAD,
    LEADER,
    MONDAY,
    Desk,
    actor,
    told,
    working,
)

MEI = actor("mei", Role.EMPLOYEE)
MINUTES = timedelta(minutes=1)


def formed() -> Complaint:
    """Return a complaint with a task force of "li" and "mei" under "boss"."""
    return task_force.form(working(), ["li", "mei"], "boss", LEAD, BASE, MONDAY).complaint


def test_everybody_is_called_and_the_commander_is_one_of_them() -> None:
    change = task_force.form(working(), ["li", "mei"], "boss", LEAD, BASE, MONDAY)
    assert told(change) == [("force_called", "boss"), ("force_called", "li"), ("force_called", "mei")]
    assert change.complaint.commander == "boss"


def test_forming_one_is_for_the_lead_of_the_centre_and_leaders() -> None:
    for nobody in (AGENT, HANDLER):
        with pytest.raises(NotAllowed):
            task_force.form(working(), ["li"], "boss", nobody, BASE, MONDAY)
    complaint = task_force.form(working(), ["li"], "boss", LEADER, BASE, MONDAY).complaint
    assert complaint.force is not None
    assert [member.person for member in task_force.silent(complaint.force)] == ["li"]  # who forms it need not answer
    with pytest.raises(IllegalStep):
        task_force.form(complaint, ["li"], "boss", LEAD, BASE, MONDAY)


def test_it_needs_members_and_a_commander_and_nobody_whom_it_names() -> None:
    for members, commander, missing in ((["li"], "", "commander"), ([], "boss", "members")):
        with pytest.raises(Missing) as refused:
            task_force.form(working(), members, commander, LEAD, BASE, MONDAY)
        assert refused.value.what == missing
    with pytest.raises(NotAllowed):
        task_force.form(working(respondents=frozenset({"li"})), ["li"], "boss", LEAD, BASE, MONDAY)


def test_each_confirms_and_the_commander_hears_of_the_last() -> None:
    complaint = formed()
    for member in (COLLEAGUE, LEADER):
        change = task_force.confirm(complaint, member, MONDAY)
        assert told(change) == []
        complaint = change.complaint
    assert told(task_force.confirm(complaint, MEI, MONDAY)) == [("force_news", "boss")]
    with pytest.raises(IllegalStep, match="already"):
        task_force.confirm(complaint, COLLEAGUE, MONDAY)
    with pytest.raises(NotAllowed):
        task_force.confirm(complaint, HANDLER, MONDAY)


def test_the_silent_are_asked_again_and_others_hear_of_it_then_it_ends() -> None:
    desk = Desk(formed(), BASE)
    desk.apply(task_force.confirm(desk.complaint, LEADER, MONDAY))
    desk.apply(task_force.confirm(desk.complaint, COLLEAGUE, MONDAY))
    desk.until(MONDAY + timedelta(days=3))
    assert [line for line in desk.said() if "force" in line] == [
        "11-23 10:30:00 force_called mei",
        "11-23 10:30:00 force_news boss",
        "11-23 10:30:00 force_news lead",
        "11-23 11:00:00 force_called mei",
        "11-23 11:00:00 force_news boss",
        "11-23 11:00:00 force_news lead",
        "11-23 11:00:00 force_news superior of mei",
        "11-23 11:30:00 force_called mei",
        "11-23 11:30:00 force_news boss",
        "11-23 11:30:00 force_news lead",
        "11-23 11:30:00 force_news superior of mei",
    ]


def test_trap_33_after_an_outage_a_silent_member_is_asked_once() -> None:
    desk = Desk(formed(), BASE).until(MONDAY + 80 * MINUTES, asleep=True)
    assert len([line for line in desk.said() if "force_called mei" in line]) == 1


def test_what_members_say_stays_inside() -> None:
    report = task_force.report(formed(), "现场已看", MEI, MONDAY)
    assert told(report) == [("force_news", "boss"), ("force_news", "zhang")]
    minutes = task_force.minutes(formed(), "周五前换管", LEADER, MONDAY)
    assert told(minutes) == [("force_minutes", "li"), ("force_minutes", "mei")]
    with pytest.raises(Missing):
        task_force.minutes(formed(), " ", LEADER, MONDAY)


def test_whoever_has_said_something_in_it_is_not_asked_for_an_answer_to_the_call() -> None:
    complaint = task_force.confirm(formed(), COLLEAGUE, MONDAY).complaint
    minutes = task_force.minutes(complaint, "周五前换管", LEADER, MONDAY)
    force = task_force.active(minutes.complaint)
    assert [member.person for member in task_force.silent(force)] == ["mei"]
    last = task_force.report(minutes.complaint, "现场已看", MEI, MONDAY)
    assert told(last) == [("force_news", "boss"), ("force_news", "zhang"), ("force_news", "boss")]
    assert not list(task_force.wanted(last.complaint, BASE))
    again = task_force.report(last.complaint, "管子到了", MEI, MONDAY)
    assert told(again) == [("force_news", "boss"), ("force_news", "zhang")]


def test_members_read_the_complaint_while_they_are_members() -> None:
    complaint = formed()
    assert permitted(complaint, Errand.STATUS, MEI)
    assert not permitted(working(), Errand.STATUS, MEI)
    gone = task_force.dissolve(complaint, "办完了", LEAD, MONDAY)
    assert told(gone) == [("force_dissolved", "boss"), ("force_dissolved", "li"), ("force_dissolved", "mei")]
    assert not permitted(gone.complaint, Errand.STATUS, MEI)
    assert gone.complaint.commander is None


def test_more_are_called_in_once_each() -> None:
    change = task_force.join(formed(), ["li", "new"], LEAD, BASE, MONDAY)
    assert told(change) == [("force_called", "new")]
    with pytest.raises(Missing):
        task_force.join(change.complaint, ["new"], LEAD, BASE, MONDAY)


def test_it_is_dissolved_with_the_complaint_and_falls_silent_trap_32() -> None:
    change = task_force.over(customer.withdraw(formed(), "算了", CUSTOMER, MONDAY))
    assert ("force_dissolved", "mei") in told(change)
    assert change.complaint.commander is None
    assert list(task_force.wanted(change.complaint, BASE)) == []


def test_its_group_is_bound_by_a_member() -> None:
    complaint = task_force.bind_room(formed(), "telegram -100", MEI, MONDAY).complaint
    assert complaint.force is not None
    assert complaint.force.room == "telegram -100"
    with pytest.raises(NotAllowed):
        task_force.bind_room(formed(), "telegram -100", HANDLER, MONDAY)
