"""What a colleague says, and the photo with it, goes to the complaint that is meant: asked back, never guessed outward."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.storage.models import FileRow
from tests.unit.bot.desk_kit import CHAT, FakeChannel, Kit, asks, open_desk

TOLD = ("3栋电梯坏了三天没人修", "投诉 5栋家里停水两天没人管", "投诉 8栋门禁对讲没有声音")


@pytest.fixture
async def kit(fresh_sqlite_url: str) -> AsyncIterator[Kit]:
    async with open_desk(fresh_sqlite_url, channels=[FakeChannel("chat", CHAT)], before=three_in_hand) as kit:
        yield kit


async def three_in_hand(kit: Kit) -> None:
    for place, words in enumerate(TOLD):
        await kit.says(words, f"c{place + 1}")
    for complaint in await kit.complaints():
        await kit.says(f"派单 {complaint.reference} @张伟", "lead")
        await kit.says(f"接单 {complaint.reference}", "handler")
    await kit.deliver()


async def numbers(kit: Kit) -> list[str]:
    return [complaint.reference for complaint in await kit.complaints()]


async def sends(kit: Kit, name: str, text: str) -> list[str]:
    attachments = [{"name": name, "handle": name, "size": 1000}]
    return await asks(kit, text, "handler", attachments=attachments, content="photo", message_id=f"m-{name}")


async def kept(kit: Kit) -> dict[str, str | None]:
    return {row.name: row.reference for row in await kit.rows(FileRow)}


@pytest.mark.parametrize(
    "line",
    ["方案：周五换新龙头，费用您承担40元", "plan: new tap cartridge on friday, at your cost 40 pounds",
     "进展 电工来过，走廊灯已经亮了", "progress electrician came, corridor light is back",
     "办结 换了龙头密封圈", "done replaced the tap washer"],
)  # fmt: skip
async def test_a_line_after_another_was_named_does_not_reach_the_customer_we_asked_for(kit: Kit, line: str) -> None:
    _, water, door = await numbers(kit)
    await asks(kit, "我的投诉怎么样了", "c3")  # the handler is asked for a line on it
    await asks(kit, f"接单 {water}", "handler")
    [asked] = await asks(kit, line, "handler")
    assert water in asked
    assert door in asked
    assert kit.chat.texts("c3") == []
    await kit.says(water[-4:], "handler")
    await kit.deliver()
    assert kit.chat.texts("c3") == []
    assert len(kit.chat.texts("c2")) == 1


@pytest.mark.parametrize(
    "line",
    ["not ours - its the lab", "这单不归我管", "退单 不归我管", "转派 李雷 他懂", "延期 1天 等配件", "暂缓 2天 等配件",
     "业主不在家，等他回来", "rang her, told her sorry"],
)  # fmt: skip
async def test_work_after_another_was_named_is_not_of_the_one_we_asked_for(kit: Kit, line: str) -> None:
    _, water, door = await numbers(kit)
    before = {each.reference: each for each in await kit.complaints()}
    await asks(kit, "我的投诉怎么样了", "c3")  # the handler is asked for a line on it
    await asks(kit, f"进展 {water} 电工来过", "handler")
    [asked] = await asks(kit, line, "handler")
    assert water in asked
    assert door in asked
    left = [each for each in await kit.complaints() if each.task is None or each.extension or each.hold]
    assert left == []
    assert all(each.owner == before[each.reference].owner for each in await kit.complaints())
    assert kit.chat.texts("c3") == []


async def test_whoever_comes_back_to_what_was_asked_answers_it(kit: Kit) -> None:
    _, water, door = await numbers(kit)
    await asks(kit, "我的投诉怎么样了", "c3")
    await asks(kit, f"接单 {water}", "handler")
    await asks(kit, f"接单 {door}", "handler")
    await asks(kit, "进展 对讲主机已拆下，明天装新的", "handler")
    [told] = kit.chat.texts("c3")
    assert "对讲主机" in told


@pytest.mark.parametrize("words", ["进展 天花板已经刮好晾干", "progress the ceiling has been scraped and is drying"])
@pytest.mark.parametrize("whole", [True, False])
async def test_a_photo_waits_with_its_words_while_we_ask_which_one(kit: Kit, words: str, *, whole: bool) -> None:
    _, water, _ = await numbers(kit)
    [asked] = await sends(kit, "ceiling.jpg", words)
    assert water in asked
    await asks(kit, water if whole else "2", "handler")
    assert await kept(kit) == {"ceiling.jpg": water}
    [complaint] = [each for each in await kit.complaints() if each.reference == water]
    assert [each.name for each in complaint.evidence] == ["ceiling.jpg"]


async def test_a_photo_with_nothing_but_a_number_belongs_to_it(kit: Kit) -> None:
    _, water, _ = await numbers(kit)
    await sends(kit, "tap.jpg", water[-4:])
    assert await kept(kit) == {"tap.jpg": water}


@pytest.mark.parametrize("words", ["签字单 {}", "signed statement {}", "Signed statement for {}", "signed form {}"])
async def test_a_signed_statement_belongs_to_the_number_in_its_words(kit: Kit, words: str) -> None:
    lift, water, _ = await numbers(kit)
    await asks(kit, f"签字单 {lift}", "handler")  # its photo is waited for
    [told] = await sends(kit, "slip.png", words.format(water[-4:]))
    assert water in told
    assert await kept(kit) == {"slip.png": water}
    signed = {
        each.reference: [paper.name for paper in each.evidence if paper.signed] for each in await kit.complaints()
    }
    assert [signed[lift], signed[water]] == [[], ["slip.png"]]


async def test_a_signed_statement_waits_for_its_number_and_marks_no_older_photo(kit: Kit) -> None:
    _, water, _ = await numbers(kit)
    await sends(kit, "old.jpg", water[-4:])
    kit.chat.sent.clear()
    [asked] = await sends(kit, "signed.png", "签字单")
    assert water in asked
    await asks(kit, water[-4:], "handler")
    [complaint] = [each for each in await kit.complaints() if each.reference == water]
    assert {each.name: each.signed for each in complaint.evidence} == {"old.jpg": False, "signed.png": True}


async def test_without_a_photo_the_statement_of_the_number_is_asked_for(kit: Kit) -> None:
    lift, water, _ = await numbers(kit)
    await asks(kit, f"signed statement {lift[-4:]}", "handler")
    [told] = await asks(kit, f"signed statement {water[-4:]}", "handler")
    assert water in told
    assert lift not in told


@pytest.mark.parametrize("caption", ["天花板晾干之后的样子", "the ceiling after drying", "signed by the customer"])
async def test_a_caption_is_no_news_before_whoever_sent_it_says_so(kit: Kit, caption: str) -> None:
    _, water, _ = await numbers(kit)
    await asks(kit, "我的投诉怎么样了", "c2")  # a line on it is asked for
    await sends(kit, "ceiling.jpg", f"{water[-4:]} {caption}")
    await kit.deliver()
    assert kit.chat.texts("c2") == []
    assert await kept(kit) == {"ceiling.jpg": water}
    [complaint] = [each for each in await kit.complaints() if each.reference == water]
    assert complaint.last_progress_at is None
    assert [each.name for each in complaint.evidence] == ["ceiling.jpg"]
    await asks(kit, "发出", "handler")
    [told] = kit.chat.texts("c2")
    assert caption in told


async def test_a_caption_that_waited_for_its_number_is_no_news_either(kit: Kit) -> None:
    _, water, _ = await numbers(kit)
    [asked] = await sends(kit, "ceiling.jpg", "天花板晾干之后的样子")
    assert water in asked
    await asks(kit, water[-4:], "handler")
    assert kit.chat.texts("c2") == []
    assert await kept(kit) == {"ceiling.jpg": water}


@pytest.mark.parametrize(
    "words", ["进展 {} 龙头已换好，在试水", "progress {} the tap is in and being tested", "{} 进展 龙头已换好，在试水"]
)
async def test_a_number_needs_no_letters(kit: Kit, words: str) -> None:
    _, water, _ = await numbers(kit)
    await asks(kit, words.format(water.removeprefix("TS")), "handler")
    assert len(kit.chat.texts("c2")) == 1
    assert kit.chat.texts("c1") == kit.chat.texts("c3") == []


@pytest.mark.parametrize(
    ("another", "given_back"),
    [
        ("给她打过电话了", "不归我们管，是厂家的"),
        ("rang her, leaving it with her", "not ours - its the manufacturer"),
        ("spoke to her, all explained", "not ours, its the maker's"),
    ],
)
async def test_one_that_is_not_theirs_was_spoken_of_all_the_same(kit: Kit, another: str, given_back: str) -> None:
    lift, water, door = await numbers(kit)
    await kit.says(f"派单 {lift} @王主管 有别的事", "lead")
    await asks(kit, f"{water} 约好周五", "handler")  # is asked for the hour
    await asks(kit, f"{lift[-4:]} {another}", "handler")  # is told that it is not theirs
    [asked] = await asks(kit, given_back, "handler")
    assert water in asked
    assert door in asked
    assert {each.reference for each in await kit.complaints() if each.status.value == "working"} >= {water, door}
