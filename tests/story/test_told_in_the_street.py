"""Stories of many people and of those who press: twelve neighbours and one lift, a journalist, an assignee who is silent."""

from __future__ import annotations

from pathlib import Path

from complaints.vocabulary import Severity, Status
from tests.story.stage import Person, Stage, told

NEIGHBOURS = tuple(Person(f"住户{nth}", f"Neighbour {nth}") for nth in range(1, 13))
LI = Person("李娜", "Nora Lee")
ZHANG = Person("张伟", "Tom Hill", "处理人", "王芳")
CHEN = Person("陈刚", "Carl Dunn", "处理人", "王芳")
WANG = Person("王芳", "Ann Ward", "坐席", "刘总")
LIU = Person("刘总", "Lou Grant", "客服中心负责人")
ZHAO = Person("赵总", "Max Stone", "公司领导")
QIAN = Person("钱进", "Mia Press", "media_officer")


@told
async def test_twelve_neighbours_and_one_lift(stage: Stage, tmp_path: Path) -> None:
    """Trap 43: suggested with reasons and never merged by itself; each is told and asked under their own number."""
    await stage.employs(tmp_path, LIU, WANG, ZHANG, ZHAO)
    for nth, each in enumerate(NEIGHBOURS, 1):
        await stage.files(each, f"4栋电梯坏了，{nth}天没人修", f"The lift in block 4 has been broken for {nth} days")
    suggested = await stage.hears(WANG)
    assert suggested.count(stage.words("不同的客户", "of another customer")) == 11
    assert stage.words("同一楼栋： 4", "the same building: 4") in suggested
    assert {complaint.master for complaint in await stage.books.complaints()} == {None}
    for nth in range(2, 13):
        await stage.says(WANG, f"{nth:04d} 并入 0001", f"merge {nth:04d} into 0001")
    master = await stage.case()
    assert (len(master.members), master.people, master.severity) == (11, 12, Severity.S1)
    assert master.reference in await stage.hears(ZHAO), "the leader hears of a major case at once"
    await stage.hears(ZHANG)
    await stage.says(ZHANG, "接单 0001", "accept 0001")
    await stage.says(ZHANG, "进展 0001 已联系厂家，明天上午换主板", "0001 progress: the maker comes tomorrow morning")
    for nth, each in enumerate(NEIGHBOURS, 1):
        news = (await stage.hears(each)).rpartition("---")[2]
        assert stage.words("明天上午换主板", "tomorrow morning") in news
        assert f"-{nth:04d}" in news
    await stage.says(ZHANG, "办结 0001 换了主板，试运行正常", "0001 done: new control board, it runs")
    await stage.says(ZHANG, "原因 主板老化 责任 电梯厂家", "cause worn board responsible the maker")
    for each in NEIGHBOURS:
        assert stage.words("换了主板", "new control board") in await stage.hears(each)
    await stage.says(NEIGHBOURS[4], "不满意 还是抖", "not satisfied, it still shakes")
    for each in NEIGHBOURS[:4]:
        await stage.says(each, "满意", "satisfied")
    complaints = await stage.books.complaints()
    assert [c.status for c in complaints] == [Status.CLOSED] * 4 + [Status.WORKING] + [Status.RESOLVED] * 7
    assert stage.words("还是抖", "still shakes") in await stage.hears(ZHANG)


@told
async def test_a_journalist(stage: Stage, tmp_path: Path) -> None:
    """R-069: from then on only the media officer speaks outside; a leader's order is chased until somebody answers it."""
    await stage.employs(tmp_path, LIU, WANG, ZHANG, ZHAO, QIAN)
    await stage.files(
        LI,
        "我是都市报的记者，想就3栋外墙脱落的事采访你们，请回应。13712345678",
        "I am a journalist with the City Paper and want your comment on the tiles falling off block 3. 13712345678",
    )
    assert stage.words("记者", "journalist") in await stage.hears(WANG)
    await stage.says(WANG, "确认 S2 0001", "confirm S2 0001")
    assert (await stage.case()).severity is Severity.S2
    await stage.says(WANG, "有媒体介入 0001 都市报", "0001 the media are involved: City Paper")
    await stage.says(ZHANG, "接单", "accept")
    await stage.hears(LI)
    await stage.says(
        ZHANG,
        "进展 0001 外墙脱落是施工问题，我们正在查",
        "0001 progress: the builder is to blame, we are looking into it",
    )
    assert stage.words("施工问题", "the builder is to blame") not in await stage.hears(LI)
    assert stage.words("施工问题", "the builder is to blame") in await stage.hears(QIAN)
    await stage.says(
        QIAN, "修改 0001 现场已围挡，检测结果周五公布", "reword 0001 It is fenced off; the survey is out on Friday"
    )
    assert stage.words("周五公布", "out on Friday") in await stage.hears(LI)

    await stage.hears(ZHANG)
    await stage.hears(WANG)
    await stage.says(ZHAO, "批示 0001 今天之内围挡并检测", "order 0001 fence it off and survey it today")
    order = stage.words("今天之内围挡并检测", "fence it off and survey it today")
    assert order in await stage.hears(ZHANG)
    await stage.later(hours=5)
    chased = await stage.hears(ZHANG)
    assert stage.words("还没有人回应", "Nobody has answered") in chased
    await stage.says(ZHANG, "收到", "got it")
    assert stage.name(ZHANG) in await stage.hears(ZHAO)


@told
async def test_an_assignee_who_never_answers(stage: Stage, tmp_path: Path) -> None:
    """Reminded, chased; the superior and then the lead hear; the customer is told of each promise that was broken, once."""
    await stage.employs(tmp_path, LIU, WANG, ZHANG, CHEN)
    number = await stage.files(
        LI,
        "我家厨房漏水三天了没人管，6栋1202，李娜 13712345678",
        "The kitchen ceiling in 6-1202 has been leaking for three days. Nora Lee, 13712345678",
    )
    silent, other = (ZHANG, CHEN)
    if (await stage.case()).owner != await stage.books.person(stage.name(ZHANG)):
        silent, other = other, silent
    await stage.hears(LI)
    await stage.later(hours=12)
    late = stage.words("已超时", "overdue")
    assert late in await stage.hears(silent)
    watched = await stage.hears(WANG)
    assert late in watched
    assert stage.name(silent) in watched
    sorry = await stage.hears(LI)
    for moment in ("12:00", "16:00"):
        assert (
            sorry.count(
                stage.words(f"说好 11月24日(周二) {moment}", f"by Tue 24 Nov, {moment}, and we did not keep it")
            )
            == 1
        )
    await stage.later(hours=18)
    assert number in await stage.hears(LIU), "a day later the lead hears, too"
    assert (await stage.hears(other)) == ""
    await stage.says(WANG, f"派单 0001 @{other.zh} 联系不上", f"assign 0001 to {other.en}, cannot be reached")
    assert stage.name(silent) in await stage.hears(other), "who goes on with it gets the whole story"
    assert number in await stage.hears(silent)
    await stage.hears(LI)
    await stage.says(other, "接单", "accept")
    assert stage.name(other) in await stage.hears(LI)
    await stage.says(other, "办结 换了水管", "done: replaced the pipe")
    await stage.says(LI, "满意", "satisfied")
    assert (await stage.case()).closed_as == "satisfied"
