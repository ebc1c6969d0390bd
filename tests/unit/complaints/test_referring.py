"""A complaint that somebody else is for (R-006), and practice that is put away (R-113)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from complaints import customer
from complaints.clockwork import wanted
from complaints.errors import IllegalStep, Missing, NotAllowed
from complaints.marking import end_drill
from complaints.referring import refer
from complaints.vocabulary import Status, TaskStatus
from tests.unit.complaints.build import (
    ADMIN,
    AGENT,
    BASE,
    COLLEAGUE,
    FINDER,
    HANDLER,
    LEAD,
    MONDAY,
    dispatched,
    filed,
    told,
    working,
)

TO = "自来水公司 96116"


def test_r_006_its_customer_reads_to_whom_and_every_promise_ends() -> None:
    complaint = dispatched(finder="finder")
    change = refer(complaint, TO, True, AGENT, BASE, MONDAY)
    after = change.complaint
    assert (after.status, after.closed_as, after.referred_to) == (Status.CLOSED, "referred", TO)
    assert [task.status for task in after.tasks] == [TaskStatus.GIVEN_BACK]
    assert {kind for kind, _ in told(change)} == {"referred", "staff_closed", "finder_outcome"}
    assert list(wanted(after, BASE)) == []
    assert customer.may_reopen(after, BASE, MONDAY + timedelta(days=3))


def test_r_006_never_without_the_customer_s_consent_nor_to_nobody() -> None:
    complaint = filed(finder="finder")
    with pytest.raises(Missing, match="consent"):
        refer(complaint, TO, False, FINDER, BASE, MONDAY)
    with pytest.raises(Missing, match="who is for it"):
        refer(complaint, " ", True, FINDER, BASE, MONDAY)
    with pytest.raises(NotAllowed):
        refer(complaint, TO, True, COLLEAGUE, BASE, MONDAY)


def test_work_that_has_begun_is_not_referred_away() -> None:
    with pytest.raises(IllegalStep):
        refer(working(), TO, True, AGENT, BASE, MONDAY)


@pytest.mark.parametrize("actor", [LEAD, ADMIN])
def test_practice_is_put_away_in_silence(actor: object) -> None:
    complaint = replace(working(), drill=True)
    change = end_drill(complaint, actor, MONDAY)  # type: ignore[arg-type]
    assert (change.complaint.status, change.complaint.closed_as, change.notices) == (Status.WITHDRAWN, "drill", ())
    assert list(wanted(change.complaint, BASE)) == []


def test_a_real_complaint_is_never_put_away_as_practice() -> None:
    with pytest.raises(IllegalStep):
        end_drill(working(), LEAD, MONDAY)
    with pytest.raises(NotAllowed):
        end_drill(replace(working(), drill=True), HANDLER, MONDAY)
