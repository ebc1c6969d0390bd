"""Several departments on one complaint, in chat: lead and assistants, plan, evidence, cause, transfer, task force."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.grammar import Speaker, Verb, understand
from complaints.vocabulary import Role, Status
from tests.unit.bot.desk_kit import CHAT, GROUP_CHAT, FakeChannel, Kit, entry, open_desk

STAFF = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("李雷", Role.HANDLER, superior="王主管", line=3, categories=("PROP",)),
    entry("韩梅", Role.HANDLER, superior="王主管", line=4, categories=("PROP",)),
    entry("王主管", Role.AGENT, Role.CENTER_LEAD, line=5),
    entry("刘总", Role.LEADER, line=6),
)
ADDRESSES = {"张伟": "handler", "李雷": "li", "韩梅": "han", "王主管": "lead", "刘总": "boss"}


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(
        fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)], staff=STAFF, chats=ADDRESSES, before=told
    ) as kit:
        yield kit


async def told(kit: Kit) -> None:
    await kit.says("我家厨房漏水三天了，没人管")
    await kit.deliver()


async def heard(kit: Kit, text: str, who: str, *others: str) -> list[str]:
    """Return what was said to somebody since they said this; to `others` instead, where they are named."""
    readers = others or (who,)
    before = {reader: len(kit.chat.texts(reader)) for reader in readers}
    await kit.says(text, who)
    await kit.deliver()
    return [said for reader in readers for said in kit.chat.texts(reader)[before[reader] :]]


async def test_one_leads_two_assist_and_the_customer_is_asked_once_when_all_are_done(kit: Kit) -> None:
    """R-024: one reception, several tasks, one survey once all are done."""
    await heard(kit, "派 0001 张伟 主办，李雷 协办 查水管，韩梅 协办 修墙 2天", "lead")
    [mine] = await heard(kit, "我的待办", "li")
    assert "协办：查水管（已派单，张伟" in mine
    [accepted] = await heard(kit, "接单", "li")
    assert "您的协办已受理" in accepted
    await heard(kit, "接单", "handler")
    [news] = await heard(kit, "进展 漏点在阀门", "li", "handler", "c1")
    assert "协办 李雷（查水管）：进展" in news
    [waits] = await heard(kit, "办结 换了水管", "handler")
    assert "韩梅：修墙" in waits
    assert await heard(kit, "办结 换了阀门", "li", "c1") == []
    [survey] = await heard(kit, "办结 墙修好了", "han", "c1")
    assert "您对结果满意吗" in survey
    assert "换了水管" in survey
    await heard(kit, "满意", "c1")
    assert (await kit.the_complaint()).status is Status.CLOSED


async def test_the_lead_decides_on_more_time_and_the_centre_goes_on_without_a_part(kit: Kit) -> None:
    await heard(kit, "协办 0001 韩梅", "lead")
    [asked] = await heard(kit, "修墙 2天", "lead", "han")  # what it was about was asked for
    assert "修墙" in asked
    await heard(kit, "接单", "han")
    [wish] = await heard(kit, "延期 1天 等水泥", "han", "handler")
    assert "申请把协办" in wish
    [granted] = await heard(kit, "同意", "handler", "han")
    assert "已同意" in granted
    await heard(kit, "办结 换了水管", "handler")
    over = await heard(kit, "确认办结 0001", "lead", "han", "c1")
    assert "不用再办了" in over[0]
    assert "您对结果满意吗" in over[1]


async def test_r034_a_yes_to_another_limit_than_a_part_asked_for_is_asked_back(kit: Kit) -> None:
    await heard(kit, "派 0001 张伟 主办，韩梅 协办 修墙 2天", "lead")
    await heard(kit, "接单", "han")
    await heard(kit, "延期 2天 等水泥", "han")
    for said in ("同意，但只给1天", "可以，但只到周三", "批准 0001 只给半天", "同意 最多一天"):
        assert await heard(kit, said, "handler", "han") == [], said
        told = kit.chat.texts("handler")[-1]
        assert "没有做任何决定" in told, said
        assert "韩梅 申请延期 2天" in told, said
    [granted] = await heard(kit, "同意，给2天", "handler", "han")
    assert "已同意" in granted


async def test_steps_of_the_agreed_plan_are_ticked_off_and_seen_by_the_customer(kit: Kit) -> None:
    await heard(kit, "方案 步骤 1 拆墙（张师傅，周五） 2 换管", "handler")
    [early] = await heard(kit, "步骤1完成", "handler")
    assert (await kit.the_complaint()).steps_done == (), early
    await heard(kit, "接受", "c1")
    assert "还剩步骤 2" in (await heard(kit, "步骤1完成", "handler"))[0]
    [status] = await heard(kit, "进度", "c1")
    assert "✓ 步骤 1 拆墙" in status
    assert "○ 步骤 2 换管" in status
    [asked] = await heard(kit, "办结 换了管", "handler")
    assert "步骤 2 没有标完成" in asked
    await heard(kit, "否", "handler")
    assert (await kit.the_complaint()).status is Status.EXECUTING
    await heard(kit, "步骤2完成", "handler")
    await heard(kit, "办结 换了管", "handler")
    assert (await kit.the_complaint()).status is Status.RESOLVED


async def test_what_an_assignee_sends_is_evidence_and_a_signed_statement_is_marked(kit: Kit) -> None:
    """R-072: what was found on the spot is kept as evidence."""
    await heard(kit, "接单", "handler")
    photo = [{"name": "pipe.jpg", "size": 1000, "handle": "h1"}]
    await kit.says("", "handler", attachments=photo)
    await kit.says("签字单", "handler")
    await kit.says("进展 明天刷墙", "handler", attachments=[{"name": "wall.jpg", "size": 1000, "handle": "h2"}])
    await kit.deliver()
    assert [(each.name, each.signed) for each in (await kit.the_complaint()).evidence] == [
        ("pipe.jpg", True),
        ("wall.jpg", False),
    ]
    [status] = await heard(kit, "进度 0001", "lead")
    assert "凭证：pipe.jpg（签字单）、wall.jpg" in status


@pytest.mark.parametrize(
    "said",
    [
        "证人 0001 门岗老李：看见水从楼上下来",
        "证人：门岗老李：看见水从楼上下来",
        "witness 0001 门岗老李：看见水从楼上下来",
    ],
)
async def test_r072_who_saw_it_is_kept_beside_the_files_for_colleagues_alone(kit: Kit, said: str) -> None:
    await kit.says("接单 0001", "handler")
    await kit.deliver()
    before = len(kit.chat.texts("c1"))
    await kit.says(said, "handler")
    await kit.says("进度 0001", "lead")
    await kit.deliver()
    [kept] = (await kit.the_complaint()).evidence
    assert (kept.name, kept.witness) == ("门岗老李：看见水从楼上下来", True)
    assert any("证人 门岗老李：看见水从楼上下来" in text for text in kit.chat.texts("lead"))
    assert len(kit.chat.texts("c1")) == before


async def test_the_cause_is_asked_for_once_and_stands_before_the_closing_of_a_major_one(kit: Kit) -> None:
    await heard(kit, "接单", "handler")
    await heard(kit, "定级 0001 重大 电视台来了", "lead")
    assert "原因和责任方" in (await heard(kit, "办结 换了水管", "handler"))[-1]
    assert "还差责任方" in (await heard(kit, "密封圈老化", "handler"))[0]
    [wanted] = await heard(kit, "满意", "c1", "handler")
    assert "结案还差原因和责任方" in wanted
    closed = await heard(kit, "责任 施工单位", "handler", "c1")
    assert "已结案" in closed[0]
    complaint = await kit.the_complaint()
    assert (complaint.cause, complaint.responsible) == ("密封圈老化", "施工单位")


async def test_cause_and_who_is_responsible_are_read_out_of_one_sentence(kit: Kit) -> None:
    await heard(kit, "接单", "handler")
    await heard(kit, "定级 0001 重大 电视台来了", "lead")
    await heard(kit, "办结 换了水管", "handler")
    assert "还差" not in (await heard(kit, "原因是采购漏下单了，责任在采购部的老吴", "handler"))[0]
    complaint = await kit.the_complaint()
    assert (complaint.cause, complaint.responsible) == ("采购漏下单了", "采购部的老吴")


async def test_the_question_for_the_cause_lapses_when_it_is_opened_again(kit: Kit) -> None:
    await heard(kit, "接单", "handler")
    await heard(kit, "定级 0001 重大 电视台来了", "lead")
    await heard(kit, "办结 换了水管", "handler")
    await heard(kit, "不满意，还在漏", "c1", "handler")
    await heard(kit, "0001 这不是我们部门的事，退给销售部", "handler")
    complaint = await kit.the_complaint()
    assert (complaint.cause, complaint.responsible) == ("", "")
    assert complaint.owner is None


async def test_r021_r022_a_transfer_carries_the_story_and_the_third_alerts_the_lead(kit: Kit) -> None:
    await heard(kit, "进展 已联系客户，明天上门看", "handler")
    await kit.says("卧室也开始漏了")
    [story] = await heard(kit, "转派 0001 李雷 他懂水管", "handler", "li")
    for part in (
        "之前由 张伟 处理",
        "他懂水管",
        "客户最近说：卧室也开始漏了",
        "最近进展：已联系客户",
        "答应客户的时间",
    ):
        assert part in story
    assert await heard(kit, "转派 0001 韩梅 我没空", "li", "lead") == []
    [alert] = await heard(kit, "转派 0001 张伟 我也没空", "han", "lead")
    assert "已转手 3 次" in alert


async def test_r038_a_task_force_is_formed_confirmed_told_and_dissolved(kit: Kit) -> None:
    await heard(kit, "接单", "handler")
    [called] = await heard(kit, "成立专案组 0001 @李雷 @韩梅 指挥 刘总", "lead", "li")
    assert "总指挥：刘总" in called
    assert "收到您的确认" in (await heard(kit, "收到", "li"))[0]
    [state] = await heard(kit, "专案组 0001", "lead")
    assert "李雷 已确认" in state
    assert "韩梅 还没确认" in state
    reported = await heard(kit, "进展 0001 厂家明天到", "li", "boss", "handler", "c1")
    assert len(reported) == 2
    assert all("李雷 汇报" in said for said in reported)
    [minutes] = await heard(kit, "会议纪要 0001 周五前换管", "boss", "han")
    assert "周五前换管" in minutes
    [refused] = await heard(kit, "解散专案组 0001", "li")
    assert (await kit.the_complaint()).commander is not None, refused
    await heard(kit, "解散专案组 0001", "lead")
    assert (await kit.the_complaint()).commander is None


async def test_a_member_who_is_away_is_said_to_be_and_their_stand_in_hears_of_it(kit: Kit) -> None:
    await heard(kit, "接单", "handler")
    await heard(kit, "请假 3天 由韩梅代班", "li")
    await heard(kit, "是", "li")
    told = await heard(kit, "成立专案组 0001 @李雷 @刘总 指挥 王主管", "lead", "han")
    assert any("您代班" in said and "0001" in said for said in told)
    before = len(kit.chat.texts("lead"))
    await kit.sweep(timedelta(minutes=31))
    await kit.deliver()
    said = "".join(kit.chat.texts("lead")[before:])
    assert "李雷 还没有确认" in said
    assert "由 韩梅 代班" in said


@pytest.mark.parametrize("word", ["汇报", "brief"])
async def test_r038_what_a_member_briefs_goes_to_the_commander_though_the_task_is_theirs(kit: Kit, word: str) -> None:
    await heard(kit, "派单 0001 @张伟", "lead")
    await heard(kit, "接单", "handler")
    await heard(kit, "成立专案组 0001 @张伟 @李雷 指挥 刘总", "lead")
    [told] = await heard(kit, f"{word} 0001 物业承认是他们的责任，别告诉客户", "handler", "boss", "c1")
    assert "张伟 汇报" in told
    assert "物业承认" in told
    [told] = await heard(kit, f"{word} 到现场了", "handler", "boss", "c1")
    assert "到现场了" in told
    [told] = await heard(kit, "进展 0001 明天换管", "handler", "boss", "c1")
    assert "有新进展" in told


async def test_its_group_is_made_by_a_link_and_bound_by_the_first_word_there(fresh_sqlite_url: str) -> None:
    link = "https://chat.example/desk?startgroup={code}"
    channel = FakeChannel("chat", replace(GROUP_CHAT, group_link=link))
    async with open_desk(fresh_sqlite_url, channels=[channel], staff=STAFF, chats=ADDRESSES) as kit:
        await kit.says("我家厨房漏水三天了，没人管")
        await kit.says("成立专案组 0001 李雷 指挥 王主管", "lead")
        await kit.deliver()
        number = (await kit.the_complaint()).reference
        assert any(link.replace("{code}", number) in said for said in kit.chat.texts("lead"))
        for who in ("handler", "lead"):  # not of it; its commander
            await kit.says(f"/start@desk {number}", who, room="-100", addressed=True, message_id=f"start-{who}")
        await kit.deliver()
        force = (await kit.the_complaint()).force
        assert force is not None
        assert force.room == "chat -100"
        assert [said for said in kit.chat.texts("-100") if "绑定好了" in said] == [
            f"{number} 专案组的群绑定好了。会议纪要请 @我 发“会议纪要 …”。"
        ]
        await kit.says("会议纪要 周五前换管", "lead", room="-100", addressed=True, message_id="minutes")
        await kit.deliver()
        assert any("周五前换管" in said for said in kit.chat.texts("li"))
        assert not any("周五前换管" in said for said in kit.chat.texts("-100"))


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("由老吴负责", "老吴"),
        ("应由施工单位承担", "施工单位"),
        ("Wu is responsible", "Wu"),
        ("it's the contractor's fault", "the contractor"),
    ],
)
async def test_who_is_responsible_said_alone_is_no_cause(kit: Kit, said: str, who: str) -> None:
    await heard(kit, "接单", "handler")
    await heard(kit, "定级 0001 重大 电视台来了", "lead")
    await heard(kit, "办结 换了水管", "handler")
    await heard(kit, said, "handler")
    complaint = await kit.the_complaint()
    assert (complaint.cause, complaint.responsible) == ("", who)
    await heard(kit, "密封圈老化", "handler")
    assert (await kit.the_complaint()).cause == "密封圈老化"


@pytest.mark.parametrize(("said", "who"), [("由老吴负责", "老吴"), ("这单由李雷接手", "李雷")])
def test_that_somebody_else_does_it_takes_nothing_on(said: str, who: str) -> None:
    meant = understand(said, Speaker.HANDLER)
    assert (meant.verb, meant.said("who")) == (Verb.TRANSFER, who)


@pytest.mark.parametrize(
    ("said", "verb"),
    [("老吴负责", Verb.UNCLEAR), ("张工负责", Verb.UNCLEAR), ("我负责", Verb.ACCEPT), ("由我们负责", Verb.ACCEPT)],
)
def test_of_who_does_it_only_oneself_takes_it_on(said: str, verb: Verb) -> None:
    assert understand(said, Speaker.HANDLER).verb is verb


@pytest.mark.parametrize("asked", ["会议纪要 0001", "minutes 0001"])
async def test_all_minutes_are_shown_in_their_order(kit: Kit, asked: str) -> None:
    await heard(kit, "接单", "handler")
    await heard(kit, "成立专案组 0001 @李雷 @韩梅 指挥 刘总", "lead", "li")
    await heard(kit, "会议纪要 0001 周五前换管", "boss", "han")
    await heard(kit, "会议纪要 0001 水管|接头都换\n费用公司出", "boss", "han")
    [shown] = await heard(kit, asked, "boss")
    assert 0 < shown.index("周五前换管") < shown.index("接头都换 费用公司出")
    assert shown.count("刘总") >= 2  # who wrote each
    [state] = await heard(kit, "专案组 0001", "lead")
    assert "接头都换" in state
    assert "周五前换管" not in state


@pytest.mark.parametrize(
    "asked",
    ["会议纪要 0001", "看一下纪要 0001", "查看会议纪要 0001", "minutes 0001", "show me the minutes 0001",
     "read the minutes of 0001"],
)  # fmt: skip
async def test_minutes_are_read_again_also_when_the_task_force_is_dissolved(kit: Kit, asked: str) -> None:
    await heard(kit, "接单", "handler")
    await heard(kit, "成立专案组 0001 @李雷 @韩梅 指挥 刘总", "lead", "li")
    await heard(kit, "会议纪要 0001 周五前换管", "boss", "han")
    assert "周五前换管" in (await heard(kit, asked, "boss"))[0]
    await heard(kit, "解散专案组 0001", "lead")
    [after] = await heard(kit, asked, "lead")
    assert "周五前换管" in after
    assert "没有专案组" in after
