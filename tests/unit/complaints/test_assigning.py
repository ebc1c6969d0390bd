"""Who gets a complaint, and why: the rule as a table, what never happens, and what is told when nobody is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints import assigning, clockwork, handling
from complaints.assigning import Assignment, Candidate, Ground, Nobody, Obstacle, choose, told_stage
from complaints.change import EventKind, NoticeKind, To
from complaints.complaint import Complaint
from complaints.vocabulary import Post, Role
from tests.unit.complaints import build
from tests.unit.complaints.build import MONDAY

G, Not = Ground, Obstacle


def matter(**more: Any) -> Complaint:
    values: dict[str, Any] = {"category": "QUAL.leak", "site": "CH", "stage": "warranty", "finder": None} | more
    return replace(build.filed(), **values)


def who(person: str, **more: Any) -> Candidate:
    sets = ("sites", "stages", "categories", "channels")
    values: dict[str, Any] = {key: frozenset(value) if key in sets else value for key, value in more.items()}
    return Candidate(person, **values)


HOUR = timedelta(hours=1)
CASES: list[Any] = [
    pytest.param({}, [who("b"), who("a")], "a", (G.IDLE,), (), id="equals: the stable order decides"),
    pytest.param({}, [who("a", load=2), who("b", load=1)], "b", (G.LEAST,), (), id="least in hand"),
    pytest.param(
        {},
        [who("a", idle_since=MONDAY), who("b", idle_since=MONDAY - HOUR)],
        "b",
        (G.IDLE,),
        (),
        id="as much in hand: who waited longest",
    ),
    pytest.param(
        {}, [who("a", idle_since=MONDAY), who("b")], "b", (G.IDLE,), (), id="who never got one waited longest"
    ),
    pytest.param(
        {}, [who("a"), who("b", sites=["CH"], load=9)], "b", (G.SITE,), (), id="R-036: the site's own before all others"
    ),
    pytest.param({}, [who("a", sites=["YG"]), who("b")], "b", (G.ONLY,), (), id="another site's is not asked"),
    pytest.param(
        {"site": ""},
        [who("a", sites=["YG"]), who("b", load=1)],
        "a",
        (G.LEAST,),
        (),
        id="site unknown: nobody is barred",
    ),
    pytest.param(
        {},
        [who("a"), who("b", stages=["warranty"])],
        "b",
        (G.STAGE,),
        (),
        id="R-049, R-050: by stage, in the warranty period",
    ),
    pytest.param({}, [who("a", stages=["before_handover"])], None, (), (), id="R-049: another stage's is not asked"),
    pytest.param(
        {},
        [who("a", categories=["QUAL"]), who("b", categories=["QUAL.leak"], load=5)],
        "b",
        (G.CATEGORY,),
        (),
        id="part",
    ),
    pytest.param({}, [who("a"), who("b", categories=["QUAL"])], "b", (G.CATEGORY,), (), id="level above"),
    pytest.param({}, [who("a", categories=["SALES"])], None, (), (), id="another category's is not asked"),
    pytest.param({}, [who("a", categories=["*"])], "a", (G.ONLY,), (), id="a star is for all"),
    pytest.param({}, [who("a"), who("b", channels=["web"])], "b", (G.CHANNEL,), (), id="by channel"),
    pytest.param({}, [who("a"), who("b", duty=True, load=3)], "b", (G.ON_DUTY,), (), id="on duty before the others"),
    pytest.param(
        {},
        [who("a", sites=["CH"], away=True), who("b")],
        "b",
        (G.ONLY,),
        (("a", Not.AWAY),),
        id="R-037: the nearest is away, and it is said",
    ),
    pytest.param({}, [who("a", duty=False), who("b", load=4)], "b", (G.ONLY,), (("a", Not.OFF_DUTY),), id="off shift"),
    pytest.param(
        {"respondents": frozenset({"a"})},
        [who("a"), who("b", load=4)],
        "b",
        (G.ONLY,),
        (("a", Not.RESPONDENT),),
        id="named in it",
    ),
    pytest.param({"finder": "a"}, [who("a"), who("b", load=4)], "b", (G.ONLY,), (("a", Not.FINDER),), id="its finder"),
    pytest.param(
        {},
        [who("a", away=True), who("w", watch=True, duty=True), who("h", head=True)],
        "w",
        (G.WATCH,),
        (("a", Not.AWAY),),
        id="R-031: nobody but whoever watches",
    ),
    pytest.param(
        {},
        [who("a", away=True), who("h", head=True)],
        "h",
        (G.HEAD,),
        (("a", Not.AWAY),),
        id="R-051: unassigned, the head's",
    ),
    pytest.param(
        {}, [who("a", away=True), who("h", head=True, away=True)], None, (), (), id="not even the head is there"
    ),
    pytest.param({}, [], None, (), (), id="nobody at all"),
]


@pytest.mark.parametrize(("about", "candidates", "chosen", "grounds", "passed"), CASES)
def test_who_gets_it_and_why(
    about: dict[str, Any],
    candidates: list[Candidate],
    chosen: str | None,
    grounds: tuple[Ground, ...],
    passed: tuple[tuple[str, Obstacle], ...],
) -> None:
    found = choose(matter(**about), candidates)
    if chosen is None:
        assert isinstance(found, Nobody)
        return
    assert isinstance(found, Assignment)
    assert (found.person, found.grounds, found.passed) == (chosen, grounds, passed)
    assert Assignment.read(str(found), chosen) == found


def test_what_is_no_reason_of_ours_is_not_read() -> None:
    for text in ("", "by 王主任", "auto", "auto 2 nonsense", "auto x least", "reopened", "auto 1 least a=unheard_of"):
        assert Assignment.read(text) is None


def test_round_robin_goes_round() -> None:
    """zammad#854 (trap 37): with as much in hand the one who waited longest is next, so it goes round."""
    given: dict[str, datetime] = {}
    order = []
    for turn in range(6):
        found = choose(matter(), [who(name, idle_since=given.get(name)) for name in ("a", "b", "c")])
        assert isinstance(found, Assignment)
        given[found.person] = MONDAY + turn * HOUR
        order.append(found.person)
    assert order == ["a", "b", "c"] * 2


NAMES = st.sampled_from(["a", "b", "c", "d", "e"])
SOME = st.frozensets(st.sampled_from(["CH", "YG"]), max_size=2)
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        person=NAMES,
        sites=SOME,
        stages=st.frozensets(st.sampled_from(["warranty", "presale"]), max_size=2),
        categories=st.frozensets(st.sampled_from(["QUAL", "QUAL.leak", "SALES", "*"]), max_size=2),
        channels=st.frozensets(st.sampled_from(["web", "sms"]), max_size=2),
        load=st.integers(0, 5),
        idle_since=st.none() | st.integers(0, 9).map(lambda n: MONDAY + n * HOUR),
        away=st.booleans(),
        duty=st.none() | st.booleans(),
        watch=st.booleans(),
        head=st.booleans(),
    ),
    max_size=6,
    unique_by=lambda each: each.person,
)


@given(
    CANDIDATES,
    st.frozensets(NAMES, max_size=2),
    st.none() | NAMES,
    st.sampled_from(["", "CH", "YG"]),
    st.sampled_from(["", "warranty"]),
)
def test_nobody_unfit_is_ever_chosen_and_somebody_is_where_one_fits(
    candidates: list[Candidate], respondents: frozenset[str], finder: str | None, site: str, stage: str
) -> None:
    complaint = matter(respondents=respondents, finder=finder, site=site, stage=stage)
    found = choose(complaint, candidates)
    barred = {c.person for c in candidates if c.away or c.duty is False} | respondents | {finder}
    fit = [c for c in candidates if c.person not in barred and isinstance(choose(complaint, [c]), Assignment)]
    if isinstance(found, Assignment):
        assert found.person in {c.person for c in fit}
        assert Assignment.read(str(found), found.person) == found
    else:
        assert fit == []
    assert choose(complaint, list(reversed(candidates))) == found


# ── nobody is there ───────────────────────────────────────────────────────────────────────────────────────────────────


def waiting() -> Complaint:
    found = Nobody((("a", Not.AWAY),))
    return assigning.nobody_available(matter(), found, MONDAY, head=True).complaint


def test_trap_37_nobody_there_is_an_event_that_centre_and_head_hear() -> None:
    change = assigning.nobody_available(matter(), Nobody((("a", Not.AWAY),)), MONDAY, head=True)
    assert [event.kind for event in change.events] == [EventKind.NOBODY_AVAILABLE]
    assert change.events[0].facts == {"passed": "a=away"}
    assert [(notice.kind, notice.to) for notice in change.notices] == [
        (NoticeKind.NEEDS_ASSIGNMENT, To(role=Role.AGENT)),
        (NoticeKind.NOBODY_AVAILABLE, To(post=Post.UNIT_HEAD)),
    ]
    assert change.complaint.nobody_since == MONDAY


def timer(complaint: Complaint) -> Any:
    return next((each for each in clockwork.wanted(complaint, build.BASE) if each.rule == assigning.RULE), None)


def test_it_is_told_again_daily_each_day_once() -> None:
    complaint = waiting()
    for day in (1, 2, 3):
        due = timer(complaint)
        assert due.due_at == MONDAY + timedelta(days=day)
        change = clockwork.fire(complaint, due, build.BASE, due.due_at)
        assert change is not None
        assert [notice.kind for notice in change.notices] == [NoticeKind.NOBODY_AVAILABLE]
        complaint = change.complaint
        assert clockwork.fire(complaint, due, build.BASE, due.due_at) is None, "the same timer has nothing more to say"


def test_after_an_outage_it_is_told_once_for_all_the_days() -> None:
    complaint = waiting()
    change = clockwork.fire(complaint, timer(complaint), build.BASE, MONDAY + timedelta(days=5, hours=3))
    assert change is not None
    assert len(change.notices) == 1
    assert timer(change.complaint).due_at == MONDAY + timedelta(days=6)


def test_no_rule_gives_it_again_to_who_gave_it_back() -> None:
    back = handling.give_back(build.working(), "不归我管", build.HANDLER, MONDAY + HOUR).complaint
    given = handling.assign_automatically(back, "li", "by hand", build.BASE, MONDAY + 2 * HOUR).complaint
    found = choose(given, [who("zhang"), who("wu", load=9)])
    assert isinstance(found, Assignment)
    assert (found.person, found.passed) == ("wu", (("zhang", Not.GAVE_BACK),))
    assert isinstance(choose(given, [who("zhang")]), Nobody)
    relieved = handling.assign_automatically(build.working(), "li", "by hand", build.BASE, MONDAY + HOUR).complaint
    assert isinstance(choose(relieved, [who("zhang")]), Assignment)


def test_trap_32_it_is_silent_once_somebody_has_it() -> None:
    complaint = waiting()
    due = timer(complaint)
    given = handling.assign_automatically(complaint, "b", "auto 0 least", build.BASE, MONDAY + HOUR).complaint
    assert timer(given) is None
    assert clockwork.fire(given, due, build.BASE, due.due_at) is None


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("还在保修期内，窗户就坏了", "warranty"),
        ("保修期外的维修收费太高", "after_warranty"),
        ("房子过了保修期，漏水谁管", "after_warranty"),
        ("交房时发现墙裂了", "before_handover"),
        ("逾期交房一年了", "before_handover"),
        ("签约的时候承诺送车位", "signing"),
        ("售楼处的销售态度很差", "presale"),
        ("存在保安睡觉的问题", ""),
        ("厨房漏水", ""),
        ("签合同时说保修期内免费", ""),
        ("The flat is out of warranty", "after_warranty"),
    ],
)
def test_r049_the_stage_is_taken_only_where_it_is_told_plainly(text: str, stage: str) -> None:
    assert told_stage(text) == stage
