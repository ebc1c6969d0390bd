"""The cause, and who is responsible, are for colleagues: no customer reads them as the result of their complaint."""

from __future__ import annotations

import pytest

from bot.grammar.blame import Told, apart, names_responsible
from complaints.vocabulary import Status
from tests.unit.bot.desk_kit import CHAT, FakeChannel, open_desk
from tests.unit.bot.test_for_whom import in_hand


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("原因是对门装修垃圾乱堆 责任在5栋302业主", Told("", "对门装修垃圾乱堆", "5栋302业主")),
        ("原因 线路私改 责任 4栋302 周国建", Told("", "线路私改", "4栋302，周国建")),
        ("换了阀门，原因是阀门老化，责任在施工单位", Told("换了阀门", "阀门老化", "施工单位")),
        ("漏水原因是接头松动，已紧固", Told("已紧固", "接头松动", "")),
        ("是5栋302周国建私改线路，已恢复", Told("已恢复", "是5栋302周国建私改线路", "")),
        ("cause was a worn valve, fault lies with the owner of 302", Told("", "a worn valve", "the owner of 302")),
        ("replaced the valve, it was the fault of Mr Zhou", Told("replaced the valve", "", "Mr Zhou")),
        ("replaced it. Root cause: worn seal. Responsible: contractor", Told("replaced it", "worn seal", "contractor")),
        ("the neighbour blocked the drain, cleared it", Told("cleared it", "the neighbour blocked the drain", "")),
    ],
)
def test_cause_and_party_are_taken_out_of_a_result(said: str, told: Told) -> None:
    assert apart(said) == told


def test_a_result_without_them_stays_as_it_is() -> None:
    results = (
        "灯换好了，门的闭门器也换了",
        "换了水管 2 米，拧紧 3 处接头",
        "原因已查明并修复",
        "已向业主解释原因",
        "明确了责任，已赔付",
        "清走了对门的垃圾",
        "楼上漏水已修好",
        "no fault found, reset the breaker",
        "fixed the fault in the wiring",
        "cleaned, reason unknown",
    )
    assert [result for result in results if apart(result) != Told(result, "", "") or names_responsible(result)] == []


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ("0001 搞定了 原因是线路被业主私改 责任在4栋302周国建", "周国建"),
        ("办结 0001 原因 垃圾乱堆 责任 5栋302业主", "5栋302"),
        ("done 0001 cause was a worn valve, fault lies with Mr Zhou of 302", "Zhou"),
    ],
)
async def test_a_result_of_nothing_else_is_asked_for(fresh_sqlite_url: str, said: str, secret: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await in_hand(kit)
        await kit.says(said, "handler")
        await kit.deliver()
        complaint = await kit.the_complaint()
        assert complaint.status is Status.WORKING
        assert secret in complaint.responsible
        assert kit.chat.texts("handler")[-1].startswith(("处理结果是什么", "What is the result"))

        await kit.says("换了阀门", "handler")
        await kit.deliver()
        assert (await kit.the_complaint()).result == "换了阀门"
        assert "换了阀门" in kit.chat.texts("c1")[-1]
        assert secret not in "".join(kit.chat.texts("c1"))


async def test_with_a_result_they_are_noted_and_it_is_done(fresh_sqlite_url: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        await in_hand(kit)
        await kit.says("办结 0001 换了阀门，原因是阀门老化，责任在施工单位", "handler")
        await kit.deliver()
        complaint = await kit.the_complaint()
        assert (complaint.status, complaint.result) == (Status.RESOLVED, "换了阀门")
        assert (complaint.cause, complaint.responsible) == ("阀门老化", "施工单位")
        assert "施工单位" not in "".join(kit.chat.texts("c1"))


@pytest.mark.parametrize(
    "said", ["0001 查过了，是5栋302周国建私改线路造成的", "0001 checked, it was the fault of Mr Zhou in 302"]
)
async def test_a_line_that_names_somebody_is_asked_about(fresh_sqlite_url: str, said: str) -> None:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)]) as kit:
        before = await in_hand(kit)
        await kit.says(said, "handler")
        await kit.deliver()
        assert "发给客户吗" in kit.chat.texts("handler")[-1]
        assert kit.chat.texts("c1")[before:] == []
