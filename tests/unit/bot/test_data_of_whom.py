"""Whose a request about personal data is, to who sees to it; and what names somebody else's data."""

from __future__ import annotations

import pytest

from bot.grammar.erasing import erases_whom
from bot.storage.models import DataRequestRow
from tests.unit.bot.desk_kit import Kit, asks, exchange, reads

ANOTHERS = {
    "erase bev": "bev", "delete bev tanner's data": "bev tanner", "please erase Bev Tanner": "Bev Tanner",
    "delete all data about bev": "bev", "delete everything you have on eve": "eve", "删除 eve 的数据": "eve",
    "wipe all records we've got on mr west": "mr west", "把 bev tanner 的资料删了": "bev tanner", "删除 eve": "eve",
    "删除李强的数据": "李强", "把王芳的资料删了": "王芳", "删除李强": "李强",
}  # fmt: skip
OWN_OR_NONE = [
    "erase me", "delete my data", "delete everything you have on me", "erase it all",
    "forget it", "forget what i said", "erase everything", "delete account data", "erase this",
    "删除我的数据", "删除客户的数据", "把我妈的数据删掉", "删除投诉", "删除手机号", "注销账号",
]  # fmt: skip


@pytest.mark.parametrize(("words", "whom"), [*ANOTHERS.items(), *((each, "") for each in OWN_OR_NONE)])
def test_who_is_named(words: str, whom: str) -> None:
    assert erases_whom(words) == whom


@pytest.mark.parametrize("who", ["lead", "handler", "c1"])
@pytest.mark.parametrize(
    "words", ["erase bev", "delete bev tanner's data", "delete everything you have on eve", "删除李强的数据"]
)
async def test_anothers_data_is_no_request_of_the_speaker(kit: Kit, words: str, who: str) -> None:
    [answer] = await asks(kit, words, who)
    assert erases_whom(words) in answer
    assert await kit.rows(DataRequestRow) == []
    assert await kit.complaints() == []


async def test_who_sees_to_it_hears_which_request_is_theirs(kit: Kit) -> None:
    await asks(kit, "厨房水管一直漏水，我叫李强，电话13800138000", "c1")
    await asks(kit, "删除我的数据", "c2")
    await asks(kit, "删除我的数据", "c1")
    [answer] = await asks(kit, "删除李强的数据", "lead")
    assert "第 2 号" in answer
    assert "数据 2" in answer


async def test_whose_it_is_stands_in_what_is_told_and_can_be_read_again(kit: Kit) -> None:
    await asks(kit, "厨房水管一直漏水，我叫李强，电话13800138000", "c1")
    await reads(kit, "lead")
    [answer] = await asks(kit, "删除我的数据", "c1")
    assert "0001" in answer
    assert "办完或撤销之后才能删" in answer
    told = await reads(kit, "lead")
    for shown in [
        told,
        *[(await exchange(kit, each, "lead"))[-1] for each in ("数据 1", "数据1号是谁", "1号是谁", "who is no 1")],
    ]:
        assert "李强" in shown
        assert "138****8000" in shown
        assert "0001" in shown
        assert "13800138000" not in shown
    for each in ("数据", "数据请求", "data"):
        [shown] = await exchange(kit, each, "lead")
        assert "李强" in shown
        assert "138****8000" in shown


async def test_nobody_else_reads_it(kit: Kit) -> None:
    await asks(kit, "我的数据", "c1")
    for each in ("数据 1", "数据", "1号是谁"):
        [answer] = await asks(kit, each, "handler")
        assert "第 1 号" not in answer
