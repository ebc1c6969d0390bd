"""Whom of us a complaint is about: what counts as an accusation, and what follows from one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from complaints import closing, customer, handling, naming
from complaints.change import EventKind, NoticeKind
from complaints.complaint import Complaint
from complaints.errors import IllegalStep, NotAllowed
from complaints.parts.work import Task
from complaints.vocabulary import Status, TaskStatus
from tests.unit.complaints import build
from tests.unit.complaints.build import AGENT, BASE, CUSTOMER, HANDLER, MONDAY

NAMES = {"zhang": "张伟", "li": "李强", "wei": "Zhang Wei", "x": "伟"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张伟态度恶劣", {"zhang"}),
        ("投诉管家张伟，收了我的钱不办事", {"zhang"}),
        ("那个张伟师傅昨天来了就骂人", {"zhang"}),
        ("我要举报李强索要红包", {"li"}),
        ("张伟和李强互相推诿", {"zhang", "li"}),
        ("Zhang Wei was rude to my mother", {"wei"}),
        ("I want to complain about Zhang Wei", {"wei"}),
        ("张伟说明天上午来", set()),
        ("请张伟快一点", set()),
        ("谢谢张伟，态度很好", set()),
        ("张伟很专业，不是投诉他", set()),
        ("态度恶劣。张伟明天来吗", set()),
        ("物业态度恶劣", set()),
        ("Zhang Wei was very kind", set()),
        ("don't let Zhang Wei know it was me who complained", {"wei"}),
        ("please do not tell Zhang Wei that it was me", {"wei"}),
        ("I'd rather do this without Zhang Wei knowing", {"wei"}),
        ("不要让张伟知道是我投诉的", {"zhang"}),
        ("别告诉李强是我说的", {"li"}),
        ("don't let Zhang Wei come before nine", set()),
        ("please let Zhang Wei know I am in", set()),
        ("别让张伟白跑一趟", set()),
    ],
)
def test_an_accusation_is_a_name_with_something_against_it(text: str, expected: set[str]) -> None:
    assert naming.accused(text, NAMES) == expected


@pytest.mark.parametrize(
    "complaint",
    [
        pytest.param(complaint, id=complaint.status)
        for complaint in (build.dispatched(), build.working(), build.proposed(), build.executing())
    ],
)
def test_it_leaves_the_hands_of_whom_it_names_at_once(complaint: Complaint) -> None:
    change = naming.name(complaint, "zhang", AGENT, MONDAY)
    after = change.complaint
    assert (after.status, after.owner, after.task) == (Status.ACCEPTED, None, None)
    assert after.respondents == {"zhang"}
    assert after.tasks[-1].status is TaskStatus.GIVEN_BACK
    assert naming.taken_away(change)
    assert [(n.kind, n.to.person) for n in change.notices if n.to.person] == [(NoticeKind.UNASSIGNED, "zhang")]
    with pytest.raises(NotAllowed, match="names you"):
        handling.report(after, "明天再去一次", HANDLER, BASE, MONDAY)
    with pytest.raises(NotAllowed, match="names that person"):
        handling.dispatch(after, "zhang", "by hand", AGENT, BASE, MONDAY)


def test_an_assisting_part_leaves_their_hands_too() -> None:
    part = Task(2, "li", TaskStatus.WORKING, MONDAY, assisting=True)
    helped = replace(build.working(), tasks=(*build.working().tasks, part))
    after = naming.name(helped, "li", AGENT, MONDAY).complaint
    assert after.part_of("li") is None
    assert (after.owner, after.status) == ("zhang", Status.WORKING)


def test_what_is_reopened_does_not_go_back_to_whom_it_names() -> None:
    done = naming.name(build.resolved(), "zhang", AGENT, MONDAY).complaint
    assert (done.status, done.owner) == (Status.RESOLVED, None)
    again = closing.reopen(done, "还是漏", CUSTOMER, BASE, MONDAY)
    assert again.complaint.task is None
    assert NoticeKind.NEEDS_ASSIGNMENT in [notice.kind for notice in again.notices]


def test_somebody_who_has_nothing_to_do_with_it_is_named_without_more() -> None:
    change = naming.name(build.working(), "li", AGENT, MONDAY)
    assert (change.complaint.owner, change.complaint.status) == ("zhang", Status.WORKING)
    assert not naming.taken_away(change)
    with pytest.raises(IllegalStep):
        naming.name(change.complaint, "li", AGENT, MONDAY)


def test_the_centre_says_that_it_is_not_about_somebody_after_all() -> None:
    named = naming.name(build.working(), "li", AGENT, MONDAY).complaint
    cleared = naming.clear(named, "li", AGENT, MONDAY)
    assert cleared.complaint.respondents == frozenset()
    assert cleared.events[0].kind is EventKind.NAMED
    with pytest.raises(IllegalStep):
        naming.clear(cleared.complaint, "li", AGENT, MONDAY)


def test_words_said_later_are_looked_at_and_who_complains_is_not_accused() -> None:
    said = customer.supplement(build.working(), "张伟态度恶劣", CUSTOMER, MONDAY)
    assert naming.may_accuse(said)
    assert naming.said_against(said, NAMES) == {"zhang": "张伟态度恶劣"}
    known = replace(said, complaint=replace(said.complaint, respondents=frozenset({"zhang"})))
    assert naming.said_against(known, NAMES) == {}
    own = replace(said, complaint=replace(said.complaint, complainant="zhang"))
    assert naming.said_against(own, NAMES) == {}


def test_a_name_is_no_part_of_a_word_and_one_word_is_no_name_unless_something_is_said_against_it() -> None:
    names = {"1": "Will", "2": "Tom", "3": "Li", "4": "Mark", "5": "Tom Baker", "6": "张伟"}
    for text in (
        "Will you please repair the heating",
        "Tomorrow I need it, the lift is broken",
        "my marked parking place",
    ):
        assert naming.named(text, names) == frozenset()
        assert naming.accused(f"Complaint: {text}", names) == frozenset()
    assert naming.named("Will was rude to my mother", names) == {"1"}
    assert naming.named("Tom Baker promised to come", names) == {"5"}
    assert naming.named("张伟说今天来，没来", names) == {"6"}


def test_a_full_name_is_found_in_any_case() -> None:
    names = {"a": "Alice Reed", "c": "Carl Dupont", "l": "Li Na"}
    assert naming.named("alice reed laughed at me at leeds when i asked for a towel", names) == {"a"}
    assert naming.named("ALICE REED promised to come", names) == {"a"}
    assert naming.named("carl dupont overcharged me", names) == {"c"}
    assert naming.named("the nali nab is broken", names) == frozenset()


COLLEAGUES = {
    "alice": "Alice Reed", "carl": "Carl Dupont", "tom1": "Tom Baker", "tom2": "Tom Smith", "will": "Will Hope",
    "zhang": "张伟", "limei": "李小梅", "wang": "王建国",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("alice at leeds reception was rude to my mum", {"alice": "alice"}),
        ("that woman alice in leeds called me fat", {"alice": "alice"}),
        ("Alice stole my watch", {"alice": "Alice"}),
        ("carl overcharged me and laughed", {"carl": "carl"}),
        ("Ms Reed shouted at me", {"alice": "Ms Reed"}),
        ("your receptionist tom is lazy", {"tom1": "tom"}),
        ("Will was rude to us", {"will": "Will"}),
        ("张师傅态度恶劣", {"zhang": "张师傅"}),
        ("小李骂我", {"limei": "小李"}),
        ("建国收了我的钱不办事", {"wang": "建国"}),
        ("姓王的那个保安推我", {"wang": "姓王的"}),
        ("my wife alice was insulted by the guard", {}),
        ("I'm Alice, the guard was rude", {}),
        ("Alice here. the wifi is bad, rude staff", {}),
        ("thanks to alice the room is fine", {}),
        ("Will you tell the rude guard to stop", {}),
        ("alice promised to come", {}),
        ("我姓张，物业态度恶劣", {}),
        ("小区保安骂人", {}),
        ("小梅态度很好", {}),
    ],
)
def test_who_is_spoken_ill_of_by_a_part_of_their_name_may_be_meant(text: str, expected: dict[str, str]) -> None:
    assert naming.perhaps(text, COLLEAGUES, ["tom1"]) == expected


def test_whom_several_share_a_part_with_is_meant_only_where_the_others_are_elsewhere() -> None:
    assert naming.perhaps("tom was rude", COLLEAGUES, []) == {}
    assert naming.perhaps("tom was rude", COLLEAGUES, ["tom1", "tom2"]) == {}
