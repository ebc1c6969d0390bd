"""Who may do what to which complaint: one table, and one gate in front of everything that is done or read.

A row is a step that is taken on a complaint (`Step`), or what is read or arranged without moving one (`Errand`). A cell is
the tie that somebody in that role must have to the complaint. In which status a step is possible at all is the other half,
`TRANSITIONS` in `complaints/lifecycle.py`. Both are printed in `docs/permissions.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Flag as Bits
from enum import StrEnum, auto
from functools import cache
from typing import Final, TypeAlias

from complaints.complaint import Complaint
from complaints.errors import NotAllowed
from complaints.parts.actors import Actor
from complaints.vocabulary import Flag, Role, Severity, Status


class Step(StrEnum):
    """Something a person, or the clock, does to a complaint."""

    FILE = "file"
    REGISTER = "register"
    REVIEW = "review"
    INVALIDATE = "invalidate"
    APPEAL = "appeal"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    GIVE_BACK = "give_back"
    REPORT = "report"
    RELEASE = "release"
    PROPOSE = "propose"
    AGREE = "agree"
    REFUSE = "refuse"
    ASK_HOLD = "ask_hold"
    HOLD = "hold"
    REFUSE_HOLD = "refuse_hold"
    RESUME = "resume"
    RESUME_PLAN = "resume_plan"
    ASK_EXTENSION = "ask_extension"
    DECIDE_EXTENSION = "decide_extension"
    RESOLVE = "resolve"
    RATE = "rate"
    CALL_BACK = "call_back"
    ANSWER_SURVEY = "answer_survey"
    MARK = "mark"
    CLOSE = "close"
    CLOSE_UNSETTLED = "close_unsettled"
    REOPEN = "reopen"
    SUPPLEMENT = "supplement"
    URGE = "urge"
    GRADE = "grade"
    LOWER = "lower"
    WITHDRAW = "withdraw"
    REFER = "refer"  # to whom it is for, with its customer's consent
    END_DRILL = "end_drill"
    RESTORE = "restore"
    RESTORE_WORK = "restore_work"  # to where it stood
    RESTORE_PLAN = "restore_plan"
    RESTORE_AGREED = "restore_agreed"
    RESTORE_RESULT = "restore_result"
    MERGE = "merge"
    SPLIT = "split"
    JOIN = "join"  # others are merged into it, or leave it
    FOLLOW = "follow"  # what was told of its master
    FOLLOW_RESULT = "follow_result"
    FOLLOW_INVALID = "follow_invalid"
    LINK = "link"
    VISIT = "visit"
    DUTY = "duty"
    CORRECT = "correct"
    ACKNOWLEDGE = "acknowledge"
    EXPLAIN = "explain"
    CALL = "call"
    GIVE_PART = "give_part"
    PART = "part"
    DECIDE_PART = "decide_part"
    FINISH_KEPT = "finish_kept"
    DO_STEP = "do_step"
    EVIDENCE = "evidence"
    TELL_CAUSE = "tell_cause"
    FORCE = "force"
    FORCE_WORD = "force_word"
    NAME = "name"  # whom of us it is about
    TAKE_AWAY = "take_away"  # from whom it names
    NOTE = "note"
    CHECK_GRADE = "check_grade"  # is it as grave as a customer's words propose?
    ASSESS = "assess"  # what its severity rests on: whose fault, how many, how much
    ORDER = "order"
    COMMENT = "comment"
    ASK_HELP = "ask_help"  # of the leaders
    SPEAK = "speak"  # let words out that waited for one voice
    PUBLISH = "publish"
    WORD = "word"  # 口径: what everybody says to the customer
    AGREE_WORDING = "agree_wording"
    ASK_OPINION = "ask_opinion"  # of another department
    GIVE_OPINION = "give_opinion"
    PLAYBOOK = "playbook"  # begun, or a step of it done
    MEDIATE = "mediate"  # 第三方调解: a third party mediates, or has
    TICK = "tick"


class Errand(StrEnum):
    """What is read, or arranged, without moving a complaint. `OF_ONE`: about one complaint."""

    STATUS = "status"  # 进度
    TERMS = "terms"  # 期限, 承诺: how its limits came about, what was promised
    FILES = "files"  # the names of its files
    NOTES = "notes"  # what colleagues noted for each other
    PLAN_FOR = "plan_for"  # 预案: what is done about such a complaint
    IMPROVE = "improve"  # 改进: what is to be better, and whose that is
    PROPOSE = "propose_for"  # 建议处罚, 建议奖励, 安排培训: for whoever handled it
    CONTACT = "contact"  # name, place and the ends of the phone number
    PHONE = "phone"  # 电话: the whole number; each look is kept
    REVEALS = "reveals"  # 查看记录: who had the whole number
    MINE = "mine"  # 我的投诉
    ENTERED = "entered"  # 我录入的
    TASKS = "tasks"  # 待办
    QUEUE = "queue"  # 队列
    RATES = "rates"  # 三率
    BOARD = "board"  # 看板
    CONDUCT = "conduct"  # 奖惩: what is proposed for colleagues, and deciding it
    TRAINING = "training"  # 培训记录
    APPRAISED = "appraised"  # 考评: one's own grade, and what it comes of
    APPRAISALS = "appraisals"  # 考评 张伟, 考评名单: those of others; a head, of their own people
    SEND_REPORT = "send_report"  # 发送报告: what was drafted, of the site that they are head of, or of all
    CHORES = "chores"  # 意见簿记录: how often books and boxes of suggestions were read
    ROTA = "rota"  # 值班 周六 张三
    ROOM = "room"  # 服务群
    LEAVE = "leave"  # a colleague's leave
    PHRASES = "phrases"  # 话术: reading the canned words; sending them is a step
    KEEP_PHRASES = "keep_phrases"  # 话术 新增
    DATA_REQUESTS = "data_requests"  # 数据请求: which wait
    ANSWER_DATA = "answer_data"  # 数据 3 已答复


OF_ONE = frozenset(
    {
        Errand.STATUS,
        Errand.TERMS,
        Errand.FILES,
        Errand.NOTES,
        Errand.PLAN_FOR,
        Errand.IMPROVE,
        Errand.PROPOSE,
        Errand.CONTACT,
        Errand.PHONE,
        Errand.REVEALS,
    }
)
Act: TypeAlias = Step | Errand


class Tie(Bits):
    """What somebody has to do with a complaint. A cell of several asks for any one of them."""

    ANY = auto()  # nothing: every complaint
    OWN = auto()  # they are its customer
    FOUND = auto()  # they brought it in
    TASK = auto()  # the open task is theirs
    WORKED = auto()  # a task of it is, or was, theirs
    PLACE = auto()  # it is at a site they work for
    LED = auto()  # it is at a site, or with somebody, they are head of
    REVIEW = auto()  # it is under review
    MEDIA = auto()  # it is a matter of the media
    PART = auto()  # an open assisting part of it is theirs
    HAD = auto()  # it is with them, or was when it was reported done
    FORCE = auto()  # they are of its task force
    COMMAND = auto()  # they command its task force
    ASKED = auto()  # their opinion of it was asked for


_Row: TypeAlias = Mapping[Role, Tie]


def _all(*roles: Role) -> _Row:
    return dict.fromkeys(roles, Tie.ANY)


_CUSTOMER: _Row = {Role.CUSTOMER: Tie.OWN}
_FINDER: _Row = {Role.EMPLOYEE: Tie.FOUND}
_SYSTEM: _Row = _all(Role.SYSTEM)
_LEAD: _Row = _all(Role.CENTER_LEAD)
_LEADER: _Row = _all(Role.LEADER)
_AGENT: _Row = {Role.AGENT: Tie.PLACE}
_CENTRE: _Row = {Role.AGENT: Tie.PLACE, Role.DISPATCHER: Tie.PLACE, Role.CENTER_LEAD: Tie.ANY}
_HEAD: _Row = {Role.DEPT_HEAD: Tie.LED}
_REVIEWER: _Row = _all(Role.REVIEWER)
# A colleague whose task it is does its steps, whatever else they are; a head, after taking the work over.
_DOER: _Row = {Role.HANDLER: Tie.TASK, Role.DEPT_HEAD: Tie.TASK, Role.EMPLOYEE: Tie.TASK}
_TOLD: _Row = {
    **_all(Role.AGENT, Role.DISPATCHER, Role.CENTER_LEAD, Role.HANDLER, Role.DEPT_HEAD, Role.EMPLOYEE),
    **_all(Role.REVIEWER, Role.LEADER),
}
_WORKED = Tie.TASK | Tie.WORKED | Tie.PART | Tie.FORCE | Tie.ASKED
# Who reads a case: whoever works on it, or watches over those who do.
_READERS: _Row = {
    **_CENTRE,
    Role.REVIEWER: Tie.REVIEW,
    Role.HANDLER: _WORKED | Tie.FORCE,
    Role.EMPLOYEE: _WORKED | Tie.FORCE,
    Role.DEPT_HEAD: Tie.LED | _WORKED | Tie.FORCE,
    Role.COMMANDER: Tie.COMMAND,
    Role.MEDIA_OFFICER: Tie.MEDIA,
    Role.LEADER: Tie.ANY,
}
_HANDLERS: _Row = {**_CENTRE, Role.HANDLER: Tie.TASK, Role.EMPLOYEE: Tie.TASK, Role.DEPT_HEAD: Tie.LED | Tie.TASK}
_ASSISTANT: _Row = {Role.HANDLER: Tie.PART, Role.DEPT_HEAD: Tie.PART, Role.EMPLOYEE: Tie.PART}
_EVERYBODY: _Row = _all(*(role for role in Role if role not in (Role.SYSTEM, Role.CUSTOMER)))

PERMISSIONS: Mapping[Act, _Row] = {
    Step.FILE: {**_CUSTOMER, **_FINDER, **_SYSTEM, **_all(Role.AGENT, Role.DISPATCHER, Role.CENTER_LEAD)},
    Step.REGISTER: {**_CENTRE, **_SYSTEM, **_REVIEWER, **_HEAD, **_LEADER},  # who finds it valid
    Step.REVIEW: {**_CENTRE, **_SYSTEM},
    Step.INVALIDATE: {**_CENTRE, **_REVIEWER},
    Step.APPEAL: _CUSTOMER,
    # A handler hands on what is theirs; a leader what the centre's only lead keeps to themselves, or found invalid.
    Step.DISPATCH: {**_CENTRE, **_SYSTEM, **_HEAD, **_LEADER, Role.HANDLER: Tie.TASK},
    Step.ACCEPT: _DOER,
    Step.GIVE_BACK: _DOER,
    Step.REPORT: _DOER,
    Step.RELEASE: _CENTRE,
    Step.PROPOSE: _DOER,
    Step.AGREE: _CUSTOMER,
    Step.REFUSE: _CUSTOMER,
    Step.ASK_HOLD: _DOER,
    Step.HOLD: {**_LEAD, **_HEAD},
    Step.REFUSE_HOLD: {**_LEAD, **_HEAD},
    Step.RESUME: {**_DOER, **_LEAD, **_HEAD, **_SYSTEM},
    Step.RESUME_PLAN: {**_DOER, **_LEAD, **_HEAD, **_SYSTEM},
    Step.ASK_EXTENSION: _DOER,
    Step.DECIDE_EXTENSION: {**_LEAD, **_HEAD},
    Step.RESOLVE: {**_DOER, **_CENTRE},
    Step.RATE: _CUSTOMER,
    Step.CALL_BACK: {**_CENTRE, **_HEAD},
    Step.ANSWER_SURVEY: _CUSTOMER,
    Step.MARK: _LEAD,
    Step.CLOSE: {**_CUSTOMER, **_SYSTEM, **_AGENT, **_LEAD},  # its gate decides; these may knock
    Step.CLOSE_UNSETTLED: _LEAD,
    Step.REOPEN: {**_CUSTOMER, **_AGENT, **_LEAD},
    Step.SUPPLEMENT: {**_CUSTOMER, **_FINDER, **_CENTRE, **_SYSTEM},
    Step.URGE: {**_CUSTOMER, **_FINDER, **_CENTRE},
    Step.GRADE: {**_CENTRE, **_SYSTEM},
    Step.LOWER: _LEAD,
    Step.WITHDRAW: {**_CUSTOMER, **_AGENT},  # an agent with the customer's words as proof
    Step.REFER: {**_FINDER, **_CENTRE},
    Step.END_DRILL: _all(Role.CENTER_LEAD, Role.ADMIN),
    Step.RESTORE: {**_CUSTOMER, **_CENTRE},
    Step.RESTORE_WORK: {**_CUSTOMER, **_CENTRE},
    Step.RESTORE_PLAN: {**_CUSTOMER, **_CENTRE},
    Step.RESTORE_AGREED: {**_CUSTOMER, **_CENTRE},
    Step.RESTORE_RESULT: {**_CUSTOMER, **_CENTRE},
    Step.MERGE: _CENTRE,
    Step.SPLIT: {**_CENTRE, **_SYSTEM},
    Step.JOIN: {**_CENTRE, **_SYSTEM},
    Step.FOLLOW: _SYSTEM,
    Step.FOLLOW_RESULT: _SYSTEM,
    Step.FOLLOW_INVALID: _SYSTEM,
    Step.LINK: _CENTRE,
    Step.VISIT: {**_CUSTOMER, **_DOER, **_CENTRE},
    Step.DUTY: {  # which of them, says the duty
        **_CENTRE,
        **{role: tie | Tie.HAD for role, tie in _DOER.items()},  # some of it is owed after the work, too
        **_HEAD,
        **_REVIEWER,
        Role.COMMANDER: Tie.COMMAND,  # a bulletin is of the case they command
        Role.MEDIA_OFFICER: Tie.ANY,  # who says that the press asks about it makes it a matter of the media
    },
    Step.CORRECT: _CENTRE,
    Step.ACKNOWLEDGE: _TOLD,
    Step.EXPLAIN: _DOER,
    Step.CALL: _TOLD,
    Step.NAME: {**_CENTRE, **_SYSTEM},
    Step.TAKE_AWAY: _SYSTEM,
    Step.NOTE: {**_HANDLERS, Role.COMMANDER: Tie.COMMAND, Role.MEDIA_OFFICER: Tie.MEDIA},
    Step.GIVE_PART: _HANDLERS,
    Step.PART: _ASSISTANT,
    Step.DECIDE_PART: _HANDLERS,
    Step.FINISH_KEPT: _LEAD,
    Step.DO_STEP: _DOER,
    Step.EVIDENCE: {role: tie | Tie.PART | Tie.HAD for role, tie in _DOER.items()},
    Step.TELL_CAUSE: {**_CENTRE, **dict.fromkeys(_DOER, Tie.HAD)},  # asked for when their task is done
    Step.FORCE: _all(Role.CENTER_LEAD, Role.LEADER),
    Step.FORCE_WORD: dict.fromkeys(_EVERYBODY, Tie.FORCE),
    Step.CHECK_GRADE: _CENTRE,
    Step.ASSESS: _HANDLERS,
    Step.ORDER: _all(Role.LEADER),
    Step.COMMENT: _all(Role.LEADER),
    Step.ASK_HELP: {**_HANDLERS, Role.COMMANDER: Tie.COMMAND},
    Step.SPEAK: {
        **_CENTRE,
        Role.COMMANDER: Tie.COMMAND,
        Role.MEDIA_OFFICER: Tie.MEDIA,
    },  # which of them, says the policy
    Step.PUBLISH: {**_CENTRE, Role.COMMANDER: Tie.COMMAND, Role.MEDIA_OFFICER: Tie.MEDIA},
    Step.WORD: {**_HANDLERS, Role.COMMANDER: Tie.COMMAND, Role.MEDIA_OFFICER: Tie.MEDIA},
    Step.AGREE_WORDING: {**_LEAD, Role.COMMANDER: Tie.COMMAND},
    Step.ASK_OPINION: {**_CENTRE, **_HEAD, **_LEADER},
    Step.GIVE_OPINION: dict.fromkeys(_EVERYBODY, Tie.ASKED),
    Step.MEDIATE: _HANDLERS,
    Step.PLAYBOOK: {**_HANDLERS, **_LEADER, Role.COMMANDER: Tie.COMMAND},
    Step.TICK: _SYSTEM,
    Errand.STATUS: {**_CUSTOMER, **_READERS, Role.EMPLOYEE: _WORKED | Tie.FOUND | Tie.FORCE},
    Errand.TERMS: _READERS,
    Errand.FILES: _READERS,
    Errand.NOTES: _READERS,
    Errand.PLAN_FOR: _READERS,
    Errand.IMPROVE: {**_CENTRE, **_all(Role.LEADER), Role.REVIEWER: Tie.REVIEW, Role.DEPT_HEAD: Tie.LED | _WORKED},
    Errand.PROPOSE: {**_CENTRE, **_HEAD, **_LEADER},
    Errand.CONTACT: {**_HANDLERS, Role.LEADER: Tie.ANY},
    Errand.PHONE: _HANDLERS,
    Errand.REVEALS: _all(Role.CENTER_LEAD, Role.PRIVACY_OFFICER, Role.ADMIN),
    Errand.MINE: _CUSTOMER,
    Errand.ENTERED: _EVERYBODY,
    Errand.TASKS: _EVERYBODY,
    Errand.QUEUE: _all(Role.AGENT, Role.DISPATCHER, Role.CENTER_LEAD, Role.DEPT_HEAD),
    Errand.RATES: _all(
        Role.AGENT, Role.DISPATCHER, Role.CENTER_LEAD, Role.DEPT_HEAD, Role.REVIEWER, Role.LEADER, Role.HR_AUDITOR
    ),
    Errand.BOARD: _all(Role.CENTER_LEAD, Role.DEPT_HEAD, Role.LEADER, Role.HR_AUDITOR),
    Errand.CONDUCT: _all(Role.HR_AUDITOR, Role.LEADER),
    Errand.TRAINING: _all(Role.CENTER_LEAD, Role.DEPT_HEAD, Role.LEADER, Role.HR_AUDITOR),
    Errand.APPRAISED: _EVERYBODY,
    Errand.APPRAISALS: _all(Role.CENTER_LEAD, Role.DEPT_HEAD, Role.LEADER, Role.HR_AUDITOR),
    Errand.SEND_REPORT: _all(Role.CENTER_LEAD, Role.DEPT_HEAD, Role.LEADER),
    Errand.CHORES: _all(Role.CENTER_LEAD, Role.DEPT_HEAD, Role.LEADER, Role.HR_AUDITOR),
    Errand.ROTA: _all(Role.AGENT, Role.DISPATCHER, Role.CENTER_LEAD, Role.DEPT_HEAD, Role.ADMIN),
    Errand.ROOM: _all(Role.AGENT, Role.DISPATCHER, Role.CENTER_LEAD, Role.DEPT_HEAD, Role.ADMIN),
    Errand.LEAVE: _all(Role.AGENT, Role.DISPATCHER, Role.CENTER_LEAD, Role.DEPT_HEAD),
    Errand.PHRASES: _all(Role.AGENT, Role.DISPATCHER, Role.CENTER_LEAD, Role.ADMIN),
    Errand.KEEP_PHRASES: _all(Role.AGENT, Role.CENTER_LEAD, Role.ADMIN),
    Errand.DATA_REQUESTS: _all(Role.PRIVACY_OFFICER, Role.AGENT, Role.DISPATCHER, Role.CENTER_LEAD),
    Errand.ANSWER_DATA: _all(Role.PRIVACY_OFFICER, Role.CENTER_LEAD),
}
"""Who may do a thing, and what they must have to do with the complaint. Whoever it names may none of it but `THOUGH_NAMED`."""

APPROVERS: _Row = {**_LEAD, **_HEAD, **_all(Role.LEADER)}
"""Whom a policy may ask for more time or for a pause. Whoever is asked may decide, besides those of the table."""

_JUDGING = frozenset({Step.REGISTER, Step.INVALIDATE})
_REVIEWING = frozenset({Role.REVIEWER, Role.CENTER_LEAD, Role.LEADER, Role.SYSTEM})
_URGENT = frozenset({Severity.S0, Severity.S1})
"""Given to somebody before a group has judged them (R-041): whoever is stuck in a lift waits for no meeting."""

_DECISIONS = frozenset({Step.DECIDE_EXTENSION, Step.HOLD, Step.REFUSE_HOLD})

WHEN_ASKED = frozenset({*_DECISIONS, Step.DECIDE_PART, Errand.STATUS})
"""What whoever a wish for time was put to may do as long as it waits: decide it, and read what it is about."""

THOUGH_NAMED = frozenset({Step.FILE, Step.GIVE_BACK})
"""What somebody whom a complaint names may do all the same: bring it in, and get rid of it."""


class Bar(StrEnum):
    """Why somebody may not."""

    ROLE = "role"  # it is for others than those in their roles
    TIE = "tie"  # for their roles, but not on this complaint
    OVER = "over"  # they may read it, and its work is over: nobody has it in hand any more
    NAMED = "named"  # it names them


_HOLDS: Final[Mapping[Tie, Callable[[Complaint, Actor], bool]]] = {
    Tie.ANY: lambda complaint, actor: True,
    Tie.OWN: lambda complaint, actor: actor.person == complaint.complainant,
    Tie.FOUND: lambda complaint, actor: actor.person is not None and actor.person == complaint.finder,
    Tie.TASK: lambda complaint, actor: complaint.task is not None and complaint.task.assignee == actor.person,
    Tie.WORKED: lambda complaint, actor: any(task.assignee == actor.person for task in complaint.tasks),
    Tie.PLACE: lambda complaint, actor: actor.sites is None or not complaint.site or complaint.site in actor.sites,
    Tie.LED: lambda complaint, actor: _led(complaint, actor),
    Tie.REVIEW: lambda complaint, actor: complaint.status is Status.UNDER_REVIEW,
    Tie.MEDIA: lambda complaint, actor: Flag.MEDIA in complaint.flags,
    Tie.PART: lambda complaint, actor: complaint.part_of(actor.person) is not None,
    Tie.HAD: lambda complaint, actor: complaint.owner is not None and complaint.owner == actor.person,
    Tie.FORCE: lambda complaint, actor: complaint.force is not None and complaint.force.has(actor.person),
    Tie.COMMAND: lambda complaint, actor: actor.person is not None and complaint.commander == actor.person,
    Tie.ASKED: lambda complaint, actor: any(each.of == actor.person for each in complaint.opinions),
}
"""When somebody has each of these to do with a complaint."""


def tied(complaint: Complaint, actor: Actor, ties: Tie) -> bool:
    """Say whether somebody has at least one of these to do with a complaint."""
    return any(holds(complaint, actor) for holds in _any_of(ties))


@cache
def _any_of(ties: Tie) -> tuple[Callable[[Complaint, Actor], bool], ...]:
    return tuple(holds for tie, holds in _HOLDS.items() if tie in ties)


def _led(complaint: Complaint, actor: Actor) -> bool:
    """Say whether a head answers for a complaint: with whom it is, else where; what is with nobody anywhere is every head's."""
    area, owner = actor.leads, complaint.owner
    if area is None or (owner is not None and owner in {*area.people, actor.person}):
        return True
    if area.sites:
        return complaint.site in area.sites or (not complaint.site and owner is None)
    return owner is None


def row_of(complaint: Complaint, act: Act) -> _Row:
    """Return who may do `act` on this complaint: the table's row, with whom its policy asks for a decision (R-055).

    What a group reviews is found valid or invalid by that group, or by whoever leads the centre, and by nobody else (R-026);
    what is urgent the centre sends out at once, and the group may still find it invalid.
    """
    row, asked = PERMISSIONS[act], complaint.extension or complaint.hold
    sent_out = act is Step.REGISTER and complaint.severity in _URGENT
    if act in _JUDGING and complaint.status is Status.UNDER_REVIEW and not sent_out:
        return {role: tie for role, tie in row.items() if role in _REVIEWING}
    if act not in _DECISIONS or asked is None:
        return row
    return {**{role: tie for role, tie in APPROVERS.items() if role is asked.approver}, **row}


def bar(complaint: Complaint, act: Act, actor: Actor) -> Bar | None:
    """Return why `actor` may not do `act` on this complaint; None if they may."""
    row = row_of(complaint, act)
    if actor.person is not None and actor.person in complaint.respondents and not _own_affair(complaint, act, actor):
        return Bar.NAMED
    if act in WHEN_ASKED and _put_to(complaint, actor):
        return None
    roles = _roles(complaint, actor) & row.keys()
    if not roles:
        return Bar.ROLE
    if any(tied(complaint, actor, row[role]) for role in roles):
        return None
    over = complaint.settled or complaint.status is Status.RESOLVED
    return Bar.OVER if over and isinstance(act, Step) and permitted(complaint, Errand.STATUS, actor) else Bar.TIE


def _put_to(complaint: Complaint, actor: Actor) -> bool:
    wishes = (complaint.extension, complaint.hold, *(task.wish for task in complaint.tasks if task.open))
    return any(wish is not None and actor.person in wish.put_to for wish in wishes)


def _roles(complaint: Complaint, actor: Actor) -> frozenset[Role]:
    """Return as what somebody acts on this complaint, whatever else they are."""
    roles = actor.roles
    if actor.person is not None and complaint.commander == actor.person:
        roles |= {Role.COMMANDER}
    if not actor.above.isdisjoint(
        complaint.respondents
    ):  # it names somebody of the centre: their superior leads in its place
        roles |= {Role.CENTER_LEAD}
    if _appeal_open(complaint) and complaint.judged_by in actor.above:  # somebody else than its judge has to see it
        roles |= {Role.CENTER_LEAD}
    return roles


def _appeal_open(complaint: Complaint) -> bool:
    return complaint.appealed and complaint.status in (Status.NEW, Status.UNDER_REVIEW)


def _own_affair(complaint: Complaint, act: Act, actor: Actor) -> bool:
    return act in THOUGH_NAMED or actor.person == complaint.complainant


def permitted(complaint: Complaint, act: Act, actor: Actor) -> bool:
    """Say whether `actor` may do `act` on this complaint, as far as its status allows it."""
    return bar(complaint, act, actor) is None


def allow(complaint: Complaint, act: Act, actor: Actor) -> None:
    """Raise NotAllowed unless `actor` may do `act` on this complaint. The one place where roles are checked."""
    match bar(complaint, act, actor):
        case Bar.ROLE:
            needed = ", ".join(sorted(row_of(complaint, act)))
            raise NotAllowed(f"{act} on {complaint.reference} needs one of: {needed}", Bar.ROLE, act, complaint)
        case Bar.TIE:
            detail = f"{complaint.reference} is not yours: {act} is for those it was given to"
            raise NotAllowed(detail, Bar.TIE, act, complaint)
        case Bar.OVER:
            detail = f"{complaint.reference} is {complaint.status}: {act} was for those it was given to"
            raise NotAllowed(detail, Bar.OVER, act, complaint)
        case Bar.NAMED:
            detail = f"{complaint.reference} names you: {act} is for somebody else"
            raise NotAllowed(detail, Bar.NAMED, act, complaint)


def allow_to_judge(complaint: Complaint, step: Step, actor: Actor) -> None:
    """Raise NotAllowed for whoever found invalid what its customer appeals about: they decide it neither way (R-025)."""
    again = _appeal_open(complaint) or (complaint.appealed and step is Step.INVALIDATE)
    if again and actor.person is not None and actor.person == complaint.judged_by:
        detail = f"{complaint.reference}: who found it invalid does not decide on the appeal against that"
        raise NotAllowed(detail, "judged", step, complaint)


def may(errand: Errand, actor: Actor) -> bool:
    """Say whether somebody may have what is about no single complaint: a list, a figure, the rota."""
    return not actor.roles.isdisjoint(PERMISSIONS[errand])


def those_who_may(act: Act) -> frozenset[Role]:
    """Return the roles that may do it on any complaint of their sites: whom to ask."""
    return frozenset(role for role, tie in PERMISSIONS[act].items() if tie & (Tie.ANY | Tie.PLACE | Tie.LED))
