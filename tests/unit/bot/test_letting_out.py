"""What waits to be let out to a customer: "发出" is about the one line or saying that waits, whatever came in between."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.storage.work import Work
from complaints.complaint import Complaint
from complaints.policy import Release
from complaints.promises import Terms
from complaints.vocabulary import Role, Status
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, entry, open_desk

PEOPLE = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("李雷", Role.HANDLER, line=3, categories=("SALES",)),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=4),
    entry("冯媒体", Role.MEDIA_OFFICER, line=6),
)
ADDRESSES = {"张伟": "handler", "李雷": "li", "王主管": "lead", "冯媒体": "media"}


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)], staff=PEOPLE, chats=ADDRESSES) as kit:
        await kit.says("投诉 3栋电梯坏了三天没人修，电话13712345678", "c1")
        await kit.says("投诉 5栋楼道灯不亮，电话13912345678", "c2")
        await kit.deliver()
        await kit.says("接单 0001", "handler")
        await kit.says("接单 0002", "handler")
        await kit.deliver()
        yield kit


async def hears(kit: Kit, text: str, who: str, reader: str = "") -> list[str]:
    """Return what somebody, else the speaker, was told since this was said."""
    before = len(kit.chat.texts(reader or who))
    await kit.says(text, who)
    await kit.deliver()
    return kit.chat.texts(reader or who)[before:]


@pytest.mark.parametrize(("lets_out", "goes"), [("发出", True), ("send", True), ("不发", False)])
async def test_a_line_waits_behind_what_was_asked_since_and_that_goes_on_waiting(
    kit: Kit, lets_out: str, goes: bool
) -> None:
    [asked] = await hears(kit, "0001 客户电话打不通", "handler")
    assert "发给客户吗" in asked
    [needed] = await hears(kit, "办结 0002", "handler")
    assert "结果" in needed
    told = await hears(kit, lets_out, "handler", "c1")
    assert [("打不通" in text) for text in told] == ([True] if goes else [])
    await kit.says("换了灯泡", "handler")
    [second] = [each for each in await kit.complaints() if each.reference.endswith("0002")]
    assert (second.status, second.result) == (Status.RESOLVED, "换了灯泡")


async def test_a_line_that_is_not_what_was_asked_last_takes_no_other_words(kit: Kit) -> None:
    await hears(kit, "0001 客户电话打不通", "handler")
    await hears(kit, "办结 0002", "handler")
    await hears(kit, "换了灯泡", "handler")
    told = await hears(kit, "进展 0001 主板明天到货", "handler", "c1")
    assert ["主板明天到货" in text for text in told] == [True]
    told = await hears(kit, "配件今天下午送到了", "handler", "c1")
    assert ["打不通" in text for text in told] == [False]
    assert "打不通" not in kit.chat.texts("handler")[-1]
    assert ["打不通" in text for text in await hears(kit, "发出", "handler", "c1")] == [True]


async def test_what_the_centre_looks_at_is_found_again_where_it_alone_waits(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordinary = kit.desk.terms

    async def looked_at(work: Work, complaint: Complaint) -> Terms:
        terms = await ordinary(work, complaint)
        rule = replace(terms.policy.progress, release=Release.CENTRE)
        return replace(terms, policy=replace(terms.policy, progress=rule))

    monkeypatch.setattr(kit.desk, "terms", looked_at)
    assert await hears(kit, "进展 0001 主板明天到货", "handler", "c1") == []
    await hears(kit, "延期 0002 1天 等灯管", "handler")
    assert "同意" in kit.chat.texts("lead")[-1] or "批准" in kit.chat.texts("lead")[-1]
    told = await hears(kit, "发出", "lead", "c1")
    assert ["主板明天到货" in text for text in told] == [True]


async def test_r069_a_saying_that_can_be_said_no_more_holds_up_no_newer_one(kit: Kit) -> None:
    await kit.says("媒体介入 0001 电视台来采访", "lead")
    await kit.says("进展 0001 主板已经下单", "handler")
    await kit.says("派单 0001 @李雷", "lead")
    await kit.says("接单 0001", "li")
    await kit.says("进展 0001 主板明天到货", "li")
    await kit.deliver()
    told = await hears(kit, "发出", "media", "c1")
    assert ["主板明天到货" in text for text in told] == [True]
    assert (await kit.complaints())[0].unspoken == ()
    assert any("没有发出" in text and "已经下单" in text for text in kit.chat.texts("handler"))
    assert "已经下单" in kit.chat.texts("media")[-1]
