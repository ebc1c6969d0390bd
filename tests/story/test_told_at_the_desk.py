"""Stories that the centre decides: about the assignee, judged invalid and appealed, without a name, three departments."""

from __future__ import annotations

import re
from pathlib import Path

from complaints.vocabulary import Status, TaskStatus
from tests.story.stage import Person, Stage, told

LI = Person("李娜", "Nora Lee")
WU = Person("吴强", "Walt Reed")
ZHANG = Person("张伟", "Tom Hill", "处理人", "王芳")
CHEN = Person("陈刚", "Carl Dunn", "处理人", "王芳")
SUN = Person("孙丽", "Sue Park", "处理人", "王芳")
WANG = Person("王芳", "Ann Ward", "坐席", "刘总")
LIU = Person("刘总", "Lou Grant", "客服中心负责人")


@told
async def test_a_complaint_about_the_assignee_himself(stage: Stage, tmp_path: Path) -> None:
    """He neither hears of it nor gets it, finds it or ends it (trap 40)."""
    await stage.employs(tmp_path, LIU, WANG, ZHANG, CHEN)
    number = await stage.files(
        LI,
        "投诉张伟，修了三次没修好还骂人，6栋1202，李娜 13712345678",
        "I want to complain about Tom Hill: three visits, nothing repaired, and he swore at me. 6-1202, 13712345678",
    )
    assert await stage.hears(ZHANG) == ""
    assert number in await stage.hears(CHEN)
    assert stage.words("涉及：张伟", "About: Tom Hill") in await stage.hears(WANG)
    unknown = stage.words("没有找到“0001”", "There is no complaint “0001”")
    assert unknown in await stage.says(ZHANG, "进度 0001", "status 0001")
    assert unknown in await stage.says(ZHANG, "结案 0001 没这回事", "close 0001 nothing to it")
    assert number not in await stage.says(ZHANG, "我的待办", "my tasks")
    answer = await stage.says(WANG, "派单 0001 @张伟", "assign 0001 to Tom Hill")
    assert stage.words("没有做任何改动", "nothing was changed") in answer
    await stage.says(CHEN, "接单", "accept")
    assert stage.name(CHEN) in await stage.hears(LI)
    await stage.says(CHEN, "办结 已道歉并换人上门修好", "done: apologised, somebody else repaired it")
    await stage.says(LI, "满意", "satisfied")
    assert (await stage.case()).closed_as == "satisfied"
    assert await stage.hears(ZHANG) == ""


@told
async def test_an_invalid_one_with_appeal(stage: Stage, tmp_path: Path) -> None:
    """R-025: told why at once, one appeal, and not before whoever judged it."""
    await stage.employs(tmp_path, LIU, WANG, ZHANG)
    number = await stage.files(
        LI,
        "投诉：你们不给我停车位，6栋1202，李娜 13712345678",
        "complaint: you do not give me a parking space. 6-1202, Nora Lee 13712345678",
    )
    await stage.says(WANG, "无效 0001 车位归开发商，不归我们管", "invalid 0001 the parking is the developer's")
    heard = await stage.hears(LI)
    assert stage.words("车位归开发商", "the developer's") in heard
    assert stage.words("申诉", "appeal") in heard
    assert stage.words("判定无效", "not valid") in await stage.hears(ZHANG), "who had it need not go on"
    heard = await stage.says(LI, "申诉 合同第8条写明包含一个车位", "appeal: clause 8 of the contract includes a space")
    assert stage.words("另一位负责人", "somebody else in charge") in heard
    asked = await stage.hears(LIU)
    assert stage.words("合同第8条", "clause 8") in asked
    assert stage.name(WANG) in asked
    answer = await stage.says(WANG, "无效 0001 还是不归我们", "invalid 0001 still not ours")
    assert stage.words("没有做任何改动", "nothing was changed") in answer
    await stage.says(LIU, "判定有效 0001", "find valid 0001")
    given = await stage.hears(ZHANG)
    assert stage.words("合同第8条", "clause 8") in given
    assert stage.words("之前也是您处理", "You had it before") in given
    await stage.says(ZHANG, "接单", "accept")
    await stage.says(ZHANG, "办结 已按合同安排B12车位", "done: space B12 is hers, as the contract says")
    assert "B12" in await stage.hears(LI)
    assert number in await stage.says(LI, "满意", "satisfied")
    assert ((await stage.case()).closed_as, (await stage.case()).appealed) == ("satisfied", True)


@told
async def test_anonymous(stage: Stage, tmp_path: Path) -> None:
    await stage.employs(tmp_path, WANG, ZHANG)
    said = await stage.says(
        LI,
        "匿名投诉 保安半夜在岗亭喝酒，我电话13712345678",
        "anonymous complaint: the guard drinks in the gatehouse at night, my phone is 13712345678",
    )
    found = re.search(r"(TS\d+-\d+)(?:，查询码|, code) (\w{8})", said)
    assert found is not None
    number, code = found.groups()
    assert stage.words("聊天平台仍知道", "platform still knows") in said, "an honest word"
    for who in (ZHANG, WANG):
        told = await stage.hears(who)
        assert stage.words("岗亭喝酒", "gatehouse") in told
        assert "13712345678" not in told
        assert stage.name(LI) not in told
    await stage.says(ZHANG, "接单", "accept")
    status = await stage.says(WANG, "进度 0001", "status 0001")
    assert stage.name(LI) not in status
    assert stage.words("受理回执 → 客户", "acknowledgement to the customer") in status
    assert stage.name(ZHANG) in await stage.hears(LI), "answered where it was told"
    assert stage.name(ZHANG) in await stage.says(WU, f"查询 {number} {code}", f"query {number} {code}")
    refused = await stage.says(WU, f"查询 {number} AAAAAAAA", f"query {number} AAAAAAAA")
    assert stage.words("岗亭", "gatehouse") not in refused
    await stage.says(ZHANG, "办结 已换人并加强巡查", "done: the guard was replaced")
    assert stage.words("已换人", "was replaced") in await stage.hears(LI)
    await stage.says(LI, "满意", "satisfied")
    assert (await stage.case()).closed_as == "satisfied"


@told
async def test_three_departments(stage: Stage, tmp_path: Path) -> None:
    """The customer has one answer and one question, after all three are done."""
    await stage.employs(tmp_path, LIU, WANG, ZHANG, CHEN, SUN)
    number = await stage.files(
        LI,
        "入户门关不严，门口的灯不亮，保洁一周没来，6栋1202，李娜 13712345678",
        "The front door does not shut, the lamp outside is dead and nobody has cleaned for a week. 6-1202, 13712345678",
    )
    refused = await stage.says(
        WANG,
        "派 0001 张伟 主办，陈刚 协办 换门口的灯 2天",
        "assign 0001 to Tom Hill, with Carl Dunn for the lamp in 2 days",
    )
    assert stage.words("协办要在整件的时限之前办完", "a part must be due before the whole work is") in refused
    await stage.says(
        WANG,
        "派 0001 张伟 主办，陈刚 协办 换门口的灯 3小时，孙丽 协办 安排保洁 5小时",
        "assign 0001 to Tom Hill, with Carl Dunn for the lamp in 3 hours, with Sue Park for the cleaning in 5 hours",
    )
    assert number in await stage.hears(ZHANG)
    assert stage.words("换门口的灯", "the lamp") in await stage.hears(CHEN)
    assert stage.words("安排保洁", "the cleaning") in await stage.hears(SUN)
    for who in (ZHANG, CHEN, SUN):
        await stage.says(who, "接单", "accept")
    await stage.hears(LI)
    await stage.says(ZHANG, "办结 门已调好", "done: the door shuts")
    await stage.says(CHEN, "办结 灯换好了", "done: new lamp")
    assert await stage.hears(LI) == "", "one is not done yet"
    assert stage.words("灯换好了", "new lamp") in await stage.hears(ZHANG)
    await stage.says(SUN, "办结 保洁已恢复每天一次", "done: cleaned daily again")
    await stage.hears(ZHANG)
    heard = await stage.hears(LI)
    assert heard.count(number) == 1
    assert stage.words("门已调好", "the door shuts") in heard
    done = [task.assisting for task in (await stage.case()).tasks if task.status is TaskStatus.DONE]
    assert sorted(done) == [False, True, True]
    await stage.says(LI, "不满意，灯又不亮了", "not satisfied, the lamp is dead again")
    assert stage.words("灯又不亮了", "the lamp is dead again") in await stage.hears(ZHANG)
    assert (await stage.case()).status is Status.WORKING
