"""`complaintbot understand` says of a text what the conversation does with it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from bot.commands.asking import understood
from bot.storage.models import MessageRow
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import STAFF, Kit, entry, open_desk

WHO = {"customer": "c1", "handler": "handler", "supervisor": "lead", "employee": "employee"}


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    staff = (*STAFF, entry("何员工", Role.EMPLOYEE, line=4))
    async with open_desk(
        fresh_sqlite_url, staff=staff, chats={"张伟": "handler", "王主管": "lead", "何员工": "employee"}
    ) as kit:
        await kit.says("4栋1202厨房漏水，李娜13712345678", "c1")
        yield kit


@pytest.mark.parametrize(
    ("role", "text"),
    [
        ("customer", "/status"),
        ("customer", "/urge"),
        ("customer", "/add 客厅也漏了"),
        ("customer", "call me"),
        ("customer", "嘟嘟"),
        ("handler", "/accept"),
        ("handler", "/done 换了阀门"),
        ("handler", "/giveback 不是我们的项目"),
        ("handler", "定级 0001 重大"),
        ("handler", "合并 0002 0001"),
        ("handler", "嘟嘟"),
        ("handler", "0001 客户要五千，我们内部底线是2000"),
        ("handler", "0001 the customer wants 5000, our bottom line is 2000"),
        ("handler", "客户太难缠了，先拖着他"),
        ("supervisor", "0001 客户要五千，我们内部底线是2000"),
        ("employee", "0001 客户要五千，我们内部底线是2000"),
        ("employee", "派单 0001 @张伟"),
        ("employee", "催办 0001"),
        ("employee", "/entered"),
        ("supervisor", "/queue"),
        ("supervisor", "/rates"),
        ("supervisor", "定级 0001 重大"),
    ],
)
async def test_a_text_is_taken_alike(kit: Kit, role: str, text: str) -> None:
    await kit.says(text, WHO[role])
    [row] = [each for each in await kit.rows(MessageRow, MessageRow.outgoing.is_(False)) if each.text == text]
    shown = json.loads(understood(text, role, "none", "test"))
    assert row.verb == (shown.get("otherwise") or shown["verb"])
