"""Whoever names the number of somebody else's complaint learns nothing by it: not even whether there is such a number."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.people import Directory
from bot.storage import codec
from bot.storage.models import AddressRow, ComplaintRow, OutboxRow
from bot.storage.work import Work
from complaints.change import Change
from complaints.complaint import Complaint
from complaints.parts.asking import Survey
from complaints.parts.work import Task
from complaints.vocabulary import Status, TaskStatus
from connectors.port import RawMessage
from tests.unit.bot.desk_kit import CHAT, MAIL, MONDAY, SMS, FakeChannel, open_desk
from tests.unit.complaints import build

S = Status
SAID = {
    "进度 {n}": S.WORKING,
    "查 {n}": S.WORKING,
    "查询 {n}": S.CLOSED,
    "查询 {n} ABCD2345": S.WORKING,
    "补充 {n} 厨房也开始漏了": S.WORKING,
    "催办 {n}": S.WORKING,
    "还要等多久？{n}": S.WORKING,
    "撤销 {n}": S.WORKING,
    "撤诉 {n} 已经好了": S.RESOLVED,
    "恢复 {n}": S.WITHDRAWN,
    "恢复我的投诉 {n}": S.WITHDRAWN,
    "{n} 这个先不撤了": S.WITHDRAWN,
    "申诉 {n}": S.INVALID,
    "申诉 {n} 门确实坏了": S.INVALID,
    "{n} 我不服这个判定": S.INVALID,
    "满意 {n}": S.RESOLVED,
    "{n} 5分": S.RESOLVED,
    "不满意 {n} 还在漏": S.CLOSED,
    "又漏了 {n}": S.CLOSED,
    "同意 {n}": S.PROPOSED,
    "不同意 {n} 太慢": S.PROPOSED,
    "预约 {n} 明天下午三点": S.WORKING,
    "改到后天上午 {n}": S.WORKING,
    "已回访 {n} 满意": S.RESOLVED,
    "已回访 {n} 不满意": S.RESOLVED,
    "办结 {n} 换了锁芯": S.WORKING,
    "接单 {n}": S.DISPATCHED,
    "派单 {n} @张伟": S.ACCEPTED,
    "合并 {n} 0099": S.ACCEPTED,
    "电话 {n}": S.WORKING,
    "备注 {n} 客户情绪激动": S.WORKING,
    "为什么 {n}": S.WORKING,
    "批示 {n} 今天必须解决": S.WORKING,
    "已发布 {n} https://bbs.example.com/t/1": S.CLOSED,
    "改进 {n} 换一家供应商": S.CLOSED,
    "签字单 {n}": S.RESOLVED,
    "{n}": S.WORKING,
    "status {n}": S.WORKING,
    "withdraw {n}": S.WORKING,
    "reopen {n}": S.WITHDRAWN,
    "appeal {n} the door is broken": S.INVALID,
    "satisfied {n}": S.RESOLVED,
    "not satisfied {n}": S.CLOSED,
    "add {n} the kitchen leaks too": S.WORKING,
    "hurry up {n}": S.WORKING,
    "called back {n} satisfied": S.RESOLVED,
}
"""What a stranger says, and in which state that makes sense of a complaint."""
NUMBERED = [
    text for text in SAID if text.startswith(("进度", "催办", "撤销", "申诉", "满意", "同意", "appeal", "withdraw"))
]
"""What is about that complaint and nothing else: never a matter of their own."""
WAYS = (
    "chat",
    "chat, by its last digits",
    "chat, with a matter of their own",
    "sms",
    "email",
    "email, as a reply",
    "group",
)


def another_s(number: int, status: Status, customer: str, handler: str) -> Complaint:
    tasks = (
        () if status in (S.ACCEPTED, S.INVALID) else (Task(1, handler, TaskStatus.WORKING, MONDAY, accepted_at=MONDAY),)
    )
    survey = (Survey(1, MONDAY),) if status in (S.RESOLVED, S.CLOSED) else ()
    ended = MONDAY if status in (S.CLOSED, S.WITHDRAWN, S.INVALID) else None
    return replace(
        build.filed(now=MONDAY), reference=f"TS20260302-{number:05d}", complainant=customer, status=status, tasks=tasks,
        owner=handler if tasks else None, plan="换门", surveys=survey, closed_at=ended,
        resolved_at=MONDAY if survey else None, result="换了锁" if survey else "",
    )  # fmt: skip


def raw(way: str, text: str, who: str, at: int) -> RawMessage:
    """Return what somebody says in a way, in a conversation of their own."""
    said: dict[str, object] = {"text": text}
    if way.startswith("email"):
        said |= {"from": f"{who}@else.example", "subject": f"Re: {text}" if way == "email, as a reply" else "你好"}
        return RawMessage("email", f"m-{who}-{at}", f"{who}@else.example", json.dumps(said).encode())
    if way == "sms":
        return RawMessage("sms", f"s-{who}-{at}", f"+861390000{who[1:]}", json.dumps(said).encode())
    if way == "group":
        said |= {"from": who, "group": True, "addressed": True}
        return RawMessage("chat", f"g-{who}-{at}", f"room-{who}", json.dumps(said).encode())
    return RawMessage("chat", f"c-{who}-{at}", who, json.dumps(said).encode())


@pytest.mark.parametrize("way", WAYS)
async def test_another_s_number_is_answered_as_one_that_is_not_there(fresh_sqlite_url: str, way: str) -> None:
    channels = FakeChannel("chat", CHAT), FakeChannel("sms", SMS), FakeChannel("email", MAIL)
    async with open_desk(fresh_sqlite_url, channels=channels, batch=256) as kit:
        handler = (await kit.person("张伟")).id
        there = {text: 10000 + at for at, text in enumerate(SAID)}

        async def put(work: Work) -> Directory:
            customer = await work.new_customer(MONDAY, name="王芳", phone="+8613812345678")
            for text, status in SAID.items():
                await work.save(Change(another_s(there[text], status, customer.id, handler)), ())
            return await work.directory()

        await kit.write(put)
        whose = {
            (text, real): f"p{at:04d}" for at, (text, real) in enumerate((t, r) for t in SAID for r in (True, False))
        }
        if way.endswith("of their own"):
            await kit.inbox.store([raw(way, "投诉 家里网络断了两天", who, 0) for who in whose.values()])
            await kit.understand()
            kit.clock.move_to(kit.clock.now() + timedelta(hours=1))
        before = {row.id for row in await kit.rows(OutboxRow)}
        numbers = {key: f"TS20260302-{there[key[0]] + (0 if key[1] else 45000):05d}" for key in whose}
        if way.endswith("digits"):
            numbers = {key: number[-4:] for key, number in numbers.items()}
        await kit.inbox.store([raw(way, key[0].format(n=numbers[key]), who, 1) for key, who in whose.items()])
        await kit.understand()

        persons = {row.address.removesuffix("@else.example").replace("+861390000", "p"): row.person
                   for row in await kit.rows(AddressRow)}  # fmt: skip
        sent = [row for row in await kit.rows(OutboxRow) if row.id not in before]
        filed = await kit.rows(ComplaintRow)
        own = {row.complainant: row.reference for row in filed}
        heard = {}
        for key, who in whose.items():
            person, room = persons[who], f"room-{who}"
            mine = [row for row in sent if row.person == person or row.address == room]
            said = sorted(f"{row.notice} {codec.dumps(codec.loads(row.facts))} {row.reference or ''}" for row in mine)
            said = [each.replace(numbers[key], "N").replace(own.get(person, "-"), "OWN") for each in said]
            heard[key] = [*said, str(sum(row.complainant == person for row in filed))]
        differ = {
            text: (heard[text, True], heard[text, False]) for text in SAID if heard[text, True] != heard[text, False]
        }
        assert differ == {}
        if not way.startswith("email") and not way.endswith(
            "digits"
        ):  # every letter is a matter, four digits may be a price
            assert {text: heard[text, True][0].split()[0] for text in NUMBERED} == dict.fromkeys(
                NUMBERED, "unknown_number"
            )
        assert all(len(each) > 1 for each in heard.values()), [key for key, each in heard.items() if len(each) == 1]
