"""The status table and the permissions, pair by pair."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from complaints import handling
from complaints.change import EventKind
from complaints.complaint import Complaint, changed
from complaints.errors import IllegalStep, NotAllowed
from complaints.lifecycle import TRANSITIONS, Step, allow, check, move
from complaints.parts.actors import SYSTEM, Actor
from complaints.parts.work import Member, Opinion, Task, TaskForce
from complaints.permissions import PERMISSIONS
from complaints.vocabulary import Flag, Role, Status, TaskStatus
from tests.unit.complaints import build
from tests.unit.complaints.build import MONDAY, actor

# Every allowed pair, step by step; what is not here is forbidden.
TABLE = """
file             draft→new
register         new→accepted under_review→accepted
review           new→under_review accepted→under_review
invalidate       new→invalid under_review→invalid accepted→invalid dispatched→invalid
appeal           invalid→new
dispatch         accepted→dispatched dispatched→dispatched working→dispatched proposed→dispatched executing→dispatched
accept           dispatched→working
give_back        dispatched→accepted working→accepted
report           dispatched→working working→working proposed→proposed executing→executing on_hold→on_hold
release          accepted→accepted dispatched→dispatched working→working proposed→proposed executing→executing on_hold→on_hold
propose          dispatched→proposed working→proposed proposed→proposed executing→proposed
agree            proposed→executing
refuse           proposed→working executing→working
ask_hold         working→working executing→executing
hold             working→on_hold executing→on_hold
refuse_hold      working→working proposed→proposed executing→executing
resume           on_hold→working
resume_plan      on_hold→executing
ask_extension    dispatched→dispatched working→working proposed→proposed executing→executing on_hold→on_hold
decide_extension dispatched→dispatched working→working proposed→proposed executing→executing on_hold→on_hold
resolve          accepted→resolved dispatched→resolved working→resolved proposed→resolved executing→resolved on_hold→resolved
rate             resolved→resolved closed→closed
call_back        proposed→proposed resolved→resolved
answer_survey    OPEN
answer_survey    closed→closed
mark             OPEN
mark             draft→draft closed→closed invalid→invalid withdrawn→withdrawn merged→merged
close            resolved→closed
close_unsettled  resolved→closed working→closed proposed→closed executing→closed
reopen           resolved→working closed→working
supplement       OPEN
urge             OPEN
grade            OPEN
lower            OPEN
withdraw         draft→withdrawn new→withdrawn under_review→withdrawn accepted→withdrawn dispatched→withdrawn
withdraw         working→withdrawn proposed→withdrawn executing→withdrawn on_hold→withdrawn resolved→withdrawn
restore          withdrawn→new
restore_work     withdrawn→working
restore_plan     withdrawn→proposed
restore_agreed   withdrawn→executing
restore_result   withdrawn→resolved
merge            new→merged under_review→merged accepted→merged dispatched→merged working→merged
split            merged→new
join             OPEN
join             draft→draft closed→closed invalid→invalid withdrawn→withdrawn merged→merged
follow           merged→merged
follow_result    merged→resolved
follow_invalid   merged→invalid
link             OPEN
link             closed→closed invalid→invalid withdrawn→withdrawn merged→merged
supplement       merged→merged
urge             merged→merged
grade            merged→merged
withdraw         merged→withdrawn
duty             OPEN
duty             closed→closed
correct          OPEN
acknowledge      new→new under_review→under_review accepted→accepted dispatched→dispatched working→working
acknowledge      proposed→proposed executing→executing on_hold→on_hold
explain          dispatched→dispatched working→working proposed→proposed executing→executing on_hold→on_hold
call             OPEN
visit            new→new under_review→under_review accepted→accepted dispatched→dispatched working→working
visit            proposed→proposed executing→executing on_hold→on_hold
give_part        dispatched→dispatched working→working proposed→proposed executing→executing on_hold→on_hold
part             new→new under_review→under_review accepted→accepted dispatched→dispatched working→working
part             proposed→proposed executing→executing on_hold→on_hold
decide_part      new→new under_review→under_review accepted→accepted dispatched→dispatched working→working
decide_part      proposed→proposed executing→executing on_hold→on_hold
finish_kept      dispatched→dispatched working→working proposed→proposed executing→executing on_hold→on_hold
do_step          executing→executing
evidence         OPEN
tell_cause       dispatched→dispatched working→working proposed→proposed executing→executing on_hold→on_hold
tell_cause       resolved→resolved closed→closed
force            OPEN
force_word       OPEN
check_grade      OPEN
assess           OPEN
order            OPEN
comment          OPEN
ask_help         OPEN
speak            OPEN
publish          OPEN
playbook         OPEN
word             OPEN
agree_wording    OPEN
ask_opinion      OPEN
give_opinion     OPEN
mediate          dispatched→dispatched working→working proposed→proposed executing→executing on_hold→on_hold
publish          closed→closed
tick             OPEN
tick             closed→closed
refer            new→closed under_review→closed accepted→closed dispatched→closed
end_drill        new→withdrawn under_review→withdrawn accepted→withdrawn dispatched→withdrawn working→withdrawn
end_drill        proposed→withdrawn executing→withdrawn on_hold→withdrawn resolved→withdrawn
name             OPEN
name             closed→closed invalid→invalid withdrawn→withdrawn merged→merged
take_away        dispatched→accepted working→accepted proposed→accepted executing→accepted on_hold→accepted
note             OPEN
note             closed→closed invalid→invalid withdrawn→withdrawn merged→merged
"""
OPEN = ["new", "under_review", "accepted", "dispatched", "working", "proposed", "executing", "on_hold", "resolved"]


def allowed() -> dict[tuple[Status, Step], Status]:
    table: dict[tuple[Status, Step], Status] = {}
    for line in TABLE.strip().splitlines():
        step, *pairs = line.split()
        for pair in [f"{status}→{status}" for status in OPEN] if pairs == ["OPEN"] else pairs:
            old, new = pair.split("→")
            table[Status(old), Step(step)] = Status(new)
    return table


ALLOWED = allowed()

# Withdrawn is allowed from every open status.
C3 = {
    "draft": "new withdrawn",
    "new": "under_review accepted invalid merged withdrawn",
    "under_review": "accepted invalid withdrawn",
    "accepted": "under_review dispatched resolved merged withdrawn",
    "dispatched": "working accepted withdrawn",
    "working": "proposed resolved on_hold dispatched withdrawn",
    "proposed": "executing working resolved withdrawn",
    "executing": "resolved on_hold working withdrawn",
    "on_hold": "working executing withdrawn resolved",
    "resolved": "closed working withdrawn",
    "closed": "working",
    "invalid": "new",
    "withdrawn": "new",
    "merged": "new",
}
BEYOND_C3 = {
    ("dispatched", "merged"): "given to somebody by the rule before anybody saw that it is one of many",
    ("working", "merged"): "the same, and they began",
    ("under_review", "merged"): "seen to be one of many before a group judged it; it judges what is split off",
    (
        "merged",
        "resolved",
    ): "the result of the one that it was merged into is told to its customer, who is asked (trap 43)",
    ("merged", "invalid"): "the verdict, likewise",
    ("merged", "withdrawn"): "its customer takes theirs back",
    **dict.fromkeys(
        (("new", "closed"), ("under_review", "closed"), ("accepted", "closed"), ("dispatched", "closed")),
        "referred to whoever it concerns, with the customer's consent (R-006)",
    ),
    ("accepted", "invalid"): "judged invalid after an assignee gave it back with the facts (R-025)",
    ("dispatched", "invalid"): "judged before any work, whoever the rule had given it to (R-025)",
    ("dispatched", "proposed"): "a plan by an assignee who never said accept: taken as accepted on the way",
    ("dispatched", "resolved"): "settled by the service centre before the assignee took it (R-023)",
    **dict.fromkeys(
        (("withdrawn", "working"), ("withdrawn", "proposed"), ("withdrawn", "executing"), ("withdrawn", "resolved")),
        "its customer is sorry to have withdrawn it: it stands where it stood",
    ),
    ("working", "accepted"): "given back after it turned out not to be theirs",
    ("working", "closed"): "closed unsettled by the lead, with a reason",
    ("proposed", "closed"): "the same",
    ("executing", "closed"): "the same",
    ("proposed", "dispatched"): "handed to somebody else while the customer thinks about the plan",
    ("executing", "dispatched"): "the same while it is being carried out",
    ("executing", "proposed"): "a better plan",
    ("proposed", "accepted"): "taken from whom the customer complains of",
    ("executing", "accepted"): "the same while it is being carried out",
    ("on_hold", "accepted"): "the same while it waits",
}


def test_the_moves_are_those_of_the_requirements() -> None:
    ours = {(str(old), str(new)) for (old, _), new in TRANSITIONS.items() if old is not new}
    required = {(old, new) for old, news in C3.items() for new in news.split()}
    assert ours - required == set(BEYOND_C3)
    assert not required - ours


def omnipotent() -> Actor:
    """Somebody whom no permission stops: the test is about statuses."""
    return actor("wang", *Role)


def standing(status: Status) -> Complaint:
    base = replace(build.working(), finder="wang", status=status)
    return replace(base, tasks=(replace(base.tasks[0], assignee="wang"),))


@pytest.mark.parametrize("step", Step)
def test_a_step_leads_from_each_status_where_the_table_says(step: Step) -> None:
    for status in Status:
        leads(status, step)


def leads(status: Status, step: Step) -> None:
    complaint = standing(status)
    if step in (Step.PART, Step.FORCE_WORD, Step.GIVE_OPINION):
        complaint = with_company(complaint)
    if (status, step) in ALLOWED:
        after, event = move(complaint, step, omnipotent(), MONDAY, EventKind.PROGRESS, "why", {"a": "b"})
        moved = replace(complaint, status=ALLOWED[status, step], version=complaint.version + 1)
        assert replace(after, marks=()) == replace(moved, marks=())
        assert after.marked(EventKind.PROGRESS) == MONDAY
        assert (event.old, event.new, event.by, event.channel) == (status, ALLOWED[status, step], "wang", "web")
        assert (event.at, event.note, event.facts) == (MONDAY, "why", {"a": "b"})
        assert check(complaint, step, omnipotent()) is ALLOWED[status, step]
    else:
        with pytest.raises(IllegalStep, match=f"is {status}: {step} is not possible"):
            move(complaint, step, omnipotent(), MONDAY, EventKind.PROGRESS)


# Who may take a step at all.
CENTRE = "agent dispatcher center_lead"
MAY = {
    "file": "customer employee agent dispatcher center_lead system",
    "join": f"{CENTRE} system",
    "follow": "system",
    "follow_result": "system",
    "follow_invalid": "system",
    "link": CENTRE,
    "register": f"{CENTRE} system reviewer dept_head leader",
    "review": f"{CENTRE} system",
    "invalidate": f"{CENTRE} reviewer",
    "appeal": "customer",
    "dispatch": f"{CENTRE} system dept_head handler leader",
    "accept": "handler dept_head employee",
    "give_back": "handler dept_head employee",
    "report": "handler dept_head employee",
    "release": CENTRE,
    "propose": "handler dept_head employee",
    "agree": "customer",
    "refuse": "customer",
    "ask_hold": "handler dept_head employee",
    "hold": "center_lead dept_head",
    "refuse_hold": "center_lead dept_head",
    "resume": "handler dept_head employee center_lead system",
    "resume_plan": "handler dept_head employee center_lead system",
    "ask_extension": "handler dept_head employee",
    "decide_extension": "center_lead dept_head",
    "resolve": f"handler dept_head employee {CENTRE}",
    "rate": "customer",
    "call_back": f"{CENTRE} dept_head",
    "answer_survey": "customer",
    "mark": "center_lead",
    "close": "customer system agent center_lead",
    "close_unsettled": "center_lead",
    "reopen": "customer agent center_lead",
    "supplement": f"customer employee {CENTRE} system",
    "urge": f"customer employee {CENTRE}",
    "visit": f"customer handler dept_head employee {CENTRE}",
    "grade": f"{CENTRE} system",
    "lower": "center_lead",
    "withdraw": "customer agent",
    "restore": f"customer {CENTRE}",
    "restore_work": f"customer {CENTRE}",
    "restore_plan": f"customer {CENTRE}",
    "restore_agreed": f"customer {CENTRE}",
    "restore_result": f"customer {CENTRE}",
    "merge": CENTRE,
    "split": f"{CENTRE} system",
    "correct": CENTRE,
    "duty": f"{CENTRE} handler dept_head employee reviewer commander media_officer",
    "acknowledge": f"{CENTRE} handler dept_head employee reviewer leader",
    "explain": "handler dept_head employee",
    "call": f"{CENTRE} handler dept_head employee reviewer leader",
    "tick": "system",
    "name": f"{CENTRE} system",
    "take_away": "system",
    "refer": f"employee {CENTRE}",
    "end_drill": "center_lead admin",
    "check_grade": CENTRE,
    "assess": f"{CENTRE} handler employee dept_head",
    "order": "leader",
    "comment": "leader",
    "ask_help": f"{CENTRE} handler employee dept_head commander",
    "speak": f"{CENTRE} commander media_officer",
    "publish": f"{CENTRE} commander media_officer",
    "word": f"{CENTRE} handler employee dept_head commander media_officer",
    "agree_wording": "center_lead commander",
    "ask_opinion": f"{CENTRE} dept_head leader",
    "give_opinion": " ".join(role for role in Role if role not in (Role.CUSTOMER, Role.SYSTEM)),
    "playbook": f"{CENTRE} handler employee dept_head leader commander",
    "mediate": f"{CENTRE} handler employee dept_head",
    "note": f"{CENTRE} handler employee dept_head commander media_officer",
    "give_part": f"{CENTRE} handler employee dept_head",
    "part": "handler employee dept_head",
    "decide_part": f"{CENTRE} handler employee dept_head",
    "finish_kept": "center_lead",
    "do_step": "handler employee dept_head",
    "evidence": "handler employee dept_head",
    "tell_cause": f"{CENTRE} handler employee dept_head",
    "force": "center_lead leader",
    "force_word": " ".join(role for role in Role if role not in (Role.CUSTOMER, Role.SYSTEM)),
}
PERSON = {Role.CUSTOMER: "wang", Role.EMPLOYEE: "finder", Role.HANDLER: "zhang", Role.DEPT_HEAD: "zhang"}
OF_THE_TASK = ("note", "word", "playbook", "mediate", "assess", "ask_help",
               "duty", "accept", "give_back", "report", "propose", "resume", "resume_plan", "ask_hold", "ask_extension",
               "resolve", "explain", "visit", "give_part", "decide_part", "do_step", "evidence", "tell_cause")  # fmt: skip
OF_ANYBODY = ("acknowledge", "call")  # whoever was told answers


def with_company(complaint: Complaint) -> Complaint:
    """Return the complaint with a part for everybody who may have one, and a task force of everybody."""
    people = [*PERSON.values(), "somebody"]
    parts = [
        Task(number, person, TaskStatus.WORKING, MONDAY, assisting=True) for number, person in enumerate(people, 2)
    ]
    force = TaskForce(tuple(Member(person, MONDAY) for person in people), "boss", "lead", MONDAY)
    asked = tuple(Opinion(n, person, "boss", MONDAY, MONDAY) for n, person in enumerate([*people, "boss"]))
    return replace(complaint, tasks=(*complaint.tasks, *parts), force=force, opinions=asked)


def test_every_step_has_its_roles() -> None:
    assert {str(step): frozenset(map(str, roles)) for step, roles in PERMISSIONS.items() if step in list(Step)} == {
        step: frozenset(roles.split()) for step, roles in MAY.items()
    }


@pytest.mark.parametrize("step", Step)
def test_a_step_is_for_the_roles_that_the_table_names(step: Step) -> None:
    for role in Role:
        is_for(role, step)


def is_for(role: Role, step: Step) -> None:
    complaint = build.working(finder="finder")
    if step in (
        Step.PART,
        Step.FORCE_WORD,
        Step.ASK_HELP,
        Step.SPEAK,
        Step.PUBLISH,
        Step.DUTY,
        Step.PLAYBOOK,
        Step.GIVE_OPINION,
        Step.WORD,
        Step.AGREE_WORDING,
        Step.NOTE,
    ):
        complaint = replace(with_company(complaint), flags=frozenset({Flag.MEDIA}))
    person = "zhang" if role is Role.EMPLOYEE and step in OF_THE_TASK else PERSON.get(role, "somebody")
    if role is Role.COMMANDER and step is not Step.FORCE_WORD:
        person = "boss"
    concerned = SYSTEM if role is Role.SYSTEM else actor(person, role)
    if str(role) in MAY[step].split():
        allow(complaint, step, concerned)
    else:
        with pytest.raises(NotAllowed, match="needs one of"):
            allow(complaint, step, concerned)


@pytest.mark.parametrize(
    ("role", "steps"),
    [
        pytest.param(
            Role.CUSTOMER,
            "file appeal agree refuse rate answer_survey close reopen supplement urge visit withdraw restore",
            id="customer",
        ),
        pytest.param(Role.EMPLOYEE, "file supplement urge", id="employee"),
        pytest.param(
            Role.HANDLER, "dispatch accept give_back report propose resume ask_hold ask_extension resolve", id="handler"
        ),
        pytest.param(
            Role.DEPT_HEAD, "accept give_back report propose ask_extension resolve", id="head, who takes over first"
        ),
    ],
)
def test_some_roles_act_only_on_what_is_theirs(role: Role, steps: str) -> None:
    complaint = build.working(finder="finder")
    for step in steps.split():
        allow(complaint, Step(step), actor(PERSON[role], role))
        with pytest.raises(NotAllowed, match="is not yours"):
            allow(complaint, Step(step), actor("somebody-else", role))


@pytest.mark.parametrize("step", OF_THE_TASK)
def test_whose_task_it_is_may_do_its_steps_whatever_else_they_are(step: str) -> None:
    complaint = build.working(finder="finder")
    for role in set(Role) - {Role.SYSTEM}:
        allow(complaint, Step(step), actor("zhang", role, Role.EMPLOYEE))
    for nobody in ("somebody-else", "finder") if step == "visit" else ("somebody-else", "finder", "wang"):
        with pytest.raises(NotAllowed):
            allow(complaint, Step(step), actor(nobody, Role.EMPLOYEE, Role.CUSTOMER))


def test_a_task_of_ones_own_gives_no_say_over_the_complaint() -> None:
    mine = actor("zhang", Role.EMPLOYEE)
    for step in set(Step) - set(map(Step, (*OF_THE_TASK, *OF_ANYBODY))) - {Step.FILE}:
        with pytest.raises(NotAllowed):
            allow(build.working(finder="finder"), step, mine)


def test_whom_a_complaint_names_does_not_resolve_it_although_it_is_their_task() -> None:
    named = replace(build.working(), respondents=frozenset({"zhang"}))
    with pytest.raises(NotAllowed, match="names you"):
        allow(named, Step.RESOLVE, actor("zhang", Role.EMPLOYEE, Role.CENTER_LEAD))


def test_the_former_assignee_has_no_say_any_more() -> None:
    complaint = build.working()
    handed_on = handling.dispatch(complaint, "li", "by hand", build.AGENT, build.BASE, MONDAY).complaint
    with pytest.raises(NotAllowed):
        allow(handed_on, Step.REPORT, build.HANDLER)
    allow(handed_on, Step.ACCEPT, build.COLLEAGUE)


def test_nobody_handles_where_nobody_is_assigned() -> None:
    with pytest.raises(NotAllowed):
        allow(build.filed(), Step.RESOLVE, build.HANDLER)


DECIDING = (
    "call_back close close_unsettled resolve invalidate merge hold refuse_hold lower decide_extension dispatch release"
)


@pytest.mark.parametrize("step", [Step(step) for step in DECIDING.split()])
def test_nobody_decides_a_complaint_that_names_them(step: Step) -> None:
    complaint = build.filed(respondents=frozenset({"named"}))
    with pytest.raises(NotAllowed, match="names you"):
        allow(complaint, step, actor("named", *Role))
    allow(complaint, step, actor("not-named", Role.CENTER_LEAD, Role.AGENT))


def test_who_is_named_may_still_give_it_back() -> None:
    complaint = replace(build.working(), respondents=frozenset({"zhang"}))
    back = handling.give_back(complaint, "我是当事人", build.HANDLER, MONDAY).complaint
    assert back.status is Status.ACCEPTED


@pytest.mark.parametrize("name", [each.name for each in fields(Complaint)])
def test_a_complaint_is_changed_in_a_copy_whatever_of_it_changes(name: str) -> None:
    complaint = build.filed()
    before = replace(complaint)
    other: dict[str, Any] = {name: "new"}
    assert changed(complaint, **other) == replace(complaint, **other)
    assert complaint == before


def test_what_a_complaint_does_not_have_cannot_be_changed() -> None:
    with pytest.raises(KeyError):
        changed(build.filed(), weather="fair")
