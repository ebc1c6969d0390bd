"""Customers and staff who behave at random: soon, late, never, at any hour, by every word the desk knows.

What somebody does next depends on the complaint as it then stands, as a person would read it off their screen, and on what
they were told about it: who is called answers, who is asked decides. What came to nothing is not said again.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.calendars import CompanyCalendar
from complaints.complaint import Complaint
from complaints.ladders import waits_for_answer
from complaints.promises import Terms
from complaints.vocabulary import Status, TaskStatus
from tests.simulation.desk import AGENT, HANDLERS, HEAD, LEAD, STAFF, Desk, Heard
from tests.unit.bot.desk_kit import ZONE

MATTERS = (
    "电梯坏了三天没人修，老人上下楼很不方便",
    "厨房漏水，地板都泡坏了，报修没人来",
    "楼上装修到半夜，噪音很大，投诉过没有结果",
    "停车费多收了两个月，要求退回",
    "门禁坏了，陌生人随便进出，保安不管",
    "小区垃圾三天没人清，味道很大",
    "水管渗漏，墙皮都掉了",
)
SHARES_OF_CHANNELS = (("chat", 0.7), ("sms", 0.9), ("email", 1.0))
PACES = ((timedelta(hours=1), 0.5), (timedelta(hours=5), 0.85), (timedelta(hours=30), 0.985), (timedelta(days=12), 1.0))
"""How long an assignee lets a complaint lie between two looks at it, and the share of those who are at least so quick."""

SILENT = 0.03
"""The share of complaints of which whoever has them first never says a word: others have to notice."""
ANSWERS = 0.8
"""The share of calls and questions that whoever they are for answers; the next one comes by itself."""
FORGETS = 0.05
"""How often something is said again that came to nothing."""

MINUTES, HOURS = timedelta(minutes=25), timedelta(hours=3)
CALLS = {
    "alarm": MINUTES, "confirm": MINUTES, "please_phone": MINUTES, "needs_assignment": MINUTES, "given_back": MINUTES,
    "nobody_available": HOURS, "hold_asked": HOURS, "extension_asked": HOURS, "part_time_asked": HOURS,
    "decision_waits": HOURS, "part_given": HOURS, "part_chased": HOURS, "result_kept": HOURS, "survey_unanswered": HOURS,
    "cause_asked": HOURS, "duty_begins": HOURS, "reminder": HOURS, "overdue": HOURS, "progress_asked": HOURS,
    "visit_outcome": HOURS, "escalation": HOURS, "pulled_in": HOURS,
}  # fmt: skip
"""What calls for somebody to do something, and about how long that takes them."""
DEBTS = {
    "apology": ("已道歉 {} 客户接受了", "免除道歉 {} 客户说不必了"),
    "compensate": ("已赔偿 {} 两百元", "免除赔偿 {} 客户不要了"),
}
"""What is said of a clock that runs apart from the work: that it is paid, or waived by the lead."""
PHOTO = {"name": "现场.jpg", "handle": "photo"}

Said: TypeAlias = tuple[str, str] | None


@dataclass(slots=True)
class Life:
    """One complaint as those who live with it know it. pace: of its assignee. looks: that its customer still takes at it.

    silent: who has it first never says a word. vain: what came to nothing in a status. called: who is about to answer what.
    """

    reference: str
    who: str
    channel: str
    pace: timedelta
    looks: int
    silent: str | None = None
    vain: set[tuple[str, str, Status]] = field(default_factory=set)
    called: set[tuple[str, str]] = field(default_factory=set)


class People:
    """Takes the random decisions. Each method that acts returns when the same people look at that complaint again, if ever."""

    def __init__(self, desk: Desk, chance: random.Random, calendar: CompanyCalendar) -> None:
        self._desk = desk
        self._chance = chance
        self._calendar = calendar
        self._customers = 0
        self._names: dict[str, str] = {}
        self._lives: dict[str, Life] = {}
        self._reached_at = {address: each.name for each in STAFF for address in (each.name, each.phone)}

    async def learn_names(self) -> None:
        """Learn who is who among the staff."""
        directory = await self._desk.kit.database.read(lambda work: work.directory())
        self._names = {id: person.name for id, person in directory.persons.items()}

    # ── when ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    def after_work(self, mean: timedelta) -> datetime:
        """Return a moment of somebody's working hours, about `mean` from now."""
        at = (self._desk.clock.now() + mean * self._chance.expovariate(1)).astimezone(ZONE)
        for _ in range(60):
            for opens, closes in self._calendar.hours(at.date()):
                begin = datetime.combine(at.date(), opens, ZONE)
                end = datetime.combine(at.date(), closes, ZONE)
                if at < begin:
                    return begin + timedelta(minutes=self._chance.randrange(50))
                if at < end:
                    return at
            at = datetime.combine(at.date() + timedelta(days=1), datetime.min.time(), ZONE)
        raise AssertionError("nobody works for two months")

    def after_a_while(self, mean: timedelta) -> datetime:
        """Return a moment about `mean` from now; most customers sleep at night."""
        at = (self._desk.clock.now() + mean * self._chance.expovariate(1)).astimezone(ZONE)
        if at.hour < 7 and self._chance.random() < 0.85:
            at = at.replace(hour=7) + timedelta(minutes=self._chance.randrange(180))
        return at

    # ── customers ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def complains(self) -> Life | None:
        """Let somebody, new or known, complain. None where the words did not become a complaint of their own."""
        known = self._customers and self._chance.random() < 0.2
        number = self._chance.randrange(self._customers) if known else self._customers
        self._customers += not known
        luck = number * 0.618 % 1  # a customer keeps to one channel
        channel = next(name for name, share in SHARES_OF_CHANNELS if luck < share)
        who = {"chat": f"c{number}", "sms": f"138{number:08}", "email": f"c{number}@example.com"}[channel]
        matter = f"投诉 {number + 1}栋，{self._chance.choice(MATTERS)}"
        more = {"subject": "投诉"} if channel == "email" else {}
        reference = await self._desk.bound_to(channel, await self._desk.says(matter, who, channel, **more))
        if reference is None:
            return None
        life = Life(reference, who, channel, _drawn(PACES, self._chance), self._chance.randrange(1, 7))
        if self._chance.random() < SILENT:
            task = (await self._desk.complaint(reference)).task
            first = self._names[task.assignee] if task is not None else None
            life.silent = first if first in HANDLERS else None  # a silent lead is for those above her
            life.pace = max(life.pace, timedelta(hours=30))  # nobody else looks more often either
        self._lives[reference] = life
        return life

    async def customer(self, life: Life) -> datetime | None:
        """Let the customer look at it and say something, or nothing."""
        life.looks -= 1
        complaint = await self._desk.complaint(life.reference)
        words = self._customers_words(complaint, self._chance.random())
        for each in words:
            await self._desk.says(each, life.who, life.channel, **self._thread(life))
        return self.after_a_while(timedelta(hours=30)) if life.looks > 0 else None

    def _thread(self, life: Life) -> dict[str, str]:
        return {"subject": f"回复：{life.reference}"} if life.channel == "email" else {}

    def _customers_words(self, complaint: Complaint, luck: float) -> tuple[str, ...]:
        number = complaint.reference
        if complaint.status is Status.RESOLVED:
            return _chosen(
                luck,
                (0.4, f"评价 {number} 满意"),
                (0.6, f"不满意 {number} 还是老样子"),
                (0.65, f"评价 {number} 一般"),
                (0.7, "谢谢"),
            )
        if complaint.status is Status.PROPOSED:
            return _chosen(luck, (0.5, f"同意 {number}"), (0.7, f"不同意 {number} 太慢了"))
        if complaint.settled:
            return _chosen(luck, (0.1, "谢谢"), (0.16, f"不满意 {number} 又坏了"))
        if luck > 0.96:
            return (f"撤销 {number}", "是")
        if 0.6 < luck < 0.9 and any(visit.open for visit in complaint.visits):
            return (f"预约 {number} 可以",) if luck < 0.85 else (f"预约 {number} 改到大后天下午三点", "对")
        return _chosen(
            luck,
            (0.2, f"催办 {number}"),
            (0.35, f"补充 {number} 今天还是这样"),
            (0.45, f"进度 {number}"),
            (0.5, "谢谢"),
        )

    # ── staff ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def staff(self, life: Life) -> datetime | None:
        """Let whoever has it, or should give it to somebody, look at it and do something, or nothing. None once it is over."""
        complaint = await self._desk.complaint(life.reference)
        if complaint.settled:
            return None
        await self._does(life, complaint, self._staffs_words(complaint, self._chance.random()))
        if complaint.status is Status.RESOLVED:
            return self.after_work(timedelta(days=4))
        return self.after_work(life.pace)

    def called(self, heard: Heard) -> tuple[datetime, Callable[[], Awaitable[None]]] | None:
        """Return when and how a colleague does what a message asks of them; None where it asks nothing, or they do not."""
        reference, _, rest = heard.key.partition("/")
        kind = rest.split("/")[1] if "/" in rest else ""
        life, who = self._lives.get(reference), self._reached_at.get(heard.address)
        mean = CALLS.get(kind)
        if life is None or who is None or mean is None or (kind, who) in life.called or who == life.silent:
            return None
        if self._chance.random() > ANSWERS:
            return None
        life.called.add((kind, who))
        # Who is called in the night answers in the night.
        at = self._desk.clock.now() + mean * self._chance.expovariate(1) if mean is MINUTES else self.after_work(mean)
        return at, lambda: self._answers(life, kind, who)

    async def _answers(self, life: Life, kind: str, who: str) -> None:
        life.called.discard((kind, who))
        complaint = await self._desk.complaint(life.reference)
        if not complaint.settled or complaint.running:
            terms = await self._desk.terms(complaint)
            await self._does(life, complaint, self._answer(complaint, terms, kind, who, self._chance.random()))

    async def _does(self, life: Life, complaint: Complaint, said: Said) -> None:
        """Let somebody say it, unless they keep silent, or it came to nothing when they said it last."""
        if said is None or said[0] == life.silent:
            return
        who, words = said
        tried = (who, words.partition(" ")[0], complaint.status)
        if tried in life.vain and self._chance.random() > FORGETS:
            return
        with_photo = words.startswith("办结") and self._chance.random() < 0.5
        await self._desk.says(words, who, attachments=[PHOTO] if with_photo else [])
        if words.startswith("预约") and "取消" not in words:
            await self._desk.says("对", who)  # the time is echoed first
        if (await self._desk.complaint(life.reference)).version == complaint.version:
            life.vain.add(tried)

    async def overrule_rota(self, chance: random.Random) -> bool:
        """Let the lead put somebody else on duty for the whole of tomorrow; return whether the desk has it so."""
        someone = chance.choice(HANDLERS)
        await self._desk.says(f"值班 明天 {someone}", LEAD)
        tomorrow = (self._desk.clock.now().astimezone(ZONE) + timedelta(days=1)).replace(hour=12)
        return await self._desk.on_duty(tomorrow) == [someone]

    async def goes_away(self) -> bool:
        """Let whoever has the days be away, so that their backup is on duty; return whether the desk has it so."""
        await self._desk.says("请假 2天", AGENT)
        await self._desk.says("是", AGENT)
        tomorrow = (self._desk.clock.now().astimezone(ZONE) + timedelta(days=1)).replace(hour=9)
        return await self._desk.on_duty(tomorrow) == [LEAD]

    def _answer(self, complaint: Complaint, terms: Terms, kind: str, who: str, luck: float) -> Said:
        """Return what somebody says because they were asked; None where it has been done meanwhile."""
        number, now = complaint.reference, self._desk.clock.now()
        task = complaint.task
        has_it = task is not None and self._names[task.assignee] == who
        match kind:
            case "alarm" | "confirm":
                return (who, f"收到 {number}") if waits_for_answer(complaint, terms) else None
            case "please_phone":
                came = "接通" if luck < 0.7 else "无人接听"
                return (who, f"已电话 {number} {came}") if complaint.call is not None else None
            case "hold_asked" | "extension_asked" | "part_time_asked" | "decision_waits":
                asked = complaint.hold or complaint.extension or next((t for t in complaint.tasks if t.wish), None)
                decision = f"批准 {number}" if luck < 0.7 else f"驳回 {number} 客户等着"
                return (who, decision) if asked is not None else None
            case "needs_assignment" | "nobody_available" | "given_back":
                return self._given(complaint, LEAD) if task is None else None
            case "escalation" | "pulled_in":  # somebody else shall have a try
                stuck = task is not None and any(each.overdue(now) for each in complaint.running)
                return self._given(complaint, who) if who in (LEAD, HEAD) and stuck and luck < 0.15 else None
            case "result_kept":
                return (who, f"确认办结 {number}")
            case "cause_asked":
                return who, f"原因 {number} 密封圈老化 责任 施工单位"
            case "survey_unanswered":
                return self._phones_customer(complaint, who, luck)
            case "duty_begins" | "reminder" | "overdue" if debts := [
                d.clock for d in complaint.running if d.clock in DEBTS
            ]:
                paid, waived = DEBTS[debts[0]]
                return _said(who, luck, (0.6, paid.format(number))) or _said(LEAD, luck, (0.7, waived.format(number)))
            case "duty_begins" | "reminder" | "overdue" if (
                complaint.status in (Status.PROPOSED, Status.RESOLVED) and not has_it
            ):
                return self._phones_customer(complaint, who, luck)
            case "part_given" | "part_chased":
                return self._assists(complaint, who, luck)
            case "visit_outcome":
                return who, f"已上门 {number} 看过了，要换配件"
            case "reminder" | "overdue" | "progress_asked" if has_it:
                return self._goes_on(complaint, who, luck)
        return None

    def _given(self, complaint: Complaint, by: str) -> Said:
        has_it = self._names.get(complaint.task.assignee) if complaint.task else None
        someone = self._chance.choice([each for each in HANDLERS if each != has_it])
        return by, f"派单 {complaint.reference} {someone}"

    def _phones_customer(self, complaint: Complaint, who: str, luck: float) -> Said:
        number = complaint.reference
        if complaint.status is Status.PROPOSED:
            return _said(
                who,
                luck,
                (0.5, f"已回访 {number} 接受"),
                (0.6, f"已回访 {number} 不接受 太慢"),
                (1, f"已回访 {number} 未接通"),
            )
        if complaint.status is not Status.RESOLVED:
            return None
        return _said(
            who,
            luck,
            (0.3, f"已回访 {number} 满意"),
            (0.8, f"已回访 {number} 无人接听"),
            (0.9, f"已回访 {number} 不满意 还是老样子"),
        ) or (LEAD, f"结案 {number} 客户联系不上，已告知其他渠道")

    def _goes_on(self, complaint: Complaint, who: str, luck: float) -> Said:
        """Return what whoever has it says when the work is asked for: the next step that is due."""
        number, plan = complaint.reference, complaint.deadline("plan")
        if complaint.status is Status.DISPATCHED and luck < 0.6:
            return who, f"接单 {number}"
        if complaint.status is Status.ON_HOLD:
            return _said(who, luck, (0.3, f"继续 {number}"))
        if plan is not None and plan.open and complaint.status is Status.WORKING and luck < 0.7:
            return who, f"方案 {number} 更换配件并重新调试"
        return _said(
            who,
            luck,
            (0.3, f"进展 {number} 已联系厂家，配件明天到"),
            (0.4, f"延期 {number} 1天 等配件"),
            (0.5, f"暂缓 {number} 2天 等客户回家"),
            (0.9, f"办结 {number} 换了配件，试运行正常"),
        )

    def _assists(self, complaint: Complaint, who: str, luck: float) -> Said:
        """Return what an assistant says of their part."""
        number = complaint.reference
        part = next((each for each in complaint.parts if self._names[each.assignee] == who), None)
        if part is None:
            return None
        if part.status is TaskStatus.DISPATCHED:
            return _said(who, luck, (0.85, f"接单 {number}"), (0.95, f"退单 {number} 不归我管"))
        return _said(
            who,
            luck,
            (0.2, f"进展 {number} 水管已经查了一半"),
            (0.3, f"延期 {number} 4小时 等配件"),
            (0.8, f"办结 {number} 水管查过了，没有漏"),
        )

    def _staffs_words(self, complaint: Complaint, luck: float) -> Said:
        """Return what somebody says who looks at it of their own accord."""
        number = complaint.reference
        if luck > 0.985:
            return self._wrong(complaint)
        if complaint.task is None:
            if complaint.status is Status.RESOLVED:
                return self._phones_customer(complaint, AGENT, luck * 2.5) if luck < 0.4 else None
            return _said(LEAD, luck, (0.1, f"判定无效 {number} 不属于受理范围")) or self._given(complaint, LEAD)
        who = self._names[complaint.task.assignee]
        if luck > 0.97:
            return who, f"请假 {self._chance.randrange(1, 6)}天"
        if complaint.parts and luck > 0.6:
            return self._assists(complaint, self._names[self._chance.choice(complaint.parts).assignee], luck * 2 - 1.2)
        if complaint.status is Status.DISPATCHED:
            return _said(
                who,
                luck,
                (0.55, f"接单 {number}"),
                (0.62, f"退单 {number} 不归我管，是厂家的事"),
                (0.7, f"办结 {number} 已经修好，试运行正常"),
                (0.74, f"派 {number} {who} 主办，{self._other(who)} 协办 查水管"),
            ) or _said(
                LEAD,
                luck,
                (0.77, f"定级 {number} 重大"),
                (0.8, f"派单 {number} {self._chance.choice(HANDLERS)}"),
                (0.93, f"判定有效 {number}"),
            )
        if complaint.status is Status.ON_HOLD:
            return _said(who, luck, (0.15, f"继续 {number}"))
        if complaint.status is Status.PROPOSED and luck < 0.3:
            return self._phones_customer(complaint, AGENT, luck / 0.3)
        visit = complaint.visits[-1] if complaint.visits else None
        if visit is not None and visit.open:
            if luck > 0.5:
                return _said(who, luck, (0.55, f"预约 {number} 取消"), (0.7, f"已上门 {number} 看过了，要换配件"))
            luck += 0.2  # one appointment at a time
        return _said(
            who,
            luck,
            (0.2, f"预约 {number} 后天上午十点"),
            (0.32, f"进展 {number} 已联系厂家，配件明天到"),
            (0.42, f"方案 {number} 更换配件并重新调试"),
            (0.46, f"延期 {number} 1天 等配件"),
            (0.49, f"暂缓 {number} 2天 等客户回家"),
            (0.53, f"请{self._other(who)}协办 {number} 查水管"),
            (0.85, f"办结 {number} 换了配件，试运行正常"),
        ) or _said(
            LEAD,
            luck,
            (0.88, f"派单 {number} {self._chance.choice(HANDLERS)}"),
            (0.92, f"派单 {number} {who} 2天"),
            (0.95, f"判定有效 {number}"),
            (0.96, f"客户损失 {number} 泡坏了地板"),
        )

    def _other(self, who: str) -> str:
        return self._chance.choice([each for each in HANDLERS if each != who])

    def _wrong(self, complaint: Complaint) -> Said:
        """Return something that nobody asked for, by somebody whose business it need not be."""
        number, someone = complaint.reference, self._chance.choice((*HANDLERS, AGENT, LEAD))
        words = ("收到", "批准", "驳回", "继续", "接单", "已电话", "已上门", "办结", "结案", "确认办结", "取消协办")
        return someone, f"{self._chance.choice(words)} {number} 看过了"


def _drawn(shares: tuple[tuple[timedelta, float], ...], chance: random.Random) -> timedelta:
    luck = chance.random()
    return next(value for value, share in shares if luck < share)


def _chosen(luck: float, *words: tuple[float, str]) -> tuple[str, ...]:
    """Return the words whose share the luck falls into; none where it lies beyond them all."""
    return next(((each,) for share, each in words if luck < share), ())


def _said(who: str, luck: float, *words: tuple[float, str]) -> Said:
    return next(((who, each) for share, each in words if luck < share), None)
