"""Every cell of the table of permissions, role by verb by state, on the way that real messages take.

A text comes in through intake, is understood, and is answered through the outbox. Each cell is a complaint of its own, put
into its state by storage, and a conversation of its own, so that cells know nothing of each other.
"""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert

from bot.answers import Answer
from bot.people import Directory, Person
from bot.staff import Entry
from bot.storage import codec
from bot.storage.models import (
    AddressRow,
    ComplaintRow,
    EventRow,
    InboxRow,
    MessageRow,
    OutboxRow,
    RevealRow,
    TaskRow,
    TimerRow,
)
from bot.storage.work import Work
from complaints.change import Change
from complaints.complaint import Complaint
from complaints.duties import DUTIES
from complaints.lifecycle import TRANSITIONS
from complaints.parts.asking import Survey
from complaints.parts.timing import ExtensionRequest, HoldRequest, Pause, ProgressLine
from complaints.parts.weighing import Proposal, Utterance
from complaints.parts.work import Evidence, KeptResult, Member, Task, TaskForce, Wording
from complaints.permissions import PERMISSIONS, Act, Bar, Errand, Step, bar, permitted
from complaints.vocabulary import SERVICE_CENTRE, Flag, Role, Severity, Status, TaskStatus, WaitsFor
from connectors.port import RawMessage
from tests.unit.bot.desk_kit import CHAT, MONDAY, FakeChannel, Kit, entry, open_desk
from tests.unit.complaints import build

HOLDER, OTHER = "陈刚", "孙悦"
OPEN_TASK = {
    Status.DISPATCHED: TaskStatus.DISPATCHED,
    **dict.fromkeys((Status.WORKING, Status.PROPOSED, Status.EXECUTING, Status.ON_HOLD), TaskStatus.WORKING),
}
AT_WORK = (Status.WORKING, Status.EXECUTING)
OPEN = (Status.NEW, Status.UNDER_REVIEW, Status.ACCEPTED, *OPEN_TASK)
DONE = (Status.RESOLVED, Status.CLOSED)
NOT_NOW = ([Answer.REFUSED_NOT_ALLOWED], [Answer.REFUSED_ILLEGAL_STEP])
REFUSED = (Answer.REFUSED_NOT_ALLOWED, Answer.UNKNOWN_NUMBER)


@dataclass(frozen=True)
class Verb:
    """A command, what it does, how the complaint is made ready for it, and by which steps it gets where it goes.

    tied: what the speaker has to do with it, where it is their own. states: in which it is tried, all where empty. only: whom
    the table's row is narrowed to by what is said. by: who says it, where others mean something else by the words. then: what
    is said to our question back. helped: a colleague does a part of it.
    """

    text: str
    act: Act
    ready: Callable[[Complaint], Complaint] = lambda complaint: complaint
    path: Callable[[Complaint], Sequence[Step]] | None = None
    says: Answer | None = None
    tied: Callable[[Complaint, str], Complaint] = lambda complaint, _: complaint
    states: Sequence[Status] = ()
    only: frozenset[Role] = frozenset(Role)
    by: frozenset[Role] = frozenset(Role)
    then: str = ""
    helped: bool = False

    def steps(self, complaint: Complaint) -> Sequence[Step]:
        if self.path is not None:
            return self.path(complaint)
        return (self.act,) if isinstance(self.act, Step) else ()


def takes_on(step: Step) -> Callable[[Complaint], Sequence[Step]]:
    """The work itself: what was not accepted yet is accepted by it."""
    return lambda c: (Step.ACCEPT, step) if c.status is Status.DISPATCHED else (step,)


def registers(complaint: Complaint) -> Sequence[Step]:
    new = complaint.status in (Status.NEW, Status.UNDER_REVIEW)
    return (Step.REGISTER, Step.DISPATCH) if new else (Step.DISPATCH,)


def asked_for_more(complaint: Complaint) -> Complaint:
    request = ExtensionRequest("somebody", MONDAY, "complete", "1d", "等配件")
    return replace(complaint, extension=request)


def with_line(complaint: Complaint) -> Complaint:
    return replace(complaint, unreleased=ProgressLine("师傅明天到", "somebody", MONDAY))


def severe(complaint: Complaint) -> Complaint:
    return replace(complaint, severity=Severity.S1)


def worded(complaint: Complaint) -> Complaint:
    return replace(complaint, wording=Wording("周五前重做防水", "somebody", MONDAY))


def leaking(complaint: Complaint) -> Complaint:
    return replace(complaint, category="QUAL.leak")


def proposed(complaint: Complaint) -> Complaint:
    return replace(complaint, proposal=Proposal(Severity.S2, "said_hot", "记者", MONDAY, complaint.severity))


def asked_to_pause(complaint: Complaint) -> Complaint:
    return replace(complaint, hold=HoldRequest("somebody", MONDAY, WaitsFor.CUSTOMER, "2d", "出差了"))


def assisting(complaint: Complaint, person: str) -> Complaint:
    part = Task(9, person, TaskStatus.WORKING, MONDAY, accepted_at=MONDAY, assisting=True, what="查水管")
    own = [replace(task, assignee="somebody") for task in complaint.tasks]
    return replace(complaint, owner="somebody" if own else None, tasks=(*own, part))


def with_another(complaint: Complaint, _: str) -> Complaint:
    own = tuple(replace(task, assignee="somebody") for task in complaint.tasks)
    return replace(complaint, owner="somebody" if own else None, tasks=own)


def kept(complaint: Complaint) -> Complaint:
    part = Task(9, "somebody", TaskStatus.WORKING, MONDAY, accepted_at=MONDAY, assisting=True, what="查水管")
    result = KeptResult("换了锁", complaint.owner or "", MONDAY)
    return replace(complaint, tasks=(*complaint.tasks, part), kept_result=result)


def planned(complaint: Complaint) -> Complaint:
    return replace(complaint, plan="1. 拆下旧门 2. 装上新门")


def photographed(complaint: Complaint) -> Complaint:
    return replace(
        complaint, evidence=tuple(Evidence(each.number, "a.jpg", each.assignee, MONDAY) for each in complaint.tasks)
    )


def with_force(complaint: Complaint) -> Complaint:
    return of_the_force(complaint, "somebody")


def of_the_force(complaint: Complaint, person: str) -> Complaint:
    return replace(complaint, force=TaskForce((Member(person, MONDAY),), "somebody", "somebody", MONDAY))


def with_words(complaint: Complaint) -> Complaint:
    words = Utterance(
        1, "report", "师傅明天到", complaint.owner or "", frozenset({Role.HANDLER, Role.EMPLOYEE}), "chat", MONDAY
    )
    return replace(complaint, flags=frozenset({Flag.MEDIA}), unspoken=(words,))


VERBS = {
    "accept": Verb("接单 {n}", Step.ACCEPT),
    "done": Verb("办结 {n} 换了新的锁芯", Step.RESOLVE, path=takes_on(Step.RESOLVE)),
    "give back": Verb("退单 {n} 不归我管", Step.GIVE_BACK),
    "report": Verb("进展 {n} 已联系厂家，明天上午到货", Step.REPORT),
    "plan": Verb("方案 {n} 更换整扇门", Step.PROPOSE, path=takes_on(Step.PROPOSE)),
    "more time": Verb("延期 {n} 1天 等配件", Step.ASK_EXTENSION, path=takes_on(Step.ASK_EXTENSION)),
    "hold": Verb("暂缓 {n} 3天 等客户 出差了", Step.ASK_HOLD, path=takes_on(Step.ASK_HOLD)),
    "resume": Verb(
        "恢复 {n}", Step.RESUME, states=[each for each in Status if each not in (Status.DRAFT, Status.WITHDRAWN)]
    ),
    "assign": Verb(
        "派单 {n} @孙悦",
        Step.DISPATCH,
        path=registers,
        states=[each for each in Status if each not in (Status.DRAFT, Status.UNDER_REVIEW)],
    ),
    "assign under review": Verb(
        "派单 {n} @孙悦",
        Step.REGISTER,  # which only a reviewer, or whoever leads, may then
        path=registers,
        states=(Status.UNDER_REVIEW,),
        only=frozenset(Role) - {Role.REVIEWER},  # who dispatches nothing
    ),
    "grade": Verb("定级 {n} 重大", Step.GRADE),
    "lower": Verb("定级 {n} 一般 只是小事", Step.LOWER, severe),
    "invalid": Verb("无效 {n} 查无此事", Step.INVALIDATE),
    "approve": Verb("同意 {n}", Step.DECIDE_EXTENSION, asked_for_more),
    "release": Verb("发出 {n}", Step.RELEASE, with_line),
    "close": Verb("结案 {n} 多次联系不上", Step.CLOSE_UNSETTLED),
    "note": Verb("备注 {n} 客户情绪激动", Step.NOTE),
    "order": Verb("批示 {n} 今天必须解决", Step.ORDER),
    "help": Verb("需要支持 {n} 请工程部派人", Step.ASK_HELP),
    "fault": Verb("过错 {n} 第三方", Step.ASSESS),
    "check": Verb("确认 S2 {n}", Step.CHECK_GRADE, proposed, path=lambda _: (Step.CHECK_GRADE, Step.GRADE)),
    "publish": Verb("已发布 {n} https://bbs.example.com/t/1", Step.PUBLISH),
    "playbook": Verb("启动预案 {n}", Step.PLAYBOOK, leaking),
    "word": Verb("口径 {n} 周五前重做防水", Step.WORD),
    "agree to the wording": Verb("同意口径 {n}", Step.AGREE_WORDING, worded),
    "ask opinion": Verb("征求意见 {n} @孙悦 怎么修", Step.ASK_OPINION, tied=with_another),
    "mediation": Verb(  # of whose task it is takes it on, as whatever else shows that they have it in hand
        "第三方调解 {n} 人民调解委员会 周五",
        Step.MEDIATE,
        states=[each for each in Status if each not in (Status.DRAFT, Status.DISPATCHED)],
    ),
    "read playbook": Verb("预案 {n}", Errand.PLAN_FOR, leaking, says=Answer.PLAYBOOK),
    "names": Verb("涉及 {n} 孙悦", Step.NAME),
    "mark": Verb("神秘 {n}", Step.MARK),
    "refer": Verb("已转介 {n} 客户同意 给自来水公司 96116", Step.REFER),
    "status": Verb("进度 {n}", Errand.STATUS, says=Answer.STATUS),
    "why": Verb("为什么 {n}", Errand.TERMS, says=Answer.WHY),
    "phone": Verb("电话 {n}", Errand.PHONE, says=Answer.PHONE),
    "who looked": Verb("查看记录 {n}", Errand.REVEALS, says=Answer.REVEALS),
}
VERBS |= {
    "grant pause": Verb("同意 {n}", Step.HOLD, asked_to_pause, states=AT_WORK),
    "refuse pause": Verb("不同意 {n} 请按时完成", Step.REFUSE_HOLD, asked_to_pause, states=AT_WORK),
    "split": Verb(
        "拆分 {n}",
        Step.SPLIT,
        path=lambda _: (Step.SPLIT, Step.REGISTER, Step.DISPATCH),
        states=(Status.MERGED,),
        then="是",
    ),
    "merge": Verb("合并 {n} 到 {m}", Step.MERGE, then="是"),
    "link": Verb("关联 {n} {m}", Step.LINK, then="是"),
    "end a part": Verb("取消协办 {n} @孙悦", Step.DECIDE_PART, states=OPEN, helped=True),
    "comment": Verb("评论 {n} 注意安全", Step.COMMENT, by=frozenset({Role.LEADER})),
    "visit": Verb("预约 {n} 明天下午三点", Step.VISIT, path=takes_on(Step.VISIT), then="是"),
    "called": Verb(
        "已回访 {n} 满意",
        Step.CALL_BACK,
        path=lambda _: (Step.CALL_BACK, Step.RATE, Step.CLOSE),
        tied=with_another,
        states=[status for status in Status if status not in (Status.DRAFT, Status.PROPOSED)],
    ),
    "called about the plan": Verb(
        "已回访 {n} 同意方案",
        Step.CALL_BACK,
        path=lambda _: (Step.CALL_BACK, Step.AGREE),
        tied=with_another,
        states=(Status.PROPOSED,),
    ),
    "heard": Verb("报送中心 {n} 可能闹大", Step.DUTY, only=DUTIES["escalated"].roles),
    "bulletin": Verb("快报 {n} 已到现场", Step.DUTY, only=DUTIES["bulletin"].roles),
    "notified": Verb("通报公司 {n} 已到现场", Step.DUTY, only=DUTIES["notified"].roles),
    "correct": Verb("更正 {n} 来源 论坛", Step.CORRECT),
    "share": Verb("请 @孙悦 协办 {n} 查水管", Step.GIVE_PART),
    "part": Verb("进展 {n} 查了水管，没有漏点", Step.PART, tied=assisting, states=OPEN),
    "go on": Verb(
        "确认办结 {n}", Step.FINISH_KEPT, kept, path=lambda _: (Step.FINISH_KEPT, Step.RESOLVE), states=AT_WORK
    ),
    "step": Verb("步骤1完成 {n}", Step.DO_STEP, planned),
    "take up again": Verb(
        "恢复 {n}",
        Step.RESTORE,
        path=lambda _: (Step.RESTORE, Step.REGISTER, Step.DISPATCH),
        states=(Status.WITHDRAWN,),
    ),
    "cause": Verb("原因 {n} 密封圈老化 责任 施工单位", Step.TELL_CAUSE),
    "signed": Verb("签字单 {n}", Step.EVIDENCE, photographed),
    "call up": Verb("成立专案组 {n} @孙悦 指挥 @陈刚", Step.FORCE),
    "dissolve": Verb("解散专案组 {n}", Step.FORCE, with_force),
    "minutes": Verb("会议纪要 {n} 明天上午再查一遍", Step.FORCE_WORD, tied=of_the_force),
    "speak": Verb("发出 {n}", Step.SPEAK, with_words, states=AT_WORK, only=frozenset({Role.MEDIA_OFFICER})),
}
VERBS |= {
    "add for a customer": Verb("补充 {n} 客户又来电说还漏", Step.SUPPLEMENT),
    "press for a customer": Verb("催办 {n}", Step.URGE),
    "withdraw for a customer": Verb("撤销 {n} 客户来电要求撤销", Step.WITHDRAW),
    "open again": Verb(
        "重开 {n} 客户来电说又漏了",
        Step.REOPEN,
        states=[each for each in Status if each not in (Status.DRAFT, Status.WITHDRAWN)],  # which is taken up again
    ),
}
CLOSED_BY_DOERS = Verb("结案 {n} 多次联系不上", Step.RESOLVE, path=takes_on(Step.RESOLVE))
PARTS = 8  # of the verbs, tried side by side
STAFF_ROLES: list[Role] = [role for role in Role if role not in (Role.SYSTEM, Role.CUSTOMER)]
FAR, NEAR, NAMED = "of another site, with somebody else", "their own", "about them"
STATES = [status for status in Status if status is not Status.DRAFT]  # which is never stored
SUPERVISING = SERVICE_CENTRE | {Role.DEPT_HEAD, Role.LEADER, Role.REVIEWER}


def tries(index: int, role: Role, verb: Verb) -> Iterator[tuple[str, Status]]:
    """Yield with which tie and in which states a role is tried: in every state with their own, once with the other ties."""
    if role not in verb.by:
        return
    for status in verb.states or STATES:
        yield NEAR, status
    row = PERMISSIONS[verb.act]
    odd = (index + STAFF_ROLES.index(role)) % 2
    if role in row or odd:
        yield FAR, Status.CLOSED if odd and not verb.states else Status.WORKING
    if role in row or not odd:
        yield NAMED, Status.WORKING


def said_by(role: Role, name: str) -> Verb:
    """Return what a command is, said by somebody in that role: only who supervises closes by it, others report it done."""
    return CLOSED_BY_DOERS if name == "close" and role not in SUPERVISING else VERBS[name]


@dataclass
class Cell:
    """One try: who says what about which complaint. second: the other one that a command of two names."""

    label: str
    text: str
    address: str
    speaker: str
    complaint: Complaint
    there: bool = True
    verb: Verb = VERBS["accept"]
    second: Complaint | None = None
    answers: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    after: Complaint | None = None
    others: int = 0


def standing(number: int, status: Status, site: str, owner: str, customer: str) -> Complaint:
    """Return a complaint as it stands in that status: its task, its pause, its survey."""
    begun = status in OPEN_TASK or status in DONE
    base = _bases()[begun]
    task = Task(1, owner, OPEN_TASK.get(status, TaskStatus.DONE), MONDAY, "by hand", MONDAY, result="换了锁")
    more: dict[str, object] = {"reference": f"TS20260302-{number:05d}", "complainant": customer, "site": site}
    more |= {"status": status}
    if begun:
        more |= {"owner": owner, "tasks": (task,), "accepted_at": MONDAY, "plan": "换门"}
    if status in DONE:
        more |= {"result": "换了锁", "resolved_at": MONDAY, "surveys": (Survey(1, MONDAY),)}
    if status is Status.CLOSED:
        more |= {"closed_at": MONDAY, "closed_as": "unsettled"}
    if status is Status.ON_HOLD:
        more["pauses"] = (Pause(MONDAY, MONDAY + timedelta(days=2), WaitsFor.CUSTOMER),)
    return replace(base, **more)  # type: ignore[arg-type]


@functools.cache
def _bases() -> tuple[Complaint, Complaint]:
    """What nobody has taken up yet, and what somebody works on: making them takes longer than a cell."""
    return build.filed(now=MONDAY), build.working(now=MONDAY)


async def run(kit: Kit, cells: Sequence[Cell]) -> None:
    """Put the complaints of the cells there, let the messages arrive, note what was answered, and clear everything away."""

    async def put(work: Work) -> None:
        for cell in cells:
            if cell.there:
                await work.save(Change(cell.complaint), ())
            if cell.second is not None:
                await work.save(Change(cell.second), ())
        now = kit.clock.now()
        await work.session.execute(
            insert(AddressRow),
            [
                {
                    "channel": "chat",
                    "address": cell.address,
                    "person": cell.speaker,
                    "proven": True,
                    "last_inbound_at": now,
                    "created_at": now,
                }
                for cell in cells
            ],
        )

    await kit.write(put)
    await say(kit, [(cell.address, cell.text) for cell in cells])
    asked = {
        row.address for row in await kit.rows(OutboxRow) if row.notice in (Answer.GROUPING_CONFIRM, Answer.VISIT_ECHO)
    }
    await say(kit, [(cell.address, cell.verb.then) for cell in cells if cell.verb.then and cell.address in asked])
    said: dict[str, list[tuple[str, Mapping[str, str]]]] = {}
    for row in await kit.rows(OutboxRow):
        where = row.address if row.answer else f"person:{row.person}"
        said.setdefault(where, []).append((row.notice, codec.loads(row.facts)))
    after = {complaint.reference: complaint for complaint in await kit.complaints()}
    known = {each.reference for cell in cells for each in (cell.complaint, cell.second) if each is not None}
    for cell in cells:
        cell.answers = said.get(cell.address, [])
        cell.after, cell.others = after.get(cell.complaint.reference), len(after.keys() - known)
    assert {state for _, state in await kit.inbox_states()} == {"done"}

    async def clear(work: Work) -> None:
        for table in (OutboxRow, EventRow, TimerRow, TaskRow, MessageRow, RevealRow, InboxRow, ComplaintRow):
            await work.session.execute(delete(table))
        await work.session.execute(delete(AddressRow).where(AddressRow.address.like("cell-%")))

    await kit.write(clear)


async def say(kit: Kit, said: Sequence[tuple[str, str]]) -> None:
    """Let a message arrive from each address."""
    if said:
        raw = [(address, text, json.dumps({"text": text}).encode()) for address, text in said]
        await kit.inbox.store([RawMessage("chat", f"{text}-{address}", address, data) for address, text, data in raw])
        await kit.understand()


def ends(verb: Verb, complaint: Complaint) -> Status | None:
    """Return the status that the steps of a verb lead to; None where the table has no such way."""
    if (complaint.status, verb.act) == (Status.CLOSED, Step.DUTY):
        return None  # only what its customer is still owed, and none of these is
    status: Status | None = complaint.status
    for step in verb.steps(complaint):
        status = TRANSITIONS.get((status, step)) if status is not None else None
    return status


def wrong(cell: Cell, verb: Verb, why: Bar | None, reads: bool) -> str:
    """Return what is wrong with the outcome of a cell; "" where nothing is. reads: whether they may know how it stands."""
    before, after, kinds = cell.complaint, cell.after, [kind for kind, _ in cell.answers]
    assert after is not None
    if cell.others:
        return "a complaint more than there was"
    if not kinds:
        return "no answer"
    if why is not None:
        if after != before:
            return f"it is {after.status} now"
        facts = cell.answers[0][1]
        if why is Bar.NAMED:
            of_it = [kind for kind, said in cell.answers if said.get("number") == before.reference]
            return "" if set(of_it) <= {Answer.UNKNOWN_NUMBER} else f"it is known to them: {cell.answers}"
        if why is Bar.OVER:
            said = kinds == [Answer.REFUSED_ILLEGAL_STEP] and facts.get("status") == before.status
            return "" if reads and said else f"not said that it is over: {cell.answers}"
        if verb.act is Step.FORCE_WORD and reads and kinds == [Answer.FORCE_STATE]:
            return ""  # there is no task force: nobody may
        if kinds != [Answer.REFUSED_NOT_ALLOWED]:
            return f"answered {kinds}"
        return (
            "" if facts.get("why") and (facts.get("ask") or facts.get("holder")) else f"not said whom to ask: {facts}"
        )
    if isinstance(verb.act, Errand):
        if after != before:
            return "reading changed it"
        return "" if kinds == [verb.says] else f"answered {kinds}"
    end = ends(verb, before)
    if end is None and not reads:  # why it cannot be done now is for those who may read the case
        told = any(facts.get("status") for _, facts in cell.answers)
        return "" if after == before and not told and kinds in NOT_NOW else f"answered {cell.answers}"
    if any(kind in REFUSED for kind in kinds):
        return f"refused: {cell.answers}"
    if end is None:
        return "" if after == before else f"it is {after.status} now, and the table has no such way"
    if after.version == before.version:
        return f"nothing happened: {cell.answers}"
    return "" if after.status is end else f"it is {after.status} and not {end}"


LISTS: Mapping[str, Act] = {
    "待办": Errand.TASKS,
    "我录入的": Errand.ENTERED,
    "队列": Errand.QUEUE,
    "三率": Errand.RATES,
    "原因统计": Errand.RATES,
    "看板": Errand.BOARD,
    "奖惩": Errand.CONDUCT,
    "培训记录": Errand.TRAINING,
    "考评": Errand.APPRAISED,
    "考评名单": Errand.APPRAISALS,
    "待发报告": Errand.SEND_REPORT,
    "意见簿记录": Errand.CHORES,
    "值班 周六 孙悦": Errand.ROTA,
    "演练 结束": Step.END_DRILL,
    "孙悦 明天请假一天": Errand.LEAVE,
    "话术": Errand.PHRASES,
    "话术 新增 已派人：师傅正在路上": Errand.KEEP_PHRASES,
    "数据请求": Errand.DATA_REQUESTS,
    "数据 99 已答复 已核对本人": Errand.ANSWER_DATA,
}
WITHOUT: Mapping[Act, str] = {
    **dict.fromkeys(
        (Step.FOLLOW, Step.FOLLOW_RESULT, Step.FOLLOW_INVALID, Step.TAKE_AWAY, Step.TICK, Step.REVIEW),
        "nobody says it: the clock or another step brings it about",
    ),
    **dict.fromkeys(
        (Step.RESTORE_WORK, Step.RESTORE_PLAN, Step.RESTORE_AGREED, Step.RESTORE_RESULT), "as restore: what it leads to"
    ),
    **dict.fromkeys((Step.RESUME_PLAN, Step.CLOSE, Step.JOIN), "a part of another verb's way"),
    **dict.fromkeys((Step.ACKNOWLEDGE, Step.EXPLAIN, Step.CALL), "answers a notice to whoever was told: test_alarms"),
    **dict.fromkeys((Errand.FILES, Errand.NOTES, Errand.CONTACT), "a part of what 进度 shows: test_told"),
    Step.GIVE_OPINION: "answers a notice to whoever was asked: test_opinions",
    Step.FILE: "there is no complaint yet: test_brought_in",
    Step.ANSWER_SURVEY: "answers a question that was put: test_surveys",
    Errand.PROPOSE: "is kept beside the complaint and moves nothing: test_conduct",
    Errand.IMPROVE: "is kept beside the complaint and moves nothing: test_improvements",
    Errand.MINE: "a customer's own: test_customers",
    Errand.ROOM: "said in a group: test_groups",
}
"""What the table holds and no verb here tries, and why."""


def test_no_act_of_the_table_is_left_out() -> None:
    acts = {verb.act for verb in VERBS.values()} | set(LISTS.values()) | OF_CUSTOMERS_ALONE
    assert acts & WITHOUT.keys() == set()
    assert acts | WITHOUT.keys() == PERMISSIONS.keys()


async def test_every_list_and_figure_asks_the_gate(fresh_sqlite_url: str) -> None:
    chat, failures = (FakeChannel("chat", CHAT),), []
    async with open_desk(fresh_sqlite_url, channels=chat, staff=staff_of_all_roles()) as kit:
        directory = await desk_of(kit)
        numbers = itertools.count(10000)
        for words, act in LISTS.items():
            cells = [
                Cell(
                    f"{words} · {role}",
                    words,
                    f"cell-{number}",
                    person.id,
                    standing(number, Status.NEW, "A", "", "x"),
                    False,
                )
                for role in STAFF_ROLES
                if act is not Errand.LEAVE
                or role in SUPERVISING | {Role.HANDLER}  # others say nothing of colleagues' leave
                for person in directory.named(f"某{role}")
                for number in (next(numbers),)
            ]
            await run(kit, cells)
            for cell in cells:
                allowed = not directory.as_actor(directory.persons[cell.speaker]).roles.isdisjoint(PERMISSIONS[act])
                refused = [(kind, facts.get("act")) for kind, facts in cell.answers if kind in REFUSED]
                if not cell.answers or refused != ([] if allowed else [(Answer.REFUSED_NOT_ALLOWED, str(act))]):
                    failures.append(f"{cell.label}: {cell.answers}")
    assert failures == [], "\n".join(failures)


async def desk_of(kit: Kit) -> Directory:
    async def read(work: Work) -> Directory:
        return await work.directory()

    return await kit.database.read(read)


def staff_of_all_roles() -> list[Entry]:
    return [
        entry(HOLDER, Role.HANDLER, unit="外部", sites=("B",)),
        entry(OTHER, Role.HANDLER, unit="外部"),
        entry("钱总", Role.CENTER_LEAD),
        *(entry(f"某{role}", role, unit="本部", sites=("A",)) for role in STAFF_ROLES),
    ]


@pytest.mark.parametrize("part", range(PARTS))
async def test_every_cell_of_the_staff(fresh_sqlite_url: str, part: int) -> None:
    """R-119: the centre takes up and answers, whoever is over an area supervises, and nobody else does either."""
    chat = (FakeChannel("chat", CHAT),)
    failures, tried = [], 0
    async with open_desk(fresh_sqlite_url, channels=chat, staff=staff_of_all_roles()) as kit:
        directory = await desk_of(kit)
        [holder], [other] = directory.named(HOLDER), directory.named(OTHER)
        customer = (await kit.write(lambda work: work.new_customer(MONDAY, name="王芳", phone="+8613812345678"))).id
        numbers = itertools.count(10000)
        for index, name in list(enumerate(VERBS))[part::PARTS]:
            cells = [
                cell_of(
                    next(numbers),
                    said_by(role, name),
                    f"{name} · {role}",
                    person,
                    status,
                    tie,
                    (holder, other),
                    customer,
                )
                for role in STAFF_ROLES
                for person in directory.named(f"某{role}")
                for tie, status in tries(index, role, said_by(role, name))
            ]
            await run(kit, cells)
            tried += len(cells)
            for cell in cells:
                person = directory.persons[cell.speaker]
                actor = directory.as_actor(person)
                narrowed = replace(actor, roles=actor.roles & cell.verb.only)
                why = bar(cell.complaint, cell.verb.act, narrowed)
                if trouble := wrong(cell, cell.verb, why, permitted(cell.complaint, Errand.STATUS, actor)):
                    failures.append(f"{cell.label}: {trouble}")
    assert tried > 700
    assert failures == [], "\n".join(failures)


def cell_of(
    number: int,
    verb: Verb,
    name: str,
    person: Person,
    status: Status,
    tie: str,
    others: tuple[Person, Person],
    customer: str,
) -> Cell:
    far, (holder, other) = tie is FAR, others
    complaint = standing(number, status, "B" if far else "A", holder.id if far else person.id, customer)
    complaint = verb.ready(complaint)
    if not far:
        complaint = verb.tied(complaint, person.id)
    if tie is NAMED:
        complaint = replace(complaint, respondents=frozenset({person.id}))
    if verb.helped:
        part = Task(9, other.id, TaskStatus.WORKING, MONDAY, accepted_at=MONDAY, assisting=True, what="查水管")
        complaint = replace(complaint, tasks=(*complaint.tasks, part))
    second = standing(number, Status.ACCEPTED, "A", holder.id, customer) if "{m}" in verb.text else None
    second = replace(second, reference=f"TS20260301-{number:05d}") if second is not None else None
    said = verb.text.format(n=complaint.reference, m=second.reference if second is not None else "")
    return Cell(f"{name} · {status} · {tie}", said, f"cell-{number}", person.id, complaint, verb=verb, second=second)


OF_CUSTOMERS = {
    "status": "进度 {n}",
    "urge": "催办 {n}",
    "add": "补充 {n} 厨房也开始漏了",
    "withdraw": "撤销 {n}",
    "appeal": "申诉 {n} 门确实坏了",
    "restore": "恢复 {n}",
    "time": "预约 {n} 明天下午三点",
    "satisfied": "满意 {n}",
    "dissatisfied": "不满意 {n}",
    "agree": "同意 {n}",
    "refuse": "不同意 {n}",
    "phone": "电话 {n}",
    "note": "备注 {n} 别修了",
    "done": "办结 {n} 换了锁芯",
    "assign": "派单 {n} @孙悦",
}
OF_CUSTOMERS_ALONE = {
    Step.RATE,
    Step.AGREE,
    Step.REFUSE,
    Step.APPEAL,
    Step.RESTORE,
}
"""What `OF_CUSTOMERS` tries."""
THEIR_STEPS = [step for step in Step if Role.CUSTOMER in PERMISSIONS[step]]
THEIR_COMMANDS = {
    "urge": Step.URGE,
    "add": Step.SUPPLEMENT,
    "appeal": Step.APPEAL,
    "restore": Step.RESTORE,
    "satisfied": Step.RATE,
    "dissatisfied": Step.RATE,
    "agree": Step.AGREE,
    "refuse": Step.REFUSE,
}
"""What is on record at once, wherever the table has such a way; elsewhere it is an addition, or answered."""


async def test_every_cell_of_customers(fresh_sqlite_url: str) -> None:
    """Of their own complaint what the table allows; another's number is answered in the same words as one that is not there."""
    chat = (FakeChannel("chat", CHAT),)
    failures = []
    async with open_desk(fresh_sqlite_url, channels=chat, staff=staff_of_all_roles()) as kit:
        [holder] = (await desk_of(kit)).named(HOLDER)
        numbers = itertools.count(10000)
        for name, text in OF_CUSTOMERS.items():
            cells = []
            people = await kit.write(lambda work: customers(work, 3 * len(STATES)))
            for status, owner, stranger, other in zip(STATES, people[::3], people[1::3], people[2::3], strict=True):
                for speaker, there in ((owner, True), (stranger, True), (other, False)):
                    number = next(numbers)
                    complaint = standing(number, status, "A", holder.id, owner)
                    said = text.format(n=complaint.reference)
                    label = f"{name} · {status} · {'their own' if speaker == owner else there}"
                    cells.append(Cell(label, said, f"cell-{number}", speaker, complaint, there))
            await run(kit, cells)
            for own, anothers, nobodys in zip(cells[::3], cells[1::3], cells[2::3], strict=True):
                failures += [f"{cell.label}: {trouble}" for cell in (own,) if (trouble := wrong_of_own(cell))]
                if anothers.after != anothers.complaint:
                    failures.append(f"{anothers.label}: touched")
                if answered(anothers) != answered(nobodys):
                    failures.append(f"{anothers.label}: {answered(anothers)} and not {answered(nobodys)}")
    assert failures == [], "\n".join(failures)


async def customers(work: Work, count: int) -> list[str]:
    return [(await work.new_customer(MONDAY, name=f"客户{number}")).id for number in range(count)]


def answered(cell: Cell) -> list[tuple[str, str]]:
    """Return what was answered, the number left out."""
    return [(kind, codec.dumps(dict(facts)).replace(cell.complaint.reference, "N")) for kind, facts in cell.answers]


def wrong_of_own(cell: Cell) -> str:
    assert cell.after is not None
    before, after = cell.complaint, cell.after
    if cell.others:
        return "a complaint more than there was"
    ways = {TRANSITIONS.get((before.status, step)) for step in THEIR_STEPS}
    by_gate = {
        Status.RESOLVED: {Status.CLOSED, Status.WORKING},
        Status.WITHDRAWN: {Status.DISPATCHED},  # what is taken up again goes to somebody by the rule
        Status.INVALID: {Status.DISPATCHED},
    }.get(before.status, set())
    if after.status not in ways | by_gate | {before.status}:
        return f"it is {after.status} now"
    if after.version == before.version and not cell.answers:
        return "no answer"
    step = THEIR_COMMANDS.get(cell.label.partition(" ")[0])
    merged = before.status is Status.MERGED  # what it was merged into is asked for
    if (before.status, step) in TRANSITIONS and not merged and after.version == before.version:
        return f"nothing happened: {cell.answers}"
    return ""
