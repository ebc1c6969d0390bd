"""Manners: who is left to sleep, what is told together, what need not be told any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot import manners
from bot.answers import Internal
from bot.dialogue.questions import asked_by
from bot.pacing import Wait
from bot.storage import codec
from bot.storage.values import Outgoing
from bot.words import templates_dir
from complaints import handling, visits
from complaints.change import Change, NoticeKind
from complaints.vocabulary import Rating, Severity
from tests.unit.complaints.build import BASE, CUSTOMER, HANDLER, at, dispatched, filed, rated, resolved, terms, working

EVENING, NIGHT, MORNING = at("2026-11-23 20:30"), at("2026-11-24 03:00"), at("2026-11-24 08:30")


def notice(kind: str = NoticeKind.REMINDER, id: int = 1, **more: object) -> Outgoing:
    values: dict[str, object] = {"key": "k", "lane": "l", "created_at": NIGHT, "due_at": NIGHT, "id": id} | more
    return Outgoing(notice=str(kind), **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("outgoing", "severity", "staff", "wrote", "now", "until"),
    [
        pytest.param(notice(), Severity.S4, True, None, EVENING, None, id="staff in the evening"),
        pytest.param(notice(), Severity.S4, True, None, NIGHT, "2026-11-24 07:00", id="staff at night"),
        pytest.param(notice(), Severity.S4, False, None, at("2026-11-23 21:00"), "2026-11-24 08:00", id="customers go to bed"),
        pytest.param(notice(), Severity.S4, False, None, at("2026-11-23 20:59"), None, id="a minute before"),
        pytest.param(notice(), Severity.S4, False, None, MORNING, None, id="in the morning"),
        pytest.param(notice(), Severity.S0, True, None, NIGHT, None, id="urgent breaks it"),
        pytest.param(notice(), Severity.S1, False, None, NIGHT, None, id="so does major"),
        pytest.param(notice(), Severity.S2, True, None, NIGHT, "2026-11-24 07:00", id="the next one down does not"),
        pytest.param(notice("status", answer=True), Severity.S4, False, None, NIGHT, None, id="an answer is at once"),
        pytest.param(notice(NoticeKind.ACKNOWLEDGEMENT), Severity.S4, False, None, NIGHT, None, id="so is the first word"),
        pytest.param(notice(Internal.CHANNEL_DOWN), None, True, None, NIGHT, None, id="and that a channel is down"),
        pytest.param(notice(Internal.QUARANTINED), None, True, None, NIGHT, "2026-11-24 07:00", id="no complaint, no urgency"),
        pytest.param(notice(), Severity.S4, True, timedelta(minutes=10), NIGHT, None, id="who writes is awake"),
        pytest.param(notice(), Severity.S4, True, timedelta(hours=1), NIGHT, "2026-11-24 07:00", id="not so an hour later"),
    ],
)  # fmt: skip
def test_quiet_hours(
    outgoing: Outgoing,
    severity: Severity | None,
    staff: bool,
    wrote: timedelta | None,
    now: datetime,
    until: str | None,
) -> None:
    """Traps 27, 35: nobody is written to at three in the morning about what can wait."""
    complaint = replace(filed(), severity=severity) if severity else None
    found = manners.quiet_until(
        outgoing, complaint, BASE, staff=staff, last_wrote=now - wrote if wrote is not None else None, now=now
    )
    assert found == (at(until) if until else None)


@pytest.mark.parametrize(
    ("facts", "told_at_night"),
    [pytest.param('{"night":"yes"}', True, id="fresh"), pytest.param("{}", False, id="answered long ago")],
)
def test_trap_35_a_step_of_a_ladder_wakes_somebody_only_where_the_ladder_says_so(
    facts: str, told_at_night: bool
) -> None:
    severe = replace(filed(), severity=Severity.S0)
    alarm = notice(NoticeKind.ALARM, facts=facts)
    held = manners.quiet_until(alarm, severe, BASE, staff=True, last_wrote=None, now=NIGHT)
    assert (held is None) is told_at_night


def test_trap_27_a_chase_that_an_outage_delayed_into_a_day_off_waits_for_work() -> None:
    """In its own hours, on a Saturday: only what counts working days waits until Monday."""
    saturday = at("2026-11-28 11:00")
    for facts, until in (('{"at_work":"yes"}', at("2026-11-30 09:00")), ("{}", None)):
        chase = notice(NoticeKind.OVERDUE, facts=facts)
        held = manners.quiet_until(chase, filed(), BASE, staff=True, last_wrote=None, now=saturday)
        assert held == until


def test_the_policy_decides_who_is_left_to_sleep() -> None:
    policy = replace(terms("base").policy, quiet_staff=None, quiet_except=frozenset(Severity))
    loud = replace(BASE, policy=policy)
    assert manners.quiet_until(notice(), filed(), loud, staff=True, last_wrote=None, now=NIGHT) is None
    assert manners.quiet_until(notice(), filed(), loud, staff=False, last_wrote=None, now=NIGHT) is None
    assert manners.quiet_until(notice(), filed(), BASE, staff=False, last_wrote=None, now=NIGHT) is not None


@pytest.mark.parametrize(
    ("kind", "complaint", "told"),
    [
        pytest.param(NoticeKind.OVERDUE, working(), True, id="still being worked on"),
        pytest.param(NoticeKind.OVERDUE, resolved(), False, id="reported done meanwhile"),
        pytest.param(NoticeKind.REMINDER, rated(resolved(), Rating.SATISFIED).complaint, False, id="closed meanwhile"),
        pytest.param(NoticeKind.NEW_COMPLAINT, resolved(), True, id="news stays news"),
        pytest.param(NoticeKind.ASSIGNED, resolved(), False, id="work that is done"),
        pytest.param(NoticeKind.SURVEY, resolved(), True, id="a question that stands"),
        pytest.param(NoticeKind.SURVEY, working(), False, id="one withdrawn"),
        pytest.param(NoticeKind.SURVEY_REMINDER, rated(resolved(), Rating.SATISFIED).complaint, False, id="one answered"),
        pytest.param(NoticeKind.PROGRESS_ASKED, working(), True, id="a line still owed"),
        pytest.param(NoticeKind.PROGRESS_ASKED, replace(working(), reported_at=MORNING), False, id="a line said meanwhile"),
        pytest.param(NoticeKind.PROGRESS_RELEASE, working(), False, id="a line let out meanwhile"),
        pytest.param(NoticeKind.PROMISE_MISSED, working(), True, id="an apology"),
        pytest.param(NoticeKind.PROMISE_MISSED, resolved(), False, id="an apology for what is done by now"),
        pytest.param(NoticeKind.PROCESS_CALLBACK, working(), False, id="a call-back that is over"),
        pytest.param(NoticeKind.OVERDUE, None, True, id="about nothing in particular"),
    ],
)  # fmt: skip
def test_what_waited_and_is_not_true_any_more_is_not_told(kind: NoticeKind, complaint: object, told: bool) -> None:
    """Trap 32: state is looked at again when it goes out."""
    assert (manners.outdated(notice(kind), complaint, BASE) == "") is told  # type: ignore[arg-type]


def cut(text: str, least: int = 3) -> str:
    """Cut a lane of letters, a capital being one that may be joined, and return it with a bar between what goes alone."""
    lane = [notice(key=letter, id=number) for number, letter in enumerate(text, start=1)]
    return "|".join(
        "".join(each.key for each in run) for run in manners.runs(lane, lambda each: each.key.isupper(), least)
    )


@pytest.mark.parametrize(
    ("lane", "expected"),
    [
        ("", ""),
        ("AB", "A|B"),
        ("ABC", "ABC"),
        ("aABCDb", "a|ABCD|b"),
        ("ABaCD", "A|B|a|C|D"),
        ("ABCaDEF", "ABC|a|DEF"),
        ("abc", "a|b|c"),
    ],
)
def test_neighbours_are_told_together(lane: str, expected: str) -> None:
    """Trap 24: a burst is one message; trap 26: nothing overtakes anything for it."""
    assert cut(lane) == expected


def test_two_complaints_that_are_chased_for_are_one_list() -> None:
    """R-061: whoever is chased for several reads it once; two clocks of one complaint each say what to do."""
    several = [notice(NoticeKind.OVERDUE, 1, reference="A"), notice(NoticeKind.REMINDER, 2, reference="B")]
    assert [len(run) for run in manners.runs(several, lambda _: True, 3)] == [2]
    assert [len(run) for run in manners.runs(several, lambda _: True, 0)] == [1, 1]
    one = [notice(NoticeKind.OVERDUE, 1, reference="A"), notice(NoticeKind.REMINDER, 2, reference="A")]
    assert [len(run) for run in manners.runs(one, lambda _: True, 3)] == [1, 1]
    news = [notice(NoticeKind.ASSIGNED, 1, reference="A"), notice(NoticeKind.ASSIGNED, 2, reference="B")]
    assert [len(run) for run in manners.runs(news, lambda _: True, 3)] == [1, 1]


@pytest.mark.parametrize("least", [0, 1])
def test_joining_can_be_turned_off(least: int) -> None:
    assert cut("ABC", least) == "A|B|C"


def test_what_went_into_one_message_stays_in_it_when_that_is_tried_again() -> None:
    lane = [notice(key="A", id=1, joined_to=1), notice(key="B", id=2, joined_to=1), notice(key="C", id=3)]
    assert [len(run) for run in manners.runs(lane, lambda _: True, 3)] == [2, 1]


@pytest.mark.parametrize(
    ("held", "least", "expected"), [("QQ", 3, 1), ("QN", 3, 1), ("NNN", 3, 3), ("Q", 3, 1), ("QQ", 0, 2)]
)
def test_what_the_night_kept_from_a_customer_is_one_message(held: str, least: int, expected: int) -> None:
    """By day each word stands for itself, however many there are."""
    lane = [
        notice(NoticeKind.PROGRESS, number, waits=Wait.QUIET if letter == "Q" else "")
        for number, letter in enumerate(held, start=1)
    ]
    assert len(manners.runs(lane, lambda _: True, least)) == expected


def test_news_for_customers_and_lists_for_staff_are_two_messages() -> None:
    """Somebody of the staff may be a customer, too."""
    kinds = [NoticeKind.PROGRESS, NoticeKind.TAKEN_UP, *[NoticeKind.REMINDER] * 3]
    lane = [notice(kind, number, waits=Wait.QUIET) for number, kind in enumerate(kinds, start=1)]
    assert [len(run) for run in manners.runs(lane, lambda _: True, 3)] == [2, 3]


def test_what_asks_a_customer_something_stands_alone() -> None:
    to_customers = list(NoticeKind)[: list(NoticeKind).index(NoticeKind.FINDER_RECORDED)]
    assert set(to_customers) >= manners.NEWS
    assert not any(asked_by(kind, "TS20261121-0007", {}) for kind in manners.NEWS)
    assert not any((templates_dir() / kind / "zh" / "buttons.txt").exists() for kind in manners.NEWS)


def test_what_asks_something_or_is_for_customers_is_never_joined() -> None:
    to_customers = list(NoticeKind)[: list(NoticeKind).index(NoticeKind.FINDER_RECORDED)]
    asks = {NoticeKind.EXTENSION_ASKED, NoticeKind.STAFF_PLAN_ANSWER, NoticeKind.APPEAL, NoticeKind.DISSATISFIED}
    assert not manners.JOINABLE & {*to_customers, *asks}


def test_what_is_said_of_a_visit_is_not_told_once_it_is_another_trap_32() -> None:
    monday, tuesday = at("2026-11-23 10:00"), at("2026-11-24 15:00")

    def about(kind: NoticeKind, change: Change) -> Outgoing:
        facts = next(each.facts for each in change.notices if each.kind is kind)
        return notice(kind, facts=codec.facts(facts))

    first = visits.propose(working(), tuesday, None, HANDLER, BASE, monday)
    offer = about(NoticeKind.VISIT_OFFER, first)
    assert manners.outdated(offer, first.complaint, BASE) == ""
    other = visits.propose(first.complaint, tuesday + timedelta(days=1), None, HANDLER, BASE, monday)
    assert manners.outdated(offer, other.complaint, BASE)
    assert manners.outdated(about(NoticeKind.VISIT_OFFER, other), other.complaint, BASE) == ""
    agreed = visits.agree(other.complaint, CUSTOMER, BASE, monday)
    assert manners.outdated(about(NoticeKind.VISIT_OFFER, other), agreed.complaint, BASE)
    off = visits.cancel(agreed.complaint, "", CUSTOMER, monday)
    assert manners.outdated(about(NoticeKind.VISIT_OFFER, other), off.complaint, BASE)
    # That it is off must be heard, whatever came after it.
    assert manners.outdated(about(NoticeKind.VISIT_CANCELLED, off), off.complaint, BASE) == ""


def test_who_accepted_at_night_is_not_given_the_work_in_the_morning() -> None:
    given = dispatched(now=NIGHT)
    assigned = notice(NoticeKind.ASSIGNED, person="zhang")
    assert manners.outdated(assigned, given, BASE) == ""
    accepted = handling.accept(given, HANDLER, BASE, NIGHT + timedelta(minutes=5)).complaint
    assert manners.outdated(assigned, accepted, BASE)
    assert manners.outdated(replace(assigned, person="li"), accepted, BASE) == ""
    assert manners.outdated(replace(assigned, created_at=MORNING), accepted, BASE) == ""  # given to them once more
