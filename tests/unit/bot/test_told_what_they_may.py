"""Nobody is advised to do what they may not."""

from __future__ import annotations

import re
import sqlite3
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.answers import Answer
from bot.clock import MovableClock
from bot.storage.models import OutboxRow
from complaints.vocabulary import Role
from connectors.port import OutgoingMessage
from tests.unit.bot.desk_kit import Kit, entry, open_desk

_EVERYBODY = {
    "张伟": (Role.HANDLER,), "李娜": (Role.HANDLER,), "王主管": (Role.AGENT, Role.CENTER_LEAD), "陈总": (Role.LEADER,),
    "赵敏": (Role.EMPLOYEE,), "冯媒体": (Role.MEDIA_OFFICER,), "孙部长": (Role.DEPT_HEAD,), "吴审核": (Role.REVIEWER,),
}  # fmt: skip
_DAY = (
    ("c1", "5栋楼道垃圾没人收，电话13712345678"),
    ("王主管", "判定有效 0001"),
    ("王主管", "派单 0001 @张伟"),
    ("张伟", "接单 0001"),
    ("c1", "再不处理我就起诉你们"),
    ("c3", "我是南方都市报记者，想了解3栋电梯坏了三天没人修的事"),
    ("陈总", "批示 0001 尽快办好"),
    ("陈总", "进度 0001"),
    ("陈总", "谁手上最多"),
    ("孙部长", "谁手上最多"),
)
_BLANKS = {"@姓名": "@李娜", "原因": "材料没到", "内容": "已经到场", "结果": "已经换好", "…": "已经到场", "NAME": "李娜",
           "WORDS": "on our way", "WHY": "no parts"}  # fmt: skip
_ADVISED = re.compile(r"(?:回复|，|、|或|[Rr]eply|read it,|or)\s*“([^”]{2,60})”")


@pytest.mark.parametrize("policy", ["base", "vanke"])
async def test_whoever_may_not_assign_is_not_advised_to(fresh_sqlite_url: str, policy: str) -> None:
    staff = (
        entry("张伟", Role.HANDLER, superior="王主管", backup="李娜"),
        entry("李娜", Role.HANDLER, superior="王主管", categories="FACILITY", line=3),
        entry("王主管", Role.CENTER_LEAD, line=4),
    )
    chats = {"张伟": "handler", "李娜": "backup", "王主管": "lead"}
    async with open_desk(fresh_sqlite_url, staff=staff, chats=chats, policy=policy) as kit:
        await kit.says("5栋楼道垃圾没人收，电话13712345678")
        await kit.says("派单 0001 @张伟", "lead")
        for _ in range(12):
            await kit.sweep(timedelta(hours=6))
            await kit.deliver()
        heard = _advised(kit, "backup")
        assert heard, "the stand-in hears that it is late"
        assert not [text for text in heard if "派单 TS" in text]
        assert any("请找客服中心" in text for text in heard), heard
        assert any("派单 TS" in text for text in _advised(kit, "lead"))


def _advised(kit: Kit, who: str) -> list[str]:
    return [text for text in kit.chat.texts(who) if "请帮忙推动" in text or "请推动一下" in text]


@pytest.mark.parametrize(("policy", "locale"), [("vanke", "zh"), ("base", "en")])
async def test_nobody_is_refused_what_a_message_advises_them_to_say(tmp_path: Path, policy: str, locale: str) -> None:
    """Each command that a message advises is said by its reader, on a copy of the desk as it stands."""
    url = f"sqlite+aiosqlite:///{tmp_path}/desk.db"
    said: set[tuple[str, str]] = set()
    refused = []
    async with _whole_desk(url, policy, locale) as kit:
        for who, words in _DAY:
            await kit.says(words, who)
            refused += await _tried(kit, tmp_path, policy, said)
        for _ in range(4):
            await kit.sweep(timedelta(minutes=40))
            refused += await _tried(kit, tmp_path, policy, said)
    assert len(said) > 12
    assert not refused


def _whole_desk(
    url: str, policy: str, locale: str = "zh", clock: MovableClock | None = None
) -> AbstractAsyncContextManager[Kit]:
    above = {"张伟": "王主管", "李娜": "王主管", "王主管": "陈总"}
    backups = {"张伟": "李娜", "李娜": "王主管"}
    staff = [
        entry(name, *roles, line=line, superior=above.get(name, ""), backup=backups.get(name, ""), locale=locale)
        for line, (name, roles) in enumerate(_EVERYBODY.items(), 2)
    ]
    return open_desk(url, staff=staff, chats={name: name for name in _EVERYBODY}, policy=policy, clock=clock)


async def _tried(kit: Kit, folder: Path, policy: str, said: set[tuple[str, str]]) -> list[str]:
    """Say what was advised since last asked; return what was refused."""
    await kit.deliver()
    told, kit.chat.sent = kit.chat.sent, []
    refused = []
    for message in (each for each in told if each.address in _EVERYBODY):
        for command in _commands(message):
            shape = (message.address, re.sub(r"TS\d+-\d+", "", command))
            if shape not in said:
                said.add(shape)
                refused += await _refused(kit, folder, policy, message, command)
    return refused


def _commands(message: OutgoingMessage) -> list[str]:
    return [*_ADVISED.findall(message.text), *(button.says for button in message.buttons)]


async def _refused(kit: Kit, folder: Path, policy: str, message: OutgoingMessage, command: str) -> list[str]:
    _copy(folder)
    words = command
    for blank, filled in _BLANKS.items():
        words = words.replace(blank, filled)
    async with _whole_desk(
        f"sqlite+aiosqlite:///{folder}/copy.db", policy, clock=MovableClock(kit.clock.now())
    ) as other:
        known = {row.id for row in await other.rows(OutboxRow)}
        await other.says(words, message.address, external_id="as-advised")
        new = [row.notice for row in await other.outbox() if row.id not in known and row.answer]
    return [f"{message.address} “{command}” in: {message.text}"] if Answer.REFUSED_NOT_ALLOWED in new else []


def _copy(folder: Path) -> None:
    for old in folder.glob("copy.db*"):
        old.unlink()
    with sqlite3.connect(folder / "desk.db") as desk, sqlite3.connect(folder / "copy.db") as copy:
        desk.backup(copy)
