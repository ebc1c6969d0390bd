"""Customers and staff who behave at random: soon, late, never, at any hour, by every word the desk knows.

What somebody does next depends on the complaint as it then stands, as a person would read it off their screen.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.calendars import CompanyCalendar
from complaints.complaint import Complaint
from complaints.vocabulary import Severity, Status
from tests.simulation.desk import AGENT, HANDLERS, LEAD, Desk
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


@dataclass(slots=True)
class Life:
    """One complaint as those who live with it know it. pace: of its assignee. looks: that its customer still takes at it."""

    reference: str
    who: str
    channel: str
    pace: timedelta
    looks: int


class People:
    """Takes the random decisions. Each method that acts returns when the same people look at that complaint again, if ever."""

    def __init__(self, desk: Desk, chance: random.Random, calendar: CompanyCalendar) -> None:
        self._desk = desk
        self._chance = chance
        self._calendar = calendar
        self._customers = 0
        self._names: dict[str, str] = {}

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
        pace = _drawn(PACES, self._chance)
        return Life(reference, who, channel, pace, self._chance.randrange(1, 7))

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
        if said := self._staffs_words(complaint, self._chance.random()):
            who, words = said
            await self._desk.says(words, who)
            if words.startswith("预约") and "取消" not in words:
                await self._desk.says("对", who)  # the time is echoed first
        if complaint.status is Status.RESOLVED:
            return self.after_work(timedelta(days=4))
        return self.after_work(life.pace)

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

    def _staffs_words(self, complaint: Complaint, luck: float) -> tuple[str, str] | None:
        number = complaint.reference
        if complaint.call is not None and luck > 0.8:
            return AGENT, f"已电话 {number} {'接通' if luck > 0.9 else '无人接听'}"
        if complaint.severity <= Severity.S1 and luck > 0.5 and complaint.task is not None:
            return self._names[complaint.task.assignee], f"收到 {number}"
        if complaint.hold is not None:
            return _said(LEAD, luck, (0.6, f"批准 {number}"), (0.85, f"驳回 {number} 客户在家"))
        if complaint.extension is not None or (complaint.task is not None and complaint.task.wish is not None):
            return _said(LEAD, luck, (0.6, f"批准 {number}"), (0.85, f"驳回 {number} 尽快处理"))
        if complaint.task is None:
            if complaint.status is Status.RESOLVED:
                return _said(
                    AGENT,
                    luck,
                    (0.2, f"已回访 {number} 满意"),
                    (0.6, f"已回访 {number} 无人接听"),
                    (0.7, f"已回访 {number} 不满意 还是老样子"),
                ) or _said(LEAD, luck, (0.8, f"结案 {number} 客户联系不上，已告知其他渠道"))
            someone = self._chance.choice(HANDLERS)
            return _said(LEAD, luck, (0.1, f"判定无效 {number} 不属于受理范围"), (0.9, f"派单 {number} {someone}"))
        who = self._names[complaint.task.assignee]
        if luck > 0.98:
            return who, f"请假 {self._chance.randrange(1, 6)}天"
        if complaint.status is Status.DISPATCHED:
            return _said(
                who,
                luck,
                (0.65, f"接单 {number}"),
                (0.72, f"退单 {number} 不归我管，是厂家的事"),
                (0.8, f"办结 {number} 已经修好，试运行正常"),
            ) or _said(
                LEAD, luck, (0.85, f"定级 {number} 重大"), (0.9, f"派单 {number} {self._chance.choice(HANDLERS)}")
            )
        if complaint.status is Status.ON_HOLD:
            return _said(who, luck, (0.15, f"继续 {number}"))
        if luck > 0.5 and (visit := complaint.visits[-1] if complaint.visits else None) is not None and visit.open:
            return _said(who, luck, (0.55, f"预约 {number} 取消"), (0.7, f"已上门 {number} 看过了，要换配件"))
        return _said(
            who,
            luck,
            (0.2, f"预约 {number} 后天上午十点"),
            (0.32, f"进展 {number} 已联系厂家，配件明天到"),
            (0.42, f"方案 {number} 更换配件并重新调试"),
            (0.46, f"延期 {number} 1天 等配件"),
            (0.49, f"暂缓 {number} 2天 等客户回家"),
            (0.85, f"办结 {number} 换了配件，试运行正常"),
        ) or _said(
            LEAD, luck, (0.9, f"派单 {number} {self._chance.choice(HANDLERS)}"), (0.94, f"派单 {number} {who} 2天")
        )


def _drawn(shares: tuple[tuple[timedelta, float], ...], chance: random.Random) -> timedelta:
    luck = chance.random()
    return next(value for value, share in shares if luck < share)


def _chosen(luck: float, *words: tuple[float, str]) -> tuple[str, ...]:
    """Return the words whose share the luck falls into; none where it lies beyond them all."""
    return next(((each,) for share, each in words if luck < share), ())


def _said(who: str, luck: float, *words: tuple[float, str]) -> tuple[str, str] | None:
    return next(((who, each) for share, each in words if luck < share), None)
