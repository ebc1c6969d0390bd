"""Stories of single homes: a leak with a visit, a customer who only says thanks, one who edits and deletes."""

from __future__ import annotations

from pathlib import Path

from bot.storage.models import MessageRow
from complaints.change import EventKind
from complaints.vocabulary import Status
from tests.story.stage import Person, Stage, told

LI = Person("李娜", "Nora Lee")
ZHANG = Person("张伟", "Tom Hill", "处理人", "王芳")
WANG = Person("王芳", "Ann Ward", "坐席 客服中心负责人")
LEAK = (
    "我家厨房漏水三天了没人管，6栋1202，李娜 13712345678",
    "The kitchen ceiling in 6-1202 has been leaking for three days. Nora Lee, 13712345678",
)


@told
async def test_a_leak_with_a_visit(stage: Stage, tmp_path: Path) -> None:
    await stage.employs(tmp_path, WANG, ZHANG)
    number = await stage.files(LI, *LEAK)
    given = await stage.hears(ZHANG)
    assert number in given
    assert "137 1234 5678" in given, "who is to call needs the number"
    assert "137****5678" in await stage.hears(WANG)
    await stage.says(ZHANG, "接单", "accept")
    assert stage.name(ZHANG) in await stage.hears(LI)

    await stage.says(ZHANG, "上门 明天上午10点", "visit tomorrow at 10 am")
    await stage.says(ZHANG, "对", "yes")
    assert "10:00-11:00" in await stage.hears(LI)
    await stage.says(LI, "10点不行，明天下午3点可以吗", "10 does not suit me, tomorrow at 3 pm would")
    assert "15:00-16:00" in await stage.hears(ZHANG)
    await stage.says(ZHANG, "可以", "yes")
    assert "15:00-16:00" in await stage.hears(LI)
    await stage.says(ZHANG, "方案 更换楼上的下水管，公司出钱", "plan: replace the drain pipe upstairs at our cost")
    assert stage.words("公司出钱", "at our cost") in await stage.hears(LI)
    await stage.says(LI, "同意", "agreed")
    await stage.hears(ZHANG)
    await stage.later(hours=28)
    for who in (LI, ZHANG):
        assert "15:00-16:00" in await stage.hears(who), "both are reminded"
    await stage.later(hours=3)
    assert stage.words("结果怎么样", "What came of it") in await stage.hears(ZHANG)
    await stage.says(ZHANG, "办结 换了楼上的下水管，试水一小时不漏", "done: replaced the drain pipe, dry for an hour")
    assert stage.words("试水一小时不漏", "dry for an hour") in await stage.hears(LI)
    assert number in await stage.says(LI, "满意，师傅很准时", "satisfied, he was on time")
    assert stage.words("客户满意", "customer satisfied") in await stage.hears(ZHANG)
    complaint = await stage.case()
    assert (complaint.status, complaint.closed_as) == (Status.CLOSED, "satisfied")
    assert not any(deadline.missed_told_at for deadline in complaint.deadlines)


@told
async def test_a_customer_who_only_says_thanks(stage: Stage, tmp_path: Path) -> None:
    """Thanks is no complaint, no fact and no rating, however often it is said."""
    await stage.employs(tmp_path, WANG, ZHANG)
    welcome = stage.words("不客气", "You are welcome")
    assert welcome in await stage.says(LI, "谢谢", "thanks")
    assert await stage.books.complaints() == []
    number = await stage.files(
        LI,
        "楼道灯坏了一周了，3栋2单元，李娜13712345678",
        "The stairway lights in block 3 have been out for a week. Nora Lee 13712345678",
    )
    assert stage.name(LI) in await stage.hears(ZHANG)
    assert welcome in await stage.says(LI, "谢谢", "thank you")
    await stage.says(ZHANG, "接单", "accept")
    await stage.hears(LI)
    assert welcome in await stage.says(LI, "谢谢啦", "thanks a lot")
    await stage.says(ZHANG, "办结 换了3个感应灯", "done: replaced three lamps")
    assert stage.words("3个感应灯", "three lamps") in await stage.hears(LI)
    await stage.says(LI, "谢谢", "thank you")
    complaint = await stage.case()
    assert (complaint.status, complaint.surveys[-1].rating) == (Status.RESOLVED, None)
    await stage.later(days=4)
    assert number in await stage.hears(LI), "asked once more"
    assert stage.words("打电话回访", "Please call them") in await stage.hears(WANG)
    await stage.says(LI, "谢谢", "thanks")
    assert (await stage.case()).status is Status.RESOLVED
    await stage.says(WANG, "已回访 0001 满意", "called back 0001 satisfied")
    complaint = await stage.case()
    assert (complaint.status, complaint.closed_as) == (Status.CLOSED, "satisfied")
    assert welcome in await stage.says(LI, "谢谢", "thanks")
    assert await stage.books.complaints() == [complaint]


@told
async def test_a_customer_who_edits_and_deletes(stage: Stage, tmp_path: Path) -> None:
    """Telegram tells of edits and of nothing deleted; the web chat lets one take words back and say them anew (trap 18)."""
    await stage.employs(tmp_path, WANG, ZHANG)
    number = await stage.files(LI, *LEAK)
    await stage.hears(ZHANG)
    await stage.edits(
        LI,
        "我家卫生间漏水三天了没人管，6栋1202，李娜 13712345678",
        "The bathroom ceiling in 6-1203 has been leaking for three days. Nora Lee, 13712345678",
    )
    told = await stage.hears(ZHANG)
    assert number in told
    assert stage.words("卫生间", "bathroom") in told
    await stage.says(LI, "你们都是骗子", "you are all crooks")
    await stage.takes_back(LI)
    kept = [row.text for row in await stage.books.rows(MessageRow) if not row.outgoing]
    assert stage.words(*LEAK) in kept, "what was said first is not lost"
    assert stage.words("你们都是骗子", "you are all crooks") in kept
    await stage.says(LI, "撤销 0001", "withdraw 0001")
    assert (await stage.case()).going_on, "it is asked first"
    await stage.says(LI, "是", "yes")
    assert (await stage.case()).status is Status.WITHDRAWN
    assert number in await stage.hears(ZHANG)
    assert EventKind.AMENDED in await stage.books.events(number)
