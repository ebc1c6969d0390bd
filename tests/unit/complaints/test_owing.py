"""What is owed apart from the work: it outlives "done", a reopening, and where it is a debt to the customer the closing too."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from complaints import closing, customer, duties, handling, owing, policy, rates
from complaints.change import Change, Event, EventKind, NoticeKind
from complaints.complaint import Complaint
from complaints.duties import DUTIES
from complaints.errors import IllegalStep, Missing, NotAllowed
from complaints.promises import Terms
from complaints.vocabulary import Lasts, Rating, Severity, Status
from tests.unit.complaints import build
from tests.unit.complaints.build import AGENT, CUSTOMER, HANDLER, LEAD, MONDAY, Desk, told

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STATION, DEVELOPER = build.terms("sinopec-sh"), build.terms("hongkelong")


def ticked(complaint: Complaint, *names: str, rules: Terms = STATION) -> Complaint:
    for name in names:
        by = LEAD if name == "valid_confirmed" else AGENT
        complaint = duties.tick(complaint, DUTIES[name], "说了一句", by, rules, MONDAY).complaint
    return complaint


def station() -> Desk:
    """Found valid, the press is involved, and reported done an hour later, before anybody has apologised (R-043, R-069)."""
    desk = Desk(ticked(build.working(STATION), "valid_confirmed", "media"), STATION, MONDAY + HOUR)
    desk.apply(handling.resolve(desk.complaint, "换了枪头", HANDLER, STATION, desk.now))
    return desk


def rated(desk: Desk, rating: Rating) -> Desk:
    desk.apply(build.rated(desk.complaint, rating, desk.rules, desk.now))
    return desk


def runs(desk: Desk) -> set[str]:
    return {deadline.clock for deadline in desk.complaint.running}


def ended(desk: Desk) -> list[str]:
    return [event.facts["ended"] for event in desk.events if event.kind is EventKind.PROMISE_ENDED]


def chased(desk: Desk, days: int) -> set[str]:
    """Whom overdue notices go to in so many days, with the clock."""
    since = desk.now
    desk.until(since + timedelta(days=days))
    return {" ".join(line.split()[2:]) for line in desk.said(since=since) if "overdue:" in line}


def test_an_apology_and_the_press_are_owed_after_the_work_is_done() -> None:
    desk = station()
    assert {"apology", "media_reply"} <= runs(desk)
    assert {"overdue:apology zhang", "overdue:media_reply @media_officer"} <= chased(desk, 5)
    told_higher = {
        build.who(n.to) for _, n in desk.log if n.kind is NoticeKind.ESCALATION and n.facts["clock"] == "apology"
    }
    assert {"superior of zhang", "@center_lead"} <= told_higher  # its assignee's, though the task is done


def test_what_is_owed_survives_a_reopening_and_is_kept_by_its_word() -> None:
    desk = rated(station(), Rating.DISSATISFIED)
    assert {"apology", "media_reply", "complete"} == runs(desk)
    desk.apply(duties.tick(desk.complaint, DUTIES["apologised"], "", HANDLER, STATION, desk.now))
    assert {"media_reply", "complete"} == runs(desk)


def test_nothing_is_owed_twice_by_a_second_word_in_the_next_round() -> None:
    desk = rated(station(), Rating.DISSATISFIED)
    again = ticked(desk.complaint, "valid_confirmed")
    assert sum(deadline.clock == "apology" for deadline in again.running) == 1


def test_the_closing_ends_visibly_what_cannot_apply_any_more_and_leaves_the_debt() -> None:
    desk = rated(station(), Rating.SATISFIED)
    assert (desk.complaint.status, runs(desk), ended(desk)) == (Status.CLOSED, {"apology"}, ["media_reply"])
    assert chased(desk, 5) == {"overdue:apology zhang"}
    desk.apply(duties.tick(desk.complaint, DUTIES["apologised"], "当面道歉", HANDLER, STATION, desk.now))
    assert desk.complaint.status is Status.CLOSED
    assert not desk.pending
    with pytest.raises(IllegalStep):
        duties.tick(desk.complaint, DUTIES["apologised"], "", HANDLER, STATION, desk.now)


def test_r068_compensation_is_owed_until_it_is_paid() -> None:
    listing = build.terms("leyoujia-315")
    desk = Desk(build.working(listing, category="LISTING"), listing)
    desk.apply(handling.resolve(desk.complaint, "已下架", HANDLER, listing, desk.now))
    assert runs(rated(desk, Rating.SATISFIED)) == {"compensate"}
    assert chased(desk, 8) == {"overdue:compensate zhang"}


def test_the_centres_lead_waives_a_debt_with_a_reason() -> None:
    desk, waive = rated(station(), Rating.SATISFIED), DUTIES["apology_waived"]
    with pytest.raises(NotAllowed):
        duties.tick(desk.complaint, waive, "客户说不必", AGENT, STATION, desk.now)
    with pytest.raises(Missing):
        duties.tick(desk.complaint, waive, " ", LEAD, STATION, desk.now)
    with pytest.raises(IllegalStep):
        duties.tick(desk.complaint, DUTIES["compensation_waived"], "没有损失", LEAD, STATION, desk.now)
    change = duties.tick(desk.complaint, waive, "客户说不必", LEAD, STATION, desk.now)
    assert told(change) == [("duty_done", "zhang")]
    assert change.events[-1].note == "客户说不必"
    [apology] = [deadline for deadline in change.complaint.deadlines if deadline.clock == "apology"]
    assert (apology.met_at, apology.ended_at) == (None, desk.now)
    desk.apply(change)
    assert not desk.pending


def test_r097_the_bulletin_ends_with_the_work_and_comes_again_with_a_reopening() -> None:
    developer = build.working(DEVELOPER, severity=Severity.S1, channel="forum")
    desk = Desk(ticked(developer, "bulletin", rules=DEVELOPER), DEVELOPER, MONDAY + HOUR)
    desk.apply(handling.resolve(desk.complaint, "修好", HANDLER, DEVELOPER, desk.now))
    assert ended(desk) == ["bulletin"]
    assert {"forum_first_reply", "urgent_to_center"} <= runs(desk)
    desk.until(desk.now + DAY)
    desk.apply(closing.rate(desk.complaint, Rating.DISSATISFIED, None, "没好", CUSTOMER, DEVELOPER, desk.now))
    assert {"bulletin", "forum_first_reply", "urgent_to_center"} <= runs(desk)
    [bulletin] = [deadline for deadline in desk.complaint.running if deadline.clock == "bulletin"]
    assert (bulletin.started_at, bulletin.round) == (desk.now, 2)


def test_what_leads_to_the_work_ends_with_it() -> None:
    """Nobody is chased for passing on what was settled on the spot."""
    hotline = build.terms("beijing-12345")
    valid = duties.tick(build.filed(hotline), DUTIES["valid_confirmed"], "", LEAD, hotline, MONDAY).complaint
    desk = Desk(valid, hotline, MONDAY + HOUR)
    desk.apply(handling.resolve(desk.complaint, "当场解释清楚", AGENT, hotline, desk.now))
    assert ended(desk) == ["dispatch"]


def test_withdrawn_it_owes_nothing_and_restored_what_it_owed() -> None:
    desk = Desk(ticked(build.working(STATION), "valid_confirmed", "media"), STATION, MONDAY + HOUR)
    before = runs(desk)
    desk.apply(customer.withdraw(desk.complaint, "算了", CUSTOMER, desk.now))
    assert (runs(desk), set(ended(desk)[0].split(",")), desk.pending) == (set(), before, {})
    desk.apply(customer.restore(desk.complaint, "还是要", CUSTOMER, STATION, desk.now + DAY))
    assert runs(desk) == before


def test_reopened_after_the_closing_the_press_is_owed_its_answer_again() -> None:
    desk = rated(station(), Rating.SATISFIED).until(MONDAY + DAY)
    desk.apply(closing.reopen(desk.complaint, "又坏了", CUSTOMER, STATION, desk.now))
    assert runs(desk) == {"apology", "media_reply", "complete"}


def test_what_rests_with_its_master_does_not_end() -> None:
    event = Event(EventKind.MERGED, MONDAY, None, "system", Status.WORKING, Status.MERGED)
    change = Change(replace(build.working(STATION), status=Status.MERGED), (event,))
    assert owing.over(change) is change


def test_a_first_contact_that_was_missed_stays_missed_when_the_complaint_ends() -> None:
    for hours, missed in ((1, 0), (3, 1)):
        desk = Desk(build.dispatched(), build.BASE, MONDAY + hours * HOUR)
        desk.apply(handling.invalidate(desk.complaint, "不是我们的房子", AGENT, desk.now))
        assert rates.of_one(desk.complaint, desk.now + DAY, frozenset()).response == rates.Rate(0, missed)


@pytest.mark.parametrize(
    ("profile", "always", "till_closed"),
    [
        ("base", set(), set()),
        ("sinopec-sh", {"apology", "compensate"}, {"media_reply"}),
        ("leyoujia-315", {"compensate"}, set()),
        ("hongkelong", set(), {"forum_first_reply", "severity_notice", "urgent_to_center"}),
    ],
)
def test_what_leaves_resolved_out_of_what_keeps_it_is_owed_apart_from_the_work(
    profile: str, always: set[str], till_closed: set[str]
) -> None:
    clocks = policy.load(profile).clocks
    assert {clock.name for clock in clocks if clock.lasts is Lasts.ALWAYS} == always
    assert {clock.name for clock in clocks if clock.lasts is Lasts.COMPLAINT} == till_closed
