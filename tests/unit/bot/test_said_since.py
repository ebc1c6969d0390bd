"""What a customer says after the first words reaches whoever judges it, begins with it, or is asked how it stands."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.storage.models import PersonRow
from complaints.pressing import says_more
from complaints.vocabulary import Role
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, entry, open_desk

STAFF = (
    entry("张伟", Role.HANDLER, superior="王主管"),
    entry("王主管", Role.CENTER_LEAD, line=3),
    entry("孙莉", Role.AGENT, line=4),
    entry("周明", Role.REVIEWER, line=5),
    entry("Tom", Role.HANDLER, superior="王主管", line=6, locale="en"),
)
CHATS = {"张伟": "handler", "王主管": "lead", "孙莉": "sun", "周明": "rev", "Tom": "tom"}


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    """A house where a group judges first."""
    channels = [FakeChannel("chat", CHAT)]
    async with open_desk(fresh_sqlite_url, channels=channels, staff=STAFF, chats=CHATS, policy="vanke") as kit:
        yield kit


@pytest.fixture
async def plain(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    channels = [FakeChannel("chat", CHAT)]
    async with open_desk(fresh_sqlite_url, channels=channels, staff=STAFF, chats=CHATS, policy="leyoujia-24h") as kit:
        yield kit


async def read(kit: Kit, who: str, words: str, by: str) -> str:
    """Return what somebody reads of what another says."""
    before = len(kit.chat.texts(who))
    await kit.says(words, by)
    await kit.deliver()
    return "\n".join(kit.chat.texts(who)[before:])


async def test_who_judges_and_who_begins_read_all_three_lines(kit: Kit) -> None:
    await kit.says("家人们谁懂啊，3栋的电梯真服了")
    await kit.deliver()
    assert "门关上又弹开" in await read(kit, "rev", "门关上又弹开，夹到我的包了", "c1")
    await kit.says("昨天我妈还在里面摔了一跤")
    assert "门关上又弹开" in await read(kit, "rev", "进度 0001", "rev")
    await kit.says("判定有效 0001", "rev")
    given = await read(kit, "handler", "派单 0001 @张伟", "lead")
    assert "门关上又弹开" in given
    assert "摔了一跤" in given
    assert "门关上又弹开" in await read(kit, "handler", "进度 0001", "handler")


async def test_an_urge_under_review_asks_nobody_for_what_only_the_reviewer_can_do(kit: Kit) -> None:
    await kit.says("3栋电梯坏了三天没人修，我是李娜，电话13712345678")
    await kit.deliver()
    before = len(kit.chat.texts("rev"))
    told = await read(kit, "sun", "到底什么时候来人", "c1")
    assert "判定有效" in told
    assert "派单" not in told
    assert "到底什么时候来人" in "\n".join(kit.chat.texts("rev")[before:])


async def test_a_first_assignment_in_english_tells_what_was_said_since(plain: Kit) -> None:
    await plain.says("the lift in block 3 is broken")
    await plain.says("派单 0001 @张伟", "lead")
    await plain.says("my mother slipped in it yesterday, too")
    told = await read(plain, "tom", "转派 0001 Tom 他懂电梯", "handler")
    assert "my mother slipped in it yesterday" in told


async def test_who_is_asked_how_grave_it_is_reads_where_it_was_said(plain: Kit) -> None:
    await plain.says("3栋电梯坏了三天没人修")
    await plain.deliver()
    assert "记者明天就来拍" in await read(plain, "lead", "再不修我同学是记者明天就来拍", "c1")


@pytest.mark.parametrize(
    "words",
    [
        "两天太久了 明天必须弄好 还有我车漆的2800谁出",
        "不光滑梯 秋千也断了一根链子 快点",
        "快点啊，楼梯扶手也晃了",
        "hurry up, the swing chain broke too",
    ],
)
async def test_what_is_new_in_one_more_urge_is_handed_on_at_once(plain: Kit, words: str) -> None:
    await plain.says("滑梯上有一颗钉子")
    await plain.says("派单 0001 @张伟", "lead")
    await plain.says("快点")
    await plain.deliver()
    before = len(plain.chat.texts("c1"))
    assert words[:8] in await read(plain, "handler", words, "c1")
    answer = plain.chat.texts("c1")[before]
    assert "转给" in answer or "passed on" in answer
    assert words[:8] in await read(plain, "handler", "进度 0001", "handler")


async def test_who_says_who_they_are_while_they_press_is_known(plain: Kit) -> None:
    await plain.says("家人们谁懂啊")
    await plain.says("楼上那家半夜蹦迪 9栋1403")
    await plain.says("能不能管管 我姓王 13822223333")
    complaint = await plain.the_complaint()
    [known] = [each for each in await plain.rows(PersonRow) if each.id == complaint.complainant]
    assert (known.name, known.phone, known.place) == ("王", "+8613822223333", "9栋1403")


@pytest.mark.parametrize(
    "words", ["快点快点", "怎么还没人来啊", "滑梯到底什么时候修", "hurry up", "come on, faster please"]
)
async def test_one_more_mere_urge_disturbs_nobody(plain: Kit, words: str) -> None:
    await plain.says("滑梯上有一颗钉子")
    await plain.says("派单 0001 @张伟", "lead")
    await plain.says("快点")
    await plain.deliver()
    assert await read(plain, "handler", words, "c1") == ""
    assert words not in await read(plain, "handler", "进度 0001", "handler")


@pytest.mark.parametrize(
    "words",
    [
        "谢谢 但电梯还是吱吱响",
        "谢谢师傅 就是还有点漏",
        "谢谢 但栏杆还是晃",
        "thanks but it still squeaks",
        "thank you, though the rail is still loose",
    ],
)
async def test_thanks_with_a_but_reach_whoever_has_it(plain: Kit, words: str) -> None:
    await plain.says("3栋电梯坏了三天没人修")
    await plain.says("派单 0001 @张伟", "lead")
    assert words in await read(plain, "handler", words, "c1")


@pytest.mark.parametrize("words", ["谢谢", "谢谢你们 辛苦了", "好的谢谢 等你们消息", "thanks for the quick help"])
async def test_thanks_alone_are_answered_and_disturb_nobody(plain: Kit, words: str) -> None:
    await plain.says("3栋电梯坏了三天没人修")
    await plain.says("派单 0001 @张伟", "lead")
    await plain.deliver()
    assert await read(plain, "handler", words, "c1") == ""


@pytest.mark.parametrize(
    "words", ["不满意 又停了", "不满意 又坏了", "王强 13522220001 门禁也坏了", "still not working"]
)
async def test_what_is_said_instead_of_a_name_reaches_whoever_has_it(plain: Kit, words: str) -> None:
    await plain.says("3栋电梯坏了三天没人修")  # the acknowledgement asks who they are
    await plain.says("派单 0001 @张伟 先去看", "lead")
    await plain.deliver()
    assert words[-3:] in await read(plain, "handler", words, "c1")


@pytest.mark.parametrize(
    ("words", "more"),
    [
        ("里面好黑 我女朋友快晕了", True),
        ("还没人来 我妈摔了", True),
        ("那两千块呢 2000", True),
        ("再不来我就走了", False),
        ("等了三天了 到底管不管", False),
        ("how much longer do I have to wait", False),
        ("still nobody came, come on", False),
        ("my mum fell on it yesterday, hurry", True),
    ],
)
def test_what_an_urge_says_besides(words: str, more: bool) -> None:
    assert says_more(words, "滑梯上有一颗钉子") is more
